/* SPDX-License-Identifier: Apache-2.0 */
/* Openings of fields and parts from any bytes: a byte that picks one, and the opening.  What is
 * read is written to the same bytes, and opens no other digest. */
#include <stdlib.h>

#include "letter/core.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_field(vl_bytes opening, enum vl_field field)
{
    VL_AUTO(vl_manifest_release) struct vl_manifest manifest = VL_MANIFEST_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    uint8_t digests_at[VL_FIELD_COUNT][VL_HASH_LEN] = {{0}};
    const struct vl_core_digests digests = {digests_at[0], 0, NULL, VL_HASH_LEN};
    struct vl_cbor_out w = vl_cbor_to(&again);

    vl_opening_digest(opening, digests_at[field]);
    if (vl_opening_read_field(opening, field, &digests, &manifest, NULL))
        return;
    vl_opening_put_field(&w, &manifest, field);
    check(w.err == VL_OK && vl_bytes_eq(vl_buf_bytes(&again), opening));
    vl_manifest_release(&manifest);
    digests_at[field][31] ^= 1;
    check(vl_opening_read_field(opening, field, &digests, &manifest, NULL) == VL_ERR_UNVERIFIED);
}

static void check_part(vl_bytes opening)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    uint8_t digest[VL_HASH_LEN], salt[VL_MANIFEST_SALT];
    const struct vl_core_digests digests = {NULL, 1, digest, VL_HASH_LEN};
    struct vl_manifest_part part = {.size = 0};
    struct vl_cbor_out w = vl_cbor_to(&again);

    vl_opening_digest(opening, digest);
    if (vl_opening_read_part(opening, 0, &digests, &part, salt, NULL))
        return;
    vl_opening_put_part(&w, &part, salt);
    check(w.err == VL_OK && vl_bytes_eq(vl_buf_bytes(&again), opening));
    digest[0] ^= 1;
    check(vl_opening_read_part(opening, 0, &digests, &part, salt, NULL) == VL_ERR_UNVERIFIED);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes opening = vl_bytes_after(vl_bytes_of(data, len), 1);

    if (len < 2)
        return 0;
    if (data[0] % 7 < VL_FIELD_COUNT)
        check_field(opening, (enum vl_field)(data[0] % 7));
    else
        check_part(opening);
    return 0;
}
