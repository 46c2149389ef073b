/* SPDX-License-Identifier: Apache-2.0 */
/* The life of an invitation (DOMAIN 6.4): what follows what decides it, and no clock. */
#include "world.h"

#include <stdio.h>

#define DATE (NOW + 1000)
#define DOES(world, who, what, ...)                                                                \
    DID(world, .by = (who), .kind = VL_KIND_INVITATION, .does = VL_INVITATION_##what, __VA_ARGS__)
#define INVITED(name, world, as_of_s)                                                              \
    VL_AUTO(found_release) struct found name = invited(world, as_of_s)

static struct found invited(struct world *world, int64_t as_of_s)
{
    const struct vl_invitation invitation = invitation_of(world, &(struct say){.by = 'I'});

    return find_number(world, invitation.id, as_of_s);
}

static int by_word(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

/* Fails unless the invitation is just this as of then: words of states, sorted, one space between.
 */
static void assert_is_then(struct world *world, int64_t as_of_s, const char *wanted)
{
    INVITED(found, world, as_of_s);
    const struct vl_found_invitation *invitation = found.finding.invitation;
    const char *words[16];
    char got[256] = "";

    assert_non_null(invitation);
    assert_true(invitation->version_count <= 16);
    for (size_t i = 0; i < invitation->version_count; i++)
        words[i] = vl_invited_word(invitation->versions[i].state);
    qsort(words, invitation->version_count, sizeof *words, by_word);
    for (size_t i = 0; i < invitation->version_count; i++)
        (void)snprintf(got + strlen(got), sizeof got - strlen(got), "%s%s", i > 0 ? " " : "",
                       words[i]);
    assert_string_equal(got, wanted);
}
#define assert_is(world, wanted) assert_is_then(world, NOW, wanted)

static bool is_several(struct world *world)
{
    INVITED(found, world, NOW);

    return found.finding.invitation->is_several;
}

static const struct vl_found_invited *one_of(const struct found *found, const uint8_t *id)
{
    const struct vl_found_invitation *invitation = found->finding.invitation;
    size_t at = 0;

    while (at < invitation->act_count && memcmp(invitation->acts[at].act, id, VL_HASH_LEN) != 0)
        at++;
    assert_true(at < invitation->act_count);
    return &invitation->acts[at];
}

static void one_without_a_date_is_one_in_full(void **state)
{
    WORLD(world);
    const uint8_t *issue;

    (void)state;
    issue = DOES(world, 'I', ISSUE, .text = "Come.");
    assert_is(world, "open");
    {
        INVITED(found, world, NOW);
        const struct vl_found_invitation *invitation = found.finding.invitation;

        assert_int_equal(invitation->issued.level, VL_LEVEL_PROVEN);
        assert_int_equal(invitation->received.level, VL_LEVEL_NONE);
        assert_false(invitation->versions[0].has_date);
        assert_true(one_of(&found, issue)->is_newest);
    }
    DOES(world, 'V', ACKNOWLEDGE, .heads = {issue});
    assert_is(world, "open");
    {
        INVITED(found, world, NOW);

        assert_int_equal(found.finding.invitation->received.level, VL_LEVEL_PROVEN);
    }
    DOES(world, 'V', ACCEPT, .heads = {issue});
    assert_is(world, "accepted");
    {
        INVITED(found, world, NOW);

        assert_false(found.finding.invitation->versions[0].has_date);
        assert_false(found.finding.invitation->is_several);
    }
}

static void the_invitee_may_change_its_mind(void **state)
{
    WORLD(world);
    const uint8_t *last;

    (void)state;
    last = DOES(world, 'I', ISSUE, .date = DATE);
    last = DOES(world, 'V', TENTATIVE, .heads = {last});
    assert_is(world, "tentative");
    last = DOES(world, 'V', DECLINE, .heads = {last});
    assert_is(world, "declined");
    DOES(world, 'V', ACCEPT, .heads = {last});
    assert_is(world, "accepted");
    {
        INVITED(found, world, NOW);

        assert_true(found.finding.invitation->versions[0].has_date);
        assert_int_equal(found.finding.invitation->versions[0].from_s, DATE);
    }
}

/* To tell of an invitation is not to make it, whoever tells. */
static void announced_is_not_issued(void **state)
{
    WORLD(world);

    (void)state;
    DOES(world, 'X', ANNOUNCE, .date = DATE);
    assert_is(world, "");
    {
        INVITED(found, world, NOW);

        assert_int_equal(found.finding.invitation->issued.level, VL_LEVEL_HEARSAY);
    }
    DOES(world, 'V', ANNOUNCE, .date = DATE);
    assert_is(world, "");
    {
        INVITED(found, world, NOW);

        assert_int_equal(found.finding.invitation->issued.level, VL_LEVEL_CLAIMED);
        assert_int_equal(found.finding.invitation->received.level, VL_LEVEL_NONE);
    }
    DOES(world, 'I', ISSUE, 0);
    assert_is(world, "open");
}

static void attack_16_appointed_by_one_side_or_under_other_heads(void **state)
{
    (void)state;
    for (int how = 0; how < 5; how++) {
        WORLD(world);
        const uint8_t *issue = DOES(world, 'I', ISSUE, 0);
        const uint8_t *proposed = DOES(world, 'V', PROPOSE, .date = DATE, .heads = {issue});
        const uint8_t *one = DOES(world, 'I', APPOINT, .date = DATE, .heads = {proposed});

        assert_is(world, "date-proposed");
        switch (how) {
        case 0:
            DOES(world, 'V', APPOINT, .date = DATE, .heads = {proposed}, .cites = {one});
            assert_is(world, "appointed");
            break;
        case 1: /* another day: neither knew of the other */
            DOES(world, 'V', APPOINT, .date = DATE + 1, .heads = {proposed});
            assert_is(world, "date-proposed date-proposed");
            assert_true(is_several(world));
            break;
        case 2: /* other heads */
            DOES(world, 'V', APPOINT, .date = DATE, .heads = {one});
            assert_is(world, "date-proposed");
            break;
        case 3: /* the same side twice */
            DOES(world, 'I', APPOINT, .date = DATE, .heads = {proposed}, .text = "Again.");
            assert_is(world, "date-proposed date-proposed");
            break;
        default: /* for the other, without a mandate */
            DOES(world, 'X', APPOINT, .date = DATE, .heads = {proposed}, .principal = 'V',
                 .capacity = VL_CAPACITY_DELEGATE, .under = issue);
            assert_is(world, "date-proposed");
        }
    }
}

struct appointed {
    const uint8_t *issue, *one, *other;
};
static struct appointed appointed(struct world *world)
{
    struct appointed both;

    both.issue = DOES(world, 'I', ISSUE, 0);
    both.one = DOES(world, 'I', APPOINT, .date = DATE, .heads = {both.issue});
    both.other =
        DOES(world, 'V', APPOINT, .date = DATE, .heads = {both.issue}, .cites = {both.one});
    return both;
}

static void what_is_appointed_stands_until_somebody_calls_it_off(void **state)
{
    (void)state;
    for (int how = 0; how < 6; how++) {
        WORLD(world);
        const struct appointed both = appointed(world);

        if (how == 0) {
            DOES(world, 'V', ACCEPT, .heads = {both.other});
            assert_is(world, "accepted appointed");
        } else if (how == 1) {
            DOES(world, 'V', PROPOSE, .date = DATE + 9, .heads = {both.other});
            assert_is(world, "appointed date-proposed");
        } else if (how == 2) {
            DOES(world, 'V', DECLINE, .heads = {both.other});
            assert_is(world, "declined");
        } else if (how == 3) {
            DOES(world, 'V', POSTPONE, .not_before = NOW + 9, .heads = {both.other});
            assert_is(world, "postponed");
        } else if (how == 4) {
            DOES(world, 'I', WITHDRAW, .heads = {both.other});
            assert_is(world, "withdrawn");
        } else {
            const uint8_t *next =
                DOES(world, 'I', APPOINT, .date = DATE + 9, .heads = {both.other});

            assert_is(world, "appointed date-proposed");
            DOES(world, 'V', APPOINT, .date = DATE + 9, .heads = {both.other}, .cites = {next});
            assert_is(world, "appointed");
        }
        if (how < 2)
            assert_false(is_several(world));
    }
}

static void postponed_is_open_again_when_the_day_has_come(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0);
    const uint8_t *put_off = DOES(world, 'I', POSTPONE, .not_before = NOW + 100, .heads = {issue});

    (void)state;
    assert_is_then(world, NOW + 99, "postponed");
    assert_is_then(world, NOW + 100, "open-again");
    /* A date that one side proposes meanwhile lifts nothing. */
    DOES(world, 'I', PROPOSE, .date = DATE, .heads = {put_off});
    assert_is_then(world, NOW, "date-proposed postponed");
    assert_is_then(world, NOW + 100, "date-proposed");
}

static void what_is_open_again_is_answered_again(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0);
    const uint8_t *put_off = DOES(world, 'I', POSTPONE, .not_before = NOW + 100, .heads = {issue});
    const uint8_t *perhaps = DOES(world, 'V', TENTATIVE, .heads = {put_off});

    (void)state;
    assert_is_then(world, NOW + 99, "postponed tentative");
    assert_is_then(world, NOW + 100, "tentative");
    DOES(world, 'V', ACCEPT, .heads = {perhaps});
    assert_is_then(world, NOW + 100, "accepted");
}

static void a_condition_is_lifted_by_its_owner_alone_and_appoints_nothing(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0), *put_off;

    (void)state;
    /* Before anybody waits for it: it does not know of the postponement. */
    DOES(world, 'O', ATTEST, .waits_for = "over", .owner = 'O', .heads = {issue});
    put_off = DOES(world, 'V', POSTPONE, .waits_for = "over", .owner = 'O',
                   .expects = "Soon it will be.", .heads = {issue});
    assert_is(world, "postponed");
    /* Another owner, another condition. */
    DOES(world, 'X', ATTEST, .waits_for = "over", .owner = 'X', .heads = {put_off});
    DOES(world, 'O', ATTEST, .waits_for = "nearly over", .owner = 'O', .heads = {put_off});
    assert_is(world, "postponed");
    DOES(world, 'O', ATTEST, .waits_for = "over", .owner = 'O', .heads = {put_off});
    assert_is(world, "open-again");
    {
        INVITED(found, world, NOW);

        assert_false(found.finding.invitation->versions[0].has_date);
    }
}

static void a_day_and_a_condition_hold_back_both(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0);
    const uint8_t *put_off = DOES(world, 'I', POSTPONE, .not_before = NOW + 100,
                                  .waits_for = "over", .owner = 'V', .heads = {issue});

    (void)state;
    assert_is_then(world, NOW + 100, "postponed");
    DOES(world, 'V', ATTEST, .waits_for = "over", .owner = 'V', .heads = {put_off});
    assert_is_then(world, NOW, "postponed");
    assert_is_then(world, NOW + 100, "open-again");
}

static void attack_16_two_that_did_not_know_of_each_other_are_both_current(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0);
    const uint8_t *accepted = DOES(world, 'V', ACCEPT, .heads = {issue}, .at = 3000);
    const uint8_t *gone = DOES(world, 'I', WITHDRAW, .heads = {issue}, .at = 1000);

    (void)state;
    assert_is(world, "accepted withdrawn");
    assert_true(is_several(world));
    /* Who has seen both goes on from both. */
    DOES(world, 'I', WITHDRAW, .heads = {accepted, gone}, .text = "Still.");
    assert_is(world, "withdrawn");
}

static void nothing_comes_of_what_follows_a_withdrawal(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0);
    const uint8_t *gone = DOES(world, 'I', WITHDRAW, .heads = {issue});
    const uint8_t *late = DOES(world, 'V', ACCEPT, .heads = {gone});

    (void)state;
    assert_is(world, "withdrawn");
    {
        INVITED(found, world, NOW);

        assert_true(one_of(&found, late)->is_late && one_of(&found, late)->counts);
        assert_false(one_of(&found, gone)->is_late);
        assert_int_equal(one_of(&found, late)->level, VL_LEVEL_PROVEN);
    }
}

static void it_lapses_on_its_day_unless_it_was_accepted(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, .expires = NOW + 100), *perhaps;

    (void)state;
    assert_is_then(world, NOW + 100, "open");
    assert_is_then(world, NOW + 101, "lapsed");
    perhaps = DOES(world, 'V', TENTATIVE, .heads = {issue});
    assert_is_then(world, NOW + 101, "lapsed");
    DOES(world, 'V', ACCEPT, .heads = {perhaps});
    assert_is_then(world, NOW + 101, "accepted");
}

static enum vl_level held_level(struct world *world)
{
    INVITED(found, world, NOW);

    assert_int_equal(found.finding.invitation->version_count, 1);
    return found.finding.invitation->versions[0].level;
}

static void what_took_place_is_proven_by_both_and_disputed_between_them(void **state)
{
    WORLD(world);
    const struct appointed both = appointed(world);
    const uint8_t *held = DOES(world, 'I', HELD, .heads = {both.other});

    (void)state;
    assert_is(world, "held");
    assert_int_equal(held_level(world), VL_LEVEL_CLAIMED);
    DOES(world, 'V', HELD, .heads = {both.other}, .date = DATE);
    assert_is(world, "held");
    assert_int_equal(held_level(world), VL_LEVEL_PROVEN);
    assert_false(is_several(world));
    DOES(world, 'I', NOT_HELD, .heads = {held});
    assert_is(world, "held-disputed");
    assert_int_equal(held_level(world), VL_LEVEL_CLAIMED);
}

/* A mandate to speak; one to receive is none for that. */
static void who_acts_for_a_side_needs_its_mandate_to_speak(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0), *accepted;
    const uint8_t *receive =
        DID(world, .by = 'V', .kind = VL_KIND_MANDATE, .grantee = 'D', .power = VL_POWER_RECEIVE);
    const uint8_t *speak =
        DID(world, .by = 'V', .kind = VL_KIND_MANDATE, .grantee = 'D', .power = VL_POWER_SPEAK);

    (void)state;
    accepted = DOES(world, 'D', ACCEPT, .heads = {issue}, .principal = 'V', .under = receive,
                    .capacity = VL_CAPACITY_DELEGATE);
    assert_is(world, "open");
    {
        INVITED(found, world, NOW);

        assert_int_equal(one_of(&found, accepted)->level, VL_LEVEL_HEARSAY);
        assert_int_equal(one_of(&found, accepted)->marks, VL_MARK_NO_SUCH_POWER);
        assert_int_equal(found.finding.invitation->received.level, VL_LEVEL_HEARSAY);
    }
    DOES(world, 'D', ACCEPT, .heads = {issue}, .principal = 'V', .under = speak,
         .capacity = VL_CAPACITY_DELEGATE);
    assert_is(world, "accepted");
}

static void attack_04_a_key_that_nobody_vouches_for_changes_nothing(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0), *gone;

    (void)state;
    rotate(world, 'I', true);
    checked(world, 'V', 0);
    gone = DOES(world, 'I', WITHDRAW, .heads = {issue}, .card = 1);
    {
        INVITED(found, world, NOW);

        assert_false(one_of(&found, gone)->counts);
        assert_int_equal(one_of(&found, gone)->level, VL_LEVEL_CLAIMED);
    }
}

static bool has_contradiction(struct world *world, enum vl_contradiction kind)
{
    INVITED(found, world, NOW);

    for (size_t i = 0; i < found.finding.contradiction_count; i++)
        if (found.finding.contradictions[i].kind == kind)
            return true;
    return false;
}

static void attack_16_two_contents_and_two_answers_of_one_office_contradict_it(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0);

    (void)state;
    DOES(world, 'V', ACCEPT, .heads = {issue});
    DOES(world, 'V', ACCEPT, .heads = {issue}, .text = "Gladly.");
    assert_false(has_contradiction(world, VL_CONTRADICTION_TWO_REPLIES));
    assert_false(has_contradiction(world, VL_CONTRADICTION_TWO_ISSUES));
    DOES(world, 'V', DECLINE, .heads = {issue});
    assert_true(has_contradiction(world, VL_CONTRADICTION_TWO_REPLIES));
    DOES(world, 'I', ISSUE, .date = DATE);
    assert_true(has_contradiction(world, VL_CONTRADICTION_TWO_ISSUES));
}

static void who_goes_on_from_its_own_answer_contradicts_nothing(void **state)
{
    WORLD(world);
    const struct appointed both = appointed(world);
    const uint8_t *first = DOES(world, 'V', ACCEPT, .heads = {both.issue});

    (void)state;
    DOES(world, 'V', DECLINE, .heads = {first});
    DOES(world, 'I', APPOINT, .date = DATE + 5, .heads = {first});
    assert_false(has_contradiction(world, VL_CONTRADICTION_TWO_REPLIES));
    DOES(world, 'I', APPOINT, .date = DATE + 6, .heads = {first});
    assert_true(has_contradiction(world, VL_CONTRADICTION_TWO_REPLIES));
}

static void words_about_an_act_dispute_it_and_change_nothing(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0);
    const uint8_t *denial =
        DID(world, .by = 'I', .kind = VL_KIND_DENY, .act = issue, .relation = VL_RELATION_DISPUTES);

    (void)state;
    DID(world, .by = 'X', .kind = VL_KIND_WITHDRAW, .target = issue);
    assert_is(world, "open");
    assert_true(has_contradiction(world, VL_CONTRADICTION_DENIED_OWN_ACT));
    {
        INVITED(found, world, NOW);

        assert_int_equal(one_of(&found, issue)->disputed_by.count, 2);
        assert_true(found.finding.invitation->versions[0].is_disputed);
    }
    DID(world, .by = 'I', .kind = VL_KIND_WITHDRAW, .target = denial);
    {
        INVITED(found, world, NOW);

        assert_int_equal(one_of(&found, issue)->disputed_by.count, 1);
    }
}

static void an_invitation_back_is_another_one(void **state)
{
    WORLD(world);
    const struct vl_invitation there = invitation_of(world, &(struct say){.by = 'I'});

    (void)state;
    DOES(world, 'I', ISSUE, 0);
    DOES(world, 'V', ISSUE, .inviter = 'V', .invitee = 'I', .reciprocal = there.id);
    DOES(world, 'X', ANNOUNCE, .inviter = 'V', .invitee = 'I', .nonce = 7, .reciprocal = there.id);
    assert_is(world, "open");
    {
        INVITED(found, world, NOW);
        const struct vl_found_invitation *invitation = found.finding.invitation;

        assert_int_equal(invitation->act_count, 1);
        assert_int_equal(invitation->reciprocal_count, 2);
        assert_int_equal(invitation->reciprocals[0].level + invitation->reciprocals[1].level,
                         VL_LEVEL_PROVEN + VL_LEVEL_HEARSAY);
        assert_int_equal(invitation->reciprocal_of.count, 0);
    }
}

/* Anybody can announce as much as he likes: he has his share, and the sides are heard. */
static void attack_24_a_stranger_who_announces_without_end_drowns_nobody(void **state)
{
    WORLD(world);
    const uint8_t *issue;

    (void)state;
    issue = DOES(world, 'I', ISSUE, 0);
    for (int i = 0; i < VL_FINDING_MAX_HEARD + 10; i++) {
        char text[16];

        (void)snprintf(text, sizeof text, "No. %d", i);
        DOES(world, 'X', ANNOUNCE, .text = text);
    }
    DOES(world, 'V', ACCEPT, .heads = {issue});
    assert_is(world, "accepted");
    {
        INVITED(found, world, NOW);

        assert_int_equal(found.finding.record_count, VL_FINDING_MAX_HEARD + 2);
        assert_int_equal(found.finding.unheard_count, 10);
    }
}

/* As much as it signs besides, under the same heads: it has accepted. */
static void attack_24_nobody_hides_an_acceptance_by_signing_more(void **state)
{
    static const enum vl_invitation_act besides[] = {VL_INVITATION_ACKNOWLEDGE,
                                                     VL_INVITATION_ANNOUNCE, VL_INVITATION_ACCEPT};

    (void)state;
    for (size_t i = 0; i < sizeof besides / sizeof *besides; i++) {
        WORLD(world);
        const uint8_t *issue = DOES(world, 'I', ISSUE, 0), *accept, *held;

        for (int at = 0; at < 3 * VL_FINDING_MAX_HEARD; at++) {
            char text[16];
            struct say say = {.by = 'V',
                              .kind = VL_KIND_INVITATION,
                              .does = besides[i],
                              .text = text};

            (void)snprintf(text, sizeof text, "No. %d", at);
            if (besides[i] != VL_INVITATION_ANNOUNCE)
                say.heads[0] = issue;
            if (besides[i] == VL_INVITATION_ANNOUNCE)
                say.invitee = 'V';
            did(world, say);
        }
        accept = DOES(world, 'V', ACCEPT, .heads = {issue}, .text = "We come.");
        if (besides[i] != VL_INVITATION_ACCEPT) {
            assert_is(world, "accepted");
            continue;
        }
        held = DOES(world, 'I', HELD, .heads = {accept});
        {
            INVITED(found, world, NOW);

            assert_true(one_of(&found, accept)->counts);
            assert_true(one_of(&found, held)->counts);
        }
    }
}

/* The date that the other side signed is agreed to, whatever others it names besides. */
static void attack_24_nobody_hides_a_date_by_naming_others(void **state)
{
    (void)state;
    for (int round = 0; round < 4; round++) {
        WORLD(world);
        const uint8_t *issue = DOES(world, 'I', ISSUE, 0);
        const int64_t date = DATE - round;
        bool is_appointed = false;

        DOES(world, 'I', APPOINT, .heads = {issue}, .date = date);
        DOES(world, 'V', APPOINT, .heads = {issue}, .date = date);
        for (int at = 1; at <= 3 * VL_FINDING_MAX_HEARD; at++)
            DOES(world, 'V', APPOINT, .heads = {issue}, .date = DATE + at);
        {
            INVITED(found, world, NOW);
            const struct vl_found_invitation *invitation = found.finding.invitation;

            for (size_t i = 0; i < invitation->version_count; i++)
                is_appointed |= invitation->versions[i].state == VL_INVITED_APPOINTED;
        }
        assert_true(is_appointed);
    }
}

/* PROTOCOL 6: what both signed took place, and no later word takes that away. */
static void attack_06_who_withdraws_afterwards_hides_nothing_that_took_place(void **state)
{
    WORLD(world);
    const struct appointed both = appointed(world);
    const uint8_t *held = DOES(world, 'I', HELD, .heads = {both.other});
    const uint8_t *held_too = DOES(world, 'V', HELD, .heads = {held});

    (void)state;
    assert_is(world, "held");
    DOES(world, 'I', WITHDRAW, .heads = {held_too});
    assert_is(world, "held withdrawn");
    assert_false(is_several(world));
}

/* DOMAIN 6.1: who is no party, and speaks for none, tells hearsay, for whomever he says it. */
static void attack_17_who_signs_for_a_side_that_did_not_ask_claims_nothing(void **state)
{
    WORLD(world);
    const uint8_t *issue, *accept;

    (void)state;
    issue = DOES(world, 'X', ISSUE, .principal = 'I', .under = id_of(world, 'X')->at,
                 .capacity = VL_CAPACITY_DELEGATE);
    accept = DOES(world, 'X', ACCEPT, .principal = 'V', .under = id_of(world, 'X')->at,
                  .capacity = VL_CAPACITY_DELEGATE, .heads = {issue});
    assert_is(world, "");
    {
        INVITED(found, world, NOW);
        const struct vl_found_invitation *invitation = found.finding.invitation;

        assert_int_equal(one_of(&found, issue)->level, VL_LEVEL_HEARSAY);
        assert_int_equal(one_of(&found, accept)->level, VL_LEVEL_HEARSAY);
        assert_int_equal(invitation->issued.level, VL_LEVEL_HEARSAY);
        assert_int_equal(invitation->received.level, VL_LEVEL_HEARSAY);
    }
}

/* Only the invitee invites back, and only who invited it. */
static void attack_17_a_stranger_s_invitation_is_none_back(void **state)
{
    WORLD(world);
    const struct vl_invitation there = invitation_of(world, &(struct say){.by = 'I'});

    (void)state;
    DOES(world, 'I', ISSUE, 0);
    DOES(world, 'X', ISSUE, .inviter = 'X', .invitee = 'I', .reciprocal = there.id);
    DOES(world, 'V', ISSUE, .inviter = 'V', .invitee = 'X', .reciprocal = there.id);
    {
        INVITED(found, world, NOW);
        const struct vl_found_invitation *invitation = found.finding.invitation;

        assert_int_equal(invitation->reciprocal_count, 2);
        assert_int_equal(invitation->reciprocals[0].level, VL_LEVEL_HEARSAY);
        assert_int_equal(invitation->reciprocals[1].level, VL_LEVEL_HEARSAY);
    }
}

/* PROTOCOL 5: however often a mandate is ended afterwards, what was done under it is there. */
static void attack_05_many_ends_of_a_mandate_hide_no_act_under_it(void **state)
{
    WORLD(world);
    const uint8_t *issue = DOES(world, 'I', ISSUE, 0);
    const uint8_t *mandate =
        DID(world, .by = 'V', .kind = VL_KIND_MANDATE, .power = VL_POWER_SPEAK, .grantee = 'D');

    (void)state;
    DOES(world, 'D', ACCEPT, .principal = 'V', .under = mandate, .capacity = VL_CAPACITY_DELEGATE,
         .heads = {issue});
    for (uint64_t i = 0; i < VL_FINDING_MAX_HEARD; i++)
        DID(world, .by = 'V', .kind = VL_KIND_MANDATE_REVOCATION, .target = mandate, .at = 1 + i);
    assert_is(world, "accepted");
}

static enum vl_err find_all(void *self, struct vl_why *why)
{
    struct world *world = self;
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    const struct vl_invitation invitation = invitation_of(world, &(struct say){.by = 'I'});
    struct vl_finding_set *set = vl_finding_set_new();
    enum vl_err err = set ? VL_OK : VL_ERR_NO_MEMORY;

    for (size_t i = 0; i < world->item_count && !err; i++)
        err = vl_finding_add_item(set, &world->items[i], why);
    for (size_t i = 0; i < world->office_count && !err; i++)
        err = vl_finding_add_chain(set, &world->offices[i].chain, why);
    if (!err)
        err = vl_finding_make(set, invitation.id, NOW, &finding, why);
    assert_true(!err || !finding.arena);
    if (!err)
        err = vl_finding_json(&finding, &out);
    vl_finding_set_free(set);
    return err;
}

static void without_memory_nothing_is_found_out(void **state)
{
    WORLD(world);
    const struct appointed both = appointed(world);

    (void)state;
    DOES(world, 'I', HELD, .heads = {both.other});
    DID(world, .by = 'X', .kind = VL_KIND_DENY, .act = both.issue,
        .relation = VL_RELATION_DISPUTES);
    DOES(world, 'V', DECLINE, .heads = {both.issue});
    each_allocation_fails(find_all, world);
}

/* --- any order, any number of times, any parts ------------------------------------------------ */

static uint64_t roll(uint64_t *dice, uint64_t sides)
{
    uint64_t z = *dice += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % sides;
}

static const uint8_t *any_act(struct world *world, uint64_t *dice)
{
    return world->items[roll(dice, world->item_count)].object.id;
}

/* Both sides, a delegate and a stranger do what they may, after whatever they heard of. */
static void make_history(struct world *world, uint64_t *dice)
{
    static const enum vl_invitation_act acts[] = {VL_INVITATION_ACCEPT,   VL_INVITATION_DECLINE,
                                                  VL_INVITATION_PROPOSE,  VL_INVITATION_APPOINT,
                                                  VL_INVITATION_APPOINT,  VL_INVITATION_POSTPONE,
                                                  VL_INVITATION_ATTEST,   VL_INVITATION_WITHDRAW,
                                                  VL_INVITATION_HELD,     VL_INVITATION_NOT_HELD,
                                                  VL_INVITATION_ANNOUNCE, VL_INVITATION_TENTATIVE};

    DOES(world, 'I', ISSUE, .expires = roll(dice, 2) ? NOW - 5 : 0);
    while (world->item_count < 12) {
        const enum vl_invitation_act what = acts[roll(dice, sizeof acts / sizeof *acts)];
        const bool dated = what == VL_INVITATION_PROPOSE || what == VL_INVITATION_APPOINT;
        struct say say = {.by = roll(dice, 2) ? 'I' : 'V',
                          .kind = VL_KIND_INVITATION,
                          .does = what,
                          .heads = {any_act(world, dice)},
                          .cites = {any_act(world, dice)},
                          .date = dated ? DATE + (int64_t)roll(dice, 2) : 0};

        if (what == VL_INVITATION_WITHDRAW)
            say.by = 'I';
        else if (what == VL_INVITATION_ACCEPT || what == VL_INVITATION_DECLINE ||
                 what == VL_INVITATION_TENTATIVE)
            say.by = 'V';
        else if (what == VL_INVITATION_ANNOUNCE) {
            say.by = 'X';
            say.heads[0] = NULL;
        } else if (what == VL_INVITATION_POSTPONE || what == VL_INVITATION_ATTEST) {
            say.not_before = what == VL_INVITATION_POSTPONE && roll(dice, 2) ? NOW + 1 : 0;
            say.waits_for = "over";
            say.owner = say.by;
        }
        did(world, say);
        if (roll(dice, 4) == 0)
            DID(world, .by = 'X', .kind = VL_KIND_DENY, .act = any_act(world, dice),
                .relation = VL_RELATION_DISPUTES);
    }
}

static struct vl_buf document_of(struct world *world, struct vl_finding_set *set)
{
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    const struct vl_invitation invitation = invitation_of(world, &(struct say){.by = 'I'});
    struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    struct vl_why why = {""};

    assert_err(vl_finding_make(set, invitation.id, NOW, &finding, &why), VL_OK, &why);
    assert_int_equal(vl_finding_json(&finding, &out), VL_OK);
    return out;
}

static void attack_16_any_order_any_number_of_times_any_parts(void **state)
{
    (void)state;
    for (uint64_t seed = 0; seed < 60; seed++) {
        WORLD(world);
        uint64_t dice = seed;
        size_t order[ITEMS];
        struct vl_why why = {""};
        struct vl_finding_set *set = vl_finding_set_new(), *other = vl_finding_set_new();

        assert_non_null(set);
        assert_non_null(other);
        make_history(world, &dice);
        for (size_t i = 0; i < world->item_count; i++) {
            const size_t at = roll(&dice, i + 1);

            order[i] = order[at];
            order[at] = i;
        }
        add_all(world, set, NULL);
        for (size_t i = 0; i < world->item_count; i += 2) /* some of it twice */
            assert_err(vl_finding_add_item(other, &world->items[i], &why), VL_OK, &why);
        {
            VL_AUTO(vl_buf_release) struct vl_buf half = document_of(world, other);
            VL_AUTO(vl_buf_release) struct vl_buf wanted = document_of(world, set);
            VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(0);

            assert_true(half.len > 0); /* asked in between, it must not stay with what it knew */
            add_all(world, other, order);
            got = document_of(world, other);
            assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
        }
        vl_finding_set_free(set);
        vl_finding_set_free(other);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_without_a_date_is_one_in_full),
        cmocka_unit_test(the_invitee_may_change_its_mind),
        cmocka_unit_test(announced_is_not_issued),
        cmocka_unit_test(attack_16_appointed_by_one_side_or_under_other_heads),
        cmocka_unit_test(what_is_appointed_stands_until_somebody_calls_it_off),
        cmocka_unit_test(postponed_is_open_again_when_the_day_has_come),
        cmocka_unit_test(what_is_open_again_is_answered_again),
        cmocka_unit_test(a_condition_is_lifted_by_its_owner_alone_and_appoints_nothing),
        cmocka_unit_test(a_day_and_a_condition_hold_back_both),
        cmocka_unit_test(attack_16_two_that_did_not_know_of_each_other_are_both_current),
        cmocka_unit_test(nothing_comes_of_what_follows_a_withdrawal),
        cmocka_unit_test(it_lapses_on_its_day_unless_it_was_accepted),
        cmocka_unit_test(what_took_place_is_proven_by_both_and_disputed_between_them),
        cmocka_unit_test(who_acts_for_a_side_needs_its_mandate_to_speak),
        cmocka_unit_test(attack_04_a_key_that_nobody_vouches_for_changes_nothing),
        cmocka_unit_test(attack_16_two_contents_and_two_answers_of_one_office_contradict_it),
        cmocka_unit_test(who_goes_on_from_its_own_answer_contradicts_nothing),
        cmocka_unit_test(words_about_an_act_dispute_it_and_change_nothing),
        cmocka_unit_test(an_invitation_back_is_another_one),
        cmocka_unit_test(attack_24_a_stranger_who_announces_without_end_drowns_nobody),
        cmocka_unit_test(attack_24_nobody_hides_an_acceptance_by_signing_more),
        cmocka_unit_test(attack_24_nobody_hides_a_date_by_naming_others),
        cmocka_unit_test(attack_06_who_withdraws_afterwards_hides_nothing_that_took_place),
        cmocka_unit_test(attack_17_who_signs_for_a_side_that_did_not_ask_claims_nothing),
        cmocka_unit_test(attack_17_a_stranger_s_invitation_is_none_back),
        cmocka_unit_test(attack_05_many_ends_of_a_mandate_hide_no_act_under_it),
        cmocka_unit_test(without_memory_nothing_is_found_out),
        cmocka_unit_test(attack_16_any_order_any_number_of_times_any_parts),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
