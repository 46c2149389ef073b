/* SPDX-License-Identifier: Apache-2.0 */
/* card/object.h: a signed object: one payload, signed by every key its office's card asks for.
 *
 *     object = [1*4 COSE_Sign1]
 *
 * COSE_Sign1 holds one signature, so an office with several algorithms signs several times: the
 * payloads and the protected headers are the same but for alg and kid (PROTOCOL 11).  The first is
 * that of the card's first-listed needed key, and gives the object its id (PROTOCOL 26). */
#ifndef VL_CARD_OBJECT_H
#define VL_CARD_OBJECT_H

#include "card/kind.h"
#include "card/office_id.h"
#include "cose/sign1.h"

#define VL_OBJECT_MAX_SIGNATURES 4
/* Of the whole of it on the wire. */
#define VL_OBJECT_MAX_LEN ((size_t)VL_OBJECT_MAX_SIGNATURES * VL_SIGN1_MAX_LEN + 16)

struct vl_object {
    enum vl_kind kind;
    struct vl_office_id issuer;
    size_t count;
    struct vl_sign1 by[VL_OBJECT_MAX_SIGNATURES];
    uint8_t id[VL_HASH_LEN];
};

/* Empty, owns nothing. */
#define VL_OBJECT_INIT                                                                             \
    {                                                                                              \
        .kind = VL_KIND_NONE                                                                       \
    }

/* Copy wire and read it: kind, issuer, and that all of its signatures are over the same words by
 * different keys.  Says nothing about the signatures or the payload.  On failure *object is empty.
 * FORMAT, LIMIT, UNSUPPORTED (a kind that is not known here), NO_MEMORY. */
enum vl_err vl_object_parse(vl_bytes wire, struct vl_object *object,
                            struct vl_why *why) VL_MUST_USE;
void vl_object_release(struct vl_object *object);
/* Append it as it came. */
enum vl_err vl_object_write(const struct vl_object *object, struct vl_buf *out) VL_MUST_USE;
/* What was signed; borrowed from the object. */
vl_bytes vl_object_payload(const struct vl_object *object);
vl_bytes vl_object_sub(const struct vl_object *object);
/* When it was signed, by the clock of whoever signed; false when it does not say. */
bool vl_object_signed_at(const struct vl_object *object, int64_t *at_s);

/* Whoever signs: an office under one card of its own, with the keys that this card needs, in the
 * order of its policy.  Borrowed. */
struct vl_signer {
    struct vl_office_id office;
    uint8_t card_id[VL_HASH_LEN];
    const struct vl_secret *seeds; /* Ed25519, 32 bytes each */
    size_t seed_count;
    bool has_iat;
    int64_t iat_s;
};

/* Sign payload, deterministic CBOR of that kind, and append the object to out; id gets its id and
 * may be NULL.  FORMAT, LIMIT, NO_MEMORY; on failure out is as it was. */
enum vl_err vl_object_sign(const struct vl_signer *signer, enum vl_kind kind, vl_bytes sub,
                           vl_bytes payload, struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                           struct vl_why *why) VL_MUST_USE;

#endif
