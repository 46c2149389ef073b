/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd_card.h: what the parts of `valise card` share. */
#ifndef VL_CLI_CMD_CARD_H
#define VL_CLI_CMD_CARD_H

#include "cli/home.h"

struct vl_card_options {
    struct vl_common common;
    struct vl_ask ask;
    const char *as;
    const char *words;
    const char *address;
    const char *output;
    const char *png;
    const char *next;
    bool unchecked;
    struct vl_opt_list guardians;
    bool compromised;
    bool lost;
    bool no_newer;
    bool all;
    bool qr;
    bool force;
    bool yes;
    bool dry_run;
};

/* valise card add FILE.  Gives the exit status. */
int vl_card_add_command(struct vl_card_options *o, const char *path);

#endif
