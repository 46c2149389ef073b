/* SPDX-License-Identifier: Apache-2.0 */
/* card/succeeds.h: who comes after an office, and may correct and withdraw what that one said
 * (PROTOCOL 27). */
#ifndef VL_CARD_SUCCEEDS_H
#define VL_CARD_SUCCEEDS_H

#include "card/fields.h"

#define VL_SUCCEEDS_MAX_SCOPE 1024

/* `succeeds`, by the predecessor or by a guardian that its card names.  It ends as a mandate does,
 * by a revocation of whoever signed it.  Borrows from the object or from whoever writes. */
struct vl_succeeds {
    struct vl_act act;
    struct vl_office_id predecessor;
    struct vl_office_id successor; /* another one */
    bool has_scope;                /* else all that the predecessor said */
    struct vl_ids scope;           /* ids of statements */
    bool has_from;                 /* nothing is done by it before */
    int64_t from_s;
    uint8_t nonce[VL_NONCE_LEN];
};

/* As all acts: sign and append, id may be NULL, and what reading would refuse is not written; read
 * and check `sub`, borrowing.  Whether a guardian may sign it is for whoever has the cards. FORMAT,
 * LIMIT, UNSUPPORTED, NO_MEMORY; on failure out is as it was, and what is read is empty. */
enum vl_err vl_succeeds_write(const struct vl_signer *signer, const struct vl_succeeds *succeeds,
                              struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                              struct vl_why *why) VL_MUST_USE;
enum vl_err vl_succeeds_read(const struct vl_object *object, struct vl_succeeds *succeeds,
                             struct vl_why *why) VL_MUST_USE;

#endif
