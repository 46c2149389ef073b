/* SPDX-License-Identifier: Apache-2.0 */
/* bundle/fragment.h: bundles cut and put together (RFC 9171, 5.8 and 5.9). */
#ifndef VL_BUNDLE_FRAGMENT_H
#define VL_BUNDLE_FRAGMENT_H

#include "bundle/bundle.h"

#define VL_FRAGMENTS_MAX 4096

/* Append the fragment that has len bytes from this place in the payload of a bundle that is here
 * whole, or is a fragment itself.  Blocks that want it are in every fragment, all others only in
 * the first one.  REFUSED for a bundle that must not be split, or from nobody; FORMAT for a place
 * outside the payload and for no bytes at all; else as vl_bundle_write. */
enum vl_err vl_bundle_fragment(const struct vl_bundle *bundle, uint64_t offset, uint64_t len,
                               struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

/* Append the bundle whose fragments these are; they come in any order, which is changed, and may
 * overlap where they say the same.  FORMAT when they are not fragments of one bundle, or contradict
 * each other; NOT_FOUND, with the place, when bytes are missing; LIMIT for too many of them, else
 * as vl_bundle_write. */
enum vl_err vl_bundle_reassemble(const struct vl_bundle **fragments, size_t count,
                                 struct vl_buf *out, struct vl_why *why) VL_MUST_USE;

#endif
