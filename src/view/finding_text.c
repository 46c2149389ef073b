/* SPDX-License-Identifier: Apache-2.0 */
/* What is proven about a letter or an invitation, for a person: the words of the ladder, who says
 * what, and what nobody in this set says.  No act is called more than it is (DESIGN 1). */
#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/time.h"
#include "codec/number.h"
#include "view/finding.h"
#include "view/finding_invited.h"
#include "view/finding_said.h"
#include "view/report.h"
#include "view/sheet.h"

#define LIST_ROOM 1024
#define NAMES_MAX 6

struct telling {
    const struct vl_finding *finding;
    const struct vl_finding_names *names;
    struct vl_sheet sheet;
};

static const char *name_of(const struct telling *telling, const struct vl_office_id *office,
                           char out[VL_OFFICE_CALLED])
{
    return telling->names->name(telling->names->self, office, out);
}

/* "A, B and 3 more" */
static const char *list_of(const struct telling *telling, const uint8_t (*offices)[VL_HASH_LEN],
                           size_t count, char out[LIST_ROOM])
{
    size_t used = 0;

    out[0] = 0;
    for (size_t i = 0; i < count && i < NAMES_MAX; i++) {
        struct vl_office_id office;
        char name[VL_OFFICE_CALLED];

        memcpy(office.at, offices[i], VL_HASH_LEN);
        used += (size_t)snprintf(out + used, LIST_ROOM - used, "%s%s",
                                 i == 0           ? ""
                                 : i + 1 == count ? " and "
                                                  : ", ",
                                 name_of(telling, &office, name));
    }
    if (count > NAMES_MAX)
        (void)snprintf(out + used, LIST_ROOM - used, " and %zu more", count - NAMES_MAX);
    return out;
}

static const char *hashes_of(const struct telling *telling, const struct vl_hashes *offices,
                             char out[LIST_ROOM])
{
    return list_of(telling, (const uint8_t(*)[VL_HASH_LEN])offices->at, offices->count, out);
}

const char *vl_finding_marks(uint32_t marks, char out[VL_MARKS_ROOM])
{
    size_t used = 0;

    out[0] = 0;
    for (unsigned i = 0; i < VL_MARK_COUNT; i++)
        if (marks >> i & 1)
            used += (size_t)snprintf(out + used, VL_MARKS_ROOM - used, "%s%s", used ? "; " : " (",
                                     vl_mark_word((enum vl_mark_at)i));
    for (size_t i = 0; i < used; i++)
        if (out[i] == '-')
            out[i] = ' ';
    if (used > 0)
        (void)snprintf(out + used, VL_MARKS_ROOM - used, ")");
    return out;
}

/* PROTOCOL 18: until it is opened, whose it is, is what whoever sealed it says. */
static void tell_sealed(struct telling *telling, enum vl_level level)
{
    for (size_t i = 0; i < telling->finding->sealed_count; i++) {
        const struct vl_found_sealed *sealed = &telling->finding->sealed[i];
        char by[VL_OFFICE_CALLED], to[LIST_ROOM], marks[VL_MARKS_ROOM], package[64] = "";

        if (sealed->level != level)
            continue;
        if (sealed->consignment_of > 1)
            (void)snprintf(package, sizeof package, ", package %" PRIu64 " of %" PRIu64,
                           sealed->consignment, sealed->consignment_of);
        vl_sheet_say(&telling->sheet, "sealed, according to %s: %" PRIu64 " bytes for %s%s%s",
                     name_of(telling, &sealed->by, by), sealed->size,
                     list_of(telling, (const uint8_t(*)[VL_HASH_LEN])sealed->to, sealed->to_count,
                             to),
                     package, vl_finding_marks(sealed->marks, marks));
    }
}

/* PROTOCOL 7: a hand-over is its giver's word until the taker signs. */
static void tell_handed(struct telling *telling, const struct vl_found_handed *handed)
{
    char by[VL_OFFICE_CALLED], to[VL_OFFICE_CALLED], marks[VL_MARKS_ROOM];

    (void)vl_finding_marks(handed->marks, marks);
    (void)name_of(telling, &handed->by, by);
    if (handed->has_to && handed->answered)
        vl_sheet_say(&telling->sheet, "handed by %s to %s, who signed for it%s", by,
                     name_of(telling, &handed->to, to), marks);
    else if (handed->has_to && handed->not_taken)
        vl_sheet_say(&telling->sheet, "handed, %s says, to %s, who did not take it: %s%s", by,
                     name_of(telling, &handed->to, to),
                     handed->reason ? vl_not_taken_words(handed->reason) : "it says why", marks);
    else if (handed->has_to)
        vl_sheet_say(&telling->sheet, "handed, %s says, to %s, who has not signed for it%s", by,
                     name_of(telling, &handed->to, to), marks);
    else
        vl_sheet_say(&telling->sheet, "handed, %s says, to \"%.*s\", who signs for nothing here%s",
                     by, (int)handed->carrier.len, (const char *)handed->carrier.ptr, marks);
}

static int by_act(const void *act, const void *handed)
{
    return memcmp(act, ((const struct vl_found_handed *)handed)->act, VL_HASH_LEN);
}

/* From hand to hand: a finding has them by their ids, and people read them as they followed. */
static void tell_hands(struct telling *telling, enum vl_level level)
{
    const struct vl_finding *finding = telling->finding;

    for (size_t i = 0; i < finding->event_count && finding->handed_count > 0; i++) {
        const struct vl_found_handed *handed =
            bsearch(finding->events[i].act, finding->handed, finding->handed_count,
                    sizeof *finding->handed, by_act);

        if (handed && handed->level == level)
            tell_handed(telling, handed);
    }
}

static void tell_holders(struct telling *telling)
{
    for (size_t i = 0; i < telling->finding->holder_count; i++) {
        char name[VL_OFFICE_CALLED];

        vl_sheet_say(&telling->sheet, "in custody of %s, who signed for it",
                     name_of(telling, &telling->finding->holders[i].office, name));
    }
    for (size_t i = 0; i < telling->finding->end_count; i++) {
        char name[VL_OFFICE_CALLED];

        vl_sheet_say(&telling->sheet, "no longer in custody of %s, who signed: %s",
                     name_of(telling, &telling->finding->ended[i].office, name),
                     vl_kind_words(telling->finding->ended[i].kind));
    }
}

/* One step of the ladder; `words` have the signers and then the addressee. */
static void tell_fact(struct telling *telling, enum vl_level level,
                      const struct vl_found_addressee *addressee, const struct vl_found_fact *fact,
                      const char *before, const char *after)
{
    char by[LIST_ROOM], office[VL_OFFICE_CALLED], marks[VL_MARKS_ROOM];

    if (fact->level == level && fact->acts.count > 0)
        vl_sheet_say(&telling->sheet, "%s %s%s%s, signed by %s%s", before,
                     name_of(telling, &addressee->office, office), after[0] ? " " : "", after,
                     hashes_of(telling, &fact->by, by), vl_finding_marks(fact->marks, marks));
}

static void tell_opened(struct telling *telling, enum vl_level level,
                        const struct vl_found_addressee *addressee)
{
    tell_fact(telling, level, addressee, &addressee->opened, "opened for", "");
    if (addressee->opened.level != level || level == VL_LEVEL_NONE)
        return;
    if (addressee->verdicts >> VL_VERDICT_MISMATCH & 1)
        vl_sheet_say(&telling->sheet,
                     "whoever opened it says: the content is not what was committed to");
    if (addressee->verdicts >> VL_VERDICT_UNREADABLE & 1)
        vl_sheet_say(&telling->sheet, "whoever opened it says: it could not be opened");
}

static void tell_ladder(struct telling *telling, enum vl_level level)
{
    for (size_t i = 0; i < telling->finding->addressee_count; i++) {
        const struct vl_found_addressee *one = &telling->finding->addressees[i];

        tell_fact(telling, level, one, &one->receipted_by_delegate, "receipted by a delegate for",
                  "");
        tell_fact(telling, level, one, &one->receipted_for_office, "receipted for the office",
                  "itself");
        tell_fact(telling, level, one, &one->reached, "reached the principal,", "");
        tell_opened(telling, level, one);
        tell_fact(telling, level, one, &one->refused, "refused for", "");
        for (size_t j = 0; one->refused.level == level && j < one->reason_count; j++)
            vl_sheet_say(&telling->sheet, "its reason to refuse: %.*s", (int)one->reasons[j].len,
                         (const char *)one->reasons[j].ptr);
    }
}

static void tell_claims(struct telling *telling, enum vl_level level,
                        const struct vl_found_claim *claims, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        char by[VL_OFFICE_CALLED], party[VL_OFFICE_CALLED], marks[VL_MARKS_ROOM];
        const bool corroborated = claims[i].level == VL_LEVEL_CORROBORATED;

        if (claims[i].level != level && !(level == VL_LEVEL_CLAIMED && corroborated))
            continue;
        vl_sheet_say(&telling->sheet, "%s says: %s%s%s%s%.*s%s%s",
                     name_of(telling, &claims[i].by, by), vl_kind_words(claims[i].kind),
                     claims[i].has_party ? ", naming " : "",
                     claims[i].has_party ? name_of(telling, &claims[i].party, party) : "",
                     claims[i].reason.len > 0 ? ", because of: " : "", (int)claims[i].reason.len,
                     claims[i].reason.len > 0 ? (const char *)claims[i].reason.ptr : "",
                     corroborated ? "; corroborated by one whom you checked" : "",
                     vl_finding_marks(claims[i].marks, marks));
    }
}

/* "carry letters and seal letters for the principal" */
static void tell_mandates(struct telling *telling, enum vl_level level)
{
    static const char *const powers[] = {"",
#define X(code, number, word, words) words,
                                         VL_POWER_TABLE(X)
#undef X
    };
    const struct vl_finding *finding = telling->finding;

    for (size_t i = 0; i < finding->mandate_count; i++) {
        const struct vl_found_mandate *mandate = &finding->mandates[i];
        char by[VL_OFFICE_CALLED], to[VL_OFFICE_CALLED], number[VL_NUMBER_SHORT];
        char may[LIST_ROOM] = "";
        size_t used = 0;

        if (mandate->level != level)
            continue;
        for (size_t power = 1; power < sizeof powers / sizeof *powers; power++)
            if (mandate->powers >> power & 1)
                used += (size_t)snprintf(may + used, sizeof may - used, "%s%s",
                                         used > 0 ? ", and " : "", powers[power]);
        vl_sheet_say(&telling->sheet, "mandated: %s lets %s %s%s, in %s",
                     name_of(telling, &mandate->principal, by),
                     name_of(telling, &mandate->grantee, to), used > 0 ? may : "do nothing known",
                     mandate->is_revoked ? ", and has ended that" : "",
                     vl_number_short(mandate->act, number));
    }
}

/* DOMAIN: an answer is a receipt of its own kind. */
static void tell_answers(struct telling *telling, enum vl_level level)
{
    for (size_t i = 0; i < telling->finding->answer_count; i++) {
        const struct vl_found_answer *one = &telling->finding->answers[i];
        char by[VL_OFFICE_CALLED], number[VL_NUMBER_SHORT], marks[VL_MARKS_ROOM];

        if (one->level == level)
            vl_sheet_say(&telling->sheet, "answered by %s%s, who wrote a letter in reply (%s)%s",
                         name_of(telling, &one->by, by),
                         one->is_addressee ? "" : ", for whom it was not",
                         vl_number_short(one->act, number), vl_finding_marks(one->marks, marks));
    }
}

static void tell_level(struct telling *telling, enum vl_level level)
{
    const struct vl_finding *finding = telling->finding;

    tell_sealed(telling, level);
    tell_mandates(telling, level);
    tell_hands(telling, level);
    if (level == VL_LEVEL_PROVEN)
        tell_holders(telling);
    tell_ladder(telling, level);
    tell_answers(telling, level);
    tell_claims(telling, level, finding->claims, finding->claim_count);
    tell_claims(telling, level, finding->terminals, finding->terminal_count);
    if (finding->invitation)
        vl_finding_tell_invited(finding, telling->names, level, &telling->sheet);
}

static void tell_disputes(struct telling *telling)
{
    static const char *const words[VL_DISPUTE_COUNT] = {
        [VL_DISPUTE_CLOCK] =
            ("one act follows another and is dated before it: the clock of %s is wrong, of one or "
             "the other"),
        [VL_DISPUTE_ORIGIN] = "whose letter it is: %s each sealed this number",
        [VL_DISPUTE_REVOKED_ORDER_UNKNOWN] =
            "%s ended a mandate, and whether before it was used or after is not known",
    };
    const struct vl_finding *finding = telling->finding;

    for (size_t i = 0; i < finding->dispute_count; i++) {
        char names[LIST_ROOM], text[2 * LIST_ROOM];
        const char *const template = words[finding->disputes[i].kind];
        const char *const gap = strstr(template, "%s");
        const size_t before = (size_t)(gap - template);

        (void)snprintf(text, sizeof text, "%.*s%s%s", (int)before, template,
                       hashes_of(telling, &finding->disputes[i].offices, names), gap + 2);
        vl_sheet_say(&telling->sheet, "%s", text);
    }
}

static void tell_contradictions(struct telling *telling)
{
    static const char *const words[VL_CONTRADICTION_COUNT] = {
        [VL_CONTRADICTION_DENIED_OWN_ACT] = "denies what it has signed itself",
        [VL_CONTRADICTION_MANDATE_USED_TWICE] = "used a mandate twice that was for one use",
        [VL_CONTRADICTION_OK_AND_MISMATCH] =
            "says both that the content is as committed to and that it is not",
        [VL_CONTRADICTION_RECEIPTED_AND_REFUSED] = "receipted and refused one hand-over",
        [VL_CONTRADICTION_TWO_ANSWERS] = "answered one hand-over twice",
        [VL_CONTRADICTION_TWO_CARDS] =
            "has two cards where there can be one: somebody else may have its keys",
        [VL_CONTRADICTION_TWO_HANDOVERS] = "signed two hand-overs as one",
        [VL_CONTRADICTION_TWO_ISSUES] = "issued one invitation with two contents",
        [VL_CONTRADICTION_TWO_REPLIES] =
            "signed two things of the invitation that cannot both be meant",
        [VL_CONTRADICTION_TWO_WAYBILLS] = "sealed two different waybills for this number",
    };
    const struct vl_finding *finding = telling->finding;

    for (size_t i = 0; i < finding->contradiction_count; i++) {
        char name[VL_OFFICE_CALLED];

        vl_sheet_say(&telling->sheet, "%s %s",
                     name_of(telling, &finding->contradictions[i].office, name),
                     words[finding->contradictions[i].kind]);
    }
    for (size_t i = 0; i < finding->incomplete_answers.count; i++)
        vl_sheet_say(&telling->sheet, "an answer does not account for all that was handed: %s",
                     "what was taken and what was not are not the list of the hand-over");
}

static void tell_corrections(struct telling *telling)
{
    const struct vl_finding *finding = telling->finding;

    for (size_t i = 0; i < finding->correction_count; i++) {
        const struct vl_found_correction *one = &finding->corrections[i];
        char by[VL_OFFICE_CALLED];

        vl_sheet_say(&telling->sheet, "%s, of \"%.*s\": was \"%.*s\", now \"%.*s\"; both stand",
                     name_of(telling, &one->by, by), (int)one->field.len,
                     (const char *)one->field.ptr, (int)one->old.len,
                     one->old.len > 0 ? (const char *)one->old.ptr : "", (int)one->now.len,
                     one->now.len > 0 ? (const char *)one->now.ptr : "");
    }
}

static bool is_addressee(const struct vl_finding *finding, const struct vl_office_id *office)
{
    for (size_t i = 0; i < finding->addressee_count; i++)
        if (vl_office_id_eq(&finding->addressees[i].office, office))
            return true;
    return false;
}

static bool lets_carry(const struct vl_finding *finding, const struct vl_office_id *principal,
                       const struct vl_office_id *carrier)
{
    for (size_t i = 0; i < finding->mandate_count; i++)
        if (finding->mandates[i].level == VL_LEVEL_PROVEN &&
            finding->mandates[i].powers >> VL_POWER_CARRY & 1 &&
            vl_office_id_eq(&finding->mandates[i].principal, principal) &&
            vl_office_id_eq(&finding->mandates[i].grantee, carrier))
            return true;
    return false;
}

/* A sender handed it to somebody for whom it is not: asked to, or at the courier's own wish? */
static void tell_unmandated(struct telling *telling)
{
    const struct vl_finding *finding = telling->finding;

    for (size_t i = 0; i < finding->handed_count; i++) {
        const struct vl_found_handed *handed = &finding->handed[i];
        char by[VL_OFFICE_CALLED], to[VL_OFFICE_CALLED];
        bool is_sender = false, is_told = false;

        for (size_t j = 0; j < finding->sealed_count; j++)
            is_sender |= vl_office_id_eq(&finding->sealed[j].by, &handed->by);
        for (size_t j = 0; j < i; j++)
            is_told |= finding->handed[j].has_to &&
                       vl_office_id_eq(&finding->handed[j].to, &handed->to) &&
                       vl_office_id_eq(&finding->handed[j].by, &handed->by);
        if (is_sender && !is_told && handed->has_to && !is_addressee(finding, &handed->to) &&
            !lets_carry(finding, &handed->by, &handed->to))
            vl_sheet_say(&telling->sheet, "that %s mandated %s to carry it",
                         name_of(telling, &handed->by, by), name_of(telling, &handed->to, to));
    }
}

static void tell_not_proven(struct telling *telling)
{
    const struct vl_finding *finding = telling->finding;

    tell_unmandated(telling);
    for (size_t i = 0; i < finding->addressee_count; i++) {
        const struct vl_found_addressee *one = &finding->addressees[i];
        char office[VL_OFFICE_CALLED], marks[VL_MARKS_ROOM];

        (void)name_of(telling, &one->office, office);
        if (one->highest_proven < VL_LADDER_RECEIPTED_BY_DELEGATE)
            vl_sheet_say(&telling->sheet, "that anybody signed for it for %s", office);
        if (one->receipted_for_office.level < VL_LEVEL_PROVEN &&
            one->highest_proven >= VL_LADDER_RECEIPTED_BY_DELEGATE)
            vl_sheet_say(&telling->sheet, "that it was receipted for the office %s%s", office,
                         vl_finding_marks(one->receipted_for_office.marks, marks));
        if (one->reached.level < VL_LEVEL_PROVEN)
            vl_sheet_say(&telling->sheet, "that it reached %s", office);
        if (one->opened.level < VL_LEVEL_PROVEN)
            vl_sheet_say(&telling->sheet, "that %s opened it", office);
    }
    if (finding->invitation)
        vl_finding_tell_uninvited(finding, &telling->sheet);
    else
        vl_sheet_say(&telling->sheet, VL_SAYS_NOT_READ);
    vl_sheet_say(&telling->sheet, VL_SAYS_NOT_TRUE);
    vl_sheet_say(&telling->sheet, VL_SAYS_NOT_FREE);
    if (!finding->invitation)
        vl_sheet_say(&telling->sheet, VL_SAYS_NO_COPIES);
}

static void tell_late(struct telling *telling)
{
    char names[LIST_ROOM];

    if (telling->finding->overdue.count > 0)
        vl_sheet_say(&telling->sheet,
                     "overdue: no receipt for the office itself is proven here: %s",
                     hashes_of(telling, &telling->finding->overdue, names));
    if (telling->finding->expired)
        vl_sheet_say(&telling->sheet, "it has expired, and no receipt for it is proven here");
    for (size_t i = 0; i < telling->finding->package_count; i++)
        if (telling->finding->packages[i].missing_count > 0)
            vl_sheet_say(&telling->sheet,
                         "of the %" PRIu64 " packages of its consignment this set has %zu",
                         telling->finding->packages[i].of,
                         telling->finding->packages[i].known_count);
}

/* By whose clock, always (PROTOCOL 19). */
static void tell_event(struct telling *telling, size_t at)
{
    const struct vl_found_event *event = &telling->finding->events[at];
    char by[VL_OFFICE_CALLED], other[VL_OFFICE_CALLED], time[VL_TIME_TEXT], marks[VL_MARKS_ROOM];
    char when[VL_TIME_TEXT + VL_OFFICE_CALLED + 32] = "", number[VL_NUMBER_SHORT];

    (void)name_of(telling, &event->by, by);
    if (event->has_at)
        (void)snprintf(when, sizeof when, ", at %s by the clock of %s",
                       vl_time_text((int64_t)(event->at_ms / 1000), time), by);
    else if (event->has_iat)
        (void)snprintf(when, sizeof when, ", signed %s by the clock of %s",
                       vl_time_text(event->iat_s, time), by);
    vl_sheet_say(&telling->sheet, "%zu. %s %s, %s as %s%s%s%s%s%s", at + 1,
                 vl_number_short(event->act, number),
                 event->kind == VL_KIND_MANIFEST ? "answered"
                 : event->what                   ? vl_invitation_words(event->what)
                                                 : vl_kind_words(event->kind),
                 by, vl_capacity_word(event->capacity), event->has_other ? ", naming " : "",
                 event->has_other ? name_of(telling, &event->other, other) : "", when,
                 event->is_ok ? "" : ", claimed only", vl_finding_marks(event->marks, marks));
}

static void tell_basis(struct telling *telling)
{
    const struct vl_finding *finding = telling->finding;
    const size_t unverified =
        finding->left_out_count - finding->unheard_count - finding->crowded_count;
    char time[VL_TIME_TEXT], none[LIST_ROOM + 80] = "";
    size_t at = 0;

    while (at < finding->addressee_count &&
           finding->addressees[at].highest_proven >= VL_LADDER_RECEIPTED_BY_DELEGATE)
        at++;
    if (at < finding->addressee_count) {
        char office[VL_OFFICE_CALLED];

        (void)snprintf(none, sizeof none, "; none in this set is a receipt by %s or for it",
                       name_of(telling, &finding->addressees[at].office, office));
    }
    vl_sheet_say(&telling->sheet, "From %zu record%s, as of %s%s.", finding->record_count,
                 finding->record_count == 1 ? "" : "s", vl_time_text(finding->as_of_s, time), none);
    if (unverified > 0)
        vl_sheet_say(&telling->sheet, "%zu act%s that cannot be verified here %s left out.",
                     unverified, unverified == 1 ? "" : "s", unverified == 1 ? "is" : "are");
    if (finding->unheard_count > 0)
        vl_sheet_say(
            &telling->sheet,
            "Left out: %zu more of what is said about it; no office is heard more than %d times.",
            finding->unheard_count, VL_FINDING_MAX_HEARD);
    if (finding->crowded_count > 0)
        vl_sheet_say(&telling->sheet,
                     "Left out: %zu more of what was done with it; of one office no more than %d "
                     "acts are looked at, and %d of one whom it does not concern.",
                     finding->crowded_count, VL_FINDING_MAX_OWN, VL_FINDING_MAX_HEARD);
}

static void tell_now(struct telling *telling)
{
    if (!telling->finding->invitation)
        return;
    vl_sheet_head(&telling->sheet, "What it is now:");
    vl_finding_tell_versions(telling->finding, &telling->sheet);
}

static void tell_all(struct telling *telling)
{
    struct vl_sheet *sheet = &telling->sheet;

    vl_sheet_head(sheet, "Proven, against whoever signed it:");
    tell_level(telling, VL_LEVEL_PROVEN);
    vl_sheet_head(sheet, "Claimed, and no more:");
    tell_level(telling, VL_LEVEL_CLAIMED);
    vl_sheet_head(sheet, "Disputed:");
    tell_disputes(telling);
    vl_sheet_head(sheet, "Contradicted by its own signer:");
    tell_contradictions(telling);
    vl_sheet_head(sheet, "Corrected by its own signer:");
    tell_corrections(telling);
    vl_sheet_head(sheet, "Said; that it was said is all that this proves:");
    vl_finding_tell_said(telling->finding, telling->names, sheet);
    vl_sheet_head(sheet, "Beware:");
    tell_late(telling);
    vl_sheet_head(sheet, "Not proven:");
    tell_not_proven(telling);
    vl_sheet_head(sheet, "Who signed what, by what follows what:");
    for (size_t i = 0; i < telling->finding->event_count; i++)
        tell_event(telling, i);
    vl_sheet_head(sheet, "Basis:");
    tell_basis(telling);
}

/* The word for what the number is of: a letter, unless words say otherwise and nothing else does.
 */
static const char *subject_of(const struct vl_finding *finding)
{
    if (finding->invitation)
        return "invitation";
    for (size_t i = 0; i < finding->said_count && finding->sealed_count == 0; i++) {
        const struct vl_found_said *said = &finding->said[i];

        if (memcmp(said->act, finding->number, VL_HASH_LEN) == 0)
            return vl_subject_word(VL_SUBJECT_ACT);
        for (size_t j = 0; said->statement && j < said->statement->about_count; j++)
            if (memcmp(said->statement->about[j].id, finding->number, VL_HASH_LEN) == 0)
                return vl_subject_word(said->statement->about[j].what);
        if (said->meeting && said->statement &&
            memcmp(said->statement->party.at, finding->number, VL_HASH_LEN) == 0)
            return vl_subject_word(VL_SUBJECT_OFFICE);
    }
    return vl_subject_word(VL_SUBJECT_LETTER);
}

enum vl_err vl_finding_text(const struct vl_finding *finding, const struct vl_finding_names *names,
                            unsigned width, bool ascii, struct vl_buf *out)
{
    struct telling telling = {finding, names, {.out = out, .width = width, .ascii = ascii}};
    const size_t before = out->len;
    char number[VL_NUMBER_SHORT], title[96];

    (void)snprintf(title, sizeof title, "What is proven about %s %s", subject_of(finding),
                   vl_number_short(finding->number, number));
    telling.sheet.err = vl_buf_put(out, vl_bytes_str(title));
    if (!telling.sheet.err)
        telling.sheet.err = vl_buf_put(out, VL_LITERAL("\n"));
    tell_now(&telling);
    tell_all(&telling);
    if (telling.sheet.err)
        out->len = before;
    return telling.sheet.err;
}

void vl_finding_paper(const struct vl_finding *finding, const struct vl_finding_names *names,
                      struct vl_paper *paper)
{
    struct telling telling = {finding, names, {.paper = paper}};

    tell_now(&telling);
    tell_all(&telling);
    vl_sheet_end(&telling.sheet);
}

void vl_finding_paper_rest(const struct vl_finding *finding, const struct vl_finding_names *names,
                           struct vl_paper *paper)
{
    struct telling telling = {finding, names, {.paper = paper}};

    tell_all(&telling);
    vl_sheet_end(&telling.sheet);
}
