/* SPDX-License-Identifier: Apache-2.0 */
/* sys/staging.h: a folder that appears whole or not at all. */
#ifndef VL_SYS_STAGING_H
#define VL_SYS_STAGING_H

#include "base/err.h"

/* Beside the place where it is to be there is a hidden folder, .valise-XXXXXXXXXXXXXXXX.stage,
 * until vl_stage_commit gives it its name.  One that a killed process left is taken away by the
 * next vl_stage_begin for the same parent. */
struct vl_stage {
    char *target;
    char *path; /* where to put what belongs in it; mode 0700 */
    int fd;     /* holds a lock that says that somebody works in it; -1 when there is none */
};
#define VL_STAGE_INIT                                                                              \
    {                                                                                              \
        NULL, NULL, -1                                                                             \
    }

/* Missing parents are made.  EXISTS when there is something in that place that is not an empty
 * folder; IO, NO_SPACE, NO_MEMORY. */
enum vl_err vl_stage_begin(const char *target, struct vl_stage *stage,
                           struct vl_why *why) VL_MUST_USE;
/* Durable, and by its name.  What is in it was made durable before.  EXISTS if something came there
 * meanwhile; IO. */
enum vl_err vl_stage_commit(struct vl_stage *stage, struct vl_why *why) VL_MUST_USE;
/* What was not committed is gone. */
void vl_stage_drop(struct vl_stage *stage);

#endif
