/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/rng.h"

#include <errno.h>

#include "base/alloc.h"

#include <sys/random.h>

static enum vl_err fill_from_kernel(void *self, uint8_t *out, size_t len)
{
    size_t have = 0;

    (void)self;
    while (have < len) {
        ssize_t got = getrandom(out + have, len - have, 0);

        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            vl_wipe(out, len);
            return VL_ERR_INTERNAL;
        }
        have += (size_t)got;
    }
    return VL_OK;
}

struct vl_rng vl_rng_system(void)
{
    return (struct vl_rng){fill_from_kernel, NULL};
}

enum vl_err vl_rng_fill(const struct vl_rng *rng, uint8_t *out, size_t len)
{
    return rng->fill(rng->self, out, len);
}

enum vl_err vl_rng_secret(const struct vl_rng *rng, size_t len, struct vl_secret *out)
{
    enum vl_err err;

    if (len > sizeof out->data)
        return VL_ERR_LIMIT;
    vl_secret_wipe(out);
    err = vl_rng_fill(rng, out->data, len);
    out->len = err ? 0 : len;
    return err;
}
