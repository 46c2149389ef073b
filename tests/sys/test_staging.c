/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <dirent.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "sys/folder.h"
#include "sys/lock.h"
#include "sys/staging.h"

static char top[] = "/tmp/valise-staging.XXXXXX";

static int make_top(void **state)
{
    (void)state;
    return mkdtemp(top) && chdir(top) == 0 ? 0 : -1;
}

static int remove_top(void **state)
{
    char command[64];

    (void)state;
    (void)snprintf(command, sizeof command, "rm -rf %s", top);
    return chdir("/") == 0 && system(command) == 0 ? 0 : -1;
}

static void put(const char *folder, const char *name)
{
    char path[4096];
    FILE *file;

    (void)snprintf(path, sizeof path, "%s/%s", folder, name);
    file = fopen(path, "w");
    assert_non_null(file);
    assert_true(fputs("content", file) >= 0 && fclose(file) == 0);
}

static size_t count_names(const char *folder)
{
    DIR *list = opendir(folder);
    size_t count = 0;

    assert_non_null(list);
    while (readdir(list))
        count++;
    (void)closedir(list);
    return count - 2; /* itself and above */
}

static void a_folder_appears_whole(void **state)
{
    VL_AUTO(vl_stage_drop) struct vl_stage stage = VL_STAGE_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_stage_begin("deep/below/out", &stage, &why), VL_OK, &why);
    put(stage.path, "one");
    assert_false(vl_folder_is_there("deep/below/out"));
    assert_err(vl_stage_commit(&stage, &why), VL_OK, &why);
    assert_true(vl_file_is_there("deep/below/out/one"));
    assert_int_equal(count_names("deep/below"), 1);
}

static void what_is_dropped_is_gone(void **state)
{
    struct vl_stage stage = VL_STAGE_INIT;
    struct vl_why why = {""};
    char inner[4096];

    (void)state;
    assert_err(vl_folder_make("dropped", &why), VL_OK, &why);
    assert_err(vl_stage_begin("dropped/out", &stage, &why), VL_OK, &why);
    put(stage.path, "one");
    (void)snprintf(inner, sizeof inner, "%s/inner", stage.path);
    assert_err(vl_folder_make(inner, &why), VL_OK, &why);
    put(inner, "two");
    vl_stage_drop(&stage);
    assert_int_equal(count_names("dropped"), 0);
    vl_stage_drop(&stage); /* fine twice */
}

static void nothing_is_overwritten(void **state)
{
    VL_AUTO(vl_stage_drop) struct vl_stage stage = VL_STAGE_INIT;
    VL_AUTO(vl_stage_drop) struct vl_stage late = VL_STAGE_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_folder_make("full/out", &why), VL_OK, &why);
    put("full/out", "mine");
    assert_err(vl_stage_begin("full/out", &stage, &why), VL_ERR_EXISTS, &why);
    put("full", "file");
    assert_err(vl_stage_begin("full/file", &stage, &why), VL_ERR_EXISTS, &why);
    /* And not when it comes there meanwhile. */
    assert_err(vl_stage_begin("full/late", &late, &why), VL_OK, &why);
    assert_err(vl_folder_make("full/late", &why), VL_OK, &why);
    put("full/late", "mine");
    assert_err(vl_stage_commit(&late, &why), VL_ERR_EXISTS, &why);
    assert_true(vl_file_is_there("full/late/mine"));
}

static void an_empty_folder_is_taken(void **state)
{
    VL_AUTO(vl_stage_drop) struct vl_stage stage = VL_STAGE_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_folder_make("empty", &why), VL_OK, &why);
    assert_err(vl_stage_begin("empty", &stage, &why), VL_OK, &why);
    put(stage.path, "one");
    assert_err(vl_stage_commit(&stage, &why), VL_OK, &why);
    assert_true(vl_file_is_there("empty/one"));
}

static void what_a_killed_process_left_is_swept(void **state)
{
    VL_AUTO(vl_stage_drop) struct vl_stage stage = VL_STAGE_INIT;
    VL_AUTO(vl_stage_drop) struct vl_stage other = VL_STAGE_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_folder_make("sweep/.valise-0123456789abcdef.stage", &why), VL_OK, &why);
    put("sweep/.valise-0123456789abcdef.stage", "left");
    assert_err(vl_folder_make("sweep/.valise-0123456789abcdef.stages", &why), VL_OK, &why);
    assert_err(vl_stage_begin("sweep/out", &stage, &why), VL_OK, &why);
    assert_false(vl_folder_is_there("sweep/.valise-0123456789abcdef.stage"));
    assert_true(vl_folder_is_there("sweep/.valise-0123456789abcdef.stages"));
    /* What somebody works in stays. */
    assert_err(vl_stage_begin("sweep/other", &other, &why), VL_OK, &why);
    assert_true(vl_folder_is_there(stage.path));
}

static void one_writer_at_a_time(void **state)
{
    VL_AUTO(vl_lock_drop) struct vl_lock first = VL_LOCK_INIT;
    VL_AUTO(vl_lock_drop) struct vl_lock second = VL_LOCK_INIT;
    struct vl_why why = {""};
    struct stat is;
    char pid[32];

    (void)state;
    assert_err(vl_lock_take("lock", &first, &why), VL_OK, &why);
    assert_int_equal(stat("lock", &is), 0);
    assert_int_equal(is.st_mode & 0777, 0600);
    assert_err(vl_lock_take("lock", &second, &why), VL_ERR_LOCKED, &why);
    (void)snprintf(pid, sizeof pid, "process %ld", (long)getpid());
    assert_non_null(strstr(why.text, pid));
    assert_int_equal(second.fd, -1);
    vl_lock_drop(&first);
    assert_err(vl_lock_take("lock", &second, &why), VL_OK, &why);
    assert_err(vl_lock_take("nowhere/lock", &first, &why), VL_ERR_IO, &why);
    assert_int_equal(symlink("lock", "link"), 0);
    assert_err(vl_lock_take("link", &first, &why), VL_ERR_IO, &why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_folder_appears_whole),
        cmocka_unit_test(what_is_dropped_is_gone),
        cmocka_unit_test(nothing_is_overwritten),
        cmocka_unit_test(an_empty_folder_is_taken),
        cmocka_unit_test(what_a_killed_process_left_is_swept),
        cmocka_unit_test(one_writer_at_a_time),
    };

    return cmocka_run_group_tests_name("sys/staging", tests, make_top, remove_top);
}
