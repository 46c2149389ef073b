/* SPDX-License-Identifier: Apache-2.0 */
/* lib/valise.h, installed as valise/valise.h: libvalise: seal and open age files, read cards,
 * verify what offices signed, and find out what a set of evidence proves about a letter.
 *
 * The library opens no file and no socket, reads no environment, and prints nothing: bytes go in by
 * calls and come out through callbacks.  Objects are for one thread at a time, and different ones
 * for different threads.  Whatever takes a `struct valise_error *` takes NULL, too. */
#ifndef VL_LIB_VALISE_H
#define VL_LIB_VALISE_H

#include <stddef.h>
#include <stdint.h>

#ifdef __cplusplus
extern "C" {
#endif

#define VALISE_API 1

#if defined __GNUC__
#define VALISE_CHECKED __attribute__((warn_unused_result))
#else
#define VALISE_CHECKED
#endif

/* What a caller should do about it.  The numbers never change; later versions may add some. */
enum valise_code {
    VALISE_OK = 0,
    VALISE_STOPPED = 1, /* a callback said so */
    VALISE_NO_MEMORY = 2,
    VALISE_INTERNAL = 3,    /* a fault in the library, or no randomness */
    VALISE_USAGE = 4,       /* calls in the wrong order, or an argument that is none */
    VALISE_NOT_FOUND = 5,   /* a card that is needed, or the letter, is not in the set */
    VALISE_FORMAT = 6,      /* malformed bytes */
    VALISE_LIMIT = 7,       /* larger, deeper or more than is read */
    VALISE_UNVERIFIED = 8,  /* altered, forged or cut off */
    VALISE_UNSUPPORTED = 9, /* an algorithm or a kind that this version does not know */
    VALISE_REFUSED = 10,    /* a key that nobody can hold */
    VALISE_NO_KEY = 11      /* none of the keys opens it */
};

/* Why it failed: UTF-8 with a NUL at the end.  It may hold bytes of strangers: show it with care.
 */
struct valise_error {
    enum valise_code code;
    char text[512];
};

/* "0.1.0" */
const char *valise_version(void);
/* "does not verify": what a person reads when nothing better is known; "" for a number of no code.
 */
const char *valise_code_words(enum valise_code code);

/* Gets bytes in order.  Anything but 0 ends the work with VALISE_STOPPED. */
typedef int valise_output(void *self, const void *bytes, size_t len);
/* Fills bytes with randomness.  Anything but 0 ends the work with VALISE_INTERNAL. */
typedef int valise_random(void *self, void *bytes, size_t len);

/* --- keys (C2SP age, X25519) ------------------------------------------------------------------ */

#define VALISE_RECIPIENT_TEXT 63 /* "age1...", with the NUL */
#define VALISE_KEY_TEXT       75 /* "AGE-SECRET-KEY-1...", with the NUL */

/* A new private key and whom to seal to for it.  random NULL: the kernel's. */
enum valise_code valise_key_new(valise_random *random, void *self, char key[VALISE_KEY_TEXT],
                                char recipient[VALISE_RECIPIENT_TEXT],
                                struct valise_error *error) VALISE_CHECKED;
/* FORMAT, UNSUPPORTED; the reason holds no part of the key. */
enum valise_code valise_key_recipient(const char *key, char recipient[VALISE_RECIPIENT_TEXT],
                                      struct valise_error *error) VALISE_CHECKED;

/* --- sealing (C2SP age v1) -------------------------------------------------------------------- */

struct valise_seal;

/* NULL: no memory. */
struct valise_seal *valise_seal_new(void);
/* Takes NULL.  Wipes keys and waits for its threads. */
void valise_seal_free(struct valise_seal *seal);
/* Before it begins: recipients, or one passphrase and no recipient. */
enum valise_code valise_seal_to(struct valise_seal *seal, const char *recipient,
                                struct valise_error *error) VALISE_CHECKED;
/* 1 to 1024 bytes. */
enum valise_code valise_seal_passphrase(struct valise_seal *seal, const void *bytes, size_t len,
                                        struct valise_error *error) VALISE_CHECKED;
/* As text, between "-----BEGIN AGE ENCRYPTED FILE-----" and its end. */
void valise_seal_armor(struct valise_seal *seal);
/* So many threads that encrypt; 0, as it begins: the caller's alone.  With more, output is called
 * on another thread, one call at a time. */
void valise_seal_threads(struct valise_seal *seal, unsigned count);
void valise_seal_random(struct valise_seal *seal, valise_random *random, void *self);
/* Then once begin, any number of write, once finish. */
enum valise_code valise_seal_begin(struct valise_seal *seal, valise_output *output, void *self,
                                   struct valise_error *error) VALISE_CHECKED;
enum valise_code valise_seal_write(struct valise_seal *seal, const void *bytes, size_t len,
                                   struct valise_error *error) VALISE_CHECKED;
/* OK: output has had all of the file. */
enum valise_code valise_seal_finish(struct valise_seal *seal,
                                    struct valise_error *error) VALISE_CHECKED;

/* --- opening ---------------------------------------------------------------------------------- */

struct valise_open;

struct valise_open *valise_open_new(void);
void valise_open_free(struct valise_open *open);
/* Before it begins: keys, a passphrase, or both. */
enum valise_code valise_open_key(struct valise_open *open, const char *key,
                                 struct valise_error *error) VALISE_CHECKED;
enum valise_code valise_open_passphrase(struct valise_open *open, const void *bytes, size_t len,
                                        struct valise_error *error) VALISE_CHECKED;
void valise_open_threads(struct valise_open *open, unsigned count);
/* What output gets before finish said OK is authentic and perhaps not all: keep it from others. */
enum valise_code valise_open_begin(struct valise_open *open, valise_output *output, void *self,
                                   struct valise_error *error) VALISE_CHECKED;
enum valise_code valise_open_write(struct valise_open *open, const void *bytes, size_t len,
                                   struct valise_error *error) VALISE_CHECKED;
/* OK: it was one whole file, unaltered, and output has had all of its content. */
enum valise_code valise_open_finish(struct valise_open *open,
                                    struct valise_error *error) VALISE_CHECKED;

/* --- cards ------------------------------------------------------------------------------------ */

struct valise_card;

/* A card file, binary or text, every link of it verified.  NULL on failure. */
struct valise_card *valise_card_read(const void *bytes, size_t len, struct valise_error *error);
void valise_card_free(struct valise_card *card);
/* "office1...": who it is, for ever. */
const char *valise_card_address(const struct valise_card *card);
/* What it calls itself, which proves nothing. */
const char *valise_card_name(const struct valise_card *card);
/* The number of its newest card, from 0. */
uint64_t valise_card_serial(const struct valise_card *card);
/* The first of its keys to seal to, "age1...", or NULL. */
const char *valise_card_recipient(const struct valise_card *card);
/* Twelve words which two people compare by voice.  Takes 128 MiB and a third of a second; "" when
 * there is no memory for it. */
const char *valise_card_words(struct valise_card *card);

/* --- evidence and findings -------------------------------------------------------------------- */

struct valise_set;

struct valise_set *valise_set_new(void);
void valise_set_free(struct valise_set *set);
/* Add a card file or an evidence file (docs/formats/evidence.cddl): in any order, and however
 * often. What does not verify within it proves nothing, and is counted in findings as left out. */
enum valise_code valise_set_add(struct valise_set *set, const void *bytes, size_t len,
                                struct valise_error *error) VALISE_CHECKED;
/* Somebody compared the words of this office by voice, or met it. */
enum valise_code valise_set_checked(struct valise_set *set, const struct valise_card *card,
                                    struct valise_error *error) VALISE_CHECKED;
/* Verify every signature in a card file or an evidence file, by its own cards and those of the set:
 * OK when all of them are good, else why not: "act 3: ...".  The set is as it was. */
enum valise_code valise_set_verify(struct valise_set *set, const void *bytes, size_t len,
                                   struct valise_error *error) VALISE_CHECKED;
/* Every letter that the evidence of the set is about, by number: "letter1...". */
typedef int valise_letter(void *self, const char *letter);
enum valise_code valise_set_letters(struct valise_set *set, valise_letter *visit, void *self,
                                    struct valise_error *error) VALISE_CHECKED;
/* What the set proves about a letter, as of a time in seconds since 1970: the JSON document
 * valise.finding/1 (docs/formats/finding.md) and a line end.  `letter` is its whole number, or that
 * of an invitation.  The same set, letter and time give the same bytes. */
enum valise_code valise_set_finding(struct valise_set *set, const char *letter, int64_t as_of,
                                    valise_output *output, void *self,
                                    struct valise_error *error) VALISE_CHECKED;
/* The same in sentences, at most `width` columns wide, fit for a terminal that takes UTF-8. */
enum valise_code valise_set_words(struct valise_set *set, const char *letter, int64_t as_of,
                                  unsigned width, valise_output *output, void *self,
                                  struct valise_error *error) VALISE_CHECKED;

#ifdef __cplusplus
}
#endif

#endif
