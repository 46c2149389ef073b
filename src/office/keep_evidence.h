/* SPDX-License-Identifier: Apache-2.0 */
/* office/keep_evidence.h: cards and acts that came from outside: verified, then kept as far as they
 * concern what is here. */
#ifndef VL_OFFICE_KEEP_EVIDENCE_H
#define VL_OFFICE_KEEP_EVIDENCE_H

#include "office/acts.h"
#include "office/home.h"

struct vl_keeping {
    struct vl_home *home;
    /* Evidence that came before and may have cards for this; borrowed. */
    const struct vl_evidence *const *before;
    size_t before_count;
    bool all; /* it came with letters: all of it concerns them */
    int64_t now_s;
    /* Set: */
    size_t cards;     /* offices that were new, or had something new */
    size_t acts;      /* signed acts that verify and are kept */
    size_t refused;   /* that do not verify */
    size_t waybills;  /* of letters that are here */
    size_t elsewhere; /* acts and waybills about letters that are not here: not kept */
    size_t disputed;  /* a letter here has another waybill already, by another office */
    size_t twins;     /* acts under this office's own key that this home never signed */
    enum vl_err first_err;
    struct vl_why first; /* why the first one was refused */
};

/* Verify everything; what does not verify is counted and left out.  NO_MEMORY. */
enum vl_err vl_evidence_sift(struct vl_keeping *keeping, struct vl_evidence *evidence,
                             bool *verified, struct vl_why *why) VL_MUST_USE;
/* In a transaction: keep the cards, and the acts for which verified[i]. */
enum vl_err vl_evidence_keep(struct vl_keeping *keeping, struct vl_evidence *evidence,
                             const bool *verified, struct vl_why *why) VL_MUST_USE;

/* The chain of an office by what is known here and what was brought: the newer of the two, and
 * never somebody else's version of a card that is known in another one. */
const struct vl_chain *vl_keeping_chain(const struct vl_keeping *keeping,
                                        const struct vl_evidence *evidence,
                                        const struct vl_office_id *office);

#endif
