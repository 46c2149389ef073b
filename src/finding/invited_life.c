/* SPDX-License-Identifier: Apache-2.0 */
/* The life of an invitation (DOMAIN 6.4), by what follows what: each act that bears a state stands
 * until another that knew of it takes its place.  So whatever nobody went on from is current, and
 * two sides that did not know of each other leave two versions.
 *
 * No time decides it, but for a day that an act names and the one as of which it is asked. */
#include <stdlib.h>
#include <string.h>

#include "finding/inside.h"

/* What takes whose place is told by these. */
enum sort {
    SORT_NONE,
    SORT_ISSUE,
    SORT_REPLY, /* accept, tentative */
    SORT_DECLINE,
    SORT_PROPOSE, /* and an appoint that the other side has not signed */
    SORT_RELEASED,
    SORT_POSTPONE,
    SORT_APPOINTED,
    SORT_PAST, /* held, not-held */
    SORT_WITHDRAW
};
#define BIT(sort)  (1U << (sort))
#define FIRST      (BIT(SORT_ISSUE) | BIT(SORT_REPLY) | BIT(SORT_DECLINE))
#define TALKED     (FIRST | BIT(SORT_PROPOSE) | BIT(SORT_RELEASED))
#define EVERYTHING (TALKED | BIT(SORT_POSTPONE) | BIT(SORT_APPOINTED))

static const unsigned replaced_by[] = {
    [SORT_REPLY] = FIRST | BIT(SORT_RELEASED), /* open again, it is answered again */
    [SORT_DECLINE] = EVERYTHING,
    [SORT_PROPOSE] = TALKED,
    [SORT_RELEASED] = EVERYTHING,
    [SORT_POSTPONE] = EVERYTHING,
    [SORT_APPOINTED] = EVERYTHING,
    [SORT_PAST] = EVERYTHING | BIT(SORT_PAST),
    [SORT_WITHDRAW] = EVERYTHING | BIT(SORT_WITHDRAW), /* what took place stays (PROTOCOL 6) */
};

struct bearer {
    const struct vl_node *node;
    const struct vl_found_invited *invited;
    const struct vl_invitation *said;
    enum sort sort;
    bool is_current;
    size_t version; /* of a current one: 1 and more */
};

struct life {
    struct vl_making *making;
    struct vl_found_invitation *invitation;
    struct vl_node *const *nodes; /* of all acts */
    size_t count;
    struct bearer *at;
};

/* --- what each of them is --------------------------------------------------------------------- */

bool vl_invited_same_heads(const struct vl_invitation *a, const struct vl_invitation *b)
{
    if (a->heads.count != b->heads.count)
        return false;
    for (size_t i = 0; i < a->heads.count; i++)
        if (!vl_same(vl_ids_at(&a->heads, i), vl_ids_at(&b->heads, i)))
            return false;
    return true;
}

bool vl_invited_same_date(const struct vl_invitation *a, const struct vl_invitation *b)
{
    return a->has_date && b->has_date && a->from_s == b->from_s && a->to_s == b->to_s;
}

static bool appoint_the_same(const struct bearer *a, const struct bearer *b)
{
    return a->said->what == VL_INVITATION_APPOINT && b->said->what == VL_INVITATION_APPOINT &&
           vl_invited_same_date(a->said, b->said) && vl_invited_same_heads(a->said, b->said);
}

/* PROTOCOL, the table: both sides sign the same date under the same heads. */
static bool is_appointed(const struct life *life, const struct bearer *one)
{
    for (size_t i = 0; i < life->count; i++)
        if (life->at[i].invited->side != one->invited->side && appoint_the_same(&life->at[i], one))
            return true;
    return false;
}

/* Who owns a condition says that it is so, and knew of the postponement. */
static bool is_attested(const struct life *life, const struct bearer *one)
{
    for (size_t i = 0; i < life->invitation->act_count; i++) {
        const struct vl_found_invited *other = life->nodes[i]->invited;
        const struct vl_invitation *said = other->invitation;

        if (other->counts && said->what == VL_INVITATION_ATTEST && one->said->owner.has_office &&
            vl_office_id_eq(&said->owner.office, &one->said->owner.office) &&
            vl_bytes_eq(said->condition, one->said->condition) &&
            vl_bytes_eq(said->condition_lang, one->said->condition_lang) &&
            vl_follows(life->nodes[i], one->node))
            return true;
    }
    return false;
}

static bool is_released(const struct life *life, const struct bearer *one)
{
    if (one->said->has_not_before && one->said->not_before_s > life->making->finding->as_of_s)
        return false;
    return one->said->condition.len == 0 || is_attested(life, one);
}

static enum sort sort_of(const struct life *life, const struct bearer *one)
{
    switch (one->said->what) {
    case VL_INVITATION_ISSUE:
        return SORT_ISSUE;
    case VL_INVITATION_ACCEPT:
    case VL_INVITATION_TENTATIVE:
        return SORT_REPLY;
    case VL_INVITATION_DECLINE:
        return SORT_DECLINE;
    case VL_INVITATION_PROPOSE:
        return SORT_PROPOSE;
    case VL_INVITATION_APPOINT:
        return is_appointed(life, one) ? SORT_APPOINTED : SORT_PROPOSE;
    case VL_INVITATION_POSTPONE:
        return is_released(life, one) ? SORT_RELEASED : SORT_POSTPONE;
    case VL_INVITATION_WITHDRAW:
        return SORT_WITHDRAW;
    case VL_INVITATION_HELD:
    case VL_INVITATION_NOT_HELD:
        return SORT_PAST;
    case VL_INVITATION_NONE:
    case VL_INVITATION_ANNOUNCE:
    case VL_INVITATION_ACKNOWLEDGE:
    case VL_INVITATION_ATTEST:
        break;
    }
    return SORT_NONE;
}

static enum vl_err collect(struct life *life)
{
    const struct vl_found_invitation *invitation = life->invitation;

    life->at = vl_arena_take(life->making->arena, invitation->act_count * sizeof *life->at);
    if (!life->at)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < invitation->act_count; i++) {
        const struct vl_found_invited *invited = life->nodes[i]->invited;

        if (invited->counts && !invited->is_late)
            life->at[life->count++] = (struct bearer){.node = life->nodes[i],
                                                      .invited = invited,
                                                      .said = invited->invitation};
    }
    for (size_t i = 0; i < life->count; i++)
        life->at[i].sort = sort_of(life, &life->at[i]);
    return VL_OK;
}

/* --- what is current -------------------------------------------------------------------------- */

static bool replaces(const struct bearer *later, const struct bearer *earlier)
{
    if (!(replaced_by[later->sort] & BIT(earlier->sort)) || !vl_follows(later->node, earlier->node))
        return false;
    if (later->sort == SORT_PAST && earlier->sort == SORT_PAST) /* each side has its own account */
        return later->invited->side == earlier->invited->side;
    return !(later->sort == SORT_APPOINTED && earlier->sort == SORT_APPOINTED &&
             appoint_the_same(later, earlier));
}

static bool is_replaced(const struct life *life, const struct bearer *one)
{
    for (size_t i = 0; i < life->count; i++)
        if (life->at[i].sort != SORT_NONE && replaces(&life->at[i], one))
            return true;
    return false;
}

static bool are_apart(const struct life *life)
{
    for (size_t i = 0; i < life->count; i++)
        for (size_t j = 0; j < i; j++) {
            const struct bearer *a = &life->at[i], *b = &life->at[j];

            if (a->is_current && b->is_current && a->version != b->version &&
                !vl_follows(a->node, b->node) && !vl_follows(b->node, a->node))
                return true;
        }
    return false;
}

/* --- versions --------------------------------------------------------------------------------- */

/* What was issued is answered: its date, where all that was issued says the same. */
static void take_issued_date(const struct life *life, struct vl_found_version *version)
{
    const struct vl_invitation *first = NULL;

    for (size_t i = 0; i < life->count; i++) {
        const struct vl_invitation *said = life->at[i].said;

        if (said->what != VL_INVITATION_ISSUE)
            continue;
        if (!said->has_date || (first && !vl_invited_same_date(first, said)))
            return;
        first = said;
    }
    if (!first)
        return;
    version->has_date = true;
    version->from_s = first->from_s;
    version->to_s = first->to_s;
}

static void take_date(struct vl_found_version *version, const struct vl_invitation *said)
{
    version->has_date = said->has_date;
    version->from_s = said->from_s;
    version->to_s = said->to_s;
}

/* Is it accepted, by an acceptance that the invitee did not go back on? */
static bool is_accepted(const struct life *life)
{
    for (size_t i = 0; i < life->count; i++) {
        bool stands = life->at[i].said->what == VL_INVITATION_ACCEPT;

        for (size_t j = 0; stands && j < life->count; j++)
            stands = !((life->at[j].sort == SORT_REPLY || life->at[j].sort == SORT_DECLINE) &&
                       vl_follows(life->at[j].node, life->at[i].node));
        if (stands)
            return true;
    }
    return false;
}

static bool has_lapsed(const struct life *life)
{
    bool any = false;

    for (size_t i = 0; i < life->count; i++) {
        const struct vl_invitation *said = life->at[i].said;

        if (said->what != VL_INVITATION_ISSUE)
            continue;
        if (!said->has_expires || said->expires_s >= life->making->finding->as_of_s)
            return false;
        any = true;
    }
    return any && !is_accepted(life);
}

static bool can_lapse(enum vl_invited state)
{
    return state == VL_INVITED_OPEN || state == VL_INVITED_OPEN_AGAIN ||
           state == VL_INVITED_TENTATIVE || state == VL_INVITED_DATE_PROPOSED ||
           state == VL_INVITED_POSTPONED;
}

static enum vl_invited state_of(const struct bearer *one)
{
    static const enum vl_invited states[] = {
        [SORT_ISSUE] = VL_INVITED_OPEN,
        [SORT_DECLINE] = VL_INVITED_DECLINED,
        [SORT_PROPOSE] = VL_INVITED_DATE_PROPOSED,
        [SORT_RELEASED] = VL_INVITED_OPEN_AGAIN,
        [SORT_POSTPONE] = VL_INVITED_POSTPONED,
        [SORT_APPOINTED] = VL_INVITED_APPOINTED,
        [SORT_WITHDRAW] = VL_INVITED_WITHDRAWN,
    };

    if (one->sort == SORT_REPLY)
        return one->said->what == VL_INVITATION_ACCEPT ? VL_INVITED_ACCEPTED : VL_INVITED_TENTATIVE;
    return states[one->sort];
}

/* Both sides tell what took place, together or against each other. */
static void tell_past(const struct life *life, struct vl_found_version *version, size_t number)
{
    const struct vl_invitation *dated = NULL;
    bool held = false, not_held = false, has_two_dates = false;
    unsigned sides = 0;

    for (size_t i = 0; i < life->count; i++) {
        const struct bearer *one = &life->at[i];

        if (!one->is_current || one->version != number)
            continue;
        held |= one->said->what == VL_INVITATION_HELD;
        not_held |= one->said->what == VL_INVITATION_NOT_HELD;
        sides |= 1U << one->invited->side;
        has_two_dates |= one->said->has_date && dated && !vl_invited_same_date(dated, one->said);
        if (one->said->has_date)
            dated = one->said;
    }
    version->state = held && not_held ? VL_INVITED_HELD_DISPUTED
                     : held           ? VL_INVITED_HELD
                                      : VL_INVITED_NOT_HELD;
    version->level = !(held && not_held) && sides == (1U << VL_SIDE_INVITER | 1U << VL_SIDE_INVITEE)
                         ? VL_LEVEL_PROVEN
                         : VL_LEVEL_CLAIMED;
    if (dated && !has_two_dates)
        take_date(version, dated);
}

static void tell(const struct life *life, const struct bearer *one,
                 struct vl_found_version *version)
{
    version->level = VL_LEVEL_PROVEN;
    if (one->sort == SORT_PAST) {
        tell_past(life, version, one->version);
        return;
    }
    version->state = state_of(one);
    if (one->sort == SORT_REPLY || one->sort == SORT_DECLINE)
        take_issued_date(life, version);
    else
        take_date(version, one->said);
    if (can_lapse(version->state) && has_lapsed(life))
        version->state = VL_INVITED_LAPSED;
}

/* Is this act of one version with the other, current one? */
static bool goes_with(const struct bearer *other, const struct bearer *one)
{
    if (one == other)
        return true;
    if (one->sort == SORT_PAST)
        return other->sort == SORT_PAST && other->is_current;
    return one->sort == SORT_APPOINTED && appoint_the_same(one, other);
}

static enum vl_err add_version(struct life *life, struct bearer *one)
{
    struct vl_found_invitation *invitation = life->invitation;
    struct vl_found_version *version = &invitation->versions[invitation->version_count++];
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < life->count && !err; i++) {
        struct bearer *other = &life->at[i];

        if (!goes_with(other, one))
            continue;
        other->version = invitation->version_count;
        version->is_disputed |= other->invited->disputed_by.count > 0;
        err = vl_hashes_add(life->making->arena, &version->acts, other->node->id);
    }
    tell(life, one, version);
    return err;
}

static int by_acts(const void *a, const void *b)
{
    const struct vl_found_version *left = a, *right = b;

    return vl_hashes_cmp(&left->acts, &right->acts);
}

enum vl_err vl_find_versions(struct vl_making *making, struct vl_found_invitation *invitation,
                             struct vl_node *const *nodes)
{
    struct life life = {.making = making, .invitation = invitation, .nodes = nodes};
    enum vl_err err = collect(&life);

    if (err)
        return err;
    invitation->versions = vl_arena_take(making->arena, life.count * sizeof *invitation->versions);
    if (!invitation->versions)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < life.count; i++)
        life.at[i].is_current = life.at[i].sort != SORT_NONE && !is_replaced(&life, &life.at[i]);
    for (size_t i = 0; i < life.count && !err; i++)
        if (life.at[i].is_current && life.at[i].version == 0)
            err = add_version(&life, &life.at[i]);
    invitation->is_several = are_apart(&life);
    if (invitation->version_count > 1)
        qsort(invitation->versions, invitation->version_count, sizeof *invitation->versions,
              by_acts);
    return err;
}
