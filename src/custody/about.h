/* SPDX-License-Identifier: Apache-2.0 */
/* custody/about.h: acts about other acts: ratified, witnessed, corrected, seen (PROTOCOL 1, 6, 17,
 * 19). */
#ifndef VL_CUSTODY_ABOUT_H
#define VL_CUSTODY_ABOUT_H

#include "custody/batch.h"

/* ratified, witnessed or corrected, by its kind.  Borrows from the object or from whoever writes.
 */
struct vl_about {
    enum vl_kind kind;
    struct vl_act act;
    uint8_t target[VL_HASH_LEN]; /* id of the act */
    vl_bytes words;              /* witnessed: what was seen */
    /* corrected: never lowers what its target proves */
    vl_bytes field; /* a code */
    vl_bytes old;
    vl_bytes now;
    vl_bytes reason;
};

/* `seen`: these acts were there when it was signed; a tree of ids. */
struct vl_seen {
    struct vl_act act;
    struct vl_batch batch;
};

/* As all acts: sign and append, id may be NULL, and what reading would refuse is not written; read
 * and check `sub`, borrowing.  Only a principal ratifies, only a witness witnesses.  FORMAT, LIMIT,
 * UNSUPPORTED, NO_MEMORY; on failure out is as it was, and what is read is empty. */
enum vl_err vl_about_write(const struct vl_signer *signer, const struct vl_about *about,
                           struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                           struct vl_why *why) VL_MUST_USE;
enum vl_err vl_about_read(const struct vl_object *object, struct vl_about *about,
                          struct vl_why *why) VL_MUST_USE;
enum vl_err vl_seen_write(const struct vl_signer *signer, const struct vl_seen *seen,
                          struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                          struct vl_why *why) VL_MUST_USE;
enum vl_err vl_seen_read(const struct vl_object *object, struct vl_seen *seen,
                         struct vl_why *why) VL_MUST_USE;

#endif
