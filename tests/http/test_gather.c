/* SPDX-License-Identifier: Apache-2.0 */
/* http/gather.h: who waits for others, and how long. */
#include "http/gather.h"

#include "support.h"

static void when_all_who_are_connected_are_there_nobody_waits(void **state)
{
    struct vl_gather gather = {0};

    (void)state;
    assert_true(vl_gather_is_full(&gather, 1, 1, 100));
    vl_gather_end(&gather);
    assert_false(vl_gather_is_full(&gather, 63, 64, 200));
    assert_true(vl_gather_is_full(&gather, 64, 64, 300));
}

static void when_nobody_came_in_two_rounds_all_have_asked(void **state)
{
    struct vl_gather gather = {0};

    (void)state;
    assert_false(vl_gather_is_full(&gather, 3, 64, 100));
    assert_false(vl_gather_is_full(&gather, 3, 64, 200));
    assert_false(vl_gather_is_full(&gather, 5, 64, 300)); /* two more came */
    assert_false(vl_gather_is_full(&gather, 5, 64, 400));
    assert_true(vl_gather_is_full(&gather, 5, 64, 500));
    vl_gather_end(&gather);
    assert_false(vl_gather_is_full(&gather, 5, 64, 600)); /* others, who begin anew */
    assert_false(vl_gather_is_full(&gather, 5, 64, 700));
}

static void whoever_is_first_waits_five_milliseconds_at_most(void **state)
{
    struct vl_gather gather = {0};
    uint64_t now_us = 1000;
    size_t waiting = 1;

    (void)state;
    while (!vl_gather_is_full(&gather, waiting++, 1000, now_us))
        now_us += 100;
    assert_in_range(now_us, 6000, 6100);
}

static void a_round_rests_as_long_as_it_is_worth(void **state)
{
    static const struct {
        uint64_t took_us, rest_us;
    } rows[] = {{0, 0}, {15, 0}, {160, 10}, {8000, 500}, {16000, 1000}, {UINT64_MAX, 1000}};
    struct vl_gather gather = {0};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        vl_gather_took(&gather, rows[i].took_us);
        assert_int_equal(vl_gather_rest_us(&gather), 0); /* nobody waits */
        assert_false(vl_gather_is_full(&gather, 1, 64, 100));
        assert_int_equal(vl_gather_rest_us(&gather), rows[i].rest_us);
        vl_gather_end(&gather);
        assert_int_equal(vl_gather_rest_us(&gather), 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(when_all_who_are_connected_are_there_nobody_waits),
        cmocka_unit_test(when_nobody_came_in_two_rounds_all_have_asked),
        cmocka_unit_test(whoever_is_first_waits_five_milliseconds_at_most),
        cmocka_unit_test(a_round_rests_as_long_as_it_is_worth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
