/* SPDX-License-Identifier: Apache-2.0 */
/* office/twins.h: what was signed with the keys of an office and not in its home. */
#ifndef VL_OFFICE_TWINS_H
#define VL_OFFICE_TWINS_H

#include "office/home.h"

/* Of a home: ids of acts under its own key that came from outside and were not here, 32 bytes each,
 * the newest last.  A copy of the home signs somewhere; or it was restored, and these were signed
 * after the backup.  Whatever a home signs it keeps before that leaves. */
#define VL_FACT_TWIN "twin"
/* Of these, those that its owner has answered for. */
#define VL_FACT_TWIN_SETTLED "twin-settled"
/* More than so many are not remembered, but for the newest. */
#define VL_TWINS_MAX ((size_t)1024)

/* Is this act, which verifies, by this office and not here?  Then a copy of its keys signed it. */
enum vl_err vl_twin_look(struct vl_home *home, const struct vl_object *object, bool *is_twin,
                         struct vl_why *why) VL_MUST_USE;
/* In a transaction: remember one.  One that was settled stays settled. */
enum vl_err vl_twin_keep(struct vl_store *store, const uint8_t id[VL_HASH_LEN],
                         struct vl_why *why) VL_MUST_USE;
/* In a transaction: the owner answers for all of them so far, or has taken the key out of use. */
enum vl_err vl_twins_settle(struct vl_store *store, struct vl_why *why) VL_MUST_USE;

struct vl_twins {
    size_t open, settled;
    uint8_t newest[VL_HASH_LEN]; /* when any is open */
};
enum vl_err vl_twins_find(struct vl_store *store, struct vl_twins *twins,
                          struct vl_why *why) VL_MUST_USE;

#endif
