/* SPDX-License-Identifier: Apache-2.0 */
/* http/entering.h: statements on their way into a record.  They come one by one; when everybody
 * who was there has asked, they are judged on all cores, entered under one sync, and their receipts
 * are signed on all cores.  Everything else stands still meanwhile.  What is in already waits in a
 * line of its own, for a receipt alone: those that one round asked for are signed before the next,
 * on all cores. */
#ifndef VL_HTTP_ENTERING_H
#define VL_HTTP_ENTERING_H

#include "http/site.h"

/* One of them.  The request owns it; when its client goes away while it waits, the queue does. */
struct vl_entering {
    struct vl_entering *next;
    struct vl_entry entry;
    bool has_wish; /* that its issuer asks (record/publish.h): not verified yet */
    uint8_t wish[VL_SIGNATURE_LEN];
    bool is_judged;
    bool is_refused; /* err is the judge's, else that of entering it */
    bool is_done;
    bool is_orphan;
    enum vl_err err;
    struct vl_why why;
    uint64_t index; /* its place, when it is done and err is VL_OK, or was there */
    struct vl_receipt_draft draft;
    struct vl_buf receipt;        /* empty: it is signed when it is asked for */
    const struct vl_chain *chain; /* while it is judged */
};

/* Threads to help, which wait while there is nothing to do; none is fine.  NO_MEMORY. */
enum vl_err vl_entering_begin(struct vl_site *site, unsigned workers) VL_MUST_USE;
void vl_entering_end(struct vl_site *site);

/* Make one of what was sent; takes the entry. NO_MEMORY, and then the entry is released. */
enum vl_err vl_entering_new(struct vl_entry *entry, const struct vl_http_request *request,
                            struct vl_entering **out) VL_MUST_USE;
void vl_entering_free(struct vl_entering *entering);

/* Must it wait for the next round?  It is judged by the cards that are in: what may change them
 * goes first, or it does. */
bool vl_entering_has_to_wait(struct vl_site *site, const struct vl_entry *entry);
/* Put it behind the others.  A card is judged at once.  What it is refused for, or BUSY when they
 * are too many; then it is not put. */
enum vl_err vl_entering_put(struct vl_site *site, struct vl_entering *entering,
                            struct vl_why *why) VL_MUST_USE;
/* Judge and enter all that wait; sign their receipts. */
void vl_entering_settle(struct vl_site *site);

/* A fresh receipt is wanted for what is in, at this place.  Takes the entry.  NO_MEMORY, and then
 * the entry is released. */
enum vl_err vl_entering_again(struct vl_site *site, struct vl_entry *entry, uint64_t index,
                              struct vl_entering **out) VL_MUST_USE;
/* Sign the receipts that were wanted since the last time; then these are done. */
void vl_entering_sign(struct vl_site *site);

#endif
