/* SPDX-License-Identifier: Apache-2.0 */
/* Receipts and statements that carry them, from any bytes.  Each proof of a receipt that is read is
 * one that is written again to what it says; a statement's entry is its own entry. */
#include <stdlib.h>

#include "record/receipt_proof.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void read_receipt(vl_bytes wire)
{
    VL_AUTO(vl_receipt_release) struct vl_receipt receipt = VL_RECEIPT_INIT;
    struct vl_receipt_log log = {.least = VL_RECEIPT_9942};
    struct vl_receipt_says says;
    const uint8_t leaf[VL_HASH_LEN] = {1};
    const struct vl_secret seed = {32, {1}};

    if (vl_receipt_parse(wire, &receipt, NULL)) {
        check(receipt.proof_count == 0 && receipt.sign1.wire.len == 0);
        return;
    }
    check(receipt.proof_count >= 1 && receipt.proof_count <= VL_RECEIPT_MAX_PROOFS);
    for (size_t i = 0; i < receipt.proof_count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_RECEIPT_MAX_LEN);
        struct vl_receipt_proof proof, back;

        check(vl_receipt_proof_parse(receipt.proofs[i], receipt.of, &proof, NULL) == VL_OK);
        check(vl_receipt_proof_write(&proof, receipt.of, &again) == VL_OK);
        check(vl_receipt_proof_parse(vl_buf_bytes(&again), receipt.of, &back, NULL) == VL_OK);
        check(back.size == proof.size && back.at == proof.at &&
              back.path.count == proof.path.count);
    }
    vl_cose_key_of_seed(&seed, &log.key);
    if (receipt.of == VL_RECEIPT_OF_INCLUSION)
        check(vl_receipt_verify(&receipt, leaf, &log, &says, NULL) != VL_ERR_USAGE);
}

static void read_statement(vl_bytes wire)
{
    VL_AUTO(vl_transparent_release) struct vl_transparent statement = VL_TRANSPARENT_INIT;
    VL_AUTO(vl_transparent_release) struct vl_transparent again = VL_TRANSPARENT_INIT;

    if (vl_transparent_parse(wire, &statement, NULL))
        return;
    check(vl_transparent_parse(vl_buf_bytes(&statement.entry), &again, NULL) == VL_OK);
    check(again.receipt_count == 0);
    check(vl_bytes_eq(vl_buf_bytes(&again.entry), vl_buf_bytes(&statement.entry)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    read_receipt(vl_bytes_of(data, len));
    read_statement(vl_bytes_of(data, len));
    return 0;
}
