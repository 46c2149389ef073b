/* SPDX-License-Identifier: Apache-2.0 */
/* office/closures.h: what newer cards say of acts under older ones, so that a key that was given up
 * goes on proving what it signed in its time (PROTOCOL 4). */
#ifndef VL_OFFICE_CLOSURES_H
#define VL_OFFICE_CLOSURES_H

#include "evidence/evidence.h"
#include "office/home.h"

/* In a transaction: the ids that a new card of this office closes, ascending. */
enum vl_err vl_closes_keep(struct vl_store *store, const uint8_t card_id[VL_HASH_LEN], vl_bytes ids,
                           struct vl_why *why) VL_MUST_USE;
/* In a transaction: a closure that came with evidence and was verified. */
enum vl_err vl_closure_keep(struct vl_store *store, const struct vl_closure *closure,
                            struct vl_why *why) VL_MUST_USE;

/* The acts that an evidence file has got so far. */
struct vl_closing_act {
    uint8_t id[VL_HASH_LEN];
    struct vl_office_id issuer;
};
struct vl_closing_acts {
    size_t count;
    size_t cap;
    struct vl_closing_act *at;
};
#define VL_CLOSING_ACTS_INIT                                                                       \
    {                                                                                              \
        .count = 0                                                                                 \
    }
void vl_closing_acts_release(struct vl_closing_acts *acts);
/* NO_MEMORY; then it is as it was. */
enum vl_err vl_closing_acts_add(struct vl_closing_acts *acts, const uint8_t id[VL_HASH_LEN],
                                const struct vl_office_id *issuer) VL_MUST_USE;

/* Put what is here of these acts' closures: own ones, and those that others sent, as far as the
 * cards that are known have them; one for each act.  Sorts the acts. */
enum vl_err vl_closures_put(struct vl_home *home, struct vl_closing_acts *acts,
                            struct vl_evidence_out *out, struct vl_why *why) VL_MUST_USE;

#endif
