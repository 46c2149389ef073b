/* SPDX-License-Identifier: Apache-2.0 */
/* codec/bech32.h: bech32 (BIP 173) without its limit of 90 characters, as age and Valise use it. */
#ifndef VL_CODEC_BECH32_H
#define VL_CODEC_BECH32_H

#include "base/bytes.h"

/* Longer texts are refused: the longest known kind, a hybrid tag recipient, has 2015 characters. */
#define VL_BECH32_MAX_TEXT 4096
#define VL_BECH32_MAX_HRP  83
/* The symbol of each value from 0 to 31. */
#define VL_BECH32_ALPHABET "qpzry9x8gf2tvdw0s3jn54khce6mua7l"

/* Append HRP "1" data checksum, in lower case.  hrp is 1 to 83 characters of 0x21..0x7e without
 * capitals (FORMAT).  NO_MEMORY, LIMIT. */
enum vl_err vl_bech32_encode(vl_bytes hrp, vl_bytes data, struct vl_buf *out) VL_MUST_USE;

/* Read text that is all lower or all upper case.  *hrp borrows from text, in the case it was
 * given; the data is appended to out.  FORMAT for anything else: wrong checksum, mixed case, a
 * foreign character, padding that is too long or not zero; LIMIT over VL_BECH32_MAX_TEXT or for
 * more than out takes; NO_MEMORY.  On failure *hrp is none and out as it was. */
enum vl_err vl_bech32_decode(vl_bytes text, vl_bytes *hrp, struct vl_buf *out) VL_MUST_USE;

#endif
