/* SPDX-License-Identifier: Apache-2.0 */
/* merkle/proof.h: proofs from kept subtrees are those from the leaves, and a proof of consistency
 * ties one old tree to one new one. */
#include "merkle/proof.h"

#include <string.h>

#include "support.h"

#define LEAVES_MAX 70

static uint8_t leaf_hashes[LEAVES_MAX][VL_HASH_LEN];

static const uint8_t (*leaves(void))[VL_HASH_LEN]
{
    for (size_t i = 0; i < LEAVES_MAX; i++) {
        const uint8_t leaf[2] = {(uint8_t)i, 0x5a};

        vl_tree_leaf(VL_ARRAY(leaf), leaf_hashes[i]);
    }
    return (const uint8_t(*)[VL_HASH_LEN])leaf_hashes;
}

/* Nodes of a tree in memory. */
static struct vl_tree_levels *levels_of(size_t count)
{
    struct vl_tree_levels *levels = vl_tree_levels_new(leaves(), count);

    assert_non_null(levels);
    return levels;
}

static void root_of(size_t first, size_t end, uint8_t out[VL_HASH_LEN])
{
    struct vl_tree tree = VL_TREE_INIT;

    for (size_t i = first; i < end; i++)
        vl_tree_add(&tree, leaf_hashes[i]);
    vl_tree_root(&tree, out);
}

/* SUBPROOF of RFC 9162, 2.1.4.1, as it is written down there. */
static void subproof(size_t first, size_t old_count, size_t count, bool is_known,
                     struct vl_tree_path *path)
{
    size_t split = 1;

    if (old_count == count) {
        if (!is_known)
            root_of(first, first + count, path->at[path->count++]);
        return;
    }
    while (split * 2 < count)
        split *= 2;
    if (old_count <= split) {
        subproof(first, old_count, split, is_known, path);
        root_of(first + split, first + count, path->at[path->count++]);
    } else {
        subproof(first + split, old_count - split, count - split, false, path);
        root_of(first, first + split, path->at[path->count++]);
    }
}

static void proofs_of_consistency_are_those_of_the_definition(void **state)
{
    struct vl_tree_levels *levels = levels_of(LEAVES_MAX);
    const struct vl_tree_nodes nodes = vl_tree_levels_nodes(levels);
    struct vl_why why = {""};

    (void)state;
    for (size_t count = 0; count <= LEAVES_MAX; count++)
        for (size_t old_count = 0; old_count <= count; old_count++) {
            struct vl_tree_path wanted = {.count = 0}, got;
            uint8_t old_root[VL_HASH_LEN], root[VL_HASH_LEN];

            if (old_count > 0)
                subproof(0, old_count, count, true, &wanted);
            assert_err(vl_tree_nodes_consistency(&nodes, old_count, count, &got, &why), VL_OK,
                       &why);
            assert_int_equal(got.count, wanted.count);
            assert_memory_equal(got.at, wanted.at, wanted.count * VL_HASH_LEN);
            root_of(0, old_count, old_root);
            root_of(0, count, root);
            assert_int_equal(vl_tree_verify_consistency(old_count, old_root, count, root, &got),
                             old_count == 0 && count > 0 ? VL_ERR_UNVERIFIED : VL_OK);
        }
    vl_tree_levels_free(levels);
}

/* Any change of a size, a root or a hash, and any hash too many or too few. */
static void a_proof_of_consistency_proves_nothing_else(void **state)
{
    struct vl_tree_levels *levels = levels_of(LEAVES_MAX);
    const struct vl_tree_nodes nodes = vl_tree_levels_nodes(levels);

    (void)state;
    for (size_t count = 2; count <= 33; count++)
        for (size_t old_count = 1; old_count < count; old_count++) {
            uint8_t old_root[VL_HASH_LEN], root[VL_HASH_LEN];
            struct vl_tree_path path, changed;

            assert_int_equal(vl_tree_nodes_consistency(&nodes, old_count, count, &path, NULL),
                             VL_OK);
            root_of(0, old_count, old_root);
            root_of(0, count, root);
            assert_int_equal(vl_tree_verify_consistency(old_count, root, count, old_root, &path),
                             VL_ERR_UNVERIFIED);
            assert_int_equal(vl_tree_verify_consistency(old_count, root, count, root, &path),
                             VL_ERR_UNVERIFIED);
            assert_int_equal(vl_tree_verify_consistency(old_count, old_root, count, old_root,
                                                        &path),
                             VL_ERR_UNVERIFIED);
            assert_int_equal(vl_tree_verify_consistency(0, old_root, count, root, &path),
                             VL_ERR_UNVERIFIED);
            assert_int_equal(vl_tree_verify_consistency(count + 1, old_root, count, root, &path),
                             VL_ERR_UNVERIFIED);
            for (size_t i = 0; i < path.count; i++) {
                changed = path;
                changed.at[i][31] ^= 1;
                assert_int_equal(vl_tree_verify_consistency(old_count, old_root, count, root,
                                                            &changed),
                                 VL_ERR_UNVERIFIED);
            }
            changed = path;
            changed.count--;
            assert_int_equal(vl_tree_verify_consistency(old_count, old_root, count, root, &changed),
                             VL_ERR_UNVERIFIED);
            changed = path;
            memcpy(changed.at[changed.count++], root, VL_HASH_LEN);
            assert_int_equal(vl_tree_verify_consistency(old_count, old_root, count, root, &changed),
                             VL_ERR_UNVERIFIED);
        }
    vl_tree_levels_free(levels);
}

static void paths_from_nodes_are_those_from_leaves(void **state)
{
    struct vl_tree_levels *levels = levels_of(LEAVES_MAX);
    const struct vl_tree_nodes nodes = vl_tree_levels_nodes(levels);
    struct vl_why why = {""};

    (void)state;
    for (size_t count = 1; count <= LEAVES_MAX; count++)
        for (size_t index = 0; index < count; index++) {
            struct vl_tree_path wanted, got;

            vl_tree_path(leaves(), count, index, &wanted);
            assert_err(vl_tree_nodes_path(&nodes, count, index, &got, &why), VL_OK, &why);
            assert_int_equal(got.count, wanted.count);
            assert_memory_equal(got.at, wanted.at, wanted.count * VL_HASH_LEN);
        }
    vl_tree_levels_free(levels);
}

static void a_tree_goes_on_from_its_nodes(void **state)
{
    struct vl_tree_levels *levels = levels_of(LEAVES_MAX);
    const struct vl_tree_nodes nodes = vl_tree_levels_nodes(levels);
    uint8_t wanted[VL_HASH_LEN], got[VL_HASH_LEN];

    (void)state;
    root_of(0, LEAVES_MAX, wanted);
    for (size_t count = 0; count <= LEAVES_MAX; count++) {
        struct vl_tree tree;

        assert_int_equal(vl_tree_nodes_resume(&nodes, count, &tree, NULL), VL_OK);
        for (size_t i = count; i < LEAVES_MAX; i++)
            vl_tree_add(&tree, leaf_hashes[i]);
        vl_tree_root(&tree, got);
        assert_memory_equal(got, wanted, VL_HASH_LEN);
    }
    vl_tree_levels_free(levels);
}

static void what_is_no_subtree_is_refused(void **state)
{
    struct vl_tree_levels *levels = levels_of(LEAVES_MAX);
    const struct vl_tree_nodes nodes = vl_tree_levels_nodes(levels);
    uint8_t got[VL_HASH_LEN], wanted[VL_HASH_LEN];
    struct vl_tree_path path;
    struct vl_tree tree;

    (void)state;
    assert_int_equal(vl_tree_nodes_hash(&nodes, 4, 7, got, NULL), VL_OK);
    root_of(4, 7, wanted);
    assert_memory_equal(got, wanted, VL_HASH_LEN);
    assert_int_equal(vl_tree_nodes_hash(&nodes, 3, 7, got, NULL), VL_ERR_USAGE);
    assert_int_equal(vl_tree_nodes_hash(&nodes, 7, 3, got, NULL), VL_ERR_USAGE);
    assert_int_equal(vl_tree_nodes_path(&nodes, 5, 5, &path, NULL), VL_ERR_USAGE);
    assert_int_equal(vl_tree_nodes_path(&nodes, LEAVES_MAX + 2, 70, &path, NULL), VL_ERR_NOT_FOUND);
    assert_int_equal(vl_tree_nodes_path(&nodes, UINT64_MAX, 5, &path, NULL), VL_ERR_LIMIT);
    assert_int_equal(vl_tree_nodes_consistency(&nodes, 6, 5, &path, NULL), VL_ERR_USAGE);
    assert_int_equal(vl_tree_nodes_consistency(&nodes, 6, UINT64_MAX, &path, NULL), VL_ERR_LIMIT);
    assert_int_equal(vl_tree_nodes_resume(&nodes, UINT64_MAX, &tree, NULL), VL_ERR_LIMIT);
    vl_tree_levels_free(levels);
}

/* The highest trees there may be: no path is longer than its room. */
static enum vl_err any_node(void *self, unsigned level, uint64_t index, uint8_t out[VL_HASH_LEN],
                            struct vl_why *why)
{
    (void)self, (void)why;
    assert_true(level < 64 && index <= (VL_TREE_MAX_COUNT - 1) >> level);
    memset(out, (int)(level + index), VL_HASH_LEN);
    return VL_OK;
}

static void the_largest_tree_has_paths_that_fit(void **state)
{
    const struct vl_tree_nodes nodes = {any_node, NULL};
    static const uint64_t at[] = {
        1, 2, 3, VL_TREE_MAX_COUNT / 2, VL_TREE_MAX_COUNT / 2 + 1, VL_TREE_MAX_COUNT - 1};
    struct vl_tree_path path;

    (void)state;
    for (size_t i = 0; i < sizeof at / sizeof *at; i++) {
        for (uint64_t less = 0; less < 2; less++) {
            assert_int_equal(vl_tree_nodes_path(&nodes, VL_TREE_MAX_COUNT - less, at[i] - less,
                                                &path, NULL),
                             VL_OK);
            assert_true(path.count <= VL_TREE_MAX_PATH);
            assert_int_equal(vl_tree_nodes_consistency(&nodes, at[i] - less,
                                                       VL_TREE_MAX_COUNT - less, &path, NULL),
                             VL_OK);
            assert_true(path.count <= VL_TREE_MAX_PATH);
        }
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(proofs_of_consistency_are_those_of_the_definition),
        cmocka_unit_test(a_proof_of_consistency_proves_nothing_else),
        cmocka_unit_test(paths_from_nodes_are_those_from_leaves),
        cmocka_unit_test(a_tree_goes_on_from_its_nodes),
        cmocka_unit_test(what_is_no_subtree_is_refused),
        cmocka_unit_test(the_largest_tree_has_paths_that_fit),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
