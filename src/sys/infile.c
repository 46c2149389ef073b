/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define PIECE 4096

enum vl_err vl_in_open(const char *path, struct vl_in *in, struct vl_why *why)
{
    struct stat info;

    *in = (struct vl_in)VL_IN_INIT;
    in->is_stdin = !path || strcmp(path, "-") == 0;
    in->fd = in->is_stdin ? STDIN_FILENO : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
    if (in->fd < 0)
        return vl_fail(why, errno == ENOENT ? VL_ERR_NOT_FOUND : VL_ERR_IO, "%s", strerror(errno));
    if (fstat(in->fd, &info) != 0) {
        vl_in_close(in);
        return vl_fail(why, VL_ERR_IO, "%s", strerror(errno));
    }
    if (S_ISDIR(info.st_mode)) {
        vl_in_close(in);
        return vl_fail(why, VL_ERR_IO, "it is a folder");
    }
    /* stdin may stand in the middle of a file, whose size says nothing then. */
    if (S_ISREG(info.st_mode) && !in->is_stdin) {
        in->is_regular = true;
        in->size = (uint64_t)info.st_size;
        (void)posix_fadvise(in->fd, 0, 0, POSIX_FADV_SEQUENTIAL);
    }
    return VL_OK;
}

enum vl_err vl_in_read(struct vl_in *in, vl_room room, size_t *got, struct vl_why *why)
{
    ssize_t count;

    *got = 0;
    do {
        count = read(in->fd, room.ptr, room.len);
        if (count < 0 && errno == EAGAIN) /* somebody else's pipe that does not wait by itself */
            (void)poll(&(struct pollfd){.fd = in->fd, .events = POLLIN}, 1, -1);
    } while (count < 0 && (errno == EINTR || errno == EAGAIN));
    if (count < 0)
        return vl_fail(why, VL_ERR_IO, "reading after %llu bytes: %s",
                       (unsigned long long)in->read_bytes, strerror(errno));
    in->read_bytes += (uint64_t)count;
    if (count == 0 && in->is_regular && in->read_bytes < in->size)
        return vl_fail(why, VL_ERR_IO, "it became shorter while it was read: %llu of %llu bytes",
                       (unsigned long long)in->read_bytes, (unsigned long long)in->size);
    *got = (size_t)count;
    return VL_OK;
}

void vl_in_close(struct vl_in *in)
{
    if (in->fd >= 0 && !in->is_stdin)
        (void)close(in->fd);
    in->fd = -1;
}

enum vl_err vl_in_read_all(const char *path, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    enum vl_err err = vl_in_open(path, &in, why);

    while (!err) {
        size_t before = out->len, left = out->max_len - before, got = 0;
        size_t piece = left < PIECE ? left : PIECE;
        uint8_t one, *at = &one;

        if (left > 0 && vl_buf_add(out, piece, &at) != VL_OK)
            return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read it");
        err = vl_in_read(&in, (vl_room){at, left > 0 ? piece : 1}, &got, why);
        /* Full is fine if this is the end. */
        if (left == 0)
            return !err && got > 0 ? vl_fail(why, VL_ERR_LIMIT, "more than %zu bytes", out->max_len)
                                   : err;
        out->len = before + got;
        if (got == 0)
            break;
    }
    return err;
}

bool vl_infile_is_exposed(const char *path)
{
    struct stat info;

    return stat(path, &info) == 0 && S_ISREG(info.st_mode) && (info.st_mode & 077) != 0;
}
