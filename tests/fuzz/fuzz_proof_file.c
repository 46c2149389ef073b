/* SPDX-License-Identifier: Apache-2.0 */
/* Proof files from any bytes: what is read is written to the same bytes. */
#include <stdlib.h>

#include "record/proof_file.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(2 * VL_PROOF_FILE_MAX_LEN);
    vl_bytes wire = vl_bytes_of(data, len);
    struct vl_proof_file proof;

    if (vl_proof_file_parse(wire, &proof, NULL))
        return 0;
    if (vl_proof_file_write(&proof, &again, NULL) || !vl_bytes_eq(vl_buf_bytes(&again), wire))
        abort();
    return 0;
}
