/* SPDX-License-Identifier: Apache-2.0 */
/* office/events.h: what this office says of letters on their way, and of what others have signed
 * about them (PROTOCOL 1, 6, 17, 19). */
#ifndef VL_OFFICE_EVENTS_H
#define VL_OFFICE_EVENTS_H

#include "custody/about.h"
#include "custody/answer.h"
#include "custody/note.h"
#include "office/home.h"

/* Letters that are told of together may be told of in so many capacities. */
#define VL_EVENT_MAX_ACTS 32

struct vl_event_request {
    enum vl_kind kind; /* one of custody/note.h; or refused, for letters that came as files:
                          a hand-over is refused where it lies (office/take_stick.h) */
    const char *const *letters; /* by eight symbols of their numbers or more */
    size_t letter_count;
    const char *reason; /* a code; NULL for each of these that is not said */
    const char *words;
    const char *party; /* an office, as people name it */
    const char *person;
    const char *method;
    const char *place;
    const char *answers; /* an act, by its number */
    bool has_at;
    uint64_t at_ms;
    bool has_plus_minus;
    uint64_t plus_minus_ms;
    const char *const *seals_before;
    size_t before_count;
    const char *const *seals_after;
    size_t after_count;
    enum vl_capacity capacity; /* NONE: principal for own letters, delegate under a mandate to
                                  receive them, else carrier */
    bool manual;
    bool dry_run; /* look everything up, and sign nothing */
    int64_t now_s;
    struct vl_asker asker;
};

/* One act that was signed. */
struct vl_event_act {
    uint8_t id[VL_HASH_LEN]; /* zeroes in a dry run */
    enum vl_capacity capacity;
    bool has_under;
    uint8_t under[VL_HASH_LEN];
    size_t letters;
};

/* One letter that it is about, to be shown (PROTOCOL 21). */
struct vl_event_letter {
    uint8_t number[VL_HASH_LEN];
    bool has_from;
    struct vl_office_id from;
    size_t to_count;
    struct vl_office_id to; /* the first of them */
    int64_t date_s;
    enum vl_letter_way before, after; /* how far it is, as far as is known here */
    size_t act;                       /* by which it is told of */
};

struct vl_event_said {
    size_t act_count;
    struct vl_event_act acts[VL_EVENT_MAX_ACTS];
    size_t letter_count;
    struct vl_event_letter *letters; /* ascending by number */
};
void vl_event_said_release(struct vl_event_said *said);

/* Sign it, one act for each capacity, and keep it: durable when this is VL_OK.  Sender, addressees,
 * the party, and whoever handed a letter over here get to see it with the next stick.  Letters that
 * were handed over and lost, destroyed or seized wait again; those sent back, asked back or expired
 * wait no more.  NOT_FOUND, AMBIGUOUS, USAGE; FORMAT for what the kind must say and
 * does not; REFUSED for a capacity that this office has not, and for refusing what it has signed
 * for; NO_KEY, IO, ... */
enum vl_err vl_event_say(struct vl_home *home, const struct vl_event_request *request,
                         struct vl_event_said *said, struct vl_why *why) VL_MUST_USE;

/* What is said of an act: ratified by its principal, witnessed, corrected by its signer. */
struct vl_event_about {
    enum vl_kind kind;
    const char *act;   /* by its number */
    const char *words; /* witnessed: what was seen; corrected: why, or NULL */
    const char *field; /* corrected: a code */
    const char *old_text;
    const char *new_text;
    const char *place;
    bool manual;
    bool dry_run; /* look the act up, and sign nothing */
    int64_t now_s;
    struct vl_asker asker;
};
/* Whoever signed that act, and the senders and addressees of its letters get to see it.  *target
 * gets what it is about and must be VL_OBJECT_INIT.  REFUSED when it is not for this office to say:
 * one's own act is neither witnessed nor ratified, and only one's own is corrected; and the
 * failures of vl_event_say. */
enum vl_err vl_event_say_about(struct vl_home *home, const struct vl_event_about *about,
                               struct vl_object *target, uint8_t id[VL_HASH_LEN],
                               struct vl_why *why) VL_MUST_USE;

/* `seen`: every act that is known here about one letter was there when this was signed.  It stays
 * here, and goes along with the letter's evidence.  Of many acts it takes several; id is the last.
 * asker is NULL for a dry run. */
enum vl_err vl_event_say_seen(struct vl_home *home, const char *letter, bool manual, int64_t now_s,
                              const struct vl_asker *asker, size_t *count, uint8_t id[VL_HASH_LEN],
                              struct vl_why *why) VL_MUST_USE;

/* In a transaction: `reached` for each receipt of a delegate of this office over one of these
 * letters, unless it was said before (PROTOCOL 1, table).  *acts tells how many were signed. */
enum vl_err vl_event_say_reached(struct vl_home *home, const struct vl_signer *signer,
                                 const uint8_t (*numbers)[VL_HASH_LEN], size_t count, bool manual,
                                 int64_t now_s, size_t *acts, struct vl_why *why) VL_MUST_USE;

#endif
