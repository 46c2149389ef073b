/* SPDX-License-Identifier: Apache-2.0 */
/* card/act.h: what every signed act says about itself (PROTOCOL, "What each signature covers").
 *
 * The payload of a signed object is one map with small integer keys.  Keys 0 to 8 are these, and a
 * kind's own begin at 10. */
#ifndef VL_CARD_ACT_H
#define VL_CARD_ACT_H

#include "card/object.h"

#define VL_ACT_MAX_CITES 64
#define VL_ACT_MAX_PLACE 256
#define VL_ACT_VERSION   1
#define VL_ACT_OWN_KEYS  10

/* In which capacity somebody acts (PROTOCOL 1).  The numbers are the wire's. */
/* clang-format off */
#define VL_CAPACITY_TABLE(X)                                                   \
    X(CARRIER,   1, "carrier")                                                 \
    X(DELEGATE,  2, "delegate")                                                \
    X(PRINCIPAL, 3, "principal")                                               \
    X(WITNESS,   4, "witness")
/* clang-format on */
enum vl_capacity {
    VL_CAPACITY_NONE,
#define X(code, number, word) VL_CAPACITY_##code = (number),
    VL_CAPACITY_TABLE(X)
#undef X
};

/* Borrows what it points at, from a payload or from whoever writes. */
struct vl_act {
    uint8_t card_id[VL_HASH_LEN]; /* 1: the signer's card */
    enum vl_capacity capacity;    /* 2 */
    bool has_under;               /* 3: the mandate relied on, or null */
    uint8_t under[VL_HASH_LEN];
    size_t cite_count;                   /* 4: ids it follows, ascending, none twice */
    const uint8_t (*cites)[VL_HASH_LEN]; /* for writing; NULL: they are in cites_read */
    uint8_t cites_read[VL_ACT_MAX_CITES][VL_HASH_LEN];
    bool manual; /* 5: a person did it, not a program by itself */
    bool has_at; /* 6: when the act was done, in ms since 1970 */
    uint64_t at_ms;
    bool has_plus_minus; /* 7: only with 6 */
    uint64_t plus_minus_ms;
    vl_bytes place; /* 8: none when it does not say */
};

const char *vl_capacity_word(enum vl_capacity capacity);
/* May what is done in this capacity be an act of that kind?  FORMAT. */
#define VL_CAPACITY_BIT(capacity) (1u << (capacity))
/* Whoever has the letters in hand. */
#define VL_CAPACITY_CUSTODIAN                                                                      \
    (VL_CAPACITY_BIT(VL_CAPACITY_CARRIER) | VL_CAPACITY_BIT(VL_CAPACITY_DELEGATE) |                \
     VL_CAPACITY_BIT(VL_CAPACITY_PRINCIPAL))
enum vl_err vl_act_check_capacity(const struct vl_act *act, unsigned allowed,
                                  struct vl_why *why) VL_MUST_USE;

/* One hash from the wire.  Refusals latch in the cursor; then out is as it was. */
void vl_hash_read(struct vl_cbor *r, uint8_t out[VL_HASH_LEN]);
/* How many pairs vl_act_put writes. */
size_t vl_act_pairs(const struct vl_act *act);
/* Write keys 0 to 8 of a map whose head was written by the caller; the kind's own follow.  What
 * vl_act_read would refuse is for the caller to avoid; too many cited ids latch LIMIT. */
void vl_act_put(struct vl_cbor_out *w, const struct vl_act *act);
/* Read keys 0 to 8; *key is then the first key of the kind's own, already read, or 0 when there is
 * none.  Refusals latch in the cursor. */
void vl_act_read(struct vl_cbor *r, struct vl_cbor_map *map, struct vl_act *act, int64_t *key);
/* The id of the card that a payload names, and no more of it: to know by which card to verify.
 * FORMAT, LIMIT, UNSUPPORTED for another version; on failure out is as it was. */
enum vl_err vl_act_card_id(vl_bytes payload, uint8_t out[VL_HASH_LEN],
                           struct vl_why *why) VL_MUST_USE;

#endif
