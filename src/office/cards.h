/* SPDX-License-Identifier: Apache-2.0 */
/* office/cards.h: the cards an office has of others, and its own: add, check, rotate, export. */
#ifndef VL_OFFICE_CARDS_H
#define VL_OFFICE_CARDS_H

#include "office/home.h"

/* How many words are asked for, and how often one may be wrong (PROTOCOL 20). */
#define VL_CARDS_WORDS_ASKED  3
#define VL_CARDS_FAILURES_MAX 3

/* What an offered card file turned out to be. */
enum vl_card_news {
    VL_CARD_NEW,       /* an office not known before */
    VL_CARD_SAME,      /* nothing new in it */
    VL_CARD_OLDER,     /* older than what is known: not taken */
    VL_CARD_CHANGED,   /* new keys, announced by the card before */
    VL_CARD_UNPLANNED, /* new keys that were not announced: must be checked again */
    VL_CARD_REVOKED,   /* brought a revocation */
    VL_CARD_FORK       /* two cards of one serial: somebody signed twice */
};

/* How the card is to be trusted. */
enum vl_card_check {
    VL_CHECK_NOTHING, /* take it unchecked, and remember that */
    VL_CHECK_BY_WORDS,
    VL_CHECK_BY_ADDRESS /* the whole address was compared */
};

struct vl_card_add_request {
    vl_bytes file;       /* a card file, binary or text, or an evidence file with one office */
    const char *petname; /* NULL: folded from the card's name */
    bool may_number;     /* and where that is taken, with a number behind it */
    enum vl_card_check check;
    const char *address; /* of VL_CHECK_BY_ADDRESS */
    /* Of VL_CHECK_BY_WORDS: give the words at these positions (1 to 12).  Said by the other person
     * and typed here, or all given before. */
    enum vl_err (*ask)(void *self, const unsigned positions[VL_CARDS_WORDS_ASKED],
                       char words[VL_CARDS_WORDS_ASKED][16], struct vl_why *why);
    void *ask_self;
    const unsigned *positions; /* NULL: drawn at random for each try */
    unsigned tries;
    /* Called once the file was read and is genuine, before anything is asked; may be NULL. */
    void (*meet)(void *self, const struct vl_chain *chain, enum vl_card_news news);
    void *meet_self;
    int64_t now_s;
    struct vl_rng rng;
};

struct vl_card_added {
    enum vl_card_news news;
    struct vl_office_id office;
    char petname[VL_STORE_MAX_PETNAME + 1];
    bool checked;
    uint64_t serial;      /* of the newest card now */
    uint64_t fork_serial; /* of VL_CARD_FORK */
    bool alike;           /* there is another office of a name that looks the same: */
    char alike_petname[VL_STORE_MAX_PETNAME + 1];
    size_t let_in; /* letters that came from it and were held apart until now */
};

/* Verify everything and keep it, or keep nothing (but for a failed check's count, and the mark of a
 * fork).  UNVERIFIED for a file that fails any check and for wrong words; REFUSED when three checks
 * failed before; EXISTS when the petname is taken; FORMAT, LIMIT, UNSUPPORTED, ... */
enum vl_err vl_cards_add(struct vl_home *home, const struct vl_card_add_request *request,
                         struct vl_card_added *added, struct vl_why *why) VL_MUST_USE;

struct vl_card_rotate_request {
    bool compromised;             /* the key before is revoked as well */
    bool lost;                    /* the announced key is not at hand: change without it */
    const char *next;             /* stem of the file of the announced key; NULL: recovery/next */
    const char *const *guardians; /* who may say who comes after this office; none: as before */
    size_t guardian_count;        /* "none" alone: nobody */
    bool not_newer; /* after a restore: the owner says that no newer card was given out */
    int64_t now_s;
    struct vl_asker asker;
    struct vl_rng rng;
};
/* New signing and sealing keys and a new card for the own office.  NO_KEY when the announced key is
 * not at hand and `lost` was not said; REFUSED after a restore.  *serial is 0 while the card is as
 * it was; else the new card is in force, and a failure is about what had to be put away after it:
 * its keys are all there, and the next rotation goes on from them. */
enum vl_err vl_cards_rotate(struct vl_home *home, const struct vl_card_rotate_request *request,
                            uint64_t *serial, bool *unplanned, struct vl_why *why) VL_MUST_USE;

/* Append an evidence file with the cards of every office here, the own one first. */
enum vl_err vl_cards_export(struct vl_home *home, struct vl_buf *out, size_t *count,
                            struct vl_why *why) VL_MUST_USE;

#endif
