/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/eid.h"

#include <stdio.h>

#define SCHEME_DTN 1
#define SCHEME_IPN 2

#define NUMBER_TEXT 11 /* ten digits and a NUL */

static const struct vl_eid nobody = VL_EID_INIT;

/* unreserved and sub-delims of RFC 3986, a bit for each character; '%' is looked at apart. */
static const uint64_t name_bytes[2] = {UINT64_C(0x2bff7fd200000000), UINT64_C(0x47fffffe87fffffe)};

static bool is_name_byte(uint8_t byte)
{
    return byte < 128 && (name_bytes[byte / 64] >> byte % 64 & 1) != 0;
}

static bool is_hex(uint8_t byte)
{
    return (byte >= '0' && byte <= '9') || (byte >= 'a' && byte <= 'f') ||
           (byte >= 'A' && byte <= 'F');
}

/* How long the node's name at the start is; 0 when there is none. */
static size_t node_len(vl_bytes rest)
{
    size_t len = 0;

    while (len < rest.len && rest.ptr[len] != '/') {
        if (is_name_byte(rest.ptr[len]))
            len++;
        else if (rest.ptr[len] == '%' && rest.len - len > 2 && is_hex(rest.ptr[len + 1]) &&
                 is_hex(rest.ptr[len + 2]))
            len += 3;
        else
            return 0;
    }
    return len;
}

/* "//NODE/REST": RFC 9171, 4.2.5.1.1. */
static bool is_dtn_name(vl_bytes name)
{
    size_t len;

    if (!vl_bytes_starts(name, VL_LITERAL("//")))
        return false;
    len = node_len(vl_bytes_after(name, 2));
    if (len == 0 || name.len - 2 == len)
        return false;
    for (size_t i = 2 + len; i < name.len; i++)
        if (name.ptr[i] < 0x21 || name.ptr[i] > 0x7e)
            return false;
    return true;
}

/* Nobody is written as 0; as a text it is read all the same. */
static void read_dtn(struct vl_scan *scan, struct vl_eid *eid)
{
    const uint8_t *at = scan->r.at;
    vl_bytes name;

    if (vl_scan_left(scan) > 0 && *at < 0x20) {
        (void)vl_scan_uint(scan, 0, VL_RULE_EID_DTN);
        return;
    }
    name = vl_scan_text(scan, VL_EID_MAX_LEN, VL_RULE_EID_DTN, VL_RULE_EID_LONG);
    if (!vl_scan_ok(scan) || vl_bytes_eq(name, VL_LITERAL("none")))
        return;
    if (!is_dtn_name(name)) {
        vl_scan_refuse(scan, at, VL_RULE_EID_DTN);
        return;
    }
    eid->scheme = VL_EID_DTN;
    eid->name = name;
}

static void read_ipn(struct vl_scan *scan, struct vl_eid *eid)
{
    bool is_open;
    size_t count = vl_scan_array(scan, 2, 3, &is_open, VL_RULE_EID_IPN);
    const uint8_t *at = scan->r.at;
    uint64_t first = vl_scan_uint(scan, UINT64_MAX, VL_RULE_EID_IPN);
    uint64_t second = vl_scan_uint(scan, UINT32_MAX, VL_RULE_EID_IPN);
    bool in_two = count == 2 || (is_open && vl_scan_left(scan) > 0 && *scan->r.at == 0xff);

    if (in_two) {
        eid->allocator = (uint32_t)(first >> 32);
        eid->node = (uint32_t)(first & UINT32_MAX);
        eid->service = (uint32_t)second; /* at most UINT32_MAX: read so */
    } else {
        uint64_t third = vl_scan_uint(scan, UINT32_MAX, VL_RULE_EID_IPN);

        if (vl_scan_ok(scan) && first > UINT32_MAX)
            vl_scan_refuse(scan, at, VL_RULE_EID_IPN);
        eid->allocator = (uint32_t)(first & UINT32_MAX);
        eid->node = (uint32_t)second;
        eid->service = (uint32_t)third;
    }
    vl_scan_array_end(scan, is_open, VL_RULE_EID_IPN);
    eid->in_two = in_two;
    eid->scheme = VL_EID_IPN;
    /* RFC 9758, 3.4.1: whatever the service, the zero node is nobody. */
    if (!vl_scan_ok(scan) || (eid->allocator == 0 && eid->node == 0))
        *eid = nobody;
}

/* Any endpoint. */
static void read_any(struct vl_scan *scan, struct vl_eid *eid)
{
    bool is_open;
    const uint8_t *at;
    uint64_t scheme;

    (void)vl_scan_array(scan, 2, 2, &is_open, VL_RULE_EID);
    at = scan->r.at;
    scheme = vl_scan_uint(scan, UINT64_MAX, VL_RULE_EID);
    if (!vl_scan_ok(scan))
        return;
    if (scheme == SCHEME_DTN)
        read_dtn(scan, eid);
    else if (scheme == SCHEME_IPN)
        read_ipn(scan, eid);
    else
        vl_scan_refuse(scan, at, VL_RULE_EID);
    vl_scan_array_end(scan, is_open, VL_RULE_EID);
    if (!vl_scan_ok(scan))
        *eid = nobody;
}

void vl_eid_read(struct vl_scan *scan, struct vl_eid *eid)
{
    const uint8_t *at = scan->r.at;

    *eid = nobody;
    /* Most are ipn in two numbers, and there are three or four in every bundle. */
    if (vl_scan_left(scan) > 4 && at[0] == 0x82 && at[1] == SCHEME_IPN && at[2] == 0x82) {
        uint64_t node, service;

        scan->r.at = at + 3;
        node = vl_scan_uint(scan, UINT64_MAX, VL_RULE_EID_IPN);
        service = vl_scan_uint(scan, UINT32_MAX, VL_RULE_EID_IPN);
        if (!vl_scan_ok(scan) || node == 0) /* RFC 9758, 3.4.1 */
            return;
        eid->scheme = VL_EID_IPN;
        eid->allocator = (uint32_t)(node >> 32);
        eid->node = (uint32_t)(node & UINT32_MAX);
        eid->service = (uint32_t)service; /* at most UINT32_MAX: read so */
        return;
    }
    read_any(scan, eid);
}

enum vl_err vl_eid_parse(vl_bytes wire, struct vl_eid *eid, struct vl_why *why)
{
    struct vl_scan scan = vl_scan_open(wire);

    vl_eid_read(&scan, eid);
    if (vl_scan_ok(&scan) && vl_scan_left(&scan) > 0)
        vl_scan_refuse(&scan, scan.r.at, VL_RULE_EID);
    if (vl_scan_ok(&scan))
        return VL_OK;
    *eid = nobody;
    return vl_rule_fail(scan.rule, scan.at, why);
}

enum vl_bundle_rule vl_eid_check(const struct vl_eid *eid)
{
    if (eid->scheme == VL_EID_DTN) {
        if (eid->name.len > VL_EID_MAX_LEN)
            return VL_RULE_EID_LONG;
        return is_dtn_name(eid->name) ? VL_RULE_NONE : VL_RULE_EID_DTN;
    }
    if (eid->scheme == VL_EID_IPN && eid->allocator == 0 && eid->node == 0)
        return VL_RULE_EID_IPN;
    return VL_RULE_NONE;
}

enum vl_err vl_eid_write(const struct vl_eid *eid, struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);
    size_t len = out->len;

    if (vl_eid_check(eid))
        return vl_rule_err(vl_eid_check(eid));
    vl_cbor_put_array(&w, 2);
    if (eid->scheme == VL_EID_NONE) {
        vl_cbor_put_uint(&w, SCHEME_DTN);
        vl_cbor_put_uint(&w, 0);
    } else if (eid->scheme == VL_EID_DTN) {
        vl_cbor_put_uint(&w, SCHEME_DTN);
        vl_cbor_put_text(&w, eid->name);
    } else {
        vl_cbor_put_uint(&w, SCHEME_IPN);
        vl_cbor_put_array(&w, eid->in_two ? 2 : 3);
        if (eid->in_two) {
            vl_cbor_put_uint(&w, (uint64_t)eid->allocator << 32 | eid->node);
        } else {
            vl_cbor_put_uint(&w, eid->allocator);
            vl_cbor_put_uint(&w, eid->node);
        }
        vl_cbor_put_uint(&w, eid->service);
    }
    if (w.err)
        out->len = len;
    return w.err;
}

const char *vl_eid_text(const struct vl_eid *eid, char out[VL_EID_TEXT])
{
    if (eid->scheme == VL_EID_NONE)
        (void)snprintf(out, VL_EID_TEXT, "dtn:none");
    else if (eid->scheme == VL_EID_DTN)
        (void)snprintf(out, VL_EID_TEXT, "dtn:%.*s",
                       (int)vl_bytes_first(eid->name, VL_EID_MAX_LEN).len,
                       (const char *)eid->name.ptr);
    else if (vl_eid_is_local(eid))
        (void)snprintf(out, VL_EID_TEXT, "ipn:!.%u", eid->service);
    else if (eid->allocator)
        (void)snprintf(out, VL_EID_TEXT, "ipn:%u.%u.%u", eid->allocator, eid->node, eid->service);
    else
        (void)snprintf(out, VL_EID_TEXT, "ipn:%u.%u", eid->node, eid->service);
    return out;
}

/* A number as RFC 9758, 4.1 writes it, with no zeroes before it; moves *text behind it. */
static bool take_number(vl_bytes *text, uint32_t *number)
{
    uint64_t value = 0;
    size_t len = 0;

    while (len < text->len && text->ptr[len] >= '0' && text->ptr[len] <= '9') {
        value = value * 10 + (uint64_t)(text->ptr[len] - '0');
        if (++len >= NUMBER_TEXT)
            return false;
    }
    if (len == 0 || (len > 1 && text->ptr[0] == '0') || value > UINT32_MAX)
        return false;
    *number = (uint32_t)value;
    *text = vl_bytes_after(*text, len);
    return true;
}

static bool take_byte(vl_bytes *text, char byte)
{
    if (text->len == 0 || text->ptr[0] != (uint8_t)byte)
        return false;
    *text = vl_bytes_after(*text, 1);
    return true;
}

static bool ipn_from_text(vl_bytes text, struct vl_eid *eid)
{
    uint32_t numbers[3] = {0};
    bool is_local = take_byte(&text, '!');
    size_t count = 0;

    if (is_local) {
        numbers[count++] = VL_EID_LOCAL_NODE;
        if (!take_byte(&text, '.'))
            return false;
    }
    do {
        if (count == 3 || !take_number(&text, &numbers[count]))
            return false;
        count++;
    } while (take_byte(&text, '.'));
    if (text.len > 0 || count < 2 || (count == 3 && is_local))
        return false;
    eid->allocator = count == 3 ? numbers[0] : 0;
    eid->node = numbers[count - 2];
    eid->service = numbers[count - 1];
    eid->in_two = eid->allocator == 0;
    eid->scheme = VL_EID_IPN;
    if (eid->allocator == 0 && eid->node == 0)
        *eid = nobody;
    return true;
}

enum vl_err vl_eid_from_text(vl_bytes text, struct vl_eid *eid, struct vl_why *why)
{
    enum vl_bundle_rule rule = VL_RULE_EID;

    *eid = nobody;
    if (vl_bytes_eq(text, VL_LITERAL("dtn:none")))
        return VL_OK;
    if (vl_bytes_starts(text, VL_LITERAL("dtn:"))) {
        eid->scheme = VL_EID_DTN;
        eid->name = vl_bytes_after(text, 4);
        rule = vl_eid_check(eid);
    } else if (vl_bytes_starts(text, VL_LITERAL("ipn:"))) {
        rule = ipn_from_text(vl_bytes_after(text, 4), eid) ? VL_RULE_NONE : VL_RULE_EID_IPN;
    }
    if (rule == VL_RULE_NONE)
        return VL_OK;
    *eid = nobody;
    return vl_fail(why, vl_rule_err(rule), "%s: %s", vl_rule_section(rule), vl_rule_words(rule));
}

bool vl_eid_eq(const struct vl_eid *a, const struct vl_eid *b)
{
    if (a->scheme != b->scheme)
        return false;
    if (a->scheme == VL_EID_DTN)
        return vl_bytes_eq(a->name, b->name);
    return a->allocator == b->allocator && a->node == b->node && a->service == b->service;
}

bool vl_eid_is_node(const struct vl_eid *eid)
{
    if (eid->scheme == VL_EID_NONE)
        return false;
    return eid->scheme == VL_EID_IPN || node_len(vl_bytes_after(eid->name, 2)) + 3 == eid->name.len;
}

bool vl_eid_is_local(const struct vl_eid *eid)
{
    return eid->scheme == VL_EID_IPN && eid->allocator == 0 && eid->node == VL_EID_LOCAL_NODE;
}
