/* SPDX-License-Identifier: Apache-2.0 */
/* sys/outfile.h: files that appear whole or not at all. */
#ifndef VL_SYS_OUTFILE_H
#define VL_SYS_OUTFILE_H

#include "base/bytes.h"

enum vl_out_flag {
    VL_OUT_REPLACE =
        1, /* an existing file may be replaced, once the new one is whole and durable */
    VL_OUT_PRIVATE = 2, /* mode 0600 whatever the umask */
    VL_OUT_PART = 4,    /* one of several: that it is there is not yet the end of the work */
    VL_OUT_LATER = 8    /* made durable by vl_folder_sync_all, with the others */
};

/* Something being written.  A regular file has no name until vl_out_commit, or a name of its own
 * (.valise-XXXXXXXXXXXXXXXX.part) where the file system cannot do that; it is gone when this is
 * dropped.  stdout, pipes and devices get the bytes as they come. */
struct vl_out {
    int fd;
    int folder; /* -1: not a regular file, there is nothing to commit */
    bool is_stdout;
    bool replace;
    bool is_part;
    bool later;
    uint64_t written;
    char *name;         /* in the folder */
    char temporary[40]; /* its name until then; empty when it has none */
};

#define VL_OUT_INIT                                                                                \
    {                                                                                              \
        -1, -1, false, false, false, false, 0, NULL,                                               \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/* "-" or NULL is stdout.  EXISTS where there is a file and VL_OUT_REPLACE was not given; IO,
 * NO_SPACE, NO_MEMORY, NOT_FOUND for a missing folder. */
enum vl_err vl_out_open(const char *path, unsigned flags, struct vl_out *out,
                        struct vl_why *why) VL_MUST_USE;
/* All of the bytes.  NO_SPACE, IO. */
enum vl_err vl_out_put(struct vl_out *out, vl_bytes bytes, struct vl_why *why) VL_MUST_USE;
struct vl_sink vl_out_sink(struct vl_out *out);
/* Make what was written durable before it has a name: what can fail for want of room fails here. */
enum vl_err vl_out_sync(struct vl_out *out, struct vl_why *why) VL_MUST_USE;
/* Make it durable and give it its name, both or neither.  EXISTS if a file came there meanwhile. */
enum vl_err vl_out_commit(struct vl_out *out, struct vl_why *why) VL_MUST_USE;
/* A whole file: opened, written and committed.  Errors as of these. */
enum vl_err vl_out_write(const char *path, unsigned flags, vl_bytes bytes,
                         struct vl_why *why) VL_MUST_USE;
/* Take away what killed processes left in this folder. */
void vl_out_sweep(const char *folder);
/* Close; what was not committed is gone. */
void vl_out_drop(struct vl_out *out);

#endif
