/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/base64.h"

#define FOREIGN 0xff

static const char alphabet[65] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";

static uint8_t value_of(uint8_t symbol)
{
    if (symbol >= 'A' && symbol <= 'Z')
        return (uint8_t)(symbol - 'A');
    if (symbol >= 'a' && symbol <= 'z')
        return (uint8_t)(symbol - 'a' + 26);
    if (symbol >= '0' && symbol <= '9')
        return (uint8_t)(symbol - '0' + 52);
    return symbol == '+' ? 62 : symbol == '/' ? 63 : FOREIGN;
}

size_t vl_base64_encode(vl_bytes bytes, uint8_t *out)
{
    uint32_t held = 0;
    unsigned bits = 0;
    size_t at = 0;

    for (size_t i = 0; i < bytes.len; i++) {
        held = held << 8 | bytes.ptr[i];
        for (bits += 8; bits >= 6; bits -= 6)
            out[at++] = (uint8_t)alphabet[held >> (bits - 6) & 63];
    }
    if (bits)
        out[at++] = (uint8_t)alphabet[held << (6 - bits) & 63];
    return at;
}

size_t vl_base64_encode_padded(vl_bytes bytes, uint8_t *out)
{
    size_t at = vl_base64_encode(bytes, out);

    while (at % 4)
        out[at++] = '=';
    return at;
}

/* Reads into out, or only checks when out is NULL. */
static enum vl_err decode(vl_bytes text, uint8_t *out, size_t *len)
{
    uint32_t held = 0;
    unsigned bits = 0;
    size_t at = 0;

    if (text.len % 4 == 1)
        return VL_ERR_FORMAT;
    for (size_t i = 0; i < text.len; i++) {
        uint8_t value = value_of(text.ptr[i]);

        if (value == FOREIGN)
            return VL_ERR_FORMAT;
        held = held << 6 | value;
        bits += 6;
        if (bits >= 8) {
            bits -= 8;
            if (out)
                out[at] = (uint8_t)(held >> bits);
            at++;
        }
    }
    if (held & ((1u << bits) - 1))
        return VL_ERR_FORMAT;
    *len = at;
    return VL_OK;
}

enum vl_err vl_base64_decode(vl_bytes text, uint8_t *out, size_t *len)
{
    *len = 0;
    return decode(text, out, len);
}

enum vl_err vl_base64_decode_padded(vl_bytes text, uint8_t *out, size_t *len)
{
    size_t padding = 0;

    *len = 0;
    if (text.len % 4 != 0)
        return VL_ERR_FORMAT;
    while (padding < 2 && padding < text.len && text.ptr[text.len - 1 - padding] == '=')
        padding++;
    return decode(vl_bytes_first(text, text.len - padding), out, len);
}

bool vl_base64_is_canonical(vl_bytes text)
{
    size_t len;

    return decode(text, NULL, &len) == VL_OK;
}
