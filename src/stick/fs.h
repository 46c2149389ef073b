/* SPDX-License-Identifier: Apache-2.0 */
/* stick/fs.h: what the room asks of a file system, and nothing it may not have: no links, no modes,
 * no locks, no difference between "a" and "A", no rename that holds when the power goes.
 *
 * A struct of functions, so that a test can be a stick with FAT's rules, a full one, or one that is
 * pulled out. */
#ifndef VL_STICK_FS_H
#define VL_STICK_FS_H

#include "base/bytes.h"

enum vl_stick_kind {
    VL_STICK_FILE,
    VL_STICK_FOLDER,
    VL_STICK_OTHER /* a link, a device, a pipe: never followed, never opened */
};
struct vl_stick_entry {
    enum vl_stick_kind kind;
    uint64_t size; /* of a file */
};

struct vl_stick_space {
    uint64_t free_bytes; /* for the user who asks */
    uint64_t cluster;    /* what a file is rounded up to; at least 1 */
    uint64_t file_max;   /* the longest file it takes, as far as that is known */
    bool read_only;
};

/* Each function gives 0 or an errno, ENOENT and EEXIST among them; on failure what it would have
 * given is untouched.  Handles are numbers from 0 up.  A name is one name, never a path. */
struct vl_stick_fs {
    int (*open_root)(void *self, const char *path, int *folder);
    /* ENOTDIR or ELOOP when it is something else, a link to a folder too. */
    int (*open_folder)(void *self, int folder, const char *name, int *out);
    int (*make_folder)(void *self, int folder, const char *name);
    /* A new one to be written; EEXIST where anything has that name. */
    int (*make_file)(void *self, int folder, const char *name, int *out);
    /* To be read; direct: not from this machine's memory, and EINVAL where that cannot be: then
     * reads go into rooms that VL_STICK_ALIGNED divides, from its multiples. */
    int (*open_file)(void *self, int folder, const char *name, bool direct, int *out);
    int (*look)(void *self, int folder, const char *name, struct vl_stick_entry *entry);
    int (*look_file)(void *self, int file, struct vl_stick_entry *entry);
    int (*write)(void *self, int file, vl_bytes bytes, size_t *count);
    int (*read)(void *self, int file, vl_room room, size_t *count);
    int (*sync_file)(void *self, int file);
    /* 0 too where folders cannot be made durable by themselves. */
    int (*sync_folder)(void *self, int folder);
    /* What was read or written of it is not kept in memory, as far as that can be had. */
    void (*forget)(void *self, int file);
    int (*rename)(void *self, int folder, const char *from, const char *to);
    int (*remove_file)(void *self, int folder, const char *name);
    int (*remove_folder)(void *self, int folder, const char *name); /* an empty one */
    /* Every name but "." and "..", in any order, until visit() says false. */
    int (*list)(void *self, int folder, bool (*visit)(void *visitor, const char *name),
                void *visitor);
    int (*space)(void *self, int folder, struct vl_stick_space *space);
    void (*close)(void *self, int handle);
    void *self;
};

#define VL_STICK_ALIGNED 4096

/* The file systems of this machine. */
extern const struct vl_stick_fs vl_stick_fs_posix;

#endif
