/* SPDX-License-Identifier: Apache-2.0 */
#include "record/receipt.h"

#include <inttypes.h>
#include <string.h>

#include "cose/header.h"
#include "record/receipt_proof.h"

static enum vl_err refuse(struct vl_why *why, const char *reason)
{
    return vl_fail(why, VL_ERR_FORMAT, "%s", reason);
}

/* RFC 9942, 4: vds is protected, and says what all else means. */
static enum vl_err read_vds(vl_bytes protected_header, struct vl_why *why)
{
    vl_bytes item = vl_cose_header_item(protected_header, VL_COSE_VDS, NULL);
    struct vl_cbor r = vl_cbor_open(item, VL_CBOR_COSE);
    int64_t vds;
    enum vl_err err;

    if (item.len == 0)
        return refuse(why, "no vds is protected");
    vds = vl_cbor_int(&r, INT64_MIN, INT64_MAX);
    err = vl_cbor_close(&r, "vds", why);
    if (!err && vds != VL_RECEIPT_VDS)
        err = vl_fail(why, VL_ERR_UNSUPPORTED, "a log of kind %" PRId64 " is not understood", vds);
    return err;
}

/* PROTOCOL 28 */
static enum vl_err read_bound(struct vl_receipt *receipt, struct vl_why *why)
{
    vl_bytes header = receipt->sign1.protected_header;
    vl_bytes origin = vl_cose_header_item(header, 0, VL_RECEIPT_ORIGIN);
    vl_bytes size = vl_cose_header_item(header, 0, VL_RECEIPT_SIZE);
    struct vl_cbor r = vl_cbor_open(origin, VL_CBOR_COSE);
    enum vl_err err = VL_OK;

    if (origin.len > 0) {
        receipt->origin = vl_cbor_text(&r, 1, VL_RECEIPT_MAX_ORIGIN);
        err = vl_cbor_close(&r, VL_RECEIPT_ORIGIN, why);
    }
    if (!err && size.len > 0) {
        r = vl_cbor_open(size, VL_CBOR_COSE);
        receipt->size = vl_cbor_uint(&r, VL_TREE_MAX_COUNT);
        receipt->has_size = true;
        err = vl_cbor_close(&r, VL_RECEIPT_SIZE, why);
    }
    return err;
}

static enum vl_err read_proofs(struct vl_cbor *r, struct vl_receipt *receipt, struct vl_why *why)
{
    size_t count = vl_cbor_array(r, 1, VL_RECEIPT_MAX_PROOFS);

    for (size_t i = 0; i < count; i++) {
        vl_bytes wire = vl_cbor_bytes(r, 1, VL_RECEIPT_MAX_LEN);
        struct vl_receipt_proof proof;
        enum vl_err err;

        if (!vl_cbor_ok(r))
            break;
        err = vl_receipt_proof_parse(wire, receipt->of, &proof, why);
        if (err)
            return vl_fail_in(why, err, "proof %zu", i + 1);
        receipt->proofs[receipt->proof_count++] = wire;
    }
    return VL_OK;
}

/* RFC 9942, 5: proofs of one kind; others that may come to be are walked over. */
static enum vl_err read_vdp(struct vl_receipt *receipt, struct vl_why *why)
{
    vl_bytes item = vl_cose_header_item(receipt->sign1.unprotected_header, VL_COSE_VDP, NULL);
    struct vl_cbor r = vl_cbor_open(item, VL_CBOR_COSE);
    struct vl_cbor_map map;
    bool found = false;

    if (item.len == 0)
        return refuse(why, "no proofs");
    map = vl_cbor_map(&r, 0, VL_COSE_MAX_LABELS);
    while (vl_cbor_next(&r, &map)) {
        int64_t label = vl_cbor_label(&r, &map).number;
        enum vl_err err;

        if (label != VL_RECEIPT_INCLUSION && label != VL_RECEIPT_CONSISTENCY) {
            (void)vl_cbor_item(&r);
            continue;
        }
        if (found)
            return refuse(why, "proofs of both kinds");
        found = true;
        receipt->of =
            label == VL_RECEIPT_INCLUSION ? VL_RECEIPT_OF_INCLUSION : VL_RECEIPT_OF_CONSISTENCY;
        err = read_proofs(&r, receipt, why);
        if (err)
            return err;
    }
    if (!found && vl_cbor_ok(&r))
        return vl_fail(why, VL_ERR_UNSUPPORTED, "no proof of a kind that is understood");
    return vl_cbor_close(&r, "proofs", why);
}

static enum vl_receipt_level level_of(const struct vl_receipt *receipt)
{
    const struct vl_sign1 *sign1 = &receipt->sign1;
    vl_bytes header = sign1->protected_header;
    bool names_key = sign1->kid_is_protected ||
                     vl_cose_header_item(header, VL_COSE_X5T, NULL).len > 0 ||
                     vl_cose_header_item(header, VL_COSE_X5CHAIN, NULL).len > 0;

    if (!names_key || sign1->claims.iss.len == 0 || sign1->claims.sub.len == 0)
        return VL_RECEIPT_9942;
    return receipt->origin.len > 0 && receipt->has_size ? VL_RECEIPT_BOUND : VL_RECEIPT_9943;
}

static enum vl_err read_receipt(vl_bytes wire, struct vl_receipt *receipt, struct vl_why *why)
{
    enum vl_err err;

    if (wire.len > VL_RECEIPT_MAX_LEN)
        return vl_fail(why, VL_ERR_LIMIT, "%zu bytes, more than %d", wire.len, VL_RECEIPT_MAX_LEN);
    err = vl_sign1_parse(wire, VL_SIGN1_TAGGED, &receipt->sign1, why);
    if (!err && !receipt->sign1.is_detached)
        err = refuse(why, "the root is in it, where it must be computed");
    if (!err)
        err = read_vds(receipt->sign1.protected_header, why);
    if (!err)
        err = read_bound(receipt, why);
    if (!err)
        err = read_vdp(receipt, why);
    return err;
}

enum vl_err vl_receipt_parse(vl_bytes wire, struct vl_receipt *receipt, struct vl_why *why)
{
    enum vl_err err;

    *receipt = (struct vl_receipt)VL_RECEIPT_INIT;
    err = read_receipt(wire, receipt, why);
    if (err) {
        vl_receipt_release(receipt);
        return vl_fail_in(why, err, "receipt");
    }
    receipt->level = level_of(receipt);
    return VL_OK;
}

void vl_receipt_release(struct vl_receipt *receipt)
{
    vl_sign1_release(&receipt->sign1);
    *receipt = (struct vl_receipt)VL_RECEIPT_INIT;
}

static enum vl_err check_log(const struct vl_receipt *receipt, const struct vl_receipt_log *log,
                             struct vl_why *why)
{
    if (receipt->level < log->least)
        return vl_fail(why, VL_ERR_REFUSED, "it does not say %s",
                       receipt->level == VL_RECEIPT_9942 ? "whose log it is of"
                                                         : "of which log and how large it was");
    if (log->origin.len > 0 && receipt->origin.len > 0 &&
        !vl_bytes_eq(log->origin, receipt->origin))
        return vl_fail(why, VL_ERR_REFUSED, "it is of another log");
    return VL_OK;
}

/* The newer root that a proof makes, from the leaf or from the older root. */
static enum vl_err root_of(const struct vl_receipt *receipt, const struct vl_receipt_proof *proof,
                           uint64_t old_size, const uint8_t from[VL_HASH_LEN],
                           uint8_t root[VL_HASH_LEN])
{
    if (receipt->has_size && receipt->size != proof->size)
        return VL_ERR_UNVERIFIED;
    if (receipt->of == VL_RECEIPT_OF_INCLUSION)
        return vl_tree_path_root(from, proof->at, proof->size, &proof->path, root);
    if (proof->at != old_size)
        return VL_ERR_UNVERIFIED;
    return vl_tree_consistency_root(proof->at, from, proof->size, &proof->path, root);
}

static void say(const struct vl_receipt *receipt, const struct vl_receipt_proof *proof,
                struct vl_receipt_says *says)
{
    says->level = receipt->level;
    if (receipt->level != VL_RECEIPT_BOUND)
        return;
    says->size = proof->size;
    if (receipt->of == VL_RECEIPT_OF_INCLUSION)
        says->index = proof->at;
    else
        says->old_size = proof->at;
}

/* Both verifications: one good proof is enough. */
static enum vl_err verify(const struct vl_receipt *receipt, uint64_t old_size,
                          const uint8_t from[VL_HASH_LEN], const struct vl_receipt_log *log,
                          struct vl_receipt_says *says, struct vl_why *why)
{
    enum vl_err err = check_log(receipt, log, why);

    *says = (struct vl_receipt_says){.level = VL_RECEIPT_9942};
    if (err)
        return err;
    err = vl_fail(why, VL_ERR_UNVERIFIED, "its proof does not fit");
    for (size_t i = 0; i < receipt->proof_count; i++) {
        struct vl_receipt_proof proof;
        struct vl_sign1_beside beside = {true, VL_ARRAY(says->root), VL_BYTES_NONE};
        enum vl_err one = vl_receipt_proof_parse(receipt->proofs[i], receipt->of, &proof, why);

        if (!one)
            one = root_of(receipt, &proof, old_size, from, says->root);
        if (one)
            continue;
        err = vl_sign1_verify(&receipt->sign1, &log->key, &beside, why);
        if (err == VL_ERR_UNVERIFIED)
            continue;
        if (!err)
            say(receipt, &proof, says);
        return err;
    }
    memset(says->root, 0, sizeof says->root);
    return err;
}

enum vl_err vl_receipt_verify(const struct vl_receipt *receipt,
                              const uint8_t leaf_hash[VL_HASH_LEN],
                              const struct vl_receipt_log *log, struct vl_receipt_says *says,
                              struct vl_why *why)
{
    enum vl_err err = receipt->of == VL_RECEIPT_OF_INCLUSION
                          ? verify(receipt, 0, leaf_hash, log, says, why)
                          : vl_fail(why, VL_ERR_USAGE, "it is of consistency");

    return err ? vl_fail_in(why, err, "receipt") : VL_OK;
}

enum vl_err vl_receipt_verify_consistency(const struct vl_receipt *receipt, uint64_t old_size,
                                          const uint8_t old_root[VL_HASH_LEN],
                                          const struct vl_receipt_log *log,
                                          struct vl_receipt_says *says, struct vl_why *why)
{
    enum vl_err err = receipt->of == VL_RECEIPT_OF_CONSISTENCY
                          ? verify(receipt, old_size, old_root, log, says, why)
                          : vl_fail(why, VL_ERR_USAGE, "it is of inclusion");

    return err ? vl_fail_in(why, err, "receipt") : VL_OK;
}
