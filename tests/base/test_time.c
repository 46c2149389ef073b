/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <string.h>
#include <time.h>

#include "base/time.h"

static void times_are_written_in_utc(void **state)
{
    static const struct {
        int64_t seconds;
        const char *text;
    } rows[] = {
        {0, "1970-01-01T00:00:00Z"},
        {-1, "1969-12-31T23:59:59Z"},
        {951782400, "2000-02-29T00:00:00Z"},
        {951868800, "2000-03-01T00:00:00Z"},
        {1533643200, "2018-08-07T12:00:00Z"},
        {4107542399, "2100-02-28T23:59:59Z"},
        {4107542400, "2100-03-01T00:00:00Z"}, /* no leap year */
        {253402300799, "9999-12-31T23:59:59Z"},
        {INT64_MAX, "9999-12-31T23:59:59Z"},
        {-62167219200, "0000-01-01T00:00:00Z"},
        {INT64_MIN, "0000-01-01T00:00:00Z"},
    };
    char text[VL_TIME_TEXT];

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_string_equal(vl_time_text(rows[i].seconds, text), rows[i].text);
}

static void every_month_of_1600_years_agrees_with_the_system(void **state)
{
    char ours[VL_TIME_TEXT], theirs[64];

    (void)state;
    for (int64_t at = -30000000000; at < 20000000000; at += 2629746) {
        time_t seconds = (time_t)at;
        struct tm parts;

        assert_non_null(gmtime_r(&seconds, &parts));
        assert_true(strftime(theirs, sizeof theirs, "-%m-%dT%H:%M:%SZ", &parts) > 0);
        assert_string_equal(vl_time_text(at, ours) + 4, theirs);
    }
}

#define NOW 1790000000 /* 2026-09-21T14:13:20Z */
#define SHAPE                                                                                      \
    "wanted a day like 2026-12-31, a time like 2026-12-31T18:00:00Z, or +30d, +12h or +2w from "   \
    "now"
#define ZONE   "a time needs its zone: Z, or one like +01:00, behind it"
#define FUTURE "that is too far in the future"
#define UNIT   "wanted h, d or w behind the number: hours, days, weeks"

/* clang-format off */
static const struct {
    const char *typed;
    const char *time; /* or NULL: */
    const char *reason;
} typed[] = {
    { "2026-12-31", "2026-12-31T23:59:59Z", NULL },
    { "1970-01-01", "1970-01-01T23:59:59Z", NULL },
    { "2024-02-29", "2024-02-29T23:59:59Z", NULL },
    { "2000-02-29", "2000-02-29T23:59:59Z", NULL },
    { "2026-11-30", "2026-11-30T23:59:59Z", NULL },
    { "9999-12-31", "9999-12-31T23:59:59Z", NULL },
    { "2026-12-31T18:00:00Z", "2026-12-31T18:00:00Z", NULL },
    { "2026-12-31t18:00:01z", "2026-12-31T18:00:01Z", NULL },
    { "2026-12-31 18:59:59Z", "2026-12-31T18:59:59Z", NULL },
    { "2026-12-31T23:00:00.999Z", "2026-12-31T23:00:00Z", NULL },
    { "2026-12-31T23:00:00.5-00:30", "2026-12-31T23:30:00Z", NULL },
    { "2026-12-31T18:00:00+01:00", "2026-12-31T17:00:00Z", NULL },
    { "2026-12-31T18:00:00-05:45", "2026-12-31T23:45:00Z", NULL },
    { "2027-01-01T00:30:00+01:00", "2026-12-31T23:30:00Z", NULL },
    { "2026-12-31T23:30:00-01:00", "2027-01-01T00:30:00Z", NULL },
    { "2026-12-31T23:00:00-00:00", "2026-12-31T23:00:00Z", NULL },
    { "2026-12-31T00:00:00-23:59", "2026-12-31T23:59:00Z", NULL },
    { "1970-01-01T00:00:00Z", "1970-01-01T00:00:00Z", NULL },
    { "+0d", "2026-09-21T14:13:20Z", NULL },
    { "+1h", "2026-09-21T15:13:20Z", NULL },
    { "+12h", "2026-09-22T02:13:20Z", NULL },
    { "+30d", "2026-10-21T14:13:20Z", NULL },
    { "+2w", "2026-10-05T14:13:20Z", NULL },
    { "+2912179d", "9999-12-31T14:13:20Z", NULL },
    { "", NULL, SHAPE },
    { "tomorrow", NULL, SHAPE },
    { "2026", NULL, SHAPE },
    { "2026-12", NULL, SHAPE },
    { "2026-12-3", NULL, SHAPE },
    { "2026-12-031", NULL, SHAPE },
    { "2026-1-31", NULL, SHAPE },
    { "26-12-31", NULL, SHAPE },
    { "2026/12/31", NULL, SHAPE },
    { "31.12.2026", NULL, SHAPE },
    { " 2026-12-31", NULL, SHAPE },
    { "2026-12-31 ", NULL, SHAPE },
    { "2026-12-31Z", NULL, SHAPE },
    { "-2026-12-31", NULL, SHAPE },
    { "2o26-12-31", NULL, SHAPE },
    { "2026-12-31T18:00Z", NULL, SHAPE },
    { "2026-12-31T18", NULL, SHAPE },
    { "2026-12-31T1:00:00Z", NULL, SHAPE },
    { "2026-12-31T18:00:00", NULL, ZONE },
    { "2026-12-31T18:00:00.25", NULL, ZONE },
    { "2026-12-31T18:00:00.Z", NULL, SHAPE },
    { "2026-12-31T18:00:00,5Z", NULL, SHAPE },
    { "2026-12-31T18:00:00ZZ", NULL, SHAPE },
    { "2026-12-31T18:00:00 CET", NULL, SHAPE },
    { "2026-12-31T18:00:00+0100", NULL, SHAPE },
    { "2026-12-31T18:00:00+01", NULL, SHAPE },
    { "2026-12-31T18:00:00+01:000", NULL, SHAPE },
    { "2026-12-31T18:00:00+24:00", NULL, "there is no zone +24:00" },
    { "2026-12-31T18:00:00-01:60", NULL, "there is no zone -01:60" },
    { "2026-12-31T24:00:00Z", NULL, "there is no time 24:00:00" },
    { "2026-12-31T18:60:00Z", NULL, "there is no time 18:60:00" },
    { "2026-12-31T23:59:60Z", NULL, "there is no time 23:59:60" },
    { "2026-02-30", NULL, "there is no day 30: February 2026 has 28 days" },
    { "2024-02-30", NULL, "there is no day 30: February 2024 has 29 days" },
    { "2100-02-29", NULL, "there is no day 29: February 2100 has 28 days" },
    { "2026-11-31T10:00:00Z", NULL, "there is no day 31: November 2026 has 30 days" },
    { "2026-12-32", NULL, "there is no day 32: December 2026 has 31 days" },
    { "2026-12-00", NULL, "there is no day 00: December 2026 has 31 days" },
    { "2026-13-01", NULL, "there is no month 13: wanted YEAR-MONTH-DAY" },
    { "2026-00-01", NULL, "there is no month 00: wanted YEAR-MONTH-DAY" },
    { "2026-31-12", NULL, "there is no month 31: wanted YEAR-MONTH-DAY" },
    { "1969-12-31", NULL, "the year 1969 is before 1970" },
    { "0000-01-01", NULL, "the year 0000 is before 1970" },
    { "1970-01-01T00:00:00+00:01", NULL, "that is before 1970" },
    { "9999-12-31T23:59:59-00:01", NULL, FUTURE },
    { "+", NULL, SHAPE },
    { "+d", NULL, SHAPE },
    { "+30", NULL, SHAPE },
    { "+30days", NULL, SHAPE },
    { "+ 30d", NULL, SHAPE },
    { "+-3d", NULL, SHAPE },
    { "30d", NULL, SHAPE },
    { "+30m", NULL, UNIT },
    { "+1y", NULL, UNIT },
    { "+30D", NULL, UNIT },
    { "+2912180d", NULL, FUTURE },
    { "+99999999w", NULL, FUTURE },
    { "+100000000h", NULL, FUTURE },
    { "+18446744073709551617d", NULL, FUTURE },
};
/* clang-format on */

static void times_that_people_type_are_read_or_refused(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof typed / sizeof *typed; i++) {
        struct vl_why why = {""};
        int64_t found = -7;
        enum vl_err err = vl_time_parse(vl_bytes_str(typed[i].typed), NOW, &found, &why);
        char text[VL_TIME_TEXT];

        if (typed[i].time) {
            assert_err(err, VL_OK, &why);
            assert_string_equal(vl_time_text(found, text), typed[i].time);
        } else {
            if (err != VL_ERR_FORMAT || strcmp(why.text, typed[i].reason) != 0)
                fail_msg("%s: %s: %s", typed[i].typed, vl_err_name(err), why.text);
            assert_int_equal(found, -7);
        }
    }
}

static void what_was_written_is_read_to_the_same_second(void **state)
{
    (void)state;
    for (int64_t at = 0; at < 253402300800; at += 86399 * 31) {
        char text[VL_TIME_TEXT];
        int64_t found = 0;

        assert_int_equal(vl_time_parse(vl_bytes_str(vl_time_text(at, text)), 0, &found, NULL),
                         VL_OK);
        assert_int_equal(found, at);
        text[10] = '\0';
        assert_int_equal(vl_time_parse(vl_bytes_str(text), 0, &found, NULL), VL_OK);
        assert_int_equal(found, vl_time_day(at) + 86399);
    }
}

static void what_begins_with_a_day_begins_with_its_first_second(void **state)
{
    static const struct {
        const char *typed, *time;
        bool is_day;
    } rows[] = {
        {"2026-12-31", "2026-12-31T00:00:00Z", true},
        {"2026-12-31T18:00:00Z", "2026-12-31T18:00:00Z", false},
        {"2026-12-31 18:00:00Z", "2026-12-31T18:00:00Z", false},
        {"+01234567h", "2167-07-24T21:13:20Z", false}, /* as long as a day */
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const vl_bytes text = vl_bytes_str(rows[i].typed);
        char out[VL_TIME_TEXT];
        struct vl_why why = {""};
        int64_t found = 0;

        assert_err(vl_time_parse_begin(text, NOW, &found, &why), VL_OK, &why);
        assert_string_equal(vl_time_text(found, out), rows[i].time);
        assert_int_equal(vl_time_is_day(text), rows[i].is_day);
    }
    assert_false(vl_time_is_day(VL_BYTES_NONE));
}

static void a_clock_that_is_far_off_does_not_break_counting(void **state)
{
    int64_t found = 0;

    (void)state;
    assert_int_equal(vl_time_parse(VL_LITERAL("+1h"), INT64_MAX, &found, NULL), VL_ERR_FORMAT);
    assert_int_equal(vl_time_parse(VL_LITERAL("+1h"), INT64_MIN, &found, NULL), VL_OK);
    assert_int_equal(found, 3600);
}

static void a_day_begins_at_midnight(void **state)
{
    static const struct {
        int64_t at, day;
    } rows[] = {{0, 0},       {1, 0},           {86399, 0},        {86400, 86400},
                {-1, -86400}, {-86400, -86400}, {-86401, -172800}, {NOW, 1789948800}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        assert_int_equal(vl_time_day(rows[i].at), rows[i].day);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written_in_utc),
        cmocka_unit_test(times_that_people_type_are_read_or_refused),
        cmocka_unit_test(what_was_written_is_read_to_the_same_second),
        cmocka_unit_test(a_clock_that_is_far_off_does_not_break_counting),
        cmocka_unit_test(what_begins_with_a_day_begins_with_its_first_second),
        cmocka_unit_test(a_day_begins_at_midnight),
        cmocka_unit_test(every_month_of_1600_years_agrees_with_the_system),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
