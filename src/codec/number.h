/* SPDX-License-Identifier: Apache-2.0 */
/* codec/number.h: 32-byte numbers as people see and type them: "letter1...", "K7QF-2M4D".
 *
 * A short form names something in one's own store and proves nothing (PROTOCOL 21). */
#ifndef VL_CODEC_NUMBER_H
#define VL_CODEC_NUMBER_H

#include "base/bytes.h"

#define VL_NUMBER_LEN 32
/* How many symbols of bech32 32 bytes are, without the checksum. */
#define VL_NUMBER_SYMBOLS 52
/* "letter1" or "office1", 58 symbols, and a NUL. */
#define VL_NUMBER_TEXT 66
/* "K7QF-2M4D" and a NUL. */
#define VL_NUMBER_SHORT 10

#define VL_LETTER_HRP     "letter"
#define VL_OFFICE_HRP     "office"
#define VL_ACT_HRP        "act"
#define VL_INVITATION_HRP "invite"

/* The whole number with its checksum; hrp is one of those above.  Returns out. */
const char *vl_number_text(const char *hrp, const uint8_t number[VL_NUMBER_LEN],
                           char out[VL_NUMBER_TEXT]);
/* Its first eight symbols.  Returns out. */
const char *vl_number_short(const uint8_t number[VL_NUMBER_LEN], char out[VL_NUMBER_SHORT]);

/* The first bits of a number, as somebody typed them. */
struct vl_number_prefix {
    uint8_t bits[VL_NUMBER_LEN]; /* zeroes behind */
    unsigned bit_count;          /* five for a symbol; 256 for a whole one */
};
/* Read what a person typed: any case, dashes anywhere, white space at its ends, with or without HRP
 * "1" before it, min_symbols or more.  A whole one is all in one case and is checked by its
 * checksum; one that lost a part of its checksum is refused.  FORMAT; *out is as it was. */
enum vl_err vl_number_prefix(const char *hrp, vl_bytes text, unsigned min_symbols,
                             struct vl_number_prefix *out) VL_MUST_USE;
/* Does the number begin with them? */
bool vl_number_starts(const uint8_t number[VL_NUMBER_LEN], const struct vl_number_prefix *prefix);

#endif
