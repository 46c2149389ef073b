/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/signature.h"

#include <string.h>

#include "base/alloc.h"
#include "crypto/openssl.h"
#include "crypto/sodium_ready.h"

#include <sodium.h>

struct key_pair {
    uint8_t public_key[crypto_sign_PUBLICKEYBYTES];
    uint8_t secret_key[crypto_sign_SECRETKEYBYTES];
};

static void key_pair_wipe(struct key_pair *pair)
{
    vl_wipe(pair, sizeof *pair);
}

/* With its public key behind it: libsodium's own form of a secret key. */
static bool is_expanded(const struct vl_secret *seed)
{
    return seed->len == VL_ED25519_SEED_LEN + VL_ED25519_PUBLIC_LEN;
}

void vl_ed25519_public(const struct vl_secret *seed, uint8_t out[VL_ED25519_PUBLIC_LEN])
{
    VL_AUTO(key_pair_wipe) struct key_pair pair = {{0}, {0}};

    vl_sodium_ready();
    if (is_expanded(seed)) {
        memcpy(out, seed->data + VL_ED25519_SEED_LEN, VL_ED25519_PUBLIC_LEN);
        return;
    }
    (void)crypto_sign_seed_keypair(pair.public_key, pair.secret_key, seed->data);
    memcpy(out, pair.public_key, VL_ED25519_PUBLIC_LEN);
}

void vl_ed25519_expand(const struct vl_secret *seed, struct vl_secret *out)
{
    uint8_t public_key[VL_ED25519_PUBLIC_LEN];

    vl_ed25519_public(seed, public_key);
    *out = *seed;
    memcpy(out->data + VL_ED25519_SEED_LEN, public_key, VL_ED25519_PUBLIC_LEN);
    out->len = VL_ED25519_SEED_LEN + VL_ED25519_PUBLIC_LEN;
}

void vl_ed25519_sign(const struct vl_secret *seed, vl_bytes message, uint8_t out[VL_SIGNATURE_LEN])
{
    VL_AUTO(vl_secret_wipe) struct vl_secret expanded = VL_SECRET_INIT;

    vl_ed25519_expand(seed, &expanded);
    (void)crypto_sign_detached(out, NULL, message.ptr, message.len, expanded.data);
}

enum vl_err vl_ed25519_check_key(const uint8_t key[VL_ED25519_PUBLIC_LEN])
{
    vl_sodium_ready();
    /* This also refuses keys with a small-order component, which no key generator makes. */
    return crypto_core_ed25519_is_valid_point(key) == 1 ? VL_OK : VL_ERR_UNVERIFIED;
}

enum vl_err vl_ed25519_verify(const uint8_t key[VL_ED25519_PUBLIC_LEN], vl_bytes message,
                              const uint8_t signature[VL_SIGNATURE_LEN])
{
    vl_sodium_ready();
    return crypto_sign_verify_detached(signature, message.ptr, message.len, key) == 0
               ? VL_OK
               : VL_ERR_UNVERIFIED;
}

/* A DER INTEGER (X.690, 8.3) from 32 big-endian bytes; gives its length, at most 35. */
static size_t der_integer(const uint8_t value[VL_P256_LEN], uint8_t *out)
{
    size_t skip = 0, pad;

    while (skip < VL_P256_LEN - 1 && value[skip] == 0)
        skip++;
    pad = value[skip] >> 7;
    out[0] = 0x02;
    out[1] = (uint8_t)(VL_P256_LEN - skip + pad);
    out[2] = 0;
    memcpy(out + 2 + pad, value + skip, VL_P256_LEN - skip);
    return 2 + pad + VL_P256_LEN - skip;
}

/* ECDSA-Sig-Value (RFC 3279, 2.2.3): what OpenSSL wants in place of r || s. */
static size_t der_signature(const uint8_t signature[VL_SIGNATURE_LEN], uint8_t out[72])
{
    size_t len = der_integer(signature, out + 2);

    len += der_integer(signature + VL_P256_LEN, out + 2 + len);
    out[0] = 0x30;
    out[1] = (uint8_t)len;
    return 2 + len;
}

static EVP_PKEY *p256_key(const struct vl_openssl *o, const uint8_t *x, const uint8_t *y)
{
    uint8_t point[1 + 2 * VL_P256_LEN] = {0x04}; /* uncompressed (SEC 1, 2.3.3) */
    char group[] = "prime256v1";
    OSSL_PARAM params[] = {
        {OSSL_PKEY_PARAM_GROUP_NAME, OSSL_PARAM_UTF8_STRING, group, sizeof group - 1, 0},
        {OSSL_PKEY_PARAM_PUB_KEY, OSSL_PARAM_OCTET_STRING, point, sizeof point, 0},
        {NULL, 0, NULL, 0, 0},
    };
    EVP_PKEY_CTX *context = o->EVP_PKEY_CTX_new_from_name(NULL, "EC", NULL);
    EVP_PKEY *key = NULL;

    memcpy(point + 1, x, VL_P256_LEN);
    memcpy(point + 1 + VL_P256_LEN, y, VL_P256_LEN);
    if (context && o->EVP_PKEY_fromdata_init(context) == 1)
        (void)o->EVP_PKEY_fromdata(context, &key, EVP_PKEY_PUBLIC_KEY, params);
    o->EVP_PKEY_CTX_free(context);
    return key;
}

static bool is_valid_key(const struct vl_openssl *o, EVP_PKEY *key)
{
    EVP_PKEY_CTX *context = o->EVP_PKEY_CTX_new_from_pkey(NULL, key, NULL);
    bool valid = context && o->EVP_PKEY_public_check(context) == 1;

    o->EVP_PKEY_CTX_free(context);
    return valid;
}

enum vl_err vl_es256_verify(const uint8_t x[VL_P256_LEN], const uint8_t y[VL_P256_LEN],
                            vl_bytes message, const uint8_t signature[VL_SIGNATURE_LEN])
{
    const struct vl_openssl *o = vl_openssl();
    enum vl_err err = VL_ERR_UNVERIFIED;
    uint8_t der[72];
    size_t der_len = der_signature(signature, der);
    EVP_MD_CTX *context;
    EVP_PKEY *key;

    if (!o)
        return VL_ERR_UNSUPPORTED;
    key = p256_key(o, x, y);
    context = o->EVP_MD_CTX_new();
    if (!context)
        err = VL_ERR_NO_MEMORY;
    else if (key && is_valid_key(o, key) &&
             o->EVP_DigestVerifyInit_ex(context, NULL, "SHA256", NULL, NULL, key, NULL) == 1 &&
             o->EVP_DigestVerify(context, der, der_len, message.ptr, message.len) == 1)
        err = VL_OK;
    o->EVP_MD_CTX_free(context);
    o->EVP_PKEY_free(key);
    o->ERR_clear_error();
    return err;
}

bool vl_es256_is_low_s(const uint8_t signature[VL_SIGNATURE_LEN])
{
    /* Half the order of P-256 (FIPS 186-5; SP 800-186, 3.2.1.3), rounded down. */
    static const uint8_t half[VL_P256_LEN] = {
        0x7f, 0xff, 0xff, 0xff, 0x80, 0x00, 0x00, 0x00, 0x7f, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 0xde, 0x73, 0x7d, 0x56, 0xd3, 0x8b,
        0xcf, 0x42, 0x79, 0xdc, 0xe5, 0x61, 0x7e, 0x31, 0x92, 0xa8,
    };

    return memcmp(signature + VL_P256_LEN, half, sizeof half) <= 0;
}
