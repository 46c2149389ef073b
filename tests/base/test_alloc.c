/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"

#include <string.h>

#include "support.h"
#include "watch_wipes.h"

static void new_memory_is_zeroed(void **state)
{
    static const uint8_t zeroes[300];

    (void)state;
    for (size_t size = 1; size <= sizeof zeroes; size++) {
        void *dirty = vl_new(size), *block;

        assert_non_null(dirty);
        memset(dirty, 0xa5, size);
        vl_free(dirty);
        block = vl_new(size);
        assert_non_null(block);
        assert_memory_equal(block, zeroes, size);
        vl_free(block);
    }
}

static void new_memory_of_no_bytes_is_memory_all_the_same(void **state)
{
    void *block = vl_new(0);

    (void)state;
    assert_non_null(block);
    vl_free(block);
}

static void growing_keeps_the_old_bytes_and_zeroes_the_new_ones(void **state)
{
    static const struct {
        size_t old_size, new_size;
    } rows[] = {{0, 1}, {1, 2}, {5, 64}, {64, 65}, {100, 5000}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        void *block = NULL;
        uint8_t *bytes;

        assert_int_equal(vl_grow(&block, 0, rows[i].old_size), VL_OK);
        if (block)
            memset(block, 0x5a, rows[i].old_size);
        assert_int_equal(vl_grow(&block, rows[i].old_size, rows[i].new_size), VL_OK);
        bytes = block;
        for (size_t at = 0; at < rows[i].new_size; at++)
            assert_int_equal(bytes[at], at < rows[i].old_size ? 0x5a : 0);
        vl_free(block);
    }
}

static void growing_to_less_changes_nothing(void **state)
{
    void *block = vl_new(8), *before = block;

    (void)state;
    assert_non_null(block);
    memset(block, 7, 8);
    assert_int_equal(vl_grow(&block, 8, 8), VL_OK);
    assert_int_equal(vl_grow(&block, 8, 3), VL_OK);
    assert_int_equal(vl_grow(&block, 8, 0), VL_OK);
    assert_ptr_equal(block, before);
    assert_memory_equal(block, "\7\7\7\7\7\7\7\7", 8);
    vl_free(block);
}

static void growing_wipes_the_old_copy(void **state)
{
    void *block = vl_new(40), *before = block;

    (void)state;
    assert_non_null(block);
    forget_wipes();
    assert_int_equal(vl_grow(&block, 40, 4000), VL_OK);
    assert_true(was_wiped(before, 40));
    vl_free(block);
}

static void a_failed_growth_leaves_the_block_as_it_was(void **state)
{
    void *block = vl_new(8), *before = block;

    (void)state;
    assert_non_null(block);
    memcpy(block, "as it is", 8);
    vl_alloc_fail_after(0);
    assert_int_equal(vl_grow(&block, 8, 16), VL_ERR_NO_MEMORY);
    assert_int_equal(vl_grow(&block, 8, 8), VL_OK); /* needs no memory */
    vl_alloc_fail_after(-1);
    assert_ptr_equal(block, before);
    assert_memory_equal(block, "as it is", 8);
    vl_free(block);
}

static void exactly_the_next_n_allocations_work(void **state)
{
    (void)state;
    for (long n = 0; n < 5; n++) {
        vl_alloc_fail_after(n);
        for (long i = 0; i < 8; i++) {
            void *block = NULL;

            if (i % 2)
                block = vl_new(1);
            else
                assert_int_equal(vl_grow(&block, 0, 1), i < n ? VL_OK : VL_ERR_NO_MEMORY);
            assert_true((block != NULL) == (i < n));
            vl_free(block);
        }
    }
    vl_alloc_fail_after(-1);
    for (int i = 0; i < 8; i++) {
        void *block = vl_new(1);

        assert_non_null(block);
        vl_free(block);
    }
}

static void wiping_covers_exactly_the_bytes_named(void **state)
{
    char bytes[] = "abcdef";

    (void)state;
    vl_wipe(bytes + 1, 3);
    assert_memory_equal(bytes, "a\0\0\0ef", sizeof bytes);
    vl_wipe(bytes, 0);
    vl_wipe(NULL, 0);
    assert_memory_equal(bytes, "a\0\0\0ef", sizeof bytes);
    assert_true(was_wiped(bytes + 1, 3)); /* by the function that compilers do not drop */
}

static void freeing_nothing_is_fine(void **state)
{
    (void)state;
    vl_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(new_memory_is_zeroed),
        cmocka_unit_test(new_memory_of_no_bytes_is_memory_all_the_same),
        cmocka_unit_test(growing_keeps_the_old_bytes_and_zeroes_the_new_ones),
        cmocka_unit_test(growing_to_less_changes_nothing),
        cmocka_unit_test(growing_wipes_the_old_copy),
        cmocka_unit_test(a_failed_growth_leaves_the_block_as_it_was),
        cmocka_unit_test(exactly_the_next_n_allocations_work),
        cmocka_unit_test(wiping_covers_exactly_the_bytes_named),
        cmocka_unit_test(freeing_nothing_is_fine),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
