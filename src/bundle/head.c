/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/head.h"

#define OPEN_ARRAY      0x9f
#define BREAK           0xff
#define VERSION         7
#define PRIMARY_ITEMS   8
#define PRIMARY_MAX     11
#define BLOCK_ITEMS     5
#define HOP_LIMIT_MAX   255
#define MAX_TARGETS     23 /* an array whose head is one byte */
#define NUMBERS_AT_HAND 64

struct vl_head vl_head_begin(unsigned reading)
{
    return (struct vl_head){.reading = reading};
}

static enum vl_crc_kind read_crc_kind(struct vl_scan *scan)
{
    return (enum vl_crc_kind)vl_scan_uint(scan, VL_CRC_32C, VL_RULE_CRC_TYPE);
}

/* Read a CRC.  crc is that of the block up to where the scan is.  It goes on over the head of the
 * byte string, its value as zeroes, and the end of the array if that is a byte (RFC 9171, 4.2.2).
 */
static void read_crc(struct vl_scan *scan, enum vl_crc_kind kind, uint32_t crc, bool is_open)
{
    static const uint8_t rest[3][6] = {{0}, {0x42, 0, 0, BREAK}, {0x44, 0, 0, 0, 0, BREAK}};
    const uint8_t *at = scan->r.at;
    vl_bytes found = vl_scan_bytes(scan, 4, VL_RULE_CRC_FIELD);
    size_t len = vl_crc_len(kind);

    if (!vl_scan_ok(scan))
        return;
    if (found.len != len) {
        vl_scan_refuse(scan, at, VL_RULE_CRC_FIELD);
        return;
    }
    crc = vl_crc_put(kind, crc, (vl_bytes){rest[kind], 1 + len + (is_open ? 1 : 0)});
    if (vl_crc_end(kind, crc) != vl_crc_read(kind, found.ptr))
        vl_scan_refuse(scan, at, VL_RULE_CRC_WRONG);
}

static void read_block_crc(struct vl_scan *scan, enum vl_crc_kind kind, const uint8_t *block_at,
                           bool is_open)
{
    if (kind == VL_CRC_NONE || !vl_scan_ok(scan))
        return;
    read_crc(scan, kind,
             vl_crc_put(kind, vl_crc_begin(kind),
                        (vl_bytes){block_at, (size_t)(scan->r.at - block_at)}),
             is_open);
}

static void read_timestamp(struct vl_scan *scan, struct vl_bundle *bundle)
{
    bool is_open;

    (void)vl_scan_array(scan, 2, 2, &is_open, VL_RULE_TIMESTAMP);
    bundle->created_ms = vl_scan_uint(scan, UINT64_MAX, VL_RULE_TIMESTAMP);
    bundle->sequence = vl_scan_uint(scan, UINT64_MAX, VL_RULE_TIMESTAMP);
    vl_scan_array_end(scan, is_open, VL_RULE_TIMESTAMP);
}

static void read_endpoint(struct vl_scan *scan, struct vl_eid *eid, bool may_be_local)
{
    const uint8_t *at = scan->r.at;

    vl_eid_read(scan, eid);
    if (!may_be_local && vl_eid_is_local(eid))
        vl_scan_refuse(scan, at, VL_RULE_EID_LOCAL);
}

enum vl_bundle_rule vl_head_check_flags(const struct vl_bundle *bundle)
{
    bool asks = (bundle->flags & VL_BUNDLE_REPORTS) != 0;

    if ((bundle->flags & VL_BUNDLE_IS_RECORD) && asks)
        return VL_RULE_RECORD_REPORTS;
    if (bundle->source.scheme != VL_EID_NONE)
        return VL_RULE_NONE;
    if (!(bundle->flags & VL_BUNDLE_NOT_SPLIT))
        return VL_RULE_NOBODY_SPLIT;
    return asks ? VL_RULE_NOBODY_REPORTS : VL_RULE_NONE;
}

/* RFC 9171, 4.3.1. */
static void read_primary(struct vl_scan *scan, struct vl_bundle *bundle)
{
    const uint8_t *block_at = scan->r.at, *flags_at;
    bool is_open, is_fragment;
    size_t count = vl_scan_array(scan, PRIMARY_ITEMS, PRIMARY_MAX, &is_open, VL_RULE_PRIMARY_ARRAY);
    const uint8_t *version_at = scan->r.at;

    if (vl_scan_uint(scan, UINT64_MAX, VL_RULE_VERSION) != VERSION)
        vl_scan_refuse(scan, version_at, VL_RULE_VERSION);
    flags_at = scan->r.at;
    bundle->flags = vl_scan_uint(scan, UINT64_MAX, VL_RULE_FLAGS);
    bundle->crc = read_crc_kind(scan);
    is_fragment = (bundle->flags & VL_BUNDLE_IS_FRAGMENT) != 0;
    if (!is_open && count != (size_t)PRIMARY_ITEMS + (is_fragment ? 2 : 0) +
                                 (bundle->crc != VL_CRC_NONE ? 1 : 0))
        vl_scan_refuse(scan, block_at, VL_RULE_PRIMARY_ITEMS);
    read_endpoint(scan, &bundle->destination, false);
    read_endpoint(scan, &bundle->source, false);
    read_endpoint(scan, &bundle->report_to, true);
    read_timestamp(scan, bundle);
    bundle->lifetime_ms = vl_scan_uint(scan, UINT64_MAX, VL_RULE_LIFETIME);
    bundle->fragment_offset = 0;
    bundle->total_len = 0;
    if (is_fragment) {
        bundle->fragment_offset = vl_scan_uint(scan, UINT64_MAX, VL_RULE_FRAGMENT);
        bundle->total_len = vl_scan_uint(scan, UINT64_MAX, VL_RULE_FRAGMENT);
    }
    read_block_crc(scan, bundle->crc, block_at, is_open);
    vl_scan_array_end(scan, is_open, VL_RULE_PRIMARY_ITEMS);
    if (vl_scan_ok(scan) && vl_head_check_flags(bundle))
        vl_scan_refuse(scan, flags_at, vl_head_check_flags(bundle));
    bundle->primary = (vl_bytes){block_at, (size_t)(scan->r.at - block_at)};
}

static bool is_number_taken(const struct vl_head *head, const struct vl_bundle *bundle,
                            uint64_t number)
{
    if (number < NUMBERS_AT_HAND)
        return (head->numbers >> number & 1) != 0;
    for (size_t i = 0; i < bundle->block_count; i++)
        if (bundle->blocks[i].number == number)
            return true;
    return false;
}

/* The items of every block before its data (RFC 9171, 4.3.2). */
static void read_block_head(struct vl_scan *scan, const struct vl_head *head,
                            const struct vl_bundle *bundle, struct vl_block *block, bool *is_open)
{
    const uint8_t *block_at = scan->r.at, *at;
    size_t count = vl_scan_array(scan, BLOCK_ITEMS, BLOCK_ITEMS + 1, is_open, VL_RULE_BLOCK_ARRAY);

    block->type = vl_scan_uint(scan, UINT64_MAX, VL_RULE_BLOCK_TYPE);
    at = scan->r.at;
    block->number = vl_scan_uint(scan, UINT64_MAX, VL_RULE_BLOCK_NUMBER);
    if (!vl_scan_ok(scan))
        return;
    if (block->type == VL_BLOCK_PAYLOAD && block->number != 1)
        vl_scan_refuse(scan, at, VL_RULE_PAYLOAD_NUMBER);
    else if (block->number == 0)
        vl_scan_refuse(scan, at, VL_RULE_BLOCK_NUMBER);
    else if (is_number_taken(head, bundle, block->number))
        vl_scan_refuse(scan, at, VL_RULE_NUMBER_TWICE);
    at = scan->r.at;
    block->flags = vl_scan_uint(scan, UINT64_MAX, VL_RULE_BLOCK_FLAGS);
    if ((block->flags & VL_BLOCK_ELSE_REPORT) &&
        ((bundle->flags & VL_BUNDLE_IS_RECORD) || bundle->source.scheme == VL_EID_NONE))
        vl_scan_refuse(scan, at, VL_RULE_BLOCK_REPORT);
    block->crc = read_crc_kind(scan);
    if (!*is_open && count != (size_t)BLOCK_ITEMS + (block->crc != VL_CRC_NONE ? 1 : 0))
        vl_scan_refuse(scan, block_at, VL_RULE_BLOCK_ITEMS);
}

/* Everything of an extension block behind its head. */
static void read_extension(struct vl_scan *scan, struct vl_block *block, const uint8_t *block_at,
                           bool is_open)
{
    const uint8_t *data_at = scan->r.at;
    struct vl_scan ahead = *scan;
    uint64_t len = vl_scan_bytes_head(&ahead, VL_RULE_BLOCK_DATA);

    if (vl_scan_ok(&ahead) && len > VL_BUNDLE_MAX_HEAD - (size_t)(ahead.r.at - ahead.r.start)) {
        vl_scan_refuse(scan, data_at, VL_RULE_LONG_HEAD);
        return;
    }
    block->data = vl_scan_bytes(scan, UINT64_MAX, VL_RULE_BLOCK_DATA);
    read_block_crc(scan, block->crc, block_at, is_open);
    vl_scan_array_end(scan, is_open, VL_RULE_BLOCK_ITEMS);
    block->wire = (vl_bytes){block_at, (size_t)(scan->r.at - block_at)};
}

/* The payload block as far as its data. */
static void read_payload_head(struct vl_scan *scan, struct vl_head *head, struct vl_bundle *bundle)
{
    struct vl_block *block = &bundle->blocks[bundle->block_count];
    const uint8_t *at;
    enum vl_bundle_rule rule;
    size_t which;

    bundle->payload_len = vl_scan_bytes_head(scan, VL_RULE_BLOCK_DATA);
    if (!vl_scan_ok(scan))
        return;
    block->data = VL_BYTES_NONE;
    block->wire = VL_BYTES_NONE;
    bundle->block_count++;
    rule = vl_head_check_blocks(bundle, head->reading, &bundle->known, &which);
    if (rule) {
        at = which >= bundle->block_count         ? bundle->primary.ptr
             : bundle->blocks[which].wire.len > 0 ? bundle->blocks[which].wire.ptr
                                                  : scan->r.start + head->block_at;
        vl_scan_refuse(scan, at, rule);
    }
    head->is_complete = true;
}

static void read_block(struct vl_scan *scan, struct vl_head *head, struct vl_bundle *bundle)
{
    const uint8_t *block_at = scan->r.at;
    struct vl_block *block;
    bool is_open;

    if (vl_scan_left(scan) > 0 && *block_at == BREAK) {
        vl_scan_refuse(scan, block_at, VL_RULE_PAYLOAD_MISSING);
        return;
    }
    if (bundle->block_count == VL_BUNDLE_MAX_BLOCKS) {
        vl_scan_refuse(scan, block_at, VL_RULE_MANY_BLOCKS);
        return;
    }
    block = &bundle->blocks[bundle->block_count];
    read_block_head(scan, head, bundle, block, &is_open);
    if (!vl_scan_ok(scan))
        return;
    if (block->type == VL_BLOCK_PAYLOAD) {
        head->block_at = (size_t)(block_at - scan->r.start);
        head->is_open = is_open;
        read_payload_head(scan, head, bundle);
    } else {
        read_extension(scan, block, block_at, is_open);
        if (!vl_scan_ok(scan))
            return;
        bundle->block_count++;
        if (block->number < NUMBERS_AT_HAND)
            head->numbers |= UINT64_C(1) << block->number;
    }
    if (vl_scan_ok(scan) && (size_t)(scan->r.at - scan->r.start) > VL_BUNDLE_MAX_HEAD)
        vl_scan_refuse(scan, block_at, VL_RULE_LONG_HEAD);
}

struct vl_scan vl_head_read(struct vl_head *head, vl_bytes wire, struct vl_bundle *bundle)
{
    struct vl_scan scan = vl_scan_open(wire);

    if (head->at > 0) /* else there may be no wire at all */
        scan.r.at += head->at;
    if (!head->has_begun) {
        bundle->block_count = 0;
        if (vl_scan_left(&scan) > 0 && *scan.r.at == OPEN_ARRAY)
            scan.r.at++;
        else
            vl_scan_refuse_item(&scan, scan.r.at, VL_RULE_OUTER_ARRAY);
        if (vl_scan_ok(&scan)) {
            head->has_begun = true;
            head->at = 1;
        }
    }
    if (vl_scan_ok(&scan) && !head->has_primary) {
        read_primary(&scan, bundle);
        if (vl_scan_ok(&scan)) {
            head->has_primary = true;
            head->at = (size_t)(scan.r.at - scan.r.start);
        }
    }
    while (vl_scan_ok(&scan) && !head->is_complete) {
        read_block(&scan, head, bundle);
        if (vl_scan_ok(&scan))
            head->at = (size_t)(scan.r.at - scan.r.start);
    }
    return scan;
}

size_t vl_tail_len(const struct vl_head *head, const struct vl_bundle *bundle)
{
    size_t crc_len = vl_crc_len(vl_bundle_payload(bundle)->crc);

    return (crc_len ? 1 + crc_len : 0) + (head->is_open ? 1 : 0) + 1;
}

void vl_tail_read(struct vl_scan *scan, const struct vl_head *head, const struct vl_bundle *bundle,
                  uint32_t crc)
{
    enum vl_crc_kind kind = vl_bundle_payload(bundle)->crc;

    if (kind != VL_CRC_NONE)
        read_crc(scan, kind, crc, head->is_open);
    vl_scan_array_end(scan, head->is_open, VL_RULE_BLOCK_ITEMS);
    vl_scan_array_end(scan, true, VL_RULE_PAYLOAD_LAST);
}

/* The first item of a block of BPSec is an array of the numbers of its targets (RFC 9172, 3.6).
 * One that cannot be read names none. */
static bool names_target(vl_bytes data, uint64_t number)
{
    struct vl_scan scan = vl_scan_open(data);
    bool is_open;
    size_t count = vl_scan_array(&scan, 0, MAX_TARGETS, &is_open, VL_RULE_CBOR);

    for (size_t i = 0; i < count && vl_scan_left(&scan) > 0; i++)
        if (vl_scan_uint(&scan, UINT64_MAX, VL_RULE_CBOR) == number && vl_scan_ok(&scan))
            return true;
    return false;
}

bool vl_head_is_target(const struct vl_bundle *bundle, uint64_t type, uint64_t number)
{
    for (size_t i = 0; i < bundle->block_count; i++)
        if (bundle->blocks[i].type == type && names_target(bundle->blocks[i].data, number))
            return true;
    return false;
}

/* Does an integrity block cover the primary block?  One that is encrypted may. */
static bool has_integrity(const struct vl_bundle *bundle)
{
    if (vl_head_is_target(bundle, VL_BLOCK_INTEGRITY, 0))
        return true;
    for (size_t i = 0; i < bundle->block_count; i++)
        if (bundle->blocks[i].type == VL_BLOCK_INTEGRITY &&
            vl_head_is_target(bundle, VL_BLOCK_CONFIDENTIALITY, bundle->blocks[i].number))
            return true;
    return false;
}

static enum vl_bundle_rule read_hops(vl_bytes data, struct vl_bundle_known *known)
{
    struct vl_scan scan = vl_scan_open(data);
    bool is_open;

    (void)vl_scan_array(&scan, 2, 2, &is_open, VL_RULE_HOPS);
    known->hop_limit = vl_scan_uint(&scan, HOP_LIMIT_MAX, VL_RULE_HOPS);
    known->hop_count = vl_scan_uint(&scan, UINT64_MAX, VL_RULE_HOPS);
    vl_scan_array_end(&scan, is_open, VL_RULE_HOPS);
    if (!vl_scan_ok(&scan) || vl_scan_left(&scan) > 0 || known->hop_limit == 0)
        return VL_RULE_HOPS;
    return VL_RULE_NONE;
}

static enum vl_bundle_rule read_age(vl_bytes data, struct vl_bundle_known *known)
{
    struct vl_scan scan = vl_scan_open(data);

    known->age_ms = vl_scan_uint(&scan, UINT64_MAX, VL_RULE_AGE);
    return vl_scan_ok(&scan) && vl_scan_left(&scan) == 0 ? VL_RULE_NONE : VL_RULE_AGE;
}

static enum vl_bundle_rule read_previous_node(vl_bytes data, struct vl_bundle_known *known)
{
    struct vl_scan scan = vl_scan_open(data);

    vl_eid_read(&scan, &known->previous_node);
    return vl_scan_ok(&scan) && vl_scan_left(&scan) == 0 ? VL_RULE_NONE : VL_RULE_PREVIOUS_NODE;
}

/* The blocks that are known here: each at most once, each with data that can be read, unless they
 * are encrypted. */
static enum vl_bundle_rule read_known(const struct vl_bundle *bundle, const struct vl_block *block,
                                      struct vl_bundle_known *known, bool *has_age)
{
    static const struct {
        enum vl_bundle_rule twice;
        enum vl_bundle_rule (*read)(vl_bytes data, struct vl_bundle_known *known);
    } kinds[] = {
        {VL_RULE_PREVIOUS_TWICE, read_previous_node},
        {VL_RULE_AGE_TWICE, read_age},
        {VL_RULE_HOPS_TWICE, read_hops},
    };
    size_t which = block->type == VL_BLOCK_PREVIOUS_NODE ? 0 : block->type == VL_BLOCK_AGE ? 1 : 2;
    bool *const has[] = {&known->has_previous_node, &known->has_age, &known->has_hop_count};
    bool is_hidden = vl_head_is_target(bundle, VL_BLOCK_CONFIDENTIALITY, block->number);

    if (vl_bundle_find(bundle, block->type) != block)
        return kinds[which].twice;
    if (which == 1)
        *has_age = true;
    *has[which] = !is_hidden;
    return is_hidden ? VL_RULE_NONE : kinds[which].read(block->data, known);
}

enum vl_bundle_rule vl_head_check_blocks(const struct vl_bundle *bundle, unsigned reading,
                                         struct vl_bundle_known *known, size_t *which)
{
    bool has_age = false;

    known->has_previous_node = known->has_age = known->has_hop_count = false;
    for (*which = 0; *which < bundle->block_count; ++*which) {
        const struct vl_block *block = &bundle->blocks[*which];
        enum vl_bundle_rule rule = block->type == VL_BLOCK_PREVIOUS_NODE ||
                                           block->type == VL_BLOCK_AGE ||
                                           block->type == VL_BLOCK_HOP_COUNT
                                       ? read_known(bundle, block, known, &has_age)
                                       : VL_RULE_NONE;

        if (rule)
            return rule;
    }
    if (bundle->created_ms == 0 && !has_age && !(reading & VL_BUNDLE_ALLOW_NO_AGE))
        return VL_RULE_AGE_MISSING;
    if (bundle->crc == VL_CRC_NONE && !(reading & VL_BUNDLE_ALLOW_NO_CRC) && !has_integrity(bundle))
        return VL_RULE_PRIMARY_NO_CRC;
    if ((bundle->flags & VL_BUNDLE_IS_FRAGMENT) &&
        (bundle->fragment_offset > bundle->total_len ||
         bundle->payload_len > bundle->total_len - bundle->fragment_offset)) {
        *which = bundle->block_count - 1;
        return VL_RULE_FRAGMENT_RANGE;
    }
    return VL_RULE_NONE;
}
