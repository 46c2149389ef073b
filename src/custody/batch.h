/* SPDX-License-Identifier: Apache-2.0 */
/* custody/batch.h: many letters under one signature: the leaves, their order, the root (PROTOCOL
 * 8).
 *
 * A tree is that of RFC 9162 over its leaves, ascending by number, no number twice.  The kind of an
 * act decides what its leaves are:
 *
 *     sealed          the bytes of a waybill
 *     seen            an id, as a CBOR byte string
 *     everything else [number, SHA-256(waybill) / null]
 *
 * The signed core of a letter is about no batch; what travels beside it as a leaf is the opening of
 * its in-reply-to, [salt, ["in-reply-to", number]]. */
#ifndef VL_CUSTODY_BATCH_H
#define VL_CUSTODY_BATCH_H

#include "card/fields.h"
#include "custody/waybill.h"
#include "merkle/tree.h"

/* A root, and how many leaves lie under it: 1 to VL_BATCH_MAX. */
struct vl_batch {
    uint8_t root[VL_HASH_LEN];
    uint64_t count;
};

enum vl_leaf_kind { VL_LEAF_NONE, VL_LEAF_WAYBILL, VL_LEAF_CUSTODY, VL_LEAF_ID, VL_LEAF_REPLY };
/* NONE for a kind that is about no batch, nor the core of a letter. */
enum vl_leaf_kind vl_leaf_kind_of(enum vl_kind kind);

#define VL_CUSTODY_LEAF_MIN 36
#define VL_CUSTODY_LEAF_MAX 69
#define VL_ID_LEAF_LEN      34

struct vl_custody_leaf {
    uint8_t number[VL_HASH_LEN];
    bool has_waybill;
    uint8_t waybill[VL_HASH_LEN]; /* SHA-256 of it */
};
/* Of a letter with its waybill. */
struct vl_custody_leaf vl_custody_leaf_of(const uint8_t number[VL_HASH_LEN], vl_bytes waybill);
/* Write it to out, and give those bytes. */
vl_bytes vl_custody_leaf_write(const struct vl_custody_leaf *leaf,
                               uint8_t out[VL_CUSTODY_LEAF_MAX]);
/* FORMAT, LIMIT; then it is empty. */
enum vl_err vl_custody_leaf_parse(vl_bytes wire, struct vl_custody_leaf *leaf,
                                  struct vl_why *why) VL_MUST_USE;
vl_bytes vl_id_leaf_write(const uint8_t id[VL_HASH_LEN], uint8_t out[VL_ID_LEAF_LEN]);

/* What a leaf says, whatever its kind. */
struct vl_leaf {
    enum vl_leaf_kind kind;
    uint8_t number[VL_HASH_LEN]; /* of the letter; of an id leaf the id */
    bool has_waybill;
    uint8_t waybill[VL_HASH_LEN]; /* SHA-256 of it */
    struct vl_office_id from;     /* only of a waybill */
};
/* A leaf of another kind is refused.  FORMAT, LIMIT, UNSUPPORTED; then it is empty. */
enum vl_err vl_leaf_parse(enum vl_leaf_kind kind, vl_bytes wire, struct vl_leaf *leaf,
                          struct vl_why *why) VL_MUST_USE;
/* Is this leaf at this place of the batch?  UNVERIFIED, also when the path has another length than
 * it must have; and the failures of vl_leaf_parse. */
enum vl_err vl_batch_has(const struct vl_batch *batch, enum vl_leaf_kind kind, vl_bytes wire,
                         uint64_t index, const struct vl_tree_path *path, struct vl_leaf *leaf,
                         struct vl_why *why) VL_MUST_USE;

/* A batch while its leaves come, one after the other; owns nothing. */
struct vl_batch_tree {
    struct vl_tree merkle;
    uint8_t last[VL_HASH_LEN];
};
#define VL_BATCH_TREE_INIT                                                                         \
    {                                                                                              \
        .merkle = VL_TREE_INIT                                                                     \
    }
/* Add one leaf of that kind, and say what it is when leaf is not NULL.  UNVERIFIED for a number
 * that does not ascend, LIMIT above VL_BATCH_MAX, and the failures of vl_leaf_parse; then it is as
 * it was. */
enum vl_err vl_batch_add(struct vl_batch_tree *tree, enum vl_leaf_kind kind, vl_bytes wire,
                         struct vl_leaf *leaf, struct vl_why *why) VL_MUST_USE;
/* The same for what is here as a struct. */
enum vl_err vl_batch_add_custody(struct vl_batch_tree *tree, const struct vl_custody_leaf *leaf,
                                 struct vl_why *why) VL_MUST_USE;
enum vl_err vl_batch_add_id(struct vl_batch_tree *tree, const uint8_t id[VL_HASH_LEN],
                            struct vl_why *why) VL_MUST_USE;
/* Root and count; the count is 0 when nothing was added. */
struct vl_batch vl_batch_of(const struct vl_batch_tree *tree);
/* Are these all the leaves of that batch?  UNVERIFIED. */
enum vl_err vl_batch_is(const struct vl_batch_tree *tree, const struct vl_batch *batch,
                        struct vl_why *why) VL_MUST_USE;

#endif
