/* SPDX-License-Identifier: Apache-2.0 */
/* export/certificate.h: one letter on paper: what is proven about it, and what is not.
 *
 * As one HTML file for browsers and printers, with nothing in it that runs and nothing that comes
 * from elsewhere; pdf/certificate.h has the same as a PDF.  The same finding and the same names
 * give the same bytes. */
#ifndef VL_EXPORT_CERTIFICATE_H
#define VL_EXPORT_CERTIFICATE_H

#include "view/finding.h"
#include "view/paper.h"

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
    size_t *boxes; /* NULL, or where a PDF has its characters counted that no font here has */
};

/* Who is in it, in this order and none twice: senders, addressees, and whoever signed or is named.
 * Gives how many there are in all; the first `room` are in out. */
size_t vl_certificate_parties(const struct vl_finding *finding, struct vl_office_id *out,
                              size_t room);

/* "Letter K7QF-2M4D: what is proven" */
#define VL_CERTIFICATE_TITLE 64
const char *vl_certificate_title(const struct vl_finding *finding, char out[VL_CERTIFICATE_TITLE]);

/* What is told of its QR code to whoever does not see it. */
#define VL_CERTIFICATE_CODE "The number of the letter as a QR code"
/* All that it says, but for what stands at the head of each sheet. */
void vl_certificate_paper(const struct vl_certificate *certificate, struct vl_paper *paper);

/* Append the page as HTML.  NO_MEMORY, LIMIT; then out is as it was. */
enum vl_err vl_certificate_html(const struct vl_certificate *certificate, struct vl_buf *out,
                                struct vl_why *why) VL_MUST_USE;

/* certificate_style.c: its style sheet. */
void vl_certificate_style(struct vl_html *html);

#endif
