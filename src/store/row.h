/* SPDX-License-Identifier: Apache-2.0 */
/* store/row.h: rows outside of any keeper: checked, copied, put together, matched. */
#ifndef VL_STORE_ROW_H
#define VL_STORE_ROW_H

#include "store/store.h"

#define VL_STORE_MAX_WAYBILL ((size_t)64 << 10)
#define VL_STORE_MAX_PATH    ((size_t)64 * VL_HASH_LEN)
#define VL_STORE_MAX_OBJECT  ((size_t)258 << 10) /* four signatures over 64 KiB */
#define VL_STORE_MAX_CARDS   ((size_t)8 << 20)
#define VL_STORE_MAX_FACT    ((size_t)64 << 10)

/* INTERNAL when the caller wrote something that has no place in a store. */
enum vl_err vl_letter_row_check(const struct vl_letter_row *row, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_office_row_check(const struct vl_office_row *row, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_object_row_check(const struct vl_object_row *row, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_tie_check(const struct vl_tie *tie, struct vl_why *why) VL_MUST_USE;

/* Make `to`, which is released first, a row that owns its bytes.  NO_MEMORY; `to` is INIT then. */
enum vl_err vl_letter_row_copy(const struct vl_letter_row *from,
                               struct vl_letter_row *to) VL_MUST_USE;
enum vl_err vl_office_row_copy(const struct vl_office_row *from,
                               struct vl_office_row *to) VL_MUST_USE;
/* Point waybill and path of a row at bytes that its own buffer gets.  NO_MEMORY, LIMIT. */
enum vl_err vl_letter_row_own(struct vl_letter_row *row, vl_bytes waybill,
                              vl_bytes path) VL_MUST_USE;

/* Fill in what `more` has and `kept` has not; did anything change?  Afterwards `kept` may borrow
 * from `more`. */
bool vl_letter_row_merge(struct vl_letter_row *kept, const struct vl_letter_row *more);

bool vl_letter_query_wants(const struct vl_letter_query *query, const struct vl_letter_row *row);
/* The least and the greatest number that begin with these bits. */
void vl_letter_query_range(const struct vl_letter_query *query, uint8_t low[VL_HASH_LEN],
                           uint8_t high[VL_HASH_LEN]);

#endif
