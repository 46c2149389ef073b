/* SPDX-License-Identifier: Apache-2.0 */
/* What was taken before this home was restored from a backup, and comes again. */
#include "office/bag_in.h"
#include "office/keeping.h"

#define TIME_LEN 8
/* As far as clocks of two offices may be apart. */
#define APART_S ((int64_t)24 * 60 * 60)

enum vl_err vl_taking_find_restored(struct vl_stick_taking *taking, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf at = VL_BUF_INIT(TIME_LEN);
    uint64_t when;
    enum vl_err err = vl_store_fact(taking->home->store, VL_FACT_RESTORED_AT, &at, why);

    if (err)
        return err == VL_ERR_NOT_FOUND ? VL_OK : err;
    taking->is_restored = true;
    when = vl_bytes_number(vl_buf_bytes(&at));
    taking->restored_s = when > INT64_MAX ? INT64_MAX : (int64_t)when;
    return VL_OK;
}

static bool is_said_to_be_new(const struct vl_bag_taking *work)
{
    const struct vl_take_stick_request *request = work->taking->request;

    return request->not_answered &&
           (!request->handover || vl_number_starts(work->list.id, &work->taking->handover));
}

/* A giver whose clock says nothing, or is ahead, may have handed it over at any time. */
enum vl_bag_answer vl_bag_taking_decide_answer(const struct vl_bag_taking *work)
{
    const struct vl_stick_taking *taking = work->taking;
    int64_t at_s = 0;

    if (!taking->is_restored || work->transferred.batch.count == 0 || is_said_to_be_new(work))
        return VL_BAG_ANSWER_NOW;
    if (vl_object_signed_at(&work->list, &at_s) && at_s > taking->restored_s &&
        at_s - taking->restored_s > APART_S && at_s <= taking->request->now_s + APART_S)
        return VL_BAG_ANSWER_NOW;
    return VL_BAG_ANSWER_DOUBT;
}
