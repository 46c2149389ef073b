/* SPDX-License-Identifier: Apache-2.0 */
/* store/log_mark.h: the last size and root that a record was about to sign, remembered apart from
 * the record: keys/signed.
 *
 * The file has two slots of 512 bytes that are written by turns, so that a torn one leaves the
 * other, and it knows its own number on its file system.  A copy of it has another number: so a
 * record that was restored from a backup is told from one that stands where it always stood. */
#ifndef VL_STORE_LOG_MARK_H
#define VL_STORE_LOG_MARK_H

#include "base/bytes.h"
#include "crypto/hash.h"

struct vl_log_mark {
    uint64_t count; /* how often it was written */
    uint64_t size;
    uint8_t root[VL_HASH_LEN];
    bool is_original; /* false: this file is a copy */
};

/* keys is an open folder.  NOT_FOUND, FORMAT when no slot is whole, IO. */
enum vl_err vl_log_mark_read(int keys, struct vl_log_mark *mark, struct vl_why *why) VL_MUST_USE;
/* Write the next one, durably; *mark is what was read before, or zero for the first one, and is
 * counted up.  size and root are set by the caller.  IO, NO_SPACE. */
enum vl_err vl_log_mark_write(int keys, struct vl_log_mark *mark, struct vl_why *why) VL_MUST_USE;

#endif
