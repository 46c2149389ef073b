/* SPDX-License-Identifier: Apache-2.0 */
/* Who has the letter, by hand-overs and their answers (PROTOCOL 7, 8). */
#include "world.h"

static bool holds(struct world *world, const struct found *found, char name)
{
    for (size_t i = 0; i < found->finding.holder_count; i++)
        if (vl_office_id_eq(&found->finding.holders[i].office, id_of(world, name)))
            return true;
    return false;
}

static void check_holders(struct world *world, const char *names)
{
    FOUND(found, world, 'l');

    assert_int_equal(found.finding.holder_count, strlen(names));
    for (; *names; names++)
        assert_true(holds(world, &found, *names));
}

/* PROTOCOL 7: the giver says so, and the taker never came. */
static void custody_moves_with_the_takers_answer_only(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);

    (void)state;
    assert_non_null(story.taken);
    world->hidden[2] = true;
    check_holders(world, "S");
    {
        FOUND(found, world, 'l');

        assert_int_equal(found.finding.handed_count, 1);
        assert_false(found.finding.handed[0].answered);
        assert_int_equal(found.finding.handed[0].level, VL_LEVEL_PROVEN);
        assert_int_equal(addressee_of(world, &found, 'A')->highest_proven, VL_LADDER_HANDED);
    }
    world->hidden[2] = false;
    check_holders(world, "C");
    {
        FOUND(found, world, 'l');

        assert_true(found.finding.handed[0].answered);
    }
}

static void an_answer_of_another_than_the_taker_moves_nothing(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);

    (void)state;
    world->hidden[2] = true;
    DID(world, .by = 'X', .kind = VL_KIND_ACCEPTED, .letters = "l", .answers = story.handed);
    check_holders(world, "SX");
}

static void an_answer_about_other_letters_moves_nothing(void **state)
{
    WORLD(world);
    const uint8_t *handed;

    (void)state;
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    handed = DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "lm", .taker = 'C',
                 .handover = 1);
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "m", .not_taken = "l",
        .answers = handed);
    check_holders(world, "S");
}

/* A to C, back, and A pretends to hand it to C again with C's old answer. */
static void acceptance_replayed_for_another_hand_over(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);
    const uint8_t *back, *again;

    (void)state;
    back = DID(world, .by = 'C', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'S',
               .handover = 2, .cites = {story.taken});
    again = DID(world, .by = 'S', .kind = VL_KIND_ACCEPTED, .letters = "l", .answers = back);
    check_holders(world, "S");
    DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'C', .handover = 3,
        .cites = {again});
    check_holders(world, "S");
    {
        FOUND(found, world, 'l');
        size_t answered = 0;

        for (size_t i = 0; i < found.finding.handed_count; i++)
            answered += found.finding.handed[i].answered;
        assert_int_equal(found.finding.handed_count, 3);
        assert_int_equal(answered, 2);
    }
}

static void attack_16_what_was_given_back_and_on_is_held_by_the_last(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);
    const uint8_t *back, *again, *on;

    (void)state;
    back = DID(world, .by = 'C', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'S',
               .handover = 2, .cites = {story.taken});
    again = DID(world, .by = 'S', .kind = VL_KIND_ACCEPTED, .letters = "l", .answers = back);
    on = DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'D',
             .handover = 3, .cites = {again});
    DID(world, .by = 'D', .kind = VL_KIND_ACCEPTED, .letters = "l", .answers = on);
    check_holders(world, "D");
}

/* PROTOCOL 16: copies of bytes in two hands are not a contradiction. */
static void two_copies_have_two_holders(void **state)
{
    WORLD(world);
    const uint8_t *sealed, *first, *second;

    (void)state;
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    sealed = DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    first = DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'C',
                .handover = 1, .cites = {sealed});
    second = DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'D',
                 .handover = 2, .cites = {sealed});
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l", .answers = first);
    DID(world, .by = 'D', .kind = VL_KIND_ACCEPTED, .letters = "l", .answers = second);
    check_holders(world, "CD");
    {
        FOUND(found, world, 'l');

        assert_int_equal(found.finding.contradiction_count, 0);
    }
}

static void a_letter_that_its_holder_says_is_gone_is_held_no_more(void **state)
{
    static const enum vl_kind ends[] = {VL_KIND_LOST, VL_KIND_DESTROYED, VL_KIND_SEIZED,
                                        VL_KIND_RETURNED};

    (void)state;
    for (size_t i = 0; i < sizeof ends / sizeof *ends; i++) {
        WORLD(world);
        struct story story = courier_has_it(world);

        DID(world, .by = 'C', .kind = ends[i], .letters = "l", .cites = {story.taken});
        check_holders(world, "");
        {
            FOUND(found, world, 'l');

            assert_int_equal(found.finding.end_count, 1);
            assert_int_equal(found.finding.ended[0].kind, ends[i]);
            assert_memory_equal(found.finding.ended[0].office.at, id_of(world, 'C')->at,
                                VL_HASH_LEN);
            assert_int_equal(found.finding.terminal_count, 1);
        }
    }
}

static void what_somebody_else_says_is_gone_is_still_held(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    DID(world, .by = 'X', .kind = VL_KIND_LOST, .letters = "l");
    check_holders(world, "C");
}

/* Found again: whoever takes it after that note has it. */
static void a_taking_after_the_end_holds(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);
    const uint8_t *lost;

    (void)state;
    lost = DID(world, .by = 'C', .kind = VL_KIND_LOST, .letters = "l", .cites = {story.taken});
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l", .cites = {lost});
    check_holders(world, "C");
}

static void a_courier_without_software_is_named_and_nobody_answers(void **state)
{
    WORLD(world);

    (void)state;
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .handover = 1);
    FOUND(found, world, 'l');
    assert_false(found.finding.handed[0].has_to);
    assert_bytes(found.finding.handed[0].carrier, VL_LITERAL("The night train"));
    assert_false(found.finding.handed[0].answered);
}

/* PROTOCOL 8: "listed 100, held 98". */
static void check_answer(const char *shown, struct say answer, size_t incomplete)
{
    WORLD(world);
    const uint8_t *handed = DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "klm",
                                .shown = shown, .taker = 'C', .handover = 1);

    answer.by = 'C';
    answer.kind = VL_KIND_ACCEPTED;
    answer.answers = handed;
    did(world, answer);
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.incomplete_answers.count, incomplete);
}

static void an_answer_accounts_for_all_that_was_handed(void **state)
{
    (void)state;
    check_answer("klm", (struct say){.letters = "klm"}, 0);
    check_answer("klm", (struct say){.letters = "kl", .not_taken = "m"}, 0);
    check_answer("klm", (struct say){.letters = "km", .not_taken = "l"}, 0);
    check_answer("klm", (struct say){.letters = "k", .not_taken = "lm"}, 0);
}

static void what_an_answer_leaves_out_is_marked(void **state)
{
    (void)state;
    check_answer("klm", (struct say){.letters = "kl"}, 1);
    check_answer("klm", (struct say){.letters = "km"}, 1); /* not about l, and still */
    check_answer("klm", (struct say){.letters = "kl", .not_taken = "l"}, 1);
    check_answer("klm", (struct say){.letters = "klm", .not_taken = "n"}, 1);
    check_answer("klm", (struct say){.letters = "klmn"}, 1);
    check_answer("klm", (struct say){.letters = "kl", .not_taken_count = 300}, 1);
}

static void without_the_whole_list_nobody_can_tell(void **state)
{
    (void)state;
    check_answer("l", (struct say){.letters = "kl"}, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(custody_moves_with_the_takers_answer_only),
        cmocka_unit_test(an_answer_of_another_than_the_taker_moves_nothing),
        cmocka_unit_test(an_answer_about_other_letters_moves_nothing),
        cmocka_unit_test(acceptance_replayed_for_another_hand_over),
        cmocka_unit_test(attack_16_what_was_given_back_and_on_is_held_by_the_last),
        cmocka_unit_test(two_copies_have_two_holders),
        cmocka_unit_test(a_letter_that_its_holder_says_is_gone_is_held_no_more),
        cmocka_unit_test(what_somebody_else_says_is_gone_is_still_held),
        cmocka_unit_test(a_taking_after_the_end_holds),
        cmocka_unit_test(a_courier_without_software_is_named_and_nobody_answers),
        cmocka_unit_test(an_answer_accounts_for_all_that_was_handed),
        cmocka_unit_test(what_an_answer_leaves_out_is_marked),
        cmocka_unit_test(without_the_whole_list_nobody_can_tell),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
