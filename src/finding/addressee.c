/* SPDX-License-Identifier: Apache-2.0 */
/* The ladder, for each addressee: receipted by a delegate, receipted for the office, reached the
 * principal, opened; and refused (PROTOCOL 1, 2, 3, 25). */
#include <stdlib.h>
#include <string.h>

#include "finding/inside.h"

static enum vl_level level_of(const struct vl_node *act)
{
    return act->is_ok ? VL_LEVEL_PROVEN : VL_LEVEL_CLAIMED;
}

/* What gives a fact a lower level than it has already says nothing more about it. */
enum vl_err vl_fact_add(struct vl_making *making, struct vl_found_fact *fact, enum vl_level level,
                        const struct vl_node *act, uint32_t marks)
{
    enum vl_err err;

    if (level < fact->level)
        return VL_OK;
    if (level > fact->level)
        *fact = (struct vl_found_fact){.level = level};
    fact->marks |= marks;
    err = vl_hashes_add(making->arena, &fact->by, act->issuer.at);
    return err ? err : vl_hashes_add(making->arena, &fact->acts, act->id);
}

static int by_office(const void *key, const void *entry)
{
    const struct vl_found_addressee *addressee = entry;

    return memcmp(key, addressee->office.at, VL_HASH_LEN);
}

static struct vl_found_addressee *find(const struct vl_making *making,
                                       const struct vl_office_id *office)
{
    const struct vl_finding *finding = making->finding;

    if (!office || finding->addressee_count == 0)
        return NULL;
    return bsearch(office->at, finding->addressees, finding->addressee_count,
                   sizeof *finding->addressees, by_office);
}

/* PROTOCOL 1: the principal adopts the act, which counts as if it had a mandate. */
static const struct vl_node *ratified_by(const struct vl_node *act,
                                         const struct vl_office_id *principal)
{
    for (size_t i = 0; i < act->targeted_by.count; i++) {
        const struct vl_node *about = act->targeted_by.at[i];

        if (about->kind == VL_KIND_RATIFIED && about->is_ok &&
            vl_office_id_eq(&about->issuer, principal))
            return about;
    }
    return NULL;
}

static enum vl_err add_for_office(struct vl_making *making, struct vl_found_addressee *addressee,
                                  struct vl_node *receipt)
{
    struct vl_mandate_judgement judgement = {.is_held = false};
    const struct vl_node *ratified = ratified_by(receipt, &addressee->office);
    struct vl_found_fact *fact = &addressee->receipted_for_office;
    enum vl_err err = VL_OK;

    if (receipt->has_under)
        err = vl_mandate_judge(making, receipt, VL_POWER_RECEIVE, &addressee->office, &judgement);
    if (err)
        return err;
    if (judgement.is_held && !judgement.flaw)
        return vl_fact_add(making, fact, level_of(receipt), receipt,
                           receipt->marks | judgement.marks);
    if (ratified)
        return vl_fact_add(making, fact, level_of(receipt), receipt,
                           receipt->marks | ratified->marks | VL_MARK_RATIFIED);
    if (!receipt->has_under)
        return VL_OK;
    return vl_fact_add(making, fact, VL_LEVEL_NONE, receipt,
                       receipt->marks | (judgement.is_held ? vl_mandate_mark(judgement.flaw)
                                                           : (uint32_t)VL_MARK_MANDATE_NOT_HELD));
}

static enum vl_err add_receipt(struct vl_making *making, struct vl_node *receipt)
{
    struct vl_found_addressee *addressee = find(making, &receipt->as.answer->addressee);
    const enum vl_level level = level_of(receipt);
    enum vl_err err;

    if (!addressee)
        return VL_OK;
    if (receipt->capacity != VL_CAPACITY_PRINCIPAL) {
        err =
            vl_fact_add(making, &addressee->receipted_by_delegate, level, receipt, receipt->marks);
        return err ? err : add_for_office(making, addressee, receipt);
    }
    if (!vl_office_id_eq(&receipt->issuer, &addressee->office))
        return VL_OK;
    err = vl_fact_add(making, &addressee->receipted_for_office, level, receipt, receipt->marks);
    return err ? err : vl_fact_add(making, &addressee->reached, level, receipt, receipt->marks);
}

/* For whom was this done: for its signer, or under a good mandate for the principal of that.
 * *addressee is NULL when for none. */
static enum vl_err find_whose(struct vl_making *making, struct vl_node *act,
                              struct vl_found_addressee **addressee, uint32_t *marks)
{
    struct vl_mandate_judgement judgement;
    enum vl_err err;

    *marks = act->marks;
    *addressee = find(making, act->has_under ? vl_mandate_principal(act->under) : &act->issuer);
    if (!*addressee || !act->has_under)
        return VL_OK;
    err = vl_mandate_judge(making, act, VL_POWER_RECEIVE, &(*addressee)->office, &judgement);
    if (err || !judgement.is_held || judgement.flaw)
        *addressee = NULL;
    *marks |= judgement.marks;
    return err;
}

static enum vl_err add_reached(struct vl_making *making, struct vl_node *note)
{
    struct vl_found_addressee *addressee = NULL;
    const bool own = note->capacity == VL_CAPACITY_PRINCIPAL && !note->has_under;
    uint32_t marks = 0;
    enum vl_err err = find_whose(making, note, &addressee, &marks);

    if (err || !addressee || (!own && !note->has_under))
        return err;
    return vl_fact_add(making, &addressee->reached, own ? level_of(note) : VL_LEVEL_CLAIMED, note,
                       marks);
}

static bool commits_to(const struct vl_waybill *waybill, const uint8_t hash[VL_HASH_LEN])
{
    for (size_t i = 0; i < waybill->opening_count; i++)
        if (vl_same(waybill->openings[i], hash))
            return true;
    return false;
}

/* PROTOCOL 2: the value that lay inside for this addressee, by any waybill of the letter. */
static bool is_shown(const struct vl_making *making, const struct vl_opened *opened,
                     const struct vl_office_id *who)
{
    uint8_t hash[VL_HASH_LEN];

    if (!opened->has_opening)
        return false;
    vl_sha256(VL_ARRAY(opened->opening), hash);
    for (size_t i = 0; i < making->finding->sealed_count; i++)
        if (commits_to(making->waybills[i], hash) &&
            vl_opened_check(opened, who, making->wires[i], NULL) == VL_OK)
            return true;
    return false;
}

static enum vl_err add_opened(struct vl_making *making, struct vl_node *act)
{
    struct vl_found_addressee *addressee = NULL;
    uint32_t marks = 0;
    enum vl_err err = find_whose(making, act, &addressee, &marks);

    if (err || !addressee)
        return err;
    addressee->verdicts |= 1U << act->as.opened->verdict;
    if (!is_shown(making, act->as.opened, &addressee->office))
        return vl_fact_add(making, &addressee->opened, VL_LEVEL_CLAIMED, act,
                           marks | VL_MARK_NO_OPENING_VALUE);
    err = vl_fact_add(making, &addressee->opened, level_of(act), act, marks);
    if (err || act->has_under || !act->is_ok)
        return err;
    return vl_fact_add(making, &addressee->reached, VL_LEVEL_PROVEN, act, marks);
}

/* One more reason, in its place; room doubles whenever it is full. */
static enum vl_err add_reason(struct vl_making *making, struct vl_found_addressee *addressee,
                              vl_bytes reason)
{
    const size_t count = addressee->reason_count;
    size_t at = 0;

    while (at < count && vl_bytes_cmp(addressee->reasons[at], reason) < 0)
        at++;
    if (at < count && vl_bytes_eq(addressee->reasons[at], reason))
        return VL_OK;
    if (!(count & (count - 1))) {
        const size_t room = count ? 2 * count : 1;
        vl_bytes *larger = vl_arena_take(making->arena, room * sizeof *larger);

        if (!larger)
            return VL_ERR_NO_MEMORY;
        if (count > 0)
            memcpy(larger, addressee->reasons, count * sizeof *larger);
        addressee->reasons = larger;
    }
    memmove(&addressee->reasons[at + 1], &addressee->reasons[at],
            (count - at) * sizeof *addressee->reasons);
    addressee->reasons[at] = reason;
    addressee->reason_count++;
    return VL_OK;
}

static enum vl_err add_refused(struct vl_making *making, struct vl_node *answer)
{
    struct vl_found_addressee *addressee = NULL;
    uint32_t marks = 0;
    enum vl_err err = find_whose(making, answer, &addressee, &marks);

    if (err || !addressee)
        return err;
    err = vl_fact_add(making, &addressee->refused, level_of(answer), answer, marks);
    return err ? err : add_reason(making, addressee, answer->as.answer->reason);
}

enum vl_err vl_find_addressees(struct vl_making *making)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < making->about_count && !err; i++) {
        struct vl_node *act = making->about[i];

        if (act->kind == VL_KIND_RECEIPTED)
            err = add_receipt(making, act);
        else if (act->kind == VL_KIND_REACHED)
            err = add_reached(making, act);
        else if (act->kind == VL_KIND_OPENED)
            err = add_opened(making, act);
        else if (act->kind == VL_KIND_REFUSED)
            err = add_refused(making, act);
    }
    return err;
}
