/* SPDX-License-Identifier: Apache-2.0 */
/* The layout on a FAT32 file system as others make it: an image of mkfs.vfat, written and read by
 * mtools, and mounted where this machine lets us. */
#include "sticks.h"

#include <sys/mount.h>
#include <sys/wait.h>

#define IMAGE_MIB 40

static const struct recipe first = {
    .seed = 1, .item_count = 30, .item_len = 40000, .leaves_len = 7000, .segment_max = 500000};
static const struct recipe second = {.seed = 2, .item_count = 1, .item_len = 1};

struct place {
    struct world *world; /* a folder */
    char image[96];
    char back[96];
    char mounted[96];
};

static int enter(void **state)
{
    struct place *place = calloc(1, sizeof *place);

    assert_non_null(place);
    place->world = world_new(WORLD_REAL);
    (void)snprintf(place->image, sizeof place->image, "%s.img", place->world->path);
    (void)snprintf(place->back, sizeof place->back, "%s.back", place->world->path);
    (void)snprintf(place->mounted, sizeof place->mounted, "%s.mnt", place->world->path);
    *state = place;
    return mkdir(place->back, 0777) || mkdir(place->mounted, 0777);
}

static int leave(void **state)
{
    struct place *place = *state;

    world_free(place->world);
    (void)unlink(place->image);
    (void)nftw(place->back, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    (void)rmdir(place->mounted);
    free(place);
    return 0;
}

/* Run a program and wait; its output is not wanted.  -1 when there is no such program. */
static int run(const char *const *words)
{
    char *copies[10] = {NULL};
    int status = 0;
    pid_t child;

    for (size_t i = 0; words[i]; i++)
        copies[i] = strdup(words[i]);
    child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        const int nowhere = open("/dev/null", O_RDWR);

        (void)dup2(nowhere, STDIN_FILENO);
        (void)dup2(nowhere, STDOUT_FILENO);
        (void)dup2(nowhere, STDERR_FILENO);
        (void)execvp(copies[0], copies);
        _exit(127);
    }
    assert_int_equal(waitpid(child, &status, 0), child);
    for (size_t i = 0; copies[i]; i++)
        free(copies[i]);
    return !WIFEXITED(status) || WEXITSTATUS(status) == 127 ? -1 : WEXITSTATUS(status);
}
#define RUN(...) run((const char *const[]){__VA_ARGS__, NULL})

/* An empty FAT32 file system in a file; false where nobody can make one. */
static bool make_image(const struct place *place)
{
    const char *path = getenv("PATH");
    char wider[4096], mib[16];

    /* mkfs.vfat stands where only root looks. */
    (void)snprintf(wider, sizeof wider, "%s:/usr/sbin:/sbin", path ? path : "/usr/bin");
    assert_int_equal(setenv("PATH", wider, 1), 0);
    (void)snprintf(mib, sizeof mib, "%d", IMAGE_MIB * 1024);
    return RUN("mkfs.vfat", "-F", "32", "-C", place->image, mib) == 0;
}

static void assert_same_files(const struct place *place, const char *name)
{
    char here[256], there[256];

    (void)snprintf(here, sizeof here, "%s/%s", place->world->path, name);
    (void)snprintf(there, sizeof there, "%s/%s", place->back, name);
    assert_int_equal(RUN("diff", "-r", here, there), 0);
}

static void the_layout_goes_through_mtools_byte_for_byte(void **state)
{
    struct place *place = *state;
    struct world back = {.fs = vl_stick_fs_posix};
    char valise[96], unfinished[128];

    if (!make_image(place) || RUN("mcopy", "--version") < 0) {
        print_message("# SKIP: no mkfs.vfat or no mcopy here (dosfstools, mtools)\n");
        skip();
    }
    write_bag(place->world, maker_a, &first);
    write_bag(place->world, maker_b, &second);
    leave_unfinished(place->world, maker_b, 3);
    (void)snprintf(valise, sizeof valise, "%s/VALISE", place->world->path);
    /* -D s: a name that is there already would be left out, and missed below. */
    assert_int_equal(RUN("mcopy", "-s", "-D", "s", "-i", place->image, valise, "::"), 0);
    assert_int_equal(RUN("fsck.vfat", "-n", place->image), 0);
    assert_int_equal(RUN("mcopy", "-s", "-n", "-i", place->image, "::/VALISE", place->back), 0);
    assert_same_files(place, "VALISE");
    (void)snprintf(back.path, sizeof back.path, "%.63s", place->back);
    assert_readable(&back, &first);
    assert_readable(&back, &second);
    assert_int_equal(walk(&back, maker_b, 3, NULL).own, 1);
    assert_true(world_has(&back, mark_of(3, maker_b, unfinished)));
}

static void a_mounted_fat_image_takes_and_gives_bags(void **state)
{
    struct place *place = *state;
    struct world fat = {.fs = vl_stick_fs_posix};
    struct vl_stick *stick;
    struct vl_stick_space space = {0};
    struct vl_stick_swept swept;
    struct vl_why why = {""};
    VL_AUTO(vl_buf_release) struct vl_buf items = bytes_of(1, first.item_count * first.item_len);
    VL_AUTO(vl_buf_release) struct vl_buf leaves = bytes_of(~(uint64_t)1, first.leaves_len);
    enum vl_bag_checked how = VL_BAG_CHECKED_MEMORY;
    struct recipe large = {.seed = 4, .item_count = IMAGE_MIB, .item_len = 1 << 20};
    uint8_t id[VL_BAG_ID_LEN];

    if (!make_image(place) || RUN("mount", "-o", "loop", place->image, place->mounted) != 0) {
        print_message("# SKIP: a FAT image cannot be mounted here\n");
        skip();
    }
    (void)snprintf(fat.path, sizeof fat.path, "%.63s", place->mounted);
    stick = open_stick(&fat, maker_a);
    assert_err(vl_stick_space(stick, &space, &why), VL_OK, &why);
    assert_true(space.file_max == ((uint64_t)4 << 30) - 1);
    assert_err(try_write_bytes(stick, &first, vl_buf_bytes(&items), vl_buf_bytes(&leaves), &how,
                               &why),
               VL_OK, &why);
    assert_int_equal(how, VL_BAG_CHECKED_STICK);
    assert_err(try_read(stick, &first, &why), VL_OK, &why);
    assert_err(try_write(stick, &large, &why), VL_ERR_NO_SPACE, &why);
    leave_unfinished(&fat, maker_a, 3);
    assert_err(vl_stick_sweep(stick, &swept, &why), VL_OK, &why);
    assert_int_equal(swept.bags, 1);
    vl_stick_close(stick);
    assert_int_equal(umount(place->mounted), 0);
    assert_int_equal(RUN("fsck.vfat", "-n", place->image), 0);
    assert_int_equal(RUN("mount", "-o", "loop,ro", place->image, place->mounted), 0);
    assert_readable(&fat, &first);
    stick = open_stick(&fat, maker_a);
    assert_err(try_write(stick, &second, &why), VL_ERR_UNSUPPORTED, &why);
    id_of(1, id);
    assert_err(vl_stick_remove(stick, id, &why), VL_ERR_UNSUPPORTED, &why);
    vl_stick_close(stick);
    assert_int_equal(umount(place->mounted), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_layout_goes_through_mtools_byte_for_byte, enter, leave),
        cmocka_unit_test_setup_teardown(a_mounted_fat_image_takes_and_gives_bags, enter, leave),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
