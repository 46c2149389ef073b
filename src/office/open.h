/* SPDX-License-Identifier: Apache-2.0 */
/* office/open.h: open a letter that is here, and say in a signature what was found. */
#ifndef VL_OFFICE_OPEN_H
#define VL_OFFICE_OPEN_H

#include "custody/event.h"
#include "letter/letter.h"
#include "office/home.h"
#include "office/mandates.h"
#include "office/pump.h"
#include "office/sending.h"

/* In whose place a letter is read, by an office that holds its mandate to receive: with its keys,
 * which open and cannot sign. */
struct vl_deputy {
    const struct vl_age_identities *identities; /* borrowed, while the letter is read */
    struct vl_held_mandates held;
    int64_t now_s;
    /* Set when it is read: */
    struct vl_office_id principal;
    uint8_t under[VL_HASH_LEN]; /* the mandate */
};

/* What this office holds.  *deputy has nothing but identities and now_s; on failure too held is the
 * caller's to release.  REFUSED when nobody whom the letter may be for lets this office receive. */
enum vl_err vl_deputy_begin(struct vl_home *home, const struct vl_letter_row *row,
                            struct vl_deputy *deputy, struct vl_why *why) VL_MUST_USE;
/* Whose key opened it, if that one's mandate covers it, and what the letter says of that one.  When
 * the letter lists the key for nobody, own_listed is false.  REFUSED without a mandate. */
enum vl_err vl_deputy_of_letter(struct vl_home *home, const struct vl_letter_row *row,
                                struct vl_letter_seen *seen, struct vl_deputy *deputy,
                                struct vl_why *why) VL_MUST_USE;
/* Of one that cannot be read: an addressee by its outside whose card has one of the keys, and whose
 * mandate covers it. */
bool vl_deputy_of_row(struct vl_home *home, const struct vl_letter_row *row,
                      struct vl_deputy *deputy);

/* What a letter turned out to be, with everything checked that can be checked here. */
struct vl_opening {
    struct vl_letter_row row; /* as it was before */
    struct vl_letter_seen seen;
    enum vl_letter_form form;
    struct vl_chain_verdict sender; /* of the signature on the core */
    struct vl_office_name from;
    bool for_another; /* it was read in the place of this one, under its mandate */
    struct vl_deputy deputy;
    bool is_addressee;  /* this office, or that one, is one of those it is for */
    bool has_waybill;   /* and it agrees with what is inside */
    bool foreign;       /* there was one by another office: it was set aside (PROTOCOL 18) */
    bool rotten;        /* it cannot be read because this office's disk has lost some of it */
    bool opened_before; /* that was signed already, for the same office */
    bool signed_now;
    enum vl_verdict verdict;
};
void vl_opening_release(struct vl_opening *opening);
/* What a manifest says of its letter, into the row that the store has of it. */
void vl_row_of_manifest(const struct vl_manifest *manifest, struct vl_letter_row *row);

/* Read and judge a letter that is here, in the place of opening->deputy when opening->for_another
 * says so; parts go to `parts` while they are not verified yet, and
 * count for nothing unless this says VL_OK.  Everything but the signature of `opened`.
 * NO_KEY: not for this office; NOT_FOUND: no card of the sender, or no such letter; UNVERIFIED:
 * altered, not what its waybill commits to, sealed by somebody else, not by whom it says, re-sealed
 * for other eyes; UNSUPPORTED, IO, NO_MEMORY. */
enum vl_err vl_letter_judge(struct vl_home *home, const struct vl_letter_row *row,
                            const struct vl_asker *asker, const struct vl_part_sink *parts,
                            unsigned workers, const struct vl_progress *progress,
                            struct vl_opening *opening, struct vl_why *why) VL_MUST_USE;

struct vl_open_request {
    const char *letter; /* its number: eight symbols or more */
    const char *folder; /* where all parts go; NULL: nowhere */
    const char *part;   /* one part: by name, or by its place from 1; NULL */
    const char *output; /* where that part goes; NULL or "-": to `show` */
    unsigned out_flags;
    /* Gets the text parts, or the one part, after everything was verified: a second pass. */
    struct vl_part_sink show;
    bool show_texts;
    /* Keys of another office that lets this one receive for it (`keygen --office`): the letter is
     * read, and signed for, in its place.  NULL: this office's own.  REFUSED without a mandate. */
    const struct vl_age_identities *identities;
    bool no_sign;
    bool manual; /* a person says that they read it */
    unsigned workers;
    int64_t now_s;
    struct vl_asker asker;
    struct vl_progress progress;
};

/* All of it, verified, or nothing at all; then `opened` is signed and kept, once. */
enum vl_err vl_open(struct vl_home *home, const struct vl_open_request *request,
                    struct vl_opening *opening, struct vl_why *why) VL_MUST_USE;

#endif
