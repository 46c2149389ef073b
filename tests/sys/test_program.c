/* SPDX-License-Identifier: Apache-2.0 */
/* Another program of the same user: what it gets, how long it has, and which one is none.  The
 * story tests/story/hook.sh has the files that are refused. */
#include "sys/program.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

#include "support.h"
#include "sys/clock.h"

/* A folder with one script in it. */
struct place {
    char folder[64];
    char script[96];
    char out[96];
};

static void place_begin(struct place *place, const char *script)
{
    int fd;

    (void)snprintf(place->folder, sizeof place->folder, "/tmp/valise-program-XXXXXX");
    assert_non_null(mkdtemp(place->folder));
    (void)snprintf(place->script, sizeof place->script, "%s/hook", place->folder);
    (void)snprintf(place->out, sizeof place->out, "%s/out", place->folder);
    fd = open(place->script, O_WRONLY | O_CREAT | O_EXCL, 0700);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, script, strlen(script)), (ssize_t)strlen(script));
    assert_int_equal(close(fd), 0);
}

static void place_end(struct place *place)
{
    (void)unlink(place->out);
    (void)unlink(place->script);
    assert_int_equal(rmdir(place->folder), 0);
}
#define PLACE(name) VL_AUTO(place_end) struct place name = {"", "", ""}

static void it_gets_all_the_bytes(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf input = VL_BUF_INIT((size_t)1 << 20);
    struct vl_why why = {""};
    struct stat seen;
    uint8_t *at = NULL;
    PLACE(place);

    (void)state;
    place_begin(&place, "#!/bin/sh\ncat >\"${0%/*}/out\"\n");
    assert_int_equal(vl_buf_add(&input, 300000, &at), VL_OK);
    memset(at, 'x', 300000);
    assert_err(vl_program_run(place.script, vl_buf_bytes(&input), 10000, &why), VL_OK, &why);
    assert_int_equal(stat(place.out, &seen), 0);
    assert_int_equal(seen.st_size, 300000);
}

static void one_that_reads_nothing_is_fine(void **state)
{
    struct vl_why why = {""};
    PLACE(place);

    (void)state;
    place_begin(&place, "#!/bin/sh\nexit 0\n");
    assert_err(vl_program_run(place.script, VL_LITERAL("{}"), 10000, &why), VL_OK, &why);
}

static void how_it_ended_is_told(void **state)
{
    static const struct {
        const char *script;
        const char *words;
    } rows[] = {
        {"#!/bin/sh\nexit 7\n", "ended with status 7"},
        {"#!/bin/sh\nkill -KILL $$\n", "was ended by signal 9"},
        {"exit 0\n", "could not be started"},
        {"#!/nowhere/at/all\n", "could not be started"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vl_why why = {""};
        PLACE(place);

        place_begin(&place, rows[i].script);
        assert_err(vl_program_run(place.script, VL_LITERAL("{}"), 10000, &why), VL_ERR_IO, &why);
        if (!strstr(why.text, rows[i].words))
            fail_msg("%s: wanted %s", why.text, rows[i].words);
    }
}

static void its_time_ends(void **state)
{
    const uint64_t before = vl_clock_steady_ms();
    struct vl_why why = {""};
    PLACE(place);

    (void)state;
    place_begin(&place, "#!/bin/sh\ntrap '' TERM\nsleep 60\nsleep 60\n");
    assert_err(vl_program_run(place.script, VL_LITERAL("{}"), 200, &why), VL_ERR_REFUSED, &why);
    assert_non_null(strstr(why.text, "took longer"));
    assert_true(vl_clock_steady_ms() - before < 30000);
}

/* It ends when it is told to; what it began does not. */
static void all_that_it_began_ends_with_it(void **state)
{
    const struct timespec pause = {.tv_nsec = 500000000L};
    struct stat before, after;
    struct vl_why why = {""};
    PLACE(place);

    (void)state;
    place_begin(
        &place,
        "#!/bin/sh\n"
        "(trap '' TERM; for i in $(seq 300); do echo x; sleep 0.1; done >\"${0%/*}/out\") &\n"
        "wait\n");
    assert_err(vl_program_run(place.script, VL_LITERAL("{}"), 500, &why), VL_ERR_REFUSED, &why);
    assert_int_equal(stat(place.out, &before), 0);
    assert_true(before.st_size > 0);
    (void)nanosleep(&pause, NULL);
    assert_int_equal(stat(place.out, &after), 0);
    assert_int_equal(after.st_size, before.st_size);
}

static void what_is_not_there_is_no_program(void **state)
{
    struct vl_why why = {""};
    PLACE(place);

    (void)state;
    place_begin(&place, "#!/bin/sh\n");
    assert_true(vl_program_is_there(place.script));
    assert_false(vl_program_is_there(place.out));
    assert_err(vl_program_run(place.out, VL_LITERAL("{}"), 10000, &why), VL_ERR_IO, &why);
}

static void an_answer_comes_from_a_program_that_knows_nothing(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(64);
    struct vl_why why = {""};
    PLACE(place);

    (void)state;
    assert_int_equal(setenv("VALISE", "secret", 1), 0);
    assert_int_equal(setenv("HOME", "/somewhere", 1), 0);
    place_begin(&place, "#!/bin/sh\ncat; pwd; echo \"${HOME-no home} ${VALISE-}\"\n");
    assert_int_equal(vl_buf_put(&out, VL_LITERAL("before ")), VL_OK);
    assert_err(vl_program_ask(place.script, VL_LITERAL("asked\n"), 10000, &out, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&out), VL_LITERAL("before asked\n/\nno home \n"));
}

static void an_answer_has_a_limit_and_a_time(void **state)
{
    static const struct {
        const char *script;
        enum vl_err err;
        const char *words;
    } rows[] = {
        {"#!/bin/sh\necho 12345678\n", VL_ERR_LIMIT, "its answer: over a limit"},
        {"#!/bin/sh\necho 1234567\n", VL_OK, ""},
        {"#!/bin/sh\necho no; exit 3\n", VL_ERR_IO, "ended with status 3"},
        {"#!/bin/sh\nexec sleep 60\n", VL_ERR_REFUSED, "took longer than 0 s"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(8);
        struct vl_why why = {""};
        PLACE(place);

        place_begin(&place, rows[i].script);
        assert_err(vl_program_ask(place.script, VL_BYTES_NONE, i == 3 ? 300 : 10000, &out, &why),
                   rows[i].err, &why);
        assert_non_null(strstr(why.text, rows[i].words));
        assert_int_equal(out.len, rows[i].err ? 0 : 8);
    }
}

static void what_is_not_there_does_not_answer(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(8);
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_program_ask("/nowhere/valise-mail", VL_BYTES_NONE, 1000, &out, &why), VL_ERR_IO,
               &why);
    assert_non_null(strstr(why.text, "could not be started"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_gets_all_the_bytes),
        cmocka_unit_test(one_that_reads_nothing_is_fine),
        cmocka_unit_test(how_it_ended_is_told),
        cmocka_unit_test(its_time_ends),
        cmocka_unit_test(all_that_it_began_ends_with_it),
        cmocka_unit_test(what_is_not_there_is_no_program),
        cmocka_unit_test(an_answer_comes_from_a_program_that_knows_nothing),
        cmocka_unit_test(an_answer_has_a_limit_and_a_time),
        cmocka_unit_test(what_is_not_there_does_not_answer),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
