/* SPDX-License-Identifier: Apache-2.0 */
/* cli/show.h: texts from outside on their way to a person. */
#ifndef VL_CLI_SHOW_H
#define VL_CLI_SHOW_H

#include <stdbool.h>
#include <stddef.h>

#include "view/report.h"

/* May more than ASCII be shown? */
bool vl_show_utf8(void);

/* Make text safe to show (vl_text_safe), in ASCII alone where the locale is not one of UTF-8.
 * Returns out. */
const char *vl_show(char *out, size_t size, const char *text);

/* On stdout: what a file is, its facts, and what follows section by section. */
void vl_show_report(const char *path, const struct vl_report *report);

#endif
