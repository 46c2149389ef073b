/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/batch.h"

#include <string.h>

#include "custody/note.h"

enum vl_leaf_kind vl_leaf_kind_of(enum vl_kind kind)
{
    if (kind == VL_KIND_SEALED)
        return VL_LEAF_WAYBILL;
    if (kind == VL_KIND_SEEN)
        return VL_LEAF_ID;
    if (kind == VL_KIND_MANIFEST)
        return VL_LEAF_REPLY;
    if (kind == VL_KIND_TRANSFERRED || kind == VL_KIND_ACCEPTED || kind == VL_KIND_RECEIPTED ||
        kind == VL_KIND_REFUSED || vl_note_kind(kind, NULL))
        return VL_LEAF_CUSTODY;
    return VL_LEAF_NONE;
}

struct vl_custody_leaf vl_custody_leaf_of(const uint8_t number[VL_HASH_LEN], vl_bytes waybill)
{
    struct vl_custody_leaf leaf = {.has_waybill = true};

    memcpy(leaf.number, number, VL_HASH_LEN);
    vl_sha256(waybill, leaf.waybill);
    return leaf;
}

/* The heads are those of deterministic CBOR: an array of two, strings of 32 bytes, null. */
#define ARRAY_OF_2 0x82
#define BYTES_HEAD 0x58
#define NULL_ITEM  0xf6

static size_t put_hash(uint8_t *at, const uint8_t hash[VL_HASH_LEN])
{
    at[0] = BYTES_HEAD;
    at[1] = VL_HASH_LEN;
    memcpy(at + 2, hash, VL_HASH_LEN);
    return 2 + VL_HASH_LEN;
}

vl_bytes vl_custody_leaf_write(const struct vl_custody_leaf *leaf, uint8_t out[VL_CUSTODY_LEAF_MAX])
{
    size_t len = 1;

    out[0] = ARRAY_OF_2;
    len += put_hash(out + len, leaf->number);
    if (leaf->has_waybill)
        len += put_hash(out + len, leaf->waybill);
    else
        out[len++] = NULL_ITEM;
    return vl_bytes_of(out, len);
}

vl_bytes vl_id_leaf_write(const uint8_t id[VL_HASH_LEN], uint8_t out[VL_ID_LEAF_LEN])
{
    return vl_bytes_of(out, put_hash(out, id));
}

enum vl_err vl_custody_leaf_parse(vl_bytes wire, struct vl_custody_leaf *leaf, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    enum vl_err err;

    *leaf = (struct vl_custody_leaf){.has_waybill = false};
    (void)vl_cbor_array(&r, 2, 2);
    vl_hash_read(&r, leaf->number);
    leaf->has_waybill = !vl_cbor_null(&r);
    if (leaf->has_waybill)
        vl_hash_read(&r, leaf->waybill);
    err = vl_cbor_close(&r, "custody leaf", why);
    if (err)
        *leaf = (struct vl_custody_leaf){.has_waybill = false};
    return err;
}

static enum vl_err parse_waybill_leaf(vl_bytes wire, struct vl_leaf *leaf, struct vl_why *why)
{
    struct vl_waybill waybill;
    enum vl_err err = vl_waybill_parse(wire, &waybill, why);

    if (err)
        return err;
    memcpy(leaf->number, waybill.number, VL_HASH_LEN);
    leaf->has_waybill = true;
    vl_sha256(wire, leaf->waybill);
    leaf->from = waybill.from;
    return VL_OK;
}

static enum vl_err parse_custody_leaf(vl_bytes wire, struct vl_leaf *leaf, struct vl_why *why)
{
    struct vl_custody_leaf custody;
    enum vl_err err = vl_custody_leaf_parse(wire, &custody, why);

    if (err)
        return err;
    memcpy(leaf->number, custody.number, VL_HASH_LEN);
    leaf->has_waybill = custody.has_waybill;
    memcpy(leaf->waybill, custody.waybill, VL_HASH_LEN);
    return VL_OK;
}

static enum vl_err parse_id_leaf(vl_bytes wire, struct vl_leaf *leaf, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);

    vl_hash_read(&r, leaf->number);
    return vl_cbor_close(&r, "leaf of an id", why);
}

/* The room of letters writes it (letter/core.h), and its digest is checked against the core by
 * whoever has that (evidence/check.c). */
static enum vl_err parse_reply_leaf(vl_bytes wire, struct vl_leaf *leaf, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    vl_bytes word;

    (void)vl_cbor_array(&r, 2, 2);
    (void)vl_cbor_bytes(&r, VL_HASH_LEN, VL_HASH_LEN);
    (void)vl_cbor_array(&r, 2, 2);
    word = vl_cbor_text(&r, 1, 32);
    if (vl_cbor_ok(&r) && !vl_bytes_eq(word, VL_LITERAL("in-reply-to")))
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "the opening of something else");
    vl_hash_read(&r, leaf->number);
    return vl_cbor_close(&r, "leaf of a reply", why);
}

enum vl_err vl_leaf_parse(enum vl_leaf_kind kind, vl_bytes wire, struct vl_leaf *leaf,
                          struct vl_why *why)
{
    enum vl_err err = VL_ERR_FORMAT;

    *leaf = (struct vl_leaf){.kind = kind};
    switch (kind) {
    case VL_LEAF_WAYBILL:
        err = parse_waybill_leaf(wire, leaf, why);
        break;
    case VL_LEAF_CUSTODY:
        err = parse_custody_leaf(wire, leaf, why);
        break;
    case VL_LEAF_ID:
        err = parse_id_leaf(wire, leaf, why);
        break;
    case VL_LEAF_REPLY:
        err = parse_reply_leaf(wire, leaf, why);
        break;
    case VL_LEAF_NONE:
        err = vl_fail(why, VL_ERR_FORMAT, "a leaf of an act that is about no batch");
        break;
    }
    if (err)
        *leaf = (struct vl_leaf){.kind = VL_LEAF_NONE};
    return err;
}

enum vl_err vl_batch_has(const struct vl_batch *batch, enum vl_leaf_kind kind, vl_bytes wire,
                         uint64_t index, const struct vl_tree_path *path, struct vl_leaf *leaf,
                         struct vl_why *why)
{
    uint8_t hash[VL_HASH_LEN];
    enum vl_err err = vl_leaf_parse(kind, wire, leaf, why);

    if (err)
        return err;
    vl_tree_leaf(wire, hash);
    if (batch->count == 0 || vl_tree_verify(hash, index, batch->count, path, batch->root)) {
        *leaf = (struct vl_leaf){.kind = VL_LEAF_NONE};
        return vl_fail(why, VL_ERR_UNVERIFIED, "not leaf %llu of the %llu that were signed for",
                       (unsigned long long)index, (unsigned long long)batch->count);
    }
    return VL_OK;
}

static enum vl_err add(struct vl_batch_tree *tree, const uint8_t number[VL_HASH_LEN], vl_bytes wire,
                       struct vl_why *why)
{
    uint8_t hash[VL_HASH_LEN];

    if (tree->merkle.count == VL_BATCH_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "more than %llu letters in one batch",
                       (unsigned long long)VL_BATCH_MAX);
    if (tree->merkle.count > 0 && memcmp(tree->last, number, VL_HASH_LEN) >= 0)
        return vl_fail(why, VL_ERR_UNVERIFIED, "its number does not ascend with its index");
    memcpy(tree->last, number, VL_HASH_LEN);
    vl_tree_leaf(wire, hash);
    vl_tree_add(&tree->merkle, hash);
    return VL_OK;
}

enum vl_err vl_batch_add(struct vl_batch_tree *tree, enum vl_leaf_kind kind, vl_bytes wire,
                         struct vl_leaf *leaf, struct vl_why *why)
{
    struct vl_leaf read;
    enum vl_err err = vl_leaf_parse(kind, wire, &read, why);

    if (!err)
        err = add(tree, read.number, wire, why);
    if (err)
        read = (struct vl_leaf){.kind = VL_LEAF_NONE};
    if (leaf)
        *leaf = read;
    return err;
}

enum vl_err vl_batch_add_custody(struct vl_batch_tree *tree, const struct vl_custody_leaf *leaf,
                                 struct vl_why *why)
{
    uint8_t wire[VL_CUSTODY_LEAF_MAX];

    return add(tree, leaf->number, vl_custody_leaf_write(leaf, wire), why);
}

enum vl_err vl_batch_add_id(struct vl_batch_tree *tree, const uint8_t id[VL_HASH_LEN],
                            struct vl_why *why)
{
    uint8_t wire[VL_ID_LEAF_LEN];

    return add(tree, id, vl_id_leaf_write(id, wire), why);
}

struct vl_batch vl_batch_of(const struct vl_batch_tree *tree)
{
    struct vl_batch batch = {.count = tree->merkle.count};

    vl_tree_root(&tree->merkle, batch.root);
    return batch;
}

enum vl_err vl_batch_is(const struct vl_batch_tree *tree, const struct vl_batch *batch,
                        struct vl_why *why)
{
    struct vl_batch whole = vl_batch_of(tree);

    if (whole.count != batch->count)
        return vl_fail(why, VL_ERR_UNVERIFIED, "%llu letters, and %llu were signed for",
                       (unsigned long long)whole.count, (unsigned long long)batch->count);
    if (memcmp(whole.root, batch->root, VL_HASH_LEN) != 0)
        return vl_fail(why, VL_ERR_UNVERIFIED, "other letters than those that were signed for");
    return VL_OK;
}
