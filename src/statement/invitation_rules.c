/* SPDX-License-Identifier: Apache-2.0 */
/* Who does what of an invitation, and what each act says (DOMAIN 6.4). */
#include <string.h>

#include "statement/rules.h"

enum side { INVITER = 1, INVITEE = 2, OTHER = 4, OWNER = 8 };
enum said {
    HEADS = 1,
    DATE = 2,
    NOT_BEFORE = 4,
    WAITS_FOR = 8,
    EXPECTATION = 16,
    EXPIRES = 32,
    RECIPROCAL = 64,
    PLACE = 128
};
#define BOTH  (INVITER | INVITEE)
#define FIRST (DATE | EXPIRES | RECIPROCAL | PLACE)

/* What each must say is among what it may. */
static const struct rule {
    unsigned by, must, may;
} rules[] = {
    [VL_INVITATION_ISSUE] = {INVITER, 0, FIRST},
    [VL_INVITATION_ANNOUNCE] = {INVITEE | OTHER, 0, FIRST},
    [VL_INVITATION_ACKNOWLEDGE] = {INVITEE, HEADS, HEADS},
    [VL_INVITATION_ACCEPT] = {INVITEE, HEADS, HEADS},
    [VL_INVITATION_TENTATIVE] = {INVITEE, HEADS, HEADS},
    [VL_INVITATION_DECLINE] = {INVITEE, HEADS, HEADS},
    [VL_INVITATION_PROPOSE] = {BOTH, HEADS | DATE, HEADS | DATE | PLACE},
    [VL_INVITATION_APPOINT] = {BOTH, HEADS | DATE, HEADS | DATE | PLACE},
    [VL_INVITATION_POSTPONE] = {BOTH, HEADS, HEADS | NOT_BEFORE | WAITS_FOR | EXPECTATION},
    [VL_INVITATION_ATTEST] = {OWNER, HEADS | WAITS_FOR, HEADS | WAITS_FOR},
    [VL_INVITATION_WITHDRAW] = {INVITER, HEADS, HEADS},
    [VL_INVITATION_HELD] = {BOTH, HEADS, HEADS | DATE | PLACE},
    [VL_INVITATION_NOT_HELD] = {BOTH, HEADS, HEADS | DATE | PLACE},
};

static const char *const said_words[] = {"the acts that it follows",
                                         "a date",
                                         "a day before which nothing is",
                                         "what it waits for",
                                         "an expectation",
                                         "a time it ends",
                                         "the invitation that it answers",
                                         "a place"};
#define SAID_COUNT (sizeof said_words / sizeof *said_words)

static bool is(const struct vl_invitation_party *party, const struct vl_office_id *office)
{
    return party->has_office && vl_office_id_eq(&party->office, office);
}

/* Who it is to the invitation, for whom the signer speaks. */
static unsigned side_of(const struct vl_invitation *invitation, const struct vl_office_id *issuer)
{
    const struct vl_office_id *who = invitation->has_principal ? &invitation->principal : issuer;
    unsigned side = is(&invitation->inviter, who)   ? INVITER
                    : is(&invitation->invitee, who) ? INVITEE
                                                    : OTHER;

    return is(&invitation->owner, who) ? side | OWNER : side;
}

static unsigned said_of(const struct vl_invitation *invitation)
{
    const bool said[SAID_COUNT] = {invitation->heads.count > 0,     invitation->has_date,
                                   invitation->has_not_before,      invitation->condition.len > 0,
                                   invitation->expectation.len > 0, invitation->has_expires,
                                   invitation->has_reciprocal,      invitation->place.len > 0};
    unsigned bits = 0;

    for (unsigned i = 0; i < SAID_COUNT; i++)
        bits |= said[i] ? 1U << i : 0;
    return bits;
}

static const char *first_of(unsigned bits)
{
    unsigned i = 0;

    while (i + 1 < SAID_COUNT && !(bits >> i & 1))
        i++;
    return said_words[i];
}

static enum vl_err check_said(const struct vl_invitation *invitation, struct vl_why *why)
{
    const struct rule *rule = &rules[invitation->what];
    const unsigned said = said_of(invitation);
    const char *word = vl_invitation_word(invitation->what);

    if (rule->must & ~said)
        return vl_fail(why, VL_ERR_FORMAT, "%s, and not %s", word, first_of(rule->must & ~said));
    if (said & ~rule->may)
        return vl_fail(why, VL_ERR_FORMAT, "%s, which does not say %s", word,
                       first_of(said & ~rule->may));
    if (invitation->what == VL_INVITATION_POSTPONE && !(said & (NOT_BEFORE | WAITS_FOR)))
        return vl_fail(why, VL_ERR_FORMAT, "postponed, neither to a day nor until something is so");
    if ((invitation->lang.len > 0) != (invitation->text.len > 0))
        return vl_fail(why, VL_ERR_FORMAT, "a text and its language go together");
    return VL_OK;
}

static enum vl_err check_parties(const struct vl_invitation *invitation,
                                 const struct vl_office_id *issuer, struct vl_why *why)
{
    if (invitation->inviter.has_office && is(&invitation->invitee, &invitation->inviter.office))
        return vl_fail(why, VL_ERR_FORMAT, "an office that invites itself");
    if (invitation->has_reciprocal &&
        memcmp(invitation->reciprocal, invitation->id, VL_HASH_LEN) == 0)
        return vl_fail(why, VL_ERR_FORMAT, "an invitation that answers itself");
    if (!(side_of(invitation, issuer) & rules[invitation->what].by))
        return vl_fail(why, VL_ERR_FORMAT, "%s, by an office that cannot do that",
                       vl_invitation_word(invitation->what));
    return VL_OK;
}

/* Everybody may tell of an invitation, and only who takes part, or answers for a condition, acts.
 */
enum vl_err vl_invitation_check(const struct vl_invitation *invitation,
                                const struct vl_office_id *issuer, struct vl_why *why)
{
    enum vl_err err =
        vl_speaker_check(&invitation->act, issuer,
                         invitation->has_principal ? &invitation->principal : NULL, why);

    if (!err && invitation->what != VL_INVITATION_ANNOUNCE)
        err = vl_act_check_capacity(&invitation->act,
                                    VL_CAPACITY_BIT(VL_CAPACITY_DELEGATE) |
                                        VL_CAPACITY_BIT(VL_CAPACITY_PRINCIPAL),
                                    why);
    if (!err)
        err = check_said(invitation, why);
    return err ? err : check_parties(invitation, issuer, why);
}
