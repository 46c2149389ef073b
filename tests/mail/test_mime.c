/* SPDX-License-Identifier: Apache-2.0 */
/* mail/mime.h: types and parameters, whole or in pieces. */
#include <stdio.h>
#include <string.h>

#include "mail/mime.h"
#include "support.h"

/* clang-format off */
static const struct {
    const char *value;
    const char *word;
} words[] = {
    { "text/plain", "text/plain" },
    { " Text/PLAIN ; charset=x", "text/plain" },
    { "\r\n text/plain", "text/plain" },
    { "(a (nested) \\) comment) text/plain (another)", "text/plain" },
    { "attachment;filename=x", "attachment" },
    { "", "" },
    { ";charset=x", "" },
    { "te\x01xt/plain", "" },
    { "t\xc3\xa9xt/plain", "" },
    { "(never ends", "" },
};
static const struct {
    const char *value;
    const char *param; /* as vl_mime_param gives it */
    const char *name;  /* as vl_mime_name does */
    enum vl_err err;
    const char *words;
} params[] = {
    { "x; name=a.txt", "a.txt", "a.txt", VL_OK, "" },
    { "x;NAME=a.txt;other=b", "a.txt", "a.txt", VL_OK, "" },
    { "x; other=b; name = \"a b.txt\" ; last=c", "a b.txt", "a b.txt", VL_OK, "" },
    { "x; name=\"a\\\"b\\\\c.txt\"", "a\"b\\c.txt", "a\"b\\c.txt", VL_OK, "" },
    { "x; name=\"C:\\temp\\a.txt\"", "C:\\temp\\a.txt", "C:\\temp\\a.txt", VL_OK, "" },
    { "x; name=\"a;name=b\"", "a;name=b", "a;name=b", VL_OK, "" },
    { "x; name=\"fol\r\n ded\"", "fol ded", "fol ded", VL_OK, "" },
    { "x; name=\"never ends", "never ends", "never ends", VL_OK, "" },
    { "x (a; name=b); name=c", "c", "c", VL_OK, "" },
    { "x; name=a(1).txt", "a(1).txt", "a(1).txt", VL_OK, "" },
    { "x; name=two words; b=c", "two", "two", VL_OK, "" },
    { "x;; ;name=a;", "a", "a", VL_OK, "" },
    { "x; name; name=a", "a", "a", VL_OK, "" },
    { "x; filename=a", "", "", VL_OK, "" },
    { "x; names=a; nam=b", "", "", VL_OK, "" },
    { "x", "", "", VL_OK, "" },
    { "", "", "", VL_OK, "" },
    { "name=a", "", "", VL_OK, "" },
    { "x; name=", "", "", VL_OK, "" },
    { "x; name=\"=?utf-8?Q?=E2=82=AC.txt?=\"", "=?utf-8?Q?=E2=82=AC.txt?=", "\u20ac.txt", VL_OK, "" },
    { "x; name==?utf-8?B?4oKs?=", "=?utf-8?B?4oKs?=", "\u20ac", VL_OK, "" },
    { "x; name=\"=?gb2312?B?xOM=?=\"", "=?gb2312?B?xOM=?=", "=?gb2312?B?xOM=?=", VL_OK, "" },
    /* RFC 2231 */
    { "x; name*=utf-8''%e2%82%ac%20rates", "\u20ac rates", "\u20ac rates", VL_OK, "" },
    { "x; name*=iso-8859-1'en'%A3%20rates", "\xa3 rates", "\u00a3 rates", VL_OK, "" },
    { "x; name=plain; name*=utf-8''better", "better", "better", VL_OK, "" },
    { "x; name*0=one; name*1=two", "onetwo", "onetwo", VL_OK, "" },
    { "x; name*1=two; name*0=one", "onetwo", "onetwo", VL_OK, "" },
    { "x; name*0*=utf-8''%e2%82; name*1*=%ac; name*2=\"%20.txt\"", "\u20ac%20.txt", "\u20ac%20.txt", VL_OK, "" },
    { "x; name*0*=utf-8''a; name*1*=b'c'd", "ab'c'd", "ab'c'd", VL_OK, "" },
    { "x; name*0=one; name*2=three", "one", "one", VL_OK, "" },
    { "x; name*1=two", "", "", VL_OK, "" },
    { "x; name*=utf-8'50%25%zz%4", "utf-8'50%%zz%4", "utf-8'50%%zz%4", VL_OK, "" },
    { "x; name*=''%41", "A", "A", VL_OK, "" },
    { "x; name*=gb2312''%C4%E3", "\xc4\xe3", "\xc4\xe3", VL_OK, "" },
    { "x; name*=utf-8''%C4", "\xc4", "\xc4", VL_OK, "" },
    { "x; name**=a; name*x=b; name*1x*=c", "", "", VL_OK, "" },
    { "x; name*63=a", "", "", VL_OK, "" },
    { "x; name=a; name=a", NULL, NULL, VL_ERR_FORMAT, "\"name\" is there twice" },
    { "x; name*0=a; name*0*=a", NULL, NULL, VL_ERR_FORMAT, "\"name\" is there twice" },
    { "x; name*=a; name*0=a", NULL, NULL, VL_ERR_FORMAT, "\"name\" is there twice" },
    { "x; name*64=a", NULL, NULL, VL_ERR_LIMIT, "\"name\" is in more than 64 pieces" },
    { "x; name*18446744073709551616=a", NULL, NULL, VL_ERR_LIMIT, "\"name\" is in more than 64 pieces" },
};
/* clang-format on */

static void a_value_begins_with_a_word(void **state)
{
    char out[VL_MIME_WORD], longest[2 * VL_MIME_WORD];

    (void)state;
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_string_equal(vl_mime_word(vl_bytes_str(words[i].value), out), words[i].word);
    memset(longest, 'a', sizeof longest);
    assert_int_equal(strlen(vl_mime_word(vl_bytes_of(longest, VL_MIME_WORD - 1), out)),
                     VL_MIME_WORD - 1);
    assert_string_equal(vl_mime_word(vl_bytes_of(longest, VL_MIME_WORD), out), "");
}

static void parameters_are_read_whole_or_in_pieces(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof params / sizeof *params; i++) {
        struct vl_buf param = VL_BUF_INIT(1024), name = VL_BUF_INIT(1024);
        struct vl_why why = {""};

        print_message("# row %zu\n", i);
        assert_err(vl_mime_param(vl_bytes_str(params[i].value), "name", &param, &why),
                   params[i].err, &why);
        assert_string_equal(why.text, params[i].words);
        assert_err(vl_mime_name(vl_bytes_str(params[i].value), "name", &name, &why), params[i].err,
                   &why);
        assert_bytes(vl_buf_bytes(&param), vl_bytes_str(params[i].param));
        assert_bytes(vl_buf_bytes(&name), vl_bytes_str(params[i].name));
        vl_buf_release(&param);
        vl_buf_release(&name);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_value_begins_with_a_word),
        cmocka_unit_test(parameters_are_read_whole_or_in_pieces),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
