/* SPDX-License-Identifier: Apache-2.0 */
/* What was taken before this home was restored from a backup, and comes again. */
#include "base/alloc.h"
#include "office/bag_in.h"
#include "office/keeping.h"

#define TIME_LEN 8
/* As far as clocks of two offices may be apart. */
#define APART_S ((int64_t)24 * 60 * 60)

enum vl_err vl_taking_find_restored(struct vl_stick_taking *taking, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf at = VL_BUF_INIT(TIME_LEN);
    enum vl_err err = vl_store_fact(taking->home->store, VL_FACT_RESTORED_AT, &at, why);

    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    taking->is_restored = true;
    taking->restored_s = (int64_t)vl_bytes_number(vl_buf_bytes(&at));
    return VL_OK;
}

static enum vl_err has_letter(struct vl_store *store, const uint8_t number[VL_HASH_LEN], bool *yes,
                              struct vl_why *why)
{
    VL_AUTO(vl_letter_row_release) struct vl_letter_row row = VL_LETTER_ROW_INIT;
    const enum vl_err err = vl_store_letter(store, number, &row, why);

    *yes = !err;
    return err == VL_ERR_NOT_FOUND ? VL_OK : err;
}

/* Is a letter of the list not here, and not forgotten either? */
static enum vl_err lacks_letters(struct vl_bag_taking *work, bool *lacks, struct vl_why *why)
{
    struct vl_stick_taking *taking = work->taking;
    struct vl_bag *bag = NULL;
    enum vl_err err = vl_bag_open(taking->stick, work->bag->id, &bag, why);

    *lacks = false;
    if (!err)
        err = vl_bag_taking_leaves(work, bag, why);
    for (size_t i = 0; !err && !*lacks && i < work->entry_count; i++) {
        bool here = false;

        err = has_letter(taking->home->store, work->entries[i].answer.number, &here, why);
        *lacks = !here;
    }
    vl_bag_close(bag);
    vl_free(work->entries); /* whoever takes the bag reads them */
    work->entries = NULL;
    work->entry_count = 0;
    return err;
}

/* May this home have signed for it, and not know?  A giver whose clock says nothing, or is ahead,
 * may have handed it over at any time. */
static bool is_doubtful(const struct vl_bag_taking *work)
{
    const struct vl_stick_taking *taking = work->taking;
    int64_t at_s = 0;

    return !taking->request->not_answered &&
           (!vl_object_signed_at(&work->list, &at_s) || at_s <= taking->restored_s + APART_S ||
            at_s > taking->request->now_s + APART_S);
}

enum vl_err vl_bag_taking_decide_answer(struct vl_bag_taking *work, bool *known, struct vl_why *why)
{
    struct vl_stick_taking *taking = work->taking;
    bool lacks = false;
    enum vl_err err;

    if (!taking->is_restored || work->transferred.batch.count == 0)
        return VL_OK;
    if (!*known) {
        work->bag->answer = is_doubtful(work) ? VL_BAG_ANSWER_DOUBT : VL_BAG_ANSWER_NOW;
        return VL_OK;
    }
    if (taking->request->refuse)
        return VL_OK;
    err = lacks_letters(work, &lacks, why);
    /* A list that cannot be read any more takes nothing from what was answered. */
    if (err && err != VL_ERR_NO_MEMORY)
        return VL_OK;
    if (!err && lacks) {
        *known = false;
        work->bag->answer = VL_BAG_ANSWER_GIVEN;
        taking->total_bytes += vl_taking_bytes(&work->transferred);
    }
    return err;
}
