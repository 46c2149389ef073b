/* SPDX-License-Identifier: Apache-2.0 */
/* Letters of one `sealed` that came without their paths, since all of them should be there. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"
#include "office/bag_in.h"

void vl_bag_taking_passes(struct vl_bag_taking *work, const struct vl_payload_head *head)
{
    struct vl_bag_passing *passing;
    void *block = work->passing;

    if (!head->vouched.is_there || head->vouched.path.count > 0 ||
        work->passing_count == VL_BAG_IN_MAX_PASSING)
        return;
    if (work->passing_count == work->passing_cap) {
        const size_t cap = work->passing_cap ? 2 * work->passing_cap : 64;

        if (vl_grow(&block, work->passing_cap * sizeof *passing, cap * sizeof *passing) != VL_OK)
            return; /* what they would vouch for is only said, then */
        work->passing = block;
        work->passing_cap = cap;
    }
    passing = &work->passing[work->passing_count++];
    memcpy(passing->sealed, head->vouched.sealed, VL_HASH_LEN);
    passing->leaf_index = head->vouched.index;
    vl_tree_leaf(head->waybill, passing->leaf_hash);
}

/* One waybill under a `sealed`, as it lay on the stick. */
struct leaf {
    const uint8_t *sealed;
    const uint8_t *hash;
    uint64_t index;
    struct vl_bag_entry *entry; /* NULL: of a letter that only went by */
};

static void set_path(struct vl_letter_row *row, uint64_t index, const struct vl_tree_path *path)
{
    row->leaf_index = index;
    row->path = vl_bytes_of(path->at, path->count * VL_HASH_LEN);
}

/* The row of a letter that was taken, while it is this `sealed` that vouches for it; `has` tells.
 */
static enum vl_err find_row(struct vl_bag_taking *work, const struct vl_bag_entry *entry,
                            struct vl_letter_row *row, bool *has, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *has = false;
    if (!entry->answer.taken || work->taking->request->dry_run)
        return VL_OK;
    err = vl_store_letter(work->taking->home->store, entry->answer.number, row, why);
    *has = !err && row->has_sealed && memcmp(row->sealed, entry->sealed, VL_HASH_LEN) == 0;
    return err;
}

/* Not all of the batch is kept here: each gets its path. */
static enum vl_err keep_paths(struct vl_bag_taking *work, const struct leaf *at, size_t count,
                              struct vl_why *why)
{
    uint8_t(*hashes)[VL_HASH_LEN] = vl_new(count * VL_HASH_LEN);
    struct vl_tree_levels *levels = NULL;
    enum vl_err err = VL_OK;

    for (size_t i = 0; hashes && i < count; i++)
        memcpy(hashes[i], at[i].hash, VL_HASH_LEN);
    if (hashes)
        levels = vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])hashes, count);
    vl_free(hashes);
    if (!levels)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the waybills of a batch");
    for (size_t i = 0; !err && i < count; i++) {
        VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
        struct vl_tree_path path;
        bool has = false;

        if (at[i].entry)
            err = find_row(work, at[i].entry, &row, &has, why);
        if (err || !has)
            continue;
        vl_tree_levels_path(levels, at[i].index, &path);
        set_path(&row, at[i].index, &path);
        err = vl_store_update_letter(work->taking->home->store, &row, why);
    }
    vl_tree_levels_free(levels);
    return err;
}

/* All of the batch is kept here: the path of each is found by what lies beside it. */
static enum vl_err keep_tree(struct vl_bag_taking *work, const struct leaf *at, size_t count,
                             struct vl_why *why)
{
    VL_AUTO(vl_acts_tree_release) struct vl_acts_tree tree = VL_ACTS_TREE_INIT;
    enum vl_err err = VL_OK;

    if (work->taking->request->dry_run)
        return VL_OK;
    for (size_t i = 0; !err && i < count; i++)
        err = vl_acts_tree_add(&tree, at[i].entry->answer.number, at[i].hash, why);
    return err ? err : vl_acts_tree_keep(work->taking->home->store, at[0].sealed, &tree, why);
}

/* Each place once; the one that is an entry stays. */
static size_t drop_doubles(struct leaf *at, size_t count)
{
    size_t kept = 0;

    for (size_t i = 0; i < count; i++)
        if (kept == 0 || at[kept - 1].index != at[i].index || at[i].entry)
            at[kept++] = at[i];
    return kept;
}

/* Letters under one `sealed`, all of whose waybills should be on the stick. */
static enum vl_err check_batch(struct vl_bag_taking *work, struct leaf *at, size_t count,
                               bool *good, struct vl_why *why)
{
    struct vl_tree tree = VL_TREE_INIT;
    uint8_t root[VL_HASH_LEN];
    bool all_kept = true;
    enum vl_err err = vl_bag_taking_sealed(work, at[0].sealed, why);

    *good = false;
    if (err)
        return err;
    count = drop_doubles(at, count);
    if (count != work->sealed.count)
        return VL_OK;
    for (size_t i = 0; i < count; i++) {
        if (at[i].index != i)
            return VL_OK;
        all_kept &= at[i].entry && at[i].entry->answer.taken;
        vl_tree_add(&tree, at[i].hash);
    }
    vl_tree_root(&tree, root);
    *good = memcmp(root, work->sealed.root, VL_HASH_LEN) == 0;
    if (!*good)
        return VL_OK;
    return all_kept ? keep_tree(work, at, count, why) : keep_paths(work, at, count, why);
}

/* Nobody vouches for it after all. */
static enum vl_err unvouch(struct vl_bag_taking *work, struct vl_bag_entry *entry,
                           struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    bool has = false;
    enum vl_err err = find_row(work, entry, &row, &has, why);

    entry->shown.vouched = false;
    if (err || !has)
        return err;
    row.has_sealed = false;
    return vl_store_update_letter(work->taking->home->store, &row, why);
}

/* Its leaf may stand in the evidence that came along. */
static const struct vl_evidence_leaf *find_leaf(const struct vl_bag_taking *work,
                                                const struct vl_bag_entry *entry)
{
    for (size_t f = 0; f < work->file_count; f++)
        for (size_t i = 0; i < work->files[f]->item_count; i++) {
            const struct vl_evidence_item *item = &work->files[f]->items[i];

            if (memcmp(item->object.id, entry->sealed, VL_HASH_LEN) != 0)
                continue;
            for (size_t k = 0; k < item->leaf_count; k++) {
                uint8_t hash[VL_HASH_LEN];

                vl_tree_leaf(item->leaves[k].leaf, hash);
                if (memcmp(hash, entry->leaf_hash, VL_HASH_LEN) == 0)
                    return &item->leaves[k];
            }
        }
    return NULL;
}

/* Of a batch that is not whole here: with its own path it is vouched for all the same. */
static enum vl_err vouch_alone(struct vl_bag_taking *work, struct vl_bag_entry *entry,
                               struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    const struct vl_evidence_leaf *leaf = find_leaf(work, entry);
    bool has = false;
    enum vl_err err = leaf ? vl_bag_taking_sealed(work, entry->sealed, why) : VL_OK;

    if (err)
        return err;
    if (!leaf || vl_sealed_has(&work->sealed, leaf->leaf, leaf->index, &leaf->path, NULL) != VL_OK)
        return unvouch(work, entry, why);
    err = find_row(work, entry, &row, &has, why);
    if (err || !has)
        return err;
    set_path(&row, leaf->index, &leaf->path);
    return vl_store_update_letter(work->taking->home->store, &row, why);
}

/* By act, by place; what is an entry before what went by. */
static int by_place(const void *a, const void *b)
{
    const struct leaf *left = a, *right = b;
    int order = memcmp(left->sealed, right->sealed, VL_HASH_LEN);

    if (order || left->index != right->index)
        return order ? order : left->index < right->index ? -1 : 1;
    return (left->entry == NULL) - (right->entry == NULL);
}

static size_t gather(const struct vl_bag_taking *work, struct leaf *at)
{
    size_t count = 0;

    for (size_t i = 0; i < work->entry_count; i++) {
        struct vl_bag_entry *entry = &work->entries[i];

        if (entry->in_batch)
            at[count++] = (struct leaf){entry->sealed, entry->leaf_hash, entry->leaf_index, entry};
    }
    for (size_t i = 0; count > 0 && i < work->passing_count; i++) {
        const struct vl_bag_passing *by = &work->passing[i];

        at[count++] = (struct leaf){by->sealed, by->leaf_hash, by->leaf_index, NULL};
    }
    return count;
}

static enum vl_err take_batch(struct vl_bag_taking *work, struct leaf *at, size_t count,
                              struct vl_why *why)
{
    bool good = false, any = false;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < count; i++)
        any |= at[i].entry != NULL;
    if (any)
        err = check_batch(work, at, count, &good, why);
    if (err || good)
        return err;
    for (size_t i = 0; !err && i < count; i++)
        if (at[i].entry)
            err = vouch_alone(work, at[i].entry, why);
    return err;
}

enum vl_err vl_bag_taking_batches(struct vl_bag_taking *work, struct vl_why *why)
{
    struct leaf *at = vl_new((work->entry_count + work->passing_count + 1) * sizeof *at);
    size_t count = at ? gather(work, at) : 0, end;
    enum vl_err err = at ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list");

    if (count > 1)
        qsort(at, count, sizeof *at, by_place);
    for (size_t i = 0; !err && i < count; i = end) {
        for (end = i; end < count && memcmp(at[end].sealed, at[i].sealed, VL_HASH_LEN) == 0;)
            end++;
        err = take_batch(work, at + i, end - i, why);
    }
    vl_free(at);
    return err;
}
