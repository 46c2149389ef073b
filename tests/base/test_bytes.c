/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include <string.h>

#include "base/alloc.h"

#include "support.h"
#include "watch_wipes.h"

#define COUNT(rows) (sizeof(rows) / sizeof *(rows))

static int sign(int order)
{
    return (order > 0) - (order < 0);
}

/* clang-format off */
static const struct {
    const char *name;
    vl_bytes a, b;
    int order;
    bool starts; /* a starts with b */
} pairs[] = {
    { "none and none",                {NULL, 0},                {NULL, 0},                0, true  },
    { "none and an empty one",        {NULL, 0},                {(const uint8_t *)"x", 0}, 0, true },
    { "one and none",                 {(const uint8_t *)"a", 1}, {NULL, 0},               1, true  },
    { "none and one",                 {NULL, 0},                {(const uint8_t *)"a", 1}, -1, false },
    { "the same",                     {(const uint8_t *)"abc", 3}, {(const uint8_t *)"abc", 3}, 0, true },
    { "the last byte",                {(const uint8_t *)"abc", 3}, {(const uint8_t *)"abd", 3}, -1, false },
    { "the first byte",               {(const uint8_t *)"bbc", 3}, {(const uint8_t *)"abd", 3}, 1, false },
    { "one begins the other",         {(const uint8_t *)"abc", 3}, {(const uint8_t *)"ab", 2}, 1, true },
    { "the other begins the one",     {(const uint8_t *)"ab", 2}, {(const uint8_t *)"abc", 3}, -1, false },
    { "shorter is not always first",  {(const uint8_t *)"b", 1}, {(const uint8_t *)"abc", 3}, 1, false },
    { "NUL is a byte",                {(const uint8_t *)"a\0b", 3}, {(const uint8_t *)"a\0c", 3}, -1, false },
    { "bytes have no sign",           {(const uint8_t *)"\x80", 1}, {(const uint8_t *)"\x7f", 1}, 1, false },
};
/* clang-format on */

static void bytes_compare_bytewise_and_shorter_first(void **state)
{
    (void)state;
    for (size_t i = 0; i < COUNT(pairs); i++) {
        vl_bytes a = pairs[i].a, b = pairs[i].b;

        if (sign(vl_bytes_cmp(a, b)) != pairs[i].order ||
            sign(vl_bytes_cmp(b, a)) != -pairs[i].order ||
            vl_bytes_eq(a, b) != (pairs[i].order == 0) ||
            vl_bytes_eq(b, a) != (pairs[i].order == 0) || vl_bytes_starts(a, b) != pairs[i].starts)
            fail_msg("%s", pairs[i].name);
    }
}

static void a_part_is_found_wherever_it_is(void **state)
{
    (void)state;
    assert_true(vl_bytes_has(VL_LITERAL("abc"), VL_LITERAL("ab")));
    assert_true(vl_bytes_has(VL_LITERAL("abc"), VL_LITERAL("bc")));
    assert_true(vl_bytes_has(VL_LITERAL("abc"), VL_LITERAL("abc")));
    assert_true(vl_bytes_has(VL_LITERAL("abc"), VL_BYTES_NONE));
    assert_true(vl_bytes_has(VL_BYTES_NONE, VL_BYTES_NONE));
    assert_false(vl_bytes_has(VL_LITERAL("abc"), VL_LITERAL("ac")));
    assert_false(vl_bytes_has(VL_LITERAL("abc"), VL_LITERAL("abcd")));
    assert_false(vl_bytes_has(VL_BYTES_NONE, VL_LITERAL("a")));
}

static void hex_is_small_letters_of_a_whole_length(void **state)
{
    static const char *const wrong[] = {"00", "00f", "00fg", "00FF", "00ff00", "", "0x00", " 0ff"};
    uint8_t out[2] = {1, 2};

    (void)state;
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        assert_false(vl_bytes_of_hex(vl_bytes_str(wrong[i]), out, sizeof out));
        assert_true(out[0] == 1 && out[1] == 2);
    }
    assert_false(vl_bytes_of_hex(vl_bytes_of("0\0ff", 4), out, sizeof out));
    assert_true(vl_bytes_of_hex(VL_LITERAL("09af"), out, sizeof out));
    assert_true(out[0] == 0x09 && out[1] == 0xaf);
}

static void texts_and_arrays_become_bytes_without_their_nul(void **state)
{
    static const uint8_t array[] = {1, 2, 3};

    (void)state;
    assert_bytes(vl_bytes_str("two"), vl_bytes_of("two", 3));
    assert_int_equal(vl_bytes_str("").len, 0);
    assert_int_equal(vl_bytes_str(NULL).len, 0);
    assert_null(vl_bytes_str(NULL).ptr);
    assert_bytes(VL_LITERAL("t\0o"), vl_bytes_of("t\0o", 3));
    assert_int_equal(VL_LITERAL("").len, 0);
    assert_bytes(VL_ARRAY(array), vl_bytes_of("\1\2\3", 3));
}

static void cutting_bytes_never_leaves_them(void **state)
{
    const vl_bytes whole = VL_LITERAL("letter");
    static const struct {
        size_t at;
        const char *first, *after;
    } rows[] = {
        {0, "", "letter"}, {1, "l", "etter"}, {5, "lette", "r"},
        {6, "letter", ""}, {7, "letter", ""}, {SIZE_MAX, "letter", ""},
    };

    (void)state;
    for (size_t i = 0; i < COUNT(rows); i++) {
        assert_bytes(vl_bytes_first(whole, rows[i].at), vl_bytes_str(rows[i].first));
        assert_bytes(vl_bytes_after(whole, rows[i].at), vl_bytes_str(rows[i].after));
    }
    assert_int_equal(vl_bytes_after(VL_BYTES_NONE, 0).len, 0);
    assert_int_equal(vl_bytes_first(VL_BYTES_NONE, 1).len, 0);
}

static void what_is_put_is_there_in_order(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf buf = VL_BUF_INIT(1000);
    uint8_t *at = NULL;

    (void)state;
    assert_int_equal(vl_buf_put(&buf, VL_LITERAL("one")), VL_OK);
    assert_int_equal(vl_buf_put_byte(&buf, ' '), VL_OK);
    assert_int_equal(vl_buf_put(&buf, VL_BYTES_NONE), VL_OK);
    assert_int_equal(vl_buf_add(&buf, 3, &at), VL_OK);
    assert_bytes(vl_buf_bytes(&buf), VL_LITERAL("one \0\0\0"));
    memcpy(at, "two", 3);
    assert_bytes(vl_buf_bytes(&buf), VL_LITERAL("one two"));
}

static void added_bytes_are_zero_even_where_others_were_before(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf buf = VL_BUF_INIT(100);
    uint8_t *at = NULL;

    (void)state;
    assert_int_equal(vl_buf_put(&buf, VL_LITERAL("something")), VL_OK);
    buf.len = 2;
    assert_int_equal(vl_buf_add(&buf, 5, &at), VL_OK);
    assert_ptr_equal(at, buf.data + 2);
    assert_bytes(vl_buf_bytes(&buf), VL_LITERAL("so\0\0\0\0\0"));
}

static void adding_nothing_to_nothing_is_fine(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf buf = VL_BUF_INIT(0);
    uint8_t *at = NULL;

    (void)state;
    assert_int_equal(vl_buf_add(&buf, 0, &at), VL_OK);
    assert_int_equal(vl_buf_put(&buf, VL_BYTES_NONE), VL_OK);
    assert_int_equal(vl_buf_reserve(&buf, 0), VL_OK);
    assert_int_equal(vl_buf_bytes(&buf).len, 0);
}

static void the_ceiling_is_exact_and_refusing_changes_nothing(void **state)
{
    static const size_t ceilings[] = {0, 1, 2, 63, 64, 65, 127, 128, 129, 1000};
    static const uint8_t full[1001] = {9};

    (void)state;
    for (size_t i = 0; i < COUNT(ceilings); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf buf = VL_BUF_INIT(ceilings[i]);
        uint8_t *at = NULL;

        /* One by one ... */
        for (size_t n = 0; n < ceilings[i]; n++)
            assert_int_equal(vl_buf_put_byte(&buf, (uint8_t)n), VL_OK);
        assert_int_equal(vl_buf_put_byte(&buf, 0), VL_ERR_LIMIT);
        assert_int_equal(vl_buf_add(&buf, 1, &at), VL_ERR_LIMIT);
        assert_int_equal(vl_buf_reserve(&buf, 1), VL_ERR_LIMIT);
        assert_int_equal(vl_buf_reserve(&buf, SIZE_MAX), VL_ERR_LIMIT);
        assert_int_equal(buf.len, ceilings[i]);
        assert_true(buf.cap <= ceilings[i]);
        for (size_t n = 0; n < ceilings[i]; n++)
            assert_int_equal(buf.data[n], (uint8_t)n);
        /* ... and all at once. */
        vl_buf_release(&buf);
        assert_int_equal(vl_buf_put(&buf, vl_bytes_of(full, ceilings[i] + 1)), VL_ERR_LIMIT);
        assert_int_equal(buf.len, 0);
        assert_int_equal(vl_buf_put(&buf, vl_bytes_of(full, ceilings[i])), VL_OK);
        assert_int_equal(buf.len, ceilings[i]);
    }
}

static void a_length_that_would_wrap_is_over_the_limit(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf buf = VL_BUF_INIT(100);
    static const size_t lens[] = {SIZE_MAX, SIZE_MAX - 1, SIZE_MAX - 9, SIZE_MAX / 2, 91};
    uint8_t *at = NULL;

    (void)state;
    assert_int_equal(vl_buf_put(&buf, VL_LITERAL("ten bytes.")), VL_OK);
    for (size_t i = 0; i < COUNT(lens); i++) {
        assert_int_equal(vl_buf_add(&buf, lens[i], &at), VL_ERR_LIMIT);
        assert_null(at);
    }
    assert_bytes(vl_buf_bytes(&buf), VL_LITERAL("ten bytes."));
}

static void growing_is_seldom(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf buf = VL_BUF_INIT(1 << 20);
    unsigned times = 0;

    (void)state;
    for (size_t n = 0; n < 1 << 20; n++) {
        size_t before = buf.cap;

        assert_int_equal(vl_buf_put_byte(&buf, 1), VL_OK);
        times += buf.cap != before;
    }
    assert_in_range(times, 1, 20);
}

static void what_is_reserved_needs_no_more_memory(void **state)
{
    static const size_t lens[] = {1, 63, 64, 65, 1000};
    static const uint8_t some[1000] = {1};

    (void)state;
    for (size_t i = 0; i < COUNT(lens); i++) {
        VL_AUTO(vl_buf_release) struct vl_buf buf = VL_BUF_INIT(2000);

        assert_int_equal(vl_buf_put(&buf, VL_LITERAL("before")), VL_OK);
        assert_int_equal(vl_buf_reserve(&buf, lens[i]), VL_OK);
        assert_int_equal(buf.len, 6);
        vl_alloc_fail_after(0);
        assert_int_equal(vl_buf_put(&buf, vl_bytes_of(some, lens[i])), VL_OK);
        vl_alloc_fail_after(-1);
    }
}

static void without_memory_the_buffer_is_as_it_was(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf buf = VL_BUF_INIT(5000);
    static const uint8_t many[4000] = {1};
    uint8_t *at = NULL, *before;

    (void)state;
    assert_int_equal(vl_buf_put(&buf, VL_LITERAL("here")), VL_OK);
    before = buf.data;
    vl_alloc_fail_after(0);
    assert_int_equal(vl_buf_put(&buf, VL_ARRAY(many)), VL_ERR_NO_MEMORY);
    assert_int_equal(vl_buf_add(&buf, sizeof many, &at), VL_ERR_NO_MEMORY);
    assert_int_equal(vl_buf_reserve(&buf, sizeof many), VL_ERR_NO_MEMORY);
    vl_alloc_fail_after(-1);
    assert_null(at);
    assert_ptr_equal(buf.data, before);
    assert_bytes(vl_buf_bytes(&buf), VL_LITERAL("here"));
    assert_int_equal(vl_buf_put(&buf, VL_ARRAY(many)), VL_OK);
}

static void releasing_wipes_all_of_it_and_keeps_the_ceiling(void **state)
{
    struct vl_buf buf = VL_BUF_INIT(77);
    const uint8_t *data;

    (void)state;
    assert_int_equal(vl_buf_put(&buf, VL_LITERAL("a secret")), VL_OK);
    data = buf.data;
    buf.len = 1; /* what lies behind the length goes too */
    forget_wipes();
    vl_buf_release(&buf);
    assert_true(was_wiped(data, 8));
    assert_null(buf.data);
    assert_int_equal(buf.len, 0);
    assert_int_equal(buf.cap, 0);
    assert_int_equal(buf.max_len, 77);
    vl_buf_release(&buf);
    assert_int_equal(vl_buf_put(&buf, VL_LITERAL("again")), VL_OK);
    vl_buf_release(&buf);
}

static void a_number_has_its_highest_byte_first(void **state)
{
    static const uint8_t bytes[] = {0x01, 0x02, 0xfe};
    uint8_t out[6] = {9, 9, 9, 9, 9, 9};

    (void)state;
    assert_int_equal(vl_bytes_number(VL_ARRAY(bytes)), 0x0102fe);
    assert_int_equal(vl_bytes_number(VL_BYTES_NONE), 0);
    assert_true(vl_bytes_number(VL_LITERAL("\x01\xff\xff\xff\xff\xff\xff\xff\xfe")) ==
                UINT64_MAX - 1);
    vl_bytes_put_number(0x0102fe, out + 1, 4);
    assert_memory_equal(out, "\x09\x00\x01\x02\xfe\x09", 6);
    vl_bytes_put_number(0x0102fe, out, 2);
    assert_memory_equal(out, "\x02\xfe\x01\x02\xfe\x09", 6);
    vl_bytes_put_number(7, out, 0);
    assert_int_equal(out[0], 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_compare_bytewise_and_shorter_first),
        cmocka_unit_test(a_part_is_found_wherever_it_is),
        cmocka_unit_test(hex_is_small_letters_of_a_whole_length),
        cmocka_unit_test(a_number_has_its_highest_byte_first),
        cmocka_unit_test(texts_and_arrays_become_bytes_without_their_nul),
        cmocka_unit_test(cutting_bytes_never_leaves_them),
        cmocka_unit_test(what_is_put_is_there_in_order),
        cmocka_unit_test(added_bytes_are_zero_even_where_others_were_before),
        cmocka_unit_test(adding_nothing_to_nothing_is_fine),
        cmocka_unit_test(the_ceiling_is_exact_and_refusing_changes_nothing),
        cmocka_unit_test(a_length_that_would_wrap_is_over_the_limit),
        cmocka_unit_test(growing_is_seldom),
        cmocka_unit_test(what_is_reserved_needs_no_more_memory),
        cmocka_unit_test(without_memory_the_buffer_is_as_it_was),
        cmocka_unit_test(releasing_wipes_all_of_it_and_keeps_the_ceiling),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
