/* SPDX-License-Identifier: Apache-2.0 */
#include "base/alloc.h"
#include "stick/bag.h"
#include "stick/inside.h"

#define PIECE ((size_t)1 << 20)

struct vl_bag {
    struct vl_stick *stick;
    int folder;
};

struct vl_bag_in {
    struct vl_stick *stick;
    struct vl_bag_segment said;
    struct vl_hasher hasher;
    int file;
    uint64_t read_bytes;
    bool at_end;        /* and all of it was as said */
    enum vl_err failed; /* nothing more is read */
    char name[VL_BAG_SEGMENT_NAME];
};

enum vl_err vl_bag_open(struct vl_stick *stick, const uint8_t id[VL_BAG_ID_LEN],
                        struct vl_bag **out, struct vl_why *why)
{
    struct vl_bag *bag = vl_new(sizeof *bag);
    char found[VL_BAG_NAME];
    enum vl_err err;

    if (!bag)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a bag");
    *bag = (struct vl_bag){stick, -1};
    err = vl_stick_open_bag(stick, id, &bag->folder, found, why);
    if (err) {
        vl_bag_close(bag);
        return err;
    }
    *out = bag;
    return VL_OK;
}

void vl_bag_close(struct vl_bag *bag)
{
    if (!bag)
        return;
    vl_stick_close_handle(bag->stick, &bag->folder);
    vl_free(bag);
}

enum vl_err vl_bag_list(struct vl_bag *bag, struct vl_buf *out, struct vl_why *why)
{
    const size_t before = out->len;
    enum vl_err err =
        vl_stick_read_small(bag->stick, bag->folder, VL_BAG_LIST, VL_BAG_MAX_LIST, out, why);

    if (!err && out->len == before)
        return vl_fail(why, VL_ERR_NOT_FOUND, "%s: it is empty: the bag is not finished",
                       VL_BAG_LIST);
    return err;
}

enum vl_err vl_bag_leaves(struct vl_bag *bag, struct vl_buf *out, struct vl_why *why)
{
    return vl_stick_read_small(bag->stick, bag->folder, VL_BAG_LEAVES, VL_BAG_MAX_LEAVES, out, why);
}

enum vl_err vl_bag_in_open(struct vl_bag *bag, const struct vl_bag_segment *said,
                           struct vl_bag_in **out, struct vl_why *why)
{
    struct vl_bag_in *in;
    uint64_t size = 0;
    enum vl_err err;

    if (said->number < 1 || said->number > VL_BAG_MAX_SEGMENTS)
        return vl_fail(why, VL_ERR_LIMIT, "segment %u: there are at most %d", said->number,
                       VL_BAG_MAX_SEGMENTS);
    in = vl_new(sizeof *in);
    if (!in)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a segment");
    in->stick = bag->stick;
    in->said = *said;
    in->file = -1;
    (void)vl_bag_segment_name(said->number, in->name);
    err = vl_stick_open_file(bag->stick, bag->folder, in->name, &in->file, &size, why);
    if (!err && size != said->length)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "%s: %llu bytes, and the list says %llu", in->name,
                      (unsigned long long)size, (unsigned long long)said->length);
    if (err) {
        vl_bag_in_close(in);
        return err;
    }
    vl_hasher_begin_aside(&in->hasher, said->length);
    *out = in;
    return VL_OK;
}

void vl_bag_in_close(struct vl_bag_in *in)
{
    if (!in)
        return;
    vl_hasher_release(&in->hasher);
    vl_stick_close_handle(in->stick, &in->file);
    vl_free(in);
}

/* All of its length was read: is there more, and is it what was said? */
static enum vl_err end(struct vl_bag_in *in, struct vl_why *why)
{
    const struct vl_stick_fs *fs = in->stick->fs;
    uint8_t more, hash[VL_HASH_LEN];
    size_t got = 0;
    const int code = fs->read(fs->self, in->file, (vl_room){&more, 1}, &got);
    enum vl_err err;

    if (code)
        return vl_stick_fail(in->stick, why, code, "%s: reading after %llu bytes", in->name,
                             (unsigned long long)in->read_bytes);
    if (got > 0)
        return vl_fail(why, VL_ERR_UNVERIFIED, "%s: it grew while it was read", in->name);
    err = vl_hasher_end(&in->hasher, hash);
    if (err)
        return vl_fail(why, err, "%s: hashing failed", in->name);
    if (!vl_bytes_eq(VL_ARRAY(hash), VL_ARRAY(in->said.sha256)))
        return vl_fail(why, VL_ERR_UNVERIFIED, "%s: its hash is not what the list says", in->name);
    in->at_end = true;
    return VL_OK;
}

static enum vl_err read_some(struct vl_bag_in *in, vl_room room, size_t *got, struct vl_why *why)
{
    const struct vl_stick_fs *fs = in->stick->fs;
    const uint64_t left = in->said.length - in->read_bytes;
    size_t count = 0;
    int code;

    if (left == 0)
        return end(in, why);
    if (room.len > left)
        room.len = (size_t)left;
    code = fs->read(fs->self, in->file, room, &count);
    if (code)
        return vl_stick_fail(in->stick, why, code, "%s: reading after %llu bytes", in->name,
                             (unsigned long long)in->read_bytes);
    if (count == 0)
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "%s: it became shorter while it was read: %llu bytes", in->name,
                       (unsigned long long)in->read_bytes);
    vl_hasher_put(&in->hasher, vl_bytes_of(room.ptr, count));
    in->read_bytes += count;
    *got = count;
    return VL_OK;
}

enum vl_err vl_bag_in_read(struct vl_bag_in *in, vl_room room, size_t *got, struct vl_why *why)
{
    *got = 0;
    if (in->failed)
        return vl_fail(why, in->failed, "%s: reading it failed before", in->name);
    if (!in->at_end)
        in->failed = read_some(in, room, got, why);
    return in->failed;
}

/* Who watches, and how far it is in all of the segments. */
struct checking {
    const struct vl_bag_watch *watch;
    uint64_t bytes, total;
    vl_room room;
};

static enum vl_err check_one(struct vl_bag *bag, const struct vl_bag_segment *said,
                             struct checking *checking, struct vl_why *why)
{
    const struct vl_bag_watch *watch = checking->watch;
    struct vl_bag_in *in = NULL;
    size_t got = 1;
    enum vl_err err = vl_bag_in_open(bag, said, &in, why);

    while (!err && got > 0) {
        if (watch && watch->stop && watch->stop(watch->self))
            err = vl_fail(why, VL_ERR_INTERRUPTED, "stopped while reading %s", in->name);
        else
            err = vl_bag_in_read(in, checking->room, &got, why);
        checking->bytes += err ? 0 : got;
        if (!err && got > 0 && watch && watch->moved)
            watch->moved(watch->self, VL_BAG_CHECKING, checking->bytes, checking->total);
    }
    vl_bag_in_close(in);
    return err;
}

enum vl_err vl_bag_check(struct vl_bag *bag, const struct vl_bag_segment *said, size_t count,
                         const struct vl_bag_watch *watch, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf piece = VL_BUF_INIT(PIECE);
    struct checking checking = {.watch = watch};
    uint8_t *at = NULL;
    enum vl_err err = vl_buf_add(&piece, PIECE, &at);

    if (err)
        return vl_fail(why, err, "no memory to read segments with");
    checking.room = (vl_room){at, PIECE};
    /* What strangers say may have a sum that wraps. */
    for (size_t i = 0; i < count; i++)
        if (__builtin_add_overflow(checking.total, said[i].length, &checking.total))
            checking.total = UINT64_MAX;
    for (size_t i = 0; !err && i < count; i++)
        err = check_one(bag, &said[i], &checking, why);
    return err;
}
