/* SPDX-License-Identifier: Apache-2.0 */
/* valise record add: what enters, and why something does not. */
#include <stdio.h>
#include <string.h>

#include "cli/cmd_record.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "codec/number.h"
#include "sys/clock.h"
#include "sys/folder.h"

#define SAFE         1100
#define FAR_WORDS    120
#define AS_NUMBER(n) ((unsigned long long)(n))

static const char nothing_entered[] = "nothing entered the record.";
static const char not_known[] = "it is not known whether it entered the record: run it again.";

static const char *ending_of(enum vl_record_form form)
{
    return form == VL_RECORD_PROOF ? "tlog-proof" : form == VL_RECORD_RECEIPT ? "receipt" : "scitt";
}

struct adding {
    const struct vl_record_options *o;
    struct vl_home *home; /* or NULL */
    struct vl_log_dir *log;
    struct vl_record_batch *batch;
    struct vl_doc *doc;
    size_t entered;
    bool any; /* at least one enters: else the failure says it all */
    bool waits;
};

/* The entry of an outcome: that of its own place among those that came. */
static const struct vl_entry *entry_of(const struct adding *adding,
                                       const struct vl_record_outcome *outcome)
{
    for (size_t i = 0; i < vl_record_batch_entry_count(adding->batch); i++)
        if (memcmp(vl_record_batch_entry(adding->batch, i)->id, outcome->id, VL_HASH_LEN) == 0)
            return vl_record_batch_entry(adding->batch, i);
    return NULL;
}

static enum vl_err prove(const struct adding *adding, const struct vl_record_outcome *outcome,
                         enum vl_record_form form, struct vl_buf *out, struct vl_why *why)
{
    const struct vl_entry *entry = adding->o->door ? entry_of(adding, outcome) : NULL;
    uint64_t index = outcome->index;

    return entry ? vl_record_prove_far(adding->o->door, adding->log, entry, form, &index, out, why)
                 : vl_record_prove(adding->log, index, form, vl_clock_seconds(), out, why);
}

static enum vl_err write_proof(const struct adding *adding, const struct vl_record_outcome *outcome,
                               char path[4096], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_TRANSPARENT_MAX_LEN);
    bool known;
    const enum vl_record_form form = vl_record_form_of(adding->o, &known);
    char number[VL_NUMBER_TEXT];
    enum vl_err err;

    (void)snprintf(path, 4096, "%s", adding->o->output);
    if (vl_folder_is_there(adding->o->output))
        (void)snprintf(path, 4096, "%s/%.16s.%s", adding->o->output,
                       vl_number_text(VL_ACT_HRP, outcome->id, number), ending_of(form));
    err = prove(adding, outcome, form, &out, why);
    return err ? err : vl_record_write_out(path, adding->o->force, vl_buf_bytes(&out), why);
}

static void doc_outcome(struct vl_doc *doc, const struct vl_record_outcome *outcome,
                        const char *proof)
{
    char text[VL_NUMBER_TEXT];

    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "act", outcome->kind ? vl_number_text(VL_ACT_HRP, outcome->id, text) : NULL);
    vl_doc_text(doc, "kind", outcome->kind ? vl_kind_word(outcome->kind) : NULL);
    vl_doc_text(doc, "issuer", outcome->kind ? vl_office_id_text(&outcome->office, text) : NULL);
    vl_doc_bool(doc, "entered", !outcome->err);
    if (!outcome->err)
        vl_doc_int(doc, "index", outcome->index);
    else
        vl_doc_text(doc, "index", NULL);
    vl_doc_bool(doc, "was_there", outcome->was_there);
    vl_doc_text(doc, "proof", proof);
    vl_doc_text(doc, "code", outcome->err ? vl_err_name(outcome->err) : NULL);
    vl_doc_text(doc, "why", outcome->err ? outcome->why.text : NULL);
    vl_doc_close(doc);
}

static void show_outcome(const struct vl_record_outcome *outcome, const char *proof)
{
    char number[VL_NUMBER_SHORT], safe[SAFE];

    if (outcome->err) {
        printf("%-9s  not entered: %s\n",
               outcome->kind ? vl_number_short(outcome->id, number) : "?",
               vl_show(safe, sizeof safe, outcome->why.text));
        return;
    }
    printf("%s  entry %llu  %s%s\n", vl_number_short(outcome->id, number),
           AS_NUMBER(outcome->index), vl_kind_words(outcome->kind),
           outcome->was_there ? ", there before" : "");
    if (proof)
        printf("           %s\n", vl_show(safe, sizeof safe, proof));
}

/* Evidence brings along what it rests on, which may be there already: a file has room for one
 * proof, and that is of what entered now. */
static bool wants_proof(const struct adding *adding, const struct vl_record_outcome *outcome)
{
    size_t now = 0;

    for (size_t i = 0; i < vl_record_batch_count(adding->batch); i++) {
        const struct vl_record_outcome *one = vl_record_batch_at(adding->batch, i);

        now += !one->err && !one->was_there;
    }
    return adding->o->output && !adding->waits && !outcome->err &&
           (!outcome->was_there || now == 0 || vl_folder_is_there(adding->o->output));
}

static enum vl_err tell_outcomes(struct adding *adding, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < vl_record_batch_count(adding->batch) && !err; i++) {
        const struct vl_record_outcome *outcome = vl_record_batch_at(adding->batch, i);
        const char *proof = NULL;
        char path[4096];

        adding->entered += !outcome->err;
        if (wants_proof(adding, outcome)) {
            err = write_proof(adding, outcome, path, why);
            proof = path;
        }
        if (err)
            break;
        if (adding->doc)
            doc_outcome(adding->doc, outcome, proof);
        else if (!adding->o->common.quiet && adding->any)
            show_outcome(outcome, proof);
    }
    return err;
}

static enum vl_err first_reason(const struct adding *adding, struct vl_why *why)
{
    for (size_t i = 0; i < vl_record_batch_count(adding->batch); i++) {
        const struct vl_record_outcome *outcome = vl_record_batch_at(adding->batch, i);

        if (outcome->err) {
            *why = outcome->why;
            return outcome->err;
        }
    }
    return VL_OK;
}

static const char *reason_mend(enum vl_err err)
{
    switch ((int)err) {
    case VL_ERR_NOT_FOUND:
        return "give the card along:\nvalise record add DIR CARD OBJECT";
    case VL_ERR_REFUSED:
        return "evidence is published by its signer; when that one asked you to:\n"
               "valise record add --asked DIR OBJECT";
    case VL_ERR_LIMIT:
        return "enter a hash of what is so large";
    case VL_ERR_EXPIRED:
        return "its office signs it again, under its newest card";
    default:
        return NULL;
    }
}

static size_t fit(const struct vl_record_batch *batch)
{
    size_t count = 0;

    for (size_t i = 0; i < vl_record_batch_count(batch); i++)
        count += !vl_record_batch_at(batch, i)->err;
    return count;
}

static int tell(struct adding *adding)
{
    static const char what[] = "it is in the record, and this could not be said.";
    struct vl_log_dir_state state;
    struct vl_why why = {""};
    enum vl_err err, reason;
    int status;

    vl_log_dir_state(adding->log, &state);
    adding->waits = state.signed_size > state.size;
    adding->any = fit(adding->batch) > 0;
    if (adding->o->common.json) {
        adding->doc = vl_doc_new("valise.record-add/1");
        vl_record_doc(adding->doc, vl_log_dir_id(adding->log),
                      vl_log_dir_policy(adding->log)->origin);
        vl_doc_int(adding->doc, "entries", state.signed_size);
        vl_doc_bool(adding->doc, "waits", adding->waits);
        vl_doc_list(adding->doc, "objects");
    }
    err = tell_outcomes(adding, &why);
    if (err) {
        vl_doc_drop(adding->doc);
        return vl_home_failure("it is in the record; its proof was not written.", err, &why,
                               "valise record prove DIR OBJECT -o FILE");
    }
    if (adding->doc) {
        vl_doc_close(adding->doc);
        status = vl_print_doc(adding->doc, what);
        if (status)
            return status;
    } else if (adding->waits && adding->entered > 0 && !adding->o->common.quiet) {
        printf("It waits for its witnesses; then its proof is given out.\n");
    }
    reason = first_reason(adding, &why);
    if (!reason)
        return 0;
    return vl_home_failure(adding->entered ? "not everything entered the record." : nothing_entered,
                           adding->entered ? VL_ERR_PARTIAL : reason, &why,
                           adding->o->door && reason == VL_ERR_REFUSED
                               ? "if it is about who asks: the office that signed it asks itself,\n"
                                 "or makes the word for it:\nvalise record ask RECORD OBJECT"
                               : reason_mend(reason));
}

static int confirm(const struct vl_record_options *o, size_t count)
{
    char question[128];

    (void)snprintf(question, sizeof question,
                   "%zu %s public, and can never be taken out.  Go on? [y/N] ", count,
                   count == 1 ? "object becomes" : "objects become");
    return vl_cli_confirm(question, o->yes, nothing_entered);
}

static bool is_foul(enum vl_err err)
{
    return err == VL_ERR_UNVERIFIED || err == VL_ERR_FORMAT || err == VL_ERR_LIMIT;
}

/* What is known of so many entries that were to be sent, and no more. */
static const char *far_words(enum vl_err err, const struct vl_record_known *known, size_t count,
                             char out[FAR_WORDS])
{
    if (known->entered == 0 && !known->is_open)
        return nothing_entered;
    if (is_foul(err))
        return "the record's answer does not verify.";
    if (known->entered == 0)
        return not_known;
    if (known->entered + known->refused == count)
        return "it is in the record, as its receipt says; its proof is not there yet.";
    (void)snprintf(out, FAR_WORDS, "%zu of %zu entered the record%s: run it again.", known->entered,
                   count, known->is_open ? "; whether the next one did is not known" : "");
    return out;
}

static const char *far_mend(enum vl_err err)
{
    switch ((int)err) {
    case VL_ERR_UNVERIFIED:
    case VL_ERR_FORMAT:
    case VL_ERR_LIMIT:
        return "believe nothing that this address says; ask the record's keeper by another way";
    case VL_ERR_BUSY:
        return "again later: what is there already is not entered twice";
    default:
        return NULL;
    }
}

/* -1: what became of each is told. */
static int commit(struct adding *adding)
{
    const struct vl_record_door *door = adding->o->door;
    struct vl_why why = {""};
    struct vl_record_known known = {0};
    char words[FAR_WORDS];
    enum vl_err err =
        door ? door->enter(door->self, adding->batch, adding->log, adding->home, &known, &why)
             : vl_record_batch_commit(adding->batch, &why);

    if (!err)
        return -1;
    return door ? vl_home_failure(far_words(err, &known, vl_record_batch_entry_count(adding->batch),
                                            words),
                                  err, &why, far_mend(err))
                : vl_record_failure(not_known, err, &why);
}

static int add_files(struct adding *adding, int count, char **words)
{
    struct vl_why why = {""};
    enum vl_err err = VL_OK;
    int status;

    for (int i = 0; i < count && !err; i++) {
        err = vl_record_batch_put_file(adding->batch, words[i], adding->o->asked, &why);
        if (err)
            (void)vl_fail_in(&why, err, "\"%s\"", words[i]);
    }
    if (err)
        return vl_home_failure(nothing_entered, err, &why, NULL);
    if (fit(adding->batch) > 0 && !adding->o->dry_run) {
        status = confirm(adding->o, fit(adding->batch));
        if (status >= 0)
            return status;
        status = commit(adding);
        if (status >= 0)
            return status;
    }
    status = tell(adding);
    vl_say_dry_run(&adding->o->common, adding->o->dry_run);
    return status;
}

int vl_record_cmd_add(const struct vl_command *command, const struct vl_record_options *o,
                      int count, char **words)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    const char *folder = vl_home_folder();
    struct adding adding = {.o = o};
    struct vl_why why = {""};
    bool known, has_home;
    enum vl_err err;
    int status;

    (void)vl_record_form_of(o, &known);
    if (count < 2 || !known)
        return vl_say_usage(command->name, known ? "add wants a record and what enters it"
                                                 : "--form is proof, receipt or statement");
    if (count > 2 && o->output && !vl_folder_is_there(o->output))
        return vl_say_usage(command->name, "-o is a folder where several objects enter");
    has_home = folder && vl_home_open(folder, VL_HOME_READ, &home, NULL) == VL_OK;
    adding.home = has_home ? &home : NULL;
    err = o->door ? vl_log_dir_open_far(&o->door->source, &adding.log, &why)
                  : vl_log_dir_open(words[0], VL_LOG_DIR_WRITE, &adding.log, &why);
    if (err)
        return o->door ? vl_home_failure(nothing_entered, err, &why, far_mend(err))
                       : vl_record_failure(nothing_entered, err, &why);
    adding.batch = o->door ? vl_record_batch_new_far(vl_log_dir_policy(adding.log), adding.home,
                                                     vl_clock_seconds())
                           : vl_record_batch_new(adding.log, adding.home, vl_clock_seconds());
    status = adding.batch ? add_files(&adding, count - 1, words + 1) : vl_say_no_memory();
    vl_record_batch_free(adding.batch);
    vl_log_dir_close(adding.log);
    return status;
}
