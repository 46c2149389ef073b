/* SPDX-License-Identifier: Apache-2.0 */
/* seal/age_keyfile.h: the files that age-keygen writes and people keep: keys, one on a line. */
#ifndef VL_SEAL_AGE_KEYFILE_H
#define VL_SEAL_AGE_KEYFILE_H

#include "seal/age_keys.h"

#define VL_AGE_KEYFILE_MAX ((size_t)16 << 20)
#define VL_AGE_KEYLINE_MAX 8192

/* Read recipients: blank lines and lines that begin with '#' are passed over, a carriage return
 * before the line end too.  Failures name the line by its number and never show it: somebody may
 * have put a private key in the wrong file.  FORMAT (also for a file with none), LIMIT,
 * UNSUPPORTED, REFUSED, NO_MEMORY.  *duplicates counts those that were in the list already. */
enum vl_err vl_age_keyfile_recipients(vl_bytes text, struct vl_age_recipients *list,
                                      size_t *duplicates, struct vl_why *why) VL_MUST_USE;
/* The same for private keys. */
enum vl_err vl_age_keyfile_identities(vl_bytes text, struct vl_age_identities *list,
                                      struct vl_why *why) VL_MUST_USE;
/* Append a file as age-keygen writes it: `created` (RFC 3339; none when empty), the recipient,
 * the key. */
enum vl_err vl_age_keyfile_write(const struct vl_age_identity *identity, vl_bytes created,
                                 struct vl_buf *out) VL_MUST_USE;
/* Does it begin like an age file, armored or not, rather than like a list of keys? */
bool vl_age_keyfile_is_sealed(vl_bytes text);

#endif
