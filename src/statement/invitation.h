/* SPDX-License-Identifier: Apache-2.0 */
/* statement/invitation.h: invitations, which have a life of their own (PROTOCOL 16): one office
 * asks another to meet, both answer and agree, and one without a date is one in full.
 *
 * An invitation is one inviter's to one invitee; an invitation back is another one.  Its id binds
 * both sides, so every act of it tells by itself whether its signer may do that. */
#ifndef VL_STATEMENT_INVITATION_H
#define VL_STATEMENT_INVITATION_H

#include "statement/statement.h"

#define VL_INVITATION_MAX_HEADS 16
#define VL_INVITATION_PARTIES   3 /* inviter, invitee, the owner of a condition */

/* What is done; the numbers are the wire's. */
/* clang-format off */
#define VL_INVITATION_TABLE(X)                                                 \
    X(ISSUE,       1,  "issue",       "invited")                               \
    X(ANNOUNCE,    2,  "announce",    "said that there is an invitation")      \
    X(ACKNOWLEDGE, 3,  "acknowledge", "has the invitation")                    \
    X(ACCEPT,      4,  "accept",      "accepted the invitation")               \
    X(TENTATIVE,   5,  "tentative",   "may accept the invitation")             \
    X(DECLINE,     6,  "decline",     "declined the invitation")               \
    X(PROPOSE,     7,  "propose",     "proposed a date")                       \
    X(APPOINT,     8,  "appoint",     "agreed to a date")                      \
    X(POSTPONE,    9,  "postpone",    "postponed the meeting")                 \
    X(ATTEST,      10, "attest",      "said that what was waited for is so")   \
    X(WITHDRAW,    11, "withdraw",    "withdrew the invitation")               \
    X(HELD,        12, "held",        "said that the meeting took place")      \
    X(NOT_HELD,    13, "not-held",    "said that the meeting did not take place")
/* clang-format on */
#define X(code, number, word, words) VL_INVITATION_##code = (number),
enum vl_invitation_act { VL_INVITATION_NONE, VL_INVITATION_TABLE(X) };
#undef X
const char *vl_invitation_word(enum vl_invitation_act what);
const char *vl_invitation_words(enum vl_invitation_act what);
enum vl_invitation_act vl_invitation_of_word(vl_bytes word);

/* An office, a name, or both; not neither.  Whoever is named only can sign nothing. */
struct vl_invitation_party {
    bool has_office;
    struct vl_office_id office;
    vl_bytes name;
};

/* `invitation`.  Borrows from the object or from whoever writes. */
struct vl_invitation {
    struct vl_act act;
    vl_bytes holder; /* who of the office signs */
    bool has_principal;
    struct vl_office_id principal;
    enum vl_invitation_act what;
    struct vl_invitation_party inviter;
    struct vl_invitation_party invitee;
    uint8_t nonce[VL_NONCE_LEN];
    uint8_t id[VL_HASH_LEN]; /* of the two offices and the nonce; writing does not look at it */
    struct vl_ids heads;     /* the acts of it that were the newest to the signer */
    bool has_date;           /* none: no date is set, or meant */
    int64_t from_s;          /* the meeting lies within: of a day, its first second and its last */
    int64_t to_s;
    bool has_not_before; /* postpone */
    int64_t not_before_s;
    /* What must be so before: it holds the meeting back, which an expectation does not.  Who is
     * named as its owner can attest it. */
    vl_bytes condition;
    vl_bytes condition_lang;
    struct vl_invitation_party owner;
    vl_bytes expectation;
    vl_bytes expectation_lang;
    bool has_expected_by;
    int64_t expected_by_s;
    bool has_expires;
    int64_t expires_s;
    bool has_reciprocal; /* the id of the invitation that this one answers with one back */
    uint8_t reciprocal[VL_HASH_LEN];
    vl_bytes place;
    vl_bytes lang;
    vl_bytes text; /* the purpose, or the reason */
};

/* SHA-256 of the deterministic CBOR array ["valise/invitation/v1", inviter, invitee, nonce], an
 * office that is not there being null. */
void vl_invitation_id(const struct vl_invitation *invitation, uint8_t id[VL_HASH_LEN]);

/* As all acts: sign and append, id may be NULL, and what reading would refuse is not written; read
 * and check `sub`, borrowing.  Only the inviter issues and withdraws and only the invitee answers;
 * both propose, appoint, postpone and say what took place; the owner of a condition attests it; and
 * anybody but the inviter announces.  FORMAT, LIMIT, UNSUPPORTED, NO_MEMORY; on failure out is as
 * it was, and what is read is empty. */
enum vl_err vl_invitation_write(const struct vl_signer *signer,
                                const struct vl_invitation *invitation, struct vl_buf *out,
                                uint8_t id[VL_HASH_LEN], struct vl_why *why) VL_MUST_USE;
enum vl_err vl_invitation_read(const struct vl_object *object, struct vl_invitation *invitation,
                               struct vl_why *why) VL_MUST_USE;

#endif
