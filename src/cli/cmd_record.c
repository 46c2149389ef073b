/* SPDX-License-Identifier: Apache-2.0 */
/* valise record: init, prove and resume, and which verb is whose. */
#include "cli/cmd_record.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "base/time.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "codec/number.h"
#include "record/proof_file.h"
#include "sys/clock.h"
#include "sys/folder.h"
#include "sys/infile.h"
#include "sys/outfile.h"

#define SAFE         1100
#define AHEAD_S      600
#define AS_NUMBER(n) ((unsigned long long)(n))

const char *vl_record_mend(enum vl_err err)
{
    switch ((int)err) {
    case VL_ERR_BUSY:
        return "one writer at a time: wait until the other one is done";
    case VL_ERR_REFUSED:
        return "look why; after a restore, with the newest checkpoint that anybody has:\n"
               "valise record resume DIR --newest FILE";
    case VL_ERR_UNVERIFIED:
    case VL_ERR_FORMAT:
        return "sign nothing more with it, keep what is there, and look:\nvalise record check DIR";
    case VL_ERR_NO_KEY:
        return "bring its folder keys/ back, readable for its owner alone";
    case VL_ERR_LIMIT:
        return "enter a hash of what is so large";
    case VL_ERR_EXISTS:
        return "give another name";
    case VL_ERR_NO_SPACE:
        return "make room, and run it again: what had begun is finished then";
    case VL_ERR_NOT_FOUND:
        return "look at the name, or make a record:\nvalise record init DIR NAME";
    default:
        return NULL;
    }
}

int vl_record_failure(const char *what, enum vl_err err, const struct vl_why *why)
{
    return vl_home_failure(what, err, why, vl_record_mend(err));
}

enum vl_err vl_record_write_out(const char *path, bool force, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = vl_out_write(path, VL_OUT_PART | (force ? VL_OUT_REPLACE : 0), bytes, why);

    return err ? vl_fail_in(why, err, "\"%s\"", path) : VL_OK;
}

void vl_record_doc(struct vl_doc *doc, const uint8_t id[VL_HASH_LEN], vl_bytes origin)
{
    char text[VL_NUMBER_TEXT];

    vl_doc_text(doc, "record", vl_number_text(VL_RECORD_HRP, id, text));
    vl_doc_bytes(doc, "origin", origin);
}

static void put_key(struct vl_doc *doc, const struct vl_note_key *key)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(512);

    if (vl_note_key_write(key, &text) == VL_OK)
        vl_doc_bytes(doc, "checkpoint_key", vl_buf_bytes(&text));
}

static void print_key(const struct vl_note_key *key)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(512);

    if (vl_note_key_write(key, &text) == VL_OK)
        printf("  checkpoints %.*s\n", (int)text.len, (const char *)text.data);
}

/* --- init ------------------------------------------------------------------------------------- */

static enum vl_err span_of(const char *text, uint64_t otherwise, uint64_t *span_s,
                           struct vl_why *why)
{
    char plus[32];
    int64_t at = 0;
    enum vl_err err;

    *span_s = otherwise;
    if (!text)
        return VL_OK;
    (void)snprintf(plus, sizeof plus, "+%.20s", text);
    err = vl_time_parse(vl_bytes_str(plus), 0, &at, why);
    *span_s = (uint64_t)at;
    return err;
}

static int show_made(const struct vl_record_options *o, const char *path)
{
    static const char what[] = "the record is made, and this could not be said.";
    struct vl_log_dir *log = NULL;
    const struct vl_record_policy *policy;
    char safe[SAFE], name[VL_NUMBER_TEXT];
    struct vl_why why = {""};
    enum vl_err err = vl_log_dir_open(path, VL_LOG_DIR_READ, &log, &why);

    if (err)
        return vl_record_failure(what, err, &why);
    policy = vl_log_dir_policy(log);
    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.record-init/1");

        vl_record_doc(doc, vl_log_dir_id(log), policy->origin);
        put_key(doc, &policy->checkpoint_key);
        vl_doc_int(doc, "witnesses", policy->witness_count);
        vl_doc_int(doc, "witnesses_needed", policy->need);
        vl_doc_text(doc, "anchor", "public/record");
        vl_log_dir_close(log);
        return vl_print_doc(doc, what);
    }
    if (!o->common.quiet) {
        printf("The record is ready.  Everything that enters it stays.\n");
        printf("  record      %s\n", vl_number_text(VL_RECORD_HRP, vl_log_dir_id(log), name));
        print_key(&policy->checkpoint_key);
        (void)vl_show(safe, sizeof safe, path);
        printf("Give everybody %s/public/record: what is in the record is checked by it.\n", safe);
        if (policy->need > 0)
            printf("Nothing is given out before %zu of %zu witnesses have signed:\n"
                   "  valise record witness sign WITNESS %s\n",
                   policy->need, policy->witness_count, safe);
    }
    vl_log_dir_close(log);
    return 0;
}

static int init(const struct vl_command *command, const struct vl_record_options *o, int count,
                char **words)
{
    static const char what[] = "no record was made.";
    struct vl_record_policy *policy = vl_new(sizeof *policy);
    struct vl_log_dir_draft draft = {.policy = policy, .now_s = vl_clock_seconds()};
    struct vl_why why = {""};
    enum vl_err err;

    if (!policy)
        return vl_say_no_memory();
    if (count != 2 || o->witnesses.count > VL_LOG_MAX_WITNESSES) {
        vl_free(policy);
        return vl_say_usage(command->name, "init wants a folder and the record's name");
    }
    if (vl_note_name_check(vl_bytes_str(words[1]), &why)) {
        vl_free(policy);
        return vl_say_usage(command->name, "the record's name: %s", why.text);
    }
    draft.path = words[0];
    draft.rng = vl_rng_system();
    policy->origin = vl_bytes_str(words[1]);
    policy->witness_count = o->witnesses.count;
    policy->need = o->need > 0 ? (size_t)o->need : 0;
    policy->max_len = o->max_bytes > 0 ? (uint64_t)o->max_bytes : VL_ENTRY_MAX_LEN;
    policy->needs_iat = o->dated;
    err = span_of(o->past, 0, &policy->past_max_s, &why);
    if (!err)
        err = span_of(o->ahead, AHEAD_S, &policy->ahead_max_s, &why);
    for (size_t i = 0; i < o->witnesses.count && !err; i++)
        err = vl_note_key_parse(vl_bytes_str(o->witnesses.at[i]), &policy->witnesses[i], &why);
    if (!err && (policy->need > policy->witness_count || policy->max_len > VL_ENTRY_MAX_LEN))
        err = vl_fail(&why, VL_ERR_USAGE,
                      policy->need > policy->witness_count
                          ? "more witnesses are needed than there are"
                          : "an entry has 65535 bytes at most");
    if (!err)
        err = vl_log_dir_make(&draft, &why);
    vl_free(policy);
    return err ? vl_home_failure(what, err, &why,
                                 err == VL_ERR_EXISTS ? "give another folder" : NULL)
               : show_made(o, words[0]);
}

enum vl_record_form vl_record_form_of(const struct vl_record_options *o, bool *known)
{
    *known = true;
    if (!o->form || strcmp(o->form, "proof") == 0)
        return VL_RECORD_PROOF;
    if (strcmp(o->form, "receipt") == 0)
        return VL_RECORD_RECEIPT;
    *known = strcmp(o->form, "statement") == 0;
    return VL_RECORD_STATEMENT;
}

/* --- prove ------------------------------------------------------------------------------------ */

static bool is_digits(const char *text)
{
    return text[0] && strspn(text, "0123456789") == strlen(text);
}

/* Entries whose ids begin so. */
struct search {
    struct vl_number_prefix prefix;
    size_t found;
    uint64_t index;
};

static enum vl_err see_id(void *self, const struct vl_log_dir_row *row, struct vl_why *why)
{
    struct search *search = self;

    (void)why;
    if (vl_number_starts(row->id, &search->prefix)) {
        search->found++;
        search->index = row->index;
    }
    return VL_OK;
}

static enum vl_err find_begun(struct vl_log_dir *log, const char *word, struct search *search,
                              uint64_t *index, struct vl_why *why)
{
    const struct vl_log_dir_filter all = {.limit = 0};
    enum vl_err err = vl_log_dir_list(log, &all, see_id, search, why);

    if (err)
        return err;
    if (search->found == 0)
        return vl_fail(why, VL_ERR_NOT_FOUND, "no entry begins with \"%s\"", word);
    if (search->found > 1)
        return vl_fail(why, VL_ERR_AMBIGUOUS, "%zu entries begin with \"%s\"", search->found, word);
    *index = search->index;
    return VL_OK;
}

/* An entry by its place, by its number or eight symbols of it, or by a file that has it. */
static enum vl_err place_of(struct vl_log_dir *log, const char *word, uint64_t *index,
                            struct vl_why *why)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct search search = {.found = 0};
    enum vl_err err;

    if (!vl_file_is_there(word) && is_digits(word))
        return vl_note_number(vl_bytes_str(word), UINT64_MAX, index)
                   ? vl_fail(why, VL_ERR_USAGE, "\"%s\" is no place", word)
                   : VL_OK;
    if (!vl_file_is_there(word) &&
        vl_number_prefix(VL_ACT_HRP, vl_bytes_str(word), 8, &search.prefix) == VL_OK)
        return search.prefix.bit_count == 256 ? vl_log_dir_find(log, search.prefix.bits, index, why)
                                              : find_begun(log, word, &search, index, why);
    err = vl_record_entry_of_file(word, &entry, why);
    if (err)
        return vl_fail_in(why, err, "\"%s\"", word);
    return vl_log_dir_find(log, entry.id, index, why);
}

static enum vl_err prove_here(struct vl_log_dir *log, const char *word, enum vl_record_form form,
                              uint64_t *index, struct vl_buf *out, struct vl_why *why)
{
    enum vl_err err = place_of(log, word, index, why);

    return err ? err : vl_record_prove(log, *index, form, vl_clock_seconds(), out, why);
}

/* A proof of what is at a place of the record: is it this entry?  The receipt said so, and a record
 * that shows a tree to one and another tree to others signs both. */
static enum vl_err check_proof(const struct vl_log_dir *log, const struct vl_entry *entry,
                               vl_bytes wire, struct vl_why *why)
{
    struct vl_proof_file proof;
    struct vl_log trusted;
    struct vl_checkpoint checkpoint;
    struct vl_checkpoint_seen seen;
    enum vl_err err = vl_proof_file_parse(wire, &proof, why);

    vl_record_policy_log(vl_log_dir_policy(log), &trusted);
    if (!err)
        err = vl_proof_file_verify(&proof, entry->leaf_hash, &trusted, &checkpoint, &seen, why);
    return err ? vl_fail_in(why, err, "its receipt and its tree contradict each other") : VL_OK;
}

enum vl_err vl_record_prove_far(const struct vl_record_door *door, struct vl_log_dir *log,
                                const struct vl_entry *entry, enum vl_record_form form,
                                uint64_t *index, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf receipt = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    enum vl_err err = door->receipt(door->self, entry, log, index, &receipt, why);
    const vl_bytes bytes = vl_buf_bytes(&receipt);

    if (err)
        return err;
    if (form == VL_RECORD_PROOF) {
        const size_t before = out->len;

        err = vl_log_dir_proof(log, *index, out, why);
        return err ? err : check_proof(log, entry, vl_bytes_after(vl_buf_bytes(out), before), why);
    }
    if (form == VL_RECORD_STATEMENT)
        return vl_transparent_write(vl_entry_bytes(entry), &bytes, 1, out, why);
    err = vl_buf_put(out, bytes);
    return err ? vl_fail(why, err, "receipt: %s", vl_err_words(err)) : VL_OK;
}

/* By its place, or by a file that has it: a number alone would want all of the record read. */
static enum vl_err prove_far(const struct vl_record_door *door, struct vl_log_dir *log,
                             const char *word, enum vl_record_form form, uint64_t *index,
                             struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    enum vl_err err;

    if (vl_file_is_there(word)) {
        err = vl_record_entry_of_file(word, &entry, why);
        if (err)
            return vl_fail_in(why, err, "\"%s\"", word);
        return vl_record_prove_far(door, log, &entry, form, index, out, why);
    }
    if (!is_digits(word))
        return vl_fail(why, VL_ERR_USAGE, "of a record elsewhere: a place, or a file");
    err = place_of(log, word, index, why);
    if (!err && form == VL_RECORD_PROOF)
        return vl_log_dir_proof(log, *index, out, why);
    if (!err)
        err = vl_log_dir_entry(log, *index, &bytes, why);
    if (!err)
        err = vl_entry_parse(vl_buf_bytes(&bytes), &entry, why);
    return err ? err : vl_record_prove_far(door, log, &entry, form, index, out, why);
}

static int prove(const struct vl_command *command, const struct vl_record_options *o, int count,
                 char **words)
{
    static const char what[] = "nothing was proven.";
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_TRANSPARENT_MAX_LEN);
    struct vl_log_dir *log = NULL;
    struct vl_why why = {""};
    uint64_t index = 0;
    bool known;
    const enum vl_record_form form = vl_record_form_of(o, &known);
    char safe[SAFE];
    enum vl_err err;
    int status = 0;

    if (count != 2 || !o->output || !known)
        return vl_say_usage(command->name, known
                                               ? "prove wants a record, what is in it, and -o FILE"
                                               : "--form is proof, receipt or statement");
    err = o->door ? vl_log_dir_open_far(&o->door->source, &log, &why)
                  : vl_log_dir_open(words[0],
                                    form == VL_RECORD_PROOF ? VL_LOG_DIR_READ : VL_LOG_DIR_RECEIPTS,
                                    &log, &why);
    if (!err && o->door)
        err = prove_far(o->door, log, words[1], form, &index, &out, &why);
    else if (!err)
        err = prove_here(log, words[1], form, &index, &out, &why);
    if (!err)
        err = vl_record_write_out(o->output, o->force, vl_buf_bytes(&out), &why);
    if (err) {
        vl_log_dir_close(log);
        return vl_home_failure(what, err, &why,
                               err == VL_ERR_NOT_FOUND ? "enter it first:\n"
                                                         "valise record add DIR OBJECT"
                                                       : vl_record_mend(err));
    }
    if (o->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.record-prove/1");

        vl_record_doc(doc, vl_log_dir_id(log), vl_log_dir_policy(log)->origin);
        vl_doc_int(doc, "index", index);
        vl_doc_text(doc, "form", o->form ? o->form : "proof");
        vl_doc_text(doc, "output", o->output);
        status = vl_print_doc(doc, what);
    } else if (!o->common.quiet && strcmp(o->output, "-") != 0) {
        printf("entry %llu  %s\n", AS_NUMBER(index), vl_show(safe, sizeof safe, o->output));
    }
    vl_log_dir_close(log);
    return status;
}

/* --- resume ----------------------------------------------------------------------------------- */

static int resume(const struct vl_command *command, const struct vl_record_options *o, int count,
                  char **words)
{
    static const char what[] = "the record signs nothing, as before.";
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);
    struct vl_proof_file proof;
    struct vl_why why = {""};
    vl_bytes newest = VL_BYTES_NONE;
    enum vl_err err = VL_OK;
    int status;

    if (count != 1 || !o->newest == !o->only_copy)
        return vl_say_usage(command->name, "resume wants the newest checkpoint that anybody has: "
                                           "--newest FILE; or --nobody-has");
    if (o->newest) {
        err = vl_in_read_all(o->newest, &file, &why);
        newest = vl_buf_bytes(&file);
        if (!err && vl_proof_file_parse(newest, &proof, NULL) == VL_OK)
            newest = proof.checkpoint;
    }
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    status = vl_cli_confirm("If anybody has a newer checkpoint, signing on breaks the record for "
                            "ever.  Go on? [y/N] ",
                            o->yes, what);
    if (status >= 0)
        return status;
    err = vl_log_dir_adopt(words[0], newest, &why);
    if (err)
        return vl_home_failure(what, err, &why,
                               err == VL_ERR_REFUSED
                                   ? "find the newer copy; without it this record has ended"
                                   : vl_record_mend(err));
    if (o->common.json)
        return vl_print_doc(vl_doc_new("valise.record-resume/1"), what);
    if (!o->common.quiet)
        printf("It goes on from here.\n");
    return 0;
}

/* -----------------------------------------------------------------------------------------------
 */

bool vl_record_is_far(const char *word)
{
    return strncmp(word, "https://", 8) == 0 || strncmp(word, "http://", 7) == 0;
}

/* A folder, too, is to be the record that somebody has kept: copies come by stick.  At an address
 * it is looked at with each answer.  -1: it is, or nothing was kept. */
static int check_kept(const struct vl_record_options *o, const char *folder)
{
    VL_AUTO(vl_buf_release) struct vl_buf kept = VL_BUF_INIT(VL_ANCHOR_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf there = VL_BUF_INIT(VL_ANCHOR_MAX_LEN);
    struct vl_anchor anchor;
    struct vl_why why = {""};
    enum vl_err err;

    if (!o->record || o->door || !vl_folder_is_there(folder))
        return -1;
    err = vl_record_anchor_read(o->record, &kept, &anchor, &why);
    if (!err)
        err = vl_record_anchor_read(folder, &there, &anchor, &why);
    if (!err && !vl_bytes_eq(vl_buf_bytes(&kept), vl_buf_bytes(&there)))
        err = vl_fail(&why, VL_ERR_UNVERIFIED, "another record is in \"%s\" than \"%s\"", folder,
                      o->record);
    return err ? vl_home_failure("nothing was done with the record.", err, &why, NULL) : -1;
}

/* The word that is a record, or NULL. */
static const char *record_word(int count, char **words)
{
    if (strcmp(words[0], "witness") != 0)
        return count > 1 ? words[1] : NULL;
    return count == 4 && strcmp(words[1], "sign") == 0 ? words[3] : NULL;
}

int vl_record_run(const struct vl_command *command, const struct vl_record_options *o, int count,
                  char **words)
{
    static const struct {
        const char *verb;
        int (*run)(const struct vl_command *command, const struct vl_record_options *o, int count,
                   char **words);
    } verbs[] = {
        {"init", init},
        {"add", vl_record_cmd_add},
        {"ask", vl_record_cmd_ask},
        {"prove", prove},
        {"check", vl_record_cmd_check},
        {"list", vl_record_cmd_list},
        {"watch", vl_record_cmd_watch},
        {"witness", vl_record_cmd_witness},
        {"resume", resume},
    };

    for (size_t i = 0; count > 0 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(words[0], verbs[i].verb) == 0) {
            const char *record = record_word(count, words);
            const int status = record ? check_kept(o, record) : -1;

            return status >= 0 ? status : verbs[i].run(command, o, count - 1, words + 1);
        }
    return vl_say_usage(command->name,
                        "init, serve, add, ask, prove, check, list, watch, witness or resume, "
                        "and a folder");
}

/* The record stands behind its verb; a witness before it. */
static bool is_far(int count, char **words)
{
    static const char *const verbs[] = {"add", "prove", "check", "list", "watch"};

    for (size_t i = 0; count > 1 && i < sizeof verbs / sizeof *verbs; i++)
        if (strcmp(words[0], verbs[i]) == 0)
            return vl_record_is_far(words[1]);
    return count == 4 && strcmp(words[0], "witness") == 0 && strcmp(words[1], "sign") == 0 &&
           vl_record_is_far(words[3]);
}

int vl_cmd_record(const struct vl_command *command, int argc, char **argv)
{
    struct vl_record_options o = {
        .need = -1, .max_bytes = -1, .count = -1, .wait_s = -1, .ask = VL_ASK_INIT};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 'o', "output", "FILE", &o.output, "of add, prove, witness: write it there"},
        {VL_OPT_TEXT, 0, "form", "WORD", &o.form, "of add, prove: proof, receipt or statement"},
        {VL_OPT_FLAG, 0, "asked", NULL, &o.asked, "of add: the issuers of all this asked for it"},
        {VL_OPT_TEXT, 0, "record", "FILE", &o.record,
         "of check: what is kept of the record, its public/record"},
        {VL_OPT_TEXT, 0, "log", "KEY", &o.log, "of check: the key of its checkpoints instead"},
        {VL_OPT_LIST, 0, "witness", "KEY", &o.witnesses, "of init, check: the key of a witness"},
        {VL_OPT_NUMBER, 0, "need", "N", &o.need, "of init, check: so many witnesses are needed"},
        {VL_OPT_LIST, 0, "card", "FILE", &o.cards, "of check: whose signature it is"},
        {VL_OPT_FLAG, 0, "hashes", NULL, &o.hashes_only, "of check: leave signatures out"},
        {VL_OPT_TEXT, 0, "office", "OFFICE", &o.office, "of list: by this office"},
        {VL_OPT_TEXT, 0, "letter", "N", &o.letter, "of list: about this letter, or this id"},
        {VL_OPT_TEXT, 0, "kind", "KIND", &o.kind, "of list: of this kind"},
        {VL_OPT_TEXT, 0, "since", "WHEN", &o.since, "of list: signed then or later"},
        {VL_OPT_TEXT, 0, "until", "WHEN", &o.until, "of list: signed then or before"},
        {VL_OPT_NUMBER, 'n', "count", "N", &o.count, "of list: so many"},
        {VL_OPT_FLAG, 0, "newest-first", NULL, &o.newest_first, "of list: the newest first"},
        {VL_OPT_TEXT, 0, "past", "SPAN", &o.past, "of init: how old what enters may be"},
        {VL_OPT_TEXT, 0, "ahead", "SPAN", &o.ahead,
         "of init: how far ahead it may be dated; ten minutes"},
        {VL_OPT_FLAG, 0, "dated", NULL, &o.dated, "of init: what enters says when it was signed"},
        {VL_OPT_NUMBER, 0, "max-bytes", "N", &o.max_bytes, "of init: of an entry; 65535"},
        {VL_OPT_TEXT, 0, "newest", "FILE", &o.newest, "of resume: the newest checkpoint there is"},
        {VL_OPT_FLAG, 0, "nobody-has", NULL, &o.only_copy, "of resume: nobody has a checkpoint"},
        {VL_OPT_TEXT, 0, "ca", "FILE", &o.ca, "of a URL: trust these certificates, and no others"},
        {VL_OPT_FLAG, 0, "http", NULL, &o.any_http, "of a URL: http:// also beyond this machine"},
        {VL_OPT_NUMBER, 0, "wait", "SECONDS", &o.wait_s,
         "of a URL: for an answer, and for a receipt; 60"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &o.ask.fd, "read it from an open file descriptor"},
        {VL_OPT_FLAG, 0, "dry-run", NULL, &o.dry_run, "of add: say what would enter"},
        {VL_OPT_FLAG, 0, "force", NULL, &o.force, "replace the file of -o"},
        {VL_OPT_FLAG, 'y', "yes", NULL, &o.yes, "ask nothing"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status;

    if (argc > 1 && strcmp(argv[1], "serve") == 0)
        return vl_cmd_record_serve(command, argc - 1, argv + 1);
    status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    if (status < 0)
        status = vl_ask_check(&o.ask, command->name);
    if (status < 0)
        status = is_far(argc - rest, argv + rest)
                     ? vl_record_run_far(command, &o, argc - rest, argv + rest, argc, argv)
                     : vl_record_run(command, &o, argc - rest, argv + rest);
    vl_ask_wipe(&o.ask);
    vl_opt_list_release(&o.witnesses);
    vl_opt_list_release(&o.cards);
    return status;
}
