/* SPDX-License-Identifier: Apache-2.0 */
/* office/init.h: a new office: what `valise init` does. */
#ifndef VL_OFFICE_INIT_H
#define VL_OFFICE_INIT_H

#include "office/home.h"

struct vl_init_request {
    const char *home;
    const char *name;
    const char *const *languages; /* BCP 47 */
    size_t language_count;
    const char *const *reach; /* how to reach the office, as words */
    size_t reach_count;
    int64_t now_s;
    struct vl_asker asker; /* VL_ASK_HOME_NEW: empty is no passphrase */
    bool dry_run;          /* all of it, and nothing stays */
    struct vl_rng rng;
};

/* The home is there, whole and durable, or nothing is.  EXISTS when there is something in that
 * place; FORMAT for a name that cannot be one; IO, NO_SPACE, NO_MEMORY. */
enum vl_err vl_init(const struct vl_init_request *request, bool *sealed_keys,
                    struct vl_why *why) VL_MUST_USE;

/* Also for rotation: a revocation of the newest card's key, ready to be given away, in
 * recovery/revocation.card: the card file with the revocation in it. */
enum vl_err vl_init_revocation(const char *recovery, const struct vl_chain *chain,
                               const struct vl_signer *signer, struct vl_why *why) VL_MUST_USE;

#endif
