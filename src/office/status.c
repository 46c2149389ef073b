/* SPDX-License-Identifier: Apache-2.0 */
#include "office/status.h"

#include <stdlib.h>
#include <string.h>

#include "base/alloc.h"
#include "office/sending.h"

void vl_status_release(struct vl_status *status)
{
    vl_finding_release(&status->finding);
    vl_finding_set_free(status->set);
    vl_evidence_release(&status->evidence);
    vl_buf_release(&status->file);
    *status = (struct vl_status)VL_STATUS_INIT;
}

/* Which cards the user checked; the own one is known to be one's own. */
static enum vl_err see_office(void *self, const struct vl_office_row *row, struct vl_why *why)
{
    struct vl_office_id office;

    if (!row->checked)
        return VL_OK;
    memcpy(office.at, row->office, VL_HASH_LEN);
    return vl_finding_add_checked(self, &office, row->checked_card, why);
}

static enum vl_err add_checked(struct vl_home *home, struct vl_finding_set *set, struct vl_why *why)
{
    enum vl_err err =
        vl_finding_add_checked(set, &home->own, vl_chain_newest(&home->chain)->object.id, why);

    return err ? err : vl_store_offices(home->store, see_office, set, why);
}

static enum vl_err prepare(struct vl_home *home, struct vl_status *status, struct vl_why *why)
{
    enum vl_err err = vl_evidence_parse(vl_buf_bytes(&status->file), &status->evidence, why);

    if (err)
        return err;
    status->set = vl_finding_set_new();
    if (!status->set)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a finding");
    err = vl_finding_add_evidence(status->set, &status->evidence, why);
    if (!err && home)
        err = add_checked(home, status->set, why);
    return err;
}

enum vl_err vl_status_letter(struct vl_home *home, const struct vl_letter_row *row, int64_t as_of_s,
                             struct vl_status *status, struct vl_why *why)
{
    enum vl_err err = vl_letter_evidence(home, row, &status->file, why);

    if (!err)
        err = prepare(home, status, why);
    if (!err)
        err = vl_finding_make(status->set, row->number, as_of_s, &status->finding, why);
    if (err)
        vl_status_release(status);
    return err;
}

/* --- a file ----------------------------------------------------------------------------------- */

struct numbers {
    size_t count;
    size_t cap;
    uint8_t (*at)[VL_HASH_LEN];
};

static enum vl_err add_number(struct numbers *numbers, const uint8_t *number)
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

static enum vl_err add_numbers(struct numbers *numbers, const struct vl_evidence_item *item,
                               const struct vl_act_any *any)
{
    const enum vl_leaf_kind kind = vl_leaf_kind_of(item->object.kind);
    const uint8_t *number = vl_act_any_number(any);
    struct vl_act_subject subjects[VL_ACT_ANY_MAX_SUBJECTS];
    const size_t subject_count = vl_act_any_subjects(any, subjects);
    enum vl_err err = number ? add_number(numbers, number) : VL_OK;

    for (size_t i = 0; !err && i < subject_count; i++)
        if (subjects[i].what == VL_SUBJECT_LETTER)
            err = add_number(numbers, subjects[i].id);

    for (size_t i = 0; !err && kind != VL_LEAF_ID && i < item->leaf_count; i++) {
        struct vl_leaf leaf;

        if (vl_leaf_parse(kind, item->leaves[i].leaf, &leaf, NULL) == VL_OK)
            err = add_number(numbers, leaf.number);
    }
    return err;
}

static int by_bytes(const void *a, const void *b)
{
    return memcmp(a, b, VL_HASH_LEN);
}

static enum vl_err find_numbers(const struct vl_evidence *evidence, struct numbers *numbers,
                                struct vl_why *why)
{
    struct vl_act_any *any = vl_new(sizeof *any);
    enum vl_err err = any ? VL_OK : VL_ERR_NO_MEMORY;

    for (size_t i = 0; !err && i < evidence->item_count; i++)
        if (vl_act_any_read(&evidence->items[i].object, any, NULL) == VL_OK)
            err = add_numbers(numbers, &evidence->items[i], any);
    vl_free(any);
    if (!err && numbers->count > 1)
        qsort(numbers->at, numbers->count, VL_HASH_LEN, by_bytes);
    return err ? vl_fail(why, err, "no memory for a list of letters") : VL_OK;
}

enum vl_err vl_status_file(struct vl_home *home, vl_bytes evidence, int64_t as_of_s,
                           vl_finding_visit visit, void *self, struct vl_why *why)
{
    VL_AUTO(vl_status_release) struct vl_status status = VL_STATUS_INIT;
    struct numbers numbers = {0};
    enum vl_err err = vl_buf_put(&status.file, evidence);

    if (!err)
        err = prepare(home, &status, why);
    if (!err)
        err = find_numbers(&status.evidence, &numbers, why);
    for (size_t i = 0; !err && i < numbers.count; i++) {
        VL_AUTO(vl_finding_release) struct vl_finding finding = VL_FINDING_INIT;

        if (i > 0 && memcmp(numbers.at[i], numbers.at[i - 1], VL_HASH_LEN) == 0)
            continue;
        err = vl_finding_make(status.set, numbers.at[i], as_of_s, &finding, why);
        if (!err)
            err = visit(self, &finding, why);
    }
    vl_free(numbers.at);
    return err;
}
