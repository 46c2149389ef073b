/* SPDX-License-Identifier: Apache-2.0 */
/* merkle/tree.h: Merkle trees as RFC 9162, 2.1 has them: roots and inclusion. */
#ifndef VL_MERKLE_TREE_H
#define VL_MERKLE_TREE_H

#include "base/bytes.h"
#include "crypto/hash.h"

#define VL_TREE_MAX_PATH 64

/* SHA-256(00 || leaf). */
void vl_tree_leaf(vl_bytes leaf, uint8_t out[VL_HASH_LEN]);
/* SHA-256(01 || left || right); out may be left or right. */
void vl_tree_join(const uint8_t left[VL_HASH_LEN], const uint8_t right[VL_HASH_LEN],
                  uint8_t out[VL_HASH_LEN]);

/* A tree that grows leaf by leaf; by value, owns nothing. */
struct vl_tree {
    uint64_t count;
    uint8_t peaks[VL_TREE_MAX_PATH][VL_HASH_LEN]; /* whole subtrees, largest first */
};
#define VL_TREE_INIT                                                                               \
    {                                                                                              \
        .count = 0                                                                                 \
    }
void vl_tree_add(struct vl_tree *tree, const uint8_t leaf_hash[VL_HASH_LEN]);
/* SHA-256 of nothing for an empty tree. */
void vl_tree_root(const struct vl_tree *tree, uint8_t out[VL_HASH_LEN]);

/* The path from a leaf to the root, nearest first. */
struct vl_tree_path {
    size_t count;
    uint8_t at[VL_TREE_MAX_PATH][VL_HASH_LEN];
};
/* Of leaf `index` among `count` leaf hashes (index < count). */
void vl_tree_path(const uint8_t (*leaf_hashes)[VL_HASH_LEN], uint64_t count, uint64_t index,
                  struct vl_tree_path *path);
/* All paths at once would cost count * log count; this keeps every level: for many paths of one
 * tree.  NULL when memory runs out. */
struct vl_tree_levels;
struct vl_tree_levels *vl_tree_levels_new(const uint8_t (*leaf_hashes)[VL_HASH_LEN],
                                          uint64_t count) VL_MUST_USE;
void vl_tree_levels_path(const struct vl_tree_levels *levels, uint64_t index,
                         struct vl_tree_path *path);
void vl_tree_levels_free(struct vl_tree_levels *levels);

/* The root that a leaf at this place and its path make (RFC 9162, 2.1.3.2).  UNVERIFIED for a path
 * that has not exactly the length it must have. */
enum vl_err vl_tree_path_root(const uint8_t leaf_hash[VL_HASH_LEN], uint64_t index, uint64_t count,
                              const struct vl_tree_path *path,
                              uint8_t out[VL_HASH_LEN]) VL_MUST_USE;
/* Is the leaf at this place of the tree (RFC 9162, 2.1.3.2)?  The path has exactly the length it
 * must have.  UNVERIFIED. */
enum vl_err vl_tree_verify(const uint8_t leaf_hash[VL_HASH_LEN], uint64_t index, uint64_t count,
                           const struct vl_tree_path *path,
                           const uint8_t root[VL_HASH_LEN]) VL_MUST_USE;

#endif
