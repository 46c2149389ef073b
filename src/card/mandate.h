/* SPDX-License-Identifier: Apache-2.0 */
/* card/mandate.h: what one office lets another do in its name, the end of it, and what it covers
 * (PROTOCOL 1, 5, 22). */
#ifndef VL_CARD_MANDATE_H
#define VL_CARD_MANDATE_H

#include "card/fields.h"

#define VL_MANDATE_MAX_POWERS  16
#define VL_MANDATE_MAX_LETTERS 1024
#define VL_MANDATE_MAX_FROM    64

/* What a mandate gives; the numbers are the wire's.  One that is not known here gives nothing. */
/* clang-format off */
#define VL_POWER_TABLE(X)                                                      \
    X(CARRY,   1, "carry",   "carry letters")                                  \
    X(RECEIVE, 2, "receive", "receive letters and sign for them")              \
    X(SPEAK,   3, "speak",   "speak for the principal")                        \
    X(EXPLAIN, 4, "explain", "explain what a letter says")                     \
    X(SEAL,    5, "seal",    "seal letters for the principal")
/* clang-format on */
enum vl_power {
    VL_POWER_NONE,
#define X(code, number, word, words) VL_POWER_##code = (number),
    VL_POWER_TABLE(X)
#undef X
};

enum vl_mandate_uses { VL_MANDATE_ONCE = 1, VL_MANDATE_MANY = 2 };

/* `mandate`, by the principal; or, with `under`, by a delegate whose mandate lets it pass this on.
 * Borrows from the object or from whoever writes. */
struct vl_mandate {
    struct vl_act act;
    struct vl_office_id grantee;
    size_t power_count; /* ascending, none twice; unknown ones too */
    uint8_t powers[VL_MANDATE_MAX_POWERS];
    bool has_letters; /* else whichever */
    struct vl_ids letters;
    bool has_from; /* from these offices, else from whomever */
    struct vl_ids from;
    bool has_handover;
    uint8_t handover[VL_NONCE_LEN];
    uint64_t count;        /* at most so many letters in one act; 0: no limit */
    struct vl_seals seals; /* that must be on them; none: whatever */
    bool has_not_before;
    int64_t not_before_s;
    bool has_not_after;
    int64_t not_after_s;
    enum vl_mandate_uses uses;
    bool may_delegate;
    uint8_t nonce[VL_NONCE_LEN];
};

/* Why a mandate ends; the numbers are the wire's. */
/* clang-format off */
#define VL_MANDATE_END_TABLE(X)                                                \
    X(ENDED,       1, "ended",       "it is over")                             \
    X(COMPROMISED, 2, "compromised", "somebody else uses it")                  \
    X(MISTAKE,     3, "mistake",     "it should not have been given")
/* clang-format on */
enum vl_mandate_end {
    VL_MANDATE_END_NONE,
#define X(code, number, word, words) VL_MANDATE_END_##code = (number),
    VL_MANDATE_END_TABLE(X)
#undef X
};

/* `mandate-revocation`, by whoever gave it.  Terminal; counts by order only (PROTOCOL 5). */
struct vl_mandate_revocation {
    struct vl_act act;
    uint8_t mandate[VL_HASH_LEN];
    enum vl_mandate_end reason;
};

const char *vl_power_word(enum vl_power power);
const char *vl_power_words(enum vl_power power);
/* NONE for a word that is none. */
enum vl_power vl_power_of_word(vl_bytes word);
const char *vl_mandate_end_word(enum vl_mandate_end reason);
bool vl_mandate_gives(const struct vl_mandate *mandate, enum vl_power power);

/* Sign and append the object; id may be NULL.  The card id of the act is the signer's.  What
 * reading would refuse is not written: once for neither letters nor one hand-over (PROTOCOL 22),
 * one under another that may be passed on again.  FORMAT, LIMIT, NO_MEMORY; on failure out is as it
 * was. */
enum vl_err vl_mandate_write(const struct vl_signer *signer, const struct vl_mandate *mandate,
                             struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                             struct vl_why *why) VL_MUST_USE;
enum vl_err vl_mandate_revocation_write(const struct vl_signer *signer,
                                        const struct vl_mandate_revocation *revocation,
                                        struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                                        struct vl_why *why) VL_MUST_USE;
/* Read the payload and check `sub`; borrows from the object, says nothing about the signatures.  On
 * failure it is empty.  FORMAT, LIMIT, UNSUPPORTED (another version), NO_MEMORY. */
enum vl_err vl_mandate_read(const struct vl_object *object, struct vl_mandate *mandate,
                            struct vl_why *why) VL_MUST_USE;
enum vl_err vl_mandate_revocation_read(const struct vl_object *object,
                                       struct vl_mandate_revocation *revocation,
                                       struct vl_why *why) VL_MUST_USE;

/* Why a mandate is not good for an act, in the order in which they are looked for; the words are
 * those of a finding. */
/* clang-format off */
#define VL_MANDATE_FLAW_TABLE(X)                                               \
    X(NOT_VOUCHED,       "mandate-not-vouched")                                \
    X(NOT_THE_PRINCIPAL, "not-the-principal")                                  \
    X(NOT_THE_GRANTEE,   "not-the-grantee")                                    \
    X(NO_SUCH_POWER,     "no-such-power")                                      \
    X(NOT_THIS_LETTER,   "not-this-letter")                                    \
    X(NOT_THIS_SENDER,   "not-this-sender")                                    \
    X(NOT_THIS_HANDOVER, "not-this-handover")                                  \
    X(OVER_COUNT,        "over-count")                                         \
    X(SEALS_DIFFER,      "seals-differ")                                       \
    X(OUTSIDE_VALIDITY,  "outside-validity")                                   \
    X(REVOKED,           "revoked")
/* clang-format on */
enum vl_mandate_flaw {
    VL_MANDATE_GOOD,
#define X(code, word) VL_MANDATE_##code,
    VL_MANDATE_FLAW_TABLE(X)
#undef X
};
/* "" for GOOD. */
const char *vl_mandate_flaw_word(enum vl_mandate_flaw flaw);

/* When something was done, as its signer says: both ends included, in ms since 1970. */
struct vl_when {
    bool known;
    uint64_t from_ms;
    uint64_t to_ms;
};
/* By the act's time and its uncertainty, else by the second of the signature, else not known. */
struct vl_when vl_act_when(const struct vl_act *act, const struct vl_object *object);

/* What somebody did, or is about to do, under a mandate.  Borrowed. */
struct vl_mandate_use {
    struct vl_office_id by;
    enum vl_power power;
    const uint8_t *number;           /* VL_HASH_LEN bytes; NULL: of no one letter */
    const struct vl_office_id *from; /* of the letter, by what is proven to be sealed */
    size_t from_count;               /* several when the origin is disputed: one is enough */
    const uint8_t *handover;         /* VL_NONCE_LEN bytes; NULL: none is known */
    uint64_t count;                  /* letters in the act */
    const struct vl_seals *seals;    /* NULL: none */
    struct vl_when when;
};
/* Does the mandate cover this?  Looks at its grantee, powers, letters, senders, hand-over, count,
 * seals and validity; who signed it and whether it was revoked is for whoever has the evidence.
 * *uncertain says that it is good and yet the time may lie outside. */
enum vl_mandate_flaw vl_mandate_covers(const struct vl_mandate *mandate,
                                       const struct vl_mandate_use *use, bool *uncertain);
/* Is the mandate, which `issuer` signed, one that `above`, which the principal gave to it, lets it
 * give (depth 1)?  That `above` covers the use as well is for vl_mandate_covers, with the issuer as
 * `by`. */
bool vl_mandate_passed_on(const struct vl_mandate *mandate, const struct vl_office_id *issuer,
                          const struct vl_mandate *above, const uint8_t above_id[VL_HASH_LEN]);

#endif
