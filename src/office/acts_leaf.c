/* SPDX-License-Identifier: Apache-2.0 */
/* Where a letter stands among the many of an act. */
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"

enum vl_err vl_acts_leaves(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                           struct vl_buf *leaves, struct vl_why *why)
{
    return vl_store_tie(store, VL_TIE_BATCH, act, act, leaves, why);
}

bool vl_acts_leaf_index(vl_bytes leaves, const uint8_t number[VL_HASH_LEN], size_t *index)
{
    const size_t count = leaves.len / VL_ACTS_LEAF_LEN;
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (memcmp(leaves.ptr + middle * VL_ACTS_LEAF_LEN, number, VL_HASH_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *index = low;
    return low < count && memcmp(leaves.ptr + low * VL_ACTS_LEAF_LEN, number, VL_HASH_LEN) == 0;
}

vl_bytes vl_acts_custody_leaf(vl_bytes leaves, size_t index, uint8_t room[VL_CUSTODY_LEAF_MAX])
{
    static const uint8_t none[VL_HASH_LEN] = {0};
    const uint8_t *kept = leaves.ptr + index * VL_ACTS_LEAF_LEN;
    struct vl_custody_leaf leaf = {.has_waybill =
                                       memcmp(kept + VL_HASH_LEN, none, VL_HASH_LEN) != 0};

    memcpy(leaf.number, kept, VL_HASH_LEN);
    memcpy(leaf.waybill, kept + VL_HASH_LEN, VL_HASH_LEN);
    return vl_custody_leaf_write(&leaf, room);
}

enum vl_err vl_acts_levels(vl_bytes leaves, struct vl_tree_levels **out, struct vl_why *why)
{
    const size_t count = leaves.len / VL_ACTS_LEAF_LEN;
    uint8_t(*hashes)[VL_HASH_LEN] = vl_new(count * VL_HASH_LEN);
    uint8_t room[VL_CUSTODY_LEAF_MAX];

    *out = NULL;
    for (size_t i = 0; hashes && i < count; i++)
        vl_tree_leaf(vl_acts_custody_leaf(leaves, i, room), hashes[i]);
    if (hashes)
        *out = vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])hashes, count);
    vl_free(hashes);
    return *out ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the leaves of an act");
}

enum vl_err vl_acts_leaf_path(vl_bytes leaves, size_t index, struct vl_buf *leaf,
                              struct vl_tree_path *path, struct vl_why *why)
{
    struct vl_tree_levels *levels = NULL;
    uint8_t room[VL_CUSTODY_LEAF_MAX];
    enum vl_err err = vl_acts_levels(leaves, &levels, why);

    if (err)
        return err;
    vl_tree_levels_path(levels, index, path);
    vl_tree_levels_free(levels);
    err = vl_buf_put(leaf, vl_acts_custody_leaf(leaves, index, room));
    return err ? vl_fail(why, err, "no memory for a leaf") : VL_OK;
}

/* Leaf hashes of a whole batch, to find the path of one letter. */
struct batch {
    size_t count;
    size_t cap;
    uint8_t (*leaves)[VL_HASH_LEN];
};

static enum vl_err add_leaf(void *self, const struct vl_letter_row *row, struct vl_why *why)
{
    struct batch *batch = self;

    if (batch->count == batch->cap) {
        const size_t cap = batch->cap ? 2 * batch->cap : 64;
        void *block = batch->leaves;
        enum vl_err err = vl_grow(&block, batch->cap * VL_HASH_LEN, cap * VL_HASH_LEN);

        if (err)
            return vl_fail(why, err, "no memory for the list of letters");
        batch->leaves = block;
        batch->cap = cap;
    }
    vl_tree_leaf(row->waybill, batch->leaves[batch->count++]);
    return VL_OK;
}

void vl_path_cache_release(struct vl_path_cache *cache)
{
    vl_tree_levels_free(cache->levels);
    *cache = (struct vl_path_cache)VL_PATH_CACHE_INIT;
}

static enum vl_err fill_cache(struct vl_store *store, const uint8_t *sealed,
                              struct vl_path_cache *cache, struct vl_why *why)
{
    struct vl_letter_query query = {.has_sealed = true};
    struct batch batch = {0};
    enum vl_err err;

    if (cache->levels && memcmp(cache->sealed, sealed, VL_HASH_LEN) == 0)
        return VL_OK;
    vl_path_cache_release(cache);
    memcpy(query.sealed, sealed, VL_HASH_LEN);
    err = vl_store_letters(store, &query, add_leaf, &batch, why);
    if (!err) {
        cache->levels =
            vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])batch.leaves, batch.count);
        if (!cache->levels)
            err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the list of letters");
    }
    memcpy(cache->sealed, sealed, VL_HASH_LEN);
    cache->count = batch.count;
    vl_free(batch.leaves);
    return err;
}

enum vl_err vl_letter_path(struct vl_store *store, const struct vl_letter_row *row,
                           struct vl_path_cache *cache, struct vl_tree_path *path,
                           struct vl_why *why)
{
    enum vl_err err;

    path->count = 0;
    if (row->path.len > 0) {
        for (size_t at = 0; at + VL_HASH_LEN <= row->path.len && path->count < VL_TREE_MAX_PATH;
             at += VL_HASH_LEN)
            memcpy(path->at[path->count++], row->path.ptr + at, VL_HASH_LEN);
        return VL_OK;
    }
    /* It came with all the others, or was written here with them. */
    err = fill_cache(store, row->sealed, cache, why);
    if (err)
        return err;
    if (cache->count == 0 && row->leaf_index == 0) /* slices of the only one under it */
        return VL_OK;
    if (row->leaf_index >= cache->count)
        return vl_fail(why, VL_ERR_FORMAT, "the list of letters under this act is not whole");
    vl_tree_levels_path(cache->levels, row->leaf_index, path);
    return VL_OK;
}

enum vl_err vl_acts_single_write(const struct vl_evidence_leaf *single, struct vl_buf *out,
                                 struct vl_why *why)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_array(&w, 3);
    vl_cbor_put_uint(&w, single->index);
    vl_cbor_put_bytes(&w, single->leaf);
    vl_cbor_put_bytes(&w, vl_bytes_of(single->path.at, single->path.count * VL_HASH_LEN));
    return w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err)) : VL_OK;
}

enum vl_err vl_acts_single_read(vl_bytes bytes, uint64_t *index, struct vl_buf *leaf,
                                struct vl_tree_path *path, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(bytes, VL_CBOR_STRICT);
    vl_bytes wire, hashes;
    enum vl_err err;

    vl_cbor_array(&r, 3, 3);
    *index = vl_cbor_uint(&r, VL_BATCH_MAX);
    wire = vl_cbor_bytes(&r, 1, VL_WAYBILL_MAX_LEN);
    hashes = vl_cbor_bytes(&r, 0, sizeof path->at);
    err = vl_cbor_close(&r, "a kept leaf", why);
    path->count = hashes.len / VL_HASH_LEN;
    if (!err && hashes.len > 0)
        memcpy(path->at, hashes.ptr, path->count * VL_HASH_LEN);
    return err ? err : vl_buf_put(leaf, wire);
}
