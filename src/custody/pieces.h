/* SPDX-License-Identifier: Apache-2.0 */
/* custody/pieces.h: a large envelope in slices that are each checked alone (PROTOCOL 14): a tree as
 * of RFC 9162 over the bytes of the slices. */
#ifndef VL_CUSTODY_PIECES_H
#define VL_CUSTODY_PIECES_H

#include "crypto/hash.h"
#include "custody/waybill.h"
#include "merkle/tree.h"

/* How many slices an envelope of this size has, and how long one of them is: all but the last are
 * VL_SLICE_LEN. */
uint64_t vl_slice_count(uint64_t size);
uint64_t vl_slice_len(uint64_t size, uint64_t index);

/* The tree while the envelope goes by.  Owns a hasher. */
struct vl_slicer {
    struct vl_hasher hasher;
    struct vl_tree tree;
    uint64_t in_slice;                                         /* bytes of the one that is open */
    void (*leaf)(void *self, const uint8_t hash[VL_HASH_LEN]); /* told of each leaf hash; or NULL */
    void *self;
};
#define VL_SLICER_INIT                                                                             \
    {                                                                                              \
        .tree = VL_TREE_INIT                                                                       \
    }
/* INTERNAL when a hash failed. */
enum vl_err vl_slicer_put(struct vl_slicer *slicer, vl_bytes bytes) VL_MUST_USE;
/* Root and count of all that was put, at least one byte; nothing is left to release.  FORMAT for
 * nothing, LIMIT, INTERNAL. */
enum vl_err vl_slicer_end(struct vl_slicer *slicer, struct vl_pieces *pieces) VL_MUST_USE;
void vl_slicer_release(struct vl_slicer *slicer);

/* The leaf hash of one slice, SHA-256(00 || slice), while its bytes go by; by another thread where
 * it is long. */
void vl_slice_hasher_begin(struct vl_hasher *hasher, uint64_t slice_len);

/* Are bytes of this length and leaf hash slice number `index` of the letter?  FORMAT for a letter
 * without pieces; UNVERIFIED: another length than it must have, or not in the tree. */
enum vl_err vl_slice_check(const struct vl_waybill *waybill, uint64_t index,
                           const struct vl_tree_path *path, uint64_t slice_len,
                           const uint8_t leaf_hash[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;

#endif
