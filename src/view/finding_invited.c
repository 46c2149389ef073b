/* SPDX-License-Identifier: Apache-2.0 */
#include "view/finding_invited.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "codec/number.h"
#include "view/finding_said.h"

#define TEXT_SHOWN 600
#define DAY_S      86400
#define ACTS_SHOWN 4

struct telling {
    const struct vl_finding_names *names;
    struct vl_sheet *sheet;
};

static const char *name_of(const struct telling *telling, const struct vl_office_id *office,
                           char out[VL_OFFICE_CALLED])
{
    return telling->names->name(telling->names->self, office, out);
}

const char *vl_date_words(int64_t from_s, int64_t to_s, char out[VL_DATE_ROOM])
{
    char from[VL_TIME_TEXT], to[VL_TIME_TEXT];
    const bool are_days = from_s == vl_time_day(from_s) && to_s == vl_time_day(to_s) + DAY_S - 1;

    (void)vl_time_text(from_s, from);
    (void)vl_time_text(to_s, to);
    if (are_days && vl_time_day(from_s) == vl_time_day(to_s))
        (void)snprintf(out, VL_DATE_ROOM, "%.10s", from);
    else if (are_days)
        (void)snprintf(out, VL_DATE_ROOM, "%.10s to %.10s", from, to);
    else if (from_s == to_s)
        (void)snprintf(out, VL_DATE_ROOM, "%s", from);
    else
        (void)snprintf(out, VL_DATE_ROOM, "%s to %s", from, to);
    return out;
}

/* --- what it is now --------------------------------------------------------------------------- */

/* A date that nobody set is told as none. */
static const char *date_of(const struct vl_found_version *version, const char *none,
                           char out[VL_DATE_ROOM])
{
    if (!version->has_date)
        return none;
    return vl_date_words(version->from_s, version->to_s, out);
}

static const char *words_of(const struct vl_found_version *version)
{
    static const char *const words[VL_INVITED_COUNT] = {
        [VL_INVITED_ACCEPTED] = "accepted",
        [VL_INVITED_APPOINTED] = "appointed, both sides signed it, for ",
        [VL_INVITED_DATE_PROPOSED] = "a date is proposed, and not agreed to by both sides: ",
        [VL_INVITED_DECLINED] = "declined",
        [VL_INVITED_HELD] = "the meeting took place",
        [VL_INVITED_HELD_DISPUTED] = "one says that the meeting took place, and another that not",
        [VL_INVITED_LAPSED] = "lapsed: nobody accepted it in time, as far as this set goes",
        [VL_INVITED_NOT_HELD] = "the meeting did not take place",
        [VL_INVITED_OPEN] = "open",
        [VL_INVITED_OPEN_AGAIN] =
            ("open again: what it was postponed for has come; nothing is appointed by that"),
        [VL_INVITED_POSTPONED] = "postponed",
        [VL_INVITED_TENTATIVE] = "perhaps: the invitee has not decided",
        [VL_INVITED_WITHDRAWN] = "withdrawn",
    };

    return words[version->state];
}

/* What goes before it. */
static const char *before_date(const struct vl_found_version *version)
{
    switch ((int)version->state) {
    case VL_INVITED_OPEN:
        return version->has_date ? ", for " : ", without a date";
    case VL_INVITED_ACCEPTED:
        return version->has_date ? ", for " : " in principle: no date is set";
    case VL_INVITED_HELD:
    case VL_INVITED_HELD_DISPUTED:
    case VL_INVITED_NOT_HELD:
        return version->has_date ? ", " : "";
    default:
        return "";
    }
}

static bool shows_date(const struct vl_found_version *version)
{
    switch ((int)version->state) {
    case VL_INVITED_OPEN:
    case VL_INVITED_ACCEPTED:
    case VL_INVITED_APPOINTED:
    case VL_INVITED_DATE_PROPOSED:
    case VL_INVITED_HELD:
    case VL_INVITED_HELD_DISPUTED:
    case VL_INVITED_NOT_HELD:
        return true;
    default:
        return false;
    }
}

const char *vl_version_words(const struct vl_found_version *version, char out[VL_VERSION_ROOM])
{
    char date[VL_DATE_ROOM];

    (void)snprintf(out, VL_VERSION_ROOM, "%s%s%s%s%s", words_of(version), before_date(version),
                   shows_date(version) ? date_of(version, "", date) : "",
                   version->level == VL_LEVEL_PROVEN ? ""
                   : version->state == VL_INVITED_HELD_DISPUTED
                       ? ""
                       : "; claimed: both sides have not said so",
                   version->is_disputed ? "; disputed" : "");
    return out;
}

static void tell_version(const struct vl_found_version *version, struct vl_sheet *sheet)
{
    char words[VL_VERSION_ROOM], number[VL_NUMBER_SHORT];
    char acts[ACTS_SHOWN * (VL_NUMBER_SHORT + 2)];
    size_t used = 0;

    acts[0] = 0;
    for (size_t i = 0; i < version->acts.count && i < ACTS_SHOWN; i++)
        used += (size_t)snprintf(acts + used, sizeof acts - used, "%s%s", i > 0 ? ", " : "",
                                 vl_number_short(version->acts.at[i], number));
    vl_sheet_say(sheet, "%s (by %s)", vl_version_words(version, words), acts);
}

void vl_finding_tell_versions(const struct vl_finding *finding, struct vl_sheet *sheet)
{
    const struct vl_found_invitation *invitation = finding->invitation;
    char number[VL_NUMBER_SHORT];

    for (size_t i = 0; i < invitation->version_count; i++)
        tell_version(&invitation->versions[i], sheet);
    if (invitation->is_several)
        vl_sheet_say(sheet, "several current versions: who signed one did not know of the other");
    if (invitation->issued.level == VL_LEVEL_HEARSAY)
        vl_sheet_say(sheet, "announced only: the inviter has issued no invitation in this set");
    else if (invitation->issued.level == VL_LEVEL_CLAIMED)
        vl_sheet_say(sheet, "claimed only: that the inviter issued it is not proven in this set");
    for (size_t i = 0; i < invitation->reciprocal_of.count; i++)
        vl_sheet_say(sheet, "it answers invitation %s with one back",
                     vl_number_short(invitation->reciprocal_of.at[i], number));
    for (size_t i = 0; i < invitation->reciprocal_count; i++)
        vl_sheet_say(sheet, "invitation %s answers it with one back%s",
                     vl_number_short(invitation->reciprocals[i].id, number),
                     invitation->reciprocals[i].level == VL_LEVEL_PROVEN ? "" : ", as is said");
}

/* --- who did what ----------------------------------------------------------------------------- */

/* An office as it is called, or the name of whom no office is known. */
static const char *party_of(const struct telling *telling, const struct vl_invitation_party *party,
                            char out[VL_OFFICE_CALLED])
{
    if (party->has_office)
        return name_of(telling, &party->office, out);
    (void)snprintf(out, VL_OFFICE_CALLED, "\"%.*s\"", (int)party->name.len,
                   party->name.len > 0 ? (const char *)party->name.ptr : "");
    return out;
}

static void tell_terms(const struct telling *telling, const struct vl_invitation *said)
{
    char time[VL_TIME_TEXT], owner[VL_OFFICE_CALLED];

    if (said->place.len > 0)
        vl_sheet_say(telling->sheet, "  place %.*s", (int)said->place.len,
                     (const char *)said->place.ptr);
    if (said->has_not_before)
        vl_sheet_say(telling->sheet, "  not before %s", vl_time_text(said->not_before_s, time));
    if (said->condition.len > 0)
        vl_sheet_say(telling->sheet, "  %s: \"%.*s\", which %s can say",
                     said->what == VL_INVITATION_ATTEST ? "it is so" : "it waits for",
                     (int)said->condition.len, (const char *)said->condition.ptr,
                     party_of(telling, &said->owner, owner));
    if (said->expectation.len > 0)
        vl_sheet_say(telling->sheet, "  it expects, and waits for nothing by that: \"%.*s\"%s%.10s",
                     (int)said->expectation.len, (const char *)said->expectation.ptr,
                     said->has_expected_by ? " by " : "",
                     said->has_expected_by ? vl_time_text(said->expected_by_s, time) : "");
    if (said->has_expires)
        vl_sheet_say(telling->sheet, "  nobody can accept it after %s",
                     vl_time_text(said->expires_s, time));
}

void vl_finding_tell_version(const struct vl_finding *finding, const struct vl_finding_names *names,
                             const struct vl_found_version *version, struct vl_sheet *sheet)
{
    const struct telling telling = {names, sheet};
    const struct vl_found_invitation *invitation = finding->invitation;
    char words[VL_VERSION_ROOM];

    vl_sheet_say(sheet, "%s", vl_version_words(version, words));
    for (size_t i = 0; i < version->acts.count; i++)
        for (size_t j = 0; j < invitation->act_count; j++)
            if (memcmp(invitation->acts[j].act, version->acts.at[i], VL_HASH_LEN) == 0)
                tell_terms(&telling, invitation->acts[j].invitation);
}

static void tell_words(const struct telling *telling, const struct vl_finding *finding,
                       const struct vl_found_invited *one)
{
    char number[VL_NUMBER_SHORT], name[VL_OFFICE_CALLED];
    const struct vl_hashes *const lists[] = {&one->disputed_by, &one->supported_by};

    for (size_t list = 0; list < 2; list++)
        for (size_t i = 0; i < lists[list]->count; i++)
            for (size_t j = 0; j < finding->said_count; j++)
                if (memcmp(finding->said[j].act, lists[list]->at[i], VL_HASH_LEN) == 0)
                    vl_sheet_say(telling->sheet, "  %s: %s in %s",
                                 list == 0 ? "disputed" : "supported",
                                 name_of(telling, &finding->said[j].by, name),
                                 vl_number_short(lists[list]->at[i], number));
}

static void tell_one(const struct telling *telling, const struct vl_finding *finding,
                     const struct vl_found_invited *one)
{
    const struct vl_invitation *said = one->invitation;
    const bool names_both =
        said->what == VL_INVITATION_ISSUE || said->what == VL_INVITATION_ANNOUNCE;
    char number[VL_NUMBER_SHORT], by[VL_OFFICE_CALLED], principal[VL_OFFICE_CALLED];
    char inviter[VL_OFFICE_CALLED], invitee[VL_OFFICE_CALLED], marks[VL_MARKS_ROOM];
    char date[VL_DATE_ROOM];

    vl_sheet_say(telling->sheet, "%s: %s%s%s %s%s%s%s%s%s%.*s%s%s%s%s",
                 vl_number_short(one->act, number), name_of(telling, &one->by, by),
                 !said->has_principal ? ""
                 : one->is_spoken_for ? " for "
                                      : ", for, it says, ",
                 said->has_principal ? name_of(telling, &said->principal, principal) : "",
                 vl_invitation_words(said->what),
                 said->what == VL_INVITATION_ANNOUNCE ? " by " : "",
                 said->what == VL_INVITATION_ANNOUNCE ? party_of(telling, &said->inviter, inviter)
                                                      : "",
                 said->what == VL_INVITATION_ANNOUNCE ? " to "
                 : names_both                         ? " "
                                                      : "",
                 names_both ? party_of(telling, &said->invitee, invitee) : "",
                 said->text.len > 0 ? ": \"" : "", (int)vl_text_first(said->text, TEXT_SHOWN).len,
                 said->text.len > 0 ? (const char *)said->text.ptr : "",
                 said->text.len > TEXT_SHOWN ? " ..." : "", said->text.len > 0 ? "\"" : "",
                 one->is_late ? ", after it was withdrawn: nothing comes of it" : "",
                 vl_finding_marks(one->marks, marks));
    if (said->has_date)
        vl_sheet_say(telling->sheet, "  date %s", vl_date_words(said->from_s, said->to_s, date));
    tell_terms(telling, said);
    tell_words(telling, finding, one);
}

static bool is_of_level(const struct vl_found_invited *one, enum vl_level level)
{
    return one->level == level || (level == VL_LEVEL_CLAIMED && one->level == VL_LEVEL_HEARSAY);
}

/* What an act follows stands before it, as in the list of all of them. */
void vl_finding_tell_invited(const struct vl_finding *finding, const struct vl_finding_names *names,
                             enum vl_level level, struct vl_sheet *sheet)
{
    const struct telling telling = {names, sheet};
    const struct vl_found_invitation *invitation = finding->invitation;

    for (size_t i = 0; i < finding->event_count; i++)
        for (size_t j = 0; j < invitation->act_count; j++)
            if (memcmp(finding->events[i].act, invitation->acts[j].act, VL_HASH_LEN) == 0 &&
                is_of_level(&invitation->acts[j], level))
                tell_one(&telling, finding, &invitation->acts[j]);
}

/* --- what nobody proves ----------------------------------------------------------------------- */

void vl_finding_tell_uninvited(const struct vl_finding *finding, struct vl_sheet *sheet)
{
    const struct vl_found_invitation *invitation = finding->invitation;
    bool is_appointed = false, is_held = false;

    for (size_t i = 0; i < invitation->version_count; i++) {
        const struct vl_found_version *version = &invitation->versions[i];
        const bool is_past =
            version->state == VL_INVITED_HELD || version->state == VL_INVITED_NOT_HELD;

        is_appointed |= version->state == VL_INVITED_APPOINTED;
        is_held |= is_past && version->level == VL_LEVEL_PROVEN;
    }
    if (invitation->issued.level < VL_LEVEL_PROVEN)
        vl_sheet_say(sheet, "that it was issued");
    if (invitation->received.level < VL_LEVEL_PROVEN)
        vl_sheet_say(sheet, "that the invitee has it");
    if (!is_appointed && !is_held)
        vl_sheet_say(sheet, "that a date is appointed");
    if (!is_held)
        vl_sheet_say(sheet, "that the meeting takes place, or took place");
}
