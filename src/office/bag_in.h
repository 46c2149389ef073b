/* SPDX-License-Identifier: Apache-2.0 */
/* office/bag_in.h: one bag on its way into the home: its list, its evidence, its letters. */
#ifndef VL_OFFICE_BAG_IN_H
#define VL_OFFICE_BAG_IN_H

#include "codec/number.h"
#include "custody/handover.h"
#include "evidence/payload.h"
#include "office/answers.h"
#include "office/keep_evidence.h"
#include "office/pieces.h"
#include "office/take_stick.h"

/* Evidence files of one bag whose cards are kept at hand. */
#define VL_BAG_IN_MAX_FILES 4096
/* Waybills of letters that are not taken which are kept at hand while one bag is read: more than
 * the lists of two bags have. */
#define VL_BAG_IN_MAX_PASSING ((size_t)1 << 19)

/* What one office whose card was not checked has brought on this stick. */
struct vl_unchecked_giver {
    uint8_t office[VL_HASH_LEN];
    uint64_t bytes;
    uint64_t acts;
};

/* What the takes of one stick share. */
struct vl_stick_taking {
    struct vl_home *home;
    const struct vl_take_stick_request *request;
    struct vl_number_prefix handover; /* of request->handover */
    bool keeps;         /* and signs; a dry run and the reading of what is refused keep nothing */
    bool copies;        /* of this bag nothing is left on the stick: a part of it is damaged */
    bool copies_slices; /* nor slices: they are not all of their letter, or not in order */
    struct vl_stick *stick;
    struct vl_signer signer;
    struct vl_held_mandates held;
    struct vl_seals seals;
    bool quarantine_known;     /* what is held apart here was counted */
    size_t quarantine_letters; /* and what this stick brought to it */
    uint64_t quarantine_bytes;
    size_t unchecked_count;
    struct vl_unchecked_giver *unchecked;
    uint64_t unchecked_bytes; /* of all of them */
    bool is_restored;         /* this home, from a backup, at restored_s */
    int64_t restored_s;
    uint64_t done_bytes;
    uint64_t total_bytes;
    bool letters; /* the second round: letters; first comes what only is evidence */
    bool is_late; /* the third: evidence once more that was about letters which came behind it */
    struct vl_taken_stick *taken;
};

/* One leaf of the bag's list, and what becomes of its letter. */
struct vl_bag_entry {
    struct vl_answer_letter answer;
    struct vl_stick_letter shown;
    bool seen;     /* its bundle came */
    bool in_batch; /* vouched for without a path: by all the others of its `sealed` */
    uint8_t sealed[VL_HASH_LEN];
    uint64_t leaf_index;
    uint8_t leaf_hash[VL_HASH_LEN]; /* of its waybill */
    struct vl_slice_set slices;     /* that came, to be kept */
    bool is_right;                  /* all of its slices, as they came, have its number */
    bool by_decided, by; /* its slices stay on the stick, as far as can be known before */
};

/* All slices of one letter, one after the other, while they go by and stay on the stick. */
struct vl_slices_by {
    const struct vl_bag_entry *entry; /* NULL: none goes by */
    uint64_t next;
    struct vl_hasher hasher; /* of the whole */
};

/* Slices of one letter that come in order, from the first on, and are kept: hashed as a whole while
 * they come, so that the letter need not be read again. */
struct vl_slices_run {
    bool is_running;
    bool in_slice; /* it began, and nobody knows yet what became of it */
    uint8_t number[VL_HASH_LEN];
    uint64_t next;
    uint64_t fed; /* bytes */
    struct vl_hasher hasher;
};

/* A waybill that went by, of a letter that is not taken here: others of its `sealed` may be vouched
 * for by all of them together. */
struct vl_bag_passing {
    uint8_t sealed[VL_HASH_LEN];
    uint64_t leaf_index;
    uint8_t leaf_hash[VL_HASH_LEN];
};

/* A bag while it is read. */
struct vl_bag_taking {
    struct vl_stick_taking *taking;
    struct vl_stick_bag *bag;
    struct vl_object list;
    struct vl_transferred transferred;
    bool giver_verified;
    bool giver_unknown; /* no card of it was here before */
    bool giver_checked;
    uint64_t evidence_bytes;
    size_t entry_count;
    struct vl_bag_entry *entries; /* ascending by number */
    size_t passing_count;
    size_t passing_cap;
    struct vl_bag_passing *passing;
    size_t file_count;
    struct vl_evidence **files;
    struct vl_keeping keeping;
    struct vl_answering answering;
    /* The last `sealed` that was looked up. */
    bool has_sealed;
    uint8_t sealed_id[VL_HASH_LEN];
    struct vl_office_id sealed_by;
    struct vl_sealed sealed;
    struct vl_object sealed_object;
    struct vl_partial partial; /* the letter that slices came of last, still to be kept */
    struct vl_slices_by by;
    struct vl_slices_run run;
    enum vl_err stopped; /* INTERRUPTED: between letters */
    bool again;          /* nothing was kept: once more, with copies */
    bool again_slices;   /* once more, with copies of what is in slices */
};

/* Was the bag with this list taken before?  Of letters this office's own answer counts. */
enum vl_err vl_taking_is_known(struct vl_stick_taking *taking, const uint8_t list[VL_HASH_LEN],
                               const struct vl_transferred *transferred, bool *known,
                               struct vl_why *why) VL_MUST_USE;
/* A bag that names nobody is for whoever has the stick. */
bool vl_taking_is_for_us(const struct vl_stick_taking *taking,
                         const struct vl_transferred *transferred);
/* How much there is to do, for whoever watches. */
enum vl_err vl_taking_measure(struct vl_stick_taking *taking, struct vl_why *why) VL_MUST_USE;
/* take_again.c: a home that was restored may have forgotten what it signed.  NO_MEMORY, IO. */
enum vl_err vl_taking_find_restored(struct vl_stick_taking *taking, struct vl_why *why) VL_MUST_USE;
/* How is this bag of letters answered, that was not as far as is known? */
enum vl_bag_answer vl_bag_taking_decide_answer(const struct vl_bag_taking *work);
/* Of a bag of evidence that was taken: how many acts of it were about nothing that was here.  It is
 * read again for them: what they are about may have come, with the same stick or with another. */
enum vl_err vl_taking_left(struct vl_stick_taking *taking, const uint8_t list[VL_HASH_LEN],
                           size_t *left, struct vl_why *why) VL_MUST_USE;
/* In a transaction: as many as there are of this one now. */
enum vl_err vl_taking_note_left(struct vl_bag_taking *work, struct vl_why *why) VL_MUST_USE;
/* A bag that was known, and of which nothing more is kept now, has nothing new. */
void vl_taking_tell_left(struct vl_stick_bag *bag);
/* A bag for somebody else: kept to be carried along, if it is evidence of and for offices that are
 * known. */
enum vl_err vl_taking_carry_along(struct vl_stick_taking *taking, const struct vl_bag_seen *seen,
                                  const struct vl_transferred *transferred,
                                  const struct vl_object *list, struct vl_why *why) VL_MUST_USE;
/* A bag that this office signed: by this home, or by a copy of it. */
enum vl_err vl_taking_own(struct vl_stick_taking *taking, const struct vl_transferred *transferred,
                          const struct vl_object *list, struct vl_why *why) VL_MUST_USE;
/* As much as its giver signed, whatever else lies in its folder. */
uint64_t vl_taking_bytes(const struct vl_transferred *transferred);
/* NO_SPACE when there is no room for all of it (PROTOCOL 24). */
enum vl_err vl_taking_check_room(const struct vl_stick_taking *taking,
                                 const struct vl_bag_taking *work, struct vl_why *why) VL_MUST_USE;

/* Read the leaf list and check it against the signed root; entries are made.  UNVERIFIED,
 * NOT_FOUND, LIMIT, IO. */
enum vl_err vl_bag_taking_leaves(struct vl_bag_taking *work, struct vl_bag *bag,
                                 struct vl_why *why) VL_MUST_USE;
/* Evidence that came in a bundle: unsealed, verified, its acts kept.  In a transaction. */
enum vl_err vl_bag_taking_evidence(struct vl_bag_taking *work, vl_bytes content,
                                   struct vl_why *why) VL_MUST_USE;
/* Is it the giver who signed the list?  NOT_FOUND without a card of it; UNVERIFIED. */
enum vl_err vl_bag_taking_giver(struct vl_bag_taking *work, struct vl_why *why) VL_MUST_USE;
/* A letter whose envelope is in the spool, which is taken; its number was computed on the way.  No
 * spool: it stays on the stick.  In a transaction.  What is wrong with the letter alone goes into
 * its entry, and VL_OK is given. */
enum vl_err vl_bag_taking_letter(struct vl_bag_taking *work, const struct vl_payload_head *head,
                                 const uint8_t number[VL_HASH_LEN], bool same_destination,
                                 struct vl_spool *spool, struct vl_why *why) VL_MUST_USE;
/* A slice of a letter begins; its bytes, as they come; and all of it, with SHA-256(00 || slice).
 * As for a letter. */
void vl_bag_taking_begin_slice(struct vl_bag_taking *work, const struct vl_payload_head *head);
void vl_bag_taking_slice_bytes(struct vl_bag_taking *work, vl_bytes bytes);
enum vl_err vl_bag_taking_slice(struct vl_bag_taking *work, const struct vl_payload_head *head,
                                vl_bytes slice, const uint8_t leaf[VL_HASH_LEN],
                                bool same_destination, struct vl_why *why) VL_MUST_USE;
/* When all bundles came: slices that go by are all there, or have to be copied (again_slices). */
void vl_bag_taking_end_slices(struct vl_bag_taking *work);
/* A letter came whole: slices of it are wanted no longer.  In a transaction. */
enum vl_err vl_bag_taking_drop_slices(struct vl_bag_taking *work, const uint8_t number[VL_HASH_LEN],
                                      struct vl_why *why) VL_MUST_USE;
/* When all bundles came: letters of which all slices are here become whole.  In a transaction. */
enum vl_err vl_bag_taking_join(struct vl_bag_taking *work, struct vl_why *why) VL_MUST_USE;
/* When the letters are answered: sign for the slices of those that are not whole.  In a
 * transaction. */
enum vl_err vl_bag_taking_sign_slices(struct vl_bag_taking *work, struct vl_why *why) VL_MUST_USE;
/* Between the files of bag_in: who vouches for the waybill, is there room for so many letters and
 * bytes, what row such a letter gets, and which entry of the list it is (NULL: none). */
enum vl_err vl_bag_taking_vouch(struct vl_bag_taking *work, const struct vl_payload_head *head,
                                const struct vl_waybill *waybill, struct vl_bag_entry *entry,
                                struct vl_why *why) VL_MUST_USE;
bool vl_bag_taking_has_room(struct vl_bag_taking *work, size_t letters, uint64_t bytes,
                            struct vl_bag_entry *entry);
void vl_bag_taking_row(const struct vl_bag_taking *work, const struct vl_payload_head *head,
                       const struct vl_waybill *waybill, const struct vl_bag_entry *entry,
                       struct vl_letter_row *row);
/* A letter that was here before has come again.  brought is the row that it would get as a new one.
 * In a transaction. */
enum vl_err vl_bag_taking_again(struct vl_bag_taking *work, const struct vl_letter_row *brought,
                                struct vl_why *why) VL_MUST_USE;
struct vl_bag_entry *vl_bag_taking_entry(struct vl_bag_taking *work,
                                         const uint8_t number[VL_HASH_LEN]);
/* work->sealed is the act of this id.  NOT_FOUND also for one that is none. */
enum vl_err vl_bag_taking_sealed(struct vl_bag_taking *work, const uint8_t id[VL_HASH_LEN],
                                 struct vl_why *why) VL_MUST_USE;
/* A letter that is not taken: one of another hand-over in a segment that stays, or one that is not
 * what it should be.  Where it came without a path its waybill helps to vouch for the others. */
void vl_bag_taking_passes(struct vl_bag_taking *work, const struct vl_payload_head *head);
/* When all bundles came: letters vouched for by all others of their `sealed`.  In a transaction. */
enum vl_err vl_bag_taking_batches(struct vl_bag_taking *work, struct vl_why *why) VL_MUST_USE;
/* Is it one that stays on the stick?  What is receipted here, also for somebody else, does not. */
bool vl_bag_taking_leaves_it(struct vl_bag_taking *work, const struct vl_waybill *waybill);
/* Read all bundles of all segments.  What is wrong with a part of the bag marks it as damaged. */
enum vl_err vl_bag_taking_read(struct vl_bag_taking *work, struct vl_bag *bag,
                               struct vl_why *why) VL_MUST_USE;
/* Everything in the list is to be refused, what is missing or altered too: each letter in the first
 * capacity in which it would have been signed for, one that could not be read as a carrier.
 * NOT_FOUND without a card of the giver here, LIMIT. */
enum vl_err vl_bag_taking_refuse(struct vl_bag_taking *work, struct vl_why *why) VL_MUST_USE;
/* In a transaction: letters of which a delegate has said that it has them are here now. */
enum vl_err vl_bag_taking_reached(struct vl_bag_taking *work, struct vl_why *why) VL_MUST_USE;
void vl_bag_taking_release(struct vl_bag_taking *work);

#endif
