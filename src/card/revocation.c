/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "card/act.h"
#include "card/chain.h"

#define KEY_TARGET 10
#define KEY_REASON 11
#define KEY_KEYS   12

/* The public keys that a revocation carries: those that sign it. */
struct signing_keys {
    size_t count;
    vl_bytes wire[VL_OBJECT_MAX_SIGNATURES];
    struct vl_cose_key key[VL_OBJECT_MAX_SIGNATURES];
};

const char *vl_revocation_word(enum vl_revocation_reason reason)
{
    switch (reason) {
#define X(code, number, word, words)                                                               \
    case VL_REVOCATION_##code:                                                                     \
        return word;
        VL_REVOCATION_TABLE(X)
#undef X
    case VL_REVOCATION_NONE:
        break;
    }
    return "";
}

static void take_key(struct vl_cbor *r, struct vl_cbor_map *map, int64_t *key, int64_t wanted)
{
    if (*key == 0 && vl_cbor_next(r, map))
        *key = vl_cbor_key(r, map, 0, UINT8_MAX);
    if (*key != wanted)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "another key than the one that comes next");
    *key = 0;
}

static void read_reason(struct vl_cbor *r, struct vl_revocation *revocation)
{
    revocation->reason = (enum vl_revocation_reason)vl_cbor_uint(r, VL_REVOCATION_CLOSED);
    if (revocation->reason == VL_REVOCATION_NONE)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "no reason");
}

static void read_keys(struct vl_cbor *r, struct signing_keys *keys)
{
    keys->count = vl_cbor_array(r, 1, VL_OBJECT_MAX_SIGNATURES);
    for (size_t i = 0; i < keys->count; i++) {
        keys->wire[i] = vl_cbor_item(r);
        if (i > 0 && vl_bytes_cmp(keys->wire[i - 1], keys->wire[i]) >= 0)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "keys that do not ascend");
    }
}

static enum vl_err read_payload(struct vl_revocation *revocation, struct signing_keys *keys,
                                struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(vl_object_payload(&revocation->object), VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, 0, UINT8_MAX);
    struct vl_act act;
    vl_bytes target;
    int64_t key;

    vl_act_read(&r, &map, &act, &key);
    /* An office ends what is its own: nobody does it for another. */
    if (vl_cbor_ok(&r) && (act.capacity != VL_CAPACITY_PRINCIPAL || act.has_under))
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "revoked by somebody else than the principal");
    take_key(&r, &map, &key, KEY_TARGET);
    target = vl_cbor_bytes(&r, VL_HASH_LEN, VL_HASH_LEN);
    take_key(&r, &map, &key, KEY_REASON);
    read_reason(&r, revocation);
    take_key(&r, &map, &key, KEY_KEYS);
    read_keys(&r, keys);
    if (vl_cbor_next(&r, &map))
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "a key that no revocation has");
    if (vl_cbor_ok(&r)) {
        memcpy(revocation->card_id, act.card_id, VL_HASH_LEN);
        memcpy(revocation->target, target.ptr, VL_HASH_LEN);
    }
    return vl_cbor_close(&r, "payload", why);
}

static enum vl_err parse_keys(struct signing_keys *keys, struct vl_why *why)
{
    for (size_t i = 0; i < keys->count; i++) {
        enum vl_err err = vl_cose_key_parse(keys->wire[i], VL_CBOR_STRICT, &keys->key[i], why);

        if (err)
            return vl_fail_in(why, err == VL_ERR_REFUSED ? VL_ERR_FORMAT : err, "key %zu", i + 1);
    }
    return VL_OK;
}

static enum vl_err put_sub(const uint8_t target[VL_HASH_LEN], struct vl_buf *out)
{
    return vl_kind_sub(vl_kind_word(VL_KIND_REVOCATION), vl_bytes_of(target, VL_HASH_LEN), out);
}

static enum vl_err check_sub(const struct vl_revocation *revocation, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    enum vl_err err = put_sub(revocation->target, &sub);

    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    if (!vl_bytes_eq(vl_object_sub(&revocation->object), vl_buf_bytes(&sub)))
        return vl_fail(why, VL_ERR_FORMAT, "it is about something else than its target");
    return VL_OK;
}

/* As many signatures as keys and a good one of each: signatures of one key twice are no object. */
static enum vl_err check_signatures(const struct vl_revocation *revocation,
                                    const struct signing_keys *keys, struct vl_why *why)
{
    const struct vl_object *object = &revocation->object;
    enum vl_err err = VL_OK;

    if (object->count != keys->count)
        return vl_fail(why, VL_ERR_UNVERIFIED, "%zu signatures with %zu keys", object->count,
                       keys->count);
    for (size_t i = 0; i < keys->count && !err; i++) {
        uint8_t kid[VL_HASH_LEN];
        size_t k = 0;

        vl_cose_key_thumbprint(&keys->key[i], kid);
        while (k < object->count && !vl_bytes_eq(object->by[k].kid, VL_ARRAY(kid)))
            k++;
        err = k < object->count
                  ? vl_sign1_verify(&object->by[k], &keys->key[i], NULL, why)
                  : vl_fail(why, VL_ERR_UNVERIFIED, "key %zu has not signed it", i + 1);
    }
    return err;
}

static enum vl_err read_and_check(struct vl_revocation *revocation, struct vl_why *why)
{
    struct signing_keys keys = {.count = 0};
    enum vl_err err;

    if (revocation->object.kind != VL_KIND_REVOCATION)
        return vl_fail(why, VL_ERR_FORMAT, "of the kind \"%s\"",
                       vl_kind_word(revocation->object.kind));
    err = read_payload(revocation, &keys, why);
    if (!err)
        err = parse_keys(&keys, why);
    if (!err)
        err = check_sub(revocation, why);
    if (!err)
        err = check_signatures(revocation, &keys, why);
    if (err)
        return err;
    err = vl_card_keys_hash(keys.key, keys.count, revocation->keys_hash);
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

enum vl_err vl_revocation_parse(vl_bytes wire, struct vl_revocation *revocation, struct vl_why *why)
{
    enum vl_err err;

    *revocation = (struct vl_revocation)VL_REVOCATION_INIT;
    err = vl_object_parse(wire, &revocation->object, why);
    if (!err)
        err = read_and_check(revocation, why);
    if (err) {
        vl_revocation_release(revocation);
        return vl_fail_in(why, err, "revocation");
    }
    return VL_OK;
}

void vl_revocation_release(struct vl_revocation *revocation)
{
    vl_object_release(&revocation->object);
    *revocation = (struct vl_revocation)VL_REVOCATION_INIT;
}

static enum vl_err put_payload(const struct vl_signer *signer, const uint8_t target[VL_HASH_LEN],
                               enum vl_revocation_reason reason, struct vl_buf *out)
{
    struct vl_cose_key keys[VL_OBJECT_MAX_SIGNATURES];
    struct vl_act act = {.capacity = VL_CAPACITY_PRINCIPAL, .manual = true};
    struct vl_cbor_out w = vl_cbor_to(out);

    memcpy(act.card_id, signer->card_id, VL_HASH_LEN);
    vl_cbor_put_map(&w, vl_act_pairs(&act) + 3);
    vl_act_put(&w, &act);
    vl_cbor_put_int(&w, KEY_TARGET);
    vl_cbor_put_bytes(&w, vl_bytes_of(target, VL_HASH_LEN));
    vl_cbor_put_int(&w, KEY_REASON);
    vl_cbor_put_uint(&w, (uint64_t)reason);
    vl_cbor_put_int(&w, KEY_KEYS);
    if (signer->seed_count > VL_OBJECT_MAX_SIGNATURES)
        return VL_ERR_LIMIT;
    for (size_t i = 0; i < signer->seed_count; i++)
        vl_cose_key_of_seed(&signer->seeds[i], &keys[i]);
    return w.err ? w.err : vl_card_keys_put(keys, signer->seed_count, out);
}

enum vl_err vl_revocation_write(const struct vl_signer *signer, const uint8_t target[VL_HASH_LEN],
                                enum vl_revocation_reason reason, struct vl_buf *out,
                                struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_revocation_release) struct vl_revocation read_back = VL_REVOCATION_INIT;
    enum vl_err err = put_payload(signer, target, reason, &payload);

    if (!err)
        err = put_sub(target, &sub);
    if (err)
        return vl_fail(why, err, "revocation: %s", vl_err_words(err));
    err = vl_object_sign(signer, VL_KIND_REVOCATION, vl_buf_bytes(&sub), vl_buf_bytes(&payload),
                         &wire, NULL, why);
    if (err)
        return vl_fail_in(why, err, "revocation");
    err = vl_revocation_parse(vl_buf_bytes(&wire), &read_back, why);
    if (err)
        return err;
    err = vl_buf_put(out, vl_buf_bytes(&wire));
    return err ? vl_fail(why, err, "revocation: %s", vl_err_words(err)) : VL_OK;
}
