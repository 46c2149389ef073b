/* SPDX-License-Identifier: Apache-2.0 */
/* Sets of evidence: what does not verify is left out item by item, what comes twice counts once,
 * and running out of memory leaves nothing behind. */
#include "world.h"

static void what_does_not_verify_is_left_out_and_counted(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    /* One signature altered, one leaf of another letter, one office without cards. */
    world->items[2].object.by[0].signature.ptr = world->items[1].object.by[0].signature.ptr;
    DID(world, .by = 'C', .kind = VL_KIND_ARRIVED, .letters = "lm");
    world->items[3].leaves[0].index = 1;
    DID(world, .by = 'E', .kind = VL_KIND_ARRIVED, .letters = "l");
    vl_chain_release(&world->offices[world->office_count - 1].chain);
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.left_out_count, 3);
    assert_int_equal(found.finding.record_count, 2);
    assert_false(found.finding.handed[0].answered);
}

static void a_forged_copy_of_an_act_takes_nothing_from_it(void **state)
{
    WORLD(world);
    struct story story = courier_has_it(world);

    (void)state;
    DID(world, .by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l", .answers = story.handed,
        .giver = 'S');
    assert_memory_equal(world->items[3].object.id, story.taken, VL_HASH_LEN);
    world->items[2].object.by[0].signature.ptr = world->items[1].object.by[0].signature.ptr;
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.left_out_count, 0);
    assert_int_equal(found.finding.record_count, 3);
    assert_true(found.finding.handed[0].answered);
}

/* A batch of which two sticks brought a letter each. */
static void leaves_of_one_act_come_together(void **state)
{
    WORLD(world);

    (void)state;
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "A", .n = 1, .of = 2});
    outside(world, (struct outside){.letter = 'm', .from = 'S', .to = "A", .n = 2, .of = 2});
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "lm", .shown = "l");
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "lm", .shown = "m");
    DID(world, .by = 'S', .kind = VL_KIND_SEALED, .letters = "lm");
    FOUND(found, world, 'l');
    assert_int_equal(found.finding.record_count, 1);
    assert_int_equal(found.finding.sealed_count, 1);
    assert_int_equal(found.finding.packages[0].known_count, 2);
}

static void cards_that_come_later_let_an_act_in(void **state)
{
    WORLD(world);
    struct vl_finding_set *set = vl_finding_set_new();
    uint8_t number[VL_HASH_LEN];
    struct vl_why why = {""};

    (void)state;
    assert_non_null(set);
    courier_has_it(world);
    number_of('l', number);
    for (size_t i = 0; i < world->item_count; i++)
        assert_err(vl_finding_add_item(set, &world->items[i], &why), VL_OK, &why);
    for (size_t offices = 0; offices <= world->office_count; offices++) {
        VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
        static const size_t records[] = {0, 2, 2, 3}; /* S, A, C */

        assert_err(vl_finding_make(set, number, NOW, &finding, &why), VL_OK, &why);
        assert_int_equal(finding.record_count, records[offices]);
        assert_int_equal(finding.left_out_count, 3 - records[offices]);
        if (offices < world->office_count)
            assert_err(vl_finding_add_chain(set, &world->offices[offices].chain, &why), VL_OK,
                       &why);
    }
    vl_finding_set_free(set);
}

static enum vl_err find_all(void *self, struct vl_why *why)
{
    struct world *world = self;
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    struct vl_finding_set *set = vl_finding_set_new();
    uint8_t number[VL_HASH_LEN];
    enum vl_err err = set ? VL_OK : VL_ERR_NO_MEMORY;

    number_of('l', number);
    for (size_t i = 0; i < world->item_count && !err; i++)
        err = vl_finding_add_item(set, &world->items[i], why);
    for (size_t i = 0; i < world->office_count && !err; i++)
        err = vl_finding_add_chain(set, &world->offices[i].chain, why);
    if (!err)
        err = vl_finding_make(set, number, NOW, &finding, why);
    assert_true(!err || !finding.arena);
    vl_finding_set_free(set);
    return err;
}

static void without_memory_there_is_no_finding(void **state)
{
    WORLD(world);

    (void)state;
    courier_has_it(world);
    each_allocation_fails(find_all, world);
}

/* Memory that ran out once is no harm to the next try. */
static void a_set_goes_on_after_memory_ran_out(void **state)
{
    WORLD(world);
    struct vl_finding_set *set = vl_finding_set_new();
    uint8_t number[VL_HASH_LEN];
    enum vl_err err = VL_ERR_NO_MEMORY;

    (void)state;
    assert_non_null(set);
    courier_has_it(world);
    add_all(world, set, NULL);
    number_of('l', number);
    for (long n = 0; err; n++) {
        VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
        struct vl_why why = {""};

        vl_alloc_fail_after(n);
        err = vl_finding_make(set, number, NOW, &finding, &why);
        vl_alloc_fail_after(-1);
        assert_true(err == VL_OK || err == VL_ERR_NO_MEMORY);
        assert_true(err || finding.record_count == 3);
    }
    vl_finding_set_free(set);
}

/* As many copies of an act as are wanted, each with an id of its own. */
static struct vl_evidence_item *flood_of(const struct vl_evidence_item *item, size_t count,
                                         uint8_t mark)
{
    struct vl_evidence_item *flood = vl_new(count * sizeof *flood);

    assert_non_null(flood);
    for (size_t i = 0; i < count; i++) {
        flood[i] = *item;
        flood[i].object.id[0] = (uint8_t)i;
        flood[i].object.id[1] = (uint8_t)(i >> 8);
        flood[i].object.id[2] = mark;
    }
    return flood;
}

static void add_flood(struct vl_finding_set *set, const struct vl_evidence_item *flood,
                      size_t count, bool backwards)
{
    struct vl_why why = {""};

    for (size_t i = 0; i < count; i++)
        assert_err(vl_finding_add_verified(set, &flood[backwards ? count - 1 - i : i],
                                           VL_STANDING_FULL, &why),
                   VL_OK, &why);
}

static size_t said_by(const struct vl_finding *finding, const struct vl_office_id *office)
{
    size_t count = 0;

    for (size_t i = 0; i < finding->said_count; i++)
        count += vl_office_id_eq(&finding->said[i].by, office);
    return count;
}

/* A stranger talks about a letter, about what others say of it, and about that, without end. */
static void attack_24_whoever_talks_without_end_hides_nothing(void **state)
{
    WORLD(world);
    const size_t count = VL_FINDING_MAX_ABOUT + 1;
    struct vl_evidence_item *floods[2];
    const uint8_t *said;
    uint8_t number[VL_HASH_LEN], first_heard[VL_HASH_LEN] = {0};

    (void)state;
    courier_has_it(world);
    said = DID(world, .by = 'A', .kind = VL_KIND_ASSERT, .letters = "l");
    DID(world, .by = 'X', .kind = VL_KIND_ASSERT, .letters = "l");
    floods[0] = flood_of(&world->items[world->item_count - 1], count, 1);
    DID(world, .by = 'X', .kind = VL_KIND_DENY, .act = said, .relation = VL_RELATION_DISPUTES);
    floods[1] = flood_of(&world->items[world->item_count - 1], count, 2);
    number_of('l', number);
    for (size_t round = 0; round < 2; round++) {
        struct vl_finding_set *set = vl_finding_set_new();
        VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
        struct vl_why why = {""};

        assert_non_null(set);
        for (size_t i = 0; i < 2; i++)
            add_flood(set, floods[round ? 1 - i : i], count, round == 1);
        add_all(world, set, NULL);
        assert_err(vl_finding_make(set, number, NOW, &finding, &why), VL_OK, &why);
        assert_int_equal(finding.handed_count, 1);
        assert_int_equal(finding.holder_count, 1);
        assert_int_equal(said_by(&finding, id_of(world, 'A')), 1);
        /* A share, and the first that it denied. */
        assert_int_equal(said_by(&finding, id_of(world, 'X')), VL_FINDING_MAX_HEARD + 1);
        assert_int_equal(finding.record_count, 3 + 1 + VL_FINDING_MAX_HEARD + 1);
        /* One of them all of each, and what the world said itself. */
        assert_int_equal(finding.unheard_count, 2 * count + 2 - VL_FINDING_MAX_HEARD - 1);
        assert_int_equal(finding.left_out_count, finding.unheard_count);
        if (round == 0)
            memcpy(first_heard, finding.said[0].act, VL_HASH_LEN);
        assert_memory_equal(finding.said[0].act, first_heard, VL_HASH_LEN);
        vl_finding_set_free(set);
    }
    vl_free(floods[0]);
    vl_free(floods[1]);
}

/* More strangers than there is room for: custody is there, and nothing is refused. */
static void attack_24_many_who_talk_are_no_error(void **state)
{
    static const char strangers[] = "DEFGHIJKLM";
    WORLD(world);
    const size_t each = VL_FINDING_MAX_ABOUT / 2;
    struct vl_evidence_item *floods[sizeof strangers - 1];
    struct vl_finding_set *set = vl_finding_set_new();
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    uint8_t number[VL_HASH_LEN];
    struct vl_why why = {""};

    (void)state;
    assert_non_null(set);
    courier_has_it(world);
    for (size_t i = 0; strangers[i]; i++) {
        DID(world, .by = strangers[i], .kind = VL_KIND_ASSERT, .letters = "l");
        floods[i] = flood_of(&world->items[world->item_count - 1], each, (uint8_t)i);
        add_flood(set, floods[i], each, false);
    }
    add_all(world, set, NULL);
    number_of('l', number);
    assert_err(vl_finding_make(set, number, NOW, &finding, &why), VL_OK, &why);
    assert_int_equal(finding.handed_count, 1);
    for (size_t i = 0; strangers[i]; i++) {
        assert_int_equal(said_by(&finding, id_of(world, strangers[i])), VL_FINDING_MAX_HEARD);
        vl_free(floods[i]);
    }
    vl_finding_set_free(set);
}

/* Whoever floods a letter with whatever it may sign: the finding is there, with all that it proves
 * of anybody, and says what is left out. */
static void attack_24_no_flood_makes_a_finding_impossible(void **state)
{
    static const struct {
        struct say say;
        size_t heard; /* of them all */
    } floods[] = {
        {{.by = 'C', .kind = VL_KIND_DEPARTED, .letters = "l"}, VL_FINDING_MAX_OWN - 1},
        {{.by = 'C', .kind = VL_KIND_LOST, .letters = "m", .reason = "missing"}, 0},
        {{.by = 'C', .kind = VL_KIND_ACCEPTED, .letters = "l"}, VL_FINDING_MAX_OWN},
        {{.by = 'C', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'D', .handover = 2},
         VL_FINDING_MAX_OWN - 1},
        {{.by = 'S', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'D', .handover = 2},
         VL_FINDING_MAX_OWN - 2},
        {{.by = 'S', .kind = VL_KIND_SEALED, .letters = "l"}, VL_FINDING_MAX_OWN - 2},
        {{.by = 'X', .kind = VL_KIND_DEPARTED, .letters = "l"}, VL_FINDING_MAX_HEARD},
        {{.by = 'X', .kind = VL_KIND_SEALED, .letters = "m"}, 0},
        {{.by = 'X', .kind = VL_KIND_REFUSED, .letters = "l"}, VL_FINDING_MAX_HEARD},
        {{.by = 'X', .kind = VL_KIND_WITNESSED}, VL_FINDING_MAX_HEARD},
        {{.by = 'X', .kind = VL_KIND_RATIFIED}, VL_FINDING_MAX_HEARD},
        {{.by = 'X', .kind = VL_KIND_CORRECTED}, VL_FINDING_MAX_HEARD},
        {{.by = 'X', .kind = VL_KIND_SEEN}, VL_FINDING_MAX_HEARD},
    };
    const size_t count = VL_FINDING_MAX_ABOUT + 1;

    (void)state;
    for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
        WORLD(world);
        const struct story story = courier_has_it(world);
        struct vl_finding_set *set = vl_finding_set_new();
        VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
        struct vl_evidence_item *flood;
        struct say say = floods[i].say;
        uint8_t number[VL_HASH_LEN];
        struct vl_why why = {""};
        const bool is_of_letter = floods[i].heard > 0;
        size_t handed = 0;

        assert_non_null(set);
        outside(world, (struct outside){.letter = 'm', .from = 'X', .to = "A"});
        if (say.kind == VL_KIND_SEEN)
            say.seen[0] = story.taken;
        else
            say.target = story.taken;
        did(world, say);
        flood = flood_of(&world->items[world->item_count - 1], count, 1);
        add_flood(set, flood, count, i % 2 == 0);
        world->hidden[world->item_count - 1] = true;
        add_all(world, set, NULL);
        number_of('l', number);
        assert_err(vl_finding_make(set, number, NOW, &finding, &why), VL_OK, &why);
        assert_int_equal(finding.record_count, 3 + floods[i].heard);
        assert_int_equal(finding.crowded_count, is_of_letter ? count - floods[i].heard : 0);
        assert_int_equal(finding.left_out_count, finding.crowded_count);
        assert_int_equal(finding.unheard_count, 0);
        for (size_t at = 0; at < finding.handed_count; at++)
            handed += memcmp(finding.handed[at].act, story.handed, VL_HASH_LEN) == 0 &&
                      finding.handed[at].answered;
        assert_int_equal(handed, 1);
        assert_memory_equal(&finding.holders[0].office, id_of(world, 'C'), VL_HASH_LEN);
        vl_finding_set_free(set);
        vl_free(flood);
    }
}

/* What it signs besides: it has the letter, and said so to whoever handed it over. */
static void attack_24_nobody_hides_his_receipt_by_signing_more(void **state)
{
    static const struct say floods[] = {
        {.by = 'A', .kind = VL_KIND_RECEIPTED, .addressee = 'B'},
        {.by = 'A', .kind = VL_KIND_REFUSED},
        {.by = 'A', .kind = VL_KIND_RECEIPTED, .addressee = 'A', .capacity = VL_CAPACITY_DELEGATE},
    };
    const size_t count = VL_FINDING_MAX_ABOUT;

    (void)state;
    for (size_t i = 0; i < sizeof floods / sizeof *floods; i++) {
        WORLD(world);
        struct vl_finding_set *set = vl_finding_set_new();
        VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
        struct vl_evidence_item *flood;
        struct say say = floods[i];
        const uint8_t *handed;
        uint8_t number[VL_HASH_LEN];
        struct vl_why why = {""};

        assert_non_null(set);
        courier_has_it(world);
        handed = DID(world, .by = 'C', .kind = VL_KIND_TRANSFERRED, .letters = "l", .taker = 'A',
                     .handover = 3);
        DID(world, .by = 'A', .kind = VL_KIND_RECEIPTED, .letters = "l", .addressee = 'A',
            .capacity = VL_CAPACITY_PRINCIPAL, .answers = handed);
        memset(world->items[world->item_count - 1].object.id, 0xff, VL_HASH_LEN);
        say.letters = "l";
        did(world, say);
        flood = flood_of(&world->items[world->item_count - 1], count, 1);
        add_flood(set, flood, count, false);
        add_all(world, set, NULL);
        number_of('l', number);
        assert_err(vl_finding_make(set, number, NOW, &finding, &why), VL_OK, &why);
        assert_int_equal(finding.addressees[0].receipted_for_office.level, VL_LEVEL_PROVEN);
        assert_int_equal(finding.addressees[0].reached.level, VL_LEVEL_PROVEN);
        assert_true(finding.crowded_count > 0);
        vl_finding_set_free(set);
        vl_free(flood);
    }
}

/* Whom it concerns may sign more than strangers leave room for: then it is strangers who go. */
static void attack_24_strangers_take_no_place_of_whom_it_concerns(void **state)
{
    static const char all[] = "SACDEFGHIJKLMNOPQRTUVWYZabcdefghijkl";
    WORLD(world);
    struct vl_evidence_item *floods[sizeof all - 1];
    struct vl_finding_set *set = vl_finding_set_new();
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    size_t parties = 0;
    uint8_t number[VL_HASH_LEN];
    struct vl_why why = {""};

    (void)state;
    assert_non_null(set);
    for (size_t i = 0; all[i]; i++) {
        DID(world, .by = all[i], .kind = VL_KIND_ARRIVED, .letters = "l");
        floods[i] = flood_of(&world->items[i], VL_FINDING_MAX_OWN, (uint8_t)i);
        add_flood(set, floods[i], VL_FINDING_MAX_OWN, false);
    }
    courier_has_it(world);
    add_all(world, set, NULL);
    number_of('l', number);
    assert_err(vl_finding_make(set, number, NOW, &finding, &why), VL_OK, &why);
    for (size_t i = 0; i < finding.event_count; i++)
        parties += vl_office_id_eq(&finding.events[i].by, id_of(world, 'S')) ||
                   vl_office_id_eq(&finding.events[i].by, id_of(world, 'A')) ||
                   vl_office_id_eq(&finding.events[i].by, id_of(world, 'C'));
    assert_int_equal(parties, 3 * VL_FINDING_MAX_OWN);
    assert_int_equal(finding.record_count, VL_FINDING_MAX_STRANGE);
    assert_int_equal(finding.handed_count, 1);
    assert_int_equal(finding.holder_count, 1);
    vl_finding_set_free(set);
    for (size_t i = 0; all[i]; i++)
        vl_free(floods[i]);
}

/* As many strangers as there are keys fill half of the room: whoever was checked, and whom it
 * concerns, is heard all the same. */
static void attack_17_strangers_leave_room_for_whom_the_user_checked(void **state)
{
    static const char strangers[] = "DEFGHIJKLMNOPQRTUVWYZabcdefghijkl";
    WORLD(world);
    struct vl_evidence_item *floods[sizeof strangers - 1];
    struct vl_finding_set *set = vl_finding_set_new();
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    uint8_t number[VL_HASH_LEN];
    struct vl_why why = {""};

    (void)state;
    assert_non_null(set);
    for (size_t i = 0; strangers[i]; i++) {
        DID(world, .by = strangers[i], .kind = VL_KIND_ARRIVED, .letters = "l");
        floods[i] = flood_of(&world->items[i], VL_FINDING_MAX_HEARD, (uint8_t)i);
        add_flood(set, floods[i], VL_FINDING_MAX_HEARD, false);
    }
    courier_has_it(world);
    for (size_t i = 0; i < 3; i++) {
        DID(world, .by = 'X', .kind = VL_KIND_ASSERT, .letters = "l", .at = 1 + i);
        DID(world, .by = 'B', .kind = VL_KIND_ASSERT, .letters = "l", .at = 1 + i);
        DID(world, .by = 'A', .kind = VL_KIND_ASSERT, .letters = "l", .at = 1 + i);
    }
    checked(world, 'B', 0);
    add_all(world, set, NULL);
    number_of('l', number);
    assert_err(vl_finding_make(set, number, NOW, &finding, &why), VL_OK, &why);
    assert_int_equal(finding.handed_count, 1);
    assert_int_equal(finding.holder_count, 1);
    assert_int_equal(said_by(&finding, id_of(world, 'B')), 3);
    assert_int_equal(said_by(&finding, id_of(world, 'A')), 3);
    assert_int_equal(said_by(&finding, id_of(world, 'X')), 0);
    assert_int_equal(finding.unheard_count, 3);
    assert_int_equal(finding.record_count, VL_FINDING_MAX_STRANGE + 6);
    vl_finding_set_free(set);
    for (size_t i = 0; strangers[i]; i++)
        vl_free(floods[i]);
}

/* It promised, and admits that it broke it, among as much else as it likes to say. */
static void attack_24_nobody_hides_a_promise_by_talking(void **state)
{
    WORLD(world);
    struct vl_evidence_item *flood;
    struct vl_finding_set *set = vl_finding_set_new();
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    const uint8_t *promise;
    uint8_t number[VL_HASH_LEN];
    struct vl_why why = {""};
    size_t at = 0;

    (void)state;
    assert_non_null(set);
    courier_has_it(world);
    DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .offices = "B");
    flood = flood_of(&world->items[world->item_count - 1], 200, 1);
    add_flood(set, flood, 200, false);
    promise = DID(world, .by = 'S', .kind = VL_KIND_COMMIT, .letters = "l", .offices = "A");
    for (uint64_t i = 0; i < VL_FINDING_MAX_HEARD; i++)
        DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .letters = "l", .at = 1 + i);
    DID(world, .by = 'A', .kind = VL_KIND_ASSERT, .act = promise, .text = "We wait.");
    DID(world, .by = 'S', .kind = VL_KIND_ASSERT, .act = promise, .fact = "broken");
    add_all(world, set, NULL);
    number_of('l', number);
    assert_err(vl_finding_make(set, number, NOW, &finding, &why), VL_OK, &why);
    while (at < finding.said_count && memcmp(finding.said[at].act, promise, VL_HASH_LEN) != 0)
        at++;
    assert_true(at < finding.said_count);
    assert_int_equal(finding.said[at].promise->state, VL_PROMISE_BROKEN);
    assert_int_equal(finding.said[at].promise->level, VL_LEVEL_PROVEN);
    vl_finding_set_free(set);
    vl_free(flood);
}

/* The stolen half of a key says as much as it likes; the office itself is heard all the same. */
static void what_is_not_proven_takes_no_share_from_what_is(void **state)
{
    WORLD(world);
    struct vl_evidence_item *flood;
    struct vl_finding_set *set = vl_finding_set_new();
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    const uint8_t *said;
    uint8_t number[VL_HASH_LEN];
    struct vl_why why = {""};
    bool is_heard = false;

    (void)state;
    assert_non_null(set);
    DID(world, .by = '2', .kind = VL_KIND_ASSERT, .letters = "l", .one_signature = true);
    flood = flood_of(&world->items[0], 200, 1);
    for (size_t i = 0; i < 200; i++)
        assert_err(vl_finding_add_verified(set, &flood[i], VL_STANDING_INCOMPLETE, &why), VL_OK,
                   &why);
    said = DID(world, .by = '2', .kind = VL_KIND_ASSERT, .letters = "l", .text = "We.");
    add_all(world, set, NULL);
    number_of('l', number);
    assert_err(vl_finding_make(set, number, NOW, &finding, &why), VL_OK, &why);
    assert_int_equal(finding.said_count, VL_FINDING_MAX_HEARD + 1);
    for (size_t i = 0; i < finding.said_count; i++)
        is_heard |= memcmp(finding.said[i].act, said, VL_HASH_LEN) == 0;
    assert_true(is_heard);
    vl_finding_set_free(set);
    vl_free(flood);
}

/* However often a mandate was ended: words that name an end are not believed, and whoever ended it
 * does not drop them by that. */
static void a_mandate_is_never_there_without_its_ends(void **state)
{
    WORLD(world);
    struct vl_evidence_item *flood;
    struct vl_finding_set *set = vl_finding_set_new();
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    const uint8_t *mandate, *end;
    uint8_t number[VL_HASH_LEN];
    struct vl_why why = {""};

    (void)state;
    assert_non_null(set);
    courier_has_it(world);
    mandate =
        DID(world, .by = 'S', .kind = VL_KIND_MANDATE, .grantee = 'D', .power = VL_POWER_SPEAK);
    end = DID(world, .by = 'S', .kind = VL_KIND_MANDATE_REVOCATION, .target = mandate);
    flood = flood_of(&world->items[world->item_count - 1], VL_FINDING_MAX_ABOUT, 1);
    add_flood(set, flood, VL_FINDING_MAX_ABOUT, false);
    DID(world, .by = 'D', .kind = VL_KIND_ASSERT, .letters = "l", .principal = 'S',
        .under = mandate, .capacity = VL_CAPACITY_DELEGATE, .cites = {end});
    add_all(world, set, NULL);
    number_of('l', number);
    assert_err(vl_finding_make(set, number, NOW, &finding, &why), VL_OK, &why);
    assert_int_equal(finding.said_count, 1);
    assert_false(finding.said[0].is_spoken_for);
    assert_int_equal(finding.said[0].marks, VL_MARK_REVOKED);
    assert_int_equal(finding.mandate_count, 1);
    vl_finding_set_free(set);
    vl_free(flood);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_does_not_verify_is_left_out_and_counted),
        cmocka_unit_test(a_forged_copy_of_an_act_takes_nothing_from_it),
        cmocka_unit_test(leaves_of_one_act_come_together),
        cmocka_unit_test(cards_that_come_later_let_an_act_in),
        cmocka_unit_test(without_memory_there_is_no_finding),
        cmocka_unit_test(a_set_goes_on_after_memory_ran_out),
        cmocka_unit_test(attack_24_whoever_talks_without_end_hides_nothing),
        cmocka_unit_test(attack_24_many_who_talk_are_no_error),
        cmocka_unit_test(attack_24_no_flood_makes_a_finding_impossible),
        cmocka_unit_test(attack_24_nobody_hides_his_receipt_by_signing_more),
        cmocka_unit_test(attack_24_nobody_hides_a_promise_by_talking),
        cmocka_unit_test(attack_24_strangers_take_no_place_of_whom_it_concerns),
        cmocka_unit_test(attack_17_strangers_leave_room_for_whom_the_user_checked),
        cmocka_unit_test(what_is_not_proven_takes_no_share_from_what_is),
        cmocka_unit_test(a_mandate_is_never_there_without_its_ends),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
