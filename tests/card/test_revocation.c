/* SPDX-License-Identifier: Apache-2.0 */
/* card/chain.h, revocations: who may make one, and what it ends. */
#include "chains.h"
#include "golden.h"

#define C32   "0101010101010101010101010101010101010101010101010101010101010101"
#define T32   "0202020202020202020202020202020202020202020202020202020202020202"
#define ACT   "0001 015820" C32 "0203 03f6 0480 05f5"
#define WHAT  "0a5820" T32
#define WHY   "0b02"
#define WHO   "0c81" KEY_A
#define WHOLE "a9" ACT WHAT WHY WHO

/* clang-format off */
static const struct row {
    const char *name;
    const char *payload; /* signed by `keys`, which are "a" where it is NULL */
    const char *keys;
    enum vl_err err;
    const char *words; /* without "revocation: " */
} rows[] = {
    {"as it is",               WHOLE, NULL, VL_OK, NULL},
    {"with a time and a place", "ab" ACT "0605 086161" WHAT WHY WHO, NULL, VL_OK, NULL},
    {"no target",              "a8" ACT WHY WHO, NULL, VL_ERR_FORMAT, "payload: byte 47: another key than the one that comes next"},
    {"no reason",              "a8" ACT WHAT WHO, NULL, VL_ERR_FORMAT, "payload: byte 82: another key than the one that comes next"},
    {"no keys",                "a8" ACT WHAT WHY, NULL, VL_ERR_FORMAT, "payload: byte 83: another key than the one that comes next"},
    {"nothing of its own",     "a6" ACT, NULL, VL_ERR_FORMAT, "payload: byte 46: another key than the one that comes next"},
    {"a key more",             "aa" ACT WHAT WHY WHO "0d00", NULL, VL_ERR_FORMAT, "payload: byte 125: a key that no revocation has"},
    {"a short target",         "a9" ACT "0a4102" WHY WHO, NULL, VL_ERR_LIMIT, "payload: byte 47: a string whose length is outside its limits"},
    {"reason 0",               "a9" ACT WHAT "0b00" WHO, NULL, VL_ERR_FORMAT, "payload: byte 83: no reason"},
    {"reason 1",               "a9" ACT WHAT "0b01" WHO, NULL, VL_OK, NULL},
    {"reason 3",               "a9" ACT WHAT "0b03" WHO, NULL, VL_OK, NULL},
    {"reason 4",               "a9" ACT WHAT "0b04" WHO, NULL, VL_ERR_LIMIT, "payload: byte 82: an unsigned integer over its limit"},
    {"by a delegate",          "a9 0001 015820" C32 "0202 03f6 0480 05f5" WHAT WHY WHO, NULL, VL_ERR_FORMAT, "payload: byte 47: revoked by somebody else than the principal"},
    {"under a mandate",        "a9 0001 015820" C32 "0203 035820" C32 "0480 05f5" WHAT WHY WHO, NULL, VL_ERR_FORMAT, "payload: byte 80: revoked by somebody else than the principal"},
    {"keys of none",           "a9" ACT WHAT WHY "0c80", NULL, VL_ERR_LIMIT, "payload: byte 84: a number of items outside its limits"},
    {"five keys",              "a9" ACT WHAT WHY "0c85 00 01 02 03 04", NULL, VL_ERR_LIMIT, "payload: byte 84: a number of items outside its limits"},
    {"a key twice",            "a9" ACT WHAT WHY "0c82" KEY_A KEY_A, NULL, VL_ERR_FORMAT, "payload: byte 165: keys that do not ascend"},
    {"keys out of order",      "a9" ACT WHAT WHY "0c82" KEY_A KEY_B, "ab", VL_ERR_FORMAT, "payload: byte 165: keys that do not ascend"},
    {"two keys",               "a9" ACT WHAT WHY "0c82" KEY_B KEY_A, "ab", VL_OK, NULL},
    {"two keys, one signature", "a9" ACT WHAT WHY "0c82" KEY_B KEY_A, "a", VL_ERR_UNVERIFIED, "1 signatures with 2 keys"},
    {"one key, two signatures", WHOLE, "ab", VL_ERR_UNVERIFIED, "2 signatures with 1 keys"},
    {"the signature of another", WHOLE, "b", VL_ERR_UNVERIFIED, "key 1 has not signed it"},
    {"a key of an unknown kind", "a9" ACT WHAT WHY "0c81" KEY_U, NULL, VL_ERR_UNSUPPORTED, "key 1: COSE key: neither OKP nor EC2"},
    {"a key that is a number", "a9" ACT WHAT WHY "0c81 00", NULL, VL_ERR_FORMAT, "key 1: COSE key: byte 0: wanted a map"},
    {"a key not for verifying", "a9" ACT WHAT WHY "0c81 a4 0101 048101 2006 215820 af06a3e3291714e4f356c19c9b15cd1951ec6e6662aa77be07547f289383341d", NULL, VL_ERR_FORMAT, "key 1: COSE key: it is not for verifying"},
    {"no act",                 "a0", NULL, VL_ERR_FORMAT, "payload: byte 1: a key that every act has is missing"},
};
/* clang-format on */

static const struct vl_office_id some_office = {{0x0f}};

static struct vl_buf sign(enum vl_kind kind, const char *payload, const char *sub,
                          const char *letters)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = hex(payload);
    struct seeds seeds = seeds_of(letters);
    struct vl_signer signer = {.office = some_office,
                               .seeds = seeds.at,
                               .seed_count = seeds.count,
                               .has_iat = false};
    struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_object_sign(&signer, kind, vl_bytes_str(sub), vl_buf_bytes(&bytes), &out, NULL,
                              &why),
               VL_OK, &why);
    return out;
}

static void check_empty(const struct vl_revocation *revocation)
{
    assert_null(revocation->object.by[0].wire.data);
    assert_int_equal(revocation->object.count, 0);
    assert_int_equal(revocation->reason, VL_REVOCATION_NONE);
}

static void each_revocation_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release)
        struct vl_buf wire = sign(VL_KIND_REVOCATION, rows[i].payload, "valise:revocation:" T32,
                                  rows[i].keys ? rows[i].keys : "a");
        VL_AUTO(vl_revocation_release) struct vl_revocation revocation = VL_REVOCATION_INIT;
        struct vl_why why = {""};
        char wanted[256];
        enum vl_err err = vl_revocation_parse(vl_buf_bytes(&wire), &revocation, &why);

        (void)snprintf(wanted, sizeof wanted, "revocation: %s", rows[i].words ? rows[i].words : "");
        if (err != rows[i].err || (err && strcmp(why.text, wanted) != 0))
            fail_msg("%s: %s, \"%s\"", rows[i].name, vl_err_name(err), why.text);
        if (err)
            check_empty(&revocation);
    }
}

static void what_is_around_the_payload_must_fit_it(void **state)
{
    static const struct {
        enum vl_kind kind;
        const char *sub;
        const char *words;
    } cases[] = {
        {VL_KIND_REVOCATION, "valise:revocation:" C32,
         "revocation: it is about something else than its target"},
        {VL_KIND_REVOCATION, "valise:card:" T32,
         "revocation: it is about something else than its target"},
        {VL_KIND_SEALED, "valise:revocation:" T32, "revocation: of the kind \"sealed\""},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = sign(cases[i].kind, WHOLE, cases[i].sub, "a");
        VL_AUTO(vl_revocation_release) struct vl_revocation revocation = VL_REVOCATION_INIT;
        struct vl_why why = {""};

        assert_err(vl_revocation_parse(vl_buf_bytes(&wire), &revocation, &why), VL_ERR_FORMAT,
                   &why);
        assert_string_equal(why.text, cases[i].words);
        check_empty(&revocation);
    }
}

static void a_bad_signature_revokes_nothing(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = sign(VL_KIND_REVOCATION, WHOLE, "valise:revocation:" T32, "a");
    VL_AUTO(vl_revocation_release) struct vl_revocation revocation = VL_REVOCATION_INIT;
    struct vl_why why = {""};

    (void)state;
    wire.data[wire.len - 1] ^= 1;
    assert_err(vl_revocation_parse(vl_buf_bytes(&wire), &revocation, &why), VL_ERR_UNVERIFIED,
               &why);
}

static void what_is_written_is_read(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1);
    VL_AUTO(vl_revocation_release) struct vl_revocation revocation = VL_REVOCATION_INIT;
    struct target target = target_kid('q');
    uint8_t keys_hash[VL_HASH_LEN];
    struct vl_why why = {""};

    (void)state;
    grow(&chain, "ba", "c", NULL);
    wire = revocation_wire(&chain, 0, "ba", target, VL_REVOCATION_CLOSED);
    assert_err(vl_revocation_parse(vl_buf_bytes(&wire), &revocation, &why), VL_OK, &why);
    assert_int_equal(revocation.reason, VL_REVOCATION_CLOSED);
    assert_bytes(VL_ARRAY(revocation.target), VL_ARRAY(target.at));
    assert_bytes(VL_ARRAY(revocation.card_id), VL_ARRAY(chain.links[0].card.object.id));
    next_of("ab", keys_hash);
    assert_bytes(VL_ARRAY(revocation.keys_hash), VL_ARRAY(keys_hash));
    assert_true(vl_office_id_eq(&revocation.object.issuer, &chain.office));
    assert_string_equal(vl_revocation_word(VL_REVOCATION_NONE), "");
    assert_string_equal(vl_revocation_word(VL_REVOCATION_COMPROMISED), "compromised");
    assert_string_equal(vl_revocation_word(VL_REVOCATION_LOST), "lost");
    assert_string_equal(vl_revocation_word(VL_REVOCATION_CLOSED), "closed");
}

static void what_would_be_refused_is_not_written(void **state)
{
    static const struct {
        const char *keys;
        enum vl_revocation_reason reason;
        enum vl_err err;
        size_t room;
        const char *words;
    } cases[] = {
        {"", VL_REVOCATION_LOST, VL_ERR_LIMIT, 9999, "revocation: over a limit"},
        {"abcde", VL_REVOCATION_LOST, VL_ERR_LIMIT, 9999, "revocation: over a limit"},
        {"aa", VL_REVOCATION_LOST, VL_ERR_FORMAT, 9999,
         "revocation: object: signatures 1 and 2 are of one key"},
        {"a", VL_REVOCATION_NONE, VL_ERR_FORMAT, 9999, "revocation: payload: byte 83: no reason"},
        {"a", VL_REVOCATION_LOST, VL_ERR_LIMIT, 99, "revocation: over a limit"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(cases[i].room);
        struct seeds seeds = seeds_of(cases[i].keys);
        struct vl_signer signer = {.office = some_office,
                                   .seeds = seeds.at,
                                   .seed_count = seeds.count,
                                   .has_iat = false};
        struct vl_why why = {""};

        assert_err(vl_revocation_write(&signer, target_kid('a').at, cases[i].reason, &out, &why),
                   cases[i].err, &why);
        assert_string_equal(why.text, cases[i].words);
        assert_int_equal(out.len, 0);
    }
}

static void check_not_added(struct vl_chain *chain, vl_bytes wire, enum vl_err err,
                            const char *words)
{
    size_t count = chain->revocation_count;
    struct vl_why why = {""};

    assert_err(vl_chain_add(chain, wire, &why), err, &why);
    assert_string_equal(why.text, words);
    assert_int_equal(chain->revocation_count, count);
}

static void a_key_of_the_card_that_is_named_revokes(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    (void)state;
    grow(&chain, "ab", "c", NULL);
    grow(&chain, "c", "d", NULL);
    revoke(&chain, 0, "b", target_kid('c'), VL_REVOCATION_COMPROMISED); /* a retired one too */
    assert_true(chain.links[1].key_revoked);
    assert_false(chain.links[0].key_revoked);
    revoke(&chain, 1, "c", target_card(&chain, 0), VL_REVOCATION_LOST);
    assert_true(chain.links[0].key_revoked);
    assert_int_equal(chain.revocation_count, 2);
}

/* The key that was announced and is on no card yet: it lies where the thief has not been. */
static void the_announced_keys_revoke_and_go_on_to(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT, again = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf half = VL_BUF_INIT(1);
    struct vl_why why = {""};

    (void)state;
    grow(&chain, "a", "bc", NULL);
    half = revocation_wire(&chain, 0, "b", target_kid('a'), VL_REVOCATION_COMPROMISED);
    check_not_added(&chain, vl_buf_bytes(&half), VL_ERR_UNVERIFIED,
                    "chain of cards: by a key that its card neither lists nor announces");
    revoke(&chain, 0, "cb", target_kid('a'), VL_REVOCATION_COMPROMISED);
    assert_true(chain.links[0].key_revoked);
    grow(&chain, "bc", "d", NULL);
    grow(&chain, "d", "e", NULL);
    assert_int_equal(vl_chain_write(&chain, &wire), VL_OK);
    assert_err(vl_chain_parse(vl_buf_bytes(&wire), &again, &why), VL_OK, &why);
    assert_int_equal(again.revocation_count, 1);
    assert_true(again.links[0].key_revoked);
    assert_false(again.links[1].key_revoked);
}

static void nobody_else_revokes(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT, other = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf by_x = VL_BUF_INIT(1), by_both = VL_BUF_INIT(1);
    VL_AUTO(vl_buf_release)
    struct vl_buf wrong_card = VL_BUF_INIT(1), of_other = VL_BUF_INIT(1),
                  elsewhere = VL_BUF_INIT(1);

    (void)state;
    grow(&chain, "a", "b", NULL);
    grow(&chain, "b", "c", NULL);
    grow(&other, "ab", "c", NULL);
    by_x = revocation_wire(&chain, 0, "x", target_kid('a'), VL_REVOCATION_LOST);
    by_both = revocation_wire(&chain, 0, "ax", target_kid('a'), VL_REVOCATION_LOST);
    wrong_card = revocation_wire(&chain, 1, "a", target_kid('a'), VL_REVOCATION_LOST);
    of_other = revocation_wire(&other, 0, "a", target_kid('a'), VL_REVOCATION_LOST);
    check_not_added(&chain, vl_buf_bytes(&by_x), VL_ERR_UNVERIFIED,
                    "chain of cards: by a key that its card neither lists nor announces");
    check_not_added(&chain, vl_buf_bytes(&by_both), VL_ERR_UNVERIFIED,
                    "chain of cards: by a key that its card neither lists nor announces");
    check_not_added(&chain, vl_buf_bytes(&wrong_card), VL_ERR_UNVERIFIED,
                    "chain of cards: by a key that its card neither lists nor announces");
    check_not_added(&chain, vl_buf_bytes(&of_other), VL_ERR_UNVERIFIED,
                    "chain of cards: of another office than the cards");
    other.office = chain.office;
    elsewhere = revocation_wire(&other, 0, "a", target_kid('a'), VL_REVOCATION_LOST);
    check_not_added(&chain, vl_buf_bytes(&elsewhere), VL_ERR_UNVERIFIED,
                    "chain of cards: under a card that is not among these");
}

static void the_same_revocation_twice_is_fine(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    (void)state;
    grow(&chain, "a", "b", NULL);
    revoke(&chain, 0, "a", target_kid('a'), VL_REVOCATION_LOST);
    revoke(&chain, 0, "a", target_kid('a'), VL_REVOCATION_LOST);
    assert_int_equal(chain.revocation_count, 1);
}

static void revocations_lie_in_the_order_of_their_ids_and_are_limited(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf more = VL_BUF_INIT(1);

    (void)state;
    grow(&chain, "a", "b", NULL);
    for (uint8_t i = 1; i <= VL_CHAIN_MAX_REVOCATIONS; i++) {
        struct target target = {{i}};

        revoke(&chain, 0, "a", target, VL_REVOCATION_LOST);
    }
    for (size_t i = 1; i < VL_CHAIN_MAX_REVOCATIONS; i++)
        assert_true(memcmp(chain.revocations[i - 1].object.id, chain.revocations[i].object.id,
                           VL_HASH_LEN) < 0);
    more = revocation_wire(&chain, 0, "a", (struct target){{99}}, VL_REVOCATION_LOST);
    check_not_added(&chain, vl_buf_bytes(&more), VL_ERR_LIMIT,
                    "chain of cards: more than 64 revocations");
    revoke(&chain, 0, "a", (struct target){{1}}, VL_REVOCATION_LOST); /* known, so it fits */
}

/* The thief of 'a' makes an unplanned card after 'a' was revoked: what builds on it is not trusted
 * either, whatever keys it has. */
static void attack_04_a_revoked_key_signs_for_no_other(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_object_release) struct vl_object act = VL_OBJECT_INIT;
    struct vl_chain_verdict verdict;
    struct vl_why why = {""};

    (void)state;
    grow(&chain, "a", "b", NULL);
    revoke(&chain, 0, "a", target_kid('a'), VL_REVOCATION_COMPROMISED);
    grow(&chain, "x", "y", "a");
    grow(&chain, "y", "z", NULL);
    assert_true(chain.links[1].unplanned && chain.links[1].key_revoked);
    assert_true(chain.links[2].key_revoked);
    act = signed_by(&chain.links[2].card, "y");
    assert_err(vl_chain_verify(&chain, &act, &verdict, &why), VL_OK, &why);
    assert_true(verdict.revoked && verdict.unplanned);
    assert_false(verdict.retired);
}

static void attack_04_a_revoked_card_signs_for_no_other(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    (void)state;
    grow(&chain, "a", "b", NULL);
    revoke(&chain, 0, "b", target_card(&chain, 0), VL_REVOCATION_COMPROMISED);
    grow(&chain, "x", "y", "a");
    assert_true(chain.links[0].key_revoked && chain.links[1].key_revoked);
}

/* The announced key was out of the thief's reach. */
static void a_planned_change_outlives_the_key_before_it(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    (void)state;
    grow(&chain, "a", "b", NULL);
    revoke(&chain, 0, "a", target_kid('a'), VL_REVOCATION_COMPROMISED);
    grow(&chain, "b", "c", NULL);
    assert_true(chain.links[0].key_revoked);
    assert_false(chain.links[1].key_revoked);
}

/* Whoever revokes an old key under a later card stands by that card. */
static void a_later_revocation_does_not_undo_an_unplanned_change(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    (void)state;
    grow(&chain, "a", "b", NULL);
    grow(&chain, "x", "y", "a");
    revoke(&chain, 1, "x", target_kid('a'), VL_REVOCATION_COMPROMISED);
    assert_true(chain.links[0].key_revoked);
    assert_false(chain.links[1].key_revoked);
}

/* Of two needed keys one is stolen: the other one still speaks for the change. */
static void one_good_key_of_two_carries_an_unplanned_change(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    (void)state;
    grow(&chain, "ab", "c", NULL);
    revoke(&chain, 0, "a", target_kid('a'), VL_REVOCATION_COMPROMISED);
    grow(&chain, "xy", "z", "ab");
    assert_true(chain.links[0].key_revoked);
    assert_false(chain.links[1].key_revoked);
    revoke(&chain, 0, "a", target_kid('b'), VL_REVOCATION_COMPROMISED);
    assert_true(chain.links[1].key_revoked);
}

static void a_revoked_next_key_makes_a_revoked_card(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    (void)state;
    grow(&chain, "a", "b", NULL);
    revoke(&chain, 0, "a", target_kid('b'), VL_REVOCATION_LOST);
    grow(&chain, "b", "c", NULL);
    assert_false(chain.links[0].key_revoked);
    assert_true(chain.links[1].key_revoked);
}

static enum vl_err write_one(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = vl_revocation_write(self, target_kid('a').at, VL_REVOCATION_LOST, &out, why);

    assert_true(err ? out.len == 0 : out.len > 0);
    return err;
}

static enum vl_err parse_one(void *self, struct vl_why *why)
{
    VL_AUTO(vl_revocation_release) struct vl_revocation revocation = VL_REVOCATION_INIT;
    enum vl_err err = vl_revocation_parse(*(vl_bytes *)self, &revocation, why);

    if (err)
        check_empty(&revocation);
    return err;
}

static void each_allocation_may_fail(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = sign(VL_KIND_REVOCATION, WHOLE, "valise:revocation:" T32, "a");
    vl_bytes bytes = vl_buf_bytes(&wire);
    struct seeds seeds = seeds_of("a");
    struct vl_signer signer = {.office = some_office,
                               .seeds = seeds.at,
                               .seed_count = 1,
                               .has_iat = false};

    (void)state;
    assert_true(each_allocation_fails(parse_one, &bytes) > 3);
    assert_true(each_allocation_fails(write_one, &signer) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_revocation_is_read_or_refused_by_the_table),
        cmocka_unit_test(what_is_around_the_payload_must_fit_it),
        cmocka_unit_test(a_bad_signature_revokes_nothing),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(what_would_be_refused_is_not_written),
        cmocka_unit_test(a_key_of_the_card_that_is_named_revokes),
        cmocka_unit_test(the_announced_keys_revoke_and_go_on_to),
        cmocka_unit_test(nobody_else_revokes),
        cmocka_unit_test(the_same_revocation_twice_is_fine),
        cmocka_unit_test(revocations_lie_in_the_order_of_their_ids_and_are_limited),
        cmocka_unit_test(attack_04_a_revoked_key_signs_for_no_other),
        cmocka_unit_test(attack_04_a_revoked_card_signs_for_no_other),
        cmocka_unit_test(a_planned_change_outlives_the_key_before_it),
        cmocka_unit_test(a_later_revocation_does_not_undo_an_unplanned_change),
        cmocka_unit_test(one_good_key_of_two_carries_an_unplanned_change),
        cmocka_unit_test(a_revoked_next_key_makes_a_revoked_card),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
