/* SPDX-License-Identifier: Apache-2.0 */
#include "office/take_stick.h"

#include <string.h>

#include "base/alloc.h"
#include "office/bag_in.h"
#include "office/evidence_bags.h"
#include "office/quarantine.h"

void vl_taken_stick_release(struct vl_taken_stick *taken)
{
    for (size_t i = 0; i < taken->bag_count; i++)
        vl_free(taken->bags[i].letters);
    vl_free(taken->bags);
    *taken = (struct vl_taken_stick){0};
}

/* --- one bag ---------------------------------------------------------------------------------- */

static enum vl_err give_letters(struct vl_bag_taking *work, struct vl_why *why)
{
    struct vl_answering *answering = &work->answering;
    struct vl_stick_bag *bag = work->bag;

    bag->letters = vl_new((work->entry_count + 1) * sizeof *bag->letters);
    answering->letters = vl_new((work->entry_count + 1) * sizeof *answering->letters);
    if (!bag->letters || !answering->letters)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of letters");
    for (size_t i = 0; i < work->entry_count; i++) {
        struct vl_bag_entry *entry = &work->entries[i];
        const uint32_t ways = entry->answer.ways;

        entry->shown.taken = entry->answer.taken;
        entry->shown.reason = entry->answer.reason;
        entry->shown.kind = VL_KIND_ACCEPTED;
        for (size_t way = 0; way < answering->way_count; way++)
            if ((ways >> way & 1) && answering->ways[way].kind != VL_KIND_ACCEPTED)
                entry->shown.kind = answering->ways[way].kind;
        bag->letters[bag->letter_count++] = entry->shown;
        answering->letters[answering->letter_count++] = entry->answer;
    }
    return VL_OK;
}

static bool sender_of(void *self, const uint8_t number[VL_HASH_LEN], uint8_t office[VL_HASH_LEN])
{
    struct vl_bag_taking *work = self;
    const struct vl_bag_entry *entry = vl_bag_taking_entry(work, number);

    if (!entry || !entry->shown.vouched)
        return false;
    memcpy(office, entry->shown.from.at, VL_HASH_LEN);
    return true;
}

static enum vl_err keep_hand_over(struct vl_bag_taking *work, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf leaves = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct vl_act_any *any = vl_new(sizeof *any);
    struct vl_acts_keep keep = {.object = &work->list,
                                .any = any,
                                .now_s = work->taking->request->now_s};
    enum vl_err err = any ? vl_act_any_read(&work->list, any, why)
                          : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to keep a hand-over");

    for (size_t i = 0; !err && i < work->entry_count; i++) {
        err = vl_buf_put(&leaves, VL_ARRAY(work->entries[i].answer.number));
        if (!err)
            err = vl_buf_put(&leaves, VL_ARRAY(work->entries[i].answer.waybill));
    }
    keep.leaves = vl_buf_bytes(&leaves);
    if (!err)
        err = vl_acts_keep(work->taking->home->store, &keep, why);
    if (!err && work->entry_count > 0)
        err = vl_handover_note(work->taking->home->store, work->list.id, why);
    vl_free(any);
    return err;
}

static void fill_answering(struct vl_bag_taking *work)
{
    const struct vl_take_stick_request *request = work->taking->request;
    struct vl_answering *answering = &work->answering;

    answering->home = work->taking->home;
    answering->signer = &work->taking->signer;
    answering->has_answers = answering->has_giver = true;
    memcpy(answering->answers, work->list.id, VL_HASH_LEN);
    answering->giver = work->list.issuer;
    answering->seals = &work->taking->seals;
    answering->manual = request->manual;
    if (request->person)
        answering->person = vl_bytes_str(request->person);
    if (request->method)
        answering->method = vl_bytes_str(request->method);
    if (request->place)
        answering->place = vl_bytes_str(request->place);
    if (request->condition)
        answering->condition = vl_bytes_str(request->condition);
}

/* What of it is worth being kept?  Why a part could not be read stands in the bag's own words,
 * which may be those that are asked for. */
static enum vl_err judge(const struct vl_bag_taking *work, struct vl_why *why)
{
    const struct vl_why said = work->bag->why;
    size_t taken = 0, held_back = 0;

    for (size_t i = 0; i < work->entry_count; i++) {
        taken += work->entries[i].answer.taken || work->entries[i].slices.used > 0;
        held_back += work->entries[i].answer.reason == VL_NOT_TAKEN_QUARANTINED;
    }
    if (held_back > 0 && taken == 0)
        return vl_fail(why, VL_ERR_LIMIT,
                       "no more is held apart here of what unknown offices bring: add the card of "
                       "its giver, or forget what is there");
    if (work->entry_count > 0 && taken == 0)
        return vl_fail(why, work->bag->failed ? VL_ERR_IO : VL_ERR_UNVERIFIED, "%s",
                       said.text[0] ? said.text : "none of its letters is what was handed over");
    if (work->entry_count == 0 && work->bag->damaged)
        return vl_fail(why, work->bag->failed ? VL_ERR_IO : VL_ERR_UNVERIFIED, "%s", said.text);
    return VL_OK;
}

static enum vl_err keep_answers(struct vl_bag_taking *work, struct vl_why *why)
{
    const struct vl_take_stick_request *request = work->taking->request;
    const bool signs = work->bag->answer == VL_BAG_ANSWER_NOW;
    enum vl_err err = keep_hand_over(work, why);

    if (!err && signs && work->entry_count > 0)
        err = vl_answers_sign(&work->answering, sender_of, work, request->now_s, why);
    if (!err && signs && !request->refuse)
        err = vl_bag_taking_sign_slices(work, why);
    if (!err && signs && !request->refuse)
        err = vl_bag_taking_reached(work, why);
    if (!err && work->entry_count == 0)
        err = vl_taking_note_left(work, why);
    return err;
}

static enum vl_err take_in(struct vl_bag_taking *work, struct vl_bag *bag, struct vl_why *why)
{
    struct vl_store *store = work->taking->home->store;
    const bool keeps = work->taking->keeps;
    enum vl_err err = vl_bag_taking_leaves(work, bag, why);

    work->bag->handed = work->entry_count;
    if (!err && keeps)
        err = vl_store_begin(store, why);
    if (!err)
        err = vl_bag_taking_read(work, bag, why);
    /* Stopped: what came until then is kept and signed for. */
    if (err == VL_ERR_INTERRUPTED && !work->taking->request->refuse) {
        work->stopped = err;
        err = VL_OK;
    }
    if (!err && !work->stopped)
        vl_bag_taking_end_slices(work);
    /* A damaged segment is handed on by nobody (vl_hand_find_staying): what is whole is kept. */
    work->again = !err && work->bag->damaged && work->taking->request->leave &&
                  !work->taking->copies && !work->stopped;
    if (work->again || (!err && work->again_slices && !work->stopped)) {
        vl_store_rollback(store);
        work->again_slices &= !work->again;
        return VL_OK;
    }
    if (!err)
        err = vl_bag_taking_giver(work, why);
    if (!err)
        err = vl_bag_taking_join(work, why);
    if (!err && work->taking->request->refuse)
        err = vl_bag_taking_refuse(work, why);
    else if (!err)
        err = judge(work, why);
    if (!err)
        err = vl_bag_taking_batches(work, why);
    if (!err)
        err = give_letters(work, why);
    if (!err && keeps)
        err = keep_answers(work, why);
    if (!err && keeps)
        err = vl_store_commit(store, why);
    vl_store_rollback(store);
    return err;
}

/* Was it known before this stick came? */
static enum vl_err look_at_giver(struct vl_bag_taking *work, struct vl_why *why)
{
    VL_AUTO(vl_office_row_release) struct vl_office_row row = VL_OFFICE_ROW_INIT;
    struct vl_stick_taking *taking = work->taking;
    enum vl_err err = vl_store_office(taking->home->store, work->list.issuer.at, &row, why);

    work->giver_checked = !err && row.checked;
    work->giver_unknown = err == VL_ERR_NOT_FOUND || (!err && !row.petname[0] && !row.checked);
    if (err && err != VL_ERR_NOT_FOUND)
        return err;
    if (!work->giver_unknown || taking->quarantine_known)
        return VL_OK;
    taking->quarantine_known = true;
    return vl_quarantine_held(taking->home->store, &taking->quarantine_letters,
                              &taking->quarantine_bytes, why);
}

/* A hand-over of that giver which this one follows and which never came here. */
static enum vl_err look_for_gap(struct vl_bag_taking *work, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = VL_OK;

    if (!work->transferred.has_previous)
        return VL_OK;
    err = vl_store_object(work->taking->home->store, work->transferred.previous, &bytes, why);
    work->bag->gap = err == VL_ERR_NOT_FOUND;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

static enum vl_err take_bag(struct vl_bag_taking *work, struct vl_why *why)
{
    struct vl_bag *bag = NULL;
    enum vl_err err = look_at_giver(work, why);

    fill_answering(work);
    work->keeping = (struct vl_keeping){.home = work->taking->home,
                                        .all = work->transferred.batch.count > 0,
                                        .now_s = work->taking->request->now_s};
    if (!err)
        err = look_for_gap(work, why);
    if (!err)
        err = vl_bag_open(work->taking->stick, work->bag->id, &bag, why);
    if (!err)
        err = take_in(work, bag, why);
    vl_bag_close(bag);
    work->bag->acts = work->keeping.acts;
    work->bag->acts_refused = work->keeping.refused;
    work->bag->acts_elsewhere = work->keeping.elsewhere;
    work->bag->cards += work->keeping.cards;
    if (work->keeping.twins > work->bag->twins) /* what was kept the first time is here by now */
        work->bag->twins = work->keeping.twins;
    return err;
}

/* --- which bags ------------------------------------------------------------------------------- */

/* NULL when memory runs out. */
static struct vl_stick_bag *add_bag(struct vl_taken_stick *taken, const uint8_t *id)
{
    struct vl_stick_bag *bag;
    void *block = taken->bags;

    if ((taken->bag_count & 63) == 0 &&
        vl_grow(&block, taken->bag_count * sizeof *taken->bags,
                (taken->bag_count + 64) * sizeof *taken->bags) != VL_OK)
        return NULL;
    taken->bags = block;
    if (!block)
        return NULL;
    bag = &taken->bags[taken->bag_count++];
    *bag = (struct vl_stick_bag){.err = VL_OK};
    memcpy(bag->id, id, VL_BAG_ID_LEN);
    return bag;
}

/* Of what is refused only letters, and of these the hand-over that was named. */
static bool is_meant(const struct vl_stick_taking *taking, const struct vl_bag_taking *work)
{
    return !taking->request->refuse ||
           (work->transferred.batch.count > 0 &&
            (!taking->request->handover || vl_number_starts(work->list.id, &taking->handover)));
}

static struct vl_stick_bag *find_bag(const struct vl_stick_taking *taking, const uint8_t *id)
{
    for (size_t i = 0; i < taking->taken->bag_count; i++)
        if (memcmp(taking->taken->bags[i].id, id, VL_BAG_ID_LEN) == 0)
            return &taking->taken->bags[i];
    return NULL;
}

/* Acts that were about letters of another bag, which are here now.  What was well the first time
 * stays so. */
static enum vl_err take_late(struct vl_stick_taking *taking, const struct vl_bag_seen *seen,
                             struct vl_bag_taking *work, struct vl_why *why)
{
    struct vl_why one = {""};
    enum vl_err err;

    work->bag = find_bag(taking, seen->id);
    if (!work->bag)
        return vl_fail(why, VL_ERR_INTERNAL, "a bag is read again that was never read");
    vl_free(work->bag->letters); /* an empty list, which is made again */
    work->bag->letters = NULL;
    work->bag->letter_count = 0;
    err = take_bag(work, &one);
    vl_taking_tell_left(work->bag);
    if (err == VL_ERR_NO_MEMORY || err == VL_ERR_NO_SPACE || err == VL_ERR_NO_KEY)
        return vl_fail(why, err, "%s", one.text);
    return work->stopped;
}

static bool must_go_again(const struct vl_bag_taking *work)
{
    return work->again || (work->again_slices && !work->stopped);
}

static enum vl_err take_ours(struct vl_stick_taking *taking, const struct vl_bag_seen *seen,
                             struct vl_bag_taking *work, struct vl_why *why)
{
    struct vl_stick_bag *bag;
    struct vl_why one = {""};
    bool known = false, fits;
    size_t left = 0;
    enum vl_err err;

    if (!is_meant(taking, work))
        return VL_OK;
    bag = add_bag(taking->taken, seen->id);
    if (!bag)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of bags");
    work->bag = bag;
    memcpy(bag->act, work->list.id, VL_HASH_LEN);
    bag->has_giver = true;
    bag->giver = work->list.issuer;
    bag->evidence_only = work->transferred.batch.count == 0;
    bag->handed = (size_t)work->transferred.batch.count;
    err = vl_taking_is_known(taking, work->list.id, &work->transferred, &known, why);
    if (err)
        return err;
    if (!known)
        bag->answer = vl_bag_taking_decide_answer(work);
    bag->known_before = known;
    if (known)
        err = vl_taking_left(taking, work->list.id, &left, why);
    if (err || (known && (left == 0 || !taking->keeps)))
        return err;
    bag->err = vl_taking_check_room(taking, work, &one);
    fits = !bag->err;
    if (fits)
        bag->err = take_bag(work, &one);
    if (!bag->err && fits && must_go_again(work)) {
        taking->taken->bag_count--;
        return VL_OK;
    }
    bag->left_before = left;
    vl_taking_tell_left(bag);
    if (bag->err)
        bag->why = one;
    if (bag->err == VL_ERR_NO_MEMORY || (bag->err == VL_ERR_NO_SPACE && fits) ||
        bag->err == VL_ERR_NO_KEY)
        return vl_fail(why, bag->err, "%s", bag->why.text);
    return work->stopped;
}

/* Mandates and their ends come before the letters that they matter for (PROTOCOL 5). */
static bool is_this_round(const struct vl_stick_taking *taking, const struct vl_bag_seen *seen,
                          const struct vl_bag_taking *work)
{
    const struct vl_stick_bag *bag = taking->is_late ? find_bag(taking, seen->id) : NULL;

    if (taking->is_late)
        return bag && bag->evidence_only && !bag->err && bag->acts_elsewhere > 0;
    return taking->letters == (work->transferred.batch.count > 0);
}

static enum vl_err look_at_bag(struct vl_stick_taking *taking, const struct vl_bag_seen *seen,
                               struct vl_bag_taking *work, struct vl_why *why)
{
    enum vl_err err = seen->err ? seen->err : vl_object_parse(seen->list, &work->list, NULL);

    if (!err)
        err = vl_transferred_read(&work->list, &work->transferred, NULL);
    if (!err &&
        (!work->transferred.has_bag || memcmp(work->transferred.bag, seen->id, VL_BAG_ID_LEN) != 0))
        err = VL_ERR_UNVERIFIED; /* a list that belongs to another bag (PROTOCOL 29) */
    if (err == VL_ERR_NO_MEMORY)
        return vl_fail(why, err, "no memory to take a bag");
    if (err) {
        taking->taken->unreadable += taking->letters;
        taking->taken->failed += taking->letters && err == VL_ERR_IO;
        return VL_OK;
    }
    if (!is_this_round(taking, seen, work))
        return VL_OK;
    if (taking->is_late)
        return take_late(taking, seen, work, why);
    if (!vl_office_id_eq(&work->list.issuer, &taking->home->own))
        return vl_taking_is_for_us(taking, &work->transferred)
                   ? take_ours(taking, seen, work, why)
                   : vl_taking_carry_along(taking, seen, &work->transferred, &work->list, why);
    return vl_taking_own(taking, &work->transferred, &work->list, why);
}

static enum vl_err see_bag(void *self, const struct vl_bag_seen *seen, struct vl_why *why)
{
    struct vl_stick_taking *taking = self;
    struct vl_bag_taking *work;
    bool again = true;
    enum vl_err err = VL_OK;

    if (seen->state != VL_BAG_FINISHED && !seen->err) {
        taking->taken->unfinished += !seen->is_own && taking->letters;
        return VL_OK;
    }
    work = vl_new(sizeof *work);
    if (!work)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to take a bag");
    for (taking->copies = taking->copies_slices = false; !err && again;) {
        *work = (struct vl_bag_taking){.taking = taking,
                                       .list = VL_OBJECT_INIT,
                                       .partial = VL_PARTIAL_INIT,
                                       .sealed_object = VL_OBJECT_INIT};
        err = look_at_bag(taking, seen, work, why);
        again = must_go_again(work);
        taking->copies |= work->again;
        taking->copies_slices |= work->again_slices;
        vl_bag_taking_release(work);
    }
    vl_free(work);
    return err;
}

/* --- before and after ------------------------------------------------------------------------- */

static void write_answers(struct vl_stick_taking *taking)
{
    const struct vl_take_stick_request *request = taking->request;
    struct vl_taken_stick *taken = taking->taken;
    bool letters = false;
    struct vl_evidence_bags bags = {.home = taking->home,
                                    .stick = taking->stick,
                                    .signer = &taking->signer,
                                    .manual = request->manual,
                                    .now_s = request->now_s,
                                    .rng = &request->rng};

    for (size_t i = 0; i < taken->bag_count; i++)
        letters |= !taken->bags[i].evidence_only && !taken->bags[i].known_before &&
                   taken->bags[i].answer == VL_BAG_ANSWER_NOW;
    bags.fresh_only = !letters; /* else each look at a stick would put more on it */
    taken->answer_err = vl_evidence_bags_write(&bags, &taken->answer_why);
    taken->answered_offices = bags.offices;
}

static enum vl_err sum_up(const struct vl_taken_stick *taken, struct vl_why *why)
{
    size_t refused = 0, partly = 0, good = 0, doubtful = 0;
    const struct vl_stick_bag *first = NULL;

    for (size_t i = 0; i < taken->bag_count; i++) {
        const struct vl_stick_bag *bag = &taken->bags[i];
        size_t missing = 0;

        for (size_t k = 0; k < bag->letter_count; k++)
            missing += !bag->letters[k].taken && (bag->letters[k].slices == 0 || bag->damaged);
        refused += bag->err != VL_OK;
        good += bag->err == VL_OK;
        partly += bag->err == VL_OK && missing > 0;
        doubtful += bag->err == VL_OK && bag->answer == VL_BAG_ANSWER_DOUBT;
        if (bag->err && !first)
            first = bag;
    }
    if (first && good == 0)
        return vl_fail(why, first->err, "%s", first->why.text);
    if (taken->failed > 0 && good == 0)
        return vl_fail(why, VL_ERR_IO, "the stick does not give the list of a bag");
    if (refused > 0 || partly > 0 || taken->failed > 0)
        return vl_fail(why, VL_ERR_PARTIAL, "not all of it could be taken");
    if (doubtful > 0)
        return vl_fail(why, VL_ERR_PARTIAL,
                       "this office was restored from a backup, and may have signed for %s before",
                       doubtful == 1 ? "a hand-over" : "hand-overs");
    if (taken->answer_err)
        return vl_fail(why, VL_ERR_PARTIAL, "the answer is not on the stick: %s",
                       taken->answer_why.text);
    return VL_OK;
}

/* Did letters come behind evidence that may be about them? */
static bool has_late(const struct vl_stick_taking *taking)
{
    bool letters = false, late = false;

    for (size_t i = 0; i < taking->taken->bag_count; i++) {
        const struct vl_stick_bag *bag = &taking->taken->bags[i];

        letters |= !bag->evidence_only && !bag->known_before && !bag->err;
        late |= bag->evidence_only && bag->acts_elsewhere > 0;
    }
    return taking->keeps && letters && late;
}

static enum vl_err take(struct vl_stick_taking *taking, struct vl_why *why)
{
    const struct vl_take_stick_request *request = taking->request;
    struct vl_stick_walked walked;
    enum vl_err err, stopped;

    for (size_t i = 0; i < request->seal_count && i < VL_MAX_SEALS; i++)
        taking->seals.at[taking->seals.count++] = vl_bytes_str(request->seals[i]);
    err = vl_home_unlock(taking->home, &request->asker, why);
    if (!err)
        err = vl_home_signer(taking->home, request->now_s, &taking->signer, why);
    if (!err)
        err = vl_held_mandates_read(taking->home, &taking->held, why);
    if (!err)
        err = vl_taking_find_restored(taking, why);
    if (!err)
        err = vl_stick_begin(taking->home, request->stick, &request->rng, taking->keeps,
                             &taking->stick, why);
    if (!err)
        err = vl_taking_measure(taking, why);
    if (err)
        return err;
    stopped = vl_stick_walk(taking->stick, NULL, see_bag, taking, &walked, why);
    if (!stopped) {
        vl_held_mandates_release(&taking->held);
        stopped = vl_held_mandates_read(taking->home, &taking->held, why);
    }
    taking->letters = true;
    if (!stopped)
        stopped = vl_stick_walk(taking->stick, NULL, see_bag, taking, &walked, why);
    if (!stopped && has_late(taking)) {
        taking->letters = false;
        taking->is_late = true;
        stopped = vl_stick_walk(taking->stick, NULL, see_bag, taking, &walked, why);
    }
    /* Whatever stopped it: what was taken before is signed for. */
    if (taking->keeps && stopped != VL_ERR_NO_MEMORY)
        write_answers(taking);
    return stopped ? stopped : sum_up(taking->taken, why);
}

enum vl_err vl_take_stick(struct vl_home *home, const struct vl_take_stick_request *request,
                          struct vl_taken_stick *taken, struct vl_why *why)
{
    struct vl_stick_taking *taking = vl_new(sizeof *taking);
    struct vl_take_stick_request reading = *request;
    enum vl_err err;

    *taken = (struct vl_taken_stick){0};
    if (!taking)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to take a stick");
    reading.dry_run |= request->refuse != NULL;
    *taking = (struct vl_stick_taking){.home = home,
                                       .request = &reading,
                                       .keeps = !request->dry_run,
                                       .held = VL_HELD_MANDATES_INIT,
                                       .taken = taken};
    if (request->handover && vl_number_prefix(VL_ACT_HRP, vl_bytes_str(request->handover), 8,
                                              &taking->handover) != VL_OK)
        err = vl_fail(why, VL_ERR_USAGE, "\"%s\" is not eight symbols of a hand-over's number",
                      request->handover);
    else
        err = take(taking, why);
    if (!err && request->handover && taken->bag_count == 0)
        err = vl_fail(why, VL_ERR_NOT_FOUND,
                      "there is no hand-over \"%s\" of letters for this office", request->handover);
    vl_stick_close(taking->stick);
    vl_held_mandates_release(&taking->held);
    vl_free(taking->unchecked);
    vl_free(taking);
    return err;
}
