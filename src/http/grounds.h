/* SPDX-License-Identifier: Apache-2.0 */
/* http/grounds.h: what a record has about a letter or an invitation, as evidence. */
#ifndef VL_HTTP_GROUNDS_H
#define VL_HTTP_GROUNDS_H

#include "http/site.h"
#include "view/finding.h"

/* Of all that is about one thing, so much is read for its page, what was entered first. */
#define VL_GROUNDS_MAX 512

/* Owns the objects, from which its set and findings borrow, and holds the cards of the site. */
struct vl_grounds {
    struct vl_site *site;
    struct vl_finding_set *set;
    bool is_cut; /* there is more about it */
    size_t index_count;
    uint64_t indexes[VL_GROUNDS_MAX]; /* of the items, in their order */
    size_t count;
    struct vl_evidence_item items[VL_GROUNDS_MAX];
};

/* What is about the letter of this number or the invitation of this id, and what is about that: who
 * denies what was said of it, and who corrects it.  *out is NULL on failure; NO_MEMORY, and what
 * reading a record fails with. */
enum vl_err vl_grounds_make(struct vl_site *site, const uint8_t number[VL_HASH_LEN],
                            struct vl_grounds **out, struct vl_why *why) VL_MUST_USE;
/* Takes NULL. */
void vl_grounds_free(struct vl_grounds *grounds);
/* Offices by the names of their newest cards here, fit for vl_finding_html. */
struct vl_finding_names vl_grounds_names(struct vl_site *site);

#endif
