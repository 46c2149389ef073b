/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_invite.h: what the files of `valise invite` share. */
#ifndef VL_CLI_CMD_INVITE_H
#define VL_CLI_CMD_INVITE_H

#include "cli/saying.h"
#include "office/invite.h"

struct vl_invite_options {
    struct vl_saying_options saying;
    const char *text, *lang, *date, *from, *until, *place, *expires, *reciprocal_of;
    const char *not_before, *waits_for, *owner, *expects, *expected_by;
    bool yes;
    struct vl_buf from_stdin;
};

/* As a person here calls them.  Returns out. */
const char *vl_invite_party(struct vl_home *home, const struct vl_invitation_party *party,
                            char *out, size_t size);

/* list, with so many words behind it; and ics N.  The exit status. */
int vl_invite_list(const struct vl_command *command, const struct vl_invite_options *o,
                   size_t count);
int vl_invite_ics(const struct vl_command *command, const struct vl_invite_options *o, char **words,
                  size_t count);

#endif
