/* SPDX-License-Identifier: Apache-2.0 */
#include "stick/bag_back.h"

#include <errno.h>

#include "base/alloc.h"
#include "stick/inside.h"

#define PIECE ((size_t)1 << 20)

enum vl_err vl_bag_back_init(struct vl_bag_back *back, struct vl_stick *stick,
                             const struct vl_bag_watch *watch, struct vl_why *why)
{
    back->stick = stick;
    back->watch = watch;
    back->block = vl_new(PIECE + VL_STICK_ALIGNED);
    if (!back->block)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a bag back with");
    back->room =
        (vl_room){back->block + (VL_STICK_ALIGNED - (uintptr_t)back->block % VL_STICK_ALIGNED),
                  PIECE};
    return VL_OK;
}

void vl_bag_back_release(struct vl_bag_back *back)
{
    vl_free(back->block);
    *back = (struct vl_bag_back){0};
}

enum vl_err vl_bag_echo_of(vl_bytes bytes, struct vl_bag_echo *echo, struct vl_why *why)
{
    const struct vl_rng rng = vl_rng_system();
    struct vl_mac mac;
    enum vl_err err = vl_mac_key_make(&echo->key, &rng, bytes.len);

    if (err)
        return vl_fail(why, err, "no randomness");
    vl_mac_begin(&mac, &echo->key);
    vl_mac_put(&mac, bytes);
    echo->length = bytes.len;
    err = vl_mac_end(&mac, echo->tag);
    return err ? vl_fail(why, err, "computing a tag failed") : VL_OK;
}

void vl_bag_back_begin(struct vl_bag_back *back, uint64_t total)
{
    back->done = 0;
    back->total = total;
    back->how = VL_BAG_CHECKED_STICK;
}

/* One open file, and how far it is. */
struct reading {
    int file;
    const char *name;
    uint64_t length, left;
    struct vl_mac mac;
};

static enum vl_err differs(const struct reading *reading, struct vl_why *why)
{
    return vl_fail(why, VL_ERR_UNVERIFIED,
                   "%s: the stick gives back something else than was written", reading->name);
}

static enum vl_err read_all(struct vl_bag_back *back, struct reading *reading, int *code,
                            struct vl_why *why)
{
    const struct vl_stick_fs *fs = back->stick->fs;
    const struct vl_bag_watch *watch = back->watch;
    struct vl_stick_entry is = {VL_STICK_OTHER, 0};

    *code = fs->look_file(fs->self, reading->file, &is);
    if (!*code && is.size != reading->length)
        return differs(reading, why);
    while (!*code && reading->left > 0) {
        size_t got = 0;

        if (watch->stop && watch->stop(watch->self))
            return vl_fail(why, VL_ERR_INTERRUPTED, "stopped while reading back %s", reading->name);
        *code = fs->read(fs->self, reading->file, back->room, &got);
        if (*code)
            break;
        if (got == 0 || got > reading->left)
            return differs(reading, why);
        vl_mac_put(&reading->mac, vl_bytes_of(back->room.ptr, got));
        reading->left -= got;
        back->done += got;
        if (watch->moved)
            watch->moved(watch->self, VL_BAG_CHECKING, back->done, back->total);
    }
    return VL_OK;
}

/* direct: *code is EINVAL where that cannot be. */
static enum vl_err try_check(struct vl_bag_back *back, int folder, bool direct,
                             struct reading *reading, const struct vl_bag_echo *echo, int *code,
                             struct vl_why *why)
{
    const struct vl_stick_fs *fs = back->stick->fs;
    uint8_t tag[VL_MAC_LEN] = {0};
    enum vl_err err = VL_OK, tagged;

    *code = fs->open_file(fs->self, folder, reading->name, direct, &reading->file);
    if (*code)
        return VL_OK;
    fs->forget(fs->self, reading->file);
    reading->left = reading->length;
    vl_mac_begin(&reading->mac, &echo->key);
    err = read_all(back, reading, code, why);
    tagged = vl_mac_end(&reading->mac, tag);
    if (!err && !*code && tagged)
        err = vl_fail(why, tagged, "%s: computing its tag failed", reading->name);
    if (!err && !*code && !vl_bytes_eq(VL_ARRAY(tag), VL_ARRAY(echo->tag)))
        err = differs(reading, why);
    vl_stick_close_handle(back->stick, &reading->file);
    return err;
}

enum vl_err vl_bag_back_check(struct vl_bag_back *back, int folder, const char *name,
                              const struct vl_bag_echo *echo, struct vl_why *why)
{
    const uint64_t before = back->done;
    struct reading reading = {.file = -1, .name = name, .length = echo->length};
    int code = 0;
    enum vl_err err = try_check(back, folder, true, &reading, echo, &code, why);

    if (!err && (code == EINVAL || code == ENOTSUP)) {
        back->how = VL_BAG_CHECKED_MEMORY;
        back->done = before;
        err = try_check(back, folder, false, &reading, echo, &code, why);
    }
    if (!err && code)
        err = vl_stick_fail(back->stick, why, code, "%s: reading it back after %llu bytes", name,
                            (unsigned long long)(echo->length - reading.left));
    return err;
}
