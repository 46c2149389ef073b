/* SPDX-License-Identifier: Apache-2.0 */
/* Where a letter stands among the many of an act. */
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"

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

/* --- waybills under a `sealed` ---------------------------------------------------------------- */

/* Leaf hashes of letters that were sealed together, to find the path of one. */
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
    vl_tree_levels_free(cache->tops);
    vl_buf_release(&cache->pieces);
    *cache = (struct vl_path_cache)VL_PATH_CACHE_INIT;
}

static enum vl_err not_whole(struct vl_why *why)
{
    return vl_fail(why, VL_ERR_FORMAT, "the list of letters under this act is not whole");
}

/* The act's tree, if it is over many letters. */
static enum vl_err turn_to(struct vl_store *store, const uint8_t *sealed,
                           struct vl_path_cache *cache, struct vl_why *why)
{
    enum vl_err err;

    if (cache->has && memcmp(cache->sealed, sealed, VL_HASH_LEN) == 0)
        return VL_OK;
    vl_path_cache_release(cache);
    err = vl_store_tie(store, VL_TIE_TREE, sealed, sealed, &cache->pieces, why);
    if (!err)
        err = vl_acts_tree_tops(vl_buf_bytes(&cache->pieces), &cache->tops, why);
    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    memcpy(cache->sealed, sealed, VL_HASH_LEN);
    cache->has = true;
    return VL_OK;
}

/* Those that this query finds. */
static enum vl_err read_leaves(struct vl_store *store, const struct vl_letter_query *query,
                               const uint8_t *root, struct vl_path_cache *cache, struct vl_why *why)
{
    struct vl_tree tree = VL_TREE_INIT;
    struct batch batch = {0};
    uint8_t made[VL_HASH_LEN];
    enum vl_err err = vl_store_letters(store, query, add_leaf, &batch, why);

    vl_tree_levels_free(cache->levels);
    cache->levels = NULL;
    cache->count = err ? 0 : batch.count;
    for (size_t i = 0; root && i < batch.count; i++)
        vl_tree_add(&tree, batch.leaves[i]);
    if (root)
        vl_tree_root(&tree, made);
    if (!err && root && memcmp(made, root, VL_HASH_LEN) != 0)
        err = not_whole(why);
    if (!err && batch.count > 0) {
        cache->levels =
            vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])batch.leaves, batch.count);
        if (!cache->levels)
            err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the list of letters");
    }
    vl_free(batch.leaves);
    return err;
}

static enum vl_err fill_cache(struct vl_store *store, const struct vl_letter_row *row,
                              struct vl_path_cache *cache, struct vl_why *why)
{
    struct vl_letter_query query = {.has_sealed = true};
    const uint64_t piece = row->leaf_index / VL_ACTS_PIECE;
    const uint8_t *first, *root = NULL;
    enum vl_err err = turn_to(store, row->sealed, cache, why);

    if (err || (cache->levels && row->leaf_index >= cache->first &&
                row->leaf_index - cache->first < cache->count))
        return err;
    memcpy(query.sealed, row->sealed, VL_HASH_LEN);
    cache->first = 0;
    if (cache->tops) {
        if (!vl_acts_tree_piece(vl_buf_bytes(&cache->pieces), piece, &first, &root))
            return not_whole(why);
        query.has_first = true;
        memcpy(query.first, first, VL_HASH_LEN);
        query.limit = VL_ACTS_PIECE;
        cache->first = piece * VL_ACTS_PIECE;
    }
    return read_leaves(store, &query, root, cache, why);
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
    err = fill_cache(store, row, cache, why);
    if (err)
        return err;
    if (cache->count == 0 && row->leaf_index == 0) /* slices of the only one under it */
        return VL_OK;
    if (row->leaf_index - cache->first >= cache->count)
        return not_whole(why);
    vl_tree_levels_path(cache->levels, row->leaf_index - cache->first, path);
    if (cache->tops)
        vl_acts_tree_path(cache->tops, row->leaf_index / VL_ACTS_PIECE, path);
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
