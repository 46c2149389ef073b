/* SPDX-License-Identifier: Apache-2.0 */
#include "seal/age_armor.h"

#include <string.h>

#include "codec/base64.h"

#define BEGIN_LINE VL_LITERAL("-----BEGIN AGE ENCRYPTED FILE-----")
#define END_LINE   VL_LITERAL("-----END AGE ENCRYPTED FILE-----")
#define LINE_BYTES ((size_t)VL_AGE_ARMOR_COLUMNS / 4 * 3)

static bool is_space(uint8_t c)
{
    return c == ' ' || c == '\t' || c == '\r' || c == '\n' || c == '\v' || c == '\f';
}

bool vl_age_armor_may_begin(uint8_t first)
{
    return first == '-' || is_space(first);
}

static enum vl_err fail(const struct vl_age_armor_reader *reader, struct vl_why *why,
                        const char *reason)
{
    return vl_fail(why, VL_ERR_FORMAT, "armor: line %zu: %s", reader->line_number, reason);
}

/* RFC 7468, 3: at most 64 columns, '=' only to fill up the last four. */
static enum vl_err body_line(struct vl_age_armor_reader *reader, vl_bytes line, struct vl_buf *out,
                             struct vl_why *why)
{
    uint8_t bytes[LINE_BYTES];
    vl_bytes text = line;
    size_t len;
    enum vl_err err;

    if (line.len > VL_AGE_ARMOR_COLUMNS)
        return fail(reader, why, "more than 64 columns");
    while (text.len > 0 && line.len - text.len < 2 && text.ptr[text.len - 1] == '=')
        text.len--;
    if (line.len == 0 || line.len % 4 || vl_base64_decode(text, bytes, &len))
        return fail(reader, why, "not base64");
    if (len < LINE_BYTES)
        reader->state = VL_AGE_ARMOR_LAST;
    err = vl_buf_put(out, vl_bytes_of(bytes, len));
    return err ? vl_fail(why, err, "no room for what the armor holds") : VL_OK;
}

static enum vl_err whole_line(struct vl_age_armor_reader *reader, vl_bytes line, struct vl_buf *out,
                              struct vl_why *why)
{
    if (line.len > 0 && line.ptr[line.len - 1] == '\r')
        line.len--;
    switch (reader->state) {
    case VL_AGE_ARMOR_BEFORE:
        if (reader->indented || !vl_bytes_eq(line, BEGIN_LINE))
            return fail(reader, why, "wanted -----BEGIN AGE ENCRYPTED FILE-----");
        reader->state = VL_AGE_ARMOR_INSIDE;
        return VL_OK;
    case VL_AGE_ARMOR_INSIDE:
    case VL_AGE_ARMOR_LAST:
        if (vl_bytes_eq(line, END_LINE)) {
            reader->state = VL_AGE_ARMOR_AFTER;
            reader->space = 0;
            return VL_OK;
        }
        if (reader->state == VL_AGE_ARMOR_LAST)
            return fail(reader, why, "wanted -----END AGE ENCRYPTED FILE-----");
        return body_line(reader, line, out, why);
    case VL_AGE_ARMOR_AFTER:
    default:
        return VL_OK;
    }
}

/* White space before and behind is counted byte by byte: a line of it may be any length. */
static enum vl_err count_space(struct vl_age_armor_reader *reader, vl_bytes text,
                               struct vl_why *why)
{
    for (size_t i = 0; i < text.len; i++) {
        if (!is_space(text.ptr[i]))
            return fail(reader, why, "something else than white space behind the armor");
        if (++reader->space > VL_AGE_ARMOR_SPACE_MAX)
            return fail(reader, why, "too much white space around the armor");
        reader->line_number += text.ptr[i] == '\n';
    }
    return VL_OK;
}

enum vl_err vl_age_armor_read(struct vl_age_armor_reader *reader, vl_bytes text, struct vl_buf *out,
                              struct vl_why *why)
{
    enum vl_err err = VL_OK;

    while (!err && text.len > 0) {
        const uint8_t *end = memchr(text.ptr, '\n', text.len);
        size_t take = end ? (size_t)(end - text.ptr) : text.len;

        if (reader->state == VL_AGE_ARMOR_AFTER)
            return count_space(reader, text, why);
        if (reader->state == VL_AGE_ARMOR_BEFORE && reader->line_len == 0 && is_space(*text.ptr)) {
            err = count_space(reader, vl_bytes_first(text, 1), why);
            reader->indented = *text.ptr != '\n';
            text = vl_bytes_after(text, 1);
            continue;
        }
        if (take > sizeof reader->line - reader->line_len)
            return fail(reader, why, "a line that is too long");
        memcpy(reader->line + reader->line_len, text.ptr, take);
        reader->line_len += take;
        text = vl_bytes_after(text, take + (end ? 1 : 0));
        if (end) {
            err = whole_line(reader, vl_bytes_of(reader->line, reader->line_len), out, why);
            reader->line_len = 0;
            reader->line_number += !err;
        }
    }
    return err;
}

enum vl_err vl_age_armor_read_end(struct vl_age_armor_reader *reader, struct vl_why *why)
{
    struct vl_buf nothing = VL_BUF_INIT(0);
    enum vl_err err = VL_OK;

    /* The END line needs no line end. */
    if (reader->line_len > 0 && reader->state != VL_AGE_ARMOR_AFTER) {
        if (!vl_bytes_starts(vl_bytes_of(reader->line, reader->line_len), END_LINE))
            return fail(reader, why, "cut short in the armor");
        err = whole_line(reader, vl_bytes_of(reader->line, reader->line_len), &nothing, why);
    }
    if (!err && reader->state != VL_AGE_ARMOR_AFTER)
        return fail(reader, why, "cut short in the armor");
    return err;
}

static enum vl_err put_line(vl_bytes bytes, struct vl_buf *out)
{
    uint8_t line[VL_AGE_ARMOR_COLUMNS + 1];
    size_t len = vl_base64_encode_padded(bytes, line);

    line[len++] = '\n';
    return vl_buf_put(out, vl_bytes_of(line, len));
}

static enum vl_err begin(struct vl_age_armor_writer *writer, struct vl_buf *out)
{
    enum vl_err err;

    if (writer->begun)
        return VL_OK;
    err = vl_buf_put(out, BEGIN_LINE);
    if (!err)
        err = vl_buf_put_byte(out, '\n');
    writer->begun = !err;
    return err;
}

enum vl_err vl_age_armor_write(struct vl_age_armor_writer *writer, vl_bytes bytes,
                               struct vl_buf *out)
{
    enum vl_err err = begin(writer, out);

    while (!err && bytes.len > 0) {
        size_t room = sizeof writer->held - writer->held_len;
        size_t take = bytes.len < room ? bytes.len : room;

        memcpy(writer->held + writer->held_len, bytes.ptr, take);
        writer->held_len += take;
        bytes = vl_bytes_after(bytes, take);
        if (writer->held_len == sizeof writer->held) {
            err = put_line(VL_ARRAY(writer->held), out);
            writer->held_len = 0;
        }
    }
    return err;
}

enum vl_err vl_age_armor_write_end(struct vl_age_armor_writer *writer, struct vl_buf *out)
{
    enum vl_err err = begin(writer, out);

    if (!err && writer->held_len > 0)
        err = put_line(vl_bytes_of(writer->held, writer->held_len), out);
    writer->held_len = 0;
    if (!err)
        err = vl_buf_put(out, END_LINE);
    return err ? err : vl_buf_put_byte(out, '\n');
}
