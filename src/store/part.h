/* SPDX-License-Identifier: Apache-2.0 */
/* store/part.h: large envelopes of which only slices are here, a file each with holes in it:
 * letters/parts/ID.age, ID being what the store's user knows them by.
 *
 * The index says which of their bytes are there; what it says nothing of is written again.  When
 * all are there the file gets a second name in letters/new/ and is an envelope like others; where
 * the file system has no second names it moves there, and back when nothing came of it. */
#ifndef VL_STORE_PART_H
#define VL_STORE_PART_H

#include "store/named.h"

struct vl_part_files;

/* The home's folder is borrowed as an open descriptor; nothing is made in it before the first part
 * is put. */
enum vl_err vl_part_files_open(int folder, struct vl_part_files **out,
                               struct vl_why *why) VL_MUST_USE;
void vl_part_files_close(struct vl_part_files *files);

/* Bytes at their place in a file that is made when it is not there, which *made tells.  Durable
 * after vl_part_sync. */
enum vl_err vl_part_put(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN], uint64_t at,
                        vl_bytes bytes, bool *made, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_part_sync(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN],
                         struct vl_why *why) VL_MUST_USE;
/* All of room, from this byte on.  NOT_FOUND; FORMAT when the file ends before; IO. */
enum vl_err vl_part_read(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN], uint64_t at,
                         vl_room room, struct vl_why *why) VL_MUST_USE;
bool vl_part_is_there(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN]);
/* The name of an envelope in letters/new/ for it, as vl_large_name gives one; and back. */
enum vl_err vl_part_join(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN],
                         const uint8_t number[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;
void vl_part_unjoin(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN],
                    const uint8_t number[VL_HASH_LEN]);
/* Fine when it is not there; what cannot be removed now is swept when the store is opened next. */
void vl_part_remove(struct vl_part_files *files, const uint8_t id[VL_HASH_LEN]);

enum vl_err vl_part_all(struct vl_part_files *files, vl_named_visit visit, void *self,
                        struct vl_why *why) VL_MUST_USE;

#endif
