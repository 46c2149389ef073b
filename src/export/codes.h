/* SPDX-License-Identifier: Apache-2.0 */
/* export/codes.h: the nearest words of others for what is signed here.
 *
 * In those vocabularies a provider, a post or a coder says these things; here offices do, each for
 * itself.  So a code is what an act maps to and never what it is, and a courier's word that it
 * handed a letter over maps to nothing at all. */
#ifndef VL_EXPORT_CODES_H
#define VL_EXPORT_CODES_H

#include "card/act.h"
#include "card/kind.h"

/* What can be written about one letter, or one invitation.  Another format is a row here, a writer,
 * and a row in the table of cli/cmd_export.c; one with codes has a list in codes.c, too. */
/* clang-format off */
#define VL_EXPORT_TABLE(X)                                                                 \
    /* code        word           as           of what                                */   \
    X(ETSI,        "etsi",        "JSON",      "the events of ETSI EN 319 522")            \
    X(UPU,         "upu",         "CSV",       "the events of UPU EMSEVT, and forms")      \
    X(CAMEO,       "cameo",       "TSV",       "the event codes of CAMEO 1.1b3")           \
    X(CERTIFICATE, "certificate", "HTML",      "what is proven and what is not, to print") \
    X(PDF,         "pdf",         "PDF",       "the same, on sheets of A4")                \
    X(ICS,         "ics",         "iCalendar", "an invitation, for a calendar")
/* clang-format on */
enum vl_export_format {
#define X(code, word, as, words) VL_EXPORT_##code,
    VL_EXPORT_TABLE(X)
#undef X
        VL_EXPORT_COUNT
};
const char *vl_export_word(enum vl_export_format format);
/* "JSON" */
const char *vl_export_as(enum vl_export_format format);
const char *vl_export_words(enum vl_export_format format);
/* VL_EXPORT_COUNT for a word that is none. */
enum vl_export_format vl_export_of_word(const char *word);

/* In which cases a code is the nearest one; all of its bits must be so. */
enum vl_code_case {
    VL_CODE_FROM_SENDER = 1,   /* whoever gave the letter is its sender */
    VL_CODE_FROM_OTHER = 2,    /* is somebody else */
    VL_CODE_FROM_NOBODY = 4,   /* is not named */
    VL_CODE_AS_CARRIER = 8,    /* the signer acts as carrier */
    VL_CODE_AS_RECIPIENT = 16, /* in any other capacity */
    VL_CODE_OF_SILENCE = 32,   /* words that nothing was heard */
    VL_CODE_OF_WORDS = 64,     /* any other ones */
};

struct vl_code {
    enum vl_kind kind;
    unsigned cases;   /* bits of enum vl_code_case */
    const char *code; /* NULL: nothing there is like it */
    const char *name; /* what it is called there; NULL with the code */
    const char *note; /* NULL, or what has to be known beside it */
    bool claim_only;  /* whatever is proven: a word of whoever says it, and no more */
    bool reversed;    /* of CAMEO: whoever signs is the target */
};

/* The codes of this kind in these cases, one after another: `last` is NULL for the first, and NULL
 * ends it.  There is at least one, perhaps with a code of NULL, for every kind and each format that
 * has codes. */
const struct vl_code *vl_code_next(enum vl_export_format format, enum vl_kind kind, unsigned cases,
                                   const struct vl_code *last);
/* What else comes near it: ISO/IEC 13888, EPCIS, PROV and others; NULL when nothing does. */
const char *vl_code_see_also(enum vl_kind kind);

#endif
