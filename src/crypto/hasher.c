/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "base/alloc.h"
#include "base/pool.h"
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
    if (expected_len >= VL_HASH_BULK_FROM || (expected_len >= WORTH_IT && vl_openssl_loaded()))
        hasher->openssl = openssl_context();
    if (!hasher->openssl) {
        vl_sodium_ready();
        crypto_hash_sha256_init(sodium_state(hasher));
    }
}

static void put_here(struct vl_hasher *hasher, vl_bytes bytes)
{
    if (bytes.len == 0)
        return;
    if (!hasher->openssl)
        crypto_hash_sha256_update(sodium_state(hasher), bytes.ptr, bytes.len);
    else if (vl_openssl()->EVP_DigestUpdate(hasher->openssl, bytes.ptr, bytes.len) != 1)
        hasher->failed = true;
}

static enum vl_err end_here(struct vl_hasher *hasher, uint8_t out[VL_HASH_LEN])
{
    if (!hasher->openssl) {
        crypto_hash_sha256_final(sodium_state(hasher), out);
        return VL_OK;
    }
    if (!hasher->failed && vl_openssl()->EVP_DigestFinal_ex(hasher->openssl, out, NULL) == 1)
        return VL_OK;
    vl_openssl()->ERR_clear_error();
    return VL_ERR_INTERNAL;
}

static void release_here(struct vl_hasher *hasher)
{
    if (hasher->openssl)
        vl_openssl()->EVP_MD_CTX_free(hasher->openssl);
    vl_wipe(hasher, sizeof *hasher);
}

/* --- by another thread ------------------------------------------------------------------------ */

/* A thread is worth its start from here on. */
#define ASIDE_FROM  (UINT64_C(8) << 20)
#define ASIDE_SLOTS 4

struct aside_slot {
    size_t len;
    uint8_t bytes[256 << 10];
};

struct vl_hash_aside {
    struct vl_hasher hasher; /* touched by one thread at a time, as the pool does it */
    struct vl_pool *pool;
    bool is_filling;
    bool is_alone; /* no memory for more of it: the caller's thread does the rest */
};

static enum vl_err wait_its_turn(void *self, void *slot, struct vl_why *why)
{
    (void)self;
    (void)slot;
    (void)why;
    return VL_OK;
}

static enum vl_err hash_slot(void *self, void *filled, struct vl_why *why)
{
    struct vl_hash_aside *aside = self;
    struct aside_slot *slot = filled;

    (void)why;
    put_here(&aside->hasher, vl_bytes_of(slot->bytes, slot->len));
    slot->len = 0;
    return VL_OK;
}

static void wipe_slot(void *self, void *slot)
{
    (void)self;
    vl_wipe(slot, sizeof(struct aside_slot));
}

void vl_hasher_begin_aside(struct vl_hasher *hasher, uint64_t expected_len)
{
    static const struct vl_pool_ops ops = {wait_its_turn, hash_slot, wipe_slot};
    struct vl_hash_aside *aside = expected_len >= ASIDE_FROM ? vl_new(sizeof *aside) : NULL;

    if (aside)
        aside->pool = vl_pool_new(&ops, aside, 1, sizeof(struct aside_slot), ASIDE_SLOTS);
    if (!aside || !aside->pool) {
        vl_free(aside);
        vl_hasher_begin(hasher, expected_len);
        return;
    }
    vl_hasher_begin(&aside->hasher, expected_len);
    *hasher = (struct vl_hasher){.aside = aside};
}

static void put_aside(struct vl_hash_aside *aside, vl_bytes bytes)
{
    while (bytes.len > 0 && !aside->is_alone) {
        struct aside_slot *slot = vl_pool_slot(aside->pool);
        vl_bytes now;

        if (!slot) { /* then all that was handed over is done */
            aside->is_alone = true;
            break;
        }
        now = vl_bytes_first(bytes, sizeof slot->bytes - slot->len);
        memcpy(slot->bytes + slot->len, now.ptr, now.len);
        slot->len += now.len;
        bytes = vl_bytes_after(bytes, now.len);
        aside->is_filling = slot->len < sizeof slot->bytes;
        if (!aside->is_filling)
            vl_pool_submit(aside->pool);
    }
    put_here(&aside->hasher, bytes);
}

static enum vl_err end_aside(struct vl_hash_aside *aside, uint8_t out[VL_HASH_LEN])
{
    enum vl_err err = VL_OK;

    if (aside->is_filling)
        vl_pool_submit(aside->pool);
    aside->is_filling = false;
    if (!aside->is_alone)
        err = vl_pool_drain(aside->pool, NULL);
    return err ? err : end_here(&aside->hasher, out);
}

static void release_aside(struct vl_hash_aside *aside)
{
    if (!aside)
        return;
    vl_pool_free(aside->pool);
    release_here(&aside->hasher);
    vl_free(aside);
}

/* --- of all kinds ----------------------------------------------------------------------------- */

void vl_hasher_put(struct vl_hasher *hasher, vl_bytes bytes)
{
    if (hasher->aside)
        put_aside(hasher->aside, bytes);
    else
        put_here(hasher, bytes);
}

enum vl_err vl_hasher_end(struct vl_hasher *hasher, uint8_t out[VL_HASH_LEN])
{
    enum vl_err err = hasher->aside ? end_aside(hasher->aside, out) : end_here(hasher, out);

    if (err)
        memset(out, 0, VL_HASH_LEN);
    vl_hasher_release(hasher);
    return err;
}

void vl_hasher_release(struct vl_hasher *hasher)
{
    release_aside(hasher->aside);
    release_here(hasher);
}

void vl_hasher_expect_many(void)
{
    (void)vl_openssl();
}
