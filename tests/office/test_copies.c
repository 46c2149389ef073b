/* SPDX-License-Identifier: Apache-2.0 */
/* Two homes of one office: what one of them signs is told where it comes back to the other. */
#include "carrying.h"

#include "office/keep_evidence.h"

static bool is_told(const struct place *place, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);
    VL_AUTO(vl_buf_release) struct vl_buf id = VL_BUF_INIT(VL_HASH_LEN);
    struct vl_why why = {""};

    return vl_store_fact(home.store, VL_FACT_TWIN, &id, &why) == VL_OK;
}

static void a_bag_of_a_copy_is_told(void **state)
{
    struct place place;
    struct vl_why why = {""};

    (void)state;
    place_open(&place);
    two_offices(&place);
    copy_home(&place, "alma", "copy");
    make_stick(&place, "stick");
    (void)write_letter(&place, "alma", "bela", "one");
    assert_int_equal(hand(&place, "alma", "bela", NULL, "stick"), 1);
    assert_int_equal(takes(&place, "alma", "stick"), 0);
    assert_false(is_told(&place, "alma")); /* its own */
    (void)write_letter(&place, "copy", "bela", "two");
    assert_int_equal(hand(&place, "copy", "bela", NULL, "stick"), 1);
    for (int keeps = 0; keeps < 2; keeps++) {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");
        VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
        const struct path path = in(&place, "stick");
        const struct vl_take_stick_request request = {.stick = path.text,
                                                      .dry_run = !keeps,
                                                      .now_s = NOW,
                                                      .asker = nobody,
                                                      .rng = vl_rng_system()};

        assert_err(vl_take_stick(&home, &request, &taken, &why), VL_OK, &why);
        assert_int_equal(taken.own, 2);
        assert_int_equal(taken.own_twins, 1);
        vl_home_close(&home);
        home = (struct vl_home)VL_HOME_INIT;
        assert_int_equal(is_told(&place, "alma"), keeps);
    }
    assert_true(is_told(&place, "alma"));
    place_close(&place);
}

static void what_a_copy_signed_is_told_from_a_file(void **state)
{
    struct place place;

    (void)state;
    place_open(&place);
    two_offices(&place);
    copy_home(&place, "alma", "copy");
    (void)write_letter(&place, "alma", "bela", "one");
    assert_int_equal(take(&place, "alma", "one.evidence").not_signed_here, 0);
    assert_false(is_told(&place, "alma"));
    (void)write_letter(&place, "copy", "bela", "two");
    assert_int_equal(take(&place, "alma", "two.evidence").not_signed_here, 1);
    assert_true(is_told(&place, "alma"));
    assert_int_equal(take(&place, "bela", "two.evidence").not_signed_here, 0);
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bag_of_a_copy_is_told),
        cmocka_unit_test(what_a_copy_signed_is_told_from_a_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
