/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/clock.h"

#include <time.h>

int64_t vl_clock_seconds(void)
{
    return (int64_t)time(NULL);
}

uint64_t vl_clock_steady_us(void)
{
    struct timespec now = {0, 0};

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000000 + (uint64_t)now.tv_nsec / 1000;
}

uint64_t vl_clock_steady_ms(void)
{
    return vl_clock_steady_us() / 1000;
}
