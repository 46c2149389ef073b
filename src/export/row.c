/* SPDX-License-Identifier: Apache-2.0 */
#include "export/row.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"
#include "codec/number.h"
#include "export/table.h"

#define ETSI_URI      "http://uri.etsi.org/19522/Event/"
#define SENTENCE_ROOM 3000
#define REASON_ROOM   400
#define MARKS_ROOM    1024

static const struct {
    const char *name;
    enum vl_column_type type;
} columns[VL_COLUMN_COUNT] = {
#define X(code, name, type) {name, VL_COLUMN_##type},
    VL_EXPORT_COLUMN_TABLE(X)
#undef X
};

const char *vl_column_name(enum vl_export_column column)
{
    return columns[column].name;
}

enum vl_column_type vl_column_type(enum vl_export_column column)
{
    return columns[column].type;
}

/* --- what the finding says of one act --------------------------------------------------------- */

static bool same(const uint8_t a[VL_HASH_LEN], const uint8_t b[VL_HASH_LEN])
{
    return memcmp(a, b, VL_HASH_LEN) == 0;
}

static bool has(const struct vl_hashes *set, const uint8_t id[VL_HASH_LEN])
{
    size_t low = 0, high = set->count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = memcmp(id, set->at[middle], VL_HASH_LEN);

        if (order == 0)
            return true;
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return false;
}

static bool is_sender(const struct vl_finding *finding, const struct vl_office_id *office)
{
    for (size_t i = 0; i < finding->sealed_count; i++)
        if (vl_office_id_eq(&finding->sealed[i].from, office))
            return true;
    return false;
}

static bool is_addressee(const struct vl_finding *finding, const struct vl_office_id *office)
{
    for (size_t i = 0; i < finding->addressee_count; i++)
        if (vl_office_id_eq(&finding->addressees[i].office, office))
            return true;
    return false;
}

static const struct vl_found_said *said_of(const struct vl_finding *finding,
                                           const uint8_t act[VL_HASH_LEN])
{
    for (size_t i = 0; i < finding->said_count; i++)
        if (same(finding->said[i].act, act))
            return &finding->said[i];
    return NULL;
}

static const struct vl_found_claim *claim_of(const struct vl_finding *finding,
                                             const uint8_t act[VL_HASH_LEN])
{
    for (size_t i = 0; i < finding->claim_count; i++)
        if (same(finding->claims[i].act, act))
            return &finding->claims[i];
    for (size_t i = 0; i < finding->terminal_count; i++)
        if (same(finding->terminals[i].act, act))
            return &finding->terminals[i];
    return NULL;
}

unsigned vl_export_cases(const struct vl_finding *finding, const struct vl_found_event *event)
{
    const struct vl_found_said *said = said_of(finding, event->act);
    const bool is_silence = said && said->statement && said->statement->absence;
    unsigned cases =
        event->capacity == VL_CAPACITY_CARRIER ? VL_CODE_AS_CARRIER : VL_CODE_AS_RECIPIENT;

    cases |= !event->has_other                   ? VL_CODE_FROM_NOBODY
             : is_sender(finding, &event->other) ? VL_CODE_FROM_SENDER
                                                 : VL_CODE_FROM_OTHER;
    return cases | (is_silence ? VL_CODE_OF_SILENCE : VL_CODE_OF_WORDS);
}

static void lift(enum vl_level *level, const struct vl_found_fact *fact,
                 const uint8_t act[VL_HASH_LEN])
{
    if (fact->level > *level && has(&fact->acts, act))
        *level = fact->level;
}

/* What is said for an addressee gives a fact its level or none: a key alone is not enough. */
static enum vl_level level_of_fact(const struct vl_finding *finding, const uint8_t act[VL_HASH_LEN])
{
    enum vl_level level = VL_LEVEL_CLAIMED;

    for (size_t i = 0; i < finding->addressee_count; i++) {
        const struct vl_found_addressee *one = &finding->addressees[i];

        lift(&level, &one->receipted_by_delegate, act);
        lift(&level, &one->receipted_for_office, act);
        lift(&level, &one->reached, act);
        lift(&level, &one->opened, act);
        lift(&level, &one->refused, act);
    }
    return level;
}

static enum vl_level level_of_sealed(const struct vl_finding *finding,
                                     const uint8_t act[VL_HASH_LEN])
{
    enum vl_level level = VL_LEVEL_CLAIMED;

    for (size_t i = 0; i < finding->sealed_count; i++)
        if (same(finding->sealed[i].act, act) && finding->sealed[i].level > level)
            level = finding->sealed[i].level;
    return level;
}

/* How far it is proven that this is so; of words, that they were said. */
static enum vl_level level_of(const struct vl_finding *finding, const struct vl_found_event *event)
{
    const struct vl_found_claim *claim = claim_of(finding, event->act);

    if (claim)
        return claim->level;
    switch ((int)event->kind) {
    case VL_KIND_SEALED:
        return level_of_sealed(finding, event->act);
    case VL_KIND_RECEIPTED:
    case VL_KIND_REFUSED:
    case VL_KIND_REACHED:
    case VL_KIND_OPENED:
        return level_of_fact(finding, event->act);
    default:
        return event->is_ok ? VL_LEVEL_PROVEN : VL_LEVEL_CLAIMED;
    }
}

static bool is_disputed(const struct vl_finding *finding, const struct vl_found_event *event,
                        const struct vl_found_said *said)
{
    if (said && (said->states & VL_SAID_DISPUTED))
        return true;
    for (size_t i = 0; i < finding->dispute_count; i++)
        if (has(&finding->disputes[i].acts, event->act))
            return true;
    for (size_t i = 0; i < finding->said_count; i++) {
        const struct vl_statement *statement = finding->said[i].statement;

        for (size_t j = 0; statement && j < statement->about_count; j++)
            if (statement->about[j].relation == VL_RELATION_DISPUTES &&
                same(statement->about[j].id, event->act))
                return true;
    }
    return false;
}

static bool is_contradicted(const struct vl_finding *finding, const struct vl_found_event *event,
                            const struct vl_found_said *said)
{
    if (said && said->against == VL_AGAINST_CONTRADICTED)
        return true;
    for (size_t i = 0; i < finding->contradiction_count; i++)
        if (has(&finding->contradictions[i].acts, event->act))
            return true;
    return false;
}

/* --- the row ---------------------------------------------------------------------------------- */

/* What does not fit any more is nothing: room is for the longest of all of them. */
static const char *keep(struct vl_export_row *row, const char *text)
{
    const size_t size = strlen(text) + 1;
    char *kept = row->room + row->used;

    if (size > sizeof row->room - row->used)
        return NULL;
    memcpy(kept, text, size);
    row->used += size;
    return kept;
}

/* A stranger's, made safe; none is nothing. */
static const char *keep_safe(struct vl_export_row *row, vl_bytes text, size_t room)
{
    char safe[SENTENCE_ROOM];

    return text.len == 0
               ? NULL
               : keep(row, vl_text_safe(safe, room < sizeof safe ? room : sizeof safe, text));
}

static const char *keep_office(struct vl_export_row *row, const struct vl_office_id *office)
{
    char address[VL_OFFICE_TEXT];

    return keep(row, vl_office_id_text(office, address));
}

static const char *keep_time(struct vl_export_row *row, bool there, int64_t seconds)
{
    char time[VL_TIME_TEXT];

    return there ? keep(row, vl_time_text(seconds, time)) : NULL;
}

static const char *flag(bool yes)
{
    return yes ? "true" : "false";
}

static const char *marks_of(struct vl_export_row *row, uint32_t marks)
{
    char text[MARKS_ROOM] = "";
    size_t used = 0;

    for (unsigned i = 0; i < VL_MARK_COUNT; i++)
        if (marks >> i & 1)
            used += (size_t)snprintf(text + used, sizeof text - used, "%s%s", used ? " " : "",
                                     vl_mark_word((enum vl_mark_at)i));
    return keep(row, text);
}

/* PROTOCOL 17: proven is always against somebody.  A receipt under a good mandate is so against
 * its principal, too. */
static const char *against_of(struct vl_export_row *row, const struct vl_finding *finding,
                              const struct vl_found_event *event, enum vl_level level)
{
    char text[VL_EXPORT_ROW_ROOM / 4] = "";
    size_t used = 0;

    if (level != VL_LEVEL_PROVEN)
        return "";
    used += (size_t)snprintf(text, sizeof text, "%s", keep_office(row, &event->by));
    for (size_t i = 0; i < finding->addressee_count && used + VL_OFFICE_TEXT < sizeof text; i++) {
        const struct vl_found_addressee *one = &finding->addressees[i];
        char address[VL_OFFICE_TEXT];

        if (one->receipted_for_office.level == VL_LEVEL_PROVEN &&
            !vl_office_id_eq(&one->office, &event->by) &&
            has(&one->receipted_for_office.acts, event->act))
            used += (size_t)snprintf(text + used, sizeof text - used, " %s",
                                     vl_office_id_text(&one->office, address));
    }
    return keep(row, text);
}

/* A code is never without a sentence: it says what the code is of, and how much it leaves out. */
static const char *sentence_of(struct vl_export_row *row, const struct vl_found_event *event,
                               const struct vl_found_said *said)
{
    const vl_bytes text = !said               ? VL_BYTES_NONE
                          : said->statement   ? said->statement->text
                          : said->translation ? said->translation->text
                                              : VL_BYTES_NONE;
    const vl_bytes shown = vl_text_first(text, SENTENCE_ROOM / 2);
    char by[VL_OFFICE_TEXT], other[VL_OFFICE_TEXT], sentence[SENTENCE_ROOM];

    (void)snprintf(sentence, sizeof sentence, "%s: %s%s%s%s%.*s%s%s",
                   vl_office_id_text(&event->by, by), vl_kind_words(event->kind),
                   event->has_other ? ", naming " : "",
                   event->has_other ? vl_office_id_text(&event->other, other) : "",
                   text.len > 0 ? ": \"" : "", (int)shown.len,
                   text.len > 0 ? (const char *)shown.ptr : "", shown.len < text.len ? " ..." : "",
                   text.len > 0 ? "\"" : "");
    return keep_safe(row, vl_bytes_str(sentence), SENTENCE_ROOM);
}

static const char *uri_of(struct vl_export_row *row, enum vl_export_format format,
                          const struct vl_code *code)
{
    char uri[sizeof ETSI_URI + 64];

    if (format != VL_EXPORT_ETSI || !code->name)
        return NULL;
    (void)snprintf(uri, sizeof uri, ETSI_URI "%s", code->name);
    return keep(row, uri);
}

static const char *is_not(enum vl_export_format format)
{
    return format == VL_EXPORT_ETSI
               ? "not an ERDS evidence: no provider of a delivery service signed it"
           : format == VL_EXPORT_UPU ? "not an EMSEVT scan: no post made it"
                                     : "not a coder's work: read the sentence";
}

static const char *role_of(const struct vl_finding *finding, const struct vl_found_event *event)
{
    return is_sender(finding, &event->by)           ? "sender"
           : is_addressee(finding, &event->by)      ? "addressee"
           : event->capacity == VL_CAPACITY_CARRIER ? "courier"
                                                    : "another office";
}

static void fill_code(enum vl_export_format format, const struct vl_code *code, enum vl_level level,
                      struct vl_export_row *row)
{
    const bool fits = level >= VL_LEVEL_CORROBORATED && !code->claim_only;

    row->at[VL_COLUMN_RELATION] = !code->code ? "maps to nothing"
                                  : fits      ? "maps to"
                                              : "claimed only: would map to";
    row->at[VL_COLUMN_MAPS_TO] = fits ? code->code : NULL;
    row->at[VL_COLUMN_WOULD_MAP_TO] = fits ? NULL : code->code;
    row->at[VL_COLUMN_CODE_NAME] = code->name;
    row->at[VL_COLUMN_CODE_URI] = uri_of(row, format, code);
    row->at[VL_COLUMN_NOTE] = code->note;
    row->at[VL_COLUMN_SEE_ALSO] = vl_code_see_also(code->kind);
    row->at[VL_COLUMN_REVERSED] = flag(code->reversed);
    row->at[VL_COLUMN_IS_NOT] = is_not(format);
    row->at[VL_COLUMN_SERVICE] = VL_NOT_QUALIFIED;
}

static void fill_names(const struct vl_finding *finding, const struct vl_found_event *event,
                       struct vl_export_row *row)
{
    char number[VL_NUMBER_TEXT];

    row->at[VL_COLUMN_LETTER] = keep(row, vl_number_text(VL_LETTER_HRP, finding->number, number));
    row->at[VL_COLUMN_ACT] = keep(row, vl_number_text(VL_ACT_HRP, event->act, number));
    row->at[VL_COLUMN_KIND] = vl_kind_word(event->kind);
    row->at[VL_COLUMN_ISSUER] = keep_office(row, &event->by);
    row->at[VL_COLUMN_ISSUER_ROLE] = vl_capacity_word(event->capacity);
    row->at[VL_COLUMN_ISSUER_IS] = role_of(finding, event);
    row->at[VL_COLUMN_OTHER] = event->has_other ? keep_office(row, &event->other) : NULL;
    row->at[VL_COLUMN_DONE_AT] = keep_time(row, event->has_at, (int64_t)(event->at_ms / 1000));
    row->at[VL_COLUMN_SIGNED_AT] = keep_time(row, event->has_iat, event->iat_s);
    row->at[VL_COLUMN_AS_OF] = keep_time(row, true, finding->as_of_s);
}

void vl_export_row_fill(enum vl_export_format format, const struct vl_finding *finding,
                        const struct vl_found_event *event, const struct vl_code *code,
                        struct vl_export_row *row)
{
    const struct vl_found_said *said = said_of(finding, event->act);
    const struct vl_found_claim *claim = claim_of(finding, event->act);
    const enum vl_level level = level_of(finding, event);

    row->used = 0;
    fill_names(finding, event, row);
    fill_code(format, code, level, row);
    row->at[VL_COLUMN_LEVEL] = vl_level_word(level);
    row->at[VL_COLUMN_CONTENT_LEVEL] = !said              ? NULL
                                       : said->is_hearsay ? "hearsay"
                                                          : vl_level_word(VL_LEVEL_CLAIMED);
    row->at[VL_COLUMN_PROVEN_AGAINST] = against_of(row, finding, event, level);
    row->at[VL_COLUMN_MARKS] = marks_of(row, event->marks);
    row->at[VL_COLUMN_DISPUTED] = flag(is_disputed(finding, event, said));
    row->at[VL_COLUMN_CONTRADICTED] = flag(is_contradicted(finding, event, said));
    row->at[VL_COLUMN_REASON] = keep_safe(row, claim ? claim->reason : VL_BYTES_NONE, REASON_ROOM);
    row->at[VL_COLUMN_SENTENCE] = sentence_of(row, event, said);
}
