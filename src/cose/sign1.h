/* SPDX-License-Identifier: Apache-2.0 */
/* cose/sign1.h: COSE_Sign1 (RFC 9052, 4.2): signed objects, ours and those of others.
 *
 *     18([protected: bstr, unprotected: map, payload: bstr / nil, signature: bstr])
 *
 * docs/formats/cose.cddl has the shape of ours. */
#ifndef VL_COSE_SIGN1_H
#define VL_COSE_SIGN1_H

#include "cose/claims.h"
#include "cose/key.h"

/* Of a whole object, and of a payload or data that travels beside it. */
#define VL_SIGN1_MAX_LEN 65536

/* What an object must be like to be read. */
enum vl_sign1_profile {
    /* Ours.  Deterministic CBOR; tag 18; in the protected header alg, content type (a text), kid
     * (32 bytes), claims with iss and sub, and nothing else; an empty unprotected header; the
     * payload inside; an ES256 signature in its low-S form. */
    VL_SIGN1_OURS,
    /* RFC 9052: the tag may be missing, alg may stand in the unprotected header, the payload may be
     * elsewhere. */
    VL_SIGN1_BASE,
    /* As BASE, but with tag 18 and alg protected: the least that RFC 9942 asks of a receipt. */
    VL_SIGN1_TAGGED,
    /* A Signed Statement of RFC 9943: as TAGGED, with kid, x5t or x5chain protected, claims with
     * iss and sub protected, and the labels of a hash envelope (RFC 9995) where they may be. */
    VL_SIGN1_STATEMENT,
};

/* Owns its wire bytes; the fields borrow from them.  What is not protected is not signed: kid and,
 * in BASE, alg may come from there, the rest never does. */
struct vl_sign1 {
    enum vl_sign1_profile profile;
    struct vl_buf wire;
    /* As signed: the content of the byte string, none for an empty map. */
    vl_bytes protected_header;
    vl_bytes unprotected_header; /* the map as it stands on the wire: nobody signed it */
    int64_t alg;                 /* enum vl_cose_alg, or another number; 0 for a text */
    bool alg_is_protected;
    vl_bytes kid; /* none when there is none */
    bool kid_is_protected;
    vl_bytes content_type;    /* none when there is none, or it is a number */
    uint16_t content_format;  /* a content type that is a number (CoAP Content-Format) */
    struct vl_claims claims;  /* empty when there are none */
    int64_t payload_hash_alg; /* not 0: the payload is a digest (RFC 9995, label 258) */
    bool is_detached;         /* the payload is elsewhere */
    vl_bytes payload;
    vl_bytes signature;
};

/* clang-format off */
#define VL_SIGN1_INIT {.wire = {NULL, 0, 0, VL_SIGN1_MAX_LEN}}
/* clang-format on */

/* What is signed along and travels beside the object. */
struct vl_sign1_beside {
    bool has_payload; /* for a detached payload */
    vl_bytes payload;
    vl_bytes external_aad; /* RFC 9052, 4.3 */
};

/* Copy wire and read it.  *sign1 must be VL_SIGN1_INIT; on failure it is again.  Says nothing about
 * the signature.  FORMAT; LIMIT, also over VL_SIGN1_MAX_LEN; UNSUPPORTED for a critical label that
 * is not understood; NO_MEMORY. */
enum vl_err vl_sign1_parse(vl_bytes wire, enum vl_sign1_profile profile, struct vl_sign1 *sign1,
                           struct vl_why *why) VL_MUST_USE;
void vl_sign1_release(struct vl_sign1 *sign1);

/* Did the holder of key sign this (RFC 9052, 4.4)?  beside may be NULL.  Tries the algorithm of the
 * key's kind and no other.  UNVERIFIED, also for an object of ours whose kid is not key's
 * thumbprint; UNSUPPORTED for an algorithm not known here; NOT_FOUND when the payload is detached
 * and not given, USAGE when it is given and not detached; LIMIT; NO_MEMORY. */
enum vl_err vl_sign1_verify(const struct vl_sign1 *sign1, const struct vl_cose_key *key,
                            const struct vl_sign1_beside *beside, struct vl_why *why) VL_MUST_USE;

/* What the object is called wherever it is referred to: SHA-256 of its Sig_structure with an empty
 * external_aad (RFC 9052, 4.4).  It names what was said and by which key, not these bytes: a second
 * signature over the same words, or other unprotected words, has the same id.  beside gives a
 * detached payload, and may be NULL.  NOT_FOUND, USAGE, LIMIT, NO_MEMORY as above. */
enum vl_err vl_sign1_id(const struct vl_sign1 *sign1, const struct vl_sign1_beside *beside,
                        uint8_t out[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;

/* An object of ours to be.  Everything is borrowed. */
struct vl_sign1_draft {
    int64_t alg;           /* VL_COSE_ALG_EDDSA; VL_COSE_ALG_ED25519 for those who want it */
    vl_bytes kid;          /* the thumbprint of the key that signs, 32 bytes */
    vl_bytes content_type; /* "application/vnd.valise.KIND.v1+cbor" */
    struct vl_claims claims;
    vl_bytes payload; /* deterministic CBOR */
};

/* Sign with a 32-byte Ed25519 seed and append the object to out.  The same draft and seed give the
 * same bytes.  What vl_sign1_parse would refuse is not written: FORMAT; LIMIT, also for out's
 * ceiling; UNSUPPORTED for another alg; NO_MEMORY.  On failure out is as it was. */
enum vl_err vl_sign1_write(const struct vl_sign1_draft *draft, const struct vl_secret *seed,
                           struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

/* Sign payload, which stays outside, under a protected header that is encoded already, and append
 * the object with this unprotected map: a receipt (RFC 9942).  LIMIT, NO_MEMORY; on failure out is
 * as it was. */
enum vl_err vl_sign1_write_detached(vl_bytes protected_header, vl_bytes unprotected_header,
                                    vl_bytes payload, const struct vl_secret *seed,
                                    struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

#endif
