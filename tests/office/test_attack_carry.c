/* SPDX-License-Identifier: Apache-2.0 */
/* Attacks on letters on their way, between homes as they are: whoever can write to a stick, and
 * offices that mean no good. */
#include "carrying.h"

#include "custody/answer.h"
#include "office/acts.h"
#include "office/answers.h"
#include "office/bag_out.h"
#include "office/evidence_bags.h"
#include "office/mandates.h"
#include "office/owed.h"
#include "office/status.h"
#include "office/stick_show.h"

struct story {
    struct place place;
    struct number letter;
};

static void begin(struct story *story)
{
    memset(story, 0, sizeof *story);
    place_open(&story->place);
    two_offices(&story->place);
    init(&story->place, "mallory");
    introduce(&story->place, "alma", "mallory");
    introduce(&story->place, "bela", "mallory");
    story->letter = write_letter(&story->place, "alma", "bela", "l");
    make_stick(&story->place, "stick");
}

static struct vl_office_id id_of(const struct place *place, const char *name)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);

    return home.own;
}

static struct vl_signer unlock(struct vl_home *home)
{
    struct vl_signer signer;
    struct vl_why why = {""};

    assert_err(vl_home_unlock(home, &nobody, &why), VL_OK, &why);
    assert_err(vl_home_signer(home, NOW, &signer, &why), VL_OK, &why);
    return signer;
}

/* The office keeps an act of its own and owes it to another, who gets it with the next stick. */
static void owe_act(struct vl_home *home, vl_bytes wire, vl_bytes leaves, const uint8_t *act,
                    const struct vl_office_id *to)
{
    struct vl_why why = {""};

    assert_err(vl_store_begin(home->store, &why), VL_OK, &why);
    assert_err(vl_own_act_keep(home, wire, leaves, NOW, &why), VL_OK, &why);
    assert_err(vl_owe(home->store, to->at, act, &why), VL_OK, &why);
    assert_err(vl_store_commit(home->store, &why), VL_OK, &why);
}

/* Mallory, who never had the letter, signs that it was received for bela; in answer to this, if it
 * is not NULL. */
static void sign_receipt(const struct story *story, const uint8_t *answers)
{
    VL_AUTO(vl_home_close) struct vl_home alma = home_of(&story->place, "alma");
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&alma, &story->letter);
    const struct vl_office_id giver = alma.own, addressee = id_of(&story->place, "bela");
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&story->place, "mallory");
    VL_AUTO(vl_buf_release) struct vl_buf wire = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    const struct vl_signer signer = unlock(&home);
    struct vl_custody_leaf leaf = {.has_waybill = true};
    struct vl_batch_tree tree = VL_BATCH_TREE_INIT;
    struct vl_answer *answer = calloc(1, sizeof *answer);
    uint8_t leaves[VL_ACTS_LEAF_LEN], act[VL_HASH_LEN];
    struct vl_why why = {""};

    assert_non_null(answer);
    memcpy(leaf.number, row.number, VL_HASH_LEN);
    vl_sha256(row.waybill, leaf.waybill);
    memcpy(leaves, leaf.number, VL_HASH_LEN);
    memcpy(leaves + VL_HASH_LEN, leaf.waybill, VL_HASH_LEN);
    assert_err(vl_batch_add_custody(&tree, &leaf, &why), VL_OK, &why);
    answer->kind = VL_KIND_RECEIPTED;
    answer->act.capacity = VL_CAPACITY_DELEGATE;
    answer->addressee = addressee;
    answer->has_giver = answers != NULL; /* else the leaf comes along */
    answer->giver = giver;
    answer->batch = vl_batch_of(&tree);
    answer->has_answers = answers != NULL;
    if (answers)
        memcpy(answer->answers, answers, VL_HASH_LEN);
    assert_err(vl_answer_write(&signer, answer, &wire, act, &why), VL_OK, &why);
    free(answer);
    owe_act(&home, vl_buf_bytes(&wire), VL_ARRAY(leaves), act, &giver);
}

/* By evidence about it: does anything say that this letter is where it should be? */
static bool is_receipted(const struct story *story, const char *by)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&story->place, by);
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = row_of(&home, &story->letter);
    VL_AUTO(vl_status_release) struct vl_status status = VL_STATUS_INIT;
    struct vl_why why = {""};

    assert_err(vl_status_letter(&home, &row, NOW + 10, &status, &why), VL_OK, &why);
    for (size_t i = 0; i < status.finding.holder_count; i++)
        if (!vl_office_id_eq(&status.finding.holders[i].office, &home.own))
            return true;
    return false;
}

static void attack_07_a_stranger_signs_a_waiting_letter_away(void **state)
{
    struct story story;

    (void)state;
    begin(&story);
    (void)take(&story.place, "mallory", "l.age"); /* a copy, to have its leaf */
    (void)take(&story.place, "mallory", "l.evidence");
    sign_receipt(&story, NULL);
    assert_int_equal(hand(&story.place, "mallory", "alma", NULL, "stick"), 0);
    assert_int_equal(takes(&story.place, "alma", "stick"), 0);
    assert_int_equal(way_of(&story.place, "alma", &story.letter), VL_WAY_WAITING);
    make_stick(&story.place, "true");
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "true"), 1);
    place_close(&story.place);
}

static void attack_07_a_stranger_answers_for_the_taker(void **state)
{
    struct story story;
    struct vl_handed handed = {0};
    uint8_t act[VL_HASH_LEN];

    (void)state;
    begin(&story);
    make_stick(&story.place, "true");
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&story.place, "alma");
        struct vl_why why = {""};

        assert_err(try_hand(&story.place, &home, "bela", NULL, "true", &handed, &why), VL_OK, &why);
        memcpy(act, handed.act, VL_HASH_LEN);
        vl_handed_release(&handed);
    }
    sign_receipt(&story, act);
    assert_int_equal(hand(&story.place, "mallory", "alma", NULL, "stick"), 0);
    assert_int_equal(takes(&story.place, "alma", "stick"), 0);
    assert_int_equal(way_of(&story.place, "alma", &story.letter), VL_WAY_HANDED);
    place_close(&story.place);
}

static void attack_07_an_answer_comes_again_with_another_stick(void **state)
{
    struct story story;

    (void)state;
    begin(&story);
    assert_int_equal(hand(&story.place, "alma", "mallory", story.letter.text, "stick"), 1);
    assert_int_equal(takes(&story.place, "mallory", "stick"), 1);
    copy_home(&story.place, "stick", "old");
    assert_int_equal(takes(&story.place, "alma", "stick"), 0);
    assert_true(is_receipted(&story, "alma")); /* mallory holds it */
    make_stick(&story.place, "back");
    assert_int_equal(hand(&story.place, "mallory", "alma", story.letter.text, "back"), 1);
    assert_int_equal(takes(&story.place, "alma", "back"), 1);
    assert_int_equal(way_of(&story.place, "alma", &story.letter), VL_WAY_WAITING);
    /* The old acceptance says nothing about what comes after it. */
    assert_int_equal(takes(&story.place, "alma", "old"), 0);
    assert_int_equal(way_of(&story.place, "alma", &story.letter), VL_WAY_WAITING);
    assert_false(is_receipted(&story, "alma"));
    place_close(&story.place);
}

static void attack_08_a_list_with_another_letter(void **state)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct story story;
    struct path list;

    (void)state;
    begin(&story);
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "stick"), 1);
    assert_int_equal(files_in_bags(&story.place, "stick", "leaves.cbor", &list), 1);
    flip(&list, 10);
    take_stick(&story.place, "bela", "stick", VL_ERR_UNVERIFIED, &taken);
    assert_int_equal(size_of(&story.place, "bela").letters, 0);
    assert_int_equal(files_in_bags(&story.place, "stick", "list.cose", NULL), 1); /* no answer */
    place_close(&story.place);
}

static void attack_23_a_lost_stick_tells_no_words(void **state)
{
    static const char *const words[] = {"The bridge is closed", "alma", "bela", "Bela"};
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(0);
    struct story story;
    struct path bundles;

    (void)state;
    begin(&story);
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "stick"), 1);
    assert_int_equal(files_in_bags(&story.place, "stick", "000001.bundles", &bundles), 1);
    bytes = file(bundles.text);
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        assert_null(memmem(bytes.data, bytes.len, words[i], strlen(words[i])));
    place_close(&story.place);
}

/* A bag for bela, signed by that giver, with evidence that is sealed to that office. */
static void put_evidence_by(const struct story *story, const char *giver, const char *sealed_to,
                            vl_bytes evidence)
{
    const struct vl_office_id bela = id_of(&story->place, "bela");
    const struct vl_office_id to_id = id_of(&story->place, sealed_to);
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&story->place, giver);
    VL_AUTO(vl_buf_release) struct vl_buf list = VL_BUF_INIT(VL_BAG_MAX_LIST);
    VL_AUTO(vl_sealed_files_release) struct vl_sealed_files files = VL_SEALED_FILES_INIT;
    const struct vl_rng rng = vl_rng_system();
    const struct vl_signer signer = unlock(&home);
    struct vl_age_recipient key;
    const struct vl_age_recipients to = {&key, 1, 0};
    struct vl_bag_plan plan = {.total_bytes = 4096 + evidence.len};
    struct vl_handed_segment said[4];
    char names[4][VL_BAG_SEGMENT_NAME];
    const struct vl_tree nothing = VL_TREE_INIT;
    struct vl_transferred transferred = {.act = {.capacity = VL_CAPACITY_PRINCIPAL},
                                         .has_bag = true,
                                         .has_taker = true,
                                         .taker = bela,
                                         .has_evidence = true,
                                         .evidence_count = 1,
                                         .segments = said};
    const struct vl_bag_segment *segments;
    struct vl_bag_writer *writer = NULL;
    struct vl_stick *stick = NULL;
    enum vl_bag_checked checked;
    struct vl_bag_out out;
    struct vl_why why = {""};

    assert_int_equal(vl_rng_fill(&rng, plan.id, sizeof plan.id), VL_OK);
    assert_err(vl_stick_begin(&home, in(&story->place, "stick").text, &rng, true, &stick, &why),
               VL_OK, &why);
    assert_err(vl_office_sealing_key(&home, &to_id, &key, &why), VL_OK, &why);
    assert_err(vl_sealed_files_add(&files, &to, &rng, evidence, &why), VL_OK, &why);
    assert_err(vl_bag_writer_new(stick, &plan, &writer, &why), VL_OK, &why);
    assert_err(vl_bag_out_begin(&out, &home, writer, &rng, NOW, &why), VL_OK, &why);
    assert_err(vl_bag_out_evidence(&out, &bela, vl_buf_bytes(&files.at[0]), &why), VL_OK, &why);
    vl_bag_out_release(&out);
    assert_err(vl_bag_finish_segments(writer, &segments, &transferred.segment_count, &why), VL_OK,
               &why);
    vl_bag_out_segments(segments, transferred.segment_count, said, names);
    memcpy(transferred.bag, plan.id, VL_NONCE_LEN);
    vl_tree_root(&nothing, transferred.batch.root);
    assert_err(vl_transferred_write(&signer, &transferred, &list, NULL, &why), VL_OK, &why);
    assert_err(vl_bag_commit(writer, vl_buf_bytes(&list), &checked, &why), VL_OK, &why);
    vl_bag_writer_free(writer);
    vl_stick_close(stick);
}

static void put_evidence(const struct story *story, const char *sealed_to, vl_bytes evidence)
{
    put_evidence_by(story, "mallory", sealed_to, evidence);
}

static void attack_24_evidence_for_somebody_else_ends_no_take(void **state)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct story story;

    (void)state;
    begin(&story);
    put_evidence(&story, "mallory", VL_LITERAL("unreadable"));
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "stick"), 1);
    take_stick(&story.place, "bela", "stick", VL_ERR_PARTIAL, &taken);
    assert_int_equal(taken.bag_count, 2);
    assert_int_equal(size_of(&story.place, "bela").letters, 1);
    place_close(&story.place);
}

/* More than half of the acts that an office of an unchecked card may bring in one take. */
#define FLOOD 6000

/* A signed act for this office, to be brought there. */
static void let_carry(const struct place *place, const char *principal, const char *office,
                      uint8_t id[VL_HASH_LEN])
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, principal);
    const struct vl_mandate_request request = {.office = office,
                                               .powers = {VL_POWER_CARRY},
                                               .power_count = 1,
                                               .now_s = NOW,
                                               .asker = nobody,
                                               .rng = vl_rng_system()};
    struct vl_why why = {""};

    assert_err(vl_mandate_give(&home, &request, id, &why), VL_OK, &why);
}

/* One act of mallory's. */
static void write_act(const struct story *story, struct vl_buf *act)
{
    struct vl_why why = {""};
    uint8_t id[VL_HASH_LEN];

    let_carry(&story->place, "mallory", "bela", id);
    {
        VL_AUTO(vl_home_close) struct vl_home home = home_of(&story->place, "mallory");

        assert_err(vl_store_object(home.store, id, act, &why), VL_OK, &why);
    }
}

static void write_flood(const struct story *story, struct vl_buf *evidence)
{
    VL_AUTO(vl_buf_release) struct vl_buf act = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;

    write_act(story, &act);
    for (int i = 0; i < FLOOD; i++)
        assert_int_equal(vl_evidence_put(&out, vl_buf_bytes(&act), NULL, 0), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, evidence), VL_OK);
    vl_evidence_out_release(&out);
}

static void set_checked(const struct story *story, const char *at, const char *office)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(&story->place, at);
    VL_AUTO(vl_office_row_release) struct vl_office_row row = office_row(&home, office);
    struct vl_why why = {""};

    row.checked = true;
    assert_err(vl_store_begin(home.store, &why), VL_OK, &why);
    assert_err(vl_store_put_office(home.store, &row, &why), VL_OK, &why);
    assert_err(vl_store_commit(home.store, &why), VL_OK, &why);
}

static void attack_24_a_flood_of_evidence_has_its_limit_and_stops_no_letter(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf evidence = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct story story;

    (void)state;
    begin(&story);
    write_flood(&story, &evidence);
    put_evidence(&story, "bela", vl_buf_bytes(&evidence));
    put_evidence(&story, "bela", vl_buf_bytes(&evidence));
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "stick"), 1);
    copy_home(&story.place, "bela", "knowing");
    set_checked(&story, "knowing", "mallory");
    for (int turn = 0; turn < 2; turn++) {
        VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
        const char *home = turn ? "knowing" : "bela";
        size_t refused = 0;

        take_stick(&story.place, home, "stick", turn ? VL_OK : VL_ERR_PARTIAL, &taken);
        for (size_t i = 0; i < taken.bag_count; i++) {
            refused += taken.bags[i].err != VL_OK;
            if (taken.bags[i].err)
                assert_says(&taken.bags[i].why, "more than 10000 signed acts");
        }
        assert_int_equal(refused, turn ? 0 : 1); /* whom one has checked may */
        assert_int_equal(size_of(&story.place, home).letters, 1);
        assert_sound(&story.place, home);
    }
    place_close(&story.place);
}

/* Evidence of so many MiB in one act: what stands beside it is looked at when it was counted. */
static void write_heavy(const struct story *story, size_t mib, struct vl_buf *evidence)
{
    enum { BESIDE = 16384, IN_A_MIB = 64 };
    static const uint8_t beside[BESIDE];
    VL_AUTO(vl_buf_release) struct vl_buf act = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    struct vl_evidence_out out = VL_EVIDENCE_OUT_INIT;
    const size_t count = mib * IN_A_MIB - 1;
    struct vl_evidence_leaf *leaves = calloc(count, sizeof *leaves);

    assert_non_null(leaves);
    for (size_t i = 0; i < count; i++) {
        leaves[i].leaf = VL_ARRAY(beside);
        leaves[i].index = i;
    }
    write_act(story, &act);
    assert_int_equal(vl_evidence_put(&out, vl_buf_bytes(&act), leaves, count), VL_OK);
    assert_int_equal(vl_evidence_finish(&out, evidence), VL_OK);
    vl_evidence_out_release(&out);
    free(leaves);
}

/* Bags that were refused with these words; the letter is taken whatever they hold. */
static size_t refused_with(const struct story *story, const char *home, const char *words)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct vl_why why = {""};
    size_t refused = 0;
    enum vl_err err;

    {
        VL_AUTO(vl_home_close) struct vl_home at = home_of(&story->place, home);

        err = try_take_stick(&story->place, &at, "stick", NOW, &taken, &why);
    }
    for (size_t i = 0; i < taken.bag_count; i++)
        if (taken.bags[i].err) {
            assert_says(&taken.bags[i].why, words);
            refused++;
        }
    assert_err(err, refused > 0 ? VL_ERR_PARTIAL : VL_OK, &why);
    assert_int_equal(size_of(&story->place, home).letters, 1);
    return refused;
}

static void attack_24_heavy_evidence_has_its_limit_and_stops_no_letter(void **state)
{
    VL_AUTO(vl_buf_release) struct vl_buf evidence = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct story story;

    (void)state;
    begin(&story);
    write_heavy(&story, 9, &evidence);
    put_evidence(&story, "bela", vl_buf_bytes(&evidence));
    put_evidence(&story, "bela", vl_buf_bytes(&evidence));
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "stick"), 1);
    copy_home(&story.place, "bela", "knowing");
    set_checked(&story, "knowing", "mallory");
    assert_int_equal(refused_with(&story, "bela", "more than 16 MiB of it by an office"), 1);
    assert_int_equal(refused_with(&story, "knowing", ""), 0);
    place_close(&story.place);
}

static void attack_24_many_offices_together_have_one_limit(void **state)
{
    static const char *const crowd[] = {"m1", "m2", "m3", "m4"};
    VL_AUTO(vl_buf_release) struct vl_buf evidence = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct story story;

    (void)state;
    begin(&story);
    write_heavy(&story, 15, &evidence);
    put_evidence(&story, "bela", vl_buf_bytes(&evidence));
    for (size_t i = 0; i < sizeof crowd / sizeof *crowd; i++) {
        init(&story.place, crowd[i]);
        introduce(&story.place, "bela", crowd[i]);
        put_evidence_by(&story, crowd[i], "bela", vl_buf_bytes(&evidence));
    }
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "stick"), 1);
    assert_int_equal(refused_with(&story, "bela", "more than 64 MiB of it by offices"), 1);
    place_close(&story.place);
}

/* Five times 15 MiB are signed for somebody else; 64 MiB are carried along, whatever came first is
 * not. */
static void attack_24_what_is_carried_along_has_its_limit(void **state)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    VL_AUTO(vl_buf_release) struct vl_buf evidence = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    struct story story;

    (void)state;
    begin(&story);
    write_heavy(&story, 15, &evidence);
    for (size_t i = 0; i < 5; i++)
        put_evidence_by(&story, "alma", "bela", vl_buf_bytes(&evidence));
    take_stick(&story.place, "mallory", "stick", VL_OK, &taken);
    assert_int_equal(taken.parcels, 5);
    make_stick(&story.place, "other");
    assert_int_equal(hand(&story.place, "mallory", "bela", NULL, "other"), 0);
    /* And what mallory signed for bela itself. */
    assert_int_equal(files_in_bags(&story.place, "other", "list.cose", NULL), 4 + 1);
    place_close(&story.place);
}

static void attack_24_evidence_for_an_office_nobody_knows_is_not_carried_along(void **state)
{
    uint8_t id[VL_HASH_LEN];
    struct story story;

    (void)state;
    begin(&story);
    init(&story.place, "dora");
    introduce(&story.place, "alma", "dora");
    let_carry(&story.place, "alma", "dora", id);
    assert_int_equal(hand(&story.place, "alma", "mallory", NULL, "stick"), 0);
    for (size_t turn = 0; turn < 2; turn++) {
        VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};

        if (turn == 1)
            introduce(&story.place, "mallory", "dora");
        take_stick(&story.place, "mallory", "stick", VL_OK, &taken);
        assert_int_equal(taken.others, 1);
        assert_int_equal(taken.parcels, turn);
    }
    place_close(&story.place);
}

static void attack_24_a_list_that_nobody_signed_is_not_carried_along(void **state)
{
    uint8_t id[VL_HASH_LEN];
    struct story story;
    struct path list;

    (void)state;
    begin(&story);
    /* Evidence of alma for bela: a receipt, as it were; mallory comes by. */
    let_carry(&story.place, "alma", "bela", id);
    assert_int_equal(hand(&story.place, "alma", "mallory", NULL, "stick"), 0);
    copy_home(&story.place, "stick", "forged");
    assert_int_equal(files_in_bags(&story.place, "forged", "list.cose", &list), 1);
    flip(&list, -1); /* a bit of the signature */
    {
        VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};

        take_stick(&story.place, "mallory", "forged", VL_OK, &taken);
        assert_int_equal(taken.others, 1);
        assert_int_equal(taken.parcels, 0);
    }
    {
        VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};

        take_stick(&story.place, "mallory", "stick", VL_OK, &taken);
        assert_int_equal(taken.parcels, 1);
    }
    place_close(&story.place);
}

static enum vl_err see_view(void *self, const struct vl_stick_view *view, struct vl_why *why)
{
    (void)why;
    *(size_t *)self += view->for_us && view->letters > 0 && view->answered;
    return VL_OK;
}

/* Bags with letters that it says it has answered. */
static size_t answered_on(const struct place *place, const char *name, const char *stick)
{
    VL_AUTO(vl_home_close) struct vl_home home = home_of(place, name);
    struct vl_stick_walked walked;
    struct vl_why why = {""};
    size_t count = 0;

    assert_err(vl_stick_show(&home, in(place, stick).text, see_view, &count, &walked, &why), VL_OK,
               &why);
    return count;
}

static void attack_29_a_hand_over_that_is_told_of_before_it_comes(void **state)
{
    struct story story;

    (void)state;
    begin(&story);
    (void)write_letter(&story.place, "alma", "bela", "second");
    make_stick(&story.place, "later");
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "stick"), 2);
    /* One of the two goes once more, with evidence of the hand-over whose stick was kept back. */
    assert_int_equal(hand(&story.place, "alma", "bela", story.letter.text, "later"), 1);
    assert_int_equal(takes(&story.place, "bela", "later"), 1);
    assert_int_equal(answered_on(&story.place, "bela", "later"), 1);
    assert_int_equal(answered_on(&story.place, "bela", "stick"), 0);
    assert_int_equal(takes(&story.place, "bela", "stick"), 2);
    assert_int_equal(answered_on(&story.place, "bela", "stick"), 1);
    assert_int_equal(size_of(&story.place, "bela").letters, 2);
    place_close(&story.place);
}

static void attack_29_a_bag_under_another_name(void **state)
{
    VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
    struct story story;
    struct path list, folder, other;

    (void)state;
    begin(&story);
    make_stick(&story.place, "second");
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "stick"), 1);
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "second"), 1);
    assert_int_equal(files_in_bags(&story.place, "stick", "list.cose", &folder), 1);
    assert_int_equal(files_in_bags(&story.place, "second", "list.cose", &list), 1);
    /* The list of one bag in the folder of the other. */
    other = folder;
    assert_int_equal(rename(list.text, other.text), 0);
    take_stick(&story.place, "bela", "stick", VL_OK, &taken);
    assert_int_equal(taken.unreadable, 1);
    assert_int_equal(taken.bag_count, 0);
    assert_int_equal(size_of(&story.place, "bela").letters, 0);
    place_close(&story.place);
}

static void attack_19_a_clock_ten_years_off_moves_nobodys_time(void **state)
{
    struct story story;

    (void)state;
    begin(&story);
    assert_int_equal(hand(&story.place, "alma", "bela", NULL, "stick"), 1);
    for (int turn = 0; turn < 2; turn++) {
        VL_AUTO(vl_taken_stick_release) struct vl_taken_stick taken = {0};
        const int64_t off = (int64_t)3650 * 86400 * (turn ? 1 : -1);
        char name[8];
        struct vl_why why = {""};

        (void)snprintf(name, sizeof name, "bela%d", turn);
        copy_home(&story.place, "bela", name);
        {
            VL_AUTO(vl_home_close) struct vl_home home = home_of(&story.place, name);

            assert_err(try_take_stick(&story.place, &home, "stick", NOW + off, &taken, &why), VL_OK,
                       &why);
        }
        assert_int_equal(taken.bag_count, 1);
        assert_true(taken.bags[0].letters[0].taken);
        assert_sound(&story.place, name);
    }
    assert_int_equal(takes(&story.place, "alma", "stick"), 0);
    assert_true(is_receipted(&story, "alma"));
    place_close(&story.place);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(attack_07_a_stranger_signs_a_waiting_letter_away),
        cmocka_unit_test(attack_07_a_stranger_answers_for_the_taker),
        cmocka_unit_test(attack_07_an_answer_comes_again_with_another_stick),
        cmocka_unit_test(attack_08_a_list_with_another_letter),
        cmocka_unit_test(attack_19_a_clock_ten_years_off_moves_nobodys_time),
        cmocka_unit_test(attack_23_a_lost_stick_tells_no_words),
        cmocka_unit_test(attack_24_evidence_for_somebody_else_ends_no_take),
        cmocka_unit_test(attack_24_a_flood_of_evidence_has_its_limit_and_stops_no_letter),
        cmocka_unit_test(attack_24_heavy_evidence_has_its_limit_and_stops_no_letter),
        cmocka_unit_test(attack_24_many_offices_together_have_one_limit),
        cmocka_unit_test(attack_24_what_is_carried_along_has_its_limit),
        cmocka_unit_test(attack_24_evidence_for_an_office_nobody_knows_is_not_carried_along),
        cmocka_unit_test(attack_24_a_list_that_nobody_signed_is_not_carried_along),
        cmocka_unit_test(attack_29_a_hand_over_that_is_told_of_before_it_comes),
        cmocka_unit_test(attack_29_a_bag_under_another_name),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
