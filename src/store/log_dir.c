/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_dir.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/alloc.h"
#include "store/log_file.h"
#include "store/log_inside.h"
#include "store/named.h"

#define PATH_MAX_LEN 3900

void vl_log_note_release(struct vl_log_note *note)
{
    vl_buf_release(&note->bytes);
    note->size = 0;
    note->witnesses = 0;
    vl_sha256(VL_BYTES_NONE, note->root);
}

static void note_init(struct vl_log_note *note)
{
    note->bytes = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    vl_log_note_release(note);
}

static struct vl_log_dir *new_log(enum vl_log_dir_access access)
{
    struct vl_log_dir *log = vl_new(sizeof *log);

    if (!log)
        return NULL;
    log->access = access;
    log->folder = log->keys = -1;
    log->to_public = VL_LOG_PUBLIC;
    log->lock = (struct vl_lock)VL_LOCK_INIT;
    log->anchor_wire = VL_BUF_INIT(VL_ANCHOR_MAX_LEN);
    log->bundle = log->open_bundle = VL_BUF_INIT(VL_ENTRIES_MAX_LEN);
    log->entries = log->room = VL_BUF_INIT(VL_LOG_STAGE_MAX);
    note_init(&log->shown);
    note_init(&log->head);
    vl_log_begin_tiles(log);
    return log;
}

enum vl_err vl_log_new(const char *path, enum vl_log_dir_access access, struct vl_log_dir **out,
                       struct vl_why *why)
{
    struct vl_log_dir *log = new_log(access);
    char *whole;

    *out = log;
    if (!log)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a record");
    whole = realpath(path, NULL);
    if (!whole)
        return vl_named_errno(why, "looking for it");
    log->path = vl_new(strlen(whole) + 1);
    if (log->path)
        memcpy(log->path, whole, strlen(whole) + 1);
    free(whole); /* NOLINT(bugprone-unused-return-value): realpath's own memory */
    if (!log->path)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a record");
    if (strlen(log->path) > PATH_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, "its path is longer than %d bytes", PATH_MAX_LEN);
    log->folder = open(log->path, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    return log->folder < 0 ? vl_named_errno(why, "opening its folder") : VL_OK;
}

void vl_log_dir_close(struct vl_log_dir *log)
{
    if (!log)
        return;
    vl_log_index_close(log->index);
    vl_secret_wipe(&log->receipts);
    vl_secret_wipe(&log->checkpoints);
    vl_log_note_release(&log->shown);
    vl_log_note_release(&log->head);
    vl_buf_release(&log->anchor_wire);
    vl_buf_release(&log->bundle);
    vl_buf_release(&log->open_bundle);
    vl_buf_release(&log->entries);
    vl_buf_release(&log->room);
    vl_lock_drop(&log->lock);
    if (log->keys >= 0)
        (void)close(log->keys);
    if (log->folder >= 0)
        (void)close(log->folder);
    vl_free(log->path);
    vl_free(log);
}

enum vl_err vl_log_read_anchor(struct vl_log_dir *log, struct vl_why *why)
{
    char name[VL_LOG_PATH];
    enum vl_err err;

    log->anchor_wire.len = 0;
    log->to_public = VL_LOG_PUBLIC;
    if (log->source.get ||
        (log->access == VL_LOG_DIR_READ &&
         faccessat(log->folder, vl_log_public(log, VL_LOG_ANCHOR, name), F_OK, 0) != 0))
        log->to_public = "";
    err = vl_log_get(log, vl_log_public(log, VL_LOG_ANCHOR, name), &log->anchor_wire, why);
    if (err == VL_ERR_NOT_FOUND)
        return vl_fail(why, err, "there is no record in it");
    return err ? err : vl_anchor_parse(vl_buf_bytes(&log->anchor_wire), &log->anchor, why);
}

/* One file is one seed, and the policy has its public half. */
static enum vl_err read_key(int keys, const char *name, struct vl_secret *seed,
                            struct vl_cose_key *key, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_ED25519_SEED_LEN);
    struct stat info;
    enum vl_err err = vl_log_file_read(keys, name, &bytes, why);

    if (!err && fstatat(keys, name, &info, AT_SYMLINK_NOFOLLOW) == 0 && (info.st_mode & 077) != 0)
        return vl_fail(why, VL_ERR_NO_KEY, "others may read keys/%s: chmod 600", name);
    if (err == VL_ERR_NOT_FOUND || (!err && bytes.len != VL_ED25519_SEED_LEN))
        return vl_fail(why, VL_ERR_NO_KEY, "keys/%s is no key", name);
    if (!err)
        err = vl_secret_set(seed, vl_buf_bytes(&bytes));
    if (!err)
        vl_cose_key_of_seed(seed, key);
    return err;
}

enum vl_err vl_log_read_keys(struct vl_log_dir *log, struct vl_why *why)
{
    const struct vl_record_policy *policy = &log->anchor.policy;
    struct vl_cose_key receipts, checkpoints;
    enum vl_err err;

    log->keys = openat(log->folder, "keys", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    if (log->keys < 0)
        return errno == ENOENT ? vl_fail(why, VL_ERR_NO_KEY, "its keys are not here")
                               : vl_named_errno(why, "opening its keys");
    err = read_key(log->keys, "receipts", &log->receipts, &receipts, why);
    if (!err && log->access == VL_LOG_DIR_WRITE)
        err = read_key(log->keys, "checkpoints", &log->checkpoints, &checkpoints, why);
    if (err)
        return err;
    if (memcmp(receipts.x, policy->receipt_key.x, sizeof receipts.x) != 0 ||
        (log->access == VL_LOG_DIR_WRITE &&
         memcmp(checkpoints.x, policy->checkpoint_key.public_key, VL_ED25519_PUBLIC_LEN) != 0))
        return vl_fail(why, VL_ERR_NO_KEY, "its keys are not those of its policy");
    /* So that no receipt makes its public key again. */
    vl_ed25519_expand(&log->receipts, &log->receipts);
    return VL_OK;
}

enum vl_err vl_log_note_read(const struct vl_log_dir *log, vl_bytes bytes, size_t need,
                             struct vl_log_note *note, struct vl_why *why)
{
    struct vl_checkpoint_seen seen;
    struct vl_checkpoint checkpoint;
    struct vl_log trusted;
    enum vl_err err;

    vl_record_policy_log(&log->anchor.policy, &trusted);
    trusted.need = need;
    err = vl_checkpoint_verify(bytes, &trusted, &checkpoint, &seen, why);
    if (err)
        return err;
    note->bytes.len = 0;
    err = vl_buf_put(&note->bytes, bytes);
    if (err)
        return vl_fail(why, err, "checkpoint: %s", vl_err_words(err));
    note->size = checkpoint.size;
    memcpy(note->root, checkpoint.root, VL_HASH_LEN);
    note->witnesses = seen.witnesses;
    return VL_OK;
}

static enum vl_err read_note(const struct vl_log_dir *log, const char *name, size_t need,
                             struct vl_log_note *note, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    enum vl_err err = vl_log_get(log, name, &bytes, why);

    if (err == VL_ERR_NOT_FOUND) {
        vl_log_note_release(note);
        return VL_OK;
    }
    if (!err)
        err = vl_log_note_read(log, vl_buf_bytes(&bytes), need, note, why);
    return err ? vl_fail_in(why, err, "%s", name) : VL_OK;
}

enum vl_err vl_log_note_copy(const struct vl_log_note *from, struct vl_log_note *to,
                             struct vl_why *why)
{
    enum vl_err err;

    to->bytes.len = 0;
    err = vl_buf_put(&to->bytes, vl_buf_bytes(&from->bytes));
    if (err)
        return vl_fail(why, err, "checkpoint: %s", vl_err_words(err));
    to->size = from->size;
    to->witnesses = from->witnesses;
    memcpy(to->root, from->root, VL_HASH_LEN);
    return VL_OK;
}

static enum vl_err read_notes(const struct vl_log_dir *log, struct vl_log_note *shown,
                              struct vl_log_note *head, struct vl_why *why)
{
    const size_t need = log->anchor.policy.need;
    char name[VL_LOG_PATH];
    enum vl_err err = read_note(log, vl_log_public(log, VL_LOG_SHOWN, name), need, shown, why);

    if (!err && need > 0)
        err = read_note(log, VL_LOG_WAITING, 0, head, why);
    if (!err && (need == 0 || head->size < shown->size))
        err = vl_log_note_copy(shown, head, why);
    return err;
}

/* A checkpoint is the beginning of every later one; the reader at least sees it grow. */
static enum vl_err check_growth(const struct vl_log_note *before, const struct vl_log_note *now,
                                struct vl_why *why)
{
    if (now->size < before->size)
        return vl_fail(why, VL_ERR_REFUSED, "the checkpoint went back from %llu entries to %llu",
                       (unsigned long long)before->size, (unsigned long long)now->size);
    if (now->size == before->size && memcmp(now->root, before->root, VL_HASH_LEN) != 0)
        return vl_fail(why, VL_ERR_REFUSED, "the checkpoint of %llu entries is another one now",
                       (unsigned long long)now->size);
    return VL_OK;
}

enum vl_err vl_log_read_notes(struct vl_log_dir *log, struct vl_why *why)
{
    struct vl_log_note shown, head;
    enum vl_err err;

    note_init(&shown);
    note_init(&head);
    err = read_notes(log, &shown, &head, why);
    if (!err)
        err = check_growth(&log->shown, &shown, why);
    if (!err)
        err = check_growth(&log->head, &head, why);
    if (!err) {
        struct vl_log_note old[2] = {log->shown, log->head};

        log->shown = shown;
        log->head = head;
        shown = old[0];
        head = old[1];
        vl_log_begin_tiles(log);
    }
    vl_log_note_release(&shown);
    vl_log_note_release(&head);
    return err;
}

void vl_log_begin_tiles(struct vl_log_dir *log)
{
    const struct vl_tile_source tiles = vl_log_tiles(log);

    vl_tile_reader_begin(&log->shown_tiles, tiles, log->shown.size);
    vl_tile_reader_begin(&log->head_tiles, tiles, log->head.size);
    log->bundle_at.width = 0;
}

enum vl_err vl_log_lock(struct vl_log_dir *log, struct vl_why *why)
{
    char *path = vl_new(strlen(log->path) + sizeof "/lock");
    enum vl_err err;

    if (!path)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a record");
    (void)snprintf(path, strlen(log->path) + sizeof "/lock", "%s/lock", log->path);
    err = vl_lock_take(path, &log->lock, why);
    vl_free(path);
    return err == VL_ERR_LOCKED ? VL_ERR_BUSY : err;
}

static enum vl_err open_log(struct vl_log_dir *log, struct vl_why *why)
{
    enum vl_err err = vl_log_read_anchor(log, why);

    if (!err && log->access == VL_LOG_DIR_WRITE)
        err = vl_log_lock(log, why);
    if (!err && log->access != VL_LOG_DIR_READ)
        err = vl_log_read_keys(log, why);
    if (err)
        return err;
    if (log->access != VL_LOG_DIR_WRITE) {
        /* Without its index a reader looks at every entry. */
        if (vl_log_index_open(log->path, true, log->anchor.id, &log->index, why))
            log->index = NULL;
        return vl_log_read_notes(log, why);
    }
    return vl_log_take_up(log, why);
}

enum vl_err vl_log_dir_open(const char *path, enum vl_log_dir_access access,
                            struct vl_log_dir **out, struct vl_why *why)
{
    enum vl_err err = vl_log_new(path, access, out, why);

    if (!err)
        err = open_log(*out, why);
    if (err) {
        vl_log_dir_close(*out);
        *out = NULL;
    }
    return err;
}

enum vl_err vl_log_dir_open_far(const struct vl_log_source *source, struct vl_log_dir **out,
                                struct vl_why *why)
{
    struct vl_log_dir *log = new_log(VL_LOG_DIR_READ);
    enum vl_err err;

    *out = NULL;
    if (!log)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a record");
    log->source = *source;
    err = vl_log_read_anchor(log, why);
    if (!err)
        err = vl_log_read_notes(log, why);
    if (err)
        vl_log_dir_close(log);
    else
        *out = log;
    return err;
}

static bool has_note(const struct vl_log_dir *log, const char *name, const struct vl_log_note *note)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_NOTE_MAX_LEN);

    return vl_log_get(log, name, &bytes, NULL) == VL_OK &&
           vl_bytes_eq(vl_buf_bytes(&bytes), vl_buf_bytes(&note->bytes));
}

/* A reader asks often, and mostly nothing is new: no signature to verify, and its tiles stay good.
 */
static bool is_unchanged(const struct vl_log_dir *log)
{
    char name[VL_LOG_PATH];

    return has_note(log, vl_log_public(log, VL_LOG_SHOWN, name), &log->shown) &&
           (log->anchor.policy.need == 0 || has_note(log, VL_LOG_WAITING, &log->head));
}

enum vl_err vl_log_dir_refresh(struct vl_log_dir *log, struct vl_why *why)
{
    if (log->access == VL_LOG_DIR_WRITE || is_unchanged(log))
        return VL_OK;
    return vl_log_read_notes(log, why);
}

const struct vl_record_policy *vl_log_dir_policy(const struct vl_log_dir *log)
{
    return &log->anchor.policy;
}

const uint8_t *vl_log_dir_id(const struct vl_log_dir *log)
{
    return log->anchor.id;
}

vl_bytes vl_log_dir_anchor(const struct vl_log_dir *log)
{
    return vl_buf_bytes(&log->anchor_wire);
}

void vl_log_dir_state(const struct vl_log_dir *log, struct vl_log_dir_state *state)
{
    *state = (struct vl_log_dir_state){.size = log->shown.size,
                                       .signed_size = log->head.size,
                                       .witnesses = log->shown.witnesses};
    memcpy(state->root, log->shown.root, VL_HASH_LEN);
    memcpy(state->signed_root, log->head.root, VL_HASH_LEN);
}

vl_bytes vl_log_dir_checkpoint(const struct vl_log_dir *log)
{
    return vl_buf_bytes(&log->shown.bytes);
}

vl_bytes vl_log_dir_signed_checkpoint(const struct vl_log_dir *log)
{
    return vl_buf_bytes(&log->head.bytes);
}
