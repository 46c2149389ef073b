/* SPDX-License-Identifier: Apache-2.0 */
/* The page of an invitation: what it is now, who did what about it, and what was corrected of that.
 */
#include <stdio.h>
#include <string.h>

#include "codec/number.h"
#include "view/finding_invited.h"
#include "view/page_parts.h"

/* How a state looks; sign and word say it without the colour. */
struct look {
    const char *kind;
    const char *sign;
};

static const struct look *look_of(const struct vl_found_version *version)
{
    static const struct look looks[VL_INVITED_COUNT] = {
        [VL_INVITED_ACCEPTED] = {"good", "= Accepted"},
        [VL_INVITED_APPOINTED] = {"good", "= Appointed"},
        [VL_INVITED_DATE_PROPOSED] = {"", ". A date is proposed"},
        [VL_INVITED_DECLINED] = {"", "x Declined"},
        [VL_INVITED_HELD] = {"good", "= Held"},
        [VL_INVITED_HELD_DISPUTED] = {"warn", "! Held, or not: they disagree"},
        [VL_INVITED_LAPSED] = {"", "x Lapsed"},
        [VL_INVITED_NOT_HELD] = {"", "x Not held"},
        [VL_INVITED_OPEN] = {"", ". Open"},
        [VL_INVITED_OPEN_AGAIN] = {"", ". Open again"},
        [VL_INVITED_POSTPONED] = {"", ". Postponed"},
        [VL_INVITED_TENTATIVE] = {"", ". Perhaps"},
        [VL_INVITED_WITHDRAWN] = {"", "x Withdrawn"},
    };

    return &looks[version->state];
}

static void begin_card(struct vl_html *html, const char *kind, const char *sign)
{
    vl_html_raw(html, "<div class=\"card state ");
    vl_html_put(html, vl_bytes_str(kind));
    vl_html_raw(html, "\"><p class=\"sign\">");
    vl_html_say(html, "%s", sign);
    vl_html_raw(html, "</p>\n");
}

/* --- what it is now --------------------------------------------------------------------------- */

static void put_since(struct vl_html *html, const struct vl_page_row *row)
{
    vl_html_raw(html, "<li>since ");
    if (row->has_iat) {
        vl_html_time(html, row->iat_s);
        vl_html_raw(html, ", by the clock of ");
    } else {
        vl_html_raw(html, "a time that is not said, by ");
    }
    vl_page_office_link(html, row);
    vl_html_raw(html, ", who ");
    vl_html_say(html, "%s", vl_page_what(row));
    vl_html_raw(html, " (");
    vl_page_entry_link(html, row->index);
    vl_html_raw(html, ")</li>\n");
}

static void put_version(struct vl_html *html, const struct vl_page_invitation *page,
                        const struct vl_found_version *version)
{
    struct vl_paper_html on = VL_PAPER_HTML_INIT(html->out);
    struct vl_paper paper = vl_paper_of_html(&on);
    struct vl_sheet sheet = {.paper = &paper};

    begin_card(html, look_of(version)->kind, look_of(version)->sign);
    vl_html_raw(html, "<ul class=\"plain\">\n");
    vl_finding_tell_version(page->finding, page->names, version, &sheet);
    vl_sheet_end(&sheet);
    html->err = html->err ? html->err : sheet.err;
    for (size_t i = 0; i < version->acts.count; i++)
        for (size_t j = 0; j < page->row_count; j++)
            if (memcmp(page->rows[j].id, version->acts.at[i], VL_HASH_LEN) == 0)
                put_since(html, &page->rows[j]);
    vl_html_raw(html, "</ul></div>\n");
}

/* Nothing that the inviter signed makes it anything yet. */
static void put_unissued(struct vl_html *html, const struct vl_found_invitation *found)
{
    if (found->issued.level == VL_LEVEL_HEARSAY) {
        begin_card(html, "warn", "! Announced only");
        vl_html_raw(html, "<p>Somebody says that there is an invitation: this record has none that "
                          "its inviter issued.</p></div>\n");
    } else {
        begin_card(html, "warn", "! Claimed only");
        vl_html_raw(html,
                    "<p>That its inviter issued it is not proven by this record.</p></div>\n");
    }
}

static void put_now(struct vl_html *html, const struct vl_page_invitation *page)
{
    const struct vl_found_invitation *found = page->finding ? page->finding->invitation : NULL;

    if (!found) {
        begin_card(html, "", ". Nothing");
        vl_html_raw(html, "<p>This record has nothing of it, which says nothing about the "
                          "invitation.</p></div>\n");
        return;
    }
    vl_page_read_first(html, page->read_first);
    if (found->version_count == 0 || found->issued.level < VL_LEVEL_PROVEN)
        put_unissued(html, found);
    if (found->is_several) {
        begin_card(html, "warn", "! Several current versions");
        vl_html_raw(html, "<p>Who signed one did not know of the other: all of them stand.</p>"
                          "</div>\n");
    }
    for (size_t i = 0; i < found->version_count; i++)
        put_version(html, page, &found->versions[i]);
    vl_html_raw(html, "<p class=\"soft\">From this record alone, as of ");
    vl_html_time(html, page->finding->as_of_s);
    vl_html_raw(html, ". Who holds more evidence can prove more, and anybody may check it with "
                      "<code>valise verify</code>.</p>\n");
}

/* --- whose it is ------------------------------------------------------------------------------ */

static void put_party(struct vl_html *html, const char *name, const struct vl_page_party *party)
{
    char address[VL_OFFICE_TEXT];

    vl_html_raw(html, "<dt>");
    vl_html_put(html, vl_bytes_str(name));
    vl_html_raw(html, "</dt><dd>");
    if (party->has_office) {
        (void)vl_office_id_text(&party->office, address);
        vl_html_raw(html, "<a href=\"/office/");
        vl_html_url(html, vl_bytes_str(address));
        vl_html_raw(html, "\">");
        vl_html_text(html, vl_bytes_str(party->name[0] ? party->name : address));
        vl_html_raw(html, "</a>");
    }
    if (party->said.len > 0) {
        if (party->has_office)
            vl_html_raw(html, ", ");
        vl_html_text(html, party->said);
        vl_html_raw(html, ", as it says");
        if (!party->has_office)
            vl_html_raw(html, ": no office of that name is named");
    }
    vl_html_raw(html, "</dd>\n");
}

static void put_links(struct vl_html *html, const struct vl_found_invitation *found)
{
    for (size_t i = 0; i < found->reciprocal_of.count; i++) {
        vl_html_raw(html, "<dt>answers</dt><dd>");
        vl_page_invitation_link(html, found->reciprocal_of.at[i]);
        vl_html_raw(html, " with one back</dd>\n");
    }
    for (size_t i = 0; i < found->reciprocal_count; i++) {
        vl_html_raw(html, "<dt>answered</dt><dd>by ");
        vl_page_invitation_link(html, found->reciprocals[i].id);
        if (found->reciprocals[i].level == VL_LEVEL_PROVEN)
            vl_html_raw(html, ", one back</dd>\n");
        else
            vl_html_raw(html, ", one back, as is said</dd>\n");
    }
}

static void put_facts(struct vl_html *html, const struct vl_page_invitation *page,
                      const char *number)
{
    vl_html_raw(html, "<dl>\n");
    vl_page_fact(html, "number", "%s", number);
    if (page->finding && page->finding->invitation) {
        put_party(html, "inviter", &page->inviter);
        put_party(html, "invitee", &page->invitee);
        put_links(html, page->finding->invitation);
    }
    vl_html_raw(html, "</dl>\n");
    if (!page->finding || !page->finding->invitation)
        return;
    vl_html_raw(html, "<ul class=\"files noprint\"><li><a download href=\"/invitation/");
    vl_html_url(html, vl_bytes_str(number));
    vl_html_raw(html, ".ics\">For a calendar (.ics)</a></li><li><a href=\"/feed.atom?letter=");
    vl_html_url(html, vl_bytes_str(number));
    vl_html_raw(html, "\">Follow it (Atom)</a></li></ul>\n");
}

/* --- what was entered ------------------------------------------------------------------------- */

/* Beside what they correct: both stay. */
static void put_corrections(struct vl_html *html, const struct vl_page_invitation *page,
                            const struct vl_page_row *row)
{
    for (size_t i = 0; i < page->correction_count; i++) {
        const struct vl_page_correction *one = &page->corrections[i];

        if (memcmp(page->corrected[i], row->id, VL_HASH_LEN) != 0)
            continue;
        vl_html_raw(html, "<p>! ");
        vl_html_say(html, "%s by whoever signed it",
                    one->is_taken_back ? "Taken back" : "Corrected");
        vl_html_raw(html, ", ");
        vl_html_text(html, one->field);
        vl_html_raw(html, ": ");
        vl_page_old_and_new(html, one->old, one->now);
        vl_html_raw(html, " (");
        vl_page_entry_link(html, one->index);
        vl_html_raw(html, ")</p>\n");
    }
}

static void put_rows(struct vl_html *html, const struct vl_page_invitation *page)
{
    vl_html_raw(html, "<h2>What was entered of it</h2>\n<ol class=\"time\">\n");
    for (size_t i = 0; i < page->list->count; i++) {
        vl_page_row_begin(html, &page->list->rows[i], page->number);
        put_corrections(html, page, &page->list->rows[i]);
        vl_html_raw(html, "</li>\n");
    }
    vl_html_raw(html, "</ol>\n");
}

enum vl_err vl_page_invitation(const struct vl_page_record *record,
                               const struct vl_page_invitation *page, struct vl_buf *out)
{
    struct vl_html html = {out, VL_OK};
    char number[VL_NUMBER_TEXT], brief[VL_NUMBER_SHORT], title[64], json[VL_NUMBER_TEXT + 24];
    const struct vl_page_query query = {
        .letter = vl_bytes_str(vl_number_text(VL_INVITATION_HRP, page->number, number))};

    (void)snprintf(title, sizeof title, "Invitation %s", vl_number_short(page->number, brief));
    (void)snprintf(json, sizeof json, "/invitation/%s.json", number);
    vl_page_begin(&html, record, VL_PAGE_NOWHERE, title, json);
    vl_html_raw(&html, "<h1>");
    vl_html_say(&html, "%s", title);
    vl_html_raw(&html, "</h1>\n");
    put_now(&html, page);
    put_facts(&html, page, number);
    vl_html_put(&html, page->told);
    if (page->list->count > 0)
        put_rows(&html, page);
    if (page->list->has_more)
        vl_page_older(&html, &query, page->list->next);
    vl_page_end(&html, record);
    return html.err;
}
