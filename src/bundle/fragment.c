/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/fragment.h"

#include <stdlib.h>
#include <string.h>

enum vl_err vl_bundle_fragment(const struct vl_bundle *bundle, uint64_t offset, uint64_t len,
                               struct vl_buf *out, struct vl_why *why)
{
    bool is_fragment = (bundle->flags & VL_BUNDLE_IS_FRAGMENT) != 0;
    vl_bytes payload = vl_bundle_payload(bundle)->data;
    struct vl_bundle part = *bundle;
    size_t kept = 0;

    if ((bundle->flags & VL_BUNDLE_NOT_SPLIT) || bundle->source.scheme == VL_EID_NONE)
        return vl_fail(why, VL_ERR_REFUSED, "RFC 9171, 5.8: this bundle must not be fragmented");
    if (len == 0 || offset > payload.len || len > payload.len - offset)
        return vl_fail(why, VL_ERR_FORMAT, "RFC 9171, 5.8: no such part of the payload");
    part.flags |= VL_BUNDLE_IS_FRAGMENT;
    part.fragment_offset = is_fragment ? bundle->fragment_offset + offset : offset;
    part.total_len = is_fragment ? bundle->total_len : payload.len;
    for (size_t i = 0; i < bundle->block_count; i++)
        if (i + 1 == bundle->block_count || offset == 0 ||
            (bundle->blocks[i].flags & VL_BLOCK_IN_EVERY_FRAGMENT) ||
            /* 4.4.2: without a clock, every bundle says its age. */
            (bundle->blocks[i].type == VL_BLOCK_AGE && bundle->created_ms == 0))
            part.blocks[kept++] = bundle->blocks[i];
    part.block_count = kept;
    part.blocks[kept - 1].data = vl_bytes_of(payload.ptr + (size_t)offset, (size_t)len);
    part.payload_len = len;
    return vl_bundle_write(&part, out, why);
}

static int by_place(const void *left, const void *right)
{
    const struct vl_bundle *a = *(const struct vl_bundle *const *)left;
    const struct vl_bundle *b = *(const struct vl_bundle *const *)right;

    if (a->fragment_offset != b->fragment_offset)
        return a->fragment_offset < b->fragment_offset ? -1 : 1;
    return (a->payload_len > b->payload_len) - (a->payload_len < b->payload_len);
}

static bool is_sibling(const struct vl_bundle *first, const struct vl_bundle *other)
{
    return (other->flags & VL_BUNDLE_IS_FRAGMENT) && vl_eid_eq(&first->source, &other->source) &&
           first->created_ms == other->created_ms && first->sequence == other->sequence &&
           first->total_len == other->total_len;
}

/* Append the bytes of a fragment that are not there yet; those that are must be the same. */
static enum vl_err join(const struct vl_bundle *fragment, struct vl_buf *payload,
                        struct vl_why *why)
{
    vl_bytes bytes = vl_bundle_payload(fragment)->data;
    uint64_t offset = fragment->fragment_offset;
    size_t known;
    enum vl_err err;

    if (offset > payload->len)
        return vl_fail(why, VL_ERR_NOT_FOUND,
                       "RFC 9171, 5.9: the bytes from %zu to %llu are missing", payload->len,
                       (unsigned long long)offset);
    known = payload->len - (size_t)offset;
    if (!vl_bytes_eq(vl_bytes_first(bytes, known),
                     vl_bytes_first(vl_bytes_after(vl_buf_bytes(payload), (size_t)offset),
                                    bytes.len)))
        return vl_fail(why, VL_ERR_FORMAT, "RFC 9171, 5.9: two fragments say different things");
    err = vl_buf_put(payload, vl_bytes_after(bytes, known));
    return err ? vl_fail(why, err, "no room for the payload") : VL_OK;
}

enum vl_err vl_bundle_reassemble(const struct vl_bundle **fragments, size_t count,
                                 struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(out->max_len);
    const struct vl_bundle *first;
    struct vl_bundle whole;
    enum vl_err err = VL_OK;

    if (count == 0 || count > VL_FRAGMENTS_MAX)
        return vl_fail(why, VL_ERR_LIMIT, "%zu fragments, not 1 to %d", count, VL_FRAGMENTS_MAX);
    for (size_t i = 0; i < count; i++)
        if (!is_sibling(fragments[0], fragments[i]))
            return vl_fail(why, VL_ERR_FORMAT,
                           "RFC 9171, 5.9: not all are fragments of one bundle");
    qsort(fragments, count, sizeof(struct vl_bundle *), by_place);
    first = fragments[0];
    for (size_t i = 0; !err && i < count; i++)
        err = join(fragments[i], &payload, why);
    if (!err && payload.len < first->total_len)
        err =
            vl_fail(why, VL_ERR_NOT_FOUND, "RFC 9171, 5.9: the bytes from %zu to %llu are missing",
                    payload.len, (unsigned long long)first->total_len);
    if (err)
        return err;
    whole = *first;
    whole.flags &= ~(uint64_t)VL_BUNDLE_IS_FRAGMENT;
    whole.fragment_offset = whole.total_len = 0;
    whole.blocks[whole.block_count - 1].data = vl_buf_bytes(&payload);
    whole.payload_len = payload.len;
    return vl_bundle_write(&whole, out, why);
}
