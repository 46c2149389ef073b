/* SPDX-License-Identifier: Apache-2.0 */
/* sys/program.h: another program of the same user, which gets a document and some time. */
#ifndef VL_SYS_PROGRAM_H
#define VL_SYS_PROGRAM_H

#include "base/bytes.h"

/* Is there anything of this name? */
bool vl_program_is_there(const char *path);
/* Run the file itself, never by a shell or by a search: a regular file that its owner may execute,
 * owned by this user or root, and neither it nor its folder to be written by anybody else, or
 * REFUSED.  stdin has the bytes, stdout is our stderr, no other descriptor of ours is open in it,
 * and it is the first of a process group, all of which is ended when it takes longer than limit_ms
 * (REFUSED, too).  IO when it cannot be started, or ends with a signal or another status than 0;
 * NO_MEMORY. */
enum vl_err vl_program_run(const char *path, vl_bytes input, uint64_t limit_ms,
                           struct vl_why *why) VL_MUST_USE;
/* Run a program of ours, which is about to read what a stranger wrote: no environment, in no folder
 * of its user, stdin has the bytes, and what it puts on stdout is at the end of out.  What it says
 * on stderr goes nowhere.  Time and end as above; LIMIT when out is full; IO, NO_MEMORY. */
enum vl_err vl_program_ask(const char *path, vl_bytes input, uint64_t limit_ms, struct vl_buf *out,
                           struct vl_why *why) VL_MUST_USE;

#endif
