/* SPDX-License-Identifier: Apache-2.0 */
/* valise say: words in public, signed. */
#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/saying.h"
#include "cli/show.h"
#include "codec/number.h"
#include "sys/clock.h"
#include "sys/tty.h"

#define SAFE_TEXT  (VL_STATEMENT_MAX_TEXT + 64)
#define SAFE       700
#define DIGEST_LEN (sizeof "sha256:" + (size_t)2 * VL_HASH_LEN)

static const char what[] = "nothing was said.";

static const enum vl_kind kinds[] = {VL_KIND_ASSERT,  VL_KIND_RELAY,  VL_KIND_DENY,
                                     VL_KIND_DECLINE, VL_KIND_COMMIT, VL_KIND_CORRECT,
                                     VL_KIND_WITHDRAW};
#define KIND_COUNT (sizeof kinds / sizeof *kinds)

struct options {
    struct vl_saying_options saying;
    const char *text, *lang, *capacity, *mode, *span, *before, *after, *basis, *modality;
    const char *as_of, *until, *fact, *party, *relayed, *capture;
    struct vl_opt_list supports, disputes, characterises, documents, sources;
    bool absence, as_successor, yes;
    struct vl_buf from_stdin;
    const char **about; /* words, and the digests of documents */
    size_t about_count;
    char (*digests)[DIGEST_LEN];
};

void vl_each_statement_kind(void (*visit)(void *self, const char *word), void *self)
{
    for (size_t i = 0; i < KIND_COUNT; i++)
        visit(self, vl_kind_word(kinds[i]));
}

static enum vl_kind kind_of_word(const char *word)
{
    for (size_t i = 0; word && i < KIND_COUNT; i++)
        if (strcmp(vl_kind_word(kinds[i]), word) == 0)
            return kinds[i];
    return VL_KIND_NONE;
}

/* --- what was typed --------------------------------------------------------------------------- */

static bool has_space(const char *word)
{
    for (; *word; word++)
        if (isspace((unsigned char)*word))
            return true;
    return false;
}

/* A last word with a space in it, or "-", is the text. */
static int take_text(const struct vl_command *command, struct options *o, char **words,
                     size_t *count)
{
    struct vl_why why = {""};
    const char *last = *count > 0 ? words[*count - 1] : NULL;
    enum vl_err err;

    if (last && (has_space(last) || strcmp(last, "-") == 0)) {
        if (o->text)
            return vl_say_usage(command->name, "the text twice: \"%.40s\" and --text", last);
        o->text = last;
        --*count;
    }
    if (!o->text || strcmp(o->text, "-") != 0)
        return -1;
    err = vl_saying_text("-", &o->from_stdin, &why);
    if (!err)
        err = vl_buf_put_byte(&o->from_stdin, '\0');
    if (err)
        return vl_say_failure(what, err, &why, "give the text on stdin, in at most 16384 bytes");
    o->text = (const char *)o->from_stdin.data;
    return -1;
}

static int take_words(struct options *o, char **words, size_t count)
{
    struct vl_why why = {""};
    enum vl_err err = VL_OK;

    o->about = vl_new((count + o->documents.count + 1) * sizeof *o->about);
    o->digests = vl_new((o->documents.count + 1) * sizeof *o->digests);
    if (!o->about || !o->digests)
        return vl_say_no_memory();
    for (size_t i = 0; i < count; i++)
        o->about[o->about_count++] = words[i];
    for (size_t i = 0; !err && i < o->documents.count; i++) {
        uint8_t hash[VL_HASH_LEN];
        size_t at = sizeof "sha256:" - 1;

        err = vl_saying_hash(o->documents.at[i], hash, &why);
        memcpy(o->digests[i], "sha256:", at);
        for (size_t byte = 0; !err && byte < VL_HASH_LEN; byte++, at += 2)
            (void)snprintf(o->digests[i] + at, 3, "%02x", hash[byte]);
        o->about[o->about_count++] = o->digests[i];
    }
    return err ? vl_say_failure(what, err, &why, "look at the name of the document") : -1;
}

/* One word of a closed list. */
#define WORD(o, option, of_word, into, list)                                                       \
    do {                                                                                           \
        if ((o) && ((into) = of_word(vl_bytes_str(o))) == 0)                                       \
            return vl_say_usage(command->name, "--" option " is " list);                           \
    } while (0)

static int take_lists(const struct vl_command *command, const struct options *o,
                      struct vl_say_request *request)
{
    WORD(o->mode, "mode", vl_mode_of_word, request->mode,
         "verbatim, paraphrase, summary or translated-quote");
    WORD(o->basis, "basis", vl_basis_of_word, request->basis, "own-act, assessment or hearsay");
    WORD(o->modality, "modality", vl_modality_of_word, request->modality,
         "actual, historical, future or hypothetical");
    if (o->fact && vl_fact_of_word(vl_bytes_str(o->fact)) == VL_FACT_NONE)
        return vl_say_usage(command->name,
                            "--fact is sent, handed-over, delivered, reached, opened or refused, "
                            "of a letter; kept or broken, of a promise; talks, visit or hosted, "
                            "of an office");
    if (o->capacity && strcmp(o->capacity, "carrier") == 0)
        request->capacity = VL_CAPACITY_CARRIER;
    else if (o->capacity && strcmp(o->capacity, "witness") == 0)
        request->capacity = VL_CAPACITY_WITNESS;
    else if (o->capacity && strcmp(o->capacity, "principal") != 0)
        return vl_say_usage(command->name, "--capacity is carrier, witness or principal; --for "
                                           "OFFICE makes a delegate");
    request->relayed = kind_of_word(o->relayed);
    if (o->relayed && !vl_relayed_kind(request->relayed))
        return vl_say_usage(command->name,
                            "--said is assert, deny, decline, commit, correct or withdraw");
    return -1;
}

static int take_rest(const struct vl_command *command, const struct options *o,
                     struct vl_say_request *request)
{
    const char *when = o->until ? o->until : o->as_of;
    struct vl_why why = {""};
    enum vl_err err;

    if (o->until && (o->as_of || request->kind != VL_KIND_COMMIT))
        return vl_say_usage(command->name, "--until is of a promise, and its --as-of");
    if (when &&
        vl_time_parse(vl_bytes_str(when), request->common.now_s, &request->as_of_s, &why) != VL_OK)
        return vl_say_usage(command->name, "--%s: %s", o->until ? "until" : "as-of", why.text);
    request->has_as_of = when != NULL;
    if ((o->before || o->after) && !o->span)
        return vl_say_usage(command->name, "--before and --after go with --span");
    if ((o->sources.count > 0 || o->relayed || o->capture) && request->kind != VL_KIND_RELAY)
        return vl_say_usage(command->name, "--source, --said and --capture go with relay");
    if (o->as_successor && !vl_change_kind(request->kind))
        return vl_say_usage(command->name, "--as-successor goes with correct and withdraw");
    request->as_successor = o->as_successor;
    if (!o->capture)
        return -1;
    request->has_capture = true;
    err = vl_saying_hash(o->capture, request->capture, &why);
    return err ? vl_say_failure(what, err, &why, "look at the name of the copy") : -1;
}

/* --- what is shown ---------------------------------------------------------------------------- */

static void show_sources(FILE *to, struct vl_home *home, const struct vl_statement *statement)
{
    for (size_t i = 0; i < statement->source_count; i++) {
        const struct vl_statement_source *source = &statement->sources[i];
        struct vl_office_name name = {.text = "an unnamed source"};
        char safe[SAFE];

        if (source->has_office &&
            vl_home_name_office(home, source->office.at, &name, NULL) != VL_OK)
            (void)snprintf(name.text, sizeof name.text, "somebody");
        else if (!source->has_office && source->name.len > 0)
            (void)snprintf(name.text, sizeof name.text, "%.*s", (int)source->name.len,
                           (const char *)source->name.ptr);
        fprintf(to, "  %s %s%s\n", i == 0 ? "heard from" : "who had it from",
                name.is_own ? "me" : vl_show(safe, sizeof safe, name.text),
                i + 1 == statement->source_count && statement->has_saying ? ", who signed it" : "");
    }
}

static void show(FILE *to, struct vl_home *home, const struct vl_statement *statement)
{
    static char safe[SAFE_TEXT];
    char date[VL_TIME_TEXT];

    vl_saying_show_speaker(to, home, &statement->act,
                           statement->has_principal ? &statement->principal : NULL);
    for (size_t i = 0; i < statement->about_count; i++) {
        const struct vl_statement_about *about = &statement->about[i];

        fprintf(to, "  %s ", about->relation ? vl_relation_words(about->relation) : "about");
        vl_saying_show_subject(to, home, about->what, about->id);
    }
    if (vl_change_kind(statement->kind)) {
        fprintf(to, "  changes%s ",
                statement->act.has_under && !statement->has_principal ? ", as successor," : "");
        vl_saying_show_subject(to, home, VL_SUBJECT_ACT, statement->target);
    }
    show_sources(to, home, statement);
    if (statement->span.len > 0)
        fprintf(to, "  in place of: %s\n", vl_saying_safe(safe, sizeof safe, statement->span));
    if (statement->text.len > 0)
        fprintf(to, "  \"%s\"\n", vl_saying_safe(safe, sizeof safe, statement->text));
    if (statement->fact.len > 0)
        fprintf(to, "  %s it %s\n",
                statement->absence                ? "saw nothing of this: that"
                : statement->kind == VL_KIND_DENY ? "denies that"
                                                  : "says that",
                vl_fact_words(vl_fact_of_word(statement->fact)));
    if (statement->kind == VL_KIND_COMMIT && statement->has_as_of)
        fprintf(to, "  until %.10s\n", vl_time_text(statement->as_of_s, date));
    if (statement->absence)
        fprintf(to, "  there was nothing until %.10s\n", vl_time_text(statement->as_of_s, date));
}

static int print_json(const struct options *o, const struct vl_said *said)
{
    const struct vl_statement *statement = &said->statement;
    struct vl_doc *doc = vl_doc_new("valise.say/1");
    char number[VL_NUMBER_TEXT];

    vl_doc_text(doc, "kind", vl_kind_word(statement->kind));
    vl_doc_bool(doc, "dry_run", o->saying.dry_run);
    vl_doc_text(doc, "act",
                o->saying.dry_run ? NULL : vl_number_text(VL_ACT_HRP, said->id, number));
    vl_doc_text(doc, "capacity", vl_capacity_word(statement->act.capacity));
    vl_doc_text(doc, "on_behalf_of",
                statement->has_principal
                    ? vl_number_text(VL_OFFICE_HRP, statement->principal.at, number)
                    : NULL);
    vl_doc_list(doc, "about");
    for (size_t i = 0; i < statement->about_count; i++) {
        const struct vl_statement_about *about = &statement->about[i];

        vl_doc_object(doc, NULL);
        vl_saying_doc_subject(doc, about->what, about->id);
        vl_doc_text(doc, "relation", about->relation ? vl_relation_word(about->relation) : NULL);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_text(doc, "target",
                vl_change_kind(statement->kind)
                    ? vl_number_text(VL_ACT_HRP, statement->target, number)
                    : NULL);
    vl_doc_int(doc, "told", said->told);
    vl_doc_text(doc, "output", o->saying.dry_run ? NULL : o->saying.output);
    return vl_print_doc(doc, "it is signed, and this could not be said.");
}

static const char *mend_of(enum vl_err err)
{
    if (err == VL_ERR_NOT_FOUND)
        return "valise list\nvalise status N\nvalise card list";
    if (err == VL_ERR_EXISTS)
        return "give another name, or --force";
    if (err == VL_ERR_FORMAT)
        return "valise help say";
    return NULL;
}

/* It goes out into the world: it is shown once more, and asked for. */
static int confirm(struct vl_home *home, const struct options *o,
                   const struct vl_say_request *request)
{
    struct vl_say_request rehearsal = *request;
    struct vl_said would = {.told = 0};
    struct vl_why why = {""};
    enum vl_err err;

    if (o->yes || o->saying.dry_run)
        return -1;
    if (!vl_tty_is_there())
        return vl_cli_confirm("", false, what);
    rehearsal.common.dry_run = true;
    err = vl_say(home, &rehearsal, &would, &why);
    if (err)
        return vl_home_failure(what, err, &why, mend_of(err));
    fprintf(stderr, "To be signed: %s\n", vl_kind_words(request->kind));
    show(stderr, home, &would.statement);
    return vl_cli_confirm("It stays for ever. Go on? [y/N] ", false, what);
}

static int say(struct options *o, struct vl_say_request *request)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_said said = {.told = 0};
    char number[VL_NUMBER_SHORT];
    struct vl_why why = {""};
    enum vl_err err;
    int status = vl_home_begin_change(o->saying.dry_run, &home, what);

    if (status < 0)
        status = confirm(&home, o, request);
    if (status >= 0)
        return status;
    vl_say_when_stopped(what, true);
    err = vl_saying_open(&o->saying, &why);
    if (!err)
        err = vl_say(&home, request, &said, &why);
    if (err)
        return vl_home_failure(what, err, &why, mend_of(err));
    status = vl_saying_put_out(&o->saying);
    if (status >= 0)
        return status;
    if (o->saying.common.json)
        return print_json(o, &said);
    if (o->saying.common.quiet)
        return 0;
    printf("%s: %s", o->saying.dry_run ? "Would be signed" : "Signed",
           vl_kind_words(request->kind));
    if (!o->saying.dry_run)
        printf("; act %s", vl_number_short(said.id, number));
    printf("\n");
    show(stdout, &home, &said.statement);
    vl_saying_show_told(&o->saying, said.told);
    return 0;
}

static void release(struct options *o)
{
    vl_saying_release(&o->saying);
    vl_opt_list_release(&o->supports);
    vl_opt_list_release(&o->disputes);
    vl_opt_list_release(&o->characterises);
    vl_opt_list_release(&o->documents);
    vl_opt_list_release(&o->sources);
    vl_buf_release(&o->from_stdin);
    vl_free(o->about);
    vl_free(o->digests);
}

static int run(const struct vl_command *command, struct options *o, char **words, size_t count)
{
    struct vl_say_request request = {.common = vl_saying_common(&o->saying, vl_clock_seconds())};
    int status;

    request.kind = count > 0 ? kind_of_word(words[0]) : VL_KIND_NONE;
    if (count == 0)
        return vl_say_usage(command->name, "what: assert, relay, deny, decline, commit, correct or "
                                           "withdraw");
    if (!request.kind)
        return vl_say_usage(command->name, "\"%.40s\" is no kind of statement: valise help say",
                            words[0]);
    words++;
    count--;
    status = take_text(command, o, words, &count);
    if (status < 0)
        status = take_words(o, words, count);
    if (status < 0)
        status = take_lists(command, o, &request);
    if (status < 0)
        status = take_rest(command, o, &request);
    if (status >= 0)
        return status;
    request.about = (struct vl_say_words){o->about, o->about_count};
    request.supports = (struct vl_say_words){o->supports.at, o->supports.count};
    request.disputes = (struct vl_say_words){o->disputes.at, o->disputes.count};
    request.characterises = (struct vl_say_words){o->characterises.at, o->characterises.count};
    request.sources = (struct vl_say_words){o->sources.at, o->sources.count};
    request.text = o->text;
    request.lang = o->lang;
    request.span = o->span;
    request.span_before = o->before;
    request.span_after = o->after;
    request.absence = o->absence;
    request.fact = o->fact;
    request.party = o->party;
    return say(o, &request);
}

int vl_cmd_say(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.saying = VL_SAYING_OPTIONS_INIT,
                        .from_stdin = VL_BUF_INIT(VL_STATEMENT_MAX_TEXT + 1)};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 0, "text", "WORDS", &o.text,
         "the words, where the last word is none; -: stdin"},
        {VL_OPT_TEXT, 0, "lang", "TAG", &o.lang, "their language: en, de-CH"},
        {VL_OPT_TEXT, 0, "mode", "WORD", &o.mode,
         "how they tell: verbatim, paraphrase, summary, translated-quote"},
        {VL_OPT_TEXT, 0, "span", "WORDS", &o.span, "which words of it; of correct: the old ones"},
        {VL_OPT_TEXT, 0, "before", "WORDS", &o.before, "the words before those"},
        {VL_OPT_TEXT, 0, "after", "WORDS", &o.after, "and the words behind them"},
        {VL_OPT_TEXT, 0, "fact", "WORD", &o.fact,
         "in one word: sent, opened, refused, kept, broken, talks, visit, ..."},
        {VL_OPT_TEXT, 0, "party", "OFFICE", &o.party, "with whom"},
        {VL_OPT_TEXT, 0, "basis", "WORD", &o.basis,
         "on what it rests: own-act, assessment, hearsay"},
        {VL_OPT_TEXT, 0, "modality", "WORD", &o.modality,
         "of when: actual, historical, future, hypothetical"},
        {VL_OPT_TEXT, 0, "as-of", "WHEN", &o.as_of, "as it was then: 2026-12-31"},
        {VL_OPT_TEXT, 0, "until", "WHEN", &o.until, "of commit: by when"},
        {VL_OPT_FLAG, 0, "absence", NULL, &o.absence, "that there was nothing until then"},
        {VL_OPT_LIST, 0, "supports", "ACT", &o.supports, "what it supports"},
        {VL_OPT_LIST, 0, "disputes", "ACT", &o.disputes, "what it disputes"},
        {VL_OPT_LIST, 0, "characterises", "N", &o.characterises, "whose content it tells of"},
        {VL_OPT_LIST, 0, "document", "FILE", &o.documents, "a file that it is about"},
        {VL_OPT_LIST, 0, "source", "NAME", &o.sources,
         "of relay: who said it, the nearest first: office, name or unnamed"},
        {VL_OPT_TEXT, 0, "said", "KIND", &o.relayed, "of relay: what they did: assert, deny, ..."},
        {VL_OPT_TEXT, 0, "capture", "FILE", &o.capture, "of relay: a copy of what nobody signed"},
        {VL_OPT_TEXT, 0, "capacity", "WORD", &o.capacity,
         "carrier or witness, in place of principal"},
        {VL_OPT_FLAG, 0, "as-successor", NULL, &o.as_successor,
         "of correct and withdraw: words of the one before this office"},
        {VL_OPT_FLAG, 'y', "yes", NULL, &o.yes, "do not ask"},
        VL_SAYING_OPTIONS(o.saying),
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.saying.common, argc, argv, &rest);

    if (status < 0)
        status = vl_ask_check(&o.saying.ask, command->name);
    if (status < 0)
        status = run(command, &o, argv + rest, (size_t)(argc - rest));
    release(&o);
    return status;
}
