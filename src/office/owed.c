/* SPDX-License-Identifier: Apache-2.0 */
#include "office/owed.h"

#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"
#include "office/filing.h"

static struct vl_tie tie_of(const uint8_t *office, const uint8_t *act, const uint8_t *times)
{
    struct vl_tie tie = {.kind = VL_TIE_OWED, .bytes = vl_bytes_of(times, 1)};

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
    const struct vl_tie tie = tie_of(office, act, &never);
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
    list->cap = count < VL_EVIDENCE_MAX_LEAVES ? count : VL_EVIDENCE_MAX_LEAVES;
    list->at = vl_new(list->cap * sizeof *list->at);
    list->bytes = vl_new(list->cap * sizeof *list->bytes);
    if (!list->at || !list->bytes)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for the leaves of an act");
    return VL_OK;
}

/* The next ones; none at the end. */
static enum vl_err fill(struct collecting *collecting, struct leaf_list *list, struct vl_why *why)
{
    const size_t count = list->kept.len / VL_ACTS_LEAF_LEN;
    enum vl_err err = VL_OK;

    for (list->count = 0; !err && list->next < count && list->count < list->cap; list->next++) {
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

static enum vl_err put_with_leaves(struct collecting *collecting, const struct vl_object *object,
                                   vl_bytes kept, struct vl_why *why)
{
    struct leaf_list list = {.next = 0};
    struct vl_tree_levels *levels = NULL;
    enum vl_err err = leaf_list_make(&list, kept, why);

    if (!err)
        err = vl_acts_levels(kept, &levels, why);
    list.levels = levels;
    if (!err)
        err = fill(collecting, &list, why);
    if (!err)
        err = vl_filing_act(&collecting->filing, object, list.at, list.count, why);
    while (!err && list.count > 0) {
        err = fill(collecting, &list, why);
        if (!err && list.count > 0)
            err = vl_filing_more(&collecting->filing, object, list.at, list.count, why);
    }
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

static enum vl_err add_owed(void *self, const struct vl_tie *tie, struct vl_why *why)
{
    struct collecting *collecting = self;
    struct vl_owed *owed = collecting->owed;
    const uint8_t times = tie->bytes.len == 1 ? tie->bytes.ptr[0] : 0;
    void *block = owed->acts;
    enum vl_err err;

    if (times == WITH_HAND && !owed->by_hand)
        return VL_OK;
    err = vl_filing_with_named(&collecting->filing, tie->key, put_act, collecting, why);
    /* No room for it; for a shorter one there may be.  For what it names there may be none. */
    if (err == VL_ERR_LIMIT && !vl_filing_has(&collecting->filing, tie->key))
        return VL_OK;
    if (err == VL_ERR_LIMIT)
        err = VL_OK;
    if (!err && owed->count == owed->cap) {
        const size_t cap = owed->cap ? 2 * owed->cap : 16;

        err = vl_grow(&block, owed->cap * VL_HASH_LEN, cap * VL_HASH_LEN);
        if (!err) {
            owed->acts = block;
            owed->cap = cap;
        }
    }
    if (!err)
        memcpy(owed->acts[owed->count++], tie->key, VL_HASH_LEN);
    return err;
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
    err = owed->full(owed->self, &collecting->filing.in_file, file, why);
    if (!err)
        owed->gone = owed->count;
    return err;
}

enum vl_err vl_owed_collect(struct vl_home *home, const uint8_t office[VL_HASH_LEN],
                            struct vl_owed *owed, struct vl_why *why)
{
    struct collecting *collecting = vl_new(sizeof *collecting);
    enum vl_err err;

    if (!collecting)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to collect what is owed");
    *collecting = (struct collecting){office, owed, VL_FILING_INIT, 0};
    collecting->filing.home = home;
    collecting->filing.full = owed->full ? see_full : NULL;
    collecting->filing.self = collecting;
    err = vl_filing_cards(&collecting->filing, &home->own, why);
    if (!err)
        err = vl_store_ties(home->store, VL_TIE_OWED, office, add_owed, collecting, why);
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
    const uint8_t times = tie->bytes.len == 1 ? tie->bytes.ptr[0] : 0;

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

enum vl_err vl_owed_sent(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                         const struct vl_owed *owed, struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < owed->gone; i++) {
        VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(16);
        uint8_t times;

        err = vl_store_tie(store, VL_TIE_OWED, office, owed->acts[i], &bytes, why);
        times =
            !err && bytes.len == 1 && bytes.data[0] != WITH_HAND ? (uint8_t)(bytes.data[0] + 1) : 1;
        if (!err && times >= VL_OWED_TIMES) {
            err = vl_store_drop_tie(store, VL_TIE_OWED, office, owed->acts[i], why);
        } else if (!err) {
            const struct vl_tie tie = tie_of(office, owed->acts[i], &times);

            err = vl_store_put_tie(store, &tie, why);
        }
    }
    return err;
}
