/* SPDX-License-Identifier: Apache-2.0 */
/* How far a letter is proven to have come, step by step, and what does not prove it (PROTOCOL 2, 3,
 * 25). */
#include "world.h"

static void nothing_is_known_of_a_letter_that_nobody_signed_for(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    {
        FOUND(found, world, 'x');

        assert_int_equal(found.finding.record_count, 0);
        assert_int_equal(found.finding.addressee_count, 0);
        assert_int_equal(found.finding.event_count, 0);
        assert_false(found.finding.disputed_origin);
    }
}

static void each_step_is_proven_by_the_act_that_proves_it(void **state)
{
    WORLD(world);
    const uint8_t *sealed, *handed, *taken, *given, *mandate, *receipt;
    static const struct {
        enum vl_ladder step;
        size_t records;
    } steps[] = {
        {VL_LADDER_SEALED, 1},     {VL_LADDER_HANDED, 2},     {VL_LADDER_IN_CUSTODY, 3},
        {VL_LADDER_IN_CUSTODY, 4}, {VL_LADDER_IN_CUSTODY, 4}, {VL_LADDER_RECEIPTED_FOR_OFFICE, 6},
        {VL_LADDER_REACHED, 7},    {VL_LADDER_OPENED, 8},
    };

    (void)state;
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    sealed = DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    handed = DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'C',
                 .handover = 1, .cites = {sealed});
    taken = DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l", .answers = handed);
    given = DID(world, .by = 'C', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'D',
                .handover = 2, .cites = {taken});
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    receipt = DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
                  .answers = given, .under = mandate);
    DID(world, .by = 'A', .kind = VL_KIND_REACHED, .letters = "l", .answers = receipt);
    DID(world, .by = 'A', .kind = VL_KIND_OPENED, .letters = "l");
    for (size_t shown = 0; shown < world->item_count; shown++) {
        for (size_t i = 0; i < world->item_count; i++)
            world->hidden[i] = i > shown;
        {
            FOUND(found, world, 'l');

            assert_int_equal(found.finding.record_count, steps[shown].records);
            assert_string_equal(vl_ladder_word(addressee_of(world, &found, 'A')->highest_proven),
                                vl_ladder_word(steps[shown].step));
        }
    }
}

static void receipted_by_the_office_itself_has_reached_it(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .capacity = VL_CAPACITY_PRINCIPAL);
    FOUND(found, world, 'l');
    {
        const struct vl_found_addressee *a = addressee_of(world, &found, 'A');

        assert_fact(a->receipted_for_office, VL_LEVEL_PROVEN, 0);
        assert_fact(a->reached, VL_LEVEL_PROVEN, 0);
        assert_fact(a->receipted_by_delegate, VL_LEVEL_NONE, 0);
        assert_fact(a->opened, VL_LEVEL_NONE, 0);
        assert_int_equal(a->reached.acts.count, 1);
    }
}

/* PROTOCOL 1. */
static void receipted_by_a_delegate_is_not_receipted_for_the_office(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A');
    FOUND(found, world, 'l');
    {
        const struct vl_found_addressee *a = addressee_of(world, &found, 'A');

        assert_fact(a->receipted_by_delegate, VL_LEVEL_PROVEN, 0);
        assert_memory_equal(a->receipted_by_delegate.by.at[0], id_of(world, 'D')->at, VL_HASH_LEN);
        assert_fact(a->receipted_for_office, VL_LEVEL_NONE, 0);
        assert_fact(a->reached, VL_LEVEL_NONE, 0);
    }
}

static void a_couriers_word_is_no_receipt(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    DID(world, .by = 'C', .kind = VL_KIND_DELIVERED_CLAIM, .letters = "l", .party = 'A');
    FOUND(found, world, 'l');
    assert_int_equal(addressee_of(world, &found, 'A')->highest_proven, VL_LADDER_IN_CUSTODY);
    assert_int_equal(found.finding.claim_count, 1);
    assert_int_equal(found.finding.claims[0].level, VL_LEVEL_CLAIMED);
    assert_memory_equal(found.finding.claims[0].party.at, id_of(world, 'A')->at, VL_HASH_LEN);
}

/* PROTOCOL 25. */
static void attack_25_receipted_by_one_is_not_receipted_by_another(void **state)
{
    WORLD(world);

    (void)state;
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "AB"});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .capacity = VL_CAPACITY_PRINCIPAL);
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.addressee_count, 2);
    assert_int_equal(addressee_of(world, &found, 'A')->highest_proven, VL_LADDER_REACHED);
    assert_int_equal(addressee_of(world, &found, 'B')->highest_proven, VL_LADDER_IN_CUSTODY);
}

/* PROTOCOL 2: what is printed outside does not show that it was opened. */
static void opened_without_the_value_that_lay_inside_is_only_said(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    DID(world, .by = 'A', .kind = VL_KIND_OPENED, .letters = "l", .no_value = true);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->opened, VL_LEVEL_CLAIMED,
                VL_MARK_NO_OPENING_VALUE);
    assert_fact(addressee_of(world, &found, 'A')->reached, VL_LEVEL_NONE, 0);
}

static void attack_25_opened_by_somebody_else_is_not_opened_by_the_addressee(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    DID(world, .by = 'D', .kind = VL_KIND_OPENED, .letters = "l");
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->opened, VL_LEVEL_NONE, 0);
}

static void opened_under_a_mandate_counts_for_who_gave_it_and_does_not_reach_it(void **state)
{
    WORLD(world);
    const uint8_t *mandate;

    (void)state;
    courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    DID(world, .by = 'D', .kind = VL_KIND_OPENED, .letters = "l", .under = mandate,
        .capacity = VL_CAPACITY_DELEGATE);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->opened, VL_LEVEL_PROVEN, 0);
    assert_fact(addressee_of(world, &found, 'A')->reached, VL_LEVEL_NONE, 0);
}

/* PROTOCOL 3. */
static void a_mismatch_with_its_value_proves_the_opening_and_says_mismatch(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    DID(world, .by = 'A', .kind = VL_KIND_OPENED, .letters = "l", .verdict = VL_VERDICT_MISMATCH);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->opened, VL_LEVEL_PROVEN, 0);
    assert_int_equal(addressee_of(world, &found, 'A')->verdicts, 1U << VL_VERDICT_MISMATCH);
}

static void reached_by_a_delegates_word_is_claimed(void **state)
{
    WORLD(world);
    const uint8_t *mandate;

    (void)state;
    courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    DID(world, .by = 'D', .kind = VL_KIND_REACHED, .letters = "l", .under = mandate,
        .capacity = VL_CAPACITY_DELEGATE);
    DID(world, .by = 'B', .kind = VL_KIND_REACHED, .letters = "l");
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->reached, VL_LEVEL_CLAIMED, 0);
    assert_int_equal(addressee_of(world, &found, 'A')->reached.by.count, 1);
}

static void refused_by_the_addressee_or_for_it_is_proven_with_its_reasons(void **state)
{
    WORLD(world);
    const uint8_t *mandate;

    (void)state;
    courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    DID(world, .by = 'A', .kind = VL_KIND_REFUSED, .letters = "l", .reason = "not-for-me");
    DID(world, .by = 'D', .kind = VL_KIND_REFUSED, .letters = "l", .reason = "altered",
        .under = mandate, .capacity = VL_CAPACITY_DELEGATE);
    DID(world, .by = 'D', .kind = VL_KIND_REFUSED, .letters = "l", .reason = "no-room");
    FOUND(found, world, 'l');
    {
        const struct vl_found_addressee *a = addressee_of(world, &found, 'A');

        assert_fact(a->refused, VL_LEVEL_PROVEN, 0);
        assert_int_equal(a->refused.acts.count, 2);
        assert_int_equal(a->reason_count, 2);
        assert_bytes(a->reasons[0], VL_LITERAL("altered"));
        assert_bytes(a->reasons[1], VL_LITERAL("not-for-me"));
    }
}

static void a_letter_is_overdue_until_somebody_signs_for_it(void **state)
{
    WORLD(world);

    (void)state;
    outside(world, (struct outside){
                       .letter = 'l', .from = 'S', .to = "AB", .expect_by = NOW, .expires = NOW});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    DID(world, .by = 'C', .kind = VL_KIND_DELIVERED_CLAIM, .letters = "l");
    {
        FOUND(found, world, 'l');

        assert_int_equal(found.finding.overdue.count, 0); /* not before that second is over */
        assert_false(found.finding.expired);
    }
    {
        VL_AUTO(found_release) struct found found = find_at(world, 'l', NOW + 1);

        assert_int_equal(found.finding.overdue.count, 2);
        assert_true(found.finding.expired);
    }
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A');
    {
        VL_AUTO(found_release) struct found found = find_at(world, 'l', NOW + 1);

        assert_int_equal(found.finding.overdue.count, 2); /* anybody can call himself a delegate */
        assert_false(found.finding.expired);
    }
    DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .capacity = VL_CAPACITY_PRINCIPAL);
    {
        VL_AUTO(found_release) struct found found = find_at(world, 'l', NOW + 1);

        assert_int_equal(found.finding.overdue.count, 1);
        assert_memory_equal(found.finding.overdue.at[0], id_of(world, 'B')->at, VL_HASH_LEN);
        assert_false(found.finding.expired);
    }
}

static void packages_of_a_consignment_are_counted(void **state)
{
    WORLD(world);

    (void)state;
    outside(world, (struct outside){.letter = 'a', .from = 'S', .to = "A", .n = 2, .of = 5});
    outside(world, (struct outside){.letter = 'b', .from = 'S', .to = "A", .n = 4, .of = 5});
    outside(world, (struct outside){.letter = 'c', .from = 'S', .to = "B", .n = 5, .of = 5});
    outside(world, (struct outside){.letter = 'd', .from = 'S', .to = "A"});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "abcd");
    FOUND(found, world, 'a');
    assert_int_equal(found.finding.package_count, 1);
    assert_int_equal(found.finding.packages[0].n, 2);
    assert_int_equal(found.finding.packages[0].of, 5);
    assert_int_equal(found.finding.packages[0].known_count, 2);
    assert_int_equal(found.finding.packages[0].known[1], 4);
    assert_int_equal(found.finding.packages[0].missing_count, 3);
    assert_int_equal(found.finding.packages[0].missing[2], 5);
}

static void a_lower_level_says_nothing_more_about_a_fact(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    rotate(world, 'A', true);
    DID(world, .by = 'A', .kind = VL_KIND_REACHED, .letters = "l");
    for (int64_t i = 1; i < 7; i++) /* before it and after it, by their ids */
        DID(world, .by = 'A', .kind = VL_KIND_REACHED, .letters = "l", .iat = i, .card = 1);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->reached, VL_LEVEL_PROVEN, 0);
    assert_int_equal(addressee_of(world, &found, 'A')->reached.acts.count, 1);
}

static void two_waybills_of_one_act_are_one_consignment(void **state)
{
    WORLD(world);

    (void)state;
    outside(world, (struct outside){.letter = 'a', .from = 'S', .to = "A", .n = 2, .of = 5});
    world->letters['b'] = world->letters['a'];
    world->letters['a'] = VL_BUF_INIT(0);
    outside(world, (struct outside){
                       .letter = 'a', .from = 'S', .to = "A", .n = 2, .of = 5, .expires = NOW});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "ab", .shown = "a");
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "ab", .shown = "b");
    FOUND(found, world, 'a');
    assert_int_equal(found.finding.sealed_count, 2);
    assert_int_equal(found.finding.package_count, 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_is_known_of_a_letter_that_nobody_signed_for),
        cmocka_unit_test(each_step_is_proven_by_the_act_that_proves_it),
        cmocka_unit_test(receipted_by_the_office_itself_has_reached_it),
        cmocka_unit_test(receipted_by_a_delegate_is_not_receipted_for_the_office),
        cmocka_unit_test(a_couriers_word_is_no_receipt),
        cmocka_unit_test(attack_25_receipted_by_one_is_not_receipted_by_another),
        cmocka_unit_test(opened_without_the_value_that_lay_inside_is_only_said),
        cmocka_unit_test(attack_25_opened_by_somebody_else_is_not_opened_by_the_addressee),
        cmocka_unit_test(opened_under_a_mandate_counts_for_who_gave_it_and_does_not_reach_it),
        cmocka_unit_test(a_mismatch_with_its_value_proves_the_opening_and_says_mismatch),
        cmocka_unit_test(reached_by_a_delegates_word_is_claimed),
        cmocka_unit_test(refused_by_the_addressee_or_for_it_is_proven_with_its_reasons),
        cmocka_unit_test(a_letter_is_overdue_until_somebody_signs_for_it),
        cmocka_unit_test(packages_of_a_consignment_are_counted),
        cmocka_unit_test(a_lower_level_says_nothing_more_about_a_fact),
        cmocka_unit_test(two_waybills_of_one_act_are_one_consignment),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
