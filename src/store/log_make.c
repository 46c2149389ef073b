/* SPDX-License-Identifier: Apache-2.0 */
#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "store/log_file.h"
#include "store/log_inside.h"
#include "store/named.h"
#include "sys/staging.h"

/* Two keys that stay, and one that signs the policy and is gone. */
struct made_keys {
    struct vl_secret receipts, checkpoints, policy;
    struct vl_cose_key policy_key;
};

static void wipe_keys(struct made_keys *keys)
{
    vl_secret_wipe(&keys->receipts);
    vl_secret_wipe(&keys->checkpoints);
    vl_secret_wipe(&keys->policy);
}

static enum vl_err make_keys(const struct vl_rng *rng, struct made_keys *keys,
                             struct vl_record_policy *policy, struct vl_why *why)
{
    uint8_t public_key[VL_ED25519_PUBLIC_LEN];
    struct vl_cose_key checkpoints;
    enum vl_err err = vl_rng_secret(rng, VL_ED25519_SEED_LEN, &keys->receipts);

    if (!err)
        err = vl_rng_secret(rng, VL_ED25519_SEED_LEN, &keys->checkpoints);
    if (!err)
        err = vl_rng_secret(rng, VL_ED25519_SEED_LEN, &keys->policy);
    if (err)
        return vl_fail(why, err, "no randomness");
    vl_cose_key_of_seed(&keys->policy, &keys->policy_key);
    vl_cose_key_of_seed(&keys->receipts, &policy->receipt_key);
    vl_cose_key_of_seed(&keys->checkpoints, &checkpoints);
    memcpy(public_key, checkpoints.x, sizeof public_key);
    return vl_note_key_make(policy->origin, VL_NOTE_ED25519, public_key, &policy->checkpoint_key,
                            why);
}

static enum vl_err make_folder(int in, const char *name, mode_t mode, struct vl_why *why)
{
    return mkdirat(in, name, mode) == 0 ? VL_OK : vl_named_errno(why, "making a folder");
}

static enum vl_err put_keys(struct vl_log_dir *log, const struct made_keys *keys,
                            struct vl_why *why)
{
    enum vl_err err = make_folder(log->folder, "keys", 0700, why);

    if (!err)
        err = vl_log_file_over(log->folder, "keys/receipts", 0,
                               vl_bytes_of(keys->receipts.data, keys->receipts.len), true, why);
    if (!err)
        err =
            vl_log_file_over(log->folder, "keys/checkpoints", 0,
                             vl_bytes_of(keys->checkpoints.data, keys->checkpoints.len), true, why);
    return err;
}

/* Entry 0 goes the way of every other batch. */
static enum vl_err put_first(struct vl_log_dir *log, struct vl_why *why)
{
    struct vl_log_stage stage = {.old_size = 0, .new_size = 1};
    struct vl_tree tree = VL_TREE_INIT;
    enum vl_err err = vl_entries_put(log->anchor.entry, &log->entries);

    if (err)
        return vl_fail(why, err, "policy: %s", vl_err_words(err));
    vl_tree_root(&tree, stage.old_root);
    vl_tree_add(&tree, log->anchor.leaf_hash);
    vl_tree_root(&tree, stage.new_root);
    stage.entries = vl_buf_bytes(&log->entries);
    vl_tile_writer_begin(&log->writer, vl_log_tile_sink(log));
    err = vl_log_stage_write(log->folder, &stage, &log->room, why);
    return err ? err : vl_log_finish(log, &stage, why);
}

static enum vl_err fill(struct vl_log_dir *log, const struct made_keys *keys, vl_bytes entry,
                        struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf anchor = VL_BUF_INIT(VL_ANCHOR_MAX_LEN);
    char name[VL_LOG_PATH];
    enum vl_err err = vl_anchor_write(&keys->policy_key, entry, &anchor);

    if (err)
        return vl_fail(why, err, "policy: %s", vl_err_words(err));
    err = put_keys(log, keys, why);
    if (!err)
        err = make_folder(log->folder, "public", 0755, why);
    if (!err)
        err = vl_log_put_note(log, vl_log_public(log, VL_LOG_ANCHOR, name), vl_buf_bytes(&anchor),
                              why);
    if (!err)
        err = vl_log_read_anchor(log, why);
    if (!err)
        err = vl_log_read_keys(log, why);
    return err ? err : put_first(log, why);
}

enum vl_err vl_log_dir_make(const struct vl_log_dir_draft *draft, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf entry = VL_BUF_INIT(VL_ENTRY_MAX_LEN);
    VL_AUTO(wipe_keys)
    struct made_keys keys = {VL_SECRET_INIT, VL_SECRET_INIT, VL_SECRET_INIT, VL_COSE_KEY_INIT};
    VL_AUTO(vl_stage_drop) struct vl_stage stage = VL_STAGE_INIT;
    struct vl_record_policy policy = *draft->policy;
    struct vl_log_dir *log = NULL;
    enum vl_err err = make_keys(&draft->rng, &keys, &policy, why);

    if (!err)
        err = vl_record_policy_write(&policy, &keys.policy, true, draft->now_s, &entry, why);
    if (!err)
        err = vl_stage_begin(draft->path, &stage, why);
    if (!err)
        err = vl_log_new(stage.path, VL_LOG_DIR_WRITE, &log, why);
    if (!err)
        err = fill(log, &keys, vl_buf_bytes(&entry), why);
    vl_log_dir_close(log);
    return err ? err : vl_stage_commit(&stage, why);
}
