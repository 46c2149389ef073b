/* SPDX-License-Identifier: Apache-2.0 */
/* custody/pieces.h: a large envelope in slices, each checked alone; the attacks on slices. */
#include "offices.h"

#include <stdlib.h>

#include "custody/pieces.h"

/* An envelope of two slices and a bit. */
#define TAIL 1000
#define SIZE (2 * VL_SLICE_LEN + TAIL)

struct envelope {
    uint8_t *bytes;
    uint8_t hashes[4][VL_HASH_LEN];
    size_t hash_count;
    struct vl_waybill waybill;
};

static void envelope_release(struct envelope *envelope)
{
    free(envelope->bytes);
}

static void note_leaf(void *self, const uint8_t hash[VL_HASH_LEN])
{
    struct envelope *envelope = self;

    assert_true(envelope->hash_count < 4);
    memcpy(envelope->hashes[envelope->hash_count++], hash, VL_HASH_LEN);
}

static void envelope_init(struct envelope *envelope, size_t step)
{
    VL_AUTO(vl_slicer_release) struct vl_slicer slicer = VL_SLICER_INIT;

    slicer.leaf = note_leaf;
    slicer.self = envelope;
    envelope->bytes = malloc(SIZE);
    assert_non_null(envelope->bytes);
    for (size_t i = 0; i < SIZE; i++)
        envelope->bytes[i] = (uint8_t)(i * 7 + i / 4099);
    for (size_t at = 0; at < SIZE; at += step)
        assert_int_equal(vl_slicer_put(&slicer, vl_bytes_of(envelope->bytes + at,
                                                            step < SIZE - at ? step : SIZE - at)),
                         VL_OK);
    envelope->waybill = waybill_of('n', 'S', "A");
    envelope->waybill.size = SIZE;
    envelope->waybill.has_pieces = true;
    assert_int_equal(vl_slicer_end(&slicer, &envelope->waybill.pieces), VL_OK);
}

static vl_bytes slice(const struct envelope *envelope, uint64_t index)
{
    return vl_bytes_of(envelope->bytes + index * VL_SLICE_LEN, (size_t)vl_slice_len(SIZE, index));
}

static struct vl_tree_path path_of(const struct envelope *envelope, uint64_t index)
{
    struct vl_tree_path path;

    vl_tree_path((const uint8_t(*)[VL_HASH_LEN])envelope->hashes, envelope->hash_count, index,
                 &path);
    return path;
}

static void slices_are_counted(void **state)
{
    (void)state;
    assert_int_equal(vl_slice_count(0), 0);
    assert_int_equal(vl_slice_count(1), 1);
    assert_int_equal(vl_slice_count(VL_SLICE_LEN), 1);
    assert_int_equal(vl_slice_count(VL_SLICE_LEN + 1), 2);
    assert_true(vl_slice_count(UINT64_MAX) == UINT64_C(1) << 40);
    assert_int_equal(vl_slice_len(0, 0), 0);
    assert_int_equal(vl_slice_len(1, 0), 1);
    assert_int_equal(vl_slice_len(VL_SLICE_LEN, 0), VL_SLICE_LEN);
    assert_int_equal(vl_slice_len(VL_SLICE_LEN, 1), 0);
    assert_int_equal(vl_slice_len(SIZE, 1), VL_SLICE_LEN);
    assert_int_equal(vl_slice_len(SIZE, 2), TAIL);
    assert_int_equal(vl_slice_len(SIZE, UINT64_MAX), 0);
}

/* Its bytes in two pieces, as they may come. */
static enum vl_err check_slice(const struct vl_waybill *waybill, uint64_t index,
                               const struct vl_tree_path *path, vl_bytes bytes, struct vl_why *why)
{
    struct vl_hasher hasher;
    uint8_t leaf[VL_HASH_LEN], wanted[VL_HASH_LEN];

    vl_slice_hasher_begin(&hasher, bytes.len);
    vl_hasher_put(&hasher, vl_bytes_first(bytes, bytes.len / 3));
    vl_hasher_put(&hasher, vl_bytes_after(bytes, bytes.len / 3));
    assert_int_equal(vl_hasher_end(&hasher, leaf), VL_OK);
    vl_tree_leaf(bytes, wanted);
    assert_memory_equal(leaf, wanted, sizeof leaf);
    return vl_slice_check(waybill, index, path, bytes.len, leaf, why);
}

static void each_slice_is_checked_alone(void **state)
{
    VL_AUTO(envelope_release) struct envelope envelope = {.bytes = NULL};
    struct vl_why why = {""};

    (void)state;
    envelope_init(&envelope, 1 << 20);
    assert_int_equal(envelope.waybill.pieces.count, 3);
    for (uint64_t i = 0; i < 3; i++) {
        struct vl_tree_path path = path_of(&envelope, i);

        assert_err(check_slice(&envelope.waybill, i, &path, slice(&envelope, i), &why), VL_OK,
                   &why);
    }
}

/* However the bytes come, the tree is one. */
static void the_tree_does_not_depend_on_how_the_bytes_came(void **state)
{
    VL_AUTO(envelope_release) struct envelope envelope = {.bytes = NULL};
    VL_AUTO(envelope_release) struct envelope other = {.bytes = NULL};

    (void)state;
    envelope_init(&envelope, SIZE);
    envelope_init(&other, 65521);
    assert_memory_equal(&envelope.waybill.pieces, &other.waybill.pieces,
                        sizeof envelope.waybill.pieces);
}

static void attack_14_junk_for_a_slice(void **state)
{
    VL_AUTO(envelope_release) struct envelope envelope = {.bytes = NULL};
    struct vl_tree_path path;
    struct vl_why why = {""};

    (void)state;
    envelope_init(&envelope, 1 << 20);
    path = path_of(&envelope, 1);
    envelope.bytes[VL_SLICE_LEN + 5] ^= 1;
    assert_err(check_slice(&envelope.waybill, 1, &path, slice(&envelope, 1), &why),
               VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "not slice 1 of the 3 of this letter");
    assert_err(check_slice(&envelope.waybill, 1, &path, slice(&envelope, 0), &why),
               VL_ERR_UNVERIFIED, &why);
    assert_err(check_slice(&envelope.waybill, 2, &path, slice(&envelope, 2), &why),
               VL_ERR_UNVERIFIED, &why);
}

static void attack_14_a_slice_that_is_cut(void **state)
{
    VL_AUTO(envelope_release) struct envelope envelope = {.bytes = NULL};
    struct vl_tree_path path;
    struct vl_why why = {""};
    vl_bytes last;

    (void)state;
    envelope_init(&envelope, 1 << 20);
    path = path_of(&envelope, 2);
    last = slice(&envelope, 2);
    assert_err(check_slice(&envelope.waybill, 2, &path, vl_bytes_first(last, TAIL - 1), &why),
               VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "999 bytes for slice 2, which has 1000");
    assert_err(check_slice(&envelope.waybill, 3, &path, last, &why), VL_ERR_UNVERIFIED, &why);
}

static void attack_14_a_letter_without_pieces_has_no_slices(void **state)
{
    struct vl_waybill waybill = waybill_of('n', 'S', "A");
    struct vl_tree_path path = {.count = 0};
    struct vl_why why = {""};

    (void)state;
    vl_tree_leaf(VL_LITERAL("x"), waybill.pieces.root);
    waybill.pieces.count = 1;
    waybill.size = 1;
    assert_err(check_slice(&waybill, 0, &path, VL_LITERAL("x"), &why), VL_ERR_FORMAT, &why);
    waybill.has_pieces = true;
    assert_err(check_slice(&waybill, 0, &path, VL_LITERAL("x"), &why), VL_OK, &why);
}

static void nothing_has_no_tree(void **state)
{
    VL_AUTO(vl_slicer_release) struct vl_slicer slicer = VL_SLICER_INIT;
    struct vl_pieces pieces;

    (void)state;
    assert_int_equal(vl_slicer_put(&slicer, VL_BYTES_NONE), VL_OK);
    assert_int_equal(vl_slicer_end(&slicer, &pieces), VL_ERR_FORMAT);
    assert_int_equal(pieces.count, 0);
}

static void a_waybill_with_pieces_is_read_as_it_was_written(void **state)
{
    struct vl_waybill written = waybill_of('n', 'S', "A"), read;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    written.size = SIZE;
    written.has_pieces = true;
    written.pieces.count = 3;
    memset(written.pieces.root, 9, VL_HASH_LEN);
    assert_err(vl_waybill_write(&written, &wire, &why), VL_OK, &why);
    assert_err(vl_waybill_parse(vl_buf_bytes(&wire), &read, &why), VL_OK, &why);
    assert_true(read.has_pieces);
    assert_memory_equal(&read.pieces, &written.pieces, sizeof read.pieces);
    written.pieces.count = 2;
    assert_err(vl_waybill_write(&written, &wire, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "waybill: 2 pieces of 33555432 bytes");
    written.size = UINT64_C(1) << 60;
    written.pieces.count = UINT64_C(1) << 36;
    assert_err(vl_waybill_write(&written, &wire, &why), VL_ERR_LIMIT, &why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(slices_are_counted),
        cmocka_unit_test(each_slice_is_checked_alone),
        cmocka_unit_test(the_tree_does_not_depend_on_how_the_bytes_came),
        cmocka_unit_test(attack_14_junk_for_a_slice),
        cmocka_unit_test(attack_14_a_slice_that_is_cut),
        cmocka_unit_test(attack_14_a_letter_without_pieces_has_no_slices),
        cmocka_unit_test(nothing_has_no_tree),
        cmocka_unit_test(a_waybill_with_pieces_is_read_as_it_was_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
