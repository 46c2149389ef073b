/* SPDX-License-Identifier: Apache-2.0 */
/* An invitation: who did what about it, for whom, and whether that counts (PROTOCOL 6, 16; DOMAIN
 * 6.4).  To say that there is one is not to issue it. */
#include <string.h>

#include "finding/inside.h"

static bool is_of(const struct vl_making *making, const struct vl_node *node)
{
    return node->form == VL_ACT_INVITATION && vl_same(node->as.invitation->id, making->number);
}

static bool is_party(const struct vl_invitation_party *party, const struct vl_office_id *office)
{
    return party->has_office && vl_office_id_eq(&party->office, office);
}

/* --- whose act it is -------------------------------------------------------------------------- */

static enum vl_side side_of(const struct vl_node *node)
{
    const struct vl_invitation *invitation = node->as.invitation;
    const struct vl_office_id *who =
        invitation->has_principal ? &invitation->principal : &node->issuer;

    return is_party(&invitation->inviter, who)   ? VL_SIDE_INVITER
           : is_party(&invitation->invitee, who) ? VL_SIDE_INVITEE
                                                 : VL_SIDE_OTHER;
}

static enum vl_err judge(struct vl_making *making, struct vl_node *node,
                         struct vl_found_invited *invited)
{
    struct vl_mandate_judgement judgement;
    enum vl_err err =
        vl_mandate_judge(making, node, VL_POWER_SPEAK, &node->as.invitation->principal, &judgement);

    if (err)
        return err;
    invited->is_spoken_for = judgement.is_held && !judgement.flaw;
    if (!judgement.is_held)
        invited->marks |= VL_MARK_MANDATE_NOT_HELD;
    else
        invited->marks |= judgement.flaw ? vl_mandate_mark(judgement.flaw) : judgement.marks;
    return VL_OK;
}

/* Is it the word of the side for whom it is, as far as mandates go? */
static bool is_its_own(const struct vl_found_invited *invited)
{
    return !invited->invitation->has_principal || invited->is_spoken_for;
}

static enum vl_level level_of(const struct vl_found_invited *invited)
{
    if (!is_its_own(invited)) /* whoever likes names a side, and a mandate that is not here */
        return VL_LEVEL_HEARSAY;
    if (invited->invitation->what == VL_INVITATION_ANNOUNCE)
        return invited->side == VL_SIDE_INVITEE ? VL_LEVEL_CLAIMED : VL_LEVEL_HEARSAY;
    return invited->counts ? VL_LEVEL_PROVEN : VL_LEVEL_CLAIMED;
}

static enum vl_err begin(struct vl_making *making, struct vl_node *node,
                         struct vl_found_invited *invited)
{
    struct vl_invitation *copy = vl_arena_take(making->arena, sizeof *copy);
    enum vl_err err = VL_OK;

    if (!copy)
        return VL_ERR_NO_MEMORY;
    *copy = *node->as.invitation;
    *invited = (struct vl_found_invited){.by = node->issuer,
                                         .side = side_of(node),
                                         .is_ok = node->is_ok,
                                         .marks = node->marks,
                                         .invitation = copy};
    memcpy(invited->act, node->id, VL_HASH_LEN);
    node->invited = invited;
    if (copy->has_principal)
        err = judge(making, node, invited);
    invited->counts = node->is_ok && copy->what != VL_INVITATION_ANNOUNCE && is_its_own(invited);
    invited->level = level_of(invited);
    return err;
}

/* --- what others made of it ------------------------------------------------------------------- */

static void find_order(struct vl_node *const *nodes, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        struct vl_found_invited *invited = nodes[i]->invited;

        invited->is_newest = invited->counts;
        for (size_t j = 0; invited->counts && j < count; j++) {
            const struct vl_found_invited *other = nodes[j]->invited;

            if (!other->counts || i == j)
                continue;
            if (vl_follows(nodes[j], nodes[i]))
                invited->is_newest = false;
            if (other->invitation->what == VL_INVITATION_WITHDRAW &&
                invited->invitation->what != VL_INVITATION_WITHDRAW &&
                vl_follows(nodes[i], nodes[j]))
                invited->is_late = true;
        }
    }
}

static enum vl_err find_words(struct vl_making *making, const struct vl_node *node)
{
    struct vl_found_invited *invited = node->invited;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < node->targeted_by.count && !err; i++) {
        const struct vl_node *words = node->targeted_by.at[i];

        if (words->about != making->set->generation || !vl_is_said(words) ||
            words->said->states & VL_SAID_WITHDRAWN)
            continue;
        if (vl_said_disputes(words, node))
            err = vl_hashes_add(making->arena, &invited->disputed_by, words->id);
        if (!err && vl_said_relates(words, node, VL_RELATION_SUPPORTS))
            err = vl_hashes_add(making->arena, &invited->supported_by, words->id);
    }
    return err;
}

/* --- was it issued, and does the invitee have it? --------------------------------------------- */

static enum vl_level issued_level(const struct vl_found_invited *invited)
{
    const enum vl_invitation_act what = invited->invitation->what;

    if (what == VL_INVITATION_ISSUE || what == VL_INVITATION_ANNOUNCE)
        return invited->level;
    return invited->side == VL_SIDE_OTHER || !is_its_own(invited) ? VL_LEVEL_HEARSAY
                                                                  : VL_LEVEL_CLAIMED;
}

static enum vl_err add_to_facts(struct vl_making *making, struct vl_found_invitation *invitation,
                                const struct vl_node *node)
{
    const struct vl_found_invited *invited = node->invited;
    enum vl_err err =
        vl_fact_add(making, &invitation->issued, issued_level(invited), node, invited->marks);

    if (err || invited->side != VL_SIDE_INVITEE ||
        invited->invitation->what == VL_INVITATION_ANNOUNCE)
        return err;
    return vl_fact_add(making, &invitation->received, invited->level, node, invited->marks);
}

/* --- invitations back ------------------------------------------------------------------------- */

/* What it answers, according to whoever issued it; only where nobody did, to others. */
static enum vl_err find_answered(struct vl_making *making, struct vl_found_invitation *invitation)
{
    bool any = false;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < invitation->act_count; i++)
        any |= invitation->acts[i].counts &&
               invitation->acts[i].invitation->what == VL_INVITATION_ISSUE;
    for (size_t i = 0; i < invitation->act_count && !err; i++) {
        const struct vl_found_invited *one = &invitation->acts[i];
        const enum vl_invitation_act what = one->invitation->what;

        if (one->invitation->has_reciprocal &&
            (any ? one->counts && what == VL_INVITATION_ISSUE : what == VL_INVITATION_ANNOUNCE))
            err = vl_hashes_add(making->arena, &invitation->reciprocal_of,
                                one->invitation->reciprocal);
    }
    return err;
}

static bool is_back(const struct vl_making *making, const struct vl_node *node)
{
    return node->form == VL_ACT_INVITATION && node->as.invitation->has_reciprocal &&
           vl_same(node->as.invitation->reciprocal, making->number) && !is_of(making, node);
}

/* Whom it invited invites back, and nobody else: anybody can issue one and call it that.  Of a
 * delegate nobody looked at the mandate. */
static enum vl_level back_level(const struct vl_found_invitation *invitation,
                                const struct vl_node *node)
{
    const struct vl_invitation *back = node->as.invitation;

    if (back->what != VL_INVITATION_ISSUE || !invitation->has_invitee || !invitation->has_inviter ||
        !is_party(&back->inviter, &invitation->invitee) ||
        !is_party(&back->invitee, &invitation->inviter))
        return VL_LEVEL_HEARSAY;
    return node->is_ok && !back->has_principal ? VL_LEVEL_PROVEN : VL_LEVEL_CLAIMED;
}

/* By id; those of one id stay by act. */
static void put_sorted(struct vl_found_invitation *invitation,
                       const struct vl_found_reciprocal *one)
{
    size_t at = invitation->reciprocal_count++;

    for (; at > 0 && memcmp(invitation->reciprocals[at - 1].id, one->id, VL_HASH_LEN) > 0; at--)
        invitation->reciprocals[at] = invitation->reciprocals[at - 1];
    invitation->reciprocals[at] = *one;
}

static enum vl_err find_back(struct vl_making *making, struct vl_found_invitation *invitation)
{
    size_t count = 0;

    for (size_t i = 0; i < making->about_count; i++)
        count += is_back(making, making->about[i]);
    invitation->reciprocals = vl_arena_take(making->arena, count * sizeof *invitation->reciprocals);
    if (!invitation->reciprocals)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < making->about_count; i++) {
        const struct vl_node *node = making->about[i];
        struct vl_found_reciprocal one;

        if (!is_back(making, node))
            continue;
        one = (struct vl_found_reciprocal){.what = node->as.invitation->what,
                                           .by = node->issuer,
                                           .level = back_level(invitation, node)};
        memcpy(one.id, node->as.invitation->id, VL_HASH_LEN);
        memcpy(one.act, node->id, VL_HASH_LEN);
        put_sorted(invitation, &one);
    }
    return VL_OK;
}

/* --- all of it -------------------------------------------------------------------------------- */

static enum vl_err find_all(struct vl_making *making, struct vl_found_invitation *invitation,
                            struct vl_node **nodes)
{
    const struct vl_invitation *any = nodes[0]->as.invitation; /* the id binds both offices */
    enum vl_err err = VL_OK;

    invitation->has_inviter = any->inviter.has_office;
    invitation->inviter = any->inviter.office;
    invitation->has_invitee = any->invitee.has_office;
    invitation->invitee = any->invitee.office;
    for (size_t i = 0; i < invitation->act_count && !err; i++)
        err = begin(making, nodes[i], &invitation->acts[i]);
    if (err)
        return err;
    find_order(nodes, invitation->act_count);
    for (size_t i = 0; i < invitation->act_count && !err; i++) {
        err = find_words(making, nodes[i]);
        if (!err)
            err = add_to_facts(making, invitation, nodes[i]);
    }
    if (!err)
        err = find_answered(making, invitation);
    if (!err)
        err = find_back(making, invitation);
    return err ? err : vl_find_versions(making, invitation, nodes);
}

enum vl_err vl_find_invitation(struct vl_making *making)
{
    struct vl_node **nodes = vl_arena_take(making->arena, making->about_count * sizeof(void *));
    struct vl_found_invitation *invitation = vl_arena_take(making->arena, sizeof *invitation);

    if (!nodes || !invitation)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < making->about_count; i++)
        if (is_of(making, making->about[i]))
            nodes[invitation->act_count++] = making->about[i];
    if (invitation->act_count == 0)
        return VL_OK;
    invitation->acts =
        vl_arena_take(making->arena, invitation->act_count * sizeof *invitation->acts);
    if (!invitation->acts)
        return VL_ERR_NO_MEMORY;
    making->finding->invitation = invitation;
    return find_all(making, invitation, nodes);
}
