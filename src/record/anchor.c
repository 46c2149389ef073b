/* SPDX-License-Identifier: Apache-2.0 */
#include "record/anchor.h"

#define MAGIC VL_LITERAL("valise/record/v1")

static enum vl_err read_anchor(vl_bytes wire, struct vl_anchor *anchor, struct vl_why *why)
{
    VL_AUTO(vl_entry_release) struct vl_entry entry = VL_ENTRY_INIT;
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    enum vl_err err;
    vl_bytes key;

    (void)vl_cbor_array(&r, 3, 3);
    if (!vl_bytes_eq(vl_cbor_text(&r, 1, 64), MAGIC) && vl_cbor_ok(&r))
        vl_cbor_refuse(&r, VL_ERR_FORMAT, "not what names a record");
    key = vl_cbor_item(&r);
    anchor->entry = vl_cbor_bytes(&r, 1, VL_ENTRY_MAX_LEN);
    err = vl_cbor_close(&r, "record", why);
    if (!err)
        err = vl_cose_key_parse(key, VL_CBOR_STRICT, &anchor->key, why);
    if (!err)
        err = vl_record_policy_read(anchor->entry, &anchor->key, &anchor->policy, why);
    if (!err)
        err = vl_entry_parse(anchor->entry, &entry, why);
    if (err)
        return err;
    for (size_t i = 0; i < VL_HASH_LEN; i++) {
        anchor->id[i] = entry.id[i];
        anchor->leaf_hash[i] = entry.leaf_hash[i];
    }
    return VL_OK;
}

enum vl_err vl_anchor_parse(vl_bytes wire, struct vl_anchor *anchor, struct vl_why *why)
{
    enum vl_err err;

    *anchor = (struct vl_anchor){.entry = VL_BYTES_NONE};
    err = read_anchor(wire, anchor, why);
    if (err)
        *anchor = (struct vl_anchor){.entry = VL_BYTES_NONE};
    return err;
}

enum vl_err vl_anchor_write(const struct vl_cose_key *key, vl_bytes entry, struct vl_buf *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_COSE_KEY_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(out);
    const size_t before = out->len;
    enum vl_err err = vl_cose_key_write(key, &wire);

    vl_cbor_put_array(&w, 3);
    vl_cbor_put_text(&w, MAGIC);
    vl_cbor_put_item(&w, vl_buf_bytes(&wire));
    vl_cbor_put_bytes(&w, entry);
    if (!err)
        err = w.err;
    if (err)
        out->len = before;
    return err;
}
