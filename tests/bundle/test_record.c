/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/record.h: status reports, read and written. */
#include "support.h"

#include <string.h>

#include "bundle/record.h"

/* clang-format off */
static const struct row {
    const char *name;
    const char *hex;
    enum vl_err err;
    bool again; /* written again it is the same bytes */
} rows[] = {
    {"received",               "8201 84 8481f581f481f481f4 00 8202820101 820107", VL_OK, true},
    {"received, at a time",    "8201 84 8482f51903e881f481f481f4 00 8202820101 820107", VL_OK, true},
    {"all four, of a fragment","8201 86 8482f50182f50282f50382f504 09 820100 820107 0a 14", VL_OK, true},
    {"arrays without a length","9f01 9f 9f9ff5ff9ff4ff9ff401ffffff", VL_ERR_FORMAT, false},
    {"the same, that is sound","9f01 9f 9f9ff5ff9ff4ff9ff4ff9ff4ffff 00 8202820101 9f0107ff ff ff", VL_OK, false},
    {"...and with a time",     "9f01 9f 9f9ff507ff9ff4ff9ff4ff9ff4ffff 00 8202820101 9f0107ff 00 01 ff ff", VL_OK, false},
    {"an unknown reason",      "8201 84 8481f581f481f481f4 18c8 8202820101 820107", VL_OK, true},
    {"nothing",                "", VL_ERR_FORMAT, false},
    {"no record",              "00", VL_ERR_FORMAT, false},
    {"a record of custody",    "820d a0", VL_ERR_UNSUPPORTED, false},
    {"three statements",       "8201 84 8381f581f481f4 00 8202820101 820107", VL_ERR_FORMAT, false},
    {"five items",             "8201 85 8481f581f481f481f4 00 8202820101 820107 00", VL_ERR_FORMAT, false},
    {"null for a truth",       "8201 84 8481f681f481f481f4 00 8202820101 820107", VL_ERR_FORMAT, false},
    {"a time of what is not",  "8201 84 8482f40181f481f481f4 00 8202820101 820107", VL_ERR_FORMAT, false},
    {"no endpoint",            "8201 84 8481f581f481f481f4 00 8203820101 820107", VL_ERR_FORMAT, false},
    {"cut short",              "8201 84 8481f581f481f481f4 00 8202820101 8201", VL_ERR_FORMAT, false},
    {"something behind",       "8201 84 8481f581f481f481f4 00 8202820101 820107 00", VL_ERR_FORMAT, false},
};
/* clang-format on */

static void reports_are_read_and_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i].hex);
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1024);
        struct vl_status_report report;
        struct vl_why why = {""};

        if (vl_status_report_parse(vl_buf_bytes(&wire), &report, &why) != rows[i].err)
            fail_msg("%s: %s", rows[i].name, why.text);
        if (rows[i].err) {
            assert_true(why.text[0] && report.source.scheme == VL_EID_NONE && report.reason == 0);
            continue;
        }
        assert_err(vl_status_report_write(&report, &out, &why), VL_OK, &why);
        if (vl_bytes_eq(vl_buf_bytes(&wire), vl_buf_bytes(&out)) != rows[i].again)
            fail_msg("%s: written again", rows[i].name);
    }
}

static void the_fields_of_a_report(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = hex("8201 86 8481f482f50781f481f5 09 8202820101 821903e807 0a 14");
    struct vl_status_report report;

    (void)state;
    assert_int_equal(vl_status_report_parse(vl_buf_bytes(&wire), &report, NULL), VL_OK);
    assert_false(report.status[VL_STATUS_RECEIVED].is_so);
    assert_true(report.status[VL_STATUS_FORWARDED].is_so);
    assert_true(report.status[VL_STATUS_FORWARDED].has_time);
    assert_int_equal(report.status[VL_STATUS_FORWARDED].at_ms, 7);
    assert_false(report.status[VL_STATUS_DELIVERED].is_so);
    assert_true(report.status[VL_STATUS_DELETED].is_so);
    assert_false(report.status[VL_STATUS_DELETED].has_time);
    assert_string_equal(vl_reason_words(report.reason), "its hops are used up");
    assert_null(vl_reason_words(17));
    assert_int_equal(report.source.node, 1);
    assert_int_equal(report.created_ms, 1000);
    assert_int_equal(report.sequence, 7);
    assert_true(report.is_fragment);
    assert_int_equal(report.fragment_offset, 10);
    assert_int_equal(report.fragment_len, 20);
}

static void other_records_stay_what_they_are(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex("820d a10184fb");
    VL_AUTO(vl_buf_release) struct vl_buf open = hex("9f0e 00 ff");
    VL_AUTO(vl_buf_release) struct vl_buf short_open = hex("9f0e ff");
    VL_AUTO(vl_buf_release) struct vl_buf empty = hex("820e");
    vl_bytes content;
    uint64_t type;

    (void)state;
    assert_int_equal(vl_record_parse(vl_buf_bytes(&wire), &type, &content, NULL), VL_OK);
    assert_int_equal(type, 13);
    assert_bytes(content, VL_LITERAL("\xa1\x01\x84\xfb"));
    assert_int_equal(vl_record_parse(vl_buf_bytes(&open), &type, &content, NULL), VL_OK);
    assert_bytes(content, vl_bytes_of("", 1));
    assert_int_equal(vl_record_parse(vl_buf_bytes(&short_open), &type, &content, NULL),
                     VL_ERR_FORMAT);
    assert_int_equal(vl_record_parse(vl_buf_bytes(&empty), &type, &content, NULL), VL_ERR_FORMAT);
    assert_int_equal(content.len, 0);
}

static void a_report_names_the_bundle_it_is_about(void **state)
{
    const struct vl_bundle bundle = {.flags = VL_BUNDLE_IS_FRAGMENT,
                                     .source = {.scheme = VL_EID_IPN, .node = 9},
                                     .created_ms = 5,
                                     .sequence = 6,
                                     .fragment_offset = 7,
                                     .payload_len = 8};
    VL_AUTO(vl_buf_release) struct vl_buf small = VL_BUF_INIT(5);
    struct vl_status_report report;

    (void)state;
    vl_status_report_about(&bundle, &report);
    assert_int_equal(report.source.node, 9);
    assert_true(report.is_fragment && report.created_ms == 5 && report.sequence == 6);
    assert_true(report.fragment_offset == 7 && report.fragment_len == 8);
    assert_int_equal(vl_status_report_write(&report, &small, NULL), VL_ERR_LIMIT);
    assert_int_equal(small.len, 0);
    report.status[0].has_time = true;
    assert_int_equal(vl_status_report_write(&report, &small, NULL), VL_ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(reports_are_read_and_written),
        cmocka_unit_test(the_fields_of_a_report),
        cmocka_unit_test(other_records_stay_what_they_are),
        cmocka_unit_test(a_report_names_the_bundle_it_is_about),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
