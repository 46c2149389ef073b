/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "stick/inside.h"
#include "stick/stick.h"

/* Segments, what else a bag has, and some that others left. */
#define NAMES_MAX 4096
/* The smallest ids so far stand in the first half, sorted when the second half is full. */
#define KEPT_CAP (2 * (size_t)VL_STICK_MAX_BAGS)

struct bag_ids {
    const uint8_t *after;
    uint8_t (*at)[VL_BAG_ID_LEN];
    size_t count, cap;
    uint64_t left;    /* bags that were thrown out again */
    uint64_t foreign; /* names that are none of ours */
    bool no_memory;
};

static int by_id(const void *a, const void *b)
{
    return memcmp(a, b, VL_BAG_ID_LEN);
}

/* Sorted, each once (a bag may be there in lower and in upper case), and no more than are visited.
 */
static void sort(struct bag_ids *ids)
{
    size_t kept = 0;

    if (ids->count > 1)
        qsort(ids->at, ids->count, sizeof *ids->at, by_id);
    for (size_t i = 0; i < ids->count; i++)
        if (kept == 0 || by_id(ids->at[kept - 1], ids->at[i]) != 0)
            memmove(ids->at[kept++], ids->at[i], VL_BAG_ID_LEN);
    if (kept > VL_STICK_MAX_BAGS) {
        ids->left += kept - VL_STICK_MAX_BAGS;
        kept = VL_STICK_MAX_BAGS;
    }
    ids->count = kept;
}

static bool keep_id(void *self, const char *name)
{
    struct bag_ids *ids = self;
    uint8_t id[VL_BAG_ID_LEN];

    if (!vl_bag_name_read(name, id)) {
        if (!vl_stick_is_junk(name))
            ids->foreign++;
        return true;
    }
    if (ids->after && by_id(id, ids->after) <= 0)
        return true;
    if (ids->count == KEPT_CAP)
        sort(ids);
    if (ids->count == ids->cap) {
        const size_t cap = ids->cap ? 2 * ids->cap : 64;
        void *block = ids->at;

        if (vl_grow(&block, ids->cap * sizeof *ids->at, cap * sizeof *ids->at) != VL_OK) {
            ids->no_memory = true;
            return false;
        }
        ids->at = block;
        ids->cap = cap;
    }
    memcpy(ids->at[ids->count++], id, VL_BAG_ID_LEN);
    return true;
}

static bool count_foreign(void *self, const char *name)
{
    static const char *const known[] = {VL_STICK_README, VL_STICK_README_NEW, VL_STICK_BAGS};
    struct bag_ids *ids = self;
    char upper[VL_BAG_NAME], upper_known[VL_BAG_NAME];

    (void)vl_stick_upper(name, upper, sizeof upper);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (strcmp(upper, vl_stick_upper(known[i], upper_known, sizeof upper_known)) == 0)
            return true;
    if (!vl_stick_is_junk(name))
        ids->foreign++;
    return true;
}

/* --- one bag ---------------------------------------------------------------------------------- */

struct looking {
    struct vl_stick *stick;
    int folder;
    struct vl_bag_seen *seen;
    const char *own_mark; /* of this maker, in upper case; NULL when there is none */
    size_t names;
    bool has_list, has_any;
    int code;
};

static bool look_at_part(void *self, const char *name)
{
    struct looking *looking = self;
    struct vl_bag_seen *seen = looking->seen;
    struct vl_stick_entry is = {VL_STICK_OTHER, 0};
    const enum vl_bag_part part = vl_bag_part_of(name);
    char upper[VL_BAG_MAKER_NAME];

    if (++looking->names > NAMES_MAX)
        return false;
    if (part == VL_BAG_PART_JUNK)
        return true;
    looking->has_any = true;
    if (part == VL_BAG_PART_FOREIGN) {
        seen->foreign++;
        return true;
    }
    looking->code = looking->stick->fs->look(looking->stick->fs->self, looking->folder, name, &is);
    if (looking->code == ENOENT) /* taken away meanwhile */
        looking->code = 0;
    if (part == VL_BAG_PART_SEGMENT) {
        seen->segment_count++;
        /* Sizes are claims: sparse files of many exabytes have a sum that wraps. */
        if (__builtin_add_overflow(seen->segment_bytes, is.size, &seen->segment_bytes))
            seen->segment_bytes = UINT64_MAX;
    } else if (part == VL_BAG_PART_LEAVES) {
        seen->has_leaves = true;
        seen->leaves_len = is.size;
    } else if (part == VL_BAG_PART_LIST) {
        /* One of no bytes is what a power cut leaves of a rename on FAT. */
        looking->has_list = is.kind != VL_STICK_FILE || is.size > 0;
    } else if (part == VL_BAG_PART_MAKER && looking->own_mark) {
        (void)vl_stick_upper(name, upper, sizeof upper);
        seen->is_own = seen->is_own || strcmp(upper, looking->own_mark) == 0;
    }
    return looking->code == 0;
}

static enum vl_err look_at_parts(struct vl_stick *stick, int folder, struct vl_bag_seen *seen,
                                 struct vl_why *why)
{
    char mark[VL_BAG_MAKER_NAME], upper[VL_BAG_MAKER_NAME];
    struct looking looking = {.stick = stick, .folder = folder, .seen = seen};
    int code;

    if (stick->has_maker) {
        (void)vl_bag_maker_name(stick->maker, seen->id, mark);
        looking.own_mark = vl_stick_upper(mark, upper, sizeof upper);
    }
    code = stick->fs->list(stick->fs->self, folder, look_at_part, &looking);
    seen->state = looking.has_list  ? VL_BAG_FINISHED
                  : looking.has_any ? VL_BAG_UNFINISHED
                                    : VL_BAG_EMPTY;
    seen->is_own = seen->is_own && seen->state == VL_BAG_UNFINISHED;
    if (looking.names > NAMES_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "more than %d names in its folder", NAMES_MAX);
    code = looking.code ? looking.code : code;
    return code ? vl_stick_fail(stick, why, code, "reading its folder") : VL_OK;
}

/* What stands in seen->err is no failure of the walk, but for memory. */
static void look_at_bag(struct vl_stick *stick, struct vl_bag_seen *seen, struct vl_buf *list)
{
    char found[VL_BAG_NAME];
    int folder = -1;

    seen->err = vl_stick_open_bag(stick, seen->id, &folder, found, &seen->why);
    if (!seen->err)
        seen->err = look_at_parts(stick, folder, seen, &seen->why);
    if (!seen->err && seen->state == VL_BAG_FINISHED) {
        list->len = 0;
        seen->err =
            vl_stick_read_small(stick, folder, VL_BAG_LIST, VL_BAG_MAX_LIST, list, &seen->why);
        seen->list = vl_buf_bytes(list);
    }
    vl_stick_close_handle(stick, &folder);
}

/* --- all of them ------------------------------------------------------------------------------ */

static enum vl_err visit_all(struct vl_stick *stick, const struct bag_ids *ids,
                             enum vl_err (*visit)(void *self, const struct vl_bag_seen *seen,
                                                  struct vl_why *why),
                             void *self, struct vl_stick_walked *walked, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf list = VL_BUF_INIT(VL_BAG_MAX_LIST);
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < ids->count; i++) {
        struct vl_bag_seen seen = {.state = VL_BAG_EMPTY};

        memcpy(seen.id, ids->at[i], VL_BAG_ID_LEN);
        look_at_bag(stick, &seen, &list);
        if (stick->gone || seen.err == VL_ERR_NO_MEMORY)
            return vl_fail(why, seen.err, "%s", seen.why.text);
        walked->bags++;
        err = visit(self, &seen, why);
    }
    return err;
}

enum vl_err vl_stick_walk(struct vl_stick *stick, const uint8_t *after,
                          enum vl_err (*visit)(void *self, const struct vl_bag_seen *seen,
                                               struct vl_why *why),
                          void *self, struct vl_stick_walked *walked, struct vl_why *why)
{
    const struct vl_stick_fs *fs = stick->fs;
    struct bag_ids ids = {.after = after};
    enum vl_err err = VL_OK;
    int code = 0;

    *walked = (struct vl_stick_walked){0};
    if (stick->valise >= 0)
        code = fs->list(fs->self, stick->valise, count_foreign, &ids);
    if (!code && stick->bags >= 0)
        code = fs->list(fs->self, stick->bags, keep_id, &ids);
    sort(&ids);
    walked->foreign = ids.foreign;
    if (ids.no_memory)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the names of the bags");
    if (!err)
        err = visit_all(stick, &ids, visit, self, walked, why);
    walked->left = ids.left + ids.count - walked->bags;
    vl_free(ids.at);
    if (!err && code)
        err = vl_stick_fail(stick, why, code, "reading the names of the bags");
    return err;
}
