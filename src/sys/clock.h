/* SPDX-License-Identifier: Apache-2.0 */
/* sys/clock.h: the only place that reads a clock. */
#ifndef VL_SYS_CLOCK_H
#define VL_SYS_CLOCK_H

#include <stdint.h>

/* Seconds since 1970, as this machine believes. */
int64_t vl_clock_seconds(void);
/* Milliseconds, and microseconds, of a clock that never jumps, from some point in the past. */
uint64_t vl_clock_steady_ms(void);
uint64_t vl_clock_steady_us(void);

#endif
