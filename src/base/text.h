/* SPDX-License-Identifier: Apache-2.0 */
/* base/text.h: text from strangers: checked, and made safe to show.  Only door to libunistring. */
#ifndef VL_BASE_TEXT_H
#define VL_BASE_TEXT_H

#include "base/bytes.h"

/* Well-formed UTF-8 (RFC 3629): no surrogates, no overlong forms, nothing above U+10FFFF. */
bool vl_text_is_utf8(vl_bytes text);

/* Write text as a terminal may show it: well-formed UTF-8 of printable characters stays; controls,
 * invisible and direction-changing characters, unassigned ones and marks behind the eighth on a
 * letter become \u{202E}, bytes that are not UTF-8 become \x{FF}.  Writes at most size - 1 bytes
 * and a NUL; a text that is longer is cut between characters with "..." at the end, or is empty
 * where not even that fits; returns out. */
const char *vl_text_safe(char *out, size_t size, vl_bytes text);
/* How many marks may stand on one letter, in names and where text is shown: the most that writing
 * needs are three or four, and more only paint over the lines around. */
#define VL_TEXT_MARKS 8
/* What a byte becomes at most: \u{0001}. */
#define VL_TEXT_GROWTH ((size_t)8)
/* The same for a terminal that shows ASCII only: everything else as \u{...}. */
const char *vl_text_safe_ascii(char *out, size_t size, vl_bytes text);

/* Could a terminal show all of it as it is: UTF-8 with line ends (LF or CR LF) and tabs, nothing
 * else unprintable?  `at_end` tells whether the text ends here or may go on in the middle of a
 * character or a line end. */
bool vl_text_is_showable(vl_bytes text, bool at_end);

/* How many bytes at the end of the text begin a character that is not whole yet: 0 to 3. */
size_t vl_text_unfinished(vl_bytes text);
/* Of UTF-8, at most so many bytes from its beginning, and no character in part; the rest of what is
 * none is cut where it falls. */
vl_bytes vl_text_first(vl_bytes text, size_t max_len);

/* Edit distance with swaps of neighbours counted once, for "did you mean"; both at most 32 bytes,
 * longer ones are as far as SIZE_MAX. */
size_t vl_text_distance(const char *a, const char *b);

#endif
