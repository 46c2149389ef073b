/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "base/alloc.h"
#include "stick/bag_back.h"
#include "stick/inside.h"

#define BUFFER ((size_t)256 << 10)
/* Made durable together: so that what progress says is on the stick is there, and the wait at the
 * end is short. */
#define SYNC_EVERY   ((uint64_t)32 << 20)
#define FOLDER_TRIES 3
/* README.txt, four folders and their growth, the mark: a cluster each. */
#define SMALL_THINGS 10

struct vl_bag_writer {
    struct vl_stick *stick;
    struct vl_bag_plan plan;
    uint64_t segment_max;
    int folder; /* -1: it was not made */
    int file;   /* the segment being written, or -1 */
    char name[VL_BAG_NAME];
    uint8_t *buffer;
    size_t buffered;
    uint64_t item_left;
    uint64_t in_segment; /* bytes of it that were put */
    uint64_t unsynced, synced;
    struct vl_hasher hasher;
    struct vl_mac mac;
    struct vl_bag_segment *segments;
    struct vl_bag_echo *echoes; /* of each of them */
    size_t count, cap;
    struct vl_bag_back back;
    bool finished, has_leaves, is_read_back, committed;
    struct vl_bag_echo leaves_echo;
    enum vl_bag_checked checked;
    enum vl_err failed;
    struct vl_why failed_why;
};

/* --- space ------------------------------------------------------------------------------------ */

static uint64_t add(uint64_t a, uint64_t b)
{
    return a > UINT64_MAX - b ? UINT64_MAX : a + b;
}

static uint64_t segment_max(const struct vl_bag_plan *plan, const struct vl_stick_space *space)
{
    const uint64_t wanted = plan->segment_max ? plan->segment_max : VL_BAG_SEGMENT_MAX;

    return wanted < space->file_max ? wanted : space->file_max;
}

uint64_t vl_bag_need(const struct vl_bag_plan *plan, const struct vl_stick_space *space)
{
    const uint64_t max = segment_max(plan, space), cluster = space->cluster ? space->cluster : 1;
    /* Two neighbours are never both less than half full.  Each file loses less than a cluster, the
     * leaves and the list too. */
    const uint64_t files = 2 * (plan->total_bytes / (max ? max : 1)) + 1 + 2 + SMALL_THINGS;
    uint64_t lost;

    if (__builtin_mul_overflow(files, cluster, &lost))
        return UINT64_MAX;
    return add(add(plan->total_bytes, plan->leaves_len), add(lost, VL_BAG_MAX_LIST));
}

static enum vl_err check_space(struct vl_bag_writer *writer, struct vl_why *why)
{
    struct vl_stick_space space = {0};
    enum vl_err err = vl_stick_space(writer->stick, &space, why);
    uint64_t need;

    if (err)
        return err;
    if (space.read_only)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "the stick is read-only");
    need = vl_bag_need(&writer->plan, &space);
    if (need > space.free_bytes)
        return vl_fail(why, VL_ERR_NO_SPACE, "the stick has %llu bytes left, and %llu are needed",
                       (unsigned long long)space.free_bytes, (unsigned long long)need);
    writer->segment_max = segment_max(&writer->plan, &space);
    return VL_OK;
}

/* --- beginning and giving up ------------------------------------------------------------------ */

/* An empty folder may be swept by somebody else, until the mark is in it. */
static enum vl_err make_folder(struct vl_bag_writer *writer, struct vl_why *why)
{
    struct vl_stick *stick = writer->stick;
    const struct vl_stick_fs *fs = stick->fs;
    char mark[VL_BAG_MAKER_NAME];
    int code = ENOENT, file = -1;

    (void)vl_bag_maker_name(stick->maker, writer->plan.id, mark);
    for (int tries = 0; code == ENOENT && tries < FOLDER_TRIES; tries++) {
        vl_stick_close_handle(stick, &writer->folder);
        code = fs->make_folder(fs->self, stick->bags, writer->name);
        if (!code)
            code = fs->open_folder(fs->self, stick->bags, writer->name, &writer->folder);
        if (!code)
            code = fs->make_file(fs->self, writer->folder, mark, &file);
    }
    vl_stick_close_handle(stick, &file);
    if (!code)
        code = fs->sync_folder(fs->self, writer->folder);
    return code ? vl_stick_fail_write(stick, why, code, "making the bag's folder") : VL_OK;
}

static enum vl_err begin(struct vl_bag_writer *writer, struct vl_why *why)
{
    enum vl_err err;

    if (!writer->stick->has_maker)
        return vl_fail(why, VL_ERR_INTERNAL, "the stick was opened for reading");
    writer->buffer = vl_new(BUFFER);
    if (!writer->buffer)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to write a bag with");
    err = vl_bag_back_init(&writer->back, writer->stick, &writer->plan.watch, why);
    if (!err)
        err = check_space(writer, why);
    if (!err)
        err = vl_stick_make(writer->stick, why);
    return err ? err : make_folder(writer, why);
}

enum vl_err vl_bag_writer_new(struct vl_stick *stick, const struct vl_bag_plan *plan,
                              struct vl_bag_writer **out, struct vl_why *why)
{
    struct vl_bag_writer *writer = vl_new(sizeof *writer);
    enum vl_err err;

    if (!writer)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to write a bag with");
    writer->stick = stick;
    writer->plan = *plan;
    writer->folder = writer->file = -1;
    (void)vl_bag_name(plan->id, writer->name);
    err = begin(writer, why);
    if (err) {
        vl_bag_writer_free(writer);
        return err;
    }
    *out = writer;
    return VL_OK;
}

/* What cannot be removed now is swept when the stick comes back. */
static void give_up(const struct vl_bag_writer *writer)
{
    struct vl_why unsaid;

    if (vl_stick_remove(writer->stick, writer->plan.id, &unsaid) != VL_OK)
        return;
}

void vl_bag_writer_free(struct vl_bag_writer *writer)
{
    if (!writer)
        return;
    vl_stick_close_handle(writer->stick, &writer->file);
    if (writer->folder >= 0 && !writer->committed)
        give_up(writer);
    vl_stick_close_handle(writer->stick, &writer->folder);
    vl_hasher_release(&writer->hasher);
    vl_mac_release(&writer->mac);
    vl_bag_back_release(&writer->back);
    vl_free(writer->buffer);
    vl_free(writer->segments);
    vl_free(writer->echoes);
    vl_free(writer);
}

/* --- segments --------------------------------------------------------------------------------- */

static enum vl_err has_failed(const struct vl_bag_writer *writer, struct vl_why *why)
{
    return writer->failed ? vl_fail(why, writer->failed, "%s", writer->failed_why.text) : VL_OK;
}

/* The first failure is the one that stays. */
static enum vl_err latch(struct vl_bag_writer *writer, enum vl_err err, const struct vl_why *words,
                         struct vl_why *why)
{
    if (err && !writer->failed) {
        writer->failed = err;
        writer->failed_why = *words;
    }
    return has_failed(writer, why);
}

static struct vl_bag_segment *last(struct vl_bag_writer *writer)
{
    return &writer->segments[writer->count - 1];
}

static enum vl_err flush(struct vl_bag_writer *writer, struct vl_why *why)
{
    char name[VL_BAG_SEGMENT_NAME];
    const vl_bytes bytes = {writer->buffer, writer->buffered};

    writer->buffered = 0;
    vl_mac_put(&writer->mac, bytes);
    return vl_stick_put(writer->stick, writer->file,
                        vl_bag_segment_name(last(writer)->number, name), bytes, why);
}

static enum vl_err sync_segment(struct vl_bag_writer *writer, struct vl_why *why)
{
    const struct vl_bag_watch *watch = &writer->plan.watch;
    char name[VL_BAG_SEGMENT_NAME];
    enum vl_err err = flush(writer, why);
    int code;

    if (err)
        return err;
    code = writer->stick->fs->sync_file(writer->stick->fs->self, writer->file);
    if (code)
        return vl_stick_fail_write(writer->stick, why, code, "%s: making it durable",
                                   vl_bag_segment_name(last(writer)->number, name));
    writer->synced += writer->unsynced;
    writer->unsynced = 0;
    if (watch->moved)
        watch->moved(watch->self, VL_BAG_WRITING, writer->synced, writer->plan.total_bytes);
    return VL_OK;
}

static enum vl_err end_segment(struct vl_bag_writer *writer, struct vl_why *why)
{
    struct vl_bag_echo *echo;
    enum vl_err err;

    if (writer->file < 0)
        return VL_OK;
    err = sync_segment(writer, why);
    vl_stick_close_handle(writer->stick, &writer->file);
    if (err)
        return err;
    echo = &writer->echoes[writer->count - 1];
    last(writer)->length = echo->length = writer->in_segment;
    err = vl_hasher_end(&writer->hasher, last(writer)->sha256);
    if (!err)
        err = vl_mac_end(&writer->mac, echo->tag);
    return err ? vl_fail(why, err, "hashing a segment failed") : VL_OK;
}

static enum vl_err grow_segments(struct vl_bag_writer *writer)
{
    const size_t cap = writer->cap ? 2 * writer->cap : 8;
    void *segments = writer->segments, *echoes = writer->echoes;
    enum vl_err err =
        vl_grow(&segments, writer->cap * sizeof *writer->segments, cap * sizeof *writer->segments);

    writer->segments = segments;
    if (!err)
        err = vl_grow(&echoes, writer->cap * sizeof *writer->echoes, cap * sizeof *writer->echoes);
    writer->echoes = echoes;
    if (!err)
        writer->cap = cap;
    return err;
}

static enum vl_err begin_segment(struct vl_bag_writer *writer, struct vl_why *why)
{
    const struct vl_stick_fs *fs = writer->stick->fs;
    const unsigned number = (unsigned)writer->count + 1;
    const struct vl_rng rng = vl_rng_system();
    struct vl_bag_echo *echo;
    char name[VL_BAG_SEGMENT_NAME];
    int code;

    if (writer->count == VL_BAG_MAX_SEGMENTS)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d segments in a bag", VL_BAG_MAX_SEGMENTS);
    if (writer->count == writer->cap && grow_segments(writer) != VL_OK)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for another segment");
    echo = &writer->echoes[writer->count];
    *echo = (struct vl_bag_echo){.length = 0};
    if (vl_mac_key_make(&echo->key, &rng, writer->plan.total_bytes) != VL_OK)
        return vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    code =
        fs->make_file(fs->self, writer->folder, vl_bag_segment_name(number, name), &writer->file);
    if (code)
        return vl_stick_fail_write(writer->stick, why, code, "%s: making it", name);
    writer->segments[writer->count++] = (struct vl_bag_segment){.number = number};
    writer->in_segment = 0;
    vl_hasher_begin_aside(&writer->hasher, writer->plan.total_bytes);
    vl_mac_begin(&writer->mac, &echo->key);
    return VL_OK;
}

static enum vl_err begin_item(struct vl_bag_writer *writer, uint64_t size, struct vl_why *why)
{
    const struct vl_bag_watch *watch = &writer->plan.watch;
    enum vl_err err = VL_OK;

    if (writer->finished || writer->item_left > 0)
        return vl_fail(why, VL_ERR_INTERNAL, "an item begins where none can");
    if (size > writer->segment_max)
        return vl_fail(why, VL_ERR_LIMIT, "an item of %llu bytes, and a segment has at most %llu",
                       (unsigned long long)size, (unsigned long long)writer->segment_max);
    if (watch->stop && watch->stop(watch->self))
        return vl_fail(why, VL_ERR_INTERRUPTED, "stopped while writing a bag");
    if (writer->file >= 0 && size > writer->segment_max - writer->in_segment)
        err = end_segment(writer, why);
    if (!err && writer->file < 0)
        err = begin_segment(writer, why);
    if (!err)
        writer->item_left = size;
    return err;
}

enum vl_err vl_bag_begin_item(struct vl_bag_writer *writer, uint64_t size, unsigned *segment,
                              uint64_t *offset, struct vl_why *why)
{
    struct vl_why words = {""};
    enum vl_err err = has_failed(writer, why);

    if (!err)
        err = latch(writer, begin_item(writer, size, &words), &words, why);
    if (!err && segment)
        *segment = last(writer)->number;
    if (!err && offset)
        *offset = writer->in_segment;
    return err;
}

static enum vl_err put(struct vl_bag_writer *writer, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (bytes.len > writer->item_left)
        return vl_fail(why, VL_ERR_INTERNAL, "an item is longer than it was to be");
    if (bytes.len > 0)
        vl_hasher_put(&writer->hasher, bytes);
    writer->item_left -= bytes.len;
    writer->in_segment += bytes.len;
    writer->unsynced += bytes.len;
    while (!err && bytes.len > 0) {
        const vl_bytes piece = vl_bytes_first(bytes, BUFFER - writer->buffered);

        memcpy(writer->buffer + writer->buffered, piece.ptr, piece.len);
        writer->buffered += piece.len;
        bytes = vl_bytes_after(bytes, piece.len);
        if (writer->buffered == BUFFER)
            err = flush(writer, why);
    }
    if (!err && writer->unsynced >= SYNC_EVERY)
        err = sync_segment(writer, why);
    return err;
}

enum vl_err vl_bag_put(struct vl_bag_writer *writer, vl_bytes bytes, struct vl_why *why)
{
    struct vl_why words = {""};
    enum vl_err err = has_failed(writer, why);

    return err ? err : latch(writer, put(writer, bytes, &words), &words, why);
}

static enum vl_err sink_put(void *self, vl_bytes bytes, struct vl_why *why)
{
    return vl_bag_put(self, bytes, why);
}

struct vl_sink vl_bag_sink(struct vl_bag_writer *writer)
{
    return (struct vl_sink){sink_put, writer};
}

static enum vl_err sync_folder(struct vl_bag_writer *writer, struct vl_why *why)
{
    const int code = writer->stick->fs->sync_folder(writer->stick->fs->self, writer->folder);

    return code ? vl_stick_fail_write(writer->stick, why, code, "making the bag durable") : VL_OK;
}

static enum vl_err finish(struct vl_bag_writer *writer, struct vl_why *why)
{
    enum vl_err err;

    if (writer->finished || writer->item_left > 0)
        return vl_fail(why, VL_ERR_INTERNAL, "an item is shorter than it was to be");
    err = end_segment(writer, why);
    writer->finished = !err;
    return err;
}

enum vl_err vl_bag_finish_segments(struct vl_bag_writer *writer,
                                   const struct vl_bag_segment **segments, size_t *count,
                                   struct vl_why *why)
{
    struct vl_why words = {""};
    enum vl_err err = has_failed(writer, why);

    if (!err)
        err = latch(writer, finish(writer, &words), &words, why);
    *segments = err ? NULL : writer->segments;
    *count = err ? 0 : writer->count;
    return err;
}

/* --- leaves and list -------------------------------------------------------------------------- */

static enum vl_err put_leaves(struct vl_bag_writer *writer, vl_bytes leaves, struct vl_why *why)
{
    enum vl_err err;

    if (!writer->finished || writer->has_leaves || writer->is_read_back)
        return vl_fail(why, VL_ERR_INTERNAL, "leaves come once, behind the segments");
    if (leaves.len > VL_BAG_MAX_LEAVES)
        return vl_fail(why, VL_ERR_LIMIT, "%s: %zu bytes, and at most %zu are allowed",
                       VL_BAG_LEAVES, leaves.len, VL_BAG_MAX_LEAVES);
    err = vl_stick_write_small(writer->stick, writer->folder, VL_BAG_LEAVES, leaves, why);
    if (!err)
        err = vl_bag_echo_of(leaves, &writer->leaves_echo, why);
    writer->has_leaves = !err;
    return err;
}

enum vl_err vl_bag_put_leaves(struct vl_bag_writer *writer, vl_bytes leaves, struct vl_why *why)
{
    struct vl_why words = {""};
    enum vl_err err = has_failed(writer, why);

    return err ? err : latch(writer, put_leaves(writer, leaves, &words), &words, why);
}

static enum vl_err read_back(struct vl_bag_writer *writer, struct vl_why *why)
{
    char name[VL_BAG_SEGMENT_NAME];
    enum vl_err err = VL_OK;

    if (!writer->finished)
        return vl_fail(why, VL_ERR_INTERNAL, "a bag is read back before it is written");
    vl_bag_back_begin(&writer->back, add(writer->synced, writer->leaves_echo.length));
    for (size_t i = 0; !err && i < writer->count; i++) {
        (void)vl_bag_segment_name(writer->segments[i].number, name);
        err = vl_bag_back_check(&writer->back, writer->folder, name, &writer->echoes[i], why);
    }
    if (!err && writer->has_leaves)
        err = vl_bag_back_check(&writer->back, writer->folder, VL_BAG_LEAVES, &writer->leaves_echo,
                                why);
    writer->is_read_back = !err;
    writer->checked = writer->back.how;
    return err;
}

enum vl_err vl_bag_read_back(struct vl_bag_writer *writer, enum vl_bag_checked *how,
                             struct vl_why *why)
{
    struct vl_why words = {""};
    enum vl_err err = has_failed(writer, why);

    if (!err)
        err = latch(writer, read_back(writer, &words), &words, why);
    *how = writer->checked;
    return err;
}

/* The list gets its name when every other name of the bag is durable, and all of it was read back.
 */
static enum vl_err put_list(struct vl_bag_writer *writer, vl_bytes list, struct vl_why *why)
{
    const struct vl_stick_fs *fs = writer->stick->fs;
    struct vl_bag_echo echo;
    int code;
    enum vl_err err =
        vl_stick_write_small(writer->stick, writer->folder, VL_BAG_LIST_NEW, list, why);

    if (!err)
        err = vl_bag_echo_of(list, &echo, why);
    if (!err)
        err = sync_folder(writer, why);
    vl_bag_back_begin(&writer->back, list.len);
    if (!err)
        err = vl_bag_back_check(&writer->back, writer->folder, VL_BAG_LIST_NEW, &echo, why);
    if (!err && writer->back.how == VL_BAG_CHECKED_MEMORY)
        writer->checked = VL_BAG_CHECKED_MEMORY;
    if (err)
        return err;
    code = fs->rename(fs->self, writer->folder, VL_BAG_LIST_NEW, VL_BAG_LIST);
    if (code)
        return vl_stick_fail_write(writer->stick, why, code, "%s: giving it its name", VL_BAG_LIST);
    err = sync_folder(writer, why);
    return err ? err : vl_stick_sync_parents(writer->stick, why);
}

static enum vl_err commit(struct vl_bag_writer *writer, vl_bytes list, struct vl_why *why)
{
    const struct vl_stick_fs *fs = writer->stick->fs;
    char mark[VL_BAG_MAKER_NAME];
    enum vl_err err = VL_OK;

    if (writer->committed)
        return vl_fail(why, VL_ERR_INTERNAL, "a bag is finished once");
    if (list.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "%s: there is none", VL_BAG_LIST);
    if (list.len > VL_BAG_MAX_LIST)
        return vl_fail(why, VL_ERR_LIMIT, "%s: %zu bytes, and at most %zu are allowed", VL_BAG_LIST,
                       list.len, VL_BAG_MAX_LIST);
    if (!writer->is_read_back)
        err = read_back(writer, why);
    if (!err)
        err = put_list(writer, list, why);
    if (err)
        return err;
    writer->committed = true;
    /* In a bag that is finished the mark means nothing any more. */
    (void)vl_bag_maker_name(writer->stick->maker, writer->plan.id, mark);
    if (fs->remove_file(fs->self, writer->folder, mark) == 0)
        (void)fs->sync_folder(fs->self, writer->folder);
    return VL_OK;
}

enum vl_err vl_bag_commit(struct vl_bag_writer *writer, vl_bytes list, enum vl_bag_checked *how,
                          struct vl_why *why)
{
    struct vl_why words = {""};
    enum vl_err err = has_failed(writer, why);

    if (!err)
        err = latch(writer, commit(writer, list, &words), &words, why);
    *how = writer->checked;
    return err;
}
