/* SPDX-License-Identifier: Apache-2.0 */
/* mail/body.h: what is under the head of a mail: one part, or parts within parts (RFC 2046). */
#ifndef VL_MAIL_BODY_H
#define VL_MAIL_BODY_H

#include "mail/mail.h"

/* Fill mail->parts, for which there is room.  FORMAT, LIMIT, UNSUPPORTED, NO_MEMORY; on failure
 * mail has parts to be released. */
enum vl_err vl_mail_body(vl_bytes head, vl_bytes body, struct vl_mail *mail,
                         struct vl_why *why) VL_MUST_USE;

#endif
