/* SPDX-License-Identifier: Apache-2.0 */
#include "record/publish.h"

#include <string.h>

#define PREFIX     "valise/publish/v1"
#define ORIGIN_MAX 1024
#define SIGNED_MAX (sizeof PREFIX + ORIGIN_MAX + 1 + VL_HASH_LEN)

/* No other signature of ours begins so: those of COSE begin with 84, notes with their origin. */
static vl_bytes signed_bytes(vl_bytes origin, const uint8_t id[VL_HASH_LEN],
                             uint8_t out[SIGNED_MAX])
{
    size_t len = sizeof PREFIX; /* with its NUL */

    memcpy(out, PREFIX, len);
    memcpy(out + len, origin.ptr, origin.len);
    len += origin.len;
    out[len++] = '\n';
    memcpy(out + len, id, VL_HASH_LEN);
    return vl_bytes_of(out, len + VL_HASH_LEN);
}

void vl_publish_sign(vl_bytes origin, const uint8_t id[VL_HASH_LEN], const struct vl_secret *seed,
                     uint8_t out[VL_SIGNATURE_LEN])
{
    uint8_t room[SIGNED_MAX];

    vl_ed25519_sign(seed, signed_bytes(vl_bytes_first(origin, ORIGIN_MAX), id, room), out);
}

enum vl_err vl_publish_verify(vl_bytes origin, const uint8_t id[VL_HASH_LEN],
                              const struct vl_cose_key *key, vl_bytes signature, struct vl_why *why)
{
    uint8_t room[SIGNED_MAX];

    if (origin.len > ORIGIN_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "an origin over %d bytes", ORIGIN_MAX);
    if (key->kind != VL_COSE_KEY_ED25519)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "only an Ed25519 key asks");
    if (signature.len != VL_SIGNATURE_LEN ||
        vl_ed25519_verify(key->x, signed_bytes(origin, id, room), signature.ptr) != VL_OK)
        return vl_fail(why, VL_ERR_UNVERIFIED, "whoever asks is not its issuer");
    return VL_OK;
}
