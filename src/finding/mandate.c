/* SPDX-License-Identifier: Apache-2.0 */
/* Is a mandate good for what was done under it (PROTOCOL 1, 5, 22)? */
#include "finding/inside.h"

uint32_t vl_mandate_mark(enum vl_mandate_flaw flaw)
{
    static const uint32_t marks[] = {
        [VL_MANDATE_GOOD] = 0,
        [VL_MANDATE_NOT_VOUCHED] = VL_MARK_MANDATE_NOT_VOUCHED,
        [VL_MANDATE_NOT_THE_PRINCIPAL] = VL_MARK_NOT_THE_PRINCIPAL,
        [VL_MANDATE_NOT_THE_GRANTEE] = VL_MARK_NOT_THE_GRANTEE,
        [VL_MANDATE_NO_SUCH_POWER] = VL_MARK_NO_SUCH_POWER,
        [VL_MANDATE_NOT_THIS_LETTER] = VL_MARK_NOT_THIS_LETTER,
        [VL_MANDATE_NOT_THIS_SENDER] = VL_MARK_NOT_THIS_SENDER,
        [VL_MANDATE_NOT_THIS_HANDOVER] = VL_MARK_NOT_THIS_HANDOVER,
        [VL_MANDATE_OVER_COUNT] = VL_MARK_OVER_COUNT,
        [VL_MANDATE_SEALS_DIFFER] = VL_MARK_SEALS_DIFFER,
        [VL_MANDATE_OUTSIDE_VALIDITY] = VL_MARK_OUTSIDE_VALIDITY,
        [VL_MANDATE_REVOKED] = VL_MARK_REVOKED,
    };

    return (size_t)flaw < sizeof marks / sizeof *marks ? marks[flaw] : 0;
}

static bool is_mandate(const struct vl_node *node)
{
    return node && node->form == VL_ACT_MANDATE;
}

const struct vl_office_id *vl_mandate_principal(const struct vl_node *mandate)
{
    if (!is_mandate(mandate))
        return NULL;
    if (!mandate->has_under)
        return &mandate->issuer;
    return is_mandate(mandate->under) ? &mandate->under->issuer : NULL;
}

/* The hand-over by which the letter came to whoever did this: the one that it answers, or that its
 * answer answers. */
static const uint8_t *handover_of(const struct vl_node *act)
{
    const struct vl_node *answers = act->answers;

    if (answers && answers->form == VL_ACT_ANSWER)
        answers = answers->answers;
    return answers && answers->form == VL_ACT_TRANSFERRED ? answers->as.handover->handover : NULL;
}

/* Only who takes letters says which seals were on them. */
static const struct vl_seals *seals_of(const struct vl_node *act, const struct vl_mandate *mandate)
{
    return act->kind == VL_KIND_ACCEPTED || act->kind == VL_KIND_RECEIPTED ? act->as.answer->seals
                                                                           : &mandate->seals;
}

/* One mandate and who uses it: the act itself, or the mandate that stands under it. */
struct link {
    struct vl_node *mandate;
    const struct vl_node *user;
};

static enum vl_mandate_flaw covers(const struct vl_making *making, const struct vl_node *act,
                                   const struct link *link, enum vl_power power, uint32_t *marks)
{
    const struct vl_mandate_use use = {.by = link->user->issuer,
                                       .power = power,
                                       .number = making->number,
                                       .from = making->from,
                                       .from_count = making->from_count,
                                       .handover = handover_of(act),
                                       .count = act->count,
                                       .seals = seals_of(act, link->mandate->as.mandate),
                                       .when = act->when};
    bool uncertain = false;
    enum vl_mandate_flaw flaw = vl_mandate_covers(link->mandate->as.mandate, &use, &uncertain);

    if (uncertain)
        *marks |= VL_MARK_VALIDITY_NOT_CERTAIN;
    return flaw;
}

static bool is_used_twice(const struct link *link)
{
    const struct vl_nodes *uses = &link->mandate->under_it;

    if (link->mandate->as.mandate->uses != VL_MANDATE_ONCE)
        return false;
    for (size_t i = 0; i < uses->count; i++)
        if (uses->at[i] != link->user && uses->at[i]->is_ok &&
            vl_office_id_eq(&uses->at[i]->issuer, &link->user->issuer))
            return true;
    return false;
}

bool vl_mandate_ends(const struct vl_node *revocation, const struct vl_node *mandate)
{
    return revocation->kind == VL_KIND_MANDATE_REVOCATION && revocation->is_ok &&
           vl_office_id_eq(&revocation->issuer, &mandate->issuer);
}

bool vl_mandate_is_ended(const struct vl_making *making, const struct vl_node *revocation,
                         const struct vl_node *mandate)
{
    return revocation->about == making->set->generation && vl_mandate_ends(revocation, mandate);
}

/* PROTOCOL 5: an end counts for what follows it, and not for what it follows. */
static bool is_revoked(const struct vl_making *making, const struct vl_node *act,
                       const struct link *link, bool *unknown)
{
    const struct vl_nodes *around = &link->mandate->targeted_by;

    for (size_t i = 0; i < around->count; i++) {
        const struct vl_node *revocation = around->at[i];

        if (!vl_mandate_is_ended(making, revocation, link->mandate))
            continue;
        if (vl_follows(act, revocation))
            return true;
        *unknown |= !vl_follows(revocation, act);
    }
    return false;
}

static enum vl_err dispute(struct vl_making *making, const struct vl_node *act,
                           const struct link *link)
{
    const struct vl_nodes *around = &link->mandate->targeted_by;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < around->count && !err; i++) {
        const struct vl_node *revocation = around->at[i];
        struct vl_hashes offices = {0}, acts = {0};

        if (!vl_mandate_is_ended(making, revocation, link->mandate) || vl_follows(revocation, act))
            continue;
        err = vl_hashes_add(making->arena, &offices, link->mandate->issuer.at);
        if (!err)
            err = vl_hashes_add(making->arena, &acts, act->id);
        if (!err)
            err = vl_hashes_add(making->arena, &acts, revocation->id);
        if (!err)
            err = vl_dispute_add(making, VL_DISPUTE_REVOKED_ORDER_UNKNOWN, &offices, &acts);
    }
    return err;
}

static bool is_of(const struct link *links, size_t count, const struct vl_office_id *principal)
{
    const struct vl_node *last = links[count - 1].mandate;

    return vl_office_id_eq(&last->issuer, principal) &&
           (count == 1 ||
            vl_mandate_passed_on(links[0].mandate->as.mandate, &links[0].mandate->issuer,
                                 last->as.mandate, last->id));
}

/* The first flaw in the order of the table, whichever of the two mandates has it. */
static enum vl_mandate_flaw find_flaw(struct vl_making *making, const struct vl_node *act,
                                      const struct link *links, size_t count, enum vl_power power,
                                      const struct vl_office_id *principal, uint32_t *marks)
{
    enum vl_mandate_flaw first = VL_MANDATE_GOOD;

    for (size_t i = 0; i < count; i++)
        if (!links[i].mandate->is_ok)
            return VL_MANDATE_NOT_VOUCHED;
    if (!is_of(links, count, principal))
        return VL_MANDATE_NOT_THE_PRINCIPAL;
    for (size_t i = 0; i < count; i++) {
        bool unknown = false;
        enum vl_mandate_flaw flaw = covers(making, act, &links[i], power, marks);

        if (!flaw && is_revoked(making, act, &links[i], &unknown))
            flaw = VL_MANDATE_REVOKED;
        if (flaw && (!first || flaw < first))
            first = flaw;
        if (unknown)
            *marks |= VL_MARK_REVOKED_ORDER_UNKNOWN;
        if (is_used_twice(&links[i]))
            *marks |= VL_MARK_MANDATE_USED_TWICE;
        *marks |= links[i].mandate->marks;
    }
    return first;
}

enum vl_err vl_mandate_judge(struct vl_making *making, struct vl_node *act, enum vl_power power,
                             const struct vl_office_id *principal,
                             struct vl_mandate_judgement *judgement)
{
    struct link links[2] = {{act->under, act}, {NULL, act->under}};
    const size_t count = is_mandate(act->under) && act->under->has_under ? 2 : 1;
    enum vl_err err = VL_OK;

    *judgement = (struct vl_mandate_judgement){.is_held = false};
    if (count == 2)
        links[1].mandate = act->under->under;
    if (!is_mandate(links[0].mandate) || !is_mandate(links[count - 1].mandate))
        return VL_OK;
    judgement->is_held = true;
    judgement->flaw = find_flaw(making, act, links, count, power, principal, &judgement->marks);
    for (size_t i = 0; i < count && !judgement->flaw && !err; i++)
        err = dispute(making, act, &links[i]);
    return err;
}
