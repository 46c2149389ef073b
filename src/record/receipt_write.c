/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "cose/header.h"
#include "record/receipt_proof.h"

/* Keys in the order of their bytes: 1, 4, 15, 395, then the texts, the shorter first. */
static enum vl_err put_protected(const struct vl_receipt_draft *draft,
                                 const struct vl_cose_key *key, struct vl_buf *out)
{
    const struct vl_claims claims = {draft->origin, draft->sub, draft->has_iat, draft->iat_s};
    struct vl_cbor_out w = vl_cbor_to(out);
    uint8_t kid[VL_HASH_LEN];

    vl_cose_key_thumbprint(key, kid);
    vl_cbor_put_map(&w, 6);
    vl_cbor_put_int(&w, VL_COSE_ALG);
    vl_cbor_put_int(&w, draft->alg);
    vl_cbor_put_int(&w, VL_COSE_KID);
    vl_cbor_put_bytes(&w, VL_ARRAY(kid));
    vl_cbor_put_int(&w, VL_COSE_CWT_CLAIMS);
    vl_claims_put(&w, &claims);
    vl_cbor_put_int(&w, VL_COSE_VDS);
    vl_cbor_put_int(&w, VL_RECEIPT_VDS);
    vl_cbor_put_text(&w, VL_LITERAL(VL_RECEIPT_ORIGIN));
    vl_cbor_put_text(&w, draft->origin);
    vl_cbor_put_text(&w, VL_LITERAL(VL_RECEIPT_SIZE));
    vl_cbor_put_uint(&w, draft->size);
    return w.err;
}

static enum vl_err put_unprotected(const struct vl_receipt_draft *draft, struct vl_buf *out)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    const struct vl_receipt_proof proof = {draft->size, draft->at, draft->path};
    struct vl_cbor_out w = vl_cbor_to(out);
    enum vl_err err = vl_receipt_proof_write(&proof, draft->of, &wire);

    if (err)
        return err;
    vl_cbor_put_map(&w, 1);
    vl_cbor_put_int(&w, VL_COSE_VDP);
    vl_cbor_put_map(&w, 1);
    vl_cbor_put_int(&w, draft->of == VL_RECEIPT_OF_INCLUSION ? VL_RECEIPT_INCLUSION
                                                             : VL_RECEIPT_CONSISTENCY);
    vl_cbor_put_array(&w, 1);
    vl_cbor_put_bytes(&w, vl_buf_bytes(&wire));
    return w.err;
}

/* Nothing leaves that does not prove what it says: it is read again as others read it, and its path
 * walked.  The signature is the key's own of a moment ago; to verify it would cost more than all
 * the rest. */
static enum vl_err check_written(const struct vl_receipt_draft *draft, vl_bytes wire,
                                 struct vl_why *why)
{
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    enum vl_err err = vl_receipt_parse(wire, &receipt, why);

    if (err)
        return err;
    err = draft->of == VL_RECEIPT_OF_INCLUSION
              ? vl_tree_verify(draft->from, draft->at, draft->size, &draft->path, draft->root)
              : vl_tree_verify_consistency(draft->at, draft->from, draft->size, draft->root,
                                           &draft->path);
    return err ? vl_fail(why, err, "receipt: the path does not lead to the root") : VL_OK;
}

enum vl_err vl_receipt_write(const struct vl_receipt_draft *draft, const struct vl_secret *seed,
                             struct vl_buf *out, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf header = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf proofs = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
    struct vl_cose_key key = VL_COSE_KEY_INIT;
    enum vl_err err;

    if (vl_cose_alg_key_kind(draft->alg) != VL_COSE_KEY_ED25519)
        return vl_fail(why, VL_ERR_UNSUPPORTED, "receipt: only Ed25519 signs here");
    if (draft->path.count == 0)
        return vl_fail(why, VL_ERR_USAGE, "receipt: a path of no hashes");
    vl_cose_key_of_seed(seed, &key);
    err = put_protected(draft, &key, &header);
    if (!err)
        err = put_unprotected(draft, &proofs);
    if (err)
        return vl_fail(why, err, "receipt: %s", vl_err_words(err));
    err = vl_sign1_write_detached(vl_buf_bytes(&header), vl_buf_bytes(&proofs),
                                  VL_ARRAY(draft->root), seed, &wire, why);
    if (!err)
        err = check_written(draft, vl_buf_bytes(&wire), why);
    if (err)
        return err;
    err = vl_buf_put(out, vl_buf_bytes(&wire));
    return err ? vl_fail(why, err, "receipt: %s", vl_err_words(err)) : VL_OK;
}
