/* SPDX-License-Identifier: Apache-2.0 */
/* What an office does about invitations: what it signs follows what it knows, and goes to whom it
 * concerns. */
#include "homes.h"

#include "office/invite.h"

/* alma and bela know each other; dora knows both, and both know her. */
static void begin(struct place *place)
{
    place_open(place);
    two_offices(place);
    init(place, "dora");
    introduce(place, "alma", "dora");
    introduce(place, "bela", "dora");
}

/* What one of them does; the evidence of it is in a file named so.  `request` is without whatever
 * all have. */
static enum vl_err try_invite(const struct place *place, const char *by, const char *file,
                              struct vl_invite_request request, struct vl_invited_said *said,
                              struct vl_why *why)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, by);
    VL_AUTO(vl_buf_release) struct vl_buf evidence = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    enum vl_err err;

    request.common.now_s = NOW;
    request.common.asker = nobody;
    request.common.evidence = &evidence;
    request.rng = vl_rng_system();
    err = vl_invite(&home, &request, said, why);
    if (!err && file)
        put_bytes(place, file, vl_buf_bytes(&evidence));
    return err;
}

/* The number of the invitation, as JSON has ids. */
struct invited {
    char hex[2 * VL_HASH_LEN + 1];
    uint8_t id[VL_HASH_LEN];
    size_t told;
};

static struct invited invite(const struct place *place, const char *by, const char *file,
                             struct vl_invite_request request)
{
    VL_AUTO(vl_invited_said_release) struct vl_invited_said said = VL_INVITED_SAID_INIT;
    struct invited invited = {.told = 0};
    struct vl_why why = {""};

    assert_err(try_invite(place, by, file, request, &said, &why), VL_OK, &why);
    memcpy(invited.id, said.invitation.id, VL_HASH_LEN);
    for (size_t i = 0; i < VL_HASH_LEN; i++)
        (void)snprintf(invited.hex + 2 * i, 3, "%02x", invited.id[i]);
    invited.told = said.told;
    return invited;
}

static void assert_refused(const struct place *place, const char *by,
                           struct vl_invite_request request, enum vl_err wanted, const char *words)
{
    VL_AUTO(vl_invited_said_release) struct vl_invited_said said = VL_INVITED_SAID_INIT;
    struct vl_why why = {""};

    assert_err(try_invite(place, by, NULL, request, &said, &why), wanted, &why);
    assert_says(&why, words);
}

/* Fails unless it is this and nothing else, as far as this office knows. */
static void assert_is(const struct place *place, const char *by, const struct invited *invited,
                      enum vl_invited state)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, by);
    VL_AUTO(vl_status_release) struct vl_status status = VL_STATUS_INIT;
    struct vl_why why = {""};

    assert_err(vl_invitation_status(&home, invited->id, NOW, &status, &why), VL_OK, &why);
    assert_non_null(status.finding.invitation);
    assert_int_equal(status.finding.invitation->version_count, 1);
    assert_string_equal(vl_invited_word(status.finding.invitation->versions[0].state),
                        vl_invited_word(state));
}

#define INVITE(place, by, file, ...)                                                               \
    invite(place, by, file, (struct vl_invite_request){__VA_ARGS__})
#define REFUSED(place, by, words, ...)                                                             \
    assert_refused(place, by, (struct vl_invite_request){__VA_ARGS__}, VL_ERR_REFUSED, words)

static void each_side_signs_what_is_its_own_to_sign(void **state)
{
    struct place place;
    struct invited one;

    (void)state;
    begin(&place);
    one = INVITE(&place, "alma", "issued", .what = VL_INVITATION_ISSUE, .invitee = "bela",
                 .text = "Come.");
    assert_int_equal(one.told, 1);
    assert_is(&place, "alma", &one, VL_INVITED_OPEN);
    assert_int_equal(take(&place, "bela", "issued").acts, 1);
    assert_is(&place, "bela", &one, VL_INVITED_OPEN);
    REFUSED(&place, "alma", "only who is invited", .what = VL_INVITATION_ACCEPT, .number = one.hex);
    REFUSED(&place, "bela", "only who invites", .what = VL_INVITATION_WITHDRAW, .number = one.hex);
    REFUSED(&place, "alma", "does not announce it", .what = VL_INVITATION_ANNOUNCE,
            .number = one.hex);
    (void)INVITE(&place, "bela", "accepted", .what = VL_INVITATION_ACCEPT, .number = one.hex);
    assert_int_equal(take(&place, "alma", "accepted").acts, 2); /* with what it follows */
    assert_is(&place, "alma", &one, VL_INVITED_ACCEPTED);
    assert_sound(&place, "alma");
    assert_sound(&place, "bela");
    place_close(&place);
}

static void appointing_takes_up_what_the_other_side_signed(void **state)
{
    struct place place;
    struct invited one;

    (void)state;
    begin(&place);
    one = INVITE(&place, "alma", "issued", .what = VL_INVITATION_ISSUE, .invitee = "bela");
    assert_refused(&place, "alma",
                   (struct vl_invite_request){.what = VL_INVITATION_APPOINT, .number = one.hex},
                   VL_ERR_USAGE, "no date is proposed");
    (void)take(&place, "bela", "issued");
    (void)INVITE(&place, "bela", "agreed", .what = VL_INVITATION_APPOINT, .number = one.hex,
                 .has_date = true, .from_s = NOW + 100, .to_s = NOW + 200);
    assert_is(&place, "bela", &one, VL_INVITED_DATE_PROPOSED);
    (void)take(&place, "alma", "agreed");
    /* Another date is another proposal; the same one, without a word of it, is agreed to. */
    (void)INVITE(&place, "alma", "too", .what = VL_INVITATION_APPOINT, .number = one.hex);
    assert_is(&place, "alma", &one, VL_INVITED_APPOINTED);
    (void)take(&place, "bela", "too");
    assert_is(&place, "bela", &one, VL_INVITED_APPOINTED);
    place_close(&place);
}

static void two_dates_are_for_a_person_to_choose_from(void **state)
{
    struct place place;
    struct invited one;

    (void)state;
    begin(&place);
    one = INVITE(&place, "alma", "issued", .what = VL_INVITATION_ISSUE, .invitee = "bela");
    (void)take(&place, "bela", "issued");
    (void)INVITE(&place, "bela", "proposed", .what = VL_INVITATION_PROPOSE, .number = one.hex,
                 .has_date = true, .from_s = NOW + 100, .to_s = NOW + 200);
    (void)INVITE(&place, "alma", NULL, .what = VL_INVITATION_PROPOSE, .number = one.hex,
                 .has_date = true, .from_s = NOW + 300, .to_s = NOW + 400);
    (void)take(&place, "alma", "proposed");
    assert_refused(&place, "alma",
                   (struct vl_invite_request){.what = VL_INVITATION_APPOINT, .number = one.hex},
                   VL_ERR_USAGE, "several dates are proposed");
    place_close(&place);
}

static void what_was_only_announced_is_not_accepted(void **state)
{
    struct place place;
    struct invited one;

    (void)state;
    begin(&place);
    one = INVITE(&place, "dora", "announced", .what = VL_INVITATION_ANNOUNCE, .inviter = "alma",
                 .invitee = "bela");
    assert_int_equal(one.told, 2);
    assert_int_equal(take(&place, "bela", "announced").acts, 1);
    REFUSED(&place, "bela", "announced, and no more", .what = VL_INVITATION_ACCEPT,
            .number = one.hex);
    REFUSED(&place, "dora", "neither invites nor is invited", .what = VL_INVITATION_PROPOSE,
            .number = one.hex, .has_date = true, .from_s = NOW, .to_s = NOW);
    place_close(&place);
}

static void who_owns_a_condition_gets_to_see_it_and_attests_it(void **state)
{
    struct place place;
    struct invited one;

    (void)state;
    begin(&place);
    one = INVITE(&place, "alma", "issued", .what = VL_INVITATION_ISSUE, .invitee = "bela");
    one.told =
        INVITE(&place, "alma", "postponed", .what = VL_INVITATION_POSTPONE, .number = one.hex,
               .waits_for = "it is over", .owner = "dora", .expects = "soon")
            .told;
    assert_int_equal(one.told, 2);
    assert_is(&place, "alma", &one, VL_INVITED_POSTPONED);
    assert_int_equal(take(&place, "dora", "postponed").acts, 2);
    REFUSED(&place, "alma", "nothing that is this office's", .what = VL_INVITATION_ATTEST,
            .number = one.hex);
    assert_int_equal(
        INVITE(&place, "dora", "over", .what = VL_INVITATION_ATTEST, .number = one.hex).told, 2);
    (void)take(&place, "alma", "over");
    assert_is(&place, "alma", &one, VL_INVITED_OPEN_AGAIN);
    place_close(&place);
}

static void nothing_is_done_after_a_withdrawal_and_a_dry_run_keeps_nothing(void **state)
{
    struct place place;
    struct invited one;

    (void)state;
    begin(&place);
    one = INVITE(&place, "alma", NULL, .what = VL_INVITATION_ISSUE, .invitee = "name:the members");
    (void)INVITE(&place, "alma", NULL, .what = VL_INVITATION_WITHDRAW, .number = one.hex,
                 .common = {.dry_run = true});
    assert_is(&place, "alma", &one, VL_INVITED_OPEN);
    (void)INVITE(&place, "alma", NULL, .what = VL_INVITATION_WITHDRAW, .number = one.hex);
    assert_is(&place, "alma", &one, VL_INVITED_WITHDRAWN);
    REFUSED(&place, "alma", "it was withdrawn", .what = VL_INVITATION_POSTPONE, .number = one.hex,
            .has_not_before = true, .not_before_s = NOW + 1);
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_side_signs_what_is_its_own_to_sign),
        cmocka_unit_test(appointing_takes_up_what_the_other_side_signed),
        cmocka_unit_test(two_dates_are_for_a_person_to_choose_from),
        cmocka_unit_test(what_was_only_announced_is_not_accepted),
        cmocka_unit_test(who_owns_a_condition_gets_to_see_it_and_attests_it),
        cmocka_unit_test(nothing_is_done_after_a_withdrawal_and_a_dry_run_keeps_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
