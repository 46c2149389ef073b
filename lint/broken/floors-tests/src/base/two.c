/* SPDX-License-Identifier: Apache-2.0 */
#include "../tests/support/one.h"

int vl_two = VL_ONE;
