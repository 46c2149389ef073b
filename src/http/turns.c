/* SPDX-License-Identifier: Apache-2.0 */
#include "http/turns.h"

#define SHARE_US 1500 /* what everybody else waits for at most, and one answer more */
#define LONG_MS  250

void vl_turns_next(struct vl_turns *turns)
{
    turns->round++;
    turns->used_us = 0;
}

bool vl_turns_may(const struct vl_turns *turns, size_t slot, uint64_t waited_ms)
{
    if (turns->used_us < SHARE_US)
        return true;
    return waited_ms >= LONG_MS && turns->served[slot] != turns->round;
}

void vl_turns_took(struct vl_turns *turns, size_t slot, uint64_t us)
{
    turns->used_us += us;
    turns->served[slot] = turns->round;
}
