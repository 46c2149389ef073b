/* SPDX-License-Identifier: Apache-2.0 */
/* office/stick_show.h: what is on a stick, and taking away what is done. */
#ifndef VL_OFFICE_STICK_SHOW_H
#define VL_OFFICE_STICK_SHOW_H

#include "custody/handover.h"
#include "office/home.h"
#include "stick/stick.h"

/* One bag, as its list says. */
struct vl_stick_view {
    const struct vl_bag_seen *seen; /* borrowed for the visit */
    bool readable;                  /* it is finished, and its list is one of this bag */
    uint8_t act[VL_HASH_LEN];       /* the hand-over */
    struct vl_office_id giver;
    bool has_taker;
    struct vl_office_id taker;
    vl_bytes carrier; /* a named courier, borrowed; none */
    uint64_t letters; /* 0: evidence alone */
    uint64_t evidence;
    bool has_signed_at;
    int64_t signed_at_s;
    /* With a home: */
    bool verified; /* the giver's signature, by the card that is here */
    bool is_own;   /* this office handed it over; of an unfinished one: it began it */
    bool for_us;
    bool answered; /* an own one: its taker's answer is here; one for us: this office answered */
    bool needed;   /* letters of another bag lie in it, which is not answered as far as is known */
    bool
        under_way; /* an own one that was taken to be carried on: not all of it is receipted here */
};
typedef enum vl_err (*vl_stick_visit)(void *self, const struct vl_stick_view *view,
                                      struct vl_why *why);
/* home may be NULL.  Nothing is written.  NOT_FOUND, FORMAT, IO, NO_MEMORY, and what visit() says;
 * *walked is filled either way. */
enum vl_err vl_stick_show(struct vl_home *home, const char *path, vl_stick_visit visit, void *self,
                          struct vl_stick_walked *walked, struct vl_why *why) VL_MUST_USE;

struct vl_stick_clean_request {
    const char *path;
    int64_t evidence_before_s; /* own bags of evidence alone that were signed before this go too */
    bool carried; /* and what others carry on: they may have left it on this very stick */
    bool dry_run;
};
struct vl_stick_cleaned {
    size_t answered;   /* own bags whose taker has answered */
    size_t needed;     /* likewise, which stay: letters in them may be nowhere else on their way */
    size_t evidence;   /* own bags of evidence that are old enough */
    size_t unfinished; /* begun here and never finished, and empty folders */
    size_t waiting;    /* own bags that stay: nobody has answered them here */
    size_t others;     /* bags of others, which stay */
    size_t unreadable; /* that nobody can tell whose they are, which stay too */
    uint64_t bytes;    /* what went, or would go */
};
/* Bags of others are never touched, nor what is not signed by this office as far as its cards tell.
 * PARTIAL when something could not be removed; UNSUPPORTED for a stick that cannot be written to;
 * NOT_FOUND, FORMAT, IO, NO_MEMORY. */
enum vl_err vl_stick_clean(struct vl_home *home, const struct vl_stick_clean_request *request,
                           struct vl_stick_cleaned *cleaned, struct vl_why *why) VL_MUST_USE;

#endif
