/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/bech32.h"

#include <ctype.h>
#include <string.h>

#include "base/alloc.h"

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))
#define BYTES(text)                                                                                \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }
#define ALPHABET  "qpzry9x8gf2tvdw0s3jn54khce6mua7l"
#define RECIPIENT "age1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqmwn7f2"

/* clang-format off */
static const struct {
    const char *text, *hrp, *data; /* data in hex */
} accepted[] = {
    /* BIP 173, test vectors */
    { "A12UEL5L", "A", "" },
    { "a12uel5l", "a", "" },
    { "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1tt5tgs",
      "an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio", "" },
    { "abcdef1qpzry9x8gf2tvdw0s3jn54khce6mua7lmqqqxw", "abcdef",
      "00443214c74254b635cf84653a56d7c675be77df" },
    { "split1checkupstagehandshakeupstreamerranterredcaperred2y9e3w", "split",
      "c5f38b70305f519bf66d85fb6cf03058f3dde463ecd7918f2dc743918f2d" },
    { "?1ezyfcl", "?", "" },
    /* age's own example, a recipient and its identity */
    { "age1zvkyg2lqzraa2lnjvqej32nkuu0ues2s82hzrye869xeexvn73equnujwj", "age",
      "132c442be010fbd57e72603328aa76e71fccc1503aae219327d14d9c9993f472" },
    { "AGE-SECRET-KEY-1GFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPYYSJZGFPQ4EGAEX",
      "AGE-SECRET-KEY-", "4242424242424242424242424242424242424242424242424242424242424242" },
    { RECIPIENT, "age", "0102030405060708090a0b0c0d0e0f101112131415161718191a1b1c1d1e1f20" },
    /* every number of unused bits */
    { "x1ulp7zr", "x", "" },
    { "x1vyzda73t", "x", "61" },
    { "x1v93qy0amua", "x", "6162" },
    { "x1v93xxhy33uc", "x", "616263" },
    { "x1v93xxeqkek7kk", "x", "61626364" },
    { "x1v93xxer9n2jl38", "x", "6162636465" },
    /* no letter in the name */
    { "231qyuwq3kz", "23", "01" },
    { "~!@#1w35kcer9p5vfvq", "~!@#", "74696c6465" },
};

static const struct {
    const char *name;
    vl_bytes text;
} refused[] = {
    { "nothing",                           BYTES("") },
    { "a separator",                       BYTES("1") },
    /* BIP 173, test vectors */
    { "a space in the name",               BYTES("\x20" "1nwldj5") },
    { "delete in the name",                BYTES("\x7f" "1axkwrx") },
    { "a byte over 127 in the name",       BYTES("\x80" "1eym55h") },
    { "a name of 84 characters",
      BYTES("an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio1569pvx") },
    { "no separator",                      BYTES("pzry9x0s0muk") },
    { "no name",                           BYTES("1pzry9x0s0muk") },
    { "a foreign character in the data",   BYTES("x1b4n0q5v") },
    { "a checksum too short",              BYTES("li1dgmt3") },
    { "a foreign byte in the checksum",    BYTES("de1lg7wt\xff") },
    { "a checksum of the upper case",      BYTES("A1G7SGD8") },
    { "no name, and a checksum of 0",      BYTES("10a06t8") },
    { "no name, and a checksum of 1",      BYTES("1qzzfhee") },
    /* ours */
    { "mixed case in the data",            BYTES("A12uEL5L") },
    { "mixed case in name and data",       BYTES("A12uel5l") },
    { "mixed case the other way",          BYTES("a12UEL5L") },
    { "the checksum of bech32m",
      BYTES("age1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7rusqwjrjvg") },
    { "a symbol too many",                 BYTES("x1v93xxer9q3qzlad") },
    { "the lowest unused bit set",
      BYTES("age1qypqxpq9qcrsszg2pvxq6rs0zqg3yyc5z5tpwxqergd3c8g7ruspxc8t5c") },
    { "the lower of two unused bits set",  BYTES("x1lar4jxwx") },
    { "the higher of two unused bits set", BYTES("x1l7dx8sqe") },
    { "five bits and no byte",             BYTES("x1qm7ssx4") },
    { "fifteen bits for one byte",         BYTES("x1qqqn0an5s") },
    { "a NUL at the end",                  BYTES(RECIPIENT "\0") },
    { "a NUL in the data",                 BYTES("x1\0" "1ulp7zr") },
    { "a NUL that the checksum allows for", BYTES("x1\0" "qqqqqqq70fkf7") },
    { "a line end at the end",             BYTES(RECIPIENT "\n") },
    { "a space before",                    BYTES(" " RECIPIENT) },
    { "a byte less",                       {(const uint8_t *)RECIPIENT, sizeof RECIPIENT - 2} },
};

static const struct {
    const char *name;
    vl_bytes hrp;
    enum vl_err err;
} names[] = {
    { "one character",      BYTES("a"),      VL_OK         },
    { "all kinds",          BYTES("!~1-z9"), VL_OK         },
    { "only separators",    BYTES("11"),     VL_OK         },
    { "83 characters",
      BYTES("an83characterlonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio"), VL_OK },
    { "84 characters",
      BYTES("an84characterslonghumanreadablepartthatcontainsthenumber1andtheexcludedcharactersbio"), VL_ERR_FORMAT },
    { "none",               BYTES(""),       VL_ERR_FORMAT },
    { "a capital",          BYTES("agE"),    VL_ERR_FORMAT },
    { "the first capital",  BYTES("A"),      VL_ERR_FORMAT },
    { "the last capital",   BYTES("Z"),      VL_ERR_FORMAT },
    { "a space",            BYTES("a b"),    VL_ERR_FORMAT },
    { "delete",             BYTES("a\x7f"),  VL_ERR_FORMAT },
    { "a byte over 127",    BYTES("\xe9"),   VL_ERR_FORMAT },
    { "NUL",                BYTES("a\0"),    VL_ERR_FORMAT },
};
/* clang-format on */

static void known_texts_give_known_data(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(accepted); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(accepted[i].data);
        VL_AUTO(vl_buf_release) struct vl_buf data = VL_BUF_INIT(100);
        vl_bytes hrp = VL_BYTES_NONE;

        if (vl_bech32_decode(vl_bytes_str(accepted[i].text), &hrp, &data) != VL_OK)
            fail_msg("%s", accepted[i].text);
        assert_bytes(hrp, vl_bytes_str(accepted[i].hrp));
        assert_ptr_equal(hrp.ptr, accepted[i].text);
        assert_bytes(vl_buf_bytes(&data), vl_buf_bytes(&wanted));
    }
}

static void known_data_gives_known_text_in_lower_case(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(accepted); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf data = hex(accepted[i].data);
        VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(200);
        char lower[200] = "", name[100] = "";

        for (size_t at = 0; accepted[i].text[at]; at++)
            lower[at] = (char)tolower(accepted[i].text[at]);
        memcpy(name, lower, strlen(accepted[i].hrp));
        assert_int_equal(vl_bech32_encode(vl_bytes_str(name), vl_buf_bytes(&data), &text), VL_OK);
        assert_bytes(vl_buf_bytes(&text), vl_bytes_str(lower));
    }
}

static void all_else_is_refused_and_leaves_nothing(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf data = VL_BUF_INIT(100);
        vl_bytes hrp = VL_LITERAL("left over");

        assert_int_equal(vl_buf_put(&data, VL_LITERAL("before")), VL_OK);
        if (vl_bech32_decode(refused[i].text, &hrp, &data) != VL_ERR_FORMAT)
            fail_msg("%s", refused[i].name);
        assert_int_equal(hrp.len, 0);
        assert_bytes(vl_buf_bytes(&data), VL_LITERAL("before"));
    }
}

static void any_wrong_character_is_noticed(void **state)
{
    (void)state;
    for (size_t at = 0; at < sizeof RECIPIENT - 1; at++) {
        for (unsigned byte = 0; byte < 256; byte++) {
            VL_AUTO(vl_buf_release) struct vl_buf data = VL_BUF_INIT(100);
            uint8_t text[] = RECIPIENT;
            vl_bytes hrp;

            if (text[at] == byte)
                continue;
            text[at] = (uint8_t)byte;
            assert_int_equal(vl_bech32_decode(vl_bytes_of(text, sizeof text - 1), &hrp, &data),
                             VL_ERR_FORMAT);
        }
    }
}

static void swapped_neighbours_are_noticed(void **state)
{
    (void)state;
    for (size_t at = 1; at < sizeof RECIPIENT - 1; at++) {
        VL_AUTO(vl_buf_release) struct vl_buf data = VL_BUF_INIT(100);
        uint8_t text[] = RECIPIENT, held = text[at];
        vl_bytes hrp;

        text[at] = text[at - 1];
        text[at - 1] = held;
        if (text[at] != text[at - 1])
            assert_int_equal(vl_bech32_decode(vl_bytes_of(text, sizeof text - 1), &hrp, &data),
                             VL_ERR_FORMAT);
    }
}

static void a_name_is_printable_and_has_no_capitals(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(names); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(200), data = VL_BUF_INIT(10);
        vl_bytes hrp;

        assert_int_equal(vl_buf_put(&text, VL_LITERAL("> ")), VL_OK);
        if (vl_bech32_encode(names[i].hrp, VL_LITERAL("data"), &text) != names[i].err)
            fail_msg("%s", names[i].name);
        if (names[i].err) {
            assert_bytes(vl_buf_bytes(&text), VL_LITERAL("> "));
            continue;
        }
        assert_int_equal(vl_bech32_decode(vl_bytes_after(vl_buf_bytes(&text), 2), &hrp, &data),
                         VL_OK);
        assert_bytes(hrp, names[i].hrp);
        assert_bytes(vl_buf_bytes(&data), VL_LITERAL("data"));
    }
}

static void every_length_goes_round_in_both_cases(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 32);

    (void)state;
    for (size_t len = 0; len <= 200; len++) {
        VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(400);
        VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(200);
        uint8_t bytes[200];
        vl_bytes hrp;

        assert_int_equal(vl_rng_fill(&rng, bytes, sizeof bytes), VL_OK);
        assert_int_equal(vl_bech32_encode(VL_LITERAL("age-plugin-1-"), vl_bytes_of(bytes, len),
                                          &text),
                         VL_OK);
        assert_int_equal(text.len, 13 + 1 + (len * 8 + 4) / 5 + 6);
        assert_int_equal(vl_bech32_decode(vl_buf_bytes(&text), &hrp, &back), VL_OK);
        assert_bytes(vl_buf_bytes(&back), vl_bytes_of(bytes, len));
        back.len = 0;
        for (size_t at = 0; at < text.len; at++)
            text.data[at] = (uint8_t)toupper(text.data[at]);
        assert_int_equal(vl_bech32_decode(vl_buf_bytes(&text), &hrp, &back), VL_OK);
        assert_bytes(hrp, VL_LITERAL("AGE-PLUGIN-1-"));
        assert_bytes(vl_buf_bytes(&back), vl_bytes_of(bytes, len));
    }
}

static void the_lengths_of_age_come_out(void **state)
{
    static const uint8_t zeroes[1249];
    static const struct {
        const char *hrp;
        size_t data_len, text_len;
    } rows[] = {
        {"age", 32, 62},        {"age-secret-key-", 32, 74},
        {"age1pq", 1216, 1959}, {"age-secret-key-pq-", 32, 77},
        {"age1tag", 33, 67},    {"age1tagpq", 1249, 2015},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(4096), back = VL_BUF_INIT(4096);
        vl_bytes hrp;

        assert_int_equal(vl_bech32_encode(vl_bytes_str(rows[i].hrp),
                                          vl_bytes_of(zeroes, rows[i].data_len), &text),
                         VL_OK);
        assert_int_equal(text.len, rows[i].text_len);
        assert_int_equal(vl_bech32_decode(vl_buf_bytes(&text), &hrp, &back), VL_OK);
        assert_bytes(hrp, vl_bytes_str(rows[i].hrp)); /* all before the last separator */
        assert_bytes(vl_buf_bytes(&back), vl_bytes_of(zeroes, rows[i].data_len));
    }
}

static void a_text_over_the_limit_is_not_looked_at(void **state)
{
    /* 4088 symbols and the checksum after "a1" are 4096 characters; two more symbols are not. */
    static const uint8_t data[2556];
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(10000), back = VL_BUF_INIT(10000);
    vl_bytes hrp;

    (void)state;
    assert_int_equal(vl_bech32_encode(VL_LITERAL("a"), vl_bytes_of(data, 2555), &text), VL_OK);
    assert_int_equal(text.len, VL_BECH32_MAX_TEXT);
    assert_int_equal(vl_bech32_decode(vl_buf_bytes(&text), &hrp, &back), VL_OK);
    assert_int_equal(back.len, 2555);
    text.len = back.len = 0;
    assert_int_equal(vl_bech32_encode(VL_LITERAL("a"), vl_bytes_of(data, 2556), &text), VL_OK);
    assert_int_equal(text.len, VL_BECH32_MAX_TEXT + 2);
    assert_int_equal(vl_bech32_decode(vl_buf_bytes(&text), &hrp, &back), VL_ERR_LIMIT);
    assert_int_equal(hrp.len, 0);
    assert_int_equal(back.len, 0);
}

static void more_than_the_buffer_takes_is_refused_whole(void **state)
{
    (void)state;
    for (size_t room = 0; room <= 32; room++) {
        VL_AUTO(vl_buf_release) struct vl_buf data = VL_BUF_INIT(2 + room);
        vl_bytes hrp = VL_BYTES_NONE;

        assert_int_equal(vl_buf_put(&data, VL_LITERAL("> ")), VL_OK);
        assert_int_equal(vl_bech32_decode(VL_LITERAL(RECIPIENT), &hrp, &data),
                         room < 32 ? VL_ERR_LIMIT : VL_OK);
        assert_int_equal(data.len, room < 32 ? 2 : 34);
        assert_int_equal(hrp.len, room < 32 ? 0 : 3);
    }
    for (size_t room = 0; room <= 62; room++) {
        VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(room);
        static const uint8_t key[32];

        assert_int_equal(vl_bech32_encode(VL_LITERAL("age"), VL_ARRAY(key), &text),
                         room < 62 ? VL_ERR_LIMIT : VL_OK);
        assert_int_equal(text.len, room < 62 ? 0 : 62);
    }
}

static enum vl_err go_round(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(1000), back = VL_BUF_INIT(1000);
    static const uint8_t data[300];
    vl_bytes hrp = VL_BYTES_NONE;
    enum vl_err err;

    (void)self;
    (void)why;
    err = vl_bech32_encode(VL_LITERAL("a"), VL_ARRAY(data), &text);
    if (!err)
        err = vl_bech32_decode(vl_buf_bytes(&text), &hrp, &back);
    else
        assert_int_equal(text.len, 0);
    assert_int_equal(back.len, err ? 0 : sizeof data);
    assert_int_equal(hrp.len, err ? 0 : 1);
    return err;
}

static void each_allocation_fails_cleanly(void **state)
{
    (void)state;
    assert_in_range(each_allocation_fails(go_round, NULL), 3, 10);
}

static void every_symbol_stands_for_its_place_in_the_alphabet(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(100), data = VL_BUF_INIT(20);

    (void)state;
    for (unsigned i = 0; i < 32; i += 8) {
        uint64_t forty = 0;

        for (unsigned j = i; j < i + 8; j++)
            forty = forty << 5 | j;
        for (int shift = 32; shift >= 0; shift -= 8)
            assert_int_equal(vl_buf_put_byte(&data, (uint8_t)(forty >> shift)), VL_OK);
    }
    assert_int_equal(vl_bech32_encode(VL_LITERAL("a"), vl_buf_bytes(&data), &text), VL_OK);
    assert_bytes(vl_bytes_first(vl_buf_bytes(&text), 34), VL_LITERAL("a1" ALPHABET));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_texts_give_known_data),
        cmocka_unit_test(known_data_gives_known_text_in_lower_case),
        cmocka_unit_test(all_else_is_refused_and_leaves_nothing),
        cmocka_unit_test(any_wrong_character_is_noticed),
        cmocka_unit_test(swapped_neighbours_are_noticed),
        cmocka_unit_test(a_name_is_printable_and_has_no_capitals),
        cmocka_unit_test(every_length_goes_round_in_both_cases),
        cmocka_unit_test(the_lengths_of_age_come_out),
        cmocka_unit_test(a_text_over_the_limit_is_not_looked_at),
        cmocka_unit_test(more_than_the_buffer_takes_is_refused_whole),
        cmocka_unit_test(each_allocation_fails_cleanly),
        cmocka_unit_test(every_symbol_stands_for_its_place_in_the_alphabet),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
