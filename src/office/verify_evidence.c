/* SPDX-License-Identifier: Apache-2.0 */
/* What cards, waybills and acts prove, in sentences. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/time.h"
#include "codec/number.h"
#include "office/verifying.h"

static void report_waybill(struct vl_verifying *verifying, const struct vl_evidence_leaf *leaf,
                           struct vl_why *why)
{
    struct vl_report *report = verifying->report;
    struct vl_waybill waybill;
    char number[VL_NUMBER_TEXT], name[VL_OFFICE_NAME_ROOM], date[VL_TIME_TEXT];

    if (vl_waybill_parse(leaf->leaf, &waybill, why) != VL_OK)
        return;
    vl_report_add(report, VL_REPORT_FACT, "letter", "%s, %llu bytes",
                  vl_number_text(VL_LETTER_HRP, waybill.number, number),
                  (unsigned long long)waybill.size);
    for (size_t i = 0; i < waybill.to_count; i++)
        vl_report_add(report, VL_REPORT_FACT, "to", "%s",
                      vl_verifying_name(verifying, &waybill.to[i], name));
    if (waybill.has_date)
        vl_report_add(report, VL_REPORT_FACT, "dated", "%.10s, by the sender",
                      vl_time_text(waybill.date_s, date));
}

static enum vl_err report_sealed(struct vl_verifying *verifying,
                                 const struct vl_evidence_item *item, struct vl_why *why)
{
    char words[160];
    enum vl_err err;

    (void)snprintf(words, sizeof words, "put %s out, so addressed, and committed to %s content",
                   item->leaf_count == 1 ? "this envelope" : "these envelopes",
                   item->leaf_count == 1 ? "its" : "their");
    err = vl_verifying_signature(verifying, &item->object, VL_REPORT_PROVEN, words, why);
    for (size_t i = 0; i < item->leaf_count && !err; i++)
        report_waybill(verifying, &item->leaves[i], why);
    return err;
}

/* The outsides of one letter in this evidence. */
struct outsides {
    bool disputed;    /* by several offices: whose letter it is, only the letter itself can say */
    vl_bytes waybill; /* one that the act fits, or none */
    struct vl_office_id from;
};

static struct outsides find_outsides(const struct vl_evidence *evidence,
                                     const struct vl_opened *opened,
                                     const struct vl_office_id *opener)
{
    struct outsides outsides = {.disputed = false};
    struct vl_office_id first;
    bool has_first = false;

    for (size_t i = 0; i < evidence->item_count; i++)
        for (size_t leaf = 0; leaf < evidence->items[i].leaf_count; leaf++) {
            const vl_bytes wire = evidence->items[i].leaves[leaf].leaf;
            struct vl_waybill waybill;

            if (vl_waybill_parse(wire, &waybill, NULL) != VL_OK ||
                memcmp(waybill.number, opened->number, VL_HASH_LEN) != 0)
                continue;
            outsides.disputed |= has_first && !vl_office_id_eq(&first, &waybill.from);
            first = waybill.from;
            has_first = true;
            if (vl_opened_check(opened, opener, wire, NULL) != VL_OK)
                continue;
            outsides.waybill = wire;
            outsides.from = waybill.from;
        }
    return outsides;
}

static enum vl_err report_opened(struct vl_verifying *verifying,
                                 const struct vl_evidence_item *item, struct vl_why *why)
{
    enum vl_report_section level = VL_REPORT_CLAIMED;
    struct vl_opened *opened = vl_new(sizeof *opened);
    char number[VL_NUMBER_SHORT], name[VL_OFFICE_NAME_ROOM], words[160 + VL_OFFICE_NAME_ROOM];
    struct outsides outsides;
    enum vl_err err = opened ? vl_opened_read(&item->object, opened, why) : VL_ERR_NO_MEMORY;

    if (!err) {
        outsides = find_outsides(&verifying->evidence, opened, &item->object.issuer);
        (void)vl_number_short(opened->number, number);
        if (opened->verdict != VL_VERDICT_OK)
            (void)snprintf(words, sizeof words, "says of %s: %s", number,
                           vl_verdict_word(opened->verdict));
        else if (outsides.waybill.len > 0) {
            /* Anybody can put an outside of his own on a letter and open that (PROTOCOL 2, 18). */
            level = outsides.disputed ? VL_REPORT_CLAIMED : VL_REPORT_PROVEN;
            (void)snprintf(words, sizeof words,
                           "could open %s, and found what the sender had committed to, which is "
                           "%s by the waybill",
                           number, vl_verifying_name(verifying, &outsides.from, name));
        } else {
            (void)snprintf(words, sizeof words, "says that it opened %s", number);
        }
        err = vl_verifying_signature(verifying, &item->object, level, words, why);
        if (!err && outsides.disputed)
            vl_report_add(verifying->report, VL_REPORT_WARNING, NULL,
                          "several offices say that they sealed %s: only the letter tells", number);
    }
    if (!err)
        vl_report_add(verifying->report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_READ);
    vl_free(opened);
    return err;
}

#define TEXT_SHOWN 400

static const char *deed_of(const struct vl_act_any *any)
{
    return any->form == VL_ACT_INVITATION ? vl_invitation_words(any->as.invitation.what)
                                          : vl_kind_words(any->kind);
}

static vl_bytes text_of(const struct vl_act_any *any)
{
    if (any->form == VL_ACT_STATEMENT)
        return any->as.statement.text;
    return any->form == VL_ACT_TRANSLATION ? any->as.translation.text : any->as.invitation.text;
}

/* Words are proven to have been said, and nothing of what they say. */
static enum vl_err report_said(struct vl_verifying *verifying, const struct vl_evidence_item *item,
                               struct vl_why *why)
{
    struct vl_act_any *any = vl_new(sizeof *any);
    char words[TEXT_SHOWN + 120], number[VL_NUMBER_SHORT];
    vl_bytes text, shown;
    enum vl_err err = any ? vl_act_any_read(&item->object, any, why) : VL_ERR_NO_MEMORY;

    if (!err) {
        text = text_of(any);
        shown = vl_text_first(text, TEXT_SHOWN);
        (void)snprintf(words, sizeof words, "%s%s%.*s%s%s (act %s)", deed_of(any),
                       text.len > 0 ? ": \"" : "", (int)shown.len,
                       text.len > 0 ? (const char *)text.ptr : "",
                       shown.len < text.len ? " ..." : "", text.len > 0 ? "\"" : "",
                       vl_number_short(item->object.id, number));
        err = vl_verifying_signature(verifying, &item->object, VL_REPORT_PROVEN, words, why);
    }
    vl_free(any);
    return err;
}

static bool is_said(enum vl_kind kind)
{
    const enum vl_act_form form = vl_act_form_of(kind);

    return form == VL_ACT_STATEMENT || form == VL_ACT_TRANSLATION || form == VL_ACT_INVITATION;
}

/* vl_evidence_check has seen that the leaf is what was signed. */
static enum vl_err report_reply(struct vl_verifying *verifying, const struct vl_evidence_item *item,
                                struct vl_why *why)
{
    char words[80], number[VL_NUMBER_SHORT];
    struct vl_leaf leaf;
    enum vl_err err = vl_leaf_parse(VL_LEAF_REPLY, item->leaves[0].leaf, &leaf, why);

    if (err)
        return err;
    (void)snprintf(words, sizeof words, "wrote another letter, which answers letter %s",
                   vl_number_short(leaf.number, number));
    return vl_verifying_signature(verifying, &item->object, VL_REPORT_PROVEN, words, why);
}

/* A file has acts by their ids.  They are told as their signers say they were signed, which decides
 * nothing. */
struct dated {
    bool has;
    int64_t at_s;
    size_t place;
};

static int by_date(const void *a, const void *b)
{
    const struct dated *one = a, *other = b;

    if (one->has != other->has)
        return one->has ? -1 : 1;
    if (one->has && one->at_s != other->at_s)
        return one->at_s < other->at_s ? -1 : 1;
    return one->place < other->place ? -1 : one->place > other->place;
}

static struct dated *by_dates(const struct vl_evidence *evidence)
{
    struct dated *order = vl_new((evidence->item_count + 1) * sizeof *order);

    for (size_t i = 0; order && i < evidence->item_count; i++) {
        order[i].place = i;
        order[i].has = vl_object_signed_at(&evidence->items[i].object, &order[i].at_s);
    }
    if (order && evidence->item_count > 1)
        qsort(order, evidence->item_count, sizeof *order, by_date);
    return order;
}

enum vl_err vl_verifying_evidence(struct vl_verifying *verifying, struct vl_why *why)
{
    const struct vl_evidence *evidence = &verifying->evidence;
    const struct vl_keyring keys = {vl_verifying_chain, verifying};
    struct vl_report *report = verifying->report;
    struct dated *order = by_dates(evidence);
    enum vl_err err =
        order ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to verify evidence");

    if (evidence->chain_count > 0)
        vl_report_add(report, VL_REPORT_FACT, "cards", "of %zu %s", evidence->chain_count,
                      evidence->chain_count == 1 ? "office" : "offices");
    for (size_t i = 0; i < evidence->item_count && !err; i++) {
        const struct vl_evidence_item *item = &evidence->items[order[i].place];
        struct vl_evidence_verdict verdict;

        err = vl_evidence_check(item, &keys, &verdict, why);
        if (!err && item->object.kind == VL_KIND_SEALED)
            err = report_sealed(verifying, item, why);
        else if (!err && item->object.kind == VL_KIND_OPENED)
            err = report_opened(verifying, item, why);
        else if (!err && item->object.kind == VL_KIND_MANIFEST)
            err = report_reply(verifying, item, why);
        else if (!err && is_said(item->object.kind))
            err = report_said(verifying, item, why);
        else if (!err)
            err = vl_verifying_signature(verifying, &item->object, VL_REPORT_PROVEN, "signed this",
                                         why);
        if (err)
            err = vl_fail_in(why, err, "act %zu", order[i].place + 1);
    }
    vl_free(order);
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_TRUE);
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_WHO);
    return err;
}
