/* SPDX-License-Identifier: Apache-2.0 */
#include "support.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "sys/folder.h"

static char top[] = "/tmp/valise-folder.XXXXXX";

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

static void a_path_and_what_it_is_in(void **state)
{
    static const struct {
        const char *path;
        const char *parent;
    } rows[] = {
        {"a", "."},    {"a/", "."},    {"/a", "/"},   {"/", "/"},     {"a/b", "a"},
        {"a/b/", "a"}, {"/a/b", "/a"}, {"a//b", "a"}, {"../a", ".."}, {"", "."},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char *parent = vl_path_parent(rows[i].path);

        assert_string_equal(parent, rows[i].parent);
        vl_free(parent);
    }
}

static void folders_are_made_with_those_they_are_in(void **state)
{
    struct vl_why why = {""};
    struct stat is;

    (void)state;
    assert_err(vl_folder_make("one/two/three", &why), VL_OK, &why);
    assert_true(vl_folder_is_there("one/two/three"));
    assert_int_equal(stat("one/two/three", &is), 0);
    assert_int_equal(is.st_mode & 0777, 0700);
    assert_err(vl_folder_make("one/two/three", &why), VL_OK, &why);
    assert_false(vl_file_is_there("one"));
}

static void a_file_in_the_way_is_told(void **state)
{
    struct vl_why why = {""};
    FILE *file = fopen("way", "w");

    (void)state;
    assert_non_null(file);
    assert_int_equal(fclose(file), 0);
    assert_err(vl_folder_make("way/two", &why), VL_ERR_EXISTS, &why);
    assert_non_null(strstr(why.text, "way"));
    assert_true(vl_file_is_there("way"));
    assert_err(vl_file_remove("way", &why), VL_OK, &why);
    assert_false(vl_file_is_there("way"));
    assert_err(vl_file_remove("way", &why), VL_OK, &why);
}

struct seen {
    size_t count;
    char names[8][16];
    bool files[8];
    uint64_t sizes[8];
    size_t stop_at;
};

static enum vl_err see(void *self, const struct vl_folder_entry *entry, struct vl_why *why)
{
    struct seen *seen = self;

    (void)snprintf(seen->names[seen->count], sizeof seen->names[0], "%s", entry->name);
    seen->files[seen->count] = entry->is_file;
    seen->sizes[seen->count++] = entry->size;
    return seen->count == seen->stop_at ? vl_fail(why, VL_ERR_PARTIAL, "enough") : VL_OK;
}

static void what_is_in_a_folder_comes_sorted(void **state)
{
    struct vl_why why = {""};
    struct seen seen = {0};
    FILE *file;

    (void)state;
    assert_err(vl_folder_make("list/b", &why), VL_OK, &why);
    file = fopen("list/c", "w");
    assert_non_null(file);
    assert_true(fputs("12345", file) >= 0 && fclose(file) == 0);
    assert_int_equal(symlink("c", "list/a"), 0);
    assert_err(vl_folder_list("list", see, &seen, &why), VL_OK, &why);
    assert_int_equal(seen.count, 3);
    assert_string_equal(seen.names[0], "a"); /* a link is neither a file nor a folder */
    assert_false(seen.files[0]);
    assert_string_equal(seen.names[1], "b");
    assert_false(seen.files[1]);
    assert_string_equal(seen.names[2], "c");
    assert_true(seen.files[2]);
    assert_int_equal(seen.sizes[2], 5);
    seen = (struct seen){.stop_at = 2};
    assert_err(vl_folder_list("list", see, &seen, &why), VL_ERR_PARTIAL, &why);
    assert_int_equal(seen.count, 2);
    assert_err(vl_folder_list("nowhere", see, &seen, &why), VL_ERR_NOT_FOUND, &why);
}

static enum vl_err list_it(void *self, struct vl_why *why)
{
    struct seen seen = {0};

    (void)self;
    return vl_folder_list("many", see, &seen, why);
}

static void listing_without_memory_fails_and_leaks_nothing(void **state)
{
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_folder_make("many/x", &why), VL_OK, &why);
    assert_err(vl_folder_make("many/y", &why), VL_OK, &why);
    assert_true(each_allocation_fails(list_it, NULL) > 2);
}

static void room_is_counted(void **state)
{
    struct vl_why why = {""};
    uint64_t bytes = 0;

    (void)state;
    assert_err(vl_folder_free_bytes(".", &bytes, &why), VL_OK, &why);
    assert_true(bytes > 0);
    assert_err(vl_folder_free_bytes("nowhere", &bytes, &why), VL_ERR_NOT_FOUND, &why);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_and_what_it_is_in),
        cmocka_unit_test(folders_are_made_with_those_they_are_in),
        cmocka_unit_test(a_file_in_the_way_is_told),
        cmocka_unit_test(what_is_in_a_folder_comes_sorted),
        cmocka_unit_test(listing_without_memory_fails_and_leaks_nothing),
        cmocka_unit_test(room_is_counted),
    };

    return cmocka_run_group_tests_name("sys/folder", tests, make_top, remove_top);
}
