/* SPDX-License-Identifier: Apache-2.0 */
/* http/rate.h: so many requests a second from one address, or so much of the time that answers
 * take, with a little ahead. */
#ifndef VL_HTTP_RATE_H
#define VL_HTTP_RATE_H

#include "base/bytes.h"

#define VL_RATE_SLOTS 1024

/* Addresses share slots by a hash with a salt of this process: nobody can choose whom to share
 * with.  By value, owns nothing. */
struct vl_rate {
    unsigned per_second; /* requests; 0: no limit */
    uint8_t salt[16];
    struct {
        uint64_t spent_until_ms;
    } slots[VL_RATE_SLOTS];
};

/* May this address ask once more?  0: yes, and it is counted; else after so many seconds. */
unsigned vl_rate_take(struct vl_rate *rate, const uint8_t peer[16], uint64_t now_ms);

/* For what costs differently each time, and is known afterwards: may this address ask?  0: yes;
 * else after so many seconds.  Then so many milliseconds are counted. */
unsigned vl_rate_wait(const struct vl_rate *rate, const uint8_t peer[16],
                      uint64_t now_ms) VL_MUST_USE;
void vl_rate_spend(struct vl_rate *rate, const uint8_t peer[16], uint64_t now_ms, uint64_t cost_ms);
/* So many milliseconds this address is ahead of what it may have in the long run. */
uint64_t vl_rate_ahead(const struct vl_rate *rate, const uint8_t peer[16], uint64_t now_ms);
/* Where it is counted: below VL_RATE_SLOTS. */
size_t vl_rate_slot(const struct vl_rate *rate, const uint8_t peer[16]);

#endif
