/* SPDX-License-Identifier: Apache-2.0 */
/* What an entry says, and what follows from that. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/time.h"
#include "codec/number.h"
#include "http/site.h"
#include "view/finding_invited.h"

/* What strangers wrote is cut at this. */
#define QUOTE_MAX 2000

static void quote(struct vl_report *report, const char *name, vl_bytes text)
{
    const vl_bytes shown = vl_text_first(text, QUOTE_MAX);

    if (text.len > 0)
        vl_report_add(report, VL_REPORT_FACT, name, "%.*s%s", (int)shown.len,
                      (const char *)text.ptr, shown.len < text.len ? " ..." : "");
}

static void name_letter(struct vl_report *report, const uint8_t *number)
{
    char text[VL_NUMBER_TEXT];

    if (number)
        vl_report_add(report, VL_REPORT_FACT, "letter", "%s",
                      vl_number_text(VL_LETTER_HRP, number, text));
}

static void name_act(struct vl_report *report, const char *name, const uint8_t *id)
{
    char text[VL_NUMBER_TEXT];

    if (id)
        vl_report_add(report, VL_REPORT_FACT, name, "%s", vl_number_text(VL_ACT_HRP, id, text));
}

/* What acts have in common (card/act.h). */
static void say_act(struct vl_report *report, const struct vl_act *act)
{
    char time[VL_TIME_TEXT];

    vl_report_add(report, VL_REPORT_FACT, "as", "%s%s", vl_capacity_word(act->capacity),
                  act->manual ? ", by hand" : "");
    if (act->has_at && act->has_plus_minus)
        vl_report_add(report, VL_REPORT_FACT, "done",
                      "%s, give or take %" PRIu64 " seconds, by its own clock",
                      vl_time_text((int64_t)(act->at_ms / 1000), time), act->plus_minus_ms / 1000);
    else if (act->has_at)
        vl_report_add(report, VL_REPORT_FACT, "done", "%s, by its own clock",
                      vl_time_text((int64_t)(act->at_ms / 1000), time));
    quote(report, "place", act->place);
}

/* By the name that its newest card here has, and the address. */
static void name_office(struct vl_site *site, struct vl_report *report, const char *name,
                        const struct vl_office_id *office)
{
    const struct vl_chain *chain = vl_issuers_find(&site->issuers, office);
    char address[VL_OFFICE_TEXT];

    (void)vl_office_id_text(office, address);
    if (chain)
        vl_report_add(report, VL_REPORT_FACT, name, "%.*s, %s",
                      (int)vl_chain_newest(chain)->name.len,
                      (const char *)vl_chain_newest(chain)->name.ptr, address);
    else
        vl_report_add(report, VL_REPORT_FACT, name, "%s", address);
}

static void say_note(struct vl_site *site, struct vl_report *report, const struct vl_note *note)
{
    quote(report, "reason", note->reason);
    quote(report, "words", note->words);
    if (note->has_party)
        name_office(site, report, "naming", &note->party);
    quote(report, "person", note->person);
    quote(report, "method", note->method);
}

static void say_about(struct vl_report *report, const struct vl_about *about)
{
    quote(report, "words", about->words);
    quote(report, "field", about->field);
    quote(report, "it was", about->old);
    quote(report, "now", about->now);
    quote(report, "reason", about->reason);
}

/* An act, and its place where it is in this record. */
static void name_entry(struct vl_site *site, struct vl_report *report, const char *name,
                       const uint8_t *id)
{
    char text[VL_NUMBER_TEXT];
    uint64_t index;

    if (vl_log_dir_find(site->log, id, &index, NULL) == VL_OK)
        vl_report_add(report, VL_REPORT_FACT, name, "entry %" PRIu64 ", %s", index,
                      vl_number_text(VL_ACT_HRP, id, text));
    else
        name_act(report, name, id);
}

static void say_subject(struct vl_site *site, struct vl_report *report,
                        const struct vl_statement_about *about)
{
    const char *name = about->relation ? vl_relation_words(about->relation) : "about";
    struct vl_office_id office;
    char text[VL_NUMBER_TEXT];

    memcpy(office.at, about->id, VL_HASH_LEN);
    if (about->what == VL_SUBJECT_OFFICE)
        name_office(site, report, name, &office);
    else if (about->what == VL_SUBJECT_ACT)
        name_entry(site, report, name, about->id);
    else if (about->what == VL_SUBJECT_LETTER && about->relation)
        vl_report_add(report, VL_REPORT_FACT, name, "%s",
                      vl_number_text(VL_LETTER_HRP, about->id, text));
}

static void say_sources(struct vl_site *site, struct vl_report *report,
                        const struct vl_statement *statement)
{
    for (size_t i = 0; i < statement->source_count; i++) {
        const struct vl_statement_source *source = &statement->sources[i];
        const char *name = i == 0 ? "heard from" : "who had it from";

        if (source->has_office)
            name_office(site, report, name, &source->office);
        else if (source->name.len > 0)
            quote(report, name, source->name);
        else
            vl_report_add(report, VL_REPORT_FACT, name, "an unnamed source");
    }
    if (statement->has_saying)
        name_entry(site, report, "who signed", statement->saying);
}

static void say_statement(struct vl_site *site, struct vl_report *report,
                          const struct vl_statement *statement)
{
    char time[VL_TIME_TEXT];

    for (size_t i = 0; i < statement->about_count; i++)
        say_subject(site, report, &statement->about[i]);
    quote(report, "words", statement->text);
    quote(report, "language", statement->lang);
    quote(report, "speaker", statement->holder);
    if (statement->has_principal)
        name_office(site, report, "for", &statement->principal);
    quote(report, "of the words", statement->span);
    quote(report, "fact", statement->fact);
    if (statement->has_party)
        name_office(site, report, "with", &statement->party);
    if (statement->has_as_of)
        vl_report_add(report, VL_REPORT_FACT, statement->absence ? "saw nothing until" : "as of",
                      "%s", vl_time_text(statement->as_of_s, time));
    say_sources(site, report, statement);
}

/* What the invitation calls it is the word of its signer; an office has its own beside it. */
static void name_party(struct vl_site *site, struct vl_report *report, const char *name,
                       const struct vl_invitation_party *party)
{
    if (party->has_office)
        name_office(site, report, name, &party->office);
    if (party->name.len > 0)
        vl_report_add(report, VL_REPORT_FACT, name, "%.*s, as it says", (int)party->name.len,
                      (const char *)party->name.ptr);
}

static void say_invitation(struct vl_site *site, struct vl_report *report,
                           const struct vl_invitation *invitation)
{
    char text[VL_NUMBER_TEXT], date[VL_DATE_ROOM], time[VL_TIME_TEXT];

    vl_report_add(report, VL_REPORT_FACT, "invitation", "%s",
                  vl_number_text(VL_INVITATION_HRP, invitation->id, text));
    vl_report_add(report, VL_REPORT_FACT, "deed", "%s", vl_invitation_words(invitation->what));
    name_party(site, report, "inviter", &invitation->inviter);
    name_party(site, report, "invitee", &invitation->invitee);
    quote(report, "words", invitation->text);
    quote(report, "language", invitation->lang);
    quote(report, "speaker", invitation->holder);
    if (invitation->has_principal)
        name_office(site, report, "for", &invitation->principal);
    if (invitation->has_date)
        vl_report_add(report, VL_REPORT_FACT, "date", "%s",
                      vl_date_words(invitation->from_s, invitation->to_s, date));
    else if (invitation->what == VL_INVITATION_ISSUE)
        vl_report_add(report, VL_REPORT_FACT, "date", "none is set");
    quote(report, "place of it", invitation->place);
    if (invitation->has_not_before)
        vl_report_add(report, VL_REPORT_FACT, "not before", "%s",
                      vl_time_text(invitation->not_before_s, time));
    quote(report, invitation->what == VL_INVITATION_ATTEST ? "it is so" : "waits for",
          invitation->condition);
    if (invitation->condition.len > 0)
        name_party(site, report, "who can say so", &invitation->owner);
    quote(report, "expected, and not waited for", invitation->expectation);
    if (invitation->has_expires)
        vl_report_add(report, VL_REPORT_FACT, "ends", "%s",
                      vl_time_text(invitation->expires_s, time));
    if (invitation->has_reciprocal)
        vl_report_add(report, VL_REPORT_FACT, "answers the invitation", "%s",
                      vl_number_text(VL_INVITATION_HRP, invitation->reciprocal, text));
    if (invitation->what == VL_INVITATION_ANNOUNCE)
        vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, "that an invitation was issued");
    if (invitation->what == VL_INVITATION_APPOINT)
        vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL,
                      "that the date is appointed: that takes both sides");
}

static void say_any(struct vl_site *site, struct vl_report *report, const struct vl_act_any *any)
{
    const struct vl_act *act = vl_act_any_act(any);
    struct vl_batch batch;

    if (act)
        say_act(report, act);
    name_letter(report, vl_act_any_number(any));
    if (vl_act_any_batch(any, &batch))
        vl_report_add(report, VL_REPORT_FACT, "about", "%" PRIu64 " %s%s, by the root of them",
                      batch.count, any->form == VL_ACT_SEEN ? "act" : "letter",
                      batch.count == 1 ? "" : "s");
    if (vl_act_any_target(any))
        name_entry(site, report, "of the act", vl_act_any_target(any));
    name_act(report, "answers", vl_act_any_answers(any));
    name_act(report, "under", vl_act_any_under(any));
    if (any->form == VL_ACT_OPENED)
        vl_report_add(report, VL_REPORT_FACT, "found", "%s",
                      vl_verdict_word(any->as.opened.verdict));
    if (any->form == VL_ACT_STATEMENT)
        say_statement(site, report, &any->as.statement);
    if (any->form == VL_ACT_INVITATION)
        say_invitation(site, report, &any->as.invitation);
    if (any->form == VL_ACT_NOTE)
        say_note(site, report, &any->as.note);
    if (any->form == VL_ACT_ABOUT)
        say_about(report, &any->as.about);
}

static void say_card(struct vl_report *report, const struct vl_object *object)
{
    struct vl_card *card = vl_new(sizeof *card);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);

    if (card && vl_object_write(object, &wire) == VL_OK &&
        vl_card_parse(vl_buf_bytes(&wire), card, NULL) == VL_OK) {
        quote(report, "name", card->name);
        vl_report_add(report, VL_REPORT_FACT, "card", "number %" PRIu64, card->serial);
        for (size_t i = 0; i < card->reach_count; i++)
            quote(report, "reached", card->reach[i]);
        vl_card_release(card);
    }
    vl_free(card);
}

static void say_signature(struct vl_report *report, const struct vl_chain *chain,
                          const struct vl_object *object, const char *name)
{
    struct vl_chain_verdict verdict;
    const bool is_card = object->kind == VL_KIND_CARD || object->kind == VL_KIND_REVOCATION;

    if (!chain) {
        vl_report_add(report, VL_REPORT_CLAIMED, NULL, "%s signed it; its card is not here", name);
        return;
    }
    /* These were verified when the chain was made of them; a fork was not. */
    if (is_card) {
        bool found = false;

        for (size_t i = 0; i < chain->count; i++)
            found = found || memcmp(chain->links[i].card.object.id, object->id, VL_HASH_LEN) == 0;
        for (size_t i = 0; i < chain->revocation_count; i++)
            found = found || memcmp(chain->revocations[i].object.id, object->id, VL_HASH_LEN) == 0;
        vl_report_add(report, found ? VL_REPORT_PROVEN : VL_REPORT_WARNING, NULL,
                      found ? "the keys of %s signed it"
                            : "it does not go with the other cards of %s: somebody signed twice",
                      name);
        return;
    }
    if (vl_chain_verify(chain, object, &verdict, NULL) != VL_OK) {
        vl_report_add(report, VL_REPORT_CLAIMED, NULL, "%s signed it; that cannot be checked here",
                      name);
        return;
    }
    if (verdict.standing != VL_STANDING_FULL || verdict.revoked)
        vl_report_add(report, VL_REPORT_CLAIMED, NULL, "%s signed it", name);
    else
        vl_report_add(report, VL_REPORT_PROVEN, NULL, "the key of %s signed it", name);
    if (verdict.standing != VL_STANDING_FULL)
        vl_report_add(report, VL_REPORT_WARNING, NULL,
                      "a signature that the card of %s asks for is not with it", name);
    if (verdict.revoked)
        vl_report_add(report, VL_REPORT_WARNING, NULL, "the key was revoked");
    if (verdict.retired)
        vl_report_add(report, VL_REPORT_WARNING, NULL,
                      "%s has newer keys: that it was entered here before that is what speaks "
                      "for it",
                      name);
    if (verdict.unplanned)
        vl_report_add(report, VL_REPORT_WARNING, NULL, "%s changed its keys unannounced", name);
}

static void say_policy(struct vl_site *site, struct vl_report *report)
{
    vl_report_add(report, VL_REPORT_FACT, "origin", "%.*s", (int)site->policy->origin.len,
                  (const char *)site->policy->origin.ptr);
    vl_report_add(report, VL_REPORT_PROVEN, NULL,
                  "the rules and keys of this record were fixed before anything was entered");
}

enum vl_err vl_describe(struct vl_site *site, const struct vl_entry *entry,
                        struct vl_report *report, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_act_any *any;
    const struct vl_chain *chain;
    char name[VL_PAGE_NAME + 1] = "", address[VL_OFFICE_TEXT];
    enum vl_err err;

    report->what = entry->kind == VL_KIND_NONE ? "policy" : vl_kind_word(entry->kind);
    report->words = entry->kind == VL_KIND_NONE ? "rules of a record" : vl_kind_words(entry->kind);
    if (entry->kind == VL_KIND_NONE) {
        say_policy(site, report);
        return report->err;
    }
    err = vl_issuers_object(vl_entry_bytes(entry), &wire);
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    if (err)
        return err;
    any = vl_new(sizeof *any);
    if (!any)
        return VL_ERR_NO_MEMORY;
    if (object.kind == VL_KIND_CARD)
        say_card(report, &object);
    else if (vl_act_any_read(&object, any, NULL) == VL_OK)
        say_any(site, report, any);
    vl_free(any);
    chain = vl_issuers_find(&site->issuers, &object.issuer);
    if (chain)
        (void)snprintf(name, sizeof name, "%.*s", (int)vl_chain_newest(chain)->name.len,
                       (const char *)vl_chain_newest(chain)->name.ptr);
    else
        (void)snprintf(name, sizeof name, "%s", vl_office_id_text(&object.issuer, address));
    say_signature(report, chain, &object, name);
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_TRUE);
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_FREE);
    vl_report_add(report, VL_REPORT_NOT_PROVEN, NULL, VL_SAYS_NOT_WHO);
    return report->err;
}
