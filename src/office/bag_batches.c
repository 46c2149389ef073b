/* SPDX-License-Identifier: Apache-2.0 */
/* Letters of one `sealed` that came without their paths, since all of them should be there. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "office/bag_in.h"

/* Letters under one `sealed`, all of which should be here. */
static enum vl_err check_batch(struct vl_bag_taking *work, struct vl_bag_entry *const *at,
                               size_t count, bool *good, struct vl_why *why)
{
    struct vl_tree tree = VL_TREE_INIT;
    uint8_t root[VL_HASH_LEN];
    enum vl_err err = vl_bag_taking_sealed(work, at[0]->sealed, why);

    *good = false;
    if (err)
        return err;
    for (size_t i = 0; i < count; i++) {
        if (!at[i]->answer.taken || at[i]->leaf_index != i)
            return VL_OK;
        vl_tree_add(&tree, at[i]->leaf_hash);
    }
    vl_tree_root(&tree, root);
    *good = count == work->sealed.count && memcmp(root, work->sealed.root, VL_HASH_LEN) == 0;
    return VL_OK;
}

/* Nobody vouches for it after all. */
static enum vl_err unvouch(struct vl_bag_taking *work, struct vl_bag_entry *entry,
                           struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_store *store = work->taking->home->store;
    enum vl_err err;

    entry->shown.vouched = false;
    if (!entry->answer.taken || work->taking->request->dry_run)
        return VL_OK;
    err = vl_store_letter(store, entry->answer.number, &row, why);
    if (err || !row.has_sealed || memcmp(row.sealed, entry->sealed, VL_HASH_LEN) != 0)
        return err;
    row.has_sealed = false;
    return vl_store_update_letter(store, &row, why);
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
    struct vl_store *store = work->taking->home->store;
    enum vl_err err = leaf ? vl_bag_taking_sealed(work, entry->sealed, why) : VL_OK;

    if (err)
        return err;
    if (!leaf || vl_sealed_has(&work->sealed, leaf->leaf, leaf->index, &leaf->path, NULL) != VL_OK)
        return unvouch(work, entry, why);
    if (!entry->answer.taken || work->taking->request->dry_run)
        return VL_OK;
    err = vl_store_letter(store, entry->answer.number, &row, why);
    if (err || !row.has_sealed || memcmp(row.sealed, entry->sealed, VL_HASH_LEN) != 0)
        return err;
    row.leaf_index = leaf->index;
    row.path = vl_bytes_of(leaf->path.at, leaf->path.count * VL_HASH_LEN);
    return vl_store_update_letter(store, &row, why);
}

static int by_sealed(const void *a, const void *b)
{
    const struct vl_bag_entry *left = *(struct vl_bag_entry *const *)a;
    const struct vl_bag_entry *right = *(struct vl_bag_entry *const *)b;
    int order = memcmp(left->sealed, right->sealed, VL_HASH_LEN);

    return order ? order : memcmp(left->answer.number, right->answer.number, VL_HASH_LEN);
}

enum vl_err vl_bag_taking_batches(struct vl_bag_taking *work, struct vl_why *why)
{
    struct vl_bag_entry **at = vl_new((work->entry_count + 1) * sizeof(struct vl_bag_entry *));
    size_t count = 0, end;
    enum vl_err err = at ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list");

    for (size_t i = 0; !err && i < work->entry_count; i++)
        if (work->entries[i].in_batch)
            at[count++] = &work->entries[i];
    if (!err && count > 1)
        qsort(at, count, sizeof(struct vl_bag_entry *), by_sealed);
    for (size_t i = 0; !err && i < count; i = end) {
        bool good = false;

        for (end = i; end < count && memcmp(at[end]->sealed, at[i]->sealed, VL_HASH_LEN) == 0;)
            end++;
        err = check_batch(work, at + i, end - i, &good, why);
        for (size_t k = i; !err && !good && k < end; k++)
            err = vouch_alone(work, at[k], why);
    }
    vl_free(at);
    return err;
}
