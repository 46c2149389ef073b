/* SPDX-License-Identifier: Apache-2.0 */
#include "store/named.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

#define DIGITS "0123456789abcdef"
#define ENDING ".age"

enum vl_err vl_named_errno(struct vl_why *why, const char *doing)
{
    int number = errno;
    enum vl_err err = number == ENOSPC || number == EDQUOT || number == EFBIG ? VL_ERR_NO_SPACE
                      : number == ENOENT                                      ? VL_ERR_NOT_FOUND
                                                                              : VL_ERR_IO;

    return vl_fail(why, err, "%s: %s", doing, strerror(number));
}

bool vl_named_sync(int folder)
{
    return fsync(folder) == 0 || errno == EINVAL || errno == ENOTSUP;
}

void vl_named(const uint8_t id[VL_HASH_LEN], char name[VL_NAMED_SIZE])
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

DIR *vl_named_list(int folder)
{
    int fd = folder < 0 ? -1 : openat(folder, ".", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    DIR *list = fd >= 0 ? fdopendir(fd) : NULL;

    if (fd >= 0 && !list)
        (void)close(fd);
    return list;
}

enum vl_err vl_named_all(int folder, vl_named_visit visit, void *self, struct vl_why *why)
{
    DIR *list = vl_named_list(folder);
    uint8_t id[VL_HASH_LEN];
    struct dirent *entry;
    enum vl_err err = VL_OK;

    while (!err && list && (entry = readdir(list)) != NULL)
        if (id_of(entry->d_name, id))
            err = visit(self, id, why);
    if (list)
        (void)closedir(list);
    return err;
}

enum vl_err vl_named_read(int fd, uint64_t at, vl_room room, struct vl_why *why)
{
    while (room.len > 0) {
        ssize_t count = pread(fd, room.ptr, room.len, (off_t)at);

        if (count < 0 && errno == EINTR)
            continue;
        if (count < 0)
            return vl_named_errno(why, "reading a large envelope");
        if (count == 0)
            return vl_fail(why, VL_ERR_FORMAT, "its envelope ends early");
        room = (vl_room){room.ptr + count, room.len - (size_t)count};
        at += (uint64_t)count;
    }
    return VL_OK;
}
