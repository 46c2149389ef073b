/* SPDX-License-Identifier: Apache-2.0 */
/* An answer goes along with many sticks, and some are slow: it comes again, and late.  Letters that
 * moved on since stay where they are. */
#include "carrying.h"

#include "office/acts.h"

/* More than are found by their numbers. */
#define MANY (VL_ACTS_ABOUT_MAX + 2)

/* alma writes to bela; ciro and dora carry. */
struct journey {
    struct place place;
    struct number letter;
};

static void enter(struct journey *journey)
{
    static const char *const couriers[] = {"ciro", "dora"};

    memset(journey, 0, sizeof *journey);
    place_open(&journey->place);
    two_offices(&journey->place);
    for (size_t i = 0; i < 2; i++) {
        init(&journey->place, couriers[i]);
        introduce(&journey->place, "alma", couriers[i]);
        introduce(&journey->place, "bela", couriers[i]);
    }
    journey->letter = write_letter(&journey->place, "alma", "bela", "l");
}

static void leave(struct journey *journey)
{
    assert_sound(&journey->place, "alma");
    assert_sound(&journey->place, "ciro");
    place_close(&journey->place);
}

static enum vl_letter_way way(const struct journey *journey)
{
    return way_of(&journey->place, "alma", &journey->letter);
}

/* The letter, or with `only_evidence` what else there is to tell, goes on a new stick of this name,
 * and whoever gets it takes it. */
static void passes(const struct journey *journey, const char *from, const char *to,
                   const char *stick, bool only_evidence)
{
    make_stick(&journey->place, stick);
    assert_int_equal(hand(&journey->place, from, to, only_evidence ? NULL : journey->letter.text,
                          stick) > 0,
                     !only_evidence);
    assert_int_equal(takes(&journey->place, to, stick) > 0, !only_evidence);
}

/* What was answered onto a stick comes back with it. */
static void comes_home(const struct journey *journey, const char *stick)
{
    assert_int_equal(takes(&journey->place, "alma", stick), 0);
}

static void one_that_came_back_waits_whatever_comes_again(void **state)
{
    struct journey journey;

    (void)state;
    enter(&journey);
    passes(&journey, "alma", "ciro", "one", false);
    comes_home(&journey, "one");
    assert_int_equal(way(&journey), VL_WAY_PASSED);
    passes(&journey, "ciro", "alma", "two", false);
    assert_int_equal(way(&journey), VL_WAY_WAITING);
    passes(&journey, "ciro", "alma", "three", true);
    assert_int_equal(way(&journey), VL_WAY_WAITING);
    /* It goes on, and only who has it now moves it. */
    passes(&journey, "alma", "bela", "four", false);
    passes(&journey, "ciro", "alma", "five", true);
    assert_int_equal(way(&journey), VL_WAY_HANDED);
    comes_home(&journey, "four");
    assert_int_equal(way(&journey), VL_WAY_RECEIPTED);
    leave(&journey);
}

static void one_that_came_back_twice_waits_whatever_comes_again(void **state)
{
    struct journey journey;

    (void)state;
    enter(&journey);
    passes(&journey, "alma", "ciro", "one", false);
    passes(&journey, "ciro", "alma", "two", false);
    passes(&journey, "alma", "ciro", "three", false);
    comes_home(&journey, "three");
    assert_int_equal(way(&journey), VL_WAY_PASSED);
    passes(&journey, "ciro", "alma", "four", false);
    assert_int_equal(way(&journey), VL_WAY_WAITING);
    comes_home(&journey, "one");
    passes(&journey, "ciro", "alma", "five", true);
    assert_int_equal(way(&journey), VL_WAY_WAITING);
    leave(&journey);
}

/* Nobody knew that he had it until he gave it back. */
static void an_answer_that_is_slower_than_the_letter_moves_nothing(void **state)
{
    struct journey journey;

    (void)state;
    enter(&journey);
    passes(&journey, "alma", "ciro", "one", false);
    passes(&journey, "ciro", "alma", "two", false);
    assert_int_equal(way(&journey), VL_WAY_WAITING);
    comes_home(&journey, "one");
    assert_int_equal(way(&journey), VL_WAY_WAITING);
    leave(&journey);
}

/* Two sticks went, to two couriers; the first one was slow, and its courier has the letter. */
static void an_answer_to_an_older_hand_over_counts_when_nothing_came_back(void **state)
{
    struct journey journey;

    (void)state;
    enter(&journey);
    passes(&journey, "alma", "ciro", "one", false);
    make_stick(&journey.place, "two");
    assert_int_equal(hand(&journey.place, "alma", "dora", journey.letter.text, "two"), 1);
    assert_int_equal(way(&journey), VL_WAY_HANDED);
    comes_home(&journey, "one");
    assert_int_equal(way(&journey), VL_WAY_PASSED);
    leave(&journey);
}

/* It waits already, and then it is brought back, by another one than was handed it. */
static void one_that_was_called_lost_and_came_back_waits(void **state)
{
    struct journey journey;

    (void)state;
    enter(&journey);
    introduce(&journey.place, "ciro", "dora");
    passes(&journey, "alma", "ciro", "one", false);
    says_lost(&journey.place, "alma", &journey.letter);
    assert_int_equal(way(&journey), VL_WAY_WAITING);
    passes(&journey, "ciro", "dora", "two", false);
    passes(&journey, "dora", "alma", "three", false);
    assert_int_equal(way(&journey), VL_WAY_WAITING);
    comes_home(&journey, "one");
    assert_int_equal(way(&journey), VL_WAY_WAITING);
    leave(&journey);
}

static void refuses(const struct journey *journey, const char *name, const char *stick)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&journey->place, name);
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    const struct path path = in(&journey->place, stick);
    const struct vl_take_stick_request request = {.stick = path.text,
                                                  .refuse = "no-time",
                                                  .now_s = NOW,
                                                  .asker = nobody,
                                                  .rng = vl_rng_system()};
    struct vl_why why = {""};

    assert_err(vl_take_stick(&home, &request, &taken, &why), VL_OK, &why);
}

/* One letter, or so many that no number finds the hand-over. */
static void a_refusal_that_comes_again_takes_nothing_from_whoever_has_it(void **state)
{
    static const size_t counts[] = {1, MANY};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct journey journey;

        enter(&journey);
        for (size_t k = 1; k < counts[i]; k++) {
            char name[32];

            (void)snprintf(name, sizeof name, "more-%zu", k);
            (void)write_letter(&journey.place, "alma", "bela", name);
        }
        make_stick(&journey.place, "one");
        {
            VL_AUTO(vl_home_close) struct vl_home home = home_of(&journey.place, "alma");
            VL_AUTO(vl_handed_release) struct vl_handed handed = {0};
            const struct path path = in(&journey.place, "one");
            const struct vl_hand_request request = {.office = "ciro",
                                                    .stick = path.text,
                                                    .all = true,
                                                    .now_s = NOW,
                                                    .asker = nobody,
                                                    .rng = vl_rng_system()};
            struct vl_why why = {""};

            assert_err(vl_hand(&home, &request, &handed, &why), VL_OK, &why);
            assert_int_equal(handed.letter_count, counts[i]);
        }
        refuses(&journey, "ciro", "one");
        comes_home(&journey, "one");
        assert_int_equal(way(&journey), VL_WAY_WAITING);
        make_stick(&journey.place, "two");
        assert_int_equal(hand(&journey.place, "alma", "bela", NULL, "two"), counts[i]);
        assert_int_equal(way(&journey), VL_WAY_HANDED);
        passes(&journey, "ciro", "alma", "three", true);
        assert_int_equal(way(&journey), VL_WAY_HANDED);
        leave(&journey);
    }
}

/* Of what was handed over before there were places, an answer counts as it did; and it was before
 * all that has one. */
static void hand_overs_from_before_there_were_places(void **state)
{
    static const uint8_t none[VL_HASH_LEN] = {0};
    uint8_t one[VL_HASH_LEN] = {1}, two[VL_HASH_LEN] = {2};
    struct place place;
    struct vl_why why = {""};
    bool later = true;

    (void)state;
    place_open(&place);
    init(&place, "alma");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");

        assert_err(vl_store_begin(home.store, &why), VL_OK, &why);
        assert_err(vl_handover_note(home.store, one, &why), VL_OK, &why);
        assert_err(vl_handover_note(home.store, two, &why), VL_OK, &why);
        assert_err(vl_handover_note(home.store, one, &why), VL_OK, &why); /* where it was */
        assert_err(vl_store_commit(home.store, &why), VL_OK, &why);
        assert_err(vl_handover_is_later(home.store, two, one, &later, &why), VL_OK, &why);
        assert_true(later);
        assert_err(vl_handover_is_later(home.store, one, two, &later, &why), VL_OK, &why);
        assert_false(later);
        assert_err(vl_handover_is_later(home.store, one, none, &later, &why), VL_OK, &why);
        assert_true(later);
        assert_err(vl_handover_is_later(home.store, none, one, &later, &why), VL_OK, &why);
        assert_false(later);
        assert_err(vl_handover_is_later(home.store, none, none, &later, &why), VL_OK, &why);
        assert_false(later);
    }
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_that_came_back_waits_whatever_comes_again),
        cmocka_unit_test(one_that_came_back_twice_waits_whatever_comes_again),
        cmocka_unit_test(an_answer_that_is_slower_than_the_letter_moves_nothing),
        cmocka_unit_test(an_answer_to_an_older_hand_over_counts_when_nothing_came_back),
        cmocka_unit_test(one_that_was_called_lost_and_came_back_waits),
        cmocka_unit_test(a_refusal_that_comes_again_takes_nothing_from_whoever_has_it),
        cmocka_unit_test(hand_overs_from_before_there_were_places),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
