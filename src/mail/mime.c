/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/mime.h"

#include <string.h>

#include "mail/ascii.h"
#include "mail/charset.h"
#include "mail/encoded.h"

/* White space and comments, which may be within comments (RFC 5322, 3.2.2). */
static void skip_space(vl_bytes *left)
{
    size_t depth = 0, len = 0;

    for (; len < left->len; len++) {
        const uint8_t at = left->ptr[len];

        if (at == '(')
            depth++;
        else if (depth > 0 && at == ')')
            depth--;
        else if (depth > 0 && at == '\\' && len + 1 < left->len)
            len++;
        else if (depth == 0 && !vl_ascii_is_white(at))
            break;
    }
    *left = vl_bytes_after(*left, len);
}

static vl_bytes take_token(vl_bytes *left, const char *ends)
{
    size_t len = 0;
    vl_bytes token;

    while (len < left->len && !vl_ascii_is_white(left->ptr[len]) &&
           (left->ptr[len] == '\0' || !strchr(ends, left->ptr[len])))
        len++;
    token = vl_bytes_first(*left, len);
    *left = vl_bytes_after(*left, len);
    return token;
}

const char *vl_mime_word(vl_bytes value, char out[VL_MIME_WORD])
{
    vl_bytes word;

    skip_space(&value);
    word = take_token(&value, ";(");
    out[0] = '\0';
    if (word.len >= VL_MIME_WORD)
        return out;
    for (size_t i = 0; i < word.len; i++) {
        out[i] = (char)vl_ascii_lower(word.ptr[i]);
        if (word.ptr[i] <= ' ' || word.ptr[i] >= 0x7f)
            word.len = 0;
    }
    out[word.len] = '\0';
    return out;
}

/* Where a value, or a piece of one, stands in params.values. */
struct piece {
    bool there;
    bool is_encoded;
    size_t at;
    size_t len;
};

struct params {
    const char *name;
    struct vl_buf values; /* of all parameters, one behind the other */
    struct piece whole;
    struct piece pieces[VL_MIME_MAX_PIECES];
};

static void release_params(struct params *params)
{
    vl_buf_release(&params->values);
}

/* In quotes: '\' stands before quotes and itself.  Elsewhere it stays, since some programs write
 * folders so. */
static enum vl_err read_quoted(vl_bytes *left, struct vl_buf *out)
{
    enum vl_err err = VL_OK;
    size_t i = 1;

    for (; i < left->len && left->ptr[i] != '"' && !err; i++) {
        if (left->ptr[i] == '\\' && i + 1 < left->len &&
            (left->ptr[i + 1] == '"' || left->ptr[i + 1] == '\\'))
            i++;
        if (left->ptr[i] != '\r' && left->ptr[i] != '\n')
            err = vl_buf_put_byte(out, left->ptr[i]);
    }
    *left = vl_bytes_after(*left, i + 1);
    return err;
}

/* The parameter that begins behind the next ';': its name, which is empty when it is none, and its
 * value at the end of values. */
static enum vl_err next_param(vl_bytes *left, struct vl_buf *values, vl_bytes *name)
{
    *name = VL_BYTES_NONE;
    for (skip_space(left); left->len > 0 && left->ptr[0] != ';'; skip_space(left))
        *left = vl_bytes_after(*left, 1); /* what is neither is passed over */
    *left = vl_bytes_after(*left, 1);
    skip_space(left);
    *name = take_token(left, "=;");
    skip_space(left);
    if (left->len == 0 || left->ptr[0] != '=') {
        *name = VL_BYTES_NONE;
        return VL_OK;
    }
    *left = vl_bytes_after(*left, 1);
    skip_space(left);
    if (left->len > 0 && left->ptr[0] == '"')
        return read_quoted(left, values);
    return vl_buf_put(values, take_token(left, ";"));
}

/* "*" and "*0*" are encoded, "*0" is not; *index gets the number.  False when it is none of these.
 */
static bool read_index(vl_bytes tail, size_t *index, bool *is_encoded)
{
    *index = 0;
    *is_encoded = tail.len > 0 && tail.ptr[tail.len - 1] == '*';
    if (tail.len <= 1u + *is_encoded)
        return tail.len == 1; /* without a number it is all of it */
    for (size_t i = 1; i < tail.len - *is_encoded; i++) {
        if (tail.ptr[i] < '0' || tail.ptr[i] > '9')
            return false;
        if (*index < VL_MIME_MAX_PIECES)
            *index = 10 * *index + (size_t)(tail.ptr[i] - '0');
    }
    return true;
}

static enum vl_err keep(struct params *params, vl_bytes name, size_t at, struct vl_why *why)
{
    const vl_bytes tail = vl_bytes_after(name, strlen(params->name));
    struct piece piece = {true, false, at, params->values.len - at}, *place = &params->whole;
    size_t index;

    if (!vl_ascii_starts(name, params->name) || (tail.len > 0 && tail.ptr[0] != '*'))
        return VL_OK;
    if (tail.len > 0) {
        if (!read_index(tail, &index, &piece.is_encoded))
            return VL_OK;
        if (index >= VL_MIME_MAX_PIECES)
            return vl_fail(why, VL_ERR_LIMIT, "\"%s\" is in more than %d pieces", params->name,
                           VL_MIME_MAX_PIECES);
        place = &params->pieces[index];
    }
    if (place->there)
        return vl_fail(why, VL_ERR_FORMAT, "\"%s\" is there twice", params->name);
    *place = piece;
    return VL_OK;
}

static enum vl_err read_params(vl_bytes value, struct params *params, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    while (value.len > 0 && !err) {
        const size_t at = params->values.len;
        vl_bytes name;

        err = next_param(&value, &params->values, &name);
        if (err)
            return vl_fail(why, err, "%s", vl_err_words(err));
        err = keep(params, name, at, why);
    }
    return err;
}

static vl_bytes value_of(const struct params *params, const struct piece *piece)
{
    return piece->len > 0 ? vl_bytes_of(params->values.data + piece->at, piece->len)
                          : VL_BYTES_NONE;
}

static enum vl_err put_percent(vl_bytes text, struct vl_buf *out)
{
    enum vl_err err = VL_OK;

    while (text.len > 0 && !err) {
        uint8_t byte = text.ptr[0];
        const bool is_escape = byte == '%' && vl_ascii_hex(vl_bytes_after(text, 1), &byte);

        err = vl_buf_put_byte(out, byte);
        text = vl_bytes_after(text, is_escape ? 3 : 1);
    }
    return err;
}

/* CHARSET'LANG' before the text of the first piece (RFC 2231, 4). */
static vl_bytes take_charset(vl_bytes *text)
{
    const uint8_t *first = text->len > 0 ? memchr(text->ptr, '\'', text->len) : NULL;
    const size_t len = first ? (size_t)(first - text->ptr) : 0;
    const vl_bytes charset = vl_bytes_first(*text, len), rest = vl_bytes_after(*text, len + 1);
    const uint8_t *second = first && rest.len > 0 ? memchr(rest.ptr, '\'', rest.len) : NULL;

    if (!second)
        return VL_BYTES_NONE;
    *text = vl_bytes_after(rest, (size_t)(second - rest.ptr) + 1);
    return charset;
}

/* The pieces from the first to where one lacks. */
static enum vl_err join(const struct params *params, struct vl_buf *out, vl_bytes *charset)
{
    enum vl_err err = VL_OK;

    *charset = VL_BYTES_NONE;
    for (size_t i = 0; i < VL_MIME_MAX_PIECES && params->pieces[i].there && !err; i++) {
        const struct piece *piece = &params->pieces[i];
        vl_bytes text = value_of(params, piece);

        if (i == 0 && piece->is_encoded)
            *charset = take_charset(&text);
        err = piece->is_encoded ? put_percent(text, out) : vl_buf_put(out, text);
    }
    return err;
}

static enum vl_err read_param(vl_bytes value, const char *name, bool is_name, struct vl_buf *out,
                              struct vl_why *why)
{
    VL_AUTO(release_params)
    struct params params = {.name = name, .values = VL_BUF_INIT(value.len)};
    VL_AUTO(vl_buf_release) struct vl_buf raw = VL_BUF_INIT(value.len);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(3 * value.len);
    vl_bytes charset = VL_BYTES_NONE;
    enum vl_err err = read_params(value, &params, why);

    if (err)
        return err;
    err = params.pieces[0].there ? join(&params, &raw, &charset)
                                 : vl_buf_put(&raw, value_of(&params, &params.whole));
    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    err = !is_name                  ? vl_buf_put(&text, vl_buf_bytes(&raw))
          : charset.len > 0         ? vl_charset_read(charset, vl_buf_bytes(&raw), &text, NULL)
          : !params.pieces[0].there ? vl_encoded_read(vl_buf_bytes(&raw), &text, NULL)
                                    : vl_buf_put(&text, vl_buf_bytes(&raw));
    if (err == VL_ERR_FORMAT || err == VL_ERR_UNSUPPORTED) {
        text.len = 0;
        err = vl_buf_put(&text, vl_buf_bytes(&raw));
    }
    if (!err)
        err = vl_buf_put(out, vl_buf_bytes(&text));
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

enum vl_err vl_mime_param(vl_bytes value, const char *name, struct vl_buf *out, struct vl_why *why)
{
    return read_param(value, name, false, out, why);
}

enum vl_err vl_mime_name(vl_bytes value, const char *name, struct vl_buf *out, struct vl_why *why)
{
    return read_param(value, name, true, out, why);
}
