/* SPDX-License-Identifier: Apache-2.0 */
/* cose/header.h: one header map of a COSE message (RFC 9052, 3), protected or not. */
#ifndef VL_COSE_HEADER_H
#define VL_COSE_HEADER_H

#include "cose/claims.h"

/* The labels that are read; others are walked over. */
enum vl_cose_label {
    VL_COSE_ALG = 1,                /* RFC 9052, 3.1 */
    VL_COSE_CRIT = 2,               /* the same */
    VL_COSE_CONTENT_TYPE = 3,       /* the same */
    VL_COSE_KID = 4,                /* the same */
    VL_COSE_CWT_CLAIMS = 15,        /* RFC 9597 */
    VL_COSE_X5CHAIN = 33,           /* RFC 9360 */
    VL_COSE_X5T = 34,               /* the same */
    VL_COSE_PAYLOAD_HASH = 258,     /* RFC 9995: the payload is a digest by this algorithm */
    VL_COSE_PREIMAGE_TYPE = 259,    /* the same: content type of what was hashed */
    VL_COSE_PAYLOAD_LOCATION = 260, /* the same */
    VL_COSE_RECEIPTS = 394,         /* RFC 9942: receipts of a statement */
    VL_COSE_VDS = 395,              /* the same: the kind of log */
    VL_COSE_VDP = 396               /* the same: proofs from it */
};

#define VL_COSE_MAX_LABELS VL_CBOR_MAX_UNSORTED

/* Borrowed from the wire.  What is absent is zero or none; vl_cose_header_has tells an empty value
 * from an absent one. */
struct vl_cose_header {
    int64_t alg; /* 0 for a text */
    vl_bytes kid;
    vl_bytes content_type;   /* none for a number */
    uint16_t content_format; /* a CoAP Content-Format; 0 for a text */
    struct vl_claims claims;
    int64_t payload_hash_alg;
    vl_bytes crit; /* the array, as it stands on the wire */
    size_t label_count;
    struct vl_cbor_label labels[VL_COSE_MAX_LABELS]; /* in the order of the wire */
};

/* Read one header map; refusals latch in the cursor. */
void vl_cose_header_read(struct vl_cbor *r, struct vl_cose_header *header);
bool vl_cose_header_has(const struct vl_cose_header *header, int64_t number);
/* The value of a label in a header map, as it stands on the wire; none when it is not there or the
 * map cannot be read.  text: of this text label instead of a number, NULL for none. */
vl_bytes vl_cose_header_item(vl_bytes map, int64_t number, const char *text);
/* FORMAT when a label is in both (RFC 9052, 3). */
enum vl_err vl_cose_header_check_apart(const struct vl_cose_header *protected_header,
                                       const struct vl_cose_header *unprotected_header,
                                       struct vl_why *why) VL_MUST_USE;
/* What a protected header calls critical must be in it, and be understood here (RFC 9052, 3.1).
 * FORMAT; UNSUPPORTED for what is not understood. */
enum vl_err vl_cose_header_check_crit(const struct vl_cose_header *protected_header,
                                      enum vl_cbor_profile profile, struct vl_why *why) VL_MUST_USE;
/* "label 33", "label \"x\"": how a refusal names one; returns out. */
#define VL_COSE_LABEL_NAME_LEN 64
const char *vl_cose_label_name(const struct vl_cbor_label *label, char out[VL_COSE_LABEL_NAME_LEN]);

#endif
