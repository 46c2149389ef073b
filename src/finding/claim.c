/* SPDX-License-Identifier: Apache-2.0 */
/* What offices say that nobody else signed: claims, ends, mandates, corrections (PROTOCOL 6, 17).
 */
#include <string.h>

#include "finding/inside.h"

/* PROTOCOL 17: identities are free, so only one that the user knows corroborates, and none that
 * either of them has ever acted for. */
bool vl_set_are_bound(const struct vl_finding_set *set, const struct vl_office_id *a,
                      const struct vl_office_id *b)
{
    for (size_t i = 0; i < set->mandated_count; i++) {
        const struct vl_node *mandate = set->mandated[i];
        const struct vl_office_id *from = &mandate->issuer, *to = &mandate->as.mandate->grantee;

        if ((vl_office_id_eq(from, a) && vl_office_id_eq(to, b)) ||
            (vl_office_id_eq(from, b) && vl_office_id_eq(to, a)))
            return true;
    }
    return false;
}

static bool is_witnessed(const struct vl_making *making, const struct vl_node *note)
{
    for (size_t i = 0; i < note->targeted_by.count; i++) {
        const struct vl_node *about = note->targeted_by.at[i];

        if (about->kind == VL_KIND_WITNESSED && about->is_ok &&
            !vl_office_id_eq(&about->issuer, &note->issuer) &&
            vl_set_is_checked(making->set, &about->issuer) &&
            !vl_set_are_bound(making->set, &about->issuer, &note->issuer))
            return true;
    }
    return false;
}

/* Whoever was wanted says itself that it would not. */
static bool is_refused(const struct vl_making *making, const struct vl_node *note)
{
    const struct vl_node_note *own = note->as.note;

    if (note->kind != VL_KIND_ATTEMPTED || !own->has_party ||
        vl_office_id_eq(&own->party, &note->issuer) || !vl_set_is_checked(making->set, &own->party))
        return false;
    for (size_t i = 0; i < making->about_count; i++)
        if (making->about[i]->kind == VL_KIND_REFUSED && making->about[i]->is_ok &&
            vl_office_id_eq(&making->about[i]->issuer, &own->party))
            return true;
    return false;
}

static bool is_sender(const struct vl_making *making, const struct vl_office_id *office)
{
    for (size_t i = 0; i < making->from_count; i++)
        if (vl_office_id_eq(&making->from[i], office))
            return true;
    return false;
}

static enum vl_level level_of(const struct vl_making *making, const struct vl_node *note)
{
    if (!note->is_ok)
        return VL_LEVEL_CLAIMED;
    if ((note->kind == VL_KIND_RETURNED || note->kind == VL_KIND_RECALLED) &&
        is_sender(making, &note->issuer))
        return VL_LEVEL_PROVEN;
    if (is_witnessed(making, note) || is_refused(making, note))
        return VL_LEVEL_CORROBORATED;
    return VL_LEVEL_CLAIMED;
}

static bool is_terminal(enum vl_kind kind)
{
    return kind == VL_KIND_LOST || kind == VL_KIND_DESTROYED || kind == VL_KIND_SEIZED ||
           kind == VL_KIND_RETURNED || kind == VL_KIND_RECALLED;
}

enum vl_err vl_find_claims(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    const size_t most = making->about_count;

    finding->claims = vl_arena_take(making->arena, most * sizeof *finding->claims);
    finding->terminals = vl_arena_take(making->arena, most * sizeof *finding->terminals);
    if (!finding->claims || !finding->terminals)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < most; i++) {
        const struct vl_node *note = making->about[i];
        struct vl_found_claim *found;

        if (note->form != VL_ACT_NOTE || note->kind == VL_KIND_REACHED)
            continue;
        found = is_terminal(note->kind) ? &finding->terminals[finding->terminal_count++]
                                        : &finding->claims[finding->claim_count++];
        *found = (struct vl_found_claim){.kind = note->kind,
                                         .by = note->issuer,
                                         .level = level_of(making, note),
                                         .has_party = note->as.note->has_party,
                                         .party = note->as.note->party,
                                         .reason = note->as.note->reason,
                                         .marks = note->marks};
        memcpy(found->act, note->id, VL_HASH_LEN);
    }
    return VL_OK;
}

static bool is_revoked(const struct vl_node *mandate)
{
    for (size_t i = 0; i < mandate->targeted_by.count; i++) {
        const struct vl_node *about = mandate->targeted_by.at[i];

        if (about->kind == VL_KIND_MANDATE_REVOCATION && about->is_ok &&
            vl_office_id_eq(&about->issuer, &mandate->issuer))
            return true;
    }
    return false;
}

static unsigned powers_of(const struct vl_mandate *mandate)
{
    unsigned powers = 0;

#define X(code, number, word, words)                                                               \
    if (vl_mandate_gives(mandate, VL_POWER_##code))                                                \
        powers |= 1U << (number);
    VL_POWER_TABLE(X)
#undef X
    return powers;
}

enum vl_err vl_find_mandates(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    size_t count = 0;

    for (size_t i = 0; i < making->about_count; i++)
        count += making->about[i]->form == VL_ACT_MANDATE;
    finding->mandates = vl_arena_take(making->arena, count * sizeof *finding->mandates);
    if (!finding->mandates)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < making->about_count; i++) {
        const struct vl_node *mandate = making->about[i];
        struct vl_found_mandate *found = &finding->mandates[finding->mandate_count];

        if (mandate->form != VL_ACT_MANDATE)
            continue;
        *found = (struct vl_found_mandate){
            .principal = mandate->issuer,
            .grantee = mandate->as.mandate->grantee,
            .powers = powers_of(mandate->as.mandate),
            .level = mandate->is_ok ? VL_LEVEL_PROVEN : VL_LEVEL_CLAIMED,
            .is_revoked = is_revoked(mandate),
        };
        memcpy(found->act, mandate->id, VL_HASH_LEN);
        finding->mandate_count++;
    }
    return VL_OK;
}

/* PROTOCOL 6: told beside what it corrects, and no level is touched. */
enum vl_err vl_find_corrections(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    size_t count = 0;

    for (size_t i = 0; i < making->about_count; i++)
        count += making->about[i]->kind == VL_KIND_CORRECTED;
    finding->corrections = vl_arena_take(making->arena, count * sizeof *finding->corrections);
    if (!finding->corrections)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < making->about_count; i++) {
        const struct vl_node *act = making->about[i];
        struct vl_found_correction *found = &finding->corrections[finding->correction_count];

        if (act->kind != VL_KIND_CORRECTED || !act->target ||
            !vl_office_id_eq(&act->issuer, &act->target->issuer))
            continue;
        *found = (struct vl_found_correction){.field = act->as.about->field,
                                              .old = act->as.about->old,
                                              .now = act->as.about->now,
                                              .by = act->issuer};
        memcpy(found->target, act->target_id, VL_HASH_LEN);
        memcpy(found->act, act->id, VL_HASH_LEN);
        finding->correction_count++;
    }
    return VL_OK;
}
