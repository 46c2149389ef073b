/* SPDX-License-Identifier: Apache-2.0 */
/* codec/base64.h: base64 (RFC 4648, 4) as age wants it: canonical, or not at all. */
#ifndef VL_CODEC_BASE64_H
#define VL_CODEC_BASE64_H

#include "base/bytes.h"

/* How many symbols len bytes come to, without and with "=". */
#define VL_BASE64_LEN(len)        (((len)*4 + 2) / 3)
#define VL_BASE64_PADDED_LEN(len) (((size_t)(len) + 2) / 3 * 4)

/* Write the symbols to out, without padding; gives how many. */
size_t vl_base64_encode(vl_bytes bytes, uint8_t *out);
/* The same with "=" up to a multiple of four. */
size_t vl_base64_encode_padded(vl_bytes bytes, uint8_t *out);

/* Read symbols without padding: out has room for text.len * 3 / 4 bytes, *len tells how many there
 * are.  FORMAT for a foreign character, an impossible length, or unused bits that are not zero
 * (RFC 4648, 3.5): one text for one value. */
enum vl_err vl_base64_decode(vl_bytes text, uint8_t *out, size_t *len) VL_MUST_USE;
/* The same with "=" up to a multiple of four, which must be there. */
enum vl_err vl_base64_decode_padded(vl_bytes text, uint8_t *out, size_t *len) VL_MUST_USE;
/* Would vl_base64_decode read it? */
bool vl_base64_is_canonical(vl_bytes text);

#endif
