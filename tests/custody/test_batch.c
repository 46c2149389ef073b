/* SPDX-License-Identifier: Apache-2.0 */
/* custody/batch.h: leaves, their order, and the root over them; the attacks on batches. */
#include "offices.h"

#include "custody/batch.h"
#include "custody/event.h"

#define COUNT 5

/* Letters 'a' to 'e' as custody leaves. */
struct letters {
    uint8_t wires[COUNT][VL_CUSTODY_LEAF_MAX];
    vl_bytes leaves[COUNT];
    uint8_t hashes[COUNT][VL_HASH_LEN];
    struct vl_batch batch;
};

static struct vl_custody_leaf leaf_of(char number)
{
    struct vl_custody_leaf leaf = {.has_waybill = number != 'c'};

    memset(leaf.number, number, VL_HASH_LEN);
    if (leaf.has_waybill)
        memset(leaf.waybill, number + 1, VL_HASH_LEN);
    return leaf;
}

static void letters_init(struct letters *letters)
{
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    struct vl_why why = {""};

    for (size_t i = 0; i < COUNT; i++) {
        struct vl_custody_leaf leaf = leaf_of((char)('a' + i));

        letters->leaves[i] = vl_custody_leaf_write(&leaf, letters->wires[i]);
        vl_tree_leaf(letters->leaves[i], letters->hashes[i]);
        assert_err(vl_batch_add_custody(&tree, &leaf, &why), VL_OK, &why);
    }
    letters->batch = vl_batch_of(&tree);
}

static struct vl_tree_path path_in(const struct letters *letters, uint64_t index)
{
    struct vl_tree_path path;

    vl_tree_path((const uint8_t(*)[VL_HASH_LEN])letters->hashes, COUNT, index, &path);
    return path;
}

/* clang-format off */
#define H8(two) two two two two two two two two
#define H32(two) "5820" H8(two) H8(two) H8(two) H8(two)
static const struct {
    const char *name, *wire;
    enum vl_leaf_kind kind;
    enum vl_err err;
    const char *words;
} rows[] = {
    {"with a waybill",    "82" H32("aa") H32("bb"), VL_LEAF_CUSTODY, VL_OK, NULL},
    {"without",           "82" H32("aa") "f6", VL_LEAF_CUSTODY, VL_OK, NULL},
    {"an id",             H32("aa"), VL_LEAF_ID, VL_OK, NULL},

    {"of nothing",        "", VL_LEAF_CUSTODY, VL_ERR_FORMAT, "custody leaf: byte 0: cut short"},
    {"of three",          "83" H32("aa") H32("bb") "f6", VL_LEAF_CUSTODY, VL_ERR_LIMIT, "custody leaf: byte 0: a number of items outside its limits"},
    {"a short number",    "82" "41aa" "f6", VL_LEAF_CUSTODY, VL_ERR_LIMIT, "custody leaf: byte 1: a string whose length is outside its limits"},
    {"a waybill of false", "82" H32("aa") "f4", VL_LEAF_CUSTODY, VL_ERR_FORMAT, "custody leaf: byte 35: wanted a byte string"},
    {"a longer head",     "82" "590020" H8("aa") H8("aa") H8("aa") H8("aa") "f6", VL_LEAF_CUSTODY, VL_ERR_FORMAT, "custody leaf: byte 1: not the shortest form"},
    {"something behind",  "82" H32("aa") "f600", VL_LEAF_CUSTODY, VL_ERR_FORMAT, "custody leaf: byte 36: bytes left over"},
    {"an id for a leaf",  H32("aa"), VL_LEAF_CUSTODY, VL_ERR_FORMAT, "custody leaf: byte 0: wanted an array"},
    {"a leaf for an id",  "82" H32("aa") "f6", VL_LEAF_ID, VL_ERR_FORMAT, "leaf of an id: byte 0: wanted a byte string"},
    {"a leaf for a waybill", "82" H32("aa") "f6", VL_LEAF_WAYBILL, VL_ERR_FORMAT, "waybill: byte 0: wanted a map"},
    {"an id that is long", H32("aa") "00", VL_LEAF_ID, VL_ERR_FORMAT, "leaf of an id: byte 34: bytes left over"},
    {"of no batch",       "82" H32("aa") "f6", VL_LEAF_NONE, VL_ERR_FORMAT, "a leaf of an act that is about no batch"},
};
/* clang-format on */

static void each_leaf_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i].wire);
        struct vl_why why = {""};
        struct vl_leaf leaf;
        enum vl_err err = vl_leaf_parse(rows[i].kind, vl_buf_bytes(&wire), &leaf, &why);

        if (err != rows[i].err || (err && strcmp(why.text, rows[i].words) != 0))
            fail_msg("%s: %s, \"%s\"", rows[i].name, vl_err_name(err), why.text);
        assert_int_equal(leaf.kind, err ? VL_LEAF_NONE : rows[i].kind);
    }
}

static void a_leaf_is_read_as_it_was_written(void **state)
{
    (void)state;
    for (char number = 'a'; number <= 'e'; number++) {
        struct vl_custody_leaf written = leaf_of(number), read;
        uint8_t wire[VL_CUSTODY_LEAF_MAX];
        vl_bytes bytes = vl_custody_leaf_write(&written, wire);
        struct vl_why why = {""};

        assert_int_equal(bytes.len, number == 'c' ? VL_CUSTODY_LEAF_MIN : VL_CUSTODY_LEAF_MAX);
        assert_err(vl_custody_leaf_parse(bytes, &read, &why), VL_OK, &why);
        assert_memory_equal(read.number, written.number, VL_HASH_LEN);
        assert_int_equal(read.has_waybill, written.has_waybill);
        assert_memory_equal(read.waybill, written.waybill, VL_HASH_LEN);
    }
}

static void the_leaf_of_a_letter_has_the_hash_of_its_waybill(void **state)
{
    static const uint8_t number[VL_HASH_LEN] = {7};
    struct vl_custody_leaf leaf = vl_custody_leaf_of(number, VL_LITERAL("abc"));

    (void)state;
    assert_int_equal(leaf.number[0], 7);
    /* FIPS 180-4: SHA-256 of "abc". */
    assert_int_equal(leaf.waybill[0], 0xba);
    assert_int_equal(leaf.waybill[31], 0xad);
}

static void each_letter_is_under_the_root_at_its_place(void **state)
{
    struct letters letters;
    struct vl_why why = {""};
    struct vl_leaf leaf;

    (void)state;
    letters_init(&letters);
    assert_int_equal(letters.batch.count, COUNT);
    for (uint64_t i = 0; i < COUNT; i++) {
        struct vl_tree_path path = path_in(&letters, i);

        for (uint64_t at = 0; at < COUNT + 2; at++)
            assert_err(vl_batch_has(&letters.batch, VL_LEAF_CUSTODY, letters.leaves[i], at, &path,
                                    &leaf, &why),
                       at == i ? VL_OK : VL_ERR_UNVERIFIED, &why);
    }
    assert_string_equal(why.text, "not leaf 6 of the 5 that were signed for");
    assert_int_equal(leaf.kind, VL_LEAF_NONE);
}

static void attack_08_a_count_that_lies(void **state)
{
    struct letters letters;
    struct vl_tree_path path;
    struct vl_why why = {""};
    struct vl_leaf leaf;

    (void)state;
    letters_init(&letters);
    path = path_in(&letters, 4);
    for (uint64_t count = 0; count < 20; count++) {
        letters.batch.count = count;
        assert_err(vl_batch_has(&letters.batch, VL_LEAF_CUSTODY, letters.leaves[4], 4, &path, &leaf,
                                &why),
                   count == COUNT ? VL_OK : VL_ERR_UNVERIFIED, &why);
    }
}

static void attack_08_a_path_of_a_wrong_length(void **state)
{
    struct letters letters;
    struct vl_tree_path path;
    struct vl_why why = {""};
    struct vl_leaf leaf;

    (void)state;
    letters_init(&letters);
    path = path_in(&letters, 0);
    for (path.count = 0; path.count < 5; path.count++)
        assert_err(vl_batch_has(&letters.batch, VL_LEAF_CUSTODY, letters.leaves[0], 0, &path, &leaf,
                                &why),
                   path.count == 3 ? VL_OK : VL_ERR_UNVERIFIED, &why);
}

/* The kind of the act decides what its leaves are: a waybill under a custody root, or the other way
 * round, is refused even where the hash is right. */
static void attack_08_a_leaf_of_the_wrong_type(void **state)
{
    struct vl_waybill waybill = waybill_of('n', 'S', "A");
    VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(&waybill);
    struct vl_tree_path path = {.count = 0};
    struct vl_batch batch = {.count = 1};
    struct letters letters;
    struct vl_why why = {""};
    struct vl_leaf leaf;

    (void)state;
    letters_init(&letters);
    vl_tree_leaf(vl_buf_bytes(&wire), batch.root);
    assert_err(vl_batch_has(&batch, VL_LEAF_WAYBILL, vl_buf_bytes(&wire), 0, &path, &leaf, &why),
               VL_OK, &why);
    assert_err(vl_batch_has(&batch, VL_LEAF_CUSTODY, vl_buf_bytes(&wire), 0, &path, &leaf, &why),
               VL_ERR_FORMAT, &why);
    vl_tree_leaf(letters.leaves[0], batch.root);
    assert_err(vl_batch_has(&batch, VL_LEAF_CUSTODY, letters.leaves[0], 0, &path, &leaf, &why),
               VL_OK, &why);
    assert_err(vl_batch_has(&batch, VL_LEAF_WAYBILL, letters.leaves[0], 0, &path, &leaf, &why),
               VL_ERR_FORMAT, &why);
    assert_err(vl_batch_has(&batch, VL_LEAF_ID, letters.leaves[0], 0, &path, &leaf, &why),
               VL_ERR_FORMAT, &why);
}

/* The number alone is not the letter: another waybill for it is another leaf. */
static void attack_08_an_impostors_waybill_for_a_number(void **state)
{
    struct letters letters;
    struct vl_custody_leaf impostor = leaf_of('b');
    struct vl_tree_path path;
    uint8_t wire[VL_CUSTODY_LEAF_MAX];
    struct vl_why why = {""};
    struct vl_leaf leaf;

    (void)state;
    letters_init(&letters);
    path = path_in(&letters, 1);
    impostor.waybill[0] ^= 1;
    assert_err(vl_batch_has(&letters.batch, VL_LEAF_CUSTODY, vl_custody_leaf_write(&impostor, wire),
                            1, &path, &leaf, &why),
               VL_ERR_UNVERIFIED, &why);
    impostor.has_waybill = false;
    assert_err(vl_batch_has(&letters.batch, VL_LEAF_CUSTODY, vl_custody_leaf_write(&impostor, wire),
                            1, &path, &leaf, &why),
               VL_ERR_UNVERIFIED, &why);
}

static void attack_08_leaves_that_do_not_ascend_make_no_batch(void **state)
{
    static const char *const orders[] = {"aa", "ba", "abb", "aca"};

    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
        size_t len = strlen(orders[i]);
        struct vl_batch before;
        struct vl_batch after;
        struct vl_why why = {""};

        for (size_t at = 0; at + 1 < len; at++) {
            struct vl_custody_leaf leaf = leaf_of(orders[i][at]);

            assert_err(vl_batch_add_custody(&tree, &leaf, &why), VL_OK, &why);
        }
        before = vl_batch_of(&tree);
        {
            struct vl_custody_leaf leaf = leaf_of(orders[i][len - 1]);
            uint8_t wire[VL_CUSTODY_LEAF_MAX];

            assert_err(vl_batch_add_custody(&tree, &leaf, &why), VL_ERR_UNVERIFIED, &why);
            assert_err(vl_batch_add(&tree, VL_LEAF_CUSTODY, vl_custody_leaf_write(&leaf, wire),
                                    NULL, &why),
                       VL_ERR_UNVERIFIED, &why);
        }
        after = vl_batch_of(&tree);
        assert_memory_equal(&before, &after, sizeof before);
    }
}

static void a_whole_batch_is_known_by_its_root_and_count(void **state)
{
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    struct letters letters;
    struct vl_why why = {""};
    struct vl_leaf leaf;

    (void)state;
    letters_init(&letters);
    for (size_t i = 0; i < COUNT; i++) {
        assert_err(vl_batch_is(&tree, &letters.batch, &why), VL_ERR_UNVERIFIED, &why);
        assert_err(vl_batch_add(&tree, VL_LEAF_CUSTODY, letters.leaves[i], &leaf, &why), VL_OK,
                   &why);
        assert_int_equal(leaf.number[0], 'a' + (int)i);
    }
    assert_err(vl_batch_is(&tree, &letters.batch, &why), VL_OK, &why);
    letters.batch.root[31] ^= 1;
    assert_err(vl_batch_is(&tree, &letters.batch, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "other letters than those that were signed for");
}

static void a_batch_of_none_has_no_count(void **state)
{
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;

    (void)state;
    assert_int_equal(vl_batch_of(&tree).count, 0);
}

/* Without hashing 2^24 leaves: the count alone is looked at. */
static void more_than_2_to_the_24_are_no_batch(void **state)
{
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    struct vl_custody_leaf leaf = leaf_of('a');
    struct vl_why why = {""};

    (void)state;
    tree.merkle.count = VL_BATCH_MAX;
    assert_err(vl_batch_add_custody(&tree, &leaf, &why), VL_ERR_LIMIT, &why);
    tree.merkle.count = VL_BATCH_MAX - 1;
    assert_err(vl_batch_add_custody(&tree, &leaf, &why), VL_OK, &why);
}

static void each_kind_of_act_has_its_kind_of_leaf(void **state)
{
    size_t with_custody = 0;

    (void)state;
    assert_int_equal(vl_leaf_kind_of(VL_KIND_SEALED), VL_LEAF_WAYBILL);
    assert_int_equal(vl_leaf_kind_of(VL_KIND_SEEN), VL_LEAF_ID);
    assert_int_equal(vl_leaf_kind_of(VL_KIND_OPENED), VL_LEAF_NONE);
    assert_int_equal(vl_leaf_kind_of(VL_KIND_MANDATE), VL_LEAF_NONE);
    assert_int_equal(vl_leaf_kind_of(VL_KIND_ACCEPTED_PART), VL_LEAF_NONE);
    assert_int_equal(vl_leaf_kind_of(VL_KIND_TRANSFERRED), VL_LEAF_CUSTODY);
    for (unsigned kind = 0; kind < VL_KIND_COUNT; kind++)
        with_custody += vl_leaf_kind_of((enum vl_kind)kind) == VL_LEAF_CUSTODY;
    assert_int_equal(with_custody, 4 + 21);
}

static void ids_are_leaves_as_byte_strings(void **state)
{
    static const uint8_t ids[2][VL_HASH_LEN] = {{1}, {2}};
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT, same = VL_BATCH_TREE_INIT;
    struct vl_batch batch;
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        uint8_t wire[VL_ID_LEAF_LEN];
        struct vl_leaf leaf;

        assert_err(vl_batch_add_id(&tree, ids[i], &why), VL_OK, &why);
        assert_err(vl_batch_add(&same, VL_LEAF_ID, vl_id_leaf_write(ids[i], wire), &leaf, &why),
                   VL_OK, &why);
        assert_memory_equal(leaf.number, ids[i], VL_HASH_LEN);
    }
    batch = vl_batch_of(&tree);
    assert_err(vl_batch_is(&same, &batch, &why), VL_OK, &why);
    assert_err(vl_batch_add_id(&tree, ids[1], &why), VL_ERR_UNVERIFIED, &why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_leaf_is_read_or_refused_by_the_table),
        cmocka_unit_test(a_leaf_is_read_as_it_was_written),
        cmocka_unit_test(the_leaf_of_a_letter_has_the_hash_of_its_waybill),
        cmocka_unit_test(each_letter_is_under_the_root_at_its_place),
        cmocka_unit_test(attack_08_a_count_that_lies),
        cmocka_unit_test(attack_08_a_path_of_a_wrong_length),
        cmocka_unit_test(attack_08_a_leaf_of_the_wrong_type),
        cmocka_unit_test(attack_08_an_impostors_waybill_for_a_number),
        cmocka_unit_test(attack_08_leaves_that_do_not_ascend_make_no_batch),
        cmocka_unit_test(a_whole_batch_is_known_by_its_root_and_count),
        cmocka_unit_test(a_batch_of_none_has_no_count),
        cmocka_unit_test(more_than_2_to_the_24_are_no_batch),
        cmocka_unit_test(each_kind_of_act_has_its_kind_of_leaf),
        cmocka_unit_test(ids_are_leaves_as_byte_strings),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
