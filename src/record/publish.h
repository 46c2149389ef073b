/* SPDX-License-Identifier: Apache-2.0 */
/* record/publish.h: the word of an issuer that it asks itself for something it signed to be entered
 * (PROTOCOL 28), for where nobody can see who asks: over a network.
 *
 *     signature over "valise/publish/v1" 00 || origin || 0A || id of the entry */
#ifndef VL_RECORD_PUBLISH_H
#define VL_RECORD_PUBLISH_H

#include "card/card.h"

/* Sign with a 32-byte Ed25519 seed of the card that the entry names. */
void vl_publish_sign(vl_bytes origin, const uint8_t id[VL_HASH_LEN], const struct vl_secret *seed,
                     uint8_t out[VL_SIGNATURE_LEN]);
/* By the key of the card that signed the entry.  It is for one record and one entry, and may be
 * shown again: it was wanted.  UNVERIFIED; UNSUPPORTED for a key that is not Ed25519; LIMIT for an
 * origin over 1,024 bytes. */
enum vl_err vl_publish_verify(vl_bytes origin, const uint8_t id[VL_HASH_LEN],
                              const struct vl_cose_key *key, vl_bytes signature,
                              struct vl_why *why) VL_MUST_USE;

#endif
