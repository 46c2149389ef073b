/* SPDX-License-Identifier: Apache-2.0 */
/* view/report.h: what something is, what it proves and what it does not, in whole sentences: the
 * same for a terminal and for JSON. */
#ifndef VL_VIEW_REPORT_H
#define VL_VIEW_REPORT_H

#include "view/doc.h"

enum vl_report_section {
    VL_REPORT_FACT,    /* "from", "to", "date": a name and a value */
    VL_REPORT_PROVEN,  /* a sentence */
    VL_REPORT_CLAIMED, /* somebody says so, and no more */
    VL_REPORT_NOT_PROVEN,
    VL_REPORT_WARNING,
    VL_REPORT_SECTIONS
};

struct vl_report_line {
    enum vl_report_section section;
    const char *name; /* of a fact; a literal */
    char *text;       /* UTF-8; perhaps with what strangers wrote */
};

struct vl_report {
    const char *what;  /* a word for machines: "open-letter" */
    const char *words; /* a person reads: "an open letter" */
    size_t count;
    size_t cap;
    struct vl_report_line *lines;
    enum vl_err err; /* the first failure of adding a line: NO_MEMORY */
};
#define VL_REPORT_INIT                                                                             \
    {                                                                                              \
        .what = "unknown", .words = "something"                                                    \
    }
void vl_report_release(struct vl_report *report);

/* Add a line; a failure latches in err. */
void vl_report_add(struct vl_report *report, enum vl_report_section section, const char *name,
                   const char *format, ...) VL_PRINTF(4, 5);
/* "Proven:", "Claimed:", ...: how a section is headed. */
const char *vl_report_heading(enum vl_report_section section);

/* Its lines as members of a document: "facts", and a list of sentences for each section. */
void vl_report_doc(struct vl_doc *doc, const struct vl_report *report);

/* Sentences that stand in many places, said once (DECISIONS: nothing is called delivered,
 * registered or qualified). */
#define VL_SAYS_NOT_TRUE  "that the content is true"
#define VL_SAYS_NOT_READ  "that a person read it"
#define VL_SAYS_NOT_FREE  "that whoever held the key signed freely"
#define VL_SAYS_NO_COPIES "that there is no other copy"
#define VL_SAYS_NOT_WHO   "who holds the keys: that is for you to check, by its words"

#endif
