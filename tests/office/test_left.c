/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence about letters that are not here yet: it lies on the same stick as they do or on one that
 * came before, and whatever stops the taking, none of it is lost. */
#include "carrying.h"

#include "office/acts.h"

/* alma writes to bela and says that it was lost, though ciro carries it.  Both lie on one stick,
 * and what is said on another alone. */
struct story {
    struct place place;
    struct number letter;
};

/* What alma says goes to bela, and no letter. */
static void tells(const struct story *story)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&story->place, "alma");
    VL_AUTO(vl_handed_release) struct vl_handed handed = {0};
    const struct path path = in(&story->place, "stick");
    const struct vl_hand_request request = {.office = "bela",
                                            .stick = path.text,
                                            .now_s = NOW,
                                            .asker = nobody,
                                            .rng = vl_rng_system()};
    struct vl_why why = {""};

    assert_err(vl_hand(&home, &request, &handed, &why), VL_OK, &why);
    assert_int_equal(handed.letter_count, 0);
}

static void enter(struct story *story)
{
    memset(story, 0, sizeof *story);
    place_open(&story->place);
    two_offices(&story->place);
    init(&story->place, "ciro");
    introduce(&story->place, "alma", "ciro");
    introduce(&story->place, "bela", "ciro");
    story->letter = write_letter(&story->place, "alma", "bela", "l");
    make_stick(&story->place, "to ciro");
    make_stick(&story->place, "stick");
    assert_int_equal(hand(&story->place, "alma", "ciro", story->letter.text, "to ciro"), 1);
    assert_int_equal(takes(&story->place, "ciro", "to ciro"), 1);
    assert_int_equal(takes(&story->place, "alma", "to ciro"), 0);
    says_lost(&story->place, "alma", &story->letter); /* ciro, who has it, has not heard of that */
    tells(story);
    copy_home(&story->place, "stick", "before"); /* with what is said, and without the letter */
    assert_int_equal(hand(&story->place, "ciro", "bela", story->letter.text, "stick"), 1);
}

static enum vl_err see(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    (void)why;
    *(size_t *)self += strcmp(row->kind, vl_kind_word(VL_KIND_LOST)) == 0;
    return VL_OK;
}

static size_t losses(const struct story *story)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&story->place, "bela");
    struct vl_why why = {""};
    size_t count = 0;

    assert_err(vl_store_objects(home.store, story->letter.at, see, &count, &why), VL_OK, &why);
    return count;
}

static void what_came_before_its_letter_is_kept_when_that_comes(void **state)
{
    struct story story;

    (void)state;
    enter(&story);
    for (int i = 0; i < 2; i++) { /* the second time it has nothing new */
        VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
        size_t news = 0;

        take_stick(&story.place, "bela", "before", VL_OK, &taken);
        for (size_t k = 0; k < taken.bag_count; k++)
            news += !taken.bags[k].known_before;
        assert_int_equal(news, i == 0 ? 1 : 0);
    }
    assert_int_equal(losses(&story), 0);
    assert_int_equal(takes(&story.place, "bela", "stick"), 1);
    assert_int_equal(losses(&story), 1);
    assert_sound(&story.place, "bela");
    place_close(&story.place);
}

/* Also when the letter came by another way, and the stick is looked at once more. */
static void it_is_kept_from_the_stick_that_was_taken(void **state)
{
    struct story story;

    (void)state;
    enter(&story);
    assert_int_equal(takes(&story.place, "bela", "before"), 0);
    (void)take(&story.place, "bela", "l.age");
    (void)take(&story.place, "bela", "l.evidence");
    assert_int_equal(losses(&story), 0);
    assert_int_equal(takes(&story.place, "bela", "before"), 0);
    assert_int_equal(losses(&story), 1);
    place_close(&story.place);
}

/* With so many allocations, and no more; was that enough? */
static bool is_enough(const struct story *story, long allocations)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct vl_home home = VL_HOME_INIT;
    struct vl_why why = {""};
    enum vl_err err;

    vl_alloc_fail_after(allocations);
    err = try_home(&story->place, "bela", &home, &why);
    if (!err)
        err = try_take_stick(&story->place, &home, "stick", NOW, &taken, &why);
    vl_home_close(&home);
    vl_alloc_fail_after(-1);
    return !err;
}

/* Whatever stopped it, the next one has all of it.  Not at each allocation: there are many between
 * one bag and the next. */
static void whatever_stops_the_taking_the_next_one_has_all_of_it(void **state)
{
    struct story story;
    long tries = 0;

    (void)state;
    enter(&story);
    copy_home(&story.place, "bela", "bela-before");
    copy_home(&story.place, "stick", "stick-before");
    while (!is_enough(&story, tries * 7)) {
        (void)takes(&story.place, "bela", "stick");
        assert_int_equal(losses(&story), 1);
        remove_tree(in(&story.place, "bela").text);
        remove_tree(in(&story.place, "stick").text);
        copy_home(&story.place, "bela-before", "bela");
        copy_home(&story.place, "stick-before", "stick");
        tries++;
    }
    assert_true(tries > 20);
    assert_int_equal(losses(&story), 1);
    place_close(&story.place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_came_before_its_letter_is_kept_when_that_comes),
        cmocka_unit_test(it_is_kept_from_the_stick_that_was_taken),
        cmocka_unit_test(whatever_stops_the_taking_the_next_one_has_all_of_it),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
