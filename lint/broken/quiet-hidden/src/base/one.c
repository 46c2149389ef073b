/* SPDX-License-Identifier: Apache-2.0 */
#include "base/one.h"

long vl_one(void);
long vl_one(void)
{
    return VL_NOW;
}
