/* SPDX-License-Identifier: Apache-2.0 */
/* office/hook.h: what the program `hook` in a home is told of: letters that came, receipts that
 * came, and receipts that should have come. */
#ifndef VL_OFFICE_HOOK_H
#define VL_OFFICE_HOOK_H

#include "office/home.h"

#define VL_HOOK_NAME     "hook"
#define VL_HOOK_LIMIT_MS 30000
#define VL_HOOK_EVENTS   1000 /* that are told one by one; of more only how many */

/* Owns everything in it.  Without a hook in the home it is empty, and nothing costs anything. */
struct vl_hook {
    char *path; /* NULL: there is none */
    size_t count;
    size_t cap;
    struct vl_hook_letter *before; /* by number */
};
#define VL_HOOK_INIT                                                                               \
    {                                                                                              \
        .path = NULL                                                                               \
    }
void vl_hook_release(struct vl_hook *hook);

/* How everything stands before something is done.  *hook must be VL_HOOK_INIT and is releasable on
 * failure.  NO_MEMORY, IO. */
enum vl_err vl_hook_begin(struct vl_home *home, struct vl_hook *hook,
                          struct vl_why *why) VL_MUST_USE;
/* Append the document of what came since then, or with `overdue` of what is overdue at now_s;
 * *event_count tells how many events it has: for none there is nothing to run.  NO_MEMORY, LIMIT,
 * IO. */
enum vl_err vl_hook_tell(struct vl_home *home, const struct vl_hook *hook, const char *command,
                         bool overdue, int64_t now_s, struct vl_buf *out, size_t *event_count,
                         struct vl_why *why) VL_MUST_USE;

#endif
