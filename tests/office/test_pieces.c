/* SPDX-License-Identifier: Apache-2.0 */
/* Large letters on small sticks: slices go, are signed for, and become the letter (PROTOCOL 14). */
#include "homes.h"

#include "office/hand.h"
#include "office/hand_pieces.h"
#include "office/pieces.h"
#include "office/stick_show.h"
#include "office/take_stick.h"

/* Three slices, and room for one. */
#define CONTENT_LEN ((size_t)36 << 20)
#define ROOM        ((uint64_t)20 << 20)

/* Two slices, the second a short one, and room for the first. */
#define SHORT_LEN  (((size_t)16 << 20) + 2000000)
#define SHORT_ROOM ((uint64_t)17 << 20)

static struct number write_from(const struct place *place, size_t len, uint64_t pieces_from)
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
                                             .pieces_from = pieces_from,
                                             .now_s = NOW,
                                             .asker = nobody,
                                             .rng = vl_rng_system()};
    struct vl_written written = {.size = 0};
    struct vl_why why = {""};
    uint8_t *at = NULL;

    assert_int_equal(vl_buf_add(&content, len, &at), VL_OK);
    assert_int_equal(vl_rng_fill(&rng, at, len), VL_OK);
    put_bytes(place, "film.raw", vl_buf_bytes(&content));
    assert_err(vl_write(&home, &request, &written, &why), VL_OK, &why);
    return number_of(written.number);
}

static struct number write_of(const struct place *place, size_t len)
{
    return write_from(place, len, 1);
}

static struct number write_large(const struct place *place)
{
    return write_of(place, CONTENT_LEN);
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

/* --- beside letters like others --------------------------------------------------------------- */

/* How many of the letters that came with the one bag are here as letters. */
static size_t takes(const struct place *place, const char *stick)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct vl_why why = {""};
    size_t count = 0;

    assert_err(try_take_stick(place, "bela", stick, &taken, &why), VL_OK, &why);
    for (size_t i = 0; i < taken.bag_count; i++)
        for (size_t k = 0; k < taken.bags[i].letter_count; k++)
            count += taken.bags[i].letters[k].taken;
    return count;
}

static void a_large_letter_is_in_the_way_of_no_small_one(void **state)
{
    struct place place;
    struct number large, small;

    (void)state;
    enter(&place, &large);
    small = write_letter(&place, "alma", "bela", "small");
    for (int turn = 0; turn < 2; turn++) {
        VL_AUTO(vl_handed_release) struct vl_handed handed = {0};
        struct vl_why why = {""};
        const char *stick = turn ? "larger" : "small";
        /* Not one slice fits; then one does. */
        const struct handing plan = {.stick = stick,
                                     .pieces = true,
                                     .again = true,
                                     .room = turn ? ROOM : 1 << 20};

        assert_err(try_hand(&place, &plan, &handed, &why), turn ? VL_OK : VL_ERR_PARTIAL, &why);
        assert_int_equal(handed.letter_count, turn ? 2 : 1);
        assert_int_equal(handed.no_room, turn ? 0 : 1);
        assert_int_equal(way_of(&place, &small), VL_WAY_HANDED);
        assert_int_equal(way_of(&place, &large), VL_WAY_WAITING);
        assert_int_equal(takes(&place, stick), 1);
        assert_int_equal(partials_of(&place), turn ? 1001 : 0);
    }
    assert_sound(&place, "bela");
    place_close(&place);
}

/* On a stick that takes files of so many bytes and has room for everything. */
static void fit(const struct place *place, uint64_t file_max, struct vl_hand_choice *choice,
                struct vl_handed *handed, enum vl_err expected)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, "alma");
    const struct vl_hand_request request = {.office = "bela", .now_s = NOW, .asker = nobody};
    const struct vl_stick_space space = {.free_bytes = UINT64_MAX / 2,
                                         .cluster = 4096,
                                         .file_max = file_max};
    struct vl_why why = {""};

    assert_err(vl_hand_choose(&home, &request, choice, handed, &why), VL_OK, &why);
    assert_err(vl_hand_fit(&home, &request, &space, 0, choice, handed, &why), expected, &why);
}

static void one_that_is_longer_than_a_file_may_be_goes_in_slices_or_stays(void **state)
{
    struct place place;
    struct number whole, slices, small;

    (void)state;
    place_open(&place);
    two_offices(&place);
    whole = write_from(&place, SHORT_LEN, 0); /* in no slices */
    {
        VL_AUTO(vl_hand_choice_release) struct vl_hand_choice choice = VL_HAND_CHOICE_INIT;
        VL_AUTO(vl_handed_release) struct vl_handed handed = {0};

        fit(&place, SHORT_ROOM, &choice, &handed, VL_ERR_REFUSED);
        assert_int_equal(handed.too_long, 1);
    }
    slices = write_of(&place, SHORT_LEN);
    small = write_letter(&place, "alma", "bela", "small");
    {
        VL_AUTO(vl_hand_choice_release) struct vl_hand_choice choice = VL_HAND_CHOICE_INIT;
        VL_AUTO(vl_handed_release) struct vl_handed handed = {0};

        fit(&place, SHORT_ROOM, &choice, &handed, VL_OK);
        assert_int_equal(handed.too_long, 1);
        assert_int_equal(handed.letter_count, 2);
        assert_int_equal(choice.count, 2);
        for (size_t i = 0; i < choice.count; i++) {
            const struct vl_bag_letter *letter = &choice.letters[i];

            assert_memory_not_equal(letter->number, whole.at, VL_HASH_LEN);
            assert_int_equal(letter->in_slices,
                             memcmp(letter->number, slices.at, VL_HASH_LEN) == 0);
            assert_int_equal(letter->now.used, letter->in_slices ? 2 : 0);
            assert_true(letter->in_slices || memcmp(letter->number, small.at, VL_HASH_LEN) == 0);
        }
    }
    place_close(&place);
}

/* --- taken twice, and cleaned away ------------------------------------------------------------ */

/* Names in this folder of the place; none where there is no such folder. */
static size_t names_in(const struct place *place, const char *name)
{
    DIR *list = opendir(in(place, name).text);
    const struct dirent *entry;
    size_t count = 0;

    while (list && (entry = readdir(list)) != NULL)
        count += entry->d_name[0] != '.';
    if (list)
        (void)closedir(list);
    return count;
}

/* Nothing of it is on the way into a home any more. */
static void assert_no_orphans(const struct place *place, const char *office)
{
    static const char *const folders[] = {"letters/parts", "letters/new", "tmp"};

    for (size_t i = 0; i < sizeof folders / sizeof *folders; i++) {
        char name[80];

        (void)snprintf(name, sizeof name, "%s/%s", office, folders[i]);
        assert_int_equal(names_in(place, name), 0);
    }
}

static void assert_known_before(const struct place *place, const char *stick)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    const uint64_t acts = size_of(place, "bela").objects, partials = partials_of(place);
    char bags[80];
    struct vl_why why = {""};
    size_t before;

    (void)snprintf(bags, sizeof bags, "%s/VALISE/bags", stick);
    before = names_in(place, bags);
    assert_err(try_take_stick(place, "bela", stick, &taken, &why), VL_OK, &why);
    assert_int_equal(taken.bag_count, 1);
    assert_true(taken.bags[0].known_before);
    assert_int_equal(taken.bags[0].letter_count, 0);
    assert_int_equal(size_of(place, "bela").objects, acts);
    assert_int_equal(partials_of(place), partials);
    assert_int_equal(names_in(place, bags), before); /* nor is it said again */
}

static struct vl_stick_cleaned clean(const struct place *place, const char *office,
                                     const char *stick, int64_t evidence_before_s)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, office);
    const struct path path = in(place, stick);
    const struct vl_stick_clean_request request = {.path = path.text,
                                                   .evidence_before_s = evidence_before_s};
    struct vl_stick_cleaned cleaned;
    struct vl_why why = {""};

    assert_err(vl_stick_clean(&home, &request, &cleaned, &why), VL_OK, &why);
    return cleaned;
}

/* Of a letter of two slices one goes. */
static void hand_one_of_two(const struct place *place, const struct handing *plan)
{
    VL_AUTO(vl_handed_release) struct vl_handed handed = {0};
    struct vl_why why = {""};

    assert_err(try_hand(place, plan, &handed, &why), VL_OK, &why);
    assert_int_equal(handed.letter_count, 1);
    assert_int_equal(handed.letters[0].slices, 1);
    assert_int_equal(handed.letters[0].slices_of, 2);
}

static void slices_are_signed_for_once_and_go_from_the_stick(void **state)
{
    struct place place;
    struct number number;
    struct vl_stick_letter letter;

    (void)state;
    place_open(&place);
    two_offices(&place);
    number = write_of(&place, SHORT_LEN);
    for (int turn = 0; turn < 2; turn++) {
        const char *stick = turn ? "two" : "one";
        char bags[80];

        hand_one_of_two(&place, &(struct handing){.stick = stick,
                                                  .pieces = true,
                                                  .room = turn ? 0 : SHORT_ROOM});
        assert_int_equal(clean(&place, "alma", stick, 0).waiting, 1); /* nobody signed for it */
        letter = take_slices(&place, stick);
        assert_int_equal(letter.taken, turn == 1);
        assert_known_before(&place, stick);
        /* What was answered goes, and only after the answer was seen. */
        assert_int_equal(clean(&place, "alma", stick, 0).answered, 0);
        take_answer(&place, stick);
        assert_known_before(&place, stick);
        assert_int_equal(clean(&place, "bela", stick, 0).others, 1);
        assert_int_equal(clean(&place, "alma", stick, 0).answered, 1);
        assert_int_equal(clean(&place, "bela", stick, NOW + 1).evidence, 1);
        (void)snprintf(bags, sizeof bags, "%s/VALISE/bags", stick);
        assert_int_equal(names_in(&place, bags), 0);
    }
    assert_int_equal(way_of(&place, &number), VL_WAY_RECEIPTED);
    assert_whole(&place, &number);
    assert_no_orphans(&place, "alma");
    assert_no_orphans(&place, "bela");
    place_close(&place);
}

/* A stick whose copy was taken, after the letter is whole. */
static void an_old_picture_of_a_stick_brings_no_slices_back(void **state)
{
    struct place place;
    struct number number;

    (void)state;
    place_open(&place);
    two_offices(&place);
    number = write_of(&place, SHORT_LEN);
    hand_one_of_two(&place, &(struct handing){.stick = "one", .pieces = true, .room = SHORT_ROOM});
    copy_home(&place, "one", "picture");
    (void)take_slices(&place, "one");
    hand_one_of_two(&place, &(struct handing){.stick = "two"});
    assert_true(take_slices(&place, "two").taken);
    assert_known_before(&place, "picture");
    assert_int_equal(partials_of(&place), 0);
    assert_no_orphans(&place, "bela");
    assert_whole(&place, &number);
    place_close(&place);
}

/* --- memory runs out -------------------------------------------------------------------------- */

struct use {
    struct place place;
    struct number number;
    const char *stick;
    uint64_t before; /* slices that are there before this stick */
};

/* From here on memory is there again: to look at what was left. */
static void look(void)
{
    vl_alloc_fail_after(-1);
}

static size_t bags_on(const struct place *place, const char *stick)
{
    char line[900];
    FILE *out;
    int count = -1;

    (void)snprintf(line, sizeof line, "find '%s/VALISE/bags' -name list.cose 2>&- | wc -l",
                   in(place, stick).text);
    out = popen(line, "r"); /* NOLINT(cert-env33-c): names of this test's own */
    assert_non_null(out);
    assert_int_equal(fscanf(out, "%d", &count), 1); /* NOLINT(cert-err34-c) */
    (void)pclose(out);
    return (size_t)count;
}

static enum vl_err hand_some(void *self, struct vl_why *why)
{
    struct use *use = self;
    struct vl_handed handed = {0};
    struct vl_home home = VL_HOME_INIT;
    const struct path stick = in(&use->place, use->stick);
    const struct vl_hand_request request = {.office = "bela",
                                            .stick = stick.text,
                                            .again = use->before > 0,
                                            .now_s = NOW,
                                            .asker = nobody,
                                            .rng = vl_rng_system()};
    enum vl_err err = try_home(&use->place, "alma", &home, why);

    if (!err)
        err = vl_hand(&home, &request, &handed, why);
    if (!err) {
        assert_int_equal(handed.letter_count, 1);
        assert_int_equal(handed.letters[0].slices, 1);
        assert_int_equal(handed.letters[0].slices_before, 1);
    }
    vl_handed_release(&handed);
    vl_home_close(&home);
    look();
    assert_int_equal(bags_on(&use->place, use->stick), err ? 0 : 1);
    assert_true(way_of(&use->place, &use->number) <= VL_WAY_HANDED);
    return err;
}

static enum vl_err take_some(void *self, struct vl_why *why)
{
    struct use *use = self;
    struct vl_taken_stick taken = {0};
    struct vl_home home = VL_HOME_INIT;
    const struct path stick = in(&use->place, use->stick);
    const struct vl_take_stick_request request = {.stick = stick.text,
                                                  .now_s = NOW,
                                                  .asker = nobody,
                                                  .rng = vl_rng_system()};
    uint64_t letters;
    enum vl_err err = try_home(&use->place, "bela", &home, why);

    if (!err)
        err = vl_take_stick(&home, &request, &taken, why);
    /* Taken and signed for, and the answer waits for the next stick. */
    if (err == VL_ERR_PARTIAL && taken.answer_err == VL_ERR_NO_MEMORY)
        err = VL_ERR_NO_MEMORY;
    vl_taken_stick_release(&taken);
    vl_home_close(&home);
    look();
    letters = size_of(&use->place, "bela").letters;
    if (use->before > 0)
        assert_int_equal(partials_of(&use->place), letters > 0 ? 0 : 1000 + use->before);
    else
        assert_true(partials_of(&use->place) == 1001 || (partials_of(&use->place) == 0 && err));
    /* What is said to be signed for is there. */
    if (bags_on(&use->place, use->stick) > 1)
        assert_true(use->before == 0 ? partials_of(&use->place) == 1001 : letters == 1);
    return err;
}

static void use_open(struct use *use, const char *stick, uint64_t before)
{
    *use = (struct use){.stick = stick, .before = before};
    place_open(&use->place);
    two_offices(&use->place);
    use->number = write_of(&use->place, SHORT_LEN);
}

/* The first slice is on its way with somebody else, so that the short one goes first. */
static void first_slice_went(const struct use *use)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&use->place, "alma");
    VL_AUTO(vl_office_row_release) struct vl_office_row bela = office_row(&home, "bela");
    VL_AUTO(vl_slice_set_release) struct vl_slice_set went = VL_SLICE_SET_INIT;
    struct vl_why why = {""};

    assert_int_equal(vl_slice_set_make(&went, 2), VL_OK);
    vl_slice_set_add(&went, 0);
    assert_err(vl_store_begin(home.store, &why), VL_OK, &why);
    assert_err(vl_pieces_keep_went(home.store, use->number.at, bela.office, &went, &why), VL_OK,
               &why);
    assert_err(vl_store_commit(home.store, &why), VL_OK, &why);
}

static void with_each_allocation_failing_once_no_first_slice_is_half_there(void **state)
{
    struct use use;

    (void)state;
    use_open(&use, "one", 0);
    first_slice_went(&use);
    assert_int_equal(mkdir(in(&use.place, "one").text, 0700), 0);
    assert_true(each_allocation_fails(hand_some, &use) > 50);
    assert_true(each_allocation_fails(take_some, &use) > 50);
    assert_sound(&use.place, "bela");
    take_answer(&use.place, "one");
    /* The other one was signed for by nobody. */
    hand_one_of_two(&use.place, &(struct handing){.stick = "two", .again = true});
    assert_true(take_slices(&use.place, "two").taken);
    assert_whole(&use.place, &use.number);
    assert_no_orphans(&use.place, "alma");
    assert_no_orphans(&use.place, "bela");
    place_close(&use.place);
}

static void with_each_allocation_failing_once_no_letter_is_half_there(void **state)
{
    struct use use;

    (void)state;
    use_open(&use, "two", 1);
    hand_one_of_two(&use.place,
                    &(struct handing){.stick = "one", .pieces = true, .room = SHORT_ROOM});
    (void)take_slices(&use.place, "one");
    take_answer(&use.place, "one");
    assert_int_equal(mkdir(in(&use.place, "two").text, 0700), 0);
    assert_true(each_allocation_fails(hand_some, &use) > 50);
    assert_true(each_allocation_fails(take_some, &use) > 50);
    take_answer(&use.place, "two");
    assert_int_equal(way_of(&use.place, &use.number), VL_WAY_RECEIPTED);
    assert_int_equal(size_of(&use.place, "bela").letters, 1);
    assert_whole(&use.place, &use.number);
    assert_no_orphans(&use.place, "alma");
    assert_no_orphans(&use.place, "bela");
    assert_sound(&use.place, "alma");
    assert_sound(&use.place, "bela");
    assert_int_equal(clean(&use.place, "alma", "one", 0).answered, 1);
    assert_int_equal(clean(&use.place, "alma", "two", 0).answered, 1);
    place_close(&use.place);
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
        cmocka_unit_test(a_large_letter_is_in_the_way_of_no_small_one),
        cmocka_unit_test(one_that_is_longer_than_a_file_may_be_goes_in_slices_or_stays),
        cmocka_unit_test(slices_are_signed_for_once_and_go_from_the_stick),
        cmocka_unit_test(an_old_picture_of_a_stick_brings_no_slices_back),
        cmocka_unit_test(with_each_allocation_failing_once_no_first_slice_is_half_there),
        cmocka_unit_test(with_each_allocation_failing_once_no_letter_is_half_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
