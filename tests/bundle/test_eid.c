/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/eid.h: endpoints on the wire and as texts, each way and back. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "bundle/eid.h"

/* clang-format off */
static const struct row {
    const char *name;
    const char *hex;
    enum vl_bundle_rule rule;
    const char *text;
    bool is_node;
    bool again; /* written again it is the same bytes */
} rows[] = {
    {"nobody",                     "820100",                               VL_RULE_NONE, "dtn:none", false, true},
    {"nobody as a text",           "8201646e6f6e65",                       VL_RULE_NONE, "dtn:none", false, false},
    {"nobody of ipn",              "8202820000",                           VL_RULE_NONE, "dtn:none", false, false},
    {"nobody of ipn in three",     "820283000000",                         VL_RULE_NONE, "dtn:none", false, false},
    {"ipn:0.7 is nobody",          "8202820007",                           VL_RULE_NONE, "dtn:none", false, false},
    {"a dtn node",                 "8201682f2f636f7572742f",               VL_RULE_NONE, "dtn://court/", true, true},
    {"something at a dtn node",    "82016a2f2f636f7572742f6161",           VL_RULE_NONE, "dtn://court/aa", false, true},
    {"every byte of a name",       "82016d2f2f612d2e5f7e2541463d2f7e",     VL_RULE_NONE, "dtn://a-._~%AF=/~", false, true},
    {"an ipn endpoint",            "820282182a07",                         VL_RULE_NONE, "ipn:42.7", true, true},
    {"the allocator in one",       "8202821b000ee8680000000101",           VL_RULE_NONE, "ipn:977000.1.1", true, true},
    {"the allocator apart",        "8202831a000ee8680101",                 VL_RULE_NONE, "ipn:977000.1.1", true, true},
    {"this very node",             "8202821affffffff07",                   VL_RULE_NONE, "ipn:!.7", true, true},
    {"the greatest of all",        "8202831affffffff1affffffff1affffffff", VL_RULE_NONE, "ipn:4294967295.4294967295.4294967295", true, true},
    {"nothing",                    "",                                     VL_RULE_CUT_SHORT, NULL, false, false},
    {"half of it",                 "82028218",                             VL_RULE_CUT_SHORT, NULL, false, false},
    {"something behind",           "82010000",                             VL_RULE_EID, NULL, false, false},
    {"an array of three",          "83010000",                             VL_RULE_EID, NULL, false, false},
    {"a scheme of text",           "82616100",                             VL_RULE_EID, NULL, false, false},
    {"scheme 0",                   "820000",                               VL_RULE_EID, NULL, false, false},
    {"a name that is not ASCII",   "8201662f2fc3bc2f61",                   VL_RULE_EID_DTN, NULL, false, false},
    {"something other than ASCII", "8201662f2f612fc3bc",                   VL_RULE_EID_DTN, NULL, false, false},
    {"a node with a colon",        "8201672f2f613a312f61",                 VL_RULE_EID_DTN, NULL, false, false},
    {"bytes for a name",           "8201452f2f612f61",                     VL_RULE_EID_DTN, NULL, false, false},
    {"too long a head",            "820178052f2f612f61",                   VL_RULE_SHORTEST, NULL, false, false},
    {"too long a number",          "820282180107",                         VL_RULE_SHORTEST, NULL, false, false},
    {"a node of 33 bits in three", "8202830 01b0000000100000000 01",       VL_RULE_EID_IPN, NULL, false, false},
};

static const struct text_row {
    const char *text;
    const char *again; /* NULL: refused */
} text_rows[] = {
    {"dtn:none",                    "dtn:none"},
    {"dtn://a/",                    "dtn://a/"},
    {"dtn://a/b/c?d",               "dtn://a/b/c?d"},
    {"ipn:0.0",                     "dtn:none"},
    {"ipn:0.5",                     "dtn:none"},
    {"ipn:0.1.5",                   "ipn:1.5"},
    {"ipn:1.0",                     "ipn:1.0"},
    {"ipn:977000.1.1",              "ipn:977000.1.1"},
    {"ipn:!.9",                     "ipn:!.9"},
    {"ipn:4294967295.9",            "ipn:!.9"},
    {"ipn:4294967296.9",            NULL},
    {"ipn:99999999999999999999.9",  NULL},
    {"ipn:01.1",                    NULL},
    {"ipn:1",                       NULL},
    {"ipn:1.",                      NULL},
    {"ipn:.1",                      NULL},
    {"ipn:1.2.3.4",                 NULL},
    {"ipn:1.2 ",                    NULL},
    {"ipn:!",                       NULL},
    {"ipn:!.1.2",                   NULL},
    {"ipn:",                        NULL},
    {"dtn:",                        NULL},
    {"dtn:x",                       NULL},
    {"dtn://",                      NULL},
    {"dtn:///a",                    NULL},
    {"dtn://a",                     NULL},
    {"dtn://a/ b",                  NULL},
    {"DTN:none",                    NULL},
    {"mailto:a",                    NULL},
    {"",                            NULL},
};
/* clang-format on */

static void the_wire(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i].hex);
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(64);
        char text[VL_EID_TEXT];
        struct vl_why why = {""};
        struct vl_eid eid, back;

        if (vl_eid_parse(vl_buf_bytes(&wire), &eid, &why) != vl_rule_err(rows[i].rule))
            fail_msg("%s: %s", rows[i].name, why.text);
        if (rows[i].rule) {
            assert_non_null(strstr(why.text, vl_rule_section(rows[i].rule)));
            assert_non_null(strstr(why.text, vl_rule_words(rows[i].rule)));
            assert_int_equal(eid.scheme, VL_EID_NONE);
            continue;
        }
        assert_string_equal(vl_eid_text(&eid, text), rows[i].text);
        assert_int_equal(vl_eid_is_node(&eid), rows[i].is_node);
        assert_int_equal(vl_eid_write(&eid, &again), VL_OK);
        if (vl_bytes_eq(vl_buf_bytes(&wire), vl_buf_bytes(&again)) != rows[i].again)
            fail_msg("%s: written again", rows[i].name);
        assert_int_equal(vl_eid_parse(vl_buf_bytes(&again), &back, NULL), VL_OK);
        assert_true(vl_eid_eq(&eid, &back));
        assert_int_equal(vl_eid_from_text(vl_bytes_str(text), &back, NULL), VL_OK);
        assert_true(vl_eid_eq(&eid, &back));
    }
}

static void texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof text_rows / sizeof *text_rows; i++) {
        char text[VL_EID_TEXT];
        struct vl_why why = {""};
        struct vl_eid eid;
        enum vl_err err = vl_eid_from_text(vl_bytes_str(text_rows[i].text), &eid, &why);

        if ((err == VL_OK) != (text_rows[i].again != NULL))
            fail_msg("%s: %s", text_rows[i].text, why.text);
        if (!err)
            assert_string_equal(vl_eid_text(&eid, text), text_rows[i].again);
        else
            assert_true(eid.scheme == VL_EID_NONE && strstr(why.text, "RFC 9"));
    }
}

static void two_and_three_numbers_are_one_endpoint(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf two = hex("8202821b000ee8680000000101");
    VL_AUTO(vl_buf_release) struct vl_buf three = hex("8202831a000ee8680101");
    VL_AUTO(vl_buf_release) struct vl_buf other = hex("8202831a000ee8680102");
    struct vl_eid a, b, c;

    (void)state;
    assert_int_equal(vl_eid_parse(vl_buf_bytes(&two), &a, NULL), VL_OK);
    assert_int_equal(vl_eid_parse(vl_buf_bytes(&three), &b, NULL), VL_OK);
    assert_int_equal(vl_eid_parse(vl_buf_bytes(&other), &c, NULL), VL_OK);
    assert_true(vl_eid_eq(&a, &b) && !vl_eid_eq(&a, &c));
    assert_true(a.in_two && !b.in_two);
}

static void a_name_may_have_1024_bytes(void **state)
{
    char text[4 + VL_EID_MAX_LEN + 2];
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(2048);
    struct vl_eid eid, back;

    (void)state;
    memset(text, 'a', sizeof text);
    memcpy(text, "dtn://n/", 8);
    assert_int_equal(vl_eid_from_text(vl_bytes_of(text, 4 + VL_EID_MAX_LEN + 1), &eid, NULL),
                     VL_ERR_LIMIT);
    assert_int_equal(vl_eid_from_text(vl_bytes_of(text, 4 + VL_EID_MAX_LEN), &eid, NULL), VL_OK);
    assert_int_equal(vl_eid_write(&eid, &wire), VL_OK);
    assert_int_equal(vl_eid_parse(vl_buf_bytes(&wire), &back, NULL), VL_OK);
    assert_true(vl_eid_eq(&eid, &back));
    text[4 + VL_EID_MAX_LEN] = '\0';
    {
        char out[VL_EID_TEXT];

        assert_string_equal(vl_eid_text(&back, out), text);
    }
}

static void what_reading_refuses_is_not_written(void **state)
{
    static const struct vl_eid bad[] = {
        {.scheme = VL_EID_DTN, .name = {(const uint8_t *)"//a b/", 6}},
        {.scheme = VL_EID_DTN},
        {.scheme = VL_EID_IPN, .service = 5},
    };
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(64);
    VL_AUTO(vl_buf_release) struct vl_buf small = VL_BUF_INIT(4);
    const struct vl_eid good = {.scheme = VL_EID_IPN, .node = 1, .service = 1};

    (void)state;
    for (size_t i = 0; i < sizeof bad / sizeof *bad; i++)
        assert_int_equal(vl_eid_write(&bad[i], &out), VL_ERR_FORMAT);
    assert_int_equal(out.len, 0);
    assert_int_equal(vl_eid_write(&good, &small), VL_ERR_LIMIT);
    assert_int_equal(small.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_wire),
        cmocka_unit_test(texts),
        cmocka_unit_test(two_and_three_numbers_are_one_endpoint),
        cmocka_unit_test(a_name_may_have_1024_bytes),
        cmocka_unit_test(what_reading_refuses_is_not_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
