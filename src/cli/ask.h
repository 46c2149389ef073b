/* SPDX-License-Identifier: Apache-2.0 */
/* cli/ask.h: passphrases from the terminal or from --passphrase-fd. */
#ifndef VL_CLI_ASK_H
#define VL_CLI_ASK_H

#include "office/keys.h"

struct vl_ask {
    int fd; /* of --passphrase-fd, or -1 */
    bool have;
    struct vl_passphrase known; /* read from fd once and used for whatever asks */
};

#define VL_ASK_INIT                                                                                \
    {                                                                                              \
        -1, false, VL_PASSPHRASE_INIT                                                              \
    }

/* Fails as vl_say_usage where fd is not open for reading, else gives -1.  To be called before any
 * file is opened: the file would get a number that is free. */
int vl_ask_check(const struct vl_ask *ask, const char *command);
struct vl_asker vl_ask_asker(struct vl_ask *ask);
void vl_ask_wipe(struct vl_ask *ask);

#endif
