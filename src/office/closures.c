/* SPDX-License-Identifier: Apache-2.0 */
#include "office/closures.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "merkle/tree.h"

/* --- keeping ---------------------------------------------------------------------------------- */

enum vl_err vl_closes_keep(struct vl_store *store, const uint8_t card_id[VL_HASH_LEN], vl_bytes ids,
                           struct vl_why *why)
{
    struct vl_tie tie = {.kind = VL_TIE_CLOSES, .bytes = ids};

    memcpy(tie.about, card_id, VL_HASH_LEN);
    memcpy(tie.key, card_id, VL_HASH_LEN);
    return vl_store_put_tie(store, &tie, why);
}

/* [index, path] */
enum vl_err vl_closure_keep(struct vl_store *store, const struct vl_closure *closure,
                            struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(8192);
    struct vl_cbor_out w = vl_cbor_to(&bytes);
    struct vl_tie tie = {.kind = VL_TIE_CLOSURE};
    struct vl_tree_path path;

    vl_closure_path(closure, &path);
    vl_cbor_put_array(&w, 2);
    vl_cbor_put_uint(&w, closure->index);
    vl_cbor_put_bytes(&w, vl_bytes_of(path.at, path.count * VL_HASH_LEN));
    if (w.err)
        return vl_fail(why, w.err, "%s", vl_err_words(w.err));
    memcpy(tie.about, closure->id, VL_HASH_LEN);
    memcpy(tie.key, closure->card_id, VL_HASH_LEN);
    tie.bytes = vl_buf_bytes(&bytes);
    return vl_store_put_tie(store, &tie, why);
}

/* --- the acts of a file ----------------------------------------------------------------------- */

void vl_closing_acts_release(struct vl_closing_acts *acts)
{
    vl_free(acts->at);
    *acts = (struct vl_closing_acts)VL_CLOSING_ACTS_INIT;
}

enum vl_err vl_closing_acts_add(struct vl_closing_acts *acts, const uint8_t id[VL_HASH_LEN],
                                const struct vl_office_id *issuer)
{
    if (acts->count == acts->cap) {
        const size_t cap = acts->cap ? 2 * acts->cap : 16;
        void *block = acts->at;
        enum vl_err err = vl_grow(&block, acts->cap * sizeof *acts->at, cap * sizeof *acts->at);

        if (err)
            return err;
        acts->at = block;
        acts->cap = cap;
    }
    memcpy(acts->at[acts->count].id, id, VL_HASH_LEN);
    acts->at[acts->count].issuer = *issuer;
    acts->count++;
    return VL_OK;
}

static int by_id(const void *a, const void *b)
{
    const struct vl_closing_act *left = a, *right = b;

    return memcmp(left->id, right->id, VL_HASH_LEN);
}

/* --- own ones --------------------------------------------------------------------------------- */

/* What one own card closes; the tree is made when it is asked for first. */
struct closes {
    const uint8_t *card_id;
    struct vl_buf ids;
    struct vl_tree_levels *levels;
};

struct putting {
    struct vl_home *home;
    struct vl_evidence_out *out;
    const struct vl_office_id *issuer;
    bool done; /* this act has its closure */
    size_t own_count;
    struct closes *own; /* NULL: not read yet */
};

static void release(struct putting *putting)
{
    for (size_t i = 0; i < putting->own_count; i++) {
        vl_buf_release(&putting->own[i].ids);
        vl_tree_levels_free(putting->own[i].levels);
    }
    vl_free(putting->own);
}

static enum vl_err read_own(struct putting *putting, struct vl_why *why)
{
    const struct vl_chain *chain = &putting->home->chain;
    enum vl_err err = VL_OK;

    putting->own = vl_new(chain->count * sizeof *putting->own);
    if (!putting->own)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for what the cards close");
    for (size_t i = 1; !err && i < chain->count; i++) {
        struct closes *closes = &putting->own[putting->own_count++];

        *closes = (struct closes){.card_id = chain->links[i].card.object.id,
                                  .ids = VL_BUF_INIT(VL_TIE_MAX_LEN)};
        err = vl_store_tie(putting->home->store, VL_TIE_CLOSES, closes->card_id, closes->card_id,
                           &closes->ids, why);
        if (err == VL_ERR_NOT_FOUND) /* it closes nothing, or was made before this was kept */
            err = VL_OK;
    }
    return err;
}

static bool find_id(vl_bytes ids, const uint8_t *id, size_t *index)
{
    const size_t count = ids.len / VL_HASH_LEN;
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (memcmp(ids.ptr + middle * VL_HASH_LEN, id, VL_HASH_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *index = low;
    return low < count && memcmp(ids.ptr + low * VL_HASH_LEN, id, VL_HASH_LEN) == 0;
}

static enum vl_err grow_tree(struct closes *closes, struct vl_why *why)
{
    const size_t count = closes->ids.len / VL_HASH_LEN;
    uint8_t(*leaves)[VL_HASH_LEN] = vl_new(count * VL_HASH_LEN);

    if (leaves) {
        for (size_t i = 0; i < count; i++)
            vl_tree_leaf(vl_bytes_of(closes->ids.data + i * VL_HASH_LEN, VL_HASH_LEN), leaves[i]);
        closes->levels = vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])leaves, count);
    }
    vl_free(leaves);
    return closes->levels ? VL_OK
                          : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for what a card closes");
}

/* Several cards may close one id: the first after the act is enough. */
static enum vl_err put_own(struct putting *putting, const uint8_t *act, struct vl_why *why)
{
    enum vl_err err = putting->own ? VL_OK : read_own(putting, why);

    for (size_t i = 0; !err && i < putting->own_count; i++) {
        struct closes *closes = &putting->own[i];
        struct vl_tree_path path;
        size_t index;

        if (!find_id(vl_buf_bytes(&closes->ids), act, &index))
            continue;
        if (!closes->levels)
            err = grow_tree(closes, why);
        if (err)
            return err;
        vl_tree_levels_path(closes->levels, index, &path);
        return vl_evidence_put_closure(putting->out, act, closes->card_id, index, &path);
    }
    return err;
}

/* --- those of others -------------------------------------------------------------------------- */

static enum vl_err put_kept(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct putting *putting = self;
    const struct vl_chain *chain = vl_home_chain(putting->home, putting->issuer);
    struct vl_cbor r = vl_cbor_open(tie->bytes, VL_CBOR_STRICT);
    struct vl_tree_path path = {.count = 0};
    uint64_t index;
    vl_bytes hashes;
    enum vl_err err;

    /* After a fork that card may be of the branch that is not kept. */
    if (putting->done || !chain || !vl_chain_find(chain, tie->key, NULL))
        return VL_OK;
    vl_cbor_array(&r, 2, 2);
    index = vl_cbor_uint(&r, VL_BATCH_MAX - 1);
    hashes = vl_cbor_bytes(&r, 0, sizeof path.at);
    err = vl_cbor_close(&r, "a kept closure", why);
    path.count = hashes.len / VL_HASH_LEN;
    if (!err && hashes.len > 0)
        memcpy(path.at, hashes.ptr, path.count * VL_HASH_LEN);
    putting->done = true;
    return err ? err : vl_evidence_put_closure(putting->out, tie->about, tie->key, index, &path);
}

enum vl_err vl_closures_put(struct vl_home *home, struct vl_closing_acts *acts,
                            struct vl_evidence_out *out, struct vl_why *why)
{
    struct putting putting = {.home = home, .out = out};
    enum vl_err err = VL_OK;

    if (acts->count > 1)
        qsort(acts->at, acts->count, sizeof *acts->at, by_id);
    for (size_t i = 0; !err && i < acts->count; i++) {
        putting.issuer = &acts->at[i].issuer;
        putting.done = false;
        if (!vl_office_id_eq(putting.issuer, &home->own))
            err =
                vl_store_ties(home->store, VL_TIE_CLOSURE, acts->at[i].id, put_kept, &putting, why);
        else if (home->chain.count > 1)
            err = put_own(&putting, acts->at[i].id, why);
    }
    release(&putting);
    return err;
}
