/* SPDX-License-Identifier: Apache-2.0 */
/* A hand-over, from mandate to revocation, that another program made: tests/golden/custody/.
 *
 * It comes from some lines of Python with hashlib and cryptography and an encoder of its own.  The
 * offices G, T and P have seeds of 32 such letters.  P mandates T to receive one hand-over; G hands
 * five letters to T; T receipts four of them for P; P says that they reached it and ends the
 * mandate; G has seen the hand-over and its answer. */
#include "world.h"

#include "again.h"

#define GOLDEN    "tests/golden/custody/handover.evidence"
#define ACT_COUNT 6

static const enum vl_kind kinds[ACT_COUNT] = {
    VL_KIND_MANDATE, VL_KIND_TRANSFERRED,        VL_KIND_RECEIPTED,
    VL_KIND_REACHED, VL_KIND_MANDATE_REVOCATION, VL_KIND_SEEN};
static const size_t leaf_counts[ACT_COUNT] = {0, 5, 4, 4, 0, 2};

#define MANDATE     "73ac915b7e85251469db389855f27bc19f4b4e4f5eeb162282b9ba5be122de40"
#define TRANSFERRED "ab6c356f71a548a03e774c40daa0197f4d827dd3a923181c792fba8341b1476d"
#define RECEIPTED   "80b0b7e1ac335dee27fb0a421268b39e7a78d35d6483967494bcd767b0c4198d"
#define ROOT        "63b7346da2d530f124e435998014d9fde891afd290bd82a62f02c3d3bc75484f"
#define TAKEN       "180ce40a150d0cb1ba1bf33680d3f2048aece378d768bd89429b55280cdcd670"

struct golden {
    struct vl_buf wire;
    struct vl_evidence evidence;
};

static void golden_release(struct golden *golden)
{
    vl_buf_release(&golden->wire);
    vl_evidence_release(&golden->evidence);
}

static void golden_init(struct golden *golden)
{
    struct vl_why why = {""};

    golden->wire = file(GOLDEN);
    assert_err(vl_evidence_parse(vl_buf_bytes(&golden->wire), &golden->evidence, &why), VL_OK,
               &why);
    assert_int_equal(golden->evidence.item_count, ACT_COUNT);
}

static void is_hex(const uint8_t hash[VL_HASH_LEN], const char *text)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(text);

    assert_bytes(vl_bytes_of(hash, VL_HASH_LEN), vl_buf_bytes(&wanted));
}

static void all_of_it_verifies(void **state)
{
    VL_AUTO(golden_release) struct golden golden = {.evidence = VL_EVIDENCE_INIT};
    struct vl_keyring keys;

    (void)state;
    golden_init(&golden);
    keys = vl_evidence_keyring(&golden.evidence);
    for (size_t i = 0; i < ACT_COUNT; i++) {
        const struct vl_evidence_item *item = &golden.evidence.items[i];
        struct vl_evidence_verdict verdict;
        struct vl_why why = {""};

        assert_int_equal(item->object.kind, kinds[i]);
        assert_int_equal(item->leaf_count, leaf_counts[i]);
        assert_err(vl_evidence_check(item, &keys, &verdict, &why), VL_OK, &why);
        assert_int_equal(verdict.chain.standing, VL_STANDING_FULL);
    }
    is_hex(golden.evidence.items[0].object.id, MANDATE);
    is_hex(golden.evidence.items[1].object.id, TRANSFERRED);
    is_hex(golden.evidence.items[2].object.id, RECEIPTED);
}

static void it_says_what_it_was_made_to_say(void **state)
{
    VL_AUTO(golden_release) struct golden golden = {.evidence = VL_EVIDENCE_INIT};
    static struct vl_act_any any;
    struct vl_mandate_use use = {.power = VL_POWER_RECEIVE, .count = 4};
    struct vl_mandate mandate;
    struct vl_why why = {""};
    struct vl_batch batch;
    bool uncertain;

    (void)state;
    golden_init(&golden);
    assert_err(vl_mandate_read(&golden.evidence.items[0].object, &mandate, &why), VL_OK, &why);
    assert_err(vl_act_any_read(&golden.evidence.items[1].object, &any, &why), VL_OK, &why);
    assert_true(vl_act_any_batch(&any, &batch) && batch.count == 5);
    is_hex(batch.root, ROOT);
    use.by = any.as.transferred.taker;
    use.handover = any.as.transferred.handover;
    assert_int_equal(vl_mandate_covers(&mandate, &use, &uncertain), VL_MANDATE_GOOD);
    use.count = 6;
    assert_int_equal(vl_mandate_covers(&mandate, &use, &uncertain), VL_MANDATE_OVER_COUNT);
    assert_err(vl_act_any_read(&golden.evidence.items[2].object, &any, &why), VL_OK, &why);
    assert_true(vl_act_any_batch(&any, &batch) && batch.count == 4);
    is_hex(batch.root, TAKEN);
    is_hex(vl_act_any_answers(&any), TRANSFERRED);
    is_hex(vl_act_any_under(&any), MANDATE);
    assert_int_equal(any.as.answer.not_taken_count, 1);
    assert_bytes(any.as.answer.person, VL_LITERAL("at the gate"));
}

/* The same keys sign the same words with the same bytes. */
static void our_writer_makes_the_same_bytes(void **state)
{
    static const char signers[ACT_COUNT] = {'P', 'G', 'T', 'P', 'P', 'G'};
    VL_AUTO(golden_release) struct golden golden = {.evidence = VL_EVIDENCE_INIT};
    static struct vl_act_any any;

    (void)state;
    golden_init(&golden);
    for (size_t i = 0; i < ACT_COUNT; i++) {
        const struct vl_object *object = &golden.evidence.items[i].object;
        VL_AUTO(vl_buf_release) struct vl_buf wanted = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        struct vl_secret seed = VL_SECRET_INIT;
        const struct vl_signer signer = {.office = object->issuer, .seeds = &seed, .seed_count = 1};
        struct vl_why why = {""};
        uint8_t bytes[32];

        memset(bytes, signers[i], sizeof bytes);
        assert_int_equal(vl_secret_set(&seed, VL_ARRAY(bytes)), VL_OK);
        assert_err(vl_act_any_read(object, &any, &why), VL_OK, &why);
        assert_err(sign_again(&signer, &any, &got, &why), VL_OK, &why);
        assert_int_equal(vl_object_write(object, &wanted), VL_OK);
        assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
    }
}

/* One bit anywhere, and it is no evidence or proves less. */
static void one_bit_altered_is_noticed(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = file(GOLDEN);

    (void)state;
    for (size_t at = 0; at < wire.len; at += 7) {
        VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
        struct vl_keyring keys;
        enum vl_err err;

        wire.data[at] ^= (uint8_t)(1 << at % 8);
        err = vl_evidence_parse(vl_buf_bytes(&wire), &evidence, NULL);
        keys = vl_evidence_keyring(&evidence);
        for (size_t i = 0; i < evidence.item_count && !err; i++) {
            struct vl_evidence_verdict verdict;

            err = vl_evidence_check(&evidence.items[i], &keys, &verdict, NULL);
        }
        if (!err)
            fail_msg("byte %zu was altered, and nobody noticed", at);
        wire.data[at] ^= (uint8_t)(1 << at % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_of_it_verifies),
        cmocka_unit_test(it_says_what_it_was_made_to_say),
        cmocka_unit_test(our_writer_makes_the_same_bytes),
        cmocka_unit_test(one_bit_altered_is_noticed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
