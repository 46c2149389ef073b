/* SPDX-License-Identifier: Apache-2.0 */
/* custody/event.h: what offices sign about letters on their way: sealed, opened. */
#ifndef VL_CUSTODY_EVENT_H
#define VL_CUSTODY_EVENT_H

#include "custody/batch.h"

/* `sealed`: the sender put these envelopes out, so addressed (PROTOCOL, table).  One signature for
 * a tree whose leaves are the waybills, ascending by number, no number twice. */
struct vl_sealed {
    struct vl_act act;
    uint8_t root[VL_HASH_LEN];
    uint64_t count;
    struct vl_seals seals;
};

/* What the opener found (PROTOCOL 3); the numbers are the wire's. */
/* clang-format off */
#define VL_VERDICT_TABLE(X)                                                    \
    X(OK,         1, "ok",         "the content is what was committed to")     \
    X(MISMATCH,   2, "mismatch",   "the content is not what was committed to") \
    X(UNREADABLE, 3, "unreadable", "it could not be opened")
/* clang-format on */
enum vl_verdict {
    VL_VERDICT_NONE,
#define X(code, number, word, words) VL_VERDICT_##code = (number),
    VL_VERDICT_TABLE(X)
#undef X
};

/* `opened`: one letter, by one of its addressees (PROTOCOL 2). */
struct vl_opened {
    struct vl_act act;
    uint8_t number[VL_HASH_LEN];
    bool has_waybill; /* SHA-256 of the waybill, when the opener holds one */
    uint8_t waybill[VL_HASH_LEN];
    bool has_core; /* id of the manifest core, when it was readable */
    uint8_t core[VL_HASH_LEN];
    enum vl_verdict verdict;
    bool has_opening; /* the 32 bytes that lay inside for this addressee */
    uint8_t opening[VL_HASH_LEN];
    bool has_answers; /* id of the act it answers */
    uint8_t answers[VL_HASH_LEN];
};

const char *vl_verdict_word(enum vl_verdict verdict);

/* Sign and append the object; id may be NULL.  The card id of the act is the signer's.  What
 * reading would refuse is not written.  FORMAT, LIMIT, NO_MEMORY; on failure out is as it was. */
enum vl_err vl_sealed_write(const struct vl_signer *signer, const struct vl_sealed *sealed,
                            struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                            struct vl_why *why) VL_MUST_USE;
enum vl_err vl_opened_write(const struct vl_signer *signer, const struct vl_opened *opened,
                            struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                            struct vl_why *why) VL_MUST_USE;
/* Read the payload of an object of that kind, and check that `sub` says the same.  Borrows from the
 * object.  Says nothing about the signatures.  On failure the event is empty.  FORMAT, LIMIT,
 * UNSUPPORTED (another version), NO_MEMORY. */
enum vl_err vl_sealed_read(const struct vl_object *object, struct vl_sealed *sealed,
                           struct vl_why *why) VL_MUST_USE;
enum vl_err vl_opened_read(const struct vl_object *object, struct vl_opened *opened,
                           struct vl_why *why) VL_MUST_USE;

struct vl_batch vl_sealed_batch(const struct vl_sealed *sealed);

/* Is this waybill a leaf of what was sealed?  Its number is not compared with an envelope here, nor
 * its sender with who sealed (vl_evidence_check does that).  UNVERIFIED; FORMAT, LIMIT, UNSUPPORTED
 * for what is no waybill. */
enum vl_err vl_sealed_has(const struct vl_sealed *sealed, vl_bytes waybill, uint64_t index,
                          const struct vl_tree_path *path, struct vl_why *why) VL_MUST_USE;
/* Does the opening value show that the opener was `who`, an addressee of this waybill?  UNVERIFIED
 * when not: another letter or waybill, not an addressee, another or no value, "ok" about another
 * core than was committed to; MISMATCH verdicts count only with their value too (PROTOCOL 2, 3).
 * FORMAT, LIMIT, UNSUPPORTED for what is no waybill. */
enum vl_err vl_opened_check(const struct vl_opened *opened, const struct vl_office_id *who,
                            vl_bytes waybill, struct vl_why *why) VL_MUST_USE;

#endif
