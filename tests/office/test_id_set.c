/* SPDX-License-Identifier: Apache-2.0 */
/* office/id_set.h */
#include "support.h"

#include <string.h>

#include "base/alloc.h"
#include "office/id_set.h"

static void id_of(uint64_t n, uint8_t id[VL_HASH_LEN])
{
    vl_sha256(vl_bytes_of((const uint8_t *)&n, sizeof n), id);
}

static void each_id_is_new_once(void **state)
{
    struct vl_id_set set = VL_ID_SET_INIT;
    uint8_t id[VL_HASH_LEN];
    bool is_new;

    (void)state;
    for (int turn = 0; turn < 2; turn++)
        for (uint64_t i = 0; i < 5000; i++) {
            id_of(i, id);
            assert_int_equal(vl_id_set_has(&set, id), turn == 1);
            assert_int_equal(vl_id_set_add(&set, id, &is_new), VL_OK);
            assert_int_equal(is_new, turn == 0);
            assert_true(vl_id_set_has(&set, id));
        }
    assert_int_equal(set.count, 5000);
    id_of(5000, id);
    assert_false(vl_id_set_has(&set, id));
    vl_id_set_release(&set);
    vl_id_set_release(&set);
    assert_false(vl_id_set_has(&set, id));
}

static void ids_that_begin_alike_are_told_apart(void **state)
{
    struct vl_id_set set = VL_ID_SET_INIT;
    uint8_t id[VL_HASH_LEN] = "the same eight bytes at first ";
    bool is_new;

    (void)state;
    for (unsigned i = 0; i < 200; i++) {
        id[VL_HASH_LEN - 1] = (uint8_t)i;
        assert_int_equal(vl_id_set_add(&set, id, &is_new), VL_OK);
        assert_true(is_new);
    }
    assert_int_equal(set.count, 200);
    vl_id_set_release(&set);
}

static void without_memory_a_set_is_as_it_was(void **state)
{
    struct vl_id_set set = VL_ID_SET_INIT;
    uint8_t id[VL_HASH_LEN];
    uint64_t added = 0;

    (void)state;
    for (uint64_t i = 0; i < 300; i++) {
        bool is_new = true;
        enum vl_err err;

        id_of(i, id);
        vl_alloc_fail_after(i % 2);
        err = vl_id_set_add(&set, id, &is_new);
        vl_alloc_fail_after(-1);
        assert_true(err == VL_OK || err == VL_ERR_NO_MEMORY);
        assert_int_equal(is_new, err == VL_OK);
        if (err)
            assert_int_equal(vl_id_set_add(&set, id, &is_new), VL_OK);
        added++;
        assert_int_equal(set.count, added);
        for (uint64_t k = 0; k <= i; k++) {
            id_of(k, id);
            assert_true(vl_id_set_has(&set, id));
        }
    }
    vl_id_set_release(&set);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_id_is_new_once),
        cmocka_unit_test(ids_that_begin_alike_are_told_apart),
        cmocka_unit_test(without_memory_a_set_is_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
