/* SPDX-License-Identifier: Apache-2.0 */
#include "evidence/payload.h"

#include <string.h>

#include "custody/pieces.h"

#define WHAT "payload"

/* How many members a payload of each kind has, its number with them. */
static const size_t members[] = {
    [VL_PAYLOAD_LETTER] = 4,
    [VL_PAYLOAD_EVIDENCE] = 3,
    [VL_PAYLOAD_ABSENT] = 2,
    [VL_PAYLOAD_SLICE] = 7,
};

static void read_path(struct vl_cbor *r, struct vl_tree_path *path)
{
    path->count = vl_cbor_array(r, 0, VL_TREE_MAX_PATH);
    for (size_t i = 0; i < path->count; i++)
        vl_hash_read(r, path->at[i]);
}

static void read_vouched(struct vl_cbor *r, struct vl_vouched *vouched)
{
    vouched->is_there = !vl_cbor_null(r);
    if (!vouched->is_there)
        return;
    (void)vl_cbor_array(r, 3, 3);
    vl_hash_read(r, vouched->sealed);
    vouched->index = vl_cbor_uint(r, VL_BATCH_MAX - 1);
    read_path(r, &vouched->path);
}

static void read_members(struct vl_cbor *r, struct vl_payload_head *head, vl_bytes *leaf)
{
    if (head->kind == VL_PAYLOAD_SLICE)
        vl_hash_read(r, head->number);
    if (head->kind == VL_PAYLOAD_LETTER || head->kind == VL_PAYLOAD_SLICE) {
        head->waybill = vl_cbor_bytes(r, 1, VL_WAYBILL_MAX_LEN);
        read_vouched(r, &head->vouched);
    }
    if (head->kind == VL_PAYLOAD_SLICE) {
        head->slice_index = vl_cbor_uint(r, VL_SLICES_ALL - 1);
        read_path(r, &head->path);
    }
    if (head->kind == VL_PAYLOAD_EVIDENCE) {
        head->has_destination = !vl_cbor_null(r);
        if (head->has_destination)
            vl_hash_read(r, head->destination.at);
    }
    if (head->kind == VL_PAYLOAD_ABSENT)
        *leaf = vl_cbor_bytes(r, VL_CUSTODY_LEAF_MIN, VL_CUSTODY_LEAF_MAX);
    else
        head->content_len = vl_cbor_bytes_head(r, 1, VL_WAYBILL_MAX_SIZE);
}

/* PROTOCOL 14, 29: what a bundle says is a hint, and one that its own waybill gives the lie to is
 * refused. */
static enum vl_err check_waybill(const struct vl_payload_head *head, struct vl_why *why)
{
    struct vl_waybill waybill;
    enum vl_err err = vl_waybill_parse(head->waybill, &waybill, why);

    if (err)
        return err;
    if (head->kind == VL_PAYLOAD_LETTER) {
        if (head->content_len != waybill.size)
            return vl_fail(why, VL_ERR_FORMAT, "%llu bytes of an envelope that has %llu",
                           (unsigned long long)head->content_len, (unsigned long long)waybill.size);
        return VL_OK;
    }
    if (memcmp(head->number, waybill.number, VL_HASH_LEN) != 0)
        return vl_fail(why, VL_ERR_FORMAT, "a slice of another letter than its waybill's");
    if (!waybill.has_pieces)
        return vl_fail(why, VL_ERR_FORMAT, "a slice of a letter that is not carried in slices");
    if (head->content_len != vl_slice_len(waybill.size, head->slice_index))
        return vl_fail(why, VL_ERR_FORMAT, "%llu bytes for slice %llu, which has %llu",
                       (unsigned long long)head->content_len, (unsigned long long)head->slice_index,
                       (unsigned long long)vl_slice_len(waybill.size, head->slice_index));
    return VL_OK;
}

static enum vl_err check(const struct vl_payload_head *head, struct vl_why *why)
{
    if (head->kind == VL_PAYLOAD_LETTER || head->kind == VL_PAYLOAD_SLICE)
        return check_waybill(head, why);
    return VL_OK;
}

static enum vl_err parse(vl_bytes beginning, uint64_t total_len, struct vl_payload_head *head,
                         size_t *head_len, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(beginning, VL_CBOR_STRICT);
    size_t count = vl_cbor_array(&r, 2, members[VL_PAYLOAD_SLICE]);
    vl_bytes leaf = VL_BYTES_NONE;
    enum vl_err err;

    head->kind = (enum vl_payload_kind)vl_cbor_uint(&r, VL_PAYLOAD_SLICE);
    if (head->kind == VL_PAYLOAD_NONE)
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "a payload of no kind");
    if (vl_cbor_ok(&r) && count != members[head->kind])
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "another number of members than its kind has");
    if (vl_cbor_ok(&r))
        read_members(&r, head, &leaf);
    err = vl_cbor_check(&r, WHAT, why);
    if (err)
        return err;
    *head_len = (size_t)(r.at - r.start);
    if (total_len - *head_len != head->content_len)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": %llu bytes of content, and %llu were promised",
                       (unsigned long long)(total_len - *head_len),
                       (unsigned long long)head->content_len);
    return head->kind == VL_PAYLOAD_ABSENT ? vl_custody_leaf_parse(leaf, &head->leaf, why)
                                           : check(head, why);
}

enum vl_err vl_payload_head_parse(vl_bytes beginning, uint64_t total_len,
                                  struct vl_payload_head *head, size_t *head_len,
                                  struct vl_why *why)
{
    enum vl_err err;

    *head = (struct vl_payload_head){.kind = VL_PAYLOAD_NONE};
    *head_len = 0;
    if (beginning.len > total_len)
        beginning = vl_bytes_first(beginning, (size_t)total_len);
    err = parse(vl_bytes_first(beginning, VL_PAYLOAD_MAX_HEAD), total_len, head, head_len, why);
    if (err) {
        *head = (struct vl_payload_head){.kind = VL_PAYLOAD_NONE};
        *head_len = 0;
    }
    return err;
}

static void put_hash(struct vl_cbor_out *w, const uint8_t hash[VL_HASH_LEN])
{
    vl_cbor_put_bytes(w, vl_bytes_of(hash, VL_HASH_LEN));
}

static void put_path(struct vl_cbor_out *w, const struct vl_tree_path *path)
{
    if (path->count > VL_TREE_MAX_PATH && !w->err)
        w->err = VL_ERR_LIMIT;
    vl_cbor_put_array(w, path->count);
    for (size_t i = 0; i < path->count && !w->err; i++)
        put_hash(w, path->at[i]);
}

static void put_vouched(struct vl_cbor_out *w, const struct vl_vouched *vouched)
{
    if (!vouched->is_there) {
        vl_cbor_put_null(w);
        return;
    }
    vl_cbor_put_array(w, 3);
    put_hash(w, vouched->sealed);
    vl_cbor_put_uint(w, vouched->index);
    put_path(w, &vouched->path);
}

static void put_members(struct vl_cbor_out *w, const struct vl_payload_head *head)
{
    uint8_t leaf[VL_CUSTODY_LEAF_MAX];

    if (head->kind == VL_PAYLOAD_SLICE)
        put_hash(w, head->number);
    if (head->kind == VL_PAYLOAD_LETTER || head->kind == VL_PAYLOAD_SLICE) {
        vl_cbor_put_bytes(w, head->waybill);
        put_vouched(w, &head->vouched);
    }
    if (head->kind == VL_PAYLOAD_SLICE) {
        vl_cbor_put_uint(w, head->slice_index);
        put_path(w, &head->path);
    }
    if (head->kind == VL_PAYLOAD_EVIDENCE) {
        if (head->has_destination)
            put_hash(w, head->destination.at);
        else
            vl_cbor_put_null(w);
    }
    if (head->kind == VL_PAYLOAD_ABSENT)
        vl_cbor_put_bytes(w, vl_custody_leaf_write(&head->leaf, leaf));
    else
        vl_cbor_put_bytes_head(w, head->content_len);
}

/* What is written is read back: nothing leaves that we would not take. */
enum vl_err vl_payload_head_write(const struct vl_payload_head *head, struct vl_buf *out,
                                  struct vl_why *why)
{
    struct vl_cbor_out w = vl_cbor_to(out);
    struct vl_payload_head read_back;
    size_t before = out->len, head_len;
    enum vl_err err = VL_OK;

    if (head->kind < VL_PAYLOAD_LETTER || head->kind > VL_PAYLOAD_SLICE)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": of no kind");
    if (head->content_len > VL_WAYBILL_MAX_SIZE)
        return vl_fail(why, VL_ERR_LIMIT, WHAT ": a size that no file has");
    vl_cbor_put_array(&w, members[head->kind]);
    vl_cbor_put_uint(&w, (uint64_t)head->kind);
    put_members(&w, head);
    if (w.err)
        err = vl_fail(why, w.err, WHAT ": %s", vl_err_words(w.err));
    if (!err) {
        vl_bytes written = vl_bytes_after(vl_buf_bytes(out), before);
        uint64_t content_len = head->kind == VL_PAYLOAD_ABSENT ? 0 : head->content_len;

        err = vl_payload_head_parse(written, written.len + content_len, &read_back, &head_len, why);
    }
    if (err)
        out->len = before;
    return err;
}
