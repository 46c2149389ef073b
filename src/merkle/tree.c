/* SPDX-License-Identifier: Apache-2.0 */
#include "merkle/tree.h"

#include <string.h>

#include "base/alloc.h"
#include "merkle/proof.h"

/* RFC 9162, 2.1.1: what keeps a leaf from passing for two nodes, and the other way round. */
static const uint8_t leaf_mark[1] = {0}, node_mark[1] = {1};

#define LEVELS_MAX (VL_TREE_MAX_PATH + 1)

void vl_tree_leaf(vl_bytes leaf, uint8_t out[VL_HASH_LEN])
{
    const vl_bytes parts[] = {VL_ARRAY(leaf_mark), leaf};

    vl_sha256_parts(parts, 2, out);
}

void vl_tree_join(const uint8_t left[VL_HASH_LEN], const uint8_t right[VL_HASH_LEN],
                  uint8_t out[VL_HASH_LEN])
{
    const vl_bytes parts[] = {VL_ARRAY(node_mark), vl_bytes_of(left, VL_HASH_LEN),
                              vl_bytes_of(right, VL_HASH_LEN)};

    vl_sha256_parts(parts, 3, out);
}

static size_t peak_count(uint64_t count)
{
    size_t peaks = 0;

    for (; count; count &= count - 1)
        peaks++;
    return peaks;
}

/* The last peaks of one size become one of the next, as a carry runs through a sum. */
void vl_tree_add(struct vl_tree *tree, const uint8_t leaf_hash[VL_HASH_LEN])
{
    size_t last = peak_count(tree->count);

    memcpy(tree->peaks[last], leaf_hash, VL_HASH_LEN);
    for (uint64_t carry = tree->count; carry & 1; carry >>= 1, last--)
        vl_tree_join(tree->peaks[last - 1], tree->peaks[last], tree->peaks[last - 1]);
    tree->count++;
}

void vl_tree_root(const struct vl_tree *tree, uint8_t out[VL_HASH_LEN])
{
    size_t peak = peak_count(tree->count);

    if (peak == 0) {
        vl_sha256(VL_BYTES_NONE, out);
        return;
    }
    memcpy(out, tree->peaks[--peak], VL_HASH_LEN);
    while (peak > 0)
        vl_tree_join(tree->peaks[--peak], out, out);
}

static void path_add(struct vl_tree_path *path, const uint8_t hash[VL_HASH_LEN])
{
    memcpy(path->at[path->count++], hash, VL_HASH_LEN);
}

/* The root of leaves `first` to `end`, this one not included. */
static void root_of(const uint8_t (*leaf_hashes)[VL_HASH_LEN], uint64_t first, uint64_t end,
                    uint8_t out[VL_HASH_LEN])
{
    struct vl_tree tree = VL_TREE_INIT;

    for (uint64_t i = first; i < end; i++)
        vl_tree_add(&tree, leaf_hashes[i]);
    vl_tree_root(&tree, out);
}

/* On each level a node has a neighbour, whose leaves end where the tree ends; the last node of an
 * odd number has none and goes up as it is. */
void vl_tree_path(const uint8_t (*leaf_hashes)[VL_HASH_LEN], uint64_t count, uint64_t index,
                  struct vl_tree_path *path)
{
    path->count = 0;
    for (unsigned level = 0; level < VL_TREE_MAX_PATH && (count - 1) >> level > 0; level++) {
        uint64_t first = (index >> level ^ 1) << level;
        uint64_t width = UINT64_C(1) << level;
        uint8_t hash[VL_HASH_LEN];

        if (first >= count)
            continue;
        root_of(leaf_hashes, first, width < count - first ? first + width : count, hash);
        path_add(path, hash);
    }
}

struct vl_tree_levels {
    size_t level_count;
    uint64_t counts[LEVELS_MAX];
    uint8_t (*levels[LEVELS_MAX])[VL_HASH_LEN]; /* into nodes, from the leaves up */
    uint8_t nodes[][VL_HASH_LEN];
};

static uint64_t half_up(uint64_t count)
{
    return count / 2 + (count & 1);
}

static void fill_level(struct vl_tree_levels *levels, size_t level)
{
    uint64_t below_count = levels->counts[level - 1];
    uint8_t(*below)[VL_HASH_LEN] = levels->levels[level - 1];
    uint8_t(*nodes)[VL_HASH_LEN] = levels->levels[level];

    for (uint64_t i = 0; i < below_count / 2; i++)
        vl_tree_join(below[2 * i], below[2 * i + 1], nodes[i]);
    if (below_count & 1)
        memcpy(nodes[below_count / 2], below[below_count - 1], VL_HASH_LEN);
}

/* How many nodes all the levels have: less than twice the leaves and one for each level. */
static uint64_t node_count(uint64_t count)
{
    uint64_t nodes = count;

    for (; count > 1; nodes += count)
        count = half_up(count);
    return nodes;
}

struct vl_tree_levels *vl_tree_levels_new(const uint8_t (*leaf_hashes)[VL_HASH_LEN], uint64_t count)
{
    struct vl_tree_levels *levels;
    uint8_t(*next)[VL_HASH_LEN];

    if (count > SIZE_MAX / VL_HASH_LEN / 4) /* before a sum can wrap */
        return NULL;
    levels = vl_new(sizeof *levels + (size_t)node_count(count) * VL_HASH_LEN);
    if (!levels)
        return NULL;
    next = levels->nodes;
    for (uint64_t left = count; left > 0; left = left > 1 ? half_up(left) : 0) {
        levels->counts[levels->level_count] = left;
        levels->levels[levels->level_count++] = next;
        next += left;
    }
    if (count > 0)
        memcpy(levels->nodes, leaf_hashes, (size_t)count * VL_HASH_LEN);
    for (size_t level = 1; level < levels->level_count; level++)
        fill_level(levels, level);
    return levels;
}

void vl_tree_levels_path(const struct vl_tree_levels *levels, uint64_t index,
                         struct vl_tree_path *path)
{
    path->count = 0;
    for (size_t level = 0; level + 1 < levels->level_count; level++, index >>= 1)
        if ((index ^ 1) < levels->counts[level])
            path_add(path, levels->levels[level][index ^ 1]);
}

static enum vl_err level_node(void *self, unsigned level, uint64_t index, uint8_t out[VL_HASH_LEN],
                              struct vl_why *why)
{
    const struct vl_tree_levels *levels = self;

    if (level >= levels->level_count || index >= levels->counts[level])
        return vl_fail(why, VL_ERR_NOT_FOUND, "tree: no node %llu on level %u",
                       (unsigned long long)index, level);
    memcpy(out, levels->levels[level][index], VL_HASH_LEN);
    return VL_OK;
}

struct vl_tree_nodes vl_tree_levels_nodes(struct vl_tree_levels *levels)
{
    return (struct vl_tree_nodes){level_node, levels};
}

void vl_tree_levels_free(struct vl_tree_levels *levels)
{
    vl_free(levels);
}

/* RFC 9162, 2.1.3.2, in its own names: fn is where the node stands in its level, sn where the last
 * one stands. */
enum vl_err vl_tree_path_root(const uint8_t leaf_hash[VL_HASH_LEN], uint64_t index, uint64_t count,
                              const struct vl_tree_path *path, uint8_t out[VL_HASH_LEN])
{
    uint64_t fn = index, sn = count - 1;
    uint8_t r[VL_HASH_LEN];

    if (index >= count)
        return VL_ERR_UNVERIFIED;
    memcpy(r, leaf_hash, sizeof r);
    for (size_t i = 0; i < path->count; i++) {
        if (sn == 0) /* comes after 64 steps at the latest */
            return VL_ERR_UNVERIFIED;
        if ((fn & 1) || fn == sn) {
            vl_tree_join(path->at[i], r, r);
            while (!(fn & 1) && fn != 0) {
                fn >>= 1;
                sn >>= 1;
            }
        } else {
            vl_tree_join(r, path->at[i], r);
        }
        fn >>= 1;
        sn >>= 1;
    }
    if (sn != 0)
        return VL_ERR_UNVERIFIED;
    memcpy(out, r, sizeof r);
    return VL_OK;
}

enum vl_err vl_tree_verify(const uint8_t leaf_hash[VL_HASH_LEN], uint64_t index, uint64_t count,
                           const struct vl_tree_path *path, const uint8_t root[VL_HASH_LEN])
{
    uint8_t got[VL_HASH_LEN];
    enum vl_err err = vl_tree_path_root(leaf_hash, index, count, path, got);

    return err || memcmp(got, root, sizeof got) == 0 ? err : VL_ERR_UNVERIFIED;
}
