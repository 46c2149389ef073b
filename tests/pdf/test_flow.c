/* SPDX-License-Identifier: Apache-2.0 */
/* What stands with what, and what goes on the next sheet; nothing is drawn for that. */
#include "pdf/flow.h"

#include <stdio.h>
#include <string.h>

#include "support.h"

struct flowing {
    PangoContext *context;
    struct vl_pdf_sheets sheets;
    struct vl_pdf_flow flow;
    struct vl_paper paper;
};

/* It stays where it is. */
static void begin_on(struct flowing *to, cairo_surface_t *surface)
{
    *to = (struct flowing){.context =
                               pango_font_map_create_context(pango_cairo_font_map_get_default())};
    pango_cairo_context_set_resolution(to->context, 72);
    to->sheets = (struct vl_pdf_sheets){.surface = surface,
                                        .cr = surface ? cairo_create(surface) : NULL,
                                        .context = to->context,
                                        .head = {"", "", ""}};
    vl_pdf_flow_begin(&to->flow, &to->sheets, 65536);
    to->paper = vl_pdf_flow_paper(&to->flow);
}

static void begin(struct flowing *to)
{
    begin_on(to, NULL);
}

static void end(struct flowing *to)
{
    assert_int_equal(to->paper.err, VL_OK);
    vl_pdf_flow_end(&to->flow);
    assert_true(to->sheets.y <= VL_PDF_BOTTOM);
    vl_pdf_flow_release(&to->flow);
    g_object_unref(to->context);
}

static void put_item(struct vl_paper *paper, unsigned more)
{
    vl_paper_open(paper, VL_PAPER_ITEM);
    vl_paper_put(paper, VL_PAPER_SENTENCE, "a sentence");
    for (unsigned i = 0; i < more; i++)
        vl_paper_put(paper, VL_PAPER_MORE, "what goes on about it");
    vl_paper_close(paper, VL_PAPER_ITEM);
}

/* So that less than this is left of the sheet. */
static void fill(struct flowing *to, double left)
{
    while (to->sheets.y < VL_PDF_BOTTOM - left)
        vl_paper_put(&to->paper, VL_PAPER_PARAGRAPH, "a paragraph");
    assert_int_equal(to->sheets.number, 1);
}

static void an_item_stays_whole(void **state)
{
    struct flowing to;

    (void)state;
    begin(&to);
    fill(&to, 60);
    vl_paper_open(&to.paper, VL_PAPER_POINTS);
    put_item(&to.paper, 10);
    assert_int_equal(to.sheets.number, 2);
    assert_true(to.sheets.y > VL_PDF_TOP + 100 && to.sheets.y < VL_PDF_TOP + 200);
    vl_paper_close(&to.paper, VL_PAPER_POINTS);
    end(&to);
}

static void a_heading_goes_with_what_is_below_it(void **state)
{
    struct flowing to;
    double alone;

    (void)state;
    begin(&to);
    fill(&to, 40);
    alone = to.sheets.y;
    vl_paper_put(&to.paper, VL_PAPER_HEADING, "a heading");
    assert_true(to.sheets.y >= alone && to.sheets.y <= alone);
    assert_int_equal(to.sheets.number, 1);
    vl_paper_open(&to.paper, VL_PAPER_POINTS);
    put_item(&to.paper, 3);
    vl_paper_close(&to.paper, VL_PAPER_POINTS);
    assert_int_equal(to.sheets.number, 2);
    end(&to);
}

static void so_does_a_paragraph_under_it(void **state)
{
    struct flowing to;
    double alone;

    (void)state;
    begin(&to);
    fill(&to, 60);
    alone = to.sheets.y;
    vl_paper_put(&to.paper, VL_PAPER_HEADING, "a heading");
    vl_paper_put(&to.paper, VL_PAPER_PARAGRAPH, "what it is about");
    assert_true(to.sheets.y >= alone && to.sheets.y <= alone);
    vl_paper_open(&to.paper, VL_PAPER_OFFICES);
    vl_paper_put(&to.paper, VL_PAPER_ITEM, "an office");
    assert_int_equal(to.sheets.number, 2);
    vl_paper_close(&to.paper, VL_PAPER_OFFICES);
    end(&to);
}

/* Half of a sheet would be empty. */
static void a_long_item_begins_where_there_is_room(void **state)
{
    struct flowing to;

    (void)state;
    begin(&to);
    fill(&to, 350);
    vl_paper_open(&to.paper, VL_PAPER_POINTS);
    put_item(&to.paper, 40);
    assert_int_equal(to.sheets.number, 2);
    assert_true(to.sheets.y < VL_PDF_TOP + 200);
    vl_paper_close(&to.paper, VL_PAPER_POINTS);
    end(&to);
}

static void put_long_list(struct flowing *to)
{
    vl_paper_put(&to->paper, VL_PAPER_HEADING, "a heading");
    vl_paper_open(&to->paper, VL_PAPER_POINTS);
    put_item(&to->paper, 300);
    vl_paper_close(&to->paper, VL_PAPER_POINTS);
}

static void no_heading_is_left_behind_by_what_is_longer_than_a_sheet(void **state)
{
    struct flowing at_top, at_end;

    (void)state;
    begin(&at_top);
    put_long_list(&at_top);
    begin(&at_end);
    fill(&at_end, 35);
    put_long_list(&at_end);
    assert_int_equal(at_end.sheets.number, at_top.sheets.number + 1);
    assert_true(at_end.sheets.y >= at_top.sheets.y && at_end.sheets.y <= at_top.sheets.y);
    end(&at_top);
    end(&at_end);
}

static void what_is_longer_than_a_sheet_goes_on(void **state)
{
    struct flowing to;
    size_t sheets;

    (void)state;
    begin(&to);
    fill(&to, 60);
    vl_paper_open(&to.paper, VL_PAPER_POINTS);
    put_item(&to.paper, 300);
    sheets = to.sheets.number;
    assert_true(sheets >= 5 && sheets <= 7);
    vl_paper_close(&to.paper, VL_PAPER_POINTS);
    vl_paper_open(&to.paper, VL_PAPER_PARAGRAPH);
    for (unsigned i = 0; i < 3000; i++)
        vl_paper_text(&to.paper, VL_PAPER_PLAIN, VL_LITERAL("word "));
    vl_paper_close(&to.paper, VL_PAPER_PARAGRAPH);
    assert_true(to.sheets.number > sheets + 1);
    end(&to);
}

/* cairo refuses tags that are not one in the other. */
static void tags_end_with_the_sheet_and_begin_again(void **state)
{
    cairo_surface_t *surface =
        cairo_pdf_surface_create_for_stream(NULL, NULL, VL_PDF_SHEET_WIDTH, VL_PDF_SHEET_HEIGHT);
    struct flowing to;

    (void)state;
    begin_on(&to, surface);
    vl_paper_open(&to.paper, VL_PAPER_POINTS);
    put_item(&to.paper, 100);
    vl_paper_open(&to.paper, VL_PAPER_ITEM);
    vl_paper_open(&to.paper, VL_PAPER_SENTENCE);
    for (unsigned i = 0; i < 3000; i++)
        vl_paper_text(&to.paper, VL_PAPER_PLAIN, VL_LITERAL("word "));
    vl_paper_close(&to.paper, VL_PAPER_SENTENCE);
    vl_paper_close(&to.paper, VL_PAPER_ITEM);
    vl_paper_close(&to.paper, VL_PAPER_POINTS);
    assert_true(to.sheets.number > 4);
    end(&to);
    assert_int_equal(cairo_status(to.sheets.cr), CAIRO_STATUS_SUCCESS);
    cairo_destroy(to.sheets.cr);
    cairo_surface_finish(surface);
    assert_int_equal(cairo_surface_status(surface), CAIRO_STATUS_SUCCESS);
    cairo_surface_destroy(surface);
}

static double height_of(vl_bytes text)
{
    struct flowing to;
    double height;

    begin(&to);
    vl_paper_open(&to.paper, VL_PAPER_PARAGRAPH);
    vl_paper_text(&to.paper, VL_PAPER_PLAIN, text);
    vl_paper_close(&to.paper, VL_PAPER_PARAGRAPH);
    assert_int_equal(to.sheets.number, 1);
    height = to.sheets.y - VL_PDF_TOP;
    end(&to);
    return height;
}

/* Each is told by its number. */
static void what_cannot_be_shown_is_there_whole(void **state)
{
    static uint8_t bells[500];

    (void)state;
    memset(bells, '\a', sizeof bells);
    assert_true(height_of(vl_bytes_of(bells, 500)) > 1.8 * height_of(vl_bytes_of(bells, 250)));
}

/* Of a sheet that is drawn with one point to the pixel. */
static bool is_blank(cairo_surface_t *image, int from, int to)
{
    const int stride = cairo_image_surface_get_stride(image);
    const unsigned char *pixels = cairo_image_surface_get_data(image);

    for (int at = from * stride; at < to * stride; at++)
        if (pixels[at])
            return false;
    return true;
}

static void marks_stay_in_their_line(void **state)
{
    cairo_surface_t *image = cairo_image_surface_create(CAIRO_FORMAT_A8, 596, 842);
    struct flowing to;

    (void)state;
    begin_on(&to, image);
    vl_paper_put(&to.paper, VL_PAPER_PARAGRAPH,
                 "a\u0301\u0301\u0301\u0301\u0301\u0301\u0301\u0301"
                 "b\u0323\u0323\u0323\u0323\u0323\u0323\u0323\u0323");
    cairo_surface_flush(image);
    assert_false(is_blank(image, 66, 76));
    assert_true(is_blank(image, 52, 63));
    assert_true(is_blank(image, 80, 100));
    end(&to);
    cairo_destroy(to.sheets.cr);
    cairo_surface_destroy(image);
}

static double height_of_item(struct flowing *to, size_t number)
{
    const double before = to->sheets.y;

    to->flow.item = number - 1;
    vl_paper_put(&to->paper, VL_PAPER_ITEM, "an id");
    return to->sheets.y - before;
}

static void numbers_of_records_have_room(void **state)
{
    struct flowing to;
    double first, last;

    (void)state;
    begin(&to);
    vl_paper_open(&to.paper, VL_PAPER_IDS);
    (void)height_of_item(&to, 1);
    first = height_of_item(&to, 2);
    last = height_of_item(&to, 99999);
    assert_true(last < 1.1 * first);
    vl_paper_close(&to.paper, VL_PAPER_IDS);
    end(&to);
}

static void words_stand_in_columns(void **state)
{
    struct flowing to;
    double before, line;

    (void)state;
    begin(&to);
    vl_paper_open(&to.paper, VL_PAPER_OFFICES);
    before = to.sheets.y;
    vl_paper_put(&to.paper, VL_PAPER_ITEM, "an office");
    line = to.sheets.y - before;
    vl_paper_open(&to.paper, VL_PAPER_ITEM);
    vl_paper_text(&to.paper, VL_PAPER_PLAIN, VL_LITERAL("an office"));
    vl_paper_open(&to.paper, VL_PAPER_WORDS);
    for (unsigned i = 0; i < 12; i++)
        vl_paper_put(&to.paper, VL_PAPER_WORD, "7 word");
    vl_paper_close(&to.paper, VL_PAPER_WORDS);
    vl_paper_close(&to.paper, VL_PAPER_ITEM);
    assert_true(to.sheets.y - before > 4 * line && to.sheets.y - before < 7 * line);
    vl_paper_close(&to.paper, VL_PAPER_OFFICES);
    end(&to);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_item_stays_whole),
        cmocka_unit_test(a_heading_goes_with_what_is_below_it),
        cmocka_unit_test(so_does_a_paragraph_under_it),
        cmocka_unit_test(no_heading_is_left_behind_by_what_is_longer_than_a_sheet),
        cmocka_unit_test(a_long_item_begins_where_there_is_room),
        cmocka_unit_test(what_is_longer_than_a_sheet_goes_on),
        cmocka_unit_test(tags_end_with_the_sheet_and_begin_again),
        cmocka_unit_test(what_cannot_be_shown_is_there_whole),
        cmocka_unit_test(marks_stay_in_their_line),
        cmocka_unit_test(numbers_of_records_have_room),
        cmocka_unit_test(words_stand_in_columns),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
