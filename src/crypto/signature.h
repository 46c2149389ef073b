/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/signature.h: Ed25519 (RFC 8032) out and in, ES256 (FIPS 186-5, P-256 with SHA-256) in.
 *
 * Ed25519 verifies as libsodium 1.0.18 verifies it, so that every machine gives one verdict: no
 * cofactor; S below the group order; A canonical and not of small order; R not of small order; and
 * R compared as bytes.  A small-order key would verify one signature for every message. */
#ifndef VL_CRYPTO_SIGNATURE_H
#define VL_CRYPTO_SIGNATURE_H

#include "crypto/secret.h"

#define VL_ED25519_SEED_LEN   32
#define VL_ED25519_PUBLIC_LEN 32
#define VL_SIGNATURE_LEN      64
#define VL_P256_LEN           32 /* of a coordinate, and of r and s */

/* Signing with a seed alone makes its public key each time; a seed with its public key behind it,
 * 64 bytes, spares that, and is taken wherever a seed is. */
void vl_ed25519_expand(const struct vl_secret *seed, struct vl_secret *out);
/* The public key of a seed. */
void vl_ed25519_public(const struct vl_secret *seed, uint8_t out[VL_ED25519_PUBLIC_LEN]);
void vl_ed25519_sign(const struct vl_secret *seed, vl_bytes message, uint8_t out[VL_SIGNATURE_LEN]);
/* A key somebody could have made: canonical, on the curve, not of small order.  UNVERIFIED if not.
 */
enum vl_err vl_ed25519_check_key(const uint8_t key[VL_ED25519_PUBLIC_LEN]) VL_MUST_USE;
/* UNVERIFIED, or VL_OK. */
enum vl_err vl_ed25519_verify(const uint8_t key[VL_ED25519_PUBLIC_LEN], vl_bytes message,
                              const uint8_t signature[VL_SIGNATURE_LEN]) VL_MUST_USE;

/* x and y big-endian, signature r || s (RFC 9053, 2.1).  UNVERIFIED also for a point that is not on
 * the curve; UNSUPPORTED where OpenSSL cannot be loaded; NO_MEMORY. */
enum vl_err vl_es256_verify(const uint8_t x[VL_P256_LEN], const uint8_t y[VL_P256_LEN],
                            vl_bytes message,
                            const uint8_t signature[VL_SIGNATURE_LEN]) VL_MUST_USE;
/* Is s at most half the group order?  The other half signs the same message with other bytes. */
bool vl_es256_is_low_s(const uint8_t signature[VL_SIGNATURE_LEN]);

#endif
