/* SPDX-License-Identifier: Apache-2.0 */
/* tests/support/disk.h: a stick in memory, with the rules of a file system and the habits of bad
 * hardware: it fills up, it fails, it is pulled out, and it forgets what was not made durable. */
#ifndef VL_TESTS_DISK_H
#define VL_TESTS_DISK_H

#include "stick/fs.h"

enum disk_rules { DISK_POSIX, DISK_FAT32, DISK_EXFAT };

struct disk_node;
struct disk {
    enum disk_rules rules;
    uint64_t capacity;  /* bytes, in clusters */
    uint64_t file_max;  /* EFBIG from there on */
    uint64_t fake_from; /* so many bytes are really kept, what comes later reads as zeroes */
    bool read_only;
    bool forbidden;    /* EACCES for all that changes it */
    bool can_direct;   /* reads past the cache; true at first */
    bool keeps_cache;  /* does not listen when told to forget */
    bool shouts;       /* lists and keeps names in upper case only, but finds them in any */
    size_t most;       /* moved in one read or write; 0: all of it */
    unsigned order;    /* names are listed in another order for another value */
    long ops;          /* calls so far */
    long fail_at;      /* this call fails, counted from 0; negative: none */
    int fail_code;     /* with this */
    bool fail_ever;    /* and all that follow, too */
    bool fail_changes; /* only calls that change something are counted and fail */
    uint64_t read_bytes;
    void (*before_read)(struct disk *disk); /* somebody else is at work */
    void *self;
    struct disk_node *nodes[65536];
    size_t node_count;
    uint64_t kept; /* bytes made durable */
    struct {
        struct disk_node *node; /* NULL: free */
        uint64_t at;
        bool writes, direct;
    } handles[64];
};

struct disk *disk_new(enum disk_rules rules);
void disk_free(struct disk *disk);
struct vl_stick_fs disk_fs(struct disk *disk);
/* Handles that were opened and not closed. */
size_t disk_open_handles(const struct disk *disk);
uint64_t disk_used(const struct disk *disk);

/* The power goes.  0: what was not made durable is lost; 1: all of it had been written by chance;
 * any other seed: some of it was, and on FAT a rename is torn. */
void disk_cut(struct disk *disk, uint64_t seed);

/* Around the rules: names are those of a path from the root.  Durable at once. */
void disk_put(struct disk *disk, const char *path, vl_bytes bytes);
void disk_put_folder(struct disk *disk, const char *path);
void disk_put_other(struct disk *disk, const char *path); /* a link, a device, a pipe */
bool disk_has(struct disk *disk, const char *path);
vl_bytes disk_get(struct disk *disk, const char *path);
/* Say another length, without having the bytes. */
void disk_set_size(struct disk *disk, const char *path, uint64_t size);
/* Somebody makes it so long, or changes its last byte, while others have it open. */
void disk_change(struct disk *disk, const char *path, size_t len, bool flips);

#endif
