/* SPDX-License-Identifier: Apache-2.0 */
/* card/object.h: several signatures over the same words are one object with one id. */
#include "golden.h"
#include "offices.h"

static const struct vl_office_id some_office = {{0x0f}};

/* clang-format off */
static const struct row {
    const char *name;
    const char *wire;
    enum vl_err err;
    const char *words;
} rows[] = {
    {"two signatures",           "@full", VL_OK, NULL},
    {"one signature",            "@by-a-only", VL_OK, NULL},
    {"a third, of an unknown algorithm", "@full-unknown-too", VL_OK, NULL},
    {"a claim that both cover",  "@all-claims-alike", VL_OK, NULL},
    {"nothing",                  "", VL_ERR_FORMAT, "object: array of signatures: byte 0: cut short"},
    {"a signature without array", "d28441a0a04100", VL_ERR_FORMAT, "object: array of signatures: byte 0: wanted an array"},
    {"no signature",             "80", VL_ERR_LIMIT, "object: array of signatures: byte 0: a number of items outside its limits"},
    {"five signatures",          "85f6f6f6f6f6", VL_ERR_LIMIT, "object: array of signatures: byte 0: a number of items outside its limits"},
    {"a head that is too long",  "9801f6", VL_ERR_FORMAT, "object: array of signatures: byte 0: not the shortest form"},
    {"no object inside",         "81f6", VL_ERR_FORMAT, "object: signed object: array: byte 0: wanted a tag"},
    {"half of it",               "82f6", VL_ERR_FORMAT, "object: array of signatures: byte 0: more items promised than bytes are left"},
    {"another claim",            "@other-claim", VL_ERR_FORMAT, "object: signature 2 is over other claims"},
    {"another time",             "@other-iat", VL_ERR_FORMAT, "object: signature 2 is over other claims"},
    {"another sub",              "@other-sub", VL_ERR_FORMAT, "object: signature 2 is over other claims"},
    {"another kind",             "@other-kind", VL_ERR_FORMAT, "object: signature 2 is over another content type"},
    {"another payload",          "@other-payload", VL_ERR_FORMAT, "object: signature 2 is over another payload"},
    {"issuer in upper case",     "@iss-upper", VL_ERR_FORMAT, "object: its issuer is not written as an office's"},
    {"issuer without its end",   "@iss-no-slash", VL_ERR_FORMAT, "object: its issuer is not written as an office's"},
    {"an issuer of another kind", "@iss-other", VL_ERR_FORMAT, "object: its issuer is not written as an office's"},
    {"an unknown kind",          "@kind-unknown", VL_ERR_UNSUPPORTED, "object: of a kind that is not known here"},
    {"ES256 in its other form",  "@high-s", VL_ERR_FORMAT, "object: signed object: an ES256 signature in its high-S form"},
    {"an unprotected word",      "@unprotected", VL_ERR_FORMAT, "object: signed object: the unprotected header is not empty"},
};
/* clang-format on */

static void check_empty(const struct vl_object *object)
{
    assert_int_equal(object->kind, VL_KIND_NONE);
    assert_int_equal(object->count, 0);
    assert_null(object->by[0].wire.data);
}

static void each_object_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(rows[i].wire);
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
        struct vl_why why = {""};
        enum vl_err err = vl_object_parse(vl_buf_bytes(&wire), &object, &why);

        if (err != rows[i].err || (err && strcmp(why.text, rows[i].words) != 0))
            fail_msg("%s: %s, \"%s\"", rows[i].name, vl_err_name(err), why.text);
        if (err) {
            check_empty(&object);
            continue;
        }
        assert_int_equal(vl_object_write(&object, &again), VL_OK);
        assert_bytes(vl_buf_bytes(&again), vl_buf_bytes(&wire));
    }
}

static void a_byte_more_or_less_is_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("full");
    struct vl_why why = {""};

    (void)state;
    for (size_t len = 0; len < wire.len; len++) {
        VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;

        assert_int_not_equal(vl_object_parse(vl_bytes_of(wire.data, len), &object, &why), VL_OK);
        check_empty(&object);
    }
    assert_int_equal(vl_buf_put_byte(&wire, 0), VL_OK);
    {
        VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;

        assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_ERR_FORMAT, &why);
        check_empty(&object);
    }
}

static void an_object_over_its_limit_is_not_looked_at(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN + 1);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_why why = {""};
    uint8_t *at = NULL;

    (void)state;
    assert_int_equal(vl_buf_add(&wire, VL_OBJECT_MAX_LEN + 1, &at), VL_OK);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "object: 262161 bytes, more than 262160");
}

static void the_id_is_that_of_the_first_signature(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("full");
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(GOLDEN_FULL_ID);
    VL_AUTO(vl_buf_release) struct vl_buf issuer = hex(GOLDEN_IDENTITY);
    VL_AUTO(vl_object_release) struct vl_object object = object_of_wire(vl_buf_bytes(&wire));
    int64_t at_s = 5;

    (void)state;
    assert_bytes(VL_ARRAY(object.id), vl_buf_bytes(&wanted));
    assert_bytes(VL_ARRAY(object.issuer.at), vl_buf_bytes(&issuer));
    assert_int_equal(object.kind, VL_KIND_SEALED);
    assert_bytes(vl_object_sub(&object), VL_LITERAL("valise:letter:00"));
    assert_ptr_equal(vl_object_payload(&object).ptr, object.by[0].payload.ptr);
    assert_false(vl_object_signed_at(&object, &at_s));
    assert_int_equal(at_s, 5);
}

static void attack_26_other_signature_bytes_are_no_other_object(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("full");
    VL_AUTO(vl_object_release) struct vl_object object = object_of_wire(vl_buf_bytes(&wire));
    VL_AUTO(vl_object_release) struct vl_object other = VL_OBJECT_INIT;
    vl_bytes signature = object.by[0].signature;
    size_t at = 1; /* the head of the array; then comes the first signature */

    (void)state;
    at += (size_t)(signature.ptr - object.by[0].wire.data);
    wire.data[at] ^= 1;
    other = object_of_wire(vl_buf_bytes(&wire));
    assert_memory_not_equal(other.by[0].signature.ptr, signature.ptr, signature.len);
    assert_bytes(VL_ARRAY(other.id), VL_ARRAY(object.id));
}

static void attack_26_an_es256_signature_has_one_form(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("high-s");
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_ERR_FORMAT, &why);
}

static void attack_26_nothing_rides_in_the_unprotected_header(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("unprotected");
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_ERR_FORMAT, &why);
}

static struct vl_signer signer_of(const struct seeds *seeds)
{
    return (struct vl_signer){.office = some_office,
                              .seeds = seeds->at,
                              .seed_count = seeds->count,
                              .has_iat = true,
                              .iat_s = 1700000000};
}

static void what_is_signed_is_read_back(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct seeds seeds = seeds_of("abcd");
    struct vl_signer signer = signer_of(&seeds);
    struct vl_why why = {""};
    uint8_t id[VL_HASH_LEN], kid[VL_HASH_LEN];
    int64_t at_s = 0;

    (void)state;
    assert_int_equal(vl_buf_put(&out, VL_LITERAL("before")), VL_OK);
    assert_err(vl_object_sign(&signer, VL_KIND_OPENED, VL_LITERAL("valise:letter:ff"),
                              VL_LITERAL("\xa1\x00\x01"), &out, id, &why),
               VL_OK, &why);
    assert_bytes(vl_bytes_first(vl_buf_bytes(&out), 6), VL_LITERAL("before"));
    object = object_of_wire(vl_bytes_after(vl_buf_bytes(&out), 6));
    assert_int_equal(object.count, 4);
    assert_int_equal(object.kind, VL_KIND_OPENED);
    assert_true(vl_office_id_eq(&object.issuer, &some_office));
    assert_bytes(VL_ARRAY(object.id), VL_ARRAY(id));
    assert_true(vl_object_signed_at(&object, &at_s) && at_s == 1700000000);
    for (size_t i = 0; i < 4; i++) {
        struct vl_cose_key key = key_of_byte((uint8_t) "abcd"[i]);

        kid_of_byte((uint8_t) "abcd"[i], kid);
        assert_bytes(object.by[i].kid, VL_ARRAY(kid));
        assert_err(vl_sign1_verify(&object.by[i], &key, NULL, &why), VL_OK, &why);
    }
}

static void what_would_be_refused_is_not_signed(void **state)
{
    static const struct {
        const char *keys;
        enum vl_kind kind;
        const char *sub;
        enum vl_err err;
        const char *words;
    } cases[] = {
        {"", VL_KIND_SEALED, "s", VL_ERR_LIMIT, "object: 0 keys to sign with, not 1 to 4"},
        {"abcde", VL_KIND_SEALED, "s", VL_ERR_LIMIT, "object: 5 keys to sign with, not 1 to 4"},
        {"aa", VL_KIND_SEALED, "s", VL_ERR_FORMAT, "object: signatures 1 and 2 are of one key"},
        {"aba", VL_KIND_SEALED, "s", VL_ERR_FORMAT, "object: signatures 1 and 3 are of one key"},
        {"a", VL_KIND_SEALED, "", VL_ERR_LIMIT, NULL},
        {"a", VL_KIND_NONE, "s", VL_ERR_LIMIT, NULL},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        struct seeds seeds = seeds_of(cases[i].keys);
        struct vl_signer signer = signer_of(&seeds);
        struct vl_why why = {""};

        assert_err(vl_object_sign(&signer, cases[i].kind, vl_bytes_str(cases[i].sub),
                                  VL_LITERAL("\xa0"), &out, NULL, &why),
                   cases[i].err, &why);
        if (cases[i].words)
            assert_string_equal(why.text, cases[i].words);
        assert_int_equal(out.len, 0);
    }
}

static void what_does_not_fit_leaves_out_as_it_was(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("full");
    VL_AUTO(vl_object_release) struct vl_object object = object_of_wire(vl_buf_bytes(&wire));
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(100);
    struct seeds seeds = seeds_of("a");
    struct vl_signer signer = signer_of(&seeds);
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_buf_put_byte(&out, 7), VL_OK);
    assert_int_equal(vl_object_write(&object, &out), VL_ERR_LIMIT);
    assert_int_equal(out.len, 1);
    assert_err(vl_object_sign(&signer, VL_KIND_SEALED, VL_LITERAL("s"), VL_LITERAL("\xa0"), &out,
                              NULL, &why),
               VL_ERR_LIMIT, &why);
    assert_int_equal(out.len, 1);
}

static enum vl_err parse_golden(void *self, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err = vl_object_parse(*(vl_bytes *)self, &object, why);

    if (err)
        check_empty(&object);
    return err;
}

static enum vl_err sign_something(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_signer signer = signer_of(self);
    enum vl_err err = vl_object_sign(&signer, VL_KIND_SEALED, VL_LITERAL("s"), VL_LITERAL("\xa0"),
                                     &out, NULL, why);

    assert_true(err ? out.len == 0 : out.len > 0);
    return err;
}

static void each_allocation_may_fail(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("full");
    vl_bytes bytes = vl_buf_bytes(&wire);
    struct seeds seeds = seeds_of("ab");

    (void)state;
    assert_true(each_allocation_fails(parse_golden, &bytes) > 2);
    assert_true(each_allocation_fails(sign_something, &seeds) > 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_object_is_read_or_refused_by_the_table),
        cmocka_unit_test(a_byte_more_or_less_is_refused),
        cmocka_unit_test(an_object_over_its_limit_is_not_looked_at),
        cmocka_unit_test(the_id_is_that_of_the_first_signature),
        cmocka_unit_test(attack_26_other_signature_bytes_are_no_other_object),
        cmocka_unit_test(attack_26_an_es256_signature_has_one_form),
        cmocka_unit_test(attack_26_nothing_rides_in_the_unprotected_header),
        cmocka_unit_test(what_is_signed_is_read_back),
        cmocka_unit_test(what_would_be_refused_is_not_signed),
        cmocka_unit_test(what_does_not_fit_leaves_out_as_it_was),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
