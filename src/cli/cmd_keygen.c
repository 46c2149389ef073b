/* SPDX-License-Identifier: Apache-2.0 */
/* valise keygen: a private key in age's own form, and whom to seal to for the owner of one. */
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include "base/alloc.h"
#include "cli/ask.h"
#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "office/keys.h"
#include "sys/clock.h"
#include "sys/outfile.h"
#include "view/json.h"

/* "age1..." is 62 characters. */
#define RECIPIENT_ROOM 80

struct options {
    struct vl_keygen_request request;
    struct vl_common common;
    struct vl_ask ask;
    bool show;
    bool office;
    bool force;
};

static const char *mend_of(enum vl_err err)
{
    switch ((int)err) {
    case VL_ERR_EXISTS:
        return "give another name with -o; a key that is replaced is lost for ever (--force)";
    case VL_ERR_NOT_FOUND:
        return "look at the name, and whether its folder is there";
    case VL_ERR_NO_SPACE:
        return "make room there, or choose another place with -o";
    case VL_ERR_NO_KEY:
        return "type the passphrase the key file was made with";
    case VL_ERR_FORMAT:
    case VL_ERR_UNVERIFIED:
        return "name a file that holds a private key, such as one made by\nvalise keygen -o FILE";
    case VL_ERR_USAGE:
        return "type it on a terminal, or give it with --passphrase-fd N\nvalise help keygen";
    default:
        return "look at the name, the disk and the permissions, and try again";
    }
}

static enum vl_err recipient_text(const struct vl_age_recipient *recipient,
                                  char out[RECIPIENT_ROOM])
{
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(RECIPIENT_ROOM - 1);
    enum vl_err err = vl_age_recipient_write(recipient, &text);

    if (err)
        return err;
    memcpy(out, text.data, text.len);
    out[text.len] = '\0';
    return VL_OK;
}

static int print_document(enum vl_err err, const struct vl_buf *document, const char *what)
{
    const struct vl_why why = {"the result could not be printed"};

    if (!err && fwrite(document->data, 1, document->len, stdout) != document->len)
        err = VL_ERR_IO;
    return err ? vl_say_failure(what, err, &why, NULL) : 0;
}

/* -y: the recipients of a key file, a line each. */
static int show_recipients(struct options *o, const char *path)
{
    static const char what[] = "no recipient was shown.";
    VL_AUTO(vl_age_identities_release) struct vl_age_identities keys = VL_AGE_IDENTITIES_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf document = VL_BUF_INIT((size_t)64 << 20);
    const struct vl_asker asker = vl_ask_asker(&o->ask);
    char(*texts)[RECIPIENT_ROOM] = NULL;
    const char **list = NULL;
    struct vl_why why = {""};
    bool exposed = false;
    enum vl_err err = vl_keys_read_identities(path ? path : "-", &asker, &keys, &exposed, &why);
    int status;

    if (!err) {
        texts = vl_new(keys.count * sizeof *texts);
        list = vl_new(keys.count * sizeof *list);
        err = texts && list ? VL_OK : VL_ERR_NO_MEMORY;
    }
    for (size_t i = 0; i < keys.count && !err; i++) {
        err = recipient_text(&keys.at[i].recipient, texts[i]);
        list[i] = texts[i];
    }
    if (err) {
        status = vl_say_failure(what, err, &why, mend_of(err));
    } else if (o->common.json) {
        status = print_document(vl_json_recipients(list, keys.count, &document), &document, what);
    } else {
        for (size_t i = 0; i < keys.count; i++)
            printf("%s\n", list[i]);
        status = 0;
    }
    vl_free(list);
    vl_free(texts);
    return status;
}

static int make(const struct vl_command *command, struct options *o)
{
    const char *what = o->office ? "no key was written." : "no key was made.";
    VL_AUTO(vl_buf_release) struct vl_buf document = VL_BUF_INIT(65536);
    const char *output = o->request.output;
    bool to_file = output && strcmp(output, "-") != 0;
    struct vl_age_recipient recipient;
    struct vl_why why = {""};
    char text[RECIPIENT_ROOM];
    struct vl_view_key view = {output, text, o->request.by_passphrase};
    enum vl_err err;

    if (o->common.json && !to_file)
        return vl_say_usage(command->name, "--json needs -o FILE: stdout has the key");
    o->request.out_flags = o->force ? VL_OUT_REPLACE : 0;
    o->request.now = vl_clock_seconds();
    o->request.asker = vl_ask_asker(&o->ask);
    o->request.rng = vl_rng_system();
    vl_say_when_stopped(what, to_file);
    err = vl_keygen(&o->request, &recipient, &why);
    if (!err)
        err = recipient_text(&recipient, text);
    if (err)
        return vl_say_failure(what, err, &why, mend_of(err));
    if (o->common.json)
        return print_document(vl_json_key(&view, &document), &document, what);
    /* The key itself goes to stdout when there is no file; its recipient is the answer otherwise.
     */
    if (to_file)
        printf("%s\n", text);
    else if (!o->common.quiet && isatty(STDOUT_FILENO) != 1)
        (void)fprintf(stderr, "Public key: %s\n", text);
    return 0;
}

/* --office: what letters to this office are sealed to, for whoever has age alone. */
static int give_office(const struct vl_command *command, struct options *o)
{
    static const char what[] = "the keys of the office were not written.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct vl_why why = {""};
    int status = vl_home_begin(VL_HOME_READ, &home, what);
    enum vl_err err;

    if (status < 0) {
        const struct vl_asker asker = vl_ask_asker(&o->ask);

        err = vl_home_unlock(&home, &asker, &why);
        if (err)
            return vl_home_failure(what, err, &why, NULL);
        o->request.keys = &home.secrets.sealing;
        status = make(command, o);
        o->request.keys = NULL;
    }
    return status;
}

int vl_cmd_keygen(const struct vl_command *command, int argc, char **argv)
{
    struct options o = {.ask = VL_ASK_INIT};
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 'o', "output", "FILE", &o.request.output, "write the key there, mode 0600"},
        {VL_OPT_FLAG, 'p', "passphrase", NULL, &o.request.by_passphrase,
         "seal the key file with a passphrase"},
        {VL_OPT_NUMBER, 0, "passphrase-fd", "N", &o.ask.fd, "read it from an open file descriptor"},
        {VL_OPT_FLAG, 'f', "force", NULL, &o.force, "replace FILE if it is there"},
        {VL_OPT_FLAG, 'y', "recipient", NULL, &o.show, "show whom to seal to for a key file"},
        {VL_OPT_FLAG, 0, "office", NULL, &o.office, "the keys that open letters to this office"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    int rest = 0;
    int status = vl_opt_parse(command, options, &o.common, argc, argv, &rest);

    if (status < 0 && argc - rest > (o.show ? 1 : 0))
        status = vl_say_usage(command->name, "\"%s\" is one word too many", argv[argc - 1]);
    if (status < 0)
        status = vl_ask_check(&o.ask, command->name);
    if (status < 0 && o.office && o.show)
        status = vl_say_usage(command->name, "--office and -y exclude each other");
    if (status < 0 && o.office)
        status = give_office(command, &o);
    else if (status < 0)
        status = o.show ? show_recipients(&o, rest < argc ? argv[rest] : NULL) : make(command, &o);
    vl_ask_wipe(&o.ask);
    return status;
}
