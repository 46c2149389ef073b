/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "store/log_file.h"
#include "store/log_inside.h"

static enum vl_err put_nowhere(void *self, const struct vl_tile_at *at, vl_bytes hashes,
                               struct vl_why *why)
{
    (void)self;
    (void)at;
    (void)hashes;
    (void)why;
    return VL_OK;
}

static enum vl_err put_tile(void *self, const struct vl_tile_at *at, vl_bytes bytes,
                            struct vl_why *why)
{
    const struct vl_log_dir *log = self;
    char path[VL_LOG_PATH];

    return vl_log_file_put(log->folder, VL_LOG_SPARE, vl_log_tile_path(log, at, path), bytes,
                           VL_LOG_FILE_LATER, why);
}

struct vl_tile_sink vl_log_tile_sink(struct vl_log_dir *log)
{
    return (struct vl_tile_sink){put_tile, log};
}

static enum vl_err put_bundle(struct vl_log_dir *log, uint64_t number, unsigned width,
                              struct vl_why *why)
{
    const struct vl_tile_at at = {true, 0, number, width};

    return put_tile(log, &at, vl_buf_bytes(&log->open_bundle), why);
}

static enum vl_err put_entry(struct vl_log_dir *log, vl_bytes entry, struct vl_why *why)
{
    uint8_t leaf_hash[VL_HASH_LEN];
    enum vl_err err = vl_entries_put(entry, &log->open_bundle);

    if (err)
        return vl_fail(why, err, "bundle: %s", vl_err_words(err));
    vl_tree_leaf(entry, leaf_hash);
    err = vl_tile_writer_add(&log->writer, leaf_hash, why);
    if (err || log->writer.size % VL_TILE_WIDTH != 0)
        return err;
    err = put_bundle(log, log->writer.size / VL_TILE_WIDTH - 1, VL_TILE_WIDTH, why);
    log->open_bundle.len = 0;
    return err;
}

static enum vl_err put_entries(struct vl_log_dir *log, vl_bytes left, struct vl_why *why)
{
    enum vl_err err = VL_OK;
    unsigned width;
    vl_bytes entry;

    while (!err && vl_log_stage_next(&left, &entry))
        err = put_entry(log, entry, why);
    width = (unsigned)(log->writer.size % VL_TILE_WIDTH);
    if (!err && width > 0)
        err = put_bundle(log, log->writer.size / VL_TILE_WIDTH, width, why);
    return err ? err : vl_tile_writer_put_partial(&log->writer, why);
}

/* Do the entries of a bundle, as they lie on the disk, have the hashes of the tile above them? */
static enum vl_err look_back(struct vl_log_dir *log, uint64_t number, uint64_t size,
                             struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bundle = VL_BUF_INIT(VL_ENTRIES_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf tile = VL_BUF_INIT(VL_TILE_LEN);
    const unsigned width = vl_tile_width(size, 0, number);
    vl_bytes entries[VL_TILE_WIDTH];
    enum vl_err err =
        vl_log_read_tile(log, &(struct vl_tile_at){true, 0, number, width}, &bundle, why);

    if (!err)
        err = vl_log_read_tile(log, &(struct vl_tile_at){false, 0, number, width}, &tile, why);
    if (!err)
        err = vl_entries_parse(vl_buf_bytes(&bundle), width, entries, why);
    for (unsigned i = 0; i < width && !err; i++) {
        uint8_t leaf_hash[VL_HASH_LEN];

        vl_tree_leaf(entries[i], leaf_hash);
        if (memcmp(leaf_hash, tile.data + (size_t)i * VL_HASH_LEN, VL_HASH_LEN) != 0)
            err = vl_fail(why, VL_ERR_REFUSED, "entry %llu is not what was written",
                          (unsigned long long)(number * VL_TILE_WIDTH + i));
    }
    return err;
}

/* Nothing is signed that was not read back: a flipped bit would be signed for ever. */
static enum vl_err read_back(struct vl_log_dir *log, const struct vl_log_stage *stage,
                             struct vl_why *why)
{
    struct vl_tile_reader *reader = &log->head_tiles; /* then it has what will be signed */
    const struct vl_tree_nodes nodes = vl_tile_nodes(reader);
    uint8_t root[VL_HASH_LEN];
    enum vl_err err = VL_OK;

    for (uint64_t number = stage->old_size / VL_TILE_WIDTH;
         !err && number <= (stage->new_size - 1) / VL_TILE_WIDTH; number++)
        err = look_back(log, number, stage->new_size, why);
    vl_tile_reader_begin(reader, vl_log_tiles(log), stage->new_size);
    if (!err)
        err = vl_tree_nodes_hash(&nodes, 0, stage->new_size, root, why);
    if (!err && memcmp(root, stage->new_root, VL_HASH_LEN) != 0)
        err = vl_fail(why, VL_ERR_REFUSED, "the tiles are not what was written");
    return err ? vl_fail_in(why, err == VL_ERR_FORMAT ? VL_ERR_REFUSED : err, "reading back") : err;
}

const char *vl_log_head_name(const struct vl_log_dir *log, char out[VL_LOG_PATH])
{
    if (log->anchor.policy.need == 0)
        return vl_log_public(log, VL_LOG_SHOWN, out);
    (void)snprintf(out, VL_LOG_PATH, VL_LOG_WAITING);
    return out;
}

/* Is the checkpoint on the disk the one that this goes on from? */
static enum vl_err compare(const struct vl_log_dir *log, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf now = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    char name[VL_LOG_PATH];
    enum vl_err err = vl_log_file_read(log->folder, vl_log_head_name(log, name), &now, why);

    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    /* While witnesses are needed the one that waits may have been given out, and be gone. */
    if (err == VL_ERR_NOT_FOUND && log->head.size == log->shown.size)
        return log->anchor.policy.need > 0 || log->head.size == 0
                   ? VL_OK
                   : vl_fail(why, VL_ERR_REFUSED, "somebody took the checkpoint away");
    if (!err && vl_bytes_eq(vl_buf_bytes(&now), vl_buf_bytes(&log->head.bytes)))
        return VL_OK;
    return vl_fail(why, VL_ERR_REFUSED, "somebody else changed the checkpoint");
}

enum vl_err vl_log_put_note(const struct vl_log_dir *log, const char *name, vl_bytes note,
                            struct vl_why *why)
{
    return vl_log_file_put(log->folder, VL_LOG_SPARE, name, note, VL_LOG_FILE_DURABLE, why);
}

static enum vl_err sign_head(struct vl_log_dir *log, const struct vl_log_stage *stage,
                             struct vl_why *why)
{
    const struct vl_record_policy *policy = &log->anchor.policy;
    VL_AUTO(vl_buf_release) struct vl_buf note = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    struct vl_checkpoint checkpoint = {.origin = policy->origin, .size = stage->new_size};
    char name[VL_LOG_PATH];
    enum vl_err err;

    memcpy(checkpoint.root, stage->new_root, VL_HASH_LEN);
    if (log->mark.size != stage->new_size ||
        memcmp(log->mark.root, stage->new_root, VL_HASH_LEN) != 0 || log->mark.count == 0) {
        struct vl_log_mark next = log->mark;

        if (next.size > stage->new_size)
            return vl_fail(why, VL_ERR_REFUSED, "more was signed before");
        next.size = stage->new_size;
        memcpy(next.root, stage->new_root, VL_HASH_LEN);
        err = vl_log_mark_write(log->keys, &next, why);
        if (err)
            return err;
        log->mark = next;
    }
    err = vl_checkpoint_sign(&checkpoint, &policy->checkpoint_key, &log->checkpoints, &note, why);
    if (!err)
        err = compare(log, why);
    if (!err)
        err = vl_log_put_note(log, vl_log_head_name(log, name), vl_buf_bytes(&note), why);
    if (!err)
        err = vl_log_note_read(log, vl_buf_bytes(&note), 0, &log->head, why);
    if (!err && policy->need == 0)
        err = vl_log_note_copy(&log->head, &log->shown, why);
    return err;
}

static void remove_partial(const struct vl_log_dir *log, const struct vl_tile_at *at)
{
    char path[VL_LOG_PATH], *slash;

    (void)vl_log_tile_path(log, at, path);
    slash = strrchr(path, '/'); /* before the width */
    if (slash)
        *slash = '\0';
    vl_log_file_remove_folder(log->folder, path);
}

/* Partial tiles may go once the full one is there. */
static void tidy(const struct vl_log_dir *log, uint64_t old_size, uint64_t new_size)
{
    for (unsigned level = 0; level < VL_TILE_LEVELS; level++) {
        uint64_t first = (old_size >> 8 * level) / VL_TILE_WIDTH,
                 end = (new_size >> 8 * level) / VL_TILE_WIDTH;

        /* Only the first one can have had partial ones in an earlier batch. */
        if (first < end)
            remove_partial(log, &(struct vl_tile_at){false, level, first, 1});
        if (first < end && level == 0)
            remove_partial(log, &(struct vl_tile_at){true, 0, first, 1});
    }
}

enum vl_err vl_log_finish(struct vl_log_dir *log, const struct vl_log_stage *stage,
                          struct vl_why *why)
{
    enum vl_err err = put_entries(log, stage->entries, why);
    uint8_t root[VL_HASH_LEN];

    vl_tile_writer_root(&log->writer, root);
    if (!err &&
        (log->writer.size != stage->new_size || memcmp(root, stage->new_root, VL_HASH_LEN) != 0))
        err = vl_fail(why, VL_ERR_REFUSED, "staging does not make the tree that it says");
    if (!err)
        err = vl_log_file_sync_all(log->folder, why);
    if (!err)
        err = read_back(log, stage, why);
    if (!err)
        err = sign_head(log, stage, why);
    if (err) {
        vl_log_begin_tiles(log); /* of what was signed */
        return err;
    }
    vl_tile_reader_grow(&log->shown_tiles, log->shown.size);
    tidy(log, stage->old_size, stage->new_size);
    return VL_OK;
}

/* Rows of some entries at a time, so that a journal does not grow over all of them. */
#define ROWS_AT_ONCE 50000

static enum vl_err index_some(struct vl_log_dir *log, uint64_t first, uint64_t end,
                              struct vl_why *why)
{
    enum vl_err err = vl_log_index_begin(log->index, why);

    for (uint64_t i = first; i < end && !err; i++) {
        VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
        struct vl_log_dir_row row;
        vl_bytes bytes;

        err = vl_log_entry_at(log, i, log->head.size, &bytes, why);
        if (!err)
            err = vl_entry_parse(bytes, &entry, why);
        if (err)
            break;
        vl_log_row_of(&entry, i, &row);
        err = vl_log_index_add(log->index, &row, why);
    }
    if (!err)
        err = vl_log_index_commit(log->index, why);
    if (err)
        vl_log_index_rollback(log->index);
    return err;
}

enum vl_err vl_log_index_up(struct vl_log_dir *log, struct vl_why *why)
{
    uint64_t size = 0;
    enum vl_err err;

    if (log->indexed == log->head.size)
        return VL_OK;
    err = vl_log_index_size(log->index, &size, why);
    /* It knows of what the record has not: it was left by another past. */
    if (!err && size > log->head.size) {
        err = vl_log_index_clear(log->index, why);
        size = 0;
    }
    while (!err && size < log->head.size) {
        const uint64_t left = log->head.size - size;
        const uint64_t end = size + (left < ROWS_AT_ONCE ? left : ROWS_AT_ONCE);

        err = index_some(log, size, end, why);
        size = end;
    }
    log->indexed = err ? 0 : log->head.size;
    return err;
}

/* Places of what is there already; how many are new. */
static enum vl_err find_known(struct vl_log_dir *log, struct vl_log_dir_put *puts, size_t count,
                              struct vl_why *why)
{
    for (size_t i = 0; i < count; i++) {
        enum vl_err err = vl_log_index_find(log->index, puts[i].entry->id, &puts[i].index, why);

        puts[i].was_there = err == VL_OK;
        if (err && err != VL_ERR_NOT_FOUND)
            return err;
    }
    return VL_OK;
}

static enum vl_err check_len(const struct vl_log_dir *log, const struct vl_entry *entry,
                             struct vl_why *why)
{
    const size_t len = entry->sign1.wire.len;

    if (len > VL_ENTRY_MAX_LEN || len > log->anchor.policy.max_len)
        return vl_fail(why, VL_ERR_LIMIT, "entry: %zu bytes, more than the %llu of this record",
                       len, (unsigned long long)log->anchor.policy.max_len);
    return VL_OK;
}

static int by_id(const void *a, const void *b)
{
    const struct vl_log_dir_put *const *x = a, *const *y = b;
    int order = memcmp((*x)->entry->id, (*y)->entry->id, VL_HASH_LEN);

    return order ? order : (*x > *y) - (*x < *y);
}

static bool is_twin(struct vl_log_dir_put *const *sorted, size_t at)
{
    return at > 0 && memcmp(sorted[at]->entry->id, sorted[at - 1]->entry->id, VL_HASH_LEN) == 0;
}

/* What is twice in the batch enters once, where it stands first. */
static struct vl_log_dir_put **find_twins(struct vl_log_dir_put *puts, size_t count)
{
    struct vl_log_dir_put **sorted = vl_new((count + 1) * sizeof(struct vl_log_dir_put *));

    for (size_t i = 0; sorted && i < count; i++)
        sorted[i] = &puts[i];
    if (sorted && count > 0)
        qsort(sorted, count, sizeof(struct vl_log_dir_put *), by_id);
    for (size_t i = 0; sorted && i < count; i++)
        sorted[i]->was_there = sorted[i]->was_there || is_twin(sorted, i);
    return sorted;
}

/* Fill log->entries with what is new, and say what tree it will make. */
static enum vl_err gather(struct vl_log_dir *log, struct vl_log_dir_put *puts, size_t count,
                          struct vl_log_stage *stage, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    *stage = (struct vl_log_stage){.old_size = log->head.size};
    memcpy(stage->old_root, log->head.root, VL_HASH_LEN);
    log->trial = log->writer;
    log->trial.sink = (struct vl_tile_sink){put_nowhere, NULL};
    log->entries.len = 0;
    for (size_t i = 0; i < count && !err; i++) {
        if (puts[i].was_there)
            continue;
        puts[i].index = log->trial.size;
        err = vl_tile_writer_add(&log->trial, puts[i].entry->leaf_hash, why);
        if (!err && log->entries.len > VL_LOG_DIR_MAX_BATCH_BYTES)
            err = VL_ERR_LIMIT;
        if (!err)
            err = vl_entries_put(vl_entry_bytes(puts[i].entry), &log->entries);
        if (err)
            (void)vl_fail(why, err, "batch: %s", vl_err_words(err));
    }
    stage->new_size = log->trial.size;
    vl_tile_writer_root(&log->trial, stage->new_root);
    stage->entries = vl_buf_bytes(&log->entries);
    return err;
}

/* They are in the record whatever becomes of the index, which catches up before the next batch. */
static void index_batch(struct vl_log_dir *log, const struct vl_log_dir_put *puts, size_t count)
{
    enum vl_err err = vl_log_index_begin(log->index, NULL);

    for (size_t i = 0; i < count && !err; i++) {
        struct vl_log_dir_row row;

        if (puts[i].was_there)
            continue;
        vl_log_row_of(puts[i].entry, puts[i].index, &row);
        err = vl_log_index_add(log->index, &row, NULL);
    }
    if (!err)
        err = vl_log_index_hold(log->index, NULL);
    if (err)
        vl_log_index_rollback(log->index);
    log->indexed = err ? 0 : log->head.size;
}

static enum vl_err add_batch(struct vl_log_dir *log, struct vl_log_dir_put *puts, size_t count,
                             struct vl_why *why)
{
    struct vl_log_stage stage;
    enum vl_err err = gather(log, puts, count, &stage, why);

    if (err || stage.new_size == stage.old_size)
        return err;
    log->is_behind = true;
    err = vl_log_stage_write(log->folder, &stage, &log->room, why);
    if (!err)
        err = vl_log_finish(log, &stage, why);
    if (err)
        return err;
    log->is_behind = false;
    index_batch(log, puts, count);
    return VL_OK;
}

enum vl_err vl_log_dir_append(struct vl_log_dir *log, struct vl_log_dir_put *puts, size_t count,
                              struct vl_why *why)
{
    struct vl_log_dir_put **sorted = NULL;
    enum vl_err err = VL_OK;

    if (log->access != VL_LOG_DIR_WRITE)
        return vl_fail(why, VL_ERR_USAGE, "a record that is only read takes no entries");
    if (count > VL_LOG_DIR_MAX_BATCH)
        return vl_fail(why, VL_ERR_LIMIT, "a batch of %zu entries, more than %d", count,
                       VL_LOG_DIR_MAX_BATCH);
    for (size_t i = 0; i < count && !err; i++)
        err = check_len(log, puts[i].entry, why);
    if (!err && log->is_behind)
        err = vl_log_take_up(log, why);
    if (!err)
        err = vl_log_index_up(log, why);
    if (!err)
        err = find_known(log, puts, count, why);
    if (err)
        return err;
    sorted = find_twins(puts, count);
    if (!sorted)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a batch");
    err = add_batch(log, puts, count, why);
    for (size_t i = 0; i < count && !err; i++)
        if (is_twin(sorted, i))
            sorted[i]->index = sorted[i - 1]->index;
    vl_free(sorted);
    return err;
}
