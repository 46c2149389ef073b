/* SPDX-License-Identifier: Apache-2.0 */
/* valise witness, ratify, correct, seen: what is said of acts. */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "codec/number.h"
#include "office/events.h"
#include "sys/clock.h"

#define SAFE 700

static const char what[] = "nothing was signed.";

struct options {
    struct vl_common common;
    struct vl_ask ask;
    const char *text, *place, *field, *old_text, *new_text;
    bool manual, dry_run;
};

/* act is NULL in a dry run. */
static int print_json(const char *kind, const uint8_t *act, const uint8_t *about, size_t count)
{
    struct vl_doc *doc = vl_doc_new("valise.act/1");
    char number[VL_NUMBER_TEXT];

    vl_doc_text(doc, "kind", kind);
    vl_doc_bool(doc, "dry_run", !act);
    vl_doc_text(doc, "act", act ? vl_number_text(VL_ACT_HRP, act, number) : NULL);
    vl_doc_text(doc, "about", about ? vl_number_text(VL_ACT_HRP, about, number) : NULL);
    vl_doc_int(doc, "acts", count);
    return vl_print_doc(doc, "it is signed, and this could not be said.");
}

static int say(struct options *o, enum vl_kind kind, const char *act)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_object_release) struct vl_object target = VL_OBJECT_INIT;
    const struct vl_event_about about = {.kind = kind,
                                         .act = act,
                                         .words = o->text,
                                         .field = o->field,
                                         .old_text = o->old_text,
                                         .new_text = o->new_text,
                                         .place = o->place,
                                         .manual = o->manual,
                                         .dry_run = o->dry_run,
                                         .now_s = vl_clock_seconds(),
                                         .asker = vl_ask_asker(&o->ask)};
    struct vl_office_name by = {.text = "somebody"};
    char number[VL_NUMBER_SHORT], of[VL_NUMBER_SHORT], safe[SAFE];
    uint8_t id[VL_HASH_LEN];
    struct vl_why why = {""};
    enum vl_err err;
    int status = vl_home_begin_change(o->dry_run, &home, what);

    if (status >= 0)
        return status;
    err = vl_event_say_about(&home, &about, &target, id, &why);
    if (err)
        return vl_home_failure(what, err, &why, err == VL_ERR_NOT_FOUND ? "valise status N" : NULL);
    if (o->common.json)
        return print_json(vl_kind_word(kind), o->dry_run ? NULL : id, target.id, 1);
    if (o->common.quiet)
        return 0;
    if (vl_home_name_office(&home, target.issuer.at, &by, NULL) != VL_OK)
        (void)snprintf(by.text, sizeof by.text, "somebody");
    if (o->dry_run)
        printf("Would be signed: %s", vl_kind_words(kind));
    else
        printf("Signed: %s; act %s", vl_kind_words(kind), vl_number_short(id, number));
    printf("\n  about %s: %s, by %s\n%s\n", vl_number_short(target.id, of),
           vl_kind_words(target.kind), by.is_own ? "me" : vl_show(safe, sizeof safe, by.text),
           o->dry_run ? "A dry run: nothing is signed or kept."
                      : "Those whom it concerns get it with the next stick that you hand over.");
    return 0;
}

static int seen(struct options *o, const char *letter)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    const struct vl_asker asker = vl_ask_asker(&o->ask);
    char number[VL_NUMBER_SHORT];
    uint8_t id[VL_HASH_LEN];
    struct vl_why why = {""};
    size_t count = 0;
    enum vl_err err;
    int status = vl_home_begin_change(o->dry_run, &home, what);

    if (status >= 0)
        return status;
    err = vl_event_say_seen(&home, letter, o->manual, vl_clock_seconds(),
                            o->dry_run ? NULL : &asker, &count, id, &why);
    if (err)
        return vl_home_failure(what, err, &why, err == VL_ERR_NOT_FOUND ? "valise list" : NULL);
    if (o->common.json)
        return print_json(vl_kind_word(VL_KIND_SEEN), o->dry_run ? NULL : id, NULL, count);
    if (!o->common.quiet && o->dry_run)
        printf("%zu %s about it %s here; a dry run: nothing is signed.\n", count,
               count == 1 ? "act" : "acts", count == 1 ? "is" : "are");
    else if (!o->common.quiet)
        printf("Signed: %zu %s about it %s here now; act %s\n"
               "It stays here, and goes along with the letter's evidence.\n",
               count, count == 1 ? "act" : "acts", count == 1 ? "is" : "are",
               vl_number_short(id, number));
    return 0;
}

static int finish(struct options *o, int status)
{
    vl_ask_wipe(&o->ask);
    return status;
}

/* clang-format off */
#define COMMON_OPTIONS(o)                                                                          \
    {VL_OPT_FLAG, 0, "manual", NULL, &(o).manual, "say in the signature that a person did it"},    \
    {VL_OPT_FLAG, 'n', "dry-run", NULL, &(o).dry_run, "say what would be signed, and do not"},     \
    {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &(o).ask.fd, "read it from an open file descriptor"}, \
    {VL_OPT_END, 0, NULL, NULL, NULL, NULL}
/* clang-format on */

/* Options were read; now the one word that is left. */
static int check(const struct vl_command *command, struct options *o, int status, int words)
{
    if (status < 0)
        status = vl_ask_check(&o->ask, command->name);
    if (status < 0 && words != 1)
        status = vl_say_usage(command->name, strcmp(command->name, "seen") == 0
                                                 ? "one letter, by its number"
                                                 : "one act, by its number");
    return status;
}

int vl_cmd_witness(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.ask = VL_ASK_INIT};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 0, "text", "WORDS", &o.text, "what was seen"},
        {VL_OPT_TEXT, 0, "place", "TEXT", &o.place, "where; signed, so as coarse as you want it"},
        COMMON_OPTIONS(o),
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    status = check(command, &o, status, argc - rest);
    if (status < 0 && !o.text)
        status = vl_say_usage(command->name, "say what was seen: --text");
    return finish(&o, status < 0 ? say(&o, VL_KIND_WITNESSED, argv[rest]) : status);
}

int vl_cmd_ratify(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.ask = VL_ASK_INIT};
    const struct vl_opt options[] = {COMMON_OPTIONS(o)};
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    status = check(command, &o, status, argc - rest);
    return finish(&o, status < 0 ? say(&o, VL_KIND_RATIFIED, argv[rest]) : status);
}

int vl_cmd_correct(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.ask = VL_ASK_INIT};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 0, "field", "WORD", &o.field, "what of it was wrong: place, person, at"},
        {VL_OPT_TEXT, 0, "old", "TEXT", &o.old_text, "what it says"},
        {VL_OPT_TEXT, 0, "new", "TEXT", &o.new_text, "what it should say"},
        {VL_OPT_TEXT, 0, "text", "WORDS", &o.text, "why"},
        COMMON_OPTIONS(o),
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    status = check(command, &o, status, argc - rest);
    if (status < 0 && (!o.field || !(o.old_text || o.new_text)))
        status = vl_say_usage(command->name, "say what changes: --field, --old, --new");
    return finish(&o, status < 0 ? say(&o, VL_KIND_CORRECTED, argv[rest]) : status);
}

int vl_cmd_seen(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.ask = VL_ASK_INIT};
    const struct vl_opt options[] = {COMMON_OPTIONS(o)};
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    status = check(command, &o, status, argc - rest);
    return finish(&o, status < 0 ? seen(&o, argv[rest]) : status);
}
