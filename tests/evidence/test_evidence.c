/* SPDX-License-Identifier: Apache-2.0 */
/* Evidence as a file: which bytes are one, and that what is written is read. */
#include "world.h"

#include <stdio.h>
#include <stdlib.h>

#define START                                                                                      \
    "84 72"                                                                                        \
    "76616c6973652f65766964656e63652f7631" /* valise/evidence/v1 */

/* clang-format off */
/* C and D stand for the card files of two offices, O for a `sealed` of the first; the rest is hex. */
static const struct row {
    const char *name, *wire;
    enum vl_err err;
    const char *words;
} rows[] = {
    {"nothing in it",        START " 80 80 80", VL_OK, NULL},
    {"cards alone",          START " 82 C D 80 80", VL_OK, NULL},
    {"an act alone",         START " 80 81 82 O 80 80", VL_OK, NULL},
    {"an act with a leaf",   START " 81 C 81 82 O 81 83 41aa 00 80 80", VL_OK, NULL},
    {"two leaves",           START " 80 81 82 O 82 83 41aa 00 80 83 41aa 01 80 80", VL_OK, NULL},
    {"the last index",       START " 80 81 82 O 81 83 41aa 1a00ffffff 80 80", VL_OK, NULL},
    {"an act twice",         START " 80 82 82 O 80 82 O 80 80", VL_OK, NULL},

    {"no bytes",             "", VL_ERR_FORMAT, "evidence: byte 0: cut short"},
    {"three of four",        "83 72" "76616c6973652f65766964656e63652f7631" " 80 80", VL_ERR_LIMIT, "evidence: byte 0: a number of items outside its limits"},
    {"another version",      "84 72" "76616c6973652f65766964656e63652f7632" " 80 80 80", VL_ERR_FORMAT, "evidence: byte 20: not valise/evidence/v1"},
    {"a longer version",     "84 73" "76616c6973652f65766964656e63652f763131" " 80 80 80", VL_ERR_LIMIT, "evidence: byte 1: a string whose length is outside its limits"},
    {"a card file",          "83 6f" "76616c6973652f63617264732f7631" " 80 80", VL_ERR_LIMIT, "evidence: byte 0: a number of items outside its limits"},
    {"something behind it",  START " 80 80 80 00", VL_ERR_FORMAT, "evidence: byte 23: bytes left over"},
    {"257 card files",       START " 990101", VL_ERR_LIMIT, "evidence: byte 20: a number of items outside its limits"},
    {"10001 acts",           START " 80 992711", VL_ERR_LIMIT, "evidence: byte 21: a number of items outside its limits"},
    {"cards of one office twice", START " 83 C D C 80", VL_ERR_FORMAT, "evidence: card file 3 is a second one of its office"},
    {"no card file",         START " 81 80 80", VL_ERR_LIMIT, "evidence: card file 1: *"},
    {"a promised card file", START " 82 C", VL_ERR_FORMAT, "evidence: byte *: cut short"},
    {"cut in the next one",  START " 82 C 82", VL_ERR_FORMAT, "evidence: byte *: more items promised than bytes are left"},
    {"an act of one member", START " 80 81 81 O", VL_ERR_LIMIT, "evidence: byte 22: a number of items outside its limits"},
    {"an act of three",      START " 80 81 83 O 80 80", VL_ERR_LIMIT, "evidence: byte 22: a number of items outside its limits"},
    {"an object of nothing", START " 80 81 82 80 80", VL_ERR_LIMIT, "evidence: act 1: object: *"},
    {"the second act bad",   START " 80 82 82 O 80 82 80 80", VL_ERR_LIMIT, "evidence: act 2: object: *"},
    {"10001 leaves",         START " 80 81 82 O 992711", VL_ERR_LIMIT, "evidence: byte *: a number of items outside its limits"},
    {"a leaf of two",        START " 80 81 82 O 81 82 41aa 00", VL_ERR_LIMIT, "evidence: byte *: a number of items outside its limits"},
    {"an empty leaf",        START " 80 81 82 O 81 83 40 00 80", VL_ERR_LIMIT, "evidence: byte *: a string whose length is outside its limits"},
    {"index 2^24",           START " 80 81 82 O 81 83 41aa 1a01000000 80", VL_ERR_LIMIT, "evidence: byte *: an unsigned integer over its limit"},
    {"a path of 65",         START " 80 81 82 O 81 83 41aa 00 9841", VL_ERR_LIMIT, "evidence: byte *: a number of items outside its limits"},
    {"a step of one byte",   START " 80 81 82 O 81 83 41aa 00 81 4100", VL_ERR_LIMIT, "evidence: byte *: a string whose length is outside its limits"},
    {"an index twice",       START " 80 81 82 O 82 83 41aa 00 80 83 41aa 00 80", VL_ERR_FORMAT, "evidence: byte *: leaves that do not ascend by index"},
    {"indexes that descend", START " 80 81 82 O 82 83 41aa 01 80 83 41aa 00 80", VL_ERR_FORMAT, "evidence: byte *: leaves that do not ascend by index"},
    {"not the shortest",     START " 80 81 82 O 9800", VL_ERR_FORMAT, "evidence: byte *: not the shortest form"},
};
/* clang-format on */

/* Two offices and an act. */
struct pieces {
    struct office one, other;
    struct batch batch;
};

static void pieces_release(struct pieces *pieces)
{
    office_release(&pieces->one);
    office_release(&pieces->other);
    batch_release(&pieces->batch);
}

static void pieces_init(struct pieces *pieces)
{
    office_init(&pieces->one, 'S');
    office_init(&pieces->other, 'X');
    batch_init(&pieces->batch, "abc", &pieces->one, &pieces->one);
}

static vl_bytes piece(const struct pieces *pieces, char letter)
{
    return vl_buf_bytes(letter == 'C'   ? &pieces->one.card_file
                        : letter == 'D' ? &pieces->other.card_file
                                        : &pieces->batch.object);
}

static struct vl_buf put_together(const struct pieces *pieces, const char *text)
{
    struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    char word[256];

    for (int used = 0; sscanf(text, "%255s%n", word, &used) == 1; text += used) {
        VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(256);

        if (strchr("CDO", word[0])) {
            assert_int_equal(vl_buf_put(&wire, piece(pieces, word[0])), VL_OK);
            continue;
        }
        bytes = hex(word);
        assert_int_equal(vl_buf_put(&wire, vl_buf_bytes(&bytes)), VL_OK);
    }
    return wire;
}

/* '*' stands for anything. */
static bool says(const char *got, const char *wanted)
{
    const char *star = strchr(wanted, '*');
    size_t before = star ? (size_t)(star - wanted) : 0;
    size_t got_len = strlen(got), after = star ? strlen(star + 1) : 0;

    if (!star)
        return strcmp(got, wanted) == 0;
    return got_len >= before + after && strncmp(got, wanted, before) == 0 &&
           strcmp(got + got_len - after, star + 1) == 0;
}

static void each_file_is_read_or_refused_by_the_table(void **state)
{
    VL_AUTO(pieces_release) struct pieces pieces = {.batch = {.count = 0}};

    (void)state;
    pieces_init(&pieces);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        const struct row *row = &rows[i];
        VL_AUTO(vl_buf_release) struct vl_buf wire = put_together(&pieces, row->wire);
        VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
        struct vl_why why = {""};
        enum vl_err err = vl_evidence_parse(vl_buf_bytes(&wire), &evidence, &why);

        if (err != row->err || (err && !says(why.text, row->words)))
            fail_msg("%s: %s, \"%s\"", row->name, vl_err_name(err), why.text);
        if (err)
            assert_true(!evidence.wire.data && !evidence.chains && !evidence.items);
    }
}

static void what_is_written_is_read(void **state)
{
    VL_AUTO(pieces_release) struct pieces pieces = {.batch = {.count = 0}};
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct vl_why why = {""};
    struct vl_keyring keys;

    (void)state;
    pieces_init(&pieces);
    assert_int_equal(vl_evidence_put_chain(&out, piece(&pieces, 'C')), VL_OK);
    assert_int_equal(vl_evidence_put_chain(&out, piece(&pieces, 'D')), VL_OK);
    assert_int_equal(vl_evidence_put(&out, piece(&pieces, 'O'), pieces.batch.leaves, 3), VL_OK);
    assert_int_equal(vl_evidence_put(&out, piece(&pieces, 'O'), NULL, 0), VL_OK);
    assert_int_equal(vl_buf_put_byte(&wire, 7), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, &wire), VL_OK);
    assert_int_equal(wire.data[0], 7);
    assert_err(vl_evidence_parse(vl_bytes_after(vl_buf_bytes(&wire), 1), &evidence, &why), VL_OK,
               &why);
    assert_int_equal(evidence.chain_count, 2);
    assert_int_equal(evidence.item_count, 2);
    assert_int_equal(evidence.items[0].leaf_count, 3);
    assert_int_equal(evidence.items[1].leaf_count, 0);
    for (size_t i = 0; i < 3; i++) {
        const struct vl_evidence_leaf *got = &evidence.items[0].leaves[i];
        const struct vl_evidence_leaf *wanted = &pieces.batch.leaves[i];

        assert_bytes(got->leaf, wanted->leaf);
        assert_int_equal(got->index, i);
        assert_int_equal(got->path.count, wanted->path.count);
        assert_memory_equal(got->path.at, wanted->path.at, wanted->path.count * VL_HASH_LEN);
    }
    keys = vl_evidence_keyring(&evidence);
    for (size_t i = 0; i < 2; i++) {
        struct vl_evidence_verdict verdict;

        assert_err(vl_evidence_check(&evidence.items[i], &keys, &verdict, &why), VL_OK, &why);
        assert_true(verdict.known && verdict.well_formed);
    }
}

/* The waybill of a letter is that of its own number, whichever leaf comes first. */
static void each_letter_finds_its_waybill(void **state)
{
    VL_AUTO(pieces_release) struct pieces pieces = {.batch = {.count = 0}};
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct vl_why why = {""};
    uint8_t number[VL_HASH_LEN];

    (void)state;
    pieces_init(&pieces);
    assert_int_equal(vl_evidence_put(&out, piece(&pieces, 'O'), NULL, 0), VL_OK);
    assert_int_equal(vl_evidence_put(&out, piece(&pieces, 'O'), pieces.batch.leaves, 3), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, &wire), VL_OK);
    assert_err(vl_evidence_parse(vl_buf_bytes(&wire), &evidence, &why), VL_OK, &why);
    for (size_t i = 0; i < 3; i++) {
        memset(number, "abc"[i], sizeof number);
        assert_bytes(vl_evidence_waybill(&evidence, number), pieces.batch.leaves[i].leaf);
    }
    memset(number, 'd', sizeof number);
    assert_bytes(vl_evidence_waybill(&evidence, number), VL_BYTES_NONE);
}

static void each_office_finds_its_chain(void **state)
{
    VL_AUTO(pieces_release) struct pieces pieces = {.batch = {.count = 0}};
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(0);
    struct vl_office_id stranger = {{0}};
    struct vl_why why = {""};

    (void)state;
    pieces_init(&pieces);
    wire = put_together(&pieces, START " 82 C D 80 80");
    assert_err(vl_evidence_parse(vl_buf_bytes(&wire), &evidence, &why), VL_OK, &why);
    assert_ptr_equal(vl_evidence_chain(&evidence, &pieces.one.signer.office), &evidence.chains[0]);
    assert_ptr_equal(vl_evidence_chain(&evidence, &pieces.other.signer.office),
                     &evidence.chains[1]);
    assert_null(vl_evidence_chain(&evidence, &stranger));
}

static void a_chain_that_does_not_verify_is_refused(void **state)
{
    VL_AUTO(pieces_release) struct pieces pieces = {.batch = {.count = 0}};
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(0);
    struct vl_why why = {""};

    (void)state;
    pieces_init(&pieces);
    pieces.one.card_file.data[pieces.one.card_file.len - 2] ^= 1; /* the end of a signature */
    wire = put_together(&pieces, START " 81 C 80 80");
    assert_err(vl_evidence_parse(vl_buf_bytes(&wire), &evidence, &why), VL_ERR_UNVERIFIED, &why);
    assert_null(evidence.wire.data);
}

static void what_no_reader_would_take_is_not_written(void **state)
{
    static struct vl_evidence_leaf leaves[VL_EVIDENCE_MAX_LEAVES + 1];
    static const uint8_t long_leaf[VL_WAYBILL_MAX_LEN + 1];
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    const vl_bytes object = VL_LITERAL("\x80");

    (void)state;
    for (size_t i = 0; i <= VL_EVIDENCE_MAX_LEAVES; i++) {
        leaves[i].leaf = VL_LITERAL("l");
        leaves[i].index = i;
    }
    assert_int_equal(vl_evidence_put(&out, object, leaves, VL_EVIDENCE_MAX_LEAVES + 1),
                     VL_ERR_LIMIT);
    leaves[1].index = 0;
    assert_int_equal(vl_evidence_put(&out, object, leaves, 2), VL_ERR_FORMAT);
    leaves[1].index = VL_BATCH_MAX;
    assert_int_equal(vl_evidence_put(&out, object, leaves, 2), VL_ERR_LIMIT);
    leaves[1].index = 1;
    leaves[1].leaf = VL_BYTES_NONE;
    assert_int_equal(vl_evidence_put(&out, object, leaves, 2), VL_ERR_LIMIT);
    leaves[1].leaf = VL_ARRAY(long_leaf);
    assert_int_equal(vl_evidence_put(&out, object, leaves, 2), VL_ERR_LIMIT);
    leaves[1].leaf = VL_LITERAL("l");
    leaves[1].path.count = VL_TREE_MAX_PATH + 1;
    assert_int_equal(vl_evidence_put(&out, object, leaves, 2), VL_ERR_LIMIT);
    leaves[1].path.count = 0;
    assert_int_equal(out.items.len + out.item_count + out.leaf_count, 0);
    for (size_t n = 0; n < VL_EVIDENCE_MAX_ALL_LEAVES / VL_EVIDENCE_MAX_LEAVES; n++)
        assert_int_equal(vl_evidence_put(&out, object, leaves, VL_EVIDENCE_MAX_LEAVES), VL_OK);
    assert_int_equal(vl_evidence_put(&out, object, leaves, 1), VL_ERR_LIMIT);
    assert_int_equal(vl_evidence_put(&out, object, NULL, 0), VL_OK);
}

static void counts_and_length_of_what_is_written_are_limited(void **state)
{
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf to = VL_BUF_INIT(2 * VL_EVIDENCE_MAX_LEN);
    struct vl_buf full = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    uint8_t *at;

    (void)state;
    for (size_t i = 0; i < VL_EVIDENCE_MAX_CHAINS; i++)
        assert_int_equal(vl_evidence_put_chain(&out, VL_LITERAL("\x80")), VL_OK);
    assert_int_equal(vl_evidence_put_chain(&out, VL_LITERAL("\x80")), VL_ERR_LIMIT);
    for (size_t i = 0; i < VL_EVIDENCE_MAX_ITEMS; i++)
        assert_int_equal(vl_evidence_put(&out, VL_LITERAL("\x80"), NULL, 0), VL_OK);
    assert_int_equal(vl_evidence_put(&out, VL_LITERAL("\x80"), NULL, 0), VL_ERR_LIMIT);
    assert_int_equal(vl_evidence_finish(&out, &to), VL_OK);
    to.len = 0;
    assert_int_equal(vl_buf_add(&full, VL_EVIDENCE_MAX_LEN - VL_EVIDENCE_MAX_CHAINS, &at), VL_OK);
    out.chain_count = 0;
    assert_int_equal(vl_evidence_put_chain(&out, vl_buf_bytes(&full)), VL_ERR_LIMIT);
    assert_int_equal(out.chain_count, 0);
    assert_int_equal(vl_evidence_finish(&out, &to), VL_OK);
    vl_buf_release(&full);
}

/* Chains, acts and closures share one length: what could be put can be finished. */
static void what_was_put_can_be_finished(void **state)
{
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf half = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf to = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    static const uint8_t id[VL_HASH_LEN];
    struct vl_tree_path path = {.count = 24};
    uint8_t *at;

    (void)state;
    assert_int_equal(vl_buf_add(&half, VL_EVIDENCE_MAX_LEN / 2, &at), VL_OK);
    assert_int_equal(vl_evidence_put_chain(&out, vl_buf_bytes(&half)), VL_OK);
    assert_int_equal(vl_evidence_put(&out, vl_buf_bytes(&half), NULL, 0), VL_ERR_LIMIT);
    assert_int_equal(out.item_count, 0);
    assert_int_equal(out.items.len, 0);
    /* Room that is kept for a closure is not given away, and is enough for the longest. */
    half.len -= VL_EVIDENCE_CLOSURE_ROOM + 80;
    out.reserved = VL_EVIDENCE_CLOSURE_ROOM;
    assert_int_equal(vl_evidence_put(&out, vl_buf_bytes(&half), NULL, 0), VL_OK);
    assert_int_equal(vl_evidence_put(&out, VL_ARRAY(id), NULL, 0), VL_ERR_LIMIT);
    assert_int_equal(vl_evidence_put_closure(&out, id, id, VL_BATCH_MAX - 1, &path), VL_OK);
    assert_true(out.closures.len <= VL_EVIDENCE_CLOSURE_ROOM);
    assert_int_equal(vl_evidence_finish(&out, &to), VL_OK);
}

static void a_file_that_is_full_is_left_as_it_was(void **state)
{
    static const uint8_t waybill[200];
    struct vl_evidence_leaf leaf = {.leaf = VL_ARRAY(waybill)};
    VL_AUTO(vl_evidence_out_release)
    struct vl_evidence_out out = {.items = VL_BUF_INIT(100)};

    (void)state;
    assert_int_equal(vl_evidence_put(&out, VL_LITERAL("\x80"), &leaf, 1), VL_ERR_LIMIT);
    assert_int_equal(out.items.len + out.item_count + out.leaf_count, 0);
}

/* Two acts of 10000 leaves are read, one leaf more is not: memory has an end. */
static void leaves_of_all_acts_are_counted_together(void **state)
{
    VL_AUTO(pieces_release) struct pieces pieces = {.batch = {.count = 0}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    struct vl_cbor_out w = vl_cbor_to(&wire);
    struct vl_why why = {""};

    (void)state;
    pieces_init(&pieces);
    for (int more = 0; more < 2; more++) {
        wire.len = 0;
        vl_cbor_put_array(&w, 4);
        vl_cbor_put_text(&w, VL_LITERAL("valise/evidence/v1"));
        vl_cbor_put_array(&w, 0);
        vl_cbor_put_array(&w, 3);
        for (size_t act = 0; act < 3; act++) {
            size_t leaves = act < 2 ? VL_EVIDENCE_MAX_LEAVES : (size_t)more;

            vl_cbor_put_array(&w, 2);
            vl_cbor_put_item(&w, piece(&pieces, 'O'));
            vl_cbor_put_array(&w, leaves);
            for (size_t i = 0; i < leaves; i++) {
                vl_cbor_put_array(&w, 3);
                vl_cbor_put_bytes(&w, VL_LITERAL("l"));
                vl_cbor_put_uint(&w, i);
                vl_cbor_put_array(&w, 0);
            }
        }
        vl_cbor_put_array(&w, 0);
        assert_int_equal(w.err, VL_OK);
        assert_err(vl_evidence_parse(vl_buf_bytes(&wire), &evidence, &why),
                   more ? VL_ERR_LIMIT : VL_OK, &why);
        vl_evidence_release(&evidence);
    }
    assert_string_equal(why.text, "evidence: act 3: more than 20000 leaves in all");
}

static void more_than_16_mib_are_not_looked_at(void **state)
{
    struct vl_evidence evidence = VL_EVIDENCE_INIT;
    struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN + 1);
    struct vl_why why = {""};
    uint8_t *at;

    (void)state;
    assert_int_equal(vl_buf_add(&wire, VL_EVIDENCE_MAX_LEN + 1, &at), VL_OK);
    assert_err(vl_evidence_parse(vl_buf_bytes(&wire), &evidence, &why), VL_ERR_LIMIT, &why);
    assert_string_equal(why.text, "evidence: 16777217 bytes, more than 16777216");
    vl_buf_release(&wire);
}

static void cut_anywhere_it_is_refused(void **state)
{
    VL_AUTO(pieces_release) struct pieces pieces = {.batch = {.count = 0}};
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(0);

    (void)state;
    pieces_init(&pieces);
    wire = put_together(&pieces, START " 81 C 81 82 O 81 83 41aa 00 80 80");
    for (size_t len = 0; len < wire.len; len++) {
        struct vl_evidence evidence = VL_EVIDENCE_INIT;

        assert_int_not_equal(vl_evidence_parse(vl_bytes_of(wire.data, len), &evidence, NULL),
                             VL_OK);
        assert_null(evidence.wire.data);
    }
}

static enum vl_err write_and_read(void *self, struct vl_why *why)
{
    const struct pieces *pieces = self;
    VL_AUTO(vl_evidence_out_release) struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct vl_evidence_verdict verdict;
    struct vl_keyring keys;
    enum vl_err err = vl_evidence_put_chain(&out, piece(pieces, 'C'));

    if (!err)
        err = vl_evidence_put(&out, piece(pieces, 'O'), pieces->batch.leaves, 3);
    if (!err)
        err = vl_evidence_put(&out, piece(pieces, 'O'), pieces->batch.leaves, 2);
    if (!err)
        err = vl_evidence_finish(&out, &wire);
    assert_true(!err || wire.len == 0);
    if (!err)
        err = vl_evidence_parse(vl_buf_bytes(&wire), &evidence, why);
    keys = vl_evidence_keyring(&evidence);
    return err ? err : vl_evidence_check(&evidence.items[0], &keys, &verdict, why);
}

static void each_allocation_that_fails_is_told(void **state)
{
    VL_AUTO(pieces_release) struct pieces pieces = {.batch = {.count = 0}};

    (void)state;
    pieces_init(&pieces);
    assert_true(each_allocation_fails(write_and_read, &pieces) > 15);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_file_is_read_or_refused_by_the_table),
        cmocka_unit_test(what_is_written_is_read),
        cmocka_unit_test(each_letter_finds_its_waybill),
        cmocka_unit_test(each_office_finds_its_chain),
        cmocka_unit_test(a_chain_that_does_not_verify_is_refused),
        cmocka_unit_test(what_no_reader_would_take_is_not_written),
        cmocka_unit_test(counts_and_length_of_what_is_written_are_limited),
        cmocka_unit_test(what_was_put_can_be_finished),
        cmocka_unit_test(a_file_that_is_full_is_left_as_it_was),
        cmocka_unit_test(leaves_of_all_acts_are_counted_together),
        cmocka_unit_test(more_than_16_mib_are_not_looked_at),
        cmocka_unit_test(cut_anywhere_it_is_refused),
        cmocka_unit_test(each_allocation_that_fails_is_told),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
