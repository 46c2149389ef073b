/* SPDX-License-Identifier: Apache-2.0 */
#include "cose/header.h"
#include "record/receipt.h"

#define SIGN1_TAG 18

/* The four parts of a COSE_Sign1. */
struct parts {
    vl_bytes protected_header;
    vl_bytes unprotected_header; /* the map as it stands on the wire */
    bool is_detached;
    vl_bytes payload;
    vl_bytes signature;
};

static enum vl_err read_parts(vl_bytes wire, struct parts *parts, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_COSE);

    vl_cbor_tag(&r, SIGN1_TAG);
    (void)vl_cbor_array(&r, 4, 4);
    parts->protected_header = vl_cbor_bytes(&r, 1, VL_SIGN1_MAX_LEN);
    if (vl_cbor_ok(&r) && vl_cbor_peek(&r) != VL_CBOR_MAP)
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "wanted a map");
    parts->unprotected_header = vl_cbor_item(&r);
    parts->is_detached = vl_cbor_null(&r);
    parts->payload = parts->is_detached ? VL_BYTES_NONE : vl_cbor_bytes(&r, 0, VL_SIGN1_MAX_LEN);
    parts->signature = vl_cbor_bytes(&r, 1, VL_SIGN1_MAX_LEN);
    return vl_cbor_close(&r, "array", why);
}

/* RFC 9052, 3: no label in both headers. */
static enum vl_err check_headers(const struct parts *parts, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(parts->protected_header, VL_CBOR_COSE);
    struct vl_cose_header in, out;
    enum vl_err err;

    vl_cose_header_read(&r, &in);
    err = vl_cbor_close(&r, "protected header", why);
    if (err)
        return err;
    r = vl_cbor_open(parts->unprotected_header, VL_CBOR_COSE);
    vl_cose_header_read(&r, &out);
    err = vl_cbor_close(&r, "unprotected header", why);
    return err ? err : vl_cose_header_check_apart(&in, &out, why);
}

/* RFC 9942, 4.1 */
static enum vl_err read_receipts(const struct parts *parts, struct vl_transparent *statement,
                                 struct vl_why *why)
{
    vl_bytes item = vl_cose_header_item(parts->unprotected_header, VL_COSE_RECEIPTS, NULL);
    struct vl_cbor r = vl_cbor_open(item, VL_CBOR_COSE);
    size_t count;

    if (item.len == 0)
        return VL_OK;
    count = vl_cbor_array(&r, 1, VL_STATEMENT_RECEIPTS);
    for (size_t i = 0; i < count && vl_cbor_ok(&r); i++) {
        statement->receipts[i] = vl_cbor_bytes(&r, 1, VL_RECEIPT_MAX_LEN);
        statement->receipt_count = i + 1;
    }
    return vl_cbor_close(&r, "receipts", why);
}

/* Shortest heads: one entry for one set of signed bytes and signature. */
static enum vl_err put_parts(const struct parts *parts, vl_bytes unprotected_header,
                             struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_tag(&w, SIGN1_TAG);
    vl_cbor_put_array(&w, 4);
    vl_cbor_put_bytes(&w, parts->protected_header);
    vl_cbor_put_item(&w, unprotected_header);
    if (parts->is_detached)
        vl_cbor_put_null(&w);
    else
        vl_cbor_put_bytes(&w, parts->payload);
    vl_cbor_put_bytes(&w, parts->signature);
    return w.err;
}

static enum vl_err read_statement(vl_bytes wire, struct vl_transparent *statement,
                                  struct vl_why *why)
{
    struct parts parts;
    enum vl_err err;

    if (wire.len > VL_TRANSPARENT_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, "%zu bytes, more than %zu", wire.len,
                       VL_TRANSPARENT_MAX_LEN);
    err = read_parts(wire, &parts, why);
    if (!err)
        err = check_headers(&parts, why);
    if (!err)
        err = read_receipts(&parts, statement, why);
    if (err)
        return err;
    err = put_parts(&parts, VL_LITERAL("\xa0"), &statement->entry);
    if (err == VL_ERR_LIMIT)
        return vl_fail(why, err, "more than %d bytes without what is not signed", VL_SIGN1_MAX_LEN);
    return err ? vl_fail(why, err, "%s", vl_err_words(err)) : VL_OK;
}

enum vl_err vl_transparent_parse(vl_bytes wire, struct vl_transparent *statement,
                                 struct vl_why *why)
{
    enum vl_err err;

    *statement = (struct vl_transparent)VL_TRANSPARENT_INIT;
    err = read_statement(wire, statement, why);
    if (err) {
        vl_transparent_release(statement);
        return vl_fail_in(why, err, "statement");
    }
    return VL_OK;
}

void vl_transparent_release(struct vl_transparent *statement)
{
    vl_buf_release(&statement->entry);
    *statement = (struct vl_transparent)VL_TRANSPARENT_INIT;
}

enum vl_err vl_transparent_write(vl_bytes entry, const vl_bytes *receipts, size_t count,
                                 struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf map = VL_BUF_INIT(VL_STATEMENT_RECEIPTS * (VL_RECEIPT_MAX_LEN + 8));
    struct vl_cbor_out w = vl_cbor_to(&map);
    const size_t before = out->len;
    struct parts parts;
    enum vl_err err = read_parts(entry, &parts, why);

    if (err)
        return vl_fail_in(why, err, "statement");
    if (count < 1 || count > VL_STATEMENT_RECEIPTS)
        return vl_fail(why, VL_ERR_LIMIT, "statement: %zu receipts, not 1 to %zu", count,
                       VL_STATEMENT_RECEIPTS);
    vl_cbor_put_map(&w, 1);
    vl_cbor_put_int(&w, VL_COSE_RECEIPTS);
    vl_cbor_put_array(&w, count);
    for (size_t i = 0; i < count; i++)
        vl_cbor_put_bytes(&w, receipts[i]);
    err = w.err ? w.err : put_parts(&parts, vl_buf_bytes(&map), out);
    if (!err)
        return VL_OK;
    out->len = before;
    return vl_fail(why, err, "statement: %s", vl_err_words(err));
}

enum vl_err vl_transparent_verify(const struct vl_transparent *statement,
                                  const struct vl_receipt_log *log, struct vl_receipt_says *says,
                                  struct vl_why *why)
{
    uint8_t leaf_hash[VL_HASH_LEN];
    enum vl_err err = vl_fail(why, VL_ERR_NOT_FOUND, "statement: no receipt");

    vl_tree_leaf(vl_buf_bytes(&statement->entry), leaf_hash);
    for (size_t i = 0; i < statement->receipt_count && err; i++) {
        VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;

        err = vl_receipt_parse(statement->receipts[i], &receipt, why);
        if (!err)
            err = vl_receipt_verify(&receipt, leaf_hash, log, says, why);
        if (err == VL_ERR_NO_MEMORY)
            return err;
    }
    return err;
}
