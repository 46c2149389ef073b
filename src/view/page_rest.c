/* SPDX-License-Identifier: Apache-2.0 */
/* The pages beside the entries: checking a file, about the record, problems, the feed. */
#include <inttypes.h>
#include <stdio.h>

#include "base/time.h"
#include "codec/number.h"
#include "view/page_parts.h"

/* --- checking --------------------------------------------------------------------------------- */

static void put_verdict(struct vl_html *html, const struct vl_page_check *check)
{
    if (check->err)
        vl_html_raw(html, "<div class=\"card state bad\" role=\"status\"><p class=\"sign\">x ");
    else
        vl_html_raw(html, "<div class=\"card state good\" role=\"status\"><p class=\"sign\">= ");
    vl_html_say(html, "%s", check->err ? "Not so" : "All that can be checked here is so");
    vl_html_raw(html, "</p>\n<p>It is ");
    vl_html_say(html, "%s.", check->report->words);
    if (check->err && check->why) {
        vl_html_raw(html, " ");
        vl_html_text(html, vl_bytes_str(check->why));
    }
    vl_html_raw(html, "</p>\n");
    if (check->is_here) {
        vl_html_raw(html, "<p>It is <a href=\"/entry/");
        vl_html_say(html, "%" PRIu64, check->index);
        vl_html_raw(html, "\">entry ");
        vl_html_say(html, "%" PRIu64, check->index);
        vl_html_raw(html, "</a> of this record.</p>\n");
    }
    vl_html_raw(html, "</div>\n");
    vl_html_raw(html, "<dl>\n");
    for (size_t i = 0; i < check->report->count; i++)
        if (check->report->lines[i].section == VL_REPORT_FACT)
            vl_page_fact(html, check->report->lines[i].name, "%s", check->report->lines[i].text);
    vl_html_raw(html, "</dl>\n");
    vl_page_report(html, check->report);
}

enum vl_err vl_page_check(const struct vl_page_record *record, const struct vl_page_check *check,
                          struct vl_buf *out)
{
    struct vl_html html = {out, VL_OK};

    vl_page_begin(&html, record, VL_PAGE_CHECK, "Check a file", NULL);
    vl_html_raw(&html, "<h1>Check a file</h1>\n");
    if (check->was_asked)
        put_verdict(&html, check);
    else
        vl_html_raw(&html, "<p class=\"lead\">Drop a file here, or paste one as text: it is "
                           "said what it is, who signed it, and what that proves.</p>\n");
    vl_html_raw(&html,
                "<form class=\"card\" method=\"post\" action=\"/check\" "
                "enctype=\"multipart/form-data\">\n"
                "<p><label for=\"file\">A file of at most 256 KiB</label>"
                "<input type=\"file\" id=\"file\" name=\"file\"></p>\n"
                "<p><label for=\"text\">Or its text: a proof file, a card, base64 of anything"
                "</label><textarea id=\"text\" name=\"text\" spellcheck=\"false\" "
                "autocomplete=\"off\"></textarea></p>\n"
                "<p><button>Check</button></p>\n</form>\n"
                "<p>Nothing of it is kept. This server could lie to you about the answer; on "
                "your own machine nobody can:</p>\n"
                "<pre tabindex=\"0\">valise verify FILE</pre>\n");
    vl_page_end(&html, record);
    return html.err;
}

/* --- about ------------------------------------------------------------------------------------ */

static const char *days(uint64_t seconds, char out[48])
{
    if (seconds % 86400 == 0)
        (void)snprintf(out, 48, "%" PRIu64 " days", seconds / 86400);
    else
        (void)snprintf(out, 48, "%" PRIu64 " seconds", seconds);
    return out;
}

static void put_rules(struct vl_html *html, const struct vl_page_about *about)
{
    char span[48];

    vl_html_raw(html, "<h2>Its rules</h2>\n<ul class=\"plain\">\n<li>");
    vl_html_say(html, "An entry has at most %" PRIu64 " bytes; of more, sign a hash.",
                about->max_len);
    vl_html_raw(html, "</li>\n<li>An office enters what it signed itself, under its newest "
                      "card; its cards are entries here, which anybody may bring.</li>\n");
    if (about->takes_from_anybody)
        vl_html_raw(html, "<li>Whoever brings evidence is taken for its signer.</li>\n");
    if (about->needs_iat)
        vl_html_raw(html, "<li>It says when it was signed.</li>\n");
    if (about->past_max_s > 0) {
        vl_html_raw(html, "<li>");
        vl_html_say(html, "That was at most %s ago.", days(about->past_max_s, span));
        vl_html_raw(html, "</li>\n");
    }
    vl_html_raw(html, "<li>");
    vl_html_say(html, "That is at most %s ahead.", days(about->ahead_max_s, span));
    vl_html_raw(html, "</li>\n</ul>\n");
}

enum vl_err vl_page_about(const struct vl_page_record *record, const struct vl_page_about *about,
                          struct vl_buf *out)
{
    struct vl_html html = {out, VL_OK};

    vl_page_begin(&html, record, VL_PAGE_ABOUT, "About", "/about.json");
    vl_html_raw(&html, "<h1>About this record</h1>\n"
                       "<p class=\"lead\">A list that can be added to and not changed. Every "
                       "entry is signed by an office; the whole of it is one tree, and whoever "
                       "keeps an old checkpoint sees when anything is taken away.</p>\n<dl>\n");
    vl_page_fact(&html, "origin", "%.*s", (int)record->origin.len,
                 (const char *)record->origin.ptr);
    vl_html_raw(&html, "<dt>id</dt><dd>");
    vl_html_hex(&html, VL_ARRAY(record->id));
    vl_html_raw(&html, "</dd>\n");
    vl_page_fact(&html, "receipt key", "%s", about->receipt_kid);
    vl_page_fact(&html, "checkpoint key", "%s", about->checkpoint_key);
    if (about->witness_count > 0)
        vl_page_fact(&html, "witnesses", "%zu, of which a checkpoint needs %zu",
                     about->witness_count, record->need);
    vl_html_raw(&html, "</dl>\n");
    put_rules(&html, about);
    vl_html_raw(
        &html,
        "<h2>What it proves</h2>\n<ul class=\"plain\">\n"
        "<li>That an entry is in this record, and was there when a checkpoint was signed.</li>\n"
        "<li>That the keys of an office signed it.</li>\n</ul>\n"
        "<h2>What it does not prove</h2>\n<ul class=\"plain\">\n"
        "<li>That what an entry says is true.</li>\n<li>Who holds the keys of an office.</li>\n"
        "<li>When it was signed: only witnesses bound the time.</li>\n</ul>\n"
        "<h2>Check all of it yourself</h2>\n"
        "<p>Everything here can be had as files, and followed entry by entry: "
        "<a href=\"/checkpoint\">checkpoint</a>, <a href=\"/record\">keys and rules</a>, tiles "
        "(C2SP tlog-tiles) under <code>/tile/</code>, receipts (RFC 9942) under "
        "<code>/entries/</code>.</p>\n"
        "<p>To enter a statement: <code>POST /entries</code> (SCRAPI), Content-Type "
        "<code>application/cose</code>.</p>\n");
    vl_page_end(&html, record);
    return html.err;
}

/* --- problems --------------------------------------------------------------------------------- */

enum vl_err vl_page_problem(const struct vl_page_record *record, unsigned status, const char *what,
                            const char *why, struct vl_buf *out)
{
    struct vl_html html = {out, VL_OK};

    vl_page_begin(&html, record, VL_PAGE_NOWHERE, what, NULL);
    vl_html_raw(&html, "<h1>");
    vl_html_say(&html, "%s", what);
    vl_html_raw(&html, "</h1>\n<p>");
    vl_html_text(&html, vl_bytes_str(why));
    vl_html_raw(&html, "</p>\n<p class=\"soft\">");
    vl_html_say(&html, "%u", status);
    vl_html_raw(&html, " &middot; <a href=\"/\">All entries</a></p>\n");
    vl_page_end(&html, record);
    return html.err;
}

/* --- the feed --------------------------------------------------------------------------------- */

static void put_date(struct vl_html *html, const struct vl_page_row *row)
{
    char text[VL_TIME_TEXT];

    vl_html_raw(html, "<updated>");
    vl_html_put(html, vl_bytes_str(vl_time_text(row->has_iat ? row->iat_s : 0, text)));
    vl_html_raw(html, "</updated>");
}

/* Text in XML is escaped as in HTML, and has no <bdi>. */
static void put_entry(struct vl_html *html, const struct vl_page_record *record,
                      const struct vl_page_row *row, vl_bytes url)
{
    char hex[2 * VL_HASH_LEN + 1], number[24];

    for (size_t i = 0; i < VL_HASH_LEN; i++)
        (void)snprintf(hex + 2 * i, 3, "%02x", record->id[i]);
    (void)snprintf(number, sizeof number, "%" PRIu64, row->index);
    vl_html_raw(html, "<entry><id>urn:valise:record:");
    vl_html_put(html, vl_bytes_str(hex));
    vl_html_raw(html, ":");
    vl_html_put(html, vl_bytes_str(number));
    vl_html_raw(html, "</id><title>");
    vl_html_say(html, "%s", vl_page_what(row));
    vl_html_raw(html, ", by ");
    vl_html_attribute(html, vl_bytes_str(row->has_office ? (row->name[0] ? row->name : "an office")
                                                         : "this record"));
    vl_html_raw(html, "</title><link href=\"");
    vl_html_attribute(html, url);
    vl_html_raw(html, "/entry/");
    vl_html_put(html, vl_bytes_str(number));
    vl_html_raw(html, "\"/>");
    put_date(html, row);
    vl_html_raw(html, "</entry>\n");
}

enum vl_err vl_page_feed(const struct vl_page_record *record, const struct vl_page_list *list,
                         vl_bytes url, struct vl_buf *out)
{
    static const struct vl_page_row nothing;
    struct vl_html html = {out, VL_OK};
    const struct vl_page_row *newest = list->count > 0 ? &list->rows[0] : &nothing;

    vl_html_raw(&html, "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n"
                       "<feed xmlns=\"http://www.w3.org/2005/Atom\"><id>urn:valise:record:");
    for (size_t i = 0; i < VL_HASH_LEN; i++) {
        char hex[3];

        (void)snprintf(hex, sizeof hex, "%02x", record->id[i]);
        vl_html_put(&html, vl_bytes_str(hex));
    }
    vl_html_raw(&html, "</id><title>");
    vl_html_attribute(&html, record->origin);
    vl_html_raw(&html, "</title><author><name>");
    vl_html_attribute(&html, record->origin);
    vl_html_raw(&html, "</name></author><link rel=\"self\" href=\"");
    vl_html_attribute(&html, url);
    vl_html_raw(&html, "/feed.atom\"/>");
    put_date(&html, newest);
    vl_html_raw(&html, "\n");
    for (size_t i = 0; i < list->count; i++)
        put_entry(&html, record, &list->rows[i], url);
    vl_html_raw(&html, "</feed>\n");
    return html.err;
}
