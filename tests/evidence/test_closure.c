/* SPDX-License-Identifier: Apache-2.0 */
/* Closures: what a retired key signed, vouched for by a later card of its office (PROTOCOL 4). */
#include "world.h"

#define IDS 3

/* An office with two cards, of which the second closes with three ids. */
struct closing {
    struct vl_secret first, second;
    struct vl_buf card_file;
    struct vl_office_id office;
    uint8_t first_card[VL_HASH_LEN], second_card[VL_HASH_LEN];
    uint8_t ids[IDS][VL_HASH_LEN];
    uint8_t hashes[IDS][VL_HASH_LEN];
};

static void closing_release(struct closing *closing)
{
    vl_buf_release(&closing->card_file);
}

static void make_ids(struct closing *closing, struct vl_card_draft *draft)
{
    struct vl_tree tree = VL_TREE_INIT;

    for (size_t i = 0; i < IDS; i++) {
        memset(closing->ids[i], (int)i + 1, VL_HASH_LEN);
        vl_tree_leaf(VL_ARRAY(closing->ids[i]), closing->hashes[i]);
        vl_tree_add(&tree, closing->hashes[i]);
    }
    draft->has_closes = true;
    vl_tree_root(&tree, draft->closes_root);
    draft->closes_count = IDS;
}

static void closing_init(struct closing *closing)
{
    VL_AUTO(vl_buf_release) struct vl_buf card = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    static const uint8_t bytes[32] = {1};
    const struct vl_card_sealing sealing = {VL_LITERAL(VL_CARD_SEALING_X25519), VL_ARRAY(bytes)};
    struct vl_card_draft draft = {.seeds = &closing->first,
                                  .seed_count = 1,
                                  .sealing = &sealing,
                                  .sealing_count = 1,
                                  .name = VL_LITERAL("C")};
    struct vl_why why = {""};
    struct vl_cose_key key;
    uint8_t seed[32];

    memset(seed, 'c', sizeof seed);
    assert_int_equal(vl_secret_set(&closing->first, VL_ARRAY(seed)), VL_OK);
    memset(seed, 'd', sizeof seed);
    assert_int_equal(vl_secret_set(&closing->second, VL_ARRAY(seed)), VL_OK);
    vl_cose_key_of_seed(&closing->second, &key);
    assert_int_equal(vl_card_keys_hash(&key, 1, draft.next), VL_OK);
    assert_err(vl_card_write(&draft, &card, &why), VL_OK, &why);
    assert_err(vl_chain_add(&chain, vl_buf_bytes(&card), &why), VL_OK, &why);
    memcpy(closing->first_card, chain.links[0].card.object.id, VL_HASH_LEN);
    closing->office = chain.office;
    draft.office = &closing->office;
    draft.serial = 1;
    draft.previous = closing->first_card;
    draft.seeds = &closing->second;
    make_ids(closing, &draft);
    card.len = 0;
    assert_err(vl_card_write(&draft, &card, &why), VL_OK, &why);
    assert_err(vl_chain_add(&chain, vl_buf_bytes(&card), &why), VL_OK, &why);
    memcpy(closing->second_card, chain.links[1].card.object.id, VL_HASH_LEN);
    closing->card_file = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    assert_int_equal(vl_chain_write(&chain, &closing->card_file), VL_OK);
}

static struct vl_tree_path path_of(const struct closing *closing, uint64_t index)
{
    struct vl_tree_path path;

    vl_tree_path((const uint8_t(*)[VL_HASH_LEN])closing->hashes, IDS, index, &path);
    return path;
}

/* One closure in a file with the cards, or without. */
static enum vl_err parse_one(const struct closing *closing, bool with_cards,
                             const uint8_t id[VL_HASH_LEN], const uint8_t card[VL_HASH_LEN],
                             uint64_t index, const struct vl_tree_path *path, struct vl_why *why)
{
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);

    if (with_cards)
        assert_int_equal(vl_evidence_put_chain(&out, vl_buf_bytes(&closing->card_file)), VL_OK);
    assert_int_equal(vl_evidence_put_closure(&out, id, card, index, path), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, &wire), VL_OK);
    return vl_evidence_parse(vl_buf_bytes(&wire), &evidence, why);
}

static void closures_are_read_as_they_were_written(void **state)
{
    VL_AUTO(closing_release) struct closing closing = {.card_file = VL_BUF_INIT(0)};
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    const struct vl_office_id stranger = {{1}};
    struct vl_why why = {""};

    (void)state;
    closing_init(&closing);
    /* In whatever order the parts are put. */
    for (size_t i = 0; i < IDS; i++) {
        struct vl_tree_path path = path_of(&closing, i);

        assert_int_equal(vl_evidence_put_closure(&out, closing.ids[i], closing.second_card, i,
                                                 &path),
                         VL_OK);
    }
    assert_int_equal(vl_evidence_put_chain(&out, vl_buf_bytes(&closing.card_file)), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, &wire), VL_OK);
    assert_err(vl_evidence_parse(vl_buf_bytes(&wire), &evidence, &why), VL_OK, &why);
    assert_int_equal(evidence.closure_count, IDS);
    for (size_t i = 0; i < IDS; i++) {
        const struct vl_closure *closure =
            vl_evidence_closure(&evidence, &closing.office, closing.ids[i]);
        struct vl_tree_path wanted = path_of(&closing, i), path;

        assert_ptr_equal(closure, &evidence.closures[i]);
        assert_ptr_equal(closure->chain, &evidence.chains[0]);
        assert_memory_equal(closure->card_id, closing.second_card, VL_HASH_LEN);
        assert_int_equal(closure->index, i);
        vl_closure_path(closure, &path);
        assert_int_equal(path.count, wanted.count);
        assert_memory_equal(path.at, wanted.at, path.count * VL_HASH_LEN);
    }
    assert_null(vl_evidence_closure(&evidence, &stranger, closing.ids[0]));
    assert_null(vl_evidence_closure(&evidence, &closing.office, closing.first_card));
}

static void refused(const struct closing *closing, bool with_cards, const uint8_t *id,
                    const uint8_t *card, uint64_t index, const struct vl_tree_path *path,
                    const char *words)
{
    struct vl_why why = {""};

    assert_err(parse_one(closing, with_cards, id, card, index, path, &why), VL_ERR_UNVERIFIED,
               &why);
    assert_string_equal(why.text, words);
}

static void attack_04_an_id_that_the_card_does_not_close(void **state)
{
    VL_AUTO(closing_release) struct closing closing = {.card_file = VL_BUF_INIT(0)};
    struct vl_tree_path path;
    struct vl_why why = {""};

    (void)state;
    closing_init(&closing);
    path = path_of(&closing, 1);
    assert_err(parse_one(&closing, true, closing.ids[1], closing.second_card, 1, &path, &why),
               VL_OK, &why);
    refused(&closing, true, closing.first_card, closing.second_card, 1, &path,
            "evidence: closure 1: not id 1 of the 3 that its card closes");
    refused(&closing, true, closing.ids[1], closing.second_card, 0, &path,
            "evidence: closure 1: not id 0 of the 3 that its card closes");
    refused(&closing, true, closing.ids[1], closing.second_card, 3, &path,
            "evidence: closure 1: not id 3 of the 3 that its card closes");
    path.count--;
    refused(&closing, true, closing.ids[1], closing.second_card, 1, &path,
            "evidence: closure 1: not id 1 of the 3 that its card closes");
}

static void attack_04_a_card_that_closes_nothing_or_is_not_there(void **state)
{
    VL_AUTO(closing_release) struct closing closing = {.card_file = VL_BUF_INIT(0)};
    struct vl_tree_path path;

    (void)state;
    closing_init(&closing);
    path = path_of(&closing, 1);
    refused(&closing, true, closing.ids[1], closing.first_card, 1, &path,
            "evidence: closure 1: its card closes nothing");
    refused(&closing, true, closing.ids[1], closing.ids[1], 1, &path,
            "evidence: closure 1: its card is in none of the card files");
    refused(&closing, false, closing.ids[1], closing.second_card, 1, &path,
            "evidence: closure 1: its card is in none of the card files");
}

static void closures_ascend(void **state)
{
    VL_AUTO(closing_release) struct closing closing = {.card_file = VL_BUF_INIT(0)};
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct vl_tree_path path;
    struct vl_why why = {""};

    (void)state;
    closing_init(&closing);
    path = path_of(&closing, 1);
    assert_int_equal(vl_evidence_put_closure(&out, closing.ids[1], closing.second_card, 1, &path),
                     VL_OK);
    assert_int_equal(vl_evidence_put_closure(&out, closing.ids[1], closing.second_card, 1, &path),
                     VL_ERR_FORMAT);
    assert_int_equal(vl_evidence_put_closure(&out, closing.ids[0], closing.second_card, 0, &path),
                     VL_ERR_FORMAT);
    assert_int_equal(vl_evidence_put_closure(&out, closing.ids[2], closing.second_card,
                                             VL_BATCH_MAX, &path),
                     VL_ERR_LIMIT);
    assert_int_equal(out.closure_count, 1);
    /* The same one twice, past our own writer. */
    assert_int_equal(vl_evidence_put_chain(&out, vl_buf_bytes(&closing.card_file)), VL_OK);
    assert_int_equal(vl_buf_reserve(&out.closures, out.closures.len), VL_OK);
    assert_int_equal(vl_buf_put(&out.closures, vl_buf_bytes(&out.closures)), VL_OK);
    out.closure_count = 2;
    assert_int_equal(vl_evidence_finish(&out, &wire), VL_OK);
    assert_err(vl_evidence_parse(vl_buf_bytes(&wire), &evidence, &why), VL_ERR_FORMAT, &why);
    assert_non_null(strstr(why.text, "closures that do not ascend"));
    assert_null(evidence.closures);
}

static void more_than_10000_are_not_written(void **state)
{
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    const struct vl_tree_path path = {.count = 0};
    uint8_t id[VL_HASH_LEN] = {0};

    (void)state;
    for (size_t i = 0; i <= VL_EVIDENCE_MAX_CLOSURES; i++) {
        id[0] = (uint8_t)(i >> 8);
        id[1] = (uint8_t)i;
        assert_int_equal(vl_evidence_put_closure(&out, id, id, 0, &path),
                         i < VL_EVIDENCE_MAX_CLOSURES ? VL_OK : VL_ERR_LIMIT);
    }
}

static enum vl_err write_and_read(void *self, struct vl_why *why)
{
    const struct closing *closing = self;
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    enum vl_err err = vl_evidence_put_chain(&out, vl_buf_bytes(&closing->card_file));

    for (size_t i = 0; i < IDS && !err; i++) {
        struct vl_tree_path path = path_of(closing, i);

        err = vl_evidence_put_closure(&out, closing->ids[i], closing->second_card, i, &path);
    }
    if (!err)
        err = vl_evidence_finish(&out, &wire);
    return err ? err : vl_evidence_parse(vl_buf_bytes(&wire), &evidence, why);
}

static void each_allocation_that_fails_is_told(void **state)
{
    VL_AUTO(closing_release) struct closing closing = {.card_file = VL_BUF_INIT(0)};

    (void)state;
    closing_init(&closing);
    assert_true(each_allocation_fails(write_and_read, &closing) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(closures_are_read_as_they_were_written),
        cmocka_unit_test(attack_04_an_id_that_the_card_does_not_close),
        cmocka_unit_test(attack_04_a_card_that_closes_nothing_or_is_not_there),
        cmocka_unit_test(closures_ascend),
        cmocka_unit_test(more_than_10000_are_not_written),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
