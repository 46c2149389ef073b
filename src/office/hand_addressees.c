/* SPDX-License-Identifier: Apache-2.0 */
/* A letter to several, as a hand-over changes who of them was handed it. */
#include <string.h>

#include "office/hand_select.h"

/* An addressee of several gets its own copy, once; *before gets what it was to the letter. */
static enum vl_err note_taker(struct vl_store *store, const struct vl_hand_choice *choice,
                              const struct vl_letter_row *row, enum vl_addressee_state now,
                              uint8_t *before, struct vl_why *why)
{
    const uint8_t *taker = choice->taker.at;
    enum vl_addressee_state state;
    enum vl_err err = vl_addressee_state(store, row, taker, &state, why);

    *before = (uint8_t)state;
    if (err || state == VL_ADDRESSEE_RECEIPTED)
        return err;
    return vl_addressee_note(store, row, taker, now, why);
}

/* Through a courier it goes to whoever of several was not handed it; or, after all, to none. */
static enum vl_err note_through(struct vl_store *store, const struct vl_letter_row *row,
                                struct vl_bag_letter *letter, bool goes, struct vl_why *why)
{
    const uint64_t before = letter->through;
    enum vl_err err = VL_OK;

    for (size_t i = 0; !err && row->to_count > 1 && i < row->to_count; i++) {
        const uint64_t bit = UINT64_C(1) << i;
        enum vl_addressee_state state;

        err = vl_addressee_state(store, row, row->to[i], &state, why);
        if (!err && goes && state == VL_ADDRESSEE_NONE) {
            letter->through |= bit;
            err = vl_addressee_note(store, row, row->to[i], VL_ADDRESSEE_HANDED, why);
        } else if (!err && !goes && state == VL_ADDRESSEE_HANDED && (before & bit)) {
            err = vl_addressee_note(store, row, row->to[i], VL_ADDRESSEE_NONE, why);
        }
    }
    return err;
}

enum vl_err vl_hand_note(struct vl_store *store, const struct vl_hand_choice *choice,
                         const struct vl_letter_row *row, struct vl_bag_letter *letter,
                         enum vl_addressee_state state, struct vl_why *why)
{
    if (choice->has_taker && vl_letter_row_is_to(row, choice->taker.at))
        return note_taker(store, choice, row, state, &letter->taker, why);
    return note_through(store, row, letter, state == VL_ADDRESSEE_HANDED, why);
}
