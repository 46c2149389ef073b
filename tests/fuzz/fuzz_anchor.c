/* SPDX-License-Identifier: Apache-2.0 */
/* What is kept of a record, from any bytes: what is read is written to the same bytes. */
#include <stdlib.h>

#include "record/anchor.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_ANCHOR_MAX_LEN);
    const vl_bytes wire = vl_bytes_of(data, len);
    struct vl_anchor anchor;

    if (vl_anchor_parse(wire, &anchor, NULL))
        return 0;
    if (vl_anchor_write(&anchor.key, anchor.entry, &again) ||
        !vl_bytes_eq(vl_buf_bytes(&again), wire))
        abort();
    return 0;
}
