/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/hash.h: SHA-256 (FIPS 180-4), HMAC (RFC 2104), HKDF (RFC 5869), scrypt (RFC 7914). */
#ifndef VL_CRYPTO_HASH_H
#define VL_CRYPTO_HASH_H

#include "crypto/secret.h"

#define VL_HASH_LEN 32
/* From so many bytes on OpenSSL is worth loading; it is there already when a letter of this length
 * is sealed or opened too. */
#define VL_HASH_BULK_FROM (256u << 10)

void vl_sha256(vl_bytes bytes, uint8_t out[VL_HASH_LEN]);
/* Of several strings as if they were one. */
void vl_sha256_parts(const vl_bytes *parts, size_t part_count, uint8_t out[VL_HASH_LEN]);

/* SHA-256 of bytes that come in pieces.  All zeroes is one that owns nothing; it may be moved, not
 * copied. */
struct vl_hasher {
    _Alignas(16) uint8_t state[112];
    void *openssl; /* its context, where OpenSSL does the work */
    bool failed;
    struct vl_hash_aside *aside;
};

/* expected_len, which need not be right, picks the library: OpenSSL is faster where the processor
 * has instructions for SHA-256 and takes milliseconds to load, so it does what is long. */
void vl_hasher_begin(struct vl_hasher *hasher, uint64_t expected_len);
/* The same, and what is long is copied and hashed by another thread, while the caller reads or
 * writes on.  Where there is no memory or no thread for that it is as above. */
void vl_hasher_begin_aside(struct vl_hasher *hasher, uint64_t expected_len);
void vl_hasher_put(struct vl_hasher *hasher, vl_bytes bytes);
/* The hash of all that was put; nothing is left to release.  INTERNAL when the library failed on
 * the way; then out is zeroes. */
enum vl_err vl_hasher_end(struct vl_hasher *hasher, uint8_t out[VL_HASH_LEN]) VL_MUST_USE;
void vl_hasher_release(struct vl_hasher *hasher);
/* There will be thousands of small ones: load the faster library at once, for vl_sha256 too. */
void vl_hasher_expect_many(void);

void vl_hmac_sha256(const struct vl_secret *key, vl_bytes message, uint8_t out[VL_HASH_LEN]);

/* HKDF-SHA-256 with 32 bytes out; an empty salt is the default one (RFC 5869, 2.2). */
void vl_hkdf_sha256(const struct vl_secret *input, vl_bytes salt, vl_bytes info,
                    struct vl_secret *out);

/* scrypt with r = 8, p = 1 and 32 bytes out; needs 2^(log_n + 10) bytes of memory while it works.
 * LIMIT for log_n outside 1..22, NO_MEMORY. */
enum vl_err vl_scrypt(const struct vl_passphrase *passphrase, vl_bytes salt, unsigned log_n,
                      struct vl_secret *out) VL_MUST_USE;

#endif
