/* SPDX-License-Identifier: Apache-2.0 */
/* cli/slip.h: a hand-over on a sheet of paper, with a line for a courier who has no valise. */
#ifndef VL_CLI_SLIP_H
#define VL_CLI_SLIP_H

#include "card/object.h"
#include "office/home.h"

/* Append the sheet: 80 columns of UTF-8.  handover is a `transferred` that is kept here.  FORMAT,
 * LIMIT, NO_MEMORY, IO. */
enum vl_err vl_slip(struct vl_home *home, const struct vl_object *handover, struct vl_buf *out,
                    struct vl_why *why) VL_MUST_USE;
/* Write it to a file, or to stdout for "-". */
enum vl_err vl_slip_to(struct vl_home *home, const struct vl_object *handover, const char *path,
                       unsigned out_flags, struct vl_why *why) VL_MUST_USE;

#endif
