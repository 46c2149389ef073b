/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "bundle/head.h"

#define OPEN_ARRAY 0x9f
#define BREAK      0xff
#define SCHEME_DTN 1
#define SCHEME_IPN 2

/* More than the heads of the primary block and all its numbers are, and those of any other. */
#define HEADS_MOST   ((size_t)192)
#define TAIL_MOST    6
#define BEFORE_LIMIT (VL_BUNDLE_MAX_HEAD + (VL_BUNDLE_MAX_BLOCKS + 1) * HEADS_MOST)

/* A room that is large enough, being filled; without one, only counting. */
struct pen {
    uint8_t *room;
    size_t len;
};

static inline void put_byte(struct pen *pen, uint8_t byte)
{
    if (pen->room)
        pen->room[pen->len] = byte;
    pen->len++;
}

static void put_long_head(struct pen *pen, enum vl_cbor_kind kind, uint64_t value)
{
    unsigned size_class = value <= UINT8_MAX    ? 0
                          : value <= UINT16_MAX ? 1
                          : value <= UINT32_MAX ? 2
                                                : 3;
    size_t len = (size_t)1 << size_class;

    if (pen->room) {
        uint8_t *at = pen->room + pen->len;

        *at++ = (uint8_t)((unsigned)kind << 5 | (24 + size_class));
        for (size_t shift = 8 * len; shift > 0; shift -= 8)
            *at++ = (uint8_t)(value >> (shift - 8));
    }
    pen->len += 1 + len;
}

static inline void put_head(struct pen *pen, enum vl_cbor_kind kind, uint64_t value)
{
    if (value < 24)
        put_byte(pen, (uint8_t)((unsigned)kind << 5 | (unsigned)value));
    else
        put_long_head(pen, kind, value);
}

static inline void put_uint(struct pen *pen, uint64_t value)
{
    put_head(pen, VL_CBOR_UINT, value);
}

static void put_raw(struct pen *pen, vl_bytes bytes)
{
    if (pen->room && bytes.len > 0)
        memcpy(pen->room + pen->len, bytes.ptr, bytes.len);
    pen->len += bytes.len;
}

static void put_eid(struct pen *pen, const struct vl_eid *eid)
{
    put_head(pen, VL_CBOR_ARRAY, 2);
    if (eid->scheme == VL_EID_IPN) {
        put_uint(pen, SCHEME_IPN);
        put_head(pen, VL_CBOR_ARRAY, eid->in_two ? 2 : 3);
        if (eid->in_two) {
            put_uint(pen, (uint64_t)eid->allocator << 32 | eid->node);
        } else {
            put_uint(pen, eid->allocator);
            put_uint(pen, eid->node);
        }
        put_uint(pen, eid->service);
        return;
    }
    put_uint(pen, SCHEME_DTN);
    if (eid->scheme == VL_EID_DTN) {
        put_head(pen, VL_CBOR_TEXT, eid->name.len);
        put_raw(pen, eid->name);
    } else {
        put_uint(pen, 0);
    }
}

/* crc is that of everything before; RFC 9171, 4.2.2: its own value counts as zeroes. */
static void put_crc_value(struct pen *pen, enum vl_crc_kind kind, uint32_t crc)
{
    static const uint8_t rest[3][5] = {{0}, {0x42}, {0x44}};
    size_t len = vl_crc_len(kind);

    put_head(pen, VL_CBOR_BYTES, len);
    if (pen->room)
        vl_crc_write(kind, vl_crc_end(kind, vl_crc_put(kind, crc, (vl_bytes){rest[kind], 1 + len})),
                     pen->room + pen->len);
    pen->len += len;
}

/* The CRC of a block that began at `from`. */
static void put_crc(struct pen *pen, enum vl_crc_kind kind, size_t from)
{
    uint32_t crc = vl_crc_begin(kind);

    if (kind == VL_CRC_NONE)
        return;
    if (pen->room)
        crc = vl_crc_put(kind, crc, (vl_bytes){pen->room + from, pen->len - from});
    put_crc_value(pen, kind, crc);
}

static void put_primary(struct pen *pen, const struct vl_bundle *bundle)
{
    bool is_fragment = (bundle->flags & VL_BUNDLE_IS_FRAGMENT) != 0;
    size_t from = pen->len;

    put_head(pen, VL_CBOR_ARRAY, 8u + (is_fragment ? 2 : 0) + (bundle->crc != VL_CRC_NONE ? 1 : 0));
    put_uint(pen, 7);
    put_uint(pen, bundle->flags);
    put_uint(pen, bundle->crc);
    put_eid(pen, &bundle->destination);
    put_eid(pen, &bundle->source);
    put_eid(pen, &bundle->report_to);
    put_head(pen, VL_CBOR_ARRAY, 2);
    put_uint(pen, bundle->created_ms);
    put_uint(pen, bundle->sequence);
    put_uint(pen, bundle->lifetime_ms);
    if (is_fragment) {
        put_uint(pen, bundle->fragment_offset);
        put_uint(pen, bundle->total_len);
    }
    put_crc(pen, bundle->crc, from);
}

static void put_block_head(struct pen *pen, const struct vl_block *block, uint64_t data_len)
{
    put_head(pen, VL_CBOR_ARRAY, block->crc != VL_CRC_NONE ? 6 : 5);
    put_uint(pen, block->type);
    put_uint(pen, block->number);
    put_uint(pen, block->flags);
    put_uint(pen, block->crc);
    put_head(pen, VL_CBOR_BYTES, data_len);
}

static void put_block(struct pen *pen, const struct vl_block *block)
{
    size_t from = pen->len;

    put_block_head(pen, block, block->data.len);
    put_raw(pen, block->data);
    put_crc(pen, block->crc, from);
}

static size_t tail_len(enum vl_crc_kind kind)
{
    return (kind != VL_CRC_NONE ? 1 + vl_crc_len(kind) : 0) + 1;
}

/* Everything before the payload; *block_at is where its block begins. */
static void put_all_before(struct pen *pen, const struct vl_bundle *bundle, size_t *block_at)
{
    put_byte(pen, OPEN_ARRAY);
    put_primary(pen, bundle);
    for (size_t i = 0; i + 1 < bundle->block_count; i++)
        put_block(pen, &bundle->blocks[i]);
    *block_at = pen->len;
    put_block_head(pen, vl_bundle_payload(bundle), bundle->payload_len);
}

static enum vl_bundle_rule check_endpoints(const struct vl_bundle *bundle)
{
    const struct vl_eid *const eids[] = {&bundle->destination, &bundle->source, &bundle->report_to};

    for (size_t i = 0; i < 3; i++) {
        enum vl_bundle_rule rule = vl_eid_check(eids[i]);

        if (rule)
            return rule;
    }
    if (vl_eid_is_local(&bundle->destination) || vl_eid_is_local(&bundle->source))
        return VL_RULE_EID_LOCAL;
    return bundle->source.scheme == VL_EID_NONE || vl_eid_is_node(&bundle->source)
               ? VL_RULE_NONE
               : VL_RULE_SOURCE_NODE;
}

static enum vl_bundle_rule check_block(const struct vl_bundle *bundle, size_t index)
{
    const struct vl_block *block = &bundle->blocks[index];
    bool is_last = index + 1 == bundle->block_count;

    if (block->crc > VL_CRC_32C)
        return VL_RULE_CRC_TYPE;
    if (block->number == 0)
        return VL_RULE_BLOCK_NUMBER;
    if (block->type == VL_BLOCK_PAYLOAD && !is_last)
        return VL_RULE_PAYLOAD_LAST;
    if (block->type != VL_BLOCK_PAYLOAD && is_last)
        return VL_RULE_PAYLOAD_MISSING;
    if (is_last && block->number != 1)
        return VL_RULE_PAYLOAD_NUMBER;
    if ((block->flags & VL_BLOCK_ELSE_REPORT) &&
        ((bundle->flags & VL_BUNDLE_IS_RECORD) || bundle->source.scheme == VL_EID_NONE))
        return VL_RULE_BLOCK_REPORT;
    for (size_t i = 0; i < index; i++)
        if (bundle->blocks[i].number == block->number)
            return VL_RULE_NUMBER_TWICE;
    return VL_RULE_NONE;
}

/* All that reading refuses, by the same functions where there are any. */
static enum vl_bundle_rule check(const struct vl_bundle *bundle)
{
    struct vl_bundle_known known;
    enum vl_bundle_rule rule = check_endpoints(bundle);
    size_t which = 0;

    if (!rule && bundle->crc > VL_CRC_32C)
        rule = VL_RULE_CRC_TYPE;
    if (!rule && bundle->block_count == 0)
        rule = VL_RULE_PAYLOAD_MISSING;
    if (!rule && bundle->block_count > VL_BUNDLE_MAX_BLOCKS)
        rule = VL_RULE_MANY_BLOCKS;
    if (!rule)
        rule = vl_head_check_flags(bundle);
    for (size_t i = 0; !rule && i < bundle->block_count; i++)
        rule = check_block(bundle, i);
    if (!rule)
        rule = vl_head_check_blocks(bundle, 0, &known, &which);
    if (!rule && known.has_previous_node && !vl_eid_is_node(&known.previous_node))
        rule = VL_RULE_SOURCE_NODE;
    return rule;
}

enum vl_bundle_rule vl_bundle_check(const struct vl_bundle *bundle)
{
    struct pen pen = {NULL, 0};
    size_t block_at;
    enum vl_bundle_rule rule = check(bundle);

    if (rule)
        return rule;
    put_all_before(&pen, bundle, &block_at);
    return pen.len > VL_BUNDLE_MAX_HEAD ? VL_RULE_LONG_HEAD : VL_RULE_NONE;
}

static enum vl_err refused(enum vl_bundle_rule rule, struct vl_why *why)
{
    return vl_fail(why, vl_rule_err(rule), "%s: %s", vl_rule_section(rule), vl_rule_words(rule));
}

/* No more than this is before the payload, of a bundle that breaks no rule. */
static size_t most_before(const struct vl_bundle *bundle)
{
    size_t most = HEADS_MOST + bundle->destination.name.len + bundle->source.name.len +
                  bundle->report_to.name.len;

    for (size_t i = 0; i + 1 < bundle->block_count; i++)
        most += HEADS_MOST + bundle->blocks[i].data.len;
    return most + HEADS_MOST;
}

/* Room for that at the end of out, and for as much behind it, or for exactly what there will be
 * where out is nearly full. */
static enum vl_err take_room(const struct vl_bundle *bundle, size_t behind, struct vl_buf *out,
                             struct pen *pen, struct vl_why *why)
{
    struct pen counted = {NULL, 0};
    size_t before = most_before(bundle), block_at;
    enum vl_err err;

    if (before > BEFORE_LIMIT)
        return refused(VL_RULE_LONG_HEAD, why);
    err = behind > SIZE_MAX - before ? VL_ERR_LIMIT : vl_buf_reserve(out, before + behind);
    if (err == VL_ERR_LIMIT) {
        put_all_before(&counted, bundle, &block_at);
        if (behind <= SIZE_MAX - counted.len)
            err = vl_buf_reserve(out, counted.len + behind);
    }
    if (err)
        return vl_fail(why, err, "no room for such a bundle");
    *pen = (struct pen){out->data + out->len, 0};
    return VL_OK;
}

enum vl_err vl_bundle_write(const struct vl_bundle *bundle, struct vl_buf *out, struct vl_why *why)
{
    const struct vl_block *payload;
    struct pen pen = {NULL, 0};
    size_t block_at = 0;
    enum vl_err err;
    enum vl_bundle_rule rule = check(bundle);

    if (rule)
        return refused(rule, why);
    payload = vl_bundle_payload(bundle);
    if (payload->data.len != bundle->payload_len)
        return vl_fail(why, VL_ERR_FORMAT, "the payload is not as long as was said");
    if (payload->data.len > SIZE_MAX - TAIL_MOST)
        return vl_fail(why, VL_ERR_LIMIT, "no room for such a bundle");
    err = take_room(bundle, payload->data.len + tail_len(payload->crc), out, &pen, why);
    if (err)
        return err;
    put_all_before(&pen, bundle, &block_at);
    if (pen.len > VL_BUNDLE_MAX_HEAD)
        return refused(VL_RULE_LONG_HEAD, why);
    put_raw(&pen, payload->data);
    put_crc(&pen, payload->crc, block_at);
    put_byte(&pen, BREAK);
    out->len += pen.len;
    return VL_OK;
}

enum vl_err vl_bundle_writer_begin(struct vl_bundle_writer *writer, const struct vl_bundle *bundle,
                                   struct vl_sink sink, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf head = VL_BUF_INIT(BEFORE_LIMIT);
    struct pen pen = {NULL, 0};
    size_t block_at = 0;
    enum vl_err err;
    enum vl_bundle_rule rule = check(bundle);

    *writer = (struct vl_bundle_writer){.sink = sink};
    if (rule)
        return refused(rule, why);
    err = take_room(bundle, 0, &head, &pen, why);
    if (err)
        return err;
    put_all_before(&pen, bundle, &block_at);
    if (pen.len > VL_BUNDLE_MAX_HEAD)
        return refused(VL_RULE_LONG_HEAD, why);
    head.len = pen.len;
    writer->crc_kind = vl_bundle_payload(bundle)->crc;
    writer->crc = vl_crc_put(writer->crc_kind, vl_crc_begin(writer->crc_kind),
                             vl_bytes_after(vl_buf_bytes(&head), block_at));
    writer->left = bundle->payload_len;
    return sink.put(sink.self, vl_buf_bytes(&head), why);
}

enum vl_err vl_bundle_writer_put(struct vl_bundle_writer *writer, vl_bytes piece,
                                 struct vl_why *why)
{
    if (piece.len > writer->left)
        return vl_fail(why, VL_ERR_LIMIT, "more payload than was said");
    writer->left -= piece.len;
    writer->crc = vl_crc_put(writer->crc_kind, writer->crc, piece);
    return writer->sink.put(writer->sink.self, piece, why);
}

enum vl_err vl_bundle_writer_end(struct vl_bundle_writer *writer, struct vl_why *why)
{
    uint8_t tail[6];
    struct pen pen = {tail, 0};

    if (writer->left > 0)
        return vl_fail(why, VL_ERR_FORMAT, "less payload than was said");
    if (writer->crc_kind != VL_CRC_NONE)
        put_crc_value(&pen, writer->crc_kind, writer->crc);
    put_byte(&pen, BREAK);
    return writer->sink.put(writer->sink.self, vl_bytes_of(tail, pen.len), why);
}

void vl_bundle_begin(struct vl_bundle *bundle, enum vl_crc_kind crc, vl_bytes payload)
{
    static const struct vl_eid nobody = VL_EID_INIT;

    bundle->flags = 0;
    bundle->crc = crc;
    bundle->destination = bundle->source = bundle->report_to = nobody;
    bundle->created_ms = bundle->sequence = bundle->lifetime_ms = 0;
    bundle->fragment_offset = bundle->total_len = 0;
    bundle->block_count = 1;
    bundle->blocks[0] = (struct vl_block){
        .type = VL_BLOCK_PAYLOAD, .number = 1, .crc = crc, .data = payload, .wire = VL_BYTES_NONE};
    bundle->payload_len = payload.len;
    bundle->known = (struct vl_bundle_known){.previous_node = nobody};
    bundle->wire = bundle->primary = VL_BYTES_NONE;
    bundle->broken = VL_RULE_NONE;
    bundle->broken_at = 0;
}

static uint64_t free_number(const struct vl_bundle *bundle)
{
    uint64_t number = 2;

    for (size_t i = 0; i < bundle->block_count; i++)
        if (bundle->blocks[i].number == number) {
            number++;
            i = SIZE_MAX; /* from the start again */
        }
    return number;
}

enum vl_err vl_bundle_add(struct vl_bundle *bundle, uint64_t type, uint64_t flags,
                          enum vl_crc_kind crc, vl_bytes data)
{
    struct vl_block *last = &bundle->blocks[bundle->block_count - 1];

    if (bundle->block_count == VL_BUNDLE_MAX_BLOCKS)
        return VL_ERR_LIMIT;
    last[1] = last[0];
    *last = (struct vl_block){
        .type = type, .number = free_number(bundle), .flags = flags, .crc = crc, .data = data};
    bundle->block_count++;
    return VL_OK;
}

static void put_changed(struct pen *pen, const struct vl_bundle *bundle,
                        const struct vl_block *block, vl_bytes previous, uint64_t dwell_ms)
{
    const struct vl_bundle_known *known = &bundle->known;
    struct vl_block next = *block;
    uint8_t room[16];
    struct pen data = {room, 0};

    if (block->type == VL_BLOCK_PREVIOUS_NODE && known->has_previous_node) {
        next.data = previous;
    } else if (block->type == VL_BLOCK_AGE && known->has_age) {
        put_uint(&data,
                 known->age_ms > UINT64_MAX - dwell_ms ? UINT64_MAX : known->age_ms + dwell_ms);
        next.data = vl_bytes_of(room, data.len);
    } else if (block->type == VL_BLOCK_HOP_COUNT && known->has_hop_count) {
        put_head(&data, VL_CBOR_ARRAY, 2);
        put_uint(&data, known->hop_limit);
        put_uint(&data, known->hop_count + 1);
        next.data = vl_bytes_of(room, data.len);
    } else {
        put_raw(pen, block->wire);
        return;
    }
    put_block(pen, &next);
}

static void put_forwarded(struct pen *pen, const struct vl_bundle *bundle, vl_bytes previous,
                          uint64_t dwell_ms)
{
    put_byte(pen, OPEN_ARRAY);
    put_raw(pen, bundle->primary);
    if (!vl_bundle_find(bundle, VL_BLOCK_PREVIOUS_NODE)) {
        const struct vl_block block = {.type = VL_BLOCK_PREVIOUS_NODE,
                                       .number = free_number(bundle),
                                       .crc = vl_bundle_payload(bundle)->crc,
                                       .data = previous};

        put_block(pen, &block);
    }
    for (size_t i = 0; i < bundle->block_count; i++)
        put_changed(pen, bundle, &bundle->blocks[i], previous, dwell_ms);
    put_byte(pen, BREAK);
}

enum vl_err vl_bundle_forward(const struct vl_bundle *bundle, const struct vl_eid *own,
                              uint64_t dwell_ms, struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf previous = VL_BUF_INIT(VL_EID_MAX_LEN + 8);
    struct pen pen = {NULL, 0};
    enum vl_err err;

    if (!vl_eid_is_node(own) || vl_eid_is_local(own))
        return refused(VL_RULE_SOURCE_NODE, why);
    if (bundle->known.has_hop_count && bundle->known.hop_count >= bundle->known.hop_limit)
        return vl_fail(why, VL_ERR_REFUSED, "RFC 9171, 4.4.3: its %llu hops are used up",
                       (unsigned long long)bundle->known.hop_limit);
    if (!vl_bundle_find(bundle, VL_BLOCK_PREVIOUS_NODE) &&
        bundle->block_count == VL_BUNDLE_MAX_BLOCKS)
        return refused(VL_RULE_MANY_BLOCKS, why);
    err = vl_eid_write(own, &previous);
    if (err)
        return vl_fail(why, err, "no room for the node's own name");
    put_forwarded(&pen, bundle, vl_buf_bytes(&previous), dwell_ms);
    err = vl_buf_reserve(out, pen.len);
    if (err)
        return vl_fail(why, err, "no room for a bundle of %zu bytes", pen.len);
    pen = (struct pen){out->data + out->len, 0};
    put_forwarded(&pen, bundle, vl_buf_bytes(&previous), dwell_ms);
    out->len += pen.len;
    return VL_OK;
}
