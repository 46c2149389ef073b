/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

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

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(times_are_written_in_utc),
        cmocka_unit_test(every_month_of_1600_years_agrees_with_the_system),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
