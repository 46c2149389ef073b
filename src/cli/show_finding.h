/* SPDX-License-Identifier: Apache-2.0 */
/* cli/show_finding.h: what is proven about a letter, on the terminal. */
#ifndef VL_CLI_SHOW_FINDING_H
#define VL_CLI_SHOW_FINDING_H

#include "cli/home.h"
#include "finding/finding.h"

/* Print it in sentences.  home may be NULL: then offices are called by their addresses.  NO_MEMORY.
 */
enum vl_err vl_show_finding(struct vl_home *home, const struct vl_finding *finding,
                            struct vl_why *why) VL_MUST_USE;
/* Print it as valise.finding/1. */
enum vl_err vl_print_finding(const struct vl_finding *finding, struct vl_why *why) VL_MUST_USE;
/* How to mend that there is no finding; list is the command that lists what there is. */
const char *vl_finding_mend(enum vl_err err, const char *list);

#endif
