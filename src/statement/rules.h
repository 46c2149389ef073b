/* SPDX-License-Identifier: Apache-2.0 */
/* statement/rules.h: what reading and writing of this room check alike. */
#ifndef VL_STATEMENT_RULES_H
#define VL_STATEMENT_RULES_H

#include "statement/statement.h"

/* Who speaks: nobody for another but a delegate, and a delegate for another only (PROTOCOL 1).
 * principal is NULL when it says none.  FORMAT. */
enum vl_err vl_speaker_check(const struct vl_act *act, const struct vl_office_id *issuer,
                             const struct vl_office_id *principal, struct vl_why *why) VL_MUST_USE;
/* What the kind must say, and must not.  FORMAT. */
enum vl_err vl_statement_check(const struct vl_statement *statement,
                               const struct vl_office_id *issuer, struct vl_why *why) VL_MUST_USE;

#endif
