/* SPDX-License-Identifier: Apache-2.0 */
/* export/row.h: one act of a finding beside one code, as text. */
#ifndef VL_EXPORT_ROW_H
#define VL_EXPORT_ROW_H

#include "export/codes.h"
#include "finding/finding.h"

/* clang-format off */
#define VL_EXPORT_COLUMN_TABLE(X)                     \
    X(LETTER,         "letter",         TEXT)         \
    X(ACT,            "act",            TEXT)         \
    X(KIND,           "kind",           TEXT)         \
    X(RELATION,       "relation",       TEXT)         \
    X(MAPS_TO,        "maps_to",        TEXT)         \
    X(WOULD_MAP_TO,   "would_map_to",   TEXT)         \
    X(CODE_NAME,      "code_name",      TEXT)         \
    X(CODE_URI,       "code_uri",       TEXT)         \
    X(NOTE,           "note",           TEXT)         \
    X(SEE_ALSO,       "see_also",       TEXT)         \
    X(ISSUER,         "issuer",         TEXT)         \
    X(ISSUER_ROLE,    "issuer_role",    TEXT)         \
    X(ISSUER_IS,      "issuer_is",      TEXT)         \
    X(OTHER,          "other",          TEXT)         \
    X(REVERSED,       "reversed",       FLAG)         \
    X(LEVEL,          "level",          TEXT)         \
    X(CONTENT_LEVEL,  "content_level",  TEXT)         \
    X(PROVEN_AGAINST, "proven_against", LIST)         \
    X(MARKS,          "marks",          LIST)         \
    X(DISPUTED,       "disputed",       FLAG)         \
    X(CONTRADICTED,   "contradicted",   FLAG)         \
    X(DONE_AT,        "done_at",        TEXT)         \
    X(SIGNED_AT,      "signed_at",      TEXT)         \
    X(REASON,         "reason",         TEXT)         \
    X(SENTENCE,       "sentence",       TEXT)         \
    X(IS_NOT,         "is_not",         TEXT)         \
    X(SERVICE,        "service",        TEXT)         \
    X(AS_OF,          "as_of",          TEXT)
/* clang-format on */
enum vl_export_column {
#define X(code, name, type) VL_COLUMN_##code,
    VL_EXPORT_COLUMN_TABLE(X)
#undef X
        VL_COLUMN_COUNT
};
enum vl_column_type { VL_COLUMN_TEXT, VL_COLUMN_FLAG, VL_COLUMN_LIST };

const char *vl_column_name(enum vl_export_column column);
enum vl_column_type vl_column_type(enum vl_export_column column);

/* Ours, a stranger's made safe to show (vl_text_safe), or NULL for nothing.  Flags are "true" and
 * "false", lists are words with a space between. */
#define VL_EXPORT_ROW_ROOM 16384
struct vl_export_row {
    const char *at[VL_COLUMN_COUNT];
    size_t used;
    char room[VL_EXPORT_ROW_ROOM]; /* what `at` points at and is not ours */
};

/* Of one act of the finding and a code of this format's list for it. */
void vl_export_row_fill(enum vl_export_format format, const struct vl_finding *finding,
                        const struct vl_found_event *event, const struct vl_code *code,
                        struct vl_export_row *row);
/* In which cases this act is, for vl_code_next. */
unsigned vl_export_cases(const struct vl_finding *finding, const struct vl_found_event *event);

#endif
