/* SPDX-License-Identifier: Apache-2.0 */
/* view/html.h: writing HTML that strangers' words cannot become part of.
 *
 * Markup is written by vl_html_raw alone, which takes what the compiler has seen.  Everything else
 * is escaped for the place where it stands, and what a reader cannot see or what turns the writing
 * around is shown by its number, as on a terminal (vl_text_safe). */
#ifndef VL_VIEW_HTML_H
#define VL_VIEW_HTML_H

#include "base/bytes.h"

/* Borrows out.  The first failure latches: NO_MEMORY, LIMIT. */
struct vl_html {
    struct vl_buf *out;
    enum vl_err err;
};

/* Markup of ours. */
#define vl_html_raw(html, literal) vl_html_put((html), VL_LITERAL(literal))
/* Bytes that are HTML already: for vl_html_raw, and what was escaped before. */
void vl_html_put(struct vl_html *html, vl_bytes markup);
/* What somebody wrote, in an element of its own (<bdi>), so that right-to-left writing stays within
 * it.  Line ends stay. */
void vl_html_text(struct vl_html *html, vl_bytes text);
/* Words of ours, perhaps with numbers and addresses in them; one line of at most 4,095 bytes. */
void vl_html_say(struct vl_html *html, const char *format, ...) VL_PRINTF(2, 3);
/* Inside of double quotes. */
void vl_html_attribute(struct vl_html *html, vl_bytes value);
/* One segment of a path or one value of a query, inside of double quotes: everything but letters,
 * digits and -._~ by its number. */
void vl_html_url(struct vl_html *html, vl_bytes segment);
/* As many bytes in hex, in groups of four digits that break anywhere and are copied without gaps.
 */
void vl_html_hex(struct vl_html *html, vl_bytes bytes);
/* <time>: in UTC, to the second, for people and for machines. */
void vl_html_time(struct vl_html *html, int64_t seconds);

#endif
