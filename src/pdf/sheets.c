/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/sheets.h"

#include <stdio.h>

#define HEAD_Y     34.0
#define HEAD_RULE  49.0
#define FOOT_Y     (VL_PDF_SHEET_HEIGHT - 40.0)
#define INK        0.07
#define GREY       0.32
#define HAIR       0.6
#define LINE_GAP   1.2
#define OVER_LINE  2.0 /* so far letters may reach out of their line */
#define NUMBER_MAX 64

static const struct vl_pdf_look edge_look = {.font = "DejaVu Sans 8", .is_grey = true};

/* Words break between them where they can, and anywhere where they cannot; a hyphen that nobody
 * wrote would be one of an address.  Two letters in one glyph would be read as neither by whatever
 * reads PDF 1.4. */
PangoLayout *vl_pdf_layout(PangoContext *context, const struct vl_pdf_look *look, vl_bytes text,
                           PangoAttrList *styles, double width)
{
    PangoLayout *layout = pango_layout_new(context);
    PangoFontDescription *font = pango_font_description_from_string(look->font);
    PangoAttrList *all = styles ? pango_attr_list_copy(styles) : pango_attr_list_new();

    pango_attr_list_insert(all, pango_attr_insert_hyphens_new(FALSE));
    pango_attr_list_insert(all, pango_attr_font_features_new("liga=0, clig=0"));
    pango_layout_set_font_description(layout, font);
    pango_layout_set_attributes(layout, all);
    pango_layout_set_auto_dir(layout, FALSE);
    pango_layout_set_wrap(layout, PANGO_WRAP_WORD_CHAR);
    pango_layout_set_width(layout, pango_units_from_double(width - 2 * look->pad));
    pango_layout_set_indent(layout, pango_units_from_double(-look->hang));
    pango_layout_set_spacing(layout, pango_units_from_double(LINE_GAP));
    pango_layout_set_text(layout, (const char *)text.ptr, (int)text.len);
    pango_attr_list_unref(all);
    pango_font_description_free(font);
    return layout;
}

double vl_pdf_text_height(const struct vl_pdf_text *text)
{
    int height = 0;

    pango_layout_get_size(text->layout, NULL, &height);
    return pango_units_to_double(height) + 2 * text->look->pad;
}

void vl_pdf_tag_begin(const struct vl_pdf_sheets *sheets, const char *tag)
{
    if (sheets->cr && tag)
        cairo_tag_begin(sheets->cr, tag, NULL);
}

void vl_pdf_tag_end(const struct vl_pdf_sheets *sheets, const char *tag)
{
    if (sheets->cr && tag)
        cairo_tag_end(sheets->cr, tag);
}

/* What is read out is the document, and not the edges of its sheets.  cairo 1.16 leaves them out of
 * all elements, later ones take them for a part of the one that goes on on the next sheet. */
static void edges_begin(const struct vl_pdf_sheets *sheets)
{
    if (cairo_version() >= CAIRO_VERSION_ENCODE(1, 18, 0))
        vl_pdf_tag_begin(sheets, "Artifact");
}

static void edges_end(const struct vl_pdf_sheets *sheets)
{
    if (cairo_version() >= CAIRO_VERSION_ENCODE(1, 18, 0))
        vl_pdf_tag_end(sheets, "Artifact");
}

static void set_grey(cairo_t *cr, double level)
{
    cairo_set_source_rgb(cr, level, level, level);
}

/* `place` tells how much of what is left of the width is before it: 0, a half or all. */
static void draw_edge(const struct vl_pdf_sheets *sheets, const char *words, double place, double y)
{
    PangoLayout *layout =
        vl_pdf_layout(sheets->context, &edge_look, vl_bytes_str(words), NULL, VL_PDF_WIDTH);
    int width = 0;

    pango_layout_get_size(layout, &width, NULL);
    cairo_move_to(sheets->cr, VL_PDF_LEFT + place * (VL_PDF_WIDTH - pango_units_to_double(width)),
                  y);
    set_grey(sheets->cr, GREY);
    pango_cairo_show_layout(sheets->cr, layout);
    g_object_unref(layout);
}

static void draw_rule(cairo_t *cr, double y)
{
    cairo_set_line_width(cr, 0.5);
    set_grey(cr, HAIR);
    cairo_move_to(cr, VL_PDF_LEFT, y);
    cairo_line_to(cr, VL_PDF_LEFT + VL_PDF_WIDTH, y);
    cairo_stroke(cr);
}

void vl_pdf_sheet_begin(struct vl_pdf_sheets *sheets)
{
    sheets->number++;
    sheets->y = VL_PDF_TOP;
    if (!sheets->cr)
        return;
    edges_begin(sheets);
    for (unsigned i = 0; i < 3; i++)
        draw_edge(sheets, sheets->head[i], i / 2.0, HEAD_Y);
    draw_rule(sheets->cr, HEAD_RULE);
    edges_end(sheets);
}

void vl_pdf_sheet_end(struct vl_pdf_sheets *sheets)
{
    char number[NUMBER_MAX];

    if (!sheets->cr)
        return;
    (void)snprintf(number, sizeof number, "page %zu of %zu", sheets->number, sheets->count);
    edges_begin(sheets);
    draw_edge(sheets, number, 1, FOOT_Y);
    edges_end(sheets);
    cairo_show_page(sheets->cr);
}

/* --- paragraphs ------------------------------------------------------------------------------- */

static void draw_around(const struct vl_pdf_sheets *sheets, const struct vl_pdf_text *text,
                        double y)
{
    const double height = vl_pdf_text_height(text);

    if (text->look->is_ruled)
        draw_rule(sheets->cr, y - text->look->before / 2);
    if (text->look->pad <= 0 || y + height > VL_PDF_BOTTOM)
        return;
    cairo_set_line_width(sheets->cr, 0.5);
    set_grey(sheets->cr, HAIR);
    cairo_rectangle(sheets->cr, VL_PDF_LEFT + text->x, y, text->width, height);
    cairo_stroke(sheets->cr);
}

/* For whoever jumps to it. */
static void note_heading(const struct vl_pdf_sheets *sheets, const struct vl_pdf_text *text,
                         double y)
{
    char place[80];

    (void)snprintf(place, sizeof place, "page=%zu pos=[0 %d]", sheets->number, (int)y);
    (void)cairo_pdf_surface_add_outline(sheets->surface, CAIRO_PDF_OUTLINE_ROOT,
                                        pango_layout_get_text(text->layout), place,
                                        (cairo_pdf_outline_flags_t)0);
}

/* Marks that are stacked on a letter would be drawn over what is above and below. */
static void clip_line(cairo_t *cr, const PangoRectangle *ink, const PangoRectangle *line,
                      double left, double top)
{
    const int over = pango_units_from_double(OVER_LINE);

    if (ink->y >= line->y - over && ink->y + ink->height <= line->y + line->height + over)
        return;
    cairo_rectangle(cr, left, top + pango_units_to_double(line->y - over), VL_PDF_WIDTH,
                    pango_units_to_double(line->height + 2 * over));
    cairo_clip(cr);
}

static void draw_line(const struct vl_pdf_sheets *sheets, const struct vl_pdf_text *text,
                      PangoLayoutIter *at, double y)
{
    PangoRectangle ink, line;

    pango_layout_iter_get_line_extents(at, &ink, &line);
    cairo_save(sheets->cr);
    clip_line(sheets->cr, &ink, &line, VL_PDF_LEFT, y);
    cairo_move_to(sheets->cr,
                  VL_PDF_LEFT + text->x + text->look->pad + pango_units_to_double(line.x),
                  y + pango_units_to_double(pango_layout_iter_get_baseline(at)));
    set_grey(sheets->cr, text->look->is_grey ? GREY : INK);
    pango_cairo_show_layout_line(sheets->cr, pango_layout_iter_get_line_readonly(at));
    cairo_restore(sheets->cr);
}

/* The tag of a paragraph ends with the sheet, and begins again. */
static void go_on(struct vl_pdf_sheets *sheets, const char *tag)
{
    vl_pdf_tag_end(sheets, tag);
    vl_pdf_sheet_end(sheets);
    vl_pdf_sheet_begin(sheets);
    vl_pdf_tag_begin(sheets, tag);
}

double vl_pdf_text_draw(struct vl_pdf_sheets *sheets, const struct vl_pdf_text *text, double y)
{
    PangoLayoutIter *at = pango_layout_get_iter(text->layout);
    double origin = y + text->look->pad, end;

    if (sheets->cr)
        draw_around(sheets, text, y);
    if (sheets->cr && text->look->is_heading)
        note_heading(sheets, text, y);
    vl_pdf_tag_begin(sheets, text->look->tag);
    do {
        PangoRectangle line;

        pango_layout_iter_get_line_extents(at, NULL, &line);
        end = origin + pango_units_to_double(line.y + line.height);
        if (end > VL_PDF_BOTTOM && origin + pango_units_to_double(line.y) > VL_PDF_TOP) {
            go_on(sheets, text->look->tag);
            origin = VL_PDF_TOP - pango_units_to_double(line.y);
            end = VL_PDF_TOP + pango_units_to_double(line.height);
        }
        if (sheets->cr)
            draw_line(sheets, text, at, origin);
    } while (pango_layout_iter_next_line(at));
    vl_pdf_tag_end(sheets, text->look->tag);
    pango_layout_iter_free(at);
    return end + text->look->pad;
}
