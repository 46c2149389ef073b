/* SPDX-License-Identifier: Apache-2.0 */
/* cli/fail.h: what went wrong, in three lines or as JSON, and the exit status. */
#ifndef VL_CLI_FAIL_H
#define VL_CLI_FAIL_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"

/* From now on failures are JSON documents (valise.error/1) on stderr. */
void vl_say_json(bool json);

/* Print the three lines
 *     valise: WHAT
 *       why:   WHY
 *       mend:  MEND
 * with everything from outside made safe to show, and give the exit status of err.  `what` is a
 * whole sentence; mend is NULL, or advice and commands, a line each. */
int vl_say_failure(const char *what, enum vl_err err, const struct vl_why *why, const char *mend);
/* The command was used wrongly: exit status 2. */
int vl_say_usage(const char *command, const char *format, ...) VL_PRINTF(2, 3);
int vl_say_no_memory(void);
/* From now on a signal that stops the program says the same three lines.  to_file: nothing is left
 * behind; else part of the bytes may have gone to stdout. */
void vl_say_when_stopped(const char *what, bool to_file);
/* The same with advice of one's own. */
void vl_say_when_stopped_mend(const char *what, const char *mend);

#endif
