/* SPDX-License-Identifier: Apache-2.0 */
#include "store/log_stage.h"

#include <string.h>

#include "store/log_file.h"

#define NAME     "staging"
#define MAGIC    VL_LITERAL("valise/staging1\n")
#define HEAD_LEN (16 + 8 + VL_HASH_LEN + 8 + VL_HASH_LEN + 8)

static enum vl_err put_number(struct vl_buf *out, uint64_t number)
{
    uint8_t bytes[8];

    vl_bytes_put_number(number, bytes, sizeof bytes);
    return vl_buf_put(out, VL_ARRAY(bytes));
}

static uint64_t take_number(vl_bytes *left)
{
    const uint64_t number = vl_bytes_number(vl_bytes_first(*left, 8));

    *left = vl_bytes_after(*left, 8);
    return number;
}

static void take_hash(vl_bytes *left, uint8_t out[VL_HASH_LEN])
{
    memcpy(out, left->ptr, VL_HASH_LEN);
    *left = vl_bytes_after(*left, VL_HASH_LEN);
}

enum vl_err vl_log_stage_write(int folder, const struct vl_log_stage *stage, struct vl_buf *room,
                               struct vl_why *why)
{
    uint8_t hash[VL_HASH_LEN];
    enum vl_err err;

    room->len = 0;
    err = vl_buf_reserve(room, HEAD_LEN + stage->entries.len + VL_HASH_LEN);
    if (!err)
        err = vl_buf_put(room, MAGIC);
    if (!err)
        err = put_number(room, stage->old_size);
    if (!err)
        err = vl_buf_put(room, VL_ARRAY(stage->old_root));
    if (!err)
        err = put_number(room, stage->new_size);
    if (!err)
        err = vl_buf_put(room, VL_ARRAY(stage->new_root));
    if (!err)
        err = put_number(room, stage->entries.len);
    if (!err)
        err = vl_buf_put(room, stage->entries);
    if (err)
        return vl_fail(why, err, "staging: %s", vl_err_words(err));
    vl_sha256(vl_buf_bytes(room), hash);
    err = vl_buf_put(room, VL_ARRAY(hash));
    return err ? err : vl_log_file_over(folder, NAME, 0, vl_buf_bytes(room), true, why);
}

enum vl_err vl_log_stage_read(int folder, struct vl_buf *room, struct vl_log_stage *stage,
                              struct vl_why *why)
{
    uint8_t hash[VL_HASH_LEN];
    vl_bytes left, end;
    enum vl_err err;
    uint64_t len;

    room->len = 0;
    err = vl_log_file_read(folder, NAME, room, why);
    if (err)
        return err;
    left = vl_buf_bytes(room);
    if (left.len < HEAD_LEN + VL_HASH_LEN || !vl_bytes_starts(left, MAGIC))
        return vl_fail(why, VL_ERR_NOT_FOUND, "staging: nothing whole");
    end = vl_bytes_after(left, left.len - VL_HASH_LEN);
    vl_sha256(vl_bytes_first(left, left.len - VL_HASH_LEN), hash);
    if (!vl_bytes_eq(end, VL_ARRAY(hash)))
        return vl_fail(why, VL_ERR_NOT_FOUND, "staging: nothing whole");
    left = vl_bytes_after(vl_bytes_first(left, left.len - VL_HASH_LEN), MAGIC.len);
    stage->old_size = take_number(&left);
    take_hash(&left, stage->old_root);
    stage->new_size = take_number(&left);
    take_hash(&left, stage->new_root);
    len = take_number(&left);
    stage->entries = left;
    return len == left.len ? VL_OK : vl_fail(why, VL_ERR_NOT_FOUND, "staging: nothing whole");
}

bool vl_log_stage_next(vl_bytes *left, vl_bytes *entry)
{
    size_t len = left->len < 2 ? 0 : (size_t)left->ptr[0] << 8 | left->ptr[1];

    if (left->len < 2 || len > left->len - 2)
        return false;
    *entry = vl_bytes_first(vl_bytes_after(*left, 2), len);
    *left = vl_bytes_after(*left, 2 + len);
    return true;
}
