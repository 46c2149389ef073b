/* SPDX-License-Identifier: Apache-2.0 */
/* What was said, what became of it, and words beside evidence (PROTOCOL 6, 16, 27). */
#include "world.h"

#define STANDS 0U

static const struct vl_found_said *said_of(const struct found *found, const uint8_t *act)
{
    size_t at = 0;

    while (at < found->finding.said_count &&
           memcmp(found->finding.said[at].act, act, VL_HASH_LEN) != 0)
        at++;
    assert_true(at < found->finding.said_count);
    return &found->finding.said[at];
}

static unsigned states(struct world *world, const uint8_t *act)
{
    FOUND(found, world, 'l');

    return said_of(&found, act)->states;
}

static enum vl_against against(struct world *world, const uint8_t *act)
{
    FOUND(found, world, 'l');

    return said_of(&found, act)->against;
}

static void words_about_a_letter_are_found_and_prove_that_they_were_said(void **state)
{
    WORLD(world);
    const uint8_t *said, *denied;

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l", .text = "We sent it.");
    denied =
        DID(world, .by = 'A', .kind = VL_KIND_DENY, .act = said, .relation = VL_RELATION_DISPUTES);
    DID(world, .by = 'A', .kind = VL_KIND_ASSERT, .letters = "m");
    {
        FOUND(found, world, 'l');
        const struct vl_found_said *one = said_of(&found, said);

        assert_int_equal(found.finding.said_count, 2);
        assert_true(one->is_ok && !one->is_hearsay && !one->has_principal && !one->translation);
        assert_bytes(one->statement->text, VL_LITERAL("We sent it."));
        assert_int_equal(one->states, VL_SAID_DISPUTED);
        assert_int_equal(one->disputed_by.count, 1);
        assert_memory_equal(one->disputed_by.at[0], denied, VL_HASH_LEN);
        assert_int_equal(said_of(&found, denied)->states, STANDS);
    }
}

static void its_own_office_corrects_and_withdraws_it(void **state)
{
    WORLD(world);
    const uint8_t *said, *first, *second, *end;

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l");
    first = DID(world, .by = 'S', .kind = VL_KIND_CORRECT, .target = said);
    assert_int_equal(states(world, said), VL_SAID_CORRECTED);
    second = DID(world, .by = 'S', .kind = VL_KIND_CORRECT, .target = said, .cites = {first});
    {
        FOUND(found, world, 'l');

        assert_int_equal(said_of(&found, said)->states, VL_SAID_CORRECTED);
        assert_int_equal(said_of(&found, said)->corrected_by.count, 1);
        assert_memory_equal(said_of(&found, said)->corrected_by.at[0], second, VL_HASH_LEN);
    }
    end = DID(world, .by = 'S', .kind = VL_KIND_WITHDRAW, .target = said, .cites = {second});
    assert_int_equal(states(world, said), VL_SAID_WITHDRAWN);
    /* The withdrawal is taken back: the correction is what is said again. */
    DID(world, .by = 'S', .kind = VL_KIND_WITHDRAW, .target = end);
    assert_int_equal(states(world, said), VL_SAID_CORRECTED);
}

/* One word was corrected, and another; both corrections are current. */
static void corrections_of_two_spans_both_stand(void **state)
{
    WORLD(world);
    const uint8_t *said, *first, *second;

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l");
    first = DID(world, .by = 'S', .kind = VL_KIND_CORRECT, .target = said, .span = "It");
    second = DID(world, .by = 'S', .kind = VL_KIND_CORRECT, .target = said, .span = "so",
                 .cites = {first});
    {
        FOUND(found, world, 'l');

        assert_int_equal(said_of(&found, said)->states, VL_SAID_CORRECTED);
        assert_int_equal(said_of(&found, said)->corrected_by.count, 2);
    }
    DID(world, .by = 'S', .kind = VL_KIND_CORRECT, .target = said, .cites = {second});
    {
        FOUND(found, world, 'l');

        assert_int_equal(said_of(&found, said)->corrected_by.count, 1);
    }
}

/* Two desks of one office correct, and neither knows of the other. */
static void attack_16_two_corrections_by_order_of_clocks(void **state)
{
    WORLD(world);
    const uint8_t *said;

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l");
    DID(world, .by = 'S', .kind = VL_KIND_CORRECT, .target = said, .text = "one", .at = 1000);
    DID(world, .by = 'S', .kind = VL_KIND_CORRECT, .target = said, .text = "two", .at = 2000);
    {
        FOUND(found, world, 'l');

        assert_int_equal(said_of(&found, said)->states, VL_SAID_CORRECTED | VL_SAID_SEVERAL);
        assert_int_equal(said_of(&found, said)->corrected_by.count, 2);
    }
}

static void attack_27_a_foreign_correction_strikes_nothing_out(void **state)
{
    static const enum vl_kind kinds[] = {VL_KIND_CORRECT, VL_KIND_WITHDRAW};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        WORLD(world);
        const uint8_t *said, *foreign;

        courier_has_it(world);
        said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l");
        foreign = DID(world, .by = 'A', .kind = kinds[i], .target = said);
        {
            FOUND(found, world, 'l');
            const struct vl_found_said *one = said_of(&found, said);

            assert_int_equal(one->states, VL_SAID_DISPUTED);
            assert_int_equal(one->corrected_by.count + one->withdrawn_by.count, 0);
            assert_memory_equal(one->disputed_by.at[0], foreign, VL_HASH_LEN);
        }
    }
}

/* A mandate to speak makes the words the principal's, and one to receive does not. */
static void whoever_may_speak_for_it_corrects_it(void **state)
{
    WORLD(world);
    const uint8_t *said, *speak, *receive;

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l");
    receive = DID(world, .by = 'S', .kind = VL_KIND_MANDATE, .grantee = 'D');
    DID(world, .by = 'D', .kind = VL_KIND_CORRECT, .target = said, .principal = 'S',
        .under = receive, .capacity = VL_CAPACITY_DELEGATE);
    assert_int_equal(states(world, said), VL_SAID_DISPUTED);
    speak = DID(world, .by = 'S', .kind = VL_KIND_MANDATE, .grantee = 'D', .power = VL_POWER_SPEAK);
    DID(world, .by = 'D', .kind = VL_KIND_CORRECT, .target = said, .principal = 'S', .under = speak,
        .capacity = VL_CAPACITY_DELEGATE);
    assert_int_equal(states(world, said), VL_SAID_DISPUTED | VL_SAID_CORRECTED);
}

static void attack_01_a_mandate_of_another_makes_nobody_its_speaker(void **state)
{
    WORLD(world);
    const uint8_t *mandate, *said;

    (void)state;
    courier_has_it(world);
    mandate =
        DID(world, .by = 'A', .kind = VL_KIND_MANDATE, .grantee = 'D', .power = VL_POWER_SPEAK);
    said = DID(world, .by = 'D', .kind = VL_KIND_ASSERT, .letters = "l", .principal = 'S',
               .under = mandate, .capacity = VL_CAPACITY_DELEGATE);
    {
        FOUND(found, world, 'l');
        const struct vl_found_said *one = said_of(&found, said);

        assert_true(one->has_principal && !one->is_spoken_for);
        assert_int_equal(one->marks, VL_MARK_NOT_THE_PRINCIPAL);
    }
}

static void who_may_explain_tells_what_is_in_a_letter_and_no_more(void **state)
{
    WORLD(world);
    const uint8_t *mandate, *summary, *others[4];

    (void)state;
    courier_has_it(world);
    mandate =
        DID(world, .by = 'S', .kind = VL_KIND_MANDATE, .grantee = 'C', .power = VL_POWER_EXPLAIN);
    summary = DID(world, .by = 'C', .kind = VL_KIND_ASSERT, .letters = "l",
                  .relation = VL_RELATION_CHARACTERISES, .principal = 'S', .under = mandate,
                  .capacity = VL_CAPACITY_DELEGATE);
    others[0] = DID(world, .by = 'C', .kind = VL_KIND_ASSERT, .letters = "l", .principal = 'S',
                    .under = mandate, .capacity = VL_CAPACITY_DELEGATE);
    others[1] = DID(world, .by = 'C', .kind = VL_KIND_COMMIT, .letters = "l",
                    .relation = VL_RELATION_CHARACTERISES, .principal = 'S', .under = mandate,
                    .capacity = VL_CAPACITY_DELEGATE);
    others[2] = DID(world, .by = 'C', .kind = VL_KIND_ASSERT, .letters = "l", .fact = "delivered",
                    .relation = VL_RELATION_CHARACTERISES, .principal = 'S', .under = mandate,
                    .capacity = VL_CAPACITY_DELEGATE);
    others[3] = DID(world, .by = 'C', .kind = VL_KIND_ASSERT, .letters = "l", .act = summary,
                    .relation = VL_RELATION_CHARACTERISES, .principal = 'S', .under = mandate,
                    .capacity = VL_CAPACITY_DELEGATE);
    {
        FOUND(found, world, 'l');

        assert_true(said_of(&found, summary)->is_spoken_for);
        for (size_t i = 0; i < sizeof others / sizeof *others; i++) {
            assert_false(said_of(&found, others[i])->is_spoken_for);
            assert_int_equal(said_of(&found, others[i])->marks, VL_MARK_NO_SUCH_POWER);
        }
    }
}

static void a_relay_tells_its_sources_as_far_as_the_set_goes(void **state)
{
    WORLD(world);
    const uint8_t *said, *first, *second, *nobody, *copied, *missing;
    static const uint8_t elsewhere[VL_HASH_LEN] = {1, 2, 3};

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l");
    first = DID(world, .by = 'A', .kind = VL_KIND_RELAY, .letters = "l", .saying = said,
                .source = 'S', .source_count = 2);
    second = DID(world, .by = 'B', .kind = VL_KIND_RELAY, .letters = "l", .saying = first,
                 .source = 'A');
    nobody = DID(world, .by = 'B', .kind = VL_KIND_RELAY, .letters = "l");
    copied = DID(world, .by = 'B', .kind = VL_KIND_RELAY, .letters = "l", .capture = true);
    missing = DID(world, .by = 'B', .kind = VL_KIND_RELAY, .letters = "l", .saying = elsewhere,
                  .source = 'S');
    {
        FOUND(found, world, 'l');
        const struct vl_found_said *one = said_of(&found, second);

        assert_true(one->is_hearsay && one->states == STANDS);
        assert_int_equal(one->source_count, 3);
        assert_true(one->sources[0].is_held && one->sources[2].is_held);
        assert_false(one->sources[1].has_office || one->sources[1].is_signed);
        assert_true(vl_office_id_eq(&one->sources[2].office, id_of(world, 'S')));
        assert_int_equal(said_of(&found, nobody)->states, VL_SAID_SOURCELESS);
        assert_int_equal(said_of(&found, copied)->states, VL_SAID_UNAUTHENTICATED);
        assert_int_equal(said_of(&found, missing)->states, VL_SAID_SOURCELESS);
        assert_true(said_of(&found, missing)->sources[0].is_signed);
        assert_false(said_of(&found, missing)->sources[0].is_held);
    }
}

/* The relay says that A signed it, and B did. */
static void attack_17_another_signed_what_is_passed_on(void **state)
{
    WORLD(world);
    const uint8_t *said, *relay;

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'B', .kind = VL_KIND_ASSERT, .letters = "l");
    relay =
        DID(world, .by = 'C', .kind = VL_KIND_RELAY, .letters = "l", .saying = said, .source = 'A');
    assert_int_equal(states(world, relay), VL_SAID_SOURCELESS);
}

/* The relay passes on what S never wrote, and names what S did sign. */
static void attack_17_a_source_signed_other_words_than_are_passed_on(void **state)
{
    static const struct {
        const char *text;
        enum vl_mode mode;
        bool is_held;
    } relays[] = {
        {"We sent it, and nobody took it.", VL_MODE_NONE, true},
        {"nobody took it", VL_MODE_VERBATIM, true},
        {"We sent it, and A took it.", VL_MODE_NONE, false},
        {"We sent it, and A took it.", VL_MODE_VERBATIM, false},
        {"It is still on its way.", VL_MODE_PARAPHRASE, true},
        {"Sent, not taken.", VL_MODE_SUMMARY, true},
        {"Niemand nahm es.", VL_MODE_TRANSLATED_QUOTE, true},
    };
    WORLD(world);
    const uint8_t *said, *ids[sizeof relays / sizeof *relays];

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l",
               .text = "We sent it, and nobody took it.");
    for (size_t i = 0; i < sizeof relays / sizeof *relays; i++)
        ids[i] = DID(world, .by = 'W', .kind = VL_KIND_RELAY, .letters = "l", .saying = said,
                     .source = 'S', .text = relays[i].text, .mode = relays[i].mode);
    {
        FOUND(found, world, 'l');

        for (size_t i = 0; i < sizeof relays / sizeof *relays; i++) {
            const struct vl_found_said *one = said_of(&found, ids[i]);

            assert_true(one->sources[0].is_signed);
            assert_int_equal(one->sources[0].is_held, relays[i].is_held);
            assert_int_equal(one->sources[0].has_other_words, !relays[i].is_held);
            assert_int_equal(one->states, relays[i].is_held ? STANDS : VL_SAID_SOURCELESS);
        }
    }
}

/* D says that it speaks for S, and nobody let it: S has signed nothing. */
static void attack_17_a_false_delegate_makes_no_source(void **state)
{
    WORLD(world);
    const uint8_t *receive, *speak, *said, *false_one, *of_said, *of_false, *of_delegate;

    (void)state;
    courier_has_it(world);
    receive = DID(world, .by = 'S', .kind = VL_KIND_MANDATE, .grantee = 'D');
    speak = DID(world, .by = 'S', .kind = VL_KIND_MANDATE, .grantee = 'D', .power = VL_POWER_SPEAK);
    said = DID(world, .by = 'D', .kind = VL_KIND_ASSERT, .letters = "l", .principal = 'S',
               .under = speak, .capacity = VL_CAPACITY_DELEGATE);
    false_one = DID(world, .by = 'D', .kind = VL_KIND_ASSERT, .letters = "l", .principal = 'S',
                    .under = receive, .capacity = VL_CAPACITY_DELEGATE);
    of_said =
        DID(world, .by = 'W', .kind = VL_KIND_RELAY, .letters = "l", .saying = said, .source = 'S');
    of_false = DID(world, .by = 'W', .kind = VL_KIND_RELAY, .letters = "l", .saying = false_one,
                   .source = 'S');
    of_delegate = DID(world, .by = 'W', .kind = VL_KIND_RELAY, .letters = "l", .saying = false_one,
                      .source = 'D');
    {
        FOUND(found, world, 'l');

        assert_true(said_of(&found, of_said)->sources[0].is_held);
        assert_true(said_of(&found, of_delegate)->sources[0].is_held);
        assert_false(said_of(&found, of_false)->sources[0].is_held);
        assert_false(said_of(&found, of_false)->sources[0].has_other_words);
        assert_int_equal(said_of(&found, of_false)->sources[0].marks, VL_MARK_NO_SUCH_POWER);
        assert_int_equal(said_of(&found, of_false)->states, VL_SAID_SOURCELESS);
    }
}

/* Half signed, it proves nothing against its source. */
static void attack_17_what_is_not_proven_makes_no_source(void **state)
{
    WORLD(world);
    const uint8_t *said, *elsewhere, *of_said, *of_elsewhere;

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = '2', .kind = VL_KIND_ASSERT, .letters = "l", .one_signature = true);
    elsewhere =
        DID(world, .by = '2', .kind = VL_KIND_ASSERT, .letters = "m", .one_signature = true);
    of_said =
        DID(world, .by = 'W', .kind = VL_KIND_RELAY, .letters = "l", .saying = said, .source = '2');
    of_elsewhere = DID(world, .by = 'W', .kind = VL_KIND_RELAY, .letters = "l", .saying = elsewhere,
                       .source = '2');
    {
        FOUND(found, world, 'l');

        assert_false(said_of(&found, of_said)->sources[0].is_held);
        assert_int_equal(said_of(&found, of_said)->sources[0].marks, VL_MARK_INCOMPLETE);
        assert_false(said_of(&found, of_elsewhere)->sources[0].is_held);
        assert_int_equal(said_of(&found, of_elsewhere)->sources[0].marks, VL_MARK_INCOMPLETE);
    }
}

static void attack_24_relays_of_relays_end_at_sixteen(void **state)
{
    WORLD(world);
    const uint8_t *at;

    (void)state;
    courier_has_it(world);
    at = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l");
    for (size_t i = 0; i < 20; i++)
        at = DID(world, .by = 'S', .kind = VL_KIND_RELAY, .letters = "l", .saying = at,
                 .source = 'S');
    {
        FOUND(found, world, 'l');
        const struct vl_found_said *one = said_of(&found, at);

        assert_int_equal(one->source_count, VL_STATEMENT_MAX_SOURCES);
        assert_int_equal(one->states, VL_SAID_SOURCELESS);
    }
}

static void a_translation_is_superseded_by_its_own_translator_alone(void **state)
{
    WORLD(world);
    const uint8_t *first;

    (void)state;
    courier_has_it(world);
    first = DID(world, .by = 'T', .kind = VL_KIND_TRANSLATION, .letters = "l");
    DID(world, .by = 'B', .kind = VL_KIND_TRANSLATION, .letters = "l", .target = first);
    assert_int_equal(states(world, first), STANDS);
    DID(world, .by = 'T', .kind = VL_KIND_TRANSLATION, .letters = "m", .target = first);
    assert_int_equal(states(world, first), STANDS);
    DID(world, .by = 'T', .kind = VL_KIND_TRANSLATION, .letters = "l", .target = first,
        .text = "Es ist so.");
    assert_int_equal(states(world, first), VL_SAID_SUPERSEDED);
}

static void an_announcement_is_matched_unproven_or_contradicted(void **state)
{
    WORLD(world);
    const uint8_t *said, *to_b, *sent, *unknown;

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l", .fact = "delivered");
    to_b = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l", .fact = "delivered",
               .party = 'B');
    sent = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l", .fact = "sent");
    unknown = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l", .fact = "dreamt");
    assert_int_equal(against(world, said), VL_AGAINST_UNPROVEN);
    assert_int_equal(against(world, sent), VL_AGAINST_MATCHED);
    /* What is proven is not what will be, might be, or was not so far. */
    assert_int_equal(against(world, DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l",
                                        .fact = "sent", .modality = VL_MODALITY_HISTORICAL)),
                     VL_AGAINST_MATCHED);
    assert_int_equal(against(world, DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l",
                                        .fact = "sent", .modality = VL_MODALITY_FUTURE)),
                     VL_AGAINST_NONE);
    assert_int_equal(against(world, DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l",
                                        .fact = "sent", .modality = VL_MODALITY_HYPOTHETICAL)),
                     VL_AGAINST_NONE);
    assert_int_equal(against(world, DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l",
                                        .fact = "sent", .absence = true)),
                     VL_AGAINST_NONE);
    assert_int_equal(against(world, unknown), VL_AGAINST_NONE);
    DID(world, .by = 'A', .kind = VL_KIND_REFUSED, .letters = "l",
        .capacity = VL_CAPACITY_PRINCIPAL);
    assert_int_equal(against(world, said), VL_AGAINST_CONTRADICTED);
    DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
        .capacity = VL_CAPACITY_PRINCIPAL);
    assert_int_equal(against(world, said), VL_AGAINST_MATCHED);
    assert_int_equal(against(world, to_b), VL_AGAINST_UNPROVEN);
}

/* The story of one hand-over, told by both: whoever signed for it denies what was announced. */
static void a_denial_beside_the_deniers_own_signature(void **state)
{
    WORLD(world);
    const uint8_t *said, *denied, *receipt, *of_letter, *own;

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l", .fact = "delivered",
               .party = 'A');
    denied =
        DID(world, .by = 'A', .kind = VL_KIND_DENY, .act = said, .relation = VL_RELATION_DISPUTES);
    of_letter = DID(world, .by = 'A', .kind = VL_KIND_DENY, .letters = "l",
                    .relation = VL_RELATION_DISPUTES, .fact = "delivered");
    assert_int_equal(against(world, denied), VL_AGAINST_UNPROVEN);
    receipt = DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
                  .capacity = VL_CAPACITY_PRINCIPAL);
    assert_int_equal(against(world, denied), VL_AGAINST_CONTRADICTED);
    assert_int_equal(against(world, of_letter), VL_AGAINST_CONTRADICTED);
    own = DID(world, .by = 'A', .kind = VL_KIND_DENY, .act = receipt,
              .relation = VL_RELATION_DISPUTES);
    assert_int_equal(against(world, own), VL_AGAINST_CONTRADICTED);
    {
        FOUND(found, world, 'l');

        assert_int_equal(found.finding.contradiction_count, 1);
        assert_int_equal(found.finding.contradictions[0].kind, VL_CONTRADICTION_DENIED_OWN_ACT);
        assert_int_equal(found.finding.contradictions[0].acts.count, 2);
        /* and proves no less (PROTOCOL 6) */
        assert_int_equal(addressee_of(world, &found, 'A')->receipted_for_office.level,
                         VL_LEVEL_PROVEN);
    }
}

static void attack_06_words_take_no_level_away(void **state)
{
    WORLD(world);
    const uint8_t *receipt, *denial;

    (void)state;
    courier_has_it(world);
    receipt = DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
                  .capacity = VL_CAPACITY_PRINCIPAL);
    denial = DID(world, .by = 'A', .kind = VL_KIND_DENY, .act = receipt,
                 .relation = VL_RELATION_DISPUTES);
    DID(world, .by = 'A', .kind = VL_KIND_CORRECT, .target = receipt);
    DID(world, .by = 'A', .kind = VL_KIND_WITHDRAW, .target = receipt);
    DID(world, .by = 'A', .kind = VL_KIND_WITHDRAW, .target = denial);
    {
        FOUND(found, world, 'l');

        assert_int_equal(addressee_of(world, &found, 'A')->receipted_for_office.level,
                         VL_LEVEL_PROVEN);
    }
}

/* What is said of a statement can be asked for by its id, without a letter. */
static void words_are_asked_for_by_their_own_id(void **state)
{
    WORLD(world);
    struct found found = {vl_finding_set_new(), VL_FINDING_INIT};
    const uint8_t *said, *denied;
    struct vl_why why = {""};

    (void)state;
    said = DID(world, .by = 'S', .kind = VL_KIND_COMMIT);
    denied =
        DID(world, .by = 'A', .kind = VL_KIND_DENY, .act = said, .relation = VL_RELATION_DISPUTES);
    assert_non_null(found.set);
    add_all(world, found.set, NULL);
    assert_err(vl_finding_make(found.set, said, NOW, &found.finding, &why), VL_OK, &why);
    assert_int_equal(found.finding.said_count, 2);
    assert_memory_equal(said_of(&found, said)->disputed_by.at[0], denied, VL_HASH_LEN);
    found_release(&found);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(words_about_a_letter_are_found_and_prove_that_they_were_said),
        cmocka_unit_test(its_own_office_corrects_and_withdraws_it),
        cmocka_unit_test(corrections_of_two_spans_both_stand),
        cmocka_unit_test(attack_16_two_corrections_by_order_of_clocks),
        cmocka_unit_test(attack_27_a_foreign_correction_strikes_nothing_out),
        cmocka_unit_test(whoever_may_speak_for_it_corrects_it),
        cmocka_unit_test(attack_01_a_mandate_of_another_makes_nobody_its_speaker),
        cmocka_unit_test(who_may_explain_tells_what_is_in_a_letter_and_no_more),
        cmocka_unit_test(a_relay_tells_its_sources_as_far_as_the_set_goes),
        cmocka_unit_test(attack_17_another_signed_what_is_passed_on),
        cmocka_unit_test(attack_17_a_source_signed_other_words_than_are_passed_on),
        cmocka_unit_test(attack_17_a_false_delegate_makes_no_source),
        cmocka_unit_test(attack_17_what_is_not_proven_makes_no_source),
        cmocka_unit_test(attack_24_relays_of_relays_end_at_sixteen),
        cmocka_unit_test(a_translation_is_superseded_by_its_own_translator_alone),
        cmocka_unit_test(an_announcement_is_matched_unproven_or_contradicted),
        cmocka_unit_test(a_denial_beside_the_deniers_own_signature),
        cmocka_unit_test(attack_06_words_take_no_level_away),
        cmocka_unit_test(words_are_asked_for_by_their_own_id),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
