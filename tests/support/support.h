/* SPDX-License-Identifier: Apache-2.0 */
/* tests/support/support.h: what several tests need. */
#ifndef VL_TESTS_SUPPORT_H
#define VL_TESTS_SUPPORT_H

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/bytes.h"
#include "crypto/rng.h"

/* The bytes of a hex text; spaces and line ends are skipped.  Fails the test if it is not hex. */
struct vl_buf hex(const char *text);
/* A whole file of at most 64 MiB.  path is below the source tree unless it begins with '/'. */
struct vl_buf file(const char *path);
/* Bytes from a counter through a mixing function: the same for the same seed, for ever. */
struct counter_rng {
    uint64_t state;
};
struct vl_rng counter_rng(struct counter_rng *counter, uint64_t seed);

/* Run `use` again and again: first with no allocation allowed, then one, and so on, until it says
 * VL_OK.  It must say NO_MEMORY each time before, leak nothing and leave nothing half made.  Gives
 * how many runs it took; fails the test if `use` never succeeds. */
long each_allocation_fails(enum vl_err (*use)(void *self, struct vl_why *why), void *self);

/* Fails the test unless bytes are these. */
void assert_bytes(vl_bytes got, vl_bytes wanted);
/* Fails the test and shows why, unless err is `wanted`. */
#define assert_err(err, wanted, why) assert_err_at((err), (wanted), (why), __FILE__, __LINE__)
void assert_err_at(enum vl_err err, enum vl_err wanted, const struct vl_why *why, const char *file,
                   int line);

#endif
