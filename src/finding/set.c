/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence as it comes, in whatever order, and the same once it is sorted. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "finding/inside.h"

struct vl_finding_set *vl_finding_set_new(void)
{
    return vl_new(sizeof(struct vl_finding_set));
}

void vl_finding_set_free(struct vl_finding_set *set)
{
    if (!set)
        return;
    vl_arena_free(set->prepared);
    vl_free(set->chains);
    vl_free(set->checked);
    vl_free(set->closures);
    vl_free(set->items);
    vl_free(set);
}

/* Room for one more in a list of the set, which doubles. */
static enum vl_err room_for_one(void **list, size_t count, size_t *cap, size_t one,
                                struct vl_why *why)
{
    const size_t wanted = *cap ? 2 * *cap : 16;

    if (count < *cap)
        return VL_OK;
    if (count >= VL_FINDING_MAX_ITEMS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %zu of a kind in a set of evidence",
                       VL_FINDING_MAX_ITEMS);
    if (vl_grow(list, *cap * one, wanted * one))
        return vl_fail(why, VL_ERR_NO_MEMORY, "%s", vl_err_words(VL_ERR_NO_MEMORY));
    *cap = wanted;
    return VL_OK;
}

/* Nothing that a chain of the set has not: then it is there already. */
static bool has_chain(const struct vl_finding_set *set, const struct vl_chain *chain,
                      size_t *of_office)
{
    uint64_t serial = 0;

    *of_office = 0;
    for (size_t i = 0; i < set->chain_count; i++) {
        if (!vl_office_id_eq(&set->chains[i]->office, &chain->office))
            continue;
        ++*of_office;
        switch (vl_chain_compare(set->chains[i], chain, &serial)) {
        case VL_CHAIN_SAME:
        case VL_CHAIN_OLDER:
            return true;
        case VL_CHAIN_NEWER:
        case VL_CHAIN_FORK:
            break;
        }
    }
    return false;
}

enum vl_err vl_finding_add_chain(struct vl_finding_set *set, const struct vl_chain *chain,
                                 struct vl_why *why)
{
    void *list = set->chains;
    size_t of_office = 0;
    enum vl_err err;

    if (chain->count == 0 || has_chain(set, chain, &of_office))
        return VL_OK;
    if (of_office >= VL_FINDING_MAX_CHAINS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d chains of cards of one office",
                       VL_FINDING_MAX_CHAINS);
    err = room_for_one(&list, set->chain_count, &set->chain_cap, sizeof(struct vl_chain *), why);
    if (err)
        return err;
    set->chains = list;
    set->chains[set->chain_count++] = chain;
    for (size_t i = 0; i < set->item_count; i++)
        set->items[i].is_checked = set->items[i].standing != VL_STANDING_NONE;
    set->is_prepared = false;
    return VL_OK;
}

enum vl_err vl_finding_add_checked(struct vl_finding_set *set, const struct vl_office_id *office,
                                   const uint8_t card[VL_HASH_LEN], struct vl_why *why)
{
    void *list = set->checked;
    enum vl_err err =
        room_for_one(&list, set->checked_count, &set->checked_cap, sizeof *set->checked, why);

    if (err)
        return err;
    set->checked = list;
    set->checked[set->checked_count].office = *office;
    memcpy(set->checked[set->checked_count++].card, card, VL_HASH_LEN);
    set->is_prepared = false;
    return VL_OK;
}

enum vl_err vl_finding_add_closure(struct vl_finding_set *set, const struct vl_closure *closure,
                                   struct vl_why *why)
{
    void *list = set->closures;
    enum vl_err err = room_for_one(&list, set->closure_count, &set->closure_cap,
                                   sizeof(struct vl_closure *), why);

    if (err)
        return err;
    set->closures = list;
    set->closures[set->closure_count++] = closure;
    set->is_prepared = false;
    return VL_OK;
}

static enum vl_err add_item(struct vl_finding_set *set, const struct vl_set_item *item,
                            struct vl_why *why)
{
    void *list = set->items;
    enum vl_err err = room_for_one(&list, set->item_count, &set->item_cap, sizeof *set->items, why);

    if (err)
        return err;
    set->items = list;
    set->items[set->item_count++] = *item;
    set->is_prepared = false;
    return VL_OK;
}

enum vl_err vl_finding_add_item(struct vl_finding_set *set, const struct vl_evidence_item *item,
                                struct vl_why *why)
{
    return add_item(set, &(struct vl_set_item){item, VL_STANDING_NONE, false}, why);
}

enum vl_err vl_finding_add_verified(struct vl_finding_set *set, const struct vl_evidence_item *item,
                                    enum vl_standing standing, struct vl_why *why)
{
    return add_item(set, &(struct vl_set_item){item, standing, true}, why);
}

enum vl_err vl_finding_add_evidence(struct vl_finding_set *set, const struct vl_evidence *evidence,
                                    struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < evidence->chain_count && !err; i++)
        err = vl_finding_add_chain(set, &evidence->chains[i], why);
    for (size_t i = 0; i < evidence->item_count && !err; i++)
        err = vl_finding_add_item(set, &evidence->items[i], why);
    for (size_t i = 0; i < evidence->closure_count && !err; i++)
        err = vl_finding_add_closure(set, &evidence->closures[i], why);
    return err;
}

static int by_office(const void *a, const void *b)
{
    const struct vl_chain *const *left = a, *const *right = b;

    return memcmp((*left)->office.at, (*right)->office.at, VL_HASH_LEN);
}

static int by_checked(const void *a, const void *b)
{
    return memcmp(a, b, sizeof(struct vl_checked));
}

static int by_closed_id(const void *a, const void *b)
{
    const struct vl_closure *const *left = a, *const *right = b;

    return memcmp((*left)->id, (*right)->id, VL_HASH_LEN);
}

static void sort(void *list, size_t count, size_t one, int (*order)(const void *, const void *))
{
    if (count > 1)
        qsort(list, count, one, order);
}

static enum vl_err group_chains(struct vl_finding_set *set)
{
    sort(set->chains, set->chain_count, sizeof(struct vl_chain *), by_office);
    set->office_count = 0;
    set->offices = vl_arena_take(set->prepared, set->chain_count * sizeof *set->offices);
    if (!set->offices)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < set->chain_count; i++) {
        struct vl_set_office *office =
            set->office_count ? &set->offices[set->office_count - 1] : NULL;

        if (!office || !vl_office_id_eq(&office->id, &set->chains[i]->office)) {
            office = &set->offices[set->office_count++];
            office->id = set->chains[i]->office;
            office->chains = &set->chains[i];
        }
        office->count++;
    }
    return VL_OK;
}

/* Where an act's signatures are verified: a chain that has its card. */
struct ring {
    const struct vl_finding_set *set;
    uint8_t card[VL_HASH_LEN];
};

static const struct vl_chain *find_chain(void *self, const struct vl_office_id *id)
{
    const struct ring *ring = self;
    const struct vl_set_office *office = vl_set_office(ring->set, id);

    for (size_t i = 0; office && i < office->count; i++)
        if (vl_chain_find(office->chains[i], ring->card, NULL))
            return office->chains[i];
    return office ? office->chains[0] : NULL;
}

static enum vl_err verify(struct vl_finding_set *set, struct vl_set_item *item, struct vl_why *why)
{
    struct ring ring = {.set = set};
    struct vl_evidence_verdict verdict;
    enum vl_err err = vl_act_card_id(vl_object_payload(&item->item->object), ring.card, why);

    if (!err)
        err = vl_evidence_check(item->item, &(struct vl_keyring){find_chain, &ring}, &verdict, why);
    if (err == VL_ERR_NO_MEMORY || err == VL_ERR_INTERNAL)
        return err;
    item->standing = err ? VL_STANDING_NONE : verdict.chain.standing;
    item->is_checked = true;
    return VL_OK;
}

static int by_object_id(const void *a, const void *b)
{
    const struct vl_set_item *const *left = a, *const *right = b;

    return memcmp((*left)->item->object.id, (*right)->item->object.id, VL_HASH_LEN);
}

/* Several items with one id say the same: the id is a hash of what was signed. */
struct gathering {
    struct vl_finding_set *set;
    struct vl_act_any *scratch;
    struct vl_set_item **sorted;
    size_t leaf_cap;
};

static enum vl_err add_leaf(struct gathering *gathering, struct vl_node *node,
                            const struct vl_evidence_leaf *from)
{
    struct vl_finding_set *set = gathering->set;
    void *list = set->leaves;
    struct vl_node_leaf *leaf;
    struct vl_leaf read;
    enum vl_err err = vl_arena_room(set->prepared, &list, set->leaf_count, &gathering->leaf_cap, 1,
                                    sizeof *set->leaves);

    set->leaves = list;
    if (!err)
        err = vl_leaf_parse(vl_leaf_kind_of(node->kind), from->leaf, &read, NULL);
    if (err)
        return err;
    leaf = &set->leaves[set->leaf_count++];
    *leaf = (struct vl_node_leaf){node, from->index, from->leaf, {0}, read.from};
    memcpy(leaf->number, read.number, VL_HASH_LEN);
    return VL_OK;
}

/* The items from *at on that have one id; *at is then behind them. */
static enum vl_err gather(struct gathering *gathering, size_t *at, struct vl_why *why)
{
    struct vl_finding_set *set = gathering->set;
    struct vl_node *node = NULL;
    const uint8_t *id = gathering->sorted[*at]->item->object.id;
    enum vl_err err = VL_OK;

    for (; *at < set->item_count && !err; ++*at) {
        const struct vl_set_item *item = gathering->sorted[*at];

        if (!vl_same(item->item->object.id, id))
            break;
        if (item->standing == VL_STANDING_NONE)
            continue;
        if (!node) {
            node = vl_arena_take(set->prepared, sizeof *node);
            if (!node)
                return VL_ERR_NO_MEMORY;
            err = vl_node_read(set->prepared, item->item, gathering->scratch, node, why);
            node->index = set->node_count;
            set->nodes[set->node_count++] = node;
        }
        node->is_complete |= item->standing == VL_STANDING_FULL;
        for (size_t i = 0; i < item->item->leaf_count && !err; i++)
            err = add_leaf(gathering, node, &item->item->leaves[i]);
    }
    set->left_out_count += !node;
    return err;
}

static int by_place(const void *a, const void *b)
{
    const struct vl_node_leaf *left = a, *right = b;

    if (left->node->index != right->node->index)
        return left->node->index < right->node->index ? -1 : 1;
    return left->index < right->index ? -1 : left->index > right->index;
}

/* Each leaf once, however many items brought it. */
static void share_leaves(struct vl_finding_set *set)
{
    size_t kept = 0;

    sort(set->leaves, set->leaf_count, sizeof *set->leaves, by_place);
    for (size_t i = 0; i < set->leaf_count; i++)
        if (kept == 0 || by_place(&set->leaves[kept - 1], &set->leaves[i]) != 0)
            set->leaves[kept++] = set->leaves[i];
    set->leaf_count = kept;
    for (size_t i = 0; i < kept; i++) {
        struct vl_node *node = set->leaves[i].node;

        if (node->leaf_count++ == 0)
            node->leaves = &set->leaves[i];
    }
}

static enum vl_err make_nodes(struct vl_finding_set *set, struct vl_act_any *scratch,
                              struct vl_why *why)
{
    const size_t room = set->item_count * sizeof(void *);
    struct gathering gathering = {set, scratch, vl_arena_take(set->prepared, room), 0};
    enum vl_err err = VL_OK;

    set->nodes = vl_arena_take(set->prepared, room);
    if (!gathering.sorted || !set->nodes)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < set->item_count; i++)
        gathering.sorted[i] = &set->items[i];
    sort(gathering.sorted, set->item_count, sizeof(void *), by_object_id);
    for (size_t at = 0; at < set->item_count && !err;)
        err = gather(&gathering, &at, why);
    if (!err)
        share_leaves(set);
    return err;
}

static int by_letter(const void *a, const void *b)
{
    const struct vl_set_letter *left = a, *right = b;
    const int order = memcmp(left->number, right->number, VL_HASH_LEN);

    if (order != 0)
        return order;
    return left->node->index < right->node->index ? -1 : left->node->index > right->node->index;
}

/* What words are about whatever it is, and the words themselves, so that it can be asked what is
 * said of them. */
static size_t subject_count(const struct vl_node *node)
{
    return node->subject_count + vl_is_heard(node);
}

static const uint8_t *subject_at(const struct vl_node *node, size_t i)
{
    return i < node->subject_count ? node->subjects[i].id : node->id;
}

/* Every letter that an act is about by itself, and every one that a mandate names. */
static enum vl_err index_letters(struct vl_finding_set *set)
{
    size_t alone = 0, named = 0;

    for (size_t i = 0; i < set->node_count; i++) {
        const struct vl_node *node = set->nodes[i];

        alone += (node->number != NULL) + subject_count(node);
        named += node->form == VL_ACT_MANDATE ? node->as.mandate->letters.count : 0;
    }
    set->letters = vl_arena_take(set->prepared, (set->leaf_count + alone) * sizeof *set->letters);
    set->named = vl_arena_take(set->prepared, named * sizeof *set->named);
    if (!set->letters || !set->named)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < set->leaf_count; i++)
        if (set->leaves[i].node->form != VL_ACT_SEEN)
            set->letters[set->letter_count++] =
                (struct vl_set_letter){set->leaves[i].number, set->leaves[i].node};
    for (size_t i = 0; i < set->node_count; i++) {
        struct vl_node *node = set->nodes[i];

        if (node->number)
            set->letters[set->letter_count++] = (struct vl_set_letter){node->number, node};
        for (size_t j = 0; j < subject_count(node); j++)
            set->letters[set->letter_count++] = (struct vl_set_letter){subject_at(node, j), node};
        for (size_t j = 0; node->form == VL_ACT_MANDATE && j < node->as.mandate->letters.count; j++)
            set->named[set->named_count++] =
                (struct vl_set_letter){vl_ids_at(&node->as.mandate->letters, j), node};
    }
    sort(set->letters, set->letter_count, sizeof *set->letters, by_letter);
    sort(set->named, set->named_count, sizeof *set->named, by_letter);
    return VL_OK;
}

static enum vl_err list_mandates(struct vl_finding_set *set)
{
    size_t count = 0;

    for (size_t i = 0; i < set->node_count; i++)
        count += set->nodes[i]->form == VL_ACT_MANDATE;
    set->mandated = vl_arena_take(set->prepared, count * sizeof(void *));
    if (!set->mandated)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < set->node_count; i++)
        if (set->nodes[i]->form == VL_ACT_MANDATE)
            set->mandated[set->mandated_count++] = set->nodes[i];
    return VL_OK;
}

static void forget_prepared(struct vl_finding_set *set)
{
    vl_arena_free(set->prepared);
    set->prepared = NULL;
    set->office_count = set->node_count = set->leaf_count = 0;
    set->letter_count = set->named_count = set->mandated_count = set->left_out_count = 0;
    set->leaves = NULL;
}

static enum vl_err prepare(struct vl_finding_set *set, struct vl_act_any *scratch,
                           struct vl_why *why)
{
    enum vl_err err = group_chains(set);

    for (size_t i = 0; i < set->item_count && !err; i++)
        if (!set->items[i].is_checked)
            err = verify(set, &set->items[i], why);
    if (!err)
        err = make_nodes(set, scratch, why);
    if (!err)
        err = vl_order_link(set);
    if (!err)
        err = index_letters(set);
    if (!err)
        err = list_mandates(set);
    if (!err)
        err = vl_find_standing(set);
    return err ? err : vl_find_twins(set);
}

enum vl_err vl_finding_prepare(struct vl_finding_set *set, struct vl_why *why)
{
    struct vl_act_any *scratch;
    enum vl_err err = VL_ERR_NO_MEMORY;

    if (set->is_prepared)
        return VL_OK;
    forget_prepared(set);
    sort(set->checked, set->checked_count, sizeof *set->checked, by_checked);
    sort(set->closures, set->closure_count, sizeof(struct vl_closure *), by_closed_id);
    set->prepared = vl_arena_new();
    scratch = vl_new(sizeof *scratch);
    if (set->prepared && scratch)
        err = prepare(set, scratch, why);
    vl_free(scratch);
    if (err) {
        forget_prepared(set);
        return vl_fail(why, err, "evidence: %s", vl_err_words(err));
    }
    set->is_prepared = true;
    return VL_OK;
}
