/* SPDX-License-Identifier: Apache-2.0 */
/* codec/cbor.h, vl_cbor_item: one item of any kind, checked to its last byte, in each profile. */
#include "support.h"

#include <stdio.h>
#include <string.h>

#include "codec/cbor.h"

#define LEFT     "bytes left over"
#define LONG     "not the shortest form"
#define SHORT    "cut short"
#define ENDLESS  "an indefinite length"
#define NO_PLACE "a float or simple value, which has no place here"
#define ORDER    "keys out of order"
#define TWICE    "a key twice in one map"
#define PROMISED "more items promised than bytes are left"
#define WRONG    "a simple value in the wrong form"

/* clang-format off */
static const struct row {
    const char *name, *hex;
    size_t strict_at;
    const char *strict; /* the refusal in our profile, NULL for none; the same in bundles */
    size_t cose_at;
    const char *cose;   /* the refusal in the COSE profile */
} rows[] = {
    {"an integer",                  "1903e8",             0, NULL,     0, NULL},
    {"an integer written longer",   "1a000003e8",         0, LONG,     0, NULL},
    {"a tag",                       "c11a514b67b0",       0, NULL,     0, NULL},
    {"a tag written longer",        "d80100",             0, LONG,     0, NULL},
    {"a tag before nothing",        "c1",                 1, SHORT,    1, SHORT},
    {"tags on tags",                "c1c2c340",           0, NULL,     0, NULL},
    {"half a float",                "f93c",               0, SHORT,    0, SHORT},
    {"a half float",                "f93c00",             0, NO_PLACE, 0, NULL},
    {"a single float",              "fa47c35000",         0, NO_PLACE, 0, NULL},
    {"a double float",              "fb3ff199999999999a", 0, NO_PLACE, 0, NULL},
    {"a float inside",              "82 01 f93c00",       2, NO_PLACE, 0, NULL},
    {"false, true, null",           "83 f4 f5 f6",        0, NULL,     0, NULL},
    {"undefined",                   "f7",                 0, NO_PLACE, 0, NULL},
    {"simple 16",                   "f0",                 0, NO_PLACE, 0, NULL},
    {"simple 255",                  "f8ff",               0, NO_PLACE, 0, NULL},
    {"simple 32",                   "f820",               0, NO_PLACE, 0, NULL},
    {"simple 31 in two bytes",      "f81f",               0, WRONG,    0, WRONG},
    {"true in two bytes",           "f815",               0, WRONG,    0, WRONG},
    {"a break alone",               "ff",                 0, "a break where nothing is open", 0, "a break where nothing is open"},
    {"a break in an array",         "82 01 ff",           2, "a break where nothing is open", 2, "a break where nothing is open"},
    {"a break for a value",         "a1 01 ff",           2, "a break where nothing is open", 2, "a break where nothing is open"},
    {"bytes in chunks",             "5f 4100 ff",         0, ENDLESS,  0, ENDLESS},
    {"text in chunks",              "7f 6161 ff",         0, ENDLESS,  0, ENDLESS},
    {"an open array",               "9f 01 ff",           0, ENDLESS,  0, ENDLESS},
    {"an open array inside",        "81 9f 01 ff",        1, ENDLESS,  1, ENDLESS},
    {"an open map",                 "bf 0101 ff",         0, ENDLESS,  0, ENDLESS},
    {"a reserved head",             "81 3d",              1, "a reserved head", 1, "a reserved head"},
    {"nothing",                     "",                   0, SHORT,    0, SHORT},
    {"an array cut short",          "82 01",              0, PROMISED, 0, PROMISED},
    {"an array cut in an item",     "82 01 19ff",         2, SHORT,    2, SHORT},
    {"an array of 2^64-1",          "9bffffffffffffffff", 0, PROMISED, 0, PROMISED},
    {"a map of 2^63",               "bb8000000000000000", 0, PROMISED, 0, PROMISED},
    {"bytes of 2^63",               "5b8000000000000000", 0, "a string that is cut short", 0, "a string that is cut short"},
    {"two items",                   "0102",               1, LEFT,     1, LEFT},
    {"a text that is not UTF-8",    "81 62c328",          1, "a text that is not UTF-8", 1, "a text that is not UTF-8"},
    {"arrays in arrays",            "83 01 820203 820405", 0, NULL,    0, NULL},
    {"a map",                       "a2 0102 0304",       0, NULL,     0, NULL},
    {"a map in any order",          "a2 0304 0102",       3, ORDER,    0, NULL},
    {"a key twice",                 "a2 0102 0103",       3, TWICE,    3, TWICE},
    {"a key twice, three apart",    "a3 0102 0203 0104",  5, ORDER,    5, TWICE},
    {"a key twice, written longer", "a2 0102 180103",     3, LONG,     3, TWICE},
    {"texts before bytes",          "a2 6161 01 4161 02", 4, ORDER,    0, NULL},
    {"bytes before texts",          "a2 4161 01 6161 02", 0, NULL,     0, NULL},
    {"a longer text first",         "a2 626161 01 6162 02", 5, ORDER,  0, NULL},
    {"every kind of key",           "a8 00f6 20f6 40f6 60f6 80f6 a0f6 c100f6 f4f6", 0, NULL, 0, NULL},
    {"arrays as keys in order",     "a2 8100 01 8101 02", 0, NULL,     0, NULL},
    {"arrays as keys out of order", "a2 8101 01 8100 02", 4, ORDER,    0, NULL},
    {"an array as key twice",       "a2 8101 01 8101 02", 4, TWICE,    4, TWICE},
    {"a map as key, with order in it", "a1 a2 0202 0101 03", 4, ORDER, 0, NULL},
    {"a map in a map in a map",     "a1 01 a1 02 a2 03 04 05 06", 0, NULL, 0, NULL},
    {"a key twice deep inside",     "a1 01 a1 02 a2 03 04 03 06", 7, TWICE, 7, TWICE},
    {"order after a nested map",    "a2 02 a1 0901 01 00", 5, ORDER,   0, NULL},
    {"a tagged key twice",          "a2 c101 01 c101 02", 4, TWICE,    4, TWICE},
    {"an array holds to the last",  "82 a1 01 02 03",     0, NULL,     0, NULL},
};
/* clang-format on */

static void check(const struct row *row, enum vl_cbor_profile profile, size_t at, const char *words)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex(row->hex);
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&wire), profile);
    vl_bytes item = vl_cbor_item(&r);
    struct vl_why why = {""};
    char wanted[128] = "";
    enum vl_err err = vl_cbor_close(&r, "it", &why);

    if (words)
        (void)snprintf(wanted, sizeof wanted, "it: byte %zu: %s", at, words);
    if ((err == VL_OK) != (words == NULL) || strcmp(why.text, wanted) != 0)
        fail_msg("%s, profile %d: \"%s\", wanted \"%s\"", row->name, (int)profile, why.text,
                 wanted);
    if (!words)
        assert_bytes(item, vl_buf_bytes(&wire));
    else if (strcmp(words, LEFT) != 0)
        assert_int_equal(item.len, 0);
}

static void each_item_is_taken_or_refused_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        check(&rows[i], VL_CBOR_STRICT, rows[i].strict_at, rows[i].strict);
        check(&rows[i], VL_CBOR_BPV7, rows[i].strict_at, rows[i].strict);
        check(&rows[i], VL_CBOR_COSE, rows[i].cose_at, rows[i].cose);
    }
}

/* `levels` times the bytes of `opens`, then of `inside`. */
static enum vl_err nested(const char *opens, size_t levels, const char *inside, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf open = hex(opens);
    VL_AUTO(vl_buf_release) struct vl_buf core = hex(inside);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1 << 20);
    struct vl_cbor r;

    for (size_t i = 0; i < levels; i++)
        assert_int_equal(vl_buf_put(&wire, vl_buf_bytes(&open)), VL_OK);
    assert_int_equal(vl_buf_put(&wire, vl_buf_bytes(&core)), VL_OK);
    r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_STRICT);
    (void)vl_cbor_item(&r);
    return vl_cbor_close(&r, "it", why);
}

static void sixteen_levels_are_taken_and_the_seventeenth_is_refused_where_it_opens(void **state)
{
    static const struct {
        const char *opens, *words;
    } kinds[] = {
        {"81", "it: byte 16: nested too deeply"},
        {"c1", "it: byte 16: nested too deeply"},
        {"a100", "it: byte 32: nested too deeply"},
    };
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++) {
        assert_err(nested(kinds[i].opens, VL_CBOR_MAX_DEPTH, "00", &why), VL_OK, &why);
        assert_err(nested(kinds[i].opens, VL_CBOR_MAX_DEPTH + 1, "00", &why), VL_ERR_LIMIT, &why);
        assert_string_equal(why.text, kinds[i].words);
        assert_err(nested(kinds[i].opens, 100000, "00", &why), VL_ERR_LIMIT, &why);
    }
    assert_err(nested("81", VL_CBOR_MAX_DEPTH, "80", &why), VL_OK, &why); /* holds nothing */
}

static void an_item_borrows_from_the_wire_and_the_next_one_follows(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = hex("a1 01 820203 40 f6");
    struct vl_cbor r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_STRICT);
    vl_bytes map = vl_cbor_item(&r), bytes = vl_cbor_item(&r);
    struct vl_why why = {""};

    (void)state;
    assert_ptr_equal(map.ptr, wire.data);
    assert_int_equal(map.len, 5);
    assert_ptr_equal(bytes.ptr, wire.data + 5);
    assert_int_equal(bytes.len, 1);
    assert_true(vl_cbor_null(&r));
    assert_err(vl_cbor_close(&r, "it", &why), VL_OK, &why);
}

static void a_map_of_others_inside_an_item_has_at_most_64_pairs(void **state)
{
    (void)state;
    for (unsigned pairs = 64; pairs <= 65; pairs++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1 << 12);
        struct vl_cbor_out w = vl_cbor_to(&wire);
        struct vl_cbor r;
        struct vl_why why = {""};

        vl_cbor_put_array(&w, 1);
        vl_cbor_put_map(&w, pairs);
        for (unsigned i = 0; i < pairs; i++) {
            vl_cbor_put_uint(&w, i);
            vl_cbor_put_null(&w);
        }
        assert_int_equal(w.err, VL_OK);
        r = vl_cbor_open(vl_buf_bytes(&wire), VL_CBOR_COSE);
        (void)vl_cbor_item(&r);
        assert_err(vl_cbor_close(&r, "it", &why), pairs == 64 ? VL_OK : VL_ERR_LIMIT, &why);
        assert_string_equal(why.text, pairs == 64 ? "" : "it: byte 1: a map of more than 64 pairs");
    }
}

/* Whatever is cut off or changed, the cursor stays inside its bytes (the sanitizer tells), and what
 * is taken under our profile is taken under the one for others. */
static void cut_or_changed_anywhere_nothing_is_read_outside(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf whole =
        hex("d2 84 43a10126 a1 044102 58190102030405060708090a0b0c0d0e0f10111213141516171819"
            " a3 1903e8 f6 20 8201c24107 6161 a1 6162 63e6b0b4");
    vl_bytes wire = vl_buf_bytes(&whole);

    (void)state;
    for (size_t len = 0; len < wire.len; len++) {
        VL_AUTO(vl_buf_release) struct vl_buf part = VL_BUF_INIT(256);
        struct vl_cbor r;

        assert_int_equal(vl_buf_put(&part, vl_bytes_first(wire, len)), VL_OK);
        r = vl_cbor_open(vl_buf_bytes(&part), VL_CBOR_STRICT);
        (void)vl_cbor_item(&r);
        assert_false(vl_cbor_ok(&r));
    }
    for (size_t bit = 0; bit < 8 * wire.len; bit++) {
        struct vl_cbor strict, cose;

        whole.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
        strict = vl_cbor_open(wire, VL_CBOR_STRICT);
        cose = vl_cbor_open(wire, VL_CBOR_COSE);
        assert_true(vl_cbor_item(&strict).len == 0 ||
                    vl_cbor_item(&cose).len == (size_t)(strict.at - strict.start));
        whole.data[bit / 8] ^= (uint8_t)(1 << bit % 8);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_item_is_taken_or_refused_by_the_table),
        cmocka_unit_test(sixteen_levels_are_taken_and_the_seventeenth_is_refused_where_it_opens),
        cmocka_unit_test(an_item_borrows_from_the_wire_and_the_next_one_follows),
        cmocka_unit_test(a_map_of_others_inside_an_item_has_at_most_64_pairs),
        cmocka_unit_test(cut_or_changed_anywhere_nothing_is_read_outside),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
