/* SPDX-License-Identifier: Apache-2.0 */
/* office/keys.h: recipients and private keys from the files people keep them in. */
#ifndef VL_OFFICE_KEYS_H
#define VL_OFFICE_KEYS_H

#include "seal/age_keys.h"

enum vl_ask_for {
    VL_ASK_NEW,     /* a new passphrase, perhaps typed twice */
    VL_ASK_FILE,    /* the passphrase a file was sealed with */
    VL_ASK_KEYFILE, /* the passphrase of a file that holds private keys */
    VL_ASK_HOME,    /* that of this office */
    VL_ASK_HOME_NEW /* a new one for this office; may be empty: none */
};

/* Whoever knows passphrases: a person at a terminal, or an open file. */
struct vl_asker {
    /* name is the file it is about, or NULL. */
    enum vl_err (*ask)(void *self, enum vl_ask_for what, const char *name,
                       struct vl_passphrase *out, struct vl_why *why);
    void *self;
};

/* Add the recipients of a file, "-" for stdin.  Failures name the file; a line is named by its
 * number alone. */
enum vl_err vl_keys_read_recipients(const char *path, struct vl_age_recipients *list,
                                    size_t *duplicates, struct vl_why *why) VL_MUST_USE;
/* Add the private keys of a file, opening it first when it is an age file itself.  *exposed tells
 * that the keys lie there open for others than the owner. */
enum vl_err vl_keys_read_identities(const char *path, const struct vl_asker *asker,
                                    struct vl_age_identities *list, bool *exposed,
                                    struct vl_why *why) VL_MUST_USE;

struct vl_keygen_request {
    const char *output;                   /* "-" or NULL: stdout */
    unsigned out_flags;                   /* enum vl_out_flag; always private */
    bool by_passphrase;                   /* seal the key file itself */
    const struct vl_age_identities *keys; /* write these, the newest last; NULL: make one */
    int64_t now;                          /* seconds since 1970, written into the file */
    struct vl_asker asker;
    struct vl_rng rng;
};

/* Make a private key, unless there are some, and write its file.  *recipient tells whom to seal to:
 * of several, the newest. */
enum vl_err vl_keygen(const struct vl_keygen_request *request, struct vl_age_recipient *recipient,
                      struct vl_why *why) VL_MUST_USE;

#endif
