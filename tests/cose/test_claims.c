/* SPDX-License-Identifier: Apache-2.0 */
/* cose/claims.h: the claims we read, those of others we walk over, and the times we believe. */
#include "parts.h"

#include "cose/claims.h"

#define NO_IAT (-1)

/* clang-format off */
static const struct row {
    const char *name;
    enum vl_cbor_profile profile;
    const char *wire, *iss, *sub;
    int64_t iat_s;
    enum vl_err err;
    const char *words;
} rows[] = {
    {"iss and sub",             VL_CBOR_STRICT, "a2 016169 026173", "i", "s", NO_IAT, VL_OK, NULL},
    {"and iat",                 VL_CBOR_STRICT, "a3 016169 026173 061a6553f100", "i", "s", 1700000000, VL_OK, NULL},
    {"iat 0",                   VL_CBOR_STRICT, "a1 0600", "", "", 0, VL_OK, NULL},
    {"nothing",                 VL_CBOR_STRICT, "a0", "", "", NO_IAT, VL_OK, NULL},
    {"others walked over",      VL_CBOR_STRICT, "a6 016169 036161 041a6553f100 07421234 200a 6178a10102", "i", "", NO_IAT, VL_OK, NULL},
    {"iat a float, of others",  VL_CBOR_COSE,   "a2 06fb41d9554c40000000 016169", "i", "", NO_IAT, VL_OK, NULL},
    {"iat a half float",        VL_CBOR_COSE,   "a1 06f90000", "", "", NO_IAT, VL_OK, NULL},
    {"iat a float, ours",       VL_CBOR_STRICT, "a1 06fb41d9554c40000000", "", "", NO_IAT, VL_ERR_FORMAT, "claims: byte 2: a float or simple value, which has no place here"},
    {"iat true",                VL_CBOR_COSE,   "a1 06f5", "", "", NO_IAT, VL_ERR_FORMAT, "claims: byte 2: wanted an integer"},
    {"iat a break",             VL_CBOR_COSE,   "a1 06ff", "", "", NO_IAT, VL_ERR_FORMAT, "claims: byte 2: a break where nothing is open"},
    {"iat a text",              VL_CBOR_COSE,   "a1 066131", "", "", NO_IAT, VL_ERR_FORMAT, "claims: byte 2: wanted an integer"},
    {"iat with a tag",          VL_CBOR_COSE,   "a1 06c11a6553f100", "", "", NO_IAT, VL_ERR_FORMAT, "claims: byte 2: wanted an integer"},
    {"iat before 1970",         VL_CBOR_STRICT, "a1 0620", "", "", NO_IAT, VL_ERR_LIMIT, "claims: byte 2: an integer outside its limits"},
    {"iat at the end of 9999",  VL_CBOR_STRICT, "a1 061b0000003afff4417f", "", "", 253402300799, VL_OK, NULL},
    {"iat a second later",      VL_CBOR_STRICT, "a1 061b0000003afff44180", "", "", NO_IAT, VL_ERR_LIMIT, "claims: byte 2: an integer outside its limits"},
    {"an empty iss",            VL_CBOR_STRICT, "a1 0160", "", "", NO_IAT, VL_ERR_LIMIT, "claims: byte 2: a string whose length is outside its limits"},
    {"an empty sub",            VL_CBOR_STRICT, "a1 0260", "", "", NO_IAT, VL_ERR_LIMIT, "claims: byte 2: a string whose length is outside its limits"},
    {"iss of bytes",            VL_CBOR_COSE,   "a1 014169", "", "", NO_IAT, VL_ERR_FORMAT, "claims: byte 2: wanted a text"},
    {"sub not UTF-8",           VL_CBOR_STRICT, "a1 0261ff", "", "", NO_IAT, VL_ERR_FORMAT, "claims: byte 2: a text that is not UTF-8"},
    {"iss twice",               VL_CBOR_COSE,   "a2 016169 01616a", "i", "", NO_IAT, VL_ERR_FORMAT, "claims: byte 4: a key twice in one map"},
    {"iss twice, written longer", VL_CBOR_COSE, "a2 016169 1801616a", "i", "", NO_IAT, VL_ERR_FORMAT, "claims: byte 4: a key twice in one map"},
    {"\"1\" is not iss",        VL_CBOR_COSE,   "a1 61316169", "", "", NO_IAT, VL_OK, NULL},
    {"an array",                VL_CBOR_COSE,   "80", "", "", NO_IAT, VL_ERR_FORMAT, "claims: byte 0: wanted a map"},
};
/* clang-format on */

static void each_map_of_claims_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(row->wire);
        struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&wire), row->profile);
        struct vl_claims claims;
        struct vl_why why = {""};
        enum vl_err err;

        vl_claims_read(&r, &claims);
        err = vl_cbor_close(&r, "claims", &why);
        if (err != row->err || (err && strcmp(why.text, row->words) != 0))
            fail_msg("%s: %s, \"%s\"", row->name, vl_err_name(err), why.text);
        if (err) {
            assert_false(claims.has_iat);
            continue;
        }
        assert_bytes(claims.iss, vl_bytes_str(row->iss));
        assert_bytes(claims.sub, vl_bytes_str(row->sub));
        assert_int_equal(claims.has_iat, row->iat_s != NO_IAT);
        assert_int_equal(claims.iat_s, row->iat_s == NO_IAT ? 0 : row->iat_s);
    }
}

static void claims_are_read_as_they_were_written(void **state)
{
    static const struct vl_claims written[] = {
        {{(const uint8_t *)"i", 1}, {(const uint8_t *)"s", 1}, false, 0},
        {{(const uint8_t *)"dtn://a/", 8}, {(const uint8_t *)"x", 1}, true, 1700000000},
        {{(const uint8_t *)"i", 1}, {(const uint8_t *)"s", 1}, true, 0},
    };

    (void)state;
    for (size_t i = 0; i < sizeof written / sizeof *written; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(256);
        struct vl_cbor_out w = vl_cbor_to(&wire);
        struct vl_claims claims;
        struct vl_why why = {""};
        struct vl_cbor r;

        vl_claims_put(&w, &written[i]);
        assert_int_equal(w.err, VL_OK);
        r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_STRICT);
        vl_claims_read(&r, &claims);
        assert_err(vl_cbor_close(&r, "claims", &why), VL_OK, &why);
        assert_bytes(claims.iss, written[i].iss);
        assert_bytes(claims.sub, written[i].sub);
        assert_int_equal(claims.has_iat, written[i].has_iat);
        assert_int_equal(claims.iat_s, written[i].iat_s);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_map_of_claims_is_read_or_refused_by_the_table),
        cmocka_unit_test(claims_are_read_as_they_were_written),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
