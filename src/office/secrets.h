/* SPDX-License-Identifier: Apache-2.0 */
/* office/secrets.h: an office's private keys on disk: one file, mode 0600, sealed under a
 * passphrase (NAME.age) or not (NAME.cbor). */
#ifndef VL_OFFICE_SECRETS_H
#define VL_OFFICE_SECRETS_H

#include "cose/key.h"
#include "crypto/rng.h"
#include "office/keys.h"
#include "seal/age_keys.h"

#define VL_SECRETS_MAX_SEEDS 16
#define VL_SECRETS_MAX_LEN   ((size_t)1 << 20)

/* The content is ["valise/keys/v1", [* seed], [* X25519 key]], all of 32 bytes. */
struct vl_secrets {
    size_t seed_count;
    struct vl_secret seeds[VL_SECRETS_MAX_SEEDS]; /* Ed25519 */
    struct vl_age_identities sealing;             /* newest last; older letters need the others */
};
#define VL_SECRETS_INIT                                                                            \
    {                                                                                              \
        .seed_count = 0                                                                            \
    }
void vl_secrets_wipe(struct vl_secrets *secrets);

/* A new signing key at the end; a new sealing key at the end.  INTERNAL without randomness. */
enum vl_err vl_secrets_make_seed(struct vl_secrets *secrets, const struct vl_rng *rng,
                                 struct vl_why *why) VL_MUST_USE;
enum vl_err vl_secrets_make_sealing(struct vl_secrets *secrets, const struct vl_rng *rng,
                                    struct vl_why *why) VL_MUST_USE;
/* The public halves of the signing keys. */
void vl_secrets_public(const struct vl_secrets *secrets, struct vl_cose_key *keys);

/* The content of the file, and back.  *secrets must be VL_SECRETS_INIT; on failure it is again.
 * FORMAT, LIMIT, NO_MEMORY. */
enum vl_err vl_secrets_parse(vl_bytes wire, struct vl_secrets *secrets,
                             struct vl_why *why) VL_MUST_USE;
/* Append.  NO_MEMORY; LIMIT over out's ceiling. */
enum vl_err vl_secrets_write(const struct vl_secrets *secrets, struct vl_buf *out) VL_MUST_USE;

/* Is it there, and under a passphrase?  stem is the path without ".age" or ".cbor". */
enum vl_secrets_form { VL_SECRETS_MISSING, VL_SECRETS_PLAIN, VL_SECRETS_SEALED };
enum vl_secrets_form vl_secrets_form(const char *stem);
/* May others than the owner read it? */
bool vl_secrets_exposed(const char *stem);
/* passphrase is asked for when it is sealed and *passphrase is empty, and is kept there. NOT_FOUND,
 * NO_KEY (another passphrase), FORMAT, LIMIT, IO, NO_MEMORY. */
enum vl_err vl_secrets_load(const char *stem, const struct vl_asker *asker,
                            struct vl_passphrase *passphrase, struct vl_secrets *secrets,
                            struct vl_why *why) VL_MUST_USE;
/* Replace the file, durably; an empty passphrase: not sealed.  The other form is taken away after
 * the new one is there; when it does not go, the new one is taken back. */
enum vl_err vl_secrets_save(const char *stem, const struct vl_secrets *secrets,
                            const struct vl_passphrase *passphrase, const struct vl_rng *rng,
                            struct vl_why *why) VL_MUST_USE;
/* A change that was cut short leaves the keys unsealed beside the sealed ones: take those away. */
void vl_secrets_tidy(const char *stem);

#endif
