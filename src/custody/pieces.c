/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/pieces.h"

#include <string.h>

uint64_t vl_slice_count(uint64_t size)
{
    return size / VL_SLICE_LEN + (size % VL_SLICE_LEN != 0);
}

uint64_t vl_slice_len(uint64_t size, uint64_t index)
{
    if (index >= vl_slice_count(size))
        return 0;
    return size / VL_SLICE_LEN == index ? size % VL_SLICE_LEN : VL_SLICE_LEN;
}

/* RFC 9162, 2.1.1: the hash of a leaf begins with this byte. */
static const uint8_t leaf_mark[1] = {0};

static enum vl_err end_slice(struct vl_slicer *slicer)
{
    uint8_t hash[VL_HASH_LEN];
    enum vl_err err = vl_hasher_end(&slicer->hasher, hash);

    slicer->in_slice = 0;
    if (err)
        return err;
    vl_tree_add(&slicer->tree, hash);
    if (slicer->leaf)
        slicer->leaf(slicer->self, hash);
    return VL_OK;
}

enum vl_err vl_slicer_put(struct vl_slicer *slicer, vl_bytes bytes)
{
    enum vl_err err = VL_OK;

    while (bytes.len > 0 && !err) {
        uint64_t room = VL_SLICE_LEN - slicer->in_slice;
        vl_bytes now = vl_bytes_first(bytes, room < bytes.len ? (size_t)room : bytes.len);

        if (slicer->in_slice == 0) {
            vl_hasher_begin(&slicer->hasher, VL_SLICE_LEN);
            vl_hasher_put(&slicer->hasher, VL_ARRAY(leaf_mark));
        }
        vl_hasher_put(&slicer->hasher, now);
        slicer->in_slice += now.len;
        bytes = vl_bytes_after(bytes, now.len);
        if (slicer->in_slice == VL_SLICE_LEN)
            err = end_slice(slicer);
    }
    return err;
}

enum vl_err vl_slicer_end(struct vl_slicer *slicer, struct vl_pieces *pieces)
{
    enum vl_err err = slicer->in_slice > 0 ? end_slice(slicer) : VL_OK;

    *pieces = (struct vl_pieces){.count = 0};
    if (!err && slicer->tree.count == 0)
        err = VL_ERR_FORMAT;
    if (!err && slicer->tree.count > VL_SLICES_ALL)
        err = VL_ERR_LIMIT;
    if (err)
        return err;
    pieces->count = slicer->tree.count;
    vl_tree_root(&slicer->tree, pieces->root);
    return VL_OK;
}

void vl_slicer_release(struct vl_slicer *slicer)
{
    vl_hasher_release(&slicer->hasher);
    *slicer = (struct vl_slicer)VL_SLICER_INIT;
}

void vl_slice_hasher_begin(struct vl_hasher *hasher, uint64_t slice_len)
{
    vl_hasher_begin_aside(hasher, slice_len);
    vl_hasher_put(hasher, VL_ARRAY(leaf_mark));
}

enum vl_err vl_slice_check(const struct vl_waybill *waybill, uint64_t index,
                           const struct vl_tree_path *path, uint64_t slice_len,
                           const uint8_t leaf_hash[VL_HASH_LEN], struct vl_why *why)
{
    if (!waybill->has_pieces)
        return vl_fail(why, VL_ERR_FORMAT, "a slice of a letter that is not carried in slices");
    if (slice_len != vl_slice_len(waybill->size, index))
        return vl_fail(why, VL_ERR_UNVERIFIED, "%llu bytes for slice %llu, which has %llu",
                       (unsigned long long)slice_len, (unsigned long long)index,
                       (unsigned long long)vl_slice_len(waybill->size, index));
    if (vl_tree_verify(leaf_hash, index, waybill->pieces.count, path, waybill->pieces.root))
        return vl_fail(why, VL_ERR_UNVERIFIED, "not slice %llu of the %llu of this letter",
                       (unsigned long long)index, (unsigned long long)waybill->pieces.count);
    return VL_OK;
}
