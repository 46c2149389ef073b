/* SPDX-License-Identifier: Apache-2.0 */
/* view/finding_said.h: what was said of a letter, in sentences; a part of finding_text. */
#ifndef VL_VIEW_FINDING_SAID_H
#define VL_VIEW_FINDING_SAID_H

#include "view/finding.h"
#include "view/sheet.h"

#define VL_MARKS_ROOM 1024
/* " (no opening value; forked)", or nothing. */
const char *vl_finding_marks(uint32_t marks, char out[VL_MARKS_ROOM]);

/* One sentence or more for each, under the heading that was set. */
void vl_finding_tell_said(const struct vl_finding *finding, const struct vl_finding_names *names,
                          struct vl_sheet *sheet);

#endif
