/* SPDX-License-Identifier: Apache-2.0 */
/* base/time.h: time as people and formats write it.  Nothing here reads a clock. */
#ifndef VL_BASE_TIME_H
#define VL_BASE_TIME_H

#include <stdint.h>

/* "2026-11-24T14:05:00Z" and its NUL. */
#define VL_TIME_TEXT 21

/* RFC 3339 in UTC, for seconds since 1970 from the year 0000 to 9999; outside it, the nearer end.
 */
const char *vl_time_text(int64_t seconds, char out[VL_TIME_TEXT]);

#endif
