/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/secret.h: keys and passphrases in types that nothing prints, logs or compares by accident.
 */
#ifndef VL_CRYPTO_SECRET_H
#define VL_CRYPTO_SECRET_H

#include "base/bytes.h"

#define VL_SECRET_MAX     64
#define VL_PASSPHRASE_MAX 1024

/* A key: file key, private key, shared secret. */
struct vl_secret {
    size_t len;
    uint8_t data[VL_SECRET_MAX];
};

#define VL_SECRET_INIT                                                                             \
    {                                                                                              \
        0,                                                                                         \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

/* Copy bytes in, which are not the secret's own.  LIMIT when they are more than VL_SECRET_MAX. */
enum vl_err vl_secret_set(struct vl_secret *secret, vl_bytes bytes) VL_MUST_USE;
/* In constant time for secrets of one length. */
bool vl_secret_eq(const struct vl_secret *a, const struct vl_secret *b);
void vl_secret_wipe(struct vl_secret *secret);

/* What a person types: bytes, no NUL at the end, of any encoding. */
struct vl_passphrase {
    size_t len;
    uint8_t data[VL_PASSPHRASE_MAX];
};

#define VL_PASSPHRASE_INIT                                                                         \
    {                                                                                              \
        0,                                                                                         \
        {                                                                                          \
            0                                                                                      \
        }                                                                                          \
    }

bool vl_passphrase_eq(const struct vl_passphrase *a, const struct vl_passphrase *b);
void vl_passphrase_wipe(struct vl_passphrase *passphrase);

/* Compare two equally long byte strings in constant time. */
bool vl_same_bytes(const uint8_t *a, const uint8_t *b, size_t len);

#endif
