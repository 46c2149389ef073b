/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/openssl.h: libcrypto, loaded when the first work for it comes.
 *
 * Linking it costs every process about a millisecond and starting it two more, most of what sealing
 * a small letter takes; so it is loaded by name, once, by whoever needs it (docs/decisions.md). */
#ifndef VL_CRYPTO_OPENSSL_H
#define VL_CRYPTO_OPENSSL_H

#include <stddef.h>
#include <stdint.h>

#include <openssl/core_names.h>
#include <openssl/err.h>
#include <openssl/evp.h>
#include <openssl/param_build.h>
#include <openssl/sha.h>

/* clang-format off */
#define VL_OPENSSL_FUNCTIONS(X)                                                \
    X(OPENSSL_init_crypto)                                                     \
    X(ERR_clear_error)                                                         \
    X(EVP_CIPHER_fetch) X(EVP_CIPHER_CTX_new) X(EVP_CIPHER_CTX_free)           \
    X(EVP_EncryptInit_ex2) X(EVP_EncryptUpdate) X(EVP_EncryptFinal_ex)         \
    X(EVP_DecryptInit_ex2) X(EVP_DecryptUpdate) X(EVP_DecryptFinal_ex)         \
    X(EVP_CIPHER_CTX_ctrl)                                                     \
    X(EVP_MD_fetch) X(EVP_MD_CTX_new) X(EVP_MD_CTX_free)                       \
    X(EVP_DigestInit_ex2) X(EVP_DigestUpdate) X(EVP_DigestFinal_ex)            \
    X(EVP_DigestVerifyInit_ex) X(EVP_DigestVerify)                             \
    X(EVP_PKEY_CTX_new_from_name) X(EVP_PKEY_CTX_free)                         \
    X(EVP_PKEY_fromdata_init) X(EVP_PKEY_fromdata) X(EVP_PKEY_free)            \
    X(EVP_PKEY_public_check) X(EVP_PKEY_CTX_new_from_pkey)
/* clang-format on */

struct vl_openssl {
#define X(name) __typeof__(name) *name;
    VL_OPENSSL_FUNCTIONS(X)
#undef X
    EVP_CIPHER *chacha20_poly1305;
    EVP_CIPHER *aes_128_gcm;
    EVP_MD *sha256;
    /* SHA256_Init, _Update and _Final: the older way, without a context on the heap, which costs as
     * much as the hash of a small message.  They may be gone one day: then all three are NULL. */
    int (*small_begin)(SHA256_CTX *state);
    int (*small_put)(SHA256_CTX *state, const void *bytes, size_t len);
    int (*small_end)(uint8_t *out, SHA256_CTX *state);
};

/* The library, or NULL where it is not installed or too old. */
const struct vl_openssl *vl_openssl(void);
/* The same, if somebody loaded it already: then it costs nothing more to use it. */
const struct vl_openssl *vl_openssl_loaded(void);

#endif
