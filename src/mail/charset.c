/* SPDX-License-Identifier: Apache-2.0 */
#include "mail/charset.h"

#include "base/text.h"
#include "mail/ascii.h"
#include "mail/charset_table.h"

enum { UTF_8 = VL_CHARSET_COUNT, US_ASCII };

/* The names of the IANA registry, and of its aliases those that are met. */
static const struct {
    const char *name;
    int charset;
} names[] = {
    {"utf-8", UTF_8},
    {"utf8", UTF_8},
    {"us-ascii", US_ASCII},
    {"ascii", US_ASCII},
    {"ansi_x3.4-1968", US_ASCII},
    {"iso-8859-1", VL_CHARSET_ISO_8859_1},
    {"iso8859-1", VL_CHARSET_ISO_8859_1},
    {"latin1", VL_CHARSET_ISO_8859_1},
    {"iso-8859-2", VL_CHARSET_ISO_8859_2},
    {"latin2", VL_CHARSET_ISO_8859_2},
    {"iso-8859-4", VL_CHARSET_ISO_8859_4},
    {"iso-8859-5", VL_CHARSET_ISO_8859_5},
    {"iso-8859-6", VL_CHARSET_ISO_8859_6},
    {"iso-8859-7", VL_CHARSET_ISO_8859_7},
    {"iso-8859-8", VL_CHARSET_ISO_8859_8},
    {"iso-8859-8-i", VL_CHARSET_ISO_8859_8},
    {"iso-8859-9", VL_CHARSET_ISO_8859_9},
    {"iso-8859-13", VL_CHARSET_ISO_8859_13},
    {"iso-8859-15", VL_CHARSET_ISO_8859_15},
    {"iso8859-15", VL_CHARSET_ISO_8859_15},
    {"latin-9", VL_CHARSET_ISO_8859_15},
    {"windows-1250", VL_CHARSET_WINDOWS_1250},
    {"cp1250", VL_CHARSET_WINDOWS_1250},
    {"windows-1251", VL_CHARSET_WINDOWS_1251},
    {"cp1251", VL_CHARSET_WINDOWS_1251},
    {"windows-1252", VL_CHARSET_WINDOWS_1252},
    {"cp1252", VL_CHARSET_WINDOWS_1252},
    {"windows-1253", VL_CHARSET_WINDOWS_1253},
    {"windows-1254", VL_CHARSET_WINDOWS_1254},
    {"windows-1255", VL_CHARSET_WINDOWS_1255},
    {"windows-1256", VL_CHARSET_WINDOWS_1256},
    {"windows-1257", VL_CHARSET_WINDOWS_1257},
    {"koi8-r", VL_CHARSET_KOI8_R},
    {"koi8-u", VL_CHARSET_KOI8_U},
};

/* The longest name that is repeated to a person. */
#define NAME_SHOWN 40

/* -1 when nobody here knows it. */
static int find(vl_bytes name)
{
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        if (vl_ascii_is(name, names[i].name))
            return names[i].charset;
    return -1;
}

/* All of these characters have one to three bytes. */
static enum vl_err put_character(struct vl_buf *out, uint16_t character)
{
    const uint8_t last = (uint8_t)(0x80 | (character & 0x3f));
    const uint8_t middle = (uint8_t)(0x80 | (character >> 6 & 0x3f));
    const uint8_t two[] = {(uint8_t)(0xc0 | character >> 6), last};
    const uint8_t three[] = {(uint8_t)(0xe0 | character >> 12), middle, last};

    return vl_buf_put(out, character < 0x800 ? VL_ARRAY(two) : VL_ARRAY(three));
}

static size_t ascii_len(vl_bytes bytes)
{
    size_t len = 0;

    while (len < bytes.len && bytes.ptr[len] < 0x80)
        len++;
    return len;
}

static enum vl_err read_table(const uint16_t table[128], vl_bytes bytes, struct vl_buf *out)
{
    enum vl_err err = VL_OK;

    while (bytes.len > 0 && !err) {
        const size_t len = ascii_len(bytes);

        err = vl_buf_put(out, vl_bytes_first(bytes, len));
        bytes = vl_bytes_after(bytes, len);
        if (!err && bytes.len > 0) {
            const uint16_t character = table[bytes.ptr[0] - 128];

            err = character ? put_character(out, character) : VL_ERR_FORMAT;
            bytes = vl_bytes_after(bytes, 1);
        }
    }
    return err;
}

enum vl_err vl_charset_read(vl_bytes charset, vl_bytes bytes, struct vl_buf *out,
                            struct vl_why *why)
{
    const int known = find(charset);
    const int shown = charset.len < NAME_SHOWN ? (int)charset.len : NAME_SHOWN;
    enum vl_err err;

    if (known < 0)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "the character set \"%.*s\" is not known here",
                       shown, (const char *)charset.ptr);
    if (known == UTF_8)
        err = vl_text_is_utf8(bytes) ? vl_buf_put(out, bytes) : VL_ERR_FORMAT;
    else if (known == US_ASCII)
        err = ascii_len(bytes) == bytes.len ? vl_buf_put(out, bytes) : VL_ERR_FORMAT;
    else
        err = read_table(vl_charset_table[known], bytes, out);
    if (err == VL_ERR_FORMAT)
        return vl_fail(why, err, "it has bytes that are nothing in \"%.*s\"", shown,
                       (const char *)charset.ptr);
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}
