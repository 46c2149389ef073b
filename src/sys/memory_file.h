/* SPDX-License-Identifier: Apache-2.0 */
/* sys/memory_file.h: bytes in memory for whoever reads files, by a descriptor or by a path. */
#ifndef VL_SYS_MEMORY_FILE_H
#define VL_SYS_MEMORY_FILE_H

#include "base/bytes.h"

#define VL_MEMORY_PATH 32

struct vl_memory_file {
    int fd;                    /* at its first byte; -1: none */
    char path[VL_MEMORY_PATH]; /* where /proc is */
};
#define VL_MEMORY_FILE_INIT                                                                        \
    {                                                                                              \
        .fd = -1                                                                                   \
    }

/* A regular file without a name on any disk, for this process alone, gone when it is closed.  IO,
 * NO_SPACE; then it is VL_MEMORY_FILE_INIT. */
enum vl_err vl_memory_file_open(vl_bytes bytes, struct vl_memory_file *file,
                                struct vl_why *why) VL_MUST_USE;
void vl_memory_file_close(struct vl_memory_file *file);

#endif
