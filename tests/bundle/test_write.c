/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/bundle.h, writing: read again it is the same, what reading refuses is not written, pieces
 * give the same bytes, and forwarding changes three blocks only. */
#include "wire.h"

#include <stdlib.h>

#include "bundle/bundle.h"

static const struct vl_eid court = {.scheme = VL_EID_IPN, .node = 3, .service = 1, .in_two = true};
static const struct vl_eid sender = {.scheme = VL_EID_IPN, .node = 1, .service = 1, .in_two = true};
static const uint8_t hops[] = {0x82, 0x18, 0x20, 5}, age[] = {0x18, 42}, other[] = {1, 2, 3};

static void make(struct vl_bundle *bundle, vl_bytes payload)
{
    vl_bundle_begin(bundle, VL_CRC_32C, payload);
    bundle->destination = court;
    bundle->source = sender;
    bundle->created_ms = 1;
    bundle->lifetime_ms = 1000;
}

static void make_full(struct vl_bundle *bundle, vl_bytes payload)
{
    make(bundle, payload);
    assert_int_equal(vl_bundle_add(bundle, VL_BLOCK_HOP_COUNT, 0, VL_CRC_16, VL_ARRAY(hops)),
                     VL_OK);
    assert_int_equal(vl_bundle_add(bundle, VL_BLOCK_AGE, 1, VL_CRC_32C, VL_ARRAY(age)), VL_OK);
    assert_int_equal(vl_bundle_add(bundle, 193, 0x10, VL_CRC_NONE, VL_ARRAY(other)), VL_OK);
}

static void the_bytes_are_the_ones_written_by_hand(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = wire_of("9f (89070002 8202820301 8202820101 820100 820100 1903e8 44 Y)"
                                 "(860a020001 44 82182005 42 X) (8607030102 42 182a 44 Y)"
                                 "(8518c1041000 43 010203) (8601010002 44 54455354 44 Y) ff");
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
    struct vl_bundle bundle;

    (void)state;
    make_full(&bundle, VL_LITERAL("TEST"));
    assert_int_equal(vl_bundle_write(&bundle, &out, NULL), VL_OK);
    assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&wire));
}

static void read_and_written_again_it_is_the_same(void **state)
{
    static const char *const texts[] = {
        "9f" PRIMARY PAYLOAD "ff",
        "9f" NOBODY "(8606020001 45 8202820101 42 X)" PAYLOAD "ff",
        "9f (8b07182501 82016a2f2f636f7572742f6161 820282 1b000ee86800000001 01 820283 1a000ee868"
        "0102 821b000000b5998c982b07 1a000493e0 0a 1a00010000 42 X) (850b020000 41 ff)" PAYLOAD
        "ff",
        "9f (88070000 8202820301 8202820101 820100 820100 1903e8) (850b020000 43 820001)" PAYLOAD
        "ff",
    };

    (void)state;
    for (size_t i = 0; i < sizeof texts / sizeof *texts; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(texts[i]);
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
        struct vl_bundle bundle;
        struct vl_why why = {""};

        assert_err(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, &why), VL_OK, &why);
        assert_err(vl_bundle_write(&bundle, &out, &why), VL_OK, &why);
        assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&wire));
    }
}

/* What each row does to a sound bundle. */
static void no_payload(struct vl_bundle *b)
{
    b->block_count = 0;
}
static void only_an_age(struct vl_bundle *b)
{
    b->block_count--;
}
static void too_many(struct vl_bundle *b)
{
    b->block_count = VL_BUNDLE_MAX_BLOCKS + 1;
}
static void no_crc(struct vl_bundle *b)
{
    b->crc = VL_CRC_NONE;
}
static void no_such_crc(struct vl_bundle *b)
{
    b->crc = (enum vl_crc_kind)3;
}
static void no_such_block_crc(struct vl_bundle *b)
{
    b->blocks[0].crc = (enum vl_crc_kind)3;
}
static void number_0(struct vl_bundle *b)
{
    b->blocks[0].number = 0;
}
static void number_twice(struct vl_bundle *b)
{
    b->blocks[1].number = b->blocks[0].number;
}
static void number_1(struct vl_bundle *b)
{
    b->blocks[0].number = 1;
}
static void payload_5(struct vl_bundle *b)
{
    b->blocks[3].number = 5;
}
static void payload_first(struct vl_bundle *b)
{
    b->blocks[0].type = VL_BLOCK_PAYLOAD;
}
static void from_nobody(struct vl_bundle *b)
{
    b->source = (struct vl_eid)VL_EID_INIT;
}
static void nobody_asks(struct vl_bundle *b)
{
    from_nobody(b);
    b->flags = 0x4004;
}
static void nobody_block(struct vl_bundle *b)
{
    from_nobody(b);
    b->flags = 4;
    b->blocks[2].flags = 2;
}
static void record_asks(struct vl_bundle *b)
{
    b->flags = 0x20002;
}
static void record_block(struct vl_bundle *b)
{
    b->flags = 2;
    b->blocks[3].flags = 2;
}
static void no_clock(struct vl_bundle *b)
{
    b->created_ms = 0;
    b->blocks[1].type = 194;
}
static void hops_0(struct vl_bundle *b)
{
    b->blocks[0].data = VL_LITERAL("\x82\x00\x00");
}
static void age_twice(struct vl_bundle *b)
{
    b->blocks[2].type = VL_BLOCK_AGE;
}
static void no_age(struct vl_bundle *b)
{
    b->blocks[1].data = VL_LITERAL("x");
}
static void no_node(struct vl_bundle *b)
{
    b->source = (struct vl_eid){.scheme = VL_EID_DTN, .name = VL_LITERAL("//a/b")};
}
static void no_name(struct vl_bundle *b)
{
    b->report_to = (struct vl_eid){.scheme = VL_EID_DTN, .name = VL_LITERAL("//a")};
}
static void for_itself(struct vl_bundle *b)
{
    b->destination.node = VL_EID_LOCAL_NODE;
}
static void previous_no_node(struct vl_bundle *b)
{
    b->blocks[2].type = VL_BLOCK_PREVIOUS_NODE;
    b->blocks[2].data = VL_LITERAL("\x82\x01\x65//a/b");
}
static void beyond(struct vl_bundle *b)
{
    b->flags = 1;
    b->total_len = 3;
}

/* clang-format off */
static const struct row {
    const char *name;
    void (*spoil)(struct vl_bundle *bundle);
    enum vl_bundle_rule rule;
} rows[] = {
    {"no blocks",                      no_payload,        VL_RULE_PAYLOAD_MISSING},
    {"no payload",                     only_an_age,       VL_RULE_PAYLOAD_MISSING},
    {"33 blocks",                      too_many,          VL_RULE_MANY_BLOCKS},
    {"no CRC, no integrity",           no_crc,            VL_RULE_PRIMARY_NO_CRC},
    {"CRC type 3",                     no_such_crc,       VL_RULE_CRC_TYPE},
    {"CRC type 3 of a block",          no_such_block_crc, VL_RULE_CRC_TYPE},
    {"number 0",                       number_0,          VL_RULE_BLOCK_NUMBER},
    {"a number twice",                 number_twice,      VL_RULE_NUMBER_TWICE},
    {"the payload's number twice",     number_1,          VL_RULE_NUMBER_TWICE},
    {"payload number 5",               payload_5,         VL_RULE_PAYLOAD_NUMBER},
    {"payload first",                  payload_first,     VL_RULE_PAYLOAD_LAST},
    {"nobody that may be split",       from_nobody,       VL_RULE_NOBODY_SPLIT},
    {"nobody that wants reports",      nobody_asks,       VL_RULE_NOBODY_REPORTS},
    {"a block of nobody reports",      nobody_block,      VL_RULE_BLOCK_REPORT},
    {"a record that wants reports",    record_asks,       VL_RULE_RECORD_REPORTS},
    {"a block of a record reports",    record_block,      VL_RULE_BLOCK_REPORT},
    {"no clock and no age",            no_clock,          VL_RULE_AGE_MISSING},
    {"a hop limit of 0",               hops_0,            VL_RULE_HOPS},
    {"two ages",                       age_twice,         VL_RULE_AGE_TWICE},
    {"an age that is none",            no_age,            VL_RULE_AGE},
    {"a source that is no node",       no_node,           VL_RULE_SOURCE_NODE},
    {"a previous node that is none",   previous_no_node,  VL_RULE_SOURCE_NODE},
    {"an endpoint that is none",       no_name,           VL_RULE_EID_DTN},
    {"for this very node",             for_itself,        VL_RULE_EID_LOCAL},
    {"a fragment beyond the end",      beyond,            VL_RULE_FRAGMENT_RANGE},
};
/* clang-format on */

static void what_reading_refuses_is_not_written(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
        struct vl_bundle_writer writer;
        struct vl_bundle bundle;
        struct vl_why why = {""};

        make_full(&bundle, VL_LITERAL("TEST"));
        rows[i].spoil(&bundle);
        if (vl_bundle_check(&bundle) != rows[i].rule)
            fail_msg("%s: %s", rows[i].name, vl_rule_name(vl_bundle_check(&bundle)));
        assert_err(vl_bundle_write(&bundle, &out, &why), vl_rule_err(rows[i].rule), &why);
        assert_non_null(strstr(why.text, vl_rule_section(rows[i].rule)));
        assert_err(vl_bundle_writer_begin(&writer, &bundle, vl_buf_sink(&out), &why),
                   vl_rule_err(rows[i].rule), &why);
        assert_int_equal(out.len, 0);
    }
}

static void a_head_over_64_kib_is_not_written(void **state)
{
    static uint8_t much[VL_BUNDLE_MAX_HEAD - 40];
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    struct vl_bundle bundle;

    (void)state;
    make(&bundle, VL_LITERAL("TEST"));
    assert_int_equal(vl_bundle_add(&bundle, 193, 0, VL_CRC_16, VL_ARRAY(much)), VL_OK);
    assert_int_equal(vl_bundle_check(&bundle), VL_RULE_LONG_HEAD);
    assert_int_equal(vl_bundle_write(&bundle, &out, NULL), VL_ERR_LIMIT);
    assert_int_equal(out.len, 0);
    bundle.blocks[0].data.len -= 64;
    assert_int_equal(vl_bundle_write(&bundle, &out, NULL), VL_OK);
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&out), 0, &bundle, NULL), VL_OK);
}

static void a_payload_in_pieces_gives_the_same_bytes(void **state)
{
    static const enum vl_crc_kind kinds[] = {VL_CRC_NONE, VL_CRC_16, VL_CRC_32C};
    static uint8_t payload[3000];

    (void)state;
    for (size_t i = 0; i < sizeof payload; i++)
        payload[i] = (uint8_t)(i * 7);
    for (size_t k = 0; k < 3; k++)
        for (size_t piece = 1; piece < sizeof payload; piece = piece * 3 + 1) {
            VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(WIRE_MAX);
            VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
            struct vl_bundle_writer writer;
            struct vl_bundle bundle;

            make_full(&bundle, VL_ARRAY(payload));
            bundle.blocks[3].crc = kinds[k];
            assert_int_equal(vl_bundle_write(&bundle, &whole, NULL), VL_OK);
            bundle.blocks[3].data = VL_BYTES_NONE;
            assert_int_equal(vl_bundle_write(&bundle, &out, NULL), VL_ERR_FORMAT);
            assert_int_equal(vl_bundle_writer_begin(&writer, &bundle, vl_buf_sink(&out), NULL),
                             VL_OK);
            assert_int_equal(vl_bundle_writer_end(&writer, NULL), VL_ERR_FORMAT);
            for (size_t at = 0; at < sizeof payload; at += piece)
                assert_int_equal(vl_bundle_writer_put(
                                     &writer,
                                     vl_bytes_first(vl_bytes_after(VL_ARRAY(payload), at), piece),
                                     NULL),
                                 VL_OK);
            assert_int_equal(vl_bundle_writer_put(&writer, VL_LITERAL("x"), NULL), VL_ERR_LIMIT);
            assert_int_equal(vl_bundle_writer_end(&writer, NULL), VL_OK);
            assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&whole));
        }
}

static enum vl_err write_both(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
    struct vl_bundle_writer writer;
    enum vl_err err = vl_bundle_write(self, &out, why);

    assert_true((err == VL_OK) == (out.len > 0));
    if (!err)
        err = vl_bundle_writer_begin(&writer, self, vl_buf_sink(&out), why);
    if (!err)
        err = vl_bundle_forward(self, &court, 7, &out, why);
    return err;
}

static void without_memory_nothing_is_written(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of("9f" PRIMARY PAYLOAD "ff");
    struct vl_bundle bundle;

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    assert_true(each_allocation_fails(write_both, &bundle) > 2);
}

static void a_full_buffer_stays_as_it_was(void **state)
{
    struct vl_bundle bundle;
    size_t len = 0;

    (void)state;
    make_full(&bundle, VL_LITERAL("TEST"));
    for (size_t max = 0; len == 0; max++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(max);
        enum vl_err err = vl_bundle_write(&bundle, &out, NULL);

        assert_true(err == VL_OK || err == VL_ERR_LIMIT);
        len = out.len;
        assert_true(err ? len == 0 : len == max); /* it fits exactly */
    }
}

static void the_next_node_gets_three_blocks_changed(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire =
        wire_of("9f" PRIMARY "(8606020201 43 820100 42 X) (8607030002 42 182a 44 Y)"
                "(850a040000 44 82182005) (8518c105 1000 43 010203)" PAYLOAD "ff");
    VL_AUTO(vl_buf_release)
    struct vl_buf next = wire_of("9f" PRIMARY "(8606020201 45 8202820301 42 X)"
                                 "(8607030002 43 190412 44 Y) (850a040000 44 82182006)"
                                 "(8518c105 1000 43 010203)" PAYLOAD "ff");
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
    struct vl_bundle bundle;

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    assert_int_equal(vl_bundle_forward(&bundle, &court, 1000, &out, NULL), VL_OK);
    assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&next));
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&next), 0, &bundle, NULL), VL_OK);
    out.len = 0;
    bundle.known.age_ms = UINT64_MAX - 1;
    assert_int_equal(vl_bundle_forward(&bundle, &court, 1000, &out, NULL), VL_OK);
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&out), 0, &bundle, NULL), VL_OK);
    assert_true(bundle.known.age_ms == UINT64_MAX);
}

static void the_next_node_gets_a_previous_node(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = wire_of("9f" PRIMARY "(8508020000 40)" PAYLOAD "ff");
    VL_AUTO(vl_buf_release)
    struct vl_buf next =
        wire_of("9f" PRIMARY "(8506030000 45 8202820301) (8508020000 40)" PAYLOAD "ff");
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
    const struct vl_eid no_node_at_all = VL_EID_INIT;
    struct vl_bundle bundle;

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    assert_int_equal(vl_bundle_forward(&bundle, &no_node_at_all, 0, &out, NULL), VL_ERR_FORMAT);
    assert_int_equal(out.len, 0);
    assert_int_equal(vl_bundle_forward(&bundle, &court, 0, &out, NULL), VL_OK);
    assert_bytes(vl_buf_bytes(&out), vl_buf_bytes(&next));
}

static void used_up_hops_go_no_further(void **state)
{
    VL_AUTO(vl_buf_release)
    struct vl_buf wire = wire_of("9f" PRIMARY "(850a040000 43 820505)" PAYLOAD "ff");
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(WIRE_MAX);
    struct vl_bundle bundle;
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_bundle_parse(vl_buf_bytes(&wire), 0, &bundle, NULL), VL_OK);
    assert_err(vl_bundle_forward(&bundle, &court, 0, &out, &why), VL_ERR_REFUSED, &why);
    assert_string_equal(why.text, "RFC 9171, 4.4.3: its 5 hops are used up");
    assert_int_equal(out.len, 0);
}

static void numbers_are_the_lowest_that_are_free(void **state)
{
    struct vl_bundle bundle;

    (void)state;
    make(&bundle, VL_LITERAL(""));
    for (uint64_t i = 2; i <= VL_BUNDLE_MAX_BLOCKS; i++) {
        assert_int_equal(vl_bundle_add(&bundle, 193, 0, VL_CRC_NONE, VL_BYTES_NONE), VL_OK);
        assert_int_equal(bundle.blocks[bundle.block_count - 2].number, i);
    }
    assert_int_equal(vl_bundle_add(&bundle, 193, 0, VL_CRC_NONE, VL_BYTES_NONE), VL_ERR_LIMIT);
    assert_int_equal(vl_bundle_check(&bundle), VL_RULE_NONE);
    make(&bundle, VL_LITERAL(""));
    assert_int_equal(vl_bundle_add(&bundle, 193, 0, VL_CRC_NONE, VL_BYTES_NONE), VL_OK);
    bundle.blocks[0].number = 3;
    assert_int_equal(vl_bundle_add(&bundle, 193, 0, VL_CRC_NONE, VL_BYTES_NONE), VL_OK);
    assert_int_equal(vl_bundle_add(&bundle, 193, 0, VL_CRC_NONE, VL_BYTES_NONE), VL_OK);
    assert_int_equal(bundle.blocks[1].number, 2);
    assert_int_equal(bundle.blocks[2].number, 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_bytes_are_the_ones_written_by_hand),
        cmocka_unit_test(read_and_written_again_it_is_the_same),
        cmocka_unit_test(what_reading_refuses_is_not_written),
        cmocka_unit_test(a_head_over_64_kib_is_not_written),
        cmocka_unit_test(a_payload_in_pieces_gives_the_same_bytes),
        cmocka_unit_test(without_memory_nothing_is_written),
        cmocka_unit_test(a_full_buffer_stays_as_it_was),
        cmocka_unit_test(the_next_node_gets_three_blocks_changed),
        cmocka_unit_test(the_next_node_gets_a_previous_node),
        cmocka_unit_test(used_up_hops_go_no_further),
        cmocka_unit_test(numbers_are_the_lowest_that_are_free),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
