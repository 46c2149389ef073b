/* SPDX-License-Identifier: Apache-2.0 */
#include "base/one.h"

static enum vl_err own(void)
{
    return VL_OK;
}

void vl_one(struct vl_one *one);
void vl_one(struct vl_one *one)
{
    (void)vl_one_read(1);
    (void)!own();
    (void)one->put(1);
    (void)vl_one_new();
}
