/* SPDX-License-Identifier: Apache-2.0 */
#include "view/page.h"

#include <inttypes.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "codec/number.h"
#include "view/page_parts.h"

#define FACT_MAX 1024

/* --- what all of them have -------------------------------------------------------------------- */

static void put_nav(struct vl_html *html, enum vl_page_place place, enum vl_page_place here,
                    const char *path, const char *words)
{
    vl_html_raw(html, "<li><a href=\"");
    vl_html_put(html, vl_bytes_str(path));
    vl_html_raw(html, "\"");
    if (place == here)
        vl_html_raw(html, " aria-current=\"page\"");
    vl_html_raw(html, ">");
    vl_html_put(html, vl_bytes_str(words));
    vl_html_raw(html, "</a></li>");
}

void vl_page_begin(struct vl_html *html, const struct vl_page_record *record,
                   enum vl_page_place place, const char *title, const char *json)
{
    vl_html_raw(html, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta name=\"robots\" content=\"noindex\">\n<title>");
    vl_html_say(html, "%s - ", title);
    vl_html_attribute(html, record->origin);
    vl_html_raw(html, "</title>\n<link rel=\"stylesheet\" href=\"/style.css\">\n"
                      "<link rel=\"alternate\" type=\"application/atom+xml\" title=\"Atom\" "
                      "href=\"/feed.atom\">\n");
    if (json) {
        vl_html_raw(html, "<link rel=\"alternate\" type=\"application/json\" href=\"");
        vl_html_attribute(html, vl_bytes_str(json));
        vl_html_raw(html, "\">\n");
    }
    vl_html_raw(html, "</head>\n<body>\n<a class=\"skip\" href=\"#main\">To the content</a>\n"
                      "<header>\n<a class=\"home\" href=\"/\">");
    vl_html_text(html, record->origin);
    vl_html_raw(html, "<small>public record</small></a>\n<nav aria-label=\"Pages\"><ul>");
    put_nav(html, place, VL_PAGE_FRONT, "/", "Entries");
    put_nav(html, place, VL_PAGE_CHECK, "/check", "Check a file");
    put_nav(html, place, VL_PAGE_ABOUT, "/about", "About");
    vl_html_raw(html, "</ul></nav>\n</header>\n<main id=\"main\">\n");
}

void vl_page_end(struct vl_html *html, const struct vl_page_record *record)
{
    vl_html_raw(html, "</main>\n<footer>\n<p>");
    vl_html_say(html,
                "%" PRIu64 " %s. Nothing here is ever erased; what is wrong is corrected "
                "beside itself.",
                record->size, record->size == 1 ? "entry" : "entries");
    vl_html_raw(html, "</p>\n<p>Root ");
    vl_html_hex(html, VL_ARRAY(record->root));
    vl_html_raw(html, "</p>\n<p class=\"noprint\"><a href=\"/checkpoint\">Checkpoint</a> &middot; "
                      "<a href=\"/feed.atom\">Atom</a> &middot; "
                      "<a href=\"/about\">How to check this without this server</a></p>\n"
                      "</footer>\n</body>\n</html>\n");
}

const char *vl_page_what(const struct vl_page_row *row)
{
    if (row->deed)
        return row->deed;
    return row->kind == VL_KIND_NONE ? "rules of this record" : vl_kind_words(row->kind);
}

void vl_page_office_link(struct vl_html *html, const struct vl_page_row *row)
{
    char address[VL_OFFICE_TEXT];

    if (!row->has_office) {
        vl_html_raw(html, "this record");
        return;
    }
    (void)vl_office_id_text(&row->office, address);
    vl_html_raw(html, "<a href=\"/office/");
    vl_html_url(html, vl_bytes_str(address));
    vl_html_raw(html, "\">");
    if (row->name[0])
        vl_html_text(html, vl_bytes_str(row->name));
    else
        vl_html_raw(html, "an office");
    vl_html_raw(html, "</a> <code class=\"soft\">");
    vl_html_say(html, "%.14s…", address);
    vl_html_raw(html, "</code>");
}

void vl_page_letter_link(struct vl_html *html, const uint8_t number[VL_HASH_LEN])
{
    char text[VL_NUMBER_TEXT], brief[VL_NUMBER_SHORT];

    vl_html_raw(html, "<a href=\"/letter/");
    vl_html_url(html, vl_bytes_str(vl_number_text(VL_LETTER_HRP, number, text)));
    vl_html_raw(html, "\">letter ");
    vl_html_say(html, "%s", vl_number_short(number, brief));
    vl_html_raw(html, "</a>");
}

void vl_page_invitation_link(struct vl_html *html, const uint8_t number[VL_HASH_LEN])
{
    char text[VL_NUMBER_TEXT], brief[VL_NUMBER_SHORT];

    vl_html_raw(html, "<a href=\"/invitation/");
    vl_html_url(html, vl_bytes_str(vl_number_text(VL_INVITATION_HRP, number, text)));
    vl_html_raw(html, "\">invitation ");
    vl_html_say(html, "%s", vl_number_short(number, brief));
    vl_html_raw(html, "</a>");
}

void vl_page_entry_link(struct vl_html *html, uint64_t index)
{
    vl_html_raw(html, "<a href=\"/entry/");
    vl_html_say(html, "%" PRIu64, index);
    vl_html_raw(html, "\">entry ");
    vl_html_say(html, "%" PRIu64, index);
    vl_html_raw(html, "</a>");
}

void vl_page_old_and_new(struct vl_html *html, vl_bytes old, vl_bytes now)
{
    if (old.len > 0) {
        vl_html_raw(html, "<del>");
        vl_html_text(html, old);
        vl_html_raw(html, "</del> ");
    }
    vl_html_raw(html, "<ins>");
    if (now.len > 0)
        vl_html_text(html, now);
    else
        vl_html_raw(html, "(taken back)");
    vl_html_raw(html, "</ins>");
}

static bool is_about(const uint8_t *subject, const uint8_t number[VL_HASH_LEN])
{
    return subject && memcmp(number, subject, VL_HASH_LEN) == 0;
}

void vl_page_row_begin(struct vl_html *html, const struct vl_page_row *row, const uint8_t *subject)
{
    char number[24];

    (void)snprintf(number, sizeof number, "%" PRIu64, row->index);
    vl_html_raw(html, "<li id=\"e");
    vl_html_put(html, vl_bytes_str(number));
    vl_html_raw(html, "\"><a class=\"what\" href=\"/entry/");
    vl_html_put(html, vl_bytes_str(number));
    vl_html_raw(html, "\">");
    vl_html_say(html, "%s", vl_page_what(row));
    vl_html_raw(html, "</a> by ");
    vl_page_office_link(html, row);
    if (row->has_letter && !is_about(subject, row->letter)) {
        vl_html_raw(html, ", about ");
        vl_page_letter_link(html, row->letter);
    }
    if (row->has_invitation && !is_about(subject, row->invitation)) {
        vl_html_raw(html, ", about ");
        vl_page_invitation_link(html, row->invitation);
    }
    if (row->words[0]) {
        vl_html_raw(html, " <q>");
        vl_html_text(html, vl_bytes_str(row->words));
        vl_html_raw(html, "</q>");
    }
    vl_html_raw(html, "<span class=\"when\">entry ");
    vl_html_put(html, vl_bytes_str(number));
    if (row->has_iat) {
        vl_html_raw(html, ", signed ");
        vl_html_time(html, row->iat_s);
        vl_html_raw(html, " by its own clock");
    } else {
        vl_html_raw(html, ", does not say when it was signed");
    }
    vl_html_raw(html, "</span>");
}

void vl_page_rows(struct vl_html *html, const struct vl_page_list *list, bool as_time_line,
                  const uint8_t *subject)
{
    if (as_time_line)
        vl_html_raw(html, "<ol class=\"time\">\n");
    else
        vl_html_raw(html, "<ol class=\"list\">\n");
    for (size_t i = 0; i < list->count; i++) {
        vl_page_row_begin(html, &list->rows[i], subject);
        vl_html_raw(html, "</li>\n");
    }
    vl_html_raw(html, "</ol>\n");
}

static void put_value(struct vl_html *html, const char *name, vl_bytes value)
{
    if (value.len == 0)
        return;
    vl_html_raw(html, "&amp;");
    vl_html_put(html, vl_bytes_str(name));
    vl_html_raw(html, "=");
    vl_html_url(html, value);
}

void vl_page_older(struct vl_html *html, const struct vl_page_query *query, uint64_t next)
{
    char number[24];

    (void)snprintf(number, sizeof number, "%" PRIu64, next);
    vl_html_raw(html, "<p class=\"noprint\"><a rel=\"next\" href=\"/?from=");
    vl_html_put(html, vl_bytes_str(number));
    put_value(html, "office", query->office);
    put_value(html, "letter", query->letter);
    put_value(html, "kind", query->kind);
    put_value(html, "since", query->since);
    put_value(html, "until", query->until);
    vl_html_raw(html, "\">Older entries</a></p>\n");
}

void vl_page_fact(struct vl_html *html, const char *name, const char *format, ...)
{
    char text[FACT_MAX];
    va_list args;

    va_start(args, format);
    (void)vsnprintf(text, sizeof text, format, args);
    va_end(args);
    vl_html_raw(html, "<dt>");
    vl_html_say(html, "%s", name);
    vl_html_raw(html, "</dt><dd>");
    vl_html_text(html, vl_bytes_str(text));
    vl_html_raw(html, "</dd>\n");
}

void vl_page_report(struct vl_html *html, const struct vl_report *report)
{
    for (int section = VL_REPORT_PROVEN; section < VL_REPORT_SECTIONS; section++) {
        bool begun = false;

        for (size_t i = 0; i < report->count; i++) {
            if (report->lines[i].section != (enum vl_report_section)section)
                continue;
            if (!begun) {
                const char *heading = vl_report_heading((enum vl_report_section)section);

                vl_html_raw(html, "<h2>");
                vl_html_say(html, "%.*s", (int)strcspn(heading, ":"), heading);
                vl_html_raw(html, "</h2>\n<ul class=\"plain\">\n");
            }
            begun = true;
            vl_html_raw(html, "<li>");
            vl_html_text(html, vl_bytes_str(report->lines[i].text));
            vl_html_raw(html, "</li>\n");
        }
        if (begun)
            vl_html_raw(html, "</ul>\n");
    }
}

/* --- the front -------------------------------------------------------------------------------- */

static void put_input(struct vl_html *html, const char *name, const char *words, const char *hint,
                      vl_bytes value)
{
    vl_html_raw(html, "<div><label for=\"f-");
    vl_html_put(html, vl_bytes_str(name));
    vl_html_raw(html, "\">");
    vl_html_put(html, vl_bytes_str(words));
    vl_html_raw(html, "</label><input id=\"f-");
    vl_html_put(html, vl_bytes_str(name));
    vl_html_raw(html, "\" name=\"");
    vl_html_put(html, vl_bytes_str(name));
    vl_html_raw(html, "\" autocomplete=\"off\" spellcheck=\"false\" placeholder=\"");
    vl_html_put(html, vl_bytes_str(hint));
    vl_html_raw(html, "\" value=\"");
    vl_html_attribute(html, value);
    vl_html_raw(html, "\"></div>\n");
}

static void put_kinds(struct vl_html *html, vl_bytes chosen)
{
    vl_html_raw(html, "<div><label for=\"f-kind\">Kind</label><select id=\"f-kind\" name=\"kind\">"
                      "<option value=\"\">any</option>");
    for (int kind = VL_KIND_NONE + 1; kind < VL_KIND_COUNT; kind++) {
        const char *word = vl_kind_word((enum vl_kind)kind);

        vl_html_raw(html, "<option value=\"");
        vl_html_attribute(html, vl_bytes_str(word));
        vl_html_raw(html, "\"");
        if (vl_bytes_eq(chosen, vl_bytes_str(word)))
            vl_html_raw(html, " selected");
        vl_html_raw(html, ">");
        vl_html_say(html, "%s", vl_kind_words((enum vl_kind)kind));
        vl_html_raw(html, "</option>");
    }
    vl_html_raw(html, "</select></div>\n");
}

static bool is_filtered(const struct vl_page_query *query)
{
    return query->office.len + query->letter.len + query->kind.len + query->since.len +
               query->until.len >
           0;
}

static void put_form(struct vl_html *html, const struct vl_page_query *query)
{
    if (is_filtered(query))
        vl_html_raw(html, "<details open class=\"noprint\"><summary>Find entries</summary>\n");
    else
        vl_html_raw(html, "<details class=\"noprint\"><summary>Find entries</summary>\n");
    if (query->wrong) {
        vl_html_raw(html, "<p class=\"error\" role=\"alert\">");
        vl_html_text(html, vl_bytes_str(query->wrong));
        vl_html_raw(html, "</p>\n");
    }
    vl_html_raw(html, "<form class=\"filter\" method=\"get\" action=\"/\">\n");
    put_input(html, "office", "Office", "office1...", query->office);
    put_input(html, "letter", "Letter, invitation, or the id of an act", "letter1...",
              query->letter);
    put_kinds(html, query->kind);
    put_input(html, "since", "Signed since", "2026-01-31", query->since);
    put_input(html, "until", "Signed until", "2026-12-31", query->until);
    vl_html_raw(html, "<div><button>Find</button></div>\n</form>\n</details>\n");
}

enum vl_err vl_page_front(const struct vl_page_record *record, const struct vl_page_query *query,
                          const struct vl_page_list *list, struct vl_buf *out)
{
    struct vl_html html = {out, VL_OK};

    vl_page_begin(&html, record, VL_PAGE_FRONT, is_filtered(query) ? "Found" : "Entries",
                  "/index.json");
    vl_html_raw(&html, "<h1>What offices have entered here</h1>\n<p class=\"lead\">");
    if (is_filtered(query))
        vl_html_say(&html, list->count == 0 ? "Nothing here fits." : "What fits, newest first.");
    else
        vl_html_say(&html, "%" PRIu64 " %s, newest first.", record->size,
                    record->size == 1 ? "entry" : "entries");
    if (record->need > 0)
        vl_html_say(&html, " %zu %s signed that this is the whole of it.", record->witnesses,
                    record->witnesses == 1 ? "witness" : "witnesses");
    vl_html_raw(&html, "</p>\n");
    put_form(&html, query);
    if (list->count > 0)
        vl_page_rows(&html, list, false, NULL);
    if (list->has_more)
        vl_page_older(&html, query, list->next);
    vl_page_end(&html, record);
    return html.err;
}
