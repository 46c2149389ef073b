/* SPDX-License-Identifier: Apache-2.0 */
/* letter/manifest.h, reading: every other form is refused, and so is what was not signed. */
#include "manifests.h"

/* A manifest with another payload, signed by its sender, and the openings of the first. */
static struct vl_buf with_payload(const struct a_draft *draft, enum vl_kind kind, vl_bytes sub,
                                  vl_bytes payload)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = written(draft);
    VL_AUTO(vl_buf_release) struct vl_buf object = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_STRICT);
    struct vl_buf out = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&out);
    struct vl_why why = {""};

    (void)vl_cbor_array(&r, 4, 4);
    (void)vl_cbor_item(&r);
    assert_err(vl_object_sign(&draft->from.signer, kind, sub, payload, &object, NULL, &why), VL_OK,
               &why);
    vl_cbor_put_array(&w, 4);
    vl_cbor_put_item(&w, vl_buf_bytes(&object));
    vl_cbor_put_item(&w, vl_bytes_of(r.at, (size_t)(r.end - r.at)));
    assert_int_equal(w.err, VL_OK);
    return out;
}

/* What the signed core may not be.  `at` counts from the end of the act's six keys, which end at
 * byte 46 of the payload; `was` bytes are replaced. */
/* clang-format off */
#define WITH(text) {(const uint8_t *)(text), sizeof(text) - 1}
static const struct payload_row {
    const char *name;
    size_t at, was;
    vl_bytes now;
    enum vl_err err;
    const char *words; /* behind "manifest: " */
} payload_rows[] = {
    {"another version",      2, 1, WITH("\2"), VL_ERR_UNSUPPORTED, "signed core: payload: byte 3: a version that is not known here"},
    {"no mode",              46, 2, WITH(""), VL_ERR_FORMAT, "signed core: payload: byte 47: a key is missing or not known"},
    {"a key between",        46, 1, WITH("\11"), VL_ERR_FORMAT, "signed core: payload: byte 47: a key that no act has"},
    {"mode 0",               47, 1, WITH("\0"), VL_ERR_UNSUPPORTED, "signed core: payload: byte 48: a mode that is not known here"},
    {"mode 257",             47, 1, WITH("\x19\1\1"), VL_ERR_LIMIT, "signed core: payload: byte 47: an unsigned integer over its limit"},
    {"mode open",            47, 1, WITH("\2"), VL_ERR_FORMAT, "signed core: payload: byte 105: an open letter that names an envelope"},
    {"a longer letter id",   49, 17, WITH("\x51" "1234567890abcdefg"), VL_ERR_LIMIT, "signed core: payload: byte 49: a string whose length is outside its limits"},
    {"another letter id",    49, 17, WITH("\x50" "1234567890abcdef"), VL_ERR_FORMAT, "signed core: its subject is not its letter id"},
    {"a sealing of three numbers", 67, 3, WITH("\x83\1\2\3"), VL_ERR_LIMIT, "signed core: payload: byte 67: a number of items outside its limits"},
    {"a short commitment",   71, 34, WITH("\x41\1"), VL_ERR_LIMIT, "signed core: payload: byte 71: a string whose length is outside its limits"},
    {"padded, or nearly",    106, 1, WITH("\1"), VL_ERR_FORMAT, "signed core: payload: byte 106: wanted true or false"},
    {"another thing padded", 105, 1, WITH("\x0d"), VL_ERR_FORMAT, "signed core: payload: byte 105: a key twice in one map"},
    {"five fields",          108, 35, WITH("\x85"), VL_ERR_LIMIT, "signed core: payload: byte 108: a number of items outside its limits"},
    {"another key for parts", 313, 1, WITH("\x11"), VL_ERR_FORMAT, "signed core: payload: byte 314: a key is missing or not known"},
};
/* clang-format on */

static void a_core_of_any_other_form_is_refused(void **state)
{
    struct a_draft draft;
    VL_AUTO(vl_manifest_release) struct vl_manifest good = VL_MANIFEST_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    struct vl_why why = {""};
    vl_bytes payload;

    (void)state;
    draft_sealed(&draft);
    wire = written(&draft);
    assert_err(vl_manifest_parse(vl_buf_bytes(&wire), &good, &why), VL_OK, &why);
    payload = vl_object_payload(&good.core);
    for (size_t i = 0; i < COUNT(payload_rows); i++) {
        const struct payload_row *row = &payload_rows[i];
        VL_AUTO(vl_manifest_release) struct vl_manifest got = VL_MANIFEST_INIT;
        VL_AUTO(vl_buf_release) struct vl_buf changed = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
        VL_AUTO(vl_buf_release) struct vl_buf spoiled_wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
        enum vl_err err;

        assert_int_equal(vl_buf_put(&changed, vl_bytes_first(payload, row->at)), VL_OK);
        assert_int_equal(vl_buf_put(&changed, row->now), VL_OK);
        assert_int_equal(vl_buf_put(&changed, vl_bytes_after(payload, row->at + row->was)), VL_OK);
        spoiled_wire = with_payload(&draft, VL_KIND_MANIFEST, vl_object_sub(&good.core),
                                    vl_buf_bytes(&changed));
        err = vl_manifest_parse(vl_buf_bytes(&spoiled_wire), &got, &why);
        if (err != row->err || strcmp(why.text + strlen("manifest: "), row->words) != 0)
            fail_msg("%s: %s (%s)", row->name, vl_err_name(err), why.text);
        assert_null(got.wire.data);
    }
}

static void another_kind_or_subject_is_refused(void **state)
{
    struct a_draft draft;
    VL_AUTO(vl_manifest_release) struct vl_manifest good = VL_MANIFEST_INIT, got = VL_MANIFEST_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf opened = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    struct vl_why why = {""};

    (void)state;
    draft_sealed(&draft);
    wire = written(&draft);
    assert_err(vl_manifest_parse(vl_buf_bytes(&wire), &good, &why), VL_OK, &why);
    opened = with_payload(&draft, VL_KIND_OPENED, vl_object_sub(&good.core),
                          vl_object_payload(&good.core));
    assert_err(vl_manifest_parse(vl_buf_bytes(&opened), &got, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "manifest: signed core: another kind of object: opened");
    other = with_payload(&draft, VL_KIND_MANIFEST, VL_LITERAL("valise:letter:00"),
                         vl_object_payload(&good.core));
    assert_err(vl_manifest_parse(vl_buf_bytes(&other), &got, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "manifest: signed core: its subject is not its letter id");
}

/* Where the openings begin, counted from the start of the wire. */
static size_t openings_at(vl_bytes wire)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);

    (void)vl_cbor_array(&r, 4, 4);
    (void)vl_cbor_item(&r);
    return (size_t)(r.at - r.start);
}

/* PROTOCOL 12: whatever is changed in what a digest is of, the digest tells. */
static void attack_12_no_opening_but_its_own_fits_a_digest(void **state)
{
    struct a_draft draft;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    size_t refused = 0, unverified = 0, last;

    (void)state;
    draft_sealed(&draft);
    wire = written(&draft);
    last = wire.len - 2 * (VL_HASH_LEN + 2); /* the opening values have no digest */
    for (size_t i = openings_at(vl_buf_bytes(&wire)); i < last; i++)
        for (unsigned bit = 0; bit < 8; bit += 3) {
            VL_AUTO(vl_manifest_release) struct vl_manifest got = VL_MANIFEST_INIT;
            struct vl_why why = {""};
            enum vl_err err;

            wire.data[i] ^= (uint8_t)(1 << bit);
            err = vl_manifest_parse(vl_buf_bytes(&wire), &got, &why);
            wire.data[i] ^= (uint8_t)(1 << bit);
            assert_int_not_equal(err, VL_OK);
            refused++;
            unverified += err == VL_ERR_UNVERIFIED;
            if (err == VL_ERR_UNVERIFIED)
                assert_non_null(strstr(why.text, "not what was signed"));
        }
    assert_true(unverified > refused / 2);
}

/* Openings change places: both are of the letter, neither is of the digest it stands for. */
static void attack_12_openings_in_each_others_places(void **state)
{
    struct a_draft draft;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    VL_AUTO(vl_manifest_release) struct vl_manifest got = VL_MANIFEST_INIT;
    struct vl_why why = {""};
    struct vl_cbor r;
    vl_bytes first, second;
    uint8_t *at;

    (void)state;
    draft_sealed(&draft);
    draft.parts[0] = part_of(VL_LITERAL("a.txt"), VL_BYTES_NONE, VL_BYTES_NONE, VL_LITERAL("1"));
    draft.parts[1] = part_of(VL_LITERAL("b.txt"), VL_BYTES_NONE, VL_BYTES_NONE, VL_LITERAL("2"));
    wire = written(&draft);
    r = vl_cbor_open(vl_bytes_after(vl_buf_bytes(&wire), openings_at(vl_buf_bytes(&wire))),
                     VL_CBOR_STRICT);
    (void)vl_cbor_item(&r);
    (void)vl_cbor_array(&r, 2, 2);
    first = vl_cbor_item(&r);
    second = vl_cbor_item(&r);
    assert_int_equal(first.len, second.len);
    at = wire.data + (first.ptr - wire.data);
    for (size_t i = 0; i < first.len; i++) {
        uint8_t byte = at[i];

        at[i] = at[i + first.len];
        at[i + first.len] = byte;
    }
    assert_err(vl_manifest_parse(vl_buf_bytes(&wire), &got, &why), VL_ERR_UNVERIFIED, &why);
    assert_string_equal(why.text, "manifest: part 1: not what was signed");
}

static void cut_anywhere_it_is_refused(void **state)
{
    struct a_draft draft;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);
    VL_AUTO(vl_manifest_release) struct vl_manifest got = VL_MANIFEST_INIT;
    struct vl_why why = {""};

    (void)state;
    draft_sealed(&draft);
    wire = written(&draft);
    for (size_t len = 0; len < wire.len; len++) {
        assert_err(vl_manifest_parse(vl_bytes_of(wire.data, len), &got, &why), VL_ERR_FORMAT, &why);
        assert_null(got.wire.data);
    }
    assert_int_equal(vl_buf_put_byte(&wire, 0), VL_OK);
    assert_err(vl_manifest_parse(vl_buf_bytes(&wire), &got, &why), VL_ERR_FORMAT, &why);
}

static void over_4_mib_it_is_not_looked_at(void **state)
{
    VL_AUTO(vl_manifest_release) struct vl_manifest got = VL_MANIFEST_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(2 * VL_MANIFEST_MAX_LEN);
    struct vl_why why = {""};
    uint8_t *at;

    (void)state;
    assert_int_equal(vl_buf_add(&wire, VL_MANIFEST_MAX_LEN + 1, &at), VL_OK);
    assert_err(vl_manifest_parse(vl_buf_bytes(&wire), &got, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "manifest: 4194305 bytes, more than 4194304");
}

static enum vl_err parse_once(void *self, struct vl_why *why)
{
    const struct vl_buf *wire = self;
    VL_AUTO(vl_manifest_release) struct vl_manifest got = VL_MANIFEST_INIT;
    enum vl_err err = vl_manifest_parse(vl_buf_bytes(wire), &got, why);

    assert_true(!err || (got.wire.data == NULL && got.parts == NULL && got.core.count == 0));
    return err;
}

static void each_allocation_that_fails_is_told(void **state)
{
    struct a_draft draft;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_MANIFEST_MAX_LEN);

    (void)state;
    draft_sealed(&draft);
    wire = written(&draft);
    assert_true(each_allocation_fails(parse_once, &wire) > 8);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_core_of_any_other_form_is_refused),
        cmocka_unit_test(another_kind_or_subject_is_refused),
        cmocka_unit_test(attack_12_no_opening_but_its_own_fits_a_digest),
        cmocka_unit_test(attack_12_openings_in_each_others_places),
        cmocka_unit_test(cut_anywhere_it_is_refused),
        cmocka_unit_test(over_4_mib_it_is_not_looked_at),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
