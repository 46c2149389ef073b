/* SPDX-License-Identifier: Apache-2.0 */
/* One letter or invitation, fact after fact. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "finding/inside.h"

/* Whom it concerns besides its signer, and the act says it. */
static const struct vl_office_id *other_of(const struct vl_node *node)
{
    if (node->form == VL_ACT_TRANSFERRED)
        return node->as.handover->has_taker ? &node->as.handover->taker : NULL;
    if (node->kind == VL_KIND_RECEIPTED)
        return &node->as.answer->addressee;
    if (node->form == VL_ACT_ANSWER)
        return node->as.answer->has_giver ? &node->as.answer->giver : NULL;
    if (node->form == VL_ACT_NOTE)
        return node->as.note->has_party ? &node->as.note->party : NULL;
    if (node->form == VL_ACT_STATEMENT)
        return node->as.statement->has_party ? &node->as.statement->party : NULL;
    if (node->form == VL_ACT_SUCCEEDS)
        return &node->as.succeeds->successor;
    return node->form == VL_ACT_MANDATE ? &node->as.mandate->grantee : NULL;
}

/* Where an act is shown: at the time that it says, and behind all that it follows, whatever these
 * say.  Of two that do not follow one another this decides nothing but who is shown first. */
struct dated {
    const struct vl_node *node;
    int64_t s;
};

static int by_time(const void *a, const void *b)
{
    const struct dated *left = a, *right = b;

    if (left->s != right->s)
        return left->s < right->s ? -1 : 1;
    return vl_node_by_depth(&left->node, &right->node);
}

static int64_t latest_followed(const struct vl_making *making, const struct vl_node *node,
                               const int64_t *times)
{
    int64_t latest = 0;

    for (size_t i = 0; i < making->about_count; i++)
        if (times[i] > latest && vl_follows(node, making->about[i]))
            latest = times[i];
    return latest;
}

/* In the order of making->about, from what follows nothing on. */
static enum vl_err find_times(struct vl_making *making, struct dated *dated)
{
    const size_t count = making->about_count;
    int64_t *times = vl_arena_take(making->arena, count * sizeof *times);
    struct vl_node **sorted = vl_arena_take(making->arena, count * sizeof(void *));

    if (!times || !sorted)
        return VL_ERR_NO_MEMORY;
    if (count > 0)
        memcpy(sorted, making->about, count * sizeof(void *));
    if (count > 1)
        qsort(sorted, count, sizeof(void *), vl_node_by_depth);
    for (size_t i = 0; i < count; i++) {
        const int64_t latest = latest_followed(making, sorted[i], times);
        int64_t own = 0;

        if (!vl_object_signed_at(sorted[i]->object, &own) || own < latest)
            own = latest;
        times[sorted[i]->place] = own;
        dated[i] = (struct dated){sorted[i], own};
    }
    return VL_OK;
}

static enum vl_err find_events(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    const size_t count = making->about_count;
    struct dated *dated = vl_arena_take(making->arena, count * sizeof *dated);

    finding->events = vl_arena_take(making->arena, count * sizeof *finding->events);
    if (!dated || !finding->events || find_times(making, dated) != VL_OK)
        return VL_ERR_NO_MEMORY;
    if (count > 1)
        qsort(dated, count, sizeof *dated, by_time);
    for (size_t i = 0; i < count; i++) {
        const struct vl_node *node = dated[i].node;
        const struct vl_office_id *other = other_of(node);
        struct vl_found_event *event = &finding->events[i];

        *event = (struct vl_found_event){.kind = node->kind,
                                         .by = node->issuer,
                                         .capacity = node->capacity,
                                         .is_ok = node->is_ok,
                                         .marks = node->marks,
                                         .has_other = other != NULL,
                                         .has_at = node->has_at,
                                         .at_ms = node->at_ms};
        memcpy(event->act, node->id, VL_HASH_LEN);
        if (node->form == VL_ACT_INVITATION)
            event->what = node->as.invitation->what;
        if (other)
            event->other = *other;
        event->has_iat = vl_object_signed_at(node->object, &event->iat_s);
    }
    finding->event_count = count;
    return VL_OK;
}

static enum vl_err find_all(struct vl_making *making)
{
    static enum vl_err (*const facts[])(struct vl_making *) = {
        vl_find_about,    vl_order_among,     vl_find_sealed,      vl_find_handed,
        vl_find_holders,  vl_find_addressees, vl_find_answers,     vl_find_claims,
        vl_find_mandates, vl_find_said,       vl_find_invitation,  vl_find_conflicts,
        vl_find_disputes, vl_find_incomplete, vl_find_corrections, vl_find_packages,
        vl_find_ladder,   find_events,
    };
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < sizeof facts / sizeof *facts && !err; i++)
        err = facts[i](making);
    return err;
}

enum vl_err vl_finding_make(struct vl_finding_set *set, const uint8_t number[VL_HASH_LEN],
                            int64_t as_of_s, struct vl_finding *finding, struct vl_why *why)
{
    struct vl_making making = {.set = set, .finding = finding};
    enum vl_err err = vl_finding_prepare(set, why);

    if (err)
        return err;
    set->generation++;
    finding->arena = making.arena = vl_arena_new();
    if (!making.arena)
        return vl_fail(why, VL_ERR_NO_MEMORY, "finding: %s", vl_err_words(VL_ERR_NO_MEMORY));
    memcpy(finding->number, number, VL_HASH_LEN);
    finding->as_of_s = as_of_s;
    making.number = finding->number;
    making.scratch = vl_arena_take(making.arena, sizeof *making.scratch);
    err = making.scratch ? find_all(&making) : VL_ERR_NO_MEMORY;
    if (!err)
        return VL_OK;
    vl_finding_release(finding);
    return vl_fail(why, err, "finding: %s", vl_err_words(err));
}

void vl_finding_release(struct vl_finding *finding)
{
    vl_arena_free(finding->arena);
    *finding = (struct vl_finding)VL_FINDING_INIT;
}
