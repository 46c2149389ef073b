/* SPDX-License-Identifier: Apache-2.0 */
/* view/sheet.h: sentences under headings, wrapped to a width: text for a terminal. */
#ifndef VL_VIEW_SHEET_H
#define VL_VIEW_SHEET_H

#include "base/bytes.h"

#define VL_SHEET_MIN_WIDTH 40

/* Borrows out. */
struct vl_sheet {
    struct vl_buf *out;
    unsigned width; /* VL_SHEET_MIN_WIDTH at least */
    bool ascii;     /* everything else as \u{...} */
    const char *heading;
    enum vl_err err; /* the first failure: NO_MEMORY, LIMIT */
};

/* What comes under this heading, which is written before the first sentence that does. */
void vl_sheet_head(struct vl_sheet *sheet, const char *heading);
/* One sentence, indented, on as many lines as it takes.  What a terminal must not show is made safe
 * (vl_text_safe); one that is longer than some thousand bytes is cut. */
void vl_sheet_say(struct vl_sheet *sheet, const char *format, ...) VL_PRINTF(2, 3);

#endif
