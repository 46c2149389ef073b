/* SPDX-License-Identifier: Apache-2.0 */
/* codec/cbor_show.h: what each kind of item looks like, and what is refused where. */
#include "support.h"

#include <string.h>

#include "codec/cbor_show.h"

/* clang-format off */
static const struct row {
    const char *hex;
    const char *shown; /* or, of a refusal, the reason */
    enum vl_err err;
} rows[] = {
    {"00",                         "0", VL_OK},
    {"1bffffffffffffffff",         "18446744073709551615", VL_OK},
    {"1800",                       "0", VL_OK},
    {"20",                         "-1", VL_OK},
    {"3bffffffffffffffff",         "-18446744073709551616", VL_OK},
    {"3bfffffffffffffffe",         "-18446744073709551615", VL_OK},
    {"40",                         "h''", VL_OK},
    {"43010aff",                   "h'010aff'", VL_OK},
    {"60",                         "\"\"", VL_OK},
    {"6161",                       "\"a\"", VL_OK},
    {"63225c61",                   "\"\\\"\\\\a\"", VL_OK},
    {"661b5b33316d61",             "\"\\u{001B}[31ma\"", VL_OK},
    {"62c3bc",                     "\"\\u{00FC}\"", VL_OK},
    {"63e280ae",                   "\"\\u{202E}\"", VL_OK},
    {"80",                         "[]", VL_OK},
    {"83010203",                   "[1, 2, 3]", VL_OK},
    {"8301820203820405",           "[1, [2, 3], [4, 5]]", VL_OK},
    {"a0",                         "{}", VL_OK},
    {"a201020304",                 "{1: 2, 3: 4}", VL_OK},
    {"a2010201 02",                "{1: 2, 1: 2}", VL_OK},
    {"a1 8101 a0",                 "{[1]: {}}", VL_OK},
    {"c11a514b67b0",               "1(1363896240)", VL_OK},
    {"d9d9f7c0 80",                "55799(0([]))", VL_OK},
    {"9fff",                       "[_ ]", VL_OK},
    {"9f018202039f0405ffff",       "[_ 1, [2, 3], [_ 4, 5]]", VL_OK},
    {"bf01029fff03ff",             "{_ 1: 2, [_ ]: 3}", VL_OK},
    {"5f42010243030405ff",         "(_ h'0102', h'030405')", VL_OK},
    {"5fff",                       "(_ )", VL_OK},
    {"7f61616161ff",               "(_ \"a\", \"a\")", VL_OK},
    {"f4",                         "false", VL_OK},
    {"f5",                         "true", VL_OK},
    {"f6",                         "null", VL_OK},
    {"f7",                         "undefined", VL_OK},
    {"f0",                         "simple(16)", VL_OK},
    {"f8ff",                       "simple(255)", VL_OK},
    {"f90000",                     "0.0_1", VL_OK},
    {"f98000",                     "-0.0_1", VL_OK},
    {"f93c00",                     "1.0_1", VL_OK},
    {"f93e00",                     "1.5_1", VL_OK},
    {"f97bff",                     "65504.0_1", VL_OK},
    {"f90001",                     "5.96046448e-08_1", VL_OK},
    {"f90400",                     "6.10351562e-05_1", VL_OK},
    {"f9c400",                     "-4.0_1", VL_OK},
    {"fa47c35000",                 "100000.0_2", VL_OK},
    {"fb3ff199999999999a",         "1.1000000000000001_3", VL_OK},
    {"fbc010666666666666",         "-4.0999999999999996_3", VL_OK},
    {"f97c00",                     "Infinity_1", VL_OK},
    {"fa7fc00000",                 "NaN_2", VL_OK},
    {"fbfff0000000000000",         "-Infinity_3", VL_OK},
    {"",                           "byte 0: cut short", VL_ERR_FORMAT},
    {"19 00",                      "byte 0: cut short", VL_ERR_FORMAT},
    {"8201",                       "byte 0: more items promised than bytes are left", VL_ERR_FORMAT},
    {"9f01",                       "byte 2: cut short", VL_ERR_FORMAT},
    {"4201",                       "byte 0: a string that is cut short", VL_ERR_FORMAT},
    {"5bffffffffffffffff00",       "byte 0: a string that is cut short", VL_ERR_FORMAT},
    {"9bffffffffffffffff00",       "byte 0: more items promised than bytes are left", VL_ERR_FORMAT},
    {"bb800000000000000000",       "byte 0: more items promised than bytes are left", VL_ERR_FORMAT},
    {"1c",                         "byte 0: a reserved head", VL_ERR_FORMAT},
    {"1f",                         "byte 0: an indefinite length", VL_ERR_FORMAT},
    {"df00",                       "byte 0: an indefinite length", VL_ERR_FORMAT},
    {"ff",                         "byte 0: a break where nothing is open", VL_ERR_FORMAT},
    {"81ff",                       "byte 1: a break where nothing is open", VL_ERR_FORMAT},
    {"bf01ff",                     "byte 2: a key without its value", VL_ERR_FORMAT},
    {"9fc0ff",                     "byte 2: a break where nothing is open", VL_ERR_FORMAT},
    {"5f6161ff",                   "byte 1: no chunk of the string it stands in", VL_ERR_FORMAT},
    {"5f5fffff",                   "byte 1: no chunk of the string it stands in", VL_ERR_FORMAT},
    {"61ff",                       "byte 0: a text that is not UTF-8", VL_ERR_FORMAT},
    {"f81f",                       "byte 0: a simple value in the wrong form", VL_ERR_FORMAT},
};
/* clang-format on */

static void every_kind_of_item(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i].hex);
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4096);
        struct vl_why why = {""};
        size_t len;
        enum vl_err err = vl_cbor_show(vl_buf_bytes(&wire), &out, &len, &why);

        if (err != rows[i].err)
            fail_msg("%s: %s", rows[i].hex, why.text);
        if (err)
            assert_string_equal(why.text, rows[i].shown);
        else
            assert_bytes(vl_buf_bytes(&out), vl_bytes_str(rows[i].shown));
        if (!err)
            assert_int_equal(len, wire.len);
    }
}

static void only_the_first_item_is_shown(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex("8101 02");
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4096);
    size_t len;

    (void)state;
    assert_int_equal(vl_cbor_show(vl_buf_bytes(&wire), &out, &len, NULL), VL_OK);
    assert_bytes(vl_buf_bytes(&out), VL_LITERAL("[1]"));
    assert_int_equal(len, 2);
}

static void long_strings_are_cut(void **state)
{
    uint8_t wire[2 + 100] = {0x58, 100};
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4096);
    size_t len;

    (void)state;
    assert_int_equal(vl_cbor_show(VL_ARRAY(wire), &out, &len, NULL), VL_OK);
    assert_int_equal(out.len,
                     2 + 2 * VL_CBOR_SHOW_MAX_STRING + 1 + strlen(" / the first of 100 bytes /"));
    out.len = 0;
    /* A text is cut between characters. */
    wire[0] = 0x78;
    memset(wire + 2, 'a', 100);
    memcpy(wire + 2 + 63, "\xc3\xbc", 2);
    assert_int_equal(vl_cbor_show(VL_ARRAY(wire), &out, &len, NULL), VL_OK);
    assert_int_equal(out.len, 2 + 63 + strlen(" / the first of 100 bytes /"));
}

static void depth_and_text_have_limits(void **state)
{
    uint8_t wire[VL_CBOR_SHOW_MAX_DEPTH + 2];
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4096);
    VL_AUTO(vl_buf_release) struct vl_buf small = VL_BUF_INIT(20);
    struct vl_why why = {""};
    size_t len;

    (void)state;
    memset(wire, 0x81, sizeof wire);
    wire[sizeof wire - 1] = 0;
    assert_err(vl_cbor_show(VL_ARRAY(wire), &out, &len, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "byte 64: nested too deeply");
    assert_err(vl_cbor_show(vl_bytes_after(VL_ARRAY(wire), 1), &out, &len, &why), VL_OK, &why);
    assert_err(vl_cbor_show(vl_bytes_after(VL_ARRAY(wire), 1), &small, &len, &why), VL_ERR_LIMIT,
               &why);
    assert_non_null(strstr(why.text, "more text than is shown"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_kind_of_item),
        cmocka_unit_test(only_the_first_item_is_shown),
        cmocka_unit_test(long_strings_are_cut),
        cmocka_unit_test(depth_and_text_have_limits),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
