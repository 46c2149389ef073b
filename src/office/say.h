/* SPDX-License-Identifier: Apache-2.0 */
/* office/say.h: what this office says in public about letters, acts, offices and documents, and the
 * translations that it stands by (PROTOCOL 6, 16, 27). */
#ifndef VL_OFFICE_SAY_H
#define VL_OFFICE_SAY_H

#include "office/home.h"
#include "statement/translation.h"

struct vl_say_words {
    const char *const *at;
    size_t count;
};

/* Who signs, and who gets to see it. */
struct vl_say_common {
    const char *holder;     /* who of the office; NULL for each of these that is not said */
    const char *for_office; /* speak for it, under a mandate that is held here */
    const char *place;
    struct vl_say_words to; /* offices that get it besides those whom it concerns */
    bool manual;
    bool dry_run; /* look everything up, and sign nothing */
    int64_t now_s;
    struct vl_asker asker;
    struct vl_buf *evidence; /* NULL, or gets a file with what was signed and what verifies it */
};

/* Letters, acts and invitations (for the act that issued them) by eight symbols of their numbers or
 * more, offices as people name them, and digests as "sha256:HEX" and "part:HEX"; with "letter:",
 * "act:", "invite:" or "office:" before it only that. */
struct vl_say_request {
    struct vl_say_common common;
    enum vl_kind kind;         /* one of the seven */
    struct vl_say_words about; /* of a correction or withdrawal the one statement */
    struct vl_say_words supports, disputes, characterises;
    bool as_successor; /* of correct and withdraw: by a succession that is held here */
    const char *text;
    const char *lang;
    enum vl_capacity capacity; /* NONE: principal, or delegate of whom it speaks for */
    enum vl_mode mode;
    const char *span, *span_before, *span_after;
    enum vl_basis basis;
    enum vl_modality modality; /* NONE: future for a promise, else actual */
    bool has_as_of;
    int64_t as_of_s;
    bool absence;
    const char *fact;
    const char *party;           /* an office */
    enum vl_kind relayed;        /* NONE: what the signed statement is, else assert */
    struct vl_say_words sources; /* offices, names, or "unnamed"; from the nearest on */
    bool has_capture;
    uint8_t capture[VL_HASH_LEN];
};

/* What was signed.  The statement borrows from the request. */
struct vl_said {
    uint8_t id[VL_HASH_LEN]; /* zeroes in a dry run */
    struct vl_statement statement;
    size_t told; /* offices that get it with the next sticks */
};
/* Sign and keep it: durable when this is VL_OK.  Senders and addressees of letters, whoever signed
 * an act, an office that it is about, and whoever is still to get what it corrects get to see it.
 * NOT_FOUND, AMBIGUOUS, USAGE; FORMAT for what the kind must say and does not; REFUSED: somebody
 * else's words are neither corrected nor withdrawn, and nobody is spoken for without a mandate;
 * NO_KEY, IO, ... */
enum vl_err vl_say(struct vl_home *home, const struct vl_say_request *request, struct vl_said *said,
                   struct vl_why *why) VL_MUST_USE;

struct vl_translate_request {
    struct vl_say_common common;
    const char *source; /* as above; NULL: */
    bool has_document;  /* SHA-256 of a file that is here */
    uint8_t document[VL_HASH_LEN];
    const char *source_lang;
    const char *target_lang;
    uint8_t target[VL_HASH_LEN]; /* SHA-256 of the translation */
    vl_bytes text;               /* the translation, if it is to go along */
    enum vl_translated how;
    const char *engine;
    const char *vouches;
    const char *competence;
    const char *supersedes; /* an act */
};
struct vl_translated_said {
    uint8_t id[VL_HASH_LEN];
    struct vl_translation translation;
    size_t told;
};
/* The same for a translation. */
enum vl_err vl_translate(struct vl_home *home, const struct vl_translate_request *request,
                         struct vl_translated_said *said, struct vl_why *why) VL_MUST_USE;

#endif
