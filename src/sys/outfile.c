/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/outfile.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "crypto/rng.h"
#include "sys/process.h"

#define TEMPORARY_START  ".valise-"
#define TEMPORARY_END    ".part"
#define TEMPORARY_DIGITS 16
#define TEMPORARY_TRIES  200
/* linkat() wants a path for a file that has none: "/proc/self/fd/NUMBER". */
#define DESCRIPTOR_PATH "/proc/self/fd"

static enum vl_err why_errno(struct vl_why *why, const char *doing)
{
    int number = errno;

    if (number == ENOSPC || number == EDQUOT)
        return vl_fail(why, VL_ERR_NO_SPACE, "%s: %s", doing, strerror(number));
    if (number == EFBIG)
        return vl_fail(why, VL_ERR_NO_SPACE, "%s: too large a file for this file system", doing);
    if (number == EEXIST)
        return vl_fail(why, VL_ERR_EXISTS, "there is such a file already");
    return vl_fail(why, number == ENOENT ? VL_ERR_NOT_FOUND : VL_ERR_IO, "%s: %s", doing,
                   strerror(number));
}

static bool is_temporary(const char *name)
{
    const size_t start_len = sizeof TEMPORARY_START - 1;

    return strncmp(name, TEMPORARY_START, start_len) == 0 &&
           strspn(name + start_len, "0123456789abcdef") == TEMPORARY_DIGITS &&
           strcmp(name + start_len + TEMPORARY_DIGITS, TEMPORARY_END) == 0;
}

/* Take away what a killed run left in this folder.  Whoever still writes holds a lock on it. */
static void sweep(int folder)
{
    int fd = openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    struct dirent *entry;

    if (!list) {
        if (fd >= 0)
            (void)close(fd);
        return;
    }
    while ((entry = readdir(list)) != NULL) {
        const int flags = O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC;
        int left = is_temporary(entry->d_name) ? openat(folder, entry->d_name, flags) : -1;
        struct stat info;

        if (left < 0)
            continue;
        if (fstat(left, &info) == 0 && S_ISREG(info.st_mode) && flock(left, LOCK_EX | LOCK_NB) == 0)
            (void)unlinkat(folder, entry->d_name, 0);
        (void)close(left);
    }
    (void)closedir(list);
}

void vl_out_sweep(const char *folder)
{
    int fd = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);

    if (fd < 0)
        return;
    sweep(fd);
    (void)close(fd);
}

static enum vl_err make_temporary_name(struct vl_out *out, struct vl_why *why)
{
    const struct vl_rng rng = vl_rng_system();
    uint64_t random = 0;
    enum vl_err err = vl_rng_fill(&rng, (uint8_t *)&random, sizeof random);

    if (err)
        return vl_fail(why, err, "no randomness");
    (void)snprintf(out->temporary, sizeof out->temporary, TEMPORARY_START "%016llx" TEMPORARY_END,
                   (unsigned long long)random);
    return VL_OK;
}

/* A file without a name, where the file system can do that: nothing is left whatever happens. */
static bool open_nameless(struct vl_out *out, mode_t mode)
{
    if (faccessat(AT_FDCWD, DESCRIPTOR_PATH, X_OK, 0) != 0)
        return false;
    out->fd = openat(out->folder, ".", O_TMPFILE | O_WRONLY | O_CLOEXEC, mode);
    return out->fd >= 0;
}

/* Another valise may sweep between the making of a file and the locking of it. */
static bool is_swept(const struct vl_out *out)
{
    bool locked = flock(out->fd, LOCK_EX | LOCK_NB) == 0 || errno != EWOULDBLOCK;

    return !locked || faccessat(out->folder, out->temporary, F_OK, AT_SYMLINK_NOFOLLOW) != 0;
}

static enum vl_err open_temporary(struct vl_out *out, mode_t mode, struct vl_why *why)
{
    enum vl_err err;

    sweep(out->folder);
    for (int tries = 0; tries < TEMPORARY_TRIES; tries++) {
        err = make_temporary_name(out, why);
        if (err)
            return err;
        vl_stop_remember_file(out->folder, out->temporary);
        out->fd =
            openat(out->folder, out->temporary, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, mode);
        if (out->fd < 0) {
            err = why_errno(why, "making the file");
            vl_stop_forget_file();
            out->temporary[0] = '\0';
            return err;
        }
        if (!is_swept(out))
            return VL_OK;
        (void)close(out->fd);
        out->fd = -1;
    }
    return vl_fail(why, VL_ERR_BUSY, "making the file: something takes it away each time");
}

/* Split a path into its open folder and its name there. */
static enum vl_err open_folder(const char *path, struct vl_out *out, struct vl_why *why)
{
    const char *slash = strrchr(path, '/');
    const char *name = slash ? slash + 1 : path;
    size_t folder_len = slash ? (size_t)(slash - path) : 0;
    char *folder;

    if (strcmp(name, "") == 0 || strcmp(name, ".") == 0 || strcmp(name, "..") == 0)
        return vl_fail(why, VL_ERR_IO, "it names a folder, not a file");
    out->name = vl_new(strlen(name) + 1);
    folder = vl_new(folder_len + 2);
    if (!out->name || !folder) {
        vl_free(folder);
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a name");
    }
    memcpy(out->name, name, strlen(name) + 1);
    memcpy(folder, folder_len ? path : slash ? "/" : ".", folder_len ? folder_len : 1);
    out->folder = open(folder, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    vl_free(folder);
    return out->folder >= 0 ? VL_OK : why_errno(why, "its folder");
}

/* What stands at the path already: nothing, a file to keep or replace, or something to write into.
 */
static enum vl_err look(const char *path, struct vl_out *out, bool *is_file, struct vl_why *why)
{
    struct stat info;

    *is_file = true;
    if (stat(path, &info) != 0) {
        if (errno != ENOENT)
            return why_errno(why, "looking at it");
        if (lstat(path, &info) != 0)
            return VL_OK;
        if (S_ISLNK(info.st_mode))
            return vl_fail(why, VL_ERR_IO, "it is a link to nowhere");
        /* It came between the two. */
    }
    if (S_ISDIR(info.st_mode))
        return vl_fail(why, VL_ERR_IO, "it is a folder");
    if (!S_ISREG(info.st_mode))
        *is_file = false;
    else if (!out->replace)
        return vl_fail(why, VL_ERR_EXISTS, "there is such a file already");
    return VL_OK;
}

static enum vl_err open_file(const char *path, unsigned flags, struct vl_out *out,
                             struct vl_why *why)
{
    mode_t mode = flags & VL_OUT_PRIVATE ? 0600 : 0666;
    enum vl_err err = open_folder(path, out, why);

    if (err)
        return err;
    if (out->replace)
        sweep(out->folder);
    return open_nameless(out, mode) ? VL_OK : open_temporary(out, mode, why);
}

enum vl_err vl_out_open(const char *path, unsigned flags, struct vl_out *out, struct vl_why *why)
{
    char target[PATH_MAX];
    bool is_file = true;
    enum vl_err err;

    *out = (struct vl_out)VL_OUT_INIT;
    if (!path || strcmp(path, "-") == 0) {
        out->fd = STDOUT_FILENO;
        out->is_stdout = true;
        return VL_OK;
    }
    out->replace = flags & VL_OUT_REPLACE;
    out->is_part = flags & VL_OUT_PART;
    out->later = flags & VL_OUT_LATER;
    err = look(path, out, &is_file, why);
    if (err)
        return err;
    if (!is_file) {
        out->fd = open(path, O_WRONLY | O_CLOEXEC | O_NOCTTY);
        return out->fd >= 0 ? VL_OK : why_errno(why, "opening it");
    }
    /* A link stays a link: what it names is replaced. */
    err = open_file(realpath(path, target) ? target : path, flags, out, why);
    if (err)
        vl_out_drop(out);
    return err;
}

enum vl_err vl_out_put(struct vl_out *out, vl_bytes bytes, struct vl_why *why)
{
    while (bytes.len > 0) {
        ssize_t count = write(out->fd, bytes.ptr, bytes.len);

        if (count < 0 && errno == EAGAIN) /* somebody else's pipe that does not wait by itself */
            (void)poll(&(struct pollfd){.fd = out->fd, .events = POLLOUT}, 1, -1);
        if (count < 0 && (errno == EINTR || errno == EAGAIN))
            continue;
        if (count < 0)
            return why_errno(why, "writing");
        out->written += (uint64_t)count;
        bytes = vl_bytes_after(bytes, (size_t)count);
    }
    return VL_OK;
}

static enum vl_err put(void *self, vl_bytes bytes, struct vl_why *why)
{
    return vl_out_put(self, bytes, why);
}

struct vl_sink vl_out_sink(struct vl_out *out)
{
    return (struct vl_sink){put, out};
}

/* Give a file without a name one. */
static bool link_nameless(const struct vl_out *out, const char *name)
{
    char path[sizeof DESCRIPTOR_PATH + 24];

    (void)snprintf(path, sizeof path, DESCRIPTOR_PATH "/%d", out->fd);
    return linkat(AT_FDCWD, path, out->folder, name, AT_SYMLINK_FOLLOW) == 0;
}

/* From its temporary name to its own, where there is no file.  Not every file system can promise
 * that in one step; the last way looks first and then renames. */
static bool rename_to_new(const struct vl_out *out)
{
    struct stat info;

    if (renameat2(out->folder, out->temporary, out->folder, out->name, RENAME_NOREPLACE) == 0)
        return true;
    if (errno != EINVAL && errno != ENOSYS)
        return false;
    if (fstatat(out->folder, out->name, &info, AT_SYMLINK_NOFOLLOW) == 0) {
        errno = EEXIST;
        return false;
    }
    return renameat(out->folder, out->temporary, out->folder, out->name) == 0;
}

static bool sync_folder(const struct vl_out *out)
{
    return out->later || fsync(out->folder) == 0 || errno == EINVAL || errno == ENOTSUP;
}

static enum vl_err commit_new(struct vl_out *out, struct vl_why *why)
{
    bool named = out->temporary[0] ? rename_to_new(out) : link_nameless(out, out->name);
    enum vl_err err;

    if (!named)
        return why_errno(why, "giving it its name");
    out->temporary[0] = '\0';
    if (sync_folder(out))
        return VL_OK;
    err = why_errno(why, "making its name durable");
    (void)unlinkat(out->folder, out->name, 0);
    return err;
}

/* The old file and the new one change places, so that they can change back until the new one is
 * known to stay. */
static enum vl_err commit_over(struct vl_out *out, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (!out->temporary[0]) {
        (void)flock(out->fd, LOCK_EX | LOCK_NB);
        err = make_temporary_name(out, why);
        if (!err && !link_nameless(out, out->temporary)) {
            out->temporary[0] = '\0';
            err = why_errno(why, "giving it a name");
        }
        if (err)
            return err;
        vl_stop_remember_file(out->folder, out->temporary);
    }
    if (renameat2(out->folder, out->temporary, out->folder, out->name, RENAME_EXCHANGE) == 0) {
        if (!sync_folder(out)) {
            err = why_errno(why, "making its name durable");
            (void)renameat2(out->folder, out->temporary, out->folder, out->name, RENAME_EXCHANGE);
            return err; /* the new file is dropped under its temporary name */
        }
        if (unlinkat(out->folder, out->temporary, 0) != 0 && errno == EISDIR) {
            /* Made meanwhile: it is not hidden under a name that nobody knows. */
            (void)renameat2(out->folder, out->temporary, out->folder, out->name, RENAME_EXCHANGE);
            (void)sync_folder(out);
            return vl_fail(why, VL_ERR_EXISTS, "a folder has its name");
        }
        out->temporary[0] = '\0';
        return VL_OK;
    }
    if (errno == ENOENT)
        return commit_new(out, why); /* the old file went away meanwhile */
    if (errno != EINVAL && errno != ENOSYS)
        return why_errno(why, "putting it in its place");
    if (renameat(out->folder, out->temporary, out->folder, out->name) != 0)
        return why_errno(why, "putting it in its place");
    out->temporary[0] = '\0';
    return sync_folder(out) ? VL_OK : why_errno(why, "making its name durable");
}

enum vl_err vl_out_sync(struct vl_out *out, struct vl_why *why)
{
    return out->folder < 0 || fsync(out->fd) == 0 ? VL_OK : why_errno(why, "making it durable");
}

enum vl_err vl_out_commit(struct vl_out *out, struct vl_why *why)
{
    struct stat info;
    enum vl_err err = out->later ? VL_OK : vl_out_sync(out, why);

    if (err || out->folder < 0)
        return err;
    vl_stop_hold();
    if (out->replace && fstatat(out->folder, out->name, &info, AT_SYMLINK_NOFOLLOW) == 0)
        err = commit_over(out, why);
    else
        err = commit_new(out, why);
    if (!err) {
        vl_stop_forget_file();
        if (!out->is_part)
            vl_stop_too_late();
    }
    vl_stop_release();
    return err;
}

void vl_out_drop(struct vl_out *out)
{
    if (out->temporary[0])
        (void)unlinkat(out->folder, out->temporary, 0);
    if (out->folder >= 0) {
        vl_stop_forget_file();
        (void)close(out->folder);
    }
    if (out->fd >= 0 && !out->is_stdout)
        (void)close(out->fd);
    vl_free(out->name);
    *out = (struct vl_out)VL_OUT_INIT;
}

enum vl_err vl_out_write(const char *path, unsigned flags, vl_bytes bytes, struct vl_why *why)
{
    struct vl_out out = VL_OUT_INIT;
    enum vl_err err = vl_out_open(path, flags, &out, why);

    if (!err)
        err = vl_out_put(&out, bytes, why);
    if (!err)
        err = vl_out_commit(&out, why);
    vl_out_drop(&out);
    return err;
}
