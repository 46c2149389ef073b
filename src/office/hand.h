/* SPDX-License-Identifier: Apache-2.0 */
/* office/hand.h: hand letters over: on a stick, signed over to whoever takes it (PROTOCOL 7, 29).
 */
#ifndef VL_OFFICE_HAND_H
#define VL_OFFICE_HAND_H

#include "office/home.h"
#include "office/pump.h"
#include "stick/bag.h"

struct vl_hand_request {
    const char *office;         /* who takes it, as people name it; NULL: */
    const char *carrier;        /* a courier without software, by name */
    const char *stick;          /* a folder */
    const char *const *letters; /* these; none: what should go that way */
    size_t letter_count;
    bool all;            /* everything that waits, whoever it is for */
    bool again;          /* what was handed before and not answered as well */
    bool pieces;         /* of large letters that do not fit, as many slices as do */
    uint64_t room_bytes; /* for the letters' bag, and not what others are owed; 0: what is free */
    bool dry_run;
    bool manual;
    const char *const *seals; /* physical ones, as written on them */
    size_t seal_count;
    const char *place;
    int64_t now_s;
    struct vl_asker asker;
    struct vl_rng rng;
    struct vl_bag_watch watch;
};

/* One letter that was handed, for whoever shows it. */
struct vl_handed_letter {
    uint8_t number[VL_HASH_LEN];
    uint64_t size;
    struct vl_office_id to; /* the first of its addressees */
    size_t to_count;
    /* Of one that goes in slices: how many go now, went before, and there are. */
    uint64_t slices, slices_before, slices_of;
    bool stays; /* it lies on the stick already */
};

struct vl_handed {
    uint8_t act[VL_HASH_LEN]; /* the signed hand-over; zeroes when there was none */
    uint8_t bag[VL_BAG_ID_LEN];
    size_t letter_count;
    struct vl_handed_letter *letters;
    uint64_t bytes;
    size_t waiting_elsewhere; /* letters that wait and did not go this way */
    size_t handed_before;     /* for this taker, handed to somebody and not signed for */
    size_t no_room;           /* left out: not one slice of them fits */
    size_t too_long;          /* left out: longer than a file of this stick, and without slices */
    size_t later;             /* more than go with one hand-over */
    size_t on_other_stick;    /* left out: they lie on another stick */
    size_t bent;              /* left out: the bag in which they lie is not what it was */
    bool damaged;             /* a letter lies here with other bytes than it should */
    bool failed;              /* or it is the medium that does not give it */
    size_t expired;           /* left out: their time is over */
    size_t evidence_offices;  /* offices that evidence went along for */
    size_t parcels;           /* bags of others that were put on the stick again */
    enum vl_err evidence_err; /* why evidence for others is not on the stick */
    enum vl_bag_checked checked;
    uint64_t need_bytes, free_bytes;
};
void vl_handed_release(struct vl_handed *handed);

/* The bag is on the stick, read back and durable, and this office has signed for it; or there is no
 * bag.  With no letter to go that way only evidence is written, if there is any.  NOT_FOUND for an
 * office or letter that is not here; REFUSED, EXPIRED for the taker's card; NO_SPACE before
 * anything is written; UNSUPPORTED for a stick that cannot be written to; UNVERIFIED when the stick
 * gives back other bytes; INTERRUPTED, IO, LIMIT.  PARTIAL: the letters are handed over, and some
 * that should have gone are not (bent, no_room, too_long, later), or evidence for others is not, or
 * not all of it.  A dry run fails likewise. */
enum vl_err vl_hand(struct vl_home *home, const struct vl_hand_request *request,
                    struct vl_handed *handed, struct vl_why *why) VL_MUST_USE;

#endif
