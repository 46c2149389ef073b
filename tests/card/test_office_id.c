/* SPDX-License-Identifier: Apache-2.0 */
/* card/office_id.h: one identity has one name, and words to compare it by. */
#include "offices.h"

#include "codec/words.h"

#define COUNTING "office1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0spw6weq"
#define LETTER   "letter1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0stf65p7"
#define SHORTER  "office1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqak7d9g"
#define LONGER   "office1qqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqqy9g4xu"

static struct vl_office_id counting(void)
{
    struct vl_office_id id;

    for (uint8_t i = 0; i < VL_HASH_LEN; i++)
        id.at[i] = i;
    return id;
}

static void the_text_is_bech32_and_read_in_either_case(void **state)
{
    struct vl_office_id id = counting(), found = {{0}};
    char text[VL_OFFICE_TEXT], upper[VL_OFFICE_TEXT];

    (void)state;
    assert_string_equal(vl_office_id_text(&id, text), COUNTING);
    assert_int_equal(vl_office_id_parse(vl_bytes_str(text), &found), VL_OK);
    assert_true(vl_office_id_eq(&found, &id));
    for (size_t i = 0; i < sizeof upper; i++)
        upper[i] = (char)(text[i] >= 'a' && text[i] <= 'z' ? text[i] - 32 : text[i]);
    memset(&found, 0, sizeof found);
    assert_int_equal(vl_office_id_parse(vl_bytes_str(upper), &found), VL_OK);
    assert_true(vl_office_id_eq(&found, &id));
}

static void no_other_text_is_an_office(void **state)
{
    static const char *const others[] = {
        "",
        "office1",
        LETTER,
        SHORTER,
        LONGER,
        COUNTING " ",
        " " COUNTING,
        COUNTING "/",
        "Office1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0spw6weq",
        "office1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0spw6weQ",
        "office1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0spw6wep",
        "office1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s",
        "qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0spw6weq",
        "qqqs-yqcy-q5rq-wzqf-pg9s-crgw-pugp-zysnzs23v9ccrydpk8qarc0spw6weq",
        "qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0s",
        "office1qqqs-yqcy-q5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0spw6weq",
    };
    struct vl_office_id id = counting();

    (void)state;
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        struct vl_office_id found = id;

        if (vl_office_id_parse(vl_bytes_str(others[i]), &found) != VL_ERR_FORMAT)
            fail_msg("taken: %s", others[i]);
        assert_true(vl_office_id_eq(&found, &id));
    }
}

static void the_eid_has_one_form(void **state)
{
    static const char *const others[] = {
        "",
        COUNTING,
        "dtn://" COUNTING,
        "dtn://" COUNTING "//",
        "dtn://" COUNTING "/a",
        "dtn:/" COUNTING "//",
        "DTN://" COUNTING "/",
        "ipn://" COUNTING "/",
        "dtn://OFFICE1QQQSYQCYQ5RQWZQFPG9SCRGWPUGPZYSNZS23V9CCRYDPK8QARC0SPW6WEQ/",
        "dtn://" LETTER "/",
        "dtn://" LONGER "/",
        "dtn://office1qqqsyqcyq5rqwzqfpg9scrgwpugpzysnzs23v9ccrydpk8qarc0spw6wep/",
        "dtn://" COUNTING "?",
    };
    struct vl_office_id id = counting(), found = {{0}};
    char eid[VL_OFFICE_EID];

    (void)state;
    assert_string_equal(vl_office_id_eid(&id, eid), "dtn://" COUNTING "/");
    assert_int_equal(vl_office_id_of_eid(vl_bytes_str(eid), &found), VL_OK);
    assert_true(vl_office_id_eq(&found, &id));
    for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
        if (vl_office_id_of_eid(vl_bytes_str(others[i]), &found) != VL_ERR_FORMAT)
            fail_msg("taken: %s", others[i]);
        assert_true(vl_office_id_eq(&found, &id));
    }
}

static void two_ids_are_one_only_when_every_byte_is(void **state)
{
    struct vl_office_id a = counting(), b = a;

    (void)state;
    assert_true(vl_office_id_eq(&a, &b));
    b.at[31] ^= 1;
    assert_false(vl_office_id_eq(&a, &b));
    b = a;
    b.at[0] ^= 0x80;
    assert_false(vl_office_id_eq(&a, &b));
}

/* The numbers are what Python's hashlib.scrypt(identity, salt=b"valise/words/v1", n=2**17, r=8,
 * p=1) gives, cut into pieces of eleven bits from the front. */
static const struct known_words {
    const char *identity;
    unsigned words[VL_CHECK_WORDS];
} known_words[] = {
    {"0000000000000000000000000000000000000000000000000000000000000000",
     {1600, 114, 1971, 294, 1647, 1165, 337, 497, 1521, 1070, 312, 1855}},
    {"e0bd06fd6a258a6d60c3a7aacae5b6c59b1e9a75ddee8fefc2bc968305f59aac",
     {1013, 525, 1041, 1626, 746, 1925, 1002, 653, 842, 890, 943, 739}},
};

static void attack_20_words_cost_a_slow_hash_each(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof known_words / sizeof *known_words; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf bytes = hex(known_words[i].identity);
        struct vl_office_id id;
        unsigned words[VL_CHECK_WORDS] = {0};

        memcpy(id.at, bytes.data, sizeof id.at);
        assert_int_equal(vl_office_id_words(&id, words), VL_OK);
        for (size_t k = 0; k < VL_CHECK_WORDS; k++) {
            assert_int_equal(words[k], known_words[i].words[k]);
            assert_true(words[k] < VL_WORD_COUNT);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_text_is_bech32_and_read_in_either_case),
        cmocka_unit_test(no_other_text_is_an_office),
        cmocka_unit_test(the_eid_has_one_form),
        cmocka_unit_test(two_ids_are_one_only_when_every_byte_is),
        cmocka_unit_test(attack_20_words_cost_a_slow_hash_each),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
