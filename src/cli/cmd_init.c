/* SPDX-License-Identifier: Apache-2.0 */
/* valise init, valise passphrase: a new office, and the passphrase of one. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "codec/words.h"
#include "office/init.h"
#include "office/keeping.h"
#include "sys/clock.h"
#include "sys/outfile.h"

/* "1 lamp  2 cabin ...", three lines of four. */
static void print_words(const struct vl_office_id *office, const char *indent)
{
    unsigned words[VL_CHECK_WORDS];

    if (vl_office_id_words(office, words) != VL_OK)
        return;
    for (unsigned i = 0; i < VL_CHECK_WORDS; i++)
        printf("%s%2u %-*s%s", i % 4 == 0 ? indent : " ", i + 1, i % 4 == 3 ? 0 : 8,
               vl_word(words[i]), i % 4 == 3 ? "\n" : "");
}

void vl_print_identity(const struct vl_office_id *office)
{
    char address[VL_OFFICE_TEXT];

    printf("  address  %s\n  words\n", vl_office_id_text(office, address));
    print_words(office, "    ");
}

void vl_doc_identity(struct vl_doc *doc, const struct vl_office_id *office)
{
    unsigned words[VL_CHECK_WORDS];
    char address[VL_OFFICE_TEXT];

    vl_doc_text(doc, "address", vl_office_id_text(office, address));
    vl_doc_list(doc, "words");
    if (vl_office_id_words(office, words) == VL_OK)
        for (size_t i = 0; i < VL_CHECK_WORDS; i++)
            vl_doc_text(doc, NULL, vl_word(words[i]));
    vl_doc_close(doc);
}

/* The office is there, whatever becomes of the file. */
static int write_card(const struct vl_chain *chain, struct vl_out *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf card = VL_BUF_INIT(VL_CHAIN_MAX_LEN * 2);
    struct vl_why why = {""};
    enum vl_err err = vl_chain_write(chain, &card);

    if (!err)
        err = vl_out_put(out, vl_buf_bytes(&card), &why);
    if (!err)
        err = vl_out_commit(out, &why);
    return err ? vl_home_failure("the office is ready, and its card was not written.", err, &why,
                                 "valise card -o FILE")
               : -1;
}

/* card is where the card goes, out that file, open; NULL both for none. */
static int show_new(const struct vl_common *common, const char *name, const char *card,
                    struct vl_out *out, bool sealed)
{
    static const char what[] = "the office is there, and could not be read again.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    char safe[4200];
    char *whole;
    int status = vl_home_begin(VL_HOME_READ, &home, what);

    if (status < 0 && card)
        status = write_card(&home.chain, out);
    if (status >= 0)
        return status;
    if (common->json) {
        struct vl_doc *doc = vl_doc_new("valise.init/1");

        vl_doc_text(doc, "home", home.path);
        vl_doc_text(doc, "name", name);
        vl_doc_identity(doc, &home.own);
        vl_doc_bool(doc, "passphrase", sealed);
        vl_doc_bool(doc, "dry_run", false);
        return vl_print_doc(doc, what);
    }
    if (common->quiet)
        return 0;
    printf("The office \"%s\" is ready.\n\n", vl_show(safe, sizeof safe, name));
    vl_print_identity(&home.own);
    whole = realpath(home.path, NULL); /* it is to be found from anywhere */
    printf(
        "\nThe words tell two people that they mean the same office: read some out on the phone.\n"
        "\n"
        "Its folder is %s\n"
        "  recovery/ in it has the key that comes after this one, and a revocation. Move it to a\n"
        "  safe place of its own: whoever steals this machine must not find it. If the key is\n"
        "  ever stolen, give revocation.card to everybody who has your card.\n",
        vl_show(safe, sizeof safe, whole ? whole : home.path));
    free(whole);
    if (!sealed)
        printf("  The keys are not under a passphrase:  valise passphrase\n");
    if (card)
        printf("\nIts card is in %s: give that file to those who write to you.\n"
               "\nNext:  valise card add THEIRS.card  take theirs\n",
               vl_show(safe, sizeof safe, card));
    else
        printf("\nNext:  valise card -o me.card       give that file to those who write to you\n"
               "       valise card add THEIRS.card  and take theirs\n");
    return 0;
}

/* No keys that will never be used again are shown. */
static int show_rehearsed(const struct vl_common *common, const struct vl_init_request *request,
                          bool sealed)
{
    struct vl_doc *doc;

    vl_say_dry_run(common, true);
    if (!common->json)
        return 0;
    doc = vl_doc_new("valise.init/1");
    vl_doc_text(doc, "home", request->home);
    vl_doc_text(doc, "name", request->name);
    vl_doc_text(doc, "address", NULL);
    vl_doc_text(doc, "words", NULL);
    vl_doc_bool(doc, "passphrase", sealed);
    vl_doc_bool(doc, "dry_run", true);
    return vl_print_doc(doc, "the office could be made, and this could not be said.");
}

int vl_cmd_init(const struct vl_command *command, int argc, char **argv)
{
    static const char what[] = "no office was made.";
    struct vl_ask ask = VL_ASK_INIT;
    struct vl_opt_list languages = {0}, reach = {0};
    struct vl_init_request request = {.rng = vl_rng_system()};
    const char *card = NULL;
    bool replace = false;
    VL_AUTO(vl_out_drop) struct vl_out out = VL_OUT_INIT;
    struct vl_common common = {0};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 'o', "output", "FILE", &card, "write its card there: valise card -o FILE"},
        {VL_OPT_FLAG, 'f', "force", NULL, &replace, "replace FILE if it is there"},
        {VL_OPT_LIST, 'l', "lang", "TAG", &languages, "a language it reads, such as en or pt-BR"},
        {VL_OPT_LIST, 0, "reach", "TEXT", &reach, "how else to reach it: a phone, a desk"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &request.dry_run, "do all of it and keep nothing"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &ask.fd, "read it from an open file descriptor"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_why why = {""};
    bool sealed = false;
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    enum vl_err err;

    if (status < 0 && argc - rest != 1)
        status = vl_say_usage(command->name, argc == rest ? "an office wants a name"
                                                          : "a name of several words wants quotes");
    if (status < 0 && card && strcmp(card, "-") == 0)
        status = vl_say_usage(command->name, "-o wants a file: stdout has the answer");
    if (status < 0)
        status = vl_ask_check(&ask, command->name);
    if (status < 0) {
        request.home = vl_home_folder();
        if (!request.home) {
            (void)vl_fail(&why, VL_ERR_NO_HOME, "neither -C nor $VALISE_HOME nor $HOME says where");
            status = vl_home_failure(what, VL_ERR_NO_HOME, &why, "valise -C DIR init NAME");
        }
    }
    if (status < 0 && card) {
        err = vl_out_open(card, replace ? VL_OUT_REPLACE : 0, &out, &why);
        if (err)
            status = vl_home_failure(what, err, &why,
                                     err == VL_ERR_EXISTS ? "give another name, or --force" : NULL);
    }
    if (status < 0) {
        request.name = argv[rest];
        request.languages = languages.at;
        request.language_count = languages.count;
        request.reach = reach.at;
        request.reach_count = reach.count;
        request.now_s = vl_clock_seconds();
        request.asker = vl_ask_asker(&ask);
        vl_say_when_stopped(what, true);
        err = vl_init(&request, &sealed, &why);
        status = err               ? vl_home_failure(what, err, &why,
                                       err == VL_ERR_EXISTS ? "choose another folder with -C DIR"
                                                     : err == VL_ERR_FORMAT
                                                         ? "a name is one to 128 bytes of plain text, each "
                                                           "word in one script"
                                                         : NULL)
                 : request.dry_run ? show_rehearsed(&common, &request, sealed)
                                   : show_new(&common, request.name, card, &out, sealed);
    }
    vl_ask_wipe(&ask);
    vl_opt_list_release(&languages);
    vl_opt_list_release(&reach);
    return status;
}

int vl_cmd_passphrase(const struct vl_command *command, int argc, char **argv)
{
    static const char what[] = "the passphrase is as it was.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    const struct vl_rng rng = vl_rng_system();
    struct vl_ask now = VL_ASK_INIT, new_one = VL_ASK_INIT;
    bool dry_run = false;
    struct vl_common common = {0};
    const struct vl_opt options[] = {
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &now.fd, "read the one in force from there"},
        {VL_OPT_NUMBER, 0, "new-passphrase-fd", "N", &new_one.fd, "read the new one from there"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &dry_run, "do all of it and keep nothing"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_asker ask_now, ask_new;
    struct vl_why why = {""};
    bool sealed = false;
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    enum vl_err err;

    if (status < 0 && argc > rest)
        status = vl_say_usage(command->name, "\"%s\" is one word too many", argv[rest]);
    if (status < 0)
        status = vl_ask_check(&now, command->name);
    if (status < 0)
        status = vl_ask_check(&new_one, command->name);
    if (status < 0)
        status = vl_home_begin_change(dry_run, &home, what);
    if (status < 0) {
        ask_now = vl_ask_asker(&now);
        ask_new = vl_ask_asker(&new_one);
        err = vl_home_passphrase(&home, &ask_now, &ask_new, &rng, &sealed, &why);
        status = err ? vl_home_failure(what, err, &why, NULL) : 0;
        if (!err && common.json) {
            struct vl_doc *doc = vl_doc_new("valise.passphrase/1");

            vl_doc_bool(doc, "passphrase", sealed);
            vl_doc_bool(doc, "dry_run", dry_run);
            status = vl_print_doc(doc, what);
        } else if (!err && dry_run) {
            vl_say_dry_run(&common, true);
        } else if (!err && !common.quiet) {
            printf("%s\n", sealed ? "The keys are under the new passphrase."
                                  : "The keys are under no passphrase now.");
        }
    }
    vl_ask_wipe(&now);
    vl_ask_wipe(&new_one);
    return status;
}
