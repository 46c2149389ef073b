/* SPDX-License-Identifier: Apache-2.0 */
/* office/owed.h: signed acts that another office should get to see: remembered until they were on
 * their way often enough, since nobody answers an answer (PROTOCOL 7). */
#ifndef VL_OFFICE_OWED_H
#define VL_OFFICE_OWED_H

#include "office/home.h"
#include "office/id_set.h"

/* On so many sticks an act goes along before it is left to whoever asks for it. */
#define VL_OWED_TIMES 8

/* In a transaction: `office` should get to see this act.  Fine twice, and for the own office. */
enum vl_err vl_owe(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                   const uint8_t act[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;
/* The same; but it leaves the house only with the next hand-over that the user sees (PROTOCOL 30),
 * not with the answer that `take` writes back by itself. */
enum vl_err vl_owe_with_hand(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                             const uint8_t act[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;

/* In a transaction: it should not after all.  Fine when it was not owed. */
enum vl_err vl_owe_not(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                       const uint8_t act[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;

/* Every office that something is owed to, by its address. */
enum vl_err vl_owed_offices(struct vl_store *store,
                            enum vl_err (*visit)(void *self, const uint8_t office[VL_HASH_LEN],
                                                 size_t count, struct vl_why *why),
                            void *self, struct vl_why *why) VL_MUST_USE;

/* So many evidence files for one office go on one stick. */
#define VL_OWED_FILES 64

/* One act of what goes: how much of its leaves, and of those of what it names, is in files, and in
 * files that were handed on.  What is not all there goes on from there with the next stick. */
struct vl_owed_act {
    uint8_t id[VL_HASH_LEN];
    uint32_t put;
    uint32_t gone;
};
#define VL_OWED_ALL UINT32_MAX

/* What goes to an office. */
struct vl_owed {
    /* Said before: what waits for a hand-over goes along, too; and who gets each file that is full,
     * with the acts in it.  NULL: what does not fit into one file waits.  A file may have so many
     * bytes, which whoever gets one may change. */
    bool by_hand;
    enum vl_err (*full)(void *self, const struct vl_id_set *acts, vl_bytes file,
                        struct vl_why *why);
    void *self;
    size_t max_len;
    struct vl_buf file;       /* the last file */
    struct vl_id_set in_file; /* all acts of it */
    size_t count;             /* acts that are owed, in all files */
    struct vl_owed_act *acts;
    bool no_room; /* some of it did not fit into files of max_len */
    size_t fresh; /* vl_owed_fresh */
};
#define VL_OWED_INIT                                                                               \
    {                                                                                              \
        .max_len = VL_EVIDENCE_MAX_LEN, .file = { NULL, 0, 0, VL_EVIDENCE_MAX_LEN }                \
    }
void vl_owed_release(struct vl_owed *owed);
/* Collect what is owed to this office, with the cards, hand-overs and mandates that it needs to
 * verify it; what went least often comes first.  file stays empty when nothing is.  What does not
 * fit waits for the next stick; NO_SPACE when nothing fits into max_len. */
enum vl_err vl_owed_collect(struct vl_home *home, const uint8_t office[VL_HASH_LEN],
                            struct vl_owed *owed, struct vl_why *why) VL_MUST_USE;
/* Everything that is in files so far was handed on. */
void vl_owed_file_gone(struct vl_owed *owed);
/* How much of what is owed to this office never went out. */
enum vl_err vl_owed_fresh(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                          struct vl_owed *owed, struct vl_why *why) VL_MUST_USE;
/* In a transaction: what is gone went out once more. */
enum vl_err vl_owed_sent(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                         const struct vl_owed *owed, struct vl_why *why) VL_MUST_USE;

#endif
