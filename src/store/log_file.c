/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_file.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/named.h"

#define NAME_ROOM 128

static enum vl_err why_errno(struct vl_why *why, const char *name, const char *doing)
{
    enum vl_err err = vl_named_errno(why, doing);

    return vl_fail_in(why, err, "%s", name);
}

static enum vl_err read_fd(int fd, const char *name, struct vl_buf *out, struct vl_why *why)
{
    struct stat info;
    uint8_t *at;
    size_t left;
    enum vl_err err;

    if (fstat(fd, &info) != 0)
        return why_errno(why, name, "looking at it");
    if (!S_ISREG(info.st_mode))
        return vl_fail(why, VL_ERR_FORMAT, "%s: no regular file", name);
    left = (size_t)info.st_size;
    err = vl_buf_add(out, left, &at);
    if (err)
        return vl_fail(why, err, "%s: %s", name, vl_err_words(err));
    while (left > 0) {
        ssize_t count = read(fd, at, left);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return why_errno(why, name, "reading");
        if (count == 0)
            return vl_fail(why, VL_ERR_IO, "%s: it became shorter while it was read", name);
        at += count;
        left -= (size_t)count;
    }
    return VL_OK;
}

enum vl_err vl_log_file_read(int folder, const char *name, struct vl_buf *out, struct vl_why *why)
{
    const size_t before = out->len;
    int fd = openat(folder, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK);
    enum vl_err err;

    if (fd < 0)
        return why_errno(why, name, "opening it");
    err = read_fd(fd, name, out, why);
    if (err)
        out->len = before;
    (void)close(fd);
    return err;
}

static enum vl_err write_fd(int fd, const char *name, uint64_t at, vl_bytes bytes,
                            struct vl_why *why)
{
    while (bytes.len > 0) {
        ssize_t count = pwrite(fd, bytes.ptr, bytes.len, (off_t)at);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return why_errno(why, name, "writing");
        at += (uint64_t)count;
        bytes = vl_bytes_after(bytes, (size_t)count);
    }
    return VL_OK;
}

/* The part of a name before its last slash. */
static bool parent_of(const char *name, char out[NAME_ROOM])
{
    const char *slash = strrchr(name, '/');

    if (!slash || slash == name || (size_t)(slash - name) >= NAME_ROOM)
        return false;
    memcpy(out, name, (size_t)(slash - name));
    out[slash - name] = '\0';
    return true;
}

static enum vl_err make_parents(int folder, const char *name, struct vl_why *why)
{
    char path[NAME_ROOM];

    for (const char *slash = strchr(name, '/'); slash; slash = strchr(slash + 1, '/')) {
        const size_t len = (size_t)(slash - name);

        if (len >= sizeof path)
            return vl_fail(why, VL_ERR_LIMIT, "%s: too long a name", name);
        memcpy(path, name, len);
        path[len] = '\0';
        if (mkdirat(folder, path, 0755) != 0 && errno != EEXIST)
            return why_errno(why, path, "making a folder");
    }
    return VL_OK;
}

static enum vl_err sync_parent(int folder, const char *name, struct vl_why *why)
{
    char parent[NAME_ROOM];
    bool is_below = parent_of(name, parent);
    int fd = openat(folder, is_below ? parent : ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    enum vl_err err =
        fd >= 0 && vl_named_sync(fd) ? VL_OK : why_errno(why, name, "making its name durable");

    if (fd >= 0)
        (void)close(fd);
    return err;
}

static bool has_bytes(int folder, const char *name, vl_bytes bytes)
{
    VL_AUTO(vl_buf_release) struct vl_buf there = VL_BUF_INIT(bytes.len);

    return vl_log_file_read(folder, name, &there, NULL) == VL_OK &&
           vl_bytes_eq(vl_buf_bytes(&there), bytes);
}

static enum vl_err write_spare(int folder, const char *spare, vl_bytes bytes, bool durable,
                               struct vl_why *why)
{
    int fd = openat(folder, spare, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0644);
    enum vl_err err;

    if (fd < 0)
        return why_errno(why, spare, "opening it");
    err = write_fd(fd, spare, 0, bytes, why);
    if (!err && durable && fsync(fd) != 0)
        err = why_errno(why, spare, "making it durable");
    if (close(fd) != 0 && !err)
        err = why_errno(why, spare, "closing it");
    return err;
}

enum vl_err vl_log_file_put(int folder, const char *spare, const char *name, vl_bytes bytes,
                            enum vl_log_file_how how, struct vl_why *why)
{
    const bool durable = how == VL_LOG_FILE_DURABLE;
    enum vl_err err;

    if (!durable && has_bytes(folder, name, bytes))
        return VL_OK;
    err = write_spare(folder, spare, bytes, durable, why);
    if (!err && renameat(folder, spare, folder, name) != 0) {
        err = errno == ENOENT ? make_parents(folder, name, why)
                              : why_errno(why, name, "giving it its name");
        if (!err && renameat(folder, spare, folder, name) != 0)
            err = why_errno(why, name, "giving it its name");
    }
    if (err) {
        (void)unlinkat(folder, spare, 0);
        return err;
    }
    return durable ? sync_parent(folder, name, why) : VL_OK;
}

enum vl_err vl_log_file_over(int folder, const char *name, uint64_t at, vl_bytes bytes, bool cut,
                             struct vl_why *why)
{
    bool is_new = false;
    int fd = openat(folder, name, O_WRONLY | O_CLOEXEC | O_NOFOLLOW);
    enum vl_err err;

    if (fd < 0 && errno == ENOENT) {
        is_new = true;
        fd = openat(folder, name, O_WRONLY | O_CREAT | O_CLOEXEC | O_NOFOLLOW, 0600);
    }
    if (fd < 0)
        return why_errno(why, name, "opening it");
    err = write_fd(fd, name, at, bytes, why);
    if (!err && cut && ftruncate(fd, (off_t)(at + bytes.len)) != 0)
        err = why_errno(why, name, "cutting it");
    if (!err && fdatasync(fd) != 0)
        err = why_errno(why, name, "making it durable");
    (void)close(fd);
    return !err && is_new ? sync_parent(folder, name, why) : err;
}

enum vl_err vl_log_file_sync_all(int folder, struct vl_why *why)
{
    return syncfs(folder) == 0 ? VL_OK : vl_named_errno(why, "making the tiles durable");
}

void vl_log_file_remove_folder(int folder, const char *name)
{
    int fd = openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC | O_NOFOLLOW);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;

    if (fd >= 0 && !list)
        (void)close(fd);
    while (list && (entry = readdir(list)) != NULL)
        if (entry->d_name[0] != '.')
            (void)unlinkat(dirfd(list), entry->d_name, 0);
    if (list)
        (void)closedir(list);
    (void)unlinkat(folder, name, AT_REMOVEDIR);
}
