/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/hash.h: SHA-256 (FIPS 180-4), HMAC (RFC 2104), HKDF (RFC 5869), scrypt (RFC 7914). */
#ifndef VL_CRYPTO_HASH_H
#define VL_CRYPTO_HASH_H

#include "crypto/secret.h"

#define VL_HASH_LEN 32

void vl_sha256(vl_bytes bytes, uint8_t out[VL_HASH_LEN]);

void vl_hmac_sha256(const struct vl_secret *key, vl_bytes message, uint8_t out[VL_HASH_LEN]);

/* HKDF-SHA-256 with 32 bytes out; an empty salt is the default one (RFC 5869, 2.2). */
void vl_hkdf_sha256(const struct vl_secret *input, vl_bytes salt, vl_bytes info,
                    struct vl_secret *out);

/* scrypt with r = 8, p = 1 and 32 bytes out; needs 2^(log_n + 10) bytes of memory while it works.
 * LIMIT for log_n outside 1..22, NO_MEMORY. */
enum vl_err vl_scrypt(const struct vl_passphrase *passphrase, vl_bytes salt, unsigned log_n,
                      struct vl_secret *out) VL_MUST_USE;

#endif
