/* SPDX-License-Identifier: Apache-2.0 */
/* mail/encoded.h: encoded words are read, and what only looks like one is text. */
#include <stdio.h>
#include <string.h>

#include "mail/encoded.h"
#include "support.h"

/* clang-format off */
static const struct {
    const char *value;
    const char *text;
    enum vl_err err;
    const char *words;
} values[] = {
    { "plain text", "plain text", VL_OK, "" },
    { "", "", VL_OK, "" },
    { "folded\r\n text\n\tand more", "folded text\tand more", VL_OK, "" },
    { "=?utf-8?Q?=E2=82=AC_5?=", "\u20ac 5", VL_OK, "" },
    { "=?UTF-8?b?4oKs?=", "\u20ac", VL_OK, "" },
    { "=?utf-8?B?4oKsYQ?=", "\u20aca", VL_OK, "" },
    { "=?iso-8859-1?q?caf=E9?= au lait", "caf\u00e9 au lait", VL_OK, "" },
    /* RFC 2047, 8 */
    { "(=?ISO-8859-1?Q?a?=)", "(a)", VL_OK, "" },
    { "(=?ISO-8859-1?Q?a?= b)", "(a b)", VL_OK, "" },
    { "(=?ISO-8859-1?Q?a?= =?ISO-8859-1?Q?b?=)", "(ab)", VL_OK, "" },
    { "(=?ISO-8859-1?Q?a?=\r\n    =?ISO-8859-1?Q?b?=)", "(ab)", VL_OK, "" },
    { "(=?ISO-8859-1?Q?a_b?=)", "(a b)", VL_OK, "" },
    { "(=?ISO-8859-1?Q?a?= =?ISO-8859-2?Q?_b?=)", "(a b)", VL_OK, "" },
    { "=?utf-8?q?a?= \r\n b", "a  b", VL_OK, "" },
    { "=?utf-8*en?Q?tongue?=", "tongue", VL_OK, "" }, /* RFC 2231, 5 */
    { "=?utf-8?Q?a?=  ", "a", VL_OK, "" },
    { "=?utf-8?q?=E2=82?= =?UTF-8?q?=AC?=", "\u20ac", VL_OK, "" }, /* cut within a character */
    { "=?utf-8?Q?=5F=3D=3F?=", "_=?", VL_OK, "" },
    { "=?utf-8?Q?\?=", "", VL_OK, "" },
    /* Not quite words. */
    { "=?utf-8?Q?a b?=", "=?utf-8?Q?a b?=", VL_OK, "" },
    { "=?utf-8?Q?a", "=?utf-8?Q?a", VL_OK, "" },
    { "=?utf-8?X?a?=", "=?utf-8?X?a?=", VL_OK, "" },
    { "=?utf-8?QQ?a?=", "=?utf-8?QQ?a?=", VL_OK, "" },
    { "=?utf-8?Q?=zz?=", "=?utf-8?Q?=zz?=", VL_OK, "" },
    { "=?utf-8?B?4oK?x?=", "=?utf-8?B?4oK?x?=", VL_OK, "" },
    { "=?utf-8?B?*?=", "=?utf-8?B?*?=", VL_OK, "" },
    { "=??Q?a?=", "=??Q?a?=", VL_OK, "" },
    { "=?0123456789012345678901234567890123456789x?Q?a?=", "=?0123456789012345678901234567890123456789x?Q?a?=", VL_OK, "" },
    { "a =? b ?= c", "a =? b ?= c", VL_OK, "" },
    { "=?=?utf-8?Q?a?=", "=?a", VL_OK, "" },
    { "raw \xe9", "raw \xe9", VL_OK, "" },
    /* Words that cannot be read. */
    { "x =?gb2312?B?xOM=?=", NULL, VL_ERR_UNSUPPORTED, "the character set \"gb2312\" is not known here" },
    { "=?utf-8?Q?=E9?= b", NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"utf-8\"" },
    { "=?utf-8?Q?=E9?= =?iso-8859-1?Q?b?=", NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"utf-8\"" },
};
/* clang-format on */

static void words_are_read_and_text_is_left(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof values / sizeof *values; i++) {
        struct vl_buf out = VL_BUF_INIT(1024);
        struct vl_why why = {""};

        print_message("# row %zu\n", i);
        assert_err(vl_encoded_read(vl_bytes_str(values[i].value), &out, &why), values[i].err, &why);
        assert_string_equal(why.text, values[i].words);
        if (!values[i].err)
            assert_bytes(vl_buf_bytes(&out), vl_bytes_str(values[i].text));
        vl_buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_are_read_and_text_is_left),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
