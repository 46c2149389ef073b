/* SPDX-License-Identifier: Apache-2.0 */
/* What cannot both be so, what is disputed, and what only looks so (PROTOCOL 16, 18, 19). */
#include "world.h"

/* Fails the test unless there is just this one contradiction, of this office. */
static void check_one(struct world *world, char letter, enum vl_contradiction kind, char office,
                      size_t acts)
{
    FOUND(found, world, letter);

    assert_int_equal(found.finding.contradiction_count, 1);
    assert_string_equal(vl_contradiction_word(found.finding.contradictions[0].kind),
                        vl_contradiction_word(kind));
    assert_memory_equal(found.finding.contradictions[0].office.at, id_of(world, office)->at,
                        VL_HASH_LEN);
    assert_int_equal(found.finding.contradictions[0].acts.count, acts);
}

static void check_none(struct world *world, char letter)
{
    FOUND(found, world, letter);

    assert_int_equal(found.finding.contradiction_count, 0);
}

static void two_waybills_for_one_number(void **state)
{
    WORLD(world);

    (void)state;
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    outside(world, (struct outside){.letter = 'L', .from = 'S', .to = "B"});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    check_none(world, 'l');
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "L");
    check_one(world, 'l', VL_CONTRADICTION_TWO_WAYBILLS, 'S', 2);
    {
        FOUND(found, world, 'l');

        assert_false(found.finding.disputed_origin);
        assert_int_equal(found.finding.addressee_count, 2);
    }
}

static void one_waybill_sealed_twice_is_no_contradiction(void **state)
{
    WORLD(world);

    (void)state;
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l", .iat = 5);
    check_none(world, 'l');
}

static void two_handovers_with_one_nonce(void **state)
{
    WORLD(world);

    (void)state;
    DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'C', .handover = 1);
    DID(world, .by = 'T', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'C', .handover = 1);
    DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'C', .handover = 2);
    check_none(world, 'l');
    DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "m", .taker = 'D', .handover = 1);
    check_one(world, 'l', VL_CONTRADICTION_TWO_HANDOVERS, 'S', 2);
    check_one(world, 'm', VL_CONTRADICTION_TWO_HANDOVERS, 'S', 2);
}

static void two_answers_to_one_hand_over(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);
    const uint8_t *mandate, *other;

    (void)state;
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'C');
    other = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'C');
    DID(world, .by = 'C', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .answers = story.handed, .under = other);
    /* One act for each capacity, addressee and mandate is what an honest taker signs. */
    DID(world, .by = 'C', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .answers = story.handed);
    DID(world, .by = 'C', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'B',
        .answers = story.handed);
    DID(world, .by = 'C', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .answers = story.handed, .under = mandate);
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l", .answers = story.handed,
        .capacity = VL_CAPACITY_DELEGATE);
    DID(world, .by = 'D', .kind = VL_KIND_ACCEPTED, .letters = "l", .answers = story.handed);
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l", .iat = 8);
    check_none(world, 'l');
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "lm", .answers = story.handed);
    check_one(world, 'l', VL_CONTRADICTION_TWO_ANSWERS, 'C', 2);
}

static void receipted_and_refused(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);

    (void)state;
    DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .capacity = VL_CAPACITY_PRINCIPAL, .answers = story.handed);
    DID(world, .by = 'B', .kind = VL_KIND_REFUSED, .letters = "l", .answers = story.handed);
    DID(world, .by = 'A', .kind = VL_KIND_REFUSED, .letters = "l", .answers = story.taken);
    DID(world, .by = 'A', .kind = VL_KIND_REFUSED, .letters = "l");
    check_none(world, 'l');
    DID(world, .by = 'A', .kind = VL_KIND_REFUSED, .letters = "l", .answers = story.handed);
    check_one(world, 'l', VL_CONTRADICTION_RECEIPTED_AND_REFUSED, 'A', 2);
}

static void ok_and_mismatch(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    DID(world, .by = 'A', .kind = VL_KIND_OPENED, .letters = "l");
    DID(world, .by = 'A', .kind = VL_KIND_OPENED, .letters = "l", .verdict = VL_VERDICT_UNREADABLE);
    DID(world, .by = 'B', .kind = VL_KIND_OPENED, .letters = "l", .verdict = VL_VERDICT_MISMATCH);
    check_none(world, 'l');
    DID(world, .by = 'A', .kind = VL_KIND_OPENED, .letters = "l", .verdict = VL_VERDICT_MISMATCH);
    check_one(world, 'l', VL_CONTRADICTION_OK_AND_MISMATCH, 'A', 2);
}

/* A thief with an old key makes nobody contradict himself. */
static void what_a_retired_key_signed_contradicts_nobody(void **state)
{
    WORLD(world);

    (void)state;
    rotate(world, 'S', true);
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    outside(world, (struct outside){.letter = 'L', .from = 'S', .to = "B"});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "L", .card = 1);
    DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'C', .handover = 1);
    DID(world, .by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'D', .handover = 1,
        .card = 1);
    check_none(world, 'l');
    {
        FOUND(found, world, 'l');

        assert_int_equal(found.finding.addressee_count, 1); /* of the waybill that counts */
        assert_int_equal(found.finding.sealed_count, 2);
    }
}

/* PROTOCOL 18: Mallory strips the true act and signs his own. */
static void another_office_seals_the_same_number(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    outside(world, (struct outside){.letter = 'L', .from = 'M', .to = "A"});
    DID(world, .by = 'M', .kind = VL_KIND_SEALED, .letters = "L");
    FOUND(found, world, 'l');
    assert_true(found.finding.disputed_origin);
    assert_int_equal(found.finding.contradiction_count, 0);
    assert_int_equal(found.finding.dispute_count, 1);
    assert_int_equal(found.finding.disputes[0].kind, VL_DISPUTE_ORIGIN);
    assert_int_equal(found.finding.disputes[0].offices.count, 2);
    assert_int_equal(found.finding.disputes[0].acts.count, 2);
    assert_int_equal(found.finding.addressee_count, 1);
}

/* PROTOCOL 19: nobody's clock is believed, and nothing is decided by it. */
static void attack_19_clocks_that_clash_with_the_order(void **state)
{
    WORLD(world);
    const uint8_t *first, *between;

    (void)state;
    first = DID(world, .by = 'S', .kind = VL_KIND_DEPARTED, .letters = "l", .at = 2000,
                .plus_minus = 10);
    between = DID(world, .by = 'S', .kind = VL_KIND_HELD, .letters = "m", .cites = {first});
    DID(world, .by = 'C', .kind = VL_KIND_ARRIVED, .letters = "l", .cites = {between}, .at = 1980,
        .plus_minus = 10);
    DID(world, .by = 'S', .kind = VL_KIND_ARRIVED, .letters = "l", .cites = {between}, .at = 5);
    DID(world, .by = 'D', .kind = VL_KIND_ARRIVED, .letters = "l", .at = 5);
    {
        FOUND(found, world, 'l');

        assert_int_equal(found.finding.dispute_count, 0);
    }
    DID(world, .by = 'C', .kind = VL_KIND_ARRIVED, .letters = "l", .cites = {between}, .at = 1979,
        .plus_minus = 10);
    {
        FOUND(found, world, 'l');

        assert_int_equal(found.finding.dispute_count, 1);
        assert_int_equal(found.finding.disputes[0].kind, VL_DISPUTE_CLOCK);
        assert_int_equal(found.finding.disputes[0].offices.count, 2);
    }
}

static void one_date_in_2040_moves_nobody_else(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);

    (void)state;
    DID(world, .by = 'X', .kind = VL_KIND_SEEN, .seen = {story.taken}, .at = UINT64_C(2208988800));
    DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .capacity = VL_CAPACITY_PRINCIPAL, .answers = story.handed, .at = 1000);
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.dispute_count, 0);
    assert_int_equal(addressee_of(world, &found, 'A')->highest_proven, VL_LADDER_REACHED);
}

/* PROTOCOL 16: order is what ids say, and never a time. */
static void the_timeline_is_in_causal_order(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);

    (void)state;
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.event_count, 3);
    assert_memory_equal(found.finding.events[0].act, story.sealed, VL_HASH_LEN);
    assert_memory_equal(found.finding.events[1].act, story.handed, VL_HASH_LEN);
    assert_memory_equal(found.finding.events[2].act, story.taken, VL_HASH_LEN);
}

static void when_no_one_waybill_counts_all_addressees_are_told(void **state)
{
    WORLD(world);

    (void)state;
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l", .iat = 5);
    rotate(world, 'M', true);
    outside(world, (struct outside){.letter = 'L', .from = 'M', .to = "B"});
    DID(world, .by = 'M', .kind = VL_KIND_SEALED, .letters = "L", .card = 1);
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.sealed_count, 3);
    assert_int_equal(found.finding.addressee_count, 2);
    assert_false(found.finding.disputed_origin);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(two_waybills_for_one_number),
        cmocka_unit_test(one_waybill_sealed_twice_is_no_contradiction),
        cmocka_unit_test(two_handovers_with_one_nonce),
        cmocka_unit_test(two_answers_to_one_hand_over),
        cmocka_unit_test(receipted_and_refused),
        cmocka_unit_test(ok_and_mismatch),
        cmocka_unit_test(what_a_retired_key_signed_contradicts_nobody),
        cmocka_unit_test(another_office_seals_the_same_number),
        cmocka_unit_test(attack_19_clocks_that_clash_with_the_order),
        cmocka_unit_test(one_date_in_2040_moves_nobody_else),
        cmocka_unit_test(the_timeline_is_in_causal_order),
        cmocka_unit_test(when_no_one_waybill_counts_all_addressees_are_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
