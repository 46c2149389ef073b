/* SPDX-License-Identifier: Apache-2.0 */
/* Waybills from any bytes.  What is read has one form: writing it gives the same bytes; and it is a
 * leaf of the batch that it is alone in. */
#include <stdlib.h>
#include <string.h>

#include "custody/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    static const struct vl_waybill empty = {.size = 0};
    vl_bytes wire = vl_bytes_of(data, len);
    struct vl_tree_path path = {.count = 0};
    struct vl_sealed alone = {.count = 1};
    struct vl_waybill waybill;

    if (vl_waybill_parse(wire, &waybill, NULL)) {
        check(waybill.to_count == 0 && waybill.opening_count == 0);
        check(memcmp(waybill.number, empty.number, VL_HASH_LEN) == 0);
        return 0;
    }
    check(waybill.to_count >= 1 && waybill.to_count <= VL_WAYBILL_MAX_ADDRESSEES);
    check(vl_waybill_write(&waybill, &again, NULL) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), wire));
    vl_tree_leaf(wire, alone.root);
    check(vl_sealed_has(&alone, wire, 0, &path, NULL) == VL_OK);
    check(vl_sealed_has(&alone, wire, 1, &path, NULL) == VL_ERR_UNVERIFIED);
    return 0;
}
