/* SPDX-License-Identifier: Apache-2.0 */
#include "export/certificate.h"

#include <stdio.h>
#include <string.h>

#include "base/text.h"
#include "codec/number.h"
#include "codec/words.h"
#include "export/table.h"

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
        (void)snprintf(out, VL_OFFICE_CALLED, VL_PAPER_MARK "%s" VL_PAPER_MARK_END "%s",
                       vl_text_safe(name, sizeof name, vl_bytes_str(one->name)), number);
    else
        (void)snprintf(out, VL_OFFICE_CALLED, "%.15s... (not checked)%s",
                       vl_office_id_text(office, address), number);
    return out;
}

/* --- the page --------------------------------------------------------------------------------- */

static void put(struct vl_paper *paper, const char *words)
{
    vl_paper_text(paper, VL_PAPER_PLAIN, vl_bytes_str(words));
}

/* Addresses and numbers. */
static void put_code(struct vl_paper *paper, const char *text)
{
    vl_paper_text(paper, VL_PAPER_CODE, vl_bytes_str(text));
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

static bool is_denied(const struct vl_finding *finding)
{
    for (size_t i = 0; i < finding->said_count; i++)
        if (finding->said[i].kind == VL_KIND_DENY &&
            !(finding->said[i].states & VL_SAID_STANDS_NOT))
            return true;
    return false;
}

static void put_lead(struct vl_paper *paper, const struct vl_certificate *certificate,
                     const struct vl_finding_names *names)
{
    const struct vl_finding *finding = certificate->finding;
    char name[VL_OFFICE_CALLED];

    vl_paper_open(paper, VL_PAPER_LEAD);
    for (size_t i = 0; i < finding->addressee_count; i++) {
        vl_paper_open(paper, VL_PAPER_ITEM);
        put(paper, "For ");
        vl_paper_marked(paper, vl_bytes_str(
                                   names->name(names->self, &finding->addressees[i].office, name)));
        vl_paper_say(paper, VL_PAPER_PLAIN, ": %s.",
                     ladder_words(finding->addressees[i].highest_proven));
        vl_paper_close(paper, VL_PAPER_ITEM);
    }
    if (finding->addressee_count == 0)
        vl_paper_put(paper, VL_PAPER_ITEM, "Nothing here says for whom this letter is.");
    if (finding->contradiction_count > 0)
        vl_paper_put(paper, VL_PAPER_ITEM, "Somebody signed what cannot both be so: see below.");
    if (finding->dispute_count > 0 || finding->disputed_origin)
        vl_paper_put(paper, VL_PAPER_ITEM, "Something is disputed: see below.");
    if (is_denied(finding))
        vl_paper_put(paper, VL_PAPER_ITEM, "Somebody denies something: see what was said, below.");
    vl_paper_close(paper, VL_PAPER_LEAD);
}

static void put_facts(struct vl_paper *paper, const struct vl_finding *finding)
{
    char number[VL_NUMBER_TEXT];

    vl_paper_open(paper, VL_PAPER_FACTS);
    vl_paper_put(paper, VL_PAPER_FACT_NAME, "Letter");
    vl_paper_open(paper, VL_PAPER_FACT);
    vl_paper_text(paper, VL_PAPER_STRONG, vl_bytes_str(vl_number_short(finding->number, number)));
    put(paper, " ");
    put_code(paper, vl_number_text(VL_LETTER_HRP, finding->number, number));
    vl_paper_close(paper, VL_PAPER_FACT);
    vl_paper_put(paper, VL_PAPER_FACT_NAME, "SHA-256 of it");
    vl_paper_open(paper, VL_PAPER_FACT);
    vl_paper_hex(paper, VL_ARRAY(finding->number));
    vl_paper_close(paper, VL_PAPER_FACT);
    vl_paper_put(paper, VL_PAPER_FACT_NAME, "As of");
    vl_paper_open(paper, VL_PAPER_FACT);
    vl_paper_time(paper, finding->as_of_s);
    vl_paper_close(paper, VL_PAPER_FACT);
    vl_paper_put(paper, VL_PAPER_FACT_NAME, "Rests on");
    vl_paper_open(paper, VL_PAPER_FACT);
    vl_paper_say(paper, VL_PAPER_PLAIN, "%zu signed record%s%s", finding->record_count,
                 finding->record_count == 1 ? "" : "s",
                 finding->left_out_count > 0 ? "; what was left out is told under Basis" : "");
    vl_paper_close(paper, VL_PAPER_FACT);
    vl_paper_close(paper, VL_PAPER_FACTS);
}

static void put_top(struct vl_paper *paper, const struct vl_certificate *certificate,
                    const struct vl_finding_names *names)
{
    char capitals[VL_NUMBER_TEXT];
    size_t len = 0;

    (void)vl_number_text(VL_LETTER_HRP, certificate->finding->number, capitals);
    for (; capitals[len]; len++)
        if (capitals[len] >= 'a' && capitals[len] <= 'z')
            capitals[len] = (char)(capitals[len] - 'a' + 'A');
    vl_paper_open(paper, VL_PAPER_TOP);
    vl_paper_code(paper, vl_bytes_of(capitals, len), VL_CERTIFICATE_CODE, "the number");
    put_facts(paper, certificate->finding);
    put_lead(paper, certificate, names);
    vl_paper_close(paper, VL_PAPER_TOP);
}

static void put_words(struct vl_paper *paper, const struct vl_certificate_office *office)
{
    vl_paper_open(paper, VL_PAPER_WORDS);
    for (unsigned i = 0; i < 12; i++) {
        vl_paper_open(paper, VL_PAPER_WORD);
        vl_paper_say(paper, VL_PAPER_PLAIN, "%u %s", i + 1, vl_word(office->words[i]));
        vl_paper_close(paper, VL_PAPER_WORD);
    }
    vl_paper_close(paper, VL_PAPER_WORDS);
}

static void put_office(struct vl_paper *paper, const struct vl_certificate_office *office)
{
    char address[VL_OFFICE_TEXT];

    vl_paper_open(paper, VL_PAPER_ITEM);
    vl_paper_text(paper, VL_PAPER_OFFICE,
                  vl_bytes_str(office->name ? office->name : "no card is at hand"));
    vl_paper_say(paper, VL_PAPER_PLAIN, ": %s",
                 office->is_checked ? "its words were compared by whoever issued this"
                 : office->name     ? "so it calls itself; nobody compared its words"
                                    : "nobody compared its words");
    vl_paper_line(paper);
    put_code(paper, vl_office_id_text(&office->office, address));
    if (office->has_words)
        put_words(paper, office);
    vl_paper_close(paper, VL_PAPER_ITEM);
}

static void put_offices(struct vl_paper *paper, const struct vl_certificate *certificate)
{
    vl_paper_put(paper, VL_PAPER_HEADING, "Who is named here");
    vl_paper_put(paper, VL_PAPER_PARAGRAPH,
                 "Names are free to choose; an address is made of keys. Whoever has read out these "
                 "words to you is the office of that address.");
    vl_paper_open(paper, VL_PAPER_OFFICES);
    for (size_t i = 0; i < certificate->office_count; i++)
        put_office(paper, &certificate->offices[i]);
    vl_paper_close(paper, VL_PAPER_OFFICES);
    if (certificate->more_offices > 0)
        vl_paper_put(paper, VL_PAPER_PARAGRAPH,
                     "Others are named in the evidence, and not described here.");
}

static void put_step(struct vl_paper *paper, const char *words, const char *command)
{
    vl_paper_open(paper, VL_PAPER_ITEM);
    put(paper, words);
    if (command)
        vl_paper_put(paper, VL_PAPER_COMMAND, command);
    vl_paper_close(paper, VL_PAPER_ITEM);
}

static void put_checking(struct vl_paper *paper, const struct vl_finding *finding)
{
    char brief[VL_NUMBER_SHORT], command[160];
    size_t used;

    vl_paper_put(paper, VL_PAPER_HEADING, "How to check this without whoever issued it");
    vl_paper_open(paper, VL_PAPER_STEPS);
    (void)snprintf(command, sizeof command, "valise evidence %s -o letter.evidence",
                   vl_number_short(finding->number, brief));
    put_step(paper,
             "Paper is a convenience; the proof is the evidence file. Ask for it; this is how it "
             "is made:",
             command);
    put_step(paper,
             "Anybody checks it, offline, without an office and without trusting whoever gave it:",
             "valise verify --no-home letter.evidence");
    used = (size_t)snprintf(command, sizeof command, "sha256sum letter.age   # ");
    for (size_t i = 0; i < VL_HASH_LEN; i++)
        used += (size_t)snprintf(command + used, sizeof command - used, "%02x", finding->number[i]);
    put_step(paper,
             "The envelope of this letter, if you have it, is the file of which any tool computes "
             "this:",
             command);
    put_step(paper,
             "Each record is a COSE_Sign1 (RFC 9052), and its id the SHA-256 of what its signature "
             "covers. Another program may check every one of them.",
             NULL);
    put_step(paper,
             "Ask each office that counts for you for its words, by a way of your own: over the "
             "telephone, at its door.",
             NULL);
    vl_paper_close(paper, VL_PAPER_STEPS);
}

static void put_records(struct vl_paper *paper, const struct vl_finding *finding)
{
    char number[VL_NUMBER_TEXT];

    vl_paper_put(paper, VL_PAPER_HEADING, "The records that it rests on");
    vl_paper_open(paper, VL_PAPER_IDS);
    for (size_t i = 0; i < finding->event_count; i++) {
        vl_paper_open(paper, VL_PAPER_ITEM);
        vl_paper_say(paper, VL_PAPER_PLAIN, "%s ", vl_kind_words(finding->events[i].kind));
        put_code(paper, vl_number_text(VL_ACT_HRP, finding->events[i].act, number));
        vl_paper_close(paper, VL_PAPER_ITEM);
    }
    vl_paper_close(paper, VL_PAPER_IDS);
}

const char *vl_certificate_title(const struct vl_finding *finding, char out[VL_CERTIFICATE_TITLE])
{
    char brief[VL_NUMBER_SHORT];

    (void)snprintf(out, VL_CERTIFICATE_TITLE, "Letter %s: what is proven",
                   vl_number_short(finding->number, brief));
    return out;
}

void vl_certificate_paper(const struct vl_certificate *certificate, struct vl_paper *paper)
{
    const struct vl_finding *finding = certificate->finding;
    /* The callback does not change what it is given. */
    struct vl_certificate own = *certificate;
    const struct vl_finding_names names = {called, &own};

    vl_paper_put(paper, VL_PAPER_TITLE, TITLE);
    put_top(paper, certificate, &names);
    vl_paper_put(paper, VL_PAPER_CAUTION, CANNOT);
    vl_finding_paper(finding, &names, paper);
    put_offices(paper, certificate);
    put_checking(paper, finding);
    put_records(paper, finding);
    vl_paper_put(paper, VL_PAPER_FOOT,
                 "Written by valise from signed records. It is " VL_NOT_QUALIFIED
                 " in the sense of Regulation (EU) No 910/2014; article 43(1) is about such. No "
                 "court is bound by it, and nobody who signed has seen this page.");
}

/* --- as HTML ---------------------------------------------------------------------------------- */

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

enum vl_err vl_certificate_html(const struct vl_certificate *certificate, struct vl_buf *out,
                                struct vl_why *why)
{
    struct vl_paper_html to = VL_PAPER_HTML_INIT(out);
    struct vl_paper paper = vl_paper_of_html(&to);
    struct vl_html *html = &to.html;
    char title[VL_CERTIFICATE_TITLE];
    const size_t before = out->len;

    vl_html_raw(html, "<!doctype html>\n<html lang=\"en\">\n<head>\n<meta charset=\"utf-8\">\n"
                      "<meta name=\"viewport\" content=\"width=device-width, initial-scale=1\">\n"
                      "<meta http-equiv=\"Content-Security-Policy\" content=\"default-src 'none'; "
                      "style-src 'unsafe-inline'\">\n<title>");
    vl_html_say(html, "%s", vl_certificate_title(certificate->finding, title));
    vl_html_raw(html, "</title>\n<style>\n");
    vl_certificate_style(html);
    vl_html_raw(html, "</style>\n</head>\n<body>\n");
    put_running_head(html, certificate->finding);
    vl_certificate_paper(certificate, &paper);
    vl_html_raw(html, "</main></div></div>\n</body>\n</html>\n");
    if (!html->err && !paper.err)
        return VL_OK;
    out->len = before;
    return vl_fail(why, html->err ? html->err : paper.err, "no memory for a certificate");
}
