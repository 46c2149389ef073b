/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/mac.h"

#include <limits.h>
#include <string.h>

#include "base/alloc.h"
#include "crypto/hash.h"
#include "crypto/openssl.h"
#include "crypto/sodium_ready.h"

#include <sodium.h>

_Static_assert(sizeof(crypto_onetimeauth_state) <= sizeof(((struct vl_mac *)NULL)->state),
               "the state of libsodium has its place in the mac");
_Static_assert(_Alignof(crypto_onetimeauth_state) <= _Alignof(struct vl_mac),
               "and is aligned there");
_Static_assert(sizeof(((struct vl_mac_key *)NULL)->at) == crypto_onetimeauth_KEYBYTES,
               "a key is as long as Poly1305 wants it");

static crypto_onetimeauth_state *sodium_state(struct vl_mac *mac)
{
    return (void *)mac->state;
}

enum vl_err vl_mac_key_make(struct vl_mac_key *key, const struct vl_rng *rng, uint64_t expected_len)
{
    key->is_gmac =
        (expected_len >= VL_HASH_BULK_FROM || vl_openssl_loaded()) && vl_openssl() != NULL;
    return vl_rng_fill(rng, key->at, sizeof key->at);
}

/* The key has 16 bytes for AES and 16 more, of which 12 are the nonce. */
static bool begin_gmac(struct vl_mac *mac, const struct vl_mac_key *key)
{
    const struct vl_openssl *o = vl_openssl();

    if (!o)
        return false;
    mac->openssl = o->EVP_CIPHER_CTX_new();
    return mac->openssl &&
           o->EVP_EncryptInit_ex2(mac->openssl, o->aes_128_gcm, key->at, key->at + 16, NULL) == 1;
}

void vl_mac_begin(struct vl_mac *mac, const struct vl_mac_key *key)
{
    *mac = (struct vl_mac){.failed = false};
    if (key->is_gmac) {
        mac->failed = !begin_gmac(mac, key);
        return;
    }
    vl_sodium_ready();
    crypto_onetimeauth_init(sodium_state(mac), key->at);
}

void vl_mac_put(struct vl_mac *mac, vl_bytes bytes)
{
    if (!mac->openssl && !mac->failed)
        crypto_onetimeauth_update(sodium_state(mac), bytes.ptr, bytes.len);
    while (mac->openssl && !mac->failed && bytes.len > 0) {
        const vl_bytes now = vl_bytes_first(bytes, INT_MAX);
        int len = 0;

        mac->failed =
            vl_openssl()->EVP_EncryptUpdate(mac->openssl, NULL, &len, now.ptr, (int)now.len) != 1;
        bytes = vl_bytes_after(bytes, now.len);
    }
}

static bool end_gmac(struct vl_mac *mac, uint8_t out[VL_MAC_LEN])
{
    const struct vl_openssl *o = vl_openssl();
    uint8_t nothing[16];
    int len = 0;

    return o->EVP_EncryptFinal_ex(mac->openssl, nothing, &len) == 1 &&
           o->EVP_CIPHER_CTX_ctrl(mac->openssl, EVP_CTRL_AEAD_GET_TAG, VL_MAC_LEN, out) == 1;
}

enum vl_err vl_mac_end(struct vl_mac *mac, uint8_t out[VL_MAC_LEN])
{
    enum vl_err err = mac->failed ? VL_ERR_INTERNAL : VL_OK;

    if (!err && !mac->openssl)
        crypto_onetimeauth_final(sodium_state(mac), out);
    else if (!err && !end_gmac(mac, out))
        err = VL_ERR_INTERNAL;
    if (err)
        memset(out, 0, VL_MAC_LEN);
    vl_mac_release(mac);
    return err;
}

void vl_mac_release(struct vl_mac *mac)
{
    if (mac->openssl) {
        vl_openssl()->ERR_clear_error();
        vl_openssl()->EVP_CIPHER_CTX_free(mac->openssl);
    }
    vl_wipe(mac, sizeof *mac);
}
