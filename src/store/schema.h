/* SPDX-License-Identifier: Apache-2.0 */
/* store/schema.h: the tables of the index, and the steps that bring an older index forward. */
#ifndef VL_STORE_SCHEMA_H
#define VL_STORE_SCHEMA_H

#include "store/sqlite.h"

/* Step i makes version i + 1 from version i; step 0 makes the tables from nothing. */
extern const char *const vl_schema_steps[];
extern const size_t vl_schema_step_count;

/* What an index is before anything is done to it. */
enum vl_schema_state {
    VL_SCHEMA_EMPTY, /* a file that was made and no more */
    VL_SCHEMA_OLDER,
    VL_SCHEMA_CURRENT
};
/* UNSUPPORTED when a newer valise made it, FORMAT when it is something else. */
enum vl_err vl_schema_look(struct vl_sql *sql, size_t version, enum vl_schema_state *state,
                           struct vl_why *why) VL_MUST_USE;
/* Journal mode, then every step that is missing, each durable whole or not at all. */
enum vl_err vl_schema_raise(struct vl_sql *sql, const char *const *steps, size_t step_count,
                            struct vl_why *why) VL_MUST_USE;

#endif
