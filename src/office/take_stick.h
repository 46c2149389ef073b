/* SPDX-License-Identifier: Apache-2.0 */
/* office/take_stick.h: take what is on a stick: verify it, keep it, sign for it, and write the
 * answer back (PROTOCOL 7, 8, 24, 29). */
#ifndef VL_OFFICE_TAKE_STICK_H
#define VL_OFFICE_TAKE_STICK_H

#include "custody/answer.h"
#include "office/home.h"
#include "office/pump.h"
#include "stick/bag.h"

/* Of offices that were not known, in one take (PROTOCOL 24; DECISIONS: quarantine). */
#define VL_QUARANTINE_MAX_LETTERS 1000
#define VL_QUARANTINE_MAX_BYTES   ((uint64_t)1 << 30)

/* Evidence that one bag may bring; and one office whose card was not checked, in one take; and all
 * of those together (PROTOCOL 24). */
#define VL_EVIDENCE_BAG_BYTES        ((uint64_t)64 << 20)
#define VL_EVIDENCE_UNCHECKED_BYTES  ((uint64_t)16 << 20)
#define VL_EVIDENCE_UNCHECKED_ACTS   10000
#define VL_EVIDENCE_UNCHECKED_IN_ALL ((uint64_t)64 << 20)

struct vl_take_stick_request {
    const char *stick;
    const char *person; /* who takes it, in words; NULL */
    const char *method;
    const char *place;
    const char *condition;
    const char *const *seals; /* physical ones, as seen */
    size_t seal_count;
    bool manual;
    bool dry_run; /* verify, and keep and sign nothing */
    /* What only passes is verified and signed for and stays on the stick, which goes on with the
     * taker.  Slices that are not all of their letter, and letters for this office, are kept here
     * all the same. */
    bool leave;
    /* Refuse what is there instead: every letter of every bag that is not answered, or of the one
     * hand-over that is named by its number; nothing but that is kept.  A code; NULL: take it. */
    const char *refuse;
    const char *refuse_words;
    const char *handover;
    /* Of a restored office: what may have been answered before was not, or that one hand-over that
     * is named. */
    bool not_answered;
    int64_t now_s;
    struct vl_asker asker;
    struct vl_rng rng;
    struct vl_progress progress;
    bool (*stop)(void *self); /* asked between letters; may be NULL */
    void *stop_self;
};

/* One letter of a bag. */
struct vl_stick_letter {
    uint8_t number[VL_HASH_LEN];
    uint64_t size;
    struct vl_office_id from; /* as its waybill says */
    struct vl_office_id to;   /* the first addressee */
    size_t to_count;
    bool vouched; /* the sender's `sealed` was there, and has the waybill */
    bool taken;
    bool is_new;
    bool quarantined;
    bool stays; /* on the stick */
    /* Of one that comes in slices: how many came with this bag, are here, and there are. */
    uint64_t slices, slices_here, slices_of;
    enum vl_not_taken_reason reason; /* when it was not taken */
    enum vl_kind kind;               /* signed for as accepted, receipted, or refused */
};

/* Is a hand-over signed for?  A home that was restored does not know what it signed after its
 * backup, and a second answer contradicts the first for ever (PROTOCOL 16). */
enum vl_bag_answer {
    VL_BAG_ANSWER_NOW,  /* it is */
    VL_BAG_ANSWER_DOUBT /* it may have been: its letters are kept, and neither signed for nor handed
                           on */
};

/* What became of one bag that was for this office. */
struct vl_stick_bag {
    uint8_t id[VL_BAG_ID_LEN];
    uint8_t act[VL_HASH_LEN];
    bool has_giver;
    struct vl_office_id giver;
    bool evidence_only;
    bool known_before; /* it was answered already */
    enum vl_bag_answer answer;
    bool gap;      /* it does not follow the giver's last hand-over that is known here */
    bool damaged;  /* a part of it cannot be read, or is not what was handed */
    bool failed;   /* it is the medium that does not give it */
    size_t handed; /* letters in its list */
    size_t letter_count;
    struct vl_stick_letter *letters; /* ascending by number */
    size_t acts;                     /* signed acts that came along and verify */
    size_t acts_refused;
    size_t acts_elsewhere; /* that verify, about nothing that is here: not kept */
    size_t left_before;    /* as many were when this bag was taken; 0: it was not, or none */
    size_t twins;          /* acts of this very office that this home never signed */
    size_t cards;
    size_t reached; /* receipts of own delegates that were confirmed */
    enum vl_err err;
    struct vl_why why;
};

struct vl_taken_stick {
    size_t bag_count;
    struct vl_stick_bag *bags; /* those for this office */
    size_t others;             /* bags for somebody else */
    size_t own;                /* bags that this office made */
    size_t own_twins;          /* of those, with letters: this home never signed them */
    size_t unfinished;
    size_t unreadable; /* no list that could be read */
    size_t failed;     /* of those, where it is the medium that does not give it */
    size_t parcels;    /* bags of evidence for others, kept to be carried along */
    uint64_t not_looked_at;
    size_t answered_offices; /* that evidence was written for */
    enum vl_err answer_err;  /* why the answer is not on the stick */
    struct vl_why answer_why;
};
void vl_taken_stick_release(struct vl_taken_stick *taken);

/* Each bag by itself: verified, kept and signed for, durable, or refused; then the answers are
 * written.  PARTIAL when some of it was not taken or not signed for, or an answer could not be
 * written; when every bag was refused, what the first refusal says: IO where the medium fails.
 * NOT_FOUND when there is no such folder; IO; NO_KEY; INTERRUPTED: what was taken until then is
 * kept and signed for. */
enum vl_err vl_take_stick(struct vl_home *home, const struct vl_take_stick_request *request,
                          struct vl_taken_stick *taken, struct vl_why *why) VL_MUST_USE;

#endif
