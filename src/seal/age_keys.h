/* SPDX-License-Identifier: Apache-2.0 */
/* seal/age_keys.h: who an age file is for: X25519 recipients and identities, passphrases.
 *
 * Another kind of recipient (mlkem768x25519 is the next) gets a kind here, a string form in
 * _parse and _write, and a case in _wrap and _unwrap; nothing else asks what a key is. */
#ifndef VL_SEAL_AGE_KEYS_H
#define VL_SEAL_AGE_KEYS_H

#include "crypto/agree.h"
#include "crypto/rng.h"
#include "seal/age_header.h"

/* What age writes, what we take for our own keys, and what we take from others: 2^n blocks of 1 KiB
 * each, so 256 MiB, 1 GiB and 4 GiB of memory. */
#define VL_AGE_LOG_N         18
#define VL_AGE_LOG_N_OWN_MAX 20
#define VL_AGE_LOG_N_MAX     22

/* A public key: age1... */
struct vl_age_recipient {
    uint8_t x25519[VL_X25519_LEN];
};

struct vl_age_recipients {
    struct vl_age_recipient *at;
    size_t count;
    size_t cap;
};

/* A private key: AGE-SECRET-KEY-1... */
struct vl_age_identity {
    struct vl_secret x25519;
    struct vl_age_recipient recipient;
};

struct vl_age_identities {
    struct vl_age_identity *at;
    size_t count;
    size_t cap;
};

#define VL_AGE_RECIPIENTS_INIT                                                                     \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }
#define VL_AGE_IDENTITIES_INIT                                                                     \
    {                                                                                              \
        NULL, 0, 0                                                                                 \
    }

/* A recipient as people write it, in lower case.  FORMAT; UNSUPPORTED, by name, for post-quantum,
 * hardware and plugin recipients and SSH keys; REFUSED for a key that nobody can hold. */
enum vl_err vl_age_recipient_parse(vl_bytes text, struct vl_age_recipient *out,
                                   struct vl_why *why) VL_MUST_USE;
/* Append "age1...": 62 characters.  NO_MEMORY. */
enum vl_err vl_age_recipient_write(const struct vl_age_recipient *recipient,
                                   struct vl_buf *out) VL_MUST_USE;
/* A copy of the recipient at the end; once, however often it is added: *is_new tells.  NO_MEMORY;
 * LIMIT over VL_AGE_STANZAS_MAX. */
enum vl_err vl_age_recipients_add(struct vl_age_recipients *list,
                                  const struct vl_age_recipient *recipient, bool *is_new,
                                  struct vl_why *why) VL_MUST_USE;
void vl_age_recipients_release(struct vl_age_recipients *list);

/* A private key in upper case.  FORMAT, UNSUPPORTED.  The reason never holds a part of the text. */
enum vl_err vl_age_identity_parse(vl_bytes text, struct vl_age_identity *out,
                                  struct vl_why *why) VL_MUST_USE;
/* Append "AGE-SECRET-KEY-1...": 74 characters.  NO_MEMORY. */
enum vl_err vl_age_identity_write(const struct vl_age_identity *identity,
                                  struct vl_buf *out) VL_MUST_USE;
/* A new private key.  INTERNAL when there is no randomness. */
enum vl_err vl_age_identity_make(const struct vl_rng *rng, struct vl_age_identity *out) VL_MUST_USE;
void vl_age_identity_wipe(struct vl_age_identity *identity);
enum vl_err vl_age_identities_add(struct vl_age_identities *list,
                                  const struct vl_age_identity *identity,
                                  struct vl_why *why) VL_MUST_USE;
/* Wipes the keys. */
void vl_age_identities_release(struct vl_age_identities *list);

/* Append a stanza that holds the file key for one recipient.  REFUSED, NO_MEMORY, LIMIT, INTERNAL.
 */
enum vl_err vl_age_wrap(const struct vl_age_recipient *recipient, const struct vl_secret *file_key,
                        const struct vl_rng *rng, struct vl_buf *header,
                        struct vl_why *why) VL_MUST_USE;
/* The same for a passphrase, which must be alone in its file. */
enum vl_err vl_age_wrap_passphrase(const struct vl_passphrase *passphrase, unsigned log_n,
                                   const struct vl_secret *file_key, const struct vl_rng *rng,
                                   struct vl_buf *header, struct vl_why *why) VL_MUST_USE;

/* A passphrase of ten words with dashes between, 110 bits, that nobody chose.  INTERNAL. */
enum vl_err vl_age_passphrase_make(const struct vl_rng *rng, struct vl_passphrase *out) VL_MUST_USE;

/* Is the stanza of this kind? */
bool vl_age_stanza_is_x25519(const struct vl_age_stanza *stanza);
bool vl_age_stanza_is_scrypt(const struct vl_age_stanza *stanza);
/* A kind that needs post-quantum keys, which this version skips. */
bool vl_age_stanza_is_hybrid(const struct vl_age_stanza *stanza);

/* Take the file key out of an X25519 stanza.  NO_KEY: it is for somebody else, go on with the next.
 * FORMAT: malformed, and fatal for the whole file. */
enum vl_err vl_age_unwrap(const struct vl_age_identity *identity,
                          const struct vl_age_stanza *stanza, struct vl_secret *file_key,
                          struct vl_why *why) VL_MUST_USE;
/* The work factor of a scrypt stanza, and a check of all the rest of its form.  FORMAT, LIMIT over
 * max_log_n: before any work is done. */
enum vl_err vl_age_scrypt_check(const struct vl_age_stanza *stanza, unsigned max_log_n,
                                unsigned *log_n, struct vl_why *why) VL_MUST_USE;
/* NO_KEY for another passphrase, NO_MEMORY.  The stanza was checked. */
enum vl_err vl_age_unwrap_passphrase(const struct vl_passphrase *passphrase,
                                     const struct vl_age_stanza *stanza, unsigned log_n,
                                     struct vl_secret *file_key, struct vl_why *why) VL_MUST_USE;

#endif
