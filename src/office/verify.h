/* SPDX-License-Identifier: Apache-2.0 */
/* office/verify.h: any file: what it is, who signed it, what that proves; offline, and without a
 * home if need be. */
#ifndef VL_OFFICE_VERIFY_H
#define VL_OFFICE_VERIFY_H

#include "office/home.h"
#include "office/pump.h"
#include "office/sending.h"
#include "view/report.h"

struct vl_verify_request {
    const char *path;
    struct vl_home *home;     /* whose cards count; NULL: only those given and those in the file */
    const char *const *cards; /* card files */
    size_t card_count;
    unsigned workers;
    struct vl_progress progress;
};

/* Fill the report.  VL_OK: everything in it that can be checked is so.  UNVERIFIED, FORMAT, LIMIT,
 * UNSUPPORTED: something is not; NOT_FOUND: a card that is needed is missing, or the file; what the
 * report says until then stands. */
enum vl_err vl_verify_file(const struct vl_verify_request *request, struct vl_report *report,
                           struct vl_why *why) VL_MUST_USE;

#endif
