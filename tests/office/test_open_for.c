/* SPDX-License-Identifier: Apache-2.0 */
/* Letters that are opened in the place of an office which lets this one receive: with the keys of
 * that office, under its mandate, and signed for by whoever opened them. */
#include "carrying.h"

#include "custody/event.h"
#include "office/acts.h"
#include "office/answers.h"
#include "office/mandates.h"
#include "office/owed.h"
#include "seal/age_keys.h"

/* alma writes to bela and to dora, who both let ciro receive. */
struct desk {
    struct place place;
    struct vl_age_identities keys; /* that ciro was given; of bela until it is said otherwise */
};

static struct vl_office_id id_of(const struct place *place, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);

    return home.own;
}

static void add_keys(struct desk *desk, const char *of)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk->place, of);
    struct vl_why why = {""};

    assert_err(vl_home_unlock(&home, &nobody, &why), VL_OK, &why);
    for (size_t i = 0; i < home.secrets.sealing.count; i++)
        assert_err(vl_age_identities_add(&desk->keys, &home.secrets.sealing.at[i], &why), VL_OK,
                   &why);
}

static void enter(struct desk *desk)
{
    static const char *const offices[] = {"alma", "bela", "ciro", "dora"};

    memset(desk, 0, sizeof *desk);
    place_open(&desk->place);
    for (size_t i = 0; i < 4; i++)
        init(&desk->place, offices[i]);
    for (size_t i = 0; i < 4; i++)
        for (size_t k = i + 1; k < 4; k++)
            introduce(&desk->place, offices[i], offices[k]);
    add_keys(desk, "bela");
}

static void leave(struct desk *desk)
{
    assert_sound(&desk->place, "ciro");
    vl_age_identities_release(&desk->keys);
    place_close(&desk->place);
}

/* Brought to ciro by whoever signed it, with whatever else is owed to him. */
static void bring(const struct desk *desk, const char *from)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};

    make_stick(&desk->place, "brought");
    assert_int_equal(hand(&desk->place, from, "ciro", NULL, "brought"), 0);
    take_stick(&desk->place, "ciro", "brought", VL_OK, &taken);
    remove_tree(in(&desk->place, "brought").text);
}

struct terms {
    const char *from; /* letters from this one only; NULL */
    int64_t not_after_s;
    const char *seal; /* NULL */
};

static void lets_receive(const struct desk *desk, const char *principal, struct terms terms,
                         uint8_t id[VL_HASH_LEN])
{
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk->place, principal);
        const struct vl_mandate_request request = {.office = "ciro",
                                                   .powers = {VL_POWER_RECEIVE},
                                                   .power_count = 1,
                                                   .from = &terms.from,
                                                   .from_count = terms.from ? 1 : 0,
                                                   .has_not_after = terms.not_after_s > 0,
                                                   .not_after_s = terms.not_after_s,
                                                   .seals = &terms.seal,
                                                   .seal_count = terms.seal ? 1 : 0,
                                                   .now_s = NOW,
                                                   .asker = nobody,
                                                   .rng = vl_rng_system()};
        struct vl_why why = {""};

        assert_err(vl_mandate_give(&home, &request, id, &why), VL_OK, &why);
    }
    bring(desk, principal);
}

static void lets(const struct desk *desk, const char *principal, uint8_t id[VL_HASH_LEN])
{
    lets_receive(desk, principal, (struct terms){.from = NULL}, id);
}

/* From alma; with an outside, or as a bare file that only says that it is sealed. */
static struct number comes(const struct desk *desk, const char *to, const char *also_to,
                           bool with_outside)
{
    const struct letter_plan plan = {.to = to,
                                     .also_to = also_to,
                                     .output = "n.age",
                                     .evidence = "n.evidence"};
    struct vl_written written = {.size = 0};
    struct vl_why why = {""};

    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk->place, "alma");

        assert_err(try_write(&desk->place, &home, &plan, &written, &why), VL_OK, &why);
    }
    (void)take(&desk->place, "ciro", "n.age");
    if (with_outside)
        (void)take(&desk->place, "ciro", "n.evidence");
    assert_int_equal(unlink(in(&desk->place, "n.age").text), 0);
    assert_int_equal(unlink(in(&desk->place, "n.evidence").text), 0);
    return number_of(written.number);
}

struct way {
    const char *folder;
    bool as_self;
    bool no_sign;
    int64_t later_s;
};

static enum vl_err open_in(const struct desk *desk, struct vl_home *home,
                           const struct number *letter, struct way how, struct vl_opening *opening,
                           struct vl_why *why)
{
    const struct path path = in(&desk->place, how.folder ? how.folder : "");
    const struct vl_open_request request = {.letter = letter->text,
                                            .folder = how.folder ? path.text : NULL,
                                            .identities = how.as_self ? NULL : &desk->keys,
                                            .no_sign = how.no_sign,
                                            .now_s = NOW + how.later_s,
                                            .asker = nobody};

    memset(opening, 0, sizeof *opening);
    opening->row = (struct vl_letter_row)VL_LETTER_ROW_INIT;
    opening->seen = (struct vl_letter_seen)VL_LETTER_SEEN_INIT;
    return vl_open(home, &request, opening, why);
}

/* Was it signed for? */
static bool opens(const struct desk *desk, const struct number *letter, struct way how)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk->place, "ciro");
    struct vl_opening opening;
    struct vl_why why = {""};

    assert_err(open_in(desk, &home, letter, how, &opening, &why), VL_OK, &why);
    vl_opening_release(&opening);
    return opening.signed_now;
}

/* Nothing is opened, signed or kept. */
static void fails(const struct desk *desk, const struct number *letter, int64_t later_s,
                  enum vl_err wanted, const char *words)
{
    const struct digest before = digest_of(&desk->place, "ciro");
    struct vl_why why = {""};

    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk->place, "ciro");
        struct vl_opening opening;

        assert_err(open_in(desk, &home, letter, (struct way){"parts", .later_s = later_s}, &opening,
                           &why),
                   wanted, &why);
        vl_opening_release(&opening);
    }
    assert_says(&why, words);
    assert_false(is_there(&desk->place, "parts"));
    assert_unchanged(&desk->place, "ciro", before);
}

/* --- what was signed -------------------------------------------------------------------------- */

struct signed_for {
    size_t count;
    struct vl_opened last; /* what it borrows is gone */
    uint8_t id[VL_HASH_LEN];
};

static enum vl_err see(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct signed_for *signed_for = self;

    if (strcmp(row->kind, vl_kind_word(VL_KIND_OPENED)) != 0)
        return VL_OK;
    assert_err(vl_object_parse(row->bytes, &object, why), VL_OK, why);
    assert_err(vl_opened_read(&object, &signed_for->last, why), VL_OK, why);
    memcpy(signed_for->id, row->id, VL_HASH_LEN);
    signed_for->count++;
    return VL_OK;
}

/* Of acts about this: a letter, or a mandate. */
static struct signed_for signed_about(const struct desk *desk, const uint8_t about[VL_HASH_LEN])
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk->place, "ciro");
    struct signed_for signed_for = {.count = 0};
    struct vl_why why = {""};

    assert_err(vl_store_objects(home.store, about, see, &signed_for, &why), VL_OK, &why);
    return signed_for;
}

static bool is_owed(const struct desk *desk, const char *to, const uint8_t act[VL_HASH_LEN])
{
    const struct vl_office_id office = id_of(&desk->place, to);
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk->place, "ciro");
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(64);
    struct vl_why why = {""};

    return vl_store_tie(home.store, VL_TIE_OWED, office.at, act, &bytes, &why) == VL_OK;
}

static void it_is_signed_for_by_who_opened_it_for_whom_it_was(void **state)
{
    struct desk desk;
    struct number letter;
    struct signed_for signed_for;
    uint8_t mandate[VL_HASH_LEN];

    (void)state;
    enter(&desk);
    lets(&desk, "bela", mandate);
    letter = comes(&desk, "bela", NULL, true);
    assert_true(opens(&desk, &letter, (struct way){"parts", .no_sign = false}));
    assert_true(is_there(&desk.place, "parts/letter.txt"));
    signed_for = signed_about(&desk, letter.at);
    assert_int_equal(signed_for.count, 1);
    assert_int_equal(signed_for.last.act.capacity, VL_CAPACITY_DELEGATE);
    assert_true(signed_for.last.act.has_under);
    assert_memory_equal(signed_for.last.act.under, mandate, VL_HASH_LEN);
    assert_int_equal(signed_for.last.verdict, VL_VERDICT_OK);
    assert_true(signed_for.last.has_opening); /* the value that lay inside for bela */
    assert_true(signed_for.last.has_waybill);
    /* Whoever asks what was done under the mandate finds it. */
    assert_int_equal(signed_about(&desk, mandate).count, 1);
    assert_true(is_owed(&desk, "alma", signed_for.id));
    assert_true(is_owed(&desk, "bela", signed_for.id));
    leave(&desk);
}

static void without_a_mandate_nothing_is_opened(void **state)
{
    struct desk desk;
    struct number letter, bare;
    uint8_t mandate[VL_HASH_LEN];

    (void)state;
    enter(&desk);
    letter = comes(&desk, "bela", NULL, true);
    fails(&desk, &letter, 0, VL_ERR_REFUSED, "no mandate");
    lets(&desk, "dora", mandate); /* another one's */
    fails(&desk, &letter, 0, VL_ERR_REFUSED, "no mandate");
    bare = comes(&desk, "bela", NULL, false); /* it says of nobody that it is for them */
    fails(&desk, &bare, 0, VL_ERR_REFUSED, "no mandate");
    leave(&desk);
}

static void a_mandate_is_good_while_it_lasts(void **state)
{
    struct desk desk;
    struct number letter;
    char text[VL_NUMBER_TEXT];
    uint8_t mandate[VL_HASH_LEN], end[VL_HASH_LEN];
    struct vl_why why = {""};

    (void)state;
    enter(&desk);
    lets_receive(&desk, "bela", (struct terms){.not_after_s = NOW + 10}, mandate);
    letter = comes(&desk, "bela", NULL, true);
    fails(&desk, &letter, 11, VL_ERR_REFUSED, "clock");
    assert_true(opens(&desk, &letter, (struct way){NULL, .later_s = 10}));
    letter = comes(&desk, "bela", NULL, true);
    (void)vl_number_text(VL_ACT_HRP, mandate, text);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk.place, "bela");

        assert_err(vl_mandate_end(&home, text, VL_MANDATE_END_ENDED, false, &nobody, NOW, end,
                                  &why),
                   VL_OK, &why);
    }
    bring(&desk, "bela");
    fails(&desk, &letter, 0, VL_ERR_REFUSED, "no mandate");
    leave(&desk);
}

/* Who sent it is what the letter says, whatever stands outside, and also when nothing does. */
static void a_mandate_for_letters_of_some_is_none_for_those_of_others(void **state)
{
    struct desk desk;
    struct number letter;
    uint8_t mandate[VL_HASH_LEN];

    (void)state;
    for (int with_outside = 0; with_outside < 2; with_outside++) {
        enter(&desk);
        lets_receive(&desk, "bela", (struct terms){.from = "dora"}, mandate);
        letter = comes(&desk, "bela", NULL, with_outside);
        fails(&desk, &letter, 0, VL_ERR_REFUSED, "not-this-sender");
        lets_receive(&desk, "bela", (struct terms){.from = "alma"}, mandate);
        assert_true(opens(&desk, &letter, (struct way){NULL, .no_sign = false}));
        assert_memory_equal(signed_about(&desk, letter.at).last.act.under, mandate, VL_HASH_LEN);
        leave(&desk);
    }
}

/* As alma hands it over, and ciro sees it come: under these seals. */
static struct number comes_under(const struct desk *desk, const char *seal)
{
    struct number letter = write_letter(&desk->place, "alma", "bela", "under");
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    const struct path path = in(&desk->place, "sealed-stick");
    const struct vl_take_stick_request request = {.stick = path.text,
                                                  .seals = &seal,
                                                  .seal_count = seal ? 1 : 0,
                                                  .now_s = NOW,
                                                  .asker = nobody,
                                                  .rng = vl_rng_system()};
    struct vl_why why = {""};

    make_stick(&desk->place, "sealed-stick");
    assert_int_equal(hand(&desk->place, "alma", "ciro", letter.text, "sealed-stick"), 1);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk->place, "ciro");

        assert_err(vl_take_stick(&home, &request, &taken, &why), VL_OK, &why);
    }
    remove_tree(path.text);
    (void)unlink(in(&desk->place, "under.age").text);
    (void)unlink(in(&desk->place, "under.evidence").text);
    return letter;
}

/* What it came under was signed for when it was taken. */
static void a_mandate_for_letters_under_seals_opens_those_that_came_under_them(void **state)
{
    struct desk desk;
    struct number letter;
    uint8_t mandate[VL_HASH_LEN];

    (void)state;
    enter(&desk);
    lets_receive(&desk, "bela", (struct terms){.seal = "A 17"}, mandate);
    letter = comes(&desk, "bela", NULL, true);
    fails(&desk, &letter, 0, VL_ERR_REFUSED, "nothing here says under which this one came");
    letter = comes_under(&desk, "B 4");
    fails(&desk, &letter, 0, VL_ERR_REFUSED, "under other seals");
    letter = comes_under(&desk, NULL);
    fails(&desk, &letter, 0, VL_ERR_REFUSED, "under other seals");
    letter = comes_under(&desk, "A 17");
    assert_true(opens(&desk, &letter, (struct way){NULL, .no_sign = false}));
    assert_memory_equal(signed_about(&desk, letter.at).last.act.under, mandate, VL_HASH_LEN);
    leave(&desk);
}

/* Nobody could see from the act by which hand-over the letter came, so it would prove nothing. */
static void a_mandate_for_one_hand_over_opens_nothing_and_says_why(void **state)
{
    struct desk desk;
    struct number letter;
    struct vl_why why = {""};

    (void)state;
    enter(&desk);
    {
        const struct vl_office_id ciro = id_of(&desk.place, "ciro");
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk.place, "bela");
        VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
        const struct vl_mandate mandate = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                           .grantee = ciro,
                                           .powers = {VL_POWER_RECEIVE},
                                           .power_count = 1,
                                           .has_handover = true,
                                           .handover = {7},
                                           .uses = VL_MANDATE_ONCE};
        struct vl_signer signer;
        uint8_t id[VL_HASH_LEN];

        assert_err(vl_home_unlock(&home, &nobody, &why), VL_OK, &why);
        assert_err(vl_home_signer(&home, NOW, &signer, &why), VL_OK, &why);
        assert_err(vl_mandate_write(&signer, &mandate, &wire, id, &why), VL_OK, &why);
        assert_err(vl_own_act_keep_owed(&home, vl_buf_bytes(&wire), id, &ciro, 1, NOW, &why), VL_OK,
                   &why);
    }
    bring(&desk, "bela");
    letter = comes_under(&desk, NULL);
    fails(&desk, &letter, 0, VL_ERR_REFUSED, "for one hand-over alone");
    leave(&desk);
}

static void it_is_opened_for_whoever_has_the_key(void **state)
{
    struct desk desk;
    struct number letter;
    uint8_t of_bela[VL_HASH_LEN], of_dora[VL_HASH_LEN];

    (void)state;
    for (int with_outside = 0; with_outside < 2; with_outside++) {
        enter(&desk);
        lets(&desk, "bela", of_bela);
        lets(&desk, "dora", of_dora);
        letter = comes(&desk, "bela", "dora", with_outside);
        assert_true(opens(&desk, &letter, (struct way){NULL, .no_sign = false}));
        assert_memory_equal(signed_about(&desk, letter.at).last.act.under, of_bela, VL_HASH_LEN);
        vl_age_identities_release(&desk.keys);
        add_keys(&desk, "dora");
        assert_true(opens(&desk, &letter, (struct way){NULL, .no_sign = false}));
        assert_int_equal(signed_about(&desk, letter.at).count, 2);
        assert_int_equal(signed_about(&desk, of_dora).count, 1);
        /* With the keys of both, too. */
        add_keys(&desk, "bela");
        letter = comes(&desk, "dora", NULL, with_outside);
        assert_true(opens(&desk, &letter, (struct way){NULL, .no_sign = false}));
        assert_memory_equal(signed_about(&desk, letter.at).last.act.under, of_dora, VL_HASH_LEN);
        leave(&desk);
    }
}

static void for_oneself_and_for_another_it_is_signed_once_each(void **state)
{
    const struct way self = {NULL, .as_self = true}, clerk = {NULL, .as_self = false};
    struct desk desk;
    uint8_t mandate[VL_HASH_LEN];

    (void)state;
    for (int self_first = 0; self_first < 2; self_first++) {
        struct number letter;

        enter(&desk);
        lets(&desk, "bela", mandate);
        letter = comes(&desk, "bela", "ciro", true);
        assert_true(opens(&desk, &letter, self_first ? self : clerk));
        assert_false(opens(&desk, &letter, self_first ? self : clerk));
        assert_true(opens(&desk, &letter, self_first ? clerk : self));
        assert_false(opens(&desk, &letter, clerk));
        assert_false(opens(&desk, &letter, self));
        assert_int_equal(signed_about(&desk, letter.at).count, 2);
        leave(&desk);
    }
}

/* Also when it is read for another and nothing is to be signed. */
static void what_was_opened_stays_opened(void **state)
{
    struct desk desk;
    struct number letter;
    uint8_t mandate[VL_HASH_LEN];

    (void)state;
    enter(&desk);
    lets(&desk, "bela", mandate);
    letter = comes(&desk, "bela", "ciro", true);
    assert_true(opens(&desk, &letter, (struct way){NULL, .as_self = true}));
    assert_false(opens(&desk, &letter, (struct way){NULL, .no_sign = true}));
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk.place, "ciro");
        VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&home, &letter);

        assert_int_equal(row.verdict, VL_VERDICT_OK);
        assert_int_equal(row.opened_at_s, NOW);
    }
    leave(&desk);
}

static void keys_that_do_not_open_it_open_nothing(void **state)
{
    struct desk desk;
    struct number letter;
    uint8_t mandate[VL_HASH_LEN];

    (void)state;
    enter(&desk);
    lets(&desk, "bela", mandate);
    vl_age_identities_release(&desk.keys);
    add_keys(&desk, "dora");
    letter = comes(&desk, "bela", NULL, true);
    fails(&desk, &letter, 0, VL_ERR_NO_KEY, "");
    leave(&desk);
}

/* The key is on a card that is not known here yet: the letter says whose it is. */
static void a_key_of_a_newer_card_opens_it(void **state)
{
    struct desk desk;
    struct number letter;
    uint8_t mandate[VL_HASH_LEN];

    (void)state;
    enter(&desk);
    lets(&desk, "bela", mandate);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk.place, "bela");
        const struct vl_card_rotate_request request = {.now_s = NOW + 1,
                                                       .asker = nobody,
                                                       .rng = vl_rng_system()};
        struct vl_why why = {""};
        uint64_t serial = 0;
        bool unplanned;

        assert_err(vl_cards_rotate(&home, &request, &serial, &unplanned, &why), VL_OK, &why);
    }
    {
        VL_AUTO(vl_buf_release) struct vl_buf card = card_of(&desk.place, "bela");
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk.place, "alma");

        (void)add(&home, vl_buf_bytes(&card), NULL);
    }
    vl_age_identities_release(&desk.keys);
    add_keys(&desk, "bela");
    letter = comes(&desk, "bela", NULL, true);
    assert_true(opens(&desk, &letter, (struct way){NULL, .no_sign = false}));
    leave(&desk);
}

/* What the office wrote itself is sealed to it as well: that is read, and nothing is signed. */
static void its_own_letters_are_read(void **state)
{
    const struct letter_plan plan = {.to = "alma", .output = "own.age"};
    struct desk desk;
    struct number letter;
    struct vl_written written = {.size = 0};
    uint8_t mandate[VL_HASH_LEN];
    struct vl_why why = {""};

    (void)state;
    enter(&desk);
    lets(&desk, "bela", mandate);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&desk.place, "bela");

        assert_err(try_write(&desk.place, &home, &plan, &written, &why), VL_OK, &why);
    }
    letter = number_of(written.number);
    (void)take(&desk.place, "ciro", "own.age");
    assert_false(opens(&desk, &letter, (struct way){"parts", .no_sign = false}));
    assert_true(is_there(&desk.place, "parts/letter.txt"));
    assert_int_equal(signed_about(&desk, letter.at).count, 0);
    leave(&desk);
}

/* --- every allocation fails once -------------------------------------------------------------- */

struct failing {
    struct desk desk;
    struct number letter;
};

static enum vl_err open_one(void *self, struct vl_why *why)
{
    struct failing *failing = self;
    struct vl_home home = VL_HOME_INIT;
    struct vl_opening opening = {.row = VL_LETTER_ROW_INIT, .seen = VL_LETTER_SEEN_INIT};
    enum vl_err err = try_home(&failing->desk.place, "ciro", &home, why);

    if (!err) {
        err = open_in(&failing->desk, &home, &failing->letter,
                      (struct way){"parts", .no_sign = false}, &opening, why);
        vl_opening_release(&opening);
    }
    vl_home_close(&home);
    vl_alloc_fail_after(-1);
    assert_int_equal(is_there(&failing->desk.place, "parts"), !err);
    assert_true(signed_about(&failing->desk, failing->letter.at).count <= 1);
    return err;
}

static void with_each_allocation_failing_it_is_opened_or_not(void **state)
{
    struct failing failing;
    uint8_t mandate[VL_HASH_LEN];

    (void)state;
    enter(&failing.desk);
    lets(&failing.desk, "bela", mandate);
    failing.letter = comes(&failing.desk, "bela", NULL, true);
    assert_true(each_allocation_fails(open_one, &failing) > 30);
    assert_int_equal(signed_about(&failing.desk, failing.letter.at).count, 1);
    leave(&failing.desk);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(it_is_signed_for_by_who_opened_it_for_whom_it_was),
        cmocka_unit_test(without_a_mandate_nothing_is_opened),
        cmocka_unit_test(a_mandate_is_good_while_it_lasts),
        cmocka_unit_test(a_mandate_for_letters_of_some_is_none_for_those_of_others),
        cmocka_unit_test(a_mandate_for_letters_under_seals_opens_those_that_came_under_them),
        cmocka_unit_test(a_mandate_for_one_hand_over_opens_nothing_and_says_why),
        cmocka_unit_test(it_is_opened_for_whoever_has_the_key),
        cmocka_unit_test(for_oneself_and_for_another_it_is_signed_once_each),
        cmocka_unit_test(what_was_opened_stays_opened),
        cmocka_unit_test(keys_that_do_not_open_it_open_nothing),
        cmocka_unit_test(a_key_of_a_newer_card_opens_it),
        cmocka_unit_test(its_own_letters_are_read),
        cmocka_unit_test(with_each_allocation_failing_it_is_opened_or_not),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
