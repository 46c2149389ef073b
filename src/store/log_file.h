/* SPDX-License-Identifier: Apache-2.0 */
/* store/log_file.h: the files of a record: whole, by names below an open folder. */
#ifndef VL_STORE_LOG_FILE_H
#define VL_STORE_LOG_FILE_H

#include "base/bytes.h"

/* Append all of it.  NOT_FOUND, LIMIT over out's ceiling, FORMAT for what is no regular file, IO,
 * NO_MEMORY; then out is as it was. */
enum vl_err vl_log_file_read(int folder, const char *name, struct vl_buf *out,
                             struct vl_why *why) VL_MUST_USE;

enum vl_log_file_how {
    VL_LOG_FILE_LATER,  /* durable with everything else on the file system */
    VL_LOG_FILE_DURABLE /* durable, bytes and name, when it returns */
};
/* Put the file in its place, whole or not at all; folders below `folder` are made.  `spare` is a
 * name in the same file system for the time until then; one writer at a time uses it.  LATER: a
 * file that has these bytes already stays untouched.  NO_SPACE, IO, NO_MEMORY. */
enum vl_err vl_log_file_put(int folder, const char *spare, const char *name, vl_bytes bytes,
                            enum vl_log_file_how how, struct vl_why *why) VL_MUST_USE;

/* Write over the beginning of a file that stays the same file, and make it durable.  cut: nothing
 * stays behind the bytes.  It is made, mode 0600, where it is not there; NO_SPACE, IO. */
enum vl_err vl_log_file_over(int folder, const char *name, uint64_t at, vl_bytes bytes, bool cut,
                             struct vl_why *why) VL_MUST_USE;

/* Everything on this file system is on stable storage.  IO. */
enum vl_err vl_log_file_sync_all(int folder, struct vl_why *why) VL_MUST_USE;

/* Take away a folder of files, as far as that can be done. */
void vl_log_file_remove_folder(int folder, const char *name);

#endif
