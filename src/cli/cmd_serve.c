/* SPDX-License-Identifier: Apache-2.0 */
/* valise record serve, in valise-net. */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "http/serve.h"

#define SAFE           700
#define CONNECTIONS    512
#define PER_ADDRESS    64
#define POSTS_A_SECOND 50
#define PATIENCE_S     30
#define PATIENCE_MAX_S 300
#define POSTS_MAX      100000

#define LISTEN "127.0.0.1:8462"

/* Its own help: the options of `record` are for its other verbs. */
static const struct vl_command serve_command = {
    .name = "record serve",
    .summary = "Serve a public record: SCRAPI, tiles and pages",
    .synopsis = "[OPTION]... DIR",
    .examples = "valise record serve /srv/record\n"
                "valise record serve --listen unix:/run/valise/record.sock /srv/record\n",
    .more = "It answers on this machine alone, unless it is told otherwise; SIGTERM ends it.\n"
            "For the public, put nginx before it: packaging/nginx/valise-record.\n\n"
            "Exit status: 0 done, 1 failed, 2 used wrongly, 4 not found, 5 another writes to it,\n"
            "6 damaged, 7 refused, 8 not supported, 12 no key.",
    .run = vl_cmd_record_serve,
};

static const char what[] = "the record was not served.";

struct serving {
    struct vl_common common;
    const char *path;
};

static void say_begun(void *self, const struct vl_listener *listener, vl_bytes origin)
{
    const struct serving *serving = self;
    char safe[SAFE];

    if (serving->common.json) {
        struct vl_doc *doc = vl_doc_new("valise.record-serve/1");

        vl_doc_text(doc, "record", serving->path);
        vl_doc_bytes(doc, "origin", origin);
        vl_doc_text(doc, "at", listener->text);
        vl_doc_bool(doc, "public", listener->is_public);
        (void)vl_print_doc(doc, what);
    } else if (!serving->common.quiet) {
        printf("%s\n", vl_show(safe, sizeof safe, listener->text));
    }
    (void)fflush(stdout);
    if (listener->is_public)
        (void)fprintf(
            stderr, "valise: others than this machine reach this address.\n"
                    "  Put a web server before it, which has TLS and has seen more attacks:\n"
                    "  --listen unix:/run/valise/record.sock, and packaging/nginx/valise-record\n");
}

static void say_trouble(void *self, enum vl_err err, const struct vl_why *why)
{
    (void)self;
    if (err)
        (void)vl_say_failure("what was sent was not entered.", err, why,
                             "whoever sent it was told to send it again; look at the disk");
    else
        (void)fprintf(stderr, "valise: what is sent is entered again.\n");
}

static const char *serve_mend(enum vl_err err)
{
    switch ((int)err) {
    case VL_ERR_NOT_FOUND:
        return "make one:\nvalise record init";
    case VL_ERR_BUSY:
    case VL_ERR_LOCKED:
        return "another process writes to it: stop that one first";
    case VL_ERR_EXISTS:
        return "choose another address with --listen, or stop what is there";
    case VL_ERR_USAGE:
        return "valise record serve --help";
    default:
        return "look at the record:\nvalise record check";
    }
}

static bool is_number(int value, int least, int most)
{
    return value >= least && value <= most;
}

int vl_cmd_record_serve(const struct vl_command *command, int argc, char **argv)
{
    struct serving serving = {.path = NULL};
    struct vl_serve_request request = {.listen = NULL, .begun = say_begun, .trouble = say_trouble};
    int connections = -1, per_address = -1, posts = -1, patience = -1;
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 'l', "listen", "WHERE", &request.listen,
         "PORT, ADDRESS:PORT or unix:PATH (127.0.0.1:8462)"},
        {VL_OPT_NUMBER, 0, "connections", "N", &connections, "at most so many at once (512)"},
        {VL_OPT_NUMBER, 0, "per-address", "N", &per_address,
         "of them from one address (64); 0: all"},
        {VL_OPT_NUMBER, 0, "posts", "N", &posts,
         "posts a second from one address (50); 0: no limit"},
        {VL_OPT_NUMBER, 0, "patience", "SECONDS", &patience,
         "a request is whole by then, or its connection ends (30)"},
        {VL_OPT_FLAG, 0, "from-anybody", NULL, &request.takes_from_anybody,
         "take whoever brings evidence for its signer"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_why why = {""};
    int rest = 0;
    int status;
    enum vl_err err;

    (void)command;
    status = vl_opt_parse(&serve_command, options, &serving.common, argc, argv, &rest);
    if (status < 0 && argc - rest != 1)
        status = vl_say_usage("record", "one record, by its folder");
    connections = connections < 0 ? CONNECTIONS : connections;
    per_address = per_address < 0 ? PER_ADDRESS : per_address;
    posts = posts < 0 ? POSTS_A_SECOND : posts;
    patience = patience < 0 ? PATIENCE_S : patience;
    if (status < 0 && (!is_number(connections, 1, VL_HTTP_MAX_CONNECTIONS) ||
                       !is_number(per_address, 0, VL_HTTP_MAX_CONNECTIONS) ||
                       !is_number(posts, 0, POSTS_MAX) || !is_number(patience, 1, PATIENCE_MAX_S)))
        status = vl_say_usage("record", "1 to %d connections, 0 to %d posts, 1 to %d seconds",
                              VL_HTTP_MAX_CONNECTIONS, POSTS_MAX, PATIENCE_MAX_S);
    if (status >= 0)
        return status;
    if (!request.listen)
        request.listen = LISTEN;
    serving.path = argv[rest];
    request.path = argv[rest];
    request.connections = (unsigned)connections;
    request.per_address = (unsigned)per_address;
    request.patience_s = (unsigned)patience;
    request.posts_a_second = (unsigned)posts;
    request.workers = vl_cli_workers();
    request.self = &serving;
    err = vl_serve(&request, &why);
    return err ? vl_say_failure(what, err, &why, serve_mend(err)) : 0;
}
