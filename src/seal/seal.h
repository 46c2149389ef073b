/* SPDX-License-Identifier: Apache-2.0 */
/* seal/seal.h: seal bytes to recipients or under a passphrase, and open them again (C2SP age v1).
 *
 * Both ways are pushed: ask for room, put bytes there, say how many; or write bytes that lie
 * elsewhere.  Memory stays the same however long the content is. */
#ifndef VL_SEAL_SEAL_H
#define VL_SEAL_SEAL_H

#include "base/bytes.h"
#include "crypto/rng.h"
#include "seal/age_keys.h"

/* How a file is to be sealed.  Borrowed until vl_sealer_new returns, but for the sink. */
struct vl_seal_plan {
    const struct vl_age_recipients *recipients; /* or NULL: */
    const struct vl_passphrase *passphrase;     /* one of the two, never both */
    unsigned log_n;                             /* of the passphrase; 0 is VL_AGE_LOG_N */
    bool armor;
    unsigned workers; /* 0: all in the caller's thread */
    struct vl_rng rng;
    struct vl_sink sink; /* gets the file, in order, perhaps on another thread */
};

struct vl_sealer;

/* Make the file key and give the header to the sink.  *out is NULL on failure.  USAGE for a plan
 * with no recipient or an empty passphrase, NO_MEMORY, INTERNAL without randomness, REFUSED, and
 * what the sink says. */
enum vl_err vl_sealer_new(const struct vl_seal_plan *plan, struct vl_sealer **out,
                          struct vl_why *why) VL_MUST_USE;
/* Room for plaintext: at least one byte, or none when something failed. */
vl_room vl_sealer_room(struct vl_sealer *sealer);
/* So many bytes were put there.  A failure is told here or later, and again by every later call. */
enum vl_err vl_sealer_fed(struct vl_sealer *sealer, size_t len, struct vl_why *why) VL_MUST_USE;
/* Both in one, for bytes that lie elsewhere. */
enum vl_err vl_sealer_write(struct vl_sealer *sealer, vl_bytes plain,
                            struct vl_why *why) VL_MUST_USE;
/* The end of the content: on VL_OK the sink has the whole file.  INTERNAL the second time. */
enum vl_err vl_sealer_finish(struct vl_sealer *sealer, struct vl_why *why) VL_MUST_USE;
/* The binary header and the nonce behind it: what a letter's signature commits to. */
vl_bytes vl_sealer_head(const struct vl_sealer *sealer);
/* Waits for what is under way.  Takes NULL. */
void vl_sealer_free(struct vl_sealer *sealer);

/* How far an opener came; tells what a failure is about. */
enum vl_open_stage {
    VL_OPEN_NOTHING, /* not one byte came */
    VL_OPEN_ARMOR,   /* the armor is wrong */
    VL_OPEN_HEADER,
    VL_OPEN_KEY, /* the header is whole; is there a key for it? */
    VL_OPEN_MAC,
    VL_OPEN_PAYLOAD
};

struct vl_open_plan {
    const struct vl_age_identities
        *identities; /* borrowed until the header was read; may be NULL */
    /* Asked once, when the file turns out to be sealed with a passphrase.  NULL: there is none. */
    enum vl_err (*ask)(void *self, struct vl_passphrase *out, struct vl_why *why);
    void *ask_self;
    unsigned max_log_n; /* 0 is VL_AGE_LOG_N_MAX */
    unsigned workers;
    struct vl_sink sink; /* gets plaintext of authenticated chunks, in order */
    /* The key of the file itself, 16 bytes, borrowed until the header was read.  When it is given,
     * no identity is tried and nobody is asked.  NULL: there is none. */
    const struct vl_secret *file_key;
};

struct vl_opener;

/* NULL when memory runs out. */
struct vl_opener *vl_opener_new(const struct vl_open_plan *plan) VL_MUST_USE;
vl_room vl_opener_room(struct vl_opener *opener);
/* FORMAT and LIMIT for a malformed file, NO_KEY when none of the keys opens it, UNVERIFIED when it
 * was altered or the file key given is not its own, NO_MEMORY, USAGE for a file key that is not 16
 * bytes, what ask() and the sink say; told here or later, and again by every later call. */
enum vl_err vl_opener_fed(struct vl_opener *opener, size_t len, struct vl_why *why) VL_MUST_USE;
enum vl_err vl_opener_write(struct vl_opener *opener, vl_bytes sealed,
                            struct vl_why *why) VL_MUST_USE;
/* The end of the file: on VL_OK the sink has all of the content and nothing is missing. */
enum vl_err vl_opener_finish(struct vl_opener *opener, struct vl_why *why) VL_MUST_USE;
enum vl_open_stage vl_opener_stage(const struct vl_opener *opener);
/* The binary header and the nonce behind it, once the stage is VL_OPEN_PAYLOAD. */
vl_bytes vl_opener_head(const struct vl_opener *opener);
/* How many stanzas the header has, the unknown ones too; 0 until it is whole. */
size_t vl_opener_stanza_count(const struct vl_opener *opener);
/* The key of this file alone, borrowed; NULL unless the stage is VL_OPEN_PAYLOAD. */
const struct vl_secret *vl_opener_file_key(const struct vl_opener *opener);
/* Who opened it: the public key of the identity that did.  False, and *out as it was, when it was a
 * passphrase or a file key, and unless the stage is VL_OPEN_PAYLOAD. */
bool vl_opener_recipient(const struct vl_opener *opener, struct vl_age_recipient *out);
/* Waits for what is under way.  Takes NULL. */
void vl_opener_free(struct vl_opener *opener);

#endif
