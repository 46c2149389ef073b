/* SPDX-License-Identifier: Apache-2.0 */
/* mime/body.h: what is under the head of a mail: one part, or parts within parts; for mime/ alone.
 */
#ifndef VL_MIME_BODY_H
#define VL_MIME_BODY_H

#include "mail/mail.h"
#include "mime/gmime.h"

/* Fill mail->parts, for which there is room; body, which may be NULL, was read from the wire.
 * FORMAT, LIMIT, UNSUPPORTED, NO_MEMORY; on failure mail has parts to be released. */
enum vl_err vl_mime_body(GMimeObject *body, GMimeParserOptions *options, vl_bytes wire,
                         struct vl_mail *mail, struct vl_why *why) VL_MUST_USE;

#endif
