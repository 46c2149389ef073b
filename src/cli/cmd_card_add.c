/* SPDX-License-Identifier: Apache-2.0 */
/* valise card add: a card of another office in, and its words compared. */
#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/name.h"
#include "cli/cmd_card.h"
#include "cli/fail.h"
#include "cli/show.h"
#include "codec/words.h"
#include "evidence/evidence.h"
#include "office/cards.h"
#include "sys/clock.h"
#include "sys/infile.h"
#include "sys/tty.h"

#define SAFE 400

/* "3=lamp,7=cabin,11=otter": positions and words that were given beforehand. */
struct given_words {
    unsigned positions[VL_CARDS_WORDS_ASKED];
    char words[VL_CARDS_WORDS_ASKED][16];
};

static bool read_given(const char *text, struct given_words *given)
{
    for (size_t i = 0; i < VL_CARDS_WORDS_ASKED; i++) {
        char *end = NULL;
        unsigned long position = strtoul(text, &end, 10);
        size_t len;

        if (end == text || *end != '=' || position < 1 || position > VL_CHECK_WORDS)
            return false;
        for (size_t j = 0; j < i; j++)
            if (given->positions[j] == position)
                return false;
        given->positions[i] = (unsigned)position;
        text = end + 1;
        len = strcspn(text, ",");
        if (len == 0 || len >= sizeof given->words[i] ||
            (text[len] == ',') != (i + 1 < VL_CARDS_WORDS_ASKED))
            return false;
        memcpy(given->words[i], text, len);
        given->words[i][len] = '\0';
        text += len + (text[len] == ',');
    }
    return true;
}

static enum vl_err use_given(void *self, const unsigned positions[VL_CARDS_WORDS_ASKED],
                             char words[VL_CARDS_WORDS_ASKED][16], struct vl_why *why)
{
    const struct given_words *given = self;

    (void)positions;
    (void)why;
    memcpy(words, given->words, sizeof given->words);
    return VL_OK;
}

static void lower(char *text)
{
    for (; *text; text++)
        *text = (char)tolower((unsigned char)*text);
}

/* Ask the person at the terminal, who asks the other on the phone.  A word that is in no list was
 * mistyped or misheard, and is asked for again. */
static enum vl_err ask_words(void *self, const unsigned positions[VL_CARDS_WORDS_ASKED],
                             char words[VL_CARDS_WORDS_ASKED][16], struct vl_why *why)
{
    bool *asked_before = self;
    enum vl_err err = VL_OK;

    if (*asked_before)
        (void)fprintf(stderr, "Those are not the words of this card. Others:\n");
    *asked_before = true;
    for (size_t i = 0; i < VL_CARDS_WORDS_ASKED && !err; i++) {
        char prompt[40];
        unsigned index;

        (void)snprintf(prompt, sizeof prompt, "  word %u: ", positions[i]);
        do {
            err = vl_tty_line(prompt, words[i], 16, why);
            lower(words[i]);
            if (!err && !vl_word_find(vl_bytes_str(words[i]), &index))
                (void)fprintf(stderr, "  there is no such word in the list; listen again\n");
        } while (!err && !vl_word_find(vl_bytes_str(words[i]), &index));
    }
    return err;
}

static const char *news_words(enum vl_card_news news)
{
    switch (news) {
    case VL_CARD_NEW:
        return "a new office";
    case VL_CARD_SAME:
        return "nothing new";
    case VL_CARD_OLDER:
        return "older than the card that is here; not taken";
    case VL_CARD_CHANGED:
        return "new keys, announced by the card before";
    case VL_CARD_UNPLANNED:
        return "NEW KEYS THAT WERE NOT ANNOUNCED";
    case VL_CARD_REVOKED:
        return "a key of it was revoked";
    case VL_CARD_FORK:
    default:
        return "TWO DIFFERENT CARDS OF ONE NUMBER";
    }
}

static const char *news_word(enum vl_card_news news)
{
    static const char *const words[] = {"new",       "same",    "older", "changed",
                                        "unplanned", "revoked", "fork"};

    return words[news];
}

struct meeting {
    bool will_ask;
    char words[2 * SAFE]; /* who it is; empty until the card was read */
};

static void meet(void *self, const struct vl_chain *chain, enum vl_card_news news)
{
    struct meeting *meeting = self;
    const struct vl_card *card = vl_chain_newest(chain);
    char name[SAFE], text[SAFE], address[VL_OFFICE_TEXT];

    (void)snprintf(text, sizeof text, "%.*s", (int)card->name.len, (const char *)card->name.ptr);
    (void)snprintf(meeting->words, sizeof meeting->words,
                   "A card that calls itself \"%s\"  (%s)\n  address  %s\n",
                   vl_show(name, sizeof name, text), news_words(news),
                   vl_office_id_text(&chain->office, address));
    if (meeting->will_ask)
        (void)fprintf(stderr,
                      "%sHave somebody of that office, on the phone or face to face, read out\n"
                      "some of the words that their  valise card show me  prints:\n",
                      meeting->words);
}

/* The members that tell of one card. */
static void doc_added(struct vl_doc *doc, struct vl_home *home, const struct vl_card_added *added)
{
    vl_doc_text(doc, "news", news_word(added->news));
    vl_doc_office(doc, "office", home, added->office.at);
    vl_doc_int(doc, "serial", added->serial);
    vl_doc_text(doc, "alike", added->alike ? added->alike_petname : NULL);
}

static int added_result(const struct vl_card_options *o, struct vl_home *home,
                        const struct vl_card_added *added)
{
    static const char what[] = "the card is kept, and this could not be said.";
    char text[VL_OFFICE_TEXT];

    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.card-add/1");

        doc_added(doc, home, added);
        vl_doc_bool(doc, "dry_run", o->dry_run);
        vl_doc_int(doc, "let_in", added->let_in);
        return vl_print_doc(doc, what);
    }
    if (added->alike)
        (void)fprintf(stderr,
                      "Beware: its name looks like that of \"%s\", and it is another office.\n",
                      added->alike_petname);
    vl_say_dry_run(&o->common, o->dry_run);
    if (o->common.quiet || o->dry_run)
        return 0;
    printf("%s%s\n", added->petname[0] ? added->petname : vl_office_id_text(&added->office, text),
           added->checked ? ", checked" : ", not checked");
    if (!added->checked)
        printf("  Nobody compared words: this is shown wherever the office is named.\n"
               "  Later:  valise card add FILE --words 3=...,7=...,11=...\n");
    if (added->let_in > 0)
        printf("  %zu %s from it %s not held apart any more.\n", added->let_in,
               added->let_in == 1 ? "letter" : "letters", added->let_in == 1 ? "is" : "are");
    return 0;
}

/* One of many, in a document: what became of it. */
static int doc_one(struct vl_doc *many, struct vl_home *home, enum vl_err err,
                   const struct vl_why *why, const struct vl_card_added *added)
{
    vl_doc_object(many, NULL);
    vl_doc_text(many, "code", vl_err_name(err));
    vl_doc_text(many, "why", err ? why->text : NULL);
    doc_added(many, home, added);
    vl_doc_close(many);
    return vl_err_exit_status(err);
}

/* Of many cards, those of one name get numbers; many: the list of a document about them, or NULL.
 */
static int add_one(struct vl_card_options *o, struct vl_home *home, vl_bytes file, const char *path,
                   bool many_cards, struct vl_doc *many)
{
    struct given_words given = {{0}, {{0}}};
    bool asked = false;
    struct meeting meeting = {.will_ask = false};
    struct vl_card_add_request request = {.file = file,
                                          .petname = o->as,
                                          .may_number = many_cards,
                                          .tries = 1,
                                          .meet = meet,
                                          .meet_self = &meeting,
                                          .now_s = vl_clock_seconds(),
                                          .rng = vl_rng_system()};
    struct vl_card_added added = {.news = VL_CARD_NEW};
    struct vl_why why = {""};
    char what[SAFE + 40];
    enum vl_err err;

    (void)snprintf(what, sizeof what, "the card \"%.300s\" was not added.", path);
    if (o->as && vl_petname_check(vl_bytes_str(o->as), &why) != VL_OK)
        return vl_say_usage("card", "--as %s: %s", o->as, why.text);
    if (o->words && o->dry_run)
        return vl_say_usage("card", "--dry-run compares no words: a try is a try, and three wrong "
                                    "ones lock a card");
    if (o->words) {
        if (!read_given(o->words, &given))
            return vl_say_usage("card",
                                "--words is like 3=lamp,7=cabin,11=otter: three of the twelve");
        request.check = VL_CHECK_BY_WORDS;
        request.positions = given.positions;
        request.ask = use_given;
        request.ask_self = &given;
    } else if (o->address) {
        request.check = VL_CHECK_BY_ADDRESS;
        request.address = o->address;
    } else if (!o->unchecked && !o->dry_run) {
        if (!vl_tty_is_there())
            return vl_say_usage("card", "there is no terminal to ask for words: give --words, "
                                        "--address or --unchecked");
        request.check = VL_CHECK_BY_WORDS;
        request.ask = ask_words;
        request.ask_self = &asked;
        request.tries = VL_CARDS_FAILURES_MAX;
        meeting.will_ask = true;
    }
    err = vl_cards_add(home, &request, &added, &why);
    if (!err && added.news == VL_CARD_FORK)
        err = vl_fail(&why, VL_ERR_UNVERIFIED,
                      "two different cards number %llu were signed by the same keys; one of them "
                      "is a thief's",
                      (unsigned long long)added.fork_serial);
    if (many)
        return doc_one(many, home, err, &why, &added);
    if (err && added.news == VL_CARD_FORK)
        return vl_home_failure(what, err, &why,
                               "ask the office which one is its own; until then nothing is sealed "
                               "to it");
    if (err)
        return vl_home_failure(what, err, &why,
                               err == VL_ERR_EXISTS  ? "give it another name:  --as NAME"
                               : err == VL_ERR_USAGE ? "valise help card"
                               : err == VL_ERR_REFUSED
                                   ? "compare the whole address, printed or read out:\n"
                                     "valise card add FILE --address office1..."
                                   : NULL);
    if (!meeting.will_ask && !o->common.quiet && !o->common.json)
        (void)fputs(meeting.words, stderr);
    return added_result(o, home, &added);
}

/* A collection of cards: each is taken unchecked. */
static int add_many(struct vl_card_options *o, struct vl_home *home, vl_bytes file,
                    const char *path)
{
    struct vl_evidence evidence = VL_EVIDENCE_INIT;
    struct vl_why why = {""};
    size_t added = 0, failed = 0;
    struct vl_doc *doc = NULL;
    int status = 0, one_status;
    char what[SAFE + 40];
    enum vl_err err = vl_evidence_parse(file, &evidence, &why);

    (void)snprintf(what, sizeof what, "the cards in \"%.300s\" were not added.", path);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    if (o->as) {
        vl_evidence_release(&evidence);
        return vl_say_usage("card", "--as names one card, and there are many in this file");
    }
    if (!o->unchecked) {
        vl_evidence_release(&evidence);
        return vl_say_usage("card", "a file of many cards is added with --unchecked");
    }
    if (o->common.json) {
        doc = vl_doc_new("valise.cards-add/1");
        vl_doc_list(doc, "cards");
    }
    for (size_t i = 0; i < evidence.chain_count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf one = VL_BUF_INIT(VL_CHAIN_MAX_LEN);

        if (vl_office_id_eq(&evidence.chains[i].office, &home->own))
            continue;
        err = vl_chain_write(&evidence.chains[i], &one);
        one_status =
            err ? vl_say_no_memory() : add_one(o, home, vl_buf_bytes(&one), path, true, doc);
        failed += one_status != 0;
        added += one_status == 0;
        if (status == 0)
            status = one_status;
    }
    vl_evidence_release(&evidence);
    if (doc) {
        vl_doc_close(doc);
        vl_doc_bool(doc, "dry_run", o->dry_run);
        one_status = vl_print_doc(doc, "the cards are kept, and this could not be said.");
        if (one_status)
            return one_status;
    }
    if (failed > 0 && added > 0) {
        (void)vl_fail(&why, VL_ERR_PARTIAL, "%zu of %zu cards were not", failed, failed + added);
        return vl_home_failure("not all of the cards were added.", VL_ERR_PARTIAL, &why,
                               "see above; the others are kept");
    }
    return status;
}

int vl_card_add_command(struct vl_card_options *o, const char *path)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_why why = {""};
    char what[SAFE + 40];
    enum vl_err err;
    int status;

    (void)snprintf(what, sizeof what, "the card \"%.300s\" was not added.", path);
    if ((o->words != NULL) + (o->address != NULL) + o->unchecked > 1)
        return vl_say_usage("card", "--words, --address and --unchecked exclude each other");
    status = vl_home_begin_change(o->dry_run, &home, what);
    if (status >= 0)
        return status;
    err = vl_in_read_all(path, &file, &why);
    if (err)
        return vl_home_failure(what, err, &why, "look at the name");
    if (vl_what_is(vl_buf_bytes(&file)) == VL_WHAT_EVIDENCE)
        return add_many(o, &home, vl_buf_bytes(&file), path);
    return add_one(o, &home, vl_buf_bytes(&file), path, false, NULL);
}
