/* SPDX-License-Identifier: Apache-2.0 */
/* Histories that parties make up at random, lies and all, and what is true of every finding:
 *
 * - It is the same in whatever order the evidence came, with whatever twice, from whatever parts.
 * - More evidence takes away nothing that is proven about an addressee on a waybill that is proven
 *   to be sealed, unless it was marked revoked-order-unknown, or what is added is a revocation, a
 *   card or a fork.
 * - A mandate that nothing names gives no power, and a correction takes no level away. */
#include "world.h"

#define SEEDS   800
#define ACTS    14
#define PARTIES "SABCDX"
#define FACTS   5

struct dice {
    uint64_t state;
};

/* splitmix64 */
static uint64_t roll(struct dice *dice, uint64_t sides)
{
    uint64_t z = dice->state += UINT64_C(0x9e3779b97f4a7c15);

    z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (z ^ (z >> 31)) % sides;
}

static char party(struct dice *dice)
{
    return PARTIES[roll(dice, sizeof PARTIES - 1)];
}

/* The id of an act so far, or now and then one that nobody has ever seen. */
static const uint8_t *any_id(struct dice *dice, const struct world *world)
{
    static uint8_t nowhere[4][VL_HASH_LEN];

    if (world->item_count == 0 || roll(dice, 8) == 0) {
        const size_t at = roll(dice, 4);

        memset(nowhere[at], (int)roll(dice, 256), VL_HASH_LEN);
        return nowhere[at];
    }
    return world->items[roll(dice, world->item_count)].object.id;
}

static const uint8_t *id_of_kind(struct dice *dice, const struct world *world, enum vl_kind kind)
{
    for (size_t tries = 0; tries < 6 && world->item_count > 0; tries++) {
        const struct vl_object *object = &world->items[roll(dice, world->item_count)].object;

        if (object->kind == kind)
            return object->id;
    }
    return any_id(dice, world);
}

static enum vl_kind any_kind(struct dice *dice)
{
    static const enum vl_kind often[] = {
        VL_KIND_SEALED,     VL_KIND_SEALED,      VL_KIND_TRANSFERRED, VL_KIND_TRANSFERRED,
        VL_KIND_ACCEPTED,   VL_KIND_ACCEPTED,    VL_KIND_RECEIPTED,   VL_KIND_RECEIPTED,
        VL_KIND_RECEIPTED,  VL_KIND_MANDATE,     VL_KIND_MANDATE,     VL_KIND_MANDATE_REVOCATION,
        VL_KIND_OPENED,     VL_KIND_REFUSED,     VL_KIND_RATIFIED,    VL_KIND_CORRECTED,
        VL_KIND_WITNESSED,  VL_KIND_SEEN,        VL_KIND_REACHED,     VL_KIND_ATTEMPTED,
        VL_KIND_LOST,       VL_KIND_RETURNED,    VL_KIND_DEPARTED,    VL_KIND_ACCEPTED_PART,
        VL_KIND_OPENED,     VL_KIND_TRANSFERRED, VL_KIND_ASSERT,      VL_KIND_DENY,
        VL_KIND_RELAY,      VL_KIND_CORRECT,     VL_KIND_CORRECT,     VL_KIND_WITHDRAW,
        VL_KIND_TRANSLATION};

    return often[roll(dice, sizeof often / sizeof *often)];
}

/* What an act of a kind may be; the rest is chance. */
static void fit(struct dice *dice, const struct world *world, struct say *say)
{
    if (say->kind == VL_KIND_SEALED)
        say->letters = say->by == 'S' ? (roll(dice, 4) ? "l" : "lm") : "L";
    if (say->kind == VL_KIND_RECEIPTED && roll(dice, 2)) {
        say->addressee = say->by;
        say->capacity = VL_CAPACITY_PRINCIPAL;
    }
    if (say->kind == VL_KIND_REACHED && say->under)
        say->capacity = VL_CAPACITY_DELEGATE;
    if (say->kind == VL_KIND_MANDATE) {
        say->capacity = say->under ? VL_CAPACITY_DELEGATE : VL_CAPACITY_PRINCIPAL;
        say->may_delegate = !say->under && roll(dice, 2);
        say->only = roll(dice, 2) ? "l" : NULL;
        say->once = say->only && roll(dice, 3) == 0;
        say->from = roll(dice, 4) ? NULL : "S";
        say->one_handover = roll(dice, 6) == 0;
        say->not_after = roll(dice, 3) ? 0 : 1500;
        say->power = roll(dice, 6) ? VL_POWER_RECEIVE : VL_POWER_SPEAK;
    }
    if (vl_statement_kind(say->kind)) {
        static const char *const facts[] = {NULL, "sent", "delivered", "opened", "refused"};
        static const char *const spans[] = {NULL, NULL, "so", "It"};

        say->act = roll(dice, 2) ? any_id(dice, world) : NULL;
        say->relation =
            say->kind == VL_KIND_DENY ? VL_RELATION_DISPUTES : (enum vl_relation)roll(dice, 4);
        say->fact = facts[roll(dice, 5)];
        say->span = say->kind == VL_KIND_CORRECT ? spans[roll(dice, 4)] : NULL;
        say->saying = roll(dice, 2) ? any_id(dice, world) : NULL;
        say->source = say->saying || roll(dice, 2) ? party(dice) : 0;
        say->source_count = roll(dice, 17);
        say->capture = !say->saying && roll(dice, 2);
        say->principal = say->under && roll(dice, 2) ? party(dice) : 0;
        if (say->principal == say->by)
            say->principal = 0;
        say->capacity = say->principal ? VL_CAPACITY_DELEGATE : VL_CAPACITY_PRINCIPAL;
        if (say->kind == VL_KIND_CORRECT || say->kind == VL_KIND_WITHDRAW) {
            say->target = any_id(dice, world);
            say->fact = NULL;
        }
    }
    if (say->kind == VL_KIND_TRANSLATION) {
        say->target = roll(dice, 2) ? id_of_kind(dice, world, VL_KIND_TRANSLATION) : NULL;
        say->capacity = VL_CAPACITY_PRINCIPAL;
    }
    if (say->kind == VL_KIND_SEEN)
        say->seen[0] = any_id(dice, world);
    if (say->kind == VL_KIND_ACCEPTED && roll(dice, 4) == 0)
        say->not_taken = "m";
}

static struct say say_anything(struct dice *dice, const struct world *world, bool plain)
{
    struct say say = {.by = party(dice),
                      .kind = any_kind(dice),
                      .letters = roll(dice, 4) ? "l" : "lm",
                      .target = id_of_kind(dice, world, any_kind(dice)),
                      .giver = roll(dice, 2) ? party(dice) : 0,
                      .taker = roll(dice, 8) ? party(dice) : 0,
                      .addressee = roll(dice, 4) ? 'A' : party(dice),
                      .party = roll(dice, 2) ? party(dice) : 0,
                      .grantee = party(dice),
                      .handover = (uint8_t)(1 + roll(dice, 3)),
                      .at = roll(dice, 2) ? 1000 + roll(dice, 1000) : 0,
                      .iat = roll(dice, 2) ? (int64_t)(1000 + roll(dice, 1000)) : 0,
                      .verdict = (enum vl_verdict)roll(dice, 4),
                      .no_value = roll(dice, 3) == 0,
                      .addressee_at = roll(dice, 2)};

    if (roll(dice, 2))
        say.answers = id_of_kind(dice, world, VL_KIND_TRANSFERRED);
    if (roll(dice, 2))
        say.under = id_of_kind(dice, world, VL_KIND_MANDATE);
    if (roll(dice, 2))
        say.cites[0] = any_id(dice, world);
    if (say.kind == VL_KIND_MANDATE_REVOCATION)
        say.target = id_of_kind(dice, world, VL_KIND_MANDATE);
    if (!plain && say.by == 'C' && roll(dice, 2))
        say.card = 1;
    if (!plain && say.by == 'X' && roll(dice, 2))
        say.by_rival = true;
    fit(dice, world, &say);
    return say;
}

/* Another seals the same number with a waybill of its own. */
static void another_waybill(struct world *world, struct dice *dice)
{
    outside(world, (struct outside){.letter = 'L',
                                    .from = "ABCDX"[roll(dice, 5)],
                                    .to = roll(dice, 2) ? "A" : "BD"});
}

/* Only its own sender can seal it: the others of this history say nothing of the kind. */
static bool can_be(struct world *world, const struct say *say)
{
    struct vl_waybill waybill;
    struct vl_why why = {""};

    if (say->kind != VL_KIND_SEALED || say->by == 'S')
        return true;
    assert_err(vl_waybill_parse(vl_buf_bytes(&world->letters['L']), &waybill, &why), VL_OK, &why);
    return vl_office_id_eq(&waybill.from, id_of(world, say->by));
}

/* Its signatures are good, because it is made here: nobody verifies them in this test. */
static void make_history(struct world *world, struct dice *dice, bool plain)
{
    for (size_t i = 0; i < world->item_count; i++) {
        vl_object_release(&world->items[i].object);
        for (size_t j = 0; j < LEAVES; j++)
            vl_buf_release(&world->wires[i][j]);
        world->items[i] = (struct vl_evidence_item){.object = VL_OBJECT_INIT};
    }
    world->item_count = 0;
    while (world->item_count < ACTS) {
        const struct say say = say_anything(dice, world, plain);

        if (can_be(world, &say))
            did(world, say);
    }
}

static void add_chains(struct world *world, struct vl_finding_set *set)
{
    struct vl_why why = {""};

    for (size_t i = 0; i < world->office_count; i++) {
        assert_err(vl_finding_add_chain(set, &world->offices[i].chain, &why), VL_OK, &why);
        assert_err(vl_finding_add_chain(set, &world->offices[i].rival, &why), VL_OK, &why);
    }
    for (size_t i = 0; i < world->checked_count; i++)
        assert_err(vl_finding_add_checked(set, &world->checked[i].office, world->checked[i].card,
                                          &why),
                   VL_OK, &why);
}

static void add_one(struct world *world, struct vl_finding_set *set, size_t at)
{
    struct vl_why why = {""};

    assert_err(vl_finding_add_verified(set, &world->items[at], VL_STANDING_FULL, &why), VL_OK,
               &why);
}

static void make(struct vl_finding_set *set, struct vl_finding *finding)
{
    uint8_t number[VL_HASH_LEN];
    struct vl_why why = {""};

    number_of('l', number);
    assert_err(vl_finding_make(set, number, NOW, finding, &why), VL_OK, &why);
}

static struct vl_buf document_of(struct vl_finding_set *set)
{
    VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;
    struct vl_buf out = VL_BUF_INIT((size_t)1 << 20);

    make(set, &finding);
    assert_int_equal(vl_finding_json(&finding, &out), VL_OK);
    return out;
}

/* Without those that are left out. */
static struct found found_without(struct world *world, const bool *left_out)
{
    struct found found = {vl_finding_set_new(), VL_FINDING_INIT};

    assert_non_null(found.set);
    add_chains(world, found.set);
    for (size_t i = 0; i < world->item_count; i++)
        if (!left_out || !left_out[i])
            add_one(world, found.set, i);
    make(found.set, &found.finding);
    return found;
}

static struct world *parties(bool plain)
{
    struct world *world = world_new();

    for (const char *name = PARTIES; *name; name++)
        office_of(world, *name);
    outside(world, (struct outside){.letter = 'l', .from = 'S', .to = "AB", .expect_by = 1000});
    outside(world, (struct outside){.letter = 'm', .from = 'S', .to = "A"});
    if (plain)
        return world;
    rotate(world, 'C', true);
    rotate(world, 'X', true);
    fork_office(world, 'X');
    checked(world, 'D', 0);
    return world;
}

static void attack_16_any_order_any_number_of_times_any_parts(void **state)
{
    struct world *world = parties(false);

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct dice dice = {seed};
        VL_AUTO(found_release) struct found first = {NULL, VL_FINDING_INIT};
        VL_AUTO(vl_buf_release) struct vl_buf wanted = VL_BUF_INIT(0);
        struct vl_finding_set *set = vl_finding_set_new();
        size_t order[2 * ACTS];
        VL_AUTO(vl_buf_release) struct vl_buf half = VL_BUF_INIT(0);
        VL_AUTO(vl_buf_release) struct vl_buf got = VL_BUF_INIT(0);

        assert_non_null(set);
        another_waybill(world, &dice);
        make_history(world, &dice, false);
        first = found_without(world, NULL);
        wanted = document_of(first.set);
        for (size_t i = 0; i < 2 * world->item_count; i++) {
            const size_t at = roll(&dice, i + 1);

            order[i] = order[at];
            order[at] = i % world->item_count;
        }
        for (size_t i = 0; i < 2 * world->item_count; i++) {
            if (i == world->item_count / 2)
                add_chains(world, set);
            if (i == world->item_count) /* a finding in between leaves nothing behind */
                half = document_of(set);
            add_one(world, set, order[i]);
        }
        got = document_of(set);
        assert_bytes(vl_buf_bytes(&got), vl_buf_bytes(&wanted));
        vl_finding_set_free(set);
    }
    world_free(&world);
}

static const struct vl_found_fact *fact_of(const struct vl_found_addressee *addressee, size_t at)
{
    const struct vl_found_fact *facts[FACTS] = {&addressee->receipted_by_delegate,
                                                &addressee->receipted_for_office,
                                                &addressee->reached, &addressee->opened,
                                                &addressee->refused};

    return facts[at];
}

static const struct vl_found_addressee *same_in(const struct vl_finding *finding,
                                                const struct vl_office_id *office)
{
    for (size_t i = 0; i < finding->addressee_count; i++)
        if (vl_office_id_eq(&finding->addressees[i].office, office))
            return &finding->addressees[i];
    return NULL;
}

static bool is_on_a_proven_waybill(const struct vl_finding *finding,
                                   const struct vl_office_id *office)
{
    for (size_t i = 0; i < finding->sealed_count; i++)
        for (size_t j = 0;
             finding->sealed[i].level == VL_LEVEL_PROVEN && j < finding->sealed[i].to_count; j++)
            if (vl_office_id_eq(&finding->sealed[i].to[j], office))
                return true;
    return false;
}

static void compare(const struct vl_finding *less, const struct vl_finding *more, size_t *compared)
{
    for (size_t i = 0; i < less->addressee_count; i++) {
        const struct vl_found_addressee *before = &less->addressees[i];
        const struct vl_found_addressee *after = same_in(more, &before->office);

        if (!is_on_a_proven_waybill(less, &before->office))
            continue;
        assert_non_null(after);
        for (size_t j = 0; j < FACTS && after; j++) {
            if (fact_of(before, j)->level != VL_LEVEL_PROVEN ||
                (fact_of(before, j)->marks & VL_MARK_REVOKED_ORDER_UNKNOWN))
                continue;
            assert_int_equal(fact_of(after, j)->level, VL_LEVEL_PROVEN);
            ++*compared;
        }
    }
    assert_true(more->record_count >= less->record_count);
}

static void more_evidence_takes_nothing_proven_away(void **state)
{
    struct world *world = parties(false);
    size_t compared = 0;

    (void)state;
    for (uint64_t seed = 0; seed < SEEDS; seed++) {
        struct dice dice = {~seed};
        bool left_out[ITEMS] = {false};
        size_t at;

        another_waybill(world, &dice);
        make_history(world, &dice, false);
        at = roll(&dice, world->item_count);
        if (world->items[at].object.kind == VL_KIND_MANDATE_REVOCATION)
            continue;
        left_out[at] = true;
        {
            VL_AUTO(found_release) struct found less = found_without(world, left_out);
            VL_AUTO(found_release) struct found more = found_without(world, NULL);

            compare(&less.finding, &more.finding, &compared);
        }
    }
    assert_true(compared > SEEDS / 10); /* it did look at something */
    world_free(&world);
}

static bool is_named(const struct world *world, size_t at, struct vl_act_any *scratch)
{
    const uint8_t *id = world->items[at].object.id;

    for (size_t i = 0; i < world->item_count; i++) {
        const uint8_t *ids[VL_ACT_ANY_MAX_IDS];
        struct vl_why why = {""};
        size_t count;

        assert_err(vl_act_any_read(&world->items[i].object, scratch, &why), VL_OK, &why);
        count = vl_act_any_ids(scratch, ids);
        for (size_t j = 0; j < count; j++)
            if (memcmp(ids[j], id, VL_HASH_LEN) == 0)
                return true;
        for (size_t j = 0; scratch->form == VL_ACT_SEEN && j < world->items[i].leaf_count; j++)
            if (memcmp(world->items[i].leaves[j].leaf.ptr + 2, id, VL_HASH_LEN) == 0)
                return true;
    }
    return false;
}

/* Whether acts of this kind that nothing names are there or not makes no difference to any level of
 * an addressee. */
static void check_powerless(enum vl_kind kind)
{
    struct world *world = parties(true);
    struct vl_act_any *scratch = vl_new(sizeof *scratch);
    size_t dropped = 0;

    assert_non_null(scratch);
    for (uint64_t seed = 0; seed < SEEDS / 3; seed++) {
        struct dice dice = {seed << 32};
        bool left_out[ITEMS] = {false};

        another_waybill(world, &dice);
        make_history(world, &dice, true);
        for (size_t i = 0; i < world->item_count; i++) {
            left_out[i] = world->items[i].object.kind == kind && !is_named(world, i, scratch);
            dropped += left_out[i];
        }
        {
            VL_AUTO(found_release) struct found less = found_without(world, left_out);
            VL_AUTO(found_release) struct found more = found_without(world, NULL);

            assert_int_equal(less.finding.addressee_count, more.finding.addressee_count);
            for (size_t i = 0; i < less.finding.addressee_count; i++)
                for (size_t j = 0; j < FACTS; j++)
                    assert_int_equal(fact_of(&less.finding.addressees[i], j)->level,
                                     fact_of(&more.finding.addressees[i], j)->level);
        }
    }
    assert_true(dropped > SEEDS / 30);
    vl_free(scratch);
    world_free(&world);
}

static void a_mandate_that_nothing_names_gives_no_power(void **state)
{
    (void)state;
    check_powerless(VL_KIND_MANDATE);
}

static void attack_06_a_correction_takes_no_level_away(void **state)
{
    (void)state;
    check_powerless(VL_KIND_CORRECTED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attack_16_any_order_any_number_of_times_any_parts),
        cmocka_unit_test(more_evidence_takes_nothing_proven_away),
        cmocka_unit_test(a_mandate_that_nothing_names_gives_no_power),
        cmocka_unit_test(attack_06_a_correction_takes_no_level_away),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
