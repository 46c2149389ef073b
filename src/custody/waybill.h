/* SPDX-License-Identifier: Apache-2.0 */
/* custody/waybill.h: what is written outside an envelope.  Proves nothing alone: the sender's
 * `sealed` event vouches for it, as a leaf of its tree (PROTOCOL 8, 18). */
#ifndef VL_CUSTODY_WAYBILL_H
#define VL_CUSTODY_WAYBILL_H

#include "card/office_id.h"
#include "codec/cbor.h"

#define VL_WAYBILL_MAX_LEN        16384
#define VL_WAYBILL_MAX_ADDRESSEES 64
#define VL_WAYBILL_MAX_SIZE       ((uint64_t)INT64_MAX) /* as a file may have */
#define VL_WAYBILL_MAX_PACKAGES   ((uint64_t)UINT32_MAX)
#define VL_WAYBILL_VERSION        1
/* A slice of a large envelope; the last one may be shorter. */
#define VL_SLICE_LEN  ((uint64_t)16 << 20)
#define VL_SLICES_ALL ((uint64_t)1 << 24) /* of one envelope */

/* The numbers are the wire's. */
enum vl_letter_mode { VL_LETTER_SEALED = 1, VL_LETTER_OPEN = 2 };

/* The tree over the slices of an envelope (PROTOCOL 14). */
struct vl_pieces {
    uint8_t root[VL_HASH_LEN];
    uint64_t count;
};

/* Borrows from the wire, or from whoever writes. */
struct vl_waybill {
    uint8_t number[VL_HASH_LEN]; /* SHA-256 of the envelope */
    uint64_t size;               /* of the envelope, in bytes */
    enum vl_letter_mode mode;
    struct vl_office_id from;
    size_t to_count;
    struct vl_office_id to[VL_WAYBILL_MAX_ADDRESSEES];
    /* One for each addressee, in the same order: SHA-256 of the opening value that lies inside.
     * None for an open letter. */
    size_t opening_count;
    uint8_t openings[VL_WAYBILL_MAX_ADDRESSEES][VL_HASH_LEN];
    uint8_t commitment[VL_HASH_LEN]; /* id of the manifest core */
    bool has_date;
    int64_t date_s; /* as coarse as the sender wants: by default the day */
    bool has_expires;
    int64_t expires_s;
    bool has_expect_by;
    int64_t expect_by_s;
    uint64_t consignment; /* package n of N, at sealing; 1 of 1 */
    uint64_t consignment_of;
    bool has_pieces; /* else it is never carried in slices */
    struct vl_pieces pieces;
};

/* LIMIT; FORMAT: counts that do not agree, consignment 0 or above its N, an addressee twice or two
 * with one opening value, pieces that do not agree with the size; UNSUPPORTED: a version that is
 * not known.  On failure *waybill is empty. */
enum vl_err vl_waybill_parse(vl_bytes wire, struct vl_waybill *waybill,
                             struct vl_why *why) VL_MUST_USE;
/* Append.  What vl_waybill_parse would refuse is not written.  LIMIT, FORMAT, NO_MEMORY; on failure
 * out is as it was. */
enum vl_err vl_waybill_write(const struct vl_waybill *waybill, struct vl_buf *out,
                             struct vl_why *why) VL_MUST_USE;

#endif
