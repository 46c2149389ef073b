/* SPDX-License-Identifier: Apache-2.0 */
/* record/entry.h: what is entered in a log: statements, and first of all the log's own policy.
 *
 * An entry is one COSE_Sign1 with an empty unprotected header, tag 18 and the shortest heads, so
 * that it is a function of what was signed and of the signature.  An object with several signatures
 * is several entries, each by one key.  The id of an entry is that of the signed object (PROTOCOL
 * 26): a statement that is entered again, with another signature or other unprotected words, is the
 * same entry. */
#ifndef VL_RECORD_ENTRY_H
#define VL_RECORD_ENTRY_H

#include "card/chain.h"
#include "record/checkpoint.h"
#include "record/receipt.h"
#include "record/tile.h"

#define VL_POLICY_CONTENT_TYPE "application/vnd.valise.record-policy.v1+cbor"
#define VL_POLICY_VERSION      1

/* The rules of a log, as entry 0 has them: whoever audits it can do again what the log did.  Owns
 * nothing: texts borrow from the entry it was read from, or from whoever writes. */
struct vl_record_policy {
    vl_bytes origin;
    struct vl_cose_key receipt_key;
    struct vl_note_key checkpoint_key;
    size_t witness_count;
    struct vl_note_key witnesses[VL_LOG_MAX_WITNESSES];
    size_t need;         /* of the witnesses, for a checkpoint to be published */
    uint64_t max_len;    /* of an entry; 1 to VL_ENTRY_MAX_LEN */
    bool needs_iat;      /* a statement must say when it was signed */
    uint64_t past_max_s; /* how far back that may be; 0: any time */
    uint64_t ahead_max_s;
};

/* Append entry 0, signed by the policy's own key.  No key may have two uses: USAGE.  FORMAT, LIMIT,
 * NO_MEMORY; then out is as it was. */
enum vl_err vl_record_policy_write(const struct vl_record_policy *policy,
                                   const struct vl_secret *seed, bool has_iat, int64_t iat_s,
                                   struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
/* Read entry 0 and verify that this key signed it.  *policy borrows from entry.  FORMAT, LIMIT,
 * UNVERIFIED, UNSUPPORTED, NO_MEMORY. */
enum vl_err vl_record_policy_read(vl_bytes entry, const struct vl_cose_key *key,
                                  struct vl_record_policy *policy, struct vl_why *why) VL_MUST_USE;
/* What a relying party trusts under this policy. */
void vl_record_policy_log(const struct vl_record_policy *policy, struct vl_log *log);

/* A statement that has been found fit to enter.  Owns its bytes. */
struct vl_entry {
    struct vl_sign1 sign1; /* its wire is the entry */
    enum vl_kind kind;
    uint8_t id[VL_HASH_LEN];
    uint8_t leaf_hash[VL_HASH_LEN];
};

/* clang-format off */
#define VL_ENTRY_INIT {.sign1 = VL_SIGN1_INIT}
/* clang-format on */

/* Make the entry of a statement: drop what is unprotected, name it, hash it.  Says nothing about
 * the signature.  On failure *entry is empty.  LIMIT over VL_ENTRY_MAX_LEN and FORMAT, which say
 * what to do; UNSUPPORTED for a kind not known here; NO_MEMORY. */
enum vl_err vl_entry_parse(vl_bytes statement, struct vl_entry *entry,
                           struct vl_why *why) VL_MUST_USE;
void vl_entry_release(struct vl_entry *entry);
vl_bytes vl_entry_bytes(const struct vl_entry *entry);

/* How it comes. */
struct vl_entry_asked {
    /* The cards of its issuer, as the log has them or as they came with it: verified.  NULL: none.
     */
    const struct vl_chain *chain;
    /* The issuer itself asks: whoever else holds evidence does not publish it (PROTOCOL 28).  Cards
     * and revocations may be entered by anybody. */
    bool by_issuer;
    int64_t now_s;
};

/* May it enter under this policy: signed by a key that is in office on the newest card, not too
 * long ago nor in the future, not too large, and not by a key that the log itself uses?  LIMIT for
 * the length; REFUSED for the policy's other rules; EXPIRED for a time out of bounds or a card that
 * is no longer the newest; NOT_FOUND without its issuer's cards; UNVERIFIED, UNSUPPORTED,
 * NO_MEMORY. */
enum vl_err vl_entry_check(const struct vl_entry *entry, const struct vl_record_policy *policy,
                           const struct vl_entry_asked *asked, struct vl_why *why) VL_MUST_USE;

#endif
