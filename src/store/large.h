/* SPDX-License-Identifier: Apache-2.0 */
/* store/large.h: large envelopes, a file each.
 *
 * A file is written in tmp/ without a name, made durable, and gets the name letters/new/NUMBER.age.
 * Then the index is committed.  Then the file moves to letters/XX/NUMBER.age, XX being the first
 * two digits.  So whatever a killed process left stands in letters/new/, and the index tells which
 * of it is a letter: nobody has to walk through all the others.  Names are added and synced before
 * old ones go, so no order of writing back loses a file.  Where there are no second names (FAT, and
 * some file systems over a network) a file stays in letters/new/, and is found there. */
#ifndef VL_STORE_LARGE_H
#define VL_STORE_LARGE_H

#include "store/named.h"

struct vl_large_home;
struct vl_large; /* one file being written */

/* The home's folder is borrowed as an open descriptor.  Makes what is missing of letters/,
 * letters/new/ and tmp/, and takes away what was being written when a process was killed, unless
 * read_only. */
enum vl_err vl_large_home_open(int folder, bool read_only, struct vl_large_home **out,
                               struct vl_why *why) VL_MUST_USE;
void vl_large_home_close(struct vl_large_home *home);

enum vl_err vl_large_new(struct vl_large_home *home, struct vl_large **out,
                         struct vl_why *why) VL_MUST_USE;
enum vl_err vl_large_put(struct vl_large *file, vl_bytes bytes, struct vl_why *why) VL_MUST_USE;
/* Takes NULL; what was not named is gone. */
void vl_large_free(struct vl_large *file);

/* Make it durable and name it in letters/new/; its name is durable after vl_large_sync. */
enum vl_err vl_large_name(struct vl_large *file, const uint8_t number[VL_HASH_LEN],
                          struct vl_why *why) VL_MUST_USE;
enum vl_err vl_large_sync(struct vl_large_home *home, struct vl_why *why) VL_MUST_USE;
/* From letters/new/ to where they stay: numbers are those of several envelopes, one behind the
 * other.  What fails leaves them where they are, readable. */
enum vl_err vl_large_settle(struct vl_large_home *home, vl_bytes numbers,
                            struct vl_why *why) VL_MUST_USE;
/* Take the name in letters/new/ away, or the file wherever it is; fine when it is not there. */
void vl_large_unname(struct vl_large_home *home, const uint8_t number[VL_HASH_LEN]);
enum vl_err vl_large_remove(struct vl_large_home *home, const uint8_t number[VL_HASH_LEN],
                            struct vl_why *why) VL_MUST_USE;

/* Open for reading, wherever it stands, and also while somebody moves it.  NOT_FOUND, IO. */
enum vl_err vl_large_open(struct vl_large_home *home, const uint8_t number[VL_HASH_LEN], int *fd,
                          uint64_t *size, struct vl_why *why) VL_MUST_USE;
/* The numbers of all files in letters/new/, or in the other folders of letters/. */
enum vl_err vl_large_new_ones(struct vl_large_home *home, vl_named_visit visit, void *self,
                              struct vl_why *why) VL_MUST_USE;
enum vl_err vl_large_settled_ones(struct vl_large_home *home, vl_named_visit visit, void *self,
                                  struct vl_why *why) VL_MUST_USE;
/* How many files are being written, or were when a process was killed. */
uint64_t vl_large_unfinished(struct vl_large_home *home);

#endif
