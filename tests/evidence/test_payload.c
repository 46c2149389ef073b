/* SPDX-License-Identifier: Apache-2.0 */
/* evidence/payload.h: heads of what bundles carry, read and refused; what is written is read. */
#include "world.h"

#include "evidence/payload.h"

#define H8(two)  two two two two two two two two
#define H32(two) "5820" H8(two) H8(two) H8(two) H8(two)
#define LEAF                                                                                       \
    "5824"                                                                                         \
    "82" H32("aa") "f6"

/* clang-format off */
/* What needs no waybill; `content` bytes follow the head. */
static const struct row {
    const char *name, *head;
    uint64_t content;
    enum vl_err err;
    const char *words;
} rows[] = {
    {"evidence in clear",    "83 02 f6 43", 3, VL_OK, NULL},
    {"evidence for one",     "83 02" H32("dd") "5903e8", 1000, VL_OK, NULL},
    {"an absent letter",     "82 03" LEAF, 0, VL_OK, NULL},

    {"nothing",              "", 0, VL_ERR_FORMAT, "payload: byte 0: cut short"},
    {"no array",             "02", 0, VL_ERR_FORMAT, "payload: byte 0: wanted an array"},
    {"kind 0",               "83 00 f6 43", 3, VL_ERR_FORMAT, "payload: byte 2: a payload of no kind"},
    {"kind 5",               "83 05 f6 43", 3, VL_ERR_LIMIT, "payload: byte 1: an unsigned integer over its limit"},
    {"evidence of four",     "84 02 f6 f6 43", 3, VL_ERR_FORMAT, "payload: byte 2: another number of members than its kind has"},
    {"one byte more",        "83 02 f6 43", 4, VL_ERR_FORMAT, "payload: 4 bytes of content, and 3 were promised"},
    {"one byte less",        "83 02 f6 43", 2, VL_ERR_FORMAT, "payload: 2 bytes of content, and 3 were promised"},
    {"empty evidence",       "83 02 f6 40", 0, VL_ERR_LIMIT, "payload: byte 3: a string whose length is outside its limits"},
    {"evidence without end", "83 02 f6 5f", 3, VL_ERR_FORMAT, "payload: byte 3: an indefinite length"},
    {"a longer head",        "83 02 f6 5803", 3, VL_ERR_FORMAT, "payload: byte 3: not the shortest form"},
    {"text for evidence",    "83 02 f6 63", 3, VL_ERR_FORMAT, "payload: byte 3: wanted a byte string"},
    {"longer than a file",   "83 02 f6 5b8000000000000000", 0, VL_ERR_LIMIT, "payload: byte 3: a string whose length is outside its limits"},
    {"to half an office",    "83 02 41dd 43", 3, VL_ERR_LIMIT, "payload: byte 2: a string whose length is outside its limits"},
    {"cut in its head",      "83 02 58", 0, VL_ERR_FORMAT, "payload: byte 0: more items promised than bytes are left"},
    {"an absent waybill",    "82 03" "5824" "83" H32("aa") "f6", 0, VL_ERR_LIMIT, "custody leaf: byte 0: a number of items outside its limits"},
    {"behind an absent one", "82 03" LEAF, 1, VL_ERR_FORMAT, "payload: 1 bytes of content, and 0 were promised"},
    {"a waybill of nothing", "84 01 40 f6 43", 3, VL_ERR_LIMIT, "payload: byte 2: a string whose length is outside its limits"},
    {"a waybill of zeros",   "84 01 4100 f6 43", 3, VL_ERR_FORMAT, "waybill: byte 0: wanted a map"},
    {"vouched by two",       "84 01 4100 82", 3, VL_ERR_LIMIT, "payload: byte 4: a number of items outside its limits"},
    {"vouched by a path of 65", "84 01 4100 83" H32("cc") "00 9841", 3, VL_ERR_LIMIT, "payload: byte 40: a number of items outside its limits"},
    {"slice 2^24",           "87 04" H32("aa") "4100 f6 1a01000000", 3, VL_ERR_LIMIT, "payload: byte 39: an unsigned integer over its limit"},
};
/* clang-format on */

static void each_head_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(row->head);
        VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
        struct vl_payload_head head;
        struct vl_why why = {""};
        size_t head_len;
        enum vl_err err = vl_payload_head_parse(vl_buf_bytes(&wire), wire.len + row->content, &head,
                                                &head_len, &why);

        if (err != row->err || (err && strcmp(why.text, row->words) != 0))
            fail_msg("%s: %s, \"%s\"", row->name, vl_err_name(err), why.text);
        assert_int_equal(head_len, err ? 0 : wire.len);
        if (err) {
            assert_int_equal(head.kind, VL_PAYLOAD_NONE);
            continue;
        }
        assert_true(head.content_len == row->content);
        assert_err(vl_payload_head_write(&head, &again, &why), VL_OK, &why);
        assert_bytes(vl_buf_bytes(&again), vl_buf_bytes(&wire));
    }
}

/* A waybill of a letter of this size. */
static struct vl_buf waybill_for(uint64_t size, bool in_slices)
{
    struct vl_waybill waybill = {.number = {7},
                                 .size = size,
                                 .mode = VL_LETTER_SEALED,
                                 .to_count = 1,
                                 .opening_count = 1,
                                 .consignment = 1,
                                 .consignment_of = 1,
                                 .has_pieces = in_slices};
    struct vl_buf wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    struct vl_why why = {""};

    waybill.pieces.count = (size + VL_SLICE_LEN - 1) / VL_SLICE_LEN;
    assert_err(vl_waybill_write(&waybill, &wire, &why), VL_OK, &why);
    return wire;
}

static struct vl_payload_head letter_head(vl_bytes waybill, uint64_t size)
{
    struct vl_payload_head head = {.kind = VL_PAYLOAD_LETTER,
                                   .waybill = waybill,
                                   .vouched = {.is_there = true, .sealed = {3}, .index = 5},
                                   .content_len = size};

    head.vouched.path.count = 2;
    head.vouched.path.at[1][0] = 9;
    return head;
}

static struct vl_payload_head slice_head(vl_bytes waybill, uint64_t index, uint64_t len)
{
    struct vl_payload_head head = {.kind = VL_PAYLOAD_SLICE,
                                   .waybill = waybill,
                                   .number = {7},
                                   .slice_index = index,
                                   .content_len = len};

    head.path.count = 1;
    head.path.at[0][0] = 6;
    return head;
}

static void a_letter_is_read_without_its_envelope(void **state)
{
    const uint64_t size = UINT64_C(5) << 32;
    VL_AUTO(vl_buf_release) struct vl_buf waybill = waybill_for(size, false);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
    struct vl_payload_head written = letter_head(vl_buf_bytes(&waybill), size), read;
    struct vl_why why = {""};
    size_t head_len;

    (void)state;
    assert_err(vl_payload_head_write(&written, &wire, &why), VL_OK, &why);
    /* Some of the envelope may be there as well. */
    head_len = wire.len;
    assert_int_equal(vl_buf_put(&wire, VL_LITERAL("age-encryption.org/v1")), VL_OK);
    assert_err(vl_payload_head_parse(vl_buf_bytes(&wire), head_len + size, &read, &head_len, &why),
               VL_OK, &why);
    assert_bytes(vl_bytes_after(vl_buf_bytes(&wire), head_len),
                 VL_LITERAL("age-encryption.org/v1"));
    assert_int_equal(read.kind, VL_PAYLOAD_LETTER);
    assert_bytes(read.waybill, vl_buf_bytes(&waybill));
    assert_true(read.vouched.is_there && read.vouched.sealed[0] == 3 && read.vouched.index == 5);
    assert_int_equal(read.vouched.path.count, 2);
    assert_int_equal(read.vouched.path.at[1][0], 9);
    assert_true(read.content_len == size);
}

static void a_slice_is_read_without_its_bytes(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf waybill = waybill_for(VL_SLICE_LEN + 100, true);
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
    struct vl_payload_head written = slice_head(vl_buf_bytes(&waybill), 1, 100), read;
    struct vl_why why = {""};
    size_t head_len;

    (void)state;
    assert_err(vl_payload_head_write(&written, &wire, &why), VL_OK, &why);
    assert_err(vl_payload_head_parse(vl_buf_bytes(&wire), wire.len + 100, &read, &head_len, &why),
               VL_OK, &why);
    assert_int_equal(head_len, wire.len);
    assert_int_equal(read.slice_index, 1);
    assert_int_equal(read.number[0], 7);
    assert_int_equal(read.path.count, 1);
    assert_int_equal(read.path.at[0][0], 6);
    assert_false(read.vouched.is_there);
}

/* PROTOCOL 29: bundle fields are hints; the waybill governs. */
static void attack_29_a_head_that_its_waybill_gives_the_lie_to(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf whole = waybill_for(1000, false);
    VL_AUTO(vl_buf_release) struct vl_buf sliced = waybill_for(VL_SLICE_LEN + 100, true);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
    struct vl_payload_head wrong[] = {
        letter_head(vl_buf_bytes(&whole), 999),
        slice_head(vl_buf_bytes(&whole), 0, 1000),
        slice_head(vl_buf_bytes(&sliced), 0, VL_SLICE_LEN - 1),
        slice_head(vl_buf_bytes(&sliced), 1, 101),
        slice_head(vl_buf_bytes(&sliced), 2, 100),
        slice_head(vl_buf_bytes(&sliced), 1, 100),
    };
    static const char *const words[] = {
        "999 bytes of an envelope that has 1000",
        "a slice of a letter that is not carried in slices",
        "16777215 bytes for slice 0, which has 16777216",
        "101 bytes for slice 1, which has 100",
        "100 bytes for slice 2, which has 0",
        "a slice of another letter than its waybill's",
    };

    (void)state;
    wrong[5].number[0]++;
    assert_int_equal(vl_buf_put_byte(&out, 7), VL_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        struct vl_why why = {""};

        assert_err(vl_payload_head_write(&wrong[i], &out, &why), VL_ERR_FORMAT, &why);
        assert_string_equal(why.text, words[i]);
        assert_int_equal(out.len, 1);
    }
}

static void what_no_reader_would_take_is_not_written(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
    struct vl_payload_head head = {.kind = VL_PAYLOAD_NONE};
    struct vl_why why = {""};

    (void)state;
    assert_err(vl_payload_head_write(&head, &out, &why), VL_ERR_FORMAT, &why);
    head.kind = VL_PAYLOAD_EVIDENCE;
    assert_err(vl_payload_head_write(&head, &out, &why), VL_ERR_LIMIT, &why);
    head.content_len = UINT64_MAX;
    assert_err(vl_payload_head_write(&head, &out, &why), VL_ERR_LIMIT, &why);
    head = letter_head(VL_LITERAL("\x00"), 1);
    head.vouched.path.count = VL_TREE_MAX_PATH + 1;
    assert_err(vl_payload_head_write(&head, &out, &why), VL_ERR_LIMIT, &why);
    assert_int_equal(out.len, 0);
}

/* The longest head there is fits what a reader is asked to look at. */
static void the_longest_head_fits(void **state)
{
    struct vl_waybill waybill = {.number = {7},
                                 .size = VL_SLICES_ALL * VL_SLICE_LEN,
                                 .mode = VL_LETTER_SEALED,
                                 .to_count = VL_WAYBILL_MAX_ADDRESSEES,
                                 .opening_count = VL_WAYBILL_MAX_ADDRESSEES,
                                 .consignment = 1,
                                 .consignment_of = 1,
                                 .has_pieces = true,
                                 .pieces = {.count = VL_SLICES_ALL}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
    struct vl_payload_head head;
    struct vl_why why = {""};

    (void)state;
    for (size_t i = 0; i < VL_WAYBILL_MAX_ADDRESSEES; i++) {
        waybill.to[i].at[0] = (uint8_t)i;
        waybill.openings[i][0] = (uint8_t)i;
    }
    assert_err(vl_waybill_write(&waybill, &wire, &why), VL_OK, &why);
    head = slice_head(vl_buf_bytes(&wire), VL_SLICES_ALL - 1, VL_SLICE_LEN);
    head.path.count = VL_TREE_MAX_PATH;
    head.vouched.is_there = true;
    head.vouched.index = VL_BATCH_MAX - 1;
    head.vouched.path.count = VL_TREE_MAX_PATH;
    assert_err(vl_payload_head_write(&head, &out, &why), VL_OK, &why);
    /* A waybill may be VL_WAYBILL_MAX_LEN long. */
    assert_true(out.len + VL_WAYBILL_MAX_LEN - wire.len < VL_PAYLOAD_MAX_HEAD);
}

static enum vl_err write_once(void *self, struct vl_why *why)
{
    const struct vl_buf *waybill = self;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_PAYLOAD_MAX_HEAD);
    struct vl_payload_head head = letter_head(vl_buf_bytes(waybill), 1000);
    enum vl_err err = vl_payload_head_write(&head, &out, why);

    assert_true(!err || out.len == 0);
    return err;
}

static void each_allocation_that_fails_is_told(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf waybill = waybill_for(1000, false);

    (void)state;
    assert_true(each_allocation_fails(write_once, &waybill) > 1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_head_is_read_or_refused_by_the_table),
        cmocka_unit_test(a_letter_is_read_without_its_envelope),
        cmocka_unit_test(a_slice_is_read_without_its_bytes),
        cmocka_unit_test(attack_29_a_head_that_its_waybill_gives_the_lie_to),
        cmocka_unit_test(what_no_reader_would_take_is_not_written),
        cmocka_unit_test(the_longest_head_fits),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
