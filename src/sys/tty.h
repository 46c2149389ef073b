/* SPDX-License-Identifier: Apache-2.0 */
/* sys/tty.h: the person at the terminal, and passphrases from wherever they come. */
#ifndef VL_SYS_TTY_H
#define VL_SYS_TTY_H

#include "crypto/secret.h"

/* Is there somebody to ask: a controlling terminal? */
bool vl_tty_is_there(void);
/* Ask without showing what is typed.  USAGE where there is no terminal, LIMIT over
 * VL_PASSPHRASE_MAX, IO. */
enum vl_err vl_tty_ask(const char *prompt, struct vl_passphrase *out,
                       struct vl_why *why) VL_MUST_USE;
/* One line from an open file descriptor, without its line end; the rest stays unread.  FORMAT when
 * it is empty, LIMIT, IO. */
enum vl_err vl_fd_passphrase(int fd, struct vl_passphrase *out, struct vl_why *why) VL_MUST_USE;
/* Columns of the terminal behind fd; 80 where it does not say. */
unsigned vl_tty_columns(int fd);

#endif
