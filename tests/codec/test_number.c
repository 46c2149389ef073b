/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/number.h"

#include <ctype.h>
#include <string.h>

#include "support.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

/* 00 01 ... 1f: computed with a second bech32, written in Python from BIP 173. */
#define SYMBOLS    "qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s"
#define LETTER     "letter1" SYMBOLS LETTER_SUM
#define OFFICE     "office1" SYMBOLS OFFICE_SUM
#define LETTER_SUM "tf65p7"
#define OFFICE_SUM "pw6weq"

static void count_up(uint8_t number[VL_NUMBER_LEN])
{
    for (size_t i = 0; i < VL_NUMBER_LEN; i++)
        number[i] = (uint8_t)i;
}

static void numbers_are_written_with_their_kind_and_checksum(void **state)
{
    uint8_t number[VL_NUMBER_LEN];
    char text[VL_NUMBER_TEXT];

    (void)state;
    count_up(number);
    assert_ptr_equal(vl_number_text(VL_LETTER_HRP, number, text), text);
    assert_string_equal(text, LETTER);
    assert_int_equal(strlen(text), VL_NUMBER_TEXT - 1);
    assert_string_equal(vl_number_text(VL_OFFICE_HRP, number, text), OFFICE);
}

static void a_short_form_is_the_beginning_in_capitals(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 5);

    (void)state;
    for (int i = 0; i < 2000; i++) {
        uint8_t number[VL_NUMBER_LEN];
        char whole[VL_NUMBER_TEXT], brief[VL_NUMBER_SHORT];
        const char *symbols = whole + 7;

        assert_int_equal(vl_rng_fill(&rng, number, sizeof number), VL_OK);
        vl_number_text(VL_LETTER_HRP, number, whole);
        assert_ptr_equal(vl_number_short(number, brief), brief);
        assert_int_equal(strlen(brief), 9);
        for (size_t j = 0; j < 8; j++)
            assert_int_equal(brief[j + (j >= 4)], toupper(symbols[j]));
        assert_int_equal(brief[4], '-');
    }
}

#define REFUSED UINT32_MAX

/* clang-format off */
static const struct {
    const char *name;
    const char *hrp;
    const char *text;
    unsigned min_symbols;
    unsigned bit_count;  /* or REFUSED */
} typed[] = {
    { "a short form",                 "letter", "QQQS-YQCY",              4, 40 },
    { "in small letters",             "letter", "qqqs-yqcy",              4, 40 },
    { "in both",                      "letter", "QqQs-yQcY",              4, 40 },
    { "without the dash",             "letter", "qqqsyqcy",               4, 40 },
    { "with dashes everywhere",       "letter", "--q-qq--syqcy-",         4, 40 },
    { "the least",                    "letter", "qqqs",                   4, 20 },
    { "with white space around",      "letter", " \t\r\n\v\fqqqs \t\r\n\v\f", 4, 20 },
    { "the kind before it",           "letter", "letter1qqqs",            4, 20 },
    { "the kind in capitals",         "letter", "LETTER1QQQS",            4, 20 },
    { "the kind in both",             "letter", "Letter1qqqs",            4, 20 },
    { "the kind with dashes",         "letter", "let-ter1-qqqs",          4, 20 },
    { "an office",                    "office", "office1qqqs",            4, 20 },
    { "one symbol",                   "letter", "q",                      1, 5 },
    { "nothing, where that will do",  "letter", "",                       0, 0 },
    { "only the kind, the same",      "letter", "letter1",                0, 0 },
    { "51 symbols",                   "letter", "qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0", 4, 255 },
    { "a whole one",                  "letter", LETTER,                   4, 256 },
    { "whole, nothing else will do",  "letter", LETTER,                   58, 256 },
    { "whole, without its kind",      "letter", SYMBOLS LETTER_SUM,       4, 256 },
    { "whole, with dashes and space", "letter", " letter1-" SYMBOLS "-" LETTER_SUM "\n", 4, 256 },
    { "whole, of an office",          "office", OFFICE,                   4, 256 },
    { "too short",                    "letter", "qqq",                    4, REFUSED },
    { "too short but for dashes",     "letter", "q-q-q",                  4, REFUSED },
    { "too short but for the kind",   "letter", "letter1qqq",             4, REFUSED },
    { "nothing",                      "letter", "",                       1, REFUSED },
    { "only white space",             "letter", "  ",                     1, REFUSED },
    { "white space inside",           "letter", "qqqs yqcy",              4, REFUSED },
    { "a letter that is no symbol",   "letter", "qqqb",                   4, REFUSED },
    { "the letter i",                 "letter", "iqqq",                   4, REFUSED },
    { "the letter o",                 "letter", "qqoq",                   4, REFUSED },
    { "the digit 1",                  "letter", "qq1q",                   4, REFUSED },
    { "an underscore",                "letter", "qq_q",                   4, REFUSED },
    { "a dash that is none",          "letter", "qqqs\xe2\x80\x93yqcy",   4, REFUSED },
    { "the other kind",               "letter", "office1qqqs",            4, REFUSED },
    { "the other kind, turned round", "office", "letter1qqqs",            4, REFUSED },
    { "the kind twice",               "letter", "letter1letter1qqqs",     4, REFUSED },
    { "no kind before the 1",         "letter", "1qqqs",                  4, REFUSED },
    { "whole, and altered",           "letter", "letter1p" "qqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s" LETTER_SUM, 4, REFUSED },
    { "whole, with the other sum",    "letter", "letter1" SYMBOLS OFFICE_SUM, 4, REFUSED },
    { "whole, of the other kind",     "office", LETTER,                   4, REFUSED },
    { "whole, without kind, other",   "office", SYMBOLS LETTER_SUM,       4, REFUSED },
    { "whole, in both cases",         "letter", "LETTER1" SYMBOLS LETTER_SUM, 4, REFUSED },
    { "without its checksum",         "letter", "letter1" SYMBOLS,        4, REFUSED },
    { "with one symbol of its sum",   "letter", "letter1" SYMBOLS "q",    4, REFUSED },
    { "without its last symbol",      "letter", "letter1" SYMBOLS "qqqqq", 4, REFUSED },
    { "one symbol too many",          "letter", LETTER "q",               4, REFUSED },
    { "far too long",                 "letter", LETTER LETTER,            4, REFUSED },
};
/* clang-format on */

static void what_people_type_is_read_or_refused(void **state)
{
    uint8_t number[VL_NUMBER_LEN];

    (void)state;
    count_up(number);
    for (size_t i = 0; i < COUNT(typed); i++) {
        struct vl_number_prefix prefix = {{0xee}, 7};
        const struct vl_number_prefix before = prefix;
        enum vl_err err = vl_number_prefix(typed[i].hrp, vl_bytes_str(typed[i].text),
                                           typed[i].min_symbols, &prefix);

        if (err != (typed[i].bit_count == REFUSED ? VL_ERR_FORMAT : VL_OK))
            fail_msg("%s: %s", typed[i].name, vl_err_name(err));
        if (err)
            assert_memory_equal(&prefix, &before, sizeof prefix);
        else if (prefix.bit_count != typed[i].bit_count || !vl_number_starts(number, &prefix))
            fail_msg("%s: %u bits", typed[i].name, prefix.bit_count);
    }
}

static void a_whole_number_may_be_all_capitals(void **state)
{
    uint8_t number[VL_NUMBER_LEN];
    char text[] = LETTER;
    struct vl_number_prefix prefix;

    (void)state;
    count_up(number);
    for (size_t i = 0; text[i]; i++)
        text[i] = (char)toupper(text[i]);
    assert_int_equal(vl_number_prefix(VL_LETTER_HRP, vl_bytes_str(text), 4, &prefix), VL_OK);
    assert_int_equal(prefix.bit_count, 256);
    assert_memory_equal(prefix.bits, number, sizeof number);
}

static void every_mistyped_symbol_of_a_whole_number_is_noticed(void **state)
{
    static const char alphabet[] = "qpzry9x8gf2tvdw0s3jn54khce6mua7l";

    (void)state;
    for (size_t at = 7; at < sizeof LETTER - 1; at++)
        for (size_t i = 0; i < 32; i++) {
            char text[] = LETTER;
            struct vl_number_prefix prefix;

            if (text[at] == alphabet[i])
                continue;
            text[at] = alphabet[i];
            assert_int_equal(vl_number_prefix(VL_LETTER_HRP, vl_bytes_str(text), 4, &prefix),
                             VL_ERR_FORMAT);
        }
}

static void a_number_begins_with_its_own_beginnings_and_no_others(void **state)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 8);

    (void)state;
    for (int i = 0; i < 50; i++) {
        uint8_t number[VL_NUMBER_LEN];
        char text[VL_NUMBER_TEXT];

        assert_int_equal(vl_rng_fill(&rng, number, sizeof number), VL_OK);
        vl_number_text(VL_OFFICE_HRP, number, text);
        for (unsigned count = 0; count <= 51; count++) {
            struct vl_number_prefix prefix;

            assert_int_equal(vl_number_prefix(VL_OFFICE_HRP, vl_bytes_of(text, 7 + count), 0,
                                              &prefix),
                             VL_OK);
            assert_int_equal(prefix.bit_count, 5 * count);
            assert_true(vl_number_starts(number, &prefix));
            for (unsigned bit = 0; bit < 256; bit++) {
                bool is_in_it = bit < prefix.bit_count;

                number[bit / 8] = (uint8_t)(number[bit / 8] ^ 0x80 >> bit % 8);
                assert_int_equal(vl_number_starts(number, &prefix), !is_in_it);
                number[bit / 8] = (uint8_t)(number[bit / 8] ^ 0x80 >> bit % 8);
                if (!is_in_it) /* zeroes behind */
                    assert_int_equal(prefix.bits[bit / 8] & 0x80 >> bit % 8, 0);
            }
        }
        for (unsigned bit = 0; bit < 256; bit++) {
            struct vl_number_prefix prefix;

            assert_int_equal(vl_number_prefix(VL_OFFICE_HRP, vl_bytes_str(text), 0, &prefix),
                             VL_OK);
            prefix.bits[bit / 8] = (uint8_t)(prefix.bits[bit / 8] ^ 0x80 >> bit % 8);
            assert_false(vl_number_starts(number, &prefix));
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(numbers_are_written_with_their_kind_and_checksum),
        cmocka_unit_test(a_short_form_is_the_beginning_in_capitals),
        cmocka_unit_test(what_people_type_is_read_or_refused),
        cmocka_unit_test(a_whole_number_may_be_all_capitals),
        cmocka_unit_test(every_mistyped_symbol_of_a_whole_number_is_noticed),
        cmocka_unit_test(a_number_begins_with_its_own_beginnings_and_no_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
