/* SPDX-License-Identifier: Apache-2.0 */
/* Where the set does not say who is right, and nobody here decides it (PROTOCOL 5, 18, 19). */
#include <stdlib.h>
#include <string.h>

#include "finding/inside.h"

static int by_rank(const void *a, const void *b)
{
    const struct vl_found_dispute *left = a, *right = b;
    int order;

    if (left->kind != right->kind)
        return left->kind < right->kind ? -1 : 1;
    order = vl_hashes_cmp(&left->offices, &right->offices);
    return order != 0 ? order : vl_hashes_cmp(&left->acts, &right->acts);
}

enum vl_err vl_dispute_add(struct vl_making *making, enum vl_dispute kind,
                           const struct vl_hashes *offices, const struct vl_hashes *acts)
{
    struct vl_finding *finding = making->finding;
    void *list = finding->disputes;
    enum vl_err err = vl_arena_room(making->arena, &list, finding->dispute_count,
                                    &making->dispute_cap, 1, sizeof *finding->disputes);

    if (err)
        return err;
    finding->disputes = list;
    finding->disputes[finding->dispute_count++] = (struct vl_found_dispute){kind, *offices, *acts};
    return VL_OK;
}

static enum vl_err find_origin(struct vl_making *making)
{
    struct vl_hashes offices = {0}, acts = {0};
    enum vl_err err = VL_OK;

    if (!making->finding->disputed_origin)
        return VL_OK;
    for (size_t i = 0; i < making->finding->sealed_count && !err; i++) {
        const struct vl_found_sealed *sealed = &making->finding->sealed[i];

        if (sealed->level != VL_LEVEL_PROVEN)
            continue;
        err = vl_hashes_add(making->arena, &offices, sealed->by.at);
        if (!err)
            err = vl_hashes_add(making->arena, &acts, sealed->act);
    }
    return err ? err : vl_dispute_add(making, VL_DISPUTE_ORIGIN, &offices, &acts);
}

/* Two acts of which one follows the other, and whose clocks say that it cannot. */
struct clash {
    uint8_t offices[2][VL_HASH_LEN]; /* ascending */
    uint8_t acts[2][VL_HASH_LEN];    /* ascending */
};

static void put_sorted(uint8_t out[2][VL_HASH_LEN], const uint8_t a[VL_HASH_LEN],
                       const uint8_t b[VL_HASH_LEN])
{
    const bool is_sorted = memcmp(a, b, VL_HASH_LEN) < 0;

    memcpy(out[0], is_sorted ? a : b, VL_HASH_LEN);
    memcpy(out[1], is_sorted ? b : a, VL_HASH_LEN);
}

/* However many there are, those that come first in order are told: strangers choose how many. */
struct clashes {
    size_t count;
    struct clash *at;
};

static void keep_clash(struct clashes *clashes, const struct clash *clash)
{
    size_t at = clashes->count;

    while (at > 0 && memcmp(&clashes->at[at - 1], clash, sizeof *clash) > 0)
        at--;
    if (at == VL_FINDING_MAX_CLOCKS)
        return;
    if (clashes->count < VL_FINDING_MAX_CLOCKS)
        clashes->count++;
    memmove(&clashes->at[at + 1], &clashes->at[at],
            (clashes->count - at - 1) * sizeof *clashes->at);
    clashes->at[at] = *clash;
}

static bool clash(const struct vl_node *later, const struct vl_node *earlier)
{
    return later->has_at && later->when.to_ms < earlier->when.from_ms &&
           !vl_office_id_eq(&later->issuer, &earlier->issuer) && vl_follows(later, earlier);
}

static enum vl_err find_clocks(struct vl_making *making)
{
    struct clashes clashes = {0, NULL};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < making->about_count; i++)
        for (size_t j = 0; making->about[i]->has_at && j < making->about_count; j++) {
            const struct vl_node *earlier = making->about[i], *later = making->about[j];
            struct clash found;

            if (!clash(later, earlier))
                continue;
            if (!clashes.at)
                clashes.at =
                    vl_arena_take(making->arena, VL_FINDING_MAX_CLOCKS * sizeof *clashes.at);
            if (!clashes.at)
                return VL_ERR_NO_MEMORY;
            put_sorted(found.offices, earlier->issuer.at, later->issuer.at);
            put_sorted(found.acts, earlier->id, later->id);
            keep_clash(&clashes, &found);
        }
    for (size_t i = 0; i < clashes.count && !err; i++) {
        const struct vl_hashes offices = {2, clashes.at[i].offices}, acts = {2, clashes.at[i].acts};

        err = vl_dispute_add(making, VL_DISPUTE_CLOCK, &offices, &acts);
    }
    return err;
}

enum vl_err vl_find_disputes(struct vl_making *making)
{
    struct vl_finding *finding = making->finding;
    size_t kept = 0;
    enum vl_err err = find_origin(making);

    if (!err)
        err = find_clocks(making);
    if (err)
        return err;
    if (finding->dispute_count > 1)
        qsort(finding->disputes, finding->dispute_count, sizeof *finding->disputes, by_rank);
    for (size_t i = 0; i < finding->dispute_count; i++)
        if (kept == 0 || by_rank(&finding->disputes[kept - 1], &finding->disputes[i]) != 0)
            finding->disputes[kept++] = finding->disputes[i];
    finding->dispute_count = kept;
    return VL_OK;
}
