/* SPDX-License-Identifier: Apache-2.0 */
/* What one office signed that cannot both be so: the closed list of PROTOCOL 16.  Only what is
 * proven against the office counts, but for two cards, which prove themselves. */
#include <stdlib.h>
#include <string.h>

#include "finding/inside.h"

enum vl_err vl_contradiction_add(struct vl_making *making, enum vl_contradiction kind,
                                 const struct vl_office_id *office, const struct vl_hashes *acts)
{
    struct vl_finding *finding = making->finding;
    void *list = finding->contradictions;
    enum vl_err err = vl_arena_room(making->arena, &list, finding->contradiction_count,
                                    &making->contradiction_cap, 1, sizeof *finding->contradictions);

    if (err)
        return err;
    finding->contradictions = list;
    finding->contradictions[finding->contradiction_count++] =
        (struct vl_found_contradiction){kind, *office, *acts};
    return VL_OK;
}

/* The place in which an act stands, where an office has one act at most: a hand-over's nonce; of an
 * answer what it answers, in which capacity, under which mandate, and for whom. */
struct twin {
    struct vl_node *node;
    enum vl_kind kind;
    enum vl_capacity capacity;
    bool has_under;
    const struct vl_office_id *issuer;
    const uint8_t *under;
    const uint8_t *addressee;
    uint8_t slot[VL_HASH_LEN];
};

static bool has_slot(const struct vl_node *node)
{
    return node->is_ok && (node->form == VL_ACT_TRANSFERRED ||
                           (node->has_answers &&
                            (node->kind == VL_KIND_ACCEPTED || node->kind == VL_KIND_RECEIPTED)));
}

static struct twin twin_of(struct vl_node *node)
{
    static const uint8_t nobody[VL_HASH_LEN];
    struct twin twin = {node,          node->kind, VL_CAPACITY_NONE, false,
                        &node->issuer, nobody,     nobody,           {0}};

    if (node->form == VL_ACT_TRANSFERRED) {
        memcpy(twin.slot, node->as.handover->handover, VL_NONCE_LEN);
        return twin;
    }
    memcpy(twin.slot, node->answers_id, VL_HASH_LEN);
    twin.capacity = node->capacity;
    twin.has_under = node->has_under;
    if (node->has_under)
        twin.under = node->under_id;
    if (node->kind == VL_KIND_RECEIPTED)
        twin.addressee = node->as.answer->addressee.at;
    return twin;
}

static int place_of(const struct twin *left, const struct twin *right)
{
    int order = memcmp(left->issuer->at, right->issuer->at, VL_HASH_LEN);

    if (order == 0)
        order = memcmp(left->slot, right->slot, VL_HASH_LEN);
    if (order == 0)
        order = (int)left->kind - (int)right->kind;
    if (order == 0)
        order = (int)left->capacity - (int)right->capacity;
    if (order == 0)
        order = (int)left->has_under - (int)right->has_under;
    if (order == 0)
        order = memcmp(left->under, right->under, VL_HASH_LEN);
    return order != 0 ? order : memcmp(left->addressee, right->addressee, VL_HASH_LEN);
}

static int by_place(const void *a, const void *b)
{
    const struct twin *left = a, *right = b;
    const int order = place_of(left, right);

    if (order != 0)
        return order;
    return left->node->index < right->node->index ? -1 : left->node->index > right->node->index;
}

enum vl_err vl_find_twins(struct vl_finding_set *set)
{
    struct twin *twins;
    size_t count = 0;

    for (size_t i = 0; i < set->node_count; i++)
        count += has_slot(set->nodes[i]);
    twins = vl_arena_take(set->prepared, count * sizeof *twins);
    if (!twins)
        return VL_ERR_NO_MEMORY;
    count = 0;
    for (size_t i = 0; i < set->node_count; i++)
        if (has_slot(set->nodes[i]))
            twins[count++] = twin_of(set->nodes[i]);
    if (count > 1)
        qsort(twins, count, sizeof *twins, by_place);
    for (size_t first = 0, next = 0; first < count; first = next) {
        struct vl_nodes list = {0};

        while (next < count && place_of(&twins[first], &twins[next]) == 0)
            next++;
        if (next - first < 2)
            continue;
        list.at = vl_arena_take(set->prepared, (next - first) * sizeof(void *));
        if (!list.at)
            return VL_ERR_NO_MEMORY;
        for (size_t i = first; i < next; i++)
            list.at[list.count++] = twins[i].node;
        for (size_t i = first; i < next; i++)
            twins[i].node->twins = list;
    }
    return VL_OK;
}

static bool is_about(const struct vl_making *making, const struct vl_node *node)
{
    return node->about == making->set->generation;
}

/* Told once, by the first of them that is about the letter. */
static enum vl_err find_twins(struct vl_making *making, const struct vl_node *node)
{
    const struct vl_nodes *twins = &node->twins;
    struct vl_hashes acts = {0};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < twins->count; i++)
        if (is_about(making, twins->at[i])) {
            if (twins->at[i] != node)
                return VL_OK;
            break;
        }
    for (size_t i = 0; i < twins->count && !err; i++)
        err = vl_hashes_add(making->arena, &acts, twins->at[i]->id);
    if (err || acts.count < 2)
        return err;
    return vl_contradiction_add(making,
                                node->form == VL_ACT_TRANSFERRED ? VL_CONTRADICTION_TWO_HANDOVERS
                                                                 : VL_CONTRADICTION_TWO_ANSWERS,
                                &node->issuer, &acts);
}

/* Acts of the letter that one office signed, of two sorts of which it should have signed one: by
 * office, and for answers by what they answer. */
struct sorting {
    enum vl_contradiction kind;
    bool (*is_one)(const struct vl_node *node);
    bool (*is_other)(const struct vl_node *node);
    bool by_answers;
};

static bool is_receipt(const struct vl_node *node)
{
    return node->kind == VL_KIND_RECEIPTED && node->has_answers;
}

static bool is_refusal(const struct vl_node *node)
{
    return node->kind == VL_KIND_REFUSED && node->has_answers;
}

static bool says(const struct vl_node *node, enum vl_verdict verdict)
{
    return node->form == VL_ACT_OPENED && node->as.opened->verdict == verdict;
}

static bool is_match(const struct vl_node *node)
{
    return says(node, VL_VERDICT_OK);
}

static bool is_mismatch(const struct vl_node *node)
{
    return says(node, VL_VERDICT_MISMATCH);
}

static int by_issuer(const void *a, const void *b)
{
    const struct vl_node *const *left = a, *const *right = b;

    return memcmp((*left)->issuer.at, (*right)->issuer.at, VL_HASH_LEN);
}

static int by_issuer_and_answers(const void *a, const void *b)
{
    const struct vl_node *const *left = a, *const *right = b;
    const int order = by_issuer(a, b);

    return order != 0 ? order : memcmp((*left)->answers_id, (*right)->answers_id, VL_HASH_LEN);
}

static enum vl_err find_both(struct vl_making *making, const struct sorting *sorting)
{
    int (*order)(const void *, const void *) =
        sorting->by_answers ? by_issuer_and_answers : by_issuer;
    struct vl_nodes list = {0, vl_arena_take(making->arena, making->about_count * sizeof(void *))};
    enum vl_err err = VL_OK;

    if (!list.at)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < making->about_count; i++)
        if (making->about[i]->is_ok &&
            (sorting->is_one(making->about[i]) || sorting->is_other(making->about[i])))
            list.at[list.count++] = making->about[i];
    if (list.count > 1)
        qsort(list.at, list.count, sizeof(void *), order);
    for (size_t first = 0, next = 0; first < list.count && !err; first = next) {
        struct vl_hashes acts = {0};
        bool one = false, other = false;

        for (; next < list.count && order(&list.at[first], &list.at[next]) == 0; next++) {
            one |= sorting->is_one(list.at[next]);
            other |= sorting->is_other(list.at[next]);
        }
        for (size_t i = first; i < next && one && other && !err; i++)
            err = vl_hashes_add(making->arena, &acts, list.at[i]->id);
        if (!err && acts.count > 0)
            err = vl_contradiction_add(making, sorting->kind, &list.at[first]->issuer, &acts);
    }
    return err;
}

/* The finding's list is by act, so those of one office are looked for once from each. */
static enum vl_err find_waybills(struct vl_making *making)
{
    const struct vl_finding *finding = making->finding;
    struct vl_hashes done = {0};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < finding->sealed_count && !err; i++) {
        const struct vl_office_id *by = &finding->sealed[i].by;
        struct vl_hashes acts = {0}, waybills = {0};

        if (vl_hashes_has(&done, by->at))
            continue;
        err = vl_hashes_add(making->arena, &done, by->at);
        for (size_t j = i; j < finding->sealed_count && !err; j++) {
            const struct vl_found_sealed *other = &finding->sealed[j];

            if (other->level != VL_LEVEL_PROVEN || !vl_office_id_eq(&other->by, by))
                continue;
            err = vl_hashes_add(making->arena, &acts, other->act);
            if (!err)
                err = vl_hashes_add(making->arena, &waybills, other->waybill);
        }
        if (!err && waybills.count > 1)
            err = vl_contradiction_add(making, VL_CONTRADICTION_TWO_WAYBILLS, by, &acts);
    }
    return err;
}

static enum vl_err find_uses(struct vl_making *making, const struct vl_node *mandate)
{
    const struct vl_office_id *grantee = &mandate->as.mandate->grantee;
    struct vl_hashes acts = {0};
    bool any = false;
    enum vl_err err = VL_OK;

    if (!mandate->is_ok || mandate->as.mandate->uses != VL_MANDATE_ONCE)
        return VL_OK;
    for (size_t i = 0; i < mandate->under_it.count && !err; i++) {
        const struct vl_node *use = mandate->under_it.at[i];

        if (!use->is_ok || !vl_office_id_eq(&use->issuer, grantee))
            continue;
        any |= is_about(making, use);
        err = vl_hashes_add(making->arena, &acts, use->id);
    }
    if (err || !any || acts.count < 2)
        return err;
    return vl_contradiction_add(making, VL_CONTRADICTION_MANDATE_USED_TWICE, grantee, &acts);
}

/* What an office denies, and signed itself. */
static enum vl_err find_denials(struct vl_making *making, const struct vl_node *denial)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < denial->subject_count && !err; i++) {
        const struct vl_node *denied = vl_denied_own(making, denial, i);
        struct vl_hashes acts = {0};

        if (!denied)
            continue;
        err = vl_hashes_add(making->arena, &acts, denial->id);
        if (!err)
            err = vl_hashes_add(making->arena, &acts, denied->id);
        if (!err)
            err = vl_contradiction_add(making, VL_CONTRADICTION_DENIED_OWN_ACT, &denied->issuer,
                                       &acts);
    }
    return err;
}

static const uint8_t *card_id(const struct vl_chain *chain, size_t serial)
{
    return chain->links[serial].card.object.id;
}

/* The cards of this serial that follow the same card as this chain's does. */
static enum vl_err find_siblings(struct vl_making *making, const struct vl_set_office *office,
                                 const struct vl_chain *chain, size_t serial)
{
    struct vl_hashes cards = {0};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < office->count && !err; i++) {
        const struct vl_chain *other = office->chains[i];

        if (serial < other->count &&
            (serial == 0 || vl_same(card_id(other, serial - 1), card_id(chain, serial - 1))))
            err = vl_hashes_add(making->arena, &cards, card_id(other, serial));
    }
    if (err || cards.count < 2 || !vl_same(cards.at[0], card_id(chain, serial)))
        return err;
    return vl_contradiction_add(making, VL_CONTRADICTION_TWO_CARDS, &office->id, &cards);
}

static enum vl_err find_forks(struct vl_making *making)
{
    struct vl_hashes issuers = {0};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < making->about_count && !err; i++) {
        const struct vl_set_office *office = vl_set_office(making->set, &making->about[i]->issuer);

        if (!office || office->count < 2 || vl_hashes_has(&issuers, office->id.at))
            continue;
        err = vl_hashes_add(making->arena, &issuers, office->id.at);
        for (size_t j = 0; j < office->count && !err; j++)
            for (size_t serial = 0; serial < office->chains[j]->count && !err; serial++)
                err = find_siblings(making, office, office->chains[j], serial);
    }
    return err;
}

static int by_rank(const void *a, const void *b)
{
    const struct vl_found_contradiction *left = a, *right = b;
    int order;

    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    order = memcmp(left->office.at, right->office.at, VL_HASH_LEN);
    return order != 0 ? order : vl_hashes_cmp(&left->acts, &right->acts);
}

static void sort(struct vl_finding *finding)
{
    size_t kept = 0;

    if (finding->contradiction_count > 1)
        qsort(finding->contradictions, finding->contradiction_count,
              sizeof *finding->contradictions, by_rank);
    for (size_t i = 0; i < finding->contradiction_count; i++)
        if (kept == 0 ||
            by_rank(&finding->contradictions[kept - 1], &finding->contradictions[i]) != 0)
            finding->contradictions[kept++] = finding->contradictions[i];
    finding->contradiction_count = kept;
}

enum vl_err vl_find_conflicts(struct vl_making *making)
{
    static const struct sorting sortings[] = {
        {VL_CONTRADICTION_RECEIPTED_AND_REFUSED, is_receipt, is_refusal, true},
        {VL_CONTRADICTION_OK_AND_MISMATCH, is_match, is_mismatch, false},
    };
    enum vl_err err = find_waybills(making);

    for (size_t i = 0; i < making->about_count && !err; i++) {
        err = find_twins(making, making->about[i]);
        if (!err && making->about[i]->form == VL_ACT_MANDATE)
            err = find_uses(making, making->about[i]);
        if (!err && making->about[i]->kind == VL_KIND_DENY)
            err = find_denials(making, making->about[i]);
    }
    for (size_t i = 0; i < sizeof sortings / sizeof *sortings && !err; i++)
        err = find_both(making, &sortings[i]);
    if (!err)
        err = vl_find_two_faced(making);
    if (!err)
        err = find_forks(making);
    sort(making->finding);
    return err;
}
