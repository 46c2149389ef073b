/* SPDX-License-Identifier: Apache-2.0 */
#include "record/proof_file.h"

#include <inttypes.h>
#include <stdio.h>
#include <string.h>

#include "codec/base64.h"

#define FIRST_LINE VL_LITERAL("c2sp.org/tlog-proof@v1")
#define EXTRA      VL_LITERAL("extra ")
#define INDEX      VL_LITERAL("index ")

static enum vl_err read_extra(vl_bytes symbols, struct vl_proof_file *proof, struct vl_why *why)
{
    uint8_t bytes[VL_PROOF_FILE_MAX_EXTRA + 3];
    size_t len = 0;

    if (symbols.len > VL_BASE64_PADDED_LEN(VL_PROOF_FILE_MAX_EXTRA))
        return vl_fail(why, VL_ERR_LIMIT, "more than %d bytes extra", VL_PROOF_FILE_MAX_EXTRA);
    if (vl_base64_decode_padded(symbols, bytes, &len))
        return vl_fail(why, VL_ERR_FORMAT, "extra bytes that are not base64");
    proof->has_extra = true;
    proof->extra = symbols;
    return VL_OK;
}

static enum vl_err read_path(vl_bytes *left, struct vl_tree_path *path, struct vl_why *why)
{
    vl_bytes line;

    for (;;) {
        if (!vl_note_take_line(left, &line))
            return vl_fail(why, VL_ERR_FORMAT, "no empty line before the checkpoint");
        if (line.len == 0)
            return VL_OK;
        if (path->count == VL_TREE_MAX_PATH - 1)
            return vl_fail(why, VL_ERR_LIMIT, "more than %d hashes", VL_TREE_MAX_PATH - 1);
        if (vl_note_hash(line, path->at[path->count++]))
            return vl_fail(why, VL_ERR_FORMAT, "hash %zu is not 32 bytes in base64", path->count);
    }
}

static enum vl_err read_file(vl_bytes left, struct vl_proof_file *proof, struct vl_why *why)
{
    struct vl_signed_note note;
    vl_bytes line = VL_BYTES_NONE;
    enum vl_err err = VL_OK;

    if (left.len > VL_PROOF_FILE_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, "%zu bytes, more than %d", left.len,
                       VL_PROOF_FILE_MAX_LEN);
    if (!vl_note_take_line(&left, &line) || !vl_bytes_eq(line, FIRST_LINE))
        return vl_fail(why, VL_ERR_FORMAT, "not a proof file of version 1");
    if (!vl_note_take_line(&left, &line))
        return vl_fail(why, VL_ERR_FORMAT, "no index");
    if (vl_bytes_starts(line, EXTRA)) {
        err = read_extra(vl_bytes_after(line, EXTRA.len), proof, why);
        if (!err && !vl_note_take_line(&left, &line))
            err = vl_fail(why, VL_ERR_FORMAT, "no index");
    }
    if (!err &&
        (!vl_bytes_starts(line, INDEX) ||
         vl_note_number(vl_bytes_after(line, INDEX.len), VL_TREE_MAX_COUNT - 1, &proof->index)))
        err = vl_fail(why, VL_ERR_FORMAT, "no index that is a number");
    if (!err)
        err = read_path(&left, &proof->path, why);
    if (err)
        return err;
    proof->checkpoint = left;
    return vl_note_parse(left, &note, why);
}

enum vl_err vl_proof_file_parse(vl_bytes wire, struct vl_proof_file *proof, struct vl_why *why)
{
    enum vl_err err;

    proof->has_extra = false;
    proof->extra = proof->checkpoint = VL_BYTES_NONE;
    proof->index = 0;
    proof->path.count = 0;
    err = read_file(wire, proof, why);
    return err ? vl_fail_in(why, err, "proof file") : VL_OK;
}

static enum vl_err put_line(vl_bytes first, vl_bytes second, struct vl_buf *out)
{
    enum vl_err err = vl_buf_put(out, first);

    if (!err)
        err = vl_buf_put(out, second);
    return err ? err : vl_buf_put_byte(out, '\n');
}

static enum vl_err put_file(const struct vl_proof_file *proof, struct vl_buf *out)
{
    char index[32];
    enum vl_err err = put_line(FIRST_LINE, VL_BYTES_NONE, out);

    (void)snprintf(index, sizeof index, "%" PRIu64, proof->index);
    if (!err && proof->has_extra)
        err = put_line(EXTRA, proof->extra, out);
    if (!err)
        err = put_line(INDEX, vl_bytes_str(index), out);
    for (size_t i = 0; i < proof->path.count && !err; i++) {
        err = vl_note_put_base64(vl_bytes_of(proof->path.at[i], VL_HASH_LEN), out);
        if (!err)
            err = vl_buf_put_byte(out, '\n');
    }
    if (!err)
        err = vl_buf_put_byte(out, '\n');
    return err ? err : vl_buf_put(out, proof->checkpoint);
}

enum vl_err vl_proof_file_write(const struct vl_proof_file *proof, struct vl_buf *out,
                                struct vl_why *why)
{
    const size_t before = out->len;
    struct vl_proof_file read_back;
    enum vl_err err = put_file(proof, out);

    if (err)
        err = vl_fail(why, err, "proof file: %s", vl_err_words(err));
    else
        err = vl_proof_file_parse(vl_bytes_after(vl_buf_bytes(out), before), &read_back, why);
    if (err)
        out->len = before;
    return err;
}

enum vl_err vl_proof_file_verify(const struct vl_proof_file *proof,
                                 const uint8_t leaf_hash[VL_HASH_LEN], const struct vl_log *log,
                                 struct vl_checkpoint *checkpoint, struct vl_checkpoint_seen *seen,
                                 struct vl_why *why)
{
    enum vl_err err = vl_checkpoint_verify(proof->checkpoint, log, checkpoint, seen, why);

    if (!err &&
        vl_tree_verify(leaf_hash, proof->index, checkpoint->size, &proof->path, checkpoint->root))
        err = vl_fail(why, VL_ERR_UNVERIFIED, "the entry is not at place %" PRIu64 " of this log",
                      proof->index);
    return err ? vl_fail_in(why, err, "proof file") : VL_OK;
}
