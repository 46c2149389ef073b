/* SPDX-License-Identifier: Apache-2.0 */
/* valise cbor show: any CBOR, one item or a sequence, in diagnostic notation. */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "codec/cbor_show.h"
#include "sys/infile.h"

#define FILE_MAX   ((size_t)64 << 20)
#define SHOWN_MAX  ((size_t)16 << 20) /* of one item */
#define PATH_SHOWN 300

static void doc_item(struct vl_doc *doc, size_t at, size_t len, vl_bytes shown)
{
    vl_doc_object(doc, NULL);
    vl_doc_int(doc, "at_byte", at);
    vl_doc_int(doc, "size_bytes", len);
    vl_doc_bytes(doc, "diagnostic", shown);
    vl_doc_close(doc);
}

/* Every item of the sequence; stops at the first that is not well-formed. */
static enum vl_err show_all(vl_bytes wire, struct vl_doc *doc, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf shown = VL_BUF_INIT(SHOWN_MAX);
    enum vl_err err = VL_OK;
    size_t len = 0;

    for (size_t at = 0; !err && at < wire.len; at += len) {
        struct vl_why inside = {""};

        shown.len = 0;
        err = vl_cbor_show(vl_bytes_after(wire, at), &shown, &len, &inside);
        if (err)
            return vl_fail(why, err, "the item that begins at byte %zu: %s", at, inside.text);
        if (doc)
            doc_item(doc, at, len, vl_buf_bytes(&shown));
        else if (fwrite(shown.data, 1, shown.len, stdout) != shown.len || putchar('\n') == EOF)
            return vl_fail(why, VL_ERR_IO, "stdout does not take it");
    }
    return err;
}

static int fail(const char *path, enum vl_err err, const struct vl_why *why)
{
    char what[PATH_SHOWN + 60];

    (void)snprintf(what, sizeof what, "\"%.*s\" was not shown to its end.", PATH_SHOWN, path);
    return vl_say_failure(what, err, why,
                          err == VL_ERR_NOT_FOUND ? "look at the name"
                          : err == VL_ERR_FORMAT  ? "name a file of CBOR (RFC 8949)"
                          : err == VL_ERR_LIMIT   ? "show a part of it"
                                                  : "try again, from a file that can be read");
}

int vl_cmd_cbor(const struct vl_command *command, int argc, char **argv)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(FILE_MAX);
    struct vl_common common = {0};
    const struct vl_opt options[] = {
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    struct vl_doc *doc = NULL;
    struct vl_why why = {""};
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    enum vl_err err;

    if (status >= 0)
        return status;
    if (argc - rest < 1 || strcmp(argv[rest], "show") != 0)
        return vl_say_usage(command->name, "there is only show");
    if (argc - rest != 2)
        return vl_say_usage(command->name, "one file at a time, or - for stdin");
    err = vl_in_read_all(argv[rest + 1], &file, &why);
    if (err)
        return fail(argv[rest + 1], err, &why);
    if (common.json) {
        doc = vl_doc_new("valise.cbor-show/1");
        vl_doc_text(doc, "input", argv[rest + 1]);
        vl_doc_list(doc, "items");
    }
    err = show_all(vl_buf_bytes(&file), doc, &why);
    if (err) {
        vl_doc_drop(doc);
        return fail(argv[rest + 1], err, &why);
    }
    if (!doc)
        return 0;
    vl_doc_close(doc);
    return vl_print_doc(doc, "the items could not be shown.");
}
