/* SPDX-License-Identifier: Apache-2.0 */
/* crypto/sodium_ready.h: libsodium picks the fastest code for this processor once. */
#ifndef VL_CRYPTO_SODIUM_READY_H
#define VL_CRYPTO_SODIUM_READY_H

/* Called by whatever is about to use libsodium; costs one load after the first time. */
void vl_sodium_ready(void);

#endif
