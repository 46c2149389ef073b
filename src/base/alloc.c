/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"

#include <stdatomic.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>

static atomic_bool failing;
static atomic_long allowance;

static bool refused(void)
{
    return atomic_load_explicit(&failing, memory_order_relaxed) &&
           atomic_fetch_sub(&allowance, 1) <= 0;
}

void *vl_new(size_t size)
{
    return refused() ? NULL : calloc(1, size ? size : 1);
}

enum vl_err vl_grow(void **block, size_t old_size, size_t new_size)
{
    void *more;

    if (new_size <= old_size)
        return VL_OK;
    more = refused() ? NULL : malloc(new_size);
    if (!more)
        return VL_ERR_NO_MEMORY;
    if (*block) {
        memcpy(more, *block, old_size);
        vl_wipe(*block, old_size);
    }
    memset((char *)more + old_size, 0, new_size - old_size);
    free(*block);
    *block = more;
    return VL_OK;
}

void vl_free(void *block)
{
    free(block);
}

void vl_wipe(void *at, size_t len)
{
    if (len)
        explicit_bzero(at, len);
}

void vl_alloc_fail_after(long n)
{
    atomic_store(&allowance, n);
    atomic_store(&failing, n >= 0);
}
