/* SPDX-License-Identifier: Apache-2.0 */
/* lib/inside.h: what the files of libvalise share: failures and callbacks, told the other way. */
#ifndef VL_LIB_INSIDE_H
#define VL_LIB_INSIDE_H

#include "crypto/rng.h"
#include "lib/valise.h"

#define VL_PUBLIC __attribute__((visibility("default")))

/* The code for err; tells *error, which may be NULL, and takes the words of err where why has
 * none. */
enum valise_code vl_lib_code(enum vl_err err, const struct vl_why *why, struct valise_error *error);

/* Where bytes go, and where randomness comes from: a callback and its self. */
struct vl_lib_output {
    valise_output *put;
    void *self;
};
struct vl_lib_random {
    valise_random *fill;
    void *self;
};
/* Both borrow.  A callback that ends the work makes the sink fail with INTERRUPTED, and the
 * generator with INTERNAL; no callback is the kernel's. */
struct vl_sink vl_lib_sink(struct vl_lib_output *output);
struct vl_rng vl_lib_rng(struct vl_lib_random *random);

/* A new passphrase in place of any, or USAGE. */
enum vl_err vl_lib_passphrase(struct vl_passphrase **passphrase, const void *bytes, size_t len,
                              struct vl_why *why) VL_MUST_USE;
/* Takes NULL. */
void vl_lib_passphrase_free(struct vl_passphrase *passphrase);

#endif
