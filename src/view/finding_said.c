/* SPDX-License-Identifier: Apache-2.0 */
#include "view/finding_said.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "codec/number.h"

#define LIST_ROOM  1024
#define NAMES_MAX  6
#define TEXT_SHOWN 600 /* of the words themselves; all of them are in the document */

struct telling {
    const struct vl_finding *finding;
    const struct vl_finding_names *names;
    struct vl_sheet *sheet;
};

static const char *name_of(const struct telling *telling, const struct vl_office_id *office,
                           char out[VL_OFFICE_CALLED])
{
    return telling->names->name(telling->names->self, office, out);
}

static const struct vl_found_said *find(const struct vl_finding *finding,
                                        const uint8_t act[VL_HASH_LEN])
{
    for (size_t i = 0; i < finding->said_count; i++)
        if (memcmp(finding->said[i].act, act, VL_HASH_LEN) == 0)
            return &finding->said[i];
    return NULL;
}

/* Who said these: "A in K7QF-2M4D, B in ...". */
static const char *speakers_of(const struct telling *telling, const struct vl_hashes *acts,
                               char out[LIST_ROOM])
{
    size_t used = 0;

    out[0] = 0;
    for (size_t i = 0; i < acts->count && i < NAMES_MAX; i++) {
        const struct vl_found_said *said = find(telling->finding, acts->at[i]);
        char name[VL_OFFICE_CALLED], number[VL_NUMBER_SHORT];

        used += (size_t)snprintf(out + used, LIST_ROOM - used, "%s%s in %s", i == 0 ? "" : ", ",
                                 said ? name_of(telling, &said->by, name) : "somebody",
                                 vl_number_short(acts->at[i], number));
    }
    if (acts->count > NAMES_MAX)
        (void)snprintf(out + used, LIST_ROOM - used, " and %zu more", acts->count - NAMES_MAX);
    return out;
}

static const char *verb_of(enum vl_kind kind)
{
    switch ((int)kind) {
    case VL_KIND_RELAY:
        return "says that others said";
    case VL_KIND_DENY:
        return "denies";
    case VL_KIND_DECLINE:
        return "declines to comment";
    case VL_KIND_COMMIT:
        return "promises";
    case VL_KIND_CORRECT:
        return "corrects itself";
    case VL_KIND_WITHDRAW:
        return "withdraws what it said";
    case VL_KIND_TRANSLATION:
        return "translates";
    default:
        return "says";
    }
}

/* "for A", and whether A let it. */
static const char *principal_of(const struct telling *telling, const struct vl_found_said *said,
                                char out[LIST_ROOM])
{
    char name[VL_OFFICE_CALLED];

    out[0] = 0;
    if (said->has_principal)
        (void)snprintf(out, LIST_ROOM, "%s%s", said->is_spoken_for ? " for " : ", for, it says, ",
                       name_of(telling, &said->principal, name));
    return out;
}

/* What is said without words: " that it was kept". */
static const char *wordless_of(const struct vl_statement *statement, char out[64])
{
    const enum vl_fact fact = statement ? vl_fact_of_word(statement->fact) : VL_FACT_NONE;

    out[0] = 0;
    if (fact != VL_FACT_NONE && statement->text.len == 0)
        (void)snprintf(out, 64, " that it %s", vl_fact_words(fact));
    return out;
}

static bool has(const struct vl_hashes *acts, const uint8_t act[VL_HASH_LEN])
{
    for (size_t i = 0; i < acts->count; i++)
        if (memcmp(acts->at[i], act, VL_HASH_LEN) == 0)
            return true;
    return false;
}

/* A change of what others said is a dispute, and no more (PROTOCOL 27). */
static bool is_of_others(const struct telling *telling, const struct vl_found_said *said)
{
    const struct vl_found_invitation *invitation = telling->finding->invitation;
    const struct vl_found_said *target;

    if (!said->statement || !vl_change_kind(said->kind))
        return false;
    target = find(telling->finding, said->statement->target);
    for (size_t i = 0; invitation && i < invitation->act_count; i++)
        if (has(&invitation->acts[i].disputed_by, said->act))
            return true;
    return target && has(&target->disputed_by, said->act);
}

/* What it does; of another's words, when it comes after that one or says so. */
static const char *deed_of(const struct telling *telling, const struct vl_found_said *said)
{
    if (!said->is_under_succession && is_of_others(telling, said))
        return said->kind == VL_KIND_CORRECT ? "disputes what others said, and would correct it"
                                             : "disputes what others said, and would withdraw it";
    if (!said->is_under_succession)
        return verb_of(said->kind);
    if (!said->is_successor)
        return "says that it comes after the speaker, and changes the words";
    return said->kind == VL_KIND_CORRECT ? "comes after the speaker, and corrects the words"
                                         : "comes after the speaker, and withdraws the words";
}

static void tell_words(const struct telling *telling, const struct vl_found_said *said)
{
    const struct vl_statement *statement = said->statement;
    const vl_bytes text = statement ? statement->text : said->translation->text;
    const vl_bytes shown = vl_text_first(text, TEXT_SHOWN);
    char name[VL_OFFICE_CALLED], number[VL_NUMBER_SHORT], principal[LIST_ROOM];
    char marks[VL_MARKS_ROOM], wordless[64];

    vl_sheet_say(telling->sheet, "%s: %s%s %s%s%s%.*s%s%s%s%s", vl_number_short(said->act, number),
                 name_of(telling, &said->by, name), principal_of(telling, said, principal),
                 deed_of(telling, said), wordless_of(statement, wordless),
                 text.len > 0 ? ": \"" : "", (int)shown.len,
                 text.len > 0 ? (const char *)text.ptr : "", shown.len < text.len ? " ..." : "",
                 text.len > 0 ? "\"" : "", said->is_ok ? "" : "; claimed only",
                 vl_finding_marks(said->marks, marks));
}

/* ", by A" of an act that is about the same, and nothing of another. */
static const char *signer_of(const struct telling *telling, const uint8_t act[VL_HASH_LEN],
                             char out[LIST_ROOM])
{
    const struct vl_finding *finding = telling->finding;
    char name[VL_OFFICE_CALLED];

    out[0] = 0;
    for (size_t i = 0; i < finding->event_count; i++)
        if (memcmp(finding->events[i].act, act, VL_HASH_LEN) == 0)
            (void)snprintf(out, LIST_ROOM, ", %s by %s", vl_kind_words(finding->events[i].kind),
                           name_of(telling, &finding->events[i].by, name));
    return out;
}

static void tell_about(const struct telling *telling, const struct vl_statement *statement)
{
    char number[VL_NUMBER_SHORT], time[VL_TIME_TEXT], name[LIST_ROOM];

    for (size_t i = 0; i < statement->about_count; i++)
        if (statement->about[i].relation == VL_RELATION_DISPUTES)
            vl_sheet_say(telling->sheet, "  it disputes %s %s%s",
                         vl_subject_word(statement->about[i].what),
                         vl_number_short(statement->about[i].id, number),
                         signer_of(telling, statement->about[i].id, name));
    if (vl_change_kind(statement->kind))
        vl_sheet_say(telling->sheet, "  of %s%s%.*s%s", vl_number_short(statement->target, number),
                     statement->span.len > 0 ? ", in place of \"" : "", (int)statement->span.len,
                     statement->span.len > 0 ? (const char *)statement->span.ptr : "",
                     statement->span.len > 0 ? "\"" : "");
    if (statement->absence)
        vl_sheet_say(telling->sheet, "  it saw nothing until %.10s, which is no refusal to speak",
                     vl_time_text(statement->as_of_s, time));
}

static void tell_sources(const struct telling *telling, const struct vl_found_said *said)
{
    for (size_t i = 0; i < said->source_count; i++) {
        const struct vl_found_source *source = &said->sources[i];
        char name[VL_OFFICE_CALLED], marks[VL_MARKS_ROOM];

        vl_sheet_say(telling->sheet, "  %s %.*s%s%s",
                     i == 0 ? "it heard that from" : "who had it from",
                     source->has_office || source->name.len == 0 ? VL_OFFICE_CALLED
                                                                 : (int)source->name.len,
                     source->has_office      ? name_of(telling, &source->office, name)
                     : source->name.len == 0 ? "an unnamed source"
                                             : (const char *)source->name.ptr,
                     source->is_held           ? ", who signed it"
                     : source->has_other_words ? ", who signed other words"
                     : source->marks           ? ", and what is here does not prove it"
                     : source->is_signed       ? ", whose statement is not here"
                                               : "",
                     vl_finding_marks(source->marks, marks));
    }
    if (said->states & VL_SAID_UNAUTHENTICATED)
        vl_sheet_say(telling->sheet, "  nobody signed that: there is the digest of a copy");
    if (said->states & VL_SAID_SOURCELESS)
        vl_sheet_say(telling->sheet, "  the original is not held");
}

static void tell_translation(const struct telling *telling,
                             const struct vl_translation *translation)
{
    vl_sheet_say(telling->sheet, "  from %.*s to %.*s, %s%s%.*s%s%s%.*s%s",
                 (int)translation->source_lang.len, (const char *)translation->source_lang.ptr,
                 (int)translation->target_lang.len, (const char *)translation->target_lang.ptr,
                 vl_translated_words(translation->how), translation->engine.len > 0 ? " (" : "",
                 (int)translation->engine.len,
                 translation->engine.len > 0 ? (const char *)translation->engine.ptr : "",
                 translation->engine.len > 0 ? ")" : "",
                 translation->vouches.len > 0 ? "; answered for by " : "; nobody answers for it",
                 (int)translation->vouches.len,
                 translation->vouches.len > 0 ? (const char *)translation->vouches.ptr : "",
                 translation->is_held ? "" : "; the original was not there");
}

static void tell_states(const struct telling *telling, const struct vl_found_said *said)
{
    char names[LIST_ROOM];

    if (said->states & VL_SAID_CORRECTED)
        vl_sheet_say(telling->sheet, "  corrected: %s",
                     speakers_of(telling, &said->corrected_by, names));
    if (said->states & VL_SAID_WITHDRAWN)
        vl_sheet_say(telling->sheet, "  withdrawn: %s",
                     speakers_of(telling, &said->withdrawn_by, names));
    if (said->states & VL_SAID_SUPERSEDED)
        vl_sheet_say(telling->sheet, "  another is in its place: %s",
                     speakers_of(telling, &said->superseded_by, names));
    if (said->states & VL_SAID_SEVERAL)
        vl_sheet_say(telling->sheet,
                     "  several current versions: whoever changed it did not know of the others");
    if (said->states & VL_SAID_DISPUTED)
        vl_sheet_say(telling->sheet, "  disputed: %s",
                     speakers_of(telling, &said->disputed_by, names));
    if (said->supported_by.count > 0)
        vl_sheet_say(telling->sheet, "  supported: %s",
                     speakers_of(telling, &said->supported_by, names));
}

static void tell_against(const struct telling *telling, const struct vl_found_said *said)
{
    static const char *const words[VL_AGAINST_COUNT] = {
        [VL_AGAINST_MATCHED] = "the evidence here says the same",
        [VL_AGAINST_UNPROVEN] = "no evidence here proves it",
        [VL_AGAINST_CONTRADICTED] = "the evidence here contradicts it",
    };
    const enum vl_fact fact =
        said->statement ? vl_fact_of_word(said->statement->fact) : VL_FACT_NONE;

    if (said->against == VL_AGAINST_NONE)
        return;
    if (fact != VL_FACT_NONE)
        vl_sheet_say(telling->sheet, "  %s it %s: %s",
                     said->kind == VL_KIND_DENY ? "denied, that" : "that", vl_fact_words(fact),
                     words[said->against]);
    else
        vl_sheet_say(telling->sheet, "  %s", words[said->against]);
}

static void tell_outcomes(const struct telling *telling, const struct vl_found_promise *promise)
{
    if (promise->is_matched)
        vl_sheet_say(telling->sheet,
                     "  kept: the evidence here has what was promised of the letter");
    for (size_t i = 0; i < promise->outcome_count; i++) {
        const struct vl_found_outcome *outcome = &promise->outcomes[i];
        char name[VL_OFFICE_CALLED], number[VL_NUMBER_SHORT];

        vl_sheet_say(telling->sheet, "  %s, says %s in %s: %s%s%s%s",
                     vl_fact_word(outcome->is_broken ? VL_FACT_BROKEN : VL_FACT_KEPT),
                     name_of(telling, &outcome->by, name), vl_number_short(outcome->act, number),
                     vl_level_word(outcome->level),
                     outcome->of_earlier_words ? "; of the words before a correction" : "",
                     outcome->is_withdrawn ? "; withdrawn" : "",
                     outcome->is_withdrawn && outcome->decides ? ", which takes nothing away" : "");
    }
}

/* Asked for by itself, a promise about a letter stands beside no evidence of that. */
static void tell_elsewhere(const struct telling *telling, const struct vl_statement *statement)
{
    const enum vl_fact fact = vl_fact_of_word(statement->fact);
    char number[VL_NUMBER_SHORT];

    for (size_t i = 0; i < statement->about_count; i++)
        if (vl_fact_subject(fact) == VL_SUBJECT_LETTER &&
            statement->about[i].what == VL_SUBJECT_LETTER &&
            memcmp(statement->about[i].id, telling->finding->number, VL_HASH_LEN) != 0)
            vl_sheet_say(telling->sheet,
                         "  that the letter %s is told by what is proven about letter %s",
                         vl_fact_words(fact), vl_number_short(statement->about[i].id, number));
}

/* A time that passes breaks nothing (PROTOCOL 6). */
static void tell_promise(const struct telling *telling, const struct vl_found_said *said)
{
    static const char *const words[VL_PROMISE_COUNT] = {
        [VL_PROMISE_OPEN] = "open: nobody whom it concerns says what became of it",
        [VL_PROMISE_OVERDUE] = "open, and overdue: nobody whom it concerns says what became of it",
        [VL_PROMISE_WITHDRAWN] = "withdrawn, and neither kept nor broken before",
        [VL_PROMISE_KEPT] = "kept",
        [VL_PROMISE_BROKEN] = "broken",
        [VL_PROMISE_DISPUTED] = "kept and broken: that is disputed",
    };
    const struct vl_found_promise *promise = said->promise;
    char time[VL_TIME_TEXT];

    if (!promise || !said->statement)
        return;
    vl_sheet_say(telling->sheet, "  the promise%s%.10s%s is %s%s%s",
                 said->statement->has_as_of ? ", until " : "",
                 said->statement->has_as_of ? vl_time_text(said->statement->as_of_s, time) : "",
                 said->statement->has_as_of ? "," : "", words[promise->state],
                 promise->level ? ", " : "", promise->level ? vl_level_word(promise->level) : "");
    tell_outcomes(telling, promise);
    tell_elsewhere(telling, said->statement);
}

static void tell_meeting(const struct telling *telling, const struct vl_found_said *said)
{
    const struct vl_found_meeting *found = said->meeting;
    char first[VL_OFFICE_CALLED], second[VL_OFFICE_CALLED], time[VL_TIME_TEXT], names[LIST_ROOM];
    vl_bytes place;
    bool is_visit, has_more;

    if (!found || !said->statement)
        return;
    place = said->statement->act.place;
    is_visit = found->meeting.what == VL_FACT_VISIT;
    has_more = place.len > 0 || said->statement->has_as_of;
    vl_sheet_say(telling->sheet, "  %s %s %s %s%s%s%.*s%s%s%.10s%s: %s",
                 is_visit ? "a visit of" : "talks between",
                 name_of(telling, &found->meeting.sides[0], first), is_visit ? "to" : "and",
                 name_of(telling, &found->meeting.sides[1], second), has_more ? " (it says: " : "",
                 place.len > 0 ? "at " : "", (int)place.len,
                 place.len > 0 ? (const char *)place.ptr : "",
                 place.len > 0 && said->statement->has_as_of ? ", " : "",
                 said->statement->has_as_of ? "on " : "",
                 said->statement->has_as_of ? vl_time_text(said->statement->as_of_s, time) : "",
                 has_more ? ")" : "",
                 found->level == VL_LEVEL_PROVEN    ? "proven, both signed it"
                 : found->level == VL_LEVEL_CLAIMED ? "claimed, and not signed by both"
                                                    : "hearsay, neither side signed it");
    if (found->with.count > 0)
        vl_sheet_say(telling->sheet, "  the same: %s", speakers_of(telling, &found->with, names));
    if (found->has_other_time || found->has_other_place)
        vl_sheet_say(telling->sheet, "  and they do not agree on %s%s%s",
                     found->has_other_time ? "the time" : "",
                     found->has_other_time && found->has_other_place ? " and " : "",
                     found->has_other_place ? "the place" : "");
    if (found->is_withdrawn)
        vl_sheet_say(telling->sheet, "  one of them withdrew it, which takes nothing away");
    if (found->denied_by.count > 0)
        vl_sheet_say(telling->sheet, "  denied by a side: %s",
                     speakers_of(telling, &found->denied_by, names));
}

void vl_finding_tell_said(const struct vl_finding *finding, const struct vl_finding_names *names,
                          struct vl_sheet *sheet)
{
    const struct telling telling = {finding, names, sheet};

    /* As it was said, one after the other: ids have no order that says anything. */
    for (size_t i = 0; i < finding->event_count; i++) {
        const struct vl_found_said *said = find(finding, finding->events[i].act);

        if (!said)
            continue;
        tell_words(&telling, said);
        if (said->statement)
            tell_about(&telling, said->statement);
        else
            tell_translation(&telling, said->translation);
        tell_sources(&telling, said);
        tell_against(&telling, said);
        tell_promise(&telling, said);
        tell_meeting(&telling, said);
        tell_states(&telling, said);
    }
}
