/* SPDX-License-Identifier: Apache-2.0 */
/* office/take.h: take letters and evidence that came as files. */
#ifndef VL_OFFICE_TAKE_H
#define VL_OFFICE_TAKE_H

#include "office/home.h"
#include "office/pump.h"

enum vl_taken_kind {
    VL_TAKEN_NOTHING,
    VL_TAKEN_SEALED,  /* a sealed letter; what is inside is not known yet */
    VL_TAKEN_OPEN,    /* an open letter */
    VL_TAKEN_EVIDENCE /* cards, waybills, acts */
};

struct vl_taken {
    enum vl_taken_kind kind;
    bool is_new;
    uint8_t number[VL_HASH_LEN]; /* of a letter */
    uint64_t size;
    bool has_from;
    struct vl_office_id from;
    bool from_proven;
    bool forgotten; /* it was forgotten here, and stays so: nothing was kept */
    bool twin;      /* another letter here begins with the same eight symbols (PROTOCOL 21) */
    /* Of evidence: */
    size_t cards;           /* offices that were new, or had something new */
    size_t acts;            /* signed acts that verify */
    size_t waybills;        /* of letters that are here */
    size_t elsewhere;       /* waybills of letters that are not here: not kept */
    size_t disputed;        /* a letter here has another waybill already, by another office */
    size_t not_signed_here; /* acts of this very office that this home never signed */
    enum vl_err err;        /* what became of this file */
    struct vl_why why;
};

/* Take files, letters before evidence, each by itself: verified, kept and durable, or not at all.
 * taken has a place for each.  PARTIAL when some were taken and some not; when none was, what the
 * first failure says. */
enum vl_err vl_take_files(struct vl_home *home, const char *const *paths, size_t count,
                          int64_t now_s, const struct vl_progress *progress, struct vl_taken *taken,
                          struct vl_why *why) VL_MUST_USE;

#endif
