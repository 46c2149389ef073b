/* SPDX-License-Identifier: Apache-2.0 */
/* The leaves of acts over very many letters, kept so that one of them is found, and its path made,
 * without reading the others.
 *
 * A piece has PIECE leaves, and the last one perhaps less.  PIECE is a power of two, so each whole
 * piece is a subtree of the act's tree (RFC 9162, 2.1.1), and that tree is one over the roots of
 * the pieces.  What is kept of it is the first number and the root of each piece. */
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"

#define PIECE VL_ACTS_PIECE
/* Of a piece as its act's tree is kept: number of its first leaf, root. */
#define ENTRY ((size_t)2 * VL_HASH_LEN)

/* --- the tree --------------------------------------------------------------------------------- */

void vl_acts_tree_release(struct vl_acts_tree *tree)
{
    vl_buf_release(&tree->pieces);
    *tree = (struct vl_acts_tree)VL_ACTS_TREE_INIT;
}

static enum vl_err end_piece(struct vl_acts_tree *tree)
{
    uint8_t root[VL_HASH_LEN];

    if (tree->piece.count == 0)
        return VL_OK;
    vl_tree_root(&tree->piece, root);
    tree->piece = (struct vl_tree)VL_TREE_INIT;
    return vl_buf_put(&tree->pieces, VL_ARRAY(root));
}

enum vl_err vl_acts_tree_add(struct vl_acts_tree *tree, const uint8_t number[VL_HASH_LEN],
                             const uint8_t leaf_hash[VL_HASH_LEN], struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (tree->count % PIECE == 0) {
        err = end_piece(tree);
        if (!err)
            err = vl_buf_put(&tree->pieces, vl_bytes_of(number, VL_HASH_LEN));
    }
    if (err)
        return vl_fail(why, err, "no memory for the tree of an act");
    vl_tree_add(&tree->piece, leaf_hash);
    tree->count++;
    return VL_OK;
}

enum vl_err vl_acts_tree_keep(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                              struct vl_acts_tree *tree, struct vl_why *why)
{
    struct vl_tie tie = {.kind = VL_TIE_TREE};
    enum vl_err err;

    if (tree->count <= VL_ACTS_ABOUT_MAX)
        return VL_OK;
    err = end_piece(tree);
    if (err)
        return vl_fail(why, err, "no memory for the tree of an act");
    memcpy(tie.about, act, VL_HASH_LEN);
    memcpy(tie.key, act, VL_HASH_LEN);
    tie.bytes = vl_buf_bytes(&tree->pieces);
    return vl_store_put_tie(store, &tie, why);
}

enum vl_err vl_acts_tree_tops(vl_bytes pieces, struct vl_tree_levels **out, struct vl_why *why)
{
    const size_t count = pieces.len / ENTRY;
    uint8_t(*roots)[VL_HASH_LEN] = vl_new((count + 1) * VL_HASH_LEN);

    *out = NULL;
    for (size_t i = 0; roots && i < count; i++)
        memcpy(roots[i], pieces.ptr + i * ENTRY + VL_HASH_LEN, VL_HASH_LEN);
    if (roots)
        *out = vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])roots, count);
    vl_free(roots);
    return *out ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the tree of an act");
}

bool vl_acts_tree_piece(vl_bytes pieces, uint64_t piece, const uint8_t **first,
                        const uint8_t **root)
{
    if (piece >= pieces.len / ENTRY)
        return false;
    *first = pieces.ptr + piece * ENTRY;
    *root = *first + VL_HASH_LEN;
    return true;
}

void vl_acts_tree_path(const struct vl_tree_levels *tops, uint64_t piece, struct vl_tree_path *path)
{
    struct vl_tree_path upper;

    vl_tree_levels_path(tops, piece, &upper);
    for (size_t i = 0; i < upper.count && path->count < VL_TREE_MAX_PATH; i++)
        memcpy(path->at[path->count++], upper.at[i], VL_HASH_LEN);
}

/* --- leaves ----------------------------------------------------------------------------------- */

static enum vl_err keep_few(struct vl_store *store, const uint8_t *act, vl_bytes leaves,
                            struct vl_why *why)
{
    struct vl_tie tie = {.kind = VL_TIE_BATCH, .bytes = leaves};

    memcpy(tie.about, act, VL_HASH_LEN);
    memcpy(tie.key, act, VL_HASH_LEN);
    return vl_store_put_tie(store, &tie, why);
}

static enum vl_err keep_piece(struct vl_store *store, const uint8_t *act, vl_bytes piece,
                              struct vl_acts_tree *tree, struct vl_why *why)
{
    struct vl_tie tie = {.kind = VL_TIE_LEAVES, .bytes = piece};
    uint8_t room[VL_CUSTODY_LEAF_MAX], hash[VL_HASH_LEN];
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < piece.len / VL_ACTS_LEAF_LEN; i++) {
        vl_tree_leaf(vl_acts_custody_leaf(piece, i, room), hash);
        err = vl_acts_tree_add(tree, piece.ptr + i * VL_ACTS_LEAF_LEN, hash, why);
    }
    memcpy(tie.about, act, VL_HASH_LEN);
    memcpy(tie.key, piece.ptr, VL_HASH_LEN);
    return err ? err : vl_store_put_tie(store, &tie, why);
}

enum vl_err vl_acts_leaves_keep(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                                vl_bytes leaves, struct vl_why *why)
{
    VL_AUTO(vl_acts_tree_release) struct vl_acts_tree tree = VL_ACTS_TREE_INIT;
    enum vl_err err = VL_OK;

    if (leaves.len / VL_ACTS_LEAF_LEN <= VL_ACTS_ABOUT_MAX)
        return keep_few(store, act, leaves, why);
    while (!err && leaves.len > 0) {
        const vl_bytes piece = vl_bytes_first(leaves, PIECE * VL_ACTS_LEAF_LEN);

        err = keep_piece(store, act, piece, &tree, why);
        leaves = vl_bytes_after(leaves, piece.len);
    }
    return err ? err : vl_acts_tree_keep(store, act, &tree, why);
}

static enum vl_err append_piece(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    enum vl_err err = vl_buf_put(self, tie->bytes);

    return err ? vl_fail(why, err, "no memory for the leaves of an act") : VL_OK;
}

enum vl_err vl_acts_leaves(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                           struct vl_buf *leaves, struct vl_why *why)
{
    const size_t before = leaves->len;
    enum vl_err err = vl_store_tie(store, VL_TIE_BATCH, act, act, leaves, why);

    if (err != VL_ERR_NOT_FOUND)
        return err;
    err = vl_store_ties(store, VL_TIE_LEAVES, act, append_piece, leaves, why);
    if (!err && leaves->len == before)
        err = vl_fail(why, VL_ERR_NOT_FOUND, "the leaves of this act are not here");
    if (err)
        leaves->len = before;
    return err;
}

/* --- one of them ------------------------------------------------------------------------------ */

/* A piece in which the number is, if it is in any. */
struct found {
    const uint8_t *number;
    bool has;
    size_t index; /* in the piece */
    uint8_t key[VL_HASH_LEN];
    struct vl_buf piece;
};

static enum vl_err look_into(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct found *found = self;
    enum vl_err err;

    if (!vl_acts_leaf_index(tie->bytes, found->number, &found->index))
        return VL_OK;
    err = vl_buf_put(&found->piece, tie->bytes);
    if (err)
        return vl_fail(why, err, "more leaves in a piece than it has");
    found->has = true;
    memcpy(found->key, tie->key, VL_HASH_LEN);
    return VL_OK;
}

/* The path to the root of its piece, which is what it should be. */
static enum vl_err path_in_piece(const struct found *found, const uint8_t *root,
                                 struct vl_buf *leaf, struct vl_tree_path *path, struct vl_why *why)
{
    const vl_bytes piece = vl_buf_bytes(&found->piece);
    uint8_t hash[VL_HASH_LEN], top[VL_HASH_LEN];
    enum vl_err err = vl_acts_leaf_path(piece, found->index, leaf, path, why);

    if (err)
        return err;
    vl_tree_leaf(vl_buf_bytes(leaf), hash);
    if (vl_tree_path_root(hash, found->index, piece.len / VL_ACTS_LEAF_LEN, path, top) != VL_OK ||
        memcmp(top, root, VL_HASH_LEN) != 0)
        return vl_fail(why, VL_ERR_FORMAT, "the leaves of an act are not what they were");
    return VL_OK;
}

static enum vl_err fill_place(struct vl_store *store, const uint8_t *act, const struct found *found,
                              struct vl_acts_place *place, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf pieces = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_tree_levels *tops = NULL;
    const uint8_t *first, *root;
    size_t at = 0;
    enum vl_err err = vl_store_tie(store, VL_TIE_TREE, act, act, &pieces, why);

    if (err)
        return err;
    if (!vl_acts_leaf_index(vl_buf_bytes(&pieces), found->key, &at) ||
        !vl_acts_tree_piece(vl_buf_bytes(&pieces), at, &first, &root))
        return vl_fail(why, VL_ERR_FORMAT, "the tree of an act has not all its leaves");
    err = path_in_piece(found, root, place->leaf, place->path, why);
    if (!err)
        err = vl_acts_tree_tops(vl_buf_bytes(&pieces), &tops, why);
    if (!err)
        vl_acts_tree_path(tops, at, place->path);
    vl_tree_levels_free(tops);
    place->index = at * PIECE + found->index;
    return err;
}

/* All of them are read: of few, or where an older home has no tree of them. */
static enum vl_err find_among_all(vl_bytes leaves, const uint8_t *number,
                                  struct vl_acts_place *place, struct vl_why *why)
{
    size_t index;

    place->has = vl_acts_leaf_index(leaves, number, &index);
    place->index = index;
    return place->has ? vl_acts_leaf_path(leaves, index, place->leaf, place->path, why) : VL_OK;
}

enum vl_err vl_acts_place_find(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                               const uint8_t number[VL_HASH_LEN], struct vl_acts_place *place,
                               struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct found found = {.number = number, .piece = VL_BUF_INIT(PIECE * VL_ACTS_LEAF_LEN)};
    enum vl_err err = vl_store_tie(store, VL_TIE_BATCH, act, act, &leaves, why);

    place->has = false;
    if (!err)
        return find_among_all(vl_buf_bytes(&leaves), number, place, why);
    if (err == VL_ERR_NOT_FOUND)
        err = vl_store_ties_below(store, VL_TIE_LEAVES, act, number, look_into, &found, why);
    if (!err && found.has) {
        err = fill_place(store, act, &found, place, why);
        place->has = !err;
        if (err == VL_ERR_NOT_FOUND) {
            err = vl_acts_leaves(store, act, &leaves, why);
            if (!err)
                err = find_among_all(vl_buf_bytes(&leaves), number, place, why);
        }
    }
    vl_buf_release(&found.piece);
    return err;
}

struct having {
    const uint8_t *number;
    enum vl_err (*visit)(void *self, const uint8_t act[VL_HASH_LEN], struct vl_why *why);
    void *self;
};

static enum vl_err see_piece(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    const struct having *having = self;
    size_t index;

    if (!vl_acts_leaf_index(tie->bytes, having->number, &index))
        return VL_OK;
    return having->visit(having->self, tie->about, why);
}

enum vl_err vl_acts_over_many(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                              enum vl_err (*visit)(void *self, const uint8_t act[VL_HASH_LEN],
                                                   struct vl_why *why),
                              void *self, struct vl_why *why)
{
    struct having having = {number, visit, self};

    return vl_store_ties_below(store, VL_TIE_LEAVES, NULL, number, see_piece, &having, why);
}
