/* SPDX-License-Identifier: Apache-2.0 */
/* Who handed the letter to whom, and who has it: custody moves with the answer of the very taker
 * (PROTOCOL 7).  Copies of bytes in two hands are two holders. */
#include <stdlib.h>
#include <string.h>

#include "finding/inside.h"

static bool is_taking(const struct vl_node *act)
{
    return act->kind == VL_KIND_SEALED || act->kind == VL_KIND_ACCEPTED ||
           act->kind == VL_KIND_RECEIPTED;
}

/* The taker that it names has signed for this letter in answer to this very hand-over. */
static bool is_answered(const struct vl_making *making, const struct vl_node *handover)
{
    for (size_t i = 0; i < handover->answered_by.count && handover->as.handover->has_taker; i++) {
        const struct vl_node *answer = handover->answered_by.at[i];

        if (answer->about == making->set->generation && answer->is_ok && is_taking(answer) &&
            vl_office_id_eq(&answer->issuer, &handover->as.handover->taker))
            return true;
    }
    return false;
}

/* What the taker says in its answer to this hand-over about why it did not take the letter. */
static bool is_left(const struct vl_making *making, const struct vl_node *handover,
                    enum vl_not_taken_reason *reason)
{
    for (size_t i = 0; i < handover->answered_by.count && handover->as.handover->has_taker; i++) {
        const struct vl_node *answer = handover->answered_by.at[i];
        struct vl_not_taken next;
        struct vl_cbor walk;

        if (answer->form != VL_ACT_ANSWER || !answer->is_ok ||
            !vl_office_id_eq(&answer->issuer, &handover->as.handover->taker))
            continue;
        walk = vl_not_taken_walk(
            &(struct vl_answer){.not_taken_count = answer->as.answer->not_taken_count,
                                .not_taken_read = answer->as.answer->not_taken});
        while (vl_not_taken_next(&walk, &next))
            if (vl_same(next.number, making->number) &&
                vl_not_taken_of_word(next.reason) != VL_NOT_TAKEN_OTHER_ACT) {
                *reason = vl_not_taken_of_word(next.reason);
                return true;
            }
    }
    return false;
}

enum vl_err vl_find_handed(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    size_t count = 0;

    for (size_t i = 0; i < making->about_count; i++)
        count += making->about[i]->form == VL_ACT_TRANSFERRED;
    finding->handed = vl_arena_take(making->arena, count * sizeof *finding->handed);
    if (!finding->handed)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < making->about_count; i++) {
        const struct vl_node *act = making->about[i];
        struct vl_found_handed *found = &finding->handed[finding->handed_count];

        if (act->form != VL_ACT_TRANSFERRED)
            continue;
        *found = (struct vl_found_handed){
            .by = act->issuer,
            .has_to = act->as.handover->has_taker,
            .to = act->as.handover->taker,
            .carrier = act->as.handover->carrier,
            .level = act->is_ok ? VL_LEVEL_PROVEN : VL_LEVEL_CLAIMED,
            .marks = act->marks,
            .answered = is_answered(making, act),
            .has_bag = act->as.handover->has_bag,
        };
        found->not_taken = !found->answered && is_left(making, act, &found->reason);
        memcpy(found->act, act->id, VL_HASH_LEN);
        memcpy(found->handover, act->as.handover->handover, VL_NONCE_LEN);
        memcpy(found->bag, act->as.handover->bag, VL_NONCE_LEN);
        finding->handed_count++;
    }
    return VL_OK;
}

static bool is_ending(const struct vl_node *act)
{
    return act->kind == VL_KIND_LOST || act->kind == VL_KIND_DESTROYED ||
           act->kind == VL_KIND_SEIZED || act->kind == VL_KIND_RETURNED;
}

static int by_issuer(const void *a, const void *b)
{
    const struct vl_node *const *left = a, *const *right = b;
    const int order = memcmp((*left)->issuer.at, (*right)->issuer.at, VL_HASH_LEN);

    if (order != 0)
        return order;
    return (*left)->index < (*right)->index ? -1 : (*left)->index > (*right)->index;
}

/* A taking that follows all that its office gave away, and so has not been given away again. */
static bool is_open(const struct vl_making *making, const struct vl_nodes *own,
                    const struct vl_node *taking)
{
    if (!taking->is_ok || !is_taking(taking))
        return false;
    for (size_t i = 0; i < own->count; i++)
        if (own->at[i]->form == VL_ACT_TRANSFERRED && own->at[i]->is_ok &&
            !vl_follows(taking, own->at[i]) && is_answered(making, own->at[i]))
            return false;
    return true;
}

/* What the office says became of what it took: the taking does not come after it. */
static bool ends(const struct vl_node *note, const struct vl_node *taking)
{
    return note->is_ok && is_ending(note) && !vl_follows(taking, note);
}

static void find_holder(struct vl_making *making, const struct vl_nodes *own,
                        const struct vl_nodes *open)
{
    struct vl_finding *finding = making->finding;
    const struct vl_node *holds = NULL;

    for (size_t i = 0; i < open->count && !holds; i++) {
        holds = open->at[i];
        for (size_t j = 0; j < own->count && holds; j++)
            if (ends(own->at[j], holds))
                holds = NULL;
    }
    if (holds) {
        finding->holders[finding->holder_count].office = holds->issuer;
        memcpy(finding->holders[finding->holder_count++].act, holds->id, VL_HASH_LEN);
        return;
    }
    for (size_t i = 0; i < own->count; i++) {
        struct vl_found_end *end = &finding->ended[finding->end_count];
        bool is_end = false;

        for (size_t j = 0; j < open->count && !is_end; j++)
            is_end = ends(own->at[i], open->at[j]);
        if (!is_end)
            continue;
        *end = (struct vl_found_end){.office = own->at[i]->issuer, .kind = own->at[i]->kind};
        memcpy(end->act, own->at[i]->id, VL_HASH_LEN);
        finding->end_count++;
    }
}

enum vl_err vl_find_holders(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    const size_t most = making->about_count;
    struct vl_node **sorted = vl_arena_take(making->arena, most * sizeof(void *));
    struct vl_nodes open = {0, vl_arena_take(making->arena, most * sizeof(void *))};

    finding->holders = vl_arena_take(making->arena, most * sizeof *finding->holders);
    finding->ended = vl_arena_take(making->arena, most * sizeof *finding->ended);
    if (!sorted || !open.at || !finding->holders || !finding->ended)
        return VL_ERR_NO_MEMORY;
    if (most > 0)
        memcpy(sorted, making->about, most * sizeof(void *));
    if (most > 1)
        qsort(sorted, most, sizeof(void *), by_issuer);
    for (size_t first = 0, next = 0; first < most; first = next) {
        struct vl_nodes own = {0, sorted + first};

        while (next < most && vl_office_id_eq(&sorted[next]->issuer, &sorted[first]->issuer))
            next++;
        own.count = next - first;
        open.count = 0;
        for (size_t i = 0; i < own.count; i++)
            if (is_open(making, &own, own.at[i]))
                open.at[open.count++] = own.at[i];
        find_holder(making, &own, &open);
    }
    return VL_OK;
}
