/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"
#include "letter/pax.h"

#define NAME_LEN    100
#define SIZE_AT     124
#define SIZE_DIGITS 11
#define CHECKSUM_AT 148
#define TYPE_AT     156

enum place { IN_HEADER, IN_CONTENT, IN_FILL, IN_END, IN_PADDING };

struct vl_pax_reader {
    struct vl_pax_sink sink;
    enum place place;
    uint64_t at; /* bytes taken so far */
    uint8_t header[VL_PAX_HEADER_MAX];
    size_t header_len;
    size_t header_wanted; /* as far as is known yet */
    struct vl_buf again;  /* the header that should stand there */
    uint64_t left;        /* of content, fill or the end */
    size_t fill;          /* behind the content */
    uint64_t padding;
    enum vl_err err; /* told again by every later call */
    struct vl_why why;
};

/* What a differing byte of a header belongs to: fields in their order, by where they end. */
static const struct field {
    size_t end;
    const char *name;
} fields[] = {
    {100, "name"},
    {108, "mode"},
    {116, "owner"},
    {124, "group"},
    {136, "size"},
    {148, "time"},
    {156, "checksum"},
    {157, "type"},
    {257, "link"},
    {263, "magic"},
    {265, "version"},
    {297, "owner's name"},
    {329, "group's name"},
    {337, "device"},
    {345, "device"},
    {500, "prefix"},
    {VL_PAX_BLOCK, "unused bytes"},
};

static const char *field_at(size_t at)
{
    size_t i = 0;

    while (fields[i].end <= at)
        i++;
    return fields[i].name;
}

struct vl_pax_reader *vl_pax_reader_new(const struct vl_pax_sink *sink)
{
    struct vl_pax_reader *reader = vl_new(sizeof *reader);

    if (!reader)
        return NULL;
    reader->sink = *sink;
    reader->header_wanted = VL_PAX_BLOCK;
    reader->again = VL_BUF_INIT(VL_PAX_HEADER_MAX);
    return reader;
}

void vl_pax_reader_free(struct vl_pax_reader *reader)
{
    if (!reader)
        return;
    vl_buf_release(&reader->again);
    vl_wipe(reader, sizeof *reader);
    vl_free(reader);
}

/* byte counts from where the header begins. */
static enum vl_err refuse(const struct vl_pax_reader *reader, size_t byte, const char *words,
                          const char *what, struct vl_why *why)
{
    uint64_t start = reader->at - reader->header_len;

    return vl_fail(why, VL_ERR_FORMAT, "archive: byte %llu: %s%s",
                   (unsigned long long)(start + byte), words, what);
}

/* Octal digits as vl_pax_header writes them; false for anything else, base 256 too. */
static bool read_octal(const uint8_t *field, uint64_t *value)
{
    *value = 0;
    for (size_t i = 0; i < SIZE_DIGITS; i++) {
        if (field[i] < '0' || field[i] > '7')
            return false;
        *value = *value << 3 | (uint64_t)(field[i] - '0');
    }
    return true;
}

/* Digits at the start of text; *value is SIZE_MAX-like when there are none or too many. */
static bool read_decimal(vl_bytes *text, uint64_t *value)
{
    size_t count = 0;

    *value = 0;
    while (count < text->len && count < 19 && text->ptr[count] >= '0' && text->ptr[count] <= '9')
        *value = *value * 10 + (uint64_t)(text->ptr[count++] - '0');
    *text = vl_bytes_after(*text, count);
    return count > 0;
}

/* One record, "LENGTH KEYWORD=VALUE\n", off the front of the others. */
static bool read_record(vl_bytes *records, vl_bytes *keyword, vl_bytes *value)
{
    vl_bytes record, rest = *records;
    uint64_t len;
    const uint8_t *sign;

    if (!read_decimal(&rest, &len) || len > records->len)
        return false;
    record = vl_bytes_first(*records, (size_t)len);
    if (record.len < records->len - rest.len + 2 || record.ptr[record.len - 1] != '\n')
        return false;
    *records = vl_bytes_after(*records, record.len);
    /* Without the length and the space, and without the line end. */
    rest = vl_bytes_of(rest.ptr + 1, (size_t)(record.ptr + record.len - rest.ptr) - 2);
    sign = rest.len ? memchr(rest.ptr, '=', rest.len) : NULL;
    if (!sign)
        return false;
    *keyword = vl_bytes_first(rest, (size_t)(sign - rest.ptr));
    *value = vl_bytes_after(rest, keyword->len + 1);
    return true;
}

/* What an extended header says.  Its form is judged later, by writing it again. */
static enum vl_err read_records(const struct vl_pax_reader *reader, vl_bytes records,
                                vl_bytes *name, uint64_t *size, struct vl_why *why)
{
    while (records.len > 0) {
        size_t byte = (size_t)(records.ptr - reader->header);
        vl_bytes keyword, value;
        char shown[64];

        if (!read_record(&records, &keyword, &value))
            return refuse(reader, byte, "not a record of an extended header", "", why);
        if (vl_bytes_eq(keyword, VL_LITERAL("path"))) {
            *name = value;
        } else if (vl_bytes_eq(keyword, VL_LITERAL("size"))) {
            if (!read_decimal(&value, size) || value.len > 0)
                return refuse(reader, byte, "not a size", "", why);
        } else {
            return refuse(reader, byte, "a record that has no place here: ",
                          vl_text_safe_ascii(shown, sizeof shown, keyword), why);
        }
    }
    return VL_OK;
}

/* Where the header differs from the one it must be; its length when nowhere.  A checksum differs
 * with everything else, so it is told only when it is alone. */
static size_t difference(const struct vl_pax_reader *reader)
{
    size_t checksum = reader->header_len;

    for (size_t i = 0; i < reader->header_len; i++) {
        size_t at = i % VL_PAX_BLOCK;

        if (reader->header[i] == reader->again.data[i])
            continue;
        if (at < CHECKSUM_AT || at >= TYPE_AT)
            return i;
        if (checksum == reader->header_len)
            checksum = i;
    }
    return checksum;
}

/* It must be the header that we would write. */
static enum vl_err compare(struct vl_pax_reader *reader, vl_bytes name, uint64_t size,
                           struct vl_why *why)
{
    size_t own_at = reader->header_len - VL_PAX_BLOCK;
    size_t byte;
    enum vl_err err;

    if (!vl_text_is_utf8(name) || name.len == 0 || memchr(name.ptr, 0, name.len))
        return refuse(reader, 0, "not a name", "", why);
    reader->again.len = 0;
    err = vl_pax_header(name, size, &reader->again);
    if (err)
        return vl_fail(why, err, "archive: %s",
                       err == VL_ERR_LIMIT ? "a name or a size over the limits"
                                           : vl_err_words(err));
    if (reader->again.len != reader->header_len)
        return refuse(reader, 0,
                      own_at > 0 ? "an extended header that is not needed"
                                 : "an extended header is missing",
                      "", why);
    byte = difference(reader);
    if (byte == reader->header_len)
        return VL_OK;
    if (own_at > 0 && byte >= VL_PAX_BLOCK && byte < own_at)
        return refuse(reader, byte, "another extended header than it must be", "", why);
    return refuse(reader, byte, "another header than it must be: its ",
                  field_at(byte % VL_PAX_BLOCK), why);
}

/* The header is whole. */
static enum vl_err take_header(struct vl_pax_reader *reader, struct vl_why *why)
{
    size_t own_at = reader->header_len - VL_PAX_BLOCK;
    const uint8_t *own = reader->header + own_at;
    vl_bytes name = vl_bytes_of(own, strnlen((const char *)own, NAME_LEN));
    vl_bytes header = vl_bytes_of(reader->header, reader->header_len);
    uint64_t size = 0, records_len = 0;
    char type[2] = {(char)own[TYPE_AT], '\0'};
    enum vl_err err = VL_OK;

    if (own[TYPE_AT] != '0')
        return refuse(reader, own_at + TYPE_AT, "neither a file nor its extended header: type ",
                      type[0] > ' ' && type[0] < 0x7f ? type : "unknown", why);
    if (!read_octal(own + SIZE_AT, &size))
        return refuse(reader, own_at + SIZE_AT, "a size that is not eleven octal digits", "", why);
    if (own_at > 0) {
        (void)read_octal(reader->header + SIZE_AT, &records_len); /* read before */
        err = read_records(reader, vl_bytes_of(reader->header + VL_PAX_BLOCK, (size_t)records_len),
                           &name, &size, why);
    }
    if (!err)
        err = compare(reader, name, size, why);
    if (!err)
        err = reader->sink.begin(reader->sink.self, name, size, header, why);
    reader->header_len = 0;
    reader->header_wanted = VL_PAX_BLOCK;
    reader->place = IN_CONTENT;
    reader->left = size;
    reader->fill = vl_pax_fill(size);
    return err;
}

static bool is_zero(vl_bytes bytes)
{
    uint8_t any = 0;

    for (size_t i = 0; i < bytes.len; i++)
        any |= bytes.ptr[i];
    return any == 0;
}

/* The first block of a header tells how long the header is. */
static enum vl_err take_first_block(struct vl_pax_reader *reader, struct vl_why *why)
{
    uint8_t type = reader->header[TYPE_AT];
    uint64_t records_len;

    if (is_zero(vl_bytes_of(reader->header, VL_PAX_BLOCK))) {
        reader->header_len = 0;
        reader->place = IN_END;
        reader->left = VL_PAX_END - VL_PAX_BLOCK;
        return VL_OK;
    }
    if (type != 'x')
        return take_header(reader, why);
    if (!read_octal(reader->header + SIZE_AT, &records_len) || records_len == 0 ||
        records_len > VL_PAX_HEADER_MAX - (size_t)2 * VL_PAX_BLOCK)
        return refuse(reader, SIZE_AT, "an extended header of a size it never has", "", why);
    reader->header_wanted +=
        (size_t)records_len + vl_pax_fill(records_len) + VL_PAX_BLOCK; /* and the entry's own */
    return VL_OK;
}

/* Collect the blocks of a header. */
static enum vl_err in_header(struct vl_pax_reader *reader, vl_bytes *bytes, struct vl_why *why)
{
    vl_bytes piece = vl_bytes_first(*bytes, reader->header_wanted - reader->header_len);

    memcpy(reader->header + reader->header_len, piece.ptr, piece.len);
    reader->header_len += piece.len;
    reader->at += piece.len;
    *bytes = vl_bytes_after(*bytes, piece.len);
    if (reader->header_len < reader->header_wanted)
        return VL_OK;
    return reader->header_wanted == VL_PAX_BLOCK ? take_first_block(reader, why)
                                                 : take_header(reader, why);
}

static enum vl_err in_content(struct vl_pax_reader *reader, vl_bytes *bytes, struct vl_why *why)
{
    vl_bytes piece =
        vl_bytes_first(*bytes, reader->left < SIZE_MAX ? (size_t)reader->left : SIZE_MAX);
    enum vl_err err = VL_OK;

    if (piece.len > 0)
        err = reader->sink.data(reader->sink.self, piece, why);
    reader->at += piece.len;
    reader->left -= piece.len;
    *bytes = vl_bytes_after(*bytes, piece.len);
    return err;
}

static enum vl_err in_zeroes(struct vl_pax_reader *reader, vl_bytes *bytes, struct vl_why *why)
{
    vl_bytes piece = vl_bytes_first(*bytes, reader->place == IN_PADDING || reader->left > SIZE_MAX
                                                ? SIZE_MAX
                                                : (size_t)reader->left);

    if (!is_zero(piece)) {
        size_t byte = 0;

        while (piece.ptr[byte] == 0)
            byte++;
        return refuse(reader, byte,
                      reader->place == IN_FILL  ? "not zero behind a file"
                      : reader->place == IN_END ? "only one block of zeroes at the end"
                                                : "something behind the end",
                      "", why);
    }
    reader->at += piece.len;
    if (reader->place == IN_PADDING)
        reader->padding += piece.len;
    else
        reader->left -= piece.len;
    *bytes = vl_bytes_after(*bytes, piece.len);
    return VL_OK;
}

/* Go on to where the next byte belongs: what is empty is passed without one. */
static enum vl_err settle(struct vl_pax_reader *reader, struct vl_why *why)
{
    if (reader->place == IN_CONTENT && reader->left == 0) {
        enum vl_err err = reader->sink.end(reader->sink.self, why);

        if (err)
            return err;
        reader->place = IN_FILL;
        reader->left = reader->fill;
    }
    if (reader->place == IN_FILL && reader->left == 0)
        reader->place = IN_HEADER;
    if (reader->place == IN_END && reader->left == 0)
        reader->place = IN_PADDING;
    return VL_OK;
}

static enum vl_err put(struct vl_pax_reader *reader, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    while (!err && bytes.len > 0) {
        if (reader->place == IN_HEADER)
            err = in_header(reader, &bytes, why);
        else if (reader->place == IN_CONTENT)
            err = in_content(reader, &bytes, why);
        else
            err = in_zeroes(reader, &bytes, why);
        if (!err)
            err = settle(reader, why);
    }
    return err;
}

static enum vl_err latch(struct vl_pax_reader *reader, enum vl_err err, struct vl_why *why)
{
    if (!reader->err && err) {
        reader->err = err;
        if (why)
            reader->why = *why;
    } else if (reader->err && why) {
        *why = reader->why;
    }
    return reader->err;
}

enum vl_err vl_pax_reader_put(struct vl_pax_reader *reader, vl_bytes bytes, struct vl_why *why)
{
    return latch(reader, reader->err ? VL_OK : put(reader, bytes, why), why);
}

enum vl_err vl_pax_reader_end(struct vl_pax_reader *reader, uint64_t *padding, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (!reader->err && reader->place != IN_PADDING)
        err = vl_fail(why, VL_ERR_FORMAT, "archive: cut short after %llu bytes",
                      (unsigned long long)reader->at);
    *padding = reader->padding;
    return latch(reader, err, why);
}
