/* SPDX-License-Identifier: Apache-2.0 */
/* What is said to a paper, and what a writer of HTML makes of it. */
#include "view/paper.h"

#include <stdio.h>
#include <string.h>

#include "support.h"
#include "view/sheet.h"

/* A writer that writes down what it is told, and fails when its room is full. */
static enum vl_err note(void *self, const char *what, int number, vl_bytes text)
{
    char line[200];

    (void)snprintf(line, sizeof line, "%s %d %.*s\n", what, number, (int)text.len,
                   text.len > 0 ? (const char *)text.ptr : "");
    return vl_buf_put(self, vl_bytes_str(line));
}

static enum vl_err note_open(void *self, enum vl_paper_part part)
{
    return note(self, "open", (int)part, VL_BYTES_NONE);
}

static enum vl_err note_close(void *self, enum vl_paper_part part)
{
    return note(self, "close", (int)part, VL_BYTES_NONE);
}

static enum vl_err note_text(void *self, enum vl_paper_style style, vl_bytes text)
{
    return note(self, style == VL_PAPER_NAME ? "name" : "text", 0, text);
}

static enum vl_err note_line(void *self)
{
    return note(self, "line", 0, VL_BYTES_NONE);
}

static enum vl_err note_hex(void *self, vl_bytes bytes)
{
    return note(self, "hex", (int)bytes.len, VL_BYTES_NONE);
}

static enum vl_err note_time(void *self, int64_t seconds)
{
    return note(self, "time", (int)seconds, VL_BYTES_NONE);
}

static enum vl_err note_code(void *self, vl_bytes capitals, const char *label, const char *caption)
{
    (void)label;
    (void)caption;
    return note(self, "code", 0, capitals);
}

static const struct vl_paper_ops noting = {note_open, note_close, note_text, note_line,
                                           note_hex,  note_time,  note_code};

static void names_are_between_their_marks(void **state)
{
    static const struct {
        const char *text;
        const char *said;
    } rows[] = {
        {"", ""},
        {"plain", "text 0 plain\n"},
        {"to \xfe"
         "Court\xff [1]",
         "text 0 to \nname 0 Court\ntext 0  [1]\n"},
        {"\xfe"
         "A\xff\xfe"
         "B\xff",
         "name 0 A\nname 0 B\n"},
        {"cut \xfe"
         "off",
         "text 0 cut \nname 0 off\n"},
        {"cut \xfe", "text 0 cut \n"},
        {"\xfe\xff.", "text 0 .\n"},
        {"no \xff begin", "text 0 no \xff begin\n"},
        {"what somebody wrote: \x01\x02", "text 0 what somebody wrote: \x01\x02\n"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);
        struct vl_paper paper = {&noting, &out, VL_OK};

        vl_paper_marked(&paper, vl_bytes_str(rows[i].text));
        assert_int_equal(paper.err, VL_OK);
        assert_bytes(vl_buf_bytes(&out), vl_bytes_str(rows[i].said));
    }
}

static void say_all(struct vl_paper *paper)
{
    vl_paper_put(paper, VL_PAPER_TITLE, "a");
    vl_paper_code(paper, VL_LITERAL("B"), "c", "d");
    vl_paper_hex(paper, VL_LITERAL("e"));
    vl_paper_time(paper, 6);
    vl_paper_line(paper);
    vl_paper_say(paper, VL_PAPER_NAME, "%d", 7);
}

/* Nothing comes behind what is missing. */
static void after_a_failure_nothing_is_said(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(1000);
    struct vl_paper to_whole = {&noting, &whole, VL_OK};

    (void)state;
    say_all(&to_whole);
    assert_int_equal(to_whole.err, VL_OK);
    for (size_t room = 0; room < whole.len; room++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(room);
        struct vl_paper paper = {&noting, &out, VL_OK};

        say_all(&paper);
        assert_int_equal(paper.err, VL_ERR_LIMIT);
        assert_true(vl_bytes_starts(vl_buf_bytes(&whole), vl_buf_bytes(&out)));
    }
}

static void html_closes_what_it_opens(void **state)
{
    (void)state;
    for (unsigned part = 0; part < VL_PAPER_PARTS; part++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(65536);
        struct vl_paper_html html = VL_PAPER_HTML_INIT(&out);
        struct vl_paper paper = vl_paper_of_html(&html);
        size_t opened = 0, closed = 0, alone = 0;

        vl_paper_open(&paper, (enum vl_paper_part)part);
        if (part == VL_PAPER_TOP)
            vl_paper_code(&paper, VL_LITERAL("A"), "a code", "its words");
        vl_paper_close(&paper, (enum vl_paper_part)part);
        assert_int_equal(paper.err, VL_OK);
        for (size_t i = 0; i + 1 < out.len; i++) {
            opened += out.data[i] == '<' && out.data[i + 1] != '/';
            closed += out.data[i] == '<' && out.data[i + 1] == '/';
            alone += out.data[i] == '/' && out.data[i + 1] == '>';
            alone += i + 3 < out.len && memcmp(out.data + i, "<br>", 4) == 0;
        }
        if (opened == 0 || opened != closed + alone)
            fail_msg("part %u: %.*s", part, (int)out.len, (const char *)out.data);
    }
}

static void strangers_are_never_markup(void **state)
{
    static const enum vl_paper_style styles[] = {VL_PAPER_PLAIN, VL_PAPER_NAME, VL_PAPER_OFFICE,
                                                 VL_PAPER_STRONG, VL_PAPER_CODE};

    (void)state;
    for (size_t i = 0; i < sizeof styles / sizeof *styles; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);
        struct vl_paper_html html = VL_PAPER_HTML_INIT(&out);
        struct vl_paper paper = vl_paper_of_html(&html);

        vl_paper_text(&paper, styles[i], VL_LITERAL("<i>&\"'\u202e"));
        assert_int_equal(paper.err, VL_OK);
        assert_non_null(memmem(out.data, out.len, "&lt;i&gt;&amp;&quot;&#39;\\u{202E}", 32));
    }
}

/* However many of them there are, each is told by its number. */
static void what_cannot_be_shown_is_told_whole(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf page = VL_BUF_INIT(65536);
    VL_AUTO(vl_buf_release) struct vl_buf lines = VL_BUF_INIT(65536);
    struct vl_paper_html html = VL_PAPER_HTML_INIT(&page);
    struct vl_paper paper = vl_paper_of_html(&html);
    struct vl_sheet sheet = {.out = &lines, .width = 72};
    char bells[3001];
    size_t on_page = 0, in_lines = 0;

    (void)state;
    memset(bells, '\a', sizeof bells - 1);
    bells[sizeof bells - 1] = 0;
    vl_paper_text(&paper, VL_PAPER_PLAIN, vl_bytes_str(bells));
    assert_int_equal(paper.err, VL_OK);
    vl_sheet_say(&sheet, "%s", bells);
    assert_int_equal(sheet.err, VL_OK);
    for (size_t i = 0; i < page.len; i++)
        on_page += page.data[i] == '{';
    for (size_t i = 0; i < lines.len; i++)
        in_lines += lines.data[i] == '{';
    assert_int_equal(on_page, 3000);
    assert_int_equal(in_lines, 3000);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(names_are_between_their_marks),
        cmocka_unit_test(after_a_failure_nothing_is_said),
        cmocka_unit_test(html_closes_what_it_opens),
        cmocka_unit_test(strangers_are_never_markup),
        cmocka_unit_test(what_cannot_be_shown_is_told_whole),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
