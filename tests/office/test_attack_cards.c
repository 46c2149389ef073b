/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks on cards, between homes as they are: PROTOCOL 4, 20. */
#include "homes.h"

/* New keys for the office in this home. */
static void rotate(const struct place *place, const char *name, bool compromised)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);
    const struct vl_card_rotate_request request = {.compromised = compromised,
                                                   .now_s = NOW,
                                                   .asker = nobody,
                                                   .rng = vl_rng_system()};
    struct vl_why why = {""};
    uint64_t serial = 0;
    bool unplanned = true;

    assert_err(vl_cards_rotate(&home, &request, &serial, &unplanned, &why), VL_OK, &why);
    assert_false(unplanned);
}

/* An evidence file with nothing but a chain. */
static void put_evidence(const struct place *place, const char *name, vl_bytes card)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;

    assert_int_equal(vl_evidence_put_chain(&out, card), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, &wire), VL_OK);
    put_bytes(place, name, vl_buf_bytes(&wire));
    vl_evidence_out_release(&out);
}

static size_t cards_known(const struct place *place, const char *home_name, const char *petname,
                          size_t *revocations)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, home_name);
    VL_AUTO(vl_office_row_release) struct vl_office_row row = office_row(&home, petname);
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_why why = {""};

    assert_err(vl_chain_parse(row.cards, &chain, &why), VL_OK, &why);
    if (revocations)
        *revocations = chain.revocation_count;
    return chain.count;
}

/* The thief copies the home and gives out a card of his own for the same serial. */
static void attack_04_a_thief_forks_the_card(void **state)
{
    struct vl_card_added added;
    struct place place;

    (void)state;
    place_open(&place);
    two_offices(&place);
    copy_home(&place, "alma", "thief");
    rotate(&place, "alma", false);
    rotate(&place, "thief", false);
    {
        VL_AUTO(vl_buf_release) struct vl_buf true_card = card_of(&place, "alma");
        VL_AUTO(vl_buf_release) struct vl_buf forged = card_of(&place, "thief");
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");

        added = add(&home, vl_buf_bytes(&true_card), NULL);
        assert_int_equal(added.news, VL_CARD_CHANGED);
        added = add(&home, vl_buf_bytes(&forged), NULL);
        assert_int_equal(added.news, VL_CARD_FORK);
        assert_int_equal(added.fork_serial, 1);
        assert_int_equal(added.serial, 1);
    }
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");
        VL_AUTO(vl_office_row_release) struct vl_office_row row = office_row(&home, "alma");
        const struct letter_plan plan = {.to = "alma"};
        struct vl_written written = {.size = 0};
        struct vl_why why = {""};

        assert_true(row.forked);
        assert_false(row.checked);
        /* And nobody seals to either of the two. */
        assert_err(try_write(&place, &home, &plan, &written, &why), VL_ERR_REFUSED, &why);
    }
    assert_int_equal(check_up(&place, "bela").failures, 1);
    place_close(&place);
}

/* The same, as it would come: in an evidence file, beside a letter. */
static void attack_04_a_fork_that_comes_as_evidence(void **state)
{
    struct place place;

    (void)state;
    place_open(&place);
    two_offices(&place);
    copy_home(&place, "alma", "thief");
    rotate(&place, "alma", false);
    rotate(&place, "thief", false);
    {
        VL_AUTO(vl_buf_release) struct vl_buf true_card = card_of(&place, "alma");
        VL_AUTO(vl_buf_release) struct vl_buf forged = card_of(&place, "thief");
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");
        const struct vl_card_add_request checked = {.file = vl_buf_bytes(&true_card),
                                                    .check = VL_CHECK_BY_ADDRESS,
                                                    .address = NULL,
                                                    .now_s = NOW,
                                                    .rng = vl_rng_system()};
        struct vl_card_add_request request = checked;
        VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
        char address[VL_OFFICE_TEXT];
        struct vl_card_added added;
        struct vl_why why = {""};

        assert_err(vl_chain_parse(vl_buf_bytes(&true_card), &chain, &why), VL_OK, &why);
        request.address = vl_office_id_text(&chain.office, address);
        assert_err(vl_cards_add(&home, &request, &added, &why), VL_OK, &why);
        assert_true(added.checked);
        put_evidence(&place, "forged.evidence", vl_buf_bytes(&forged));
    }
    (void)take(&place, "bela", "forged.evidence");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");
        VL_AUTO(vl_office_row_release) struct vl_office_row row = office_row(&home, "alma");

        assert_true(row.forked);
        assert_false(row.checked); /* until somebody compares words again */
    }
    assert_int_equal(cards_known(&place, "bela", "alma", NULL), 2);
    place_close(&place);
}

/* Whoever was robbed learns of it from the first stick that brings the thief's card. */
static void attack_04_a_fork_of_ones_own_card_is_told(void **state)
{
    struct place place;

    (void)state;
    place_open(&place);
    two_offices(&place);
    copy_home(&place, "alma", "thief");
    rotate(&place, "alma", false);
    rotate(&place, "thief", false);
    {
        VL_AUTO(vl_buf_release) struct vl_buf forged = card_of(&place, "thief");

        put_evidence(&place, "forged.evidence", vl_buf_bytes(&forged));
    }
    (void)take(&place, "alma", "forged.evidence");
    assert_int_equal(check_up(&place, "alma").failures, 1);
    place_close(&place);
}

/* The revocation that was made at init is part of a card file of that day. */
static void attack_04_an_old_revocation_takes_no_card_back(void **state)
{
    struct place place;
    size_t revocations = 0;

    (void)state;
    place_open(&place);
    two_offices(&place);
    {
        VL_AUTO(vl_buf_release)
        struct vl_buf old = file(in(&place, "alma/recovery/revocation.card").text);

        put_bytes(&place, "old.card", vl_buf_bytes(&old));
        put_evidence(&place, "old.evidence", vl_buf_bytes(&old));
    }
    rotate(&place, "alma", false);
    {
        VL_AUTO(vl_buf_release) struct vl_buf now = card_of(&place, "alma");
        VL_AUTO(vl_buf_release) struct vl_buf old = file(in(&place, "old.card").text);
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");
        struct vl_card_added added;

        (void)add(&home, vl_buf_bytes(&now), NULL);
        added = add(&home, vl_buf_bytes(&old), NULL);
        assert_int_equal(added.news, VL_CARD_REVOKED);
        assert_int_equal(added.serial, 1);
    }
    assert_int_equal(cards_known(&place, "bela", "alma", &revocations), 2);
    assert_int_equal(revocations, 1);
    /* The same as evidence, to an office that has not heard of it. */
    init(&place, "cora");
    {
        VL_AUTO(vl_buf_release) struct vl_buf now = card_of(&place, "alma");
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "cora");

        (void)add(&home, vl_buf_bytes(&now), "alma");
    }
    (void)take(&place, "cora", "old.evidence");
    assert_int_equal(cards_known(&place, "cora", "alma", &revocations), 2);
    assert_int_equal(revocations, 1);
    place_close(&place);
}

/* A newer chain from which somebody took the revocations. */
static void attack_04_a_newer_chain_loses_no_revocation(void **state)
{
    struct place place;
    size_t revocations = 0;

    (void)state;
    place_open(&place);
    two_offices(&place);
    {
        VL_AUTO(vl_buf_release)
        struct vl_buf revoked = file(in(&place, "alma/recovery/revocation.card").text);
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");

        assert_int_equal(add(&home, vl_buf_bytes(&revoked), NULL).news, VL_CARD_REVOKED);
    }
    rotate(&place, "alma", false); /* knows nothing of that revocation */
    {
        VL_AUTO(vl_buf_release) struct vl_buf newer = card_of(&place, "alma");

        put_evidence(&place, "newer.evidence", vl_buf_bytes(&newer));
    }
    (void)take(&place, "bela", "newer.evidence");
    assert_int_equal(cards_known(&place, "bela", "alma", &revocations), 2);
    assert_int_equal(revocations, 1);
    place_close(&place);
}

/* A signature with a key that was stolen, and whose owner said so. */
static void attack_04_a_letter_back_dated_with_a_stolen_key(void **state)
{
    struct vl_opening opening;
    struct vl_why why = {""};
    struct number number;
    struct place place;

    (void)state;
    place_open(&place);
    two_offices(&place);
    copy_home(&place, "alma", "thief");
    rotate(&place, "alma", true);
    {
        VL_AUTO(vl_buf_release) struct vl_buf now = card_of(&place, "alma");
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");

        (void)add(&home, vl_buf_bytes(&now), NULL);
    }
    number = write_letter(&place, "thief", "bela", "forged");
    assert_false(take(&place, "bela", "forged.age").from_proven);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");

        assert_err(try_open(&place, &home, number.text, "parts", &opening, &why), VL_ERR_UNVERIFIED,
                   &why);
        assert_says(&why, "revoked");
        vl_opening_release(&opening);
    }
    assert_false(is_there(&place, "parts"));
    place_close(&place);
}

/* An older card that is offered again. */
static void attack_04_a_stored_card_never_goes_back(void **state)
{
    struct place place;

    (void)state;
    place_open(&place);
    two_offices(&place);
    {
        VL_AUTO(vl_buf_release) struct vl_buf old = card_of(&place, "alma");

        put_bytes(&place, "old.card", vl_buf_bytes(&old));
        put_evidence(&place, "old.evidence", vl_buf_bytes(&old));
    }
    rotate(&place, "alma", false);
    {
        VL_AUTO(vl_buf_release) struct vl_buf now = card_of(&place, "alma");
        VL_AUTO(vl_buf_release) struct vl_buf old = file(in(&place, "old.card").text);
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");

        (void)add(&home, vl_buf_bytes(&now), NULL);
        assert_int_equal(add(&home, vl_buf_bytes(&old), NULL).news, VL_CARD_OLDER);
    }
    (void)take(&place, "bela", "old.evidence");
    assert_int_equal(cards_known(&place, "bela", "alma", NULL), 2);
    place_close(&place);
}

/* --- check words (PROTOCOL 20) ---------------------------------------------------------------- */

struct guesser {
    unsigned asked;
    unsigned seen[16]; /* the positions of each try, as bits */
    bool right;
    const struct vl_office_id *office;
};

static enum vl_err guess(void *self, const unsigned positions[VL_CARDS_WORDS_ASKED],
                         char words[VL_CARDS_WORDS_ASKED][16], struct vl_why *why)
{
    struct guesser *guesser = self;
    unsigned all[VL_CHECK_WORDS];

    (void)why;
    assert_true(guesser->asked < 16);
    for (size_t i = 0; i < VL_CARDS_WORDS_ASKED; i++) {
        guesser->seen[guesser->asked] |= 1u << positions[i];
        (void)snprintf(words[i], 16, "%s", "zebra");
    }
    guesser->asked++;
    if (!guesser->right)
        return VL_OK;
    assert_int_equal(vl_office_id_words(guesser->office, all), VL_OK);
    for (size_t i = 0; i < VL_CARDS_WORDS_ASKED; i++)
        (void)snprintf(words[i], 16, "%s", vl_word(all[positions[i] - 1]));
    return VL_OK;
}

static enum vl_err add_by_words(const struct place *place, vl_bytes card, unsigned tries,
                                struct guesser *guesser, struct vl_why *why)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, "bela");
    struct vl_card_added added;
    const struct vl_card_add_request request = {.file = card,
                                                .check = VL_CHECK_BY_WORDS,
                                                .ask = guess,
                                                .ask_self = guesser,
                                                .tries = tries,
                                                .now_s = NOW,
                                                .rng = vl_rng_system()};

    return vl_cards_add(&home, &request, &added, why);
}

static void attack_20_three_wrong_words_lock_the_card(void **state)
{
    struct guesser guesser = {.right = false};
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    two_offices(&place);
    {
        VL_AUTO(vl_buf_release) struct vl_buf card = card_of(&place, "alma");
        VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

        assert_err(vl_chain_parse(vl_buf_bytes(&card), &chain, &why), VL_OK, &why);
        guesser.office = &chain.office;
        /* A new process each time: the failures are remembered. */
        for (unsigned i = 0; i < VL_CARDS_FAILURES_MAX; i++)
            assert_err(add_by_words(&place, vl_buf_bytes(&card), 1, &guesser, &why),
                       VL_ERR_UNVERIFIED, &why);
        assert_int_equal(guesser.asked, VL_CARDS_FAILURES_MAX);
        guesser.right = true;
        assert_err(add_by_words(&place, vl_buf_bytes(&card), 1, &guesser, &why), VL_ERR_REFUSED,
                   &why);
        assert_int_equal(guesser.asked, VL_CARDS_FAILURES_MAX); /* nobody was asked any more */
    }
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");
        VL_AUTO(vl_office_row_release) struct vl_office_row row = office_row(&home, "alma");

        assert_false(row.checked);
    }
    place_close(&place);
}

static void attack_20_each_try_asks_for_other_words(void **state)
{
    struct guesser guesser = {.right = false};
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    two_offices(&place);
    {
        VL_AUTO(vl_buf_release) struct vl_buf card = card_of(&place, "alma");
        VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

        assert_err(vl_chain_parse(vl_buf_bytes(&card), &chain, &why), VL_OK, &why);
        guesser.office = &chain.office;
        assert_err(add_by_words(&place, vl_buf_bytes(&card), 3, &guesser, &why), VL_ERR_UNVERIFIED,
                   &why);
        assert_int_equal(guesser.asked, 3);
        for (unsigned i = 0; i < 3; i++)
            assert_int_equal(__builtin_popcount(guesser.seen[i]), VL_CARDS_WORDS_ASKED);
        /* Three times the same three of 220 has a chance of one in 48,400. */
        assert_false(guesser.seen[0] == guesser.seen[1] && guesser.seen[1] == guesser.seen[2]);
    }
    place_close(&place);
}

/* The words are those of the first card; what was checked is that card of that day too. */
static void attack_20_an_unplanned_change_wants_the_words_again(void **state)
{
    struct guesser guesser = {.right = true};
    struct vl_why why = {""};
    struct place place;

    (void)state;
    place_open(&place);
    two_offices(&place);
    {
        VL_AUTO(vl_buf_release) struct vl_buf card = card_of(&place, "alma");
        VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

        assert_err(vl_chain_parse(vl_buf_bytes(&card), &chain, &why), VL_OK, &why);
        guesser.office = &chain.office;
        assert_err(add_by_words(&place, vl_buf_bytes(&card), 1, &guesser, &why), VL_OK, &why);
    }
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");
        VL_AUTO(vl_office_row_release) struct vl_office_row row = office_row(&home, "alma");
        VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

        assert_true(row.checked);
        assert_err(vl_chain_parse(row.cards, &chain, &why), VL_OK, &why);
        assert_memory_equal(row.checked_card, chain.links[0].card.object.id, VL_HASH_LEN);
    }
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");
        const struct vl_card_rotate_request lost = {.lost = true,
                                                    .now_s = NOW,
                                                    .asker = nobody,
                                                    .rng = vl_rng_system()};
        uint64_t serial;
        bool unplanned = false;

        assert_err(vl_cards_rotate(&home, &lost, &serial, &unplanned, &why), VL_OK, &why);
        assert_true(unplanned);
    }
    {
        VL_AUTO(vl_buf_release) struct vl_buf card = card_of(&place, "alma");
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");

        assert_int_equal(add(&home, vl_buf_bytes(&card), NULL).news, VL_CARD_UNPLANNED);
    }
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");
        VL_AUTO(vl_office_row_release) struct vl_office_row row = office_row(&home, "alma");

        assert_false(row.checked);
    }
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attack_04_a_thief_forks_the_card),
        cmocka_unit_test(attack_04_a_fork_that_comes_as_evidence),
        cmocka_unit_test(attack_04_a_fork_of_ones_own_card_is_told),
        cmocka_unit_test(attack_04_an_old_revocation_takes_no_card_back),
        cmocka_unit_test(attack_04_a_newer_chain_loses_no_revocation),
        cmocka_unit_test(attack_04_a_letter_back_dated_with_a_stolen_key),
        cmocka_unit_test(attack_04_a_stored_card_never_goes_back),
        cmocka_unit_test(attack_20_three_wrong_words_lock_the_card),
        cmocka_unit_test(attack_20_each_try_asks_for_other_words),
        cmocka_unit_test(attack_20_an_unplanned_change_wants_the_words_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
