/* SPDX-License-Identifier: Apache-2.0 */
/* mail/encoded.h: text of a head with encoded words in it, =?utf-8?Q?=E2=82=AC?= (RFC 2047). */
#ifndef VL_MAIL_ENCODED_H
#define VL_MAIL_ENCODED_H

#include "base/bytes.h"

/* Append the value of a field as UTF-8, unfolded.  What is no encoded word stays as it is, also
 * bytes that are no UTF-8.  UNSUPPORTED for a character set that is not known here, FORMAT for
 * bytes that are nothing in theirs; NO_MEMORY, LIMIT.  On failure out may have a part. */
enum vl_err vl_encoded_read(vl_bytes value, struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
/* The same without a look into encoded words: unfolded, and no more. */
enum vl_err vl_encoded_unfold(vl_bytes value, struct vl_buf *out) VL_MUST_USE;

#endif
