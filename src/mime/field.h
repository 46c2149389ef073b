/* SPDX-License-Identifier: Apache-2.0 */
/* mime/field.h: fields of a head, and character sets read into UTF-8; for mime/ alone. */
#ifndef VL_MIME_FIELD_H
#define VL_MIME_FIELD_H

#include "mail/mail.h"
#include "mime/gmime.h"

/* Append bytes of this character set as UTF-8.  UNSUPPORTED for a set that is not known here,
 * FORMAT for bytes that are nothing in it; NO_MEMORY, LIMIT. */
enum vl_err vl_mime_convert(const char *charset, vl_bytes bytes, struct vl_buf *out,
                            struct vl_why *why) VL_MUST_USE;

/* Append a value with its encoded words (RFC 2047) as text; or, as_word, each run of them as one
 * word, for GMime to read.  Fails like vl_mime_convert, also for what is no UTF-8 or has a NUL; on
 * failure out may have a part. */
enum vl_err vl_mime_words(const char *value, bool as_word, struct vl_buf *out,
                          struct vl_why *why) VL_MUST_USE;

/* The field of this name, or NULL.  FORMAT when there are two: nobody could say which of them
 * another reader takes. */
enum vl_err vl_mime_field_find(GMimeObject *object, const char *name, GMimeHeader **field,
                               struct vl_why *why) VL_MUST_USE;

/* What the mail says of itself, into mail->fields.  What cannot be read is kept as it came, and is
 * a failure (subject_err) only for the subject.  FORMAT, LIMIT, NO_MEMORY. */
enum vl_err vl_mime_fields(GMimeObject *message, struct vl_mail *mail,
                           struct vl_why *why) VL_MUST_USE;

#endif
