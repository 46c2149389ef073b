/* SPDX-License-Identifier: Apache-2.0 */
#include "crypto/secret.h"

#include <string.h>

#include "base/alloc.h"

#include <sodium.h>

enum vl_err vl_secret_set(struct vl_secret *secret, vl_bytes bytes)
{
    if (bytes.len > sizeof secret->data)
        return VL_ERR_LIMIT;
    vl_secret_wipe(secret);
    if (bytes.len)
        memcpy(secret->data, bytes.ptr, bytes.len);
    secret->len = bytes.len;
    return VL_OK;
}

bool vl_same_bytes(const uint8_t *a, const uint8_t *b, size_t len)
{
    return sodium_memcmp(a, b, len) == 0;
}

bool vl_secret_eq(const struct vl_secret *a, const struct vl_secret *b)
{
    return a->len == b->len && vl_same_bytes(a->data, b->data, a->len);
}

void vl_secret_wipe(struct vl_secret *secret)
{
    vl_wipe(secret, sizeof *secret);
}

bool vl_passphrase_eq(const struct vl_passphrase *a, const struct vl_passphrase *b)
{
    return a->len == b->len && vl_same_bytes(a->data, b->data, a->len);
}

void vl_passphrase_wipe(struct vl_passphrase *passphrase)
{
    vl_wipe(passphrase, sizeof *passphrase);
}
