/* SPDX-License-Identifier: Apache-2.0 */
/* office/mandates.h: give mandates, end them, and find the one that covers what is about to be
 * done. */
#ifndef VL_OFFICE_MANDATES_H
#define VL_OFFICE_MANDATES_H

#include "office/acts.h"
#include "office/home.h"

struct vl_mandate_request {
    const char *office; /* who may act, as people name it */
    size_t power_count;
    enum vl_power powers[8];
    const char *const *letters; /* numbers of eight symbols or more; none: whichever */
    size_t letter_count;
    const char *const *from; /* offices; none: whomever */
    size_t from_count;
    uint64_t count; /* letters in one act at most; 0: no limit */
    const char *const *seals;
    size_t seal_count;
    bool has_not_before;
    int64_t not_before_s;
    bool has_not_after;
    int64_t not_after_s;
    bool once;
    bool may_delegate;
    const char *under; /* pass on this one, by its id or eight symbols of it; NULL */
    bool manual;
    int64_t now_s;
    struct vl_asker asker;
    struct vl_rng rng;
};
/* Sign it and keep it; it goes to its grantee with the next stick.  id gets its id.  NOT_FOUND,
 * AMBIGUOUS, USAGE, FORMAT (once for neither letters nor one hand-over), REFUSED. */
enum vl_err vl_mandate_give(struct vl_home *home, const struct vl_mandate_request *request,
                            uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;

/* One that is here.  Borrowed for the visit. */
struct vl_mandate_seen {
    const uint8_t *id;
    struct vl_office_id principal; /* who signed it */
    const struct vl_mandate *mandate;
    bool is_given; /* by this office */
    bool is_held;  /* this office may act under it */
    bool is_over;  /* it was ended */
    bool is_late;  /* its time has passed */
};
typedef enum vl_err (*vl_mandate_visit)(void *self, const struct vl_mandate_seen *seen,
                                        struct vl_why *why);
/* Every mandate that this office gave or holds, oldest first. */
enum vl_err vl_mandates(struct vl_home *home, int64_t now_s, vl_mandate_visit visit, void *self,
                        struct vl_why *why) VL_MUST_USE;

/* End one that this office gave: by eight symbols of its id or more.  NOT_FOUND, AMBIGUOUS;
 * REFUSED when somebody else gave it, EXISTS when it is over already. */
enum vl_err vl_mandate_end(struct vl_home *home, const char *text, enum vl_mandate_end reason,
                           bool manual, const struct vl_asker *asker, int64_t now_s,
                           uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;

/* The mandates this office holds, read once, to look for one many times. */
struct vl_held_mandate {
    uint8_t id[VL_HASH_LEN];
    struct vl_office_id principal; /* in whose name */
    struct vl_object object;
    struct vl_mandate mandate; /* borrows from the object */
};
struct vl_held_mandates {
    size_t count;
    size_t cap;
    struct vl_held_mandate *at;
};
#define VL_HELD_MANDATES_INIT                                                                      \
    {                                                                                              \
        .count = 0                                                                                 \
    }
enum vl_err vl_held_mandates_read(struct vl_home *home, struct vl_held_mandates *held,
                                  struct vl_why *why) VL_MUST_USE;
void vl_held_mandates_release(struct vl_held_mandates *held);
/* One that the principal gave, that is not over and covers this use; NULL when there is none. */
const struct vl_held_mandate *vl_held_mandates_find(const struct vl_held_mandates *held,
                                                    const struct vl_office_id *principal,
                                                    const struct vl_mandate_use *use);

#endif
