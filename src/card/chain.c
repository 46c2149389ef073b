/* SPDX-License-Identifier: Apache-2.0 */
#include "card/chain.h"

#include <string.h>

#include "base/alloc.h"
#include "card/act.h"
#include "codec/bech32.h"

#define FILE_LABEL "valise/cards/v1"

static bool is_same_id(const uint8_t a[VL_HASH_LEN], const uint8_t b[VL_HASH_LEN])
{
    return memcmp(a, b, VL_HASH_LEN) == 0;
}

/* Every signature is good by now: check_others, and vl_card_parse for the card's own keys. */
static bool has_signed(const struct vl_card *card, const struct vl_card_key *key)
{
    for (size_t i = 0; i < card->object.count; i++)
        if (vl_bytes_eq(card->object.by[i].kid, VL_ARRAY(key->kid)))
            return true;
    return false;
}

/* PROTOCOL 4 and 11: a change that was not announced needs what every act of the card before needs,
 * all of its policy, and does not ask for fewer signatures from then on. */
static enum vl_err check_unplanned(const struct vl_card *before, const struct vl_card *card,
                                   struct vl_why *why)
{
    for (size_t i = 0; i < before->need_count; i++)
        if (!has_signed(card, &before->keys[before->need[i]]))
            return vl_fail(why, VL_ERR_UNVERIFIED,
                           "its keys are neither announced nor signed for by the keys before them");
    if (card->need_count < before->need_count)
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "an unannounced change to %zu needed keys from %zu, which is weaker",
                       card->need_count, before->need_count);
    return VL_OK;
}

/* Nobody signs a card but its own keys, which vl_card_parse has seen to, and those before it. */
static enum vl_err check_others(const struct vl_card *before, const struct vl_card *card,
                                struct vl_why *why)
{
    for (size_t i = 0; i < card->object.count; i++) {
        const struct vl_sign1 *by = &card->object.by[i];
        const struct vl_card_key *key = vl_card_find_key(before, by->kid);
        enum vl_err err;

        if (vl_card_find_key(card, by->kid) || (key && key->key.kind == VL_COSE_KEY_NONE))
            continue;
        err = vl_card_verify_by(before, by, why);
        if (err)
            return vl_fail_in(why, err, "signature %zu", i + 1);
    }
    return VL_OK;
}

static enum vl_err check_link(const struct vl_chain *chain, const struct vl_card *card,
                              bool *unplanned, struct vl_why *why)
{
    const struct vl_card *before = chain->count > 0 ? vl_chain_newest(chain) : NULL;
    enum vl_err err;

    *unplanned = false;
    if (chain->count == VL_CHAIN_MAX_CARDS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d cards", VL_CHAIN_MAX_CARDS);
    if (card->serial != chain->count)
        return vl_fail(why, VL_ERR_UNVERIFIED, "serial %llu where %zu comes next",
                       (unsigned long long)card->serial, chain->count);
    if (!before)
        return VL_OK;
    if (!vl_office_id_eq(&card->object.issuer, &chain->office))
        return vl_fail(why, VL_ERR_UNVERIFIED, "of another office than the card before");
    if (!is_same_id(card->previous, before->object.id))
        return vl_fail(why, VL_ERR_UNVERIFIED, "it follows another card than the one before");
    err = check_others(before, card, why);
    *unplanned = !is_same_id(card->keys_hash, before->next);
    return !err && *unplanned ? check_unplanned(before, card, why) : err;
}

/* See to it that one more fits: room doubles whenever it is full. */
static enum vl_err make_room(void **block, size_t count, size_t size)
{
    size_t room = count > 0 ? 2 * count : 1;

    if (count & (count - 1))
        return VL_OK;
    return vl_grow(block, count * size, room * size);
}

static enum vl_err add_card(struct vl_chain *chain, vl_bytes wire, struct vl_why *why)
{
    VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;
    void *links = chain->links;
    bool unplanned = false;
    enum vl_err err = vl_card_parse(wire, &card, why);

    if (!err)
        err = check_link(chain, &card, &unplanned, why);
    if (err)
        return err;
    err = make_room(&links, chain->count, sizeof *chain->links);
    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    chain->links = links;
    chain->office = card.object.issuer;
    chain->links[chain->count++] = (struct vl_chain_link){card, unplanned, false};
    card = (struct vl_card)VL_CARD_INIT;
    return VL_OK;
}

/* A revocation counts when every key that signed it is on the card that it names, or when together
 * they are the keys which that card announced. */
static enum vl_err check_authority(const struct vl_chain *chain,
                                   const struct vl_revocation *revocation, struct vl_why *why)
{
    const struct vl_object *object = &revocation->object;
    const struct vl_card *card = vl_chain_find(chain, revocation->card_id, NULL);

    if (!vl_office_id_eq(&object->issuer, &chain->office))
        return vl_fail(why, VL_ERR_UNVERIFIED, "of another office than the cards");
    if (!card)
        return vl_fail(why, VL_ERR_UNVERIFIED, "under a card that is not among these");
    if (is_same_id(revocation->keys_hash, card->next))
        return VL_OK;
    for (size_t i = 0; i < object->count; i++)
        if (!vl_card_find_key(card, object->by[i].kid))
            return vl_fail(why, VL_ERR_UNVERIFIED,
                           "by a key that its card neither lists nor announces");
    return VL_OK;
}

/* Where the revocation of this id is, or would be: they are kept in the order of their ids. */
static size_t place_of(const struct vl_chain *chain, const uint8_t id[VL_HASH_LEN], bool *is_there)
{
    size_t at = 0;

    while (at < chain->revocation_count &&
           memcmp(chain->revocations[at].object.id, id, VL_HASH_LEN) < 0)
        at++;
    *is_there = at < chain->revocation_count && is_same_id(chain->revocations[at].object.id, id);
    return at;
}

static enum vl_err add_revocation(struct vl_chain *chain, vl_bytes wire, struct vl_why *why)
{
    VL_AUTO(vl_revocation_release) struct vl_revocation revocation = VL_REVOCATION_INIT;
    void *all = chain->revocations;
    bool is_there = false;
    size_t at;
    enum vl_err err = vl_revocation_parse(wire, &revocation, why);

    if (!err)
        err = check_authority(chain, &revocation, why);
    if (err)
        return err;
    at = place_of(chain, revocation.object.id, &is_there);
    if (is_there)
        return VL_OK;
    if (chain->revocation_count == VL_CHAIN_MAX_REVOCATIONS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d revocations", VL_CHAIN_MAX_REVOCATIONS);
    err = make_room(&all, chain->revocation_count, sizeof *chain->revocations);
    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    chain->revocations = all;
    memmove(&chain->revocations[at + 1], &chain->revocations[at],
            (chain->revocation_count - at) * sizeof *chain->revocations);
    chain->revocations[at] = revocation;
    chain->revocation_count++;
    revocation = (struct vl_revocation)VL_REVOCATION_INIT;
    return VL_OK;
}

/* Is there a revocation of this card or key that was made under a card before `limit`? */
static bool is_revoked(const struct vl_chain *chain, const uint8_t target[VL_HASH_LEN],
                       size_t limit)
{
    for (size_t i = 0; i < chain->revocation_count; i++) {
        size_t under = 0;

        if (is_same_id(chain->revocations[i].target, target) &&
            vl_chain_find(chain, chain->revocations[i].card_id, &under) && under < limit)
            return true;
    }
    return false;
}

static size_t count_revoked_keys(const struct vl_chain *chain, const struct vl_card *card,
                                 size_t limit)
{
    size_t revoked = 0;

    for (size_t i = 0; i < card->need_count; i++)
        revoked += is_revoked(chain, card->keys[card->need[i]].kid, limit);
    return revoked;
}

/* Did this card come unannounced, on the word of keys of which none is trusted any more?  Whoever
 * revokes under this card or a later one knows the card and stands by it; a revocation from before
 * it may be why the change was a thief's. */
static bool rests_on_revoked(const struct vl_chain *chain, size_t index)
{
    const struct vl_card *before;

    if (!chain->links[index].unplanned)
        return false;
    before = &chain->links[index - 1].card; /* the first card is never unplanned */
    return is_revoked(chain, before->object.id, index) ||
           count_revoked_keys(chain, before, index) == before->need_count;
}

static void mark(struct vl_chain *chain)
{
    bool rests = false;

    for (size_t i = 0; i < chain->count; i++) {
        struct vl_chain_link *link = &chain->links[i];

        rests |= rests_on_revoked(chain, i);
        link->key_revoked = rests || is_revoked(chain, link->card.object.id, SIZE_MAX) ||
                            count_revoked_keys(chain, &link->card, SIZE_MAX) > 0;
    }
}

enum vl_err vl_chain_add(struct vl_chain *chain, vl_bytes object, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object read = VL_OBJECT_INIT;
    enum vl_err err = vl_object_parse(object, &read, why);

    if (err)
        return err;
    if (read.kind == VL_KIND_CARD)
        err = add_card(chain, object, why);
    else if (read.kind == VL_KIND_REVOCATION)
        err = add_revocation(chain, object, why);
    else
        err = vl_fail(why, VL_ERR_FORMAT, "of the kind \"%s\"", vl_kind_word(read.kind));
    if (err)
        return vl_fail_in(why, err, "chain of cards");
    mark(chain);
    return VL_OK;
}

static enum vl_err read_cards(struct vl_cbor *r, struct vl_chain *chain, struct vl_why *why)
{
    size_t count = vl_cbor_array(r, 1, VL_CHAIN_MAX_CARDS);
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < count && !err; i++) {
        vl_bytes object = vl_cbor_item(r);

        if (!vl_cbor_ok(r))
            break;
        err = add_card(chain, object, why);
        if (err)
            return vl_fail_in(why, err, "card %zu", i);
    }
    return err;
}

/* In one order, so that one chain has one file. */
static enum vl_err read_revocations(struct vl_cbor *r, struct vl_chain *chain, struct vl_why *why)
{
    size_t count = vl_cbor_array(r, 0, VL_CHAIN_MAX_REVOCATIONS);
    uint8_t last[VL_HASH_LEN] = {0};

    for (size_t i = 0; i < count; i++) {
        VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
        vl_bytes wire = vl_cbor_item(r);
        enum vl_err err;

        if (!vl_cbor_ok(r))
            break;
        err = vl_object_parse(wire, &object, why);
        if (!err && i > 0 && memcmp(last, object.id, VL_HASH_LEN) >= 0)
            err = vl_fail(why, VL_ERR_FORMAT, "ids that do not ascend");
        if (!err)
            err = add_revocation(chain, wire, why);
        if (err)
            return vl_fail_in(why, err, "revocation %zu", i);
        memcpy(last, object.id, VL_HASH_LEN);
    }
    return VL_OK;
}

static enum vl_err read_file(vl_bytes wire, struct vl_chain *chain, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    enum vl_err err;

    (void)vl_cbor_array(&r, 3, 3);
    if (!vl_bytes_eq(vl_cbor_text(&r, 0, VL_CHAIN_MAX_LEN), VL_LITERAL(FILE_LABEL)))
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "not \"" FILE_LABEL "\"");
    err = read_cards(&r, chain, why);
    if (!err)
        err = read_revocations(&r, chain, why);
    return err ? err : vl_cbor_close(&r, "array", why);
}

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

static vl_bytes trim(vl_bytes text)
{
    while (text.len > 0 && is_space(text.ptr[0]))
        text = vl_bytes_after(text, 1);
    while (text.len > 0 && is_space(text.ptr[text.len - 1]))
        text.len--;
    return text;
}

static bool is_hrp(vl_bytes hrp)
{
    return vl_bytes_eq(hrp, VL_LITERAL(VL_CHAIN_HRP)) || vl_bytes_eq(hrp, VL_LITERAL("VALISECARD"));
}

static enum vl_err read_text(vl_bytes text, struct vl_chain *chain, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    vl_bytes hrp = VL_BYTES_NONE;
    enum vl_err err = vl_bech32_decode(text, &hrp, &wire);

    if (err == VL_ERR_FORMAT)
        return vl_fail(why, err, "a text with a typing error in it");
    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    if (!is_hrp(hrp))
        return vl_fail(why, VL_ERR_FORMAT, "a text of another kind");
    return read_file(vl_buf_bytes(&wire), chain, why);
}

enum vl_err vl_chain_parse(vl_bytes wire, struct vl_chain *chain, struct vl_why *why)
{
    vl_bytes text = trim(wire);
    bool is_text = is_hrp(vl_bytes_first(text, sizeof VL_CHAIN_HRP - 1));
    enum vl_err err;

    *chain = (struct vl_chain)VL_CHAIN_INIT;
    if (wire.len > VL_CHAIN_MAX_LEN)
        err = vl_fail(why, VL_ERR_LIMIT, "%zu bytes, more than %zu", wire.len, VL_CHAIN_MAX_LEN);
    else
        err = is_text ? read_text(text, chain, why) : read_file(wire, chain, why);
    if (err) {
        vl_chain_release(chain);
        return vl_fail_in(why, err, "card file");
    }
    mark(chain);
    return VL_OK;
}

void vl_chain_release(struct vl_chain *chain)
{
    for (size_t i = 0; i < chain->count; i++)
        vl_card_release(&chain->links[i].card);
    for (size_t i = 0; i < chain->revocation_count; i++)
        vl_revocation_release(&chain->revocations[i]);
    vl_free(chain->links);
    vl_free(chain->revocations);
    *chain = (struct vl_chain)VL_CHAIN_INIT;
}

enum vl_err vl_chain_write(const struct vl_chain *chain, struct vl_buf *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&wire);

    vl_cbor_put_array(&w, 3);
    vl_cbor_put_text(&w, VL_LITERAL(FILE_LABEL));
    vl_cbor_put_array(&w, chain->count);
    for (size_t i = 0; i < chain->count && !w.err; i++)
        w.err = vl_object_write(&chain->links[i].card.object, &wire);
    vl_cbor_put_array(&w, chain->revocation_count);
    for (size_t i = 0; i < chain->revocation_count && !w.err; i++)
        w.err = vl_object_write(&chain->revocations[i].object, &wire);
    return w.err ? w.err : vl_buf_put(out, vl_buf_bytes(&wire));
}

enum vl_err vl_chain_write_text(const struct vl_chain *chain, struct vl_buf *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    enum vl_err err = vl_chain_write(chain, &wire);

    if (!err)
        err = vl_bech32_encode(VL_LITERAL(VL_CHAIN_HRP), vl_buf_bytes(&wire), &text);
    return err ? err : vl_buf_put(out, vl_buf_bytes(&text));
}

const struct vl_card *vl_chain_newest(const struct vl_chain *chain)
{
    return &chain->links[chain->count - 1].card;
}

const struct vl_card *vl_chain_find(const struct vl_chain *chain, const uint8_t id[VL_HASH_LEN],
                                    size_t *index)
{
    for (size_t i = 0; i < chain->count; i++)
        if (is_same_id(chain->links[i].card.object.id, id)) {
            if (index)
                *index = i;
            return &chain->links[i].card;
        }
    return NULL;
}

static bool has_all_revocations(const struct vl_chain *chain, const struct vl_chain *of)
{
    bool is_there = true;

    for (size_t i = 0; i < of->revocation_count && is_there; i++)
        (void)place_of(chain, of->revocations[i].object.id, &is_there);
    return is_there;
}

enum vl_chain_news vl_chain_compare(const struct vl_chain *known, const struct vl_chain *offered,
                                    uint64_t *serial)
{
    for (size_t i = 0; i < known->count && i < offered->count; i++)
        if (!is_same_id(known->links[i].card.object.id, offered->links[i].card.object.id)) {
            *serial = i;
            return VL_CHAIN_FORK;
        }
    if (offered->count > known->count || !has_all_revocations(known, offered))
        return VL_CHAIN_NEWER;
    if (offered->count < known->count || !has_all_revocations(offered, known))
        return VL_CHAIN_OLDER;
    return VL_CHAIN_SAME;
}

enum vl_err vl_chain_take_revocations(struct vl_chain *known, const struct vl_chain *offered,
                                      struct vl_why *why)
{
    for (size_t i = 0; i < offered->revocation_count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        const struct vl_revocation *revocation = &offered->revocations[i];
        enum vl_err err;

        if (!vl_chain_find(known, revocation->card_id, NULL))
            continue;
        err = vl_object_write(&revocation->object, &wire);
        if (err)
            return vl_fail(why, err, "chain of cards: %s", vl_err_words(err));
        err = vl_chain_add(known, vl_buf_bytes(&wire), why);
        if (err)
            return err;
    }
    return VL_OK;
}

enum vl_err vl_chain_merge(struct vl_chain *chain, const struct vl_chain *other, struct vl_why *why)
{
    VL_AUTO(vl_chain_release) struct vl_chain merged = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    const bool longer = chain->count >= other->count;
    struct vl_chain before = *chain;
    enum vl_err err = vl_chain_write(longer ? chain : other, &file);

    if (err)
        return vl_fail(why, err, "chain of cards: %s", vl_err_words(err));
    err = vl_chain_parse(vl_buf_bytes(&file), &merged, why);
    if (!err)
        err = vl_chain_take_revocations(&merged, longer ? other : chain, why);
    if (err)
        return err;
    *chain = merged;
    merged = before; /* to be released */
    return VL_OK;
}

enum vl_err vl_chain_verify(const struct vl_chain *chain, const struct vl_object *object,
                            struct vl_chain_verdict *verdict, struct vl_why *why)
{
    uint8_t card_id[VL_HASH_LEN];
    const struct vl_card *card;
    size_t index = 0;
    enum vl_err err;

    *verdict = (struct vl_chain_verdict){.standing = VL_STANDING_NONE};
    err = vl_act_card_id(vl_object_payload(object), card_id, why);
    if (err)
        return vl_fail_in(why, err, "%s", vl_kind_word(object->kind));
    card = vl_chain_find(chain, card_id, &index);
    if (!card)
        return vl_fail(why, VL_ERR_NOT_FOUND, "%s: its card is not in this chain",
                       vl_kind_word(object->kind));
    err = vl_card_verify(card, object, &verdict->standing, why);
    if (err)
        return err;
    for (size_t i = index + 1; i < chain->count; i++)
        verdict->retired |= !is_same_id(chain->links[i].card.keys_hash, card->keys_hash);
    for (size_t i = 0; i <= index; i++)
        verdict->unplanned |= chain->links[i].unplanned;
    verdict->revoked = chain->links[index].key_revoked;
    return VL_OK;
}
