/* SPDX-License-Identifier: Apache-2.0 */
/* Invitations of this office for which a day passed without the word that was to come by then. */
#include <string.h>

#include "office/invite.h"

struct due {
    struct vl_home *home;
    int64_t now_s;
    enum vl_err (*visit)(void *self, const struct vl_invitation_due *due, struct vl_why *why);
    void *self;
};

static const struct vl_invitation *act_of(const struct vl_found_invitation *found,
                                          const uint8_t id[VL_HASH_LEN])
{
    for (size_t i = 0; i < found->act_count; i++)
        if (memcmp(found->acts[i].act, id, VL_HASH_LEN) == 0)
            return found->acts[i].invitation;
    return NULL;
}

/* Until when it could be accepted: as long as anything that was issued says. */
static int64_t end_of(const struct vl_found_invitation *found)
{
    int64_t end_s = 0;

    for (size_t i = 0; i < found->act_count; i++) {
        const struct vl_invitation *said = found->acts[i].invitation;

        if (found->acts[i].counts && said->what == VL_INVITATION_ISSUE && said->has_expires &&
            said->expires_s > end_s)
            end_s = said->expires_s;
    }
    return end_s;
}

static bool has_passed(const struct vl_found_invitation *found,
                       const struct vl_found_version *version, int64_t now_s,
                       struct vl_invitation_due *due)
{
    const struct vl_invitation *said = act_of(found, version->acts.at[0]);

    switch ((int)version->state) {
    case VL_INVITED_LAPSED:
        due->what = VL_DUE_ANSWER;
        due->by_s = end_of(found);
        return true;
    case VL_INVITED_POSTPONED:
        due->what = VL_DUE_EXPECTED;
        due->by_s = said && said->has_expected_by ? said->expected_by_s : now_s;
        return due->by_s < now_s;
    case VL_INVITED_OPEN:
    case VL_INVITED_TENTATIVE:
    case VL_INVITED_ACCEPTED:
    case VL_INVITED_DATE_PROPOSED:
    case VL_INVITED_APPOINTED:
        due->what = VL_DUE_MEETING;
        due->by_s = version->to_s;
        return version->has_date && version->to_s < now_s;
    default: /* it has ended, or waits for a day that is not set */
        return false;
    }
}

/* Who else it is of; where it is this office's at all. */
static bool find_other(const struct due *of, const struct vl_found_invitation *found,
                       struct vl_invitation_due *due)
{
    const struct vl_invitation *first = found->acts[0].invitation;

    due->is_own = found->has_inviter && vl_office_id_eq(&found->inviter, &of->home->own);
    due->other = due->is_own ? &first->invitee : &first->inviter;
    return due->is_own || (found->has_invitee && vl_office_id_eq(&found->invitee, &of->home->own));
}

static enum vl_err see(void *self, const uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    const struct due *of = self;
    VL_AUTO(vl_status_release) struct vl_status status = VL_STATUS_INIT;
    struct vl_invitation_due due = {.id = id};
    enum vl_err err = vl_invitation_status(of->home, id, of->now_s, &status, why);
    const struct vl_found_invitation *found = err ? NULL : status.finding.invitation;

    if (!found || !find_other(of, found, &due))
        return err;
    for (size_t i = 0; i < found->version_count; i++)
        if (has_passed(found, &found->versions[i], of->now_s, &due))
            return of->visit(of->self, &due, why);
    return VL_OK;
}

enum vl_err vl_invitations_due(struct vl_home *home, int64_t now_s,
                               enum vl_err (*visit)(void *self, const struct vl_invitation_due *due,
                                                    struct vl_why *why),
                               void *self, struct vl_why *why)
{
    struct due due = {home, now_s, visit, self};

    return vl_invitations_each(home, see, &due, why);
}
