/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/aead.h: ChaCha20-Poly1305 (RFC 8439) in place, without additional data. */
#ifndef VL_CRYPTO_AEAD_H
#define VL_CRYPTO_AEAD_H

#include "crypto/secret.h"

#define VL_AEAD_KEY_LEN   32
#define VL_AEAD_NONCE_LEN 12
#define VL_AEAD_TAG_LEN   16

/* Which library does the work.  They give the same bytes: libsodium is there at once, OpenSSL takes
 * milliseconds to load and is then more than twice as fast. */
enum vl_aead_engine {
    VL_AEAD_AUTO, /* libsodium first, OpenSSL once this context has seen some megabytes */
    VL_AEAD_SODIUM,
    VL_AEAD_OPENSSL, /* libsodium all the same where OpenSSL cannot be loaded */
};

/* A key, ready to use: one context for each thread. */
struct vl_aead;

/* key is 32 bytes.  NULL when memory runs out. */
struct vl_aead *vl_aead_new(const struct vl_secret *key, enum vl_aead_engine engine) VL_MUST_USE;
/* Wipes the key.  Takes NULL. */
void vl_aead_free(struct vl_aead *aead);

/* Encrypt the len bytes at `at` in place and write the tag behind them: at has len + 16 bytes.
 * INTERNAL when the library fails; then the bytes are wiped. */
enum vl_err vl_aead_seal(struct vl_aead *aead, const uint8_t nonce[VL_AEAD_NONCE_LEN], uint8_t *at,
                         size_t len) VL_MUST_USE;
/* The way back: len bytes of ciphertext, then the tag.  UNVERIFIED when the tag is wrong; then the
 * bytes are wiped: nothing that was not authenticated is left to read. */
enum vl_err vl_aead_open(struct vl_aead *aead, const uint8_t nonce[VL_AEAD_NONCE_LEN], uint8_t *at,
                         size_t len) VL_MUST_USE;
/* The same from one place to another, which keeps the ciphertext: sealed is len bytes and the tag,
 * out has room for len and is sealed itself or does not overlap it.  On failure out is wiped. */
enum vl_err vl_aead_open_to(struct vl_aead *aead, const uint8_t nonce[VL_AEAD_NONCE_LEN],
                            const uint8_t *sealed, size_t len, uint8_t *out) VL_MUST_USE;

#endif
