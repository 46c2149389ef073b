/* SPDX-License-Identifier: Apache-2.0 */
/* Reading sticks that anybody may have written, and taking away what is done. */
#include "sticks.h"

#include <sys/resource.h>
#include <time.h>

static const struct recipe plain = {
    .seed = 1, .item_count = 20, .item_len = 3000, .leaves_len = 700, .segment_max = 30000};

/* What is said of the segments of a bag by its list. */
static struct test_list list_of(struct world *world, uint64_t seed)
{
    char path[128];
    VL_AUTO(vl_buf_release) struct vl_buf bytes = world_get(world, in_bag(seed, "list.cose", path));
    struct test_list list = {0};

    assert_true(read_list(vl_buf_bytes(&bytes), &list));
    return list;
}

static enum vl_err check(struct world *world, uint64_t seed, const struct vl_bag_segment *said,
                         size_t count, struct vl_why *why)
{
    struct vl_stick *stick = open_stick(world, NULL);
    struct vl_bag *bag = NULL;
    uint8_t id[VL_BAG_ID_LEN];
    enum vl_err err;

    id_of(seed, id);
    err = vl_bag_open(stick, id, &bag, why);
    if (!err)
        err = vl_bag_check(bag, said, count, NULL, why);
    vl_bag_close(bag);
    vl_stick_close(stick);
    return err;
}

static void a_walk_sees_what_there_is(void **state)
{
    struct world *world = *state;
    struct vl_stick_walked walked;
    struct sights sights;
    char path[128];

    write_bag(world, maker_a, &plain);
    leave_unfinished(world, maker_a, 2);
    leave_unfinished(world, maker_b, 3);
    world_put_folder(world, in_bag(4, "", path));
    sights = walk(world, maker_a, 1, &walked);
    assert_int_equal(sights.count, 4);
    assert_int_equal(walked.bags, 4);
    assert_int_equal(walked.left, 0);
    assert_int_equal(walked.foreign, 0);
    assert_int_equal(sights.finished, 1);
    assert_int_equal(sights.unfinished, 2);
    assert_int_equal(sights.own, 1);
    assert_int_equal(sights.empty, 1);
    assert_int_equal(sights.failed, 0);
    assert_int_equal(sights.seen.state, VL_BAG_FINISHED);
    assert_int_equal(sights.seen.segment_count, 2);
    assert_int_equal(sights.seen.segment_bytes, 60000);
    assert_true(sights.seen.has_leaves);
    assert_int_equal(sights.seen.leaves_len, 700);
    assert_int_equal(sights.seen.list.len, sizeof(struct test_list));
    assert_int_equal(walk(world, maker_b, 1, NULL).own, 1);
    assert_int_equal(walk(world, NULL, 1, NULL).own, 0);
    /* Somebody copied the mark of one bag into another: that makes it nobody's. */
    world_put(world, in_bag(3, strrchr(mark_of(2, maker_a, path), '/') + 1, path), VL_BYTES_NONE);
    assert_int_equal(walk(world, maker_a, 1, NULL).own, 1);
}

static void a_stick_without_bags_is_fine(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_stick_swept swept;
    struct vl_bag *bag = NULL;
    struct vl_why why = {""};
    uint8_t id[VL_BAG_ID_LEN] = {0};

    assert_false(vl_stick_has_bags(stick));
    assert_int_equal(walk(world, maker_a, 1, NULL).count, 0);
    assert_err(vl_stick_sweep(stick, &swept, &why), VL_OK, &why);
    assert_err(vl_bag_open(stick, id, &bag, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_stick_remove(stick, id, &why), VL_ERR_NOT_FOUND, &why);
    assert_false(world_has(world, "VALISE"));
    vl_stick_close(stick);
    world_put_folder(world, "VALISE");
    assert_int_equal(walk(world, maker_a, 1, NULL).count, 0);
    write_bag(world, maker_a, &plain);
    stick = open_stick(world, maker_a);
    assert_true(vl_stick_has_bags(stick));
    vl_stick_close(stick);
}

static void what_is_not_of_a_bag_is_counted_and_junk_is_not(void **state)
{
    struct world *world = *state;
    struct vl_stick_walked walked;
    struct sights sights;
    char path[128];

    write_bag(world, maker_a, &plain);
    world_put(world, "holiday.jpg", VL_LITERAL("of the stick's owner"));
    world_put(world, "VALISE/autorun.inf", VL_LITERAL("x"));
    world_put(world, "VALISE/.DS_Store", VL_LITERAL("x"));
    world_put(world, "VALISE/bags/Thumbs.db", VL_LITERAL("x"));
    world_put(world, "VALISE/bags/report.exe", VL_LITERAL("x"));
    world_put(world, "VALISE/bags/System Volume Information/x", VL_LITERAL("x"));
    world_put(world, "VALISE/bags/FOUND.000/FILE0000.CHK", VL_LITERAL("x"));
    world_put(world, in_bag(1, "._000001.bundles", path), VL_LITERAL("x"));
    world_put(world, in_bag(1, "desktop.ini", path), VL_LITERAL("x"));
    world_put(world, in_bag(1, "more.exe", path), VL_LITERAL("x"));
    sights = walk(world, maker_a, 1, &walked);
    assert_int_equal(walked.foreign, 2);
    assert_int_equal(sights.count, 1);
    assert_int_equal(sights.seen.foreign, 1);
    assert_int_equal(sights.seen.segment_count, 2);
    assert_readable(world, &plain);
}

static void names_in_capitals_are_found(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick;
    struct vl_why why = {""};
    uint8_t id[VL_BAG_ID_LEN];
    char path[128];

    write_bag(world, maker_a, &plain);
    leave_unfinished(world, maker_a, 2);
    world->disk->shouts = true;
    assert_int_equal(walk(world, maker_a, 1, NULL).finished, 1);
    assert_int_equal(walk(world, maker_a, 1, NULL).own, 1);
    assert_readable(world, &plain);
    stick = open_stick(world, maker_a);
    id_of(1, id);
    assert_err(vl_stick_remove(stick, id, &why), VL_OK, &why);
    assert_false(world_has(world, in_bag(1, "", path)));
    vl_stick_close(stick);
}

/* Where "a" and "A" are two names, a copy in capitals is found by them. */
static void a_copy_in_capitals_is_found_on_any_system(void **state)
{
    struct world *world = *state;
    static const char *const names[] = {"000001.bundles", "000002.bundles", "leaves.cbor",
                                        "list.cose"};
    char path[128], upper[128];

    write_bag(world, maker_a, &plain);
    for (size_t i = 0; i < 4; i++) {
        VL_AUTO(vl_buf_release)
        struct vl_buf bytes = world_get(world, in_bag(1, names[i], path));

        world_put(world, vl_stick_upper(path, upper, sizeof upper), vl_buf_bytes(&bytes));
    }
    {
        struct vl_stick *stick = open_stick(world, maker_a);
        struct vl_why why = {""};
        uint8_t id[VL_BAG_ID_LEN];

        id_of(1, id);
        assert_err(vl_stick_remove(stick, id, &why), VL_OK, &why);
        vl_stick_close(stick);
    }
    /* What is left is the copy, but for VALISE, which is in capitals anyway. */
    (void)snprintf(upper, sizeof upper, "%s/VALISE/bags", world->path);
    assert_int_equal(rmdir(upper), 0);
    assert_int_equal(walk(world, maker_a, 1, NULL).finished, 1);
    assert_readable(world, &plain);
}

static void one_bag_in_both_cases_is_one(void **state)
{
    struct world *world = *state;
    uint8_t id[VL_BAG_ID_LEN];
    char name[VL_BAG_NAME], upper[VL_BAG_NAME], path[128];

    write_bag(world, maker_a, &plain);
    id_of(1, id);
    (void)snprintf(path, sizeof path, "VALISE/bags/%s",
                   vl_stick_upper(vl_bag_name(id, name), upper, sizeof upper));
    world_put_folder(world, path);
    assert_int_equal(walk(world, maker_a, 1, NULL).count, 1);
    assert_readable(world, &plain);
}

static void an_empty_list_is_no_list(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick;
    struct vl_bag *bag = NULL;
    struct vl_buf out = VL_BUF_INIT(100);
    struct vl_why why = {""};
    uint8_t id[VL_BAG_ID_LEN];
    char path[128];

    leave_unfinished(world, maker_a, 1);
    world_put(world, in_bag(1, "list.cose", path), VL_BYTES_NONE);
    assert_int_equal(walk(world, maker_a, 1, NULL).own, 1);
    stick = open_stick(world, maker_a);
    id_of(1, id);
    assert_err(vl_bag_open(stick, id, &bag, &why), VL_OK, &why);
    assert_err(vl_bag_list(bag, &out, &why), VL_ERR_NOT_FOUND, &why);
    assert_err(vl_bag_leaves(bag, &out, &why), VL_ERR_NOT_FOUND, &why);
    vl_bag_close(bag);
    vl_stick_close(stick);
}

static void lists_and_leaves_have_limits(void **state)
{
    struct world *world = *state;
    VL_AUTO(vl_buf_release) struct vl_buf bytes = bytes_of(1, VL_BAG_MAX_LEAVES + 1);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(SIZE_MAX);
    struct vl_stick *stick;
    struct vl_bag *bag = NULL;
    struct vl_why why = {""};
    struct sights sights;
    uint8_t id[VL_BAG_ID_LEN];
    char path[128];

    world_put(world, in_bag(1, "list.cose", path),
              vl_bytes_first(vl_buf_bytes(&bytes), VL_BAG_MAX_LIST + 1));
    world_put(world, in_bag(1, "leaves.cbor", path), vl_buf_bytes(&bytes));
    world_put(world, in_bag(2, "list.cose", path), VL_LITERAL("list"));
    sights = walk(world, NULL, 1, NULL);
    assert_int_equal(sights.count, 2);
    assert_int_equal(sights.failed, 1);
    assert_int_equal(sights.seen.err, VL_ERR_LIMIT);
    assert_string_equal(sights.seen.why.text,
                        "list.cose: 65537 bytes, and at most 65536 are allowed");
    stick = open_stick(world, NULL);
    id_of(1, id);
    assert_err(vl_bag_open(stick, id, &bag, &why), VL_OK, &why);
    assert_err(vl_bag_list(bag, &out, &why), VL_ERR_LIMIT, &why);
    assert_err(vl_bag_leaves(bag, &out, &why), VL_ERR_LIMIT, &why);
    assert_int_equal(out.len, 0);
    world_put(world, in_bag(1, "leaves.cbor", path),
              vl_bytes_first(vl_buf_bytes(&bytes), VL_BAG_MAX_LEAVES));
    assert_err(vl_bag_leaves(bag, &out, &why), VL_OK, &why);
    assert_int_equal(out.len, VL_BAG_MAX_LEAVES);
    vl_bag_close(bag);
    vl_stick_close(stick);
}

static void a_segment_is_as_its_list_says(void **state)
{
    struct world *world = *state;
    struct vl_bag_segment said;
    struct test_list list;
    struct vl_why why = {""};
    char path[128];

    write_bag(world, maker_a, &plain);
    list = list_of(world, 1);
    assert_int_equal(list.count, 2);
    assert_err(check(world, 1, list.at, list.count, &why), VL_OK, &why);
    said = list.at[0];
    said.length++;
    assert_err(check(world, 1, &said, 1, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "000001.bundles: 30000 bytes, and the list says 30001");
    said = list.at[0];
    said.sha256[31] ^= 1;
    assert_err(check(world, 1, &said, 1, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "000001.bundles: its hash is not what the list says");
    said = list.at[0];
    said.number = 2; /* segments that changed places */
    assert_err(check(world, 1, &said, 1, &why), VL_ERR_UNVERIFIED, &why);
    said.number = 3;
    assert_err(check(world, 1, &said, 1, &why), VL_ERR_NOT_FOUND, &why);
    said.number = 0;
    assert_err(check(world, 1, &said, 1, &why), VL_ERR_LIMIT, &why);
    said.number = VL_BAG_MAX_SEGMENTS + 1;
    assert_err(check(world, 1, &said, 1, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "segment 1025: there are at most 1024");
    world_flip(world, in_bag(1, "000002.bundles", path), 29999);
    assert_err(check(world, 1, list.at, list.count, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "000002.bundles: its hash is not what the list says");
}

/* PEERS 9: a half file must not pass for a whole one. */
static void a_segment_cut_in_half_is_refused(void **state)
{
    struct world *world = *state;
    struct test_list list;
    struct vl_why why = {""};
    char path[128];

    write_bag(world, maker_a, &plain);
    list = list_of(world, 1);
    {
        VL_AUTO(vl_buf_release)
        struct vl_buf bytes = world_get(world, in_bag(1, "000001.bundles", path));

        world_put(world, path, vl_bytes_first(vl_buf_bytes(&bytes), bytes.len / 2));
    }
    assert_err(check(world, 1, list.at, list.count, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "000001.bundles: 15000 bytes, and the list says 30000");
}

static struct {
    uint64_t seed;
    int how; /* 1: longer, 2: shorter, 3: another content of the same length */
} meanwhile;

static void change_segment(struct disk *disk)
{
    char path[128];
    vl_bytes bytes;

    (void)in_bag(meanwhile.seed, "000001.bundles", path);
    bytes = disk_get(disk, path);
    disk->before_read = NULL;
    disk_change(disk, path,
                meanwhile.how == 1   ? bytes.len + 1
                : meanwhile.how == 2 ? bytes.len - 1
                                     : bytes.len,
                meanwhile.how == 3);
}

static void what_changes_while_it_is_read_is_refused(void **state)
{
    static const char *const words[] = {
        "", "000001.bundles: it grew while it was read",
        "000001.bundles: it became shorter while it was read: 29999 bytes",
        "000001.bundles: its hash is not what the list says"};

    for (int how = 1; how <= 3; how++) {
        struct world *world = *state;
        struct test_list list;
        struct vl_why why = {""};
        struct recipe recipe = plain;

        recipe.seed = (uint64_t)how;
        write_bag(world, maker_a, &recipe);
        list = list_of(world, recipe.seed);
        meanwhile.seed = recipe.seed;
        meanwhile.how = how;
        world->disk->before_read = change_segment;
        assert_err(check(world, recipe.seed, list.at, list.count, &why), VL_ERR_UNVERIFIED, &why);
        assert_string_equal(why.text, words[how]);
    }
}

static void a_reading_that_failed_stays_failed(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick;
    struct vl_bag *bag = NULL;
    struct vl_bag_in *in = NULL;
    struct vl_why why = {""};
    struct test_list list;
    uint8_t id[VL_BAG_ID_LEN], piece[32768];
    size_t got = 1;

    write_bag(world, maker_a, &plain);
    list = list_of(world, 1);
    list.at[0].sha256[0] ^= 1;
    stick = open_stick(world, NULL);
    id_of(1, id);
    assert_err(vl_bag_open(stick, id, &bag, &why), VL_OK, &why);
    assert_err(vl_bag_in_open(bag, &list.at[0], &in, &why), VL_OK, &why);
    assert_err(vl_bag_in_read(in, (vl_room){piece, sizeof piece}, &got, &why), VL_OK, &why);
    assert_int_equal(got, 30000);
    for (int i = 0; i < 3; i++) {
        assert_err(vl_bag_in_read(in, (vl_room){piece, sizeof piece}, &got, &why),
                   VL_ERR_UNVERIFIED, &why);
        assert_int_equal(got, 0);
    }
    vl_bag_in_close(in);
    vl_bag_close(bag);
    vl_stick_close(stick);
}

/* A sparse file may say that it is longer than all sticks of the world. */
static void sizes_that_cannot_be_are_only_numbers(void **state)
{
    struct world *world = *state;
    struct vl_bag_segment said = {.number = 1, .length = UINT64_MAX};
    struct vl_why why = {""};
    struct sights sights;
    char path[128];

    write_bag(world, maker_a, &plain);
    disk_set_size(world->disk, in_bag(1, "000001.bundles", path), UINT64_MAX);
    disk_set_size(world->disk, in_bag(1, "000002.bundles", path), UINT64_MAX - 1);
    sights = walk(world, NULL, 1, NULL);
    assert_int_equal(sights.finished, 1);
    assert_true(sights.seen.segment_bytes == UINT64_MAX);
    assert_err(check(world, 1, &said, 1, &why), VL_ERR_UNVERIFIED, &why);
    disk_set_size(world->disk, in_bag(1, "list.cose", path), (uint64_t)1 << 62);
    assert_int_equal(walk(world, NULL, 1, NULL).seen.err, VL_ERR_LIMIT);
}

/* --- links, pipes, devices -------------------------------------------------------------------- */

static void nothing_but_files_and_folders_is_opened(void **state)
{
    static const char *const names[] = {"list.cose", "leaves.cbor", "000001.bundles"};
    struct world *world = *state;
    struct vl_bag_segment said = {.number = 1, .length = 0};
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_BAG_MAX_LEAVES);
    struct vl_stick *stick;
    struct vl_bag *bag = NULL;
    struct vl_bag_in *in = NULL;
    struct vl_why why = {""};
    struct sights sights;
    uint8_t id[VL_BAG_ID_LEN];
    char path[128];

    /* The stick in memory ends the test when one is opened. */
    for (size_t i = 0; i < 3; i++)
        disk_put_other(world->disk, in_bag(1, names[i], path));
    world_put(world, in_bag(2, "list.cose", path), VL_LITERAL("list"));
    disk_put_other(world->disk, in_bag(3, "", path));
    world_put_folder(world, in_bag(4, "list.cose/", path));
    sights = walk(world, NULL, 1, NULL);
    assert_int_equal(sights.count, 4);
    assert_int_equal(sights.failed, 3);
    assert_int_equal(sights.seen.err, VL_ERR_FORMAT);
    assert_string_equal(sights.seen.why.text, "list.cose: it is not a regular file");
    stick = open_stick(world, NULL);
    id_of(1, id);
    assert_err(vl_bag_open(stick, id, &bag, &why), VL_OK, &why);
    assert_err(vl_bag_list(bag, &out, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_bag_leaves(bag, &out, &why), VL_ERR_FORMAT, &why);
    assert_err(vl_bag_in_open(bag, &said, &in, &why), VL_ERR_FORMAT, &why);
    vl_bag_close(bag);
    id_of(3, id);
    assert_err(vl_bag_open(stick, id, &bag, &why), VL_ERR_FORMAT, &why);
    vl_stick_close(stick);
}

static void make_link(const struct world *world, const char *target, const char *name)
{
    char path[256];

    real_path(world, name, path);
    assert_int_equal(symlink(target, path), 0);
}

static void links_on_a_real_stick_are_not_followed(void **state)
{
    struct world *world = *state;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_BAG_MAX_LEAVES);
    struct vl_stick *stick = NULL;
    struct vl_bag *bag = NULL;
    struct vl_why why = {""};
    struct sights sights;
    uint8_t id[VL_BAG_ID_LEN];
    char path[128], whole[256];

    world_put(world, "outside", VL_LITERAL("secret"));
    world_put_folder(world, "elsewhere");
    world_put(world, "elsewhere/list.cose", VL_LITERAL("list"));
    world_put(world, in_bag(1, "list.cose", path), VL_LITERAL("list"));
    make_link(world, "../../../outside", in_bag(1, "leaves.cbor", path));
    world_put(world, in_bag(2, "leaves.cbor", path), VL_LITERAL("leaves"));
    make_link(world, "../../../outside", in_bag(2, "list.cose", path));
    make_link(world, "../../elsewhere", in_bag(3, "", path));
    world_put(world, in_bag(4, "leaves.cbor", path), VL_LITERAL("leaves"));
    real_path(world, in_bag(4, "list.cose", path), whole);
    assert_int_equal(mkfifo(whole, 0666), 0); /* nobody writes into it: an open would wait */
    sights = walk(world, NULL, 1, NULL);
    assert_int_equal(sights.count, 4);
    assert_int_equal(sights.failed, 3);
    stick = open_stick(world, maker_a);
    id_of(1, id);
    assert_err(vl_bag_open(stick, id, &bag, &why), VL_OK, &why);
    assert_err(vl_bag_leaves(bag, &out, &why), VL_ERR_FORMAT, &why);
    vl_bag_close(bag);
    id_of(3, id);
    assert_err(vl_bag_open(stick, id, &bag, &why), VL_ERR_FORMAT, &why);
    /* Nor is what they point to taken away. */
    assert_err(vl_stick_remove(stick, id, &why), VL_ERR_FORMAT, &why);
    id_of(1, id);
    assert_err(vl_stick_remove(stick, id, &why), VL_ERR_PARTIAL, &why);
    assert_true(world_has(world, "outside") && world_has(world, "elsewhere/list.cose"));
    vl_stick_close(stick);
}

static void a_link_in_place_of_a_folder_is_refused(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = NULL;
    struct vl_why why = {""};
    char path[256];

    world_put_folder(world, "elsewhere");
    make_link(world, "elsewhere", "VALISE");
    assert_err(vl_stick_open(&world->fs, world->path, maker_a, &stick, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "VALISE: it is not a folder");
    real_path(world, "VALISE", path);
    assert_int_equal(unlink(path), 0);
    world_put_folder(world, "VALISE");
    make_link(world, "../elsewhere", "VALISE/bags");
    assert_err(vl_stick_open(&world->fs, world->path, maker_a, &stick, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "bags: it is not a folder");
    assert_null(stick);
}

/* --- bad sectors ------------------------------------------------------------------------------ */

static void a_bag_that_cannot_be_read_does_not_hide_others(void **state)
{
    struct world *world = *state;
    struct recipe recipe = {.item_count = 1, .item_len = 10};
    size_t failed = 0;

    for (recipe.seed = 1; recipe.seed <= 5; recipe.seed++)
        write_bag(world, maker_a, &recipe);
    for (long at = 0;; at++) {
        struct vl_stick *stick = open_stick(world, maker_a);
        struct vl_stick_walked walked;
        struct sights sights = {0};
        struct vl_why why = {""};
        bool reached;
        enum vl_err err;

        world->disk->ops = 0;
        world->disk->fail_at = at;
        err = vl_stick_walk(stick, NULL, see, &sights, &walked, &why);
        reached = world->disk->ops > at;
        world->disk->fail_at = -1;
        vl_stick_close(stick);
        if (err) { /* the names themselves */
            assert_err(err, VL_ERR_IO, &why);
            continue;
        }
        assert_int_equal(sights.count, 5);
        assert_true(sights.failed <= 1);
        failed += sights.failed;
        if (!reached)
            break;
    }
    assert_true(failed > 10);
}

static void a_bad_sector_is_named_with_its_place(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick;
    struct vl_bag *bag = NULL;
    struct vl_bag_in *in = NULL;
    struct vl_why why = {""};
    struct test_list list;
    uint8_t id[VL_BAG_ID_LEN], piece[4096];
    size_t got = 0;

    write_bag(world, maker_a, &plain);
    list = list_of(world, 1);
    stick = open_stick(world, NULL);
    id_of(1, id);
    assert_err(vl_bag_open(stick, id, &bag, &why), VL_OK, &why);
    assert_err(vl_bag_in_open(bag, &list.at[0], &in, &why), VL_OK, &why);
    assert_err(vl_bag_in_read(in, (vl_room){piece, sizeof piece}, &got, &why), VL_OK, &why);
    world->disk->fail_at = world->disk->ops;
    assert_err(vl_bag_in_read(in, (vl_room){piece, sizeof piece}, &got, &why), VL_ERR_IO, &why);
    assert_string_equal(why.text, "000001.bundles: reading after 4096 bytes: Input/output error");
    vl_bag_in_close(in);
    vl_bag_close(bag);
    vl_stick_close(stick);
}

/* PEERS 9: a stick pulled out while it is read. */
static void a_walk_ends_when_the_stick_is_pulled_out(void **state)
{
    struct world *world = *state;
    struct recipe recipe = {.item_count = 1, .item_len = 10};
    struct vl_stick_walked walked;
    struct sights sights = {0};
    struct vl_stick *stick;
    struct vl_why why = {""};

    for (recipe.seed = 1; recipe.seed <= 5; recipe.seed++)
        write_bag(world, maker_a, &recipe);
    stick = open_stick(world, NULL);
    world->disk->ops = 0;
    world->disk->fail_at = 20;
    world->disk->fail_ever = true;
    world->disk->fail_code = ENXIO;
    assert_err(vl_stick_walk(stick, NULL, see, &sights, &walked, &why), VL_ERR_IO, &why);
    assert_non_null(strstr(why.text, "the stick is gone"));
    assert_true(sights.count < 5);
    assert_int_equal(walked.left + walked.bags, 5);
    vl_stick_close(stick);
}

/* --- many bags -------------------------------------------------------------------------------- */

static void the_order_of_names_is_no_matter(void **state)
{
    struct world *world = *state;
    struct recipe recipe = {.item_count = 1, .item_len = 10};

    for (recipe.seed = 1; recipe.seed <= 9; recipe.seed++)
        write_bag(world, maker_a, &recipe);
    for (unsigned order = 0; order < 18; order++) {
        world->disk->order = order; /* see() checks that they go up */
        assert_int_equal(walk(world, maker_a, 1, NULL).finished, 9);
    }
}

static void a_folder_with_too_many_names_is_refused(void **state)
{
    struct world *world = *state;
    struct sights sights;
    char path[128], name[32];

    for (int i = 0; i < 4097; i++) {
        (void)snprintf(name, sizeof name, "%d", i);
        world_put(world, in_bag(1, name, path), VL_BYTES_NONE);
    }
    world_put(world, in_bag(2, "list.cose", path), VL_LITERAL("list"));
    sights = walk(world, maker_a, 1, NULL);
    assert_int_equal(sights.count, 2);
    assert_int_equal(sights.seen.err, VL_ERR_LIMIT);
    assert_string_equal(sights.seen.why.text, "more than 4096 names in its folder");
}

static uint64_t now_ms(void)
{
    struct timespec now;

    (void)clock_gettime(CLOCK_MONOTONIC, &now);
    return (uint64_t)now.tv_sec * 1000 + (uint64_t)now.tv_nsec / 1000000;
}

static long most_memory_kib(void)
{
    struct rusage usage;

    assert_int_equal(getrusage(RUSAGE_SELF, &usage), 0);
    return usage.ru_maxrss;
}

/* PROTOCOL 24: 10^4 bags, and more than are looked at. */
static void forty_thousand_bags_are_walked_in_three_walks(void **state)
{
    enum { ALL = 40000 };
    struct world *world = *state;
    struct vl_stick *stick;
    struct vl_stick_walked walked;
    struct sights sights = {0};
    struct vl_why why = {""};
    char path[128];
    uint64_t before;
    long memory;

    for (uint64_t i = 0; i < ALL; i++) {
        if (i % 2)
            world_put_folder(world, in_bag(i, "", path));
        else
            world_put(world, in_bag(i, "list.cose", path), VL_LITERAL("a small list"));
    }
    stick = open_stick(world, maker_a);
    before = now_ms();
    memory = most_memory_kib();
    assert_err(vl_stick_walk(stick, NULL, see, &sights, &walked, &why), VL_OK, &why);
    print_message("# %zu bags in %llu ms, %ld KiB\n", sights.count,
                  (unsigned long long)(now_ms() - before), most_memory_kib() - memory);
    assert_int_equal(walked.bags, VL_STICK_MAX_BAGS);
    assert_int_equal(walked.left, ALL - VL_STICK_MAX_BAGS);
#ifndef __SANITIZE_ADDRESS__ /* which keeps what was freed */
    assert_true(most_memory_kib() - memory < 4096);
#endif
    for (size_t left = walked.left; left > 0; left = walked.left) {
        uint8_t after[VL_BAG_ID_LEN];

        memcpy(after, sights.last, sizeof after);
        assert_err(vl_stick_walk(stick, after, see, &sights, &walked, &why), VL_OK, &why);
        assert_int_equal(walked.left + walked.bags, left);
    }
    assert_int_equal(walked.left, 0);
    assert_int_equal(sights.count, ALL);
    assert_int_equal(sights.finished, ALL / 2);
    assert_int_equal(sights.empty, ALL / 2);
    {
        struct vl_stick_swept swept;

        assert_err(vl_stick_sweep(stick, &swept, &why), VL_OK, &why);
        assert_int_equal(swept.bags, ALL / 2);
    }
    vl_stick_close(stick);
}

/* --- taking away ------------------------------------------------------------------------------ */

static void a_sweep_takes_its_own_and_nothing_else(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick;
    struct vl_stick_swept swept;
    struct vl_why why = {""};
    char path[128];

    write_bag(world, maker_a, &plain);
    leave_unfinished(world, maker_a, 2);
    leave_unfinished(world, maker_b, 3);
    world_put_folder(world, in_bag(4, "", path));
    world_put(world, in_bag(5, "000001.bundles", path), VL_LITERAL("nobody's"));
    stick = open_stick(world, maker_a);
    assert_err(vl_stick_sweep(stick, &swept, &why), VL_OK, &why);
    assert_int_equal(swept.bags, 2);
    assert_int_equal(swept.bytes, 9);
    assert_int_equal(swept.others, 2);
    assert_readable(world, &plain);
    assert_false(world_has(world, in_bag(2, "", path)));
    assert_true(world_has(world, in_bag(3, "000001.bundles", path)));
    assert_false(world_has(world, in_bag(4, "", path)));
    assert_true(world_has(world, in_bag(5, "000001.bundles", path)));
    assert_err(vl_stick_sweep(stick, &swept, &why), VL_OK, &why);
    assert_int_equal(swept.bags, 0);
    vl_stick_close(stick);
}

static struct {
    struct vl_stick_fs fs;
    struct world *world;
} busy;

/* Another office is faster. */
static int remove_folder_late(void *self, int folder, const char *name)
{
    char path[128];

    world_put(busy.world, mark_of(4, maker_b, path), VL_BYTES_NONE);
    world_put(busy.world, in_bag(4, "000001.bundles", path), VL_LITERAL("letters"));
    return busy.fs.remove_folder(self, folder, name);
}

static void a_folder_that_is_not_empty_any_more_stays(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick;
    struct vl_stick_swept swept;
    struct vl_why why = {""};
    char path[128];

    world_put_folder(world, "VALISE");
    world_put_folder(world, "VALISE/bags");
    world_put_folder(world, in_bag(4, "", path));
    busy.fs = world->fs;
    busy.world = world;
    world->fs.remove_folder = remove_folder_late;
    stick = open_stick(world, maker_a);
    assert_err(vl_stick_sweep(stick, &swept, &why), VL_OK, &why);
    assert_int_equal(swept.bags, 0);
    assert_true(world_has(world, mark_of(4, maker_b, path)));
    assert_true(world_has(world, in_bag(4, "000001.bundles", path)));
    vl_stick_close(stick);
}

static void a_mark_in_a_finished_bag_means_nothing(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick;
    struct vl_stick_swept swept;
    struct vl_why why = {""};
    char path[128];

    write_bag(world, maker_a, &plain);
    world_put(world, mark_of(1, maker_a, path), VL_BYTES_NONE);
    assert_int_equal(walk(world, maker_a, 1, NULL).own, 0);
    stick = open_stick(world, maker_a);
    assert_err(vl_stick_sweep(stick, &swept, &why), VL_OK, &why);
    assert_int_equal(swept.bags, 0);
    assert_readable(world, &plain);
    vl_stick_close(stick);
}

static void a_removed_bag_is_gone_with_its_junk(void **state)
{
    struct world *world = *state;
    struct recipe other = plain;
    struct vl_stick *stick;
    struct vl_why why = {""};
    uint8_t id[VL_BAG_ID_LEN];
    char path[128], name[VL_BAG_SEGMENT_NAME];

    other.seed = 2;
    write_bag(world, maker_b, &plain);
    write_bag(world, maker_b, &other);
    world_put(world, in_bag(1, "._list.cose", path), VL_LITERAL("x"));
    world_put(world, in_bag(1, "Thumbs.db", path), VL_LITERAL("x"));
    world_put(world, in_bag(1, "list.tmp", path), VL_LITERAL("x"));
    for (unsigned i = 3; i <= 300; i++)
        world_put(world, in_bag(1, vl_bag_segment_name(i, name), path), VL_LITERAL("x"));
    stick = open_stick(world, maker_a);
    id_of(1, id);
    assert_err(vl_stick_remove(stick, id, &why), VL_OK, &why);
    assert_false(world_has(world, in_bag(1, "", path)));
    assert_err(vl_stick_remove(stick, id, &why), VL_ERR_NOT_FOUND, &why);
    assert_readable(world, &other);
    vl_stick_close(stick);
}

static void what_somebody_else_put_into_a_bag_stays(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick;
    struct vl_why why = {""};
    uint8_t id[VL_BAG_ID_LEN];
    char path[128], bag[VL_BAG_NAME], words[128];

    write_bag(world, maker_b, &plain);
    world_put(world, in_bag(1, "my notes.txt", path), VL_LITERAL("x"));
    world_put_folder(world, in_bag(1, "photos", path));
    stick = open_stick(world, maker_a);
    id_of(1, id);
    assert_err(vl_stick_remove(stick, id, &why), VL_ERR_PARTIAL, &why);
    (void)snprintf(words, sizeof words, "bag %s: 2 that are none of it were left there",
                   vl_bag_name(id, bag));
    assert_string_equal(why.text, words);
    assert_true(world_has(world, in_bag(1, "my notes.txt", path)));
    assert_true(world_has(world, in_bag(1, "photos", path)));
    assert_false(world_has(world, in_bag(1, "list.cose", path)));
    assert_false(world_has(world, in_bag(1, "000001.bundles", path)));
    vl_stick_close(stick);
}

static enum vl_err look_around(void *self, struct vl_why *why)
{
    struct world *world = self;
    struct vl_stick *stick = NULL;
    struct vl_stick_walked walked;
    struct vl_stick_swept swept;
    struct sights sights = {0};
    VL_AUTO(vl_buf_release) struct vl_buf list = VL_BUF_INIT(VL_BAG_MAX_LIST);
    struct test_list said = {0};
    struct vl_bag *bag = NULL;
    uint8_t id[VL_BAG_ID_LEN];
    enum vl_err err = vl_stick_open(&world->fs, world->path, maker_a, &stick, why);

    if (err)
        return err;
    id_of(1, id);
    err = vl_stick_walk(stick, NULL, see, &sights, &walked, why);
    if (!err)
        err = vl_bag_open(stick, id, &bag, why);
    if (!err)
        err = vl_bag_list(bag, &list, why);
    if (!err && read_list(vl_buf_bytes(&list), &said))
        err = vl_bag_check(bag, said.at, said.count, NULL, why);
    vl_bag_close(bag);
    if (!err)
        err = vl_stick_sweep(stick, &swept, why);
    vl_stick_close(stick);
    return err;
}

static void every_allocation_of_a_reader_fails_once(void **state)
{
    write_bag(*state, maker_a, &plain);
    leave_unfinished(*state, maker_b, 2);
    assert_true(each_allocation_fails(look_around, *state) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        /* First, for it looks at the most memory there ever was. */
        ON(forty_thousand_bags_are_walked_in_three_walks, WORLD_REAL, "in a folder"),
        EACH(a_walk_sees_what_there_is),
        EACH(a_stick_without_bags_is_fine),
        EACH(what_is_not_of_a_bag_is_counted_and_junk_is_not),
        EACH_DISK(names_in_capitals_are_found),
        ON(a_copy_in_capitals_is_found_on_any_system, WORLD_REAL, "in a folder"),
        ON(one_bag_in_both_cases_is_one, WORLD_REAL, "in a folder"),
        EACH(an_empty_list_is_no_list),
        EACH(lists_and_leaves_have_limits),
        EACH(a_segment_is_as_its_list_says),
        EACH(a_segment_cut_in_half_is_refused),
        EACH_DISK(what_changes_while_it_is_read_is_refused),
        EACH(a_reading_that_failed_stays_failed),
        EACH_DISK(sizes_that_cannot_be_are_only_numbers),
        EACH_DISK(nothing_but_files_and_folders_is_opened),
        ON(links_on_a_real_stick_are_not_followed, WORLD_REAL, "in a folder"),
        ON(a_link_in_place_of_a_folder_is_refused, WORLD_REAL, "in a folder"),
        EACH_DISK(a_bag_that_cannot_be_read_does_not_hide_others),
        EACH_DISK(a_bad_sector_is_named_with_its_place),
        EACH_DISK(a_walk_ends_when_the_stick_is_pulled_out),
        EACH_DISK(the_order_of_names_is_no_matter),
        EACH(a_folder_with_too_many_names_is_refused),
        EACH(a_sweep_takes_its_own_and_nothing_else),
        EACH(a_folder_that_is_not_empty_any_more_stays),
        EACH(a_mark_in_a_finished_bag_means_nothing),
        EACH(a_removed_bag_is_gone_with_its_junk),
        EACH(what_somebody_else_put_into_a_bag_stays),
        EACH(every_allocation_of_a_reader_fails_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
