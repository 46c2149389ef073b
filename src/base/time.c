/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#define DAY            86400
#define FIRST_SECOND   (-62167219200) /* 0000-01-01T00:00:00Z */
#define LAST_SECOND    253402300799   /* 9999-12-31T23:59:59Z */
#define DAYS_PER_CYCLE 146097         /* 400 years of the Gregorian calendar */

static int is_leap(int64_t year)
{
    return year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
}

static int days_in(int64_t year, int month)
{
    static const int days[12] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};

    return days[month] + (month == 1 && is_leap(year));
}

/* Decimal digits with leading zeroes. */
static void digits(char *at, int64_t value, int count)
{
    while (count-- > 0) {
        at[count] = (char)('0' + value % 10);
        value /= 10;
    }
}

const char *vl_time_text(int64_t seconds, char out[VL_TIME_TEXT])
{
    static const char shape[VL_TIME_TEXT] = "0000-00-00T00:00:00Z";
    int64_t day, year;
    int month = 0;

    for (int i = 0; i < VL_TIME_TEXT; i++)
        out[i] = shape[i];
    seconds = seconds < FIRST_SECOND ? FIRST_SECOND : seconds > LAST_SECOND ? LAST_SECOND : seconds;
    seconds -= FIRST_SECOND;
    day = seconds / DAY;
    year = day / DAYS_PER_CYCLE * 400;
    for (day %= DAYS_PER_CYCLE; day >= 365 + is_leap(year); year++)
        day -= 365 + is_leap(year);
    for (; day >= days_in(year, month); month++)
        day -= days_in(year, month);
    digits(out, year, 4);
    digits(out + 5, month + 1, 2);
    digits(out + 8, day + 1, 2);
    digits(out + 11, seconds % DAY / 3600, 2);
    digits(out + 14, seconds % 3600 / 60, 2);
    digits(out + 17, seconds % 60, 2);
    return out;
}
