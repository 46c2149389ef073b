/* SPDX-License-Identifier: Apache-2.0 */
/* record/receipt.h: a log's signed word that an entry is in it, or that its tree goes on where an
 * older one ended (RFC 9942, vds 1), and statements that carry such receipts (RFC 9943).
 *
 * What RFC 9942 signs is the root and the protected header, not the size of the tree nor the place
 * in it: one path leads to one root from trees of several sizes.  Ours sign the log's origin and
 * the size beside it (PROTOCOL 28), and with the size the place is fixed too.  Nothing else of a
 * proof is ever shown as a fact. */
#ifndef VL_RECORD_RECEIPT_H
#define VL_RECORD_RECEIPT_H

#include "cose/sign1.h"
#include "merkle/proof.h"

#define VL_RECEIPT_MAX_LEN     8192
#define VL_RECEIPT_MAX_PROOFS  16
#define VL_RECEIPT_MAX_ORIGIN  1024
#define VL_RECEIPT_VDS         1 /* RFC9162_SHA256 */
#define VL_STATEMENT_RECEIPTS  ((size_t)16)
#define VL_TRANSPARENT_MAX_LEN (VL_SIGN1_MAX_LEN + VL_STATEMENT_RECEIPTS * (VL_RECEIPT_MAX_LEN + 8))

/* How much a receipt says; each says all that the one before says. */
enum vl_receipt_level {
    VL_RECEIPT_9942,  /* somebody with this key signed a root that this entry leads to */
    VL_RECEIPT_9943,  /* ... and who, about what, and with which key */
    VL_RECEIPT_BOUND, /* ... and in which log, and how large it was: as ours are */
};

enum vl_receipt_of { VL_RECEIPT_OF_INCLUSION, VL_RECEIPT_OF_CONSISTENCY };

/* Owns its wire bytes; the fields borrow from them.  Each proof has been read once. */
struct vl_receipt {
    struct vl_sign1 sign1;
    enum vl_receipt_of of;
    enum vl_receipt_level level;
    vl_bytes origin; /* "valise-origin", protected; none when it is not there */
    bool has_size;
    uint64_t size; /* "valise-tree-size", protected: of the newer tree */
    size_t proof_count;
    vl_bytes proofs[VL_RECEIPT_MAX_PROOFS];
};

/* clang-format off */
#define VL_RECEIPT_INIT {.sign1 = VL_SIGN1_INIT}
/* clang-format on */

/* Copy wire and read it, also one of others.  Says nothing about the signature.  On failure
 * *receipt is empty.  UNSUPPORTED for another kind of log or of proof, which is not to say that it
 * is false; FORMAT, LIMIT, NO_MEMORY. */
enum vl_err vl_receipt_parse(vl_bytes wire, struct vl_receipt *receipt,
                             struct vl_why *why) VL_MUST_USE;
void vl_receipt_release(struct vl_receipt *receipt);

/* Whose receipts somebody takes, and how much they must say.  Borrowed. */
struct vl_receipt_log {
    struct vl_cose_key key;
    vl_bytes origin; /* that it must name where it names one; none: whatever it names */
    enum vl_receipt_level least;
};

/* What a receipt has proven.  Sizes and places are 0 unless it is BOUND. */
struct vl_receipt_says {
    enum vl_receipt_level level;
    uint64_t size;
    uint64_t index;    /* of an inclusion */
    uint64_t old_size; /* of a consistency */
    uint8_t root[VL_HASH_LEN];
};

/* Does it prove that the entry of this leaf hash is in the log?  One of several proofs is enough,
 * in whatever order they come.  UNVERIFIED; REFUSED for another origin or less than must be said;
 * USAGE for a receipt of consistency; UNSUPPORTED for the algorithm; NO_MEMORY. */
enum vl_err vl_receipt_verify(const struct vl_receipt *receipt,
                              const uint8_t leaf_hash[VL_HASH_LEN],
                              const struct vl_receipt_log *log, struct vl_receipt_says *says,
                              struct vl_why *why) VL_MUST_USE;
/* Does it prove that the log goes on where it was, at old_size with this root?  Fails likewise. */
enum vl_err vl_receipt_verify_consistency(const struct vl_receipt *receipt, uint64_t old_size,
                                          const uint8_t old_root[VL_HASH_LEN],
                                          const struct vl_receipt_log *log,
                                          struct vl_receipt_says *says,
                                          struct vl_why *why) VL_MUST_USE;

/* A receipt to be.  Borrowed. */
struct vl_receipt_draft {
    enum vl_receipt_of of;
    int64_t alg; /* VL_COSE_ALG_EDDSA; VL_COSE_ALG_ED25519 for those who want it */
    vl_bytes origin;
    vl_bytes sub; /* the statement's */
    bool has_iat;
    int64_t iat_s;
    uint64_t size;
    uint8_t root[VL_HASH_LEN];
    /* An inclusion: the entry's leaf hash and place.  A consistency: the older root and size. */
    uint8_t from[VL_HASH_LEN];
    uint64_t at;
    struct vl_tree_path path;
};

/* Sign with the receipt key's 32-byte seed and append the receipt to out.  What does not verify is
 * not written: UNVERIFIED for a path that does not lead to the root; USAGE for the tree of one
 * entry or two equal ones, whose empty path RFC 9942 cannot say; FORMAT, LIMIT, UNSUPPORTED,
 * NO_MEMORY. On failure out is as it was. */
enum vl_err vl_receipt_write(const struct vl_receipt_draft *draft, const struct vl_secret *seed,
                             struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

/* A statement with what came in its unprotected header.  Owns entry; receipts borrow from the wire
 * it was read from. */
struct vl_transparent {
    struct vl_buf entry; /* with an empty unprotected header: what is logged */
    size_t receipt_count;
    vl_bytes receipts[VL_STATEMENT_RECEIPTS];
};

/* clang-format off */
#define VL_TRANSPARENT_INIT {.entry = {NULL, 0, 0, VL_SIGN1_MAX_LEN}}
/* clang-format on */

/* Take a COSE_Sign1 apart.  What is in the unprotected header but receipts is left out: nobody
 * signed it.  The statement, when it has no receipts, is fine.  Says nothing about signatures.  On
 * failure *statement is empty.  FORMAT, LIMIT, NO_MEMORY. */
enum vl_err vl_transparent_parse(vl_bytes wire, struct vl_transparent *statement,
                                 struct vl_why *why) VL_MUST_USE;
void vl_transparent_release(struct vl_transparent *statement);
/* Append the entry with these receipts in its unprotected header.  FORMAT, LIMIT, NO_MEMORY; then
 * out is as it was. */
enum vl_err vl_transparent_write(vl_bytes entry, const vl_bytes *receipts, size_t count,
                                 struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
/* Is there a receipt of this log for it?  The statement's own signature is for its issuer's card.
 * Receipts that cannot be read or are of other logs are walked over.  NOT_FOUND when there is none,
 * and the last receipt's failure when none proves it. */
enum vl_err vl_transparent_verify(const struct vl_transparent *statement,
                                  const struct vl_receipt_log *log, struct vl_receipt_says *says,
                                  struct vl_why *why) VL_MUST_USE;

#endif
