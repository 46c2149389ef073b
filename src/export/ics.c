/* SPDX-License-Identifier: Apache-2.0 */
#include "export/ics.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "codec/number.h"
#include "export/ics_line.h"

#define DAY_S 86400
#define MAPS_TO                                                                                    \
    "Maps to iCalendar; what both sides signed proves more. Not from a qualified service, and no " \
    "proof of anything by itself."

struct exporting {
    const struct vl_finding *finding;
    const struct vl_found_invitation *invitation;
    const struct vl_ics_names *names;
    struct vl_ics ics;
    char uid[VL_NUMBER_TEXT];
    /* What is told of it: the only version, or NULL where there are several, or none. */
    const struct vl_found_version *version;
    const struct vl_found_invited *issue;     /* or what announces it; NULL: neither */
    const struct vl_found_invited *appointed; /* one of both, of the last date, or NULL */
    const struct vl_found_invited *postponed; /* the one that holds, or NULL */
    uint64_t sequence;
};

/* --- what there is to tell -------------------------------------------------------------------- */

static bool in_effect(const struct vl_found_invited *one, enum vl_invitation_act what)
{
    return one->counts && !one->is_late && one->invitation->what == what;
}

static bool same_heads(const struct vl_invitation *a, const struct vl_invitation *b)
{
    if (a->heads.count != b->heads.count)
        return false;
    for (size_t i = 0; i < a->heads.count; i++)
        if (memcmp(vl_ids_at(&a->heads, i), vl_ids_at(&b->heads, i), VL_HASH_LEN) != 0)
            return false;
    return true;
}

static bool are_one_date(const struct vl_found_invited *a, const struct vl_found_invited *b)
{
    return in_effect(a, VL_INVITATION_APPOINT) && in_effect(b, VL_INVITATION_APPOINT) &&
           a->invitation->from_s == b->invitation->from_s &&
           a->invitation->to_s == b->invitation->to_s && same_heads(a->invitation, b->invitation);
}

static const struct vl_found_invited *act_of(const struct exporting *exporting,
                                             const uint8_t id[VL_HASH_LEN])
{
    for (size_t i = 0; i < exporting->invitation->act_count; i++)
        if (memcmp(exporting->invitation->acts[i].act, id, VL_HASH_LEN) == 0)
            return &exporting->invitation->acts[i];
    return NULL;
}

/* Was this the first of two sides that signed a date, in the order of the list? */
static bool is_appointment(const struct exporting *exporting, size_t at)
{
    const struct vl_found_invitation *invitation = exporting->invitation;
    bool both = false;

    for (size_t i = 0; i < invitation->act_count; i++) {
        if (!are_one_date(&invitation->acts[i], &invitation->acts[at]))
            continue;
        if (i < at)
            return false;
        both |= invitation->acts[i].side != invitation->acts[at].side;
    }
    return both;
}

/* What the events tell stands in the order of what follows what; the last one is the newest. */
static void look(struct exporting *exporting)
{
    const struct vl_found_invitation *invitation = exporting->invitation;
    uint64_t appointments = 0;

    for (size_t i = 0; i < invitation->act_count; i++) {
        const struct vl_found_invited *one = &invitation->acts[i];
        const enum vl_invitation_act what = one->invitation->what;

        if (what == VL_INVITATION_ISSUE || (what == VL_INVITATION_ANNOUNCE && !exporting->issue))
            exporting->issue = one;
        if (in_effect(one, VL_INVITATION_POSTPONE) || in_effect(one, VL_INVITATION_WITHDRAW) ||
            in_effect(one, VL_INVITATION_DECLINE))
            exporting->sequence++;
        if (is_appointment(exporting, i))
            appointments++;
    }
    exporting->sequence += appointments > 1 ? appointments - 1 : 0;
    for (size_t i = 0; i < exporting->finding->event_count; i++)
        for (size_t j = 0; j < invitation->act_count; j++)
            if (memcmp(exporting->finding->events[i].act, invitation->acts[j].act, VL_HASH_LEN) ==
                    0 &&
                is_appointment(exporting, j))
                exporting->appointed = &invitation->acts[j];
    if (invitation->version_count == 1)
        exporting->version = &invitation->versions[0];
    if (exporting->version && exporting->version->state == VL_INVITED_POSTPONED)
        exporting->postponed = act_of(exporting, exporting->version->acts.at[0]);
}

static bool is_state(const struct exporting *exporting, enum vl_invited state)
{
    return exporting->version && exporting->version->state == state;
}

/* --- parts ------------------------------------------------------------------------------------ */

static void put_uid(struct exporting *exporting, const char *property, const char *suffix)
{
    vl_ics_put(&exporting->ics, property);
    vl_ics_put(&exporting->ics, ":");
    vl_ics_put(&exporting->ics, exporting->uid);
    vl_ics_put(&exporting->ics, suffix);
    vl_ics_end(&exporting->ics);
}

static void put_address(struct exporting *exporting, const struct vl_office_id *office)
{
    char text[VL_OFFICE_TEXT];

    vl_ics_put(&exporting->ics, "dtn://");
    vl_ics_put(&exporting->ics, vl_office_id_text(office, text));
    vl_ics_put(&exporting->ics, "/");
    vl_ics_end(&exporting->ics);
}

static vl_bytes name_of(const struct exporting *exporting, const struct vl_invitation_party *party,
                        char out[VL_ICS_NAME])
{
    if (!party->has_office)
        return party->name;
    return vl_bytes_str(exporting->names->name(exporting->names->self, &party->office, out));
}

static void put_organizer(struct exporting *exporting, const struct vl_invitation *any)
{
    char name[VL_ICS_NAME];

    if (!any->inviter.has_office)
        return;
    vl_ics_put(&exporting->ics, "ORGANIZER;CN=");
    vl_ics_quoted(&exporting->ics, name_of(exporting, &any->inviter, name));
    vl_ics_put(&exporting->ics, ":");
    put_address(exporting, &any->inviter.office);
}

/* RFC 9073: somebody who takes part, whether a calendar can send there or not. */
static void put_participant(struct exporting *exporting, const struct vl_invitation *any)
{
    char name[VL_ICS_NAME];

    vl_ics_line(&exporting->ics, "BEGIN", "PARTICIPANT");
    put_uid(exporting, "UID", "-invitee");
    vl_ics_line(&exporting->ics, "PARTICIPANT-TYPE", "ACTIVE");
    vl_ics_words(&exporting->ics, "SUMMARY", name_of(exporting, &any->invitee, name));
    if (any->invitee.has_office) {
        vl_ics_put(&exporting->ics, "CALENDAR-ADDRESS:");
        put_address(exporting, &any->invitee.office);
    }
    vl_ics_line(&exporting->ics, "END", "PARTICIPANT");
}

static void put_summary(struct exporting *exporting)
{
    const struct vl_invitation *said = exporting->issue ? exporting->issue->invitation : NULL;
    char number[VL_NUMBER_SHORT], text[64];

    if (said && said->text.len > 0) {
        vl_ics_put(&exporting->ics, "SUMMARY;LANGUAGE=");
        vl_ics_quoted(&exporting->ics, said->lang);
        vl_ics_put(&exporting->ics, ":");
        vl_ics_text(&exporting->ics, said->text);
        vl_ics_end(&exporting->ics);
        return;
    }
    (void)snprintf(text, sizeof text, "Invitation %s",
                   vl_number_short(exporting->finding->number, number));
    vl_ics_line(&exporting->ics, "SUMMARY", text);
}

static void put_place(struct exporting *exporting)
{
    const struct vl_found_invited *one =
        exporting->appointed && exporting->appointed->invitation->place.len > 0
            ? exporting->appointed
            : exporting->issue;

    if (one)
        vl_ics_words(&exporting->ics, "LOCATION", one->invitation->place);
}

/* A day is a day: no hour that nobody agreed to. */
static void put_date(struct exporting *exporting, int64_t from_s, int64_t to_s)
{
    struct vl_ics *ics = &exporting->ics;
    const bool are_days = from_s == vl_time_day(from_s) && to_s == vl_time_day(to_s) + DAY_S - 1;

    vl_ics_put(ics, are_days ? "DTSTART;VALUE=DATE:" : "DTSTART:");
    (are_days ? vl_ics_day : vl_ics_time)(ics, from_s);
    vl_ics_end(ics);
    if (from_s == to_s)
        return;
    vl_ics_put(ics, are_days ? "DTEND;VALUE=DATE:" : "DTEND:");
    (are_days ? vl_ics_day : vl_ics_time)(ics, are_days ? to_s + 1 : to_s);
    vl_ics_end(ics);
}

static void put_stamp(struct exporting *exporting)
{
    char sequence[32];

    vl_ics_put(&exporting->ics, "DTSTAMP:");
    vl_ics_time(&exporting->ics, exporting->finding->as_of_s);
    vl_ics_end(&exporting->ics);
    (void)snprintf(sequence, sizeof sequence, "%" PRIu64, exporting->sequence);
    vl_ics_line(&exporting->ics, "SEQUENCE", sequence);
}

static void put_related(struct exporting *exporting)
{
    const struct vl_found_invitation *invitation = exporting->invitation;
    char number[VL_NUMBER_TEXT];

    for (size_t i = 0; i < invitation->reciprocal_of.count; i++)
        vl_ics_line(&exporting->ics, "RELATED-TO;RELTYPE=SIBLING",
                    vl_number_text(VL_INVITATION_HRP, invitation->reciprocal_of.at[i], number));
    for (size_t i = 0; i < invitation->reciprocal_count; i++)
        if (i == 0 || memcmp(invitation->reciprocals[i].id, invitation->reciprocals[i - 1].id,
                             VL_HASH_LEN) != 0)
            vl_ics_line(&exporting->ics, "RELATED-TO;RELTYPE=SIBLING",
                        vl_number_text(VL_INVITATION_HRP, invitation->reciprocals[i].id, number));
}

/* What came after these may change all of it. */
static void put_basis(struct exporting *exporting)
{
    const size_t count = exporting->finding->read_first;
    char text[160];

    if (count == 0)
        return;
    (void)snprintf(text, sizeof text, "%zu", count);
    vl_ics_line(&exporting->ics, "X-VALISE-READ-FIRST", text);
    (void)snprintf(text, sizeof text,
                   "Not all of it: this rests on the first %zu entries about it. What came after "
                   "them may change it.",
                   count);
    vl_ics_words(&exporting->ics, "COMMENT", vl_bytes_str(text));
}

/* What a calendar has no word for, in words of ours. */
static void put_states(struct exporting *exporting)
{
    const struct vl_found_invitation *invitation = exporting->invitation;
    struct vl_ics *ics = &exporting->ics;

    vl_ics_words(ics, "COMMENT", vl_bytes_str(MAPS_TO));
    vl_ics_line(ics, "X-VALISE-MAPS-TO", "RFC 5545");
    put_basis(exporting);
    vl_ics_line(ics, "X-VALISE-ISSUED", vl_level_word(invitation->issued.level));
    if (exporting->issue && exporting->issue->invitation->has_expires) {
        vl_ics_put(ics, "X-VALISE-EXPIRES:");
        vl_ics_time(ics, exporting->issue->invitation->expires_s);
        vl_ics_end(ics);
    }
    for (size_t i = 0; i < invitation->version_count; i++)
        vl_ics_line(ics, "X-VALISE-STATE", vl_invited_word(invitation->versions[i].state));
    if (invitation->is_several)
        vl_ics_words(ics, "COMMENT",
                     VL_LITERAL("Several current versions: who signed one did not know of the "
                                "other."));
}

static void put_waiting(struct exporting *exporting)
{
    const struct vl_invitation *said =
        exporting->postponed ? exporting->postponed->invitation : NULL;
    struct vl_ics *ics = &exporting->ics;

    if (!said)
        return;
    if (said->condition.len > 0)
        put_uid(exporting, "RELATED-TO;RELTYPE=DEPENDS-ON", "-condition");
    if (said->has_not_before) {
        vl_ics_put(ics, "X-VALISE-NOT-BEFORE:");
        vl_ics_time(ics, said->not_before_s);
        vl_ics_end(ics);
    }
    if (said->expectation.len > 0) {
        vl_ics_put(ics, "COMMENT:Expected\\, and nothing waits for it: ");
        vl_ics_text(ics, said->expectation);
        vl_ics_end(ics);
    }
}

/* RFC 9253: what the invitation waits for is something to be done by itself. */
static void put_condition(struct exporting *exporting)
{
    const struct vl_invitation *said =
        exporting->postponed ? exporting->postponed->invitation : NULL;

    if (!said || said->condition.len == 0)
        return;
    vl_ics_line(&exporting->ics, "BEGIN", "VTODO");
    put_uid(exporting, "UID", "-condition");
    put_stamp(exporting);
    vl_ics_words(&exporting->ics, "SUMMARY", said->condition);
    vl_ics_line(&exporting->ics, "STATUS", "NEEDS-ACTION");
    vl_ics_words(&exporting->ics, "COMMENT", vl_bytes_str(MAPS_TO));
    vl_ics_line(&exporting->ics, "END", "VTODO");
}

/* --- calendars -------------------------------------------------------------------------------- */

static void begin(struct exporting *exporting, const char *method)
{
    vl_ics_line(&exporting->ics, "BEGIN", "VCALENDAR");
    vl_ics_line(&exporting->ics, "VERSION", "2.0");
    vl_ics_line(&exporting->ics, "PRODID", "-//Valise//invitations//EN");
    if (method)
        vl_ics_line(&exporting->ics, "METHOD", method);
}

static const char *todo_status(const struct exporting *exporting)
{
    if (is_state(exporting, VL_INVITED_WITHDRAWN) || is_state(exporting, VL_INVITED_DECLINED) ||
        is_state(exporting, VL_INVITED_LAPSED) || is_state(exporting, VL_INVITED_NOT_HELD))
        return "CANCELLED";
    return is_state(exporting, VL_INVITED_HELD) && exporting->version->level == VL_LEVEL_PROVEN
               ? "COMPLETED"
               : "NEEDS-ACTION";
}

static void put_todo(struct exporting *exporting, const struct vl_invitation *any)
{
    begin(exporting, NULL);
    vl_ics_line(&exporting->ics, "BEGIN", "VTODO");
    put_uid(exporting, "UID", "");
    put_stamp(exporting);
    put_summary(exporting);
    vl_ics_line(&exporting->ics, "STATUS", todo_status(exporting));
    put_organizer(exporting, any);
    put_place(exporting);
    put_uid(exporting, "REFID", "");
    put_related(exporting);
    put_waiting(exporting);
    put_states(exporting);
    put_participant(exporting, any);
    vl_ics_line(&exporting->ics, "END", "VTODO");
    put_condition(exporting);
    vl_ics_line(&exporting->ics, "END", "VCALENDAR");
}

static void put_attendee(struct exporting *exporting, const struct vl_invitation *any,
                         const char *answer)
{
    char name[VL_ICS_NAME];

    if (!any->invitee.has_office)
        return;
    vl_ics_put(&exporting->ics, "ATTENDEE;PARTSTAT=");
    vl_ics_put(&exporting->ics, answer);
    vl_ics_put(&exporting->ics, ";CN=");
    vl_ics_quoted(&exporting->ics, name_of(exporting, &any->invitee, name));
    vl_ics_put(&exporting->ics, ":");
    put_address(exporting, &any->invitee.office);
}

struct event {
    const char *method; /* NULL: none */
    const char *status;
    const char *answer; /* of the invitee */
    int64_t from_s, to_s;
};

static void put_event(struct exporting *exporting, const struct vl_invitation *any,
                      const struct event *event)
{
    begin(exporting, event->method);
    vl_ics_line(&exporting->ics, "BEGIN", "VEVENT");
    put_uid(exporting, "UID", "-meeting");
    put_stamp(exporting);
    put_date(exporting, event->from_s, event->to_s);
    put_summary(exporting);
    vl_ics_line(&exporting->ics, "STATUS", event->status);
    put_organizer(exporting, any);
    put_attendee(exporting, any, event->answer);
    put_place(exporting);
    put_uid(exporting, "REFID", "");
    put_uid(exporting, "RELATED-TO", "");
    put_related(exporting);
    put_states(exporting);
    put_participant(exporting, any);
    vl_ics_line(&exporting->ics, "END", "VEVENT");
    vl_ics_line(&exporting->ics, "END", "VCALENDAR");
}

/* A date that is signed by whoever says it; what is only proposed is none yet. */
static bool find_event(const struct exporting *exporting, struct event *event)
{
    static const struct {
        enum vl_invited state;
        const char *method, *status, *answer;
    } rows[] = {
        {VL_INVITED_OPEN, "REQUEST", "TENTATIVE", "NEEDS-ACTION"},
        {VL_INVITED_ACCEPTED, "REQUEST", "TENTATIVE", "ACCEPTED"},
        {VL_INVITED_TENTATIVE, "REQUEST", "TENTATIVE", "TENTATIVE"},
        {VL_INVITED_APPOINTED, "REQUEST", "CONFIRMED", "ACCEPTED"},
        {VL_INVITED_HELD, NULL, "CONFIRMED", "ACCEPTED"},
    };
    const struct vl_found_version *version = exporting->version;

    for (size_t i = 0; version && version->has_date && i < sizeof rows / sizeof *rows; i++)
        if (rows[i].state == version->state) {
            *event = (struct event){rows[i].method, rows[i].status, rows[i].answer, version->from_s,
                                    version->to_s};
            return true;
        }
    return false;
}

/* What had a date and has none any more is called off, in the calendars that have it. */
static bool find_cancelled(const struct exporting *exporting, struct event *event)
{
    const struct vl_invitation *said =
        exporting->appointed ? exporting->appointed->invitation : NULL;

    if (!said || !exporting->version || is_state(exporting, VL_INVITED_APPOINTED) ||
        is_state(exporting, VL_INVITED_HELD) || is_state(exporting, VL_INVITED_HELD_DISPUTED))
        return false;
    *event = (struct event){"CANCEL", "CANCELLED", "ACCEPTED", said->from_s, said->to_s};
    return true;
}

enum vl_err vl_ics_write(const struct vl_finding *finding, const struct vl_ics_names *names,
                         struct vl_buf *out, struct vl_why *why)
{
    struct exporting exporting = {.finding = finding,
                                  .invitation = finding->invitation,
                                  .names = names,
                                  .ics = {.out = out}};
    const size_t before = out->len;
    const struct vl_invitation *any;
    struct event event;

    (void)vl_number_text(VL_INVITATION_HRP, finding->number, exporting.uid);
    look(&exporting);
    any = exporting.issue ? exporting.issue->invitation : finding->invitation->acts[0].invitation;
    if (find_event(&exporting, &event)) {
        put_event(&exporting, any, &event);
    } else {
        if (find_cancelled(&exporting, &event))
            put_event(&exporting, any, &event);
        put_todo(&exporting, any);
    }
    if (!exporting.ics.err)
        return VL_OK;
    out->len = before;
    return vl_fail(why, exporting.ics.err, "%s", vl_err_words(exporting.ics.err));
}
