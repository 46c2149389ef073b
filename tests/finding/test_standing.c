/* SPDX-License-Identifier: Apache-2.0 */
/* Whether an act counts against whoever signed it: retired, stolen and forked keys, signatures that
 * lack (PROTOCOL 4, 11). */
#include "world.h"

/* S sealed l to A under its first card, which is what all of these look at. */
static void check(struct world *world, enum vl_level level, uint32_t marks)
{
    FOUND(found, world, 'l');

    assert_int_equal(found.finding.sealed_count, 1);
    assert_string_equal(vl_level_word(found.finding.sealed[0].level), vl_level_word(level));
    assert_int_equal(found.finding.sealed[0].marks, marks);
}

static const uint8_t *seal(struct world *world)
{
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    return DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
}

static void under_the_newest_card_it_is_proven(void **state)
{
    WORLD(world);

    (void)state;
    rotate(world, 'S', true);
    seal(world);
    check(world, VL_LEVEL_PROVEN, 0);
}

/* A thief back-dates it with a key that was given up. */
static void a_retired_key_proves_nothing_by_itself(void **state)
{
    WORLD(world);

    (void)state;
    rotate(world, 'S', true);
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l", .card = 1, .at = 1000);
    check(world, VL_LEVEL_CLAIMED, VL_MARK_NO_LONGER_VOUCHED);
}

static void what_another_office_had_is_vouched_for(void **state)
{
    WORLD(world);
    const uint8_t *sealed = seal(world);

    (void)state;
    rotate(world, 'S', true);
    check(world, VL_LEVEL_CLAIMED, VL_MARK_NO_LONGER_VOUCHED);
    DID(world, .by = 'S', .kind = VL_KIND_DEPARTED, .letters = "l", .cites = {sealed});
    check(world, VL_LEVEL_CLAIMED, VL_MARK_NO_LONGER_VOUCHED); /* its own word is none */
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l", .cites = {sealed});
    check(world, VL_LEVEL_CLAIMED, VL_MARK_NO_LONGER_VOUCHED); /* nobody checked who that is */
    checked(world, 'C', 0);
    check(world, VL_LEVEL_PROVEN, VL_MARK_RETIRED_VOUCHED);
}

/* The thief of an old key signs with it, and makes an office that says it saw that long ago. */
static void attack_17_an_office_made_for_it_vouches_for_nothing(void **state)
{
    WORLD(world);
    const uint8_t *sealed;

    (void)state;
    rotate(world, 'S', true);
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    sealed = DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l", .card = 1, .at = 1000);
    DID(world, .by = 'X', .kind = VL_KIND_SEEN, .seen = {sealed});
    check(world, VL_LEVEL_CLAIMED, VL_MARK_NO_LONGER_VOUCHED);
}

static void whoever_vouches_may_follow_through_others(void **state)
{
    WORLD(world);
    const uint8_t *sealed = seal(world), *departed, *elsewhere;

    (void)state;
    departed = DID(world, .by = 'S', .kind = VL_KIND_DEPARTED, .letters = "m", .cites = {sealed});
    elsewhere = DID(world, .by = 'C', .kind = VL_KIND_SEEN, .seen = {departed});
    assert_non_null(elsewhere);
    rotate(world, 'S', true);
    checked(world, 'C', 0);
    check(world, VL_LEVEL_PROVEN, VL_MARK_RETIRED_VOUCHED);
    world->hidden[1] = true; /* an id that is not in the set ends the walk */
    check(world, VL_LEVEL_CLAIMED, VL_MARK_NO_LONGER_VOUCHED);
}

static void whose_own_key_is_retired_vouches_for_nobody(void **state)
{
    WORLD(world);
    const uint8_t *sealed = seal(world);

    (void)state;
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l", .cites = {sealed});
    rotate(world, 'S', true);
    rotate(world, 'C', true);
    checked(world, 'C', 0);
    check(world, VL_LEVEL_CLAIMED, VL_MARK_NO_LONGER_VOUCHED);
}

static void what_a_later_card_closes_is_vouched_for(void **state)
{
    WORLD(world);
    const uint8_t *sealed = seal(world);

    (void)state;
    rotate(world, 'S', true);
    office_of(world, 'X');
    rotate(world, 'X', true);
    closed(world, 'X', 1, sealed); /* of another office */
    closed(world, 'S', 0, sealed); /* not a later card */
    check(world, VL_LEVEL_CLAIMED, VL_MARK_NO_LONGER_VOUCHED);
    closed(world, 'S', 1, sealed);
    check(world, VL_LEVEL_PROVEN, VL_MARK_RETIRED_VOUCHED);
}

static void a_revoked_card_is_treated_like_a_retired_one(void **state)
{
    WORLD(world);
    const uint8_t *sealed = seal(world);

    (void)state;
    revoke_card(world, 'S', 0);
    check(world, VL_LEVEL_CLAIMED, VL_MARK_NO_LONGER_VOUCHED);
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l", .cites = {sealed});
    checked(world, 'C', 0);
    check(world, VL_LEVEL_PROVEN, VL_MARK_REVOKED_LATER);
    rotate(world, 'S', true);
    check(world, VL_LEVEL_PROVEN, VL_MARK_REVOKED_LATER | VL_MARK_RETIRED_VOUCHED);
}

static void a_signature_that_lacks_is_incomplete(void **state)
{
    WORLD(world);

    (void)state;
    outside(world, (struct outside){.letter = 'l', .from = '2', .to = "A"});
    DID(world, .by = '2', .kind = VL_KIND_SEALED, .letters = "l", .one_signature = true);
    check(world, VL_LEVEL_CLAIMED, VL_MARK_INCOMPLETE);
    DID(world, .by = '2', .kind = VL_KIND_SEALED, .letters = "l"); /* the same act, whole */
    check(world, VL_LEVEL_PROVEN, 0);
    for (size_t i = 0; i < 4; i++)
        DID(world, .by = '2', .kind = VL_KIND_SEALED, .letters = "l", .one_signature = true);
    check(world, VL_LEVEL_PROVEN, 0);
}

static void check_fork(struct world *world, bool by_rival, enum vl_level level, uint32_t marks)
{
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A"});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l", .by_rival = by_rival);
    check(world, level, marks);
    {
        FOUND(found, world, 'l');

        assert_int_equal(found.finding.contradiction_count, 1);
        assert_int_equal(found.finding.contradictions[0].kind, VL_CONTRADICTION_TWO_CARDS);
        assert_int_equal(found.finding.contradictions[0].acts.count, 2);
    }
}

static void after_a_fork_nothing_is_proven_until_the_user_checks(void **state)
{
    (void)state;
    for (size_t by_rival = 0; by_rival < 2; by_rival++) {
        WORLD(world);

        rotate(world, 'S', true);
        fork_office(world, 'S');
        /* The rival's card came unannounced. */
        check_fork(world, by_rival, VL_LEVEL_CLAIMED,
                   VL_MARK_FORKED | (by_rival ? VL_MARK_UNPLANNED_CHANGE : 0));
    }
}

static void the_user_decides_a_fork(void **state)
{
    (void)state;
    for (size_t by_rival = 0; by_rival < 2; by_rival++) {
        WORLD(world);

        rotate(world, 'S', true);
        fork_office(world, 'S');
        checked(world, 'S', 0); /* from before it: decides nothing */
        checked(world, 'S', 1);
        check_fork(world, by_rival, by_rival ? VL_LEVEL_CLAIMED : VL_LEVEL_PROVEN,
                   by_rival ? VL_MARK_FORKED | VL_MARK_UNPLANNED_CHANGE : 0);
    }
}

static void a_card_from_before_the_fork_decides_nothing(void **state)
{
    WORLD(world);

    (void)state;
    rotate(world, 'S', true);
    fork_office(world, 'S');
    checked(world, 'S', 0);
    check_fork(world, false, VL_LEVEL_CLAIMED, VL_MARK_FORKED);
}

/* Under the card before it, a fork takes nothing away but that the key is retired. */
static void a_fork_is_after_what_was_signed_before_it(void **state)
{
    WORLD(world);
    const uint8_t *sealed = seal(world);

    (void)state;
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l", .cites = {sealed});
    rotate(world, 'S', true);
    checked(world, 'C', 0);
    fork_office(world, 'S');
    check(world, VL_LEVEL_PROVEN, VL_MARK_RETIRED_VOUCHED);
}

static void an_unannounced_change_is_marked_until_it_is_checked(void **state)
{
    WORLD(world);

    (void)state;
    rotate(world, 'S', false);
    seal(world);
    check(world, VL_LEVEL_PROVEN, VL_MARK_UNPLANNED_CHANGE);
    checked(world, 'S', 0);
    check(world, VL_LEVEL_PROVEN, VL_MARK_UNPLANNED_CHANGE);
    checked(world, 'S', 1);
    check(world, VL_LEVEL_PROVEN, 0);
}

static void a_thiefs_card_closes_nothing(void **state)
{
    WORLD(world);
    const uint8_t *sealed = seal(world);

    (void)state;
    rotate(world, 'S', true);
    fork_office(world, 'S');
    closed_by_rival(world, 'S', sealed);
    check(world, VL_LEVEL_CLAIMED, VL_MARK_NO_LONGER_VOUCHED);
}

static void a_thief_revokes_nothing_after_the_fork(void **state)
{
    WORLD(world);

    (void)state;
    rotate(world, 'S', true);
    fork_office(world, 'S');
    revoke_by_rival(world, 'S');
    checked(world, 'S', 1);
    check_fork(world, false, VL_LEVEL_PROVEN, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(under_the_newest_card_it_is_proven),
        cmocka_unit_test(a_retired_key_proves_nothing_by_itself),
        cmocka_unit_test(what_another_office_had_is_vouched_for),
        cmocka_unit_test(attack_17_an_office_made_for_it_vouches_for_nothing),
        cmocka_unit_test(whoever_vouches_may_follow_through_others),
        cmocka_unit_test(whose_own_key_is_retired_vouches_for_nobody),
        cmocka_unit_test(what_a_later_card_closes_is_vouched_for),
        cmocka_unit_test(a_revoked_card_is_treated_like_a_retired_one),
        cmocka_unit_test(a_signature_that_lacks_is_incomplete),
        cmocka_unit_test(after_a_fork_nothing_is_proven_until_the_user_checks),
        cmocka_unit_test(the_user_decides_a_fork),
        cmocka_unit_test(a_card_from_before_the_fork_decides_nothing),
        cmocka_unit_test(a_fork_is_after_what_was_signed_before_it),
        cmocka_unit_test(an_unannounced_change_is_marked_until_it_is_checked),
        cmocka_unit_test(a_thiefs_card_closes_nothing),
        cmocka_unit_test(a_thief_revokes_nothing_after_the_fork),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
