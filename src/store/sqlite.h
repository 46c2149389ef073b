/* SPDX-License-Identifier: Apache-2.0 */
/* store/sqlite.h: the only door to SQLite: a database, and statements that are compiled once. */
#ifndef VL_STORE_SQLITE_H
#define VL_STORE_SQLITE_H

#include "base/bytes.h"

struct vl_sql;

enum vl_sql_flag {
    VL_SQL_READ_ONLY = 1, /* no lock, no journal where none is there already */
    VL_SQL_STILL = 2      /* with READ_ONLY: nobody changes the file while it is open */
};
/* An existing file, by its absolute path.  BUSY, FORMAT, IO, NO_MEMORY, NO_SPACE. */
enum vl_err vl_sql_open(const char *path, unsigned flags, struct vl_sql **out,
                        struct vl_why *why) VL_MUST_USE;
/* Takes NULL.  tidy: bring the journal into the database and take it away. */
void vl_sql_close(struct vl_sql *sql, bool tidy);

/* Statements that give no rows, one or several. */
enum vl_err vl_sql_do(struct vl_sql *sql, const char *text, struct vl_why *why) VL_MUST_USE;
/* End a transaction that SQLite has not ended by itself. */
void vl_sql_rollback(struct vl_sql *sql);
/* How many pages wait in the journal since it was last brought in. */
unsigned vl_sql_waiting_pages(const struct vl_sql *sql);
/* Bring in what can be brought in without waiting for anybody; the rest stays in the journal, which
 * is as good. */
void vl_sql_checkpoint(struct vl_sql *sql);
/* Copy the whole database into an empty file. */
enum vl_err vl_sql_copy(struct vl_sql *sql, const char *path, struct vl_why *why) VL_MUST_USE;

/* A statement under way.  The first failure of binding latches and is told by vl_sql_step. */
struct vl_sql_run {
    struct vl_sql *sql;
    void *statement;
    int place; /* among the kept ones; -1: compiled for this run only */
    int err;
};
#define VL_SQL_RUN_INIT                                                                            \
    {                                                                                              \
        NULL, NULL, -1, 0                                                                          \
    }
/* text is a literal and is kept compiled; a run inside a run of the same text is fine. */
enum vl_err vl_sql_start(struct vl_sql *sql, const char *text, struct vl_sql_run *run,
                         struct vl_why *why) VL_MUST_USE;
/* Parameters count from 1; bytes and texts are borrowed until vl_sql_end. */
void vl_sql_put_int(struct vl_sql_run *run, int at, int64_t value);
void vl_sql_put_bytes(struct vl_sql_run *run, int at, vl_bytes bytes);
void vl_sql_put_text(struct vl_sql_run *run, int at, const char *text);
void vl_sql_put_null(struct vl_sql_run *run, int at);
/* EXISTS when something unique is there already. */
enum vl_err vl_sql_step(struct vl_sql_run *run, bool *has_row, struct vl_why *why) VL_MUST_USE;
/* For statements that give no row. */
enum vl_err vl_sql_finish(struct vl_sql_run *run, struct vl_why *why) VL_MUST_USE;
void vl_sql_end(struct vl_sql_run *run);
/* The one number that a question has for an answer; 0 when there is no row. */
enum vl_err vl_sql_ask(struct vl_sql *sql, const char *text, int64_t *answer,
                       struct vl_why *why) VL_MUST_USE;

/* Columns count from 0; what they give is good until the next step. */
bool vl_sql_is_null(const struct vl_sql_run *run, int at);
int64_t vl_sql_int(const struct vl_sql_run *run, int at);
vl_bytes vl_sql_bytes(const struct vl_sql_run *run, int at);
const char *vl_sql_text(const struct vl_sql_run *run, int at);

#endif
