/* SPDX-License-Identifier: Apache-2.0 */
/* card/act.h: what every act says about itself. */
#include "offices.h"

#define C32   "0101010101010101010101010101010101010101010101010101010101010101"
#define U32   "0202020202020202020202020202020202020202020202020202020202020202"
#define V32   "0303030303030303030303030303030303030303030303030303030303030303"
#define CARD  "015820" C32
#define LEAST "0001" CARD "0203 03f6 0480 05f5"
/* The start up to cites, and what follows them. */
#define UP_TO_CITES "0001" CARD "0203 03f6 04"

/* clang-format off */
static const struct row {
    const char *name;
    const char *wire;
    int64_t key; /* what vl_act_read says of the kind's own */
    enum vl_err err;
    const char *words;
} rows[] = {
    {"the least there is",       "a6" LEAST, 0, VL_OK, NULL},
    {"a kind's own key",         "a7" LEAST "0a00", 10, VL_OK, NULL},
    {"a high key of its own",    "a7" LEAST "18ff00", 255, VL_OK, NULL},
    {"a key out of reach",       "a7" LEAST "19010000", 0, VL_ERR_LIMIT, "act: byte 46: an integer outside its limits"},
    {"all of it",                "a9 0001" CARD "0201 035820" U32 "0482 5820" U32 "5820" V32 "05f4 0600 0701 086161", 0, VL_OK, NULL},
    {"a place alone",            "a7" LEAST "086161", 0, VL_OK, NULL},
    {"a time alone",             "a7" LEAST "0605", 0, VL_OK, NULL},
    {"the last time",            "a7" LEAST "061b0000e677d21fdbff", 0, VL_OK, NULL},
    {"a time after it",          "a7" LEAST "061b0000e677d21fdc00", 0, VL_ERR_LIMIT, "act: byte 47: an unsigned integer over its limit"},
    {"an uncertainty alone",     "a7" LEAST "0705", 0, VL_ERR_FORMAT, "act: byte 47: an uncertainty without a time"},
    {"an empty place",           "a7" LEAST "0860", 0, VL_ERR_LIMIT, "act: byte 47: a string whose length is outside its limits"},
    {"key 9",                    "a7" LEAST "0900", 0, VL_ERR_FORMAT, "act: byte 47: a key that no act has"},
    {"a key below 0",            "a7" LEAST "2000", 0, VL_ERR_LIMIT, "act: byte 46: an integer outside its limits"},
    {"version 2",                "a6 0002" CARD "0203 03f6 0480 05f5", 0, VL_ERR_UNSUPPORTED, "act: byte 3: a version that is not known here"},
    {"version 0",                "a6 0000" CARD "0203 03f6 0480 05f5", 0, VL_ERR_UNSUPPORTED, "act: byte 3: a version that is not known here"},
    {"no version",               "a5" CARD "0203 03f6 0480 05f5", 0, VL_ERR_FORMAT, "act: byte 2: a key that every act has is missing"},
    {"no card",                  "a5 0001 0203 03f6 0480 05f5", 0, VL_ERR_FORMAT, "act: byte 4: a key that every act has is missing"},
    {"no capacity",              "a5 0001" CARD "03f6 0480 05f5", 0, VL_ERR_FORMAT, "act: byte 39: a key that every act has is missing"},
    {"no under",                 "a5 0001" CARD "0203 0480 05f5", 0, VL_ERR_FORMAT, "act: byte 41: a key that every act has is missing"},
    {"no cites",                 "a5 0001" CARD "0203 03f6 05f5", 0, VL_ERR_FORMAT, "act: byte 43: a key that every act has is missing"},
    {"not manual, not automatic", "a5 0001" CARD "0203 03f6 0480", 0, VL_ERR_FORMAT, "act: byte 44: a key that every act has is missing"},
    {"its own key too early",    "a6 0001" CARD "0203 03f6 0480 0a00", 0, VL_ERR_FORMAT, "act: byte 45: a key that every act has is missing"},
    {"nothing",                  "a0", 0, VL_ERR_FORMAT, "act: byte 1: a key that every act has is missing"},
    {"capacity 0",               "a6 0001" CARD "0200 03f6 0480 05f5", 0, VL_ERR_FORMAT, "act: byte 40: no capacity"},
    {"capacity 4",               "a6 0001" CARD "0204 03f6 0480 05f5", 0, VL_OK, NULL},
    {"capacity 5",               "a6 0001" CARD "0205 03f6 0480 05f5", 0, VL_ERR_LIMIT, "act: byte 39: an unsigned integer over its limit"},
    {"under a short mandate",    "a6 0001" CARD "0203 0341ff 0480 05f5", 0, VL_ERR_LIMIT, "act: byte 41: a string whose length is outside its limits"},
    {"under nothing but false",  "a6 0001" CARD "0203 03f4 0480 05f5", 0, VL_ERR_FORMAT, "act: byte 41: wanted a byte string"},
    {"cited twice",              "a6" UP_TO_CITES "82 5820" U32 "5820" U32 "05f5", 0, VL_ERR_FORMAT, "act: byte 112: cited ids that do not ascend"},
    {"cited out of order",       "a6" UP_TO_CITES "82 5820" V32 "5820" U32 "05f5", 0, VL_ERR_FORMAT, "act: byte 112: cited ids that do not ascend"},
    {"a short cited id",         "a6" UP_TO_CITES "81 4102 05f5", 0, VL_ERR_LIMIT, "act: byte 44: a string whose length is outside its limits"},
    {"cites that are null",      "a6" UP_TO_CITES "f6 05f5", 0, VL_ERR_FORMAT, "act: byte 43: wanted an array"},
    {"manual is null",           "a6 0001" CARD "0203 03f6 0480 05f6", 0, VL_ERR_FORMAT, "act: byte 45: wanted true or false"},
    {"a short card id",          "a6 0001 014101 0203 03f6 0480 05f5", 0, VL_ERR_LIMIT, "act: byte 4: a string whose length is outside its limits"},
};
/* clang-format on */

static enum vl_err read_act(vl_bytes wire, struct vl_act *act, int64_t *key, struct vl_why *why)
{
    struct vl_cbor r = vl_cbor_open(wire, VL_CBOR_STRICT);
    struct vl_cbor_map map = vl_cbor_map(&r, 0, 300);

    vl_act_read(&r, &map, act, key);
    return vl_cbor_check(&r, "act", why);
}

static void each_act_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i].wire);
        struct vl_act act;
        struct vl_why why = {""};
        int64_t key = -1;
        enum vl_err err = read_act(vl_buf_bytes(&wire), &act, &key, &why);

        if (err != rows[i].err || (err && strcmp(why.text, rows[i].words) != 0))
            fail_msg("%s: %s, \"%s\"", rows[i].name, vl_err_name(err), why.text);
        if (key != rows[i].key)
            fail_msg("%s: key %lld", rows[i].name, (long long)key);
    }
}

static struct vl_buf written(const struct vl_act *act)
{
    struct vl_buf out = VL_BUF_INIT(VL_SIGN1_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&out);

    vl_cbor_put_map(&w, vl_act_pairs(act));
    vl_act_put(&w, act);
    assert_int_equal(w.err, VL_OK);
    return out;
}

/* What is read is written back to the same bytes. */
static void each_act_that_is_read_is_written_back(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i].wire);
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(1);
        struct vl_act act;
        int64_t key = 0;

        if (rows[i].err || rows[i].key)
            continue;
        assert_int_equal(read_act(vl_buf_bytes(&wire), &act, &key, NULL), VL_OK);
        again = written(&act);
        assert_bytes(vl_buf_bytes(&again), vl_buf_bytes(&wire));
    }
}

static void all_that_an_act_says_is_read(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1);
    static const uint8_t cites[2][VL_HASH_LEN] = {{1}, {2}};
    struct vl_act act = {.capacity = VL_CAPACITY_WITNESS,
                         .has_under = true,
                         .cite_count = 2,
                         .cites = cites,
                         .manual = true,
                         .has_at = true,
                         .at_ms = 1700000000123,
                         .has_plus_minus = true,
                         .plus_minus_ms = 60000,
                         .place = VL_LITERAL("Dock 9")};
    struct vl_act read;
    int64_t key = 0;

    (void)state;
    memset(act.card_id, 7, sizeof act.card_id);
    memset(act.under, 8, sizeof act.under);
    assert_int_equal(vl_act_pairs(&act), 9);
    wire = written(&act);
    assert_int_equal(read_act(vl_buf_bytes(&wire), &read, &key, NULL), VL_OK);
    assert_bytes(VL_ARRAY(read.card_id), VL_ARRAY(act.card_id));
    assert_int_equal(read.capacity, VL_CAPACITY_WITNESS);
    assert_true(read.has_under && memcmp(read.under, act.under, VL_HASH_LEN) == 0);
    assert_int_equal(read.cite_count, 2);
    assert_null(read.cites);
    assert_memory_equal(read.cites_read, cites, sizeof cites);
    assert_true(read.manual && read.has_at && read.at_ms == 1700000000123);
    assert_true(read.has_plus_minus && read.plus_minus_ms == 60000);
    assert_bytes(read.place, VL_LITERAL("Dock 9"));
}

static void as_many_ids_are_cited_as_there_is_room_for(void **state)
{
    static uint8_t cites[VL_ACT_MAX_CITES + 1][VL_HASH_LEN];
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1), more = VL_BUF_INIT(8192);
    struct vl_cbor_out w = vl_cbor_to(&more);
    struct vl_act act = {.capacity = VL_CAPACITY_CARRIER,
                         .cites = (const uint8_t(*)[VL_HASH_LEN])cites};
    struct vl_act read;
    int64_t key = 0;

    (void)state;
    for (uint8_t i = 0; i <= VL_ACT_MAX_CITES; i++)
        cites[i][0] = i;
    act.cite_count = VL_ACT_MAX_CITES;
    wire = written(&act);
    assert_int_equal(read_act(vl_buf_bytes(&wire), &read, &key, NULL), VL_OK);
    assert_int_equal(read.cite_count, VL_ACT_MAX_CITES);
    act.cite_count = VL_ACT_MAX_CITES + 1;
    vl_act_put(&w, &act);
    assert_int_equal(w.err, VL_ERR_LIMIT);
}

static void a_place_has_a_length(void **state)
{
    char text[VL_ACT_MAX_PLACE + 1];
    struct vl_act read;
    int64_t key = 0;

    (void)state;
    memset(text, 'x', sizeof text);
    for (size_t more = 0; more < 2; more++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1);
        struct vl_act act = {.capacity = VL_CAPACITY_CARRIER,
                             .place = vl_bytes_of(text, VL_ACT_MAX_PLACE + more)};

        wire = written(&act);
        assert_int_equal(read_act(vl_buf_bytes(&wire), &read, &key, NULL),
                         more ? VL_ERR_LIMIT : VL_OK);
    }
}

static void the_card_is_told_from_the_first_words_of_a_payload(void **state)
{
    static const struct {
        const char *wire;
        enum vl_err err;
        const char *words;
    } cases[] = {
        {"a6" LEAST, VL_OK, NULL},
        {"a7" LEAST "0a00", VL_OK, NULL},
        {"", VL_ERR_FORMAT, "act: byte 0: cut short"},
        {"80", VL_ERR_FORMAT, "act: byte 0: wanted a map"},
        {"a6 0002" CARD "0203 03f6 0480 05f5", VL_ERR_UNSUPPORTED,
         "act: byte 3: a version that is not known here"},
        {"a6 0001 0203 03f6 0480 05f5 0600 0701", VL_ERR_LIMIT,
         "act: byte 3: an integer outside its limits"},
        {"a6 0001 0141aa 0203 03f6 0480 05f5", VL_ERR_LIMIT,
         "act: byte 4: a string whose length is outside its limits"},
    };

    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof *cases; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(cases[i].wire);
        VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(cases[i].err ? U32 : C32);
        uint8_t id[VL_HASH_LEN];
        struct vl_why why = {""};

        memset(id, 2, sizeof id);
        assert_err(vl_act_card_id(vl_buf_bytes(&wire), id, &why), cases[i].err, &why);
        if (cases[i].err)
            assert_string_equal(why.text, cases[i].words);
        assert_bytes(VL_ARRAY(id), vl_buf_bytes(&wanted));
    }
}

static void each_capacity_has_a_word(void **state)
{
    (void)state;
    assert_string_equal(vl_capacity_word(VL_CAPACITY_NONE), "");
    assert_string_equal(vl_capacity_word(VL_CAPACITY_CARRIER), "carrier");
    assert_string_equal(vl_capacity_word(VL_CAPACITY_DELEGATE), "delegate");
    assert_string_equal(vl_capacity_word(VL_CAPACITY_PRINCIPAL), "principal");
    assert_string_equal(vl_capacity_word(VL_CAPACITY_WITNESS), "witness");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_act_is_read_or_refused_by_the_table),
        cmocka_unit_test(each_act_that_is_read_is_written_back),
        cmocka_unit_test(all_that_an_act_says_is_read),
        cmocka_unit_test(as_many_ids_are_cited_as_there_is_room_for),
        cmocka_unit_test(a_place_has_a_length),
        cmocka_unit_test(the_card_is_told_from_the_first_words_of_a_payload),
        cmocka_unit_test(each_capacity_has_a_word),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
