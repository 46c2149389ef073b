/* SPDX-License-Identifier: Apache-2.0 */
/* stick/bag.h: writing a bag, whole or not at all, and reading one that nobody has vouched for. */
#ifndef VL_STICK_BAG_H
#define VL_STICK_BAG_H

#include "crypto/hash.h"
#include "stick/stick.h"

#define VL_BAG_SEGMENT_MAX ((uint64_t)1 << 30) /* unless the plan says something else */

/* What a list says of a segment, and what whoever writes one puts into it.  Its name on the wire is
 * vl_bag_segment_name(number). */
struct vl_bag_segment {
    unsigned number; /* from 1 */
    uint64_t length;
    uint8_t sha256[VL_HASH_LEN];
};

/* --- writing ---------------------------------------------------------------------------------- */

enum vl_bag_doing {
    VL_BAG_WRITING, /* so many bytes of the items are durable */
    VL_BAG_CHECKING /* so many bytes were read back */
};
/* Whoever watches; either may be NULL. */
struct vl_bag_watch {
    void (*moved)(void *self, enum vl_bag_doing doing, uint64_t bytes, uint64_t total);
    /* Asked between items, and again and again while bytes are read back: INTERRUPTED. */
    bool (*stop)(void *self);
    void *self;
};

struct vl_bag_plan {
    uint8_t id[VL_BAG_ID_LEN]; /* random, and never used before */
    uint64_t total_bytes;      /* of all items */
    uint64_t leaves_len;       /* about */
    uint64_t segment_max; /* 0: VL_BAG_SEGMENT_MAX; what the file system takes if that is less */
    struct vl_bag_watch watch;
};

/* How much must be free for such a bag, whatever a file is rounded up to there.  UINT64_MAX when
 * there is no such amount. */
uint64_t vl_bag_need(const struct vl_bag_plan *plan, const struct vl_stick_space *space);

struct vl_bag_writer;
/* Make the bag's folder, with a mark that says whose it is.  Stick and plan are borrowed.  NO_SPACE
 * when there is too little, before anything is written; UNSUPPORTED when the stick cannot be
 * written to; EXISTS when there is such a bag; IO, NO_MEMORY. */
enum vl_err vl_bag_writer_new(struct vl_stick *stick, const struct vl_bag_plan *plan,
                              struct vl_bag_writer **out, struct vl_why *why) VL_MUST_USE;
/* Takes NULL.  What was not committed is removed, as far as the stick can still be reached. */
void vl_bag_writer_free(struct vl_bag_writer *writer);

/* After a failure all of these fail, with the first reason, and only vl_bag_writer_free is left.
 * All fail with NO_SPACE, UNSUPPORTED, IO, NO_MEMORY; INTERNAL when called out of order. */

/* An item of so many bytes begins; it will not be split.  *segment and *offset, which may be NULL,
 * tell where it stands.  LIMIT when it is longer than a segment may be, or in the way of the
 * VL_BAG_MAX_SEGMENTS; INTERRUPTED. */
enum vl_err vl_bag_begin_item(struct vl_bag_writer *writer, uint64_t size, unsigned *segment,
                              uint64_t *offset, struct vl_why *why) VL_MUST_USE;
/* Some of its bytes.  INTERNAL when there are more than it was to have. */
enum vl_err vl_bag_put(struct vl_bag_writer *writer, vl_bytes bytes,
                       struct vl_why *why) VL_MUST_USE;
struct vl_sink vl_bag_sink(struct vl_bag_writer *writer);
/* No more items; all of them are durable.  *segments is borrowed from the writer.  INTERNAL when
 * the last item is not whole. */
enum vl_err vl_bag_finish_segments(struct vl_bag_writer *writer,
                                   const struct vl_bag_segment **segments, size_t *count,
                                   struct vl_why *why) VL_MUST_USE;
/* The leaf list, once, after the segments; a bag may have none.  LIMIT over VL_BAG_MAX_LEAVES. */
enum vl_err vl_bag_put_leaves(struct vl_bag_writer *writer, vl_bytes leaves,
                              struct vl_why *why) VL_MUST_USE;

enum vl_bag_checked {
    VL_BAG_CHECKED_STICK, /* every byte was read from the stick itself */
    VL_BAG_CHECKED_MEMORY /* some may have come from this machine's memory: the file system has no
                             way around it */
};
/* Read back everything that was written and compare its hashes.  UNVERIFIED when the stick gives
 * something else: it is broken, or no honest one.  INTERRUPTED. */
enum vl_err vl_bag_read_back(struct vl_bag_writer *writer, enum vl_bag_checked *how,
                             struct vl_why *why) VL_MUST_USE;
/* Read back what was not yet read back, then write the list, and the bag is there: whole, durable,
 * and the stick may be pulled out.  On any failure the bag is removed or will be swept; only when
 * the stick cannot be reached any more it may yet turn out to be there, whole.  So whoever signed
 * the list counts it as handed out from here on.  LIMIT over VL_BAG_MAX_LIST, FORMAT for none;
 * UNVERIFIED, INTERRUPTED. */
enum vl_err vl_bag_commit(struct vl_bag_writer *writer, vl_bytes list, enum vl_bag_checked *how,
                          struct vl_why *why) VL_MUST_USE;

/* --- reading ---------------------------------------------------------------------------------- */

struct vl_bag;
/* NOT_FOUND; FORMAT when something else than a folder stands there; IO, NO_MEMORY.  The stick is
 * borrowed. */
enum vl_err vl_bag_open(struct vl_stick *stick, const uint8_t id[VL_BAG_ID_LEN],
                        struct vl_bag **out, struct vl_why *why) VL_MUST_USE;
void vl_bag_close(struct vl_bag *bag);

/* Append the list, or the leaves.  NOT_FOUND for a bag that is not finished, or has no leaves;
 * LIMIT over VL_BAG_MAX_LIST and VL_BAG_MAX_LEAVES; FORMAT when it is no regular file; IO, also
 * when it changes while it is read. */
enum vl_err vl_bag_list(struct vl_bag *bag, struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_bag_leaves(struct vl_bag *bag, struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

/* A segment being read once, from its beginning to its end. */
struct vl_bag_in;
/* said: what the list says of it, copied.  UNVERIFIED when it has another length; NOT_FOUND,
 * FORMAT, LIMIT (a number that no segment has), IO, NO_MEMORY.  The bag is borrowed. */
enum vl_err vl_bag_in_open(struct vl_bag *bag, const struct vl_bag_segment *said,
                           struct vl_bag_in **out, struct vl_why *why) VL_MUST_USE;
/* Some bytes.  *got is 0 at the end only, and only when length and hash are what the list says:
 * before that, nothing that was read is vouched for.  UNVERIFIED; IO with how far it came. */
enum vl_err vl_bag_in_read(struct vl_bag_in *in, vl_room room, size_t *got,
                           struct vl_why *why) VL_MUST_USE;
void vl_bag_in_close(struct vl_bag_in *in);

/* Read these segments to their ends and keep nothing.  watch may be NULL.  Fails like
 * vl_bag_in_open and vl_bag_in_read, at the first that is not as said; INTERRUPTED. */
enum vl_err vl_bag_check(struct vl_bag *bag, const struct vl_bag_segment *said, size_t count,
                         const struct vl_bag_watch *watch, struct vl_why *why) VL_MUST_USE;

#endif
