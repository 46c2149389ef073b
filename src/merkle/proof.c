/* SPDX-License-Identifier: Apache-2.0 */
#include "merkle/proof.h"

#include <string.h>

static enum vl_err check_count(uint64_t count, struct vl_why *why)
{
    return count <= VL_TREE_MAX_COUNT
               ? VL_OK
               : vl_fail(why, VL_ERR_LIMIT, "tree: %llu leaves, more than 2^63",
                         (unsigned long long)count);
}

/* The exponent of the largest power of two that is not above count, which is not 0. */
static unsigned log2_of(uint64_t count)
{
    unsigned log = 0;

    while (count >>= 1)
        log++;
    return log;
}

/* Append the hashes of the whole subtrees that leaves `first` to `end` are, largest first. */
static enum vl_err peaks_of(const struct vl_tree_nodes *nodes, uint64_t first, uint64_t end,
                            uint8_t (*peaks)[VL_HASH_LEN], size_t *peak_count, struct vl_why *why)
{
    *peak_count = 0;
    while (first < end) {
        unsigned level = log2_of(end - first);
        enum vl_err err;

        if (first & ((UINT64_C(1) << level) - 1))
            return vl_fail(why, VL_ERR_USAGE, "tree: leaf %llu begins no subtree of %llu leaves",
                           (unsigned long long)first, 1ULL << level);
        err = nodes->node(nodes->self, level, first >> level, peaks[(*peak_count)++], why);
        if (err)
            return err;
        first += UINT64_C(1) << level;
    }
    return VL_OK;
}

enum vl_err vl_tree_nodes_hash(const struct vl_tree_nodes *nodes, uint64_t first, uint64_t end,
                               uint8_t out[VL_HASH_LEN], struct vl_why *why)
{
    uint8_t peaks[VL_TREE_MAX_PATH][VL_HASH_LEN];
    size_t peak = 0;
    enum vl_err err = check_count(end, why);

    if (!err && first > end)
        err = vl_fail(why, VL_ERR_USAGE, "tree: leaves that end before they begin");
    if (!err)
        err = peaks_of(nodes, first, end, peaks, &peak, why);
    if (err)
        return err;
    if (peak == 0) {
        vl_sha256(VL_BYTES_NONE, out);
        return VL_OK;
    }
    memcpy(out, peaks[--peak], VL_HASH_LEN);
    while (peak > 0)
        vl_tree_join(peaks[--peak], out, out);
    return VL_OK;
}

/* As vl_tree_path does it in memory. */
enum vl_err vl_tree_nodes_path(const struct vl_tree_nodes *nodes, uint64_t count, uint64_t index,
                               struct vl_tree_path *path, struct vl_why *why)
{
    enum vl_err err = check_count(count, why);

    path->count = 0;
    if (!err && index >= count)
        err = vl_fail(why, VL_ERR_USAGE, "tree: leaf %llu is not among %llu",
                      (unsigned long long)index, (unsigned long long)count);
    for (unsigned level = 0; !err && level < VL_TREE_MAX_PATH && (count - 1) >> level > 0;
         level++) {
        uint64_t first = (index >> level ^ 1) << level;
        uint64_t width = UINT64_C(1) << level;

        if (first < count)
            err = vl_tree_nodes_hash(nodes, first, width < count - first ? first + width : count,
                                     path->at[path->count++], why);
    }
    return err;
}

static void turn_round(struct vl_tree_path *path)
{
    for (size_t i = 0; i < path->count / 2; i++) {
        uint8_t *a = path->at[i], *b = path->at[path->count - 1 - i];
        uint8_t held[VL_HASH_LEN];

        memcpy(held, a, sizeof held);
        memcpy(a, b, sizeof held);
        memcpy(b, held, sizeof held);
    }
}

/* RFC 9162, 2.1.4.1, from the root down: what is beside the way to the old tree's end. */
enum vl_err vl_tree_nodes_consistency(const struct vl_tree_nodes *nodes, uint64_t old_count,
                                      uint64_t count, struct vl_tree_path *path, struct vl_why *why)
{
    uint64_t first = 0, end = count;
    enum vl_err err = check_count(count, why);

    path->count = 0;
    if (!err && old_count > count)
        err = vl_fail(why, VL_ERR_USAGE, "tree: %llu leaves do not begin with %llu",
                      (unsigned long long)count, (unsigned long long)old_count);
    if (err || old_count == 0)
        return err;
    while (!err && end != old_count) {
        uint64_t split = UINT64_C(1) << log2_of(end - first - 1);

        if (old_count - first <= split) {
            err = vl_tree_nodes_hash(nodes, first + split, end, path->at[path->count++], why);
            end = first + split;
        } else {
            err = vl_tree_nodes_hash(nodes, first, first + split, path->at[path->count++], why);
            first += split;
        }
    }
    if (!err && first > 0) /* the old tree's last subtree, which its root does not tell alone */
        err = vl_tree_nodes_hash(nodes, first, end, path->at[path->count++], why);
    turn_round(path);
    return err;
}

enum vl_err vl_tree_nodes_resume(const struct vl_tree_nodes *nodes, uint64_t count,
                                 struct vl_tree *tree, struct vl_why *why)
{
    size_t peak_count = 0;
    enum vl_err err = check_count(count, why);

    tree->count = count;
    return err ? err : peaks_of(nodes, 0, count, tree->peaks, &peak_count, why);
}

/* RFC 9162, 2.1.4.2, in its own names: fn and sn are where the last nodes of the old and the new
 * tree stand in their level, fr and sr their roots so far. */
static bool rebuilds_both(uint64_t old_count, const uint8_t old_root[VL_HASH_LEN], uint64_t count,
                          const struct vl_tree_path *path, uint8_t sr[VL_HASH_LEN])
{
    uint64_t fn = old_count - 1, sn = count - 1;
    bool is_whole = (old_count & (old_count - 1)) == 0; /* the path then leaves out the old root */
    uint8_t fr[VL_HASH_LEN];

    if (path->count == 0)
        return false;
    for (; fn & 1; fn >>= 1)
        sn >>= 1;
    memcpy(fr, is_whole ? old_root : path->at[0], sizeof fr);
    memcpy(sr, fr, VL_HASH_LEN);
    for (size_t i = is_whole ? 0 : 1; i < path->count; i++) {
        if (sn == 0)
            return false;
        if ((fn & 1) || fn == sn) {
            vl_tree_join(path->at[i], fr, fr);
            vl_tree_join(path->at[i], sr, sr);
            for (; !(fn & 1) && fn != 0; fn >>= 1)
                sn >>= 1;
        } else {
            vl_tree_join(sr, path->at[i], sr);
        }
        fn >>= 1;
        sn >>= 1;
    }
    return sn == 0 && memcmp(fr, old_root, sizeof fr) == 0;
}

enum vl_err vl_tree_consistency_root(uint64_t old_count, const uint8_t old_root[VL_HASH_LEN],
                                     uint64_t count, const struct vl_tree_path *path,
                                     uint8_t out[VL_HASH_LEN])
{
    if (old_count == 0 || old_count > count)
        return VL_ERR_UNVERIFIED;
    if (old_count < count)
        return rebuilds_both(old_count, old_root, count, path, out) ? VL_OK : VL_ERR_UNVERIFIED;
    memcpy(out, old_root, VL_HASH_LEN);
    return path->count == 0 ? VL_OK : VL_ERR_UNVERIFIED;
}

enum vl_err vl_tree_verify_consistency(uint64_t old_count, const uint8_t old_root[VL_HASH_LEN],
                                       uint64_t count, const uint8_t root[VL_HASH_LEN],
                                       const struct vl_tree_path *path)
{
    uint8_t got[VL_HASH_LEN];

    if (old_count == 0 && count == 0) { /* which has one root */
        vl_sha256(VL_BYTES_NONE, got);
        if (path->count > 0 || memcmp(old_root, got, sizeof got) != 0)
            return VL_ERR_UNVERIFIED;
    } else if (vl_tree_consistency_root(old_count, old_root, count, path, got)) {
        return VL_ERR_UNVERIFIED;
    }
    return memcmp(got, root, sizeof got) == 0 ? VL_OK : VL_ERR_UNVERIFIED;
}
