/* SPDX-License-Identifier: Apache-2.0 */
/* vl_evidence_check: what is proven of one act and of the leaves that travel with it, and the
 * attacks on batches. */
#include "world.h"

static const struct vl_chain *find_in_one(void *self, const struct vl_office_id *office)
{
    const struct vl_chain *chain = self;

    return vl_office_id_eq(&chain->office, office) ? chain : NULL;
}

/* Check leaves `first` to `first + count` of a batch against the cards of one office. */
static enum vl_err check_some(struct batch *batch, size_t first, size_t count,
                              const struct office *known, struct vl_evidence_verdict *verdict,
                              struct vl_why *why)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_evidence_item item = item_of(batch, batch->leaves + first, count);
    struct vl_keyring keys = {find_in_one, &chain};
    enum vl_err err;

    assert_err(vl_chain_parse(vl_buf_bytes(&known->card_file), &chain, why), VL_OK, why);
    err = vl_evidence_check(&item, &keys, verdict, why);
    vl_object_release(&item.object);
    return err;
}

static void check(struct batch *batch, const struct office *known, enum vl_err wanted,
                  const char *words)
{
    struct vl_evidence_verdict verdict;
    struct vl_why why = {""};

    assert_err(check_some(batch, 0, batch->count, known, &verdict, &why), wanted, &why);
    if (wanted)
        assert_string_equal(why.text, words);
    assert_true(verdict.well_formed && verdict.known);
    assert_int_equal(verdict.chain.standing, VL_STANDING_FULL);
}

static void a_batch_and_its_leaves_verify(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "abcde", &office, &office);
    check(&batch, &office, VL_OK, "");
    for (size_t first = 0; first < 5; first++)
        for (size_t count = 0; count <= 5 - first; count++) {
            struct vl_evidence_verdict verdict;
            struct vl_why why = {""};

            assert_err(check_some(&batch, first, count, &office, &verdict, &why), VL_OK, &why);
        }
}

static void without_its_cards_an_act_is_only_well_formed(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(office_release) struct office other = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};
    struct vl_evidence_verdict verdict;
    struct vl_why why = {""};
    char text[VL_OFFICE_TEXT];

    (void)state;
    office_init(&office, 'S');
    office_init(&other, 'X');
    batch_init(&batch, "a", &office, &office);
    assert_err(check_some(&batch, 0, 1, &other, &verdict, &why), VL_ERR_NOT_FOUND, &why);
    assert_memory_equal(why.text, "no cards of ", 12);
    assert_string_equal(why.text + 12, vl_office_id_text(&office.signer.office, text));
    assert_true(verdict.well_formed);
    assert_false(verdict.known);
    assert_int_equal(verdict.chain.standing, VL_STANDING_NONE);
}

/* The office is known, and the card that the act names is not among its cards. */
static void under_a_card_that_is_not_there_it_is_not_known(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};
    struct vl_evidence_verdict verdict;
    struct vl_why why = {""};

    (void)state;
    office_init(&office, 'S');
    office.signer.card_id[0] ^= 1;
    batch_init(&batch, "a", &office, &office);
    assert_err(check_some(&batch, 0, 1, &office, &verdict, &why), VL_ERR_NOT_FOUND, &why);
    assert_true(verdict.well_formed);
    assert_false(verdict.known);
}

/* In the name of one office, with another's key. */
static void a_signature_by_another_key_is_not_verified(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(office_release) struct office thief = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};
    struct vl_evidence_verdict verdict;
    struct vl_why why = {""};

    (void)state;
    office_init(&office, 'S');
    office_init(&thief, 'X');
    thief.signer.office = office.signer.office;
    memcpy(thief.signer.card_id, office.signer.card_id, VL_HASH_LEN);
    batch_init(&batch, "a", &office, &thief);
    assert_err(check_some(&batch, 0, 1, &office, &verdict, &why), VL_ERR_UNVERIFIED, &why);
    assert_true(verdict.well_formed && verdict.known);
    assert_int_equal(verdict.chain.standing, VL_STANDING_NONE);
}

static void attack_08_leaves_out_of_order(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "acb", &office, &office);
    check(&batch, &office, VL_ERR_UNVERIFIED,
          "sealed: leaf 2: its number does not ascend with its index");
}

/* Numbers that descend in the tree, shown from its end. */
static void attack_08_leaves_shown_backwards(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};
    struct vl_evidence_leaf first;

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "cba", &office, &office);
    first = batch.leaves[0];
    batch.leaves[0] = batch.leaves[2];
    batch.leaves[2] = first;
    check(&batch, &office, VL_ERR_UNVERIFIED,
          "sealed: leaf 1: its number does not ascend with its index");
}

static void attack_08_a_number_twice(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "abbc", &office, &office);
    check(&batch, &office, VL_ERR_UNVERIFIED,
          "sealed: leaf 2: its number does not ascend with its index");
}

/* The same leaf shown twice, which a file cannot hold, is not two letters. */
static void attack_08_one_leaf_shown_twice(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "ab", &office, &office);
    batch.leaves[1] = batch.leaves[0];
    check(&batch, &office, VL_ERR_UNVERIFIED,
          "sealed: leaf 0: its number does not ascend with its index");
}

static void attack_08_an_impostors_waybill_for_a_number_of_the_batch(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(office_release) struct office impostor = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf waybill = VL_BUF_INIT(0);

    (void)state;
    office_init(&office, 'S');
    office_init(&impostor, 'X');
    batch_init(&batch, "abc", &office, &office);
    waybill = waybill_of('b', &impostor, &impostor);
    batch.leaves[1].leaf = vl_buf_bytes(&waybill);
    check(&batch, &office, VL_ERR_UNVERIFIED,
          "sealed: leaf 1: not leaf 1 of the 3 that were signed for");
}

/* From the very office, and still not what it sealed. */
static void attack_08_a_waybill_of_the_sender_that_is_not_under_the_root(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf waybill = VL_BUF_INIT(0);

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "abd", &office, &office);
    waybill = waybill_of('c', &office, &office);
    batch.leaves[2].leaf = vl_buf_bytes(&waybill);
    check(&batch, &office, VL_ERR_UNVERIFIED,
          "sealed: leaf 2: not leaf 2 of the 3 that were signed for");
}

static void attack_08_a_path_of_a_wrong_length(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "abcd", &office, &office);
    batch.leaves[3].path.count = 3;
    check(&batch, &office, VL_ERR_UNVERIFIED,
          "sealed: leaf 3: not leaf 3 of the 4 that were signed for");
    batch.leaves[3].path.count = 1;
    check(&batch, &office, VL_ERR_UNVERIFIED,
          "sealed: leaf 3: not leaf 3 of the 4 that were signed for");
}

/* Four under the root, five or three in the act. */
static void attack_08_a_count_that_lies(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "abcd", &office, &office);
    vl_buf_release(&batch.object);
    batch_seal(&batch, &office, 5);
    check(&batch, &office, VL_ERR_UNVERIFIED,
          "sealed: leaf 0: not leaf 0 of the 5 that were signed for");
    vl_buf_release(&batch.object);
    batch_seal(&batch, &office, 3);
    batch.leaves[0] = batch.leaves[3];
    batch.count = 4;
    check(&batch, &office, VL_ERR_UNVERIFIED,
          "sealed: leaf 3: not leaf 3 of the 3 that were signed for");
}

static void attack_08_a_leaf_that_is_no_waybill(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};

    (void)state;
    office_init(&office, 'S');
    batch.count = 1;
    batch.waybills[0] = hex("8240f6");
    batch_seal(&batch, &office, 1);
    check(&batch, &office, VL_ERR_FORMAT, "sealed: leaf 0: waybill: byte 0: wanted a map");
}

/* Another office seals the sender's letter again, as its own or as it stands.  Each signature is
 * good for who made it; the sender's waybill under another's signature is not. */
static void attack_18_another_office_seals_the_same_number(void **state)
{
    VL_AUTO(office_release) struct office sender = {.signer = {.seed_count = 0}};
    VL_AUTO(office_release) struct office mallory = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch true_one = {.count = 0};
    VL_AUTO(batch_release) struct batch as_his_own = {.count = 0};
    VL_AUTO(batch_release) struct batch as_it_stands = {.count = 0};

    (void)state;
    office_init(&sender, 'S');
    office_init(&mallory, 'X');
    batch_init(&true_one, "a", &sender, &sender);
    batch_init(&as_his_own, "a", &mallory, &mallory);
    batch_init(&as_it_stands, "a", &sender, &mallory);
    check(&true_one, &sender, VL_OK, "");
    check(&as_his_own, &mallory, VL_OK, "");
    check(&as_it_stands, &mallory, VL_ERR_UNVERIFIED,
          "sealed: leaf 0: a waybill from another office than sealed it");
}

static void attack_18_one_foreign_waybill_among_ones_own(void **state)
{
    VL_AUTO(office_release) struct office sender = {.signer = {.seed_count = 0}};
    VL_AUTO(office_release) struct office mallory = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 3};

    (void)state;
    office_init(&sender, 'S');
    office_init(&mallory, 'X');
    batch.waybills[0] = waybill_of('a', &mallory, &sender);
    batch.waybills[1] = waybill_of('b', &mallory, &sender);
    batch.waybills[2] = waybill_of('c', &sender, &mallory);
    batch_seal(&batch, &mallory, 3);
    check(&batch, &mallory, VL_ERR_UNVERIFIED,
          "sealed: leaf 2: a waybill from another office than sealed it");
}

/* Leaves and paths lie beside the object: with none, some or all of them it is the same object. */
static void attack_26_paths_do_not_change_the_id(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "abc", &office, &office);
    for (size_t leaf_count = 0; leaf_count <= 3; leaf_count++) {
        VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
        VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
        VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        struct vl_why why = {""};

        assert_int_equal(vl_evidence_put(&out, vl_buf_bytes(&batch.object), batch.leaves,
                                         leaf_count),
                         VL_OK);
        assert_int_equal(vl_evidence_finish(&out, &wire), VL_OK);
        assert_err(vl_evidence_parse(vl_buf_bytes(&wire), &evidence, &why), VL_OK, &why);
        assert_int_equal(evidence.item_count, 1);
        assert_int_equal(evidence.items[0].leaf_count, leaf_count);
        assert_memory_equal(evidence.items[0].object.id, batch.id, VL_HASH_LEN);
        assert_int_equal(vl_object_write(&evidence.items[0].object, &object), VL_OK);
        assert_bytes(vl_buf_bytes(&object), vl_buf_bytes(&batch.object));
    }
}

static struct vl_buf opened_by(const struct office *office)
{
    struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_opened opened = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                               .verdict = VL_VERDICT_UNREADABLE};
    struct vl_why why = {""};

    assert_err(vl_opened_write(&office->signer, &opened, &object, NULL, &why), VL_OK, &why);
    return object;
}

static void opened_verifies_and_has_no_leaves(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.count = 0};
    struct vl_evidence_verdict verdict;
    struct vl_why why = {""};

    (void)state;
    office_init(&office, 'S');
    batch_init(&batch, "a", &office, &office);
    vl_buf_release(&batch.object);
    batch.object = opened_by(&office);
    assert_err(check_some(&batch, 0, 0, &office, &verdict, &why), VL_OK, &why);
    assert_true(verdict.well_formed && verdict.known);
    assert_int_equal(verdict.chain.standing, VL_STANDING_FULL);
    assert_err(check_some(&batch, 0, 1, &office, &verdict, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "opened: leaves of an act that is about no batch");
    assert_false(verdict.well_formed);
}

static void a_payload_of_another_shape_is_not_well_formed(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(batch_release) struct batch batch = {.object = VL_BUF_INIT(VL_OBJECT_MAX_LEN)};
    struct vl_evidence_verdict verdict;
    struct vl_why why = {""};

    (void)state;
    office_init(&office, 'S');
    assert_err(vl_object_sign(&office.signer, VL_KIND_SEALED, VL_LITERAL("valise:batch:00"),
                              VL_LITERAL("\xa1\x00\x01"), &batch.object, NULL, &why),
               VL_OK, &why);
    assert_err(check_some(&batch, 0, 0, &office, &verdict, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "sealed: payload: byte 3: a key that every act has is missing");
    assert_false(verdict.well_formed || verdict.known);
}

static void what_is_no_evidence_by_itself_is_unsupported(void **state)
{
    static const struct {
        enum vl_kind kind;
        const char *words;
    } rows[] = {
        {VL_KIND_CARD, "a card, whose place is in a card file"},
        {VL_KIND_REVOCATION, "a revocation of a key, whose place is in a card file"},
    };
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};

    (void)state;
    office_init(&office, 'S');
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(batch_release) struct batch batch = {.object = VL_BUF_INIT(VL_OBJECT_MAX_LEN)};
        struct vl_evidence_verdict verdict;
        struct vl_why why = {""};

        assert_err(vl_object_sign(&office.signer, rows[i].kind, VL_LITERAL("valise:x:00"),
                                  VL_LITERAL("\xa1\x00\x01"), &batch.object, NULL, &why),
                   VL_OK, &why);
        assert_err(check_some(&batch, 0, 0, &office, &verdict, &why), VL_ERR_UNSUPPORTED, &why);
        assert_string_equal(why.text, rows[i].words);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_batch_and_its_leaves_verify),
        cmocka_unit_test(without_its_cards_an_act_is_only_well_formed),
        cmocka_unit_test(under_a_card_that_is_not_there_it_is_not_known),
        cmocka_unit_test(a_signature_by_another_key_is_not_verified),
        cmocka_unit_test(attack_08_leaves_out_of_order),
        cmocka_unit_test(attack_08_leaves_shown_backwards),
        cmocka_unit_test(attack_08_a_number_twice),
        cmocka_unit_test(attack_08_one_leaf_shown_twice),
        cmocka_unit_test(attack_08_an_impostors_waybill_for_a_number_of_the_batch),
        cmocka_unit_test(attack_08_a_waybill_of_the_sender_that_is_not_under_the_root),
        cmocka_unit_test(attack_08_a_path_of_a_wrong_length),
        cmocka_unit_test(attack_08_a_count_that_lies),
        cmocka_unit_test(attack_08_a_leaf_that_is_no_waybill),
        cmocka_unit_test(attack_18_another_office_seals_the_same_number),
        cmocka_unit_test(attack_18_one_foreign_waybill_among_ones_own),
        cmocka_unit_test(attack_26_paths_do_not_change_the_id),
        cmocka_unit_test(opened_verifies_and_has_no_leaves),
        cmocka_unit_test(a_payload_of_another_shape_is_not_well_formed),
        cmocka_unit_test(what_is_no_evidence_by_itself_is_unsupported),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
