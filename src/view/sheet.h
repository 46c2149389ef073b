/* SPDX-License-Identifier: Apache-2.0 */
/* view/sheet.h: sentences under headings: text for a terminal, wrapped to a width, or on paper. */
#ifndef VL_VIEW_SHEET_H
#define VL_VIEW_SHEET_H

#include "view/paper.h"

#define VL_SHEET_MIN_WIDTH 40

/* Borrows out. */
struct vl_sheet {
    struct vl_buf *out;
    unsigned width; /* VL_SHEET_MIN_WIDTH at least */
    bool ascii;     /* everything else as \u{...} */
    const char *heading;
    struct vl_paper *paper; /* not NULL: lists under headings, and the first three do not count */
    bool in_list;
    bool in_item;
    enum vl_err err; /* the first failure: NO_MEMORY, LIMIT */
};

/* What comes under this heading, which is written before the first sentence that does. */
void vl_sheet_head(struct vl_sheet *sheet, const char *heading);
/* One sentence, indented, on as many lines as it takes; one that begins with two spaces goes on
 * about what the one before it says, and is of its item on paper.  What a terminal must not show is
 * made safe (vl_text_safe); one that is longer than some thousand bytes is cut. */
void vl_sheet_say(struct vl_sheet *sheet, const char *format, ...) VL_PRINTF(2, 3);
/* On paper: close what is open. */
void vl_sheet_end(struct vl_sheet *sheet);

#endif
