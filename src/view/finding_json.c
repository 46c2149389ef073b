/* SPDX-License-Identifier: Apache-2.0 */
/* valise.finding/1: everything of a finding, and nothing that is not in it. */
#include "view/finding_put.h"

static void put_basis(struct vl_doc *doc, const struct vl_finding *finding)
{
    vl_doc_object(doc, "basis");
    vl_doc_int(doc, "records", finding->record_count);
    vl_doc_int(doc, "left_out", finding->left_out_count);
    vl_doc_bool(doc, "read_whole", finding->read_first == 0);
    vl_doc_list(doc, "checked");
    for (size_t i = 0; i < finding->checked_count; i++) {
        vl_doc_object(doc, NULL);
        put_office(doc, "office", true, &finding->checked[i].office);
        put_id(doc, "card", finding->checked[i].card);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_close(doc);
}

static void put_sealed(struct vl_doc *doc, const struct vl_found_sealed *sealed)
{
    vl_doc_object(doc, NULL);
    put_office(doc, "by", true, &sealed->by);
    put_id(doc, "act", sealed->act);
    put_level(doc, sealed->level);
    put_marks(doc, sealed->marks);
    put_id(doc, "waybill", sealed->waybill);
    put_office(doc, "from", true, &sealed->from);
    vl_doc_list(doc, "to");
    for (size_t i = 0; i < sealed->to_count; i++)
        put_office(doc, NULL, true, &sealed->to[i]);
    vl_doc_close(doc);
    vl_doc_int(doc, "size", sealed->size);
    vl_doc_list(doc, "consignment");
    vl_doc_int(doc, NULL, sealed->consignment);
    vl_doc_int(doc, NULL, sealed->consignment_of);
    vl_doc_close(doc);
    vl_doc_time(doc, "expect_by", sealed->has_expect_by, sealed->expect_by_s);
    vl_doc_time(doc, "expires", sealed->has_expires, sealed->expires_s);
    vl_doc_close(doc);
}

static void put_handed(struct vl_doc *doc, const struct vl_found_handed *handed)
{
    vl_doc_object(doc, NULL);
    put_office(doc, "by", true, &handed->by);
    put_id(doc, "act", handed->act);
    put_office(doc, "to", handed->has_to, &handed->to);
    put_words(doc, "carrier", handed->carrier);
    vl_doc_hex(doc, "handover", true, VL_ARRAY(handed->handover));
    put_level(doc, handed->level);
    put_marks(doc, handed->marks);
    vl_doc_bool(doc, "answered", handed->answered);
    vl_doc_hex(doc, "bag", handed->has_bag, VL_ARRAY(handed->bag));
    vl_doc_close(doc);
}

static void put_custody(struct vl_doc *doc, const struct vl_finding *finding)
{
    vl_doc_object(doc, "custody");
    vl_doc_list(doc, "holders");
    for (size_t i = 0; i < finding->holder_count; i++) {
        vl_doc_object(doc, NULL);
        put_office(doc, "office", true, &finding->holders[i].office);
        put_id(doc, "act", finding->holders[i].act);
        put_level(doc, VL_LEVEL_PROVEN);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_list(doc, "ended");
    for (size_t i = 0; i < finding->end_count; i++) {
        vl_doc_object(doc, NULL);
        put_office(doc, "office", true, &finding->ended[i].office);
        vl_doc_text(doc, "kind", vl_kind_word(finding->ended[i].kind));
        put_id(doc, "act", finding->ended[i].act);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_close(doc);
}

/* Their words are sorted otherwise than their numbers. */
static void put_verdicts(struct vl_doc *doc, unsigned verdicts)
{
    static const enum vl_verdict sorted[] = {VL_VERDICT_MISMATCH, VL_VERDICT_OK,
                                             VL_VERDICT_UNREADABLE};

    vl_doc_list(doc, "verdicts");
    for (size_t i = 0; i < sizeof sorted / sizeof *sorted; i++)
        if (verdicts >> sorted[i] & 1)
            vl_doc_text(doc, NULL, vl_verdict_word(sorted[i]));
    vl_doc_close(doc);
}

static void put_addressee(struct vl_doc *doc, const struct vl_found_addressee *addressee)
{
    vl_doc_object(doc, NULL);
    put_office(doc, "office", true, &addressee->office);
    put_fact(doc, "receipted_by_delegate", &addressee->receipted_by_delegate);
    vl_doc_close(doc);
    put_fact(doc, "receipted_for_office", &addressee->receipted_for_office);
    vl_doc_close(doc);
    put_fact(doc, "reached", &addressee->reached);
    vl_doc_close(doc);
    put_fact(doc, "opened", &addressee->opened);
    put_verdicts(doc, addressee->verdicts);
    vl_doc_close(doc);
    put_fact(doc, "refused", &addressee->refused);
    vl_doc_list(doc, "reasons");
    for (size_t i = 0; i < addressee->reason_count; i++)
        vl_doc_bytes(doc, NULL, addressee->reasons[i]);
    vl_doc_close(doc);
    vl_doc_close(doc);
    vl_doc_text(doc, "highest_proven", vl_ladder_word(addressee->highest_proven));
    vl_doc_close(doc);
}

static void put_claims(struct vl_doc *doc, const char *name, const struct vl_found_claim *claims,
                       size_t count)
{
    vl_doc_list(doc, name);
    for (size_t i = 0; i < count; i++) {
        vl_doc_object(doc, NULL);
        vl_doc_text(doc, "kind", vl_kind_word(claims[i].kind));
        put_office(doc, "by", true, &claims[i].by);
        put_id(doc, "act", claims[i].act);
        put_level(doc, claims[i].level);
        put_office(doc, "party", claims[i].has_party, &claims[i].party);
        put_words(doc, "reason", claims[i].reason);
        put_marks(doc, claims[i].marks);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
}

static void put_mandate(struct vl_doc *doc, const struct vl_found_mandate *mandate)
{
    vl_doc_object(doc, NULL);
    put_id(doc, "act", mandate->act);
    put_office(doc, "principal", true, &mandate->principal);
    put_office(doc, "grantee", true, &mandate->grantee);
    vl_doc_list(doc, "powers");
#define X(code, number, word, words)                                                               \
    if (mandate->powers >> (number)&1)                                                             \
        vl_doc_text(doc, NULL, word);
    VL_POWER_TABLE(X)
#undef X
    vl_doc_close(doc);
    put_level(doc, mandate->level);
    vl_doc_text(doc, "revoked", mandate->is_revoked ? "revoked" : "no");
    vl_doc_close(doc);
}

static void put_conflicts(struct vl_doc *doc, const struct vl_finding *finding)
{
    vl_doc_list(doc, "contradictions");
    for (size_t i = 0; i < finding->contradiction_count; i++) {
        const struct vl_found_contradiction *one = &finding->contradictions[i];

        vl_doc_object(doc, NULL);
        vl_doc_text(doc, "kind", vl_contradiction_word(one->kind));
        put_office(doc, "office", true, &one->office);
        put_ids(doc, "acts", &one->acts);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_list(doc, "disputed");
    for (size_t i = 0; i < finding->dispute_count; i++) {
        const struct vl_found_dispute *one = &finding->disputes[i];

        vl_doc_object(doc, NULL);
        vl_doc_text(doc, "kind", vl_dispute_word(one->kind));
        put_ids(doc, "offices", &one->offices);
        put_ids(doc, "acts", &one->acts);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    put_ids(doc, "incomplete_answers", &finding->incomplete_answers);
}

static void put_corrections(struct vl_doc *doc, const struct vl_finding *finding)
{
    vl_doc_list(doc, "corrected");
    for (size_t i = 0; i < finding->correction_count; i++) {
        const struct vl_found_correction *one = &finding->corrections[i];

        vl_doc_object(doc, NULL);
        put_id(doc, "target", one->target);
        vl_doc_bytes(doc, "field", one->field);
        put_words(doc, "old", one->old);
        put_words(doc, "new", one->now);
        put_office(doc, "by", true, &one->by);
        put_id(doc, "act", one->act);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
}

static void put_answers(struct vl_doc *doc, const struct vl_finding *finding)
{
    vl_doc_list(doc, "answered");
    for (size_t i = 0; i < finding->answer_count; i++) {
        const struct vl_found_answer *one = &finding->answers[i];

        vl_doc_object(doc, NULL);
        put_office(doc, "by", true, &one->by);
        put_id(doc, "act", one->act);
        put_level(doc, one->level);
        put_marks(doc, one->marks);
        vl_doc_bool(doc, "by_addressee", one->is_addressee);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
}

static void put_about(struct vl_doc *doc, const struct vl_found_said *said)
{
    const struct vl_statement *statement = said->statement;

    vl_doc_list(doc, "about");
    for (size_t i = 0; i < (statement ? statement->about_count : 1); i++) {
        vl_doc_object(doc, NULL);
        vl_doc_text(doc, "what",
                    vl_subject_word(statement ? statement->about[i].what
                                              : said->translation->source_what));
        put_id(doc, "id", statement ? statement->about[i].id : said->translation->source);
        put_or_null(doc, "relation",
                    statement ? vl_relation_word(statement->about[i].relation) : "");
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
}

/* A translation has its text and its language, and says of the rest nothing. */
static void put_what_is_said(struct vl_doc *doc, const struct vl_found_said *said)
{
    static const struct vl_statement none = {.kind = VL_KIND_NONE};
    const struct vl_statement *statement = said->statement ? said->statement : &none;
    const struct vl_translation *translation = said->translation;
    const bool is_change = vl_change_kind(said->kind);

    vl_doc_hex(doc, "target", is_change, VL_ARRAY(statement->target));
    put_words(doc, "text", translation ? translation->text : statement->text);
    put_words(doc, "lang", translation ? translation->target_lang : statement->lang);
    put_or_null(doc, "mode", vl_mode_word(statement->mode));
    put_or_null(doc, "basis", vl_basis_word(statement->basis));
    put_or_null(doc, "modality", vl_modality_word(statement->modality));
    vl_doc_time(doc, "as_of", statement->has_as_of, statement->as_of_s);
    vl_doc_bool(doc, "absence", statement->absence);
    put_words(doc, "span", statement->span);
    put_words(doc, "fact", statement->fact);
    put_office(doc, "party", statement->has_party, &statement->party);
}

static void put_promise(struct vl_doc *doc, const struct vl_found_promise *promise)
{
    if (!promise) {
        vl_doc_text(doc, "promise", NULL);
        return;
    }
    vl_doc_object(doc, "promise");
    vl_doc_text(doc, "state", vl_promise_word(promise->state));
    put_level(doc, promise->level);
    vl_doc_bool(doc, "matched", promise->is_matched);
    put_ids(doc, "to", &promise->to);
    vl_doc_list(doc, "outcomes");
    for (size_t i = 0; i < promise->outcome_count; i++) {
        const struct vl_found_outcome *outcome = &promise->outcomes[i];

        vl_doc_object(doc, NULL);
        put_id(doc, "act", outcome->act);
        put_office(doc, "by", true, &outcome->by);
        vl_doc_text(doc, "outcome",
                    vl_fact_word(outcome->is_broken ? VL_FACT_BROKEN : VL_FACT_KEPT));
        put_level(doc, outcome->level);
        vl_doc_bool(doc, "of_earlier_words", outcome->of_earlier_words);
        vl_doc_bool(doc, "withdrawn", outcome->is_withdrawn);
        vl_doc_bool(doc, "decides", outcome->decides);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_close(doc);
}

static void put_meeting(struct vl_doc *doc, const struct vl_found_said *said)
{
    const struct vl_found_meeting *found = said->meeting;

    if (!found) {
        vl_doc_text(doc, "meeting", NULL);
        return;
    }
    vl_doc_object(doc, "meeting");
    vl_doc_text(doc, "what", vl_fact_word(found->meeting.what));
    vl_doc_list(doc, "sides");
    for (size_t i = 0; i < 2; i++)
        put_office(doc, NULL, true, &found->meeting.sides[i]);
    vl_doc_close(doc);
    put_words(doc, "place", said->statement->act.place);
    put_level(doc, found->level);
    put_ids(doc, "with", &found->with);
    put_ids(doc, "denied_by", &found->denied_by);
    vl_doc_bool(doc, "withdrawn", found->is_withdrawn);
    vl_doc_bool(doc, "other_time", found->has_other_time);
    vl_doc_bool(doc, "other_place", found->has_other_place);
    vl_doc_close(doc);
}

static void put_sources(struct vl_doc *doc, const struct vl_found_said *said)
{
    vl_doc_list(doc, "sources");
    for (size_t i = 0; i < said->source_count; i++) {
        const struct vl_found_source *source = &said->sources[i];

        vl_doc_object(doc, NULL);
        put_office(doc, "office", source->has_office, &source->office);
        put_words(doc, "name", source->name);
        vl_doc_bool(doc, "signed", source->is_signed);
        vl_doc_bool(doc, "held", source->is_held);
        vl_doc_bool(doc, "other_words", source->has_other_words);
        put_marks(doc, source->marks);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
}

static void put_translation(struct vl_doc *doc, const struct vl_translation *translation)
{
    if (!translation) {
        vl_doc_text(doc, "translation", NULL);
        return;
    }
    vl_doc_object(doc, "translation");
    vl_doc_bytes(doc, "source_lang", translation->source_lang);
    vl_doc_bool(doc, "original_held", translation->is_held);
    put_id(doc, "sha256", translation->target);
    vl_doc_text(doc, "how", vl_translated_word(translation->how));
    put_words(doc, "engine", translation->engine);
    put_words(doc, "vouches", translation->vouches);
    vl_doc_close(doc);
}

static void put_said(struct vl_doc *doc, const struct vl_found_said *said)
{
    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "kind", vl_kind_word(said->kind));
    put_office(doc, "by", true, &said->by);
    put_id(doc, "act", said->act);
    vl_doc_bool(doc, "proven", said->is_ok);
    vl_doc_text(doc, "level", said->is_hearsay ? "hearsay" : "claimed");
    put_office(doc, "on_behalf_of", said->has_principal, &said->principal);
    vl_doc_bool(doc, "spoken_for", said->is_spoken_for);
    vl_doc_hex(doc, "succession", said->is_under_succession, VL_ARRAY(said->succession));
    vl_doc_bool(doc, "as_successor", said->is_successor);
    put_marks(doc, said->marks);
    put_about(doc, said);
    put_what_is_said(doc, said);
    vl_doc_bool(doc, "stands", !(said->states & VL_SAID_STANDS_NOT));
    vl_doc_list(doc, "states");
    for (unsigned i = 0; i < VL_SAID_COUNT; i++)
        if (said->states >> i & 1)
            vl_doc_text(doc, NULL, vl_said_word((enum vl_said_at)i));
    vl_doc_close(doc);
    put_ids(doc, "disputed_by", &said->disputed_by);
    put_ids(doc, "supported_by", &said->supported_by);
    put_ids(doc, "corrected_by", &said->corrected_by);
    put_ids(doc, "withdrawn_by", &said->withdrawn_by);
    put_ids(doc, "superseded_by", &said->superseded_by);
    put_or_null(doc, "evidence", vl_against_word(said->against));
    put_promise(doc, said->promise);
    put_meeting(doc, said);
    put_sources(doc, said);
    put_translation(doc, said->translation);
    vl_doc_close(doc);
}

static void put_numbers(struct vl_doc *doc, const char *name, const uint64_t *numbers, size_t count)
{
    vl_doc_list(doc, name);
    for (size_t i = 0; i < count; i++)
        vl_doc_int(doc, NULL, numbers[i]);
    vl_doc_close(doc);
}

static void put_packages(struct vl_doc *doc, const struct vl_finding *finding)
{
    vl_doc_list(doc, "packages");
    for (size_t i = 0; i < finding->package_count; i++) {
        const struct vl_found_packages *one = &finding->packages[i];

        vl_doc_object(doc, NULL);
        put_id(doc, "act", one->act);
        vl_doc_int(doc, "n", one->n);
        vl_doc_int(doc, "of", one->of);
        put_numbers(doc, "known", one->known, one->known_count);
        put_numbers(doc, "missing", one->missing, one->missing_count);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
}

enum vl_err vl_finding_json(const struct vl_finding *finding, struct vl_buf *out)
{
    struct vl_doc *doc = vl_doc_new("valise.finding/1");

    put_id(doc, "number", finding->number);
    vl_doc_time(doc, "as_of", true, finding->as_of_s);
    put_basis(doc, finding);
    vl_doc_bool(doc, "disputed_origin", finding->disputed_origin);
    vl_doc_list(doc, "sealed");
    for (size_t i = 0; i < finding->sealed_count; i++)
        put_sealed(doc, &finding->sealed[i]);
    vl_doc_close(doc);
    vl_doc_list(doc, "handed");
    for (size_t i = 0; i < finding->handed_count; i++)
        put_handed(doc, &finding->handed[i]);
    vl_doc_close(doc);
    put_custody(doc, finding);
    vl_doc_list(doc, "addressees");
    for (size_t i = 0; i < finding->addressee_count; i++)
        put_addressee(doc, &finding->addressees[i]);
    vl_doc_close(doc);
    put_claims(doc, "claims", finding->claims, finding->claim_count);
    put_claims(doc, "ends", finding->terminals, finding->terminal_count);
    vl_doc_list(doc, "mandates");
    for (size_t i = 0; i < finding->mandate_count; i++)
        put_mandate(doc, &finding->mandates[i]);
    vl_doc_close(doc);
    put_conflicts(doc, finding);
    put_corrections(doc, finding);
    vl_doc_list(doc, "said");
    for (size_t i = 0; i < finding->said_count; i++)
        put_said(doc, &finding->said[i]);
    vl_doc_close(doc);
    vl_finding_put_invitation(doc, finding->invitation);
    put_packages(doc, finding);
    put_ids(doc, "overdue", &finding->overdue);
    vl_doc_bool(doc, "expired", finding->expired);
    put_answers(doc, finding);
    return vl_doc_finish(doc, out);
}
