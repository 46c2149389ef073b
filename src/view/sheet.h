/* SPDX-License-Identifier: Apache-2.0 */
/* view/sheet.h: sentences under headings: text for a terminal, wrapped to a width, or HTML. */
#ifndef VL_VIEW_SHEET_H
#define VL_VIEW_SHEET_H

#include "view/html.h"

#define VL_SHEET_MIN_WIDTH 40

/* Borrows out. */
struct vl_sheet {
    struct vl_buf *out;
    unsigned width; /* VL_SHEET_MIN_WIDTH at least */
    bool ascii;     /* everything else as \u{...} */
    const char *heading;
    struct vl_html *html; /* not NULL: lists under <h2>, and width and ascii are not looked at */
    bool in_list;
    bool in_item;
    enum vl_err err; /* the first failure: NO_MEMORY, LIMIT */
};

/* Around a name, for HTML: it gets an element of its own, so that its writing direction stays its
 * own.  No name can have them in it (vl_name_check). */
#define VL_SHEET_NAME     "\x01"
#define VL_SHEET_NAME_END "\x02"

/* What comes under this heading, which is written before the first sentence that does. */
void vl_sheet_head(struct vl_sheet *sheet, const char *heading);
/* One sentence, indented, on as many lines as it takes; one that begins with two spaces goes on
 * about what the one before it says, and is of its item in HTML.  What a terminal must not show is
 * made safe (vl_text_safe); one that is longer than some thousand bytes is cut. */
void vl_sheet_say(struct vl_sheet *sheet, const char *format, ...) VL_PRINTF(2, 3);
/* Of HTML: close what is open. */
void vl_sheet_end(struct vl_sheet *sheet);

#endif
