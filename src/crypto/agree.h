/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/agree.h: X25519 key agreement (RFC 7748). */
#ifndef VL_CRYPTO_AGREE_H
#define VL_CRYPTO_AGREE_H

#include "crypto/secret.h"

#define VL_X25519_LEN 32

/* The public key of a 32-byte private key. */
void vl_x25519_public(const struct vl_secret *private_key, uint8_t out[VL_X25519_LEN]);
/* The shared secret.  REFUSED when it is all zero (a low-order point; RFC 7748, 6.1): out is empty.
 */
enum vl_err vl_x25519(const struct vl_secret *private_key, const uint8_t peer[VL_X25519_LEN],
                      struct vl_secret *out) VL_MUST_USE;

#endif
