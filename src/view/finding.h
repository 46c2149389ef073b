/* SPDX-License-Identifier: Apache-2.0 */
/* view/finding.h: what is proven about a letter, as a document and in sentences. */
#ifndef VL_VIEW_FINDING_H
#define VL_VIEW_FINDING_H

#include "finding/finding.h"
#include "view/paper.h"

/* Append valise.finding/1 (docs/formats/finding.md) and a line end.  NO_MEMORY, LIMIT; then out is
 * as it was. */
enum vl_err vl_finding_json(const struct vl_finding *finding, struct vl_buf *out) VL_MUST_USE;

/* What an office is called here. */
#define VL_OFFICE_CALLED 160
struct vl_finding_names {
    /* Write a petname, an address or "you" to out and return it.  Text that is not fit for a
     * terminal is made so by vl_finding_text. */
    const char *(*name)(void *self, const struct vl_office_id *office, char out[VL_OFFICE_CALLED]);
    void *self;
};

/* Append what is proven, claimed, disputed, contradicted and not proven, then who did what, oldest
 * first, and what all of it rests on: lines of at most `width` columns, 40 at least (80 for a
 * terminal that does not say), and in ASCII alone when asked.  NO_MEMORY, LIMIT; then out is as it
 * was. */
enum vl_err vl_finding_text(const struct vl_finding *finding, const struct vl_finding_names *names,
                            unsigned width, bool ascii, struct vl_buf *out) VL_MUST_USE;
/* The same on paper: lists under headings.  What the names give may be between VL_PAPER_MARK and
 * VL_PAPER_MARK_END. */
void vl_finding_paper(const struct vl_finding *finding, const struct vl_finding_names *names,
                      struct vl_paper *paper);
/* That, but not what an invitation is now, which is what its page begins with
 * (vl_page_invitation). */
void vl_finding_paper_rest(const struct vl_finding *finding, const struct vl_finding_names *names,
                           struct vl_paper *paper);
/* vl_finding_paper_rest as HTML for a page.  NO_MEMORY, LIMIT; then out is as it was. */
enum vl_err vl_finding_html(const struct vl_finding *finding, const struct vl_finding_names *names,
                            struct vl_buf *out) VL_MUST_USE;

#endif
