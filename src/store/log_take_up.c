/* SPDX-License-Identifier: Apache-2.0 */
#include <fcntl.h>
#include <string.h>

#include "store/log_file.h"
#include "store/log_inside.h"

#define AS_NUMBER(number) ((unsigned long long)(number))

static bool is_same(uint64_t size, const uint8_t root[VL_HASH_LEN], uint64_t other_size,
                    const uint8_t other_root[VL_HASH_LEN])
{
    return size == other_size && memcmp(root, other_root, VL_HASH_LEN) == 0;
}

/* The tiles that are not full yet, and the entries that fill no bundle. */
static enum vl_err resume(struct vl_log_dir *log, struct vl_why *why)
{
    const uint64_t size = log->head.size, number = size / VL_TILE_WIDTH;
    const struct vl_tile_source tiles = vl_log_tiles(log);
    const struct vl_tile_at at = {true, 0, number, (unsigned)(size % VL_TILE_WIDTH)};
    uint8_t root[VL_HASH_LEN];
    enum vl_err err = vl_tile_writer_resume(&log->writer, vl_log_tile_sink(log), &tiles, size, why);

    if (err)
        return err;
    vl_tile_writer_root(&log->writer, root);
    if (memcmp(root, log->head.root, VL_HASH_LEN) != 0)
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "its tiles do not make the root of its checkpoint: run record check");
    log->open_bundle.len = 0;
    return at.width == 0 ? VL_OK : vl_log_read_tile(log, &at, &log->open_bundle, why);
}

/* A batch that was whole in staging when the process ended. */
static enum vl_err finish_staged(struct vl_log_dir *log, struct vl_why *why)
{
    struct vl_log_stage stage;
    enum vl_err err = vl_log_stage_read(log->folder, &log->room, &stage, why);

    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    if (!is_same(stage.old_size, stage.old_root, log->head.size, log->head.root) ||
        stage.new_size <= stage.old_size)
        return VL_OK; /* long done */
    return vl_log_finish(log, &stage, why);
}

/* What was about to be signed last must be here, or come out of staging. */
static enum vl_err check_mark(const struct vl_log_dir *log, bool is_done, struct vl_why *why)
{
    const struct vl_log_mark *mark = &log->mark;

    if (is_same(mark->size, mark->root, log->head.size, log->head.root) ||
        (!is_done && mark->size > log->head.size))
        return VL_OK;
    if (mark->size > log->head.size)
        return vl_fail(why, VL_ERR_REFUSED,
                       "the storage went back: %llu entries were signed, and %llu are here",
                       AS_NUMBER(mark->size), AS_NUMBER(log->head.size));
    if (mark->size < log->head.size)
        return vl_fail(why, VL_ERR_REFUSED,
                       "what was signed last went back: it says %llu entries, and %llu are here",
                       AS_NUMBER(mark->size), AS_NUMBER(log->head.size));
    return vl_fail(why, VL_ERR_REFUSED, "another tree of %llu entries was signed before",
                   AS_NUMBER(mark->size));
}

static enum vl_err read_mark(struct vl_log_dir *log, struct vl_why *why)
{
    enum vl_err err = vl_log_mark_read(log->keys, &log->mark, why);

    if (err == VL_ERR_NOT_FOUND)
        return vl_fail(why, VL_ERR_REFUSED,
                       "what was signed last is not known: keys/signed is gone");
    if (err == VL_ERR_FORMAT)
        return VL_ERR_REFUSED;
    if (!err && !log->mark.is_original)
        return vl_fail(why, VL_ERR_REFUSED,
                       "it was copied or restored, and may be older than what was given out");
    return err;
}

/* Cosigned enough, and not given out when the process ended. */
static enum vl_err give_out(struct vl_log_dir *log, struct vl_why *why)
{
    const size_t need = log->anchor.policy.need;

    if (need == 0 || log->head.size <= log->shown.size || log->head.witnesses < need)
        return VL_OK;
    return vl_log_give_out(log, why);
}

enum vl_err vl_log_take_up(struct vl_log_dir *log, struct vl_why *why)
{
    enum vl_err err = vl_log_read_notes(log, why);

    if (!err)
        err = read_mark(log, why);
    if (!err)
        err = check_mark(log, false, why);
    if (!err)
        err = resume(log, why);
    if (!err)
        err = finish_staged(log, why);
    if (!err)
        err = check_mark(log, true, why);
    if (!err)
        err = give_out(log, why);
    if (!err && !log->index)
        err = vl_log_index_open(log->path, false, log->anchor.id, &log->index, why);
    if (!err)
        err = vl_log_index_up(log, why);
    log->is_behind = err != VL_OK;
    return err;
}

static enum vl_err check_newest(struct vl_log_dir *log, vl_bytes newest, struct vl_why *why)
{
    struct vl_log_note note = {.bytes = VL_BUF_INIT(VL_NOTE_MAX_LEN)};
    uint8_t root[VL_HASH_LEN];
    enum vl_err err = vl_log_note_read(log, newest, 0, &note, why);

    if (!err && note.size > log->head.size)
        err = vl_fail(why, VL_ERR_REFUSED,
                      "others have a checkpoint of %llu entries, and %llu are here",
                      AS_NUMBER(note.size), AS_NUMBER(log->head.size));
    if (!err)
        err = vl_log_dir_root_at(log, note.size, root, why);
    if (!err && memcmp(root, note.root, sizeof root) != 0)
        err = vl_fail(why, VL_ERR_UNVERIFIED,
                      "others have another tree of %llu entries: keep that checkpoint",
                      AS_NUMBER(note.size));
    vl_log_note_release(&note);
    return err;
}

/* The same mark, in a file of its own. */
static enum vl_err renew_mark(struct vl_log_dir *log, struct vl_why *why)
{
    enum vl_err err = vl_log_mark_read(log->keys, &log->mark, why);

    if (err == VL_ERR_NOT_FOUND || err == VL_ERR_FORMAT) {
        log->mark = (struct vl_log_mark){.size = log->head.size};
        memcpy(log->mark.root, log->head.root, VL_HASH_LEN);
    } else if (err) {
        return err;
    }
    return vl_log_mark_write(log->keys, &log->mark, why);
}

static enum vl_err adopt(struct vl_log_dir *log, vl_bytes newest, struct vl_why *why)
{
    enum vl_err err = vl_log_read_anchor(log, why);

    if (!err)
        err = vl_log_lock(log, why);
    if (!err)
        err = vl_log_read_keys(log, why);
    if (!err)
        err = vl_log_read_notes(log, why);
    if (!err && newest.len > 0)
        err = check_newest(log, newest, why);
    if (!err)
        err = renew_mark(log, why);
    return err ? err : vl_log_take_up(log, why);
}

enum vl_err vl_log_dir_adopt(const char *path, vl_bytes newest, struct vl_why *why)
{
    struct vl_log_dir *log = NULL;
    enum vl_err err = vl_log_new(path, VL_LOG_DIR_WRITE, &log, why);

    if (!err)
        err = adopt(log, newest, why);
    vl_log_dir_close(log);
    return err;
}
