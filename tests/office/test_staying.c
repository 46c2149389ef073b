/* SPDX-License-Identifier: Apache-2.0 */
/* Many letters under one signature, left on their stick by a courier, and handed on without the
 * rest of them: whoever takes them knows who wrote them. */
#include "carrying.h"

#include "office/acts.h"
#include "office/sending.h"

#define ALL 300
/* With more than 256 letters no evidence about each of them goes along. */
#define SOME 280

struct batch {
    struct place place;
    size_t count;
    struct number letters[ALL]; /* in the order of the list */
};

static void note_letter(void *self, size_t index, const uint8_t number[VL_HASH_LEN], uint64_t size)
{
    struct batch *batch = self;

    (void)size;
    batch->letters[index] = number_of(number);
    batch->count++;
}

/* alma writes so many letters to bela under one signature. */
static void write_batch(struct batch *batch)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&batch->place, "alma");
    struct path path = in(&batch->place, "text");
    struct vl_batch_item items[ALL] = {{.path = NULL}};
    const char *to = "bela";
    const struct vl_write_request request = {
        .offices = &to, .office_count = 1, .now_s = NOW, .asker = nobody, .rng = vl_rng_system()};
    struct vl_why why = {""};
    bool kept = false;

    put_bytes(&batch->place, "text", VL_LITERAL("one of many\n"));
    for (size_t i = 0; i < ALL; i++)
        items[i].path = path.text;
    assert_err(vl_write_batch(&home, &request, items, ALL, note_letter, batch, &kept, &why), VL_OK,
               &why);
    assert_int_equal(batch->count, ALL);
}

/* ... which all lie on a stick that cora carries on. */
static void enter(struct batch *batch)
{
    memset(batch, 0, sizeof *batch);
    place_open(&batch->place);
    init(&batch->place, "alma");
    init(&batch->place, "bela");
    init(&batch->place, "cora");
    introduce(&batch->place, "alma", "bela");
    introduce(&batch->place, "alma", "cora");
    introduce(&batch->place, "bela", "cora");
    write_batch(batch);
    make_stick(&batch->place, "stick");
}

static void leave(struct batch *batch)
{
    assert_sound(&batch->place, "alma");
    assert_sound(&batch->place, "bela");
    assert_sound(&batch->place, "cora");
    place_close(&batch->place);
}

/* Letters from `first` on, so many; all that wait for 0. */
static void hands(const struct batch *batch, const char *from, const char *to, size_t first,
                  size_t count)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&batch->place, from);
    VL_AUTO(vl_handed_release) struct vl_handed handed = {0};
    const struct path path = in(&batch->place, "stick");
    const char *letters[ALL];
    const struct vl_hand_request request = {.office = to,
                                            .stick = path.text,
                                            .letters = letters,
                                            .letter_count = count,
                                            .all = true,
                                            .now_s = NOW,
                                            .asker = nobody,
                                            .rng = vl_rng_system()};
    struct vl_why why = {""};

    for (size_t i = 0; i < count; i++)
        letters[i] = batch->letters[first + i].text;
    assert_err(vl_hand(&home, &request, &handed, &why), VL_OK, &why);
    assert_int_equal(handed.letter_count, count ? count : ALL);
}

struct seen {
    size_t taken, vouched, stays;
};

static struct seen takes_them(const struct batch *batch, const char *name, bool leave,
                              enum vl_err wanted)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&batch->place, name);
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    const struct path path = in(&batch->place, "stick");
    const struct vl_take_stick_request request = {
        .stick = path.text, .leave = leave, .now_s = NOW, .asker = nobody, .rng = vl_rng_system()};
    struct seen seen = {0, 0, 0};
    struct vl_why why = {""};

    assert_err(vl_take_stick(&home, &request, &taken, &why), wanted, &why);
    for (size_t i = 0; i < taken.bag_count; i++)
        for (size_t k = 0; k < taken.bags[i].letter_count; k++) {
            seen.taken += taken.bags[i].letters[k].taken;
            seen.vouched += taken.bags[i].letters[k].taken && taken.bags[i].letters[k].vouched;
            seen.stays += taken.bags[i].letters[k].stays;
        }
    return seen;
}

/* What bela keeps of a letter proves its waybill to anybody. */
static void assert_proves(const struct batch *batch, const char *name, size_t index)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&batch->place, name);
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&home, &batch->letters[index]);
    VL_AUTO(vl_path_cache_release) struct vl_path_cache cache = VL_PATH_CACHE_INIT;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_tree_path path;
    struct vl_sealed act;
    struct vl_why why = {""};

    assert_true(row.has_sealed);
    assert_err(vl_letter_path(home.store, &row, &cache, &path, &why), VL_OK, &why);
    assert_err(vl_acts_read(home.store, row.sealed, &object, &why), VL_OK, &why);
    assert_err(vl_sealed_read(&object, &act, &why), VL_OK, &why);
    assert_int_equal(act.count, ALL);
    assert_err(vl_sealed_has(&act, row.waybill, row.leaf_index, &path, &why), VL_OK, &why);
}

static void some_of_a_batch_are_vouched_for_by_what_lies_beside_them(void **state)
{
    struct batch batch;
    struct seen seen;

    (void)state;
    enter(&batch);
    hands(&batch, "alma", "cora", 0, 0);
    seen = takes_them(&batch, "cora", true, VL_OK);
    assert_int_equal(seen.stays, ALL);
    assert_int_equal(seen.vouched, ALL);
    hands(&batch, "cora", "bela", 0, SOME);
    seen = takes_them(&batch, "bela", false, VL_OK);
    assert_int_equal(seen.taken, SOME);
    assert_int_equal(seen.vouched, SOME);
    assert_proves(&batch, "bela", 0);
    assert_proves(&batch, "bela", SOME - 1);
    /* The others come later, and are under the same signature. */
    hands(&batch, "cora", "bela", SOME, ALL - SOME);
    seen = takes_them(&batch, "bela", false, VL_OK);
    assert_int_equal(seen.taken, ALL - SOME);
    assert_int_equal(seen.vouched, ALL - SOME);
    assert_proves(&batch, "bela", 1);
    assert_proves(&batch, "bela", ALL - 1);
    leave(&batch);
}

/* dora carries them from cora to bela, on the same stick. */
static void also_from_one_courier_to_the_next(void **state)
{
    struct batch batch;
    struct seen seen;

    (void)state;
    enter(&batch);
    init(&batch.place, "dora");
    introduce(&batch.place, "cora", "dora");
    introduce(&batch.place, "bela", "dora");
    hands(&batch, "alma", "cora", 0, 0);
    (void)takes_them(&batch, "cora", true, VL_OK);
    hands(&batch, "cora", "dora", 10, SOME);
    seen = takes_them(&batch, "dora", true, VL_OK);
    assert_int_equal(seen.vouched, SOME);
    assert_int_equal(seen.stays, SOME);
    assert_proves(&batch, "dora", 10);
    hands(&batch, "dora", "bela", 20, SOME - 10);
    seen = takes_them(&batch, "bela", false, VL_OK);
    assert_int_equal(seen.vouched, SOME - 10);
    assert_proves(&batch, "bela", 20);
    leave(&batch);
}

/* An altered envelope is the fault of one letter; its waybill is as it was. */
static void an_altered_letter_takes_nothing_from_the_others(void **state)
{
    struct batch batch;
    struct path segment = {""};
    struct seen seen;

    (void)state;
    enter(&batch);
    hands(&batch, "alma", "bela", 0, 0);
    assert_int_equal(files_in_bags(&batch.place, "stick", "000001.bundles", &segment), 1);
    flip(&segment, -100); /* in the last envelope */
    seen = takes_them(&batch, "bela", false, VL_ERR_PARTIAL);
    assert_int_equal(seen.taken, ALL - 1);
    assert_int_equal(seen.vouched, ALL - 1);
    leave(&batch);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(some_of_a_batch_are_vouched_for_by_what_lies_beside_them),
        cmocka_unit_test(also_from_one_courier_to_the_next),
        cmocka_unit_test(an_altered_letter_takes_nothing_from_the_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
