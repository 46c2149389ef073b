/* SPDX-License-Identifier: Apache-2.0 */
/* office/pieces.h: large letters that travel in slices (PROTOCOL 14): which slices went to whom,
 * and which came. */
#ifndef VL_OFFICE_PIECES_H
#define VL_OFFICE_PIECES_H

#include "custody/answer.h"
#include "custody/pieces.h"
#include "office/home.h"

/* A letter of more slices is taken whole or not at all: 1 TiB. */
#define VL_PIECES_MAX_SLICES ((uint64_t)65536)

/* Some slices of one letter. */
struct vl_slice_set {
    uint64_t count; /* of the letter */
    uint64_t used;  /* of those, how many are in the set */
    struct vl_buf bits;
};
#define VL_SLICE_SET_INIT                                                                          \
    {                                                                                              \
        .bits = { NULL, 0, 0, (size_t)VL_SLICES_ALL / 8 }                                          \
    }
void vl_slice_set_release(struct vl_slice_set *set);
/* None yet, of so many.  NO_MEMORY; LIMIT over VL_SLICES_ALL. */
enum vl_err vl_slice_set_make(struct vl_slice_set *set, uint64_t count) VL_MUST_USE;
enum vl_err vl_slice_set_copy(struct vl_slice_set *to, const struct vl_slice_set *from) VL_MUST_USE;
bool vl_slice_set_has(const struct vl_slice_set *set, uint64_t index);
/* Fine twice. */
void vl_slice_set_add(struct vl_slice_set *set, uint64_t index);
/* The next range of those that are in it, from *at on, which moves on; false at the end. */
bool vl_slice_set_next(const struct vl_slice_set *set, uint64_t *at, struct vl_slices *range);

/* --- of letters that are here ----------------------------------------------------------------- */

/* In a transaction: the hashes of all slices of a letter, one behind the other. */
enum vl_err vl_pieces_keep_hashes(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                  vl_bytes hashes, struct vl_why *why) VL_MUST_USE;
/* Append them: as they were kept, or worked out from the envelope.  UNVERIFIED when they are not
 * those of the waybill. */
enum vl_err vl_pieces_hashes(struct vl_store *store, const struct vl_waybill *waybill,
                             struct vl_buf *hashes, struct vl_why *why) VL_MUST_USE;

/* Which slices went to this taker; none when nobody knows.  The set is made. */
enum vl_err vl_pieces_went(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                           const uint8_t taker[VL_HASH_LEN], uint64_t count,
                           struct vl_slice_set *set, struct vl_why *why) VL_MUST_USE;
/* In a transaction. */
enum vl_err vl_pieces_keep_went(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                const uint8_t taker[VL_HASH_LEN], const struct vl_slice_set *set,
                                struct vl_why *why) VL_MUST_USE;
/* Which slices it has signed for.  The set is made. */
enum vl_err vl_pieces_signed_for(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                 const uint8_t taker[VL_HASH_LEN], uint64_t count,
                                 struct vl_slice_set *set, struct vl_why *why) VL_MUST_USE;

/* --- of letters that are not all here --------------------------------------------------------- */

struct vl_partial {
    uint8_t id[VL_HASH_LEN]; /* SHA-256 of the waybill */
    struct vl_waybill said;  /* what the waybill says */
    struct vl_buf waybill;
    uint8_t sealed[VL_HASH_LEN]; /* the act that vouches for it */
    uint64_t leaf_index;
    struct vl_buf path; /* hashes, one behind the other */
    bool quarantined;
    uint64_t here;        /* how many slices are */
    struct vl_buf hashes; /* of all slices; zeroes for those that are not here */
};
#define VL_PARTIAL_INIT                                                                            \
    {                                                                                              \
        .waybill = {NULL, 0, 0, VL_WAYBILL_MAX_LEN},                                               \
        .path = {NULL, 0, 0, (size_t)VL_TREE_MAX_PATH * VL_HASH_LEN},                              \
        .hashes = {NULL, 0, 0, (size_t)VL_PIECES_MAX_SLICES * VL_HASH_LEN},                        \
    }
void vl_partial_release(struct vl_partial *partial);
/* A new one of this waybill, without slices.  FORMAT for a letter that has none; LIMIT over
 * VL_PIECES_MAX_SLICES; NO_MEMORY. */
enum vl_err vl_partial_make(struct vl_partial *partial, vl_bytes waybill,
                            struct vl_why *why) VL_MUST_USE;
bool vl_partial_has(const struct vl_partial *partial, uint64_t index);
/* What is kept of the letter with this waybill.  NOT_FOUND. */
enum vl_err vl_partial_read(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                            const uint8_t id[VL_HASH_LEN], struct vl_partial *partial,
                            struct vl_why *why) VL_MUST_USE;
/* In a transaction. */
enum vl_err vl_partial_keep(struct vl_store *store, const struct vl_partial *partial,
                            struct vl_why *why) VL_MUST_USE;
/* In a transaction: slice `index`, which was checked; leaf is its leaf hash. */
enum vl_err vl_partial_put(struct vl_store *store, struct vl_partial *partial, uint64_t index,
                           vl_bytes slice, const uint8_t leaf[VL_HASH_LEN],
                           struct vl_why *why) VL_MUST_USE;
/* All slices are here: are they the letter?  Those that are not what they were when they came are
 * taken out of the partial, which is UNVERIFIED; REFUSED when each is right and the whole is not:
 * the sender's waybill is false. */
enum vl_err vl_partial_check(struct vl_store *store, struct vl_partial *partial,
                             struct vl_why *why) VL_MUST_USE;
/* In a transaction: away with it. */
enum vl_err vl_partial_drop(struct vl_store *store, const struct vl_partial *partial,
                            struct vl_why *why) VL_MUST_USE;
/* In a transaction: away with all slices of this letter, which came whole, or (NULL) of all
 * letters.
 */
enum vl_err vl_partials_drop(struct vl_store *store, const uint8_t *number,
                             struct vl_why *why) VL_MUST_USE;
/* All that are kept. */
typedef enum vl_err (*vl_partial_visit)(void *self, const struct vl_partial *partial,
                                        struct vl_why *why);
enum vl_err vl_partials(struct vl_store *store, vl_partial_visit visit, void *self,
                        struct vl_why *why) VL_MUST_USE;
/* Such a letter as a row of a list: it borrows from the partial and is not to be released. */
void vl_partial_row(const struct vl_home *home, const struct vl_partial *partial,
                    struct vl_letter_row *row);
/* vl_home_find_letter; when there is no such letter, one of which slices are here, of whose number
 * at least min_symbols are given.  Then *partial, which must be VL_PARTIAL_INIT, has a waybill, and
 * the row borrows from it. */
enum vl_err vl_home_find_letter_or_slices(struct vl_home *home, const char *text,
                                          unsigned min_symbols, struct vl_letter_row *row,
                                          struct vl_partial *partial,
                                          struct vl_why *why) VL_MUST_USE;
/* Away with the slices of this letter; durable. */
enum vl_err vl_partial_forget(struct vl_home *home, const uint8_t number[VL_HASH_LEN],
                              struct vl_why *why) VL_MUST_USE;

#endif
