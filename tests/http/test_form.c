/* SPDX-License-Identifier: Apache-2.0 */
/* http/form.h: what a browser sends is taken apart, and nothing else is. */
#include <string.h>

#include "http/form.h"
#include "support.h"

#define TYPE       "multipart/form-data; boundary=xyz"
#define HEAD(name) "--xyz\r\nContent-Disposition: form-data; name=\"" name "\"\r\n\r\n"

/* clang-format off */
#define BYTES(text) {(const uint8_t *)("" text), sizeof(text) - 1}
/* clang-format on */
/* clang-format off */
static const struct {
    const char *what;
    const char *type;
    vl_bytes body;
    enum vl_err err;
    const char *words;
} forms[] = {
    { "one part", TYPE, BYTES(HEAD("file") "a\0b\r\n--xyz--\r\n"), VL_OK, "" },
    { "without the last line end", TYPE, BYTES(HEAD("file") "a\0b\r\n--xyz--"), VL_OK, "" },
    { "a boundary in quotes", "multipart/form-data; boundary=\"xyz\"",
      BYTES(HEAD("file") "a\0b\r\n--xyz--"), VL_OK, "" },
    { "a line that is like the boundary", TYPE,
      BYTES(HEAD("x") "--xyz\r\n" "\r\n--xy\r\n--xyz\r\nContent-Disposition: form-data; name=\"file\"\r\n\r\n"
                 "a\0b\r\n--xyz--"), VL_OK, "" },
    { "no form", "text/plain", BYTES(HEAD("file") "a\0b\r\n--xyz--"), VL_ERR_FORMAT,
      "it is no form with a file" },
    { "no boundary", "multipart/form-data", BYTES(HEAD("file") "x\r\n--xyz--"), VL_ERR_FORMAT,
      "it is no form with a file" },
    { "an empty boundary", "multipart/form-data; boundary=", BYTES("--\r\n"), VL_ERR_FORMAT,
      "it is no form with a file" },
    { "a boundary of 71", "multipart/form-data; boundary=12345678901234567890123456789012345678901234567890123456789012345678901",
      BYTES("--\r\n"), VL_ERR_FORMAT, "it is no form with a file" },
    { "nothing", TYPE, BYTES(""), VL_ERR_FORMAT, "the form does not begin with its boundary" },
    { "words before it", TYPE, BYTES("hello\r\n" HEAD("file") "x\r\n--xyz--"), VL_ERR_FORMAT,
      "the form does not begin with its boundary" },
    { "no end", TYPE, BYTES(HEAD("file") "a\0b\r\n"), VL_ERR_FORMAT,
      "the form ends in the middle of a part" },
    { "no end of a head", TYPE, BYTES("--xyz\r\nContent-Disposition: form-data\r\n"), VL_ERR_FORMAT,
      "the form ends in the middle of a part" },
    { "nine parts", TYPE,
      BYTES(HEAD("1") "\r\n" HEAD("2") "\r\n" HEAD("3") "\r\n" HEAD("4") "\r\n" HEAD("5") "\r\n" HEAD("6")
                 "\r\n" HEAD("7") "\r\n" HEAD("8") "\r\n" HEAD("9") "\r\n--xyz--"), VL_ERR_LIMIT,
      "the form has over 8 parts" },
};
/* clang-format on */

static void forms_are_taken_apart_or_refused_by_name(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof forms / sizeof *forms; i++) {
        struct vl_form form;
        struct vl_why why = {""};

        print_message("# %s\n", forms[i].what);
        assert_int_equal(vl_form_parse(forms[i].type, forms[i].body, &form, &why), forms[i].err);
        assert_string_equal(why.text, forms[i].words);
        if (forms[i].err == VL_OK) {
            assert_true(vl_bytes_eq(vl_form_find(&form, "file"), VL_LITERAL("a\0b")));
            assert_int_equal(vl_form_find(&form, "other").len, 0);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(forms_are_taken_apart_or_refused_by_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
