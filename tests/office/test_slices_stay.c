/* SPDX-License-Identifier: Apache-2.0 */
/* A letter that is longer than a file on the stick may be lies there in slices, all of them: a
 * courier leaves them where they are, signs for the letter, and hands it on. */
#include "carrying.h"

#include "office/acts.h"
#include "office/answers.h"
#include "office/bag_out.h"
#include "office/evidence_bags.h"
#include "office/pieces.h"
#include "office/sending.h"

#define CONTENT_LEN ((size_t)36 << 20)
#define SLICES      3

/* alma writes to bela; cora carries. */
struct film {
    struct place place;
    struct number letter;
    struct vl_office_id cora;
};

static void write_film(struct film *film)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&film->place, "alma");
    VL_AUTO(vl_office_row_release) struct vl_office_row row = office_row(&home, "cora");
    VL_AUTO(vl_buf_release) struct vl_buf content = VL_BUF_INIT(SIZE_MAX);
    struct counter_rng counter;
    struct vl_rng rng = counter_rng(&counter, 9);
    const struct path path = in(&film->place, "film.raw");
    const char *offices[] = {"bela"}, *attachments[] = {path.text};
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

    memcpy(film->cora.at, row.office, VL_HASH_LEN);
    assert_int_equal(vl_buf_add(&content, CONTENT_LEN, &at), VL_OK);
    assert_int_equal(vl_rng_fill(&rng, at, CONTENT_LEN), VL_OK);
    put_bytes(&film->place, "film.raw", vl_buf_bytes(&content));
    assert_err(vl_write(&home, &request, &written, &why), VL_OK, &why);
    film->letter = number_of(written.number);
}

static void enter(struct film *film)
{
    memset(film, 0, sizeof *film);
    place_open(&film->place);
    init(&film->place, "alma");
    init(&film->place, "bela");
    init(&film->place, "cora");
    introduce(&film->place, "alma", "bela");
    introduce(&film->place, "alma", "cora");
    introduce(&film->place, "bela", "cora");
    write_film(film);
    make_stick(&film->place, "stick");
}

static void leave(struct film *film)
{
    assert_sound(&film->place, "bela");
    assert_sound(&film->place, "cora");
    place_close(&film->place);
}

/* A bag that is signed over to cora, as `hand` makes it of letters that are longer than a file may
 * be: slices in this order, a letter of the alphabet each. */
struct packing {
    struct vl_home *home;
    struct vl_stick *stick;
    struct vl_signer signer;
    struct vl_rng rng;
    struct vl_bag_writer *writer;
    struct vl_bag_letter letter;
    struct vl_letter_row row;
};

static void put_slices(struct packing *packing, vl_bytes before, const char *order)
{
    VL_AUTO(vl_buf_release) struct vl_buf evidence = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct vl_bag_out out;
    uint64_t bytes = 0;
    struct vl_why why = {""};

    assert_err(vl_letter_evidence(packing->home, &packing->row, &evidence, &why), VL_OK, &why);
    assert_err(vl_bag_out_begin(&out, packing->home, packing->writer, &packing->rng, NOW, &why),
               VL_OK, &why);
    assert_err(vl_bag_out_evidence(&out, NULL, vl_buf_bytes(&evidence), &why), VL_OK, &why);
    if (before.len > 0) {
        assert_err(vl_bag_begin_item(packing->writer, before.len, NULL, NULL, &why), VL_OK, &why);
        assert_err(vl_bag_put(packing->writer, before, &why), VL_OK, &why);
    }
    for (; *order; order++) {
        assert_int_equal(vl_slice_set_make(&packing->letter.now, SLICES), VL_OK);
        vl_slice_set_add(&packing->letter.now, (uint64_t)(*order - 'a'));
        assert_err(vl_bag_out_slices(&out, &packing->letter, &bytes, &why), VL_OK, &why);
        vl_slice_set_release(&packing->letter.now);
    }
    vl_bag_out_release(&out);
}

static void sign_bag(struct packing *packing, const struct film *film,
                     const struct vl_bag_plan *plan)
{
    VL_AUTO(vl_buf_release) struct vl_buf list = VL_BUF_INIT(VL_BAG_MAX_LIST);
    const struct vl_bag_segment *segments = NULL;
    struct vl_handed_segment said[4];
    char names[4][VL_BAG_SEGMENT_NAME];
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    struct vl_custody_leaf leaf = {.has_waybill = true};
    uint8_t room[VL_CUSTODY_LEAF_MAX];
    struct vl_transferred act = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                 .has_bag = true,
                                 .has_taker = true,
                                 .taker = film->cora,
                                 .segments = said};
    enum vl_bag_checked checked;
    struct vl_why why = {""};

    memcpy(leaf.number, packing->letter.number, VL_HASH_LEN);
    memcpy(leaf.waybill, packing->letter.waybill, VL_HASH_LEN);
    assert_err(vl_bag_finish_segments(packing->writer, &segments, &act.segment_count, &why), VL_OK,
               &why);
    assert_true(act.segment_count <= 4);
    assert_err(vl_bag_put_leaves(packing->writer, vl_custody_leaf_write(&leaf, room), &why), VL_OK,
               &why);
    assert_err(vl_batch_add_custody(&tree, &leaf, &why), VL_OK, &why);
    act.batch = vl_batch_of(&tree);
    memcpy(act.bag, plan->id, VL_NONCE_LEN);
    assert_int_equal(vl_rng_fill(&packing->rng, act.handover, VL_NONCE_LEN), VL_OK);
    vl_bag_out_segments(segments, act.segment_count, said, names);
    assert_err(vl_transferred_write(&packing->signer, &act, &list, NULL, &why), VL_OK, &why);
    assert_err(vl_bag_commit(packing->writer, vl_buf_bytes(&list), &checked, &why), VL_OK, &why);
}

/* Behind these bytes, if there are any; then each slice has a segment of its own. */
static void pack_behind(const struct film *film, vl_bytes before, const char *order)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&film->place, "alma");
    struct packing packing = {.home = &home, .rng = vl_rng_system()};
    struct vl_bag_plan plan = {.total_bytes = (uint64_t)60 << 20,
                               .segment_max = before.len > 0 ? (uint64_t)18 << 20 : 0};
    struct vl_why why = {""};

    packing.row = row_of(&home, &film->letter);
    packing.letter = (struct vl_bag_letter){.size = packing.row.size,
                                            .has_sealed = true,
                                            .slice_count = SLICES,
                                            .went = VL_SLICE_SET_INIT,
                                            .now = VL_SLICE_SET_INIT};
    memcpy(packing.letter.number, packing.row.number, VL_HASH_LEN);
    memcpy(packing.letter.sealed, packing.row.sealed, VL_HASH_LEN);
    vl_sha256(packing.row.waybill, packing.letter.waybill);
    assert_int_equal(vl_rng_fill(&packing.rng, plan.id, sizeof plan.id), VL_OK);
    assert_err(vl_home_unlock(&home, &nobody, &why), VL_OK, &why);
    assert_err(vl_home_signer(&home, NOW, &packing.signer, &why), VL_OK, &why);
    assert_err(vl_stick_begin(&home, in(&film->place, "stick").text, &packing.rng, true,
                              &packing.stick, &why),
               VL_OK, &why);
    assert_err(vl_bag_writer_new(packing.stick, &plan, &packing.writer, &why), VL_OK, &why);
    put_slices(&packing, before, order);
    sign_bag(&packing, film, &plan);
    vl_bag_writer_free(packing.writer);
    vl_stick_close(packing.stick);
    vl_letter_row_release(&packing.row);
}

static void pack(const struct film *film, const char *order)
{
    pack_behind(film, VL_BYTES_NONE, order);
}

static enum vl_err takes_film(const struct film *film, const char *name, bool leave,
                              struct vl_taken_stick *taken, struct vl_why *why)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&film->place, name);
    const struct path path = in(&film->place, "stick");
    const struct vl_take_stick_request request = {
        .stick = path.text, .leave = leave, .now_s = NOW, .asker = nobody, .rng = vl_rng_system()};

    return vl_take_stick(&home, &request, taken, why);
}

/* The one letter of the stick, as it was taken. */
static struct vl_stick_letter takes_as(const struct film *film, const char *name, bool leave,
                                       enum vl_err expected)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct vl_stick_letter letter = {.size = 0};
    struct vl_why why = {""};

    assert_err(takes_film(film, name, leave, &taken, &why), expected, &why);
    for (size_t i = 0; i < taken.bag_count; i++)
        if (taken.bags[i].letter_count > 0)
            letter = taken.bags[i].letters[0];
    assert_true(letter.size > 0);
    assert_true(letter.vouched);
    return letter;
}

static struct vl_stick_letter takes_it(const struct film *film, const char *name, bool leave)
{
    return takes_as(film, name, leave, VL_OK);
}

/* Bytes of large envelopes in a home. */
static uint64_t large_bytes(const struct film *film, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&film->place, name);
    struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_why why = {""};
    uint64_t bytes = 0;

    if (vl_store_letter(home.store, film->letter.at, &row, &why) == VL_OK && !row.forgotten)
        bytes = row.size;
    vl_letter_row_release(&row);
    return bytes;
}

static uint64_t slices_of(const struct film *film, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&film->place, name);
    VL_AUTO(vl_partial_release) struct vl_partial partial = VL_PARTIAL_INIT;
    struct vl_letter_row row = VL_LETTER_ROW_INIT;
    struct vl_why why = {""};

    if (vl_home_find_letter_or_slices(&home, film->letter.text, 8, &row, &partial, &why) != VL_OK)
        return 0;
    if (partial.waybill.len == 0)
        vl_letter_row_release(&row);
    return partial.here;
}

static void all_slices_of_a_letter_stay_and_go_on(void **state)
{
    struct film film;
    struct vl_stick_letter letter;

    (void)state;
    enter(&film);
    pack(&film, "abc");
    letter = takes_it(&film, "cora", true);
    assert_true(letter.taken);
    assert_true(letter.stays);
    assert_int_equal(letter.kind, VL_KIND_ACCEPTED);
    assert_int_equal(large_bytes(&film, "cora"), 0);
    assert_int_equal(slices_of(&film, "cora"), 0);
    assert_int_equal(hand(&film.place, "cora", "bela", NULL, "stick"), 1);
    letter = takes_it(&film, "bela", false);
    assert_true(letter.taken);
    assert_false(letter.stays);
    assert_int_equal(letter.kind, VL_KIND_RECEIPTED);
    assert_true(large_bytes(&film, "bela") > CONTENT_LEN);
    leave(&film);
}

/* What is not all there, or in another order than the letter's, is copied, as it was before. */
static void other_slices_are_copied(void **state)
{
    static const struct {
        const char *order;
        uint64_t slices;
    } rows[] = {{"ab", 2}, {"bc", 2}, {"acb", 0}, {"ba", 2}};

    (void)state;
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++) {
        struct film film;
        struct vl_stick_letter letter;

        enter(&film);
        pack(&film, rows[i].order);
        letter = takes_it(&film, "cora", true);
        assert_false(letter.stays);
        assert_int_equal(letter.taken, rows[i].slices == 0);
        assert_int_equal(slices_of(&film, "cora"), rows[i].slices);
        assert_int_equal(large_bytes(&film, "cora") > 0, rows[i].slices == 0);
        leave(&film);
    }
}

/* It is whole here already, and what comes are slices: it came back all the same. */
static void one_that_comes_back_in_slices_waits_again(void **state)
{
    struct film film;

    (void)state;
    enter(&film);
    make_stick(&film.place, "on");
    pack(&film, "abc");
    assert_true(takes_it(&film, "cora", false).taken);
    assert_int_equal(hand(&film.place, "cora", "bela", NULL, "on"), 1);
    assert_int_equal(way_of(&film.place, "cora", &film.letter), VL_WAY_HANDED);
    pack(&film, "abc");
    assert_int_equal(takes(&film.place, "cora", "stick"), 1);
    assert_int_equal(way_of(&film.place, "cora", &film.letter), VL_WAY_WAITING);
    leave(&film);
}

/* However they come, the letter is what its number says; `leave` reads all of it again. */
static void slices_that_are_kept_become_the_letter_in_any_order(void **state)
{
    static const char *const orders[] = {"abc", "cab", "aabc", "abcab"};

    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        struct film film;

        enter(&film);
        pack(&film, orders[i]);
        assert_true(takes_it(&film, "cora", false).taken);
        assert_true(large_bytes(&film, "cora") > CONTENT_LEN);
        leave(&film);
    }
}

/* Of so many of its first bytes, and then of the whole envelope. */
static void number_of_more(struct vl_home *home, const struct vl_letter_row *row, size_t twice,
                           uint8_t number[VL_HASH_LEN])
{
    VL_AUTO(vl_buf_release) struct vl_buf all = VL_BUF_INIT(SIZE_MAX);
    struct vl_envelope *envelope = NULL;
    struct vl_why why = {""};
    uint8_t *at = NULL;
    size_t done = 0, got = 1;

    assert_err(vl_store_envelope(home->store, row->number, &envelope, &why), VL_OK, &why);
    assert_int_equal(vl_buf_add(&all, (size_t)row->size, &at), VL_OK);
    while (done < row->size && got > 0) {
        assert_err(vl_envelope_read(envelope, (vl_room){at + done, (size_t)row->size - done}, &got,
                                    &why),
                   VL_OK, &why);
        done += got;
    }
    vl_envelope_free(envelope);
    vl_sha256_parts((const vl_bytes[]){{at, twice}, vl_buf_bytes(&all)}, 2, number);
}

/* alma signs for another number than its film has, as a liar would, and goes on with that: the hash
 * of so many of its first bytes and then of all of them. */
static void lie_about_its_number(struct film *film, size_t twice)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&film->place, "alma");
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&home, &film->letter);
    VL_AUTO(vl_buf_release) struct vl_buf act = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_sent sent = {.waybill = VL_BUF_INIT(VL_WAYBILL_MAX_LEN)};
    VL_AUTO(vl_buf_release) struct vl_buf content = VL_BUF_INIT(SIZE_MAX);
    struct vl_envelope *envelope = NULL;
    struct vl_spool *spool = NULL;
    struct vl_waybill waybill;
    struct vl_signer signer;
    struct vl_sink sink;
    struct vl_why why = {""};
    uint8_t *at = NULL;
    size_t got = 1;
    bool is_new;

    assert_err(vl_home_unlock(&home, &nobody, &why), VL_OK, &why);
    assert_err(vl_home_signer(&home, NOW, &signer, &why), VL_OK, &why);
    assert_err(vl_waybill_parse(row.waybill, &waybill, &why), VL_OK, &why);
    number_of_more(&home, &row, twice, waybill.number);
    memcpy(sent.number, waybill.number, VL_HASH_LEN);
    assert_err(vl_waybill_write(&waybill, &sent.waybill, &why), VL_OK, &why);
    assert_err(vl_sent_seal(&sent, 1, &signer, false, &act, row.sealed, &why), VL_OK, &why);
    assert_err(vl_spool_new(home.store, &spool, &why), VL_OK, &why);
    sink = vl_spool_sink(spool);
    assert_err(vl_store_envelope(home.store, row.number, &envelope, &why), VL_OK, &why);
    assert_int_equal(vl_buf_add(&content, (size_t)1 << 20, &at), VL_OK);
    while (got > 0) {
        assert_err(vl_envelope_read(envelope, (vl_room){at, (size_t)1 << 20}, &got, &why), VL_OK,
                   &why);
        assert_err(sink.put(sink.self, vl_bytes_of(at, got), &why), VL_OK, &why);
    }
    vl_envelope_free(envelope);
    memcpy(row.number, waybill.number, VL_HASH_LEN);
    row.waybill = vl_buf_bytes(&sent.waybill);
    row.leaf_index = 0;
    assert_err(vl_store_begin(home.store, &why), VL_OK, &why);
    assert_err(vl_store_put_letter(home.store, &row, spool, &is_new, &why), VL_OK, &why);
    assert_err(vl_sent_keep_act(home.store, &signer, vl_buf_bytes(&act), row.sealed, &sent, 1,
                                &why),
               VL_OK, &why);
    assert_err(vl_store_commit(home.store, &why), VL_OK, &why);
    film->letter = number_of(row.number);
    vl_sent_release(&sent);
}

/* Each slice is one of the waybill, and the whole is not what the number says. */
static void attack_14_right_slices_under_a_false_number(void **state)
{
    static const char *const orders[] = {"abc", "cab"};

    (void)state;
    for (size_t i = 0; i < sizeof orders / sizeof *orders; i++) {
        VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
        struct film film;
        struct vl_why why = {""};

        enter(&film);
        lie_about_its_number(&film, 1000);
        pack(&film, orders[i]);
        assert_err(takes_film(&film, "cora", false, &taken, &why), VL_ERR_UNVERIFIED, &why);
        assert_non_null(strstr(why.text, "the sender's waybill is false"));
        assert_int_equal(slices_of(&film, "cora"), 0);
        assert_int_equal(large_bytes(&film, "cora"), 0);
        leave(&film);
    }
}

/* The stick's one segment, up to so many bytes of the first slice. */
static struct vl_buf cut_slice(const struct film *film, size_t len)
{
    static const char begins[] = "age-encryption.org/v1";
    struct vl_buf all = VL_BUF_INIT(SIZE_MAX);
    const uint8_t *found;
    struct path path;
    struct stat is;
    uint8_t *at = NULL;
    FILE *in;

    assert_int_equal(files_in_bags(&film->place, "stick", "000001.bundles", &path), 1);
    assert_int_equal(stat(path.text, &is), 0);
    assert_int_equal(vl_buf_add(&all, (size_t)is.st_size, &at), VL_OK);
    in = fopen(path.text, "rb");
    assert_non_null(in);
    assert_int_equal(fread(at, 1, all.len, in), all.len);
    assert_int_equal(fclose(in), 0);
    found = memmem(at, all.len, begins, sizeof begins - 1);
    assert_non_null(found);
    all.len = (size_t)(found - at) + len;
    return all;
}

/* A slice that breaks off is in no letter, whoever signs for the hash of both. */
static void attack_14_a_slice_that_breaks_off_before_the_right_ones(void **state)
{
    const size_t len = 3000000;
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct vl_buf cut;
    struct film film;
    struct vl_why why = {""};

    (void)state;
    enter(&film);
    lie_about_its_number(&film, len);
    pack(&film, "abc");
    cut = cut_slice(&film, len);
    assert_int_equal(rename(in(&film.place, "stick").text, in(&film.place, "first").text), 0);
    make_stick(&film.place, "stick");
    pack_behind(&film, vl_buf_bytes(&cut), "abc");
    vl_buf_release(&cut);
    assert_err(takes_film(&film, "cora", false, &taken, &why), VL_ERR_UNVERIFIED, &why);
    assert_int_equal(slices_of(&film, "cora"), 0);
    assert_int_equal(large_bytes(&film, "cora"), 0);
    leave(&film);
}

/* What is here already is not what comes, and is read before the letter is made of it. */
static void one_that_rotted_here_is_seen_though_all_come_again(void **state)
{
    struct film film;
    struct vl_stick_letter letter;

    (void)state;
    enter(&film);
    pack(&film, "a");
    assert_false(takes_it(&film, "cora", false).taken);
    rot(in(&film.place, "cora/letters/parts").text, 12345);
    pack(&film, "abc");
    letter = takes_as(&film, "cora", false, VL_ERR_PARTIAL);
    assert_false(letter.taken);
    assert_int_equal(slices_of(&film, "cora"), 2);
    assert_int_equal(large_bytes(&film, "cora"), 0);
    pack(&film, "a");
    assert_true(takes_it(&film, "cora", false).taken);
    leave(&film);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(all_slices_of_a_letter_stay_and_go_on),
        cmocka_unit_test(other_slices_are_copied),
        cmocka_unit_test(one_that_comes_back_in_slices_waits_again),
        cmocka_unit_test(slices_that_are_kept_become_the_letter_in_any_order),
        cmocka_unit_test(attack_14_right_slices_under_a_false_number),
        cmocka_unit_test(attack_14_a_slice_that_breaks_off_before_the_right_ones),
        cmocka_unit_test(one_that_rotted_here_is_seen_though_all_come_again),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
