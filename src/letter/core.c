/* SPDX-License-Identifier: Apache-2.0 */
#include "letter/core.h"

#include <string.h>

/* Behind the keys of every act. */
#define KEY_MODE       10
#define KEY_LETTER_ID  11
#define KEY_SEALING    12
#define KEY_COMMITMENT 13
#define KEY_PADDED     14
#define KEY_FIELDS     15
#define KEY_PARTS      16
#define OWN_PAIRS      7

/* A digest among others on the wire: the head of 32 bytes, and they. */
#define WIRE_HEAD   2
#define WIRE_STRIDE (WIRE_HEAD + VL_HASH_LEN)

const uint8_t *vl_core_field_digest(const struct vl_core_digests *digests, enum vl_field field)
{
    return digests->fields + (size_t)field * digests->stride;
}

const uint8_t *vl_core_part_digest(const struct vl_core_digests *digests, size_t index)
{
    return digests->parts + index * digests->stride;
}

static void put_digests(struct vl_cbor_out *w, const uint8_t *first, size_t stride, size_t count)
{
    vl_cbor_put_array(w, count);
    for (size_t i = 0; i < count; i++)
        vl_cbor_put_bytes(w, vl_bytes_of(first + i * stride, VL_HASH_LEN));
}

enum vl_err vl_core_put(const struct vl_manifest *manifest, const struct vl_core_digests *digests,
                        struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_map(&w, vl_act_pairs(&manifest->act) + OWN_PAIRS);
    vl_act_put(&w, &manifest->act);
    vl_cbor_put_int(&w, KEY_MODE);
    vl_cbor_put_uint(&w, manifest->mode);
    vl_cbor_put_int(&w, KEY_LETTER_ID);
    vl_cbor_put_bytes(&w, VL_ARRAY(manifest->letter_id));
    vl_cbor_put_int(&w, KEY_SEALING);
    vl_cbor_put_array(&w, 2);
    vl_cbor_put_uint(&w, manifest->sealing);
    vl_cbor_put_uint(&w, manifest->sealing_of);
    vl_cbor_put_int(&w, KEY_COMMITMENT);
    if (manifest->has_sealing_commitment)
        vl_cbor_put_bytes(&w, VL_ARRAY(manifest->sealing_commitment));
    else
        vl_cbor_put_null(&w);
    vl_cbor_put_int(&w, KEY_PADDED);
    vl_cbor_put_bool(&w, manifest->padded);
    vl_cbor_put_int(&w, KEY_FIELDS);
    put_digests(&w, digests->fields, digests->stride, VL_FIELD_COUNT);
    vl_cbor_put_int(&w, KEY_PARTS);
    put_digests(&w, digests->parts, digests->stride, digests->part_count);
    return w.err;
}

/* Deterministic CBOR has one form for each digest, so all lie equally far apart. */
static const uint8_t *read_digests(struct vl_cbor *r, size_t count)
{
    const uint8_t *first = r->at + WIRE_HEAD;

    for (size_t i = 0; i < count && vl_cbor_ok(r); i++)
        (void)vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);
    return vl_cbor_ok(r) ? first : NULL;
}

static void read_sealing(struct vl_cbor *r, struct vl_manifest *manifest)
{
    (void)vl_cbor_array(r, 2, 2);
    manifest->sealing = vl_cbor_uint(r, VL_MANIFEST_MAX_SEALINGS);
    manifest->sealing_of = vl_cbor_uint(r, VL_MANIFEST_MAX_SEALINGS);
    if (manifest->sealing < 1 || manifest->sealing > manifest->sealing_of)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a sealing that is not one of its number");
}

static void read_mode(struct vl_cbor *r, struct vl_manifest *manifest)
{
    manifest->mode = (uint8_t)vl_cbor_uint(r, UINT8_MAX);
    if (vl_cbor_ok(r) && manifest->mode != VL_CORE_SEALED && manifest->mode != VL_CORE_OPEN)
        vl_cbor_refuse(r, VL_ERR_UNSUPPORTED, "a mode that is not known here");
}

static void copy(vl_bytes bytes, uint8_t *out)
{
    if (bytes.len > 0)
        memcpy(out, bytes.ptr, bytes.len);
}

/* PROTOCOL 9: sealed if and only if it names its envelope.  Only in one is padding of use. */
static void read_commitment(struct vl_cbor *r, struct vl_manifest *manifest)
{
    manifest->has_sealing_commitment = !vl_cbor_null(r);
    if (manifest->has_sealing_commitment)
        copy(vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN), manifest->sealing_commitment);
    if (manifest->has_sealing_commitment != (manifest->mode == VL_CORE_SEALED))
        vl_cbor_refuse(r, VL_ERR_FORMAT,
                       manifest->has_sealing_commitment ? "an open letter that names an envelope"
                                                        : "a sealed letter without its envelope");
}

static void read_padded(struct vl_cbor *r, struct vl_manifest *manifest)
{
    manifest->padded = vl_cbor_bool(r);
    if (manifest->padded && manifest->mode == VL_CORE_OPEN)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "an open letter that is padded");
}

/* Refusals that name a bound of ours come from the numbers, never from how much was allocated. */
static void read_value(struct vl_cbor *r, int64_t key, struct vl_manifest *manifest,
                       struct vl_core_digests *digests)
{
    switch (key) {
    case KEY_MODE:
        read_mode(r, manifest);
        break;
    case KEY_LETTER_ID:
        copy(vl_cbor_bytes(r, VL_LETTER_ID_LEN, VL_LETTER_ID_LEN), manifest->letter_id);
        break;
    case KEY_SEALING:
        read_sealing(r, manifest);
        break;
    case KEY_COMMITMENT:
        read_commitment(r, manifest);
        break;
    case KEY_PADDED:
        read_padded(r, manifest);
        break;
    case KEY_FIELDS:
        digests->fields = read_digests(r, vl_cbor_array(r, VL_FIELD_COUNT, VL_FIELD_COUNT));
        break;
    default: /* KEY_PARTS */
        digests->part_count = vl_cbor_array(r, 0, VL_MANIFEST_MAX_PARTS);
        digests->parts = read_digests(r, digests->part_count);
    }
}

static enum vl_err read_payload(vl_bytes payload, struct vl_manifest *manifest,
                                struct vl_core_digests *digests, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(payload, VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, OWN_PAIRS, 64);
    int64_t key;

    vl_act_read(&r, &map, &manifest->act, &key);
    for (int64_t wanted = KEY_MODE; wanted <= KEY_PARTS && vl_cbor_ok(&r); wanted++) {
        if (wanted > KEY_MODE && vl_cbor_next(&r, &map))
            key = vl_cbor_key(&r, &map, KEY_MODE, INT64_MAX);
        else if (wanted > KEY_MODE)
            key = 0;
        if (key != wanted)
            vl_cbor_refuse(&r, VL_ERR_FORMAT, "a key is missing or not known");
        else
            read_value(&r, key, manifest, digests);
    }
    if (vl_cbor_next(&r, &map))
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "a key is missing or not known");
    return vl_cbor_close(&r, "payload", why);
}

/* PROTOCOL 30: the subject of a core is the letter, whatever the sealing. */
static enum vl_err check_sub(const struct vl_object *core, const struct vl_manifest *manifest,
                             struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    enum vl_err err = vl_kind_sub("letter-id", VL_ARRAY(manifest->letter_id), &sub);

    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    return vl_bytes_eq(vl_object_sub(core), vl_buf_bytes(&sub))
               ? VL_OK
               : vl_fail(why, VL_ERR_FORMAT, "its subject is not its letter id");
}

enum vl_err vl_core_read(const struct vl_object *core, struct vl_manifest *manifest,
                         struct vl_core_digests *digests, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *digests = (struct vl_core_digests){.stride = WIRE_STRIDE};
    if (core->kind != VL_KIND_MANIFEST)
        err = vl_fail(why, VL_ERR_FORMAT, "another kind of object: %s", vl_kind_word(core->kind));
    if (!err)
        err = read_payload(vl_object_payload(core), manifest, digests, why);
    if (!err)
        err = check_sub(core, manifest, why);
    return err ? vl_fail_in(why, err, "signed core") : VL_OK;
}
