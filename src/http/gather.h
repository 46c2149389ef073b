/* SPDX-License-Identifier: Apache-2.0 */
/* http/gather.h: how long those who wait for what is done once for all wait for others.
 *
 * Everybody who has just been answered is about to ask again, and the first of them does not wait
 * alone for what makes an entry durable: the others are waited for, while they come. */
#ifndef VL_HTTP_GATHER_H
#define VL_HTTP_GATHER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* All zeroes: nobody waits.  By value, owns nothing. */
struct vl_gather {
    size_t count;      /* who waited when the last round ended */
    unsigned quiet;    /* since so many rounds nobody came */
    uint64_t since_us; /* since when there is somebody */
    uint64_t took_us;  /* so long it took the last time */
};

/* A round ends, with so many who wait, of so many who are connected: have all asked? */
bool vl_gather_is_full(struct vl_gather *gather, size_t waiting, size_t connected, uint64_t now_us);
/* So long the next round may rest: those who are waited for get the processor, and time to come. */
uint64_t vl_gather_rest_us(const struct vl_gather *gather);
/* It was done, and took so long. */
void vl_gather_took(struct vl_gather *gather, uint64_t us);
/* Nobody waits any more. */
void vl_gather_end(struct vl_gather *gather);

#endif
