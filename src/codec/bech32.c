/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/bech32.h"

#include <string.h>

#define CHECKSUM_LEN 6
#define FOREIGN      0xff

static const char alphabet[] = VL_BECH32_ALPHABET;

static uint8_t value_of(uint8_t symbol)
{
    const char *at = symbol ? strchr(alphabet, symbol) : NULL;

    return at ? (uint8_t)(at - alphabet) : FOREIGN;
}

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

/* BIP 173: the BCH code.  Each of the five bits that leave the sum has a generator, and a value of
 * them the sum of its bits': those of 1, 2, 4, 8 and 16 are the generators. */
static uint32_t step(uint32_t sum, uint8_t value)
{
    static const uint32_t leaving[32] = {
        0x00000000, 0x3b6a57b2, 0x26508e6d, 0x1d3ad9df, 0x1ea119fa, 0x25cb4e48, 0x38f19797,
        0x039bc025, 0x3d4233dd, 0x0628646f, 0x1b12bdb0, 0x2078ea02, 0x23e32a27, 0x18897d95,
        0x05b3a44a, 0x3ed9f3f8, 0x2a1462b3, 0x117e3501, 0x0c44ecde, 0x372ebb6c, 0x34b57b49,
        0x0fdf2cfb, 0x12e5f524, 0x298fa296, 0x1756516e, 0x2c3c06dc, 0x3106df03, 0x0a6c88b1,
        0x09f74894, 0x329d1f26, 0x2fa7c6f9, 0x14cd914b,
    };

    return (sum & 0x1ffffff) << 5 ^ value ^ leaving[sum >> 25];
}

static uint32_t sum_of_hrp(vl_bytes hrp)
{
    uint32_t sum = 1;

    for (size_t i = 0; i < hrp.len; i++)
        sum = step(sum, lower(hrp.ptr[i]) >> 5);
    sum = step(sum, 0);
    for (size_t i = 0; i < hrp.len; i++)
        sum = step(sum, lower(hrp.ptr[i]) & 31);
    return sum;
}

static bool is_hrp(vl_bytes hrp)
{
    if (hrp.len < 1 || hrp.len > VL_BECH32_MAX_HRP)
        return false;
    for (size_t i = 0; i < hrp.len; i++)
        if (hrp.ptr[i] < 0x21 || hrp.ptr[i] > 0x7e)
            return false;
    return true;
}

enum vl_err vl_bech32_encode(vl_bytes hrp, vl_bytes data, struct vl_buf *out)
{
    size_t symbols = (data.len * 8 + 4) / 5;
    uint32_t sum = sum_of_hrp(hrp), held = 0;
    unsigned bits = 0;
    uint8_t *at;
    enum vl_err err;

    for (size_t i = 0; i < hrp.len; i++)
        if (hrp.ptr[i] != lower(hrp.ptr[i]))
            return VL_ERR_FORMAT;
    if (!is_hrp(hrp))
        return VL_ERR_FORMAT;
    err = vl_buf_add(out, hrp.len + 1 + symbols + CHECKSUM_LEN, &at);
    if (err)
        return err;
    memcpy(at, hrp.ptr, hrp.len);
    at += hrp.len;
    *at++ = '1';
    for (size_t i = 0; i < data.len; i++) {
        held = held << 8 | data.ptr[i];
        for (bits += 8; bits >= 5; bits -= 5) {
            uint8_t value = (uint8_t)(held >> (bits - 5) & 31);

            sum = step(sum, value);
            *at++ = (uint8_t)alphabet[value];
        }
    }
    if (bits) {
        uint8_t value = (uint8_t)(held << (5 - bits) & 31);

        sum = step(sum, value);
        *at++ = (uint8_t)alphabet[value];
    }
    for (unsigned i = 0; i < CHECKSUM_LEN; i++)
        sum = step(sum, 0);
    sum ^= 1;
    for (unsigned i = 0; i < CHECKSUM_LEN; i++)
        *at++ = (uint8_t)alphabet[sum >> 5 * (5 - i) & 31];
    return VL_OK;
}

static bool is_mixed_case(vl_bytes text)
{
    bool has_lower = false, has_upper = false;

    for (size_t i = 0; i < text.len; i++) {
        has_lower |= text.ptr[i] >= 'a' && text.ptr[i] <= 'z';
        has_upper |= text.ptr[i] >= 'A' && text.ptr[i] <= 'Z';
    }
    return has_lower && has_upper;
}

enum vl_err vl_bech32_decode(vl_bytes text, vl_bytes *hrp, struct vl_buf *out)
{
    size_t before = out->len, separator = text.len;
    uint32_t sum, held = 0;
    unsigned bits = 0;
    enum vl_err err = VL_OK;

    *hrp = VL_BYTES_NONE;
    if (text.len > VL_BECH32_MAX_TEXT)
        return VL_ERR_LIMIT;
    while (separator > 0 && text.ptr[separator - 1] != '1')
        separator--;
    if (separator < 2 || text.len - separator < CHECKSUM_LEN || is_mixed_case(text) ||
        !is_hrp(vl_bytes_first(text, separator - 1)))
        return VL_ERR_FORMAT;
    sum = sum_of_hrp(vl_bytes_first(text, separator - 1));
    for (size_t i = separator; i < text.len && !err; i++) {
        uint8_t value = value_of(lower(text.ptr[i]));

        if (value == FOREIGN) {
            err = VL_ERR_FORMAT;
            break;
        }
        sum = step(sum, value);
        if (i >= text.len - CHECKSUM_LEN)
            continue;
        held = held << 5 | value;
        bits += 5;
        if (bits >= 8) {
            bits -= 8;
            err = vl_buf_put_byte(out, (uint8_t)(held >> bits));
        }
    }
    if (!err && (sum != 1 || bits > 4 || (held & ((1u << bits) - 1))))
        err = VL_ERR_FORMAT;
    if (err)
        out->len = before;
    else
        *hrp = vl_bytes_first(text, separator - 1);
    return err;
}
