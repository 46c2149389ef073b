/* SPDX-License-Identifier: Apache-2.0 */
/* Which acts are about a letter. */
#include <stdlib.h>
#include <string.h>

#include "finding/inside.h"

bool vl_is_said(const struct vl_node *node)
{
    return node->form == VL_ACT_STATEMENT || node->form == VL_ACT_TRANSLATION;
}

bool vl_is_warrant(const struct vl_node *node)
{
    return node && (node->form == VL_ACT_MANDATE || node->form == VL_ACT_SUCCEEDS);
}

bool vl_is_heard(const struct vl_node *node)
{
    return vl_is_said(node) || node->form == VL_ACT_INVITATION;
}

bool vl_is_about(const struct vl_making *making, const struct vl_node *node)
{
    return node->about == making->set->generation;
}

enum vl_err vl_about_add(struct vl_making *making, struct vl_node *node)
{
    void *list = making->about;
    enum vl_err err;

    if (vl_is_about(making, node))
        return VL_OK;
    err = vl_arena_room(making->arena, &list, making->about_count, &making->about_cap, 1,
                        sizeof(void *));
    if (err)
        return err;
    node->about = making->set->generation;
    making->about = list;
    making->about[making->about_count++] = node;
    return VL_OK;
}

/* Those for this letter. */
static struct vl_entries entries_of(const struct vl_set_letter *letters, size_t count,
                                    const uint8_t number[VL_HASH_LEN])
{
    size_t low = 0, high = count;
    struct vl_entries entries;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (memcmp(letters[middle].number, number, VL_HASH_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    entries = (struct vl_entries){letters + low, 0};
    while (entries.count < count - low && vl_same(entries.at[entries.count].number, number))
        entries.count++;
    return entries;
}

int vl_node_by_index(const void *a, const void *b)
{
    const struct vl_node *const *left = a, *const *right = b;

    return (*left)->index < (*right)->index ? -1 : (*left)->index > (*right)->index;
}

/* The cards that the user checked, of those who signed something about the letter. */
static enum vl_err find_checked(struct vl_making *making)
{
    const struct vl_finding_set *set = making->set;
    struct vl_finding *finding = making->finding;
    struct vl_hashes issuers = {0};
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < making->about_count && !err; i++)
        err = vl_hashes_add(making->arena, &issuers, making->about[i]->issuer.at);
    finding->checked = vl_arena_take(making->arena, set->checked_count * sizeof *finding->checked);
    if (!finding->checked)
        return VL_ERR_NO_MEMORY;
    for (size_t i = 0; i < set->checked_count && !err; i++) {
        const struct vl_checked *last =
            finding->checked_count ? &finding->checked[finding->checked_count - 1] : NULL;

        if (vl_hashes_has(&issuers, set->checked[i].office.at) &&
            !(last && memcmp(last, &set->checked[i], sizeof *last) == 0))
            finding->checked[finding->checked_count++] = set->checked[i];
    }
    return err;
}

enum vl_err vl_find_about(struct vl_making *making)
{
    const struct vl_finding_set *set = making->set;
    const struct vl_entries own = entries_of(set->letters, set->letter_count, making->number),
                            named = entries_of(set->named, set->named_count, making->number);
    const enum vl_err err = vl_find_heard(making, &own, &named);

    if (err)
        return err;
    if (making->about_count > 1)
        qsort(making->about, making->about_count, sizeof(void *), vl_node_by_index);
    for (size_t i = 0; i < making->about_count; i++)
        making->about[i]->place = i;
    making->finding->record_count = making->about_count;
    making->finding->left_out_count =
        set->left_out_count + making->finding->unheard_count + making->finding->crowded_count;
    return find_checked(making);
}
