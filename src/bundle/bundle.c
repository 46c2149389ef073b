/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/bundle.h"

#include "bundle/head.h"

const char *vl_block_type_words(uint64_t type)
{
    switch (type) {
#define X(code, number, words)                                                                     \
    case number:                                                                                   \
        return words;
        VL_BLOCK_TABLE(X)
#undef X
    default:
        return NULL;
    }
}

static enum vl_err refused(struct vl_bundle *bundle, const struct vl_scan *scan, struct vl_why *why)
{
    bundle->broken = scan->rule;
    bundle->broken_at = scan->at;
    return vl_rule_fail(scan->rule, scan->at, why);
}

enum vl_err vl_bundle_parse_first(vl_bytes wire, unsigned reading, struct vl_bundle *bundle,
                                  size_t *len, struct vl_why *why)
{
    struct vl_head head = vl_head_begin(reading);
    struct vl_scan scan = vl_head_read(&head, wire, bundle);
    struct vl_block *payload;
    const uint8_t *block_at;

    if (!vl_scan_ok(&scan))
        return refused(bundle, &scan, why);
    payload = &bundle->blocks[bundle->block_count - 1];
    block_at = wire.ptr + head.block_at;
    if (bundle->payload_len > vl_scan_left(&scan)) {
        vl_scan_refuse(&scan, scan.end, VL_RULE_CUT_SHORT);
        return refused(bundle, &scan, why);
    }
    payload->data = vl_bytes_of(scan.r.at, (size_t)bundle->payload_len);
    scan.r.at += payload->data.len;
    vl_tail_read(&scan, &head, bundle,
                 vl_crc_put(payload->crc, vl_crc_begin(payload->crc),
                            vl_bytes_of(block_at, (size_t)(scan.r.at - block_at))));
    if (!vl_scan_ok(&scan))
        return refused(bundle, &scan, why);
    *len = (size_t)(scan.r.at - wire.ptr);
    payload->wire = vl_bytes_of(block_at, (size_t)(scan.r.at - block_at) - 1);
    bundle->wire = vl_bytes_first(wire, *len);
    bundle->broken = VL_RULE_NONE;
    bundle->broken_at = 0;
    return VL_OK;
}

enum vl_err vl_bundle_parse(vl_bytes wire, unsigned reading, struct vl_bundle *bundle,
                            struct vl_why *why)
{
    size_t len = 0;
    enum vl_err err = vl_bundle_parse_first(wire, reading, bundle, &len, why);

    if (err || len == wire.len)
        return err;
    bundle->broken = VL_RULE_PAYLOAD_LAST;
    bundle->broken_at = len;
    return vl_rule_fail(VL_RULE_PAYLOAD_LAST, len, why);
}

const struct vl_block *vl_bundle_find(const struct vl_bundle *bundle, uint64_t type)
{
    for (size_t i = 0; i < bundle->block_count; i++)
        if (bundle->blocks[i].type == type)
            return &bundle->blocks[i];
    return NULL;
}

bool vl_bundle_is_over_hops(const struct vl_bundle *bundle)
{
    return bundle->known.has_hop_count && bundle->known.hop_count > bundle->known.hop_limit;
}

bool vl_bundle_is_expired(const struct vl_bundle *bundle, uint64_t dtn_now_ms)
{
    if (bundle->created_ms == 0)
        return bundle->known.has_age && bundle->known.age_ms > bundle->lifetime_ms;
    return dtn_now_ms > bundle->created_ms && dtn_now_ms - bundle->created_ms > bundle->lifetime_ms;
}

bool vl_bundle_same(const struct vl_bundle *a, const struct vl_bundle *b)
{
    if (!vl_eid_eq(&a->source, &b->source) || a->created_ms != b->created_ms ||
        a->sequence != b->sequence ||
        (a->flags & VL_BUNDLE_IS_FRAGMENT) != (b->flags & VL_BUNDLE_IS_FRAGMENT))
        return false;
    return !(a->flags & VL_BUNDLE_IS_FRAGMENT) ||
           (a->fragment_offset == b->fragment_offset && a->payload_len == b->payload_len);
}
