/* SPDX-License-Identifier: Apache-2.0 */
/* valise write --each, --list: thousands of letters at once. */
#include <stdio.h>

#include "cli/cmd_write.h"
#include "cli/fail.h"
#include "cli/progress.h"
#include "cli/show.h"
#include "codec/number.h"
#include "office/batch_list.h"

#define SAFE 700

/* Each letter is told on a line of its own, NUMBER then file. */
struct telling {
    const struct vl_batch_list *list;
    struct vl_buf lines; /* said once all of it is true */
    bool has_lines;
    uint64_t bytes;
    struct vl_doc *doc;
};

static void told(void *self, size_t index, const uint8_t number[VL_HASH_LEN], uint64_t size)
{
    struct telling *telling = self;
    char text[VL_NUMBER_TEXT], safe[SAFE];

    telling->bytes += size;
    (void)vl_number_text(VL_LETTER_HRP, number, text);
    if (telling->doc) {
        vl_doc_object(telling->doc, NULL);
        vl_doc_text(telling->doc, "letter", text);
        vl_doc_text(telling->doc, "file", telling->list->items[index].path);
        vl_doc_int(telling->doc, "envelope_bytes", size);
        vl_doc_close(telling->doc);
    } else if (telling->has_lines) {
        char line[SAFE + VL_NUMBER_TEXT + 4];

        (void)snprintf(line, sizeof line, "%s  %s\n", text,
                       vl_show(safe, sizeof safe, telling->list->items[index].path));
        if (vl_buf_put(&telling->lines, vl_bytes_str(line)) != VL_OK)
            telling->has_lines = false; /* the letters matter more */
    }
}

static const char *batch_mend(enum vl_err err)
{
    switch ((int)err) {
    case VL_ERR_NOT_FOUND:
        return "look at the names of the files; the offices that are known:\nvalise card list";
    case VL_ERR_EXISTS:
        return "give a new or an empty folder with -o";
    case VL_ERR_LIMIT:
        return "write what is so large by itself, without --each and --list";
    case VL_ERR_USAGE:
        return "valise help write";
    default:
        return NULL;
    }
}

static int no_letters(struct vl_write_options *o)
{
    struct vl_doc *doc;

    o->none = true;
    if (!o->common.json) {
        if (!o->common.quiet)
            (void)fprintf(stderr, "No letters: there is no file in \"%s\".\n",
                          o->each ? o->each : o->list);
        return 0;
    }
    doc = vl_doc_new("valise.write-batch/1");
    vl_doc_bool(doc, "dry_run", o->dry_run);
    vl_doc_list(doc, "letters");
    vl_doc_close(doc);
    vl_doc_int(doc, "envelope_bytes", 0);
    return vl_print_doc(doc, "there is nothing to write, and this could not be said.");
}

int vl_write_many(const struct vl_command *command, struct vl_write_options *o,
                  struct vl_write_request *request)
{
    VL_AUTO(vl_batch_list_release) struct vl_batch_list list = VL_BATCH_LIST_INIT;
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    struct telling telling = {.list = &list,
                              .lines = VL_BUF_INIT((size_t)1 << 30),
                              .has_lines = !o->common.quiet && !o->common.json};
    bool kept = false;
    struct vl_progress_line line;
    struct vl_why why = {""};
    char size[32];
    int status;
    enum vl_err err;

    if (o->attachments.count > 0 || o->reply_to || o->evidence || o->eml)
        return vl_say_usage(
            command->name,
            "--each and --list take neither --attach, --reply-to, --evidence nor --eml");
    err = o->each ? vl_batch_list_folder(&list, o->each, &why)
                  : vl_batch_list_read(&list, o->list, &why);
    if (err)
        return vl_home_failure("the letters were not written.", err, &why,
                               err == VL_ERR_NOT_FOUND ? "look at the name" : NULL);
    if (list.count == 0)
        return no_letters(o);
    if (o->subject)
        for (size_t i = 0; i < list.count; i++)
            if (!list.items[i].subject)
                list.items[i].subject = o->subject;
    status = vl_home_begin(VL_HOME_WRITE, &home, "the letters were not written.");
    if (status >= 0)
        return status;
    if (o->common.json) {
        telling.doc = vl_doc_new("valise.write-batch/1");
        vl_doc_bool(telling.doc, "dry_run", o->dry_run);
        vl_doc_list(telling.doc, "letters");
    }
    request->progress = vl_progress_start(&line, &o->common, "sealing", "the letters");
    vl_say_when_stopped("the letters were not written.", true);
    err = vl_write_batch(&home, request, list.items, list.count, told, &telling, &kept, &why);
    vl_progress_end(&line);
    if (telling.doc) {
        vl_doc_close(telling.doc);
        vl_doc_int(telling.doc, "envelope_bytes", telling.bytes);
        if (!err)
            return vl_print_doc(telling.doc,
                                "the letters are written, and this could not be said.");
        vl_doc_drop(telling.doc);
    }
    if (err && kept) {
        vl_buf_release(&telling.lines);
        return vl_home_failure("the letters are written, but their files are not there.", err, &why,
                               "see that they are there:\nvalise outbox");
    }
    if (err) {
        vl_buf_release(&telling.lines);
        return vl_home_failure("none of the letters was written.", err, &why, batch_mend(err));
    }
    if (telling.has_lines)
        (void)fwrite(telling.lines.data, 1, telling.lines.len, stdout);
    vl_buf_release(&telling.lines);
    if (!o->common.quiet)
        (void)fprintf(stderr, "%zu %s under one signature, %s%s\n", list.count,
                      list.count == 1 ? "letter" : "letters",
                      vl_size_text(telling.bytes, size, sizeof size),
                      o->dry_run ? " (a dry run: nothing is kept)" : "");
    return 0;
}
