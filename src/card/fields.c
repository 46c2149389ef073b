/* SPDX-License-Identifier: Apache-2.0 */
#include "card/fields.h"

#include <string.h>

#define PAIRS_MAX    32 /* more than any act has */
#define LANGUAGE_MAX 35
#define SUBTAG_MAX   8
/* The head of a byte string of 32 bytes: so hashes in an array lie this far apart. */
#define HASH_HEAD   2
#define HASH_STRIDE (HASH_HEAD + VL_HASH_LEN)

static bool has_seal(const struct vl_seals *seals, vl_bytes seal)
{
    for (size_t i = 0; i < seals->count; i++)
        if (vl_bytes_eq(seals->at[i], seal))
            return true;
    return false;
}

bool vl_seals_eq(const struct vl_seals *a, const struct vl_seals *b)
{
    for (size_t i = 0; i < a->count; i++)
        if (!has_seal(b, a->at[i]))
            return false;
    for (size_t i = 0; i < b->count; i++)
        if (!has_seal(a, b->at[i]))
            return false;
    return true;
}

struct vl_ids vl_ids_of(const uint8_t (*ids)[VL_HASH_LEN], size_t count)
{
    return (struct vl_ids){count, count ? ids[0] : NULL, VL_HASH_LEN};
}

const uint8_t *vl_ids_at(const struct vl_ids *ids, size_t i)
{
    return ids->first + i * ids->stride;
}

bool vl_ids_has(const struct vl_ids *ids, const uint8_t id[VL_HASH_LEN])
{
    size_t low = 0, high = ids->count;

    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int cmp = memcmp(vl_ids_at(ids, middle), id, VL_HASH_LEN);

        if (cmp == 0)
            return true;
        if (cmp < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return false;
}

struct vl_fields vl_fields_open(vl_bytes wire, struct vl_act *act)
{
    struct vl_fields in = {.r = vl_cbor_open(wire, VL_CBOR_STRICT)};

    in.map = vl_cbor_map(&in.r, 1, PAIRS_MAX);
    vl_act_read(&in.r, &in.map, act, &in.key);
    return in;
}

struct vl_cbor *vl_field_value(struct vl_fields *in, int64_t key)
{
    if (in->key == 0 && vl_cbor_next(&in->r, &in->map))
        in->key = vl_cbor_key(&in->r, &in->map, VL_ACT_OWN_KEYS, UINT8_MAX);
    if (in->key != key)
        vl_cbor_refuse(&in->r, VL_ERR_FORMAT, "another key than its kind has there");
    in->key = 0;
    return &in->r;
}

/* Exactly len bytes, or nothing is written. */
static void read_bytes(struct vl_cbor *r, uint8_t *out, size_t len)
{
    vl_bytes bytes = vl_cbor_bytes(r, len, len);

    if (bytes.len == len)
        memcpy(out, bytes.ptr, len);
}

void vl_field_hash(struct vl_fields *in, int64_t key, uint8_t out[VL_HASH_LEN])
{
    read_bytes(vl_field_value(in, key), out, VL_HASH_LEN);
}

bool vl_field_hash_or_null(struct vl_fields *in, int64_t key, uint8_t out[VL_HASH_LEN])
{
    struct vl_cbor *r = vl_field_value(in, key);

    if (vl_cbor_null(r))
        return false;
    read_bytes(r, out, VL_HASH_LEN);
    return vl_cbor_ok(r);
}

void vl_field_nonce(struct vl_fields *in, int64_t key, uint8_t out[VL_NONCE_LEN])
{
    read_bytes(vl_field_value(in, key), out, VL_NONCE_LEN);
}

bool vl_field_nonce_or_null(struct vl_fields *in, int64_t key, uint8_t out[VL_NONCE_LEN])
{
    struct vl_cbor *r = vl_field_value(in, key);

    if (vl_cbor_null(r))
        return false;
    read_bytes(r, out, VL_NONCE_LEN);
    return vl_cbor_ok(r);
}

vl_bytes vl_field_text(struct vl_fields *in, int64_t key, size_t max)
{
    return vl_cbor_text(vl_field_value(in, key), 1, max);
}

vl_bytes vl_field_text_or_null(struct vl_fields *in, int64_t key, size_t max)
{
    struct vl_cbor *r = vl_field_value(in, key);

    return vl_cbor_null(r) ? VL_BYTES_NONE : vl_cbor_text(r, 1, max);
}

vl_bytes vl_code_read(struct vl_cbor *r)
{
    vl_bytes code = vl_cbor_text(r, 1, VL_MAX_CODE);

    for (size_t i = 0; i < code.len; i++)
        if (!(code.ptr[i] >= 'a' && code.ptr[i] <= 'z') && !(i > 0 && code.ptr[i] == '-'))
            vl_cbor_refuse(r, VL_ERR_FORMAT, "a code that is not of small letters");
    return vl_cbor_ok(r) ? code : VL_BYTES_NONE;
}

vl_bytes vl_field_code(struct vl_fields *in, int64_t key)
{
    return vl_code_read(vl_field_value(in, key));
}

vl_bytes vl_field_code_or_null(struct vl_fields *in, int64_t key)
{
    struct vl_cbor *r = vl_field_value(in, key);

    return vl_cbor_null(r) ? VL_BYTES_NONE : vl_code_read(r);
}

static bool is_alnum(uint8_t c)
{
    return (c >= '0' && c <= '9') || (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
}

/* The outward shape of a tag of BCP 47; its subtags are not looked up. */
static bool is_language(vl_bytes tag)
{
    size_t subtag_len = 0;

    for (size_t i = 0; i < tag.len; i++) {
        if (tag.ptr[i] == '-') {
            if (subtag_len == 0)
                return false;
            subtag_len = 0;
        } else if (!is_alnum(tag.ptr[i]) || ++subtag_len > SUBTAG_MAX) {
            return false;
        }
    }
    return subtag_len > 0;
}

vl_bytes vl_language_read(struct vl_cbor *r)
{
    vl_bytes tag = vl_cbor_text(r, 1, LANGUAGE_MAX);

    if (vl_cbor_ok(r) && !is_language(tag))
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a language that is no tag of BCP 47");
    return vl_cbor_ok(r) ? tag : VL_BYTES_NONE;
}

uint64_t vl_field_count(struct vl_fields *in, int64_t key, uint64_t max)
{
    uint64_t count = vl_cbor_uint(vl_field_value(in, key), max);

    if (count == 0)
        vl_cbor_refuse(&in->r, VL_ERR_FORMAT, "a count of nothing");
    return count;
}

uint64_t vl_field_count_or_null(struct vl_fields *in, int64_t key, uint64_t max)
{
    struct vl_cbor *r = vl_field_value(in, key);
    uint64_t count = 0;

    if (vl_cbor_null(r))
        return 0;
    count = vl_cbor_uint(r, max);
    if (count == 0)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a count of nothing");
    return count;
}

bool vl_field_seconds_or_null(struct vl_fields *in, int64_t key, int64_t *seconds)
{
    struct vl_cbor *r = vl_field_value(in, key);

    if (vl_cbor_null(r))
        return false;
    *seconds = vl_cbor_int(r, 0, VL_CLAIMS_IAT_MAX_S);
    return vl_cbor_ok(r);
}

void vl_field_seals(struct vl_fields *in, int64_t key, struct vl_seals *seals)
{
    struct vl_cbor *r = vl_field_value(in, key);

    seals->count = vl_cbor_array(r, 0, VL_MAX_SEALS);
    for (size_t i = 0; i < seals->count; i++)
        seals->at[i] = vl_cbor_text(r, 1, VL_MAX_SEAL_TEXT);
}

void vl_field_ids_or_null(struct vl_fields *in, int64_t key, size_t max, bool *has,
                          struct vl_ids *ids)
{
    struct vl_cbor *r = vl_field_value(in, key);
    const uint8_t *last = NULL;

    *has = !vl_cbor_null(r);
    if (!*has)
        return;
    ids->count = vl_cbor_array(r, 1, max);
    ids->stride = HASH_STRIDE;
    for (size_t i = 0; i < ids->count && vl_cbor_ok(r); i++) {
        const uint8_t *at = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN).ptr;

        if (vl_cbor_ok(r) && last && memcmp(last, at, VL_HASH_LEN) >= 0)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "a list that does not ascend");
        if (i == 0)
            ids->first = at;
        last = at;
    }
}

enum vl_err vl_fields_close(struct vl_fields *in, struct vl_why *why)
{
    if (vl_cbor_next(&in->r, &in->map))
        vl_cbor_refuse(&in->r, VL_ERR_FORMAT, "a key more than its kind has");
    return vl_cbor_close(&in->r, "payload", why);
}

enum vl_err vl_fields_check_sub(const struct vl_object *object, const char *about, vl_bytes id,
                                struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    enum vl_err err = vl_kind_sub(about, id, &wanted);

    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    if (!vl_bytes_eq(vl_object_sub(object), vl_buf_bytes(&wanted)))
        return vl_fail(why, VL_ERR_FORMAT, "its sub is about something else than its payload");
    return VL_OK;
}

void vl_fields_put_act(struct vl_cbor_out *w, const struct vl_signer *signer,
                       const struct vl_act *act, size_t own_pairs)
{
    struct vl_act signed_act = *act;

    memcpy(signed_act.card_id, signer->card_id, VL_HASH_LEN);
    vl_cbor_put_map(w, vl_act_pairs(act) + own_pairs);
    vl_act_put(w, &signed_act);
}

static void put_bytes(struct vl_cbor_out *w, int64_t key, bool is_there, vl_bytes bytes)
{
    vl_cbor_put_int(w, key);
    if (is_there)
        vl_cbor_put_bytes(w, bytes);
    else
        vl_cbor_put_null(w);
}

void vl_field_put_hash(struct vl_cbor_out *w, int64_t key, bool is_there,
                       const uint8_t hash[VL_HASH_LEN])
{
    put_bytes(w, key, is_there, vl_bytes_of(hash, VL_HASH_LEN));
}

void vl_field_put_nonce(struct vl_cbor_out *w, int64_t key, bool is_there,
                        const uint8_t nonce[VL_NONCE_LEN])
{
    put_bytes(w, key, is_there, vl_bytes_of(nonce, VL_NONCE_LEN));
}

void vl_field_put_text(struct vl_cbor_out *w, int64_t key, vl_bytes text)
{
    vl_cbor_put_int(w, key);
    if (text.len > 0)
        vl_cbor_put_text(w, text);
    else
        vl_cbor_put_null(w);
}

void vl_field_put_uint(struct vl_cbor_out *w, int64_t key, uint64_t value)
{
    vl_cbor_put_int(w, key);
    vl_cbor_put_uint(w, value);
}

void vl_field_put_count(struct vl_cbor_out *w, int64_t key, uint64_t count)
{
    vl_cbor_put_int(w, key);
    if (count > 0)
        vl_cbor_put_uint(w, count);
    else
        vl_cbor_put_null(w);
}

void vl_field_put_seconds(struct vl_cbor_out *w, int64_t key, bool is_there, int64_t seconds)
{
    vl_cbor_put_int(w, key);
    if (is_there)
        vl_cbor_put_int(w, seconds);
    else
        vl_cbor_put_null(w);
}

/* What no reader takes is not walked over either. */
static bool fits(struct vl_cbor_out *w, size_t count, size_t max)
{
    if (count > max && !w->err)
        w->err = VL_ERR_LIMIT;
    return count <= max;
}

void vl_field_put_seals(struct vl_cbor_out *w, int64_t key, const struct vl_seals *seals)
{
    if (!fits(w, seals->count, VL_MAX_SEALS))
        return;
    vl_cbor_put_int(w, key);
    vl_cbor_put_array(w, seals->count);
    for (size_t i = 0; i < seals->count; i++)
        vl_cbor_put_text(w, seals->at[i]);
}

void vl_field_put_ids(struct vl_cbor_out *w, int64_t key, bool is_there, const struct vl_ids *ids)
{
    vl_cbor_put_int(w, key);
    if (!is_there) {
        vl_cbor_put_null(w);
        return;
    }
    vl_cbor_put_array(w, ids->count);
    for (size_t i = 0; i < ids->count && !w->err; i++)
        vl_cbor_put_bytes(w, vl_bytes_of(vl_ids_at(ids, i), VL_HASH_LEN));
}

enum vl_err vl_fields_sign(const struct vl_signer *signer, enum vl_kind kind, const char *about,
                           vl_bytes about_id, vl_bytes payload, struct vl_buf *out,
                           uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    enum vl_err err = vl_kind_sub(about, about_id, &sub);

    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    return vl_object_sign(signer, kind, vl_buf_bytes(&sub), payload, out, id, why);
}
