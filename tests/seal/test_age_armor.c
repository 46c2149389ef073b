/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/age_armor.h"

#include <stdlib.h>
#include <string.h>

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define BYTES(text)                                                                                \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

#define B    "-----BEGIN AGE ENCRYPTED FILE-----\n"
#define END  "-----END AGE ENCRYPTED FILE-----"
#define E    END "\n"
#define A60  "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define L    A60 "AAAA\n" /* 48 zero bytes */
#define WHAT "wanted -----BEGIN AGE ENCRYPTED FILE-----"

/* clang-format off */
static const struct {
    const char *name;
    vl_bytes text;
    size_t len; /* of the zero bytes it holds */
} accepted[] = {
    { "nothing",                      BYTES(B E),                              0   },
    { "one byte",                     BYTES(B "AA==\n" E),                     1   },
    { "two bytes",                    BYTES(B "AAA=\n" E),                     2   },
    { "three bytes",                  BYTES(B "AAAA\n" E),                     3   },
    { "46 bytes",                     BYTES(B A60 "AA==\n" E),                 46  },
    { "47 bytes",                     BYTES(B A60 "AAA=\n" E),                 47  },
    { "48 bytes",                     BYTES(B L E),                            48  },
    { "49 bytes",                     BYTES(B L "AA==\n" E),                   49  },
    { "144 bytes",                    BYTES(B L L L E),                        144 },
    { "no line end at the end",       BYTES(B "AAAA\n" END),                   3   },
    { "half a CR LF at the end",      BYTES(B "AAAA\n" END "\r"),              3   },
    { "CR LF",                        BYTES("-----BEGIN AGE ENCRYPTED FILE-----\r\n" A60 "AAAA\r\nAA==\r\n" END "\r\n"), 49 },
    { "CR LF and LF",                 BYTES(B A60 "AAAA\r\nAA==\n" END "\r\n"), 49 },
    { "white space on both sides",    BYTES(" \t\v\f\r\n\n" B "AAAA\n" E " \t\v\f\r\n"), 3 },
    { "a line of space before",       BYTES("   \n" B E),                      0   },
    { "space behind the last line",   BYTES(B E "   "),                        0   },
};

#define ROW(name, text, line, words) { name, BYTES(text), "armor: line " line ": " words }
static const struct {
    const char *name;
    vl_bytes text;
    const char *words;
} refused[] = {
    ROW("nothing at all",             "",                     "1", "cut short in the armor"),
    ROW("white space only",           " \n\n",                "3", "cut short in the armor"),
    ROW("another label",              "-----BEGIN PGP MESSAGE-----\n" E, "1", WHAT),
    ROW("lower case",                 "-----begin age encrypted file-----\n" E, "1", WHAT),
    ROW("four dashes",                "----BEGIN AGE ENCRYPTED FILE-----\n" E, "1", WHAT),
    ROW("six dashes",                 "------BEGIN AGE ENCRYPTED FILE-----\n" E, "1", WHAT),
    ROW("a space behind BEGIN",       "-----BEGIN AGE ENCRYPTED FILE----- \n" E, "1", WHAT),
    ROW("a space before BEGIN",       " " B E,                "1", WHAT),
    ROW("a tab before BEGIN",         "\n\t" B E,             "2", WHAT),
    ROW("two CR behind BEGIN",        "-----BEGIN AGE ENCRYPTED FILE-----\r\r\n" E, "1", WHAT),
    ROW("END before BEGIN",           E B,                    "1", WHAT),
    ROW("only END",                   END,                    "1", WHAT),
    ROW("text before",                "hello\n" B E,          "1", WHAT),
    ROW("text before, behind space",  "\n\n\nhello\n" B E,    "4", WHAT),
    ROW("only BEGIN, no line end",    "-----BEGIN AGE ENCRYPTED FILE-----", "1", "cut short in the armor"),
    ROW("only BEGIN",                 B,                      "2", "cut short in the armor"),
    ROW("no END",                     B "AAAA\n",             "3", "cut short in the armor"),
    ROW("half of END",                B "AAAA\n-----END AGE", "3", "cut short in the armor"),
    ROW("cut in a line",              B "AAAA",               "2", "cut short in the armor"),
    ROW("a blank line first",         B "\n" L E,             "2", "not base64"),
    ROW("a blank line in the middle", B L "\n" L E,           "3", "not base64"),
    ROW("a blank line last",          B L "\n" E,             "3", "not base64"),
    ROW("a blank line behind a short one", B "AAAA\n\n" E,    "3", "wanted " END),
    ROW("CR for a line",              B "\r\n" L E,           "2", "not base64"),
    ROW("a header",                   B "Comment: x\n\n" L E, "2", "not base64"),
    ROW("a checksum",                 B "AAAA\n=njUN\n" E,    "3", "wanted " END),
    ROW("a checksum behind a full line", B L "=njUN\n" E,     "3", "not base64"),
    ROW("a short line, then another", B "AAAA\nAAAA\n" E,     "3", "wanted " END),
    ROW("a short line, then a full one", B A60 "\n" L E,      "3", "wanted " END),
    ROW("padding, then another line", B "AA==\nAAAA\n" E,     "3", "wanted " END),
    ROW("padding at 64 columns, then another", B A60 "AA==\n" L E, "3", "wanted " END),
    ROW("no padding",                 B "AA\n" E,             "2", "not base64"),
    ROW("half the padding",           B "AA=\n" E,            "2", "not base64"),
    ROW("too much padding",           B "A===\n" E,           "2", "not base64"),
    ROW("padding alone",              B "====\n" E,           "2", "not base64"),
    ROW("padding of a whole four",    B "AAAA====\n" E,       "2", "not base64"),
    ROW("padding in the middle",      B "AA==AAAA\n" E,       "2", "not base64"),
    ROW("a line end in the padding",  B "AA=\n=\n" E,         "2", "not base64"),
    ROW("unused bits",                B "AB==\n" E,           "2", "not base64"),
    ROW("two unused bits",            B "AAB=\n" E,           "2", "not base64"),
    ROW("a foreign symbol",           B "AA*A\n" E,           "2", "not base64"),
    ROW("the other alphabet",         B "AA-_\n" E,           "2", "not base64"),
    ROW("NUL",                        B "AA\0A\n" E,          "2", "not base64"),
    ROW("65 columns",                 B A60 "AAAAA\n" E,      "2", "more than 64 columns"),
    ROW("68 columns",                 B A60 "AAAAAAAA\n" E,   "2", "more than 64 columns"),
    ROW("76 columns",                 B A60 "AAAAAAAAAAAAAAAA\n" E, "2", "more than 64 columns"),
    ROW("81 columns",                 B A60 "AAAAAAAAAAAAAAAAAAAAA\n" E, "2", "a line that is too long"),
    ROW("120 columns",                B L A60 A60 "\n" E,     "3", "a line that is too long"),
    ROW("a space before a line",      B " AAAA\n" E,          "2", "not base64"),
    ROW("a space behind a line",      B "AAAA \n" E,          "2", "not base64"),
    ROW("a space behind a full line", B A60 "AAAA \n" E,      "2", "more than 64 columns"),
    ROW("a space behind END",         B "AAAA\n" END " \n",   "3", "wanted " END),
    ROW("a space behind END, no line end", B "AAAA\n" END " ",  "3", "wanted " END),
    ROW("two CR behind END",          B "AAAA\n" END "\r\r",   "3", "wanted " END),
    ROW("a space before END",         B L " " E,              "3", "not base64"),
    ROW("another END",                B L "-----END PGP MESSAGE-----\n", "3", "not base64"),
    ROW("text behind",                B E "hello",            "3", "something else than white space behind the armor"),
    ROW("text behind space",          B E "\n \nhello\n",     "5", "something else than white space behind the armor"),
    ROW("another file behind",        B E B E,                "3", "something else than white space behind the armor"),
    ROW("NUL behind",                 B E "\0",               "3", "something else than white space behind the armor"),
};
/* clang-format on */

static const size_t whole[] = {SIZE_MAX}, single[] = {1}, odd[] = {3, 1, 7, 64, 2, 31};
static const struct {
    const size_t *lens;
    size_t count;
} pieces[] = {{whole, 1}, {single, 1}, {odd, COUNT(odd)}};

static enum vl_err read_in(size_t how, vl_bytes text, struct vl_buf *out, struct vl_why *why)
{
    struct vl_age_armor_reader reader = VL_AGE_ARMOR_READER_INIT;
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && text.len > 0; i++) {
        vl_bytes piece = vl_bytes_first(text, pieces[how].lens[i % pieces[how].count]);
        size_t before = out->len;
        uint8_t *copy = malloc(piece.len);

        assert_non_null(copy);
        memcpy(copy, piece.ptr, piece.len);
        err = vl_age_armor_read(&reader, vl_bytes_of(copy, piece.len), out, why);
        free(copy);
        assert_true(out->len - before <= piece.len * 3 / 4 + 48);
        text = vl_bytes_after(text, piece.len);
    }
    return err ? err : vl_age_armor_read_end(&reader, why);
}

static void assert_zeroes(const struct vl_buf *buf, size_t len)
{
    assert_int_equal(buf->len, len);
    for (size_t i = 0; i < len; i++)
        assert_int_equal(buf->data[i], 0);
}

static void well_formed_armor_is_read_however_it_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(accepted); i++)
        for (size_t how = 0; how < COUNT(pieces); how++) {
            VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);
            struct vl_why why = {""};

            if (read_in(how, accepted[i].text, &out, &why))
                fail_msg("%s: %s", accepted[i].name, why.text);
            assert_zeroes(&out, accepted[i].len);
        }
}

static void malformed_armor_is_refused_in_the_same_words_however_it_comes(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++)
        for (size_t how = 0; how < COUNT(pieces); how++) {
            VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);
            struct vl_why why = {""};

            if (read_in(how, refused[i].text, &out, &why) != VL_ERR_FORMAT ||
                strcmp(why.text, refused[i].words) != 0)
                fail_msg("%s: %s", refused[i].name, why.text);
        }
}

static void armor_cut_anywhere_is_refused(void **state)
{
    static const char text[] = B L "AAAA\n" E;

    (void)state;
    for (size_t len = 0; len < sizeof text - 2; len++)
        for (size_t how = 0; how < COUNT(pieces); how++) {
            VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);

            assert_int_equal(read_in(how, vl_bytes_of(text, len), &out, NULL), VL_ERR_FORMAT);
        }
}

/* before bytes of white space, then armor, then after bytes of it. */
static struct vl_buf spaced(size_t before, size_t after, uint8_t space)
{
    struct vl_buf text = VL_BUF_INIT(10000);
    uint8_t *at = NULL;

    assert_int_equal(vl_buf_add(&text, before, &at), VL_OK);
    if (before > 0) {
        memset(at, space, before);
        at[before - 1] = '\n';
    }
    assert_int_equal(vl_buf_put(&text, VL_LITERAL(B "AAAA\n" E)), VL_OK);
    assert_int_equal(vl_buf_add(&text, after, &at), VL_OK);
    if (after > 0)
        memset(at, space, after);
    return text;
}

static void white_space_is_1024_bytes_at_most_on_each_side(void **state)
{
    static const size_t lens[] = {0, 1, 1023, 1024, 1025, 4000};
    static const uint8_t spaces[] = {' ', '\n', '\t', '\r', '\v', '\f'};

    (void)state;
    for (size_t i = 0; i < COUNT(lens) * COUNT(lens) * COUNT(spaces) * COUNT(pieces); i++) {
        size_t before = lens[i % COUNT(lens)], after = lens[i / 6 % COUNT(lens)];
        VL_AUTO(vl_buf_release)
        struct vl_buf text = spaced(before, after, spaces[i / 36 % COUNT(spaces)]);
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);
        struct vl_why why = {""};
        bool is_fine = before <= 1024 && after <= 1024;

        assert_err(read_in(i / 216, vl_buf_bytes(&text), &out, &why),
                   is_fine ? VL_OK : VL_ERR_FORMAT, &why);
        if (!is_fine)
            assert_non_null(strstr(why.text, "too much white space around the armor"));
    }
}

static void only_a_dash_or_white_space_may_begin_armor(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++)
        assert_int_equal(vl_age_armor_may_begin((uint8_t)byte),
                         byte && strchr("- \t\r\n\v\f", (int)byte) != NULL);
}

static enum vl_err write_in(size_t how, vl_bytes bytes, struct vl_buf *out)
{
    struct vl_age_armor_writer writer = VL_AGE_ARMOR_WRITER_INIT;
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && bytes.len > 0; i++) {
        vl_bytes piece = vl_bytes_first(bytes, pieces[how].lens[i % pieces[how].count]);

        err = vl_age_armor_write(&writer, piece, out);
        bytes = vl_bytes_after(bytes, piece.len);
    }
    return err ? err : vl_age_armor_write_end(&writer, out);
}

static void armor_is_written_in_its_one_form(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(accepted); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);
        static const uint8_t zeroes[144];

        assert_int_equal(write_in(i % 3, vl_bytes_of(zeroes, accepted[i].len), &out), VL_OK);
        if (i < 9)
            assert_bytes(vl_buf_bytes(&out), accepted[i].text);
    }
}

static void every_length_goes_round_in_any_pieces(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 48);

    (void)state;
    for (size_t len = 0; len <= 200; len++) {
        VL_AUTO(vl_buf_release) struct vl_buf first = VL_BUF_INIT(1000);
        uint8_t bytes[200];

        assert_int_equal(vl_rng_fill(&rng, bytes, len), VL_OK);
        assert_int_equal(write_in(0, vl_bytes_of(bytes, len), &first), VL_OK);
        assert_int_equal(first.len, sizeof(B E) - 1 + (len + 2) / 3 * 4 + (len + 47) / 48);
        for (size_t how = 0; how < COUNT(pieces); how++) {
            VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(1000);
            VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(len);
            struct vl_why why = {""};

            assert_int_equal(write_in(how, vl_bytes_of(bytes, len), &again), VL_OK);
            assert_bytes(vl_buf_bytes(&again), vl_buf_bytes(&first));
            assert_err(read_in(how, vl_buf_bytes(&first), &back, &why), VL_OK, &why);
            assert_bytes(vl_buf_bytes(&back), vl_bytes_of(bytes, len));
        }
    }
}

static void writing_nothing_between_changes_nothing(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1000);
    struct vl_age_armor_writer writer = VL_AGE_ARMOR_WRITER_INIT;

    (void)state;
    assert_int_equal(vl_age_armor_write(&writer, VL_BYTES_NONE, &out), VL_OK);
    assert_int_equal(vl_age_armor_write(&writer, VL_LITERAL("\0\0"), &out), VL_OK);
    assert_int_equal(vl_age_armor_write(&writer, VL_BYTES_NONE, &out), VL_OK);
    assert_int_equal(vl_age_armor_write(&writer, VL_LITERAL("\0"), &out), VL_OK);
    assert_int_equal(vl_age_armor_write_end(&writer, &out), VL_OK);
    assert_bytes(vl_buf_bytes(&out), VL_LITERAL(B "AAAA\n" E));
}

static void a_ceiling_is_told_and_not_passed(void **state)
{
    (void)state;
    for (size_t max = 0; max < 100; max++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(max), text = VL_BUF_INIT(2 * max);
        struct vl_why why = {""};

        assert_int_equal(read_in(max % 3, VL_LITERAL(B L L "AAA=\n" E), &out, &why),
                         max < 98 ? VL_ERR_LIMIT : VL_OK);
        assert_int_equal(write_in(max % 3, VL_LITERAL("\0\0\0"), &text),
                         2 * max < sizeof(B E) + 4 ? VL_ERR_LIMIT : VL_OK);
    }
}

static enum vl_err go_round(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(10000), back = VL_BUF_INIT(10000);
    vl_bytes bytes = vl_buf_bytes(self);
    enum vl_err err = write_in(2, bytes, &text);

    if (!err)
        err = read_in(2, vl_buf_bytes(&text), &back, why);
    if (!err)
        assert_bytes(vl_buf_bytes(&back), bytes);
    return err;
}

static void without_memory_it_is_told(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(5000);
    uint8_t *at;

    (void)state;
    assert_int_equal(vl_buf_add(&bytes, 5000, &at), VL_OK);
    assert_true(each_allocation_fails(go_round, &bytes) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_armor_is_read_however_it_comes),
        cmocka_unit_test(malformed_armor_is_refused_in_the_same_words_however_it_comes),
        cmocka_unit_test(armor_cut_anywhere_is_refused),
        cmocka_unit_test(white_space_is_1024_bytes_at_most_on_each_side),
        cmocka_unit_test(only_a_dash_or_white_space_may_begin_armor),
        cmocka_unit_test(armor_is_written_in_its_one_form),
        cmocka_unit_test(every_length_goes_round_in_any_pieces),
        cmocka_unit_test(writing_nothing_between_changes_nothing),
        cmocka_unit_test(a_ceiling_is_told_and_not_passed),
        cmocka_unit_test(without_memory_it_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
