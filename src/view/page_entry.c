/* SPDX-License-Identifier: Apache-2.0 */
/* The pages of one thing: an entry, an office, a letter. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "codec/number.h"
#include "view/page_parts.h"

/* --- an entry --------------------------------------------------------------------------------- */

/* The correction comes first, what it corrects below it, readable, never gone. */
static void put_corrections(struct vl_html *html, const struct vl_page_entry *entry)
{
    vl_html_raw(html, "<div class=\"card state warn\"><p class=\"sign\">! ");
    vl_html_say(html, "%s by whoever signed it",
                entry->corrections[0].is_taken_back ? "Taken back" : "Corrected");
    vl_html_raw(html, "</p>\n<dl>\n");
    for (size_t i = 0; i < entry->correction_count; i++) {
        const struct vl_page_correction *one = &entry->corrections[i];

        vl_html_raw(html, "<dt>");
        vl_html_text(html, one->field);
        vl_html_raw(html, "</dt><dd>");
        vl_page_old_and_new(html, one->old, one->now);
        vl_html_raw(html, " (");
        vl_page_entry_link(html, one->index);
        vl_html_raw(html, ")</dd>\n");
    }
    vl_html_raw(html, "</dl>\n<p>Both stay as they were signed.");
    if (entry->has_more_corrections)
        vl_html_raw(html, " There are more of these, older ones, than are named here.");
    vl_html_raw(html, "</p></div>\n");
}

static void put_count(struct vl_html *html, const struct vl_page_list *about)
{
    if (about->has_more)
        vl_html_say(html, "More than %zu later entries are here about this; the newest are below.",
                    about->count);
    else
        vl_html_say(html, "%zu later %s here about this, below.", about->count,
                    about->count == 1 ? "entry is" : "entries are");
}

static void put_state(struct vl_html *html, const struct vl_page_entry *entry)
{
    if (entry->correction_count > 0) {
        put_corrections(html, entry);
    } else if (!entry->is_given_out) {
        vl_html_raw(html, "<div class=\"card state warn\"><p class=\"sign\">… Waiting</p><p>It is "
                          "kept, and waits for the witnesses of this record.</p></div>\n");
    } else if (entry->about->count > 0) {
        vl_html_raw(html, "<div class=\"card state\"><p class=\"sign\">= More was said</p><p>");
        put_count(html, entry->about);
        vl_html_raw(html, "</p></div>\n");
    } else {
        vl_html_raw(html, "<div class=\"card state good\"><p class=\"sign\">= Stands alone</p>"
                          "<p>No later entry of this record is about it.</p></div>\n");
    }
}

/* Does this correction say that this is what it was? */
static bool is_corrected(const struct vl_page_correction *correction,
                         const struct vl_report_line *line)
{
    return vl_bytes_eq(correction->field, vl_bytes_str(line->name)) &&
           (correction->is_whole || vl_bytes_eq(correction->old, vl_bytes_str(line->text)));
}

/* Where these words stand in it, if they do once: twice, nobody could tell which are meant. */
static bool find_once(vl_bytes text, vl_bytes words, size_t *at)
{
    size_t found = 0;

    for (size_t i = 0; words.len > 0 && i + words.len <= text.len; i++)
        if (memcmp(text.ptr + i, words.ptr, words.len) == 0) {
            *at = i;
            found++;
        }
    return found == 1;
}

/* Some of the words were corrected: these are struck through, between the others. */
static bool put_span(struct vl_html *html, const struct vl_page_correction *correction,
                     const struct vl_report_line *line)
{
    const vl_bytes text = vl_bytes_str(line->text);
    size_t at = 0;

    if (correction->is_taken_back || !vl_bytes_eq(correction->field, vl_bytes_str(line->name)) ||
        !find_once(text, correction->old, &at))
        return false;
    vl_html_raw(html, "<dt>");
    vl_html_say(html, "%s", line->name);
    vl_html_raw(html, "</dt><dd>");
    vl_html_text(html, vl_bytes_first(text, at));
    vl_page_old_and_new(html, correction->old, correction->now);
    vl_html_text(html, vl_bytes_after(text, at + correction->old.len));
    vl_html_raw(html, "</dd>\n");
    return true;
}

/* Struck through where it was corrected. */
static void put_fact(struct vl_html *html, const struct vl_page_entry *entry,
                     const struct vl_report_line *line)
{
    for (size_t i = 0; i < entry->correction_count; i++) {
        const struct vl_page_correction *one = &entry->corrections[i];

        if (!is_corrected(one, line))
            continue;
        vl_html_raw(html, "<dt>");
        vl_html_say(html, "%s", line->name);
        vl_html_raw(html, "</dt><dd>");
        vl_page_old_and_new(html, vl_bytes_str(line->text), one->now);
        vl_html_raw(html, "</dd>\n");
        return;
    }
    if (entry->correction_count == 1 && put_span(html, &entry->corrections[0], line))
        return;
    vl_page_fact(html, line->name, "%s", line->text);
}

static void put_facts(struct vl_html *html, const struct vl_page_entry *entry)
{
    char address[VL_OFFICE_TEXT], letter[VL_NUMBER_TEXT];

    vl_html_raw(html, "<h2>What it says</h2>\n<dl>\n");
    vl_page_fact(html, "kind", "%s", vl_page_what(&entry->row));
    vl_html_raw(html, "<dt>by</dt><dd>");
    vl_page_office_link(html, &entry->row);
    vl_html_raw(html, "</dd>\n");
    if (entry->row.has_office)
        vl_page_fact(html, "address", "%s", vl_office_id_text(&entry->row.office, address));
    if (entry->row.has_letter) {
        vl_html_raw(html, "<dt>about</dt><dd>");
        vl_page_letter_link(html, entry->row.letter);
        vl_html_raw(html, "</dd>\n");
        vl_page_fact(html, "letter", "%s",
                     vl_number_text(VL_LETTER_HRP, entry->row.letter, letter));
    }
    if (entry->row.has_invitation) {
        vl_html_raw(html, "<dt>about</dt><dd>");
        vl_page_invitation_link(html, entry->row.invitation);
        vl_html_raw(html, "</dd>\n");
    }
    if (entry->row.has_iat) {
        vl_html_raw(html, "<dt>signed</dt><dd>");
        vl_html_time(html, entry->row.iat_s);
        vl_html_raw(html, ", by its own clock</dd>\n");
    }
    for (size_t i = 0; i < entry->report->count; i++)
        if (entry->report->lines[i].section == VL_REPORT_FACT)
            put_fact(html, entry, &entry->report->lines[i]);
    vl_html_raw(html, "</dl>\n");
}

static void put_file(struct vl_html *html, const char *number, const char *ending,
                     const char *words)
{
    vl_html_raw(html, "<li><a download href=\"/entry/");
    vl_html_put(html, vl_bytes_str(number));
    vl_html_put(html, vl_bytes_str(ending));
    vl_html_raw(html, "\">");
    vl_html_put(html, vl_bytes_str(words));
    vl_html_raw(html, "</a></li>");
}

static void put_proof(struct vl_html *html, const struct vl_page_entry *entry)
{
    char number[24];

    (void)snprintf(number, sizeof number, "%" PRIu64, entry->row.index);
    vl_html_raw(html, "<h2>Check it without this server</h2>\n");
    if (entry->is_given_out) {
        vl_html_raw(html, "<p>Take the entry, the proof and, once, what names this record; then "
                          "no network is needed:</p>\n<ul class=\"files\">");
        put_file(html, number, ".cose", "entry");
        put_file(html, number, ".tlog-proof", "proof");
        if (entry->row.index > 0) {
            put_file(html, number, ".receipt", "receipt");
            put_file(html, number, ".scitt", "entry with its receipt");
        }
        if (entry->row.name[0])
            put_file(html, number, ".card", "card of its office");
        vl_html_raw(html, "<li><a download href=\"/record\">this record's keys and rules</a></li>"
                          "</ul>\n<pre tabindex=\"0\">valise record check --record record ");
        if (entry->row.name[0]) {
            vl_html_raw(html, "--card ");
            vl_html_put(html, vl_bytes_str(number));
            vl_html_raw(html, ".card ");
        }
        vl_html_put(html, vl_bytes_str(number));
        vl_html_raw(html, ".tlog-proof ");
        vl_html_put(html, vl_bytes_str(number));
        vl_html_raw(html, ".cose</pre>\n");
    }
    vl_html_raw(html, "<dl>\n<dt>entry</dt><dd>");
    vl_html_say(html, "%s of this record, %zu bytes", number, entry->bytes);
    vl_html_raw(html, "</dd>\n<dt>id</dt><dd>");
    vl_html_hex(html, VL_ARRAY(entry->row.id));
    vl_html_raw(html, "</dd>\n<dt>leaf hash</dt><dd>");
    vl_html_hex(html, VL_ARRAY(entry->leaf_hash));
    vl_html_raw(html, "</dd>\n</dl>\n");
}

/* Of more than a page of them, and of corrections, the way to the others. */
static void put_about(struct vl_html *html, const struct vl_page_entry *entry)
{
    char id[VL_NUMBER_TEXT], address[VL_OFFICE_TEXT];
    struct vl_page_query query = {.letter =
                                      vl_bytes_str(vl_number_text(VL_ACT_HRP, entry->row.id, id))};

    if (entry->about->count == 0)
        return;
    vl_html_raw(html, "<h2>What was entered about it later</h2>\n");
    vl_page_rows(html, entry->about, true, NULL);
    if (entry->about->has_more)
        vl_page_older(html, &query, entry->about->next);
    if (!entry->has_more_corrections)
        return;
    query.office = vl_bytes_str(vl_office_id_text(&entry->row.office, address));
    vl_html_raw(html, "<p class=\"noprint\"><a href=\"/?letter=");
    vl_html_url(html, query.letter);
    vl_html_raw(html, "&amp;office=");
    vl_html_url(html, query.office);
    vl_html_raw(html, "\">All that its own office entered about it</a></p>\n");
}

enum vl_err vl_page_entry(const struct vl_page_record *record, const struct vl_page_entry *entry,
                          struct vl_buf *out)
{
    struct vl_html html = {out, VL_OK};
    char title[80], json[48];

    (void)snprintf(title, sizeof title, "Entry %" PRIu64, entry->row.index);
    (void)snprintf(json, sizeof json, "/entry/%" PRIu64 ".json", entry->row.index);
    vl_page_begin(&html, record, VL_PAGE_NOWHERE, title, json);
    vl_html_raw(&html, "<h1>");
    vl_html_say(&html, "Entry %" PRIu64 ": ", entry->row.index);
    vl_html_say(&html, "%s", vl_page_what(&entry->row));
    vl_html_raw(&html, "</h1>\n");
    put_state(&html, entry);
    put_facts(&html, entry);
    vl_page_report(&html, entry->report);
    put_about(&html, entry);
    put_proof(&html, entry);
    vl_page_end(&html, record);
    return html.err;
}

/* --- an office -------------------------------------------------------------------------------- */

enum vl_err vl_page_office(const struct vl_page_record *record, const struct vl_page_office *office,
                           struct vl_buf *out)
{
    struct vl_html html = {out, VL_OK};
    char address[VL_OFFICE_TEXT], json[VL_OFFICE_TEXT + 24];
    const struct vl_page_query query = {
        .office = vl_bytes_str(vl_office_id_text(&office->office, address))};

    (void)snprintf(json, sizeof json, "/office/%s.json", address);
    vl_page_begin(&html, record, VL_PAGE_NOWHERE, "An office", json);
    vl_html_raw(&html, "<h1>");
    if (office->is_known)
        vl_html_text(&html, vl_bytes_str(office->name));
    else
        vl_html_raw(&html, "An office that has no card here");
    vl_html_raw(&html, "</h1>\n");
    if (office->is_revoked)
        vl_html_raw(&html, "<div class=\"card state bad\"><p class=\"sign\">x Revoked</p><p>Its "
                           "newest card, or the key of it, was revoked.</p></div>\n");
    vl_html_raw(&html, "<dl>\n");
    vl_page_fact(&html, "address", "%s", address);
    if (office->is_known) {
        vl_page_fact(&html, "cards", "%" PRIu64 " in this record", office->card_count);
        if (office->has_card_iat) {
            vl_html_raw(&html, "<dt>newest</dt><dd>");
            vl_html_time(&html, office->card_iat_s);
            vl_html_raw(&html, ", by its own clock</dd>\n");
        }
        if (office->has_not_after) {
            vl_html_raw(&html, "<dt>runs out</dt><dd>");
            vl_html_time(&html, office->not_after_s);
            vl_html_raw(&html, "</dd>\n");
        }
        for (size_t i = 0; i < office->language_count; i++)
            vl_page_fact(&html, "reads", "%.*s", (int)office->languages[i].len,
                         (const char *)office->languages[i].ptr);
    }
    vl_html_raw(&html, "</dl>\n<p class=\"soft\">The name is what the office calls itself: who "
                       "holds its keys is for you to check, by the words of its card.</p>\n");
    vl_html_raw(&html, "<h2>What it has entered</h2>\n");
    if (office->list->count == 0)
        vl_html_raw(&html, "<p>Nothing.</p>\n");
    else
        vl_page_rows(&html, office->list, true, NULL);
    if (office->list->has_more)
        vl_page_older(&html, &query, office->list->next);
    vl_html_raw(&html, "<p class=\"noprint\"><a href=\"/feed.atom?office=");
    vl_html_url(&html, vl_bytes_str(address));
    vl_html_raw(&html, "\">Follow it (Atom)</a></p>\n");
    vl_page_end(&html, record);
    return html.err;
}

/* --- a letter --------------------------------------------------------------------------------- */

void vl_page_read_first(struct vl_html *html, size_t count)
{
    if (count == 0)
        return;
    vl_html_raw(html, "<div class=\"card state warn\"><p class=\"sign\">! Not all of it</p><p>");
    vl_html_say(html,
                "More was entered about it than is read for this page: what it says rests on the "
                "first %zu entries. What came after them may change it; the list below has all.",
                count);
    vl_html_raw(html, "</p></div>\n");
}

enum vl_err vl_page_letter(const struct vl_page_record *record, const struct vl_page_letter *letter,
                           struct vl_buf *out)
{
    struct vl_html html = {out, VL_OK};
    char number[VL_NUMBER_TEXT], brief[VL_NUMBER_SHORT], title[64], json[VL_NUMBER_TEXT + 24];
    const struct vl_page_query query = {
        .letter = vl_bytes_str(vl_number_text(VL_LETTER_HRP, letter->number, number))};

    (void)vl_number_short(letter->number, brief);
    (void)snprintf(title, sizeof title, "What is proven about letter %s", brief);
    (void)snprintf(json, sizeof json, "/letter/%s.json", number);
    vl_page_begin(&html, record, VL_PAGE_NOWHERE, title, json);
    vl_html_raw(&html, "<h1>");
    vl_html_say(&html, "%s", title);
    vl_html_raw(&html, "</h1>\n");
    if (letter->list->count == 0)
        vl_html_raw(&html, "<div class=\"card state\"><p class=\"sign\">. Nothing</p><p>This "
                           "record has nothing about it, which says nothing about the "
                           "letter.</p></div>\n");
    else
        vl_html_raw(&html, "<div class=\"card state\"><p class=\"sign\">= From this record "
                           "alone</p><p>It rests on what was entered here. Who holds more "
                           "evidence can prove more, and anybody may check it with "
                           "<code>valise verify</code>.</p></div>\n");
    vl_page_read_first(&html, letter->read_first);
    vl_html_raw(&html, "<dl>\n");
    vl_page_fact(&html, "number", "%s", number);
    vl_html_raw(&html, "</dl>\n");
    vl_html_put(&html, letter->told);
    if (letter->list->count > 0) {
        vl_html_raw(&html, "<h2>What was entered about it</h2>\n");
        vl_page_rows(&html, letter->list, true, letter->number);
    }
    if (letter->list->has_more)
        vl_page_older(&html, &query, letter->list->next);
    vl_page_end(&html, record);
    return html.err;
}
