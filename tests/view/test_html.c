/* SPDX-License-Identifier: Apache-2.0 */
/* view/html.h: nothing that somebody wrote becomes markup, turns the page around, or is lost. */
#include <stdio.h>
#include <string.h>

#include "support.h"
#include "view/html.h"
#include "view/page.h"

static struct vl_buf out;

static struct vl_html begin(void)
{
    vl_buf_release(&out);
    out = VL_BUF_INIT(65536);
    return (struct vl_html){&out, VL_OK};
}

static const char *written(const struct vl_html *html)
{
    assert_int_equal(html->err, VL_OK);
    assert_int_equal(vl_buf_put_byte(&out, '\0'), VL_OK);
    return (const char *)out.data;
}

/* clang-format off */
#define BYTES(text) {(const uint8_t *)("" text), sizeof(text) - 1}
/* clang-format on */
/* clang-format off */
static const struct {
    const char *what;
    vl_bytes text;
    const char *as_text;
    const char *as_url;
} strangers[] = {
    { "a tag", BYTES("<script>alert(1)</script>"),
      "<bdi>&lt;script&gt;alert(1)&lt;/script&gt;</bdi>", "%3Cscript%3Ealert%281%29%3C%2Fscript%3E" },
    { "an end of an attribute", BYTES("\" onload='x'"),
      "<bdi>&quot; onload=&#39;x&#39;</bdi>", "%22%20onload%3D%27x%27" },
    { "an entity", BYTES("&lt;b&gt;"), "<bdi>&amp;lt;b&amp;gt;</bdi>", "%26lt%3Bb%26gt%3B" },
    { "the end of its own element", BYTES("</bdi>"), "<bdi>&lt;/bdi&gt;</bdi>", "%3C%2Fbdi%3E" },
    { "an override of the direction", BYTES("a\xe2\x80\xae" "b"), "<bdi>a\\u{202E}b</bdi>", "a%E2%80%AEb" },
    { "a zero width space", BYTES("a\xe2\x80\x8b" "b"), "<bdi>a\\u{200B}b</bdi>", "a%E2%80%8Bb" },
    { "a control", BYTES("a\x1b[2J"), "<bdi>a\\u{001B}[2J</bdi>", "a%1B%5B2J" },
    { "a NUL", BYTES("a\0b"), "<bdi>a\\u{0000}b</bdi>", "a%00b" },
    { "bytes that are no UTF-8", BYTES("a\xff\xc3"), "<bdi>a\\x{FF}\\x{C3}</bdi>", "a%FF%C3" },
    { "right to left", BYTES("\xd9\x85\xd8\xad"), "<bdi>\xd9\x85\xd8\xad</bdi>", "%D9%85%D8%AD" },
    { "two lines", BYTES("a\nb"), "<bdi>a\nb</bdi>", "a%0Ab" },
    { "a path upwards", BYTES("../x?y#z"), "<bdi>../x?y#z</bdi>", "..%2Fx%3Fy%23z" },
    { "nothing", BYTES(""), "<bdi></bdi>", "" },
};
/* clang-format on */

static void what_strangers_write_stays_text(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof strangers / sizeof *strangers; i++) {
        struct vl_html html = begin();

        print_message("# %s\n", strangers[i].what);
        vl_html_text(&html, strangers[i].text);
        assert_string_equal(written(&html), strangers[i].as_text);
        html = begin();
        vl_html_url(&html, strangers[i].text);
        assert_string_equal(written(&html), strangers[i].as_url);
        html = begin();
        vl_html_attribute(&html, strangers[i].text);
        assert_null(strpbrk(written(&html), "<>\"'"));
    }
}

/* Pieces end between characters, wherever the piece ends. */
static void a_long_text_is_whole(void **state)
{
    char text[4001], *at;

    (void)state;
    for (size_t shift = 0; shift < 4; shift++) {
        struct vl_html html = begin();
        const char *got;
        size_t len = 0;

        memset(text, 'a', shift);
        for (at = text + shift; at + 3 < text + sizeof text - 1; at += 3)
            memcpy(at, "\xe2\x82\xac", 3);
        *at = '\0';
        vl_html_text(&html, vl_bytes_str(text));
        got = written(&html);
        len = strlen(got);
        assert_int_equal(len, strlen(text) + strlen("<bdi></bdi>"));
        assert_memory_equal(got + strlen("<bdi>"), text, strlen(text));
    }
}

static void words_of_ours_are_escaped_too(void **state)
{
    struct vl_html html = begin();

    (void)state;
    vl_html_say(&html, "%s & %d", "<b>", 3);
    assert_string_equal(written(&html), "&lt;b&gt; &amp; 3");
}

static void times_and_hashes(void **state)
{
    struct vl_html html = begin();

    (void)state;
    vl_html_time(&html, 1790000000);
    assert_string_equal(written(&html), "<time datetime=\"2026-09-21T14:13:20Z\">2026-09-21 "
                                        "14:13:20\xc2\xa0UTC</time>");
    html = begin();
    vl_html_hex(&html, VL_LITERAL("\x01\x23\x45\xff"));
    assert_string_equal(written(&html), "<code class=\"hex\">0123<wbr>45ff</code>");
}

static void a_full_buffer_is_told_once(void **state)
{
    struct vl_html html = begin();

    (void)state;
    out.max_len = 10;
    vl_html_text(&html, VL_LITERAL("a text that is longer than ten"));
    vl_html_raw(&html, "x");
    assert_int_equal(html.err, VL_ERR_LIMIT);
}

/* WCAG 2.2, relative luminance. */
static double part(unsigned value)
{
    const double c = (double)value / 255;
    double x = (c + 0.055) / 1.055, power = 1;

    if (c <= 0.03928)
        return c / 12.92;
    /* x^2.4 by x^2 and the fifth root of x^2: Newton's way. */
    for (int i = 0; i < 60; i++)
        power -=
            (power * power * power * power * power - x * x) / (5 * power * power * power * power);
    return x * x * power;
}

static double luminance(const char *hex)
{
    unsigned r = 0, g = 0, b = 0;

    assert_int_equal(sscanf(hex, "#%2x%2x%2x", &r, &g, &b), 3);
    return 0.2126 * part(r) + 0.7152 * part(g) + 0.0722 * part(b);
}

static double contrast(const char *a, const char *b)
{
    const double x = luminance(a), y = luminance(b);

    return x > y ? (x + 0.05) / (y + 0.05) : (y + 0.05) / (x + 0.05);
}

/* The value of a colour in this half of the sheet. */
static const char *colour(const char *sheet, const char *name, char value[8])
{
    char wanted[32];
    const char *at;

    (void)snprintf(wanted, sizeof wanted, "--%s:#", name);
    at = strstr(sheet, wanted);
    assert_non_null(at);
    (void)snprintf(value, 8, "%.7s", at + strlen(wanted) - 1);
    return value;
}

static void colours_can_be_told_apart(void **state)
{
    static const char *const texts[] = {"ink", "soft", "link", "good", "warn", "bad"};
    static const char *const papers[] = {"paper", "card"};
    struct vl_html html = begin();
    const char *halves[2];
    char text[8], paper[8];

    (void)state;
    assert_int_equal(vl_page_style(&out), VL_OK);
    halves[0] = written(&html);
    halves[1] = strstr(halves[0], "prefers-color-scheme:dark");
    assert_non_null(halves[1]);
    for (size_t half = 0; half < 2; half++) {
        for (size_t t = 0; t < sizeof texts / sizeof *texts; t++)
            for (size_t p = 0; p < sizeof papers / sizeof *papers; p++) {
                const double ratio = contrast(colour(halves[half], texts[t], text),
                                              colour(halves[half], papers[p], paper));

                print_message("# %s on %s: %.1f\n", text, paper, ratio);
                assert_true(ratio >= 4.5);
            }
        assert_true(
            contrast(colour(halves[half], "line", text), colour(halves[half], "card", paper)) >= 3);
        assert_true(contrast(colour(halves[half], "warn", text),
                             colour(halves[half], "mark", paper)) >= 4.5);
        assert_true(contrast(colour(halves[half], "ink", text),
                             colour(halves[half], "mark", paper)) >= 4.5);
    }
    vl_buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_strangers_write_stays_text),
        cmocka_unit_test(a_long_text_is_whole),
        cmocka_unit_test(words_of_ours_are_escaped_too),
        cmocka_unit_test(times_and_hashes),
        cmocka_unit_test(a_full_buffer_is_told_once),
        cmocka_unit_test(colours_can_be_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
