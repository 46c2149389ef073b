/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor.h"

#define OPEN_ARRAY 0x9f
#define BREAK      0xff
#define FALSE_ITEM 0xf4
#define TRUE_ITEM  0xf5
#define NULL_ITEM  0xf6

struct vl_cbor_out vl_cbor_to(struct vl_buf *buf)
{
    return (struct vl_cbor_out){buf, VL_OK};
}

void vl_cbor_put_item(struct vl_cbor_out *w, vl_bytes item)
{
    if (!w->err)
        w->err = vl_buf_put(w->buf, item);
}

static void put_byte(struct vl_cbor_out *w, uint8_t byte)
{
    vl_cbor_put_item(w, vl_bytes_of(&byte, 1));
}

/* RFC 8949, 4.2.1: the shortest head there is. */
static void put_head(struct vl_cbor_out *w, enum vl_cbor_kind kind, uint64_t value)
{
    unsigned size_class = value < 24            ? 0
                          : value <= UINT8_MAX  ? 1
                          : value <= UINT16_MAX ? 2
                          : value <= UINT32_MAX ? 3
                                                : 4;
    size_t len = size_class ? (size_t)1 << (size_class - 1) : 0;
    uint8_t head[9];

    head[0] = (uint8_t)((unsigned)kind << 5 | (size_class ? 23 + size_class : (unsigned)value));
    for (size_t i = 0; i < len; i++)
        head[1 + i] = (uint8_t)(value >> 8 * (len - 1 - i));
    vl_cbor_put_item(w, vl_bytes_of(head, 1 + len));
}

void vl_cbor_put_uint(struct vl_cbor_out *w, uint64_t value)
{
    put_head(w, VL_CBOR_UINT, value);
}

void vl_cbor_put_int(struct vl_cbor_out *w, int64_t value)
{
    if (value >= 0)
        put_head(w, VL_CBOR_UINT, (uint64_t)value);
    else
        put_head(w, VL_CBOR_NEGATIVE, (uint64_t)(-1 - value));
}

void vl_cbor_put_bytes_head(struct vl_cbor_out *w, uint64_t len)
{
    put_head(w, VL_CBOR_BYTES, len);
}

void vl_cbor_put_bytes(struct vl_cbor_out *w, vl_bytes bytes)
{
    put_head(w, VL_CBOR_BYTES, bytes.len);
    vl_cbor_put_item(w, bytes);
}

void vl_cbor_put_text(struct vl_cbor_out *w, vl_bytes text)
{
    put_head(w, VL_CBOR_TEXT, text.len);
    vl_cbor_put_item(w, text);
}

void vl_cbor_put_array(struct vl_cbor_out *w, uint64_t count)
{
    put_head(w, VL_CBOR_ARRAY, count);
}

void vl_cbor_put_map(struct vl_cbor_out *w, uint64_t pairs)
{
    put_head(w, VL_CBOR_MAP, pairs);
}

void vl_cbor_put_tag(struct vl_cbor_out *w, uint64_t number)
{
    put_head(w, VL_CBOR_TAG, number);
}

void vl_cbor_put_bool(struct vl_cbor_out *w, bool value)
{
    put_byte(w, value ? TRUE_ITEM : FALSE_ITEM);
}

void vl_cbor_put_null(struct vl_cbor_out *w)
{
    put_byte(w, NULL_ITEM);
}

void vl_cbor_put_open_array(struct vl_cbor_out *w)
{
    put_byte(w, OPEN_ARRAY);
}

void vl_cbor_put_break(struct vl_cbor_out *w)
{
    put_byte(w, BREAK);
}
