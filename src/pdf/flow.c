/* SPDX-License-Identifier: Apache-2.0 */
#include "pdf/flow.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/time.h"
#include "view/qr.h"

#define CODE_WIDTH   105.0 /* 37 mm */
#define CODE_GAP     10.0
#define FACT_X       80.0
#define NUMBER_WIDTH 22.0  /* "999." */
#define IDS_WIDTH    29.0  /* "99999.", and small */
#define WHOLE_MAX    240.0 /* a third of a sheet stays together; more would leave too much empty */
#define BEGINNING    36.0  /* three lines */
#define NUMBER_GAP   4.0
#define WORD_COLUMNS 4
#define WORD_WIDTH   112.0
#define PIECE_LEN    ((size_t)512) /* of a text that is made safe at a time */
#define SAFE_MAX     (VL_TEXT_GROWTH * PIECE_LEN + 1)

/* U+2068 and U+2069: what is between has no say in the direction of what is around. */
static const uint8_t isolate[] = {0xe2, 0x81, 0xa8}, isolate_end[] = {0xe2, 0x81, 0xa9};

enum what { TAG_BEGIN, TAG_END, TEXT };

struct vl_pdf_piece {
    enum what what;
    const char *tag;
    struct vl_pdf_text text;
};

#define SANS "DejaVu Sans "
#define BOLD "DejaVu Sans Bold "
#define MONO "DejaVu Sans Mono"
/* clang-format off */
static const struct vl_pdf_look looks[VL_PAPER_PARTS] = {
    [VL_PAPER_TITLE]     = {BOLD "15",   "H1",  0,  7, 0, 0, .is_heading = true},
    [VL_PAPER_HEADING]   = {BOLD "11",   "H2", 12,  3, 0, 0, .is_heading = true},
    [VL_PAPER_PARAGRAPH] = {SANS "9",    "P",   2,  3, 0, 0, .is_grey = false},
    [VL_PAPER_CAUTION]   = {SANS "9",    "P",   7,  4, 0, 7, .is_grey = false},
    [VL_PAPER_FOOT]      = {SANS "8",    "P",  16,  0, 0, 0, .is_grey = true, .is_ruled = true},
    [VL_PAPER_FACT_NAME] = {SANS "9",    "TH",  2,  0, 0, 0, .is_grey = true},
    [VL_PAPER_FACT]      = {SANS "9",    "TD",  2,  0, 0, 0, .is_grey = false},
    [VL_PAPER_SENTENCE]  = {SANS "9",    "P",   2,  0, 10, 0, .is_grey = false},
    [VL_PAPER_MORE]      = {SANS "9",    "P",   0,  0, 0, 0, .is_grey = true},
    [VL_PAPER_COMMAND]   = {MONO " 8",   "P",   2,  3, 0, 4, .is_grey = false},
    [VL_PAPER_WORD]      = {SANS "8.5",  "LBody", 1, 0, 0, 0, .is_grey = false},
};
/* Of items that hold their text themselves, by their list, and of the numbers before them. */
static const struct vl_pdf_look item_looks[VL_PAPER_PARTS] = {
    [VL_PAPER_LEAD]      = {SANS "10.5", "P",   7,  0, 0, 0, .is_grey = false},
    [VL_PAPER_OFFICES]   = {SANS "9",    "P",   5,  0, 0, 0, .is_grey = false},
    [VL_PAPER_STEPS]     = {SANS "9",    "P",   3,  0, 0, 0, .is_grey = false},
    [VL_PAPER_IDS]       = {SANS "8",    "P",   1,  0, 0, 0, .is_grey = false},
};
static const struct vl_pdf_look number_looks[VL_PAPER_PARTS] = {
    [VL_PAPER_OFFICES]   = {SANS "9",    "Lbl", 5,  0, 0, 0, .is_grey = true},
    [VL_PAPER_STEPS]     = {SANS "9",    "Lbl", 3,  0, 0, 0, .is_grey = true},
    [VL_PAPER_IDS]       = {SANS "8",    "Lbl", 1,  0, 0, 0, .is_grey = true},
};
/* clang-format on */

static bool is_counted(enum vl_paper_part list)
{
    return list == VL_PAPER_OFFICES || list == VL_PAPER_STEPS || list == VL_PAPER_IDS;
}

static bool is_list(enum vl_paper_part part)
{
    return part == VL_PAPER_LEAD || part == VL_PAPER_POINTS || is_counted(part);
}

/* --- what waits ------------------------------------------------------------------------------- */

static enum vl_err add(struct vl_pdf_flow *flow, struct vl_pdf_piece piece)
{
    if (flow->count == flow->cap) {
        const size_t cap = flow->cap ? 2 * flow->cap : 64;
        void *block = flow->pieces;
        const enum vl_err err =
            vl_grow(&block, flow->cap * sizeof *flow->pieces, cap * sizeof *flow->pieces);

        if (err)
            return err;
        flow->pieces = block;
        flow->cap = cap;
    }
    flow->pieces[flow->count++] = piece;
    return VL_OK;
}

static enum vl_err add_tag(struct vl_pdf_flow *flow, enum what what, const char *tag)
{
    return add(flow, (struct vl_pdf_piece){.what = what, .tag = tag});
}

/* The text is laid out, and no longer needed. */
static enum vl_err add_text(struct vl_pdf_flow *flow, const struct vl_pdf_look *look, double x,
                            double width, bool has_beside, vl_bytes text, PangoAttrList *styles)
{
    struct vl_pdf_piece piece = {
        .what = TEXT, .text = {.look = look, .x = x, .width = width, .has_beside = has_beside}};
    enum vl_err err;

    piece.text.layout = vl_pdf_layout(flow->sheets->context, look, text, styles, width);
    flow->sheets->boxes += (size_t)pango_layout_get_unknown_glyphs_count(piece.text.layout);
    err = add(flow, piece);
    if (err)
        g_object_unref(piece.text.layout);
    return err;
}

static void clear(struct vl_pdf_flow *flow)
{
    for (size_t i = 0; i < flow->count; i++)
        if (flow->pieces[i].what == TEXT)
            g_object_unref(flow->pieces[i].text.layout);
    flow->count = 0;
}

/* Where the next paragraph begins: at the top of a sheet no room is left above it. */
static double top_of(const struct vl_pdf_look *look, double y)
{
    return y > VL_PDF_TOP ? y + look->before : y;
}

static double bottom_of(const struct vl_pdf_flow *flow, double y)
{
    double row = y, end = y;
    bool is_beside = false;

    for (size_t i = 0; i < flow->count; i++) {
        const struct vl_pdf_text *text = &flow->pieces[i].text;

        if (flow->pieces[i].what != TEXT)
            continue;
        if (!is_beside)
            row = top_of(text->look, end);
        if (row + vl_pdf_text_height(text) + text->look->after > end || !is_beside)
            end = row + vl_pdf_text_height(text) + text->look->after;
        is_beside = text->has_beside;
    }
    return end;
}

static void draw_all(struct vl_pdf_flow *flow)
{
    struct vl_pdf_sheets *sheets = flow->sheets;
    double row = sheets->y;
    bool is_beside = false;

    for (size_t i = 0; i < flow->count; i++) {
        const struct vl_pdf_piece *piece = &flow->pieces[i];
        const size_t sheet = sheets->number;
        double end;

        if (piece->what == TAG_BEGIN)
            vl_pdf_tag_begin(sheets, piece->tag);
        else if (piece->what == TAG_END)
            vl_pdf_tag_end(sheets, piece->tag);
        if (piece->what != TEXT)
            continue;
        if (!is_beside)
            row = top_of(piece->text.look, sheets->y);
        end = vl_pdf_text_draw(sheets, &piece->text, row) + piece->text.look->after;
        if (end > sheets->y || !is_beside || sheets->number != sheet)
            sheets->y = end;
        is_beside = piece->text.has_beside && sheets->number == sheet;
    }
}

static double least(double a, double b)
{
    return a < b ? a : b;
}

/* Where its headings and the first lines behind them end. */
static double beginning_of(const struct vl_pdf_flow *flow, double y)
{
    for (size_t i = 0; i < flow->count; i++) {
        const struct vl_pdf_text *text = &flow->pieces[i].text;

        if (flow->pieces[i].what != TEXT)
            continue;
        y = top_of(text->look, y);
        if (!text->look->is_heading)
            return y + least(vl_pdf_text_height(text), BEGINNING);
        y += vl_pdf_text_height(text) + text->look->after;
    }
    return y;
}

/* All of it on one sheet, if it is not much; no heading stays behind in any case. */
static void flush(struct vl_pdf_flow *flow)
{
    struct vl_pdf_sheets *sheets = flow->sheets;

    if (sheets->y > VL_PDF_TOP && bottom_of(flow, sheets->y) > VL_PDF_BOTTOM &&
        (bottom_of(flow, VL_PDF_TOP) <= VL_PDF_TOP + WHOLE_MAX ||
         beginning_of(flow, sheets->y) > VL_PDF_BOTTOM)) {
        vl_pdf_sheet_end(sheets);
        vl_pdf_sheet_begin(sheets);
    }
    draw_all(flow);
    clear(flow);
}

/* --- text ------------------------------------------------------------------------------------- */

static void begin_text(struct vl_pdf_flow *flow)
{
    flow->text.len = 0;
    flow->styles = pango_attr_list_new();
}

/* Where a line ends there is a space, as in HTML. */
static enum vl_err put_safe(struct vl_pdf_flow *flow, vl_bytes text)
{
    char safe[SAFE_MAX];
    enum vl_err err = VL_OK;

    while (text.len > 0 && !err) {
        const uint8_t *end = memchr(text.ptr, '\n', text.len);
        const size_t line = end ? (size_t)(end - text.ptr) : text.len;
        vl_bytes piece = vl_bytes_first(text, line < PIECE_LEN ? line : PIECE_LEN);

        if (piece.len < line)
            piece.len -= vl_text_unfinished(piece);
        err = vl_buf_put(&flow->text, vl_bytes_str(vl_text_safe(safe, sizeof safe, piece)));
        text = vl_bytes_after(text, piece.len);
        if (end && piece.len == line) {
            text = vl_bytes_after(text, 1);
            err = err ? err : vl_buf_put_byte(&flow->text, ' ');
        }
    }
    return err;
}

static void style_from(struct vl_pdf_flow *flow, size_t start, PangoAttribute *attribute)
{
    attribute->start_index = (guint)start;
    attribute->end_index = (guint)flow->text.len;
    pango_attr_list_insert(flow->styles, attribute);
}

static void style_as(struct vl_pdf_flow *flow, enum vl_paper_style style, size_t start)
{
    if (style == VL_PAPER_OFFICE || style == VL_PAPER_STRONG)
        style_from(flow, start, pango_attr_weight_new(PANGO_WEIGHT_BOLD));
    if (style == VL_PAPER_CODE) {
        style_from(flow, start, pango_attr_family_new(MONO));
        style_from(flow, start, pango_attr_scale_new(0.88));
    }
}

static enum vl_err put_text(void *self, enum vl_paper_style style, vl_bytes text)
{
    struct vl_pdf_flow *flow = self;
    const bool is_name = style == VL_PAPER_NAME || style == VL_PAPER_OFFICE;
    const size_t start = flow->text.len;
    enum vl_err err = is_name ? vl_buf_put(&flow->text, VL_ARRAY(isolate)) : VL_OK;

    if (!err)
        err = put_safe(flow, text);
    if (!err && is_name)
        err = vl_buf_put(&flow->text, VL_ARRAY(isolate_end));
    if (!err)
        style_as(flow, style, start);
    return err;
}

/* A line that ends in the middle of its paragraph. */
static enum vl_err end_line(void *self)
{
    struct vl_pdf_flow *flow = self;

    return vl_buf_put(&flow->text, VL_LITERAL("\xe2\x80\xa8"));
}

static enum vl_err put_hex(void *self, vl_bytes bytes)
{
    struct vl_pdf_flow *flow = self;
    const size_t start = flow->text.len;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < bytes.len && !err; i++) {
        char digits[3];

        (void)snprintf(digits, sizeof digits, "%02x", bytes.ptr[i]);
        err = vl_buf_put(&flow->text, vl_bytes_str(digits));
    }
    if (!err)
        style_as(flow, VL_PAPER_CODE, start);
    return err;
}

static enum vl_err put_time(void *self, int64_t seconds)
{
    struct vl_pdf_flow *flow = self;
    char text[VL_TIME_TEXT], shown[VL_TIME_TEXT + 8];

    (void)vl_time_text(seconds, text);
    (void)snprintf(shown, sizeof shown, "%.10s %.8s\xc2\xa0UTC", text, text + 11);
    return vl_buf_put(&flow->text, vl_bytes_str(shown));
}

/* --- the code --------------------------------------------------------------------------------- */

struct drawing {
    struct vl_pdf_flow *flow;
    double x, y, width;
};

static enum vl_err draw_run(void *self, size_t width, size_t x, size_t y, size_t run)
{
    const struct drawing *drawing = self;
    const double module = drawing->width / (double)width;

    cairo_rectangle(drawing->flow->sheets->cr, drawing->x + module * (double)x,
                    drawing->y + module * (double)y, module * (double)run, module);
    return VL_OK;
}

/* Modules that touch must leave no light between them. */
static enum vl_err draw_code(struct vl_pdf_flow *flow, vl_bytes capitals)
{
    struct drawing drawing = {flow, VL_PDF_LEFT + VL_PDF_WIDTH - CODE_WIDTH, flow->sheets->y,
                              CODE_WIDTH};
    const struct vl_qr_drawer drawer = {draw_run, &drawing};
    cairo_t *cr = flow->sheets->cr;
    enum vl_err err;

    cairo_set_source_rgb(cr, 0, 0, 0);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_NONE);
    err = vl_qr_draw(capitals, &drawer, NULL);
    cairo_fill(cr);
    cairo_set_antialias(cr, CAIRO_ANTIALIAS_DEFAULT);
    return err;
}

static enum vl_err put_code(void *self, vl_bytes capitals, const char *label, const char *caption)
{
    static const struct vl_pdf_look look = {.font = SANS "8", .is_grey = true};
    struct vl_pdf_flow *flow = self;
    struct vl_pdf_text under = {.look = &look, .x = VL_PDF_WIDTH - CODE_WIDTH, .width = CODE_WIDTH};
    enum vl_err err = VL_OK;

    (void)label; /* vl_pdf_amend */
    flush(flow);
    /* With its words: cairo 1.18 has nothing in an element in which there are none. */
    vl_pdf_tag_begin(flow->sheets, "Figure");
    if (flow->sheets->cr)
        err = draw_code(flow, capitals);
    under.layout =
        vl_pdf_layout(flow->sheets->context, &look, vl_bytes_str(caption), NULL, CODE_WIDTH);
    pango_layout_set_alignment(under.layout, PANGO_ALIGN_CENTER);
    flow->code_end = vl_pdf_text_draw(flow->sheets, &under, flow->sheets->y + CODE_WIDTH);
    flow->narrow_until = flow->sheets->number;
    g_object_unref(under.layout);
    vl_pdf_tag_end(flow->sheets, "Figure");
    return err;
}

/* --- parts ------------------------------------------------------------------------------------ */

static double width_of(const struct vl_pdf_flow *flow)
{
    return flow->narrow_until ? VL_PDF_WIDTH - CODE_WIDTH - CODE_GAP : VL_PDF_WIDTH;
}

static double number_width(enum vl_paper_part list)
{
    return list == VL_PAPER_IDS ? IDS_WIDTH : NUMBER_WIDTH;
}

/* Of what is in an item. */
static double indent_of(const struct vl_pdf_flow *flow)
{
    return is_counted(flow->list) ? number_width(flow->list) + NUMBER_GAP : 0;
}

/* What is open becomes a paragraph, unless there is nothing in it. */
static enum vl_err end_text(struct vl_pdf_flow *flow, const struct vl_pdf_look *look, double x,
                            double width, bool has_beside)
{
    enum vl_err err = VL_OK;

    if (flow->styles && flow->text.len > 0)
        err = add_text(flow, look, x, width, has_beside, vl_buf_bytes(&flow->text), flow->styles);
    if (flow->styles)
        pango_attr_list_unref(flow->styles);
    flow->styles = NULL;
    return err;
}

/* What an item says before it goes on with other parts. */
static enum vl_err end_item_text(struct vl_pdf_flow *flow)
{
    const double indent = indent_of(flow);

    return end_text(flow, &item_looks[flow->list], indent, width_of(flow) - indent, false);
}

static enum vl_err begin_item(struct vl_pdf_flow *flow)
{
    char number[32];
    enum vl_err err = add_tag(flow, TAG_BEGIN, "LI");

    (void)snprintf(number, sizeof number, "%zu.", ++flow->item);
    if (!err && is_counted(flow->list))
        err = add_text(flow, &number_looks[flow->list], 0, number_width(flow->list), true,
                       vl_bytes_str(number), NULL);
    if (!err)
        err = add_tag(flow, TAG_BEGIN, "LBody");
    if (!err && flow->list != VL_PAPER_POINTS)
        begin_text(flow);
    return err;
}

static enum vl_err open_part(void *self, enum vl_paper_part part)
{
    struct vl_pdf_flow *flow = self;
    enum vl_err err = VL_OK;

    if (is_list(part)) {
        flow->list = part;
        flow->item = 0;
        return add_tag(flow, TAG_BEGIN, "L");
    }
    if (part == VL_PAPER_ITEM)
        return begin_item(flow);
    if (part == VL_PAPER_TOP)
        return VL_OK;
    if (part == VL_PAPER_FACTS)
        return add_tag(flow, TAG_BEGIN, "Table");
    if (part == VL_PAPER_HEADING)
        flush(flow);
    if (part == VL_PAPER_WORDS || part == VL_PAPER_COMMAND)
        err = end_item_text(flow);
    if (!err && part == VL_PAPER_WORDS) {
        flow->word = 0;
        return add_tag(flow, TAG_BEGIN, "L");
    }
    if (!err && part == VL_PAPER_FACT_NAME)
        err = add_tag(flow, TAG_BEGIN, "TR");
    if (!err && part == VL_PAPER_WORD)
        err = add_tag(flow, TAG_BEGIN, "LI");
    if (!err)
        begin_text(flow);
    return err;
}

static enum vl_err close_word(struct vl_pdf_flow *flow)
{
    const double x = indent_of(flow) + WORD_WIDTH * (double)(flow->word % WORD_COLUMNS);
    const bool has_beside = ++flow->word % WORD_COLUMNS != 0;
    enum vl_err err = end_text(flow, &looks[VL_PAPER_WORD], x, WORD_WIDTH, has_beside);

    return err ? err : add_tag(flow, TAG_END, "LI");
}

static enum vl_err close_item(struct vl_pdf_flow *flow)
{
    enum vl_err err = flow->styles ? end_item_text(flow) : VL_OK;

    if (!err)
        err = add_tag(flow, TAG_END, "LBody");
    if (!err)
        err = add_tag(flow, TAG_END, "LI");
    if (!err)
        flush(flow);
    return err;
}

static enum vl_err close_fact(struct vl_pdf_flow *flow)
{
    enum vl_err err = end_text(flow, &looks[VL_PAPER_FACT], FACT_X, width_of(flow) - FACT_X, false);

    return err ? err : add_tag(flow, TAG_END, "TR");
}

static enum vl_err close_top(struct vl_pdf_flow *flow)
{
    flush(flow);
    if (flow->sheets->number == flow->narrow_until && flow->sheets->y < flow->code_end)
        flow->sheets->y = flow->code_end;
    flow->narrow_until = 0;
    return VL_OK;
}

static bool begins_with_heading(const struct vl_pdf_flow *flow)
{
    size_t i = 0;

    while (i < flow->count && flow->pieces[i].what != TEXT)
        i++;
    return i < flow->count && flow->pieces[i].text.look->is_heading;
}

static enum vl_err close_part(void *self, enum vl_paper_part part)
{
    struct vl_pdf_flow *flow = self;
    const double x = part == VL_PAPER_MORE      ? looks[VL_PAPER_SENTENCE].hang
                     : part == VL_PAPER_COMMAND ? indent_of(flow)
                                                : 0;
    enum vl_err err;

    if (is_list(part))
        return add_tag(flow, TAG_END, "L");
    switch ((int)part) {
    case VL_PAPER_ITEM:
        return close_item(flow);
    case VL_PAPER_TOP:
        return close_top(flow);
    case VL_PAPER_FACTS:
        return add_tag(flow, TAG_END, "Table");
    case VL_PAPER_WORDS:
        return add_tag(flow, TAG_END, "L");
    case VL_PAPER_WORD:
        return close_word(flow);
    case VL_PAPER_FACT:
        return close_fact(flow);
    case VL_PAPER_FACT_NAME:
        return end_text(flow, &looks[part], 0, FACT_X, true);
    default:
        break;
    }
    err = end_text(flow, &looks[part], x, width_of(flow) - x, false);
    /* The rest waits for what it stands with, and what is right under a heading with that. */
    if (!err && (part == VL_PAPER_CAUTION || part == VL_PAPER_FOOT ||
                 (part == VL_PAPER_PARAGRAPH && !begins_with_heading(flow))))
        flush(flow);
    return err;
}

/* --- all of it -------------------------------------------------------------------------------- */

void vl_pdf_flow_begin(struct vl_pdf_flow *flow, struct vl_pdf_sheets *sheets, size_t max_text)
{
    *flow = (struct vl_pdf_flow){.sheets = sheets, .text = VL_BUF_INIT(max_text)};
    vl_pdf_tag_begin(sheets, "Document");
    vl_pdf_sheet_begin(sheets);
}

struct vl_paper vl_pdf_flow_paper(struct vl_pdf_flow *flow)
{
    static const struct vl_paper_ops ops = {open_part, close_part, put_text, end_line,
                                            put_hex,   put_time,   put_code};

    return (struct vl_paper){&ops, flow, VL_OK};
}

void vl_pdf_flow_end(struct vl_pdf_flow *flow)
{
    flush(flow);
    vl_pdf_tag_end(flow->sheets, "Document");
    vl_pdf_sheet_end(flow->sheets);
}

void vl_pdf_flow_release(struct vl_pdf_flow *flow)
{
    clear(flow);
    vl_free(flow->pieces);
    if (flow->styles)
        pango_attr_list_unref(flow->styles);
    vl_buf_release(&flow->text);
    *flow = (struct vl_pdf_flow){.sheets = NULL};
}
