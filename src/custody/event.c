/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/event.h"

#include <string.h>

#define PAIRS_MAX 32 /* more than any event here has */

enum sealed_key { SEALED_ROOT = VL_ACT_OWN_KEYS, SEALED_COUNT, SEALED_SEALS };
#define SEALED_OWN 3

enum opened_key {
    OPENED_NUMBER = VL_ACT_OWN_KEYS,
    OPENED_WAYBILL,
    OPENED_CORE,
    OPENED_VERDICT,
    OPENED_OPENING,
    OPENED_ANSWERS,
};
#define OPENED_OWN 6

const char *vl_verdict_word(enum vl_verdict verdict)
{
    switch (verdict) {
#define X(code, number, word, words)                                                               \
    case VL_VERDICT_##code:                                                                        \
        return word;
        VL_VERDICT_TABLE(X)
#undef X
    case VL_VERDICT_NONE:
        break;
    }
    return "";
}

/* A payload while it is read: what every act has, then each of the kind's own keys once, all of
 * them and in order. */
struct payload {
    struct vl_cbor r;
    struct vl_cbor_map map;
    int64_t key; /* read already, and its value is next; 0: none */
};

static struct payload payload_of(vl_bytes wire, struct vl_act *act)
{
    struct payload in = {.r = vl_cbor_open(wire, VL_CBOR_STRICT)};

    in.map = vl_cbor_map(&in.r, 1, PAIRS_MAX);
    vl_act_read(&in.r, &in.map, act, &in.key);
    return in;
}

static struct vl_cbor *value_of(struct payload *in, int64_t wanted)
{
    if (in->key == 0 && vl_cbor_next(&in->r, &in->map))
        in->key = vl_cbor_key(&in->r, &in->map, VL_ACT_OWN_KEYS, UINT8_MAX);
    if (in->key != wanted)
        vl_cbor_refuse(&in->r, VL_ERR_FORMAT, "another key than its kind has there");
    in->key = 0;
    return &in->r;
}

static void read_hash(struct vl_cbor *r, uint8_t out[VL_HASH_LEN])
{
    vl_bytes hash = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);

    if (hash.len == VL_HASH_LEN)
        memcpy(out, hash.ptr, VL_HASH_LEN);
}

static bool read_hash_or_null(struct vl_cbor *r, uint8_t out[VL_HASH_LEN])
{
    if (vl_cbor_null(r))
        return false;
    read_hash(r, out);
    return vl_cbor_ok(r);
}

static enum vl_err payload_close(struct payload *in, struct vl_why *why)
{
    if (vl_cbor_next(&in->r, &in->map))
        vl_cbor_refuse(&in->r, VL_ERR_FORMAT, "a key more than its kind has");
    return vl_cbor_close(&in->r, "payload", why);
}

static void read_seals(struct vl_cbor *r, struct vl_sealed *sealed)
{
    sealed->seal_count = vl_cbor_array(r, 0, VL_WAYBILL_MAX_SEALS);
    for (size_t i = 0; i < sealed->seal_count; i++)
        sealed->seals[i] = vl_cbor_text(r, 1, VL_WAYBILL_MAX_SEAL_TEXT);
}

static enum vl_err read_sealed(vl_bytes wire, struct vl_sealed *sealed, struct vl_why *why)
{
    struct payload in = payload_of(wire, &sealed->act);

    read_hash(value_of(&in, SEALED_ROOT), sealed->root);
    sealed->count = vl_cbor_uint(value_of(&in, SEALED_COUNT), VL_BATCH_MAX);
    if (sealed->count == 0)
        vl_cbor_refuse(&in.r, VL_ERR_FORMAT, "a batch of no letters");
    read_seals(value_of(&in, SEALED_SEALS), sealed);
    return payload_close(&in, why);
}

/* PROTOCOL 2 and 3: "ok" says what was found, and shows the value found with it. */
static enum vl_err check_verdict(const struct vl_opened *opened, struct vl_why *why)
{
    if (opened->verdict != VL_VERDICT_OK)
        return VL_OK;
    if (!opened->has_core)
        return vl_fail(why, VL_ERR_FORMAT, "the verdict is ok and there is no core");
    if (!opened->has_opening)
        return vl_fail(why, VL_ERR_FORMAT, "the verdict is ok and there is no opening value");
    return VL_OK;
}

static enum vl_err read_opened(vl_bytes wire, struct vl_opened *opened, struct vl_why *why)
{
    struct payload in = payload_of(wire, &opened->act);
    enum vl_err err;

    read_hash(value_of(&in, OPENED_NUMBER), opened->number);
    opened->has_waybill = read_hash_or_null(value_of(&in, OPENED_WAYBILL), opened->waybill);
    opened->has_core = read_hash_or_null(value_of(&in, OPENED_CORE), opened->core);
    opened->verdict =
        (enum vl_verdict)vl_cbor_uint(value_of(&in, OPENED_VERDICT), VL_VERDICT_UNREADABLE);
    if (opened->verdict == VL_VERDICT_NONE)
        vl_cbor_refuse(&in.r, VL_ERR_FORMAT, "no verdict");
    opened->has_opening = read_hash_or_null(value_of(&in, OPENED_OPENING), opened->opening);
    opened->has_answers = read_hash_or_null(value_of(&in, OPENED_ANSWERS), opened->answers);
    err = payload_close(&in, why);
    return err ? err : check_verdict(opened, why);
}

/* PROTOCOL 30: what the object says it is about is what its payload is about. */
static enum vl_err check_sub(const struct vl_object *object, const char *about,
                             const uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    enum vl_err err = vl_kind_sub(about, vl_bytes_of(id, VL_HASH_LEN), &wanted);

    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    if (!vl_bytes_eq(vl_object_sub(object), vl_buf_bytes(&wanted)))
        return vl_fail(why, VL_ERR_FORMAT, "its sub is about something else than its payload");
    return VL_OK;
}

enum vl_err vl_sealed_read(const struct vl_object *object, struct vl_sealed *sealed,
                           struct vl_why *why)
{
    enum vl_err err;

    *sealed = (struct vl_sealed){.count = 0};
    if (object->kind != VL_KIND_SEALED)
        return vl_fail(why, VL_ERR_FORMAT, "sealed: an object of another kind");
    err = read_sealed(vl_object_payload(object), sealed, why);
    if (!err)
        err = check_sub(object, "batch", sealed->root, why);
    if (!err)
        return VL_OK;
    *sealed = (struct vl_sealed){.count = 0};
    return vl_fail_in(why, err, "sealed");
}

enum vl_err vl_opened_read(const struct vl_object *object, struct vl_opened *opened,
                           struct vl_why *why)
{
    enum vl_err err;

    *opened = (struct vl_opened){.verdict = VL_VERDICT_NONE};
    if (object->kind != VL_KIND_OPENED)
        return vl_fail(why, VL_ERR_FORMAT, "opened: an object of another kind");
    err = read_opened(vl_object_payload(object), opened, why);
    if (!err)
        err = check_sub(object, "letter", opened->number, why);
    if (!err)
        return VL_OK;
    *opened = (struct vl_opened){.verdict = VL_VERDICT_NONE};
    return vl_fail_in(why, err, "opened");
}

/* The map and the part of it that every act has. */
static void put_act(struct vl_cbor_out *w, const struct vl_signer *signer, const struct vl_act *act,
                    size_t own_pairs)
{
    struct vl_act signed_act = *act;

    memcpy(signed_act.card_id, signer->card_id, VL_HASH_LEN);
    vl_cbor_put_map(w, vl_act_pairs(act) + own_pairs);
    vl_act_put(w, &signed_act);
}

static void put_hash(struct vl_cbor_out *w, int64_t key, bool is_there,
                     const uint8_t hash[VL_HASH_LEN])
{
    vl_cbor_put_int(w, key);
    if (is_there)
        vl_cbor_put_bytes(w, vl_bytes_of(hash, VL_HASH_LEN));
    else
        vl_cbor_put_null(w);
}

static void put_sealed(struct vl_cbor_out *w, const struct vl_signer *signer,
                       const struct vl_sealed *sealed)
{
    put_act(w, signer, &sealed->act, SEALED_OWN);
    put_hash(w, SEALED_ROOT, true, sealed->root);
    vl_cbor_put_int(w, SEALED_COUNT);
    vl_cbor_put_uint(w, sealed->count);
    vl_cbor_put_int(w, SEALED_SEALS);
    vl_cbor_put_array(w, sealed->seal_count);
    for (size_t i = 0; i < sealed->seal_count; i++)
        vl_cbor_put_text(w, sealed->seals[i]);
}

static void put_opened(struct vl_cbor_out *w, const struct vl_signer *signer,
                       const struct vl_opened *opened)
{
    put_act(w, signer, &opened->act, OPENED_OWN);
    put_hash(w, OPENED_NUMBER, true, opened->number);
    put_hash(w, OPENED_WAYBILL, opened->has_waybill, opened->waybill);
    put_hash(w, OPENED_CORE, opened->has_core, opened->core);
    vl_cbor_put_int(w, OPENED_VERDICT);
    vl_cbor_put_uint(w, (uint64_t)opened->verdict);
    put_hash(w, OPENED_OPENING, opened->has_opening, opened->opening);
    put_hash(w, OPENED_ANSWERS, opened->has_answers, opened->answers);
}

static enum vl_err sign(const struct vl_signer *signer, enum vl_kind kind, const char *about,
                        const uint8_t about_id[VL_HASH_LEN], vl_bytes payload, struct vl_buf *out,
                        uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    enum vl_err err = vl_kind_sub(about, vl_bytes_of(about_id, VL_HASH_LEN), &sub);

    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    return vl_object_sign(signer, kind, vl_buf_bytes(&sub), payload, out, id, why);
}

/* Nothing is signed that our own reader would not take. */
enum vl_err vl_sealed_write(const struct vl_signer *signer, const struct vl_sealed *sealed,
                            struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_sealed read_back = {.count = 0};
    enum vl_err err;

    if (sealed->seal_count > VL_WAYBILL_MAX_SEALS)
        return vl_fail(why, VL_ERR_LIMIT, "sealed: %zu seals, more than %d", sealed->seal_count,
                       VL_WAYBILL_MAX_SEALS);
    put_sealed(&w, signer, sealed);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_sealed(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = sign(signer, VL_KIND_SEALED, "batch", sealed->root, vl_buf_bytes(&payload), out, id,
                   why);
    return err ? vl_fail_in(why, err, "sealed") : VL_OK;
}

enum vl_err vl_opened_write(const struct vl_signer *signer, const struct vl_opened *opened,
                            struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_opened read_back = {.verdict = VL_VERDICT_NONE};
    enum vl_err err;

    put_opened(&w, signer, opened);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_opened(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = sign(signer, VL_KIND_OPENED, "letter", opened->number, vl_buf_bytes(&payload), out,
                   id, why);
    return err ? vl_fail_in(why, err, "opened") : VL_OK;
}
