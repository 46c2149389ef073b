/* SPDX-License-Identifier: Apache-2.0 */
#include "cli/show.h"

#include <stdio.h>
#include <stdlib.h>
#include <strings.h>

#include "base/text.h"

#define LINE_SAFE 8400 /* a line of a report, with what cannot be shown by its number */

/* POSIX (XBD 8.2): the first of these that says something decides.  Asking setlocale() would read
 * locale files for the one answer that the name gives. */
bool vl_show_utf8(void)
{
    static const char *const names[] = {"LC_ALL", "LC_CTYPE", "LANG"};

    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        const char *value = getenv(names[i]);

        if (!value || !value[0])
            continue;
        for (; *value; value++)
            if (strncasecmp(value, "utf-8", 5) == 0 || strncasecmp(value, "utf8", 4) == 0)
                return true;
        return false;
    }
    return false;
}

const char *vl_show(char *out, size_t size, const char *text)
{
    return vl_show_utf8() ? vl_text_safe(out, size, vl_bytes_str(text))
                          : vl_text_safe_ascii(out, size, vl_bytes_str(text));
}

void vl_show_report(const char *path, const struct vl_report *report)
{
    char safe[LINE_SAFE];

    printf("%s: %s\n", vl_show(safe, sizeof safe, path), report->words);
    for (size_t i = 0; i < report->count; i++)
        if (report->lines[i].section == VL_REPORT_FACT)
            printf("  %-11s %s\n", report->lines[i].name,
                   vl_show(safe, sizeof safe, report->lines[i].text));
    for (int section = VL_REPORT_PROVEN; section < VL_REPORT_SECTIONS; section++) {
        const char *heading = vl_report_heading((enum vl_report_section)section);

        for (size_t i = 0; i < report->count; i++) {
            if (report->lines[i].section != (enum vl_report_section)section)
                continue;
            printf("%-11s %s\n", heading, vl_show(safe, sizeof safe, report->lines[i].text));
            heading = "";
        }
    }
}
