/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "card/fields.h"
#include "custody/event.h"

enum key { KEY_ROOT = VL_ACT_OWN_KEYS, KEY_COUNT, KEY_SEALS, KEY_END };
#define OWN   (KEY_END - VL_ACT_OWN_KEYS)
#define WHAT  "sealed"
#define ABOUT "batch"

struct vl_batch vl_sealed_batch(const struct vl_sealed *sealed)
{
    struct vl_batch batch = {.count = sealed->count};

    memcpy(batch.root, sealed->root, VL_HASH_LEN);
    return batch;
}

static enum vl_err read_payload(vl_bytes wire, struct vl_sealed *sealed, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &sealed->act);

    vl_field_hash(&in, KEY_ROOT, sealed->root);
    sealed->count = vl_cbor_uint(vl_field_value(&in, KEY_COUNT), VL_BATCH_MAX);
    if (sealed->count == 0)
        vl_cbor_refuse(&in.r, VL_ERR_FORMAT, "a batch of no letters");
    vl_field_seals(&in, KEY_SEALS, &sealed->seals);
    return vl_fields_close(&in, why);
}

enum vl_err vl_sealed_read(const struct vl_object *object, struct vl_sealed *sealed,
                           struct vl_why *why)
{
    enum vl_err err;

    *sealed = (struct vl_sealed){.count = 0};
    if (object->kind != VL_KIND_SEALED)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": an object of another kind");
    err = read_payload(vl_object_payload(object), sealed, why);
    if (!err)
        err = vl_fields_check_sub(object, ABOUT, VL_ARRAY(sealed->root), why);
    if (!err)
        return VL_OK;
    *sealed = (struct vl_sealed){.count = 0};
    return vl_fail_in(why, err, WHAT);
}

/* Nothing is signed that our own reader would not take. */
enum vl_err vl_sealed_write(const struct vl_signer *signer, const struct vl_sealed *sealed,
                            struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_sealed read_back = {.count = 0};
    enum vl_err err;

    vl_fields_put_act(&w, signer, &sealed->act, OWN);
    vl_field_put_hash(&w, KEY_ROOT, true, sealed->root);
    vl_field_put_uint(&w, KEY_COUNT, sealed->count);
    vl_field_put_seals(&w, KEY_SEALS, &sealed->seals);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_payload(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, VL_KIND_SEALED, ABOUT, VL_ARRAY(sealed->root),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, WHAT) : VL_OK;
}
