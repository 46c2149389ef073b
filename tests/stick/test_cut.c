/* SPDX-License-Identifier: Apache-2.0 */
/* The power goes, or the stick is pulled out, at every call there is: then a bag is whole, or it is
 * not there. */
#include "sticks.h"

/* How a disk may look afterwards: see disk_cut(). */
#define SEEDS 12

static const struct recipe mine = {
    .seed = 1, .item_count = 5, .item_len = 700, .leaves_len = 90, .segment_max = 1500};
static const struct recipe theirs = {.seed = 9, .item_count = 2, .item_len = 50, .leaves_len = 5};

/* A stick that others use as well. */
static struct world *used_world(enum world_kind kind)
{
    struct world *world = world_new(kind);

    write_bag(world, maker_b, &theirs);
    leave_unfinished(world, maker_b, 8);
    return world;
}

static void assert_others_are_untouched(struct world *world)
{
    char path[128];

    assert_readable(world, &theirs);
    assert_true(world_has(world, mark_of(8, maker_b, path)));
    assert_true(world_has(world, in_bag(8, "000001.bundles", path)));
}

/* Whole and readable, or not there. */
static bool is_there_and_whole(struct world *world)
{
    struct sights sights = walk(world, maker_a, mine.seed, NULL);

    assert_int_equal(sights.failed, 0);
    if (sights.found && sights.seen.state == VL_BAG_FINISHED) {
        assert_readable(world, &mine);
        return true;
    }
    return false;
}

/* What is left of it is this maker's, and goes. */
static void assert_is_swept(struct world *world)
{
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_stick_swept swept;
    struct vl_why why = {""};
    char path[128];

    assert_err(vl_stick_sweep(stick, &swept, &why), VL_OK, &why);
    assert_int_equal(swept.others, 1);
    assert_false(world_has(world, in_bag(mine.seed, "", path)));
    vl_stick_close(stick);
}

static void pull_at(struct world *world, long at, int code)
{
    world->disk->ops = 0;
    world->disk->fail_at = at;
    world->disk->fail_ever = true;
    world->disk->fail_code = code;
}

/* Gives whether the cut came before the end. */
static bool cut_while_writing(enum world_kind kind, long at, uint64_t seed, int *whole)
{
    struct world *world = used_world(kind);
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_why why = {""};
    enum vl_err err;
    bool reached;

    pull_at(world, at, seed % 2 ? EIO : ENODEV);
    err = try_write(stick, &mine, &why);
    reached = world->disk->ops > at;
    vl_stick_close(stick);
    disk_cut(world->disk, seed);
    assert_others_are_untouched(world);
    if (is_there_and_whole(world)) {
        ++*whole;
    } else {
        /* Nobody was told that it is safe. */
        if (!err)
            fail_msg("call %ld, seed %d: said to be written, and is not there", at, (int)seed);
        assert_is_swept(world);
        write_bag(world, maker_a, &mine); /* and again */
        assert_readable(world, &mine);
    }
    assert_others_are_untouched(world);
    world_free(world);
    return reached;
}

static void a_cut_while_writing(void **state)
{
    const enum world_kind kind = (enum world_kind)(uintptr_t)*state;
    long points = 0;
    int whole = 0;

    while (cut_while_writing(kind, points, 0, &whole)) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++)
            (void)cut_while_writing(kind, points, seed, &whole);
        points++;
    }
    assert_true(points > 40);
    assert_true(whole > 0);
}

static bool cut_while_removing(enum world_kind kind, long at, uint64_t seed, int *whole)
{
    struct world *world = used_world(kind);
    struct vl_stick *stick;
    struct vl_why why = {""};
    uint8_t id[VL_BAG_ID_LEN];
    char path[128];
    enum vl_err err;
    bool reached;

    write_bag(world, maker_a, &mine);
    stick = open_stick(world, maker_a);
    id_of(mine.seed, id);
    pull_at(world, at, EIO);
    err = vl_stick_remove(stick, id, &why);
    reached = world->disk->ops > at;
    vl_stick_close(stick);
    disk_cut(world->disk, seed);
    if (is_there_and_whole(world)) {
        ++*whole;
        assert_int_not_equal(err, VL_OK);
    } else {
        assert_is_swept(world);
    }
    assert_false(!err && world_has(world, in_bag(mine.seed, "", path)));
    assert_others_are_untouched(world);
    world_free(world);
    return reached;
}

static void a_cut_while_removing(void **state)
{
    const enum world_kind kind = (enum world_kind)(uintptr_t)*state;
    long points = 0;
    int whole = 0;

    while (cut_while_removing(kind, points, 0, &whole)) {
        for (uint64_t seed = 1; seed <= SEEDS; seed++)
            (void)cut_while_removing(kind, points, seed, &whole);
        points++;
    }
    assert_true(points > 20);
    assert_true(whole > 0);
}

/* The one who sweeps may be cut as well, and the next sweep ends it. */
static void a_cut_while_sweeping(void **state)
{
    const enum world_kind kind = (enum world_kind)(uintptr_t)*state;
    bool reached = true;

    for (long at = 0; reached; at++)
        for (uint64_t seed = 0; seed <= SEEDS; seed++) {
            struct world *world = used_world(kind);
            struct vl_stick *stick;
            struct vl_stick_swept swept;
            struct vl_why why = {""};
            enum vl_err err;

            leave_unfinished(world, maker_a, mine.seed);
            stick = open_stick(world, maker_a);
            pull_at(world, at, EIO);
            err = vl_stick_sweep(stick, &swept, &why);
            if (world->disk->ops <= at)
                assert_err(err, VL_OK, &why);
            reached = world->disk->ops > at;
            vl_stick_close(stick);
            disk_cut(world->disk, seed);
            assert_is_swept(world);
            assert_others_are_untouched(world);
            world_free(world);
        }
}

/* The first bag on a stick, where the folders are new too. */
static void a_cut_on_a_new_stick(void **state)
{
    const enum world_kind kind = (enum world_kind)(uintptr_t)*state;
    bool reached = true;

    for (long at = 0; reached; at++)
        for (uint64_t seed = 0; seed <= SEEDS; seed++) {
            struct world *world = world_new(kind);
            struct vl_stick *stick = open_stick(world, maker_a);
            struct vl_why why = {""};
            enum vl_err err;

            pull_at(world, at, EIO);
            err = try_write(stick, &mine, &why);
            reached = world->disk->ops > at;
            vl_stick_close(stick);
            disk_cut(world->disk, seed);
            if (!is_there_and_whole(world)) {
                assert_int_not_equal(err, VL_OK);
                write_bag(world, maker_b, &theirs);
                assert_readable(world, &theirs);
            }
            world_free(world);
        }
}

/* Without a sync a stick keeps what it likes; so the tests above would see one that is missing. */
static void the_stick_in_memory_forgets(void **state)
{
    size_t kept[3] = {0};

    (void)state;
    for (uint64_t seed = 0; seed < 400; seed++) {
        struct disk *disk = disk_new(DISK_FAT32);
        struct vl_stick_fs fs = disk_fs(disk);
        int root = -1, made = -1;
        size_t count = 0;

        assert_int_equal(fs.open_root(fs.self, "/stick", &root), 0);
        assert_int_equal(fs.make_file(fs.self, root, "list.tmp", &made), 0);
        assert_int_equal(fs.write(fs.self, made, VL_LITERAL("words"), &count), 0);
        if (seed >= 200) {
            assert_int_equal(fs.sync_file(fs.self, made), 0);
            assert_int_equal(fs.sync_folder(fs.self, root), 0);
        }
        assert_int_equal(fs.rename(fs.self, root, "list.tmp", "list.cose"), 0);
        disk_cut(disk, seed % 200);
        if (seed >= 200)
            kept[0] += disk_has(disk, "list.tmp") && disk_has(disk, "list.cose");
        if (seed >= 200)
            kept[1] += !disk_has(disk, "list.tmp") && !disk_has(disk, "list.cose");
        kept[2] += disk_has(disk, "list.cose") && disk_get(disk, "list.cose").len == 0;
        disk_free(disk);
    }
    /* Both names, neither, and an empty one: all of them came. */
    assert_true(kept[0] > 0 && kept[1] > 0 && kept[2] > 0);
}

/* clang-format off */
#define CUT(function, kind, words)                                                                 \
    {#function " " words, function, NULL, NULL, (void *)(uintptr_t)(kind)}
#define EACH_CUT(function)                                                                         \
    CUT(function, WORLD_POSIX, "with POSIX rules"),                                                \
    CUT(function, WORLD_FAT32, "with FAT32 rules"),                                                \
    CUT(function, WORLD_EXFAT, "with exFAT rules")
/* clang-format on */

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_stick_in_memory_forgets),
        EACH_CUT(a_cut_while_writing),
        EACH_CUT(a_cut_while_removing),
        EACH_CUT(a_cut_while_sweeping),
        EACH_CUT(a_cut_on_a_new_stick),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
