/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/rng.h: randomness is an argument. */
#ifndef VL_CRYPTO_RNG_H
#define VL_CRYPTO_RNG_H

#include "crypto/secret.h"

/* Where random bytes come from.  Tests bring their own, the program has vl_rng_system. */
struct vl_rng {
    /* Fill all of out, or fail with INTERNAL and leave it zeroed. */
    enum vl_err (*fill)(void *self, uint8_t *out, size_t len);
    void *self;
};

/* The kernel's generator; the only place that asks it. */
struct vl_rng vl_rng_system(void);

enum vl_err vl_rng_fill(const struct vl_rng *rng, uint8_t *out, size_t len) VL_MUST_USE;
/* A fresh secret of len bytes, at most VL_SECRET_MAX. */
enum vl_err vl_rng_secret(const struct vl_rng *rng, size_t len, struct vl_secret *out) VL_MUST_USE;

#endif
