/* SPDX-License-Identifier: Apache-2.0 */
/* Who follows whom.  Order among acts is what their ids say, and never a time (PROTOCOL 16).
 *
 * No recursion: how deep the arrows go is for strangers to choose. */
#include <stdlib.h>
#include <string.h>

#include "finding/inside.h"

#define WORD_BITS 64

struct vl_node *vl_set_find(const struct vl_finding_set *set, const uint8_t id[VL_HASH_LEN])
{
    size_t low = 0, high = set->node_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = memcmp(set->nodes[middle]->id, id, VL_HASH_LEN);

        if (order == 0)
            return set->nodes[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

static enum vl_err find_followed(struct vl_finding_set *set, struct vl_node *node)
{
    const size_t leaves = node->form == VL_ACT_SEEN ? node->leaf_count : 0;
    struct vl_nodes *follows = &node->follows;

    follows->at = vl_arena_take(set->prepared, (node->named_count + leaves) * sizeof(void *));
    if (!follows->at)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < node->named_count + leaves; i++) {
        const uint8_t *id =
            i < node->named_count ? node->named[i] : node->leaves[i - node->named_count].number;
        struct vl_node *named = vl_set_find(set, id);

        if (named && named != node)
            follows->at[follows->count++] = named;
    }
    if (node->has_under)
        node->under = vl_set_find(set, node->under_id);
    if (node->has_answers)
        node->answers = vl_set_find(set, node->answers_id);
    if (node->has_target)
        node->target = vl_set_find(set, node->target_id);
    return VL_OK;
}

/* The arrows of one sort turned round: who points at a node.  First how many do, then who. */
struct turning {
    struct vl_finding_set *set;
    struct vl_nodes *(*list)(struct vl_node *node);
    bool is_counting;
};

static void turn(const struct turning *turning, struct vl_node *to, struct vl_node *from)
{
    struct vl_nodes *list = to ? turning->list(to) : NULL;

    if (list && !turning->is_counting)
        list->at[list->count] = from;
    if (list)
        list->count++;
}

static struct vl_nodes *targeting(struct vl_node *node)
{
    return &node->targeted_by;
}

static struct vl_nodes *acting_under(struct vl_node *node)
{
    return &node->under_it;
}

static void turn_targets(const struct turning *turning)
{
    for (size_t i = 0; i < turning->set->node_count; i++) {
        struct vl_node *node = turning->set->nodes[i];

        turn(turning, node->target, node);
        for (size_t j = 0; j < node->subject_count; j++)
            if (node->subjects[j].what == VL_SUBJECT_ACT)
                turn(turning, vl_set_find(turning->set, node->subjects[j].id), node);
        for (size_t leaf = 0; node->form == VL_ACT_SEEN && leaf < node->leaf_count; leaf++)
            turn(turning, vl_set_find(turning->set, node->leaves[leaf].number), node);
    }
}

static struct vl_nodes *answering(struct vl_node *node)
{
    return &node->answered_by;
}

static void turn_answers(const struct turning *turning)
{
    for (size_t i = 0; i < turning->set->node_count; i++)
        turn(turning, turning->set->nodes[i]->answers, turning->set->nodes[i]);
}

static void turn_unders(const struct turning *turning)
{
    for (size_t i = 0; i < turning->set->node_count; i++)
        turn(turning, turning->set->nodes[i]->under, turning->set->nodes[i]);
}

static struct vl_nodes *following(struct vl_node *node)
{
    return &node->followed_by;
}

static void turn_follows(const struct turning *turning)
{
    for (size_t i = 0; i < turning->set->node_count; i++)
        for (size_t j = 0; j < turning->set->nodes[i]->follows.count; j++)
            turn(turning, turning->set->nodes[i]->follows.at[j], turning->set->nodes[i]);
}

static enum vl_err turn_all(struct turning *turning, void (*walk)(const struct turning *))
{
    struct vl_finding_set *set = turning->set;

    turning->is_counting = true;
    walk(turning);
    turning->is_counting = false;
    for (size_t i = 0; i < set->node_count; i++) {
        struct vl_nodes *list = turning->list(set->nodes[i]);

        if (list->count == 0)
            continue;
        list->at = vl_arena_take(set->prepared, list->count * sizeof(void *));
        if (!list->at)
            return VL_ERR_NO_MEMORY;
        list->count = 0;
    }
    walk(turning);
    return VL_OK;
}

/* From the acts that follow none upwards: an act is ready when all that it follows is done. */
static enum vl_err find_depths(struct vl_finding_set *set)
{
    struct vl_node **ready = vl_arena_take(set->prepared, set->node_count * sizeof(void *));
    size_t *waits_for = vl_arena_take(set->prepared, set->node_count * sizeof *waits_for);
    size_t ready_count = 0;

    if (!ready || !waits_for)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < set->node_count; i++) {
        waits_for[i] = set->nodes[i]->follows.count;
        if (waits_for[i] == 0)
            ready[ready_count++] = set->nodes[i];
    }
    for (size_t i = 0; i < ready_count; i++)
        for (size_t j = 0; j < ready[i]->followed_by.count; j++) {
            struct vl_node *next = ready[i]->followed_by.at[j];

            if (next->depth <= ready[i]->depth)
                next->depth = ready[i]->depth + 1;
            if (--waits_for[next->index] == 0)
                ready[ready_count++] = next;
        }
    return VL_OK;
}

enum vl_err vl_order_link(struct vl_finding_set *set)
{
    struct turning targets = {set, targeting, false}, unders = {set, acting_under, false},
                   answers = {set, answering, false}, follows = {set, following, false};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < set->node_count && !err; i++)
        err = find_followed(set, set->nodes[i]);
    if (!err)
        err = turn_all(&targets, turn_targets);
    if (!err)
        err = turn_all(&unders, turn_unders);
    if (!err)
        err = turn_all(&answers, turn_answers);
    if (!err)
        err = turn_all(&follows, turn_follows);
    return err ? err : find_depths(set);
}

int vl_node_by_depth(const void *a, const void *b)
{
    const struct vl_node *const *left = a, *const *right = b;

    if ((*left)->depth != (*right)->depth)
        return (*left)->depth < (*right)->depth ? -1 : 1;
    return vl_node_by_index(a, b);
}

/* Everything below the acts about the letter, and they themselves: whatever a way between two of
 * them can lead through. */
static enum vl_err collect_below(struct vl_making *making, struct vl_nodes *below)
{
    struct vl_finding_set *set = making->set;
    size_t cap = 0;

    for (size_t i = 0; i < making->about_count + below->count; i++) {
        struct vl_node *node =
            i < making->about_count ? making->about[i] : below->at[i - making->about_count];
        const size_t more = node->follows.count + 1;
        void *list = below->at;
        enum vl_err err =
            vl_arena_room(making->arena, &list, below->count, &cap, more, sizeof(void *));

        if (err)
            return err;
        below->at = list;
        for (size_t j = 0; j < more; j++) {
            struct vl_node *next = j == 0 ? node : node->follows.at[j - 1];

            if (next->visited == set->generation)
                continue;
            next->visited = set->generation;
            next->follows_about = NULL;
            below->at[below->count++] = next;
        }
    }
    return VL_OK;
}

enum vl_err vl_order_among(struct vl_making *making)
{
    const size_t words = (making->about_count + WORD_BITS - 1) / WORD_BITS;
    struct vl_nodes below = {0};
    enum vl_err err = collect_below(making, &below);

    if (err)
        return err;
    if (below.count > 1)
        qsort(below.at, below.count, sizeof(void *), vl_node_by_depth);
    for (size_t i = 0; i < below.count; i++) {
        struct vl_node *node = below.at[i];
        uint64_t *bits = vl_arena_take(making->arena, words * sizeof *bits);

        if (!bits)
            return VL_ERR_NO_MEMORY;
        for (size_t j = 0; j < node->follows.count; j++) {
            const struct vl_node *earlier = node->follows.at[j];

            for (size_t word = 0; earlier->follows_about && word < words; word++)
                bits[word] |= earlier->follows_about[word];
            if (earlier->about == making->set->generation)
                bits[earlier->place / WORD_BITS] |= UINT64_C(1) << earlier->place % WORD_BITS;
        }
        node->follows_about = bits;
    }
    return VL_OK;
}

bool vl_follows(const struct vl_node *node, const struct vl_node *earlier)
{
    return node->follows_about[earlier->place / WORD_BITS] >> earlier->place % WORD_BITS & 1;
}
