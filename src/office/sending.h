/* SPDX-License-Identifier: Apache-2.0 */
/* office/sending.h: what writing one letter and writing thousands share: whom to seal to, the
 * waybill, and the `sealed` act over all of them. */
#ifndef VL_OFFICE_SENDING_H
#define VL_OFFICE_SENDING_H

#include "custody/event.h"
#include "letter/letter.h"
#include "office/home.h"

/* Those a letter is for, and the own copy last. */
struct vl_addressees {
    size_t count; /* with the own copy, if there is one */
    size_t to_count;
    struct vl_letter_recipient at[VL_MANIFEST_MAX_ADDRESSEES + 1];
    size_t unchecked; /* of them, how many were never checked by words */
};

/* Find each of the offices and the key to seal to.  open: no keys are needed.  NOT_FOUND,
 * AMBIGUOUS; REFUSED for a forked or revoked card, EXPIRED for one that ended, UNSUPPORTED for one
 * without a key that can be used here; USAGE for an office named twice or none at all. */
enum vl_err vl_addressees_find(struct vl_home *home, const char *const *offices, size_t count,
                               bool open, bool own_copy, int64_t now_s, struct vl_addressees *out,
                               struct vl_why *why) VL_MUST_USE;

/* One letter that is done and waits for its `sealed`. */
struct vl_sent {
    uint8_t number[VL_HASH_LEN];
    struct vl_buf waybill;
    uint64_t leaf_index; /* once it is sealed */
};
void vl_sent_release(struct vl_sent *sent);

/* Waybill and row of a letter that was made by this plan.  The date outside is the day.  pieces is
 * NULL for one that is never carried in slices.  The row borrows from *sent. */
enum vl_err vl_sent_fill(const struct vl_letter_plan *plan, const struct vl_letter_made *made,
                         const struct vl_pieces *pieces, int64_t now_s, struct vl_sent *sent,
                         struct vl_letter_row *row, struct vl_why *why) VL_MUST_USE;

/* Sort them by number, sign one `sealed` over the waybills of all of them, append it to out, and
 * tell each its place.  LIMIT over VL_BATCH_MAX. */
enum vl_err vl_sent_seal(struct vl_sent *sent, size_t count, const struct vl_signer *signer,
                         bool manual, struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                         struct vl_why *why) VL_MUST_USE;
/* Keep the signed act, found by the letters it is about when they are few, and by itself always. */
enum vl_err vl_sent_keep_act(struct vl_store *store, const struct vl_signer *signer, vl_bytes act,
                             const uint8_t id[VL_HASH_LEN], const struct vl_sent *sent,
                             size_t count, struct vl_why *why) VL_MUST_USE;

/* Append an evidence file about one letter: cards of the sender and, when they are known, of
 * whoever signed about it; its waybill under its `sealed`; what was said since. */
enum vl_err vl_letter_evidence(struct vl_home *home, const struct vl_letter_row *row,
                               struct vl_buf *out, struct vl_why *why) VL_MUST_USE;
/* The same with nothing but the cards of this office. */
enum vl_err vl_office_evidence(struct vl_home *home, const struct vl_office_id *office,
                               struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

#endif
