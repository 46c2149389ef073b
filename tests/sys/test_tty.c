/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/tty.h"

#include <fcntl.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

/* A descriptor to read these bytes from. */
static int holding(const char *text, size_t len)
{
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    assert_int_equal(write(ends[1], text, len), (ssize_t)len);
    assert_int_equal(close(ends[1]), 0);
    return ends[0];
}

static void assert_passphrase(const struct vl_passphrase *got, const char *wanted)
{
    assert_bytes(vl_bytes_of(got->data, got->len), vl_bytes_str(wanted));
}

static void one_line_is_taken_and_the_rest_is_left(void **state)
{
    struct vl_passphrase got = VL_PASSPHRASE_INIT;
    struct vl_why why = {""};
    char rest[16] = "";
    int fd = holding("first words\nthe rest\n", 21);

    (void)state;
    assert_err(vl_fd_passphrase(fd, &got, &why), VL_OK, &why);
    assert_passphrase(&got, "first words");
    assert_int_equal(read(fd, rest, sizeof rest), 9);
    assert_string_equal(rest, "the rest\n");
    (void)close(fd);
}

static void lines_are_taken_one_by_one(void **state)
{
    struct vl_passphrase got = VL_PASSPHRASE_INIT;
    struct vl_why why = {""};
    int fd = holding("one\ntwo", 7);

    (void)state;
    assert_err(vl_fd_passphrase(fd, &got, &why), VL_OK, &why);
    assert_passphrase(&got, "one");
    assert_err(vl_fd_passphrase(fd, &got, &why), VL_OK, &why);
    assert_passphrase(&got, "two"); /* the last line needs no end */
    assert_err(vl_fd_passphrase(fd, &got, &why), VL_ERR_USAGE, &why);
    (void)close(fd);
}

static void its_bytes_are_what_they_are(void **state)
{
    static const char odd[] = " \t\xff\x00\r caf\xc3\xa9 \n";
    struct vl_passphrase got = VL_PASSPHRASE_INIT;
    struct vl_why why = {""};
    int fd = holding(odd, sizeof odd - 1);

    (void)state;
    assert_err(vl_fd_passphrase(fd, &got, &why), VL_OK, &why);
    assert_bytes(vl_bytes_of(got.data, got.len), vl_bytes_of((const uint8_t *)odd, sizeof odd - 2));
    (void)close(fd);
}

static void an_empty_one_is_none(void **state)
{
    static const char *const texts[] = {"", "\n", "\nsecond\n"};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct vl_passphrase got = VL_PASSPHRASE_INIT;
        struct vl_why why = {""};
        int fd = holding(texts[i], strlen(texts[i]));

        assert_err(vl_fd_passphrase(fd, &got, &why), VL_ERR_USAGE, &why);
        assert_non_null(strstr(why.text, "--passphrase-fd"));
        (void)close(fd);
    }
}

static void the_longest_is_taken_and_a_longer_one_is_not(void **state)
{
    char text[VL_PASSPHRASE_MAX + 2];

    (void)state;
    memset(text, 'x', sizeof text);
    for (size_t len = VL_PASSPHRASE_MAX - 1; len <= VL_PASSPHRASE_MAX + 1; len++) {
        struct vl_passphrase got = VL_PASSPHRASE_INIT;
        struct vl_why why = {""};
        int fd;

        text[len] = '\n';
        fd = holding(text, len + 1);
        text[len] = 'x';
        assert_err(vl_fd_passphrase(fd, &got, &why),
                   len <= VL_PASSPHRASE_MAX ? VL_OK : VL_ERR_USAGE, &why);
        if (len <= VL_PASSPHRASE_MAX)
            assert_int_equal(got.len, len);
        assert_null(strstr(why.text, "xxx"));
        (void)close(fd);
    }
}

static void what_cannot_be_read_is_told(void **state)
{
    struct vl_passphrase got = VL_PASSPHRASE_INIT;
    struct vl_why why = {""};
    int closed = dup(STDOUT_FILENO), written = open("/dev/null", O_WRONLY | O_CLOEXEC);
    int folder = open("/", O_RDONLY | O_CLOEXEC), readable = open("/dev/null", O_RDONLY);

    (void)state;
    (void)close(closed);
    assert_false(vl_fd_is_readable(closed));
    assert_false(vl_fd_is_readable(written));
    assert_true(vl_fd_is_readable(readable));
    assert_false(vl_fd_is_readable(-1));
    assert_err(vl_fd_passphrase(closed, &got, &why), VL_ERR_USAGE, &why);
    assert_err(vl_fd_passphrase(written, &got, &why), VL_ERR_USAGE, &why);
    assert_err(vl_fd_passphrase(folder, &got, &why), VL_ERR_IO, &why);
    (void)close(written);
    (void)close(folder);
    (void)close(readable);
}

static void without_a_terminal_there_is_nobody_to_ask(void **state)
{
    struct vl_passphrase got = VL_PASSPHRASE_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_false(vl_tty_is_there());
    assert_err(vl_tty_ask("Passphrase: ", &got, &why), VL_ERR_USAGE, &why);
    assert_err(vl_tty_show("It is: ", &got, &why), VL_ERR_USAGE, &why);
}

static void what_is_no_terminal_has_eighty_columns(void **state)
{
    int fd = open("/dev/null", O_RDWR | O_CLOEXEC);

    (void)state;
    assert_int_equal(vl_tty_columns(fd), 80);
    assert_int_equal(vl_tty_columns(-1), 80);
    (void)close(fd);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(one_line_is_taken_and_the_rest_is_left),
        cmocka_unit_test(lines_are_taken_one_by_one),
        cmocka_unit_test(its_bytes_are_what_they_are),
        cmocka_unit_test(an_empty_one_is_none),
        cmocka_unit_test(the_longest_is_taken_and_a_longer_one_is_not),
        cmocka_unit_test(what_cannot_be_read_is_told),
        cmocka_unit_test(without_a_terminal_there_is_nobody_to_ask),
        cmocka_unit_test(what_is_no_terminal_has_eighty_columns),
    };

    /* Away from whatever terminal the tests were started on. */
    if (getpgrp() == getpid()) {
        pid_t child = fork();

        if (child > 0) {
            int status = 1;

            return waitpid(child, &status, 0) == child && status == 0 ? 0 : 1;
        }
    }
    (void)setsid();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
