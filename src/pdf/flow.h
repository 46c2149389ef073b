/* SPDX-License-Identifier: Apache-2.0 */
/* pdf/flow.h: a paper (view/paper.h) that becomes sheets; for pdf/ alone.
 *
 * Paragraphs wait until it is known what has to stand with them: a heading with what comes below
 * it, an item with all that it says. */
#ifndef VL_PDF_FLOW_H
#define VL_PDF_FLOW_H

#include "pdf/sheets.h"
#include "view/paper.h"

struct vl_pdf_piece;

struct vl_pdf_flow {
    struct vl_pdf_sheets *sheets; /* borrowed */
    struct vl_buf text;           /* of the paragraph that is open */
    PangoAttrList *styles;        /* of it; NULL: none is open */
    struct vl_pdf_piece *pieces;  /* that wait */
    size_t count;
    size_t cap;
    enum vl_paper_part list; /* the last one that was opened */
    size_t item;             /* its number in there */
    size_t word;             /* the column of the next one */
    size_t narrow_until;     /* the number of the sheet that has a code at its right, or 0 */
    double code_end;         /* below which the sheet is as wide as any */
};

/* Begins the first sheet. */
void vl_pdf_flow_begin(struct vl_pdf_flow *flow, struct vl_pdf_sheets *sheets, size_t max_text);
/* Borrows the flow. */
struct vl_paper vl_pdf_flow_paper(struct vl_pdf_flow *flow);
/* Draws what waits, and ends the last sheet. */
void vl_pdf_flow_end(struct vl_pdf_flow *flow);
void vl_pdf_flow_release(struct vl_pdf_flow *flow);

#endif
