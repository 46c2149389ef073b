/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/evidence.h"

#include <string.h>

#include "base/alloc.h"

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

static struct vl_tree_path path_of(vl_bytes hashes)
{
    struct vl_cbor r = vl_cbor_open(hashes, VL_CBOR_STRICT);
    struct vl_tree_path path = {.count = 0};

    while (vl_cbor_peek(&r) != VL_CBOR_NOTHING && path.count < VL_TREE_MAX_PATH) {
        vl_bytes hash = vl_cbor_bytes(&r, VL_HASH_LEN, VL_HASH_LEN);

        if (hash.len == VL_HASH_LEN)
            memcpy(path.at[path.count++], hash.ptr, VL_HASH_LEN);
    }
    return path;
}

void vl_closure_path(const struct vl_closure *closure, struct vl_tree_path *path)
{
    *path = path_of(closure->path);
}

/* PROTOCOL 4: the ids that a retired key signed are the leaves of a tree on a later card. */
static enum vl_err verify_closure(const struct vl_evidence *evidence, struct vl_closure *closure,
                                  struct vl_why *why)
{
    struct vl_tree_path path = path_of(closure->path);
    const struct vl_card *card = NULL;
    uint8_t leaf[VL_HASH_LEN];

    for (size_t i = 0; i < evidence->chain_count && !card; i++) {
        closure->chain = &evidence->chains[i];
        card = vl_chain_find(closure->chain, closure->card_id, NULL);
    }
    if (!card)
        return vl_fail(why, VL_ERR_UNVERIFIED, "its card is in none of the card files");
    if (!card->has_closes)
        return vl_fail(why, VL_ERR_UNVERIFIED, "its card closes nothing");
    vl_tree_leaf(VL_ARRAY(closure->id), leaf);
    if (vl_tree_verify(leaf, closure->index, card->closes_count, &path, card->closes_root))
        return vl_fail(why, VL_ERR_UNVERIFIED, "not id %llu of the %llu that its card closes",
                       (unsigned long long)closure->index, (unsigned long long)card->closes_count);
    return VL_OK;
}

static int closure_cmp(const struct vl_closure *a, const struct vl_closure *b)
{
    int cmp = memcmp(a->id, b->id, VL_HASH_LEN);

    return cmp ? cmp : memcmp(a->card_id, b->card_id, VL_HASH_LEN);
}

static void read_closure(struct vl_cbor *r, struct vl_closure *closure)
{
    const uint8_t *start;
    size_t count;

    *closure = (struct vl_closure){.chain = NULL};
    (void)vl_cbor_array(r, 4, 4);
    vl_hash_read(r, closure->id);
    vl_hash_read(r, closure->card_id);
    closure->index = vl_cbor_uint(r, VL_BATCH_MAX - 1);
    count = vl_cbor_array(r, 0, VL_TREE_MAX_PATH);
    start = r->at;
    for (size_t i = 0; i < count; i++)
        (void)vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);
    if (vl_cbor_ok(r))
        closure->path = vl_bytes_of(start, (size_t)(r->at - start));
}

static enum vl_err read_closures(struct vl_cbor *r, struct vl_evidence *evidence,
                                 struct vl_why *why)
{
    size_t promised = vl_cbor_array(r, 0, VL_EVIDENCE_MAX_CLOSURES), cap = 0;

    for (size_t i = 0; i < promised && vl_cbor_ok(r); i++) {
        void *list = evidence->closures;
        struct vl_closure *closure;
        enum vl_err err = room_for_one(&list, i, &cap, sizeof *evidence->closures, promised, why);

        if (err)
            return err;
        evidence->closures = list;
        evidence->closure_count = i + 1;
        closure = &evidence->closures[i];
        read_closure(r, closure);
        if (i > 0 && vl_cbor_ok(r) && closure_cmp(closure - 1, closure) >= 0)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "closures that do not ascend");
        if (vl_cbor_ok(r))
            err = verify_closure(evidence, closure, why);
        if (err)
            return vl_fail_in(why, err, "closure %zu", i + 1);
    }
    return VL_OK;
}

static enum vl_err read_all(struct vl_evidence *evidence, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&evidence->wire), VL_CBOR_STRICT);
    vl_bytes version;
    enum vl_err err;

    (void)vl_cbor_array(&r, 4, 4);
    version = vl_cbor_text(&r, 1, sizeof VL_EVIDENCE_VERSION - 1);
    if (!vl_bytes_eq(version, VL_LITERAL(VL_EVIDENCE_VERSION)))
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "not " VL_EVIDENCE_VERSION);
    err = read_chains(&r, evidence, why);
    if (!err)
        err = read_items(&r, evidence, why);
    if (!err)
        err = read_closures(&r, evidence, why);
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
    vl_free(evidence->closures);
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

const struct vl_closure *vl_evidence_closure(const struct vl_evidence *evidence,
                                             const struct vl_office_id *office,
                                             const uint8_t id[VL_HASH_LEN])
{
    size_t low = 0, high = evidence->closure_count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;

        if (memcmp(evidence->closures[middle].id, id, VL_HASH_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (;
         low < evidence->closure_count && memcmp(evidence->closures[low].id, id, VL_HASH_LEN) == 0;
         low++)
        if (vl_office_id_eq(&evidence->closures[low].chain->office, office))
            return &evidence->closures[low];
    return NULL;
}

vl_bytes vl_evidence_waybill(const struct vl_evidence *evidence, const uint8_t number[VL_HASH_LEN])
{
    for (size_t i = 0; i < evidence->item_count; i++) {
        const struct vl_evidence_item *item = &evidence->items[i];

        for (size_t j = 0; item->object.kind == VL_KIND_SEALED && j < item->leaf_count; j++) {
            struct vl_waybill waybill;

            if (vl_waybill_parse(item->leaves[j].leaf, &waybill, NULL) == VL_OK &&
                memcmp(waybill.number, number, VL_HASH_LEN) == 0)
                return item->leaves[j].leaf;
        }
    }
    return VL_BYTES_NONE;
}

static const struct vl_chain *find_in_evidence(void *self, const struct vl_office_id *office)
{
    return vl_evidence_chain(self, office);
}

struct vl_keyring vl_evidence_keyring(struct vl_evidence *evidence)
{
    return (struct vl_keyring){find_in_evidence, evidence};
}
