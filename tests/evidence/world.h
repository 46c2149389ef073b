/* SPDX-License-Identifier: Apache-2.0 */
/* tests/evidence/world.h: offices with cards, and batches of letters that they seal. */
#ifndef VL_TESTS_EVIDENCE_WORLD_H
#define VL_TESTS_EVIDENCE_WORLD_H

#include "support.h"

#include <string.h>

#include "evidence/evidence.h"

/* Stays where it is: the signer borrows its seed. */
struct office {
    struct vl_secret seed;
    struct vl_signer signer;
    struct vl_buf card_file;
};

static inline void office_release(struct office *office)
{
    vl_buf_release(&office->card_file);
}

/* The same for the same letter. */
static inline void office_init(struct office *office, char letter)
{
    VL_AUTO(vl_buf_release) struct vl_buf card = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_card_sealing sealing = {VL_LITERAL(VL_CARD_SEALING_X25519), VL_BYTES_NONE};
    struct vl_card_draft draft = {.seeds = &office->seed,
                                  .seed_count = 1,
                                  .sealing = &sealing,
                                  .sealing_count = 1,
                                  .name = vl_bytes_of(&letter, 1)};
    struct vl_why why = {""};
    uint8_t bytes[32];

    memset(bytes, letter, sizeof bytes);
    sealing.key = VL_ARRAY(bytes);
    memset(draft.next, letter, sizeof draft.next);
    assert_int_equal(vl_secret_set(&office->seed, VL_ARRAY(bytes)), VL_OK);
    assert_err(vl_card_write(&draft, &card, &why), VL_OK, &why);
    assert_err(vl_chain_add(&chain, vl_buf_bytes(&card), &why), VL_OK, &why);
    office->card_file = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    assert_int_equal(vl_chain_write(&chain, &office->card_file), VL_OK);
    office->signer = (struct vl_signer){.office = chain.office,
                                        .seeds = &office->seed,
                                        .seed_count = 1,
                                        .has_iat = true};
    memcpy(office->signer.card_id, vl_chain_newest(&chain)->object.id, VL_HASH_LEN);
}

/* The waybill of a letter of this number between two offices. */
static inline struct vl_buf waybill_of(uint8_t number, const struct office *from,
                                       const struct office *to)
{
    struct vl_buf wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    struct vl_waybill waybill = {.size = 1000,
                                 .mode = VL_LETTER_SEALED,
                                 .from = from->signer.office,
                                 .to_count = 1,
                                 .to = {to->signer.office},
                                 .opening_count = 1,
                                 .consignment = 1,
                                 .consignment_of = 1};
    struct vl_why why = {""};

    memset(waybill.number, number, VL_HASH_LEN);
    assert_err(vl_waybill_write(&waybill, &wire, &why), VL_OK, &why);
    return wire;
}

/* Up to eight letters under one `sealed`. */
#define BATCH_MAX 8
struct batch {
    size_t count;
    struct vl_buf waybills[BATCH_MAX];
    struct vl_evidence_leaf leaves[BATCH_MAX];
    struct vl_buf object;
    uint8_t id[VL_HASH_LEN];
};

static inline void batch_release(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        vl_buf_release(&batch->waybills[i]);
    vl_buf_release(&batch->object);
}

/* Sign what the waybills come to, with this count in the act. */
static inline void batch_seal(struct batch *batch, const struct office *by, uint64_t count)
{
    struct vl_tree tree = VL_TREE_INIT;
    struct vl_sealed sealed = {.act = {.capacity = VL_CAPACITY_PRINCIPAL}, .count = count};
    uint8_t hashes[BATCH_MAX][VL_HASH_LEN];
    struct vl_why why = {""};

    for (size_t i = 0; i < batch->count; i++) {
        vl_tree_leaf(vl_buf_bytes(&batch->waybills[i]), hashes[i]);
        vl_tree_add(&tree, hashes[i]);
    }
    vl_tree_root(&tree, sealed.root);
    for (size_t i = 0; i < batch->count; i++) {
        batch->leaves[i].leaf = vl_buf_bytes(&batch->waybills[i]);
        batch->leaves[i].index = i;
        vl_tree_path((const uint8_t(*)[VL_HASH_LEN])hashes, batch->count, i,
                     &batch->leaves[i].path);
    }
    batch->object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    assert_err(vl_sealed_write(&by->signer, &sealed, &batch->object, batch->id, &why), VL_OK, &why);
}

/* Letters with these numbers, in this order, from one office to itself, sealed by another or the
 * same. */
static inline void batch_init(struct batch *batch, const char *numbers, const struct office *from,
                              const struct office *by)
{
    batch->count = strlen(numbers);
    for (size_t i = 0; i < batch->count; i++)
        batch->waybills[i] = waybill_of((uint8_t)numbers[i], from, from);
    batch_seal(batch, by, batch->count);
}

/* One item, as reading gives it; the object is the caller's to release. */
static inline struct vl_evidence_item item_of(const struct batch *batch,
                                              struct vl_evidence_leaf *leaves, size_t leaf_count)
{
    struct vl_evidence_item item = {.object = VL_OBJECT_INIT,
                                    .leaf_count = leaf_count,
                                    .leaves = leaves};
    struct vl_why why = {""};

    assert_err(vl_object_parse(vl_buf_bytes(&batch->object), &item.object, &why), VL_OK, &why);
    return item;
}

#endif
