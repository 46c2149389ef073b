/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/editor.h"

#include <dirent.h>
#include <fcntl.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/alloc.h"

#include "support.h"

/* An empty folder for each test, no editor chosen, and no terminal. */
static int enter(void **state)
{
    static char folder[32];

    (void)snprintf(folder, sizeof folder, "/tmp/valise-editor-XXXXXX");
    *state = folder;
    (void)unsetenv("VISUAL");
    (void)unsetenv("EDITOR");
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

static int leave(void **state)
{
    DIR *list = opendir(".");
    struct dirent *entry;

    while (list && (entry = readdir(list)) != NULL)
        if (entry->d_name[0] != '.')
            (void)remove(entry->d_name);
    if (list)
        (void)closedir(list);
    return chdir("/") == 0 ? rmdir(*state) : -1;
}

static void put_text(const char *name, const char *text)
{
    FILE *out = fopen(name, "w");

    assert_non_null(out);
    assert_true(fputs(text, out) >= 0);
    assert_int_equal(fclose(out), 0);
}

static void assert_text(const char *name, const char *wanted)
{
    char found[400] = "";
    FILE *in = fopen(name, "r");

    assert_non_null(in);
    (void)!fread(found, 1, sizeof found - 1, in);
    (void)fclose(in);
    assert_string_equal(found, wanted);
}

static void make_program(const char *name, const char *lines)
{
    put_text(name, "#!/bin/sh\n");
    {
        FILE *out = fopen(name, "a");

        assert_non_null(out);
        assert_true(fputs(lines, out) >= 0);
        assert_int_equal(fclose(out), 0);
    }
    assert_int_equal(chmod(name, 0700), 0);
}

static void the_variables_choose_the_editor(void **state)
{
    static const struct {
        const char *visual, *editor, *who;
    } rows[] = {
        {"./one", "./two", "one:draft\n"}, {NULL, "./two", "two:draft\n"},
        {"", "./two", "two:draft\n"},      {" \t", "./two", "two:draft\n"},
        {"./one", NULL, "one:draft\n"},    {"./one -x 'a b'", NULL, "one:-x:a b:draft\n"},
        {NULL, NULL, "editor:draft\n"},
    };
    char path[400];

    (void)state;
    make_program("one", "printf one >>who; printf ':%s' \"$@\" >>who; echo >>who\n");
    make_program("two", "printf two >>who; printf ':%s' \"$@\" >>who; echo >>who\n");
    make_program("editor", "printf editor >>who; printf ':%s' \"$@\" >>who; echo >>who\n");
    (void)snprintf(path, sizeof path, "%s:%s", (const char *)*state, getenv("PATH"));
    assert_int_equal(setenv("PATH", path, 1), 0);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vl_why why = {""};

        (void)unlink("who");
        (void)(rows[i].visual ? setenv("VISUAL", rows[i].visual, 1) : unsetenv("VISUAL"));
        (void)(rows[i].editor ? setenv("EDITOR", rows[i].editor, 1) : unsetenv("EDITOR"));
        assert_err(vl_editor_run("draft", &why), VL_OK, &why);
        assert_text("who", rows[i].who);
    }
}

static void vi_is_there_where_nothing_else_is(void **state)
{
    char before[4000], path[400];
    struct vl_why why = {""};

    (void)state;
    (void)snprintf(before, sizeof before, "%s", getenv("PATH"));
    make_program("vi", "echo vi >who\n");
    (void)snprintf(path, sizeof path, "%s", (const char *)*state);
    assert_int_equal(setenv("PATH", path, 1), 0);
    assert_err(vl_editor_run("draft", &why), VL_OK, &why);
    assert_text("who", "vi\n");
    assert_int_equal(unlink("vi"), 0);
    assert_int_equal(vl_editor_run("draft", &why), VL_ERR_NOT_FOUND);
    assert_string_equal(why.text,
                        "there is no editor \"vi\": name another one in VISUAL or EDITOR");
    assert_int_equal(setenv("PATH", before, 1), 0);
}

static void a_file_may_have_any_name(void **state)
{
    static const char *const names[] = {"a b", "$(touch hacked)",
                                        "'",   "\"; touch hacked; \"",
                                        "-rf", "--",
                                        "*"};

    (void)state;
    assert_int_equal(setenv("EDITOR", "printf '%s' >>who", 1), 0);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++) {
        struct vl_why why = {""};
        char wanted[64];

        (void)unlink("who");
        (void)snprintf(wanted, sizeof wanted, "%s%s", names[i][0] == '-' ? "./" : "", names[i]);
        assert_err(vl_editor_run(names[i], &why), VL_OK, &why);
        assert_text("who", wanted);
        assert_int_not_equal(access("hacked", F_OK), 0);
    }
}

static void an_editor_that_fails_is_told(void **state)
{
    static const struct {
        const char *editor;
        enum vl_err err;
        const char *reason;
    } rows[] = {
        {"false", VL_ERR_IO, "the editor ended with status 1"},
        {"exit 7;", VL_ERR_IO, "the editor ended with status 7"},
        {"kill -TERM $$;", VL_ERR_INTERRUPTED, "signal 15 ended the editor"},
        {"kill -KILL $$;", VL_ERR_INTERRUPTED, "signal 9 ended the editor"},
        {"./missing", VL_ERR_NOT_FOUND,
         "there is no editor \"./missing\": name another one in VISUAL or EDITOR"},
        {"'", VL_ERR_IO, "the editor ended with status 2"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vl_why why = {""};

        assert_int_equal(setenv("EDITOR", rows[i].editor, 1), 0);
        assert_int_equal(vl_editor_run("draft", &why), rows[i].err);
        assert_string_equal(why.text, rows[i].reason);
    }
}

static void handle(int number)
{
    (void)number;
}

/* Its own keys are the editor's: the process that waits for it does not end by them. */
static void an_interrupt_reaches_the_editor_alone(void **state)
{
    struct sigaction action = {.sa_handler = handle}, now;
    struct vl_why why = {""};

    (void)state;
    /* Whoever runs the tests in the background of a shell hands both down as ignored. */
    (void)signal(SIGQUIT, SIG_DFL);
    assert_int_equal(sigaction(SIGINT, &action, NULL), 0);
    assert_int_equal(setenv("EDITOR", "kill -INT $PPID; kill -QUIT $PPID; true", 1), 0);
    assert_err(vl_editor_run("draft", &why), VL_OK, &why);
    assert_int_equal(setenv("EDITOR", "kill -INT $$;", 1), 0);
    assert_int_equal(vl_editor_run("draft", &why), VL_ERR_INTERRUPTED);
    assert_int_equal(setenv("EDITOR", "kill -QUIT $$;", 1), 0);
    assert_int_equal(vl_editor_run("draft", &why), VL_ERR_INTERRUPTED);
    assert_int_equal(sigaction(SIGINT, NULL, &now), 0);
    assert_ptr_equal(now.sa_handler, handle);
    assert_int_equal(sigaction(SIGQUIT, NULL, &now), 0);
    assert_ptr_equal(now.sa_handler, SIG_DFL);
}

static void what_was_ignored_stays_ignored(void **state)
{
    struct vl_why why = {""};

    (void)state;
    (void)signal(SIGINT, SIG_IGN);
    (void)signal(SIGXFSZ, SIG_IGN);
    assert_int_equal(setenv("EDITOR", "kill -INT $$; true", 1), 0);
    assert_err(vl_editor_run("draft", &why), VL_OK, &why);
    assert_int_equal(setenv("EDITOR", "kill -XFSZ $$; true", 1), 0);
    assert_int_equal(vl_editor_run("draft", &why), VL_ERR_INTERRUPTED);
    (void)signal(SIGINT, SIG_DFL);
    (void)signal(SIGXFSZ, SIG_DFL);
}

/* What the editor sees as its standard descriptors, in a process with or without a terminal, whose
 * own input and output are pipes. */
static void run_in_pipes(bool with_terminal, const char *found)
{
    int status = -1, in[2], out[2];
    pid_t child;
    char text[100] = "";

    assert_int_equal(pipe(in), 0);
    assert_int_equal(pipe(out), 0);
    child = fork();
    assert_int_not_equal(child, -1);
    if (child == 0) {
        int terminal = posix_openpt(O_RDWR | O_NOCTTY);
        struct vl_why why;

        (void)setsid();
        if (with_terminal) {
            int other;

            if (terminal < 0 || grantpt(terminal) != 0 || unlockpt(terminal) != 0)
                _exit(1);
            other = open(ptsname(terminal), O_RDWR | O_NOCTTY);
            if (other < 0 || ioctl(other, TIOCSCTTY, 0) != 0)
                _exit(2);
        }
        if (dup2(in[0], 0) < 0 || dup2(out[1], 1) < 0)
            _exit(3);
        (void)setenv("EDITOR",
                     "t() { if [ -t $1 ]; then printf tty >>found; else printf no >>found; fi; };"
                     "t 0; t 1; echo out; true",
                     1);
        _exit(vl_editor_run("draft", &why) == VL_OK ? 0 : 4);
    }
    (void)close(in[0]);
    (void)close(in[1]);
    (void)close(out[1]);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_text("found", found);
    assert_int_equal(read(out[0], text, sizeof text), 0); /* the pipe got nothing */
    (void)close(out[0]);
}

static void an_editor_gets_the_terminal_and_no_pipe(void **state)
{
    (void)state;
    run_in_pipes(true, "ttytty");
    assert_int_equal(unlink("found"), 0);
    run_in_pipes(false, "nono");
}

static enum vl_err edit(void *self, struct vl_why *why)
{
    return vl_editor_run(self, why);
}

static void every_allocation_may_fail(void **state)
{
    static char name[] = "-draft";

    (void)state;
    assert_int_equal(setenv("EDITOR", "true", 1), 0);
    assert_int_equal(each_allocation_fails(edit, name), 3);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_variables_choose_the_editor, enter, leave),
        cmocka_unit_test_setup_teardown(vi_is_there_where_nothing_else_is, enter, leave),
        cmocka_unit_test_setup_teardown(a_file_may_have_any_name, enter, leave),
        cmocka_unit_test_setup_teardown(an_editor_that_fails_is_told, enter, leave),
        cmocka_unit_test_setup_teardown(an_interrupt_reaches_the_editor_alone, enter, leave),
        cmocka_unit_test_setup_teardown(what_was_ignored_stays_ignored, enter, leave),
        cmocka_unit_test_setup_teardown(an_editor_gets_the_terminal_and_no_pipe, enter, leave),
        cmocka_unit_test_setup_teardown(every_allocation_may_fail, enter, leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
