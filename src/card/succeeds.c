/* SPDX-License-Identifier: Apache-2.0 */
#include "card/succeeds.h"

enum key {
    KEY_PREDECESSOR = VL_ACT_OWN_KEYS,
    KEY_SUCCESSOR,
    KEY_SCOPE,
    KEY_FROM,
    KEY_NONCE,
    KEY_END
};
#define ABOUT "office"

static enum vl_err check(const struct vl_succeeds *succeeds, const struct vl_office_id *issuer,
                         struct vl_why *why)
{
    if (succeeds->act.capacity != VL_CAPACITY_PRINCIPAL || succeeds->act.has_under)
        return vl_fail(why, VL_ERR_FORMAT, "not by a principal itself");
    if (vl_office_id_eq(&succeeds->predecessor, &succeeds->successor))
        return vl_fail(why, VL_ERR_FORMAT, "an office that comes after itself");
    if (vl_office_id_eq(issuer, &succeeds->successor))
        return vl_fail(why, VL_ERR_FORMAT, "by the successor itself");
    return VL_OK;
}

static enum vl_err read_payload(vl_bytes wire, const struct vl_office_id *issuer,
                                struct vl_succeeds *succeeds, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &succeeds->act);
    enum vl_err err;

    vl_field_hash(&in, KEY_PREDECESSOR, succeeds->predecessor.at);
    vl_field_hash(&in, KEY_SUCCESSOR, succeeds->successor.at);
    vl_field_ids_or_null(&in, KEY_SCOPE, VL_SUCCEEDS_MAX_SCOPE, &succeeds->has_scope,
                         &succeeds->scope);
    succeeds->has_from = vl_field_seconds_or_null(&in, KEY_FROM, &succeeds->from_s);
    vl_field_nonce(&in, KEY_NONCE, succeeds->nonce);
    err = vl_fields_close(&in, why);
    return err ? err : check(succeeds, issuer, why);
}

enum vl_err vl_succeeds_read(const struct vl_object *object, struct vl_succeeds *succeeds,
                             struct vl_why *why)
{
    enum vl_err err;

    *succeeds = (struct vl_succeeds){.has_scope = false};
    if (object->kind != VL_KIND_SUCCEEDS)
        return vl_fail(why, VL_ERR_FORMAT, "succeeds: an object of another kind");
    err = read_payload(vl_object_payload(object), &object->issuer, succeeds, why);
    if (!err)
        err = vl_fields_check_sub(object, ABOUT, VL_ARRAY(succeeds->predecessor.at), why);
    if (!err)
        return VL_OK;
    *succeeds = (struct vl_succeeds){.has_scope = false};
    return vl_fail_in(why, err, "succeeds");
}

enum vl_err vl_succeeds_write(const struct vl_signer *signer, const struct vl_succeeds *succeeds,
                              struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_succeeds read_back = {.has_scope = false};
    enum vl_err err;

    vl_fields_put_act(&w, signer, &succeeds->act, KEY_END - VL_ACT_OWN_KEYS);
    vl_field_put_hash(&w, KEY_PREDECESSOR, true, succeeds->predecessor.at);
    vl_field_put_hash(&w, KEY_SUCCESSOR, true, succeeds->successor.at);
    vl_field_put_ids(&w, KEY_SCOPE, succeeds->has_scope, &succeeds->scope);
    vl_field_put_seconds(&w, KEY_FROM, succeeds->has_from, succeeds->from_s);
    vl_field_put_nonce(&w, KEY_NONCE, true, succeeds->nonce);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_payload(vl_buf_bytes(&payload), &signer->office, &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, VL_KIND_SUCCEEDS, ABOUT, VL_ARRAY(succeeds->predecessor.at),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, "succeeds") : VL_OK;
}
