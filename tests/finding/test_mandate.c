/* SPDX-License-Identifier: Apache-2.0 */
/* What a mandate gives, and what it does not (PROTOCOL 1, 5, 22). */
#include "world.h"

/* D receipts for A under a mandate as `mandate` describes it, and the office's fact is checked. */
static void check(struct say mandate, struct say receipt, enum vl_level level, uint32_t marks)
{
    WORLD(world);
    struct story story = courier_has_it(world);
    const uint8_t *id;

    mandate.kind = VL_KIND_MANDATE;
    mandate.by = mandate.by ? mandate.by : 'A';
    mandate.grantee = mandate.grantee ? mandate.grantee : 'D';
    id = did(world, mandate);
    receipt.kind = VL_KIND_RECEIPTED;
    receipt.by = 'D';
    receipt.letters = receipt.letters ? receipt.letters : "l";
    receipt.addressee = 'A';
    receipt.under = id;
    receipt.answers = story.handed;
    did(world, receipt);
    {
        FOUND(found, world, 'l');
        const struct vl_found_addressee *a = addressee_of(world, &found, 'A');

        assert_fact(a->receipted_for_office, level, marks);
        assert_fact(a->receipted_by_delegate, VL_LEVEL_PROVEN, 0);
        assert_int_equal(a->receipted_for_office.acts.count, 1);
    }
}

static void a_good_mandate_proves_receipt_for_the_office(void **state)
{
    (void)state;
    check((struct say){0}, (struct say){0}, VL_LEVEL_PROVEN, 0);
    check((struct say){.only = "l"}, (struct say){0}, VL_LEVEL_PROVEN, 0);
    check((struct say){.from = "S"}, (struct say){0}, VL_LEVEL_PROVEN, 0);
    check((struct say){.one_handover = true, .handover = 1}, (struct say){0}, VL_LEVEL_PROVEN, 0);
    check((struct say){.count = 1}, (struct say){0}, VL_LEVEL_PROVEN, 0);
    check((struct say){.seal = "A 7"}, (struct say){.seal = "A 7"}, VL_LEVEL_PROVEN, 0);
    check((struct say){.once = true, .only = "l"}, (struct say){0}, VL_LEVEL_PROVEN, 0);
}

static void each_limit_of_a_mandate_limits_it(void **state)
{
    (void)state;
    check((struct say){.by = 'B'}, (struct say){0}, VL_LEVEL_NONE, VL_MARK_NOT_THE_PRINCIPAL);
    check((struct say){.grantee = 'E'}, (struct say){0}, VL_LEVEL_NONE, VL_MARK_NOT_THE_GRANTEE);
    check((struct say){.power = VL_POWER_CARRY}, (struct say){0}, VL_LEVEL_NONE,
          VL_MARK_NO_SUCH_POWER);
    check((struct say){.only = "m"}, (struct say){0}, VL_LEVEL_NONE, VL_MARK_NOT_THIS_LETTER);
    check((struct say){.from = "B"}, (struct say){0}, VL_LEVEL_NONE, VL_MARK_NOT_THIS_SENDER);
    check((struct say){.one_handover = true, .handover = 9}, (struct say){0}, VL_LEVEL_NONE,
          VL_MARK_NOT_THIS_HANDOVER);
    check((struct say){.count = 1}, (struct say){.letters = "lm"}, VL_LEVEL_NONE,
          VL_MARK_OVER_COUNT);
    check((struct say){.seal = "A 7"}, (struct say){.seal = "A 8"}, VL_LEVEL_NONE,
          VL_MARK_SEALS_DIFFER);
    check((struct say){.not_after = 1000}, (struct say){.at = 1001}, VL_LEVEL_NONE,
          VL_MARK_OUTSIDE_VALIDITY);
    check((struct say){.not_before = 1000}, (struct say){.iat = 999}, VL_LEVEL_NONE,
          VL_MARK_OUTSIDE_VALIDITY);
}

/* The first of the table, and no other. */
static void of_several_flaws_the_first_is_told(void **state)
{
    (void)state;
    check((struct say){.power = VL_POWER_CARRY, .grantee = 'E', .only = "m"}, (struct say){0},
          VL_LEVEL_NONE, VL_MARK_NOT_THE_GRANTEE);
    check((struct say){.only = "m", .not_after = 1}, (struct say){.at = 9}, VL_LEVEL_NONE,
          VL_MARK_NOT_THIS_LETTER);
}

static void a_time_that_may_lie_outside_is_not_certain(void **state)
{
    (void)state;
    check((struct say){.not_before = 1000, .not_after = 2000}, (struct say){.at = 1500},
          VL_LEVEL_PROVEN, 0);
    check((struct say){.not_before = 1000, .not_after = 2000}, (struct say){.iat = 2000},
          VL_LEVEL_PROVEN, 0);
    check((struct say){.not_before = 1000, .not_after = 2000},
          (struct say){.at = 990, .plus_minus = 20}, VL_LEVEL_PROVEN, VL_MARK_VALIDITY_NOT_CERTAIN);
    check((struct say){.not_after = 2000}, (struct say){0}, VL_LEVEL_PROVEN,
          VL_MARK_VALIDITY_NOT_CERTAIN);
    check((struct say){.not_before = 1000}, (struct say){.at = 990, .plus_minus = 9}, VL_LEVEL_NONE,
          VL_MARK_OUTSIDE_VALIDITY);
}

/* PROTOCOL 1: a mandate lies beside a receipt that does not cite it. */
static void mandate_glued_on_afterwards(void **state)
{
    WORLD(world);
    const uint8_t *receipt;

    (void)state;
    courier_has_it(world);
    receipt = DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A');
    DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D', .only = "l", .cites = {receipt});
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_NONE, 0);
    assert_int_equal(found.finding.mandate_count, 1);
}

static void a_mandate_that_is_not_held_gives_nothing(void **state)
{
    WORLD(world);
    const uint8_t *mandate;

    (void)state;
    courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .under = mandate);
    world->hidden[3] = true;
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_NONE,
                VL_MARK_MANDATE_NOT_HELD);
}

static void a_later_approval_is_the_principals_own_act(void **state)
{
    WORLD(world);
    const uint8_t *receipt;

    (void)state;
    courier_has_it(world);
    receipt = DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A');
    DID(world, .by = 'B', .kind = VL_KIND_RATIFIED, .target = receipt);
    {
        FOUND(found, world, 'l');

        assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_NONE, 0);
    }
    DID(world, .by = 'A', .kind = VL_KIND_RATIFIED, .target = receipt);
    {
        FOUND(found, world, 'l');

        assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_PROVEN,
                    VL_MARK_RATIFIED);
        assert_fact(addressee_of(world, &found, 'A')->reached, VL_LEVEL_NONE, 0);
        assert_int_equal(found.finding.record_count, 6);
    }
}

/* PROTOCOL 5: "the delegate had no mandate", dated yesterday. */
static void attack_05_a_back_dated_revocation_only_disputes(void **state)
{
    WORLD(world);
    const uint8_t *mandate, *receipt, *end;

    (void)state;
    courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    receipt = DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
                  .under = mandate, .at = 2000);
    end = DID(world, .by = 'A', .kind = VL_KIND_MANDATE_REVOCATION, .target = mandate, .at = 1000,
              .iat = 1000);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_PROVEN,
                VL_MARK_REVOKED_ORDER_UNKNOWN);
    assert_int_equal(found.finding.dispute_count, 1);
    assert_int_equal(found.finding.disputes[0].kind, VL_DISPUTE_REVOKED_ORDER_UNKNOWN);
    assert_memory_equal(found.finding.disputes[0].offices.at[0], id_of(world, 'A')->at,
                        VL_HASH_LEN);
    assert_int_equal(found.finding.disputes[0].acts.count, 2);
    assert_true(memcmp(found.finding.disputes[0].acts.at[0], receipt, VL_HASH_LEN) == 0 ||
                memcmp(found.finding.disputes[0].acts.at[0], end, VL_HASH_LEN) == 0);
    assert_true(found.finding.mandates[0].is_revoked);
}

static void a_revocation_that_the_delegate_had_defeats_its_act(void **state)
{
    WORLD(world);
    const uint8_t *mandate, *end;

    (void)state;
    courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    end = DID(world, .by = 'A', .kind = VL_KIND_MANDATE_REVOCATION, .target = mandate);
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .under = mandate, .cites = {end});
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_NONE,
                VL_MARK_REVOKED);
    assert_int_equal(found.finding.dispute_count, 0);
}

/* The giver held it when he handed over, and what answers follows that. */
static void a_revocation_that_the_giver_had_defeats_the_answer(void **state)
{
    WORLD(world);
    const uint8_t *mandate, *end, *given;
    struct story story;

    (void)state;
    story = courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    end = DID(world, .by = 'A', .kind = VL_KIND_MANDATE_REVOCATION, .target = mandate);
    given = DID(world, .by = 'C', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'D',
                .handover = 2, .cites = {story.taken, end});
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .under = mandate, .answers = given);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_NONE,
                VL_MARK_REVOKED);
}

static void a_revocation_that_follows_the_act_changes_nothing(void **state)
{
    WORLD(world);
    const uint8_t *mandate, *receipt;

    (void)state;
    courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    receipt = DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
                  .under = mandate);
    DID(world, .by = 'A', .kind = VL_KIND_MANDATE_REVOCATION, .target = mandate,
        .cites = {receipt});
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_PROVEN, 0);
    assert_int_equal(found.finding.dispute_count, 0);
}

static void nobody_else_ends_a_mandate(void **state)
{
    WORLD(world);
    const uint8_t *mandate, *end;

    (void)state;
    courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    end = DID(world, .by = 'B', .kind = VL_KIND_MANDATE_REVOCATION, .target = mandate);
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .under = mandate, .cites = {end});
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_PROVEN, 0);
    assert_false(found.finding.mandates[0].is_revoked);
}

/* PROTOCOL 22: depth one, and only where it was allowed. */
static void check_passed_on(struct say above, struct say below, enum vl_level level, uint32_t marks)
{
    WORLD(world);
    const uint8_t *first, *second;

    courier_has_it(world);
    above.by = 'A';
    above.kind = below.kind = VL_KIND_MANDATE;
    above.grantee = 'D';
    first = did(world, above);
    below.by = below.by ? below.by : 'D';
    below.grantee = 'E';
    below.under = first;
    below.capacity = VL_CAPACITY_DELEGATE;
    second = did(world, below);
    DID(world, .by = 'E', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .under = second);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, level, marks);
    assert_int_equal(found.finding.mandate_count, 2);
}

static void a_mandate_is_passed_on_once_where_that_is_allowed(void **state)
{
    (void)state;
    check_passed_on((struct say){.may_delegate = true}, (struct say){0}, VL_LEVEL_PROVEN, 0);
    check_passed_on((struct say){0}, (struct say){0}, VL_LEVEL_NONE, VL_MARK_NOT_THE_PRINCIPAL);
    check_passed_on((struct say){.may_delegate = true}, (struct say){.by = 'B'}, VL_LEVEL_NONE,
                    VL_MARK_NOT_THE_PRINCIPAL);
    check_passed_on((struct say){.may_delegate = true, .only = "m"}, (struct say){0}, VL_LEVEL_NONE,
                    VL_MARK_NOT_THIS_LETTER);
    check_passed_on((struct say){.may_delegate = true, .power = VL_POWER_CARRY}, (struct say){0},
                    VL_LEVEL_NONE, VL_MARK_NO_SUCH_POWER);
    /* The first flaw of the table, whichever of the two has it. */
    check_passed_on((struct say){.may_delegate = true, .power = VL_POWER_CARRY},
                    (struct say){.only = "m"}, VL_LEVEL_NONE, VL_MARK_NO_SUCH_POWER);
    check_passed_on((struct say){.may_delegate = true, .only = "m"},
                    (struct say){.power = VL_POWER_CARRY}, VL_LEVEL_NONE, VL_MARK_NO_SUCH_POWER);
}

/* PROTOCOL 22: both stand, and no clock decides which was first. */
static void a_mandate_for_one_use_that_is_used_twice(void **state)
{
    WORLD(world);
    const uint8_t *mandate;

    (void)state;
    courier_has_it(world);
    mandate =
        DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D', .once = true, .only = "lm");
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .under = mandate);
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "m", .addressee = 'A',
        .under = mandate);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_PROVEN,
                VL_MARK_MANDATE_USED_TWICE);
    assert_int_equal(found.finding.contradiction_count, 1);
    assert_int_equal(found.finding.contradictions[0].kind, VL_CONTRADICTION_MANDATE_USED_TWICE);
    assert_memory_equal(found.finding.contradictions[0].office.at, id_of(world, 'D')->at,
                        VL_HASH_LEN);
    assert_int_equal(found.finding.contradictions[0].acts.count, 2);
}

static void what_follows_a_receipt_came_by_its_hand_over(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);
    const uint8_t *mandate, *receipt;

    (void)state;
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D', .one_handover = true,
                  .handover = 1);
    receipt = DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
                  .under = mandate, .answers = story.handed);
    DID(world, .by = 'D', .kind = VL_KIND_OPENED, .letters = "l", .under = mandate,
        .answers = receipt);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->opened, VL_LEVEL_PROVEN, 0);
}

static void a_use_that_a_thief_signed_is_none(void **state)
{
    WORLD(world);
    const uint8_t *mandate;

    (void)state;
    courier_has_it(world);
    mandate =
        DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D', .once = true, .only = "lm");
    rotate(world, 'D', true);
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .under = mandate);
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "m", .addressee = 'A',
        .under = mandate, .card = 1);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_PROVEN, 0);
    assert_int_equal(found.finding.contradiction_count, 0);
}

static void the_marks_of_a_mandate_are_those_of_what_rests_on_it(void **state)
{
    WORLD(world);
    const uint8_t *mandate;

    (void)state;
    courier_has_it(world);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    rotate(world, 'A', true);
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .under = mandate);
    checked(world, 'D', 0);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_PROVEN,
                VL_MARK_RETIRED_VOUCHED);
}

static void a_mandate_that_nobody_vouches_for_gives_nothing(void **state)
{
    WORLD(world);
    const uint8_t *mandate;

    (void)state;
    courier_has_it(world);
    rotate(world, 'A', true);
    mandate = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D', .card = 1);
    rotate(world, 'D', true);
    DID(world, .by = 'D', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .under = mandate, .card = 1); /* and so does not vouch for it */
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_NONE,
                VL_MARK_MANDATE_NOT_VOUCHED | VL_MARK_NO_LONGER_VOUCHED);
}

static void under_a_mandate_that_is_not_good_nothing_counts_for_the_principal(void **state)
{
    WORLD(world);
    const uint8_t *mandate;

    (void)state;
    courier_has_it(world);
    mandate =
        DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D', .power = VL_POWER_CARRY);
    DID(world, .by = 'D', .kind = VL_KIND_OPENED, .letters = "l", .under = mandate);
    DID(world, .by = 'D', .kind = VL_KIND_REFUSED, .letters = "l", .under = mandate);
    DID(world, .by = 'D', .kind = VL_KIND_REACHED, .letters = "l", .under = mandate,
        .capacity = VL_CAPACITY_DELEGATE);
    FOUND(found, world, 'l');
    {
        const struct vl_found_addressee *a = addressee_of(world, &found, 'A');

        assert_int_equal(a->opened.acts.count + a->refused.acts.count + a->reached.acts.count, 0);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_good_mandate_proves_receipt_for_the_office),
        cmocka_unit_test(each_limit_of_a_mandate_limits_it),
        cmocka_unit_test(of_several_flaws_the_first_is_told),
        cmocka_unit_test(a_time_that_may_lie_outside_is_not_certain),
        cmocka_unit_test(mandate_glued_on_afterwards),
        cmocka_unit_test(a_mandate_that_is_not_held_gives_nothing),
        cmocka_unit_test(a_later_approval_is_the_principals_own_act),
        cmocka_unit_test(attack_05_a_back_dated_revocation_only_disputes),
        cmocka_unit_test(a_revocation_that_the_delegate_had_defeats_its_act),
        cmocka_unit_test(a_revocation_that_the_giver_had_defeats_the_answer),
        cmocka_unit_test(a_revocation_that_follows_the_act_changes_nothing),
        cmocka_unit_test(nobody_else_ends_a_mandate),
        cmocka_unit_test(a_mandate_is_passed_on_once_where_that_is_allowed),
        cmocka_unit_test(a_mandate_for_one_use_that_is_used_twice),
        cmocka_unit_test(what_follows_a_receipt_came_by_its_hand_over),
        cmocka_unit_test(a_use_that_a_thief_signed_is_none),
        cmocka_unit_test(the_marks_of_a_mandate_are_those_of_what_rests_on_it),
        cmocka_unit_test(a_mandate_that_nobody_vouches_for_gives_nothing),
        cmocka_unit_test(under_a_mandate_that_is_not_good_nothing_counts_for_the_principal),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
