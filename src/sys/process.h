/* SPDX-License-Identifier: Apache-2.0 */
/* sys/process.h: the process itself: processors, core dumps, and being told to stop. */
#ifndef VL_SYS_PROCESS_H
#define VL_SYS_PROCESS_H

#include <stdbool.h>

/* How many processors this process may use: at least 1. */
unsigned vl_process_cpus(void);

/* Do nothing for so long, or until a signal is handled. */
void vl_process_sleep_ms(unsigned ms);

/* No core dump and no look into memory by others of the same user: there will be keys in it.  A
 * standard descriptor that is closed is kept from being taken by a file that is opened later, and a
 * file that grows too large is a failed write and no signal; how a child ended is heard of. */
void vl_process_guard(void);

enum vl_stop { VL_STOP_INTERRUPTED, VL_STOP_TERMINATED, VL_STOP_HUNG_UP, VL_STOP_COUNT };

#define VL_STOP_WORDS_MAX 4096

/* From now on SIGINT, SIGTERM and SIGHUP end the process at once: what was being written is taken
 * away, the terminal is as it was, the signal's words are printed on stderr, and the exit status is
 * 130 for SIGINT and 143 for the others.  words are copied, each up to VL_STOP_WORDS_MAX - 1 bytes.
 * Signals that were ignored stay ignored. */
void vl_stop_install(const char *const words[VL_STOP_COUNT]);
/* Hold a stop back while a file is put in its place, so that it is there or not and the exit status
 * tells which; and let it come again.  They nest. */
void vl_stop_hold(void);
void vl_stop_release(void);
/* The file is in its place: a stop that was held back came too late, and so does any later one. */
void vl_stop_too_late(void);
/* A file to take away when stopped: name in the open folder, until vl_stop_forget_file.  name is
 * borrowed. */
void vl_stop_remember_file(int folder, const char *name);
void vl_stop_forget_file(void);
/* The same for a folder and all that is in it, open as fd; path is borrowed. */
void vl_stop_remember_folder(int fd, const char *path);
void vl_stop_forget_folder(void);
/* The terminal to bring back, with the settings that were saved when it was opened. */
struct termios;
void vl_stop_remember_terminal(int fd, const struct termios *settings);
void vl_stop_forget_terminal(void);

#endif
