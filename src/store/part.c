/* SPDX-License-Identifier: Apache-2.0 */
#include "store/part.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

struct vl_part_files {
    int folder; /* the home's, borrowed */
    int parts;  /* -1 while there are none */
};

static int open_in(int folder, const char *name)
{
    return openat(folder, name, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
}

enum vl_err vl_part_files_open(int folder, struct vl_part_files **out, struct vl_why *why)
{
    struct vl_part_files *files = vl_new(sizeof *files);

    if (!files)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the folders of a home");
    files->folder = folder;
    files->parts = open_in(folder, "letters/parts");
    if (files->parts < 0 && errno != ENOENT) {
        vl_free(files);
        return vl_named_errno(why, "opening letters/parts/");
    }
    *out = files;
    return VL_OK;
}

void vl_part_files_close(struct vl_part_files *files)
{
    if (!files)
        return;
    if (files->parts >= 0)
        (void)close(files->parts);
    vl_free(files);
}

/* --- writing and reading ---------------------------------------------------------------------- */

static enum vl_err make_folder(struct vl_part_files *files, struct vl_why *why)
{
    int letters;
    bool made;

    if (files->parts >= 0)
        return VL_OK;
    letters = open_in(files->folder, "letters");
    if (letters < 0)
        return vl_named_errno(why, "opening letters/");
    made = (mkdirat(letters, "parts", 0700) == 0 || errno == EEXIST) && vl_named_sync(letters);
    if (made)
        files->parts = open_in(letters, "parts");
    made = files->parts >= 0;
    (void)close(letters);
    return made ? VL_OK : vl_named_errno(why, "making letters/parts/");
}

static enum vl_err put_at(int fd, uint64_t at, vl_bytes bytes, struct vl_why *why)
{
    while (bytes.len > 0) {
        ssize_t count = pwrite(fd, bytes.ptr, bytes.len, (off_t)at);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return vl_named_errno(why, "writing slices of an envelope");
        at += (uint64_t)count;
        bytes = vl_bytes_after(bytes, (size_t)count);
    }
    return VL_OK;
}

enum vl_err vl_part_put(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN], uint64_t at,
                        vl_bytes bytes, bool *made, struct vl_why *why)
{
    const int flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW;
    char name[VL_NAMED_SIZE];
    enum vl_err err = make_folder(files, why);
    int fd;

    *made = false;
    if (err)
        return err;
    vl_named(id, name);
    fd = openat(files->parts, name, flags);
    if (fd < 0 && errno == ENOENT) {
        fd = openat(files->parts, name, flags | O_CREAT | O_EXCL, 0600);
        *made = fd >= 0;
    }
    if (fd < 0)
        return vl_named_errno(why, "making a file in letters/parts/");
    err = put_at(fd, at, bytes, why);
    if (close(fd) != 0 && !err)
        err = vl_named_errno(why, "writing slices of an envelope");
    return err;
}

enum vl_err vl_part_sync(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN],
                         struct vl_why *why)
{
    char name[VL_NAMED_SIZE];
    bool good;
    int fd;

    vl_named(id, name);
    fd = openat(files->parts, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    good = fd >= 0 && fsync(fd) == 0 && vl_named_sync(files->parts);
    if (fd >= 0)
        (void)close(fd);
    return good ? VL_OK : vl_named_errno(why, "making slices of an envelope durable");
}

enum vl_err vl_part_read(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN], uint64_t at,
                         vl_room room, struct vl_why *why)
{
    char name[VL_NAMED_SIZE];
    enum vl_err err;
    int fd = -1;

    vl_named(id, name);
    errno = ENOENT;
    if (files->parts >= 0)
        fd = openat(files->parts, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return vl_named_errno(why, "the file of its slices");
    err = vl_named_read(fd, at, room, why);
    (void)close(fd);
    return err;
}

bool vl_part_is_there(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN])
{
    char name[VL_NAMED_SIZE];

    vl_named(id, name);
    return files->parts >= 0 && faccessat(files->parts, name, F_OK, AT_SYMLINK_NOFOLLOW) == 0;
}

/* --- becoming an envelope --------------------------------------------------------------------- */

/* Under a name that something left over may have. */
static bool link_over(int from, const char *name, int to, const char *other)
{
    if (linkat(from, name, to, other, 0) == 0)
        return true;
    if (errno == EEXIST && unlinkat(to, other, 0) == 0 && linkat(from, name, to, other, 0) == 0)
        return true;
    return errno != ENOENT && renameat(from, name, to, other) == 0;
}

enum vl_err vl_part_join(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN],
                         const uint8_t number[VL_HASH_LEN], struct vl_why *why)
{
    char name[VL_NAMED_SIZE], other[VL_NAMED_SIZE];
    int new_ones = open_in(files->folder, "letters/new");
    bool good;

    vl_named(id, name);
    vl_named(number, other);
    good = new_ones >= 0 && link_over(files->parts, name, new_ones, other);
    if (new_ones >= 0)
        (void)close(new_ones);
    return good ? VL_OK : vl_named_errno(why, "making an envelope of its slices");
}

void vl_part_unjoin(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN],
                    const uint8_t number[VL_HASH_LEN])
{
    char name[VL_NAMED_SIZE], other[VL_NAMED_SIZE];
    int new_ones = open_in(files->folder, "letters/new");

    vl_named(id, name);
    vl_named(number, other);
    if (new_ones >= 0 && files->parts >= 0 && !vl_part_is_there(files, id))
        (void)!renameat(new_ones, other, files->parts, name);
    else if (new_ones >= 0)
        (void)unlinkat(new_ones, other, 0);
    if (new_ones >= 0)
        (void)close(new_ones);
}

void vl_part_remove(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN])
{
    char name[VL_NAMED_SIZE];

    vl_named(id, name);
    if (files->parts >= 0)
        (void)unlinkat(files->parts, name, 0);
}

enum vl_err vl_part_all(struct vl_part_files *files, vl_named_visit visit, void *self,
                        struct vl_why *why)
{
    return vl_named_all(files->parts, visit, self, why);
}
