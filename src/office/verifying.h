/* SPDX-License-Identifier: Apache-2.0 */
/* office/verifying.h: what the parts of `verify` share: the cards at hand and the report. */
#ifndef VL_OFFICE_VERIFYING_H
#define VL_OFFICE_VERIFYING_H

#include "letter/disclosure.h"
#include "office/verify.h"

struct vl_verifying {
    const struct vl_verify_request *request;
    struct vl_report *report;
    size_t given_count; /* of card files */
    struct vl_chain *given;
    struct vl_evidence evidence; /* of the file, or inside it */
};

/* A chain from the home, else from the given cards, else from the file itself; or NULL. */
const struct vl_chain *vl_verifying_chain(void *self, const struct vl_office_id *office);
/* How the report calls an office: by its name when this home checked it, else by its address. */
const char *vl_verifying_name(struct vl_verifying *verifying, const struct vl_office_id *office,
                              char out[VL_OFFICE_NAME_ROOM]);
/* Verify one signed object and say, at `level` at most, that its office did what the words tell:
 * "NAME signed this".  NOT_FOUND when there is no card. */
enum vl_err vl_verifying_signature(struct vl_verifying *verifying, const struct vl_object *object,
                                   enum vl_report_section level, const char *words,
                                   struct vl_why *why) VL_MUST_USE;
/* Report what an evidence file proves. */
enum vl_err vl_verifying_evidence(struct vl_verifying *verifying, struct vl_why *why) VL_MUST_USE;
/* Facts of a letter that its manifest opens. */
void vl_verifying_manifest(struct vl_verifying *verifying, const struct vl_manifest *manifest,
                           const bool shown[VL_FIELD_COUNT]);
/* An archive: open letter, disclosed copy, or disclosure. */
enum vl_err vl_verifying_archive(struct vl_verifying *verifying, struct vl_why *why) VL_MUST_USE;

#endif
