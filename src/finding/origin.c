/* SPDX-License-Identifier: Apache-2.0 */
/* Who sealed the letter, from whom it is and to whom, and which packages belong to it (PROTOCOL 8,
 * 18). */
#include <stdlib.h>
#include <string.h>

#include "finding/inside.h"

/* While they are found: what stands in three lists afterwards. */
struct entry {
    struct vl_node *node;
    const struct vl_waybill *waybill;
    vl_bytes wire;
    uint8_t hash[VL_HASH_LEN];
};

struct entries {
    size_t count;
    size_t cap;
    struct entry *at;
};

static enum vl_err add_entry(struct vl_making *making, struct entries *entries,
                             const struct vl_node_leaf *leaf)
{
    struct vl_waybill *waybill = vl_arena_take(making->arena, sizeof *waybill);
    void *list = entries->at;
    enum vl_err err = waybill ? vl_arena_room(making->arena, &list, entries->count, &entries->cap,
                                              1, sizeof *entries->at)
                              : VL_ERR_NO_MEMORY;

    if (!err)
        err = vl_waybill_parse(leaf->wire, waybill, NULL);
    if (err)
        return err;
    entries->at = list;
    entries->at[entries->count] = (struct entry){leaf->node, waybill, leaf->wire, {0}};
    vl_sha256(leaf->wire, entries->at[entries->count++].hash);
    return VL_OK;
}

static int by_act(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;

    if (left->node != right->node)
        return left->node->index < right->node->index ? -1 : 1;
    return memcmp(left->hash, right->hash, VL_HASH_LEN);
}

static enum vl_err collect(struct vl_making *making, struct entries *entries)
{
    size_t kept = 0;

    for (size_t i = 0; i < making->about_count; i++) {
        const struct vl_node *node = making->about[i];

        for (size_t j = 0; node->form == VL_ACT_SEALED && j < node->leaf_count; j++) {
            enum vl_err err = VL_OK;

            if (vl_same(node->leaves[j].number, making->number))
                err = add_entry(making, entries, &node->leaves[j]);
            if (err)
                return err;
        }
    }
    if (entries->count > 1)
        qsort(entries->at, entries->count, sizeof *entries->at, by_act);
    for (size_t i = 0; i < entries->count; i++)
        if (kept == 0 || by_act(&entries->at[kept - 1], &entries->at[i]) != 0)
            entries->at[kept++] = entries->at[i];
    entries->count = kept;
    return VL_OK;
}

static enum vl_err say(struct vl_making *making, const struct entry *entry,
                       struct vl_found_sealed *found)
{
    const struct vl_waybill *waybill = entry->waybill;

    *found = (struct vl_found_sealed){
        .by = entry->node->issuer,
        .level = entry->node->is_ok ? VL_LEVEL_PROVEN : VL_LEVEL_CLAIMED,
        .marks = entry->node->marks,
        .from = waybill->from,
        .to_count = waybill->to_count,
        .to = vl_arena_take(making->arena, waybill->to_count * sizeof *found->to),
        .size = waybill->size,
        .consignment = waybill->consignment,
        .consignment_of = waybill->consignment_of,
        .has_expect_by = waybill->has_expect_by,
        .expect_by_s = waybill->expect_by_s,
        .has_expires = waybill->has_expires,
        .expires_s = waybill->expires_s,
    };
    if (!found->to)
        return VL_ERR_NO_MEMORY;
    memcpy(found->act, entry->node->id, VL_HASH_LEN);
    memcpy(found->waybill, entry->hash, VL_HASH_LEN);
    memcpy(found->to, waybill->to, waybill->to_count * sizeof *found->to);
    return VL_OK;
}

/* The waybill that counts is the only one that is proven to be sealed; else all of them do. */
static enum vl_err find_addressees(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    struct vl_hashes offices = {0}, senders = {0};
    size_t proven = 0;
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < finding->sealed_count; i++)
        proven += finding->sealed[i].level == VL_LEVEL_PROVEN;
    for (size_t i = 0; i < finding->sealed_count && !err; i++) {
        const struct vl_found_sealed *sealed = &finding->sealed[i];

        if (sealed->level == VL_LEVEL_PROVEN)
            err = vl_hashes_add(making->arena, &senders, sealed->from.at);
        for (size_t j = 0; j < sealed->to_count && !err; j++)
            if (proven != 1 || sealed->level == VL_LEVEL_PROVEN)
                err = vl_hashes_add(making->arena, &offices, sealed->to[j].at);
    }
    making->from_count = senders.count;
    making->from = vl_arena_take(making->arena, senders.count * sizeof *making->from);
    finding->addressees = vl_arena_take(making->arena, offices.count * sizeof *finding->addressees);
    if (!making->from || !finding->addressees)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < senders.count; i++)
        memcpy(making->from[i].at, senders.at[i], VL_HASH_LEN);
    for (size_t i = 0; i < offices.count; i++)
        memcpy(finding->addressees[i].office.at, offices.at[i], VL_HASH_LEN);
    finding->addressee_count = offices.count;
    finding->disputed_origin = senders.count > 1;
    return err;
}

enum vl_err vl_find_sealed(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    struct entries entries = {0};
    enum vl_err err = collect(making, &entries);

    if (err)
        return err;
    finding->sealed = vl_arena_take(making->arena, entries.count * sizeof *finding->sealed);
    making->waybills = vl_arena_take(making->arena, entries.count * sizeof(struct vl_waybill *));
    making->wires = vl_arena_take(making->arena, entries.count * sizeof *making->wires);
    if (!finding->sealed || !making->waybills || !making->wires)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < entries.count && !err; i++) {
        making->waybills[i] = entries.at[i].waybill;
        making->wires[i] = entries.at[i].wire;
        err = say(making, &entries.at[i], &finding->sealed[i]);
        finding->sealed_count = i + 1;
    }
    return err ? err : find_addressees(making);
}

static bool same_consignment(const struct vl_waybill *a, const struct vl_waybill *b)
{
    return a->consignment_of == b->consignment_of && vl_office_id_eq(&a->from, &b->from) &&
           a->to_count == b->to_count && memcmp(a->to, b->to, a->to_count * sizeof *a->to) == 0;
}

static int by_number(const void *a, const void *b)
{
    const uint64_t *left = a, *right = b;

    return *left < *right ? -1 : *left > *right;
}

static enum vl_err find_known(struct vl_making *making, const struct vl_node *node,
                              const struct vl_waybill *own, struct vl_found_packages *found)
{
    const size_t most = own->consignment_of > 1 ? node->leaf_count : 1;
    size_t count = 0;

    found->known = vl_arena_take(making->arena, most * sizeof *found->known);
    if (!found->known)
        return VL_ERR_NO_MEMORY;
    if (own->consignment_of == 1)
        found->known[count++] = 1;
    for (size_t i = 0; own->consignment_of > 1 && i < node->leaf_count; i++)
        if (vl_waybill_parse(node->leaves[i].wire, making->scratch, NULL) == VL_OK &&
            same_consignment(making->scratch, own))
            found->known[count++] = making->scratch->consignment;
    if (count > 1)
        qsort(found->known, count, sizeof *found->known, by_number);
    for (size_t i = 0; i < count; i++)
        if (found->known_count == 0 || found->known[found->known_count - 1] != found->known[i])
            found->known[found->known_count++] = found->known[i];
    return VL_OK;
}

static enum vl_err find_missing(struct vl_making *making, struct vl_found_packages *found)
{
    const uint64_t lacking = found->of - found->known_count;
    const size_t most =
        lacking < VL_FINDING_MAX_MISSING ? (size_t)lacking : (size_t)VL_FINDING_MAX_MISSING;
    size_t at = 0;

    found->missing = vl_arena_take(making->arena, most * sizeof *found->missing);
    if (!found->missing)
        return VL_ERR_NO_MEMORY;
    for (uint64_t n = 1; n <= found->of && found->missing_count < most; n++)
        if (at < found->known_count && found->known[at] == n)
            at++;
        else
            found->missing[found->missing_count++] = n;
    return VL_OK;
}

/* Two waybills of one letter under one act may say the same of its packages. */
static bool is_said(const struct vl_finding *finding, const struct vl_found_packages *found)
{
    for (size_t i = 0; i < finding->package_count; i++) {
        const struct vl_found_packages *other = &finding->packages[i];

        if (memcmp(other->act, found->act, VL_HASH_LEN) == 0 && other->n == found->n &&
            other->of == found->of && other->known_count == found->known_count &&
            memcmp(other->known, found->known, found->known_count * sizeof *found->known) == 0)
            return true;
    }
    return false;
}

enum vl_err vl_find_packages(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    enum vl_err err = VL_OK;

    finding->packages =
        vl_arena_take(making->arena, finding->sealed_count * sizeof *finding->packages);
    if (!finding->packages)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < finding->sealed_count && !err; i++) {
        const struct vl_found_sealed *sealed = &finding->sealed[i];
        struct vl_found_packages *found = &finding->packages[finding->package_count];

        if (sealed->level != VL_LEVEL_PROVEN)
            continue;
        *found = (struct vl_found_packages){.n = 0};
        memcpy(found->act, sealed->act, VL_HASH_LEN);
        found->n = sealed->consignment;
        found->of = sealed->consignment_of;
        err = find_known(making, vl_set_find(making->set, sealed->act), making->waybills[i], found);
        if (!err)
            err = find_missing(making, found);
        if (!err && !is_said(finding, found))
            finding->package_count++;
    }
    return err;
}
