/* SPDX-License-Identifier: Apache-2.0 */
/* codec/cbor.h, the typed reads: what each accepts, and the words and the byte of each refusal. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "codec/cbor.h"

#define STRICT VL_CBOR_STRICT
#define COSE   VL_CBOR_COSE
#define BPV7   VL_CBOR_BPV7

static void uint_to_1000(struct vl_cbor *r)
{
    (void)vl_cbor_uint(r, 1000);
}

static void uint_to_max(struct vl_cbor *r)
{
    (void)vl_cbor_uint(r, UINT64_MAX);
}

static void int_of_ten(struct vl_cbor *r)
{
    (void)vl_cbor_int(r, -10, 10);
}

static void any_int(struct vl_cbor *r)
{
    (void)vl_cbor_int(r, INT64_MIN, INT64_MAX);
}

static void bytes_2_to_4(struct vl_cbor *r)
{
    (void)vl_cbor_bytes(r, 2, 4);
}

static void any_bytes(struct vl_cbor *r)
{
    (void)vl_cbor_bytes(r, 0, SIZE_MAX);
}

static void text_1_to_8(struct vl_cbor *r)
{
    (void)vl_cbor_text(r, 1, 8);
}

static void text_to_64(struct vl_cbor *r)
{
    (void)vl_cbor_text(r, 0, 64);
}

static void boolean(struct vl_cbor *r)
{
    (void)vl_cbor_bool(r);
}

static void null_or_uint(struct vl_cbor *r)
{
    if (!vl_cbor_null(r))
        (void)vl_cbor_uint(r, 9);
}

static void tag_18(struct vl_cbor *r)
{
    vl_cbor_tag(r, 18);
    (void)vl_cbor_uint(r, 0);
}

static void array_of_uints(struct vl_cbor *r)
{
    size_t count = vl_cbor_array(r, 1, 3);

    for (size_t i = 0; i < count; i++)
        (void)vl_cbor_uint(r, 9);
}

static void array_of_any_size(struct vl_cbor *r)
{
    (void)vl_cbor_array(r, 0, SIZE_MAX);
}

static void map_of_uints(struct vl_cbor *r)
{
    struct vl_cbor_map map = vl_cbor_map(r, 0, 100);

    while (vl_cbor_next(r, &map)) {
        (void)vl_cbor_key(r, &map, -100, 500);
        (void)vl_cbor_uint(r, 9);
    }
}

static void map_of_keys_2_to_5(struct vl_cbor *r)
{
    struct vl_cbor_map map = vl_cbor_map(r, 0, 100);

    while (vl_cbor_next(r, &map)) {
        (void)vl_cbor_key(r, &map, 2, 5);
        (void)vl_cbor_item(r);
    }
}

static void map_of_labels(struct vl_cbor *r)
{
    struct vl_cbor_map map = vl_cbor_map(r, 0, SIZE_MAX);

    while (vl_cbor_next(r, &map)) {
        (void)vl_cbor_label(r, &map);
        (void)vl_cbor_uint(r, 9);
    }
}

static void open_array(struct vl_cbor *r)
{
    vl_cbor_open_array(r);
    while (vl_cbor_ok(r) && !vl_cbor_break(r))
        (void)vl_cbor_uint(r, 9);
}

/* clang-format off */
static const struct row {
    const char *name;
    enum vl_cbor_profile profile;
    void (*read)(struct vl_cbor *r);
    const char *hex;
    enum vl_err err;
    const char *words; /* behind "it: byte " */
} rows[] = {
    {"zero",                         STRICT, uint_to_1000,  "00",         VL_OK, NULL},
    {"23 in one byte",               STRICT, uint_to_1000,  "17",         VL_OK, NULL},
    {"24 in two",                    STRICT, uint_to_1000,  "1818",       VL_OK, NULL},
    {"23 in two",                    STRICT, uint_to_1000,  "1817",       VL_ERR_FORMAT, "0: not the shortest form"},
    {"23 in two, of others",         COSE,   uint_to_1000,  "1817",       VL_OK, NULL},
    {"23 in two, in a bundle",       BPV7,   uint_to_1000,  "1817",       VL_ERR_FORMAT, "0: not the shortest form"},
    {"255 in three",                 STRICT, uint_to_1000,  "1900ff",     VL_ERR_FORMAT, "0: not the shortest form"},
    {"256 in three",                 STRICT, uint_to_1000,  "190100",     VL_OK, NULL},
    {"65535 in five",                STRICT, uint_to_max,   "1a0000ffff", VL_ERR_FORMAT, "0: not the shortest form"},
    {"65536 in five",                STRICT, uint_to_max,   "1a00010000", VL_OK, NULL},
    {"2^32-1 in nine",               STRICT, uint_to_max,   "1b00000000ffffffff", VL_ERR_FORMAT, "0: not the shortest form"},
    {"2^32 in nine",                 STRICT, uint_to_max,   "1b0000000100000000", VL_OK, NULL},
    {"2^64-1",                       STRICT, uint_to_max,   "1bffffffffffffffff", VL_OK, NULL},
    {"1000 at its limit",            STRICT, uint_to_1000,  "1903e8",     VL_OK, NULL},
    {"1001 over it",                 STRICT, uint_to_1000,  "1903e9",     VL_ERR_LIMIT, "0: an unsigned integer over its limit"},
    {"257 does not become 1",        STRICT, uint_to_1000,  "1b0000000100000001", VL_ERR_LIMIT, "0: an unsigned integer over its limit"},
    {"a negative for a uint",        STRICT, uint_to_1000,  "20",         VL_ERR_FORMAT, "0: wanted an unsigned integer"},
    {"a bignum for a uint",          COSE,   uint_to_max,   "c24101",     VL_ERR_FORMAT, "0: wanted an unsigned integer"},
    {"a float for a uint",           COSE,   uint_to_max,   "f93c00",     VL_ERR_FORMAT, "0: wanted an unsigned integer"},
    {"nothing",                      STRICT, uint_to_1000,  "",           VL_ERR_FORMAT, "0: cut short"},
    {"half a head",                  STRICT, uint_to_1000,  "19",         VL_ERR_FORMAT, "0: cut short"},
    {"one byte of a head missing",   STRICT, uint_to_max,   "1b00000000000000", VL_ERR_FORMAT, "0: cut short"},
    {"a reserved head",              COSE,   uint_to_1000,  "1c",         VL_ERR_FORMAT, "0: a reserved head"},
    {"a uint of no length",          COSE,   uint_to_1000,  "1f",         VL_ERR_FORMAT, "0: an indefinite length"},
    {"something behind",             STRICT, uint_to_1000,  "0000",       VL_ERR_FORMAT, "1: bytes left over"},

    {"-1",                           STRICT, int_of_ten,    "20",         VL_OK, NULL},
    {"-10",                          STRICT, int_of_ten,    "29",         VL_OK, NULL},
    {"-11 below the range",          STRICT, int_of_ten,    "2a",         VL_ERR_LIMIT, "0: an integer outside its limits"},
    {"11 above the range",           STRICT, int_of_ten,    "0b",         VL_ERR_LIMIT, "0: an integer outside its limits"},
    {"the least int64",              STRICT, any_int,       "3b7fffffffffffffff", VL_OK, NULL},
    {"one less",                     STRICT, any_int,       "3b8000000000000000", VL_ERR_LIMIT, "0: an integer outside its limits"},
    {"the greatest int64",           STRICT, any_int,       "1b7fffffffffffffff", VL_OK, NULL},
    {"one more",                     STRICT, any_int,       "1b8000000000000000", VL_ERR_LIMIT, "0: an integer outside its limits"},
    {"-1 in two",                    STRICT, any_int,       "3800",       VL_ERR_FORMAT, "0: not the shortest form"},
    {"a text for an int",            STRICT, any_int,       "6131",       VL_ERR_FORMAT, "0: wanted an integer"},

    {"two bytes",                    STRICT, bytes_2_to_4,  "420102",     VL_OK, NULL},
    {"one byte too few",             STRICT, bytes_2_to_4,  "4101",       VL_ERR_LIMIT, "0: a string whose length is outside its limits"},
    {"one byte too many",            STRICT, bytes_2_to_4,  "450102030405", VL_ERR_LIMIT, "0: a string whose length is outside its limits"},
    {"bytes that end early",         STRICT, bytes_2_to_4,  "430102",     VL_ERR_FORMAT, "0: a string that is cut short"},
    {"2^32 bytes promised",          STRICT, any_bytes,     "5b0000000100000000ff", VL_ERR_FORMAT, "0: a string that is cut short"},
    {"2^64-1 bytes promised",        STRICT, any_bytes,     "5bffffffffffffffffff", VL_ERR_FORMAT, "0: a string that is cut short"},
    {"2^64-1 bytes over the limit",  STRICT, bytes_2_to_4,  "5bffffffffffffffffff", VL_ERR_LIMIT, "0: a string whose length is outside its limits"},
    {"a length in too long a head",  STRICT, bytes_2_to_4,  "58020102",   VL_ERR_FORMAT, "0: not the shortest form"},
    {"the same, of others",          COSE,   bytes_2_to_4,  "58020102",   VL_OK, NULL},
    {"bytes in chunks",              COSE,   bytes_2_to_4,  "5f420102ff", VL_ERR_FORMAT, "0: an indefinite length"},
    {"a text for bytes",             STRICT, bytes_2_to_4,  "626161",     VL_ERR_FORMAT, "0: wanted a byte string"},

    {"a text",                       STRICT, text_1_to_8,   "6449455446", VL_OK, NULL},
    {"an empty text",                STRICT, text_1_to_8,   "60",         VL_ERR_LIMIT, "0: a string whose length is outside its limits"},
    {"umlaut",                       STRICT, text_1_to_8,   "62c3bc",     VL_OK, NULL},
    {"four-byte character",          STRICT, text_1_to_8,   "64f0908591", VL_OK, NULL},
    {"half a character",             STRICT, text_1_to_8,   "61c3",       VL_ERR_FORMAT, "0: a text that is not UTF-8"},
    {"an overlong slash",            STRICT, text_1_to_8,   "62c0af",     VL_ERR_FORMAT, "0: a text that is not UTF-8"},
    {"a surrogate",                  STRICT, text_1_to_8,   "63eda080",   VL_ERR_FORMAT, "0: a text that is not UTF-8"},
    {"above U+10FFFF",               STRICT, text_1_to_8,   "64f4908080", VL_ERR_FORMAT, "0: a text that is not UTF-8"},
    {"not UTF-8 in its 8th byte",    STRICT, text_1_to_8,   "6861616161616161ff", VL_ERR_FORMAT, "0: a text that is not UTF-8"},
    {"not UTF-8 in its 9th byte",    STRICT, text_to_64,    "696161616161616161ff", VL_ERR_FORMAT, "0: a text that is not UTF-8"},
    {"two bytes across the 8th",     STRICT, text_to_64,    "6961616161616161c3bc", VL_OK, NULL},
    {"bytes for a text",             STRICT, text_1_to_8,   "4161",       VL_ERR_FORMAT, "0: wanted a text"},

    {"false",                        STRICT, boolean,       "f4",         VL_OK, NULL},
    {"true",                         STRICT, boolean,       "f5",         VL_OK, NULL},
    {"null for a truth",             STRICT, boolean,       "f6",         VL_ERR_FORMAT, "0: wanted true or false"},
    {"false in two bytes",           COSE,   boolean,       "f814",       VL_ERR_FORMAT, "0: wanted true or false"},
    {"no truth at all",              STRICT, boolean,       "",           VL_ERR_FORMAT, "0: cut short"},
    {"null",                         STRICT, null_or_uint,  "f6",         VL_OK, NULL},
    {"something other than null",    STRICT, null_or_uint,  "05",         VL_OK, NULL},
    {"undefined for null",           COSE,   null_or_uint,  "f7",         VL_ERR_FORMAT, "0: wanted an unsigned integer"},

    {"tag 18",                       STRICT, tag_18,        "d200",       VL_OK, NULL},
    {"tag 17",                       STRICT, tag_18,        "d100",       VL_ERR_FORMAT, "0: another tag than wanted"},
    {"tag 18 in two bytes",          STRICT, tag_18,        "d81200",     VL_ERR_FORMAT, "0: not the shortest form"},
    {"the same, of others",          COSE,   tag_18,        "d81200",     VL_OK, NULL},
    {"no tag",                       STRICT, tag_18,        "00",         VL_ERR_FORMAT, "0: wanted a tag"},
    {"a tag before nothing",         STRICT, tag_18,        "d2",         VL_ERR_FORMAT, "1: cut short"},

    {"an array of three",            STRICT, array_of_uints, "83010203",  VL_OK, NULL},
    {"an array of none",             STRICT, array_of_uints, "80",        VL_ERR_LIMIT, "0: a number of items outside its limits"},
    {"an array of four",             STRICT, array_of_uints, "8401020304", VL_ERR_LIMIT, "0: a number of items outside its limits"},
    {"more promised than there",     STRICT, array_of_uints, "830102",    VL_ERR_FORMAT, "0: more items promised than bytes are left"},
    {"one item too many",            STRICT, array_of_uints, "8101 02",   VL_ERR_FORMAT, "2: bytes left over"},
    {"refusal inside an array",      STRICT, array_of_uints, "8301200a",  VL_ERR_FORMAT, "2: wanted an unsigned integer"},
    {"2^32 items promised",          STRICT, array_of_any_size, "9b0000000100000000", VL_ERR_FORMAT, "0: more items promised than bytes are left"},
    {"2^64-1 items promised",        STRICT, array_of_any_size, "9bffffffffffffffff", VL_ERR_FORMAT, "0: more items promised than bytes are left"},
    {"an array without a length",    COSE,   array_of_uints, "9f01ff",    VL_ERR_FORMAT, "0: an indefinite length"},
    {"the same where a length is due", BPV7, array_of_uints, "9f01ff",    VL_ERR_FORMAT, "0: an indefinite length"},
    {"a map for an array",           STRICT, array_of_uints, "a10101",    VL_ERR_FORMAT, "0: wanted an array"},

    {"an empty map",                 STRICT, map_of_uints,  "a0",         VL_OK, NULL},
    {"keys in order",                STRICT, map_of_uints,  "a4 0101 1818 02 20 03 3863 04", VL_OK, NULL},
    {"keys by their bytes, not by length", STRICT, map_of_uints, "a2 186401 2001", VL_OK, NULL},
    {"shorter key first",            STRICT, map_of_uints,  "a2 2001 186401", VL_ERR_FORMAT, "3: keys out of order"},
    {"keys in order inside one length", STRICT, map_of_uints, "a3 1818 00 1819 00 190100 00", VL_OK, NULL},
    {"second byte out of order",     STRICT, map_of_uints,  "a2 181900 181800", VL_ERR_FORMAT, "4: keys out of order"},
    {"one key twice",                STRICT, map_of_uints,  "a2 0101 0102", VL_ERR_FORMAT, "3: a key twice in one map"},
    {"one two-byte key twice",       STRICT, map_of_uints,  "a2 186401 186402", VL_ERR_FORMAT, "4: a key twice in one map"},
    {"a key below its range",        STRICT, map_of_uints,  "a1 3864 01", VL_ERR_LIMIT, "1: an integer outside its limits"},
    {"the least and the greatest key", STRICT, map_of_keys_2_to_5, "a2 0200 0500", VL_OK, NULL},
    {"a key one below",              STRICT, map_of_keys_2_to_5, "a1 0100", VL_ERR_LIMIT, "1: an integer outside its limits"},
    {"a key one above",              STRICT, map_of_keys_2_to_5, "a1 0600", VL_ERR_LIMIT, "1: an integer outside its limits"},
    {"the same, of others",          COSE,   map_of_keys_2_to_5, "a1 0600", VL_ERR_LIMIT, "1: an integer outside its limits"},
    {"a text as key",                STRICT, map_of_uints,  "a1 6161 01", VL_ERR_FORMAT, "1: wanted an integer"},
    {"keys in any order, of others", COSE,   map_of_uints,  "a3 0301 2001 0101", VL_OK, NULL},
    {"one key twice, of others",     COSE,   map_of_uints,  "a3 0101 0201 0102", VL_ERR_FORMAT, "5: a key twice in one map"},
    {"one key twice, written longer", COSE,  map_of_uints,  "a2 0101 180102", VL_ERR_FORMAT, "3: a key twice in one map"},
    {"written longer first",         COSE,   map_of_uints,  "a2 1b000000000000000101 0102", VL_ERR_FORMAT, "11: a key twice in one map"},
    {"1 and -2 are two keys",        COSE,   map_of_uints,  "a2 0101 2102", VL_OK, NULL},
    {"pairs promised",               STRICT, map_of_uints,  "a2 0101 01", VL_ERR_FORMAT, "0: more items promised than bytes are left"},
    {"a key without a value",        STRICT, map_of_uints,  "a2 0101 1864", VL_ERR_FORMAT, "5: cut short"},
    {"2^63 pairs promised",          STRICT, map_of_labels, "bb8000000000000000", VL_ERR_FORMAT, "0: more items promised than bytes are left"},
    {"a map without a length",       COSE,   map_of_uints,  "bf0101ff",   VL_ERR_FORMAT, "0: an indefinite length"},

    {"labels of both kinds",         STRICT, map_of_labels, "a3 0101 2001 616101", VL_OK, NULL},
    {"texts in order",               STRICT, map_of_labels, "a3 616101 616201 62616101", VL_OK, NULL},
    {"a text before its beginning",  STRICT, map_of_labels, "a2 62616101 616101", VL_ERR_FORMAT, "5: keys out of order"},
    {"one text twice, of others",    COSE,   map_of_labels, "a3 616101 0101 616102", VL_ERR_FORMAT, "6: a key twice in one map"},
    {"one text twice, written longer", COSE, map_of_labels, "a2 616101 78016102", VL_ERR_FORMAT, "4: a key twice in one map"},
    {"one empty text twice",         COSE,   map_of_labels, "a2 6001 780002", VL_ERR_FORMAT, "3: a key twice in one map"},
    {"a label that is not UTF-8",    COSE,   map_of_labels, "a1 61ff01",  VL_ERR_FORMAT, "1: a text that is not UTF-8"},
    {"a label of bytes",             COSE,   map_of_labels, "a1 416101",  VL_ERR_FORMAT, "1: wanted an integer"},

    {"an open array",                BPV7,   open_array,    "9f0102ff",   VL_OK, NULL},
    {"an open array of none",        BPV7,   open_array,    "9fff",       VL_OK, NULL},
    {"an open array left open",      BPV7,   open_array,    "9f01",       VL_ERR_FORMAT, "2: cut short"},
    {"a closed array where open",    BPV7,   open_array,    "8101",       VL_ERR_FORMAT, "0: wanted an array of indefinite length"},
    {"an open array of ours",        STRICT, open_array,    "9f0102ff",   VL_ERR_FORMAT, "0: wanted an array of indefinite length"},
    {"an open array of others",      COSE,   open_array,    "9f0102ff",   VL_ERR_FORMAT, "0: wanted an array of indefinite length"},
    {"a break in a number's place",  BPV7,   map_of_uints,  "a101ff",     VL_ERR_FORMAT, "2: wanted an unsigned integer"},
};
/* clang-format on */

static void each_read_accepts_and_refuses_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i].hex);
        struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&wire), rows[i].profile);
        struct vl_why why = {""};
        char wanted[128] = "";
        enum vl_err err;

        rows[i].read(&r);
        err = vl_cbor_close(&r, "it", &why);
        if (rows[i].words)
            (void)snprintf(wanted, sizeof wanted, "it: byte %s", rows[i].words);
        if (err != rows[i].err || strcmp(why.text, wanted) != 0)
            fail_msg("%s: %s, \"%s\", wanted \"%s\"", rows[i].name, vl_err_name(err), why.text,
                     wanted);
    }
}

static void values_are_what_was_written(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire =
        hex("8a 17 1818 190100 1a00010000 1b0000000100000000 20 3903e7 3b7fffffffffffffff"
            " 43010203 62c3bc");
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_STRICT);
    struct vl_why why;

    (void)state;
    assert_int_equal(vl_cbor_array(&r, 0, 10), 10);
    assert_int_equal(vl_cbor_uint(&r, 99), 23);
    assert_int_equal(vl_cbor_uint(&r, 99), 24);
    assert_int_equal(vl_cbor_uint(&r, 999), 256);
    assert_int_equal(vl_cbor_uint(&r, 99999), 65536);
    assert_true(vl_cbor_uint(&r, UINT64_MAX) == UINT64_C(1) << 32);
    assert_int_equal(vl_cbor_int(&r, -1, 0), -1);
    assert_int_equal(vl_cbor_int(&r, -1000, 0), -1000);
    assert_true(vl_cbor_int(&r, INT64_MIN, 0) == INT64_MIN);
    assert_bytes(vl_cbor_bytes(&r, 3, 3), VL_LITERAL("\1\2\3"));
    assert_bytes(vl_cbor_text(&r, 1, 9), VL_LITERAL("\xc3\xbc"));
    assert_err(vl_cbor_close(&r, "it", &why), VL_OK, &why);
}

static void the_first_refusal_latches_and_later_reads_give_nothing(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex("8a 01 20 01 4101 6161 f5 f6 80 a0 d200");
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_STRICT);
    struct vl_cbor_map map;
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_cbor_array(&r, 10, 10), 10);
    assert_int_equal(vl_cbor_uint(&r, 9), 1);
    assert_int_equal(vl_cbor_uint(&r, 9), 0); /* it is -1 */
    assert_false(vl_cbor_ok(&r));
    assert_int_equal(vl_cbor_peek(&r), VL_CBOR_NOTHING);
    assert_int_equal(vl_cbor_uint(&r, 9), 0);
    assert_int_equal(vl_cbor_int(&r, -9, 9), 0);
    assert_int_equal(vl_cbor_bytes(&r, 0, 9).len, 0);
    assert_int_equal(vl_cbor_text(&r, 0, 9).len, 0);
    assert_false(vl_cbor_bool(&r));
    assert_false(vl_cbor_null(&r));
    vl_cbor_tag(&r, 18);
    assert_int_equal(vl_cbor_array(&r, 0, 9), 0);
    map = vl_cbor_map(&r, 0, 9);
    assert_false(vl_cbor_next(&r, &map));
    assert_int_equal(vl_cbor_key(&r, &map, 0, 9), 0);
    assert_int_equal(vl_cbor_label(&r, &map).number, 0);
    assert_int_equal(vl_cbor_item(&r).len, 0);
    vl_cbor_open_array(&r);
    assert_false(vl_cbor_break(&r));
    vl_cbor_refuse(&r, VL_ERR_LIMIT, "too late");
    assert_err(vl_cbor_check(&r, "it", &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "it: byte 2: wanted an unsigned integer");
    assert_err(vl_cbor_close(&r, "it", &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "it: byte 2: wanted an unsigned integer");
}

static void a_refused_key_is_nothing_and_ends_the_map(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex("a3 0500 0400 0600");
    VL_AUTO(vl_buf_release) struct vl_buf texts = hex("a3 616200 616100 616300");
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, 3, 3);

    (void)state;
    assert_true(vl_cbor_next(&r, &map));
    assert_int_equal(vl_cbor_key(&r, &map, 0, 9), 5);
    assert_int_equal(vl_cbor_uint(&r, 9), 0);
    assert_true(vl_cbor_next(&r, &map));
    assert_int_equal(vl_cbor_key(&r, &map, 0, 9), 0); /* 4 is out of order */
    assert_false(vl_cbor_next(&r, &map));
    r = vl_cbor_open(vl_buf_bytes(&texts), VL_CBOR_STRICT);
    map = vl_cbor_map(&r, 3, 3);
    assert_true(vl_cbor_next(&r, &map));
    assert_bytes(vl_cbor_label(&r, &map).text, VL_LITERAL("b"));
    assert_int_equal(vl_cbor_uint(&r, 9), 0);
    assert_true(vl_cbor_next(&r, &map));
    assert_int_equal(vl_cbor_label(&r, &map).text.len, 0);
    assert_false(vl_cbor_next(&r, &map));
}

static void a_key_behind_the_end_is_not_read(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex("a2 02 1903e8 0300");
    struct vl_cbor r = vl_cbor_open(vl_bytes_of(wire.data, 5), VL_CBOR_STRICT);
    struct vl_why why = {""};

    (void)state;
    map_of_keys_2_to_5(&r);
    assert_err(vl_cbor_close(&r, "it", &why), VL_ERR_FORMAT, &why);
    assert_string_equal(why.text, "it: byte 5: cut short");
}

static void a_refusal_of_the_callers_own_names_the_byte_it_is_at(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex("820102");
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_STRICT);
    struct vl_why why = {""};

    (void)state;
    (void)vl_cbor_array(&r, 2, 2);
    (void)vl_cbor_uint(&r, 9);
    vl_cbor_refuse(&r, VL_ERR_UNSUPPORTED, "a version from the future");
    assert_err(vl_cbor_close(&r, "card", &why), VL_ERR_UNSUPPORTED, &why);
    assert_string_equal(why.text, "card: byte 2: a version from the future");
}

static void peek_tells_what_comes_and_reads_nothing(void **state)
{
    static const struct {
        const char *hex;
        enum vl_cbor_kind kind;
    } firsts[] = {
        {"00", VL_CBOR_UINT},  {"20", VL_CBOR_NEGATIVE}, {"40", VL_CBOR_BYTES},
        {"60", VL_CBOR_TEXT},  {"80", VL_CBOR_ARRAY},    {"a0", VL_CBOR_MAP},
        {"d2", VL_CBOR_TAG},   {"f5", VL_CBOR_SIMPLE},   {"ff", VL_CBOR_SIMPLE},
        {"", VL_CBOR_NOTHING},
    };

    (void)state;
    for (size_t i = 0; i < sizeof firsts / sizeof *firsts; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(firsts[i].hex);
        struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_STRICT);

        assert_int_equal(vl_cbor_peek(&r), firsts[i].kind);
        assert_ptr_equal(r.at, r.start);
    }
}

/* A map of `pairs` pairs {0: 0, 1: 0, ...} with keys of three bytes, so that all are one length. */
static struct vl_buf map_of(unsigned pairs)
{
    struct vl_buf out = VL_BUF_INIT(1 << 20);
    struct vl_cbor_out w = vl_cbor_to(&out);

    vl_cbor_put_map(&w, pairs);
    for (unsigned i = 0; i < pairs; i++) {
        vl_cbor_put_uint(&w, 256 + i);
        vl_cbor_put_uint(&w, 0);
    }
    assert_int_equal(w.err, VL_OK);
    return out;
}

static void maps_of_others_have_at_most_64_pairs(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf good = map_of(64);
    VL_AUTO(vl_buf_release) struct vl_buf bad = map_of(65);
    struct vl_cbor of_64 = vl_cbor_open(vl_buf_bytes(&good), VL_CBOR_COSE);
    struct vl_cbor of_65 = vl_cbor_open(vl_buf_bytes(&bad), VL_CBOR_COSE);
    struct vl_cbor ours = vl_cbor_open(vl_buf_bytes(&bad), VL_CBOR_STRICT);
    struct vl_why why = {""};

    (void)state;
    map_of_labels(&of_64);
    assert_err(vl_cbor_close(&of_64, "it", &why), VL_OK, &why);
    map_of_labels(&of_65);
    assert_err(vl_cbor_close(&of_65, "it", &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "it: byte 0: a map of more than 64 pairs");
    map_of_labels(&ours);
    assert_err(vl_cbor_close(&ours, "it", &why), VL_OK, &why);
}

static void a_break_is_read_in_bundles_only(void **state)
{
    static const uint8_t wire[] = {0xff};
    struct vl_cbor bundle = vl_cbor_open(VL_ARRAY(wire), VL_CBOR_BPV7);
    struct vl_cbor ours = vl_cbor_open(VL_ARRAY(wire), VL_CBOR_STRICT);
    struct vl_cbor theirs = vl_cbor_open(VL_ARRAY(wire), VL_CBOR_COSE);

    (void)state;
    assert_true(vl_cbor_break(&bundle));
    assert_false(vl_cbor_break(&bundle)); /* there was one */
    assert_false(vl_cbor_break(&ours));
    assert_false(vl_cbor_break(&theirs));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_read_accepts_and_refuses_by_the_table),
        cmocka_unit_test(values_are_what_was_written),
        cmocka_unit_test(the_first_refusal_latches_and_later_reads_give_nothing),
        cmocka_unit_test(a_refused_key_is_nothing_and_ends_the_map),
        cmocka_unit_test(a_key_behind_the_end_is_not_read),
        cmocka_unit_test(a_refusal_of_the_callers_own_names_the_byte_it_is_at),
        cmocka_unit_test(peek_tells_what_comes_and_reads_nothing),
        cmocka_unit_test(maps_of_others_have_at_most_64_pairs),
        cmocka_unit_test(a_break_is_read_in_bundles_only),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
