/* SPDX-License-Identifier: Apache-2.0 */
#include "office/hand_pieces.h"

#include <string.h>

/* Beyond slice and waybill: heads, and two paths of at most 24 hashes. */
#define SLICE_OVERHEAD (VL_BAG_OUT_OVERHEAD + (uint64_t)2 * 24 * 34)

struct fitting {
    struct vl_home *home;
    const struct vl_hand_request *request;
    const struct vl_stick_space *space;
    uint64_t evidence_bytes;
    struct vl_hand_choice *choice;
    struct vl_handed *handed;
};

/* Who takes it, as the list of slices that went knows him: a courier without an office by name. */
static void taker_key(const struct vl_hand_choice *choice, uint8_t key[VL_HASH_LEN])
{
    if (choice->has_taker)
        memcpy(key, choice->taker.at, VL_HASH_LEN);
    else
        vl_sha256(choice->carrier, key);
}

static uint64_t whole_bytes(const struct vl_bag_letter *letter)
{
    return letter->stays ? 0 : letter->size + letter->waybill_len + VL_BAG_OUT_OVERHEAD;
}

static uint64_t slice_bytes(const struct vl_bag_letter *letter, uint64_t index)
{
    return vl_slice_len(letter->size, index) + letter->waybill_len + SLICE_OVERHEAD;
}

static bool fits(const struct fitting *fitting, uint64_t bytes)
{
    const struct vl_bag_plan plan = {.total_bytes = bytes,
                                     .leaves_len = fitting->choice->count * VL_CUSTODY_LEAF_MAX};

    return vl_bag_need(&plan, fitting->space) <= fitting->space->free_bytes;
}

/* Slices that went before, and may have to go again: those it never signed for. */
static enum vl_err find_went(const struct fitting *fitting, struct vl_bag_letter *letter,
                             struct vl_why *why)
{
    struct vl_store *store = fitting->home->store;
    uint8_t key[VL_HASH_LEN];
    enum vl_err err;

    taker_key(fitting->choice, key);
    err = vl_pieces_went(store, letter->number, key, letter->slice_count, &letter->went, why);
    if (err || letter->went.used == 0 ||
        (!fitting->request->again && letter->went.used < letter->slice_count))
        return err;
    err = vl_pieces_signed_for(store, letter->number, key, letter->slice_count, &letter->went, why);
    if (!err && letter->went.used == letter->slice_count &&
        vl_slice_set_make(&letter->went, letter->slice_count) != VL_OK)
        err = vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of slices");
    return err;
}

static bool too_long(const struct fitting *fitting, const struct vl_bag_letter *letter)
{
    const uint64_t max =
        fitting->space->file_max > 0 && fitting->space->file_max < VL_BAG_SEGMENT_MAX
            ? fitting->space->file_max
            : VL_BAG_SEGMENT_MAX;

    return whole_bytes(letter) > max;
}

/* What goes whole for certain, which go on in slices, and what goes not at all. */
static enum vl_err sort_out(const struct fitting *fitting, uint64_t *whole, struct vl_why *why)
{
    struct vl_hand_choice *choice = fitting->choice;
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < choice->count;) {
        struct vl_bag_letter *letter = &choice->letters[i];

        if (letter->slice_count == 0 && too_long(fitting, letter)) {
            vl_hand_leave_out(fitting->choice, fitting->handed, i);
            fitting->handed->too_long++;
            continue;
        }
        if (letter->slice_count > 0)
            err = find_went(fitting, letter, why);
        letter->in_slices =
            letter->slice_count > 0 && (letter->went.used > 0 || too_long(fitting, letter));
        if (!letter->in_slices)
            *whole += whole_bytes(letter);
        i++;
    }
    if (!err && choice->count == 0)
        err = vl_fail(why, VL_ERR_REFUSED,
                      "longer than one file of this stick may be, and written without slices");
    return err;
}

/* The largest of those that may go in slices and do not yet. */
static struct vl_bag_letter *largest(struct vl_hand_choice *choice)
{
    struct vl_bag_letter *found = NULL;

    for (size_t i = 0; i < choice->count; i++) {
        struct vl_bag_letter *letter = &choice->letters[i];

        if (letter->slice_count > 0 && !letter->in_slices && (!found || letter->size > found->size))
            found = letter;
    }
    return found;
}

static enum vl_err no_space(const struct fitting *fitting, bool pieces, struct vl_why *why)
{
    struct vl_bag_plan plan = {.total_bytes = fitting->evidence_bytes,
                               .leaves_len = fitting->choice->count * VL_CUSTODY_LEAF_MAX};

    for (size_t i = 0; i < fitting->choice->count; i++)
        plan.total_bytes += whole_bytes(&fitting->choice->letters[i]);
    return vl_fail(why, VL_ERR_NO_SPACE, "it needs %llu bytes, and %llu are free%s",
                   (unsigned long long)vl_bag_need(&plan, fitting->space),
                   (unsigned long long)fitting->space->free_bytes,
                   pieces ? "; --pieces puts what fits" : "");
}

static enum vl_err add_slices(const struct fitting *fitting, struct vl_bag_letter *letter,
                              uint64_t *bytes, bool *all, struct vl_why *why)
{
    if (vl_slice_set_make(&letter->now, letter->slice_count) != VL_OK)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of slices");
    for (uint64_t i = 0; *all && i < letter->slice_count; i++) {
        if (vl_slice_set_has(&letter->went, i))
            continue;
        *all = fits(fitting, *bytes + slice_bytes(letter, i));
        if (!*all)
            break;
        *bytes += slice_bytes(letter, i);
        vl_slice_set_add(&letter->now, i);
    }
    return VL_OK;
}

static void show(const struct fitting *fitting, const struct vl_bag_letter *letter)
{
    struct vl_handed *handed = fitting->handed;

    for (size_t i = 0; i < handed->letter_count; i++) {
        struct vl_handed_letter *shown = &handed->letters[i];

        if (memcmp(shown->number, letter->number, VL_HASH_LEN) != 0)
            continue;
        shown->slices = letter->now.used;
        shown->slices_before = letter->went.used;
        shown->slices_of = letter->slice_count;
    }
}

static enum vl_err put_slices(const struct fitting *fitting, uint64_t *bytes, bool *all,
                              struct vl_why *why)
{
    struct vl_hand_choice *choice = fitting->choice;
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && i < choice->count;) {
        struct vl_bag_letter *letter = &choice->letters[i];

        if (letter->in_slices)
            err = add_slices(fitting, letter, bytes, all, why);
        if (!err && letter->in_slices && letter->now.used == 0) {
            vl_hand_leave_out(fitting->choice, fitting->handed, i);
            fitting->handed->no_room++;
            continue;
        }
        if (!err && letter->in_slices)
            show(fitting, letter);
        i++;
    }
    return err;
}

enum vl_err vl_hand_fit(struct vl_home *home, const struct vl_hand_request *request,
                        const struct vl_stick_space *space, uint64_t evidence_bytes,
                        struct vl_hand_choice *choice, struct vl_handed *handed, struct vl_why *why)
{
    const struct fitting fitting = {home, request, space, evidence_bytes, choice, handed};
    uint64_t bytes = evidence_bytes;
    struct vl_bag_letter *letter;
    bool may_split = request->pieces, all = true;
    enum vl_err err = sort_out(&fitting, &bytes, why);

    /* What was begun in slices goes on in slices. */
    for (size_t i = 0; !err && i < choice->count; i++)
        may_split |= choice->letters[i].went.used > 0;
    while (!err && !fits(&fitting, bytes)) {
        letter = largest(choice);
        if (!letter || !request->pieces)
            return no_space(&fitting, letter != NULL, why);
        letter->in_slices = true;
        bytes -= whole_bytes(letter);
    }
    if (!err)
        err = put_slices(&fitting, &bytes, &all, why);
    if (!err && !all && (!may_split || choice->count == 0))
        return no_space(&fitting, !may_split, why);
    choice->bytes = bytes - evidence_bytes;
    return err;
}

enum vl_err vl_hand_slices_went(struct vl_store *store, const struct vl_hand_choice *choice,
                                const struct vl_bag_letter *letter, bool *all, struct vl_why *why)
{
    VL_AUTO(vl_slice_set_release) struct vl_slice_set set = VL_SLICE_SET_INIT;
    struct vl_slices range;
    uint8_t key[VL_HASH_LEN];
    uint64_t at = 0;

    if (vl_slice_set_copy(&set, &letter->went) != VL_OK)
        return vl_fail(why, VL_ERR_NO_MEMORY, "no memory for a list of slices");
    while (vl_slice_set_next(&letter->now, &at, &range))
        for (uint64_t i = 0; i < range.count; i++)
            vl_slice_set_add(&set, range.first + i);
    *all = set.used == letter->slice_count;
    taker_key(choice, key);
    return vl_pieces_keep_went(store, letter->number, key, &set, why);
}

enum vl_err vl_hand_slices_stayed(struct vl_store *store, const struct vl_hand_choice *choice,
                                  const struct vl_bag_letter *letter, struct vl_why *why)
{
    uint8_t key[VL_HASH_LEN];

    taker_key(choice, key);
    return vl_pieces_keep_went(store, letter->number, key, &letter->went, why);
}
