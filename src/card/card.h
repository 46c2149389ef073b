/* SPDX-License-Identifier: Apache-2.0 */
/* card/card.h: one card: who an office says it is, and the keys that speak for it from here on
 * (PROTOCOL 4, 11, 30). */
#ifndef VL_CARD_CARD_H
#define VL_CARD_CARD_H

#include "card/object.h"

#define VL_CARD_MAX_KEYS       8
#define VL_CARD_MAX_SEALING    8
#define VL_CARD_MAX_NAME       128 /* bytes */
#define VL_CARD_MAX_LANGUAGES  16
#define VL_CARD_MAX_REACH      8
#define VL_CARD_MAX_GUARDIANS  8
#define VL_CARD_SEALING_X25519 "x25519"

struct vl_card_key {
    struct vl_cose_key key;   /* kind NONE: an algorithm that is not known here; then only kid */
    vl_bytes wire;            /* the COSE_Key as it stands on the card */
    uint8_t kid[VL_HASH_LEN]; /* SHA-256 of wire */
};

/* To whom one seals: a kind and its public key.  Kinds that are not known here are kept. */
struct vl_card_sealing {
    vl_bytes kind; /* "x25519": 32 bytes */
    vl_bytes key;
};

/* Owns the object; everything else borrows from it. */
struct vl_card {
    struct vl_object object;
    uint64_t serial;
    bool has_previous;
    uint8_t previous[VL_HASH_LEN]; /* id of the card before */
    size_t key_count;
    struct vl_card_key keys[VL_CARD_MAX_KEYS];
    uint8_t keys_hash[VL_HASH_LEN]; /* vl_card_keys_hash of all of them, unknown ones as bytes */
    size_t need_count; /* sign: all-of; indexes of keys; the first names what the office signs */
    uint8_t need[VL_CARD_MAX_KEYS];
    size_t sealing_count;
    struct vl_card_sealing sealing[VL_CARD_MAX_SEALING];
    uint8_t next[VL_HASH_LEN]; /* hash of the next key set: vl_card_keys_hash */
    bool has_closes;           /* what the retired keys signed: a root and a count */
    uint8_t closes_root[VL_HASH_LEN];
    uint64_t closes_count;
    bool has_not_after;
    int64_t not_after_s;
    vl_bytes name; /* as the office calls itself; checked by vl_name_check */
    size_t language_count;
    vl_bytes languages[VL_CARD_MAX_LANGUAGES];
    size_t reach_count;
    vl_bytes reach[VL_CARD_MAX_REACH];
    size_t guardian_count;
    struct vl_office_id guardians[VL_CARD_MAX_GUARDIANS];
};

#define VL_CARD_INIT                                                                               \
    {                                                                                              \
        .object = VL_OBJECT_INIT                                                                   \
    }

/* Read one card (an object of kind card) and check all of it that needs no other card: every listed
 * key of a known algorithm signed it, the policy names listed keys, the first card's issuer is the
 * hash of its keys.  A card that fails is empty again.  FORMAT, LIMIT, UNVERIFIED, UNSUPPORTED
 * (a needed key's algorithm is not known), NO_MEMORY. */
enum vl_err vl_card_parse(vl_bytes wire, struct vl_card *card, struct vl_why *why) VL_MUST_USE;
void vl_card_release(struct vl_card *card);

/* The key of this kid, or NULL. */
const struct vl_card_key *vl_card_find_key(const struct vl_card *card, vl_bytes kid);

/* What an office wants to say on a card.  Borrowed. */
struct vl_card_draft {
    const struct vl_office_id *office; /* NULL: the first card, whose keys make the identity */
    uint64_t serial;
    const uint8_t *previous; /* VL_HASH_LEN bytes, or NULL */
    const struct vl_secret
        *seeds; /* every listed key signs and is needed, in this order; Ed25519 */
    size_t seed_count;
    const struct vl_secret *also_seeds; /* keys of the card before, when the change is unplanned */
    size_t also_count;
    const struct vl_card_sealing *sealing;
    size_t sealing_count;
    uint8_t next[VL_HASH_LEN];
    bool has_closes;
    uint8_t closes_root[VL_HASH_LEN];
    uint64_t closes_count;
    bool has_not_after;
    int64_t not_after_s;
    vl_bytes name;
    const vl_bytes *languages;
    size_t language_count;
    const vl_bytes *reach;
    size_t reach_count;
    const struct vl_office_id
        *guardians; /* who may name a successor; at most VL_CARD_MAX_GUARDIANS */
    size_t guardian_count;
    bool has_iat;
    int64_t iat_s;
};

/* Append the signed card to out.  What vl_card_parse would refuse is not written. */
enum vl_err vl_card_write(const struct vl_card_draft *draft, struct vl_buf *out,
                          struct vl_why *why) VL_MUST_USE;

/* Append the CBOR array of the keys, sorted bytewise, as cards and revocations have it.  LIMIT for
 * none or more than a card has; NO_MEMORY. */
enum vl_err vl_card_keys_put(const struct vl_cose_key *keys, size_t count,
                             struct vl_buf *out) VL_MUST_USE;

/* SHA-256("valise/next/v1" 00 || that array): what the card before says about the keys that will
 * follow.  LIMIT, NO_MEMORY. */
enum vl_err vl_card_keys_hash(const struct vl_cose_key *keys, size_t count,
                              uint8_t out[VL_HASH_LEN]) VL_MUST_USE;

/* How far the signatures of an object reach (PROTOCOL 11). */
enum vl_standing {
    VL_STANDING_NONE,
    VL_STANDING_INCOMPLETE, /* those that are there are good, and one that the card asks for is not
                             */
    VL_STANDING_FULL
};

/* Did the office of this card sign the object under this card's policy?  The object's payload must
 * name this card (act key 1); a card does not, and is UNVERIFIED here.  *standing tells FULL or
 * INCOMPLETE on VL_OK.  UNVERIFIED: another issuer, another card, a signature that is not good or
 * not of a key of the card, or a first one that is not of the first needed key, which would give
 * the object another id; UNSUPPORTED: an algorithm cannot be run here; FORMAT, LIMIT: no card is
 * named; NO_MEMORY. */
enum vl_err vl_card_verify(const struct vl_card *card, const struct vl_object *object,
                           enum vl_standing *standing, struct vl_why *why) VL_MUST_USE;
/* One signature, by the key of the card that it names, with that key's algorithm and no other.
 * UNVERIFIED; UNSUPPORTED when the key's algorithm is not known here; LIMIT, NO_MEMORY. */
enum vl_err vl_card_verify_by(const struct vl_card *card, const struct vl_sign1 *by,
                              struct vl_why *why) VL_MUST_USE;
/* Has every listed key of a known algorithm signed the card itself?  vl_card_parse asks.
 * UNVERIFIED, UNSUPPORTED, NO_MEMORY. */
enum vl_err vl_card_verify_itself(const struct vl_card *card, struct vl_why *why) VL_MUST_USE;

#endif
