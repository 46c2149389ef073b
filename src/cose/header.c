/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/header.h"

#include <stdio.h>

#define TEXT_MAX           8192
#define CONTENT_FORMAT_MAX UINT16_MAX /* RFC 7252, 12.3 */
#define KID_MAX            65536
#define NAMED_TEXT_MAX     32

/* RFC 9052, 3.1: int / tstr */
static void read_alg(struct vl_cbor *r, struct vl_cose_header *header)
{
    if (vl_cbor_peek(r) == VL_CBOR_TEXT)
        (void)vl_cbor_text(r, 0, TEXT_MAX);
    else
        header->alg = vl_cbor_int(r, INT64_MIN, INT64_MAX);
}

/* RFC 9052, 3.1: tstr / uint */
static void read_content_type(struct vl_cbor *r, struct vl_cose_header *header)
{
    if (vl_cbor_peek(r) == VL_CBOR_TEXT)
        header->content_type = vl_cbor_text(r, 1, TEXT_MAX);
    else
        header->content_format = (uint16_t)vl_cbor_uint(r, CONTENT_FORMAT_MAX);
}

/* RFC 9995: 258 is an integer, 259 like a content type, 260 a text. */
static void read_hash_envelope(struct vl_cbor *r, int64_t number, struct vl_cose_header *header)
{
    if (number == VL_COSE_PAYLOAD_HASH)
        header->payload_hash_alg = vl_cbor_int(r, INT64_MIN, INT64_MAX);
    else if (number == VL_COSE_PREIMAGE_TYPE && vl_cbor_peek(r) == VL_CBOR_UINT)
        (void)vl_cbor_uint(r, CONTENT_FORMAT_MAX);
    else
        (void)vl_cbor_text(r, 1, TEXT_MAX);
}

static void read_value(struct vl_cbor *r, const struct vl_cbor_label *label,
                       struct vl_cose_header *header)
{
    switch (label->number) {
    case VL_COSE_ALG:
        read_alg(r, header);
        break;
    case VL_COSE_CRIT:
        header->crit = vl_cbor_item(r);
        break;
    case VL_COSE_CONTENT_TYPE:
        read_content_type(r, header);
        break;
    case VL_COSE_KID:
        header->kid = vl_cbor_bytes(r, 0, KID_MAX);
        break;
    case VL_COSE_CWT_CLAIMS:
        vl_claims_read(r, &header->claims);
        break;
    case VL_COSE_PAYLOAD_HASH:
    case VL_COSE_PREIMAGE_TYPE:
    case VL_COSE_PAYLOAD_LOCATION:
        read_hash_envelope(r, label->number, header);
        break;
    default:
        (void)vl_cbor_item(r);
    }
}

void vl_cose_header_read(struct vl_cbor *r, struct vl_cose_header *header)
{
    struct vl_cbor_map map = vl_cbor_map(r, 0, VL_COSE_MAX_LABELS);

    *header = (struct vl_cose_header){0};
    while (vl_cbor_next(r, &map)) {
        struct vl_cbor_label *label = &header->labels[header->label_count];

        *label = vl_cbor_label(r, &map);
        if (!vl_cbor_ok(r))
            return;
        header->label_count++;
        read_value(r, label, header);
    }
}

static bool is_same(const struct vl_cbor_label *a, const struct vl_cbor_label *b)
{
    return a->is_text == b->is_text && a->number == b->number && vl_bytes_eq(a->text, b->text);
}

static bool has_label(const struct vl_cose_header *header, const struct vl_cbor_label *label)
{
    for (size_t i = 0; i < header->label_count; i++)
        if (is_same(&header->labels[i], label))
            return true;
    return false;
}

bool vl_cose_header_has(const struct vl_cose_header *header, int64_t number)
{
    return has_label(header, &(struct vl_cbor_label){false, number, VL_BYTES_NONE});
}

vl_bytes vl_cose_header_item(vl_bytes map, int64_t number, const char *text)
{
    struct vl_cbor r = vl_cbor_open(map, VL_CBOR_COSE);
    struct vl_cbor_map pairs = vl_cbor_map(&r, 0, VL_COSE_MAX_LABELS);
    const struct vl_cbor_label wanted = {text != NULL, text ? 0 : number, vl_bytes_str(text)};

    while (vl_cbor_next(&r, &pairs)) {
        struct vl_cbor_label label = vl_cbor_label(&r, &pairs);
        vl_bytes item = vl_cbor_item(&r);

        if (vl_cbor_ok(&r) && is_same(&label, &wanted))
            return item;
    }
    return VL_BYTES_NONE;
}

const char *vl_cose_label_name(const struct vl_cbor_label *label, char out[VL_COSE_LABEL_NAME_LEN])
{
    if (label->is_text)
        (void)snprintf(out, VL_COSE_LABEL_NAME_LEN, "label \"%.*s\"",
                       (int)vl_bytes_first(label->text, NAMED_TEXT_MAX).len,
                       label->text.len ? (const char *)label->text.ptr : "");
    else
        (void)snprintf(out, VL_COSE_LABEL_NAME_LEN, "label %lld", (long long)label->number);
    return out;
}

enum vl_err vl_cose_header_check_apart(const struct vl_cose_header *protected_header,
                                       const struct vl_cose_header *unprotected_header,
                                       struct vl_why *why)
{
    char name[VL_COSE_LABEL_NAME_LEN];

    for (size_t i = 0; i < unprotected_header->label_count; i++)
        if (has_label(protected_header, &unprotected_header->labels[i]))
            return vl_fail(why, VL_ERR_FORMAT, "%s is in both headers",
                           vl_cose_label_name(&unprotected_header->labels[i], name));
    return VL_OK;
}

/* Whatever this room checks or hands on. */
static bool is_understood(const struct vl_cbor_label *label)
{
    static const int64_t understood[] = {VL_COSE_ALG, VL_COSE_CRIT,       VL_COSE_CONTENT_TYPE,
                                         VL_COSE_KID, VL_COSE_CWT_CLAIMS, VL_COSE_PAYLOAD_HASH};

    for (size_t i = 0; i < sizeof understood / sizeof *understood; i++)
        if (label->number == understood[i])
            return true;
    return false;
}

/* A label that is no key of a map. */
static struct vl_cbor_label read_label(struct vl_cbor *r)
{
    struct vl_cbor_label label = {false, 0, VL_BYTES_NONE};

    label.is_text = vl_cbor_peek(r) == VL_CBOR_TEXT;
    if (label.is_text)
        label.text = vl_cbor_text(r, 0, TEXT_MAX);
    else
        label.number = vl_cbor_int(r, INT64_MIN, INT64_MAX);
    return label;
}

enum vl_err vl_cose_header_check_crit(const struct vl_cose_header *protected_header,
                                      enum vl_cbor_profile profile, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(protected_header->crit, profile);
    char name[VL_COSE_LABEL_NAME_LEN];
    size_t count;

    if (!vl_cose_header_has(protected_header, VL_COSE_CRIT))
        return VL_OK;
    count = vl_cbor_array(&r, 1, VL_COSE_MAX_LABELS);
    for (size_t i = 0; i < count && vl_cbor_ok(&r); i++) {
        struct vl_cbor_label label = read_label(&r);

        if (!vl_cbor_ok(&r))
            break;
        if (!has_label(protected_header, &label))
            return vl_fail(why, VL_ERR_FORMAT, "%s is critical and missing",
                           vl_cose_label_name(&label, name));
        if (!is_understood(&label))
            return vl_fail(why, VL_ERR_UNSUPPORTED, "%s is critical and not understood",
                           vl_cose_label_name(&label, name));
    }
    return vl_cbor_close(&r, "crit", why);
}
