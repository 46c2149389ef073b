/* SPDX-License-Identifier: Apache-2.0 */
/* store/home.h: the store in a home, as the files of this room share it. */
#ifndef VL_STORE_HOME_H
#define VL_STORE_HOME_H

#include "store/index.h"
#include "store/large.h"
#include "store/ops.h"
#include "store/part.h"
#include "store/segment.h"
#include "store/sqlite.h"

struct vl_home_store {
    struct vl_store store; /* first: a vl_store is cast to this */
    int folder;
    bool read_only;
    /* A commit failed, and whether it is durable is not known before the journal is read again:
     * nothing may be written over what it wrote. */
    bool in_doubt;
    struct vl_sql *sql;
    struct vl_segments *segments;
    struct vl_large_home *large;
    struct vl_part_files *parts;
    struct vl_buf named; /* numbers of the large envelopes that this transaction brought */
    /* Ids of parts that this transaction wrote, of those it made, and of those that are not needed
     * once it is committed; of those that became envelopes, each behind the envelope's number. */
    struct vl_buf parts_written, parts_made, parts_done, parts_joined;
    bool forgot; /* this transaction did */
};

extern const struct vl_store_ops vl_home_store_ops;

/* What follows a commit, or a killed process: large envelopes to their places, forgotten ones away.
 * What cannot be done now is done when the store is opened next. */
void vl_home_store_settle(struct vl_home_store *home);
void vl_home_store_wipe(struct vl_home_store *home);
/* Is nobody reading the index without its journal, so that the journal may be brought in? */
bool vl_home_store_is_alone(struct vl_home_store *home);
void vl_home_store_not_alone(struct vl_home_store *home);

enum vl_err vl_home_store_snapshot(struct vl_store *store, const char *path,
                                   struct vl_why *why) VL_MUST_USE;
enum vl_err vl_home_store_look(struct vl_store *store,
                               enum vl_err (*visit)(void *self,
                                                    const struct vl_store_finding *finding),
                               void *self, struct vl_why *why) VL_MUST_USE;
void vl_home_store_close(struct vl_store *store);

#endif
