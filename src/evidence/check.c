/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/evidence.h"

#include <string.h>

#include "base/alloc.h"
#include "letter/core.h"

static enum vl_err verify_signatures(const struct vl_object *object, const struct vl_keyring *keys,
                                     struct vl_evidence_verdict *verdict, struct vl_why *why)
{
    const struct vl_chain *chain = keys->find(keys->self, &object->issuer);
    char office[VL_OFFICE_TEXT];
    enum vl_err err;

    if (!chain)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no cards of %s",
                       vl_office_id_text(&object->issuer, office));
    err = vl_chain_verify(chain, object, &verdict->chain, why);
    verdict->known = err != VL_ERR_NOT_FOUND;
    return err;
}

/* PROTOCOL 18: nobody seals for another. */
static enum vl_err check_from(const struct vl_leaf *leaf, const struct vl_office_id *issuer,
                              struct vl_why *why)
{
    if (leaf->kind != VL_LEAF_WAYBILL || vl_office_id_eq(&leaf->from, issuer))
        return VL_OK;
    return vl_fail(why, VL_ERR_UNVERIFIED, "a waybill from another office than sealed it");
}

/* PROTOCOL 8: numbers ascend, so that nobody can show a letter in the batch and out of it. */
static enum vl_err check_each(const struct vl_evidence_item *item, const struct vl_batch *batch,
                              enum vl_leaf_kind kind, struct vl_why *why)
{
    uint8_t last[VL_HASH_LEN];

    for (size_t i = 0; i < item->leaf_count; i++) {
        const struct vl_evidence_leaf *at = &item->leaves[i];
        struct vl_leaf leaf;
        enum vl_err err = vl_batch_has(batch, kind, at->leaf, at->index, &at->path, &leaf, why);

        if (!err)
            err = check_from(&leaf, &item->object.issuer, why);
        if (!err && i > 0 &&
            (at->index <= item->leaves[i - 1].index || memcmp(last, leaf.number, VL_HASH_LEN) >= 0))
            err = vl_fail(why, VL_ERR_UNVERIFIED, "its number does not ascend with its index");
        if (err)
            return vl_fail_in(why, err, "leaf %llu", (unsigned long long)at->index);
        memcpy(last, leaf.number, VL_HASH_LEN);
    }
    return VL_OK;
}

/* All leaves of the batch, and no path with any: they are the tree. */
static bool is_whole(const struct vl_evidence_item *item, uint64_t count)
{
    if (item->leaf_count < 2 || item->leaf_count != count)
        return false;
    for (size_t i = 0; i < item->leaf_count; i++)
        if (item->leaves[i].index != i || item->leaves[i].path.count != 0)
            return false;
    return true;
}

static enum vl_err check_whole(const struct vl_evidence_item *item, const struct vl_batch *batch,
                               enum vl_leaf_kind kind, struct vl_why *why)
{
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;

    for (size_t i = 0; i < item->leaf_count; i++) {
        struct vl_leaf leaf;
        enum vl_err err = vl_batch_add(&tree, kind, item->leaves[i].leaf, &leaf, why);

        if (!err)
            err = check_from(&leaf, &item->object.issuer, why);
        if (err)
            return vl_fail_in(why, err, "leaf %zu", i);
    }
    return vl_batch_is(&tree, batch, why);
}

static enum vl_err check_leaves(const struct vl_evidence_item *item, const struct vl_batch *batch,
                                struct vl_why *why)
{
    enum vl_leaf_kind kind = vl_leaf_kind_of(item->object.kind);
    enum vl_err err = is_whole(item, batch->count) ? check_whole(item, batch, kind, why)
                                                   : check_each(item, batch, kind, why);

    return err ? vl_fail_in(why, err, "%s", vl_kind_word(item->object.kind)) : VL_OK;
}

/* What comes beside the core of a letter is the opening of its in-reply-to, and nothing else:
 * without it the core is about nothing. */
static enum vl_err check_reply(const struct vl_evidence_item *item, const struct vl_reply *reply,
                               struct vl_why *why)
{
    const struct vl_evidence_leaf *at = item->leaves;
    uint8_t digest[VL_HASH_LEN];
    struct vl_leaf leaf;
    enum vl_err err;

    if (item->leaf_count != 1 || at->index != VL_FIELD_IN_REPLY_TO || at->path.count != 0)
        return vl_fail(why, VL_ERR_FORMAT,
                       "the core of a letter without the one field that says what it answers");
    err = vl_leaf_parse(VL_LEAF_REPLY, at->leaf, &leaf, why);
    if (err)
        return err;
    vl_opening_digest(at->leaf, digest);
    return memcmp(digest, reply->in_reply_to, VL_HASH_LEN) == 0
               ? VL_OK
               : vl_fail(why, VL_ERR_UNVERIFIED, "it answers another letter than was signed");
}

/* *batch has a count of 0 when the act is about none. */
static enum vl_err read_batch(const struct vl_evidence_item *item, struct vl_batch *batch,
                              struct vl_why *why)
{
    struct vl_act_any *any = vl_new(sizeof *any);
    enum vl_err err = any ? vl_act_any_read(&item->object, any, why)
                          : vl_fail(why, VL_ERR_NO_MEMORY, "%s", vl_err_words(VL_ERR_NO_MEMORY));

    if (!err && any->form == VL_ACT_REPLY)
        err = check_reply(item, &any->as.reply, why);
    else if (!err && !vl_act_any_batch(any, batch) && item->leaf_count > 0)
        err = vl_fail(why, VL_ERR_FORMAT, "%s: leaves of an act that is about no batch",
                      vl_kind_word(item->object.kind));
    vl_free(any);
    return err;
}

enum vl_err vl_evidence_check(const struct vl_evidence_item *item, const struct vl_keyring *keys,
                              struct vl_evidence_verdict *verdict, struct vl_why *why)
{
    struct vl_batch batch = {.count = 0};
    enum vl_err err;

    *verdict = (struct vl_evidence_verdict){.known = false};
    err = read_batch(item, &batch, why);
    if (err)
        return err;
    verdict->well_formed = true;
    err = verify_signatures(&item->object, keys, verdict, why);
    return err || batch.count == 0 ? err : check_leaves(item, &batch, why);
}

enum vl_err vl_evidence_find_paths(struct vl_evidence_item *item, struct vl_why *why)
{
    uint8_t(*hashes)[VL_HASH_LEN];
    struct vl_tree_levels *levels = NULL;

    if (!is_whole(item, item->leaf_count))
        return VL_OK;
    hashes = vl_new(item->leaf_count * VL_HASH_LEN);
    for (size_t i = 0; hashes && i < item->leaf_count; i++)
        vl_tree_leaf(item->leaves[i].leaf, hashes[i]);
    if (hashes)
        levels = vl_tree_levels_new((const uint8_t(*)[VL_HASH_LEN])hashes, item->leaf_count);
    vl_free(hashes);
    if (!levels)
        return vl_fail(why, VL_ERR_NO_MEMORY, "%s", vl_err_words(VL_ERR_NO_MEMORY));
    for (size_t i = 0; i < item->leaf_count; i++)
        vl_tree_levels_path(levels, i, &item->leaves[i].path);
    vl_tree_levels_free(levels);
    return VL_OK;
}
