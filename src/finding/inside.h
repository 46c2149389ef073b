/* SPDX-License-Identifier: Apache-2.0 */
/* finding/inside.h: what the files of this room share.
 *
 * The acts of a set are the nodes of a graph, sorted by id; an arrow goes from an act to each one
 * that it follows.  Ids are hashes of what they name, so there is no circle. */
#ifndef VL_FINDING_INSIDE_H
#define VL_FINDING_INSIDE_H

#include "finding/arena.h"
#include "finding/finding.h"

/* Of a `transferred`. */
struct vl_node_handover {
    uint8_t handover[VL_NONCE_LEN];
    bool has_bag;
    uint8_t bag[VL_NONCE_LEN];
    bool has_taker;
    struct vl_office_id taker;
    vl_bytes carrier;
};

/* Of an accepted, receipted or refused. */
struct vl_node_answer {
    bool has_giver;
    struct vl_office_id giver;
    struct vl_office_id addressee;
    size_t not_taken_count;
    vl_bytes not_taken;
    uint64_t not_taken_batch_count;
    vl_bytes reason;
    const struct vl_seals *seals;
};

struct vl_node_note {
    bool has_party;
    struct vl_office_id party;
    vl_bytes reason;
};

struct vl_node_about {
    vl_bytes field;
    vl_bytes old;
    vl_bytes now;
};

/* Of a statement, a translation or an act of an invitation: what it is about. */
struct vl_node_subject {
    enum vl_subject what; /* NONE: an invitation */
    uint8_t id[VL_HASH_LEN];
};

/* By whom an act is named, as far as that gives it a place before others (share.c). */
enum vl_named { VL_NAMED_ITSELF, VL_NAMED_BY_CHECKED, VL_NAMED_BY_PARTY, VL_NAMED_NOT };

struct vl_node;
struct vl_nodes {
    size_t count;
    struct vl_node **at;
};

/* One leaf of an act, as its kind has them: a letter of a batch, or for `seen` an act. */
struct vl_node_leaf {
    struct vl_node *node;
    uint64_t index;
    vl_bytes wire;
    uint8_t number[VL_HASH_LEN];
    struct vl_office_id from; /* only of a waybill */
};

struct vl_node {
    const struct vl_object *object;
    uint8_t id[VL_HASH_LEN];
    size_t index; /* by id */
    enum vl_kind kind;
    enum vl_act_form form;
    struct vl_office_id issuer;
    uint8_t card[VL_HASH_LEN];
    enum vl_capacity capacity;
    bool has_at;
    uint64_t at_ms;
    struct vl_when when;
    uint64_t count; /* letters in it; 1 where it is about no batch */
    uint8_t root[VL_HASH_LEN];
    const uint8_t *number; /* opened, accepted-part */
    bool has_under;
    uint8_t under_id[VL_HASH_LEN];
    bool has_answers;
    uint8_t answers_id[VL_HASH_LEN];
    bool has_target; /* of ratified, witnessed, corrected; the mandate that is ended */
    uint8_t target_id[VL_HASH_LEN];
    size_t named_count; /* every id that it names, but for those of leaves */
    const uint8_t (*named)[VL_HASH_LEN];
    union {
        const struct vl_node_handover *handover;
        const struct vl_node_answer *answer;
        const struct vl_node_note *note;
        const struct vl_node_about *about;
        const struct vl_opened *opened;
        const struct vl_mandate *mandate;
        const struct vl_succeeds *succeeds;
        const struct vl_statement *statement;
        const struct vl_translation *translation;
        const struct vl_invitation *invitation;
    } as;
    size_t subject_count;
    const struct vl_node_subject *subjects;
    size_t leaf_count;
    const struct vl_node_leaf *leaves; /* by index */

    /* Those of the set, or NULL. */
    struct vl_node *under;
    struct vl_node *answers;
    struct vl_node *target;
    struct vl_nodes follows;
    struct vl_nodes followed_by;
    struct vl_nodes targeted_by; /* about it: ratified, witnessed, corrected, ended, seen */
    struct vl_nodes under_it;    /* acts under this mandate */
    struct vl_nodes answered_by; /* acts that answer this hand-over */
    struct vl_nodes twins; /* of a hand-over or an answer: all that stand in one place with it, when
                            * they are several, itself among them; only those that are ok */
    size_t depth;          /* of the longest way down; what it follows is less deep */

    bool is_complete; /* all signatures that its card asks for */
    bool is_current;  /* its card is neither retired, revoked nor of a fork: it can vouch */
    bool is_ok;       /* proven against its issuer */
    uint32_t marks;

    /* Of the finding that is being made: whether it is about the letter, and which of those that
     * are it follows, a bit for each. */
    uint64_t visited;
    uint64_t about;
    uint64_t waits;     /* to be heard, or has been left out */
    uint64_t left;      /* out, beyond a share */
    uint64_t completed; /* by an act about the letter (hear.c) */
    enum vl_named rank; /* while it waits */
    size_t place;
    uint64_t *follows_about;
    struct vl_found_said *said;       /* of a statement or a translation */
    struct vl_found_invited *invited; /* of an act of the invitation that it is about */
};

/* The chains of one office. */
struct vl_set_office {
    struct vl_office_id id;
    size_t count;
    const struct vl_chain **chains;
};

struct vl_set_item {
    const struct vl_evidence_item *item;
    enum vl_standing standing; /* NONE: not verified */
    bool is_checked;           /* with all the chains that there are */
};

/* A letter and an act that is about it by itself; sorted by both. */
struct vl_set_letter {
    const uint8_t *number;
    struct vl_node *node;
};

struct vl_finding_set {
    size_t chain_count;
    size_t chain_cap;
    const struct vl_chain **chains;
    size_t checked_count;
    size_t checked_cap;
    struct vl_checked *checked; /* sorted by prepare */
    size_t closure_count;
    size_t closure_cap;
    const struct vl_closure **closures; /* likewise, by id */
    size_t item_count;
    size_t item_cap;
    struct vl_set_item *items;

    bool is_prepared;
    struct vl_arena *prepared; /* what is made anew by every prepare */
    size_t office_count;
    struct vl_set_office *offices; /* by id */
    size_t node_count;
    struct vl_node **nodes; /* by id */
    size_t leaf_count;
    struct vl_node_leaf *leaves;
    size_t letter_count;
    struct vl_set_letter *letters; /* what acts are about */
    size_t named_count;
    struct vl_set_letter *named; /* what mandates name */
    size_t mandated_count;
    struct vl_node **mandated; /* every mandate */
    size_t left_out_count;
    uint64_t generation; /* of the last finding */
};

/* The finding that is being made. */
struct vl_making {
    struct vl_finding_set *set;
    struct vl_finding *finding;
    struct vl_arena *arena;
    const uint8_t *number;
    size_t about_count;
    size_t about_cap;
    struct vl_node **about; /* by id */
    /* What is proven to be sealed. */
    size_t from_count;
    struct vl_office_id *from;          /* ascending, none twice */
    const struct vl_waybill **waybills; /* as finding->sealed */
    vl_bytes *wires;                    /* likewise */
    struct vl_waybill *scratch;
    size_t contradiction_cap;
    size_t dispute_cap;
};

/* read.c: the payload of a verified item; *node is filled but for its places in the graph. */
enum vl_err vl_node_read(struct vl_arena *arena, const struct vl_evidence_item *item,
                         struct vl_act_any *scratch, struct vl_node *node,
                         struct vl_why *why) VL_MUST_USE;

/* order.c */
enum vl_err vl_order_link(struct vl_finding_set *set) VL_MUST_USE;
/* Which act about the letter follows which. */
enum vl_err vl_order_among(struct vl_making *making) VL_MUST_USE;
/* Both are about the letter. */
bool vl_follows(const struct vl_node *node, const struct vl_node *earlier);
struct vl_node *vl_set_find(const struct vl_finding_set *set, const uint8_t id[VL_HASH_LEN]);

/* standing.c: is_complete is known, the rest of it is found out. */
enum vl_err vl_find_standing(struct vl_finding_set *set) VL_MUST_USE;
const struct vl_set_office *vl_set_office(const struct vl_finding_set *set,
                                          const struct vl_office_id *office);
/* Has the user checked any card of this office? */
bool vl_set_is_checked(const struct vl_finding_set *set, const struct vl_office_id *office);
/* Has either of them ever given the other a mandate, of whatever standing (claim.c)? */
bool vl_set_are_bound(const struct vl_finding_set *set, const struct vl_office_id *a,
                      const struct vl_office_id *b);

/* about.c: which acts are about the letter, and what else of the basis. */
enum vl_err vl_find_about(struct vl_making *making) VL_MUST_USE;
/* Once. */
enum vl_err vl_about_add(struct vl_making *making, struct vl_node *node) VL_MUST_USE;
/* Is it there by now? */
bool vl_is_about(const struct vl_making *making, const struct vl_node *node);
/* A statement or a translation? */
bool vl_is_said(const struct vl_node *node);
/* What an act under it rests on: a mandate, or the word of who comes after whom. */
bool vl_is_warrant(const struct vl_node *node);
/* That, or an act of an invitation: whatever anybody can sign as often as he likes. */
bool vl_is_heard(const struct vl_node *node);
/* Acts that are about the letter by themselves, or name it, sorted by id. */
struct vl_entries {
    const struct vl_set_letter *at;
    size_t count;
};
/* hear.c: of these, and of what is around them, as much as there is room for. */
enum vl_err vl_find_heard(struct vl_making *making, const struct vl_entries *own,
                          const struct vl_entries *named) VL_MUST_USE;

/* share.c: how much of the room each office has. */
struct vl_shares;
/* Whom it concerns is known of all acts that are about the letter by themselves. */
enum vl_err vl_shares_new(struct vl_making *making, const struct vl_entries *own,
                          struct vl_shares **shares) VL_MUST_USE;
/* Is it from or to this office, according to any waybill; is it a party otherwise, or checked? */
bool vl_shares_has_waybill(const struct vl_shares *shares, const struct vl_office_id *office);
bool vl_shares_is_near(const struct vl_shares *shares, const struct vl_office_id *office);
enum vl_named vl_shares_named(const struct vl_shares *shares, const struct vl_node *node);
/* Has its issuer nothing else of its sort about the letter? */
bool vl_shares_is_first(const struct vl_shares *shares, const struct vl_node *node);
/* Is there room for an act and what it needs, `count` in all; beyond its issuer's share? */
bool vl_shares_has_room(const struct vl_shares *shares, const struct vl_node *node, size_t count,
                        bool beyond);
enum vl_err vl_shares_take(struct vl_shares *shares, const struct vl_node *node,
                           size_t count) VL_MUST_USE;
/* Does the taker that a hand-over names take by this, which is ok, what was handed? */
bool vl_is_taken_by(const struct vl_node *answer);
/* It is about the letter now. */
enum vl_err vl_shares_note(struct vl_shares *shares, const struct vl_node *node) VL_MUST_USE;

/* mandate.c */
struct vl_mandate_judgement {
    bool is_held; /* it, and the one that it is under, are in the set */
    enum vl_mandate_flaw flaw;
    uint32_t marks; /* of a good one */
};
/* Is the mandate that this act cites good for it: this power, this principal?  Orders that are not
 * known are disputes, and are added to the finding. */
enum vl_err vl_mandate_judge(struct vl_making *making, struct vl_node *act, enum vl_power power,
                             const struct vl_office_id *principal,
                             struct vl_mandate_judgement *judgement) VL_MUST_USE;
/* For whom an act under this mandate is, if it is good; NULL when that mandate is not held. */
const struct vl_office_id *vl_mandate_principal(const struct vl_node *mandate);
/* Is this an end of the mandate that counts: its own issuer's? */
bool vl_mandate_ends(const struct vl_node *revocation, const struct vl_node *mandate);
/* That, and heard: one of those that whoever asks about the letter is told of. */
bool vl_mandate_is_ended(const struct vl_making *making, const struct vl_node *revocation,
                         const struct vl_node *mandate);
/* The mark of a flaw. */
uint32_t vl_mandate_mark(enum vl_mandate_flaw flaw);

/* The facts, each by its file; in this order. */
enum vl_err vl_find_sealed(struct vl_making *making) VL_MUST_USE;      /* origin.c */
enum vl_err vl_find_packages(struct vl_making *making) VL_MUST_USE;    /* origin.c */
enum vl_err vl_find_handed(struct vl_making *making) VL_MUST_USE;      /* holding.c */
enum vl_err vl_find_holders(struct vl_making *making) VL_MUST_USE;     /* holding.c */
enum vl_err vl_find_incomplete(struct vl_making *making) VL_MUST_USE;  /* incomplete.c */
enum vl_err vl_find_addressees(struct vl_making *making) VL_MUST_USE;  /* addressee.c */
enum vl_err vl_find_answers(struct vl_making *making) VL_MUST_USE;     /* answered.c */
enum vl_err vl_find_claims(struct vl_making *making) VL_MUST_USE;      /* claim.c */
enum vl_err vl_find_mandates(struct vl_making *making) VL_MUST_USE;    /* claim.c */
enum vl_err vl_find_corrections(struct vl_making *making) VL_MUST_USE; /* claim.c */
enum vl_err vl_find_conflicts(struct vl_making *making) VL_MUST_USE;   /* conflict.c */
enum vl_err vl_find_ladder(struct vl_making *making) VL_MUST_USE;      /* ladder.c */
enum vl_err vl_find_said(struct vl_making *making) VL_MUST_USE;        /* said.c */
enum vl_err vl_find_invitation(struct vl_making *making) VL_MUST_USE;  /* invited.c */

/* said.c: does this statement relate so to the act; and does it dispute it?  Both are about the
 * letter, and what is said of everything is known. */
bool vl_said_relates(const struct vl_node *node, const struct vl_node *target,
                     enum vl_relation relation);
bool vl_said_disputes(const struct vl_node *node, const struct vl_node *target);
/* addressee.c: one more act that gives a fact this level. */
enum vl_err vl_fact_add(struct vl_making *making, struct vl_found_fact *fact, enum vl_level level,
                        const struct vl_node *act, uint32_t marks) VL_MUST_USE;
/* invited_life.c: what the invitation is now, when its acts are known. */
enum vl_err vl_find_versions(struct vl_making *making, struct vl_found_invitation *invitation,
                             struct vl_node *const *nodes) VL_MUST_USE;
/* Did both know of the same acts; is it one date, where both have any? */
bool vl_invited_same_heads(const struct vl_invitation *a, const struct vl_invitation *b);
bool vl_invited_same_date(const struct vl_invitation *a, const struct vl_invitation *b);

/* succession.c: may the change, if it is under a succession, be made by it?  It is of a statement
 * about the letter.  What is wrong with it, and what is not certain, is among its marks. */
enum vl_err vl_judge_succession(struct vl_making *making, struct vl_node *change) VL_MUST_USE;
/* Does a newest card of this office that is to be trusted name the other as guardian (standing.c)?
 */
bool vl_set_is_guardian(const struct vl_finding_set *set, const struct vl_office_id *office,
                        const struct vl_office_id *guardian);
/* said_source.c: who said it, of a relay, as far down as the set goes; and what that makes of it.
 */
enum vl_err vl_find_sources(struct vl_making *making, const struct vl_node *relay,
                            struct vl_found_said *said) VL_MUST_USE;
/* said_against.c: words about the letter beside its evidence. */
enum vl_against vl_find_against(const struct vl_making *making, const struct vl_node *node);
/* Does the evidence of the letter have what this statement says of it, and of no other letter? */
bool vl_is_matched(const struct vl_making *making, const struct vl_statement *statement);
/* promise.c: of a commit, when it is known what became of all words that follow it. */
enum vl_err vl_find_promise(struct vl_making *making, const struct vl_node *commit) VL_MUST_USE;
/* meeting.c: of any statement, when it is known what became of all words. */
enum vl_err vl_find_meeting(struct vl_making *making, const struct vl_node *node) VL_MUST_USE;
/* Does a denial deny what its own office has signed?  The act, or NULL; the i-th. */
const struct vl_node *vl_denied_own(const struct vl_making *making, const struct vl_node *node,
                                    size_t i);
/* Is this office who speaks: its signer, or for whom it is spoken under a good mandate? */
bool vl_speaks_for(const struct vl_node *node, const struct vl_office_id *office);
/* Acts that stand in one place, in the whole set (conflict.c). */
enum vl_err vl_find_twins(struct vl_finding_set *set) VL_MUST_USE;

/* For qsort over pointers to nodes: what leans on nothing first, then by index. */
int vl_node_by_depth(const void *a, const void *b);
int vl_node_by_index(const void *a, const void *b);
bool vl_same(const uint8_t a[VL_HASH_LEN], const uint8_t b[VL_HASH_LEN]);
int vl_hash_cmp(const void *a, const void *b);

/* hashes.c: sets of ids while they grow.  Adding keeps the order; twice is once. */
enum vl_err vl_hashes_add(struct vl_arena *arena, struct vl_hashes *set,
                          const uint8_t id[VL_HASH_LEN]) VL_MUST_USE;
bool vl_hashes_has(const struct vl_hashes *set, const uint8_t id[VL_HASH_LEN]);
int vl_hashes_cmp(const struct vl_hashes *a, const struct vl_hashes *b);

/* One more of conflict.c; `acts` belong to the finding. */
enum vl_err vl_contradiction_add(struct vl_making *making, enum vl_contradiction kind,
                                 const struct vl_office_id *office,
                                 const struct vl_hashes *acts) VL_MUST_USE;
enum vl_err vl_find_two_faced(struct vl_making *making) VL_MUST_USE; /* invited_conflict.c */

/* Add a dispute between these offices about these acts (dispute.c); `hashes` belong to the finding.
 */
enum vl_err vl_dispute_add(struct vl_making *making, enum vl_dispute kind,
                           const struct vl_hashes *offices,
                           const struct vl_hashes *acts) VL_MUST_USE;
enum vl_err vl_find_disputes(struct vl_making *making) VL_MUST_USE;

#endif
