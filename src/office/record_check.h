/* SPDX-License-Identifier: Apache-2.0 */
/* office/record_check.h: is a record what it says: all of it, or one entry by its proof. */
#ifndef VL_OFFICE_RECORD_CHECK_H
#define VL_OFFICE_RECORD_CHECK_H

#include "office/pump.h"
#include "office/record.h"
#include "record/anchor.h"
#include "view/report.h"

struct vl_record_check_request {
    const char *path;                   /* of a record, or of a copy of its public/ */
    const struct vl_log_source *source; /* instead of it, and then without workers; or NULL */
    bool without_signatures;            /* hashes alone */
    unsigned workers;
    struct vl_progress progress; /* in entries */
};

/* What was looked at, and found to be so. */
struct vl_record_checked {
    uint8_t id[VL_HASH_LEN];
    char origin[VL_RECEIPT_MAX_ORIGIN + 1];
    uint64_t size;
    uint8_t root[VL_HASH_LEN];
    size_t witnesses, witnesses_needed;
    uint64_t statements, cards; /* entries, cards with revocations */
    uint64_t offices;           /* whose cards are in it */
    uint64_t waiting;           /* signed, and not given out */
};

/* Every entry has the hash that its tile says, every tile follows from those below it, all of them
 * lead to the root of the checkpoint, the checkpoint is signed by the record and by the witnesses
 * that its policy needs, no id stands there twice, and each statement was signed by a key that was
 * in office by the cards that stand before it.  UNVERIFIED, FORMAT with what is wrong; NOT_FOUND,
 * IO, NO_MEMORY. */
enum vl_err vl_record_check(const struct vl_record_check_request *request,
                            struct vl_record_checked *checked, struct vl_why *why) VL_MUST_USE;

/* What somebody keeps of a record: the file, or that of a record's folder.  *anchor borrows from
 * wire, which has room for VL_ANCHOR_MAX_LEN. */
enum vl_err vl_record_anchor_read(const char *path, struct vl_buf *wire, struct vl_anchor *anchor,
                                  struct vl_why *why) VL_MUST_USE;

/* One entry, offline, by what somebody keeps of the record. */
struct vl_record_proof_request {
    const char *anchor; /* public/record, or a record's folder; NULL: the keys below */
    const char *key;    /* the log's key as text; for proof files alone */
    const char *const *witnesses;
    size_t witness_count, need;
    const char *proof;        /* a proof file, a receipt, a statement with receipts */
    const char *object;       /* what it is about; NULL when the statement is in it */
    const char *const *cards; /* card files, to tell whose signature it is */
    size_t card_count;
};
/* Fill the report: what is proven and what is not.  UNVERIFIED for what does not lead to a root
 * that the record signed; REFUSED for another record's; NOT_FOUND for a file; USAGE without an
 * object, or without anything to check by; FORMAT, LIMIT, UNSUPPORTED, IO, NO_MEMORY. */
enum vl_err vl_record_check_proof(const struct vl_record_proof_request *request,
                                  struct vl_report *report, struct vl_why *why) VL_MUST_USE;

#endif
