/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/hash.h"

int vl_two = VL_HASH_LEN;
