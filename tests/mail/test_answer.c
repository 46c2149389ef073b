/* SPDX-License-Identifier: Apache-2.0 */
/* mail/mail.h: what one program tells another of a mail comes through as it was, and what could not
 * be of a mail does not come through. */
#include <stdio.h>
#include <string.h>

#include "mail/mail.h"
#include "support.h"

/* clang-format off */
#define BYTES(text) {(const uint8_t *)("" text), sizeof(text) - 1}
#define MAIL      "\x84\x01"
#define FIELDS    "\x86\x41s\x41" "a\x40\x40\x40\x40"
#define HEAD      MAIL FIELDS "\xf6"
#define TEXT      "\x85\x01\x61t\xf4\x6atext/plain\x42hi"
#define FILE_PART "\x85\x00\x65" "a.png\xf5\x69image/png\x42\x00\xff"
static const struct {
    const char *what;
    vl_bytes answer;
    enum vl_err err;
    const char *words;
} answers[] = {
    { "a mail without parts", BYTES(HEAD "\x80"), VL_OK, "" },
    { "a text and a file", BYTES(HEAD "\x82" TEXT FILE_PART), VL_OK, "" },
    { "a subject that was not read", BYTES(MAIL "\x86\x41\xe9\x41" "a\x40\x40\x40\x40" "\x82\x66" "format\x45" "words" "\x80"), VL_OK, "" },
    { "a refusal", BYTES("\x82\x00\x82\x66" "format\x49it is bad"), VL_ERR_FORMAT, "it is bad" },
    { "a refusal for its size", BYTES("\x82\x00\x82\x65limit\x45large"), VL_ERR_LIMIT, "large" },
    { "a refusal for what is not known", BYTES("\x82\x00\x82\x6bunsupported\x43odd"), VL_ERR_UNSUPPORTED, "odd" },
    { "a refusal that is none of a mail's", BYTES("\x82\x00\x82\x66locked\x41x"), VL_ERR_FORMAT, "what valise-mail tells: byte 12: a failure that is none of a mail's" },
    { "all is well, as a refusal", BYTES("\x82\x00\x82\x62ok\x41x"), VL_ERR_FORMAT, "what valise-mail tells: byte 8: a failure that is none of a mail's" },
    { "nothing", BYTES(""), VL_ERR_FORMAT, "what valise-mail tells: byte 0: cut short" },
    { "neither of both", BYTES("\x83\x00\x82\x66" "format\x41x\xf6"), VL_ERR_FORMAT, "what valise-mail tells: byte 2: neither a mail nor a failure" },
    { "a mail that calls itself a refusal", BYTES("\x84\x00" FIELDS "\xf6\x80"), VL_ERR_FORMAT, "what valise-mail tells: byte 2: neither a mail nor a failure" },
    { "more behind it", BYTES(HEAD "\x80\x00"), VL_ERR_FORMAT, "what valise-mail tells: byte 13: bytes left over" },
    { "five fields", BYTES(MAIL "\x85\x40\x41" "a\x40\x40\x40\xf6\x80"), VL_ERR_FORMAT, NULL },
    { "a field of two lines", BYTES(MAIL "\x86\x40\x43" "a\nb\x40\x40\x40\x40\xf6\x80"), VL_ERR_FORMAT, "what valise-mail tells: byte 8: a field that is more than a line" },
    { "a field that ends early", BYTES(MAIL "\x86\x40\x43" "a\0b\x40\x40\x40\x40\xf6\x80"), VL_ERR_FORMAT, "what valise-mail tells: byte 8: a field that is more than a line" },
    { "a subject that is no UTF-8", BYTES(MAIL "\x86\x41\xe9\x41" "a\x40\x40\x40\x40\xf6\x80"), VL_ERR_FORMAT, "what valise-mail tells: byte 12: a subject that is no UTF-8" },
    { "a role that is none", BYTES(HEAD "\x81\x85\x03\x61t\xf4\x63" "a/b\x40"), VL_ERR_FORMAT, NULL },
    { "a name that leads elsewhere", BYTES(HEAD "\x81\x85\x00\x64../x\xf4\x63" "a/b\x40"), VL_ERR_FORMAT, "what valise-mail tells: byte 26: a name that no part may have" },
    { "a name of ours", BYTES(HEAD "\x81\x85\x00\x6fvalise.manifest\xf4\x63" "a/b\x40"), VL_ERR_FORMAT, "what valise-mail tells: byte 37: a name that no part may have" },
    { "no name", BYTES(HEAD "\x81\x85\x00\x60\xf4\x63" "a/b\x40"), VL_ERR_FORMAT, NULL },
    { "a type with a line end", BYTES(HEAD "\x81\x85\x00\x61t\xf4\x63" "a\nb\x40"), VL_ERR_FORMAT, "what valise-mail tells: byte 23: a type that is none" },
    { "two texts", BYTES(HEAD "\x82" TEXT TEXT), VL_ERR_FORMAT, "what valise-mail tells: byte 51: a text that is none, or a second one" },
    { "a text that is no UTF-8", BYTES(HEAD "\x81\x85\x01\x61t\xf4\x63" "a/b\x41\xe9"), VL_ERR_FORMAT, "what valise-mail tells: byte 24: a text that is none, or a second one" },
    { "a text with a NUL in it", BYTES(HEAD "\x81\x85\x01\x61t\xf4\x63" "a/b\x41\x00"), VL_ERR_FORMAT, "what valise-mail tells: byte 24: a text that is none, or a second one" },
    { "257 parts", BYTES(HEAD "\x99\x01\x01"), VL_ERR_FORMAT, NULL },
    { "a part less than it says", BYTES(HEAD "\x82" TEXT), VL_ERR_FORMAT, NULL },
};
/* clang-format on */

static void an_answer_is_a_mail_or_a_refusal(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof answers / sizeof *answers; i++) {
        struct vl_mail mail = VL_MAIL_INIT;
        struct vl_why why = {""};
        struct vl_buf again = VL_BUF_INIT(1024);
        enum vl_err err;

        print_message("# %s\n", answers[i].what);
        err = vl_mail_read(answers[i].answer, &mail, &why);
        if (answers[i].words) {
            assert_string_equal(why.text, answers[i].words);
            assert_int_equal(err, answers[i].err);
        } else {
            assert_true(err == VL_ERR_FORMAT || err == VL_ERR_LIMIT);
        }
        if (err) {
            assert_null(mail.parts);
            assert_int_equal(mail.part_count, 0);
        } else {
            assert_int_equal(vl_mail_write(&mail, &again), VL_OK);
            assert_bytes(vl_buf_bytes(&again), answers[i].answer);
        }
        vl_buf_release(&again);
        vl_mail_release(&mail);
        vl_mail_release(&mail);
    }
}

static void what_was_told_is_what_is_read(void **state)
{
    const vl_bytes answer = VL_LITERAL(HEAD "\x82" TEXT FILE_PART);
    struct vl_mail mail = VL_MAIL_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_mail_read(answer, &mail, &why), VL_OK, &why);
    assert_string_equal((const char *)mail.fields[VL_MAIL_SUBJECT].data, "s");
    assert_string_equal((const char *)mail.fields[VL_MAIL_CC].data, "");
    assert_int_equal(mail.subject_err, VL_OK);
    assert_int_equal(mail.part_count, 2);
    assert_ptr_equal(vl_mail_text(&mail), &mail.parts[0]);
    assert_bytes(vl_buf_bytes(&mail.parts[0].content), VL_LITERAL("hi"));
    assert_string_equal(mail.parts[1].name, "a.png");
    assert_string_equal(mail.parts[1].type, "image/png");
    assert_true(mail.parts[1].renamed);
    assert_bytes(vl_buf_bytes(&mail.parts[1].content), VL_LITERAL("\x00\xff"));
    vl_mail_release(&mail);
}

static void a_refusal_comes_through(void **state)
{
    struct vl_buf out = VL_BUF_INIT(1024);
    struct vl_mail mail = VL_MAIL_INIT;
    struct vl_why why = {"part 3: bytes \xff"}, got = {""};

    (void)state;
    assert_int_equal(vl_mail_write_refusal(VL_ERR_LIMIT, &why, &out), VL_OK);
    assert_int_equal(vl_mail_read(vl_buf_bytes(&out), &mail, &got), VL_ERR_LIMIT);
    assert_string_equal(got.text, why.text);
    vl_buf_release(&out);
}

static enum vl_err read_all(void *self, struct vl_why *why)
{
    struct vl_mail mail = VL_MAIL_INIT;
    enum vl_err err = vl_mail_read(VL_LITERAL(HEAD "\x82" TEXT FILE_PART), &mail, why);

    (void)self;
    assert_int_equal(mail.part_count, err ? 0 : 2);
    vl_mail_release(&mail);
    return err;
}

static void each_allocation_may_fail(void **state)
{
    (void)state;
    assert_true(each_allocation_fails(read_all, NULL) > 5);
}

static void no_answer_is_read_that_ends_early(void **state)
{
    const vl_bytes answer = VL_LITERAL(HEAD "\x82" TEXT FILE_PART);

    (void)state;
    for (size_t len = 0; len < answer.len; len++) {
        struct vl_mail mail = VL_MAIL_INIT;

        assert_int_equal(vl_mail_read(vl_bytes_first(answer, len), &mail, NULL), VL_ERR_FORMAT);
        assert_null(mail.parts);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_a_mail_or_a_refusal),
        cmocka_unit_test(what_was_told_is_what_is_read),
        cmocka_unit_test(a_refusal_comes_through),
        cmocka_unit_test(each_allocation_may_fail),
        cmocka_unit_test(no_answer_is_read_that_ends_early),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
