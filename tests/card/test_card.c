/* SPDX-License-Identifier: Apache-2.0 */
/* card/card.h: what is drafted is written, and nothing that would be refused. */
#include "golden.h"
#include "offices.h"

static const uint8_t some_root[VL_HASH_LEN] = {0xc0};

static void a_first_card_says_what_its_draft_says(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;
    struct seeds seeds = seeds_of("ba"), none = seeds_of("");
    struct plan plan = {.keys = "ba", .next = "c", .name = "Nora Lind"};
    struct vl_card_draft draft = draft_of(&plan, &seeds, &none);
    const vl_bytes languages[] = {VL_LITERAL("en"), VL_LITERAL("sr-Latn-RS")};
    const vl_bytes reach[] = {VL_LITERAL("https://example.org/record")};
    struct vl_why why = {""};
    uint8_t kid[VL_HASH_LEN];
    int64_t at_s = 0;

    (void)state;
    draft.has_not_after = true;
    draft.not_after_s = 1800000000;
    draft.languages = languages;
    draft.language_count = 2;
    draft.reach = reach;
    draft.reach_count = 1;
    draft.has_iat = true;
    draft.iat_s = 1700000000;
    assert_err(vl_card_write(&draft, &out, &why), VL_OK, &why);
    assert_err(vl_card_parse(vl_buf_bytes(&out), &card, &why), VL_OK, &why);
    assert_int_equal(card.serial, 0);
    assert_false(card.has_previous);
    assert_int_equal(card.key_count, 2);
    assert_true(vl_bytes_cmp(card.keys[0].wire, card.keys[1].wire) < 0);
    assert_int_equal(card.need_count, 2);
    kid_of_byte('b', kid); /* the first of the draft, wherever it stands among the keys */
    assert_bytes(VL_ARRAY(card.keys[card.need[0]].kid), VL_ARRAY(kid));
    assert_bytes(card.object.by[0].kid, VL_ARRAY(kid));
    assert_int_equal(card.sealing_count, 1);
    assert_bytes(card.sealing[0].kind, VL_LITERAL("x25519"));
    assert_bytes(card.sealing[0].key, VL_ARRAY(sealing_key));
    assert_bytes(VL_ARRAY(card.next), VL_ARRAY(draft.next));
    assert_false(card.has_closes);
    assert_true(card.has_not_after && card.not_after_s == 1800000000);
    assert_bytes(card.name, VL_LITERAL("Nora Lind"));
    assert_int_equal(card.language_count, 2);
    assert_bytes(card.languages[1], languages[1]);
    assert_int_equal(card.reach_count, 1);
    assert_bytes(card.reach[0], reach[0]);
    assert_int_equal(card.guardian_count, 0);
    assert_true(vl_object_signed_at(&card.object, &at_s) && at_s == 1700000000);
}

static void a_later_card_names_the_one_before_and_closes_its_keys(void **state)
{
    VL_AUTO(vl_card_release)
    struct vl_card first = card_of(&(struct plan){.keys = "a", .next = "b"});
    VL_AUTO(vl_card_release) struct vl_card card = VL_CARD_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct plan plan = {.keys = "b", .next = "c", .before = &first};
    struct seeds seeds = seeds_of("b"), none = seeds_of("");
    struct vl_card_draft draft = draft_of(&plan, &seeds, &none);
    struct vl_why why = {""};

    (void)state;
    draft.has_closes = true;
    memcpy(draft.closes_root, some_root, VL_HASH_LEN);
    draft.closes_count = (uint64_t)1 << 24;
    assert_err(vl_card_write(&draft, &out, &why), VL_OK, &why);
    assert_err(vl_card_parse(vl_buf_bytes(&out), &card, &why), VL_OK, &why);
    assert_int_equal(card.serial, 1);
    assert_true(card.has_previous);
    assert_bytes(VL_ARRAY(card.previous), VL_ARRAY(first.object.id));
    assert_true(vl_office_id_eq(&card.object.issuer, &first.object.issuer));
    assert_true(card.has_closes && card.closes_count == 1 << 24);
    assert_bytes(VL_ARRAY(card.closes_root), VL_ARRAY(some_root));
    assert_bytes(VL_ARRAY(card.keys_hash), VL_ARRAY(first.next));
}

/* What is drafted for a first card of 'a', with one thing wrong. */
enum wrong {
    NO_SEEDS,
    FIVE_SEEDS,
    SAME_SEED_TWICE,
    FIVE_WITH_THE_OLD,
    NO_SEALING,
    NO_NAME,
    EMPTY_LANGUAGE,
    FIRST_CLOSES,
    LATER_WITHOUT_BEFORE,
    ANOTHER_OFFICE,
    LATE_NOT_AFTER
};

/* clang-format off */
static const struct refusal {
    enum wrong wrong;
    enum vl_err err;
    const char *words;
} refusals[] = {
    {NO_SEEDS,             VL_ERR_LIMIT, "card: 0 keys of its own, not 1 to 4"},
    {FIVE_SEEDS,           VL_ERR_LIMIT, "card: 5 keys of its own, not 1 to 4"},
    {SAME_SEED_TWICE,      VL_ERR_FORMAT, "card: object: signatures 1 and 2 are of one key"},
    {FIVE_WITH_THE_OLD,    VL_ERR_LIMIT, "card: more than 4 keys would have to sign it"},
    {NO_SEALING,           VL_ERR_LIMIT, "card: payload: byte 86: a number of items outside its limits"},
    {NO_NAME,              VL_ERR_LIMIT, "card: payload: byte 169: a string whose length is outside its limits"},
    {EMPTY_LANGUAGE,       VL_ERR_LIMIT, "card: payload: byte 183: a string whose length is outside its limits"},
    {FIRST_CLOSES,         VL_ERR_FORMAT, "card: the first, though it closes keys before it"},
    {LATER_WITHOUT_BEFORE, VL_ERR_FORMAT, "card: no card before it, though it is not the first"},
    {ANOTHER_OFFICE,       VL_ERR_UNVERIFIED, "card: its keys are not those of its issuer"},
    {LATE_NOT_AFTER,       VL_ERR_LIMIT, "card: payload: byte 167: an integer outside its limits"},
};
/* clang-format on */

static void spoil(struct vl_card_draft *draft, enum wrong wrong, const struct seeds *many,
                  const struct seeds *twice)
{
    static const struct vl_office_id other = {{1}};
    static const vl_bytes empty[] = {{NULL, 0}};

    switch (wrong) {
    case NO_SEEDS:
        draft->seed_count = 0;
        break;
    case FIVE_SEEDS:
        draft->seeds = many->at;
        draft->seed_count = 5;
        break;
    case SAME_SEED_TWICE:
        draft->seeds = twice->at;
        draft->seed_count = 2;
        break;
    case FIVE_WITH_THE_OLD:
        draft->also_seeds = many->at;
        draft->also_count = 5;
        break;
    case NO_SEALING:
        draft->sealing_count = 0;
        break;
    case NO_NAME:
        draft->name = VL_BYTES_NONE;
        break;
    case EMPTY_LANGUAGE:
        draft->languages = empty;
        draft->language_count = 1;
        break;
    case FIRST_CLOSES:
        draft->has_closes = true;
        draft->closes_count = 1;
        break;
    case LATER_WITHOUT_BEFORE:
        draft->serial = 1;
        break;
    case ANOTHER_OFFICE:
        draft->office = &other;
        break;
    case LATE_NOT_AFTER:
        draft->has_not_after = true;
        draft->not_after_s = VL_CLAIMS_IAT_MAX_S + 1;
        break;
    }
}

static void what_would_be_refused_is_not_written(void **state)
{
    struct seeds seeds = seeds_of("a"), none = seeds_of(""), many = seeds_of("abcde");
    struct seeds twice = seeds_of("aa");
    struct plan plan = {.keys = "a", .next = "b"};

    (void)state;
    for (size_t i = 0; i < sizeof refusals / sizeof *refusals; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        struct vl_card_draft draft = draft_of(&plan, &seeds, &none);
        struct vl_why why = {""};
        enum vl_err err;

        spoil(&draft, refusals[i].wrong, &many, &twice);
        err = vl_card_write(&draft, &out, &why);
        if (err != refusals[i].err || strcmp(why.text, refusals[i].words) != 0)
            fail_msg("%zu: %s, \"%s\"", i, vl_err_name(err), why.text);
        assert_int_equal(out.len, 0);
    }
}

/* A key that stays in use signs once. */
static void a_key_of_both_cards_signs_once(void **state)
{
    VL_AUTO(vl_card_release)
    struct vl_card first = card_of(&(struct plan){.keys = "ab", .next = "z"});
    VL_AUTO(vl_card_release)
    struct vl_card second =
        card_of(&(struct plan){.keys = "bc", .next = "z", .also = "ab", .before = &first});

    (void)state;
    assert_int_equal(second.object.count, 3);
    assert_int_equal(second.key_count, 2);
}

static void a_card_that_does_not_fit_leaves_out_as_it_was(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(100);
    struct seeds seeds = seeds_of("a"), none = seeds_of("");
    struct plan plan = {.keys = "a", .next = "b"};
    struct vl_card_draft draft = draft_of(&plan, &seeds, &none);
    struct vl_why why = {""};

    (void)state;
    assert_int_equal(vl_buf_put_byte(&out, 1), VL_OK);
    assert_err(vl_card_write(&draft, &out, &why), VL_ERR_LIMIT, &why);
    assert_int_equal(out.len, 1);
}

static void the_hash_of_keys_knows_no_order(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf wanted = hex(GOLDEN_NEXT);
    struct vl_cose_key keys[VL_CARD_MAX_KEYS + 1];
    uint8_t one[VL_HASH_LEN], other[VL_HASH_LEN];

    (void)state;
    next_of("b", one);
    assert_bytes(VL_ARRAY(one), vl_buf_bytes(&wanted));
    next_of("abcdefgh", one);
    next_of("hgafbedc", other);
    assert_memory_equal(one, other, VL_HASH_LEN);
    next_of("abcdefg", other);
    assert_memory_not_equal(one, other, VL_HASH_LEN);
    for (uint8_t i = 0; i < VL_CARD_MAX_KEYS + 1; i++)
        keys[i] = key_of_byte(i);
    assert_int_equal(vl_card_keys_hash(keys, 0, one), VL_ERR_LIMIT);
    assert_int_equal(vl_card_keys_hash(keys, VL_CARD_MAX_KEYS + 1, one), VL_ERR_LIMIT);
}

static enum vl_err write_card(void *self, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf out = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = vl_card_write(self, &out, why);

    assert_true(err ? out.len == 0 : out.len > 0);
    return err;
}

static void each_allocation_may_fail(void **state)
{
    struct seeds seeds = seeds_of("ab"), none = seeds_of("");
    struct plan plan = {.keys = "ab", .next = "c"};
    struct vl_card_draft draft = draft_of(&plan, &seeds, &none);

    (void)state;
    assert_true(each_allocation_fails(write_card, &draft) > 10);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_first_card_says_what_its_draft_says),
        cmocka_unit_test(a_later_card_names_the_one_before_and_closes_its_keys),
        cmocka_unit_test(what_would_be_refused_is_not_written),
        cmocka_unit_test(a_key_of_both_cards_signs_once),
        cmocka_unit_test(a_card_that_does_not_fit_leaves_out_as_it_was),
        cmocka_unit_test(the_hash_of_keys_knows_no_order),
        cmocka_unit_test(each_allocation_may_fail),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
