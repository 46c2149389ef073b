/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/act_any.h"

#include <string.h>

#include "letter/core.h"

enum vl_act_form vl_act_form_of(enum vl_kind kind)
{
    if (vl_note_kind(kind, NULL))
        return VL_ACT_NOTE;
    if (kind == VL_KIND_SEALED)
        return VL_ACT_SEALED;
    if (kind == VL_KIND_OPENED)
        return VL_ACT_OPENED;
    if (kind == VL_KIND_MANDATE)
        return VL_ACT_MANDATE;
    if (kind == VL_KIND_MANDATE_REVOCATION)
        return VL_ACT_MANDATE_REVOCATION;
    if (kind == VL_KIND_TRANSFERRED)
        return VL_ACT_TRANSFERRED;
    if (kind == VL_KIND_ACCEPTED || kind == VL_KIND_RECEIPTED || kind == VL_KIND_REFUSED)
        return VL_ACT_ANSWER;
    if (kind == VL_KIND_ACCEPTED_PART)
        return VL_ACT_ACCEPTED_PART;
    if (kind == VL_KIND_RATIFIED || kind == VL_KIND_WITNESSED || kind == VL_KIND_CORRECTED)
        return VL_ACT_ABOUT;
    if (vl_statement_kind(kind))
        return VL_ACT_STATEMENT;
    if (kind == VL_KIND_TRANSLATION)
        return VL_ACT_TRANSLATION;
    if (kind == VL_KIND_INVITATION)
        return VL_ACT_INVITATION;
    if (kind == VL_KIND_SUCCEEDS)
        return VL_ACT_SUCCEEDS;
    if (kind == VL_KIND_MANIFEST)
        return VL_ACT_REPLY;
    return kind == VL_KIND_SEEN ? VL_ACT_SEEN : VL_ACT_NONE;
}

static enum vl_err no_act(enum vl_kind kind, struct vl_why *why)
{
    if (kind == VL_KIND_CARD || kind == VL_KIND_REVOCATION)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "a %s, whose place is in a card file",
                       vl_kind_words(kind));
    return vl_fail(why, VL_ERR_UNSUPPORTED, "of a kind that is not known here");
}

static enum vl_err read_reply(const struct vl_object *object, struct vl_reply *reply,
                              struct vl_why *why)
{
    struct vl_manifest core = VL_MANIFEST_INIT; /* nothing in it is allocated by this */
    struct vl_core_digests digests;
    enum vl_err err = vl_core_read(object, &core, &digests, why);

    if (err)
        return err;
    reply->act = core.act;
    memcpy(reply->in_reply_to, vl_core_field_digest(&digests, VL_FIELD_IN_REPLY_TO), VL_HASH_LEN);
    return VL_OK;
}

static enum vl_err read_form(const struct vl_object *object, struct vl_act_any *any,
                             struct vl_why *why)
{
    switch (any->form) {
    case VL_ACT_SEALED:
        return vl_sealed_read(object, &any->as.sealed, why);
    case VL_ACT_OPENED:
        return vl_opened_read(object, &any->as.opened, why);
    case VL_ACT_MANDATE:
        return vl_mandate_read(object, &any->as.mandate, why);
    case VL_ACT_MANDATE_REVOCATION:
        return vl_mandate_revocation_read(object, &any->as.mandate_revocation, why);
    case VL_ACT_TRANSFERRED:
        return vl_transferred_read(object, &any->as.transferred, why);
    case VL_ACT_ANSWER:
        return vl_answer_read(object, &any->as.answer, why);
    case VL_ACT_ACCEPTED_PART:
        return vl_accepted_part_read(object, &any->as.accepted_part, why);
    case VL_ACT_NOTE:
        return vl_note_read(object, &any->as.note, why);
    case VL_ACT_ABOUT:
        return vl_about_read(object, &any->as.about, why);
    case VL_ACT_SEEN:
        return vl_seen_read(object, &any->as.seen, why);
    case VL_ACT_STATEMENT:
        return vl_statement_read(object, &any->as.statement, why);
    case VL_ACT_TRANSLATION:
        return vl_translation_read(object, &any->as.translation, why);
    case VL_ACT_INVITATION:
        return vl_invitation_read(object, &any->as.invitation, why);
    case VL_ACT_SUCCEEDS:
        return vl_succeeds_read(object, &any->as.succeeds, why);
    case VL_ACT_REPLY:
        return read_reply(object, &any->as.reply, why);
    case VL_ACT_NONE:
        break;
    }
    return no_act(object->kind, why);
}

enum vl_err vl_act_any_read(const struct vl_object *object, struct vl_act_any *any,
                            struct vl_why *why)
{
    enum vl_err err;

    any->kind = object->kind;
    any->form = vl_act_form_of(object->kind);
    err = read_form(object, any, why);
    if (err) {
        any->kind = VL_KIND_NONE;
        any->form = VL_ACT_NONE;
    }
    return err;
}

const struct vl_act *vl_act_any_act(const struct vl_act_any *any)
{
    switch (any->form) {
    case VL_ACT_SEALED:
        return &any->as.sealed.act;
    case VL_ACT_OPENED:
        return &any->as.opened.act;
    case VL_ACT_MANDATE:
        return &any->as.mandate.act;
    case VL_ACT_MANDATE_REVOCATION:
        return &any->as.mandate_revocation.act;
    case VL_ACT_TRANSFERRED:
        return &any->as.transferred.act;
    case VL_ACT_ANSWER:
        return &any->as.answer.act;
    case VL_ACT_ACCEPTED_PART:
        return &any->as.accepted_part.act;
    case VL_ACT_NOTE:
        return &any->as.note.act;
    case VL_ACT_ABOUT:
        return &any->as.about.act;
    case VL_ACT_SEEN:
        return &any->as.seen.act;
    case VL_ACT_STATEMENT:
        return &any->as.statement.act;
    case VL_ACT_TRANSLATION:
        return &any->as.translation.act;
    case VL_ACT_INVITATION:
        return &any->as.invitation.act;
    case VL_ACT_SUCCEEDS:
        return &any->as.succeeds.act;
    case VL_ACT_REPLY:
        return &any->as.reply.act;
    case VL_ACT_NONE:
        break;
    }
    return NULL;
}

bool vl_act_any_batch(const struct vl_act_any *any, struct vl_batch *batch)
{
    *batch = (struct vl_batch){.count = 0};
    if (any->form == VL_ACT_SEALED)
        *batch = vl_sealed_batch(&any->as.sealed);
    else if (any->form == VL_ACT_TRANSFERRED)
        *batch = any->as.transferred.batch;
    else if (any->form == VL_ACT_ANSWER)
        *batch = any->as.answer.batch;
    else if (any->form == VL_ACT_NOTE)
        *batch = any->as.note.batch;
    else if (any->form == VL_ACT_SEEN)
        *batch = any->as.seen.batch;
    return batch->count > 0;
}

const uint8_t *vl_act_any_number(const struct vl_act_any *any)
{
    if (any->form == VL_ACT_OPENED)
        return any->as.opened.number;
    return any->form == VL_ACT_ACCEPTED_PART ? any->as.accepted_part.number : NULL;
}

const uint8_t *vl_act_any_answers(const struct vl_act_any *any)
{
    if (any->form == VL_ACT_OPENED && any->as.opened.has_answers)
        return any->as.opened.answers;
    if (any->form == VL_ACT_ANSWER && any->as.answer.has_answers)
        return any->as.answer.answers;
    if (any->form == VL_ACT_ACCEPTED_PART && any->as.accepted_part.has_answers)
        return any->as.accepted_part.answers;
    if (any->form == VL_ACT_NOTE && any->as.note.has_answers)
        return any->as.note.answers;
    return NULL;
}

const uint8_t *vl_act_any_target(const struct vl_act_any *any)
{
    if (any->form == VL_ACT_MANDATE_REVOCATION)
        return any->as.mandate_revocation.mandate;
    if (vl_change_kind(any->kind))
        return any->as.statement.target;
    return any->form == VL_ACT_ABOUT ? any->as.about.target : NULL;
}

const uint8_t *vl_act_any_under(const struct vl_act_any *any)
{
    const struct vl_act *act = vl_act_any_act(any);

    return act && act->has_under ? act->under : NULL;
}

const uint8_t *vl_act_any_previous(const struct vl_act_any *any)
{
    return any->form == VL_ACT_TRANSFERRED && any->as.transferred.has_previous
               ? any->as.transferred.previous
               : NULL;
}

const struct vl_seals *vl_act_any_seals(const struct vl_act_any *any)
{
    if (any->form == VL_ACT_SEALED)
        return &any->as.sealed.seals;
    if (any->form == VL_ACT_TRANSFERRED)
        return &any->as.transferred.seals;
    return any->form == VL_ACT_ANSWER && any->kind != VL_KIND_REFUSED ? &any->as.answer.seals
                                                                      : NULL;
}

static size_t subjects_of_statement(const struct vl_statement *statement,
                                    struct vl_act_subject out[VL_ACT_ANY_MAX_SUBJECTS])
{
    size_t count = 0;

    for (size_t i = 0; i < statement->about_count; i++)
        out[count++] = (struct vl_act_subject){statement->about[i].what, statement->about[i].id};
    if (statement->has_saying)
        out[count++] = (struct vl_act_subject){VL_SUBJECT_ACT, statement->saying};
    if (statement->has_party &&
        vl_fact_subject(vl_fact_of_word(statement->fact)) == VL_SUBJECT_OFFICE)
        out[count++] = (struct vl_act_subject){VL_SUBJECT_OFFICE, statement->party.at};
    return count;
}

size_t vl_act_any_subjects(const struct vl_act_any *any,
                           struct vl_act_subject out[VL_ACT_ANY_MAX_SUBJECTS])
{
    const struct vl_translation *translation = &any->as.translation;

    if (any->form == VL_ACT_STATEMENT)
        return subjects_of_statement(&any->as.statement, out);
    if (any->form != VL_ACT_TRANSLATION)
        return 0;
    out[0] = (struct vl_act_subject){translation->source_what, translation->source};
    if (!translation->has_supersedes)
        return 1;
    out[1] = (struct vl_act_subject){VL_SUBJECT_ACT, translation->supersedes};
    return 2;
}

size_t vl_act_any_ids(const struct vl_act_any *any, const uint8_t *out[VL_ACT_ANY_MAX_IDS])
{
    const struct vl_act *act = vl_act_any_act(any);
    const uint8_t *const others[] = {vl_act_any_under(any), vl_act_any_answers(any),
                                     vl_act_any_target(any), vl_act_any_previous(any)};
    struct vl_act_subject subjects[VL_ACT_ANY_MAX_SUBJECTS];
    const size_t subject_count = vl_act_any_subjects(any, subjects);
    size_t count = 0;

    for (size_t i = 0; act && i < act->cite_count; i++)
        out[count++] = act->cites_read[i];
    for (size_t i = 0; i < sizeof others / sizeof *others; i++)
        if (others[i])
            out[count++] = others[i];
    for (size_t i = 0; i < subject_count; i++)
        if (subjects[i].what == VL_SUBJECT_ACT)
            out[count++] = subjects[i].id;
    for (size_t i = 0; any->form == VL_ACT_INVITATION && i < any->as.invitation.heads.count; i++)
        out[count++] = vl_ids_at(&any->as.invitation.heads, i);
    return count;
}
