/* SPDX-License-Identifier: Apache-2.0 */
/* Who is heard about a letter.  Anybody may talk about it, and as much as they like: so custody is
 * complete first, and of words each office has a share, apart for those that are proven to be its
 * own.  Identities are free: half of the room is for offices that the user checked.  They never
 * make an error; what is left out is counted. */
#include <stdlib.h>

#include "finding/inside.h"

struct hearing {
    struct vl_making *making;
    size_t (*shares)[2]; /* by the place of the office, those that are not ok first */
    size_t around;       /* acts about the letter whose followers have been asked to wait */
    size_t cap;
    struct vl_nodes waiting;
};

/* Every act waits once. */
static enum vl_err wait(struct hearing *hearing, struct vl_node *node)
{
    const uint64_t generation = hearing->making->set->generation;
    void *list = hearing->waiting.at;
    enum vl_err err;

    if (node->about == generation || node->waits == generation)
        return VL_OK;
    err = vl_arena_room(hearing->making->arena, &list, hearing->waiting.count, &hearing->cap, 1,
                        sizeof(void *));
    if (err)
        return err;
    node->waits = generation;
    hearing->waiting.at = list;
    hearing->waiting.at[hearing->waiting.count++] = node;
    return VL_OK;
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

/* Whatever it takes to say whether an act is good: the mandates under which it is, and an end of
 * each, one that it names itself if there is any.  Without that a mandate would look as if it were
 * still good; more of them count as their issuer's own words: else he could hide what was done for
 * him by ending it often. */
struct needs {
    size_t count;
    struct vl_node *at[VL_FINDING_MAX_HEARD];
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
    if (node->about == making->set->generation)
        return true;
    if (needs->count == VL_FINDING_MAX_HEARD)
        return false;
    needs->at[needs->count++] = node;
    return true;
}

/* False when it is more than anybody's share.  What is there already has its needs with it. */
static bool find_needs(const struct vl_making *making, struct vl_node *node, struct needs *needs)
{
    needs->count = 0;
    if (!need(making, needs, node))
        return false;
    for (struct vl_node *user = node;
         vl_is_warrant(user->under) && user->under->about != making->set->generation;
         user = user->under) {
        struct vl_node *mandate = user->under, *end = an_end(mandate, user);

        if (!need(making, needs, mandate) || (end && !need(making, needs, end)))
            return false;
    }
    return true;
}

static enum vl_err hear(struct hearing *hearing, struct vl_node *node)
{
    struct vl_making *making = hearing->making;
    const size_t office =
        (size_t)(vl_set_office(making->set, &node->issuer) - making->set->offices);
    size_t *share = &hearing->shares[office][node->is_ok];
    const size_t room = vl_set_is_checked(making->set, &node->issuer) ? VL_FINDING_MAX_ABOUT
                                                                      : VL_FINDING_MAX_STRANGE;
    struct needs needs;
    enum vl_err err = VL_OK;

    if (node->about == making->set->generation)
        return VL_OK; /* another needed it */
    if (!find_needs(making, node, &needs) || needs.count > VL_FINDING_MAX_HEARD - *share ||
        making->about_count + needs.count > room) {
        making->finding->unheard_count++;
        return VL_OK;
    }
    *share += needs.count;
    for (size_t i = 0; i < needs.count && !err; i++)
        err = vl_about_add(making, needs.at[i]);
    return err;
}

enum vl_err vl_find_heard(struct vl_making *making, const struct vl_set_letter *letters,
                          size_t count)
{
    struct hearing hearing = {.making = making};
    enum vl_err err = VL_OK;

    hearing.shares =
        vl_arena_take(making->arena, making->set->office_count * sizeof *hearing.shares);
    if (!hearing.shares)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < count && !err; i++)
        if (vl_is_heard(letters[i].node))
            err = wait(&hearing, letters[i].node);
    if (!err)
        err = wait_around(&hearing);
    while (hearing.waiting.count > 0 && !err) {
        qsort(hearing.waiting.at, hearing.waiting.count, sizeof(void *), vl_node_by_index);
        for (size_t i = 0; i < hearing.waiting.count && !err; i++)
            err = hear(&hearing, hearing.waiting.at[i]);
        hearing.waiting.count = 0;
        if (!err)
            err = wait_around(&hearing);
    }
    return err;
}
