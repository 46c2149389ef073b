/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/memory_file.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum vl_err vl_memory_file_open(vl_bytes bytes, struct vl_memory_file *file, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *file = (struct vl_memory_file)VL_MEMORY_FILE_INIT;
    file->fd = memfd_create("valise", MFD_CLOEXEC);
    if (file->fd < 0)
        return vl_fail(why, VL_ERR_IO, "no memory for a file: %s", strerror(errno));
    while (!err && bytes.len > 0) {
        const ssize_t put = write(file->fd, bytes.ptr, bytes.len);

        if (put < 0 && errno != EINTR)
            err =
                vl_fail(why, errno == ENOSPC ? VL_ERR_NO_SPACE : VL_ERR_IO, "%s", strerror(errno));
        else if (put > 0)
            bytes = vl_bytes_after(bytes, (size_t)put);
    }
    if (!err && lseek(file->fd, 0, SEEK_SET) != 0)
        err = vl_fail(why, VL_ERR_IO, "%s", strerror(errno));
    if (err)
        vl_memory_file_close(file);
    else
        (void)snprintf(file->path, sizeof file->path, "/proc/self/fd/%d", file->fd);
    return err;
}

void vl_memory_file_close(struct vl_memory_file *file)
{
    if (file->fd >= 0)
        (void)close(file->fd);
    *file = (struct vl_memory_file)VL_MEMORY_FILE_INIT;
}
