/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/crc_table.h: the numbers behind bundle/crc.c; nothing else reads them. */
#ifndef VL_BUNDLE_CRC_TABLE_H
#define VL_BUNDLE_CRC_TABLE_H

#include <stdint.h>

#define VL_CRC_SLICES      8
#define VL_CRC_SHIFT_WORDS 256

/* [k][byte]: the remainder of a byte that k more bytes follow. */
extern const uint16_t vl_crc16_table[VL_CRC_SLICES][256];
extern const uint32_t vl_crc32c_table[VL_CRC_SLICES][256];
/* [n]: x^(64 n - 33) modulo the polynomial of CRC-32C, bits reflected: multiplied with a remainder
 * and reduced by one more step of the checksum, it moves the remainder n words on. */
extern const uint32_t vl_crc32c_shift[VL_CRC_SHIFT_WORDS + 1];

#endif
