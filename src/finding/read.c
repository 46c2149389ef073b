/* SPDX-License-Identifier: Apache-2.0 */
/* What a finding needs of an act, and no more: an act as it is read takes kilobytes. */
#include <string.h>

#include "finding/inside.h"

static const struct vl_seals *copy_seals(struct vl_arena *arena, const struct vl_seals *seals)
{
    static const struct vl_seals none = {.count = 0};
    struct vl_seals *copy;

    if (seals->count == 0)
        return &none;
    copy = vl_arena_take(arena, sizeof *copy);
    if (copy)
        *copy = *seals;
    return copy;
}

static enum vl_err read_handover(struct vl_arena *arena, const struct vl_transferred *transferred,
                                 struct vl_node *node)
{
    struct vl_node_handover *handover = vl_arena_take(arena, sizeof *handover);

    if (!handover)
        return VL_ERR_NO_MEMORY;
    memcpy(handover->handover, transferred->handover, VL_NONCE_LEN);
    handover->has_bag = transferred->has_bag;
    memcpy(handover->bag, transferred->bag, VL_NONCE_LEN);
    handover->has_taker = transferred->has_taker;
    handover->taker = transferred->taker;
    handover->carrier = transferred->carrier;
    node->as.handover = handover;
    return VL_OK;
}

static enum vl_err read_answer(struct vl_arena *arena, const struct vl_answer *read,
                               struct vl_node *node)
{
    struct vl_node_answer *answer = vl_arena_take(arena, sizeof *answer);

    if (!answer)
        return VL_ERR_NO_MEMORY;
    answer->has_giver = read->has_giver;
    answer->giver = read->giver;
    answer->addressee = read->addressee;
    answer->not_taken_count = read->not_taken_count;
    answer->not_taken = read->not_taken_read;
    answer->not_taken_batch_count = read->not_taken_batch.count;
    answer->reason = read->reason;
    answer->seals = copy_seals(arena, &read->seals);
    node->as.answer = answer;
    return answer->seals ? VL_OK : VL_ERR_NO_MEMORY;
}

static enum vl_err read_note(struct vl_arena *arena, const struct vl_note *read,
                             struct vl_node *node)
{
    struct vl_node_note *note = vl_arena_take(arena, sizeof *note);

    if (!note)
        return VL_ERR_NO_MEMORY;
    *note = (struct vl_node_note){read->has_party, read->party, read->reason};
    node->as.note = note;
    return VL_OK;
}

static enum vl_err read_about(struct vl_arena *arena, const struct vl_about *read,
                              struct vl_node *node)
{
    struct vl_node_about *about = vl_arena_take(arena, sizeof *about);

    if (!about)
        return VL_ERR_NO_MEMORY;
    *about = (struct vl_node_about){read->field, read->old, read->now};
    node->as.about = about;
    return VL_OK;
}

static enum vl_err read_opened(struct vl_arena *arena, const struct vl_opened *read,
                               struct vl_node *node)
{
    struct vl_opened *opened = vl_arena_take(arena, sizeof *opened);

    if (!opened)
        return VL_ERR_NO_MEMORY;
    *opened = *read;
    node->as.opened = opened;
    node->number = opened->number;
    return VL_OK;
}

static enum vl_err read_mandate(struct vl_arena *arena, const struct vl_mandate *read,
                                struct vl_node *node)
{
    struct vl_mandate *mandate = vl_arena_take(arena, sizeof *mandate);

    if (!mandate)
        return VL_ERR_NO_MEMORY;
    *mandate = *read;
    node->as.mandate = mandate;
    return VL_OK;
}

static enum vl_err read_succeeds(struct vl_arena *arena, const struct vl_succeeds *read,
                                 struct vl_node *node)
{
    struct vl_succeeds *succeeds = vl_arena_take(arena, sizeof *succeeds);

    if (!succeeds)
        return VL_ERR_NO_MEMORY;
    *succeeds = *read;
    node->as.succeeds = succeeds;
    return VL_OK;
}

static enum vl_err read_part(struct vl_arena *arena, const struct vl_accepted_part *read,
                             struct vl_node *node)
{
    uint8_t *number = vl_arena_take(arena, VL_HASH_LEN);

    if (!number)
        return VL_ERR_NO_MEMORY;
    memcpy(number, read->number, VL_HASH_LEN);
    node->number = number;
    return VL_OK;
}

static enum vl_err read_statement(struct vl_arena *arena, const struct vl_statement *read,
                                  struct vl_node *node)
{
    struct vl_statement *statement = vl_arena_take(arena, sizeof *statement);

    if (!statement)
        return VL_ERR_NO_MEMORY;
    *statement = *read;
    node->as.statement = statement;
    return VL_OK;
}

static enum vl_err read_translation(struct vl_arena *arena, const struct vl_translation *read,
                                    struct vl_node *node)
{
    struct vl_translation *translation = vl_arena_take(arena, sizeof *translation);

    if (!translation)
        return VL_ERR_NO_MEMORY;
    *translation = *read;
    node->as.translation = translation;
    return VL_OK;
}

static enum vl_err read_invitation(struct vl_arena *arena, const struct vl_invitation *read,
                                   struct vl_node *node)
{
    struct vl_invitation *invitation = vl_arena_take(arena, sizeof *invitation);

    if (!invitation)
        return VL_ERR_NO_MEMORY;
    *invitation = *read;
    node->as.invitation = invitation;
    return VL_OK;
}

/* The one that it is an act of, and the one that that answers. */
static enum vl_err read_invited(struct vl_arena *arena, const struct vl_invitation *invitation,
                                struct vl_node *node)
{
    struct vl_node_subject *subjects = vl_arena_take(arena, 2 * sizeof *subjects);

    if (!subjects)
        return VL_ERR_NO_MEMORY;
    memcpy(subjects[0].id, invitation->id, VL_HASH_LEN);
    if (invitation->has_reciprocal)
        memcpy(subjects[1].id, invitation->reciprocal, VL_HASH_LEN);
    node->subject_count = invitation->has_reciprocal ? 2 : 1;
    node->subjects = subjects;
    return VL_OK;
}

static enum vl_err read_subjects(struct vl_arena *arena, const struct vl_act_any *any,
                                 struct vl_node *node)
{
    struct vl_act_subject read[VL_ACT_ANY_MAX_SUBJECTS];
    const size_t count = vl_act_any_subjects(any, read);
    struct vl_node_subject *subjects = vl_arena_take(arena, count * sizeof *subjects);

    if (!subjects)
        return VL_ERR_NO_MEMORY;
    if (any->form == VL_ACT_INVITATION)
        return read_invited(arena, &any->as.invitation, node);
    for (size_t i = 0; i < count; i++) {
        subjects[i].what = read[i].what;
        memcpy(subjects[i].id, read[i].id, VL_HASH_LEN);
    }
    node->subject_count = count;
    node->subjects = subjects;
    return VL_OK;
}

static enum vl_err read_own(struct vl_arena *arena, const struct vl_act_any *any,
                            struct vl_node *node)
{
    switch (any->form) {
    case VL_ACT_TRANSFERRED:
        return read_handover(arena, &any->as.transferred, node);
    case VL_ACT_ANSWER:
        return read_answer(arena, &any->as.answer, node);
    case VL_ACT_NOTE:
        return read_note(arena, &any->as.note, node);
    case VL_ACT_ABOUT:
        return read_about(arena, &any->as.about, node);
    case VL_ACT_OPENED:
        return read_opened(arena, &any->as.opened, node);
    case VL_ACT_MANDATE:
        return read_mandate(arena, &any->as.mandate, node);
    case VL_ACT_SUCCEEDS:
        return read_succeeds(arena, &any->as.succeeds, node);
    case VL_ACT_ACCEPTED_PART:
        return read_part(arena, &any->as.accepted_part, node);
    case VL_ACT_STATEMENT:
        return read_statement(arena, &any->as.statement, node);
    case VL_ACT_TRANSLATION:
        return read_translation(arena, &any->as.translation, node);
    case VL_ACT_INVITATION:
        return read_invitation(arena, &any->as.invitation, node);
    case VL_ACT_SEALED:
    case VL_ACT_MANDATE_REVOCATION:
    case VL_ACT_SEEN:
    case VL_ACT_REPLY:
    case VL_ACT_NONE:
        break;
    }
    return VL_OK;
}

static void read_common(const struct vl_act_any *any, struct vl_node *node)
{
    const struct vl_act *act = vl_act_any_act(any);
    const uint8_t *under = vl_act_any_under(any), *answers = vl_act_any_answers(any);
    const uint8_t *target = vl_act_any_target(any);
    struct vl_batch batch;

    memcpy(node->card, act->card_id, VL_HASH_LEN);
    node->capacity = act->capacity;
    node->has_at = act->has_at;
    node->at_ms = act->at_ms;
    node->when = vl_act_when(act, node->object);
    node->count = 1;
    if (vl_act_any_batch(any, &batch)) {
        node->count = batch.count;
        memcpy(node->root, batch.root, VL_HASH_LEN);
    }
    node->has_under = under != NULL;
    if (under)
        memcpy(node->under_id, under, VL_HASH_LEN);
    node->has_answers = answers != NULL;
    if (answers)
        memcpy(node->answers_id, answers, VL_HASH_LEN);
    node->has_target = target != NULL;
    if (target)
        memcpy(node->target_id, target, VL_HASH_LEN);
}

static enum vl_err read_names(struct vl_arena *arena, const struct vl_act_any *any,
                              struct vl_node *node)
{
    const uint8_t *ids[VL_ACT_ANY_MAX_IDS];
    const size_t count = vl_act_any_ids(any, ids);
    uint8_t(*named)[VL_HASH_LEN] = vl_arena_take(arena, count * VL_HASH_LEN);

    if (!named)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < count; i++)
        memcpy(named[i], ids[i], VL_HASH_LEN);
    node->named_count = count;
    node->named = (const uint8_t(*)[VL_HASH_LEN])named;
    return VL_OK;
}

enum vl_err vl_node_read(struct vl_arena *arena, const struct vl_evidence_item *item,
                         struct vl_act_any *scratch, struct vl_node *node, struct vl_why *why)
{
    enum vl_err err = vl_act_any_read(&item->object, scratch, why);

    if (err)
        return err;
    node->object = &item->object;
    memcpy(node->id, item->object.id, VL_HASH_LEN);
    node->kind = scratch->kind;
    node->form = scratch->form;
    node->issuer = item->object.issuer;
    read_common(scratch, node);
    err = read_own(arena, scratch, node);
    if (!err)
        err = read_names(arena, scratch, node);
    if (!err)
        err = read_subjects(arena, scratch, node);
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}
