/* SPDX-License-Identifier: Apache-2.0 */
#include "view/html.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "base/time.h"

#define PIECE    ((size_t)512) /* of a text that is made safe at a time */
#define SAFE_MAX (VL_TEXT_GROWTH * PIECE + 1)
#define SAY_MAX  4096

void vl_html_put(struct vl_html *html, vl_bytes markup)
{
    if (!html->err)
        html->err = vl_buf_put(html->out, markup);
}

/* The five characters that mean something in HTML. */
static void put_escaped(struct vl_html *html, vl_bytes text)
{
    size_t start = 0;

    for (size_t i = 0; i < text.len; i++) {
        const char *instead = NULL;

        switch (text.ptr[i]) {
        case '&':
            instead = "&amp;";
            break;
        case '<':
            instead = "&lt;";
            break;
        case '>':
            instead = "&gt;";
            break;
        case '"':
            instead = "&quot;";
            break;
        case '\'':
            instead = "&#39;";
            break;
        default:
            continue;
        }
        vl_html_put(html, vl_bytes_of(text.ptr + start, i - start));
        vl_html_put(html, vl_bytes_str(instead));
        start = i + 1;
    }
    vl_html_put(html, vl_bytes_after(text, start));
}

/* One line, in pieces that end between characters. */
static void put_line(struct vl_html *html, vl_bytes line)
{
    char safe[SAFE_MAX];

    while (line.len > 0 && !html->err) {
        vl_bytes piece = vl_bytes_first(line, PIECE);

        if (piece.len < line.len)
            piece.len -= vl_text_unfinished(piece);
        (void)vl_text_safe(safe, sizeof safe, piece);
        put_escaped(html, vl_bytes_str(safe));
        line = vl_bytes_after(line, piece.len);
    }
}

static void put_lines(struct vl_html *html, vl_bytes text)
{
    while (text.len > 0) {
        const uint8_t *end = memchr(text.ptr, '\n', text.len);
        const size_t len = end ? (size_t)(end - text.ptr) : text.len;

        put_line(html, vl_bytes_first(text, len));
        if (end)
            vl_html_raw(html, "\n");
        text = vl_bytes_after(text, end ? len + 1 : len);
    }
}

void vl_html_text(struct vl_html *html, vl_bytes text)
{
    vl_html_raw(html, "<bdi>");
    put_lines(html, text);
    vl_html_raw(html, "</bdi>");
}

void vl_html_say(struct vl_html *html, const char *format, ...)
{
    char text[SAY_MAX];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len >= 0)
        put_line(html, vl_bytes_str(text));
}

void vl_html_attribute(struct vl_html *html, vl_bytes value)
{
    put_lines(html, value);
}

static bool is_plain(uint8_t byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

void vl_html_url(struct vl_html *html, vl_bytes segment)
{
    while (segment.len > 0) {
        char coded[4];
        size_t len = 0;

        while (len < segment.len && is_plain(segment.ptr[len]))
            len++;
        vl_html_put(html, vl_bytes_first(segment, len));
        segment = vl_bytes_after(segment, len);
        if (segment.len == 0)
            return;
        (void)snprintf(coded, sizeof coded, "%%%02X", segment.ptr[0]);
        vl_html_put(html, vl_bytes_str(coded));
        segment = vl_bytes_after(segment, 1);
    }
}

void vl_html_hex(struct vl_html *html, vl_bytes bytes)
{
    vl_html_raw(html, "<code class=\"hex\">");
    for (size_t i = 0; i < bytes.len; i++) {
        char digits[3];

        if (i > 0 && i % 2 == 0)
            vl_html_raw(html, "<wbr>");
        (void)snprintf(digits, sizeof digits, "%02x", bytes.ptr[i]);
        vl_html_put(html, vl_bytes_str(digits));
    }
    vl_html_raw(html, "</code>");
}

void vl_html_time(struct vl_html *html, int64_t seconds)
{
    char text[VL_TIME_TEXT];

    (void)vl_time_text(seconds, text);
    vl_html_raw(html, "<time datetime=\"");
    vl_html_put(html, vl_bytes_str(text));
    vl_html_raw(html, "\">");
    text[10] = ' ';
    text[19] = '\0';
    vl_html_put(html, vl_bytes_str(text));
    vl_html_raw(html, "\xc2\xa0UTC</time>");
}
