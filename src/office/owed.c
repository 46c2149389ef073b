/* SPDX-License-Identifier: Apache-2.0 */
#include "office/owed.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"
#include "office/filing.h"

/* What is remembered of one act that is owed: how often it went, all of it, and how much of its
 * leaves went once more since then. */
struct state {
    uint8_t times;
    uint32_t mark;
};
/* Without a mark the first byte stands alone. */
#define STATE_LEN 5

static struct state state_read(vl_bytes bytes)
{
    struct state state = {.times = bytes.len > 0 ? bytes.ptr[0] : 0};

    if (bytes.len == STATE_LEN)
        state.mark = (uint32_t)vl_bytes_number(vl_bytes_after(bytes, 1));
    return state;
}

/* Into room, which the tie borrows. */
static struct vl_tie tie_of(const uint8_t *office, const uint8_t *act, struct state state,
                            uint8_t room[STATE_LEN])
{
    struct vl_tie tie = {.kind = VL_TIE_OWED,
                         .bytes = vl_bytes_of(room, state.mark > 0 ? STATE_LEN : 1)};

    room[0] = state.times;
    vl_bytes_put_number(state.mark, room + 1, STATE_LEN - 1);
    memcpy(tie.about, office, VL_HASH_LEN);
    memcpy(tie.key, act, VL_HASH_LEN);
    return tie;
}

static enum vl_err is_own(struct vl_store *store, const uint8_t *office, bool *own,
                          struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf id = VL_BUF_INIT(VL_HASH_LEN);
    enum vl_err err = vl_store_fact(store, "own", &id, why);

    *own = !err && id.len == VL_HASH_LEN && memcmp(id.data, office, VL_HASH_LEN) == 0;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

/* How often it was sent already; or that it was not, and waits for a hand-over. */
#define WITH_HAND 255

static enum vl_err owe(struct vl_store *store, const uint8_t *office, const uint8_t *act,
                       uint8_t never, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf there = VL_BUF_INIT(16);
    uint8_t room[STATE_LEN];
    const struct vl_tie tie = tie_of(office, act, (struct state){never, 0}, room);
    bool own = false;
    enum vl_err err = is_own(store, office, &own, why);

    if (err || own)
        return err;
    err = vl_store_tie(store, VL_TIE_OWED, office, act, &there, why);
    return err == VL_ERR_NOT_FOUND ? vl_store_put_tie(store, &tie, why) : err;
}

enum vl_err vl_owe(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                   const uint8_t act[VL_HASH_LEN], struct vl_why *why)
{
    return owe(store, office, act, 0, why);
}

enum vl_err vl_owe_with_hand(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                             const uint8_t act[VL_HASH_LEN], struct vl_why *why)
{
    return owe(store, office, act, WITH_HAND, why);
}

enum vl_err vl_owe_not(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                       const uint8_t act[VL_HASH_LEN], struct vl_why *why)
{
    return vl_store_drop_tie(store, VL_TIE_OWED, office, act, why);
}

/* --- whom ------------------------------------------------------------------------------------- */

struct offices {
    size_t count;
    size_t cap;
    struct {
        uint8_t office[VL_HASH_LEN];
        size_t acts;
    } * at;
};

static enum vl_err count_tie(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct offices *offices = self;

    if (offices->count > 0 &&
        memcmp(offices->at[offices->count - 1].office, tie->about, VL_HASH_LEN) == 0) {
        offices->at[offices->count - 1].acts++;
        return VL_OK;
    }
    if (offices->count == offices->cap) {
        const size_t cap = offices->cap ? 2 * offices->cap : 16;
        void *block = offices->at;
        enum vl_err err =
            vl_grow(&block, offices->cap * sizeof *offices->at, cap * sizeof *offices->at);

        if (err)
            return vl_fail(why, err, "no memory for a list of offices");
        offices->at = block;
        offices->cap = cap;
    }
    memcpy(offices->at[offices->count].office, tie->about, VL_HASH_LEN);
    offices->at[offices->count++].acts = 1;
    return VL_OK;
}

enum vl_err vl_owed_offices(struct vl_store *store,
                            enum vl_err (*visit)(void *self, const uint8_t office[VL_HASH_LEN],
                                                 size_t count, struct vl_why *why),
                            void *self, struct vl_why *why)
{
    struct offices offices = {0};
    enum vl_err err = vl_store_ties(store, VL_TIE_OWED, NULL, count_tie, &offices, why);

    for (size_t i = 0; !err && i < offices.count; i++)
        err = visit(self, offices.at[i].office, offices.at[i].acts, why);
    vl_free(offices.at);
    return err;
}

/* --- what ------------------------------------------------------------------------------------- */

/* Evidence files while they are put together for one office. */
struct collecting {
    const uint8_t *office;
    struct vl_owed *owed;
    struct vl_filing filing;
    size_t files; /* that are full */
    /* Of the act that is put now, and of what it names: leaves that went already and are left out,
     * and leaves that are past, in the order in which the acts are put. */
    uint32_t skip;
    uint32_t past;
    bool in_leaves; /* not all of them are past */
};

void vl_owed_release(struct vl_owed *owed)
{
    vl_buf_release(&owed->file);
    vl_free(owed->acts);
    vl_id_set_release(&owed->in_file);
    *owed = (struct vl_owed)VL_OWED_INIT;
}

/* Of an act over many letters the office gets the leaves that it can do something with: of letters
 * that it wrote or that are for it; so many at a time. */
struct leaf_list {
    vl_bytes kept;
    size_t next; /* of those that are kept */
    const struct vl_tree_levels *levels;
    size_t count;
    size_t cap;
    size_t leaf_len; /* at most, in a file */
    struct vl_evidence_leaf *at;
    uint8_t (*bytes)[VL_CUSTODY_LEAF_MAX];
};

static enum vl_err wants_leaf(struct collecting *collecting, const uint8_t *number, bool *wants,
                              struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_err err = vl_store_letter(collecting->filing.home->store, number, &row, why);

    *wants = !err && vl_letter_row_concerns(&row, collecting->office);
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

static void leaf_list_release(struct leaf_list *list)
{
    vl_free(list->at);
    vl_free(list->bytes);
}

static enum vl_err leaf_list_make(struct leaf_list *list, vl_bytes kept, struct vl_why *why)
{
    const size_t count = kept.len / VL_ACTS_LEAF_LEN;

    list->kept = kept;
    list->leaf_len = VL_CUSTODY_LEAF_MAX + 16;
    for (size_t left = count; left > 1; left = (left + 1) / 2)
        list->leaf_len += VL_HASH_LEN + 2;
    list->cap = count < VL_EVIDENCE_MAX_LEAVES ? count : VL_EVIDENCE_MAX_LEAVES;
    list->at = vl_new(list->cap * sizeof *list->at);
    list->bytes = vl_new(list->cap * sizeof *list->bytes);
    if (!list->at || !list->bytes)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the leaves of an act");
    return VL_OK;
}

/* The next ones; none at the end.  So many fit into half a file, whatever else is in it. */
static enum vl_err fill(struct collecting *collecting, struct leaf_list *list, struct vl_why *why)
{
    const size_t count = list->kept.len / VL_ACTS_LEAF_LEN;
    const size_t fits = collecting->filing.out.max_len / 2 / list->leaf_len + 1;
    const size_t most = fits < list->cap ? fits : list->cap;
    enum vl_err err = VL_OK;

    for (list->count = 0; !err && list->next < count && list->count < most; list->next++) {
        struct vl_evidence_leaf *leaf = &list->at[list->count];
        bool wants = false;

        err = wants_leaf(collecting, list->kept.ptr + list->next * VL_ACTS_LEAF_LEN, &wants, why);
        if (err || !wants)
            continue;
        leaf->leaf = vl_acts_custody_leaf(list->kept, list->next, list->bytes[list->count]);
        leaf->index = list->next;
        vl_tree_levels_path(list->levels, list->next, &leaf->path);
        list->count++;
    }
    return err;
}

/* Whoever signed an act or handed over what it answers has the list, and what was not taken stands
 * in the answer, unless it is too much for that. */
static bool has_leaves(const struct collecting *collecting, const struct vl_object *object,
                       const struct vl_act_any *any)
{
    if (memcmp(object->issuer.at, collecting->office, VL_HASH_LEN) == 0)
        return true;
    return any->form == VL_ACT_ANSWER && any->as.answer.has_giver &&
           any->as.answer.not_taken_batch.count == 0 &&
           memcmp(any->as.answer.giver.at, collecting->office, VL_HASH_LEN) == 0;
}

/* From the one at list->next on. */
static enum vl_err put_leaves(struct collecting *collecting, const struct vl_object *object,
                              struct leaf_list *list, struct vl_why *why)
{
    const uint32_t before = collecting->past;
    enum vl_err err;

    collecting->past = before + (uint32_t)list->next; /* of VL_BATCH_MAX */
    err = fill(collecting, list, why);
    if (!err)
        err = vl_filing_act(&collecting->filing, object, list->at, list->count, why);
    if (!err)
        collecting->past = before + (uint32_t)list->next;
    while (!err && list->count > 0) {
        err = fill(collecting, list, why);
        if (!err && list->count > 0)
            err = vl_filing_more(&collecting->filing, object, list->at, list->count, why);
        if (!err)
            collecting->past = before + (uint32_t)list->next;
    }
    return err;
}

static enum vl_err put_with_leaves(struct collecting *collecting, const struct vl_object *object,
                                   vl_bytes kept, struct vl_why *why)
{
    const size_t count = kept.len / VL_ACTS_LEAF_LEN;
    struct leaf_list list = {.next = collecting->skip < count ? collecting->skip : count};
    struct vl_tree_levels *levels = NULL;
    enum vl_err err;

    collecting->skip -= (uint32_t)list.next;
    if (list.next == count) { /* they went, all of them */
        collecting->past += (uint32_t)count;
        return vl_filing_act(&collecting->filing, object, NULL, 0, why);
    }
    collecting->in_leaves = true;
    err = leaf_list_make(&list, kept, why);
    if (!err)
        err = vl_acts_levels(kept, &levels, why);
    list.levels = levels;
    if (!err)
        err = put_leaves(collecting, object, &list, why);
    if (!err)
        collecting->in_leaves = false;
    vl_tree_levels_free(levels);
    leaf_list_release(&list);
    return err;
}

static enum vl_err put_act(void *self, const struct vl_object *object, const struct vl_act_any *any,
                           struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf kept = VL_BUF_INIT(VL_TIE_MAX_LEN);
    struct collecting *collecting = self;
    enum vl_err err = VL_ERR_NOT_FOUND;

    if (!has_leaves(collecting, object, any))
        err = vl_acts_leaves(collecting->filing.home->store, object->id, &kept, why);
    if (err == VL_ERR_NOT_FOUND)
        return vl_filing_act(&collecting->filing, object, NULL, 0, why);
    return err ? err : put_with_leaves(collecting, object, vl_buf_bytes(&kept), why);
}

/* Of the act that is put now everything up to here is in a file. */
static void note_put(const struct collecting *collecting, uint32_t put)
{
    struct vl_owed *owed = collecting->owed;

    if (owed->count > 0 && owed->acts[owed->count - 1].put != VL_OWED_ALL)
        owed->acts[owed->count - 1].put = put;
}

static enum vl_err add_owed(struct collecting *collecting, const uint8_t *act, struct state state,
                            struct vl_why *why)
{
    struct vl_owed *owed = collecting->owed;
    enum vl_err err;

    memcpy(owed->acts[owed->count].id, act, VL_HASH_LEN);
    owed->acts[owed->count].put = owed->acts[owed->count].gone = 0;
    owed->count++;
    collecting->skip = state.mark;
    collecting->past = 0;
    collecting->in_leaves = false;
    err = vl_filing_with_named(&collecting->filing, act, put_act, collecting, why);
    if (err && err != VL_ERR_LIMIT)
        return err;
    owed->no_room |= err && owed->max_len < VL_EVIDENCE_MAX_LEN;
    /* No room for it; for a shorter one there may be.  For what it names there may be none. */
    if (err && !vl_filing_has(&collecting->filing, act))
        owed->count--;
    else
        note_put(collecting, err && collecting->in_leaves ? collecting->past : VL_OWED_ALL);
    return VL_OK;
}

void vl_owed_file_gone(struct vl_owed *owed)
{
    for (size_t i = 0; i < owed->count; i++)
        owed->acts[i].gone = owed->acts[i].put;
}

/* Handed on with the ids that are in it; so many on one stick, and the rest waits. */
static enum vl_err see_full(void *self, vl_bytes file, struct vl_why *why)
{
    struct collecting *collecting = self;
    struct vl_owed *owed = collecting->owed;
    enum vl_err err;

    if (collecting->files + 1 >= VL_OWED_FILES)
        return vl_fail(why, VL_ERR_LIMIT, "more evidence for one office than one stick takes");
    collecting->files++;
    note_put(collecting, collecting->past);
    err = owed->full(owed->self, &collecting->filing.in_file, file, why);
    if (!err)
        vl_owed_file_gone(owed);
    collecting->filing.out.max_len = owed->max_len;
    return err;
}

/* --- in which order --------------------------------------------------------------------------- */

/* What is owed to one office. */
struct list {
    size_t count;
    size_t cap;
    bool by_hand;
    struct one {
        uint8_t act[VL_HASH_LEN];
        struct state state;
    } * at;
};

static enum vl_err add_to_list(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct list *list = self;
    const struct state state = state_read(tie->bytes);
    void *block = list->at;

    if (state.times == WITH_HAND && !list->by_hand)
        return VL_OK;
    if (list->count == list->cap) {
        const size_t cap = list->cap ? 2 * list->cap : 16;
        enum vl_err err = vl_grow(&block, list->cap * sizeof *list->at, cap * sizeof *list->at);

        if (err)
            return vl_fail(why, err, "no memory for what is owed");
        list->at = block;
        list->cap = cap;
    }
    memcpy(list->at[list->count].act, tie->key, VL_HASH_LEN);
    list->at[list->count++].state = state;
    return VL_OK;
}

static int times_of(const struct one *one)
{
    return one->state.times == WITH_HAND ? 0 : one->state.times;
}

/* What went least often comes first, so that on small sticks everything has its turn; of that, what
 * was begun. */
static int by_turn(const void *a, const void *b)
{
    const struct one *left = a, *right = b;
    const int order = times_of(left) - times_of(right);

    if (order || (left->state.mark > 0) != (right->state.mark > 0))
        return order ? order : left->state.mark > 0 ? -1 : 1;
    return memcmp(left->act, right->act, VL_HASH_LEN);
}

static enum vl_err put_all(struct collecting *collecting, struct vl_why *why)
{
    struct vl_owed *owed = collecting->owed;
    struct list list = {.by_hand = owed->by_hand};
    enum vl_err err = vl_store_ties(collecting->filing.home->store, VL_TIE_OWED, collecting->office,
                                    add_to_list, &list, why);

    if (!err && list.count > 0) {
        qsort(list.at, list.count, sizeof *list.at, by_turn);
        owed->acts = vl_new(list.count * sizeof *owed->acts);
        if (!owed->acts)
            err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for what is owed");
    }
    for (size_t i = 0; !err && i < list.count; i++)
        err = add_owed(collecting, list.at[i].act, list.at[i].state, why);
    vl_free(list.at);
    return err;
}

enum vl_err vl_owed_collect(struct vl_home *home, const uint8_t office[VL_HASH_LEN],
                            struct vl_owed *owed, struct vl_why *why)
{
    struct collecting *collecting = vl_new(sizeof *collecting);
    enum vl_err err;

    if (!collecting)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to collect what is owed");
    *collecting = (struct collecting){.office = office, .owed = owed, .filing = VL_FILING_INIT};
    collecting->filing.home = home;
    collecting->filing.out.max_len = owed->max_len;
    collecting->filing.full = owed->full ? see_full : NULL;
    collecting->filing.self = collecting;
    err = vl_filing_cards(&collecting->filing, &home->own, why);
    if (!err)
        err = put_all(collecting, why);
    else if (err == VL_ERR_LIMIT && owed->max_len < VL_EVIDENCE_MAX_LEN)
        err = vl_fail(why, VL_ERR_NO_SPACE, "no space for any of it");
    if (!err && owed->count > 0)
        err = vl_filing_finish(&collecting->filing, &owed->file, why);
    owed->in_file = collecting->filing.in_file;
    collecting->filing.in_file = (struct vl_id_set)VL_ID_SET_INIT;
    vl_filing_release(&collecting->filing);
    vl_free(collecting);
    return err ? vl_fail_in(why, err, "what is owed to another office") : VL_OK;
}

static enum vl_err count_fresh(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct vl_owed *owed = self;
    const uint8_t times = state_read(tie->bytes).times;

    (void)why;
    owed->fresh += times == 0 || (times == WITH_HAND && owed->by_hand);
    return VL_OK;
}

enum vl_err vl_owed_fresh(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                          struct vl_owed *owed, struct vl_why *why)
{
    owed->fresh = 0;
    return vl_store_ties(store, VL_TIE_OWED, office, count_fresh, owed, why);
}

/* All of it went once more, or so many of its leaves. */
static enum vl_err note_sent(struct vl_store *store, const uint8_t *office,
                             const struct vl_owed_act *act, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(16);
    uint8_t room[STATE_LEN];
    struct state state;
    struct vl_tie tie;
    enum vl_err err = vl_store_tie(store, VL_TIE_OWED, office, act->id, &bytes, why);

    if (err)
        return err;
    state = state_read(vl_buf_bytes(&bytes));
    state.mark = act->gone == VL_OWED_ALL ? 0 : act->gone;
    if (act->gone == VL_OWED_ALL)
        state.times = state.times == WITH_HAND ? 1 : (uint8_t)(state.times + 1);
    if (act->gone == VL_OWED_ALL && state.times >= VL_OWED_TIMES)
        return vl_store_drop_tie(store, VL_TIE_OWED, office, act->id, why);
    tie = tie_of(office, act->id, state, room);
    return vl_store_put_tie(store, &tie, why);
}

enum vl_err vl_owed_sent(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                         const struct vl_owed *owed, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < owed->count; i++)
        if (owed->acts[i].gone > 0)
            err = note_sent(store, office, &owed->acts[i], why);
    return err;
}
