/* SPDX-License-Identifier: Apache-2.0 */
/* How far letters came, by what others have signed. */
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"

/* How far one answer may move a letter: whoever is nobody to the letter moves nothing, or anybody
 * could sign it away from where it waits (PROTOCOL 7). */
struct mover {
    struct vl_home *home;
    const struct vl_answer *answer;
    const struct vl_office_id *taker; /* who signed it */
    bool is_own;                      /* this office did, and had forgotten */
    bool from_taker; /* it answers a hand-over of ours, and the one named there signed it */
    struct vl_transferred *transferred;   /* room to read one in */
    const struct vl_receipt_right *right; /* to receipt */
};

static enum vl_err is_from_taker(struct mover *mover, const struct vl_object *object,
                                 struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object handed = VL_OBJECT_INIT;
    const struct vl_transferred *transferred = mover->transferred;
    const struct vl_office_id *own = &mover->home->own;
    enum vl_err err;

    if (!mover->answer->has_answers)
        return VL_OK;
    err = vl_acts_read(mover->home->store, mover->answer->answers, &handed, why);
    if (err || !vl_office_id_eq(&handed.issuer, own))
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    err = vl_transferred_read(&handed, mover->transferred, why);
    /* A courier without valise has no name that an answer could have: of what was handed to one
     * only a receipt tells where it is. */
    mover->from_taker =
        !err && transferred->has_taker && vl_office_id_eq(&transferred->taker, &object->issuer);
    return err == VL_ERR_NO_MEMORY ? err : VL_OK;
}

/* --- letters to several ----------------------------------------------------------------------- */

enum vl_err vl_addressee_state(struct vl_store *store, const struct vl_letter_row *row,
                               const uint8_t office[VL_HASH_LEN], enum vl_addressee_state *state,
                               struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf byte = VL_BUF_INIT(1);
    enum vl_err err;

    *state = VL_ADDRESSEE_NONE;
    if (row->to_count < 2)
        return VL_OK;
    err = vl_store_tie(store, VL_TIE_ADDRESSEE, row->number, office, &byte, why);
    if (!err && byte.len == 1)
        *state =
            byte.data[0] == VL_ADDRESSEE_RECEIPTED ? VL_ADDRESSEE_RECEIPTED : VL_ADDRESSEE_HANDED;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

enum vl_err vl_addressee_note(struct vl_store *store, const struct vl_letter_row *row,
                              const uint8_t office[VL_HASH_LEN], enum vl_addressee_state state,
                              struct vl_why *why)
{
    const uint8_t byte = (uint8_t)state;
    struct vl_tie tie = {.kind = VL_TIE_ADDRESSEE, .bytes = {&byte, 1}};

    if (row->to_count < 2 || !vl_letter_row_is_to(row, office))
        return VL_OK;
    if (state == VL_ADDRESSEE_NONE)
        return vl_store_drop_tie(store, VL_TIE_ADDRESSEE, row->number, office, why);
    memcpy(tie.about, row->number, VL_HASH_LEN);
    memcpy(tie.key, office, VL_HASH_LEN);
    return vl_store_put_tie(store, &tie, why);
}

enum vl_err vl_addressees_wait(struct vl_store *store, const struct vl_letter_row *row,
                               struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < row->to_count; i++) {
        enum vl_addressee_state state;

        err = vl_addressee_state(store, row, row->to[i], &state, why);
        if (!err && state == VL_ADDRESSEE_HANDED)
            err = vl_addressee_note(store, row, row->to[i], VL_ADDRESSEE_NONE, why);
    }
    return err;
}

/* Receipted by all it is done; else it goes on to those who were not handed it. */
static enum vl_err way_of_receipt(struct vl_store *store, const struct vl_letter_row *row,
                                  enum vl_letter_way from, enum vl_letter_way *way,
                                  struct vl_why *why)
{
    size_t handed = 0, receipted = 0;
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < row->to_count; i++) {
        enum vl_addressee_state state;

        err = vl_addressee_state(store, row, row->to[i], &state, why);
        handed += state == VL_ADDRESSEE_HANDED;
        receipted += state == VL_ADDRESSEE_RECEIPTED;
    }
    *way = receipted == row->to_count            ? VL_WAY_RECEIPTED
           : from == VL_WAY_PASSED               ? VL_WAY_PASSED
           : handed + receipted == row->to_count ? VL_WAY_HANDED
                                                 : VL_WAY_WAITING;
    return err;
}

/* --- what was answered, and what happened since ----------------------------------------------- */

/* Whoever took it by that hand-over gave it back: it came here by one that was later. */
static enum vl_err came_back(const struct mover *mover, const struct vl_letter_row *row, bool *yes,
                             struct vl_why *why)
{
    *yes = false;
    return row->has_via ? vl_handover_is_later(mover->home->store, row->via, mover->answer->answers,
                                               yes, why)
                        : VL_OK;
}

struct looking {
    const struct mover *mover;
    bool to_taker; /* only those to whoever answers */
    bool found;
};

static enum vl_err look_at(struct looking *looking, const struct vl_object *object,
                           struct vl_why *why)
{
    const struct mover *mover = looking->mover;
    struct vl_transferred *later = mover->transferred;
    enum vl_err err;

    if (looking->found || object->kind != VL_KIND_TRANSFERRED ||
        !vl_office_id_eq(&object->issuer, &mover->home->own))
        return VL_OK;
    err = vl_transferred_read(object, later, why);
    if (!err && looking->to_taker &&
        !(later->has_taker && vl_office_id_eq(&later->taker, mover->taker)))
        return VL_OK;
    return err ? err
               : vl_handover_is_later(mover->home->store, object->id, mover->answer->answers,
                                      &looking->found, why);
}

static enum vl_err see_object(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    enum vl_err err = vl_object_parse(row->bytes, &object, why);

    return err ? err : look_at(self, &object, why);
}

static enum vl_err see_act(void *self, const uint8_t act[VL_HASH_LEN], struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    const struct looking *looking = self;
    enum vl_err err = vl_acts_read(looking->mover->home->store, act, &object, why);

    return err ? err : look_at(self, &object, why);
}

/* It was handed over once more after the hand-over that is answered; of a letter to several, to
 * the same office. */
static enum vl_err went_again(const struct mover *mover, const struct vl_letter_row *row, bool *yes,
                              struct vl_why *why)
{
    struct looking looking = {mover, row->to_count > 1, false};
    struct vl_store *store = mover->home->store;
    enum vl_err err = vl_store_objects(store, row->number, see_object, &looking, why);

    if (!err)
        err = vl_acts_over_many(store, row->number, see_act, &looking, why);
    *yes = looking.found;
    return err;
}

/* The taker has it, unless it gave it back since: an answer goes along many times (H4 of
 * docs/decisions.md), and may be on its way longer than the letter. */
static enum vl_err way_of_taken(const struct mover *mover, const struct vl_letter_row *row,
                                enum vl_letter_way *way, struct vl_why *why)
{
    bool back = false;
    enum vl_err err = came_back(mover, row, &back, why);

    /* One of several addressees has it for itself: the others wait for theirs. */
    if (!err && !back && (row->to_count < 2 || !vl_letter_row_is_to(row, mover->taker->at)))
        *way = VL_WAY_PASSED;
    return err;
}

/* It waits again, unless it went once more since. */
static enum vl_err way_of_refused(const struct mover *mover, const struct vl_letter_row *row,
                                  enum vl_letter_way *way, struct vl_why *why)
{
    struct vl_store *store = mover->home->store;
    bool again = false;
    enum vl_err err = went_again(mover, row, &again, why);

    if (err || again)
        return err;
    *way = VL_WAY_WAITING;
    return vl_letter_row_is_to(row, mover->taker->at)
               ? vl_addressee_note(store, row, mover->taker->at, VL_ADDRESSEE_NONE, why)
               : vl_addressees_wait(store, row, why);
}

/* Where the letter is by this answer; where it was when the answer says nothing that counts. */
static enum vl_err way_of_answer(const struct mover *mover, const struct vl_letter_row *row,
                                 enum vl_letter_way *way, struct vl_why *why)
{
    const struct vl_answer *answer = mover->answer;
    const bool receipts = vl_letter_row_is_to(row, answer->addressee.at) &&
                          vl_receipt_right_covers(mover->right, row);
    struct vl_store *store = mover->home->store;
    enum vl_err err = VL_OK;

    *way = (enum vl_letter_way)row->way;
    if (receipts && row->to_count == 1) {
        *way = VL_WAY_RECEIPTED;
    } else if (receipts) {
        err = vl_addressee_note(store, row, answer->addressee.at, VL_ADDRESSEE_RECEIPTED, why);
        if (!err)
            err = way_of_receipt(store, row, *way, way, why);
    } else if (mover->from_taker && answer->kind != VL_KIND_REFUSED) {
        err = way_of_taken(mover, row, way, why);
    } else if (mover->from_taker && row->way <= VL_WAY_HANDED) {
        err = way_of_refused(mover, row, way, why);
    }
    return err;
}

/* This office signed for it after all, before it was restored: what was kept apart until that was
 * known goes on. */
static enum vl_err go_on(const struct mover *mover, struct vl_letter_row *row, struct vl_why *why)
{
    if (row->way != VL_WAY_NONE || !(row->roles & VL_ROLE_CARRIED) || !row->has_via ||
        memcmp(row->via, mover->answer->answers, VL_HASH_LEN) != 0)
        return VL_OK;
    row->way = VL_WAY_WAITING;
    return vl_store_update_letter(mover->home->store, row, why);
}

static enum vl_err move_one(const struct mover *mover, const uint8_t *number, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_letter_way way = VL_WAY_NONE;
    enum vl_err err = vl_store_letter(mover->home->store, number, &row, why);

    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    if (mover->is_own)
        return go_on(mover, &row, why);
    if (row.way == VL_WAY_NONE || row.way == VL_WAY_RECEIPTED)
        return VL_OK;
    err = way_of_answer(mover, &row, &way, why);
    if (err || (uint8_t)way == row.way)
        return err;
    row.way = (uint8_t)way;
    return vl_store_update_letter(mover->home->store, &row, why);
}

static enum vl_err move_all(const struct mover *mover, const struct vl_acts_keep *keep,
                            struct vl_why *why)
{
    enum vl_err err = VL_OK;

    for (size_t at = 0; !err && at < keep->leaves.len; at += VL_ACTS_LEAF_LEN)
        err = move_one(mover, keep->leaves.ptr + at, why);
    for (size_t i = 0; !err && keep->leaves.len == 0 && i < keep->single_count; i++) {
        struct vl_leaf leaf;

        err = vl_leaf_parse(vl_leaf_kind_of(keep->any->kind), keep->single[i].leaf, &leaf, why);
        if (!err)
            err = move_one(mover, leaf.number, why);
    }
    return err;
}

enum vl_err vl_acts_move_letters(struct vl_home *home, const struct vl_acts_keep *keep,
                                 struct vl_why *why)
{
    VL_AUTO(vl_receipt_right_release) struct vl_receipt_right right = VL_RECEIPT_RIGHT_INIT;
    struct mover mover = {.home = home,
                          .answer = &keep->any->as.answer,
                          .taker = &keep->object->issuer,
                          .is_own = vl_office_id_eq(&keep->object->issuer, &home->own),
                          .right = &right};
    enum vl_err err;

    if (keep->any->form != VL_ACT_ANSWER)
        return VL_OK;
    if (mover.is_own)
        return mover.answer->has_answers && mover.answer->kind != VL_KIND_REFUSED
                   ? move_all(&mover, keep, why)
                   : VL_OK;
    mover.transferred = vl_new(sizeof *mover.transferred);
    if (!mover.transferred)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a hand-over");
    err = is_from_taker(&mover, keep->object, why);
    if (!err)
        err = vl_receipt_right_find(home->store, keep->object, mover.answer, &right, why);
    if (!err && (mover.from_taker || right.good))
        err = move_all(&mover, keep, why);
    vl_free(mover.transferred);
    return err;
}

bool vl_acts_is_answer(const char *kind)
{
    static const enum vl_kind kinds[] = {VL_KIND_ACCEPTED, VL_KIND_ACCEPTED_PART, VL_KIND_RECEIPTED,
                                         VL_KIND_REFUSED};

    for (size_t i = 0; i < sizeof kinds / sizeof *kinds; i++)
        if (strcmp(kind, vl_kind_word(kinds[i])) == 0)
            return true;
    return false;
}
