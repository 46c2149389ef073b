/* SPDX-License-Identifier: Apache-2.0 */
/* Card files from any bytes; and a chain of one card, to which cards and revocations that say any
 * bytes and are well signed are added.  A chain that was read is written to one file, which is read
 * to the same chain. */
#include <stdlib.h>
#include <string.h>

#include "card/chain.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_links(const struct vl_chain *chain)
{
    check(chain->count >= 1 && chain->count <= VL_CHAIN_MAX_CARDS);
    check(chain->revocation_count <= VL_CHAIN_MAX_REVOCATIONS);
    for (size_t i = 0; i < chain->count; i++) {
        const struct vl_chain_link *link = &chain->links[i];
        size_t index = SIZE_MAX;

        check(link->card.serial == i);
        check(vl_office_id_eq(&link->card.object.issuer, &chain->office));
        check(vl_chain_find(chain, link->card.object.id, &index) == &link->card && index == i);
        if (i == 0)
            check(!link->unplanned);
        else
            check(memcmp(link->card.previous, link[-1].card.object.id, VL_HASH_LEN) == 0);
    }
    check(vl_chain_newest(chain) == &chain->links[chain->count - 1].card);
}

static void check_same(const struct vl_chain *a, const struct vl_chain *b)
{
    uint64_t serial = 0;

    check(vl_chain_compare(a, b, &serial) == VL_CHAIN_SAME);
    for (size_t i = 0; i < a->count; i++) {
        check(a->links[i].unplanned == b->links[i].unplanned);
        check(a->links[i].key_revoked == b->links[i].key_revoked);
    }
}

static void check_file(const struct vl_chain *chain)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf second = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    VL_AUTO(vl_chain_release) struct vl_chain again = VL_CHAIN_INIT;

    check_links(chain);
    check(vl_chain_write(chain, &wire) == VL_OK);
    check(vl_chain_parse(vl_buf_bytes(&wire), &again, NULL) == VL_OK);
    check_same(chain, &again);
    check(vl_chain_write(&again, &second) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&wire), vl_buf_bytes(&second)));
}

static void read_file(vl_bytes wire)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;

    if (vl_chain_parse(wire, &chain, NULL))
        check(chain.count == 0 && !chain.links && !chain.revocations);
    else
        check_file(&chain);
}

/* Keys of 32 times one byte: 'a' is on the first card, which announces 'b'. */
static struct vl_secret seed_of(uint8_t byte)
{
    struct vl_secret seed = {VL_ED25519_SEED_LEN, {0}};

    memset(seed.data, byte, VL_ED25519_SEED_LEN);
    return seed;
}

static void begin(struct vl_chain *chain)
{
    static const uint8_t sealing_key[32] = {9};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_secret a = seed_of('a'), b = seed_of('b');
    struct vl_card_sealing sealing = {VL_LITERAL(VL_CARD_SEALING_X25519), VL_ARRAY(sealing_key)};
    struct vl_card_draft draft = {.seeds = &a,
                                  .seed_count = 1,
                                  .sealing = &sealing,
                                  .sealing_count = 1,
                                  .name = VL_LITERAL("Office")};
    struct vl_cose_key next = VL_COSE_KEY_INIT;

    vl_cose_key_of_seed(&b, &next);
    check(vl_card_keys_hash(&next, 1, draft.next) == VL_OK);
    check(vl_card_write(&draft, &wire, NULL) == VL_OK);
    check(vl_chain_add(chain, vl_buf_bytes(&wire), NULL) == VL_OK);
}

/* The sub that fits: of a card its office, of a revocation its target, which fuzzing finds at the
 * place where the payloads of the corpus have it. */
static vl_bytes subject_of(const struct vl_chain *chain, enum vl_kind kind, vl_bytes payload)
{
    static const size_t target_at = 49;

    if (kind == VL_KIND_CARD)
        return VL_ARRAY(chain->office.at);
    return vl_bytes_first(vl_bytes_after(payload, target_at), VL_HASH_LEN);
}

static void add_one(struct vl_chain *chain, enum vl_kind kind, const char *letters,
                    vl_bytes payload)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(256);
    struct vl_secret seeds[] = {seed_of((uint8_t)letters[0]), seed_of((uint8_t)letters[1])};
    struct vl_signer signer = {.office = chain->office,
                               .seeds = seeds,
                               .seed_count = strlen(letters),
                               .has_iat = false};
    size_t count = chain->count, revocation_count = chain->revocation_count;

    check(vl_kind_sub(vl_kind_word(kind), subject_of(chain, kind, payload), &sub) == VL_OK);
    if (vl_object_sign(&signer, kind, vl_buf_bytes(&sub), payload, &wire, NULL, NULL))
        return;
    if (vl_chain_add(chain, vl_buf_bytes(&wire), NULL))
        check(chain->count == count && chain->revocation_count == revocation_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    vl_bytes bytes = vl_bytes_of(data, len);

    read_file(bytes);
    begin(&chain);
    add_one(&chain, VL_KIND_REVOCATION, "a", bytes);
    add_one(&chain, VL_KIND_REVOCATION, "b", bytes);
    add_one(&chain, VL_KIND_CARD, "b", bytes);
    add_one(&chain, VL_KIND_CARD, "ba", bytes);
    check_file(&chain);
    return 0;
}
