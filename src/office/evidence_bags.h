/* SPDX-License-Identifier: Apache-2.0 */
/* office/evidence_bags.h: evidence on its way home: on whatever stick passes, a bag for each office
 * that something is owed to, and bags of others that are carried along. */
#ifndef VL_OFFICE_EVIDENCE_BAGS_H
#define VL_OFFICE_EVIDENCE_BAGS_H

#include "office/home.h"
#include "stick/bag.h"

/* Parcels of others take no more than this of a home; the oldest give way (PROTOCOL 24). */
#define VL_PARCELS_MAX_BYTES ((uint64_t)64 << 20)
#define VL_PARCEL_MAX_BYTES  ((uint64_t)17 << 20)
/* On so many sticks a parcel goes along. */
#define VL_PARCEL_TIMES 8

/* Open a stick; to write to it, with the mark of this home, and what the home left unfinished there
 * is taken away. */
enum vl_err vl_stick_begin(struct vl_home *home, const char *path, const struct vl_rng *rng,
                           bool write, struct vl_stick **out, struct vl_why *why) VL_MUST_USE;

/* The random bytes by which this home knows its own unfinished bags; *has is false when it never
 * wrote to a stick. */
enum vl_err vl_stick_maker_find(struct vl_home *home, uint8_t maker[VL_BAG_ID_LEN], bool *has,
                                struct vl_why *why) VL_MUST_USE;

struct vl_evidence_bags {
    struct vl_home *home;
    struct vl_stick *stick;
    const struct vl_signer *signer;
    bool manual;
    bool by_hand;    /* the user sees it: what waits for that goes along, too */
    bool fresh_only; /* only to offices that something is owed which was never sent */
    int64_t now_s;
    const struct vl_rng *rng;
    uint64_t room_bytes; /* no more than that of the stick for what others are owed; 0: all of it */
    /* Set by vl_evidence_bags_write: */
    size_t offices; /* that got a bag */
    size_t parcels; /* bags of others */
    uint64_t bytes; /* with room_bytes: so much of that is used */
    bool no_space;  /* some of it did not fit; what is shorter is there */
    struct vl_why no_space_why;
};
/* UNSUPPORTED for a stick that cannot be written to; NO_SPACE, IO, and so on; what was written
 * until then is there. */
enum vl_err vl_evidence_bags_write(struct vl_evidence_bags *bags, struct vl_why *why) VL_MUST_USE;

/* Keep a bag of evidence that is for somebody else, to carry it along; in a transaction of its own.
 * *kept tells whether it was worth it: a bag that is known, and one that is too long, is not. */
enum vl_err vl_parcel_keep(struct vl_home *home, struct vl_stick *stick,
                           const struct vl_office_id *to, const uint8_t bag[VL_BAG_ID_LEN],
                           const struct vl_bag_segment *segment, vl_bytes list, bool *kept,
                           struct vl_why *why) VL_MUST_USE;

#endif
