/* SPDX-License-Identifier: Apache-2.0 */
/* valise translate: a translation, bound to its original. */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/saying.h"
#include "cli/show.h"
#include "codec/number.h"
#include "crypto/hash.h"
#include "sys/clock.h"
#include "sys/infile.h"

#define SAFE 700

static const char what[] = "nothing was signed.";

struct options {
    struct vl_saying_options saying;
    const char *from, *into, *document, *how, *engine, *vouches, *competence, *supersedes;
    bool with_text;
    struct vl_buf text;
};

static void show(FILE *to, struct vl_home *home, const struct vl_translation *translation)
{
    char safe[SAFE];

    vl_saying_show_speaker(to, home, &translation->act,
                           translation->has_principal ? &translation->principal : NULL);
    fprintf(to, "  of ");
    vl_saying_show_subject(to, home, translation->source_what, translation->source);
    fprintf(to, "  %.*s to %.*s, %s", (int)translation->source_lang.len,
            (const char *)translation->source_lang.ptr, (int)translation->target_lang.len,
            (const char *)translation->target_lang.ptr, vl_translated_words(translation->how));
    if (translation->engine.len > 0)
        fprintf(to, " (%s)", vl_saying_safe(safe, sizeof safe, translation->engine));
    fprintf(to, "\n  %s%s\n",
            translation->vouches.len > 0 ? "answered for by " : "nobody answers for it",
            translation->vouches.len > 0 ? vl_saying_safe(safe, sizeof safe, translation->vouches)
                                         : "");
    if (!translation->is_held)
        fprintf(to, "  the original is not here\n");
}

static int print_json(const struct options *o, const struct vl_translated_said *said)
{
    const struct vl_translation *translation = &said->translation;
    struct vl_doc *doc = vl_doc_new("valise.translate/1");
    char number[VL_NUMBER_TEXT];

    vl_doc_bool(doc, "dry_run", o->saying.dry_run);
    vl_doc_text(doc, "act",
                o->saying.dry_run ? NULL : vl_number_text(VL_ACT_HRP, said->id, number));
    vl_doc_text(doc, "on_behalf_of",
                translation->has_principal
                    ? vl_number_text(VL_OFFICE_HRP, translation->principal.at, number)
                    : NULL);
    vl_doc_object(doc, "source");
    vl_saying_doc_subject(doc, translation->source_what, translation->source);
    vl_doc_bytes(doc, "lang", translation->source_lang);
    vl_doc_bool(doc, "held", translation->is_held);
    vl_doc_close(doc);
    vl_doc_object(doc, "target");
    vl_doc_hex(doc, "sha256", true, VL_ARRAY(translation->target));
    vl_doc_bytes(doc, "lang", translation->target_lang);
    vl_doc_close(doc);
    vl_doc_text(doc, "how", vl_translated_word(translation->how));
    vl_doc_text(doc, "engine", o->engine);
    vl_doc_text(doc, "vouches", o->vouches);
    vl_doc_int(doc, "told", said->told);
    vl_doc_text(doc, "output", o->saying.dry_run ? NULL : o->saying.output);
    return vl_print_doc(doc, "it is signed, and this could not be said.");
}

static const char *mend_of(enum vl_err err)
{
    if (err == VL_ERR_NOT_FOUND)
        return "valise list";
    if (err == VL_ERR_EXISTS)
        return "give another name, or --force";
    return err == VL_ERR_FORMAT ? "valise help translate" : NULL;
}

static int translate(struct options *o, const struct vl_translate_request *request)
{
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_translated_said said = {.told = 0};
    char number[VL_NUMBER_SHORT];
    struct vl_why why = {""};
    enum vl_err err;
    int status = vl_home_begin_change(o->saying.dry_run, &home, what);

    if (status >= 0)
        return status;
    vl_say_when_stopped(what, true);
    err = vl_saying_open(&o->saying, &why);
    if (!err)
        err = vl_translate(&home, request, &said, &why);
    if (err)
        return vl_home_failure(what, err, &why, mend_of(err));
    status = vl_saying_put_out(&o->saying);
    if (status >= 0)
        return status;
    if (o->saying.common.json)
        return print_json(o, &said);
    if (o->saying.common.quiet)
        return 0;
    printf("%s: a translation", o->saying.dry_run ? "Would be signed" : "Signed");
    if (!o->saying.dry_run)
        printf("; act %s", vl_number_short(said.id, number));
    printf("\n");
    show(stdout, &home, &said.translation);
    vl_saying_show_told(&o->saying, said.told);
    return 0;
}

/* How it was made follows from who is named, where it is not said. */
static int take_how(const struct vl_command *command, const struct options *o,
                    struct vl_translate_request *request)
{
    if (o->how) {
        request->how = vl_translated_of_word(vl_bytes_str(o->how));
        return request->how ? -1
                            : vl_say_usage(command->name, "--how is human, human-revised, machine, "
                                                          "machine-post-edited or unknown");
    }
    if (o->engine)
        request->how = o->vouches ? VL_TRANSLATED_POST_EDITED : VL_TRANSLATED_MACHINE;
    else
        request->how = o->vouches ? VL_TRANSLATED_HUMAN : VL_TRANSLATED_UNKNOWN;
    return -1;
}

/* The translation itself: its digest, and all of it where it goes along. */
static int take_target(struct options *o, const char *file, struct vl_translate_request *request)
{
    struct vl_why why = {""};
    enum vl_err err = o->with_text ? vl_in_read_all(file, &o->text, &why)
                                   : vl_saying_hash(file, request->target, &why);

    if (!err && o->with_text) {
        vl_sha256(vl_buf_bytes(&o->text), request->target);
        request->text = vl_buf_bytes(&o->text);
    }
    if (!err && o->document) {
        request->has_document = true;
        err = vl_saying_hash(o->document, request->document, &why);
    }
    if (err == VL_ERR_LIMIT)
        return vl_say_failure(what, err, &why, "leave out --with-text: its digest is enough");
    return err ? vl_say_failure(what, err, &why, "look at the names of both files") : -1;
}

static int run(const struct vl_command *command, struct options *o, char **words, size_t count)
{
    struct vl_translate_request request = {.common =
                                               vl_saying_common(&o->saying, vl_clock_seconds())};
    const size_t wanted = o->document ? 1 : 2;
    int status = -1;

    if (count != wanted)
        return vl_say_usage(command->name, o->document
                                               ? "with --document only the file of the translation"
                                               : "a letter or an act by its number, and the file "
                                                 "of the translation");
    if (!o->from || !o->into)
        return vl_say_usage(command->name, "from which language into which: --from en --into de");
    request.source = o->document ? NULL : words[0];
    request.source_lang = o->from;
    request.target_lang = o->into;
    request.engine = o->engine;
    request.vouches = o->vouches;
    request.competence = o->competence;
    request.supersedes = o->supersedes;
    status = take_how(command, o, &request);
    if (status < 0)
        status = take_target(o, words[count - 1], &request);
    return status < 0 ? translate(o, &request) : status;
}

int vl_cmd_translate(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.saying = VL_SAYING_OPTIONS_INIT,
                        .text = VL_BUF_INIT(VL_STATEMENT_MAX_TEXT)};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 0, "from", "TAG", &o.from, "the language of the original: en"},
        {VL_OPT_TEXT, 0, "into", "TAG", &o.into, "and that of the translation: de-CH"},
        {VL_OPT_TEXT, 0, "document", "FILE", &o.document,
         "the original, where it is no letter or act"},
        {VL_OPT_TEXT, 0, "how", "WORD", &o.how,
         "human, human-revised, machine, machine-post-edited, unknown"},
        {VL_OPT_TEXT, 0, "engine", "NAME", &o.engine, "the machine that made it"},
        {VL_OPT_TEXT, 0, "vouches", "NAME", &o.vouches, "the person who answers for it"},
        {VL_OPT_TEXT, 0, "competence", "WORDS", &o.competence, "what that person can"},
        {VL_OPT_TEXT, 0, "supersedes", "ACT", &o.supersedes, "an earlier one of this office"},
        {VL_OPT_FLAG, 0, "with-text", NULL, &o.with_text, "the translation itself goes along"},
        VL_SAYING_OPTIONS(o.saying),
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.saying.common, argc, argv, &rest);

    if (status < 0)
        status = vl_ask_check(&o.saying.ask, command->name);
    if (status < 0)
        status = run(command, &o, argv + rest, (size_t)(argc - rest));
    vl_buf_release(&o.text);
    vl_saying_release(&o.saying);
    return status;
}
