/* SPDX-License-Identifier: Apache-2.0 */
/* office/invite.h: invitations, with or without a date, and what is done about them (DOMAIN 6.4).
 *
 * What an invitation is follows from what both sides signed; nothing of that is kept. */
#ifndef VL_OFFICE_INVITE_H
#define VL_OFFICE_INVITE_H

#include "office/say.h"
#include "office/status.h"
#include "statement/invitation.h"

/* NULL for each of these that is not said. */
struct vl_invite_request {
    struct vl_say_common common;
    enum vl_invitation_act what;
    /* Another than issue, and announce where it is here: eight symbols of the invitation's number
     * or of an act of it, or more. */
    const char *number;
    /* issue, announce: an office, or "name:" and the name of somebody who is none. */
    const char *inviter; /* of an issue it is this office, or for whom it speaks */
    const char *invitee;
    const char *text;
    const char *lang; /* of all words; NULL: the first of the own card */
    bool has_date;
    int64_t from_s, to_s;
    const char *place; /* of the meeting */
    bool has_expires;
    int64_t expires_s;
    const char *reciprocal_of; /* as number */
    /* postpone; attest: which condition, where there are several */
    bool has_not_before;
    int64_t not_before_s;
    const char *waits_for;
    const char *owner; /* as invitee; NULL: who signs */
    const char *expects;
    bool has_expected_by;
    int64_t expected_by_s;
    struct vl_rng rng;
};

/* What was signed, and what it rests on. */
struct vl_invited_said {
    struct vl_status before;         /* of an invitation that was here */
    uint8_t act[VL_HASH_LEN];        /* zeroes in a dry run */
    struct vl_invitation invitation; /* borrows from the request and from `before` */
    size_t told;                     /* offices that get it with the next sticks */
    uint8_t heads[VL_INVITATION_MAX_HEADS][VL_HASH_LEN];
    uint8_t cites[1][VL_HASH_LEN];
};
#define VL_INVITED_SAID_INIT                                                                       \
    {                                                                                              \
        .before = VL_STATUS_INIT                                                                   \
    }
void vl_invited_said_release(struct vl_invited_said *said);

/* Sign and keep it: durable when this is VL_OK.  Both sides, the owner of a condition, and whoever
 * did something about it before get to see it.  Its heads are the newest acts that are proven here;
 * `appoint` takes up what the other side has signed, or the one date that is proposed.  *said must
 * be VL_INVITED_SAID_INIT and is to be released.  NOT_FOUND, AMBIGUOUS, USAGE; FORMAT for what the
 * act must say and does not; REFUSED for what this office cannot do, of one that nobody issued or
 * that is withdrawn; NO_KEY, IO, ... */
enum vl_err vl_invite(struct vl_home *home, const struct vl_invite_request *request,
                      struct vl_invited_said *said, struct vl_why *why) VL_MUST_USE;

/* The invitation that a person means, by its number or by that of an act of it; so many symbols at
 * least.  NOT_FOUND, AMBIGUOUS; USAGE for what is no number. */
enum vl_err vl_invitation_find(struct vl_home *home, const char *text, unsigned min_symbols,
                               uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;
/* Every invitation that is here, by id.  visit() ends it with anything but VL_OK. */
enum vl_err vl_invitations_each(struct vl_home *home,
                                enum vl_err (*visit)(void *self, const uint8_t id[VL_HASH_LEN],
                                                     struct vl_why *why),
                                void *self, struct vl_why *why) VL_MUST_USE;
/* What is proven about it.  As vl_status_letter. */
enum vl_err vl_invitation_status(struct vl_home *home, const uint8_t id[VL_HASH_LEN],
                                 int64_t as_of_s, struct vl_status *status,
                                 struct vl_why *why) VL_MUST_USE;

/* A day passed, and what was to come by then is not in what is here. */
enum vl_invitation_due_what {
    VL_DUE_ANSWER,   /* nobody accepted it while it could be accepted */
    VL_DUE_EXPECTED, /* what whoever postponed it expected has not ended that */
    VL_DUE_MEETING   /* the day of the meeting is over, and nobody says whether it took place */
};
/* Borrowed for the call. */
struct vl_invitation_due {
    const uint8_t *id;
    bool is_own; /* this office invited */
    const struct vl_invitation_party *other;
    enum vl_invitation_due_what what;
    int64_t by_s;
};
/* Those of which this office is a side, by id; of several current versions the first that is due.
 * visit() ends it with anything but VL_OK. */
enum vl_err vl_invitations_due(struct vl_home *home, int64_t now_s,
                               enum vl_err (*visit)(void *self, const struct vl_invitation_due *due,
                                                    struct vl_why *why),
                               void *self, struct vl_why *why) VL_MUST_USE;

#endif
