/* SPDX-License-Identifier: Apache-2.0 */
/* card/office_id.h: what an office is called by machines: the hash of its first card's keys. */
#ifndef VL_CARD_OFFICE_ID_H
#define VL_CARD_OFFICE_ID_H

#include "base/bytes.h"
#include "crypto/hash.h"

/* SHA-256("valise/office/v1" 00 || deterministic CBOR array of the first card's signing keys, each
 * as vl_cose_key_write writes it, sorted bytewise). */
struct vl_office_id {
    uint8_t at[VL_HASH_LEN];
};

/* "office1" and 58 symbols, and a NUL. */
#define VL_OFFICE_TEXT 66
/* "dtn://office1.../" and a NUL. */
#define VL_OFFICE_EID 73

bool vl_office_id_eq(const struct vl_office_id *a, const struct vl_office_id *b);
const char *vl_office_id_text(const struct vl_office_id *id, char out[VL_OFFICE_TEXT]);
/* The whole text, in either case.  FORMAT. */
enum vl_err vl_office_id_parse(vl_bytes text, struct vl_office_id *id) VL_MUST_USE;
/* As the issuer of a signed object. */
const char *vl_office_id_eid(const struct vl_office_id *id, char out[VL_OFFICE_EID]);
enum vl_err vl_office_id_of_eid(vl_bytes eid, struct vl_office_id *id) VL_MUST_USE;

/* Twelve words that two people compare by voice: scrypt (N = 2^17, r = 8, p = 1) of the identity
 * with the salt "valise/words/v1", 132 bits of it, as indexes for vl_word.  Takes 128 MiB and about
 * a third of a second.  NO_MEMORY. */
#define VL_CHECK_WORDS 12
enum vl_err vl_office_id_words(const struct vl_office_id *id,
                               unsigned out[VL_CHECK_WORDS]) VL_MUST_USE;

#endif
