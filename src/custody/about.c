/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/about.h"

#include <string.h>

enum key {
    KEY_TARGET = VL_ACT_OWN_KEYS,
    KEY_RATIFIED_END,
    /* witnessed */
    KEY_WORDS = KEY_RATIFIED_END,
    KEY_WITNESSED_END,
    /* corrected */
    KEY_FIELD = KEY_RATIFIED_END,
    KEY_OLD,
    KEY_NOW,
    KEY_REASON,
    KEY_CORRECTED_END
};
#define ABOUT "act"

enum seen_key { SEEN_ROOT = VL_ACT_OWN_KEYS, SEEN_COUNT, SEEN_END };
#define SEEN_OWN   (SEEN_END - VL_ACT_OWN_KEYS)
#define SEEN_WHAT  "seen"
#define SEEN_ABOUT "batch"

static bool is_about(enum vl_kind kind)
{
    return kind == VL_KIND_RATIFIED || kind == VL_KIND_WITNESSED || kind == VL_KIND_CORRECTED;
}

static enum vl_err check(const struct vl_about *about, struct vl_why *why)
{
    if (about->kind == VL_KIND_RATIFIED)
        return vl_act_check_capacity(&about->act, VL_CAPACITY_BIT(VL_CAPACITY_PRINCIPAL), why);
    if (about->kind == VL_KIND_WITNESSED)
        return vl_act_check_capacity(&about->act, VL_CAPACITY_BIT(VL_CAPACITY_WITNESS), why);
    return VL_OK;
}

static enum vl_err read_payload(vl_bytes wire, struct vl_about *about, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &about->act);
    enum vl_err err;

    vl_field_hash(&in, KEY_TARGET, about->target);
    if (about->kind == VL_KIND_WITNESSED)
        about->words = vl_field_text(&in, KEY_WORDS, VL_MAX_WORDS);
    if (about->kind == VL_KIND_CORRECTED) {
        about->field = vl_field_code(&in, KEY_FIELD);
        about->old = vl_field_text_or_null(&in, KEY_OLD, VL_MAX_WORDS);
        about->now = vl_field_text_or_null(&in, KEY_NOW, VL_MAX_WORDS);
        about->reason = vl_field_text_or_null(&in, KEY_REASON, VL_MAX_WORDS);
    }
    err = vl_fields_close(&in, why);
    return err ? err : check(about, why);
}

enum vl_err vl_about_read(const struct vl_object *object, struct vl_about *about,
                          struct vl_why *why)
{
    enum vl_err err;

    *about = (struct vl_about){.kind = VL_KIND_NONE};
    if (!is_about(object->kind))
        return vl_fail(why, VL_ERR_FORMAT, "about an act: an object of another kind");
    about->kind = object->kind;
    err = read_payload(vl_object_payload(object), about, why);
    if (!err)
        err = vl_fields_check_sub(object, ABOUT, VL_ARRAY(about->target), why);
    if (!err)
        return VL_OK;
    *about = (struct vl_about){.kind = VL_KIND_NONE};
    return vl_fail_in(why, err, "%s", vl_kind_word(object->kind));
}

/* What a kind must say and does not is not written as null, which its reader would refuse anyhow.
 */
static void put_payload(struct vl_cbor_out *w, const struct vl_signer *signer,
                        const struct vl_about *about)
{
    int end = about->kind == VL_KIND_CORRECTED   ? KEY_CORRECTED_END
              : about->kind == VL_KIND_WITNESSED ? KEY_WITNESSED_END
                                                 : KEY_RATIFIED_END;

    vl_fields_put_act(w, signer, &about->act, (size_t)(end - VL_ACT_OWN_KEYS));
    vl_field_put_hash(w, KEY_TARGET, true, about->target);
    if (about->kind == VL_KIND_WITNESSED)
        vl_field_put_text(w, KEY_WORDS, about->words);
    if (about->kind == VL_KIND_CORRECTED) {
        vl_field_put_text(w, KEY_FIELD, about->field);
        vl_field_put_text(w, KEY_OLD, about->old);
        vl_field_put_text(w, KEY_NOW, about->now);
        vl_field_put_text(w, KEY_REASON, about->reason);
    }
}

enum vl_err vl_about_write(const struct vl_signer *signer, const struct vl_about *about,
                           struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_about read_back = {.kind = about->kind};
    enum vl_err err;

    if (!is_about(about->kind))
        return vl_fail(why, VL_ERR_FORMAT, "about an act: of a kind that is none");
    put_payload(&w, signer, about);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_payload(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, about->kind, ABOUT, VL_ARRAY(about->target),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, "%s", vl_kind_word(about->kind)) : VL_OK;
}

static enum vl_err read_seen(vl_bytes wire, struct vl_seen *seen, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &seen->act);

    vl_field_hash(&in, SEEN_ROOT, seen->batch.root);
    seen->batch.count = vl_field_count(&in, SEEN_COUNT, VL_BATCH_MAX);
    return vl_fields_close(&in, why);
}

enum vl_err vl_seen_read(const struct vl_object *object, struct vl_seen *seen, struct vl_why *why)
{
    enum vl_err err;

    *seen = (struct vl_seen){.batch = {.count = 0}};
    if (object->kind != VL_KIND_SEEN)
        return vl_fail(why, VL_ERR_FORMAT, SEEN_WHAT ": an object of another kind");
    err = read_seen(vl_object_payload(object), seen, why);
    if (!err)
        err = vl_fields_check_sub(object, SEEN_ABOUT, VL_ARRAY(seen->batch.root), why);
    if (!err)
        return VL_OK;
    *seen = (struct vl_seen){.batch = {.count = 0}};
    return vl_fail_in(why, err, SEEN_WHAT);
}

enum vl_err vl_seen_write(const struct vl_signer *signer, const struct vl_seen *seen,
                          struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_seen read_back = {.batch = {.count = 0}};
    enum vl_err err;

    vl_fields_put_act(&w, signer, &seen->act, SEEN_OWN);
    vl_field_put_hash(&w, SEEN_ROOT, true, seen->batch.root);
    vl_field_put_uint(&w, SEEN_COUNT, seen->batch.count);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_seen(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, VL_KIND_SEEN, SEEN_ABOUT, VL_ARRAY(seen->batch.root),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, SEEN_WHAT) : VL_OK;
}
