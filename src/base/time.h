/* SPDX-License-Identifier: Apache-2.0 */
/* base/time.h: time as people and formats write it.  Nothing here reads a clock. */
#ifndef VL_BASE_TIME_H
#define VL_BASE_TIME_H

#include <stdint.h>

#include "base/bytes.h"

/* "2026-11-24T14:05:00Z" and its NUL. */
#define VL_TIME_TEXT 21

/* RFC 3339 in UTC, for seconds since 1970 from the year 0000 to 9999; outside it, the nearer end.
 */
const char *vl_time_text(int64_t seconds, char out[VL_TIME_TEXT]);

/* A time as a person types it: "2026-12-31" is the last second of that day in UTC,
 * "2026-12-31T18:00:00+01:00" is RFC 3339 with its zone, "+30d", "+12h" and "+2w" count from now_s.
 * From 1970 to 9999.  FORMAT with what is wrong; *out_s is as it was. */
enum vl_err vl_time_parse(vl_bytes text, int64_t now_s, int64_t *out_s,
                          struct vl_why *why) VL_MUST_USE;

/* Is it a day and nothing more, "2026-12-31"? */
bool vl_time_is_day(vl_bytes text);
/* The same for what something begins with: a day is its first second. */
enum vl_err vl_time_parse_begin(vl_bytes text, int64_t now_s, int64_t *out_s,
                                struct vl_why *why) VL_MUST_USE;

/* The first second of the day in UTC that this second is in. */
int64_t vl_time_day(int64_t seconds);

#endif
