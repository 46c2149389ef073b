/* SPDX-License-Identifier: Apache-2.0 */
#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <linux/magic.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/statfs.h>
#include <sys/statvfs.h>
#include <unistd.h>

#include "stick/fs.h"

#define FAT_FILE_MAX (((uint64_t)4 << 30) - 1)
#define FOLDER_FLAGS (O_RDONLY | O_DIRECTORY | O_CLOEXEC)
/* A pipe does not hold whoever opens it, and a terminal does not become ours. */
#define FILE_FLAGS (O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC)

static int opened(int fd, int *out)
{
    if (fd < 0)
        return errno;
    *out = fd;
    return 0;
}

static int open_root(void *self, const char *path, int *folder)
{
    (void)self;
    return opened(open(path, FOLDER_FLAGS), folder);
}

static int open_folder(void *self, int folder, const char *name, int *out)
{
    (void)self;
    return opened(openat(folder, name, FOLDER_FLAGS | O_NOFOLLOW), out);
}

static int make_folder(void *self, int folder, const char *name)
{
    (void)self;
    return mkdirat(folder, name, 0777) == 0 ? 0 : errno;
}

static int make_file(void *self, int folder, const char *name, int *out)
{
    const int flags = O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC;

    (void)self;
    return opened(openat(folder, name, flags, 0666), out);
}

static int open_file(void *self, int folder, const char *name, bool direct, int *out)
{
    int code;

    (void)self;
    code = opened(openat(folder, name, FILE_FLAGS | (direct ? O_DIRECT : 0)), out);
    if (code == 0 && !direct)
        (void)posix_fadvise(*out, 0, 0, POSIX_FADV_SEQUENTIAL);
    return code;
}

static void fill_entry(const struct stat *is, struct vl_stick_entry *entry)
{
    entry->kind = S_ISREG(is->st_mode)   ? VL_STICK_FILE
                  : S_ISDIR(is->st_mode) ? VL_STICK_FOLDER
                                         : VL_STICK_OTHER;
    entry->size = S_ISREG(is->st_mode) ? (uint64_t)is->st_size : 0;
}

static int look(void *self, int folder, const char *name, struct vl_stick_entry *entry)
{
    struct stat is;

    (void)self;
    if (fstatat(folder, name, &is, AT_SYMLINK_NOFOLLOW) != 0)
        return errno;
    fill_entry(&is, entry);
    return 0;
}

static int look_file(void *self, int file, struct vl_stick_entry *entry)
{
    struct stat is;

    (void)self;
    if (fstat(file, &is) != 0)
        return errno;
    fill_entry(&is, entry);
    return 0;
}

static int write_some(void *self, int file, vl_bytes bytes, size_t *count)
{
    ssize_t done;

    (void)self;
    do
        done = write(file, bytes.ptr, bytes.len);
    while (done < 0 && errno == EINTR);
    if (done < 0)
        return errno;
    *count = (size_t)done;
    return 0;
}

static int read_some(void *self, int file, vl_room room, size_t *count)
{
    ssize_t done;

    (void)self;
    do
        done = read(file, room.ptr, room.len);
    while (done < 0 && errno == EINTR);
    if (done < 0)
        return errno;
    *count = (size_t)done;
    return 0;
}

static int sync_file(void *self, int file)
{
    (void)self;
    return fsync(file) == 0 ? 0 : errno;
}

static int sync_folder(void *self, int folder)
{
    (void)self;
    if (fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP || errno == ENOSYS)
        return 0;
    return errno;
}

static void forget(void *self, int file)
{
    (void)self;
    (void)posix_fadvise(file, 0, 0, POSIX_FADV_DONTNEED);
}

static int rename_file(void *self, int folder, const char *from, const char *to)
{
    (void)self;
    return renameat(folder, from, folder, to) == 0 ? 0 : errno;
}

static int remove_file(void *self, int folder, const char *name)
{
    (void)self;
    return unlinkat(folder, name, 0) == 0 ? 0 : errno;
}

static int remove_folder(void *self, int folder, const char *name)
{
    (void)self;
    return unlinkat(folder, name, AT_REMOVEDIR) == 0 ? 0 : errno;
}

static int list(void *self, int folder, bool (*visit)(void *visitor, const char *name),
                void *visitor)
{
    int fd = openat(folder, ".", FOLDER_FLAGS), code = 0;
    DIR *names = fd >= 0 ? fdopendir(fd) : NULL;
    const struct dirent *entry;
    bool more = true;

    (void)self;
    if (!names) {
        code = errno;
        if (fd >= 0)
            (void)close(fd);
        return code;
    }
    while (more) {
        errno = 0;
        entry = readdir(names);
        if (!entry) {
            code = errno;
            break;
        }
        if (strcmp(entry->d_name, ".") != 0 && strcmp(entry->d_name, "..") != 0)
            more = visit(visitor, entry->d_name);
    }
    (void)closedir(names);
    return code;
}

static int space(void *self, int folder, struct vl_stick_space *out)
{
    struct statvfs is;
    struct statfs type;

    (void)self;
    if (fstatvfs(folder, &is) != 0 || fstatfs(folder, &type) != 0)
        return errno;
    out->cluster = is.f_frsize ? is.f_frsize : 1;
    /* Some file systems in user space say of no block that there is one: then a full stick is found
     * out by writing to it. */
    if (is.f_blocks == 0 ||
        __builtin_mul_overflow((uint64_t)is.f_bavail, out->cluster, &out->free_bytes))
        out->free_bytes = UINT64_MAX;
    out->file_max = type.f_type == MSDOS_SUPER_MAGIC ? FAT_FILE_MAX : INT64_MAX;
    out->read_only = (is.f_flag & ST_RDONLY) != 0;
    return 0;
}

static void close_handle(void *self, int handle)
{
    (void)self;
    (void)close(handle);
}

const struct vl_stick_fs vl_stick_fs_posix = {
    .open_root = open_root,
    .open_folder = open_folder,
    .make_folder = make_folder,
    .make_file = make_file,
    .open_file = open_file,
    .look = look,
    .look_file = look_file,
    .write = write_some,
    .read = read_some,
    .sync_file = sync_file,
    .sync_folder = sync_folder,
    .forget = forget,
    .rename = rename_file,
    .remove_file = remove_file,
    .remove_folder = remove_folder,
    .list = list,
    .space = space,
    .close = close_handle,
};
