/* SPDX-License-Identifier: Apache-2.0 */
/* office/replies.h: letters that answer letters: what proves that, and which answers which. */
#ifndef VL_OFFICE_REPLIES_H
#define VL_OFFICE_REPLIES_H

#include "letter/manifest.h"
#include "store/store.h"

/* In a transaction: keep that the letter of this number and manifest answers another: the signed
 * core with its one opened field as evidence about that other, and which answers which.  Nothing
 * for a letter that answers none; fine twice. */
enum vl_err vl_reply_keep(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                          const struct vl_manifest *manifest, int64_t now_s,
                          struct vl_why *why) VL_MUST_USE;

/* Which letters answer which, of all that are here: read once for a whole list. */
struct vl_threads {
    size_t count;
    size_t cap;
    struct vl_thread_pair *answers;  /* by the letter that answers */
    struct vl_thread_pair *answered; /* by the one that is answered */
};
#define VL_THREADS_INIT                                                                            \
    {                                                                                              \
        .count = 0                                                                                 \
    }
/* *threads must be VL_THREADS_INIT; on failure it is releasable.  NO_MEMORY, IO. */
enum vl_err vl_threads_load(struct vl_store *store, struct vl_threads *threads,
                            struct vl_why *why) VL_MUST_USE;
void vl_threads_release(struct vl_threads *threads);

/* Of one letter: the one that it answers, and those that answer it. */
#define VL_REPLIES_SHOWN 16
struct vl_replies {
    bool has_answers;
    uint8_t answers[VL_HASH_LEN];
    size_t count; /* of all; the first ones are in at, by number */
    uint8_t at[VL_REPLIES_SHOWN][VL_HASH_LEN];
};
void vl_replies_find(const struct vl_threads *threads, const uint8_t number[VL_HASH_LEN],
                     struct vl_replies *out);

#endif
