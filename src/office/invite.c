/* SPDX-License-Identifier: Apache-2.0 */
#include "office/invite.h"

#include <string.h>

#include "office/saying.h"

#define NAMED "name:"

struct inviting {
    struct vl_home *home;
    const struct vl_invite_request *request;
    struct vl_invited_said *said;
    struct vl_invitation *invitation;        /* that of *said */
    const struct vl_found_invitation *found; /* what is here of it, or NULL */
    enum vl_side side;                       /* of whom it is signed for */
};

static vl_bytes text_or_none(const char *text)
{
    return text ? vl_bytes_str(text) : VL_BYTES_NONE;
}

void vl_invited_said_release(struct vl_invited_said *said)
{
    vl_status_release(&said->before);
    *said = (struct vl_invited_said)VL_INVITED_SAID_INIT;
}

/* --- who -------------------------------------------------------------------------------------- */

/* An office; only whoever is said to be a name is one: a slip of the pen invites nobody. */
static enum vl_err find_party(struct vl_home *home, const char *word,
                              struct vl_invitation_party *party, struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    enum vl_err err;

    if (strncmp(word, NAMED, strlen(NAMED)) == 0) {
        party->name = vl_bytes_str(word + strlen(NAMED));
        return party->name.len > 0 ? VL_OK
                                   : vl_fail(why, VL_ERR_USAGE, "\"%s\" is nobody's name", word);
    }
    err = vl_home_find_office(home, word, &row, why);
    party->has_office = !err;
    memcpy(party->office.at, row.office, VL_HASH_LEN);
    return err;
}

static const struct vl_office_id *speaker(const struct inviting *inviting)
{
    return inviting->invitation->has_principal ? &inviting->invitation->principal
                                               : &inviting->home->own;
}

static enum vl_err find_speaker(struct inviting *inviting, struct vl_why *why)
{
    const struct vl_say_common *common = &inviting->request->common;
    struct vl_invitation *invitation = inviting->invitation;

    return vl_saying_speaker(inviting->home,
                             &(struct vl_saying_for){.office = common->for_office,
                                                     .powers = {VL_POWER_SPEAK},
                                                     .power_count = 1,
                                                     .now_s = common->now_s},
                             &invitation->act, &invitation->has_principal, &invitation->principal,
                             why);
}

static bool is(const struct vl_invitation_party *party, const struct vl_office_id *office)
{
    return party->has_office && vl_office_id_eq(&party->office, office);
}

static void find_side(struct inviting *inviting)
{
    inviting->side = is(&inviting->invitation->inviter, speaker(inviting))   ? VL_SIDE_INVITER
                     : is(&inviting->invitation->invitee, speaker(inviting)) ? VL_SIDE_INVITEE
                                                                             : VL_SIDE_OTHER;
}

/* --- which ------------------------------------------------------------------------------------ */

static enum vl_err begin_new(struct inviting *inviting, struct vl_why *why)
{
    const struct vl_invite_request *request = inviting->request;
    struct vl_invitation *invitation = inviting->invitation;
    enum vl_err err = VL_OK;

    if (!request->invitee || (request->what == VL_INVITATION_ANNOUNCE && !request->inviter))
        return vl_fail(why, VL_ERR_USAGE, "who invites whom");
    if (request->what == VL_INVITATION_ISSUE)
        invitation->inviter = (struct vl_invitation_party){true, *speaker(inviting), VL_BYTES_NONE};
    else
        err = find_party(inviting->home, request->inviter, &invitation->inviter, why);
    if (!err)
        err = find_party(inviting->home, request->invitee, &invitation->invitee, why);
    if (!err && vl_rng_fill(&request->rng, invitation->nonce, sizeof invitation->nonce) != VL_OK)
        err = vl_fail(why, VL_ERR_INTERNAL, "no random bytes");
    return err;
}

/* One that is here: whose it is stands in each of its acts. */
static enum vl_err begin_known(struct inviting *inviting, struct vl_why *why)
{
    const struct vl_invite_request *request = inviting->request;
    struct vl_status *before = &inviting->said->before;
    struct vl_invitation *invitation = inviting->invitation;
    const struct vl_invitation *first;
    uint8_t id[VL_HASH_LEN];
    enum vl_err err = vl_invitation_find(inviting->home, request->number, 8, id, why);

    if (!err)
        err = vl_invitation_status(inviting->home, id, request->common.now_s, before, why);
    if (err)
        return err;
    inviting->found = before->finding.invitation;
    if (!inviting->found)
        return vl_fail(why, VL_ERR_UNVERIFIED, "nothing of this invitation verifies here");
    first = inviting->found->acts[0].invitation;
    invitation->inviter = first->inviter;
    invitation->invitee = first->invitee;
    memcpy(invitation->nonce, first->nonce, sizeof invitation->nonce);
    return VL_OK;
}

static bool is_any(const struct vl_found_invitation *found, enum vl_invited state)
{
    for (size_t i = 0; i < found->version_count; i++)
        if (found->versions[i].state == state)
            return true;
    return false;
}

/* Is it that, and nothing else? */
static bool is_all(const struct vl_found_invitation *found, enum vl_invited state)
{
    bool any = false;

    for (size_t i = 0; i < found->version_count; i++) {
        if (found->versions[i].state != state)
            return false;
        any = true;
    }
    return any;
}

/* What reading would refuse with less to go on. */
static enum vl_err may_do(const struct inviting *inviting, struct vl_why *why)
{
    const enum vl_invitation_act what = inviting->request->what;

    if (what == VL_INVITATION_ANNOUNCE)
        return inviting->side == VL_SIDE_INVITER
                   ? vl_fail(why, VL_ERR_REFUSED, "the inviter does not announce it, but invites")
                   : VL_OK;
    if (what == VL_INVITATION_ISSUE || what == VL_INVITATION_ATTEST)
        return VL_OK;
    if (inviting->side == VL_SIDE_OTHER)
        return vl_fail(why, VL_ERR_REFUSED,
                       "this office neither invites nor is invited: it can only announce, and say "
                       "something");
    if (what == VL_INVITATION_WITHDRAW && inviting->side != VL_SIDE_INVITER)
        return vl_fail(why, VL_ERR_REFUSED, "only who invites withdraws that: decline it");
    if (inviting->side != VL_SIDE_INVITEE &&
        (what == VL_INVITATION_ACKNOWLEDGE || what == VL_INVITATION_ACCEPT ||
         what == VL_INVITATION_TENTATIVE || what == VL_INVITATION_DECLINE))
        return vl_fail(why, VL_ERR_REFUSED, "only who is invited answers that");
    return VL_OK;
}

/* PROTOCOL 16: what it goes on from, as far as it counts. */
static enum vl_err find_heads(struct inviting *inviting, struct vl_why *why)
{
    const struct vl_found_invitation *found = inviting->found;
    size_t count = 0;

    for (size_t i = 0; i < found->act_count && count < VL_INVITATION_MAX_HEADS; i++)
        if (found->acts[i].is_newest)
            memcpy(inviting->said->heads[count++], found->acts[i].act, VL_HASH_LEN);
    if (count == 0)
        return vl_fail(why, VL_ERR_REFUSED,
                       "nobody issued it, as far as is proven here: it was announced, and no more");
    if (is_all(found, VL_INVITED_WITHDRAWN) ||
        (is_any(found, VL_INVITED_WITHDRAWN) && inviting->request->what != VL_INVITATION_WITHDRAW))
        return vl_fail(why, VL_ERR_REFUSED, "it was withdrawn: nothing comes of it any more");
    if (is_all(found, VL_INVITED_LAPSED) && (inviting->request->what == VL_INVITATION_ACCEPT ||
                                             inviting->request->what == VL_INVITATION_TENTATIVE))
        return vl_fail(why, VL_ERR_REFUSED,
                       "it has lapsed, and nobody can accept it: agree to a date with whoever "
                       "invited, or be invited again");
    inviting->invitation->heads =
        vl_ids_of((const uint8_t(*)[VL_HASH_LEN])inviting->said->heads, count);
    return VL_OK;
}

/* --- dates ------------------------------------------------------------------------------------ */

static const struct vl_found_invited *act_of(const struct vl_found_invitation *found,
                                             const uint8_t id[VL_HASH_LEN])
{
    size_t at = 0;

    while (at < found->act_count && memcmp(found->acts[at].act, id, VL_HASH_LEN) != 0)
        at++;
    return at < found->act_count ? &found->acts[at] : NULL;
}

static bool is_date(const struct vl_invite_request *request, int64_t from_s, int64_t to_s)
{
    return !request->has_date || (request->from_s == from_s && request->to_s == to_s);
}

/* Appointed is one date under the same heads (PROTOCOL, the table): what the other side signed is
 * signed again.  Of one that lapsed, too: both sides agree to that. */
static bool take_up(struct inviting *inviting, const struct vl_found_version *version)
{
    const struct vl_found_invited *other = act_of(inviting->found, version->acts.at[0]);
    struct vl_invitation *invitation = inviting->invitation;

    if ((version->state != VL_INVITED_DATE_PROPOSED && version->state != VL_INVITED_LAPSED) ||
        !other || other->invitation->what != VL_INVITATION_APPOINT ||
        other->side == inviting->side ||
        !is_date(inviting->request, version->from_s, version->to_s))
        return false;
    invitation->heads = other->invitation->heads;
    invitation->has_date = true;
    invitation->from_s = version->from_s;
    invitation->to_s = version->to_s;
    memcpy(inviting->said->cites[0], other->act, VL_HASH_LEN);
    invitation->act.cites = (const uint8_t(*)[VL_HASH_LEN])inviting->said->cites;
    invitation->act.cite_count = 1;
    return true;
}

/* The one date that there is; several are for a person to choose from. */
static enum vl_err take_known_date(struct inviting *inviting, struct vl_why *why)
{
    const struct vl_found_invitation *found = inviting->found;
    struct vl_invitation *invitation = inviting->invitation;
    size_t dates = 0;

    for (size_t i = 0; i < found->version_count; i++) {
        const struct vl_found_version *version = &found->versions[i];

        if (!version->has_date || version->state == VL_INVITED_APPOINTED)
            continue;
        if (invitation->has_date && invitation->from_s == version->from_s &&
            invitation->to_s == version->to_s)
            continue;
        dates++;
        invitation->has_date = true;
        invitation->from_s = version->from_s;
        invitation->to_s = version->to_s;
    }
    if (dates == 1)
        return VL_OK;
    return vl_fail(why, VL_ERR_USAGE,
                   dates ? "several dates are proposed: --date D says which"
                         : "no date is proposed: --date D");
}

static enum vl_err find_date(struct inviting *inviting, struct vl_why *why)
{
    for (size_t i = 0; i < inviting->found->version_count; i++)
        if (take_up(inviting, &inviting->found->versions[i]))
            return VL_OK;
    return inviting->request->has_date ? VL_OK : take_known_date(inviting, why);
}

/* --- conditions ------------------------------------------------------------------------------- */

static enum vl_err find_owner(struct inviting *inviting, struct vl_why *why)
{
    const struct vl_invite_request *request = inviting->request;
    struct vl_invitation *invitation = inviting->invitation;

    if (!request->waits_for)
        return VL_OK;
    if (request->owner)
        return find_party(inviting->home, request->owner, &invitation->owner, why);
    invitation->owner = (struct vl_invitation_party){true, *speaker(inviting), VL_BYTES_NONE};
    return VL_OK;
}

/* The one condition of a postponement that is this office's to attest. */
static enum vl_err find_condition(struct inviting *inviting, struct vl_why *why)
{
    const struct vl_found_invitation *found = inviting->found;
    const char *wanted = inviting->request->waits_for;
    struct vl_invitation *invitation = inviting->invitation;
    size_t count = 0;

    for (size_t i = 0; i < found->version_count; i++) {
        const struct vl_found_invited *one = act_of(found, found->versions[i].acts.at[0]);

        if (found->versions[i].state != VL_INVITED_POSTPONED || !one ||
            one->invitation->condition.len == 0 ||
            !is(&one->invitation->owner, speaker(inviting)) ||
            (wanted && !vl_bytes_eq(one->invitation->condition, vl_bytes_str(wanted))))
            continue;
        count++;
        invitation->condition = one->invitation->condition;
        invitation->condition_lang = one->invitation->condition_lang;
        invitation->owner = one->invitation->owner;
    }
    if (count == 1)
        return VL_OK;
    return count == 0
               ? vl_fail(why, VL_ERR_REFUSED,
                         "it waits for nothing that is this office's to attest")
               : vl_fail(why, VL_ERR_USAGE, "it waits for several things: --waits-for says which");
}

/* --- doing it --------------------------------------------------------------------------------- */

static vl_bytes language(const struct inviting *inviting, const char *text)
{
    const struct vl_card *card = vl_chain_newest(&inviting->home->chain);

    if (!text)
        return VL_BYTES_NONE;
    if (inviting->request->lang)
        return vl_bytes_str(inviting->request->lang);
    return card->language_count > 0 ? card->languages[0] : VL_LITERAL("und");
}

static void fill(struct inviting *inviting)
{
    const struct vl_invite_request *request = inviting->request;

    *inviting->invitation =
        (struct vl_invitation){.act = {.capacity = VL_CAPACITY_PRINCIPAL,
                                       .manual = request->common.manual},
                               .holder = text_or_none(request->common.holder),
                               .what = request->what,
                               .has_date = request->has_date,
                               .from_s = request->from_s,
                               .to_s = request->to_s,
                               .has_not_before = request->has_not_before,
                               .not_before_s = request->not_before_s,
                               .condition = text_or_none(request->waits_for),
                               .condition_lang = language(inviting, request->waits_for),
                               .expectation = text_or_none(request->expects),
                               .expectation_lang = language(inviting, request->expects),
                               .has_expected_by = request->has_expected_by,
                               .expected_by_s = request->expected_by_s,
                               .has_expires = request->has_expires,
                               .expires_s = request->expires_s,
                               .place = text_or_none(request->place),
                               .lang = language(inviting, request->text),
                               .text = text_or_none(request->text)};
}

/* As in vl_say: before anybody is asked for a passphrase. */
static enum vl_err rehearse(const struct inviting *inviting, struct vl_why *why)
{
    static const struct vl_secret nobody = {32, {1}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    const struct vl_signer signer = {.office = inviting->home->own,
                                     .seeds = &nobody,
                                     .seed_count = 1};

    return vl_invitation_write(&signer, inviting->invitation, &wire, NULL, why);
}

static enum vl_err find_reciprocal(struct inviting *inviting, struct vl_why *why)
{
    struct vl_invitation *invitation = inviting->invitation;
    enum vl_err err = VL_OK;

    if (inviting->request->reciprocal_of)
        err = vl_invitation_find(inviting->home, inviting->request->reciprocal_of, 8,
                                 invitation->reciprocal, why);
    invitation->has_reciprocal = !err && inviting->request->reciprocal_of;
    return err;
}

static enum vl_err find_all(struct inviting *inviting, struct vl_why *why)
{
    const enum vl_invitation_act what = inviting->request->what;
    enum vl_err err = vl_saying_check(inviting->home, &inviting->request->common, why);

    if (!err)
        err = find_speaker(inviting, why);
    if (!err)
        err = inviting->request->number ? begin_known(inviting, why) : begin_new(inviting, why);
    if (err)
        return err;
    find_side(inviting);
    err = may_do(inviting, why);
    if (!err && what != VL_INVITATION_ISSUE && what != VL_INVITATION_ANNOUNCE)
        err = inviting->found ? find_heads(inviting, why)
                              : vl_fail(why, VL_ERR_USAGE, "which invitation, by its number");
    if (!err && what == VL_INVITATION_APPOINT)
        err = find_date(inviting, why);
    if (!err && what == VL_INVITATION_ATTEST)
        err = find_condition(inviting, why);
    else if (!err)
        err = find_owner(inviting, why);
    if (!err)
        err = find_reciprocal(inviting, why);
    if (!err)
        vl_invitation_id(inviting->invitation, inviting->invitation->id);
    return err ? err : rehearse(inviting, why);
}

static enum vl_err sign(struct inviting *inviting, struct vl_why *why)
{
    const struct vl_say_common *common = &inviting->request->common;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_signer signer;
    enum vl_err err = vl_home_unlock(inviting->home, &common->asker, why);

    if (!err)
        err = vl_home_signer(inviting->home, common->now_s, &signer, why);
    if (!err)
        err = vl_invitation_write(&signer, inviting->invitation, &wire, inviting->said->act, why);
    return err ? err
               : vl_saying_keep(inviting->home,
                                &(struct vl_saying_keep){vl_buf_bytes(&wire), inviting->said->act,
                                                         common},
                                &inviting->said->told, why);
}

enum vl_err vl_invite(struct vl_home *home, const struct vl_invite_request *request,
                      struct vl_invited_said *said, struct vl_why *why)
{
    struct inviting inviting = {.home = home,
                                .request = request,
                                .said = said,
                                .invitation = &said->invitation};
    enum vl_err err;

    fill(&inviting);
    err = find_all(&inviting, why);
    return err || request->common.dry_run ? err : sign(&inviting, why);
}
