/* SPDX-License-Identifier: Apache-2.0 */
/* sys/tty.h: the person at the terminal, and passphrases from wherever they come. */
#ifndef VL_SYS_TTY_H
#define VL_SYS_TTY_H

#include "crypto/secret.h"

/* Is there somebody to ask: a controlling terminal? */
bool vl_tty_is_there(void);
/* Ask without showing what is typed.  USAGE where there is no terminal and over VL_PASSPHRASE_MAX,
 * IO. */
enum vl_err vl_tty_ask(const char *prompt, struct vl_passphrase *out,
                       struct vl_why *why) VL_MUST_USE;
/* Ask with what is typed shown: one line, cut at size - 1 bytes, with a NUL.  USAGE where there is
 * no terminal, IO. */
enum vl_err vl_tty_line(const char *prompt, char *out, size_t size, struct vl_why *why) VL_MUST_USE;
/* Show a passphrase that was made, behind some words.  USAGE without a terminal, IO. */
enum vl_err vl_tty_show(const char *words, const struct vl_passphrase *passphrase,
                        struct vl_why *why) VL_MUST_USE;
/* One line from an open file descriptor, without its line end; the rest stays unread.  USAGE when
 * it is empty, over VL_PASSPHRASE_MAX, or fd is not open for reading; IO. */
enum vl_err vl_fd_passphrase(int fd, struct vl_passphrase *out, struct vl_why *why) VL_MUST_USE;
/* Is it open, and for reading? */
bool vl_fd_is_readable(int fd);
/* Columns of the terminal behind fd; 80 where it does not say. */
unsigned vl_tty_columns(int fd);

#endif
