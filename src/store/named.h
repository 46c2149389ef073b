/* SPDX-License-Identifier: Apache-2.0 */
/* store/named.h: what the folders of envelopes have in common: files named ID.age, by 64 digits. */
#ifndef VL_STORE_NAMED_H
#define VL_STORE_NAMED_H

#include <dirent.h>

#include "base/bytes.h"
#include "crypto/hash.h"

#define VL_NAMED_SIZE ((size_t)2 * VL_HASH_LEN + sizeof ".age")

void vl_named(const uint8_t id[VL_HASH_LEN], char name[VL_NAMED_SIZE]);
/* Every file of that form in a folder; none when folder is -1. */
typedef enum vl_err (*vl_named_visit)(void *self, const uint8_t id[VL_HASH_LEN],
                                      struct vl_why *why);
enum vl_err vl_named_all(int folder, vl_named_visit visit, void *self,
                         struct vl_why *why) VL_MUST_USE;
/* For closedir; NULL when there is none to be had, or folder is -1. */
DIR *vl_named_list(int folder);
/* Make the names in a folder durable, where its file system can. */
bool vl_named_sync(int folder);
/* All of room, from this byte on.  FORMAT when the file ends before; IO. */
enum vl_err vl_named_read(int fd, uint64_t at, vl_room room, struct vl_why *why) VL_MUST_USE;
/* What errno says, after what was being done: NO_SPACE, NOT_FOUND, IO. */
enum vl_err vl_named_errno(struct vl_why *why, const char *doing) VL_MUST_USE;

#endif
