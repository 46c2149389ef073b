/* SPDX-License-Identifier: Apache-2.0 */
/* office/record_watch.h: who watches a record: monitors, which remember what they saw, and
 * witnesses, which sign that they did. */
#ifndef VL_OFFICE_RECORD_WATCH_H
#define VL_OFFICE_RECORD_WATCH_H

#include "office/record.h"
#include "record/anchor.h"

struct vl_record_watch_request {
    const char *path;                   /* of a record, or of a copy of its public/ */
    const struct vl_log_source *source; /* instead of it, or NULL */
    const char *state;                  /* a file: what was seen last; made the first time */
    const char *const *others;
    size_t other_count; /* checkpoints and proof files that others have of it */
};
struct vl_record_watched {
    uint8_t id[VL_HASH_LEN];
    char origin[VL_RECEIPT_MAX_ORIGIN + 1];
    bool is_first;
    uint64_t old_size, size;
    uint8_t root[VL_HASH_LEN];
    size_t witnesses;
    size_t others;
    char *conflict; /* a file with the two notes that convict the record, or NULL */
};
void vl_record_watched_release(struct vl_record_watched *watched);

/* Does the record go on where it was, and is it the same that others see?  Remembers what it saw,
 * durably.  UNVERIFIED when the record went back, has another past, or is another one: both notes
 * are kept beside the state, which stays as it was.  NOT_FOUND, FORMAT, IO, NO_SPACE, NO_MEMORY. */
enum vl_err vl_record_watch(const struct vl_record_watch_request *request,
                            struct vl_record_watched *watched, struct vl_why *why) VL_MUST_USE;

/* Make a witness: a folder with a key of its own, and what it cosigned last of each record.  Its
 * key as text is appended to out.  EXISTS, FORMAT for the name, IO, NO_SPACE, NO_MEMORY. */
enum vl_err vl_record_witness_make(const char *path, const char *name, const struct vl_rng *rng,
                                   struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
/* Cosign what the record (a folder, or source) signed last, after it was proven to go on where this
 * witness saw it; what was cosigned is remembered durably before the line is appended to out.  The
 * first time any record of that name is taken.  UNVERIFIED as vl_record_watch; BUSY; NO_KEY; and
 * the failures of vl_log_dir_open. */
enum vl_err vl_record_witness_sign(const char *path, const char *record,
                                   const struct vl_log_source *source, int64_t now_s,
                                   struct vl_buf *out, struct vl_record_watched *watched,
                                   struct vl_why *why) VL_MUST_USE;

#endif
