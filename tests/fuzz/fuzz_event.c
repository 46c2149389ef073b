/* SPDX-License-Identifier: Apache-2.0 */
/* Payloads of acts from any bytes: a byte for the kind, one for the length of `sub`, sub, payload.
 * What is read is signed again with the same payload and the same sub, and names no more ids than
 * it may. */
#include <stdlib.h>

#include "../evidence/again.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

/* Reading an act looks at no more of an object than this. */
static struct vl_object object_of(enum vl_kind kind, vl_bytes sub, vl_bytes payload)
{
    struct vl_object object = {.kind = kind, .count = 1};

    object.by[0] = (struct vl_sign1)VL_SIGN1_INIT;
    object.by[0].claims.sub = sub;
    object.by[0].payload = payload;
    return object;
}

static void check_again(const struct vl_object *object, const struct vl_act_any *any)
{
    static const struct vl_secret seed = {32, {1, 2, 3}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object again = VL_OBJECT_INIT;
    struct vl_signer signer = {.seeds = &seed, .seed_count = 1};

    check(sign_again(&signer, any, &wire, NULL) == VL_OK);
    check(vl_object_parse(vl_buf_bytes(&wire), &again, NULL) == VL_OK);
    check(again.kind == object->kind);
    check(vl_bytes_eq(vl_object_payload(&again), vl_object_payload(object)));
    check(vl_bytes_eq(vl_object_sub(&again), vl_object_sub(object)));
}

/* What is long is walked, and is as long as it was said to be. */
static void check_lists(const struct vl_act_any *any)
{
    size_t count = 0;

    if (any->form == VL_ACT_TRANSFERRED) {
        struct vl_cbor walk = vl_handed_segments_walk(&any->as.transferred);
        struct vl_handed_segment segment;

        while (vl_handed_segments_next(&walk, &segment))
            count++;
        check(count == any->as.transferred.segment_count);
    } else if (any->form == VL_ACT_ANSWER) {
        struct vl_cbor walk = vl_not_taken_walk(&any->as.answer);
        struct vl_not_taken entry;

        while (vl_not_taken_next(&walk, &entry))
            count++;
        check(count == any->as.answer.not_taken_count);
    } else if (any->form == VL_ACT_ACCEPTED_PART) {
        struct vl_cbor walk = vl_slices_walk(&any->as.accepted_part);
        struct vl_slices slices;

        while (vl_slices_next(&walk, &slices))
            count++;
        check(count == any->as.accepted_part.slices_count);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    vl_bytes rest = vl_bytes_after(vl_bytes_of(data, len), 2), sub;
    static struct vl_act_any any;
    const uint8_t *ids[VL_ACT_ANY_MAX_IDS];
    struct vl_object object;
    struct vl_batch batch;

    /* An act that fits no envelope is read and cannot be signed. */
    if (len < 2 || len > VL_SIGN1_MAX_LEN / 2)
        return 0;
    sub = vl_bytes_first(rest, data[1]);
    object = object_of((enum vl_kind)(data[0] % VL_KIND_COUNT), sub, vl_bytes_after(rest, sub.len));
    if (vl_act_any_read(&object, &any, NULL)) {
        check(any.form == VL_ACT_NONE && any.kind == VL_KIND_NONE && !vl_act_any_act(&any));
        return 0;
    }
    check(any.kind == object.kind && vl_act_any_act(&any));
    check(vl_act_any_batch(&any, &batch) ==
          (vl_leaf_kind_of(any.kind) != VL_LEAF_NONE && any.kind != VL_KIND_MANIFEST));
    check(vl_act_any_ids(&any, ids) <= VL_ACT_ANY_MAX_IDS);
    check_lists(&any);
    if (any.kind != VL_KIND_MANIFEST) /* a letter writes it, and it alone */
        check_again(&object, &any);
    return 0;
}
