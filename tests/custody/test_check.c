/* SPDX-License-Identifier: Apache-2.0 */
/* custody/event.h: an event held against a waybill: what counts, and the attacks that do not. */
#include "offices.h"

/* The letter of most tests: number 'n', from 'S' to 'A' and 'B'. */
static struct vl_buf letter(void)
{
    struct vl_waybill waybill = waybill_of('n', 'S', "AB");

    return wire_of(&waybill);
}

static struct vl_office_id office_id(char letter)
{
    struct vl_office_id id;

    memset(id.at, letter, VL_HASH_LEN);
    return id;
}

/* As addressee i of the letter says it when all is well. */
static struct vl_opened opened_by(size_t i, vl_bytes waybill)
{
    struct vl_opened opened = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                               .has_waybill = true,
                               .has_core = true,
                               .verdict = VL_VERDICT_OK,
                               .has_opening = true};

    memset(opened.number, 'n', VL_HASH_LEN);
    memset(opened.core, 'n' + 100, VL_HASH_LEN);
    vl_sha256(waybill, opened.waybill);
    opening_of('n', i, opened.opening);
    return opened;
}

static void refused(const struct vl_opened *opened, char who, vl_bytes waybill, const char *words)
{
    struct vl_office_id id = office_id(who);
    struct vl_why why = {""};

    assert_err(vl_opened_check(opened, &id, waybill, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, words);
}

static void accepted(const struct vl_opened *opened, char who, vl_bytes waybill)
{
    struct vl_office_id id = office_id(who);
    struct vl_why why = {""};

    assert_err(vl_opened_check(opened, &id, waybill, &why), VL_OK, &why);
}

static void each_addressee_shows_it_with_its_own_value(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf waybill = letter();
    struct vl_opened first = opened_by(0, vl_buf_bytes(&waybill));
    struct vl_opened second = opened_by(1, vl_buf_bytes(&waybill));

    (void)state;
    accepted(&first, 'A', vl_buf_bytes(&waybill));
    accepted(&second, 'B', vl_buf_bytes(&waybill));
    second.has_waybill = false; /* an opener that got the file without its waybill */
    accepted(&second, 'B', vl_buf_bytes(&waybill));
    second.verdict = VL_VERDICT_UNREADABLE;
    second.has_core = false;
    accepted(&second, 'B', vl_buf_bytes(&waybill));
}

static void attack_02_opened_without_the_opening_value(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf waybill = letter();
    struct vl_opened opened = opened_by(0, vl_buf_bytes(&waybill));

    (void)state;
    opened.has_opening = false;
    refused(&opened, 'A', vl_buf_bytes(&waybill), "there is no opening value");
    opened.verdict = VL_VERDICT_UNREADABLE;
    refused(&opened, 'A', vl_buf_bytes(&waybill), "there is no opening value");
}

/* What is printed outside is the hash of the value, and no value itself. */
static void attack_02_the_opening_value_made_of_what_is_printed_outside(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = letter();
    struct vl_opened opened = opened_by(0, vl_buf_bytes(&wire));
    struct vl_waybill waybill;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_waybill_parse(vl_buf_bytes(&wire), &waybill, &why), VL_OK, &why);
    memcpy(opened.opening, waybill.openings[0], VL_HASH_LEN);
    refused(&opened, 'A', vl_buf_bytes(&wire), "the opening value is not the opener's");
    memset(opened.opening, 0, VL_HASH_LEN);
    refused(&opened, 'A', vl_buf_bytes(&wire), "the opening value is not the opener's");
}

static void attack_02_the_opening_value_of_another_addressee(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf waybill = letter();
    struct vl_opened opened = opened_by(1, vl_buf_bytes(&waybill));

    (void)state;
    refused(&opened, 'A', vl_buf_bytes(&waybill), "the opening value is not the opener's");
}

static void attack_02_a_delegate_who_is_no_addressee(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf waybill = letter();
    struct vl_opened opened = opened_by(0, vl_buf_bytes(&waybill));

    (void)state;
    opened.act.capacity = VL_CAPACITY_DELEGATE;
    refused(&opened, 'D', vl_buf_bytes(&waybill), "the opener is not an addressee");
    refused(&opened, 'S', vl_buf_bytes(&waybill), "the opener is not an addressee");
}

static void attack_02_the_opening_value_of_another_letter(void **state)
{
    struct vl_waybill of_another = waybill_of('m', 'S', "AB");
    VL_AUTO(vl_buf_release) struct vl_buf another = wire_of(&of_another);
    VL_AUTO(vl_buf_release) struct vl_buf waybill = letter();
    struct vl_opened opened = opened_by(0, vl_buf_bytes(&waybill));

    (void)state;
    refused(&opened, 'A', vl_buf_bytes(&another), "it is about another letter than this waybill");
    opening_of('m', 0, opened.opening);
    refused(&opened, 'A', vl_buf_bytes(&waybill), "the opening value is not the opener's");
}

/* Another waybill for the same number: other addressees, other openings. */
static void attack_08_opened_under_an_impostors_waybill(void **state)
{
    struct vl_waybill false_one = waybill_of('n', 'X', "AB");
    VL_AUTO(vl_buf_release) struct vl_buf impostor = wire_of(&false_one);
    VL_AUTO(vl_buf_release) struct vl_buf waybill = letter();
    struct vl_opened opened = opened_by(0, vl_buf_bytes(&waybill));

    (void)state;
    refused(&opened, 'A', vl_buf_bytes(&impostor), "it names another waybill of this letter");
}

static void attack_02_an_open_letter_is_opened_by_nobody(void **state)
{
    struct vl_waybill open = waybill_of('n', 'S', "AB");
    VL_AUTO(vl_buf_release) struct vl_buf waybill = VL_BUF_INIT(0);
    struct vl_opened opened;

    (void)state;
    open.mode = VL_LETTER_OPEN;
    open.opening_count = 0;
    waybill = wire_of(&open);
    opened = opened_by(0, vl_buf_bytes(&waybill));
    refused(&opened, 'A', vl_buf_bytes(&waybill),
            "an open letter has nothing that shows who opened it");
}

/* The envelope held another text than the waybill commits to: the verdict says so, stands on its
 * own, and is no "ok". */
static void attack_03_a_false_commitment(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf waybill = letter();
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_opened opened = opened_by(0, vl_buf_bytes(&waybill)), read;
    struct vl_why why = {""};
    struct office office;

    (void)state;
    memset(opened.core, 'x', VL_HASH_LEN); /* what the opener really found */
    refused(&opened, 'A', vl_buf_bytes(&waybill),
            "it says ok of another content than was committed to");
    opened.verdict = VL_VERDICT_MISMATCH;
    office_init(&office, 'A');
    assert_err(vl_opened_write(&office.signer, &opened, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_opened_read(&object, &read, &why), VL_OK, &why);
    assert_int_equal(read.verdict, VL_VERDICT_MISMATCH);
    accepted(&read, 'A', vl_buf_bytes(&waybill));
}

static void attack_03_a_mismatch_without_a_value_counts_for_nothing(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf waybill = letter();
    struct vl_opened opened = opened_by(0, vl_buf_bytes(&waybill));

    (void)state;
    opened.verdict = VL_VERDICT_MISMATCH;
    opened.has_opening = false;
    refused(&opened, 'A', vl_buf_bytes(&waybill), "there is no opening value");
}

static void what_is_no_waybill_is_told_apart(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf waybill = letter();
    struct vl_opened opened = opened_by(0, vl_buf_bytes(&waybill));
    struct vl_office_id who = office_id('A');
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_opened_check(&opened, &who, VL_LITERAL("\x80"), &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "waybill: byte 0: wanted a map");
}

/* Five letters under one root. */
struct batch {
    struct vl_buf wires[5];
    uint8_t hashes[5][VL_HASH_LEN];
    struct vl_sealed sealed;
};

static void batch_release(struct batch *batch)
{
    for (size_t i = 0; i < 5; i++)
        vl_buf_release(&batch->wires[i]);
}

static void batch_init(struct batch *batch)
{
    struct vl_tree tree = VL_TREE_INIT;

    for (size_t i = 0; i < 5; i++) {
        struct vl_waybill waybill = waybill_of((char)('a' + i), 'S', "A");

        batch->wires[i] = wire_of(&waybill);
        vl_tree_leaf(vl_buf_bytes(&batch->wires[i]), batch->hashes[i]);
        vl_tree_add(&tree, batch->hashes[i]);
    }
    batch->sealed = (struct vl_sealed){.count = 5};
    vl_tree_root(&tree, batch->sealed.root);
}

static struct vl_tree_path path_in(const struct batch *batch, uint64_t index)
{
    struct vl_tree_path path;

    vl_tree_path((const uint8_t(*)[VL_HASH_LEN])batch->hashes, 5, index, &path);
    return path;
}

static void each_waybill_of_a_batch_is_under_its_root(void **state)
{
    VL_AUTO(batch_release) struct batch batch = {.sealed = {.count = 0}};
    struct vl_why why = {""};

    (void)state;
    batch_init(&batch);
    for (uint64_t i = 0; i < 5; i++) {
        struct vl_tree_path path = path_in(&batch, i);

        for (uint64_t at = 0; at < 7; at++)
            assert_err(vl_sealed_has(&batch.sealed, vl_buf_bytes(&batch.wires[i]), at, &path, &why),
                       at == i ? VL_OK : VL_ERR_UNVERIFIED, &why);
    }
    assert_string_equal(why.text, "not leaf 6 of the 5 that were sealed");
}

static void attack_08_an_impostors_waybill_for_a_number_of_the_batch(void **state)
{
    VL_AUTO(batch_release) struct batch batch = {.sealed = {.count = 0}};
    struct vl_waybill false_one = waybill_of('c', 'X', "X");
    VL_AUTO(vl_buf_release) struct vl_buf impostor = wire_of(&false_one);
    struct vl_tree_path path;
    struct vl_why why = {""};

    (void)state;
    batch_init(&batch);
    path = path_in(&batch, 2);
    assert_err(vl_sealed_has(&batch.sealed, vl_buf_bytes(&impostor), 2, &path, &why),
               VL_ERR_UNVERIFIED, &why);
}

static void attack_08_a_count_that_lies(void **state)
{
    VL_AUTO(batch_release) struct batch batch = {.sealed = {.count = 0}};
    struct vl_why why = {""};

    (void)state;
    batch_init(&batch);
    for (uint64_t count = 1; count < 20; count++) {
        struct vl_tree_path path = path_in(&batch, 4);

        batch.sealed.count = count;
        assert_err(vl_sealed_has(&batch.sealed, vl_buf_bytes(&batch.wires[4]), 4, &path, &why),
                   count == 5 ? VL_OK : VL_ERR_UNVERIFIED, &why);
    }
}

static void attack_08_a_path_of_a_wrong_length(void **state)
{
    VL_AUTO(batch_release) struct batch batch = {.sealed = {.count = 0}};
    struct vl_tree_path path;
    struct vl_why why = {""};

    (void)state;
    batch_init(&batch);
    path = path_in(&batch, 0);
    assert_int_equal(path.count, 3);
    for (path.count = 0; path.count < 5; path.count++)
        assert_err(vl_sealed_has(&batch.sealed, vl_buf_bytes(&batch.wires[0]), 0, &path, &why),
                   path.count == 3 ? VL_OK : VL_ERR_UNVERIFIED, &why);
}

/* One letter, whose leaf is the root, in an act that says there are more. */
static void attack_08_one_letter_sealed_as_two(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf waybill = letter();
    struct vl_sealed sealed = {.count = 1};
    struct vl_tree_path path = {.count = 0};
    struct vl_why why = {""};

    (void)state;
    vl_tree_leaf(vl_buf_bytes(&waybill), sealed.root);
    assert_err(vl_sealed_has(&sealed, vl_buf_bytes(&waybill), 0, &path, &why), VL_OK, &why);
    sealed.count = 2;
    assert_err(vl_sealed_has(&sealed, vl_buf_bytes(&waybill), 0, &path, &why), VL_ERR_UNVERIFIED,
               &why);
}

/* A leaf of another kind under the very root: what is sealed are waybills. */
static void attack_08_a_leaf_that_is_no_waybill(void **state)
{
    static const uint8_t custody_leaf[] = {0x82, 0x40, 0xf6};
    struct vl_sealed sealed = {.count = 1};
    struct vl_tree_path path = {.count = 0};
    struct vl_why why = {""};

    (void)state;
    vl_tree_leaf(VL_ARRAY(custody_leaf), sealed.root);
    assert_err(vl_sealed_has(&sealed, VL_ARRAY(custody_leaf), 0, &path, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "waybill: byte 0: wanted a map");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_addressee_shows_it_with_its_own_value),
        cmocka_unit_test(attack_02_opened_without_the_opening_value),
        cmocka_unit_test(attack_02_the_opening_value_made_of_what_is_printed_outside),
        cmocka_unit_test(attack_02_the_opening_value_of_another_addressee),
        cmocka_unit_test(attack_02_a_delegate_who_is_no_addressee),
        cmocka_unit_test(attack_02_the_opening_value_of_another_letter),
        cmocka_unit_test(attack_08_opened_under_an_impostors_waybill),
        cmocka_unit_test(attack_02_an_open_letter_is_opened_by_nobody),
        cmocka_unit_test(attack_03_a_false_commitment),
        cmocka_unit_test(attack_03_a_mismatch_without_a_value_counts_for_nothing),
        cmocka_unit_test(what_is_no_waybill_is_told_apart),
        cmocka_unit_test(each_waybill_of_a_batch_is_under_its_root),
        cmocka_unit_test(attack_08_an_impostors_waybill_for_a_number_of_the_batch),
        cmocka_unit_test(attack_08_a_count_that_lies),
        cmocka_unit_test(attack_08_a_path_of_a_wrong_length),
        cmocka_unit_test(attack_08_one_letter_sealed_as_two),
        cmocka_unit_test(attack_08_a_leaf_that_is_no_waybill),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
