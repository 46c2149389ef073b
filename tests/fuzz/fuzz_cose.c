/* SPDX-License-Identifier: Apache-2.0 */
/* Signed objects and keys from any bytes.  What is read as ours is read under every other profile,
 * with the same fields and the same id, and its bytes can be made in one way only; the fields lie
 * in the kept wire; a key that is taken is written in the one form that is taken again. */
#include <stdlib.h>
#include <string.h>

#include "cose/sign1.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

static void check(bool is_true)
{
    if (!is_true)
        abort();
}

static void check_inside(const struct vl_sign1 *sign1, vl_bytes field)
{
    vl_bytes wire = vl_buf_bytes(&sign1->wire);

    if (field.len > 0)
        check(field.ptr >= wire.ptr && field.len <= (size_t)(wire.ptr + wire.len - field.ptr));
}

static void check_fields(const struct vl_sign1 *sign1, vl_bytes wire)
{
    check(vl_bytes_eq(vl_buf_bytes(&sign1->wire), wire));
    check_inside(sign1, sign1->protected_header);
    check_inside(sign1, sign1->kid);
    check_inside(sign1, sign1->content_type);
    check_inside(sign1, sign1->claims.iss);
    check_inside(sign1, sign1->claims.sub);
    check_inside(sign1, sign1->payload);
    check_inside(sign1, sign1->signature);
    check(!sign1->is_detached || sign1->payload.len == 0);
}

/* Whoever verifies it, with a key of either kind, gets an answer and no signature by accident. */
static void try_keys(const struct vl_sign1 *sign1, const struct vl_sign1_beside *beside)
{
    static const struct vl_cose_key ed25519 = {VL_COSE_KEY_ED25519,
                                               {0x58, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                                                0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                                                0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66,
                                                0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66, 0x66},
                                               {0}}; /* the base point, which nobody signs with */
    static const struct vl_cose_key p256 = {VL_COSE_KEY_P256, {0}, {0}}; /* not on the curve */

    check(vl_sign1_verify(sign1, &ed25519, beside, NULL) != VL_OK);
    check(vl_sign1_verify(sign1, &p256, beside, NULL) != VL_OK);
}

/* The bytes of an object of ours follow from its three signed and signing strings. */
static void check_one_form(const struct vl_sign1 *sign1)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&again);

    vl_cbor_put_tag(&w, 18);
    vl_cbor_put_array(&w, 4);
    vl_cbor_put_bytes(&w, sign1->protected_header);
    vl_cbor_put_map(&w, 0);
    vl_cbor_put_bytes(&w, sign1->payload);
    vl_cbor_put_bytes(&w, sign1->signature);
    check(w.err == VL_OK);
    check(vl_bytes_eq(vl_buf_bytes(&again), vl_buf_bytes(&sign1->wire)));
}

static enum vl_err read_object(vl_bytes wire, enum vl_sign1_profile profile,
                               uint8_t id[VL_HASH_LEN])
{
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_sign1_beside beside = {false, VL_BYTES_NONE, VL_BYTES_NONE};
    enum vl_err err = vl_sign1_parse(wire, profile, &sign1, NULL);

    if (err) {
        check(sign1.wire.data == NULL && sign1.payload.len == 0);
        return err;
    }
    check_fields(&sign1, wire);
    beside.has_payload = sign1.is_detached;
    check(vl_sign1_id(&sign1, &beside, id, NULL) == VL_OK);
    if (profile == VL_SIGN1_OURS)
        check_one_form(&sign1);
    try_keys(&sign1, &beside);
    return VL_OK;
}

static void read_in_every_profile(vl_bytes wire)
{
    uint8_t ids[4][VL_HASH_LEN] = {{0}};
    enum vl_err ours = read_object(wire, VL_SIGN1_OURS, ids[0]);
    enum vl_err statement = read_object(wire, VL_SIGN1_STATEMENT, ids[1]);
    enum vl_err tagged = read_object(wire, VL_SIGN1_TAGGED, ids[2]);
    enum vl_err base = read_object(wire, VL_SIGN1_BASE, ids[3]);

    /* Each is stricter than the next; only the pairs of a map are limited more in COSE of others.
     */
    check(ours || statement == VL_OK || statement == VL_ERR_LIMIT);
    check(statement || tagged == VL_OK);
    check(tagged || base == VL_OK);
    check(ours || statement || memcmp(ids[0], ids[1], VL_HASH_LEN) == 0);
    check(statement || memcmp(ids[1], ids[2], VL_HASH_LEN) == 0);
    check(tagged || memcmp(ids[2], ids[3], VL_HASH_LEN) == 0);
}

static void read_key(vl_bytes wire)
{
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_COSE_KEY_MAX_LEN);
    struct vl_cose_key strict = VL_COSE_KEY_INIT, cose = VL_COSE_KEY_INIT, back = VL_COSE_KEY_INIT;
    enum vl_err strict_err = vl_cose_key_parse(wire, VL_CBOR_STRICT, &strict, NULL);
    enum vl_err cose_err = vl_cose_key_parse(wire, VL_CBOR_COSE, &cose, NULL);

    check(cose_err == VL_OK || cose.kind == VL_COSE_KEY_NONE);
    check(strict_err || cose_err == VL_OK);
    if (cose_err)
        return;
    check(vl_cose_key_write(&cose, &again) == VL_OK);
    check(vl_cose_key_parse(vl_buf_bytes(&again), VL_CBOR_STRICT, &back, NULL) == VL_OK);
    check(memcmp(&back, &cose, sizeof back) == 0);
    check((strict_err == VL_OK) == vl_bytes_eq(vl_buf_bytes(&again), wire));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    read_in_every_profile(vl_bytes_of(data, len));
    read_key(vl_bytes_of(data, len));
    return 0;
}
