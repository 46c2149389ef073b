/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/age_header.h"

#include <string.h>

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define BYTES(text)                                                                                \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

/* The version line ends at byte 22, the stanza behind it at byte 27, its body at byte 28. */
#define V     "age-encryption.org/v1\n"
#define A43   "AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA"
#define A64   A43 "AAAAAAAAAAAAAAAAAAAAA"
#define S     "-> a\n\n"
#define MAC   "--- " A43 "\n"
#define WHOLE V S MAC

/* clang-format off */
static const struct {
    const char *name;
    vl_bytes wire;
    size_t stanza_count;
} accepted[] = {
    { "one stanza",                         BYTES(V S MAC),                                   1 },
    { "two stanzas",                        BYTES(V S S MAC),                                 2 },
    { "arguments",                          BYTES(V "-> a b c\n\n" MAC),                      1 },
    { "an argument that looks like a MAC",  BYTES(V "-> --- ---\n\n" MAC),                    1 },
    { "an argument that looks like a stanza", BYTES(V "-> -> ->\n\n" MAC),                    1 },
    { "a body of one byte",                 BYTES(V "-> a\nAA\n" MAC),                        1 },
    { "a body of 47 bytes",                 BYTES(V "-> a\n" A43 "AAAAAAAAAAAAAAAAAAAA\n" MAC), 1 },
    { "a body of 48 bytes",                 BYTES(V "-> a\n" A64 "\n\n" MAC),                 1 },
    { "a body of 49 bytes",                 BYTES(V "-> a\n" A64 "\nAA\n" MAC),               1 },
    { "a body of 96 bytes",                 BYTES(V "-> a\n" A64 "\n" A64 "\n\n" MAC),        1 },
    { "the whole alphabet",                 BYTES(V "-> a\n0123456789+/ABYZabyz\n" MAC),      1 },
};

#define ROW(name, text, err, words) { name, BYTES(text), VL_ERR_##err, words }
static const struct {
    const char *name;
    vl_bytes wire;
    enum vl_err err;
    const char *words;
} refused[] = {
    /* 1: the version line */
    ROW("an empty file",              "",                              FORMAT, "nothing there"),
    ROW("another version",            "age-encryption.org/v2\n" S MAC, FORMAT, "an age file of another version than v1"),
    ROW("version 11",                 "age-encryption.org/v11\n" S MAC, FORMAT, "an age file of another version than v1"),
    ROW("a version with CR LF",       "age-encryption.org/v1\r\n" S MAC, FORMAT, "an age file of another version than v1"),
    ROW("a space behind the version", "age-encryption.org/v1 \n" S MAC, FORMAT, "an age file of another version than v1"),
    ROW("no version",                 "age-encryption.org/\n" S MAC,   FORMAT, "an age file of another version than v1"),
    ROW("a capital",                  "Age-encryption.org/v1\n" S MAC, FORMAT, "not an age file"),
    ROW("another name",               "age-encryption.com/v1\n" S MAC, FORMAT, "not an age file"),
    ROW("a line end before it",       "\n" V S MAC,                    FORMAT, "not an age file"),
    ROW("a space before it",          " " V S MAC,                     FORMAT, "not an age file"),
    ROW("a byte order mark",          "\xef\xbb\xbf" V S MAC,          FORMAT, "not an age file"),
    ROW("NUL",                        "\0",                            FORMAT, "not an age file"),
    ROW("something else",             "%PDF-1.7\n",                    FORMAT, "not an age file"),
    ROW("one byte",                   "a",                             FORMAT, "byte 1: cut short in the header"),
    ROW("no line end",                "age-encryption.org/v1",         FORMAT, "byte 21: cut short in the header"),
    ROW("a version line and no more", V,                               FORMAT, "byte 22: cut short in the header"),
    /* 2: lines and arguments */
    ROW("a line that is neither",     V "xx\n" MAC,                    FORMAT, "byte 22: neither a stanza nor the MAC"),
    ROW("an empty line",              V "\n" S MAC,                    FORMAT, "byte 22: neither a stanza nor the MAC"),
    ROW("no space behind the arrow",  V "->a\n\n" MAC,                 FORMAT, "byte 22: neither a stanza nor the MAC"),
    ROW("an arrow and a line end",    V "->\n\n" MAC,                  FORMAT, "byte 22: neither a stanza nor the MAC"),
    ROW("half an arrow",              V "-\n\n" MAC,                   FORMAT, "byte 22: neither a stanza nor the MAC"),
    ROW("a space before the arrow",   V " -> a\n\n" MAC,               FORMAT, "byte 22: neither a stanza nor the MAC"),
    ROW("CR LF behind the body",      V "-> a\n\n\r\n" MAC,            FORMAT, "byte 28: neither a stanza nor the MAC"),
    ROW("no argument",                V "-> \n\n" MAC,                 FORMAT, "byte 22: a stanza with a malformed argument"),
    ROW("an empty first argument",    V "->  a\n\n" MAC,               FORMAT, "byte 22: a stanza with a malformed argument"),
    ROW("an empty second argument",   V "-> a  b\n\n" MAC,             FORMAT, "byte 22: a stanza with a malformed argument"),
    ROW("an empty last argument",     V "-> a \n\n" MAC,               FORMAT, "byte 22: a stanza with a malformed argument"),
    ROW("CR behind the arguments",    V "-> a\r\n\n" MAC,              FORMAT, "byte 22: a stanza with a malformed argument"),
    ROW("NUL in an argument",         V "-> a\0b\n\n" MAC,             FORMAT, "byte 22: a stanza with a malformed argument"),
    ROW("a tab between arguments",    V "-> a\tb\n\n" MAC,             FORMAT, "byte 22: a stanza with a malformed argument"),
    ROW("UTF-8 in an argument",       V "-> \xc3\xa4\n\n" MAC,         FORMAT, "byte 22: a stanza with a malformed argument"),
    ROW("in the second stanza",       V S "-> \x7f\n\n" MAC,           FORMAT, "byte 28: a stanza with a malformed argument"),
    /* 3: bodies */
    ROW("a line of 65 columns",       V "-> a\n" A64 "A\n\n" MAC,      FORMAT, "byte 27: a line of more than 64 columns"),
    ROW("a line of 66 columns",       V "-> a\n" A64 "AA\n\n" MAC,     FORMAT, "byte 27: a line of more than 64 columns"),
    ROW("a line of 128 columns",      V "-> a\n" A64 A64 "\n\n" MAC,   FORMAT, "byte 27: a line of more than 64 columns"),
    ROW("no short line before the MAC", V "-> a\n" A64 "\n" MAC,       FORMAT, "byte 92: a stanza body that is not base64"),
    ROW("no short line before a stanza", V "-> a\n" A64 "\n" S MAC,    FORMAT, "byte 92: a stanza body that is not base64"),
    ROW("no body before the MAC",     V "-> a\n" MAC,                  FORMAT, "byte 27: a stanza body that is not base64"),
    ROW("no body before a stanza",    V "-> a\n" S MAC,                FORMAT, "byte 27: a stanza body that is not base64"),
    ROW("two short lines",            V "-> a\nAAAA\nAAAA\n" MAC,      FORMAT, "byte 32: neither a stanza nor the MAC"),
    ROW("two empty lines",            V "-> a\n\n\n" MAC,              FORMAT, "byte 28: neither a stanza nor the MAC"),
    ROW("padding",                    V "-> a\nAA==\n" MAC,            FORMAT, "byte 27: a stanza body that is not base64"),
    ROW("CR in a body",               V "-> a\nAAAA\r\n" MAC,          FORMAT, "byte 27: a stanza body that is not base64"),
    ROW("CR as the last line",        V "-> a\n" A64 "\n\r\n" MAC,     FORMAT, "byte 92: a stanza body that is not base64"),
    ROW("one symbol",                 V "-> a\nA\n" MAC,               FORMAT, "byte 27: a stanza body that is not base64"),
    ROW("unused bits",                V "-> a\nAB\n" MAC,              FORMAT, "byte 27: a stanza body that is not base64"),
    ROW("a space in a body",          V "-> a\nAA AA\n" MAC,           FORMAT, "byte 27: a stanza body that is not base64"),
    ROW("the other alphabet",         V "-> a\nAA-_\n" MAC,            FORMAT, "byte 27: a stanza body that is not base64"),
    ROW("cut in a body",              V "-> a\nAA",                    FORMAT, "byte 29: cut short in the header"),
    ROW("cut behind a body",          V S,                             FORMAT, "byte 28: cut short in the header"),
    /* 4: the MAC */
    ROW("two dashes",                 V S "-- " A43 "\n",              FORMAT, "byte 28: neither a stanza nor the MAC"),
    ROW("nothing behind the dashes",  V S "---\n",                     FORMAT, "byte 28: a malformed MAC"),
    ROW("a space behind the dashes",  V S "--- \n",                    FORMAT, "byte 28: a malformed MAC"),
    ROW("no space",                   V S "---" A43 "\n",              FORMAT, "byte 28: a malformed MAC"),
    ROW("no space, and a symbol more", V S "---A" A43 "\n",            FORMAT, "byte 28: a malformed MAC"),
    ROW("a tab for a space",          V S "---\t" A43 "\n",            FORMAT, "byte 28: a malformed MAC"),
    ROW("two spaces",                 V S "---  " A43 "\n",            FORMAT, "byte 28: a malformed MAC"),
    ROW("a space behind it",          V S "--- " A43 " \n",            FORMAT, "byte 28: a malformed MAC"),
    ROW("CR behind it",               V S "--- " A43 "\r\n",           FORMAT, "byte 28: a malformed MAC"),
    ROW("padding behind it",          V S "--- " A43 "=\n",            FORMAT, "byte 28: a malformed MAC"),
    ROW("44 symbols",                 V S "--- " A43 "A\n",            FORMAT, "byte 28: a malformed MAC"),
    ROW("42 symbols",                 V S "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA\n", FORMAT, "byte 28: a malformed MAC"),
    ROW("unused bits of the MAC",     V S "--- AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAB\n", FORMAT, "byte 28: a malformed MAC"),
    ROW("a foreign symbol",           V S "--- AAAAAAAAAAAAAAAAAAAAA*AAAAAAAAAAAAAAAAAAAAA\n", FORMAT, "byte 28: a malformed MAC"),
    ROW("no line end behind it",      V S "--- " A43,                  FORMAT, "byte 75: cut short in the header"),
    /* 5: at least one stanza */
    ROW("no stanza",                  V MAC,                           FORMAT, "byte 22: a header without recipients"),
};
/* clang-format on */

/* In what pieces bytes come: all at once, one by one, or in uneven ones. */
static const size_t whole[] = {SIZE_MAX}, single[] = {1}, odd[] = {3, 1, 7, 64, 2, 31};
static const struct {
    const size_t *lens;
    size_t count;
} pieces[] = {{whole, 1}, {single, 1}, {odd, COUNT(odd)}};

/* Feeds, always from the heap, until the header is complete or refused. */
static enum vl_err read_in(size_t how, vl_bytes wire, struct vl_age_header *header, size_t *taken,
                           struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *taken = 0;
    for (size_t i = 0; !err && !header->complete && *taken < wire.len; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf copy = VL_BUF_INIT(wire.len);
        vl_bytes piece =
            vl_bytes_first(vl_bytes_after(wire, *taken), pieces[how].lens[i % pieces[how].count]);
        size_t used = 4711;

        assert_int_equal(vl_buf_put(&copy, piece), VL_OK);
        err = vl_age_header_feed(header, vl_buf_bytes(&copy), &used, why);
        assert_true(used <= piece.len);
        assert_true(err || header->complete || used == piece.len);
        *taken += used;
    }
    return err ? err : vl_age_header_end(header, why);
}

static void well_formed_headers_are_read_and_what_follows_is_left(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(accepted); i++)
        for (size_t how = 0; how < COUNT(pieces); how++) {
            VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
            VL_AUTO(vl_buf_release) struct vl_buf longer = VL_BUF_INIT(1000);
            struct vl_why why = {""};
            size_t taken;

            assert_int_equal(vl_buf_put(&longer, accepted[i].wire), VL_OK);
            assert_int_equal(vl_buf_put(&longer, VL_LITERAL("-> payload\n")), VL_OK);
            if (read_in(how, vl_buf_bytes(&longer), &header, &taken, &why))
                fail_msg("%s: %s", accepted[i].name, why.text);
            assert_int_equal(header.stanza_count, accepted[i].stanza_count);
            assert_int_equal(taken, accepted[i].wire.len);
            assert_bytes(vl_buf_bytes(&header.wire), accepted[i].wire);
        }
}

static void malformed_headers_are_refused_in_the_same_words_however_they_come(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++)
        for (size_t how = 0; how < COUNT(pieces); how++) {
            VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
            struct vl_why why = {""};
            size_t taken;
            enum vl_err err = read_in(how, refused[i].wire, &header, &taken, &why);

            if (err != refused[i].err || strcmp(why.text, refused[i].words) != 0)
                fail_msg("%s: %s: %s", refused[i].name, vl_err_name(err), why.text);
            assert_false(header.complete);
        }
}

static void a_header_cut_anywhere_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(accepted); i++)
        for (size_t len = 0; len < accepted[i].wire.len; len++) {
            VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
            size_t taken;

            assert_int_equal(read_in(0, vl_bytes_first(accepted[i].wire, len), &header, &taken,
                                     NULL),
                             VL_ERR_FORMAT);
            assert_int_equal(taken, len);
        }
}

static bool reads(const char *wire, size_t len)
{
    VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
    size_t taken;

    return !read_in(0, vl_bytes_of(wire, len), &header, &taken, NULL);
}

static void arguments_are_visible_ascii_and_nothing_else(void **state)
{
    (void)state;
    for (unsigned byte = 0; byte < 256; byte++) {
        char first[] = V "-> aa\n\n" MAC, middle[] = V "-> aaa\n\n" MAC, last[] = V "-> aa\n\n" MAC;
        bool is_visible = byte >= 0x21 && byte <= 0x7e;

        first[sizeof V - 1 + 3] = (char)byte;
        middle[sizeof V - 1 + 4] = (char)byte;
        last[sizeof V - 1 + 4] = (char)byte;
        assert_int_equal(reads(first, sizeof first - 1), is_visible);
        assert_int_equal(reads(middle, sizeof middle - 1), is_visible || byte == ' ');
        assert_int_equal(reads(last, sizeof last - 1), is_visible);
    }
}

static void a_stanza_is_given_out_in_its_parts(void **state)
{
    VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
    struct vl_age_stanza stanza;
    size_t taken;

    (void)state;
    assert_int_equal(
        read_in(2, VL_LITERAL(V "-> alone\n\n-> type one 2 !#~\nAAAA\n-> long\n" A64 "\nAA\n" MAC),
                &header, &taken, NULL),
        VL_OK);
    assert_int_equal(header.stanza_count, 3);
    stanza = vl_age_header_stanza(&header, 0);
    assert_bytes(stanza.type, VL_LITERAL("alone"));
    assert_int_equal(stanza.args.len, 0);
    assert_int_equal(stanza.arg_count, 0);
    assert_int_equal(stanza.body.len, 0);
    stanza = vl_age_header_stanza(&header, 1);
    assert_bytes(stanza.type, VL_LITERAL("type"));
    assert_bytes(stanza.args, VL_LITERAL("one 2 !#~"));
    assert_int_equal(stanza.arg_count, 3);
    assert_bytes(vl_age_stanza_arg(&stanza, 0), VL_LITERAL("one"));
    assert_bytes(vl_age_stanza_arg(&stanza, 1), VL_LITERAL("2"));
    assert_bytes(vl_age_stanza_arg(&stanza, 2), VL_LITERAL("!#~"));
    assert_bytes(stanza.body, VL_LITERAL("AAAA"));
    stanza = vl_age_header_stanza(&header, 2);
    assert_int_equal(stanza.arg_count, 0);
    assert_bytes(stanza.body, VL_LITERAL(A64 "\nAA"));
}

/* A header of exactly len bytes with one endless argument. */
static struct vl_buf header_of(size_t len)
{
    struct vl_buf wire = VL_BUF_INIT(SIZE_MAX);
    size_t frame = sizeof(V "-> \n\n" MAC) - 1;
    uint8_t *at;

    assert_int_equal(vl_buf_put(&wire, VL_LITERAL(V "-> ")), VL_OK);
    assert_int_equal(vl_buf_add(&wire, len - frame, &at), VL_OK);
    memset(at, 'a', len - frame);
    assert_int_equal(vl_buf_put(&wire, VL_LITERAL("\n\n" MAC)), VL_OK);
    assert_int_equal(wire.len, len);
    return wire;
}

static void a_header_is_2_mib_at_most(void **state)
{
    (void)state;
    for (size_t more = 0; more < 4; more++)
        for (size_t how = 0; how < COUNT(pieces); how++) {
            VL_AUTO(vl_buf_release) struct vl_buf wire = header_of(VL_AGE_HEADER_MAX - 1 + more);
            VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
            struct vl_why why = {""};
            size_t taken;
            enum vl_err err;

            if (how == 1) /* byte by byte, but not all two million */
                assert_int_equal(vl_age_header_feed(&header,
                                                    vl_bytes_first(vl_buf_bytes(&wire),
                                                                   VL_AGE_HEADER_MAX - 99),
                                                    &taken, &why),
                                 VL_OK);
            err = read_in(how, vl_bytes_after(vl_buf_bytes(&wire), header.wire.len), &header,
                          &taken, &why);
            assert_err(err, more > 1 ? VL_ERR_LIMIT : VL_OK, &why);
            if (err)
                assert_string_equal(why.text, "a header of more than 2 MiB");
        }
}

static void a_header_has_1024_stanzas_at_most(void **state)
{
    (void)state;
    for (size_t count = 1023; count <= 1026; count++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(100000);
        VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
        struct vl_why why = {""};
        size_t taken;
        enum vl_err err = vl_buf_put(&wire, VL_LITERAL(V));

        for (size_t i = 0; i < count && !err; i++)
            err = vl_buf_put(&wire, VL_LITERAL(S));
        assert_int_equal(err ? err : vl_buf_put(&wire, VL_LITERAL(MAC)), VL_OK);
        err = read_in(count % 3, vl_buf_bytes(&wire), &header, &taken, &why);
        assert_err(err, count > 1024 ? VL_ERR_LIMIT : VL_OK, &why);
        if (err)
            assert_string_equal(why.text, "more than 1024 recipients");
        else
            assert_int_equal(header.stanza_count, count);
    }
}

/* clang-format off */
static const struct {
    const char *name;
    vl_bytes start;
    uint8_t again;   /* what follows, without an end */
    size_t kept_max; /* how much of it is kept before it is refused */
    enum vl_err err;
} endless[] = {
    { "something else",          BYTES(""),              'x',  1,                 VL_ERR_FORMAT },
    { "zeroes",                  BYTES(""),              0,    1,                 VL_ERR_FORMAT },
    { "a version",               BYTES("age-encryption.org/v1"), '1', 22,         VL_ERR_FORMAT },
    { "not a stanza",            BYTES(V),               'x',  22 + 3,            VL_ERR_FORMAT },
    { "dashes for the MAC",      BYTES(V S),             '-',  28 + 49,           VL_ERR_FORMAT },
    { "a MAC",                   BYTES(V S "--- "),      'A',  28 + 49,           VL_ERR_FORMAT },
    { "a body line",             BYTES(V "-> a\n"),      'A',  27 + 66,           VL_ERR_FORMAT },
    { "a short line too many",   BYTES(V S),             '\n', 29,                VL_ERR_FORMAT },
    { "an argument",             BYTES(V "-> "),         'a',  VL_AGE_HEADER_MAX, VL_ERR_LIMIT  },
    { "NUL in an argument",      BYTES(V "-> "),         0,    VL_AGE_HEADER_MAX, VL_ERR_LIMIT  },
};
/* clang-format on */

static void a_gigabyte_without_a_line_end_is_not_kept(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(endless); i++)
        for (size_t step = 1; step <= 3 << 20; step = step == 1 ? 5000 : step * 629) {
            VL_AUTO(vl_age_header_release) struct vl_age_header header = VL_AGE_HEADER_INIT;
            VL_AUTO(vl_buf_release) struct vl_buf more = VL_BUF_INIT(step);
            struct vl_why why = {""};
            enum vl_err err = VL_OK;
            uint8_t *at;
            size_t used;

            if (step == 1 && endless[i].kept_max > 1000)
                continue;
            assert_int_equal(vl_buf_add(&more, step, &at), VL_OK);
            memset(at, endless[i].again, step);
            assert_int_equal(vl_age_header_feed(&header, endless[i].start, &used, &why), VL_OK);
            for (size_t fed = 0; fed < (size_t)1 << 30 && !err; fed += step)
                err = vl_age_header_feed(&header, vl_buf_bytes(&more), &used, &why);
            if (err != endless[i].err)
                fail_msg("%s: %s: %s", endless[i].name, vl_err_name(err), why.text);
            assert_true(header.wire.len <= (step == 1 ? endless[i].kept_max : VL_AGE_HEADER_MAX));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(well_formed_headers_are_read_and_what_follows_is_left),
        cmocka_unit_test(malformed_headers_are_refused_in_the_same_words_however_they_come),
        cmocka_unit_test(a_header_cut_anywhere_is_refused),
        cmocka_unit_test(arguments_are_visible_ascii_and_nothing_else),
        cmocka_unit_test(a_stanza_is_given_out_in_its_parts),
        cmocka_unit_test(a_header_is_2_mib_at_most),
        cmocka_unit_test(a_header_has_1024_stanzas_at_most),
        cmocka_unit_test(a_gigabyte_without_a_line_end_is_not_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
