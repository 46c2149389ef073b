/* SPDX-License-Identifier: Apache-2.0 */
/* Disclosures from any bytes.  What is read shows only what the core has digests of, each thing
 * once, and gives a file key only for a number. */
#include <stdlib.h>

#include "letter/disclosure.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct vl_disclosure disclosure = VL_DISCLOSURE_INIT, again = VL_DISCLOSURE_INIT;
    vl_bytes wire = vl_bytes_of(data, len);

    if (vl_disclosure_parse(wire, &disclosure, NULL)) {
        check(!disclosure.wire.data && !disclosure.parts && !disclosure.part_indexes);
        check(disclosure.file_key.len == 0 && disclosure.core.count == 0);
        return 0;
    }
    check(disclosure.core.kind == VL_KIND_MANIFEST);
    check(disclosure.part_count <= disclosure.total_parts);
    for (size_t i = 0; i < disclosure.part_count; i++) {
        check(disclosure.part_indexes[i] < disclosure.total_parts);
        check(i == 0 || disclosure.part_indexes[i - 1] < disclosure.part_indexes[i]);
    }
    check(!disclosure.has_file_key || (disclosure.has_number && disclosure.has_sealing_commitment));
    check(disclosure.shown[VL_FIELD_TO] || disclosure.fields.to_count == 0);
    check(disclosure.shown[VL_FIELD_SUBJECT] || !disclosure.fields.has_subject);
    check(vl_disclosure_parse(vl_buf_bytes(&disclosure.wire), &again, NULL) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again.wire), wire));
    vl_disclosure_release(&again);
    vl_disclosure_release(&disclosure);
    return 0;
}
