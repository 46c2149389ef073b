/* SPDX-License-Identifier: Apache-2.0 */
/* Who comes after whom, from any bytes: a byte for the length of `sub`, sub, payload.  What is read
 * is of two offices, and is signed again with the same payload. */
#include <stdlib.h>
#include <string.h>

#include "card/succeeds.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_again(const struct vl_object *object, const struct vl_succeeds *succeeds)
{
    static const struct vl_secret seed = {32, {1}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object again = VL_OBJECT_INIT;
    struct vl_signer signer = {.office = object->issuer, .seeds = &seed, .seed_count = 1};

    memcpy(signer.card_id, succeeds->act.card_id, VL_HASH_LEN);
    check(vl_succeeds_write(&signer, succeeds, &wire, NULL, NULL) == VL_OK);
    check(vl_object_parse(vl_buf_bytes(&wire), &again, NULL) == VL_OK);
    check(vl_bytes_eq(vl_object_payload(&again), vl_object_payload(object)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    struct vl_object object = {.kind = VL_KIND_SUCCEEDS, .count = 1};
    vl_bytes rest = vl_bytes_after(vl_bytes_of(data, len), 1);
    static struct vl_succeeds succeeds;

    /* What fits no envelope is read and cannot be signed. */
    if (len < 1 || len > VL_SIGN1_MAX_LEN / 2)
        return 0;
    memset(object.issuer.at, 'A', VL_HASH_LEN);
    object.by[0] = (struct vl_sign1)VL_SIGN1_INIT;
    object.by[0].claims.sub = vl_bytes_first(rest, data[0]);
    object.by[0].payload = vl_bytes_after(rest, object.by[0].claims.sub.len);
    if (vl_succeeds_read(&object, &succeeds, NULL)) {
        check(!succeeds.has_scope && !succeeds.has_from);
        return 0;
    }
    check(!vl_office_id_eq(&succeeds.predecessor, &succeeds.successor));
    check(!vl_office_id_eq(&object.issuer, &succeeds.successor));
    check(!succeeds.has_scope || succeeds.scope.count > 0);
    check_again(&object, &succeeds);
    return 0;
}
