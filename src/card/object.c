/* SPDX-License-Identifier: Apache-2.0 */
#include "card/object.h"

#include <string.h>

#include "cose/header.h"

/* What all the signatures of an object have in common, as it stands in their protected headers. */
struct shared {
    vl_bytes content_type;
    vl_bytes claims;
};

/* vl_sign1_parse has seen to it that the header is alg, content type, kid and claims, in this order
 * and with nothing between. */
static struct shared shared_of(const struct vl_sign1 *by)
{
    struct vl_cbor r = vl_cbor_open(by->protected_header, VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, 4, 4);
    struct shared shared = {VL_BYTES_NONE, VL_BYTES_NONE};

    while (vl_cbor_next(&r, &map)) {
        int64_t label = vl_cbor_label(&r, &map).number;
        vl_bytes item = vl_cbor_item(&r);

        if (label == VL_COSE_CONTENT_TYPE)
            shared.content_type = item;
        else if (label == VL_COSE_CWT_CLAIMS)
            shared.claims = item;
    }
    return shared;
}

/* PROTOCOL 11: equal but for alg and kid, and each key once. */
static enum vl_err check_alike(const struct vl_object *object, size_t i, struct vl_why *why)
{
    const struct vl_sign1 *first = &object->by[0], *by = &object->by[i];
    struct shared wanted = shared_of(first), got = shared_of(by);

    if (!vl_bytes_eq(by->payload, first->payload))
        return vl_fail(why, VL_ERR_FORMAT, "signature %zu is over another payload", i + 1);
    if (!vl_bytes_eq(got.content_type, wanted.content_type))
        return vl_fail(why, VL_ERR_FORMAT, "signature %zu is over another content type", i + 1);
    if (!vl_bytes_eq(got.claims, wanted.claims))
        return vl_fail(why, VL_ERR_FORMAT, "signature %zu is over other claims", i + 1);
    for (size_t k = 0; k < i; k++)
        if (vl_bytes_eq(object->by[k].kid, by->kid))
            return vl_fail(why, VL_ERR_FORMAT, "signatures %zu and %zu are of one key", k + 1,
                           i + 1);
    return VL_OK;
}

static enum vl_err read_signatures(vl_bytes wire, struct vl_object *object, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    size_t count = vl_cbor_array(&r, 1, VL_OBJECT_MAX_SIGNATURES);
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < count && !err; i++) {
        vl_bytes item = vl_cbor_item(&r);

        if (!vl_cbor_ok(&r))
            break;
        object->by[i] = (struct vl_sign1)VL_SIGN1_INIT;
        err = vl_sign1_parse(item, VL_SIGN1_OURS, &object->by[i], why);
        object->count = i + 1;
        if (!err)
            err = check_alike(object, i, why);
    }
    return err ? err : vl_cbor_close(&r, "array of signatures", why);
}

static enum vl_err read_header(struct vl_object *object, struct vl_why *why)
{
    const struct vl_sign1 *first = &object->by[0];

    object->kind = vl_kind_of_content_type(first->content_type);
    if (object->kind == VL_KIND_NONE)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "of a kind that is not known here");
    if (vl_office_id_of_eid(first->claims.iss, &object->issuer))
        return vl_fail(why, VL_ERR_FORMAT, "its issuer is not written as an office's");
    return vl_sign1_id(first, NULL, object->id, why);
}

enum vl_err vl_object_parse(vl_bytes wire, struct vl_object *object, struct vl_why *why)
{
    enum vl_err err;

    *object = (struct vl_object)VL_OBJECT_INIT;
    if (wire.len > VL_OBJECT_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, "object: %zu bytes, more than %zu", wire.len,
                       VL_OBJECT_MAX_LEN);
    err = read_signatures(wire, object, why);
    if (!err)
        err = read_header(object, why);
    if (err) {
        vl_object_release(object);
        return vl_fail_in(why, err, "object");
    }
    return VL_OK;
}

void vl_object_release(struct vl_object *object)
{
    for (size_t i = 0; i < object->count; i++)
        vl_sign1_release(&object->by[i]);
    *object = (struct vl_object)VL_OBJECT_INIT;
}

enum vl_err vl_object_write(const struct vl_object *object, struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);
    size_t before = out->len;

    vl_cbor_put_array(&w, object->count);
    for (size_t i = 0; i < object->count; i++)
        vl_cbor_put_item(&w, vl_buf_bytes(&object->by[i].wire));
    if (w.err)
        out->len = before;
    return w.err;
}

vl_bytes vl_object_payload(const struct vl_object *object)
{
    return object->by[0].payload;
}

vl_bytes vl_object_sub(const struct vl_object *object)
{
    return object->by[0].claims.sub;
}

bool vl_object_signed_at(const struct vl_object *object, int64_t *at_s)
{
    const struct vl_claims *claims = &object->by[0].claims;

    if (claims->has_iat)
        *at_s = claims->iat_s;
    return claims->has_iat;
}

/* The draft with the name of the key that signs it. */
static enum vl_err sign_by(const struct vl_sign1_draft *draft, const struct vl_secret *seed,
                           struct vl_buf *out, struct vl_why *why)
{
    struct vl_sign1_draft by_key = *draft;
    struct vl_cose_key key = VL_COSE_KEY_INIT;
    uint8_t kid[VL_HASH_LEN];

    vl_cose_key_of_seed(seed, &key);
    vl_cose_key_thumbprint(&key, kid);
    by_key.kid = VL_ARRAY(kid);
    return vl_sign1_write(&by_key, seed, out, why);
}

/* What is written is read back: nothing leaves that we would not take. */
static enum vl_err put_object(vl_bytes wire, struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                              struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object read_back = VL_OBJECT_INIT;
    enum vl_err err = vl_object_parse(wire, &read_back, why);

    if (err)
        return err;
    err = vl_buf_put(out, wire);
    if (err)
        return vl_fail(why, err, "object: %s", vl_err_words(err));
    if (id)
        memcpy(id, read_back.id, VL_HASH_LEN);
    return VL_OK;
}

enum vl_err vl_object_sign(const struct vl_signer *signer, enum vl_kind kind, vl_bytes sub,
                           vl_bytes payload, struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                           struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    char iss[VL_OFFICE_EID];
    struct vl_sign1_draft draft = {
        .alg = VL_COSE_ALG_EDDSA,
        .content_type = vl_bytes_str(vl_kind_content_type(kind)),
        .claims = {vl_bytes_str(vl_office_id_eid(&signer->office, iss)), sub, signer->has_iat,
                   signer->iat_s},
        .payload = payload,
    };
    struct vl_cbor_out w = vl_cbor_to(&object);
    enum vl_err err;

    if (signer->seed_count < 1 || signer->seed_count > VL_OBJECT_MAX_SIGNATURES)
        return vl_fail(why, VL_ERR_LIMIT, "object: %zu keys to sign with, not 1 to %d",
                       signer->seed_count, VL_OBJECT_MAX_SIGNATURES);
    vl_cbor_put_array(&w, signer->seed_count);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err)) : VL_OK;
    for (size_t i = 0; i < signer->seed_count && !err; i++)
        err = sign_by(&draft, &signer->seeds[i], &object, why);
    return err ? vl_fail_in(why, err, "object") : put_object(vl_buf_bytes(&object), out, id, why);
}
