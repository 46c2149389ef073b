/* SPDX-License-Identifier: Apache-2.0 */
/* http/issuers.h: the cards of offices as a record has them, kept at hand. */
#ifndef VL_HTTP_ISSUERS_H
#define VL_HTTP_ISSUERS_H

#include "store/log_dir.h"

#define VL_ISSUERS_MAX 640 /* chains at hand; others are read again */

/* Owns the chains. */
struct vl_issuers {
    struct vl_log_dir *log;
    size_t next;
    bool is_holding;
    struct {
        bool is_set;
        bool is_held;
        struct vl_office_id office;
        struct vl_chain chain; /* empty: it has no card here */
    } slots[VL_ISSUERS_MAX];
};

void vl_issuers_release(struct vl_issuers *issuers);
/* The chain of an office, or NULL when the record has none that verifies, it cannot be read, or all
 * places are held; good until the next call. */
const struct vl_chain *vl_issuers_find(struct vl_issuers *issuers,
                                       const struct vl_office_id *office);
/* From here on, what is found stays good until it is let go: of the first VL_ISSUERS_MAX offices
 * that are asked for. */
void vl_issuers_hold(struct vl_issuers *issuers);
void vl_issuers_let_go(struct vl_issuers *issuers);
/* A card or revocation of this office was entered; not while they are held. */
void vl_issuers_forget(struct vl_issuers *issuers, const struct vl_office_id *office);
/* The chain of an office, had it this card or revocation too: *chain must be VL_CHAIN_INIT, and on
 * failure it is.  What vl_chain_add fails with. */
enum vl_err vl_issuers_with(struct vl_issuers *issuers, const struct vl_office_id *office,
                            vl_bytes entry, struct vl_chain *chain, struct vl_why *why) VL_MUST_USE;
/* One signature as the object that it is: appended to out. */
enum vl_err vl_issuers_object(vl_bytes entry, struct vl_buf *out) VL_MUST_USE;

#endif
