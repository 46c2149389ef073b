/* SPDX-License-Identifier: Apache-2.0 */
/* cose/sign1.h, reading: what each profile takes, and the words of every refusal. */
#include "parts.h"

#define OURS      VL_SIGN1_OURS
#define BASE      VL_SIGN1_BASE
#define TAGGED    VL_SIGN1_TAGGED
#define STATEMENT VL_SIGN1_STATEMENT

#define PAY "43a10001"
/* kid "11", and claims {1: "i", 2: "s"}, the least a statement has */
#define KID_11    "04423131"
#define CLAIMS_IS "0fa2016169026173"

/* clang-format off */
static const struct row {
    const char *name;
    enum vl_sign1_profile profile;
    const char *tag, *in, *out, *payload, *signature;
    enum vl_err err;
    const char *words; /* behind "signed object: " */
} rows[] = {
    /* ours */
    {"ours",                          OURS, "d2", OUR_ED, "a0", PAY, SIG_64, VL_OK, NULL},
    {"ours in every other profile",   BASE, "d2", OUR_ED, "a0", PAY, SIG_64, VL_OK, NULL},
    {"ours as a receipt",             TAGGED, "d2", OUR_ED, "a0", PAY, SIG_64, VL_OK, NULL},
    {"ours as a statement",           STATEMENT, "d2", OUR_ED, "a0", PAY, SIG_64, VL_OK, NULL},
    {"ours with a time",              OURS, "d2", "a4 0127 03" TYPE "045820" ED_KID "0fa3" ISS SUB "061a6553f100", "a0", PAY, SIG_64, VL_OK, NULL},
    {"ours with claims nobody reads", OURS, "d2", "a4 0127 03" TYPE "045820" ED_KID "0fa4" ISS SUB "0742abcd 616100", "a0", PAY, SIG_64, VL_OK, NULL},
    {"ours by an unknown algorithm",  OURS, "d2", "a4 013830 03" TYPE "045820" ED_KID CLAIMS, "a0", PAY, "43010203", VL_OK, NULL},
    {"ours, no tag",                  OURS, "", OUR_ED, "a0", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 0: wanted a tag"},
    {"ours, tag 98",                  OURS, "d862", OUR_ED, "a0", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 0: another tag than wanted"},
    {"ours, its tag written longer",  OURS, "d812", OUR_ED, "a0", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 0: not the shortest form"},
    {"ours, tagged twice",            OURS, "d2d2", OUR_ED, "a0", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 1: wanted an array"},
    {"ours, something unprotected",   OURS, "d2", OUR_ED, "a10500", PAY, SIG_64, VL_ERR_FORMAT, "the unprotected header is not empty"},
    {"ours, payload elsewhere",       OURS, "d2", OUR_ED, "a0", "f6", SIG_64, VL_ERR_FORMAT, "array: byte 121: wanted a byte string"},
    {"ours, no signature",            OURS, "d2", OUR_ED, "a0", PAY, "40", VL_ERR_LIMIT, "array: byte 125: a string whose length is outside its limits"},
    {"ours, bytes behind it",         OURS, "d2", OUR_ED, "a0", PAY, SIG_64 "00", VL_ERR_FORMAT, "array: byte 191: bytes left over"},
    {"ours, nothing protected",       OURS, "d2", "", "a0", PAY, SIG_64, VL_ERR_FORMAT, "no alg"},
    {"ours, an empty map protected",  OURS, "d2", "a0", "a0", PAY, SIG_64, VL_ERR_FORMAT, "no alg"},
    {"ours, labels out of order",     OURS, "d2", "a4 03" TYPE "0127 045820" ED_KID CLAIMS, "a0", PAY, SIG_64, VL_ERR_FORMAT, "protected header: byte 39: keys out of order"},
    {"ours, no alg",                  OURS, "d2", "a3 03" TYPE "045820" ED_KID CLAIMS, "a0", PAY, SIG_64, VL_ERR_FORMAT, "no alg"},
    {"ours, no content type",         OURS, "d2", "a3 0127 045820" ED_KID CLAIMS, "a0", PAY, SIG_64, VL_ERR_FORMAT, "no content type that is a text"},
    {"ours, a content type in numbers", OURS, "d2", "a4 0127 0300 045820" ED_KID CLAIMS, "a0", PAY, SIG_64, VL_ERR_FORMAT, "no content type that is a text"},
    {"ours, no kid",                  OURS, "d2", "a3 0127 03" TYPE CLAIMS, "a0", PAY, SIG_64, VL_ERR_FORMAT, "no kid of 32 bytes"},
    {"ours, a short kid",             OURS, "d2", "a4 0127 03" TYPE KID_11 CLAIMS, "a0", PAY, SIG_64, VL_ERR_FORMAT, "no kid of 32 bytes"},
    {"ours, no claims",               OURS, "d2", "a3 0127 03" TYPE "045820" ED_KID, "a0", PAY, SIG_64, VL_ERR_FORMAT, "no iss among the CWT claims"},
    {"ours, no iss",                  OURS, "d2", "a4 0127 03" TYPE "045820" ED_KID "0fa1" SUB, "a0", PAY, SIG_64, VL_ERR_FORMAT, "no iss among the CWT claims"},
    {"ours, no sub",                  OURS, "d2", "a4 0127 03" TYPE "045820" ED_KID "0fa1" ISS, "a0", PAY, SIG_64, VL_ERR_FORMAT, "no sub among the CWT claims"},
    {"ours, one label more",          OURS, "d2", "a5 0127 03" TYPE "045820" ED_KID CLAIMS "1000", "a0", PAY, SIG_64, VL_ERR_FORMAT, "label 16 has no place in an object of ours"},
    {"ours, a label of text more",    OURS, "d2", "a5 0127 03" TYPE "045820" ED_KID CLAIMS "617800", "a0", PAY, SIG_64, VL_ERR_FORMAT, "label \"x\" has no place in an object of ours"},
    {"ours, something critical",      OURS, "d2", "a5 0127 028101 03" TYPE "045820" ED_KID CLAIMS, "a0", PAY, SIG_64, VL_ERR_FORMAT, "label 2 has no place in an object of ours"},
    {"ours, 63 bytes of signature",   OURS, "d2", OUR_ED, "a0", PAY, "41ff", VL_ERR_FORMAT, "a signature that is not 64 bytes"},
    {"ours, alg not protected",       OURS, "d2", "a3 03" TYPE "045820" ED_KID CLAIMS, "a10127", PAY, SIG_64, VL_ERR_FORMAT, "the unprotected header is not empty"},

    /* of others */
    {"no tag",                        BASE, "", "a10126", "a0", PAY, SIG_64, VL_OK, NULL},
    {"tag 18, written longer",        BASE, "d90012", "a10126", "a0", PAY, SIG_64, VL_OK, NULL},
    {"tag 998",                       BASE, "d903e6", "a10126", "a0", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 0: another tag than wanted"},
    {"alg not protected",             BASE, "d2", "", "a10126", PAY, SIG_64, VL_OK, NULL},
    {"alg not protected, empty map",  BASE, "d2", "a0", "a10126", PAY, SIG_64, VL_OK, NULL},
    {"alg in neither",                BASE, "d2", "", "a0", PAY, SIG_64, VL_ERR_FORMAT, "no alg"},
    {"alg in both",                   BASE, "d2", "a10126", "a10126", PAY, SIG_64, VL_ERR_FORMAT, "label 1 is in both headers"},
    {"alg in both, written longer",   BASE, "d2", "a10126", "a1180126", PAY, SIG_64, VL_ERR_FORMAT, "label 1 is in both headers"},
    {"a text label in both",          BASE, "d2", "a2 0126 617800", "a1 617801", PAY, SIG_64, VL_ERR_FORMAT, "label \"x\" is in both headers"},
    {"1 and \"1\" are two labels",    BASE, "d2", "a10126", "a1613126", PAY, SIG_64, VL_OK, NULL},
    {"a label twice, protected",      BASE, "d2", "a201260126", "a0", PAY, SIG_64, VL_ERR_FORMAT, "protected header: byte 3: a key twice in one map"},
    {"a label twice, unprotected",    BASE, "d2", "a10126", "a2 0400 0400", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 8: wanted a byte string"},
    {"kid twice, unprotected",        BASE, "d2", "a10126", "a2 0440 0440", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 9: a key twice in one map"},
    {"labels in any order",           BASE, "d2", "a2 0300 0126", "a0", PAY, SIG_64, VL_OK, NULL},
    {"0 and \"\" are two labels",     BASE, "d2", "a2 0126 0000", "a16000", PAY, SIG_64, VL_OK, NULL},
    {"\"x\" and \"y\" are two labels", BASE, "d2", "a2 0126 617800", "a1617900", PAY, SIG_64, VL_OK, NULL},
    {"alg a text",                    BASE, "d2", "a10167756e6b6e6f776e", "a0", PAY, SIG_64, VL_OK, NULL},
    {"alg bytes",                     BASE, "d2", "a1014126", "a0", PAY, SIG_64, VL_ERR_FORMAT, "protected header: byte 2: wanted an integer"},
    {"kid a text",                    BASE, "d2", "a10126", "a1046131", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 8: wanted a byte string"},
    {"content type a number",         BASE, "d2", "a2 0126 0319fde8", "a0", PAY, SIG_64, VL_OK, NULL},
    {"content type over 65535",       BASE, "d2", "a2 0126 031a00010000", "a0", PAY, SIG_64, VL_ERR_LIMIT, "protected header: byte 4: an unsigned integer over its limit"},
    {"content type negative",         BASE, "d2", "a2 0126 0320", "a0", PAY, SIG_64, VL_ERR_FORMAT, "protected header: byte 4: wanted an unsigned integer"},
    {"a float nobody looks at",       BASE, "d2", "a10126", "a1 1863f93c00", PAY, SIG_64, VL_OK, NULL},
    {"payload elsewhere",             BASE, "d2", "a10126", "a0", "f6", SIG_64, VL_OK, NULL},
    {"payload undefined",             BASE, "d2", "a10126", "a0", "f7", SIG_64, VL_ERR_FORMAT, "array: byte 7: wanted a byte string"},
    {"payload a text",                BASE, "d2", "a10126", "a0", "6161", SIG_64, VL_ERR_FORMAT, "array: byte 7: wanted a byte string"},
    {"an empty payload",              BASE, "d2", "a10126", "a0", "40", SIG_64, VL_OK, NULL},
    {"protected a map",               BASE, "d284a10126a043a1000140", "", "a0", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 2: wanted a byte string"},
    {"protected not a map",           BASE, "d2", "00", "a0", PAY, SIG_64, VL_ERR_FORMAT, "protected header: byte 0: wanted a map"},
    {"bytes behind the protected map", BASE, "d2", "a1012600", "a0", PAY, SIG_64, VL_ERR_FORMAT, "protected header: byte 3: bytes left over"},
    {"unprotected not a map",         BASE, "d2", "a10126", "40", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 6: wanted a map"},
    {"an open map",                   BASE, "d2", "bf0126ff", "a0", PAY, SIG_64, VL_ERR_FORMAT, "protected header: byte 0: an indefinite length"},
    {"five elements",                 BASE, "d285 43a10126 a0 40 40 41ff", "", "a0", PAY, SIG_64, VL_ERR_LIMIT, "array: byte 1: a number of items outside its limits"},
    {"three elements",                BASE, "d283 43a10126 a0 40", "", "a0", PAY, SIG_64, VL_ERR_LIMIT, "array: byte 1: a number of items outside its limits"},

    /* critical labels */
    {"critical and understood",       BASE, "d2", "a3 0126 02820103 0300", "a0", PAY, SIG_64, VL_OK, NULL},
    {"crit calls itself critical",    BASE, "d2", "a2 0126 028102", "a0", PAY, SIG_64, VL_OK, NULL},
    {"critical, not understood",      BASE, "d2", "a3 0126 02811863 186300", "a0", PAY, SIG_64, VL_ERR_UNSUPPORTED, "label 99 is critical and not understood"},
    {"critical, a text",              BASE, "d2", "a3 0126 0281617a 617a00", "a0", PAY, SIG_64, VL_ERR_UNSUPPORTED, "label \"z\" is critical and not understood"},
    {"critical, x5chain",             STATEMENT, "d2", "a4 0126 02811821 " CLAIMS_IS "182140", "a0", PAY, SIG_64, VL_ERR_UNSUPPORTED, "label 33 is critical and not understood"},
    {"critical and missing",          BASE, "d2", "a2 0126 028104", "a0", PAY, SIG_64, VL_ERR_FORMAT, "label 4 is critical and missing"},
    {"critical and unprotected",      BASE, "d2", "a2 0126 028104", "a1" KID_11, PAY, SIG_64, VL_ERR_FORMAT, "label 4 is critical and missing"},
    {"crit of nothing",               BASE, "d2", "a2 0126 0280", "a0", PAY, SIG_64, VL_ERR_LIMIT, "crit: byte 0: a number of items outside its limits"},
    {"crit not an array",             BASE, "d2", "a2 0126 0201", "a0", PAY, SIG_64, VL_ERR_FORMAT, "crit: byte 0: wanted an array"},
    {"crit of bytes",                 BASE, "d2", "a2 0126 02814101", "a0", PAY, SIG_64, VL_ERR_FORMAT, "crit: byte 1: wanted an integer"},
    {"crit not protected",            BASE, "d2", "a10126", "a1028101", PAY, SIG_64, VL_ERR_FORMAT, "crit is not protected"},

    /* RFC 9942: the least of a receipt */
    {"a receipt, no tag",             TAGGED, "", "a10126", "a0", "f6", SIG_64, VL_ERR_FORMAT, "array: byte 0: wanted a tag"},
    {"a receipt, alg not protected",  TAGGED, "d2", "", "a10126", "f6", SIG_64, VL_ERR_FORMAT, "alg is not protected"},
    {"a receipt",                     TAGGED, "d2", "a2 0126 19018b01", "a119018ca0", "f6", SIG_64, VL_OK, NULL},

    /* RFC 9943 */
    {"a statement",                   STATEMENT, "d2", "a3 0126 " KID_11 CLAIMS_IS, "a119018a8141d2", PAY, SIG_64, VL_OK, NULL},
    {"a statement, payload elsewhere", STATEMENT, "d2", "a3 0126 " KID_11 CLAIMS_IS, "a0", "f6", SIG_64, VL_OK, NULL},
    {"a statement, no tag",           STATEMENT, "", "a3 0126 " KID_11 CLAIMS_IS, "a0", PAY, SIG_64, VL_ERR_FORMAT, "array: byte 0: wanted a tag"},
    {"a statement, alg not protected", STATEMENT, "d2", "a2 " KID_11 CLAIMS_IS, "a10126", PAY, SIG_64, VL_ERR_FORMAT, "alg is not protected"},
    {"a statement, kid not protected", STATEMENT, "d2", "a2 0126 " CLAIMS_IS, "a1" KID_11, PAY, SIG_64, VL_ERR_FORMAT, "neither kid nor x5t nor x5chain is protected"},
    {"a statement by x5t",            STATEMENT, "d2", "a3 0126 " CLAIMS_IS "1822822f4101", "a0", PAY, SIG_64, VL_OK, NULL},
    {"a statement by x5chain",        STATEMENT, "d2", "a3 0126 " CLAIMS_IS "18214101", "a0", PAY, SIG_64, VL_OK, NULL},
    {"a statement, x5chain not protected", STATEMENT, "d2", "a3 0126 " KID_11 CLAIMS_IS, "a118214101", PAY, SIG_64, VL_OK, NULL},
    {"a statement, no claims",        STATEMENT, "d2", "a2 0126 " KID_11, "a0", PAY, SIG_64, VL_ERR_FORMAT, "no protected CWT claims"},
    {"a statement, claims not protected", STATEMENT, "d2", "a2 0126 " KID_11, "a1" CLAIMS_IS, PAY, SIG_64, VL_ERR_FORMAT, "no protected CWT claims"},
    {"a statement, claims twice",     STATEMENT, "d2", "a3 0126 " KID_11 CLAIMS_IS, "a1" CLAIMS_IS, PAY, SIG_64, VL_ERR_FORMAT, "label 15 is in both headers"},
    {"a statement, no iss",           STATEMENT, "d2", "a3 0126 " KID_11 "0fa1026173", "a0", PAY, SIG_64, VL_ERR_FORMAT, "no iss among the CWT claims"},
    {"a statement, no sub",           STATEMENT, "d2", "a3 0126 " KID_11 "0fa1016169", "a0", PAY, SIG_64, VL_ERR_FORMAT, "no sub among the CWT claims"},
    {"a hash envelope",               STATEMENT, "d2", "a6 0126 " KID_11 CLAIMS_IS "1901022f 1901036161 1901046162", "a0", "4101", SIG_64, VL_OK, NULL},
    {"a hash envelope, type a number", STATEMENT, "d2", "a5 0126 " KID_11 CLAIMS_IS "1901022f 19010300", "a0", "4101", SIG_64, VL_OK, NULL},
    {"a hash envelope with label 3",  STATEMENT, "d2", "a5 0126 0300 " KID_11 CLAIMS_IS "1901022f", "a0", "4101", SIG_64, VL_ERR_FORMAT, "a hash envelope with a content type of its own"},
    {"a hash envelope, 3 unprotected", STATEMENT, "d2", "a4 0126 " KID_11 CLAIMS_IS "1901022f", "a10300", "4101", SIG_64, VL_ERR_FORMAT, "a hash envelope with a content type of its own"},
    {"258 not protected",             STATEMENT, "d2", "a3 0126 " KID_11 CLAIMS_IS, "a11901022f", "4101", SIG_64, VL_ERR_FORMAT, "a label of a hash envelope is not protected"},
    {"259 not protected",             STATEMENT, "d2", "a4 0126 " KID_11 CLAIMS_IS "1901022f", "a11901036161", "4101", SIG_64, VL_ERR_FORMAT, "a label of a hash envelope is not protected"},
    {"260 not protected",             STATEMENT, "d2", "a4 0126 " KID_11 CLAIMS_IS "1901022f", "a11901046161", "4101", SIG_64, VL_ERR_FORMAT, "a label of a hash envelope is not protected"},
    {"258 a text",                    STATEMENT, "d2", "a4 0126 " KID_11 CLAIMS_IS "1901026161", "a0", "4101", SIG_64, VL_ERR_FORMAT, "protected header: byte 18: wanted an integer"},
    {"the same is nothing to BASE",   BASE, "d2", "a3 0126 " KID_11 CLAIMS_IS, "a11901022f", "4101", SIG_64, VL_OK, NULL},
};
/* clang-format on */

static void check(const struct row *row)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = object_of(row->tag, row->in, row->out, row->payload, row->signature);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_why why = {""};
    enum vl_err err = vl_sign1_parse(vl_buf_bytes(&wire), row->profile, &sign1, &why);

    if (err != row->err)
        fail_msg("%s: %s, \"%s\"", row->name, vl_err_name(err), why.text);
    if (!err) {
        assert_bytes(vl_buf_bytes(&sign1.wire), vl_buf_bytes(&wire));
        return;
    }
    if (strncmp(why.text, "signed object: ", 15) != 0 || strcmp(why.text + 15, row->words) != 0)
        fail_msg("%s: \"%s\", wanted \"%s\"", row->name, why.text, row->words);
    assert_null(sign1.wire.data);
    assert_int_equal(sign1.payload.len + sign1.signature.len, 0);
}

static void each_profile_takes_and_refuses_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        check(&rows[i]);
}

static void a_high_s_signature_is_refused_in_ours_and_taken_of_others(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf low = hex(GOLDEN_EC);
    VL_AUTO(vl_buf_release) struct vl_buf high = hex(GOLDEN_EC_HIGH);
    VL_AUTO(vl_sign1_release) struct vl_sign1 ours = VL_SIGN1_INIT;
    VL_AUTO(vl_sign1_release) struct vl_sign1 theirs = VL_SIGN1_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_sign1_parse(vl_buf_bytes(&high), OURS, &ours, &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "signed object: an ES256 signature in its high-S form");
    assert_err(vl_sign1_parse(vl_buf_bytes(&low), OURS, &ours, &why), VL_OK, &why);
    assert_err(vl_sign1_parse(vl_buf_bytes(&high), STATEMENT, &theirs, &why), VL_OK, &why);
}

static void the_fields_borrow_from_the_wire_that_is_kept(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex(GOLDEN_ED);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf kid = hex(ED_KID);
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_sign1_parse(vl_buf_bytes(&wire), OURS, &sign1, &why), VL_OK, &why);
    vl_wipe(wire.data, wire.len); /* nothing points there */
    assert_int_equal(sign1.alg, VL_COSE_ALG_EDDSA);
    assert_true(sign1.alg_is_protected && sign1.kid_is_protected);
    assert_bytes(sign1.kid, vl_buf_bytes(&kid));
    assert_bytes(sign1.content_type, VL_LITERAL("application/vnd.valise.seen.v1+cbor"));
    assert_bytes(sign1.claims.iss, VL_LITERAL("dtn://office1test/"));
    assert_bytes(sign1.claims.sub, VL_LITERAL("valise:office:00"));
    assert_true(sign1.claims.has_iat);
    assert_int_equal(sign1.claims.iat_s, 1700000000);
    assert_false(sign1.is_detached);
    assert_bytes(sign1.payload, VL_LITERAL("\xa1\x00\x01"));
    assert_int_equal(sign1.signature.len, 64);
    assert_int_equal(sign1.protected_header.len, 0x7a);
    assert_ptr_equal(sign1.signature.ptr, sign1.wire.data + sign1.wire.len - 64);
}

/* An attacker writes the unprotected header: only kid, as a hint, and BASE's alg come from there.
 */
static void what_is_not_protected_is_never_handed_on_as_signed(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire =
        object_of("d2", "", "a6 0126 0300 " KID_11 CLAIMS_IS "1901022f 186300", PAY, SIG_64);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_sign1_parse(vl_buf_bytes(&wire), BASE, &sign1, &why), VL_OK, &why);
    assert_int_equal(sign1.alg, VL_COSE_ALG_ES256);
    assert_false(sign1.alg_is_protected);
    assert_bytes(sign1.kid, VL_LITERAL("11"));
    assert_false(sign1.kid_is_protected);
    assert_int_equal(sign1.content_format, 0);
    assert_int_equal(sign1.payload_hash_alg, 0);
    assert_int_equal(sign1.claims.iss.len + sign1.claims.sub.len, 0);
}

static void what_is_absent_is_empty_whatever_was_read_before(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf full = hex(GOLDEN_ED);
    VL_AUTO(vl_buf_release)
    struct vl_buf lower = object_of("d2", "", "a3 0126 0300 " KID_11, PAY, SIG_64);
    VL_AUTO(vl_buf_release) struct vl_buf bare = object_of("d2", "a10126", "a0", PAY, SIG_64);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_sign1_parse(vl_buf_bytes(&full), BASE, &sign1, &why), VL_OK, &why);
    vl_sign1_release(&sign1);
    assert_err(vl_sign1_parse(vl_buf_bytes(&lower), BASE, &sign1, &why), VL_OK, &why);
    vl_sign1_release(&sign1);
    vl_sign1_release(&sign1); /* fine twice */
    assert_err(vl_sign1_parse(vl_buf_bytes(&bare), BASE, &sign1, &why), VL_OK, &why);
    assert_int_equal(sign1.kid.len + sign1.content_type.len + sign1.content_format, 0);
    assert_int_equal(sign1.claims.iss.len + sign1.claims.sub.len, 0);
    assert_false(sign1.claims.has_iat || sign1.kid_is_protected);
    assert_int_equal(sign1.payload_hash_alg, 0);
}

static void a_hash_envelope_says_that_its_payload_is_a_digest(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire =
        object_of("d2", "a4 0126 " KID_11 CLAIMS_IS "1901022f", "a0", "4101", SIG_64);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_sign1_parse(vl_buf_bytes(&wire), STATEMENT, &sign1, &why), VL_OK, &why);
    assert_int_equal(sign1.payload_hash_alg, -16);
}

/* An object of ours with a payload that makes it `len` bytes long. */
static struct vl_buf object_of_len(size_t len)
{
    VL_AUTO(vl_buf_release) struct vl_buf in = hex(OUR_ED);
    struct vl_buf object = VL_BUF_INIT(1 << 20);
    struct vl_cbor_out w = vl_cbor_to(&object);
    size_t payload_len = len - (2 + 2 + in.len + 1 + 3 + 66);
    uint8_t *at;

    vl_cbor_put_tag(&w, 18);
    vl_cbor_put_array(&w, 4);
    vl_cbor_put_bytes(&w, vl_buf_bytes(&in));
    vl_cbor_put_map(&w, 0);
    vl_cbor_put_bytes_head(&w, payload_len);
    assert_int_equal(w.err, VL_OK);
    assert_int_equal(vl_buf_add(&object, payload_len, &at), VL_OK);
    vl_cbor_put_bytes_head(&w, 64);
    assert_int_equal(w.err, VL_OK);
    assert_int_equal(vl_buf_add(&object, 64, &at), VL_OK);
    assert_int_equal(object.len, len);
    return object;
}

static void an_object_of_64_kib_is_read_and_one_byte_more_is_not(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf fits = object_of_len(VL_SIGN1_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf too_long = object_of_len(VL_SIGN1_MAX_LEN + 1);
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_sign1_parse(vl_buf_bytes(&too_long), OURS, &sign1, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "signed object: 65537 bytes, more than 65536");
    assert_err(vl_sign1_parse(vl_buf_bytes(&fits), OURS, &sign1, &why), VL_OK, &why);
}

static void cut_anywhere_it_is_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf whole = hex(GOLDEN_ED);

    (void)state;
    for (int profile = VL_SIGN1_OURS; profile <= VL_SIGN1_STATEMENT; profile++)
        for (size_t len = 0; len < whole.len; len++) {
            VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
            struct vl_why why = {""};

            assert_err(vl_sign1_parse(vl_bytes_of(whole.data, len), (enum vl_sign1_profile)profile,
                                      &sign1, &why),
                       VL_ERR_FORMAT, &why);
            assert_null(sign1.wire.data);
        }
}

static enum vl_err parse_once(void *self, struct vl_why *why)
{
    const struct vl_buf *wire = self;
    VL_AUTO(vl_sign1_release) struct vl_sign1 sign1 = VL_SIGN1_INIT;
    enum vl_err err = vl_sign1_parse(vl_buf_bytes(wire), OURS, &sign1, why);

    assert_true(!err || sign1.wire.data == NULL);
    return err;
}

static void each_allocation_that_fails_is_told(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex(GOLDEN_ED);

    (void)state;
    assert_int_equal(each_allocation_fails(parse_once, &wire), 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_profile_takes_and_refuses_by_the_table),
        cmocka_unit_test(a_high_s_signature_is_refused_in_ours_and_taken_of_others),
        cmocka_unit_test(the_fields_borrow_from_the_wire_that_is_kept),
        cmocka_unit_test(what_is_not_protected_is_never_handed_on_as_signed),
        cmocka_unit_test(what_is_absent_is_empty_whatever_was_read_before),
        cmocka_unit_test(a_hash_envelope_says_that_its_payload_is_a_digest),
        cmocka_unit_test(an_object_of_64_kib_is_read_and_one_byte_more_is_not),
        cmocka_unit_test(cut_anywhere_it_is_refused),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
