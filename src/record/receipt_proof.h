/* SPDX-License-Identifier: Apache-2.0 */
/* record/receipt_proof.h: one proof inside a receipt (RFC 9942, 5.2 and 5.3). */
#ifndef VL_RECORD_RECEIPT_PROOF_H
#define VL_RECORD_RECEIPT_PROOF_H

#include "record/receipt.h"

#define VL_RECEIPT_INCLUSION   (-1)
#define VL_RECEIPT_CONSISTENCY (-2)
#define VL_RECEIPT_ORIGIN      "valise-origin"
#define VL_RECEIPT_SIZE        "valise-tree-size"

struct vl_receipt_proof {
    uint64_t size; /* of the newer tree */
    uint64_t at;   /* the place of the entry, or the size of the older tree */
    struct vl_tree_path path;
};

/* FORMAT, also for a place that is not in the tree; LIMIT. */
enum vl_err vl_receipt_proof_parse(vl_bytes wire, enum vl_receipt_of of,
                                   struct vl_receipt_proof *proof, struct vl_why *why) VL_MUST_USE;
/* Append it.  LIMIT, NO_MEMORY. */
enum vl_err vl_receipt_proof_write(const struct vl_receipt_proof *proof, enum vl_receipt_of of,
                                   struct vl_buf *out) VL_MUST_USE;

#endif
