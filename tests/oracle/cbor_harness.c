/* SPDX-License-Identifier: Apache-2.0 */
/* Says what our codec makes of each line of hex digits on stdin, for tests/oracle/cbor.sh.  A line
 * of answer: `STRICT COSE BPV7 AGAIN`: 1 or 0 for each profile that takes all of the bytes as one
 * item, then the item read under COSE with the typed calls and written again, or `-`. */
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "codec/cbor.h"

#define LINE_MAX_LEN (1 << 20)

static bool is_taken(vl_bytes wire, enum vl_cbor_profile profile)
{
    struct vl_cbor r = vl_cbor_open(wire, profile);
    vl_bytes item = vl_cbor_item(&r);

    return vl_cbor_close(&r, "item", NULL) == VL_OK && vl_bytes_eq(item, wire);
}

/* The number of the tag that is next; the codec only reads a tag it is told. */
static uint64_t tag_number(const struct vl_cbor *r)
{
    unsigned info = *r->at & 31u;
    uint64_t number = 0;

    if (info < 24)
        return info;
    for (size_t i = 1; i <= (size_t)1 << (info - 24u); i++)
        number = number << 8 | r->at[i];
    return number;
}

static void copy_item(struct vl_cbor *r, struct vl_cbor_out *w);

static void copy_map(struct vl_cbor *r, struct vl_cbor_out *w)
{
    struct vl_cbor_map map = vl_cbor_map(r, 0, SIZE_MAX);

    vl_cbor_put_map(w, map.left);
    while (vl_cbor_next(r, &map)) {
        copy_item(r, w);
        copy_item(r, w);
    }
}

static void copy_array(struct vl_cbor *r, struct vl_cbor_out *w)
{
    size_t count = vl_cbor_array(r, 0, SIZE_MAX);

    vl_cbor_put_array(w, count);
    for (size_t i = 0; i < count && vl_cbor_ok(r); i++)
        copy_item(r, w);
}

static void copy_negative(struct vl_cbor *r, struct vl_cbor_out *w)
{
    struct vl_cbor probe = *r;
    int64_t value = vl_cbor_int(&probe, INT64_MIN, -1);

    if (vl_cbor_ok(&probe)) {
        *r = probe;
        vl_cbor_put_int(w, value);
    } else {
        vl_cbor_put_item(w, vl_cbor_item(r)); /* below what an int64_t holds */
    }
}

static void copy_simple(struct vl_cbor *r, struct vl_cbor_out *w)
{
    if (*r->at == 0xf4 || *r->at == 0xf5)
        vl_cbor_put_bool(w, vl_cbor_bool(r));
    else if (vl_cbor_null(r))
        vl_cbor_put_null(w);
    else
        vl_cbor_put_item(w, vl_cbor_item(r));
}

/* The item was taken before, so it is nested at most VL_CBOR_MAX_DEPTH deep. */
static void copy_item(struct vl_cbor *r, struct vl_cbor_out *w)
{
    uint64_t number;

    switch (vl_cbor_peek(r)) {
    case VL_CBOR_UINT:
        vl_cbor_put_uint(w, vl_cbor_uint(r, UINT64_MAX));
        break;
    case VL_CBOR_NEGATIVE:
        copy_negative(r, w);
        break;
    case VL_CBOR_BYTES:
        vl_cbor_put_bytes(w, vl_cbor_bytes(r, 0, SIZE_MAX));
        break;
    case VL_CBOR_TEXT:
        vl_cbor_put_text(w, vl_cbor_text(r, 0, SIZE_MAX));
        break;
    case VL_CBOR_ARRAY:
        copy_array(r, w);
        break;
    case VL_CBOR_MAP:
        copy_map(r, w);
        break;
    case VL_CBOR_TAG:
        number = tag_number(r);
        vl_cbor_tag(r, number);
        vl_cbor_put_tag(w, number);
        copy_item(r, w);
        break;
    case VL_CBOR_SIMPLE:
        copy_simple(r, w);
        break;
    case VL_CBOR_NOTHING:
        break;
    }
}

static void print_again(vl_bytes wire)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(LINE_MAX_LEN);
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_COSE);
    struct vl_cbor_out w = vl_cbor_to(&again);

    copy_item(&r, &w);
    if (w.err || vl_cbor_close(&r, "item", NULL) != VL_OK) {
        printf("failed");
        return;
    }
    for (size_t i = 0; i < again.len; i++)
        printf("%02x", again.data[i]);
}

/* An exact copy on the heap, so that a byte read too far is seen. */
static void answer(const char *line)
{
    size_t len = strcspn(line, "\n") / 2;
    uint8_t *data = malloc(len ? len : 1);
    vl_bytes wire = {data, len};

    if (!data)
        exit(1);
    for (size_t i = 0; i < len; i++) {
        unsigned byte = 0;

        if (sscanf(line + 2 * i, "%2x", &byte) != 1)
            exit(1);
        data[i] = (uint8_t)byte;
    }
    printf("%d %d %d ", is_taken(wire, VL_CBOR_STRICT), is_taken(wire, VL_CBOR_COSE),
           is_taken(wire, VL_CBOR_BPV7));
    if (is_taken(wire, VL_CBOR_COSE))
        print_again(wire);
    else
        printf("-");
    printf("\n");
    free(data);
}

int main(void)
{
    static char line[LINE_MAX_LEN];

    while (fgets(line, sizeof line, stdin))
        answer(line);
    return 0;
}
