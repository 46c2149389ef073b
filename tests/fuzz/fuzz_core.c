/* SPDX-License-Identifier: Apache-2.0 */
/* What the sender of a letter signs, from any bytes: 16 for the letter id that `sub` names, and the
 * payload.  What is read is written to the same bytes, and is of no other letter. */
#include <stdlib.h>
#include <string.h>

#include "letter/core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_manifest_release) struct vl_manifest manifest = VL_MANIFEST_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf sub = VL_BUF_INIT(256);
    struct vl_object object = {.kind = VL_KIND_MANIFEST, .count = 1};
    struct vl_core_digests digests;
    vl_bytes bytes = vl_bytes_of(data, len);

    if (len <= VL_LETTER_ID_LEN)
        return 0;
    check(vl_kind_sub("letter-id", vl_bytes_first(bytes, VL_LETTER_ID_LEN), &sub) == VL_OK);
    object.by[0] = (struct vl_sign1)VL_SIGN1_INIT;
    object.by[0].claims.sub = vl_buf_bytes(&sub);
    object.by[0].payload = vl_bytes_after(bytes, VL_LETTER_ID_LEN);
    if (vl_core_read(&object, &manifest, &digests, NULL))
        return 0;
    check(memcmp(manifest.letter_id, data, VL_LETTER_ID_LEN) == 0);
    check(manifest.has_sealing_commitment == (manifest.mode == VL_CORE_SEALED));
    check(!manifest.padded || manifest.mode == VL_CORE_SEALED);
    check(vl_core_put(&manifest, &digests, &again) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), object.by[0].payload));
    return 0;
}
