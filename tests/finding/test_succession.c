/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes after an office changes what that one said, by its word and by no other (PROTOCOL 27).
 */
#include "world.h"

static const struct vl_found_said *said_of(const struct found *found, const uint8_t *act)
{
    size_t at = 0;

    while (at < found->finding.said_count &&
           memcmp(found->finding.said[at].act, act, VL_HASH_LEN) != 0)
        at++;
    assert_true(at < found->finding.said_count);
    return &found->finding.said[at];
}

/* What S said of letter l. */
static const uint8_t *said_by_s(struct world *world)
{
    courier_has_it(world);
    return DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l");
}

/* N changes it under the succession; what becomes of it, and with which marks of the change. */
static void check_at(struct world *world, const uint8_t *said, struct say change, unsigned states,
                     uint32_t marks)
{
    static const enum vl_kind kinds[] = {VL_KIND_CORRECT, VL_KIND_WITHDRAW};
    const size_t before = world->item_count;

    for (size_t i = 0; i < 2; i++) {
        const uint8_t *id;

        change.by = change.by ? change.by : 'N';
        change.kind = kinds[i];
        change.target = said;
        id = did(world, change);
        {
            FOUND(found, world, 'l');
            const bool is_good = states == VL_SAID_CORRECTED;

            assert_int_equal(said_of(&found, said)->states,
                             is_good && i == 1 ? VL_SAID_WITHDRAWN : states);
            assert_int_equal(said_of(&found, id)->marks, marks);
            assert_int_equal(said_of(&found, id)->is_successor, is_good);
        }
        vl_object_release(&world->items[before].object);
        world->item_count = before;
    }
}

static void a_successor_corrects_and_withdraws(void **state)
{
    WORLD(world);
    const uint8_t *said = said_by_s(world), *by;

    (void)state;
    by = DID(world, .by = 'S', .kind = VL_KIND_SUCCEEDS, .grantee = 'N');
    check_at(world, said, (struct say){.under = by}, VL_SAID_CORRECTED, 0);
    {
        const uint8_t *change =
            DID(world, .by = 'N', .kind = VL_KIND_CORRECT, .target = said, .under = by);
        FOUND(found, world, 'l');
        const struct vl_found_said *one = said_of(&found, change);

        assert_true(one->is_under_succession);
        assert_memory_equal(one->succession, by, VL_HASH_LEN);
        assert_memory_equal(said_of(&found, said)->corrected_by.at[0], change, VL_HASH_LEN);
    }
}

static void attack_27_a_successor_by_its_own_word(void **state)
{
    static const uint8_t nowhere[VL_HASH_LEN] = {1};
    WORLD(world);
    const uint8_t *said = said_by_s(world), *forged, *mandate;

    (void)state;
    forged = DID(world, .by = 'W', .kind = VL_KIND_SUCCEEDS, .of_office = 'S', .grantee = 'N');
    mandate =
        DID(world, .by = 'S', .kind = VL_KIND_MANDATE, .grantee = 'N', .power = VL_POWER_SPEAK);
    check_at(world, said, (struct say){0}, VL_SAID_DISPUTED, 0);
    check_at(world, said, (struct say){.under = nowhere}, VL_SAID_DISPUTED, 0);
    check_at(world, said, (struct say){.under = mandate}, VL_SAID_DISPUTED, 0);
    check_at(world, said, (struct say){.under = forged}, VL_SAID_DISPUTED,
             VL_MARK_NOT_THE_PRINCIPAL);
}

/* W, whom S never named, signs that it comes after itself, and means S. */
static void attack_27_of_another_predecessor(void **state)
{
    WORLD(world);
    const uint8_t *said = said_by_s(world), *by;

    (void)state;
    by = DID(world, .by = 'W', .kind = VL_KIND_SUCCEEDS, .grantee = 'N');
    check_at(world, said, (struct say){.under = by}, VL_SAID_DISPUTED, VL_MARK_NOT_THE_PRINCIPAL);
}

static void attack_27_under_what_was_given_to_another(void **state)
{
    WORLD(world);
    const uint8_t *said = said_by_s(world), *by;

    (void)state;
    by = DID(world, .by = 'S', .kind = VL_KIND_SUCCEEDS, .grantee = 'M');
    check_at(world, said, (struct say){.under = by}, VL_SAID_DISPUTED, VL_MARK_NOT_THE_GRANTEE);
}

static void attack_27_the_successor_of_a_successor(void **state)
{
    WORLD(world);
    const uint8_t *said = said_by_s(world), *first, *second, *change, *end;

    (void)state;
    first = DID(world, .by = 'S', .kind = VL_KIND_SUCCEEDS, .grantee = 'M');
    second = DID(world, .by = 'M', .kind = VL_KIND_SUCCEEDS, .grantee = 'N');
    check_at(world, said, (struct say){.under = second}, VL_SAID_DISPUTED,
             VL_MARK_NOT_THE_PRINCIPAL);
    check_at(world, said, (struct say){.under = first}, VL_SAID_DISPUTED, VL_MARK_NOT_THE_GRANTEE);
    /* What M said itself, for S as well, is for whoever comes after M. */
    change = DID(world, .by = 'M', .kind = VL_KIND_CORRECT, .target = said, .under = first);
    end = DID(world, .by = 'N', .kind = VL_KIND_WITHDRAW, .target = change, .under = second);
    {
        FOUND(found, world, 'l');

        assert_true(said_of(&found, end)->is_successor);
        assert_int_equal(said_of(&found, change)->states, VL_SAID_WITHDRAWN);
        assert_int_equal(said_of(&found, said)->states, 0);
    }
}

/* Each comes after the other: both may, and neither for a third. */
static void attack_27_two_that_come_after_each_other(void **state)
{
    WORLD(world);
    const uint8_t *said = said_by_s(world), *there, *back;

    (void)state;
    there = DID(world, .by = 'S', .kind = VL_KIND_SUCCEEDS, .grantee = 'N');
    back = DID(world, .by = 'N', .kind = VL_KIND_SUCCEEDS, .grantee = 'S', .cites = {there});
    check_at(world, said, (struct say){.under = there}, VL_SAID_CORRECTED, 0);
    check_at(world, said, (struct say){.under = back}, VL_SAID_DISPUTED, VL_MARK_NOT_THE_PRINCIPAL);
}

static void attack_27_words_outside_the_scope(void **state)
{
    WORLD(world);
    const uint8_t *said = said_by_s(world), *other, *of_other, *of_this;

    (void)state;
    other = DID(world, .by = 'S', .kind = VL_KIND_DENY, .letters = "l",
                .relation = VL_RELATION_DISPUTES);
    of_other = DID(world, .by = 'S', .kind = VL_KIND_SUCCEEDS, .grantee = 'N', .act = other);
    of_this = DID(world, .by = 'S', .kind = VL_KIND_SUCCEEDS, .grantee = 'N', .act = said);
    check_at(world, said, (struct say){.under = of_other}, VL_SAID_DISPUTED,
             VL_MARK_NOT_THESE_WORDS);
    check_at(world, said, (struct say){.under = of_this}, VL_SAID_CORRECTED, 0);
}

static void attack_27_before_it_came_after(void **state)
{
    WORLD(world);
    const uint8_t *said = said_by_s(world), *by;

    (void)state;
    by = DID(world, .by = 'S', .kind = VL_KIND_SUCCEEDS, .grantee = 'N', .not_before = 1000);
    check_at(world, said, (struct say){.under = by, .at = 999}, VL_SAID_DISPUTED,
             VL_MARK_OUTSIDE_VALIDITY);
    check_at(world, said, (struct say){.under = by, .at = 1000}, VL_SAID_CORRECTED, 0);
    check_at(world, said, (struct say){.under = by, .at = 999, .plus_minus = 2}, VL_SAID_CORRECTED,
             VL_MARK_VALIDITY_NOT_CERTAIN);
    check_at(world, said, (struct say){.under = by}, VL_SAID_CORRECTED,
             VL_MARK_VALIDITY_NOT_CERTAIN);
}

/* PROTOCOL 5: an end counts for what follows it. */
static void attack_05_a_succession_ended_with_a_date_of_yesterday(void **state)
{
    WORLD(world);
    const uint8_t *said = said_by_s(world), *by, *foreign, *end;

    (void)state;
    by = DID(world, .by = 'S', .kind = VL_KIND_SUCCEEDS, .grantee = 'N');
    foreign = DID(world, .by = 'W', .kind = VL_KIND_MANDATE_REVOCATION, .target = by);
    check_at(world, said, (struct say){.under = by}, VL_SAID_CORRECTED, 0);
    check_at(world, said, (struct say){.under = by, .cites = {foreign}}, VL_SAID_CORRECTED, 0);
    end = DID(world, .by = 'S', .kind = VL_KIND_MANDATE_REVOCATION, .target = by);
    check_at(world, said, (struct say){.under = by}, VL_SAID_CORRECTED,
             VL_MARK_REVOKED_ORDER_UNKNOWN);
    check_at(world, said, (struct say){.under = by, .cites = {end}}, VL_SAID_DISPUTED,
             VL_MARK_REVOKED);
}

static void attack_11_a_succession_with_one_signature_of_two(void **state)
{
    WORLD(world);
    const uint8_t *said, *by;

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = '2', .kind = VL_KIND_ASSERT, .letters = "l");
    by = DID(world, .by = '2', .kind = VL_KIND_SUCCEEDS, .grantee = 'N', .one_signature = true);
    check_at(world, said, (struct say){.under = by}, VL_SAID_DISPUTED, VL_MARK_MANDATE_NOT_VOUCHED);
}

static void a_guardian_of_the_card_names_the_successor(void **state)
{
    WORLD(world);
    const uint8_t *said, *by, *stranger;

    (void)state;
    guard(world, 'S', "GH");
    said = said_by_s(world);
    by = DID(world, .by = 'H', .kind = VL_KIND_SUCCEEDS, .of_office = 'S', .grantee = 'N');
    stranger = DID(world, .by = 'W', .kind = VL_KIND_SUCCEEDS, .of_office = 'S', .grantee = 'N');
    check_at(world, said, (struct say){.under = by}, VL_SAID_CORRECTED, 0);
    check_at(world, said, (struct say){.under = stranger}, VL_SAID_DISPUTED,
             VL_MARK_NOT_THE_PRINCIPAL);
    /* Its newest card names none any more. */
    rotate(world, 'S', true);
    check_at(world, said, (struct say){.under = by}, VL_SAID_DISPUTED, VL_MARK_NOT_THE_PRINCIPAL);
}

/* Whoever stole the key of S makes a card that names his own office. */
static void attack_27_a_guardian_on_a_thiefs_card(void **state)
{
    WORLD(world);
    struct vl_office_id thief;
    struct office *office;
    uint8_t next[VL_HASH_LEN];
    const uint8_t *said = said_by_s(world), *by;

    (void)state;
    office = office_of(world, 'S');
    thief = *id_of(world, 'X');
    by = DID(world, .by = 'X', .kind = VL_KIND_SUCCEEDS, .of_office = 'S', .grantee = 'N');
    {
        const struct vl_secret stolen = office->seeds[0];
        struct vl_secret own = VL_SECRET_INIT;

        seed_of('S', 1, 5, &own);
        next_of('S', 2, 0, next);
        add_guarded_card(&office->chain, &own, 1, &stolen, next, &thief, 1);
    }
    check_at(world, said, (struct say){.under = by}, VL_SAID_DISPUTED, VL_MARK_NOT_THE_PRINCIPAL);
    /* until the user has compared its words again */
    checked(world, 'S', 1);
    check_at(world, said, (struct say){.under = by}, VL_SAID_CORRECTED, 0);
}

/* He had the announced key as well, so that his card came as planned: and there are two of them. */
static void attack_27_a_guardian_on_one_card_of_a_fork(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    WORLD(world);
    struct vl_office_id thief;
    struct office *office;
    uint8_t next[VL_HASH_LEN];
    const uint8_t *said = said_by_s(world), *by;
    struct vl_why why = {""};

    (void)state;
    office = office_of(world, 'S');
    thief = *id_of(world, 'X');
    by = DID(world, .by = 'X', .kind = VL_KIND_SUCCEEDS, .of_office = 'S', .grantee = 'N');
    assert_int_equal(vl_object_write(&office->chain.links[0].card.object, &wire), VL_OK);
    assert_err(vl_chain_add(&office->rival, vl_buf_bytes(&wire), &why), VL_OK, &why);
    seed_of('S', 1, 0, &office->rival_seed);
    next_of('S', 7, 0, next);
    add_guarded_card(&office->rival, &office->rival_seed, 1, NULL, next, &thief, 1);
    rotate(world, 'S', true);
    check_at(world, said, (struct say){.under = by}, VL_SAID_DISPUTED, VL_MARK_NOT_THE_PRINCIPAL);
}

/* It corrects and withdraws, and is not the other office for anything else. */
static void attack_27_a_successor_speaks_for_itself_alone(void **state)
{
    WORLD(world);
    const uint8_t *promise, *by, *denied, *broken;

    (void)state;
    courier_has_it(world);
    promise = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l");
    by = DID(world, .by = 'S', .kind = VL_KIND_SUCCEEDS, .grantee = 'N');
    denied = DID(world, .by = 'N', .kind = VL_KIND_DENY, .act = promise,
                 .relation = VL_RELATION_DISPUTES, .under = by);
    broken = DID(world, .by = 'N', .kind = VL_KIND_ASSERT, .act = promise, .fact = "broken",
                 .under = by);
    {
        FOUND(found, world, 'l');
        const struct vl_found_promise *one = said_of(&found, promise)->promise;

        assert_int_equal(found.finding.contradiction_count, 0);
        assert_int_equal(said_of(&found, promise)->states, VL_SAID_DISPUTED);
        assert_int_equal(one->state, VL_PROMISE_OPEN);
        assert_int_equal(one->outcomes[0].level, VL_LEVEL_HEARSAY);
        assert_false(said_of(&found, denied)->is_under_succession);
        assert_false(said_of(&found, broken)->is_under_succession);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_successor_corrects_and_withdraws),
        cmocka_unit_test(attack_27_a_successor_by_its_own_word),
        cmocka_unit_test(attack_27_of_another_predecessor),
        cmocka_unit_test(attack_27_under_what_was_given_to_another),
        cmocka_unit_test(attack_27_the_successor_of_a_successor),
        cmocka_unit_test(attack_27_two_that_come_after_each_other),
        cmocka_unit_test(attack_27_words_outside_the_scope),
        cmocka_unit_test(attack_27_before_it_came_after),
        cmocka_unit_test(attack_05_a_succession_ended_with_a_date_of_yesterday),
        cmocka_unit_test(attack_11_a_succession_with_one_signature_of_two),
        cmocka_unit_test(a_guardian_of_the_card_names_the_successor),
        cmocka_unit_test(attack_27_a_guardian_on_a_thiefs_card),
        cmocka_unit_test(attack_27_a_guardian_on_one_card_of_a_fork),
        cmocka_unit_test(attack_27_a_successor_speaks_for_itself_alone),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
