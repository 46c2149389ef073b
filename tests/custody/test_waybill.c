/* SPDX-License-Identifier: Apache-2.0 */
/* custody/waybill.h: one form for each waybill, and no other is read or written. */
#include "custody/waybill.h"

#include <string.h>

#include "support.h"

#define H(byte)                                                                                    \
    "5820" byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte    \
        byte byte byte byte byte byte byte byte byte byte byte byte byte byte byte
#define NUMBER  "0a" H("a1")
#define SIZE    "0b190200"
#define MODE    "0c01"
#define FROM    "0d" H("b2")
#define TO      "0e81" H("c3")
#define OPENS   "0f81" H("d4")
#define COMMIT  "10" H("e5")
#define CONSIGN "14820101"
/* Up to the size; then from the commitment on. */
#define HEAD "0001" NUMBER SIZE
#define TAIL COMMIT CONSIGN
#define DATE "111a6553f100"

/* clang-format off */
static const struct row {
    const char *name, *wire;
    enum vl_err err;
    const char *words;
} rows[] = {
    {"the least",            "a9" HEAD MODE FROM TO OPENS TAIL, VL_OK, NULL},
    {"with every date",      "ac" HEAD MODE FROM TO OPENS COMMIT DATE "1200" "131b0000003afff4417f" CONSIGN, VL_OK, NULL},
    {"an open letter",       "a9" HEAD "0c02" FROM TO "0f80" TAIL, VL_OK, NULL},
    {"two addressees",       "a9" HEAD MODE FROM "0e82" H("c3") H("c2") "0f82" H("d4") H("d3") TAIL, VL_OK, NULL},
    {"the largest size",     "a9" "0001" NUMBER "0b1b7fffffffffffffff" MODE FROM TO OPENS TAIL, VL_OK, NULL},
    {"to its own sender",    "a9" HEAD MODE FROM "0e81" H("b2") OPENS TAIL, VL_OK, NULL},
    {"the last of many",     "a9" HEAD MODE FROM TO OPENS COMMIT "14821affffffff1affffffff", VL_OK, NULL},

    {"in one piece",         "aa" HEAD MODE FROM TO OPENS TAIL "15831a01000000" H("e1") "01", VL_OK, NULL},
    {"just one piece",       "aa" "0001" NUMBER "0b1a01000000" MODE FROM TO OPENS TAIL "15831a01000000" H("e1") "01", VL_OK, NULL},
    {"in two pieces",        "aa" "0001" NUMBER "0b1a01000001" MODE FROM TO OPENS TAIL "15831a01000000" H("e1") "02", VL_OK, NULL},
    {"as many as can be",    "aa" "0001" NUMBER "0b1b0001000000000000" MODE FROM TO OPENS TAIL "15831a01000000" H("e1") "1a01000000", VL_OK, NULL},

    {"too many pieces",      "aa" "0001" NUMBER "0b1b0001000000000001" MODE FROM TO OPENS TAIL "15831a01000000" H("e1") "1a01000001", VL_ERR_LIMIT, "waybill: byte 237: an unsigned integer over its limit"},
    {"no pieces",            "aa" HEAD MODE FROM TO OPENS TAIL "15831a01000000" H("e1") "00", VL_ERR_FORMAT, "waybill: 0 pieces of 512 bytes"},
    {"pieces of nothing",    "aa" "0001" NUMBER "0b00" MODE FROM TO OPENS TAIL "15831a01000000" H("e1") "00", VL_ERR_FORMAT, "waybill: 0 pieces of 0 bytes"},
    {"a piece too many",     "aa" "0001" NUMBER "0b1a01000000" MODE FROM TO OPENS TAIL "15831a01000000" H("e1") "02", VL_ERR_FORMAT, "waybill: 2 pieces of 16777216 bytes"},
    {"a piece too few",      "aa" "0001" NUMBER "0b1a01000001" MODE FROM TO OPENS TAIL "15831a01000000" H("e1") "01", VL_ERR_FORMAT, "waybill: 1 pieces of 16777217 bytes"},
    {"smaller pieces",       "aa" HEAD MODE FROM TO OPENS TAIL "15831a00ffffff" H("e1") "01", VL_ERR_FORMAT, "waybill: byte 197: pieces of another size than 16 MiB"},
    {"pieces of two",        "aa" HEAD MODE FROM TO OPENS TAIL "15821a01000000" H("e1"), VL_ERR_LIMIT, "waybill: byte 191: a number of items outside its limits"},
    {"null pieces",          "aa" HEAD MODE FROM TO OPENS TAIL "15f6", VL_ERR_FORMAT, "waybill: byte 191: wanted an array"},
    {"nothing",              "", VL_ERR_FORMAT, "waybill: byte 0: cut short"},
    {"an empty map",         "a0", VL_ERR_LIMIT, "waybill: byte 0: a number of items outside its limits"},
    {"an array",             "80", VL_ERR_FORMAT, "waybill: byte 0: wanted a map"},
    {"something behind it",  "a9" HEAD MODE FROM TO OPENS TAIL "00", VL_ERR_FORMAT, "waybill: byte 190: bytes left over"},
    {"version 0",            "a9" "0000" NUMBER SIZE MODE FROM TO OPENS TAIL, VL_ERR_UNSUPPORTED, "waybill: byte 3: a version that is not known here"},
    {"version 2",            "a9" "0002" NUMBER SIZE MODE FROM TO OPENS TAIL, VL_ERR_UNSUPPORTED, "waybill: byte 3: a version that is not known here"},
    {"no version",           "a8" NUMBER SIZE MODE FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 188: a key that every waybill has is missing"},
    {"no number",            "a8" "0001" SIZE MODE FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 155: a key that every waybill has is missing"},
    {"no size",              "a8" "0001" NUMBER MODE FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 186: a key that every waybill has is missing"},
    {"no mode",              "a8" HEAD FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 188: a key that every waybill has is missing"},
    {"no sender",            "a8" HEAD MODE TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 155: a key that every waybill has is missing"},
    {"no addressees",        "a8" HEAD MODE FROM OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 154: a key that every waybill has is missing"},
    {"no openings",          "a8" HEAD MODE FROM TO TAIL, VL_ERR_FORMAT, "waybill: byte 154: a key that every waybill has is missing"},
    {"no commitment",        "a8" HEAD MODE FROM TO OPENS CONSIGN, VL_ERR_FORMAT, "waybill: byte 155: a key that every waybill has is missing"},
    {"no consignment",       "a8" HEAD MODE FROM TO OPENS COMMIT, VL_ERR_FORMAT, "waybill: byte 186: a key that every waybill has is missing"},
    {"a key of an act",      "aa" "0001" "0500" NUMBER SIZE MODE FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 4: a key that no waybill has"},
    {"key 9",                "aa" "0001" "0900" NUMBER SIZE MODE FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 4: a key that no waybill has"},
    {"key 22, for later",    "aa" HEAD MODE FROM TO OPENS TAIL "1600", VL_ERR_LIMIT, "waybill: byte 190: an integer outside its limits"},
    {"key -1",               "aa" HEAD MODE FROM TO OPENS TAIL "2000", VL_ERR_LIMIT, "waybill: byte 190: an integer outside its limits"},
    {"a key that is a text", "aa" HEAD MODE FROM TO OPENS TAIL "613000", VL_ERR_FORMAT, "waybill: byte 190: wanted an integer"},
    {"a key twice",          "aa" HEAD SIZE MODE FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 42: a key twice in one map"},
    {"keys out of order",    "a9" "0001" SIZE NUMBER MODE FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 7: keys out of order"},
    {"a longer head",        "a9" "0001" NUMBER "0b1a00000200" MODE FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 39: not the shortest form"},
    {"a number of 31 bytes", "a9" "0001" "0a581f000000000000000000000000000000000000000000000000000000000000" "00", VL_ERR_LIMIT, "waybill: byte 4: a string whose length is outside its limits"},
    {"a size over all",      "a9" "0001" NUMBER "0b1b8000000000000000" MODE FROM TO OPENS TAIL, VL_ERR_LIMIT, "waybill: byte 39: an unsigned integer over its limit"},
    {"a size below 0",       "a9" "0001" NUMBER "0b20" MODE FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: byte 39: wanted an unsigned integer"},
    {"mode 0",               "a9" HEAD "0c00" FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: neither a sealed nor an open letter"},
    {"mode 3",               "a9" HEAD "0c03" FROM TO OPENS TAIL, VL_ERR_LIMIT, "waybill: byte 43: an unsigned integer over its limit"},
    {"no addressee at all",  "a9" HEAD MODE FROM "0e80" "0f80" TAIL, VL_ERR_LIMIT, "waybill: byte 80: a number of items outside its limits"},
    {"65 addressees",        "a9" HEAD MODE FROM "0e9841", VL_ERR_LIMIT, "waybill: byte 80: a number of items outside its limits"},
    {"65 openings",          "a9" HEAD MODE FROM TO "0f9841", VL_ERR_LIMIT, "waybill: byte 116: a number of items outside its limits"},
    {"an addressee twice",   "a9" HEAD MODE FROM "0e82" H("c3") H("c3") "0f82" H("d4") H("d3") TAIL, VL_ERR_FORMAT, "waybill: addressees 1 and 2 are the same"},
    {"and not side by side", "a9" HEAD MODE FROM "0e83" H("c3") H("c4") H("c3") "0f83" H("d4") H("d3") H("d2") TAIL, VL_ERR_FORMAT, "waybill: addressees 1 and 3 are the same"},
    {"an opening twice",     "a9" HEAD MODE FROM "0e82" H("c3") H("c2") "0f82" H("d4") H("d4") TAIL, VL_ERR_FORMAT, "waybill: addressees 1 and 2 have the same opening value"},
    {"fewer openings",       "a9" HEAD MODE FROM "0e82" H("c3") H("c2") OPENS TAIL, VL_ERR_FORMAT, "waybill: 1 opening values for a sealed letter with 2 addressees"},
    {"more openings",        "a9" HEAD MODE FROM TO "0f82" H("d4") H("d3") TAIL, VL_ERR_FORMAT, "waybill: 2 opening values for a sealed letter with 1 addressees"},
    {"sealed, no openings",  "a9" HEAD MODE FROM TO "0f80" TAIL, VL_ERR_FORMAT, "waybill: 0 opening values for a sealed letter with 1 addressees"},
    {"open, an opening",     "a9" HEAD "0c02" FROM TO OPENS TAIL, VL_ERR_FORMAT, "waybill: 1 opening values for an open letter with 1 addressees"},
    {"before 1970",          "aa" HEAD MODE FROM TO OPENS COMMIT "1120" CONSIGN, VL_ERR_LIMIT, "waybill: byte 187: an integer outside its limits"},
    {"expires in 10000",     "aa" HEAD MODE FROM TO OPENS COMMIT "121b0000003afff44180" CONSIGN, VL_ERR_LIMIT, "waybill: byte 187: an integer outside its limits"},
    {"a date of null",       "aa" HEAD MODE FROM TO OPENS COMMIT "13f6" CONSIGN, VL_ERR_FORMAT, "waybill: byte 187: wanted an integer"},
    {"package 0 of 1",       "a9" HEAD MODE FROM TO OPENS COMMIT "14820001", VL_ERR_FORMAT, "waybill: package 0 of 1"},
    {"package 3 of 2",       "a9" HEAD MODE FROM TO OPENS COMMIT "14820302", VL_ERR_FORMAT, "waybill: package 3 of 2"},
    {"package 0 of 0",       "a9" HEAD MODE FROM TO OPENS COMMIT "14820000", VL_ERR_FORMAT, "waybill: package 0 of 0"},
    {"too many packages",    "a9" HEAD MODE FROM TO OPENS COMMIT "1482011b0000000100000000", VL_ERR_LIMIT, "waybill: byte 189: an unsigned integer over its limit"},
    {"three counts",         "a9" HEAD MODE FROM TO OPENS COMMIT "1483010101", VL_ERR_LIMIT, "waybill: byte 187: a number of items outside its limits"},
};
/* clang-format on */

static void each_waybill_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(row->wire);
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
        static const struct vl_waybill empty = {.size = 0};
        struct vl_waybill waybill;
        struct vl_why why = {""};
        enum vl_err err = vl_waybill_parse(vl_buf_bytes(&wire), &waybill, &why);

        if (err != row->err || (err && strcmp(why.text, row->words) != 0))
            fail_msg("%s: %s, \"%s\"", row->name, vl_err_name(err), why.text);
        if (err) {
            assert_int_equal(waybill.to_count, empty.to_count);
            assert_memory_equal(waybill.number, empty.number, VL_HASH_LEN);
            assert_memory_equal(&waybill.from, &empty.from, sizeof empty.from);
            continue;
        }
        assert_err(vl_waybill_write(&waybill, &again, &why), VL_OK, &why);
        assert_bytes(vl_buf_bytes(&again), vl_buf_bytes(&wire));
    }
}

static void fill(uint8_t out[VL_HASH_LEN], uint8_t byte)
{
    memset(out, byte, VL_HASH_LEN);
}

/* A waybill with all there is, to `to_count` addressees. */
static struct vl_waybill full(size_t to_count)
{
    struct vl_waybill waybill = {.size = 70000,
                                 .mode = VL_LETTER_SEALED,
                                 .to_count = to_count,
                                 .opening_count = to_count,
                                 .has_date = true,
                                 .date_s = 1700000000,
                                 .has_expires = true,
                                 .expires_s = 1700000001,
                                 .has_expect_by = true,
                                 .expect_by_s = 1700000002,
                                 .consignment = 2,
                                 .consignment_of = 3};

    fill(waybill.number, 1);
    fill(waybill.from.at, 2);
    fill(waybill.commitment, 3);
    for (size_t i = 0; i < to_count && i < VL_WAYBILL_MAX_ADDRESSEES; i++) {
        fill(waybill.to[i].at, (uint8_t)(100 + i));
        fill(waybill.openings[i], (uint8_t)(200 - i));
    }
    return waybill;
}

static void every_field_is_read_as_it_was_written(void **state)
{
    (void)state;
    for (size_t count = 1; count <= VL_WAYBILL_MAX_ADDRESSEES; count++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
        struct vl_waybill written = full(count), read;
        struct vl_why why = {""};

        assert_err(vl_waybill_write(&written, &wire, &why), VL_OK, &why);
        assert_err(vl_waybill_parse(vl_buf_bytes(&wire), &read, &why), VL_OK, &why);
        assert_memory_equal(read.number, written.number, VL_HASH_LEN);
        assert_int_equal(read.size, 70000);
        assert_int_equal(read.mode, VL_LETTER_SEALED);
        assert_memory_equal(&read.from, &written.from, sizeof read.from);
        assert_int_equal(read.to_count, count);
        assert_memory_equal(read.to, written.to, count * sizeof *read.to);
        assert_int_equal(read.opening_count, count);
        assert_memory_equal(read.openings, written.openings, count * VL_HASH_LEN);
        assert_memory_equal(read.commitment, written.commitment, VL_HASH_LEN);
        assert_true(read.has_date && read.has_expires && read.has_expect_by);
        assert_int_equal(read.date_s, 1700000000);
        assert_int_equal(read.expires_s, 1700000001);
        assert_int_equal(read.expect_by_s, 1700000002);
        assert_int_equal(read.consignment, 2);
        assert_int_equal(read.consignment_of, 3);
    }
}

/* What no reader would take is not written; the buffer stays as it was. */
static void what_would_be_refused_is_not_written(void **state)
{
    struct vl_waybill wrong[12];
    const size_t count = sizeof wrong / sizeof *wrong;

    (void)state;
    for (size_t i = 0; i < count; i++)
        wrong[i] = full(3);
    wrong[0].mode = (enum vl_letter_mode)0;
    wrong[1].mode = VL_LETTER_OPEN;
    wrong[2].to_count = 0;
    wrong[3] = full(VL_WAYBILL_MAX_ADDRESSEES + 1);
    wrong[4].opening_count = 2;
    wrong[5].to[2] = wrong[5].to[0];
    memcpy(wrong[6].openings[2], wrong[6].openings[1], VL_HASH_LEN);
    wrong[7].date_s = -1;
    wrong[8].expires_s = INT64_C(253402300800);
    wrong[9].consignment = 4;
    wrong[10].consignment_of = UINT64_MAX;
    wrong[11].size = UINT64_C(1) << 63;
    for (size_t i = 0; i < count; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
        struct vl_why why = {""};

        assert_int_equal(vl_buf_put_byte(&out, 7), VL_OK);
        if (vl_waybill_write(&wrong[i], &out, &why) == VL_OK)
            fail_msg("waybill %zu was written", i);
        assert_int_equal(out.len, 1);
        assert_int_not_equal(why.text[0], 0);
    }
}

/* Where `has` is false the date is not looked at. */
static void a_date_that_is_not_there_is_not_judged(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    struct vl_waybill waybill = full(1);
    struct vl_why why = {""};

    (void)state;
    waybill.has_date = waybill.has_expires = waybill.has_expect_by = false;
    waybill.date_s = waybill.expires_s = waybill.expect_by_s = -1;
    assert_err(vl_waybill_write(&waybill, &out, &why), VL_OK, &why);
    assert_err(vl_waybill_parse(vl_buf_bytes(&out), &waybill, &why), VL_OK, &why);
    assert_false(waybill.has_date || waybill.has_expires || waybill.has_expect_by);
}

static void more_than_16_kib_are_not_looked_at(void **state)
{
    static uint8_t wire[VL_WAYBILL_MAX_LEN + 1];
    struct vl_waybill waybill;
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_waybill_parse(VL_ARRAY(wire), &waybill, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "waybill: 16385 bytes, more than 16384");
    assert_err(vl_waybill_parse(vl_bytes_of(wire, VL_WAYBILL_MAX_LEN), &waybill, &why),
               VL_ERR_FORMAT, &why);
}

static void cut_anywhere_it_is_refused(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    struct vl_waybill waybill = full(2);
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_waybill_write(&waybill, &whole, &why), VL_OK, &why);
    for (size_t len = 0; len < whole.len; len++)
        assert_err(vl_waybill_parse(vl_bytes_of(whole.data, len), &waybill, &why), VL_ERR_FORMAT,
                   &why);
}

static enum vl_err write_once(void *self, struct vl_why *why)
{
    const struct vl_waybill *waybill = self;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    enum vl_err err = vl_waybill_write(waybill, &out, why);

    assert_true(!err || out.len == 0);
    return err;
}

static void each_allocation_that_fails_is_told(void **state)
{
    struct vl_waybill waybill = full(8);

    (void)state;
    assert_true(each_allocation_fails(write_once, &waybill) > 1);
}

static void a_buffer_that_is_full_is_left_as_it_was(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(200);
    struct vl_waybill waybill = full(8);
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_waybill_write(&waybill, &out, &why), VL_ERR_LIMIT, &why);
    assert_int_equal(out.len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_waybill_is_read_or_refused_by_the_table),
        cmocka_unit_test(every_field_is_read_as_it_was_written),
        cmocka_unit_test(what_would_be_refused_is_not_written),
        cmocka_unit_test(a_date_that_is_not_there_is_not_judged),
        cmocka_unit_test(more_than_16_kib_are_not_looked_at),
        cmocka_unit_test(cut_anywhere_it_is_refused),
        cmocka_unit_test(each_allocation_that_fails_is_told),
        cmocka_unit_test(a_buffer_that_is_full_is_left_as_it_was),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
