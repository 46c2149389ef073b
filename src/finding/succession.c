/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes after an office, and changes what that one said (PROTOCOL 27).  A successor has that by
 * what the predecessor signed, or a guardian that its card names, and never by its own word; and
 * who comes after a successor has it of the first one or not at all. */
#include <string.h>

#include "finding/inside.h"

static bool is_predecessor(const struct vl_node *target, const struct vl_office_id *office)
{
    return vl_office_id_eq(&target->issuer, office) ||
           (target->said->is_spoken_for && vl_office_id_eq(&target->said->principal, office));
}

/* By whom it must be. */
static bool is_given(const struct vl_making *making, const struct vl_node *succession,
                     const struct vl_node *target)
{
    const struct vl_office_id *predecessor = &succession->as.succeeds->predecessor;

    return is_predecessor(target, predecessor) &&
           (vl_office_id_eq(&succession->issuer, predecessor) ||
            vl_set_is_guardian(making->set, predecessor, &succession->issuer));
}

/* Of the time that the change says; one that says none is never outside. */
static bool is_before(const struct vl_node *change, const struct vl_succeeds *succeeds,
                      uint32_t *marks)
{
    const uint64_t from_ms = (uint64_t)succeeds->from_s * 1000;

    if (!succeeds->has_from)
        return false;
    if (change->when.known && change->when.to_ms < from_ms)
        return true;
    if (!change->when.known || change->when.from_ms < from_ms)
        *marks |= VL_MARK_VALIDITY_NOT_CERTAIN;
    return false;
}

static uint32_t flaw_of(const struct vl_making *making, const struct vl_node *change,
                        uint32_t *marks)
{
    const struct vl_node *succession = change->under, *target = change->target;
    const struct vl_succeeds *succeeds = succession->as.succeeds;
    const struct vl_nodes *around = &succession->targeted_by;

    if (!succession->is_ok)
        return VL_MARK_MANDATE_NOT_VOUCHED;
    if (!is_given(making, succession, target))
        return VL_MARK_NOT_THE_PRINCIPAL;
    if (!vl_office_id_eq(&succeeds->successor, &change->issuer))
        return VL_MARK_NOT_THE_GRANTEE;
    if (succeeds->has_scope && !vl_ids_has(&succeeds->scope, target->id))
        return VL_MARK_NOT_THESE_WORDS;
    if (is_before(change, succeeds, marks))
        return VL_MARK_OUTSIDE_VALIDITY;
    for (size_t i = 0; i < around->count; i++)
        if (vl_mandate_is_ended(making, around->at[i], succession) &&
            vl_follows(change, around->at[i]))
            return VL_MARK_REVOKED;
    return 0;
}

/* PROTOCOL 5: neither knew of the other, and no clock tells which came first. */
static enum vl_err find_orders(struct vl_making *making, const struct vl_node *change,
                               uint32_t *marks)
{
    const struct vl_node *succession = change->under;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < succession->targeted_by.count && !err; i++) {
        const struct vl_node *end = succession->targeted_by.at[i];
        struct vl_hashes offices = {0}, acts = {0};

        if (!vl_mandate_is_ended(making, end, succession) || vl_follows(end, change))
            continue;
        *marks |= VL_MARK_REVOKED_ORDER_UNKNOWN;
        err = vl_hashes_add(making->arena, &offices, succession->issuer.at);
        if (!err)
            err = vl_hashes_add(making->arena, &acts, change->id);
        if (!err)
            err = vl_hashes_add(making->arena, &acts, end->id);
        if (!err)
            err = vl_dispute_add(making, VL_DISPUTE_REVOKED_ORDER_UNKNOWN, &offices, &acts);
    }
    return err;
}

enum vl_err vl_judge_succession(struct vl_making *making, struct vl_node *change)
{
    const struct vl_node *succession = change->under, *target = change->target;
    uint32_t marks, flaw;
    enum vl_err err = VL_OK;

    if (!succession || succession->form != VL_ACT_SUCCEEDS || !target ||
        target->form != VL_ACT_STATEMENT || target->about != making->set->generation)
        return VL_OK;
    change->said->is_under_succession = true;
    memcpy(change->said->succession, succession->id, VL_HASH_LEN);
    marks = succession->marks;
    flaw = flaw_of(making, change, &marks);
    if (!flaw)
        err = find_orders(making, change, &marks);
    change->said->is_successor = !flaw;
    change->said->marks |= flaw ? flaw : marks;
    return err;
}
