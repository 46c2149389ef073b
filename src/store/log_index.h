/* SPDX-License-Identifier: Apache-2.0 */
/* store/log_index.h: what is in a record, by id and by what lists need: index.db.
 *
 * It says nothing that the entries do not say, and is made again from them when it is gone, damaged
 * or of another record.  So it need not be durable, only not wrong: it never knows of an entry that
 * the checkpoint has not. */
#ifndef VL_STORE_LOG_INDEX_H
#define VL_STORE_LOG_INDEX_H

#include "store/log_dir.h"

struct vl_log_index;

/* path is that of the record, record its id.  A writer makes it, empty, when it is missing or not
 * that of this record.  NOT_FOUND for a reader; FORMAT when it is damaged; IO, NO_SPACE, BUSY,
 * NO_MEMORY. */
enum vl_err vl_log_index_open(const char *path, bool read_only, const uint8_t record[VL_HASH_LEN],
                              struct vl_log_index **out, struct vl_why *why) VL_MUST_USE;
void vl_log_index_close(struct vl_log_index *index);

/* How many entries it knows: those before this one. */
enum vl_err vl_log_index_size(struct vl_log_index *index, uint64_t *size,
                              struct vl_why *why) VL_MUST_USE;
enum vl_err vl_log_index_clear(struct vl_log_index *index, struct vl_why *why) VL_MUST_USE;
/* Adding: begin, rows, and commit or hold.  What was not committed is not there, for others; the
 * handle itself finds it. */
enum vl_err vl_log_index_begin(struct vl_log_index *index, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_log_index_add(struct vl_log_index *index, const struct vl_log_dir_row *row,
                             struct vl_why *why) VL_MUST_USE;
enum vl_err vl_log_index_commit(struct vl_log_index *index, struct vl_why *why) VL_MUST_USE;
/* Commit when a thousand rows are held: a page of the index is written once for many batches.  A
 * process that ends before loses that many at most, which are made again from the entries. */
enum vl_err vl_log_index_hold(struct vl_log_index *index, struct vl_why *why) VL_MUST_USE;
/* All that is held is gone. */
void vl_log_index_rollback(struct vl_log_index *index);

/* NOT_FOUND, IO, FORMAT. */
enum vl_err vl_log_index_find(struct vl_log_index *index, const uint8_t id[VL_HASH_LEN],
                              uint64_t *at, struct vl_why *why) VL_MUST_USE;
/* Rows that fit, of the first `size` entries. */
enum vl_err vl_log_index_list(struct vl_log_index *index, const struct vl_log_dir_filter *filter,
                              uint64_t size,
                              enum vl_err (*visit)(void *self, const struct vl_log_dir_row *row,
                                                   struct vl_why *why),
                              void *self, struct vl_why *why) VL_MUST_USE;

/* The row of an entry; sub borrows from it. */
void vl_log_row_of(const struct vl_entry *entry, uint64_t index, struct vl_log_dir_row *row);
/* What an entry is about, when its sub ends in an id. */
bool vl_log_row_about(const struct vl_log_dir_row *row, uint8_t about[VL_HASH_LEN]);
bool vl_log_row_fits(const struct vl_log_dir_row *row, const struct vl_log_dir_filter *filter);

#endif
