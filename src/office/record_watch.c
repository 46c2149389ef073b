/* SPDX-License-Identifier: Apache-2.0 */
#include "office/record_watch.h"

#include <stdio.h>
#include <string.h>

#include "base/alloc.h"
#include "sys/folder.h"
#include "sys/infile.h"
#include "sys/lock.h"
#include "sys/outfile.h"
#include "sys/staging.h"

#define STATE_MAGIC  VL_LITERAL("valise/watch/v1")
#define STATE_MAX    (VL_ANCHOR_MAX_LEN + VL_NOTE_MAX_LEN + 64)
#define CONFLICT_END ".conflict"
#define AS_NUMBER(n) ((unsigned long long)(n))

/* ["valise/watch/v1", anchor, note]: which record it is, and what it said last. */
struct state {
    struct vl_buf wire;
    bool is_there;
    vl_bytes anchor, note;
};

static void state_release(struct state *state)
{
    vl_buf_release(&state->wire);
}

static enum vl_err state_read(const char *path, struct state *state, struct vl_why *why)
{
    struct vl_cbor r;
    enum vl_err err;

    *state = (struct state){.wire = VL_BUF_INIT(STATE_MAX)};
    err = vl_in_read_all(path, &state->wire, why);
    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : vl_fail_in(why, err, "%s", path);
    r = vl_cbor_open(vl_buf_bytes(&state->wire), VL_CBOR_STRICT);
    (void)vl_cbor_array(&r, 3, 3);
    if (!vl_bytes_eq(vl_cbor_text(&r, 1, 64), STATE_MAGIC) && vl_cbor_ok(&r))
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "not what a watch remembers");
    state->anchor = vl_cbor_bytes(&r, 1, VL_ANCHOR_MAX_LEN);
    state->note = vl_cbor_bytes(&r, 1, VL_NOTE_MAX_LEN);
    state->is_there = true;
    err = vl_cbor_close(&r, "watch", why);
    return err ? vl_fail_in(why, err, "%s", path) : VL_OK;
}

static enum vl_err write_file(const char *path, unsigned flags, vl_bytes bytes, struct vl_why *why)
{
    enum vl_err err = vl_out_write(path, flags | VL_OUT_PART, bytes, why);

    return err ? vl_fail_in(why, err, "%s", path) : VL_OK;
}

static enum vl_err state_write(const char *path, vl_bytes anchor, vl_bytes note, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(STATE_MAX);
    struct vl_cbor_out w = vl_cbor_to(&wire);

    vl_cbor_put_array(&w, 3);
    vl_cbor_put_text(&w, STATE_MAGIC);
    vl_cbor_put_bytes(&w, anchor);
    vl_cbor_put_bytes(&w, note);
    return w.err ? vl_fail(why, w.err, "what is remembered: %s", vl_err_words(w.err))
                 : write_file(path, VL_OUT_REPLACE | VL_OUT_PRIVATE, vl_buf_bytes(&wire), why);
}

/* --- one record, two looks -------------------------------------------------------------------- */

static enum vl_err read_note(const struct vl_log_dir *log, vl_bytes note,
                             struct vl_checkpoint *checkpoint, struct vl_why *why)
{
    struct vl_checkpoint_seen seen;
    struct vl_log trusted;

    vl_record_policy_log(vl_log_dir_policy(log), &trusted);
    trusted.need = 0; /* whoever remembers it took it as it was */
    return vl_checkpoint_verify(note, &trusted, checkpoint, &seen, why);
}

/* Does `newer` go on where `older` ended?  *convicts: both are signed, and they cannot both be. */
static enum vl_err follows(struct vl_log_dir *log, vl_bytes older_note, vl_bytes newer_note,
                           bool *convicts, struct vl_why *why)
{
    struct vl_checkpoint older = {.size = 0}, newer = {.size = 0};
    struct vl_tree_path path = {.count = 0};
    enum vl_err err = read_note(log, older_note, &older, why);

    *convicts = false;
    if (!err)
        err = read_note(log, newer_note, &newer, why);
    if (!err && older.size <= newer.size)
        err = vl_log_dir_consistency(log, older.size, newer.size, &path, why);
    if (err)
        return err;
    err = vl_checkpoint_follows(&older, &newer, &path, why);
    *convicts = err != VL_OK;
    return err ? VL_ERR_UNVERIFIED : VL_OK;
}

static enum vl_err keep_both(const char *state, vl_bytes older, vl_bytes newer,
                             struct vl_record_watched *watched, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf both = VL_BUF_INIT(2 * (size_t)VL_NOTE_MAX_LEN + 64);
    const size_t len = strlen(state) + sizeof CONFLICT_END;
    char *path = vl_new(len);
    enum vl_err err = path ? VL_OK : VL_ERR_NO_MEMORY;

    if (!err)
        err = vl_buf_put(&both, older);
    if (!err)
        err = vl_buf_put_byte(&both, '\n');
    if (!err)
        err = vl_buf_put(&both, newer);
    if (err) {
        vl_free(path);
        return vl_fail(why, err, "%s", vl_err_words(err));
    }
    (void)snprintf(path, len, "%s" CONFLICT_END, state);
    err = write_file(path, VL_OUT_REPLACE, vl_buf_bytes(&both), why);
    if (err)
        vl_free(path);
    else
        watched->conflict = path;
    return err;
}

void vl_record_watched_release(struct vl_record_watched *watched)
{
    vl_free(watched->conflict);
    *watched = (struct vl_record_watched){.conflict = NULL};
}

static void fill(const struct vl_log_dir *log, struct vl_record_watched *watched)
{
    const vl_bytes origin = vl_log_dir_policy(log)->origin;
    struct vl_log_dir_state state;

    vl_log_dir_state(log, &state);
    memcpy(watched->id, vl_log_dir_id(log), sizeof watched->id);
    memcpy(watched->origin, origin.ptr, origin.len);
    watched->size = state.size;
    watched->witnesses = state.witnesses;
    memcpy(watched->root, state.root, sizeof watched->root);
}

/* What was remembered, and this note of the same record. */
static enum vl_err compare(struct vl_log_dir *log, const struct state *state,
                           const char *state_path, vl_bytes note, struct vl_record_watched *watched,
                           struct vl_why *why)
{
    struct vl_checkpoint older;
    struct vl_why kept;
    bool convicts = false;
    enum vl_err err;

    if (!vl_bytes_eq(state->anchor, vl_log_dir_anchor(log)))
        return vl_fail(why, VL_ERR_UNVERIFIED,
                       "it is another record than the one that was watched");
    err = read_note(log, state->note, &older, why);
    if (err)
        return err;
    watched->old_size = older.size;
    err = follows(log, state->note, note, &convicts, why);
    if (!err || !convicts)
        return err;
    kept = *why;
    if (keep_both(state_path, state->note, note, watched, why) == VL_OK)
        *why = kept;
    return err;
}

/* --- monitors --------------------------------------------------------------------------------- */

/* The checkpoint of a proof file, or a checkpoint alone. */
static vl_bytes note_in(vl_bytes file)
{
    struct vl_proof_file proof;

    return vl_proof_file_parse(file, &proof, NULL) == VL_OK ? proof.checkpoint : file;
}

static enum vl_err compare_other(struct vl_log_dir *log,
                                 const struct vl_record_watch_request *request, const char *path,
                                 struct vl_record_watched *watched, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf file = VL_BUF_INIT(VL_PROOF_FILE_MAX_LEN);
    struct vl_checkpoint other;
    uint8_t root[VL_HASH_LEN];
    vl_bytes note;
    enum vl_err err = vl_in_read_all(path, &file, why);

    note = note_in(vl_buf_bytes(&file));
    if (!err)
        err = read_note(log, note, &other, why);
    if (!err && other.size > watched->size)
        err = vl_fail(why, VL_ERR_UNVERIFIED, "of %llu entries, and the record shows %llu",
                      AS_NUMBER(other.size), AS_NUMBER(watched->size));
    if (!err)
        err = vl_log_dir_root_at(log, other.size, root, why);
    if (err)
        return vl_fail_in(why, err, "%s", path);
    if (memcmp(root, other.root, sizeof root) != 0) {
        err = keep_both(request->state, note, vl_log_dir_checkpoint(log), watched, why);
        return err ? err
                   : vl_fail(why, VL_ERR_UNVERIFIED,
                             "%s: another tree of %llu entries than the record shows", path,
                             AS_NUMBER(other.size));
    }
    watched->others++;
    return VL_OK;
}

static enum vl_err watch(struct vl_log_dir *log, const struct vl_record_watch_request *request,
                         struct vl_record_watched *watched, struct vl_why *why)
{
    VL_AUTO(state_release) struct state state = {.is_there = false};
    const vl_bytes note = vl_log_dir_checkpoint(log);
    enum vl_err err = state_read(request->state, &state, why);

    if (err)
        return err;
    fill(log, watched);
    watched->is_first = !state.is_there;
    if (note.len == 0)
        return state.is_there
                   ? vl_fail(why, VL_ERR_UNVERIFIED, "the record shows no checkpoint any more")
                   : vl_fail(why, VL_ERR_NOT_FOUND, "nothing of it is given out yet");
    if (state.is_there)
        err = compare(log, &state, request->state, note, watched, why);
    for (size_t i = 0; i < request->other_count && !err; i++)
        err = compare_other(log, request, request->others[i], watched, why);
    return err ? err : state_write(request->state, vl_log_dir_anchor(log), note, why);
}

enum vl_err vl_record_watch(const struct vl_record_watch_request *request,
                            struct vl_record_watched *watched, struct vl_why *why)
{
    struct vl_log_dir *log = NULL;
    enum vl_err err;

    *watched = (struct vl_record_watched){.conflict = NULL};
    err = vl_record_open(request->path, request->source, &log, why);
    if (!err)
        err = watch(log, request, watched, why);
    vl_log_dir_close(log);
    return err;
}

/* --- witnesses -------------------------------------------------------------------------------- */

static enum vl_err put_witness(const char *folder, const struct vl_secret *seed, vl_bytes key,
                               struct vl_why *why)
{
    char *name = vl_path_join(folder, "key"), *public_name = vl_path_join(folder, "name");
    char *seen = vl_path_join(folder, "seen");
    enum vl_err err = name && public_name && seen ? VL_OK : VL_ERR_NO_MEMORY;

    if (err)
        (void)vl_fail(why, err, "no memory for a witness");
    if (!err)
        err = vl_folder_make(seen, why);
    if (!err)
        err = write_file(name, VL_OUT_PRIVATE, vl_bytes_of(seed->data, seed->len), why);
    if (!err)
        err = write_file(public_name, 0, key, why);
    vl_free(name);
    vl_free(public_name);
    vl_free(seen);
    return err;
}

enum vl_err vl_record_witness_make(const char *path, const char *name, const struct vl_rng *rng,
                                   struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_secret_wipe) struct vl_secret seed = VL_SECRET_INIT;
    VL_AUTO(vl_stage_drop) struct vl_stage stage = VL_STAGE_INIT;
    uint8_t public_key[VL_ED25519_PUBLIC_LEN];
    const size_t before = out->len;
    struct vl_note_key key;
    enum vl_err err = vl_rng_secret(rng, VL_ED25519_SEED_LEN, &seed);

    if (err)
        return vl_fail(why, err, "no randomness");
    vl_ed25519_public(&seed, public_key);
    err = vl_note_key_make(vl_bytes_str(name), VL_NOTE_COSIGNATURE, public_key, &key, why);
    if (!err)
        err = vl_note_key_write(&key, out);
    if (!err)
        err = vl_stage_begin(path, &stage, why);
    if (!err)
        err = put_witness(stage.path, &seed, vl_bytes_after(vl_buf_bytes(out), before), why);
    return err ? err : vl_stage_commit(&stage, why);
}

struct witness {
    struct vl_lock lock;
    struct vl_secret seed;
    struct vl_note_key key;
    char *seen;
};

static void witness_release(struct witness *witness)
{
    vl_secret_wipe(&witness->seed);
    vl_lock_drop(&witness->lock);
    vl_free(witness->seen);
}

static enum vl_err read_part(const char *folder, const char *name, struct vl_buf *out,
                             struct vl_why *why)
{
    char *path = vl_path_join(folder, name);
    enum vl_err err = path ? vl_in_read_all(path, out, why) : VL_ERR_NO_MEMORY;

    vl_free(path);
    return err == VL_ERR_NOT_FOUND
               ? vl_fail(why, err, "%s is no witness: it has no %s", folder, name)
               : err;
}

static enum vl_err witness_open(const char *folder, struct witness *witness, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf seed = VL_BUF_INIT(VL_ED25519_SEED_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf name = VL_BUF_INIT(VL_NOTE_MAX_NAME + 128);
    uint8_t public_key[VL_ED25519_PUBLIC_LEN];
    char *lock = vl_path_join(folder, "lock");
    enum vl_err err = read_part(folder, "name", &name, why);

    if (!err)
        err = vl_note_key_parse(vl_buf_bytes(&name), &witness->key, why);
    if (!err)
        err = read_part(folder, "key", &seed, why);
    if (!err && !lock)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a witness");
    if (!err)
        err = vl_lock_take(lock, &witness->lock, why);
    vl_free(lock);
    if (err)
        return err == VL_ERR_LOCKED ? VL_ERR_BUSY : err;
    if (seed.len != VL_ED25519_SEED_LEN || vl_secret_set(&witness->seed, vl_buf_bytes(&seed)))
        return vl_fail(why, VL_ERR_NO_KEY, "the witness has no key");
    vl_ed25519_public(&witness->seed, public_key);
    if (memcmp(public_key, witness->key.public_key, sizeof public_key) != 0)
        return vl_fail(why, VL_ERR_NO_KEY, "the key of the witness is not that of its name");
    return VL_OK;
}

/* "WITNESS/seen/HEX", by the name of the log: two records of one name are two trees of one log. */
static enum vl_err seen_path(const char *folder, vl_bytes origin, char **out, struct vl_why *why)
{
    char name[5 + 2 * VL_HASH_LEN + 1] = "seen/";
    uint8_t hash[VL_HASH_LEN];

    vl_sha256(origin, hash);
    for (size_t i = 0; i < sizeof hash; i++)
        (void)snprintf(name + 5 + 2 * i, 3, "%02x", hash[i]);
    *out = vl_path_join(folder, name);
    return *out ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a witness");
}

static enum vl_err sign(struct vl_log_dir *log, const char *folder, struct witness *witness,
                        int64_t now_s, struct vl_buf *out, struct vl_record_watched *watched,
                        struct vl_why *why)
{
    VL_AUTO(state_release) struct state state = {.is_there = false};
    const vl_bytes note = vl_log_dir_signed_checkpoint(log);
    enum vl_err err = seen_path(folder, vl_log_dir_policy(log)->origin, &witness->seen, why);
    struct vl_checkpoint newest;

    if (!err)
        err = state_read(witness->seen, &state, why);
    if (err)
        return err;
    fill(log, watched);
    watched->is_first = !state.is_there;
    err = read_note(log, note, &newest, why);
    if (!err)
        watched->size = newest.size;
    if (!err && state.is_there)
        err = compare(log, &state, witness->seen, note, watched, why);
    /* Remembered before it is said. */
    if (!err)
        err = state_write(witness->seen, vl_log_dir_anchor(log), note, why);
    if (!err)
        err = vl_checkpoint_cosign(note, &witness->key, &witness->seed, (uint64_t)now_s, out, why);
    return err;
}

enum vl_err vl_record_witness_sign(const char *path, const char *record,
                                   const struct vl_log_source *source, int64_t now_s,
                                   struct vl_buf *out, struct vl_record_watched *watched,
                                   struct vl_why *why)
{
    VL_AUTO(witness_release)
    struct witness witness = {.lock = VL_LOCK_INIT, .seed = VL_SECRET_INIT};
    struct vl_log_dir *log = NULL;
    enum vl_err err;

    *watched = (struct vl_record_watched){.conflict = NULL};
    err = witness_open(path, &witness, why);
    if (!err)
        err = vl_record_open(record, source, &log, why);
    if (!err)
        err = sign(log, path, &witness, now_s, out, watched, why);
    vl_log_dir_close(log);
    return err;
}
