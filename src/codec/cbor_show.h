/* SPDX-License-Identifier: Apache-2.0 */
/* codec/cbor_show.h: any CBOR (RFC 8949) as people read it: diagnostic notation (RFC 8949, 8). */
#ifndef VL_CODEC_CBOR_SHOW_H
#define VL_CODEC_CBOR_SHOW_H

#include "base/bytes.h"

/* Arrays, maps, tags and strings in chunks, one inside the other. */
#define VL_CBOR_SHOW_MAX_DEPTH 64
/* Of a longer string only so many bytes are shown, and how long it is. */
#define VL_CBOR_SHOW_MAX_STRING 64

/* Append the first item of wire, in one line of printable ASCII; *len is how long the item is.
 * Heads of any length, indefinite lengths, floats and simple values are all shown; maps keep their
 * order, and a key twice is shown twice.  FORMAT for what is not well-formed, LIMIT for what is
 * nested too deeply and for more text than out takes; out then has what was shown so far. */
enum vl_err vl_cbor_show(vl_bytes wire, struct vl_buf *out, size_t *len,
                         struct vl_why *why) VL_MUST_USE;

#endif
