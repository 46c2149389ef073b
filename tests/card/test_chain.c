/* SPDX-License-Identifier: Apache-2.0 */
/* card/chain.h: cards that follow one another, and who may make the next. */
#include "chains.h"

static void check_not_added(struct vl_chain *chain, vl_bytes object, enum vl_err err,
                            const char *words)
{
    size_t count = chain->count, revocation_count = chain->revocation_count;
    struct vl_why why = {""};

    assert_err(vl_chain_add(chain, object, &why), err, &why);
    assert_string_equal(why.text, words);
    assert_int_equal(chain->count, count);
    assert_int_equal(chain->revocation_count, revocation_count);
}

static struct vl_chain_verdict verdict_on(const struct vl_chain *chain,
                                          const struct vl_object *object)
{
    struct vl_chain_verdict verdict;
    struct vl_why why = {""};

    assert_err(vl_chain_verify(chain, object, &verdict, &why), VL_OK, &why);
    return verdict;
}

static void a_planned_change_bears_no_mark(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    (void)state;
    grow(&chain, "a", "bc", NULL);
    grow(&chain, "cb", "d", NULL);
    grow(&chain, "d", "e", "b"); /* who signed along before may sign along, and need not */
    assert_int_equal(chain.count, 3);
    for (size_t i = 0; i < chain.count; i++)
        assert_false(chain.links[i].unplanned || chain.links[i].key_revoked);
    assert_int_equal(vl_chain_newest(&chain)->serial, 2);
}

static void attack_04_an_announced_key_that_is_passed_over_leaves_a_mark(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_object_release)
    struct vl_object first = VL_OBJECT_INIT, second = VL_OBJECT_INIT, third = VL_OBJECT_INIT;

    (void)state;
    grow(&chain, "a", "b", NULL);
    grow(&chain, "x", "y", "a");
    grow(&chain, "y", "z", NULL);
    assert_true(chain.links[1].unplanned);
    assert_false(chain.links[0].unplanned || chain.links[2].unplanned);
    first = signed_by(&chain.links[0].card, "a");
    second = signed_by(&chain.links[1].card, "x");
    third = signed_by(&chain.links[2].card, "y");
    assert_false(verdict_on(&chain, &first).unplanned);
    assert_true(verdict_on(&chain, &second).unplanned);
    assert_true(verdict_on(&chain, &third).unplanned); /* what comes after builds on it */
}

/* Not even the same keys again: what seals to the office may have changed. */
static void attack_04_the_same_keys_again_are_an_unplanned_change(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    (void)state;
    grow(&chain, "a", "b", NULL);
    grow(&chain, "a", "b", NULL);
    assert_true(chain.links[1].unplanned);
}

static void attack_04_a_retired_key_makes_no_card(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf alone = VL_BUF_INIT(1), along = VL_BUF_INIT(1);

    (void)state;
    grow(&chain, "a", "b", NULL);
    grow(&chain, "b", "c", NULL);
    alone = next_card(&chain, "a", "z", NULL);
    along = next_card(&chain, "x", "z", "a");
    check_not_added(&chain, vl_buf_bytes(&alone), VL_ERR_UNVERIFIED,
                    "chain of cards: its keys are neither announced nor signed for by the keys "
                    "before them");
    check_not_added(&chain, vl_buf_bytes(&along), VL_ERR_UNVERIFIED,
                    "chain of cards: signature 2: its kid names no key of the card");
}

static void attack_04_new_keys_alone_make_no_card(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1);

    (void)state;
    grow(&chain, "a", "b", NULL);
    wire = next_card(&chain, "x", "y", NULL);
    check_not_added(&chain, vl_buf_bytes(&wire), VL_ERR_UNVERIFIED,
                    "chain of cards: its keys are neither announced nor signed for by the keys "
                    "before them");
}

/* The announced key together with another is not what was announced. */
static void attack_04_a_key_set_is_announced_as_a_whole(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf more = VL_BUF_INIT(1), less = VL_BUF_INIT(1);

    (void)state;
    grow(&chain, "a", "bc", NULL);
    more = next_card(&chain, "bcx", "y", NULL);
    less = next_card(&chain, "b", "y", NULL);
    check_not_added(&chain, vl_buf_bytes(&more), VL_ERR_UNVERIFIED,
                    "chain of cards: its keys are neither announced nor signed for by the keys "
                    "before them");
    check_not_added(&chain, vl_buf_bytes(&less), VL_ERR_UNVERIFIED,
                    "chain of cards: its keys are neither announced nor signed for by the keys "
                    "before them");
}

static void a_signature_of_the_card_before_must_be_good(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf unplanned = VL_BUF_INIT(1), planned = VL_BUF_INIT(1);
    const char *words = "chain of cards: signature 2: signed object: the signature is not of this "
                        "key over these bytes";

    (void)state;
    grow(&chain, "a", "b", NULL);
    unplanned = next_card(&chain, "x", "y", "a");
    planned = next_card(&chain, "b", "y", "a");
    unplanned.data[unplanned.len - 1] ^= 1;
    planned.data[planned.len - 1] ^= 1;
    check_not_added(&chain, vl_buf_bytes(&unplanned), VL_ERR_UNVERIFIED, words);
    check_not_added(&chain, vl_buf_bytes(&planned), VL_ERR_UNVERIFIED, words);
}

/* A thief of one of two needed keys is not the office. */
static void attack_11_an_unplanned_change_needs_every_needed_key(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1);

    (void)state;
    grow(&chain, "ab", "c", NULL);
    wire = next_card(&chain, "xy", "z", "a");
    check_not_added(&chain, vl_buf_bytes(&wire), VL_ERR_UNVERIFIED,
                    "chain of cards: its keys are neither announced nor signed for by the keys "
                    "before them");
    grow(&chain, "xy", "z", "ab");
    assert_true(chain.links[1].unplanned);
}

static void attack_11_only_a_planned_change_weakens_the_policy(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT, other = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1);

    (void)state;
    grow(&chain, "ab", "c", NULL);
    wire = next_card(&chain, "x", "z", "ab");
    check_not_added(&chain, vl_buf_bytes(&wire), VL_ERR_UNVERIFIED,
                    "chain of cards: an unannounced change to 1 needed keys from 2, which is "
                    "weaker");
    grow(&chain, "c", "d", NULL);
    assert_false(chain.links[1].unplanned);
    grow(&other, "a", "b", NULL);
    grow(&other, "xy", "z", "a"); /* a stronger one is fine */
    assert_int_equal(other.count, 2);
}

static void a_card_must_follow_the_one_before(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT, other = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf first = VL_BUF_INIT(1), second = VL_BUF_INIT(1);
    VL_AUTO(vl_buf_release) struct vl_buf skipped = VL_BUF_INIT(1), astray = VL_BUF_INIT(1);
    VL_AUTO(vl_buf_release) struct vl_buf of_other = VL_BUF_INIT(1);
    struct vl_card before;

    (void)state;
    first = next_card(&chain, "a", "b", NULL);
    grow(&chain, "a", "b", NULL);
    second = next_card(&chain, "b", "c", NULL);
    check_not_added(&chain, vl_buf_bytes(&first), VL_ERR_UNVERIFIED,
                    "chain of cards: serial 0 where 1 comes next");
    check_not_added(&other, vl_buf_bytes(&second), VL_ERR_UNVERIFIED,
                    "chain of cards: serial 1 where 0 comes next");
    before = *vl_chain_newest(&chain);
    before.serial++;
    skipped = card_wire(&(struct plan){.keys = "b", .next = "c", .before = &before});
    check_not_added(&chain, vl_buf_bytes(&skipped), VL_ERR_UNVERIFIED,
                    "chain of cards: serial 2 where 1 comes next");
    before.serial--;
    before.object.id[0] ^= 1;
    astray = card_wire(&(struct plan){.keys = "b", .next = "c", .before = &before});
    check_not_added(&chain, vl_buf_bytes(&astray), VL_ERR_UNVERIFIED,
                    "chain of cards: it follows another card than the one before");
    before.object.id[0] ^= 1;
    before.object.issuer.at[0] ^= 1;
    of_other = card_wire(&(struct plan){.keys = "b", .next = "c", .before = &before});
    check_not_added(&chain, vl_buf_bytes(&of_other), VL_ERR_UNVERIFIED,
                    "chain of cards: of another office than the card before");
}

static void only_cards_and_revocations_are_added(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1);

    (void)state;
    grow(&chain, "a", "b", NULL);
    wire = signed_wire(&chain.office, "a", chain.links[0].card.object.id);
    check_not_added(&chain, vl_buf_bytes(&wire), VL_ERR_FORMAT,
                    "chain of cards: of the kind \"sealed\"");
    check_not_added(&chain, VL_BYTES_NONE, VL_ERR_FORMAT,
                    "object: array of signatures: byte 0: cut short");
}

static void a_chain_has_sixty_four_cards_at_most(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT, again = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1);
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < VL_CHAIN_MAX_CARDS; i++) {
        const char keys[] = {(char)(i + 1), '\0'}, next[] = {(char)(i + 2), '\0'};

        grow(&chain, keys, next, NULL);
    }
    wire = next_card(&chain, "\x41", "\x42", NULL);
    check_not_added(&chain, vl_buf_bytes(&wire), VL_ERR_LIMIT,
                    "chain of cards: more than 64 cards");
    assert_int_equal(vl_chain_write(&chain, &whole), VL_OK);
    assert_err(vl_chain_parse(vl_buf_bytes(&whole), &again, &why), VL_OK, &why);
    assert_int_equal(again.count, VL_CHAIN_MAX_CARDS);
}

static void attack_04_a_back_dated_act_shows_its_key_is_retired(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_object_release) struct vl_object act = VL_OBJECT_INIT;
    struct vl_chain_verdict verdict;

    (void)state;
    grow(&chain, "a", "b", NULL);
    act = signed_by(&chain.links[0].card, "a");
    verdict = verdict_on(&chain, &act);
    assert_int_equal(verdict.standing, VL_STANDING_FULL);
    assert_false(verdict.retired || verdict.revoked || verdict.unplanned);
    grow(&chain, "b", "c", NULL);
    verdict = verdict_on(&chain, &act);
    assert_true(verdict.retired);
    assert_false(verdict.revoked);
    revoke(&chain, 0, "a", target_kid('a'), VL_REVOCATION_COMPROMISED);
    verdict = verdict_on(&chain, &act);
    assert_true(verdict.retired && verdict.revoked);
    assert_int_equal(verdict.standing, VL_STANDING_FULL);
}

static void a_card_whose_keys_go_on_is_not_retired(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_object_release) struct vl_object act = VL_OBJECT_INIT;

    (void)state;
    grow(&chain, "a", "a", NULL);
    grow(&chain, "a", "b", NULL);
    act = signed_by(&chain.links[0].card, "a");
    assert_false(verdict_on(&chain, &act).retired);
    assert_false(verdict_on(&chain, &act).unplanned);
    grow(&chain, "b", "c", NULL);
    assert_true(verdict_on(&chain, &act).retired);
}

static void keys_that_come_back_were_retired(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_object_release) struct vl_object act = VL_OBJECT_INIT;

    (void)state;
    grow(&chain, "a", "b", NULL);
    grow(&chain, "b", "a", NULL);
    grow(&chain, "a", "c", NULL);
    act = signed_by(&chain.links[0].card, "a");
    assert_true(verdict_on(&chain, &act).retired);
}

static void what_the_chain_does_not_speak_for_is_told(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT, other = VL_CHAIN_INIT;
    VL_AUTO(vl_object_release)
    struct vl_object elsewhere = VL_OBJECT_INIT, stripped = elsewhere, forged = elsewhere;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1);
    struct vl_chain_verdict verdict = {.standing = VL_STANDING_FULL};
    struct vl_why why = {""};

    (void)state;
    grow(&chain, "ab", "c", NULL);
    grow(&other, "d", "e", NULL);
    elsewhere = signed_by(&other.links[0].card, "d");
    stripped = signed_by(&chain.links[0].card, "a");
    wire = signed_wire(&other.office, "a", chain.links[0].card.object.id);
    forged = object_of_wire(vl_buf_bytes(&wire));
    assert_err(vl_chain_verify(&chain, &elsewhere, &verdict, &why), VL_ERR_NOT_FOUND, &why);
    assert_string_equal(why.text, "sealed: its card is not in this chain");
    assert_int_equal(verdict.standing, VL_STANDING_NONE);
    assert_err(vl_chain_verify(&chain, &forged, &verdict, &why), VL_ERR_UNVERIFIED, &why);
    assert_int_equal(verdict.standing, VL_STANDING_NONE);
    assert_int_equal(verdict_on(&chain, &stripped).standing, VL_STANDING_INCOMPLETE);
    assert_err(vl_chain_verify(&chain, &chain.links[0].card.object, &verdict, &why), VL_ERR_LIMIT,
               &why);
}

static enum vl_chain_news compare(const struct vl_chain *known, const struct vl_chain *offered)
{
    uint64_t serial = 99;
    enum vl_chain_news news = vl_chain_compare(known, offered, &serial);

    assert_int_equal(serial, news == VL_CHAIN_FORK ? 1 : 99);
    return news;
}

static void attack_04_two_cards_of_one_serial_are_a_fork(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain known = VL_CHAIN_INIT, offered = VL_CHAIN_INIT;

    (void)state;
    grow(&known, "a", "b", NULL);
    grow(&offered, "a", "b", NULL);
    assert_int_equal(compare(&known, &offered), VL_CHAIN_SAME);
    grow(&known, "b", "c", NULL);
    grow(&offered, "x", "y", "a"); /* the thief of 'a' */
    assert_int_equal(compare(&known, &offered), VL_CHAIN_FORK);
    grow(&offered, "y", "z", NULL);
    assert_int_equal(compare(&known, &offered), VL_CHAIN_FORK);
    assert_int_equal(compare(&offered, &known), VL_CHAIN_FORK);
}

static void attack_04_a_chain_never_goes_back(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain known = VL_CHAIN_INIT, offered = VL_CHAIN_INIT;

    (void)state;
    grow(&known, "a", "b", NULL);
    grow(&known, "b", "c", NULL);
    grow(&offered, "a", "b", NULL);
    assert_int_equal(compare(&known, &offered), VL_CHAIN_OLDER);
    assert_int_equal(compare(&offered, &known), VL_CHAIN_NEWER);
}

static void a_revocation_is_news_even_in_an_older_chain(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain known = VL_CHAIN_INIT, offered = VL_CHAIN_INIT;
    struct vl_why why = {""};

    (void)state;
    grow(&known, "a", "b", NULL);
    grow(&known, "b", "c", NULL);
    grow(&offered, "a", "b", NULL);
    revoke(&offered, 0, "a", target_kid('a'), VL_REVOCATION_LOST);
    assert_int_equal(compare(&known, &offered), VL_CHAIN_NEWER);
    assert_err(vl_chain_take_revocations(&known, &offered, &why), VL_OK, &why);
    assert_int_equal(known.revocation_count, 1);
    assert_true(known.links[0].key_revoked);
    assert_int_equal(compare(&known, &offered), VL_CHAIN_OLDER);
    assert_err(vl_chain_take_revocations(&known, &offered, &why), VL_OK, &why);
    assert_int_equal(known.revocation_count, 1);
    grow(&offered, "b", "c", NULL);
    assert_int_equal(compare(&known, &offered), VL_CHAIN_SAME);
    revoke(&known, 0, "a", target_kid('z'), VL_REVOCATION_LOST);
    assert_int_equal(compare(&known, &offered), VL_CHAIN_OLDER);
}

/* A thief's branch does not revoke in the true one. */
static void attack_04_an_old_file_with_a_revocation_takes_no_card_back(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain known = VL_CHAIN_INIT, offered = VL_CHAIN_INIT;
    struct vl_why why = {""};

    (void)state;
    grow(&known, "a", "b", NULL);
    grow(&offered, "a", "b", NULL);
    revoke(&offered, 0, "a", target_kid('a'), VL_REVOCATION_COMPROMISED);
    grow(&known, "b", "c", NULL);
    revoke(&known, 1, "b", target_kid('b'), VL_REVOCATION_LOST);
    assert_err(vl_chain_merge(&known, &offered, &why), VL_OK, &why);
    assert_int_equal(known.count, 2);
    assert_int_equal(known.revocation_count, 2);
    assert_err(vl_chain_merge(&offered, &known, &why), VL_OK, &why);
    assert_int_equal(offered.count, 2);
    assert_int_equal(offered.revocation_count, 2);
    assert_int_equal(compare(&known, &offered), VL_CHAIN_SAME);
}

static void a_revocation_under_a_card_that_is_not_known_is_left(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain known = VL_CHAIN_INIT, offered = VL_CHAIN_INIT;
    struct vl_why why = {""};

    (void)state;
    grow(&known, "a", "b", NULL);
    grow(&offered, "a", "b", NULL);
    grow(&offered, "x", "y", "a");
    revoke(&offered, 0, "a", target_kid('q'), VL_REVOCATION_LOST);
    revoke(&offered, 1, "x", target_kid('a'), VL_REVOCATION_LOST);
    revoke(&offered, 1, "x", target_kid('b'), VL_REVOCATION_LOST);
    assert_err(vl_chain_take_revocations(&known, &offered, &why), VL_OK, &why);
    assert_int_equal(known.revocation_count, 1);
    assert_false(known.links[0].key_revoked);
}

struct addition {
    struct vl_chain *chain;
    vl_bytes object;
};

static enum vl_err add(void *self, struct vl_why *why)
{
    struct addition *addition = self;
    size_t count = addition->chain->count, revocations = addition->chain->revocation_count;
    enum vl_err err = vl_chain_add(addition->chain, addition->object, why);

    assert_int_equal(addition->chain->count + addition->chain->revocation_count,
                     count + revocations + !err);
    return err;
}

static enum vl_err verify(void *self, struct vl_why *why)
{
    struct addition *addition = self;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_chain_verdict verdict;
    enum vl_err err = vl_object_parse(addition->object, &object, why);

    return err ? err : vl_chain_verify(addition->chain, &object, &verdict, why);
}

static void each_allocation_may_fail(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf act = VL_BUF_INIT(1), revocation = VL_BUF_INIT(1);

    (void)state;
    for (size_t i = 0; i < 5; i++) { /* with and without new room */
        const char keys[] = {(char)('a' + i), '\0'}, next[] = {(char)('b' + i), '\0'};
        VL_AUTO(vl_buf_release) struct vl_buf wire = next_card(&chain, keys, next, NULL);
        struct addition addition = {&chain, vl_buf_bytes(&wire)};

        assert_true(each_allocation_fails(add, &addition) > 3);
    }
    revocation = revocation_wire(&chain, 0, "a", target_kid('a'), VL_REVOCATION_LOST);
    act = signed_wire(&chain.office, "e", chain.links[4].card.object.id);
    assert_true(each_allocation_fails(add, &(struct addition){&chain, vl_buf_bytes(&revocation)}) >
                3);
    assert_true(each_allocation_fails(verify, &(struct addition){&chain, vl_buf_bytes(&act)}) > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_planned_change_bears_no_mark),
        cmocka_unit_test(attack_04_an_announced_key_that_is_passed_over_leaves_a_mark),
        cmocka_unit_test(attack_04_the_same_keys_again_are_an_unplanned_change),
        cmocka_unit_test(attack_04_a_retired_key_makes_no_card),
        cmocka_unit_test(attack_04_new_keys_alone_make_no_card),
        cmocka_unit_test(attack_04_a_key_set_is_announced_as_a_whole),
        cmocka_unit_test(a_signature_of_the_card_before_must_be_good),
        cmocka_unit_test(attack_11_an_unplanned_change_needs_every_needed_key),
        cmocka_unit_test(attack_11_only_a_planned_change_weakens_the_policy),
        cmocka_unit_test(a_card_must_follow_the_one_before),
        cmocka_unit_test(only_cards_and_revocations_are_added),
        cmocka_unit_test(a_chain_has_sixty_four_cards_at_most),
        cmocka_unit_test(attack_04_a_back_dated_act_shows_its_key_is_retired),
        cmocka_unit_test(a_card_whose_keys_go_on_is_not_retired),
        cmocka_unit_test(keys_that_come_back_were_retired),
        cmocka_unit_test(what_the_chain_does_not_speak_for_is_told),
        cmocka_unit_test(attack_04_two_cards_of_one_serial_are_a_fork),
        cmocka_unit_test(attack_04_a_chain_never_goes_back),
        cmocka_unit_test(a_revocation_is_news_even_in_an_older_chain),
        cmocka_unit_test(attack_04_an_old_file_with_a_revocation_takes_no_card_back),
        cmocka_unit_test(a_revocation_under_a_card_that_is_not_known_is_left),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
