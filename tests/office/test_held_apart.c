/* SPDX-License-Identifier: Apache-2.0 */
/* What a stranger brings is held apart, and let in when somebody known brings it too; and what
 * somebody signs beside a letter that is no other letter's. */
#include "carrying.h"

#include "custody/waybill.h"

/* alma, whom bela knows, and dora, whom nobody but alma does. */
struct story {
    struct place place;
    struct number letter; /* from alma to bela, which dora has too */
};

static void know(const struct place *place, const char *who, const char *whom)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, who);
    VL_AUTO(vl_buf_release) struct vl_buf card = card_of(place, whom);

    (void)add(&home, vl_buf_bytes(&card), whom);
}

static void begin(struct story *story)
{
    memset(story, 0, sizeof *story);
    place_open(&story->place);
    two_offices(&story->place);
    init(&story->place, "dora");
    introduce(&story->place, "alma", "dora");
    know(&story->place, "dora", "bela");
    story->letter = write_letter(&story->place, "alma", "bela", "l");
    make_stick(&story->place, "to-dora");
    make_stick(&story->place, "by-dora");
    make_stick(&story->place, "by-alma");
    assert_int_equal(hand(&story->place, "alma", "dora", story->letter.text, "to-dora"), 1);
    assert_int_equal(takes(&story->place, "dora", "to-dora"), 1);
    assert_int_equal(hand(&story->place, "dora", "bela", story->letter.text, "by-dora"), 1);
    assert_int_equal(hand(&story->place, "alma", "bela", story->letter.text, "by-alma"), 1);
}

static bool is_apart(const struct story *story)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&story->place, "bela");
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&home, &story->letter);

    return row.quarantined;
}

static void a_letter_of_a_stranger_is_let_in_by_somebody_known(void **state)
{
    struct story story;

    (void)state;
    begin(&story);
    assert_int_equal(takes(&story.place, "bela", "by-dora"), 1);
    assert_true(is_apart(&story));
    /* Once more from the same hand: no better. */
    make_stick(&story.place, "again");
    assert_int_equal(hand(&story.place, "dora", "bela", story.letter.text, "again"), 1);
    assert_int_equal(takes(&story.place, "bela", "again"), 1);
    assert_true(is_apart(&story));
    assert_int_equal(takes(&story.place, "bela", "by-alma"), 1);
    assert_false(is_apart(&story));
    assert_int_equal(size_of(&story.place, "bela").letters, 1);
    /* And no stranger takes it out again. */
    make_stick(&story.place, "later");
    assert_int_equal(hand(&story.place, "dora", "bela", story.letter.text, "later"), 1);
    assert_int_equal(takes(&story.place, "bela", "later"), 1);
    assert_false(is_apart(&story));
    assert_sound(&story.place, "bela");
    place_close(&story.place);
}

static void an_altered_one_lets_nothing_in(void **state)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct story story;
    struct path bundles;
    struct vl_buf content;

    (void)state;
    begin(&story);
    assert_int_equal(takes(&story.place, "bela", "by-dora"), 1);
    assert_int_equal(files_in_bags(&story.place, "by-alma", "000001.bundles", &bundles), 1);
    content = file(bundles.text);
    flip(&bundles, (long)(content.len - 200)); /* in the letter, which comes last */
    vl_buf_release(&content);
    take_stick(&story.place, "bela", "by-alma", VL_ERR_UNVERIFIED, &taken);
    assert_true(is_apart(&story));
    /* Nothing was signed for: the good one is taken. */
    make_stick(&story.place, "good");
    assert_int_equal(hand(&story.place, "alma", "bela", story.letter.text, "good"), 1);
    assert_int_equal(takes(&story.place, "bela", "good"), 1);
    assert_false(is_apart(&story));
    assert_sound(&story.place, "bela");
    place_close(&story.place);
}

/* --- another size, signed by the very sender -------------------------------------------------- */

static void sign_size(const struct place *place, const char *signer, const struct number *number,
                      uint64_t more, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home alma = home_of(place, "alma");
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&alma, number);
    VL_AUTO(vl_home_close) struct vl_home home = VL_HOME_INIT;
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_WAYBILL_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf act = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf whole = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf card = VL_BUF_INIT(VL_CHAIN_MAX_LEN);
    struct vl_sealed sealed = {.act = {.capacity = VL_CAPACITY_PRINCIPAL}, .count = 1};
    struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    struct vl_evidence_leaf leaf = {.index = 0};
    struct vl_waybill waybill;
    struct vl_signer keys;
    struct vl_why why = {""};

    assert_err(vl_waybill_parse(row.waybill, &waybill, &why), VL_OK, &why);
    vl_home_close(&alma);
    assert_err(try_home(place, signer, &home, &why), VL_OK, &why);
    waybill.size += more;
    waybill.from = home.own;
    assert_err(vl_home_unlock(&home, &nobody, &why), VL_OK, &why);
    assert_err(vl_home_signer(&home, NOW, &keys, &why), VL_OK, &why);
    assert_int_equal(vl_chain_write(&home.chain, &card), VL_OK);
    assert_err(vl_waybill_write(&waybill, &wire, &why), VL_OK, &why);
    vl_tree_leaf(vl_buf_bytes(&wire), sealed.root);
    memcpy(sealed.act.card_id, keys.card_id, VL_HASH_LEN);
    assert_err(vl_sealed_write(&keys, &sealed, &act, NULL, &why), VL_OK, &why);
    leaf.leaf = vl_buf_bytes(&wire);
    assert_int_equal(vl_evidence_put_chain(&out, vl_buf_bytes(&card)), VL_OK);
    assert_int_equal(vl_evidence_put(&out, vl_buf_bytes(&act), &leaf, 1), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, &whole), VL_OK);
    put_bytes(place, name, vl_buf_bytes(&whole));
    vl_evidence_out_release(&out);
}

/* Both orders: beside a letter that has its waybill, and one that came as a bare file. */
static void evidence_of_another_size_stays_beside_the_letter(void **state)
{
    static const char *const signers[] = {"alma", "dora"};

    (void)state;
    for (size_t i = 0; i < sizeof signers / sizeof *signers; i++) {
        struct story story;
        struct vl_taken taken;

        begin(&story);
        sign_size(&story.place, signers[i], &story.letter, 1, "false.evidence");
        assert_int_equal(take(&story.place, "bela", "l.age").kind, VL_TAKEN_SEALED);
        taken = take(&story.place, "bela", "false.evidence");
        assert_int_equal(taken.disputed, 1);
        assert_int_equal(taken.waybills, 0);
        assert_int_equal(taken.acts, 1); /* kept: it is proof against whoever signed it */
        taken = take(&story.place, "bela", "l.evidence");
        assert_int_equal(taken.waybills, 1);
        assert_int_equal(taken.disputed, 0);
        taken = take(&story.place, "bela", "false.evidence");
        assert_int_equal(taken.disputed, 1);
        assert_int_equal(taken.waybills, 0);
        {
            VL_AUTO(vl_home_close) struct vl_home home = home_of(&story.place, "bela");
            VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&home, &story.letter);
            struct vl_opening opening;
            struct vl_waybill waybill;
            struct vl_why why = {""};

            assert_err(vl_waybill_parse(row.waybill, &waybill, &why), VL_OK, &why);
            assert_int_equal(waybill.size, row.size);
            assert_err(try_open(&story.place, &home, story.letter.text, NULL, &opening, &why),
                       VL_OK, &why);
            assert_int_equal(opening.verdict, VL_VERDICT_OK);
            vl_opening_release(&opening);
        }
        assert_sound(&story.place, "bela");
        place_close(&story.place);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_letter_of_a_stranger_is_let_in_by_somebody_known),
        cmocka_unit_test(an_altered_one_lets_nothing_in),
        cmocka_unit_test(evidence_of_another_size_stays_beside_the_letter),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
