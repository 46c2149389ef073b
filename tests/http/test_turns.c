/* SPDX-License-Identifier: Apache-2.0 */
/* http/turns.h: those who had much share a little of each round, and none of them waits for ever.
 */
#include "http/turns.h"
#include "support.h"

static void those_who_had_much_share_a_little_time(void **state)
{
    struct vl_turns turns = {.round = 0};

    (void)state;
    vl_turns_next(&turns);
    assert_true(vl_turns_may(&turns, 1, 0));
    vl_turns_took(&turns, 1, 1000);
    assert_true(vl_turns_may(&turns, 1, 0)); /* there is some left, also for the same one */
    vl_turns_took(&turns, 1, 1000);
    assert_false(vl_turns_may(&turns, 1, 0));
    assert_false(vl_turns_may(&turns, 2, 0));
    assert_false(vl_turns_may(&turns, 2, 249));
    vl_turns_next(&turns);
    assert_true(vl_turns_may(&turns, 2, 0));
}

static void who_waited_long_has_one_answer_in_a_round(void **state)
{
    struct vl_turns turns = {.round = 0};

    (void)state;
    vl_turns_next(&turns);
    vl_turns_took(&turns, 1, 100000);
    assert_false(vl_turns_may(&turns, 1, 1000)); /* it had one */
    assert_true(vl_turns_may(&turns, 2, 250));
    vl_turns_took(&turns, 2, 1);
    assert_false(vl_turns_may(&turns, 2, 250));
    vl_turns_next(&turns);
    vl_turns_took(&turns, 3, 100000);
    assert_true(vl_turns_may(&turns, 1, 250));
    assert_true(vl_turns_may(&turns, 2, 250));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(those_who_had_much_share_a_little_time),
        cmocka_unit_test(who_waited_long_has_one_answer_in_a_round),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
