/* SPDX-License-Identifier: Apache-2.0 */
/* mail/head.h: the head of a mail or of a part of one: its fields (RFC 5322, 2.2). */
#ifndef VL_MAIL_HEAD_H
#define VL_MAIL_HEAD_H

#include "base/bytes.h"

#define VL_HEAD_MAX ((size_t)256 << 10) /* all fields of one head */

/* Take the next line off the front; it is without its end, LF or CR LF.  False when nothing is
 * left. */
bool vl_line_take(vl_bytes *left, vl_bytes *line);

/* Does a field begin with this line? */
bool vl_head_is_field(vl_bytes line);
/* Take the head off the front, and the empty line behind it; a mail may end with its head.  FORMAT
 * for a line that is no field, LIMIT over VL_HEAD_MAX. */
enum vl_err vl_head_take(vl_bytes *left, vl_bytes *head, struct vl_why *why) VL_MUST_USE;
/* The value of the field of this name (in small letters), still folded, borrowed from a head that
 * was taken; its ptr is NULL when there is none.  FORMAT when there are two: nobody could say which
 * of them another reader takes. */
enum vl_err vl_head_find(vl_bytes head, const char *name, vl_bytes *value,
                         struct vl_why *why) VL_MUST_USE;

#endif
