/* SPDX-License-Identifier: Apache-2.0 */
/* valise doctor, backup, restore: looking after an office. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "office/keeping.h"
#include "sys/clock.h"
#include "sys/outfile.h"

#define SAFE 900

static const char *const verdict_words[] = {"ok", "warn", "fail"};

static void told(void *self, const char *what, enum vl_doctor_verdict verdict, const char *text)
{
    struct vl_doc *doc = self;
    char safe[SAFE];

    if (doc) {
        vl_doc_object(doc, NULL);
        vl_doc_text(doc, "check", what);
        vl_doc_text(doc, "verdict", verdict_words[verdict]);
        vl_doc_text(doc, "text", text);
        vl_doc_close(doc);
        return;
    }
    printf("%-4s  %-10s  %s\n", verdict_words[verdict], what, vl_show(safe, sizeof safe, text));
}

int vl_cmd_doctor(const struct vl_command *command, int argc, char **argv)
{
    static const char what[] = "the check-up was not finished.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_doctor_request request = {.now_s = vl_clock_seconds(), .told = told};
    struct vl_common common = {0};
    const struct vl_opt options[] = {
        {VL_OPT_FLAG, 0, "verify", NULL, &request.verify, "read every envelope and signature too"},
        {VL_OPT_FLAG, 0, "signed-by-me", NULL, &request.signed_by_me,
         "what came back and is not known here was signed by me: warn no more"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_doc *doc = NULL;
    struct vl_why why = {""};
    size_t warnings = 0, failures = 0;
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    enum vl_err err;

    if (status < 0 && argc > rest)
        status = vl_say_usage(command->name, "\"%s\" is one word too many", argv[rest]);
    if (status < 0)
        status = vl_home_begin(VL_HOME_WRITE, &home, what);
    if (status >= 0)
        return status;
    if (common.json) {
        doc = vl_doc_new("valise.doctor/1");
        vl_doc_list(doc, "checks");
        request.told_self = doc;
    }
    err = vl_doctor(&home, &request, &warnings, &failures, &why);
    if (err) {
        vl_doc_drop(doc);
        return vl_home_failure(what, err, &why, NULL);
    }
    if (doc) {
        vl_doc_close(doc);
        vl_doc_int(doc, "warnings", warnings);
        vl_doc_int(doc, "failures", failures);
        status = vl_print_doc(doc, what);
    } else {
        status = 0;
    }
    return status ? status : failures > 0 ? vl_err_exit_status(VL_ERR_IO) : 0;
}

int vl_cmd_backup(const struct vl_command *command, int argc, char **argv)
{
    static const char what[] = "no backup was made.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_passphrase_wipe) struct vl_passphrase passphrase = VL_PASSPHRASE_INIT;
    VL_AUTO(vl_age_recipients_release) struct vl_age_recipients recipients = VL_AGE_RECIPIENTS_INIT;
    struct vl_backup_request request = {.now_s = vl_clock_seconds(), .rng = vl_rng_system()};
    struct vl_opt_list to = {0};
    struct vl_common common = {0};
    struct vl_ask ask = VL_ASK_INIT;
    bool force = false, dry_run = false;
    const struct vl_opt options[] = {
        {VL_OPT_LIST, 'r', "recipient", "AGE1...", &to, "seal it to this key, not a passphrase"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &ask.fd, "read it from an open file descriptor"},
        {VL_OPT_FLAG, 'f', "force", NULL, &force, "replace FILE if it is there"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &dry_run, "do all of it and keep nothing"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_progress_line line;
    struct vl_why why = {""};
    uint64_t letters = 0, bytes = 0;
    char size[32], safe[SAFE];
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    enum vl_err err = VL_OK;

    if (status < 0 && (argc - rest != 1 || strcmp(argv[rest], "-") == 0))
        status = vl_say_usage(command->name, "one file, where the backup goes");
    if (status < 0)
        status = vl_ask_check(&ask, command->name);
    if (status < 0)
        status = vl_home_begin_change(dry_run, &home, what);
    if (status >= 0) {
        vl_opt_list_release(&to);
        return status;
    }
    for (size_t i = 0; i < to.count && !err; i++) {
        struct vl_age_recipient recipient;
        bool is_new;

        err = vl_age_recipient_parse(vl_bytes_str(to.at[i]), &recipient, &why);
        if (!err)
            err = vl_age_recipients_add(&recipients, &recipient, &is_new, &why);
    }
    if (!err && to.count == 0) {
        const struct vl_asker asker = vl_ask_asker(&ask);

        err = asker.ask(asker.self, VL_ASK_NEW, NULL, &passphrase, &why);
    }
    if (!err) {
        request.output = argv[rest];
        request.out_flags = force ? VL_OUT_REPLACE : 0;
        request.passphrase = to.count == 0 ? &passphrase : NULL;
        request.recipients = to.count > 0 ? &recipients : NULL;
        request.workers = vl_cli_workers();
        request.progress = vl_progress_start(&line, &common, "backing up", home.path);
        vl_say_when_stopped(what, true);
        err = vl_backup(&home, &request, &letters, &bytes, &why);
        vl_progress_end(&line);
    }
    vl_opt_list_release(&to);
    vl_ask_wipe(&ask);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    if (common.json) {
        struct vl_doc *doc = vl_doc_new("valise.backup/1");

        vl_doc_text(doc, "output", request.output);
        vl_doc_int(doc, "letters", letters);
        vl_doc_int(doc, "output_bytes", bytes);
        vl_doc_bool(doc, "dry_run", dry_run);
        return vl_print_doc(doc, "the backup is made, and this could not be said.");
    }
    vl_say_dry_run(&common, dry_run);
    if (!common.quiet && !dry_run)
        printf("%s  %llu %s, keys and cards, sealed, %s\n",
               vl_show(safe, sizeof safe, request.output), (unsigned long long)letters,
               letters == 1 ? "letter" : "letters", vl_size_text(bytes, size, sizeof size));
    return 0;
}

int vl_cmd_restore(const struct vl_command *command, int argc, char **argv)
{
    static const char what[] = "nothing was restored.";
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = VL_AGE_IDENTITIES_INIT;
    struct vl_restore_request request = {.now_s = vl_clock_seconds()};
    struct vl_opt_list files = {0};
    struct vl_common common = {0};
    struct vl_ask ask = VL_ASK_INIT;
    const struct vl_opt options[] = {
        {VL_OPT_LIST, 'i', "identity", "KEYFILE", &files, "open it with a key in this file"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &request.dry_run, "do all of it and keep nothing"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &ask.fd, "read it from an open file descriptor"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_asker asker;
    struct vl_progress_line line;
    struct vl_why why = {""};
    char safe[SAFE];
    bool exposed;
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    enum vl_err err = VL_OK;

    if (status < 0 && argc - rest != 1)
        status = vl_say_usage(command->name, "one file, the backup");
    if (status < 0)
        status = vl_ask_check(&ask, command->name);
    if (status < 0 && !vl_home_folder())
        status = vl_say_usage(command->name, "-C DIR: where the office goes");
    if (status >= 0) {
        vl_opt_list_release(&files);
        return status;
    }
    asker = vl_ask_asker(&ask);
    for (size_t i = 0; i < files.count && !err; i++)
        err = vl_keys_read_identities(files.at[i], &asker, &keys, &exposed, &why);
    if (!err) {
        request.input = argv[rest];
        request.home = vl_home_folder();
        request.asker = &asker;
        request.identities = files.count > 0 ? &keys : NULL;
        request.workers = vl_cli_workers();
        request.progress = vl_progress_start(&line, &common, "restoring", request.input);
        vl_say_when_stopped(what, true);
        err = vl_restore(&request, &why);
        vl_progress_end(&line);
    }
    vl_opt_list_release(&files);
    vl_ask_wipe(&ask);
    if (err)
        return vl_home_failure(what, err, &why,
                               err == VL_ERR_EXISTS      ? "choose another folder with -C DIR"
                               : err == VL_ERR_NO_KEY    ? "give what it was sealed with: its "
                                                           "passphrase, or -i KEYFILE"
                               : err == VL_ERR_NOT_FOUND ? "look at the name"
                                                         : NULL);
    if (common.json) {
        struct vl_doc *doc = vl_doc_new("valise.restore/1");

        vl_doc_text(doc, "home", request.home);
        vl_doc_bool(doc, "dry_run", request.dry_run);
        return vl_print_doc(doc, "the office is restored, and this could not be said.");
    }
    vl_say_dry_run(&common, request.dry_run);
    if (!common.quiet && !request.dry_run)
        printf(
            "The office is in %s, as it was when the backup was made.\n"
            "  It makes no new card before it has seen its newest one: if there was a card after\n"
            "  the backup, add it from somebody who has it:  valise card add me.card --unchecked\n",
            vl_show(safe, sizeof safe, request.home));
    return 0;
}
