/* SPDX-License-Identifier: Apache-2.0 */
/* custody/answer.h: what the taker signs: accepted, receipted, refused, and accepted-part
 * (PROTOCOL 1, 7, 8, 14). */
#ifndef VL_CUSTODY_ANSWER_H
#define VL_CUSTODY_ANSWER_H

#include "custody/batch.h"

#define VL_NOT_TAKEN_MAX 256 /* listed; more are a tree */
#define VL_SLICES_MAX    4096

/* Why a letter that was handed was not taken; a code that is not among these is read as well. */
/* clang-format off */
#define VL_NOT_TAKEN_TABLE(X)                                                  \
    X(ALTERED,     "altered",     "it is not what was sealed")                 \
    X(MISSING,     "missing",     "it is not there")                           \
    X(NOT_FOR_ME,  "not-for-me",  "it is for somebody else")                   \
    X(NO_ROOM,     "no-room",     "there is no room for it")                   \
    X(EXPIRED,     "expired",     "it has expired")                            \
    X(QUARANTINED, "quarantined", "it is held apart")                          \
    X(MISMATCH,    "mismatch",    "bundle and waybill do not agree")           \
    X(UNREADABLE,  "unreadable",  "it cannot be read")                         \
    X(OTHER_ACT,   "other-act",   "the same taker signs for it in another act") \
    X(TOO_LARGE,   "too-large",   "it is larger than is taken here")           \
    X(PART,        "part",        "not all slices of it are here yet")
/* clang-format on */
enum vl_not_taken_reason {
    VL_NOT_TAKEN_UNKNOWN,
#define X(code, word, words) VL_NOT_TAKEN_##code,
    VL_NOT_TAKEN_TABLE(X)
#undef X
};
const char *vl_not_taken_word(enum vl_not_taken_reason reason);
const char *vl_not_taken_words(enum vl_not_taken_reason reason);
enum vl_not_taken_reason vl_not_taken_of_word(vl_bytes word);

struct vl_not_taken {
    uint8_t number[VL_HASH_LEN];
    vl_bytes reason;
};

/* accepted, receipted or refused, by its kind.  Borrows from the object or from whoever writes. */
struct vl_answer {
    enum vl_kind kind;
    struct vl_act act;
    bool has_answers; /* the `transferred` that it answers */
    uint8_t answers[VL_HASH_LEN];
    bool has_giver;
    struct vl_office_id giver;
    struct vl_batch batch; /* what was taken, or refused */
    /* accepted and receipted: what was handed and not taken, ascending by number; a list, or the
     * root over custody leaves when its count is not 0. */
    size_t not_taken_count;
    const struct vl_not_taken *not_taken; /* for writing */
    vl_bytes not_taken_read;              /* walked with vl_not_taken_next */
    struct vl_batch not_taken_batch;
    vl_bytes condition;
    struct vl_seals seals; /* as seen */
    /* receipted */
    struct vl_office_id addressee;
    vl_bytes person;
    vl_bytes method;
    /* refused */
    vl_bytes reason; /* a code */
    vl_bytes words;
};

struct vl_cbor vl_not_taken_walk(const struct vl_answer *answer);
bool vl_not_taken_next(struct vl_cbor *walk, struct vl_not_taken *entry);

/* Slices first to first + count - 1. */
struct vl_slices {
    uint64_t first;
    uint64_t count;
};
/* `accepted-part`: some slices of one large letter. */
struct vl_accepted_part {
    struct vl_act act;
    bool has_answers;
    uint8_t answers[VL_HASH_LEN];
    bool has_giver;
    struct vl_office_id giver;
    uint8_t number[VL_HASH_LEN];
    uint8_t waybill[VL_HASH_LEN];
    size_t slices_count;            /* ranges, ascending, none touching another's slices */
    const struct vl_slices *slices; /* for writing */
    vl_bytes slices_read;           /* walked with vl_slices_next */
};
struct vl_cbor vl_slices_walk(const struct vl_accepted_part *part);
bool vl_slices_next(struct vl_cbor *walk, struct vl_slices *slices);

/* As all acts: sign and append, id may be NULL, and what reading would refuse is not written; read
 * and check `sub`, borrowing.  A principal receipts only for itself.  FORMAT, LIMIT, UNSUPPORTED,
 * NO_MEMORY; on failure out is as it was, and what is read is empty. */
enum vl_err vl_answer_write(const struct vl_signer *signer, const struct vl_answer *answer,
                            struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                            struct vl_why *why) VL_MUST_USE;
enum vl_err vl_answer_read(const struct vl_object *object, struct vl_answer *answer,
                           struct vl_why *why) VL_MUST_USE;
enum vl_err vl_accepted_part_write(const struct vl_signer *signer,
                                   const struct vl_accepted_part *part, struct vl_buf *out,
                                   uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;
enum vl_err vl_accepted_part_read(const struct vl_object *object, struct vl_accepted_part *part,
                                  struct vl_why *why) VL_MUST_USE;

#endif
