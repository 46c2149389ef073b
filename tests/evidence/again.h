/* SPDX-License-Identifier: Apache-2.0 */
/* tests/evidence/again.h: what was read, signed again by another: the same payload must come out.
 */
#ifndef VL_TESTS_EVIDENCE_AGAIN_H
#define VL_TESTS_EVIDENCE_AGAIN_H

#include <string.h>

#include "evidence/act_any.h"

/* The signer's office should be the issuer's: a principal's receipt is for itself. */
static inline enum vl_err sign_again(const struct vl_signer *signer, const struct vl_act_any *any,
                                     struct vl_buf *out, struct vl_why *why)
{
    struct vl_signer same = *signer;

    memcpy(same.card_id, vl_act_any_act(any)->card_id, VL_HASH_LEN);
    switch (any->form) {
    case VL_ACT_SEALED:
        return vl_sealed_write(&same, &any->as.sealed, out, NULL, why);
    case VL_ACT_OPENED:
        return vl_opened_write(&same, &any->as.opened, out, NULL, why);
    case VL_ACT_MANDATE:
        return vl_mandate_write(&same, &any->as.mandate, out, NULL, why);
    case VL_ACT_MANDATE_REVOCATION:
        return vl_mandate_revocation_write(&same, &any->as.mandate_revocation, out, NULL, why);
    case VL_ACT_TRANSFERRED:
        return vl_transferred_write(&same, &any->as.transferred, out, NULL, why);
    case VL_ACT_ANSWER:
        return vl_answer_write(&same, &any->as.answer, out, NULL, why);
    case VL_ACT_ACCEPTED_PART:
        return vl_accepted_part_write(&same, &any->as.accepted_part, out, NULL, why);
    case VL_ACT_NOTE:
        return vl_note_write(&same, &any->as.note, out, NULL, why);
    case VL_ACT_ABOUT:
        return vl_about_write(&same, &any->as.about, out, NULL, why);
    case VL_ACT_SEEN:
        return vl_seen_write(&same, &any->as.seen, out, NULL, why);
    case VL_ACT_STATEMENT:
        return vl_statement_write(&same, &any->as.statement, out, NULL, why);
    case VL_ACT_TRANSLATION:
        return vl_translation_write(&same, &any->as.translation, out, NULL, why);
    case VL_ACT_INVITATION:
        return vl_invitation_write(&same, &any->as.invitation, out, NULL, why);
    case VL_ACT_SUCCEEDS:
        return vl_succeeds_write(&same, &any->as.succeeds, out, NULL, why);
    case VL_ACT_REPLY: /* a letter writes it, and it alone */
    case VL_ACT_NONE:
        break;
    }
    return VL_ERR_INTERNAL;
}

#endif
