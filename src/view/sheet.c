/* SPDX-License-Identifier: Apache-2.0 */
#include "view/sheet.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define SENTENCE_MAX 4096
#define SAFE_MAX     (VL_TEXT_GROWTH * SENTENCE_MAX)

void vl_sheet_head(struct vl_sheet *sheet, const char *heading)
{
    sheet->heading = heading;
}

static void put(struct vl_sheet *sheet, vl_bytes text)
{
    if (!sheet->err)
        sheet->err = vl_buf_put(sheet->out, text);
}

/* Characters, and for most of them columns. */
static size_t columns(vl_bytes word)
{
    size_t count = 0;

    for (size_t i = 0; i < word.len; i++)
        count += (word.ptr[i] & 0xc0) != 0x80;
    return count;
}

/* The first bytes of a word that fill these columns. */
static vl_bytes fill(vl_bytes word, size_t most)
{
    size_t at = 0, count = 0;

    while (at < word.len && (count < most || (word.ptr[at] & 0xc0) == 0x80))
        count += (word.ptr[at++] & 0xc0) != 0x80;
    while (at < word.len && (word.ptr[at] & 0xc0) == 0x80)
        at++;
    return vl_bytes_first(word, at);
}

static vl_bytes next_word(vl_bytes *text)
{
    const uint8_t *space = text->len > 0 ? memchr(text->ptr, ' ', text->len) : NULL;
    vl_bytes word = vl_bytes_first(*text, space ? (size_t)(space - text->ptr) : text->len);

    *text = vl_bytes_after(*text, space ? word.len + 1 : word.len);
    return word;
}

static void wrap(struct vl_sheet *sheet, vl_bytes text)
{
    const size_t width = sheet->width < VL_SHEET_MIN_WIDTH ? VL_SHEET_MIN_WIDTH : sheet->width;
    size_t column = 2;
    bool is_first = true;

    put(sheet, VL_LITERAL("  "));
    while (text.len > 0 && !sheet->err) {
        vl_bytes word = next_word(&text);

        if (!is_first && column + 1 + columns(word) > width) {
            put(sheet, VL_LITERAL("\n    "));
            column = 4;
        } else if (!is_first) {
            put(sheet, VL_LITERAL(" "));
            column++;
        }
        while (column + columns(word) > width) { /* an address may be longer than a line */
            const vl_bytes part = fill(word, width - column);

            put(sheet, part);
            put(sheet, VL_LITERAL("\n    "));
            column = 4;
            word = vl_bytes_after(word, part.len);
        }
        put(sheet, word);
        column += columns(word);
        is_first = false;
    }
    put(sheet, VL_LITERAL("\n"));
}

static void end_item(struct vl_sheet *sheet)
{
    if (sheet->in_item)
        vl_paper_close(sheet->paper, VL_PAPER_ITEM);
    sheet->in_item = false;
}

void vl_sheet_end(struct vl_sheet *sheet)
{
    end_item(sheet);
    if (sheet->in_list)
        vl_paper_close(sheet->paper, VL_PAPER_POINTS);
    sheet->in_list = false;
    sheet->err = sheet->err ? sheet->err : sheet->paper->err;
}

/* Without the colon at its end: what comes below it is a list. */
static void put_heading(struct vl_sheet *sheet)
{
    vl_bytes heading = vl_bytes_str(sheet->heading);

    if (heading.len > 0 && heading.ptr[heading.len - 1] == ':')
        heading.len--;
    vl_paper_open(sheet->paper, VL_PAPER_HEADING);
    vl_paper_text(sheet->paper, VL_PAPER_PLAIN, heading);
    vl_paper_close(sheet->paper, VL_PAPER_HEADING);
    vl_paper_open(sheet->paper, VL_PAPER_POINTS);
    sheet->heading = NULL;
    sheet->in_list = true;
}

static void say_on_paper(struct vl_sheet *sheet, vl_bytes text)
{
    const bool goes_on = vl_bytes_starts(text, VL_LITERAL("  "));
    enum vl_paper_part part = VL_PAPER_SENTENCE;

    if (sheet->heading) {
        vl_sheet_end(sheet);
        put_heading(sheet);
    }
    if (goes_on && sheet->in_item) {
        part = VL_PAPER_MORE;
        text = vl_bytes_after(text, 2);
    } else {
        end_item(sheet);
        vl_paper_open(sheet->paper, VL_PAPER_ITEM);
        sheet->in_item = true;
    }
    vl_paper_open(sheet->paper, part);
    vl_paper_marked(sheet->paper, text);
    vl_paper_close(sheet->paper, part);
    sheet->err = sheet->paper->err;
}

void vl_sheet_say(struct vl_sheet *sheet, const char *format, ...)
{
    char text[SENTENCE_MAX], safe[SAFE_MAX];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0 || sheet->err)
        return;
    if ((size_t)len >= sizeof text) /* what is cut is cut between characters */
        text[vl_text_first(vl_bytes_of((const uint8_t *)text, sizeof text), sizeof text - 1).len] =
            0;
    if (sheet->paper) {
        say_on_paper(sheet, vl_bytes_str(text));
        return;
    }
    if (sheet->heading) {
        if (sheet->out->len > 0)
            put(sheet, VL_LITERAL("\n"));
        put(sheet, vl_bytes_str(sheet->heading));
        put(sheet, VL_LITERAL("\n"));
        sheet->heading = NULL;
    }
    if (sheet->ascii)
        (void)vl_text_safe_ascii(safe, sizeof safe, vl_bytes_str(text));
    else
        (void)vl_text_safe(safe, sizeof safe, vl_bytes_str(text));
    wrap(sheet, vl_bytes_str(safe));
}
