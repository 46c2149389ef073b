/* SPDX-License-Identifier: Apache-2.0 */
/* How much of the room each office has.  Anybody may sign acts about a letter, and as many as he
 * likes: so whom it concerns comes first, and each office has a share, apart for what is proven to
 * be its own.  Identities are free: a part of the room is for offices that the user checked, and
 * one for parties. */
#include <string.h>

#include "finding/inside.h"

/* What an office can do: a first one of each sort is heard, however much it signs besides. */
#define SORTS      (VL_KIND_COUNT + VL_INVITATION_NOT_HELD + 1 + VL_FACT_HOSTED + 1)
#define SORT_BITS  64
#define SORT_WORDS (2 * SORTS / SORT_BITS + 1)

struct share {
    bool has_waybill; /* according to one, the letter is from or to it */
    bool is_party;
    size_t used[2][2];             /* what is not ok first; what is no words first */
    uint64_t sorts[2][SORT_WORDS]; /* that are there, likewise */
};

struct vl_shares {
    struct vl_making *making;
    struct share **at; /* by the place of the office; NULL: nothing yet */
};

/* NULL for one of whom there is no card: it signed nothing here. */
static struct share **place_of(const struct vl_shares *shares, const struct vl_office_id *id)
{
    const struct vl_set_office *office = vl_set_office(shares->making->set, id);

    return office ? &shares->at[office - shares->making->set->offices] : NULL;
}

static const struct share *share_of(const struct vl_shares *shares, const struct vl_office_id *id)
{
    static const struct share none;
    struct share **place = place_of(shares, id);

    return place && *place ? *place : &none;
}

static enum vl_err open_share(struct vl_shares *shares, const struct vl_office_id *id,
                              struct share **share)
{
    struct share **place = place_of(shares, id);

    *share = NULL;
    if (!place)
        return VL_OK;
    if (!*place)
        *place = vl_arena_take(shares->making->arena, sizeof **place);
    *share = *place;
    return *share ? VL_OK : VL_ERR_NO_MEMORY;
}

/* --- whom it concerns ------------------------------------------------------------------------- */

static enum vl_err add_party(struct vl_shares *shares, const struct vl_office_id *id,
                             bool has_waybill)
{
    struct share *share;
    const enum vl_err err = open_share(shares, id, &share);

    if (share) {
        share->is_party = true;
        share->has_waybill |= has_waybill;
    }
    return err;
}

static enum vl_err add_waybills(struct vl_shares *shares, const struct vl_node *sealed)
{
    struct vl_making *making = shares->making;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < sealed->leaf_count && !err; i++) {
        if (!vl_same(sealed->leaves[i].number, making->number) ||
            vl_waybill_parse(sealed->leaves[i].wire, making->scratch, NULL) != VL_OK)
            continue;
        err = add_party(shares, &making->scratch->from, true);
        for (size_t to = 0; to < making->scratch->to_count && !err; to++)
            err = add_party(shares, &making->scratch->to[to], true);
    }
    return err;
}

static enum vl_err add_sides(struct vl_shares *shares, const struct vl_invitation *invitation)
{
    enum vl_err err = VL_OK;

    if (!vl_same(invitation->id, shares->making->number))
        return VL_OK;
    if (invitation->inviter.has_office)
        err = add_party(shares, &invitation->inviter.office, false);
    return !err && invitation->invitee.has_office
               ? add_party(shares, &invitation->invitee.office, false)
               : err;
}

bool vl_is_taken_by(const struct vl_node *answer)
{
    const struct vl_node *handover = answer->answers;

    return answer->is_ok &&
           (answer->kind == VL_KIND_ACCEPTED || answer->kind == VL_KIND_RECEIPTED) && handover &&
           handover->form == VL_ACT_TRANSFERRED && handover->as.handover->has_taker &&
           vl_office_id_eq(&handover->as.handover->taker, &answer->issuer);
}

enum vl_err vl_shares_new(struct vl_making *making, const struct vl_entries *own,
                          struct vl_shares **shares)
{
    struct vl_shares *made = vl_arena_take(making->arena, sizeof *made);
    enum vl_err err = VL_OK;

    if (!made)
        return VL_ERR_NO_MEMORY;
    made->making = making;
    made->at = vl_arena_take(making->arena, making->set->office_count * sizeof(void *));
    if (!made->at)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < own->count && !err; i++) {
        const struct vl_node *node = own->at[i].node;

        if (i > 0 && node == own->at[i - 1].node)
            continue; /* it has several leaves for the letter */
        if (node->form == VL_ACT_SEALED)
            err = add_waybills(made, node);
        else if (node->form == VL_ACT_INVITATION)
            err = add_sides(made, node->as.invitation);
        else if (vl_is_taken_by(node))
            err = add_party(made, &node->issuer, false);
    }
    *shares = made;
    return err;
}

bool vl_shares_has_waybill(const struct vl_shares *shares, const struct vl_office_id *office)
{
    return share_of(shares, office)->has_waybill;
}

bool vl_shares_is_near(const struct vl_shares *shares, const struct vl_office_id *office)
{
    return share_of(shares, office)->is_party || vl_set_is_checked(shares->making->set, office);
}

/* Who signs it cannot bring that about, and whatever he signs besides cannot undo it.  What was
 * only seen is everything. */
enum vl_named vl_shares_named(const struct vl_shares *shares, const struct vl_node *node)
{
    enum vl_named named = VL_NAMED_NOT;

    if (vl_same(node->id, shares->making->number))
        return VL_NAMED_ITSELF;
    for (size_t i = 0; i < node->followed_by.count; i++) {
        const struct vl_node *by = node->followed_by.at[i];

        if (!by->is_ok || by->form == VL_ACT_SEEN || vl_office_id_eq(&by->issuer, &node->issuer))
            continue;
        if (vl_set_is_checked(shares->making->set, &by->issuer))
            return VL_NAMED_BY_CHECKED;
        if (share_of(shares, &by->issuer)->is_party)
            named = VL_NAMED_BY_PARTY;
    }
    return named;
}

/* --- what each has ---------------------------------------------------------------------------- */

static size_t sort_of(const struct vl_node *node)
{
    size_t sort = node->kind;

    if (node->form == VL_ACT_INVITATION)
        sort = VL_KIND_COUNT + node->as.invitation->what;
    else if (node->kind == VL_KIND_ASSERT)
        sort =
            VL_KIND_COUNT + VL_INVITATION_NOT_HELD + 1 + vl_fact_of_word(node->as.statement->fact);
    return 2 * sort + node->has_under;
}

bool vl_shares_is_first(const struct vl_shares *shares, const struct vl_node *node)
{
    const size_t sort = sort_of(node);
    const uint64_t *there = share_of(shares, &node->issuer)->sorts[node->is_ok];

    return !(there[sort / SORT_BITS] >> sort % SORT_BITS & 1);
}

enum vl_err vl_shares_note(struct vl_shares *shares, const struct vl_node *node)
{
    const size_t sort = sort_of(node);
    struct share *share;
    const enum vl_err err = open_share(shares, &node->issuer, &share);

    if (share)
        share->sorts[node->is_ok][sort / SORT_BITS] |= UINT64_C(1) << sort % SORT_BITS;
    return err;
}

bool vl_shares_has_room(const struct vl_shares *shares, const struct vl_node *node, size_t count,
                        bool beyond)
{
    const struct share *share = share_of(shares, &node->issuer);
    const bool is_heard = vl_is_heard(node);
    const bool is_checked = vl_set_is_checked(shares->making->set, &node->issuer);
    const size_t most =
        !is_heard && (is_checked || share->is_party) ? VL_FINDING_MAX_OWN : VL_FINDING_MAX_HEARD;
    const size_t room = is_checked        ? VL_FINDING_MAX_ABOUT
                        : share->is_party ? VL_FINDING_MAX_PARTIES
                                          : VL_FINDING_MAX_STRANGE;

    return shares->making->about_count + count <= room &&
           (share->used[node->is_ok][is_heard] + count <= most ||
            (beyond && count <= VL_FINDING_MAX_FIRST));
}

enum vl_err vl_shares_take(struct vl_shares *shares, const struct vl_node *node, size_t count)
{
    struct share *share;
    const enum vl_err err = open_share(shares, &node->issuer, &share);

    if (share)
        share->used[node->is_ok][vl_is_heard(node)] += count;
    return err;
}
