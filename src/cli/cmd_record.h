/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_record.h: the verbs of `valise record`, for cli/cmd_record*.c alone. */
#ifndef VL_CLI_CMD_RECORD_H
#define VL_CLI_CMD_RECORD_H

#include "cli/opt.h"
#include "office/record_check.h"
#include "office/record_watch.h"
#include "view/doc.h"

/* The options of all verbs; each takes its own. */
struct vl_record_options {
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

int vl_record_cmd_add(const struct vl_command *command, const struct vl_record_options *o,
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
