/* SPDX-License-Identifier: Apache-2.0 */
/* sys/folder.h: folders, and files by their paths. */
#ifndef VL_SYS_FOLDER_H
#define VL_SYS_FOLDER_H

#include "base/bytes.h"

/* "FOLDER/name", to be freed; NULL when memory runs out. */
char *vl_path_join(const char *folder, const char *name) VL_MUST_USE;
/* The folder that path is in: "." where it says none, "/" for the root; to be freed; NULL when
 * memory runs out. */
char *vl_path_parent(const char *path) VL_MUST_USE;

bool vl_folder_is_there(const char *path);
/* A regular file, or a link to one. */
bool vl_file_is_there(const char *path);
/* Make it, mode 0700, and the folders it is in; durable.  Fine when it is there.  IO, NO_SPACE,
 * EXISTS (something else is there), NO_MEMORY. */
enum vl_err vl_folder_make(const char *path, struct vl_why *why) VL_MUST_USE;
/* What was made, renamed or removed in it is on stable storage.  IO. */
enum vl_err vl_folder_sync(const char *path, struct vl_why *why) VL_MUST_USE;
/* The same for everything that was written on its file system: many files at once.  IO. */
enum vl_err vl_folder_sync_all(const char *path, struct vl_why *why) VL_MUST_USE;
/* Remove a file, durably; fine when it is not there.  IO. */
enum vl_err vl_file_remove(const char *path, struct vl_why *why) VL_MUST_USE;
/* How much the owner may still write there.  IO. */
enum vl_err vl_folder_free_bytes(const char *path, uint64_t *bytes, struct vl_why *why) VL_MUST_USE;

struct vl_folder_entry {
    const char *name;
    bool is_file; /* a regular one; a link is neither */
    bool is_folder;
    uint64_t size; /* of a file */
};
/* Visit everything in a folder, sorted by name bytewise; visit() ends it with anything but VL_OK.
 * LIMIT over 1,000,000 names. */
enum vl_err vl_folder_list(const char *path,
                           enum vl_err (*visit)(void *self, const struct vl_folder_entry *entry,
                                                struct vl_why *why),
                           void *self, struct vl_why *why) VL_MUST_USE;

#endif
