/* SPDX-License-Identifier: Apache-2.0 */
/* base/alloc.h: all memory comes from here, so that tests can make it fail. */
#ifndef VL_BASE_ALLOC_H
#define VL_BASE_ALLOC_H

#include <stddef.h>

#include "base/err.h"

/* Zeroed memory, or NULL.  Never called with a size that a sender wrote. */
void *vl_new(size_t size) VL_MUST_USE;
/* Make *block new_size bytes long, keeping the first old_size; on failure *block is as it was.
 * The old copy is wiped, so secrets may live in grown memory.  Fails with NO_MEMORY. */
enum vl_err vl_grow(void **block, size_t old_size, size_t new_size) VL_MUST_USE;
/* Takes NULL. */
void vl_free(void *block);
/* Overwrite with zeroes in a way the compiler keeps. */
void vl_wipe(void *at, size_t len);

/* For tests: the next n allocations work and the rest fail; negative ends that. */
void vl_alloc_fail_after(long n);

#endif
