/* SPDX-License-Identifier: Apache-2.0 */
/* valise invite list, valise invite ics: what invitations are here, and one for a calendar. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/cmd_invite.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "cli/show_finding.h"
#include "codec/number.h"
#include "export/ics.h"
#include "sys/clock.h"

#define SAFE    700
#define ICS_MAX ((size_t)1 << 20)

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

static const char *called(void *self, const struct vl_office_id *office, char out[VL_ICS_NAME])
{
    struct vl_office_name name = {.text = "somebody"};

    if (vl_home_name_office(self, office->at, &name, NULL) != VL_OK)
        (void)snprintf(name.text, sizeof name.text, "somebody");
    (void)snprintf(out, VL_ICS_NAME, "%s", name.text);
    return out;
}

static enum vl_err make(struct vl_home *home, const char *text, int64_t now_s, struct vl_buf *out,
                        uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_status_release) struct vl_status status = VL_STATUS_INIT;
    const struct vl_ics_names names = {called, home};
    enum vl_err err = vl_invitation_find(home, text, 4, id, why);

    if (!err)
        err = vl_invitation_status(home, id, now_s, &status, why);
    if (!err && !status.finding.invitation)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "nothing of this invitation verifies here");
    return err ? err : vl_ics_write(&status.finding, &names, out, why);
}

static enum vl_err write_file(const struct vl_invite_options *o, vl_bytes bytes, struct vl_why *why)
{
    struct vl_out out = VL_OUT_INIT;
    enum vl_err err = vl_out_open(o->saying.output ? o->saying.output : "-",
                                  o->saying.force ? VL_OUT_REPLACE : 0, &out, why);

    if (!err)
        err = vl_out_put(&out, bytes, why);
    if (!err)
        err = vl_out_commit(&out, why);
    vl_out_drop(&out);
    return err;
}

int vl_invite_ics(const struct vl_command *command, struct vl_invite_options *o, char **words,
                  size_t count)
{
    static const char undone[] = "no calendar file was written.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(ICS_MAX);
    const bool to_stdout = !o->saying.output || strcmp(o->saying.output, "-") == 0;
    uint8_t id[VL_HASH_LEN];
    char safe[SAFE], number[VL_NUMBER_TEXT];
    struct vl_why why = {""};
    enum vl_err err;
    int status = -1;

    if (count != 1)
        status = vl_say_usage(command->name, "which invitation, by its number");
    else if (o->saying.common.json && to_stdout)
        status = vl_say_usage(command->name, "--json needs -o FILE: stdout has the calendar");
    if (status < 0)
        status = vl_home_begin(VL_HOME_READ, &home, undone);
    if (status >= 0)
        return status;
    err = make(&home, words[0], vl_clock_seconds(), &out, id, &why);
    if (!err)
        err = write_file(o, vl_buf_bytes(&out), &why);
    if (err)
        return vl_home_failure(undone, err, &why, vl_finding_mend(err, "valise invite list"));
    if (to_stdout)
        return 0;
    if (o->saying.common.json) {
        struct vl_doc *doc = vl_doc_new("valise.invite-ics/1");

        vl_doc_text(doc, "invitation", vl_number_text(VL_INVITATION_HRP, id, number));
        vl_doc_text(doc, "output", o->saying.output);
        vl_doc_int(doc, "output_bytes", out.len);
        return vl_print_doc(doc, "the file is written, and this could not be said.");
    }
    if (!o->saying.common.quiet)
        printf("%s\n  What the invitation maps to in a calendar; what is signed proves more.\n",
               vl_show(safe, sizeof safe, o->saying.output));
    return 0;
}
