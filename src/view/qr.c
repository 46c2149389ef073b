/* SPDX-License-Identifier: Apache-2.0 */
#include "view/qr.h"

#include <stdio.h>
#include <string.h>

#include <qrencode.h>

#define QUIET ((size_t)4)

/* Level M and one mode: what a code looks like follows from the text alone. */
static enum vl_err encode(vl_bytes text, QRcode **code, struct vl_why *why)
{
    static const char symbols[] = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ $%*+-./:";
    QRinput *input;

    *code = NULL;
    if (text.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "nothing to make a QR code of");
    if (text.len > VL_QR_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "too long for a QR code: %zu characters, and %d fit",
                       text.len, VL_QR_MAX);
    for (size_t i = 0; i < text.len; i++)
        if (!memchr(symbols, text.ptr[i], sizeof symbols - 1))
            return vl_fail(why, VL_ERR_FORMAT, "a character that is not for QR codes, at place %zu",
                           i);
    input = QRinput_new2(0, QR_ECLEVEL_M);
    if (input && QRinput_append(input, QR_MODE_AN, (int)text.len, text.ptr) == 0)
        *code = QRcode_encodeInput(input);
    QRinput_free(input);
    return *code ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a QR code");
}

static void drop_code(QRcode **code)
{
    QRcode_free(*code);
}

/* Is the module light?  Counted with the quiet zone; whatever lies outside is not. */
static bool is_light(const QRcode *code, size_t x, size_t y)
{
    size_t width = (size_t)code->width;

    if (x >= width + 2 * QUIET || y >= width + 2 * QUIET)
        return false;
    if (x < QUIET || y < QUIET || x >= width + QUIET || y >= width + QUIET)
        return true;
    return (code->data[(y - QUIET) * width + x - QUIET] & 1) == 0;
}

static enum vl_err put_line(const QRcode *code, size_t y, bool ascii, struct vl_buf *out)
{
    static const char *const halves[] = {" ", "\xe2\x96\x80", "\xe2\x96\x84", "\xe2\x96\x88"};
    size_t width = (size_t)code->width + 2 * QUIET;
    enum vl_err err = VL_OK;

    for (size_t x = 0; x < width && !err; x++) {
        bool upper = is_light(code, x, y), lower = is_light(code, x, y + 1);

        err = vl_buf_put(out, vl_bytes_str(ascii ? (upper ? "##" : "  ")
                                                 : halves[(upper ? 1 : 0) + (lower ? 2 : 0)]));
    }
    return err ? err : vl_buf_put_byte(out, '\n');
}

enum vl_err vl_qr_terminal(vl_bytes text, bool ascii, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(drop_code) QRcode *code = NULL;
    const size_t before = out->len;
    enum vl_err err = encode(text, &code, why);

    if (err)
        return err;
    for (size_t y = 0; y < (size_t)code->width + 2 * QUIET && !err; y += ascii ? 1 : 2)
        err = put_line(code, y, ascii, out);
    if (err) {
        out->len = before;
        return vl_fail(why, err, "no room for a QR code");
    }
    return VL_OK;
}

static void put_u32(uint8_t at[4], uint32_t number)
{
    for (unsigned i = 0; i < 4; i++)
        at[i] = (uint8_t)(number >> (24 - 8 * i));
}

/* CRC-32 as in PNG (15.2, annex D). */
static uint32_t crc_of(vl_bytes bytes)
{
    uint32_t crc = UINT32_MAX;

    for (size_t i = 0; i < bytes.len; i++) {
        crc ^= bytes.ptr[i];
        for (unsigned bit = 0; bit < 8; bit++)
            crc = crc & 1 ? crc >> 1 ^ UINT32_C(0xedb88320) : crc >> 1;
    }
    return ~crc;
}

static enum vl_err put_chunk(const char type[5], vl_bytes data, struct vl_buf *out)
{
    uint8_t *at = NULL;
    enum vl_err err = vl_buf_add(out, data.len + 12, &at);

    if (err)
        return err;
    put_u32(at, (uint32_t)data.len);
    memcpy(at + 4, type, 4);
    if (data.len > 0)
        memcpy(at + 8, data.ptr, data.len);
    put_u32(at + 8 + data.len, crc_of(vl_bytes_of(at + 4, data.len + 4)));
    return VL_OK;
}

/* The rows of the picture: a filter that does nothing, then a bit for each pixel, light is 1. */
static void draw(const QRcode *code, unsigned scale, size_t row_len, uint8_t *at)
{
    size_t pixels = ((size_t)code->width + 2 * QUIET) * scale;

    for (size_t y = 0; y < pixels; y++, at += row_len) {
        if (y % scale != 0) {
            memcpy(at, at - row_len, row_len);
            continue;
        }
        for (size_t x = 0; x < pixels; x++)
            if (is_light(code, x / scale, y / scale))
                at[1 + x / 8] = (uint8_t)(at[1 + x / 8] | 0x80 >> x % 8);
    }
}

/* zlib's format (RFC 1950) with nothing compressed (RFC 1951, 3.2.4): a code is small, and a
 * library that compresses takes more time to load than this does in all. */
static enum vl_err wrap_in_zlib(vl_bytes rows, struct vl_buf *out)
{
    uint32_t a = 1, b = 0;
    uint8_t sum[4];
    enum vl_err err = vl_buf_put(out, VL_LITERAL("\x78\x01"));

    for (size_t i = 0; i < rows.len; i++) {
        a = (a + rows.ptr[i]) % 65521;
        b = (b + a) % 65521;
    }
    while (rows.len > 0 && !err) {
        vl_bytes block = vl_bytes_first(rows, UINT16_MAX);
        const uint8_t head[5] = {block.len == rows.len, (uint8_t)block.len,
                                 (uint8_t)(block.len >> 8), (uint8_t)~block.len,
                                 (uint8_t)(~block.len >> 8)};

        err = vl_buf_put(out, VL_ARRAY(head));
        if (!err)
            err = vl_buf_put(out, block);
        rows = vl_bytes_after(rows, block.len);
    }
    put_u32(sum, b << 16 | a);
    return err ? err : vl_buf_put(out, VL_ARRAY(sum));
}

static enum vl_err put_png(const QRcode *code, unsigned scale, struct vl_buf *out)
{
    const size_t pixels = ((size_t)code->width + 2 * QUIET) * scale;
    const size_t row_len = 1 + (pixels + 7) / 8;
    VL_AUTO(vl_buf_release) struct vl_buf rows = VL_BUF_INIT(row_len * pixels);
    VL_AUTO(vl_buf_release) struct vl_buf data = VL_BUF_INIT(2 * row_len * pixels + 64);
    uint8_t header[13] = {[8] = 1}; /* one bit, grey */
    uint8_t *at = NULL;
    enum vl_err err = vl_buf_add(&rows, row_len * pixels, &at);

    if (err)
        return err;
    draw(code, scale, row_len, at);
    put_u32(header, (uint32_t)pixels);
    put_u32(header + 4, (uint32_t)pixels);
    err = vl_buf_put(out, VL_LITERAL("\x89PNG\r\n\x1a\n"));
    if (!err)
        err = put_chunk("IHDR", VL_ARRAY(header), out);
    if (!err)
        err = wrap_in_zlib(vl_buf_bytes(&rows), &data);
    if (!err)
        err = put_chunk("IDAT", vl_buf_bytes(&data), out);
    return err ? err : put_chunk("IEND", VL_BYTES_NONE, out);
}

enum vl_err vl_qr_png(vl_bytes text, unsigned scale, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(drop_code) QRcode *code = NULL;
    const size_t before = out->len;
    enum vl_err err;

    if (scale < 1 || scale > VL_QR_MAX_SCALE)
        return vl_fail(why, VL_ERR_USAGE, "%u pixels for a module, wanted 1 to %d", scale,
                       VL_QR_MAX_SCALE);
    err = encode(text, &code, why);
    if (err)
        return err;
    err = put_png(code, scale, out);
    if (err) {
        out->len = before;
        return vl_fail(why, err, "no room for a QR code");
    }
    return VL_OK;
}

static enum vl_err draw_runs(const QRcode *code, const struct vl_qr_drawer *drawer)
{
    const size_t width = (size_t)code->width + 2 * QUIET;
    enum vl_err err = VL_OK;

    for (size_t y = QUIET; y < width - QUIET && !err; y++)
        for (size_t x = QUIET, run; x < width - QUIET && !err; x += run + 1) {
            for (run = 0; !is_light(code, x + run, y); run++)
                ;
            if (run > 0)
                err = drawer->put(drawer->self, width, x, y, run);
        }
    return err;
}

enum vl_err vl_qr_draw(vl_bytes text, const struct vl_qr_drawer *drawer, struct vl_why *why)
{
    VL_AUTO(drop_code) QRcode *code = NULL;
    enum vl_err err = encode(text, &code, why);

    if (!err)
        err = draw_runs(code, drawer);
    return err;
}

static enum vl_err put_path(void *self, size_t width, size_t x, size_t y, size_t run)
{
    char path[96];

    (void)width;
    (void)snprintf(path, sizeof path, "M%zu %zuh%zuv1H%zuz", x, y, run, x);
    return vl_buf_put(self, vl_bytes_str(path));
}

static enum vl_err put_svg(const QRcode *code, const char *label, struct vl_buf *out)
{
    const struct vl_qr_drawer drawer = {put_path, out};
    const size_t width = (size_t)code->width + 2 * QUIET;
    char head[400];
    enum vl_err err;

    (void)snprintf(head, sizeof head,
                   "<svg role=\"img\" aria-label=\"%.100s\" viewBox=\"0 0 %zu %zu\" "
                   "shape-rendering=\"crispEdges\"><path fill=\"#fff\" d=\"M0 0h%zuv%zuH0z\"/>"
                   "<path fill=\"#000\" d=\"",
                   label, width, width, width, width);
    err = vl_buf_put(out, vl_bytes_str(head));
    if (!err)
        err = draw_runs(code, &drawer);
    return err ? err : vl_buf_put(out, VL_LITERAL("\"/></svg>"));
}

enum vl_err vl_qr_svg(vl_bytes text, const char *label, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(drop_code) QRcode *code = NULL;
    const size_t before = out->len;
    enum vl_err err = encode(text, &code, why);

    if (err)
        return err;
    err = put_svg(code, label, out);
    if (err) {
        out->len = before;
        return vl_fail(why, err, "no room for a QR code");
    }
    return VL_OK;
}
