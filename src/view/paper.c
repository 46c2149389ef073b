/* SPDX-License-Identifier: Apache-2.0 */
#include "view/paper.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#define SAY_MAX 4096

void vl_paper_open(struct vl_paper *paper, enum vl_paper_part part)
{
    if (!paper->err)
        paper->err = paper->ops->open(paper->self, part);
}

void vl_paper_close(struct vl_paper *paper, enum vl_paper_part part)
{
    if (!paper->err)
        paper->err = paper->ops->close(paper->self, part);
}

void vl_paper_text(struct vl_paper *paper, enum vl_paper_style style, vl_bytes text)
{
    if (!paper->err && text.len > 0)
        paper->err = paper->ops->text(paper->self, style, text);
}

void vl_paper_say(struct vl_paper *paper, enum vl_paper_style style, const char *format, ...)
{
    char text[SAY_MAX];
    va_list args;
    int len;

    va_start(args, format);
    len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len >= 0)
        vl_paper_text(paper, style, vl_bytes_str(text));
}

void vl_paper_put(struct vl_paper *paper, enum vl_paper_part part, const char *text)
{
    vl_paper_open(paper, part);
    vl_paper_text(paper, VL_PAPER_PLAIN, vl_bytes_str(text));
    vl_paper_close(paper, part);
}

void vl_paper_line(struct vl_paper *paper)
{
    if (!paper->err)
        paper->err = paper->ops->line(paper->self);
}

void vl_paper_hex(struct vl_paper *paper, vl_bytes bytes)
{
    if (!paper->err)
        paper->err = paper->ops->hex(paper->self, bytes);
}

void vl_paper_time(struct vl_paper *paper, int64_t seconds)
{
    if (!paper->err)
        paper->err = paper->ops->time(paper->self, seconds);
}

void vl_paper_code(struct vl_paper *paper, vl_bytes capitals, const char *label,
                   const char *caption)
{
    if (!paper->err)
        paper->err = paper->ops->code(paper->self, capitals, label, caption);
}

void vl_paper_marked(struct vl_paper *paper, vl_bytes text)
{
    while (text.len > 0) {
        const uint8_t *mark = memchr(text.ptr, (uint8_t)VL_PAPER_MARK[0], text.len);
        const size_t before = mark ? (size_t)(mark - text.ptr) : text.len;
        vl_bytes name;

        vl_paper_text(paper, VL_PAPER_PLAIN, vl_bytes_first(text, before));
        text = vl_bytes_after(text, before + 1);
        if (!mark)
            return;
        mark = text.len > 0 ? memchr(text.ptr, (uint8_t)VL_PAPER_MARK_END[0], text.len) : NULL;
        name = vl_bytes_first(text, mark ? (size_t)(mark - text.ptr) : text.len);
        vl_paper_text(paper, VL_PAPER_NAME, name);
        text = vl_bytes_after(text, name.len + 1);
    }
}
