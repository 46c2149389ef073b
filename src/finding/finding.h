/* SPDX-License-Identifier: Apache-2.0 */
/* finding/finding.h: what a set of evidence proves about one letter, or one invitation
 * (docs/formats/finding.md).
 *
 * A finding is a function of the set, of the cards that the user checked, of the letter and of the
 * time as of which it is asked: the same in whatever order the evidence came, and however often.
 * Nobody's clock decides anything in it. */
#ifndef VL_FINDING_FINDING_H
#define VL_FINDING_FINDING_H

#include "evidence/evidence.h"

#define VL_FINDING_MAX_ITEMS  ((size_t)1 << 20)
#define VL_FINDING_MAX_CHAINS 64 /* of one office, that fork */
/* Acts about one letter: so far whoever is checked; whom it concerns; all others. */
#define VL_FINDING_MAX_ABOUT   4096
#define VL_FINDING_MAX_PARTIES 3072
#define VL_FINDING_MAX_STRANGE 2048
/* Of these, of one office: words, and all that strangers sign; what is none, of whom it concerns.
 */
#define VL_FINDING_MAX_HEARD   64
#define VL_FINDING_MAX_OWN     512
#define VL_FINDING_MAX_FIRST   3   /* what one act may need where the share is used up */
#define VL_FINDING_MAX_CLOCKS  256 /* disputes of the kind "clock" */
#define VL_FINDING_MAX_MISSING 1000

/* How far a fact is proven, least first (DESIGN 3). */
/* clang-format off */
#define VL_LEVEL_TABLE(X)                                                      \
    X(NONE,         "none")                                                    \
    X(HEARSAY,      "hearsay")                                                 \
    X(CLAIMED,      "claimed")                                                 \
    X(CORROBORATED, "corroborated")                                            \
    X(PROVEN,       "proven")

/* What stands beside a level, sorted by word; each is a bit. */
#define VL_MARK_TABLE(X)                                                       \
    X(FORKED,               "forked")                                          \
    X(INCOMPLETE,           "incomplete")                                      \
    X(NO_LONGER_VOUCHED,    "key-no-longer-vouched-for")                       \
    X(MANDATE_NOT_HELD,     "mandate-not-held")                                \
    X(MANDATE_NOT_VOUCHED,  "mandate-not-vouched")                             \
    X(MANDATE_USED_TWICE,   "mandate-used-twice")                              \
    X(NO_OPENING_VALUE,     "no-opening-value")                                \
    X(NO_SUCH_POWER,        "no-such-power")                                   \
    X(NOT_THE_GRANTEE,      "not-the-grantee")                                 \
    X(NOT_THE_PRINCIPAL,    "not-the-principal")                               \
    X(NOT_THESE_WORDS,      "not-these-words")                                 \
    X(NOT_THIS_HANDOVER,    "not-this-handover")                               \
    X(NOT_THIS_LETTER,      "not-this-letter")                                 \
    X(NOT_THIS_SENDER,      "not-this-sender")                                 \
    X(OUTSIDE_VALIDITY,     "outside-validity")                                \
    X(OVER_COUNT,           "over-count")                                      \
    X(RATIFIED,             "ratified")                                        \
    X(RETIRED_VOUCHED,      "retired-vouched")                                 \
    X(REVOKED,              "revoked")                                         \
    X(REVOKED_LATER,        "revoked-later")                                   \
    X(REVOKED_ORDER_UNKNOWN, "revoked-order-unknown")                          \
    X(SEALS_DIFFER,         "seals-differ")                                    \
    X(UNPLANNED_CHANGE,     "unplanned-change")                                \
    X(VALIDITY_NOT_CERTAIN, "validity-not-certain")

/* How far a letter came for one addressee, least first. */
#define VL_LADDER_TABLE(X)                                                     \
    X(NOTHING,               "nothing")                                        \
    X(SEALED,                "sealed")                                         \
    X(HANDED,                "handed")                                         \
    X(IN_CUSTODY,            "in-custody")                                     \
    X(RECEIPTED_BY_DELEGATE, "receipted-by-delegate")                          \
    X(RECEIPTED_FOR_OFFICE,  "receipted-for-office")                           \
    X(REACHED,               "reached")                                        \
    X(OPENED,                "opened")

/* What one office signed that cannot both be so; sorted by word. */
#define VL_CONTRADICTION_TABLE(X)                                              \
    X(DENIED_OWN_ACT,        "denied-own-act")                                 \
    X(MANDATE_USED_TWICE,    "mandate-used-twice")                             \
    X(OK_AND_MISMATCH,       "ok-and-mismatch")                                \
    X(RECEIPTED_AND_REFUSED, "receipted-and-refused")                          \
    X(TWO_ANSWERS,           "two-answers")                                    \
    X(TWO_CARDS,             "two-cards")                                      \
    X(TWO_HANDOVERS,         "two-handovers")                                  \
    X(TWO_ISSUES,            "two-issues")                                     \
    X(TWO_REPLIES,           "two-replies")                                    \
    X(TWO_WAYBILLS,          "two-waybills")

/* Where the set does not say who is right; sorted by word. */
#define VL_DISPUTE_TABLE(X)                                                    \
    X(CLOCK,                 "clock")                                          \
    X(ORIGIN,                "origin")                                         \
    X(REVOKED_ORDER_UNKNOWN, "revoked-order-unknown")

/* What became of words; sorted by word, each is a bit.  They stand when they are neither corrected,
 * superseded nor withdrawn. */
#define VL_SAID_TABLE(X)                                                       \
    X(CORRECTED,       "corrected")                                            \
    X(DISPUTED,        "disputed")                                             \
    X(SEVERAL,         "several-versions")                                     \
    X(SOURCELESS,      "sourceless")                                           \
    X(SUPERSEDED,      "superseded")                                           \
    X(UNAUTHENTICATED, "unauthenticated")                                      \
    X(WITHDRAWN,       "withdrawn")

/* What an invitation is now; sorted by word. */
#define VL_INVITED_TABLE(X)                                                    \
    X(ACCEPTED,      "accepted")                                               \
    X(APPOINTED,     "appointed")                                              \
    X(DATE_PROPOSED, "date-proposed")                                          \
    X(DECLINED,      "declined")                                               \
    X(HELD,          "held")                                                   \
    X(HELD_DISPUTED, "held-disputed")                                          \
    X(LAPSED,        "lapsed")                                                 \
    X(NOT_HELD,      "not-held")                                               \
    X(OPEN,          "open")                                                   \
    X(OPEN_AGAIN,    "open-again")                                             \
    X(POSTPONED,     "postponed")                                              \
    X(TENTATIVE,     "tentative")                                              \
    X(WITHDRAWN,     "withdrawn")

/* For whom an act of it is. */
#define VL_INVITED_SIDE_TABLE(X)                                               \
    X(INVITER, "inviter")                                                      \
    X(INVITEE, "invitee")                                                      \
    X(OTHER,   "other")

/* What was said of a letter, beside the evidence of the set; the worst comes last. */
#define VL_AGAINST_TABLE(X)                                                    \
    X(NONE,         "")                                                        \
    X(MATCHED,      "matched")                                                 \
    X(UNPROVEN,     "unproven")                                                \
    X(CONTRADICTED, "contradicted")

/* What became of a promise. */
#define VL_PROMISE_TABLE(X)                                                    \
    X(OPEN,      "open")                                                       \
    X(OVERDUE,   "overdue")                                                    \
    X(WITHDRAWN, "withdrawn")                                                  \
    X(KEPT,      "kept")                                                       \
    X(BROKEN,    "broken")                                                     \
    X(DISPUTED,  "disputed")
/* clang-format on */
#define X(code, word) VL_LEVEL_##code,
enum vl_level { VL_LEVEL_TABLE(X) VL_LEVEL_COUNT };
#undef X
#define X(code, word) VL_MARK_AT_##code,
enum vl_mark_at { VL_MARK_TABLE(X) VL_MARK_COUNT };
#undef X
#define X(code, word) VL_MARK_##code = 1 << VL_MARK_AT_##code,
enum vl_mark { VL_MARK_TABLE(X) };
#undef X
#define X(code, word) VL_LADDER_##code,
enum vl_ladder { VL_LADDER_TABLE(X) VL_LADDER_COUNT };
#undef X
#define X(code, word) VL_CONTRADICTION_##code,
enum vl_contradiction { VL_CONTRADICTION_TABLE(X) VL_CONTRADICTION_COUNT };
#undef X
#define X(code, word) VL_DISPUTE_##code,
enum vl_dispute { VL_DISPUTE_TABLE(X) VL_DISPUTE_COUNT };
#undef X
#define X(code, word) VL_SAID_AT_##code,
enum vl_said_at { VL_SAID_TABLE(X) VL_SAID_COUNT };
#undef X
#define X(code, word) VL_SAID_##code = 1 << VL_SAID_AT_##code,
enum vl_said_state { VL_SAID_TABLE(X) };
#undef X
#define X(code, word) VL_INVITED_##code,
enum vl_invited { VL_INVITED_TABLE(X) VL_INVITED_COUNT };
#undef X
#define X(code, word) VL_SIDE_##code,
enum vl_side { VL_INVITED_SIDE_TABLE(X) VL_SIDE_COUNT };
#undef X
#define X(code, word) VL_AGAINST_##code,
enum vl_against { VL_AGAINST_TABLE(X) VL_AGAINST_COUNT };
#undef X
#define X(code, word) VL_PROMISE_##code,
enum vl_promise { VL_PROMISE_TABLE(X) VL_PROMISE_COUNT };
#undef X
#define VL_SAID_STANDS_NOT (VL_SAID_CORRECTED | VL_SAID_SUPERSEDED | VL_SAID_WITHDRAWN)

/* The words of the document, and "" for a number that is none. */
const char *vl_level_word(enum vl_level level);
const char *vl_mark_word(enum vl_mark_at mark);
const char *vl_ladder_word(enum vl_ladder step);
const char *vl_contradiction_word(enum vl_contradiction kind);
const char *vl_dispute_word(enum vl_dispute kind);
const char *vl_said_word(enum vl_said_at state);
const char *vl_against_word(enum vl_against against);
const char *vl_promise_word(enum vl_promise state);
const char *vl_invited_word(enum vl_invited state);
const char *vl_side_word(enum vl_side side);

/* Ids of acts or cards, or offices: ascending, none twice. */
struct vl_hashes {
    size_t count;
    uint8_t (*at)[VL_HASH_LEN];
};

/* One waybill of this letter under one `sealed`. */
struct vl_found_sealed {
    struct vl_office_id by;
    uint8_t act[VL_HASH_LEN];
    enum vl_level level;
    uint32_t marks;
    uint8_t waybill[VL_HASH_LEN]; /* SHA-256 of it */
    struct vl_office_id from;
    size_t to_count; /* in the waybill's order */
    struct vl_office_id *to;
    uint64_t size;
    uint64_t consignment;
    uint64_t consignment_of;
    bool has_expect_by;
    int64_t expect_by_s;
    bool has_expires;
    int64_t expires_s;
};

struct vl_found_handed {
    struct vl_office_id by;
    uint8_t act[VL_HASH_LEN];
    bool has_to;
    struct vl_office_id to;
    vl_bytes carrier; /* none: nobody named */
    uint8_t handover[VL_NONCE_LEN];
    enum vl_level level;
    uint32_t marks;
    bool answered;
    bool not_taken; /* the taker's answer names this letter as one that it did not take: why */
    enum vl_not_taken_reason reason;
    bool has_bag;
    uint8_t bag[VL_NONCE_LEN];
};

struct vl_found_holder {
    struct vl_office_id office;
    uint8_t act[VL_HASH_LEN]; /* by which it took the letter */
};

/* Whoever had it, and says what ended that. */
struct vl_found_end {
    struct vl_office_id office;
    enum vl_kind kind;
    uint8_t act[VL_HASH_LEN];
};

/* One fact, with what gives it its level: who signed what, and the marks of that.  At level NONE
 * they are those of acts that did not reach any. */
struct vl_found_fact {
    enum vl_level level;
    struct vl_hashes by;
    struct vl_hashes acts;
    uint32_t marks;
};

struct vl_found_addressee {
    struct vl_office_id office;
    struct vl_found_fact receipted_by_delegate;
    struct vl_found_fact receipted_for_office;
    struct vl_found_fact reached;
    struct vl_found_fact opened;
    unsigned verdicts; /* of `opened`: bits 1 << enum vl_verdict */
    struct vl_found_fact refused;
    size_t reason_count; /* of `refused`: codes, sorted, none twice */
    vl_bytes *reasons;
    enum vl_ladder highest_proven;
};

struct vl_found_claim {
    enum vl_kind kind;
    struct vl_office_id by;
    uint8_t act[VL_HASH_LEN];
    enum vl_level level;
    bool has_party;
    struct vl_office_id party;
    vl_bytes reason; /* none: not said */
    uint32_t marks;
};

/* Somebody wrote a letter in answer to this one: it knew the number, and says that it answers.
 * Nobody else's word is needed, and that the writer had read it is not proven. */
struct vl_found_answer {
    struct vl_office_id by;
    uint8_t act[VL_HASH_LEN]; /* the signed core of that letter */
    enum vl_level level;
    uint32_t marks;
    bool is_addressee;
};

struct vl_found_mandate {
    uint8_t act[VL_HASH_LEN];
    struct vl_office_id principal; /* who signed it */
    struct vl_office_id grantee;
    unsigned powers; /* bits 1 << enum vl_power */
    enum vl_level level;
    bool is_revoked;
};

struct vl_found_contradiction {
    enum vl_contradiction kind;
    struct vl_office_id office;
    struct vl_hashes acts;
};

struct vl_found_dispute {
    enum vl_dispute kind;
    struct vl_hashes offices;
    struct vl_hashes acts;
};

struct vl_found_correction {
    uint8_t target[VL_HASH_LEN];
    vl_bytes field;
    vl_bytes old; /* none: null */
    vl_bytes now;
    struct vl_office_id by;
    uint8_t act[VL_HASH_LEN];
};

/* Of one `sealed` of this letter: the packages of its consignment that are at hand under that act.
 */
struct vl_found_packages {
    uint8_t act[VL_HASH_LEN];
    uint64_t n;
    uint64_t of;
    size_t known_count; /* ascending */
    uint64_t *known;
    size_t missing_count; /* ascending, the first VL_FINDING_MAX_MISSING */
    uint64_t *missing;
};

/* Who said it, as a relay tells; the last one said it first. */
struct vl_found_source {
    bool has_office;
    struct vl_office_id office;
    vl_bytes name;        /* none, and no office: unnamed */
    bool is_signed;       /* a statement of theirs is named */
    bool is_held;         /* and is in the set, proven to be theirs, and has these words */
    bool has_other_words; /* it is in the set, proven to be theirs, and has not */
    uint32_t marks;       /* of that statement, if it is in the set */
};

/* Somebody says that a promise was kept, or broken. */
struct vl_found_outcome {
    uint8_t act[VL_HASH_LEN];
    struct vl_office_id by;
    bool is_broken;
    enum vl_level level;   /* HEARSAY of whom the promise does not concern: that decides nothing */
    bool of_earlier_words; /* it does not know of a correction of the promise */
    bool is_withdrawn;     /* it decides on only where it counts against whoever said it */
    bool decides;
};

/* Of a commit. */
struct vl_found_promise {
    enum vl_promise state;
    enum vl_level level; /* of kept or broken; else NONE */
    bool is_matched;     /* the evidence of the letter has what was promised of it */
    struct vl_hashes to; /* offices that it was promised to */
    size_t outcome_count;
    struct vl_found_outcome *outcomes; /* by act */
};

/* Of an assert that says that two offices talked, or that one was the other's guest. */
struct vl_found_meeting {
    struct vl_meeting meeting;
    enum vl_level level;        /* PROVEN: both sides signed it */
    struct vl_hashes with;      /* other asserts of sides that count for it */
    struct vl_hashes denied_by; /* by a side */
    bool is_withdrawn;          /* one of what counts; that takes nothing away */
    bool has_other_time;        /* one of what counts says another time than this one */
    bool has_other_place;
};

/* A statement or a translation about the letter, or about what is said of it. */
struct vl_found_said {
    uint8_t act[VL_HASH_LEN];
    enum vl_kind kind;
    struct vl_office_id by;
    bool is_ok;         /* proven against `by` that it said so */
    bool is_hearsay;    /* else claimed: never that it is so */
    bool has_principal; /* as the act says; spoken for under a good mandate: */
    struct vl_office_id principal;
    bool is_spoken_for;
    bool is_under_succession; /* of correct and withdraw; */
    bool is_successor;        /* and it is good for what it changes */
    uint8_t succession[VL_HASH_LEN];
    uint32_t marks;
    unsigned states; /* bits of VL_SAID_TABLE */
    struct vl_hashes disputed_by;
    struct vl_hashes supported_by;
    struct vl_hashes corrected_by; /* those in force, and which none of them goes on from */
    struct vl_hashes withdrawn_by;
    struct vl_hashes superseded_by;
    enum vl_against against;
    const struct vl_found_promise *promise; /* NULL for what is no commit */
    const struct vl_found_meeting *meeting; /* NULL for what says of none */
    size_t source_count;
    struct vl_found_source *sources;
    const struct vl_statement *statement;     /* NULL for a translation */
    const struct vl_translation *translation; /* NULL for a statement */
};

/* One act of an invitation. */
struct vl_found_invited {
    uint8_t act[VL_HASH_LEN];
    struct vl_office_id by;
    enum vl_side side;
    enum vl_level level;
    bool is_ok;         /* proven against `by` */
    bool counts;        /* and against the side for whom it is */
    bool is_late;       /* it follows a withdrawal: nothing comes of it */
    bool is_newest;     /* it counts, and no other that does goes on from it */
    bool is_spoken_for; /* as the act says for whom, and under a good mandate */
    uint32_t marks;
    struct vl_hashes disputed_by;
    struct vl_hashes supported_by;
    const struct vl_invitation *invitation;
};

/* What it is now, by one act or by those that are one together. */
struct vl_found_version {
    enum vl_invited state;
    enum vl_level level;
    struct vl_hashes acts;
    bool has_date;
    int64_t from_s;
    int64_t to_s;
    bool is_disputed;
};

/* Another invitation that says it answers this one. */
struct vl_found_reciprocal {
    uint8_t id[VL_HASH_LEN];
    uint8_t act[VL_HASH_LEN];
    enum vl_invitation_act what;
    struct vl_office_id by;
    enum vl_level level;
};

struct vl_found_invitation {
    bool has_inviter;
    struct vl_office_id inviter;
    bool has_invitee;
    struct vl_office_id invitee;
    struct vl_found_fact issued;
    struct vl_found_fact received;
    size_t version_count; /* by acts */
    struct vl_found_version *versions;
    bool is_several; /* of which two did not know of each other */
    struct vl_hashes reciprocal_of;
    size_t reciprocal_count; /* by id, then act */
    struct vl_found_reciprocal *reciprocals;
    size_t act_count; /* by act; one at least */
    struct vl_found_invited *acts;
};

/* One act about the letter, for a timeline: what it follows stands before it. */
struct vl_found_event {
    uint8_t act[VL_HASH_LEN];
    enum vl_kind kind;
    enum vl_invitation_act what; /* of an invitation */
    struct vl_office_id by;
    enum vl_capacity capacity;
    bool is_ok; /* proven against whoever signed it */
    uint32_t marks;
    bool has_other; /* a taker, giver, addressee, grantee or party */
    struct vl_office_id other;
    bool has_at; /* as it says when it was done, in ms since 1970 */
    uint64_t at_ms;
    bool has_iat; /* as it says when it was signed */
    int64_t iat_s;
};

struct vl_checked {
    struct vl_office_id office;
    uint8_t card[VL_HASH_LEN];
};

/* Owns everything in it, but for texts, which borrow from the items of the set. */
struct vl_finding {
    struct vl_arena *arena;
    uint8_t number[VL_HASH_LEN];
    int64_t as_of_s;
    size_t read_first;     /* whoever put the set together left off after so many; 0: it is all */
    size_t record_count;   /* acts about this letter */
    size_t left_out_count; /* acts of the whole set that do not verify here, and the next two */
    size_t unheard_count;  /* words about this letter, and about words, beyond a share */
    size_t crowded_count;  /* what is no words, likewise */
    size_t checked_count;  /* of offices that signed one of the records */
    struct vl_checked *checked;
    bool disputed_origin;
    size_t sealed_count; /* by act, then by waybill */
    struct vl_found_sealed *sealed;
    size_t handed_count; /* by act */
    struct vl_found_handed *handed;
    size_t holder_count; /* by office */
    struct vl_found_holder *holders;
    size_t end_count; /* by office, then by act */
    struct vl_found_end *ended;
    size_t addressee_count; /* by office */
    struct vl_found_addressee *addressees;
    size_t claim_count; /* by act */
    struct vl_found_claim *claims;
    size_t terminal_count; /* "ends": lost, destroyed, seized, returned, recalled; by act */
    struct vl_found_claim *terminals;
    size_t answer_count; /* by act */
    struct vl_found_answer *answers;
    size_t mandate_count; /* by act */
    struct vl_found_mandate *mandates;
    size_t contradiction_count; /* by kind, office, acts */
    struct vl_found_contradiction *contradictions;
    size_t dispute_count; /* by kind, offices, acts */
    struct vl_found_dispute *disputes;
    struct vl_hashes incomplete_answers;
    size_t correction_count; /* by act */
    struct vl_found_correction *corrections;
    size_t said_count; /* by act */
    struct vl_found_said *said;
    struct vl_found_invitation *invitation; /* NULL: the number is of none */
    size_t package_count;                   /* by act, then by waybill */
    struct vl_found_packages *packages;
    struct vl_hashes overdue;
    bool expired;
    size_t event_count; /* what it follows first; else by what their signers say when; else by id */
    struct vl_found_event *events;
};
#define VL_FINDING_INIT                                                                            \
    {                                                                                              \
        .arena = NULL                                                                              \
    }
void vl_finding_release(struct vl_finding *finding);

/* Evidence, whoever brings it.  Everything that is added is borrowed until the set is freed. */
struct vl_finding_set;
/* NULL when memory runs out. */
struct vl_finding_set *vl_finding_set_new(void) VL_MUST_USE;
/* Takes NULL. */
void vl_finding_set_free(struct vl_finding_set *set);

/* Chains may come in any number of one office: one that another goes on with counts once, and two
 * that part are a fork.  LIMIT beyond VL_FINDING_MAX_CHAINS, NO_MEMORY. */
enum vl_err vl_finding_add_chain(struct vl_finding_set *set, const struct vl_chain *chain,
                                 struct vl_why *why) VL_MUST_USE;
/* The user compared the words of this office when this was its newest card. */
enum vl_err vl_finding_add_checked(struct vl_finding_set *set, const struct vl_office_id *office,
                                   const uint8_t card[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;
/* One that vl_evidence_parse has verified. */
enum vl_err vl_finding_add_closure(struct vl_finding_set *set, const struct vl_closure *closure,
                                   struct vl_why *why) VL_MUST_USE;
/* An act and the leaves that came with it, whose signatures and paths nobody has looked at yet: the
 * set does, once, when it is prepared.  LIMIT, NO_MEMORY. */
enum vl_err vl_finding_add_item(struct vl_finding_set *set, const struct vl_evidence_item *item,
                                struct vl_why *why) VL_MUST_USE;
/* The same for one that vl_evidence_check said VL_OK to, with this standing. */
enum vl_err vl_finding_add_verified(struct vl_finding_set *set, const struct vl_evidence_item *item,
                                    enum vl_standing standing, struct vl_why *why) VL_MUST_USE;
/* All of a file. */
enum vl_err vl_finding_add_evidence(struct vl_finding_set *set, const struct vl_evidence *evidence,
                                    struct vl_why *why) VL_MUST_USE;

/* Verify what is new, sort, find out who follows whom and which keys are still good.
 * vl_finding_make does it when something was added since.  LIMIT, NO_MEMORY. */
enum vl_err vl_finding_prepare(struct vl_finding_set *set, struct vl_why *why) VL_MUST_USE;
/* What the set proves about the letter of this number, or the invitation of this id; or what is
 * said about whatever else has it: an act, a statement among them, an office, a document.  *finding
 * must be VL_FINDING_INIT; on failure it is again.  However much there is about one letter is no
 * error, but left out in part and counted.  NO_MEMORY; LIMIT as vl_finding_prepare. */
enum vl_err vl_finding_make(struct vl_finding_set *set, const uint8_t number[VL_HASH_LEN],
                            int64_t as_of_s, struct vl_finding *finding,
                            struct vl_why *why) VL_MUST_USE;

#endif
