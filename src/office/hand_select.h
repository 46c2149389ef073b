/* SPDX-License-Identifier: Apache-2.0 */
/* office/hand_select.h: which letters go with a hand-over, and what evidence they need. */
#ifndef VL_OFFICE_HAND_SELECT_H
#define VL_OFFICE_HAND_SELECT_H

#include "office/bag_out.h"
#include "office/hand.h"

/* A segment of another bag on the stick, in which letters lie that are handed on as they are. */
struct vl_hand_segment {
    uint8_t bag[VL_BAG_ID_LEN];
    struct vl_bag_segment segment;
};

struct vl_hand_choice {
    bool has_taker;
    struct vl_office_id taker;
    vl_bytes carrier; /* the name of one without an office */
    bool carries;     /* it has a mandate of this office to carry */
    size_t count;
    size_t cap;
    struct vl_bag_letter *letters; /* ascending by number */
    struct vl_id_set sealed;       /* the `sealed` acts over them */
    struct vl_id_set via;          /* hand-overs by which they came */
    struct vl_id_set taken_by;     /* own acts that answered those */
    struct vl_id_set senders;      /* of those that came from others */
    struct vl_id_set offices;      /* senders and addressees */
    uint64_t bytes;                /* of envelopes and waybills */
    size_t segment_count;
    size_t segment_cap;
    struct vl_hand_segment *segments; /* vl_hand_find_staying */
    bool failed;                      /* the medium did not give one of them */
    size_t waiting_elsewhere;
    size_t handed_before;
    size_t expired;
};
#define VL_HAND_CHOICE_INIT                                                                        \
    {                                                                                              \
        .count = 0                                                                                 \
    }
void vl_hand_choice_release(struct vl_hand_choice *choice);

/* So many go with one hand-over; what is left waits for another. */
#define VL_HAND_MAX (VL_BAG_MAX_LEAVES / VL_CUSTODY_LEAF_MAX)

/* NOT_FOUND, AMBIGUOUS, USAGE for letters that were named; REFUSED, EXPIRED for the taker. */
enum vl_err vl_hand_choose(struct vl_home *home, const struct vl_hand_request *request,
                           struct vl_hand_choice *choice, struct vl_handed *handed,
                           struct vl_why *why) VL_MUST_USE;
/* Letters were left out: the sets again, of those that are still there.  `offices` stays. */
enum vl_err vl_hand_choose_again(struct vl_home *home, struct vl_hand_choice *choice,
                                 struct vl_why *why) VL_MUST_USE;
/* In a transaction: the taker, or whoever gets it through the taker, is handed the letter; or, with
 * what the letter remembers of before, it is not after all. */
enum vl_err vl_hand_note(struct vl_store *store, const struct vl_hand_choice *choice,
                         const struct vl_letter_row *row, struct vl_bag_letter *letter,
                         enum vl_addressee_state state, struct vl_why *why) VL_MUST_USE;
/* Leave this one out: it waits. */
void vl_hand_leave_out(struct vl_hand_choice *choice, struct vl_handed *handed, size_t index);
/* Find the segments of letters that stay on the stick, and read them, all of them; letters of
 * another stick are left out, and so are those in a bag that is not what was handed here. */
enum vl_err vl_hand_find_staying(struct vl_home *home, struct vl_stick *stick,
                                 const struct vl_bag_watch *watch, struct vl_hand_choice *choice,
                                 struct vl_handed *handed, struct vl_why *why) VL_MUST_USE;
/* Put everything that the taker needs to verify these letters into the filing. */
enum vl_err vl_hand_file(struct vl_home *home, const struct vl_hand_choice *choice,
                         struct vl_filing *filing, struct vl_why *why) VL_MUST_USE;

/* Which letter it is that could not be read, and that the stick has nothing to do with it. */
enum vl_err vl_hand_blame(const struct vl_bag_letter *letter, enum vl_err err,
                          struct vl_handed *handed, struct vl_why *why) VL_MUST_USE;
/* Read what a hand-over would: a dry run finds what is damaged here as that does. */
enum vl_err vl_hand_look(struct vl_home *home, const struct vl_hand_choice *choice,
                         struct vl_handed *handed, struct vl_why *why) VL_MUST_USE;

#endif
