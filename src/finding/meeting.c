/* SPDX-License-Identifier: Apache-2.0 */
/* Talks and visits are of both sides: proven when each signed it of the other, and the second of
 * them named what the first had signed; else they are what one side claims, or what others heard of
 * it (PROTOCOL 6, 17).  When and where it was, each says for itself, and no clock decides (19). */
#include <string.h>

#include "finding/inside.h"

#define BOTH 3U

/* Does it assert one, as it is or was? */
static bool is_meeting(const struct vl_making *making, const struct vl_node *node,
                       struct vl_meeting *meeting)
{
    const struct vl_statement *statement = node->as.statement;

    return node->about == making->set->generation && node->kind == VL_KIND_ASSERT &&
           !statement->absence && statement->modality != VL_MODALITY_FUTURE &&
           statement->modality != VL_MODALITY_HYPOTHETICAL &&
           vl_statement_meeting(statement, meeting);
}

/* The sides that sign it themselves, a bit for each; what one only heard it does not sign. */
static unsigned sides_of(const struct vl_node *node, const struct vl_meeting *meeting)
{
    unsigned sides = 0;

    for (unsigned i = 0; i < 2 && node->as.statement->basis != VL_BASIS_HEARSAY; i++)
        if (vl_speaks_for(node, &meeting->sides[i]))
            sides |= 1U << i;
    return sides;
}

struct meeting {
    struct vl_making *making;
    const struct vl_node *node;
    struct vl_meeting own;
    struct vl_found_meeting *found;
    unsigned claimed, signed_by; /* sides; those that are ok */
};

static bool differs(vl_bytes a, vl_bytes b)
{
    return a.len > 0 && b.len > 0 && !vl_bytes_eq(a, b);
}

/* A side's own word counts: of the same meeting, tied to this one. */
static enum vl_err count(struct meeting *meeting, const struct vl_node *node)
{
    const struct vl_statement *own = meeting->node->as.statement, *other = node->as.statement;
    struct vl_meeting theirs;
    unsigned sides;

    if (!is_meeting(meeting->making, node, &theirs) || !vl_meeting_eq(&theirs, &meeting->own))
        return VL_OK;
    sides = sides_of(node, &theirs);
    if (!sides)
        return VL_OK;
    meeting->claimed |= sides;
    if (node->is_ok)
        meeting->signed_by |= sides;
    meeting->found->is_withdrawn |= (node->said->states & VL_SAID_WITHDRAWN) != 0;
    meeting->found->has_other_time |=
        own->has_as_of && other->has_as_of && own->as_of_s != other->as_of_s;
    meeting->found->has_other_place |= differs(own->act.place, other->act.place);
    return node == meeting->node
               ? VL_OK
               : vl_hashes_add(meeting->making->arena, &meeting->found->with, node->id);
}

/* Those who support it; and what a side itself supports: that another's word supports two of them
 * ties nothing together. */
static enum vl_err count_all(struct meeting *meeting)
{
    const struct vl_node *node = meeting->node;
    enum vl_err err = count(meeting, node);
    const bool is_side = meeting->claimed != 0;

    for (size_t i = 0; i < node->targeted_by.count && !err; i++)
        if (vl_said_relates(node->targeted_by.at[i], node, VL_RELATION_SUPPORTS))
            err = count(meeting, node->targeted_by.at[i]);
    for (size_t i = 0; is_side && i < node->as.statement->about_count && !err; i++) {
        const struct vl_statement_about *about = &node->as.statement->about[i];
        const struct vl_node *earlier =
            about->what == VL_SUBJECT_ACT && about->relation == VL_RELATION_SUPPORTS
                ? vl_set_find(meeting->making->set, about->id)
                : NULL;

        if (earlier)
            err = count(meeting, earlier);
    }
    return err;
}

static enum vl_err find_denials(struct meeting *meeting)
{
    const struct vl_node *node = meeting->node;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < node->targeted_by.count && !err; i++) {
        const struct vl_node *denial = node->targeted_by.at[i];

        if (denial->about == meeting->making->set->generation && denial->kind == VL_KIND_DENY &&
            !(denial->said->states & VL_SAID_WITHDRAWN) &&
            vl_said_relates(denial, node, VL_RELATION_DISPUTES) &&
            (vl_speaks_for(denial, &meeting->own.sides[0]) ||
             vl_speaks_for(denial, &meeting->own.sides[1])))
            err = vl_hashes_add(meeting->making->arena, &meeting->found->denied_by, denial->id);
    }
    return err;
}

enum vl_err vl_find_meeting(struct vl_making *making, const struct vl_node *node)
{
    struct meeting meeting = {.making = making, .node = node};
    enum vl_err err;

    if (!is_meeting(making, node, &meeting.own))
        return VL_OK;
    meeting.found = vl_arena_take(making->arena, sizeof *meeting.found);
    if (!meeting.found)
        return VL_ERR_NO_MEMORY;
    *meeting.found = (struct vl_found_meeting){.meeting = meeting.own};
    err = count_all(&meeting);
    if (!err)
        err = find_denials(&meeting);
    meeting.found->level = meeting.signed_by == BOTH ? VL_LEVEL_PROVEN
                           : meeting.claimed         ? VL_LEVEL_CLAIMED
                                                     : VL_LEVEL_HEARSAY;
    node->said->meeting = meeting.found;
    return err;
}
