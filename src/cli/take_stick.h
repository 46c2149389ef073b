/* SPDX-License-Identifier: Apache-2.0 */
/* cli/take_stick.h: valise take, where what is taken is a stick. */
#ifndef VL_CLI_TAKE_STICK_H
#define VL_CLI_TAKE_STICK_H

#include "cli/home.h"
#include "cli/opt.h"
#include "office/take_stick.h"

/* Take it and say what was taken; gives the exit status.  now, asker, rng and progress of the
 * request are filled in here. */
int vl_cli_take_stick(const struct vl_common *common, struct vl_ask *ask,
                      struct vl_take_stick_request *request);

#endif
