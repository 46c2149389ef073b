/* SPDX-License-Identifier: Apache-2.0 */
#include "http/rate.h"

#include "crypto/hash.h"

#define AHEAD_MS 4000 /* what was saved up: so many seconds' worth at once */

size_t vl_rate_slot(const struct vl_rate *rate, const uint8_t peer[16])
{
    const vl_bytes parts[] = {VL_ARRAY(rate->salt), vl_bytes_of(peer, 16)};
    uint8_t hash[VL_HASH_LEN];

    vl_sha256_parts(parts, 2, hash);
    return ((size_t)hash[0] << 8 | hash[1]) % VL_RATE_SLOTS;
}

/* 0 when a request of this cost may be answered now; else after so many seconds. */
static unsigned wait_for(const struct vl_rate *rate, const uint8_t peer[16], uint64_t now_ms,
                         uint64_t cost_ms)
{
    const uint64_t until = rate->slots[vl_rate_slot(rate, peer)].spent_until_ms;
    const uint64_t ahead = (until > now_ms ? until - now_ms : 0) + cost_ms;

    return ahead > AHEAD_MS ? (unsigned)((ahead - AHEAD_MS) / 1000) + 1 : 0;
}

uint64_t vl_rate_ahead(const struct vl_rate *rate, const uint8_t peer[16], uint64_t now_ms)
{
    const uint64_t until = rate->slots[vl_rate_slot(rate, peer)].spent_until_ms;

    return until > now_ms ? until - now_ms : 0;
}

void vl_rate_spend(struct vl_rate *rate, const uint8_t peer[16], uint64_t now_ms, uint64_t cost_ms)
{
    uint64_t *until = &rate->slots[vl_rate_slot(rate, peer)].spent_until_ms;

    *until = (*until > now_ms ? *until : now_ms) + cost_ms;
}

unsigned vl_rate_wait(const struct vl_rate *rate, const uint8_t peer[16], uint64_t now_ms)
{
    return wait_for(rate, peer, now_ms, 0);
}

unsigned vl_rate_take(struct vl_rate *rate, const uint8_t peer[16], uint64_t now_ms)
{
    uint64_t cost_ms;
    unsigned wait_s;

    if (rate->per_second == 0)
        return 0;
    cost_ms = rate->per_second >= 1000 ? 1 : 1000 / rate->per_second;
    wait_s = wait_for(rate, peer, now_ms, cost_ms);
    if (wait_s == 0)
        vl_rate_spend(rate, peer, now_ms, cost_ms);
    return wait_s;
}
