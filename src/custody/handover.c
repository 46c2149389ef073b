/* SPDX-License-Identifier: Apache-2.0 */
#include "custody/handover.h"

#include <string.h>

enum key {
    KEY_HANDOVER = VL_ACT_OWN_KEYS,
    KEY_BAG,
    KEY_TAKER,
    KEY_CARRIER,
    KEY_SEGMENTS,
    KEY_ROOT,
    KEY_COUNT,
    KEY_EVIDENCE_ROOT,
    KEY_EVIDENCE_COUNT,
    KEY_SEALS,
    KEY_PREVIOUS,
    KEY_END
};
#define OWN   (KEY_END - VL_ACT_OWN_KEYS)
#define WHAT  "transferred"
#define ABOUT "handover"

static void read_segment(struct vl_cbor *r, struct vl_handed_segment *segment)
{
    const size_t count = vl_cbor_array(r, 3, 4);
    vl_bytes hash, bag;

    segment->name = vl_cbor_text(r, 1, VL_HANDED_SEGMENT_MAX_NAME);
    segment->length = vl_cbor_uint(r, UINT64_MAX);
    hash = vl_cbor_bytes(r, VL_HASH_LEN, VL_HASH_LEN);
    if (hash.len == VL_HASH_LEN)
        memcpy(segment->hash, hash.ptr, VL_HASH_LEN);
    if (count < 4)
        return;
    bag = vl_cbor_bytes(r, VL_NONCE_LEN, VL_NONCE_LEN);
    segment->elsewhere = bag.len == VL_NONCE_LEN;
    if (segment->elsewhere)
        memcpy(segment->bag, bag.ptr, VL_NONCE_LEN);
}

static void read_segments(struct vl_cbor *r, struct vl_transferred *transferred)
{
    size_t count = vl_cbor_array(r, 0, VL_TRANSFERRED_MAX_SEGMENTS);
    const uint8_t *start = r->at;

    for (size_t i = 0; i < count && vl_cbor_ok(r); i++) {
        struct vl_handed_segment segment = {.length = 0};

        read_segment(r, &segment);
    }
    if (!vl_cbor_ok(r))
        return;
    transferred->segment_count = count;
    transferred->segments_read = vl_bytes_of(start, (size_t)(r->at - start));
}

struct vl_cbor vl_handed_segments_walk(const struct vl_transferred *transferred)
{
    return vl_cbor_open(transferred->segments_read, VL_CBOR_STRICT);
}

bool vl_handed_segments_next(struct vl_cbor *walk, struct vl_handed_segment *segment)
{
    *segment = (struct vl_handed_segment){.length = 0};
    if (vl_cbor_peek(walk) == VL_CBOR_NOTHING)
        return false;
    read_segment(walk, segment);
    return vl_cbor_ok(walk);
}

/* A bag without letters carries evidence home; its tree is the empty one. */
static bool is_evidence_only(const struct vl_transferred *transferred)
{
    const struct vl_tree nothing = VL_TREE_INIT;
    uint8_t root[VL_HASH_LEN];

    vl_tree_root(&nothing, root);
    return transferred->has_evidence && memcmp(transferred->batch.root, root, VL_HASH_LEN) == 0;
}

static enum vl_err check(const struct vl_transferred *transferred, struct vl_why *why)
{
    if (transferred->has_evidence != (transferred->evidence_count > 0))
        return vl_fail(why, VL_ERR_FORMAT, "a root and a count of evidence that do not agree");
    if (transferred->batch.count == 0 && !is_evidence_only(transferred))
        return vl_fail(why, VL_ERR_FORMAT, "a bag of neither letters nor evidence");
    if (!transferred->has_taker && transferred->carrier.len == 0)
        return vl_fail(why, VL_ERR_FORMAT, "to nobody: neither a taker nor a named courier");
    return vl_act_check_capacity(&transferred->act, VL_CAPACITY_CUSTODIAN, why);
}

static enum vl_err read_payload(vl_bytes wire, struct vl_transferred *transferred,
                                struct vl_why *why)
{
    struct vl_fields in = vl_fields_open(wire, &transferred->act);
    enum vl_err err;

    vl_field_nonce(&in, KEY_HANDOVER, transferred->handover);
    transferred->has_bag = vl_field_nonce_or_null(&in, KEY_BAG, transferred->bag);
    transferred->has_taker = vl_field_hash_or_null(&in, KEY_TAKER, transferred->taker.at);
    transferred->carrier = vl_field_text_or_null(&in, KEY_CARRIER, VL_MAX_NAME);
    read_segments(vl_field_value(&in, KEY_SEGMENTS), transferred);
    vl_field_hash(&in, KEY_ROOT, transferred->batch.root);
    transferred->batch.count = vl_cbor_uint(vl_field_value(&in, KEY_COUNT), VL_BATCH_MAX);
    transferred->has_evidence =
        vl_field_hash_or_null(&in, KEY_EVIDENCE_ROOT, transferred->evidence_root);
    transferred->evidence_count =
        vl_cbor_uint(vl_field_value(&in, KEY_EVIDENCE_COUNT), VL_BATCH_MAX);
    vl_field_seals(&in, KEY_SEALS, &transferred->seals);
    transferred->has_previous = vl_field_hash_or_null(&in, KEY_PREVIOUS, transferred->previous);
    err = vl_fields_close(&in, why);
    return err ? err : check(transferred, why);
}

enum vl_err vl_transferred_read(const struct vl_object *object, struct vl_transferred *transferred,
                                struct vl_why *why)
{
    enum vl_err err;

    *transferred = (struct vl_transferred){.segment_count = 0};
    if (object->kind != VL_KIND_TRANSFERRED)
        return vl_fail(why, VL_ERR_FORMAT, WHAT ": an object of another kind");
    err = read_payload(vl_object_payload(object), transferred, why);
    if (!err)
        err = vl_fields_check_sub(object, ABOUT, VL_ARRAY(transferred->handover), why);
    if (!err)
        return VL_OK;
    *transferred = (struct vl_transferred){.segment_count = 0};
    return vl_fail_in(why, err, WHAT);
}

static void put_segments(struct vl_cbor_out *w, const struct vl_transferred *transferred)
{
    vl_cbor_put_int(w, KEY_SEGMENTS);
    vl_cbor_put_array(w, transferred->segment_count);
    if (!transferred->segments) {
        vl_cbor_put_item(w, transferred->segments_read);
        return;
    }
    for (size_t i = 0; i < transferred->segment_count && !w->err; i++) {
        const struct vl_handed_segment *segment = &transferred->segments[i];

        vl_cbor_put_array(w, segment->elsewhere ? 4 : 3);
        vl_cbor_put_text(w, segment->name);
        vl_cbor_put_uint(w, segment->length);
        vl_cbor_put_bytes(w, VL_ARRAY(segment->hash));
        if (segment->elsewhere)
            vl_cbor_put_bytes(w, VL_ARRAY(segment->bag));
    }
}

static void put_payload(struct vl_cbor_out *w, const struct vl_signer *signer,
                        const struct vl_transferred *transferred)
{
    vl_fields_put_act(w, signer, &transferred->act, OWN);
    vl_field_put_nonce(w, KEY_HANDOVER, true, transferred->handover);
    vl_field_put_nonce(w, KEY_BAG, transferred->has_bag, transferred->bag);
    vl_field_put_hash(w, KEY_TAKER, transferred->has_taker, transferred->taker.at);
    vl_field_put_text(w, KEY_CARRIER, transferred->carrier);
    put_segments(w, transferred);
    vl_field_put_hash(w, KEY_ROOT, true, transferred->batch.root);
    vl_field_put_uint(w, KEY_COUNT, transferred->batch.count);
    vl_field_put_hash(w, KEY_EVIDENCE_ROOT, transferred->has_evidence, transferred->evidence_root);
    vl_field_put_uint(w, KEY_EVIDENCE_COUNT, transferred->evidence_count);
    vl_field_put_seals(w, KEY_SEALS, &transferred->seals);
    vl_field_put_hash(w, KEY_PREVIOUS, transferred->has_previous, transferred->previous);
}

enum vl_err vl_transferred_write(const struct vl_signer *signer,
                                 const struct vl_transferred *transferred, struct vl_buf *out,
                                 uint8_t id[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf payload = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&payload);
    struct vl_transferred read_back = {.segment_count = 0};
    enum vl_err err;

    put_payload(&w, signer, transferred);
    err = w.err ? vl_fail(why, w.err, "%s", vl_err_words(w.err))
                : read_payload(vl_buf_bytes(&payload), &read_back, why);
    if (!err)
        err = vl_fields_sign(signer, VL_KIND_TRANSFERRED, ABOUT, VL_ARRAY(transferred->handover),
                             vl_buf_bytes(&payload), out, id, why);
    return err ? vl_fail_in(why, err, WHAT) : VL_OK;
}
