/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "evidence/evidence.h"

/* With the heads of the file and of its four members, which are shorter than that. */
static bool is_full(const struct vl_evidence_out *out)
{
    return out->chains.len + out->items.len + out->closures.len + out->reserved + 64 > out->max_len;
}

enum vl_err vl_evidence_put_chain(struct vl_evidence_out *out, vl_bytes card_file)
{
    const size_t before = out->chains.len;
    enum vl_err err;

    if (out->chain_count == VL_EVIDENCE_MAX_CHAINS)
        return VL_ERR_LIMIT;
    err = vl_buf_put(&out->chains, card_file);
    if (!err && is_full(out))
        err = VL_ERR_LIMIT;
    if (err)
        out->chains.len = before;
    else
        out->chain_count++;
    return err;
}

static void put_path(struct vl_cbor_out *w, const struct vl_tree_path *path)
{
    vl_cbor_put_array(w, path->count);
    for (size_t i = 0; i < path->count; i++)
        vl_cbor_put_bytes(w, VL_ARRAY(path->at[i]));
}

static void put_leaf(struct vl_cbor_out *w, const struct vl_evidence_leaf *leaf)
{
    vl_cbor_put_array(w, 3);
    vl_cbor_put_bytes(w, leaf->leaf);
    vl_cbor_put_uint(w, leaf->index);
    put_path(w, &leaf->path);
}

static enum vl_err check_leaves(const struct vl_evidence_leaf *leaves, size_t leaf_count)
{
    for (size_t i = 0; i < leaf_count; i++) {
        if (leaves[i].leaf.len < 1 || leaves[i].leaf.len > VL_WAYBILL_MAX_LEN ||
            leaves[i].index >= VL_BATCH_MAX || leaves[i].path.count > VL_TREE_MAX_PATH)
            return VL_ERR_LIMIT;
        if (i > 0 && leaves[i].index <= leaves[i - 1].index)
            return VL_ERR_FORMAT;
    }
    return VL_OK;
}

enum vl_err vl_evidence_put(struct vl_evidence_out *out, vl_bytes object,
                            const struct vl_evidence_leaf *leaves, size_t leaf_count)
{
    struct vl_cbor_out w = vl_cbor_to(&out->items);
    size_t before = out->items.len;

    if (out->item_count == VL_EVIDENCE_MAX_ITEMS || leaf_count > VL_EVIDENCE_MAX_LEAVES ||
        leaf_count > VL_EVIDENCE_MAX_ALL_LEAVES - out->leaf_count)
        return VL_ERR_LIMIT;
    w.err = check_leaves(leaves, leaf_count);
    vl_cbor_put_array(&w, 2);
    vl_cbor_put_item(&w, object);
    vl_cbor_put_array(&w, leaf_count);
    for (size_t i = 0; i < leaf_count; i++)
        put_leaf(&w, &leaves[i]);
    if (!w.err && is_full(out))
        w.err = VL_ERR_LIMIT;
    if (w.err) {
        out->items.len = before;
        return w.err;
    }
    out->item_count++;
    out->leaf_count += leaf_count;
    return VL_OK;
}

enum vl_err vl_evidence_put_closure(struct vl_evidence_out *out, const uint8_t id[VL_HASH_LEN],
                                    const uint8_t card_id[VL_HASH_LEN], uint64_t index,
                                    const struct vl_tree_path *path)
{
    struct vl_cbor_out w = vl_cbor_to(&out->closures);
    size_t before = out->closures.len;
    uint8_t both[2 * VL_HASH_LEN];

    memcpy(both, id, VL_HASH_LEN);
    memcpy(both + VL_HASH_LEN, card_id, VL_HASH_LEN);
    if (out->closure_count == VL_EVIDENCE_MAX_CLOSURES || index >= VL_BATCH_MAX ||
        path->count > VL_TREE_MAX_PATH)
        return VL_ERR_LIMIT;
    if (out->closure_count > 0 && memcmp(out->last_closure, both, sizeof both) >= 0)
        return VL_ERR_FORMAT;
    vl_cbor_put_array(&w, 4);
    vl_cbor_put_bytes(&w, vl_bytes_of(id, VL_HASH_LEN));
    vl_cbor_put_bytes(&w, vl_bytes_of(card_id, VL_HASH_LEN));
    vl_cbor_put_uint(&w, index);
    put_path(&w, path);
    if (w.err) {
        out->closures.len = before;
        return w.err;
    }
    memcpy(out->last_closure, both, sizeof both);
    out->closure_count++;
    return VL_OK;
}

enum vl_err vl_evidence_finish(const struct vl_evidence_out *out, struct vl_buf *to)
{
    struct vl_cbor_out w = vl_cbor_to(to);
    size_t before = to->len;

    vl_cbor_put_array(&w, 4);
    vl_cbor_put_text(&w, VL_LITERAL(VL_EVIDENCE_VERSION));
    vl_cbor_put_array(&w, out->chain_count);
    vl_cbor_put_item(&w, vl_buf_bytes(&out->chains));
    vl_cbor_put_array(&w, out->item_count);
    vl_cbor_put_item(&w, vl_buf_bytes(&out->items));
    vl_cbor_put_array(&w, out->closure_count);
    vl_cbor_put_item(&w, vl_buf_bytes(&out->closures));
    if (!w.err && to->len - before > VL_EVIDENCE_MAX_LEN)
        w.err = VL_ERR_LIMIT;
    if (w.err)
        to->len = before;
    return w.err;
}

void vl_evidence_out_release(struct vl_evidence_out *out)
{
    vl_buf_release(&out->chains);
    vl_buf_release(&out->items);
    vl_buf_release(&out->closures);
    *out = (struct vl_evidence_out)VL_EVIDENCE_OUT_INIT;
}
