/* SPDX-License-Identifier: Apache-2.0 */
/* How far letters came, by what others have signed. */
#include <string.h>

#include "base/alloc.h"
#include "office/acts.h"

/* Who receipted this letter so far?  An addressee for itself, or its delegate: whether that was
 * under a good mandate is for the finding to say; nothing is thrown away because of it. */
struct receipts {
    const uint8_t *number;
    size_t count;
    struct vl_office_id of[VL_STORE_MAX_TO];
};

static enum vl_err note_receipt(struct receipts *receipts, const struct vl_answer *answer)
{
    for (size_t i = 0; i < receipts->count; i++)
        if (vl_office_id_eq(&receipts->of[i], &answer->addressee))
            return VL_OK;
    if (receipts->count < VL_STORE_MAX_TO)
        receipts->of[receipts->count++] = answer->addressee;
    return VL_OK;
}

/* Only of acts that are found by their numbers; larger ones set the way when they come. */
static enum vl_err see_act(void *self, const struct vl_object_row *row, struct vl_why *why)
{
    struct receipts *receipts = self;
    VL_AUTO(vl_object_release) struct vl_object object = VL_OBJECT_INIT;
    struct vl_answer *answer;
    enum vl_err err;

    if (strcmp(row->kind, vl_kind_word(VL_KIND_RECEIPTED)) != 0)
        return VL_OK;
    answer = vl_new(sizeof *answer);
    err = answer ? vl_object_parse(row->bytes, &object, why)
                 : vl_fail(why, VL_ERR_NO_MEMORY, "no memory to read a receipt");
    if (!err)
        err = vl_answer_read(&object, answer, why);
    if (!err)
        err = note_receipt(receipts, answer);
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

static enum vl_err way_of_answer(struct vl_store *store, const struct vl_letter_row *row,
                                 const struct vl_answer *answer, enum vl_letter_way *way,
                                 struct vl_why *why)
{
    struct receipts receipts = {.number = row->number};
    enum vl_err err;

    *way = answer->kind == VL_KIND_REFUSED ? VL_WAY_WAITING : VL_WAY_PASSED;
    if (answer->kind != VL_KIND_RECEIPTED || !is_addressee(row, &answer->addressee))
        return VL_OK;
    if (row->to_count == 1) {
        *way = VL_WAY_RECEIPTED;
        return VL_OK;
    }
    err = note_receipt(&receipts, answer);
    if (!err)
        err = vl_store_objects(store, row->number, see_act, &receipts, why);
    for (size_t i = 0, found = 0; !err && i < receipts.count; i++) {
        found += is_addressee(row, &receipts.of[i]);
        if (found == row->to_count)
            *way = VL_WAY_RECEIPTED;
    }
    return err;
}

static enum vl_err move_one(struct vl_home *home, const struct vl_answer *answer,
                            const uint8_t *number, struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    enum vl_letter_way way = VL_WAY_NONE;
    enum vl_err err = vl_store_letter(home->store, number, &row, why);

    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    if (row.way == VL_WAY_NONE || row.way == VL_WAY_RECEIPTED)
        return VL_OK;
    err = way_of_answer(home->store, &row, answer, &way, why);
    if (err || way == row.way || (way == VL_WAY_WAITING && row.way != VL_WAY_HANDED))
        return err;
    row.way = (uint8_t)way;
    return vl_store_update_letter(home->store, &row, why);
}

enum vl_err vl_acts_move_letters(struct vl_home *home, const struct vl_acts_keep *keep,
                                 struct vl_why *why)
{
    enum vl_err err = VL_OK;

    if (keep->any->form != VL_ACT_ANSWER ||
        memcmp(keep->object->issuer.at, home->own.at, VL_HASH_LEN) == 0)
        return VL_OK;
    for (size_t at = 0; !err && at < keep->leaves.len; at += VL_ACTS_LEAF_LEN)
        err = move_one(home, &keep->any->as.answer, keep->leaves.ptr + at, why);
    for (size_t i = 0; !err && keep->leaves.len == 0 && i < keep->single_count; i++) {
        struct vl_leaf leaf;

        err = vl_leaf_parse(vl_leaf_kind_of(keep->any->kind), keep->single[i].leaf, &leaf, why);
        if (!err)
            err = move_one(home, &keep->any->as.answer, leaf.number, why);
    }
    return err;
}
