/* SPDX-License-Identifier: Apache-2.0 */
/* record/anchor.h: what somebody keeps of a record to check it for ever: the key that signed its
 * policy, and the policy, which is entry 0 and names all other keys.
 *
 *     anchor = ["valise/record/v1", COSE_Key, bstr .cbor policy-entry]
 *
 * The id of entry 0 names the record: it covers the policy and, by its kid, the key. */
#ifndef VL_RECORD_ANCHOR_H
#define VL_RECORD_ANCHOR_H

#include "record/entry.h"

#define VL_ANCHOR_MAX_LEN ((size_t)VL_ENTRY_MAX_LEN + 256)

/* The policy borrows from entry, which borrows from the wire. */
struct vl_anchor {
    struct vl_cose_key key;
    vl_bytes entry;
    struct vl_record_policy policy;
    uint8_t id[VL_HASH_LEN];        /* of entry 0 */
    uint8_t leaf_hash[VL_HASH_LEN]; /* the same entry, in the tree */
};

/* Read and verify.  FORMAT, LIMIT, UNVERIFIED, UNSUPPORTED, NO_MEMORY. */
enum vl_err vl_anchor_parse(vl_bytes wire, struct vl_anchor *anchor,
                            struct vl_why *why) VL_MUST_USE;
/* Append it.  LIMIT, NO_MEMORY; then out is as it was. */
enum vl_err vl_anchor_write(const struct vl_cose_key *key, vl_bytes entry,
                            struct vl_buf *out) VL_MUST_USE;

#endif
