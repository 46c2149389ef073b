/* SPDX-License-Identifier: Apache-2.0 */
#include "view/report.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/text.h"

#define LINE_MAX_LEN 4096

void vl_report_release(struct vl_report *report)
{
    for (size_t i = 0; i < report->count; i++)
        vl_free(report->lines[i].text);
    vl_free(report->lines);
    report->lines = NULL;
    report->count = 0;
    report->cap = 0;
}

static struct vl_report_line *new_line(struct vl_report *report)
{
    if (report->count == report->cap) {
        const size_t cap = report->cap ? 2 * report->cap : 16;
        void *block = report->lines;

        report->err =
            vl_grow(&block, report->cap * sizeof *report->lines, cap * sizeof *report->lines);
        if (report->err)
            return NULL;
        report->lines = block;
        report->cap = cap;
    }
    return &report->lines[report->count];
}

void vl_report_add(struct vl_report *report, enum vl_report_section section, const char *name,
                   const char *format, ...)
{
    struct vl_report_line *line = report->err ? NULL : new_line(report);
    char text[LINE_MAX_LEN];
    va_list args;
    int len;

    if (!line)
        return;
    va_start(args, format);
    len = vsnprintf(text, sizeof text, format, args);
    va_end(args);
    if (len < 0)
        return;
    if ((size_t)len >= sizeof text) { /* cut between characters */
        len = (int)vl_text_first(vl_bytes_of((const uint8_t *)text, sizeof text), sizeof text - 1)
                  .len;
        text[len] = '\0';
    }
    /* What several acts say alike is said once; facts may well repeat. */
    for (size_t i = 0; i < report->count && section != VL_REPORT_FACT; i++)
        if (report->lines[i].section == section && strcmp(report->lines[i].text, text) == 0)
            return;
    line->text = vl_new((size_t)len + 1);
    if (!line->text) {
        report->err = VL_ERR_NO_MEMORY;
        return;
    }
    (void)snprintf(line->text, (size_t)len + 1, "%s", text);
    line->section = section;
    line->name = name;
    report->count++;
}

const char *vl_report_heading(enum vl_report_section section)
{
    switch (section) {
    case VL_REPORT_PROVEN:
        return "Proven:";
    case VL_REPORT_CLAIMED:
        return "Claimed:";
    case VL_REPORT_NOT_PROVEN:
        return "Not proven:";
    case VL_REPORT_WARNING:
        return "Beware:";
    case VL_REPORT_FACT:
    case VL_REPORT_SECTIONS:
    default:
        return "";
    }
}

void vl_report_doc(struct vl_doc *doc, const struct vl_report *report)
{
    static const char *const lists[] = {[VL_REPORT_FACT] = "facts",
                                        [VL_REPORT_PROVEN] = "proven",
                                        [VL_REPORT_CLAIMED] = "claimed",
                                        [VL_REPORT_NOT_PROVEN] = "not_proven",
                                        [VL_REPORT_WARNING] = "warnings"};

    for (int section = VL_REPORT_FACT; section < VL_REPORT_SECTIONS; section++) {
        vl_doc_list(doc, lists[section]);
        for (size_t i = 0; i < report->count; i++) {
            const struct vl_report_line *line = &report->lines[i];

            if (line->section != (enum vl_report_section)section)
                continue;
            if (section != VL_REPORT_FACT) {
                vl_doc_text(doc, NULL, line->text);
                continue;
            }
            vl_doc_object(doc, NULL);
            vl_doc_text(doc, "name", line->name);
            vl_doc_text(doc, "value", line->text);
            vl_doc_close(doc);
        }
        vl_doc_close(doc);
    }
}
