/* SPDX-License-Identifier: Apache-2.0 */
/* store/log_inside.h: what the files of a record's folder share: for store/log_*.c alone. */
#ifndef VL_STORE_LOG_INSIDE_H
#define VL_STORE_LOG_INSIDE_H

#include "record/anchor.h"
#include "store/log_dir.h"
#include "store/log_index.h"
#include "store/log_mark.h"
#include "store/log_stage.h"
#include "sys/lock.h"

#define VL_LOG_SPARE   "new"
#define VL_LOG_WAITING "waiting"
/* What others may see, and what of it a reader alone may have, as a folder of its own. */
#define VL_LOG_PUBLIC "public/"
#define VL_LOG_SHOWN  "checkpoint"
#define VL_LOG_ANCHOR "record"

/* A checkpoint and its note; none: size 0 and no bytes. */
struct vl_log_note {
    struct vl_buf bytes;
    uint64_t size;
    uint8_t root[VL_HASH_LEN];
    size_t witnesses;
};

struct vl_log_dir {
    char *path; /* absolute */
    enum vl_log_dir_access access;
    struct vl_log_source source; /* get NULL: folder has it */
    int folder;
    const char *to_public; /* from folder: "public/", or nothing when all there is is public */
    int keys;              /* -1: only read */
    struct vl_lock lock;
    struct vl_buf anchor_wire;
    struct vl_anchor anchor;
    struct vl_log_note shown, head; /* given out; signed last: the same while nobody waits */
    struct vl_secret receipts, checkpoints;
    struct vl_log_index *index; /* NULL: none, for a reader */
    /* Proofs of what is given out, and of what was signed last. */
    struct vl_tile_reader shown_tiles, head_tiles;
    /* The bundle that was read last. */
    struct vl_buf bundle;
    struct vl_tile_at bundle_at; /* width 0: none */
    /* Of a writer. */
    struct vl_log_mark mark;
    struct vl_tile_writer writer, trial;
    struct vl_buf open_bundle; /* the entries that fill no bundle yet */
    struct vl_buf entries;     /* of the batch under way */
    struct vl_buf room;        /* for staging */
    uint64_t indexed;          /* so many entries the index is known to have */
    bool is_behind;            /* a batch failed on its way: look at the disk again */
};

/* A file of the record, wherever it lies.  As vl_log_file_read. */
enum vl_err vl_log_get(const struct vl_log_dir *log, const char *name, struct vl_buf *out,
                       struct vl_why *why) VL_MUST_USE;

/* "public/checkpoint", "public/tile/..." */
#define VL_LOG_PATH (VL_TILE_PATH + sizeof VL_LOG_PUBLIC)
const char *vl_log_public(const struct vl_log_dir *log, const char *name, char out[VL_LOG_PATH]);
const char *vl_log_tile_path(const struct vl_log_dir *log, const struct vl_tile_at *at,
                             char out[VL_LOG_PATH]);

/* Empty folders and names of a handle; path is taken over by it. */
enum vl_err vl_log_new(const char *path, enum vl_log_dir_access access, struct vl_log_dir **out,
                       struct vl_why *why) VL_MUST_USE;
enum vl_err vl_log_read_anchor(struct vl_log_dir *log, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_log_read_keys(struct vl_log_dir *log, struct vl_why *why) VL_MUST_USE;
/* The checkpoints that are on the disk.  Those kept so far stay on failure. */
enum vl_err vl_log_read_notes(struct vl_log_dir *log, struct vl_why *why) VL_MUST_USE;
/* Read a note that must be the record's own, with `need` witnesses at least. */
enum vl_err vl_log_note_read(const struct vl_log_dir *log, vl_bytes bytes, size_t need,
                             struct vl_log_note *note, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_log_note_copy(const struct vl_log_note *from, struct vl_log_note *to,
                             struct vl_why *why) VL_MUST_USE;
void vl_log_note_release(struct vl_log_note *note);
/* Where the checkpoint stands that was signed last. */
const char *vl_log_head_name(const struct vl_log_dir *log, char out[VL_LOG_PATH]);
enum vl_err vl_log_put_note(const struct vl_log_dir *log, const char *name, vl_bytes note,
                            struct vl_why *why) VL_MUST_USE;
/* The proofs are made of the trees that the notes say. */
void vl_log_begin_tiles(struct vl_log_dir *log);

/* Append the file, or what it would be, from a wider one.  Whether it is in the tree is for the
 * caller. */
enum vl_err vl_log_read_tile(const struct vl_log_dir *log, const struct vl_tile_at *at,
                             struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
struct vl_tile_source vl_log_tiles(struct vl_log_dir *log);
struct vl_tile_sink vl_log_tile_sink(struct vl_log_dir *log);
/* The entry at this place, in the tree of `size`; borrowed from the handle until the next one. */
enum vl_err vl_log_entry_at(struct vl_log_dir *log, uint64_t index, uint64_t size, vl_bytes *entry,
                            struct vl_why *why) VL_MUST_USE;

/* A writer takes up the work where the disk has it: finishes a batch that was begun, refuses when
 * something went back, and brings the index up to date. */
enum vl_err vl_log_take_up(struct vl_log_dir *log, struct vl_why *why) VL_MUST_USE;
/* Write what staging has, sign it, and change the checkpoint. */
enum vl_err vl_log_finish(struct vl_log_dir *log, const struct vl_log_stage *stage,
                          struct vl_why *why) VL_MUST_USE;
/* Give out what was signed last: it has the witnesses it needs. */
enum vl_err vl_log_give_out(struct vl_log_dir *log, struct vl_why *why) VL_MUST_USE;
/* BUSY when another process writes. */
enum vl_err vl_log_lock(struct vl_log_dir *log, struct vl_why *why) VL_MUST_USE;
/* The index knows every entry up to head. */
enum vl_err vl_log_index_up(struct vl_log_dir *log, struct vl_why *why) VL_MUST_USE;

#endif
