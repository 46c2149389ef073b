/* SPDX-License-Identifier: Apache-2.0 */
/* valise write: one letter with care, or thousands at once. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/text.h"
#include "base/time.h"
#include "cli/cmd.h"
#include "cli/cmd_write.h"
#include "cli/draft.h"
#include "cli/fail.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "codec/number.h"
#include "office/parts.h"
#include "sys/clock.h"
#include "sys/folder.h"
#include "sys/infile.h"
#include "sys/outfile.h"
#include "sys/tty.h"

#define SAFE 700

static const char what[] = "the letter was not written.";

static int parse_date(const struct vl_command *command, const char *option, const char *text,
                      int64_t now_s, bool *there, int64_t *at_s)
{
    struct vl_why why = {""};

    if (!text)
        return -1;
    if (vl_time_parse(vl_bytes_str(text), now_s, at_s, &why) != VL_OK)
        return vl_say_usage(command->name, "%s %s: %s", option, text, why.text);
    if (*at_s < now_s)
        return vl_say_usage(command->name, "%s %s has passed", option, text);
    *there = true;
    return -1;
}

/* Offices, and perhaps a file at the end: a word that is no office here, and is a file. */
static int split_words(const struct vl_command *command, struct vl_write_options *o,
                       struct vl_home *home, int count, char **words)
{
    for (int i = 0; i < count; i++) {
        VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
        struct vl_why why = {""};
        enum vl_err err;

        if (i == count - 1 && strcmp(words[i], "-") == 0) {
            o->text_file = "-";
            return -1;
        }
        err = vl_home_find_office(home, words[i], &row, &why);
        if (err == VL_ERR_NOT_FOUND && i == count - 1 && (i > 0 || o->reply_to) &&
            access(words[i], F_OK) == 0) {
            o->text_file = words[i];
            return -1;
        }
        if (err)
            return vl_home_failure(what, err, &why,
                                   err == VL_ERR_NOT_FOUND
                                       ? "add its card first:\nvalise card add FILE\nvalise card "
                                         "list"
                                       : NULL);
        if (o->office_count == VL_MANIFEST_MAX_ADDRESSEES)
            return vl_say_usage(command->name, "a letter goes to %d offices at most",
                                VL_MANIFEST_MAX_ADDRESSEES);
        o->offices[o->office_count++] = words[i];
    }
    return -1;
}

/* The answer goes to whoever wrote. */
static int fill_reply(struct vl_write_options *o, struct vl_home *home)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_office_id from;
    struct vl_why why = {""};
    enum vl_err err;

    if (!o->reply_to || o->office_count > 0)
        return -1;
    err = vl_home_find_letter(home, o->reply_to, 4, &row, &why);
    if (!err && !row.has_from)
        err = vl_fail(&why, VL_ERR_NOT_FOUND, "nobody knows yet who wrote it: open it first");
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    memcpy(from.at, row.from, VL_HASH_LEN);
    o->offices[o->office_count++] = vl_office_id_text(&from, o->reply_office);
    return -1;
}

static int read_text(struct vl_write_options *o, struct vl_buf *text, char **draft)
{
    struct vl_why why = {""};
    char sentence[SAFE];
    enum vl_err err = VL_OK;

    if (!o->text_file && isatty(STDIN_FILENO) != 1)
        o->text_file = "-";
    if (o->text_file && vl_folder_is_there(o->text_file)) {
        o->whole_file = o->text_file;
    } else if (o->text_file) {
        bool named = strcmp(o->text_file, "-") != 0 && vl_file_is_there(o->text_file);

        err = vl_in_read_all(o->text_file, text, &why);
        if (!err && !named && !vl_text_is_utf8(vl_buf_bytes(text)))
            (void)snprintf(o->text_name, sizeof o->text_name, "letter.bin");
        if (named)
            (void)vl_part_name_of(o->text_file, o->text_name, sizeof o->text_name);
        if (err == VL_ERR_LIMIT && named) {
            o->whole_file = o->text_file;
            text->len = 0;
            err = VL_OK;
        }
        if (err == VL_ERR_LIMIT)
            (void)vl_fail(&why, err, "a text of more than 64 MiB");
        if (err) {
            (void)snprintf(sentence, sizeof sentence, "the text \"%.300s\" was not read.",
                           o->text_file);
            return vl_home_failure(sentence, err, &why,
                                   err == VL_ERR_LIMIT ? "send it as it is:  --attach FILE" : NULL);
        }
    } else if (o->attachments.count == 0) {
        err = vl_draft_edit(vl_home_folder(), draft, text, &why);
        if (err)
            return vl_home_failure(what, err, &why, "give the text as a file, or on stdin");
    }
    return -1;
}

static int read_content(struct vl_write_options *o, struct vl_buf *text, char **draft)
{
    if (!o->eml)
        return read_text(o, text, draft);
    if (!o->common.quiet)
        vl_mail_warn();
    return vl_mail_file_read(o->eml, &o->mail, &o->subject);
}

static void show_written(struct vl_write_options *o, struct vl_home *home,
                         const struct vl_written *written)
{
    char number[VL_NUMBER_SHORT], whole[VL_NUMBER_TEXT], size[32], safe[SAFE];
    size_t own = written->to.count - written->to.to_count;

    printf("%s is %s%s.\n", vl_number_short(written->number, number),
           o->open ? "signed" : "sealed and signed",
           o->dry_run ? " (a dry run: nothing is kept)" : "");
    printf("  number   %s\n", vl_number_text(VL_LETTER_HRP, written->number, whole));
    for (size_t i = 0; i < written->to.to_count; i++) {
        struct vl_office_name name;

        if (vl_home_name_office(home, written->to.at[i].office.at, &name, NULL) == VL_OK)
            printf("  to       %s\n", vl_show(safe, sizeof safe, name.text));
    }
    printf("  content  %zu %s, %s\n", written->part_count,
           written->part_count == 1 ? "part" : "parts",
           vl_size_text(written->content_bytes, size, sizeof size));
    if (o->open)
        printf("  open     anybody can read it\n");
    else
        printf("  sealed   with X25519 and ChaCha20-Poly1305 to %zu %s%s, %s\n",
               written->to.to_count, written->to.to_count == 1 ? "office" : "offices",
               own ? " and this one" : "", vl_size_text(written->size, size, sizeof size));
    if (written->to.unchecked > 0)
        printf("  ! not checked by words: %zu of them\n", written->to.unchecked);
    if (written->renamed > 0)
        printf("  ! %zu %s changed so that any system can have it as a file\n", written->renamed,
               written->renamed == 1 ? "name was" : "names were");
    if (written->left_out > 0)
        printf("  ! %zu %s in folders left out\n", written->left_out,
               written->left_out == 1 ? "link or device was" : "links or devices were");
    if (o->eml)
        vl_mail_show(&o->mail.mail, !o->no_original);
    if (o->dry_run)
        return;
    if (!o->output && !o->hand)
        printf("  next:  valise hand %s STICK   (-o FILE: its envelope as a file)\n",
               vl_show(safe, sizeof safe, o->offices[0]));
    if (o->output)
        printf("  envelope %s\n", vl_show(safe, sizeof safe, o->output));
    if (o->evidence)
        printf("  evidence %s: who put it out, and to whom\n",
               vl_show(safe, sizeof safe, o->evidence));
}

static int show_written_json(struct vl_write_options *o, struct vl_home *home,
                             const struct vl_written *written)
{
    struct vl_doc *doc = vl_doc_new("valise.write/1");
    char number[VL_NUMBER_TEXT];

    vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, written->number, number));
    vl_doc_bool(doc, "open", o->open);
    vl_doc_bool(doc, "dry_run", o->dry_run);
    vl_doc_list(doc, "to");
    for (size_t i = 0; i < written->to.to_count; i++)
        vl_doc_office(doc, NULL, home, written->to.at[i].office.at);
    vl_doc_close(doc);
    vl_doc_bool(doc, "own_copy", written->to.count > written->to.to_count);
    vl_doc_int(doc, "parts", written->part_count);
    vl_doc_int(doc, "content_bytes", written->content_bytes);
    vl_doc_int(doc, "envelope_bytes", written->size);
    vl_doc_int(doc, "renamed", written->renamed);
    vl_doc_int(doc, "left_out", written->left_out);
    vl_doc_text(doc, "output", o->output);
    vl_doc_text(doc, "evidence", o->evidence);
    vl_mail_doc(doc, o->eml ? &o->mail.mail : NULL, !o->no_original);
    return vl_print_doc(doc, "the letter is written, and this could not be said.");
}

static void fill_request(struct vl_write_options *o, struct vl_write_request *request)
{
    request->offices = o->offices;
    request->office_count = o->office_count;
    request->lang = o->lang;
    request->attachments = o->attachments.at;
    request->attachment_count = o->attachments.count;
    request->reply_to = o->reply_to;
    request->open = o->open;
    request->exact = o->exact;
    request->no_copy = o->no_copy;
    request->manual = o->manual;
    request->output = o->output;
    request->evidence = o->evidence;
    request->out_flags = o->force ? VL_OUT_REPLACE : 0;
    request->dry_run = o->dry_run;
    request->workers = vl_cli_workers();
    request->asker = vl_ask_asker(&o->ask);
    request->rng = vl_rng_system();
}

/* What the letter says, once it is read: the text, or a mail taken apart. */
static void fill_content(struct vl_write_options *o, const struct vl_buf *text,
                         struct vl_write_request *request)
{
    const struct vl_mail_part *said = o->eml ? vl_mail_text(&o->mail.mail) : NULL;

    request->text = vl_buf_bytes(said ? &said->content : text);
    request->text_name = o->text_name[0] ? o->text_name : NULL;
    request->text_file = o->whole_file;
    request->subject = o->subject;
    request->mail = o->eml ? &o->mail.mail : NULL;
    if (o->eml && !o->no_original)
        request->mail_wire = vl_buf_bytes(&o->mail.wire);
}

/* It is signed for, and this cannot be taken back. */
static int file_failed(enum vl_err err, const struct vl_why *why, const struct vl_written *written)
{
    char sentence[120], number[VL_NUMBER_SHORT];

    (void)snprintf(sentence, sizeof sentence, "%s is written, but not all of its files are there.",
                   vl_number_short(written->number, number));
    return vl_home_failure(sentence, err, why,
                           "see that it is there:\nvalise outbox\nforget it and write it again");
}

static int write_failed(struct vl_write_options *o, enum vl_err err, const struct vl_why *why,
                        const struct vl_buf *text, char **draft)
{
    const char *first = err == VL_ERR_EXISTS ? "give another name, or --force; " : "";
    const char *file = o->eml ? o->eml : o->text_file;
    bool from_file = file && strcmp(file, "-") != 0;
    char mend[2 * SAFE];

    /* What was typed or piped is nowhere else. */
    if (!from_file && text->len > 0 && !*draft &&
        vl_draft_keep(vl_home_folder(), vl_buf_bytes(text), draft) != VL_OK)
        *draft = NULL;
    if (!*draft)
        return vl_home_failure(what, err, why,
                               err == VL_ERR_EXISTS  ? "give another name, or --force"
                               : err == VL_ERR_LIMIT ? "make it smaller, or several letters of it"
                                                     : NULL);
    (void)snprintf(mend, sizeof mend,
                   "%syour %s is kept, and can be sent with:\nvalise write %s %s%.600s", first,
                   o->eml ? "mail" : "text", o->office_count == 1 ? o->offices[0] : "OFFICE...",
                   o->eml ? "--eml " : "", *draft);
    return vl_home_failure(what, err, why, mend);
}

/* A text from an editor is nowhere else. */
static void say_when_stopped(const char *draft)
{
    char mend[SAFE];

    if (!draft) {
        vl_say_when_stopped(what, true);
        return;
    }
    (void)snprintf(mend, sizeof mend, "your text is kept in %.600s", draft);
    vl_say_when_stopped_mend(what, mend);
}

static int write_one(const struct vl_command *command, struct vl_write_options *o,
                     struct vl_write_request *request)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_WRITE_TEXT_MAX);
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_progress_line line;
    struct vl_written written = {.size = 0};
    struct vl_why why = {""};
    char *draft = NULL;
    int status = read_content(o, &text, &draft);
    enum vl_err err;

    (void)command;
    if (status < 0)
        status = vl_home_begin(VL_HOME_WRITE, &home, what);
    if (status < 0) {
        fill_content(o, &text, request);
        request->progress = vl_progress_start(&line, &o->common, "sealing", "the letter");
        say_when_stopped(draft);
        err = vl_write(&home, request, &written, &why);
        vl_progress_end(&line);
        if (err && written.kept) {
            status = file_failed(err, &why, &written);
        } else if (err) {
            status = write_failed(o, err, &why, o->eml ? &o->mail.wire : &text, &draft);
        } else {
            if (draft && !o->dry_run)
                vl_draft_done(draft);
            status = 0;
            if (o->common.json)
                status = show_written_json(o, &home, &written);
            else if (!o->common.quiet)
                show_written(o, &home, &written);
        }
    } else if (draft) {
        (void)fprintf(stderr, "  your text is kept in %s\n", draft);
    }
    vl_draft_free(draft);
    return status;
}

/* The home is only looked at here; it is opened again for writing once the text is there. */
static int prepare(const struct vl_command *command, struct vl_write_options *o,
                   struct vl_write_request *request, int count, char **words)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_addressees addressees;
    struct vl_why why = {""};
    enum vl_err err;
    int status = vl_home_begin(VL_HOME_READ, &home, what);

    if (status < 0)
        status = split_words(command, o, &home, count, words);
    if (status < 0)
        status = fill_reply(o, &home);
    if (status >= 0 || ((o->each || o->list) && o->office_count == 0))
        return status;
    err = vl_addressees_find(&home, o->offices, o->office_count, o->open, !o->no_copy,
                             request->now_s, &addressees, &why);
    return err ? vl_home_failure(what, err, &why,
                                 err == VL_ERR_USAGE ? "valise write OFFICE... [FILE]" : NULL)
               : -1;
}

/* Never quietly with less (PROTOCOL 25). */
static int no_pq(void)
{
    struct vl_why why = {""};

    (void)vl_fail(&why, VL_ERR_UNSUPPORTED,
                  "this valise seals with X25519 alone, which a large quantum computer could open "
                  "one day");
    return vl_home_failure(what, VL_ERR_UNSUPPORTED, &why,
                           "write it without --pq, or carry it another way");
}

static int run(const struct vl_command *command, struct vl_write_options *o, int count,
               char **words)
{
    struct vl_write_request request = {.now_s = vl_clock_seconds()};
    int status = vl_ask_check(&o->ask, command->name);

    if (status < 0 && o->output && strcmp(o->output, "-") == 0)
        status = vl_say_usage(command->name, "-o wants a file: stdout has the answer");
    if (status < 0 && o->output && o->evidence && strcmp(o->output, o->evidence) == 0)
        status = vl_say_usage(command->name, "-o and --evidence are two files");
    if (status < 0 && o->no_original && !o->eml)
        status = vl_say_usage(command->name, "--no-original is for a mail: --eml FILE");
    if (status < 0 && o->pq)
        status = no_pq();
    if (status < 0 && o->each && o->list)
        status = vl_say_usage(command->name, "--each and --list exclude each other");
    if (status < 0)
        status = parse_date(command, "--expires", o->expires, request.now_s, &request.has_expires,
                            &request.expires_s);
    if (status < 0)
        status = parse_date(command, "--expect-by", o->expect_by, request.now_s,
                            &request.has_expect_by, &request.expect_by_s);
    if (status < 0)
        status = prepare(command, o, &request, count, words);
    if (status < 0 && o->eml && o->text_file)
        status = vl_say_usage(command->name, "the mail has the text: \"%s\" is one too many",
                              o->text_file);
    if (status < 0 && o->hand && o->office_count != 1)
        status = vl_say_usage(command->name, "--hand is for letters to one office");
    if (status >= 0)
        return status;
    fill_request(o, &request);
    status =
        o->each || o->list ? vl_write_many(command, o, &request) : write_one(command, o, &request);
    return status == 0 && o->hand && !o->dry_run && !o->none
               ? vl_hand_to(&o->common, &o->ask, o->offices[0], o->hand)
               : status;
}

int vl_cmd_write(const struct vl_command *command, int argc, char **argv)
{
    struct vl_write_options o = {.ask = VL_ASK_INIT, .mail = VL_MAIL_FILE_INIT};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 's', "subject", "TEXT", &o.subject, "what it is about; sealed with the rest"},
        {VL_OPT_LIST, 'a', "attach", "FILE", &o.attachments, "a file, or a folder as one archive"},
        {VL_OPT_TEXT, 'l', "lang", "TAG", &o.lang, "the language of the text, such as en or pt-BR"},
        {VL_OPT_TEXT, 'r', "reply-to", "LETTER", &o.reply_to, "which one it answers"},
        {VL_OPT_TEXT, 0, "expires", "WHEN", &o.expires, "2026-12-31, or +30d: void after that"},
        {VL_OPT_TEXT, 0, "expect-by", "WHEN", &o.expect_by, "when its receipt should be back"},
        {VL_OPT_FLAG, 0, "open", NULL, &o.open, "signed and not sealed: anybody may read it"},
        {VL_OPT_TEXT, 0, "hand", "STICK", &o.hand, "and hand it over: valise hand OFFICE STICK"},
        {VL_OPT_TEXT, 'o', "output", "FILE", &o.output, "write the envelope there as well"},
        {VL_OPT_TEXT, 0, "evidence", "FILE", &o.evidence, "and card and waybill, signed, there"},
        {VL_OPT_FLAG, 'f', "force", NULL, &o.force, "replace FILE if it is there"},
        {VL_OPT_FLAG, 0, "pq", NULL, &o.pq, "only if it can be sealed against quantum computers"},
        {VL_OPT_FLAG, 0, "exact", NULL, &o.exact, "do not round the size up"},
        {VL_OPT_FLAG, 0, "no-copy", NULL, &o.no_copy, "do not seal a copy to this office"},
        {VL_OPT_FLAG, 0, "manual", NULL, &o.manual, "say in the signature that a person did it"},
        {VL_OPT_TEXT, 0, "each", "DIR", &o.each, "one letter for each file in DIR"},
        {VL_OPT_TEXT, 0, "list", "FILE", &o.list,
         "one for each line: OFFICES tab FILE tab SUBJECT"},
        {VL_OPT_TEXT, 0, "eml", "FILE", &o.eml, "make it of a mail that was saved; -: of stdin"},
        {VL_OPT_FLAG, 0, "no-original", NULL, &o.no_original, "leave out the mail as it came"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &o.dry_run, "do all of it and keep nothing"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &o.ask.fd, "read it from an open file descriptor"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    if (status < 0)
        status = run(command, &o, argc - rest, argv + rest);
    vl_ask_wipe(&o.ask);
    vl_opt_list_release(&o.attachments);
    vl_mail_file_release(&o.mail);
    return status;
}
