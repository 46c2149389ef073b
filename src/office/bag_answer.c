/* SPDX-License-Identifier: Apache-2.0 */
/* What is answered to a bag besides that it was taken: that it is refused, and that what a delegate
 * has receipted is here now. */
#include <string.h>

#include "base/alloc.h"
#include "office/bag_in.h"
#include "office/events.h"

enum vl_err vl_bag_taking_refuse(struct vl_bag_taking *work, struct vl_why *why)
{
    const struct vl_take_stick_request *request = work->taking->request;
    struct vl_answering *answering = &work->answering;
    uint32_t all = 0;

    if (work->bag->answer == VL_BAG_ANSWER_DOUBT)
        return vl_fail(why, VL_ERR_REFUSED,
                       "this office was restored from a backup, and may have signed for it before");
    if (!vl_home_chain(work->taking->home, &work->list.issuer))
        return vl_fail(why, VL_ERR_NOT_FOUND, "there is no card of whoever handed it over");
    answering->reason = vl_bytes_str(request->refuse);
    if (request->refuse_words)
        answering->words = vl_bytes_str(request->refuse_words);
    for (size_t i = 0; i < work->entry_count; i++) {
        struct vl_answer_letter *letter = &work->entries[i].answer;

        letter->taken = true;
        letter->ways &= UINT32_MAX - (letter->ways - 1); /* the lowest of them */
        if (letter->ways == 0 && answering->way_count == VL_ANSWERS_MAX_WAYS)
            return vl_fail(why, VL_ERR_LIMIT, "letters for more than %d offices in one bag",
                           VL_ANSWERS_MAX_WAYS);
        if (letter->ways == 0) {
            if (all == 0) {
                answering->ways[answering->way_count] =
                    (struct vl_answer_way){.capacity = VL_CAPACITY_CARRIER};
                all = UINT32_C(1) << answering->way_count++;
            }
            letter->ways = all;
        }
    }
    for (size_t i = 0; i < answering->way_count; i++)
        answering->ways[i].kind = VL_KIND_REFUSED;
    return VL_OK;
}

enum vl_err vl_bag_taking_reached(struct vl_bag_taking *work, struct vl_why *why)
{
    uint8_t(*numbers)[VL_HASH_LEN] = vl_new((work->entry_count + 1) * sizeof *numbers);
    const struct vl_stick_taking *taking = work->taking;
    size_t count = 0;
    enum vl_err err = VL_OK;

    if (!numbers)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of letters");
    for (size_t i = 0; i < work->entry_count; i++)
        if (work->entries[i].answer.taken)
            memcpy(numbers[count++], work->entries[i].answer.number, VL_HASH_LEN);
    err =
        vl_event_say_reached(taking->home, &taking->signer, (const uint8_t(*)[VL_HASH_LEN])numbers,
                             count, taking->request->manual, taking->request->now_s,
                             &work->bag->reached, why);
    vl_free(numbers);
    return err;
}
