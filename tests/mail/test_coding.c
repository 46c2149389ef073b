/* SPDX-License-Identifier: Apache-2.0 */
/* mail/coding.h: what was made fit for mail is what it was, or is refused. */
#include <stdio.h>
#include <string.h>

#include "mail/coding.h"
#include "support.h"

/* clang-format off */
#define BYTES(text) {(const uint8_t *)("" text), sizeof(text) - 1}
static const struct {
    const char *what;
    const char *coding;
    vl_bytes body;
    vl_bytes bytes;
    enum vl_err err;
    const char *words;
} bodies[] = {
    { "none", "", BYTES("a\r\nb=41\0\xff"), BYTES("a\r\nb=41\0\xff"), VL_OK, "" },
    { "7bit", "7bit", BYTES("a\nb"), BYTES("a\nb"), VL_OK, "" },
    { "8bit", "8bit", BYTES("\xc3\xa9"), BYTES("\xc3\xa9"), VL_OK, "" },
    { "binary", "binary", BYTES("\0\n"), BYTES("\0\n"), VL_OK, "" },
    { "escapes", "quoted-printable", BYTES("=C3=a9=3D=00"), BYTES("\xc3\xa9=\0"), VL_OK, "" },
    { "line ends stay as they are", "quoted-printable", BYTES("a\r\nb\nc\r\n"), BYTES("a\r\nb\nc\r\n"), VL_OK, "" },
    { "lines that go on", "quoted-printable", BYTES("a=\r\nb=\nc"), BYTES("abc"), VL_OK, "" },
    { "one that goes on, with blanks added on the way", "quoted-printable", BYTES("a= \t\r\nb"), BYTES("ab"), VL_OK, "" },
    { "one that goes on into nothing", "quoted-printable", BYTES("a="), BYTES("a"), VL_OK, "" },
    { "blanks at an end were added on the way", "quoted-printable", BYTES("a  \r\nb\t\n"), BYTES("a\r\nb\n"), VL_OK, "" },
    { "blanks that were meant", "quoted-printable", BYTES("a=20\nb =\n c"), BYTES("a \nb  c"), VL_OK, "" },
    { "nothing", "quoted-printable", BYTES(""), BYTES(""), VL_OK, "" },
    { "half an escape", "quoted-printable", BYTES("ab\nc=4"), BYTES(""), VL_ERR_FORMAT,
      "line 2 of its quoted-printable is malformed" },
    { "an escape that is none", "quoted-printable", BYTES("a=zzb"), BYTES(""), VL_ERR_FORMAT,
      "line 1 of its quoted-printable is malformed" },
    { "base64", "base64", BYTES("AAEC/w=="), BYTES("\0\1\2\xff"), VL_OK, "" },
    { "base64 in lines", "base64", BYTES("AA\r\nEC\n /w\t==\r\n\r\n"), BYTES("\0\1\2\xff"), VL_OK, "" },
    { "no base64 at all", "base64", BYTES("\r\n"), BYTES(""), VL_OK, "" },
    { "base64 that ends early", "base64", BYTES("AAEC/w="), BYTES(""), VL_ERR_FORMAT,
      "its base64 is malformed, or ends early" },
    { "base64 without its end", "base64", BYTES("AAEC/w"), BYTES(""), VL_ERR_FORMAT,
      "its base64 is malformed, or ends early" },
    { "base64 and something behind it", "base64", BYTES("AAEC/w==\nA list\n"), BYTES(""), VL_ERR_FORMAT,
      "its base64 is malformed, or ends early" },
    { "base64 with a foreign character", "base64", BYTES("AA*C/w=="), BYTES(""), VL_ERR_FORMAT,
      "its base64 is malformed, or ends early" },
    { "bits that say nothing", "base64", BYTES("AAEC/x=="), BYTES(""), VL_ERR_FORMAT,
      "its base64 is malformed, or ends early" },
    { "another coding", "x-uuencode", BYTES("x"), BYTES(""), VL_ERR_UNSUPPORTED,
      "the coding \"x-uuencode\" is not known here" },
};
/* clang-format on */

static void bodies_are_read_or_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof bodies / sizeof *bodies; i++) {
        struct vl_buf out = VL_BUF_INIT(1024);
        struct vl_why why = {""};

        print_message("# %s\n", bodies[i].what);
        assert_err(vl_coding_read(bodies[i].coding, bodies[i].body, &out, &why), bodies[i].err,
                   &why);
        assert_string_equal(why.text, bodies[i].words);
        if (!bodies[i].err)
            assert_bytes(vl_buf_bytes(&out), bodies[i].bytes);
        vl_buf_release(&out);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bodies_are_read_or_refused_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
