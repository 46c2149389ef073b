/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/agree.h"

#include "crypto/sodium_ready.h"

#include <sodium.h>

void vl_x25519_public(const struct vl_secret *private_key, uint8_t out[VL_X25519_LEN])
{
    vl_sodium_ready();
    (void)crypto_scalarmult_curve25519_base(out, private_key->data);
}

enum vl_err vl_x25519(const struct vl_secret *private_key, const uint8_t peer[VL_X25519_LEN],
                      struct vl_secret *out)
{
    vl_sodium_ready();
    if (crypto_scalarmult_curve25519(out->data, private_key->data, peer) != 0) {
        vl_secret_wipe(out);
        return VL_ERR_REFUSED;
    }
    out->len = VL_X25519_LEN;
    return VL_OK;
}
