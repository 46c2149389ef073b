/* SPDX-License-Identifier: Apache-2.0 */
/* custody/handover.h: `transferred`, read and refused; what is written is read. */
#include "rows.h"

#define KIND  VL_KIND_TRANSFERRED
#define SUB   "valise:handover:" HEX8("a7") HEX8("a7")
#define HEAD  "b1" ACT_AS(CARRIER, NULL_ITEM)
#define NONCE "0a" N("a7")
#define BAG   "0bf6"
#define TAKER "0c" H("c1") "0df6"
#define SEGS  "0e80"
#define BATCH "0f" H("aa") "1003"
/* The root of a tree without leaves: SHA-256 of nothing. */
#define NOTHING "0f5820e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
#define ALONG                                                                                      \
    "11f6"                                                                                         \
    "1200"
#define SEALS     "1380"
#define PREV      "14f6"
#define SEG(name) "83" name "1903e8" H("5e")

/* clang-format off */
static const struct row rows[] = {
    {"the least",           KIND, SUB, HEAD NONCE BAG TAKER SEGS BATCH ALONG SEALS PREV, VL_OK, NULL},
    {"with everything",     KIND, SUB, HEAD NONCE "0b" N("ba") "0c" H("c1") "0d6149" "0e82" SEG("6161") SEG("6162") BATCH "11" H("ee") "1202" "13816153" "14" H("99"), VL_OK, NULL},
    {"to a named courier",  KIND, SUB, HEAD NONCE BAG "0cf6" "0d6149" SEGS BATCH ALONG SEALS PREV, VL_OK, NULL},
    {"by a principal",      KIND, SUB, "b1" ACT_AS(PRINCIPAL, NULL_ITEM) NONCE BAG TAKER SEGS BATCH ALONG SEALS PREV, VL_OK, NULL},
    {"by a delegate",       KIND, SUB, "b1" ACT_AS(DELEGATE, H("dd")) NONCE BAG TAKER SEGS BATCH ALONG SEALS PREV, VL_OK, NULL},
    {"2^24 letters",        KIND, SUB, HEAD NONCE BAG TAKER SEGS "0f" H("aa") "101a01000000" ALONG SEALS PREV, VL_OK, NULL},

    {"by a witness",        KIND, SUB, "b1" ACT_AS(WITNESS, NULL_ITEM) NONCE BAG TAKER SEGS BATCH ALONG SEALS PREV, VL_ERR_FORMAT, "transferred: as a witness, who does not sign that"},
    {"to nobody",           KIND, SUB, HEAD NONCE BAG "0cf6" "0df6" SEGS BATCH ALONG SEALS PREV, VL_ERR_FORMAT, "transferred: to nobody: neither a taker nor a named courier"},
    {"no letters",          KIND, SUB, HEAD NONCE BAG TAKER SEGS "0f" H("aa") "1000" ALONG SEALS PREV, VL_ERR_FORMAT, "transferred: a bag of neither letters nor evidence"},
    {"evidence alone",      KIND, SUB, HEAD NONCE BAG TAKER SEGS NOTHING "1000" "11" H("ee") "1201" SEALS PREV, VL_OK, NULL},
    {"2^24 letters and 1",  KIND, SUB, HEAD NONCE BAG TAKER SEGS "0f" H("aa") "101a01000001" ALONG SEALS PREV, VL_ERR_LIMIT, "transferred: payload: byte *: an unsigned integer over its limit"},
    {"a root of nothing",   KIND, SUB, HEAD NONCE BAG TAKER SEGS BATCH "11" H("ee") "1200" SEALS PREV, VL_ERR_FORMAT, "transferred: a root and a count of evidence that do not agree"},
    {"a count of no root",  KIND, SUB, HEAD NONCE BAG TAKER SEGS BATCH "11f6" "1201" SEALS PREV, VL_ERR_FORMAT, "transferred: a root and a count of evidence that do not agree"},
    {"a nonce of 15 bytes", KIND, SUB, HEAD "0a4fa7a7a7a7a7a7a7a7a7a7a7a7a7a7a7" BAG TAKER SEGS BATCH ALONG SEALS PREV, VL_ERR_LIMIT, "transferred: payload: byte *: a string whose length is outside its limits"},
    {"no nonce",            KIND, SUB, HEAD "0af6" BAG TAKER SEGS BATCH ALONG SEALS PREV, VL_ERR_FORMAT, "transferred: payload: byte *: wanted a byte string"},
    {"no bag at all",       KIND, SUB, "b0" ACT_AS(CARRIER, NULL_ITEM) NONCE TAKER SEGS BATCH ALONG SEALS PREV, VL_ERR_FORMAT, "transferred: payload: byte *: another key than its kind has there"},
    {"a key more",          KIND, SUB, "b2" ACT_AS(CARRIER, NULL_ITEM) NONCE BAG TAKER SEGS BATCH ALONG SEALS PREV "1500", VL_ERR_FORMAT, "transferred: payload: byte *: a key more than its kind has"},
    {"a long segment name", KIND, SUB, HEAD NONCE BAG TAKER "0e81" SEG("7821616161616161616161616161616161616161616161616161616161616161616161") BATCH ALONG SEALS PREV, VL_ERR_LIMIT, "transferred: payload: byte *: a string whose length is outside its limits"},
    {"a segment of two",    KIND, SUB, HEAD NONCE BAG TAKER "0e81" "826161" "00" BATCH ALONG SEALS PREV, VL_ERR_LIMIT, "transferred: payload: byte *: a number of items outside its limits"},
    {"4097 segments",       KIND, SUB, HEAD NONCE BAG TAKER "0e991001", VL_ERR_LIMIT, "transferred: payload: byte *: a number of items outside its limits"},
    {"promised segments",   KIND, SUB, HEAD NONCE BAG TAKER "0e990400" SEG("6161"), VL_ERR_FORMAT, "transferred: payload: byte *: more items promised than bytes are left"},
    {"another hand-over",   KIND, "valise:handover:" HEX8("a8") HEX8("a8"), HEAD NONCE BAG TAKER SEGS BATCH ALONG SEALS PREV, VL_ERR_FORMAT, "transferred: its sub is about something else than its payload"},
    {"sub of its batch",    KIND, "valise:batch:" HEX("aa"), HEAD NONCE BAG TAKER SEGS BATCH ALONG SEALS PREV, VL_ERR_FORMAT, "transferred: its sub is about something else than its payload"},
};
/* clang-format on */

static void each_payload_is_read_or_refused_by_the_table(void **state)
{
    (void)state;
    rows_hold(rows, sizeof rows / sizeof *rows);
}

static struct vl_transferred small(void)
{
    return (struct vl_transferred){.act = {.capacity = VL_CAPACITY_CARRIER},
                                   .handover = {7},
                                   .has_taker = true,
                                   .batch = {.count = 1}};
}

static void what_was_written_is_walked(void **state)
{
    const struct vl_handed_segment segments[] = {
        {VL_LITERAL("one"), 1, {1}, false, {0}},
        {VL_LITERAL("two"), UINT64_MAX, {2}, true, {3}},
    };
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_transferred written = small(), read;
    struct vl_handed_segment segment;
    struct vl_why why = {""};
    struct office office;
    struct vl_cbor walk;

    (void)state;
    office_init(&office, 'A');
    written.segment_count = 2;
    written.segments = segments;
    written.carrier = VL_LITERAL("by the night train");
    written.has_bag = true;
    written.bag[3] = 9;
    written.has_previous = true;
    written.previous[4] = 8;
    assert_err(vl_transferred_write(&office.signer, &written, &wire, NULL, &why), VL_OK, &why);
    assert_err(vl_object_parse(vl_buf_bytes(&wire), &object, &why), VL_OK, &why);
    assert_err(vl_transferred_read(&object, &read, &why), VL_OK, &why);
    assert_memory_equal(read.handover, written.handover, VL_NONCE_LEN);
    assert_memory_equal(read.bag, written.bag, VL_NONCE_LEN);
    assert_memory_equal(read.previous, written.previous, VL_HASH_LEN);
    assert_bytes(read.carrier, VL_LITERAL("by the night train"));
    assert_true(read.has_bag && read.has_taker && read.has_previous && !read.has_evidence);
    assert_int_equal(read.segment_count, 2);
    walk = vl_handed_segments_walk(&read);
    for (size_t i = 0; i < 2; i++) {
        assert_true(vl_handed_segments_next(&walk, &segment));
        assert_bytes(segment.name, segments[i].name);
        assert_true(segment.length == segments[i].length);
        assert_memory_equal(segment.hash, segments[i].hash, VL_HASH_LEN);
        assert_int_equal(segment.elsewhere, segments[i].elsewhere);
        assert_memory_equal(segment.bag, segments[i].bag, VL_NONCE_LEN);
    }
    assert_false(vl_handed_segments_next(&walk, &segment));
}

static void what_would_be_refused_is_not_signed(void **state)
{
    static const struct vl_handed_segment nameless = {.length = 1};
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_transferred wrong[7];
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++)
        wrong[i] = small();
    wrong[0].has_taker = false;
    wrong[1].batch.count = 0; /* and no evidence */
    wrong[2].act.capacity = VL_CAPACITY_WITNESS;
    wrong[3].evidence_count = 1;
    wrong[4].segments = &nameless;
    wrong[4].segment_count = 1;
    wrong[5].segment_count = 1; /* and none there */
    wrong[6].seals.count = SIZE_MAX;
    assert_int_equal(vl_buf_put_byte(&out, 7), VL_OK);
    for (size_t i = 0; i < sizeof wrong / sizeof *wrong; i++) {
        if (vl_transferred_write(&office.signer, &wrong[i], &out, NULL, &why) == VL_OK)
            fail_msg("hand-over %zu was signed", i);
        assert_int_equal(out.len, 1);
    }
}

/* PROTOCOL 7: what a taker answers is one hand-over.  Two between the same offices, of the same
 * letters, are two acts. */
static void attack_07_two_handovers_of_the_same_letters_are_two_acts(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(2 * VL_OBJECT_MAX_LEN);
    struct vl_transferred first = small(), second = small();
    uint8_t first_id[VL_HASH_LEN], second_id[VL_HASH_LEN];
    struct vl_why why = {""};
    struct office office;

    (void)state;
    office_init(&office, 'A');
    second.handover[0]++;
    assert_err(vl_transferred_write(&office.signer, &first, &out, first_id, &why), VL_OK, &why);
    assert_err(vl_transferred_write(&office.signer, &second, &out, second_id, &why), VL_OK, &why);
    assert_memory_not_equal(first_id, second_id, VL_HASH_LEN);
}

static enum vl_err write_and_read(void *self, struct vl_why *why)
{
    const struct office *office = self;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_transferred transferred = small();
    enum vl_err err = vl_transferred_write(&office->signer, &transferred, &wire, NULL, why);

    assert_true(!err || wire.len == 0);
    if (!err)
        err = vl_object_parse(vl_buf_bytes(&wire), &object, why);
    return err ? err : vl_transferred_read(&object, &transferred, why);
}

static void each_allocation_that_fails_is_told(void **state)
{
    struct office office;

    (void)state;
    office_init(&office, 'A');
    assert_true(each_allocation_fails(write_and_read, &office) > 5);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_payload_is_read_or_refused_by_the_table),
        cmocka_unit_test(what_was_written_is_walked),
        cmocka_unit_test(what_would_be_refused_is_not_signed),
        cmocka_unit_test(attack_07_two_handovers_of_the_same_letters_are_two_acts),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
