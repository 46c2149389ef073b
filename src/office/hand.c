/* SPDX-License-Identifier: Apache-2.0 */
#include "office/hand.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "office/answers.h"
#include "office/evidence_bags.h"
#include "office/hand_pieces.h"
#include "office/hand_select.h"
#include "office/owed.h"

/* A hand-over while it is made. */
struct handing {
    struct vl_home *home;
    const struct vl_hand_request *request;
    struct vl_handed *handed;
    struct vl_hand_choice choice;
    struct vl_signer signer;
    struct vl_stick *stick;
    struct vl_filing filing;
    struct vl_sealed_files evidence;
    struct vl_age_recipients recipients;
    struct vl_buf leaves; /* the bag's leaf list: custody leaves, one after the other */
    struct vl_buf kept;   /* the same as they are kept */
    struct vl_batch_tree tree;
    struct vl_bag_writer *writer;
    struct vl_buf list;
    bool has_previous; /* the hand-over to this taker before this one */
    uint8_t previous[VL_HASH_LEN];
};

static void release(struct handing *handing)
{
    vl_bag_writer_free(handing->writer);
    vl_stick_close(handing->stick);
    vl_hand_choice_release(&handing->choice);
    vl_filing_release(&handing->filing);
    vl_sealed_files_release(&handing->evidence);
    vl_buf_release(&handing->leaves);
    vl_buf_release(&handing->kept);
    vl_buf_release(&handing->list);
    vl_age_recipients_release(&handing->recipients);
}

/* --- what goes in ----------------------------------------------------------------------------- */

/* Sealed to the taker; to the addressees where a courier without software carries it. */
static enum vl_err find_recipients(struct handing *handing, struct vl_why *why)
{
    const struct vl_hand_choice *choice = &handing->choice;
    struct vl_age_recipients *to = &handing->recipients;

    struct vl_age_recipient key;
    bool is_new;
    enum vl_err err = VL_OK;

    if (choice->has_taker) {
        err = vl_office_sealing_key(handing->home, &choice->taker, &key, why);
        return err ? err : vl_age_recipients_add(to, &key, &is_new, why);
    }
    for (size_t i = 0; !err && i < choice->offices.room; i++) {
        struct vl_office_id office;

        if (!choice->offices.used[i])
            continue;
        memcpy(office.at, choice->offices.at[i], VL_HASH_LEN);
        err = vl_office_sealing_key(handing->home, &office, &key, why);
        if (!err)
            err = vl_age_recipients_add(to, &key, &is_new, why);
        else if (err != VL_ERR_NO_MEMORY && err != VL_ERR_IO) /* it gets none of this */
            err = VL_OK;
    }
    if (!err && to->count == 0)
        err = vl_fail(why, VL_ERR_NOT_FOUND,
                      "there is no card of anybody whom these letters are for");
    return err;
}

static enum vl_err seal_file(void *self, vl_bytes file, struct vl_why *why)
{
    struct handing *handing = self;

    return vl_sealed_files_add(&handing->evidence, &handing->recipients, &handing->request->rng,
                               file, why);
}

static enum vl_err make_evidence(struct handing *handing, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf last = VL_BUF_INIT(VL_EVIDENCE_MAX_LEN);
    enum vl_err err = find_recipients(handing, why);

    handing->filing.home = handing->home;
    handing->filing.full = seal_file;
    handing->filing.self = handing;
    /* Many small questions, each of which would lock the index by itself. */
    if (!err)
        err = vl_store_begin(handing->home->store, why);
    if (!err)
        err = vl_hand_file(handing->home, &handing->choice, &handing->filing, why);
    if (!err)
        err = vl_filing_finish(&handing->filing, &last, why);
    vl_store_rollback(handing->home->store);
    if (!err && last.len > 0)
        err = seal_file(handing, vl_buf_bytes(&last), why);
    return err;
}

static enum vl_err make_leaves(struct handing *handing, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < handing->choice.count; i++) {
        const struct vl_bag_letter *letter = &handing->choice.letters[i];
        struct vl_custody_leaf leaf = {.has_waybill = true};
        uint8_t room[VL_CUSTODY_LEAF_MAX];

        memcpy(leaf.number, letter->number, VL_HASH_LEN);
        memcpy(leaf.waybill, letter->waybill, VL_HASH_LEN);
        err = vl_buf_put(&handing->leaves, vl_custody_leaf_write(&leaf, room));
        if (!err)
            err = vl_buf_put(&handing->kept, VL_ARRAY(leaf.number));
        if (!err)
            err = vl_buf_put(&handing->kept, VL_ARRAY(leaf.waybill));
        if (err)
            return vl_fail(why, err, "more letters than the list of one bag holds");
        err = vl_batch_add_custody(&handing->tree, &leaf, why);
    }
    return err;
}

/* Which letters come with all others of their `sealed`?  Those need no paths. */
static int by_sealed(const void *a, const void *b)
{
    const struct vl_bag_letter *left = *(struct vl_bag_letter *const *)a;
    const struct vl_bag_letter *right = *(struct vl_bag_letter *const *)b;

    if (left->has_sealed != right->has_sealed)
        return left->has_sealed ? -1 : 1;
    return memcmp(left->sealed, right->sealed, VL_HASH_LEN);
}

static enum vl_err count_of_sealed(struct vl_store *store, const uint8_t *sealed, uint64_t *count,
                                   struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_sealed act;
    enum vl_err err = vl_acts_read(store, sealed, &object, why);

    if (!err)
        err = vl_sealed_read(&object, &act, why);
    *count = err ? 0 : act.count;
    return err;
}

static enum vl_err mark_whole_batches(struct handing *handing, struct vl_why *why)
{
    const size_t count = handing->choice.count;
    struct vl_bag_letter **at = vl_new(count * sizeof(struct vl_bag_letter *));
    enum vl_err err = at ? VL_OK : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list");
    size_t end;

    for (size_t i = 0; !err && i < count; i++)
        at[i] = &handing->choice.letters[i];
    if (!err && count > 1)
        qsort(at, count, sizeof(struct vl_bag_letter *), by_sealed);
    for (size_t i = 0; !err && i < count && at[i]->has_sealed; i = end) {
        uint64_t in_act = 0;
        bool apart = false; /* one goes in slices, or stays where it is */

        for (end = i; end < count && at[end]->has_sealed &&
                      memcmp(at[end]->sealed, at[i]->sealed, VL_HASH_LEN) == 0;)
            end++;
        err = count_of_sealed(handing->home->store, at[i]->sealed, &in_act, why);
        for (size_t k = i; k < end; k++)
            apart |= at[k]->in_slices || at[k]->stays;
        for (size_t k = i; !err && k < end; k++)
            at[k]->whole_batch = in_act == end - i && !apart;
    }
    vl_free(at);
    return err;
}

/* --- writing it ------------------------------------------------------------------------------- */

/* What is free on the stick, and may be used. */
static enum vl_err find_space(struct handing *handing, struct vl_stick_space *space,
                              struct vl_why *why)
{
    const uint64_t most = handing->request->room_bytes;
    enum vl_err err = vl_stick_space(handing->stick, space, why);

    if (!err && most > 0 && most < space->free_bytes)
        space->free_bytes = most;
    return err;
}

static uint64_t evidence_bytes(const struct handing *handing)
{
    return handing->evidence.bytes + VL_BAG_OUT_OVERHEAD * handing->evidence.count;
}

static enum vl_err fit(struct handing *handing, struct vl_why *why)
{
    struct vl_stick_space space;
    enum vl_err err = find_space(handing, &space, why);

    return err ? err
               : vl_hand_fit(handing->home, handing->request, &space, evidence_bytes(handing),
                             &handing->choice, handing->handed, why);
}

static enum vl_err begin_bag(struct handing *handing, struct vl_bag_plan *plan, struct vl_why *why)
{
    struct vl_handed *handed = handing->handed;
    struct vl_stick_space space;
    enum vl_err err;

    *plan = (struct vl_bag_plan){.total_bytes = handing->choice.bytes + evidence_bytes(handing),
                                 .leaves_len = handing->leaves.len,
                                 .watch = handing->request->watch};
    if (vl_rng_fill(&handing->request->rng, plan->id, sizeof plan->id) != VL_OK)
        return vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    err = find_space(handing, &space, why);
    if (err)
        return err;
    memcpy(handed->bag, plan->id, sizeof handed->bag);
    handed->need_bytes = vl_bag_need(plan, &space);
    handed->free_bytes = space.free_bytes;
    if (handing->request->dry_run)
        return vl_hand_look(handing->home, &handing->choice, handing->handed, why);
    return vl_bag_writer_new(handing->stick, plan, &handing->writer, why);
}

static enum vl_err fill_bag(struct handing *handing, struct vl_why *why)
{
    const struct vl_office_id *taker = handing->choice.has_taker ? &handing->choice.taker : NULL;
    struct vl_bag_out out;
    enum vl_err err = vl_bag_out_begin(&out, handing->home, handing->writer, &handing->request->rng,
                                       handing->request->now_s, why);

    for (size_t i = 0; !err && i < handing->evidence.count; i++)
        err = vl_bag_out_evidence(&out, taker, vl_buf_bytes(&handing->evidence.at[i]), why);
    for (size_t i = 0; !err && i < handing->choice.count; i++) {
        const struct vl_bag_letter *letter = &handing->choice.letters[i];

        if (letter->stays)
            continue;
        if (letter->in_slices) {
            err = vl_bag_out_slices(&out, letter, &handing->handed->bytes, why);
        } else {
            err = vl_bag_out_letter(&out, letter, why);
            handing->handed->bytes += err ? 0 : letter->size;
        }
        if (err)
            err = vl_hand_blame(letter, err, handing->handed, why);
    }
    vl_bag_out_release(&out);
    return err;
}

/* The giver's last hand-over to this taker, so that a gap shows (PROTOCOL 29). */
static enum vl_err find_previous(struct handing *handing, struct vl_transferred *transferred,
                                 struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf last = VL_BUF_INIT(VL_HASH_LEN);
    static const uint8_t newest[VL_HASH_LEN] = {0};
    enum vl_err err;

    if (!handing->choice.has_taker)
        return VL_OK;
    err = vl_store_tie(handing->home->store, VL_TIE_HANDOVER, handing->choice.taker.at, newest,
                       &last, why);
    transferred->has_previous = handing->has_previous = !err && last.len == VL_HASH_LEN;
    if (transferred->has_previous) {
        memcpy(transferred->previous, last.data, VL_HASH_LEN);
        memcpy(handing->previous, last.data, VL_HASH_LEN);
    }
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

/* By which own acts the letters came: what this one follows (PROTOCOL 16). */
static void fill_cites(const struct handing *handing, struct vl_act *act,
                       uint8_t (*cites)[VL_HASH_LEN])
{
    const struct vl_id_set *sets[] = {&handing->choice.taken_by, &handing->choice.sealed};

    act->cites = (const uint8_t(*)[VL_HASH_LEN])cites;
    for (size_t s = 0; s < 2; s++)
        for (size_t i = 0; i < sets[s]->room && act->cite_count < VL_ACT_MAX_CITES; i++) {
            size_t at = act->cite_count;

            if (!sets[s]->used[i])
                continue;
            while (at > 0 && memcmp(cites[at - 1], sets[s]->at[i], VL_HASH_LEN) > 0) {
                memcpy(cites[at], cites[at - 1], VL_HASH_LEN);
                at--;
            }
            memcpy(cites[at], sets[s]->at[i], VL_HASH_LEN);
            act->cite_count++;
        }
}

/* Segments of other bags, in which letters lie that go on with the stick. */
static void add_staying(const struct handing *handing, struct vl_handed_segment *said,
                        char (*names)[VL_BAG_SEGMENT_NAME])
{
    for (size_t i = 0; i < handing->choice.segment_count; i++) {
        const struct vl_hand_segment *at = &handing->choice.segments[i];

        vl_bag_out_segments(&at->segment, 1, &said[i], &names[i]);
        said[i].elsewhere = true;
        memcpy(said[i].bag, at->bag, VL_BAG_ID_LEN);
    }
}

static enum vl_err sign(struct handing *handing, const struct vl_bag_plan *plan,
                        const struct vl_bag_segment *segments, size_t count, struct vl_why *why)
{
    const struct vl_hand_request *request = handing->request;
    const size_t all = count + handing->choice.segment_count;
    struct vl_handed_segment *said = vl_new((all + 1) * sizeof *said);
    char(*names)[VL_BAG_SEGMENT_NAME] = vl_new((all + 1) * VL_BAG_SEGMENT_NAME);
    struct vl_transferred *transferred = vl_new(sizeof *transferred);
    uint8_t cites[VL_ACT_MAX_CITES + 1][VL_HASH_LEN];
    enum vl_err err = said && names && transferred
                          ? VL_OK
                          : vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the list of a bag");

    if (!err) {
        *transferred = (struct vl_transferred){.act = {.capacity = VL_CAPACITY_PRINCIPAL,
                                                       .manual = request->manual},
                                               .has_bag = true,
                                               .has_taker = handing->choice.has_taker,
                                               .taker = handing->choice.taker,
                                               .segment_count = all,
                                               .segments = said,
                                               .batch = vl_batch_of(&handing->tree)};
        memcpy(transferred->bag, plan->id, VL_NONCE_LEN);
        if (request->carrier)
            transferred->carrier = vl_bytes_str(request->carrier);
        if (request->place)
            transferred->act.place = vl_bytes_str(request->place);
        for (size_t i = 0; i < request->seal_count && i < VL_MAX_SEALS; i++)
            transferred->seals.at[transferred->seals.count++] = vl_bytes_str(request->seals[i]);
        if (handing->choice.via.count > 0)
            transferred->act.capacity = VL_CAPACITY_CARRIER;
        fill_cites(handing, &transferred->act, cites);
        vl_bag_out_segments(segments, count, said, names);
        add_staying(handing, said + count, names + count);
        if (vl_rng_fill(&request->rng, transferred->handover, VL_NONCE_LEN) != VL_OK)
            err = vl_fail(why, VL_ERR_INTERNAL, "no randomness");
    }
    if (!err)
        err = vl_bag_out_evidence_root(&handing->filing.acts, transferred, why);
    if (!err)
        err = find_previous(handing, transferred, why);
    if (!err)
        err = vl_transferred_write(&handing->signer, transferred, &handing->list,
                                   handing->handed->act, why);
    vl_free(transferred);
    vl_free(names);
    vl_free(said);
    return err;
}

/* --- keeping it ------------------------------------------------------------------------------- */

static enum vl_err set_way(struct handing *handing, struct vl_bag_letter *letter, uint8_t way,
                           enum vl_addressee_state taker, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = vl_store_letter(handing->home->store, letter->number, &row, why);

    if (!err)
        err = vl_hand_note(handing->home->store, &handing->choice, &row, letter, taker, why);
    if (err || row.way >= VL_WAY_PASSED)
        return err;
    row.way = way;
    return vl_store_update_letter(handing->home->store, &row, why);
}

/* The senders of what was only carried get to see that it went on, when it does. */
static enum vl_err owe_senders(struct handing *handing, bool goes, struct vl_why *why)
{
    const struct vl_id_set *senders = &handing->choice.senders;
    struct vl_store *store = handing->home->store;
    const uint8_t *act = handing->handed->act;
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < senders->room; i++)
        if (senders->used[i])
            err = goes ? vl_owe(store, senders->at[i], act, why)
                       : vl_owe_not(store, senders->at[i], act, why);
    return err;
}

/* What the next hand-over to this taker will name; id may be NULL. */
static enum vl_err note_last(struct handing *handing, const uint8_t *id, struct vl_why *why)
{
    struct vl_store *store = handing->home->store;
    struct vl_tie last = {.kind = VL_TIE_HANDOVER};

    if (!handing->choice.has_taker)
        return VL_OK;
    memcpy(last.about, handing->choice.taker.at, VL_HASH_LEN);
    if (!id)
        return vl_store_drop_tie(store, last.kind, last.about, last.key, why);
    last.bytes = vl_bytes_of(id, VL_HASH_LEN);
    return vl_store_put_tie(store, &last, why);
}

static enum vl_err keep(struct handing *handing, struct vl_why *why)
{
    struct vl_store *store = handing->home->store;
    enum vl_err err = vl_store_begin(store, why);

    if (!err)
        err = vl_own_act_keep(handing->home, vl_buf_bytes(&handing->list),
                              vl_buf_bytes(&handing->kept), handing->request->now_s, why);
    for (size_t i = 0; !err && i < handing->choice.count; i++) {
        struct vl_bag_letter *letter = &handing->choice.letters[i];
        bool all = true;

        if (letter->in_slices)
            err = vl_hand_slices_went(store, &handing->choice, letter, &all, why);
        /* One of which slices are left waits on. */
        if (!err)
            err = set_way(handing, letter, all ? VL_WAY_HANDED : VL_WAY_WAITING,
                          all ? VL_ADDRESSEE_HANDED : VL_ADDRESSEE_NONE, why);
    }
    if (!err)
        err = owe_senders(handing, true, why);
    if (!err)
        err = note_last(handing, handing->handed->act, why);
    if (!err)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    return err;
}

/* The bag is not there after all: what was in it waits again. */
static void wait_again(struct handing *handing)
{
    struct vl_store *store = handing->home->store;
    enum vl_err err = vl_store_begin(store, NULL);

    for (size_t i = 0; !err && i < handing->choice.count; i++) {
        struct vl_bag_letter *letter = &handing->choice.letters[i];

        if (letter->in_slices)
            err = vl_hand_slices_stayed(store, &handing->choice, letter, NULL);
        if (!err)
            err =
                set_way(handing, letter, letter->way, (enum vl_addressee_state)letter->taker, NULL);
    }
    if (!err)
        err = owe_senders(handing, false, NULL);
    if (!err)
        err = note_last(handing, handing->has_previous ? handing->previous : NULL, NULL);
    if (!err && vl_store_commit(store, NULL) != VL_OK)
        return; /* they count as handed, which --again mends */
    vl_store_rollback(store);
}

static enum vl_err write_bag(struct handing *handing, struct vl_why *why)
{
    const struct vl_bag_segment *segments = NULL;
    struct vl_bag_plan plan;
    size_t count = 0;
    enum vl_err err = begin_bag(handing, &plan, why);

    if (err || handing->request->dry_run)
        return err;
    err = fill_bag(handing, why);
    if (!err)
        err = vl_bag_finish_segments(handing->writer, &segments, &count, why);
    if (!err)
        err = vl_bag_put_leaves(handing->writer, vl_buf_bytes(&handing->leaves), why);
    if (!err)
        err = vl_bag_read_back(handing->writer, &handing->handed->checked, why);
    if (!err)
        err = sign(handing, &plan, segments, count, why);
    /* The home knows of it before the bag exists: a bag that nobody remembers would be answered to
     * nobody. */
    if (!err)
        err = keep(handing, why);
    if (err)
        return err;
    err = vl_bag_commit(handing->writer, vl_buf_bytes(&handing->list), &handing->handed->checked,
                        why);
    if (err && !vl_stick_is_gone(handing->stick))
        wait_again(handing);
    return err;
}

static enum vl_err hand_letters(struct handing *handing, struct vl_why *why)
{
    enum vl_err err = make_evidence(handing, why);

    if (!err)
        err = fit(handing, why);
    if (!err && handing->handed->no_room + handing->handed->too_long > 0)
        err = vl_hand_choose_again(handing->home, &handing->choice, why);
    if (!err)
        err = make_leaves(handing, why);
    if (!err)
        err = mark_whole_batches(handing, why);
    if (!err)
        err = write_bag(handing, why);
    vl_bag_writer_free(handing->writer);
    handing->writer = NULL;
    return err;
}

/* Which letters that should have gone this way are not among those that did. */
static enum vl_err tell_staying(const struct handing *handing, struct vl_why *why)
{
    const struct vl_handed *handed = handing->handed;
    const enum vl_err none_went = handed->failed ? VL_ERR_IO : VL_ERR_UNVERIFIED;

    if (handed->bent > 0)
        return vl_fail(why, handing->choice.count > 0 ? VL_ERR_PARTIAL : none_went,
                       "%zu %s in a bag that %s", handed->bent,
                       handed->bent == 1 ? "letter lies" : "letters lie",
                       handed->failed ? "the stick does not give" : "is not what was handed here");
    if (handed->no_room + handed->too_long + handed->later > 0)
        return vl_fail(why, VL_ERR_PARTIAL,
                       "letters stay here: %zu for want of room, %zu longer than a file of this "
                       "stick may be, %zu more than one hand-over takes",
                       handed->no_room, handed->too_long, handed->later);
    return VL_OK;
}

static enum vl_err hand(struct handing *handing, struct vl_why *why)
{
    const struct vl_hand_request *request = handing->request;
    struct vl_evidence_bags bags = {.home = handing->home,
                                    .signer = &handing->signer,
                                    .manual = request->manual,
                                    .by_hand = true,
                                    .now_s = request->now_s,
                                    .rng = &request->rng};
    enum vl_err err;

    if (!request->office == !request->carrier)
        return vl_fail(why, VL_ERR_USAGE, "to an office, or by a named courier");
    if (request->carrier && request->letter_count == 0 && !request->all)
        return vl_fail(why, VL_ERR_USAGE, "a named courier takes letters that are named, or all");
    err = vl_hand_choose(handing->home, request, &handing->choice, handing->handed, why);
    if (!err)
        err = vl_home_unlock(handing->home, &request->asker, why);
    if (!err)
        err = vl_home_signer(handing->home, request->now_s, &handing->signer, why);
    if (!err)
        err = vl_stick_begin(handing->home, request->stick, &request->rng, !request->dry_run,
                             &handing->stick, why);
    if (!err)
        err = vl_hand_find_staying(handing->home, handing->stick, &request->watch, &handing->choice,
                                   handing->handed, why);
    if (!err && handing->choice.count > 0)
        err = hand_letters(handing, why);
    if (err || request->dry_run)
        return err ? err : tell_staying(handing, why);
    bags.stick = handing->stick;
    err = vl_evidence_bags_write(&bags, why);
    handing->handed->evidence_err = err;
    handing->handed->evidence_offices = bags.offices;
    handing->handed->parcels = bags.parcels;
    if (err && handing->choice.count > 0) /* their bag is there, and signed */
        err = vl_fail_in(why, VL_ERR_PARTIAL, "evidence for others is not on it");
    return err ? err : tell_staying(handing, why);
}

enum vl_err vl_hand(struct vl_home *home, const struct vl_hand_request *request,
                    struct vl_handed *handed, struct vl_why *why)
{
    struct handing *handing = vl_new(sizeof *handing);
    enum vl_err err;

    *handed = (struct vl_handed){0};
    if (!handing)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a hand-over");
    *handing = (struct handing){.home = home,
                                .request = request,
                                .handed = handed,
                                .choice = VL_HAND_CHOICE_INIT,
                                .filing = VL_FILING_INIT,
                                .evidence = VL_SEALED_FILES_INIT,
                                .leaves = VL_BUF_INIT(VL_BAG_MAX_LEAVES),
                                .kept = VL_BUF_INIT(VL_TIE_MAX_LEN),
                                .tree = VL_BATCH_TREE_INIT,
                                .list = VL_BUF_INIT(VL_BAG_MAX_LIST)};
    err = hand(handing, why);
    release(handing);
    vl_free(handing);
    return err;
}
