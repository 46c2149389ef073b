/* SPDX-License-Identifier: Apache-2.0 */
/* vl_what_is: what a file is, by how it begins. */
#include "world.h"

#include <stdio.h>

#define TEXT(text)                                                                                 \
    {                                                                                              \
        (const uint8_t *)(text), sizeof(text) - 1                                                  \
    }

/* clang-format off */
static const struct {
    const char *name;
    vl_bytes beginning;
    enum vl_what what;
} rows[] = {
    {"nothing",                  TEXT(""), VL_WHAT_UNKNOWN},
    {"text",                     TEXT("Dear office,\n"), VL_WHAT_UNKNOWN},
    {"age",                      TEXT("age-encryption.org/v1\n-> X25519 "), VL_WHAT_AGE},
    {"age, just begun",          TEXT("age-encryption.org/v1"), VL_WHAT_AGE},
    {"age of another version",   TEXT("age-encryption.org/v2\n"), VL_WHAT_UNKNOWN},
    {"age, cut",                 TEXT("age-encryption.org/v"), VL_WHAT_UNKNOWN},
    {"age behind a space",       TEXT(" age-encryption.org/v1\n"), VL_WHAT_UNKNOWN},
    {"armor",                    TEXT("-----BEGIN AGE ENCRYPTED FILE-----\n"), VL_WHAT_AGE_ARMOR},
    {"armor behind white space", TEXT(" \t\r\n\n-----BEGIN AGE ENCRYPTED FILE-----\n"), VL_WHAT_AGE_ARMOR},
    {"another armor",            TEXT("-----BEGIN PGP MESSAGE-----\n"), VL_WHAT_UNKNOWN},
    {"cards as text",            TEXT("valisecard1qqqq"), VL_WHAT_CARDS_TEXT},
    {"cards in capitals",        TEXT("VALISECARD1QQQQ"), VL_WHAT_CARDS_TEXT},
    {"cards behind white space", TEXT("\r\n  valisecard1qqqq"), VL_WHAT_CARDS_TEXT},
    {"cards in both cases",      TEXT("Valisecard1qqqq"), VL_WHAT_UNKNOWN},
    {"a word like it",           TEXT("valisecards"), VL_WHAT_UNKNOWN},
    {"a card file",              TEXT("\x83\x6fvalise/cards/v1\x81"), VL_WHAT_CARDS},
    {"a card file to come",      TEXT("\x83\x6fvalise/cards/v2\x81"), VL_WHAT_UNKNOWN},
    {"another array",            TEXT("\x84\x6fvalise/cards/v1\x81"), VL_WHAT_UNKNOWN},
    {"evidence",                 TEXT("\x84\x72valise/evidence/v1\x80\x80\x80"), VL_WHAT_EVIDENCE},
    {"evidence to come",         TEXT("\x84\x72valise/evidence/v2\x80\x80\x80"), VL_WHAT_UNKNOWN},
    {"evidence behind a space",  TEXT(" \x84\x72valise/evidence/v1\x80\x80\x80"), VL_WHAT_UNKNOWN},
    {"evidence of three",        TEXT("\x83\x72valise/evidence/v1\x80\x80"), VL_WHAT_UNKNOWN},
    {"a letter of a bag",        TEXT("\x84\x01\x58\xf2"), VL_WHAT_PAYLOAD},
    {"with a long waybill",      TEXT("\x84\x01\x59\x02"), VL_WHAT_PAYLOAD},
    {"evidence of a bag",        TEXT("\x83\x02\xf6"), VL_WHAT_PAYLOAD},
    {"for somebody",             TEXT("\x83\x02\x58\x20"), VL_WHAT_PAYLOAD},
    {"a letter that is absent",  TEXT("\x82\x03\x58\x45"), VL_WHAT_PAYLOAD},
    {"a slice",                  TEXT("\x87\x04\x58\x20"), VL_WHAT_PAYLOAD},
    {"a slice of four",          TEXT("\x84\x04\x58\x20"), VL_WHAT_UNKNOWN},
    {"a fifth kind",             TEXT("\x84\x05\x58\x20"), VL_WHAT_UNKNOWN},
    {"an absent null",           TEXT("\x82\x03\xf6"), VL_WHAT_UNKNOWN},
    {"an object",                TEXT("\x81\xd2\x84"), VL_WHAT_OBJECT},
    {"an object signed four times", TEXT("\x84\xd2\x84"), VL_WHAT_OBJECT},
    {"five times",               TEXT("\x85\xd2\x84"), VL_WHAT_UNKNOWN},
    {"no times",                 TEXT("\x80\xd2\x84"), VL_WHAT_UNKNOWN},
    {"another tag",              TEXT("\x81\xd1\x84"), VL_WHAT_UNKNOWN},
    {"an array of three",        TEXT("\x81\xd2\x83"), VL_WHAT_UNKNOWN},
    {"two bytes",                TEXT("\x81\xd2"), VL_WHAT_UNKNOWN},
};
/* clang-format on */

static void each_beginning_is_told_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (vl_what_is(rows[i].beginning) != rows[i].what)
            fail_msg("%s: %d", rows[i].name, (int)vl_what_is(rows[i].beginning));
}

static void set_checksum(uint8_t header[512], bool with_spaces)
{
    uint32_t sum = 0;

    memset(header + 148, ' ', 8);
    for (size_t i = 0; i < 512; i++)
        sum += header[i];
    (void)snprintf((char *)header + 148, 8, "%s%0*o", with_spaces ? "  " : "", with_spaces ? 5 : 6,
                   sum);
}

/* A ustar header with everything that the sum is about. */
static void archive(uint8_t header[512])
{
    memset(header, 0, 512);
    memcpy(header, "letter.txt", 10);
    memcpy(header + 100, "0000644\0000000000\0000000000\00000000000012\00000000000000", 48);
    header[156] = '0';
    memcpy(header + 257, "ustar\00000", 8);
    header[511] = 0xff; /* bytes count without a sign */
    set_checksum(header, false);
}

static void an_archive_has_its_mark_and_its_sum(void **state)
{
    uint8_t header[513];

    (void)state;
    archive(header);
    assert_int_equal(vl_what_is(vl_bytes_of(header, 512)), VL_WHAT_ARCHIVE);
    assert_int_equal(vl_what_is(vl_bytes_of(header, 513)), VL_WHAT_ARCHIVE);
    assert_int_equal(vl_what_is(vl_bytes_of(header, 511)), VL_WHAT_UNKNOWN);
    set_checksum(header, true);
    assert_int_equal(vl_what_is(vl_bytes_of(header, 512)), VL_WHAT_ARCHIVE);
    for (size_t at = 0; at < 512; at += 7) {
        archive(header);
        header[at] = (uint8_t)(header[at] + 1);
        assert_int_equal(vl_what_is(vl_bytes_of(header, 512)), VL_WHAT_UNKNOWN);
    }
    archive(header);
    header[257] = 'U';
    set_checksum(header, false);
    assert_int_equal(vl_what_is(vl_bytes_of(header, 512)), VL_WHAT_UNKNOWN);
    archive(header);
    memset(header + 148, ' ', 8);
    assert_int_equal(vl_what_is(vl_bytes_of(header, 512)), VL_WHAT_UNKNOWN);
    archive(header);
    header[154] = 'x'; /* digits that something else follows; the sum is blind to it */
    assert_int_equal(vl_what_is(vl_bytes_of(header, 512)), VL_WHAT_UNKNOWN);
}

static void what_is_written_here_is_told_apart(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "a", &office, &office);
    assert_int_equal(vl_what_is(vl_buf_bytes(&office.card_file)), VL_WHAT_CARDS);
    assert_int_equal(vl_what_is(vl_buf_bytes(&batch.object)), VL_WHAT_OBJECT);
    assert_int_equal(vl_evidence_finish(&out, &wire), VL_OK);
    assert_int_equal(vl_what_is(vl_buf_bytes(&wire)), VL_WHAT_EVIDENCE);
    assert_err(vl_chain_parse(vl_buf_bytes(&office.card_file), &chain, &why), VL_OK, &why);
    assert_int_equal(vl_chain_write_text(&chain, &text), VL_OK);
    assert_int_equal(vl_what_is(vl_buf_bytes(&text)), VL_WHAT_CARDS_TEXT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_beginning_is_told_by_the_table),
        cmocka_unit_test(an_archive_has_its_mark_and_its_sum),
        cmocka_unit_test(what_is_written_here_is_told_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
