/* SPDX-License-Identifier: Apache-2.0 */
#include "office/parts.h"

#include <stdio.h>
#include <string.h>
#include <strings.h>

#include "base/alloc.h"
#include "base/name.h"
#include "base/text.h"
#include "letter/pax.h"
#include "sys/folder.h"
#include "sys/infile.h"

/* The types that matter to whoever unpacks a letter; anything else says nothing. */
static const struct {
    const char *end;
    const char *type;
} types[] = {
    {".txt", "text/plain; charset=utf-8"},
    {".md", "text/markdown; charset=utf-8"},
    {".csv", "text/csv; charset=utf-8"},
    {".html", "text/html; charset=utf-8"},
    {".json", "application/json"},
    {".pdf", "application/pdf"},
    {".png", "image/png"},
    {".jpg", "image/jpeg"},
    {".jpeg", "image/jpeg"},
    {".mp3", "audio/mpeg"},
    {".mp4", "video/mp4"},
    {".tar", "application/x-tar"},
    {".zip", "application/zip"},
    {".eml", "message/rfc822"},
};

static const char *type_of(const char *name)
{
    const size_t len = strlen(name);

    for (size_t i = 0; i < sizeof types / sizeof *types; i++) {
        const size_t end = strlen(types[i].end);

        if (len > end && strcasecmp(name + len - end, types[i].end) == 0)
            return types[i].type;
    }
    return NULL;
}

static char *copy(vl_bytes text)
{
    char *to = vl_new(text.len + 1);

    if (to && text.len > 0)
        memcpy(to, text.ptr, text.len);
    return to;
}

static void release_source(struct vl_part_source *source)
{
    for (size_t i = 0; i < source->file_count; i++) {
        vl_free(source->files[i].path);
        vl_free(source->files[i].name);
    }
    vl_free(source->files);
    vl_free(source->path);
    vl_free(source->name);
    *source = (struct vl_part_source){0};
}

void vl_part_list_release(struct vl_part_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        release_source(&list->at[i]);
    list->count = 0;
}

static enum vl_err is_taken(const struct vl_part_list *list, vl_bytes name, bool *taken)
{
    VL_AUTO(vl_buf_release) struct vl_buf folded = VL_BUF_INIT(4096);
    enum vl_err err = vl_part_name_fold(name, &folded);

    *taken = false;
    for (size_t i = 0; i < list->count && !err && !*taken; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(4096);

        err = vl_part_name_fold(vl_bytes_str(list->at[i].name), &other);
        *taken = !err && vl_bytes_eq(vl_buf_bytes(&folded), vl_buf_bytes(&other));
    }
    return err;
}

/* "report.pdf", then "report-2.pdf": before the last dot, which is not the first byte. */
static enum vl_err numbered(vl_bytes name, unsigned number, struct vl_buf *out)
{
    char digits[16];
    size_t dot = name.len;
    enum vl_err err;

    for (size_t i = name.len; i > 1 && dot == name.len; i--)
        if (name.ptr[i - 1] == '.')
            dot = i - 1;
    (void)snprintf(digits, sizeof digits, "-%u", number);
    err = vl_buf_put(out, vl_bytes_first(name, dot));
    if (!err)
        err = vl_buf_put(out, vl_bytes_str(digits));
    return err ? err : vl_buf_put(out, vl_bytes_after(name, dot));
}

/* A name that a part may have and no other part has. */
static enum vl_err choose_name(struct vl_part_list *list, const char *wanted, char **out)
{
    VL_AUTO(vl_buf_release) struct vl_buf clean = VL_BUF_INIT(4096);
    bool taken = false;
    enum vl_err err = vl_part_name_clean(vl_bytes_str(wanted), &clean);
    bool changed = !err && !vl_bytes_eq(vl_buf_bytes(&clean), vl_bytes_str(wanted));

    if (!err)
        err = is_taken(list, vl_buf_bytes(&clean), &taken);
    for (unsigned number = 2; taken && !err; number++) {
        VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(4096);
        VL_AUTO(vl_buf_release) struct vl_buf checked = VL_BUF_INIT(4096);

        changed = true;
        err = numbered(vl_buf_bytes(&clean), number, &other);
        if (!err)
            err = vl_part_name_clean(vl_buf_bytes(&other), &checked);
        if (!err)
            err = is_taken(list, vl_buf_bytes(&checked), &taken);
        if (!err && !taken) {
            clean.len = 0;
            err = vl_buf_put(&clean, vl_buf_bytes(&checked));
        }
    }
    if (err)
        return err;
    list->renamed += changed;
    *out = copy(vl_buf_bytes(&clean));
    return *out ? VL_OK : VL_ERR_NO_MEMORY;
}

static enum vl_err new_source(struct vl_part_list *list, const char *name,
                              struct vl_part_source **out, struct vl_why *why)
{
    enum vl_err err;

    if (list->count == VL_MANIFEST_MAX_PARTS)
        return vl_fail(why, VL_ERR_LIMIT, "a letter has at most %d parts; put them into a folder",
                       VL_MANIFEST_MAX_PARTS);
    *out = &list->at[list->count];
    **out = (struct vl_part_source){0};
    err = choose_name(list, name, &(*out)->name);
    if (err)
        return vl_fail(why, err, "no memory for a name");
    (*out)->type = type_of((*out)->name);
    list->count++; /* from now on it is released with the list */
    return VL_OK;
}

static bool is_plain_text(vl_bytes text)
{
    return text.len == 0 || (vl_text_is_utf8(text) && !memchr(text.ptr, '\0', text.len));
}

enum vl_err vl_parts_add_bytes(struct vl_part_list *list, const char *name, vl_bytes bytes,
                               struct vl_why *why)
{
    struct vl_part_source *source;
    enum vl_err err = new_source(list, name, &source, why);

    if (err)
        return err;
    source->text = bytes;
    source->size = bytes.len;
    if (source->type && strncmp(source->type, "text/", 5) == 0 && !is_plain_text(bytes))
        source->type = NULL;
    return VL_OK;
}

enum vl_err vl_parts_add_text(struct vl_part_list *list, const char *name, vl_bytes text,
                              const char *lang, struct vl_why *why)
{
    struct vl_part_source *source;
    enum vl_err err = vl_parts_add_bytes(list, name, text, why);

    if (err)
        return err;
    source = &list->at[list->count - 1];
    source->lang = lang;
    if (!source->type && is_plain_text(text)) /* whatever it is called: whoever opens is shown it */
        source->type = "text/plain; charset=utf-8";
    return VL_OK;
}

/* A folder being walked, without recursion: what is still to be looked at. */
struct walk {
    struct vl_part_list *list;
    struct vl_part_source *source;
    const char *path; /* of the folder being listed */
    const char *name; /* of it, in the archive */
    size_t cap;
    size_t todo_count;
    size_t todo_cap;
    struct vl_part_file *todo; /* folders; size is their depth */
    uint64_t depth;
};

static enum vl_err grow_files(struct vl_part_file **files, size_t count, size_t *cap)
{
    const size_t more = *cap ? 2 * *cap : 16;
    void *block = *files;
    enum vl_err err;

    if (count < *cap)
        return VL_OK;
    err = vl_grow(&block, *cap * sizeof **files, more * sizeof **files);
    if (err)
        return err;
    *files = block;
    *cap = more;
    return VL_OK;
}

static enum vl_err see(void *self, const struct vl_folder_entry *entry, struct vl_why *why)
{
    struct walk *walk = self;
    VL_AUTO(vl_buf_release) struct vl_buf clean = VL_BUF_INIT(4096);
    struct vl_part_file file = {NULL, NULL, entry->size};
    enum vl_err err;

    if (!entry->is_file && !entry->is_folder) {
        walk->list->left_out++;
        return VL_OK;
    }
    if (walk->source->file_count + walk->todo_count >= VL_PARTS_MAX_FILES)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d files", VL_PARTS_MAX_FILES);
    err = vl_part_name_clean(vl_bytes_str(entry->name), &clean);
    if (!err)
        err = vl_buf_put_byte(&clean, '\0');
    if (!err) {
        walk->list->renamed += strcmp((const char *)clean.data, entry->name) != 0;
        file.path = vl_path_join(walk->path, entry->name);
        file.name = vl_path_join(walk->name, (const char *)clean.data);
        err = file.path && file.name ? VL_OK : VL_ERR_NO_MEMORY;
    }
    if (!err && entry->is_folder) {
        file.size = walk->depth + 1;
        err = file.size > VL_PARTS_MAX_DEPTH
                  ? vl_fail(why, VL_ERR_LIMIT, "folders deeper than %d", VL_PARTS_MAX_DEPTH)
                  : grow_files(&walk->todo, walk->todo_count, &walk->todo_cap);
        if (!err)
            walk->todo[walk->todo_count++] = file;
    } else if (!err) {
        err = grow_files(&walk->source->files, walk->source->file_count, &walk->cap);
        if (!err)
            walk->source->files[walk->source->file_count++] = file;
    }
    if (err) {
        vl_free(file.path);
        vl_free(file.name);
    }
    return err;
}

static enum vl_err walk_folder(struct vl_part_list *list, struct vl_part_source *source,
                               const char *path, const char *name, struct vl_why *why)
{
    struct walk walk = {.list = list, .source = source, .path = path, .name = name};
    enum vl_err err = vl_folder_list(path, see, &walk, why);

    while (walk.todo_count > 0) {
        struct vl_part_file folder = walk.todo[--walk.todo_count];

        walk.path = folder.path;
        walk.name = folder.name;
        walk.depth = folder.size;
        if (!err)
            err = vl_folder_list(folder.path, see, &walk, why);
        vl_free(folder.path);
        vl_free(folder.name);
    }
    vl_free(walk.todo);
    source->size = VL_PAX_END;
    for (size_t i = 0; i < source->file_count; i++) {
        const struct vl_part_file *file = &source->files[i];

        source->size += vl_pax_header_len(vl_bytes_str(file->name), file->size) + file->size +
                        vl_pax_fill(file->size);
    }
    return err;
}

const char *vl_part_name_of(const char *path, char *room, size_t size)
{
    size_t end = strlen(path);
    size_t start;

    while (end > 1 && path[end - 1] == '/')
        end--;
    start = end;
    while (start > 0 && path[start - 1] != '/')
        start--;
    (void)snprintf(room, size, "%.*s", (int)(end - start), path + start);
    return room;
}

enum vl_err vl_parts_add_path(struct vl_part_list *list, const char *path, struct vl_why *why)
{
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    struct vl_part_source *source;
    char name[512], archive[520];
    enum vl_err err;

    (void)vl_part_name_of(path, name, sizeof name);
    if (vl_folder_is_there(path)) {
        if (strcmp(name, ".") == 0 || strcmp(name, "..") == 0 || strcmp(name, "/") == 0)
            (void)snprintf(name, sizeof name, "folder");
        (void)snprintf(archive, sizeof archive, "%s.tar", name);
        err = new_source(list, archive, &source, why);
        if (!err) {
            source->is_folder = true;
            err = walk_folder(list, source, path, name, why);
        }
        return err ? vl_fail_in(why, err, "\"%s\"", path) : VL_OK;
    }
    err = vl_in_open(path, &in, why);
    if (!err && !in.is_regular)
        err = vl_fail(why, VL_ERR_FORMAT, "neither a file nor a folder");
    if (!err)
        err = new_source(list, name, &source, why);
    if (!err) {
        source->size = in.size;
        source->path = copy(vl_bytes_str(path));
        err = source->path ? VL_OK : VL_ERR_NO_MEMORY;
    }
    return err ? vl_fail_in(why, err, "\"%s\"", path) : VL_OK;
}

uint64_t vl_parts_bytes(const struct vl_part_list *list)
{
    uint64_t bytes = 0;

    for (size_t i = 0; i < list->count; i++)
        bytes += list->at[i].size;
    return bytes;
}

void vl_parts_plan(const struct vl_part_list *list, struct vl_letter_part *out)
{
    for (size_t i = 0; i < list->count; i++)
        out[i] = (struct vl_letter_part){.name = vl_bytes_str(list->at[i].name),
                                         .type = vl_bytes_str(list->at[i].type),
                                         .lang = vl_bytes_str(list->at[i].lang),
                                         .size = list->at[i].size};
}

/* What is being pushed, and how far it came. */
struct push {
    struct vl_letter_writer *writer;
    const struct vl_progress *progress;
    uint64_t done;
    uint64_t total;
};

static enum vl_err push_file(struct push *push, const char *path, uint64_t size, struct vl_why *why)
{
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    enum vl_err err = vl_in_open(path, &in, why);

    while (!err && in.read_bytes < size) {
        vl_room room = vl_letter_writer_room(push->writer);
        size_t got = 0;

        if (room.len > size - in.read_bytes)
            room.len = (size_t)(size - in.read_bytes);
        if (room.len > 0)
            err = vl_in_read(&in, room, &got, why);
        if (!err && room.len > 0 && got == 0)
            err = vl_fail(why, VL_ERR_IO, "it is shorter than it was");
        if (!err)
            err = vl_letter_writer_fed(push->writer, got, why);
        push->done += got;
        if (!err && push->progress && push->progress->moved)
            push->progress->moved(push->progress->self, push->done, push->total);
    }
    if (!err && in.is_regular && in.size != size)
        err = vl_fail(why, VL_ERR_IO, "it changed while it was read");
    return err ? vl_fail_in(why, err, "\"%s\"", path) : VL_OK;
}

static enum vl_err push_folder(struct push *push, const struct vl_part_source *source,
                               struct vl_why *why)
{
    static const uint8_t zeroes[VL_PAX_END];
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < source->file_count && !err; i++) {
        const struct vl_part_file *file = &source->files[i];
        VL_AUTO(vl_buf_release) struct vl_buf header = VL_BUF_INIT((size_t)1 << 20);

        err = vl_pax_header(vl_bytes_str(file->name), file->size, &header);
        if (!err)
            err = vl_letter_writer_write(push->writer, vl_buf_bytes(&header), why);
        if (!err)
            err = push_file(push, file->path, file->size, why);
        if (!err)
            err = vl_letter_writer_write(push->writer, vl_bytes_of(zeroes, vl_pax_fill(file->size)),
                                         why);
    }
    return err ? err : vl_letter_writer_write(push->writer, VL_ARRAY(zeroes), why);
}

enum vl_err vl_parts_push(const struct vl_part_list *list, struct vl_letter_writer *writer,
                          const struct vl_progress *progress, struct vl_why *why)
{
    struct push push = {writer, progress, 0, vl_parts_bytes(list)};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < list->count && !err; i++) {
        const struct vl_part_source *source = &list->at[i];

        if (source->path)
            err = push_file(&push, source->path, source->size, why);
        else if (source->is_folder)
            err = push_folder(&push, source, why);
        else
            err = vl_letter_writer_write(writer, source->text, why);
    }
    return err;
}
