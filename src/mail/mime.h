/* SPDX-License-Identifier: Apache-2.0 */
/* mail/mime.h: values such as  text/plain; charset=utf-8  (RFC 2045, 2183, 2231). */
#ifndef VL_MAIL_MIME_H
#define VL_MAIL_MIME_H

#include "base/bytes.h"

#define VL_MIME_WORD       128 /* "application/vnd...", and a NUL */
#define VL_MIME_MAX_PIECES 64  /* of one parameter (RFC 2231, 3) */

/* What the value begins with, in small letters and without comments; empty when there is nothing,
 * or more than there is room for, or something else than ASCII.  Returns out. */
const char *vl_mime_word(vl_bytes value, char out[VL_MIME_WORD]);

/* Append the parameter of this name (in small letters): whole, or put together from pieces; nothing
 * when there is none.  FORMAT when it is there twice, LIMIT over VL_MIME_MAX_PIECES, NO_MEMORY. */
enum vl_err vl_mime_param(vl_bytes value, const char *name, struct vl_buf *out,
                          struct vl_why *why) VL_MUST_USE;
/* The same for a name that people gave: read into UTF-8 where it is encoded, in either way.  What
 * cannot be read stays as it stands. */
enum vl_err vl_mime_name(vl_bytes value, const char *name, struct vl_buf *out,
                         struct vl_why *why) VL_MUST_USE;

#endif
