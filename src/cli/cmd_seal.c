/* SPDX-License-Identifier: Apache-2.0 */
/* valise seal, valise unseal: age files. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "office/sealing.h"
#include "sys/outfile.h"
#include "sys/process.h"
#include "view/json.h"

/* More than this many processors wait for the disk and the pipe, and each takes half a megabyte. */
#define WORKERS_MAX 12

#define NAME_MAX_SHOWN 200

/* The thread that reads works too. */
static unsigned workers(void)
{
    unsigned cpus = vl_process_cpus();

    return cpus <= WORKERS_MAX ? cpus - 1 : WORKERS_MAX;
}

static const char *name_of(const char *path, const char *standard)
{
    return path && strcmp(path, "-") != 0 ? path : standard;
}

static bool is_file(const char *path)
{
    return path && strcmp(path, "-") != 0;
}

/* "NAME" was not sealed. */
static void sentence(char *out, size_t size, const char *input, const char *verb)
{
    if (is_file(input))
        (void)snprintf(out, size, "\"%.*s\" was not %s.", NAME_MAX_SHOWN, input, verb);
    else
        (void)snprintf(out, size, "stdin was not %s.", verb);
}

/* Failures of files that both ways know. */
static const char *mend_of_files(enum vl_err err)
{
    switch ((int)err) {
    case VL_ERR_EXISTS:
        return "give another name with -o, or replace it with --force";
    case VL_ERR_NO_SPACE:
        return "make room there, or choose another place with -o";
    case VL_ERR_NOT_FOUND:
        return "look at the name, and whether its folder is there";
    case VL_ERR_NO_MEMORY:
        return "close other programs and try again";
    case VL_ERR_IO:
        return "look at the name, the disk, the cable and the permissions, and try again";
    case VL_ERR_INTERNAL:
        return "this is a fault in valise: please report it (SECURITY.md)";
    default:
        return NULL;
    }
}

/* Failures of keys and passphrases, which are not those of the file; NULL for all others. */
static const char *mend_of_keys(enum vl_err err, enum vl_about about)
{
    if (about != VL_ABOUT_KEYFILE && about != VL_ABOUT_PASSPHRASE)
        return NULL;
    switch ((int)err) {
    case VL_ERR_FORMAT:
    case VL_ERR_LIMIT:
        return "name a file that holds a private key, such as one made by\n"
               "valise keygen -o FILE";
    case VL_ERR_UNVERIFIED:
        return "take the key file from a backup: this one is damaged";
    case VL_ERR_UNSUPPORTED:
        return "use the program that made the key";
    case VL_ERR_NO_KEY:
        return "type the passphrase the key file was made with";
    case VL_ERR_USAGE:
        return "type it on a terminal, or give it with --passphrase-fd N";
    default:
        return NULL;
    }
}

static void note(const struct vl_common *common, const struct vl_sealing_result *result)
{
    char safe[NAME_MAX_SHOWN];

    if (common->quiet || common->json)
        return;
    if (result->exposed_keyfile)
        (void)fprintf(stderr,
                      "valise: others on this machine may read the private key in \"%s\".\n"
                      "  mend:  chmod 600 it\n",
                      vl_show(safe, sizeof safe, result->exposed_keyfile));
    if (result->duplicates > 0)
        (void)fprintf(stderr,
                      "valise: %zu recipient%s named more than once; sealed once to each.\n",
                      result->duplicates, result->duplicates == 1 ? " was" : "s were");
}

static void greet_stdin(const struct vl_common *common, const char *input)
{
    if (!is_file(input) && isatty(STDIN_FILENO) == 1 && !common->quiet)
        (void)fprintf(stderr, "valise: reading from the terminal; end with Ctrl-D.\n");
}

/* The recipients as text, for JSON. */
static enum vl_err recipient_texts(const struct vl_age_recipients *list, struct vl_buf *text,
                                   const char ***texts)
{
    enum vl_err err = VL_OK;
    size_t at = 0;

    *texts = vl_new((list->count + 1) * sizeof **texts);
    for (size_t i = 0; i < list->count && !err; i++) {
        err = vl_age_recipient_write(&list->at[i], text);
        if (!err)
            err = vl_buf_put_byte(text, '\0');
    }
    for (size_t i = 0; *texts && i < list->count && !err; i++) {
        (*texts)[i] = (const char *)text->data + at;
        at += strlen((*texts)[i]) + 1;
    }
    return *texts ? err : VL_ERR_NO_MEMORY;
}

static enum vl_err show_json(const struct vl_view_sealing *view,
                             const struct vl_age_recipients *list)
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(1u << 20);
    VL_AUTO(vl_buf_release) struct vl_buf document = VL_BUF_INIT(1u << 20);
    struct vl_view_sealing whole = *view;
    const char **texts = NULL;
    enum vl_err err = recipient_texts(list, &text, &texts);

    whole.recipients = texts;
    whole.recipient_count = list->count;
    if (!err)
        err = vl_json_sealing(&whole, &document);
    if (!err && fwrite(document.data, 1, document.len, stdout) != document.len)
        err = VL_ERR_IO;
    vl_free(texts);
    return err;
}

/* What stays on the terminal; nothing in a pipe. */
static void show_summary(const struct vl_common *common, const struct vl_view_sealing *view)
{
    char in[24], out[24], input[NAME_MAX_SHOWN], output[NAME_MAX_SHOWN];

    if (common->quiet || (isatty(STDERR_FILENO) != 1 && !view->dry_run))
        return;
    (void)vl_size_text(view->input_bytes, in, sizeof in);
    (void)vl_size_text(view->output_bytes, out, sizeof out);
    (void)vl_show(input, sizeof input, view->input);
    (void)vl_show(output, sizeof output, view->output);
    if (view->dry_run)
        (void)fprintf(stderr, "%s is whole: %s would become %s%s%s.  Nothing was written.\n", input,
                      in, out, is_file(view->output) ? " in " : "",
                      is_file(view->output) ? output : "");
    else if (is_file(view->output))
        (void)fprintf(stderr, "%s %s (%s): %s, %s.\n", view->unsealed ? "Unsealed" : "Sealed",
                      input, in, output, out);
}

static int show(const struct vl_common *common, const struct vl_view_sealing *view,
                const struct vl_sealing_result *result, const char *sentence_of_failure)
{
    enum vl_err err;
    struct vl_why why = {"the result could not be printed"};

    note(common, result);
    if (!common->json) {
        show_summary(common, view);
        return 0;
    }
    err = show_json(view, &result->recipients);
    return err ? vl_say_failure(sentence_of_failure, err, &why, NULL) : 0;
}

static int check_json(const struct vl_command *command, const struct vl_common *common,
                      const struct vl_file_request *file)
{
    if (common->json && !is_file(file->output) && !file->dry_run)
        return vl_say_usage(command->name, "--json needs -o FILE: stdout has the %s bytes",
                            strcmp(command->name, "seal") == 0 ? "sealed" : "unsealed");
    return -1;
}

/* --- seal --------------------------------------------------------------------------------- */

struct seal_options {
    struct vl_seal_request request;
    struct vl_opt_list recipients;
    struct vl_opt_list recipient_files;
    struct vl_opt_list identity_files;
    struct vl_common common;
    struct vl_ask ask;
    bool force;
};

static int check_seal(const struct vl_command *command, const struct seal_options *o)
{
    const struct vl_seal_request *request = &o->request;
    size_t whom = o->recipients.count + o->recipient_files.count + o->identity_files.count;
    const struct vl_file_request *file = &request->file;
    size_t from_stdin = !is_file(file->input);

    for (size_t i = 0; i < o->recipient_files.count; i++)
        from_stdin += !is_file(o->recipient_files.at[i]);
    for (size_t i = 0; i < o->identity_files.count; i++)
        from_stdin += !is_file(o->identity_files.at[i]);
    if (from_stdin > 1)
        return vl_say_usage(command->name, "stdin can be only one of the files");
    if (whom == 0 && !request->by_passphrase)
        return vl_say_usage(command->name, "nobody to seal to: give -r RECIPIENT, -R FILE or -p");
    if (whom > 0 && request->by_passphrase)
        return vl_say_usage(command->name,
                            "a passphrase stands alone: not -p together with recipients");
    if (!file->output && !request->armor && !file->dry_run && isatty(STDOUT_FILENO) == 1)
        return vl_say_usage(command->name, "sealed bytes do not belong on a terminal: "
                                           "give -o FILE, -a, or a pipe");
    return check_json(command, &o->common, file);
}

static const char *mend_of_seal(enum vl_err err, enum vl_about about)
{
    const char *mend = mend_of_keys(err, about);

    if (mend)
        return mend;
    switch ((int)err) {
    case VL_ERR_FORMAT:
        return "recipients begin with age1; the far side prints its own with\n"
               "valise keygen -y KEYFILE";
    case VL_ERR_UNSUPPORTED:
    case VL_ERR_REFUSED:
        return "ask them for a recipient that begins with age1 and has 62 characters";
    case VL_ERR_LIMIT:
        return "seal it more than once, to fewer";
    case VL_ERR_USAGE:
        return "give what begins with age1; that key is no secret any more: make another\n"
               "valise keygen -o FILE";
    default:
        return mend_of_files(err);
    }
}

static int seal(const struct vl_command *command, struct seal_options *o, const char *input)
{
    struct vl_sealing_result result = VL_SEALING_RESULT_INIT;
    struct vl_progress_line line;
    struct vl_why why = {""};
    char what[NAME_MAX_SHOWN + 32];
    enum vl_err err;
    int status;

    o->request.file.input = input;
    o->request.file.out_flags = o->force ? VL_OUT_REPLACE : 0;
    status = vl_ask_check(&o->ask, command->name);
    if (status < 0)
        status = check_seal(command, o);
    if (status >= 0)
        return status;
    o->request.recipients = o->recipients.at;
    o->request.recipient_count = o->recipients.count;
    o->request.recipient_files = o->recipient_files.at;
    o->request.recipient_file_count = o->recipient_files.count;
    o->request.identity_files = o->identity_files.at;
    o->request.identity_file_count = o->identity_files.count;
    o->request.file.workers = workers();
    o->request.file.asker = vl_ask_asker(&o->ask);
    o->request.file.progress = vl_progress_start(&line, &o->common, "sealing", input);
    o->request.rng = vl_rng_system();
    sentence(what, sizeof what, input, "sealed");
    vl_say_when_stopped(what, is_file(o->request.file.output));
    greet_stdin(&o->common, input);
    err = vl_seal_file(&o->request, &result, &why);
    vl_progress_end(&line);
    if (err) {
        status = vl_say_failure(what, err, &why, mend_of_seal(err, result.about));
    } else {
        const struct vl_view_sealing view = {
            .dry_run = o->request.file.dry_run,
            .input = name_of(input, "-"),
            .output = name_of(o->request.file.output, "-"),
            .input_bytes = result.input_bytes,
            .output_bytes = result.output_bytes,
            .by_passphrase = result.by_passphrase,
            .armor = o->request.armor,
        };

        status = show(&o->common, &view, &result, what);
    }
    vl_sealing_result_release(&result);
    return status;
}

int vl_cmd_seal(const struct vl_command *command, int argc, char **argv)
{
    struct seal_options o = {.ask = VL_ASK_INIT};
    const struct vl_opt options[] = {
        {VL_OPT_LIST, 'r', "recipient", "RECIPIENT", &o.recipients, "seal to this age1..."},
        {VL_OPT_LIST, 'R', "recipients-file", "FILE", &o.recipient_files,
         "seal to everyone in a file"},
        {VL_OPT_LIST, 'i', "identity", "KEYFILE", &o.identity_files,
         "seal to the owner of a key file"},
        {VL_OPT_FLAG, 'p', "passphrase", NULL, &o.request.by_passphrase,
         "seal with a passphrase instead"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &o.ask.fd, "read it from an open file descriptor"},
        {VL_OPT_FLAG, 'a', "armor", NULL, &o.request.armor, "write text, for mail and paper"},
        {VL_OPT_TEXT, 'o', "output", "FILE", &o.request.file.output,
         "write there, whole or not at all"},
        {VL_OPT_FLAG, 'f', "force", NULL, &o.force, "replace FILE if it is there"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &o.request.file.dry_run, "do it and write nothing"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    if (status < 0 && argc - rest > 1)
        status =
            vl_say_usage(command->name, "one file at a time, not \"%s\" as well", argv[rest + 1]);
    if (status < 0)
        status = seal(command, &o, rest < argc ? argv[rest] : NULL);
    vl_opt_list_release(&o.recipients);
    vl_opt_list_release(&o.recipient_files);
    vl_opt_list_release(&o.identity_files);
    vl_ask_wipe(&o.ask);
    return status;
}

/* --- unseal ------------------------------------------------------------------------------- */

struct unseal_options {
    struct vl_unseal_request request;
    struct vl_opt_list identity_files;
    struct vl_common common;
    struct vl_ask ask;
    bool force;
};

static const char *mend_of_unseal(enum vl_err err, enum vl_about about,
                                  const struct unseal_options *o)
{
    const char *mend = mend_of_keys(err, about);

    if (mend)
        return mend;
    switch ((int)err) {
    case VL_ERR_FORMAT:
    case VL_ERR_LIMIT:
        return "it is no age file or was damaged on its way: ask for another copy";
    case VL_ERR_UNVERIFIED:
        return "use nothing of it, and ask the sender for another copy";
    case VL_ERR_UNSUPPORTED:
        return "open it with the program that made the key";
    case VL_ERR_NO_KEY:
        return o->identity_files.count > 0
                   ? "try another key or passphrase, or ask who it was sealed to"
                   : "name the file that holds your private key, or type the right passphrase\n"
                     "valise unseal -i KEYFILE -o OUTPUT FILE";
    case VL_ERR_USAGE:
        return "give a file to write to\nvalise unseal -o OUTPUT FILE";
    default:
        return mend_of_files(err);
    }
}

static int check_unseal(const struct vl_command *command, const struct unseal_options *o)
{
    const struct vl_file_request *file = &o->request.file;
    size_t from_stdin = !is_file(file->input);

    for (size_t i = 0; i < o->identity_files.count; i++)
        from_stdin += !is_file(o->identity_files.at[i]);
    if (from_stdin > 1)
        return vl_say_usage(command->name, "stdin can be only one of the files");
    /* It would be asked for in the middle of the file. */
    if (o->ask.fd == STDIN_FILENO && !is_file(file->input))
        return vl_say_usage(command->name, "stdin cannot be both the file and the passphrase");
    return check_json(command, &o->common, file);
}

static int unseal(const struct vl_command *command, struct unseal_options *o, const char *input)
{
    struct vl_sealing_result result = VL_SEALING_RESULT_INIT;
    struct vl_progress_line line;
    struct vl_why why = {""};
    char what[NAME_MAX_SHOWN + 32];
    enum vl_err err;
    int status;

    o->request.file.input = input;
    o->request.file.out_flags = o->force ? VL_OUT_REPLACE : 0;
    status = vl_ask_check(&o->ask, command->name);
    if (status < 0)
        status = check_unseal(command, o);
    if (status >= 0)
        return status;
    o->request.identity_files = o->identity_files.at;
    o->request.identity_file_count = o->identity_files.count;
    o->request.text_only =
        !o->request.file.output && !o->request.file.dry_run && isatty(STDOUT_FILENO) == 1;
    o->request.file.workers = workers();
    o->request.file.asker = vl_ask_asker(&o->ask);
    o->request.file.progress = vl_progress_start(&line, &o->common, "unsealing", input);
    sentence(what, sizeof what, input, "unsealed");
    vl_say_when_stopped(what, is_file(o->request.file.output));
    greet_stdin(&o->common, input);
    err = vl_unseal_file(&o->request, &result, &why);
    vl_progress_end(&line);
    if (err) {
        status = vl_say_failure(what, err, &why, mend_of_unseal(err, result.about, o));
        if (result.output_bytes > 0 && !is_file(o->request.file.output) && !o->common.json)
            (void)fprintf(stderr, "         what came out on stdout is not whole: throw it away\n");
    } else {
        const struct vl_view_sealing view = {
            .unsealed = true,
            .dry_run = o->request.file.dry_run,
            .input = name_of(input, "-"),
            .output = name_of(o->request.file.output, "-"),
            .input_bytes = result.input_bytes,
            .output_bytes = result.output_bytes,
            .by_passphrase = result.by_passphrase,
        };

        status = show(&o->common, &view, &result, what);
    }
    vl_sealing_result_release(&result);
    return status;
}

int vl_cmd_unseal(const struct vl_command *command, int argc, char **argv)
{
    struct unseal_options o = {.ask = VL_ASK_INIT};
    const struct vl_opt options[] = {
        {VL_OPT_LIST, 'i', "identity", "KEYFILE", &o.identity_files,
         "open with the keys in a file"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &o.ask.fd,
         "read the passphrase from an open file descriptor"},
        {VL_OPT_TEXT, 'o', "output", "FILE", &o.request.file.output,
         "write there, whole or not at all"},
        {VL_OPT_FLAG, 'f', "force", NULL, &o.force, "replace FILE if it is there"},
        {VL_OPT_FLAG, 'n', "dry-run", NULL, &o.request.file.dry_run,
         "check all of it and write nothing"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    if (status < 0 && argc - rest > 1)
        status =
            vl_say_usage(command->name, "one file at a time, not \"%s\" as well", argv[rest + 1]);
    if (status < 0)
        status = unseal(command, &o, rest < argc ? argv[rest] : NULL);
    vl_opt_list_release(&o.identity_files);
    vl_ask_wipe(&o.ask);
    return status;
}
