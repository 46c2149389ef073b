/* SPDX-License-Identifier: Apache-2.0 */
/* view/page_parts.h: what the pages of a record share. */
#ifndef VL_VIEW_PAGE_PARTS_H
#define VL_VIEW_PAGE_PARTS_H

#include "view/page.h"

enum vl_page_place {
    VL_PAGE_NOWHERE,
    VL_PAGE_FRONT,
    VL_PAGE_CHECK,
    VL_PAGE_ABOUT,
};

/* The head of a page; json is its path as JSON, or NULL. */
void vl_page_begin(struct vl_html *html, const struct vl_page_record *record,
                   enum vl_page_place place, const char *title, const char *json);
void vl_page_end(struct vl_html *html, const struct vl_page_record *record);

/* "a card", "opened": what an entry is, in words. */
const char *vl_page_what(const struct vl_page_row *row);
/* A link to an office, by its name and the beginning of its address. */
void vl_page_office_link(struct vl_html *html, const struct vl_page_row *row);
void vl_page_letter_link(struct vl_html *html, const uint8_t number[VL_HASH_LEN]);
void vl_page_invitation_link(struct vl_html *html, const uint8_t number[VL_HASH_LEN]);
void vl_page_entry_link(struct vl_html *html, uint64_t index);
/* What it was, struck through, and what it is now; none: it was taken back. */
void vl_page_old_and_new(struct vl_html *html, vl_bytes old, vl_bytes now);
/* A list of entries; as a time line when it is about one thing.  The letter or invitation that the
 * page is about is not named again; NULL: there is none. */
void vl_page_rows(struct vl_html *html, const struct vl_page_list *list, bool as_time_line,
                  const uint8_t *subject);
/* One of them, and what more belongs to it before its </li>. */
void vl_page_row_begin(struct vl_html *html, const struct vl_page_row *row, const uint8_t *subject);
/* That what the page says rests on so many entries alone, if that is so. */
void vl_page_read_first(struct vl_html *html, size_t count);
/* The way to the older entries of a list, which go on at next. */
void vl_page_older(struct vl_html *html, const struct vl_page_query *query, uint64_t next);
/* One member of a <dl> of our own words. */
void vl_page_fact(struct vl_html *html, const char *name, const char *format, ...) VL_PRINTF(3, 4);
/* Sentences of a report under headings, for one section after the other. */
void vl_page_report(struct vl_html *html, const struct vl_report *report);

#endif
