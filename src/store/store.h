/* SPDX-License-Identifier: Apache-2.0 */
/* store/store.h: what an office keeps: envelopes, waybills, signed objects, cards.
 *
 * Several keepers of one promise (struct vl_store_ops): in memory, and SQLite with segments in a
 * home.  What vl_txn_commit calls VL_OK survives a power cut; what was not committed was never
 * there.  One writer at a time; a store is used by one thread.  Everything in it was verified
 * before it came in; `doctor --verify` looks again. */
#ifndef VL_STORE_STORE_H
#define VL_STORE_STORE_H

#include "base/bytes.h"
#include "crypto/hash.h"

/* Envelopes under this live in segments, larger ones in files of their own. */
#define VL_STORE_SMALL       ((uint64_t)1 << 20)
#define VL_STORE_MAX_TO      64
#define VL_STORE_MAX_PETNAME 64

enum vl_letter_role {
    VL_ROLE_WRITTEN = 1, /* by this office */
    VL_ROLE_TAKEN = 2,   /* came from outside */
    VL_ROLE_CARRIED = 4  /* signed for as a carrier: it goes on to others */
};

/* How far a letter that goes to others has come, as far as is known here. */
enum vl_letter_way {
    VL_WAY_NONE,     /* it goes nowhere: it is for this office, or nobody waits for it any more */
    VL_WAY_WAITING,  /* to be handed over */
    VL_WAY_HANDED,   /* in a bag that was handed over; nobody signed for it yet */
    VL_WAY_PASSED,   /* the next one signed for it */
    VL_WAY_RECEIPTED /* signed for at its far end */
};

/* One letter as the index knows it.  After reading, waybill and path borrow from the row's buffer.
 */
struct vl_letter_row {
    uint8_t number[VL_HASH_LEN];
    uint64_t size;
    uint8_t mode;   /* 1 sealed, 2 open */
    unsigned roles; /* enum vl_letter_role, or-ed */
    bool has_from;  /* said by a waybill, or by the letter itself once it was opened */
    uint8_t from[VL_HASH_LEN];
    bool from_proven; /* the letter's own signature was checked against that office's card */
    size_t to_count;
    uint8_t to[VL_STORE_MAX_TO][VL_HASH_LEN];
    bool has_core;
    uint8_t core[VL_HASH_LEN];
    bool has_letter_id;
    uint8_t letter_id[16];
    bool has_date;
    int64_t date_s;
    bool has_expires;
    int64_t expires_s;
    bool has_expect_by;
    int64_t expect_by_s;
    int64_t kept_at_s; /* when it came in, by this machine's clock */
    uint8_t verdict;   /* of `opened`: 0 not opened yet */
    int64_t opened_at_s;
    bool forgotten;   /* the envelope was removed, the rest stays */
    uint8_t way;      /* enum vl_letter_way */
    bool quarantined; /* it came from an office that was not known */
    bool has_via;     /* the hand-over by which it came */
    uint8_t via[VL_HASH_LEN];
    vl_bytes waybill; /* none when none is held */
    bool has_sealed;  /* the `sealed` event that vouches for the waybill */
    uint8_t sealed[VL_HASH_LEN];
    uint64_t leaf_index;
    vl_bytes path;     /* hashes of 32 bytes, one after the other; none for own batches, whose
                          leaves are all here */
    struct vl_buf own; /* what waybill and path point into after reading */
};
#define VL_LETTER_ROW_INIT                                                                         \
    {                                                                                              \
        .own = { NULL, 0, 0, (size_t)1 << 20 }                                                     \
    }
void vl_letter_row_release(struct vl_letter_row *row);
/* Is the letter to this office?  From it, or to it? */
bool vl_letter_row_is_to(const struct vl_letter_row *row, const uint8_t office[VL_HASH_LEN]);
bool vl_letter_row_concerns(const struct vl_letter_row *row, const uint8_t office[VL_HASH_LEN]);

/* One office as the store knows it. */
struct vl_office_row {
    uint8_t office[VL_HASH_LEN];
    char petname[VL_STORE_MAX_PETNAME + 1]; /* empty: none was given */
    bool is_own;
    bool checked; /* by words; which card that was: */
    uint8_t checked_card[VL_HASH_LEN];
    int64_t checked_at_s;
    unsigned failed_checks; /* three lock it (PROTOCOL 20) */
    bool forked;            /* two cards of one serial were seen */
    int64_t added_at_s;
    vl_bytes cards; /* the card file; borrows from own after reading */
    struct vl_buf own;
};
#define VL_OFFICE_ROW_INIT                                                                         \
    {                                                                                              \
        .own = { NULL, 0, 0, (size_t)8 << 20 }                                                     \
    }
void vl_office_row_release(struct vl_office_row *row);

struct vl_object_row {
    uint8_t id[VL_HASH_LEN];
    const char *kind; /* word of the wire */
    uint8_t issuer[VL_HASH_LEN];
    int64_t kept_at_s;
    vl_bytes bytes;
    const uint8_t (*about)[VL_HASH_LEN]; /* numbers, objects, offices: for finding it again */
    size_t about_count;
};

/* What ties one thing to another and is no signed object itself. */
enum vl_tie_kind {
    VL_TIE_BATCH = 1, /* about an act over few letters: the leaves of its tree; key is the act's id
                         again */
    VL_TIE_LEAF = 2,  /* about a letter: its place under the act `key`, when that act's leaves are
                         not all here */
    VL_TIE_OWED = 3,  /* about an office: it should get to see the object `key` */
    VL_TIE_PARCEL =
        4, /* about an office: a bag of evidence for it, to be carried; key is its name */
    VL_TIE_HANDOVER =
        5, /* about an office: what is known of hand-overs to it; key is one's choice */
    /* About a letter of which only slices are here; key is the SHA-256 of its waybill. */
    VL_TIE_PARTIAL = 6,
    /* About a letter: which slices went to the office `key`, or to the courier whose name has that
     * SHA-256; of all zeroes: the hashes of its slices. */
    VL_TIE_SLICES = 7,
    VL_TIE_CLOSES =
        8, /* about an own card: the ids that it closes, ascending; key is its id again */
    VL_TIE_CLOSURE = 9, /* about an act: its place under what the card `key` closes */
    /* About a letter to several: how far it came with the addressee `key`. */
    VL_TIE_ADDRESSEE = 10,
    /* About a letter that lies on the stick that it came on: by which hand-over; key is zeroes. */
    VL_TIE_STAYS = 11,
    /* About an act over many letters: some of its leaves, one behind the other; key is the number
     * of the first of them. */
    VL_TIE_LEAVES = 12,
    /* About an act over many letters: what its tree is made of, to find one path; key is the act's
     * id again. */
    VL_TIE_TREE = 13,
    VL_TIE_ANSWERS = 14, /* about a letter: it answers the letter `key` */
    /* About a hand-over that this home gave or took: which one it was; key is its id again. */
    VL_TIE_PLACE = 15,
    /* About a bag of evidence that was taken: so many of its acts are about nothing that is here;
     * key is its id again. */
    VL_TIE_LEFT = 16
};
#define VL_TIE_KINDS   16
#define VL_TIE_MAX_LEN ((size_t)1 << 30)

struct vl_tie {
    enum vl_tie_kind kind;
    uint8_t about[VL_HASH_LEN];
    uint8_t key[VL_HASH_LEN];
    vl_bytes bytes;
};

struct vl_store; /* a keeper: begins with its ops */

/* An envelope on its way in, of a length nobody knows yet: in memory while it is small, then in a
 * nameless file of the home. */
struct vl_spool;
enum vl_err vl_spool_new(struct vl_store *store, struct vl_spool **out,
                         struct vl_why *why) VL_MUST_USE;
struct vl_sink vl_spool_sink(struct vl_spool *spool);
uint64_t vl_spool_size(const struct vl_spool *spool);
/* Takes NULL. */
void vl_spool_free(struct vl_spool *spool);

/* An envelope being read. */
struct vl_envelope;
/* NOT_FOUND also when it was forgotten. */
enum vl_err vl_store_envelope(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                              struct vl_envelope **out, struct vl_why *why) VL_MUST_USE;
uint64_t vl_envelope_size(const struct vl_envelope *envelope);
/* Are the bytes that are kept those of that number?  All of them are read: a disk keeps what it
 * likes. NOT_FOUND, NO_MEMORY, and what a damaged store fails with. */
enum vl_err vl_store_envelope_holds(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                    bool *yes, struct vl_why *why) VL_MUST_USE;
/* Some bytes; *got is 0 at the end only. */
enum vl_err vl_envelope_read(struct vl_envelope *envelope, vl_room room, size_t *got,
                             struct vl_why *why) VL_MUST_USE;
/* Go on reading at this byte, or at the end if there are not so many. */
void vl_envelope_seek(struct vl_envelope *envelope, uint64_t at);
void vl_envelope_free(struct vl_envelope *envelope);

/* Transactions: one at a time. */
enum vl_err vl_store_begin(struct vl_store *store, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_store_commit(struct vl_store *store, struct vl_why *why) VL_MUST_USE;
/* Nothing when none was begun. */
void vl_store_rollback(struct vl_store *store);
/* From now on nothing is kept: what is committed can be seen until the store is closed, or until a
 * transaction is rolled back, and is gone then. */
void vl_store_rehearse(struct vl_store *store);

/* In a transaction.  The spool is taken, also on failure; or bytes, a whole small envelope.  A
 * letter that is there already is fine when size agrees: roles are added, and what row has and the
 * kept one has not is filled in; *is_new tells.  One whose envelope is not where the index says
 * gets this one: that is how a backup comes back.  So does a forgotten one that comes by a
 * hand-over (has_via), which is signed for. */
enum vl_err vl_store_put_letter(struct vl_store *store, const struct vl_letter_row *row,
                                struct vl_spool *spool, bool *is_new,
                                struct vl_why *why) VL_MUST_USE;
enum vl_err vl_store_put_letter_bytes(struct vl_store *store, const struct vl_letter_row *row,
                                      vl_bytes envelope, bool *is_new,
                                      struct vl_why *why) VL_MUST_USE;

/* A large envelope of which only slices are here: its bytes under the SHA-256 of the waybill, which
 * alone says what its slices are.  What else is known of it, and which bytes are there, stands in a
 * tie (VL_TIE_PARTIAL) with that hash as key; bytes without such a tie are swept away. */
/* In a transaction: these bytes, at this place of the envelope; durable when committed.  Bytes that
 * were put before and that no tie speaks of may be there or not. */
enum vl_err vl_store_put_part(struct vl_store *store, const uint8_t id[VL_HASH_LEN], uint64_t at,
                              vl_bytes bytes, struct vl_why *why) VL_MUST_USE;
/* In a transaction: they are not needed any more.  Fine when there are none. */
enum vl_err vl_store_drop_part(struct vl_store *store, const uint8_t id[VL_HASH_LEN],
                               struct vl_why *why) VL_MUST_USE;
/* All of room, from this place on.  NOT_FOUND; FORMAT when there is not so much. */
enum vl_err vl_store_part_read(struct vl_store *store, const uint8_t id[VL_HASH_LEN], uint64_t at,
                               vl_room room, struct vl_why *why) VL_MUST_USE;
/* In a transaction: as vl_store_put_letter, the envelope being what was put under `part`, all of
 * it; nothing is copied in a home.  The tie is for the caller to drop. */
enum vl_err vl_store_put_letter_part(struct vl_store *store, const struct vl_letter_row *row,
                                     const uint8_t part[VL_HASH_LEN], bool *is_new,
                                     struct vl_why *why) VL_MUST_USE;
/* In a transaction: likewise, of a letter whose envelope lies somewhere else and was verified
 * there. It counts as forgotten; where it lies is for the caller to remember. */
enum vl_err vl_store_put_letter_elsewhere(struct vl_store *store, const struct vl_letter_row *row,
                                          bool *is_new, struct vl_why *why) VL_MUST_USE;
/* Replace the row of a letter that is there; its envelope stays. */
enum vl_err vl_store_update_letter(struct vl_store *store, const struct vl_letter_row *row,
                                   struct vl_why *why) VL_MUST_USE;
/* The `sealed` that vouches for a letter's waybill, and its place under it.  NOT_FOUND. */
enum vl_err vl_store_set_sealed(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                const uint8_t sealed[VL_HASH_LEN], uint64_t leaf_index,
                                struct vl_why *why) VL_MUST_USE;
/* Remove the envelope and remember that it was here; durable when committed, and its bytes are
 * overwritten or given back to the file system as far as that can be done. */
enum vl_err vl_store_forget(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                            struct vl_why *why) VL_MUST_USE;
/* The same bytes again are fine; other bytes under the same id are INTERNAL. */
enum vl_err vl_store_put_object(struct vl_store *store, const struct vl_object_row *row,
                                struct vl_why *why) VL_MUST_USE;
/* Insert or replace.  EXISTS when another office has the petname. */
enum vl_err vl_store_put_office(struct vl_store *store, const struct vl_office_row *row,
                                struct vl_why *why) VL_MUST_USE;
/* Small facts of the home: a name and bytes up to 64 KiB. */
enum vl_err vl_store_put_fact(struct vl_store *store, const char *name, vl_bytes value,
                              struct vl_why *why) VL_MUST_USE;

/* Insert or replace. */
enum vl_err vl_store_put_tie(struct vl_store *store, const struct vl_tie *tie,
                             struct vl_why *why) VL_MUST_USE;
/* Fine when there is none. */
enum vl_err vl_store_drop_tie(struct vl_store *store, enum vl_tie_kind kind,
                              const uint8_t about[VL_HASH_LEN], const uint8_t key[VL_HASH_LEN],
                              struct vl_why *why) VL_MUST_USE;

/* Reading, inside or outside a transaction.  NOT_FOUND leaves the output as it was. */
enum vl_err vl_store_letter(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                            struct vl_letter_row *row, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_store_object(struct vl_store *store, const uint8_t id[VL_HASH_LEN],
                            struct vl_buf *bytes, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_store_office(struct vl_store *store, const uint8_t office[VL_HASH_LEN],
                            struct vl_office_row *row, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_store_office_named(struct vl_store *store, const char *petname,
                                  struct vl_office_row *row, struct vl_why *why) VL_MUST_USE;
/* Appends. */
enum vl_err vl_store_fact(struct vl_store *store, const char *name, struct vl_buf *value,
                          struct vl_why *why) VL_MUST_USE;

/* Appends. */
enum vl_err vl_store_tie(struct vl_store *store, enum vl_tie_kind kind,
                         const uint8_t about[VL_HASH_LEN], const uint8_t key[VL_HASH_LEN],
                         struct vl_buf *bytes, struct vl_why *why) VL_MUST_USE;

/* Walking.  visit() gives VL_OK to go on; anything else ends the walk and is handed back.  The row
 * is borrowed for the call, and the store must not be changed meanwhile. */
typedef enum vl_err (*vl_letter_visit)(void *self, const struct vl_letter_row *row,
                                       struct vl_why *why);
typedef enum vl_err (*vl_office_visit)(void *self, const struct vl_office_row *row,
                                       struct vl_why *why);
typedef enum vl_err (*vl_object_visit)(void *self, const struct vl_object_row *row,
                                       struct vl_why *why);
typedef enum vl_err (*vl_tie_visit)(void *self, const struct vl_tie *tie, struct vl_why *why);
/* Which letters: roles 0 is all; those that came last first, whatever the clock said. */
struct vl_letter_query {
    unsigned roles;
    bool has_office; /* from or to this one */
    uint8_t office[VL_HASH_LEN];
    bool has_sealed; /* under this `sealed` event, by number ascending instead */
    uint8_t sealed[VL_HASH_LEN];
    bool has_prefix; /* numbers that begin with these bits, by number ascending */
    uint8_t prefix[VL_HASH_LEN];
    unsigned prefix_bits;
    bool has_first; /* together with has_sealed: from this number on */
    uint8_t first[VL_HASH_LEN];
    unsigned ways;  /* 1 << enum vl_letter_way, or-ed; 0: all */
    bool lean;      /* waybill and path are not needed and may be none */
    uint64_t limit; /* 0: no limit */
};
enum vl_err vl_store_letters(struct vl_store *store, const struct vl_letter_query *query,
                             vl_letter_visit visit, void *self, struct vl_why *why) VL_MUST_USE;
/* By petname, those without one last. */
enum vl_err vl_store_offices(struct vl_store *store, vl_office_visit visit, void *self,
                             struct vl_why *why) VL_MUST_USE;
/* All objects, or those about one number, object or office; by kept_at_s, then id. */
enum vl_err vl_store_objects(struct vl_store *store, const uint8_t *about, vl_object_visit visit,
                             void *self, struct vl_why *why) VL_MUST_USE;

/* Ties of one kind, about one thing or (NULL) about all; by `about`, then key. */
enum vl_err vl_store_ties(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                          vl_tie_visit visit, void *self, struct vl_why *why) VL_MUST_USE;

/* Of everything that ties of this kind are about, or of this one thing: the tie with the largest
 * key that is not above `key`. */
enum vl_err vl_store_ties_below(struct vl_store *store, enum vl_tie_kind kind, const uint8_t *about,
                                const uint8_t key[VL_HASH_LEN], vl_tie_visit visit, void *self,
                                struct vl_why *why) VL_MUST_USE;

struct vl_store_size {
    uint64_t letters;
    uint64_t objects;
    uint64_t offices;
    uint64_t envelope_bytes;
};
enum vl_err vl_store_size(struct vl_store *store, struct vl_store_size *size,
                          struct vl_why *why) VL_MUST_USE;

/* The keepers.  The memory one is for tests and for whoever embeds. */
enum vl_err vl_store_memory_new(struct vl_store **out) VL_MUST_USE;
enum vl_store_flag {
    VL_STORE_CREATE = 1,   /* a new one; EXISTS when there is one */
    VL_STORE_READ_ONLY = 2 /* changes nothing, not even a journal; begin gives REFUSED */
};
/* In an existing folder: store.db, segments/, letters/, tmp/.  NO_HOME when there is none,
 * UNSUPPORTED when a newer valise made it (its words say so), LOCKED is the caller's business.
 * Whatever a killed process left half done is taken away. */
enum vl_err vl_store_home_open(const char *folder, unsigned flags, struct vl_store **out,
                               struct vl_why *why) VL_MUST_USE;
void vl_store_close(struct vl_store *store);

/* Look at everything that can be wrong without keys: the index's own check, every envelope there
 * with its size and, if `hashes`, its number, and files that no letter owns.  visit() is told each
 * finding; VL_OK when the looking itself worked. */
struct vl_store_finding {
    const char *what; /* a sentence */
    bool has_number;
    uint8_t number[VL_HASH_LEN];
    bool harmless;
};
enum vl_err vl_store_look(struct vl_store *store, bool hashes,
                          enum vl_err (*visit)(void *self, const struct vl_store_finding *finding),
                          void *self, struct vl_why *why) VL_MUST_USE;
/* A consistent copy of the index for a backup, written to this path, which must not exist; the
 * envelopes are walked over with vl_store_letters and vl_store_envelope. */
enum vl_err vl_store_snapshot(struct vl_store *store, const char *path,
                              struct vl_why *why) VL_MUST_USE;

#endif
