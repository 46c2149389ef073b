/* SPDX-License-Identifier: Apache-2.0 */
/* office/take_evidence.h: cards, waybills and acts that came as an evidence file. */
#ifndef VL_OFFICE_TAKE_EVIDENCE_H
#define VL_OFFICE_TAKE_EVIDENCE_H

#include "office/take.h"

/* Verify all of it and keep what is about letters that are here: all of that, or nothing.  Cards of
 * offices that were not known are kept without a petname, not checked.  UNVERIFIED, FORMAT, LIMIT,
 * NOT_FOUND (signed by an office whose card is neither here nor in the file). */
enum vl_err vl_take_evidence(struct vl_home *home, const char *path, int64_t now_s,
                             struct vl_taken *taken, struct vl_why *why) VL_MUST_USE;

#endif
