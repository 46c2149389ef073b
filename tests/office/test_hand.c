/* SPDX-License-Identifier: Apache-2.0 */
/* office/hand.h and office/take_stick.h: what they promise, also while every allocation fails once.
 */
#include "carrying.h"

struct use {
    struct place place;
    struct number letter;
};

static void use_open(struct use *use)
{
    memset(use, 0, sizeof *use);
    place_open(&use->place);
    two_offices(&use->place);
    use->letter = write_letter(&use->place, "alma", "bela", "l");
    make_stick(&use->place, "stick");
}

static void a_letter_goes_and_its_receipt_comes_back(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    assert_int_equal(way_of(&use.place, "alma", &use.letter), VL_WAY_WAITING);
    assert_int_equal(hand(&use.place, "alma", "bela", NULL, "stick"), 1);
    assert_int_equal(way_of(&use.place, "alma", &use.letter), VL_WAY_HANDED);
    assert_int_equal(takes(&use.place, "bela", "stick"), 1);
    assert_int_equal(way_of(&use.place, "bela", &use.letter), VL_WAY_NONE);
    assert_int_equal(takes(&use.place, "bela", "stick"), 0); /* once */
    assert_int_equal(takes(&use.place, "alma", "stick"), 0);
    assert_int_equal(way_of(&use.place, "alma", &use.letter), VL_WAY_RECEIPTED);
    assert_int_equal(hand(&use.place, "alma", "bela", NULL, "stick"), 0);
    assert_sound(&use.place, "alma");
    assert_sound(&use.place, "bela");
    place_close(&use.place);
}

static void a_letter_that_comes_back_waits_again(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    init(&use.place, "cora");
    introduce(&use.place, "alma", "cora");
    introduce(&use.place, "bela", "cora");
    make_stick(&use.place, "there");
    make_stick(&use.place, "back");
    make_stick(&use.place, "again");
    assert_int_equal(hand(&use.place, "alma", "cora", use.letter.text, "there"), 1);
    assert_int_equal(takes(&use.place, "cora", "there"), 1);
    assert_int_equal(takes(&use.place, "alma", "there"), 0);
    assert_int_equal(way_of(&use.place, "alma", &use.letter), VL_WAY_PASSED);
    assert_int_equal(hand(&use.place, "cora", "alma", use.letter.text, "back"), 1);
    assert_int_equal(takes(&use.place, "alma", "back"), 1);
    assert_int_equal(way_of(&use.place, "alma", &use.letter), VL_WAY_WAITING);
    assert_int_equal(hand(&use.place, "alma", "bela", NULL, "again"), 1);
    assert_int_equal(takes(&use.place, "bela", "again"), 1);
    place_close(&use.place);
}

static void know(const struct place *place, const char *who, const char *whom)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, who);
    VL_AUTO(vl_buf_release) struct vl_buf card = card_of(place, whom);

    (void)add(&home, vl_buf_bytes(&card), whom);
}

static void what_nobody_known_gave_goes_on_when_its_card_is_added(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    init(&use.place, "dora");
    know(&use.place, "dora", "alma");
    know(&use.place, "dora", "bela");
    use.letter = write_letter(&use.place, "dora", "alma", "by-dora");
    make_stick(&use.place, "on");
    assert_int_equal(hand(&use.place, "dora", "bela", use.letter.text, "stick"), 1);
    assert_int_equal(takes(&use.place, "bela", "stick"), 1);
    assert_int_equal(way_of(&use.place, "bela", &use.letter), VL_WAY_WAITING);
    assert_int_equal(hand(&use.place, "bela", "alma", NULL, "on"), 0); /* held apart */
    know(&use.place, "bela", "dora");
    assert_int_equal(hand(&use.place, "bela", "alma", NULL, "on"), 1);
    assert_int_equal(takes(&use.place, "alma", "on"), 1);
    assert_sound(&use.place, "bela");
    place_close(&use.place);
}

/* From here on memory is there again: to look at what was left. */
static void look(void)
{
    vl_alloc_fail_after(-1);
}

static enum vl_err hand_one(void *self, struct vl_why *why)
{
    struct use *use = self;
    struct vl_home home = VL_HOME_INIT;
    struct vl_handed handed = {0};
    enum vl_err err = try_home(&use->place, "alma", &home, why);

    if (!err)
        err = try_hand(&use->place, &home, "bela", NULL, "stick", &handed, why);
    vl_handed_release(&handed);
    vl_home_close(&home);
    look();
    assert_int_equal(files_in_bags(&use->place, "stick", "list.cose", NULL), err ? 0 : 1);
    if (err) /* in the last moment it may count as handed, which the next one mends */
        assert_true(way_of(&use->place, "alma", &use->letter) <= VL_WAY_HANDED);
    else
        assert_int_equal(way_of(&use->place, "alma", &use->letter), VL_WAY_HANDED);
    return err;
}

static enum vl_err take_one(void *self, struct vl_why *why)
{
    struct use *use = self;
    struct vl_taken_stick taken = {0};
    struct vl_home home = VL_HOME_INIT;
    enum vl_err err = try_home(&use->place, "bela", &home, why);
    struct vl_store_size size;

    if (!err)
        err = try_take_stick(&use->place, &home, "stick", NOW, &taken, why);
    /* Taken and signed for, and the answer waits for the next stick. */
    if (err == VL_ERR_PARTIAL && taken.answer_err == VL_ERR_NO_MEMORY)
        err = VL_ERR_NO_MEMORY;
    vl_taken_stick_release(&taken);
    vl_home_close(&home);
    look();
    size = size_of(&use->place, "bela");
    assert_true(size.letters == 1 || (size.letters == 0 && err));
    if (files_in_bags(&use->place, "stick", "list.cose", NULL) > 1)
        assert_int_equal(size.letters, 1);
    return err;
}

static void with_each_allocation_failing_once_nothing_is_half_done(void **state)
{
    struct use use;

    (void)state;
    use_open(&use);
    assert_true(each_allocation_fails(hand_one, &use) > 50);
    assert_sound(&use.place, "alma");
    assert_true(each_allocation_fails(take_one, &use) > 50);
    assert_sound(&use.place, "bela");
    assert_int_equal(files_in_bags(&use.place, "stick", "list.cose", NULL), 2);
    assert_int_equal(takes(&use.place, "alma", "stick"), 0);
    assert_int_equal(way_of(&use.place, "alma", &use.letter), VL_WAY_RECEIPTED);
    place_close(&use.place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_goes_and_its_receipt_comes_back),
        cmocka_unit_test(a_letter_that_comes_back_waits_again),
        cmocka_unit_test(what_nobody_known_gave_goes_on_when_its_card_is_added),
        cmocka_unit_test(with_each_allocation_failing_once_nothing_is_half_done),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
