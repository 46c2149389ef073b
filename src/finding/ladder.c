/* SPDX-License-Identifier: Apache-2.0 */
/* How far the letter is proven to have come for each addressee, and what is late by now. */
#include "finding/inside.h"

/* Somebody other than who sealed it holds it. */
static bool is_on_its_way(const struct vl_making *making)
{
    const struct vl_finding *finding = making->finding;

    for (size_t i = 0; i < finding->holder_count; i++) {
        bool is_sender = false;

        for (size_t j = 0; j < making->from_count; j++)
            is_sender |= vl_office_id_eq(&making->from[j], &finding->holders[i].office);
        if (!is_sender)
            return true;
    }
    return false;
}

/* What is the same for all addressees. */
static enum vl_ladder common_step(const struct vl_making *making)
{
    const struct vl_finding *finding = making->finding;

    if (is_on_its_way(making))
        return VL_LADDER_IN_CUSTODY;
    for (size_t i = 0; i < finding->handed_count; i++)
        if (finding->handed[i].level == VL_LEVEL_PROVEN)
            return VL_LADDER_HANDED;
    return making->from_count > 0 ? VL_LADDER_SEALED : VL_LADDER_NOTHING;
}

static enum vl_ladder own_step(const struct vl_found_addressee *addressee, enum vl_ladder common)
{
    if (addressee->opened.level == VL_LEVEL_PROVEN)
        return VL_LADDER_OPENED;
    if (addressee->reached.level == VL_LEVEL_PROVEN)
        return VL_LADDER_REACHED;
    if (addressee->receipted_for_office.level == VL_LEVEL_PROVEN)
        return VL_LADDER_RECEIPTED_FOR_OFFICE;
    if (addressee->receipted_by_delegate.level == VL_LEVEL_PROVEN)
        return VL_LADDER_RECEIPTED_BY_DELEGATE;
    return common;
}

static bool is_addressed(const struct vl_found_sealed *sealed, const struct vl_office_id *office)
{
    for (size_t i = 0; i < sealed->to_count; i++)
        if (vl_office_id_eq(&sealed->to[i], office))
            return true;
    return false;
}

/* Whoever answers a letter is heard from, whatever became of its receipt. */
static bool has_answered(const struct vl_finding *finding, const struct vl_office_id *office)
{
    for (size_t i = 0; i < finding->answer_count; i++)
        if (finding->answers[i].level == VL_LEVEL_PROVEN &&
            vl_office_id_eq(&finding->answers[i].by, office))
            return true;
    return false;
}

static bool is_overdue(const struct vl_finding *finding, const struct vl_found_addressee *addressee)
{
    /* Anybody can call himself a delegate: that stops no alarm. */
    if (addressee->highest_proven >= VL_LADDER_RECEIPTED_FOR_OFFICE ||
        has_answered(finding, &addressee->office))
        return false;
    for (size_t i = 0; i < finding->sealed_count; i++)
        if (finding->sealed[i].level == VL_LEVEL_PROVEN && finding->sealed[i].has_expect_by &&
            finding->sealed[i].expect_by_s < finding->as_of_s &&
            is_addressed(&finding->sealed[i], &addressee->office))
            return true;
    return false;
}

static bool is_expired(const struct vl_finding *finding)
{
    for (size_t i = 0; i < finding->addressee_count; i++)
        if (finding->addressees[i].receipted_by_delegate.level == VL_LEVEL_PROVEN ||
            finding->addressees[i].receipted_for_office.level == VL_LEVEL_PROVEN)
            return false;
    for (size_t i = 0; i < finding->sealed_count; i++)
        if (finding->sealed[i].level == VL_LEVEL_PROVEN && finding->sealed[i].has_expires &&
            finding->sealed[i].expires_s < finding->as_of_s)
            return true;
    return false;
}

enum vl_err vl_find_ladder(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    const enum vl_ladder common = common_step(making);
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < finding->addressee_count && !err; i++) {
        struct vl_found_addressee *addressee = &finding->addressees[i];

        addressee->highest_proven = own_step(addressee, common);
        if (is_overdue(finding, addressee))
            err = vl_hashes_add(making->arena, &finding->overdue, addressee->office.at);
    }
    finding->expired = is_expired(finding);
    return err;
}
