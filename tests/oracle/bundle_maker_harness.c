/* SPDX-License-Identifier: Apache-2.0 */
/* Writes bundles of every kind that we write into a folder, one a file, for tests/story/bundle.sh.
 * usage: bundle-maker-harness FOLDER */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "bundle/fragment.h"
#include "bundle/record.h"

#define WIRE_MAX    ((size_t)1 << 20)
#define PAYLOAD_LEN 1000
#define HALF        500

static const char *folder;

static void must(bool is_so)
{
    if (!is_so)
        exit(1);
}

static void keep(const char *name, const struct vl_buf *wire)
{
    char path[4096];
    FILE *out;

    (void)snprintf(path, sizeof path, "%s/%s.bundle", folder, name);
    out = fopen(path, "wb");
    must(out && fwrite(wire->data, 1, wire->len, out) == wire->len && fclose(out) == 0);
}

static void write_one(const char *name, const struct vl_bundle *bundle)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);

    must(vl_bundle_write(bundle, &out, NULL) == VL_OK);
    keep(name, &out);
}

static struct vl_eid eid(const char *text)
{
    struct vl_eid made;

    must(vl_eid_from_text(vl_bytes_str(text), &made, NULL) == VL_OK);
    return made;
}

static void address(struct vl_bundle *bundle, const char *to, const char *from)
{
    bundle->destination = eid(to);
    bundle->source = eid(from);
    bundle->report_to = eid(from);
    bundle->created_ms = UINT64_C(847800000000); /* 2026-11-12T12:00:00Z */
    bundle->sequence = 7;
    bundle->lifetime_ms = 86400000;
}

static void fragments(const struct vl_bundle *bundle)
{
    VL_AUTO(vl_buf_release) struct vl_buf first = VL_BUF_INIT(WIRE_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf second = VL_BUF_INIT(WIRE_MAX);

    must(vl_bundle_fragment(bundle, 0, HALF, &first, NULL) == VL_OK);
    must(vl_bundle_fragment(bundle, HALF, PAYLOAD_LEN - HALF, &second, NULL) == VL_OK);
    keep("fragment-1", &first);
    keep("fragment-2", &second);
}

static void forwarded(const struct vl_bundle *bundle)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(WIRE_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf next = VL_BUF_INIT(WIRE_MAX);
    struct vl_eid own = eid("dtn://courier/");
    struct vl_bundle read;

    must(vl_bundle_write(bundle, &wire, NULL) == VL_OK);
    must(vl_bundle_parse(vl_buf_bytes(&wire), 0, &read, NULL) == VL_OK);
    must(vl_bundle_forward(&read, &own, 60000, &next, NULL) == VL_OK);
    keep("forwarded", &next);
}

static void report(const struct vl_bundle *about)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(WIRE_MAX);
    struct vl_status_report said;
    struct vl_bundle bundle;

    vl_status_report_about(about, &said);
    said.status[VL_STATUS_DELIVERED].is_so = true;
    said.status[VL_STATUS_DELIVERED].has_time = true;
    said.status[VL_STATUS_DELIVERED].at_ms = UINT64_C(847800060000);
    must(vl_status_report_write(&said, &payload, NULL) == VL_OK);
    vl_bundle_begin(&bundle, VL_CRC_32C, vl_buf_bytes(&payload));
    address(&bundle, "dtn://embassy/", "dtn://court/");
    bundle.flags = VL_BUNDLE_IS_RECORD;
    write_one("report", &bundle);
}

int main(int argc, char **argv)
{
    static const uint8_t hops[] = {0x82, 0x18, 0x20, 0}, age[] = {0}, unknown[] = {1, 2, 3};
    static const char *const names[] = {"crc-none", "crc-16", "crc-32c"};
    static uint8_t payload[PAYLOAD_LEN];
    struct vl_bundle bundle;

    must(argc == 2);
    folder = argv[1];
    memset(payload, 'v', sizeof payload);
    for (int kind = VL_CRC_NONE; kind <= VL_CRC_32C; kind++) {
        vl_bundle_begin(&bundle, (enum vl_crc_kind)kind, VL_ARRAY(payload));
        bundle.crc = kind == VL_CRC_16 ? VL_CRC_16 : VL_CRC_32C;
        address(&bundle, "ipn:3.1", "ipn:1.0");
        write_one(names[kind], &bundle);
    }
    address(&bundle, "dtn://court/letters", "dtn://embassy/");
    must(vl_bundle_add(&bundle, VL_BLOCK_HOP_COUNT, 0, VL_CRC_32C, VL_ARRAY(hops)) == VL_OK);
    must(vl_bundle_add(&bundle, VL_BLOCK_AGE, VL_BLOCK_IN_EVERY_FRAGMENT, VL_CRC_16,
                       VL_ARRAY(age)) == VL_OK);
    must(vl_bundle_add(&bundle, 193, VL_BLOCK_ELSE_DISCARD, VL_CRC_NONE, VL_ARRAY(unknown)) ==
         VL_OK);
    write_one("blocks", &bundle);
    fragments(&bundle);
    forwarded(&bundle);
    report(&bundle);
    bundle.created_ms = 0;
    write_one("no-clock", &bundle);
    vl_bundle_begin(&bundle, VL_CRC_32C, VL_ARRAY(payload));
    address(&bundle, "dtn://court/", "dtn:none");
    bundle.flags = VL_BUNDLE_NOT_SPLIT;
    write_one("from-nobody", &bundle);
    return 0;
}
