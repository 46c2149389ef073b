/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_write.h: what the files of `valise write` share. */
#ifndef VL_CLI_CMD_WRITE_H
#define VL_CLI_CMD_WRITE_H

#include "cli/home.h"
#include "cli/mail.h"
#include "office/write.h"

struct vl_write_options {
    struct vl_common common;
    struct vl_ask ask;
    struct vl_opt_list attachments;
    const char *subject;
    const char *lang;
    const char *reply_to;
    const char *hand; /* a stick, once it is written */
    const char *expires;
    const char *expect_by;
    const char *output;
    const char *evidence;
    const char *each;
    const char *list;
    const char *eml; /* a mail that it is made of; "-": stdin */
    bool no_original;
    bool open;
    bool exact;
    bool no_copy;
    bool manual;
    bool force;
    bool dry_run;
    bool pq;
    bool none; /* --each or --list has no letter */
    /* What is left of the words: */
    const char *offices[VL_MANIFEST_MAX_ADDRESSEES + 1];
    size_t office_count;
    const char *text_file; /* "-": stdin; NULL: an editor, or no text */
    char reply_office[VL_OFFICE_TEXT];
    const char *whole_file; /* the text's file, which goes in without passing through memory */
    char text_name[512];    /* how its part is called; empty: as usual */
    struct vl_mail_file mail;
};

/* One letter for each file of a folder, or each line of a list.  The exit status. */
int vl_write_many(const struct vl_command *command, struct vl_write_options *o,
                  struct vl_write_request *request);

#endif
