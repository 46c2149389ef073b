/* SPDX-License-Identifier: Apache-2.0 */
/* evidence/act_any.h: any act by its kind, what it names, and its leaves in evidence. */
#include "world.h"

#include "again.h"

#define LETTERS 4

static const uint8_t cites[2][VL_HASH_LEN] = {{1}, {2}}, heads[2][VL_HASH_LEN] = {{7}, {8}};

static struct vl_act act_of(enum vl_capacity capacity)
{
    return (struct vl_act){
        .capacity = capacity, .has_under = true, .under = {3}, .cite_count = 2, .cites = cites};
}

/* One of each form, with every id that it may name. */
static void one_of(enum vl_act_form form, struct vl_act_any *any)
{
    const struct vl_batch batch = {.count = 1};

    *any = (struct vl_act_any){.form = form};
    switch (form) {
    case VL_ACT_SEALED:
        any->as.sealed = (struct vl_sealed){.act = act_of(VL_CAPACITY_PRINCIPAL), .count = 1};
        break;
    case VL_ACT_OPENED:
        any->as.opened = (struct vl_opened){.act = act_of(VL_CAPACITY_PRINCIPAL),
                                            .number = {9},
                                            .verdict = VL_VERDICT_UNREADABLE,
                                            .has_answers = true,
                                            .answers = {4}};
        break;
    case VL_ACT_MANDATE:
        any->as.mandate = (struct vl_mandate){.act = act_of(VL_CAPACITY_DELEGATE),
                                              .power_count = 1,
                                              .powers = {VL_POWER_CARRY},
                                              .uses = VL_MANDATE_MANY};
        break;
    case VL_ACT_MANDATE_REVOCATION:
        any->as.mandate_revocation =
            (struct vl_mandate_revocation){.act = act_of(VL_CAPACITY_PRINCIPAL),
                                           .mandate = {5},
                                           .reason = VL_MANDATE_END_ENDED};
        break;
    case VL_ACT_TRANSFERRED:
        any->as.transferred = (struct vl_transferred){.act = act_of(VL_CAPACITY_CARRIER),
                                                      .has_taker = true,
                                                      .batch = batch,
                                                      .has_previous = true,
                                                      .previous = {6}};
        break;
    case VL_ACT_ANSWER:
        any->as.answer = (struct vl_answer){.kind = VL_KIND_RECEIPTED,
                                            .act = act_of(VL_CAPACITY_DELEGATE),
                                            .has_answers = true,
                                            .answers = {4},
                                            .batch = batch};
        break;
    case VL_ACT_ACCEPTED_PART: {
        static const struct vl_slices slices[] = {{0, 1}};

        any->as.accepted_part = (struct vl_accepted_part){.act = act_of(VL_CAPACITY_CARRIER),
                                                          .has_answers = true,
                                                          .answers = {4},
                                                          .number = {9},
                                                          .slices_count = 1,
                                                          .slices = slices};
        break;
    }
    case VL_ACT_NOTE:
        any->as.note = (struct vl_note){.kind = VL_KIND_REACHED,
                                        .act = act_of(VL_CAPACITY_DELEGATE),
                                        .batch = batch,
                                        .has_answers = true,
                                        .answers = {4}};
        break;
    case VL_ACT_ABOUT:
        any->as.about = (struct vl_about){.kind = VL_KIND_RATIFIED,
                                          .act = act_of(VL_CAPACITY_PRINCIPAL),
                                          .target = {5}};
        break;
    case VL_ACT_SEEN:
        any->as.seen = (struct vl_seen){.act = act_of(VL_CAPACITY_WITNESS), .batch = batch};
        break;
    case VL_ACT_STATEMENT:
        any->as.statement =
            (struct vl_statement){.kind = VL_KIND_RELAY,
                                  .act = act_of(VL_CAPACITY_PRINCIPAL),
                                  .about_count = 2,
                                  .about = {{VL_SUBJECT_LETTER, {9}, 0}, {VL_SUBJECT_ACT, {7}, 0}},
                                  .modality = VL_MODALITY_ACTUAL,
                                  .relayed = VL_KIND_ASSERT,
                                  .source_count = 1,
                                  .sources = {{true, {{1}}, VL_BYTES_NONE}},
                                  .has_saying = true,
                                  .saying = {8}};
        break;
    case VL_ACT_TRANSLATION:
        any->as.translation = (struct vl_translation){.act = act_of(VL_CAPACITY_PRINCIPAL),
                                                      .source_what = VL_SUBJECT_ACT,
                                                      .source = {7},
                                                      .source_lang = VL_LITERAL("en"),
                                                      .target_lang = VL_LITERAL("de"),
                                                      .how = VL_TRANSLATED_HUMAN,
                                                      .has_supersedes = true,
                                                      .supersedes = {8}};
        break;
    case VL_ACT_INVITATION:
        any->as.invitation = (struct vl_invitation){.act = act_of(VL_CAPACITY_PRINCIPAL),
                                                    .what = VL_INVITATION_ACCEPT,
                                                    .inviter = {true, {{1}}, VL_BYTES_NONE},
                                                    .heads = vl_ids_of(heads, 2)};
        break;
    case VL_ACT_SUCCEEDS:
        any->as.succeeds = (struct vl_succeeds){.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                                .predecessor = {{1}},
                                                .successor = {{2}}};
        break;
    case VL_ACT_REPLY: /* tests/evidence/test_reply.c */
    case VL_ACT_NONE:
        break;
    }
}

static void each_form_is_read_and_says_what_it_names(void **state)
{
    static const struct {
        enum vl_act_form form;
        bool answers, target, previous, number, batch;
        size_t acts; /* that it is about, or follows as heads */
    } wanted[] = {
        {VL_ACT_SEALED, false, false, false, false, true, 0},
        {VL_ACT_OPENED, true, false, false, true, false, 0},
        {VL_ACT_MANDATE, false, false, false, false, false, 0},
        {VL_ACT_MANDATE_REVOCATION, false, true, false, false, false, 0},
        {VL_ACT_TRANSFERRED, false, false, true, false, true, 0},
        {VL_ACT_ANSWER, true, false, false, false, true, 0},
        {VL_ACT_ACCEPTED_PART, true, false, false, true, false, 0},
        {VL_ACT_NOTE, true, false, false, false, true, 0},
        {VL_ACT_ABOUT, false, true, false, false, false, 0},
        {VL_ACT_SEEN, false, false, false, false, true, 0},
        {VL_ACT_STATEMENT, false, false, false, false, false, 2},
        {VL_ACT_TRANSLATION, false, false, false, false, false, 2},
        {VL_ACT_INVITATION, false, false, false, false, false, 2},
    };
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    static struct vl_act_any written, read;

    (void)state;
    office_init(&office, 'S');
    for (size_t i = 0; i < sizeof wanted / sizeof *wanted; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
        const uint8_t *ids[VL_ACT_ANY_MAX_IDS];
        struct vl_batch batch;
        struct vl_why why = {""};
        size_t count;

        one_of(wanted[i].form, &written);
        if (written.form == VL_ACT_INVITATION) /* which only the invitee accepts */
            written.as.invitation.invitee =
                (struct vl_invitation_party){true, office.signer.office, VL_BYTES_NONE};
        assert_err(sign_again(&office.signer, &written, &wire, &why), VL_OK, &why);
        assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
        assert_err(vl_act_any_read(&object, &read, &why), VL_OK, &why);
        assert_int_equal(read.form, wanted[i].form);
        assert_int_equal(vl_act_form_of(object.kind), wanted[i].form);
        assert_int_equal(vl_act_any_act(&read)->cite_count, 2);
        assert_int_equal(vl_act_any_under(&read)[0], 3);
        assert_int_equal(vl_act_any_answers(&read) != NULL, wanted[i].answers);
        assert_int_equal(vl_act_any_target(&read) != NULL, wanted[i].target);
        assert_int_equal(vl_act_any_previous(&read) != NULL, wanted[i].previous);
        assert_int_equal(vl_act_any_number(&read) != NULL, wanted[i].number);
        assert_int_equal(vl_act_any_batch(&read, &batch), wanted[i].batch);
        count = vl_act_any_ids(&read, ids);
        assert_int_equal(count, 3U + wanted[i].answers + wanted[i].target + wanted[i].previous +
                                    wanted[i].acts);
        for (size_t id = 0; id < wanted[i].acts; id++)
            assert_int_equal(ids[count - 2 + id][0], 7 + id);
        for (size_t id = 0; id < 3; id++)
            assert_int_equal(ids[id][0], id + 1);
    }
}

/* So that whoever asks for an office finds what was said of it with another. */
static void the_other_side_of_a_meeting_is_a_subject_and_no_other_party_is(void **state)
{
    static struct vl_act_any any = {.kind = VL_KIND_ASSERT, .form = VL_ACT_STATEMENT};
    struct vl_act_subject subjects[VL_ACT_ANY_MAX_SUBJECTS];
    static const char *const facts[] = {"delivered", "kept", "talks", "visit", "hosted"};

    (void)state;
    any.as.statement = (struct vl_statement){.kind = VL_KIND_ASSERT,
                                             .about_count = VL_STATEMENT_MAX_ABOUT,
                                             .has_saying = true,
                                             .has_party = true,
                                             .party = {{7}}};
    for (size_t i = 0; i < sizeof facts / sizeof *facts; i++) {
        const size_t more = i >= 2 ? 1 : 0;

        any.as.statement.fact = vl_bytes_str(facts[i]);
        assert_int_equal(vl_act_any_subjects(&any, subjects), VL_STATEMENT_MAX_ABOUT + 1 + more);
        if (more) {
            assert_int_equal(subjects[VL_ACT_ANY_MAX_SUBJECTS - 1].what, VL_SUBJECT_OFFICE);
            assert_int_equal(subjects[VL_ACT_ANY_MAX_SUBJECTS - 1].id[0], 7);
        }
    }
}

static void what_is_no_act_by_itself_is_unsupported(void **state)
{
    static const enum vl_kind kinds[] = {VL_KIND_NONE, VL_KIND_CARD, VL_KIND_REVOCATION};
    struct vl_object object = {.count = 1};
    static struct vl_act_any any;

    (void)state;
    object.by[0] = (struct vl_sign1)VL_SIGN1_INIT;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        const uint8_t *ids[VL_ACT_ANY_MAX_IDS];
        struct vl_batch batch;

        object.kind = kinds[i];
        assert_int_equal(vl_act_any_read(&object, &any, NULL), VL_ERR_UNSUPPORTED);
        assert_null(vl_act_any_act(&any));
        assert_null(vl_act_any_under(&any));
        assert_false(vl_act_any_batch(&any, &batch));
        assert_int_equal(vl_act_any_ids(&any, ids), 0);
    }
}

/* Every kind of signed object is an act of some form, or is known to be none. */
static void no_kind_is_forgotten(void **state)
{
    size_t none = 0;

    (void)state;
    for (unsigned kind = 0; kind < VL_KIND_COUNT; kind++)
        none += vl_act_form_of((enum vl_kind)kind) == VL_ACT_NONE;
    assert_int_equal(none, 3);
}

/* Letters 'a' to 'd' under one `transferred`. */
struct handed {
    uint8_t wires[LETTERS][VL_CUSTODY_LEAF_MAX];
    struct vl_evidence_leaf leaves[LETTERS];
    struct vl_evidence_item item;
    struct vl_batch batch;
};

static void handed_release(struct handed *handed)
{
    vl_object_release(&handed->item.object);
}

static void handed_init(struct handed *handed, const struct office *office, const char *numbers)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_transferred transferred = {.act = {.capacity = VL_CAPACITY_CARRIER},
                                         .has_taker = true};
    uint8_t hashes[LETTERS][VL_HASH_LEN];
    struct vl_tree tree = VL_TREE_INIT;
    struct vl_why why = {""};

    for (size_t i = 0; i < LETTERS; i++) {
        struct vl_custody_leaf leaf = {.has_waybill = true};

        memset(leaf.number, numbers[i], VL_HASH_LEN);
        handed->leaves[i].leaf = vl_custody_leaf_write(&leaf, handed->wires[i]);
        handed->leaves[i].index = i;
        vl_tree_leaf(handed->leaves[i].leaf, hashes[i]);
        vl_tree_add(&tree, hashes[i]);
    }
    for (size_t i = 0; i < LETTERS; i++)
        vl_tree_path((const uint8_t(*)[VL_HASH_LEN])hashes, LETTERS, i, &handed->leaves[i].path);
    vl_tree_root(&tree, transferred.batch.root);
    transferred.batch.count = LETTERS;
    handed->batch = transferred.batch;
    assert_err(vl_transferred_write(&office->signer, &transferred, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &handed->item.object, &why), VL_OK, &why);
    handed->item.leaves = handed->leaves;
    handed->item.leaf_count = LETTERS;
}

static const struct vl_chain *find_in_one(void *self, const struct vl_office_id *office)
{
    const struct vl_chain *chain = self;

    return vl_office_id_eq(&chain->office, office) ? chain : NULL;
}

static void check(const struct handed *handed, const struct office *office, enum vl_err wanted,
                  const char *words)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_keyring keys = {find_in_one, &chain};
    struct vl_evidence_verdict verdict;
    struct vl_why why = {""};

    assert_err(vl_chain_parse(vl_buf_bytes(&office->card_file), &chain, &why), VL_OK, &why);
    assert_err(vl_evidence_check(&handed->item, &keys, &verdict, &why), wanted, &why);
    if (wanted)
        assert_string_equal(why.text, words);
}

static void custody_leaves_verify_one_by_one_and_all_at_once(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(handed_release) struct handed handed = {.item = {.object = VL_OBJECT_INIT}};
    struct vl_tree_path paths[LETTERS];
    struct vl_why why = {""};

    (void)state;
    office_init(&office, 'S');
    handed_init(&handed, &office, "abcd");
    check(&handed, &office, VL_OK, "");
    for (size_t i = 0; i < LETTERS; i++) {
        paths[i] = handed.leaves[i].path;
        handed.leaves[i].path.count = 0;
    }
    check(&handed, &office, VL_OK, "");
    /* And afterwards each has its path. */
    assert_err(vl_evidence_find_paths(&handed.item, &why), VL_OK, &why);
    for (size_t i = 0; i < LETTERS; i++) {
        assert_int_equal(handed.leaves[i].path.count, paths[i].count);
        assert_memory_equal(handed.leaves[i].path.at, paths[i].at, paths[i].count * VL_HASH_LEN);
    }
    check(&handed, &office, VL_OK, "");
}

static void no_path_is_none_when_a_leaf_is_missing(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(handed_release) struct handed handed = {.item = {.object = VL_OBJECT_INIT}};

    (void)state;
    office_init(&office, 'S');
    handed_init(&handed, &office, "abcd");
    for (size_t i = 0; i < LETTERS; i++)
        handed.leaves[i].path.count = 0;
    handed.item.leaf_count = LETTERS - 1;
    check(&handed, &office, VL_ERR_UNVERIFIED,
          "transferred: leaf 0: not leaf 0 of the 4 that were signed for");
}

/* All leaves, and one says to stand where the tree has none. */
static void attack_08_all_leaves_at_other_places(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(handed_release) struct handed handed = {.item = {.object = VL_OBJECT_INIT}};

    (void)state;
    office_init(&office, 'S');
    handed_init(&handed, &office, "abcd");
    for (size_t i = 0; i < LETTERS; i++)
        handed.leaves[i].path.count = 0;
    handed.leaves[LETTERS - 1].index = LETTERS;
    check(&handed, &office, VL_ERR_UNVERIFIED,
          "transferred: leaf 0: not leaf 0 of the 4 that were signed for");
}

static void attack_08_another_leaf_among_all(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(handed_release) struct handed handed = {.item = {.object = VL_OBJECT_INIT}};

    (void)state;
    office_init(&office, 'S');
    handed_init(&handed, &office, "abcd");
    for (size_t i = 0; i < LETTERS; i++)
        handed.leaves[i].path.count = 0;
    handed.wires[2][VL_CUSTODY_LEAF_MAX - 1] ^= 1; /* another waybill */
    check(&handed, &office, VL_ERR_UNVERIFIED,
          "transferred: other letters than those that were signed for");
}

static void attack_08_all_leaves_and_a_number_twice(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(handed_release) struct handed handed = {.item = {.object = VL_OBJECT_INIT}};

    (void)state;
    office_init(&office, 'S');
    handed_init(&handed, &office, "abbd");
    check(&handed, &office, VL_ERR_UNVERIFIED,
          "transferred: leaf 2: its number does not ascend with its index");
    for (size_t i = 0; i < LETTERS; i++)
        handed.leaves[i].path.count = 0;
    check(&handed, &office, VL_ERR_UNVERIFIED,
          "transferred: leaf 2: its number does not ascend with its index");
}

static void attack_08_a_waybill_under_a_custody_root(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(handed_release) struct handed handed = {.item = {.object = VL_OBJECT_INIT}};
    VL_AUTO(vl_buf_release) struct vl_buf waybill = VL_BUF_INIT(0);

    (void)state;
    office_init(&office, 'S');
    handed_init(&handed, &office, "abcd");
    waybill = waybill_of('a', &office, &office);
    handed.leaves[0].leaf = vl_buf_bytes(&waybill);
    check(&handed, &office, VL_ERR_FORMAT,
          "transferred: leaf 0: custody leaf: byte 0: wanted an array");
}

static enum vl_err check_once(void *self, struct vl_why *why)
{
    struct handed *handed = self;

    for (size_t i = 0; i < LETTERS; i++)
        handed->leaves[i].path.count = 0;
    return vl_evidence_find_paths(&handed->item, why);
}

static void each_allocation_that_fails_is_told(void **state)
{
    VL_AUTO(office_release) struct office office = {.signer = {.seed_count = 0}};
    VL_AUTO(handed_release) struct handed handed = {.item = {.object = VL_OBJECT_INIT}};

    (void)state;
    office_init(&office, 'S');
    handed_init(&handed, &office, "abcd");
    assert_true(each_allocation_fails(check_once, &handed) > 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_form_is_read_and_says_what_it_names),
        cmocka_unit_test(the_other_side_of_a_meeting_is_a_subject_and_no_other_party_is),
        cmocka_unit_test(what_is_no_act_by_itself_is_unsupported),
        cmocka_unit_test(no_kind_is_forgotten),
        cmocka_unit_test(custody_leaves_verify_one_by_one_and_all_at_once),
        cmocka_unit_test(no_path_is_none_when_a_leaf_is_missing),
        cmocka_unit_test(attack_08_all_leaves_at_other_places),
        cmocka_unit_test(attack_08_another_leaf_among_all),
        cmocka_unit_test(attack_08_all_leaves_and_a_number_twice),
        cmocka_unit_test(attack_08_a_waybill_under_a_custody_root),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
