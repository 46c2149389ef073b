/* SPDX-License-Identifier: Apache-2.0 */
#include "codec/cbor.h"

int vl_one = VL_CBOR;
