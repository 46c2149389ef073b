/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/scan.h"

#define INFO(byte)  ((byte)&31u)
#define INDEFINITE  31
#define OPEN_ARRAY  0x9f
#define SHORT_BYTES 0x40u
#define BREAK       0xff

void vl_scan_refuse(struct vl_scan *scan, const uint8_t *at, enum vl_bundle_rule rule)
{
    if (!vl_scan_ok(scan))
        return;
    scan->rule = rule;
    scan->at = at ? (size_t)(at - scan->r.start) : 0;
    scan->r.at = scan->r.end; /* nothing more to read */
}

static void cut_short(struct vl_scan *scan, uint64_t lacking)
{
    if (!vl_scan_ok(scan))
        return;
    vl_scan_refuse(scan, scan->end, VL_RULE_CUT_SHORT);
    scan->lacking = lacking;
}

/* How many bytes its head has. */
static size_t head_len(uint8_t first)
{
    unsigned info = INFO(first);

    return info >= 24 && info <= 27 ? 1 + ((size_t)1 << (info - 24)) : 1;
}

/* The argument of a head that is there. */
static uint64_t argument(const uint8_t *at)
{
    uint64_t value = 0;

    if (INFO(*at) < 24)
        return INFO(*at);
    for (size_t i = 1; i < head_len(*at); i++)
        value = value << 8 | at[i];
    return value;
}

static bool is_shortest(const uint8_t *at)
{
    size_t len = head_len(*at);
    uint64_t value = argument(at);

    return len == 1 || value >= (len == 2 ? 24 : UINT64_C(1) << 8 * (len / 2));
}

void vl_scan_refuse_item(struct vl_scan *scan, const uint8_t *at, enum vl_bundle_rule rule)
{
    size_t left = (size_t)(scan->end - at);

    if (left == 0 || left < head_len(*at)) {
        cut_short(scan, left == 0 ? 1 : head_len(*at) - left);
        return;
    }
    if (INFO(*at) >= 28 && INFO(*at) < INDEFINITE)
        rule = VL_RULE_CBOR;
    else if (*at >> 5 != VL_CBOR_SIMPLE && !is_shortest(at))
        rule = VL_RULE_SHORTEST;
    vl_scan_refuse(scan, at, rule);
}

uint64_t vl_scan_long_uint(struct vl_scan *scan, uint64_t max, enum vl_bundle_rule rule)
{
    const uint8_t *at = scan->r.at;
    uint64_t value;

    if (!vl_scan_ok(scan))
        return 0;
    value = vl_cbor_uint(&scan->r, max);
    if (vl_cbor_ok(&scan->r))
        return value;
    vl_scan_refuse_item(scan, at, rule);
    return 0;
}

size_t vl_scan_long_array(struct vl_scan *scan, size_t max, bool *is_open, enum vl_bundle_rule rule)
{
    const uint8_t *at = scan->r.at;

    if (!vl_scan_ok(scan))
        return 0;
    if (at != scan->r.end && *at == OPEN_ARRAY) {
        *is_open = true;
        scan->r.at++;
        return max;
    }
    vl_scan_refuse_item(scan, at, rule);
    return 0;
}

void vl_scan_open_array_end(struct vl_scan *scan, enum vl_bundle_rule rule)
{
    if (!vl_scan_ok(scan))
        return;
    if (scan->r.at == scan->r.end)
        cut_short(scan, 1);
    else if (*scan->r.at != BREAK)
        vl_scan_refuse(scan, scan->r.at, rule);
    else
        scan->r.at++;
}

uint64_t vl_scan_bytes_head(struct vl_scan *scan, enum vl_bundle_rule rule)
{
    const uint8_t *at = scan->r.at;
    size_t left = vl_scan_left(scan);

    if (!vl_scan_ok(scan))
        return 0;
    if (left > 0 && (unsigned)*at - SHORT_BYTES < 24) {
        scan->r.at = at + 1;
        return *at - SHORT_BYTES;
    }
    if (left == 0 || left < head_len(*at) || *at >> 5 != VL_CBOR_BYTES || INFO(*at) > 27 ||
        !is_shortest(at)) {
        vl_scan_refuse_item(scan, at, rule);
        return 0;
    }
    scan->r.at = at + head_len(*at);
    return argument(at);
}

static vl_bytes body(struct vl_scan *scan, uint64_t len)
{
    vl_bytes found;

    if (len > vl_scan_left(scan)) {
        cut_short(scan, len - vl_scan_left(scan));
        return VL_BYTES_NONE;
    }
    found = vl_bytes_of(scan->r.at, (size_t)len);
    scan->r.at += (size_t)len;
    return found;
}

vl_bytes vl_scan_bytes(struct vl_scan *scan, uint64_t max, enum vl_bundle_rule rule)
{
    const uint8_t *at = scan->r.at;
    uint64_t len = vl_scan_bytes_head(scan, rule);

    if (!vl_scan_ok(scan))
        return VL_BYTES_NONE;
    if (len > max) {
        vl_scan_refuse(scan, at, rule);
        return VL_BYTES_NONE;
    }
    return body(scan, len);
}

vl_bytes vl_scan_text(struct vl_scan *scan, size_t max, enum vl_bundle_rule rule,
                      enum vl_bundle_rule over_max)
{
    const uint8_t *at = scan->r.at;
    uint64_t len;

    if (!vl_scan_ok(scan))
        return VL_BYTES_NONE;
    if (at == scan->r.end || vl_scan_left(scan) < head_len(*at) || *at >> 5 != VL_CBOR_TEXT ||
        INFO(*at) > 27 || !is_shortest(at)) {
        vl_scan_refuse_item(scan, at, rule);
        return VL_BYTES_NONE;
    }
    len = argument(at);
    if (len > max) {
        vl_scan_refuse(scan, at, over_max);
        return VL_BYTES_NONE;
    }
    scan->r.at += head_len(*at);
    return body(scan, len);
}
