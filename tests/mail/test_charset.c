/* SPDX-License-Identifier: Apache-2.0 */
/* mail/charset.h: bytes of a character set that is known become UTF-8, and no others do. */
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "mail/charset.h"
#include "support.h"

/* clang-format off */
#define BYTES(text) {(const uint8_t *)("" text), sizeof(text) - 1}
static const struct {
    const char *charset;
    vl_bytes bytes;
    const char *text;
    enum vl_err err;
    const char *words;
} texts[] = {
    { "utf-8", BYTES("a\xc3\xa9\xe2\x82\xac"), "a\u00e9\u20ac", VL_OK, "" },
    { "UTF-8", BYTES(""), "", VL_OK, "" },
    { "US-ASCII", BYTES("abc~"), "abc~", VL_OK, "" },
    { "ISO-8859-1", BYTES("\xe9t\xe9 \xa4"), "\u00e9t\u00e9 \u00a4", VL_OK, "" },
    { "iso-8859-15", BYTES("\xa4 \xbc\xbd\xbe \xe9"), "\u20ac \u0152\u0153\u0178 \u00e9", VL_OK, "" },
    { "Windows-1252", BYTES("\x80 \x93x\x94 \x96 \xff"), "\u20ac \u201cx\u201d \u2013 \u00ff", VL_OK, "" },
    { "windows-1251", BYTES("\xcc\xee\xf1\xea\xe2\xe0"), "\u041c\u043e\u0441\u043a\u0432\u0430", VL_OK, "" },
    { "koi8-r", BYTES("\xed\xcf\xd3\xcb\xd7\xc1"), "\u041c\u043e\u0441\u043a\u0432\u0430", VL_OK, "" },
    { "iso-8859-2", BYTES("\xb3\xf3\xbf"), "\u0142\u00f3\u017c", VL_OK, "" },
    { "iso-8859-7", BYTES("\xc1\xe8\xde\xed\xe1"), "\u0391\u03b8\u03ae\u03bd\u03b1", VL_OK, "" },
    { "utf-8", BYTES("a\xe9"), NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"utf-8\"" },
    { "utf-8", BYTES("\xed\xa0\x80"), NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"utf-8\"" },
    { "us-ascii", BYTES("a\xc3\xa9"), NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"us-ascii\"" },
    { "windows-1252", BYTES("ab\x81"), NULL, VL_ERR_FORMAT, "it has bytes that are nothing in \"windows-1252\"" },
    { "gb2312", BYTES("a"), NULL, VL_ERR_UNSUPPORTED, "the character set \"gb2312\" is not known here" },
    { "utf-16", BYTES("a"), NULL, VL_ERR_UNSUPPORTED, "the character set \"utf-16\" is not known here" },
    { "utf-7", BYTES("a"), NULL, VL_ERR_UNSUPPORTED, "the character set \"utf-7\" is not known here" },
    { "iso-8859-1x", BYTES("a"), NULL, VL_ERR_UNSUPPORTED, "the character set \"iso-8859-1x\" is not known here" },
    { "", BYTES("a"), NULL, VL_ERR_UNSUPPORTED, "the character set \"\" is not known here" },
};
/* clang-format on */

static void bytes_become_utf8_or_are_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        struct vl_buf out = VL_BUF_INIT(1024);
        struct vl_why why = {""};

        print_message("# %s\n", texts[i].charset);
        assert_err(vl_charset_read(vl_bytes_str(texts[i].charset), texts[i].bytes, &out, &why),
                   texts[i].err, &why);
        assert_string_equal(why.text, texts[i].words);
        if (!texts[i].err)
            assert_bytes(vl_buf_bytes(&out), vl_bytes_str(texts[i].text));
        vl_buf_release(&out);
    }
}

/* Sets of one byte: the lower half is ASCII, and nothing that comes out is other than UTF-8. */
static void each_set_gives_utf8_and_keeps_ascii(void **state)
{
    static const char *const sets[] = {
        "iso-8859-1",   "iso-8859-2",   "iso-8859-4",   "iso-8859-5",   "iso-8859-6",
        "iso-8859-7",   "iso-8859-8",   "iso-8859-9",   "iso-8859-13",  "iso-8859-15",
        "windows-1250", "windows-1251", "windows-1252", "windows-1253", "windows-1254",
        "windows-1255", "windows-1256", "windows-1257", "koi8-r",       "koi8-u",
    };

    (void)state;
    for (size_t i = 0; i < sizeof sets / sizeof *sets; i++)
        for (unsigned byte = 0; byte < 256; byte++) {
            const uint8_t one[] = {(uint8_t)byte};
            struct vl_buf out = VL_BUF_INIT(8);
            enum vl_err err = vl_charset_read(vl_bytes_str(sets[i]), VL_ARRAY(one), &out, NULL);

            assert_true(err == VL_OK || (err == VL_ERR_FORMAT && byte >= 128));
            assert_true(vl_text_is_utf8(vl_buf_bytes(&out)));
            if (byte < 128)
                assert_bytes(vl_buf_bytes(&out), VL_ARRAY(one));
            else if (!err)
                assert_true(out.len >= 2 && out.len <= 3);
            vl_buf_release(&out);
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_become_utf8_or_are_refused_by_name),
        cmocka_unit_test(each_set_gives_utf8_and_keeps_ascii),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
