/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads of invitations from any bytes: 32 for the office that signs, then the payload; `sub` is
 * made to fit.  What is read is signed again with the same payload; its signer may do what it does;
 * its heads are among the ids that it names. */
#include <stdlib.h>
#include <string.h>

#include "../evidence/again.h"
#include "statement/rules.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static bool is(const struct vl_invitation_party *party, const struct vl_office_id *office)
{
    return party->has_office && vl_office_id_eq(&party->office, office);
}

static void check_side(const struct vl_invitation *invitation, const struct vl_office_id *issuer)
{
    const struct vl_office_id *who = invitation->has_principal ? &invitation->principal : issuer;
    const bool inviter = is(&invitation->inviter, who), invitee = is(&invitation->invitee, who);

    check(!(inviter && invitee));
    check(invitation->has_principal == (invitation->act.capacity == VL_CAPACITY_DELEGATE));
    check(!invitation->has_principal || invitation->act.has_under);
    switch (invitation->what) {
    case VL_INVITATION_ISSUE:
    case VL_INVITATION_WITHDRAW:
        check(inviter);
        break;
    case VL_INVITATION_ANNOUNCE:
        check(!inviter);
        break;
    case VL_INVITATION_ACKNOWLEDGE:
    case VL_INVITATION_ACCEPT:
    case VL_INVITATION_TENTATIVE:
    case VL_INVITATION_DECLINE:
        check(invitee);
        break;
    case VL_INVITATION_ATTEST:
        check(is(&invitation->owner, who) && invitation->condition.len > 0);
        break;
    case VL_INVITATION_PROPOSE:
    case VL_INVITATION_APPOINT:
        check(invitation->has_date);
        check(inviter || invitee);
        break;
    case VL_INVITATION_POSTPONE:
        check(invitation->has_not_before || invitation->condition.len > 0);
        check(inviter || invitee);
        break;
    case VL_INVITATION_HELD:
    case VL_INVITATION_NOT_HELD:
        check(inviter || invitee);
        break;
    case VL_INVITATION_NONE:
        abort();
    }
    check(!invitation->has_date || invitation->from_s <= invitation->to_s);
}

static void check_again(const struct vl_object *object, const struct vl_act_any *any)
{
    static const struct vl_secret seed = {32, {1, 2, 3}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object again = VL_OBJECT_INIT;
    struct vl_signer signer = {.seeds = &seed, .seed_count = 1, .office = object->issuer};

    check(sign_again(&signer, any, &wire, NULL) == VL_OK);
    check(vl_object_parse(vl_buf_bytes(&wire), &again, NULL) == VL_OK);
    check(again.kind == object->kind);
    check(vl_bytes_eq(vl_object_payload(&again), vl_object_payload(object)));
    check(vl_bytes_eq(vl_object_sub(&again), vl_object_sub(object)));
}

static void check_heads(const struct vl_act_any *any)
{
    const struct vl_ids *heads = &any->as.invitation.heads;
    const uint8_t *ids[VL_ACT_ANY_MAX_IDS];
    const size_t count = vl_act_any_ids(any, ids);

    check(count <= VL_ACT_ANY_MAX_IDS && heads->count <= VL_INVITATION_MAX_HEADS);
    for (size_t i = 0; i < heads->count; i++)
        check(memcmp(ids[count - heads->count + i], vl_ids_at(heads, i), VL_HASH_LEN) == 0);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(VL_CLAIMS_MAX_TEXT);
    struct vl_object object = {.kind = VL_KIND_INVITATION, .count = 1};
    struct vl_invitation first = {.what = VL_INVITATION_NONE};
    static struct vl_act_any any;

    /* What fits no envelope is read and cannot be signed. */
    if (len < VL_HASH_LEN || len > VL_SIGN1_MAX_LEN / 2)
        return 0;
    memcpy(object.issuer.at, data, VL_HASH_LEN);
    object.by[0] = (struct vl_sign1)VL_SIGN1_INIT;
    object.by[0].payload = vl_bytes_after(vl_bytes_of(data, len), VL_HASH_LEN);
    if (vl_invitation_read_payload(object.by[0].payload, &object.issuer, &first, NULL))
        return 0;
    check(vl_act_any_read(&object, &any, NULL) == VL_ERR_FORMAT); /* its sub is empty */
    check(vl_kind_sub("invitation", VL_ARRAY(first.id), &sub) == VL_OK);
    object.by[0].claims.sub = vl_buf_bytes(&sub);
    check(vl_act_any_read(&object, &any, NULL) == VL_OK);
    check_side(&any.as.invitation, &object.issuer);
    check_heads(&any);
    check_again(&object, &any);
    return 0;
}
