/* SPDX-License-Identifier: Apache-2.0 */
/* One letter to several offices, carried by hand: each of them gets it, once. */
#include "carrying.h"

#include "office/acts.h"

#define TO_MAX 3

/* alma writes to bela, cora and dora, or to the first of them. */
struct several {
    struct place place;
    size_t to_count;
    struct number letter;
};

static const char *const addressees[TO_MAX] = {"bela", "cora", "dora"};

static void enter(struct several *several, size_t to_count)
{
    const struct vl_write_request request = {.offices = (const char *const *)addressees,
                                             .office_count = to_count,
                                             .text = VL_LITERAL("The bridge is closed.\n"),
                                             .now_s = NOW,
                                             .asker = nobody,
                                             .rng = vl_rng_system()};
    struct vl_written written = {.size = 0};
    struct vl_why why = {""};

    memset(several, 0, sizeof *several);
    several->to_count = to_count;
    place_open(&several->place);
    init(&several->place, "alma");
    for (size_t i = 0; i < to_count; i++) {
        init(&several->place, addressees[i]);
        introduce(&several->place, "alma", addressees[i]);
    }
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&several->place, "alma");

        assert_err(vl_write(&home, &request, &written, &why), VL_OK, &why);
    }
    several->letter = number_of(written.number);
}

static void leave(struct several *several)
{
    assert_sound(&several->place, "alma");
    for (size_t i = 0; i < several->to_count; i++)
        assert_sound(&several->place, addressees[i]);
    place_close(&several->place);
}

/* How many letters go to that office on a new stick of this name. */
static size_t goes(const struct several *several, const char *to, const char *stick, bool again)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&several->place, "alma");
    VL_AUTO(vl_handed_release) struct vl_handed handed = {0};
    const struct path path = in(&several->place, stick);
    const struct vl_hand_request request = {.office = to,
                                            .stick = path.text,
                                            .again = again,
                                            .now_s = NOW,
                                            .asker = nobody,
                                            .rng = vl_rng_system()};
    struct vl_why why = {""};

    make_stick(&several->place, stick);
    assert_err(vl_hand(&home, &request, &handed, &why), VL_OK, &why);
    return handed.letter_count;
}

/* That office takes the one letter on this stick, and alma what it says to it. */
static void signs(const struct several *several, const char *office, const char *stick)
{
    assert_int_equal(takes(&several->place, office, stick), 1);
    assert_int_equal(takes(&several->place, "alma", stick), 0);
}

static enum vl_letter_way way(const struct several *several)
{
    return way_of(&several->place, "alma", &several->letter);
}

static enum vl_addressee_state state_of(const struct several *several, const char *office)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&several->place, "alma");
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&home, &several->letter);
    VL_AUTO(vl_office_row_release) struct vl_office_row named = office_row(&home, office);
    enum vl_addressee_state state = VL_ADDRESSEE_NONE;
    struct vl_office_id id;
    struct vl_why why = {""};

    memcpy(id.at, named.office, VL_HASH_LEN);
    assert_err(vl_addressee_state(home.store, &row, id.at, &state, &why), VL_OK, &why);
    return state;
}

static void both_get_it_once_and_it_is_done_when_both_signed(void **state)
{
    struct several several;

    (void)state;
    enter(&several, 2);
    assert_int_equal(goes(&several, "bela", "one", false), 1);
    assert_int_equal(way(&several), VL_WAY_HANDED);
    signs(&several, "bela", "one");
    /* The first who signs does not end it for the second. */
    assert_int_equal(way(&several), VL_WAY_WAITING);
    assert_int_equal(state_of(&several, "bela"), VL_ADDRESSEE_RECEIPTED);
    assert_int_equal(goes(&several, "bela", "not", false), 0);
    assert_int_equal(goes(&several, "bela", "nor", true), 0);
    assert_int_equal(goes(&several, "cora", "two", false), 1);
    assert_int_equal(way(&several), VL_WAY_HANDED);
    assert_int_equal(goes(&several, "cora", "three", false), 0);
    signs(&several, "cora", "two");
    assert_int_equal(way(&several), VL_WAY_RECEIPTED);
    assert_int_equal(goes(&several, "cora", "four", true), 0);
    /* It is for each of them, and goes on from neither. */
    assert_int_equal(way_of(&several.place, "bela", &several.letter), VL_WAY_NONE);
    assert_int_equal(way_of(&several.place, "cora", &several.letter), VL_WAY_NONE);
    leave(&several);
}

static void receipts_come_in_whatever_order(void **state)
{
    struct several several;

    (void)state;
    enter(&several, 2);
    assert_int_equal(goes(&several, "bela", "one", false), 1);
    assert_int_equal(goes(&several, "cora", "two", false), 1); /* nobody has signed yet */
    signs(&several, "cora", "two");
    assert_int_equal(way(&several), VL_WAY_HANDED);
    signs(&several, "bela", "one");
    assert_int_equal(way(&several), VL_WAY_RECEIPTED);
    leave(&several);
}

static void again_is_for_those_who_did_not_sign(void **state)
{
    struct several several;

    (void)state;
    enter(&several, 2);
    assert_int_equal(goes(&several, "bela", "lost", false), 1);
    assert_int_equal(goes(&several, "bela", "not", false), 0);
    assert_int_equal(goes(&several, "bela", "one", true), 1);
    signs(&several, "bela", "one");
    assert_int_equal(goes(&several, "bela", "nor", true), 0);
    /* The stick that was lost turns up. */
    signs(&several, "bela", "lost");
    assert_int_equal(size_of(&several.place, "bela").letters, 1);
    assert_int_equal(way(&several), VL_WAY_WAITING);
    assert_int_equal(goes(&several, "cora", "two", false), 1);
    signs(&several, "cora", "two");
    assert_int_equal(way(&several), VL_WAY_RECEIPTED);
    leave(&several);
}

static void one_that_was_lost_waits_for_those_who_were_handed_it(void **state)
{
    struct several several;

    (void)state;
    enter(&several, 2);
    assert_int_equal(goes(&several, "bela", "one", false), 1);
    signs(&several, "bela", "one");
    assert_int_equal(goes(&several, "cora", "drowned", false), 1);
    says_lost(&several.place, "alma", &several.letter);
    assert_int_equal(way(&several), VL_WAY_WAITING);
    assert_int_equal(goes(&several, "bela", "not", false), 0); /* who has it */
    assert_int_equal(goes(&several, "cora", "two", false), 1);
    signs(&several, "cora", "two");
    assert_int_equal(way(&several), VL_WAY_RECEIPTED);
    leave(&several);
}

/* It waits already, for somebody else. */
static void one_that_was_lost_while_it_waits_for_another(void **state)
{
    struct several several;

    (void)state;
    enter(&several, 3);
    assert_int_equal(goes(&several, "bela", "drowned", false), 1);
    assert_int_equal(goes(&several, "cora", "two", false), 1);
    signs(&several, "cora", "two");
    assert_int_equal(way(&several), VL_WAY_WAITING); /* dora's */
    says_lost(&several.place, "alma", &several.letter);
    assert_int_equal(goes(&several, "cora", "not", false), 0);
    assert_int_equal(goes(&several, "bela", "one", false), 1);
    assert_int_equal(goes(&several, "dora", "three", false), 1);
    leave(&several);
}

static void one_that_was_refused_waits_for_who_refused_it(void **state)
{
    struct several several;

    (void)state;
    enter(&several, 2);
    assert_int_equal(goes(&several, "bela", "one", false), 1);
    assert_int_equal(goes(&several, "cora", "two", false), 1);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&several.place, "bela");
        VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
        const struct path path = in(&several.place, "one");
        const struct vl_take_stick_request request = {.stick = path.text,
                                                      .refuse = "other",
                                                      .now_s = NOW,
                                                      .asker = nobody,
                                                      .rng = vl_rng_system()};
        struct vl_why why = {""};

        assert_err(vl_take_stick(&home, &request, &taken, &why), VL_OK, &why);
    }
    assert_int_equal(takes(&several.place, "alma", "one"), 0);
    assert_int_equal(way(&several), VL_WAY_WAITING);
    assert_int_equal(state_of(&several, "bela"), VL_ADDRESSEE_NONE);
    assert_int_equal(goes(&several, "cora", "not", false), 0);
    assert_int_equal(goes(&several, "bela", "again", false), 1);
    leave(&several);
}

/* The folder of the stick's bags is in the way of a bag. */
static enum vl_err hand_to_cora(void *self, struct vl_why *why)
{
    const struct several *several = self;
    struct vl_home home = VL_HOME_INIT;
    struct vl_handed handed = {0};
    enum vl_err err = try_home(&several->place, "alma", &home, why);

    if (!err)
        err = try_hand(&several->place, &home, "cora", NULL, "stick", &handed, why);
    vl_handed_release(&handed);
    vl_home_close(&home);
    vl_alloc_fail_after(-1);
    /* bela has it, whatever becomes of cora's. */
    assert_int_equal(state_of(several, "bela"), VL_ADDRESSEE_RECEIPTED);
    if (!err) {
        assert_int_equal(state_of(several, "cora"), VL_ADDRESSEE_HANDED);
        assert_int_equal(way(several), VL_WAY_HANDED);
    }
    return err;
}

static void with_each_allocation_failing_once_nobody_is_forgotten(void **state)
{
    struct several several;

    (void)state;
    enter(&several, 2);
    assert_int_equal(goes(&several, "bela", "one", false), 1);
    signs(&several, "bela", "one");
    make_stick(&several.place, "stick");
    assert_true(each_allocation_fails(hand_to_cora, &several) > 50);
    signs(&several, "cora", "stick");
    assert_int_equal(way(&several), VL_WAY_RECEIPTED);
    leave(&several);
}

/* Somebody presses Ctrl-C when it was asked so often whether to stop. */
static bool stop_now(void *self)
{
    long *left = self;

    return (*left)-- == 0;
}

static void one_that_was_stopped_is_handed_to_nobody(void **state)
{
    struct several several;
    enum vl_err err = VL_ERR_INTERRUPTED;
    struct vl_why why = {""};

    (void)state;
    enter(&several, 2);
    assert_int_equal(goes(&several, "bela", "one", false), 1);
    make_stick(&several.place, "stick");
    for (long asked = 0; err; asked++) {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&several.place, "alma");
        VL_AUTO(vl_handed_release) struct vl_handed handed = {0};
        const struct path path = in(&several.place, "stick");
        long left = asked;
        const struct vl_hand_request request = {.office = "cora",
                                                .stick = path.text,
                                                .now_s = NOW,
                                                .asker = nobody,
                                                .rng = vl_rng_system(),
                                                .watch = {.stop = stop_now, .self = &left}};

        err = vl_hand(&home, &request, &handed, &why);
        assert_true(!err || err == VL_ERR_INTERRUPTED);
        assert_int_equal(handed.letter_count, 1); /* not only with --again */
        vl_home_close(&home);
        assert_int_equal(state_of(&several, "cora"), err ? VL_ADDRESSEE_NONE : VL_ADDRESSEE_HANDED);
        assert_int_equal(state_of(&several, "bela"), VL_ADDRESSEE_HANDED);
        assert_int_equal(way(&several), VL_WAY_HANDED);
        assert_true(asked < 100);
    }
    assert_int_equal(takes(&several.place, "cora", "stick"), 1);
    leave(&several);
}

/* A courier who brings it back reached none of them. */
static void one_that_comes_back_waits_for_whom_it_did_not_reach(void **state)
{
    struct several several;

    (void)state;
    enter(&several, 3);
    init(&several.place, "eva");
    introduce(&several.place, "alma", "eva");
    assert_int_equal(goes(&several, "bela", "one", false), 1);
    signs(&several, "bela", "one");
    make_stick(&several.place, "two");
    assert_int_equal(hand(&several.place, "alma", "eva", several.letter.text, "two"), 1);
    assert_int_equal(way(&several), VL_WAY_HANDED);
    signs(&several, "eva", "two");
    assert_int_equal(way(&several), VL_WAY_PASSED);
    make_stick(&several.place, "back");
    assert_int_equal(hand(&several.place, "eva", "alma", several.letter.text, "back"), 1);
    assert_int_equal(takes(&several.place, "alma", "back"), 1);
    assert_int_equal(way(&several), VL_WAY_WAITING);
    assert_int_equal(goes(&several, "bela", "not", false), 0);
    assert_int_equal(goes(&several, "cora", "three", false), 1);
    assert_int_equal(goes(&several, "dora", "four", false), 1);
    leave(&several);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_get_it_once_and_it_is_done_when_both_signed),
        cmocka_unit_test(receipts_come_in_whatever_order),
        cmocka_unit_test(again_is_for_those_who_did_not_sign),
        cmocka_unit_test(one_that_was_lost_waits_for_those_who_were_handed_it),
        cmocka_unit_test(one_that_was_lost_while_it_waits_for_another),
        cmocka_unit_test(one_that_was_refused_waits_for_who_refused_it),
        cmocka_unit_test(with_each_allocation_failing_once_nobody_is_forgotten),
        cmocka_unit_test(one_that_was_stopped_is_handed_to_nobody),
        cmocka_unit_test(one_that_comes_back_waits_for_whom_it_did_not_reach),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
