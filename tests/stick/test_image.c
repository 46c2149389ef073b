/* SPDX-License-Identifier: Apache-2.0 */
/* Real file systems in images: FAT32, written and read by mtools; FAT32 and ext4, mounted where
 * this machine lets us. */
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

    (void)umount(place->mounted); /* by a test that failed */
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

/* An empty file system in a file; false where nobody can make one. */
static bool make_image(const struct place *place, bool fat)
{
    const char *path = getenv("PATH");
    char wider[4096], kib[16];

    /* What makes file systems stands where only root looks. */
    (void)snprintf(wider, sizeof wider, "%s:/usr/sbin:/sbin", path ? path : "/usr/bin");
    assert_int_equal(setenv("PATH", wider, 1), 0);
    (void)snprintf(kib, sizeof kib, "%d", IMAGE_MIB * 1024);
    return fat ? RUN("mkfs.vfat", "-F", "32", "-C", place->image, kib) == 0
               : RUN("mkfs.ext4", "-q", "-F", place->image, kib) == 0;
}

static bool mount_image(const struct place *place, const char *options)
{
    return RUN("mount", "-o", options, place->image, place->mounted) == 0;
}

/* What cannot run here is left out and not counted as passed. */
static bool can_mount(bool fat)
{
    void *state = NULL;
    const struct place *place;
    bool can;

    assert_int_equal(enter(&state), 0);
    place = state;
    can = make_image(place, fat) && mount_image(place, "loop") && umount(place->mounted) == 0;
    (void)leave(&state);
    if (!can)
        print_message("# left out: %s cannot be mounted here\n", fat ? "vfat" : "ext4");
    return can;
}

static bool can_mcopy(void)
{
    void *state = NULL;
    bool can;

    assert_int_equal(enter(&state), 0);
    can = make_image(state, true) && RUN("mcopy", "--version") >= 0;
    (void)leave(&state);
    if (!can)
        print_message("# left out: no dosfstools or no mtools\n");
    return can;
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

    assert_true(make_image(place, true));
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

static void use_mounted(struct place *place, bool fat)
{
    struct world image = {.fs = vl_stick_fs_posix};
    struct vl_stick *stick;
    struct vl_stick_space space = {0};
    struct vl_stick_swept swept;
    struct vl_why why = {""};
    VL_AUTO(vl_buf_release) struct vl_buf items = bytes_of(1, first.item_count * first.item_len);
    VL_AUTO(vl_buf_release) struct vl_buf leaves = bytes_of(~(uint64_t)1, first.leaves_len);
    enum vl_bag_checked how = VL_BAG_CHECKED_MEMORY;
    const struct recipe large = {.seed = 4, .item_count = IMAGE_MIB, .item_len = 1 << 20};
    uint8_t id[VL_BAG_ID_LEN];

    assert_true(make_image(place, fat) && mount_image(place, "loop"));
    (void)snprintf(image.path, sizeof image.path, "%.63s", place->mounted);
    stick = open_stick(&image, maker_a);
    assert_err(vl_stick_space(stick, &space, &why), VL_OK, &why);
    assert_true(!space.read_only && space.free_bytes > 0 && space.cluster > 1);
    assert_true((space.file_max == ((uint64_t)4 << 30) - 1) == fat);
    assert_err(try_write_bytes(stick, &first, vl_buf_bytes(&items), vl_buf_bytes(&leaves), &how,
                               &why),
               VL_OK, &why);
    assert_int_equal(how, VL_BAG_CHECKED_STICK);
    assert_err(try_read(stick, &first, &why), VL_OK, &why);
    assert_err(try_write(stick, &large, &why), VL_ERR_NO_SPACE, &why);
    leave_unfinished(&image, maker_a, 3);
    assert_err(vl_stick_sweep(stick, &swept, &why), VL_OK, &why);
    assert_int_equal(swept.bags, 1);
    vl_stick_close(stick);
    assert_int_equal(umount(place->mounted), 0);
    assert_int_equal(fat ? RUN("fsck.vfat", "-n", place->image)
                         : RUN("fsck.ext4", "-f", "-n", place->image),
                     0);
    assert_true(mount_image(place, "loop,ro"));
    assert_readable(&image, &first);
    stick = open_stick(&image, maker_a);
    assert_err(vl_stick_space(stick, &space, &why), VL_OK, &why);
    assert_true(space.read_only);
    assert_err(try_write(stick, &second, &why), VL_ERR_UNSUPPORTED, &why);
    id_of(1, id);
    assert_err(vl_stick_remove(stick, id, &why), VL_ERR_UNSUPPORTED, &why);
    vl_stick_close(stick);
    assert_int_equal(umount(place->mounted), 0);
}

static void a_mounted_fat_image_takes_and_gives_bags(void **state)
{
    use_mounted(*state, true);
}

static void a_mounted_ext4_image_takes_and_gives_bags(void **state)
{
    use_mounted(*state, false);
}

/* What another program fills up in the middle is taken away again. */
static void an_ext4_that_fills_up_is_left_as_it_was(void **state)
{
    struct place *place = *state;
    struct world image = {.fs = vl_stick_fs_posix};
    const struct recipe large = {.seed = 4, .item_count = 20, .item_len = 1 << 20};
    struct vl_bag_plan plan = plan_of(&large);
    VL_AUTO(vl_buf_release) struct vl_buf items = bytes_of(4, (size_t)20 << 20);
    struct vl_bag_writer *writer = NULL;
    const struct vl_bag_segment *segments;
    struct vl_stick *stick;
    struct vl_why why = {""};
    size_t count;
    enum vl_err err;
    char path[128];

    assert_true(make_image(place, false) && mount_image(place, "loop"));
    (void)snprintf(image.path, sizeof image.path, "%.63s", place->mounted);
    stick = open_stick(&image, maker_a);
    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
    {
        VL_AUTO(vl_buf_release) struct vl_buf others = bytes_of(5, (size_t)18 << 20);

        world_put(&image, "film.mov", vl_buf_bytes(&others));
    }
    err = write_items(writer, &large, vl_buf_bytes(&items), &why);
    if (!err)
        err = vl_bag_finish_segments(writer, &segments, &count, &why);
    assert_err(err, VL_ERR_NO_SPACE, &why);
    vl_bag_writer_free(writer);
    assert_false(world_has(&image, in_bag(4, "", path)));
    assert_int_equal(walk(&image, maker_a, 4, NULL).count, 0);
    vl_stick_close(stick);
    assert_int_equal(umount(place->mounted), 0);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, enter, leave)

int main(void)
{
    struct CMUnitTest tests[4];
    size_t count = 0;

    if (can_mcopy())
        tests[count++] = (struct CMUnitTest)TEST(the_layout_goes_through_mtools_byte_for_byte);
    if (can_mount(true))
        tests[count++] = (struct CMUnitTest)TEST(a_mounted_fat_image_takes_and_gives_bags);
    if (can_mount(false)) {
        tests[count++] = (struct CMUnitTest)TEST(a_mounted_ext4_image_takes_and_gives_bags);
        tests[count++] = (struct CMUnitTest)TEST(an_ext4_that_fills_up_is_left_as_it_was);
    }
    return _cmocka_run_group_tests("tests", tests, count, NULL, NULL);
}
