/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/scan.h: a bundle's wire being read: the codec's cursor, and the rule that was broken.
 *
 * The first refusal latches, as in the codec.  A scan also knows how many bytes it lacks, so that
 * whoever has only the beginning of a bundle can come back with more of it. */
#ifndef VL_BUNDLE_SCAN_H
#define VL_BUNDLE_SCAN_H

#include "bundle/rule.h"
#include "codec/cbor.h"

struct vl_scan {
    struct vl_cbor r;
    const uint8_t *end; /* of the wire; the cursor forgets it when it refuses */
    enum vl_bundle_rule rule;
    size_t at;        /* the byte that broke it, from the start of the wire */
    uint64_t lacking; /* CUT_SHORT: how many bytes more, at least */
};

static inline struct vl_scan vl_scan_open(vl_bytes wire)
{
    return (struct vl_scan){.r = vl_cbor_open(wire, VL_CBOR_BPV7),
                            .end = wire.len ? wire.ptr + wire.len : wire.ptr};
}

static inline bool vl_scan_ok(const struct vl_scan *scan)
{
    return scan->rule == VL_RULE_NONE;
}

static inline size_t vl_scan_left(const struct vl_scan *scan)
{
    return (size_t)(scan->r.end - scan->r.at);
}

/* Refuse at this place, for this rule. */
void vl_scan_refuse(struct vl_scan *scan, const uint8_t *at, enum vl_bundle_rule rule);
/* The item at this place was not what the rule wants: refuse it, unless it is not there to its end,
 * or no CBOR at all, which is said then. */
void vl_scan_refuse_item(struct vl_scan *scan, const uint8_t *at, enum vl_bundle_rule rule);

uint64_t vl_scan_long_uint(struct vl_scan *scan, uint64_t max, enum vl_bundle_rule rule);
/* vl_scan_array reads the head of an array of at least min items and at most max, all of them below
 * 24; *is_open when it has no length, and then the count is max.  vl_scan_array_end reads its end.
 * These two are their unusual cases. */
size_t vl_scan_long_array(struct vl_scan *scan, size_t max, bool *is_open,
                          enum vl_bundle_rule rule);
void vl_scan_open_array_end(struct vl_scan *scan, enum vl_bundle_rule rule);
/* The head of a byte string, with how many bytes follow; they need not be there. */
uint64_t vl_scan_bytes_head(struct vl_scan *scan, enum vl_bundle_rule rule);
/* A byte string that is there. */
vl_bytes vl_scan_bytes(struct vl_scan *scan, uint64_t max, enum vl_bundle_rule rule);
/* A text of at most max bytes; over_max is the rule for a longer one. */
vl_bytes vl_scan_text(struct vl_scan *scan, size_t max, enum vl_bundle_rule rule,
                      enum vl_bundle_rule over_max);

/* Most numbers are one byte or two, and most bundles are sound: those are read in place. */
static inline uint64_t vl_scan_uint(struct vl_scan *scan, uint64_t max, enum vl_bundle_rule rule)
{
    const uint8_t *at = scan->r.at;
    size_t left = (size_t)(scan->r.end - at);

    if (left >= 1 && *at < 24 && *at <= max) {
        scan->r.at = at + 1;
        return *at;
    }
    if (left >= 2 && *at == 24 && at[1] >= 24 && at[1] <= max) {
        scan->r.at = at + 2;
        return at[1];
    }
    return vl_scan_long_uint(scan, max, rule);
}

static inline size_t vl_scan_array(struct vl_scan *scan, size_t min, size_t max, bool *is_open,
                                   enum vl_bundle_rule rule)
{
    const uint8_t *at = scan->r.at;

    *is_open = false;
    if (at != scan->r.end) {
        size_t count = *at ^ (size_t)VL_CBOR_ARRAY << 5;

        if (count >= min && count <= max) {
            scan->r.at = at + 1;
            return count;
        }
    }
    return vl_scan_long_array(scan, max, is_open, rule);
}

static inline void vl_scan_array_end(struct vl_scan *scan, bool is_open, enum vl_bundle_rule rule)
{
    if (is_open)
        vl_scan_open_array_end(scan, rule);
}

#endif
