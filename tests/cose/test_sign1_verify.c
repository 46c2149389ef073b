/* SPDX-License-Identifier: Apache-2.0 */
/* cose/sign1.h, verifying: only the right key, algorithm and bytes; and the id of an object. */
#include "parts.h"

#define OURS      VL_SIGN1_OURS
#define BASE      VL_SIGN1_BASE
#define STATEMENT VL_SIGN1_STATEMENT

/* Test 2 of RFC 8032, 7.1: another key. */
#define OTHER_PUBLIC "3d4017c3e843895a92b70aa74d1b7ebc9c982ccf2ec4968cc0cd55f12af4660c"
/* cose-wg/Examples (public domain), signed by the P-256 key: an empty map sent as h'A0'; twelve
 * bytes of external_aad. */
#define PASS_01                                                                                    \
    "D28441A0A201260442313154546869732069732074686520636F6E74656E742E5840"                         \
    "87DB0D2E5571843B78AC33ECB2830DF7B6E0A4D5B7376DE336B23C591C90C425"                             \
    "317E56127FBE04370097CE347087B233BF722B64072BEB4486BDA4031D27244F"
#define PASS_02                                                                                    \
    "D28443A10126A10442313154546869732069732074686520636F6E74656E742E5840"                         \
    "EAE868ECC176883766C5DC5BA5B8DCA25DAB3C2E56A551CE5705B793914348E1"                             \
    "55388B10C4F1B59A6733EAB416870A945111A4B2FBDBEF33A77234B1DEFF2F9B"
#define AAD "11aa22bb33cc44dd55006699"
/* GOLDEN_ED with its payload taken out. */
#define DETACHED                                                                                   \
    "d284587aa40127 03" TYPE "045820" ED_KID "0fa3" ISS SUB "061a6553f100 a0 f6"                   \
    "584044e451463a22e89fa063057dc8361eda1a9b1438693d7052c5a63de400d3b258"                         \
    "b72bcae6b2c18a9d467f6b7732b09c27da50c5e9093becfca1c9d5050c7ddd02"
enum which { ED, ED_OTHER, EC, EC_OFF_CURVE };

/* clang-format off */
static const struct row {
    const char *name, *wire;
    enum vl_sign1_profile profile;
    enum which key;
    const char *payload, *aad; /* beside it; NULL for none */
    enum vl_err err;
    const char *words; /* behind "signed object: " */
} rows[] = {
    {"ours, Ed25519",            GOLDEN_ED,      OURS,      ED, NULL, NULL, VL_OK, NULL},
    {"ours, alg -19",            GOLDEN_ED_19,   OURS,      ED, NULL, NULL, VL_OK, NULL},
    {"ours, ES256",              GOLDEN_EC,      OURS,      EC, NULL, NULL, VL_OK, NULL},
    {"ours, alg -9",             GOLDEN_EC_9,    OURS,      EC, NULL, NULL, VL_OK, NULL},
    {"ours as a statement",      GOLDEN_ED,      STATEMENT, ED, NULL, NULL, VL_OK, NULL},
    {"high S, of others",        GOLDEN_EC_HIGH, STATEMENT, EC, NULL, NULL, VL_OK, NULL},
    {"an empty map signs as ''", PASS_01,        BASE,      EC, NULL, NULL, VL_OK, NULL},
    {"with external_aad",        PASS_02,        BASE,      EC, NULL, AAD,  VL_OK, NULL},
    {"without it",               PASS_02,        BASE,      EC, NULL, NULL, VL_ERR_UNVERIFIED, "the signature is not of this key over these bytes"},
    {"with another",             PASS_02,        BASE,      EC, NULL, "11", VL_ERR_UNVERIFIED, "the signature is not of this key over these bytes"},
    {"with one where none was",  GOLDEN_ED,      OURS,      ED, NULL, "11", VL_ERR_UNVERIFIED, "the signature is not of this key over these bytes"},
    {"payload elsewhere, given", DETACHED,       BASE,      ED, "a10001", NULL, VL_OK, NULL},
    {"another payload given",    DETACHED,       BASE,      ED, "a10002", NULL, VL_ERR_UNVERIFIED, "the signature is not of this key over these bytes"},
    {"payload elsewhere, not given", DETACHED,   BASE,      ED, NULL, NULL, VL_ERR_NOT_FOUND, "the payload is not in it and was not given"},
    {"payload twice",            GOLDEN_ED,      OURS,      ED, "a10001", NULL, VL_ERR_USAGE, "the payload is in it and was given too"},

    {"another key, ours",        GOLDEN_ED,      OURS,      ED_OTHER, NULL, NULL, VL_ERR_UNVERIFIED, "its kid names another key"},
    {"another key, a statement", GOLDEN_ED,      STATEMENT, ED_OTHER, NULL, NULL, VL_ERR_UNVERIFIED, "the signature is not of this key over these bytes"},
    {"a P-256 key for -8",       GOLDEN_ED,      OURS,      EC, NULL, NULL, VL_ERR_UNVERIFIED, "alg EdDSA is not for this key"},
    {"a P-256 key for -19",      GOLDEN_ED_19,   OURS,      EC, NULL, NULL, VL_ERR_UNVERIFIED, "alg Ed25519 is not for this key"},
    {"an Ed25519 key for -7",    GOLDEN_EC,      OURS,      ED, NULL, NULL, VL_ERR_UNVERIFIED, "alg ES256 is not for this key"},
    {"an Ed25519 key for -9",    GOLDEN_EC_9,    OURS,      ED, NULL, NULL, VL_ERR_UNVERIFIED, "alg ESP256 is not for this key"},
    {"a point off the curve",    PASS_01,        BASE,      EC_OFF_CURVE, NULL, NULL, VL_ERR_UNVERIFIED, "the signature is not of this key over these bytes"},

    {"ES384",   "d28444a1013822 a0 41aa" SIG_64, BASE, EC, NULL, NULL, VL_ERR_UNSUPPORTED, "alg -35"},
    {"ES512 on P-256", "d28444a1013823 a0 41aa" SIG_64, BASE, EC, NULL, NULL, VL_ERR_UNSUPPORTED, "alg -36"},
    {"PS256",   "d28444a1013824 a0 41aa" SIG_64, BASE, EC, NULL, NULL, VL_ERR_UNSUPPORTED, "alg -37"},
    {"ESP512",  "d28444a1013833 a0 41aa" SIG_64, BASE, EC, NULL, NULL, VL_ERR_UNSUPPORTED, "alg -52"},
    {"Ed448",   "d28444a1013834 a0 41aa" SIG_64, BASE, ED, NULL, NULL, VL_ERR_UNSUPPORTED, "alg -53"},
    {"ML-DSA",  "d28444a101382f a0 41aa" SIG_64, BASE, ED, NULL, NULL, VL_ERR_UNSUPPORTED, "alg -48"},
    {"RS256",   "d28445a101390100 a0 41aa" SIG_64, BASE, ED, NULL, NULL, VL_ERR_UNSUPPORTED, "alg -257"},
    {"HMAC",    "d28443a10105 a0 41aa" SIG_64, BASE, ED, NULL, NULL, VL_ERR_UNSUPPORTED, "alg 5"},
    {"-999",    "d28445a1013903e6 a0 41aa" SIG_64, BASE, EC, NULL, NULL, VL_ERR_UNSUPPORTED, "alg -999"},
    {"the least alg there is", "d2844ba1013b7fffffffffffffff a0 41aa" SIG_64, BASE, EC, NULL, NULL, VL_ERR_UNSUPPORTED, "alg -9223372036854775808"},
    {"a text",  "d2844aa10167756e6b6e6f776e a0 41aa" SIG_64, BASE, EC, NULL, NULL, VL_ERR_UNSUPPORTED, "an alg that is not a number"},
    {"the text \"EdDSA\"", "d28448a101654564445341 a0 41aa" SIG_64, BASE, ED, NULL, NULL, VL_ERR_UNSUPPORTED, "an alg that is not a number"},
    {"0",       "d28443a10100 a0 41aa" SIG_64, BASE, ED, NULL, NULL, VL_ERR_UNSUPPORTED, "an alg that is not a number"},

    {"63 bytes of signature", "d28443a10127 a0 41aa 41aa", BASE, ED, NULL, NULL, VL_ERR_UNVERIFIED, "a signature that is not 64 bytes"},
    {"a DER signature", "d28443a10126 a0 41aa 4830060201010201 01", BASE, EC, NULL, NULL, VL_ERR_UNVERIFIED, "a signature that is not 64 bytes"},
};
/* clang-format on */

static struct vl_cose_key key_named(enum which which)
{
    struct vl_cose_key key = which == ED         ? ed_key()
                             : which == ED_OTHER ? key_of(VL_COSE_KEY_ED25519, OTHER_PUBLIC, "")
                                                 : ec_key();

    if (which == EC_OFF_CURVE)
        key.y[31] ^= 1;
    return key;
}

static void check(const struct row *row)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex(row->wire);
    VL_AUTO(vl_buf_release) struct vl_buf payload = hex(row->payload ? row->payload : "");
    VL_AUTO(vl_buf_release) struct vl_buf aad = hex(row->aad ? row->aad : "");
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_sign1_beside beside = {row->payload != NULL, vl_buf_bytes(&payload),
                                     vl_buf_bytes(&aad)};
    struct vl_cose_key key = key_named(row->key);
    struct vl_why why = {""};
    enum vl_err err;

    assert_err(vl_sign1_parse(vl_buf_bytes(&wire), row->profile, &sign1, &why), VL_OK, &why);
    err = vl_sign1_verify(&sign1, &key, row->payload || row->aad ? &beside : NULL, &why);
    if (err != row->err)
        fail_msg("%s: %s, \"%s\"", row->name, vl_err_name(err), why.text);
    if (err &&
        (strncmp(why.text, "signed object: ", 15) != 0 || strcmp(why.text + 15, row->words) != 0))
        fail_msg("%s: \"%s\", wanted \"%s\"", row->name, why.text, row->words);
}

static void each_object_verifies_or_not_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
}

static void more_than_64_kib_beside_it_is_refused(void **state)
{
    static uint8_t much[VL_SIGN1_MAX_LEN + 1];
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex(DETACHED);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_cose_key key = ed_key();
    struct vl_sign1_beside payload = {true, VL_ARRAY(much), VL_BYTES_NONE};
    struct vl_sign1_beside aad = {true, VL_BYTES_NONE, VL_ARRAY(much)};
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_sign1_parse(vl_buf_bytes(&wire), BASE, &sign1, &why), VL_OK, &why);
    assert_err(vl_sign1_verify(&sign1, &key, &payload, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "signed object: more than 65536 bytes beside it");
    assert_err(vl_sign1_verify(&sign1, &key, &aad, &why), VL_ERR_LIMIT, &why);
    payload.payload.len--;
    aad.external_aad.len--;
    assert_err(vl_sign1_verify(&sign1, &key, &payload, &why), VL_ERR_UNVERIFIED, &why);
    assert_err(vl_sign1_verify(&sign1, &key, &aad, &why), VL_ERR_UNVERIFIED, &why);
}

/* Never VL_OK with one bit of wire changed, whatever the profile makes of it. */
static void no_bit_can_change(const char *text, const struct vl_cose_key *key)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex(text);

    for (size_t bit = 0; bit < 8 * wire.len; bit++) {
        enum vl_sign1_profile profile = bit % 2 ? OURS : BASE;
        VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
        struct vl_why why = {""};
        enum vl_err err;

        wire.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        err = vl_sign1_parse(vl_buf_bytes(&wire), profile, &sign1, &why);
        if (!err)
            err = vl_sign1_verify(&sign1, key, NULL, &why);
        if (!err)
            fail_msg("verifies with bit %zu changed", bit);
        assert_true(why.text[0] != '\0');
        wire.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

static void with_any_bit_changed_it_does_not_verify(void **state)
{
    struct vl_cose_key ed = ed_key(), ec = ec_key();

    (void)state;
    no_bit_can_change(GOLDEN_ED, &ed);
    no_bit_can_change(GOLDEN_EC, &ec);
}

static void id_of(const char *text, enum vl_sign1_profile profile,
                  const struct vl_sign1_beside *beside, uint8_t out[VL_HASH_LEN])
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex(text);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_why why = {""};

    assert_err(vl_sign1_parse(vl_buf_bytes(&wire), profile, &sign1, &why), VL_OK, &why);
    assert_err(vl_sign1_id(&sign1, beside, out, &why), VL_OK, &why);
}

static void the_id_is_the_hash_of_what_was_signed_and_of_nothing_else(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(GOLDEN_ED_ID);
    struct vl_sign1_beside payload = {true, VL_LITERAL("\xa1\x00\x01"), VL_BYTES_NONE};
    struct vl_sign1_beside aad = {false, VL_BYTES_NONE, VL_LITERAL("aad")};
    uint8_t id[VL_HASH_LEN], other[VL_HASH_LEN];

    (void)state;
    id_of(GOLDEN_ED, OURS, NULL, id);
    assert_bytes(VL_ARRAY(id), vl_buf_bytes(&wanted));
    id_of(GOLDEN_ED, STATEMENT, NULL, id);
    assert_bytes(VL_ARRAY(id), vl_buf_bytes(&wanted));
    id_of(DETACHED, BASE, &payload, id);
    assert_bytes(VL_ARRAY(id), vl_buf_bytes(&wanted));
    id_of(GOLDEN_ED, OURS, &aad, id); /* an id has an empty external_aad */
    assert_bytes(VL_ARRAY(id), vl_buf_bytes(&wanted));
    /* Two signatures over one statement, and other unprotected words: one id. */
    id_of(GOLDEN_EC, STATEMENT, NULL, id);
    id_of(GOLDEN_EC_HIGH, STATEMENT, NULL, other);
    assert_bytes(VL_ARRAY(other), VL_ARRAY(id));
    id_of("d28443a10126 a0 41aa" SIG_64, BASE, NULL, id);
    id_of("d28443a10126 a104423131 41aa 4101", BASE, NULL, other);
    assert_bytes(VL_ARRAY(other), VL_ARRAY(id));
    /* Another word in any signed place: another id. */
    id_of("d28443a10126 a0 41ab" SIG_64, BASE, NULL, other);
    assert_memory_not_equal(other, id, sizeof id);
    id_of("d28443a10127 a0 41aa" SIG_64, BASE, NULL, other);
    assert_memory_not_equal(other, id, sizeof id);
    /* A protected header that is empty in two ways is signed in one. */
    id_of("d28440 a10126 41aa" SIG_64, BASE, NULL, id);
    id_of("d28441a0 a10126 41aa" SIG_64, BASE, NULL, other);
    assert_bytes(VL_ARRAY(other), VL_ARRAY(id));
}

static void without_its_payload_an_object_has_no_id(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex(DETACHED);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_why why = {""};
    uint8_t id[VL_HASH_LEN];

    (void)state;
    assert_err(vl_sign1_parse(vl_buf_bytes(&wire), BASE, &sign1, &why), VL_OK, &why);
    assert_err(vl_sign1_id(&sign1, NULL, id, &why), VL_ERR_NOT_FOUND, &why);
    assert_string_equal(why.text, "signed object: the payload is not in it and was not given");
}

struct use {
    const struct vl_sign1 *sign1;
    struct vl_cose_key key;
};

static enum vl_err verify_once(void *self, struct vl_why *why)
{
    const struct use *use = self;

    return vl_sign1_verify(use->sign1, &use->key, NULL, why);
}

static enum vl_err id_once(void *self, struct vl_why *why)
{
    const struct use *use = self;
    uint8_t id[VL_HASH_LEN];

    return vl_sign1_id(use->sign1, NULL, id, why);
}

static void each_allocation_that_fails_is_told(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex(GOLDEN_ED);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct use use = {&sign1, ed_key()};
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_sign1_parse(vl_buf_bytes(&wire), OURS, &sign1, &why), VL_OK, &why);
    assert_int_equal(each_allocation_fails(verify_once, &use), 2);
    assert_int_equal(each_allocation_fails(id_once, &use), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_object_verifies_or_not_by_the_table),
        cmocka_unit_test(more_than_64_kib_beside_it_is_refused),
        cmocka_unit_test(with_any_bit_changed_it_does_not_verify),
        cmocka_unit_test(the_id_is_the_hash_of_what_was_signed_and_of_nothing_else),
        cmocka_unit_test(without_its_payload_an_object_has_no_id),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
