/* SPDX-License-Identifier: Apache-2.0 */
/* Two homes of one office: what one of them signs is told where it comes back to the other. */
#include "carrying.h"

#include "office/cards.h"
#include "office/keeping.h"
#include "office/twins.h"

static bool is_told(const struct place *place, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);
    struct vl_twins twins;
    struct vl_why why = {""};

    assert_err(vl_twins_find(home.store, &twins, &why), VL_OK, &why);
    return twins.open > 0;
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

struct heard {
    bool any;
    enum vl_doctor_verdict verdict;
    char text[400];
};

static void hear(void *self, const char *what, enum vl_doctor_verdict verdict, const char *text)
{
    struct heard *heard = self;

    if (strcmp(what, "copies") != 0)
        return;
    assert_false(heard->any);
    heard->any = true;
    heard->verdict = verdict;
    (void)snprintf(heard->text, sizeof heard->text, "%s", text);
}

static struct heard doctor(const struct place *place, const char *name, bool signed_by_me)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);
    struct heard heard = {.any = false};
    const struct vl_doctor_request request = {.signed_by_me = signed_by_me,
                                              .now_s = NOW,
                                              .told = hear,
                                              .told_self = &heard};
    size_t warnings, failures;
    struct vl_why why = {""};

    assert_err(vl_doctor(&home, &request, &warnings, &failures, &why), VL_OK, &why);
    return heard;
}

static void what_its_owner_answers_for_is_warned_of_no_more(void **state)
{
    struct place place;
    struct heard heard;

    (void)state;
    place_open(&place);
    two_offices(&place);
    copy_home(&place, "alma", "copy");
    assert_false(doctor(&place, "alma", false).any);
    (void)write_letter(&place, "copy", "bela", "one");
    (void)write_letter(&place, "copy", "bela", "two");
    (void)write_letter(&place, "copy", "bela", "three");
    (void)take(&place, "alma", "one.evidence");
    (void)take(&place, "alma", "two.evidence");
    heard = doctor(&place, "alma", false);
    assert_int_equal(heard.verdict, VL_DOCTOR_WARN);
    heard = doctor(&place, "alma", true);
    assert_int_equal(heard.verdict, VL_DOCTOR_OK);
    assert_non_null(strstr(heard.text, "2 signed acts were made"));
    assert_int_equal(doctor(&place, "alma", false).verdict, VL_DOCTOR_OK);

    /* The same again is nothing new; another one is. */
    (void)take(&place, "alma", "one.evidence");
    assert_int_equal(doctor(&place, "alma", false).verdict, VL_DOCTOR_OK);
    (void)take(&place, "alma", "three.evidence");
    assert_int_equal(doctor(&place, "alma", false).verdict, VL_DOCTOR_WARN);
    place_close(&place);
}

/* A key that is out of use is the answer; a rotation that says nothing of a copy is none. */
static void a_rotation_answers_for_what_came_back_before_it(void **state)
{
    static const struct {
        bool compromised, not_newer, answers;
    } rows[] = {{false, false, false}, {true, false, true}, {false, true, true}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct place place;
        struct vl_why why = {""};

        place_open(&place);
        two_offices(&place);
        copy_home(&place, "alma", "copy");
        (void)write_letter(&place, "copy", "bela", "one");
        (void)write_letter(&place, "copy", "bela", "two");
        (void)take(&place, "alma", "one.evidence");
        {
            VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");
            const struct vl_card_rotate_request request = {.compromised = rows[i].compromised,
                                                           .not_newer = rows[i].not_newer,
                                                           .now_s = NOW + 1,
                                                           .asker = nobody,
                                                           .rng = vl_rng_system()};
            uint64_t serial = 0;
            bool unplanned = false;

            assert_err(vl_cards_rotate(&home, &request, &serial, &unplanned, &why), VL_OK, &why);
        }
        assert_int_equal(doctor(&place, "alma", false).verdict,
                         rows[i].answers ? VL_DOCTOR_OK : VL_DOCTOR_WARN);
        (void)take(&place, "alma", "two.evidence");
        assert_int_equal(doctor(&place, "alma", false).verdict, VL_DOCTOR_WARN);
        place_close(&place);
    }
}

/* Whoever has the keys can sign without end: what is remembered has one. */
static void of_too_many_the_newest_are_remembered(void **state)
{
    struct place place;
    struct vl_twins twins;
    struct vl_why why = {""};

    (void)state;
    place_open(&place);
    two_offices(&place);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");
        uint8_t id[VL_HASH_LEN] = {0};

        assert_err(vl_store_begin(home.store, &why), VL_OK, &why);
        for (unsigned turn = 0; turn < 2; turn++) {
            for (unsigned i = 0; i < VL_TWINS_MAX + 5; i++) {
                id[0] = (uint8_t)i;
                id[1] = (uint8_t)(i >> 8);
                id[2] = (uint8_t)turn;
                assert_err(vl_twin_keep(home.store, id, &why), VL_OK, &why);
                assert_err(vl_twin_keep(home.store, id, &why), VL_OK, &why);
            }
            assert_err(vl_twins_find(home.store, &twins, &why), VL_OK, &why);
            assert_int_equal(twins.open, VL_TWINS_MAX);
            assert_memory_equal(twins.newest, id, VL_HASH_LEN);
            assert_err(vl_twins_settle(home.store, &why), VL_OK, &why);
            assert_err(vl_twins_find(home.store, &twins, &why), VL_OK, &why);
            assert_int_equal(twins.open, 0);
            assert_int_equal(twins.settled, VL_TWINS_MAX);
        }
        assert_err(vl_store_commit(home.store, &why), VL_OK, &why);
    }
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_bag_of_a_copy_is_told),
        cmocka_unit_test(what_a_copy_signed_is_told_from_a_file),
        cmocka_unit_test(what_its_owner_answers_for_is_warned_of_no_more),
        cmocka_unit_test(a_rotation_answers_for_what_came_back_before_it),
        cmocka_unit_test(of_too_many_the_newest_are_remembered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
