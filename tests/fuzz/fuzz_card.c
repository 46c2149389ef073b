/* SPDX-License-Identifier: Apache-2.0 */
/* Cards from any bytes, and cards that say any bytes and are well signed.  Nothing of what a card
 * says is lost in reading: its payload can be made again from the fields, byte by byte. */
#include <stdlib.h>
#include <string.h>

#include "card/card.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void put_hash(struct vl_cbor_out *w, bool is_there, const uint8_t hash[VL_HASH_LEN])
{
    if (is_there)
        vl_cbor_put_bytes(w, vl_bytes_of(hash, VL_HASH_LEN));
    else
        vl_cbor_put_null(w);
}

static void put_keys(struct vl_cbor_out *w, const struct vl_card *card)
{
    vl_cbor_put_int(w, 12);
    vl_cbor_put_array(w, card->key_count);
    for (size_t i = 0; i < card->key_count; i++)
        vl_cbor_put_item(w, card->keys[i].wire);
    vl_cbor_put_int(w, 13);
    vl_cbor_put_array(w, card->need_count);
    for (size_t i = 0; i < card->need_count; i++)
        put_hash(w, true, card->keys[card->need[i]].kid);
    vl_cbor_put_int(w, 14);
    vl_cbor_put_array(w, card->sealing_count);
    for (size_t i = 0; i < card->sealing_count; i++) {
        vl_cbor_put_array(w, 2);
        vl_cbor_put_text(w, card->sealing[i].kind);
        vl_cbor_put_bytes(w, card->sealing[i].key);
    }
    vl_cbor_put_int(w, 15);
    put_hash(w, true, card->next);
}

static void put_limits(struct vl_cbor_out *w, const struct vl_card *card)
{
    vl_cbor_put_int(w, 16);
    if (card->has_closes) {
        vl_cbor_put_array(w, 2);
        put_hash(w, true, card->closes_root);
        vl_cbor_put_uint(w, card->closes_count);
    } else {
        vl_cbor_put_null(w);
    }
    vl_cbor_put_int(w, 17);
    if (card->has_not_after)
        vl_cbor_put_int(w, card->not_after_s);
    else
        vl_cbor_put_null(w);
}

static void put_words(struct vl_cbor_out *w, const struct vl_card *card)
{
    vl_cbor_put_int(w, 18);
    vl_cbor_put_text(w, card->name);
    vl_cbor_put_int(w, 19);
    vl_cbor_put_array(w, card->language_count);
    for (size_t i = 0; i < card->language_count; i++)
        vl_cbor_put_text(w, card->languages[i]);
    vl_cbor_put_int(w, 20);
    vl_cbor_put_array(w, card->reach_count);
    for (size_t i = 0; i < card->reach_count; i++)
        vl_cbor_put_text(w, card->reach[i]);
    vl_cbor_put_int(w, 21);
    vl_cbor_put_array(w, card->guardian_count);
    for (size_t i = 0; i < card->guardian_count; i++)
        put_hash(w, true, card->guardians[i].at);
}

static void check_nothing_lost(const struct vl_card *card)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&again);

    vl_cbor_put_map(&w, 13);
    vl_cbor_put_int(&w, 0);
    vl_cbor_put_int(&w, 1);
    vl_cbor_put_int(&w, 10);
    vl_cbor_put_uint(&w, card->serial);
    vl_cbor_put_int(&w, 11);
    put_hash(&w, card->has_previous, card->previous);
    put_keys(&w, card);
    put_limits(&w, card);
    put_words(&w, card);
    check(w.err == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), vl_object_payload(&card->object)));
}

/* Every key of a known algorithm has signed, and verifies again. */
static void check_signed(const struct vl_card *card)
{
    check(card->need_count > 0);
    check(vl_bytes_eq(card->object.by[0].kid, VL_ARRAY(card->keys[card->need[0]].kid)));
    check(vl_card_verify_itself(card, NULL) == VL_OK);
    for (size_t i = 0; i < card->key_count; i++) {
        check(vl_card_find_key(card, VL_ARRAY(card->keys[i].kid)) == &card->keys[i]);
        if (i > 0)
            check(vl_bytes_cmp(card->keys[i - 1].wire, card->keys[i].wire) < 0);
    }
}

static bool read_card(vl_bytes wire)
{
    VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;

    if (vl_card_parse(wire, &card, NULL)) {
        check(card.object.count == 0 && card.key_count == 0 && card.need_count == 0);
        return false;
    }
    check_nothing_lost(&card);
    check_signed(&card);
    return true;
}

/* The key of 32 bytes 'a', and the office whose first card has it alone. */
static const struct vl_secret seed = {32, {'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a',
                                           'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a',
                                           'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a', 'a'}};

static void read_payload(vl_bytes payload)
{
    static const char label[] = "valise/office/v1";
    VL_AUTO(vl_buf_release) struct vl_buf hashed = VL_BUF_INIT(256), sub = VL_BUF_INIT(256);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_signer signer = {.seeds = &seed, .seed_count = 1, .has_iat = false};
    struct vl_cose_key key = VL_COSE_KEY_INIT;

    vl_cose_key_of_seed(&seed, &key);
    check(vl_buf_put(&hashed, vl_bytes_of(label, sizeof label)) == VL_OK);
    check(vl_card_keys_put(&key, 1, &hashed) == VL_OK);
    vl_sha256(vl_buf_bytes(&hashed), signer.office.at);
    check(vl_kind_sub("card", VL_ARRAY(signer.office.at), &sub) == VL_OK);
    if (vl_object_sign(&signer, VL_KIND_CARD, vl_buf_bytes(&sub), payload, &wire, NULL, NULL))
        return;
    (void)read_card(vl_buf_bytes(&wire));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    (void)read_card(vl_bytes_of(data, len));
    read_payload(vl_bytes_of(data, len));
    return 0;
}
