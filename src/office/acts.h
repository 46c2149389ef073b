/* SPDX-License-Identifier: Apache-2.0 */
/* office/acts.h: signed acts in the store: kept so that they are found again by what they are
 * about, and gathered when somebody asks about one letter. */
#ifndef VL_OFFICE_ACTS_H
#define VL_OFFICE_ACTS_H

#include "evidence/evidence.h"
#include "office/home.h"
#include "store/store.h"

/* A leaf of a batch as it is kept: the letter's number, and the SHA-256 of its waybill or zeroes.
 */
#define VL_ACTS_LEAF_LEN ((size_t)2 * VL_HASH_LEN)
/* An act over more letters than this is found by looking into its list of leaves. */
#define VL_ACTS_ABOUT_MAX 64
/* Acts about one letter that are looked at. */
#define VL_ACTS_MAX 10000

/* Where an act came from. */
struct vl_acts_keep {
    const struct vl_object *object;
    const struct vl_act_any *any;
    /* All leaves of its batch, VL_ACTS_LEAF_LEN each, ascending; none when they are not all here.
     */
    vl_bytes leaves;
    /* Single leaves with their paths; of a `sealed` these are kept with the letters instead. */
    const struct vl_evidence_leaf *single;
    size_t single_count;
    int64_t now_s;
};
/* In a transaction.  The same act again is fine. */
enum vl_err vl_acts_keep(struct vl_store *store, const struct vl_acts_keep *keep,
                         struct vl_why *why) VL_MUST_USE;

/* In a transaction: an answer of somebody else moves the letters on that it is about (enum
 * vl_letter_way), unless these moved on since: it may come late, and comes more than once.  An
 * answer of this office that comes from others, which it gave before it was restored, lets those go
 * on that wait for that. */
enum vl_err vl_acts_move_letters(struct vl_home *home, const struct vl_acts_keep *keep,
                                 struct vl_why *why) VL_MUST_USE;

/* Hand-overs of letters have a place in the life of this home, by which the one before is told from
 * the one after: no clock does, since clocks are set.  In a transaction: this one is the last now;
 * fine twice, when it keeps the place that it had. */
enum vl_err vl_handover_note(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                             struct vl_why *why) VL_MUST_USE;
/* Was `act` given or taken after `other`?  One from before there were places was before all that
 * have one; of two such nobody knows, and neither is later. */
enum vl_err vl_handover_is_later(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                                 const uint8_t other[VL_HASH_LEN], bool *yes,
                                 struct vl_why *why) VL_MUST_USE;

/* A letter to several goes to each of them by itself: it is remembered who was handed it and who
 * has receipted it.  Of a letter to one nothing is kept. */
enum vl_addressee_state { VL_ADDRESSEE_NONE, VL_ADDRESSEE_HANDED, VL_ADDRESSEE_RECEIPTED };
enum vl_err vl_addressee_state(struct vl_store *store, const struct vl_letter_row *row,
                               const uint8_t office[VL_HASH_LEN], enum vl_addressee_state *state,
                               struct vl_why *why) VL_MUST_USE;
/* In a transaction.  NONE forgets. */
enum vl_err vl_addressee_note(struct vl_store *store, const struct vl_letter_row *row,
                              const uint8_t office[VL_HASH_LEN], enum vl_addressee_state state,
                              struct vl_why *why) VL_MUST_USE;

/* In a transaction: whoever was handed it and has not receipted it is to be handed it again. */
enum vl_err vl_addressees_wait(struct vl_store *store, const struct vl_letter_row *row,
                               struct vl_why *why) VL_MUST_USE;

/* By what right somebody receipts: as the addressee, or under its mandate, which may have been
 * passed on once. */
struct vl_receipt_right {
    const struct vl_answer *answer; /* both borrowed */
    const struct vl_object *object;
    bool good; /* the mandates are what they should be, and none was ended */
    size_t count;
    struct vl_object objects[2]; /* the mandates, the holder's first */
    struct vl_mandate mandates[2];
    bool has_handover;
    uint8_t handover[VL_NONCE_LEN];
};
#define VL_RECEIPT_RIGHT_INIT                                                                      \
    {                                                                                              \
        .objects = { VL_OBJECT_INIT, VL_OBJECT_INIT }                                              \
    }
void vl_receipt_right_release(struct vl_receipt_right *right);
/* *right must be VL_RECEIPT_RIGHT_INIT.  NO_MEMORY, IO. */
enum vl_err vl_receipt_right_find(struct vl_store *store, const struct vl_object *object,
                                  const struct vl_answer *answer, struct vl_receipt_right *right,
                                  struct vl_why *why) VL_MUST_USE;
/* Is it good for this letter? */
bool vl_receipt_right_covers(const struct vl_receipt_right *right, const struct vl_letter_row *row);

/* Does an act of this kind answer a hand-over: taken, all of it or slices, or refused? */
bool vl_acts_is_answer(const char *kind);

/* One act, with the leaf by which it is about the letter, if it is about many. */
struct vl_gathered_act {
    struct vl_object object;
    bool has_leaf;
    struct vl_buf leaf;
    uint64_t index;
    struct vl_tree_path path;
};

/* Owns everything in it. */
struct vl_gathered {
    size_t count;
    size_t cap;
    struct vl_gathered_act *at;
};
#define VL_GATHERED_INIT                                                                           \
    {                                                                                              \
        .count = 0                                                                                 \
    }
void vl_gathered_release(struct vl_gathered *gathered);
const struct vl_gathered_act *vl_gathered_find(const struct vl_gathered *gathered,
                                               const uint8_t id[VL_HASH_LEN]);

/* Of an act over many letters so many leaves are read to find the path of one. */
#define VL_ACTS_PIECE ((size_t)256)

/* The tree under one `sealed`, kept while letters of it are asked for one after the other. */
struct vl_path_cache {
    bool has; /* of this act: */
    uint8_t sealed[VL_HASH_LEN];
    struct vl_buf pieces;          /* as the store keeps them; none: */
    struct vl_tree_levels *tops;   /* over the pieces; NULL: levels has all */
    struct vl_tree_levels *levels; /* of the waybills from this one on, so many */
    uint64_t first, count;
};
#define VL_PATH_CACHE_INIT                                                                         \
    {                                                                                              \
        .pieces = { NULL, 0, 0, VL_TIE_MAX_LEN }                                                   \
    }
void vl_path_cache_release(struct vl_path_cache *cache);
/* Where the letter's waybill stands under the `sealed` that vouches for it.  FORMAT when the list
 * of letters under that act is not whole here. */
enum vl_err vl_letter_path(struct vl_store *store, const struct vl_letter_row *row,
                           struct vl_path_cache *cache, struct vl_tree_path *path,
                           struct vl_why *why) VL_MUST_USE;

/* Everything that is kept about this letter, or whatever else has its number: acts over it, the
 * acts and mandates that those name, and what was said about these.  The first is the `sealed` that
 * vouches for its waybill, if there is one.  LIMIT over VL_ACTS_MAX, FORMAT for a damaged store,
 * IO, NO_MEMORY. */
enum vl_err vl_acts_gather(struct vl_store *store, const struct vl_letter_row *row,
                           struct vl_path_cache *cache, struct vl_gathered *gathered,
                           struct vl_why *why) VL_MUST_USE;

/* The act of this id.  *object must be VL_OBJECT_INIT.  NOT_FOUND, FORMAT for a damaged store, IO,
 * NO_MEMORY. */
enum vl_err vl_acts_read(struct vl_store *store, const uint8_t id[VL_HASH_LEN],
                         struct vl_object *object, struct vl_why *why) VL_MUST_USE;
/* The act that a person means: a whole id, or eight symbols of its number or more.  *object must be
 * VL_OBJECT_INIT.  NOT_FOUND, AMBIGUOUS; USAGE for what is no number of an act. */
enum vl_err vl_acts_find(struct vl_store *store, const char *text, struct vl_object *object,
                         struct vl_why *why) VL_MUST_USE;

/* In a transaction: keep all leaves of an act, VL_ACTS_LEAF_LEN each, ascending. */
enum vl_err vl_acts_leaves_keep(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                                vl_bytes leaves, struct vl_why *why) VL_MUST_USE;
/* Where a letter stands among the leaves of an act that are all here. */
struct vl_acts_place {
    struct vl_buf *leaf;       /* to which the leaf is appended */
    struct vl_tree_path *path; /* both the caller's */
    bool has;
    uint64_t index;
};
/* FORMAT for a damaged store, IO, NO_MEMORY. */
enum vl_err vl_acts_place_find(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                               const uint8_t number[VL_HASH_LEN], struct vl_acts_place *place,
                               struct vl_why *why) VL_MUST_USE;
/* Every act over more than VL_ACTS_ABOUT_MAX letters that has this one among its leaves. */
enum vl_err vl_acts_over_many(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                              enum vl_err (*visit)(void *self, const uint8_t act[VL_HASH_LEN],
                                                   struct vl_why *why),
                              void *self, struct vl_why *why) VL_MUST_USE;

/* The tree of an act over many letters while it is made, to be kept: leaves are added by number. */
struct vl_acts_tree {
    uint64_t count;
    struct vl_tree piece;
    struct vl_buf pieces;
};
#define VL_ACTS_TREE_INIT                                                                          \
    {                                                                                              \
        .pieces = { NULL, 0, 0, VL_TIE_MAX_LEN }                                                   \
    }
void vl_acts_tree_release(struct vl_acts_tree *tree);
enum vl_err vl_acts_tree_add(struct vl_acts_tree *tree, const uint8_t number[VL_HASH_LEN],
                             const uint8_t leaf_hash[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;
/* In a transaction, and the end of it; of few letters nothing is kept. */
enum vl_err vl_acts_tree_keep(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                              struct vl_acts_tree *tree, struct vl_why *why) VL_MUST_USE;
/* Of a tree as it is kept: what is above its pieces, to be freed; the first number and the root of
 * one piece, false for one that it has not; and the path of a leaf in a piece goes on to the root.
 */
enum vl_err vl_acts_tree_tops(vl_bytes pieces, struct vl_tree_levels **out,
                              struct vl_why *why) VL_MUST_USE;
bool vl_acts_tree_piece(vl_bytes pieces, uint64_t piece, const uint8_t **first,
                        const uint8_t **root);
void vl_acts_tree_path(const struct vl_tree_levels *tops, uint64_t piece,
                       struct vl_tree_path *path);

/* The leaves of an act that are kept whole, appended: VL_ACTS_LEAF_LEN each.  NOT_FOUND. */
enum vl_err vl_acts_leaves(struct vl_store *store, const uint8_t act[VL_HASH_LEN],
                           struct vl_buf *leaves, struct vl_why *why) VL_MUST_USE;
/* Where this number is among such leaves, or would be; false when it is not there. */
bool vl_acts_leaf_index(vl_bytes leaves, const uint8_t number[VL_HASH_LEN], size_t *index);
/* The custody leaf at this place, written to room. */
vl_bytes vl_acts_custody_leaf(vl_bytes leaves, size_t index, uint8_t room[VL_CUSTODY_LEAF_MAX]);
/* The whole tree over such leaves, for many paths; to be freed. */
enum vl_err vl_acts_levels(vl_bytes leaves, struct vl_tree_levels **out,
                           struct vl_why *why) VL_MUST_USE;
/* Append the custody leaf at this place, and find its path. */
enum vl_err vl_acts_leaf_path(vl_bytes leaves, size_t index, struct vl_buf *leaf,
                              struct vl_tree_path *path, struct vl_why *why) VL_MUST_USE;

/* A single leaf as a tie has it: [index, leaf, path].  NO_MEMORY, LIMIT; FORMAT for a damaged one.
 */
enum vl_err vl_acts_single_write(const struct vl_evidence_leaf *single, struct vl_buf *out,
                                 struct vl_why *why) VL_MUST_USE;
enum vl_err vl_acts_single_read(vl_bytes bytes, uint64_t *index, struct vl_buf *leaf,
                                struct vl_tree_path *path, struct vl_why *why) VL_MUST_USE;

#endif
