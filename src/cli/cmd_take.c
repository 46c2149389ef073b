/* SPDX-License-Identifier: Apache-2.0 */
/* valise take, valise forget: letters in, and envelopes away. */
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/hook.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "cli/take_stick.h"
#include "codec/number.h"
#include "office/keeping.h"
#include "office/pieces.h"
#include "office/take.h"
#include "sys/clock.h"
#include "sys/folder.h"
#include "sys/process.h"

#define SAFE 700

static const char *kind_word(enum vl_taken_kind kind)
{
    switch (kind) {
    case VL_TAKEN_SEALED:
        return "sealed";
    case VL_TAKEN_OPEN:
        return "open";
    case VL_TAKEN_EVIDENCE:
        return "evidence";
    case VL_TAKEN_NOTHING:
    default:
        return "nothing";
    }
}

static void show_letter(struct vl_home *home, const char *path, const struct vl_taken *taken)
{
    struct vl_office_name from = {.text = "somebody"};
    char number[VL_NUMBER_SHORT], size[32], safe[SAFE], name[VL_OFFICE_NAME_ROOM * 2];

    if (taken->has_from && vl_home_name_office(home, taken->from.at, &from, NULL) != VL_OK)
        (void)snprintf(from.text, sizeof from.text, "somebody");
    printf("%s  %s, %s%s  %s\n", vl_number_short(taken->number, number),
           taken->kind == VL_TAKEN_OPEN ? "an open letter" : "a sealed letter",
           vl_size_text(taken->size, size, sizeof size),
           taken->is_new      ? ""
           : taken->forgotten ? ", which was forgotten here"
                              : ", which was here already",
           vl_show(safe, sizeof safe, path));
    if (taken->has_from)
        printf("  %s %s\n", taken->from_proven ? "signed by" : "says to be signed by",
               vl_show(name, sizeof name, from.text));
    if (taken->forgotten)
        printf("  ! its envelope was not kept again; what is known of it stays\n");
    if (taken->twin)
        printf(
            "  ! another letter here begins with the same eight symbols: use the whole number\n");
    if (taken->kind == VL_TAKEN_SEALED && taken->is_new)
        printf("  next:  valise open %s\n", number);
}

static void show_evidence(const char *path, const struct vl_taken *taken)
{
    char safe[SAFE];

    printf("%s: %zu new or newer %s, %zu signed %s, %zu %s\n", vl_show(safe, sizeof safe, path),
           taken->cards, taken->cards == 1 ? "card" : "cards", taken->acts,
           taken->acts == 1 ? "act" : "acts", taken->waybills,
           taken->waybills == 1 ? "waybill" : "waybills");
    if (taken->not_signed_here > 0)
        printf("  ! %zu signed %s of this office %s never signed here: valise doctor\n",
               taken->not_signed_here, taken->not_signed_here == 1 ? "act" : "acts",
               taken->not_signed_here == 1 ? "was" : "were");
    if (taken->elsewhere > 0)
        printf("  %zu %s not here, and %s not kept: take both together\n", taken->elsewhere,
               taken->elsewhere == 1 ? "waybill is of a letter that is"
                                     : "waybills are of letters that are",
               taken->elsewhere == 1 ? "was" : "were");
    if (taken->disputed > 0)
        printf("  ! %zu %s another waybill already: the outside is disputed\n", taken->disputed,
               taken->disputed == 1 ? "letter has" : "letters have");
}

static int take_json(struct vl_home *home, const char *const *paths, size_t count, bool dry_run,
                     const struct vl_taken *taken)
{
    struct vl_doc *doc = vl_doc_new("valise.take/1");
    char number[VL_NUMBER_TEXT];

    vl_doc_list(doc, "files");
    for (size_t i = 0; i < count; i++) {
        const struct vl_taken *one = &taken[i];
        bool letter = one->kind == VL_TAKEN_SEALED || one->kind == VL_TAKEN_OPEN;

        vl_doc_object(doc, NULL);
        vl_doc_text(doc, "file", paths[i]);
        vl_doc_text(doc, "code", vl_err_name(one->err));
        vl_doc_text(doc, "why", one->err ? one->why.text : NULL);
        vl_doc_text(doc, "kind", one->err ? NULL : kind_word(one->kind));
        vl_doc_text(doc, "letter",
                    letter && !one->err ? vl_number_text(VL_LETTER_HRP, one->number, number)
                                        : NULL);
        vl_doc_bool(doc, "new", one->is_new);
        vl_doc_bool(doc, "forgotten", one->forgotten);
        vl_doc_int(doc, "envelope_bytes", one->size);
        if (one->has_from)
            vl_doc_office(doc, "from", home, one->from.at);
        else
            vl_doc_text(doc, "from", NULL);
        vl_doc_bool(doc, "from_proven", one->from_proven);
        vl_doc_int(doc, "cards", one->cards);
        vl_doc_int(doc, "acts", one->acts);
        vl_doc_int(doc, "waybills", one->waybills);
        vl_doc_int(doc, "elsewhere", one->elsewhere);
        vl_doc_int(doc, "disputed", one->disputed);
        vl_doc_int(doc, "acts_not_signed_here", one->not_signed_here);
        vl_doc_close(doc);
    }
    vl_doc_close(doc);
    vl_doc_bool(doc, "dry_run", dry_run);
    return vl_print_doc(doc, "the files were taken, and this could not be said.");
}

static const char *mend_of(enum vl_err err)
{
    switch ((int)err) {
    case VL_ERR_USAGE:
        return "a card is added, and its words are compared:\nvalise card add FILE";
    case VL_ERR_NOT_FOUND:
        return "look at the name; or add the card of whoever signed it:\nvalise card add FILE";
    case VL_ERR_REFUSED:
        return "look at it with\nvalise verify FILE";
    case VL_ERR_PARTIAL:
        return "see above; the others are kept";
    default:
        return NULL;
    }
}

static int show_taken(const struct vl_common *common, bool dry_run, struct vl_home *home,
                      const char *const *paths, size_t count, const struct vl_taken *taken,
                      enum vl_err err, const struct vl_why *why)
{
    char sentence[SAFE];

    if (common->json) {
        int status = take_json(home, paths, count, dry_run, taken);

        if (status != 0)
            return status;
    }
    for (size_t i = 0; i < count && !common->json; i++) {
        if (taken[i].err && count > 1) {
            (void)snprintf(sentence, sizeof sentence, "\"%.300s\" was not taken.", paths[i]);
            (void)vl_home_failure(sentence, taken[i].err, &taken[i].why, mend_of(taken[i].err));
        } else if (!taken[i].err && !common->quiet) {
            if (taken[i].kind == VL_TAKEN_EVIDENCE)
                show_evidence(paths[i], &taken[i]);
            else
                show_letter(home, paths[i], &taken[i]);
        }
    }
    vl_say_dry_run(common, dry_run);
    if (!err)
        return 0;
    if (count == 1)
        (void)snprintf(sentence, sizeof sentence, "\"%.300s\" was not taken.", paths[0]);
    else
        (void)snprintf(sentence, sizeof sentence, "%s.",
                       err == VL_ERR_PARTIAL ? "not all of it was taken" : "nothing was taken");
    return vl_home_failure(sentence, err, why, mend_of(err));
}

int vl_cmd_take(const struct vl_command *command, int argc, char **argv)
{
    static const char what[] = "nothing was taken.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_common common = {0};
    struct vl_take_stick_request stick = {.person = NULL};
    struct vl_opt_list seals = {0};
    struct vl_ask ask = VL_ASK_INIT;
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 0, "person", "NAME", &stick.person, "of a stick: who takes it; signed"},
        {VL_OPT_TEXT, 0, "method", "TEXT", &stick.method, "how it was handed over; signed"},
        {VL_OPT_TEXT, 0, "place", "TEXT", &stick.place, "where; signed"},
        {VL_OPT_TEXT, 0, "condition", "TEXT", &stick.condition, "what it looked like; signed"},
        {VL_OPT_LIST, 0, "seal", "TEXT", &seals, "a physical seal, as seen"},
        {VL_OPT_FLAG, 0, "leave", NULL, &stick.leave, "what only passes stays on the stick"},
        {VL_OPT_FLAG, 0, "manual", NULL, &stick.manual, "say in it that a person did it"},
        {VL_OPT_FLAG, 0, "not-answered", NULL, &stick.not_answered,
         "after a restore: none of it was signed for before"},
        {VL_OPT_TEXT, 0, "handover", "ACT", &stick.handover, "...of this hand-over alone"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &stick.dry_run, "verify, and keep and sign nothing"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &ask.fd, "read it from an open file descriptor"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    VL_AUTO(vl_hook_release) struct vl_hook hook = VL_HOOK_INIT;
    struct vl_progress_line line;
    struct vl_progress progress;
    struct vl_taken *taken;
    struct vl_why why = {""};
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    size_t count = (size_t)(argc - rest);
    const char *const *paths;
    enum vl_err err;

    if (status < 0 && count == 0)
        status = vl_say_usage(command->name, "which stick, or which files?");
    if (status < 0)
        status = vl_ask_check(&ask, command->name);
    if (status < 0 && stick.handover && !stick.not_answered)
        status = vl_say_usage(command->name, "--handover goes with --not-answered");
    if (status < 0 && count == 1 && vl_folder_is_there(argv[rest])) {
        stick.stick = argv[rest];
        stick.seals = seals.at;
        stick.seal_count = seals.count;
        status = vl_cli_take_stick(&common, &ask, &stick);
    } else if (status < 0 &&
               (stick.person || stick.method || stick.place || stick.condition || seals.count > 0 ||
                stick.manual || stick.leave || stick.not_answered)) {
        status = vl_say_usage(
            command->name,
            "of files nothing is signed, nor left: --person, --leave and their like go with a "
            "stick's folder, alone");
    }
    vl_ask_wipe(&ask);
    if (status < 0)
        status = vl_home_begin_change(stick.dry_run, &home, what);
    vl_opt_list_release(&seals);
    if (status >= 0)
        return status;
    paths = (const char *const *)(argv + rest);
    taken = count > 0 ? vl_new(count * sizeof *taken) : NULL;
    if (!taken)
        return vl_say_no_memory();
    progress = vl_progress_start(&line, &common, "taking", count == 1 ? paths[0] : "the files");
    vl_say_when_stopped_mend(count == 1 ? what : "not all of it was taken.",
                             count == 1 ? "nothing was left behind; run it again when you like"
                                        : "what was taken is kept; run it again when you like");
    if (!stick.dry_run)
        vl_cli_hook_begin(&home, &hook);
    err = vl_take_files(&home, paths, count, vl_clock_seconds(), &progress, taken, &why);
    vl_stop_too_late();
    vl_progress_end(&line);
    status = show_taken(&common, stick.dry_run, &home, paths, count, taken, err, &why);
    vl_free(taken);
    vl_cli_hook_end(&home, &hook, "take", false);
    return status;
}

/* Everything that was passed on or receipted. */
static int forget_done(const struct vl_common *common, struct vl_home *home, bool yes, bool dry_run)
{
    static const char what[] = "all envelopes are where they were.";
    char question[160], size[32];
    struct vl_why why = {""};
    size_t count = 0;
    uint64_t bytes = 0;
    enum vl_err err = vl_done_count(home, &count, &bytes, &why);
    int status;

    if (err)
        return vl_home_failure(what, err, &why, NULL);
    (void)snprintf(question, sizeof question,
                   "%zu letters that are receipted or passed on: their envelopes (%s) go for ever. "
                   "Go on? [y/N] ",
                   count, vl_size_text(bytes, size, sizeof size));
    status = vl_cli_confirm(question, yes || dry_run || count == 0, what);
    if (status >= 0)
        return status;
    err = vl_done_forget(home, &why);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    if (common->json) {
        struct vl_doc *doc = vl_doc_new("valise.forget/1");

        vl_doc_text(doc, "letter", NULL);
        vl_doc_int(doc, "count", count);
        vl_doc_bool(doc, "dry_run", dry_run);
        return vl_print_doc(doc, "the envelopes are gone, and this could not be said.");
    }
    vl_say_dry_run(common, dry_run);
    if (!common->quiet && dry_run)
        printf("%zu %s would go, %s.\n", count, count == 1 ? "envelope" : "envelopes", size);
    else if (!common->quiet)
        printf("%zu %s gone, %s. What was signed stays.\n", count,
               count == 1 ? "envelope is" : "envelopes are", size);
    return 0;
}

int vl_cmd_forget(const struct vl_command *command, int argc, char **argv)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_partial_release) struct vl_partial partial = VL_PARTIAL_INIT;
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    static const char what[] = "the envelope is where it was.";
    struct vl_common common = {0};
    bool yes = false, dry_run = false, force = false, done = false;
    const struct vl_opt options[] = {
        {VL_OPT_FLAG, 0, "done", NULL, &done, "all that are receipted, or carried and passed on"},
        {VL_OPT_FLAG, 0, "force", NULL, &force, "also one that nobody has signed for"},
        {VL_OPT_FLAG, 'y', "yes", NULL, &yes, "do not ask"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &dry_run, "do all of it and keep nothing"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    char number[VL_NUMBER_SHORT], question[120], whole[VL_NUMBER_TEXT];
    struct vl_why why = {""};
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    enum vl_err err;

    if (status < 0 && argc - rest != (done ? 0 : 1))
        status = vl_say_usage(command->name, "one letter, by its number, or --done");
    if (status < 0)
        status = vl_home_begin_change(dry_run, &home, what);
    if (status >= 0)
        return status;
    if (done)
        return forget_done(&common, &home, yes, dry_run);
    err = vl_home_find_letter_or_slices(&home, argv[rest], 8, &row, &partial, &why);
    if (!err && !force)
        err = vl_forget_check(&row, &why);
    if (err)
        return vl_home_failure(what, err, &why,
                               err == VL_ERR_REFUSED ? "wait for the answer, or say --force"
                                                     : NULL);
    (void)vl_number_short(row.number, number);
    (void)snprintf(question, sizeof question,
                   "%s: its envelope goes for ever, what was signed about it stays. Go on? [y/N] ",
                   number);
    status = vl_cli_confirm(question, yes || dry_run, what);
    if (status >= 0)
        return status;
    err = partial.waybill.len > 0 ? vl_partial_forget(&home, row.number, &why)
                                  : vl_forget(&home, row.number, &why);
    if (err)
        return vl_home_failure(what, err, &why, NULL);
    if (common.json) {
        struct vl_doc *doc = vl_doc_new("valise.forget/1");

        vl_doc_text(doc, "letter", vl_number_text(VL_LETTER_HRP, row.number, whole));
        vl_doc_int(doc, "count", 1);
        vl_doc_bool(doc, "dry_run", dry_run);
        return vl_print_doc(doc, "the envelope is gone, and this could not be said.");
    }
    vl_say_dry_run(&common, dry_run);
    if (!common.quiet && !dry_run)
        printf(
            "%s: its envelope is gone. What was unpacked from it, and copies elsewhere, are not.\n",
            number);
    return 0;
}
