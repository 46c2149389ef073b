/* SPDX-License-Identifier: Apache-2.0 */
#include "export/certificate.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "codec/number.h"
#include "codec/words.h"
#include "export/table.h"
#include "view/qr.h"
#include "view/sheet.h"

#define TITLE "What is proven about one letter, and what is not"
/* DOMAIN: what no evidence can prove, in one line. */
#define CANNOT                                                                                     \
    "No evidence can prove that the content is true, that a person read or understood it, that a " \
    "signature was free, that no copy exists, that something did not happen beyond this set, "     \
    "what "                                                                                        \
    "time it was where there was no network, who sat behind a key, that a translation is "         \
    "faithful, that a denial is sincere, that a hand-over was fair, or that this set is all "      \
    "there "                                                                                       \
    "is."
#define NAME_SHOWN 100 /* bytes of a name, in a sentence */

/* --- who is in it ----------------------------------------------------------------------------- */

static bool is_among(const struct vl_office_id *offices, size_t count,
                     const struct vl_office_id *office)
{
    for (size_t i = 0; i < count; i++)
        if (vl_office_id_eq(&offices[i], office))
            return true;
    return false;
}

struct parties {
    struct vl_office_id *at;
    size_t room;
    size_t count;
    size_t more;
};

/* Those for whom there is no room are counted as often as they come. */
static void add(struct parties *parties, const struct vl_office_id *office)
{
    if (is_among(parties->at, parties->count, office))
        return;
    if (parties->count < parties->room)
        parties->at[parties->count++] = *office;
    else
        parties->more++;
}

size_t vl_certificate_parties(const struct vl_finding *finding, struct vl_office_id *out,
                              size_t room)
{
    struct parties parties = {out, room, 0, 0};

    for (size_t i = 0; i < finding->sealed_count; i++)
        add(&parties, &finding->sealed[i].from);
    for (size_t i = 0; i < finding->addressee_count; i++)
        add(&parties, &finding->addressees[i].office);
    for (size_t i = 0; i < finding->event_count; i++)
        add(&parties, &finding->events[i].by);
    for (size_t i = 0; i < finding->event_count; i++)
        if (finding->events[i].has_other)
            add(&parties, &finding->events[i].other);
    return parties.count + parties.more;
}

/* "City Court [1]"; without checked words its address, since names are free (PROTOCOL 17). */
static const char *called(void *self, const struct vl_office_id *office, char out[VL_OFFICE_CALLED])
{
    const struct vl_certificate *certificate = self;
    char address[VL_OFFICE_TEXT], name[NAME_SHOWN + 1], number[24] = "";
    const struct vl_certificate_office *one = NULL;

    for (size_t i = 0; i < certificate->office_count && !one; i++)
        if (vl_office_id_eq(&certificate->offices[i].office, office)) {
            one = &certificate->offices[i];
            (void)snprintf(number, sizeof number, " [%zu]", i + 1);
        }
    if (one && one->is_checked && one->name)
        (void)snprintf(out, VL_OFFICE_CALLED, VL_SHEET_NAME "%s" VL_SHEET_NAME_END "%s",
                       vl_text_safe(name, sizeof name, vl_bytes_str(one->name)), number);
    else
        (void)snprintf(out, VL_OFFICE_CALLED, "%.15s... (not checked)%s",
                       vl_office_id_text(office, address), number);
    return out;
}

/* --- the page --------------------------------------------------------------------------------- */

/* Addresses and numbers break anywhere, and are copied whole. */
static void put_code(struct vl_html *html, const char *text)
{
    vl_html_raw(html, "<code>");
    vl_html_say(html, "%s", text);
    vl_html_raw(html, "</code>");
}

static enum vl_err put_qr(struct vl_html *html, const char *number, struct vl_why *why)
{
    char capitals[VL_NUMBER_TEXT];
    size_t i = 0;

    for (; number[i]; i++)
        capitals[i] =
            (char)(number[i] >= 'a' && number[i] <= 'z' ? number[i] - 'a' + 'A' : number[i]);
    capitals[i] = '\0';
    vl_html_raw(html, "<div class=\"qr\">");
    if (!html->err)
        html->err = vl_qr_svg(vl_bytes_str(capitals), "The number of the letter as a QR code",
                              html->out, why);
    vl_html_raw(html, "<p>the number</p></div>\n");
    return html->err;
}

static void put_running_head(struct vl_html *html, const struct vl_finding *finding)
{
    char number[VL_NUMBER_SHORT];

    vl_html_raw(html, "<div class=\"sheet\"><div class=\"head\"><div class=\"running\"><span>");
    vl_html_say(html, "Letter %s", vl_number_short(finding->number, number));
    vl_html_raw(html, "</span><span>as of ");
    vl_html_time(html, finding->as_of_s);
    vl_html_raw(html, "</span><span>" VL_NOT_QUALIFIED "</span></div></div>\n"
                      "<div class=\"rest\"><main>\n");
}

static const char *ladder_words(enum vl_ladder step)
{
    static const char *const words[VL_LADDER_COUNT] = {
        [VL_LADDER_NOTHING] = "nothing is proven",
        [VL_LADDER_SEALED] = "it is proven that the letter was sealed, and no more",
        [VL_LADDER_HANDED] = "it is proven that somebody handed the letter on, and no more",
        [VL_LADDER_IN_CUSTODY] =
            "it is proven that somebody on the way signed for the letter, and no more",
        [VL_LADDER_RECEIPTED_BY_DELEGATE] =
            "it is proven that a delegate receipted the letter, and no more",
        [VL_LADDER_RECEIPTED_FOR_OFFICE] =
            "it is proven that the letter was receipted for the office",
        [VL_LADDER_REACHED] = "it is proven that the letter reached the principal",
        [VL_LADDER_OPENED] = "it is proven that the letter could be opened there",
    };

    return words[step];
}

/* A sentence with marked names in it. */
static void put_names(struct vl_html *html, const char *name)
{
    const char *start = strchr(name, VL_SHEET_NAME[0]);
    const char *end = start ? strchr(start, VL_SHEET_NAME_END[0]) : NULL;

    if (!end) {
        vl_html_say(html, "%s", name);
        return;
    }
    vl_html_text(html, vl_bytes_of(start + 1, (size_t)(end - start - 1)));
    vl_html_say(html, "%s", end + 1);
}

static bool is_denied(const struct vl_finding *finding)
{
    for (size_t i = 0; i < finding->said_count; i++)
        if (finding->said[i].kind == VL_KIND_DENY &&
            !(finding->said[i].states & VL_SAID_STANDS_NOT))
            return true;
    return false;
}

static void put_lead(struct vl_html *html, const struct vl_certificate *certificate,
                     const struct vl_finding_names *names)
{
    const struct vl_finding *finding = certificate->finding;
    char name[VL_OFFICE_CALLED];

    vl_html_raw(html, "<ul class=\"lead\">\n");
    for (size_t i = 0; i < finding->addressee_count; i++) {
        vl_html_raw(html, "<li>For ");
        put_names(html, names->name(names->self, &finding->addressees[i].office, name));
        vl_html_say(html, ": %s.", ladder_words(finding->addressees[i].highest_proven));
        vl_html_raw(html, "</li>\n");
    }
    if (finding->addressee_count == 0)
        vl_html_raw(html, "<li>Nothing here says for whom this letter is.</li>\n");
    if (finding->contradiction_count > 0)
        vl_html_raw(html, "<li>Somebody signed what cannot both be so: see below.</li>\n");
    if (finding->dispute_count > 0 || finding->disputed_origin)
        vl_html_raw(html, "<li>Something is disputed: see below.</li>\n");
    if (is_denied(finding))
        vl_html_raw(html, "<li>Somebody denies something: see what was said, below.</li>\n");
    vl_html_raw(html, "</ul>\n");
}

static enum vl_err put_top(struct vl_html *html, const struct vl_certificate *certificate,
                           const struct vl_finding_names *names, struct vl_why *why)
{
    const struct vl_finding *finding = certificate->finding;
    char number[VL_NUMBER_TEXT], brief[VL_NUMBER_SHORT];

    (void)vl_number_text(VL_LETTER_HRP, finding->number, number);
    vl_html_raw(html, "<h1>" TITLE "</h1>\n<div class=\"top\"><div>\n<dl><dt>Letter</dt><dd><b>");
    vl_html_say(html, "%s", vl_number_short(finding->number, brief));
    vl_html_raw(html, "</b> ");
    put_code(html, number);
    vl_html_raw(html, "</dd><dt>SHA-256 of it</dt><dd>");
    vl_html_hex(html, VL_ARRAY(finding->number));
    vl_html_raw(html, "</dd><dt>As of</dt><dd>");
    vl_html_time(html, finding->as_of_s);
    vl_html_raw(html, "</dd><dt>Rests on</dt><dd>");
    vl_html_say(html, "%zu signed record%s%s", finding->record_count,
                finding->record_count == 1 ? "" : "s",
                finding->left_out_count > 0 ? "; what was left out is told under Basis" : "");
    vl_html_raw(html, "</dd></dl>\n");
    put_lead(html, certificate, names);
    vl_html_raw(html, "</div>\n");
    return put_qr(html, number, why);
}

static void put_words(struct vl_html *html, const struct vl_certificate_office *office)
{
    vl_html_raw(html, "<ol class=\"words\">");
    for (unsigned i = 0; i < 12; i++) {
        vl_html_raw(html, "<li>");
        vl_html_say(html, "%u %s", i + 1, vl_word(office->words[i]));
        vl_html_raw(html, "</li>");
    }
    vl_html_raw(html, "</ol>\n");
}

static void put_offices(struct vl_html *html, const struct vl_certificate *certificate)
{
    char address[VL_OFFICE_TEXT];

    vl_html_raw(html, "<h2>Who is named here</h2>\n"
                      "<p>Names are free to choose; an address is made of keys. Whoever has read "
                      "out these words to you is the office of that address.</p>\n"
                      "<ol class=\"offices\">\n");
    for (size_t i = 0; i < certificate->office_count; i++) {
        const struct vl_certificate_office *one = &certificate->offices[i];

        vl_html_raw(html, "<li><span class=\"name\">");
        if (one->name)
            vl_html_text(html, vl_bytes_str(one->name));
        else
            vl_html_raw(html, "no card is at hand");
        vl_html_raw(html, "</span>: ");
        vl_html_say(html, "%s",
                    one->is_checked ? "its words were compared by whoever issued this"
                    : one->name     ? "so it calls itself; nobody compared its words"
                                    : "nobody compared its words");
        vl_html_raw(html, "<br>\n");
        put_code(html, vl_office_id_text(&one->office, address));
        if (one->has_words)
            put_words(html, one);
        vl_html_raw(html, "</li>\n");
    }
    vl_html_raw(html, "</ol>\n");
    if (certificate->more_offices > 0)
        vl_html_raw(html, "<p>Others are named in the evidence, and not described here.</p>\n");
}

static void put_checking(struct vl_html *html, const struct vl_finding *finding)
{
    char brief[VL_NUMBER_SHORT];

    (void)vl_number_short(finding->number, brief);
    vl_html_raw(html, "<h2>How to check this without whoever issued it</h2>\n<ol>\n<li>Paper is a "
                      "convenience; the proof is the evidence file. Ask for it; this is how it is "
                      "made:<pre>");
    vl_html_say(html, "valise evidence %s -o letter.evidence", brief);
    vl_html_raw(html,
                "</pre></li>\n<li>Anybody checks it, offline, without an office and without "
                "trusting whoever gave it:<pre>valise verify --no-home letter.evidence</pre></li>\n"
                "<li>The envelope of this letter, if you have it, is the file of which any tool "
                "computes this:<pre>sha256sum letter.age   # ");
    for (size_t i = 0; i < VL_HASH_LEN; i++)
        vl_html_say(html, "%02x", finding->number[i]);
    vl_html_raw(html,
                "</pre></li>\n<li>Each record is a COSE_Sign1 (RFC 9052), and its id the SHA-256 "
                "of what its signature covers. Another program may check every one of them.</li>\n"
                "<li>Ask each office that counts for you for its words, by a way of your own: over "
                "the telephone, at its door.</li>\n</ol>\n");
}

static void put_records(struct vl_html *html, const struct vl_finding *finding)
{
    char number[VL_NUMBER_TEXT];

    vl_html_raw(html, "<h2>The records that it rests on</h2>\n<ol class=\"ids\">\n");
    for (size_t i = 0; i < finding->event_count; i++) {
        vl_html_raw(html, "<li>");
        vl_html_say(html, "%s ", vl_kind_words(finding->events[i].kind));
        put_code(html, vl_number_text(VL_ACT_HRP, finding->events[i].act, number));
        vl_html_raw(html, "</li>\n");
    }
    vl_html_raw(html, "</ol>\n");
}

static void put_all(struct vl_html *html, const struct vl_certificate *certificate,
                    struct vl_why *why)
{
    const struct vl_finding *finding = certificate->finding;
    /* The callback does not change what it is given. */
    struct vl_certificate own = *certificate;
    const struct vl_finding_names names = {called, &own};
    char brief[VL_NUMBER_SHORT];

    vl_html_raw(html, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "style-src 'unsafe-inline'\">\n<title>");
    vl_html_say(html, "Letter %s: what is proven", vl_number_short(finding->number, brief));
    vl_html_raw(html, "</title>\n<style>\n");
    vl_certificate_style(html);
    vl_html_raw(html, "</style>\n</head>\n<body>\n");
    put_running_head(html, finding);
    if (put_top(html, certificate, &names, why) != VL_OK)
        return;
    vl_html_raw(html, "</div>\n<p class=\"cannot\">" CANNOT "</p>\n");
    if (!html->err)
        html->err = vl_finding_html(finding, &names, html->out);
    put_offices(html, certificate);
    put_checking(html, finding);
    put_records(html, finding);
    vl_html_raw(html,
                "<footer><p>Written by valise from signed records. It is " VL_NOT_QUALIFIED
                " in the sense of Regulation (EU) No 910/2014; article 43(1) is about such. No "
                "court is bound by it, and nobody who signed has seen this page.</p></footer>\n"
                "</main></div></div>\n</body>\n</html>\n");
}

enum vl_err vl_certificate_html(const struct vl_certificate *certificate, struct vl_buf *out,
                                struct vl_why *why)
{
    struct vl_html html = {out, VL_OK};
    const size_t before = out->len;

    put_all(&html, certificate, why);
    if (html.err) {
        out->len = before;
        return vl_fail(why, html.err, "no memory for a certificate");
    }
    return VL_OK;
}
