/* SPDX-License-Identifier: Apache-2.0 */
/* export/certificate.h: one letter on paper: what is proven about it, and what is not.
 *
 * One HTML file for browsers and printers, with nothing in it that runs and nothing that comes from
 * elsewhere.  The same finding and the same names give the same bytes. */
#ifndef VL_EXPORT_CERTIFICATE_H
#define VL_EXPORT_CERTIFICATE_H

#include "view/finding.h"
#include "view/html.h"

#define VL_CERTIFICATE_OFFICES 64 /* that are described; others are only named */
#define VL_CERTIFICATE_WORDS                                                                       \
    16 /* of them, how many with check words: each takes a third of a second */

/* Somebody who signed, sent, or is written to. */
struct vl_certificate_office {
    struct vl_office_id office;
    const char *name; /* of its newest card, made safe to show; NULL: no card is at hand */
    bool is_checked;  /* whoever issues this has compared its words, or is it */
    bool has_words;
    unsigned words[12]; /* indexes for vl_word */
};

/* Borrowed. */
struct vl_certificate {
    const struct vl_finding *finding;
    size_t office_count;
    const struct vl_certificate_office *offices; /* told by their number in this list, from 1 */
    size_t more_offices;                         /* that are not in it */
};

/* Who is in it, in this order and none twice: senders, addressees, and whoever signed or is named.
 * Gives how many there are in all; the first `room` are in out. */
size_t vl_certificate_parties(const struct vl_finding *finding, struct vl_office_id *out,
                              size_t room);

/* Append the page.  NO_MEMORY, LIMIT; then out is as it was. */
enum vl_err vl_certificate_html(const struct vl_certificate *certificate, struct vl_buf *out,
                                struct vl_why *why) VL_MUST_USE;

/* certificate_style.c: its style sheet. */
void vl_certificate_style(struct vl_html *html);

#endif
