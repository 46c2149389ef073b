/* SPDX-License-Identifier: Apache-2.0 */
/* Invitations that come in a file are kept by whom they concern, and a stranger's to others are
 * not. */
#include "homes.h"

#include "evidence/evidence.h"
#include "statement/invitation.h"

/* bela knows alma, and nobody knows dora. */
static void begin(struct place *place)
{
    place_open(place);
    two_offices(place);
    init(place, "dora");
}

static struct vl_invitation_party party_of(const struct place *place, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);

    return (struct vl_invitation_party){true, home.own, VL_BYTES_NONE};
}

/* An evidence file with the signer's card and this act, after the act in id or after none; id is
 * the new one's then. */
static void write_act(const struct place *place, const char *by, const char *file,
                      struct vl_invitation invitation, uint8_t id[VL_HASH_LEN])
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, by);
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf card = card_file(&home.chain);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf evidence = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    uint8_t head[1][VL_HASH_LEN];
    struct vl_signer signer;
    struct vl_why why = {""};

    memcpy(head, id, VL_HASH_LEN);
    invitation.act.capacity = VL_CAPACITY_PRINCIPAL;
    if (invitation.what != VL_INVITATION_ISSUE)
        invitation.heads = vl_ids_of((const uint8_t(*)[VL_HASH_LEN])head, 1);
    assert_err(vl_home_unlock(&home, &nobody, &why), VL_OK, &why);
    assert_err(vl_home_signer(&home, NOW, &signer, &why), VL_OK, &why);
    assert_err(vl_invitation_write(&signer, &invitation, &wire, id, &why), VL_OK, &why);
    assert_int_equal(vl_evidence_put_chain(&out, vl_buf_bytes(&card)), VL_OK);
    assert_int_equal(vl_evidence_put(&out, vl_buf_bytes(&wire), NULL, 0), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, &evidence), VL_OK);
    put_bytes(place, file, vl_buf_bytes(&evidence));
}

static bool is_kept(const struct place *place, const char *by, const uint8_t id[VL_HASH_LEN])
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, by);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);

    return vl_store_object(home.store, id, &wire, NULL) == VL_OK;
}

static void one_by_a_stranger_to_this_office_is_kept(void **state)
{
    struct vl_invitation invitation = {.what = VL_INVITATION_ISSUE};
    uint8_t id[VL_HASH_LEN] = {0};
    struct place place;

    (void)state;
    begin(&place);
    invitation.inviter = party_of(&place, "dora");
    invitation.invitee = party_of(&place, "bela");
    write_act(&place, "dora", "invited", invitation, id);
    assert_int_equal(take(&place, "bela", "invited").acts, 1);
    assert_true(is_kept(&place, "bela", id));
    assert_sound(&place, "bela");
    place_close(&place);
}

static void one_by_a_stranger_to_others_stays_outside(void **state)
{
    struct vl_invitation invitation = {.what = VL_INVITATION_ISSUE};
    uint8_t id[VL_HASH_LEN] = {0};
    struct place place;

    (void)state;
    begin(&place);
    invitation.inviter = party_of(&place, "dora");
    invitation.invitee.name = VL_LITERAL("everybody");
    write_act(&place, "dora", "invited", invitation, id);
    (void)take(&place, "bela", "invited");
    assert_false(is_kept(&place, "bela", id));
    place_close(&place);
}

/* Somebody known invites a stranger: both what is asked and the answer are of interest. */
static void an_answer_to_what_is_here_is_kept(void **state)
{
    struct vl_invitation invitation = {.what = VL_INVITATION_ISSUE};
    uint8_t id[VL_HASH_LEN] = {0};
    struct place place;

    (void)state;
    begin(&place);
    invitation.inviter = party_of(&place, "alma");
    invitation.invitee = party_of(&place, "dora");
    write_act(&place, "alma", "invited", invitation, id);
    invitation.what = VL_INVITATION_ACCEPT;
    write_act(&place, "dora", "answer", invitation, id);
    /* Without what it answers it stays outside. */
    (void)take(&place, "bela", "answer");
    assert_false(is_kept(&place, "bela", id));
    assert_int_equal(take(&place, "bela", "invited").acts, 1);
    assert_int_equal(take(&place, "bela", "answer").acts, 1);
    assert_true(is_kept(&place, "bela", id));
    assert_sound(&place, "bela");
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_by_a_stranger_to_this_office_is_kept),
        cmocka_unit_test(one_by_a_stranger_to_others_stays_outside),
        cmocka_unit_test(an_answer_to_what_is_here_is_kept),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
