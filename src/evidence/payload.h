/* SPDX-License-Identifier: Apache-2.0 */
/* evidence/payload.h: what a bundle carries (docs/formats/payload.cddl): a letter, evidence, the
 * place of a letter that is not there, a slice of a large letter.
 *
 * The content comes last, so everything before it, the head, is read without it, and the content
 * goes by as a stream. */
#ifndef VL_EVIDENCE_PAYLOAD_H
#define VL_EVIDENCE_PAYLOAD_H

#include "custody/batch.h"

/* So many first bytes hold any head. */
#define VL_PAYLOAD_MAX_HEAD ((size_t)32768)

enum vl_payload_kind {
    VL_PAYLOAD_NONE,
    VL_PAYLOAD_LETTER,
    VL_PAYLOAD_EVIDENCE,
    VL_PAYLOAD_ABSENT, /* a custody leaf, and no letter */
    VL_PAYLOAD_SLICE
};

/* Where a waybill stands under a `sealed`.  An empty path under a batch of more than one says that
 * all leaves of it are in the bag. */
struct vl_vouched {
    bool is_there;
    uint8_t sealed[VL_HASH_LEN];
    uint64_t index;
    struct vl_tree_path path;
};

/* Borrows from the bytes that were read, or from whoever writes. */
struct vl_payload_head {
    enum vl_payload_kind kind;
    vl_bytes waybill;            /* letter, slice */
    struct vl_vouched vouched;   /* letter, slice */
    uint8_t number[VL_HASH_LEN]; /* slice */
    uint64_t slice_index;        /* slice */
    struct vl_tree_path path;    /* slice */
    bool has_destination;        /* evidence: else it is in clear, for the taker */
    struct vl_office_id destination;
    struct vl_custody_leaf leaf; /* absent */
    uint64_t content_len;        /* envelope, evidence or slice; 0 for absent */
};

/* Read the head from the first bytes of a payload: all of it, or VL_PAYLOAD_MAX_HEAD; total_len is
 * the length of the whole.  *head_len tells where the content begins.  A waybill is read, and its
 * number and size are held against the slice's and the content's; the content is not looked at.
 * FORMAT, LIMIT, UNSUPPORTED; then *head is empty. */
enum vl_err vl_payload_head_parse(vl_bytes beginning, uint64_t total_len,
                                  struct vl_payload_head *head, size_t *head_len,
                                  struct vl_why *why) VL_MUST_USE;
/* Append the head; content_len bytes of content are for the caller to put behind it.  What reading
 * would refuse is not written.  FORMAT, LIMIT, UNSUPPORTED, NO_MEMORY; then out is as it was. */
enum vl_err vl_payload_head_write(const struct vl_payload_head *head, struct vl_buf *out,
                                  struct vl_why *why) VL_MUST_USE;

#endif
