/* SPDX-License-Identifier: Apache-2.0 */
#include "base/text.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define BYTES(text)                                                                                \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

/* clang-format off */
static const struct {
    const char *name;
    vl_bytes text;
    bool is_utf8;
    const char *shown; /* by vl_text_safe, given room enough */
} texts[] = {
    { "nothing",                       BYTES(""),                   true,  "" },
    { "ASCII",                         BYTES("Bank of A ~ {x}"),    true,  "Bank of A ~ {x}" },
    { "two, three and four bytes",     BYTES("\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80"), true,
                                       "\xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80" },
    { "letters of the right-to-left",  BYTES("\xd7\xa9\xd8\xb9"),   true,  "\xd7\xa9\xd8\xb9" },
    { "a combining accent",            BYTES("e\xcc\x81"),          true,  "e\xcc\x81" },
    { "eight marks on a letter",       BYTES("o\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81."), true,
                                       "o\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81." },
    { "ten marks, and two on the next", BYTES("o\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x82" "e\xcc\x81\xcc\x82"), true,
                                       "o\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\xcc\x81\\u{0301}\\u{0302}e\xcc\x81\xcc\x82" },
    { "nine marks without a class",    BYTES("\xe0\xb8\x81\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87"), true,
                                       "\xe0\xb8\x81\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\xe0\xb9\x87\\u{0E47}" },
    { "a space that does not break",   BYTES("a\xc2\xa0" "b"),      true,  "a\xc2\xa0" "b" },
    { "NUL",                           BYTES("a\0b"),               true,  "a\\u{0000}b" },
    { "line end and tab",              BYTES("a\nb\tc\r"),          true,  "a\\u{000A}b\\u{0009}c\\u{000D}" },
    { "an escape sequence",            BYTES("\x1b[2Jx"),           true,  "\\u{001B}[2Jx" },
    { "an escape sequence for titles", BYTES("\x1b]0;x\x07"),       true,  "\\u{001B}]0;x\\u{0007}" },
    { "backspace and delete",          BYTES("\b\x7f"),             true,  "\\u{0008}\\u{007F}" },
    { "unit separator and space",      BYTES("\x1f "),              true,  "\\u{001F} " },
    { "C1: control sequence",          BYTES("\xc2\x9b" "2J"),      true,  "\\u{009B}2J" },
    { "C1: first and last",            BYTES("\xc2\x80\xc2\x9f"),   true,  "\\u{0080}\\u{009F}" },
    { "U+202E: right-to-left override", BYTES("a\xe2\x80\xae" "fdp.exe"), true, "a\\u{202E}fdp.exe" },
    { "U+202A..U+202D",                BYTES("\xe2\x80\xaa\xe2\x80\xab\xe2\x80\xac\xe2\x80\xad"), true,
                                       "\\u{202A}\\u{202B}\\u{202C}\\u{202D}" },
    { "U+2066..U+2069: isolates",      BYTES("\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81\xa9"), true,
                                       "\\u{2066}\\u{2067}\\u{2068}\\u{2069}" },
    { "U+200E, U+200F, U+061C: marks", BYTES("\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c"), true,
                                       "\\u{200E}\\u{200F}\\u{061C}" },
    { "U+200B..U+200D: zero width",    BYTES("\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d"), true,
                                       "\\u{200B}\\u{200C}\\u{200D}" },
    { "U+00AD: soft hyphen",           BYTES("a\xc2\xad" "b"),      true,  "a\\u{00AD}b" },
    { "U+FEFF: byte order mark",       BYTES("\xef\xbb\xbf"),       true,  "\\u{FEFF}" },
    { "U+2028, U+2029: line ends",     BYTES("\xe2\x80\xa8\xe2\x80\xa9"), true, "\\u{2028}\\u{2029}" },
    { "U+115F, U+3164: fillers",       BYTES("\xe1\x85\x9f\xe3\x85\xa4"), true, "\\u{115F}\\u{3164}" },
    { "U+034F: grapheme joiner",       BYTES("\xcd\x8f"),           true,  "\\u{034F}" },
    { "U+FE0F: variation selector",    BYTES("\xef\xb8\x8f"),       true,  "\\u{FE0F}" },
    { "U+FFF9..U+FFFB: annotations",   BYTES("\xef\xbf\xb9" "a\xef\xbf\xba" "b\xef\xbf\xbb"), true,
                                       "\\u{FFF9}a\\u{FFFA}b\\u{FFFB}" },
    { "U+E0041: tag",                  BYTES("\xf3\xa0\x81\x81"),   true,  "\\u{E0041}" },
    { "U+E000: private use",           BYTES("\xee\x80\x80"),       true,  "\\u{E000}" },
    { "U+0378: unassigned",            BYTES("\xcd\xb8"),           true,  "\\u{0378}" },
    { "U+FFFE, U+10FFFF: no characters", BYTES("\xef\xbf\xbe\xf4\x8f\xbf\xbf"), true, "\\u{FFFE}\\u{10FFFF}" },
    { "U+FFFD is a character",         BYTES("\xef\xbf\xbd"),       true,  "\xef\xbf\xbd" },
    { "a byte alone",                  BYTES("a\xff" "b"),          false, "a\\x{FF}b" },
    { "a continuation alone",          BYTES("\x80"),               false, "\\x{80}" },
    { "a start alone",                 BYTES("\xc3"),               false, "\\x{C3}" },
    { "a start, then ASCII",           BYTES("\xe2\x82" "A"),       false, "\\x{E2}\\x{82}A" },
    { "one of four missing",           BYTES("\xf0\x9f\x98"),       false, "\\x{F0}\\x{9F}\\x{98}" },
    { "overlong: C0",                  BYTES("\xc0\xaf"),           false, "\\x{C0}\\x{AF}" },
    { "overlong: E0",                  BYTES("\xe0\x80\xaf"),       false, "\\x{E0}\\x{80}\\x{AF}" },
    { "overlong: F0",                  BYTES("\xf0\x80\x80\xaf"),   false, "\\x{F0}\\x{80}\\x{80}\\x{AF}" },
    { "a surrogate",                   BYTES("\xed\xa0\x80"),       false, "\\x{ED}\\x{A0}\\x{80}" },
    { "past U+10FFFF",                 BYTES("\xf4\x90\x80\x80"),   false, "\\x{F4}\\x{90}\\x{80}\\x{80}" },
    { "six bytes",                     BYTES("\xfc\x80\x80\x80\x80\x80"), false,
                                       "\\x{FC}\\x{80}\\x{80}\\x{80}\\x{80}\\x{80}" },
    { "Latin-1",                       BYTES("Z\xfcrich"),          false, "Z\\x{FC}rich" },
};

static const struct {
    const char *name;
    vl_bytes text;
    bool at_end, midway; /* is it showable */
} showables[] = {
    { "nothing",                    BYTES(""),                      true,  true  },
    { "words",                      BYTES("Bank of A"),             true,  true  },
    { "lines and tabs",             BYTES("a\tb\n\nc\n"),           true,  true  },
    { "lines of another system",    BYTES("a\r\nb\r\n"),            true,  true  },
    { "a line end that may go on",  BYTES("a\r"),                   false, true  },
    { "a return over the line",     BYTES("pay 10\rpay 99"),        false, false },
    { "two returns",                BYTES("a\r\r\n"),               false, false },
    { "NUL",                        BYTES("a\0"),                   false, false },
    { "an escape sequence",         BYTES("a\x1b[2J"),              false, false },
    { "form feed",                  BYTES("a\f"),                   false, false },
    { "delete",                     BYTES("a\x7f"),                 false, false },
    { "a C1 control",               BYTES("\xc2\x85"),              false, false },
    { "U+202E",                     BYTES("a\xe2\x80\xae"),         false, false },
    { "U+200B",                     BYTES("a\xe2\x80\x8b"),         false, false },
    { "U+2028",                     BYTES("a\xe2\x80\xa8"),         false, false },
    { "one of two",                 BYTES("a\xc3"),                 false, true  },
    { "one of three",               BYTES("a\xe2"),                 false, true  },
    { "two of three",               BYTES("a\xe2\x82"),             false, true  },
    { "one of four",                BYTES("a\xf0"),                 false, true  },
    { "three of four",              BYTES("a\xf0\x9f\x98"),         false, true  },
    { "all of four",                BYTES("a\xf0\x9f\x98\x80"),     true,  true  },
    { "a continuation alone",       BYTES("a\x80"),                 false, false },
    { "part of a surrogate",        BYTES("a\xed\xa0"),             false, false },
    { "part of something overlong", BYTES("a\xe0\x80"),             false, false },
    { "a start of nothing",         BYTES("a\xc0"),                 false, false },
    { "past U+10FFFF",              BYTES("a\xf4\x90"),             false, false },
    { "partial, but not the last",  BYTES("\xe2\x82" "a"),          false, false },
};

static const struct {
    const char *a, *b;
    size_t distance;
} distances[] = {
    { "",         "",         0 },
    { "seal",     "seal",     0 },
    { "",         "seal",     4 },
    { "seal",     "sea",      1 },
    { "seal",     "sseal",    1 },
    { "seal",     "deal",     1 },
    { "seal",     "sael",     1 },
    { "seal",     "esal",     1 },
    { "seal",     "sela",     1 },
    { "seal",     "esla",     2 },
    { "seal",     "open",     4 },
    { "open",     "oepns",    2 },
    { "kitten",   "sitting",  3 },
    { "ca",       "abc",      3 }, /* a pair once swapped is not changed again */
    { "Seal",     "seal",     1 },
    { "abcdefghijklmnopqrstuvwxyz123456",  "",                                  32 },
    { "abcdefghijklmnopqrstuvwxyz123456",  "abcdefghijklmnopqrstuvwxyz123456",  0 },
    { "abcdefghijklmnopqrstuvwxyz1234567", "abcdefghijklmnopqrstuvwxyz1234567", SIZE_MAX },
    { "abcdefghijklmnopqrstuvwxyz1234567", "",                                  SIZE_MAX },
};
/* clang-format on */

static void utf8_is_what_the_rfc_says(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++)
        if (vl_text_is_utf8(texts[i].text) != texts[i].is_utf8)
            fail_msg("%s", texts[i].name);
    assert_true(vl_text_is_utf8(VL_BYTES_NONE));
}

/* What RFC 3629, 4 says in its grammar, asked of every start and every second byte. */
static bool may_begin(unsigned first, unsigned second)
{
    unsigned lowest = first == 0xe0 ? 0xa0 : first == 0xf0 ? 0x90 : 0x80;
    unsigned highest = first == 0xed ? 0x9f : first == 0xf4 ? 0x8f : 0xbf;

    return first >= 0xc2 && first <= 0xf4 && second >= lowest && second <= highest;
}

static void every_start_goes_on_only_as_the_grammar_says(void **state)
{
    (void)state;
    for (unsigned first = 0x80; first <= 0xff; first++) {
        for (unsigned second = 0; second <= 0xff; second++) {
            uint8_t bytes[4] = {(uint8_t)first, (uint8_t)second, 0x80, 0x80};
            size_t len = first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;

            assert_true(vl_text_is_utf8(vl_bytes_of(bytes, len)) == may_begin(first, second));
            assert_false(vl_text_is_utf8(vl_bytes_of(bytes, len - 1)));
        }
    }
}

static void text_is_shown_so_that_nothing_acts_or_hides(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        char out[200];

        if (vl_text_safe(out, sizeof out, texts[i].text) != out || strcmp(out, texts[i].shown) != 0)
            fail_msg("%s: %s", texts[i].name, out);
    }
}

static void where_only_ascii_is_shown_all_else_is_written_out(void **state)
{
    /* clang-format off */
    static const struct {
        vl_bytes text;
        const char *shown;
    } rows[] = {
        { BYTES("Bank of A ~"),                      "Bank of A ~"                },
        { BYTES("Z\xc3\xbcrich \xe2\x82\xac"),      "Z\\u{00FC}rich \\u{20AC}"   },
        { BYTES("\xf0\x9f\x98\x80"),                 "\\u{1F600}"                },
        { BYTES("\xc2\x80\x7f\x1b[m"),              "\\u{0080}\\u{007F}\\u{001B}[m" },
        { BYTES("Z\xfcrich"),                        "Z\\x{FC}rich"              },
        { BYTES("a\xe2\x80\xae" "b"),               "a\\u{202E}b"               },
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[64];

        assert_ptr_equal(vl_text_safe_ascii(out, sizeof out, rows[i].text), out);
        assert_string_equal(out, rows[i].shown);
        vl_text_safe_ascii(out, 6, rows[i].text); /* the same cut */
        assert_true(strlen(out) < 6);
    }
}

static void the_first_of_a_text_has_no_character_in_part(void **state)
{
    static const char text[] = "a\xc3\xa9\xe2\x82\xac\xf0\x9f\x9a\xa2z";
    static const size_t wanted[] = {0, 1, 1, 3, 3, 3, 6, 6, 6, 6, 10, 11, 11};

    (void)state;
    for (size_t most = 0; most < COUNT(wanted); most++) {
        const vl_bytes first = vl_text_first(vl_bytes_str(text), most);

        assert_ptr_equal(first.ptr, text);
        assert_int_equal(first.len, wanted[most]);
    }
    assert_int_equal(vl_text_first(VL_BYTES_NONE, 7).len, 0);
    assert_int_equal(vl_text_first(VL_LITERAL("\xe2\x82"), 7).len,
                     2); /* all of it, whatever it is */
}

/* Every size is tried on the heap, so that a byte too far is seen. */
static void assert_cut_well(vl_bytes text, const char *whole, size_t size)
{
    char *out = malloc(size + 1);
    size_t whole_len = strlen(whole), len;

    assert_non_null(out);
    memset(out, '#', size + 1);
    assert_ptr_equal(vl_text_safe(out, size, text), out);
    assert_int_equal(out[size], '#');
    if (size > 0) {
        len = strlen(out);
        assert_true(len < size);
        assert_true(vl_text_is_utf8(vl_bytes_str(out)));
        if (whole_len < size) {
            assert_string_equal(out, whole); /* all of it fits */
        } else if (size < 4) {
            assert_string_equal(out, "");
        } else {
            assert_true(len >= 3);
            assert_string_equal(out + len - 3, "...");
            assert_memory_equal(out, whole, len - 3);
            assert_true(len + 10 >= size - 1); /* no more is cut than a character and "..." */
        }
    }
    free(out);
}

static void a_cut_text_never_exceeds_its_size(void **state)
{
    (void)state;
    for (size_t size = 0; size <= 64; size++)
        for (size_t i = 0; i < COUNT(texts); i++)
            assert_cut_well(texts[i].text, texts[i].shown, size);
}

static void a_long_text_is_cut_between_characters(void **state)
{
    /* clang-format off */
    static const struct {
        const char *name;
        size_t size;
        vl_bytes text;
        const char *shown;
    } rows[] = {
        { "it fits exactly",          7, BYTES("letter"),                "letter"          },
        { "one too long",             6, BYTES("letter"),                "le..."           },
        { "much too long",            8, BYTES("letter and envelope"),   "lett..."         },
        { "only the dots fit",        4, BYTES("letter"),                "..."             },
        { "not even the dots",        3, BYTES("letter"),                ""                },
        { "nothing but the NUL",      1, BYTES("letter"),                ""                },
        { "three fit in four",        4, BYTES("abc"),                   "abc"             },
        { "one fits in two",          2, BYTES("a"),                     "a"               },
        { "a character stays whole",  7, BYTES("a\xe2\x82\xac" "bcdef"), "a..."            },
        { "a character just fits",    8, BYTES("a\xe2\x82\xac" "bcdef"), "a\xe2\x82\xac..." },
        { "an escape stays whole",   12, BYTES("a\x1b" "bcdefgh"),       "a..."            },
        { "an escape just fits",     13, BYTES("a\x1b" "bcdefgh"),       "a\\u{001B}..."   },
    };
    /* clang-format on */

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        char out[64];

        vl_text_safe(out, rows[i].size, rows[i].text);
        if (strcmp(out, rows[i].shown) != 0)
            fail_msg("%s: %s", rows[i].name, out);
    }
}

static void what_is_safe_is_showable_and_stays_as_it_is(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(texts); i++) {
        char once[200], twice[200];

        vl_text_safe(once, sizeof once, texts[i].text);
        vl_text_safe(twice, sizeof twice, vl_bytes_str(once));
        assert_string_equal(once, twice);
        assert_true(vl_text_is_showable(vl_bytes_str(once), true));
    }
}

static void only_harmless_text_is_showable(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(showables); i++)
        if (vl_text_is_showable(showables[i].text, true) != showables[i].at_end ||
            vl_text_is_showable(showables[i].text, false) != showables[i].midway)
            fail_msg("%s", showables[i].name);
}

static void text_may_be_torn_anywhere_and_stays_showable(void **state)
{
    const vl_bytes text = VL_LITERAL("a\xc3\xa9\r\n\xe2\x82\xac\t\xf0\x9f\x98\x80\r\nz");

    (void)state;
    for (size_t len = 0; len <= text.len; len++)
        assert_true(vl_text_is_showable(vl_bytes_first(text, len), false));
}

static void distance_counts_edits_both_ways(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(distances); i++) {
        const char *a = distances[i].a, *b = distances[i].b;

        if (vl_text_distance(a, b) != distances[i].distance ||
            vl_text_distance(b, a) != distances[i].distance)
            fail_msg("%s and %s", a, b);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(utf8_is_what_the_rfc_says),
        cmocka_unit_test(every_start_goes_on_only_as_the_grammar_says),
        cmocka_unit_test(text_is_shown_so_that_nothing_acts_or_hides),
        cmocka_unit_test(where_only_ascii_is_shown_all_else_is_written_out),
        cmocka_unit_test(a_cut_text_never_exceeds_its_size),
        cmocka_unit_test(a_long_text_is_cut_between_characters),
        cmocka_unit_test(what_is_safe_is_showable_and_stays_as_it_is),
        cmocka_unit_test(only_harmless_text_is_showable),
        cmocka_unit_test(text_may_be_torn_anywhere_and_stays_showable),
        cmocka_unit_test(the_first_of_a_text_has_no_character_in_part),
        cmocka_unit_test(distance_counts_edits_both_ways),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
