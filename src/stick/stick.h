/* SPDX-License-Identifier: Apache-2.0 */
/* stick/stick.h: the carried directory: what is on it, and taking away what is done.
 *
 * This room knows folders, names, lengths and hashes.  What is in a segment, in a leaf list or in
 * the signed list that ends a bag, it does not know: those are bytes of whoever calls.
 *
 * In all of the room UNSUPPORTED means one thing: the stick cannot be written to.  IO means that
 * the stick does not work, or is gone; FORMAT that something stands there that is no stick of ours.
 */
#ifndef VL_STICK_STICK_H
#define VL_STICK_STICK_H

#include "stick/fs.h"
#include "stick/layout.h"

#define VL_STICK_MAX_BAGS 16384 /* looked at in one walk (PROTOCOL 24) */

struct vl_stick;

/* A folder of the user's choice; VALISE/ in it need not be there.  maker: VL_BAG_ID_LEN random
 * bytes that belong to a home and stay in it, copied; NULL when nothing will be written.  Nothing
 * is written here.  NOT_FOUND when there is no such folder; FORMAT when VALISE or bags is something
 * else than a folder, a link to one too; IO, NO_MEMORY. */
enum vl_err vl_stick_open(const struct vl_stick_fs *fs, const char *path, const uint8_t *maker,
                          struct vl_stick **out, struct vl_why *why) VL_MUST_USE;
/* Takes NULL. */
void vl_stick_close(struct vl_stick *stick);
/* How much is free now, and what the file system allows.  IO. */
enum vl_err vl_stick_space(struct vl_stick *stick, struct vl_stick_space *space,
                           struct vl_why *why) VL_MUST_USE;
/* Was a bag ever put there: is there VALISE/bags? */
bool vl_stick_has_bags(const struct vl_stick *stick);
/* It answered that it is not there any more: no use in going on. */
bool vl_stick_is_gone(const struct vl_stick *stick);

enum vl_bag_state {
    VL_BAG_EMPTY,      /* a folder with nothing in it */
    VL_BAG_UNFINISHED, /* no list: somebody was stopped while writing, or is writing now */
    VL_BAG_FINISHED
};

/* What a walk sees of one bag.  Borrowed for the visit. */
struct vl_bag_seen {
    uint8_t id[VL_BAG_ID_LEN];
    enum vl_bag_state state;
    bool is_own; /* unfinished, and begun by this maker: vl_stick_sweep would remove it */
    unsigned segment_count;
    uint64_t segment_bytes;
    bool has_leaves;
    uint64_t leaves_len;
    uint64_t foreign;  /* names in its folder that are none of a bag's */
    vl_bytes list;     /* of a finished one, as it stands there: nothing has verified it */
    enum vl_err err;   /* it could not be looked at, or its list not read: */
    struct vl_why why; /* then this says why, and the fields above are what was seen until then */
};

struct vl_stick_walked {
    size_t bags;      /* visited */
    uint64_t left;    /* bags behind them that were not looked at */
    uint64_t foreign; /* names in VALISE/ and bags/ that are none of ours */
};

/* Visit bags by ascending id, at most VL_STICK_MAX_BAGS, from behind `after` on (NULL: from the
 * first), so that a walk that left some can go on.  A bag that cannot be read is visited with its
 * err, and the walk goes on; when names could not be read to the end, what was found is visited and
 * then it fails.  visit() ends it with anything but VL_OK.  *walked is filled either way.  IO,
 * NO_MEMORY, and what visit() says. */
enum vl_err
vl_stick_walk(struct vl_stick *stick, const uint8_t *after,
              enum vl_err (*visit)(void *self, const struct vl_bag_seen *seen, struct vl_why *why),
              void *self, struct vl_stick_walked *walked, struct vl_why *why) VL_MUST_USE;

/* Remove a bag, its list first, so that it is whole or not there whatever happens; durable.  When
 * it is cut short, the rest is this maker's unfinished bag.  Files that are none of a bag's stay,
 * and their folder with them: PARTIAL.  NOT_FOUND, UNSUPPORTED, IO, NO_MEMORY. */
enum vl_err vl_stick_remove(struct vl_stick *stick, const uint8_t id[VL_BAG_ID_LEN],
                            struct vl_why *why) VL_MUST_USE;

struct vl_stick_swept {
    size_t bags; /* unfinished ones of this maker, and empty folders: removed */
    uint64_t bytes;
    size_t others; /* unfinished ones of other makers: not touched */
};
/* Remove what this maker left unfinished, and empty folders.  Not while a bag writer of the same
 * maker is at work.  Bags that cannot be removed do not keep others from it; the first failure is
 * told at the end.  UNSUPPORTED, IO, NO_MEMORY, PARTIAL. */
enum vl_err vl_stick_sweep(struct vl_stick *stick, struct vl_stick_swept *swept,
                           struct vl_why *why) VL_MUST_USE;

#endif
