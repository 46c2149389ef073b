/* SPDX-License-Identifier: Apache-2.0 */
#include <string.h>

#include "custody/answer.h"

enum key { KEY_ANSWERS = VL_ACT_OWN_KEYS, KEY_GIVER, KEY_NUMBER, KEY_WAYBILL, KEY_SLICES, KEY_END };
#define OWN   (KEY_END - VL_ACT_OWN_KEYS)
#define WHAT  "accepted-part"
#define ABOUT "letter"

static void read_range(struct vl_cbor *r, struct vl_slices *slices)
{
    (void)vl_cbor_array(r, 2, 2);
    slices->first = vl_cbor_uint(r, VL_SLICES_ALL - 1);
    slices->count = vl_cbor_uint(r, VL_SLICES_ALL);
}

static void read_ranges(struct vl_cbor *r, struct vl_accepted_part *part)
{
    size_t count = vl_cbor_array(r, 1, VL_SLICES_MAX);
    const uint8_t *start = r->at;
    uint64_t end = 0;

    for (size_t i = 0; i < count && vl_cbor_ok(r); i++) {
        struct vl_slices slices = {0};

        read_range(r, &slices);
        if (slices.count == 0 || slices.count > VL_SLICES_ALL - slices.first)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "a range of slices that no letter has");
        if (slices.first < end)
            vl_cbor_refuse(r, VL_ERR_FORMAT, "ranges of slices that do not ascend");
        end = slices.first + slices.count;
    }
    if (!vl_cbor_ok(r))
        return;
    part->slices_count = count;
    part->slices_read = vl_bytes_of(start, (size_t)(r->at - start));
}

struct vl_cbor vl_slices_walk(const struct vl_accepted_part *part)
{
    return vl_cbor_open(part->slices_read, VL_CBOR_STRICT);
}

bool vl_slices_next(struct vl_cbor *walk, struct vl_slices *slices)
{
    *slices = (struct vl_slices){0};
    if (vl_cbor_peek(walk) == VL_CBOR_NOTHING)
        return false;
    read_range(walk, slices);
    return vl_cbor_ok(walk);
}

static enum vl_err read_payload(vl_bytes wire, struct vl_accepted_part *part, struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &part->act);
    enum vl_err err;

    part->has_answers = vl_field_hash_or_null(&in, KEY_ANSWERS, part->answers);
    part->has_giver = vl_field_hash_or_null(&in, KEY_GIVER, part->giver.at);
    vl_field_hash(&in, KEY_NUMBER, part->number);
    vl_field_hash(&in, KEY_WAYBILL, part->waybill);
    read_ranges(vl_field_value(&in, KEY_SLICES), part);
    err = vl_fields_close(&in, why);
    return err ? err : vl_act_check_capacity(&part->act, VL_CAPACITY_CUSTODIAN, why);
}

enum vl_err vl_accepted_part_read(const struct vl_object *object, struct vl_accepted_part *part,
                                  struct vl_why *why)
{
    enum vl_err err;

    *part = (struct vl_accepted_part){.slices_count = 0};
    if (object->kind != VL_KIND_ACCEPTED_PART)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": an object of another kind");
    err = read_payload(vl_object_payload(object), part, why);
    if (!err)
        err = vl_fields_check_sub(object, ABOUT, VL_ARRAY(part->number), why);
    if (!err)
        return VL_OK;
    *part = (struct vl_accepted_part){.slices_count = 0};
    return vl_fail_in(why, err, WHAT);
}

static void put_ranges(struct vl_cbor_out *w, const struct vl_accepted_part *part)
{
    vl_cbor_put_int(w, KEY_SLICES);
    vl_cbor_put_array(w, part->slices_count);
    if (!part->slices) {
        vl_cbor_put_item(w, part->slices_read);
        return;
    }
    for (size_t i = 0; i < part->slices_count && !w->err; i++) {
        vl_cbor_put_array(w, 2);
        vl_cbor_put_uint(w, part->slices[i].first);
        vl_cbor_put_uint(w, part->slices[i].count);
    }
}

enum vl_err vl_accepted_part_write(const struct vl_signer *signer,
                                   const struct vl_accepted_part *part, struct vl_buf *out,
                                   uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_accepted_part read_back = {.slices_count = 0};
    enum vl_err err;

    vl_fields_put_act(&w, signer, &part->act, OWN);
    vl_field_put_hash(&w, KEY_ANSWERS, part->has_answers, part->answers);
    vl_field_put_hash(&w, KEY_GIVER, part->has_giver, part->giver.at);
    vl_field_put_hash(&w, KEY_NUMBER, true, part->number);
    vl_field_put_hash(&w, KEY_WAYBILL, true, part->waybill);
    put_ranges(&w, part);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_payload(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, VL_KIND_ACCEPTED_PART, ABOUT, VL_ARRAY(part->number),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, WHAT) : VL_OK;
}
