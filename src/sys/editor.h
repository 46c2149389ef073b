/* SPDX-License-Identifier: Apache-2.0 */
/* sys/editor.h: a file in the hands of a person. */
#ifndef VL_SYS_EDITOR_H
#define VL_SYS_EDITOR_H

#include "base/err.h"

/* Run $VISUAL, or $EDITOR, or editor, or vi on the file, at the terminal when there is one, and
 * wait for its end.  What is in the variables is a command line of the shell.  NOT_FOUND when there
 * is no such program, INTERRUPTED when a signal ended it, IO when it ended with another status than
 * 0, NO_MEMORY. */
enum vl_err vl_editor_run(const char *file, struct vl_why *why) VL_MUST_USE;

#endif
