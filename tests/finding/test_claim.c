/* SPDX-License-Identifier: Apache-2.0 */
/* What is only said, who corroborates it, and who takes his word back (PROTOCOL 6, 17). */
#include "world.h"

static enum vl_level claim_level(struct world *world)
{
    FOUND(found, world, 'l');

    assert_int_equal(found.finding.claim_count, 1);
    return found.finding.claims[0].level;
}

static void a_claim_is_claimed_by_whoever_makes_it(void **state)
{
    static const enum vl_kind kinds[] = {VL_KIND_DEPARTED,     VL_KIND_ARRIVED,
                                         VL_KIND_PRESENTED,    VL_KIND_HELD,
                                         VL_KIND_RELEASED,     VL_KIND_INSPECTED,
                                         VL_KIND_SEAL_CHECKED, VL_KIND_SEAL_REPLACED,
                                         VL_KIND_NOTIFIED,     VL_KIND_ATTEMPTED,
                                         VL_KIND_EXPIRED,      VL_KIND_DELIVERED_CLAIM,
                                         VL_KIND_LEFT_SYSTEM,  VL_KIND_ENTERED_SYSTEM};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        WORLD(world);

        courier_has_it(world);
        DID(world, .by = 'C', .kind = kinds[i], .letters = "l", .party = 'A');
        {
            FOUND(found, world, 'l');

            assert_int_equal(found.finding.claim_count, 1);
            assert_int_equal(found.finding.claims[0].kind, kinds[i]);
            assert_int_equal(found.finding.claims[0].level, VL_LEVEL_CLAIMED);
            assert_int_equal(found.finding.terminal_count, 0);
        }
    }
}

static void a_witness_whom_the_user_checked_corroborates(void **state)
{
    WORLD(world);
    const uint8_t *claim;

    (void)state;
    courier_has_it(world);
    claim = DID(world, .by = 'C', .kind = VL_KIND_DELIVERED_CLAIM, .letters = "l");
    DID(world, .by = 'W', .kind = VL_KIND_WITNESSED, .target = claim);
    assert_int_equal(claim_level(world), VL_LEVEL_CLAIMED);
    checked(world, 'W', 0);
    assert_int_equal(claim_level(world), VL_LEVEL_CORROBORATED);
}

/* PROTOCOL 17: identities are free. */
static void second_identity_of_the_courier_does_not_corroborate(void **state)
{
    WORLD(world);
    const uint8_t *claim;

    (void)state;
    courier_has_it(world);
    claim = DID(world, .by = 'C', .kind = VL_KIND_DELIVERED_CLAIM, .letters = "l");
    DID(world, .by = 'c', .kind = VL_KIND_WITNESSED, .target = claim);
    DID(world, .by = 'C', .kind = VL_KIND_WITNESSED, .target = claim);
    checked(world, 'C', 0); /* and who is known does not witness for itself */
    assert_int_equal(claim_level(world), VL_LEVEL_CLAIMED);
}

static void a_witness_who_acts_for_the_claimant_does_not_corroborate(void **state)
{
    (void)state;
    for (size_t turned = 0; turned < 2; turned++) {
        WORLD(world);
        const uint8_t *claim;

        courier_has_it(world);
        claim = DID(world, .by = 'C', .kind = VL_KIND_DELIVERED_CLAIM, .letters = "l");
        DID(world, .by = 'W', .kind = VL_KIND_WITNESSED, .target = claim);
        checked(world, 'W', 0);
        /* About another letter, and long ago. */
        DID(world, .by = turned ? 'C' : 'W', .kind = VL_KIND_MANDATE, .grantee = turned ? 'W' : 'C',
            .only = "x");
        assert_int_equal(claim_level(world), VL_LEVEL_CLAIMED);
    }
}

static void an_attempt_is_corroborated_by_who_refused(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    DID(world, .by = 'C', .kind = VL_KIND_ATTEMPTED, .letters = "l", .party = 'A');
    DID(world, .by = 'A', .kind = VL_KIND_REFUSED, .letters = "l");
    assert_int_equal(claim_level(world), VL_LEVEL_CLAIMED);
    checked(world, 'A', 0);
    assert_int_equal(claim_level(world), VL_LEVEL_CORROBORATED);
}

static void the_sender_itself_proves_that_it_came_back(void **state)
{
    static const struct {
        char by;
        enum vl_kind kind;
        enum vl_level level;
    } rows[] = {
        {'S', VL_KIND_RETURNED, VL_LEVEL_PROVEN},  {'S', VL_KIND_RECALLED, VL_LEVEL_PROVEN},
        {'C', VL_KIND_RETURNED, VL_LEVEL_CLAIMED}, {'S', VL_KIND_LOST, VL_LEVEL_CLAIMED},
        {'C', VL_KIND_SEIZED, VL_LEVEL_CLAIMED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        WORLD(world);

        courier_has_it(world);
        DID(world, .by = rows[i].by, .kind = rows[i].kind, .letters = "l");
        FOUND(found, world, 'l');
        assert_int_equal(found.finding.claim_count, 0);
        assert_int_equal(found.finding.terminal_count, 1);
        assert_int_equal(found.finding.terminals[0].level, rows[i].level);
    }
}

/* PROTOCOL 6: erasing by the back door. */
static void attack_06_a_correction_does_not_un_prove(void **state)
{
    WORLD(world);
    const uint8_t *receipt;

    (void)state;
    courier_has_it(world);
    receipt = DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
                  .capacity = VL_CAPACITY_PRINCIPAL);
    DID(world, .by = 'A', .kind = VL_KIND_CORRECTED, .target = receipt);
    FOUND(found, world, 'l');
    assert_fact(addressee_of(world, &found, 'A')->receipted_for_office, VL_LEVEL_PROVEN, 0);
    assert_int_equal(found.finding.correction_count, 1);
    assert_memory_equal(found.finding.corrections[0].target, receipt, VL_HASH_LEN);
    assert_bytes(found.finding.corrections[0].now, VL_LITERAL("not received"));
}

static void attack_27_nobody_corrects_what_another_signed(void **state)
{
    WORLD(world);
    const uint8_t *receipt;

    (void)state;
    courier_has_it(world);
    receipt = DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
                  .capacity = VL_CAPACITY_PRINCIPAL);
    DID(world, .by = 'S', .kind = VL_KIND_CORRECTED, .target = receipt);
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.correction_count, 0);
    assert_int_equal(found.finding.record_count, 5);
}

static void
a_mandate_that_names_the_letter_is_about_it_when_its_principal_is_concerned(void **state)
{
    WORLD(world);
    const uint8_t *of_addressee, *end;

    (void)state;
    courier_has_it(world);
    of_addressee = DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D', .only = "l");
    DID(world, .by = 'S', .kind = VL_KIND_MANDATE, .grantee = 'C', .only = "l",
        .power = VL_POWER_CARRY);
    DID(world, .by = 'X', .kind = VL_KIND_MANDATE, .grantee = 'D', .only = "l");
    DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D');
    end = DID(world, .by = 'A', .kind = VL_KIND_MANDATE_REVOCATION, .target = of_addressee);
    DID(world, .by = 'W', .kind = VL_KIND_SEEN, .seen = {end});
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.mandate_count, 2);
    assert_int_equal(found.finding.record_count, 7);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_claim_is_claimed_by_whoever_makes_it),
        cmocka_unit_test(a_witness_whom_the_user_checked_corroborates),
        cmocka_unit_test(second_identity_of_the_courier_does_not_corroborate),
        cmocka_unit_test(a_witness_who_acts_for_the_claimant_does_not_corroborate),
        cmocka_unit_test(an_attempt_is_corroborated_by_who_refused),
        cmocka_unit_test(the_sender_itself_proves_that_it_came_back),
        cmocka_unit_test(attack_06_a_correction_does_not_un_prove),
        cmocka_unit_test(attack_27_nobody_corrects_what_another_signed),
        cmocka_unit_test(
            a_mandate_that_names_the_letter_is_about_it_when_its_principal_is_concerned),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
