/* SPDX-License-Identifier: Apache-2.0 */
/* office/hand_pieces.h: what of a hand-over fits on the stick: letters whole, and of large ones as
 * many slices as there is room for (PROTOCOL 14). */
#ifndef VL_OFFICE_HAND_PIECES_H
#define VL_OFFICE_HAND_PIECES_H

#include "office/hand_select.h"

/* Decide for each letter of the choice whether it goes whole, and which slices go of the others;
 * one of which none fits leaves the choice and waits.  evidence_bytes come along in any case.
 * choice->bytes becomes what all of it takes.  NO_SPACE when it does not fit and may not go, or
 * cannot go, in slices. */
enum vl_err vl_hand_fit(struct vl_home *home, const struct vl_hand_request *request,
                        const struct vl_stick_space *space, uint64_t evidence_bytes,
                        struct vl_hand_choice *choice, struct vl_handed *handed,
                        struct vl_why *why) VL_MUST_USE;
/* In a transaction: those slices went; *all tells whether all slices of the letter have.  Or they
 * did not go after all. */
enum vl_err vl_hand_slices_went(struct vl_store *store, const struct vl_hand_choice *choice,
                                const struct vl_bag_letter *letter, bool *all,
                                struct vl_why *why) VL_MUST_USE;
enum vl_err vl_hand_slices_stayed(struct vl_store *store, const struct vl_hand_choice *choice,
                                  const struct vl_bag_letter *letter,
                                  struct vl_why *why) VL_MUST_USE;

#endif
