/* SPDX-License-Identifier: Apache-2.0 */
/* Which letters an evidence file is about. */
#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "evidence/evidence.h"

void vl_evidence_numbers_release(struct vl_evidence_numbers *numbers)
{
    vl_free(numbers->at);
    *numbers = (struct vl_evidence_numbers){0};
}

static enum vl_err add(struct vl_evidence_numbers *numbers, const uint8_t *number)
{
    void *block = numbers->at;

    if (numbers->count == numbers->cap) {
        const size_t cap = numbers->cap ? 2 * numbers->cap : 16;

        if (vl_grow(&block, numbers->cap * VL_HASH_LEN, cap * VL_HASH_LEN) != VL_OK)
            return VL_ERR_NO_MEMORY;
        numbers->at = block;
        numbers->cap = cap;
    }
    memcpy(numbers->at[numbers->count++], number, VL_HASH_LEN);
    return VL_OK;
}

static enum vl_err add_of_act(struct vl_evidence_numbers *numbers,
                              const struct vl_evidence_item *item, const struct vl_act_any *any)
{
    const enum vl_leaf_kind kind = vl_leaf_kind_of(item->object.kind);
    const uint8_t *number = vl_act_any_number(any);
    struct vl_act_subject subjects[VL_ACT_ANY_MAX_SUBJECTS];
    const size_t subject_count = vl_act_any_subjects(any, subjects);
    enum vl_err err = number ? add(numbers, number) : VL_OK;

    for (size_t i = 0; !err && i < subject_count; i++)
        if (subjects[i].what == VL_SUBJECT_LETTER)
            err = add(numbers, subjects[i].id);
    for (size_t i = 0; !err && kind != VL_LEAF_ID && i < item->leaf_count; i++) {
        struct vl_leaf leaf;

        if (vl_leaf_parse(kind, item->leaves[i].leaf, &leaf, NULL) == VL_OK)
            err = add(numbers, leaf.number);
    }
    return err;
}

static enum vl_err add_invitation(struct vl_evidence_numbers *numbers,
                                  const struct vl_evidence_item *item, const struct vl_act_any *any)
{
    (void)item;
    return any->form == VL_ACT_INVITATION ? add(numbers, any->as.invitation.id) : VL_OK;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

static void sort(struct vl_evidence_numbers *numbers)
{
    size_t kept = 0;

    if (numbers->count > 1)
        qsort(numbers->at, numbers->count, VL_HASH_LEN, by_bytes);
    for (size_t i = 0; i < numbers->count; i++)
        if (kept == 0 || memcmp(numbers->at[i], numbers->at[kept - 1], VL_HASH_LEN) != 0)
            memmove(numbers->at[kept++], numbers->at[i], VL_HASH_LEN);
    numbers->count = kept;
}

static enum vl_err find(const struct vl_evidence *evidence, struct vl_evidence_numbers *numbers,
                        enum vl_err (*add_those)(struct vl_evidence_numbers *numbers,
                                                 const struct vl_evidence_item *item,
                                                 const struct vl_act_any *any),
                        struct vl_why *why)
{
    struct vl_act_any *any = vl_new(sizeof *any);
    enum vl_err err = any ? VL_OK : VL_ERR_NO_MEMORY;

    for (size_t i = 0; !err && i < evidence->item_count; i++) {
        const enum vl_err read = vl_act_any_read(&evidence->items[i].object, any, NULL);

        if (read == VL_OK)
            err = add_those(numbers, &evidence->items[i], any);
        else if (read == VL_ERR_NO_MEMORY)
            err = read;
    }
    vl_free(any);
    sort(numbers);
    return err ? vl_fail(why, err, "no memory for a list of numbers") : VL_OK;
}

enum vl_err vl_evidence_find_numbers(const struct vl_evidence *evidence,
                                     struct vl_evidence_numbers *numbers, struct vl_why *why)
{
    return find(evidence, numbers, add_of_act, why);
}

enum vl_err vl_evidence_find_invitations(const struct vl_evidence *evidence,
                                         struct vl_evidence_numbers *numbers, struct vl_why *why)
{
    return find(evidence, numbers, add_invitation, why);
}
