/* SPDX-License-Identifier: Apache-2.0 */
/* mail/head.h: fields of a head are found, once each, and nothing else is one. */
#include <stdio.h>
#include <string.h>

#include "mail/head.h"
#include "support.h"

/* clang-format off */
#define BYTES(text) {(const uint8_t *)("" text), sizeof(text) - 1}
static const struct {
    const char *what;
    vl_bytes mail;
    size_t body_len; /* what is left */
    enum vl_err err;
    const char *words;
} heads[] = {
    { "lines that end with LF", BYTES("From: a\nTo: b\n\nbody"), 4, VL_OK, "" },
    { "lines that end with CR LF", BYTES("From: a\r\nTo: b\r\n\r\nbody"), 4, VL_OK, "" },
    { "no body", BYTES("From: a\n"), 0, VL_OK, "" },
    { "no end of the last line", BYTES("From: a"), 0, VL_OK, "" },
    { "no head", BYTES("\nbody"), 4, VL_OK, "" },
    { "nothing", BYTES(""), 0, VL_OK, "" },
    { "a field that goes on", BYTES("Subject: a\n b\n\tc\n\nx"), 1, VL_OK, "" },
    { "a line of blanks goes on as well", BYTES("Subject: a\n \nTo: b\n\nx"), 1, VL_OK, "" },
    { "a blank before the colon, as of old", BYTES("Subject : a\n\nx"), 1, VL_OK, "" },
    { "an empty field", BYTES("Subject:\n\nx"), 1, VL_OK, "" },
    { "no field", BYTES("From: a\nhello there\n\n"), 0, VL_ERR_FORMAT, "\"hello there\" is no field of a head" },
    { "a long line that is none", BYTES("0123456789012345678901234567890123456789xyz\n"), 0, VL_ERR_FORMAT,
      "\"0123456789012345678901234567890123456789\" is no field of a head" },
    { "no name", BYTES(": a\n\n"), 0, VL_ERR_FORMAT, "\": a\" is no field of a head" },
    { "a name with a blank in it", BYTES("My Subject: a\n\n"), 0, VL_ERR_FORMAT, "\"My Subject: a\" is no field of a head" },
    { "a name that is no ASCII", BYTES("S\xc3\xbcjet: a\n\n"), 0, VL_ERR_FORMAT, "\"S\xc3\xbcjet: a\" is no field of a head" },
    { "a first line that goes on", BYTES(" a\nFrom: b\n\n"), 0, VL_ERR_FORMAT, "\" a\" is no field of a head" },
};
static const struct {
    const char *what;
    vl_bytes head;
    const char *value; /* NULL: there is none */
    enum vl_err err;
    const char *words;
} fields[] = {
    { "in its place", BYTES("From: a\nSubject: b c\nTo: d\n"), " b c", VL_OK, "" },
    { "whatever its letters", BYTES("sUBJECT: b\n"), " b", VL_OK, "" },
    { "folded", BYTES("Subject: a\r\n b\r\n\tc\r\nTo: d\r\n"), " a\r\n b\r\n\tc", VL_OK, "" },
    { "empty, and gone on with", BYTES("Subject:\n a\n"), "\n a", VL_OK, "" },
    { "empty", BYTES("Subject:\nTo: a\n b\n"), "", VL_OK, "" },
    { "not there", BYTES("Subjects: a\nSubjec: b\n"), NULL, VL_OK, "" },
    { "not in what another goes on with", BYTES("To: a\n Subject: b\n"), NULL, VL_OK, "" },
    { "two of it", BYTES("Subject: a\nTo: b\nsubject: a\n"), NULL, VL_ERR_FORMAT, "two fields \"subject\"" },
    { "two of it, the first one empty", BYTES("Subject:\nSubject: a\n"), NULL, VL_ERR_FORMAT, "two fields \"subject\"" },
};
/* clang-format on */

static void a_head_ends_with_an_empty_line_and_has_fields_alone(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof heads / sizeof *heads; i++) {
        struct vl_why why = {""};
        vl_bytes left = heads[i].mail, head;

        print_message("# %s\n", heads[i].what);
        assert_err(vl_head_take(&left, &head, &why), heads[i].err, &why);
        assert_string_equal(why.text, heads[i].words);
        if (heads[i].err == VL_OK)
            assert_int_equal(left.len, heads[i].body_len);
    }
}

static void a_field_is_found_once_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        struct vl_why why = {""};
        vl_bytes value;

        print_message("# %s\n", fields[i].what);
        assert_err(vl_head_find(fields[i].head, "subject", &value, &why), fields[i].err, &why);
        assert_string_equal(why.text, fields[i].words);
        if (fields[i].err)
            continue;
        assert_int_equal(value.ptr != NULL, fields[i].value != NULL);
        assert_bytes(value, vl_bytes_str(fields[i].value));
    }
}

static void a_head_has_a_limit_and_fills_it(void **state)
{
    struct vl_buf mail = VL_BUF_INIT(2 * VL_HEAD_MAX);
    struct vl_why why = {""};
    vl_bytes left, head;
    uint8_t *at;

    (void)state;
    assert_int_equal(vl_buf_put(&mail, VL_LITERAL("Subject: ")), VL_OK);
    assert_int_equal(vl_buf_add(&mail, VL_HEAD_MAX - 10, &at), VL_OK);
    memset(at, 'x', VL_HEAD_MAX - 10);
    assert_int_equal(vl_buf_put(&mail, VL_LITERAL("\n\nbody")), VL_OK);
    left = vl_buf_bytes(&mail);
    assert_err(vl_head_take(&left, &head, &why), VL_OK, &why);
    assert_int_equal(head.len, VL_HEAD_MAX);
    assert_int_equal(left.len, 4);
    mail.data[9] = '\n'; /* the same length in two lines */
    mail.data[10] = ' ';
    mail.len -= 6;
    assert_int_equal(vl_buf_put(&mail, VL_LITERAL("x\n\nbody")), VL_OK);
    left = vl_buf_bytes(&mail);
    assert_err(vl_head_take(&left, &head, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "a head of more than 256 KiB");
    vl_buf_release(&mail);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_head_ends_with_an_empty_line_and_has_fields_alone),
        cmocka_unit_test(a_field_is_found_once_or_refused),
        cmocka_unit_test(a_head_has_a_limit_and_fills_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
