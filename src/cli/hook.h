/* SPDX-License-Identifier: Apache-2.0 */
/* cli/hook.h: the program that an office wants to be told by. */
#ifndef VL_CLI_HOOK_H
#define VL_CLI_HOOK_H

#include "office/hook.h"

/* How everything stands before the command; a failure is told, and then there is no hook. */
void vl_cli_hook_begin(struct vl_home *home, struct vl_hook *hook);
/* Close the home, and with it its lock and its keys; then run the hook if anything happened.  A
 * failure is told on stderr and changes nothing. */
void vl_cli_hook_end(struct vl_home *home, struct vl_hook *hook, const char *command, bool overdue);

#endif
