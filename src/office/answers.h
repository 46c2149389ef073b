/* SPDX-License-Identifier: Apache-2.0 */
/* office/answers.h: what a taker signs for letters that were handed to it: one act for each
 * capacity (PROTOCOL 1), the rest named as not taken (PROTOCOL 8). */
#ifndef VL_OFFICE_ANSWERS_H
#define VL_OFFICE_ANSWERS_H

#include "office/acts.h"
#include "office/mandates.h"

/* Ways to sign that one hand-over may need: for itself, for principals, as a carrier. */
#define VL_ANSWERS_MAX_WAYS 32

/* In which capacity letters are signed for. */
struct vl_answer_way {
    enum vl_kind kind; /* accepted, receipted or refused */
    enum vl_capacity capacity;
    struct vl_office_id addressee; /* of receipted */
    bool has_under;
    uint8_t under[VL_HASH_LEN];
};

/* One letter of a hand-over, and what became of it. */
struct vl_answer_letter {
    uint8_t number[VL_HASH_LEN];
    uint8_t waybill[VL_HASH_LEN]; /* SHA-256 of it */
    bool taken;
    enum vl_not_taken_reason reason; /* when it was not */
    uint32_t ways;                   /* when it was: bit i is way i */
};

struct vl_answering {
    struct vl_home *home;
    const struct vl_signer *signer;
    bool has_answers; /* the `transferred` */
    uint8_t answers[VL_HASH_LEN];
    bool has_giver;
    struct vl_office_id giver;
    const struct vl_seals *seals; /* NULL: none were seen */
    vl_bytes person;              /* who signed, in words; none */
    vl_bytes method;
    vl_bytes place;
    vl_bytes condition;
    vl_bytes reason; /* of refused */
    vl_bytes words;
    bool manual;
    bool has_at;
    uint64_t at_ms;
    bool has_plus_minus;
    uint64_t plus_minus_ms;
    size_t way_count;
    struct vl_answer_way ways[VL_ANSWERS_MAX_WAYS];
    size_t letter_count;
    struct vl_answer_letter *letters; /* ascending by number */
    /* Set by vl_answers_sign: the acts, each way's, and zeroes for a way without letters. */
    uint8_t acts[VL_ANSWERS_MAX_WAYS][VL_HASH_LEN];
};

/* How this office signs for a letter with this waybill: bits of answering->ways, which grow.  An
 * addressee receipts for itself; whoever holds a mandate to receive receipts for its principal;
 * anybody else accepts it as a carrier, under the sender's mandate to carry if there is one.
 * LIMIT. */
enum vl_err vl_answers_ways(struct vl_answering *answering, const struct vl_held_mandates *held,
                            const struct vl_waybill *waybill, const uint8_t *handover,
                            uint32_t *ways, struct vl_why *why) VL_MUST_USE;

/* In a transaction: sign an act for each way and keep it; the giver should see all of them, each
 * letter's sender (by `sender`, which may be NULL) and each principal those about theirs.  Nothing
 * is signed when nothing was taken. */
typedef bool (*vl_answer_sender)(void *self, const uint8_t number[VL_HASH_LEN],
                                 uint8_t office[VL_HASH_LEN]);
enum vl_err vl_answers_sign(struct vl_answering *answering, vl_answer_sender sender, void *self,
                            int64_t now_s, struct vl_why *why) VL_MUST_USE;

/* Keep an act of this office that was just signed; leaves as in vl_acts_keep. */
enum vl_err vl_own_act_keep(struct vl_home *home, vl_bytes wire, vl_bytes leaves, int64_t now_s,
                            struct vl_why *why) VL_MUST_USE;
/* The same in a transaction of its own, and owe it to these offices. */
enum vl_err vl_own_act_keep_owed(struct vl_home *home, vl_bytes wire, const uint8_t id[VL_HASH_LEN],
                                 const struct vl_office_id *owed_to, size_t count, int64_t now_s,
                                 struct vl_why *why) VL_MUST_USE;

#endif
