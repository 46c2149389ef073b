/* SPDX-License-Identifier: Apache-2.0 */
/* office/saying.h: what statements, translations and acts of invitations have in common: what they
 * are about, for whom somebody speaks, and who gets to see it. */
#ifndef VL_OFFICE_SAYING_H
#define VL_OFFICE_SAYING_H

#include "office/acts.h"
#include "office/say.h"

/* What a person means, whatever it is.  *is_here says whether it is known here; a whole number or a
 * digest need not be.  NOT_FOUND, AMBIGUOUS, USAGE. */
enum vl_err vl_saying_subject(struct vl_home *home, const char *text, enum vl_subject *what,
                              uint8_t id[VL_HASH_LEN], bool *is_here,
                              struct vl_why *why) VL_MUST_USE;
/* An act that is kept here, read.  *object must be VL_OBJECT_INIT, and *any borrows from it. */
enum vl_err vl_saying_act(struct vl_home *home, const uint8_t id[VL_HASH_LEN],
                          struct vl_object *object, struct vl_act_any *any,
                          struct vl_why *why) VL_MUST_USE;

/* Speak for another: find a mandate that covers these letters, and fill in what the act says.  The
 * powers are tried in this order.  REFUSED. */
struct vl_saying_for {
    const char *office; /* NULL: for this office itself */
    const uint8_t (*letters)[VL_HASH_LEN];
    size_t letter_count;
    enum vl_power powers[2];
    size_t power_count;
    int64_t now_s;
};
enum vl_err vl_saying_speaker(struct vl_home *home, const struct vl_saying_for *speaking,
                              struct vl_act *act, bool *has_principal,
                              struct vl_office_id *principal, struct vl_why *why) VL_MUST_USE;

/* In one transaction: keep what was signed, and owe it to all who get to see it. */
struct vl_saying_keep {
    vl_bytes wire;
    const uint8_t *id;
    const struct vl_say_common *common;
};
enum vl_err vl_saying_keep(struct vl_home *home, const struct vl_saying_keep *keep, size_t *told,
                           struct vl_why *why) VL_MUST_USE;
/* Are the offices known that `common` names? */
enum vl_err vl_saying_check(struct vl_home *home, const struct vl_say_common *common,
                            struct vl_why *why) VL_MUST_USE;

#endif
