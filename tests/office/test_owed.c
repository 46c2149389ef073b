/* SPDX-License-Identifier: Apache-2.0 */
/* What others are owed, over many letters, on sticks that are too small for all of it: each goes on
 * where the one before ended, and every leaf goes as often as the act that it is under. */
#include "carrying.h"

#include <stdlib.h>

#include "office/acts.h"
#include "office/answers.h"
#include "office/evidence_bags.h"
#include "office/keep_evidence.h"
#include "office/owed.h"

#define LETTERS 1500

/* alma signs for letters that bela wrote, and owes bela to see it. */
struct owing {
    struct place place;
    struct vl_office_id bela;
    uint8_t act[VL_HASH_LEN];
    uint8_t numbers[LETTERS][VL_HASH_LEN];
    size_t seen[LETTERS]; /* how often bela got its leaf */
    unsigned sticks;
};

static int by_number(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

static void put_letters(struct owing *owing, struct vl_home *home)
{
    struct vl_why why = {""};

    for (uint64_t i = 0; i < LETTERS; i++) {
        struct vl_letter_row row = {.size = sizeof i,
                                    .mode = 1,
                                    .roles = VL_ROLE_CARRIED,
                                    .kept_at_s = NOW,
                                    .has_from = true};
        bool is_new = false;

        vl_sha256(vl_bytes_of(&i, sizeof i), owing->numbers[i]);
        memcpy(row.number, owing->numbers[i], VL_HASH_LEN);
        memcpy(row.from, owing->bela.at, VL_HASH_LEN);
        assert_err(vl_store_put_letter_bytes(home->store, &row, vl_bytes_of(&i, sizeof i), &is_new,
                                             &why),
                   VL_OK, &why);
    }
    qsort(owing->numbers, LETTERS, VL_HASH_LEN, by_number);
}

/* One act over all of them, which answers nothing that is known. */
static void sign(struct owing *owing, struct vl_home *home)
{
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    struct vl_transferred act = {.act = {.capacity = VL_CAPACITY_CARRIER},
                                 .has_taker = true,
                                 .taker = {{3}},
                                 .handover = {1}};
    struct vl_signer signer;
    struct vl_why why = {""};

    assert_err(vl_home_unlock(home, &nobody, &why), VL_OK, &why);
    assert_err(vl_home_signer(home, NOW, &signer, &why), VL_OK, &why);
    for (size_t i = 0; i < LETTERS; i++) {
        struct vl_custody_leaf leaf = {.has_waybill = true, .waybill = {1}};

        memcpy(leaf.number, owing->numbers[i], VL_HASH_LEN);
        assert_err(vl_batch_add_custody(&tree, &leaf, &why), VL_OK, &why);
        assert_int_equal(vl_buf_put(&leaves, VL_ARRAY(leaf.number)), VL_OK);
        assert_int_equal(vl_buf_put(&leaves, VL_ARRAY(leaf.waybill)), VL_OK);
    }
    act.batch = vl_batch_of(&tree);
    assert_err(vl_transferred_write(&signer, &act, &wire, owing->act, &why), VL_OK, &why);
    assert_err(vl_own_act_keep(home, vl_buf_bytes(&wire), vl_buf_bytes(&leaves), NOW, &why), VL_OK,
               &why);
    assert_err(vl_owe(home->store, owing->bela.at, owing->act, &why), VL_OK, &why);
}

static struct owing *enter(void)
{
    struct owing *owing = calloc(1, sizeof *owing);
    struct vl_why why = {""};

    assert_non_null(owing);
    place_open(&owing->place);
    init(&owing->place, "alma");
    init(&owing->place, "bela");
    introduce(&owing->place, "alma", "bela");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&owing->place, "alma");
        VL_AUTO(vl_office_row_release) struct vl_office_row row = office_row(&home, "bela");

        memcpy(owing->bela.at, row.office, VL_HASH_LEN);
        assert_err(vl_store_begin(home.store, &why), VL_OK, &why);
        put_letters(owing, &home);
        sign(owing, &home);
        assert_err(vl_store_commit(home.store, &why), VL_OK, &why);
    }
    return owing;
}

static void leave(struct owing *owing)
{
    place_close(&owing->place);
    free(owing);
}

/* Another stick, with so much room; how many bags are on it then. */
static size_t send(struct owing *owing, uint64_t room, enum vl_err wanted)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&owing->place, "alma");
    const struct vl_rng rng = vl_rng_system();
    struct vl_signer signer;
    struct vl_evidence_bags bags = {
        .home = &home, .signer = &signer, .now_s = NOW, .rng = &rng, .room_bytes = room};
    struct vl_why why = {""};
    char name[32];

    (void)snprintf(name, sizeof name, "stick-%u", ++owing->sticks);
    make_stick(&owing->place, name);
    assert_err(vl_home_unlock(&home, &nobody, &why), VL_OK, &why);
    assert_err(vl_home_signer(&home, NOW, &signer, &why), VL_OK, &why);
    assert_err(vl_stick_begin(&home, in(&owing->place, name).text, &rng, true, &bags.stick, &why),
               VL_OK, &why);
    assert_err(vl_evidence_bags_write(&bags, &why), wanted, &why);
    vl_stick_close(bags.stick);
    return files_in_bags(&owing->place, name, "000001.bundles", NULL);
}

/* bela takes the last stick into a home that knows nothing yet, and so only this one's leaves. */
static size_t leaves_on_it(struct owing *owing)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    char stick[32], name[32];
    struct vl_why why = {""};
    size_t count = 0;

    (void)snprintf(stick, sizeof stick, "stick-%u", owing->sticks);
    (void)snprintf(name, sizeof name, "bela-%u", owing->sticks);
    copy_home(&owing->place, "bela", name);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&owing->place, name);

        /* Its own letters, without which an act about them is none of its business. */
        assert_err(vl_store_begin(home.store, &why), VL_OK, &why);
        put_letters(owing, &home);
        assert_err(vl_store_commit(home.store, &why), VL_OK, &why);
        assert_err(try_take_stick(&owing->place, &home, stick, NOW, &taken, &why), VL_OK, &why);
        for (size_t i = 0; i < LETTERS; i++) {
            VL_AUTO(vl_buf_release) struct vl_buf leaf = VL_BUF_INIT(1000);
            VL_AUTO(vl_buf_release) struct vl_buf tie = VL_BUF_INIT(5000);
            struct vl_tree_path path;
            struct vl_acts_place place = {.leaf = &leaf, .path = &path};
            enum vl_err err =
                vl_store_tie(home.store, VL_TIE_LEAF, owing->numbers[i], owing->act, &tie, &why);

            if (err == VL_ERR_NOT_FOUND)
                err = vl_acts_place_find(home.store, owing->act, owing->numbers[i], &place, &why);
            assert_err(err, VL_OK, &why);
            if (tie.len > 0 || place.has) {
                owing->seen[i]++;
                count++;
            }
        }
    }
    return count;
}

static size_t least(const struct owing *owing)
{
    size_t found = SIZE_MAX;

    for (size_t i = 0; i < LETTERS; i++)
        found = owing->seen[i] < found ? owing->seen[i] : found;
    return found;
}

static size_t most(const struct owing *owing)
{
    size_t found = 0;

    for (size_t i = 0; i < LETTERS; i++)
        found = owing->seen[i] > found ? owing->seen[i] : found;
    return found;
}

static void a_small_stick_goes_on_where_the_last_one_ended(void **state)
{
    struct owing *owing = enter();
    size_t sticks = 0;

    (void)state;
    while (least(owing) == 0) {
        assert_true(send(owing, 380000, sticks < 2 ? VL_ERR_NO_SPACE : VL_OK) > 0);
        assert_true(leaves_on_it(owing) > 250);
        sticks++;
    }
    /* Each once: nothing began again before all of it was there. */
    assert_int_equal(most(owing), 1);
    assert_true(sticks >= 3 && sticks <= 6);
    leave(owing);
}

/* Nobody says that a stick was lost; so each leaf goes as often as acts do. */
static void a_stick_that_is_lost_is_made_up_for_by_those_that_follow(void **state)
{
    struct owing *owing = enter();
    unsigned rounds = 0;

    (void)state;
    assert_true(send(owing, 380000, VL_ERR_NO_SPACE) > 0); /* lost */
    while (send(owing, 3800000, VL_OK) > 0) {
        rounds++;
        (void)leaves_on_it(owing);
    }
    assert_int_equal(rounds, VL_OWED_TIMES);
    assert_int_equal(least(owing), VL_OWED_TIMES - 1); /* of what was on the lost one */
    assert_int_equal(most(owing), VL_OWED_TIMES);
    leave(owing);
}

static void a_stick_with_no_room_changes_nothing(void **state)
{
    struct owing *owing = enter();

    (void)state;
    assert_int_equal(send(owing, 1000, VL_ERR_NO_SPACE), 0);
    assert_int_equal(send(owing, 70000, VL_ERR_NO_SPACE), 0);
    assert_int_equal(send(owing, 3800000, VL_OK), 1);
    assert_int_equal(leaves_on_it(owing), LETTERS);
    leave(owing);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_small_stick_goes_on_where_the_last_one_ended),
        cmocka_unit_test(a_stick_that_is_lost_is_made_up_for_by_those_that_follow),
        cmocka_unit_test(a_stick_with_no_room_changes_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
