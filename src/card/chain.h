/* SPDX-License-Identifier: Apache-2.0 */
/* card/chain.h: the cards of one office, first to newest, and the revocations of its keys: what
 * travels as a card file (PROTOCOL 4).
 *
 *     card-file = ["valise/cards/v1", [1*64 object], [* object]]
 *
 * The first array has the cards by serial from 0, the second the revocations by their ids,
 * ascending. docs/formats/card.cddl has the rest. */
#ifndef VL_CARD_CHAIN_H
#define VL_CARD_CHAIN_H

#include "card/card.h"

#define VL_CHAIN_MAX_CARDS       64
#define VL_CHAIN_MAX_REVOCATIONS 64
#define VL_CHAIN_MAX_LEN         ((size_t)4 << 20)
/* A card file as text begins with this and is bech32: for QR codes and for mail. */
#define VL_CHAIN_HRP "valisecard"

/* Why a key or a card is no longer trusted; the numbers are the wire's. */
/* clang-format off */
#define VL_REVOCATION_TABLE(X)                                                 \
    X(COMPROMISED, 1, "compromised", "somebody else has the key")              \
    X(LOST,        2, "lost",        "the key is lost")                        \
    X(CLOSED,      3, "closed",      "the office is closed")
/* clang-format on */
enum vl_revocation_reason {
    VL_REVOCATION_NONE,
#define X(code, number, word, words) VL_REVOCATION_##code = (number),
    VL_REVOCATION_TABLE(X)
#undef X
};

/* Owns the object.  It carries the keys that sign it, so that the next keys, which are on no card
 * yet, can be told by the hash that a card announced. */
struct vl_revocation {
    struct vl_object object;
    uint8_t card_id[VL_HASH_LEN]; /* the card under which it was made */
    uint8_t target[VL_HASH_LEN];  /* a kid or a card id */
    enum vl_revocation_reason reason;
    uint8_t keys_hash[VL_HASH_LEN]; /* vl_card_keys_hash of the keys that signed it */
};

#define VL_REVOCATION_INIT                                                                         \
    {                                                                                              \
        .object = VL_OBJECT_INIT                                                                   \
    }

struct vl_chain_link {
    struct vl_card card;
    /* Its keys are not those announced: every needed key of the card before signed it, because the
     * announced ones were not at hand. */
    bool unplanned;
    /* This card or one of its needed keys is revoked; or it, or a card that it builds on, came
     * unannounced by a card or by keys that had been revoked before it. */
    bool key_revoked;
};

/* Owns its cards.  Verified: every link, every revocation. */
struct vl_chain {
    struct vl_office_id office;
    size_t count;
    struct vl_chain_link *links; /* by serial */
    size_t revocation_count;
    struct vl_revocation *revocations; /* by id */
};

#define VL_CHAIN_INIT                                                                              \
    {                                                                                              \
        .count = 0                                                                                 \
    }

/* Read a card file, binary or as text, and check every link: serials from 0 without a gap, each the
 * child of the one before, its keys those that were announced or signed for by all needed keys of
 * the card before; in that case it must not need fewer keys than that one (PROTOCOL 11).
 * Revocations must be by keys of the card that they name, or by the keys which it announced.
 * FORMAT, LIMIT, UNVERIFIED, UNSUPPORTED, NO_MEMORY; on failure *chain is empty. */
enum vl_err vl_chain_parse(vl_bytes wire, struct vl_chain *chain, struct vl_why *why) VL_MUST_USE;
void vl_chain_release(struct vl_chain *chain);
/* Append the card file.  LIMIT over VL_CHAIN_MAX_LEN or out's ceiling, NO_MEMORY; then out is as it
 * was. */
enum vl_err vl_chain_write(const struct vl_chain *chain, struct vl_buf *out) VL_MUST_USE;
/* Append it as text; LIMIT where bech32 cannot hold it (VL_BECH32_MAX_TEXT). */
enum vl_err vl_chain_write_text(const struct vl_chain *chain, struct vl_buf *out) VL_MUST_USE;
/* The newest card; the chain is not empty. */
const struct vl_card *vl_chain_newest(const struct vl_chain *chain);
/* The card of this id, or NULL; *index, which may be NULL, tells which. */
const struct vl_card *vl_chain_find(const struct vl_chain *chain, const uint8_t id[VL_HASH_LEN],
                                    size_t *index);

/* What an offered chain is to a known one of the same office. */
enum vl_chain_news {
    VL_CHAIN_SAME,
    VL_CHAIN_OLDER, /* nothing new: the known one goes on where it ends */
    VL_CHAIN_NEWER, /* goes on where the known one ends */
    VL_CHAIN_FORK   /* two cards of one serial: somebody signed twice; *serial tells which */
};
/* Revocations count as news too: NEWER when there is one more.  Both are whole and verified. */
enum vl_chain_news vl_chain_compare(const struct vl_chain *known, const struct vl_chain *offered,
                                    uint64_t *serial);
/* Revocations of offered that known has not are copied to known (a chain never loses one), but for
 * those under a card that known has not.  LIMIT, NO_MEMORY; those copied before it stay. */
enum vl_err vl_chain_take_revocations(struct vl_chain *known, const struct vl_chain *offered,
                                      struct vl_why *why) VL_MUST_USE;
/* Make chain the longer of the two, with the revocations of both: an old card file may bring one,
 * and takes no card back.  Of one office, and no fork.  LIMIT, NO_MEMORY; on failure it is as it
 * was. */
enum vl_err vl_chain_merge(struct vl_chain *chain, const struct vl_chain *other,
                           struct vl_why *why) VL_MUST_USE;
/* Add one more card, which may be the first of an empty chain, or a revocation; verified as in
 * vl_chain_parse, and on failure the chain is as it was.  A revocation that is there already is
 * fine.  FORMAT for another kind, and the failures of vl_chain_parse. */
enum vl_err vl_chain_add(struct vl_chain *chain, vl_bytes object, struct vl_why *why) VL_MUST_USE;

/* Read one revocation, copying wire, and check that the keys it carries have signed it; whether
 * they may is for the chain to say.  On failure it is empty.  FORMAT, LIMIT, UNVERIFIED,
 * UNSUPPORTED, NO_MEMORY. */
enum vl_err vl_revocation_parse(vl_bytes wire, struct vl_revocation *revocation,
                                struct vl_why *why) VL_MUST_USE;
void vl_revocation_release(struct vl_revocation *revocation);
/* Sign a revocation and append the object: made at init for the day the key is stolen or lost.  The
 * signer's keys are those of its card or all of those that the card announces.  FORMAT, LIMIT,
 * NO_MEMORY; on failure out is as it was. */
enum vl_err vl_revocation_write(const struct vl_signer *signer, const uint8_t target[VL_HASH_LEN],
                                enum vl_revocation_reason reason, struct vl_buf *out,
                                struct vl_why *why) VL_MUST_USE;
const char *vl_revocation_word(enum vl_revocation_reason reason);

/* Does the chain speak for what was signed under the card of this id, and with what marks? */
struct vl_chain_verdict {
    enum vl_standing standing;
    bool retired;   /* a newer card has other keys: proven only with closes or another's evidence */
    bool revoked;   /* the card or its key was revoked */
    bool unplanned; /* the card, or one between it and the first, came unannounced */
};
/* Find the object's card in the chain and verify it (vl_card_verify).  NOT_FOUND: the card is not
 * in this chain; UNVERIFIED, UNSUPPORTED, FORMAT, LIMIT, NO_MEMORY. */
enum vl_err vl_chain_verify(const struct vl_chain *chain, const struct vl_object *object,
                            struct vl_chain_verdict *verdict, struct vl_why *why) VL_MUST_USE;

#endif
