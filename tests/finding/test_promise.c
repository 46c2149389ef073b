/* SPDX-License-Identifier: Apache-2.0 */
/* What became of a promise: by whose word, and by whose not (PROTOCOL 6, 16, 17, 19). */
#include "world.h"

static const struct vl_found_promise *promise_of(const struct found *found, const uint8_t *act)
{
    size_t at = 0;

    while (at < found->finding.said_count &&
           memcmp(found->finding.said[at].act, act, VL_HASH_LEN) != 0)
        at++;
    assert_true(at < found->finding.said_count);
    return found->finding.said[at].promise;
}

/* In a finding as of then. */
static void assert_promise_at(struct world *world, const uint8_t *act, int64_t then,
                              enum vl_promise state, enum vl_level level)
{
    VL_AUTO(found_release) struct found found = find_at(world, 'l', then);
    const struct vl_found_promise *promise = promise_of(&found, act);

    assert_non_null(promise);
    assert_string_equal(vl_promise_word(promise->state), vl_promise_word(state));
    assert_string_equal(vl_level_word(promise->level), vl_level_word(level));
}

static void assert_promise(struct world *world, const uint8_t *act, enum vl_promise state,
                           enum vl_level level)
{
    assert_promise_at(world, act, NOW, state, level);
}

/* S promised A to publish letter l. */
static const uint8_t *promised(struct world *world)
{
    courier_has_it(world);
    return DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .offices = "A");
}

static const uint8_t *outcome(struct world *world, char by, const uint8_t *promise,
                              const char *fact)
{
    return DID(world, .by = by, .kind = VL_KIND_ASSERT, .act = promise, .fact = fact);
}

static void a_promise_is_open_and_nothing_else_has_one(void **state)
{
    WORLD(world);
    const uint8_t *promise = promised(world), *said;

    (void)state;
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l");
    assert_promise(world, promise, VL_PROMISE_OPEN, VL_LEVEL_NONE);
    {
        FOUND(found, world, 'l');

        assert_null(promise_of(&found, said));
        assert_int_equal(promise_of(&found, promise)->to.count, 1);
        assert_memory_equal(promise_of(&found, promise)->to.at[0], id_of(world, 'A')->at,
                            VL_HASH_LEN);
    }
}

static void attack_06_a_term_that_passes_breaks_no_promise(void **state)
{
    WORLD(world);
    const uint8_t *promise;

    (void)state;
    courier_has_it(world);
    promise = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .as_of = 1700000000);
    assert_promise_at(world, promise, 1699999999, VL_PROMISE_OPEN, VL_LEVEL_NONE);
    assert_promise_at(world, promise, 1700000000, VL_PROMISE_OPEN, VL_LEVEL_NONE);
    assert_promise_at(world, promise, 1700000001, VL_PROMISE_OVERDUE, VL_LEVEL_NONE);
    assert_promise_at(world, promise, 4000000000, VL_PROMISE_OVERDUE, VL_LEVEL_NONE);
    outcome(world, 'S', promise, "kept");
    assert_promise_at(world, promise, 4000000000, VL_PROMISE_KEPT, VL_LEVEL_CLAIMED);
}

static void whoever_broke_it_says_so_against_itself(void **state)
{
    static const struct {
        char by;
        const char *fact;
        enum vl_promise state;
        enum vl_level level;
    } outcomes[] = {
        {'S', "broken", VL_PROMISE_BROKEN, VL_LEVEL_PROVEN},
        {'S', "kept", VL_PROMISE_KEPT, VL_LEVEL_CLAIMED},
        {'A', "broken", VL_PROMISE_BROKEN, VL_LEVEL_CLAIMED},
        {'A', "kept", VL_PROMISE_KEPT, VL_LEVEL_CLAIMED}, /* nobody checked A */
        {'W', "broken", VL_PROMISE_OPEN, VL_LEVEL_NONE},
        {'W', "kept", VL_PROMISE_OPEN, VL_LEVEL_NONE},
        {'S', "sent", VL_PROMISE_OPEN, VL_LEVEL_NONE},
    };

    (void)state;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        WORLD(world);
        const uint8_t *promise = promised(world);

        outcome(world, outcomes[i].by, promise, outcomes[i].fact);
        assert_promise(world, promise, outcomes[i].state, outcomes[i].level);
    }
}

static void whom_it_was_promised_corroborates_when_the_user_checked_it(void **state)
{
    WORLD(world);
    const uint8_t *promise = promised(world);

    (void)state;
    outcome(world, 'A', promise, "kept");
    checked(world, 'A', 0);
    assert_promise(world, promise, VL_PROMISE_KEPT, VL_LEVEL_CORROBORATED);
    /* and not when one of them ever acted for the other */
    DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'S', .only = "m");
    assert_promise(world, promise, VL_PROMISE_KEPT, VL_LEVEL_CLAIMED);
}

static void both_said_is_disputed(void **state)
{
    WORLD(world);
    const uint8_t *promise = promised(world), *broken;

    (void)state;
    outcome(world, 'S', promise, "kept");
    broken = outcome(world, 'A', promise, "broken");
    assert_promise(world, promise, VL_PROMISE_DISPUTED, VL_LEVEL_NONE);
    DID(world, .by = 'A', .kind = VL_KIND_WITHDRAW, .target = broken);
    assert_promise(world, promise, VL_PROMISE_KEPT, VL_LEVEL_CLAIMED);
}

/* PROTOCOL 6: what counts against its own signer is not taken back. */
static void attack_06_a_withdrawal_unbreaks_no_promise(void **state)
{
    static const struct {
        char by;
        const char *fact;
        enum vl_promise state;
        enum vl_level level;
    } outcomes[] = {
        {'S', "broken", VL_PROMISE_BROKEN, VL_LEVEL_PROVEN},
        {'S', "kept", VL_PROMISE_OPEN, VL_LEVEL_NONE},
        {'A', "broken", VL_PROMISE_OPEN, VL_LEVEL_NONE},
        {'A', "kept", VL_PROMISE_KEPT, VL_LEVEL_CLAIMED},
    };

    (void)state;
    for (size_t i = 0; i < sizeof outcomes / sizeof *outcomes; i++) {
        WORLD(world);
        const uint8_t *promise = promised(world), *said;

        said = outcome(world, outcomes[i].by, promise, outcomes[i].fact);
        DID(world, .by = outcomes[i].by, .kind = VL_KIND_WITHDRAW, .target = said);
        assert_promise(world, promise, outcomes[i].state, outcomes[i].level);
        {
            FOUND(found, world, 'l');

            assert_true(promise_of(&found, promise)->outcomes[0].is_withdrawn);
        }
    }
}

/* As many strangers as there are keys. */
static void attack_17_strangers_neither_keep_nor_break_a_promise(void **state)
{
    WORLD(world);
    const uint8_t *promise = promised(world);

    (void)state;
    for (char stranger = 'M'; stranger < 'R'; stranger++) {
        outcome(world, stranger, promise, "broken");
        checked(world, stranger, 0);
    }
    assert_promise(world, promise, VL_PROMISE_OPEN, VL_LEVEL_NONE);
    outcome(world, 'A', promise, "kept");
    assert_promise(world, promise, VL_PROMISE_KEPT, VL_LEVEL_CLAIMED);
    {
        FOUND(found, world, 'l');
        const struct vl_found_promise *one = promise_of(&found, promise);

        assert_int_equal(one->outcome_count, 6);
        for (size_t i = 0; i < one->outcome_count; i++)
            assert_int_equal(one->outcomes[i].level,
                             one->outcomes[i].is_broken ? VL_LEVEL_HEARSAY : VL_LEVEL_CLAIMED);
    }
}

static void what_does_not_say_that_it_is_so_is_no_outcome(void **state)
{
    static const struct say sayings[] = {
        {.modality = VL_MODALITY_FUTURE},
        {.modality = VL_MODALITY_HYPOTHETICAL},
        {.absence = true},
        {.kind = VL_KIND_DENY, .relation = VL_RELATION_DISPUTES},
        {.kind = VL_KIND_RELAY},
        {.basis = VL_BASIS_HEARSAY},
    };

    (void)state;
    for (size_t i = 0; i < sizeof sayings / sizeof *sayings; i++) {
        WORLD(world);
        const uint8_t *promise = promised(world);
        struct say say = sayings[i];

        say.by = 'S';
        say.kind = say.kind ? say.kind : VL_KIND_ASSERT;
        say.act = promise;
        say.fact = "broken";
        did(world, say);
        assert_promise(world, promise, VL_PROMISE_OPEN, VL_LEVEL_NONE);
    }
}

/* Half a signature is no admission. */
static void attack_11_an_outcome_with_one_signature_of_two_proves_nothing(void **state)
{
    WORLD(world);
    const uint8_t *promise;

    (void)state;
    courier_has_it(world);
    promise = DID(world, .by = '2', .kind = VL_KIND_COMMIT, .letters = "l");
    DID(world, .by = '2', .kind = VL_KIND_ASSERT, .act = promise, .fact = "broken",
        .one_signature = true);
    assert_promise(world, promise, VL_PROMISE_BROKEN, VL_LEVEL_CLAIMED);
}

/* D promised for S, and speaks for it again. */
static void a_delegate_says_it_for_its_principal_and_no_false_one(void **state)
{
    WORLD(world);
    const uint8_t *speak, *promise, *broken;

    (void)state;
    courier_has_it(world);
    speak = DID(world, .by = 'S', .kind = VL_KIND_MANDATE, .grantee = 'D', .power = VL_POWER_SPEAK);
    promise = DID(world, .by = 'D', .kind = VL_KIND_COMMIT, .letters = "l", .principal = 'S',
                  .under = speak, .capacity = VL_CAPACITY_DELEGATE);
    DID(world, .by = 'E', .kind = VL_KIND_ASSERT, .act = promise, .fact = "broken",
        .principal = 'S', .under = speak, .capacity = VL_CAPACITY_DELEGATE);
    assert_promise(world, promise, VL_PROMISE_OPEN, VL_LEVEL_NONE);
    broken = outcome(world, 'S', promise, "broken");
    assert_promise(world, promise, VL_PROMISE_BROKEN, VL_LEVEL_PROVEN);
    DID(world, .by = 'S', .kind = VL_KIND_WITHDRAW, .target = broken);
    DID(world, .by = 'D', .kind = VL_KIND_ASSERT, .act = promise, .fact = "broken",
        .principal = 'S', .under = speak, .capacity = VL_CAPACITY_DELEGATE);
    assert_promise(world, promise, VL_PROMISE_BROKEN, VL_LEVEL_PROVEN);
}

/* The party is oneself: that makes nobody a second one. */
static void attack_17_who_promises_itself_something_corroborates_nothing(void **state)
{
    WORLD(world);
    const uint8_t *promise;

    (void)state;
    courier_has_it(world);
    promise = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .fact = "sent",
                  .party = 'S', .offices = "S");
    checked(world, 'S', 0);
    outcome(world, 'S', promise, "kept");
    {
        FOUND(found, world, 'l');

        assert_int_equal(promise_of(&found, promise)->to.count, 0);
        assert_int_equal(promise_of(&found, promise)->outcomes[0].level, VL_LEVEL_CLAIMED);
    }
}

static void the_evidence_of_its_letter_keeps_it(void **state)
{
    WORLD(world);
    const uint8_t *promise, *two, *other, *plain;

    (void)state;
    courier_has_it(world);
    promise = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .fact = "delivered",
                  .party = 'A', .as_of = 1700000000);
    two = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "lm", .fact = "delivered");
    other = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .fact = "delivered",
                .party = 'B');
    plain = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l");
    assert_promise(world, promise, VL_PROMISE_OVERDUE, VL_LEVEL_NONE);
    /* Refused today is taken tomorrow. */
    DID(world, .by = 'A', .kind = VL_KIND_REFUSED, .letters = "l",
        .capacity = VL_CAPACITY_PRINCIPAL);
    assert_promise(world, promise, VL_PROMISE_OVERDUE, VL_LEVEL_NONE);
    DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .capacity = VL_CAPACITY_PRINCIPAL);
    assert_promise(world, promise, VL_PROMISE_KEPT, VL_LEVEL_PROVEN);
    assert_promise(world, two, VL_PROMISE_OPEN, VL_LEVEL_NONE);
    assert_promise(world, other, VL_PROMISE_OPEN, VL_LEVEL_NONE);
    assert_promise(world, plain, VL_PROMISE_OPEN, VL_LEVEL_NONE);
    /* Whoever took it denies it: both are told. */
    outcome(world, 'A', promise, "broken");
    assert_promise(world, promise, VL_PROMISE_DISPUTED, VL_LEVEL_NONE);
}

/* It said "kept" to those words; afterwards they are others. */
static void attack_06_a_promise_corrected_after_it_was_kept_or_broken(void **state)
{
    static const char *const facts[] = {"kept", "broken"};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        WORLD(world);
        const uint8_t *promise = promised(world), *change;

        outcome(world, 'S', promise, facts[i]);
        change = DID(world, .by = 'S', .kind = VL_KIND_CORRECT, .target = promise);
        outcome(world, 'W', promise, facts[i]);
        DID(world, .by = 'A', .kind = VL_KIND_ASSERT, .act = promise, .fact = "kept",
            .cites = {change});
        assert_promise(world, promise, i ? VL_PROMISE_DISPUTED : VL_PROMISE_KEPT,
                       i ? VL_LEVEL_NONE : VL_LEVEL_CLAIMED);
        {
            FOUND(found, world, 'l');
            const struct vl_found_promise *one = promise_of(&found, promise);

            for (size_t j = 0; j < one->outcome_count; j++)
                assert_int_equal(one->outcomes[j].of_earlier_words,
                                 !vl_office_id_eq(&one->outcomes[j].by, id_of(world, 'A')));
        }
        DID(world, .by = 'S', .kind = VL_KIND_WITHDRAW, .target = promise);
        assert_promise(world, promise, i ? VL_PROMISE_DISPUTED : VL_PROMISE_KEPT,
                       i ? VL_LEVEL_NONE : VL_LEVEL_CLAIMED);
    }
}

static void a_promise_that_is_withdrawn_is_neither_kept_nor_broken(void **state)
{
    WORLD(world);
    const uint8_t *promise;

    (void)state;
    courier_has_it(world);
    promise = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .as_of = 1700000000);
    DID(world, .by = 'B', .kind = VL_KIND_WITHDRAW, .target = promise);
    assert_promise(world, promise, VL_PROMISE_OVERDUE, VL_LEVEL_NONE);
    DID(world, .by = 'S', .kind = VL_KIND_WITHDRAW, .target = promise);
    assert_promise(world, promise, VL_PROMISE_WITHDRAWN, VL_LEVEL_NONE);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_promise_is_open_and_nothing_else_has_one),
        cmocka_unit_test(attack_06_a_term_that_passes_breaks_no_promise),
        cmocka_unit_test(whoever_broke_it_says_so_against_itself),
        cmocka_unit_test(whom_it_was_promised_corroborates_when_the_user_checked_it),
        cmocka_unit_test(both_said_is_disputed),
        cmocka_unit_test(attack_06_a_withdrawal_unbreaks_no_promise),
        cmocka_unit_test(attack_17_strangers_neither_keep_nor_break_a_promise),
        cmocka_unit_test(what_does_not_say_that_it_is_so_is_no_outcome),
        cmocka_unit_test(attack_11_an_outcome_with_one_signature_of_two_proves_nothing),
        cmocka_unit_test(a_delegate_says_it_for_its_principal_and_no_false_one),
        cmocka_unit_test(attack_17_who_promises_itself_something_corroborates_nothing),
        cmocka_unit_test(the_evidence_of_its_letter_keeps_it),
        cmocka_unit_test(attack_06_a_promise_corrected_after_it_was_kept_or_broken),
        cmocka_unit_test(a_promise_that_is_withdrawn_is_neither_kept_nor_broken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
