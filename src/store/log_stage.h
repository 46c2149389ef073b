/* SPDX-License-Identifier: Apache-2.0 */
/* store/log_stage.h: a batch of entries on its way into a record: the file staging.
 *
 *     "valise/staging1\n"   u64 old size, old root, u64 new size, new root, u64 length
 *     entries, each behind its length in 16 bits
 *     SHA-256 of all that
 *
 * One that is not whole is none: nothing was promised of it. */
#ifndef VL_STORE_LOG_STAGE_H
#define VL_STORE_LOG_STAGE_H

#include "base/bytes.h"
#include "crypto/hash.h"

#define VL_LOG_STAGE_MAX ((size_t)80 << 20)

/* Borrows entries. */
struct vl_log_stage {
    uint64_t old_size, new_size;
    uint8_t old_root[VL_HASH_LEN], new_root[VL_HASH_LEN];
    vl_bytes entries; /* vl_entries_put, one after the other */
};

/* Durable when it returns.  room is for the whole file.  IO, NO_SPACE, NO_MEMORY. */
enum vl_err vl_log_stage_write(int folder, const struct vl_log_stage *stage, struct vl_buf *room,
                               struct vl_why *why) VL_MUST_USE;
/* Read it into room, from which *stage borrows.  NOT_FOUND when there is none that is whole; IO,
 * NO_MEMORY. */
enum vl_err vl_log_stage_read(int folder, struct vl_buf *room, struct vl_log_stage *stage,
                              struct vl_why *why) VL_MUST_USE;
/* The next entry; false at the end and for what is no entry. */
bool vl_log_stage_next(vl_bytes *left, vl_bytes *entry);

#endif
