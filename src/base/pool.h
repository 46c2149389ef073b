/* SPDX-License-Identifier: Apache-2.0 */
/* base/pool.h: work done in parallel that leaves in order.  The only file that knows threads. */
#ifndef VL_BASE_POOL_H
#define VL_BASE_POOL_H

#include <stddef.h>

#include "base/err.h"

#define VL_POOL_MAX_WORKERS 64

/* What a pool does with a filled slot.  The slot is memory of the pool, zeroed when it is made. */
struct vl_pool_ops {
    /* Called by any thread, for several slots at the same time. */
    enum vl_err (*work)(void *self, void *slot, struct vl_why *why);
    /* Called in the order of vl_pool_submit, never by two threads at the same time, and only while
     * everything before has succeeded; possibly on a thread of the pool. */
    enum vl_err (*done)(void *self, void *slot, struct vl_why *why);
    /* Called once for each slot that was made, before its memory goes: wipe what is secret in it,
     * give back what it owns.  NULL: nothing to do.  The pool does not wipe by itself, because that
     * would touch memory that a small job never used. */
    void (*drop)(void *self, void *slot);
};

struct vl_pool;

/* workers 0: everything happens in the caller's thread.  Threads start with the second slot, so
 * small work costs none; where none can be started the caller's thread does the work.  slot_count
 * is how many slots may be under way.  NULL when memory runs out. */
struct vl_pool *vl_pool_new(const struct vl_pool_ops *ops, void *self, unsigned workers,
                            size_t slot_size, size_t slot_count) VL_MUST_USE;
/* Waits for what is under way, ends the threads, drops the slots.  Takes NULL. */
void vl_pool_free(struct vl_pool *pool);

/* The next slot to fill; while none is free the caller's thread does waiting work.  The same one
 * until vl_pool_submit.  NULL after a failure, which vl_pool_drain tells. */
void *vl_pool_slot(struct vl_pool *pool);
/* Hand the slot over.  A failure of earlier slots is told by the next vl_pool_drain. */
void vl_pool_submit(struct vl_pool *pool);
/* Wait until everything handed over is done; the first failure, in order of submission. */
enum vl_err vl_pool_drain(struct vl_pool *pool, struct vl_why *why) VL_MUST_USE;

/* Run `first` once in the life of the process, whichever thread comes first; others wait. */
struct vl_once {
    int state;
};
#define VL_ONCE_INIT                                                                               \
    {                                                                                              \
        0                                                                                          \
    }
void vl_once_run(struct vl_once *once, void (*first)(void));

#endif
