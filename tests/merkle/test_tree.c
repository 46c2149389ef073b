/* SPDX-License-Identifier: Apache-2.0 */
/* merkle/tree.h: every way to a root and a path agrees with the definition of RFC 9162, 2.1.1, and
 * a path proves its leaf at its place in its tree and nothing else. */
#include "merkle/tree.h"

#include <string.h>

#include "base/alloc.h"
#include "support.h"

#define LEAVES_MAX 70

static uint8_t leaf_hashes[LEAVES_MAX][VL_HASH_LEN];

static const uint8_t (*leaves(void))[VL_HASH_LEN]
{
    for (size_t i = 0; i < LEAVES_MAX; i++) {
        const uint8_t leaf[2] = {(uint8_t)i, 0xa5};

        vl_tree_leaf(VL_ARRAY(leaf), leaf_hashes[i]);
    }
    return (const uint8_t(*)[VL_HASH_LEN])leaf_hashes;
}

/* MTH of the RFC as it is written down there: split at the largest power of two below count. */
static void by_definition(const uint8_t (*hashes)[VL_HASH_LEN], size_t count,
                          uint8_t out[VL_HASH_LEN])
{
    uint8_t both[1 + 2 * VL_HASH_LEN] = {1};
    size_t split = 1;

    if (count == 1) {
        memcpy(out, hashes[0], VL_HASH_LEN);
        return;
    }
    while (split * 2 < count)
        split *= 2;
    by_definition(hashes, split, both + 1);
    by_definition(hashes + split, count - split, both + 1 + VL_HASH_LEN);
    vl_sha256(VL_ARRAY(both), out);
}

/* PATH of 2.1.3.1, likewise; nearest first. */
static void path_by_definition(const uint8_t (*hashes)[VL_HASH_LEN], size_t count, size_t index,
                               struct vl_tree_path *path)
{
    size_t split = 1;
    bool is_left;

    if (count == 1)
        return;
    while (split * 2 < count)
        split *= 2;
    is_left = index < split;
    path_by_definition(is_left ? hashes : hashes + split, is_left ? split : count - split,
                       is_left ? index : index - split, path);
    if (is_left)
        by_definition(hashes + split, count - split, path->at[path->count++]);
    else
        by_definition(hashes, split, path->at[path->count++]);
}

static void root_of(const uint8_t (*hashes)[VL_HASH_LEN], size_t count, uint8_t out[VL_HASH_LEN])
{
    struct vl_tree tree = VL_TREE_INIT;

    for (size_t i = 0; i < count; i++)
        vl_tree_add(&tree, hashes[i]);
    assert_int_equal(tree.count, count);
    vl_tree_root(&tree, out);
}

static void a_tree_that_grows_has_the_root_of_the_definition(void **state)
{
    const uint8_t(*hashes)[VL_HASH_LEN] = leaves();
    uint8_t wanted[VL_HASH_LEN], got[VL_HASH_LEN];

    (void)state;
    for (size_t count = 1; count <= LEAVES_MAX; count++) {
        by_definition(hashes, count, wanted);
        root_of(hashes, count, got);
        assert_memory_equal(got, wanted, VL_HASH_LEN);
    }
    vl_sha256(VL_BYTES_NONE, wanted);
    root_of(hashes, 0, got);
    assert_memory_equal(got, wanted, VL_HASH_LEN);
}

static void a_leaf_is_hashed_behind_a_zero_byte(void **state)
{
    const uint8_t marked[] = {0, 'a', 'b'};
    uint8_t wanted[VL_HASH_LEN], got[VL_HASH_LEN];

    (void)state;
    vl_sha256(VL_ARRAY(marked), wanted);
    vl_tree_leaf(VL_LITERAL("ab"), got);
    assert_memory_equal(got, wanted, VL_HASH_LEN);
    vl_sha256(vl_bytes_of(marked, 1), wanted);
    vl_tree_leaf(VL_BYTES_NONE, got);
    assert_memory_equal(got, wanted, VL_HASH_LEN);
}

static void assert_same_path(const struct vl_tree_path *got, const struct vl_tree_path *wanted)
{
    assert_int_equal(got->count, wanted->count);
    if (wanted->count > 0)
        assert_memory_equal(got->at, wanted->at, wanted->count * VL_HASH_LEN);
}

static void every_path_is_that_of_the_definition(void **state)
{
    const uint8_t(*hashes)[VL_HASH_LEN] = leaves();

    (void)state;
    for (size_t count = 1; count <= LEAVES_MAX; count++) {
        struct vl_tree_levels *levels = vl_tree_levels_new(hashes, count);

        assert_non_null(levels);
        for (size_t index = 0; index < count; index++) {
            struct vl_tree_path wanted = {.count = 0}, alone, from_levels;

            path_by_definition(hashes, count, index, &wanted);
            vl_tree_path(hashes, count, index, &alone);
            vl_tree_levels_path(levels, index, &from_levels);
            assert_same_path(&alone, &wanted);
            assert_same_path(&from_levels, &wanted);
        }
        vl_tree_levels_free(levels);
    }
}

static void a_path_proves_its_leaf_at_its_place_and_no_other(void **state)
{
    const uint8_t(*hashes)[VL_HASH_LEN] = leaves();

    (void)state;
    for (size_t count = 1; count <= 33; count++) {
        uint8_t root[VL_HASH_LEN];

        root_of(hashes, count, root);
        for (size_t index = 0; index < count; index++) {
            struct vl_tree_path path;

            vl_tree_path(hashes, count, index, &path);
            for (size_t other = 0; other < count + 2; other++) {
                assert_int_equal(vl_tree_verify(hashes[index], other, count, &path, root),
                                 other == index ? VL_OK : VL_ERR_UNVERIFIED);
                assert_int_equal(vl_tree_verify(hashes[other], index, count, &path, root),
                                 other == index ? VL_OK : VL_ERR_UNVERIFIED);
            }
        }
    }
}

static void attack_08_a_path_of_a_wrong_length(void **state)
{
    const uint8_t(*hashes)[VL_HASH_LEN] = leaves();

    (void)state;
    for (size_t count = 1; count <= 33; count++) {
        uint8_t root[VL_HASH_LEN];

        root_of(hashes, count, root);
        for (size_t index = 0; index < count; index++) {
            struct vl_tree_path path;
            size_t right;

            vl_tree_path(hashes, count, index, &path);
            right = path.count;
            memcpy(path.at[right], root, VL_HASH_LEN);
            for (path.count = 0; path.count <= right + 1; path.count++)
                assert_int_equal(vl_tree_verify(hashes[index], index, count, &path, root),
                                 path.count == right ? VL_OK : VL_ERR_UNVERIFIED);
        }
    }
}

/* Whoever signs a root may have made it fit a path that is too long. */
static void attack_08_a_root_made_for_a_longer_path(void **state)
{
    uint8_t joined[1 + 2 * VL_HASH_LEN] = {1}, root[VL_HASH_LEN];
    struct vl_tree_path path = {.count = 1};
    const uint8_t(*hashes)[VL_HASH_LEN] = leaves();

    (void)state;
    memcpy(path.at[0], hashes[1], VL_HASH_LEN);
    memcpy(joined + 1, hashes[1], VL_HASH_LEN);
    memcpy(joined + 1 + VL_HASH_LEN, hashes[0], VL_HASH_LEN);
    vl_sha256(VL_ARRAY(joined), root);
    assert_int_equal(vl_tree_verify(hashes[0], 1, 2, &path, root), VL_OK);
    assert_int_equal(vl_tree_verify(hashes[0], 0, 1, &path, root), VL_ERR_UNVERIFIED);
    path.count = 0;
    assert_int_equal(vl_tree_verify(root, 0, 1, &path, root), VL_OK);
    assert_int_equal(vl_tree_verify(root, 0, 2, &path, root), VL_ERR_UNVERIFIED);
}

/* Two leaves of eight: a path for four leaves, or for nine, is no path for eight. */
static void attack_08_a_count_that_lies(void **state)
{
    const uint8_t(*hashes)[VL_HASH_LEN] = leaves();
    uint8_t root[VL_HASH_LEN];
    struct vl_tree_path path;

    (void)state;
    root_of(hashes, 8, root);
    vl_tree_path(hashes, 8, 2, &path);
    assert_int_equal(vl_tree_verify(hashes[2], 2, 8, &path, root), VL_OK);
    for (uint64_t count = 0; count < 5; count++)
        assert_int_equal(vl_tree_verify(hashes[2], 2, count, &path, root), VL_ERR_UNVERIFIED);
    for (uint64_t count = 9; count < 40; count++)
        assert_int_equal(vl_tree_verify(hashes[2], 2, count, &path, root), VL_ERR_UNVERIFIED);
    assert_int_equal(vl_tree_verify(hashes[2], 2, UINT64_MAX, &path, root), VL_ERR_UNVERIFIED);
}

/* A node on the way to the root is no leaf, though its path would lead there. */
static void a_node_does_not_pass_for_a_leaf(void **state)
{
    const uint8_t(*hashes)[VL_HASH_LEN] = leaves();
    uint8_t root[VL_HASH_LEN], node[2 * VL_HASH_LEN], as_leaf[VL_HASH_LEN];
    struct vl_tree_path path;

    (void)state;
    root_of(hashes, 4, root);
    vl_tree_path(hashes, 4, 0, &path);
    memcpy(node, hashes[0], VL_HASH_LEN);
    memcpy(node + VL_HASH_LEN, hashes[1], VL_HASH_LEN);
    vl_tree_leaf(VL_ARRAY(node), as_leaf);
    memmove(path.at[0], path.at[1], VL_HASH_LEN);
    path.count = 1;
    assert_int_equal(vl_tree_verify(as_leaf, 0, 2, &path, root), VL_ERR_UNVERIFIED);
}

static void a_changed_bit_anywhere_is_seen(void **state)
{
    const uint8_t(*hashes)[VL_HASH_LEN] = leaves();
    uint8_t root[VL_HASH_LEN];
    struct vl_tree_path path;

    (void)state;
    root_of(hashes, 7, root);
    vl_tree_path(hashes, 7, 4, &path);
    for (size_t at = 0; at < path.count; at++)
        for (size_t byte = 0; byte < VL_HASH_LEN; byte++) {
            path.at[at][byte] ^= 1;
            assert_int_equal(vl_tree_verify(hashes[4], 4, 7, &path, root), VL_ERR_UNVERIFIED);
            path.at[at][byte] ^= 1;
        }
    for (size_t byte = 0; byte < VL_HASH_LEN; byte++) {
        root[byte] ^= 1;
        assert_int_equal(vl_tree_verify(hashes[4], 4, 7, &path, root), VL_ERR_UNVERIFIED);
        root[byte] ^= 1;
    }
}

/* The largest numbers there are end the loops and leave no index behind its array. */
static void numbers_at_their_ends_are_walked(void **state)
{
    const uint8_t(*hashes)[VL_HASH_LEN] = leaves();
    struct vl_tree_path path = {.count = VL_TREE_MAX_PATH};
    uint8_t root[VL_HASH_LEN];

    (void)state;
    root_of(hashes, 1, root);
    assert_int_equal(vl_tree_verify(hashes[0], UINT64_MAX - 1, UINT64_MAX, &path, root),
                     VL_ERR_UNVERIFIED);
    assert_int_equal(vl_tree_verify(hashes[0], 0, UINT64_MAX, &path, root), VL_ERR_UNVERIFIED);
    path.count = SIZE_MAX;
    assert_int_equal(vl_tree_verify(hashes[0], 0, UINT64_MAX, &path, root), VL_ERR_UNVERIFIED);
    path.count = 0;
    assert_int_equal(vl_tree_verify(hashes[0], 0, 0, &path, root), VL_ERR_UNVERIFIED);
    assert_null(vl_tree_levels_new(hashes, UINT64_MAX));
    vl_tree_levels_free(NULL);
}

static enum vl_err make_levels(void *self, struct vl_why *why)
{
    struct vl_tree_levels *levels = vl_tree_levels_new(leaves(), LEAVES_MAX);

    (void)self;
    (void)why;
    if (!levels)
        return VL_ERR_NO_MEMORY;
    vl_tree_levels_free(levels);
    return VL_OK;
}

static void each_allocation_that_fails_is_told(void **state)
{
    (void)state;
    assert_int_equal(each_allocation_fails(make_levels, NULL), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_tree_that_grows_has_the_root_of_the_definition),
        cmocka_unit_test(a_leaf_is_hashed_behind_a_zero_byte),
        cmocka_unit_test(every_path_is_that_of_the_definition),
        cmocka_unit_test(a_path_proves_its_leaf_at_its_place_and_no_other),
        cmocka_unit_test(attack_08_a_path_of_a_wrong_length),
        cmocka_unit_test(attack_08_a_root_made_for_a_longer_path),
        cmocka_unit_test(attack_08_a_count_that_lies),
        cmocka_unit_test(a_node_does_not_pass_for_a_leaf),
        cmocka_unit_test(a_changed_bit_anywhere_is_seen),
        cmocka_unit_test(numbers_at_their_ends_are_walked),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
