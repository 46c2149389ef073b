/* SPDX-License-Identifier: Apache-2.0 */
#include "statement/invitation.h"

#include "crypto/hash.h"
#include "statement/rules.h"

enum key {
    KEY_HOLDER = VL_ACT_OWN_KEYS,
    KEY_PRINCIPAL,
    KEY_WHAT,
    KEY_INVITER,
    KEY_INVITEE,
    KEY_NONCE,
    KEY_HEADS,
    KEY_DATE,
    KEY_NOT_BEFORE,
    KEY_WAITS_FOR,
    KEY_EXPECTATION,
    KEY_EXPIRES,
    KEY_RECIPROCAL,
    KEY_PLACE,
    KEY_LANG,
    KEY_TEXT,
    KEY_END
};
#define OWN  (KEY_END - VL_ACT_OWN_KEYS)
#define WHAT "invitation"

static vl_bytes office_bytes(const struct vl_invitation_party *party)
{
    return party->has_office ? VL_ARRAY(party->office.at) : VL_BYTES_NONE;
}

/* The head of a byte string of 32 bytes, or null. */
static vl_bytes office_head(const struct vl_invitation_party *party)
{
    return party->has_office ? VL_LITERAL("\x58\x20") : VL_LITERAL("\xf6");
}

void vl_invitation_id(const struct vl_invitation *invitation, uint8_t id[VL_HASH_LEN])
{
    const vl_bytes parts[] = {VL_LITERAL("\x84\x74valise/invitation/v1"),
                              office_head(&invitation->inviter),
                              office_bytes(&invitation->inviter),
                              office_head(&invitation->invitee),
                              office_bytes(&invitation->invitee),
                              VL_LITERAL("\x50"),
                              VL_ARRAY(invitation->nonce)};

    vl_sha256_parts(parts, sizeof parts / sizeof *parts, id);
}

/* --- reading ---------------------------------------------------------------------------------- */

static void read_party(struct vl_cbor *r, struct vl_invitation_party *party)
{
    (void)vl_cbor_array(r, 2, 2);
    party->has_office = !vl_cbor_null(r);
    if (party->has_office)
        vl_hash_read(r, party->office.at);
    if (!vl_cbor_null(r))
        party->name = vl_cbor_text(r, 1, VL_MAX_NAME);
    if (!party->has_office && party->name.len == 0)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a party that is nobody");
}

static void read_date(struct vl_cbor *r, struct vl_invitation *invitation)
{
    invitation->has_date = !vl_cbor_null(r);
    if (!invitation->has_date)
        return;
    (void)vl_cbor_array(r, 2, 2);
    invitation->from_s = vl_cbor_int(r, 0, VL_CLAIMS_IAT_MAX_S);
    invitation->to_s = vl_cbor_int(r, 0, VL_CLAIMS_IAT_MAX_S);
    if (invitation->to_s < invitation->from_s)
        vl_cbor_refuse(r, VL_ERR_FORMAT, "a date that ends before it begins");
}

static void read_waits_for(struct vl_cbor *r, struct vl_invitation *invitation)
{
    if (vl_cbor_null(r))
        return;
    (void)vl_cbor_array(r, 3, 3);
    invitation->condition = vl_cbor_text(r, 1, VL_MAX_WORDS);
    invitation->condition_lang = vl_language_read(r);
    read_party(r, &invitation->owner);
}

static void read_expectation(struct vl_cbor *r, struct vl_invitation *invitation)
{
    if (vl_cbor_null(r))
        return;
    (void)vl_cbor_array(r, 3, 3);
    invitation->expectation = vl_cbor_text(r, 1, VL_MAX_WORDS);
    invitation->expectation_lang = vl_language_read(r);
    invitation->has_expected_by = !vl_cbor_null(r);
    if (invitation->has_expected_by)
        invitation->expected_by_s = vl_cbor_int(r, 0, VL_CLAIMS_IAT_MAX_S);
}

static void read_lang(struct vl_cbor *r, struct vl_invitation *invitation)
{
    if (!vl_cbor_null(r))
        invitation->lang = vl_language_read(r);
}

enum vl_err vl_invitation_read_payload(vl_bytes wire, const struct vl_office_id *issuer,
                                       struct vl_invitation *invitation, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &invitation->act);
    bool has_heads;
    enum vl_err err;

    invitation->holder = vl_field_text_or_null(&in, KEY_HOLDER, VL_MAX_NAME);
    invitation->has_principal = vl_field_hash_or_null(&in, KEY_PRINCIPAL, invitation->principal.at);
    invitation->what =
        (enum vl_invitation_act)vl_field_count(&in, KEY_WHAT, VL_INVITATION_NOT_HELD);
    read_party(vl_field_value(&in, KEY_INVITER), &invitation->inviter);
    read_party(vl_field_value(&in, KEY_INVITEE), &invitation->invitee);
    vl_field_nonce(&in, KEY_NONCE, invitation->nonce);
    vl_field_ids_or_null(&in, KEY_HEADS, VL_INVITATION_MAX_HEADS, &has_heads, &invitation->heads);
    read_date(vl_field_value(&in, KEY_DATE), invitation);
    invitation->has_not_before =
        vl_field_seconds_or_null(&in, KEY_NOT_BEFORE, &invitation->not_before_s);
    read_waits_for(vl_field_value(&in, KEY_WAITS_FOR), invitation);
    read_expectation(vl_field_value(&in, KEY_EXPECTATION), invitation);
    invitation->has_expires = vl_field_seconds_or_null(&in, KEY_EXPIRES, &invitation->expires_s);
    invitation->has_reciprocal = vl_field_hash_or_null(&in, KEY_RECIPROCAL, invitation->reciprocal);
    invitation->place = vl_field_text_or_null(&in, KEY_PLACE, VL_MAX_NAME);
    read_lang(vl_field_value(&in, KEY_LANG), invitation);
    invitation->text = vl_field_text_or_null(&in, KEY_TEXT, VL_STATEMENT_MAX_TEXT);
    err = vl_fields_close(&in, why);
    vl_invitation_id(invitation, invitation->id);
    return err ? err : vl_invitation_check(invitation, issuer, why);
}

enum vl_err vl_invitation_read(const struct vl_object *object, struct vl_invitation *invitation,
                               struct vl_why *why)
{
    enum vl_err err;

    *invitation = (struct vl_invitation){.what = VL_INVITATION_NONE};
    if (object->kind != VL_KIND_INVITATION)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": an object of another kind");
    err = vl_invitation_read_payload(vl_object_payload(object), &object->issuer, invitation, why);
    if (!err)
        err = vl_fields_check_sub(object, WHAT, VL_ARRAY(invitation->id), why);
    if (!err)
        return VL_OK;
    *invitation = (struct vl_invitation){.what = VL_INVITATION_NONE};
    return vl_fail_in(why, err, WHAT);
}

/* --- writing ---------------------------------------------------------------------------------- */

static void put_party(struct vl_cbor_out *w, const struct vl_invitation_party *party)
{
    vl_cbor_put_array(w, 2);
    if (party->has_office)
        vl_cbor_put_bytes(w, VL_ARRAY(party->office.at));
    else
        vl_cbor_put_null(w);
    if (party->name.len > 0)
        vl_cbor_put_text(w, party->name);
    else
        vl_cbor_put_null(w);
}

static void put_date(struct vl_cbor_out *w, const struct vl_invitation *invitation)
{
    vl_cbor_put_int(w, KEY_DATE);
    if (!invitation->has_date) {
        vl_cbor_put_null(w);
        return;
    }
    vl_cbor_put_array(w, 2);
    vl_cbor_put_int(w, invitation->from_s);
    vl_cbor_put_int(w, invitation->to_s);
}

static void put_waits_for(struct vl_cbor_out *w, const struct vl_invitation *invitation)
{
    vl_cbor_put_int(w, KEY_WAITS_FOR);
    if (invitation->condition.len == 0) {
        vl_cbor_put_null(w);
        return;
    }
    vl_cbor_put_array(w, 3);
    vl_cbor_put_text(w, invitation->condition);
    vl_cbor_put_text(w, invitation->condition_lang);
    put_party(w, &invitation->owner);
}

static void put_expectation(struct vl_cbor_out *w, const struct vl_invitation *invitation)
{
    vl_cbor_put_int(w, KEY_EXPECTATION);
    if (invitation->expectation.len == 0) {
        vl_cbor_put_null(w);
        return;
    }
    vl_cbor_put_array(w, 3);
    vl_cbor_put_text(w, invitation->expectation);
    vl_cbor_put_text(w, invitation->expectation_lang);
    if (invitation->has_expected_by)
        vl_cbor_put_int(w, invitation->expected_by_s);
    else
        vl_cbor_put_null(w);
}

static void put_payload(struct vl_cbor_out *w, const struct vl_signer *signer,
                        const struct vl_invitation *invitation)
{
    vl_fields_put_act(w, signer, &invitation->act, OWN);
    vl_field_put_text(w, KEY_HOLDER, invitation->holder);
    vl_field_put_hash(w, KEY_PRINCIPAL, invitation->has_principal, invitation->principal.at);
    vl_field_put_uint(w, KEY_WHAT, (uint64_t)invitation->what);
    vl_cbor_put_int(w, KEY_INVITER);
    put_party(w, &invitation->inviter);
    vl_cbor_put_int(w, KEY_INVITEE);
    put_party(w, &invitation->invitee);
    vl_field_put_nonce(w, KEY_NONCE, true, invitation->nonce);
    vl_field_put_ids(w, KEY_HEADS, invitation->heads.count > 0, &invitation->heads);
    put_date(w, invitation);
    vl_field_put_seconds(w, KEY_NOT_BEFORE, invitation->has_not_before, invitation->not_before_s);
    put_waits_for(w, invitation);
    put_expectation(w, invitation);
    vl_field_put_seconds(w, KEY_EXPIRES, invitation->has_expires, invitation->expires_s);
    vl_field_put_hash(w, KEY_RECIPROCAL, invitation->has_reciprocal, invitation->reciprocal);
    vl_field_put_text(w, KEY_PLACE, invitation->place);
    vl_field_put_text(w, KEY_LANG, invitation->lang);
    vl_field_put_text(w, KEY_TEXT, invitation->text);
}

enum vl_err vl_invitation_write(const struct vl_signer *signer,
                                const struct vl_invitation *invitation, struct vl_buf *out,
                                uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_invitation read_back = {.what = VL_INVITATION_NONE};
    enum vl_err err;

    put_payload(&w, signer, invitation);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : vl_invitation_read_payload(vl_buf_bytes(&payload), &signer->office, &read_back,
                                             why);
    if (!err)
        err = vl_fields_sign(signer, VL_KIND_INVITATION, WHAT, VL_ARRAY(read_back.id),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, WHAT) : VL_OK;
}
