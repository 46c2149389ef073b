/* SPDX-License-Identifier: Apache-2.0 */
#include "http/text.h"

#include <string.h>
#include <strings.h>

#include "codec/base64.h"

#define DIGITS_MAX 18

static int hex_of(uint8_t symbol)
{
    if (symbol >= '0' && symbol <= '9')
        return symbol - '0';
    if (symbol >= 'a' && symbol <= 'f')
        return symbol - 'a' + 10;
    if (symbol >= 'A' && symbol <= 'F')
        return symbol - 'A' + 10;
    return -1;
}

/* As forms write it: "+" is a space.  What is no code stands for itself. */
static vl_bytes decode(vl_bytes value, char *out, size_t size)
{
    size_t len = 0;

    for (size_t i = 0; i < value.len; i++) {
        uint8_t byte = value.ptr[i] == '+' ? ' ' : value.ptr[i];

        if (byte == '%' && value.len - i > 2 && hex_of(value.ptr[i + 1]) >= 0 &&
            hex_of(value.ptr[i + 2]) >= 0) {
            byte = (uint8_t)(hex_of(value.ptr[i + 1]) << 4 | hex_of(value.ptr[i + 2]));
            i += 2;
        }
        if (len + 1 >= size)
            return VL_BYTES_NONE;
        out[len++] = (char)byte;
    }
    out[len] = '\0';
    return vl_bytes_of(out, len);
}

vl_bytes vl_http_query(vl_bytes query, const char *name, char *out, size_t size)
{
    out[0] = '\0';
    while (query.len > 0) {
        const uint8_t *end = memchr(query.ptr, '&', query.len);
        const vl_bytes pair = vl_bytes_first(query, end ? (size_t)(end - query.ptr) : query.len);

        if (pair.len > strlen(name) && vl_bytes_starts(pair, vl_bytes_str(name)) &&
            pair.ptr[strlen(name)] == '=') {
            const vl_bytes value = decode(vl_bytes_after(pair, strlen(name) + 1), out, size);

            /* A NUL would end it for whoever reads it as a text. */
            return value.len > 0 && memchr(value.ptr, '\0', value.len) ? VL_BYTES_NONE : value;
        }
        query = vl_bytes_after(query, pair.len + (end != NULL));
    }
    return VL_BYTES_NONE;
}

enum vl_err vl_http_number(vl_bytes text, uint64_t *out)
{
    uint64_t value = 0;

    if (text.len == 0 || text.len > DIGITS_MAX || (text.len > 1 && text.ptr[0] == '0'))
        return VL_ERR_FORMAT;
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] < '0' || text.ptr[i] > '9')
            return VL_ERR_FORMAT;
        value = value * 10 + (uint64_t)(text.ptr[i] - '0');
    }
    *out = value;
    return VL_OK;
}

const char *vl_http_id(const uint8_t id[VL_HASH_LEN], char out[VL_HTTP_ID])
{
    const size_t len = vl_base64_encode(vl_bytes_of(id, VL_HASH_LEN), (uint8_t *)out);

    for (size_t i = 0; i < len; i++)
        out[i] = (char)(out[i] == '+' ? '-' : out[i] == '/' ? '_' : out[i]);
    out[len] = '\0';
    return out;
}

enum vl_err vl_http_id_parse(vl_bytes text, uint8_t id[VL_HASH_LEN])
{
    uint8_t plain[VL_HTTP_ID], out[VL_HTTP_ID];
    size_t len = 0;

    if (text.len != VL_HTTP_ID - 1)
        return VL_ERR_FORMAT;
    for (size_t i = 0; i < text.len; i++) {
        const uint8_t byte = text.ptr[i];

        if (byte == '+' || byte == '/')
            return VL_ERR_FORMAT;
        plain[i] = byte == '-' ? '+' : byte == '_' ? '/' : byte;
    }
    if (vl_base64_decode(vl_bytes_of(plain, text.len), out, &len) != VL_OK || len != VL_HASH_LEN)
        return VL_ERR_FORMAT;
    memcpy(id, out, VL_HASH_LEN);
    return VL_OK;
}

bool vl_http_hash(vl_bytes text, uint8_t out[VL_HASH_LEN])
{
    return vl_bytes_of_hex(text, out, VL_HASH_LEN);
}

bool vl_http_under(vl_bytes path, const char *start, vl_bytes *rest)
{
    if (!vl_bytes_starts(path, vl_bytes_str(start)))
        return false;
    *rest = vl_bytes_after(path, strlen(start));
    return true;
}

bool vl_http_ends(vl_bytes *path, const char *end)
{
    const size_t len = strlen(end);

    if (path->len < len || memcmp(path->ptr + path->len - len, end, len) != 0)
        return false;
    path->len -= len;
    return true;
}

bool vl_http_names(const char *header, const char *type)
{
    const size_t len = strlen(type);

    for (const char *at = header; at; at = strchr(at, ',')) {
        at += strspn(at, ", \t");
        if (strncasecmp(at, type, len) == 0 && (at[len] == '\0' || strchr(" \t;,", at[len])))
            return true;
    }
    return false;
}
