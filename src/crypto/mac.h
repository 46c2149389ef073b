/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/mac.h: are these the bytes that there were?  Asked within one process, of what it wrote.
 *
 * A tag under a key that this process made up and tells nobody, so whoever gives other bytes back
 * cannot have made them fit.  It costs a sixth of what SHA-256 does. */
#ifndef VL_CRYPTO_MAC_H
#define VL_CRYPTO_MAC_H

#include "crypto/rng.h"

#define VL_MAC_LEN 16

/* GMAC with AES-128 (NIST SP 800-38D) by OpenSSL where there is much to do, otherwise Poly1305
 * (RFC 8439, 2.5) by libsodium.  A key is good for one string of bytes, however often. */
struct vl_mac_key {
    uint8_t at[32];
    bool is_gmac;
};
/* expected_len, which need not be right, picks the library.  INTERNAL without randomness. */
enum vl_err vl_mac_key_make(struct vl_mac_key *key, const struct vl_rng *rng,
                            uint64_t expected_len) VL_MUST_USE;

/* Bytes that come in pieces.  All zeroes is one that owns nothing; it may be moved, not copied. */
struct vl_mac {
    _Alignas(16) uint8_t state[256];
    void *openssl; /* its context, where OpenSSL does the work */
    bool failed;
};
void vl_mac_begin(struct vl_mac *mac, const struct vl_mac_key *key);
void vl_mac_put(struct vl_mac *mac, vl_bytes bytes);
/* The tag of all that was put; nothing is left to release.  INTERNAL when the library failed on the
 * way; then out is zeroes, which no tag is compared with. */
enum vl_err vl_mac_end(struct vl_mac *mac, uint8_t out[VL_MAC_LEN]) VL_MUST_USE;
void vl_mac_release(struct vl_mac *mac);

#endif
