/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

#include "base/alloc.h"
#include "crypto/openssl.h"
#include "crypto/sodium_ready.h"

#include <sodium.h>

#define SCRYPT_R         8
#define SCRYPT_P         1
#define SCRYPT_LOG_N_MAX 22

void vl_sha256(vl_bytes bytes, uint8_t out[VL_HASH_LEN])
{
    vl_sha256_parts(&bytes, 1, out);
}

/* Of much at once, as a slice of a large letter is.  False: it is not done. */
static bool hash_bulk(const vl_bytes *parts, size_t part_count, uint8_t out[VL_HASH_LEN])
{
    struct vl_hasher hasher;
    uint64_t len = 0;

    for (size_t i = 0; i < part_count; i++)
        len += parts[i].len;
    if (len < VL_HASH_BULK_FROM)
        return false;
    vl_hasher_begin(&hasher, len);
    for (size_t i = 0; i < part_count; i++)
        vl_hasher_put(&hasher, parts[i]);
    return vl_hasher_end(&hasher, out) == VL_OK;
}

/* Where OpenSSL is loaded anyway it is faster for every length: it knows the processor's
 * instructions.  False: it is not done. */
static bool hash_small(const vl_bytes *parts, size_t part_count, uint8_t out[VL_HASH_LEN])
{
    const struct vl_openssl *o = vl_openssl_loaded();
    SHA256_CTX state;
    bool good;

    if (!o || !o->small_begin)
        return false;
    good = o->small_begin(&state) == 1;
    for (size_t i = 0; i < part_count && good; i++)
        good = parts[i].len == 0 || o->small_put(&state, parts[i].ptr, parts[i].len) == 1;
    good = good && o->small_end(out, &state) == 1;
    vl_wipe(&state, sizeof state);
    return good;
}

void vl_sha256_parts(const vl_bytes *parts, size_t part_count, uint8_t out[VL_HASH_LEN])
{
    crypto_hash_sha256_state state;

    if (hash_bulk(parts, part_count, out) || hash_small(parts, part_count, out))
        return;
    vl_sodium_ready();
    (void)crypto_hash_sha256_init(&state);
    for (size_t i = 0; i < part_count; i++)
        (void)crypto_hash_sha256_update(&state, parts[i].ptr, parts[i].len);
    (void)crypto_hash_sha256_final(&state, out);
}

/* libsodium declares some pointers as never NULL, even those to no bytes. */
static const uint8_t *never_null(vl_bytes bytes)
{
    static const uint8_t nothing;

    return bytes.ptr ? bytes.ptr : &nothing;
}

static void hmac(vl_bytes key, const vl_bytes *parts, size_t part_count, uint8_t out[VL_HASH_LEN])
{
    crypto_auth_hmacsha256_state state;

    vl_sodium_ready();
    crypto_auth_hmacsha256_init(&state, never_null(key), key.len);
    for (size_t i = 0; i < part_count; i++)
        crypto_auth_hmacsha256_update(&state, parts[i].ptr, parts[i].len);
    crypto_auth_hmacsha256_final(&state, out);
    vl_wipe(&state, sizeof state);
}

void vl_hmac_sha256(const struct vl_secret *key, vl_bytes message, uint8_t out[VL_HASH_LEN])
{
    hmac(vl_bytes_of(key->data, key->len), &message, 1, out);
}

void vl_hkdf_sha256(const struct vl_secret *input, vl_bytes salt, vl_bytes info,
                    struct vl_secret *out)
{
    const vl_bytes extract[] = {vl_bytes_of(input->data, input->len)};
    const vl_bytes expand[] = {info, VL_LITERAL("\x01")};
    VL_AUTO(vl_secret_wipe) struct vl_secret prk = VL_SECRET_INIT;

    hmac(salt, extract, 1, prk.data);
    prk.len = VL_HASH_LEN;
    hmac(vl_bytes_of(prk.data, prk.len), expand, 2, out->data);
    out->len = VL_HASH_LEN;
}

enum vl_err vl_scrypt(const struct vl_passphrase *passphrase, vl_bytes salt, unsigned log_n,
                      struct vl_secret *out)
{
    if (log_n < 1 || log_n > SCRYPT_LOG_N_MAX)
        return VL_ERR_LIMIT;
    vl_sodium_ready();
    out->len = 0;
    /* The only way it fails with these parameters is memory. */
    if (crypto_pwhash_scryptsalsa208sha256_ll(passphrase->data, passphrase->len, never_null(salt),
                                              salt.len, UINT64_C(1) << log_n, SCRYPT_R, SCRYPT_P,
                                              out->data, VL_HASH_LEN) != 0)
        return VL_ERR_NO_MEMORY;
    out->len = VL_HASH_LEN;
    return VL_OK;
}
