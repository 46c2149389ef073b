/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/evidence.h"

#include <string.h>

#include "base/alloc.h"

#define VERSION_TEXT "valise/evidence/v1"

/* A list that grows as its members come: what a sender promises costs nothing. */
static enum vl_err room_for_one(void **list, size_t count, size_t *cap, size_t one, size_t promised,
                                struct vl_why *why)
{
    size_t wanted = *cap < promised / 2 ? *cap * 2 + 1 : promised;

    if (count < *cap)
        return VL_OK;
    if (vl_grow(list, *cap * one, wanted * one))
        return vl_fail(why, VL_ERR_NO_MEMORY, "%s", vl_err_words(VL_ERR_NO_MEMORY));
    *cap = wanted;
    return VL_OK;
}

static enum vl_err read_chains(struct vl_cbor *r, struct vl_evidence *evidence, struct vl_why *why)
{
    size_t promised = vl_cbor_array(r, 0, VL_EVIDENCE_MAX_CHAINS), cap = 0;

    for (size_t i = 0; i < promised; i++) {
        vl_bytes wire = vl_cbor_item(r);
        void *list = evidence->chains;
        enum vl_err err;

        if (!vl_cbor_ok(r))
            break;
        err = room_for_one(&list, i, &cap, sizeof *evidence->chains, promised, why);
        if (err)
            return err;
        evidence->chains = list;
        evidence->chains[i] = (struct vl_chain)VL_CHAIN_INIT;
        err = vl_chain_parse(wire, &evidence->chains[i], why);
        if (err)
            return vl_fail_in(why, err, "card file %zu", i + 1);
        /* Only those before it are counted yet. */
        if (vl_evidence_chain(evidence, &evidence->chains[i].office)) {
            vl_chain_release(&evidence->chains[i]);
            return vl_fail(why, VL_ERR_FORMAT, "card file %zu is a second one of its office",
                           i + 1);
        }
        evidence->chain_count = i + 1;
    }
    return VL_OK;
}

static void read_path(struct vl_cbor *r, struct vl_tree_path *path)
{
    path->count = vl_cbor_array(r, 0, VL_TREE_MAX_PATH);
    for (size_t i = 0; i < path->count; i++) {
        vl_bytes hash = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);

        if (hash.len == VL_HASH_LEN)
            memcpy(path->at[i], hash.ptr, VL_HASH_LEN);
    }
}

static void read_leaf(struct vl_cbor *r, struct vl_evidence_leaf *leaf)
{
    (void)vl_cbor_array(r, 3, 3);
    leaf->leaf = vl_cbor_bytes(r, 1, VL_WAYBILL_MAX_LEN);
    leaf->index = vl_cbor_uint(r, VL_BATCH_MAX - 1);
    read_path(r, &leaf->path);
}

static enum vl_err read_leaves(struct vl_cbor *r, struct vl_evidence_item *item, size_t most,
                               struct vl_why *why)
{
    size_t promised = vl_cbor_array(r, 0, VL_EVIDENCE_MAX_LEAVES), cap = 0;

    if (promised > most)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d leaves in all", VL_EVIDENCE_MAX_ALL_LEAVES);
    for (size_t i = 0; i < promised && vl_cbor_ok(r); i++) {
        void *list = item->leaves;
        enum vl_err err = room_for_one(&list, i, &cap, sizeof *item->leaves, promised, why);

        if (err)
            return err;
        item->leaves = list;
        read_leaf(r, &item->leaves[i]);
        item->leaf_count = i + 1;
        if (i > 0 && vl_cbor_ok(r) && item->leaves[i].index <= item->leaves[i - 1].index)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "leaves that do not ascend by index");
    }
    return VL_OK;
}

static void item_release(struct vl_evidence_item *item)
{
    vl_object_release(&item->object);
    vl_free(item->leaves);
    *item = (struct vl_evidence_item){.object = VL_OBJECT_INIT};
}

static enum vl_err read_item(struct vl_cbor *r, struct vl_evidence_item *item, size_t most_leaves,
                             struct vl_why *why)
{
    vl_bytes wire;
    enum vl_err err = VL_OK;

    *item = (struct vl_evidence_item){.object = VL_OBJECT_INIT};
    (void)vl_cbor_array(r, 2, 2);
    wire = vl_cbor_item(r);
    if (vl_cbor_ok(r))
        err = vl_object_parse(wire, &item->object, why);
    return err ? err : read_leaves(r, item, most_leaves, why);
}

static enum vl_err read_items(struct vl_cbor *r, struct vl_evidence *evidence, struct vl_why *why)
{
    size_t promised = vl_cbor_array(r, 0, VL_EVIDENCE_MAX_ITEMS), cap = 0;
    size_t leaves_left = VL_EVIDENCE_MAX_ALL_LEAVES;

    for (size_t i = 0; i < promised && vl_cbor_ok(r); i++) {
        void *list = evidence->items;
        enum vl_err err = room_for_one(&list, i, &cap, sizeof *evidence->items, promised, why);

        if (err)
            return err;
        evidence->items = list;
        evidence->item_count = i + 1;
        err = read_item(r, &evidence->items[i], leaves_left, why);
        if (err)
            return vl_fail_in(why, err, "act %zu", i + 1);
        leaves_left -= evidence->items[i].leaf_count;
    }
    return VL_OK;
}

static enum vl_err read_all(struct vl_evidence *evidence, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&evidence->wire), VL_CBOR_STRICT);
    vl_bytes version;
    enum vl_err err;

    (void)vl_cbor_array(&r, 3, 3);
    version = vl_cbor_text(&r, 1, sizeof VERSION_TEXT - 1);
    if (!vl_bytes_eq(version, VL_LITERAL(VERSION_TEXT)))
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "not " VERSION_TEXT);
    err = read_chains(&r, evidence, why);
    if (!err)
        err = read_items(&r, evidence, why);
    return err ? vl_fail_in(why, err, "evidence") : vl_cbor_close(&r, "evidence", why);
}

enum vl_err vl_evidence_parse(vl_bytes wire, struct vl_evidence *evidence, struct vl_why *why)
{
    enum vl_err err = vl_buf_put(&evidence->wire, wire);

    if (err == VL_ERR_LIMIT)
        err =
            vl_fail(why, err, "evidence: %zu bytes, more than %zu", wire.len, VL_EVIDENCE_MAX_LEN);
    else if (err)
        err = vl_fail(why, err, "evidence: %s", vl_err_words(err));
    else
        err = read_all(evidence, why);
    if (err)
        vl_evidence_release(evidence);
    return err;
}

void vl_evidence_release(struct vl_evidence *evidence)
{
    for (size_t i = 0; i < evidence->chain_count; i++)
        vl_chain_release(&evidence->chains[i]);
    vl_free(evidence->chains);
    for (size_t i = 0; i < evidence->item_count; i++)
        item_release(&evidence->items[i]);
    vl_free(evidence->items);
    vl_buf_release(&evidence->wire);
    *evidence = (struct vl_evidence)VL_EVIDENCE_INIT;
}

const struct vl_chain *vl_evidence_chain(const struct vl_evidence *evidence,
                                         const struct vl_office_id *office)
{
    for (size_t i = 0; i < evidence->chain_count; i++)
        if (vl_office_id_eq(&evidence->chains[i].office, office))
            return &evidence->chains[i];
    return NULL;
}

static const struct vl_chain *find_in_evidence(void *self, const struct vl_office_id *office)
{
    return vl_evidence_chain(self, office);
}

struct vl_keyring vl_evidence_keyring(struct vl_evidence *evidence)
{
    return (struct vl_keyring){find_in_evidence, evidence};
}

enum vl_err vl_evidence_put_chain(struct vl_evidence_out *out, vl_bytes card_file)
{
    enum vl_err err;

    if (out->chain_count == VL_EVIDENCE_MAX_CHAINS)
        return VL_ERR_LIMIT;
    err = vl_buf_put(&out->chains, card_file);
    if (!err)
        out->chain_count++;
    return err;
}

static void put_leaf(struct vl_cbor_out *w, const struct vl_evidence_leaf *leaf)
{
    vl_cbor_put_array(w, 3);
    vl_cbor_put_bytes(w, leaf->leaf);
    vl_cbor_put_uint(w, leaf->index);
    vl_cbor_put_array(w, leaf->path.count);
    for (size_t i = 0; i < leaf->path.count; i++)
        vl_cbor_put_bytes(w, VL_ARRAY(leaf->path.at[i]));
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
    if (w.err) {
        out->items.len = before;
        return w.err;
    }
    out->item_count++;
    out->leaf_count += leaf_count;
    return VL_OK;
}

enum vl_err vl_evidence_finish(const struct vl_evidence_out *out, struct vl_buf *to)
{
    struct vl_cbor_out w = vl_cbor_to(to);
    size_t before = to->len;

    vl_cbor_put_array(&w, 3);
    vl_cbor_put_text(&w, VL_LITERAL(VERSION_TEXT));
    vl_cbor_put_array(&w, out->chain_count);
    vl_cbor_put_item(&w, vl_buf_bytes(&out->chains));
    vl_cbor_put_array(&w, out->item_count);
    vl_cbor_put_item(&w, vl_buf_bytes(&out->items));
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
    *out = (struct vl_evidence_out)VL_EVIDENCE_OUT_INIT;
}
