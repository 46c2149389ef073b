/* SPDX-License-Identifier: Apache-2.0 */
/* Letters that lie here with other bytes than they should. */
#include "codec/number.h"
#include "office/bag_out.h"
#include "office/hand_select.h"

enum vl_err vl_hand_blame(const struct vl_bag_letter *letter, enum vl_err err,
                          struct vl_handed *handed, struct vl_why *why)
{
    char number[VL_NUMBER_SHORT];

    handed->damaged = err == VL_ERR_UNVERIFIED || err == VL_ERR_FORMAT;
    return vl_fail_in(why, err, "letter %s", vl_number_short(letter->number, number));
}

enum vl_err vl_hand_look(struct vl_home *home, const struct vl_hand_choice *choice,
                         struct vl_handed *handed, struct vl_why *why)
{
    VL_AUTO(vl_buf_release) struct vl_buf room = VL_BUF_INIT(VL_BAG_OUT_ROOM);

    for (size_t i = 0; i < choice->count; i++) {
        const struct vl_bag_letter *letter = &choice->letters[i];
        enum vl_err err = letter->stays ? VL_OK : vl_bag_out_check(home, letter, &room, why);

        if (err)
            return vl_hand_blame(letter, err, handed, why);
    }
    return VL_OK;
}
