/* SPDX-License-Identifier: Apache-2.0 */
/* export/ics.h: an invitation as iCalendar (RFC 5545, 5546, 9073, 9253).
 *
 * A calendar knows no meeting without a date but as something to be done: so it is a VTODO without
 * DTSTART and without METHOD, until there is a date that somebody signed.  No date is made up. */
#ifndef VL_EXPORT_ICS_H
#define VL_EXPORT_ICS_H

#include "finding/finding.h"

/* What an office is called; whatever it is, it is made fit for a calendar. */
#define VL_ICS_NAME 600
struct vl_ics_names {
    const char *(*name)(void *self, const struct vl_office_id *office, char out[VL_ICS_NAME]);
    void *self;
};

/* Append one calendar, or two where an appointed meeting is called off and the invitation is open
 * again: of the invitation of this finding, which is there.  NO_MEMORY, LIMIT; then out is as it
 * was. */
enum vl_err vl_ics_write(const struct vl_finding *finding, const struct vl_ics_names *names,
                         struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

#endif
