/* SPDX-License-Identifier: Apache-2.0 */
#include "office/verify.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/name.h"
#include "base/text.h"
#include "base/time.h"
#include "codec/number.h"
#include "codec/words.h"
#include "office/verifying.h"
#include "seal/age_armor.h"
#include "seal/age_header.h"
#include "sys/infile.h"

#define PIECE ((size_t)256 << 10)

const struct vl_chain *vl_verifying_chain(void *self, const struct vl_office_id *office)
{
    struct vl_verifying *verifying = self;
    const struct vl_chain *chain =
        verifying->request->home ? vl_home_chain(verifying->request->home, office) : NULL;

    for (size_t i = 0; i < verifying->given_count && !chain; i++)
        if (vl_office_id_eq(&verifying->given[i].office, office))
            chain = &verifying->given[i];
    return chain ? chain : vl_evidence_chain(&verifying->evidence, office);
}

const char *vl_verifying_name(struct vl_verifying *verifying, const struct vl_office_id *office,
                              char out[VL_OFFICE_NAME_ROOM])
{
    struct vl_office_name name;
    char address[VL_OFFICE_TEXT];

    if (verifying->request->home &&
        vl_home_name_office(verifying->request->home, office->at, &name, NULL) == VL_OK &&
        name.known)
        (void)snprintf(out, VL_OFFICE_NAME_ROOM, "%s", name.text);
    else
        (void)snprintf(out, VL_OFFICE_NAME_ROOM, "%s (not checked)",
                       vl_office_id_text(office, address));
    return out;
}

/* A key that was given up or lost goes on proving what a later card of its office says it signed in
 * its time (PROTOCOL 4). */
static bool is_closed(const struct vl_verifying *verifying, const struct vl_chain *chain,
                      const struct vl_object *object)
{
    const struct vl_closure *closure =
        vl_evidence_closure(&verifying->evidence, &object->issuer, object->id);

    return closure && vl_chain_find(chain, closure->card_id, NULL) != NULL;
}

enum vl_err vl_verifying_signature(struct vl_verifying *verifying, const struct vl_object *object,
                                   enum vl_report_section level, const char *words,
                                   struct vl_why *why)
{
    const struct vl_chain *chain = vl_verifying_chain(verifying, &object->issuer);
    char name[VL_OFFICE_NAME_ROOM], address[VL_OFFICE_TEXT];
    struct vl_chain_verdict verdict;
    enum vl_err err;

    (void)vl_verifying_name(verifying, &object->issuer, name);
    if (!chain) {
        vl_report_add(verifying->report, VL_REPORT_CLAIMED, NULL, "it says to be signed by %s",
                      name);
        err = vl_fail(why, VL_ERR_NOT_FOUND, "there is no card of %s to check it with",
                      vl_office_id_text(&object->issuer, address));
        return verifying->request->home ? vl_home_no_chain(verifying->request->home, err, why)
                                        : err;
    }
    err = vl_chain_verify(chain, object, &verdict, why);
    if (err)
        return vl_fail_in(why, err, "the signature of %s",
                          vl_office_id_text(&object->issuer, address));
    if (verdict.standing != VL_STANDING_FULL) {
        vl_report_add(verifying->report, VL_REPORT_CLAIMED, NULL, "%s %s", name, words);
        vl_report_add(verifying->report, VL_REPORT_WARNING, NULL,
                      "a signature that the card of %s asks for lacks", name);
    } else if ((verdict.revoked || verdict.retired) && !is_closed(verifying, chain, object)) {
        vl_report_add(verifying->report, VL_REPORT_CLAIMED, NULL, "%s %s", name, words);
        vl_report_add(verifying->report, VL_REPORT_WARNING, NULL, "the key of %s %s", name,
                      verdict.revoked ? "was revoked" : "is no longer vouched for");
    } else {
        vl_report_add(verifying->report, level, NULL, "%s %s", name, words);
    }
    if (verdict.unplanned)
        vl_report_add(verifying->report, VL_REPORT_WARNING, NULL,
                      "%s changed its keys unannounced; check its words again", name);
    return VL_OK;
}

static void report_chain(struct vl_verifying *verifying, const struct vl_chain *chain)
{
    struct vl_report *report = verifying->report;
    const struct vl_card *card = vl_chain_newest(chain);
    char name[VL_OFFICE_NAME_ROOM], address[VL_OFFICE_TEXT], words[VL_CHECK_WORDS * 10] = "";
    char date[VL_TIME_TEXT], safe[VL_NAME_MAX * 2];
    unsigned check[VL_CHECK_WORDS];
    int64_t at;

    vl_report_add(report, VL_REPORT_FACT, "address", "%s",
                  vl_office_id_text(&chain->office, address));
    if (vl_office_id_words(&chain->office, check) == VL_OK) {
        for (size_t i = 0; i < VL_CHECK_WORDS; i++) {
            size_t len = strlen(words);

            (void)snprintf(words + len, sizeof words - len, "%s%s", i ? " " : "",
                           vl_word(check[i]));
        }
        vl_report_add(report, VL_REPORT_FACT, "words", "%s", words);
    }
    vl_report_add(report, VL_REPORT_FACT, "card", "number %llu, the newest of %zu",
                  (unsigned long long)card->serial, chain->count);
    if (vl_object_signed_at(&card->object, &at))
        vl_report_add(report, VL_REPORT_FACT, "signed", "%s, by its own clock",
                      vl_time_text(at, date));
    if (card->has_not_after)
        vl_report_add(report, VL_REPORT_FACT, "ends", "%s", vl_time_text(card->not_after_s, date));
    vl_report_add(report, VL_REPORT_CLAIMED, NULL, "it calls itself \"%s\"",
                  vl_text_safe(safe, sizeof safe, card->name));
    (void)vl_verifying_name(verifying, &chain->office, name);
    vl_report_add(report, VL_REPORT_PROVEN, NULL,
                  "these keys speak for %s; whoever made the card holds all of them", name);
    for (size_t i = 0; i < chain->count; i++) {
        if (chain->links[i].unplanned)
            vl_report_add(report, VL_REPORT_WARNING, NULL,
                          "card %zu came with keys that were not announced", i);
        if (chain->links[i].key_revoked)
            vl_report_add(report, VL_REPORT_WARNING, NULL, "the key of card %zu was revoked", i);
    }
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_WHO);
}

static enum vl_err verify_cards(struct vl_verifying *verifying, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_CHAIN_MAX_LEN * 2);
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    const struct vl_chain *known;
    uint64_t serial = 0;
    enum vl_err err = vl_in_read_all(verifying->request->path, &file, why);

    verifying->report->what = "card";
    verifying->report->words = "the card of an office";
    if (!err)
        err = vl_chain_parse(vl_buf_bytes(&file), &chain, why);
    if (err)
        return err;
    report_chain(verifying, &chain);
    known =
        verifying->request->home ? vl_home_chain(verifying->request->home, &chain.office) : NULL;
    if (known && vl_chain_compare(known, &chain, &serial) == VL_CHAIN_FORK) {
        vl_report_add(verifying->report, VL_REPORT_WARNING, NULL,
                      "there is another card %llu of this office here: somebody signed twice",
                      (unsigned long long)serial);
        return vl_fail(why, VL_ERR_UNVERIFIED, "it contradicts the card that is kept here");
    }
    return VL_OK;
}

/* A sealed file, from outside. */
struct outside {
    struct vl_hasher hasher;
    struct vl_age_header header;
    struct vl_age_armor_reader armor;
    struct vl_buf piece;
    uint64_t size;
    bool armored;
};

static enum vl_err look_outside(struct outside *outside, vl_bytes bytes, struct vl_why *why)
{
    size_t used = 0;
    enum vl_err err = VL_OK;

    if (outside->armored) {
        outside->piece.len = 0;
        err = vl_age_armor_read(&outside->armor, bytes, &outside->piece, why);
        bytes = vl_buf_bytes(&outside->piece);
    }
    outside->size += bytes.len;
    vl_hasher_put(&outside->hasher, bytes);
    if (!err && !outside->header.complete)
        err = vl_age_header_feed(&outside->header, bytes, &used, why);
    return err;
}

static enum vl_err read_outside(const struct vl_verify_request *request, struct outside *outside,
                                uint8_t number[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf piece = VL_BUF_INIT(PIECE);
    uint8_t *at = NULL;
    size_t got = 1;
    enum vl_err err = vl_in_open(request->path, &in, why);

    if (!err)
        err = vl_buf_add(&piece, PIECE, &at);
    vl_hasher_begin(&outside->hasher, in.size);
    while (!err && got > 0) {
        err = vl_in_read(&in, (vl_room){at, PIECE}, &got, why);
        if (!err && got > 0)
            err = look_outside(outside, vl_bytes_of(at, got), why);
        if (!err && request->progress.moved)
            request->progress.moved(request->progress.self, in.read_bytes, in.size);
    }
    if (!err && outside->armored)
        err = vl_age_armor_read_end(&outside->armor, why);
    if (!err)
        err = vl_age_header_end(&outside->header, why);
    return err ? err : vl_hasher_end(&outside->hasher, number);
}

static enum vl_err verify_sealed(struct vl_verifying *verifying, bool armored, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct outside outside = {.header = VL_AGE_HEADER_INIT,
                              .armor = VL_AGE_ARMOR_READER_INIT,
                              .piece = VL_BUF_INIT(2 * PIECE),
                              .armored = armored};
    struct vl_home *home = verifying->request->home;
    struct vl_report *report = verifying->report;
    uint8_t number[VL_HASH_LEN];
    char text[VL_NUMBER_TEXT];
    enum vl_err err = read_outside(verifying->request, &outside, number, why);

    report->what = "sealed-file";
    report->words = "a sealed file";
    if (!err) {
        vl_report_add(report, VL_REPORT_FACT, "number", "%s",
                      vl_number_text(VL_LETTER_HRP, number, text));
        vl_report_add(report, VL_REPORT_FACT, "size", "%llu bytes",
                      (unsigned long long)outside.size);
        vl_report_add(report, VL_REPORT_FACT, "sealed-to", "%zu keys", outside.header.stanza_count);
        vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL,
                      "anything of what is inside: that is seen by opening it");
    }
    if (!err && home && vl_store_letter(home->store, number, &row, NULL) == VL_OK &&
        row.waybill.len > 0) {
        err = vl_letter_evidence(home, &row, &file, why);
        if (!err)
            err = vl_evidence_parse(vl_buf_bytes(&file), &verifying->evidence, why);
        if (!err)
            err = vl_verifying_evidence(verifying, why);
    }
    vl_hasher_release(&outside.hasher);
    vl_age_header_release(&outside.header);
    vl_buf_release(&outside.piece);
    return err;
}

static enum vl_err verify_evidence_file(struct vl_verifying *verifying, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    enum vl_err err = vl_in_read_all(verifying->request->path, &file, why);

    verifying->report->what = "evidence";
    verifying->report->words = "evidence: cards and what offices signed";
    if (!err)
        err = vl_evidence_parse(vl_buf_bytes(&file), &verifying->evidence, why);
    return err ? err : vl_verifying_evidence(verifying, why);
}

static enum vl_err verify_object(struct vl_verifying *verifying, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err = vl_in_read_all(verifying->request->path, &file, why);

    verifying->report->what = "signed-object";
    verifying->report->words = "one signed object";
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&file), &object, why);
    if (!err) {
        vl_report_add(verifying->report, VL_REPORT_FACT, "kind", "%s", vl_kind_words(object.kind));
        err =
            vl_verifying_signature(verifying, &object, VL_REPORT_PROVEN, "signed these words", why);
    }
    vl_object_release(&object);
    return err;
}

static enum vl_err read_given(struct vl_verifying *verifying, struct vl_why *why)
{
    const struct vl_verify_request *request = verifying->request;
    enum vl_err err = VL_OK;

    if (request->card_count == 0)
        return VL_OK;
    verifying->given = vl_new(request->card_count * sizeof *verifying->given);
    if (!verifying->given)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the cards");
    for (size_t i = 0; i < request->card_count && !err; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_CHAIN_MAX_LEN * 2);
        struct vl_chain *chain = &verifying->given[verifying->given_count];

        *chain = (struct vl_chain)VL_CHAIN_INIT;
        err = vl_in_read_all(request->cards[i], &file, why);
        if (!err)
            err = vl_chain_parse(vl_buf_bytes(&file), chain, why);
        if (err)
            return vl_fail_in(why, err, "the card \"%s\"", request->cards[i]);
        verifying->given_count++;
    }
    return err;
}

static enum vl_err look_at(const char *path, enum vl_what *what, struct vl_why *why)
{
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    uint8_t first[4096] = {0};
    size_t len = 0, got = 1;
    enum vl_err err = vl_in_open(path, &in, why);

    if (!err && !in.is_regular)
        return vl_fail(why, VL_ERR_USAGE, "it is not a file; it is read more than once");
    while (!err && got > 0 && len < sizeof first) {
        err = vl_in_read(&in, (vl_room){first + len, sizeof first - len}, &got, why);
        len += got;
    }
    *what = vl_what_is(vl_bytes_of(first, len));
    return err;
}

static enum vl_err verify(struct vl_verifying *verifying, struct vl_why *why)
{
    enum vl_what what = VL_WHAT_UNKNOWN;
    enum vl_err err = read_given(verifying, why);

    if (!err)
        err = look_at(verifying->request->path, &what, why);
    if (err)
        return err;
    switch (what) {
    case VL_WHAT_CARDS:
    case VL_WHAT_CARDS_TEXT:
        return verify_cards(verifying, why);
    case VL_WHAT_AGE:
    case VL_WHAT_AGE_ARMOR:
        return verify_sealed(verifying, what == VL_WHAT_AGE_ARMOR, why);
    case VL_WHAT_ARCHIVE:
        return vl_verifying_archive(verifying, why);
    case VL_WHAT_EVIDENCE:
        return verify_evidence_file(verifying, why);
    case VL_WHAT_OBJECT:
        return verify_object(verifying, why);
    case VL_WHAT_PAYLOAD:
        return vl_fail(why, VL_ERR_UNSUPPORTED, "it is a piece of a bag; take the whole bag");
    case VL_WHAT_UNKNOWN:
    default:
        return vl_fail(why, VL_ERR_FORMAT, "it is nothing that valise makes");
    }
}

enum vl_err vl_verify_file(const struct vl_verify_request *request, struct vl_report *report,
                           struct vl_why *why)
{
    struct vl_verifying *verifying = vl_new(sizeof *verifying);
    enum vl_err err;

    if (!verifying)
        return vl_fail(why, VL_ERR_NO_MEMORY, "out of memory");
    verifying->request = request;
    verifying->report = report;
    verifying->evidence = (struct vl_evidence)VL_EVIDENCE_INIT;
    err = verify(verifying, why);
    for (size_t i = 0; i < verifying->given_count; i++)
        vl_chain_release(&verifying->given[i]);
    vl_free(verifying->given);
    vl_evidence_release(&verifying->evidence);
    vl_free(verifying);
    return err ? err : report->err;
}
