/* SPDX-License-Identifier: Apache-2.0 */
/* valise record check, list, watch, witness: a public record in the eyes of others. */
#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/time.h"
#include "cli/cmd.h"
#include "cli/cmd_record.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "codec/number.h"
#include "sys/clock.h"
#include "sys/folder.h"
#include "sys/infile.h"

#define SAFE         1100
#define AS_NUMBER(n) ((unsigned long long)(n))

/* --- check ------------------------------------------------------------------------------------ */

static void show_checked(const struct vl_record_options *o, const struct vl_record_checked *checked)
{
    char name[VL_NUMBER_TEXT], safe[SAFE];

    printf("%s: %llu %s\n", vl_show(safe, sizeof safe, checked->origin), AS_NUMBER(checked->size),
           checked->size == 1 ? "entry" : "entries");
    printf("  record      %s\n", vl_number_text(VL_RECORD_HRP, checked->id, name));
    printf("  entries     1 policy, %llu %s, %llu %s%s\n", AS_NUMBER(checked->cards),
           checked->cards == 1 ? "card" : "cards", AS_NUMBER(checked->statements),
           checked->statements == 1 ? "statement" : "statements",
           checked->waiting ? "; more wait for witnesses" : "");
    printf("  witnesses   %zu cosigned, %zu needed\n", checked->witnesses,
           checked->witnesses_needed);
    printf(
        "Proven:     every entry is what its tile says, and all tiles lead to the signed root\n");
    if (!o->hashes_only)
        printf("            each statement was signed by an office whose cards stand before it\n");
    printf("            no statement is in it twice\n");
    printf("Not proven: that others see the same record: watch it, and compare\n");
    printf("            that what it says is true\n");
    if (o->hashes_only)
        printf("            whose the statements are: signatures were left out\n");
}

static void doc_checked(struct vl_doc *doc, const struct vl_record_options *o,
                        const struct vl_record_checked *checked)
{
    vl_record_doc(doc, checked->id, vl_bytes_str(checked->origin));
    vl_doc_int(doc, "entries", checked->size);
    vl_doc_hex(doc, "root", true, VL_ARRAY(checked->root));
    vl_doc_int(doc, "cards", checked->cards);
    vl_doc_int(doc, "statements", checked->statements);
    vl_doc_bool(doc, "signatures", !o->hashes_only);
    vl_doc_int(doc, "witnesses", checked->witnesses);
    vl_doc_int(doc, "witnesses_needed", checked->witnesses_needed);
    vl_doc_int(doc, "waiting", checked->waiting);
}

static int check_whole(const struct vl_record_options *o, const char *path)
{
    struct vl_record_check_request request = {.path = path,
                                              .source = vl_record_source(o),
                                              .without_signatures = o->hashes_only,
                                              .workers = o->door ? 0 : vl_cli_workers()};
    struct vl_record_checked checked;
    struct vl_progress_line line;
    struct vl_why why = {""};
    char what[500];
    enum vl_err err;

    request.progress = vl_progress_start(&line, &o->common, "checking", path);
    err = vl_record_check(&request, &checked, &why);
    vl_progress_end(&line);
    if (err == VL_ERR_REFUSED) /* another log's checkpoint */
        err = VL_ERR_UNVERIFIED;
    (void)snprintf(what, sizeof what, "\"%.300s\" %s.", path,
                   err == VL_ERR_UNVERIFIED || err == VL_ERR_FORMAT ? "does not verify"
                                                                    : "was not checked");
    if (err)
        return vl_home_failure(what, err, &why,
                               err == VL_ERR_UNVERIFIED || err == VL_ERR_FORMAT
                                   ? "keep it as it is; ask for another copy, and compare"
                                   : NULL);
    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.record-check/1");

        doc_checked(doc, o, &checked);
        return vl_print_doc(doc, "the result could not be printed.");
    }
    if (!o->common.quiet)
        show_checked(o, &checked);
    return 0;
}

static const char *proof_mend(enum vl_err err)
{
    switch ((int)err) {
    case VL_ERR_AMBIGUOUS:
        return "valise record prove RECORD ACT --form statement -o FILE   has one, with its proof";
    case VL_ERR_USAGE:
        return "valise record check --record FILE PROOF OBJECT";
    case VL_ERR_REFUSED:
    case VL_ERR_UNVERIFIED:
        return "it proves nothing about this; ask for another";
    default:
        return NULL;
    }
}

static int check_proof(const struct vl_record_options *o, const char *proof, const char *object)
{
    const struct vl_record_proof_request request = {.anchor = o->record,
                                                    .key = o->log,
                                                    .witnesses = o->witnesses.at,
                                                    .witness_count = o->witnesses.count,
                                                    .need = o->need > 0 ? (size_t)o->need : 0,
                                                    .proof = proof,
                                                    .object = object,
                                                    .cards = o->cards.at,
                                                    .card_count = o->cards.count};
    struct vl_report report = VL_REPORT_INIT;
    struct vl_why why = {""};
    char what[500];
    enum vl_err err = vl_record_check_proof(&request, &report, &why);
    int status = 0;

    (void)snprintf(what, sizeof what, "\"%.300s\" %s.", proof,
                   err == VL_ERR_UNVERIFIED || err == VL_ERR_FORMAT || err == VL_ERR_LIMIT
                       ? "does not verify"
                       : "was not checked");
    if (err) {
        status = vl_home_failure(what, err, &why, proof_mend(err));
    } else if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.record-proof/1");

        vl_doc_text(doc, "what", report.what);
        vl_report_doc(doc, &report);
        status = vl_print_doc(doc, "the result could not be printed.");
    } else if (!o->common.quiet) {
        vl_show_report(proof, &report);
    }
    vl_report_release(&report);
    return status;
}

int vl_record_cmd_check(const struct vl_command *command, const struct vl_record_options *o,
                        int count, char **words)
{
    if (count == 1 && (o->door || vl_folder_is_there(words[0]))) {
        if (o->log || o->need >= 0 || o->witnesses.count > 0 || o->cards.count > 0)
            return vl_say_usage(command->name,
                                "of a whole record --record says which it is: "
                                "--log, --witness, --need and --card are of a proof");
        return check_whole(o, words[0]);
    }
    if (count == 1 || count == 2)
        return check_proof(o, words[0], count == 2 ? words[1] : NULL);
    return vl_say_usage(command->name, "check wants a record, or a proof and what it is about");
}

/* --- list ------------------------------------------------------------------------------------- */

struct listing {
    struct vl_home *home; /* or NULL */
    struct vl_doc *doc;
    bool quiet;
    uint64_t count;
};

static const char *issuer_of(const struct listing *listing, const struct vl_log_dir_row *row,
                             char *out, size_t size)
{
    struct vl_office_name name = {.text = ""};
    char address[VL_OFFICE_TEXT];

    if (!row->has_office)
        return vl_show(out, size, "the record itself");
    if (!listing->home ||
        vl_home_name_office(listing->home, row->office.at, &name, NULL) != VL_OK || !name.known)
        (void)snprintf(name.text, sizeof name.text, "%.20s...",
                       vl_office_id_text(&row->office, address));
    return vl_show(out, size, name.text);
}

static enum vl_err list_one(void *self, const struct vl_log_dir_row *row, struct vl_why *why)
{
    struct listing *listing = self;
    char text[VL_NUMBER_TEXT], number[VL_NUMBER_SHORT], date[VL_TIME_TEXT], safe[SAFE];

    (void)why;
    listing->count++;
    if (listing->doc) {
        vl_doc_object(listing->doc, NULL);
        vl_doc_int(listing->doc, "index", row->index);
        vl_doc_text(listing->doc, "act", vl_number_text(VL_ACT_HRP, row->id, text));
        vl_doc_text(listing->doc, "kind", row->kind ? vl_kind_word(row->kind) : "policy");
        vl_doc_text(listing->doc, "issuer",
                    row->has_office ? vl_office_id_text(&row->office, text) : NULL);
        vl_doc_bytes(listing->doc, "about", row->sub);
        vl_doc_time(listing->doc, "signed_at", row->has_iat, row->iat_s);
        vl_doc_close(listing->doc);
    } else if (!listing->quiet) {
        printf("%6llu  %s  %-10.10s  %-22s  %s\n", AS_NUMBER(row->index),
               vl_number_short(row->id, number),
               row->has_iat ? vl_time_text(row->iat_s, date) : "undated",
               row->kind ? vl_kind_words(row->kind) : "policy",
               issuer_of(listing, row, safe, sizeof safe));
    }
    return VL_OK;
}

static enum vl_kind kind_of(const char *word)
{
    for (int kind = VL_KIND_NONE + 1; kind < VL_KIND_COUNT; kind++)
        if (strcmp(word, vl_kind_word((enum vl_kind)kind)) == 0)
            return (enum vl_kind)kind;
    return VL_KIND_NONE;
}

/* A whole number of a letter or act, or the address of an office, by which things are about. */
static enum vl_err subject_of(const char *word, uint8_t out[VL_HASH_LEN], struct vl_why *why)
{
    static const char *const kinds[] = {VL_LETTER_HRP, VL_ACT_HRP, VL_OFFICE_HRP};
    struct vl_number_prefix prefix;

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (vl_number_prefix(kinds[i], vl_bytes_str(word), VL_NUMBER_SYMBOLS, &prefix) == VL_OK &&
            prefix.bit_count == 256) {
            memcpy(out, prefix.bits, VL_HASH_LEN);
            return VL_OK;
        }
    return vl_fail(why, VL_ERR_USAGE, "--letter wants a whole number: letter1...");
}

static enum vl_err office_of(struct vl_home *home, const char *word, struct vl_office_id *office,
                             struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    enum vl_err err;

    if (vl_office_id_parse(vl_bytes_str(word), office) == VL_OK)
        return VL_OK;
    if (!home)
        return vl_fail(why, VL_ERR_NOT_FOUND, "without an office here --office is an address");
    err = vl_home_find_office(home, word, &row, why);
    if (!err)
        memcpy(office->at, row.office, sizeof office->at);
    return err;
}

/* A letter that the office here knows may be named short. */
static enum vl_err letter_of(struct vl_home *home, const char *word, uint8_t out[VL_HASH_LEN],
                             struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = subject_of(word, out, why);

    if (!err || !home)
        return err;
    err = vl_home_find_letter(home, word, 4, &row, why);
    if (!err)
        memcpy(out, row.number, VL_HASH_LEN);
    return err;
}

static enum vl_err fill_filter(const struct vl_record_options *o, struct vl_home *home,
                               struct vl_log_dir_filter *filter, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *filter = (struct vl_log_dir_filter){.newest_first = o->newest_first,
                                         .limit = o->count > 0 ? (uint64_t)o->count : 0,
                                         .has_office = o->office != NULL,
                                         .has_letter = o->letter != NULL,
                                         .has_since = o->since != NULL,
                                         .has_until = o->until != NULL,
                                         .kind = o->kind ? kind_of(o->kind) : VL_KIND_NONE};
    if (o->kind && !filter->kind)
        err = vl_fail(why, VL_ERR_USAGE, "there is no kind \"%s\"", o->kind);
    if (!err && o->office)
        err = office_of(home, o->office, &filter->office, why);
    if (!err && o->letter)
        err = letter_of(home, o->letter, filter->letter, why);
    if (!err && o->since)
        err =
            vl_time_parse_begin(vl_bytes_str(o->since), vl_clock_seconds(), &filter->since_s, why);
    if (!err && o->until)
        err = vl_time_parse(vl_bytes_str(o->until), vl_clock_seconds(), &filter->until_s, why);
    return err;
}

int vl_record_cmd_list(const struct vl_command *command, const struct vl_record_options *o,
                       int count, char **words)
{
    static const char what[] = "the record was not listed.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    const char *folder = vl_home_folder();
    struct listing listing = {.quiet = o->common.quiet};
    struct vl_log_dir_filter filter;
    struct vl_log_dir *log = NULL;
    struct vl_log_dir_state state;
    struct vl_why why = {""};
    enum vl_err err;
    int status = 0;

    if (count != 1)
        return vl_say_usage(command->name, "list wants a record");
    if (folder && vl_home_open(folder, VL_HOME_READ, &home, NULL) == VL_OK)
        listing.home = &home;
    err = fill_filter(o, listing.home, &filter, &why);
    if (!err)
        err = vl_record_open(words[0], vl_record_source(o), &log, &why);
    if (err)
        return vl_home_failure(what, err, &why, err == VL_ERR_USAGE ? "valise help record" : NULL);
    if (o->common.json) {
        listing.doc = vl_doc_new("valise.record-list/1");
        vl_record_doc(listing.doc, vl_log_dir_id(log), vl_log_dir_policy(log)->origin);
        vl_log_dir_state(log, &state);
        vl_doc_int(listing.doc, "entries", state.size);
        vl_doc_list(listing.doc, "rows");
    }
    err = vl_log_dir_list(log, &filter, list_one, &listing, &why);
    vl_log_dir_close(log);
    if (err) {
        vl_doc_drop(listing.doc);
        return vl_home_failure(what, err, &why, NULL);
    }
    if (listing.doc) {
        vl_doc_close(listing.doc);
        status = vl_print_doc(listing.doc, what);
    } else if (listing.count == 0 && !o->common.quiet) {
        (void)fprintf(stderr, "Nothing like that in the record.\n");
    }
    return status;
}

/* --- watch ------------------------------------------------------------------------------------ */

static void doc_watched(struct vl_doc *doc, const struct vl_record_watched *watched)
{
    vl_record_doc(doc, watched->id, vl_bytes_str(watched->origin));
    vl_doc_bool(doc, "first", watched->is_first);
    vl_doc_int(doc, "entries_before", watched->old_size);
    vl_doc_int(doc, "entries", watched->size);
    vl_doc_hex(doc, "root", true, VL_ARRAY(watched->root));
    vl_doc_int(doc, "witnesses", watched->witnesses);
}

static int watch_failure(const char *path, enum vl_err err, const struct vl_why *why,
                         const struct vl_record_watched *watched)
{
    char what[500], mend[700];

    (void)snprintf(what, sizeof what, "\"%.300s\" %s.", path,
                   err == VL_ERR_UNVERIFIED || err == VL_ERR_REFUSED || err == VL_ERR_FORMAT
                       ? "is not what it was"
                       : "was not looked at");
    (void)snprintf(mend, sizeof mend,
                   "both checkpoints are kept, and together they convict it; show them to others:\n"
                   "%.500s",
                   watched->conflict ? watched->conflict : "");
    return vl_home_failure(what, err == VL_ERR_REFUSED ? VL_ERR_UNVERIFIED : err, why,
                           watched->conflict ? mend : NULL);
}

int vl_record_cmd_watch(const struct vl_command *command, const struct vl_record_options *o,
                        int count, char **words)
{
    struct vl_record_watch_request request = {.path = NULL};
    struct vl_record_watched watched;
    struct vl_why why = {""};
    char safe[SAFE];
    enum vl_err err;
    int status = 0;

    if (count < 2)
        return vl_say_usage(command->name,
                            "watch wants a record, and a file that remembers what was seen");
    request.path = words[0];
    request.source = vl_record_source(o);
    request.state = words[1];
    request.others = (const char *const *)words + 2;
    request.other_count = (size_t)count - 2;
    err = vl_record_watch(&request, &watched, &why);
    if (err) {
        status = watch_failure(words[0], err, &why, &watched);
    } else if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.record-watch/1");

        doc_watched(doc, &watched);
        vl_doc_int(doc, "others", watched.others);
        status = vl_print_doc(doc, "the result could not be printed.");
    } else if (!o->common.quiet) {
        (void)vl_show(safe, sizeof safe, watched.origin);
        if (watched.is_first)
            printf("%s: %llu entries; remembered from now on.\n", safe, AS_NUMBER(watched.size));
        else if (watched.size == watched.old_size)
            printf("%s: %llu entries, as before.\n", safe, AS_NUMBER(watched.size));
        else
            printf("%s: %llu entries, %llu more, and nothing before them changed.\n", safe,
                   AS_NUMBER(watched.size), AS_NUMBER(watched.size - watched.old_size));
        if (watched.others > 0)
            printf("%zu %s the same record.\n", watched.others,
                   watched.others == 1 ? "other has seen" : "others have seen");
    }
    vl_record_watched_release(&watched);
    return status;
}

/* --- witness ---------------------------------------------------------------------------------- */

static int witness_new(const struct vl_record_options *o, const char *name, const char *path)
{
    static const char what[] = "no witness was made.";
    VL_AUTO(vl_buf_release) struct vl_buf key = VL_BUF_INIT(1024);
    const struct vl_rng rng = vl_rng_system();
    struct vl_why why = {""};
    char safe[SAFE];
    enum vl_err err = vl_record_witness_make(path, name, &rng, &key, &why);

    if (err)
        return vl_home_failure(what, err, &why, NULL);
    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.record-witness-new/1");

        vl_doc_bytes(doc, "key", vl_buf_bytes(&key));
        return vl_print_doc(doc, what);
    }
    printf("%.*s\n", (int)key.len, (const char *)key.data);
    if (!o->common.quiet)
        (void)fprintf(stderr,
                      "The witness is in %s; what is printed goes to whoever makes a record:\n"
                      "  valise record init --witness KEY DIR NAME\n",
                      vl_show(safe, sizeof safe, path));
    return 0;
}

static int witness_sign(const struct vl_record_options *o, const char *path, const char *record)
{
    static const char what[] = "nothing was cosigned.";
    VL_AUTO(vl_buf_release) struct vl_buf line = VL_BUF_INIT(4096);
    struct vl_record_watched watched;
    struct vl_why why = {""};
    enum vl_err err = vl_record_witness_sign(path, record, vl_record_source(o), vl_clock_seconds(),
                                             &line, &watched, &why);
    int status = 0;

    if (!err)
        err = vl_record_write_out(o->output ? o->output : "-", o->force, vl_buf_bytes(&line), &why);
    if (err == VL_ERR_BUSY || err == VL_ERR_NO_KEY || err == VL_ERR_EXISTS) {
        status =
            vl_home_failure(what, err, &why, err == VL_ERR_NO_KEY ? "bring its key back" : NULL);
    } else if (err) {
        status = watch_failure(record, err, &why, &watched);
    } else if (o->common.json && o->output && strcmp(o->output, "-") != 0) {
        struct vl_doc *doc = vl_doc_new("valise.record-witness-sign/1");

        doc_watched(doc, &watched);
        vl_doc_text(doc, "output", o->output);
        status = vl_print_doc(doc, what);
    } else if (!o->common.quiet) {
        (void)fprintf(stderr, "%llu entries cosigned%s.\n", AS_NUMBER(watched.size),
                      watched.is_first ? ", for the first time: nothing was known of it before"
                                       : "");
    }
    vl_record_watched_release(&watched);
    return status;
}

static int witness_add(const struct vl_record_options *o, const char *path, int count, char **words)
{
    static const char what[] = "the cosignatures were not added.";
    struct vl_log_dir *log = NULL;
    struct vl_log_dir_state state;
    struct vl_why why = {""};
    size_t added = 0;
    enum vl_err err = vl_log_dir_open(path, VL_LOG_DIR_WRITE, &log, &why);
    int status = 0;

    for (int i = 0; i < count && !err; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_NOTE_MAX_LEN);
        size_t more = 0;

        err = vl_in_read_all(words[i], &file, &why);
        if (!err)
            err = vl_log_dir_cosign(log, vl_buf_bytes(&file), &more, &why);
        if (err)
            (void)vl_fail_in(&why, err, "\"%s\"", words[i]);
        added += more;
    }
    if (err) {
        vl_log_dir_close(log);
        return vl_home_failure(what, err, &why,
                               err == VL_ERR_REFUSED ? "let the witness sign what is there now:\n"
                                                       "valise record witness sign WITNESS DIR"
                               : err == VL_ERR_BUSY  ? "one writer at a time: try again"
                                                     : NULL);
    }
    vl_log_dir_state(log, &state);
    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.record-witness-add/1");

        vl_record_doc(doc, vl_log_dir_id(log), vl_log_dir_policy(log)->origin);
        vl_doc_int(doc, "added", added);
        vl_doc_int(doc, "witnesses", state.witnesses);
        vl_doc_int(doc, "entries", state.size);
        vl_doc_int(doc, "waiting", state.signed_size - state.size);
        status = vl_print_doc(doc, what);
    } else if (!o->common.quiet) {
        printf("%zu added; %llu entries are given out, with %zu of %zu witnesses.\n", added,
               AS_NUMBER(state.size), state.witnesses, vl_log_dir_policy(log)->witness_count);
    }
    vl_log_dir_close(log);
    return status;
}

int vl_record_cmd_witness(const struct vl_command *command, const struct vl_record_options *o,
                          int count, char **words)
{
    const char *verb = count > 0 ? words[0] : "";

    if (count == 3 && strcmp(verb, "new") == 0)
        return witness_new(o, words[1], words[2]);
    if (count == 3 && strcmp(verb, "sign") == 0)
        return witness_sign(o, words[1], words[2]);
    if (count >= 3 && strcmp(verb, "add") == 0)
        return witness_add(o, words[1], count - 2, words + 2);
    return vl_say_usage(command->name,
                        "witness new NAME WITNESS, sign WITNESS DIR, or add DIR FILE...");
}
