/* SPDX-License-Identifier: Apache-2.0 */
/* valise open: what a letter says, once all of it is verified. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "base/text.h"
#include "base/time.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "codec/number.h"
#include "office/open.h"
#include "office/take.h"
#include "sys/clock.h"
#include "sys/folder.h"
#include "sys/outfile.h"

#define SAFE 2200

struct options {
    struct vl_common common;
    struct vl_ask ask;
    const char *output;
    const char *part;
    struct vl_opt_list key_files;
    struct vl_age_identities keys;
    bool no_sign;
    bool manual;
    bool force;
    bool yes;
    bool dry_run;
};

/* Text of strangers on a terminal: made safe; in a pipe: as it is.  What is said about the letter
 * stands before its first text. */
struct shower {
    const struct options *options;
    struct vl_home *home;
    const struct vl_opening *opening;
    bool terminal;
    bool told;
    size_t begun_len;
    uint8_t begun[4];
};

static void show_line(const uint8_t *at, size_t len)
{
    char line[512], safe[sizeof line * 9];

    while (len > 0) {
        const size_t piece = len < sizeof line ? len : sizeof line - 1;

        memcpy(line, at, piece);
        line[piece] = '\0';
        (void)fputs(vl_show(safe, sizeof safe, line), stdout);
        at += piece;
        len -= piece;
    }
}

/* Line ends and tabs may pass; everything else is made safe, character by character. */
static void show_safely(struct shower *shower, vl_bytes text)
{
    uint8_t room[4096];
    size_t done = 0;

    while (done < text.len) {
        size_t len = shower->begun_len;
        size_t take = text.len - done < sizeof room - 8 ? text.len - done : sizeof room - 8;
        size_t start = 0, unfinished;

        memcpy(room, shower->begun, len);
        memcpy(room + len, text.ptr + done, take);
        done += take;
        len += take;
        unfinished = vl_text_unfinished(vl_bytes_of(room, len));
        shower->begun_len = unfinished;
        memcpy(shower->begun, room + len - unfinished, unfinished);
        len -= unfinished;
        for (size_t i = 0; i < len; i++) {
            bool crlf = room[i] == '\r' && i + 1 < len && room[i + 1] == '\n';

            if (room[i] != '\n' && room[i] != '\t' && !crlf)
                continue;
            show_line(room + start, i - start);
            if (!crlf)
                (void)putchar(room[i]);
            start = i + 1;
        }
        show_line(room + start, len - start);
    }
}

static void tell(struct shower *shower);

static enum vl_err show_begin(void *self, size_t index, vl_bytes name, uint64_t size,
                              struct vl_why *why)
{
    struct shower *shower = self;

    (void)index;
    (void)name;
    (void)size;
    (void)why;
    tell(shower);
    if (shower->terminal && shower->options->part == NULL)
        (void)putchar('\n');
    return VL_OK;
}

static enum vl_err show_data(void *self, vl_bytes bytes, struct vl_why *why)
{
    struct shower *shower = self;

    if (shower->terminal)
        show_safely(shower, bytes);
    else if (fwrite(bytes.ptr, 1, bytes.len, stdout) != bytes.len)
        return vl_fail(why, VL_ERR_IO, "stdout does not take it");
    return VL_OK;
}

static enum vl_err show_end(void *self, struct vl_why *why)
{
    struct shower *shower = self;

    (void)why;
    shower->begun_len = 0;
    return VL_OK;
}

static const char *form_words(enum vl_letter_form form)
{
    return form == VL_FORM_OPEN ? "an open letter" : "a sealed letter";
}

/* Are there parts that are not shown? */
static bool has_more(const struct vl_manifest *manifest)
{
    for (size_t i = 0; i < manifest->part_count; i++)
        if (!vl_bytes_starts(manifest->parts[i].type, VL_LITERAL("text/")))
            return true;
    return false;
}

/* Where the text itself goes to stdout, what is said about the letter goes to stderr. */
static void show_opening(const struct options *o, struct vl_home *home,
                         const struct vl_opening *opening, FILE *to)
{
    const struct vl_manifest *manifest = &opening->seen.manifest;
    char number[VL_NUMBER_SHORT], safe[SAFE], text[SAFE], date[VL_TIME_TEXT], size[32];

    (void)fprintf(to, "%s  %s\n  from     %s%s\n", vl_number_short(opening->seen.number, number),
                  form_words(opening->form), vl_show(safe, sizeof safe, opening->from.text),
                  opening->from.checked ? ", checked" : "");
    for (size_t i = 0; i < manifest->to_count; i++) {
        struct vl_office_name name;

        if (!manifest->to[i].is_own_copy &&
            vl_home_name_office(home, manifest->to[i].office.at, &name, NULL) == VL_OK)
            (void)fprintf(to, "  to       %s\n", vl_show(safe, sizeof safe, name.text));
    }
    if (manifest->has_date)
        (void)fprintf(to, "  dated    %s, by the sender's clock\n",
                      vl_time_text(manifest->date_s, date));
    if (manifest->has_subject) {
        (void)snprintf(text, sizeof text, "%.*s", (int)manifest->subject.len,
                       (const char *)manifest->subject.ptr);
        (void)fprintf(to, "  subject  %s\n", vl_show(safe, sizeof safe, text));
    }
    if (manifest->has_in_reply_to)
        (void)fprintf(to, "  answers  %s\n", vl_number_short(manifest->in_reply_to, number));
    if (manifest->has_expires)
        (void)fprintf(to, "  expires  %s%s\n", vl_time_text(manifest->expires_s, date),
                      manifest->expires_s < vl_clock_seconds() ? ", which has passed" : "");
    if (manifest->has_expect_by)
        (void)fprintf(to, "  wanted   its receipt by %s\n",
                      vl_time_text(manifest->expect_by_s, date));
    for (size_t i = 0; i < manifest->part_count; i++) {
        const struct vl_manifest_part *part = &manifest->parts[i];

        (void)snprintf(text, sizeof text, "%.*s", (int)part->name.len,
                       (const char *)part->name.ptr);
        (void)fprintf(to, "  part %-3zu %s, %s%s%.*s\n", i + 1, vl_show(safe, sizeof safe, text),
                      vl_size_text(part->size, size, sizeof size), part->lang.len > 0 ? ", " : "",
                      (int)part->lang.len, (const char *)part->lang.ptr);
    }
    if (opening->seen.unlisted_keys)
        (void)fprintf(to, "  ! sealed also to keys that the letter does not name\n");
    if (opening->foreign)
        (void)fprintf(to, "  ! another office signed for its outside: that was set aside\n");
    if (opening->sender.unplanned)
        (void)fprintf(to, "  ! the sender's keys changed unannounced: check its words again\n");
    if (opening->sender.retired)
        (void)fprintf(to, "  ! signed with a key that the sender has retired since\n");
    if (!opening->from.checked)
        (void)fprintf(to, "  ! nobody here compared the sender's words\n");
    if (opening->for_another) {
        struct vl_office_name name;

        if (vl_home_name_office(home, opening->deputy.principal.at, &name, NULL) == VL_OK)
            (void)fprintf(to, "  opened   for %s, under its mandate\n",
                          vl_show(safe, sizeof safe, name.text));
    }
    (void)fprintf(to, "  %s\n",
                  o->dry_run               ? "a dry run: nothing was signed or kept"
                  : opening->signed_now    ? "signed: that this office could open it"
                  : opening->opened_before ? "opened before; nothing was signed anew"
                                           : "nothing was signed");
    if (!o->output && has_more(manifest))
        (void)fprintf(to, "  next:  valise open %s -o DIR   unpacks all parts\n",
                      vl_number_short(opening->seen.number, number));
    if (o->output && strcmp(o->output, "-") != 0 && !o->dry_run)
        (void)fprintf(to, "In clear, on this disk:  %s\n", vl_show(safe, sizeof safe, o->output));
}

static void tell(struct shower *shower)
{
    const struct options *o = shower->options;
    const char *output = o->output;

    if (shower->told || o->common.quiet || o->common.json)
        return;
    shower->told = true;
    (void)fflush(stdout);
    show_opening(o, shower->home, shower->opening,
                 !output || strcmp(output, "-") == 0 ? stderr : stdout);
}

static int show_opening_json(const struct options *o, struct vl_home *home,
                             const struct vl_opening *opening)
{
    const struct vl_manifest *manifest = &opening->seen.manifest;
    struct vl_doc *doc = vl_doc_new("valise.open/1");
    char number[VL_NUMBER_TEXT];

    vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, opening->seen.number, number));
    vl_doc_text(doc, "mode", opening->form == VL_FORM_OPEN ? "open" : "sealed");
    vl_doc_office(doc, "from", home, manifest->core.issuer.at);
    vl_doc_list(doc, "to");
    for (size_t i = 0; i < manifest->to_count; i++)
        if (!manifest->to[i].is_own_copy)
            vl_doc_office(doc, NULL, home, manifest->to[i].office.at);
    vl_doc_close(doc);
    vl_doc_bytes(doc, "subject", manifest->has_subject ? manifest->subject : VL_BYTES_NONE);
    vl_doc_time(doc, "dated_at", manifest->has_date, manifest->date_s);
    vl_doc_text(doc, "in_reply_to",
                manifest->has_in_reply_to
                    ? vl_number_text(VL_LETTER_HRP, manifest->in_reply_to, number)
                    : NULL);
    vl_doc_time(doc, "expires_at", manifest->has_expires, manifest->expires_s);
    vl_doc_time(doc, "expect_by_at", manifest->has_expect_by, manifest->expect_by_s);
    vl_doc_list(doc, "parts");
    for (size_t i = 0; i < manifest->part_count; i++) {
        const struct vl_manifest_part *part = &manifest->parts[i];

        vl_doc_object(doc, NULL);
        vl_doc_bytes(doc, "name", part->name);
        vl_doc_bytes(doc, "type", part->type.len > 0 ? part->type : VL_BYTES_NONE);
        vl_doc_bytes(doc, "lang", part->lang.len > 0 ? part->lang : VL_BYTES_NONE);
        vl_doc_int(doc, "size_bytes", part->size);
        vl_doc_hex(doc, "sha256", true, VL_ARRAY(part->sha256));
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_text(doc, "verdict", vl_verdict_word(opening->verdict));
    vl_doc_bool(doc, "waybill", opening->has_waybill);
    vl_doc_bool(doc, "signed", opening->signed_now);
    if (opening->for_another)
        vl_doc_office(doc, "for", home, opening->deputy.principal.at);
    else
        vl_doc_text(doc, "for", NULL);
    vl_doc_bool(doc, "unlisted_keys", opening->seen.unlisted_keys);
    vl_doc_bool(doc, "retired_key", opening->sender.retired);
    vl_doc_bool(doc, "unplanned_key", opening->sender.unplanned);
    vl_doc_text(doc, "output", o->output);
    vl_doc_bool(doc, "dry_run", o->dry_run);
    return vl_print_doc(doc, "the letter is open, and this could not be said.");
}

static const char *mend_of(enum vl_err err, const struct vl_opening *opening, bool part,
                           bool for_another)
{
    if (opening->rotten)
        return "look at the disk, and take it once more from whoever has it:\nvalise doctor "
               "--verify\nvalise take FILE|STICK";
    switch ((int)err) {
    case VL_ERR_NO_KEY:
        if (for_another)
            return "it is not for the office of these keys, or that has newer ones:\n"
                   "valise keygen --office -o KEYFILE";
        return "it is not for this office, or the passphrase was another one:\nvalise list";
    case VL_ERR_REFUSED:
        return "see what is held; and whoever it is for lets this office receive:\n"
               "valise mandate list\nvalise mandate OFFICE --may receive\n"
               "and hands that over on a stick";
    case VL_ERR_NOT_FOUND:
        return part ? "see which parts it has:\nvalise open N"
                    : "see what there is, or add the sender's card:\nvalise list\nvalise card add "
                      "FILE";
    case VL_ERR_EXISTS:
        return "give another place with -o: nothing is overwritten";
    default:
        return NULL;
    }
}

/* A file that was not taken yet is taken first. */
static int take_first(struct vl_home *home, const char *path, char number[VL_NUMBER_TEXT])
{
    const char *const paths[] = {path};
    struct vl_taken *taken = vl_new(sizeof *taken);
    struct vl_why why = {""};
    char what[SAFE];
    enum vl_err err;

    if (!taken)
        return vl_say_no_memory();
    err = vl_take_files(home, paths, 1, vl_clock_seconds(), NULL, taken, &why);
    if (!err && taken->kind == VL_TAKEN_EVIDENCE)
        err = vl_fail(&why, VL_ERR_USAGE, "it is evidence, not a letter");
    if (!err)
        (void)vl_number_text(VL_LETTER_HRP, taken->number, number);
    vl_free(taken);
    if (!err)
        return -1;
    (void)snprintf(what, sizeof what, "\"%.300s\" was not opened.", path);
    return vl_home_failure(what, err, &why, "valise take FILE");
}

/* name: as the user wrote it. */
static int open_letter(struct options *o, struct vl_home *home, const char *letter,
                       const char *name)
{
    struct shower shower = {.options = o, .home = home, .terminal = isatty(STDOUT_FILENO) == 1};
    bool to_stdout = !o->output || strcmp(o->output, "-") == 0;
    struct vl_open_request request = {
        .letter = letter,
        .folder = o->part || to_stdout ? NULL : o->output,
        .part = o->part,
        .output = o->part && !to_stdout ? o->output : NULL,
        .out_flags = o->force ? VL_OUT_REPLACE : 0,
        .show = {show_begin, show_data, show_end, &shower},
        .show_texts = to_stdout && !o->common.json,
        .identities = o->key_files.count > 0 ? &o->keys : NULL,
        .no_sign = o->no_sign,
        .manual = o->manual,
        .workers = vl_cli_workers(),
        .now_s = vl_clock_seconds(),
        .asker = vl_ask_asker(&o->ask),
    };
    struct vl_opening *opening = vl_new(sizeof *opening);
    struct vl_progress_line line;
    struct vl_why why = {""};
    char what[SAFE];
    int status = 0;
    enum vl_err err;

    if (!opening)
        return vl_say_no_memory();
    shower.opening = opening;
    opening->row = (struct vl_letter_row)VL_LETTER_ROW_INIT;
    opening->seen = (struct vl_letter_seen)VL_LETTER_SEEN_INIT;
    (void)snprintf(what, sizeof what, "\"%.300s\" was not opened.", name);
    request.progress = vl_progress_start(&line, &o->common, "opening", name);
    vl_say_when_stopped(what, !to_stdout);
    if (o->part && to_stdout && o->common.json)
        request.show.data = NULL;
    err = vl_open(home, &request, opening, &why);
    vl_progress_end(&line);
    if (err)
        status = vl_home_failure(what, err, &why,
                                 mend_of(err, opening, o->part != NULL, o->key_files.count > 0));
    else if (o->common.json)
        status = show_opening_json(o, home, opening);
    else
        tell(&shower);
    vl_opening_release(opening);
    vl_free(opening);
    return status;
}

/* Keys of an office that lets this one receive for it. */
static int read_keys(struct options *o, const char *letter)
{
    const struct vl_asker asker = vl_ask_asker(&o->ask);
    struct vl_why why = {""};
    char what[SAFE];
    bool exposed = false;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < o->key_files.count && !err; i++)
        err = vl_keys_read_identities(o->key_files.at[i], &asker, &o->keys, &exposed, &why);
    if (!err)
        return -1;
    (void)snprintf(what, sizeof what, "\"%.300s\" was not opened.", letter);
    return vl_home_failure(what, err, &why, "valise keygen --office -o KEYFILE   writes one");
}

int vl_cmd_open(const struct vl_command *command, int argc, char **argv)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct options o = {.ask = VL_ASK_INIT, .keys = VL_AGE_IDENTITIES_INIT};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 'o', "output", "DIR", &o.output, "unpack all parts into this new folder"},
        {VL_OPT_TEXT, 'p', "part", "P", &o.part,
         "one part, by name or place; -o names a file then"},
        {VL_OPT_FLAG, 'f', "force", NULL, &o.force, "with --part: replace the file"},
        {VL_OPT_LIST, 'i', "identity", "KEYFILE", &o.key_files,
         "in the place of an office that lets this one receive, with its keys"},
        {VL_OPT_FLAG, 0, "no-sign", NULL, &o.no_sign, "do not sign that it was opened"},
        {VL_OPT_FLAG, 0, "manual", NULL, &o.manual, "sign that a person opened it"},
        {VL_OPT_FLAG, 'y', "yes", NULL, &o.yes, "do not ask"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &o.dry_run, "do all of it and keep nothing"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &o.ask.fd, "read it from an open file descriptor"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    char number[VL_NUMBER_TEXT];
    const char *letter = NULL;
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    if (status < 0 && argc - rest != 1)
        status = vl_say_usage(command->name, "one letter, by its number or its file");
    if (status < 0 && o.part && !o.output)
        o.output = "-";
    if (status < 0)
        status = vl_ask_check(&o.ask, command->name);
    if (status < 0 && o.manual && !o.no_sign && !o.dry_run)
        status = vl_cli_confirm("You sign that a person opened this letter. Go on? [y/N] ", o.yes,
                                "the letter was not opened.");
    if (status < 0)
        status = read_keys(&o, argv[rest]);
    if (status < 0)
        status = vl_home_begin_change(o.dry_run, &home, "the letter was not opened.");
    if (status < 0) {
        letter = argv[rest];
        if (vl_file_is_there(letter)) {
            status = take_first(&home, letter, number);
            letter = number;
        }
    }
    if (status < 0)
        status = open_letter(&o, &home, letter, argv[rest]);
    vl_ask_wipe(&o.ask);
    vl_opt_list_release(&o.key_files);
    vl_age_identities_release(&o.keys);
    return status;
}
