/* SPDX-License-Identifier: Apache-2.0 */
/* tests/card/offices.h: keys, offices and signed objects that the tests of this room share.
 *
 * The seeds are a byte repeated 32 times, so anybody can make the same keys elsewhere. */
#ifndef VL_TESTS_CARD_OFFICES_H
#define VL_TESTS_CARD_OFFICES_H

#include "support.h"

#include <string.h>

#include "base/alloc.h"
#include "card/act.h"
#include "card/chain.h"

static inline struct vl_secret seed_of(uint8_t byte)
{
    uint8_t bytes[VL_ED25519_SEED_LEN];
    struct vl_secret seed = VL_SECRET_INIT;

    memset(bytes, byte, sizeof bytes);
    assert_int_equal(vl_secret_set(&seed, VL_ARRAY(bytes)), VL_OK);
    return seed;
}

static inline struct vl_cose_key key_of_byte(uint8_t byte)
{
    struct vl_secret seed = seed_of(byte);
    struct vl_cose_key key = VL_COSE_KEY_INIT;

    vl_cose_key_of_seed(&seed, &key);
    return key;
}

static inline void kid_of_byte(uint8_t byte, uint8_t kid[VL_HASH_LEN])
{
    struct vl_cose_key key = key_of_byte(byte);

    vl_cose_key_thumbprint(&key, kid);
}

/* What a card says about the keys that follow it. */
static inline void next_of(const char *bytes, uint8_t out[VL_HASH_LEN])
{
    struct vl_cose_key keys[VL_CARD_MAX_KEYS];
    size_t count = strlen(bytes);

    for (size_t i = 0; i < count; i++)
        keys[i] = key_of_byte((uint8_t)bytes[i]);
    assert_int_equal(vl_card_keys_hash(keys, count, out), VL_OK);
}

/* Keys are named by letters: "ab" are two keys, of which a is needed first. */
struct seeds {
    struct vl_secret at[VL_CARD_MAX_KEYS];
    size_t count;
};

static inline struct seeds seeds_of(const char *letters)
{
    struct seeds seeds = {.count = 0};

    for (; letters[seeds.count]; seeds.count++)
        seeds.at[seeds.count] = seed_of((uint8_t)letters[seeds.count]);
    return seeds;
}

/* A card of an office whose first keys are these. */
struct plan {
    const char *keys;
    const char *next;
    const char *also;                  /* keys of the card before, or NULL */
    const struct vl_card *before;      /* NULL: the first */
    const char *name;                  /* NULL: "Nora Office" */
    const struct vl_office_id *office; /* NULL: of the card before, or made by the first */
};

static const uint8_t sealing_key[32] = {9};
static const struct vl_card_sealing one_sealing = {{(const uint8_t *)VL_CARD_SEALING_X25519, 6},
                                                   {sealing_key, 32}};

/* The draft borrows from seeds, also and the plan. */
static inline struct vl_card_draft draft_of(const struct plan *plan, const struct seeds *seeds,
                                            const struct seeds *also)
{
    struct vl_card_draft draft = {
        .office = plan->office   ? plan->office
                  : plan->before ? &plan->before->object.issuer
                                 : NULL,
        .serial = plan->before ? plan->before->serial + 1 : 0,
        .previous = plan->before ? plan->before->object.id : NULL,
        .seeds = seeds->at,
        .seed_count = seeds->count,
        .also_seeds = also->at,
        .also_count = also->count,
        .sealing = &one_sealing,
        .sealing_count = 1,
        .name = vl_bytes_str(plan->name ? plan->name : "Nora Office"),
    };

    next_of(plan->next, draft.next);
    return draft;
}

static inline struct vl_buf card_wire(const struct plan *plan)
{
    struct seeds seeds = seeds_of(plan->keys), also = seeds_of(plan->also ? plan->also : "");
    struct vl_card_draft draft = draft_of(plan, &seeds, &also);
    struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_card_write(&draft, &out, &why), VL_OK, &why);
    return out;
}

static inline struct vl_card card_of(const struct plan *plan)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = card_wire(plan);
    struct vl_card card = VL_CARD_INIT;
    struct vl_why why = {""};

    assert_err(vl_card_parse(vl_buf_bytes(&wire), &card, &why), VL_OK, &why);
    return card;
}

/* The payload of an act under this card: keys 0 to 5 and no more. */
static inline struct vl_buf act_payload(const uint8_t card_id[VL_HASH_LEN])
{
    struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_act act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true};

    memcpy(act.card_id, card_id, VL_HASH_LEN);
    vl_cbor_put_map(&w, vl_act_pairs(&act));
    vl_act_put(&w, &act);
    assert_int_equal(w.err, VL_OK);
    return payload;
}

/* What an office signs with these keys, in this order, under a card that it names. */
static inline struct vl_buf signed_wire(const struct vl_office_id *office, const char *letters,
                                        const uint8_t card_id[VL_HASH_LEN])
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = act_payload(card_id);
    struct seeds seeds = seeds_of(letters);
    struct vl_signer signer = {.office = *office,
                               .seeds = seeds.at,
                               .seed_count = seeds.count,
                               .has_iat = false};
    struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    assert_err(vl_object_sign(&signer, VL_KIND_SEALED, VL_LITERAL("valise:letter:00"),
                              vl_buf_bytes(&payload), &out, NULL, &why),
               VL_OK, &why);
    return out;
}

static inline struct vl_object object_of_wire(vl_bytes wire)
{
    struct vl_object object = VL_OBJECT_INIT;
    struct vl_why why = {""};

    assert_err(vl_object_parse(wire, &object, &why), VL_OK, &why);
    return object;
}

static inline struct vl_object signed_by(const struct vl_card *card, const char *letters)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = signed_wire(&card->object.issuer, letters, card->object.id);

    return object_of_wire(vl_buf_bytes(&wire));
}

#endif
