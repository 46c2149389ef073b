/* SPDX-License-Identifier: Apache-2.0 */
/* Writing bags: whole or not there, never more than fits, and said to be safe only when it is. */
#include "sticks.h"

static const struct recipe plain = {.seed = 1,
                                    .item_count = 20,
                                    .item_len = 3000,
                                    .leaves_len = 700};

static void a_bag_comes_back_as_it_was_written(void **state)
{
    struct world *world = *state;
    char path[128];

    write_bag(world, maker_a, &plain);
    assert_readable(world, &plain);
    assert_true(world_has(world, "VALISE/README.txt"));
    assert_true(world_has(world, in_bag(1, "000001.bundles", path)));
    assert_true(world_has(world, in_bag(1, "leaves.cbor", path)));
    assert_true(world_has(world, in_bag(1, "list.cose", path)));
    assert_false(world_has(world, in_bag(1, "list.tmp", path)));
    assert_false(world_has(world, in_bag(1, "000002.bundles", path)));
    assert_false(world_has(world, mark_of(1, maker_a, path)));
}

static void there_is_no_bag_before_its_list(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    const struct vl_bag_plan plan = plan_of(&plain);
    VL_AUTO(vl_buf_release) struct vl_buf items = bytes_of(1, 60000);
    const struct vl_bag_segment *segments = NULL;
    struct vl_bag_writer *writer = NULL;
    struct vl_why why = {""};
    struct sights sights;
    char path[128];
    size_t count = 0;
    enum vl_bag_checked how;

    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
    assert_int_equal(walk(world, maker_a, 1, NULL).own, 1);
    assert_err(write_items(writer, &plain, vl_buf_bytes(&items), &why), VL_OK, &why);
    assert_err(vl_bag_finish_segments(writer, &segments, &count, &why), VL_OK, &why);
    assert_int_equal(count, 1);
    assert_int_equal(segments[0].number, 1);
    assert_int_equal(segments[0].length, 60000);
    assert_err(vl_bag_put_leaves(writer, VL_LITERAL("leaves"), &why), VL_OK, &why);
    assert_err(vl_bag_read_back(writer, &how, &why), VL_OK, &why);
    sights = walk(world, maker_a, 1, NULL);
    assert_int_equal(sights.unfinished, 1);
    assert_int_equal(sights.own, 1);
    assert_int_equal(sights.seen.segment_count, 1);
    assert_int_equal(sights.seen.segment_bytes, 60000);
    assert_int_equal(sights.seen.leaves_len, 6);
    assert_false(world_has(world, in_bag(1, "list.cose", path)));
    assert_err(vl_bag_commit(writer, VL_LITERAL("list"), &how, &why), VL_OK, &why);
    vl_bag_writer_free(writer);
    assert_int_equal(walk(world, maker_a, 1, NULL).finished, 1);
    vl_stick_close(stick);
}

static void what_is_not_committed_is_gone(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    const struct vl_bag_plan plan = plan_of(&plain);
    struct vl_bag_writer *writer = NULL;
    struct vl_why why = {""};
    char path[128];

    for (int with_leaves = 0; with_leaves < 2; with_leaves++) {
        const struct vl_bag_segment *segments;
        size_t count;

        assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
        assert_err(vl_bag_begin_item(writer, 5, NULL, NULL, &why), VL_OK, &why);
        assert_err(vl_bag_put(writer, VL_LITERAL("words"), &why), VL_OK, &why);
        if (with_leaves) {
            assert_err(vl_bag_finish_segments(writer, &segments, &count, &why), VL_OK, &why);
            assert_err(vl_bag_put_leaves(writer, VL_LITERAL("leaves"), &why), VL_OK, &why);
        }
        vl_bag_writer_free(writer);
        assert_false(world_has(world, in_bag(1, "", path)));
        assert_true(world_has(world, "VALISE/README.txt"));
    }
    vl_stick_close(stick);
}

static void an_item_is_never_split(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    static const size_t lengths[] = {400, 300, 300, 301, 1000, 0, 1, 999, 2, 0};
    static const unsigned wanted[] = {1, 1, 1, 2, 3, 3, 4, 4, 5, 5};
    static const uint64_t offsets[] = {0, 400, 700, 0, 0, 1000, 0, 1, 0, 2};
    struct vl_bag_plan plan = {.total_bytes = 3303, .segment_max = 1000};
    const struct vl_bag_segment *segments = NULL;
    struct vl_bag_writer *writer = NULL;
    struct vl_why why = {""};
    size_t count = 0;

    id_of(1, plan.id);
    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
    for (size_t i = 0; i < sizeof lengths / sizeof *lengths; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf item = bytes_of(i, lengths[i]);
        unsigned segment = 0;
        uint64_t offset = 0;

        assert_err(vl_bag_begin_item(writer, lengths[i], &segment, &offset, &why), VL_OK, &why);
        assert_int_equal(segment, wanted[i]);
        assert_int_equal(offset, offsets[i]);
        assert_err(vl_bag_put(writer, vl_buf_bytes(&item), &why), VL_OK, &why);
    }
    assert_err(vl_bag_finish_segments(writer, &segments, &count, &why), VL_OK, &why);
    assert_int_equal(count, 5);
    assert_int_equal(segments[0].length, 1000);
    assert_int_equal(segments[1].length, 301);
    assert_int_equal(segments[2].length, 1000);
    assert_int_equal(segments[3].length, 1000);
    assert_int_equal(segments[4].length, 2);
    for (unsigned i = 0; i < 5; i++) {
        char path[128], name[VL_BAG_SEGMENT_NAME];
        VL_AUTO(vl_buf_release)
        struct vl_buf bytes = world_get(world, in_bag(1, vl_bag_segment_name(i + 1, name), path));
        uint8_t hash[VL_HASH_LEN];

        assert_int_equal(segments[i].number, i + 1);
        assert_int_equal(bytes.len, segments[i].length);
        vl_sha256(vl_buf_bytes(&bytes), hash);
        assert_memory_equal(hash, segments[i].sha256, VL_HASH_LEN);
    }
    vl_bag_writer_free(writer);
    vl_stick_close(stick);
}

static void an_item_longer_than_a_segment_is_refused(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_bag_plan plan = {.total_bytes = 10, .segment_max = 1000};
    struct vl_bag_writer *writer = NULL;
    struct vl_why why = {""};
    char path[128];

    id_of(1, plan.id);
    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
    assert_err(vl_bag_begin_item(writer, 1001, NULL, NULL, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "an item of 1001 bytes, and a segment has at most 1000");
    assert_err(vl_bag_begin_item(writer, 1, NULL, NULL, &why), VL_ERR_LIMIT, &why);
    vl_bag_writer_free(writer);
    assert_false(world_has(world, in_bag(1, "", path)));
    vl_stick_close(stick);
}

static void a_file_of_four_gib_is_too_long_for_fat(void **state)
{
    static const struct {
        enum world_kind kind;
        enum vl_err err;
    } rows[] = {{WORLD_FAT32, VL_ERR_LIMIT}, {WORLD_EXFAT, VL_OK}, {WORLD_POSIX, VL_OK}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct world *world = world_new(rows[i].kind);
        struct vl_stick *stick = open_stick(world, maker_a);
        struct vl_bag_plan plan = {.segment_max = (uint64_t)8 << 30};
        struct vl_bag_writer *writer = NULL;
        struct vl_why why = {""};

        assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
        assert_err(vl_bag_begin_item(writer, (uint64_t)4 << 30, NULL, NULL, &why), rows[i].err,
                   &why);
        vl_bag_writer_free(writer);
        vl_stick_close(stick);
        world_free(world);
    }
}

static void segments_beyond_the_limit_are_refused(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_bag_plan plan = {.total_bytes = 1025, .segment_max = 1};
    struct vl_bag_writer *writer = NULL;
    struct vl_why why = {""};

    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
    for (int i = 0; i < VL_BAG_MAX_SEGMENTS; i++) {
        assert_err(vl_bag_begin_item(writer, 1, NULL, NULL, &why), VL_OK, &why);
        assert_err(vl_bag_put(writer, VL_LITERAL("x"), &why), VL_OK, &why);
    }
    assert_err(vl_bag_begin_item(writer, 1, NULL, NULL, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "more than 1024 segments in a bag");
    vl_bag_writer_free(writer);
    assert_int_equal(walk(world, maker_a, 1, NULL).count, 0);
    vl_stick_close(stick);
}

static void calls_out_of_order_are_faults(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    const struct vl_bag_segment *segments = NULL;
    struct vl_why why = {""};
    size_t count = 0;
    enum vl_bag_checked how;

    for (int what = 0; what < 9; what++) {
        struct vl_bag_plan plan = {.total_bytes = 10};
        struct vl_bag_writer *writer = NULL;
        enum vl_err err = VL_OK;

        assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
        if (what == 0)
            err = vl_bag_put(writer, VL_LITERAL("no item began"), &why);
        if (what == 1)
            err = vl_bag_put_leaves(writer, VL_LITERAL("leaves"), &why);
        if (what == 2)
            err = vl_bag_commit(writer, VL_LITERAL("list"), &how, &why);
        if (what == 3)
            err = vl_bag_read_back(writer, &how, &why);
        if (what >= 4)
            assert_err(vl_bag_begin_item(writer, 3, NULL, NULL, &why), VL_OK, &why);
        if (what == 4)
            err = vl_bag_begin_item(writer, 3, NULL, NULL, &why);
        if (what == 5)
            err = vl_bag_finish_segments(writer, &segments, &count, &why);
        if (what == 6)
            err = vl_bag_put(writer, VL_LITERAL("four"), &why);
        if (what >= 7) {
            assert_err(vl_bag_put(writer, VL_LITERAL("one"), &why), VL_OK, &why);
            assert_err(vl_bag_finish_segments(writer, &segments, &count, &why), VL_OK, &why);
        }
        if (what == 7)
            err = vl_bag_begin_item(writer, 3, NULL, NULL, &why);
        if (what == 8) {
            assert_err(vl_bag_put_leaves(writer, VL_LITERAL("leaves"), &why), VL_OK, &why);
            err = vl_bag_put_leaves(writer, VL_LITERAL("leaves"), &why);
        }
        if (err != VL_ERR_INTERNAL)
            fail_msg("%d: %s", what, vl_err_name(err));
        /* And nothing is to be had from it any more. */
        assert_err(vl_bag_commit(writer, VL_LITERAL("list"), &how, &why), VL_ERR_INTERNAL, &why);
        vl_bag_writer_free(writer);
        assert_int_equal(walk(world, maker_a, 1, NULL).count, 0);
    }
    vl_stick_close(stick);
}

static void a_list_is_neither_empty_nor_too_long(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    VL_AUTO(vl_buf_release) struct vl_buf longest = bytes_of(1, VL_BAG_MAX_LIST + 1);
    static const struct {
        size_t len;
        enum vl_err err;
    } rows[] = {{0, VL_ERR_FORMAT}, {VL_BAG_MAX_LIST, VL_OK}, {VL_BAG_MAX_LIST + 1, VL_ERR_LIMIT}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vl_bag_plan plan = {.total_bytes = 10};
        const struct vl_bag_segment *segments = NULL;
        struct vl_bag_writer *writer = NULL;
        struct vl_why why = {""};
        enum vl_bag_checked how;
        size_t count = 0;

        id_of(i, plan.id);
        assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
        assert_err(vl_bag_finish_segments(writer, &segments, &count, &why), VL_OK, &why);
        assert_int_equal(count, 0);
        assert_err(vl_bag_commit(writer, vl_bytes_first(vl_buf_bytes(&longest), rows[i].len), &how,
                                 &why),
                   rows[i].err, &why);
        vl_bag_writer_free(writer);
    }
    assert_int_equal(walk(world, maker_a, 1, NULL).finished, 1);
    vl_stick_close(stick);
}

static void leaves_have_a_limit(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    VL_AUTO(vl_buf_release) struct vl_buf leaves = bytes_of(1, VL_BAG_MAX_LEAVES + 1);
    struct vl_bag_plan plan = {.total_bytes = 10};
    const struct vl_bag_segment *segments = NULL;
    struct vl_bag_writer *writer = NULL;
    struct vl_why why = {""};
    size_t count = 0;

    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
    assert_err(vl_bag_finish_segments(writer, &segments, &count, &why), VL_OK, &why);
    assert_err(vl_bag_put_leaves(writer, vl_buf_bytes(&leaves), &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "leaves.cbor: 16777217 bytes, and at most 16777216 are allowed");
    vl_bag_writer_free(writer);
    vl_stick_close(stick);
}

static void one_bag_is_not_written_over_another(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    const struct vl_bag_plan plan = plan_of(&plain);
    struct vl_bag_writer *writer = NULL;
    struct vl_why why = {""};

    assert_err(try_write(stick, &plain, &why), VL_OK, &why);
    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_ERR_EXISTS, &why);
    assert_null(writer);
    assert_readable(world, &plain);
    vl_stick_close(stick);
}

static void bags_of_many_offices_lie_side_by_side(void **state)
{
    struct world *world = *state;
    struct recipe recipe = plain;

    for (uint64_t i = 1; i <= 8; i++) {
        recipe.seed = i;
        write_bag(world, i % 2 ? maker_a : maker_b, &recipe);
    }
    for (uint64_t i = 1; i <= 8; i++) {
        recipe.seed = i;
        assert_readable(world, &recipe);
    }
    assert_int_equal(walk(world, maker_a, 1, NULL).finished, 8);
}

static struct {
    struct vl_stick_fs fs;
    struct world *world;
    int times;
} sweeper;

/* Another office takes the empty folder for what somebody left. */
static int make_file_late(void *self, int folder, const char *name, int *out)
{
    char path[128], whole[256];

    if (strstr(name, ".maker") && sweeper.times-- > 0) {
        real_path(sweeper.world, in_bag(1, "", path), whole);
        assert_int_equal(rmdir(whole), 0);
    }
    return sweeper.fs.make_file(self, folder, name, out);
}

static void a_folder_swept_before_its_mark_is_made_again(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_why why = {""};

    sweeper.fs = world->fs;
    sweeper.world = world;
    world->fs.make_file = make_file_late;
    sweeper.times = 2;
    assert_err(try_write(stick, &plain, &why), VL_OK, &why);
    assert_true(sweeper.times < 0);
    vl_stick_close(stick);
    assert_readable(world, &plain);
}

/* --- space ------------------------------------------------------------------------------------ */

static void what_does_not_fit_is_not_begun(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_bag_plan plan = {.total_bytes = 1000000};
    struct vl_bag_writer *writer = NULL;
    struct vl_why why = {""};

    world->disk->capacity = 1000000;
    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_ERR_NO_SPACE, &why);
    assert_non_null(strstr(why.text, "bytes left, and"));
    assert_false(world_has(world, "VALISE"));
    plan.total_bytes = UINT64_MAX;
    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_ERR_NO_SPACE, &why);
    plan.total_bytes = UINT64_MAX - 5;
    plan.segment_max = 1;
    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_ERR_NO_SPACE, &why);
    assert_false(world_has(world, "VALISE"));
    vl_stick_close(stick);
}

/* However items fall into segments: what was said to be enough is enough. */
static void what_was_said_to_be_needed_is_enough(void **state)
{
    struct world *world = *state;
    static const struct {
        size_t count, len, leaves;
        uint64_t max;
    } rows[] = {{1, 1, 0, 0},       {1, 1, 1, 1},          {100, 1, 5000, 10}, {40, 501, 10, 1000},
                {20, 999, 0, 1000}, {9, 4097, 4097, 5000}, {0, 0, 0, 0}};

    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct recipe recipe = {.seed = i,
                                .item_count = rows[i].count,
                                .item_len = rows[i].len,
                                .leaves_len = rows[i].leaves,
                                .segment_max = rows[i].max};
        const struct vl_bag_plan plan = plan_of(&recipe);
        struct vl_stick *stick = open_stick(world, maker_a);
        struct vl_bag_writer *writer = NULL;
        const struct vl_bag_segment *segments;
        VL_AUTO(vl_buf_release) struct vl_buf items = bytes_of(i, rows[i].count * rows[i].len);
        VL_AUTO(vl_buf_release) struct vl_buf leaves = bytes_of(i, rows[i].leaves);
        VL_AUTO(vl_buf_release) struct vl_buf list = bytes_of(i, VL_BAG_MAX_LIST);
        struct vl_stick_space space = {0};
        struct vl_why why = {""};
        enum vl_bag_checked how;
        size_t count;

        assert_err(vl_stick_space(stick, &space, &why), VL_OK, &why);
        world->disk->capacity = disk_used(world->disk) + vl_bag_need(&plan, &space);
        assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
        assert_err(write_items(writer, &recipe, vl_buf_bytes(&items), &why), VL_OK, &why);
        assert_err(vl_bag_finish_segments(writer, &segments, &count, &why), VL_OK, &why);
        assert_err(vl_bag_put_leaves(writer, vl_buf_bytes(&leaves), &why), VL_OK, &why);
        assert_err(vl_bag_commit(writer, vl_buf_bytes(&list), &how, &why), VL_OK, &why);
        vl_bag_writer_free(writer);
        vl_stick_close(stick);
    }
}

static void a_stick_that_fills_up_is_left_as_it_was(void **state)
{
    struct world *world = *state;
    char path[128];
    uint64_t before;
    bool whole = false;

    write_bag(world, maker_b, &(struct recipe){.seed = 9, .item_count = 1, .item_len = 10});
    before = disk_used(world->disk);
    /* Somebody else writes too: what was free at the beginning is not free any more. */
    for (uint64_t room = 0; !whole; room += 4096) {
        struct vl_stick *stick = open_stick(world, maker_a);
        const struct vl_bag_plan plan = plan_of(&plain);
        VL_AUTO(vl_buf_release) struct vl_buf items = bytes_of(1, 60000);
        struct vl_bag_writer *writer = NULL;
        const struct vl_bag_segment *segments;
        struct vl_why why = {""};
        enum vl_bag_checked how;
        size_t count;
        enum vl_err err;

        world->disk->capacity = (uint64_t)1 << 40;
        assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
        world->disk->capacity = before + room;
        err = write_items(writer, &plain, vl_buf_bytes(&items), &why);
        if (!err)
            err = vl_bag_finish_segments(writer, &segments, &count, &why);
        if (!err)
            err = vl_bag_put_leaves(writer, VL_LITERAL("leaves"), &why);
        if (!err)
            err = vl_bag_commit(writer, VL_LITERAL("list"), &how, &why);
        vl_bag_writer_free(writer);
        vl_stick_close(stick);
        whole = err == VL_OK;
        if (!whole) {
            assert_err(err, VL_ERR_NO_SPACE, &why);
            assert_false(world_has(world, in_bag(1, "", path)));
            assert_int_equal(disk_used(world->disk), before);
        }
    }
    assert_int_equal(walk(world, maker_a, 1, NULL).finished, 2);
}

static void too_large_a_file_is_no_space(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_why why = {""};

    /* One that says nothing about its limit beforehand. */
    const struct vl_bag_plan plan = plan_of(&plain);
    VL_AUTO(vl_buf_release) struct vl_buf items = bytes_of(1, 60000);
    struct vl_bag_writer *writer = NULL;
    const struct vl_bag_segment *segments;
    size_t count;

    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
    world->disk->file_max = 20000;
    assert_err(write_items(writer, &plain, vl_buf_bytes(&items), &why), VL_OK, &why);
    assert_err(vl_bag_finish_segments(writer, &segments, &count, &why), VL_ERR_NO_SPACE, &why);
    assert_string_equal(why.text, "000001.bundles: writing: too large a file for this file system");
    vl_bag_writer_free(writer);
    vl_stick_close(stick);
}

/* --- sticks that cannot be written to --------------------------------------------------------- */

static void a_stick_that_is_read_only_is_told_apart(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = NULL;
    struct vl_stick_space space = {0};
    struct vl_stick_swept swept;
    struct vl_why why = {""};
    uint8_t id[VL_BAG_ID_LEN];

    write_bag(world, maker_b, &plain);
    leave_unfinished(world, maker_a, 3);
    world->disk->read_only = true;
    stick = open_stick(world, maker_a);
    assert_err(vl_stick_space(stick, &space, &why), VL_OK, &why);
    assert_true(space.read_only);
    assert_err(try_write(stick, &(struct recipe){.seed = 2}, &why), VL_ERR_UNSUPPORTED, &why);
    assert_string_equal(why.text, "the stick is read-only");
    id_of(1, id);
    assert_err(vl_stick_remove(stick, id, &why), VL_ERR_UNSUPPORTED, &why);
    assert_err(vl_stick_sweep(stick, &swept, &why), VL_ERR_UNSUPPORTED, &why);
    assert_non_null(strstr(why.text, "the stick is read-only"));
    assert_err(try_read(stick, &plain, &why), VL_OK, &why);
    vl_stick_close(stick);
}

static void one_that_is_forbidden_is_too(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = NULL;
    struct vl_why why = {""};

    write_bag(world, maker_b, &plain);
    world->disk->forbidden = true;
    stick = open_stick(world, maker_a);
    assert_err(try_write(stick, &(struct recipe){.seed = 2}, &why), VL_ERR_UNSUPPORTED, &why);
    assert_non_null(strstr(why.text, "no permission to write there"));
    assert_err(try_read(stick, &plain, &why), VL_OK, &why);
    vl_stick_close(stick);
}

static void without_a_maker_nothing_is_written(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, NULL);
    struct vl_why why = {""};

    assert_err(try_write(stick, &plain, &why), VL_ERR_INTERNAL, &why);
    assert_false(world_has(world, "VALISE"));
    vl_stick_close(stick);
}

static void a_missing_stick_is_not_found(void **state)
{
    struct vl_stick *stick = NULL;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_stick_open(&vl_stick_fs_posix, "/nowhere/at/all", maker_a, &stick, &why),
               VL_ERR_NOT_FOUND, &why);
    assert_err(vl_stick_open(&vl_stick_fs_posix, "/etc/passwd", maker_a, &stick, &why),
               VL_ERR_FORMAT, &why);
    assert_null(stick);
}

/* --- read back -------------------------------------------------------------------------------- */

static void a_stick_that_keeps_less_than_it_says_is_found_out(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_why why = {""};
    char path[128];

    for (int where = 0; where < 3; where++) {
        world->disk->kept = 0;
        world->disk->fake_from = where == 0 ? 30000 : where == 1 ? 60500 : 60900;
        assert_err(try_write(stick, &plain, &why), VL_ERR_UNVERIFIED, &why);
        assert_non_null(strstr(why.text, where == 0   ? "000001.bundles: the stick gives back"
                                         : where == 1 ? "leaves.cbor: the stick gives back"
                                                      : "list.tmp: the stick gives back"));
        assert_false(world_has(world, in_bag(1, "", path)));
    }
    vl_stick_close(stick);
}

static void where_memory_cannot_be_passed_it_says_so(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    VL_AUTO(vl_buf_release) struct vl_buf items = bytes_of(1, 60000);
    VL_AUTO(vl_buf_release) struct vl_buf leaves = bytes_of(~(uint64_t)1, 700);
    enum vl_bag_checked how = VL_BAG_CHECKED_MEMORY;
    struct recipe other = plain;
    struct vl_why why = {""};

    assert_err(try_write_bytes(stick, &plain, vl_buf_bytes(&items), vl_buf_bytes(&leaves), &how,
                               &why),
               VL_OK, &why);
    assert_int_equal(how, VL_BAG_CHECKED_STICK);
    world->disk->can_direct = false;
    other.seed = 2;
    assert_err(try_write_bytes(stick, &other, vl_buf_bytes(&items), vl_buf_bytes(&leaves), &how,
                               &why),
               VL_OK, &why);
    assert_int_equal(how, VL_BAG_CHECKED_MEMORY);
    /* Told to forget, the machine may yet ask the stick. */
    world->disk->kept = 0;
    world->disk->fake_from = 30000;
    other.seed = 3;
    assert_err(try_write_bytes(stick, &other, vl_buf_bytes(&items), vl_buf_bytes(&leaves), &how,
                               &why),
               VL_ERR_UNVERIFIED, &why);
    vl_stick_close(stick);
}

/* --- watching and stopping -------------------------------------------------------------------- */

struct watched {
    uint64_t last[2];
    uint64_t total[2];
    size_t calls;
    long stop_at; /* negative: never */
    long asked;
};

static void moved(void *self, enum vl_bag_doing doing, uint64_t bytes, uint64_t total)
{
    struct watched *watched = self;

    watched->calls++;
    watched->last[doing] = bytes;
    watched->total[doing] = total;
}

static bool stop(void *self)
{
    struct watched *watched = self;

    return watched->stop_at >= 0 && watched->asked++ == watched->stop_at;
}

static void whoever_watches_sees_all_of_it(void **state)
{
    struct world *world = *state;
    struct watched watched = {.stop_at = -1};
    struct recipe recipe = {.seed = 1,
                            .item_count = 40,
                            .item_len = 1000000,
                            .leaves_len = 100,
                            .watch = {moved, stop, &watched}};

    write_bag(world, maker_a, &recipe);
    assert_int_equal(watched.last[VL_BAG_WRITING], 40000000);
    assert_int_equal(watched.total[VL_BAG_WRITING], 40000000);
    assert_int_equal(watched.last[VL_BAG_CHECKING], sizeof(struct test_list));
    /* Durable in steps, and read back in steps. */
    assert_true(watched.calls > 40);
    assert_readable(world, &recipe);
}

static void one_who_stops_it_leaves_nothing(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_why why = {""};
    char path[128];
    long stops = 0;

    for (;; stops++) {
        struct watched watched = {.stop_at = stops};
        struct recipe recipe = plain;
        enum vl_err err;

        recipe.watch = (struct vl_bag_watch){NULL, stop, &watched};
        err = try_write(stick, &recipe, &why);
        if (!err)
            break;
        assert_err(err, VL_ERR_INTERRUPTED, &why);
        assert_false(world_has(world, in_bag(1, "", path)));
    }
    assert_int_equal(stops, 20 + 3); /* items, and what is read back: a segment, leaves, the list */
    vl_stick_close(stick);
}

/* --- the readme ------------------------------------------------------------------------------- */

static void somebody_elses_readme_stays(void **state)
{
    struct world *world = *state;

    world_put(world, "VALISE/README.txt", VL_LITERAL("in another language"));
    write_bag(world, maker_a, &plain);
    {
        VL_AUTO(vl_buf_release) struct vl_buf text = world_get(world, "VALISE/README.txt");

        assert_bytes(vl_buf_bytes(&text), VL_LITERAL("in another language"));
    }
    world_put(world, "VALISE/README.txt", VL_BYTES_NONE); /* a power cut */
    world_put(world, "VALISE/readme.tmp", VL_LITERAL("half of"));
    write_bag(world, maker_a, &(struct recipe){.seed = 2});
    {
        VL_AUTO(vl_buf_release) struct vl_buf text = world_get(world, "VALISE/README.txt");

        assert_bytes(vl_buf_bytes(&text), vl_stick_readme);
        assert_false(world_has(world, "VALISE/readme.tmp"));
    }
}

/* --- faults ----------------------------------------------------------------------------------- */

/* Each call to the stick fails once: nothing is half there, and nothing of others is touched. */
static void a_failure_at_any_call_leaves_nothing(void **state)
{
    static const int codes[] = {EIO, ENOSPC, EROFS, ENOMEM};
    struct world *world = *state;
    char path[128];

    write_bag(world, maker_b, &(struct recipe){.seed = 9, .item_count = 1, .item_len = 10});
    leave_unfinished(world, maker_b, 8);
    for (size_t c = 0; c < sizeof codes / sizeof *codes; c++) {
        for (long at = 0;; at++) {
            struct recipe recipe = {
                .seed = 1, .item_count = 3, .item_len = 500, .leaves_len = 9, .segment_max = 1000};
            struct vl_stick *stick = open_stick(world, maker_a);
            struct vl_why why = {""};
            bool reached;
            enum vl_err err;

            world->disk->ops = 0;
            world->disk->fail_at = at;
            world->disk->fail_code = codes[c];
            err = try_write(stick, &recipe, &why);
            reached = world->disk->ops > at;
            world->disk->fail_at = -1;
            if (err) {
                struct vl_stick_swept swept;

                if (err == VL_ERR_INTERNAL || why.text[0] == '\0')
                    fail_msg("call %ld: %s: %s", at, vl_err_name(err), why.text);
                /* What could not be taken away at once is this maker's. */
                assert_err(vl_stick_sweep(stick, &swept, &why), VL_OK, &why);
                assert_int_equal(swept.others, 1);
            } else {
                uint8_t id[VL_BAG_ID_LEN];

                assert_err(try_read(stick, &recipe, &why), VL_OK, &why);
                id_of(1, id);
                assert_err(vl_stick_remove(stick, id, &why), VL_OK, &why);
            }
            assert_false(world_has(world, in_bag(1, "", path)));
            vl_stick_close(stick);
            if (!reached)
                break;
        }
    }
    assert_readable(world, &(struct recipe){.seed = 9, .item_count = 1, .item_len = 10});
    assert_true(world_has(world, in_bag(8, "000001.bundles", path)));
}

static void a_stick_pulled_out_is_said_to_be_gone(void **state)
{
    struct world *world = *state;
    struct vl_stick *stick = open_stick(world, maker_a);
    struct vl_why why = {""};

    world->disk->ops = 0;
    world->disk->fail_at = 30;
    world->disk->fail_ever = true;
    world->disk->fail_code = ENODEV;
    assert_err(try_write(stick, &plain, &why), VL_ERR_IO, &why);
    assert_non_null(strstr(why.text, "the stick is gone"));
    assert_true(vl_stick_is_gone(stick));
    vl_stick_close(stick);
    world->disk->fail_ever = false;
    disk_cut(world->disk, 0);
}

static void a_stick_that_takes_little_at_a_time_is_fine(void **state)
{
    struct world *world = *state;

    world->disk->most = 7;
    write_bag(world, maker_a, &plain);
    assert_readable(world, &plain);
}

struct allocating {
    struct world *world;
    vl_bytes items, leaves;
};
static enum vl_err write_and_remove(void *self, struct vl_why *why)
{
    const struct allocating *all = self;
    struct vl_stick *stick = NULL;
    const struct recipe recipe = {
        .seed = 1, .item_count = 30, .item_len = 100, .leaves_len = 50, .segment_max = 300};
    enum vl_bag_checked how;
    uint8_t id[VL_BAG_ID_LEN];
    enum vl_err err = vl_stick_open(&all->world->fs, all->world->path, maker_a, &stick, why);

    if (err)
        return err;
    err = try_write_bytes(stick, &recipe, all->items, all->leaves, &how, why);
    id_of(1, id);
    if (!err)
        err = vl_stick_remove(stick, id, why);
    vl_stick_close(stick);
    vl_alloc_fail_after(-1);
    if (walk(all->world, NULL, 1, NULL).count > 0)
        return vl_fail(why, VL_ERR_INTERNAL, "something was left");
    return err;
}

static void every_allocation_of_a_writer_fails_once(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf items = bytes_of(1, 3000);
    VL_AUTO(vl_buf_release) struct vl_buf leaves = bytes_of(2, 50);
    struct allocating all = {*state, vl_buf_bytes(&items), vl_buf_bytes(&leaves)};

    assert_true(each_allocation_fails(write_and_remove, &all) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        EACH(a_bag_comes_back_as_it_was_written),
        EACH(there_is_no_bag_before_its_list),
        EACH(what_is_not_committed_is_gone),
        EACH(an_item_is_never_split),
        EACH(an_item_longer_than_a_segment_is_refused),
        cmocka_unit_test(a_file_of_four_gib_is_too_long_for_fat),
        EACH(segments_beyond_the_limit_are_refused),
        EACH(calls_out_of_order_are_faults),
        EACH(a_list_is_neither_empty_nor_too_long),
        EACH(leaves_have_a_limit),
        EACH(one_bag_is_not_written_over_another),
        EACH(bags_of_many_offices_lie_side_by_side),
        ON(a_folder_swept_before_its_mark_is_made_again, WORLD_REAL, "in a folder"),
        EACH_DISK(what_does_not_fit_is_not_begun),
        EACH_DISK(what_was_said_to_be_needed_is_enough),
        EACH_DISK(a_stick_that_fills_up_is_left_as_it_was),
        EACH_DISK(too_large_a_file_is_no_space),
        EACH_DISK(a_stick_that_is_read_only_is_told_apart),
        EACH_DISK(one_that_is_forbidden_is_too),
        EACH(without_a_maker_nothing_is_written),
        cmocka_unit_test(a_missing_stick_is_not_found),
        EACH_DISK(a_stick_that_keeps_less_than_it_says_is_found_out),
        EACH_DISK(where_memory_cannot_be_passed_it_says_so),
        EACH(whoever_watches_sees_all_of_it),
        EACH(one_who_stops_it_leaves_nothing),
        EACH(somebody_elses_readme_stays),
        EACH_DISK(a_failure_at_any_call_leaves_nothing),
        EACH_DISK(a_stick_pulled_out_is_said_to_be_gone),
        EACH_DISK(a_stick_that_takes_little_at_a_time_is_fine),
        EACH(every_allocation_of_a_writer_fails_once),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
