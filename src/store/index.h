/* SPDX-License-Identifier: Apache-2.0 */
/* store/index.h: rows of store.h as rows of the index.  Transactions are the caller's. */
#ifndef VL_STORE_INDEX_H
#define VL_STORE_INDEX_H

#include "store/segment.h"
#include "store/sqlite.h"
#include "store/store.h"

/* Where an envelope lies: segment 0 is a file of its own. */
struct vl_place {
    uint32_t segment;
    uint64_t offset;
};

typedef enum vl_err (*vl_index_visit)(void *self, const struct vl_letter_row *row,
                                      struct vl_place place, struct vl_why *why);

/* NOT_FOUND; on any failure row holds nothing.  lean leaves waybill and path out. */
enum vl_err vl_index_letter(struct vl_sql *sql, const uint8_t *number, bool lean,
                            struct vl_letter_row *row, struct vl_place *place,
                            struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_letters(struct vl_sql *sql, const struct vl_letter_query *query,
                             vl_index_visit visit, void *self, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_add_letter(struct vl_sql *sql, const struct vl_letter_row *row,
                                struct vl_place place, struct vl_why *why) VL_MUST_USE;
/* old is the row as it stands there. */
enum vl_err vl_index_set_letter(struct vl_sql *sql, const struct vl_letter_row *old,
                                const struct vl_letter_row *row, struct vl_place place,
                                struct vl_why *why) VL_MUST_USE;

enum vl_err vl_index_object(struct vl_sql *sql, const uint8_t *id, struct vl_buf *bytes,
                            struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_objects(struct vl_sql *sql, const uint8_t *about, vl_object_visit visit,
                             void *self, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_put_object(struct vl_sql *sql, const struct vl_object_row *row,
                                struct vl_why *why) VL_MUST_USE;

/* By one of the two; the other is NULL. */
enum vl_err vl_index_office(struct vl_sql *sql, const uint8_t *office, const char *petname,
                            struct vl_office_row *row, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_offices(struct vl_sql *sql, vl_office_visit visit, void *self,
                             struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_put_office(struct vl_sql *sql, const struct vl_office_row *row,
                                struct vl_why *why) VL_MUST_USE;

enum vl_err vl_index_fact(struct vl_sql *sql, const char *name, struct vl_buf *value,
                          struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_put_fact(struct vl_sql *sql, const char *name, vl_bytes value,
                              struct vl_why *why) VL_MUST_USE;

enum vl_err vl_index_put_tie(struct vl_sql *sql, const struct vl_tie *tie,
                             struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_drop_tie(struct vl_sql *sql, enum vl_tie_kind kind, const uint8_t *about,
                              const uint8_t *key, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_tie(struct vl_sql *sql, enum vl_tie_kind kind, const uint8_t *about,
                         const uint8_t *key, struct vl_buf *bytes, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_ties(struct vl_sql *sql, enum vl_tie_kind kind, const uint8_t *about,
                          const uint8_t *below, vl_tie_visit visit, void *self,
                          struct vl_why *why) VL_MUST_USE;
/* Is anything tied by that key, about whatever? */
enum vl_err vl_index_has_key(struct vl_sql *sql, enum vl_tie_kind kind, const uint8_t *key,
                             bool *has, struct vl_why *why) VL_MUST_USE;

enum vl_err vl_index_end(struct vl_sql *sql, struct vl_segment_end *end,
                         struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_set_end(struct vl_sql *sql, struct vl_segment_end end,
                             struct vl_why *why) VL_MUST_USE;

/* Letters whose envelopes are still to be overwritten or taken away. */
enum vl_err vl_index_add_leaving(struct vl_sql *sql, const uint8_t *number,
                                 struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_leaving(struct vl_sql *sql, vl_index_visit visit, void *self,
                             struct vl_why *why) VL_MUST_USE;
enum vl_err vl_index_end_leaving(struct vl_sql *sql, struct vl_why *why) VL_MUST_USE;

enum vl_err vl_index_size(struct vl_sql *sql, struct vl_store_size *size,
                          struct vl_why *why) VL_MUST_USE;
/* What the database finds wrong with itself, a sentence each; it stays open meanwhile. */
enum vl_err vl_index_check(struct vl_sql *sql,
                           enum vl_err (*visit)(void *self, const char *words, struct vl_why *why),
                           void *self, struct vl_why *why) VL_MUST_USE;

#endif
