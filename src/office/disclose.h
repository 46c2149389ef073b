/* SPDX-License-Identifier: Apache-2.0 */
/* office/disclose.h: show one field, one part or all of a letter so that anyone can check it. */
#ifndef VL_OFFICE_DISCLOSE_H
#define VL_OFFICE_DISCLOSE_H

#include "letter/disclosure.h"
#include "office/open.h"

struct vl_disclose_request {
    const char *letter;        /* eight symbols or more */
    const char *const *fields; /* words of VL_FIELD_TABLE */
    size_t field_count;
    const char *const *parts; /* by name, or by place from 1 */
    size_t part_count;
    bool whole; /* the envelope and its file key: all of it */
    /* Also the waybill and what was signed about it, which name the addressees: then it can be
     * shown that the envelope of this number holds it. */
    bool with_evidence;
    const char *output;
    unsigned out_flags;
    bool dry_run; /* all of it, and nothing stays */
    unsigned workers;
    struct vl_asker asker;
    struct vl_progress progress;
};

/* USAGE for nothing to disclose; NOT_FOUND for a field or part that is not in the letter; else as
 * vl_letter_judge.  The output is there, whole and durable, or not at all. */
enum vl_err vl_disclose(struct vl_home *home, const struct vl_disclose_request *request,
                        struct vl_opening *opening, uint64_t *output_bytes,
                        struct vl_why *why) VL_MUST_USE;

#endif
