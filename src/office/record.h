/* SPDX-License-Identifier: Apache-2.0 */
/* office/record.h: what enters a public record, in whose name, and what is shown of it.
 *
 * Whoever enters a statement enters the cards of its office before it, as far as the record has
 * them not: an auditor finds in the record everything that its decisions rest on. */
#ifndef VL_OFFICE_RECORD_H
#define VL_OFFICE_RECORD_H

#include "office/home.h"
#include "store/log_dir.h"

/* The name of a record: the id of its entry 0, as "record1...". */
#define VL_RECORD_HRP "record"

/* Open a record to read it: a folder, or what source gives if it is not NULL.  As
 * vl_log_dir_open. */
enum vl_err vl_record_open(const char *path, const struct vl_log_source *source,
                           struct vl_log_dir **out, struct vl_why *why) VL_MUST_USE;

/* The cards of an office as this record has them, revocations too.  *chain must be VL_CHAIN_INIT;
 * empty when there are none.  IO, FORMAT, NO_MEMORY. */
enum vl_err vl_record_chain(struct vl_log_dir *log, const struct vl_office_id *office,
                            struct vl_chain *chain, struct vl_why *why) VL_MUST_USE;

/* What became of one object that somebody brought. */
struct vl_record_outcome {
    uint8_t id[VL_HASH_LEN];
    enum vl_kind kind;
    struct vl_office_id office;
    uint64_t index;  /* its place, once the batch is committed */
    bool was_there;  /* before this batch */
    enum vl_err err; /* not VL_OK: it does not enter, for this reason */
    struct vl_why why;
};

/* "Valise ..." for a header Authorization: the word of this office that it asks for something it
 * signed to be entered into the record of this origin (record/publish.h).  REFUSED for another's;
 * USAGE for cards and revocations, which want none; NO_KEY, and what vl_home_unlock fails with. */
#define VL_RECORD_ASK 128
enum vl_err vl_record_ask(struct vl_home *home, const struct vl_asker *asker, vl_bytes origin,
                          const struct vl_entry *entry, char out[VL_RECORD_ASK],
                          struct vl_why *why) VL_MUST_USE;
/* Is there such a word for it: did this office sign it, and is it neither card nor revocation? */
bool vl_record_may_ask(const struct vl_home *home, const struct vl_entry *entry);

/* Objects on their way into a record. */
struct vl_record_batch;
/* home may be NULL: then cards come with the objects, or are in the record.  Both are borrowed.
 * NULL when memory runs out. */
struct vl_record_batch *vl_record_batch_new(struct vl_log_dir *log, struct vl_home *home,
                                            int64_t now_s) VL_MUST_USE;
/* For a record that lies elsewhere and judges itself: the cards at hand are all that is known, and
 * what is no longer in time is left to it.  policy is borrowed. */
struct vl_record_batch *vl_record_batch_new_far(const struct vl_record_policy *policy,
                                                struct vl_home *home, int64_t now_s) VL_MUST_USE;
/* Takes NULL. */
void vl_record_batch_free(struct vl_record_batch *batch);
/* Cards that came along: they count, and enter when something of their office does.  REFUSED for a
 * fork of what is known; LIMIT, IO, NO_MEMORY. */
enum vl_err vl_record_batch_cards(struct vl_record_batch *batch, const struct vl_chain *chain,
                                  struct vl_why *why) VL_MUST_USE;
/* Take an object (an array of COSE_Sign1), or one COSE_Sign1 with or without receipts.  by_issuer:
 * its office asks for it (PROTOCOL 28).  Whether it may enter is told by its outcome; what fails
 * here is NO_MEMORY, IO and the like. */
enum vl_err vl_record_batch_put(struct vl_record_batch *batch, vl_bytes object, bool by_issuer,
                                struct vl_why *why) VL_MUST_USE;
/* Put the cards of an office, and nothing else. */
enum vl_err vl_record_batch_put_cards(struct vl_record_batch *batch,
                                      const struct vl_office_id *office,
                                      struct vl_why *why) VL_MUST_USE;
/* Make it durable and give every object its place.  What is more than one batch of the record goes
 * in several, in order.  What vl_log_dir_append fails with. */
enum vl_err vl_record_batch_commit(struct vl_record_batch *batch, struct vl_why *why) VL_MUST_USE;
/* Instead of committing: each entry in the order in which it must come, and the place that it
 * got.  Several entries may be one object. */
size_t vl_record_batch_entry_count(const struct vl_record_batch *batch);
const struct vl_entry *vl_record_batch_entry(const struct vl_record_batch *batch, size_t at);
void vl_record_batch_entered(struct vl_record_batch *batch, size_t at, uint64_t index,
                             bool was_there);
void vl_record_batch_failed(struct vl_record_batch *batch, size_t at, enum vl_err err,
                            const struct vl_why *why);
size_t vl_record_batch_count(const struct vl_record_batch *batch);
const struct vl_record_outcome *vl_record_batch_at(const struct vl_record_batch *batch, size_t at);

/* Everything in a file: one object, an evidence file, cards, a statement with receipts.  asked: the
 * issuers of all of it asked for it; else that is so of the home's own.  FORMAT for what is none of
 * these, and the failures of reading it. */
enum vl_err vl_record_batch_put_file(struct vl_record_batch *batch, const char *path, bool asked,
                                     struct vl_why *why) VL_MUST_USE;

/* The entry that a file holds, for who asks where it is: an object's first signature, the newest
 * card of a card file.  *entry must be VL_ENTRY_INIT. */
enum vl_err vl_record_entry_of_file(const char *path, struct vl_entry *entry,
                                    struct vl_why *why) VL_MUST_USE;

/* How an entry's place is proven. */
enum vl_record_form {
    VL_RECORD_PROOF,    /* a proof file (record/proof_file.h) */
    VL_RECORD_RECEIPT,  /* a receipt alone */
    VL_RECORD_STATEMENT /* the statement with a receipt in it */
};
/* Append it for the entry at this place. */
enum vl_err vl_record_prove(struct vl_log_dir *log, uint64_t index, enum vl_record_form form,
                            int64_t now_s, struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

#endif
