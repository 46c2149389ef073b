/* SPDX-License-Identifier: Apache-2.0 */
/* record/tile.h: one path for one tile, tiles of every size, and every proof from them. */
#include "logs.h"

static void a_path_is_written_and_read_one_way(void **state)
{
    static const struct {
        const char *path;
        struct vl_tile_at at;
    } rows[] = {
        {"tile/0/005", {false, 0, 5, 256}},
        {"tile/0/x001/000", {false, 0, 1000, 256}},
        {"tile/0/x001/x234/067", {false, 0, 1234067, 256}},
        {"tile/0/x001/x234/067.p/44", {false, 0, 1234067, 44}},
        {"tile/63/000.p/255", {false, 63, 0, 255}},
        {"tile/entries/000.p/1", {true, 0, 0, 1}},
        {"tile/entries/x036/x028/x797/x018/x963/967", {true, 0, UINT64_C(36028797018963967), 256}},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        char path[VL_TILE_PATH];
        struct vl_tile_at at;

        assert_string_equal(vl_tile_path(&rows[i].at, path), rows[i].path);
        assert_int_equal(vl_tile_path_parse(vl_bytes_str(rows[i].path), &at), VL_OK);
        assert_int_equal(at.is_entries, rows[i].at.is_entries);
        assert_int_equal(at.level, rows[i].at.level);
        assert_true(at.index == rows[i].at.index);
        assert_int_equal(at.width, rows[i].at.width);
    }
}

static void any_other_path_is_refused(void **state)
{
    static const char *const rows[] = {
        "",
        "tile",
        "tile/",
        "tile/0",
        "tile/0/",
        "tile/0/5",
        "tile/0/05",
        "tile/0/0005",
        "/tile/0/005",
        "tile/0/005/",
        "tile//005",
        "tile/00/005",
        "tile/64/000",
        "tile/-1/000",
        "tile/0/x000/005",
        "tile/0/x001/5",
        "tile/0/001/005",
        "tile/0/x01/005",
        "tile/0/X001/005",
        "tile/0/x001",
        "tile/0/x001/",
        "tile/0/005.p",
        "tile/0/005.p/",
        "tile/0/005.p/0",
        "tile/0/005.p/256",
        "tile/0/005.p/044",
        "tile/0/005.p/44/",
        "tile/0/x005.p/44/001",
        "tile/0/005.p/+4",
        "tile/entry/005",
        "tile/0/../005",
        "tile/0/005.q/44",
        "tile/0/ 05",
        "tile/0/x999/x999/x999/x999/x999/x999/999",
        "tiles/0/005",
        "tile/0/005%2ep/44",
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct vl_tile_at at;

        if (vl_tile_path_parse(vl_bytes_str(rows[i]), &at) != VL_ERR_FORMAT)
            fail_msg("%s was read", rows[i]);
    }
}

/* C2SP tlog-tiles: how many full tiles a level has, and how wide the partial one is. */
static void each_size_has_the_tiles_that_it_must(void **state)
{
    static const struct {
        uint64_t size;
        unsigned level;
        uint64_t full;
        unsigned partial;
    } rows[] = {
        {1, 0, 0, 1},         {1, 1, 0, 0},       {255, 0, 0, 255},   {256, 0, 1, 0},
        {256, 1, 0, 1},       {257, 0, 1, 1},     {257, 1, 0, 1},     {65535, 0, 255, 255},
        {65535, 1, 0, 255},   {65535, 2, 0, 0},   {65536, 0, 256, 0}, {65536, 1, 1, 0},
        {65536, 2, 0, 1},     {65537, 0, 256, 1}, {65537, 1, 1, 0},   {65537, 2, 0, 1},
        {70000, 0, 273, 112}, {70000, 1, 1, 17},  {70000, 2, 0, 1},   {70000, 3, 0, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        assert_int_equal(vl_tile_width(rows[i].size, rows[i].level, rows[i].full), rows[i].partial);
        assert_int_equal(vl_tile_width(rows[i].size, rows[i].level, rows[i].full + 1), 0);
        if (rows[i].full > 0)
            assert_int_equal(vl_tile_width(rows[i].size, rows[i].level, rows[i].full - 1), 256);
    }
    assert_int_equal(vl_tile_width(UINT64_MAX, 8, 0), 0);
}

/* A log grows with a checkpoint at each of these sizes, in a writer that starts anew each time. */
static void every_root_and_proof_comes_from_tiles(void **state)
{
    static const uint64_t sizes[] = {0,   1,   2,    3,     255,   256,   257,
                                     511, 512, 1000, 65535, 65536, 65537, 70000};
    const size_t size_count = sizeof sizes / sizeof *sizes;
    VL_AUTO(shelf_release) struct shelf shelf = {NULL, 0, 0};
    const struct vl_tile_source source = {shelf_get, &shelf};
    const struct vl_tile_sink sink = {shelf_put, &shelf};
    static struct vl_tile_writer writer;
    static struct vl_tile_reader reader;
    uint8_t roots[14][VL_HASH_LEN], leaf[VL_HASH_LEN];
    struct vl_tree tree = VL_TREE_INIT;
    struct vl_why why = {""};
    uint64_t next = 0;

    (void)state;
    vl_tile_writer_begin(&writer, sink);
    for (size_t s = 0; s < size_count; s++) {
        uint8_t root[VL_HASH_LEN];

        memset(&writer, 0xee, sizeof writer);
        assert_err(vl_tile_writer_resume(&writer, sink, &source, next, &why), VL_OK, &why);
        for (; next < sizes[s]; next++) {
            leaf_of(next, leaf);
            vl_tree_add(&tree, leaf);
            assert_err(vl_tile_writer_add(&writer, leaf, &why), VL_OK, &why);
        }
        assert_err(vl_tile_writer_put_partial(&writer, &why), VL_OK, &why);
        vl_tree_root(&tree, roots[s]);
        vl_tile_writer_root(&writer, root);
        assert_memory_equal(root, roots[s], VL_HASH_LEN);
    }
    assert_true(shelf_has(&shelf, "tile/0/272") && shelf_has(&shelf, "tile/0/273.p/112") &&
                shelf_has(&shelf, "tile/1/001.p/17") && shelf_has(&shelf, "tile/2/000.p/1"));
    for (size_t s = 0; s < size_count; s++) {
        struct vl_tree_nodes nodes;
        uint8_t root[VL_HASH_LEN];
        struct vl_tree_path path;

        vl_tile_reader_begin(&reader, source, sizes[s]);
        nodes = vl_tile_nodes(&reader);
        assert_err(vl_tree_nodes_hash(&nodes, 0, sizes[s], root, &why), VL_OK, &why);
        assert_memory_equal(root, roots[s], VL_HASH_LEN);
        for (uint64_t index = 0; index < sizes[s]; index += sizes[s] / 23 + 1) {
            leaf_of(index, leaf);
            assert_err(vl_tree_nodes_path(&nodes, sizes[s], index, &path, &why), VL_OK, &why);
            assert_int_equal(vl_tree_verify(leaf, index, sizes[s], &path, roots[s]), VL_OK);
        }
        for (size_t old = 1; old <= s; old++) {
            assert_err(vl_tree_nodes_consistency(&nodes, sizes[old], sizes[s], &path, &why), VL_OK,
                       &why);
            assert_int_equal(vl_tree_verify_consistency(sizes[old], roots[old], sizes[s], roots[s],
                                                        &path),
                             VL_OK);
        }
    }
}

static void a_proof_reads_few_tiles(void **state)
{
    VL_AUTO(shelf_release) struct shelf shelf = {NULL, 0, 0};
    const struct vl_tile_source source = {shelf_get, &shelf};
    static struct vl_tile_writer writer;
    static struct vl_tile_reader reader;
    struct vl_tree_nodes nodes;
    struct vl_tree_path path;
    uint8_t leaf[VL_HASH_LEN];

    (void)state;
    vl_tile_writer_begin(&writer, (struct vl_tile_sink){shelf_put, &shelf});
    for (uint64_t i = 0; i < 70000; i++) {
        leaf_of(i, leaf);
        assert_int_equal(vl_tile_writer_add(&writer, leaf, NULL), VL_OK);
    }
    assert_int_equal(vl_tile_writer_put_partial(&writer, NULL), VL_OK);
    vl_tile_reader_begin(&reader, source, 70000);
    nodes = vl_tile_nodes(&reader);
    shelf.reads = 0;
    assert_int_equal(vl_tree_nodes_path(&nodes, 70000, 12345, &path, NULL), VL_OK);
    assert_in_range(shelf.reads, 3, 5);
}

/* Asked about by turns, so many of the lowest level are read once, and one more each time. */
static void some_tiles_of_the_lowest_level_are_remembered(void **state)
{
    enum { SIZE = (VL_TILE_LOWEST + 1) * 256 };
    VL_AUTO(shelf_release) struct shelf shelf = {NULL, 0, 0};
    const struct vl_tile_source source = {shelf_get, &shelf};
    static struct vl_tile_writer writer;
    static struct vl_tile_reader reader;
    struct vl_tree_nodes nodes;
    struct vl_tree_path path;
    uint8_t leaf[VL_HASH_LEN], root[VL_HASH_LEN];

    (void)state;
    vl_tile_writer_begin(&writer, (struct vl_tile_sink){shelf_put, &shelf});
    for (uint64_t i = 0; i < SIZE; i++) {
        leaf_of(i, leaf);
        assert_int_equal(vl_tile_writer_add(&writer, leaf, NULL), VL_OK);
    }
    assert_int_equal(vl_tile_writer_put_partial(&writer, NULL), VL_OK);
    vl_tile_writer_root(&writer, root);
    vl_tile_reader_begin(&reader, source, SIZE);
    nodes = vl_tile_nodes(&reader);
    shelf.reads = 0;
    for (uint64_t round = 0; round < 3; round++)
        for (uint64_t i = 0; i < VL_TILE_LOWEST; i++) {
            const uint64_t index = i * 256 + 17 * round;

            assert_int_equal(vl_tree_nodes_path(&nodes, SIZE, index, &path, NULL), VL_OK);
            leaf_of(index, leaf);
            assert_int_equal(vl_tree_verify(leaf, index, SIZE, &path, root), VL_OK);
        }
    assert_int_equal(shelf.reads, VL_TILE_LOWEST + 1);
    assert_int_equal(vl_tree_nodes_path(&nodes, SIZE, SIZE - 256, &path, NULL), VL_OK);
    assert_int_equal(vl_tree_nodes_path(&nodes, SIZE, 0, &path, NULL), VL_OK);
    assert_int_equal(shelf.reads, VL_TILE_LOWEST + 1 + 2);
}

static void a_reader_of_a_tree_that_grows_reads_what_is_new(void **state)
{
    VL_AUTO(shelf_release) struct shelf shelf = {NULL, 0, 0};
    const struct vl_tile_source source = {shelf_get, &shelf};
    static struct vl_tile_writer writer;
    static struct vl_tile_reader reader;
    uint8_t leaf[VL_HASH_LEN], root[VL_HASH_LEN];
    uint64_t size = 0;

    (void)state;
    vl_tile_writer_begin(&writer, (struct vl_tile_sink){shelf_put, &shelf});
    vl_tile_reader_begin(&reader, source, 0);
    while (size < 2000) {
        const struct vl_tree_nodes nodes = vl_tile_nodes(&reader);
        struct vl_tree_path path;

        for (size_t i = 0; i < 97; i++) {
            leaf_of(size++, leaf);
            assert_int_equal(vl_tile_writer_add(&writer, leaf, NULL), VL_OK);
        }
        assert_int_equal(vl_tile_writer_put_partial(&writer, NULL), VL_OK);
        vl_tile_writer_root(&writer, root);
        vl_tile_reader_grow(&reader, size);
        shelf.reads = 0;
        for (uint64_t index = 0; index < size; index += 31) {
            assert_int_equal(vl_tree_nodes_path(&nodes, size, index, &path, NULL), VL_OK);
            leaf_of(index, leaf);
            assert_int_equal(vl_tree_verify(leaf, index, size, &path, root), VL_OK);
        }
        assert_in_range(shelf.reads, 1, 3); /* two of the lowest level, one of the next */
    }
}

static void a_tile_that_is_not_there_is_named(void **state)
{
    VL_AUTO(shelf_release) struct shelf shelf = {NULL, 0, 0};
    static struct vl_tile_writer writer;
    static struct vl_tile_reader reader;
    const struct vl_tile_source source = {shelf_get, &shelf};
    struct vl_tree_nodes nodes;
    uint8_t hash[VL_HASH_LEN];
    struct vl_why why = {""};

    (void)state;
    vl_tile_reader_begin(&reader, source, 300);
    nodes = vl_tile_nodes(&reader);
    assert_int_equal(vl_tree_nodes_hash(&nodes, 0, 300, hash, &why), VL_ERR_NOT_FOUND);
    assert_string_equal(why.text, "tile/1/000.p/1");
    assert_int_equal(nodes.node(nodes.self, 0, 300, hash, &why), VL_ERR_NOT_FOUND);
    assert_int_equal(nodes.node(nodes.self, 64, 0, hash, &why), VL_ERR_NOT_FOUND);
    assert_int_equal(nodes.node(nodes.self, 63, UINT64_MAX, hash, &why), VL_ERR_NOT_FOUND);
    assert_int_equal(vl_tile_writer_resume(&writer, (struct vl_tile_sink){shelf_put, &shelf},
                                           &source, 300, &why),
                     VL_ERR_NOT_FOUND);
}

static enum vl_err full_once(void *self, const struct vl_tile_at *at, vl_bytes hashes,
                             struct vl_why *why)
{
    int *fails = self;

    (void)at, (void)hashes;
    return (*fails)-- > 0 ? vl_fail(why, VL_ERR_NO_SPACE, "full") : VL_OK;
}

/* The same entry is added again when there is room. */
static void a_tile_that_cannot_be_kept_adds_nothing(void **state)
{
    static struct vl_tile_writer writer;
    uint8_t leaf[VL_HASH_LEN], wanted[VL_HASH_LEN], got[VL_HASH_LEN];
    struct vl_tree tree = VL_TREE_INIT;
    int fails = 1;

    (void)state;
    vl_tile_writer_begin(&writer, (struct vl_tile_sink){full_once, &fails});
    for (uint64_t i = 0; i < 256; i++) {
        leaf_of(i, leaf);
        vl_tree_add(&tree, leaf);
        if (i == 255)
            assert_int_equal(vl_tile_writer_add(&writer, leaf, NULL), VL_ERR_NO_SPACE);
        assert_int_equal(writer.size, i);
        assert_int_equal(vl_tile_writer_add(&writer, leaf, NULL), VL_OK);
    }
    vl_tree_root(&tree, wanted);
    vl_tile_writer_root(&writer, got);
    assert_memory_equal(got, wanted, VL_HASH_LEN);
}

static void a_bundle_has_the_entries_that_it_says(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_ENTRIES_MAX_LEN);
    static uint8_t large[VL_ENTRY_MAX_LEN + 1];
    vl_bytes entries[VL_TILE_WIDTH];
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_entries_put(VL_LITERAL("one"), &wire), VL_OK);
    assert_int_equal(vl_entries_put(VL_BYTES_NONE, &wire), VL_OK);
    assert_int_equal(vl_entries_put(vl_bytes_of(large, VL_ENTRY_MAX_LEN), &wire), VL_OK);
    assert_int_equal(vl_entries_put(VL_ARRAY(large), &wire), VL_ERR_LIMIT);
    assert_int_equal(wire.len, 5 + 2 + 2 + VL_ENTRY_MAX_LEN);
    assert_err(vl_entries_parse(vl_buf_bytes(&wire), 3, entries, &why), VL_OK, &why);
    assert_bytes(entries[0], VL_LITERAL("one"));
    assert_int_equal(entries[1].len, 0);
    assert_int_equal(entries[2].len, VL_ENTRY_MAX_LEN);
    assert_int_equal(vl_entries_parse(vl_buf_bytes(&wire), 2, entries, &why), VL_ERR_FORMAT);
    assert_int_equal(vl_entries_parse(vl_buf_bytes(&wire), 4, entries, &why), VL_ERR_FORMAT);
    assert_int_equal(vl_entries_parse(vl_buf_bytes(&wire), 0, entries, &why), VL_ERR_FORMAT);
    assert_int_equal(vl_entries_parse(vl_buf_bytes(&wire), 257, entries, &why), VL_ERR_FORMAT);
    for (size_t len = 0; len < 9; len++)
        assert_int_equal(vl_entries_parse(vl_bytes_first(vl_buf_bytes(&wire), len), 3, entries,
                                          &why),
                         VL_ERR_FORMAT);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_path_is_written_and_read_one_way),
        cmocka_unit_test(any_other_path_is_refused),
        cmocka_unit_test(each_size_has_the_tiles_that_it_must),
        cmocka_unit_test(every_root_and_proof_comes_from_tiles),
        cmocka_unit_test(a_proof_reads_few_tiles),
        cmocka_unit_test(some_tiles_of_the_lowest_level_are_remembered),
        cmocka_unit_test(a_reader_of_a_tree_that_grows_reads_what_is_new),
        cmocka_unit_test(a_tile_that_is_not_there_is_named),
        cmocka_unit_test(a_tile_that_cannot_be_kept_adds_nothing),
        cmocka_unit_test(a_bundle_has_the_entries_that_it_says),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
