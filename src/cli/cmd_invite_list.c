/* SPDX-License-Identifier: Apache-2.0 */
/* valise invite list, valise invite ics: what invitations are here, and one for a calendar. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/calendar.h"
#include "cli/cmd.h"
#include "cli/cmd_invite.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "cli/show_finding.h"
#include "codec/number.h"
#include "sys/clock.h"

#define SAFE 700

static const char what[] = "nothing was found out.";

struct listing {
    struct vl_home *home;
    struct vl_doc *doc; /* NULL: for people */
    bool is_quiet;
    int64_t now_s;
    size_t count;
};

/* What it is, in one word or more; of one that was never issued that. */
static void show_states(const struct vl_found_invitation *invitation)
{
    if (invitation->version_count == 0)
        printf("  %s", invitation->issued.level == VL_LEVEL_HEARSAY ? "announced" : "claimed");
    for (size_t i = 0; i < invitation->version_count; i++)
        printf("%s%s", i == 0 ? "  " : ", ", vl_invited_word(invitation->versions[i].state));
    printf("\n");
}

static void show_one(const struct listing *listing, const struct vl_finding *finding)
{
    const struct vl_invitation *first = finding->invitation->acts[0].invitation;
    char inviter[SAFE], invitee[SAFE], number[VL_NUMBER_SHORT];

    printf("%s  from %s  to %s", vl_number_short(finding->number, number),
           vl_invite_party(listing->home, &first->inviter, inviter, sizeof inviter),
           vl_invite_party(listing->home, &first->invitee, invitee, sizeof invitee));
    show_states(finding->invitation);
}

static void doc_one(struct vl_doc *doc, const struct vl_finding *finding)
{
    const struct vl_found_invitation *invitation = finding->invitation;
    char number[VL_NUMBER_TEXT];

    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "invitation", vl_number_text(VL_INVITATION_HRP, finding->number, number));
    vl_doc_text(doc, "inviter",
                invitation->has_inviter
                    ? vl_number_text(VL_OFFICE_HRP, invitation->inviter.at, number)
                    : NULL);
    vl_doc_text(doc, "invitee",
                invitation->has_invitee
                    ? vl_number_text(VL_OFFICE_HRP, invitation->invitee.at, number)
                    : NULL);
    vl_doc_text(doc, "issued", vl_level_word(invitation->issued.level));
    vl_doc_list(doc, "states");
    for (size_t i = 0; i < invitation->version_count; i++)
        vl_doc_text(doc, NULL, vl_invited_word(invitation->versions[i].state));
    vl_doc_close(doc);
    vl_doc_bool(doc, "several", invitation->is_several);
    vl_doc_close(doc);
}

static enum vl_err see(void *self, const uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    struct listing *listing = self;
    VL_AUTO(vl_status_release) struct vl_status status = VL_STATUS_INIT;
    enum vl_err err = vl_invitation_status(listing->home, id, listing->now_s, &status, why);

    if (err || !status.finding.invitation)
        return err;
    listing->count++;
    if (listing->doc)
        doc_one(listing->doc, &status.finding);
    else if (!listing->is_quiet)
        show_one(listing, &status.finding);
    return VL_OK;
}

int vl_invite_list(const struct vl_command *command, const struct vl_invite_options *o,
                   size_t count)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct listing listing = {.home = &home,
                              .is_quiet = o->saying.common.quiet,
                              .now_s = vl_clock_seconds()};
    struct vl_why why = {""};
    enum vl_err err;
    int status = count == 0 ? vl_home_begin(VL_HOME_READ, &home, what)
                            : vl_say_usage(command->name, "list takes no words");

    if (status >= 0)
        return status;
    if (o->saying.common.json) {
        listing.doc = vl_doc_new("valise.invitations/1");
        vl_doc_list(listing.doc, "invitations");
    }
    err = vl_invitations_each(&home, see, &listing, &why);
    if (err) {
        vl_doc_drop(listing.doc);
        return vl_home_failure(what, err, &why, NULL);
    }
    if (listing.doc) {
        vl_doc_close(listing.doc);
        return vl_print_doc(listing.doc, "the list could not be printed.");
    }
    if (listing.count == 0 && !listing.is_quiet)
        printf("No invitations here.\n");
    return 0;
}

/* --- for a calendar --------------------------------------------------------------------------- */

int vl_invite_ics(const struct vl_command *command, const struct vl_invite_options *o, char **words,
                  size_t count)
{
    const struct vl_calendar_options calendar = {.common = &o->saying.common,
                                                 .output = o->saying.output,
                                                 .force = o->saying.force,
                                                 .as_of_s = vl_clock_seconds()};

    if (count != 1)
        return vl_say_usage(command->name, "which invitation, by its number");
    return vl_calendar(command, &calendar, words[0]);
}
