/* SPDX-License-Identifier: Apache-2.0 */
/* Signed objects, and the acts inside them, from any bytes.  What is read is written back to the
 * same bytes; an object's id is that of its first signature, and all are over one payload. */
#include <stdlib.h>
#include <string.h>

#include "card/act.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_signatures(const struct vl_object *object)
{
    uint8_t id[VL_HASH_LEN];

    check(object->count >= 1 && object->count <= VL_OBJECT_MAX_SIGNATURES);
    check(vl_sign1_id(&object->by[0], NULL, id, NULL) == VL_OK);
    check(memcmp(id, object->id, sizeof id) == 0);
    for (size_t i = 0; i < object->count; i++) {
        const struct vl_sign1 *by = &object->by[i];

        check(vl_bytes_eq(by->payload, vl_object_payload(object)));
        check(vl_bytes_eq(by->claims.sub, vl_object_sub(object)));
        check(vl_kind_of_content_type(by->content_type) == object->kind);
        for (size_t k = 0; k < i; k++)
            check(!vl_bytes_eq(by->kid, object->by[k].kid));
    }
}

static void read_object(vl_bytes wire)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    char eid[VL_OFFICE_EID];

    if (vl_object_parse(wire, &object, NULL)) {
        check(object.count == 0 && object.kind == VL_KIND_NONE);
        return;
    }
    check(vl_object_write(&object, &again) == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), wire));
    check(
        vl_bytes_eq(object.by[0].claims.iss, vl_bytes_str(vl_office_id_eid(&object.issuer, eid))));
    check_signatures(&object);
}

/* An act without keys of its own: nothing of it is lost in reading. */
static void read_act(vl_bytes wire)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, 0, UINT8_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&again);
    uint8_t card_id[VL_HASH_LEN];
    struct vl_act act;
    int64_t key;

    vl_act_read(&r, &map, &act, &key);
    if (!vl_cbor_ok(&r))
        return;
    check(vl_act_card_id(wire, card_id, NULL) == VL_OK);
    check(memcmp(card_id, act.card_id, sizeof card_id) == 0);
    if (key != 0 || vl_cbor_close(&r, "act", NULL))
        return;
    vl_cbor_put_map(&w, vl_act_pairs(&act));
    vl_act_put(&w, &act);
    check(w.err == VL_OK && vl_bytes_eq(vl_buf_bytes(&again), wire));
}

static void read_office(vl_bytes text)
{
    struct vl_office_id id;
    char eid[VL_OFFICE_EID];

    if (vl_office_id_of_eid(text, &id) == VL_OK)
        check(vl_bytes_eq(text, vl_bytes_str(vl_office_id_eid(&id, eid))));
    if (vl_office_id_parse(text, &id) == VL_OK)
        check(text.len == VL_OFFICE_TEXT - 1);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    read_object(vl_bytes_of(data, len));
    read_act(vl_bytes_of(data, len));
    read_office(vl_bytes_of(data, len));
    return 0;
}
