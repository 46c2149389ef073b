/* SPDX-License-Identifier: Apache-2.0 */
#include "card/card.h"

#include <string.h>

#include "card/act.h"

const struct vl_card_key *vl_card_find_key(const struct vl_card *card, vl_bytes kid)
{
    for (size_t i = 0; i < card->key_count; i++)
        if (vl_bytes_eq(kid, VL_ARRAY(card->keys[i].kid)))
            return &card->keys[i];
    return NULL;
}

/* Only the algorithm of the key's own kind is tried (PROTOCOL 11). */
enum vl_err vl_card_verify_by(const struct vl_card *card, const struct vl_sign1 *by,
                              struct vl_why *why)
{
    const struct vl_card_key *key = vl_card_find_key(card, by->kid);

    if (!key)
        return vl_fail(why, VL_ERR_UNVERIFIED, "its kid names no key of the card");
    if (key->key.kind == VL_COSE_KEY_NONE)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "its key is of an algorithm that is not known");
    if (vl_cose_alg_key_kind(by->alg) != key->key.kind)
        return vl_fail(why, VL_ERR_UNVERIFIED, "alg %lld is not for its key", (long long)by->alg);
    return vl_sign1_verify(by, &key->key, NULL, why);
}

static bool has_signed(const struct vl_object *object, const struct vl_card_key *key)
{
    for (size_t i = 0; i < object->count; i++)
        if (vl_bytes_eq(object->by[i].kid, VL_ARRAY(key->kid)))
            return true;
    return false;
}

/* The id of an object is that of its first signature, so which one is first is not free. */
static enum vl_err check_first(const struct vl_card *card, const struct vl_object *object,
                               struct vl_why *why)
{
    if (vl_bytes_eq(object->by[0].kid, VL_ARRAY(card->keys[card->need[0]].kid)))
        return VL_OK;
    return vl_fail(why, VL_ERR_UNVERIFIED, "signature 1 is not of the first needed key");
}

/* Good signatures where the key is known; of unknown algorithms nothing is said. */
static enum vl_err check_signatures(const struct vl_card *card, const struct vl_object *object,
                                    bool may_have_others, struct vl_why *why)
{
    enum vl_err err = check_first(card, object, why);

    for (size_t i = 0; i < object->count && !err; i++) {
        const struct vl_card_key *key = vl_card_find_key(card, object->by[i].kid);

        if (key ? key->key.kind == VL_COSE_KEY_NONE : may_have_others)
            continue;
        err = vl_card_verify_by(card, &object->by[i], why);
        if (err)
            return vl_fail_in(why, err, "signature %zu", i + 1);
    }
    return err;
}

/* PROTOCOL 4: nobody lists a key that he does not hold.  Other keys may have signed a later card:
 * those of the card before it, which the chain knows. */
enum vl_err vl_card_verify_itself(const struct vl_card *card, struct vl_why *why)
{
    enum vl_err err = check_signatures(card, &card->object, card->serial > 0, why);

    for (size_t i = 0; i < card->key_count && !err; i++)
        if (card->keys[i].key.kind != VL_COSE_KEY_NONE &&
            !has_signed(&card->object, &card->keys[i]))
            err = vl_fail(why, VL_ERR_UNVERIFIED, "signing key %zu has not signed it", i + 1);
    return err;
}

/* PROTOCOL 30: issuer, card and kid together, never a kid alone. */
static enum vl_err check_is_under(const struct vl_card *card, const struct vl_object *object,
                                  struct vl_why *why)
{
    uint8_t card_id[VL_HASH_LEN];
    enum vl_err err;

    if (object->kind == VL_KIND_CARD)
        return vl_fail(why, VL_ERR_UNVERIFIED, "a card, which its chain verifies");
    if (!vl_office_id_eq(&object->issuer, &card->object.issuer))
        return vl_fail(why, VL_ERR_UNVERIFIED, "of another office than the card");
    err = vl_act_card_id(vl_object_payload(object), card_id, why);
    if (!err && memcmp(card_id, card->object.id, VL_HASH_LEN) != 0)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "signed under another card");
    return err;
}

enum vl_err vl_card_verify(const struct vl_card *card, const struct vl_object *object,
                           enum vl_standing *standing, struct vl_why *why)
{
    enum vl_err err = check_is_under(card, object, why);
    size_t good = 0;

    *standing = VL_STANDING_NONE;
    if (!err)
        err = check_signatures(card, object, false, why);
    if (err)
        return vl_fail_in(why, err, "%s", vl_kind_word(object->kind));
    for (size_t i = 0; i < card->need_count; i++)
        good += has_signed(object, &card->keys[card->need[i]]);
    *standing = good == card->need_count ? VL_STANDING_FULL : VL_STANDING_INCOMPLETE;
    return VL_OK;
}
