/* SPDX-License-Identifier: Apache-2.0 */
/* sys/infile.h: files read to their end. */
#ifndef VL_SYS_INFILE_H
#define VL_SYS_INFILE_H

#include "base/bytes.h"

/* Something being read: a file, or stdin. */
struct vl_in {
    int fd;
    bool is_stdin;
    bool is_regular;
    uint64_t size; /* of a regular file, when it was opened */
    uint64_t read_bytes;
};

#define VL_IN_INIT                                                                                 \
    {                                                                                              \
        -1, false, false, 0, 0                                                                     \
    }

/* "-" or NULL is stdin.  NOT_FOUND, IO.  The reason does not repeat the name. */
enum vl_err vl_in_open(const char *path, struct vl_in *in, struct vl_why *why) VL_MUST_USE;
/* Some bytes, at most room.len; *got is 0 at the end only.  IO, also when a regular file ends
 * before the size it had. */
enum vl_err vl_in_read(struct vl_in *in, vl_room room, size_t *got, struct vl_why *why) VL_MUST_USE;
void vl_in_close(struct vl_in *in);
/* All of a small file.  LIMIT over the ceiling of out. */
enum vl_err vl_in_read_all(const char *path, struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
/* May others than its owner read this file?  False when it cannot be told. */
bool vl_infile_is_exposed(const char *path);

#endif
