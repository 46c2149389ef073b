/* SPDX-License-Identifier: Apache-2.0 */
/* Talks and visits: whose word makes them more than hearsay (PROTOCOL 6, 17, 19). */
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

/* Asked for an office: what is said of it. */
static struct found ask(struct world *world, char office)
{
    struct found found = {vl_finding_set_new(), VL_FINDING_INIT};
    struct vl_why why = {""};

    assert_non_null(found.set);
    add_all(world, found.set, NULL);
    assert_err(vl_finding_make(found.set, id_of(world, office)->at, NOW, &found.finding, &why),
               VL_OK, &why);
    return found;
}

#define ASKED(name, world, office) VL_AUTO(found_release) struct found name = ask((world), (office))

static void assert_level(struct world *world, const uint8_t *act, enum vl_level level)
{
    ASKED(found, world, 'A');

    assert_non_null(said_of(&found, act)->meeting);
    assert_string_equal(vl_level_word(said_of(&found, act)->meeting->level), vl_level_word(level));
}

/* That A was the guest of B, by whomever. */
static const uint8_t *visit(struct world *world, char by, const uint8_t *supported)
{
    return DID(world, .by = by, .kind = VL_KIND_ASSERT, .offices = "A", .party = 'B',
               .fact = "visit", .act = supported, .relation = VL_RELATION_SUPPORTS);
}

static const uint8_t *hosted(struct world *world, char by, const uint8_t *supported)
{
    return DID(world, .by = by, .kind = VL_KIND_ASSERT, .offices = "B", .party = 'A',
               .fact = "hosted", .act = supported, .relation = VL_RELATION_SUPPORTS);
}

static void a_visit_is_proven_when_guest_and_host_signed_it(void **state)
{
    WORLD(world);
    const uint8_t *first, *second;

    (void)state;
    first = visit(world, 'A', NULL);
    assert_level(world, first, VL_LEVEL_CLAIMED);
    second = hosted(world, 'B', first);
    assert_level(world, first, VL_LEVEL_PROVEN);
    assert_level(world, second, VL_LEVEL_PROVEN);
    {
        ASKED(found, world, 'B'); /* of the party it is told as well */
        const struct vl_found_meeting *one = said_of(&found, second)->meeting;

        assert_int_equal(one->meeting.what, VL_FACT_VISIT);
        assert_true(vl_office_id_eq(&one->meeting.sides[0], id_of(world, 'A')));
        assert_true(vl_office_id_eq(&one->meeting.sides[1], id_of(world, 'B')));
        assert_int_equal(one->with.count, 1);
        assert_memory_equal(one->with.at[0], first, VL_HASH_LEN);
        assert_int_equal(said_of(&found, first)->meeting->with.count, 1);
        assert_false(one->is_withdrawn || one->has_other_time || one->has_other_place);
    }
}

static void talks_have_no_guest_and_no_host(void **state)
{
    WORLD(world);
    const uint8_t *first, *second;

    (void)state;
    first = DID(world, .by = 'A', .kind = VL_KIND_ASSERT, .offices = "A", .party = 'B',
                .fact = "talks");
    second = DID(world, .by = 'B', .kind = VL_KIND_ASSERT, .offices = "B", .party = 'A',
                 .fact = "talks", .act = first, .relation = VL_RELATION_SUPPORTS);
    assert_level(world, first, VL_LEVEL_PROVEN);
    assert_level(world, second, VL_LEVEL_PROVEN);
    {
        ASKED(found, world, 'A');
        const struct vl_meeting *a = &said_of(&found, first)->meeting->meeting;

        assert_true(vl_meeting_eq(a, &said_of(&found, second)->meeting->meeting));
        assert_true(memcmp(a->sides[0].at, a->sides[1].at, VL_HASH_LEN) < 0);
    }
}

/* B signed a visit of its own to A, or that A was there another time and names nothing. */
static void attack_17_another_meeting_is_no_second_signature(void **state)
{
    WORLD(world);
    const uint8_t *first, *back, *untied, *talks, *with_c;

    (void)state;
    first = visit(world, 'A', NULL);
    back = DID(world, .by = 'B', .kind = VL_KIND_ASSERT, .offices = "B", .party = 'A',
               .fact = "visit", .act = first, .relation = VL_RELATION_SUPPORTS);
    untied = hosted(world, 'B', NULL);
    talks = DID(world, .by = 'B', .kind = VL_KIND_ASSERT, .offices = "B", .party = 'A',
                .fact = "talks", .act = first, .relation = VL_RELATION_SUPPORTS);
    with_c = DID(world, .by = 'B', .kind = VL_KIND_ASSERT, .offices = "B", .party = 'C',
                 .fact = "hosted", .act = first, .relation = VL_RELATION_SUPPORTS);
    DID(world, .by = 'B', .kind = VL_KIND_ASSERT, .offices = "B", .party = 'A', .fact = "hosted",
        .act = first, .relation = VL_RELATION_NONE);
    DID(world, .by = 'B', .kind = VL_KIND_ASSERT, .act = first, .relation = VL_RELATION_SUPPORTS);
    assert_level(world, first, VL_LEVEL_CLAIMED);
    assert_level(world, back, VL_LEVEL_CLAIMED);
    assert_level(world, untied, VL_LEVEL_CLAIMED);
    assert_level(world, talks, VL_LEVEL_CLAIMED);
    assert_level(world, with_c, VL_LEVEL_CLAIMED);
}

static void attack_17_strangers_make_no_meeting(void **state)
{
    WORLD(world);
    const uint8_t *rumour, *again;

    (void)state;
    rumour = visit(world, 'C', NULL);
    again = visit(world, 'D', rumour);
    checked(world, 'C', 0);
    checked(world, 'D', 0);
    assert_level(world, rumour, VL_LEVEL_HEARSAY);
    assert_level(world, again, VL_LEVEL_HEARSAY);
    {
        ASKED(found, world, 'A');

        assert_int_equal(said_of(&found, rumour)->meeting->with.count, 0);
    }
}

/* Whoever said it first, both sides stand by it. */
static void what_both_sides_support_is_proven_whoever_said_it(void **state)
{
    WORLD(world);
    const uint8_t *told, *guest;

    (void)state;
    told = visit(world, 'C', NULL);
    guest = visit(world, 'A', told);
    assert_level(world, told, VL_LEVEL_CLAIMED);
    hosted(world, 'B', told);
    assert_level(world, told, VL_LEVEL_PROVEN);
    /* They named the same words, and not each other's. */
    assert_level(world, guest, VL_LEVEL_CLAIMED);
}

/* A met B in spring, B says that A came in autumn; C supports both, and nothing comes of it. */
static void attack_17_a_stranger_ties_two_meetings_into_one(void **state)
{
    WORLD(world);
    const uint8_t *spring, *autumn, *tie;

    (void)state;
    spring = visit(world, 'A', NULL);
    autumn = hosted(world, 'B', NULL);
    tie = DID(world, .by = 'C', .kind = VL_KIND_ASSERT, .offices = "A", .party = 'B',
              .fact = "visit", .act = spring, .act_too = autumn, .relation = VL_RELATION_SUPPORTS);
    assert_level(world, spring, VL_LEVEL_CLAIMED);
    assert_level(world, autumn, VL_LEVEL_CLAIMED);
    assert_level(world, tie, VL_LEVEL_HEARSAY);
}

/* Words that support one another in a row: each counts what it is tied to, and no further. */
static void attack_17_claims_that_go_round_in_a_circle(void **state)
{
    WORLD(world);
    const uint8_t *first, *second, *third;

    (void)state;
    first = visit(world, 'A', NULL);
    second = visit(world, 'C', first);
    third = visit(world, 'A', second);
    assert_level(world, first, VL_LEVEL_CLAIMED);
    assert_level(world, second, VL_LEVEL_CLAIMED);
    assert_level(world, third, VL_LEVEL_CLAIMED);
    hosted(world, 'B', third);
    assert_level(world, third, VL_LEVEL_PROVEN);
    assert_level(world, second, VL_LEVEL_CLAIMED);
    assert_level(world, first, VL_LEVEL_CLAIMED);
}

static void plans_silence_and_hearsay_are_no_meeting(void **state)
{
    static const struct say sayings[] = {
        {.modality = VL_MODALITY_FUTURE},
        {.modality = VL_MODALITY_HYPOTHETICAL},
        {.absence = true},
        {.kind = VL_KIND_COMMIT},
        {.kind = VL_KIND_DENY, .relation = VL_RELATION_DISPUTES},
        {.party = 'A'},
        {.offices = ""},
    };
    WORLD(world);
    const uint8_t *heard;

    (void)state;
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
        struct say say = sayings[i];
        const uint8_t *before = visit(world, 'A', NULL), *said;

        say.by = 'A';
        say.kind = say.kind ? say.kind : VL_KIND_ASSERT;
        say.fact = "visit";
        say.offices = say.offices ? say.offices : "A";
        say.party = say.party ? say.party : 'B';
        say.act = before;
        said = did(world, say);
        {
            ASKED(found, world, 'A');

            assert_null(said_of(&found, said)->meeting);
        }
    }
    heard = DID(world, .by = 'A', .kind = VL_KIND_ASSERT, .offices = "A", .party = 'B',
                .fact = "visit", .basis = VL_BASIS_HEARSAY);
    assert_level(world, heard, VL_LEVEL_HEARSAY);
    hosted(world, 'B', heard);
    assert_level(world, heard, VL_LEVEL_CLAIMED);
}

static void attack_06_a_denial_and_a_withdrawal_undo_no_meeting(void **state)
{
    WORLD(world);
    const uint8_t *first, *second, *denial;

    (void)state;
    first = visit(world, 'A', NULL);
    second = hosted(world, 'B', first);
    denial =
        DID(world, .by = 'B', .kind = VL_KIND_DENY, .act = first, .relation = VL_RELATION_DISPUTES);
    DID(world, .by = 'C', .kind = VL_KIND_DENY, .act = first, .relation = VL_RELATION_DISPUTES);
    DID(world, .by = 'B', .kind = VL_KIND_WITHDRAW, .target = second);
    assert_level(world, first, VL_LEVEL_PROVEN);
    {
        ASKED(found, world, 'A');
        const struct vl_found_said *one = said_of(&found, first);

        assert_int_equal(one->states, VL_SAID_DISPUTED);
        assert_int_equal(one->meeting->denied_by.count, 1);
        assert_memory_equal(one->meeting->denied_by.at[0], denial, VL_HASH_LEN);
        assert_true(one->meeting->is_withdrawn);
    }
    DID(world, .by = 'B', .kind = VL_KIND_WITHDRAW, .target = denial);
    {
        ASKED(found, world, 'A');

        assert_int_equal(said_of(&found, first)->meeting->denied_by.count, 0);
    }
}

static void attack_19_two_times_of_one_meeting(void **state)
{
    WORLD(world);
    const uint8_t *first, *same, *other;

    (void)state;
    first = DID(world, .by = 'A', .kind = VL_KIND_ASSERT, .offices = "A", .party = 'B',
                .fact = "visit", .as_of = 1700000000, .place = "the castle");
    same =
        DID(world, .by = 'B', .kind = VL_KIND_ASSERT, .offices = "A", .party = 'B', .fact = "visit",
            .act = first, .relation = VL_RELATION_SUPPORTS, .as_of = 1700000000);
    {
        ASKED(found, world, 'A');
        const struct vl_found_meeting *one = said_of(&found, first)->meeting;

        assert_false(one->has_other_time || one->has_other_place);
    }
    other = DID(world, .by = 'B', .kind = VL_KIND_ASSERT, .offices = "A", .party = 'B',
                .fact = "visit", .act = first, .relation = VL_RELATION_SUPPORTS,
                .as_of = 1700086400, .place = "the hall");
    assert_level(world, first, VL_LEVEL_PROVEN);
    assert_level(world, other, VL_LEVEL_PROVEN);
    {
        ASKED(found, world, 'A');
        const struct vl_found_meeting *one = said_of(&found, first)->meeting;

        assert_true(one->has_other_time && one->has_other_place);
        assert_true(said_of(&found, other)->meeting->has_other_time);
        assert_false(said_of(&found, same)->meeting->has_other_time);
    }
}

static void attack_11_half_a_signature_of_a_side_proves_no_meeting(void **state)
{
    WORLD(world);
    const uint8_t *first;

    (void)state;
    first = DID(world, .by = 'A', .kind = VL_KIND_ASSERT, .offices = "A", .party = '2',
                .fact = "visit");
    DID(world, .by = '2', .kind = VL_KIND_ASSERT, .offices = "A", .party = '2', .fact = "visit",
        .act = first, .relation = VL_RELATION_SUPPORTS, .one_signature = true);
    assert_level(world, first, VL_LEVEL_CLAIMED);
}

static void a_delegate_signs_for_a_side_and_a_false_one_does_not(void **state)
{
    static const enum vl_power powers[] = {VL_POWER_RECEIVE, VL_POWER_EXPLAIN, VL_POWER_SPEAK};

    (void)state;
    for (size_t i = 0; i < sizeof powers / sizeof *powers; i++) {
        WORLD(world);
        const uint8_t *first = visit(world, 'A', NULL), *mandate;

        mandate =
            DID(world, .by = 'B', .kind = VL_KIND_MANDATE, .grantee = 'D', .power = powers[i]);
        DID(world, .by = 'D', .kind = VL_KIND_ASSERT, .offices = "A", .party = 'B', .fact = "visit",
            .act = first, .relation = VL_RELATION_SUPPORTS, .principal = 'B', .under = mandate,
            .capacity = VL_CAPACITY_DELEGATE);
        assert_level(world, first,
                     powers[i] == VL_POWER_SPEAK ? VL_LEVEL_PROVEN : VL_LEVEL_CLAIMED);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_visit_is_proven_when_guest_and_host_signed_it),
        cmocka_unit_test(talks_have_no_guest_and_no_host),
        cmocka_unit_test(attack_17_another_meeting_is_no_second_signature),
        cmocka_unit_test(attack_17_strangers_make_no_meeting),
        cmocka_unit_test(what_both_sides_support_is_proven_whoever_said_it),
        cmocka_unit_test(attack_17_a_stranger_ties_two_meetings_into_one),
        cmocka_unit_test(attack_17_claims_that_go_round_in_a_circle),
        cmocka_unit_test(plans_silence_and_hearsay_are_no_meeting),
        cmocka_unit_test(attack_06_a_denial_and_a_withdrawal_undo_no_meeting),
        cmocka_unit_test(attack_19_two_times_of_one_meeting),
        cmocka_unit_test(attack_11_half_a_signature_of_a_side_proves_no_meeting),
        cmocka_unit_test(a_delegate_signs_for_a_side_and_a_false_one_does_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
