/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads of custody events from any bytes: a byte for the kind, one for the length of `sub`, sub,
 * payload.  What is read is signed again with the same payload and the same sub. */
#include <stdlib.h>
#include <string.h>

#include "custody/event.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

/* Reading an event looks at no more of an object than this. */
static struct vl_object object_of(enum vl_kind kind, vl_bytes sub, vl_bytes payload)
{
    struct vl_object object = {.kind = kind, .count = 1};

    object.by[0] = (struct vl_sign1)VL_SIGN1_INIT;
    object.by[0].claims.sub = sub;
    object.by[0].payload = payload;
    return object;
}

static void check_again(const struct vl_object *object, const struct vl_sealed *sealed,
                        const struct vl_opened *opened)
{
    static const struct vl_secret seed = {32, {1, 2, 3}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object again = VL_OBJECT_INIT;
    struct vl_signer signer = {.seeds = &seed, .seed_count = 1};
    enum vl_err err;

    memcpy(signer.card_id, sealed ? sealed->act.card_id : opened->act.card_id, VL_HASH_LEN);
    err = sealed ? vl_sealed_write(&signer, sealed, &wire, NULL, NULL)
                 : vl_opened_write(&signer, opened, &wire, NULL, NULL);
    check(err == VL_OK);
    check(vl_object_parse(vl_buf_bytes(&wire), &again, NULL) == VL_OK);
    check(again.kind == object->kind);
    check(vl_bytes_eq(vl_object_payload(&again), vl_object_payload(object)));
    check(vl_bytes_eq(vl_object_sub(&again), vl_object_sub(object)));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes rest = vl_bytes_after(vl_bytes_of(data, len), 2), sub;
    struct vl_object object;

    /* An event that fits no envelope is read and cannot be signed. */
    if (len < 2 || len > VL_SIGN1_MAX_LEN / 2)
        return 0;
    sub = vl_bytes_first(rest, data[1]);
    object = object_of(data[0] & 1 ? VL_KIND_OPENED : VL_KIND_SEALED, sub,
                       vl_bytes_after(rest, sub.len));
    if (data[0] & 1) {
        struct vl_opened opened;

        if (vl_opened_read(&object, &opened, NULL) == VL_OK)
            check_again(&object, NULL, &opened);
        else
            check(opened.verdict == VL_VERDICT_NONE);
    } else {
        struct vl_sealed sealed;

        if (vl_sealed_read(&object, &sealed, NULL) == VL_OK)
            check_again(&object, &sealed, NULL);
        else
            check(sealed.count == 0);
    }
    return 0;
}
