/* SPDX-License-Identifier: Apache-2.0 */
/* mail/coding.h: how bytes were made fit for mail (RFC 2045, 6), undone. */
#ifndef VL_MAIL_CODING_H
#define VL_MAIL_CODING_H

#include "base/bytes.h"

/* Is it one that leaves everything as it is: 7bit, 8bit, binary, or none? */
bool vl_coding_is_plain(const char *coding);
/* Append what the body stands for; coding is in small letters.  UNSUPPORTED for one that is not
 * known here; FORMAT for a body that is not quite so, such as base64 that ends early; NO_MEMORY,
 * LIMIT.  On failure out may have a part. */
enum vl_err vl_coding_read(const char *coding, vl_bytes body, struct vl_buf *out,
                           struct vl_why *why) VL_MUST_USE;

/* The Q and the B of RFC 2047 (4): Q has '_' for a space, and of B the "=" at its end may lack.
 * FORMAT, NO_MEMORY, LIMIT; on failure out may have a part. */
enum vl_err vl_coding_read_q(vl_bytes text, struct vl_buf *out) VL_MUST_USE;
enum vl_err vl_coding_read_b(vl_bytes text, struct vl_buf *out) VL_MUST_USE;

#endif
