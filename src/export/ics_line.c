/* SPDX-License-Identifier: Apache-2.0 */
#include "export/ics_line.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"

/* The longest text that is signed, each byte of it made visible. */
#define SAFE_MAX 131072

static void put_bytes(struct vl_ics *ics, const char *bytes, size_t len)
{
    if (!ics->err)
        ics->err = vl_buf_put(ics->out, vl_bytes_of(bytes, len));
}

static size_t character_len(uint8_t first)
{
    return first < 0x80 ? 1 : first < 0xe0 ? 2 : first < 0xf0 ? 3 : 4;
}

/* A line is folded between characters, never within one. */
static void put_character(struct vl_ics *ics, const char *bytes, size_t len)
{
    if (ics->column + len > VL_ICS_FOLD) {
        put_bytes(ics, "\r\n ", 3);
        ics->column = 1;
    }
    put_bytes(ics, bytes, len);
    ics->column += len;
}

static void put_utf8(struct vl_ics *ics, const char *text, size_t len)
{
    for (size_t at = 0; at < len;) {
        const size_t one = character_len((uint8_t)text[at]);

        put_character(ics, text + at, one < len - at ? one : len - at);
        at += one;
    }
}

void vl_ics_put(struct vl_ics *ics, const char *text)
{
    put_utf8(ics, text, strlen(text));
}

/* RFC 5545, 3.3.11 */
static void put_escaped(struct vl_ics *ics, const char *text)
{
    for (; *text; text += character_len((uint8_t)*text)) {
        if (*text == '\\' || *text == ';' || *text == ',')
            put_utf8(ics, "\\", 1);
        put_utf8(ics, text, character_len((uint8_t)*text));
    }
}

/* RFC 6868: "^" and the quotes; what is not printable is not there any more. */
static void put_careted(struct vl_ics *ics, const char *text)
{
    for (; *text; text += character_len((uint8_t)*text)) {
        if (*text == '^')
            vl_ics_put(ics, "^^");
        else if (*text == '"')
            vl_ics_put(ics, "^'");
        else
            put_utf8(ics, text, character_len((uint8_t)*text));
    }
}

/* One line of what somebody wrote, safe to show. */
static void put_safe(struct vl_ics *ics, vl_bytes line,
                     void (*put)(struct vl_ics *ics, const char *text))
{
    static const size_t step = 2048; /* each byte becomes six at most */
    char safe[SAFE_MAX / 8];

    /* In pieces that end between characters. */
    while (line.len > 0) {
        vl_bytes piece = vl_bytes_of(line.ptr, line.len < step ? line.len : step);

        if (piece.len < line.len)
            piece.len -= vl_text_unfinished(piece);
        put(ics, vl_text_safe(safe, sizeof safe, piece));
        line = vl_bytes_after(line, piece.len);
    }
}

void vl_ics_text(struct vl_ics *ics, vl_bytes text)
{
    while (text.len > 0) {
        const uint8_t *end = memchr(text.ptr, '\n', text.len);
        const size_t len = end ? (size_t)(end - text.ptr) : text.len;
        vl_bytes line = vl_bytes_of(text.ptr, len);

        if (end && line.len > 0 && line.ptr[line.len - 1] == '\r')
            line.len--;
        put_safe(ics, line, put_escaped);
        if (end)
            vl_ics_put(ics, "\\n");
        text = vl_bytes_after(text, end ? len + 1 : len);
    }
}

void vl_ics_quoted(struct vl_ics *ics, vl_bytes text)
{
    vl_ics_put(ics, "\"");
    put_safe(ics, text, put_careted);
    vl_ics_put(ics, "\"");
}

void vl_ics_time(struct vl_ics *ics, int64_t seconds)
{
    char time[VL_TIME_TEXT], text[VL_TIME_TEXT];
    size_t len = 0;

    (void)vl_time_text(seconds, time);
    for (const char *at = time; *at; at++)
        if (*at != '-' && *at != ':')
            text[len++] = *at;
    text[len] = 0;
    vl_ics_put(ics, text);
}

void vl_ics_day(struct vl_ics *ics, int64_t seconds)
{
    char time[VL_TIME_TEXT], text[12];

    (void)vl_time_text(seconds, time);
    (void)snprintf(text, sizeof text, "%.4s%.2s%.2s", time, time + 5, time + 8);
    vl_ics_put(ics, text);
}

void vl_ics_end(struct vl_ics *ics)
{
    put_bytes(ics, "\r\n", 2);
    ics->column = 0;
}

void vl_ics_line(struct vl_ics *ics, const char *name, const char *value)
{
    vl_ics_put(ics, name);
    vl_ics_put(ics, ":");
    vl_ics_put(ics, value);
    vl_ics_end(ics);
}

void vl_ics_words(struct vl_ics *ics, const char *name, vl_bytes text)
{
    if (text.len == 0)
        return;
    vl_ics_put(ics, name);
    vl_ics_put(ics, ":");
    vl_ics_text(ics, text);
    vl_ics_end(ics);
}
