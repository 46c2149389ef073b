/* SPDX-License-Identifier: Apache-2.0 */
/* view/finding_invited.h: an invitation in sentences; parts of finding_text. */
#ifndef VL_VIEW_FINDING_INVITED_H
#define VL_VIEW_FINDING_INVITED_H

#include "view/finding.h"
#include "view/sheet.h"

/* The day, or the span, of a meeting.  Returns out. */
#define VL_DATE_ROOM 64
const char *vl_date_words(int64_t from_s, int64_t to_s, char out[VL_DATE_ROOM]);

/* What it is by this version, in words. */
#define VL_VERSION_ROOM 256
const char *vl_version_words(const struct vl_found_version *version, char out[VL_VERSION_ROOM]);
/* The same, and what whoever signed it set: a place, what it waits for, until when it can be
 * accepted; of finding->invitation. */
void vl_finding_tell_version(const struct vl_finding *finding, const struct vl_finding_names *names,
                             const struct vl_found_version *version, struct vl_sheet *sheet);

/* Each under the heading that was set, of finding->invitation, which is there: what it is now; who
 * did what, of this level; what speaks against it; and what nobody proves. */
void vl_finding_tell_versions(const struct vl_finding *finding, struct vl_sheet *sheet);
void vl_finding_tell_invited(const struct vl_finding *finding, const struct vl_finding_names *names,
                             enum vl_level level, struct vl_sheet *sheet);
void vl_finding_tell_uninvited(const struct vl_finding *finding, struct vl_sheet *sheet);

#endif
