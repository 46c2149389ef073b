/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/crc.h: the checksums of bundles (RFC 9171, 4.2.1): CRC-16 X-25 and CRC-32C. */
#ifndef VL_BUNDLE_CRC_H
#define VL_BUNDLE_CRC_H

#include "base/bytes.h"

/* The numbers are the wire's. */
enum vl_crc_kind { VL_CRC_NONE, VL_CRC_16, VL_CRC_32C };

/* How long the value is: 0, 2, 4. */
static inline size_t vl_crc_len(enum vl_crc_kind kind)
{
    return kind == VL_CRC_32C ? 4 : kind == VL_CRC_16 ? 2 : 0;
}
/* A checksum of bytes that come in pieces: begin, put, put, end.  Of VL_CRC_NONE it is 0. */
uint32_t vl_crc_begin(enum vl_crc_kind kind);
uint32_t vl_crc_put(enum vl_crc_kind kind, uint32_t crc, vl_bytes bytes);
uint32_t vl_crc_end(enum vl_crc_kind kind, uint32_t crc);
/* The value as it stands on the wire: vl_crc_len bytes, big-endian. */
static inline void vl_crc_write(enum vl_crc_kind kind, uint32_t value, uint8_t *out)
{
    size_t len = vl_crc_len(kind);

    for (size_t i = 0; i < len; i++)
        out[i] = (uint8_t)(value >> 8 * (len - 1 - i));
}
static inline uint32_t vl_crc_read(enum vl_crc_kind kind, const uint8_t *at)
{
    uint32_t value = 0;

    for (size_t i = 0; i < vl_crc_len(kind); i++)
        value = value << 8 | at[i];
    return value;
}

/* vl_crc_put picks between these two ways of CRC-32C; both give the same.  Without the processor's
 * instruction the second is the first. */
uint32_t vl_crc32c_by_table(uint32_t crc, vl_bytes bytes);
uint32_t vl_crc32c_by_instruction(uint32_t crc, vl_bytes bytes);
bool vl_crc32c_has_instruction(void);

#endif
