/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_record.h: the verbs of `valise record`, for cli/cmd_record*.c alone. */
#ifndef VL_CLI_CMD_RECORD_H
#define VL_CLI_CMD_RECORD_H

#include "cli/ask.h"
#include "cli/opt.h"
#include "office/record_check.h"
#include "office/record_watch.h"
#include "view/doc.h"

/* What is known of entries that were sent. */
struct vl_record_known {
    size_t entered; /* their receipts came, and verify */
    size_t refused; /* by the record */
    bool is_open;   /* one more was sent, and nobody said whether it is in */
};

/* What a record on another machine takes and gives, for valise-net alone knows how. */
struct vl_record_door {
    struct vl_log_source source;
    /* Enter all of a batch, which is told what became of each (vl_record_batch_entered, _failed);
     * home may be NULL.  Then the log has seen what it came to.  What is known is told on failure,
     * too. */
    enum vl_err (*enter)(void *self, struct vl_record_batch *batch, struct vl_log_dir *log,
                         struct vl_home *home, struct vl_record_known *known, struct vl_why *why);
    /* Append the receipt of this entry: the one that came when it was entered, or else one that the
     * record is asked for. */
    enum vl_err (*receipt)(void *self, const struct vl_entry *entry, struct vl_log_dir *log,
                           uint64_t *index, struct vl_buf *out, struct vl_why *why);
    void *self;
};

/* The options of all verbs; each takes its own. */
struct vl_record_options {
    const struct vl_record_door *door; /* NULL: the record is a folder here */
    struct vl_ask ask;
    const char *ca;
    int wait_s;
    bool any_http;
    struct vl_common common;
    const char *output, *form, *record, *log, *newest;
    const char *office, *letter, *kind, *since, *until, *past, *ahead;
    struct vl_opt_list witnesses, cards;
    int need, max_bytes, count;
    bool asked, yes, force, dry_run, dated, hashes_only, newest_first, only_copy;
};

int vl_record_failure(const char *what, enum vl_err err, const struct vl_why *why);
/* Write to a file, or to stdout for "-". */
enum vl_err vl_record_write_out(const char *path, bool force, vl_bytes bytes,
                                struct vl_why *why) VL_MUST_USE;
/* "record", its name and its size. */
void vl_record_doc(struct vl_doc *doc, const uint8_t id[VL_HASH_LEN], vl_bytes origin);

/* The form of a proof that was asked for; *known: there is such a word. */
enum vl_record_form vl_record_form_of(const struct vl_record_options *o, bool *known);
const char *vl_record_mend(enum vl_err err);

/* Is it an address, http:// or https://? */
bool vl_record_is_far(const char *word);
/* One of the verbs, on a folder or through o->door. */
int vl_record_run(const struct vl_command *command, const struct vl_record_options *o, int count,
                  char **words);
/* The same for a record by its address: in valise-net; valise starts that with the same words. */
int vl_record_run_far(const struct vl_command *command, const struct vl_record_options *o,
                      int count, char **words, int argc, char **argv);
/* Append the proof of an entry of a record elsewhere, and tell its place. */
enum vl_err vl_record_prove_far(const struct vl_record_door *door, struct vl_log_dir *log,
                                const struct vl_entry *entry, enum vl_record_form form,
                                uint64_t *index, struct vl_buf *out,
                                struct vl_why *why) VL_MUST_USE;
static inline const struct vl_log_source *vl_record_source(const struct vl_record_options *o)
{
    return o->door ? &o->door->source : NULL;
}

int vl_record_cmd_add(const struct vl_command *command, const struct vl_record_options *o,
                      int count, char **words);
int vl_record_cmd_ask(const struct vl_command *command, const struct vl_record_options *o,
                      int count, char **words);
int vl_record_cmd_check(const struct vl_command *command, const struct vl_record_options *o,
                        int count, char **words);
int vl_record_cmd_watch(const struct vl_command *command, const struct vl_record_options *o,
                        int count, char **words);
int vl_record_cmd_witness(const struct vl_command *command, const struct vl_record_options *o,
                          int count, char **words);
int vl_record_cmd_list(const struct vl_command *command, const struct vl_record_options *o,
                       int count, char **words);

#endif
