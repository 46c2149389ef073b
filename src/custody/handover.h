/* SPDX-License-Identifier: Apache-2.0 */
/* custody/handover.h: `transferred`: the giver lets go of these letters to this taker (PROTOCOL 7,
 * 29).  An offer: custody moves with the taker's answer only (custody/answer.h). */
#ifndef VL_CUSTODY_HANDOVER_H
#define VL_CUSTODY_HANDOVER_H

#include "custody/batch.h"

/* A signed object holds some 1300 of them. */
#define VL_TRANSFERRED_MAX_SEGMENTS 4096
#define VL_HANDED_SEGMENT_MAX_NAME  32

/* One file of the bag, or of another bag on the same stick: then letters that were handed on lie
 * where they were. */
struct vl_handed_segment {
    vl_bytes name;
    uint64_t length;
    uint8_t hash[VL_HASH_LEN]; /* SHA-256 of it */
    bool elsewhere;
    uint8_t bag[VL_NONCE_LEN]; /* of which bag, if so */
};

/* Borrows from the object, or from whoever writes. */
struct vl_transferred {
    struct vl_act act;
    uint8_t handover[VL_NONCE_LEN];
    bool has_bag;
    uint8_t bag[VL_NONCE_LEN];
    bool has_taker;
    struct vl_office_id taker;
    vl_bytes carrier; /* a named courier without software; none: nobody named */
    size_t segment_count;
    const struct vl_handed_segment *segments; /* for writing */
    vl_bytes segments_read;                   /* walked with vl_handed_segments_next */
    struct vl_batch batch;
    bool has_evidence; /* the evidence that came along: a tree of ids as under `seen` */
    uint8_t evidence_root[VL_HASH_LEN];
    uint64_t evidence_count;
    struct vl_seals seals;
    bool has_previous; /* the giver's last hand-over to this taker */
    uint8_t previous[VL_HASH_LEN];
};

/* The segments of a hand-over that was read, one after the other:
 *     struct vl_cbor walk = vl_handed_segments_walk(&transferred);
 *     while (vl_handed_segments_next(&walk, &entry)) ... */
struct vl_cbor vl_handed_segments_walk(const struct vl_transferred *transferred);
bool vl_handed_segments_next(struct vl_cbor *walk, struct vl_handed_segment *entry);

/* As all acts: sign and append, id may be NULL, and what reading would refuse is not written; read
 * and check `sub`, borrowing.  FORMAT, LIMIT, UNSUPPORTED, NO_MEMORY; on failure out is as it was,
 * and what is read is empty. */
enum vl_err vl_transferred_write(const struct vl_signer *signer,
                                 const struct vl_transferred *transferred, struct vl_buf *out,
                                 uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;
enum vl_err vl_transferred_read(const struct vl_object *object, struct vl_transferred *transferred,
                                struct vl_why *why) VL_MUST_USE;

#endif
