/* SPDX-License-Identifier: Apache-2.0 */
#include "record/checkpoint.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "base/text.h"

#define ORIGIN_MAX 1024

static enum vl_err check_origin(vl_bytes origin, struct vl_why *why)
{
    if (origin.len == 0 || origin.len > ORIGIN_MAX)
        return vl_fail(why, VL_ERR_FORMAT, "an origin of %zu bytes", origin.len);
    for (size_t i = 0; i < origin.len; i++)
        if (origin.ptr[i] < 0x20)
            return vl_fail(why, VL_ERR_FORMAT, "a control in the origin");
    return vl_text_is_utf8(origin) ? VL_OK
                                   : vl_fail(why, VL_ERR_FORMAT, "an origin that is not UTF-8");
}

/* Lines, none of them empty. */
static enum vl_err check_extensions(vl_bytes left, struct vl_why *why)
{
    vl_bytes line;

    while (vl_note_take_line(&left, &line))
        if (line.len == 0)
            return vl_fail(why, VL_ERR_FORMAT, "an empty line");
    return left.len == 0 ? VL_OK : vl_fail(why, VL_ERR_FORMAT, "no line end at its end");
}

static enum vl_err read_text(vl_bytes left, struct vl_checkpoint *checkpoint, struct vl_why *why)
{
    vl_bytes size, root;
    enum vl_err err;

    if (!vl_note_take_line(&left, &checkpoint->origin) || !vl_note_take_line(&left, &size) ||
        !vl_note_take_line(&left, &root))
        return vl_fail(why, VL_ERR_FORMAT, "fewer than three lines");
    err = check_origin(checkpoint->origin, why);
    if (err)
        return err;
    err = vl_note_number(size, VL_TREE_MAX_COUNT, &checkpoint->size);
    if (err)
        return vl_fail(why, err, "a size that is no number up to 2^63");
    err = vl_note_hash(root, checkpoint->root);
    if (err)
        return vl_fail(why, err, "a root that is not 32 bytes in base64");
    checkpoint->extensions = left;
    return check_extensions(left, why);
}

enum vl_err vl_checkpoint_parse(vl_bytes text, struct vl_checkpoint *checkpoint, struct vl_why *why)
{
    enum vl_err err;

    *checkpoint = (struct vl_checkpoint){.size = 0};
    err = read_text(text, checkpoint, why);
    return err ? vl_fail_in(why, err, "checkpoint") : VL_OK;
}

static enum vl_err put_text(const struct vl_checkpoint *checkpoint, struct vl_buf *out)
{
    char size[32];
    enum vl_err err = vl_buf_put(out, checkpoint->origin);

    (void)snprintf(size, sizeof size, "\n%" PRIu64 "\n", checkpoint->size);
    if (!err)
        err = vl_buf_put(out, vl_bytes_str(size));
    if (!err)
        err = vl_note_put_base64(VL_ARRAY(checkpoint->root), out);
    if (!err)
        err = vl_buf_put_byte(out, '\n');
    return err ? err : vl_buf_put(out, checkpoint->extensions);
}

enum vl_err vl_checkpoint_write(const struct vl_checkpoint *checkpoint, struct vl_buf *out,
                                struct vl_why *why)
{
    const size_t before = out->len;
    struct vl_checkpoint read_back;
    enum vl_err err = put_text(checkpoint, out);

    if (err)
        err = vl_fail(why, err, "checkpoint: %s", vl_err_words(err));
    else
        err = vl_checkpoint_parse(vl_bytes_after(vl_buf_bytes(out), before), &read_back, why);
    if (err)
        out->len = before;
    return err;
}

enum vl_err vl_checkpoint_sign(const struct vl_checkpoint *checkpoint,
                               const struct vl_note_key *key, const struct vl_secret *seed,
                               struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf note = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf line = VL_BUF_INIT(VL_NOTE_MAX_LEN);
    enum vl_err err = vl_checkpoint_write(checkpoint, &note, why);

    if (!err)
        err = vl_note_sign(vl_buf_bytes(&note), key, seed, 0, &line, why);
    if (err)
        return err;
    err = vl_buf_put_byte(&note, '\n');
    if (!err)
        err = vl_buf_put(&note, vl_buf_bytes(&line));
    if (!err)
        err = vl_buf_put(out, vl_buf_bytes(&note));
    return err ? vl_fail(why, err, "checkpoint: %s", vl_err_words(err)) : VL_OK;
}

enum vl_err vl_checkpoint_cosign(vl_bytes note, const struct vl_note_key *key,
                                 const struct vl_secret *seed, uint64_t at_s, struct vl_buf *out,
                                 struct vl_why *why)
{
    struct vl_checkpoint checkpoint;
    struct vl_signed_note read;
    enum vl_err err = vl_note_parse(note, &read, why);

    if (!err)
        err = vl_checkpoint_parse(read.text, &checkpoint, why);
    if (!err && key->type != VL_NOTE_COSIGNATURE)
        err = vl_fail(why, VL_ERR_USAGE, "checkpoint: a witness has a key for cosignatures");
    return err ? err : vl_note_sign(read.text, key, seed, at_s, out, why);
}

static bool is_same_key(const struct vl_note_key *a, const struct vl_note_key *b)
{
    return memcmp(a->public_key, b->public_key, sizeof a->public_key) == 0;
}

/* A cosignature of version 1 does not sign its signer's name: one key under two names would count
 * as two witnesses. */
static enum vl_err check_log(const struct vl_log *log, struct vl_why *why)
{
    if (log->witness_count > VL_LOG_MAX_WITNESSES || log->need > log->witness_count)
        return vl_fail(why, VL_ERR_USAGE, "log: %zu of %zu witnesses", log->need,
                       log->witness_count);
    if (log->key.type != VL_NOTE_ED25519)
        return vl_fail(why, VL_ERR_USAGE, "log: its key is for cosignatures");
    for (size_t i = 0; i < log->witness_count; i++) {
        bool is_twice = is_same_key(&log->witnesses[i], &log->key);

        for (size_t k = 0; k < i; k++)
            is_twice = is_twice || is_same_key(&log->witnesses[i], &log->witnesses[k]);
        if (is_twice)
            return vl_fail(why, VL_ERR_USAGE, "log: one key under two names");
        if (log->witnesses[i].type != VL_NOTE_COSIGNATURE)
            return vl_fail(why, VL_ERR_USAGE, "log: the key of a witness is not for cosignatures");
    }
    return VL_OK;
}

static void insert(uint64_t *times, size_t count, uint64_t time)
{
    for (; count > 0 && times[count - 1] > time; count--)
        times[count] = times[count - 1];
    times[count] = time;
}

static enum vl_err count_witnesses(const struct vl_signed_note *note, const struct vl_log *log,
                                   struct vl_checkpoint_seen *seen, struct vl_why *why)
{
    uint64_t times[VL_LOG_MAX_WITNESSES] = {0};

    for (size_t i = 0; i < log->witness_count; i++) {
        uint64_t at_s;
        enum vl_err err = vl_note_verify(note, &log->witnesses[i], &at_s, why);

        if (err && err != VL_ERR_NOT_FOUND)
            return err;
        if (!err)
            insert(times, seen->witnesses++, at_s);
    }
    if (seen->witnesses < log->need)
        return vl_fail(why, VL_ERR_UNVERIFIED, "checkpoint: cosigned by %zu of the %zu needed",
                       seen->witnesses, log->need);
    seen->not_after_s = log->need ? times[log->need - 1] : 0;
    return VL_OK;
}

enum vl_err vl_checkpoint_verify(vl_bytes note, const struct vl_log *log,
                                 struct vl_checkpoint *checkpoint, struct vl_checkpoint_seen *seen,
                                 struct vl_why *why)
{
    struct vl_signed_note read;
    uint64_t no_time;
    enum vl_err err = check_log(log, why);

    *checkpoint = (struct vl_checkpoint){.size = 0};
    *seen = (struct vl_checkpoint_seen){0, 0};
    if (!err)
        err = vl_note_parse(note, &read, why);
    if (!err)
        err = vl_checkpoint_parse(read.text, checkpoint, why);
    if (!err && !vl_bytes_eq(checkpoint->origin, log->origin))
        err = vl_fail(why, VL_ERR_REFUSED, "checkpoint: of another log");
    if (!err)
        err = vl_note_verify(&read, &log->key, &no_time, why);
    if (err == VL_ERR_NOT_FOUND)
        err = VL_ERR_UNVERIFIED;
    return err ? err : count_witnesses(&read, log, seen, why);
}

enum vl_err vl_checkpoint_follows(const struct vl_checkpoint *older,
                                  const struct vl_checkpoint *newer,
                                  const struct vl_tree_path *path, struct vl_why *why)
{
    if (!vl_bytes_eq(older->origin, newer->origin))
        return vl_fail(why, VL_ERR_REFUSED, "checkpoint: of another log");
    if (newer->size < older->size)
        return vl_fail(why, VL_ERR_REFUSED,
                       "checkpoint: the log went back from %" PRIu64 " entries to %" PRIu64,
                       older->size, newer->size);
    if (older->size == 0 && newer->size > 0 && path->count == 0)
        return VL_OK;
    if (vl_tree_verify_consistency(older->size, older->root, newer->size, newer->root, path) ==
        VL_OK)
        return VL_OK;
    return vl_fail(why, VL_ERR_UNVERIFIED, "checkpoint: %s",
                   older->size == newer->size
                       ? "two trees of one size"
                       : "the tree is not proven to go on where the older one ended");
}
