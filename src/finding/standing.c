/* SPDX-License-Identifier: Apache-2.0 */
/* Does an act count against whoever signed it: are its signatures complete, was its card never
 * revoked nor its keys retired, or did somebody else have it in time; is there one chain of cards
 * (PROTOCOL 4, 11)? */
#include <string.h>

#include "finding/inside.h"

const struct vl_set_office *vl_set_office(const struct vl_finding_set *set,
                                          const struct vl_office_id *office)
{
    size_t low = 0, high = set->office_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;
        const int order = memcmp(set->offices[middle].id.at, office->at, VL_HASH_LEN);

        if (order == 0)
            return &set->offices[middle];
        if (order < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return NULL;
}

/* The first that the user checked of this office, and how many follow; they are sorted. */
static const struct vl_checked *checked_of(const struct vl_finding_set *set,
                                           const struct vl_office_id *office, size_t *count)
{
    size_t low = 0, high = set->checked_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (memcmp(set->checked[middle].office.at, office->at, VL_HASH_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    *count = 0;
    while (low + *count < set->checked_count &&
           vl_office_id_eq(&set->checked[low + *count].office, office))
        ++*count;
    return *count ? &set->checked[low] : NULL;
}

bool vl_set_is_checked(const struct vl_finding_set *set, const struct vl_office_id *office)
{
    size_t count = 0;

    return checked_of(set, office, &count) != NULL;
}

/* One card, on the chains of its office that have it. */
struct card_at {
    const struct vl_finding_set *set;
    const struct vl_set_office *office;
    const struct vl_chain *chain; /* one of those */
    size_t index;
};

static const uint8_t *card_id(const struct vl_chain *chain, size_t index)
{
    return chain->links[index].card.object.id;
}

static bool is_on(const struct vl_chain *chain, const struct card_at *card)
{
    return card->index < chain->count &&
           vl_same(card_id(chain, card->index), card_id(card->chain, card->index));
}

static bool find_card(const struct vl_finding_set *set, const struct vl_office_id *office,
                      const uint8_t id[VL_HASH_LEN], struct card_at *card)
{
    *card = (struct card_at){.set = set, .office = vl_set_office(set, office)};
    for (size_t i = 0; card->office && i < card->office->count; i++) {
        card->chain = card->office->chains[i];
        if (vl_chain_find(card->chain, id, &card->index))
            return true;
    }
    return false;
}

/* Has the user checked a card from this serial on, which stands on one chain with this card? */
static bool is_checked_from(const struct card_at *card, size_t serial)
{
    size_t count = 0;
    const struct vl_checked *checked = checked_of(card->set, &card->office->id, &count);

    for (size_t i = 0; i < count; i++)
        for (size_t j = 0; j < card->office->count; j++) {
            size_t at = 0;

            if (is_on(card->office->chains[j], card) &&
                vl_chain_find(card->office->chains[j], checked[i].card, &at) && at >= serial)
                return true;
        }
    return false;
}

/* Is there another card of this serial after the same card before? */
static bool parts_at(const struct card_at *card, size_t serial)
{
    for (size_t i = 0; i < card->office->count; i++) {
        const struct vl_chain *other = card->office->chains[i];

        if (serial < other->count &&
            !vl_same(card_id(other, serial), card_id(card->chain, serial)) &&
            (serial == 0 || vl_same(card_id(other, serial - 1), card_id(card->chain, serial - 1))))
            return true;
    }
    return false;
}

/* A fork at the card or before it that the user has not decided. */
static bool is_forked(const struct card_at *card)
{
    for (size_t serial = 0; serial <= card->index && card->office->count > 1; serial++)
        if (parts_at(card, serial) && !is_checked_from(card, serial))
            return true;
    return false;
}

static bool is_unplanned(const struct card_at *card)
{
    for (size_t serial = card->index + 1; serial > 0; serial--)
        if (card->chain->links[serial - 1].unplanned)
            return !is_checked_from(card, serial - 1);
    return false;
}

/* PROTOCOL 4: a thief's fork, or an unplanned card that nobody checked, names no guardian. */
bool vl_set_is_guardian(const struct vl_finding_set *set, const struct vl_office_id *office,
                        const struct vl_office_id *guardian)
{
    const struct vl_set_office *of = vl_set_office(set, office);

    for (size_t i = 0; of && i < of->count; i++) {
        const struct card_at newest = {set, of, of->chains[i], of->chains[i]->count - 1};
        const struct vl_card *card = vl_chain_newest(of->chains[i]);

        for (size_t j = 0; j < card->guardian_count; j++)
            if (vl_office_id_eq(&card->guardians[j], guardian) && !is_forked(&newest) &&
                !is_unplanned(&newest))
                return true;
    }
    return false;
}

static bool is_retired(const struct card_at *card)
{
    const struct vl_card *own = &card->chain->links[card->index].card;

    for (size_t i = 0; i < card->office->count; i++) {
        const struct vl_chain *chain = card->office->chains[i];

        for (size_t later = card->index + 1; is_on(chain, card) && later < chain->count; later++)
            if (!vl_same(chain->links[later].card.keys_hash, own->keys_hash))
                return true;
    }
    return false;
}

/* Is there a revocation of this card or key, whichever chain brought it, made under a card of this
 * chain before `limit`? */
static bool is_target(const struct vl_set_office *office, const struct vl_chain *chain,
                      const uint8_t target[VL_HASH_LEN], size_t limit)
{
    for (size_t i = 0; i < office->count; i++)
        for (size_t j = 0; j < office->chains[i]->revocation_count; j++) {
            const struct vl_revocation *revocation = &office->chains[i]->revocations[j];
            size_t under = 0;

            if (vl_same(revocation->target, target) &&
                vl_chain_find(chain, revocation->card_id, &under) && under < limit)
                return true;
        }
    return false;
}

static size_t revoked_keys(const struct vl_set_office *office, const struct vl_chain *chain,
                           const struct vl_card *card, size_t limit)
{
    size_t revoked = 0;

    for (size_t i = 0; i < card->need_count; i++)
        revoked += is_target(office, chain, card->keys[card->need[i]].kid, limit);
    return revoked;
}

/* As vl_chain_link.key_revoked, with the revocations of all chains of the office. */
static bool is_revoked_on(const struct vl_set_office *office, const struct vl_chain *chain,
                          size_t index)
{
    const struct vl_card *card = &chain->links[index].card;

    for (size_t i = 1; i <= index; i++) {
        const struct vl_card *before = &chain->links[i - 1].card;

        if (chain->links[i].unplanned &&
            (is_target(office, chain, before->object.id, i) ||
             revoked_keys(office, chain, before, i) == before->need_count))
            return true;
    }
    return is_target(office, chain, card->object.id, SIZE_MAX) ||
           revoked_keys(office, chain, card, SIZE_MAX) > 0;
}

static bool is_revoked(const struct card_at *card)
{
    for (size_t i = 0; i < card->office->count; i++)
        if (is_on(card->office->chains[i], card) &&
            is_revoked_on(card->office, card->office->chains[i], card->index))
            return true;
    return false;
}

/* Does a later card of the same office say that its keys signed this in their time? */
static bool is_closed(const struct vl_finding_set *set, const struct vl_node *node,
                      const struct card_at *card)
{
    size_t low = 0, high = set->closure_count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (memcmp(set->closures[middle]->id, node->id, VL_HASH_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    for (; low < set->closure_count && vl_same(set->closures[low]->id, node->id); low++) {
        const uint8_t *by = set->closures[low]->card_id;
        struct card_at closing;

        if (find_card(set, &node->issuer, by, &closing) && closing.index > card->index &&
            is_on(closing.chain, card) && !is_forked(&closing))
            return true;
    }
    return false;
}

/* Offices other than its own whose keys are still good and who follow an act: two are enough to
 * know that there is one which is not its issuer. */
struct vouchers {
    size_t count;
    const struct vl_office_id *at[2];
};

static void add_voucher(struct vouchers *vouchers, const struct vl_office_id *office)
{
    for (size_t i = 0; i < vouchers->count; i++)
        if (vl_office_id_eq(vouchers->at[i], office))
            return;
    if (vouchers->count < 2)
        vouchers->at[vouchers->count++] = office;
}

static bool has_other(const struct vouchers *vouchers, const struct vl_office_id *office)
{
    for (size_t i = 0; i < vouchers->count; i++)
        if (!vl_office_id_eq(vouchers->at[i], office))
            return true;
    return false;
}

/* The nodes so that what an act follows comes after it. */
static enum vl_err deepest_first(struct vl_finding_set *set, struct vl_node ***sorted)
{
    size_t *starts, most = 0;
    struct vl_node **list = vl_arena_take(set->prepared, set->node_count * sizeof(void *));

    for (size_t i = 0; i < set->node_count; i++)
        if (set->nodes[i]->depth > most)
            most = set->nodes[i]->depth;
    starts = vl_arena_take(set->prepared, (most + 2) * sizeof *starts);
    if (!list || !starts)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < set->node_count; i++)
        starts[most - set->nodes[i]->depth + 1]++;
    for (size_t i = 1; i <= most; i++)
        starts[i] += starts[i - 1];
    for (size_t i = 0; i < set->node_count; i++)
        list[starts[most - set->nodes[i]->depth]++] = set->nodes[i];
    *sorted = list;
    return VL_OK;
}

static enum vl_err find_vouchers(struct vl_finding_set *set, struct vouchers **out)
{
    struct vouchers *all = vl_arena_take(set->prepared, set->node_count * sizeof *all);
    struct vl_node **sorted = NULL;
    enum vl_err err = all ? deepest_first(set, &sorted) : VL_ERR_NO_MEMORY;

    for (size_t i = 0; i < set->node_count && !err; i++) {
        const struct vl_node *node = sorted[i];

        for (size_t j = 0; j < node->follows.count; j++) {
            struct vouchers *earlier = &all[node->follows.at[j]->index];

            /* Identities are free (PROTOCOL 17): whoever the user never checked vouches for
             * nothing. */
            if (node->is_current && vl_set_is_checked(set, &node->issuer))
                add_voucher(earlier, &node->issuer);
            for (size_t k = 0; k < all[node->index].count; k++)
                add_voucher(earlier, all[node->index].at[k]);
        }
    }
    *out = all;
    return err;
}

/* What is known of an act's card before anybody vouches. */
static void judge_card(struct vl_node *node, const struct card_at *card, bool *retired,
                       bool *revoked)
{
    const bool forked = is_forked(card);

    *retired = is_retired(card);
    *revoked = is_revoked(card);
    node->is_current = !*retired && !*revoked && !forked;
    if (forked)
        node->marks |= VL_MARK_FORKED;
    if (is_unplanned(card))
        node->marks |= VL_MARK_UNPLANNED_CHANGE;
}

static void conclude(struct vl_node *node, bool retired, bool revoked, bool vouched)
{
    if (!node->is_complete)
        node->marks |= VL_MARK_INCOMPLETE;
    if ((retired || revoked) && !vouched)
        node->marks |= VL_MARK_NO_LONGER_VOUCHED;
    if (retired && vouched)
        node->marks |= VL_MARK_RETIRED_VOUCHED;
    if (revoked && vouched)
        node->marks |= VL_MARK_REVOKED_LATER;
    node->is_ok =
        !(node->marks & (VL_MARK_INCOMPLETE | VL_MARK_FORKED | VL_MARK_NO_LONGER_VOUCHED));
}

struct state {
    bool retired, revoked;
};

enum vl_err vl_find_standing(struct vl_finding_set *set)
{
    struct state *states = vl_arena_take(set->prepared, set->node_count * sizeof *states);
    struct vouchers *vouchers = NULL;
    bool any = false;
    enum vl_err err = VL_OK;

    if (!states)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < set->node_count; i++) {
        struct vl_node *node = set->nodes[i];
        struct card_at card;

        node->is_current = true;
        if (find_card(set, &node->issuer, node->card, &card))
            judge_card(node, &card, &states[i].retired, &states[i].revoked);
        any |= states[i].retired || states[i].revoked;
    }
    if (any)
        err = find_vouchers(set, &vouchers);
    for (size_t i = 0; i < set->node_count && !err; i++) {
        struct vl_node *node = set->nodes[i];
        struct card_at card;
        const bool asked = states[i].retired || states[i].revoked;
        const bool vouched =
            asked &&
            (has_other(&vouchers[i], &node->issuer) ||
             (find_card(set, &node->issuer, node->card, &card) && is_closed(set, node, &card)));

        conclude(node, states[i].retired, states[i].revoked, vouched);
    }
    return err;
}
