/* SPDX-License-Identifier: Apache-2.0 */
/* merkle/proof.h: proofs from kept hashes of whole subtrees, and proofs that one tree goes on where
 * another ended (RFC 9162, 2.1.4). */
#ifndef VL_MERKLE_PROOF_H
#define VL_MERKLE_PROOF_H

#include "merkle/tree.h"

/* Trees are no larger, so that no path is longer than VL_TREE_MAX_PATH. */
#define VL_TREE_MAX_COUNT (UINT64_C(1) << 63)

/* Where the hashes of whole subtrees come from.  Node `index` of `level` is over the 2^level leaves
 * from index * 2^level on; level 0 has the leaf hashes.  Only nodes are asked for whose leaves are
 * all in the tree. */
struct vl_tree_nodes {
    enum vl_err (*node)(void *self, unsigned level, uint64_t index, uint8_t out[VL_HASH_LEN],
                        struct vl_why *why);
    void *self;
};
/* Of a tree that lies in memory with all its levels; NOT_FOUND for a node it has not. */
struct vl_tree_nodes vl_tree_levels_nodes(struct vl_tree_levels *levels);

/* The hash over leaves `first` to `end`, this one not included.  first is a multiple of the largest
 * power of two that is not above their number, as it is for every subtree of the RFC.  USAGE
 * otherwise, LIMIT over VL_TREE_MAX_COUNT, and what the nodes fail with. */
enum vl_err vl_tree_nodes_hash(const struct vl_tree_nodes *nodes, uint64_t first, uint64_t end,
                               uint8_t out[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;
/* The path of leaf `index` in the tree of the first `count`.  USAGE for a leaf that is not in it,
 * LIMIT, and what the nodes fail with; *path is then undefined. */
enum vl_err vl_tree_nodes_path(const struct vl_tree_nodes *nodes, uint64_t count, uint64_t index,
                               struct vl_tree_path *path, struct vl_why *why) VL_MUST_USE;
/* That the tree of the first old_count leaves is the beginning of that of the first count; empty
 * when they are one, and for an empty old tree.  Fails likewise. */
enum vl_err vl_tree_nodes_consistency(const struct vl_tree_nodes *nodes, uint64_t old_count,
                                      uint64_t count, struct vl_tree_path *path,
                                      struct vl_why *why) VL_MUST_USE;
/* The tree of the first `count` leaves, to add more to it.  LIMIT, and what the nodes fail with;
 * *tree is then undefined. */
enum vl_err vl_tree_nodes_resume(const struct vl_tree_nodes *nodes, uint64_t count,
                                 struct vl_tree *tree, struct vl_why *why) VL_MUST_USE;

/* Is the old tree the beginning of the other (RFC 9162, 2.1.4.2)?  The path has exactly the length
 * it must have.  An empty tree is the beginning of every other, which proves nothing about them:
 * asked about one that is not empty, it is refused.  UNVERIFIED. */
enum vl_err vl_tree_verify_consistency(uint64_t old_count, const uint8_t old_root[VL_HASH_LEN],
                                       uint64_t count, const uint8_t root[VL_HASH_LEN],
                                       const struct vl_tree_path *path) VL_MUST_USE;

/* The root of the newer tree that the old one and a path make, for who has it nowhere else.  Not
 * for an empty old tree.  UNVERIFIED. */
enum vl_err vl_tree_consistency_root(uint64_t old_count, const uint8_t old_root[VL_HASH_LEN],
                                     uint64_t count, const struct vl_tree_path *path,
                                     uint8_t out[VL_HASH_LEN]) VL_MUST_USE;

#endif
