/* SPDX-License-Identifier: Apache-2.0 */
/* What an office says of letters on their way, and of acts. */
#include "homes.h"

#include "office/acts.h"
#include "office/events.h"
#include "office/owed.h"
#include "office/sending.h"

static enum vl_err say(struct vl_home *home, enum vl_kind kind, const struct number *number,
                       enum vl_capacity capacity, struct vl_event_said *said, struct vl_why *why)
{
    const char *letters[] = {number->text, number->text};
    const struct vl_event_request request = {.kind = kind,
                                             .letters = letters,
                                             .letter_count = 2, /* named twice, told of once */
                                             .reason = "flood",
                                             .capacity = capacity,
                                             .now_s = NOW,
                                             .asker = nobody};

    return vl_event_say(home, &request, said, why);
}

static void set_row(struct vl_home *home, const struct number *number, enum vl_letter_way way,
                    unsigned roles)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_why why = {""};

    assert_err(vl_store_letter(home->store, number->at, &row, &why), VL_OK, &why);
    row.way = (uint8_t)way;
    row.roles = roles;
    assert_err(vl_store_begin(home->store, &why), VL_OK, &why);
    assert_err(vl_store_update_letter(home->store, &row, &why), VL_OK, &why);
    assert_err(vl_store_commit(home->store, &why), VL_OK, &why);
}

static enum vl_letter_way way_of(struct vl_home *home, const struct number *number)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_why why = {""};

    assert_err(vl_store_letter(home->store, number->at, &row, &why), VL_OK, &why);
    return (enum vl_letter_way)row.way;
}

/* How many acts another office is owed, of which it was sent none. */
static size_t owed_to(struct vl_home *home, const char *name, bool by_hand)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    VL_AUTO(vl_owed_release) struct vl_owed owed = VL_OWED_INIT;
    struct vl_why why = {""};

    owed.by_hand = by_hand;
    assert_err(vl_home_find_office(home, name, &row, &why), VL_OK, &why);
    assert_err(vl_owed_fresh(home->store, row.office, &owed, &why), VL_OK, &why);
    /* And all of it goes into the file. */
    assert_err(vl_owed_collect(home, row.office, &owed, &why), VL_OK, &why);
    assert_int_equal(owed.count, owed.fresh);
    return owed.fresh;
}

static void what_is_said_of_a_letter_is_owed_to_those_whom_it_concerns(void **state)
{
    struct place place;
    struct number number;

    (void)state;
    place_open(&place);
    two_offices(&place);
    number = write_letter(&place, "alma", "bela", "one");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");
        VL_AUTO(vl_event_said_release) struct vl_event_said said = {0};
        VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
        char act[VL_NUMBER_TEXT];
        struct vl_why why = {""};

        assert_err(say(&home, VL_KIND_ARRIVED, &number, VL_CAPACITY_NONE, &said, &why), VL_OK,
                   &why);
        assert_int_equal(said.act_count, 1);
        assert_int_equal(said.letter_count, 1);
        assert_int_equal(said.acts[0].capacity, VL_CAPACITY_PRINCIPAL);
        assert_int_equal(owed_to(&home, "bela", false), 1);
        assert_err(vl_acts_find(home.store, vl_number_text(VL_ACT_HRP, said.acts[0].id, act),
                                &object, &why),
                   VL_OK, &why);
        assert_int_equal(object.kind, VL_KIND_ARRIVED);
    }
    place_close(&place);
}

static void a_letter_waits_again_or_no_more_by_what_is_said(void **state)
{
    static const struct {
        enum vl_kind kind;
        enum vl_letter_way before, after;
    } rows[] = {
        {VL_KIND_LOST, VL_WAY_HANDED, VL_WAY_WAITING},
        {VL_KIND_LOST, VL_WAY_PASSED, VL_WAY_PASSED},
        {VL_KIND_SEIZED, VL_WAY_HANDED, VL_WAY_WAITING},
        {VL_KIND_DESTROYED, VL_WAY_HANDED, VL_WAY_WAITING},
        {VL_KIND_RETURNED, VL_WAY_WAITING, VL_WAY_NONE},
        {VL_KIND_RECALLED, VL_WAY_HANDED, VL_WAY_NONE},
        {VL_KIND_EXPIRED, VL_WAY_WAITING, VL_WAY_NONE},
        {VL_KIND_RECALLED, VL_WAY_RECEIPTED, VL_WAY_RECEIPTED},
        {VL_KIND_HELD, VL_WAY_HANDED, VL_WAY_HANDED},
    };
    struct place place;
    struct number number;

    (void)state;
    place_open(&place);
    two_offices(&place);
    number = write_letter(&place, "alma", "bela", "one");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            VL_AUTO(vl_event_said_release) struct vl_event_said said = {0};
            struct vl_why why = {""};

            set_row(&home, &number, rows[i].before, VL_ROLE_WRITTEN);
            assert_err(say(&home, rows[i].kind, &number, VL_CAPACITY_NONE, &said, &why), VL_OK,
                       &why);
            assert_int_equal(way_of(&home, &number), rows[i].after);
            assert_int_equal(said.letters[0].before, rows[i].before);
            assert_int_equal(said.letters[0].after, rows[i].after);
        }
    }
    place_close(&place);
}

static void nobody_speaks_in_a_capacity_that_it_has_not(void **state)
{
    static const struct {
        enum vl_kind kind;
        enum vl_capacity capacity;
        enum vl_err err;
    } rows[] = {
        {VL_KIND_LOST, VL_CAPACITY_DELEGATE, VL_ERR_REFUSED},
        {VL_KIND_LOST, VL_CAPACITY_CARRIER, VL_OK},
        {VL_KIND_LOST, VL_CAPACITY_PRINCIPAL, VL_OK},
        {VL_KIND_OPENED, VL_CAPACITY_NONE, VL_ERR_USAGE},
        {VL_KIND_RECEIPTED, VL_CAPACITY_NONE, VL_ERR_USAGE},
        {VL_KIND_SEAL_CHECKED, VL_CAPACITY_NONE, VL_ERR_FORMAT},
        {VL_KIND_LEFT_SYSTEM, VL_CAPACITY_NONE, VL_ERR_FORMAT},
        {VL_KIND_REACHED, VL_CAPACITY_CARRIER, VL_ERR_FORMAT},
        {VL_KIND_REFUSED, VL_CAPACITY_NONE, VL_OK}, /* it came as a file */
    };
    struct place place;
    struct number number;

    (void)state;
    place_open(&place);
    two_offices(&place);
    number = write_letter(&place, "alma", "bela", "one");
    (void)take(&place, "bela", "one.age");
    (void)take(&place, "bela", "one.evidence");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");

        for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
            VL_AUTO(vl_event_said_release) struct vl_event_said said = {0};
            const size_t before = owed_to(&home, "alma", false);
            struct vl_why why = {""};

            assert_err(say(&home, rows[i].kind, &number, rows[i].capacity, &said, &why),
                       rows[i].err, &why);
            assert_int_equal(owed_to(&home, "alma", false), before + (rows[i].err == VL_OK));
            assert_int_equal(said.act_count, rows[i].err == VL_OK ? 1 : 0);
        }
    }
    place_close(&place);
}

static void that_it_was_opened_waits_for_a_hand_over(void **state)
{
    struct place place;
    struct number number;

    (void)state;
    place_open(&place);
    two_offices(&place);
    number = write_letter(&place, "alma", "bela", "one");
    (void)take(&place, "bela", "one.age");
    (void)take(&place, "bela", "one.evidence");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "bela");
        VL_AUTO(vl_opening_release) struct vl_opening opening = {.signed_now = false};
        struct vl_why why = {""};

        assert_err(try_open(&place, &home, number.text, NULL, &opening, &why), VL_OK, &why);
        assert_true(opening.signed_now);
        assert_int_equal(owed_to(&home, "alma", false), 0);
        assert_int_equal(owed_to(&home, "alma", true), 1);
    }
    place_close(&place);
}

static void acts_are_witnessed_by_others_and_corrected_by_their_signer(void **state)
{
    static const struct {
        const char *office;
        enum vl_kind kind;
        enum vl_err err;
    } rows[] = {
        {"alma", VL_KIND_WITNESSED, VL_ERR_REFUSED}, {"alma", VL_KIND_RATIFIED, VL_ERR_REFUSED},
        {"alma", VL_KIND_CORRECTED, VL_OK},          {"bela", VL_KIND_WITNESSED, VL_OK},
        {"bela", VL_KIND_RATIFIED, VL_OK},           {"bela", VL_KIND_CORRECTED, VL_ERR_REFUSED},
    };
    struct place place;
    struct number number;

    (void)state;
    place_open(&place);
    two_offices(&place);
    number = write_letter(&place, "alma", "bela", "one");
    (void)take(&place, "bela", "one.age");
    (void)take(&place, "bela", "one.evidence");
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, rows[i].office);
        VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
        VL_AUTO(vl_object_release) struct vl_object target = VL_OBJECT_INIT;
        char act[VL_NUMBER_TEXT];
        const char *other = rows[i].office[0] == 'a' ? "bela" : "alma";
        const size_t before = owed_to(&home, other, false);
        struct vl_event_about about = {.kind = rows[i].kind,
                                       .act = act,
                                       .words = "the seal was whole",
                                       .field = "place",
                                       .new_text = "the gate",
                                       .now_s = NOW,
                                       .asker = nobody};
        uint8_t id[VL_HASH_LEN];
        struct vl_why why = {""};

        assert_err(vl_store_letter(home.store, number.at, &row, &why), VL_OK, &why);
        (void)vl_number_text(VL_ACT_HRP, row.sealed, act);
        assert_err(vl_event_say_about(&home, &about, &target, id, &why), rows[i].err, &why);
        assert_int_equal(owed_to(&home, other, false), before + (rows[i].err == VL_OK));
    }
    place_close(&place);
}

static void what_was_seen_goes_along_with_the_evidence(void **state)
{
    struct place place;
    struct number number;

    (void)state;
    place_open(&place);
    two_offices(&place);
    number = write_letter(&place, "alma", "bela", "one");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");
        VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
        VL_AUTO(vl_buf_release) struct vl_buf file_bytes = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
        VL_AUTO(vl_evidence_release) struct vl_evidence evidence = VL_EVIDENCE_INIT;
        VL_AUTO(vl_event_said_release) struct vl_event_said said = {0};
        uint8_t id[VL_HASH_LEN];
        size_t count = 0, leaves = 0;
        struct vl_why why = {""};

        assert_err(say(&home, VL_KIND_ARRIVED, &number, VL_CAPACITY_NONE, &said, &why), VL_OK,
                   &why);
        assert_err(vl_event_say_seen(&home, number.text, false, NOW, &nobody, &count, id, &why),
                   VL_OK, &why);
        assert_int_equal(count, 2); /* sealed, arrived */
        assert_int_equal(owed_to(&home, "bela", true), 1);
        assert_err(vl_store_letter(home.store, number.at, &row, &why), VL_OK, &why);
        assert_err(vl_letter_evidence(&home, &row, &file_bytes, &why), VL_OK, &why);
        assert_err(vl_evidence_parse(vl_buf_bytes(&file_bytes), &evidence, &why), VL_OK, &why);
        for (size_t i = 0; i < evidence.item_count; i++)
            if (evidence.items[i].object.kind == VL_KIND_SEEN)
                leaves += evidence.items[i].leaf_count;
        assert_int_equal(leaves, 2);
    }
    place_close(&place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_said_of_a_letter_is_owed_to_those_whom_it_concerns),
        cmocka_unit_test(a_letter_waits_again_or_no_more_by_what_is_said),
        cmocka_unit_test(nobody_speaks_in_a_capacity_that_it_has_not),
        cmocka_unit_test(that_it_was_opened_waits_for_a_hand_over),
        cmocka_unit_test(acts_are_witnessed_by_others_and_corrected_by_their_signer),
        cmocka_unit_test(what_was_seen_goes_along_with_the_evidence),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
