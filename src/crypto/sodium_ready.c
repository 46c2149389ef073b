/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/sodium_ready.h"

#include "base/pool.h"

#include <sodium.h>

static struct vl_once once = VL_ONCE_INIT;

static void prepare(void)
{
    /* A failure leaves the portable code in place: slower, never wrong. */
    if (sodium_init() < 0)
        return;
}

void vl_sodium_ready(void)
{
    vl_once_run(&once, prepare);
}
