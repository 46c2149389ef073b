/* SPDX-License-Identifier: Apache-2.0 */
/* export/ics_line.h: content lines of iCalendar: escaped, folded, ended with CR LF (RFC 5545, 3.1).
 */
#ifndef VL_EXPORT_ICS_LINE_H
#define VL_EXPORT_ICS_LINE_H

#include "base/bytes.h"

#define VL_ICS_FOLD 75 /* octets of a line, without its end */

/* The first failure latches. */
struct vl_ics {
    struct vl_buf *out;
    size_t column; /* octets in the line so far */
    enum vl_err err;
};

/* Pieces of one line, in this order; a name, parameters and ":" are written as they are. */
void vl_ics_put(struct vl_ics *ics, const char *text);
/* A value of TEXT: what a stranger wrote, so that nothing in it begins a line, a property or
 * another direction of writing. */
void vl_ics_text(struct vl_ics *ics, vl_bytes text);
/* The value of a parameter, in quotes (RFC 6868). */
void vl_ics_quoted(struct vl_ics *ics, vl_bytes text);
void vl_ics_time(struct vl_ics *ics, int64_t seconds);
void vl_ics_day(struct vl_ics *ics, int64_t seconds);
void vl_ics_end(struct vl_ics *ics);

/* A whole line: NAME, ":", and a value that is written as it is. */
void vl_ics_line(struct vl_ics *ics, const char *name, const char *value);
/* A whole line of TEXT; none when it is empty. */
void vl_ics_words(struct vl_ics *ics, const char *name, vl_bytes text);

#endif
