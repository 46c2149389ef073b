/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/due.h"

#include <stdio.h>

#include "base/time.h"
#include "cli/cmd_invite.h"
#include "codec/number.h"

#define SAFE 700

struct listing {
    struct vl_home *home;
    struct vl_doc *doc;
    bool quiet;
    bool is_first;
    size_t count;
};

static const struct {
    const char *word;
    const char *words;
} whats[] = {
    [VL_DUE_ANSWER] = {"answer", "nobody accepted it by"},
    [VL_DUE_EXPECTED] = {"expectation", "postponed, and expected by"},
    [VL_DUE_MEETING] = {"meeting", "nobody says what became of the meeting of"},
};

static void show(struct listing *listing, const struct vl_invitation_due *due)
{
    char number[VL_NUMBER_SHORT], other[SAFE], date[VL_TIME_TEXT];

    if (listing->count == 0)
        printf("%sInvitations: a day has passed, and no word of it is here\n",
               listing->is_first ? "" : "\n");
    printf("  ! %s  %s %s  %s %.10s\n", vl_number_short(due->id, number),
           due->is_own ? "to" : "from",
           vl_invite_party(listing->home, due->other, other, sizeof other), whats[due->what].words,
           vl_time_text(due->by_s, date));
}

static void put(struct vl_doc *doc, const struct vl_invitation_due *due)
{
    char number[VL_NUMBER_TEXT];

    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "invitation", vl_number_text(VL_INVITATION_HRP, due->id, number));
    vl_doc_text(doc, "what", whats[due->what].word);
    vl_doc_time(doc, "by_at", true, due->by_s);
    vl_doc_close(doc);
}

static enum vl_err see(void *self, const struct vl_invitation_due *due, struct vl_why *why)
{
    struct listing *listing = self;

    (void)why;
    if (listing->doc)
        put(listing->doc, due);
    else if (!listing->quiet)
        show(listing, due);
    listing->count++;
    return VL_OK;
}

enum vl_err vl_due_invitations(struct vl_home *home, int64_t now_s, struct vl_doc *doc, bool quiet,
                               bool is_first, size_t *count, struct vl_why *why)
{
    struct listing listing = {home, doc, quiet, is_first, 0};
    enum vl_err err;

    if (doc)
        vl_doc_list(doc, "invitations");
    err = vl_invitations_due(home, now_s, see, &listing, why);
    if (doc)
        vl_doc_close(doc);
    *count = listing.count;
    return err;
}
