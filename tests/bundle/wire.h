/* SPDX-License-Identifier: Apache-2.0 */
/* Bundles written down by hand.  In a text of hex digits `(` begins a block and `)` ends it; `X`
 * stands for its CRC-16 and `Y` for its CRC-32C, worked out bit by bit, apart from the room. */
#ifndef VL_TESTS_BUNDLE_WIRE_H
#define VL_TESTS_BUNDLE_WIRE_H

#include "support.h"

#include <string.h>

#define WIRE_MAX 4096

/* The same primary block twice: from ipn:1.1 and from nobody to ipn:3.1, created at 1 ms. */
#define PRIMARY "(89 07 00 01 8202820301 8202820101 820100 820100 1903e8 42 X)"
#define NOBODY  "(89 07 04 01 8202820301 820100 820100 820100 1903e8 42 X)"
#define PAYLOAD "(85 01 01 00 00 44 54455354)"

static inline uint32_t wire_crc(uint32_t crc, uint32_t polynomial, const uint8_t *at, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        crc ^= at[i];
        for (int bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ polynomial : crc >> 1;
    }
    return crc;
}

static inline void wire_seal(uint8_t *data, size_t from, size_t to, size_t at, size_t len)
{
    uint32_t crc = len == 2 ? wire_crc(0xffff, 0x8408, data + from, to - from) ^ 0xffff
                            : wire_crc(0xffffffff, 0x82f63b78, data + from, to - from) ^ 0xffffffff;

    for (size_t i = 0; i < len; i++)
        data[at + i] = (uint8_t)(crc >> 8 * (len - 1 - i));
}

static inline struct vl_buf wire_of(const char *text)
{
    struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
    size_t from = 0, crc_at = 0, crc_len = 0;
    char digits[3] = "";
    uint8_t *unused;

    for (; *text; text++) {
        if (*text == ' ')
            continue;
        if (*text == '(') {
            from = out.len;
            crc_len = 0;
        } else if (*text == ')') {
            if (crc_len)
                wire_seal(out.data, from, out.len, crc_at, crc_len);
        } else if (*text == 'X' || *text == 'Y') {
            crc_at = out.len;
            crc_len = *text == 'X' ? 2 : 4;
            assert_int_equal(vl_buf_add(&out, crc_len, &unused), VL_OK);
        } else {
            struct vl_buf byte;

            memcpy(digits, text++, 2);
            byte = hex(digits);
            assert_int_equal(vl_buf_put(&out, vl_buf_bytes(&byte)), VL_OK);
            vl_buf_release(&byte);
        }
    }
    return out;
}

#endif
