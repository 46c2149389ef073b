/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as a bundle: what is read lies in the wire, and written again it is read as the same
 * fields; in the shortest form it is the same bytes.  Cut in two and put together it is what it
 * was; forwarded it is a bundle whose other blocks are the same. */
#include <stdlib.h>
#include <string.h>

#include "bundle/fragment.h"
#include "bundle/record.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define MAX_LEN ((size_t)1 << 17)
#define ALL     (VL_BUNDLE_ALLOW_NO_CRC | VL_BUNDLE_ALLOW_NO_AGE)

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_inside(vl_bytes wire, vl_bytes part)
{
    check(part.len == 0 ||
          (part.ptr >= wire.ptr && part.len <= (size_t)(wire.ptr + wire.len - part.ptr)));
}

static void check_same(const struct vl_bundle *a, const struct vl_bundle *b)
{
    check(a->flags == b->flags && a->crc == b->crc && a->block_count == b->block_count);
    check(vl_eid_eq(&a->destination, &b->destination) && vl_eid_eq(&a->source, &b->source) &&
          vl_eid_eq(&a->report_to, &b->report_to));
    check(a->lifetime_ms == b->lifetime_ms && a->total_len == b->total_len);
    check(vl_bundle_same(a, b));
    for (size_t i = 0; i < a->block_count; i++) {
        const struct vl_block *left = &a->blocks[i], *right = &b->blocks[i];

        check(left->type == right->type && left->number == right->number &&
              left->flags == right->flags && left->crc == right->crc);
        check(vl_bytes_eq(left->data, right->data));
    }
}

static void cut_in_two(const struct vl_bundle *bundle)
{
    VL_AUTO(vl_buf_release) struct vl_buf first = VL_BUF_INIT(2 * MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf second = VL_BUF_INIT(2 * MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(2 * MAX_LEN);
    uint64_t half = bundle->payload_len / 2;
    struct vl_bundle a, b, whole;
    const struct vl_bundle *parts[] = {&b, &a};

    if ((bundle->flags & VL_BUNDLE_IS_FRAGMENT) || half == 0 ||
        vl_bundle_fragment(bundle, 0, half, &first, NULL) != VL_OK)
        return;
    check(vl_bundle_parse(vl_buf_bytes(&first), 0, &a, NULL) == VL_OK);
    /* A later part has fewer blocks; an integrity block that spared the primary its CRC may lack.
     */
    if (vl_bundle_fragment(bundle, half, bundle->payload_len - half, &second, NULL) != VL_OK)
        return;
    check(vl_bundle_parse(vl_buf_bytes(&second), 0, &b, NULL) == VL_OK);
    check(vl_bundle_reassemble(parts, 2, &again, NULL) == VL_OK);
    check(vl_bundle_parse(vl_buf_bytes(&again), 0, &whole, NULL) == VL_OK);
    check_same(bundle, &whole);
}

static void forward(const struct vl_bundle *bundle)
{
    static const struct vl_eid own = {.scheme = VL_EID_IPN, .node = 7};
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(2 * MAX_LEN);
    struct vl_bundle next;

    if (vl_bundle_forward(bundle, &own, 5, &out, NULL) != VL_OK)
        return;
    /* One block more may be too much for the limit of a head. */
    if (vl_bundle_parse(vl_buf_bytes(&out), ALL, &next, NULL) != VL_OK) {
        check(next.broken == VL_RULE_LONG_HEAD);
        return;
    }
    check(vl_bytes_eq(bundle->primary, next.primary));
    check(!next.known.has_previous_node || vl_eid_eq(&next.known.previous_node, &own));
    check(next.known.has_hop_count == bundle->known.has_hop_count);
    check(!next.known.has_hop_count || next.known.hop_count == bundle->known.hop_count + 1);
    check(vl_bytes_eq(vl_bundle_payload(bundle)->wire, vl_bundle_payload(&next)->wire));
}

static void read_record(vl_bytes payload)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(MAX_LEN);
    struct vl_status_report report, again;

    if (vl_status_report_parse(payload, &report, NULL) != VL_OK)
        return;
    check(vl_status_report_write(&report, &out, NULL) == VL_OK);
    check(vl_status_report_parse(vl_buf_bytes(&out), &again, NULL) == VL_OK);
    check(report.reason == again.reason && vl_eid_eq(&report.source, &again.source));
    check(report.fragment_len == again.fragment_len);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(2 * MAX_LEN);
    vl_bytes wire = {data, len};
    struct vl_bundle bundle, again;
    enum vl_bundle_rule rule;

    read_record(wire);
    if (len > MAX_LEN || vl_bundle_parse(wire, ALL, &bundle, NULL) != VL_OK)
        return 0;
    check_inside(wire, bundle.primary);
    for (size_t i = 0; i < bundle.block_count; i++) {
        check_inside(wire, bundle.blocks[i].data);
        check_inside(wire, bundle.blocks[i].wire);
    }
    forward(&bundle);
    rule = vl_bundle_check(&bundle);
    if (rule != VL_RULE_NONE) { /* what only reading forgives */
        check(rule == VL_RULE_SOURCE_NODE || rule == VL_RULE_PRIMARY_NO_CRC ||
              rule == VL_RULE_AGE_MISSING);
        check(vl_bundle_write(&bundle, &out, NULL) != VL_OK && out.len == 0);
        return 0;
    }
    check(vl_bundle_write(&bundle, &out, NULL) == VL_OK);
    check(out.len <= len);
    check(vl_bundle_parse(vl_buf_bytes(&out), 0, &again, NULL) == VL_OK);
    check_same(&bundle, &again);
    cut_in_two(&bundle);
    return 0;
}
