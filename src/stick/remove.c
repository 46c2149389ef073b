/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <string.h>

#include "stick/inside.h"
#include "stick/stick.h"

/* Names are collected and then removed, for nobody promises what a list gives meanwhile. */
#define TOGETHER     64
#define NAME_MAX_LEN 255

struct names {
    struct vl_stick *stick;
    int folder;
    bool marks; /* collect makers' marks, and not the rest */
    size_t count;
    uint64_t others; /* what stays */
    uint64_t bytes;
    char at[TOGETHER][NAME_MAX_LEN + 1];
};

static bool collect(void *self, const char *name)
{
    struct names *names = self;
    struct vl_stick_entry is = {VL_STICK_OTHER, 0};
    const enum vl_bag_part part = vl_bag_part_of(name);
    const size_t len = strlen(name);
    const int code = names->stick->fs->look(names->stick->fs->self, names->folder, name, &is);

    if (names->marks != (part == VL_BAG_PART_MAKER))
        return true;
    if (part == VL_BAG_PART_FOREIGN || len > NAME_MAX_LEN || code || is.kind != VL_STICK_FILE) {
        names->others += code == ENOENT ? 0 : 1;
        return true;
    }
    memcpy(names->at[names->count++], name, len + 1);
    names->bytes += is.size;
    return names->count < TOGETHER;
}

/* Marks, or everything else in the folder that is of a bag, or junk; durable. */
static enum vl_err remove_some(struct names *names, struct vl_why *why)
{
    struct vl_stick *stick = names->stick;
    const struct vl_stick_fs *fs = stick->fs;
    int code;

    do {
        names->count = 0;
        names->others = 0;
        code = fs->list(fs->self, names->folder, collect, names);
        if (code)
            return vl_stick_fail(stick, why, code, "reading its folder");
        for (size_t i = 0; i < names->count; i++) {
            code = fs->remove_file(fs->self, names->folder, names->at[i]);
            if (code && code != ENOENT)
                return vl_stick_fail_write(stick, why, code, "removing %.40s", names->at[i]);
        }
    } while (names->count == TOGETHER);
    code = fs->sync_folder(fs->self, names->folder);
    return code ? vl_stick_fail_write(stick, why, code, "making it durable") : VL_OK;
}

/* The mark goes last: as long as anything is there, it says whose it is. */
static enum vl_err remove_parts(struct vl_stick *stick, int folder, uint64_t *others,
                                uint64_t *bytes, struct vl_why *why)
{
    struct names names = {.stick = stick, .folder = folder};
    enum vl_err err = remove_some(&names, why);

    *others = names.others;
    names.marks = true;
    if (!err)
        err = remove_some(&names, why);
    *others += names.others;
    *bytes += names.bytes;
    return err;
}

/* From here on there is no such bag; if what follows is cut short, the rest is this maker's. */
static enum vl_err unmake(struct vl_stick *stick, int folder, const uint8_t id[VL_BAG_ID_LEN],
                          struct vl_why *why)
{
    static const char *const names[] = {VL_BAG_LIST, "LIST.COSE"};
    const struct vl_stick_fs *fs = stick->fs;
    char mark[VL_BAG_MAKER_NAME];
    int code = 0, file = -1;

    /* A full stick has no room for the mark, and then the bag goes without. */
    if (stick->has_maker &&
        fs->make_file(fs->self, folder, vl_bag_maker_name(stick->maker, id, mark), &file) == 0) {
        vl_stick_close_handle(stick, &file);
        (void)fs->sync_folder(fs->self, folder);
    }
    for (size_t i = 0; i < 2 && (code == 0 || code == ENOENT); i++)
        code = fs->remove_file(fs->self, folder, names[i]);
    if (code && code != ENOENT)
        return vl_stick_fail_write(stick, why, code, "removing %s", VL_BAG_LIST);
    code = fs->sync_folder(fs->self, folder);
    return code ? vl_stick_fail_write(stick, why, code, "making it durable") : VL_OK;
}

static enum vl_err remove_bag(struct vl_stick *stick, const uint8_t id[VL_BAG_ID_LEN],
                              uint64_t *bytes, struct vl_why *why)
{
    const struct vl_stick_fs *fs = stick->fs;
    char name[VL_BAG_NAME];
    uint64_t others = 0;
    int folder = -1, code;
    enum vl_err err = vl_stick_open_bag(stick, id, &folder, name, why);

    if (err)
        return err;
    err = unmake(stick, folder, id, why);
    if (!err)
        err = remove_parts(stick, folder, &others, bytes, why);
    vl_stick_close_handle(stick, &folder);
    if (!err && others > 0)
        return vl_fail(why, VL_ERR_PARTIAL, "bag %s: %llu that are none of it were left there",
                       name, (unsigned long long)others);
    if (!err) {
        code = fs->remove_folder(fs->self, stick->bags, name);
        if (!code)
            code = fs->sync_folder(fs->self, stick->bags);
        if (code)
            err = vl_stick_fail_write(stick, why, code, "removing its folder");
    }
    return err ? vl_fail_in(why, err, "bag %s", name) : VL_OK;
}

enum vl_err vl_stick_remove(struct vl_stick *stick, const uint8_t id[VL_BAG_ID_LEN],
                            struct vl_why *why)
{
    uint64_t bytes = 0;

    return remove_bag(stick, id, &bytes, why);
}

/* Nothing but an empty folder goes: somebody may be putting a mark into it right now. */
static enum vl_err remove_empty(struct vl_stick *stick, const struct vl_bag_seen *seen,
                                bool *removed, struct vl_why *why)
{
    const struct vl_stick_fs *fs = stick->fs;
    char name[VL_BAG_NAME], upper[VL_BAG_NAME];
    int code = fs->remove_folder(fs->self, stick->bags, vl_bag_name(seen->id, name));

    if (code == ENOENT)
        code = fs->remove_folder(fs->self, stick->bags, vl_stick_upper(name, upper, sizeof upper));
    *removed = code == 0;
    if (code == 0 || code == ENOENT || code == ENOTEMPTY || code == EEXIST)
        return VL_OK;
    return vl_stick_fail_write(stick, why, code, "bag %s: removing its folder", name);
}

struct sweeping {
    struct vl_stick *stick;
    struct vl_stick_swept *swept;
    enum vl_err first;
    struct vl_why first_why;
    uint8_t last[VL_BAG_ID_LEN];
};

static enum vl_err sweep_one(void *self, const struct vl_bag_seen *seen, struct vl_why *why)
{
    struct sweeping *sweeping = self;
    struct vl_why words = {""};
    bool removed = false;
    enum vl_err err = VL_OK;

    (void)why;
    memcpy(sweeping->last, seen->id, VL_BAG_ID_LEN);
    if (seen->err || seen->state == VL_BAG_FINISHED)
        return VL_OK;
    if (seen->state == VL_BAG_UNFINISHED && !seen->is_own) {
        sweeping->swept->others++;
        return VL_OK;
    }
    if (seen->state == VL_BAG_EMPTY) {
        err = remove_empty(sweeping->stick, seen, &removed, &words);
    } else {
        err = remove_bag(sweeping->stick, seen->id, &sweeping->swept->bytes, &words);
        removed = !err;
    }
    sweeping->swept->bags += removed;
    if (err && !sweeping->first) {
        sweeping->first = err;
        sweeping->first_why = words;
    }
    return VL_OK;
}

enum vl_err vl_stick_sweep(struct vl_stick *stick, struct vl_stick_swept *swept, struct vl_why *why)
{
    struct sweeping sweeping = {.stick = stick, .swept = swept};
    struct vl_stick_walked walked = {0};
    const uint8_t *after = NULL;
    enum vl_err err;

    *swept = (struct vl_stick_swept){0};
    do {
        err = vl_stick_walk(stick, after, sweep_one, &sweeping, &walked, why);
        after = sweeping.last;
    } while (!err && walked.left > 0);
    if (!err && swept->bags > 0 && stick->bags >= 0) {
        const int code = stick->fs->sync_folder(stick->fs->self, stick->bags);

        if (code)
            err = vl_stick_fail_write(stick, why, code, "making it durable");
    }
    return err || !sweeping.first ? err
                                  : vl_fail(why, sweeping.first, "%s", sweeping.first_why.text);
}
