/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/infile.h"

#include <errno.h>
#include <fcntl.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "support.h"

static char folder[] = "/tmp/valise-infile-XXXXXX";
static char path[sizeof folder + 16];

static int make_folder(void **state)
{
    (void)state;
    if (!mkdtemp(folder))
        return -1;
    (void)snprintf(path, sizeof path, "%s/file", folder);
    return 0;
}

static int remove_folder(void **state)
{
    (void)state;
    (void)unlink(path);
    return rmdir(folder);
}

static void write_file(size_t len)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0600);

    assert_true(fd >= 0);
    for (size_t i = 0; i < len; i++) {
        uint8_t byte = (uint8_t)(i * 7 + i / 251);

        assert_int_equal(write(fd, &byte, 1), 1);
    }
    assert_int_equal(close(fd), 0);
}

static void a_file_knows_its_size_and_is_read_to_its_end(void **state)
{
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    struct vl_why why = {""};
    uint8_t bytes[300];
    size_t got = 0;

    (void)state;
    write_file(500);
    assert_err(vl_in_open(path, &in, &why), VL_OK, &why);
    assert_true(in.is_regular);
    assert_false(in.is_stdin);
    assert_int_equal(in.size, 500);
    assert_err(vl_in_read(&in, (vl_room){bytes, 300}, &got, &why), VL_OK, &why);
    assert_int_equal(got, 300);
    assert_err(vl_in_read(&in, (vl_room){bytes, 300}, &got, &why), VL_OK, &why);
    assert_int_equal(got, 200);
    assert_err(vl_in_read(&in, (vl_room){bytes, 300}, &got, &why), VL_OK, &why);
    assert_int_equal(got, 0);
    assert_int_equal(in.read_bytes, 500);
}

static void what_is_not_there_is_not_found(void **state)
{
    struct vl_in in = VL_IN_INIT;
    struct vl_why why = {""};

    (void)state;
    (void)unlink(path);
    assert_err(vl_in_open(path, &in, &why), VL_ERR_NOT_FOUND, &why);
    assert_null(strstr(why.text, path)); /* the caller names it */
    assert_int_equal(in.fd, -1);
    vl_in_close(&in);
}

static void a_folder_is_no_file(void **state)
{
    struct vl_in in = VL_IN_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_in_open(folder, &in, &why), VL_ERR_IO, &why);
    assert_string_equal(why.text, "it is a folder");
    assert_int_equal(in.fd, -1);
}

static void no_name_and_a_dash_are_stdin_which_stays_open(void **state)
{
    const char *const names[] = {NULL, "-"};
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct vl_in in = VL_IN_INIT;

        assert_err(vl_in_open(names[i], &in, &why), VL_OK, &why);
        assert_true(in.is_stdin);
        assert_false(in.is_regular); /* its place and size say nothing */
        vl_in_close(&in);
        assert_true(fcntl(STDIN_FILENO, F_GETFD) >= 0);
    }
}

/* Writes byte by byte into the pipe at *argument and closes it. */
static void *drip(void *argument)
{
    int fd = *(int *)argument;

    for (int i = 0; i < 200; i++) {
        uint8_t byte = (uint8_t)i;

        if (write(fd, &byte, 1) != 1)
            break;
        if (i % 40 == 0)
            (void)usleep(1000);
    }
    (void)close(fd);
    return NULL;
}

static void read_drips(bool waits)
{
    struct vl_why why = {""};
    struct vl_in in = VL_IN_INIT;
    uint8_t bytes[64];
    pthread_t writer;
    size_t got = 1, all = 0;
    int ends[2];

    assert_int_equal(pipe2(ends, O_CLOEXEC), 0);
    if (!waits)
        assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    in.fd = ends[0];
    assert_int_equal(pthread_create(&writer, NULL, drip, &ends[1]), 0);
    while (got > 0) {
        assert_err(vl_in_read(&in, (vl_room){bytes, sizeof bytes}, &got, &why), VL_OK, &why);
        for (size_t i = 0; i < got; i++)
            assert_int_equal(bytes[i], (all + i) & 0xff);
        all += got;
    }
    assert_int_equal(all, 200);
    assert_int_equal(pthread_join(writer, NULL), 0);
    vl_in_close(&in);
}

static void a_short_read_of_a_pipe_is_not_its_end(void **state)
{
    (void)state;
    read_drips(true);
}

static void a_pipe_that_says_not_yet_is_waited_for(void **state)
{
    (void)state;
    read_drips(false);
}

static void a_file_that_shrinks_is_a_failure(void **state)
{
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    struct vl_why why = {""};
    uint8_t bytes[300];
    size_t got = 0;

    (void)state;
    write_file(500);
    assert_err(vl_in_open(path, &in, &why), VL_OK, &why);
    assert_err(vl_in_read(&in, (vl_room){bytes, 300}, &got, &why), VL_OK, &why);
    assert_int_equal(truncate(path, 300), 0);
    assert_err(vl_in_read(&in, (vl_room){bytes, 300}, &got, &why), VL_ERR_IO, &why);
    assert_int_equal(got, 0);
    assert_string_equal(why.text, "it became shorter while it was read: 300 of 500 bytes");
}

static void a_file_that_grows_is_read_to_its_new_end(void **state)
{
    VL_AUTO(vl_in_close) struct vl_in in = VL_IN_INIT;
    struct vl_why why = {""};
    uint8_t bytes[300];
    size_t got = 0;

    (void)state;
    write_file(100);
    assert_err(vl_in_open(path, &in, &why), VL_OK, &why);
    assert_int_equal(truncate(path, 120), 0);
    assert_err(vl_in_read(&in, (vl_room){bytes, 300}, &got, &why), VL_OK, &why);
    assert_int_equal(got, 120);
}

static void all_of_a_file_up_to_the_ceiling_and_not_a_byte_more(void **state)
{
    static const size_t lens[] = {0, 1, 4095, 4096, 4097, 8192, 9999, 10000};
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < sizeof lens / sizeof *lens; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf exact = VL_BUF_INIT(lens[i]);
        VL_AUTO(vl_buf_release) struct vl_buf roomy = VL_BUF_INIT(100000);

        write_file(lens[i]);
        assert_err(vl_in_read_all(path, &roomy, &why), VL_OK, &why);
        assert_int_equal(roomy.len, lens[i]);
        assert_err(vl_in_read_all(path, &exact, &why), VL_OK, &why);
        assert_bytes(vl_buf_bytes(&exact), vl_buf_bytes(&roomy));
        for (size_t at = 0; at < lens[i]; at++)
            assert_int_equal(exact.data[at], (uint8_t)(at * 7 + at / 251));
    }
    for (size_t i = 1; i < sizeof lens / sizeof *lens; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf tight = VL_BUF_INIT(lens[i] - 1);

        write_file(lens[i]);
        assert_err(vl_in_read_all(path, &tight, &why), VL_ERR_LIMIT, &why);
        assert_non_null(strstr(why.text, "more than "));
    }
}

static enum vl_err read_all(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(100000);

    (void)self;
    return vl_in_read_all(path, &out, why);
}

static void reading_all_survives_a_lack_of_memory(void **state)
{
    (void)state;
    write_file(20000);
    assert_true(each_allocation_fails(read_all, NULL) > 1);
}

static void only_its_owner_should_read_a_key_file(void **state)
{
    static const struct {
        mode_t mode;
        bool exposed;
    } rows[] = {{0600, false}, {0400, false}, {0700, false}, {0640, true},
                {0604, true},  {0620, true},  {0601, true},  {0666, true}};

    (void)state;
    write_file(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(chmod(path, rows[i].mode), 0);
        assert_int_equal(vl_infile_is_exposed(path), rows[i].exposed);
    }
    assert_int_equal(chmod(path, 0600), 0);
    assert_false(vl_infile_is_exposed("/nowhere/at/all"));
    assert_false(vl_infile_is_exposed("-"));
    assert_false(vl_infile_is_exposed("/dev/null")); /* what is no file has no content to guard */
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_knows_its_size_and_is_read_to_its_end),
        cmocka_unit_test(what_is_not_there_is_not_found),
        cmocka_unit_test(a_folder_is_no_file),
        cmocka_unit_test(no_name_and_a_dash_are_stdin_which_stays_open),
        cmocka_unit_test(a_short_read_of_a_pipe_is_not_its_end),
        cmocka_unit_test(a_pipe_that_says_not_yet_is_waited_for),
        cmocka_unit_test(a_file_that_shrinks_is_a_failure),
        cmocka_unit_test(a_file_that_grows_is_read_to_its_new_end),
        cmocka_unit_test(all_of_a_file_up_to_the_ceiling_and_not_a_byte_more),
        cmocka_unit_test(reading_all_survives_a_lack_of_memory),
        cmocka_unit_test(only_its_owner_should_read_a_key_file),
    };

    return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
