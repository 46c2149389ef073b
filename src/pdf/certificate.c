/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/certificate.h"

#include <stdio.h>

#include "base/time.h"
#include "codec/number.h"
#include "export/table.h"
#include "pdf/amend.h"
#include "pdf/flow.h"

#define TEXT_MAX ((size_t)1 << 20) /* of a paragraph */
#define LANGUAGE "en"
#define HEAD_MAX 64

struct document {
    const struct vl_certificate *certificate;
    PangoContext *context;
    struct vl_buf *out;
    enum vl_err write_err; /* the first one of out */
    char letter[HEAD_MAX], as_of[HEAD_MAX];
};

/* Points are points, and nothing is moved to where a screen has its pixels. */
static PangoContext *new_context(void)
{
    PangoFontMap *fonts = pango_cairo_font_map_new();
    PangoContext *context = pango_font_map_create_context(fonts);
    cairo_font_options_t *options = cairo_font_options_create();

    cairo_font_options_set_hint_style(options, CAIRO_HINT_STYLE_NONE);
    cairo_font_options_set_hint_metrics(options, CAIRO_HINT_METRICS_OFF);
    pango_cairo_context_set_font_options(context, options);
    cairo_font_options_destroy(options);
    g_object_unref(fonts); /* the context holds it */
    pango_cairo_context_set_resolution(context, 72);
    pango_context_set_round_glyph_positions(context, FALSE);
    pango_context_set_base_dir(context, PANGO_DIRECTION_LTR);
    pango_context_set_language(context, pango_language_from_string(LANGUAGE));
    return context;
}

/* Without a font Pango draws boxes, and says nothing. */
static enum vl_err check_fonts(PangoContext *context, struct vl_why *why)
{
    static const struct vl_pdf_look look = {.font = "DejaVu Sans 9"};
    PangoLayout *layout =
        vl_pdf_layout(context, &look, VL_LITERAL("valise 2026"), NULL, VL_PDF_WIDTH);
    const int unknown = pango_layout_get_unknown_glyphs_count(layout);

    g_object_unref(layout);
    return unknown == 0 ? VL_OK : vl_fail(why, VL_ERR_UNSUPPORTED, "no font is installed");
}

/* One way through it: with a surface it is drawn, without one its sheets are counted. */
static enum vl_err go_through(struct document *document, cairo_surface_t *surface, cairo_t *cr,
                              size_t *count)
{
    struct vl_pdf_sheets sheets = {
        .surface = surface,
        .cr = cr,
        .context = document->context,
        .head = {document->letter, document->as_of, VL_NOT_QUALIFIED},
        .count = *count,
    };
    struct vl_pdf_flow flow;
    struct vl_paper paper;

    vl_pdf_flow_begin(&flow, &sheets, TEXT_MAX);
    paper = vl_pdf_flow_paper(&flow);
    vl_certificate_paper(document->certificate, &paper);
    if (!paper.err)
        vl_pdf_flow_end(&flow);
    vl_pdf_flow_release(&flow);
    *count = sheets.number;
    if (document->certificate->boxes)
        *document->certificate->boxes = sheets.boxes;
    return paper.err;
}

/* cairo 1.16 is told of no failure: it reads freed memory when it then cleans up fonts that it has
 * not written. */
static cairo_status_t take_bytes(void *self, const unsigned char *bytes, unsigned int len)
{
    struct document *document = self;

    if (!document->write_err)
        document->write_err = vl_buf_put(document->out, vl_bytes_of(bytes, len));
    return CAIRO_STATUS_SUCCESS;
}

/* As of when it is, is the only time that it knows. */
static void describe(const struct vl_finding *finding, cairo_surface_t *surface)
{
    char title[VL_CERTIFICATE_TITLE], time[VL_TIME_TEXT];

    /* cairo 1.18 has objects of PDF 1.5 within others, where vl_pdf_amend does not find them. */
    cairo_pdf_surface_restrict_to_version(surface, cairo_version() < CAIRO_VERSION_ENCODE(1, 18, 0)
                                                       ? CAIRO_PDF_VERSION_1_5
                                                       : CAIRO_PDF_VERSION_1_4);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_TITLE,
                                   vl_certificate_title(finding, title));
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATOR, "valise " VL_VERSION);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_SUBJECT, VL_NOT_QUALIFIED);
    cairo_pdf_surface_set_metadata(surface, CAIRO_PDF_METADATA_CREATE_DATE,
                                   vl_time_text(finding->as_of_s, time));
}

static enum vl_err draw(struct document *document, size_t count)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(take_bytes, document, VL_PDF_SHEET_WIDTH,
                                            VL_PDF_SHEET_HEIGHT);
    cairo_t *cr = cairo_create(surface);
    cairo_status_t status;
    enum vl_err err;

    describe(document->certificate->finding, surface);
    err = go_through(document, surface, cr, &count);
    status = cairo_status(cr);
    cairo_destroy(cr);
    cairo_surface_finish(surface);
    if (status == CAIRO_STATUS_SUCCESS)
        status = cairo_surface_status(surface);
    cairo_surface_destroy(surface);
    if (err || document->write_err)
        return err ? err : document->write_err;
    if (status == CAIRO_STATUS_NO_MEMORY)
        return VL_ERR_NO_MEMORY;
    return status == CAIRO_STATUS_SUCCESS ? VL_OK : VL_ERR_INTERNAL;
}

enum vl_err vl_certificate_pdf(const struct vl_certificate *certificate, struct vl_buf *out,
                               struct vl_why *why)
{
    struct document document = {.certificate = certificate, .out = out};
    const struct vl_finding *finding = certificate->finding;
    char number[VL_NUMBER_SHORT], time[VL_TIME_TEXT];
    const size_t before = out->len;
    size_t count = 0;
    enum vl_err err;

    (void)vl_time_text(finding->as_of_s, time);
    (void)snprintf(document.letter, sizeof document.letter, "Letter %s",
                   vl_number_short(finding->number, number));
    (void)snprintf(document.as_of, sizeof document.as_of, "as of %.10s %.8s UTC", time, time + 11);
    document.context = new_context();
    err = check_fonts(document.context, why);
    if (err) {
        g_object_unref(document.context);
        return err;
    }
    err = go_through(&document, NULL, NULL, &count);
    if (!err)
        err = draw(&document, count);
    if (!err)
        err = vl_pdf_amend(out, before, LANGUAGE, VL_CERTIFICATE_CODE);
    g_object_unref(document.context);
    if (err) {
        out->len = before;
        return vl_fail(why, err, "the PDF was not made");
    }
    return VL_OK;
}
