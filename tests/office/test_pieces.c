/* SPDX-License-Identifier: Apache-2.0 */
/* Large letters on small sticks: slices go, are signed for, and become the letter (PROTOCOL 14). */
#include "homes.h"

#include <fcntl.h>

#include "office/hand.h"
#include "office/pieces.h"
#include "office/take_stick.h"

/* Three slices, and room for one. */
#define CONTENT_LEN ((size_t)36 << 20)
#define ROOM        ((uint64_t)20 << 20)

static struct number write_large(const struct place *place)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, "alma");
    VL_AUTO(vl_buf_release) struct vl_buf content = VL_BUF_INIT(SIZE_MAX);
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 7);
    const char *offices[] = {"bela"};
    const struct path path = in(place, "film.raw");
    const char *attachments[] = {path.text};
    const struct vl_write_request request = {.offices = offices,
                                             .office_count = 1,
                                             .attachments = attachments,
                                             .attachment_count = 1,
                                             .pieces_from = 1,
                                             .now_s = NOW,
                                             .asker = nobody,
                                             .rng = vl_rng_system()};
    struct vl_written written = {.size = 0};
    struct vl_why why = {""};
    uint8_t *at = NULL;

    assert_int_equal(vl_buf_add(&content, CONTENT_LEN, &at), VL_OK);
    assert_int_equal(vl_rng_fill(&rng, at, CONTENT_LEN), VL_OK);
    put_bytes(place, "film.raw", vl_buf_bytes(&content));
    assert_err(vl_write(&home, &request, &written, &why), VL_OK, &why);
    return number_of(written.number);
}

struct handing {
    const char *stick;
    bool pieces;
    bool again;
    uint64_t room;
};

static enum vl_err try_hand(const struct place *place, const struct handing *plan,
                            struct vl_handed *handed, struct vl_why *why)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, "alma");
    const struct path stick = in(place, plan->stick);
    const struct vl_hand_request request = {.office = "bela",
                                            .stick = stick.text,
                                            .pieces = plan->pieces,
                                            .again = plan->again,
                                            .room_bytes = plan->room,
                                            .now_s = NOW,
                                            .asker = nobody,
                                            .rng = vl_rng_system()};

    (void)mkdir(stick.text, 0700);
    return vl_hand(&home, &request, handed, why);
}

/* How many slices went. */
static void hand_slices(const struct place *place, const struct handing *plan, uint64_t before,
                        uint64_t now)
{
    VL_AUTO(vl_handed_release) struct vl_handed handed = {0};
    struct vl_why why = {""};

    assert_err(try_hand(place, plan, &handed, &why), VL_OK, &why);
    assert_int_equal(handed.letter_count, 1);
    assert_int_equal(handed.letters[0].slices_of, 3);
    assert_int_equal(handed.letters[0].slices_before, before);
    assert_int_equal(handed.letters[0].slices, now);
}

static enum vl_err try_take_stick(const struct place *place, const char *office, const char *stick,
                                  struct vl_taken_stick *taken, struct vl_why *why)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, office);
    const struct path path = in(place, stick);
    const struct vl_take_stick_request request = {.stick = path.text,
                                                  .now_s = NOW,
                                                  .asker = nobody,
                                                  .rng = vl_rng_system()};

    return vl_take_stick(&home, &request, taken, why);
}

/* The letter of the one bag with letters that was new. */
static struct vl_stick_letter take_slices_as(const struct place *place, const char *stick,
                                             enum vl_err expected)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct vl_stick_letter letter = {.size = 0};
    struct vl_why why = {""};

    assert_err(try_take_stick(place, "bela", stick, &taken, &why), expected, &why);
    for (size_t i = 0; i < taken.bag_count; i++)
        if (taken.bags[i].letter_count == 1)
            letter = taken.bags[i].letters[0];
    assert_true(letter.size > 0);
    return letter;
}

static struct vl_stick_letter take_slices(const struct place *place, const char *stick)
{
    return take_slices_as(place, stick, VL_OK);
}

static void take_answer(const struct place *place, const char *stick)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct vl_why why = {""};

    assert_err(try_take_stick(place, "alma", stick, &taken, &why), VL_OK, &why);
}

static unsigned way_of(const struct place *place, const struct number *number)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, "alma");
    struct vl_letter_row row = row_of(&home, number);
    unsigned way = row.way;

    vl_letter_row_release(&row);
    return way;
}

static void assert_whole(const struct place *place, const struct number *number)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, "bela");
    struct vl_opening opening;
    struct vl_why why = {""};

    assert_err(try_open(place, &home, number->text, NULL, &opening, &why), VL_OK, &why);
    assert_int_equal(opening.verdict, VL_VERDICT_OK);
    vl_opening_release(&opening);
}

static enum vl_err count_partial(void *self, const struct vl_partial *partial, struct vl_why *why)
{
    (void)why;
    *(uint64_t *)self += 1000 + partial->here;
    return VL_OK;
}

/* 1000 for each letter that is in slices, and 1 for each slice. */
static uint64_t partials_of(const struct place *place)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, "bela");
    struct vl_why why = {""};
    uint64_t sum = 0;

    assert_err(vl_partials(home.store, count_partial, &sum, &why), VL_OK, &why);
    return sum;
}

static void enter(struct place *place, struct number *number)
{
    place_open(place);
    two_offices(place);
    *number = write_large(place);
}

static void a_large_letter_goes_on_three_small_sticks(void **state)
{
    struct place place;
    struct number number;
    struct vl_handed handed = {0};
    struct vl_stick_letter letter;
    struct vl_why why = {""};

    (void)state;
    enter(&place, &number);
    assert_err(try_hand(&place, &(struct handing){.stick = "one", .room = ROOM}, &handed, &why),
               VL_ERR_NO_SPACE, &why);
    assert_says(&why, "--pieces puts what fits");
    vl_handed_release(&handed);

    hand_slices(&place, &(struct handing){.stick = "one", .pieces = true, .room = ROOM}, 0, 1);
    assert_int_equal(way_of(&place, &number), VL_WAY_WAITING);
    letter = take_slices(&place, "one");
    assert_false(letter.taken);
    assert_int_equal(letter.slices, 1);
    assert_int_equal(letter.slices_here, 1);
    assert_int_equal(partials_of(&place), 1001);
    assert_sound(&place, "bela");

    /* What was begun in slices goes on in slices. */
    hand_slices(&place, &(struct handing){.stick = "two", .room = ROOM}, 1, 1);
    letter = take_slices(&place, "two");
    assert_int_equal(letter.slices_here, 2);
    hand_slices(&place, &(struct handing){.stick = "three"}, 2, 1);
    assert_int_equal(way_of(&place, &number), VL_WAY_HANDED);
    letter = take_slices(&place, "three");
    assert_true(letter.taken && letter.is_new && letter.vouched);
    assert_int_equal(letter.kind, VL_KIND_RECEIPTED);
    assert_int_equal(partials_of(&place), 0);
    assert_whole(&place, &number);
    assert_sound(&place, "bela");

    take_answer(&place, "one");
    assert_int_equal(way_of(&place, &number), VL_WAY_HANDED);
    take_answer(&place, "three");
    assert_int_equal(way_of(&place, &number), VL_WAY_RECEIPTED);
    assert_sound(&place, "alma");
    place_close(&place);
}

static void slices_that_nobody_signed_for_go_again(void **state)
{
    struct place place;
    struct number number;
    struct vl_stick_letter letter;

    (void)state;
    enter(&place, &number);
    hand_slices(&place, &(struct handing){.stick = "lost", .pieces = true, .room = ROOM}, 0, 1);
    hand_slices(&place, &(struct handing){.stick = "two"}, 1, 2);
    letter = take_slices(&place, "two");
    assert_false(letter.taken);
    assert_int_equal(letter.slices_here, 2);
    take_answer(&place, "two");
    hand_slices(&place, &(struct handing){.stick = "again", .again = true}, 2, 1);
    letter = take_slices(&place, "again");
    assert_true(letter.taken);
    assert_whole(&place, &number);
    assert_sound(&place, "bela");
    place_close(&place);
}

/* A byte of the only file below this folder of a home. */
static void rot(const char *folder, off_t at)
{
    DIR *list = opendir(folder);
    const struct dirent *entry;
    char path[700] = "";
    uint8_t byte = 0;
    int fd;

    assert_non_null(list);
    while ((entry = readdir(list)) != NULL)
        if (entry->d_name[0] != '.')
            (void)snprintf(path, sizeof path, "%.300s/%.300s", folder, entry->d_name);
    (void)closedir(list);
    fd = open(path, O_RDWR);
    assert_true(fd >= 0);
    assert_int_equal(pread(fd, &byte, 1, at), 1);
    byte ^= 1;
    assert_int_equal(pwrite(fd, &byte, 1, at), 1);
    assert_int_equal(close(fd), 0);
}

static void a_slice_that_rots_here_is_asked_for_again(void **state)
{
    struct place place;
    struct number number;
    struct vl_taken_stick taken = {0};
    struct vl_handed handed = {0};
    struct vl_stick_letter letter;
    struct vl_why why = {""};

    (void)state;
    enter(&place, &number);
    hand_slices(&place, &(struct handing){.stick = "one", .pieces = true, .room = ROOM}, 0, 1);
    (void)take_slices(&place, "one");
    rot(in(&place, "bela/letters/parts").text, 12345);
    hand_slices(&place, &(struct handing){.stick = "two"}, 1, 2);
    assert_err(try_take_stick(&place, "bela", "two", &taken, &why), VL_ERR_PARTIAL, &why);
    assert_true(taken.bags[0].damaged);
    vl_taken_stick_release(&taken);
    assert_int_equal(partials_of(&place), 1002);
    /* With room for all of it, it goes whole: nobody has signed for a slice yet. */
    assert_err(try_hand(&place, &(struct handing){.stick = "again", .again = true}, &handed, &why),
               VL_OK, &why);
    assert_int_equal(handed.letters[0].slices_of, 0);
    vl_handed_release(&handed);
    letter = take_slices(&place, "again");
    assert_true(letter.taken && letter.slices == 0);
    assert_int_equal(partials_of(&place), 0);
    assert_whole(&place, &number);
    assert_sound(&place, "bela");
    place_close(&place);
}

static void attack_14_a_false_slice_is_not_kept(void **state)
{
    struct place place;
    struct number number;
    struct vl_taken_stick taken = {0};
    struct vl_why why = {""};
    char find[400], line[900];
    FILE *out;

    (void)state;
    enter(&place, &number);
    hand_slices(&place, &(struct handing){.stick = "one", .pieces = true, .room = ROOM}, 0, 1);
    (void)snprintf(find, sizeof find, "find '%s' -size +8M", in(&place, "one").text);
    out = popen(find, "r"); /* NOLINT(cert-env33-c): names of this test's own */
    assert_non_null(out);
    assert_non_null(fgets(line, sizeof line, out));
    (void)pclose(out);
    *strrchr(line, '/') = '\0';
    rot(line, 9000000);
    assert_true(try_take_stick(&place, "bela", "one", &taken, &why) != VL_OK);
    vl_taken_stick_release(&taken);
    assert_int_equal(partials_of(&place), 0);
    assert_sound(&place, "bela");
    place_close(&place);
}

/* PROTOCOL 7: a custodian drops its copy only on an answer. */
static void the_only_copy_is_not_forgotten_by_mistake(void **state)
{
    struct place place;
    struct number number;
    size_t count = 7;
    uint64_t bytes = 0;
    struct vl_why why = {""};

    (void)state;
    place_open(&place);
    two_offices(&place);
    number = write_letter(&place, "alma", "bela", "small");
    for (int step = 0; step < 3; step++) {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");
        struct vl_letter_row row = row_of(&home, &number);

        assert_err(vl_forget_check(&row, &why), step < 2 ? VL_ERR_REFUSED : VL_OK, &why);
        if (step < 2)
            assert_says(&why, step == 0 ? "it waits to be handed over" : "it was handed over, and");
        vl_letter_row_release(&row);
        assert_err(vl_done_count(&home, &count, &bytes, &why), VL_OK, &why);
        assert_int_equal(count, step < 2 ? 0 : 1);
        vl_home_close(&home);
        if (step == 0) {
            VL_AUTO(vl_handed_release) struct vl_handed handed = {0};

            assert_err(try_hand(&place, &(struct handing){.stick = "one"}, &handed, &why), VL_OK,
                       &why);
        } else if (step == 1) {
            (void)take_slices(&place, "one");
            take_answer(&place, "one");
        }
    }
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&place, "alma");
        struct vl_letter_row row = VL_LETTER_ROW_INIT;

        assert_err(vl_done_forget(&home, &why), VL_OK, &why);
        row = row_of(&home, &number);
        assert_true(row.forgotten);
        vl_letter_row_release(&row);
    }
    assert_sound(&place, "alma");
    place_close(&place);
}

static void a_lost_file_of_slices_is_no_end(void **state)
{
    struct place place;
    struct number number;
    struct vl_handed handed = {0};
    struct vl_stick_letter letter;
    struct vl_why why = {""};

    (void)state;
    enter(&place, &number);
    hand_slices(&place, &(struct handing){.stick = "one", .pieces = true, .room = ROOM}, 0, 1);
    (void)take_slices(&place, "one");
    remove_tree(in(&place, "bela/letters/parts").text);
    hand_slices(&place, &(struct handing){.stick = "two"}, 1, 2);
    letter = take_slices_as(&place, "two", VL_ERR_PARTIAL);
    assert_false(letter.taken);
    assert_int_equal(letter.slices_here, 2);
    take_answer(&place, "two");
    /* Each was signed for, and not the letter: all of it goes again. */
    assert_err(try_hand(&place, &(struct handing){.stick = "three", .again = true}, &handed, &why),
               VL_OK, &why);
    assert_int_equal(handed.letters[0].slices_of, 0);
    vl_handed_release(&handed);
    letter = take_slices(&place, "three");
    assert_true(letter.taken);
    assert_whole(&place, &number);
    assert_sound(&place, "bela");
    place_close(&place);
}

static void sets_of_slices_are_walked_in_ranges(void **state)
{
    VL_AUTO(vl_slice_set_release) struct vl_slice_set set = VL_SLICE_SET_INIT;
    struct vl_slices range;
    uint64_t at = 0;

    (void)state;
    assert_int_equal(vl_slice_set_make(&set, VL_SLICES_ALL + 1), VL_ERR_LIMIT);
    assert_int_equal(vl_slice_set_make(&set, 11), VL_OK);
    vl_slice_set_add(&set, 0);
    vl_slice_set_add(&set, 7);
    vl_slice_set_add(&set, 8);
    vl_slice_set_add(&set, 8);
    vl_slice_set_add(&set, 11); /* none of them */
    vl_slice_set_add(&set, 10);
    assert_int_equal(set.used, 4);
    assert_true(vl_slice_set_next(&set, &at, &range));
    assert_true(range.first == 0 && range.count == 1);
    assert_true(vl_slice_set_next(&set, &at, &range));
    assert_true(range.first == 7 && range.count == 2);
    assert_true(vl_slice_set_next(&set, &at, &range));
    assert_true(range.first == 10 && range.count == 1);
    assert_false(vl_slice_set_next(&set, &at, &range));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(sets_of_slices_are_walked_in_ranges),
        cmocka_unit_test(a_large_letter_goes_on_three_small_sticks),
        cmocka_unit_test(slices_that_nobody_signed_for_go_again),
        cmocka_unit_test(a_slice_that_rots_here_is_asked_for_again),
        cmocka_unit_test(attack_14_a_false_slice_is_not_kept),
        cmocka_unit_test(a_lost_file_of_slices_is_no_end),
        cmocka_unit_test(the_only_copy_is_not_forgotten_by_mistake),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
