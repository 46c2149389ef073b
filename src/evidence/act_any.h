/* SPDX-License-Identifier: Apache-2.0 */
/* evidence/act_any.h: any act, read by its kind, and what it has in common with others. */
#ifndef VL_EVIDENCE_ACT_ANY_H
#define VL_EVIDENCE_ACT_ANY_H

#include "card/mandate.h"
#include "card/succeeds.h"
#include "custody/about.h"
#include "custody/answer.h"
#include "custody/event.h"
#include "custody/handover.h"
#include "custody/note.h"
#include "statement/invitation.h"
#include "statement/translation.h"

/* What is in the union. */
enum vl_act_form {
    VL_ACT_NONE,
    VL_ACT_SEALED,
    VL_ACT_OPENED,
    VL_ACT_MANDATE,
    VL_ACT_MANDATE_REVOCATION,
    VL_ACT_TRANSFERRED,
    VL_ACT_ANSWER, /* accepted, receipted, refused */
    VL_ACT_ACCEPTED_PART,
    VL_ACT_NOTE,  /* the kinds of custody/note.h */
    VL_ACT_ABOUT, /* ratified, witnessed, corrected */
    VL_ACT_SEEN,
    VL_ACT_STATEMENT, /* the seven kinds of statement/statement.h */
    VL_ACT_TRANSLATION,
    VL_ACT_INVITATION,
    VL_ACT_SUCCEEDS,
    VL_ACT_REPLY /* the signed core of a letter that answers another */
};
/* NONE for what is no act by itself: a card, a revocation of a key. */
enum vl_act_form vl_act_form_of(enum vl_kind kind);

/* Which letter it answers stands in the leaf that comes with it. */
struct vl_reply {
    struct vl_act act;
    uint8_t in_reply_to[VL_HASH_LEN]; /* the digest of that field */
};

/* Borrows from the object. */
struct vl_act_any {
    enum vl_kind kind;
    enum vl_act_form form;
    union {
        struct vl_sealed sealed;
        struct vl_opened opened;
        struct vl_mandate mandate;
        struct vl_mandate_revocation mandate_revocation;
        struct vl_transferred transferred;
        struct vl_answer answer;
        struct vl_accepted_part accepted_part;
        struct vl_note note;
        struct vl_about about;
        struct vl_seen seen;
        struct vl_statement statement;
        struct vl_translation translation;
        struct vl_invitation invitation;
        struct vl_succeeds succeeds;
        struct vl_reply reply;
    } as;
};

/* Read the payload of any act and check its `sub`; says nothing about the signatures.  On failure
 * it is empty.  FORMAT, LIMIT, UNSUPPORTED (also for what is no act by itself), NO_MEMORY. */
enum vl_err vl_act_any_read(const struct vl_object *object, struct vl_act_any *any,
                            struct vl_why *why) VL_MUST_USE;

/* What every act says; NULL for NONE.  Borrowed from *any. */
const struct vl_act *vl_act_any_act(const struct vl_act_any *any);
/* False for an act that is about no batch. */
bool vl_act_any_batch(const struct vl_act_any *any, struct vl_batch *batch);
/* The one letter that opened and accepted-part are about, or NULL. */
const uint8_t *vl_act_any_number(const struct vl_act_any *any);
/* Each of these is NULL when there is none. */
const uint8_t *vl_act_any_answers(const struct vl_act_any *any);
/* Of about; the revoked mandate; the statement that is corrected or withdrawn. */
const uint8_t *vl_act_any_target(const struct vl_act_any *any);
const uint8_t *vl_act_any_under(const struct vl_act_any *any);
const uint8_t *vl_act_any_previous(const struct vl_act_any *any);
const struct vl_seals *vl_act_any_seals(const struct vl_act_any *any);

/* What a statement or a translation is about, by `what` and by a signed saying that it passes on or
 * a translation in place of which it stands, which are acts; and the office with which another did
 * something, of a fact about offices.  Returns how many; out points into *any. */
struct vl_act_subject {
    enum vl_subject what;
    const uint8_t *id;
};
#define VL_ACT_ANY_MAX_SUBJECTS (VL_STATEMENT_MAX_ABOUT + 2)
size_t vl_act_any_subjects(const struct vl_act_any *any,
                           struct vl_act_subject out[VL_ACT_ANY_MAX_SUBJECTS]);

/* Every id that an act names and so follows: cites, under, answers, target, previous, the acts that
 * it is about, and the heads of an invitation.  Not sorted, and one may be there twice.  Returns
 * how many; out points into *any. */
#define VL_ACT_ANY_MAX_IDS                                                                         \
    (VL_ACT_MAX_CITES + 4 + VL_ACT_ANY_MAX_SUBJECTS + VL_INVITATION_MAX_HEADS)
size_t vl_act_any_ids(const struct vl_act_any *any, const uint8_t *out[VL_ACT_ANY_MAX_IDS]);

#endif
