/* SPDX-License-Identifier: Apache-2.0 */
/* cli/cmd.h: the commands, one function each, listed once in cli/main.c. */
#ifndef VL_CLI_CMD_H
#define VL_CLI_CMD_H

#include "cli/opt.h"

int vl_cmd_seal(const struct vl_command *command, int argc, char **argv);
int vl_cmd_unseal(const struct vl_command *command, int argc, char **argv);
int vl_cmd_keygen(const struct vl_command *command, int argc, char **argv);
int vl_cmd_help(const struct vl_command *command, int argc, char **argv);

#endif
