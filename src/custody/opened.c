/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "card/fields.h"
#include "custody/event.h"

enum key {
    KEY_NUMBER = VL_ACT_OWN_KEYS,
    KEY_WAYBILL,
    KEY_CORE,
    KEY_VERDICT,
    KEY_OPENING,
    KEY_ANSWERS,
    KEY_END
};
#define OWN   (KEY_END - VL_ACT_OWN_KEYS)
#define WHAT  "opened"
#define ABOUT "letter"

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

static enum vl_err read_payload(vl_bytes wire, struct vl_opened *opened, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &opened->act);
    enum vl_err err;

    vl_field_hash(&in, KEY_NUMBER, opened->number);
    opened->has_waybill = vl_field_hash_or_null(&in, KEY_WAYBILL, opened->waybill);
    opened->has_core = vl_field_hash_or_null(&in, KEY_CORE, opened->core);
    opened->verdict =
        (enum vl_verdict)vl_cbor_uint(vl_field_value(&in, KEY_VERDICT), VL_VERDICT_UNREADABLE);
    if (opened->verdict == VL_VERDICT_NONE)
        vl_cbor_refuse(&in.r, VL_ERR_FORMAT, "no verdict");
    opened->has_opening = vl_field_hash_or_null(&in, KEY_OPENING, opened->opening);
    opened->has_answers = vl_field_hash_or_null(&in, KEY_ANSWERS, opened->answers);
    err = vl_fields_close(&in, why);
    return err ? err : check_verdict(opened, why);
}

enum vl_err vl_opened_read(const struct vl_object *object, struct vl_opened *opened,
                           struct vl_why *why)
{
    enum vl_err err;

    *opened = (struct vl_opened){.verdict = VL_VERDICT_NONE};
    if (object->kind != VL_KIND_OPENED)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": an object of another kind");
    err = read_payload(vl_object_payload(object), opened, why);
    if (!err)
        err = vl_fields_check_sub(object, ABOUT, VL_ARRAY(opened->number), why);
    if (!err)
        return VL_OK;
    *opened = (struct vl_opened){.verdict = VL_VERDICT_NONE};
    return vl_fail_in(why, err, WHAT);
}

static void put_payload(struct vl_cbor_out *w, const struct vl_signer *signer,
                        const struct vl_opened *opened)
{
    vl_fields_put_act(w, signer, &opened->act, OWN);
    vl_field_put_hash(w, KEY_NUMBER, true, opened->number);
    vl_field_put_hash(w, KEY_WAYBILL, opened->has_waybill, opened->waybill);
    vl_field_put_hash(w, KEY_CORE, opened->has_core, opened->core);
    vl_field_put_uint(w, KEY_VERDICT, (uint64_t)opened->verdict);
    vl_field_put_hash(w, KEY_OPENING, opened->has_opening, opened->opening);
    vl_field_put_hash(w, KEY_ANSWERS, opened->has_answers, opened->answers);
}

enum vl_err vl_opened_write(const struct vl_signer *signer, const struct vl_opened *opened,
                            struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_opened read_back = {.verdict = VL_VERDICT_NONE};
    enum vl_err err;

    put_payload(&w, signer, opened);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_payload(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, VL_KIND_OPENED, ABOUT, VL_ARRAY(opened->number),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, WHAT) : VL_OK;
}
