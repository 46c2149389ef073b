/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/coding.h"

#include <string.h>

#include "codec/base64.h"
#include "mail/ascii.h"
#include "mail/head.h"

bool vl_coding_is_plain(const char *coding)
{
    return !coding[0] || strcmp(coding, "7bit") == 0 || strcmp(coding, "8bit") == 0 ||
           strcmp(coding, "binary") == 0;
}

/* "=" and two digits; other bytes are themselves. */
static enum vl_err read_escapes(vl_bytes text, struct vl_buf *out)
{
    enum vl_err err = VL_OK;

    while (text.len > 0 && !err) {
        const uint8_t *escape = memchr(text.ptr, '=', text.len);
        const size_t len = escape ? (size_t)(escape - text.ptr) : text.len;
        uint8_t byte;

        err = vl_buf_put(out, vl_bytes_first(text, len));
        text = vl_bytes_after(text, len);
        if (!err && text.len > 0) {
            err = vl_ascii_hex(vl_bytes_after(text, 1), &byte) ? vl_buf_put_byte(out, byte)
                                                               : VL_ERR_FORMAT;
            text = vl_bytes_after(text, 3);
        }
    }
    return err;
}

/* One line of quoted-printable and the end that it had. */
static enum vl_err read_line(vl_bytes line, vl_bytes end, struct vl_buf *out)
{
    enum vl_err err;

    while (line.len > 0 && vl_ascii_is_blank(line.ptr[line.len - 1]))
        line.len--; /* added on the way (RFC 2045, 6.7, rule 3) */
    if (line.len > 0 && line.ptr[line.len - 1] == '=')
        return read_escapes(vl_bytes_first(line, line.len - 1), out);
    err = read_escapes(line, out);
    return err ? err : vl_buf_put(out, end);
}

static enum vl_err read_quoted(vl_bytes body, struct vl_buf *out, struct vl_why *why)
{
    vl_bytes before = body, line;
    enum vl_err err = VL_OK;

    for (size_t number = 1; !err && vl_line_take(&body, &line); number++) {
        const size_t taken = before.len - body.len;

        err = read_line(line, vl_bytes_of(line.ptr + line.len, taken - line.len), out);
        if (err == VL_ERR_FORMAT)
            return vl_fail(why, err, "line %zu of its quoted-printable is malformed", number);
        before = body;
    }
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

/* '_' is a space; =5F is not. */
enum vl_err vl_coding_read_q(vl_bytes text, struct vl_buf *out)
{
    enum vl_err err = VL_OK;

    while (text.len > 0 && !err) {
        const uint8_t *space = memchr(text.ptr, '_', text.len);
        const size_t len = space ? (size_t)(space - text.ptr) : text.len;

        err = read_escapes(vl_bytes_first(text, len), out);
        if (!err && space)
            err = vl_buf_put_byte(out, ' ');
        text = vl_bytes_after(text, len + 1);
    }
    return err;
}

static enum vl_err read_base64(vl_bytes text, bool is_loose, struct vl_buf *out)
{
    const size_t before = out->len;
    size_t symbols = 0, len = 0;
    uint8_t *room;
    enum vl_err err = vl_buf_add(out, text.len, &room);

    if (err)
        return err;
    for (size_t i = 0; i < text.len; i++)
        if (!vl_ascii_is_white(text.ptr[i]))
            room[symbols++] = text.ptr[i];
    /* In place: a byte is written behind the symbols that it is made of. */
    if (symbols > 0)
        err = is_loose && symbols % 4 != 0
                  ? vl_base64_decode(vl_bytes_of(room, symbols), room, &len)
                  : vl_base64_decode_padded(vl_bytes_of(room, symbols), room, &len);
    out->len = before + (err ? 0 : len);
    return err;
}

enum vl_err vl_coding_read_b(vl_bytes text, struct vl_buf *out)
{
    return read_base64(text, true, out);
}

enum vl_err vl_coding_read(const char *coding, vl_bytes body, struct vl_buf *out,
                           struct vl_why *why)
{
    enum vl_err err;

    if (strcmp(coding, "quoted-printable") == 0)
        return read_quoted(body, out, why);
    if (strcmp(coding, "base64") == 0)
        err = read_base64(body, false, out);
    else if (vl_coding_is_plain(coding))
        err = vl_buf_put(out, body);
    else
        return vl_fail(why, VL_ERR_UNSUPPORTED, "the coding \"%.40s\" is not known here", coding);
    if (err == VL_ERR_FORMAT)
        return vl_fail(why, err, "its base64 is malformed, or ends early");
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}
