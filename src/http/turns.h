/* SPDX-License-Identifier: Apache-2.0 */
/* http/turns.h: whoever asks for much waits for whoever asks for little. */
#ifndef VL_HTTP_TURNS_H
#define VL_HTTP_TURNS_H

#include "http/rate.h"

/* In one round of the server, those who have had much lately share a little time; what they ask for
 * beyond it is put off, until it has waited for long, and then each of them has one answer in a
 * round.  By value, owns nothing; begins all zero. */
struct vl_turns {
    uint64_t round;
    uint64_t used_us;               /* of this round, by those who had much */
    uint64_t served[VL_RATE_SLOTS]; /* in which round an address was last answered */
};

/* Another round begins. */
void vl_turns_next(struct vl_turns *turns);
/* May this address, which had much, be answered now?  waited_ms: for so long it was put off. */
bool vl_turns_may(const struct vl_turns *turns, size_t slot, uint64_t waited_ms);
/* It was answered, and that took so long. */
void vl_turns_took(struct vl_turns *turns, size_t slot, uint64_t us);

#endif
