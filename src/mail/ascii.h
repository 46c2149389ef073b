/* SPDX-License-Identifier: Apache-2.0 */
/* mail/ascii.h: the letters of headers, which are ASCII whatever the locale says. */
#ifndef VL_MAIL_ASCII_H
#define VL_MAIL_ASCII_H

#include "base/bytes.h"

uint8_t vl_ascii_lower(uint8_t character);
/* A space or a tab; vl_ascii_is_white: or the end of a line. */
bool vl_ascii_is_blank(uint8_t character);
bool vl_ascii_is_white(uint8_t character);
/* Is it this, or does it begin with this, capital or small?  word is in small letters. */
bool vl_ascii_is(vl_bytes text, const char *word);
bool vl_ascii_starts(vl_bytes text, const char *word);
/* Two digits of hex, capital or small. */
bool vl_ascii_hex(vl_bytes digits, uint8_t *byte);

#endif
