/* SPDX-License-Identifier: Apache-2.0 */
/* tests/stick/sticks.h: sticks of every kind, and bags made from a seed. */
#ifndef VL_TESTS_STICK_STICKS_H
#define VL_TESTS_STICK_STICKS_H

#include "support.h"

#include <errno.h>
#include <fcntl.h>
#include <ftw.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "disk.h"
#include "stick/bag.h"
#include "stick/stick.h"

/* A stick in memory with the rules of a file system, or a folder of this machine. */
struct world {
    struct disk *disk; /* NULL: the folder */
    struct vl_stick_fs fs;
    char path[64];
};

enum world_kind { WORLD_POSIX, WORLD_FAT32, WORLD_EXFAT, WORLD_REAL };

static const uint8_t maker_a[VL_BAG_ID_LEN] = "maker a: 16 byt";
static const uint8_t maker_b[VL_BAG_ID_LEN] = "maker b: 16 byt";

static inline struct world *world_new(enum world_kind kind)
{
    struct world *world = calloc(1, sizeof *world);

    assert_non_null(world);
    if (kind == WORLD_REAL) {
        (void)snprintf(world->path, sizeof world->path, "%s/valise-stick-XXXXXX",
                       access("/dev/shm", W_OK) == 0 ? "/dev/shm" : "/tmp");
        assert_non_null(mkdtemp(world->path));
        world->fs = vl_stick_fs_posix;
        return world;
    }
    world->disk = disk_new(kind == WORLD_POSIX   ? DISK_POSIX
                           : kind == WORLD_FAT32 ? DISK_FAT32
                                                 : DISK_EXFAT);
    world->fs = disk_fs(world->disk);
    (void)snprintf(world->path, sizeof world->path, "/stick");
    return world;
}

static inline int remove_one(const char *path, const struct stat *is, int kind, struct FTW *where)
{
    (void)is;
    (void)kind;
    (void)where;
    return remove(path);
}

static inline void world_free(struct world *world)
{
    if (world->disk) {
        const size_t open = disk_open_handles(world->disk);

        disk_free(world->disk);
        assert_int_equal(open, 0);
    } else {
        (void)nftw(world->path, remove_one, 16, FTW_DEPTH | FTW_PHYS);
    }
    free(world);
}

static inline void real_path(const struct world *world, const char *name, char out[256])
{
    (void)snprintf(out, 256, "%s/%s", world->path, name);
}

static inline void world_put(struct world *world, const char *name, vl_bytes bytes)
{
    char path[256];
    int fd;

    if (world->disk) {
        disk_put(world->disk, name, bytes);
        return;
    }
    real_path(world, name, path);
    for (char *slash = path + strlen(world->path) + 1; (slash = strchr(slash, '/')) != NULL;) {
        *slash = '\0';
        (void)mkdir(path, 0777);
        *slash++ = '/';
    }
    fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0666);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.ptr, bytes.len), bytes.len);
    assert_int_equal(close(fd), 0);
}

static inline void world_put_folder(struct world *world, const char *name)
{
    char path[256];

    if (world->disk) {
        disk_put_folder(world->disk, name);
        return;
    }
    real_path(world, name, path);
    assert_int_equal(mkdir(path, 0777), 0);
}

static inline bool world_has(struct world *world, const char *name)
{
    char path[256];
    struct stat is;

    if (world->disk)
        return disk_has(world->disk, name);
    real_path(world, name, path);
    return lstat(path, &is) == 0;
}

static inline struct vl_buf world_get(struct world *world, const char *name)
{
    struct vl_buf out = VL_BUF_INIT(SIZE_MAX);
    char path[256];

    if (!world->disk) {
        real_path(world, name, path);
        return file(path);
    }
    assert_int_equal(vl_buf_put(&out, disk_get(world->disk, name)), VL_OK);
    return out;
}

static inline void world_flip(struct world *world, const char *name, size_t at)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = world_get(world, name);

    bytes.data[at] ^= 1;
    world_put(world, name, vl_buf_bytes(&bytes));
}

static inline struct vl_stick *open_stick(struct world *world, const uint8_t *maker)
{
    struct vl_stick *stick = NULL;
    struct vl_why why = {""};

    assert_err(vl_stick_open(&world->fs, world->path, maker, &stick, &why), VL_OK, &why);
    return stick;
}

/* --- bags ------------------------------------------------------------------------------------- */

/* What a bag is made of; the same for the same seed. */
struct recipe {
    uint64_t seed;
    size_t item_count, item_len;
    size_t leaves_len;
    uint64_t segment_max;
    struct vl_bag_watch watch;
};

static inline void id_of(uint64_t seed, uint8_t id[VL_BAG_ID_LEN])
{
    uint8_t hash[VL_HASH_LEN];

    vl_sha256(vl_bytes_of(&seed, sizeof seed), hash);
    memcpy(id, hash, VL_BAG_ID_LEN);
}

/* "VALISE/bags/BAG/name" */
static inline const char *in_bag(uint64_t seed, const char *name, char out[128])
{
    uint8_t id[VL_BAG_ID_LEN];
    char bag[VL_BAG_NAME];

    id_of(seed, id);
    (void)snprintf(out, 128, "VALISE/bags/%s%s%s", vl_bag_name(id, bag), *name ? "/" : "", name);
    return out;
}

/* Where the maker's mark of a bag stands. */
static inline const char *mark_of(uint64_t seed, const uint8_t *maker, char out[128])
{
    uint8_t id[VL_BAG_ID_LEN];
    char mark[VL_BAG_MAKER_NAME];

    id_of(seed, id);
    return in_bag(seed, vl_bag_maker_name(maker, id, mark), out);
}

static inline struct vl_buf bytes_of(uint64_t seed, size_t len)
{
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, seed);
    struct vl_buf out = VL_BUF_INIT(SIZE_MAX);
    uint8_t *at = NULL;

    assert_int_equal(vl_buf_add(&out, len, &at), VL_OK);
    if (len)
        assert_int_equal(vl_rng_fill(&rng, at, len), VL_OK);
    return out;
}

/* In these tests a list is what the writer said of the segments and the leaves, and a hash of it.
 */
struct test_list {
    size_t count;
    struct vl_bag_segment at[16];
    bool has_leaves;
    uint8_t leaves[VL_HASH_LEN];
    uint8_t hash[VL_HASH_LEN];
};

static inline void fill_list(struct test_list *list, const struct vl_bag_segment *segments,
                             size_t count, bool has_leaves, vl_bytes leaves)
{
    memset(list, 0, sizeof *list);
    assert_true(count <= 16);
    list->count = count;
    if (count)
        memcpy(list->at, segments, count * sizeof *segments);
    list->has_leaves = has_leaves;
    vl_sha256(leaves, list->leaves);
    vl_sha256(vl_bytes_of(list, offsetof(struct test_list, hash)), list->hash);
}

static inline bool read_list(vl_bytes bytes, struct test_list *list)
{
    uint8_t hash[VL_HASH_LEN];

    if (bytes.len != sizeof *list)
        return false;
    memcpy(list, bytes.ptr, bytes.len);
    vl_sha256(vl_bytes_of(list, offsetof(struct test_list, hash)), hash);
    return memcmp(hash, list->hash, sizeof hash) == 0;
}

static inline struct vl_bag_plan plan_of(const struct recipe *recipe)
{
    struct vl_bag_plan plan = {.total_bytes = recipe->item_count * recipe->item_len,
                               .leaves_len = recipe->leaves_len,
                               .segment_max = recipe->segment_max,
                               .watch = recipe->watch};

    id_of(recipe->seed, plan.id);
    return plan;
}

static inline enum vl_err write_items(struct vl_bag_writer *writer, const struct recipe *recipe,
                                      vl_bytes items, struct vl_why *why)
{
    struct vl_sink sink = vl_bag_sink(writer);
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < recipe->item_count; i++) {
        const vl_bytes item =
            vl_bytes_first(vl_bytes_after(items, i * recipe->item_len), recipe->item_len);

        err = vl_bag_begin_item(writer, item.len, NULL, NULL, why);
        if (!err)
            err = sink.put(sink.self, vl_bytes_first(item, item.len / 3), why);
        if (!err)
            err = sink.put(sink.self, vl_bytes_after(item, item.len / 3), why);
    }
    return err;
}

/* items and leaves: bytes_of(recipe->seed, ...), made by the caller, for allocations may fail. */
static inline enum vl_err try_write_bytes(struct vl_stick *stick, const struct recipe *recipe,
                                          vl_bytes items, vl_bytes leaves, enum vl_bag_checked *how,
                                          struct vl_why *why)
{
    const struct vl_bag_plan plan = plan_of(recipe);
    const struct vl_bag_segment *segments = NULL;
    struct vl_bag_writer *writer = NULL;
    struct test_list list;
    size_t count = 0;
    enum vl_err err = vl_bag_writer_new(stick, &plan, &writer, why);

    if (!err)
        err = write_items(writer, recipe, items, why);
    if (!err)
        err = vl_bag_finish_segments(writer, &segments, &count, why);
    if (!err && recipe->leaves_len)
        err = vl_bag_put_leaves(writer, leaves, why);
    if (!err) {
        fill_list(&list, segments, count, recipe->leaves_len > 0, leaves);
        err = vl_bag_commit(writer, vl_bytes_of(&list, sizeof list), how, why);
    }
    vl_bag_writer_free(writer);
    return err;
}

static inline enum vl_err try_write(struct vl_stick *stick, const struct recipe *recipe,
                                    struct vl_why *why)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf items = bytes_of(recipe->seed, recipe->item_count * recipe->item_len);
    VL_AUTO(vl_buf_release) struct vl_buf leaves = bytes_of(~recipe->seed, recipe->leaves_len);
    enum vl_bag_checked how;

    return try_write_bytes(stick, recipe, vl_buf_bytes(&items), vl_buf_bytes(&leaves), &how, why);
}

static inline void write_bag(struct world *world, const uint8_t *maker, const struct recipe *recipe)
{
    struct vl_stick *stick = open_stick(world, maker);
    struct vl_why why = {""};

    assert_err(try_write(stick, recipe, &why), VL_OK, &why);
    vl_stick_close(stick);
}

/* Begin a bag, and be killed. */
static inline void leave_unfinished(struct world *world, const uint8_t *maker, uint64_t seed)
{
    char path[128];

    world_put(world, mark_of(seed, maker, path), VL_BYTES_NONE);
    world_put(world, in_bag(seed, "000001.bundles", path), VL_LITERAL("half of a"));
}

static inline enum vl_err read_segment(struct vl_bag *bag, const struct vl_bag_segment *said,
                                       size_t piece, struct vl_buf *out, struct vl_why *why)
{
    struct vl_bag_in *in = NULL;
    size_t got = 1;
    enum vl_err err = vl_bag_in_open(bag, said, &in, why);

    while (!err && got > 0) {
        uint8_t *at;

        err = vl_buf_add(out, piece, &at);
        if (err)
            break;
        got = 0;
        err = vl_bag_in_read(in, (vl_room){at, piece}, &got, why);
        out->len -= piece - got;
    }
    vl_bag_in_close(in);
    return err;
}

/* Read all of a bag that is finished, and compare it with what its recipe makes. */
static inline enum vl_err try_read(struct vl_stick *stick, const struct recipe *recipe,
                                   struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(SIZE_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf list_bytes = VL_BUF_INIT(VL_BAG_MAX_LIST);
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_BAG_MAX_LEAVES);
    struct test_list list = {0};
    struct vl_bag *bag = NULL;
    uint8_t id[VL_BAG_ID_LEN], hash[VL_HASH_LEN];
    enum vl_err err;

    id_of(recipe->seed, id);
    err = vl_bag_open(stick, id, &bag, why);
    if (!err)
        err = vl_bag_list(bag, &list_bytes, why);
    if (!err && !read_list(vl_buf_bytes(&list_bytes), &list))
        err = vl_fail(why, VL_ERR_UNVERIFIED, "the list is none");
    if (!err && list.has_leaves)
        err = vl_bag_leaves(bag, &leaves, why);
    vl_sha256(vl_buf_bytes(&leaves), hash);
    if (!err && list.has_leaves && memcmp(hash, list.leaves, sizeof hash) != 0)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "the leaves are others");
    for (size_t i = 0; !err && i < list.count; i++)
        err = read_segment(bag, &list.at[i], 1000, &got, why);
    vl_bag_close(bag);
    if (!err) {
        VL_AUTO(vl_buf_release)
        struct vl_buf items = bytes_of(recipe->seed, recipe->item_count * recipe->item_len);

        assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&items));
    }
    return err;
}

static inline void assert_readable(struct world *world, const struct recipe *recipe)
{
    struct vl_stick *stick = open_stick(world, NULL);
    struct vl_why why = {""};

    assert_err(try_read(stick, recipe, &why), VL_OK, &why);
    vl_stick_close(stick);
}

/* What a walk sees of one bag, and of all. */
struct sights {
    uint8_t id[VL_BAG_ID_LEN];
    size_t count, finished, unfinished, empty, own, failed;
    bool found;
    struct vl_bag_seen seen; /* the one with this id; its list is gone */
    bool sorted;
    uint8_t last[VL_BAG_ID_LEN];
};

static inline enum vl_err see(void *self, const struct vl_bag_seen *seen, struct vl_why *why)
{
    struct sights *sights = self;

    (void)why;
    if (sights->count++ && memcmp(sights->last, seen->id, VL_BAG_ID_LEN) >= 0)
        fail_msg("the walk does not go up");
    memcpy(sights->last, seen->id, VL_BAG_ID_LEN);
    sights->finished += seen->state == VL_BAG_FINISHED;
    sights->unfinished += seen->state == VL_BAG_UNFINISHED;
    sights->empty += seen->state == VL_BAG_EMPTY;
    sights->own += seen->is_own;
    sights->failed += seen->err != VL_OK;
    if (memcmp(sights->id, seen->id, VL_BAG_ID_LEN) == 0) {
        sights->found = true;
        sights->seen = *seen;
    }
    return VL_OK;
}

static inline struct sights walk(struct world *world, const uint8_t *maker, uint64_t seed,
                                 struct vl_stick_walked *walked)
{
    struct vl_stick *stick = open_stick(world, maker);
    struct sights sights = {0};
    struct vl_stick_walked unseen;
    struct vl_why why = {""};

    id_of(seed, sights.id);
    assert_err(vl_stick_walk(stick, NULL, see, &sights, walked ? walked : &unseen, &why), VL_OK,
               &why);
    vl_stick_close(stick);
    return sights;
}

/* The state of each test is a struct world. */
static inline int enter_world(void **state)
{
    *state = world_new((enum world_kind)(uintptr_t)*state);
    return 0;
}
static inline int leave_world(void **state)
{
    world_free(*state);
    return 0;
}

/* clang-format off */
#define ON(function, kind, words)                                                                  \
    {#function " " words, function, enter_world, leave_world, (void *)(uintptr_t)(kind)}
#define EACH_DISK(function)                                                                        \
    ON(function, WORLD_POSIX, "with POSIX rules"), ON(function, WORLD_FAT32, "with FAT32 rules"),  \
        ON(function, WORLD_EXFAT, "with exFAT rules")
#define EACH(function) EACH_DISK(function), ON(function, WORLD_REAL, "in a folder")
/* clang-format on */

#endif
