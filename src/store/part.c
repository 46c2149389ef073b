/* SPDX-License-Identifier: Apache-2.0 */
#include "store/part.h"

#include <dirent.h>
#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"

#define DIGITS    "0123456789abcdef"
#define ENDING    ".age"
#define NAME_SIZE ((size_t)2 * VL_HASH_LEN + sizeof ENDING)

struct vl_part_files {
    int folder; /* the home's, borrowed */
    int parts;  /* -1 while there are none */
};

static enum vl_err why_errno(struct vl_why *why, const char *doing)
{
    int number = errno;
    enum vl_err err = number == ENOSPC || number == EDQUOT || number == EFBIG ? VL_ERR_NO_SPACE
                      : number == ENOENT                                      ? VL_ERR_NOT_FOUND
                                                                              : VL_ERR_IO;

    return vl_fail(why, err, "%s: %s", doing, strerror(number));
}

static bool sync_folder(int folder)
{
    return fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP;
}

static void name_of(const uint8_t id[VL_HASH_LEN], char name[NAME_SIZE])
{
    for (size_t i = 0; i < VL_HASH_LEN; i++) {
        name[2 * i] = DIGITS[id[i] >> 4];
        name[2 * i + 1] = DIGITS[id[i] & 15];
    }
    memcpy(name + 2 * (size_t)VL_HASH_LEN, ENDING, sizeof ENDING);
}

static bool id_of(const char *name, uint8_t id[VL_HASH_LEN])
{
    if (strspn(name, DIGITS) != 2 * (size_t)VL_HASH_LEN ||
        strcmp(name + 2 * (size_t)VL_HASH_LEN, ENDING) != 0)
        return false;
    for (size_t i = 0; i < VL_HASH_LEN; i++) {
        const char *high = strchr(DIGITS, name[2 * i]), *low = strchr(DIGITS, name[2 * i + 1]);

        id[i] = (uint8_t)((high - DIGITS) << 4 | (low - DIGITS));
    }
    return true;
}

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
        return why_errno(why, "opening letters/parts/");
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
        return why_errno(why, "opening letters/");
    made = (mkdirat(letters, "parts", 0700) == 0 || errno == EEXIST) && sync_folder(letters);
    if (made)
        files->parts = open_in(letters, "parts");
    made = files->parts >= 0;
    (void)close(letters);
    return made ? VL_OK : why_errno(why, "making letters/parts/");
}

static enum vl_err put_at(int fd, uint64_t at, vl_bytes bytes, struct vl_why *why)
{
    while (bytes.len > 0) {
        ssize_t count = pwrite(fd, bytes.ptr, bytes.len, (off_t)at);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return why_errno(why, "writing slices of an envelope");
        at += (uint64_t)count;
        bytes = vl_bytes_after(bytes, (size_t)count);
    }
    return VL_OK;
}

enum vl_err vl_part_put(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN], uint64_t at,
                        vl_bytes bytes, bool *made, struct vl_why *why)
{
    const int flags = O_WRONLY | O_CLOEXEC | O_NOFOLLOW;
    char name[NAME_SIZE];
    enum vl_err err = make_folder(files, why);
    int fd;

    *made = false;
    if (err)
        return err;
    name_of(id, name);
    fd = openat(files->parts, name, flags);
    if (fd < 0 && errno == ENOENT) {
        fd = openat(files->parts, name, flags | O_CREAT | O_EXCL, 0600);
        *made = fd >= 0;
    }
    if (fd < 0)
        return why_errno(why, "making a file in letters/parts/");
    err = put_at(fd, at, bytes, why);
    if (close(fd) != 0 && !err)
        err = why_errno(why, "writing slices of an envelope");
    return err;
}

enum vl_err vl_part_sync(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN],
                         struct vl_why *why)
{
    char name[NAME_SIZE];
    bool good;
    int fd;

    name_of(id, name);
    fd = openat(files->parts, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    good = fd >= 0 && fsync(fd) == 0 && sync_folder(files->parts);
    if (fd >= 0)
        (void)close(fd);
    return good ? VL_OK : why_errno(why, "making slices of an envelope durable");
}

static enum vl_err read_at(int fd, uint64_t at, vl_room room, struct vl_why *why)
{
    while (room.len > 0) {
        ssize_t count = pread(fd, room.ptr, room.len, (off_t)at);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return why_errno(why, "reading slices of an envelope");
        if (count == 0)
            return vl_fail(why, VL_ERR_FORMAT, "the file of its slices ends early");
        room = (vl_room){room.ptr + count, room.len - (size_t)count};
        at += (uint64_t)count;
    }
    return VL_OK;
}

enum vl_err vl_part_read(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN], uint64_t at,
                         vl_room room, struct vl_why *why)
{
    char name[NAME_SIZE];
    enum vl_err err;
    int fd = -1;

    name_of(id, name);
    errno = ENOENT;
    if (files->parts >= 0)
        fd = openat(files->parts, name, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
    if (fd < 0)
        return why_errno(why, "the file of its slices");
    err = read_at(fd, at, room, why);
    (void)close(fd);
    return err;
}

bool vl_part_is_there(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN])
{
    char name[NAME_SIZE];

    name_of(id, name);
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
    char name[NAME_SIZE], other[NAME_SIZE];
    int new_ones = open_in(files->folder, "letters/new");
    bool good;

    name_of(id, name);
    name_of(number, other);
    good = new_ones >= 0 && link_over(files->parts, name, new_ones, other);
    if (new_ones >= 0)
        (void)close(new_ones);
    return good ? VL_OK : why_errno(why, "making an envelope of its slices");
}

void vl_part_unjoin(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN],
                    const uint8_t number[VL_HASH_LEN])
{
    char name[NAME_SIZE], other[NAME_SIZE];
    int new_ones = open_in(files->folder, "letters/new");

    name_of(id, name);
    name_of(number, other);
    if (new_ones >= 0 && files->parts >= 0 && !vl_part_is_there(files, id))
        (void)!renameat(new_ones, other, files->parts, name);
    else if (new_ones >= 0)
        (void)unlinkat(new_ones, other, 0);
    if (new_ones >= 0)
        (void)close(new_ones);
}

void vl_part_remove(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN])
{
    char name[NAME_SIZE];

    name_of(id, name);
    if (files->parts >= 0)
        (void)unlinkat(files->parts, name, 0);
}

enum vl_err vl_part_all(struct vl_part_files *files, vl_part_visit visit, void *self,
                        struct vl_why *why)
{
    int fd = files->parts < 0 ? -1 : open_in(files->parts, ".");
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;
    uint8_t id[VL_HASH_LEN];
    struct dirent *entry;
    enum vl_err err = VL_OK;

    if (fd >= 0 && !list)
        (void)close(fd);
    while (!err && list && (entry = readdir(list)) != NULL)
        if (id_of(entry->d_name, id))
            err = visit(self, id, why);
    if (list)
        (void)closedir(list);
    return err;
}
