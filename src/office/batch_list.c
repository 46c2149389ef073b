/* SPDX-License-Identifier: Apache-2.0 */
#include "office/batch_list.h"

#include <string.h>

#include "base/alloc.h"
#include "sys/folder.h"
#include "sys/infile.h"

void vl_batch_list_release(struct vl_batch_list *list)
{
    for (size_t i = 0; i < list->count && list->paths; i++)
        vl_free(list->paths[i]);
    vl_free(list->paths);
    vl_free(list->items);
    vl_free(list->offices);
    vl_buf_release(&list->text);
    *list = (struct vl_batch_list)VL_BATCH_LIST_INIT;
}

static enum vl_err add(struct vl_batch_list *list, const struct vl_batch_item *item)
{
    if (list->count == list->cap) {
        const size_t cap = list->cap ? 2 * list->cap : 64;
        void *block = list->items;
        enum vl_err err = vl_grow(&block, list->cap * sizeof *item, cap * sizeof *item);

        if (err)
            return err;
        list->items = block;
        list->cap = cap;
    }
    list->items[list->count++] = *item;
    return VL_OK;
}

struct folder {
    struct vl_batch_list *list;
    const char *path;
    size_t cap; /* of list->paths */
};

/* Beside the item that was just added. */
static enum vl_err keep_path(struct folder *folder, char *path)
{
    struct vl_batch_list *list = folder->list;

    if (list->count > folder->cap) {
        const size_t cap = list->cap;
        void *block = list->paths;
        enum vl_err err = vl_grow(&block, folder->cap * sizeof(char *), cap * sizeof(char *));

        if (err) {
            list->count--;
            vl_free(path);
            return err;
        }
        list->paths = block;
        folder->cap = cap;
    }
    list->paths[list->count - 1] = path;
    return VL_OK;
}

static enum vl_err add_file(void *self, const struct vl_folder_entry *entry, struct vl_why *why)
{
    struct folder *folder = self;
    struct vl_batch_item item = {0};
    char *path;
    enum vl_err err;

    if (!entry->is_file)
        return VL_OK;
    path = vl_path_join(folder->path, entry->name);
    item.path = path;
    err = path ? add(folder->list, &item) : VL_ERR_NO_MEMORY;
    if (!err)
        err = keep_path(folder, path);
    else
        vl_free(path);
    return err ? vl_fail(why, err, "no memory for the list") : VL_OK;
}

enum vl_err vl_batch_list_folder(struct vl_batch_list *list, const char *folder, struct vl_why *why)
{
    struct folder walk = {list, folder, 0};

    return vl_folder_list(folder, add_file, &walk, why);
}

/* Split the offices of one line at commas, in place. */
static void split_offices(struct vl_batch_list *list, char *text, struct vl_batch_item *item)
{
    if (strcmp(text, "-") == 0)
        return;
    item->offices = &list->offices[list->office_count];
    for (;;) {
        char *comma = strchr(text, ',');

        list->offices[list->office_count++] = text;
        item->office_count++;
        if (!comma)
            return;
        *comma = '\0';
        text = comma + 1;
    }
}

static enum vl_err read_line(struct vl_batch_list *list, char *line, size_t number,
                             struct vl_why *why)
{
    struct vl_batch_item item = {0};
    char *path, *subject;
    const size_t len = strlen(line);

    if (len > 0 && line[len - 1] == '\r')
        line[len - 1] = '\0';
    if (line[0] == '\0' || line[0] == '#')
        return VL_OK;
    path = strchr(line, '\t');
    if (!path || path[1] == '\0' || path[1] == '\t' || path == line)
        return vl_fail(why, VL_ERR_FORMAT, "line %zu is not OFFICES, a tab and FILE", number);
    *path++ = '\0';
    subject = strchr(path, '\t');
    if (subject)
        *subject++ = '\0';
    item.path = path;
    item.subject = subject && subject[0] ? subject : NULL;
    split_offices(list, line, &item);
    return add(list, &item) ? vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the list") : VL_OK;
}

enum vl_err vl_batch_list_parse(struct vl_batch_list *list, struct vl_why *why)
{
    size_t lines = 1, offices = 1, number = 1;
    enum vl_err err = vl_buf_put_byte(&list->text, '\0');
    char *line;

    if (err)
        return vl_fail(why, err, "%s", vl_err_words(err));
    if (memchr(list->text.data, '\0', list->text.len - 1))
        return vl_fail(why, VL_ERR_FORMAT, "it is not text");
    for (size_t i = 0; i < list->text.len; i++) {
        lines += list->text.data[i] == '\n';
        offices += list->text.data[i] == ',';
    }
    list->offices = vl_new((lines + offices) * sizeof *list->offices);
    if (!list->offices)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the list");
    line = (char *)list->text.data;
    while (line && !err) {
        char *end = strchr(line, '\n');

        if (end)
            *end++ = '\0';
        err = read_line(list, line, number++, why);
        line = end;
    }
    return err;
}

enum vl_err vl_batch_list_read(struct vl_batch_list *list, const char *path, struct vl_why *why)
{
    enum vl_err err = vl_in_read_all(path, &list->text, why);

    if (!err)
        err = vl_batch_list_parse(list, why);
    return err ? vl_fail_in(why, err, "the list \"%s\"", path) : VL_OK;
}
