/* SPDX-License-Identifier: Apache-2.0 */
/* Letters that answer letters: who says so, and what that proves. */
#include "world.h"

#include <stdio.h>

/* S wrote to A and B, and nobody has receipted anything. */
static void written(struct world *world)
{
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "AB", .expect_by = NOW - 10});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "l");
}

static void an_answer_is_proven_by_whoever_wrote_it(void **state)
{
    WORLD(world);
    const uint8_t *reply;

    (void)state;
    written(world);
    reply = DID(world, .by = 'A', .kind = VL_KIND_MANIFEST, .letters = "l");
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.answer_count, 1);
    assert_int_equal(found.finding.answers[0].level, VL_LEVEL_PROVEN);
    assert_true(found.finding.answers[0].is_addressee);
    assert_true(vl_office_id_eq(&found.finding.answers[0].by, id_of(world, 'A')));
    assert_memory_equal(found.finding.answers[0].act, reply, VL_HASH_LEN);
}

/* Whoever has seen a waybill knows the number. */
static void it_moves_no_step_of_the_ladder(void **state)
{
    WORLD(world);

    (void)state;
    written(world);
    DID(world, .by = 'A', .kind = VL_KIND_MANIFEST, .letters = "l");
    FOUND(found, world, 'l');
    assert_int_equal(addressee_of(world, &found, 'A')->highest_proven, VL_LADDER_SEALED);
    assert_fact(addressee_of(world, &found, 'A')->reached, VL_LEVEL_NONE, 0);
}

static void who_answers_is_not_overdue_and_the_other_is(void **state)
{
    WORLD(world);

    (void)state;
    written(world);
    DID(world, .by = 'A', .kind = VL_KIND_MANIFEST, .letters = "l");
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.overdue.count, 1);
    assert_memory_equal(found.finding.overdue.at[0], id_of(world, 'B')->at, VL_HASH_LEN);
}

static void a_stranger_s_answer_stops_no_alarm(void **state)
{
    WORLD(world);

    (void)state;
    written(world);
    DID(world, .by = 'X', .kind = VL_KIND_MANIFEST, .letters = "l");
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.answer_count, 1);
    assert_false(found.finding.answers[0].is_addressee);
    assert_int_equal(found.finding.overdue.count, 2);
}

static void a_thief_s_answer_is_claimed_only(void **state)
{
    WORLD(world);

    (void)state;
    written(world);
    rotate(world, 'A', true);
    DID(world, .by = 'A', .kind = VL_KIND_MANIFEST, .letters = "l", .card = 1);
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.answers[0].level, VL_LEVEL_CLAIMED);
    assert_int_equal(found.finding.overdue.count, 2);
}

static void a_letter_that_answers_another_one_is_not_about_this(void **state)
{
    WORLD(world);

    (void)state;
    written(world);
    DID(world, .by = 'A', .kind = VL_KIND_MANIFEST, .letters = "m");
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.answer_count, 0);
    assert_int_equal(found.finding.record_count, 1);
}

/* What it answers is what was signed, whoever passes it on. */
static void an_answer_cannot_be_turned_to_another_letter(void **state)
{
    WORLD(world);
    struct vl_buf *wire;

    (void)state;
    written(world);
    DID(world, .by = 'A', .kind = VL_KIND_MANIFEST, .letters = "m");
    wire = &world->wires[world->item_count - 1][0];
    number_of('l', wire->data + wire->len - VL_HASH_LEN);
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.answer_count, 0);
    assert_int_equal(found.finding.left_out_count, 1);
}

static void a_core_without_what_it_answers_is_left_out(void **state)
{
    WORLD(world);

    (void)state;
    written(world);
    DID(world, .by = 'A', .kind = VL_KIND_MANIFEST, .letters = "l");
    world->items[world->item_count - 1].leaf_count = 0;
    DID(world, .by = 'A', .kind = VL_KIND_MANIFEST, .letters = "l");
    world->leaves[world->item_count - 1][0].index = VL_FIELD_EXPIRES;
    DID(world, .by = 'A', .kind = VL_KIND_MANIFEST, .letters = "l");
    world->leaves[world->item_count - 1][0].path.count = 1;
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.answer_count, 0);
    assert_int_equal(found.finding.left_out_count, 3);
}

static const char *somebody(void *self, const struct vl_office_id *office,
                            char out[VL_OFFICE_CALLED])
{
    (void)self;
    (void)office;
    (void)snprintf(out, VL_OFFICE_CALLED, "somebody");
    return out;
}

static void it_is_told_that_it_was_answered(void **state)
{
    WORLD(world);
    VL_AUTO(vl_buf_release) struct vl_buf text = VL_BUF_INIT((size_t)1 << 20);
    VL_AUTO(vl_buf_release) struct vl_buf json = VL_BUF_INIT((size_t)1 << 20);
    const struct vl_finding_names names = {somebody, NULL};

    (void)state;
    written(world);
    DID(world, .by = 'A', .kind = VL_KIND_MANIFEST, .letters = "l");
    DID(world, .by = 'X', .kind = VL_KIND_MANIFEST, .letters = "l");
    FOUND(found, world, 'l');
    assert_int_equal(vl_finding_text(&found.finding, &names, 1000, false, &text), VL_OK);
    assert_int_equal(vl_finding_json(&found.finding, &json), VL_OK);
    assert_true(vl_bytes_has(vl_buf_bytes(&text),
                             VL_LITERAL("answered by somebody, who wrote a letter in reply (")));
    assert_true(vl_bytes_has(
        vl_buf_bytes(&text),
        VL_LITERAL("answered by somebody, for whom it was not, who wrote a letter in reply (")));
    assert_true(vl_bytes_has(vl_buf_bytes(&text), VL_LITERAL(" answered, somebody as principal")));
    assert_true(vl_bytes_has(vl_buf_bytes(&json), VL_LITERAL("\"by_addressee\":true")));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_answer_is_proven_by_whoever_wrote_it),
        cmocka_unit_test(it_moves_no_step_of_the_ladder),
        cmocka_unit_test(who_answers_is_not_overdue_and_the_other_is),
        cmocka_unit_test(a_stranger_s_answer_stops_no_alarm),
        cmocka_unit_test(a_thief_s_answer_is_claimed_only),
        cmocka_unit_test(a_letter_that_answers_another_one_is_not_about_this),
        cmocka_unit_test(an_answer_cannot_be_turned_to_another_letter),
        cmocka_unit_test(a_core_without_what_it_answers_is_left_out),
        cmocka_unit_test(it_is_told_that_it_was_answered),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
