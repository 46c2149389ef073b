/* SPDX-License-Identifier: Apache-2.0 */
#include "bundle/record.h"

#include <string.h>

#define FALSE_ITEM 0xf4
#define TRUE_ITEM  0xf5

const char *vl_reason_words(uint64_t reason)
{
    switch (reason) {
#define X(number, words)                                                                           \
    case number:                                                                                   \
        return words;
        VL_REASON_TABLE(X)
#undef X
    default:
        return NULL;
    }
}

static enum vl_err not_so(struct vl_why *why, enum vl_err err, size_t at, const char *words)
{
    return vl_fail(why, err, "administrative record: byte %zu: RFC 9171, %s", at, words);
}

/* An administrative record is [type, content] (6.1). */
static struct vl_scan open_record(vl_bytes payload, uint64_t *type, bool *is_open)
{
    struct vl_scan scan = vl_scan_open(payload);

    (void)vl_scan_array(&scan, 2, 2, is_open, VL_RULE_CBOR);
    *type = vl_scan_uint(&scan, UINT64_MAX, VL_RULE_CBOR);
    return scan;
}

enum vl_err vl_record_parse(vl_bytes payload, uint64_t *type, vl_bytes *content, struct vl_why *why)
{
    bool is_open;
    struct vl_scan scan = open_record(payload, type, &is_open);

    *content = VL_BYTES_NONE;
    if (!vl_scan_ok(&scan))
        return not_so(why, VL_ERR_FORMAT, scan.at, "6.1: an array of a type and its content");
    /* What follows may be of a kind that the strict profile does not read: only a status report is
     * looked into. */
    *content = vl_bytes_of(scan.r.at, vl_scan_left(&scan) - (is_open ? 1 : 0));
    if (vl_scan_left(&scan) < (is_open ? 2 : 1) || (is_open && scan.end[-1] != 0xff)) {
        *content = VL_BYTES_NONE;
        return not_so(why, VL_ERR_FORMAT, payload.len, "6.1: an array of a type and its content");
    }
    return VL_OK;
}

static bool read_bool(struct vl_scan *scan)
{
    const uint8_t *at = scan->r.at;

    if (vl_scan_left(scan) > 0 && (*at == TRUE_ITEM || *at == FALSE_ITEM)) {
        scan->r.at++;
        return *at == TRUE_ITEM;
    }
    vl_scan_refuse_item(scan, at, VL_RULE_CBOR);
    return false;
}

/* [is it so] or, of what is so, [true, when] (6.1.1). */
static void read_status(struct vl_scan *scan, struct vl_status_report *report, size_t which)
{
    const uint8_t *at = scan->r.at;
    bool is_open;
    size_t count = vl_scan_array(scan, 1, 2, &is_open, VL_RULE_CBOR);
    bool is_so = read_bool(scan);
    bool has_time =
        is_open ? vl_scan_left(scan) > 0 && *scan->r.at != 0xff : vl_scan_ok(scan) && count == 2;

    if (has_time) {
        report->status[which].at_ms = vl_scan_uint(scan, UINT64_MAX, VL_RULE_CBOR);
        if (vl_scan_ok(scan) && !is_so)
            vl_scan_refuse(scan, at, VL_RULE_CBOR);
    }
    vl_scan_array_end(scan, is_open, VL_RULE_CBOR);
    report->status[which].is_so = is_so;
    report->status[which].has_time = has_time;
}

static void read_report(struct vl_scan *scan, struct vl_status_report *report)
{
    bool is_open, status_open, time_open;
    size_t count = vl_scan_array(scan, 4, 6, &is_open, VL_RULE_CBOR);

    (void)vl_scan_array(scan, VL_STATUS_COUNT, VL_STATUS_COUNT, &status_open, VL_RULE_CBOR);
    for (size_t i = 0; i < VL_STATUS_COUNT; i++)
        read_status(scan, report, i);
    vl_scan_array_end(scan, status_open, VL_RULE_CBOR);
    report->reason = vl_scan_uint(scan, UINT64_MAX, VL_RULE_CBOR);
    vl_eid_read(scan, &report->source);
    (void)vl_scan_array(scan, 2, 2, &time_open, VL_RULE_CBOR);
    report->created_ms = vl_scan_uint(scan, UINT64_MAX, VL_RULE_CBOR);
    report->sequence = vl_scan_uint(scan, UINT64_MAX, VL_RULE_CBOR);
    vl_scan_array_end(scan, time_open, VL_RULE_CBOR);
    report->is_fragment = is_open ? vl_scan_left(scan) > 0 && *scan->r.at != 0xff : count == 6;
    if (report->is_fragment) {
        report->fragment_offset = vl_scan_uint(scan, UINT64_MAX, VL_RULE_CBOR);
        report->fragment_len = vl_scan_uint(scan, UINT64_MAX, VL_RULE_CBOR);
    }
    vl_scan_array_end(scan, is_open, VL_RULE_CBOR);
}

enum vl_err vl_status_report_parse(vl_bytes payload, struct vl_status_report *report,
                                   struct vl_why *why)
{
    uint64_t type;
    bool is_open;
    struct vl_scan scan = open_record(payload, &type, &is_open);

    *report = (struct vl_status_report){.source = VL_EID_INIT};
    if (!vl_scan_ok(&scan))
        return not_so(why, VL_ERR_FORMAT, scan.at, "6.1: an array of a type and its content");
    if (type != VL_RECORD_STATUS)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "an administrative record of type %llu",
                       (unsigned long long)type);
    read_report(&scan, report);
    vl_scan_array_end(&scan, is_open, VL_RULE_CBOR);
    if (vl_scan_ok(&scan) && vl_scan_left(&scan) > 0)
        vl_scan_refuse(&scan, scan.r.at, VL_RULE_CBOR);
    if (vl_scan_ok(&scan))
        return VL_OK;
    *report = (struct vl_status_report){.source = VL_EID_INIT};
    return not_so(why, VL_ERR_FORMAT, scan.at,
                  "6.1.1: a status report is its four statements, a reason, and whose bundle it is "
                  "about");
}

static void put_report(struct vl_cbor_out *w, const struct vl_status_report *report)
{
    vl_cbor_put_array(w, 2);
    vl_cbor_put_uint(w, VL_RECORD_STATUS);
    vl_cbor_put_array(w, report->is_fragment ? 6 : 4);
    vl_cbor_put_array(w, VL_STATUS_COUNT);
    for (size_t i = 0; i < VL_STATUS_COUNT; i++) {
        vl_cbor_put_array(w, report->status[i].has_time ? 2 : 1);
        vl_cbor_put_bool(w, report->status[i].is_so);
        if (report->status[i].has_time)
            vl_cbor_put_uint(w, report->status[i].at_ms);
    }
    vl_cbor_put_uint(w, report->reason);
    if (!w->err)
        w->err = vl_eid_write(&report->source, w->buf);
    vl_cbor_put_array(w, 2);
    vl_cbor_put_uint(w, report->created_ms);
    vl_cbor_put_uint(w, report->sequence);
    if (report->is_fragment) {
        vl_cbor_put_uint(w, report->fragment_offset);
        vl_cbor_put_uint(w, report->fragment_len);
    }
}

enum vl_err vl_status_report_write(const struct vl_status_report *report, struct vl_buf *out,
                                   struct vl_why *why)
{
    struct vl_cbor_out w = vl_cbor_to(out);
    size_t len = out->len;

    for (size_t i = 0; i < VL_STATUS_COUNT; i++)
        if (report->status[i].has_time && !report->status[i].is_so)
            return vl_fail(why, VL_ERR_FORMAT,
                           "RFC 9171, 6.1.1: a time of something that is not so");
    put_report(&w, report);
    if (w.err) {
        out->len = len;
        return vl_fail(why, w.err, "the status report cannot be written");
    }
    return VL_OK;
}

void vl_status_report_about(const struct vl_bundle *bundle, struct vl_status_report *report)
{
    *report = (struct vl_status_report){.source = bundle->source,
                                        .created_ms = bundle->created_ms,
                                        .sequence = bundle->sequence};
    report->is_fragment = (bundle->flags & VL_BUNDLE_IS_FRAGMENT) != 0;
    if (report->is_fragment) {
        report->fragment_offset = bundle->fragment_offset;
        report->fragment_len = bundle->payload_len;
    }
}
