/* SPDX-License-Identifier: Apache-2.0 */
/* cose/sign1.h, writing: the bytes another program makes, every time, and none that we refuse. */
#include "parts.h"

static const uint8_t payload[] = {0xa1, 0x00, 0x01};

/* The draft of GOLDEN_ED; kid has 32 bytes. */
static struct vl_sign1_draft golden_draft(vl_bytes kid)
{
    return (struct vl_sign1_draft){
        .alg = VL_COSE_ALG_EDDSA,
        .kid = kid,
        .content_type = VL_LITERAL("application/vnd.valise.seen.v1+cbor"),
        .claims = {VL_LITERAL("dtn://office1test/"), VL_LITERAL("valise:office:00"), true,
                   1700000000},
        .payload = VL_ARRAY(payload),
    };
}

static void the_bytes_are_those_another_program_makes(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf kid = hex(ED_KID);
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(GOLDEN_ED);
    VL_AUTO(vl_secret_wipe) struct vl_secret seed = ed_seed();
    struct vl_sign1_draft draft = golden_draft(vl_buf_bytes(&kid));
    struct vl_why why = {""};

    (void)state;
    for (int twice = 0; twice < 2; twice++) {
        VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(VL_SIGN1_MAX_LEN);

        assert_err(vl_sign1_write(&draft, &seed, &got, &why), VL_OK, &why);
        assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
    }
}

static void so_are_those_without_a_time_and_by_the_newer_number(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf kid = hex(ED_KID);
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(GOLDEN_ED_19);
    VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_secret_wipe) struct vl_secret seed = ed_seed();
    struct vl_sign1_draft draft = golden_draft(vl_buf_bytes(&kid));
    struct vl_why why = {""};

    (void)state;
    draft.alg = VL_COSE_ALG_ED25519;
    draft.claims.has_iat = false;
    assert_err(vl_sign1_write(&draft, &seed, &got, &why), VL_OK, &why);
    assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
}

static void what_is_written_is_appended_read_and_verified(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf kid = hex(ED_KID);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    VL_AUTO(vl_secret_wipe) struct vl_secret seed = ed_seed();
    struct vl_sign1_draft draft = golden_draft(vl_buf_bytes(&kid));
    struct vl_cose_key key = ed_key();
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_buf_put(&out, VL_LITERAL("before")), VL_OK);
    assert_err(vl_sign1_write(&draft, &seed, &out, &why), VL_OK, &why);
    assert_bytes(vl_bytes_first(vl_buf_bytes(&out), 6), VL_LITERAL("before"));
    assert_err(vl_sign1_parse(vl_bytes_after(vl_buf_bytes(&out), 6), VL_SIGN1_OURS, &sign1, &why),
               VL_OK, &why);
    assert_err(vl_sign1_verify(&sign1, &key, NULL, &why), VL_OK, &why);
    assert_bytes(sign1.payload, draft.payload);
    assert_bytes(sign1.claims.iss, draft.claims.iss);
    assert_bytes(sign1.claims.sub, draft.claims.sub);
}

enum change {
    ALG_ES256,
    ALG_UNKNOWN,
    KID_SHORT,
    KID_NONE,
    NO_TYPE,
    TYPE_NOT_UTF8,
    NO_ISS,
    NO_SUB,
    SUB_NOT_UTF8,
    IAT_NEGATIVE,
    IAT_YEAR_10000,
    PAYLOAD_TOO_LONG,
    PAYLOAD_FAR_TOO_LONG
};

/* clang-format off */
static const struct refusal {
    enum change change;
    enum vl_err err;
    const char *words;
} refusals[] = {
    {ALG_ES256,      VL_ERR_UNSUPPORTED, "signed object: only Ed25519 signs here"},
    {ALG_UNKNOWN,    VL_ERR_UNSUPPORTED, "signed object: only Ed25519 signs here"},
    {KID_SHORT,      VL_ERR_FORMAT, "signed object: no kid of 32 bytes"},
    {KID_NONE,       VL_ERR_FORMAT, "signed object: no kid of 32 bytes"},
    {NO_TYPE,        VL_ERR_LIMIT,  "signed object: protected header: byte 4: a string whose length is outside its limits"},
    {TYPE_NOT_UTF8,  VL_ERR_FORMAT, "signed object: protected header: byte 4: a text that is not UTF-8"},
    {NO_ISS,         VL_ERR_LIMIT,  "signed object: protected header: byte 79: a string whose length is outside its limits"},
    {NO_SUB,         VL_ERR_LIMIT,  "signed object: protected header: byte 99: a string whose length is outside its limits"},
    {SUB_NOT_UTF8,   VL_ERR_FORMAT, "signed object: protected header: byte 99: a text that is not UTF-8"},
    {IAT_NEGATIVE,   VL_ERR_LIMIT,  "signed object: protected header: byte 117: an integer outside its limits"},
    {IAT_YEAR_10000, VL_ERR_LIMIT,  "signed object: protected header: byte 117: an integer outside its limits"},
    {PAYLOAD_TOO_LONG, VL_ERR_LIMIT, "signed object: over a limit"},
    {PAYLOAD_FAR_TOO_LONG, VL_ERR_LIMIT, "signed object: over a limit"},
};
/* clang-format on */

static void spoil(struct vl_sign1_draft *draft, enum change change)
{
    static uint8_t much[VL_SIGN1_MAX_LEN + 1];

    switch (change) {
    case ALG_ES256:
        draft->alg = VL_COSE_ALG_ES256;
        break;
    case ALG_UNKNOWN:
        draft->alg = -999;
        break;
    case KID_SHORT:
        draft->kid.len = 31;
        break;
    case KID_NONE:
        draft->kid = VL_BYTES_NONE;
        break;
    case NO_TYPE:
        draft->content_type = VL_BYTES_NONE;
        break;
    case TYPE_NOT_UTF8:
        draft->content_type = VL_LITERAL("\xff");
        break;
    case NO_ISS:
        draft->claims.iss = VL_BYTES_NONE;
        break;
    case NO_SUB:
        draft->claims.sub = VL_BYTES_NONE;
        break;
    case SUB_NOT_UTF8:
        draft->claims.sub = VL_LITERAL("\xc3(");
        break;
    case IAT_NEGATIVE:
        draft->claims.iat_s = -1;
        break;
    case IAT_YEAR_10000:
        draft->claims.iat_s = VL_CLAIMS_IAT_MAX_S + 1;
        break;
    case PAYLOAD_TOO_LONG:
        draft->payload = vl_bytes_of(much, VL_SIGN1_MAX_LEN - 100);
        break;
    case PAYLOAD_FAR_TOO_LONG:
        draft->payload = VL_ARRAY(much);
        break;
    }
}

static void nothing_is_written_that_would_be_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf kid = hex(ED_KID);
    VL_AUTO(vl_secret_wipe) struct vl_secret seed = ed_seed();

    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(1 << 20);
        struct vl_sign1_draft draft = golden_draft(vl_buf_bytes(&kid));
        struct vl_why why = {""};

        assert_int_equal(vl_buf_put(&out, VL_LITERAL("before")), VL_OK);
        spoil(&draft, refusals[i].change);
        assert_err(vl_sign1_write(&draft, &seed, &out, &why), refusals[i].err, &why);
        assert_string_equal(why.text, refusals[i].words);
        assert_bytes(vl_buf_bytes(&out), VL_LITERAL("before"));
    }
}

static void a_full_buffer_stays_as_it_was(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf kid = hex(ED_KID);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(200);
    VL_AUTO(vl_secret_wipe) struct vl_secret seed = ed_seed();
    struct vl_sign1_draft draft = golden_draft(vl_buf_bytes(&kid));
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_buf_put(&out, VL_LITERAL("before")), VL_OK);
    assert_err(vl_sign1_write(&draft, &seed, &out, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "signed object: over a limit");
    assert_bytes(vl_buf_bytes(&out), VL_LITERAL("before"));
}

struct use {
    struct vl_sign1_draft draft;
    struct vl_secret seed;
};

static enum vl_err write_once(void *self, struct vl_why *why)
{
    const struct use *use = self;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    enum vl_err err = vl_sign1_write(&use->draft, &use->seed, &out, why);

    assert_true(!err || out.len == 0);
    return err;
}

static void each_allocation_that_fails_is_told(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf kid = hex(ED_KID);
    struct use use = {golden_draft(vl_buf_bytes(&kid)), ed_seed()};

    (void)state;
    assert_true(each_allocation_fails(write_once, &use) > 4);
    vl_secret_wipe(&use.seed);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_those_another_program_makes),
        cmocka_unit_test(so_are_those_without_a_time_and_by_the_newer_number),
        cmocka_unit_test(what_is_written_is_appended_read_and_verified),
        cmocka_unit_test(nothing_is_written_that_would_be_refused),
        cmocka_unit_test(a_full_buffer_stays_as_it_was),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
