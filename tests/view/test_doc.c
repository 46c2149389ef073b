/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <string.h>

#include "view/doc.h"
#include "view/report.h"

static enum vl_err write_doc(void *self, struct vl_why *why)
{
    struct vl_buf *out = self;
    struct vl_doc *doc = vl_doc_new("valise.test/1");

    (void)why;
    vl_doc_text(doc, "text", "K\xc3\xa4se \xe2\x80\xae");
    vl_doc_text(doc, "none", NULL);
    vl_doc_text(doc, "empty", "");
    vl_doc_bytes(doc, "broken", vl_bytes_of("a\xff", 2));
    vl_doc_int(doc, "size_bytes", UINT64_C(1099511627776));
    vl_doc_bool(doc, "yes", true);
    vl_doc_time(doc, "kept_at", true, 0);
    vl_doc_time(doc, "never_at", false, 0);
    vl_doc_hex(doc, "sha256", true, vl_bytes_of("\x01\xab", 2));
    vl_doc_list(doc, "list");
    vl_doc_object(doc, NULL);
    vl_doc_bool(doc, "inner", false);
    vl_doc_close(doc);
    vl_doc_text(doc, NULL, "two");
    vl_doc_close(doc);
    vl_doc_int(doc, "last", 1);
    out->len = 0;
    return vl_doc_finish(doc, out);
}

static void a_document_is_what_was_put_in(void **state)
{
    static const char wanted[] =
        "{\"schema\":\"valise.test/1\",\"text\":\"K\\u00E4se "
        "\\u202E\",\"none\":null,\"empty\":\"\","
        "\"broken\":\"a\\\\x{FF}\",\"size_bytes\":1099511627776,\"yes\":true,"
        "\"kept_at\":\"1970-01-01T00:00:00Z\",\"never_at\":null,\"sha256\":\"01ab\","
        "\"list\":[{\"inner\":false},\"two\"],\"last\":1}\n";
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4096);
    struct vl_why why = {""};

    (void)state;
    assert_err(write_doc(&out, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&out), vl_bytes_str(wanted));
}

static void no_memory_is_told_and_nothing_leaks(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(4096);

    (void)state;
    assert_true(each_allocation_fails(write_doc, &out) > 10);
}

static void a_document_too_long_or_too_deep_is_not_written(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(16);
    VL_AUTO(vl_buf_release) struct vl_buf room = VL_BUF_INIT(4096);
    struct vl_doc *doc = vl_doc_new("valise.test/1");

    (void)state;
    assert_int_equal(vl_doc_finish(doc, &out), VL_ERR_NO_MEMORY);
    assert_int_equal(out.len, 0);
    doc = vl_doc_new("valise.test/1");
    for (int i = 0; i < VL_DOC_MAX_DEPTH; i++)
        vl_doc_object(doc, "in");
    assert_int_equal(vl_doc_finish(doc, &room), VL_ERR_NO_MEMORY);
    assert_int_equal(vl_doc_finish(NULL, &room), VL_ERR_NO_MEMORY);
    vl_doc_drop(vl_doc_new("valise.test/1"));
    vl_doc_drop(NULL);
}

static enum vl_err fill_report(void *self, struct vl_why *why)
{
    struct vl_report report = VL_REPORT_INIT;
    enum vl_err err;

    (void)self;
    (void)why;
    for (int i = 0; i < 40; i++)
        vl_report_add(&report, VL_REPORT_PROVEN, NULL, "sentence %d", i);
    vl_report_add(&report, VL_REPORT_FACT, "size", "%s", "many");
    err = report.err;
    if (!err) {
        assert_int_equal(report.count, 41);
        assert_string_equal(report.lines[39].text, "sentence 39");
        assert_string_equal(report.lines[40].name, "size");
    }
    vl_report_release(&report);
    return err;
}

static void a_report_keeps_its_lines_in_order(void **state)
{
    (void)state;
    assert_true(each_allocation_fails(fill_report, NULL) > 40);
    assert_string_equal(vl_report_heading(VL_REPORT_PROVEN), "Proven:");
    assert_string_equal(vl_report_heading(VL_REPORT_NOT_PROVEN), "Not proven:");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_document_is_what_was_put_in),
        cmocka_unit_test(no_memory_is_told_and_nothing_leaks),
        cmocka_unit_test(a_document_too_long_or_too_deep_is_not_written),
        cmocka_unit_test(a_report_keeps_its_lines_in_order),
    };

    return cmocka_run_group_tests_name("view/doc", tests, NULL, NULL);
}
