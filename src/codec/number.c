/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/number.h"

#include <string.h>

#include "codec/bech32.h"

#define WHOLE_SYMBOLS (VL_NUMBER_SYMBOLS + 6) /* with the checksum */
#define SHORT_GROUP   4

static const char alphabet[] = VL_BECH32_ALPHABET;

static uint8_t lower(uint8_t c)
{
    return c >= 'A' && c <= 'Z' ? (uint8_t)(c + 32) : c;
}

const char *vl_number_text(const char *hrp, const uint8_t number[VL_NUMBER_LEN],
                           char out[VL_NUMBER_TEXT])
{
    /* Room on loan, and all of it: nothing is ever allocated. */
    struct vl_buf text = {(uint8_t *)out, 0, VL_NUMBER_TEXT - 1, VL_NUMBER_TEXT - 1};

    if (vl_bech32_encode(vl_bytes_str(hrp), vl_bytes_of(number, VL_NUMBER_LEN), &text))
        text.len = 0;
    out[text.len] = '\0';
    return out;
}

const char *vl_number_short(const uint8_t number[VL_NUMBER_LEN], char out[VL_NUMBER_SHORT])
{
    static const char capitals[] = "QPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L";
    size_t at = 0;

    for (unsigned i = 0; i < 2 * SHORT_GROUP; i++) {
        unsigned bit = 5 * i;
        unsigned two = (unsigned)number[bit / 8] << 8 | number[bit / 8 + 1];

        if (i == SHORT_GROUP)
            out[at++] = '-';
        out[at++] = capitals[two >> (11 - bit % 8) & 31];
    }
    out[at] = '\0';
    return out;
}

static vl_bytes trimmed(vl_bytes text)
{
    static const char white[] = " \t\r\n\v\f";

    while (text.len > 0 && memchr(white, text.ptr[0], sizeof white - 1))
        text = vl_bytes_after(text, 1);
    while (text.len > 0 && memchr(white, text.ptr[text.len - 1], sizeof white - 1))
        text.len--;
    return text;
}

/* What was typed, in lower case and without dashes. */
struct typed {
    uint8_t text[VL_NUMBER_TEXT]; /* with the front */
    size_t len;
    bool has_lower, has_upper;
};

static enum vl_err read_typed(vl_bytes text, struct typed *typed)
{
    text = trimmed(text);
    for (size_t i = 0; i < text.len; i++) {
        uint8_t c = text.ptr[i];

        if (c == '-')
            continue;
        if (typed->len == VL_NUMBER_TEXT - 1)
            return VL_ERR_FORMAT;
        typed->has_lower |= c >= 'a' && c <= 'z';
        typed->has_upper |= c >= 'A' && c <= 'Z';
        typed->text[typed->len++] = lower(c);
    }
    return VL_OK;
}

/* hrp is known, so a checksum is checked whether hrp was typed or not. */
static enum vl_err read_whole(const char *hrp, vl_bytes symbols, struct vl_number_prefix *out)
{
    uint8_t text[VL_NUMBER_TEXT], bits[VL_NUMBER_LEN];
    struct vl_buf whole = {text, 0, sizeof text, sizeof text};
    struct vl_buf data = {bits, 0, sizeof bits, sizeof bits};
    vl_bytes ignored;

    if (vl_buf_put(&whole, vl_bytes_str(hrp)) || vl_buf_put_byte(&whole, '1') ||
        vl_buf_put(&whole, symbols) || vl_bech32_decode(vl_buf_bytes(&whole), &ignored, &data))
        return VL_ERR_FORMAT;
    memcpy(out->bits, bits, sizeof bits);
    out->bit_count = 8 * VL_NUMBER_LEN;
    return VL_OK;
}

static enum vl_err read_part(vl_bytes symbols, struct vl_number_prefix *out)
{
    struct vl_number_prefix found = {.bit_count = 5 * (unsigned)symbols.len};

    for (size_t i = 0; i < symbols.len; i++) {
        const char *symbol = memchr(alphabet, symbols.ptr[i], sizeof alphabet - 1);
        size_t bit = 5 * i;
        unsigned two;

        if (!symbol)
            return VL_ERR_FORMAT;
        two = (unsigned)(symbol - alphabet) << (11 - bit % 8);
        found.bits[bit / 8] = (uint8_t)(found.bits[bit / 8] | two >> 8);
        if (bit % 8 > 3)
            found.bits[bit / 8 + 1] = (uint8_t)two;
    }
    *out = found;
    return VL_OK;
}

enum vl_err vl_number_prefix(const char *hrp, vl_bytes text, unsigned min_symbols,
                             struct vl_number_prefix *out)
{
    struct typed typed = {.len = 0};
    size_t hrp_len = strlen(hrp);
    vl_bytes symbols;

    if (read_typed(text, &typed))
        return VL_ERR_FORMAT;
    symbols = vl_bytes_of(typed.text, typed.len);
    if (vl_bytes_starts(symbols, vl_bytes_str(hrp)) && symbols.len > hrp_len &&
        symbols.ptr[hrp_len] == '1')
        symbols = vl_bytes_after(symbols, hrp_len + 1);
    if (symbols.len == WHOLE_SYMBOLS)
        return typed.has_lower && typed.has_upper ? VL_ERR_FORMAT : read_whole(hrp, symbols, out);
    /* From here on it would be a whole number that lost an end. */
    if (symbols.len < min_symbols || symbols.len >= VL_NUMBER_SYMBOLS)
        return VL_ERR_FORMAT;
    return read_part(symbols, out);
}

bool vl_number_starts(const uint8_t number[VL_NUMBER_LEN], const struct vl_number_prefix *prefix)
{
    size_t whole = prefix->bit_count / 8;
    unsigned more = prefix->bit_count % 8;

    return memcmp(number, prefix->bits, whole) == 0 &&
           (more == 0 || (number[whole] ^ prefix->bits[whole]) >> (8 - more) == 0);
}
