/* SPDX-License-Identifier: Apache-2.0 */
/* valise disclose, valise verify: show a part of a letter, and check whatever others show. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "cli/show_finding.h"
#include "codec/number.h"
#include "office/disclose.h"
#include "office/status.h"
#include "office/verify.h"
#include "sys/clock.h"
#include "sys/infile.h"
#include "sys/outfile.h"

#define SAFE 8400

static int disclosed(const struct vl_common *common, const struct vl_opening *opening,
                     const struct vl_disclose_request *request, uint64_t bytes)
{
    char number[VL_NUMBER_TEXT], size[32], safe[SAFE];

    if (common->json) {
        struct vl_doc *doc = vl_doc_new("valise.disclose/1");

        vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, opening->seen.number, number));
        vl_doc_bool(doc, "whole", request->whole);
        vl_doc_text(doc, "output", request->output);
        vl_doc_int(doc, "output_bytes", bytes);
        vl_doc_bool(doc, "dry_run", request->dry_run);
        return vl_print_doc(doc, "the disclosure is written, and this could not be said.");
    }
    vl_say_dry_run(common, request->dry_run);
    if (common->quiet || request->dry_run)
        return 0;
    printf("%s  %s\n%s", vl_show(safe, sizeof safe, request->output),
           vl_size_text(bytes, size, sizeof size),
           request->whole
               ? "  It opens all of this letter to whoever has it.\n"
               : "  It shows what was named, and of the rest only how many parts there are.\n");
    printf("  Anybody checks it:  valise verify %s\n", safe);
    return 0;
}

static const char *disclose_mend(enum vl_err err)
{
    switch ((int)err) {
    case VL_ERR_USAGE:
        return "name what is to be shown: --field subject, --part 1, or --whole";
    case VL_ERR_NOT_FOUND:
        return "see its parts:\nvalise open N\nor the letters that are here:\nvalise list";
    case VL_ERR_EXISTS:
        return "give another name, or --force";
    default:
        return NULL;
    }
}

int vl_cmd_disclose(const struct vl_command *command, int argc, char **argv)
{
    static const char what[] = "nothing was disclosed.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_disclose_request request = {.output = NULL};
    struct vl_opt_list fields = {0}, parts = {0};
    struct vl_common common = {0};
    struct vl_ask ask = VL_ASK_INIT;
    bool force = false;
    const struct vl_opt options[] = {
        {VL_OPT_LIST, 0, "field", "F", &fields,
         "to, subject, date, in-reply-to, expires, expect-by"},
        {VL_OPT_LIST, 'p', "part", "P", &parts, "a part, by name or place"},
        {VL_OPT_FLAG, 0, "whole", NULL, &request.whole, "all of it, with the key of its envelope"},
        {VL_OPT_FLAG, 0, "with-evidence", NULL, &request.with_evidence,
         "and its waybill, which names the addressees"},
        {VL_OPT_TEXT, 'o', "output", "FILE", &request.output, "write it there"},
        {VL_OPT_FLAG, 'f', "force", NULL, &force, "replace FILE if it is there"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &request.dry_run, "do all of it and keep nothing"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &ask.fd, "read it from an open file descriptor"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_opening *opening = NULL;
    struct vl_progress_line line;
    struct vl_why why = {""};
    uint64_t bytes = 0;
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    enum vl_err err;

    if (status < 0 && argc - rest != 1)
        status = vl_say_usage(command->name, "one letter, by its number");
    if (status < 0 && (!request.output || strcmp(request.output, "-") == 0))
        status = vl_say_usage(command->name, "-o FILE: where to");
    if (status < 0)
        status = vl_ask_check(&ask, command->name);
    if (status < 0)
        status = vl_home_begin(VL_HOME_READ, &home, what);
    if (status < 0) {
        opening = vl_new(sizeof *opening);
        if (!opening)
            status = vl_say_no_memory();
    }
    if (status < 0) {
        opening->row = (struct vl_letter_row)VL_LETTER_ROW_INIT;
        opening->seen = (struct vl_letter_seen)VL_LETTER_SEEN_INIT;
        request.letter = argv[rest];
        request.fields = fields.at;
        request.field_count = fields.count;
        request.parts = parts.at;
        request.part_count = parts.count;
        request.out_flags = force ? VL_OUT_REPLACE : 0;
        request.workers = vl_cli_workers();
        request.asker = vl_ask_asker(&ask);
        request.progress = vl_progress_start(&line, &common, "disclosing", request.letter);
        vl_say_when_stopped(what, true);
        err = vl_disclose(&home, &request, opening, &bytes, &why);
        vl_progress_end(&line);
        status = err ? vl_home_failure(what, err, &why, disclose_mend(err))
                     : disclosed(&common, opening, &request, bytes);
        vl_opening_release(opening);
    }
    vl_free(opening);
    vl_ask_wipe(&ask);
    vl_opt_list_release(&fields);
    vl_opt_list_release(&parts);
    return status;
}

static void report_json(struct vl_doc *doc, const char *path, const struct vl_report *report,
                        enum vl_err err, const struct vl_why *why)
{
    vl_doc_object(doc, NULL);
    vl_doc_text(doc, "file", path);
    vl_doc_text(doc, "what", report->what);
    vl_doc_bool(doc, "verified", err == VL_OK);
    vl_doc_text(doc, "code", vl_err_name(err));
    vl_doc_text(doc, "why", err ? (why->text[0] ? why->text : vl_err_words(err)) : NULL);
    vl_report_doc(doc, report);
    vl_doc_close(doc);
}

static bool is_known(const struct vl_report *report)
{
    return strcmp(report->what, "unknown") != 0;
}

static const char *verify_mend(enum vl_err err, bool known)
{
    switch ((int)err) {
    case VL_ERR_NOT_FOUND:
        return known ? "give the card of whoever signed it:\nvalise verify --card CARD FILE"
                     : "look at the name";
    case VL_ERR_IO:
        return "look at the name and its permissions";
    case VL_ERR_FORMAT:
    case VL_ERR_LIMIT:
        return "ask whoever gave it to you for another copy";
    default:
        return NULL;
    }
}

/* Only what was looked at can fail to verify. */
static const char *verify_words(enum vl_err err, const struct vl_report *report)
{
    return is_known(report) && err != VL_ERR_IO && err != VL_ERR_NO_MEMORY ? "does not verify"
                                                                           : "was not verified";
}

/* A home is welcome and not needed: without one nothing is known of anybody. */
static void open_home(struct vl_home *home, bool *there)
{
    const char *folder = vl_home_folder();
    struct vl_why why;

    *there = folder && vl_home_open(folder, VL_HOME_READ, home, &why) == VL_OK;
}

/* Of an evidence file: what all of it together proves about each letter. */
static enum vl_err show_one(void *self, const struct vl_finding *finding, struct vl_why *why)
{
    printf("\n");
    return vl_show_finding(self, finding, why);
}

static enum vl_err show_findings(struct vl_home *home, const char *path, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    enum vl_err err = vl_in_read_all(path, &file, why);

    return err ? err
               : vl_status_file(home, vl_buf_bytes(&file), vl_clock_seconds(), show_one, home, why);
}

int vl_cmd_verify(const struct vl_command *command, int argc, char **argv)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_verify_request request = {.workers = vl_cli_workers()};
    struct vl_opt_list cards = {0};
    struct vl_common common = {0};
    bool no_home = false, there = false;
    const struct vl_opt options[] = {
        {VL_OPT_LIST, 0, "card", "FILE", &cards, "a card to check signatures with"},
        {VL_OPT_FLAG, 0, "no-home", NULL, &no_home, "as a stranger: use no office's cards"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_doc *doc = NULL;
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    int worst = 0;

    if (status < 0 && argc == rest)
        status = vl_say_usage(command->name, "which files?");
    if (status >= 0) {
        vl_opt_list_release(&cards);
        return status;
    }
    if (!no_home)
        open_home(&home, &there);
    request.home = there ? &home : NULL;
    request.cards = cards.at;
    request.card_count = cards.count;
    if (common.json) {
        doc = vl_doc_new("valise.verify/1");
        vl_doc_list(doc, "files");
    }
    for (int i = rest; i < argc; i++) {
        struct vl_report report = VL_REPORT_INIT;
        struct vl_progress_line line;
        struct vl_why why = {""};
        char what[500];
        enum vl_err err;

        request.path = argv[i];
        request.progress = vl_progress_start(&line, &common, "verifying", argv[i]);
        err = vl_verify_file(&request, &report, &why);
        vl_progress_end(&line);
        (void)snprintf(what, sizeof what, "\"%.300s\" %s.", argv[i], verify_words(err, &report));
        if (doc)
            report_json(doc, argv[i], &report, err, &why);
        else if ((report.count > 0 || !err) && !common.quiet)
            vl_show_report(argv[i], &report);
        if (!err && !doc && !common.quiet && strcmp(report.what, "evidence") == 0)
            err = show_findings(request.home, argv[i], &why);
        if (err && doc)
            status = vl_err_exit_status(err);
        else
            status =
                err ? vl_home_failure(what, err, &why, verify_mend(err, is_known(&report))) : 0;
        /* One that does not verify weighs more than anything else. */
        if (worst == 0 || status == vl_err_exit_status(VL_ERR_UNVERIFIED))
            worst = status;
        vl_report_release(&report);
    }
    vl_opt_list_release(&cards);
    if (doc) {
        vl_doc_close(doc);
        status = vl_print_doc(doc, "the result could not be printed.");
        return status ? status : worst;
    }
    return worst;
}
