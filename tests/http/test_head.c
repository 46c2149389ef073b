/* SPDX-License-Identifier: Apache-2.0 */
/* http/head.h: what could be read in two ways is seen. */
#include "http/head.h"
#include "support.h"

/* clang-format off */
static const struct {
    const char *name, *value;
    bool has_control, has_bad_length;
    uint64_t length;
} headers[] = {
    { "Content-Length", "5", false, false, 5 },
    { "content-length", "0", false, false, 0 },
    { "Content-Length", "999999999999", false, false, UINT64_C(999999999999) },
    { "Content-Length", "1000000000000", false, true, 0 },
    { "Content-Length", "", false, true, 0 },
    { "Content-Length", NULL, false, true, 0 },
    { "Content-Length", "+5", false, true, 0 },
    { "Content-Length", "-5", false, true, 0 },
    { "Content-Length", " 5", false, true, 0 },
    { "Content-Length", "5, 5", false, true, 0 },
    { "Content-Length", "0x5", false, true, 0 },
    { "X", "a\tb", false, false, 0 },
    { "X", "a\rb", true, false, 0 },
    { "X", "a\nb", true, false, 0 },
    { "X", "\xc3\xa9", false, false, 0 },
    { "", "a", true, false, 0 },
    { "X Y", "a", true, false, 0 },
    { "X\t", "a", true, false, 0 },
    { "X\x7f", "a", true, false, 0 },
};
/* clang-format on */

static void headers_are_seen_for_what_they_are(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof headers / sizeof *headers; i++) {
        struct vl_http_head head = {0};

        print_message("# row %zu\n", i);
        vl_http_head_see(&head, headers[i].name, headers[i].value);
        assert_int_equal(head.has_control, headers[i].has_control);
        assert_int_equal(head.has_bad_length, headers[i].has_bad_length);
        if (!head.has_bad_length)
            assert_int_equal(head.length, headers[i].length);
    }
}

static void what_is_there_twice_is_counted(void **state)
{
    static const char *const names[] = {
        "Host",         "HOST",        "Content-Length", "content-length", "Transfer-Encoding",
        "Content-Type", "content-type"};
    struct vl_http_head head = {0};

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        vl_http_head_see(&head, names[i], "1");
    assert_int_equal(head.hosts, 2);
    assert_int_equal(head.lengths, 2);
    assert_int_equal(head.encodings, 1);
    assert_int_equal(head.types, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(headers_are_seen_for_what_they_are),
        cmocka_unit_test(what_is_there_twice_is_counted),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
