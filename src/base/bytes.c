/* SPDX-License-Identifier: Apache-2.0 */
#include "base/bytes.h"

#include <string.h>

#include "base/alloc.h"

vl_bytes vl_bytes_of(const void *ptr, size_t len)
{
    return (vl_bytes){ptr, len};
}

vl_bytes vl_bytes_str(const char *text)
{
    return text ? vl_bytes_of(text, strlen(text)) : VL_BYTES_NONE;
}

bool vl_bytes_eq(vl_bytes a, vl_bytes b)
{
    return a.len == b.len && (a.len == 0 || memcmp(a.ptr, b.ptr, a.len) == 0);
}

int vl_bytes_cmp(vl_bytes a, vl_bytes b)
{
    size_t common = a.len < b.len ? a.len : b.len;
    int order = common ? memcmp(a.ptr, b.ptr, common) : 0;

    if (order != 0)
        return order;
    return a.len < b.len ? -1 : a.len > b.len;
}

bool vl_bytes_starts(vl_bytes bytes, vl_bytes start)
{
    return bytes.len >= start.len && vl_bytes_eq(vl_bytes_first(bytes, start.len), start);
}

bool vl_bytes_has(vl_bytes bytes, vl_bytes part)
{
    return part.len == 0 ||
           (bytes.len >= part.len && memmem(bytes.ptr, bytes.len, part.ptr, part.len) != NULL);
}

static bool hex_digit(uint8_t symbol, uint8_t *value)
{
    static const char digits[] = "0123456789abcdef";
    const char *at = memchr(digits, symbol, sizeof digits - 1);

    *value = at ? (uint8_t)(at - digits) : 0;
    return at != NULL;
}

uint64_t vl_bytes_number(vl_bytes bytes)
{
    uint64_t number = 0;

    for (size_t i = 0; i < bytes.len; i++)
        number = number << 8 | bytes.ptr[i];
    return number;
}

void vl_bytes_put_number(uint64_t number, uint8_t *out, size_t len)
{
    while (len > 0) {
        out[--len] = (uint8_t)number;
        number >>= 8;
    }
}

bool vl_bytes_of_hex(vl_bytes text, uint8_t *out, size_t len)
{
    uint8_t high, low;

    if (text.len % 2 != 0 || text.len / 2 != len)
        return false;
    for (size_t i = 0; i < text.len; i++)
        if (!hex_digit(text.ptr[i], &high))
            return false;
    for (size_t i = 0; i < len; i++) {
        (void)hex_digit(text.ptr[2 * i], &high);
        (void)hex_digit(text.ptr[2 * i + 1], &low);
        out[i] = (uint8_t)(high << 4 | low);
    }
    return true;
}

vl_bytes vl_bytes_after(vl_bytes bytes, size_t skip)
{
    if (skip >= bytes.len)
        return VL_BYTES_NONE;
    return vl_bytes_of(bytes.ptr + skip, bytes.len - skip);
}

vl_bytes vl_bytes_first(vl_bytes bytes, size_t len)
{
    return vl_bytes_of(bytes.ptr, len < bytes.len ? len : bytes.len);
}

enum vl_err vl_buf_reserve(struct vl_buf *buf, size_t len)
{
    void *block = buf->data;
    size_t cap = buf->cap;
    enum vl_err err;

    if (len > buf->max_len - buf->len)
        return VL_ERR_LIMIT;
    if (len <= cap - buf->len)
        return VL_OK;
    /* Double, but never past the ceiling and never less than what is needed now. */
    cap = cap < 64 ? 64 : cap > buf->max_len / 2 ? buf->max_len : cap * 2;
    if (cap > buf->max_len)
        cap = buf->max_len;
    if (cap < buf->len + len)
        cap = buf->len + len;
    err = vl_grow(&block, buf->cap, cap);
    if (!err) {
        buf->data = block;
        buf->cap = cap;
    }
    return err;
}

enum vl_err vl_buf_add(struct vl_buf *buf, size_t len, uint8_t **at)
{
    enum vl_err err = vl_buf_reserve(buf, len);

    if (err)
        return err;
    *at = buf->data ? buf->data + buf->len : NULL;
    if (*at && len)
        memset(*at, 0, len);
    buf->len += len;
    return VL_OK;
}

enum vl_err vl_buf_put(struct vl_buf *buf, vl_bytes bytes)
{
    enum vl_err err = vl_buf_reserve(buf, bytes.len);

    if (err)
        return err;
    if (bytes.len)
        memcpy(buf->data + buf->len, bytes.ptr, bytes.len);
    buf->len += bytes.len;
    return VL_OK;
}

enum vl_err vl_buf_put_byte(struct vl_buf *buf, uint8_t byte)
{
    return vl_buf_put(buf, vl_bytes_of(&byte, 1));
}

vl_bytes vl_buf_bytes(const struct vl_buf *buf)
{
    return vl_bytes_of(buf->data, buf->len);
}

static enum vl_err put_to_buf(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct vl_buf *buf = self;
    enum vl_err err = vl_buf_put(buf, bytes);

    if (err == VL_ERR_LIMIT)
        return vl_fail(why, err, "more than %zu bytes", buf->max_len);
    return err ? vl_fail(why, err, "no memory for %zu bytes", bytes.len) : VL_OK;
}

struct vl_sink vl_buf_sink(struct vl_buf *buf)
{
    return (struct vl_sink){put_to_buf, buf};
}

void vl_buf_release(struct vl_buf *buf)
{
    if (buf->data)
        vl_wipe(buf->data, buf->cap);
    vl_free(buf->data);
    *buf = VL_BUF_INIT(buf->max_len);
}
