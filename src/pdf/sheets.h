/* SPDX-License-Identifier: Apache-2.0 */
/* pdf/sheets.h: sheets of A4, filled from top to bottom, each with its head and its number; for
 * pdf/ alone. */
#ifndef VL_PDF_SHEETS_H
#define VL_PDF_SHEETS_H

#include "base/bytes.h"

#include <cairo-pdf.h>
#include <pango/pangocairo.h>

/* In points, from the upper left corner. */
#define VL_PDF_SHEET_WIDTH  595.276
#define VL_PDF_SHEET_HEIGHT 841.890
#define VL_PDF_LEFT         42.5
#define VL_PDF_WIDTH        (VL_PDF_SHEET_WIDTH - 2 * VL_PDF_LEFT)
#define VL_PDF_TOP          66.0
#define VL_PDF_BOTTOM       (VL_PDF_SHEET_HEIGHT - 54.0)

/* Begun with the first sheet; all is borrowed. */
struct vl_pdf_sheets {
    cairo_surface_t *surface; /* NULL: nothing is drawn, and sheets are counted */
    cairo_t *cr;              /* NULL with it */
    PangoContext *context;
    const char *head[3]; /* left, in the middle, and right */
    size_t count;        /* of all sheets, when it is known */
    size_t number;       /* of this one, from 1 */
    size_t boxes;        /* characters that no font has */
    double y;            /* what is above it is full */
};

/* What a paragraph looks like. */
struct vl_pdf_look {
    const char *font;
    const char *tag; /* NULL: it stands in another one */
    double before;   /* room above it, but not at the top of a sheet */
    double after;
    double hang; /* of all lines but the first */
    double pad;  /* between the text and a frame around it; 0: no frame */
    bool is_grey;
    bool is_ruled; /* a line above it */
    bool is_heading;
};

/* A paragraph at its place. */
struct vl_pdf_text {
    const struct vl_pdf_look *look;
    PangoLayout *layout;
    double x;        /* from VL_PDF_LEFT */
    double width;    /* with its frame */
    bool has_beside; /* the next one begins at the same height */
};

/* Text of this look, at most so wide; styles (a list of attributes) may be NULL.  To be given back
 * with g_object_unref. */
PangoLayout *vl_pdf_layout(PangoContext *context, const struct vl_pdf_look *look, vl_bytes text,
                           PangoAttrList *styles, double width);
/* With its frame. */
double vl_pdf_text_height(const struct vl_pdf_text *text);

void vl_pdf_sheet_begin(struct vl_pdf_sheets *sheets);
/* Its number is put, and it is done. */
void vl_pdf_sheet_end(struct vl_pdf_sheets *sheets);

/* Of the structure: what is drawn between is of it, and only what holds no other may have text.
 * NULL is none. */
void vl_pdf_tag_begin(const struct vl_pdf_sheets *sheets, const char *tag);
void vl_pdf_tag_end(const struct vl_pdf_sheets *sheets, const char *tag);

/* Draw it at the height y; lines for which there is no room go on the next sheet.  Gives where its
 * last line ends, on the sheet where that is. */
double vl_pdf_text_draw(struct vl_pdf_sheets *sheets, const struct vl_pdf_text *text, double y);

#endif
