/* SPDX-License-Identifier: Apache-2.0 */
#ifndef VL_CRYPTO_HASH_H
#define VL_CRYPTO_HASH_H

#define VL_HASH_LEN 32

#endif
