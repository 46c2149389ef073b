/* SPDX-License-Identifier: Apache-2.0 */
/* cose/key.h: which COSE keys are taken, how they are written, what they are named by. */
#include "parts.h"

#define STRICT VL_CBOR_STRICT
#define COSE   VL_CBOR_COSE

#define ED_X "215820" ED_PUBLIC
#define XY   "215820" EC_X "225820" EC_Y
/* The neutral element; a point of order 8; a y over p; a y that is on no point of the curve. */
#define NEUTRAL     "0100000000000000000000000000000000000000000000000000000000000000"
#define ORDER_8     "26e8958fc2b227b045c3f489f2ef98f0d5dfac05d3c63339b13802886d53fc05"
#define NOT_REDUCED "eeffffffffffffffffffffffffffffffffffffffffffffffffffffffffffff7f"
#define OFF_CURVE   "0200000000000000000000000000000000000000000000000000000000000000"

/* clang-format off */
static const struct row {
    const char *name;
    enum vl_cbor_profile profile;
    const char *wire;
    enum vl_err err;
    const char *words;
} rows[] = {
    {"Ed25519",                   STRICT, "a3 0101 2006" ED_X, VL_OK, NULL},
    {"P-256",                     STRICT, "a4 0102 2001" XY,   VL_OK, NULL},
    {"Ed25519 of others",         COSE,   "a3" ED_X "2006 0101", VL_OK, NULL},
    {"with kid, alg, key_ops",    COSE,   "a6 0101 02423131 0327 048102 2006" ED_X, VL_OK, NULL},
    {"alg -19",                   COSE,   "a4 0101 0332 2006" ED_X, VL_OK, NULL},
    {"P-256 with alg -7",         COSE,   "a5 0102 0326 2001" XY, VL_OK, NULL},
    {"P-256 with alg -9",         COSE,   "a5 0102 0328 2001" XY, VL_OK, NULL},
    {"a member of text",          COSE,   "a4 0101 2006" ED_X "617800", VL_OK, NULL},

    {"ours with kid",             STRICT, "a4 0101 02423131 2006" ED_X, VL_ERR_FORMAT, "COSE key: more than the required members"},
    {"ours with alg",             STRICT, "a4 0101 0327 2006" ED_X, VL_ERR_FORMAT, "COSE key: more than the required members"},
    {"ours with y of OKP",        STRICT, "a4 0101 2006" ED_X "2240", VL_ERR_FORMAT, "COSE key: more than the required members"},
    {"ours out of order",         STRICT, "a3 2006 0101" ED_X, VL_ERR_FORMAT, "COSE key: byte 3: keys out of order"},
    {"a member twice",            COSE,   "a4 0101 2006 0101" ED_X, VL_ERR_FORMAT, "COSE key: byte 5: a key twice in one map"},
    {"bytes behind it",           COSE,   "a3 0101 2006" ED_X "00", VL_ERR_FORMAT, "COSE key: byte 40: bytes left over"},
    {"not a map",                 COSE,   "80", VL_ERR_FORMAT, "COSE key: byte 0: wanted a map"},
    {"an empty map",              COSE,   "a0", VL_ERR_LIMIT, "COSE key: byte 0: a number of items outside its limits"},
    {"no kty",                    COSE,   "a2 2006" ED_X, VL_ERR_FORMAT, "COSE key: no kty"},
    {"RSA",                       COSE,   "a3 0103 204101 214103", VL_ERR_UNSUPPORTED, "COSE key: neither OKP nor EC2"},
    {"symmetric",                 COSE,   "a2 0104 204101", VL_ERR_UNSUPPORTED, "COSE key: neither OKP nor EC2"},
    {"AKP (ML-DSA)",              COSE,   "a3 0107 03382f 204101", VL_ERR_UNSUPPORTED, "COSE key: neither OKP nor EC2"},
    {"kty a text",                COSE,   "a3 01634f4b50 2006" ED_X, VL_ERR_UNSUPPORTED, "COSE key: neither OKP nor EC2"},
    {"no crv",                    COSE,   "a2 0101" ED_X, VL_ERR_FORMAT, "COSE key: no crv"},
    {"X25519",                    COSE,   "a3 0101 2004" ED_X, VL_ERR_UNSUPPORTED, "COSE key: a curve other than Ed25519 and P-256"},
    {"Ed448",                     COSE,   "a3 0101 2007" ED_X, VL_ERR_UNSUPPORTED, "COSE key: a curve other than Ed25519 and P-256"},
    {"P-384",                     COSE,   "a4 0102 2002" XY, VL_ERR_UNSUPPORTED, "COSE key: a curve other than Ed25519 and P-256"},
    {"OKP on P-256",              COSE,   "a3 0101 2001" ED_X, VL_ERR_UNSUPPORTED, "COSE key: a curve other than Ed25519 and P-256"},
    {"EC2 on Ed25519",            COSE,   "a4 0102 2006" XY, VL_ERR_UNSUPPORTED, "COSE key: a curve other than Ed25519 and P-256"},
    {"crv a text",                COSE,   "a3 0101 206745643235353139" ED_X, VL_ERR_UNSUPPORTED, "COSE key: a curve other than Ed25519 and P-256"},
    {"Ed25519 with alg -7",       COSE,   "a4 0101 0326 2006" ED_X, VL_ERR_UNSUPPORTED, "COSE key: for another algorithm than its curve's"},
    {"P-256 with alg -36",        COSE,   "a5 0102 033823 2001" XY, VL_ERR_UNSUPPORTED, "COSE key: for another algorithm than its curve's"},
    {"P-256 for ECDH-ES",         COSE,   "a5 0102 033818 2001" XY, VL_ERR_UNSUPPORTED, "COSE key: for another algorithm than its curve's"},
    {"a private key",             COSE,   "a4 0101 2006" ED_X "235820" ED_SEED, VL_ERR_FORMAT, "COSE key: a private key"},
    {"ours, private",             STRICT, "a4 0101 2006" ED_X "235820" ED_SEED, VL_ERR_FORMAT, "COSE key: a private key"},
    {"key_ops only sign",         COSE,   "a4 0101 048101 2006" ED_X, VL_ERR_REFUSED, "COSE key: it is not for verifying"},
    {"key_ops sign and verify",   COSE,   "a4 0101 04820102 2006" ED_X, VL_OK, NULL},
    {"key_ops with a text",       COSE,   "a4 0101 0482617802 2006" ED_X, VL_OK, NULL},
    {"key_ops of none",           COSE,   "a4 0101 0480 2006" ED_X, VL_ERR_FORMAT, "COSE key: key_ops is not an array of operations"},
    {"key_ops a number",          COSE,   "a4 0101 0402 2006" ED_X, VL_ERR_FORMAT, "COSE key: key_ops is not an array of operations"},
    {"no x",                      COSE,   "a2 0101 2006", VL_ERR_FORMAT, "COSE key: no x"},
    {"x of 31 bytes",             COSE,   "a3 0102 2001 21581f" "d75a980182b10ab7d54bfed3c964073a0ee172f3daa62325af021a68f70751", VL_ERR_FORMAT, "COSE key: x is not a byte string of 32 bytes"},
    {"x a text",                  COSE,   "a3 0101 2006 216178", VL_ERR_FORMAT, "COSE key: x is not a byte string of 32 bytes"},
    {"no y",                      COSE,   "a3 0102 2001 215820" EC_X, VL_ERR_FORMAT, "COSE key: no y"},
    {"y of 33 bytes",             COSE,   "a4 0102 2001 215820" EC_X "225821" EC_Y "00", VL_ERR_FORMAT, "COSE key: y is not a byte string of 32 bytes"},
    {"a compressed point",        COSE,   "a4 0102 2001 215820" EC_X "22f5", VL_ERR_UNSUPPORTED, "COSE key: a compressed point"},
    {"y null",                    COSE,   "a4 0102 2001 215820" EC_X "22f6", VL_ERR_FORMAT, "COSE key: y is not a byte string of 32 bytes"},
    {"the neutral element",       STRICT, "a3 0101 2006 215820" NEUTRAL, VL_ERR_UNVERIFIED, "COSE key: not a key that anybody can have made"},
    {"a point of order 8",        STRICT, "a3 0101 2006 215820" ORDER_8, VL_ERR_UNVERIFIED, "COSE key: not a key that anybody can have made"},
    {"a y that is not reduced",   STRICT, "a3 0101 2006 215820" NOT_REDUCED, VL_ERR_UNVERIFIED, "COSE key: not a key that anybody can have made"},
    {"a point off the curve",     STRICT, "a3 0101 2006 215820" OFF_CURVE, VL_ERR_UNVERIFIED, "COSE key: not a key that anybody can have made"},
};
/* clang-format on */

static void check(const struct row *row)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex(row->wire);
    struct vl_cose_key key = ec_key();
    struct vl_why why = {""};
    enum vl_err err = vl_cose_key_parse(vl_buf_bytes(&wire), row->profile, &key, &why);

    if (err != row->err)
        fail_msg("%s: %s, \"%s\"", row->name, vl_err_name(err), why.text);
    if (!err)
        return;
    if (strcmp(why.text, row->words) != 0)
        fail_msg("%s: \"%s\", wanted \"%s\"", row->name, why.text, row->words);
    assert_int_equal(key.kind, VL_COSE_KEY_NONE);
    assert_int_equal(key.x[0] | key.y[0], 0);
}

static void each_key_is_taken_or_refused_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
}

static void a_key_is_written_as_it_is_read(void **state)
{
    static const char *const keys[] = {"a3 0101 2006" ED_X, "a4 0102 2001" XY};

    (void)state;
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(keys[i]);
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_COSE_KEY_MAX_LEN);
        struct vl_cose_key key = VL_COSE_KEY_INIT;
        struct vl_why why = {""};

        assert_err(vl_cose_key_parse(vl_buf_bytes(&wire), STRICT, &key, &why), VL_OK, &why);
        assert_err(vl_cose_key_write(&key, &again), VL_OK, &why);
        assert_bytes(vl_buf_bytes(&again), vl_buf_bytes(&wire));
        assert_int_equal(vl_cose_key_write(&key, &again), VL_ERR_LIMIT);
        assert_int_equal(again.len, wire.len);
    }
}

static void thumbprint_is(const struct vl_cose_key *key, const char *wanted)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = hex(wanted);
    uint8_t got[VL_HASH_LEN];

    vl_cose_key_thumbprint(key, got);
    assert_bytes(VL_ARRAY(got), vl_buf_bytes(&bytes));
}

static void thumbprints_are_those_of_rfc_9679(void **state)
{
    /* The example of RFC 9679, 6; the other two were computed apart from this program. */
    struct vl_cose_key example =
        key_of(VL_COSE_KEY_P256, "65eda5a12577c2bae829437fe338701a10aaa375e1bb5b5de108de439c08551d",
               "1e52ed75701163f7f9e40ddf9f341b3dc9ba860af7e0ca7ca7e9eecd0084d19c");
    struct vl_cose_key ed = ed_key(), ec = ec_key();

    (void)state;
    thumbprint_is(&example, "496bd8afadf307e5b08c64b0421bf9dc01528a344a43bda88fadd1669da253ec");
    thumbprint_is(&ed, ED_KID);
    thumbprint_is(&ec, EC_KID);
}

static void the_key_of_a_seed_is_its_public_key(void **state)
{
    VL_AUTO(vl_secret_wipe) struct vl_secret seed = ed_seed();
    struct vl_cose_key of_seed = VL_COSE_KEY_INIT, of_public = VL_COSE_KEY_INIT, wanted = ed_key();
    struct vl_why why = {""};

    (void)state;
    vl_cose_key_of_seed(&seed, &of_seed);
    assert_memory_equal(&of_seed, &wanted, sizeof wanted);
    assert_err(vl_cose_key_of_ed25519(wanted.x, &of_public, &why), VL_OK, &why);
    assert_memory_equal(&of_public, &wanted, sizeof wanted);
}

static void every_algorithm_has_one_kind_of_key(void **state)
{
    (void)state;
    assert_int_equal(vl_cose_alg_key_kind(-8), VL_COSE_KEY_ED25519);
    assert_int_equal(vl_cose_alg_key_kind(-19), VL_COSE_KEY_ED25519);
    assert_int_equal(vl_cose_alg_key_kind(-7), VL_COSE_KEY_P256);
    assert_int_equal(vl_cose_alg_key_kind(-9), VL_COSE_KEY_P256);
    assert_int_equal(vl_cose_alg_key_kind(-36), VL_COSE_KEY_NONE);
    assert_int_equal(vl_cose_alg_key_kind(0), VL_COSE_KEY_NONE);
    assert_int_equal(vl_cose_alg_key_kind(INT64_MIN), VL_COSE_KEY_NONE);
    assert_string_equal(vl_cose_alg_name(-8), "EdDSA");
    assert_null(vl_cose_alg_name(-36));
}

static void cut_anywhere_it_is_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex("a4 0102 2001" XY);

    (void)state;
    for (size_t len = 0; len < wire.len; len++) {
        struct vl_cose_key key = VL_COSE_KEY_INIT;
        struct vl_why why = {""};

        assert_err(vl_cose_key_parse(vl_bytes_of(wire.data, len), COSE, &key, &why), VL_ERR_FORMAT,
                   &why);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_key_is_taken_or_refused_by_the_table),
        cmocka_unit_test(a_key_is_written_as_it_is_read),
        cmocka_unit_test(thumbprints_are_those_of_rfc_9679),
        cmocka_unit_test(the_key_of_a_seed_is_its_public_key),
        cmocka_unit_test(every_algorithm_has_one_kind_of_key),
        cmocka_unit_test(cut_anywhere_it_is_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
