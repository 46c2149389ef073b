/* SPDX-License-Identifier: Apache-2.0 */
/* mail/charset.h: character sets as mails name them, read into UTF-8.
 *
 * Tables of our own in place of iconv(3), which loads code from files that the environment names.
 */
#ifndef VL_MAIL_CHARSET_H
#define VL_MAIL_CHARSET_H

#include "base/bytes.h"

/* Append bytes of this character set as UTF-8.  UNSUPPORTED for a set that is not known here,
 * FORMAT for bytes that are nothing in it; NO_MEMORY, LIMIT.  On failure out may have a part. */
enum vl_err vl_charset_read(vl_bytes charset, vl_bytes bytes, struct vl_buf *out,
                            struct vl_why *why) VL_MUST_USE;

#endif
