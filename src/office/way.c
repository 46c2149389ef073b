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
    bool from_taker; /* it answers a hand-over of ours, and the one named there signed it */
    bool receipts;   /* the addressee signed it, or somebody whom the addressee lets receive */
};

static enum vl_err find_object(struct vl_store *store, const uint8_t *id, struct vl_object *object,
                               struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf bytes = VL_BUF_INIT(VL_OBJECT_MAX_LEN);
    enum vl_err err = vl_store_object(store, id, &bytes, why);

    return err ? err : vl_object_parse(vl_buf_bytes(&bytes), object, why);
}

static enum vl_err is_from_taker(struct vl_home *home, const struct vl_object *object,
                                 const struct vl_answer *answer, bool *yes, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object handed = VL_OBJECT_INIT;
    struct vl_transferred *transferred;
    enum vl_err err;

    *yes = false;
    if (!answer->has_answers)
        return VL_OK;
    err = find_object(home->store, answer->answers, &handed, why);
    if (err || !vl_office_id_eq(&handed.issuer, &home->own))
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    transferred = vl_new(sizeof *transferred);
    if (!transferred)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a hand-over");
    err = vl_transferred_read(&handed, transferred, why);
    /* A courier without valise has no name that an answer could have. */
    *yes =
        !err && (!transferred->has_taker || vl_office_id_eq(&transferred->taker, &object->issuer));
    vl_free(transferred);
    return err == VL_ERR_NO_MEMORY ? err : VL_OK;
}

/* Is it the addressee who says so?  What a mandate is limited to is for the finding to say. */
static enum vl_err is_receipt(struct vl_store *store, const struct vl_object *object,
                              const struct vl_answer *answer, bool *yes, struct vl_why *why)
{
    VL_AUTO(vl_object_release) struct vl_object under = VL_OBJECT_INIT;
    struct vl_mandate mandate;
    enum vl_err err;

    *yes =
        answer->kind == VL_KIND_RECEIPTED && vl_office_id_eq(&object->issuer, &answer->addressee);
    if (answer->kind != VL_KIND_RECEIPTED || *yes || !answer->act.has_under)
        return VL_OK;
    err = find_object(store, answer->act.under, &under, why);
    if (!err && under.kind == VL_KIND_MANDATE) {
        err = vl_mandate_read(&under, &mandate, why);
        *yes = !err && vl_office_id_eq(&mandate.grantee, &object->issuer) &&
               vl_mandate_gives(&mandate, VL_POWER_RECEIVE) &&
               (vl_office_id_eq(&under.issuer, &answer->addressee) || mandate.act.has_under);
    }
    return err == VL_ERR_NO_MEMORY || err == VL_ERR_IO ? err : VL_OK;
}

/* Who receipted this letter so far: addressees, or those whom they let receive. */
struct receipts {
    struct vl_store *store;
    size_t count;
    struct vl_office_id of[VL_STORE_MAX_TO];
};

static void note_receipt(struct receipts *receipts, const struct vl_answer *answer)
{
    for (size_t i = 0; i < receipts->count; i++)
        if (vl_office_id_eq(&receipts->of[i], &answer->addressee))
            return;
    if (receipts->count < VL_STORE_MAX_TO)
        receipts->of[receipts->count++] = answer->addressee;
}

/* Only of acts that are found by their numbers; larger ones set the way when they come. */
static enum vl_err see_act(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct receipts *receipts = self;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_answer *answer;
    bool good = false;
    enum vl_err err;

    if (strcmp(row->kind, vl_kind_word(VL_KIND_RECEIPTED)) != 0)
        return VL_OK;
    answer = vl_new(sizeof *answer);
    err = answer ? vl_object_parse(row->bytes, &object, why)
                 : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a receipt");
    if (!err)
        err = vl_answer_read(&object, answer, why);
    if (!err)
        err = is_receipt(receipts->store, &object, answer, &good, why);
    if (!err && good)
        note_receipt(receipts, answer);
    vl_free(answer);
    return err;
}

static bool is_addressee(const struct vl_letter_row *row, const struct vl_office_id *office)
{
    for (size_t i = 0; i < row->to_count; i++)
        if (memcmp(row->to[i], office->at, VL_HASH_LEN) == 0)
            return true;
    return false;
}

/* Where the letter is by this answer; where it was when the answer says nothing that counts. */
static enum vl_err way_of_answer(const struct mover *mover, const struct vl_letter_row *row,
                                 enum vl_letter_way *way, struct vl_why *why)
{
    const struct vl_answer *answer = mover->answer;
    struct receipts receipts = {.store = mover->home->store};
    enum vl_err err = VL_OK;

    *way = (enum vl_letter_way)row->way;
    if (mover->from_taker && answer->kind != VL_KIND_REFUSED)
        *way = VL_WAY_PASSED;
    else if (mover->from_taker && row->way == VL_WAY_HANDED)
        *way = VL_WAY_WAITING;
    if (!mover->receipts || !is_addressee(row, &answer->addressee))
        return VL_OK;
    note_receipt(&receipts, answer);
    if (row->to_count > 1)
        err = vl_store_objects(mover->home->store, row->number, see_act, &receipts, why);
    for (size_t i = 0, found = 0; !err && i < receipts.count; i++) {
        found += is_addressee(row, &receipts.of[i]);
        if (found == row->to_count)
            *way = VL_WAY_RECEIPTED;
    }
    return err;
}

static enum vl_err move_one(const struct mover *mover, const uint8_t *number, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_letter_way way = VL_WAY_NONE;
    enum vl_err err = vl_store_letter(mover->home->store, number, &row, why);

    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    if (row.way == VL_WAY_NONE || row.way == VL_WAY_RECEIPTED)
        return VL_OK;
    err = way_of_answer(mover, &row, &way, why);
    if (err || (uint8_t)way == row.way)
        return err;
    row.way = (uint8_t)way;
    return vl_store_update_letter(mover->home->store, &row, why);
}

enum vl_err vl_acts_move_letters(struct vl_home *home, const struct vl_acts_keep *keep,
                                 struct vl_why *why)
{
    struct mover mover = {.home = home, .answer = &keep->any->as.answer};
    enum vl_err err;

    if (keep->any->form != VL_ACT_ANSWER || vl_office_id_eq(&keep->object->issuer, &home->own))
        return VL_OK;
    err = is_from_taker(home, keep->object, mover.answer, &mover.from_taker, why);
    if (!err)
        err = is_receipt(home->store, keep->object, mover.answer, &mover.receipts, why);
    if (err || (!mover.from_taker && !mover.receipts))
        return err;
    for (size_t at = 0; !err && at < keep->leaves.len; at += VL_ACTS_LEAF_LEN)
        err = move_one(&mover, keep->leaves.ptr + at, why);
    for (size_t i = 0; !err && keep->leaves.len == 0 && i < keep->single_count; i++) {
        struct vl_leaf leaf;

        err = vl_leaf_parse(vl_leaf_kind_of(keep->any->kind), keep->single[i].leaf, &leaf, why);
        if (!err)
            err = move_one(&mover, leaf.number, why);
    }
    return err;
}
