/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/base64.h"

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
    vl_bytes bytes;
    const char *text, *padded;
} pairs[] = {
    /* RFC 4648, 10 */
    { BYTES(""),                         "",         ""         },
    { BYTES("f"),                        "Zg",       "Zg=="     },
    { BYTES("fo"),                       "Zm8",      "Zm8="     },
    { BYTES("foo"),                      "Zm9v",     "Zm9v"     },
    { BYTES("foob"),                     "Zm9vYg",   "Zm9vYg==" },
    { BYTES("fooba"),                    "Zm9vYmE",  "Zm9vYmE=" },
    { BYTES("foobar"),                   "Zm9vYmFy", "Zm9vYmFy" },
    { BYTES("\x14\xfb\x9c\x03\xd9\x7e"), "FPucA9l+", "FPucA9l+" },
    { BYTES("\x14\xfb\x9c\x03\xd9"),     "FPucA9k",  "FPucA9k=" },
    { BYTES("\x14\xfb\x9c\x03"),         "FPucAw",   "FPucAw==" },
    { BYTES("\xff\xff\xff"),             "////",     "////"     },
    { BYTES("\xfb\xef\xbe"),             "++++",     "++++"     },
    { BYTES("\0\0\0\0"),                 "AAAAAA",   "AAAAAA==" },
};

static const struct {
    const char *name;
    vl_bytes text;
} refused[] = {
    { "one symbol",                  BYTES("Z")             },
    { "one symbol without bits",     BYTES("A")             },
    { "five symbols",                BYTES("Zm9vY")         },
    { "five symbols, the last without bits", BYTES("Zm9vA") },
    { "padding",                     BYTES("Zg==")          },
    { "one padding",                 BYTES("Zm8=")          },
    { "padding in the middle",       BYTES("Zg==Zg==")      },
    { "nothing but padding",         BYTES("====")          },
    { "two unused bits and one set", BYTES("Zm9")           },
    { "four unused bits, the lowest set", BYTES("Zh")       },
    { "four unused bits, the highest set", BYTES("Zo")      },
    { "a line end in the middle",    BYTES("Zm9v\nYmFy")    },
    { "a line end at the end",       BYTES("Zm9vYmFy\n")    },
    { "carriage return and line end", BYTES("Zm9vYmFy\r\n") },
    { "a space before",              BYTES(" Zm9vYmF")      },
    { "a space after",               BYTES("Zm9vYmF ")      },
    { "a tab",                       BYTES("Zm9v\tmFy")     },
    { "NUL",                         BYTES("Zm9v\0mFy")     },
    { "NUL in place of the last",    BYTES("Zm\0")          },
    { "the alphabet for addresses",  BYTES("-_-_")          },
    { "a byte over 127",             BYTES("Zm9\xf6")       },
};
/* clang-format on */

/* Decodes on the heap, with exactly the room that the header asks for. */
static enum vl_err decode(vl_bytes text, struct vl_buf *out)
{
    size_t room = text.len * 3 / 4, len = 4711;
    uint8_t *at = malloc(room ? room : 1);
    enum vl_err err;

    assert_non_null(at);
    err = vl_base64_decode(text, at, &len);
    assert_true(len <= room);
    assert_true(vl_base64_is_canonical(text) == !err);
    if (err)
        assert_int_equal(len, 0);
    assert_int_equal(vl_buf_put(out, vl_bytes_of(at, len)), VL_OK);
    free(at);
    return err;
}

static void known_bytes_give_known_text_and_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(100);
        uint8_t text[16];
        size_t len = vl_base64_encode(pairs[i].bytes, text);

        assert_bytes(vl_bytes_of(text, len), vl_bytes_str(pairs[i].text));
        assert_int_equal(decode(vl_bytes_str(pairs[i].text), &back), VL_OK);
        assert_bytes(vl_buf_bytes(&back), pairs[i].bytes);
        len = vl_base64_encode_padded(pairs[i].bytes, text);
        assert_bytes(vl_bytes_of(text, len), vl_bytes_str(pairs[i].padded));
    }
}

static void anything_but_the_one_text_of_a_value_is_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(refused); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(100);

        if (decode(refused[i].text, &back) != VL_ERR_FORMAT)
            fail_msg("%s", refused[i].name);
    }
}

static void sixty_four_bytes_are_symbols_wherever_they_stand(void **state)
{
    (void)state;
    for (size_t place = 0; place < 8; place++) {
        unsigned accepted = 0;

        for (unsigned byte = 0; byte < 256; byte++) {
            VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(100);
            uint8_t text[] = "AAAAAAAA";

            text[place] = (uint8_t)byte;
            accepted += decode(vl_bytes_of(text, 8), &back) == VL_OK;
        }
        assert_int_equal(accepted, 64);
    }
}

static void unused_bits_must_be_zero(void **state)
{
    static const struct {
        size_t len;
        unsigned accepted;
    } rows[] = {{2, 4}, {3, 16}, {4, 64}, {6, 4}, {7, 16}, {8, 64}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        unsigned accepted = 0;

        for (unsigned byte = 0; byte < 256; byte++) {
            VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(100);
            uint8_t text[] = "ZZZZZZZZ";

            text[rows[i].len - 1] = (uint8_t)byte;
            accepted += decode(vl_bytes_of(text, rows[i].len), &back) == VL_OK;
        }
        assert_int_equal(accepted, rows[i].accepted);
    }
}

static void every_length_goes_round(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 64);

    (void)state;
    for (size_t len = 0; len <= 200; len++) {
        VL_AUTO(vl_buf_release) struct vl_buf back = VL_BUF_INIT(1000);
        size_t text_len = VL_BASE64_LEN(len), padded_len = VL_BASE64_PADDED_LEN(len);
        uint8_t bytes[200], *text = malloc(padded_len + 1);

        assert_non_null(text);
        assert_int_equal(vl_rng_fill(&rng, bytes, sizeof bytes), VL_OK);
        assert_int_equal(vl_base64_encode(vl_bytes_of(bytes, len), text), text_len);
        assert_int_equal(decode(vl_bytes_of(text, text_len), &back), VL_OK);
        assert_bytes(vl_buf_bytes(&back), vl_bytes_of(bytes, len));
        text[padded_len] = '#';
        assert_int_equal(vl_base64_encode_padded(vl_bytes_of(bytes, len), text), padded_len);
        assert_int_equal(text[padded_len], '#');
        assert_int_equal(padded_len % 4, 0);
        free(text);
    }
}

static void the_lengths_of_age_come_out(void **state)
{
    static const size_t rows[][2] = {{0, 0},   {4, 6},       {16, 22},    {32, 43},
                                     {65, 87}, {1120, 1494}, {1153, 1538}};

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++)
        assert_int_equal(VL_BASE64_LEN(rows[i][0]), rows[i][1]);
    assert_int_equal(VL_BASE64_PADDED_LEN(48), 64);
    assert_int_equal(VL_BASE64_PADDED_LEN(1 + 1), 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(known_bytes_give_known_text_and_back),
        cmocka_unit_test(anything_but_the_one_text_of_a_value_is_refused),
        cmocka_unit_test(sixty_four_bytes_are_symbols_wherever_they_stand),
        cmocka_unit_test(unused_bits_must_be_zero),
        cmocka_unit_test(every_length_goes_round),
        cmocka_unit_test(the_lengths_of_age_come_out),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
