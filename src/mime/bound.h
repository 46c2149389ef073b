/* SPDX-License-Identifier: Apache-2.0 */
/* mime/bound.h: how much of what costs a reader of mails dearly may be in one; for mime/ alone. */
#ifndef VL_MIME_BOUND_H
#define VL_MIME_BOUND_H

#include "base/bytes.h"

/* Of the mail's own head. */
#define VL_MIME_MAX_HEAD ((size_t)1 << 20)
/* Of a Content-Type or Content-Disposition: GMime compares each with all others. */
#define VL_MIME_MAX_PARAMETERS 128
/* Of To, Cc and their like: GMime goes one call deeper for each group within a group. */
#define VL_MIME_MAX_GROUPS 1024

/* LIMIT for a mail with more than that.  Where its parts begin is not looked for: a line of a text
 * that is like such a field, with so much in it, is refused as well. */
enum vl_err vl_mime_bound(vl_bytes wire, struct vl_why *why) VL_MUST_USE;

#endif
