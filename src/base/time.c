/* SPDX-License-Identifier: Apache-2.0 */
#include "base/time.h"

#include <stdbool.h>

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

int64_t vl_time_day(int64_t seconds)
{
    int64_t into = seconds % DAY;

    return seconds - (into < 0 ? into + DAY : into);
}

static int64_t days_since_1970(int64_t year, int month, int64_t day)
{
    int64_t leap_days = (year - 1) / 4 - (year - 1) / 100 + (year - 1) / 400 - 477;
    int64_t days = (year - 1970) * 365 + leap_days + day - 1;

    for (int i = 0; i < month - 1; i++)
        days += days_in(year, i);
    return days;
}

/* So many digits at the start of the text, and what must follow them. */
static bool take_digits(vl_bytes *text, size_t count, char after, int *value)
{
    *value = 0;
    if (text->len < count + (after != 0))
        return false;
    for (size_t i = 0; i < count; i++) {
        if (text->ptr[i] < '0' || text->ptr[i] > '9')
            return false;
        *value = *value * 10 + (text->ptr[i] - '0');
    }
    if (after && text->ptr[count] != (uint8_t)after)
        return false;
    *text = vl_bytes_after(*text, count + (after != 0));
    return true;
}

static enum vl_err no_time(struct vl_why *why)
{
    return vl_fail(why, VL_ERR_FORMAT,
                   "wanted a day like 2026-12-31, a time like 2026-12-31T18:00:00Z, or +30d, +12h "
                   "or +2w from now");
}

static enum vl_err check_date(int year, int month, int day, struct vl_why *why)
{
    static const char *const names[12] = {"January",   "February", "March",    "April",
                                          "May",       "June",     "July",     "August",
                                          "September", "October",  "November", "December"};

    if (year < 1970)
        return vl_fail(why, VL_ERR_FORMAT, "the year %04d is before 1970", year);
    if (month < 1 || month > 12)
        return vl_fail(why, VL_ERR_FORMAT, "there is no month %02d: wanted YEAR-MONTH-DAY", month);
    if (day < 1 || day > days_in(year, month - 1))
        return vl_fail(why, VL_ERR_FORMAT, "there is no day %02d: %s %d has %d days", day,
                       names[month - 1], year, days_in(year, month - 1));
    return VL_OK;
}

/* The time behind a date: hours, minutes, seconds, a fraction that is left out, and the zone. */
static enum vl_err take_clock(vl_bytes text, int64_t *seconds, struct vl_why *why)
{
    int hour = 0, minute = 0, second = 0, zone_hour = 0, zone_minute = 0;
    bool west;

    if (!take_digits(&text, 2, ':', &hour) || !take_digits(&text, 2, ':', &minute) ||
        !take_digits(&text, 2, 0, &second))
        return no_time(why);
    if (hour > 23 || minute > 59 || second > 59)
        return vl_fail(why, VL_ERR_FORMAT, "there is no time %02d:%02d:%02d", hour, minute, second);
    if (text.len > 1 && text.ptr[0] == '.' && text.ptr[1] >= '0' && text.ptr[1] <= '9')
        do
            text = vl_bytes_after(text, 1);
        while (text.len > 0 && text.ptr[0] >= '0' && text.ptr[0] <= '9');
    if (text.len == 0)
        return vl_fail(why, VL_ERR_FORMAT,
                       "a time needs its zone: Z, or one like +01:00, behind it");
    *seconds = hour * 3600 + minute * 60 + second;
    if (text.len == 1 && (text.ptr[0] == 'Z' || text.ptr[0] == 'z'))
        return VL_OK;
    west = text.ptr[0] == '-';
    if (!west && text.ptr[0] != '+')
        return no_time(why);
    text = vl_bytes_after(text, 1);
    if (!take_digits(&text, 2, ':', &zone_hour) || !take_digits(&text, 2, 0, &zone_minute) ||
        text.len > 0)
        return no_time(why);
    if (zone_hour > 23 || zone_minute > 59)
        return vl_fail(why, VL_ERR_FORMAT, "there is no zone %c%02d:%02d", west ? '-' : '+',
                       zone_hour, zone_minute);
    *seconds -= (west ? -1 : 1) * ((int64_t)zone_hour * 3600 + (int64_t)zone_minute * 60);
    return VL_OK;
}

static enum vl_err parse_date(vl_bytes text, int64_t *out, struct vl_why *why)
{
    int year = 0, month = 0, day = 0;
    int64_t seconds = DAY - 1;
    enum vl_err err;

    if (!take_digits(&text, 4, '-', &year) || !take_digits(&text, 2, '-', &month) ||
        !take_digits(&text, 2, 0, &day))
        return no_time(why);
    err = check_date(year, month, day, why);
    if (err)
        return err;
    if (text.len > 0) {
        if (text.ptr[0] != 'T' && text.ptr[0] != 't' && text.ptr[0] != ' ')
            return no_time(why);
        err = take_clock(vl_bytes_after(text, 1), &seconds, why);
    }
    *out = days_since_1970(year, month, day) * DAY + seconds;
    return err;
}

static enum vl_err parse_span(vl_bytes text, int64_t *out, struct vl_why *why)
{
    int64_t count = 0;
    size_t digit_count = 0;

    while (digit_count < text.len && text.ptr[digit_count] >= '0' && text.ptr[digit_count] <= '9')
        if (digit_count++ < 8)
            count = count * 10 + (text.ptr[digit_count - 1] - '0');
    if (digit_count > 8)
        return vl_fail(why, VL_ERR_FORMAT, "that is too far in the future");
    if (digit_count == 0 || text.len != digit_count + 1)
        return no_time(why);
    switch (text.ptr[digit_count]) {
    case 'h':
        *out = count * 3600;
        return VL_OK;
    case 'd':
        *out = count * DAY;
        return VL_OK;
    case 'w':
        *out = count * 7 * DAY;
        return VL_OK;
    default:
        return vl_fail(why, VL_ERR_FORMAT,
                       "wanted h, d or w behind the number: hours, days, weeks");
    }
}

enum vl_err vl_time_parse(vl_bytes text, int64_t now_s, int64_t *out_s, struct vl_why *why)
{
    int64_t found = 0;
    enum vl_err err;

    if (text.len > 0 && text.ptr[0] == '+') {
        err = parse_span(vl_bytes_after(text, 1), &found, why);
        now_s = now_s < 0 ? 0 : now_s > LAST_SECOND ? LAST_SECOND : now_s;
        found += now_s;
    } else {
        err = parse_date(text, &found, why);
    }
    if (err)
        return err;
    if (found < 0)
        return vl_fail(why, VL_ERR_FORMAT, "that is before 1970");
    if (found > LAST_SECOND)
        return vl_fail(why, VL_ERR_FORMAT, "that is too far in the future");
    *out_s = found;
    return VL_OK;
}

bool vl_time_is_day(vl_bytes text)
{
    return text.len == sizeof "2026-12-31" - 1 && text.ptr[0] != '+';
}

enum vl_err vl_time_parse_begin(vl_bytes text, int64_t now_s, int64_t *out_s, struct vl_why *why)
{
    enum vl_err err = vl_time_parse(text, now_s, out_s, why);

    if (!err && vl_time_is_day(text))
        *out_s = vl_time_day(*out_s);
    return err;
}
