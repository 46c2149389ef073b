/* SPDX-License-Identifier: Apache-2.0 */
/* http/text.h: the small texts of HTTP: percent-encoding, queries, base64url, what is accepted. */
#ifndef VL_HTTP_TEXT_H
#define VL_HTTP_TEXT_H

#include "base/bytes.h"
#include "crypto/hash.h"

/* 32 bytes in base64url without padding (RFC 4648, 5), and a NUL. */
#define VL_HTTP_ID 44

/* The value of this name in a query, decoded, with a NUL behind it; none when it is not there or
 * longer than size - 1.  The first one counts. */
vl_bytes vl_http_query(vl_bytes query, const char *name, char *out, size_t size);
/* A number without a sign or a leading zero.  FORMAT. */
enum vl_err vl_http_number(vl_bytes text, uint64_t *out) VL_MUST_USE;
const char *vl_http_id(const uint8_t id[VL_HASH_LEN], char out[VL_HTTP_ID]);
/* FORMAT for anything else than vl_http_id writes. */
enum vl_err vl_http_id_parse(vl_bytes text, uint8_t id[VL_HASH_LEN]) VL_MUST_USE;
/* 64 digits of hex, in small letters; false for anything else. */
bool vl_http_hash(vl_bytes text, uint8_t out[VL_HASH_LEN]);
/* What is behind `start`, if the path begins with it: true, and *rest. */
bool vl_http_under(vl_bytes path, const char *start, vl_bytes *rest);
/* Take this ending off; false, and nothing done, where it is not there. */
bool vl_http_ends(vl_bytes *path, const char *end);
/* Does a list of media types, an Accept or a Content-Type, name this one? */
bool vl_http_names(const char *header, const char *type);

#endif
