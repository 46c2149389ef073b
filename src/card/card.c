/* SPDX-License-Identifier: Apache-2.0 */
#include "card/card.h"

#include <string.h>

#include "base/name.h"
#include "card/fields.h"

#define VERSION          1
#define KEY_VERSION      0
#define KEY_SERIAL       10
#define KEY_PREVIOUS     11
#define KEY_KEYS         12
#define KEY_NEED         13
#define KEY_SEALING      14
#define KEY_NEXT         15
#define KEY_CLOSES       16
#define KEY_NOT_AFTER    17
#define KEY_NAME         18
#define KEY_LANGUAGES    19
#define KEY_REACH        20
#define KEY_GUARDIANS    21
#define PAIRS            13
#define KEY_MAX          255
#define CLOSES_MAX       ((uint64_t)1 << 24) /* PROTOCOL 8 */
#define REACH_MAX        256
#define SEALING_KIND_MAX 32
#define SEALING_KEY_MAX  4096 /* the longest post-quantum key in sight has half of that */
#define X25519_LEN       32
#define NEXT_LABEL       "valise/next/v1\0"
#define OFFICE_LABEL     "valise/office/v1\0"

/* What of the payload is not kept in the card, while it is checked. */
struct body {
    vl_bytes keys; /* the whole array */
    vl_bytes need[VL_CARD_MAX_KEYS];
};

/* SHA-256 of a label that ends in 00 and of the array of keys. */
static enum vl_err hash_keys(vl_bytes label, vl_bytes keys, uint8_t out[VL_HASH_LEN])
{
    VL_AUTO(vl_buf_release) struct vl_buf both = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = vl_buf_put(&both, label);

    if (!err)
        err = vl_buf_put(&both, keys);
    if (!err)
        vl_sha256(vl_buf_bytes(&both), out);
    return err;
}

/* Every key of a card is there, though perhaps null or empty: a card has one form. */
static void take_key(struct vl_cbor *r, struct vl_cbor_map *map, int64_t key)
{
    (void)vl_cbor_next(r, map);
    if (vl_cbor_key(r, map, 0, KEY_MAX) != key)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "another key than the one that comes next on a card");
}

static void take_hash(struct vl_cbor *r, uint8_t out[VL_HASH_LEN])
{
    vl_bytes hash = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);

    if (vl_cbor_ok(r))
        memcpy(out, hash.ptr, VL_HASH_LEN);
}

static void read_version(struct vl_cbor *r)
{
    if (vl_cbor_uint(r, UINT16_MAX) != VERSION && vl_cbor_ok(r))
        vl_cbor_refuse(r, VL_ERR_UNSUPPORTED, "a version that is not known here");
}

static void read_keys(struct vl_cbor *r, struct vl_card *card, struct body *body)
{
    const uint8_t *at = r->at;

    card->key_count = vl_cbor_array(r, 1, VL_CARD_MAX_KEYS);
    for (size_t i = 0; i < card->key_count; i++) {
        card->keys[i].wire = vl_cbor_item(r);
        if (i > 0 && vl_bytes_cmp(card->keys[i - 1].wire, card->keys[i].wire) >= 0)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "signing keys that do not ascend");
    }
    if (vl_cbor_ok(r))
        body->keys = vl_bytes_of(at, (size_t)(r->at - at));
}

static void read_need(struct vl_cbor *r, struct vl_card *card, struct body *body)
{
    card->need_count = vl_cbor_array(r, 1, VL_CARD_MAX_KEYS);
    for (size_t i = 0; i < card->need_count; i++)
        body->need[i] = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);
}

static void read_sealing(struct vl_cbor *r, struct vl_card *card)
{
    card->sealing_count = vl_cbor_array(r, 1, VL_CARD_MAX_SEALING);
    for (size_t i = 0; i < card->sealing_count; i++) {
        struct vl_card_sealing *sealing = &card->sealing[i];

        (void)vl_cbor_array(r, 2, 2);
        sealing->kind = vl_cbor_text(r, 1, SEALING_KIND_MAX);
        sealing->key = vl_cbor_bytes(r, 1, SEALING_KEY_MAX);
        if (vl_bytes_eq(sealing->kind, VL_LITERAL(VL_CARD_SEALING_X25519)) &&
            sealing->key.len != X25519_LEN)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "an x25519 key that is not 32 bytes");
    }
}

static void read_closes(struct vl_cbor *r, struct vl_card *card)
{
    card->has_closes = !vl_cbor_null(r);
    if (!card->has_closes)
        return;
    (void)vl_cbor_array(r, 2, 2);
    take_hash(r, card->closes_root);
    card->closes_count = vl_cbor_uint(r, CLOSES_MAX);
    if (card->closes_count == 0)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "it closes nothing, which is null");
}

static void read_languages(struct vl_cbor *r, struct vl_card *card)
{
    card->language_count = vl_cbor_array(r, 0, VL_CARD_MAX_LANGUAGES);
    for (size_t i = 0; i < card->language_count; i++)
        card->languages[i] = vl_language_read(r);
}

static void read_where(struct vl_cbor *r, struct vl_cbor_map *map, struct vl_card *card)
{
    take_key(r, map, KEY_REACH);
    card->reach_count = vl_cbor_array(r, 0, VL_CARD_MAX_REACH);
    for (size_t i = 0; i < card->reach_count; i++)
        card->reach[i] = vl_cbor_text(r, 1, REACH_MAX);
    take_key(r, map, KEY_GUARDIANS);
    card->guardian_count = vl_cbor_array(r, 0, VL_CARD_MAX_GUARDIANS);
    for (size_t i = 0; i < card->guardian_count; i++)
        take_hash(r, card->guardians[i].at);
}

static enum vl_err read_payload(struct vl_card *card, struct body *body, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(vl_object_payload(&card->object), VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, PAIRS, PAIRS);

    take_key(&r, &map, KEY_VERSION);
    read_version(&r);
    take_key(&r, &map, KEY_SERIAL);
    card->serial = vl_cbor_uint(&r, UINT32_MAX);
    take_key(&r, &map, KEY_PREVIOUS);
    card->has_previous = !vl_cbor_null(&r);
    if (card->has_previous)
        take_hash(&r, card->previous);
    take_key(&r, &map, KEY_KEYS);
    read_keys(&r, card, body);
    take_key(&r, &map, KEY_NEED);
    read_need(&r, card, body);
    take_key(&r, &map, KEY_SEALING);
    read_sealing(&r, card);
    take_key(&r, &map, KEY_NEXT);
    take_hash(&r, card->next);
    take_key(&r, &map, KEY_CLOSES);
    read_closes(&r, card);
    take_key(&r, &map, KEY_NOT_AFTER);
    card->has_not_after = !vl_cbor_null(&r);
    if (card->has_not_after)
        card->not_after_s = vl_cbor_int(&r, 0, VL_CLAIMS_IAT_MAX_S);
    take_key(&r, &map, KEY_NAME);
    card->name = vl_cbor_text(&r, 1, VL_CARD_MAX_NAME);
    take_key(&r, &map, KEY_LANGUAGES);
    read_languages(&r, card);
    read_where(&r, &map, card);
    return vl_cbor_close(&r, "payload", why);
}

/* A key of an algorithm that is not known here stays, as bytes under their hash: it may be somebody
 * else's to check, and it is part of what the keys hash to. */
static enum vl_err check_key(struct vl_card_key *key, struct vl_why *why)
{
    enum vl_err err = vl_cose_key_parse(key->wire, VL_CBOR_STRICT, &key->key, why);

    if (err && err != VL_ERR_UNSUPPORTED)
        return err == VL_ERR_REFUSED ? VL_ERR_FORMAT : err;
    vl_sha256(key->wire, key->kid); /* RFC 9679: of a known key, its thumbprint */
    return VL_OK;
}

static enum vl_err check_keys(struct vl_card *card, const struct body *body, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < card->key_count && !err; i++) {
        err = check_key(&card->keys[i], why);
        if (err)
            return vl_fail_in(why, err, "signing key %zu", i + 1);
    }
    err = hash_keys(VL_LITERAL(NEXT_LABEL), body->keys, card->keys_hash);
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

static bool is_needed(const struct vl_card *card, const struct vl_card_key *key)
{
    for (size_t i = 0; i < card->need_count; i++)
        if (key == &card->keys[card->need[i]])
            return true;
    return false;
}

/* PROTOCOL 11: all of these, each a listed key, none twice, each of an algorithm known here. */
static enum vl_err check_need(struct vl_card *card, const struct body *body, struct vl_why *why)
{
    size_t count = card->need_count;

    card->need_count = 0;
    for (size_t i = 0; i < count; i++) {
        const struct vl_card_key *key = vl_card_find_key(card, body->need[i]);

        if (!key)
            return vl_fail(why, VL_ERR_FORMAT, "needed key %zu is not among its keys", i + 1);
        if (is_needed(card, key))
            return vl_fail(why, VL_ERR_FORMAT, "needed key %zu is needed twice", i + 1);
        if (key->key.kind == VL_COSE_KEY_NONE)
            return vl_fail(why, VL_ERR_UNSUPPORTED,
                           "needed key %zu is of an algorithm that is not known here", i + 1);
        card->need[i] = (uint8_t)(key - card->keys); /* below VL_CARD_MAX_KEYS */
        card->need_count++;
    }
    return VL_OK;
}

/* PROTOCOL 30: the identity is the hash of the first card's keys. */
static enum vl_err check_identity(const struct vl_card *card, const struct body *body,
                                  struct vl_why *why)
{
    struct vl_office_id id;
    enum vl_err err;

    if (card->has_previous != (card->serial > 0))
        return vl_fail(why, VL_ERR_FORMAT,
                       card->serial > 0 ? "no card before it, though it is not the first"
                                        : "the first, though it names a card before it");
    if (card->serial > 0)
        return VL_OK;
    if (card->has_closes)
        return vl_fail(why, VL_ERR_FORMAT, "the first, though it closes keys before it");
    err = hash_keys(VL_LITERAL(OFFICE_LABEL), body->keys, id.at);
    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    if (!vl_office_id_eq(&id, &card->object.issuer))
        return vl_fail(why, VL_ERR_UNVERIFIED, "its keys are not those of its issuer");
    return VL_OK;
}

static enum vl_err put_sub(const struct vl_office_id *office, struct vl_buf *out)
{
    return vl_kind_sub(vl_kind_word(VL_KIND_CARD), VL_ARRAY(office->at), out);
}

static enum vl_err check_sub(const struct vl_card *card, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    enum vl_err err = put_sub(&card->object.issuer, &sub);

    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    if (!vl_bytes_eq(vl_object_sub(&card->object), vl_buf_bytes(&sub)))
        return vl_fail(why, VL_ERR_FORMAT, "it is about something else than its issuer");
    return VL_OK;
}

static enum vl_err read_and_check(struct vl_card *card, struct vl_why *why)
{
    struct body body = {VL_BYTES_NONE, {{NULL, 0}}};
    enum vl_err err = VL_OK;

    if (card->object.kind != VL_KIND_CARD)
        return vl_fail(why, VL_ERR_FORMAT, "of the kind \"%s\"", vl_kind_word(card->object.kind));
    err = read_payload(card, &body, why);
    if (!err)
        err = check_keys(card, &body, why);
    if (!err)
        err = check_need(card, &body, why);
    if (!err)
        err = vl_name_check(card->name, why);
    if (!err)
        err = check_identity(card, &body, why);
    if (!err)
        err = check_sub(card, why);
    return err ? err : vl_card_verify_itself(card, why);
}

enum vl_err vl_card_parse(vl_bytes wire, struct vl_card *card, struct vl_why *why)
{
    enum vl_err err;

    *card = (struct vl_card)VL_CARD_INIT;
    err = vl_object_parse(wire, &card->object, why);
    if (!err)
        err = read_and_check(card, why);
    if (err) {
        vl_card_release(card);
        return vl_fail_in(why, err, "card");
    }
    return VL_OK;
}

void vl_card_release(struct vl_card *card)
{
    vl_object_release(&card->object);
    *card = (struct vl_card)VL_CARD_INIT;
}

enum vl_err vl_card_keys_put(const struct vl_cose_key *keys, size_t count, struct vl_buf *out)
{
    uint8_t bytes[VL_CARD_MAX_KEYS][VL_COSE_KEY_MAX_LEN];
    vl_bytes sorted[VL_CARD_MAX_KEYS];
    struct vl_cbor_out w = vl_cbor_to(out);

    if (count < 1 || count > VL_CARD_MAX_KEYS)
        return VL_ERR_LIMIT;
    for (size_t i = 0; i < count; i++) {
        struct vl_buf one = VL_BUF_INIT(VL_COSE_KEY_MAX_LEN);
        enum vl_err err = vl_cose_key_write(&keys[i], &one);
        vl_bytes key = vl_bytes_of(bytes[i], one.len);
        size_t at = i;

        if (!err)
            memcpy(bytes[i], one.data, one.len);
        vl_buf_release(&one);
        if (err)
            return err;
        for (; at > 0 && vl_bytes_cmp(sorted[at - 1], key) > 0; at--)
            sorted[at] = sorted[at - 1];
        sorted[at] = key;
    }
    vl_cbor_put_array(&w, count);
    for (size_t i = 0; i < count; i++)
        vl_cbor_put_item(&w, sorted[i]);
    return w.err;
}

#define KEYS_ROOM VL_BUF_INIT(1 + VL_CARD_MAX_KEYS * VL_COSE_KEY_MAX_LEN)

enum vl_err vl_card_keys_hash(const struct vl_cose_key *keys, size_t count,
                              uint8_t out[VL_HASH_LEN])
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = KEYS_ROOM;
    enum vl_err err = vl_card_keys_put(keys, count, &wire);

    return err ? err : hash_keys(VL_LITERAL(NEXT_LABEL), vl_buf_bytes(&wire), out);
}

/* Whoever signs a new card: its keys, then those of the card before that are not among them. */
struct signers {
    struct vl_secret seeds[VL_OBJECT_MAX_SIGNATURES];
    size_t count;
};

static void wipe_signers(struct signers *signers)
{
    for (size_t i = 0; i < VL_OBJECT_MAX_SIGNATURES; i++)
        vl_secret_wipe(&signers->seeds[i]);
    signers->count = 0;
}

static enum vl_err gather(const struct vl_card_draft *draft, struct signers *signers,
                          struct vl_why *why)
{
    if (draft->seed_count < 1 || draft->seed_count > VL_OBJECT_MAX_SIGNATURES)
        return vl_fail(why, VL_ERR_LIMIT, "%zu keys of its own, not 1 to %d", draft->seed_count,
                       VL_OBJECT_MAX_SIGNATURES);
    for (; signers->count < draft->seed_count; signers->count++)
        signers->seeds[signers->count] = draft->seeds[signers->count];
    for (size_t i = 0; i < draft->also_count; i++) {
        bool is_there = false;

        for (size_t k = 0; k < signers->count; k++)
            is_there |= vl_secret_eq(&signers->seeds[k], &draft->also_seeds[i]);
        if (!is_there && signers->count == VL_OBJECT_MAX_SIGNATURES)
            return vl_fail(why, VL_ERR_LIMIT, "more than %d keys would have to sign it",
                           VL_OBJECT_MAX_SIGNATURES);
        if (!is_there)
            signers->seeds[signers->count++] = draft->also_seeds[i];
    }
    return VL_OK;
}

/* The keys of the draft: as an array, and in the order in which they are needed. */
static enum vl_err put_draft_keys(const struct vl_card_draft *draft, struct vl_buf *keys_wire,
                                  struct vl_cbor_out *need)
{
    struct vl_cose_key keys[VL_CARD_MAX_KEYS];
    uint8_t kid[VL_HASH_LEN];

    vl_cbor_put_array(need, draft->seed_count);
    for (size_t i = 0; i < draft->seed_count; i++) { /* at most VL_OBJECT_MAX_SIGNATURES: gather */
        vl_cose_key_of_seed(&draft->seeds[i], &keys[i]);
        vl_cose_key_thumbprint(&keys[i], kid);
        vl_cbor_put_bytes(need, VL_ARRAY(kid));
    }
    return need->err ? need->err : vl_card_keys_put(keys, draft->seed_count, keys_wire);
}

static void put_sealing(struct vl_cbor_out *w, const struct vl_card_draft *draft)
{
    vl_cbor_put_int(w, KEY_SEALING);
    vl_cbor_put_array(w, draft->sealing_count);
    for (size_t i = 0; i < draft->sealing_count; i++) {
        vl_cbor_put_array(w, 2);
        vl_cbor_put_text(w, draft->sealing[i].kind);
        vl_cbor_put_bytes(w, draft->sealing[i].key);
    }
}

static void put_closes(struct vl_cbor_out *w, const struct vl_card_draft *draft)
{
    vl_cbor_put_int(w, KEY_CLOSES);
    if (draft->has_closes) {
        vl_cbor_put_array(w, 2);
        vl_cbor_put_bytes(w, VL_ARRAY(draft->closes_root));
        vl_cbor_put_uint(w, draft->closes_count);
    } else {
        vl_cbor_put_null(w);
    }
}

static void put_texts(struct vl_cbor_out *w, int64_t key, const vl_bytes *texts, size_t count)
{
    vl_cbor_put_int(w, key);
    vl_cbor_put_array(w, count);
    for (size_t i = 0; i < count; i++)
        vl_cbor_put_text(w, texts[i]);
}

static enum vl_err put_payload(const struct vl_card_draft *draft, vl_bytes keys, vl_bytes need,
                               struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_map(&w, PAIRS);
    vl_cbor_put_int(&w, KEY_VERSION);
    vl_cbor_put_uint(&w, VERSION);
    vl_cbor_put_int(&w, KEY_SERIAL);
    vl_cbor_put_uint(&w, draft->serial);
    vl_cbor_put_int(&w, KEY_PREVIOUS);
    if (draft->previous)
        vl_cbor_put_bytes(&w, vl_bytes_of(draft->previous, VL_HASH_LEN));
    else
        vl_cbor_put_null(&w);
    vl_cbor_put_int(&w, KEY_KEYS);
    vl_cbor_put_item(&w, keys);
    vl_cbor_put_int(&w, KEY_NEED);
    vl_cbor_put_item(&w, need);
    put_sealing(&w, draft);
    vl_cbor_put_int(&w, KEY_NEXT);
    vl_cbor_put_bytes(&w, VL_ARRAY(draft->next));
    put_closes(&w, draft);
    vl_cbor_put_int(&w, KEY_NOT_AFTER);
    if (draft->has_not_after)
        vl_cbor_put_int(&w, draft->not_after_s);
    else
        vl_cbor_put_null(&w);
    vl_cbor_put_int(&w, KEY_NAME);
    vl_cbor_put_text(&w, draft->name);
    put_texts(&w, KEY_LANGUAGES, draft->languages, draft->language_count);
    put_texts(&w, KEY_REACH, draft->reach, draft->reach_count);
    vl_cbor_put_int(&w, KEY_GUARDIANS);
    vl_cbor_put_array(&w, draft->guardian_count);
    for (size_t i = 0; i < draft->guardian_count; i++)
        vl_cbor_put_bytes(&w, VL_ARRAY(draft->guardians[i].at));
    return w.err;
}

static enum vl_err sign_draft(const struct vl_card_draft *draft, const struct signers *signers,
                              struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf keys = KEYS_ROOM;
    VL_AUTO(vl_buf_release) struct vl_buf need = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    struct vl_cbor_out w = vl_cbor_to(&need);
    struct vl_signer signer = {.seeds = signers->seeds,
                               .seed_count = signers->count,
                               .has_iat = draft->has_iat,
                               .iat_s = draft->iat_s};
    enum vl_err err = put_draft_keys(draft, &keys, &w);

    if (!err && draft->office)
        signer.office = *draft->office;
    else if (!err)
        err = hash_keys(VL_LITERAL(OFFICE_LABEL), vl_buf_bytes(&keys), signer.office.at);
    if (!err)
        err = put_payload(draft, vl_buf_bytes(&keys), vl_buf_bytes(&need), &payload);
    if (!err)
        err = put_sub(&signer.office, &sub);
    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    return vl_object_sign(&signer, VL_KIND_CARD, vl_buf_bytes(&sub), vl_buf_bytes(&payload), out,
                          NULL, why);
}

enum vl_err vl_card_write(const struct vl_card_draft *draft, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(wipe_signers) struct signers signers = {.count = 0};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_card_release) struct vl_card read_back = VL_CARD_INIT;
    enum vl_err err = gather(draft, &signers, why);

    if (!err)
        err = sign_draft(draft, &signers, &wire, why);
    if (err)
        return vl_fail_in(why, err, "card");
    err = vl_card_parse(vl_buf_bytes(&wire), &read_back, why);
    if (err)
        return err;
    err = vl_buf_put(out, vl_buf_bytes(&wire));
    return err ? vl_fail(why, err, "card: %s", vl_err_words(err)) : VL_OK;
}
