/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/reader.h: sequences in pieces of any size, payloads that are never held, and what is said
 * about the place of a fault. */
#include "wire.h"

#include <stdlib.h>

#include "base/alloc.h"
#include "bundle/reader.h"

#define BIG ((size_t)16 << 20)

static const char first_text[] = "9f" PRIMARY "(8507020000 41 09)" PAYLOAD "ff";
static const char second_text[] = "9f" NOBODY "(8601010002 46 7365636f6e64 44 Y) ff";

static void join(struct vl_buf *out, const char *text)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = wire_of(text);

    assert_int_equal(vl_buf_put(out, vl_buf_bytes(&wire)), VL_OK);
}

static void a_sequence_in_pieces_of_any_size(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(WIRE_MAX);
    size_t first_len;

    (void)state;
    join(&wire, first_text);
    first_len = wire.len;
    join(&wire, second_text);
    join(&wire, first_text);
    for (size_t piece = 1; piece <= wire.len; piece++) {
        VL_AUTO(vl_buf_release) struct vl_buf payloads = VL_BUF_INIT(WIRE_MAX);
        struct vl_bundle_reader *reader = vl_bundle_reader_new(0);
        size_t fed = 0, ends = 0;
        vl_bytes part;

        assert_non_null(reader);
        for (;;) {
            enum vl_bundle_event event = vl_bundle_reader_next(reader, &part);

            assert_int_not_equal(event, VL_BUNDLE_BROKEN);
            if (event == VL_BUNDLE_PIECE)
                assert_int_equal(vl_buf_put(&payloads, part), VL_OK);
            if (event == VL_BUNDLE_HEAD) {
                const struct vl_bundle *bundle = vl_bundle_reader_bundle(reader);

                assert_int_equal(vl_bundle_reader_index(reader), ends);
                assert_int_equal(bundle->block_count, ends == 1 ? 1 : 2);
                assert_int_equal(bundle->payload_len, ends == 1 ? 6 : 4);
                assert_int_equal(vl_bundle_payload(bundle)->data.len, 0);
                if (ends != 1)
                    assert_bytes(bundle->blocks[0].data, VL_LITERAL("\x09"));
            }
            if (event == VL_BUNDLE_ENDS && ends++ == 0)
                assert_int_equal(vl_bundle_reader_at(reader), first_len);
            if (event != VL_BUNDLE_WANTS_BYTES)
                continue;
            if (fed == wire.len)
                break;
            vl_bundle_reader_feed(reader,
                                  vl_bytes_first(vl_bytes_after(vl_buf_bytes(&wire), fed), piece));
            fed += piece < wire.len - fed ? piece : wire.len - fed;
        }
        assert_int_equal(vl_bundle_reader_end(reader, NULL), VL_OK);
        assert_int_equal(ends, 3);
        assert_int_equal(vl_bundle_reader_at(reader), wire.len);
        assert_bytes(vl_buf_bytes(&payloads), VL_LITERAL("TESTsecondTEST"));
        vl_bundle_reader_free(reader);
    }
}

static void a_fault_is_placed_in_the_sequence(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(WIRE_MAX);
    struct vl_bundle_reader *reader = vl_bundle_reader_new(0);
    enum vl_bundle_event event;
    struct vl_why why = {""};
    vl_bytes part;

    (void)state;
    assert_non_null(reader);
    join(&wire, first_text);
    join(&wire, second_text);
    join(&wire, first_text);
    wire.data[45 + 27] ^= 1; /* the number of the second one's payload block */
    vl_bundle_reader_feed(reader, vl_buf_bytes(&wire));
    while ((event = vl_bundle_reader_next(reader, &part)) != VL_BUNDLE_BROKEN)
        assert_int_not_equal(event, VL_BUNDLE_WANTS_BYTES);
    assert_int_equal(vl_bundle_reader_index(reader), 1);
    assert_int_equal(vl_bundle_reader_start(reader), 45);
    assert_int_equal(vl_bundle_reader_why(reader, &why), VL_ERR_FORMAT);
    assert_string_equal(why.text, "byte 72: RFC 9171, 4.3.2: the payload block has the number 1");
    /* There is no going on. */
    assert_int_equal(vl_bundle_reader_next(reader, &part), VL_BUNDLE_BROKEN);
    assert_int_equal(vl_bundle_reader_end(reader, &why), VL_ERR_FORMAT);
    vl_bundle_reader_free(reader);
}

/* Which events come, without the pieces; B, E, A for broken, ends, altered. */
static void events_of(vl_bytes wire, unsigned reading, size_t piece_len, char out[16])
{
    struct vl_bundle_reader *reader = vl_bundle_reader_new(reading);
    size_t count = 0;
    vl_bytes part;

    assert_non_null(reader);
    for (bool more = true; more && count < 15;) {
        switch (vl_bundle_reader_next(reader, &part)) {
        case VL_BUNDLE_WANTS_BYTES:
            more = wire.len > 0;
            vl_bundle_reader_feed(reader, vl_bytes_first(wire, piece_len));
            wire = vl_bytes_after(wire, vl_bytes_first(wire, piece_len).len);
            break;
        case VL_BUNDLE_BROKEN:
            out[count++] = 'B';
            more = false;
            break;
        case VL_BUNDLE_ENDS:
            out[count++] = 'E';
            break;
        case VL_BUNDLE_ALTERED:
            out[count++] = 'A';
            break;
        case VL_BUNDLE_HEAD:
        case VL_BUNDLE_PIECE:
            break;
        }
    }
    out[count] = '\0';
    vl_bundle_reader_free(reader);
}

static void behind_an_altered_payload_the_next_bundle_begins(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(WIRE_MAX);
    static const struct {
        size_t at;      /* in the second bundle, from its end */
        const char *on; /* the events of a reader that goes on */
        const char *off;
    } rows[] = {
        {0, "EEE", "EEE"}, /* nothing is altered */
        {7, "EAE", "EB"},  /* the last byte of the payload */
        {2, "EAE", "EB"},  /* the CRC */
        {6, "EB", "EB"},   /* the head of the CRC */
        {1, "EB", "EB"},   /* where the bundle ends */
    };
    size_t end;

    (void)state;
    join(&wire, first_text);
    join(&wire, second_text);
    end = wire.len;
    join(&wire, first_text);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        for (size_t piece = 1; piece <= wire.len; piece++) {
            char got[16];

            wire.data[end - rows[i].at] ^= rows[i].at ? 1 : 0;
            events_of(vl_buf_bytes(&wire), VL_BUNDLE_PAST_PAYLOAD, piece, got);
            assert_string_equal(got, rows[i].on);
            events_of(vl_buf_bytes(&wire), 0, piece, got);
            assert_string_equal(got, rows[i].off);
            wire.data[end - rows[i].at] ^= rows[i].at ? 1 : 0;
        }
}

static void an_empty_sequence_is_one(void **state)
{
    struct vl_bundle_reader *reader = vl_bundle_reader_new(0);
    vl_bytes part;

    (void)state;
    assert_non_null(reader);
    assert_int_equal(vl_bundle_reader_next(reader, &part), VL_BUNDLE_WANTS_BYTES);
    assert_int_equal(vl_bundle_reader_end(reader, NULL), VL_OK);
    vl_bundle_reader_free(reader);
    vl_bundle_reader_free(NULL);
}

/* A payload of 16 MiB in pieces of 64 KiB, written by the writer and read by the reader with no
 * allocation at all on the way; at the end one byte was altered. */
static void a_large_payload_goes_through(void **state)
{
    static uint8_t piece[(size_t)1 << 16];
    VL_AUTO(vl_buf_release) struct vl_buf head = VL_BUF_INIT(WIRE_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf tail = VL_BUF_INIT(WIRE_MAX);
    VL_AUTO(vl_buf_release) struct vl_buf scratch = VL_BUF_INIT(sizeof piece);
    struct vl_bundle bundle;

    (void)state;
    vl_bundle_begin(&bundle, VL_CRC_32C, VL_BYTES_NONE);
    bundle.flags = VL_BUNDLE_NOT_SPLIT;
    bundle.created_ms = 1;
    bundle.payload_len = BIG;
    for (int is_altered = 0; is_altered < 2; is_altered++) {
        struct vl_bundle_reader *reader = vl_bundle_reader_new(0);
        struct vl_bundle_writer writer;
        vl_bytes part;
        uint64_t sum = 0;

        assert_non_null(reader);
        head.len = tail.len = scratch.len = 0;
        assert_int_equal(vl_bundle_writer_begin(&writer, &bundle, vl_buf_sink(&head), NULL), VL_OK);
        vl_bundle_reader_feed(reader, vl_buf_bytes(&head));
        assert_int_equal(vl_bundle_reader_next(reader, &part), VL_BUNDLE_HEAD);
        assert_int_equal(vl_bundle_reader_next(reader, &part), VL_BUNDLE_WANTS_BYTES);
        assert_int_equal(vl_buf_reserve(&scratch, sizeof piece), VL_OK);
        writer.sink = vl_buf_sink(&scratch);
        vl_alloc_fail_after(0);
        for (size_t at = 0; at < BIG; at += sizeof piece) {
            memset(piece, (int)(at >> 16), sizeof piece);
            scratch.len = 0;
            assert_int_equal(vl_bundle_writer_put(&writer, VL_ARRAY(piece), NULL), VL_OK);
            piece[77] ^= is_altered && at == BIG / 2 ? 1 : 0;
            vl_bundle_reader_feed(reader, VL_ARRAY(piece));
            assert_int_equal(vl_bundle_reader_next(reader, &part), VL_BUNDLE_PIECE);
            assert_ptr_equal(part.ptr, piece);
            sum += part.len;
            assert_int_equal(vl_bundle_reader_next(reader, &part), VL_BUNDLE_WANTS_BYTES);
        }
        vl_alloc_fail_after(-1);
        assert_int_equal(sum, BIG);
        writer.sink = vl_buf_sink(&tail);
        assert_int_equal(vl_bundle_writer_end(&writer, NULL), VL_OK);
        vl_bundle_reader_feed(reader, vl_buf_bytes(&tail));
        assert_int_equal(vl_bundle_reader_next(reader, &part),
                         is_altered ? VL_BUNDLE_BROKEN : VL_BUNDLE_ENDS);
        if (is_altered) {
            assert_int_equal(vl_bundle_reader_bundle(reader)->broken, VL_RULE_CRC_WRONG);
            assert_int_equal(vl_bundle_reader_bundle(reader)->broken_at, head.len + BIG);
        }
        vl_bundle_reader_free(reader);
    }
}

static void the_longest_head_there_is(void **state)
{
    static uint8_t much[VL_BUNDLE_MAX_HEAD];
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);
    struct vl_bundle bundle;
    size_t len = sizeof much;

    (void)state;
    vl_bundle_begin(&bundle, VL_CRC_32C, VL_LITERAL("TEST"));
    bundle.flags = VL_BUNDLE_NOT_SPLIT;
    bundle.created_ms = 1;
    assert_int_equal(vl_bundle_add(&bundle, 193, 0, VL_CRC_32C, VL_BYTES_NONE), VL_OK);
    do
        bundle.blocks[0].data = vl_bytes_of(much, len--);
    while (vl_bundle_check(&bundle) == VL_RULE_LONG_HEAD);
    assert_int_equal(vl_bundle_write(&bundle, &out, NULL), VL_OK);
    for (size_t piece = 1; piece < out.len * 2; piece = piece * 4 + 3) {
        struct vl_bundle_reader *reader = vl_bundle_reader_new(0);
        enum vl_bundle_event event;
        size_t fed = 0;
        vl_bytes part;

        assert_non_null(reader);
        while ((event = vl_bundle_reader_next(reader, &part)) != VL_BUNDLE_ENDS) {
            assert_int_not_equal(event, VL_BUNDLE_BROKEN);
            if (event != VL_BUNDLE_WANTS_BYTES)
                continue;
            vl_bundle_reader_feed(reader,
                                  vl_bytes_first(vl_bytes_after(vl_buf_bytes(&out), fed), piece));
            fed += piece;
        }
        vl_bundle_reader_free(reader);
    }
}

static void without_memory_there_is_no_reader(void **state)
{
    (void)state;
    vl_alloc_fail_after(0);
    assert_null(vl_bundle_reader_new(0));
    vl_alloc_fail_after(-1);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_sequence_in_pieces_of_any_size),
        cmocka_unit_test(a_fault_is_placed_in_the_sequence),
        cmocka_unit_test(behind_an_altered_payload_the_next_bundle_begins),
        cmocka_unit_test(an_empty_sequence_is_one),
        cmocka_unit_test(a_large_payload_goes_through),
        cmocka_unit_test(the_longest_head_there_is),
        cmocka_unit_test(without_memory_there_is_no_reader),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
