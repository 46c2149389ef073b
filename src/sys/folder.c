/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/folder.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "base/alloc.h"

#define NAMES_MAX 1000000

static enum vl_err fail_errno(struct vl_why *why, const char *doing, const char *path)
{
    const int number = errno;
    enum vl_err err = number == ENOSPC || number == EDQUOT    ? VL_ERR_NO_SPACE
                      : number == ENOENT                      ? VL_ERR_NOT_FOUND
                      : number == ENOTDIR || number == EEXIST ? VL_ERR_EXISTS
                                                              : VL_ERR_IO;

    return vl_fail(why, err, "%s \"%s\": %s", doing, path, strerror(number));
}

char *vl_path_join(const char *folder, const char *name)
{
    const size_t len = strlen(folder) + strlen(name) + 2;
    char *path = vl_new(len);

    if (path)
        (void)snprintf(path, len, "%s/%s", folder, name);
    return path;
}

char *vl_path_parent(const char *path)
{
    size_t end = strlen(path);
    char *parent;

    while (end > 1 && path[end - 1] == '/')
        end--;
    while (end > 0 && path[end - 1] != '/')
        end--;
    while (end > 1 && path[end - 1] == '/')
        end--;
    parent = vl_new(end + 2);
    if (parent && end == 0)
        parent[0] = '.';
    else if (parent)
        memcpy(parent, path, end);
    return parent;
}

bool vl_folder_is_there(const char *path)
{
    struct stat is;

    return stat(path, &is) == 0 && S_ISDIR(is.st_mode);
}

bool vl_file_is_there(const char *path)
{
    struct stat is;

    return stat(path, &is) == 0 && S_ISREG(is.st_mode);
}

enum vl_err vl_folder_sync(const char *path, struct vl_why *why)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    bool ok = fd >= 0 && (fsync(fd) == 0 || errno == EINVAL); /* some cannot, and need not */
    enum vl_err err = ok ? VL_OK : fail_errno(why, "making durable", path);

    if (fd >= 0)
        (void)close(fd);
    return err;
}

enum vl_err vl_folder_sync_all(const char *path, struct vl_why *why)
{
    int fd = open(path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum vl_err err = fd >= 0 && syncfs(fd) == 0 ? VL_OK : fail_errno(why, "making durable", path);

    if (fd >= 0)
        (void)close(fd);
    return err;
}

static enum vl_err make_one(const char *path, struct vl_why *why)
{
    char *parent;
    enum vl_err err;

    if (mkdir(path, 0700) != 0)
        return errno == EEXIST && vl_folder_is_there(path) ? VL_OK
                                                           : fail_errno(why, "making", path);
    parent = vl_path_parent(path);
    err = parent ? vl_folder_sync(parent, why) : vl_fail(why, VL_ERR_NO_MEMORY, "out of memory");
    vl_free(parent);
    return err;
}

enum vl_err vl_folder_make(const char *path, struct vl_why *why)
{
    const size_t len = strlen(path);
    char *start = vl_new(len + 1);
    enum vl_err err = VL_OK;

    if (!start)
        return vl_fail(why, VL_ERR_NO_MEMORY, "out of memory");
    for (size_t i = 1; i <= len && !err; i++) {
        if (path[i] != '/' && path[i] != '\0')
            continue;
        memcpy(start, path, i);
        start[i] = '\0';
        if (!vl_folder_is_there(start))
            err = make_one(start, why);
    }
    vl_free(start);
    return err;
}

enum vl_err vl_file_remove(const char *path, struct vl_why *why)
{
    char *parent;
    enum vl_err err;

    if (unlink(path) != 0)
        return errno == ENOENT ? VL_OK : fail_errno(why, "removing", path);
    parent = vl_path_parent(path);
    err = parent ? vl_folder_sync(parent, why) : vl_fail(why, VL_ERR_NO_MEMORY, "out of memory");
    vl_free(parent);
    return err;
}

enum vl_err vl_folder_free_bytes(const char *path, uint64_t *bytes, struct vl_why *why)
{
    struct statvfs is;

    if (statvfs(path, &is) != 0)
        return fail_errno(why, "looking at", path);
    *bytes = (uint64_t)is.f_bavail * is.f_frsize;
    return VL_OK;
}

struct names {
    size_t count;
    size_t cap;
    char **at;
};

static enum vl_err add_name(struct names *names, const char *name)
{
    char *copy;

    if (names->count == names->cap) {
        const size_t cap = names->cap ? 2 * names->cap : 64;
        void *block = names->at;
        enum vl_err err = vl_grow(&block, names->cap * sizeof(char *), cap * sizeof(char *));

        if (err)
            return err;
        names->at = block;
        names->cap = cap;
    }
    copy = vl_new(strlen(name) + 1);
    if (!copy)
        return VL_ERR_NO_MEMORY;
    memcpy(copy, name, strlen(name) + 1);
    names->at[names->count++] = copy;
    return VL_OK;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(*(char *const *)a, *(char *const *)b);
}

static enum vl_err read_names(DIR *list, const char *path, struct names *names, struct vl_why *why)
{
    enum vl_err err = VL_OK;
    const struct dirent *entry;

    for (;;) {
        errno = 0;
        entry = readdir(list);
        if (!entry)
            return errno ? fail_errno(why, "reading", path) : VL_OK;
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        if (names->count == NAMES_MAX)
            return vl_fail(why, VL_ERR_LIMIT, "more than %d names in \"%s\"", NAMES_MAX, path);
        err = add_name(names, entry->d_name);
        if (err)
            return vl_fail(why, err, "no memory for the names in \"%s\"", path);
    }
}

enum vl_err vl_folder_list(const char *path,
                           enum vl_err (*visit)(void *self, const struct vl_folder_entry *entry,
                                                struct vl_why *why),
                           void *self, struct vl_why *why)
{
    DIR *list = opendir(path);
    struct names names = {0};
    enum vl_err err = list ? read_names(list, path, &names, why) : fail_errno(why, "opening", path);

    if (!err && names.count > 0)
        qsort(names.at, names.count, sizeof *names.at, by_name);
    for (size_t i = 0; i < names.count; i++) {
        struct vl_folder_entry entry = {.name = names.at[i]};
        struct stat is;

        if (!err && fstatat(dirfd(list), entry.name, &is, AT_SYMLINK_NOFOLLOW) == 0) {
            entry.is_file = S_ISREG(is.st_mode);
            entry.is_folder = S_ISDIR(is.st_mode);
            entry.size = entry.is_file ? (uint64_t)is.st_size : 0;
            err = visit(self, &entry, why);
        }
        vl_free(names.at[i]);
    }
    vl_free(names.at);
    if (list)
        (void)closedir(list);
    return err;
}
