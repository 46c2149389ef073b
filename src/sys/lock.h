/* SPDX-License-Identifier: Apache-2.0 */
/* sys/lock.h: one writer at a time. */
#ifndef VL_SYS_LOCK_H
#define VL_SYS_LOCK_H

#include "base/err.h"

struct vl_lock {
    int fd; /* -1: nothing is held */
};
#define VL_LOCK_INIT                                                                               \
    {                                                                                              \
        -1                                                                                         \
    }

/* Take the lock on this file, which is made when it is not there, without waiting.  It ends with
 * vl_lock_drop or the process, however that ends.  LOCKED, with the process that holds it when that
 * is known; UNSUPPORTED on a file system without locks; IO. */
enum vl_err vl_lock_take(const char *path, struct vl_lock *lock, struct vl_why *why) VL_MUST_USE;
void vl_lock_drop(struct vl_lock *lock);

#endif
