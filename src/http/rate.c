/* SPDX-License-Identifier: Apache-2.0 */
#include "http/rate.h"

#include "crypto/hash.h"

#define AHEAD_MS 4000 /* what was saved up: so many seconds' worth at once */

static size_t slot_of(const struct vl_rate *rate, const uint8_t peer[16])
{
    const vl_bytes parts[] = {VL_ARRAY(rate->salt), vl_bytes_of(peer, 16)};
    uint8_t hash[VL_HASH_LEN];

    vl_sha256_parts(parts, 2, hash);
    return ((size_t)hash[0] << 8 | hash[1]) % VL_RATE_SLOTS;
}

unsigned vl_rate_take(struct vl_rate *rate, const uint8_t peer[16], uint64_t now_ms)
{
    uint64_t *until, cost;

    if (rate->per_second == 0)
        return 0;
    until = &rate->slots[slot_of(rate, peer)].spent_until_ms;
    cost = rate->per_second >= 1000 ? 1 : 1000 / rate->per_second;
    if (*until < now_ms)
        *until = now_ms;
    if (*until - now_ms + cost > AHEAD_MS)
        return (unsigned)((*until - now_ms + cost - AHEAD_MS) / 1000) + 1;
    *until += cost;
    return 0;
}
