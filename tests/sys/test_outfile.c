/* SPDX-License-Identifier: Apache-2.0 */
#include "sys/outfile.h"

#include <dirent.h>
#include <fcntl.h>
#include <sched.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/file.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "support.h"

#define STALE "/.valise-0123456789abcdef.part"

/* An empty folder for each test, and the working folder, so that names stay short. */
static int enter(void **state)
{
    static char folder[32];

    (void)snprintf(folder, sizeof folder, "/tmp/valise-outfile-XXXXXX");
    *state = folder;
    return mkdtemp(folder) && chdir(folder) == 0 ? 0 : -1;
}

/* Names in the folder, but for "." and ".."; takes them away too where `take` says so. */
static int count_names(bool take)
{
    DIR *list = opendir(".");
    struct dirent *entry;
    int count = 0;

    assert_non_null(list);
    while ((entry = readdir(list)) != NULL) {
        if (strcmp(entry->d_name, ".") == 0 || strcmp(entry->d_name, "..") == 0)
            continue;
        count++;
        if (take)
            (void)remove(entry->d_name);
    }
    (void)closedir(list);
    return count;
}

static int leave(void **state)
{
    (void)count_names(true);
    return chdir("/") == 0 ? rmdir(*state) : -1;
}

static void put_text(const char *name, const char *text)
{
    FILE *out = fopen(name, "w");

    assert_non_null(out);
    assert_int_equal(fputs(text, out) >= 0, 1);
    assert_int_equal(fclose(out), 0);
}

static void assert_text(const char *name, const char *text)
{
    char got[256] = "";
    FILE *in = fopen(name, "r");

    if (!in)
        fail_msg("%s is not there", name);
    got[fread(got, 1, sizeof got - 1, in)] = '\0';
    (void)fclose(in);
    assert_string_equal(got, text);
}

static void open_out(const char *name, unsigned flags, struct vl_out *out)
{
    struct vl_why why = {""};

    assert_err(vl_out_open(name, flags, out, &why), VL_OK, &why);
    assert_err(vl_out_put(out, VL_LITERAL("the new "), &why), VL_OK, &why);
    assert_err(vl_out_put(out, VL_LITERAL("words"), &why), VL_OK, &why);
    assert_int_equal(out->written, 13);
}

static void nothing_is_there_before_the_commit(void **state)
{
    struct vl_out out = VL_OUT_INIT;
    struct vl_why why = {""};

    (void)state;
    open_out("new", 0, &out);
    assert_int_equal(access("new", F_OK), -1);
    assert_err(vl_out_commit(&out, &why), VL_OK, &why);
    assert_text("new", "the new words");
    vl_out_drop(&out);
    assert_text("new", "the new words");
    assert_int_equal(count_names(false), 1);
    vl_out_drop(&out); /* fine twice */
}

static void what_is_dropped_leaves_nothing(void **state)
{
    struct vl_out out = VL_OUT_INIT;

    (void)state;
    open_out("new", 0, &out);
    vl_out_drop(&out);
    assert_int_equal(count_names(false), 0);
    put_text("old", "the old words");
    open_out("old", VL_OUT_REPLACE, &out);
    vl_out_drop(&out);
    assert_text("old", "the old words");
    assert_int_equal(count_names(false), 1);
}

static void an_existing_file_is_replaced_on_request_only(void **state)
{
    struct vl_out out = VL_OUT_INIT;
    struct vl_why why = {""};

    (void)state;
    put_text("old", "the old words");
    assert_err(vl_out_open("old", 0, &out, &why), VL_ERR_EXISTS, &why);
    assert_int_equal(out.fd, -1);
    assert_text("old", "the old words");
    open_out("old", VL_OUT_REPLACE, &out);
    assert_text("old", "the old words");
    assert_err(vl_out_commit(&out, &why), VL_OK, &why);
    vl_out_drop(&out);
    assert_text("old", "the new words");
    assert_int_equal(count_names(false), 1);
}

static void a_file_that_came_meanwhile_stays(void **state)
{
    struct vl_out out = VL_OUT_INIT;
    struct vl_why why = {""};

    (void)state;
    open_out("new", 0, &out);
    put_text("new", "somebody else's");
    assert_err(vl_out_commit(&out, &why), VL_ERR_EXISTS, &why);
    assert_string_equal(why.text, "there is such a file already");
    vl_out_drop(&out);
    assert_text("new", "somebody else's");
    assert_int_equal(count_names(false), 1);
}

static void a_link_to_nowhere_that_came_meanwhile_stays(void **state)
{
    struct vl_out out = VL_OUT_INIT;
    struct vl_why why = {""};

    (void)state;
    open_out("new", 0, &out);
    assert_int_equal(symlink("elsewhere", "new"), 0);
    assert_err(vl_out_commit(&out, &why), VL_ERR_EXISTS, &why);
    vl_out_drop(&out);
    assert_int_equal(access("elsewhere", F_OK), -1);
    assert_int_equal(count_names(false), 1);
}

static void one_that_went_away_meanwhile_is_no_harm(void **state)
{
    struct vl_out out = VL_OUT_INIT;
    struct vl_why why = {""};

    (void)state;
    put_text("old", "the old words");
    open_out("old", VL_OUT_REPLACE, &out);
    assert_int_equal(unlink("old"), 0);
    assert_err(vl_out_commit(&out, &why), VL_OK, &why);
    vl_out_drop(&out);
    assert_text("old", "the new words");
    assert_int_equal(count_names(false), 1);
}

static void a_name_that_became_a_folder_stays_one(void **state)
{
    struct vl_out out = VL_OUT_INIT;
    struct vl_why why = {""};

    (void)state;
    open_out("new", 0, &out);
    assert_int_equal(mkdir("new", 0700), 0);
    assert_err(vl_out_commit(&out, &why), VL_ERR_EXISTS, &why);
    vl_out_drop(&out);
    assert_int_equal(count_names(false), 1);
    assert_int_equal(rmdir("new"), 0);
}

/* A file system without files that have no name: as open_temporary leaves it. */
static void a_file_that_became_a_folder_is_not_replaced(void **state)
{
    struct vl_out out = VL_OUT_INIT;
    struct vl_why why = {""};

    (void)state;
    open_out("home", VL_OUT_REPLACE, &out);
    assert_int_equal(mkdir("home", 0700), 0);
    put_text("home/keys", "the keys");
    assert_err(vl_out_commit(&out, &why), VL_ERR_EXISTS, &why);
    vl_out_drop(&out);
    assert_text("home/keys", "the keys");
    assert_int_equal(count_names(false), 1);
    assert_int_equal(unlink("home/keys"), 0);
    assert_int_equal(rmdir("home"), 0);
}

static void name_it(struct vl_out *out)
{
    char path[64];

    (void)snprintf(out->temporary, sizeof out->temporary, ".valise-%016x.part", 4711);
    (void)snprintf(path, sizeof path, "/proc/self/fd/%d", out->fd);
    assert_int_equal(linkat(AT_FDCWD, path, out->folder, out->temporary, AT_SYMLINK_FOLLOW), 0);
}

static void one_with_a_name_of_its_own_ends_the_same(void **state)
{
    static const unsigned flags[] = {0, VL_OUT_REPLACE};
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < 2; i++) {
        struct vl_out out = VL_OUT_INIT;

        open_out("file", flags[i], &out);
        name_it(&out);
        vl_out_drop(&out);
        assert_int_equal(count_names(false), (int)i); /* the one that was there */
        open_out("file", flags[i], &out);
        name_it(&out);
        assert_err(vl_out_commit(&out, &why), VL_OK, &why);
        vl_out_drop(&out);
        assert_text("file", "the new words");
        assert_int_equal(count_names(false), 1);
        put_text("file", "the old words");
    }
}

static void with_a_name_of_its_own_too_one_that_came_meanwhile_stays(void **state)
{
    struct vl_out out = VL_OUT_INIT;
    struct vl_why why = {""};

    (void)state;
    open_out("new", 0, &out);
    name_it(&out);
    put_text("new", "somebody else's");
    assert_err(vl_out_commit(&out, &why), VL_ERR_EXISTS, &why);
    vl_out_drop(&out);
    assert_text("new", "somebody else's");
    assert_int_equal(count_names(false), 1);
}

static void private_is_private_whatever_the_umask(void **state)
{
    static const struct {
        unsigned flags;
        mode_t umask;
        mode_t mode;
    } rows[] = {{0, 0, 0666},
                {0, 022, 0644},
                {0, 077, 0600},
                {VL_OUT_PRIVATE, 0, 0600},
                {VL_OUT_PRIVATE, 022, 0600},
                {VL_OUT_PRIVATE | VL_OUT_REPLACE, 0, 0600}};
    struct vl_why why = {""};
    struct stat info;

    (void)state;
    put_text("file", "");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vl_out out = VL_OUT_INIT;
        mode_t before = umask(rows[i].umask);

        if (!(rows[i].flags & VL_OUT_REPLACE))
            assert_int_equal(unlink("file"), 0);
        open_out("file", rows[i].flags, &out);
        assert_err(vl_out_commit(&out, &why), VL_OK, &why);
        vl_out_drop(&out);
        (void)umask(before);
        assert_int_equal(stat("file", &info), 0);
        assert_int_equal(info.st_mode & 07777, rows[i].mode);
    }
}

static void stdout_and_devices_take_it_as_it_comes(void **state)
{
    static const char *const names[] = {NULL, "-", "/dev/null"};
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < 3; i++) {
        struct vl_out out = VL_OUT_INIT;

        assert_err(vl_out_open(names[i], 0, &out, &why), VL_OK, &why);
        assert_int_equal(out.folder, -1);
        assert_int_equal(out.is_stdout, i < 2);
        assert_err(vl_out_commit(&out, &why), VL_OK, &why);
        vl_out_drop(&out);
        assert_true(fcntl(STDOUT_FILENO, F_GETFD) >= 0);
    }
}

static void what_cannot_be_written_is_told(void **state)
{
    struct vl_out out = VL_OUT_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_out_open("/dev/full", 0, &out, &why), VL_OK, &why);
    assert_err(vl_out_put(&out, VL_LITERAL("x"), &why), VL_ERR_NO_SPACE, &why);
    vl_out_drop(&out);
}

static void places_that_are_none(void **state)
{
    static const struct {
        const char *name;
        enum vl_err err;
        const char *why;
    } rows[] = {
        {"", VL_ERR_IO, "it names a folder, not a file"},
        {".", VL_ERR_IO, "it is a folder"},
        {"..", VL_ERR_IO, "it is a folder"},
        {"none/", VL_ERR_IO, "it names a folder, not a file"},
        {"folder", VL_ERR_IO, "it is a folder"},
        {"folder/", VL_ERR_IO, "it is a folder"},
        {"none/file", VL_ERR_NOT_FOUND, "its folder: No such file or directory"},
        {"dangling", VL_ERR_IO, "it is a link to nowhere"},
        {"file/file", VL_ERR_IO, "looking at it: Not a directory"},
    };

    (void)state;
    assert_int_equal(mkdir("folder", 0700), 0);
    assert_int_equal(symlink("nowhere", "dangling"), 0);
    put_text("file", "");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (unsigned flags = 0; flags <= VL_OUT_REPLACE; flags++) {
            struct vl_out out = VL_OUT_INIT;
            struct vl_why why = {""};

            assert_err(vl_out_open(rows[i].name, flags, &out, &why), rows[i].err, &why);
            assert_string_equal(why.text, rows[i].why);
            assert_int_equal(out.fd, -1);
            assert_int_equal(out.folder, -1);
            assert_null(out.name);
        }
    assert_int_equal(count_names(false), 3);
}

static void what_a_killed_run_left_is_swept(void **state)
{
    char stale[] = "." STALE;
    struct vl_out out = VL_OUT_INIT;

    (void)state;
    put_text(stale, "half of it");
    put_text("old", "the old words");
    open_out("old", VL_OUT_REPLACE, &out);
    assert_int_equal(access(stale, F_OK), -1);
    vl_out_drop(&out);
    assert_int_equal(count_names(false), 1);
}

static void what_another_run_still_writes_is_not(void **state)
{
    char theirs[] = "." STALE;
    struct vl_out out = VL_OUT_INIT;
    int fd;

    (void)state;
    put_text(theirs, "half of it");
    fd = open(theirs, O_WRONLY | O_CLOEXEC);
    assert_int_equal(flock(fd, LOCK_EX | LOCK_NB), 0);
    open_out("new", VL_OUT_REPLACE, &out);
    assert_text(theirs, "half of it");
    vl_out_drop(&out);
    assert_text(theirs, "half of it");
    (void)close(fd);
    open_out("new", VL_OUT_REPLACE, &out);
    assert_int_equal(access(theirs, F_OK), -1);
    vl_out_drop(&out);
}

static void what_only_looks_like_it_is_not_swept(void **state)
{
    static const char *const names[] = {
        ".valise-0123456789abcde.part",
        ".valise-0123456789abcdef0.part",
        ".valise-0123456789abcdef.parts",
        ".valise-0123456789abcdef.par",
        "valise-0123456789abcdef.part",
        ".Valise-0123456789abcdef.part",
        ".valise-0123456789abcdef_part",
        "x.valise-0123456789abcdef.part",
        ".valise-0123456789ABCDEF.part",
        ".valise-the-minutes-2026.part",
        ".valise-",
        ".valise-0123456789abcdef",
        ".part",
    };
    struct vl_out out = VL_OUT_INIT;

    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        put_text(names[i], "precious");
    open_out("new", VL_OUT_REPLACE, &out);
    for (size_t i = 0; i < sizeof names / sizeof *names; i++)
        assert_text(names[i], "precious");
    vl_out_drop(&out);
}

static void the_name_of_another_kind_of_thing_is_no_trap(void **state)
{
    struct vl_out out = VL_OUT_INIT;

    (void)state;
    put_text("precious", "precious");
    assert_int_equal(symlink("precious", ".valise-0000000000000001.part"), 0);
    assert_int_equal(mkfifo(".valise-0000000000000002.part", 0600), 0);
    assert_int_equal(mkdir(".valise-0000000000000003.part", 0700), 0);
    (void)alarm(20); /* a FIFO that is opened waits for ever */
    open_out("new", VL_OUT_REPLACE, &out);
    (void)alarm(0);
    assert_text("precious", "precious");
    assert_int_equal(count_names(false), 4);
    vl_out_drop(&out);
}

static enum vl_err open_put_commit(void *self, struct vl_why *why)
{
    VL_AUTO(vl_out_drop) struct vl_out out = VL_OUT_INIT;
    enum vl_err err = vl_out_open("file", VL_OUT_REPLACE, &out, why);

    (void)self;
    if (!err)
        err = vl_out_put(&out, VL_LITERAL("words"), why);
    return err ? err : vl_out_commit(&out, why);
}

static void a_lack_of_memory_leaves_nothing(void **state)
{
    (void)state;
    assert_true(each_allocation_fails(open_put_commit, NULL) > 1);
    assert_int_equal(count_names(false), 1);
    assert_text("file", "words");
}

enum { WRITERS = 6, ROUNDS = 20 };

static void write_again_and_again(int number)
{
    char name[16];

    (void)snprintf(name, sizeof name, "file%d", number % 3);
    for (int round = 0; round < ROUNDS; round++) {
        struct vl_why why = {""};
        struct vl_out out = VL_OUT_INIT;
        enum vl_err err = vl_out_open(name, VL_OUT_REPLACE, &out, &why);

        if (!err)
            err = vl_out_put(&out, VL_LITERAL("the new words"), &why);
        if (!err)
            err = vl_out_commit(&out, &why);
        vl_out_drop(&out);
        /* Two made the same new file: one of them was first. */
        if (err && err != VL_ERR_EXISTS) {
            (void)fprintf(stderr, "%s: %s\n", name, why.text);
            _exit(1);
        }
    }
}

/* Nobody takes away what another writes. */
static void let_many_write(void)
{
    for (int i = 0; i < WRITERS; i++)
        if (fork() == 0) {
            write_again_and_again(i);
            _exit(0);
        }
    for (int i = 0; i < WRITERS; i++) {
        int status = -1;

        assert_true(wait(&status) > 0);
        assert_int_equal(status, 0);
    }
    assert_int_equal(count_names(false), 3);
    assert_text("file0", "the new words");
    assert_text("file1", "the new words");
    assert_text("file2", "the new words");
}

static void many_at_once_are_in_nobodys_way(void **state)
{
    (void)state;
    let_many_write();
}

/* In a changed root "/" is no mount, but /proc is one. */
static bool hide_proc(void)
{
    return unshare(CLONE_NEWNS) == 0 &&
           (mount("none", "/", NULL, MS_REC | MS_PRIVATE, NULL) == 0 ||
            mount("none", "/proc", NULL, MS_PRIVATE, NULL) == 0) &&
           mount("none", "/proc", "tmpfs", 0, NULL) == 0;
}

static bool may_hide_proc(void)
{
    int status = -1;
    pid_t child = fork();

    if (child == 0)
        _exit(hide_proc() ? 0 : 1);
    return waitpid(child, &status, 0) == child && status == 0;
}

/* Without /proc a file without a name cannot get one: all have names of their own from the start.
 */
static void many_with_names_of_their_own_are_in_nobodys_way(void **state)
{
    int status = -1;
    pid_t child = fork();

    (void)state;
    if (child == 0) {
        if (!hide_proc())
            _exit(77);
        let_many_write();
        _exit(0);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_int_equal(status, 0);
    assert_int_equal(count_names(false), 3);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_there_before_the_commit),
        TEST(what_is_dropped_leaves_nothing),
        TEST(an_existing_file_is_replaced_on_request_only),
        TEST(a_file_that_came_meanwhile_stays),
        TEST(a_link_to_nowhere_that_came_meanwhile_stays),
        TEST(one_that_went_away_meanwhile_is_no_harm),
        TEST(a_name_that_became_a_folder_stays_one),
        TEST(a_file_that_became_a_folder_is_not_replaced),
        TEST(one_with_a_name_of_its_own_ends_the_same),
        TEST(with_a_name_of_its_own_too_one_that_came_meanwhile_stays),
        TEST(private_is_private_whatever_the_umask),
        TEST(stdout_and_devices_take_it_as_it_comes),
        TEST(what_cannot_be_written_is_told),
        TEST(places_that_are_none),
        TEST(what_a_killed_run_left_is_swept),
        TEST(what_another_run_still_writes_is_not),
        TEST(what_only_looks_like_it_is_not_swept),
        TEST(the_name_of_another_kind_of_thing_is_no_trap),
        TEST(a_lack_of_memory_leaves_nothing),
        TEST(many_at_once_are_in_nobodys_way),
        TEST(many_with_names_of_their_own_are_in_nobodys_way), /* the last one */
    };
    size_t count = sizeof tests / sizeof *tests;

    /* What cannot run here is left out and not counted as passed. */
    if (!may_hide_proc()) {
        count--;
        print_message("# left out: mounting is not permitted here\n");
    }
    return _cmocka_run_group_tests("tests", tests, count, NULL, NULL);
}
