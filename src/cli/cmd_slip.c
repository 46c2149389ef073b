/* SPDX-License-Identifier: Apache-2.0 */
/* valise slip: a hand-over on paper. */
#include <stdio.h>
#include <string.h>

#include "cli/cmd.h"
#include "cli/fail.h"
#include "cli/home.h"
#include "cli/show.h"
#include "cli/slip.h"
#include "codec/number.h"
#include "office/acts.h"
#include "sys/outfile.h"

#define SAFE 700

/* The last hand-over that this office signed over a letter. */
struct last {
    const struct vl_home *home;
    bool found;
    uint8_t id[VL_HASH_LEN];
};

static enum vl_err see_object(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct last *last = self;

    (void)why;
    if (strcmp(row->kind, vl_kind_word(VL_KIND_TRANSFERRED)) != 0 ||
        memcmp(row->issuer, last->home->own.at, VL_HASH_LEN) != 0)
        return VL_OK;
    last->found = true;
    memcpy(last->id, row->id, VL_HASH_LEN);
    return VL_OK;
}

static enum vl_err of_letter(struct vl_home *home, const char *text, struct vl_object *handover,
                             struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct last last = {.home = home};
    enum vl_err err = vl_home_find_letter(home, text, 8, &row, why);

    if (!err)
        err = vl_store_objects(home->store, row.number, see_object, &last, why);
    if (!err && !last.found)
        err = vl_fail(why, VL_ERR_NOT_FOUND, "\"%s\" was not handed over by this office", text);
    if (!err)
        err = vl_store_object(home->store, last.id, &bytes, why);
    return err ? err : vl_object_parse(vl_buf_bytes(&bytes), handover, why);
}

/* A hand-over by its own number, else the last one of a letter. */
static enum vl_err find(struct vl_home *home, const char *text, struct vl_object *handover,
                        struct vl_why *why)
{
    struct vl_why ignored = {""};
    enum vl_err err = vl_acts_find(home->store, text, handover, &ignored);

    if (err == VL_ERR_NOT_FOUND || err == VL_ERR_USAGE)
        return of_letter(home, text, handover, why);
    if (err)
        return vl_fail(why, err, "%s", ignored.text);
    if (handover->kind != VL_KIND_TRANSFERRED)
        return vl_fail(why, VL_ERR_REFUSED, "\"%s\" is no hand-over", text);
    return VL_OK;
}

int vl_cmd_slip(const struct vl_command *command, int argc, char **argv)
{
    static const char what[] = "no slip was written.";
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_object_release) struct vl_object handover = VL_OBJECT_INIT;
    struct vl_common common = {0};
    const char *output = NULL;
    bool force = false;
    const struct vl_opt options[] = {
        {VL_OPT_TEXT, 'o', "output", "FILE", &output, "write it there, and not to stdout"},
        {VL_OPT_FLAG, 'f', "force", NULL, &force, "replace FILE if it is there"},
        {VL_OPT_END, 0, NULL, NULL, NULL, NULL},
    };
    char number[VL_NUMBER_TEXT], safe[SAFE];
    struct vl_why why = {""};
    int rest = 0;
    int status = vl_opt_parse(command, options, &common, argc, argv, &rest);
    bool to_file;
    enum vl_err err;

    if (!output)
        output = "-";
    to_file = strcmp(output, "-") != 0;
    if (status < 0 && argc - rest != 1)
        status = vl_say_usage(command->name, "one hand-over, or one letter, by its number");
    if (status < 0 && common.json && !to_file)
        status = vl_say_usage(command->name, "--json needs -o FILE: stdout has the slip");
    if (status < 0)
        status = vl_home_begin(VL_HOME_READ, &home, what);
    if (status >= 0)
        return status;
    err = find(&home, argv[rest], &handover, &why);
    if (!err)
        err = vl_slip_to(&home, &handover, output, force ? VL_OUT_REPLACE : 0, &why);
    if (err)
        return vl_home_failure(what, err, &why, err == VL_ERR_NOT_FOUND ? "valise outbox" : NULL);
    if (common.json) {
        struct vl_doc *doc = vl_doc_new("valise.slip/1");

        vl_doc_text(doc, "handover", vl_number_text(VL_ACT_HRP, handover.id, number));
        vl_doc_text(doc, "output", output);
        return vl_print_doc(doc, "the slip is written, and this could not be said.");
    }
    if (to_file && !common.quiet)
        printf("%s  to be printed, and signed by whoever carries it\n",
               vl_show(safe, sizeof safe, output));
    return 0;
}
