/* SPDX-License-Identifier: Apache-2.0 */
/* office/successions.h: who comes after an office and may correct and withdraw what that one said
 * (PROTOCOL 27): name one, end it, and find the one that lets this office change words. */
#ifndef VL_OFFICE_SUCCESSIONS_H
#define VL_OFFICE_SUCCESSIONS_H

#include "card/mandate.h"
#include "card/succeeds.h"
#include "office/acts.h"
#include "office/home.h"

struct vl_succession_request {
    const char *successor;         /* as people name it */
    const char *predecessor;       /* "me", or an office whose card names this one as guardian */
    const char *const *statements; /* by eight symbols or more; none: all that it said */
    size_t statement_count;
    bool has_from;
    int64_t from_s;
    bool manual;
    int64_t now_s;
    struct vl_asker asker;
    struct vl_rng rng;
};
/* Sign it and keep it; it goes to the successor with the next stick.  id gets its id.  NOT_FOUND,
 * AMBIGUOUS, USAGE, LIMIT; REFUSED for an office that names this one nowhere. */
enum vl_err vl_succession_give(struct vl_home *home, const struct vl_succession_request *request,
                               uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;

/* One that is here.  Borrowed for the visit. */
struct vl_succession_seen {
    const uint8_t *id;
    struct vl_office_id by; /* who signed it */
    const struct vl_succeeds *succeeds;
    bool is_over; /* whoever signed it ended it */
};
typedef enum vl_err (*vl_succession_visit)(void *self, const struct vl_succession_seen *seen,
                                           struct vl_why *why);
/* Every one that this office signed, or is predecessor or successor of, oldest first. */
enum vl_err vl_successions(struct vl_home *home, vl_succession_visit visit, void *self,
                           struct vl_why *why) VL_MUST_USE;

/* End one that this office signed, by eight symbols of its id or more.  NOT_FOUND (also for what is
 * no succession), AMBIGUOUS; REFUSED when somebody else signed it, EXISTS when it is over. */
enum vl_err vl_succession_end(struct vl_home *home, const char *text, enum vl_mandate_end reason,
                              bool manual, const struct vl_asker *asker, int64_t now_s,
                              uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;

/* One by which this office may change this statement of the predecessor: not over, its scope and
 * its time as they should be.  NOT_FOUND. */
enum vl_err vl_succession_find(struct vl_home *home, const struct vl_office_id *predecessor,
                               const uint8_t statement[VL_HASH_LEN], int64_t now_s,
                               uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;

#endif
