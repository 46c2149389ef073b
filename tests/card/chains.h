/* SPDX-License-Identifier: Apache-2.0 */
/* tests/card/chains.h: chains that grow a card or a revocation at a time. */
#ifndef VL_TESTS_CARD_CHAINS_H
#define VL_TESTS_CARD_CHAINS_H

#include "offices.h"

/* One more card of these keys that announces `next`, signed along by `also` unless that is NULL. */
static inline struct vl_buf next_card(const struct vl_chain *chain, const char *keys,
                                      const char *next, const char *also)
{
    struct plan plan = {.keys = keys,
                        .next = next,
                        .also = also,
                        .before = chain->count > 0 ? vl_chain_newest(chain) : NULL};

    return card_wire(&plan);
}

static inline void grow(struct vl_chain *chain, const char *keys, const char *next,
                        const char *also)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = next_card(chain, keys, next, also);
    struct vl_why why = {""};

    assert_err(vl_chain_add(chain, vl_buf_bytes(&wire), &why), VL_OK, &why);
}

struct target {
    uint8_t at[VL_HASH_LEN];
};

static inline struct target target_kid(uint8_t letter)
{
    struct target target;

    kid_of_byte(letter, target.at);
    return target;
}

static inline struct target target_card(const struct vl_chain *chain, size_t index)
{
    struct target target;

    memcpy(target.at, chain->links[index].card.object.id, VL_HASH_LEN);
    return target;
}

/* A revocation under the card at index, by these keys. */
static inline struct vl_buf revocation_wire(const struct vl_chain *chain, size_t index,
                                            const char *keys, struct target target,
                                            enum vl_revocation_reason reason)
{
    struct seeds seeds = seeds_of(keys);
    struct vl_signer signer = {.office = chain->office,
                               .seeds = seeds.at,
                               .seed_count = seeds.count,
                               .has_iat = false};
    struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_why why = {""};

    memcpy(signer.card_id, chain->links[index].card.object.id, VL_HASH_LEN);
    assert_err(vl_revocation_write(&signer, target.at, reason, &out, &why), VL_OK, &why);
    return out;
}

static inline void revoke(struct vl_chain *chain, size_t index, const char *keys,
                          struct target target, enum vl_revocation_reason reason)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = revocation_wire(chain, index, keys, target, reason);
    struct vl_why why = {""};

    assert_err(vl_chain_add(chain, vl_buf_bytes(&wire), &why), VL_OK, &why);
}

#endif
