/* SPDX-License-Identifier: Apache-2.0 */
/* Letters in answer to this one: their signed cores, with the one field that says so. */
#include <string.h>

#include "finding/inside.h"

static bool is_addressee(const struct vl_finding *finding, const struct vl_office_id *office)
{
    for (size_t i = 0; i < finding->addressee_count; i++)
        if (vl_office_id_eq(&finding->addressees[i].office, office))
            return true;
    return false;
}

enum vl_err vl_find_answers(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    size_t count = 0;

    for (size_t i = 0; i < making->about_count; i++)
        count += making->about[i]->form == VL_ACT_REPLY;
    finding->answers = vl_arena_take(making->arena, count * sizeof *finding->answers);
    if (!finding->answers)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < making->about_count; i++) {
        const struct vl_node *reply = making->about[i];
        struct vl_found_answer *found = &finding->answers[finding->answer_count];

        if (reply->form != VL_ACT_REPLY)
            continue;
        *found = (struct vl_found_answer){
            .by = reply->issuer,
            .level = reply->is_ok ? VL_LEVEL_PROVEN : VL_LEVEL_CLAIMED,
            .marks = reply->marks,
            .is_addressee = is_addressee(finding, &reply->issuer),
        };
        memcpy(found->act, reply->id, VL_HASH_LEN);
        finding->answer_count++;
    }
    return VL_OK;
}
