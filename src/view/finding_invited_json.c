/* SPDX-License-Identifier: Apache-2.0 */
/* The member `invitation` of valise.finding/1. */
#include "view/finding_put.h"

static void put_date(struct vl_doc *doc, bool there, int64_t from_s, int64_t to_s)
{
    if (!there) {
        vl_doc_text(doc, "date", NULL);
        return;
    }
    vl_doc_object(doc, "date");
    vl_doc_time(doc, "from", true, from_s);
    vl_doc_time(doc, "to", true, to_s);
    vl_doc_close(doc);
}

static void put_version(struct vl_doc *doc, const struct vl_found_version *version)
{
    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "state", vl_invited_word(version->state));
    put_level(doc, version->level);
    put_date(doc, version->has_date, version->from_s, version->to_s);
    put_ids(doc, "acts", &version->acts);
    vl_doc_bool(doc, "disputed", version->is_disputed);
    vl_doc_close(doc);
}

static void put_reciprocal(struct vl_doc *doc, const struct vl_found_reciprocal *one)
{
    vl_doc_object(doc, NULL);
    put_id(doc, "id", one->id);
    put_id(doc, "act", one->act);
    vl_doc_text(doc, "does", vl_invitation_word(one->what));
    put_office(doc, "by", true, &one->by);
    put_level(doc, one->level);
    vl_doc_close(doc);
}

static void put_waiting(struct vl_doc *doc, const struct vl_invitation *said)
{
    if (said->condition.len == 0) {
        vl_doc_text(doc, "waits_for", NULL);
    } else {
        vl_doc_object(doc, "waits_for");
        put_words(doc, "condition", said->condition);
        put_words(doc, "lang", said->condition_lang);
        put_office(doc, "office", said->owner.has_office, &said->owner.office);
        put_words(doc, "name", said->owner.name);
        vl_doc_close(doc);
    }
    if (said->expectation.len == 0) {
        vl_doc_text(doc, "expectation", NULL);
        return;
    }
    vl_doc_object(doc, "expectation");
    put_words(doc, "text", said->expectation);
    put_words(doc, "lang", said->expectation_lang);
    vl_doc_time(doc, "by", said->has_expected_by, said->expected_by_s);
    vl_doc_close(doc);
}

static void put_act(struct vl_doc *doc, const struct vl_found_invited *one)
{
    const struct vl_invitation *said = one->invitation;

    vl_doc_object(doc, NULL);
    put_id(doc, "act", one->act);
    vl_doc_text(doc, "does", vl_invitation_word(said->what));
    put_office(doc, "by", true, &one->by);
    vl_doc_text(doc, "side", vl_side_word(one->side));
    vl_doc_bool(doc, "proven", one->is_ok);
    put_level(doc, one->level);
    vl_doc_bool(doc, "counts", one->counts);
    vl_doc_bool(doc, "late", one->is_late);
    vl_doc_bool(doc, "newest", one->is_newest);
    put_office(doc, "on_behalf_of", said->has_principal, &said->principal);
    vl_doc_bool(doc, "spoken_for", one->is_spoken_for);
    put_marks(doc, one->marks);
    vl_doc_list(doc, "heads");
    for (size_t i = 0; i < said->heads.count; i++)
        put_id(doc, NULL, vl_ids_at(&said->heads, i));
    vl_doc_close(doc);
    put_words(doc, "inviter_name", said->inviter.name);
    put_words(doc, "invitee_name", said->invitee.name);
    put_date(doc, said->has_date, said->from_s, said->to_s);
    vl_doc_time(doc, "not_before", said->has_not_before, said->not_before_s);
    put_waiting(doc, said);
    vl_doc_time(doc, "expires", said->has_expires, said->expires_s);
    vl_doc_hex(doc, "reciprocal_of", said->has_reciprocal, VL_ARRAY(said->reciprocal));
    put_words(doc, "place", said->place);
    put_words(doc, "text", said->text);
    put_words(doc, "lang", said->lang);
    put_ids(doc, "disputed_by", &one->disputed_by);
    put_ids(doc, "supported_by", &one->supported_by);
    vl_doc_close(doc);
}

void vl_finding_put_invitation(struct vl_doc *doc, const struct vl_found_invitation *invitation)
{
    if (!invitation) {
        vl_doc_text(doc, "invitation", NULL);
        return;
    }
    vl_doc_object(doc, "invitation");
    put_office(doc, "inviter", invitation->has_inviter, &invitation->inviter);
    put_office(doc, "invitee", invitation->has_invitee, &invitation->invitee);
    put_fact(doc, "issued", &invitation->issued);
    vl_doc_close(doc);
    put_fact(doc, "received", &invitation->received);
    vl_doc_close(doc);
    vl_doc_list(doc, "versions");
    for (size_t i = 0; i < invitation->version_count; i++)
        put_version(doc, &invitation->versions[i]);
    vl_doc_close(doc);
    vl_doc_bool(doc, "several", invitation->is_several);
    put_ids(doc, "reciprocal_of", &invitation->reciprocal_of);
    vl_doc_list(doc, "reciprocals");
    for (size_t i = 0; i < invitation->reciprocal_count; i++)
        put_reciprocal(doc, &invitation->reciprocals[i]);
    vl_doc_close(doc);
    vl_doc_list(doc, "acts");
    for (size_t i = 0; i < invitation->act_count; i++)
        put_act(doc, &invitation->acts[i]);
    vl_doc_close(doc);
    vl_doc_close(doc);
}
