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

enum vl_err vl_about_add(struct vl_making *making, struct vl_node *node)
{
    void *list = making->about;
    enum vl_err err;

    if (node->about == making->set->generation)
        return VL_OK;
    if (making->about_count == VL_FINDING_MAX_ABOUT)
        return VL_ERR_LIMIT;
    err = vl_arena_room(making->arena, &list, making->about_count, &making->about_cap, 1,
                        sizeof(void *));
    if (err)
        return err;
    node->about = making->set->generation;
    making->about = list;
    making->about[making->about_count++] = node;
    return VL_OK;
}

/* Where the entries for this letter begin. */
static size_t first_of(const struct vl_set_letter *letters, size_t count,
                       const uint8_t number[VL_HASH_LEN])
{
    size_t low = 0, high = count;

    while (low < high) {
        const size_t middle = low + (high - low) / 2;

        if (memcmp(letters[middle].number, number, VL_HASH_LEN) < 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

static bool is_party(const struct vl_waybill *waybill, const struct vl_office_id *office)
{
    if (vl_office_id_eq(&waybill->from, office))
        return true;
    for (size_t i = 0; i < waybill->to_count; i++)
        if (vl_office_id_eq(&waybill->to[i], office))
            return true;
    return false;
}

/* Is this office sender or addressee on any waybill of the letter? */
static bool is_concerned(struct vl_making *making, const struct vl_office_id *office)
{
    for (size_t i = 0; i < making->about_count; i++) {
        const struct vl_node *node = making->about[i];

        for (size_t leaf = 0; node->form == VL_ACT_SEALED && leaf < node->leaf_count; leaf++)
            if (vl_same(node->leaves[leaf].number, making->number) &&
                vl_waybill_parse(node->leaves[leaf].wire, making->scratch, NULL) == VL_OK &&
                is_party(making->scratch, office))
                return true;
    }
    return false;
}

/* Mandates that name the letter, of the offices between which it goes. */
static enum vl_err add_named(struct vl_making *making)
{
    const struct vl_finding_set *set = making->set;
    const size_t first = first_of(set->named, set->named_count, making->number);
    enum vl_err err = VL_OK;

    for (size_t i = first;
         i < set->named_count && vl_same(set->named[i].number, making->number) && !err; i++)
        if (is_concerned(making, &set->named[i].node->issuer))
            err = vl_about_add(making, set->named[i].node);
    return err;
}

/* What is about an act about the letter is about the letter, and the mandate that one cites too;
 * words are heard when this is done. */
static enum vl_err add_around(struct vl_making *making)
{
    enum vl_err err = VL_OK;

    for (size_t i = 0; i < making->about_count && !err; i++) {
        struct vl_node *node = making->about[i];

        if (vl_is_warrant(node->under))
            err = vl_about_add(making, node->under);
        for (size_t j = 0; j < node->targeted_by.count && !err; j++)
            if (!vl_is_heard(node->targeted_by.at[j]))
                err = vl_about_add(making, node->targeted_by.at[j]);
    }
    return err;
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
    const size_t first = first_of(set->letters, set->letter_count, making->number);
    size_t last = first;
    enum vl_err err = VL_OK;

    for (; last < set->letter_count && vl_same(set->letters[last].number, making->number) && !err;
         last++)
        if (!vl_is_heard(set->letters[last].node))
            err = vl_about_add(making, set->letters[last].node);
    if (!err)
        err = add_named(making);
    if (!err)
        err = add_around(making);
    if (!err)
        err = vl_find_heard(making, set->letters + first, last - first);
    if (err)
        return err;
    if (making->about_count > 1)
        qsort(making->about, making->about_count, sizeof(void *), vl_node_by_index);
    for (size_t i = 0; i < making->about_count; i++)
        making->about[i]->place = i;
    making->finding->record_count = making->about_count;
    making->finding->left_out_count = set->left_out_count + making->finding->unheard_count;
    return find_checked(making);
}
