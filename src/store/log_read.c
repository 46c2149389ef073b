/* SPDX-License-Identifier: Apache-2.0 */
#include <stdio.h>
#include <string.h>

#include "store/log_file.h"
#include "store/log_inside.h"

enum vl_err vl_log_get(const struct vl_log_dir *log, const char *name, struct vl_buf *out,
                       struct vl_why *why)
{
    return log->source.get ? log->source.get(log->source.self, name, out, why)
                           : vl_log_file_read(log->folder, name, out, why);
}

const char *vl_log_public(const struct vl_log_dir *log, const char *name, char out[VL_LOG_PATH])
{
    (void)snprintf(out, VL_LOG_PATH, "%s%s", log->to_public, name);
    return out;
}

const char *vl_log_tile_path(const struct vl_log_dir *log, const struct vl_tile_at *at,
                             char out[VL_LOG_PATH])
{
    char path[VL_TILE_PATH];

    return vl_log_public(log, vl_tile_path(at, path), out);
}

/* The first `width` of what a wider file has. */
static enum vl_err cut(const struct vl_tile_at *at, vl_bytes wider, struct vl_buf *out,
                       struct vl_why *why)
{
    size_t len = (size_t)at->width * VL_HASH_LEN;

    if (at->is_entries) {
        vl_bytes left = wider, entry;

        for (unsigned i = 0; i < at->width; i++)
            if (!vl_log_stage_next(&left, &entry))
                return vl_fail(why, VL_ERR_FORMAT, "it ends in entry %u", i);
        len = wider.len - left.len;
    } else if (wider.len != VL_TILE_LEN) {
        return vl_fail(why, VL_ERR_FORMAT, "it has %zu bytes", wider.len);
    }
    return vl_buf_put(out, vl_bytes_first(wider, len));
}

/* NOT_FOUND when there is no such file, nor the full one. */
static enum vl_err read_file(const struct vl_log_dir *log, const struct vl_tile_at *at,
                             struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wider = VL_BUF_INIT(VL_ENTRIES_MAX_LEN);
    const struct vl_tile_at full = {at->is_entries, at->level, at->index, VL_TILE_WIDTH};
    char path[VL_LOG_PATH];
    const size_t before = out->len;
    enum vl_err err = vl_log_get(log, vl_log_tile_path(log, at, path), out, why);

    /* Partial ones may go once the full one is there. */
    if (err == VL_ERR_NOT_FOUND && at->width < VL_TILE_WIDTH) {
        err = vl_log_get(log, vl_log_tile_path(log, &full, path), &wider, why);
        if (!err)
            err = cut(at, vl_buf_bytes(&wider), out, why);
    }
    if (!err && !at->is_entries && out->len - before != (size_t)at->width * VL_HASH_LEN) {
        err = vl_fail(why, VL_ERR_FORMAT, "%s has %zu bytes", path, out->len - before);
        out->len = before;
    }
    return err;
}

enum vl_err vl_log_read_tile(const struct vl_log_dir *log, const struct vl_tile_at *at,
                             struct vl_buf *out, struct vl_why *why)
{
    char path[VL_LOG_PATH];
    enum vl_err err = read_file(log, at, out, why);

    return err == VL_ERR_NOT_FOUND
               ? vl_fail(why, VL_ERR_FORMAT, "%s is missing", vl_log_tile_path(log, at, path))
               : err;
}

enum vl_err vl_log_dir_tile(const struct vl_log_dir *log, const struct vl_tile_at *at,
                            struct vl_buf *out, struct vl_why *why)
{
    const unsigned level = at->is_entries ? 0 : at->level;
    const unsigned width = vl_tile_width(log->head.size, level, at->index);

    if (at->width < 1 || at->width > width)
        return vl_fail(why, VL_ERR_NOT_FOUND, "it is not in the tree");
    /* Of a tile that is not full there are those widths that a checkpoint had. */
    if (at->width < width && width < VL_TILE_WIDTH) {
        enum vl_err err = read_file(log, at, out, why);

        return err == VL_ERR_NOT_FOUND ? vl_fail(why, err, "no checkpoint had this much of it")
                                       : err;
    }
    return vl_log_read_tile(log, at, out, why);
}

static enum vl_err read_hashes(void *self, const struct vl_tile_at *at, uint8_t out[VL_TILE_LEN],
                               struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_TILE_LEN);
    enum vl_err err = vl_log_read_tile(self, at, &bytes, why);

    if (err)
        return err;
    memcpy(out, bytes.data, bytes.len);
    return VL_OK;
}

struct vl_tile_source vl_log_tiles(struct vl_log_dir *log)
{
    return (struct vl_tile_source){read_hashes, log};
}

enum vl_err vl_log_entry_at(struct vl_log_dir *log, uint64_t index, uint64_t size, vl_bytes *entry,
                            struct vl_why *why)
{
    const uint64_t number = index / VL_TILE_WIDTH;
    const struct vl_tile_at at = {true, 0, number, vl_tile_width(size, 0, number)};
    vl_bytes left;
    enum vl_err err = VL_OK;

    if (index >= size)
        return vl_fail(why, VL_ERR_NOT_FOUND, "there is no entry %llu", (unsigned long long)index);
    if (log->bundle_at.width == 0 || log->bundle_at.index != number ||
        log->bundle_at.width <= index % VL_TILE_WIDTH) {
        log->bundle.len = 0;
        log->bundle_at.width = 0;
        err = vl_log_read_tile(log, &at, &log->bundle, why);
        if (err)
            return err;
        log->bundle_at = at;
    }
    left = vl_buf_bytes(&log->bundle);
    for (uint64_t i = 0; i <= index % VL_TILE_WIDTH; i++)
        if (!vl_log_stage_next(&left, entry))
            return vl_fail(why, VL_ERR_FORMAT, "the bundle of entry %llu ends early",
                           (unsigned long long)index);
    return VL_OK;
}

enum vl_err vl_log_dir_entry(struct vl_log_dir *log, uint64_t index, struct vl_buf *out,
                             struct vl_why *why)
{
    vl_bytes entry;
    enum vl_err err = vl_log_entry_at(log, index, log->head.size, &entry, why);

    if (!err)
        err = vl_buf_put(out, entry);
    return err;
}

static enum vl_err id_at(struct vl_log_dir *log, uint64_t index, struct vl_entry *entry,
                         struct vl_why *why)
{
    vl_bytes bytes;
    enum vl_err err = vl_log_entry_at(log, index, log->head.size, &bytes, why);

    return err ? err : vl_entry_parse(bytes, entry, why);
}

/* How many entries the index can be asked about. */
static uint64_t known_to_index(struct vl_log_dir *log)
{
    uint64_t size = 0;

    if (log->access == VL_LOG_DIR_WRITE && log->indexed == log->head.size)
        return log->head.size;
    if (!log->index || vl_log_index_size(log->index, &size, NULL))
        return 0;
    return size < log->head.size ? size : log->head.size;
}

/* Do these very bytes stand at that place?  The tiles tell without their bundle; they may be wrong,
 * but then no path leads from there to a root. */
static bool stands_there(struct vl_log_dir *log, uint64_t at, const struct vl_entry *entry)
{
    const struct vl_tree_nodes nodes =
        vl_tile_nodes(at < log->shown.size ? &log->shown_tiles : &log->head_tiles);
    uint8_t hash[VL_HASH_LEN];

    return vl_entry_bytes(entry).len > 0 && nodes.node(nodes.self, 0, at, hash, NULL) == VL_OK &&
           memcmp(hash, entry->leaf_hash, sizeof hash) == 0;
}

/* Whether this id is at that place; *entry as vl_log_dir_look_up says. */
static enum vl_err look_there(struct vl_log_dir *log, uint64_t at, const uint8_t id[VL_HASH_LEN],
                              struct vl_entry *entry, bool *is_it, struct vl_why *why)
{
    VL_AUTO(vl_entry_release) struct vl_entry read = VL_ENTRY_INIT;
    vl_bytes bytes;
    enum vl_err err;

    *is_it = stands_there(log, at, entry);
    if (*is_it)
        return VL_OK;
    err = vl_log_entry_at(log, at, log->head.size, &bytes, why);
    if (!err)
        err = vl_entry_parse(bytes, &read, why);
    *is_it = !err && memcmp(read.id, id, VL_HASH_LEN) == 0;
    if (*is_it) {
        vl_entry_release(entry);
        *entry = read;
        read = (struct vl_entry)VL_ENTRY_INIT;
    }
    return err;
}

enum vl_err vl_log_dir_look_up(struct vl_log_dir *log, const uint8_t id[VL_HASH_LEN],
                               struct vl_entry *entry, uint64_t *index, struct vl_why *why)
{
    bool is_it = false;
    uint64_t known, at = 0;
    enum vl_err err = log->access == VL_LOG_DIR_WRITE ? vl_log_index_up(log, why) : VL_OK;

    if (err)
        return err;
    known = known_to_index(log);
    err = known > 0 ? vl_log_index_find(log->index, id, &at, why) : VL_ERR_NOT_FOUND;
    if (!err && at < log->head.size) {
        err = look_there(log, at, id, entry, &is_it, why);
        *index = at;
        return err || is_it
                   ? err
                   : vl_fail(why, VL_ERR_FORMAT, "the index has something else in that place");
    }
    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    for (at = known; at < log->head.size; at++) {
        err = look_there(log, at, id, entry, &is_it, why);
        if (err)
            return err;
        if (is_it) {
            *index = at;
            return VL_OK;
        }
    }
    return vl_fail(why, VL_ERR_NOT_FOUND, "it is not in the record");
}

enum vl_err vl_log_dir_find(struct vl_log_dir *log, const uint8_t id[VL_HASH_LEN], uint64_t *index,
                            struct vl_why *why)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;

    return vl_log_dir_look_up(log, id, &entry, index, why);
}

struct listing {
    struct vl_log_dir *log;
    const struct vl_log_dir_filter *filter;
    uint64_t left; /* of the limit; UINT64_MAX without */
    enum vl_err (*visit)(void *self, const struct vl_log_dir_row *row, struct vl_why *why);
    void *self;
};

static enum vl_err pass_on(void *self, const struct vl_log_dir_row *row, struct vl_why *why)
{
    struct listing *listing = self;

    listing->left--;
    return listing->visit(listing->self, row, why);
}

static enum vl_err look_at(struct listing *listing, uint64_t at, struct vl_why *why)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_log_dir_row row;
    enum vl_err err = id_at(listing->log, at, &entry, why);

    if (err)
        return err;
    vl_log_row_of(&entry, at, &row);
    return vl_log_row_fits(&row, listing->filter) ? pass_on(listing, &row, why) : VL_OK;
}

/* What a reader's index does not know yet, entry by entry. */
static enum vl_err list_rest(struct listing *listing, uint64_t first, uint64_t end,
                             struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (uint64_t i = first; i < end && !err && listing->left > 0; i++)
        err = look_at(listing, listing->filter->newest_first ? end - 1 - (i - first) : i, why);
    return err;
}

enum vl_err vl_log_dir_list(struct vl_log_dir *log, const struct vl_log_dir_filter *filter,
                            enum vl_err (*visit)(void *self, const struct vl_log_dir_row *row,
                                                 struct vl_why *why),
                            void *self, struct vl_why *why)
{
    struct listing listing = {log, filter, filter->limit ? filter->limit : UINT64_MAX, visit, self};
    struct vl_log_dir_filter known = *filter;
    const uint64_t size = filter->waiting_too ? log->head.size : log->shown.size;
    uint64_t end = known_to_index(log), first, last = size;
    enum vl_err err = VL_OK;

    if (end > size)
        end = size;
    if (filter->newest_first && filter->from > 0 && filter->from < size)
        last = filter->from + 1;
    first = !filter->newest_first && filter->from > end ? filter->from : end;
    if (filter->newest_first && first < last)
        err = list_rest(&listing, first, last, why);
    if (listing.left != UINT64_MAX)
        known.limit = listing.left;
    if (!err && end > 0 && listing.left > 0)
        err = vl_log_index_list(log->index, &known, end, pass_on, &listing, why);
    if (!err && !filter->newest_first && first < last)
        err = list_rest(&listing, first, last, why);
    return err;
}

static enum vl_err path_of(struct vl_tile_reader *tiles, uint64_t size, uint64_t index,
                           struct vl_tree_path *path, struct vl_why *why)
{
    const struct vl_tree_nodes nodes = vl_tile_nodes(tiles);

    if (index >= size)
        return vl_fail(why, VL_ERR_NOT_FOUND, "entry %llu is not given out",
                       (unsigned long long)index);
    return vl_tree_nodes_path(&nodes, size, index, path, why);
}

enum vl_err vl_log_dir_receipt_draft(struct vl_log_dir *log, uint64_t index,
                                     const struct vl_entry *entry, int64_t now_s,
                                     struct vl_receipt_draft *draft, struct vl_why *why)
{
    if (log->access == VL_LOG_DIR_READ)
        return vl_fail(why, VL_ERR_USAGE, "a record that is only read signs nothing");
    *draft = (struct vl_receipt_draft){.of = VL_RECEIPT_OF_INCLUSION,
                                       .alg = VL_COSE_ALG_EDDSA,
                                       .origin = log->anchor.policy.origin,
                                       .sub = entry->sign1.claims.sub,
                                       .has_iat = true,
                                       .iat_s = now_s,
                                       .size = log->shown.size,
                                       .at = index};
    memcpy(draft->root, log->shown.root, VL_HASH_LEN);
    memcpy(draft->from, entry->leaf_hash, VL_HASH_LEN);
    return path_of(&log->shown_tiles, log->shown.size, index, &draft->path, why);
}

enum vl_err vl_log_dir_receipt_sign(const struct vl_log_dir *log,
                                    const struct vl_receipt_draft *draft, struct vl_buf *out,
                                    struct vl_why *why)
{
    return vl_receipt_write(draft, &log->receipts, out, why);
}

static enum vl_err try_receipt(struct vl_log_dir *log, uint64_t index, const struct vl_entry *entry,
                               int64_t now_s, struct vl_buf *out, struct vl_why *why)
{
    struct vl_receipt_draft draft;
    enum vl_err err = vl_log_dir_receipt_draft(log, index, entry, now_s, &draft, why);

    return err ? err : vl_log_dir_receipt_sign(log, &draft, out, why);
}

enum vl_err vl_log_dir_receipt(struct vl_log_dir *log, uint64_t index, int64_t now_s,
                               struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    enum vl_err err;

    if (index >= log->shown.size)
        return vl_fail(why, VL_ERR_NOT_FOUND, "entry %llu is not given out",
                       (unsigned long long)index);
    err = id_at(log, index, &entry, why);
    if (!err)
        err = try_receipt(log, index, &entry, now_s, out, why);
    if (err != VL_ERR_UNVERIFIED)
        return err;
    /* What is remembered of the tiles may be what is wrong. */
    vl_log_begin_tiles(log);
    vl_entry_release(&entry);
    err = id_at(log, index, &entry, why);
    return err ? err : try_receipt(log, index, &entry, now_s, out, why);
}

enum vl_err vl_log_dir_proof(struct vl_log_dir *log, uint64_t index, struct vl_buf *out,
                             struct vl_why *why)
{
    struct vl_proof_file proof = {.index = index};
    enum vl_err err = path_of(&log->shown_tiles, log->shown.size, index, &proof.path, why);

    if (err)
        return err;
    proof.checkpoint = vl_buf_bytes(&log->shown.bytes);
    return vl_proof_file_write(&proof, out, why);
}

enum vl_err vl_log_dir_consistency(struct vl_log_dir *log, uint64_t old_size, uint64_t size,
                                   struct vl_tree_path *path, struct vl_why *why)
{
    const struct vl_tree_nodes nodes = vl_tile_nodes(&log->head_tiles);

    if (old_size > size || size > log->head.size)
        return vl_fail(why, VL_ERR_NOT_FOUND, "the record has %llu entries",
                       (unsigned long long)log->head.size);
    return vl_tree_nodes_consistency(&nodes, old_size, size, path, why);
}

enum vl_err vl_log_dir_root_at(struct vl_log_dir *log, uint64_t size, uint8_t root[VL_HASH_LEN],
                               struct vl_why *why)
{
    const struct vl_tree_nodes nodes = vl_tile_nodes(&log->head_tiles);

    if (size > log->head.size)
        return vl_fail(why, VL_ERR_NOT_FOUND, "the record has %llu entries",
                       (unsigned long long)log->head.size);
    if (size == 0) {
        vl_sha256(VL_BYTES_NONE, root);
        return VL_OK;
    }
    return vl_tree_nodes_hash(&nodes, 0, size, root, why);
}
