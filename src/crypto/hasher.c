/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "crypto/hash.h"
#include "crypto/openssl.h"
#include "crypto/sodium_ready.h"

#include <sodium.h>

/* And where it is loaded anyway, it is faster from here on, its context counted in. */
#define WORTH_IT 1024

_Static_assert(sizeof(crypto_hash_sha256_state) <= sizeof(((struct vl_hasher *)NULL)->state),
               "the state of libsodium has its place in the hasher");
_Static_assert(_Alignof(crypto_hash_sha256_state) <= _Alignof(struct vl_hasher),
               "and is aligned there");

static crypto_hash_sha256_state *sodium_state(struct vl_hasher *hasher)
{
    return (void *)hasher->state;
}

/* A context that is ready for bytes, or NULL: then libsodium does the work. */
static void *openssl_context(void)
{
    const struct vl_openssl *o = vl_openssl();
    EVP_MD_CTX *context = o ? o->EVP_MD_CTX_new() : NULL;

    if (context && o->EVP_DigestInit_ex2(context, o->sha256, NULL) != 1) {
        o->EVP_MD_CTX_free(context);
        o->ERR_clear_error();
        context = NULL;
    }
    return context;
}

void vl_hasher_begin(struct vl_hasher *hasher, uint64_t expected_len)
{
    *hasher = (struct vl_hasher){0};
    if (expected_len >= VL_HASH_BULK_FROM || (expected_len >= WORTH_IT && vl_openssl_is_loaded()))
        hasher->openssl = openssl_context();
    if (!hasher->openssl) {
        vl_sodium_ready();
        crypto_hash_sha256_init(sodium_state(hasher));
    }
}

void vl_hasher_put(struct vl_hasher *hasher, vl_bytes bytes)
{
    if (bytes.len == 0)
        return;
    if (!hasher->openssl)
        crypto_hash_sha256_update(sodium_state(hasher), bytes.ptr, bytes.len);
    else if (vl_openssl()->EVP_DigestUpdate(hasher->openssl, bytes.ptr, bytes.len) != 1)
        hasher->failed = true;
}

enum vl_err vl_hasher_end(struct vl_hasher *hasher, uint8_t out[VL_HASH_LEN])
{
    enum vl_err err = VL_OK;

    if (!hasher->openssl)
        crypto_hash_sha256_final(sodium_state(hasher), out);
    else if (hasher->failed || vl_openssl()->EVP_DigestFinal_ex(hasher->openssl, out, NULL) != 1) {
        memset(out, 0, VL_HASH_LEN);
        vl_openssl()->ERR_clear_error();
        err = VL_ERR_INTERNAL;
    }
    vl_hasher_release(hasher);
    return err;
}

void vl_hasher_release(struct vl_hasher *hasher)
{
    if (hasher->openssl)
        vl_openssl()->EVP_MD_CTX_free(hasher->openssl);
    vl_wipe(hasher, sizeof *hasher);
}

void vl_hasher_expect_many(void)
{
    (void)vl_openssl();
}
