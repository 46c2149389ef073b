/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/bundle.h: bundles of BPv7 (RFC 9171): read, written, forwarded.
 *
 * A bundle is a primary block, extension blocks, and a payload block.  What is read borrows from
 * the wire; nothing is allocated.  Blocks whose type is not known here, and blocks of BPSec, stay
 * the bytes they are, with their flags for the caller to act on. */
#ifndef VL_BUNDLE_BUNDLE_H
#define VL_BUNDLE_BUNDLE_H

#include "bundle/crc.h"
#include "bundle/eid.h"

#define VL_BUNDLE_MAX_BLOCKS 32 /* the payload block among them */
/* Everything before the first byte of the payload. */
#define VL_BUNDLE_MAX_HEAD ((size_t)64 * 1024)
/* Milliseconds since 2000-01-01T00:00:00Z are DTN time (RFC 9171, 4.2.6); this second is that one
 * in seconds since 1970. */
#define VL_DTN_EPOCH_S 946684800

/* RFC 9171, 4.2.3; unknown ones are kept and ignored. */
enum vl_bundle_flag {
    VL_BUNDLE_IS_FRAGMENT = 0x1,
    VL_BUNDLE_IS_RECORD = 0x2, /* its payload is an administrative record */
    VL_BUNDLE_NOT_SPLIT = 0x4,
    VL_BUNDLE_ACKNOWLEDGE = 0x20,
    VL_BUNDLE_REPORT_TIME = 0x40,
    VL_BUNDLE_REPORT_RECEPTION = 0x4000,
    VL_BUNDLE_REPORT_FORWARDING = 0x10000,
    VL_BUNDLE_REPORT_DELIVERY = 0x20000,
    VL_BUNDLE_REPORT_DELETION = 0x40000,
};
#define VL_BUNDLE_REPORTS                                                                          \
    ((uint64_t)(VL_BUNDLE_REPORT_RECEPTION | VL_BUNDLE_REPORT_FORWARDING |                         \
                VL_BUNDLE_REPORT_DELIVERY | VL_BUNDLE_REPORT_DELETION))

/* RFC 9171, 4.2.4: what becomes of a block that a node cannot process. */
enum vl_block_flag {
    VL_BLOCK_IN_EVERY_FRAGMENT = 0x1,
    VL_BLOCK_ELSE_REPORT = 0x2,
    VL_BLOCK_ELSE_DELETE_BUNDLE = 0x4,
    VL_BLOCK_ELSE_DISCARD = 0x10,
};

/* clang-format off */
#define VL_BLOCK_TABLE(X)                                                      \
    X(PAYLOAD,         1, "payload")                                           \
    X(PREVIOUS_NODE,   6, "previous node")                                     \
    X(AGE,             7, "bundle age")                                        \
    X(HOP_COUNT,      10, "hop count")                                         \
    X(INTEGRITY,      11, "block integrity (BIB)")                             \
    X(CONFIDENTIALITY,12, "block confidentiality (BCB)")
/* clang-format on */
enum vl_block_type {
#define X(code, number, words) VL_BLOCK_##code = (number),
    VL_BLOCK_TABLE(X)
#undef X
};
/* NULL for a type that is not known here. */
const char *vl_block_type_words(uint64_t type);

struct vl_block {
    uint64_t type;
    uint64_t number;
    uint64_t flags;
    enum vl_crc_kind crc;
    vl_bytes data; /* of the payload block: what of it is at hand */
    vl_bytes wire; /* the whole block as it was read, if it was read */
};

/* What the extension blocks say whose type is known here; one that is encrypted says nothing. */
struct vl_bundle_known {
    bool has_previous_node, has_age, has_hop_count;
    struct vl_eid previous_node;
    uint64_t age_ms;
    uint64_t hop_limit, hop_count;
};

struct vl_bundle {
    uint64_t flags;
    enum vl_crc_kind crc; /* of the primary block */
    struct vl_eid destination;
    struct vl_eid source;
    struct vl_eid report_to;
    uint64_t created_ms; /* DTN time; 0: made without a clock */
    uint64_t sequence;
    uint64_t lifetime_ms;
    uint64_t fragment_offset; /* of a fragment */
    uint64_t total_len;
    /* The extension blocks as they stand, and last the payload block. */
    size_t block_count;
    struct vl_block blocks[VL_BUNDLE_MAX_BLOCKS];
    uint64_t payload_len;
    struct vl_bundle_known known; /* set by reading; writing takes it from the blocks */
    /* As it was read: the whole, and its primary block. */
    vl_bytes wire;
    vl_bytes primary;
    /* After a refusal: the rule that was broken, at which byte. */
    enum vl_bundle_rule broken;
    uint64_t broken_at;
};

enum vl_bundle_reading {
    /* A primary block needs no CRC, and a bundle made without a clock no age: the examples of RFC
     * 9173 have neither. */
    VL_BUNDLE_ALLOW_NO_CRC = 1,
    VL_BUNDLE_ALLOW_NO_AGE = 2,
    /* A reader goes on behind a payload whose CRC is wrong: VL_BUNDLE_ALTERED. */
    VL_BUNDLE_PAST_PAYLOAD = 4,
};

/* Read one bundle of exactly these bytes, every CRC checked.  FORMAT, LIMIT, UNVERIFIED, with rule
 * and section in why and in bundle->broken; nothing else of *bundle is of use then. */
enum vl_err vl_bundle_parse(vl_bytes wire, unsigned reading, struct vl_bundle *bundle,
                            struct vl_why *why) VL_MUST_USE;
/* The same of the first bundle in a sequence; *len is how long it is. */
enum vl_err vl_bundle_parse_first(vl_bytes wire, unsigned reading, struct vl_bundle *bundle,
                                  size_t *len, struct vl_why *why) VL_MUST_USE;
static inline const struct vl_block *vl_bundle_payload(const struct vl_bundle *bundle)
{
    return &bundle->blocks[bundle->block_count - 1];
}
/* The first block of this type, or NULL. */
const struct vl_block *vl_bundle_find(const struct vl_bundle *bundle, uint64_t type);

/* More hops than its limit: whoever holds it deletes it (RFC 9171, 4.4.3). */
bool vl_bundle_is_over_hops(const struct vl_bundle *bundle);
/* Is its lifetime over, at this DTN time?  By its age where it was made without a clock. */
bool vl_bundle_is_expired(const struct vl_bundle *bundle, uint64_t dtn_now_ms);
/* The same bundle: source, timestamp and, of fragments, place and length (RFC 9171, 4.2.7, 5.8). */
bool vl_bundle_same(const struct vl_bundle *a, const struct vl_bundle *b);

/* Would writing refuse it, and for which rule?  All that reading refuses, and a source or previous
 * node that is no node.  The data of blocks is looked at only where their type is known. */
enum vl_bundle_rule vl_bundle_check(const struct vl_bundle *bundle);
/* Append a bundle made of the fields of *bundle and its blocks, the last of which is the payload
 * block with all of its data; CRCs are worked out.  FORMAT, LIMIT, NO_MEMORY; out is then as it
 * was. */
enum vl_err vl_bundle_write(const struct vl_bundle *bundle, struct vl_buf *out,
                            struct vl_why *why) VL_MUST_USE;

/* A bundle with these fields and only a payload block; add others with vl_bundle_add. */
void vl_bundle_begin(struct vl_bundle *bundle, enum vl_crc_kind crc, vl_bytes payload);
/* Put a block before the payload, with the lowest number that is free.  data is borrowed.  LIMIT
 * when there are too many. */
enum vl_err vl_bundle_add(struct vl_bundle *bundle, uint64_t type, uint64_t flags,
                          enum vl_crc_kind crc, vl_bytes data) VL_MUST_USE;

/* A payload that comes in pieces. */
struct vl_bundle_writer {
    struct vl_sink sink;
    enum vl_crc_kind crc_kind;
    uint32_t crc;
    uint64_t left;
};
/* Write everything before the payload, whose length is bundle->payload_len; the data of its block
 * is not looked at.  Fails as vl_bundle_write and as the sink. */
enum vl_err vl_bundle_writer_begin(struct vl_bundle_writer *writer, const struct vl_bundle *bundle,
                                   struct vl_sink sink, struct vl_why *why) VL_MUST_USE;
/* LIMIT for more than was said. */
enum vl_err vl_bundle_writer_put(struct vl_bundle_writer *writer, vl_bytes piece,
                                 struct vl_why *why) VL_MUST_USE;
/* FORMAT for less than was said. */
enum vl_err vl_bundle_writer_end(struct vl_bundle_writer *writer, struct vl_why *why) VL_MUST_USE;

/* Append the bundle as the next node gets it (RFC 9171, 5.4): own as previous node, dwell_ms added
 * to its age, one hop more.  The primary block and every other block stay the bytes they were.
 * REFUSED when its hops are used up; else as vl_bundle_write. */
enum vl_err vl_bundle_forward(const struct vl_bundle *bundle, const struct vl_eid *own,
                              uint64_t dwell_ms, struct vl_buf *out,
                              struct vl_why *why) VL_MUST_USE;

#endif
