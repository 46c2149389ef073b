/* SPDX-License-Identifier: Apache-2.0 */
/* The CBOR cursor on any bytes: what our profile takes the others take too, as the same slice; no
 * beginning of an item is an item; and a program of typed reads, which the first half of the input
 * is, never leaves the second half, and reads nothing after the first refusal. */
#include <stdlib.h>
#include <string.h>

#include "codec/cbor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

#define CUTS_MAX 64

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static struct vl_cbor walked(vl_bytes wire, enum vl_cbor_profile profile, vl_bytes *item)
{
    struct vl_cbor r = vl_cbor_open(wire, profile);

    *item = vl_cbor_item(&r);
    check(vl_cbor_ok(&r) ? item->ptr == wire.ptr && item->len > 0 && item->len <= wire.len
                         : item->len == 0 && r.err_at <= wire.len);
    return r;
}

static void walk(vl_bytes wire)
{
    vl_bytes strict_item, bpv7_item, cose_item, part;
    struct vl_cbor strict = walked(wire, VL_CBOR_STRICT, &strict_item);
    struct vl_cbor bpv7 = walked(wire, VL_CBOR_BPV7, &bpv7_item);
    struct vl_cbor cose = walked(wire, VL_CBOR_COSE, &cose_item);

    check(strict.err == bpv7.err && strict_item.len == bpv7_item.len);
    if (!vl_cbor_ok(&strict))
        return;
    /* COSE has one limit that ours does not have: the pairs of a map. */
    check(cose.err == VL_ERR_LIMIT || strict_item.len == cose_item.len);
    check(!vl_cbor_ok(&cose) || vl_bytes_eq(strict_item, cose_item));
    for (size_t cut = 1; cut <= strict_item.len && cut <= CUTS_MAX; cut++) {
        struct vl_cbor r =
            walked(vl_bytes_first(strict_item, strict_item.len - cut), VL_CBOR_STRICT, &part);

        check(!vl_cbor_ok(&r));
    }
}

static void write_around(vl_bytes wire)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1 << 20);
    struct vl_cbor_out w = vl_cbor_to(&out);
    struct vl_cbor r;

    vl_cbor_put_array(&w, 2);
    vl_cbor_put_bytes(&w, wire);
    vl_cbor_put_uint(&w, wire.len);
    check(w.err == VL_OK);
    r = vl_cbor_open(vl_buf_bytes(&out), VL_CBOR_STRICT);
    check(vl_cbor_array(&r, 2, 2) == 2);
    check(vl_bytes_eq(vl_cbor_bytes(&r, wire.len, wire.len), wire));
    check(vl_cbor_uint(&r, SIZE_MAX) == wire.len);
    check(vl_cbor_close(&r, "array", NULL) == VL_OK);
}

/* What a read gave lies in the wire; after a refusal it is nothing. */
static void check_slice(const struct vl_cbor *r, vl_bytes wire, vl_bytes got)
{
    if (!vl_cbor_ok(r))
        check(got.len == 0);
    else if (got.len > 0)
        check(got.ptr >= wire.ptr && got.len <= (size_t)(wire.ptr + wire.len - got.ptr));
}

static void read_once(struct vl_cbor *r, uint8_t what, struct vl_cbor_map *map, vl_bytes wire)
{
    size_t most = (size_t)what >> 4;

    switch (what % 12) {
    case 0:
        check(vl_cbor_uint(r, UINT64_C(1) << 4 * most) <= UINT64_C(1) << 4 * most);
        break;
    case 1:
        (void)vl_cbor_int(r, -(int64_t)most, (int64_t)most);
        break;
    case 2:
        check_slice(r, wire, vl_cbor_bytes(r, 0, most * most));
        break;
    case 3:
        check_slice(r, wire, vl_cbor_text(r, 0, most * most));
        break;
    case 4:
        (void)vl_cbor_bool(r);
        break;
    case 5:
        (void)vl_cbor_null(r);
        break;
    case 6:
        vl_cbor_tag(r, most);
        break;
    case 7:
        check(vl_cbor_array(r, 0, SIZE_MAX) <= wire.len);
        break;
    case 8:
        *map = vl_cbor_map(r, 0, SIZE_MAX);
        check(map->left <= wire.len);
        break;
    case 9:
        if (vl_cbor_next(r, map))
            (void)vl_cbor_key(r, map, -100, 100);
        break;
    case 10:
        if (vl_cbor_next(r, map))
            check_slice(r, wire, vl_cbor_label(r, map).text);
        break;
    default:
        check_slice(r, wire, vl_cbor_item(r));
    }
}

static void run_program(vl_bytes program, vl_bytes wire, enum vl_cbor_profile profile)
{
    struct vl_cbor r = vl_cbor_open(wire, profile);
    struct vl_cbor_map map;

    map.left = 0;
    map.key_count = 0;
    for (size_t i = 0; i < program.len; i++) {
        const uint8_t *at = r.at;
        bool was_ok = vl_cbor_ok(&r);

        read_once(&r, program.ptr[i], &map, wire);
        check(r.at >= at && (size_t)(r.at - r.start) <= wire.len);
        check(was_ok || r.at == at);
    }
    check((vl_cbor_close(&r, "program", NULL) == VL_OK) ==
          (vl_cbor_ok(&r) && r.at == r.start + wire.len));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes all = {data, len}, program = {data, len / 2}, wire = {data + len / 2, len - len / 2};

    if (len == 0)
        return 0;
    walk(all);
    write_around(all);
    run_program(program, wire, VL_CBOR_STRICT);
    run_program(program, wire, VL_CBOR_COSE);
    run_program(program, wire, VL_CBOR_BPV7);
    return 0;
}
