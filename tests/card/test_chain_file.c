/* SPDX-License-Identifier: Apache-2.0 */
/* card/chain.h, the card file: one chain has one file, and the text of it. */
#include "chains.h"
#include "golden.h"

#include "codec/bech32.h"

static void check_empty(const struct vl_chain *chain)
{
    assert_int_equal(chain->count, 0);
    assert_int_equal(chain->revocation_count, 0);
    assert_null(chain->links);
    assert_null(chain->revocations);
}

static void check_refused(vl_bytes wire, enum vl_err err, const char *words)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_why why = {""};

    assert_err(vl_chain_parse(wire, &chain, &why), err, &why);
    assert_string_equal(why.text, words);
    check_empty(&chain);
}

static struct vl_buf file_of(const struct vl_chain *chain)
{
    struct vl_buf wire = VL_BUF_INIT(VL_CHAIN_MAX_LEN);

    assert_int_equal(vl_chain_write(chain, &wire), VL_OK);
    return wire;
}

static void a_file_is_read_back_with_all_its_marks(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT, again = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1), second = VL_BUF_INIT(1);
    struct vl_why why = {""};
    size_t index = 0;

    (void)state;
    grow(&chain, "a", "b", NULL);
    grow(&chain, "b", "c", NULL);
    grow(&chain, "x", "d", "b");
    revoke(&chain, 0, "a", target_kid('a'), VL_REVOCATION_COMPROMISED);
    revoke(&chain, 2, "d", target_kid('x'), VL_REVOCATION_LOST);
    revoke(&chain, 1, "b", target_kid('q'), VL_REVOCATION_CLOSED);
    wire = file_of(&chain);
    assert_err(vl_chain_parse(vl_buf_bytes(&wire), &again, &why), VL_OK, &why);
    assert_int_equal(again.count, 3);
    assert_int_equal(again.revocation_count, 3);
    assert_true(vl_office_id_eq(&again.office, &chain.office));
    assert_ptr_equal(vl_chain_find(&again, chain.links[1].card.object.id, &index),
                     &again.links[1].card);
    assert_int_equal(index, 1);
    assert_null(vl_chain_find(&again, chain.links[1].card.keys[0].kid, NULL));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(again.links[i].unplanned, i == 2);
        assert_int_equal(again.links[i].key_revoked, i != 1);
    }
    second = file_of(&again);
    assert_bytes(vl_buf_bytes(&second), vl_buf_bytes(&wire));
}

static void a_chain_of_another_program_is_read(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = golden("chain");
    VL_AUTO(vl_buf_release) struct vl_buf text = file("tests/golden/card/chain-text.txt");
    VL_AUTO(vl_buf_release) struct vl_buf again = VL_BUF_INIT(1), office = hex(GOLDEN_CHAIN_OFFICE);
    VL_AUTO(vl_buf_release) struct vl_buf newest = hex(GOLDEN_CHAIN_NEWEST);
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT, first = VL_CHAIN_INIT;
    struct vl_why why = {""};
    uint64_t serial;

    (void)state;
    assert_err(vl_chain_parse(vl_buf_bytes(&wire), &chain, &why), VL_OK, &why);
    assert_int_equal(chain.count, 3);
    assert_bytes(VL_ARRAY(chain.office.at), vl_buf_bytes(&office));
    assert_bytes(VL_ARRAY(vl_chain_newest(&chain)->object.id), vl_buf_bytes(&newest));
    assert_true(chain.links[1].card.has_closes && chain.links[1].card.closes_count == 12);
    assert_true(chain.links[2].unplanned && !chain.links[1].unplanned);
    assert_int_equal(chain.revocation_count, 2); /* by 'a' of itself, by 'c' of the first card */
    assert_true(chain.links[0].key_revoked && !chain.links[2].key_revoked);
    again = file_of(&chain);
    assert_bytes(vl_buf_bytes(&again), vl_buf_bytes(&wire));
    assert_err(vl_chain_parse(vl_buf_bytes(&text), &first, &why), VL_OK, &why);
    assert_int_equal(first.count, 1);
    assert_int_equal(vl_chain_compare(&first, &chain, &serial), VL_CHAIN_NEWER);
}

static void the_text_is_read_in_either_case_and_between_white_space(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    struct vl_why why = {""};

    (void)state;
    grow(&chain, "a", "b", NULL);
    assert_int_equal(vl_chain_write_text(&chain, &text), VL_OK);
    assert_true(vl_bytes_starts(vl_buf_bytes(&text), VL_LITERAL("valisecard1")));
    for (int upper = 0; upper < 2; upper++) {
        VL_AUTO(vl_buf_release) struct vl_buf around = VL_BUF_INIT(2 * VL_BECH32_MAX_TEXT);
        VL_AUTO(vl_chain_release) struct vl_chain again = VL_CHAIN_INIT;

        assert_int_equal(vl_buf_put(&around, VL_LITERAL(" \t\r\n")), VL_OK);
        assert_int_equal(vl_buf_put(&around, vl_buf_bytes(&text)), VL_OK);
        assert_int_equal(vl_buf_put(&around, VL_LITERAL("\r\n \t")), VL_OK);
        for (size_t i = 0; i < around.len && upper; i++)
            if (around.data[i] >= 'a' && around.data[i] <= 'z')
                around.data[i] = (uint8_t)(around.data[i] - 32);
        assert_err(vl_chain_parse(vl_buf_bytes(&around), &again, &why), VL_OK, &why);
        assert_int_equal(again.count, 1);
    }
}

static void a_text_with_a_mistake_is_refused(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    VL_AUTO(vl_buf_release) struct vl_buf other = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    VL_AUTO(vl_buf_release) struct vl_buf nothing = VL_BUF_INIT(VL_BECH32_MAX_TEXT);
    VL_AUTO(vl_buf_release) struct vl_buf much = VL_BUF_INIT(2 * VL_BECH32_MAX_TEXT);
    uint8_t *at = NULL;

    (void)state;
    grow(&chain, "a", "b", NULL);
    assert_int_equal(vl_chain_write_text(&chain, &text), VL_OK);
    text.data[20] = text.data[20] == 'q' ? 'p' : 'q';
    check_refused(vl_buf_bytes(&text), VL_ERR_FORMAT,
                  "card file: a text with a typing error in it");
    assert_int_equal(vl_bech32_encode(VL_LITERAL("valisecards"), VL_LITERAL("x"), &other), VL_OK);
    check_refused(vl_buf_bytes(&other), VL_ERR_FORMAT, "card file: a text of another kind");
    assert_int_equal(vl_bech32_encode(VL_LITERAL("valisecard"), VL_BYTES_NONE, &nothing), VL_OK);
    check_refused(vl_buf_bytes(&nothing), VL_ERR_FORMAT, "card file: array: byte 0: cut short");
    assert_int_equal(vl_buf_put(&much, VL_LITERAL("valisecard1")), VL_OK);
    assert_int_equal(vl_buf_add(&much, VL_BECH32_MAX_TEXT, &at), VL_OK);
    memset(at, 'q', VL_BECH32_MAX_TEXT);
    check_refused(vl_buf_bytes(&much), VL_ERR_LIMIT, "card file: over a limit");
}

static void a_long_chain_has_no_text(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT(VL_CHAIN_MAX_LEN);

    (void)state;
    grow(&chain, "a", "b", NULL);
    grow(&chain, "b", "c", NULL);
    grow(&chain, "c", "d", NULL);
    grow(&chain, "d", "e", NULL);
    grow(&chain, "e", "f", NULL);
    assert_int_equal(vl_chain_write_text(&chain, &text), VL_ERR_LIMIT);
    assert_int_equal(text.len, 0);
}

/* A file of these objects, one after another, as they stand. */
static struct vl_buf file_with(const struct vl_buf *cards, size_t card_count,
                               const struct vl_buf *revocations, size_t revocation_count)
{
    struct vl_buf wire = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    struct vl_cbor_out w = vl_cbor_to(&wire);

    vl_cbor_put_array(&w, 3);
    vl_cbor_put_text(&w, VL_LITERAL("valise/cards/v1"));
    vl_cbor_put_array(&w, card_count);
    for (size_t i = 0; i < card_count; i++)
        vl_cbor_put_item(&w, vl_buf_bytes(&cards[i]));
    vl_cbor_put_array(&w, revocation_count);
    for (size_t i = 0; i < revocation_count; i++)
        vl_cbor_put_item(&w, vl_buf_bytes(&revocations[i]));
    assert_int_equal(w.err, VL_OK);
    return wire;
}

static void attack_04_two_cards_of_one_serial_are_no_file(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    struct vl_buf cards[3] = {VL_BUF_INIT(1), VL_BUF_INIT(1), VL_BUF_INIT(1)};
    VL_AUTO(vl_buf_release)
    struct vl_buf fork = VL_BUF_INIT(1), gap = VL_BUF_INIT(1), turned = VL_BUF_INIT(1);

    (void)state;
    cards[0] = next_card(&chain, "a", "b", NULL);
    grow(&chain, "a", "b", NULL);
    cards[1] = next_card(&chain, "b", "c", NULL);
    cards[2] = next_card(&chain, "x", "y", "a");
    fork = file_with(cards, 3, NULL, 0);
    gap = file_with(cards + 1, 1, NULL, 0);
    turned = file_with((struct vl_buf[]){cards[1], cards[0]}, 2, NULL, 0);
    check_refused(vl_buf_bytes(&fork), VL_ERR_UNVERIFIED,
                  "card file: card 2: serial 1 where 2 comes next");
    check_refused(vl_buf_bytes(&gap), VL_ERR_UNVERIFIED,
                  "card file: card 0: serial 1 where 0 comes next");
    check_refused(vl_buf_bytes(&turned), VL_ERR_UNVERIFIED,
                  "card file: card 0: serial 1 where 0 comes next");
    for (size_t i = 0; i < 3; i++)
        vl_buf_release(&cards[i]);
}

static void revocations_stand_in_one_order(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release)
    struct vl_buf card = VL_BUF_INIT(1), turned = VL_BUF_INIT(1), twice = VL_BUF_INIT(1),
                  right = VL_BUF_INIT(1);
    struct vl_buf sorted[2] = {VL_BUF_INIT(VL_OBJECT_MAX_LEN), VL_BUF_INIT(VL_OBJECT_MAX_LEN)};
    VL_AUTO(vl_chain_release) struct vl_chain again = VL_CHAIN_INIT;

    (void)state;
    card = next_card(&chain, "a", "b", NULL);
    grow(&chain, "a", "b", NULL);
    revoke(&chain, 0, "a", target_kid('a'), VL_REVOCATION_LOST);
    revoke(&chain, 0, "a", target_kid('b'), VL_REVOCATION_LOST);
    for (size_t i = 0; i < 2; i++)
        assert_int_equal(vl_object_write(&chain.revocations[i].object, &sorted[i]), VL_OK);
    right = file_with(&card, 1, sorted, 2);
    turned = file_with(&card, 1, (struct vl_buf[]){sorted[1], sorted[0]}, 2);
    twice = file_with(&card, 1, (struct vl_buf[]){sorted[0], sorted[0]}, 2);
    assert_int_equal(vl_chain_parse(vl_buf_bytes(&right), &again, NULL), VL_OK);
    check_refused(vl_buf_bytes(&turned), VL_ERR_FORMAT,
                  "card file: revocation 1: ids that do not ascend");
    check_refused(vl_buf_bytes(&twice), VL_ERR_FORMAT,
                  "card file: revocation 1: ids that do not ascend");
    for (size_t i = 0; i < 2; i++)
        vl_buf_release(&sorted[i]);
}

#define LABEL "6f76616c6973652f63617264732f7631"

/* clang-format off */
static const struct row {
    const char *name;
    const char *wire;
    enum vl_err err;
    const char *words;
} rows[] = {
    {"nothing",          "", VL_ERR_FORMAT, "card file: array: byte 0: cut short"},
    {"a text",           "6161", VL_ERR_FORMAT, "card file: array: byte 0: wanted an array"},
    {"two things",       "82" LABEL "80", VL_ERR_LIMIT, "card file: array: byte 0: a number of items outside its limits"},
    {"four things",      "84" LABEL "808080", VL_ERR_LIMIT, "card file: array: byte 0: a number of items outside its limits"},
    {"no label",         "83 80 80 80", VL_ERR_FORMAT, "card file: array: byte 1: wanted a text"},
    {"another version",  "83 6f76616c6973652f63617264732f7632 80 80", VL_ERR_FORMAT, "card file: array: byte 17: not \"valise/cards/v1\""},
    {"no cards",         "83" LABEL "80 80", VL_ERR_LIMIT, "card file: array: byte 17: a number of items outside its limits"},
    {"65 cards",         "83" LABEL "9841", VL_ERR_LIMIT, "card file: array: byte 17: a number of items outside its limits"},
    {"more than there are", "83" LABEL "82f6", VL_ERR_FORMAT, "card file: array: byte 17: more items promised than bytes are left"},
    {"a null for a card", "83" LABEL "81f680", VL_ERR_FORMAT, "card file: card 0: card: object: array of signatures: byte 0: wanted an array"},
    {"a card cut short", "83" LABEL "815820", VL_ERR_FORMAT, "card file: array: byte 18: a string that is cut short"},
};
/* clang-format on */

static void each_file_is_refused_by_the_table(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf wire = hex(rows[i].wire);
        VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
        struct vl_why why = {""};
        enum vl_err err = vl_chain_parse(vl_buf_bytes(&wire), &chain, &why);

        if (err != rows[i].err || strcmp(why.text, rows[i].words) != 0)
            fail_msg("%s: %s, \"%s\"", rows[i].name, vl_err_name(err), why.text);
        check_empty(&chain);
    }
}

static void what_stands_behind_the_cards_is_looked_at(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release)
    struct vl_buf card = VL_BUF_INIT(1), wire = VL_BUF_INIT(1), twisted = VL_BUF_INIT(1);

    (void)state;
    card = next_card(&chain, "a", "b", NULL);
    wire = file_with(&card, 1, NULL, 0);
    twisted = file_with(&card, 1, &card, 1);
    assert_int_equal(vl_buf_put_byte(&wire, 0), VL_OK);
    check_refused(vl_buf_bytes(&wire), VL_ERR_FORMAT,
                  "card file: array: byte 512: bytes left over");
    check_refused(vl_bytes_of(wire.data, wire.len - 2), VL_ERR_FORMAT,
                  "card file: array: byte 511: cut short");
    check_refused(vl_buf_bytes(&twisted), VL_ERR_FORMAT,
                  "card file: revocation 0: revocation: of the kind \"card\"");
    wire.data[wire.len - 2] = 0x98; /* 65 revocations */
    wire.data[wire.len - 1] = 0x41;
    check_refused(vl_buf_bytes(&wire), VL_ERR_LIMIT,
                  "card file: array: byte 511: a number of items outside its limits");
}

static void a_file_over_its_limit_is_not_looked_at(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_CHAIN_MAX_LEN + 1);
    uint8_t *at = NULL;

    (void)state;
    assert_int_equal(vl_buf_add(&wire, VL_CHAIN_MAX_LEN + 1, &at), VL_OK);
    check_refused(vl_buf_bytes(&wire), VL_ERR_LIMIT, "card file: 4194305 bytes, more than 4194304");
}

static void what_does_not_fit_leaves_out_as_it_was(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(500);

    (void)state;
    grow(&chain, "a", "b", NULL);
    assert_int_equal(vl_buf_put_byte(&out, 1), VL_OK);
    assert_int_equal(vl_chain_write(&chain, &out), VL_ERR_LIMIT);
    assert_int_equal(vl_chain_write_text(&chain, &out), VL_ERR_LIMIT);
    assert_int_equal(out.len, 1);
}

static enum vl_err parse(void *self, struct vl_why *why)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    enum vl_err err = vl_chain_parse(*(vl_bytes *)self, &chain, why);

    if (err)
        check_empty(&chain);
    return err;
}

static enum vl_err write_both(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    enum vl_err err = vl_chain_write_text(self, &out);

    assert_true(err ? out.len == 0 : out.len > 0);
    return err ? vl_fail(why, err, "text") : VL_OK;
}

static void each_allocation_may_fail(void **state)
{
    VL_AUTO(vl_chain_release) struct vl_chain chain = VL_CHAIN_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(1);
    vl_bytes bytes;

    (void)state;
    grow(&chain, "a", "b", NULL);
    assert_true(each_allocation_fails(write_both, &chain) > 2);
    grow(&chain, "b", "c", NULL);
    revoke(&chain, 0, "a", target_kid('a'), VL_REVOCATION_LOST);
    wire = file_of(&chain);
    bytes = vl_buf_bytes(&wire);
    assert_true(each_allocation_fails(parse, &bytes) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_file_is_read_back_with_all_its_marks),
        cmocka_unit_test(a_chain_of_another_program_is_read),
        cmocka_unit_test(the_text_is_read_in_either_case_and_between_white_space),
        cmocka_unit_test(a_text_with_a_mistake_is_refused),
        cmocka_unit_test(a_long_chain_has_no_text),
        cmocka_unit_test(attack_04_two_cards_of_one_serial_are_no_file),
        cmocka_unit_test(revocations_stand_in_one_order),
        cmocka_unit_test(each_file_is_refused_by_the_table),
        cmocka_unit_test(what_stands_behind_the_cards_is_looked_at),
        cmocka_unit_test(a_file_over_its_limit_is_not_looked_at),
        cmocka_unit_test(what_does_not_fit_leaves_out_as_it_was),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
