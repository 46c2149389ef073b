/* SPDX-License-Identifier: Apache-2.0 */
#include "card/mandate.h"

#include <string.h>

enum mandate_key {
    MANDATE_GRANTEE = VL_ACT_OWN_KEYS,
    MANDATE_POWERS,
    MANDATE_LETTERS,
    MANDATE_FROM,
    MANDATE_HANDOVER,
    MANDATE_COUNT,
    MANDATE_SEALS,
    MANDATE_NOT_BEFORE,
    MANDATE_NOT_AFTER,
    MANDATE_USES,
    MANDATE_MAY_DELEGATE,
    MANDATE_NONCE,
    MANDATE_END
};
#define MANDATE_OWN (MANDATE_END - VL_ACT_OWN_KEYS)

enum revocation_key { REVOCATION_MANDATE = VL_ACT_OWN_KEYS, REVOCATION_REASON };
#define REVOCATION_OWN 2

#define ABOUT_MANDATE    "office"
#define ABOUT_REVOCATION "mandate"

static void read_powers(struct vl_cbor *r, struct vl_mandate *mandate)
{
    mandate->power_count = vl_cbor_array(r, 1, VL_MANDATE_MAX_POWERS);
    for (size_t i = 0; i < mandate->power_count && vl_cbor_ok(r); i++) {
        mandate->powers[i] = (uint8_t)vl_cbor_uint(r, UINT8_MAX);
        if (mandate->powers[i] <= (i > 0 ? mandate->powers[i - 1] : 0))
            vl_cbor_refuse(r, VL_ERR_FORMAT, "powers that do not ascend from 1");
    }
}

static enum vl_err check_capacity(const struct vl_act *act, struct vl_why *why)
{
    if (act->capacity != (act->has_under ? VL_CAPACITY_DELEGATE : VL_CAPACITY_PRINCIPAL))
        return vl_fail(why, VL_ERR_FORMAT,
                       act->has_under ? "under another mandate and not by a delegate"
                                      : "under no other mandate and not by a principal");
    return VL_OK;
}

/* PROTOCOL 22. */
static enum vl_err check_mandate(const struct vl_mandate *mandate, struct vl_why *why)
{
    enum vl_err err = check_capacity(&mandate->act, why);

    if (err)
        return err;
    if (mandate->uses == VL_MANDATE_ONCE && !mandate->has_letters && !mandate->has_handover)
        return vl_fail(why, VL_ERR_FORMAT,
                       "for one use, and it names neither letters nor one "
                       "hand-over");
    if (mandate->act.has_under && mandate->may_delegate)
        return vl_fail(why, VL_ERR_FORMAT, "passed on already, and to be passed on again");
    return VL_OK;
}

static enum vl_err read_mandate(vl_bytes wire, struct vl_mandate *mandate, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &mandate->act);
    enum vl_err err;

    vl_field_hash(&in, MANDATE_GRANTEE, mandate->grantee.at);
    read_powers(vl_field_value(&in, MANDATE_POWERS), mandate);
    vl_field_ids_or_null(&in, MANDATE_LETTERS, VL_MANDATE_MAX_LETTERS, &mandate->has_letters,
                         &mandate->letters);
    vl_field_ids_or_null(&in, MANDATE_FROM, VL_MANDATE_MAX_FROM, &mandate->has_from,
                         &mandate->from);
    mandate->has_handover = vl_field_nonce_or_null(&in, MANDATE_HANDOVER, mandate->handover);
    mandate->count = vl_field_count_or_null(&in, MANDATE_COUNT, VL_BATCH_MAX);
    vl_field_seals(&in, MANDATE_SEALS, &mandate->seals);
    mandate->has_not_before =
        vl_field_seconds_or_null(&in, MANDATE_NOT_BEFORE, &mandate->not_before_s);
    mandate->has_not_after =
        vl_field_seconds_or_null(&in, MANDATE_NOT_AFTER, &mandate->not_after_s);
    mandate->uses = (enum vl_mandate_uses)vl_field_count(&in, MANDATE_USES, VL_MANDATE_MANY);
    mandate->may_delegate = vl_cbor_bool(vl_field_value(&in, MANDATE_MAY_DELEGATE));
    vl_field_nonce(&in, MANDATE_NONCE, mandate->nonce);
    err = vl_fields_close(&in, why);
    return err ? err : check_mandate(mandate, why);
}

static enum vl_err read_revocation(vl_bytes wire, struct vl_mandate_revocation *revocation,
                                   struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &revocation->act);
    enum vl_err err;

    vl_field_hash(&in, REVOCATION_MANDATE, revocation->mandate);
    revocation->reason =
        (enum vl_mandate_end)vl_field_count(&in, REVOCATION_REASON, VL_MANDATE_END_MISTAKE);
    err = vl_fields_close(&in, why);
    if (!err && revocation->act.capacity != VL_CAPACITY_PRINCIPAL)
        err = vl_fail(why, VL_ERR_FORMAT, "not by a principal");
    return err;
}

enum vl_err vl_mandate_read(const struct vl_object *object, struct vl_mandate *mandate,
                            struct vl_why *why)
{
    enum vl_err err;

    *mandate = (struct vl_mandate){.count = 0};
    if (object->kind != VL_KIND_MANDATE)
        return vl_fail(why, VL_ERR_FORMAT, "mandate: an object of another kind");
    err = read_mandate(vl_object_payload(object), mandate, why);
    if (!err)
        err = vl_fields_check_sub(object, ABOUT_MANDATE, VL_ARRAY(mandate->grantee.at), why);
    if (!err)
        return VL_OK;
    *mandate = (struct vl_mandate){.count = 0};
    return vl_fail_in(why, err, "mandate");
}

enum vl_err vl_mandate_revocation_read(const struct vl_object *object,
                                       struct vl_mandate_revocation *revocation, struct vl_why *why)
{
    enum vl_err err;

    *revocation = (struct vl_mandate_revocation){.reason = VL_MANDATE_END_NONE};
    if (object->kind != VL_KIND_MANDATE_REVOCATION)
        return vl_fail(why, VL_ERR_FORMAT, "mandate-revocation: an object of another kind");
    err = read_revocation(vl_object_payload(object), revocation, why);
    if (!err)
        err = vl_fields_check_sub(object, ABOUT_REVOCATION, VL_ARRAY(revocation->mandate), why);
    if (!err)
        return VL_OK;
    *revocation = (struct vl_mandate_revocation){.reason = VL_MANDATE_END_NONE};
    return vl_fail_in(why, err, "mandate-revocation");
}

static void put_powers(struct vl_cbor_out *w, const struct vl_mandate *mandate)
{
    vl_cbor_put_int(w, MANDATE_POWERS);
    vl_cbor_put_array(w, mandate->power_count);
    for (size_t i = 0; i < mandate->power_count; i++)
        vl_cbor_put_uint(w, mandate->powers[i]);
}

static void put_mandate(struct vl_cbor_out *w, const struct vl_signer *signer,
                        const struct vl_mandate *mandate)
{
    vl_fields_put_act(w, signer, &mandate->act, MANDATE_OWN);
    vl_field_put_hash(w, MANDATE_GRANTEE, true, mandate->grantee.at);
    put_powers(w, mandate);
    vl_field_put_ids(w, MANDATE_LETTERS, mandate->has_letters, &mandate->letters);
    vl_field_put_ids(w, MANDATE_FROM, mandate->has_from, &mandate->from);
    vl_field_put_nonce(w, MANDATE_HANDOVER, mandate->has_handover, mandate->handover);
    vl_field_put_count(w, MANDATE_COUNT, mandate->count);
    vl_field_put_seals(w, MANDATE_SEALS, &mandate->seals);
    vl_field_put_seconds(w, MANDATE_NOT_BEFORE, mandate->has_not_before, mandate->not_before_s);
    vl_field_put_seconds(w, MANDATE_NOT_AFTER, mandate->has_not_after, mandate->not_after_s);
    vl_field_put_uint(w, MANDATE_USES, (uint64_t)mandate->uses);
    vl_cbor_put_int(w, MANDATE_MAY_DELEGATE);
    vl_cbor_put_bool(w, mandate->may_delegate);
    vl_field_put_nonce(w, MANDATE_NONCE, true, mandate->nonce);
}

enum vl_err vl_mandate_write(const struct vl_signer *signer, const struct vl_mandate *mandate,
                             struct vl_buf *out, uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_mandate read_back = {.count = 0};
    enum vl_err err;

    if (mandate->power_count > VL_MANDATE_MAX_POWERS)
        return vl_fail(why, VL_ERR_LIMIT, "mandate: %zu powers, more than %d", mandate->power_count,
                       VL_MANDATE_MAX_POWERS);
    put_mandate(&w, signer, mandate);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_mandate(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, VL_KIND_MANDATE, ABOUT_MANDATE, VL_ARRAY(mandate->grantee.at),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, "mandate") : VL_OK;
}

enum vl_err vl_mandate_revocation_write(const struct vl_signer *signer,
                                        const struct vl_mandate_revocation *revocation,
                                        struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                                        struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_mandate_revocation read_back = {.reason = VL_MANDATE_END_NONE};
    enum vl_err err;

    vl_fields_put_act(&w, signer, &revocation->act, REVOCATION_OWN);
    vl_field_put_hash(&w, REVOCATION_MANDATE, true, revocation->mandate);
    vl_field_put_uint(&w, REVOCATION_REASON, (uint64_t)revocation->reason);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_revocation(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, VL_KIND_MANDATE_REVOCATION, ABOUT_REVOCATION,
                             VL_ARRAY(revocation->mandate), vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, "mandate-revocation") : VL_OK;
}
