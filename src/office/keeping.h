/* SPDX-License-Identifier: Apache-2.0 */
/* office/keeping.h: looking after a home: forget a letter, another passphrase, a check-up, a backup
 * and the way back. */
#ifndef VL_OFFICE_KEEPING_H
#define VL_OFFICE_KEEPING_H

#include "office/home.h"
#include "office/pump.h"

/* Remove the envelope; what is known and was signed about the letter stays. */
enum vl_err vl_forget(struct vl_home *home, const uint8_t number[VL_HASH_LEN],
                      struct vl_why *why) VL_MUST_USE;

/* May the envelope go, as far as others rely on it (PROTOCOL 7)?  REFUSED for one that goes on to
 * others while nobody has signed for it: then this may be the only copy. */
enum vl_err vl_forget_check(const struct vl_letter_row *row, struct vl_why *why) VL_MUST_USE;
/* Does its envelope lie on the stick that it came on (`take --leave`), and not here? */
enum vl_err vl_letter_stays(struct vl_store *store, const struct vl_letter_row *row, bool *stays,
                            struct vl_why *why) VL_MUST_USE;
/* In a transaction: not any more, as far as this office cares. */
enum vl_err vl_letter_stays_not(struct vl_store *store, const uint8_t number[VL_HASH_LEN],
                                struct vl_why *why) VL_MUST_USE;
/* How many envelopes are here of letters that are receipted, and of carried ones that the next
 * one signed for; and remove them, all or none. */
enum vl_err vl_done_count(struct vl_home *home, size_t *count, uint64_t *bytes,
                          struct vl_why *why) VL_MUST_USE;
enum vl_err vl_done_forget(struct vl_home *home, struct vl_why *why) VL_MUST_USE;

/* Seal the private keys under another passphrase, or none.  `now` asks for the one in force. */
enum vl_err vl_home_passphrase(struct vl_home *home, const struct vl_asker *now,
                               const struct vl_asker *new_one, const struct vl_rng *rng,
                               bool *sealed, struct vl_why *why) VL_MUST_USE;

enum vl_doctor_verdict { VL_DOCTOR_OK, VL_DOCTOR_WARN, VL_DOCTOR_FAIL };

struct vl_doctor_request {
    bool verify; /* every envelope and every signature as well */
    /* The owner answers for what was signed with the keys of this office elsewhere
     * (office/twins.h), as far as it has come back. */
    bool signed_by_me;
    int64_t now_s;
    /* One line of what was looked at; text says what was found. */
    void (*told)(void *self, const char *what, enum vl_doctor_verdict verdict, const char *text);
    void *told_self;
};
/* VL_OK when the looking worked, whatever was found; *failures and *warnings count. */
enum vl_err vl_doctor(struct vl_home *home, const struct vl_doctor_request *request,
                      size_t *warnings, size_t *failures, struct vl_why *why) VL_MUST_USE;

struct vl_backup_request {
    const char *output; /* a file; "-" is stdout */
    unsigned out_flags;
    const struct vl_passphrase *passphrase; /* or NULL: */
    const struct vl_age_recipients *recipients;
    unsigned workers;
    int64_t now_s;
    struct vl_rng rng;
    struct vl_progress progress;
};
/* Everything of the home as one sealed archive: an age file around a pax archive that stock tools
 * open as well. */
enum vl_err vl_backup(struct vl_home *home, const struct vl_backup_request *request,
                      uint64_t *letters, uint64_t *output_bytes, struct vl_why *why) VL_MUST_USE;

struct vl_restore_request {
    const char *input;
    const char *home; /* where it goes; nothing is there yet */
    const struct vl_asker *asker;
    const struct vl_age_identities *identities; /* or NULL */
    bool dry_run;                               /* all of it, and nothing stays */
    unsigned workers;
    int64_t now_s;
    struct vl_progress progress;
};
/* Of a home: when it was restored, in seconds since 1970, 8 bytes, all ones where the clock was
 * behind what the backup has; it does not know what it signed between the backup and then. */
#define VL_FACT_RESTORED_AT "restored-at"
/* The home is there, whole, and knows that it was restored: until its owner says that no newer card
 * was given out, or adds the newest one, it makes no new card.  EXISTS, NO_KEY, UNVERIFIED, ... */
enum vl_err vl_restore(const struct vl_restore_request *request, struct vl_why *why) VL_MUST_USE;

#endif
