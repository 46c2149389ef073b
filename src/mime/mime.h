/* SPDX-License-Identifier: Apache-2.0 */
/* mime/mime.h: a mail as somebody saved it, taken apart (RFC 5322 and MIME) with GMime. */
#ifndef VL_MIME_MIME_H
#define VL_MIME_MIME_H

#include "mail/mail.h"

/* Before anything else, once. */
void vl_mime_begin(void);

/* Take a mail apart.  *mail must be VL_MAIL_INIT and is again on failure; it borrows nothing.
 * FORMAT for what is no mail, is cut short or could be read in two ways; LIMIT with the limit;
 * UNSUPPORTED for a character set or a coding that is not known here; NO_MEMORY.  GLib ends the
 * process when it has no memory. */
enum vl_err vl_mime_parse(vl_bytes wire, struct vl_mail *mail, struct vl_why *why) VL_MUST_USE;

#endif
