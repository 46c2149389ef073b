/* SPDX-License-Identifier: Apache-2.0 */
/* cli/calendar.h: one invitation as iCalendar, for `invite ics` and `export --format ics`. */
#ifndef VL_CLI_CALENDAR_H
#define VL_CLI_CALENDAR_H

#include <stdbool.h>
#include <stdint.h>

#include "cli/opt.h"

struct vl_calendar_options {
    const struct vl_common *common;
    const char *output; /* NULL or "-": stdout */
    bool force;
    int64_t as_of_s; /* seconds since 1970 */
};

/* Write the calendar of the invitation with this number, or the first four of its characters or
 * more.  The exit status. */
int vl_calendar(const struct vl_command *command, const struct vl_calendar_options *o,
                const char *number);

#endif
