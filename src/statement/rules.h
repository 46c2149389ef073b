/* SPDX-License-Identifier: Apache-2.0 */
/* statement/rules.h: what reading and writing of this room check alike. */
#ifndef VL_STATEMENT_RULES_H
#define VL_STATEMENT_RULES_H

#include "statement/invitation.h"

/* Who speaks: nobody for another but a delegate, and a delegate for another only (PROTOCOL 1).
 * principal is NULL when it says none.  FORMAT. */
enum vl_err vl_speaker_check(const struct vl_act *act, const struct vl_office_id *issuer,
                             const struct vl_office_id *principal, struct vl_why *why) VL_MUST_USE;
/* What the kind must say, and must not.  FORMAT. */
enum vl_err vl_statement_check(const struct vl_statement *statement,
                               const struct vl_office_id *issuer, struct vl_why *why) VL_MUST_USE;
/* Who does it, and what it must say, and must not; its id is set.  FORMAT. */
enum vl_err vl_invitation_check(const struct vl_invitation *invitation,
                                const struct vl_office_id *issuer, struct vl_why *why) VL_MUST_USE;
/* Its payload by itself, its id set and its rules checked; *invitation must be empty.  FORMAT,
 * LIMIT, UNSUPPORTED. */
enum vl_err vl_invitation_read_payload(vl_bytes wire, const struct vl_office_id *issuer,
                                       struct vl_invitation *invitation,
                                       struct vl_why *why) VL_MUST_USE;

#endif
