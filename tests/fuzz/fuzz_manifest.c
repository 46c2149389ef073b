/* SPDX-License-Identifier: Apache-2.0 */
/* Manifests from any bytes.  What is read is its core and openings and nothing else: put together
 * again they are the same bytes. */
#include <stdlib.h>

#include "letter/core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void put_again(const struct vl_manifest *manifest, struct vl_buf *out)
{
    struct vl_cbor_out w = vl_cbor_to(out);

    vl_cbor_put_array(&w, 4);
    check(vl_object_write(&manifest->core, out) == VL_OK);
    vl_cbor_put_array(&w, VL_FIELD_COUNT);
    for (unsigned i = 0; i < VL_FIELD_COUNT; i++)
        vl_opening_put_field(&w, manifest, (enum vl_field)i);
    vl_cbor_put_array(&w, manifest->part_count);
    for (size_t i = 0; i < manifest->part_count; i++)
        vl_opening_put_part(&w, &manifest->parts[i], manifest->part_salts[i]);
    vl_cbor_put_array(&w, manifest->opening_count);
    for (size_t i = 0; i < manifest->opening_count; i++)
        vl_cbor_put_bytes(&w, VL_ARRAY(manifest->openings[i]));
    check(w.err == VL_OK);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    VL_AUTO(vl_manifest_release) struct vl_manifest manifest = VL_MANIFEST_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);

    if (vl_manifest_parse(vl_bytes_of(data, len), &manifest, NULL)) {
        check(!manifest.wire.data && !manifest.to && !manifest.parts && !manifest.openings);
        return 0;
    }
    check(manifest.opening_count ==
          (manifest.mode == VL_CORE_SEALED ? vl_manifest_addressees(&manifest) : 0));
    put_again(&manifest, &again);
    check(vl_bytes_eq(vl_buf_bytes(&again), vl_bytes_of(data, len)));
    return 0;
}
