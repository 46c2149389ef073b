/* SPDX-License-Identifier: Apache-2.0 */
/* office/filing.h: putting evidence files together from what the store has: cards and acts, each
 * once. */
#ifndef VL_OFFICE_FILING_H
#define VL_OFFICE_FILING_H

#include "evidence/evidence.h"
#include "office/acts.h"
#include "office/closures.h"
#include "office/home.h"
#include "office/id_set.h"

struct vl_filing {
    struct vl_home *home;
    struct vl_evidence_out out;
    struct vl_id_set offices;       /* whose cards are in this file */
    struct vl_id_set acts;          /* of all files */
    struct vl_id_set in_file;       /* of this one */
    struct vl_closing_acts closing; /* of this file */
    struct vl_path_cache paths;
    /* Gets each file that is full; out.max_len, which it may change, says when that is.  NULL: what
     * does not fit is LIMIT. */
    enum vl_err (*full)(void *self, vl_bytes file, struct vl_why *why);
    void *self;
};
#define VL_FILING_INIT                                                                             \
    {                                                                                              \
        .out = VL_EVIDENCE_OUT_INIT                                                                \
    }
void vl_filing_release(struct vl_filing *filing);

/* The cards of an office; fine when they are not known, or in it already. */
enum vl_err vl_filing_cards(struct vl_filing *filing, const struct vl_office_id *office,
                            struct vl_why *why) VL_MUST_USE;
/* An act with its leaves, and its office's cards; fine when it is in it already. */
enum vl_err vl_filing_act(struct vl_filing *filing, const struct vl_object *object,
                          const struct vl_evidence_leaf *leaves, size_t leaf_count,
                          struct vl_why *why) VL_MUST_USE;
/* More leaves of an act that is in it already, perhaps in a file before this one. */
enum vl_err vl_filing_more(struct vl_filing *filing, const struct vl_object *object,
                           const struct vl_evidence_leaf *leaves, size_t leaf_count,
                           struct vl_why *why) VL_MUST_USE;
/* An act that is kept, and what it names: hand-over, mandate, target, the heads of an invitation,
 * back to the first; as far as they are here.  put_one puts each with the leaves that it should
 * have; NULL: with none. */
typedef enum vl_err (*vl_filing_put)(void *self, const struct vl_object *object,
                                     const struct vl_act_any *any, struct vl_why *why);
enum vl_err vl_filing_with_named(struct vl_filing *filing, const uint8_t id[VL_HASH_LEN],
                                 vl_filing_put put_one, void *self, struct vl_why *why) VL_MUST_USE;
/* Everything that is kept about a letter (vl_acts_gather). */
enum vl_err vl_filing_letter(struct vl_filing *filing, const struct vl_letter_row *row,
                             struct vl_why *why) VL_MUST_USE;
bool vl_filing_has(const struct vl_filing *filing, const uint8_t act[VL_HASH_LEN]);
/* Append what is not full yet; nothing when there is neither card nor act. */
enum vl_err vl_filing_finish(struct vl_filing *filing, struct vl_buf *out,
                             struct vl_why *why) VL_MUST_USE;

#endif
