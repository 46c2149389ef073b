/* SPDX-License-Identifier: Apache-2.0 */
/* office/status.h: what the evidence at hand proves about a letter or an invitation: of a home, or
 * of a file that somebody shows. */
#ifndef VL_OFFICE_STATUS_H
#define VL_OFFICE_STATUS_H

#include "finding/finding.h"
#include "office/home.h"

/* Owns everything that the finding borrows. */
struct vl_status {
    struct vl_buf file;
    struct vl_evidence evidence;
    struct vl_finding_set *set;
    struct vl_finding finding;
};
#define VL_STATUS_INIT                                                                             \
    {                                                                                              \
        .file = {NULL, 0, 0, VL_EVIDENCE_MAX_LEN}, .evidence = VL_EVIDENCE_INIT,                   \
        .finding = VL_FINDING_INIT                                                                 \
    }
void vl_status_release(struct vl_status *status);

/* Of a letter that this home knows; or with a row of nothing but a number, of the invitation of
 * this id, or what was said about the act, office or document.  *status must be VL_STATUS_INIT and
 * is again on failure. */
enum vl_err vl_status_letter(struct vl_home *home, const struct vl_letter_row *row, int64_t as_of_s,
                             struct vl_status *status, struct vl_why *why) VL_MUST_USE;

/* Every letter and every invitation that an evidence file is about, by number.  home may be NULL:
 * then no card counts as checked.  visit() ends it with anything but VL_OK. */
typedef enum vl_err (*vl_finding_visit)(void *self, const struct vl_finding *finding,
                                        struct vl_why *why);
enum vl_err vl_status_file(struct vl_home *home, vl_bytes evidence, int64_t as_of_s,
                           vl_finding_visit visit, void *self, struct vl_why *why) VL_MUST_USE;

#endif
