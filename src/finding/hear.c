/* SPDX-License-Identifier: Apache-2.0 */
/* Which acts are heard about a letter, as far as there is room (share.c): round after round, those
 * of whom it concerns first, and words last.  Nobody makes an error by what he signs; what is left
 * out is counted. */
#include <stdlib.h>

#include "finding/inside.h"

struct hearing {
    struct vl_making *making;
    struct vl_shares *shares;
    bool (*takes)(const struct hearing *hearing, const struct vl_node *node);
    size_t around; /* acts about the letter whose followers have been asked to wait */
    size_t waiting_cap, left_cap;
    struct vl_nodes waiting;
    struct vl_nodes left; /* out: beyond a share */
};

static bool takes_near(const struct hearing *hearing, const struct vl_node *node)
{
    return !vl_is_heard(node) && vl_shares_is_near(hearing->shares, &node->issuer);
}

static bool takes_no_words(const struct hearing *hearing, const struct vl_node *node)
{
    (void)hearing;
    return !vl_is_heard(node);
}

static bool takes_all(const struct hearing *hearing, const struct vl_node *node)
{
    (void)hearing;
    (void)node;
    return true;
}

static enum vl_err push(struct vl_making *making, struct vl_nodes *nodes, size_t *cap,
                        struct vl_node *node)
{
    void *list = nodes->at;
    const enum vl_err err =
        vl_arena_room(making->arena, &list, nodes->count, cap, 1, sizeof(void *));

    if (err)
        return err;
    nodes->at = list;
    nodes->at[nodes->count++] = node;
    return VL_OK;
}

/* --- who waits -------------------------------------------------------------------------------- */

/* Every act waits once. */
static enum vl_err wait(struct hearing *hearing, struct vl_node *node)
{
    const uint64_t generation = hearing->making->set->generation;

    if (node->about == generation || node->waits == generation || !hearing->takes(hearing, node))
        return VL_OK;
    node->waits = generation;
    node->rank = vl_shares_named(hearing->shares, node);
    return push(hearing->making, &hearing->waiting, &hearing->waiting_cap, node);
}

static enum vl_err wait_around(struct hearing *hearing)
{
    const struct vl_making *making = hearing->making;
    enum vl_err err = VL_OK;

    for (; hearing->around < making->about_count && !err; hearing->around++) {
        const struct vl_nodes *list = &making->about[hearing->around]->targeted_by;

        for (size_t i = 0; i < list->count && !err; i++)
            err = wait(hearing, list->at[i]);
    }
    return err;
}

static int by_rank(const void *a, const void *b)
{
    const struct vl_node *const *left = a, *const *right = b;

    if ((*left)->rank != (*right)->rank)
        return (*left)->rank < (*right)->rank ? -1 : 1;
    return vl_node_by_index(a, b);
}

/* --- what goes with an act -------------------------------------------------------------------- */

/* Whatever it takes to say whether an act is good: the mandates under which it is, and an end of
 * each, one that the act under it names itself if there is any.  Without that a mandate would look
 * as if it were still good; more of them count as their issuer's own acts: else he could hide what
 * was done for him by ending it often. */
struct needs {
    size_t count;
    struct vl_node *at[VL_FINDING_MAX_OWN];
};

static struct vl_node *an_end(const struct vl_node *mandate, const struct vl_node *user)
{
    struct vl_node *named = NULL;

    for (size_t i = 0; i < user->follows.count; i++) {
        struct vl_node *end = user->follows.at[i];

        if (end->target == mandate && vl_mandate_ends(end, mandate) &&
            (!named || end->index < named->index))
            named = end;
    }
    for (size_t i = 0; !named && i < mandate->targeted_by.count; i++)
        if (vl_mandate_ends(mandate->targeted_by.at[i], mandate))
            named = mandate->targeted_by.at[i];
    return named;
}

static bool need(const struct vl_making *making, struct needs *needs, struct vl_node *node)
{
    if (vl_is_about(making, node))
        return true;
    if (needs->count == VL_FINDING_MAX_OWN)
        return false;
    needs->at[needs->count++] = node;
    return true;
}

/* False when it is more than anybody's share. */
static bool find_needs(const struct vl_making *making, struct vl_node *node, struct needs *needs)
{
    struct vl_node *user = node, *warrant = vl_is_warrant(node) ? node : node->under;

    needs->count = 0;
    if (!need(making, needs, node))
        return false;
    for (; vl_is_warrant(warrant); user = warrant, warrant = warrant->under) {
        struct vl_node *end = an_end(warrant, user);

        if ((warrant != node && !need(making, needs, warrant)) ||
            (end && !need(making, needs, end)))
            return false;
    }
    return true;
}

/* --- what others wait for --------------------------------------------------------------------- */

/* What this one completes: the answer to a hand-over by its very taker, or the addressee's word
 * that a receipt is good for it. */
static struct vl_node *completed_by(const struct vl_node *node)
{
    if (vl_is_taken_by(node))
        return node->answers;
    if (node->kind == VL_KIND_RATIFIED && node->is_ok && node->target &&
        node->target->kind == VL_KIND_RECEIPTED &&
        vl_office_id_eq(&node->target->as.answer->addressee, &node->issuer))
        return node->target;
    return NULL;
}

static bool is_appoint(const struct vl_node *node)
{
    return node->is_ok && node->form == VL_ACT_INVITATION &&
           node->as.invitation->what == VL_INVITATION_APPOINT;
}

/* A date that another office appointed, and this one has not signed as far as is known. */
static bool is_counterpart(const struct vl_making *making, const struct vl_node *node)
{
    bool any = false;

    for (size_t i = 0; is_appoint(node) && i < making->about_count; i++) {
        const struct vl_node *other = making->about[i];

        if (!is_appoint(other) ||
            !vl_invited_same_date(node->as.invitation, other->as.invitation) ||
            !vl_invited_same_heads(node->as.invitation, other->as.invitation))
            continue;
        if (vl_office_id_eq(&other->issuer, &node->issuer))
            return false;
        any = true;
    }
    return any;
}

static bool completes(const struct vl_making *making, const struct vl_node *node)
{
    const struct vl_node *target = completed_by(node);

    return target ? vl_is_about(making, target) && target->completed != making->set->generation
                  : is_counterpart(making, node);
}

/* --- who is heard ----------------------------------------------------------------------------- */

/* If there is room, or beyond the share of its issuer. */
static enum vl_err let_in(struct hearing *hearing, struct vl_node *node, bool beyond, bool *is_in)
{
    struct vl_making *making = hearing->making;
    struct needs needs;
    enum vl_err err = VL_OK;

    *is_in = find_needs(making, node, &needs) &&
             vl_shares_has_room(hearing->shares, node, needs.count, beyond);
    if (*is_in)
        err = vl_shares_take(hearing->shares, node, needs.count);
    for (size_t i = 0; *is_in && i < needs.count && !err; i++) {
        struct vl_node *completed = completed_by(needs.at[i]);

        if (completed)
            completed->completed = making->set->generation;
        err = vl_shares_note(hearing->shares, needs.at[i]);
        if (!err)
            err = vl_about_add(making, needs.at[i]);
    }
    return err;
}

static enum vl_err hear(struct hearing *hearing, struct vl_node *node)
{
    const bool is_first = vl_shares_is_first(hearing->shares, node);
    bool is_in;
    enum vl_err err = let_in(hearing, node, is_first, &is_in);

    if (err || is_in)
        return err;
    node->left = hearing->making->set->generation;
    return push(hearing->making, &hearing->left, &hearing->left_cap, node);
}

/* Those that were named; then those that are the first of their sort; then all others. */
static enum vl_err hear_round(struct hearing *hearing)
{
    const struct vl_nodes *waiting = &hearing->waiting;
    enum vl_err err = VL_OK;

    qsort(waiting->at, waiting->count, sizeof(void *), by_rank);
    for (int turn = 0; turn < 3; turn++)
        for (size_t i = 0; i < waiting->count && !err; i++) {
            struct vl_node *node = waiting->at[i];

            if (vl_is_about(hearing->making, node) ||
                node->left == hearing->making->set->generation ||
                (turn == 0 && node->rank == VL_NAMED_NOT) ||
                (turn == 1 && !vl_shares_is_first(hearing->shares, node)))
                continue;
            err = hear(hearing, node);
        }
    hearing->waiting.count = 0;
    return err;
}

static enum vl_err hear_left(struct hearing *hearing, bool *any)
{
    const struct vl_nodes *left = &hearing->left;
    enum vl_err err = VL_OK;

    *any = false;
    if (left->count > 1)
        qsort(left->at, left->count, sizeof(void *), vl_node_by_index);
    for (size_t i = 0; i < left->count && !err; i++) {
        bool is_in = false;

        if (!vl_is_about(hearing->making, left->at[i]) && completes(hearing->making, left->at[i]))
            err = let_in(hearing, left->at[i], true, &is_in);
        *any |= is_in;
    }
    return err;
}

static enum vl_err begin(struct hearing *hearing, const struct vl_entries *own,
                         const struct vl_entries *named)
{
    enum vl_err err = VL_OK;

    hearing->around = 0;
    for (size_t i = 0; i < own->count && !err; i++)
        err = wait(hearing, own->at[i].node);
    for (size_t i = 0; i < named->count && !err; i++)
        if (vl_shares_has_waybill(hearing->shares, &named->at[i].node->issuer))
            err = wait(hearing, named->at[i].node);
    return err ? err : wait_around(hearing);
}

static enum vl_err take_up(struct hearing *hearing, const struct vl_entries *own,
                           const struct vl_entries *named)
{
    bool more = true;
    enum vl_err err = begin(hearing, own, named);

    while (more && !err) {
        more = hearing->waiting.count > 0;
        err = more ? hear_round(hearing) : hear_left(hearing, &more);
        if (!err)
            err = wait_around(hearing);
    }
    return err;
}

enum vl_err vl_find_heard(struct vl_making *making, const struct vl_entries *own,
                          const struct vl_entries *named)
{
    static bool (*const takes[])(const struct hearing *,
                                 const struct vl_node *) = {takes_near, takes_no_words, takes_all};
    struct hearing hearing = {.making = making};
    enum vl_err err = vl_shares_new(making, own, &hearing.shares);

    for (size_t i = 0; i < sizeof takes / sizeof *takes && !err; i++) {
        hearing.takes = takes[i];
        err = take_up(&hearing, own, named);
    }
    for (size_t i = 0; i < hearing.left.count; i++)
        if (!vl_is_about(making, hearing.left.at[i]))
            ++*(vl_is_heard(hearing.left.at[i]) ? &making->finding->unheard_count
                                                : &making->finding->crowded_count);
    return err;
}
