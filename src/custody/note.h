/* SPDX-License-Identifier: Apache-2.0 */
/* custody/note.h: what somebody says about letters on their way: departed, held, lost, reached, and
 * the others of the table.  One reader and one writer for all of them. */
#ifndef VL_CUSTODY_NOTE_H
#define VL_CUSTODY_NOTE_H

#include "custody/batch.h"

/* What a kind of note must say. */
enum vl_note_needs {
    VL_NOTE_FREE = 0,
    VL_NOTE_REASON = 1,
    VL_NOTE_SEALS = 2, /* before or after */
    VL_NOTE_METHOD = 4
};

/* clang-format off */
#define VL_NOTE_TABLE(X)                                                       \
    X(DEPARTED,        VL_NOTE_FREE)                                           \
    X(ARRIVED,         VL_NOTE_FREE)                                           \
    X(PRESENTED,       VL_NOTE_FREE)                                           \
    X(HELD,            VL_NOTE_REASON)                                         \
    X(RELEASED,        VL_NOTE_FREE)                                           \
    X(INSPECTED,       VL_NOTE_FREE)                                           \
    X(SEAL_CHECKED,    VL_NOTE_SEALS)                                          \
    X(SEAL_REPLACED,   VL_NOTE_SEALS)                                          \
    X(SEIZED,          VL_NOTE_REASON)                                         \
    X(LOST,            VL_NOTE_REASON)                                         \
    X(DESTROYED,       VL_NOTE_REASON)                                         \
    X(NOTIFIED,        VL_NOTE_FREE)                                           \
    X(ATTEMPTED,       VL_NOTE_REASON)                                         \
    X(DELIVERED_CLAIM, VL_NOTE_FREE)                                           \
    X(EXPIRED,         VL_NOTE_FREE)                                           \
    X(REACHED,         VL_NOTE_FREE)                                           \
    X(RETURNED,        VL_NOTE_REASON)                                         \
    X(RECALLED,        VL_NOTE_REASON)                                         \
    X(ADVICE_RETURNED, VL_NOTE_FREE)                                           \
    X(LEFT_SYSTEM,     VL_NOTE_METHOD)                                         \
    X(ENTERED_SYSTEM,  VL_NOTE_METHOD)
/* clang-format on */

/* Is this kind one of them, and what must it say?  needs may be NULL. */
bool vl_note_kind(enum vl_kind kind, unsigned *needs);

/* Borrows from the object or from whoever writes. */
struct vl_note {
    enum vl_kind kind;
    struct vl_act act;
    struct vl_batch batch;
    vl_bytes reason; /* a code */
    vl_bytes words;
    bool has_party; /* whom it concerns: the taker that was wanted, the authority, whom of a return
                     */
    struct vl_office_id party;
    vl_bytes person;
    vl_bytes method;
    struct vl_seals seals_before;
    struct vl_seals seals_after;
    bool has_answers;
    uint8_t answers[VL_HASH_LEN];
};

/* As all acts: sign and append, id may be NULL, and what reading would refuse is not written; read
 * and check `sub`, borrowing.  FORMAT, LIMIT, UNSUPPORTED, NO_MEMORY; on failure out is as it was,
 * and what is read is empty. */
enum vl_err vl_note_write(const struct vl_signer *signer, const struct vl_note *note,
                          struct vl_buf *out, uint8_t id[VL_HASH_LEN],
                          struct vl_why *why) VL_MUST_USE;
enum vl_err vl_note_read(const struct vl_object *object, struct vl_note *note,
                         struct vl_why *why) VL_MUST_USE;

#endif
