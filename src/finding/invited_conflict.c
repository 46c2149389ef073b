/* SPDX-License-Identifier: Apache-2.0 */
/* What one office signed about an invitation that cannot both be meant. */
#include "finding/inside.h"

/* Of each sort an office means one thing, where it knew of the same acts. */
enum sort { SORT_NONE, SORT_ANSWER, SORT_DATE, SORT_PAST };

static enum sort sort_of(const struct vl_found_invited *one)
{
    switch ((int)one->invitation->what) {
    case VL_INVITATION_ACCEPT:
    case VL_INVITATION_TENTATIVE:
    case VL_INVITATION_DECLINE:
        return SORT_ANSWER;
    case VL_INVITATION_APPOINT:
        return SORT_DATE;
    case VL_INVITATION_HELD:
    case VL_INVITATION_NOT_HELD:
        return SORT_PAST;
    default:
        return SORT_NONE;
    }
}

static bool in_one_place(const struct vl_found_invited *a, const struct vl_found_invited *b)
{
    return a->is_ok && b->is_ok && sort_of(a) == sort_of(b) && vl_office_id_eq(&a->by, &b->by) &&
           a->invitation->has_principal == b->invitation->has_principal &&
           (!a->invitation->has_principal ||
            vl_office_id_eq(&a->invitation->principal, &b->invitation->principal)) &&
           vl_invited_same_heads(a->invitation, b->invitation);
}

static bool differ(const struct vl_found_invited *a, const struct vl_found_invited *b)
{
    if (sort_of(a) == SORT_DATE)
        return a->invitation->from_s != b->invitation->from_s ||
               a->invitation->to_s != b->invitation->to_s;
    return a->invitation->what != b->invitation->what;
}

/* Told once, by the first of them. */
static enum vl_err find_replies(struct vl_making *making,
                                const struct vl_found_invitation *invitation, size_t at)
{
    const struct vl_found_invited *one = &invitation->acts[at];
    struct vl_hashes acts = {0};
    bool any = false;
    enum vl_err err = VL_OK;

    if (!one->is_ok || sort_of(one) == SORT_NONE)
        return VL_OK;
    for (size_t i = 0; i < invitation->act_count && !err; i++) {
        const struct vl_found_invited *other = &invitation->acts[i];

        if (!in_one_place(one, other))
            continue;
        if (i < at)
            return VL_OK;
        any |= differ(one, other);
        err = vl_hashes_add(making->arena, &acts, other->act);
    }
    if (err || !any)
        return err;
    return vl_contradiction_add(making, VL_CONTRADICTION_TWO_REPLIES, &one->by, &acts);
}

static bool is_issue(const struct vl_found_invited *one)
{
    return one->is_ok && one->invitation->what == VL_INVITATION_ISSUE;
}

/* What is issued twice has two contents under one id. */
static enum vl_err find_issues(struct vl_making *making,
                               const struct vl_found_invitation *invitation, size_t at)
{
    const struct vl_found_invited *one = &invitation->acts[at];
    struct vl_hashes acts = {0};
    enum vl_err err = VL_OK;

    for (size_t i = 0; is_issue(one) && i < invitation->act_count && !err; i++) {
        const struct vl_found_invited *other = &invitation->acts[i];

        if (!is_issue(other) || !vl_office_id_eq(&one->by, &other->by))
            continue;
        if (i < at)
            return VL_OK;
        err = vl_hashes_add(making->arena, &acts, other->act);
    }
    if (err || acts.count < 2)
        return err;
    return vl_contradiction_add(making, VL_CONTRADICTION_TWO_ISSUES, &one->by, &acts);
}

enum vl_err vl_find_two_faced(struct vl_making *making)
{
    const struct vl_found_invitation *invitation = making->finding->invitation;
    enum vl_err err = VL_OK;

    for (size_t i = 0; invitation && i < invitation->act_count && !err; i++) {
        err = find_issues(making, invitation, i);
        if (!err)
            err = find_replies(making, invitation, i);
    }
    return err;
}
