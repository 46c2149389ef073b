/* SPDX-License-Identifier: Apache-2.0 */
#include "record/receipt_proof.h"

#include <string.h>

#include "codec/cbor.h"

enum vl_err vl_receipt_proof_parse(vl_bytes wire, enum vl_receipt_of of,
                                   struct vl_receipt_proof *proof, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_COSE);
    uint64_t first, second;
    enum vl_err err;

    (void)vl_cbor_array(&r, 3, 3);
    first = vl_cbor_uint(&r, VL_TREE_MAX_COUNT);
    second = vl_cbor_uint(&r, VL_TREE_MAX_COUNT);
    /* An inclusion has the size first, a consistency the older size. */
    proof->size = of == VL_RECEIPT_OF_INCLUSION ? first : second;
    proof->at = of == VL_RECEIPT_OF_INCLUSION ? second : first;
    /* RFC 9942 wants one at least; a tree of one entry has none. */
    proof->path.count = vl_cbor_array(&r, 0, VL_TREE_MAX_PATH);
    for (size_t i = 0; i < proof->path.count && vl_cbor_ok(&r); i++) {
        vl_bytes hash = vl_cbor_bytes(&r, VL_HASH_LEN, VL_HASH_LEN);

        if (vl_cbor_ok(&r))
            memcpy(proof->path.at[i], hash.ptr, VL_HASH_LEN);
    }
    err = vl_cbor_close(&r, of == VL_RECEIPT_OF_INCLUSION ? "inclusion" : "consistency", why);
    if (!err && of == VL_RECEIPT_OF_INCLUSION && proof->at >= proof->size)
        err = vl_fail(why, VL_ERR_FORMAT, "an entry that is not in the tree");
    if (!err && of == VL_RECEIPT_OF_CONSISTENCY && (proof->at == 0 || proof->at > proof->size))
        err = vl_fail(why, VL_ERR_FORMAT, "an older tree that is empty or larger");
    return err;
}

enum vl_err vl_receipt_proof_write(const struct vl_receipt_proof *proof, enum vl_receipt_of of,
                                   struct vl_buf *out)
{
    const bool is_inclusion = of == VL_RECEIPT_OF_INCLUSION;
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_array(&w, 3);
    vl_cbor_put_uint(&w, is_inclusion ? proof->size : proof->at);
    vl_cbor_put_uint(&w, is_inclusion ? proof->at : proof->size);
    vl_cbor_put_array(&w, proof->path.count);
    for (size_t i = 0; i < proof->path.count; i++)
        vl_cbor_put_bytes(&w, vl_bytes_of(proof->path.at[i], VL_HASH_LEN));
    return w.err;
}
