/* SPDX-License-Identifier: Apache-2.0 */
/* The leaves of acts over many letters, in pieces: one is found, with the path that it has in the
 * whole tree. */
#include "support.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"

#define MAX 1300

static const uint8_t act[VL_HASH_LEN] = {7}, other_act[VL_HASH_LEN] = {9};

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

/* So many leaves as an act has them; the third has no waybill. */
static void make(uint8_t (*leaves)[VL_ACTS_LEAF_LEN], size_t count, uint64_t seed)
{
    for (size_t i = 0; i < count; i++) {
        const uint64_t both[2] = {seed, i};

        vl_sha256(vl_bytes_of(both, sizeof both), leaves[i]);
        vl_sha256(vl_bytes_of(leaves[i], VL_HASH_LEN), leaves[i] + VL_HASH_LEN);
    }
    qsort(leaves, count, VL_ACTS_LEAF_LEN, by_bytes);
    if (count > 2)
        memset(leaves[2] + VL_HASH_LEN, 0, VL_HASH_LEN);
}

static void keep(struct vl_store *store, const uint8_t *id, vl_bytes leaves)
{
    struct vl_why why = {""};

    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(vl_acts_leaves_keep(store, id, leaves, &why), VL_OK, &why);
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
}

static bool find(struct vl_store *store, const uint8_t *number, struct vl_buf *leaf,
                 struct vl_tree_path *path, uint64_t *index)
{
    struct vl_acts_place place = {.leaf = leaf, .path = path};
    struct vl_why why = {""};

    leaf->len = 0;
    assert_err(vl_acts_place_find(store, act, number, &place, &why), VL_OK, &why);
    *index = place.index;
    return place.has;
}

static void assert_not_there(struct vl_store *store, const uint8_t *number)
{
    VL_AUTO(vl_buf_release) struct vl_buf leaf = VL_BUF_INIT(VL_CUSTODY_LEAF_MAX);
    struct vl_tree_path path;
    uint64_t index;

    assert_false(find(store, number, &leaf, &path, &index));
}

/* Those that are asked for where they are, and nothing else. */
static void assert_places(struct vl_store *store, vl_bytes leaves)
{
    VL_AUTO(vl_buf_release) struct vl_buf leaf = VL_BUF_INIT(VL_CUSTODY_LEAF_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf all = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_tree_levels *levels = NULL;
    uint8_t room[VL_CUSTODY_LEAF_MAX], between[VL_HASH_LEN];
    const size_t count = leaves.len / VL_ACTS_LEAF_LEN;
    struct vl_why why = {""};

    assert_err(vl_acts_leaves(store, act, &all, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&all), leaves);
    assert_err(vl_acts_levels(leaves, &levels, &why), VL_OK, &why);
    for (size_t i = 0; i < count; i += i % 64 == 62 || i + 4 > count ? 1 : 3) {
        const uint8_t *number = leaves.ptr + i * VL_ACTS_LEAF_LEN;
        struct vl_tree_path path, wanted;
        uint64_t index = 0;

        assert_true(find(store, number, &leaf, &path, &index));
        assert_int_equal(index, i);
        assert_bytes(vl_buf_bytes(&leaf), vl_acts_custody_leaf(leaves, i, room));
        vl_tree_levels_path(levels, i, &wanted);
        assert_int_equal(path.count, wanted.count);
        assert_memory_equal(path.at, wanted.at, wanted.count * VL_HASH_LEN);
        memcpy(between, number, VL_HASH_LEN);
        between[VL_HASH_LEN - 1] ^= 1;
        assert_not_there(store, between);
    }
    memset(between, 0, sizeof between);
    assert_not_there(store, between);
    memset(between, 0xff, sizeof between);
    assert_not_there(store, between);
    vl_tree_levels_free(levels);
}

static void each_leaf_is_found_with_the_path_of_the_whole_tree(void **state)
{
    static const size_t counts[] = {1, 2, 64, 65, 255, 256, 257, 511, 512, 513, 768, 1025, MAX};
    uint8_t(*leaves)[VL_ACTS_LEAF_LEN] = vl_new(MAX * VL_ACTS_LEAF_LEN);

    (void)state;
    assert_non_null(leaves);
    for (size_t i = 0; i < sizeof counts / sizeof *counts; i++) {
        const vl_bytes bytes = vl_bytes_of(leaves, counts[i] * VL_ACTS_LEAF_LEN);
        struct vl_store *store = NULL;

        make(leaves, counts[i], i);
        assert_int_equal(vl_store_memory_new(&store), VL_OK);
        keep(store, act, bytes);
        keep(store, act, bytes); /* again is fine */
        assert_places(store, bytes);
        vl_store_close(store);
    }
    vl_free(leaves);
}

static enum vl_err count_act(void *self, const uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    unsigned *seen = self;

    (void)why;
    *seen = *seen * 10 + id[0];
    return VL_OK;
}

static void acts_over_many_are_found_by_one_letter(void **state)
{
    uint8_t(*leaves)[VL_ACTS_LEAF_LEN] = vl_new(MAX * VL_ACTS_LEAF_LEN);
    uint8_t shared[VL_HASH_LEN], single[VL_HASH_LEN];
    struct vl_store *store = NULL;
    struct vl_why why = {""};
    unsigned seen = 0;

    (void)state;
    assert_non_null(leaves);
    assert_int_equal(vl_store_memory_new(&store), VL_OK);
    make(leaves, MAX, 1);
    memcpy(shared, leaves[0], VL_HASH_LEN);
    memcpy(single, leaves[MAX - 1], VL_HASH_LEN);
    keep(store, other_act, vl_bytes_of(leaves, MAX * VL_ACTS_LEAF_LEN));
    make(leaves, 300, 2);
    memcpy(leaves[0], shared, VL_HASH_LEN);
    qsort(leaves, 300, VL_ACTS_LEAF_LEN, by_bytes);
    keep(store, act, vl_bytes_of(leaves, 300 * VL_ACTS_LEAF_LEN));
    assert_err(vl_acts_over_many(store, shared, count_act, &seen, &why), VL_OK, &why);
    assert_int_equal(seen, 79);
    seen = 0;
    assert_err(vl_acts_over_many(store, single, count_act, &seen, &why), VL_OK, &why);
    assert_int_equal(seen, 9);
    vl_store_close(store);
    vl_free(leaves);
}

/* A home of an older valise has pieces and no tree; one that is damaged says so. */
static void without_the_tree_all_are_read_and_with_a_wrong_piece_none_is_believed(void **state)
{
    uint8_t(*leaves)[VL_ACTS_LEAF_LEN] = vl_new(MAX * VL_ACTS_LEAF_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf leaf = VL_BUF_INIT(VL_CUSTODY_LEAF_MAX);
    struct vl_tie piece = {.kind = VL_TIE_LEAVES};
    struct vl_tree_path path;
    struct vl_acts_place place = {.leaf = &leaf, .path = &path};
    struct vl_store *store = NULL;
    struct vl_why why = {""};

    (void)state;
    assert_non_null(leaves);
    assert_int_equal(vl_store_memory_new(&store), VL_OK);
    make(leaves, MAX, 3);
    keep(store, act, vl_bytes_of(leaves, MAX * VL_ACTS_LEAF_LEN));
    leaves[300][VL_HASH_LEN] ^= 1;
    memcpy(piece.about, act, VL_HASH_LEN);
    memcpy(piece.key, leaves[VL_ACTS_PIECE], VL_HASH_LEN);
    piece.bytes = vl_bytes_of(leaves[VL_ACTS_PIECE], VL_ACTS_PIECE * VL_ACTS_LEAF_LEN);
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(vl_store_put_tie(store, &piece, &why), VL_OK, &why);
    assert_err(vl_acts_place_find(store, act, leaves[300], &place, &why), VL_ERR_FORMAT, &why);
    vl_store_rollback(store);
    leaves[300][VL_HASH_LEN] ^= 1;
    assert_err(vl_store_begin(store, &why), VL_OK, &why);
    assert_err(vl_store_drop_tie(store, VL_TIE_TREE, act, act, &why), VL_OK, &why);
    assert_err(vl_store_commit(store, &why), VL_OK, &why);
    assert_places(store, vl_bytes_of(leaves, MAX * VL_ACTS_LEAF_LEN));
    vl_store_close(store);
    vl_free(leaves);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_leaf_is_found_with_the_path_of_the_whole_tree),
        cmocka_unit_test(acts_over_many_are_found_by_one_letter),
        cmocka_unit_test(without_the_tree_all_are_read_and_with_a_wrong_piece_none_is_believed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
