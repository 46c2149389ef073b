/* SPDX-License-Identifier: Apache-2.0 */
/* stick/inside.h: what the files of this room share. */
#ifndef VL_STICK_INSIDE_H
#define VL_STICK_INSIDE_H

#include "stick/stick.h"

struct vl_stick {
    const struct vl_stick_fs *fs;
    int root, valise, bags; /* open folders; -1: not there */
    uint8_t maker[VL_BAG_ID_LEN];
    bool has_maker;
    bool gone;
};

/* What an errno says while reading; doing names the thing and what was done with it. */
enum vl_err vl_stick_fail(struct vl_stick *stick, struct vl_why *why, int code, const char *format,
                          ...) VL_PRINTF(4, 5) VL_MUST_USE;
/* And while something is changed on the stick: one that may not be written to is UNSUPPORTED. */
enum vl_err vl_stick_fail_write(struct vl_stick *stick, struct vl_why *why, int code,
                                const char *format, ...) VL_PRINTF(4, 5) VL_MUST_USE;

/* VALISE and bags are open, made where they are not there, and README.txt too; durable after
 * vl_stick_sync_parents. */
enum vl_err vl_stick_make(struct vl_stick *stick, struct vl_why *why) VL_MUST_USE;
/* Made durable: bags, VALISE, and the folder it is in. */
enum vl_err vl_stick_sync_parents(struct vl_stick *stick, struct vl_why *why) VL_MUST_USE;
/* Open a folder by its name or, when there is none, by its name in upper case.  found, which may
 * be NULL, has room for VL_BAG_NAME bytes and gets the name it has.  0 or an errno. */
int vl_stick_open_folder(struct vl_stick *stick, int folder, const char *name, int *out,
                         char *found);
/* Open a bag's folder.  NOT_FOUND. */
enum vl_err vl_stick_open_bag(struct vl_stick *stick, const uint8_t id[VL_BAG_ID_LEN], int *folder,
                              char found[VL_BAG_NAME], struct vl_why *why) VL_MUST_USE;
/* Open a regular file for reading, by its name or its name in upper case, and tell its length.
 * NOT_FOUND; FORMAT when it is something else. */
enum vl_err vl_stick_open_file(struct vl_stick *stick, int folder, const char *name, int *file,
                               uint64_t *size, struct vl_why *why) VL_MUST_USE;
/* All of a small file, appended.  LIMIT over max, with nothing read; IO when it changes meanwhile.
 */
enum vl_err vl_stick_read_small(struct vl_stick *stick, int folder, const char *name, size_t max,
                                struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
/* A new file, whole and durable; its name is durable after the folder's sync. */
enum vl_err vl_stick_write_small(struct vl_stick *stick, int folder, const char *name,
                                 vl_bytes bytes, struct vl_why *why) VL_MUST_USE;
/* All of the bytes.  what: the file's name, for the reason. */
enum vl_err vl_stick_put(struct vl_stick *stick, int file, const char *what, vl_bytes bytes,
                         struct vl_why *why) VL_MUST_USE;
void vl_stick_close_handle(struct vl_stick *stick, int *handle);

#endif
