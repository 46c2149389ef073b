/* SPDX-License-Identifier: Apache-2.0 */
/* cose/claims.h: the CWT claims (RFC 8392) of a signed object's header (RFC 9597): who says it,
 * what about, when it was signed. */
#ifndef VL_COSE_CLAIMS_H
#define VL_COSE_CLAIMS_H

#include "codec/cbor.h"

#define VL_CLAIMS_MAX_TEXT  8192                  /* RFC 9943 */
#define VL_CLAIMS_IAT_MAX_S INT64_C(253402300799) /* the last second of the year 9999 */
#define VL_CLAIMS_MAX_PAIRS VL_CBOR_MAX_UNSORTED

/* Borrowed from the wire, or from whoever writes. */
struct vl_claims {
    vl_bytes iss; /* 1: who signs, UTF-8; none when there is none */
    vl_bytes sub; /* 2: what it is about; likewise */
    bool has_iat;
    int64_t iat_s; /* 6: when it was signed, in seconds since 1970 UTC; never negative */
};

/* clang-format off */
#define VL_CLAIMS_INIT {{NULL, 0}, {NULL, 0}, false, 0}
/* clang-format on */

/* Read a claims map.  Other claims are walked over, and a time that is a float (COSE profile only)
 * counts as none.  Refusals latch in the cursor; *claims then holds what was read before. */
void vl_claims_read(struct vl_cbor *r, struct vl_claims *claims);
/* Write iss and sub, and iat if there is one. */
void vl_claims_put(struct vl_cbor_out *w, const struct vl_claims *claims);

#endif
