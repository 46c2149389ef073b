/* SPDX-License-Identifier: Apache-2.0 */
#include "store/large.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

#define SPOOL_START "spool-"
#define SPOOL_TRIES 1000
#define COPIED      ((size_t)256 << 10)
#define READ_FLAGS  (O_RDONLY | O_CLOEXEC | O_NOFOLLOW)
/* linkat() wants a path for a file that has none: "/proc/self/fd/NUMBER". */
#define DESCRIPTOR_PATH "/proc/self/fd"

struct vl_large_home {
    int letters;
    int new_ones;
    int tmp;
    bool no_names; /* a file without a name cannot get one here */
};

struct vl_large {
    struct vl_large_home *home;
    int fd;
    uint64_t written;
    char name[40]; /* in tmp/, where the file system has no files without a name */
};

/* Open a folder; `make`: and make it first, durably, where it is not there. */
static enum vl_err open_folder(int in, const char *name, bool make, int *out, struct vl_why *why)
{
    if (make && mkdirat(in, name, 0700) == 0) {
        if (!vl_named_sync(in))
            return vl_named_errno(why, "making a folder durable");
    } else if (make && errno != EEXIST) {
        return vl_named_errno(why, "making a folder");
    }
    *out = openat(in, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (*out < 0 && !(errno == ENOENT && !make))
        return vl_named_errno(why, "opening a folder");
    return VL_OK;
}

/* What stands in tmp/ under names of ours: counted, and taken away where `take` says so. */
static uint64_t unfinished(int tmp, bool take)
{
    DIR *list = vl_named_list(tmp);
    struct dirent *entry;
    uint64_t count = 0;

    while (list && (entry = readdir(list)) != NULL)
        if (strncmp(entry->d_name, SPOOL_START, sizeof SPOOL_START - 1) == 0 &&
            (!take || unlinkat(tmp, entry->d_name, 0) == 0))
            count++;
    if (list)
        (void)closedir(list);
    return count;
}

enum vl_err vl_large_home_open(int folder, bool read_only, struct vl_large_home **out,
                               struct vl_why *why)
{
    struct vl_large_home *home = vl_new(sizeof *home);
    enum vl_err err;

    if (!home)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the folders of a home");
    home->letters = home->new_ones = home->tmp = -1;
    err = open_folder(folder, "letters", !read_only, &home->letters, why);
    if (!err && home->letters >= 0)
        err = open_folder(home->letters, "new", !read_only, &home->new_ones, why);
    if (!err)
        err = open_folder(folder, "tmp", !read_only, &home->tmp, why);
    if (err) {
        vl_large_home_close(home);
        return err;
    }
    if (!read_only)
        (void)unfinished(home->tmp, true);
    *out = home;
    return VL_OK;
}

void vl_large_home_close(struct vl_large_home *home)
{
    if (!home)
        return;
    if (home->tmp >= 0)
        (void)close(home->tmp);
    if (home->new_ones >= 0)
        (void)close(home->new_ones);
    if (home->letters >= 0)
        (void)close(home->letters);
    vl_free(home);
}

uint64_t vl_large_unfinished(struct vl_large_home *home)
{
    return unfinished(home->tmp, false);
}

static enum vl_err open_named(struct vl_large *file, struct vl_why *why)
{
    for (unsigned i = 0; i < SPOOL_TRIES; i++) {
        (void)snprintf(file->name, sizeof file->name, SPOOL_START "%ld-%u", (long)getpid(), i);
        file->fd = openat(file->home->tmp, file->name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0600);
        if (file->fd >= 0)
            return VL_OK;
        if (errno != EEXIST)
            break;
    }
    file->name[0] = '\0';
    return vl_named_errno(why, "making a file in tmp/");
}

enum vl_err vl_large_new(struct vl_large_home *home, struct vl_large **out, struct vl_why *why)
{
    struct vl_large *file = vl_new(sizeof *file);
    enum vl_err err = VL_OK;

    if (!file)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a file");
    file->home = home;
    file->fd = -1;
    if (!home->no_names && faccessat(AT_FDCWD, DESCRIPTOR_PATH, X_OK, 0) == 0)
        file->fd = openat(home->tmp, ".", O_RDWR | O_TMPFILE | O_CLOEXEC, 0600);
    if (file->fd < 0)
        err = open_named(file, why);
    if (err) {
        vl_large_free(file);
        return err;
    }
    *out = file;
    return VL_OK;
}

enum vl_err vl_large_put(struct vl_large *file, vl_bytes bytes, struct vl_why *why)
{
    while (bytes.len > 0) {
        ssize_t count = write(file->fd, bytes.ptr, bytes.len);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return vl_named_errno(why, "writing a large envelope");
        file->written += (uint64_t)count;
        bytes = vl_bytes_after(bytes, (size_t)count);
    }
    return VL_OK;
}

void vl_large_free(struct vl_large *file)
{
    if (!file)
        return;
    if (file->name[0])
        (void)unlinkat(file->home->tmp, file->name, 0);
    if (file->fd >= 0)
        (void)close(file->fd);
    vl_free(file);
}

/* Where a file without a name cannot get one: what it holds, in one that has. */
static enum vl_err copy_to_named(struct vl_large *file, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf room = VL_BUF_INIT(COPIED);
    const int from = file->fd;
    uint8_t *at = NULL;
    off_t done = 0;
    enum vl_err err = vl_buf_add(&room, COPIED, &at);

    if (err)
        return vl_fail(why, err, "no memory to copy a large envelope");
    file->home->no_names = true;
    file->written = 0;
    err = open_named(file, why);
    while (!err) {
        const ssize_t count = pread(from, at, COPIED, done);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            err = vl_named_errno(why, "reading a large envelope");
        if (err || count == 0)
            break;
        err = vl_large_put(file, vl_bytes_of(at, (size_t)count), why);
        done += count;
    }
    if (!err && fsync(file->fd) != 0)
        err = vl_named_errno(why, "making a large envelope durable");
    (void)close(from);
    return err;
}

/* A name in letters/new/; on FAT a file is only found by its new name once it was synced again. */
static bool rename_over(const struct vl_large *file, const char *name)
{
    return renameat(file->home->tmp, file->name, file->home->new_ones, name) == 0 &&
           fsync(file->fd) == 0;
}

/* Under a name that something left over may have. */
static bool link_over(const struct vl_large *file, const char *name)
{
    char path[sizeof DESCRIPTOR_PATH + 24];
    const struct vl_large_home *home = file->home;

    if (file->name[0])
        return rename_over(file, name);
    (void)snprintf(path, sizeof path, DESCRIPTOR_PATH "/%d", file->fd);
    if (linkat(AT_FDCWD, path, home->new_ones, name, AT_SYMLINK_FOLLOW) == 0)
        return true;
    return errno == EEXIST && unlinkat(home->new_ones, name, 0) == 0 &&
           linkat(AT_FDCWD, path, home->new_ones, name, AT_SYMLINK_FOLLOW) == 0;
}

enum vl_err vl_large_name(struct vl_large *file, const uint8_t number[VL_HASH_LEN],
                          struct vl_why *why)
{
    char name[VL_NAMED_SIZE];

    vl_named(number, name);
    if (fsync(file->fd) != 0)
        return vl_named_errno(why, "making a large envelope durable");
    if (!link_over(file, name)) {
        enum vl_err err =
            file->name[0] ? vl_named_errno(why, "giving a large envelope its name") : VL_OK;

        if (!err)
            err = copy_to_named(file, why);
        if (!err && !rename_over(file, name))
            err = vl_named_errno(why, "giving a large envelope its name");
        if (err)
            return err;
    }
    file->name[0] = '\0';
    return VL_OK;
}

enum vl_err vl_large_sync(struct vl_large_home *home, struct vl_why *why)
{
    return vl_named_sync(home->new_ones) ? VL_OK
                                         : vl_named_errno(why, "making letters/new/ durable");
}

/* The folder letters/XX/ of a name. */
static enum vl_err open_shelf(struct vl_large_home *home, const char name[VL_NAMED_SIZE], bool make,
                              int *out, struct vl_why *why)
{
    char shelf[3] = {name[0], name[1], '\0'};

    *out = -1;
    return home->letters < 0 ? VL_OK : open_folder(home->letters, shelf, make, out, why);
}

/* Another name for the same file; what a killed process did already is fine.  Where there are no
 * second names it stays: in the middle of a rename that the power ends it would have none. */
static bool link_to_shelf(struct vl_large_home *home, const char *name, int shelf, bool *stays)
{
    struct stat there, here;

    if (linkat(home->new_ones, name, shelf, name, 0) == 0)
        return true;
    *stays = errno == EPERM || errno == EOPNOTSUPP || errno == ENOSYS || errno == EMLINK;
    if (*stays)
        return true;
    if (errno == EEXIST && fstatat(shelf, name, &there, AT_SYMLINK_NOFOLLOW) == 0 &&
        fstatat(home->new_ones, name, &here, AT_SYMLINK_NOFOLLOW) == 0 &&
        there.st_ino == here.st_ino && there.st_dev == here.st_dev)
        return true;
    /* Something broken in the way. */
    return renameat(home->new_ones, name, shelf, name) == 0;
}

static enum vl_err put_on_shelf(struct vl_large_home *home, const uint8_t number[VL_HASH_LEN],
                                bool *stays, struct vl_why *why)
{
    char name[VL_NAMED_SIZE];
    int shelf = -1;
    enum vl_err err;

    vl_named(number, name);
    err = open_shelf(home, name, true, &shelf, why);
    if (!err && !(link_to_shelf(home, name, shelf, stays) && (*stays || vl_named_sync(shelf))))
        err = vl_named_errno(why, "moving a large envelope to its place");
    if (shelf >= 0)
        (void)close(shelf);
    return err;
}

enum vl_err vl_large_settle(struct vl_large_home *home, vl_bytes numbers, struct vl_why *why)
{
    bool stays = false;
    size_t at;

    if (numbers.len == 0)
        return VL_OK;
    for (at = 0; at < numbers.len; at += VL_HASH_LEN) {
        enum vl_err err = put_on_shelf(home, numbers.ptr + at, &stays, why);

        if (err || stays)
            return err;
    }
    /* Also for a shelf that a process made which was killed before it could say so. */
    if (!vl_named_sync(home->letters))
        return vl_named_errno(why, "making letters/ durable");
    for (at = 0; at < numbers.len; at += VL_HASH_LEN)
        vl_large_unname(home, numbers.ptr + at);
    return VL_OK;
}

void vl_large_unname(struct vl_large_home *home, const uint8_t number[VL_HASH_LEN])
{
    char name[VL_NAMED_SIZE];

    vl_named(number, name);
    (void)unlinkat(home->new_ones, name, 0);
}

static enum vl_err remove_from(int folder, const char *name, struct vl_why *why)
{
    if (folder < 0 || (unlinkat(folder, name, 0) != 0 && errno == ENOENT))
        return VL_OK;
    if (faccessat(folder, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0 || !vl_named_sync(folder))
        return vl_named_errno(why, "taking a large envelope away");
    return VL_OK;
}

enum vl_err vl_large_remove(struct vl_large_home *home, const uint8_t number[VL_HASH_LEN],
                            struct vl_why *why)
{
    char name[VL_NAMED_SIZE];
    int shelf = -1;
    enum vl_err err;

    vl_named(number, name);
    err = open_shelf(home, name, false, &shelf, why);
    if (!err)
        err = remove_from(shelf, name, why);
    if (!err)
        err = remove_from(home->new_ones, name, why);
    if (shelf >= 0)
        (void)close(shelf);
    return err;
}

/* -1 and ENOENT where it is not. */
static enum vl_err open_on_shelf(struct vl_large_home *home, const char name[VL_NAMED_SIZE],
                                 int *fd, struct vl_why *why)
{
    int shelf = -1, error = ENOENT;
    enum vl_err err = open_shelf(home, name, false, &shelf, why);

    *fd = -1;
    if (!err && shelf >= 0) {
        *fd = openat(shelf, name, READ_FLAGS);
        error = errno;
        (void)close(shelf);
    }
    errno = error;
    return err;
}

/* On its shelf, in letters/new/, or by now on its shelf: whoever settles it gives it the one name
 * before he takes the other. */
static enum vl_err open_anywhere(struct vl_large_home *home, const char name[VL_NAMED_SIZE],
                                 int *fd, struct vl_why *why)
{
    enum vl_err err = open_on_shelf(home, name, fd, why);

    if (err || *fd >= 0 || errno != ENOENT || home->new_ones < 0)
        return err;
    *fd = openat(home->new_ones, name, READ_FLAGS);
    return *fd >= 0 || errno != ENOENT ? VL_OK : open_on_shelf(home, name, fd, why);
}

enum vl_err vl_large_open(struct vl_large_home *home, const uint8_t number[VL_HASH_LEN], int *fd,
                          uint64_t *size, struct vl_why *why)
{
    char name[VL_NAMED_SIZE];
    struct stat info;
    enum vl_err err;

    vl_named(number, name);
    err = open_anywhere(home, name, fd, why);
    if (!err && *fd < 0)
        err = vl_named_errno(why, "its envelope");
    if (err)
        return err;
    if (fstat(*fd, &info) != 0) {
        err = vl_named_errno(why, "looking at its envelope");
        (void)close(*fd);
        *fd = -1;
        return err;
    }
    *size = (uint64_t)info.st_size;
    return VL_OK;
}

enum vl_err vl_large_new_ones(struct vl_large_home *home, vl_named_visit visit, void *self,
                              struct vl_why *why)
{
    return vl_named_all(home->new_ones, visit, self, why);
}

enum vl_err vl_large_settled_ones(struct vl_large_home *home, vl_named_visit visit, void *self,
                                  struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (unsigned i = 0; !err && i < 256; i++) {
        char name[3];
        int shelf = -1;

        (void)snprintf(name, sizeof name, "%02x", i);
        if (home->letters >= 0)
            err = open_folder(home->letters, name, false, &shelf, why);
        if (!err)
            err = vl_named_all(shelf, visit, self, why);
        if (shelf >= 0)
            (void)close(shelf);
    }
    return err;
}
