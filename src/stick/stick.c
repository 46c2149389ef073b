/* SPDX-License-Identifier: Apache-2.0 */
#include "stick/stick.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "stick/inside.h"

#define NAME_SIZE 40

static enum vl_err err_of(struct vl_stick *stick, int code)
{
    switch (code) {
    case ENODEV:
    case ENXIO:
    case ENOMEDIUM:
    case ENOTCONN:
    case ESHUTDOWN:
    case ESTALE:
        stick->gone = true;
        return VL_ERR_IO;
    case ENOSPC:
    case EDQUOT:
    case EFBIG:
        return VL_ERR_NO_SPACE;
    case EROFS:
        return VL_ERR_UNSUPPORTED;
    case ENOENT:
        return VL_ERR_NOT_FOUND;
    case EEXIST:
        return VL_ERR_EXISTS;
    case ENOTDIR:
    case ELOOP:
        return VL_ERR_FORMAT;
    case ENOMEM:
        return VL_ERR_NO_MEMORY;
    default:
        return VL_ERR_IO;
    }
}

static const char *words_of(const struct vl_stick *stick, int code)
{
    if (stick->gone)
        return "the stick is gone";
    switch (code) {
    case ENOTDIR:
    case ELOOP:
        return "it is not a folder";
    case EFBIG:
        return "too large a file for this file system";
    case EROFS:
        return "the stick is read-only";
    default:
        return strerror(code);
    }
}

static VL_PRINTF(4, 0) void say(struct vl_why *why, enum vl_err err, const char *words,
                                const char *format, va_list args)
{
    char doing[160];

    (void)vsnprintf(doing, sizeof doing, format, args);
    (void)vl_fail(why, err, "%s: %s", doing, words);
}

enum vl_err vl_stick_fail(struct vl_stick *stick, struct vl_why *why, int code, const char *format,
                          ...)
{
    enum vl_err err = err_of(stick, code);
    va_list args;

    va_start(args, format);
    say(why, err, words_of(stick, code), format, args);
    va_end(args);
    return err;
}

enum vl_err vl_stick_fail_write(struct vl_stick *stick, struct vl_why *why, int code,
                                const char *format, ...)
{
    const bool forbidden = code == EACCES || code == EPERM;
    enum vl_err err = forbidden ? VL_ERR_UNSUPPORTED : err_of(stick, code);
    va_list args;

    va_start(args, format);
    say(why, err, forbidden ? "no permission to write there" : words_of(stick, code), format, args);
    va_end(args);
    return err;
}

void vl_stick_close_handle(struct vl_stick *stick, int *handle)
{
    if (*handle >= 0)
        stick->fs->close(stick->fs->self, *handle);
    *handle = -1;
}

int vl_stick_open_folder(struct vl_stick *stick, int folder, const char *name, int *out,
                         char *found)
{
    char upper[VL_BAG_NAME];
    int code = stick->fs->open_folder(stick->fs->self, folder, name, out);

    (void)vl_stick_upper(name, upper, sizeof upper);
    if (code == ENOENT && strcmp(name, upper) != 0) {
        name = upper;
        code = stick->fs->open_folder(stick->fs->self, folder, name, out);
    }
    if (code == 0 && found)
        memcpy(found, name, strlen(name) + 1);
    return code;
}

/* A folder that may be missing. */
static enum vl_err open_if_there(struct vl_stick *stick, int folder, const char *name, int *out,
                                 struct vl_why *why)
{
    const int code = vl_stick_open_folder(stick, folder, name, out, NULL);

    return code == 0 || code == ENOENT ? VL_OK : vl_stick_fail(stick, why, code, "%s", name);
}

enum vl_err vl_stick_open(const struct vl_stick_fs *fs, const char *path, const uint8_t *maker,
                          struct vl_stick **out, struct vl_why *why)
{
    struct vl_stick *stick = vl_new(sizeof *stick);
    enum vl_err err = VL_OK;
    int code;

    if (!stick)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a stick");
    *stick = (struct vl_stick){.fs = fs, .root = -1, .valise = -1, .bags = -1};
    if (maker) {
        stick->has_maker = true;
        memcpy(stick->maker, maker, VL_BAG_ID_LEN);
    }
    code = fs->open_root(fs->self, path, &stick->root);
    if (code)
        err = vl_stick_fail(stick, why, code, "opening the stick");
    if (!err)
        err = open_if_there(stick, stick->root, VL_STICK_VALISE, &stick->valise, why);
    if (!err && stick->valise >= 0)
        err = open_if_there(stick, stick->valise, VL_STICK_BAGS, &stick->bags, why);
    if (err) {
        vl_stick_close(stick);
        return err;
    }
    *out = stick;
    return VL_OK;
}

void vl_stick_close(struct vl_stick *stick)
{
    if (!stick)
        return;
    vl_stick_close_handle(stick, &stick->bags);
    vl_stick_close_handle(stick, &stick->valise);
    vl_stick_close_handle(stick, &stick->root);
    vl_wipe(stick->maker, sizeof stick->maker);
    vl_free(stick);
}

enum vl_err vl_stick_space(struct vl_stick *stick, struct vl_stick_space *space, struct vl_why *why)
{
    const int code = stick->fs->space(stick->fs->self, stick->root, space);

    return code ? vl_stick_fail(stick, why, code, "asking for the free space") : VL_OK;
}

bool vl_stick_has_bags(const struct vl_stick *stick)
{
    return stick->bags >= 0;
}

bool vl_stick_is_gone(const struct vl_stick *stick)
{
    return stick->gone;
}

enum vl_err vl_stick_open_bag(struct vl_stick *stick, const uint8_t id[VL_BAG_ID_LEN], int *folder,
                              char found[VL_BAG_NAME], struct vl_why *why)
{
    char name[VL_BAG_NAME];
    int code = ENOENT;

    (void)vl_bag_name(id, name);
    if (stick->bags >= 0)
        code = vl_stick_open_folder(stick, stick->bags, name, folder, found);
    return code ? vl_stick_fail(stick, why, code, "bag %s", name) : VL_OK;
}

enum vl_err vl_stick_open_file(struct vl_stick *stick, int folder, const char *name, int *file,
                               uint64_t *size, struct vl_why *why)
{
    const struct vl_stick_fs *fs = stick->fs;
    struct vl_stick_entry entry = {VL_STICK_OTHER, 0};
    char upper[NAME_SIZE];
    int code = fs->look(fs->self, folder, name, &entry);

    if (code == ENOENT) {
        (void)vl_stick_upper(name, upper, sizeof upper);
        code = fs->look(fs->self, folder, upper, &entry);
        name = code ? name : upper;
    }
    /* A device is not even opened. */
    if (!code && entry.kind == VL_STICK_FILE)
        code = fs->open_file(fs->self, folder, name, false, file);
    if (code)
        return code == ELOOP ? vl_fail(why, VL_ERR_FORMAT, "%s: it is not a regular file", name)
                             : vl_stick_fail(stick, why, code, "%s", name);
    if (entry.kind == VL_STICK_FILE) {
        code = fs->look_file(fs->self, *file, &entry);
        if (!code && entry.kind == VL_STICK_FILE) {
            *size = entry.size;
            return VL_OK;
        }
        vl_stick_close_handle(stick, file);
    }
    return code ? vl_stick_fail(stick, why, code, "%s", name)
                : vl_fail(why, VL_ERR_FORMAT, "%s: it is not a regular file", name);
}

/* size bytes and not one more. */
static enum vl_err read_all(struct vl_stick *stick, int file, const char *name, uint8_t *at,
                            size_t size, struct vl_why *why)
{
    const struct vl_stick_fs *fs = stick->fs;
    size_t done = 0;
    uint8_t more;

    for (;;) {
        size_t got = 0;
        const vl_room room = done < size ? (vl_room){at + done, size - done} : (vl_room){&more, 1};
        const int code = fs->read(fs->self, file, room, &got);

        if (code)
            return vl_stick_fail(stick, why, code, "%s: reading after %zu bytes", name, done);
        if (done == size)
            return got ? vl_fail(why, VL_ERR_IO, "%s: it grew while it was read", name) : VL_OK;
        if (got == 0)
            return vl_fail(why, VL_ERR_IO, "%s: it became shorter while it was read", name);
        done += got;
    }
}

enum vl_err vl_stick_read_small(struct vl_stick *stick, int folder, const char *name, size_t max,
                                struct vl_buf *out, struct vl_why *why)
{
    const size_t before = out->len;
    uint64_t size = 0;
    uint8_t *at = NULL;
    int file = -1;
    enum vl_err err = vl_stick_open_file(stick, folder, name, &file, &size, why);

    if (!err && size > max)
        err = vl_fail(why, VL_ERR_LIMIT, "%s: %llu bytes, and at most %zu are allowed", name,
                      (unsigned long long)size, max);
    if (!err) {
        err = vl_buf_add(out, (size_t)size, &at);
        if (err)
            err = vl_fail(why, err, "%s: no memory for %llu bytes", name, (unsigned long long)size);
    }
    if (!err)
        err = read_all(stick, file, name, at, (size_t)size, why);
    if (err)
        out->len = before;
    vl_stick_close_handle(stick, &file);
    return err;
}

enum vl_err vl_stick_put(struct vl_stick *stick, int file, const char *what, vl_bytes bytes,
                         struct vl_why *why)
{
    while (bytes.len > 0) {
        size_t count = 0;
        const int code = stick->fs->write(stick->fs->self, file, bytes, &count);

        if (code)
            return vl_stick_fail_write(stick, why, code, "%s: writing", what);
        if (count == 0)
            return vl_fail(why, VL_ERR_IO, "%s: writing: nothing is taken", what);
        bytes = vl_bytes_after(bytes, count);
    }
    return VL_OK;
}

enum vl_err vl_stick_write_small(struct vl_stick *stick, int folder, const char *name,
                                 vl_bytes bytes, struct vl_why *why)
{
    const struct vl_stick_fs *fs = stick->fs;
    int file = -1, code = fs->make_file(fs->self, folder, name, &file);
    enum vl_err err;

    if (code)
        return vl_stick_fail_write(stick, why, code, "%s: making it", name);
    err = vl_stick_put(stick, file, name, bytes, why);
    if (!err) {
        code = fs->sync_file(fs->self, file);
        if (code)
            err = vl_stick_fail_write(stick, why, code, "%s: making it durable", name);
    }
    vl_stick_close_handle(stick, &file);
    return err;
}

static enum vl_err sync_folder(struct vl_stick *stick, int folder, struct vl_why *why)
{
    const int code = stick->fs->sync_folder(stick->fs->self, folder);

    return code ? vl_stick_fail_write(stick, why, code, "making a folder durable") : VL_OK;
}

enum vl_err vl_stick_sync_parents(struct vl_stick *stick, struct vl_why *why)
{
    enum vl_err err = sync_folder(stick, stick->bags, why);

    if (!err)
        err = sync_folder(stick, stick->valise, why);
    return err ? err : sync_folder(stick, stick->root, why);
}

static enum vl_err make_and_open(struct vl_stick *stick, int parent, const char *name, int *out,
                                 struct vl_why *why)
{
    int code = stick->fs->make_folder(stick->fs->self, parent, name);

    if (code && code != EEXIST)
        return vl_stick_fail_write(stick, why, code, "making the folder %s", name);
    code = vl_stick_open_folder(stick, parent, name, out, NULL);
    return code ? vl_stick_fail(stick, why, code, "%s", name) : VL_OK;
}

/* There, and with something in it; of whatever kind: somebody may have put another in its place. */
static bool has_readme(struct vl_stick *stick)
{
    struct vl_stick_entry is = {VL_STICK_FILE, 0};
    const int code = stick->fs->look(stick->fs->self, stick->valise, VL_STICK_README, &is);

    return code == 0 && (is.kind != VL_STICK_FILE || is.size > 0);
}

static enum vl_err make_readme(struct vl_stick *stick, struct vl_why *why)
{
    const struct vl_stick_fs *fs = stick->fs;
    enum vl_err err;
    int code;

    if (has_readme(stick))
        return VL_OK;
    (void)fs->remove_file(fs->self, stick->valise, VL_STICK_README_NEW);
    (void)fs->remove_file(fs->self, stick->valise, VL_STICK_README);
    err = vl_stick_write_small(stick, stick->valise, VL_STICK_README_NEW, vl_stick_readme, why);
    if (!err) {
        code = fs->rename(fs->self, stick->valise, VL_STICK_README_NEW, VL_STICK_README);
        if (code)
            err = vl_stick_fail_write(stick, why, code, "%s: giving it its name", VL_STICK_README);
    }
    if (err)
        (void)fs->remove_file(fs->self, stick->valise, VL_STICK_README_NEW);
    return err;
}

enum vl_err vl_stick_make(struct vl_stick *stick, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (stick->valise < 0)
        err = make_and_open(stick, stick->root, VL_STICK_VALISE, &stick->valise, why);
    if (!err && stick->bags < 0)
        err = make_and_open(stick, stick->valise, VL_STICK_BAGS, &stick->bags, why);
    return err ? err : make_readme(stick, why);
}
