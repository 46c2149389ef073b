/* SPDX-License-Identifier: Apache-2.0 */
#include "http/gather.h"

#define GATHER_US    5000 /* at most so long the first one waits for others */
#define QUIET_ROUNDS 2    /* nobody came in so many: all have asked */
#define REST_SHARE   16   /* a round rests for this part of what they wait for */
#define REST_US      1000 /* and so long at most */

bool vl_gather_is_full(struct vl_gather *gather, size_t waiting, size_t connected, uint64_t now_us)
{
    if (gather->count == 0) {
        gather->since_us = now_us;
        gather->quiet = 0;
    }
    gather->quiet = waiting > gather->count ? 0 : gather->quiet + 1;
    gather->count = waiting;
    return waiting == connected || gather->quiet >= QUIET_ROUNDS ||
           now_us - gather->since_us > GATHER_US;
}

uint64_t vl_gather_rest_us(const struct vl_gather *gather)
{
    const uint64_t us = gather->took_us / REST_SHARE;

    return gather->count == 0 ? 0 : us < REST_US ? us : REST_US;
}

void vl_gather_took(struct vl_gather *gather, uint64_t us)
{
    gather->took_us = us;
}

void vl_gather_end(struct vl_gather *gather)
{
    gather->count = 0;
}
