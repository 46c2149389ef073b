/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/process.h"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/err.h"
#include "support.h"

static const char *const words[VL_STOP_COUNT] = {"interrupted\n", "terminated\n", "hung up\n"};

/* Run `play` in a process of its own.  Gives its status as wait() does, and what it said on stderr.
 */
static int run(void (*play)(void), char said[256])
{
    int ends[2], status = -1;
    size_t len = 0;
    ssize_t got;
    pid_t child;

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    (void)fflush(NULL);
    child = fork();
    if (child == 0) {
        (void)dup2(ends[1], STDERR_FILENO);
        for (int number = 1; number < 32; number++)
            (void)signal(number, SIG_DFL);
        play();
        _exit(0);
    }
    (void)close(ends[1]);
    while (len < 255 && (got = read(ends[0], said + len, 255 - len)) > 0)
        len += (size_t)got;
    said[len] = '\0';
    (void)close(ends[0]);
    assert_int_equal(waitpid(child, &status, 0), child);
    return status;
}

static void assert_plays(void (*play)(void), int exit_status, const char *wanted)
{
    char said[256];
    int status = run(play, said);

    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), exit_status);
    assert_string_equal(said, wanted);
}

static void there_is_at_least_one_processor(void **state)
{
    (void)state;
    assert_true(vl_process_cpus() >= 1);
}

static void be_bound_to_one(void)
{
    cpu_set_t set;
    size_t first = 0;

    if (sched_getaffinity(0, sizeof set, &set) != 0)
        _exit(1);
    while (!CPU_ISSET(first, &set))
        first++;
    CPU_ZERO(&set);
    CPU_SET(first, &set);
    if (sched_setaffinity(0, sizeof set, &set) != 0)
        _exit(1);
    _exit(vl_process_cpus() == 1 ? 0 : 1);
}

static void a_process_that_may_use_one_has_one(void **state)
{
    (void)state;
    assert_plays(be_bound_to_one, 0, "");
}

static void be_interrupted(void)
{
    vl_stop_install(words);
    (void)raise(SIGINT);
}

static void be_terminated(void)
{
    vl_stop_install(words);
    (void)raise(SIGTERM);
}

static void be_hung_up(void)
{
    vl_stop_install(words);
    (void)raise(SIGHUP);
}

static void each_stop_has_its_words_and_its_status(void **state)
{
    (void)state;
    assert_plays(be_interrupted, 130, "interrupted\n");
    assert_plays(be_terminated, 143, "terminated\n");
    assert_plays(be_hung_up, 143, "hung up\n");
}

static void be_deaf(void)
{
    (void)signal(SIGHUP, SIG_IGN);
    vl_stop_install(words);
    (void)raise(SIGHUP);
    (void)raise(SIGTERM);
}

static void what_was_ignored_stays_ignored(void **state)
{
    (void)state;
    assert_plays(be_deaf, 143, "terminated\n");
}

static void be_held_twice(void)
{
    vl_stop_install(words);
    vl_stop_hold();
    vl_stop_hold();
    (void)raise(SIGINT);
    vl_stop_release();
    (void)fprintf(stderr, "still here, ");
    vl_stop_remember_file(-1, NULL);
    (void)fprintf(stderr, "and here, ");
    vl_stop_release();
}

static void a_stop_that_is_held_back_comes_at_the_last_release(void **state)
{
    (void)state;
    assert_plays(be_held_twice, 130, "still here, and here, interrupted\n");
}

static void be_too_late(void)
{
    vl_stop_install(words);
    vl_stop_hold();
    (void)raise(SIGINT);
    (void)raise(SIGTERM);
    vl_stop_too_late();
    vl_stop_release();
    (void)raise(SIGHUP);
    (void)fprintf(stderr, "done");
    _exit(7);
}

static void a_stop_that_comes_too_late_is_none(void **state)
{
    (void)state;
    assert_plays(be_too_late, 7, "done");
}

static void leave_a_file(void)
{
    int folder = open("/tmp", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    char name[40];
    int fd;

    (void)snprintf(name, sizeof name, "valise-process-%d", (int)getpid());
    fd = openat(folder, name, O_CREAT | O_EXCL | O_WRONLY | O_CLOEXEC, 0600);
    vl_stop_install(words);
    vl_stop_remember_file(folder, name);
    (void)fprintf(stderr, "%d %s ", fd >= 0, name);
    (void)raise(SIGTERM);
}

static void a_file_that_is_remembered_is_taken_away(void **state)
{
    char said[256], name[64] = "/tmp/", *end;
    int status = run(leave_a_file, said);

    (void)state;
    assert_int_equal(WEXITSTATUS(status), 143);
    assert_memory_equal(said, "1 ", 2);
    end = strchr(said + 2, ' ');
    assert_non_null(end);
    (void)snprintf(name, sizeof name, "/tmp/%.*s", (int)(end - said - 2), said + 2);
    assert_int_equal(access(name, F_OK), -1);
}

static void say_much(void)
{
    static char much[2 * VL_STOP_WORDS_MAX];
    const char *const list[VL_STOP_COUNT] = {much, much, much};

    memset(much, 'x', sizeof much - 1);
    vl_stop_install(list);
    (void)raise(SIGINT);
}

static void words_that_do_not_fit_are_cut(void **state)
{
    char said[256];

    (void)state;
    assert_int_equal(WEXITSTATUS(run(say_much, said)), 130);
    assert_int_equal(strlen(said), 255);
}

static void be_guarded(void)
{
    struct rlimit core, small = {10, 10};
    int fd;

    (void)close(STDIN_FILENO);
    (void)close(STDOUT_FILENO);
    vl_process_guard();
    if (getrlimit(RLIMIT_CORE, &core) != 0 || core.rlim_cur != 0)
        _exit(1);
    /* Taken, and the wrong way round. */
    if (read(STDIN_FILENO, &fd, 1) != -1 || write(STDOUT_FILENO, &fd, 1) != -1)
        _exit(2);
    fd = open("/tmp", O_TMPFILE | O_WRONLY | O_CLOEXEC, 0600);
    if (fd < 3)
        _exit(3);
    if (setrlimit(RLIMIT_FSIZE, &small) != 0 || write(fd, "0123456789", 10) != 10)
        _exit(4);
    _exit(write(fd, "x", 1) == -1 ? 0 : 5);
}

static void a_guarded_process_has_its_descriptors_and_leaves_no_core(void **state)
{
    (void)state;
    assert_plays(be_guarded, 0, "");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(there_is_at_least_one_processor),
        cmocka_unit_test(a_process_that_may_use_one_has_one),
        cmocka_unit_test(each_stop_has_its_words_and_its_status),
        cmocka_unit_test(what_was_ignored_stays_ignored),
        cmocka_unit_test(a_stop_that_is_held_back_comes_at_the_last_release),
        cmocka_unit_test(a_stop_that_comes_too_late_is_none),
        cmocka_unit_test(a_file_that_is_remembered_is_taken_away),
        cmocka_unit_test(words_that_do_not_fit_are_cut),
        cmocka_unit_test(a_guarded_process_has_its_descriptors_and_leaves_no_core),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
