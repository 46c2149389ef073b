/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/sign1.h"

#include "cose/header.h"

#define SIGN1_TAG 18
#define KID_LEN   VL_HASH_LEN
/* "Signature1" and the heads around three strings. */
#define TBS_HEADS_MAX 64

/* What a profile asks for beyond RFC 9052. */
struct rules {
    enum vl_cbor_profile cbor;
    bool is_tagged;
    bool alg_is_protected;
    bool is_statement;
    bool is_ours;
};

static const struct rules rules_of[] = {
    [VL_SIGN1_OURS] = {VL_CBOR_STRICT, true, true, false, true},
    [VL_SIGN1_BASE] = {VL_CBOR_COSE, false, false, false, false},
    [VL_SIGN1_TAGGED] = {VL_CBOR_COSE, true, true, false, false},
    [VL_SIGN1_STATEMENT] = {VL_CBOR_COSE, true, true, true, false},
};

/* Both header maps while an object is read. */
struct headers {
    struct vl_cose_header in;  /* protected */
    struct vl_cose_header out; /* unprotected */
};

static enum vl_err refuse(struct vl_why *why, const char *reason)
{
    return vl_fail(why, VL_ERR_FORMAT, "%s", reason);
}

static enum vl_err read_object(const struct rules *rules, struct vl_sign1 *sign1,
                               struct headers *headers, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&sign1->wire), rules->cbor);
    const uint8_t *map;

    if (rules->is_tagged || vl_cbor_peek(&r) == VL_CBOR_TAG)
        vl_cbor_tag(&r, SIGN1_TAG);
    (void)vl_cbor_array(&r, 4, 4);
    sign1->protected_header = vl_cbor_bytes(&r, 0, VL_SIGN1_MAX_LEN);
    map = r.at;
    vl_cose_header_read(&r, &headers->out);
    sign1->unprotected_header = vl_bytes_of(map, (size_t)(r.at - map));
    sign1->is_detached = !rules->is_ours && vl_cbor_null(&r);
    if (!sign1->is_detached)
        sign1->payload = vl_cbor_bytes(&r, 0, VL_SIGN1_MAX_LEN);
    sign1->signature = vl_cbor_bytes(&r, 1, VL_SIGN1_MAX_LEN);
    return vl_cbor_close(&r, "array", why);
}

static enum vl_err read_protected(const struct rules *rules, struct vl_sign1 *sign1,
                                  struct headers *headers, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(sign1->protected_header, rules->cbor);
    enum vl_err err;

    headers->in = (struct vl_cose_header){0};
    if (sign1->protected_header.len == 0)
        return VL_OK;
    vl_cose_header_read(&r, &headers->in);
    err = vl_cbor_close(&r, "protected header", why);
    /* RFC 9052, 3: an empty map is signed as a string of no bytes, however it was sent. */
    if (!err && headers->in.label_count == 0)
        sign1->protected_header = VL_BYTES_NONE;
    return err;
}

static enum vl_err check_alg(const struct rules *rules, const struct headers *headers,
                             struct vl_why *why)
{
    if (vl_cose_header_has(&headers->in, VL_COSE_ALG))
        return VL_OK;
    if (!vl_cose_header_has(&headers->out, VL_COSE_ALG))
        return refuse(why, "no alg");
    return rules->alg_is_protected ? refuse(why, "alg is not protected") : VL_OK;
}

/* RFC 9995, 4: with label 258 the payload is a digest, whose own content type would mislead. */
static enum vl_err check_hash_envelope(const struct headers *headers, struct vl_why *why)
{
    if (vl_cose_header_has(&headers->out, VL_COSE_PAYLOAD_HASH) ||
        vl_cose_header_has(&headers->out, VL_COSE_PREIMAGE_TYPE) ||
        vl_cose_header_has(&headers->out, VL_COSE_PAYLOAD_LOCATION))
        return refuse(why, "a label of a hash envelope is not protected");
    if (vl_cose_header_has(&headers->in, VL_COSE_PAYLOAD_HASH) &&
        (vl_cose_header_has(&headers->in, VL_COSE_CONTENT_TYPE) ||
         vl_cose_header_has(&headers->out, VL_COSE_CONTENT_TYPE)))
        return refuse(why, "a hash envelope with a content type of its own");
    return VL_OK;
}

/* RFC 9943, 6 and 6.1 */
static enum vl_err check_statement(const struct headers *headers, struct vl_why *why)
{
    const struct vl_cose_header *in = &headers->in;

    if (!vl_cose_header_has(in, VL_COSE_KID) && !vl_cose_header_has(in, VL_COSE_X5CHAIN) &&
        !vl_cose_header_has(in, VL_COSE_X5T))
        return refuse(why, "neither kid nor x5t nor x5chain is protected");
    if (!vl_cose_header_has(in, VL_COSE_CWT_CLAIMS))
        return refuse(why, "no protected CWT claims");
    if (in->claims.iss.len == 0)
        return refuse(why, "no iss among the CWT claims");
    if (in->claims.sub.len == 0)
        return refuse(why, "no sub among the CWT claims");
    return check_hash_envelope(headers, why);
}

/* An ES256 signature of ours has one form: the other one would be a second name for one object. */
static enum vl_err check_our_signature(const struct vl_sign1 *sign1, struct vl_why *why)
{
    enum vl_cose_key_kind kind = vl_cose_alg_key_kind(sign1->alg);

    if (kind == VL_COSE_KEY_NONE)
        return VL_OK; /* its length is not known here */
    if (sign1->signature.len != VL_SIGNATURE_LEN)
        return refuse(why, "a signature that is not 64 bytes");
    if (kind == VL_COSE_KEY_P256 && !vl_es256_is_low_s(sign1->signature.ptr))
        return refuse(why, "an ES256 signature in its high-S form");
    return VL_OK;
}

static enum vl_err check_ours(const struct headers *headers, const struct vl_sign1 *sign1,
                              struct vl_why *why)
{
    const struct vl_cose_header *in = &headers->in;
    char name[VL_COSE_LABEL_NAME_LEN];

    for (size_t i = 0; i < in->label_count; i++) {
        const struct vl_cbor_label *label = &in->labels[i];

        if (label->number != VL_COSE_ALG && label->number != VL_COSE_CONTENT_TYPE &&
            label->number != VL_COSE_KID && label->number != VL_COSE_CWT_CLAIMS)
            return vl_fail(why, VL_ERR_FORMAT, "%s has no place in an object of ours",
                           vl_cose_label_name(label, name));
    }
    if (in->content_type.len == 0)
        return refuse(why, "no content type that is a text");
    if (in->kid.len != KID_LEN)
        return refuse(why, "no kid of 32 bytes");
    if (in->claims.iss.len == 0)
        return refuse(why, "no iss among the CWT claims");
    if (in->claims.sub.len == 0)
        return refuse(why, "no sub among the CWT claims");
    return check_our_signature(sign1, why);
}

static void take_fields(const struct headers *headers, struct vl_sign1 *sign1)
{
    sign1->alg_is_protected = vl_cose_header_has(&headers->in, VL_COSE_ALG);
    sign1->kid_is_protected = vl_cose_header_has(&headers->in, VL_COSE_KID);
    sign1->alg = sign1->alg_is_protected ? headers->in.alg : headers->out.alg;
    sign1->kid = sign1->kid_is_protected ? headers->in.kid : headers->out.kid;
    sign1->content_type = headers->in.content_type;
    sign1->content_format = headers->in.content_format;
    sign1->claims = headers->in.claims;
    sign1->payload_hash_alg = headers->in.payload_hash_alg;
}

static enum vl_err read_and_check(const struct rules *rules, struct vl_sign1 *sign1,
                                  struct vl_why *why)
{
    struct headers headers;
    enum vl_err err = read_object(rules, sign1, &headers, why);

    if (!err && rules->is_ours && headers.out.label_count > 0)
        err = refuse(why, "the unprotected header is not empty");
    if (!err)
        err = read_protected(rules, sign1, &headers, why);
    if (!err)
        err = vl_cose_header_check_apart(&headers.in, &headers.out, why);
    if (!err && vl_cose_header_has(&headers.out, VL_COSE_CRIT))
        err = refuse(why, "crit is not protected"); /* RFC 9052, 3.1 */
    if (!err)
        err = check_alg(rules, &headers, why);
    if (err)
        return err;
    take_fields(&headers, sign1);
    if (rules->is_statement)
        err = check_statement(&headers, why);
    if (!err && rules->is_ours)
        err = check_ours(&headers, sign1, why);
    return err ? err : vl_cose_header_check_crit(&headers.in, rules->cbor, why);
}

enum vl_err vl_sign1_parse(vl_bytes wire, enum vl_sign1_profile profile, struct vl_sign1 *sign1,
                           struct vl_why *why)
{
    enum vl_err err = vl_buf_put(&sign1->wire, wire);

    sign1->profile = profile;
    if (err == VL_ERR_LIMIT)
        err = vl_fail(why, err, "%zu bytes, more than %d", wire.len, VL_SIGN1_MAX_LEN);
    else if (err)
        err = vl_fail(why, err, "%s", vl_err_words(err));
    else
        err = read_and_check(&rules_of[profile], sign1, why);
    if (err) {
        vl_sign1_release(sign1);
        return vl_fail_in(why, err, "signed object");
    }
    return VL_OK;
}

void vl_sign1_release(struct vl_sign1 *sign1)
{
    vl_buf_release(&sign1->wire);
    *sign1 = (struct vl_sign1)VL_SIGN1_INIT;
}

/* RFC 9052, 4.4: the Sig_structure. */
static enum vl_err put_tbs(vl_bytes protected_header, vl_bytes external_aad, vl_bytes payload,
                           struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    w.err =
        vl_buf_reserve(out, protected_header.len + external_aad.len + payload.len + TBS_HEADS_MAX);
    vl_cbor_put_array(&w, 4);
    vl_cbor_put_text(&w, VL_LITERAL("Signature1"));
    vl_cbor_put_bytes(&w, protected_header);
    vl_cbor_put_bytes(&w, external_aad);
    vl_cbor_put_bytes(&w, payload);
    return w.err;
}

#define TBS_INIT VL_BUF_INIT(3 * VL_SIGN1_MAX_LEN + TBS_HEADS_MAX)

/* The bytes that sign1 signs, with what is beside it. */
static enum vl_err tbs_of(const struct vl_sign1 *sign1, const struct vl_sign1_beside *beside,
                          struct vl_buf *out, struct vl_why *why)
{
    static const struct vl_sign1_beside nothing = {false, {NULL, 0}, {NULL, 0}};
    enum vl_err err;

    if (!beside)
        beside = &nothing;
    if (sign1->is_detached && !beside->has_payload)
        return vl_fail(why, VL_ERR_NOT_FOUND, "the payload is not in it and was not given");
    if (!sign1->is_detached && beside->has_payload)
        return vl_fail(why, VL_ERR_USAGE, "the payload is in it and was given too");
    if (beside->payload.len > VL_SIGN1_MAX_LEN || beside->external_aad.len > VL_SIGN1_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d bytes beside it", VL_SIGN1_MAX_LEN);
    err = put_tbs(sign1->protected_header, beside->external_aad,
                  sign1->is_detached ? beside->payload : sign1->payload, out);
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

/* Is this the key and the algorithm to try? */
static enum vl_err check_key(const struct vl_sign1 *sign1, const struct vl_cose_key *key,
                             struct vl_why *why)
{
    enum vl_cose_key_kind kind = vl_cose_alg_key_kind(sign1->alg);
    uint8_t thumbprint[VL_HASH_LEN];

    if (kind == VL_COSE_KEY_NONE && sign1->alg == VL_COSE_ALG_NONE)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "an alg that is not a number");
    if (kind == VL_COSE_KEY_NONE)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "alg %lld", (long long)sign1->alg);
    if (kind != key->kind)
        return vl_fail(why, VL_ERR_UNVERIFIED, "alg %s is not for this key",
                       vl_cose_alg_name(sign1->alg));
    if (sign1->signature.len != VL_SIGNATURE_LEN)
        return vl_fail(why, VL_ERR_UNVERIFIED, "a signature that is not 64 bytes");
    if (sign1->profile != VL_SIGN1_OURS)
        return VL_OK;
    vl_cose_key_thumbprint(key, thumbprint);
    return vl_bytes_eq(sign1->kid, VL_ARRAY(thumbprint))
               ? VL_OK
               : vl_fail(why, VL_ERR_UNVERIFIED, "its kid names another key");
}

static enum vl_err check_signature(const struct vl_sign1 *sign1, const struct vl_cose_key *key,
                                   vl_bytes tbs, struct vl_why *why)
{
    enum vl_err err = key->kind == VL_COSE_KEY_ED25519
                          ? vl_ed25519_verify(key->x, tbs, sign1->signature.ptr)
                          : vl_es256_verify(key->x, key->y, tbs, sign1->signature.ptr);

    if (err == VL_ERR_UNVERIFIED)
        return vl_fail(why, err, "the signature is not of this key over these bytes");
    return err ? vl_fail(why, err, "%s: %s", vl_cose_alg_name(sign1->alg), vl_err_words(err))
               : VL_OK;
}

enum vl_err vl_sign1_verify(const struct vl_sign1 *sign1, const struct vl_cose_key *key,
                            const struct vl_sign1_beside *beside, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf tbs = TBS_INIT;
    enum vl_err err = check_key(sign1, key, why);

    if (!err)
        err = tbs_of(sign1, beside, &tbs, why);
    if (!err)
        err = check_signature(sign1, key, vl_buf_bytes(&tbs), why);
    return err ? vl_fail_in(why, err, "signed object") : VL_OK;
}

enum vl_err vl_sign1_id(const struct vl_sign1 *sign1, const struct vl_sign1_beside *beside,
                        uint8_t out[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf tbs = TBS_INIT;
    struct vl_sign1_beside payload_only = {false, VL_BYTES_NONE, VL_BYTES_NONE};
    enum vl_err err;

    if (beside) {
        payload_only.has_payload = beside->has_payload;
        payload_only.payload = beside->payload;
    }
    err = tbs_of(sign1, &payload_only, &tbs, why);
    if (err)
        return vl_fail_in(why, err, "signed object");
    vl_sha256(vl_buf_bytes(&tbs), out);
    return VL_OK;
}

static enum vl_err put_protected(const struct vl_sign1_draft *draft, struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_map(&w, 4);
    vl_cbor_put_int(&w, VL_COSE_ALG);
    vl_cbor_put_int(&w, draft->alg);
    vl_cbor_put_int(&w, VL_COSE_CONTENT_TYPE);
    vl_cbor_put_text(&w, draft->content_type);
    vl_cbor_put_int(&w, VL_COSE_KID);
    vl_cbor_put_bytes(&w, draft->kid);
    vl_cbor_put_int(&w, VL_COSE_CWT_CLAIMS);
    vl_claims_put(&w, &draft->claims);
    return w.err;
}

/* The whole object at the end of out, with a signature over the protected header as given. */
static enum vl_err put_object(vl_bytes protected_header, vl_bytes unprotected_header,
                              vl_bytes payload, bool is_detached, const struct vl_secret *seed,
                              struct vl_buf *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf tbs = TBS_INIT;
    struct vl_cbor_out w = vl_cbor_to(out);
    uint8_t signature[VL_SIGNATURE_LEN];
    enum vl_err err = put_tbs(protected_header, VL_BYTES_NONE, payload, &tbs);

    if (err)
        return err;
    vl_ed25519_sign(seed, vl_buf_bytes(&tbs), signature);
    vl_cbor_put_tag(&w, SIGN1_TAG);
    vl_cbor_put_array(&w, 4);
    vl_cbor_put_bytes(&w, protected_header);
    vl_cbor_put_item(&w, unprotected_header);
    if (is_detached)
        vl_cbor_put_null(&w);
    else
        vl_cbor_put_bytes(&w, payload);
    vl_cbor_put_bytes(&w, VL_ARRAY(signature));
    return w.err;
}

enum vl_err vl_sign1_write(const struct vl_sign1_draft *draft, const struct vl_secret *seed,
                           struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf protected_header = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_sign1_release) struct vl_sign1 read_back = VL_SIGN1_INIT;
    enum vl_err err;

    if (vl_cose_alg_key_kind(draft->alg) != VL_COSE_KEY_ED25519)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "signed object: only Ed25519 signs here");
    err = put_protected(draft, &protected_header);
    if (!err)
        err = put_object(vl_buf_bytes(&protected_header), VL_LITERAL("\xa0"), draft->payload, false,
                         seed, &object);
    if (err)
        return vl_fail(why, err, "signed object: %s", vl_err_words(err));
    /* Nothing leaves that we would not take. */
    err = vl_sign1_parse(vl_buf_bytes(&object), VL_SIGN1_OURS, &read_back, why);
    if (err)
        return err;
    err = vl_buf_put(out, vl_buf_bytes(&object));
    return err ? vl_fail(why, err, "signed object: %s", vl_err_words(err)) : VL_OK;
}

enum vl_err vl_sign1_write_detached(vl_bytes protected_header, vl_bytes unprotected_header,
                                    vl_bytes payload, const struct vl_secret *seed,
                                    struct vl_buf *out, struct vl_why *why)
{
    size_t before = out->len;
    enum vl_err err = put_object(protected_header, unprotected_header, payload, true, seed, out);

    if (err) {
        out->len = before;
        return vl_fail(why, err, "signed object: %s", vl_err_words(err));
    }
    return VL_OK;
}
