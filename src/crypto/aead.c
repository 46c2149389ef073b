/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/aead.h"

#include <limits.h>
#include <string.h>

#include "base/alloc.h"
#include "crypto/openssl.h"
#include "crypto/sodium_ready.h"

#include <sodium.h>

/* Loading OpenSSL takes about as long as libsodium needs for the first six megabytes; the contexts
 * of one stream come to that together. */
#define BULK_FROM (1u << 20)

struct vl_aead {
    struct vl_secret key;
    enum vl_aead_engine engine;
    size_t seen; /* bytes worked on, up to BULK_FROM */
    const struct vl_openssl *openssl;
    EVP_CIPHER_CTX *encrypt;
    EVP_CIPHER_CTX *decrypt;
};

struct vl_aead *vl_aead_new(const struct vl_secret *key, enum vl_aead_engine engine)
{
    struct vl_aead *aead = vl_new(sizeof *aead);

    if (!aead)
        return NULL;
    vl_sodium_ready();
    aead->key = *key;
    aead->engine = engine;
    return aead;
}

void vl_aead_free(struct vl_aead *aead)
{
    if (!aead)
        return;
    if (aead->openssl) {
        aead->openssl->EVP_CIPHER_CTX_free(aead->encrypt);
        aead->openssl->EVP_CIPHER_CTX_free(aead->decrypt);
    }
    vl_wipe(aead, sizeof *aead);
    vl_free(aead);
}

static bool wants_openssl(struct vl_aead *aead, size_t len)
{
    if (aead->engine == VL_AEAD_AUTO) {
        aead->seen += len < BULK_FROM ? len : BULK_FROM;
        if (aead->seen >= BULK_FROM)
            aead->engine = VL_AEAD_OPENSSL;
    }
    if (aead->engine == VL_AEAD_OPENSSL && !aead->openssl) {
        aead->openssl = vl_openssl();
        if (!aead->openssl)
            aead->engine = VL_AEAD_SODIUM;
    }
    return aead->engine == VL_AEAD_OPENSSL && len <= INT_MAX;
}

/* The context for one direction, made with the key the first time.  The nonce is given with every
 * use: without one OpenSSL would quietly use the last one again. */
static EVP_CIPHER_CTX *sealing_context(struct vl_aead *aead)
{
    const struct vl_openssl *o = aead->openssl;

    if (!aead->encrypt) {
        aead->encrypt = o->EVP_CIPHER_CTX_new();
        if (aead->encrypt && o->EVP_EncryptInit_ex2(aead->encrypt, o->chacha20_poly1305,
                                                    aead->key.data, NULL, NULL) != 1) {
            o->EVP_CIPHER_CTX_free(aead->encrypt);
            aead->encrypt = NULL;
        }
    }
    return aead->encrypt;
}

static EVP_CIPHER_CTX *opening_context(struct vl_aead *aead)
{
    const struct vl_openssl *o = aead->openssl;

    if (!aead->decrypt) {
        aead->decrypt = o->EVP_CIPHER_CTX_new();
        if (aead->decrypt && o->EVP_DecryptInit_ex2(aead->decrypt, o->chacha20_poly1305,
                                                    aead->key.data, NULL, NULL) != 1) {
            o->EVP_CIPHER_CTX_free(aead->decrypt);
            aead->decrypt = NULL;
        }
    }
    return aead->decrypt;
}

static enum vl_err seal_by_openssl(struct vl_aead *aead, const uint8_t *nonce, uint8_t *at,
                                   size_t len)
{
    const struct vl_openssl *o = aead->openssl;
    EVP_CIPHER_CTX *context = sealing_context(aead);
    int out_len = 0, rest_len = 0;

    if (!context || o->EVP_EncryptInit_ex2(context, NULL, NULL, nonce, NULL) != 1 ||
        o->EVP_EncryptUpdate(context, at, &out_len, at, (int)len) != 1 || out_len != (int)len ||
        o->EVP_EncryptFinal_ex(context, at + len, &rest_len) != 1 || rest_len != 0 ||
        o->EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_GET_TAG, VL_AEAD_TAG_LEN, at + len) != 1) {
        vl_wipe(at, len + VL_AEAD_TAG_LEN);
        o->ERR_clear_error();
        return VL_ERR_INTERNAL;
    }
    return VL_OK;
}

static enum vl_err open_by_openssl(struct vl_aead *aead, const uint8_t *nonce,
                                   const uint8_t *sealed, size_t len, uint8_t *out)
{
    const struct vl_openssl *o = aead->openssl;
    EVP_CIPHER_CTX *context = opening_context(aead);
    uint8_t tag[VL_AEAD_TAG_LEN], nothing[1];
    int out_len = 0, rest_len = 0;
    enum vl_err err = VL_OK;

    memcpy(tag, sealed + len, sizeof tag);
    if (!context || o->EVP_DecryptInit_ex2(context, NULL, NULL, nonce, NULL) != 1 ||
        o->EVP_CIPHER_CTX_ctrl(context, EVP_CTRL_AEAD_SET_TAG, sizeof tag, tag) != 1 ||
        o->EVP_DecryptUpdate(context, out, &out_len, sealed, (int)len) != 1 || out_len != (int)len)
        err = VL_ERR_INTERNAL;
    else if (o->EVP_DecryptFinal_ex(context, nothing, &rest_len) != 1 || rest_len != 0)
        err = VL_ERR_UNVERIFIED;
    if (err) {
        /* OpenSSL has written the plaintext before it looked at the tag. */
        vl_wipe(out, len);
        o->ERR_clear_error();
    }
    return err;
}

enum vl_err vl_aead_seal(struct vl_aead *aead, const uint8_t nonce[VL_AEAD_NONCE_LEN], uint8_t *at,
                         size_t len)
{
    if (wants_openssl(aead, len))
        return seal_by_openssl(aead, nonce, at, len);
    (void)crypto_aead_chacha20poly1305_ietf_encrypt_detached(at, at + len, NULL, at, len, NULL, 0,
                                                             NULL, nonce, aead->key.data);
    return VL_OK;
}

enum vl_err vl_aead_open_to(struct vl_aead *aead, const uint8_t nonce[VL_AEAD_NONCE_LEN],
                            const uint8_t *sealed, size_t len, uint8_t *out)
{
    if (wants_openssl(aead, len))
        return open_by_openssl(aead, nonce, sealed, len, out);
    if (crypto_aead_chacha20poly1305_ietf_decrypt_detached(out, NULL, sealed, len, sealed + len,
                                                           NULL, 0, nonce, aead->key.data) != 0) {
        vl_wipe(out, len);
        return VL_ERR_UNVERIFIED;
    }
    return VL_OK;
}

enum vl_err vl_aead_open(struct vl_aead *aead, const uint8_t nonce[VL_AEAD_NONCE_LEN], uint8_t *at,
                         size_t len)
{
    enum vl_err err = vl_aead_open_to(aead, nonce, at, len, at);

    if (err)
        vl_wipe(at, len + VL_AEAD_TAG_LEN);
    return err;
}
